//! What cannot be printed: each is refused with its number and what to do, and nothing is written.

use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use crate::ruler::press;
use crate::support::{CASE, Ran, Scratch};

/// A township with one mediation case whose first party has this name; and its id.
fn case(party: &str) -> (Scratch, String) {
    let scratch = Scratch::township();
    scratch.write("case.toml", CASE.replace("甲某", party).as_bytes());
    let ran = scratch.yifa(&["step", "mediation_case", "new", "register", "--file", "case.toml", "--json"]).done();
    let receipt: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    (scratch, receipt["record"].as_str().unwrap().to_owned())
}

/// Asks for its volume, printed by this press; and what lies in the folder afterwards.
fn print(scratch: &Scratch, press: &PathBuf, record: &str, out: &str) -> Ran {
    let mut command = scratch.command(&["paper", "mediation_case", record, "--with-personal", "--out", out]);
    Ran::of(command.env("YIFA_PDF", press).output().unwrap())
}

/// A press that gives one answer, whatever it is asked.
fn answering(scratch: &Scratch, answer: &str) -> PathBuf {
    let path = scratch.write("press", format!("#!/bin/sh\nread -r line\nprintf '%s\\n' '{answer}'\n").as_bytes());
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    path
}

#[test]
fn a_name_with_a_character_some_face_has_is_printed_with_that_face() {
    let (scratch, record) = case("张㛃");
    print(&scratch, &press(), &record, "卷宗.pdf").done();
    let pdf = crate::ruler::Pdf::open(&scratch.path().join("卷宗.pdf"));
    assert!(pdf.text().contains("张㛃"));
}

#[test]
fn a_character_no_face_has_is_named_and_nothing_is_written() {
    let (scratch, record) = case("张\u{2ff00}\u{e863}");
    print(&scratch, &press(), &record, "卷宗.pdf").refused(&["P662", "U+2FF00", "U+E863", "fonts", "DOCX"]);
    assert!(!scratch.path().join("卷宗.pdf").exists());
    // Without the name there is nothing to miss.
    let mut command = scratch.command(&["paper", "mediation_case", &record, "--out", "空白.pdf"]);
    Ran::of(command.env("YIFA_PDF", press()).output().unwrap()).done();
}

#[test]
fn without_a_press_a_pdf_is_refused_and_a_document_is_made() {
    let (scratch, record) = case("甲某");
    let none = scratch.path().join("no-press");
    print(&scratch, &none, &record, "卷宗.pdf").refused(&["P660", "yifa-pdf"]);
    assert!(!scratch.path().join("卷宗.pdf").exists());
    print(&scratch, &none, &record, "卷宗").done();
    assert!(scratch.path().join("卷宗").read_dir().unwrap().count() > 0);
}

#[test]
fn without_a_face_for_chinese_nothing_is_written() {
    let (scratch, record) = case("甲某");
    let answer = r#"{"bytes":0,"pages":0,"faces":[],"missing":[],"no_font":true,"fault":null,"warnings":[]}"#;
    let press = answering(&scratch, answer);
    print(&scratch, &press, &record, "卷宗.pdf").refused(&["P661", "fonts"]);
    assert!(!scratch.path().join("卷宗.pdf").exists());
}

#[test]
fn a_press_that_stops_is_a_fault_and_nothing_is_written() {
    let (scratch, record) = case("甲某");
    for answer in
        ["", "not an answer", r#"{"bytes":9,"pages":1,"faces":[],"missing":[],"no_font":false,"warnings":[]}"#]
    {
        let press = answering(&scratch, answer);
        let ran = print(&scratch, &press, &record, "卷宗.pdf");
        assert!(ran.code == Some(1) && ran.err.contains("the press stopped"), "{ran:?}");
        assert!(!scratch.path().join("卷宗.pdf").exists());
    }
}

#[test]
fn where_it_cannot_be_written_and_what_is_not_there_is_said() {
    let (scratch, record) = case("甲某");
    print(&scratch, &press(), &record, "没有/卷宗.pdf").refused(&["P712", "没有目录"]);
    print(&scratch, &press(), &record, "卷宗.odt").refused(&["P605", ".docx"]);
    let paper = |key: &str, out: &str| scratch.yifa(&["paper", "mediation_case", &record, key, "--out", out]);
    paper("agreement", "协议书.docx").refused(&["P651", "agreement", "可以印：", "application"]);
    paper("aplication", "申请书.docx").refused(&["P651", "aplication"]);
    scratch.yifa(&["paper", "village", "黄沙村"]).refused(&["P650", "没有文书样式", "人民调解案件"]);
    // The folder of processes takes no file.
    paper("application", "/proc/申请书.docx").refused(&["P7", "申请书.docx"]);
}

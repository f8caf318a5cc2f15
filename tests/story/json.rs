//! JSON: whatever answers with data answers in it, problems too, and a closed pipe is a quiet end.

use std::io::Read;

use serde_json::Value;

use yifa::storage::params;

use crate::support::{Ask, CASE, Scratch, YIFA};

/// Verbs with data to answer, in an order in which each can be run.
const VERBS: &[&str] = &[
    "init --town 青石乡 --county 上犹县 --origin example.gov.cn/360724/qingshi",
    "import village 村.csv --dry-run",
    "import village 村.csv",
    "import village 村.csv",
    "step village new found --file 村.toml --dry-run",
    "step village new found --file 村.toml",
    "step person new enter --file 人.toml",
    "show village 白水村",
    "list 村",
    "due",
    "flags",
    "ask legal_aid ask --answers 答案.txt",
    "figures 2026",
    "figure base.villages 2026",
    "figure base.villages --on 2026-01-01 --entries",
    "questions 2026",
    "trace record village 白水村",
    "trace person 赵大山",
    "compare 报告.txt 报告.txt",
    "laws affected",
    "export village --out 出.xlsx",
    "template village --out 样.xlsx",
    "statements",
    "statement mediation_statistics 2026Q1",
    "statement mediation_statistics 2026Q1 --out 表.xlsx --send",
    "submissions",
    "definitions show mediation_statistics",
    "laws list",
    "explain",
    "explain P012",
    "explain skipped_ordinal",
    "day 2023-09-05 30d",
    "definitions check",
    "definitions show",
    "definitions show mediation_case",
    "definitions pending",
    "definitions adopt --reason 再采用",
    "baseline 2025 报告.txt",
    "check 报告.txt --year 2026",
    "verify",
    "rebuild",
    "journal export 出",
    "bundle record village 黄沙村 --out 案卷.zip",
    "bundle figure mediation.ended 2026 --out 数字.zip",
];

#[test]
fn every_verb_with_data_answers_in_json() {
    let scratch = Scratch::new();
    scratch.write("村.csv", "设立日期,村名,统计用区划代码\n1984-06-01,黄沙村,360724201201\n".as_bytes());
    scratch.write("村.toml", "on = 1984-06-01\nname = \"白水村\"\ncode = \"360724201202\"\n".as_bytes());
    scratch.write("人.toml", "on = 2022-01-04\nname = \"赵大山\"\nkinds = [\"律师\"]\nsex = \"男\"\n".as_bytes());
    scratch.write("报告.txt", "全年调解矛盾纠纷286起。\n".as_bytes());
    scratch.write("答案.txt", "\n1\n2\n否\n".as_bytes());
    for verb in VERBS {
        let mut args: Vec<&str> = verb.split(' ').collect();
        args.push("--json");
        let ran = scratch.yifa(&args).done();
        let data: Value = serde_json::from_str(&ran.out).unwrap_or_else(|error| panic!("{verb}: {error}\n{}", ran.out));
        assert!(data.is_array() || data.is_object(), "{verb}");
    }
}

#[test]
fn problems_are_json_where_json_was_asked_for() {
    let scratch = Scratch::township();
    scratch.write("坏.toml", "on = 2026-03-02\norigin = 3\n".as_bytes());
    scratch.write("断.toml", b"on = \"2026");
    for (typed, code) in [
        ("list villages --json", "P210"),
        ("due --register villages --json", "P210"),
        ("flags --register villages --json", "P210"),
        ("lits --json", "P620"),
        ("--json", "P620"),
        ("figures abc --json", "P623"),
        ("day 2023-09-05 --json", "P622"),
        ("demo --json", "P621"),
        ("step mediation_case new register --file 坏.toml --json", "P2"),
        ("step mediation_case new register --file 断.toml --json", "P001"),
        ("--data 没有 verify --json", "P702"),
    ] {
        let ran = scratch.yifa(&typed.split(' ').collect::<Vec<_>>());
        assert_eq!((ran.code, ran.err.as_str()), (Some(2), ""), "{typed}");
        let said: Value =
            serde_json::from_str(&ran.out).unwrap_or_else(|error| panic!("{typed}: {error}\n{}", ran.out));
        let first = &said["problems"][0];
        assert!(first["code"].as_str().unwrap().starts_with(code), "{typed}: {first}");
        assert!(!first["text"].as_str().unwrap().is_empty() && !first["remedy"].as_str().unwrap().is_empty());
    }
}

#[test]
fn a_pipe_closed_early_is_a_quiet_end() {
    let scratch = Scratch::demo();
    for args in
        [&["list", "mediation_case", "--limit", "5000", "--json"][..], &["list", "mediation_case"], &["explain"]]
    {
        let mut child = scratch.command(args).spawn().unwrap();
        let mut out = child.stdout.take().unwrap();
        out.read_exact(&mut [0; 1]).unwrap();
        drop(out);
        let ran = crate::support::Ran::of(child.wait_with_output().unwrap());
        assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""), "{YIFA} {args:?}");
    }
}

#[test]
fn one_living_record_of_a_name_is_meant_and_never_the_void_one_among_several() {
    let scratch = Scratch::township();
    scratch.write("case.toml", CASE.as_bytes());
    let mut opened = Vec::new();
    for _ in 0..3 {
        let ran = scratch.yifa(&["step", "mediation_case", "new", "register", "--file", "case.toml", "--json"]).done();
        let receipt: Value = serde_json::from_str(&ran.out).unwrap();
        opened.push(receipt["record"].as_str().unwrap().to_owned());
    }
    let title = "SELECT title FROM record WHERE town_id = $1 AND id = $2";
    let title: String = scratch.db().value(title, params![opened[0]]);
    let void = |id: &str| {
        scratch.write("void.toml", "whole = true\nreason = \"登记重了\"\n".as_bytes());
        scratch.yifa(&["step", "mediation_case", id, "void", "--file", "void.toml"]).done();
    };
    let shown = || scratch.yifa(&["show", "mediation_case", &title, "--json"]);
    void(&opened[0]);
    shown().code.filter(|code| *code == 2).expect("two are alive");
    void(&opened[1]);
    assert!(shown().done().out.contains(&opened[2]));
}

//! What a check finds, written into a copy of the report as comments; and what no comments can be written to.

use std::fs;
use std::io::{Cursor, Read, Write};

use crate::support::Scratch;

/// A report as Word writes it, in several runs.
pub fn report() -> Vec<u8> {
    let paragraph = |runs: &[&str]| {
        let run = |words: &&str| format!("<w:r><w:rPr><w:sz w:val=\"32\"/></w:rPr><w:t>{words}</w:t></w:r>");
        format!("<w:p>{}</w:p>", runs.iter().map(run).collect::<String>())
    };
    let body = [
        paragraph(&["2023年度法治政府建设工作情况"]),
        paragraph(&["全年调解矛盾纠纷", "286起", "，开展大型法律宣传活动2", "0场，植树40棵。"]),
        paragraph(&["一是经费不足。三是人员不够。"]),
    ];
    let names = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"";
    let body = format!("<w:document {names}><w:body>{}</w:body></w:document>", body.concat());
    let types = "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"></Types>";
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in [("[Content_Types].xml", types), ("word/document.xml", &body)] {
        zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn part(docx: &[u8], name: &str) -> String {
    let mut text = String::new();
    zip::ZipArchive::new(Cursor::new(docx)).unwrap().by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

#[test]
fn what_is_found_stands_beside_its_words_in_a_copy_and_the_report_is_as_it_was() {
    let scratch = Scratch::demo();
    let report = report();
    scratch.write("报告.docx", &report);
    let told = scratch.yifa(&["check", "报告.docx", "--comments", "批注.docx"]).done();
    told.says(&["按 2023 年台账：表述 3 处，相符 1，不符 1，无据 1", "已写出 批注.docx，批注 3 处；原文件没有改动。"]);
    assert_eq!(fs::read(scratch.path().join("报告.docx")).unwrap(), report);
    let copy = fs::read(scratch.path().join("批注.docx")).unwrap();
    let comments = part(&copy, "word/comments.xml");
    for said in ["不符：台账“", "”为 16场（16 条），多写 4。", "无据：", "错误：“三是”之前缺“二是”"]
    {
        assert!(comments.contains(said), "{said} in {comments}");
    }
    let body = part(&copy, "word/document.xml");
    assert!(body.contains(
        "<w:commentRangeStart w:id=\"0\"/><w:r><w:rPr><w:sz w:val=\"32\"/></w:rPr><w:t xml:space=\"preserve\">2</w:t>"
    ));
    // The copy says the same, and can be checked and commented again.
    scratch.yifa(&["compare", "报告.docx", "批注.docx"]).done().says(&["修改 0，新增 0，删去 0"]);
    scratch.yifa(&["check", "批注.docx", "--comments", "再批.docx"]).done().says(&["批注 3 处"]);
    let again = part(&fs::read(scratch.path().join("再批.docx")).unwrap(), "word/comments.xml");
    assert_eq!(again.matches("<w:comment ").count(), 6);
}

#[test]
fn comments_go_into_another_word_document_or_nowhere() {
    let scratch = Scratch::demo();
    let report = report();
    scratch.write("报告.docx", &report);
    scratch.write("坏了.docx", &report[..report.len() / 2]);
    scratch.write("报告.txt", "全年调解矛盾纠纷286起。".as_bytes());
    let check = |file: &str, out: &str| scratch.yifa(&["check", file, "--comments", out]);
    check("报告.docx", "报告.docx").refused(&["P627", "原文件不动"]);
    check("报告.docx", "./报告.docx").refused(&["P627"]);
    check("报告.docx", "批注.txt").refused(&["P627"]);
    check("报告.txt", "批注.docx").refused(&["P628"]);
    check("坏了.docx", "批注.docx").refused(&["P615"]);
    assert!(!scratch.path().join("批注.docx").exists() && !scratch.path().join("批注.new").exists());
    assert_eq!(fs::read(scratch.path().join("报告.docx")).unwrap(), report);
}

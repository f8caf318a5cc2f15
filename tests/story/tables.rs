//! Tables as clerks really send them: what cannot be read is refused with place, cause and remedy, and nothing is kept.

use std::io::{Cursor, Read, Write};

use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook, Worksheet};

use crate::support::{Ran, Scratch};

const HEAD: [&str; 7] = ["登记日期", "调委会", "来源", "涉及的村", "纠纷类型", "当事人", "纠纷简要"];

/// A sheet with the headings and one sound row; `more` makes of it what it likes.
fn book(more: impl FnOnce(&mut Worksheet)) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (column, title) in HEAD.iter().enumerate() {
        sheet.write_string(0, column as u16, *title).unwrap();
    }
    row(sheet, 1);
    more(sheet);
    book.save_to_buffer().unwrap()
}

fn row(sheet: &mut Worksheet, at: u32) {
    let cells = ["2026-03-02", "黄沙村人民调解委员会", "当事人申请", "黄沙村", "山林土地", "甲某、乙某", "山界不清"];
    for (column, text) in cells.iter().enumerate() {
        sheet.write_string(at, column as u16, *text).unwrap();
    }
}

/// Imports a file of cases: refused with these words, and the journal is as it was.
#[track_caller]
fn refused(scratch: &Scratch, name: &str, bytes: &[u8], words: &[&str]) {
    scratch.write(name, bytes);
    let before = scratch.entries();
    for more in [&["--dry-run"][..], &[]] {
        let args: Vec<&str> = ["import", "mediation_case", name].iter().chain(more).copied().collect();
        let ran = scratch.yifa(&args).refused(words);
        assert_eq!(ran.out, "");
    }
    assert_eq!(scratch.entries(), before);
    scratch.is_sound();
}

fn import(scratch: &Scratch, name: &str, bytes: &[u8]) -> Ran {
    scratch.write(name, bytes);
    scratch.yifa(&["import", "mediation_case", name]).done()
}

#[test]
fn merged_cells_formulas_and_wrong_headings_are_named_by_cell() {
    let scratch = Scratch::township();
    let merged = book(|sheet| {
        row(sheet, 2);
        sheet.merge_range(1, 3, 2, 3, "黄沙村", &Format::new()).unwrap();
    });
    refused(&scratch, "合并.xlsx", &merged, &["D2", "合并"]);

    let error = book(|sheet| {
        sheet.write_formula(1, 4, Formula::new("=NA()").set_result("#N/A")).unwrap();
    });
    refused(&scratch, "公式.xlsx", &error, &["E2", "#N/A"]);

    let heading = book(|sheet| {
        sheet.write_string(0, 1, "调解会").unwrap();
        sheet.write_string(0, 7, "备注").unwrap();
    });
    refused(&scratch, "标题.xlsx", &heading, &["B1", "是不是“调委会”", "H1", "备注", "缺少“调委会”列"]);

    let doubled = book(|sheet| {
        sheet.write_string(0, 7, "登记日期").unwrap();
    });
    refused(&scratch, "重复.xlsx", &doubled, &["登记日期", "H1"]);
}

#[test]
fn a_formula_with_its_result_a_date_as_number_and_full_width_digits_are_read() {
    let scratch = Scratch::township();
    let bytes = book(|sheet| {
        let date = Format::new().set_num_format("yyyy-mm-dd");
        row(sheet, 2);
        let day = ExcelDateTime::from_ymd(2026, 3, 3).unwrap();
        sheet.write_datetime_with_format(2, 0, &day, &date).unwrap();
        row(sheet, 3);
        sheet.write_string(3, 0, "２０２６年３月４日").unwrap();
        row(sheet, 4);
        sheet.write_string(4, 0, "2026/3/5").unwrap();
        row(sheet, 5);
        sheet.write_formula(5, 4, Formula::new("=\"邻\"&\"里\"").set_result("邻里")).unwrap();
        // 46087 is 2026-03-06 as Excel counts: a day whose cell lost its format.
        row(sheet, 6);
        sheet.write_number(6, 0, 46_087.0).unwrap();
    });
    let ran = import(&scratch, "日期.xlsx", &bytes);
    assert!(ran.out.contains("已记入 6 步"), "{ran:?}");
    assert!(ran.out.contains("核对"), "a number read as a day is pointed out: {ran:?}");
    let list = scratch.yifa(&["list", "mediation_case"]).done();
    for day in ["2026-03-02", "2026-03-03", "2026-03-04", "2026-03-05", "2026-03-06"] {
        assert!(list.out.contains(day), "{day}: {}", list.out);
    }
    let again = scratch.yifa(&["import", "mediation_case", "日期.xlsx"]).done();
    assert!(again.out.contains("没有新的内容"), "{again:?}");
    scratch.is_sound();
}

#[test]
fn what_is_no_day_is_told_by_cell() {
    let scratch = Scratch::township();
    let bytes = book(|sheet| {
        for (at, text) in ["今年春天", "2026-02-30", "2026年13月1日", "3月5日"].iter().enumerate() {
            row(sheet, at as u32 + 2);
            sheet.write_string(at as u32 + 2, 0, *text).unwrap();
        }
        row(sheet, 6);
        sheet.write_number(6, 0, 7.0).unwrap();
        row(sheet, 7);
        sheet.write_boolean(7, 0, true).unwrap();
    });
    refused(&scratch, "日期.xlsx", &bytes, &["A3", "A4", "A5", "A6", "A7", "A8", "共 6 处问题"]);
}

#[test]
fn a_day_to_come_is_told_before_anything_is_recorded() {
    let scratch = Scratch::township();
    let bytes = book(|sheet| {
        row(sheet, 2);
        sheet.write_string(2, 0, "2099-01-01").unwrap();
    });
    refused(&scratch, "将来.xlsx", &bytes, &["P217 第 3 行“登记日期”（A3）"]);
}

#[test]
fn files_that_are_no_sheet_are_told_apart() {
    let scratch = Scratch::township();
    let good = book(|_| {});
    for length in [1, 10, 100, good.len() / 2, good.len() - 1] {
        refused(&scratch, "残缺.xlsx", &good[..length], &["P4"]);
    }
    // A password makes of the zip an OLE container with a stream of this name.
    let mut ole = vec![0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
    ole.resize(2048, 0);
    ole.extend("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes));
    ole.resize(4096, 0);
    refused(&scratch, "密码.xlsx", &ole, &["密码"]);
    refused(&scratch, "空.xlsx", b"", &["P402"]);
    refused(&scratch, "图片.xlsx", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", &["P4"]);
    refused(&scratch, "别的.xlsx", &zip(&[("word/document.xml", b"<w/>")]), &["P4"]);
    refused(&scratch, "坏.csv", &[0xb5, 0xc7, 0xff, 0xff, 0x2c, 0x41], &["P407"]);
    refused(&scratch, "没有表头.csv", "甲,乙\n1,2\n".as_bytes(), &["P4"]);
    // A part that unpacks to far more than it weighs.
    let bomb = repacked(&good, |name, mut part| {
        if name == "xl/sharedStrings.xml" {
            part.resize(part.len() + (300 << 20), b' ');
        }
        part
    });
    assert!(bomb.len() < 2 << 20);
    refused(&scratch, "炸弹.xlsx", &bomb, &["P4"]);
    std::fs::create_dir(scratch.path().join("目录.xlsx")).unwrap();
    scratch.yifa(&["import", "mediation_case", "目录.xlsx"]).refused(&["P4"]);
}

fn zip(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn repacked(book: &[u8], change: impl Fn(&str, Vec<u8>) -> Vec<u8>) -> Vec<u8> {
    let mut archive = zip::ZipArchive::new(Cursor::new(book)).unwrap();
    let mut parts = Vec::new();
    for nth in 0..archive.len() {
        let mut file = archive.by_index(nth).unwrap();
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).unwrap();
        let name = file.name().unwrap().into_owned();
        parts.push((name.clone(), change(&name, bytes)));
    }
    let parts: Vec<(&str, &[u8])> = parts.iter().map(|(name, bytes)| (name.as_str(), &bytes[..])).collect();
    zip(&parts)
}

/// The last row is wrong: a hundred thousand are read to say so, and none is kept.
#[test]
fn a_hundred_thousand_rows_are_judged_and_taken_whole_or_not() {
    let scratch = Scratch::township();
    let mut text = "设立日期,村名,统计用区划代码\n".to_owned();
    for row in 0..99_999 {
        text += &format!("1984-06-01,村{row},{row:012}\n");
    }
    text += "1984-06-31,末村,999999999999\n";
    scratch.write("村.csv", text.as_bytes());
    let before = scratch.entries();
    scratch.yifa(&["import", "village", "村.csv"]).refused(&["第 100001 行", "A100001", "1984-06-31"]);
    assert_eq!(scratch.entries(), before);
    scratch.is_sound();
}

#[test]
fn a_report_of_ten_megabytes_and_one_of_seventy() {
    let scratch = Scratch::new();
    let line = "全年调解矛盾纠纷286起，开展普法宣传活动16场。\n";
    let plain = "坚持依法履行职责，推进法治政府建设，群众办事更加方便。\n".repeat(1000);
    let block = format!("{line}{plain}");
    let blocks = (10 << 20) / block.len();
    scratch.write("十兆.txt", block.repeat(blocks).as_bytes());
    let ran = scratch.yifa(&["check", "十兆.txt", "--json"]).done();
    assert_eq!(ran.out.matches("\"286起\"").count(), blocks);
    scratch.write("七十兆.txt", &vec![b'a'; 70 << 20]);
    scratch.yifa(&["check", "七十兆.txt"]).refused(&["P611", "64 MB"]);
}

/// Nineteen worked deadlines, asked as many lines on standard input.
#[test]
fn many_deadlines_by_standard_input() {
    let scratch = Scratch::new();
    let (mut questions, mut expected) = (String::new(), String::new());
    for line in include_str!("../../crates/engine/tests/data/deadline_vectors.tsv").lines().skip(1) {
        let columns: Vec<&str> = line.split('\t').collect();
        let number = columns[0].trim_start_matches('七').chars().take_while(char::is_ascii_digit).collect::<String>();
        let number = if columns[0].starts_with('七') { "7" } else { &number };
        let unit = match columns[0] {
            rule if rule.contains("工作日") => "wd",
            rule if rule.contains("个月") => "m",
            _ => "d",
        };
        questions += &format!("{}\t{number}{unit}\n", columns[1]);
        expected += &format!("{}\t{}\n", columns[2], columns[3]);
    }
    assert_eq!(expected.lines().count(), 19);
    let ran = scratch.yifa_given(&["day"], questions.as_bytes()).done();
    assert_eq!(ran.out, expected);
}

/// What the demonstration holds, written to a table and read again, is known to the last row: no reference is lost by
/// its name, though mediators are elected again and plans have long ones.
#[test]
fn every_register_of_the_demonstration_is_read_back_from_its_own_table() {
    let scratch = Scratch::demo();
    let shown = scratch.yifa(&["definitions", "show", "--json"]).done().out;
    let registers: Vec<serde_json::Value> = serde_json::from_str(&shown).unwrap();
    assert!(registers.len() > 50);
    for register in &registers {
        let id = register["id"].as_str().unwrap();
        let out = scratch.yifa(&["export", id, "--out", "表.csv", "--role", "leader"]).done().out;
        assert!(!out.contains("已导出 0 行"), "{id}");
        let read = scratch.yifa(&["import", id, "表.csv", "--dry-run"]).done().out;
        assert!(read.contains("共记入 0 步"), "{id}\n{read}");
    }
}

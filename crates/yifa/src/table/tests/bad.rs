//! Files nobody can read as they are: each with the exact words a clerk gets.

use super::*;

const GOOD: &str = "
登记日期 | 涉及的村 | 纠纷类型 | 当事人
2023-05-08 | 黄沙村 | 山林土地 | 张三、李四
2023-05-09 | 白水村 | 婚姻家庭 | 王五、赵六
";

fn ole(stream: &str) -> Vec<u8> {
    let mut bytes = vec![0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
    bytes.resize(2048, 0);
    bytes.extend(stream.encode_utf16().flat_map(u16::to_le_bytes));
    bytes.resize(4096, 0);
    bytes
}

fn packed(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// A part that unpacks to far more than it weighs.
fn bomb() -> Vec<u8> {
    let good = xlsx(GOOD);
    repacked(&good, |name, mut text| {
        if name == "xl/sharedStrings.xml" {
            text.resize(text.len() + MOST_STRING_BYTES as usize, b' ');
        }
        text
    })
}

fn two_sheets() -> Vec<u8> {
    let mut book = Workbook::new();
    for name in ["2022年", "2023年"] {
        fill(book.add_worksheet().set_name(name).unwrap(), GOOD);
    }
    book.save_to_buffer().unwrap()
}

fn files() -> Vec<(&'static str, Vec<u8>)> {
    let good = || xlsx(GOOD);
    let sheet = "xl/worksheets/sheet1.xml";
    vec![
        ("empty", vec![]),
        ("only a mark", vec![0xef, 0xbb, 0xbf]),
        ("only blanks", b"\r\n \r\n".to_vec()),
        ("password", ole("EncryptedPackage")),
        ("old xls", ole("Workbook")),
        ("old doc", ole("WordDocument")),
        ("binary junk", (0..4000u32).map(|n| (n * 7919 % 251) as u8).collect()),
        ("broken gbk", vec![0xb5, 0xc7, 0xff, 0xff, 0x2c, 0x41]),
        ("html called xls", "<html><table><tr><td>登记日期</td></tr></table></html>".into()),
        ("pdf", b"%PDF-1.7 nothing".to_vec()),
        ("truncated", good()[..good().len() / 2].to_vec()),
        ("word document", packed(&[("word/document.xml", "<w/>")])),
        ("zip of something", packed(&[("readme.txt", "x")])),
        ("ods", packed(&[("mimetype", "x"), ("content.xml", "<x/>")])),
        ("zip bomb", bomb()),
        (
            "a count that would take all memory",
            edited(&good(), "xl/sharedStrings.xml", "uniqueCount=\"", "uniqueCount=\"99999999999"),
        ),
        ("another encoding", edited(&good(), "xl/workbook.xml", "UTF-8", "ISO-2022-JP")),
        ("xml that ends early", edited(&good(), sheet, "</sheetData>", "<row r=\"9\"><c r=\"A9\"><v>")),
        ("a cell beyond all columns", edited(&good(), sheet, "r=\"A2\"", "r=\"ZZZZZZZ2\"")),
        (
            "an upside-down merge",
            edited(&good(), sheet, "</sheetData>", "</sheetData><mergeCells><mergeCell ref=\"D9:B2\"/></mergeCells>"),
        ),
        ("two sheets alike", two_sheets()),
        ("no heading", xlsx("甲 | 乙\n1 | 2")),
        ("no data", xlsx("登记日期 | 涉及的村 | 纠纷类型 | 当事人")),
        (
            "unknown, doubled and missing columns",
            xlsx("登记日期 | 涉及村 | 备注 | 登记日期\n2023-05-08 | 黄沙村 | 无 | 2023-05-08"),
        ),
        ("an ambiguous heading", xlsx("编号 | 日期\n纠〔2023〕1号 | 2023-05-08")),
        ("a step without its required column", xlsx("编号 | 调解员\n纠〔2023〕1号 | 王调解")),
        (
            "content without heading",
            xlsx_with(GOOD, |sheet| {
                sheet.write_string(2, 6, "多余").unwrap();
            }),
        ),
        (
            "merged data",
            xlsx_with(GOOD, |sheet| {
                sheet.merge_range(1, 1, 2, 1, "黄沙村", &Format::new()).unwrap();
            }),
        ),
        (
            "an error value",
            xlsx_with(GOOD, |sheet| {
                sheet.write_formula(2, 1, rust_xlsxwriter::Formula::new("=NA()").set_result("#N/A")).unwrap();
            }),
        ),
        (
            "a new error value",
            edited(
                &xlsx_with(GOOD, |sheet| {
                    sheet.write_formula(2, 1, rust_xlsxwriter::Formula::new("=NA()").set_result("#N/A")).unwrap();
                }),
                sheet,
                "#N/A",
                "#SPILL!",
            ),
        ),
        (
            "a formula never calculated",
            edited(
                &xlsx_with(GOOD, |sheet| {
                    sheet.write_formula(1, 1, rust_xlsxwriter::Formula::new("=B3")).unwrap();
                }),
                sheet,
                "<f>B3</f><v>0</v>",
                "<f>B3</f>",
            ),
        ),
        (
            "a rounded card number",
            xlsx(
                "登记日期 | 涉及的村 | 纠纷类型 | 当事人 | 证件号码\n2023-05-08 | 黄沙村 | 山林土地 | 张三、李四 | 330123199001011234",
            ),
        ),
        ("a csv of other things", "甲,乙\n1,2\n".into()),
    ]
}

#[test]
fn every_bad_file_is_told_what_is_wrong_and_what_to_do() {
    let register = register();
    let mut text = String::new();
    for (name, bytes) in files() {
        let told = match read(&bytes, &register, Choose::Best) {
            Ok(sheet) => format!("READ\n{}", shown(&sheet)),
            Err(problems) => said(&problems),
        };
        text += &format!("── {name}\n{told}\n");
    }
    assert!(!text.contains("READ"), "{text}");
    insta::assert_snapshot!(text);
}

#[test]
fn no_byte_changed_or_left_out_makes_it_panic() {
    let register = register();
    let good = repacked(&xlsx(GOOD), |_, text| text);
    // Every hundredth length, and a byte turned over at every fiftieth place.
    for length in (0..good.len()).step_by(100) {
        let _ = read(&good[..length], &register, Choose::Best);
    }
    for at in (0..good.len()).step_by(50) {
        let mut bytes = good.clone();
        bytes[at] ^= 0x5a;
        let _ = read(&bytes, &register, Choose::Best);
    }
}

#[test]
fn a_thousand_wrong_cells_are_cut_short_and_counted() {
    let mut text = "登记日期,涉及的村,纠纷类型,当事人\n".to_owned();
    for _ in 0..1000 {
        text += "去年,黄沙村,山林土地,张三、李四\n";
    }
    let sheet = read_ok(text.as_bytes());
    let problems = plan_of(&sheet, &Fake::default()).unwrap_err();
    assert_eq!(problems.len(), MOST_PROBLEMS + 1);
    assert_eq!(problems[0].text, "第 2 行“登记日期”（A2）填的“去年”不是日期");
    assert_eq!(problems[MOST_PROBLEMS].to_string(), "P425 另有 500 处问题没有列出。请先改正已列出的，再检查一遍");
}

#[test]
fn a_file_that_is_not_there_is_a_problem() {
    let problems =
        read_path(std::path::Path::new("/nowhere/x.xlsx"), &register(), As::Own(&Wording::default()), Choose::Best)
            .unwrap_err();
    assert!(said(&problems).starts_with("P401 读不到文件 /nowhere/x.xlsx"), "{}", said(&problems));
}

#[test]
fn a_file_that_cannot_be_read_is_shown_as_it_stands() {
    let check = |bytes: &[u8], wanted: &[u32], expect: &str| {
        let wanted = wanted.iter().copied().collect();
        let shown = grid::of(bytes, &register(), As::Own(&Wording::default()), Choose::Best, &wanted).map_or(
            "-".to_owned(),
            |grid| {
                let cell =
                    |row: u32, (column, text): (&u32, &String)| format!("{}={text}", Address { row, column: *column });
                let rows = grid.rows.iter().flat_map(|(row, cells)| cells.iter().map(|one| cell(*row, one)));
                rows.collect::<Vec<_>>().join(" ")
            },
        );
        assert_eq!(shown, expect);
    };
    let rows = "登记日期 | 涉及的村 | 另一列\n去年 | 黄沙村 | 1\n2023-05-09 | 白水村 |\n2023-05-10 | 双溪村 | 2";
    let headings = "A1=登记日期 B1=涉及的村 C1=另一列";
    check(&xlsx(rows), &[1], &format!("{headings} A2=去年 B2=黄沙村 C2=1"));
    check(&xlsx(rows), &[2, 9], &format!("{headings} A3=2023-05-09 B3=白水村"));
    let text = rows.replace(" | ", ",").replace(" |", ",");
    check(text.as_bytes(), &[1], &format!("{headings} A2=去年 B2=黄沙村 C2=1"));
    let (gbk, ..) = encoding_rs::GBK.encode(&text);
    check(&gbk, &[], headings);
    check(&bomb(), &[1], "-");
    check("甲,乙\n1,2\n".as_bytes(), &[1], "-");
}

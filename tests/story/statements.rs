//! Statements: a superior's workbook filled in place, sent, and told to be wrong when the ledger changes.

use std::io::{Cursor, Read};

use calamine::{Data, Reader, Xlsx};
use rust_xlsxwriter::{
    Color, ConditionalFormatCell, ConditionalFormatCellRule, Format, FormatBorder, Note, Table, Workbook, Worksheet,
};
use serde_json::Value;
use zip::ZipArchive;

use yifa::storage::params;

use crate::support::{Ask, Ran, Scratch};

const SCREENINGS: &str = "
排查日期,排查方式,调委会,排查的村,发现纠纷件数,预防纠纷件数
2026-01-12,定期排查,黄沙村人民调解委员会,黄沙村,2,1
2026-02-03,专项排查,黄沙村人民调解委员会,黄沙村,0,0
2026-03-09,定期排查,黄沙村人民调解委员会,黄沙村,3,2
2026-03-31,日常走访,黄沙村人民调解委员会,黄沙村,1,1
2026-04-01,日常走访,黄沙村人民调解委员会,黄沙村,5,5
";

/// How the county's sheet is to be filled: kinds across rows 4 to 6, each screening from row 10 on.
const STATEMENT: &str = r#"
title  = "矛盾纠纷排查季报"
to     = "县综治中心"
local  = "样例"
period = "quarter"
sheet  = "季报"
expect = { A3 = "方式", B3 = "次数", A4 = "定期", A5 = "专项", A6 = "走访", B9 = "日期", D9 = "发现" }

[[text]]
at   = "A2"
says = "单位：{county}{town}　{period}"

[[matrix]]
by      = "kind"
columns = { B = "screening.held" }
rows    = { 4 = "regular", 5 = "special", 6 = "daily" }

[rows]
register = "screening"
step     = "hold"
first    = 10
last     = 11
columns  = { A = "{ordinal}", B = "{hold.on}", C = "{hold.kind}（{hold.villages}）", D = "{hold.found}" }
"#;

/// A township with five screenings, four of them in the first quarter, and a statement of its own.
fn township() -> Scratch {
    let scratch = Scratch::township();
    scratch.write("排查.csv", SCREENINGS.trim_start().as_bytes());
    scratch.yifa(&["import", "screening", "排查.csv"]).done();
    scratch.write("本地/statements/screening_quarter.toml", STATEMENT.as_bytes());
    scratch.yifa(&["definitions", "adopt", "本地", "--reason", "县里要季报"]).done();
    scratch
}

/// The county's workbook: merged and coloured headings, sums, a format that depends on a value, days shown as days,
/// a page to print, and a second sheet that counts on the first.
fn template(more: impl FnOnce(&mut Worksheet)) -> Vec<u8> {
    let mut book = Workbook::new();
    let head = Format::new().set_bold().set_background_color(Color::RGB(0xFFF2CC)).set_border(FormatBorder::Thin);
    let day = Format::new().set_num_format("yyyy\"年\"m\"月\"d\"日\"").set_border(FormatBorder::Thin);
    let cell = Format::new().set_border(FormatBorder::Thin).set_font_color(Color::Blue);
    let sheet = book.add_worksheet().set_name("季报").unwrap();
    sheet.merge_range(0, 0, 0, 3, "上犹县矛盾纠纷排查季报", &head).unwrap();
    sheet.merge_range(1, 0, 1, 3, "", &Format::new()).unwrap();
    for (row, column, text) in
        [(2, 0, "方  式"), (2, 1, "次数*"), (3, 0, "定期"), (4, 0, "专项"), (5, 0, "走访"), (6, 0, "合计")]
    {
        sheet.write_string_with_format(row, column, text, &head).unwrap();
    }
    for row in 3..6 {
        sheet.write_blank(row, 1, &cell).unwrap();
    }
    sheet.write_formula_with_format(6, 1, "=SUM(B4:B6)", &cell).unwrap();
    for (column, text) in ["序号", "日期", "方式（村）", "发现"].iter().enumerate() {
        sheet.write_string_with_format(8, column as u16, *text, &head).unwrap();
    }
    for row in 9..11 {
        sheet.write_number_with_format(row, 0, f64::from(row - 8), &cell).unwrap();
        sheet.write_blank(row, 1, &day).unwrap();
        sheet.write_blank(row, 2, &cell).unwrap();
        sheet.write_blank(row, 3, &cell).unwrap();
    }
    sheet.write_string_with_format(11, 0, "合计", &head).unwrap();
    sheet.write_formula_with_format(11, 3, "=SUM(D10:D11)", &cell).unwrap();
    sheet.merge_range(12, 0, 12, 3, "填表人：　　　　审核人：", &Format::new()).unwrap();
    let many = ConditionalFormatCell::new()
        .set_rule(ConditionalFormatCellRule::GreaterThan(2))
        .set_format(Format::new().set_font_color(Color::Red));
    sheet.add_conditional_format(9, 3, 10, 3, &many).unwrap();
    sheet.set_print_area(0, 0, 12, 3).unwrap();
    sheet.set_column_width(2, 33).unwrap();
    more(sheet);
    let other = book.add_worksheet().set_name("汇总").unwrap();
    other.write_formula(0, 0, "=季报!D12").unwrap();
    book.save_to_buffer().unwrap()
}

fn part(book: &[u8], name: &str) -> String {
    let mut zip = ZipArchive::new(Cursor::new(book)).unwrap();
    let mut text = String::new();
    zip.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

/// The cells of a sheet as `A1 text`, empty ones left out.
fn cells(book: &[u8], sheet: &str) -> Vec<String> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(book.to_vec())).unwrap();
    let range = book.worksheet_range(sheet).unwrap();
    let start = range.start().unwrap();
    let one = |(row, column, cell): (usize, usize, &Data)| {
        let (row, column) = (row + start.0 as usize + 1, column + start.1 as usize);
        let name = char::from(b'A' + u8::try_from(column).unwrap());
        (*cell != Data::Empty).then(|| format!("{name}{row} {cell}"))
    };
    range.cells().filter_map(one).collect()
}

fn fill(scratch: &Scratch, more: &[&str]) -> Ran {
    scratch.yifa(&[&["statement", "screening_quarter", "2026Q1"], more].concat())
}

#[test]
fn a_countys_workbook_is_filled_and_keeps_its_looks() {
    let scratch = township();
    let given = template(|_| {});
    scratch.write("县.xlsx", &given);
    fill(&scratch, &["--template", "县.xlsx", "--out", "报.xlsx"]).done().says(&["数字 3 个，列出 4 行"]);
    let made = std::fs::read(scratch.path().join("报.xlsx")).unwrap();
    assert_eq!(
        cells(&made, "季报"),
        [
            "A1 上犹县矛盾纠纷排查季报",
            "A2 单位：上犹县青石乡　2026年第一季度",
            "A3 方  式",
            "B3 次数*",
            "A4 定期",
            "B4 2",
            "A5 专项",
            "B5 1",
            "A6 走访",
            "B6 1",
            "A7 合计",
            "A9 序号",
            "B9 日期",
            "C9 方式（村）",
            "D9 发现",
            "A10 1",
            // 2026-01-12 as a spreadsheet counts days; its format shows it as one.
            "B10 46034",
            "C10 定期排查（黄沙村）",
            "D10 2",
            "A11 2",
            "B11 46056",
            "C11 专项排查（黄沙村）",
            "D11 0",
            "A12 3",
            "B12 46090",
            "C12 定期排查（黄沙村）",
            "D12 3",
            "A13 4",
            "B13 46112",
            "C13 日常走访（黄沙村）",
            "D13 1",
            "A14 合计",
            "A15 填表人：　　　　审核人：",
        ]
    );
    // What formulas came to is nobody's to believe: they are counted anew on opening, over the rows there are now.
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(made.clone())).unwrap();
    let formulas = |book: &mut Xlsx<_>, sheet: &str| -> Vec<String> {
        book.worksheet_formula(sheet).unwrap().used_cells().map(|(_, _, formula)| formula.clone()).collect()
    };
    assert_eq!(formulas(&mut book, "季报"), ["SUM(B4:B6)", "SUM(D10:D13)"]);
    assert_eq!(formulas(&mut book, "汇总"), ["季报!D14"]);
    let workbook = part(&made, "xl/workbook.xml");
    assert!(workbook.contains("fullCalcOnLoad=\"1\"") && workbook.contains("季报!$A$1:$D$15"), "{workbook}");
    for name in ["xl/styles.xml", "xl/theme/theme1.xml", "xl/sharedStrings.xml"] {
        assert_eq!(part(&made, name), part(&given, name), "{name}");
    }
    let (before, after) = (part(&given, "xl/worksheets/sheet1.xml"), part(&made, "xl/worksheets/sheet1.xml"));
    let tail = |xml: &str| xml.split_once("</sheetData>").unwrap().1.to_owned();
    let moved = tail(&before).replace("A13:D13", "A15:D15").replace("sqref=\"D10:D11\"", "sqref=\"D10:D13\"");
    assert_eq!(tail(&after), moved);
    let format = |xml: &str, at: &str| {
        let tag = xml.split_once(&format!("<c r=\"{at}\"")).unwrap().1.split_once('>').unwrap().0.to_owned();
        tag.split_once("s=\"").unwrap().1.split_once('"').unwrap().0.to_owned()
    };
    for (at, like) in [("B13", "B11"), ("D13", "D11"), ("D14", "D12"), ("B4", "B4")] {
        assert_eq!(format(&after, at), format(&before, like), "{at}");
    }
    let told = cells(&made, "数据来源").join("\n");
    for words in ["B4", "开展矛盾纠纷排查：定期排查", "screening.held", "日志前", "2026-03-09"] {
        assert!(told.contains(words), "{words}\n{told}");
    }
    // The same table of the same journal is the same file.
    fill(&scratch, &["--template", "县.xlsx", "--out", "又.xlsx"]).done();
    assert_eq!(std::fs::read(scratch.path().join("又.xlsx")).unwrap(), made);
    fill(&scratch, &["--template", "县.xlsx", "--out", "光.xlsx", "--bare"]).done();
    let bare = std::fs::read(scratch.path().join("光.xlsx")).unwrap();
    assert_eq!(Xlsx::new(Cursor::new(bare)).unwrap().sheet_names(), ["季报", "汇总"]);
}

#[test]
fn another_layout_is_told_cell_by_cell_and_nothing_is_written() {
    let scratch = township();
    let refused = |given: Vec<u8>, words: &[&str]| {
        scratch.write("县.xlsx", &given);
        fill(&scratch, &["--template", "县.xlsx", "--out", "报.xlsx", "--send"]).refused(words);
        assert!(!scratch.path().join("报.xlsx").exists());
    };
    let before = scratch.entries();
    // A row was put in above: both headings that moved are named, with what stands there now.
    refused(
        template(|sheet| {
            sheet.write_string(3, 0, "综合").unwrap();
            sheet.write_string(8, 3, "化解").unwrap();
        }),
        &["P442", "“季报”的 A4 应当是“定期”，现在是“综合”", "D9 应当是“发现”，现在是“化解”", "statements"],
    );
    refused(
        template(|sheet| {
            sheet.write_formula(3, 1, "=1+1").unwrap();
            sheet.write_string(4, 1, "见附件").unwrap();
            sheet.write_string(9, 2, "定期排查（云溪村）").unwrap();
        }),
        &["P443", "B4 填不进去：里面是公式", "B5 填不进去：里面已经写着“见附件”", "C10 填不进去"],
    );
    refused(
        template(|sheet| {
            sheet.merge_range(5, 0, 5, 1, "走访", &Format::new()).unwrap();
        }),
        &["P443", "B6 填不进去：它并在 A6:B6 里"],
    );
    refused(
        template(|sheet| {
            sheet.insert_note(12, 0, &Note::new("盖章")).unwrap();
        }),
        &["P444", "只留了 2 行，要填 4 行，而表里有批注"],
    );
    refused(
        template(|sheet| {
            sheet.add_table(20, 0, 22, 1, &Table::new()).unwrap();
        }),
        &["P444", "“表格”（超级表）"],
    );
    refused(b"PK\x05\x06 not a workbook".to_vec(), &["P405"]);
    refused("次数,方式\n".as_bytes().to_vec(), &["P404", "文本表格"]);
    let renamed = {
        let mut book = Workbook::new();
        book.add_worksheet().set_name("2026年").unwrap();
        book.save_to_buffer().unwrap()
    };
    refused(renamed, &["P441", "没有工作表“季报”，有的是：2026年"]);
    assert_eq!(scratch.entries(), before);
    fill(&scratch, &["--out", "报.pdf"]).refused(&["P605"]);
    scratch.yifa(&["statement", "screening_quarter", "2026"]).refused(&["P446", "2024Q1"]);
    scratch.yifa(&["statement", "screening_quarter", "2099Q1"]).refused(&["P446", "还没有到"]);
    scratch.yifa(&["statement", "screening_quartr", "2026Q1"]).refused(&["P445", "是不是想写“screening_quarter”"]);
    fill(&scratch, &["--send", "--way", "鸽子"]).refused(&["P447", "platform 上级平台"]);
    assert_eq!(scratch.entries(), before);
}

/// The entry that took a step of a record, by its day.
fn entry_on(scratch: &Scratch, day: &str) -> i64 {
    let sql = "SELECT first_idx FROM record WHERE town_id = $1 AND register = 'screening' AND opened = $2";
    scratch.db().value(sql, params![day])
}

#[test]
fn what_was_sent_is_told_to_be_wrong_by_how_much_and_why() {
    let scratch = township();
    scratch.write("县.xlsx", &template(|_| {}));
    fill(&scratch, &["--template", "县.xlsx", "--out", "报.xlsx", "--send", "--way", "纸质", "--by", "赵大山"])
        .done()
        .says(&["报表报送", "报给县综治中心"]);
    scratch.yifa(&["submissions"]).done().says(&["矛盾纠纷排查季报", "2026Q1", "相符"]);
    scratch.yifa(&["statements"]).done().says(&["每季度", "2026Q1"]);
    let kept = "SELECT body FROM record WHERE town_id = $1 AND register = 'submission'";
    let body: String = scratch.db().value(kept, params![]);
    let body: Value = serde_json::from_str(&body).unwrap();
    let file = body["send"]["file"].as_str().unwrap();
    let sent = std::fs::read(scratch.path().join("报.xlsx")).unwrap();
    assert_eq!(std::fs::read(scratch.data().join("files").join(file)).unwrap(), sent);
    let size = body["send"]["size"].as_i64().unwrap();

    // Sent again by mistake: it is one and the same.
    fill(&scratch, &["--send", "--out", "又报.xlsx"]).refused(&["P447", "已经在", "请写明理由"]);
    assert!(!scratch.path().join("又报.xlsx").exists());

    // Afterwards: a number is corrected, a step was a mistake, one comes late.
    scratch.write(
        "更正.toml",
        format!("of = \"{}\"\nreason = \"数重了\"\n[fields]\nfound = 2\n", entry_on(&scratch, "2026-03-09")).as_bytes(),
    );
    scratch.yifa(&["step", "screening", "定期排查·2026-03-09", "correct", "--file", "更正.toml"]).done();
    scratch.write("作废.toml", "whole = true\nreason = \"没有这一次\"\n".as_bytes());
    scratch.yifa(&["step", "screening", "专项排查·2026-02-03", "void", "--file", "作废.toml"]).done();
    let late = "排查日期,排查方式,调委会,排查的村,发现纠纷件数,预防纠纷件数\n2026-03-20,日常走访,黄沙村人民调解委员会,黄沙村,0,0\n2026-05-20,日常走访,黄沙村人民调解委员会,黄沙村,9,0\n";
    scratch.write("补.csv", late.as_bytes());
    scratch.yifa(&["import", "screening", "补.csv"]).done();
    let told = scratch.yifa(&["submissions", "--year", "2026"]).done().out;
    let told: Vec<&str> = told.lines().map(str::trim).collect();
    for line in [
        format!("B5 开展矛盾纠纷排查（专项排查） 1 → 0（少 1）　因 专项排查·2026-02-03，第 {} 条", size + 2),
        format!("B6 开展矛盾纠纷排查（日常走访） 1 → 2（多 1）　因 日常走访·2026-03-20，第 {} 条", size + 3),
        format!("第 11 行 专项排查·2026-02-03 列出 → 不应列出（少一行）　因 专项排查·2026-02-03，第 {} 条", size + 2),
        format!("D12 定期排查·2026-03-09 发现 3 → 2（少 1）　因 定期排查·2026-03-09，第 {} 条", size + 1),
        format!(
            "没有的行 日常走访·2026-03-20（2026-03-20） 没有列出 → 应当列出（多一行）　因 日常走访·2026-03-20，第 {} 条",
            size + 3
        ),
    ] {
        assert!(told.contains(&line.as_str()), "{line}\n{}", told.join("\n"));
    }
    assert_eq!(told.iter().filter(|line| line.contains(" → ")).count(), 5, "{}", told.join("\n"));
    scratch.yifa(&["submissions", "--year", "2025"]).done();

    // As of that size it is still what it was, to the byte.
    let then = size.to_string();
    fill(&scratch, &["--at", &then, "--out", "当时.xlsx"]).done().says(&["填进上次报送的模板"]);
    assert_eq!(std::fs::read(scratch.path().join("当时.xlsx")).unwrap(), sent);

    // Sent anew, with the workbook used before: nothing is wrong any more, and both files are kept.
    fill(&scratch, &["--send", "--reason", "台账更正"]).done().says(&["报表报送"]);
    scratch.yifa(&["submissions"]).done().says(&["更正", "相符"]);
    scratch.write(
        "又更正.toml",
        format!("of = \"{}\"\nreason = \"又数了\"\n[fields]\nfound = 1\n", entry_on(&scratch, "2026-03-09")).as_bytes(),
    );
    scratch.yifa(&["step", "screening", "定期排查·2026-03-09", "correct", "--file", "又更正.toml"]).done();
    scratch.yifa(&["submissions"]).done().says(&["1 处不符", "D11 定期排查·2026-03-09 发现 2 → 1（少 1）"]);
    // Told and left at that: only what changes afterwards is told again.
    let now = scratch.entries();
    scratch.write(
        "说明.toml",
        format!("on = 2026-11-01\ntold = \"县综治中心\"\naccount = \"少 1 件，不再更正\"\nsize = {now}\n").as_bytes(),
    );
    let number = "SELECT number FROM record WHERE town_id = $1 AND register = 'submission'";
    let number: String = scratch.db().value(number, params![]);
    scratch.yifa(&["step", "submission", &number, "settle", "--file", "说明.toml"]).done();
    scratch.yifa(&["submissions"]).done().says(&["说明", "相符"]);
    scratch.is_sound();
}

#[test]
fn every_shipped_statement_is_filled_into_a_layout_of_its_own() {
    let scratch = Scratch::demo();
    for (id, period, figures, rows) in [
        ("mediation_statistics", "2023Q2", 213, 0),
        ("publicity_ledger", "2023Q2", 0, 16),
        ("adviser_ledger", "2023Q2", 0, 5),
        ("decision_catalogue", "2023", 0, 2),
        ("normative_list", "2023", 0, 2),
    ] {
        let file = format!("{id}.xlsx");
        let told: Value =
            serde_json::from_str(&scratch.yifa(&["statement", id, period, "--out", &file, "--json"]).done().out)
                .unwrap();
        let filled = &told["filled"];
        let counted = filled["cells"].as_array().unwrap().iter().filter(|cell| cell["figure"].is_string()).count();
        assert_eq!((counted, filled["rows"].as_array().unwrap().len()), (figures, rows), "{id}");
        let made = std::fs::read(scratch.path().join(file)).unwrap();
        let title = told["title"].as_str().unwrap();
        assert_eq!(cells(&made, title)[0], format!("A1 {title}"));
        // Nobody outside the township's own people is in it.
        assert!(!cells(&made, title).join("\n").contains("（已封存）"));
    }
    // A figure of the statement is the figure everybody else is told.
    let shown = |args: &[&str]| -> Value { serde_json::from_str(&scratch.yifa(args).done().out).unwrap() };
    let year = shown(&["figure", "mediation.ended", "2023", "--by", "month", "--json"]);
    let parts = year.as_array().or_else(|| year["parts"].as_array()).unwrap();
    let quarter: i64 = parts
        .iter()
        .filter(|part| ["2023-04", "2023-05", "2023-06"].contains(&part["key"].as_str().unwrap()))
        .map(|part| part["value"].as_i64().unwrap())
        .sum();
    let statement = shown(&["statement", "mediation_statistics", "2023Q2", "--json"]);
    let cell = statement["filled"]["cells"].as_array().unwrap().iter().find(|cell| cell["at"] == "C4").unwrap();
    assert_eq!(cell["held"].as_i64(), Some(quarter));
}

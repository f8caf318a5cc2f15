//! Sheets as other programs write them: with a prefix, with formulas written once for many cells, cut off anywhere.

use engine::statement::Square;

use super::reference::Inserted;
use super::sheet::{Seen, Sheet};

fn at(name: &str) -> Square {
    Square::parse(name).unwrap()
}

/// A sheet with two prepared rows and what stands below them.
const SHEET: &str = "<?xml version=\"1.0\"?><worksheet xmlns=\"m\"><dimension ref=\"A1:C5\"/><sheetData>\
    <row r=\"2\" ht=\"30\" spans=\"1:3\"><c r=\"A2\" s=\"3\" t=\"s\"><v>1</v></c><c r=\"B2\" s=\"4\"/>\
    <c r=\"C2\" s=\"5\"><f t=\"shared\" ref=\"C2:C3\" si=\"0\">B2*2</f><v>9</v></c></row>\
    <row r=\"3\"><c r=\"B3\" s=\"4\"/><c r=\"C3\" s=\"5\"><f t=\"shared\" si=\"0\"/><v>9</v></c></row>\
    <row r=\"5\"><c r=\"A5\" t=\"inlineStr\"><is><t>合计</t></is></c><c r=\"B5\"><f>SUM(B2:B3)&amp;\"件\"</f><v>0</v></c></row>\
    </sheetData><mergeCells count=\"2\"><mergeCell ref=\"A3:A3\"/><mergeCell ref=\"A5:A6\"/></mergeCells>\
    <dataValidations count=\"1\"><dataValidation sqref=\"B2:B3\"><formula1>$B$5&gt;B2</formula1></dataValidation></dataValidations>\
    <rowBreaks count=\"1\"><brk id=\"5\" max=\"9\"/></rowBreaks></worksheet>";

#[test]
fn what_is_not_touched_is_written_as_it_was() {
    let shared = ["甲".to_owned(), "方式".to_owned()];
    let mut sheet = Sheet::read(SHEET).unwrap();
    assert_eq!(sheet.write(), SHEET.replace(" spans=\"1:3\"", ""));
    for (name, expect) in [
        ("A2", Seen::Text("方式".to_owned())),
        ("A5", Seen::Text("合计".to_owned())),
        ("B2", Seen::Nothing),
        ("C3", Seen::Formula),
        ("Z9", Seen::Nothing),
    ] {
        assert_eq!(sheet.seen(at(name), &shared).unwrap(), expect, "{name}");
    }
    sheet.set_number(at("B2"), "286");
    sheet.set_text(at("B3"), "=1+1 <\u{1}&");
    sheet.set_number(at("D9"), "1");
    let written = sheet.write();
    for words in [
        "<c r=\"B2\" s=\"4\"><v>286</v></c>",
        "<c r=\"B3\" s=\"4\" t=\"inlineStr\"><is><t xml:space=\"preserve\">=1+1 &lt;&amp;</t></is></c>",
        "<row r=\"9\"><c r=\"D9\"><v>1</v></c></row>",
    ] {
        assert!(written.contains(words), "{words}\n{written}");
    }
}

#[test]
fn rows_put_in_carry_along_formulas_areas_and_breaks() {
    let mut sheet = Sheet::read(SHEET).unwrap();
    sheet.insert(Inserted { below: 2, rows: 2 }, "表").unwrap();
    sheet.forget_results().unwrap();
    let written = sheet.write();
    for words in [
        "<dimension ref=\"A1:C7\"/>",
        "<c r=\"C2\" s=\"5\"><f>B2*2</f></c>",
        "<c r=\"C3\" s=\"5\"><f>B3*2</f></c>",
        "<c r=\"C4\" s=\"5\"><f>B4*2</f></c>",
        "<row r=\"5\"><c r=\"B5\" s=\"4\"/><c r=\"C5\" s=\"5\"><f>B5*2</f></c></row>",
        "<c r=\"B7\"><f>SUM(B2:B5)&amp;&quot;件&quot;</f></c>",
        "<mergeCells count=\"4\"><mergeCell ref=\"A3:A3\"/><mergeCell ref=\"A7:A8\"/><mergeCell ref=\"A4:A4\"/><mergeCell ref=\"A5:A5\"/></mergeCells>",
        "<dataValidation sqref=\"B2:B5\"><formula1>$B$7&gt;B2</formula1>",
        "<brk id=\"7\" max=\"9\"/>",
    ] {
        assert!(written.contains(words), "{words}\n{written}");
    }
}

#[test]
fn a_prefix_is_kept() {
    let prefixed = SHEET
        .replace("</", "</x:")
        .replace('<', "<x:")
        .replace("<x:/x:", "</x:")
        .replace("<x:?xml", "<?xml")
        .replace("xmlns=", "xmlns:x=");
    let mut sheet = Sheet::read(&prefixed).unwrap();
    assert_eq!(sheet.write(), prefixed.replace(" spans=\"1:3\"", ""));
    sheet.set_number(at("B2"), "286");
    sheet.insert(Inserted { below: 2, rows: 1 }, "表").unwrap();
    let written = sheet.write();
    for words in ["<x:c r=\"B2\" s=\"4\"><x:v>286</x:v></x:c>", "<x:f>SUM(B2:B4)", "<x:mergeCell ref=\"A4:A4\"/>"] {
        assert!(written.contains(words), "{words}\n{written}");
    }
}

#[test]
fn a_part_cut_off_anywhere_is_broken_and_nothing_worse() {
    let end = SHEET.find("</sheetData>").unwrap();
    for cut in (0..SHEET.len()).filter(|cut| SHEET.is_char_boundary(*cut)) {
        let read = Sheet::read(&SHEET[..cut]);
        assert!(cut > end || read.is_err(), "{cut}");
        if let Ok(mut sheet) = read {
            // What it says may be nonsense; that it says something is enough.
            let _ = sheet.merged();
            let _ = sheet.insert(Inserted { below: 2, rows: 1 }, "表");
            let _ = sheet.forget_results();
            let _ = sheet.write();
        }
    }
}

//! The sheet that says where each cell comes from (数据来源).

use engine::definition::Statement;
use engine::statement::Square;
use quick_xml::escape::escape;

use super::reference::Inserted;
use crate::statement::filled::Filled;

/// What it is called.
pub(super) const NAME: &str = "数据来源";

/// The sheet as a part of its own: texts and numbers, no formats of the superior's.
pub(super) fn sheet(statement: &Statement, filled: &Filled, of: &str, inserted: Option<Inserted>) -> String {
    let mut rows: Vec<Vec<String>> = vec![
        vec![format!("{}　{}", statement.title, filled.reported.title())],
        vec![format!("工作表“{of}”各格的数字，截至 {}，按{}计算", filled.period.to, filled.checkpoint())],
        Vec::new(),
    ];
    if filled.cells.iter().any(|cell| cell.source.is_some()) {
        rows.push(
            ["单元格", "数字", "编号", "值", "单位", "记入", "补录", "有标记", "口径"].map(str::to_owned).to_vec(),
        );
    }
    for cell in &filled.cells {
        let Some(source) = &cell.source else { continue };
        let row = inserted.map_or(cell.at.row, |inserted| inserted.row(cell.at.row));
        let at = Square { row, ..cell.at };
        let title = match &source.part {
            Some(part) => format!("{}：{part}", source.title),
            None => source.title.clone(),
        };
        let count = |count: Option<u64>| count.map_or_else(String::new, |count| count.to_string());
        rows.push(vec![
            at.to_string(),
            title,
            source.figure.clone(),
            cell.held.to_string(),
            source.unit.clone(),
            source.entries.to_string(),
            count(source.late),
            count(source.flagged),
            source.counted.clone(),
        ]);
    }
    for note in &filled.notes {
        rows.push(vec![String::new(), note.clone()]);
    }
    if let Some(listing) = &statement.rows {
        rows.push(Vec::new());
        rows.push(["行", "案卷", "日期", "记入编号", "案卷 id"].map(str::to_owned).to_vec());
        for (nth, row) in (listing.first.value..).zip(&filled.rows) {
            let entry = row.entry.to_string();
            rows.push(vec![(nth + 1).to_string(), row.called.clone(), row.day.to_string(), entry, row.record.clone()]);
        }
    }
    part(&rows)
}

fn part(rows: &[Vec<String>]) -> String {
    let mut out = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n\
         <worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\">\
         <cols><col min=\"1\" max=\"1\" width=\"12\" customWidth=\"1\"/><col min=\"2\" max=\"2\" width=\"36\" customWidth=\"1\"/>\
         <col min=\"3\" max=\"8\" width=\"14\" customWidth=\"1\"/><col min=\"9\" max=\"9\" width=\"60\" customWidth=\"1\"/></cols>\
         <sheetData>",
    );
    for (row, cells) in (1..).zip(rows).filter(|(_, cells)| !cells.is_empty()) {
        out.push_str(&format!("<row r=\"{row}\">"));
        for (column, text) in (0..).zip(cells).filter(|(_, text)| !text.is_empty()) {
            let at = format!("{}{row}", Square::letters(column));
            // A whole number is one, so that it can be added up; all else is text.
            match text.len() < 15 && text.bytes().all(|b| b.is_ascii_digit()) {
                true => out.push_str(&format!("<c r=\"{at}\"><v>{text}</v></c>")),
                false => {
                    let text: String = text.chars().filter(|c| !c.is_control()).collect();
                    let text = escape(text.as_str()).into_owned();
                    out.push_str(&format!(
                        "<c r=\"{at}\" t=\"inlineStr\"><is><t xml:space=\"preserve\">{text}</t></is></c>"
                    ));
                }
            }
        }
        out.push_str("</row>");
    }
    out.push_str("</sheetData></worksheet>");
    out
}

#[cfg(test)]
mod tests {
    use super::part;

    #[test]
    fn a_text_is_never_a_formula_and_a_number_one() {
        let sheet = part(&[vec!["=1+1".to_owned(), "286".to_owned(), "1.5".to_owned()], Vec::new()]);
        assert!(
            sheet.contains("<c r=\"A1\" t=\"inlineStr\"><is><t xml:space=\"preserve\">=1+1</t></is></c>"),
            "{sheet}"
        );
        assert!(sheet.contains("<c r=\"B1\"><v>286</v></c>"), "{sheet}");
        assert!(sheet.contains("<c r=\"C1\" t=\"inlineStr\">"), "{sheet}");
    }
}

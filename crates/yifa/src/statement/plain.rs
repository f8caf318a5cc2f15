//! A sheet of our own where the superior has given none: headings, merged cells and widths as the statement says (默认版式).

use std::collections::BTreeSet;

use anyhow::{Context, Result};
use engine::day::Day;
use engine::definition::Statement;
use engine::statement::{Reported, Square};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook};
use unicode_width::UnicodeWidthStr;

use crate::table::sheet_name;

/// Makes the empty workbook that is filled then, always the same bytes.
pub fn workbook(statement: &Statement) -> Result<Vec<u8>> {
    let mut book = Workbook::new();
    // The day of the program would make two files of one table different.
    let made = ExcelDateTime::from_ymd(2020, 1, 1)?;
    book.set_properties(&DocProperties::new().set_title(&statement.title).set_creation_datetime(&made));
    let title = Format::new()
        .set_bold()
        .set_font_size(16)
        .set_align(FormatAlign::Center)
        .set_align(FormatAlign::VerticalCenter);
    let line = Format::new().set_align(FormatAlign::Left).set_align(FormatAlign::VerticalCenter);
    let heading = Format::new()
        .set_bold()
        .set_text_wrap()
        .set_align(FormatAlign::Center)
        .set_align(FormatAlign::VerticalCenter)
        .set_border(FormatBorder::Thin);
    let cell = Format::new().set_text_wrap().set_align(FormatAlign::VerticalCenter).set_border(FormatBorder::Thin);
    let sheet = book.add_worksheet();
    sheet.set_name(sheet_name(statement.sheet.as_deref().unwrap_or(&statement.title)))?;
    sheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
    sheet.set_footer("&C第 &P 页，共 &N 页");
    for (column, width) in &statement.widths {
        sheet.set_column_width(u16::try_from(*column)?, f64::from(*width))?;
    }
    let first = Square { row: 0, column: 0 };
    for area in &statement.merged {
        let format = match area.from {
            at if at == first => &title,
            at if statement.expected(at).is_none() => &line,
            _ => &heading,
        };
        let text = statement.expected(area.from).unwrap_or_default();
        let (from, to) = (area.from, area.to);
        let (left, right) = (u16::try_from(from.column)?, u16::try_from(to.column)?);
        sheet.merge_range(from.row, left, to.row, right, text, format)?;
    }
    let merged = |at: Square| statement.merged.iter().any(|area| area.holds(at));
    let headings = || statement.expect.iter().filter(|(at, _)| !merged(at.value));
    for (at, text) in headings() {
        let format = if at.value == first { &title } else { &heading };
        sheet.write_string_with_format(at.row, u16::try_from(at.column)?, text, format)?;
    }
    for at in statement.cells.iter().map(|cell| cell.at.value).filter(|at| !merged(*at)) {
        sheet.write_blank(at.row, u16::try_from(at.column)?, &cell)?;
    }
    if let Some(listing) = &statement.rows {
        for row in listing.first.value..=listing.last {
            for (column, _) in &listing.columns {
                sheet.write_blank(row, u16::try_from(column.value)?, &cell)?;
            }
        }
        if let Some(above) = listing.first.value.checked_sub(1) {
            sheet.set_repeat_rows(above, above)?;
        }
    }
    for row in headings().map(|(at, _)| at.value.row).collect::<BTreeSet<_>>() {
        let of = headings().filter(|(at, _)| at.value.row == row);
        if let Some(height) = height(statement, of.map(|(at, text)| (at.value.column, text.as_str()))) {
            sheet.set_row_height(row, height)?;
        }
    }
    book.save_to_buffer().context("write a workbook")
}

/// How high a row must be for its cells, in points; nothing where one line will do. Not every program that opens a sheet
/// measures what it wraps.
pub fn height<'t>(statement: &Statement, cells: impl Iterator<Item = (u32, &'t str)>) -> Option<f64> {
    let lines = cells.map(|(column, text)| {
        let width = statement.widths.iter().find(|(of, _)| *of == column).map_or(8, |(_, width)| usize::from(*width));
        // A character of two columns that does not fit leaves one free.
        let line = width.saturating_sub(1).max(1);
        text.lines().map(|one| one.width().div_ceil(line).max(1)).sum::<usize>()
    });
    let most = lines.max().filter(|lines| *lines > 1)?;
    // Higher than this no program shows a row.
    Some((most as f64 * 14.5 + 3.5).min(409.0))
}

/// `人民调解工作统计表（2024年第一季度）.xlsx`
pub fn file_name(statement: &Statement, reported: Reported, made: Day) -> String {
    let day = made.to_string().replace('-', "");
    let title: String = statement.title.chars().filter(|c| !"/\\:*?\"<>|".contains(*c)).collect();
    format!("{title}（{}）{day}.xlsx", reported.title())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_as_high_as_its_longest_cell() {
        let set = crate::sets::check(&crate::sets::shipped()).unwrap();
        let statement = &set.statements["publicity_ledger"];
        let check = |cells: &[(u32, &str)], expect: Option<f64>| {
            assert_eq!(height(statement, cells.iter().copied()), expect, "{cells:?}");
        };
        check(&[], None);
        // Its column F is 20 wide: nine characters a line.
        check(&[(0, "1"), (5, "云溪村、竹坪村、枫")], None);
        check(&[(0, "1"), (5, "云溪村、竹坪村、枫树")], Some(32.5));
        check(&[(5, "云溪村\n竹坪村\n枫树垅村"), (2, "短")], Some(47.0));
        check(&[(5, &"村".repeat(20_000))], Some(409.0));
    }
}

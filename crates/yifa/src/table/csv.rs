//! A CSV as programs and people write it: comma, tab or semicolon (文本表格).

use std::borrow::Cow;

use engine::problem::Problem;

use super::HEAD_ROWS;
use super::cell::Cell;
use super::heading::Head;
use super::intake::Intake;
use super::kind::broken;

/// What may stand between two cells.
pub(super) const DELIMITERS: [u8; 3] = [b',', b'\t', b';'];

/// A cell beginning with one of these would be a formula to the program that opens the file.
const FORMULA: [char; 10] = ['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠'];

/// Writes a cell so that no spreadsheet takes it for a formula. [`unguarded`] gives back exactly what was there.
pub(super) fn guarded(text: &str) -> Cow<'_, str> {
    match text.trim_start_matches('\'').starts_with(FORMULA) {
        true => Cow::Owned(format!("'{text}")),
        false => Cow::Borrowed(text),
    }
}

/// Takes the guard off again.
pub(super) fn unguarded(text: &str) -> &str {
    match text.strip_prefix('\'') {
        Some(rest) if text.trim_start_matches('\'').starts_with(FORMULA) => rest,
        _ => text,
    }
}

/// The rows at the top, read with one delimiter.
pub(super) fn head(text: &str, delimiter: u8) -> Result<Head, Problem> {
    let mut head = Head::default();
    rows(text, delimiter, |row, record| {
        for (column, cell) in record.iter().enumerate() {
            head.put(row, column as u32, unguarded(cell).trim().to_owned());
        }
        Ok(row + 1 < HEAD_ROWS)
    })?;
    Ok(head)
}

/// Pours all cells below the heading into the intake.
pub(super) fn pour(text: &str, delimiter: u8, heading: u32, intake: &mut Intake<'_>) -> Result<(), Problem> {
    rows(text, delimiter, |row, record| {
        if row > heading {
            for (column, cell) in record.iter().enumerate().filter(|(_, cell)| !cell.is_empty()) {
                intake.cell(row, column as u32, &Cell::Text(Cow::Borrowed(unguarded(cell))), false)?;
            }
        }
        Ok(true)
    })
}

/// How many lines end at once from here on. The reader stops between the two bytes of CR LF.
fn blank_lines(text: &[u8], start: usize) -> u32 {
    let mut at = start;
    if at > 0 && text.get(at - 1) == Some(&b'\r') && text.get(at) == Some(&b'\n') {
        at += 1;
    }
    let mut lines = 0;
    while let Some(b'\r' | b'\n') = text.get(at) {
        at += if text[at..].starts_with(b"\r\n") { 2 } else { 1 };
        lines += 1;
    }
    lines
}

/// Calls back for every record with its row as a spreadsheet would number it, from 0: blank lines count; until it says
/// false.
pub(super) fn rows(
    text: &str,
    delimiter: u8,
    mut each: impl FnMut(u32, &::csv::StringRecord) -> Result<bool, Problem>,
) -> Result<(), Problem> {
    let mut reader =
        ::csv::ReaderBuilder::new().delimiter(delimiter).has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut record = ::csv::StringRecord::new();
    let mut row = 0;
    loop {
        let start = reader.position().byte() as usize;
        if !reader.read_record(&mut record).map_err(|_| broken())? {
            return Ok(());
        }
        // The reader passes over blank lines in silence.
        row += blank_lines(text.as_bytes(), start);
        if !each(row, &record)? {
            return Ok(());
        }
        row += 1;
    }
}

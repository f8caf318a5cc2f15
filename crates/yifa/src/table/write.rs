//! The look of a sheet, the same for exports and templates (样式).

use std::collections::BTreeMap;

use engine::day::Day;
use engine::definition::{FieldType, Register};
use rust_xlsxwriter::{Color, ExcelDateTime, Format, FormatAlign, FormatBorder, Worksheet, XlsxError};

use super::cell::is_writable_day;
use super::export::Written;
use super::layout::Column;
use super::template::sheet_name;

/// A4.
const PAPER: u8 = 9;

/// Formats used on a sheet.
pub(super) struct Formats {
    pub heading: Format,
    pub needed: Format,
    pub text: Format,
    pub number: Format,
    pub money: Format,
    pub day: Format,
    pub time: Format,
}

impl Formats {
    pub(super) fn new() -> Formats {
        let cell = || Format::new().set_align(FormatAlign::Top).set_border(FormatBorder::Hair);
        let heading = |fill: u32| {
            Format::new()
                .set_bold()
                .set_text_wrap()
                .set_align(FormatAlign::Center)
                .set_align(FormatAlign::VerticalCenter)
                .set_border(FormatBorder::Thin)
                .set_background_color(Color::RGB(fill))
        };
        Formats {
            heading: heading(0xE7E6E6),
            needed: heading(0xFCE4D6),
            // Text format: what is typed over it later, an identity number say, stays text too.
            text: cell().set_num_format("@").set_text_wrap(),
            number: cell().set_num_format("0"),
            money: cell().set_num_format("#,##0.00"),
            day: cell().set_num_format("yyyy-mm-dd"),
            time: cell().set_num_format("yyyy-mm-dd hh:mm"),
        }
    }

    /// The format of a column's cells.
    pub(super) fn of(&self, column: &Column<'_>) -> &Format {
        match column.field().map(|field| &field.kind) {
            Some(FieldType::Number | FieldType::Entry(_)) => &self.number,
            Some(FieldType::Money) => &self.money,
            Some(FieldType::Day) => &self.day,
            Some(FieldType::Time) => &self.time,
            _ => &self.text,
        }
    }
}

/// Name, page and headings of a register's sheet.
pub(super) fn dress(
    sheet: &mut Worksheet,
    register: &Register,
    layout: &[Column<'_>],
    formats: &Formats,
) -> Result<(), XlsxError> {
    sheet.set_name(sheet_name(&register.title))?;
    sheet.set_landscape().set_paper_size(PAPER).set_print_fit_to_pages(1, 0);
    sheet.set_repeat_rows(0, 0)?.set_freeze_panes(1, 1)?;
    sheet.set_footer("&C第 &P 页，共 &N 页");
    for (index, column) in layout.iter().enumerate() {
        let index = index as u16;
        sheet.set_column_width(index, width(column))?;
        sheet.set_column_format(index, formats.of(column))?;
        let opening = column.step().is_some_and(|step| step.opens());
        let heading = if opening && column.needed() { &formats.needed } else { &formats.heading };
        sheet.write_string_with_format(0, index, &column.heading, heading)?;
    }
    Ok(())
}

/// Wide enough for what the column usually holds; a Chinese character takes two.
fn width(column: &Column<'_>) -> f64 {
    let heading = 2 * column.heading.chars().count();
    let usual = match column.field().map(|field| (&field.kind, field.many)) {
        None => 24,
        Some((FieldType::Text, _)) => 36,
        Some((FieldType::Day | FieldType::YesNo | FieldType::Number, _)) => 11,
        Some((FieldType::Time, _)) => 17,
        Some((_, true)) => 24,
        Some(_) => 14,
    };
    heading.clamp(usual, usual.max(24)) as f64 + 1.0
}

/// Writes rows one after the other.
pub(super) struct Writer<'w, 'd> {
    sheet: &'w mut Worksheet,
    layout: &'d [Column<'d>],
    formats: Formats,
    row: u32,
}

impl<'w, 'd> Writer<'w, 'd> {
    pub(super) fn new(
        sheet: &'w mut Worksheet,
        register: &Register,
        layout: &'d [Column<'d>],
    ) -> Result<Writer<'w, 'd>, XlsxError> {
        let formats = Formats::new();
        dress(sheet, register, layout, &formats)?;
        Ok(Writer { sheet, layout, formats, row: 0 })
    }

    pub(super) fn row(&mut self, cells: &BTreeMap<usize, Written>) -> Result<(), XlsxError> {
        self.row += 1;
        for (index, written) in cells {
            let format = self.formats.of(&self.layout[*index]);
            let (row, column) = (self.row, *index as u16);
            match written {
                Written::Number(number) => {
                    self.sheet.write_number_with_format(row, column, *number as f64, format)?;
                }
                Written::Fen(fen) => {
                    self.sheet.write_number_with_format(row, column, *fen as f64 / 100.0, format)?;
                }
                Written::Day(text) | Written::Time(text) => match moment(text) {
                    Some(moment) => drop(self.sheet.write_datetime_with_format(row, column, &moment, format)?),
                    None => drop(self.sheet.write_string_with_format(row, column, text, &self.formats.text)?),
                },
                // As a string: what begins with “=” is a person's text and never a formula.
                Written::Text(text) => {
                    self.sheet.write_string_with_format(row, column, text, &self.formats.text)?;
                }
            }
        }
        Ok(())
    }

    /// Answers how many rows were written.
    pub(super) fn finish(self) -> Result<u32, XlsxError> {
        if self.row > 0 {
            self.sheet.autofilter(0, 0, self.row, self.layout.len().saturating_sub(1) as u16)?;
        }
        Ok(self.row)
    }
}

/// `2023-05-08` or `2023-05-08 14:30`, where Excel can show it.
fn moment(text: &str) -> Option<ExcelDateTime> {
    let day = Day::parse(text.get(..10)?).filter(|day| is_writable_day(*day))?;
    let date = ExcelDateTime::from_ymd(day.year() as u16, day.month() as u8, day.of_month() as u8).ok()?;
    match text.get(10..)?.trim().split_once(':') {
        Some((hour, minute)) => date.and_hms(hour.parse().ok()?, minute.parse().ok()?, 0.0).ok(),
        None => Some(date),
    }
}

//! Records written out as the sheet they are read in from (导出).

use std::collections::BTreeMap;
use std::io::Write;

use engine::definition::{Field, FieldType, Register};
use engine::problem::Problem;
use engine::record::{Course, Instance};
use engine::value::{Fields, Sizes, Value};
use rust_xlsxwriter::XlsxError;

use super::csv;
use super::layout::{Column, SEALED, layout};
use super::write::Writer;

/// A record to be written out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExportRow {
    /// Its number, or its id where the register does not number.
    pub number: String,
    /// Its steps in the order recorded, without the voided ones.
    pub steps: Vec<ExportStep>,
}

/// A step to be written out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExportStep {
    /// Its id.
    pub step: String,
    /// Values that are not personal.
    pub fields: Fields,
    /// How many values each sealed field has.
    pub sizes: Sizes,
    /// The sealed values, where they were opened.
    pub sealed: Fields,
}

impl ExportRow {
    /// A record's steps as they stand; `opened` gives the sealed values of a step, or none.
    pub fn of(number: String, course: &Course<'_>, mut opened: impl FnMut(&Instance<'_>) -> Fields) -> ExportRow {
        let step = |one: &Instance<'_>| ExportStep {
            step: one.step.id.value.clone(),
            fields: one.fields.clone().into_owned(),
            sizes: one.sizes.clone().into_owned(),
            sealed: opened(one),
        };
        ExportRow { number, steps: course.taken().map(step).collect() }
    }
}

/// The name shown for a record of a register, by its id.
pub type Names<'n> = dyn Fn(&str, &str) -> String + 'n;

/// What may be written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Personal values too; else they are masked.
    pub with_personal: bool,
}

/// Why nothing could be written.
#[derive(Debug)]
pub enum Failed {
    /// For the user to mend.
    Problem(Problem),
    /// Ours.
    Fault(anyhow::Error),
}

impl From<std::io::Error> for Failed {
    fn from(error: std::io::Error) -> Failed {
        Failed::Fault(error.into())
    }
}

impl From<XlsxError> for Failed {
    fn from(error: XlsxError) -> Failed {
        let (text, remedy) = match error {
            XlsxError::RowColumnLimitError => ("行数超过一张工作表的上限", "请缩小导出的范围，如按年度导出"),
            XlsxError::MaxStringLengthExceeded => ("有一格的字数超过表格的上限", "请改为导出 .csv"),
            other => return Failed::Fault(other.into()),
        };
        Failed::Problem(Problem::new(426, text, remedy))
    }
}

/// What a cell is to hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Written {
    Text(String),
    Number(i64),
    Fen(i64),
    Day(String),
    Time(String),
}

/// Writes an .xlsx; answers how many rows it has below the heading.
pub fn export_xlsx(
    register: &Register,
    records: impl Iterator<Item = ExportRow>,
    names: &Names<'_>,
    wanted: Wanted,
    out: impl Write + Send,
) -> Result<u32, Failed> {
    let layout = layout(register);
    let mut book = rust_xlsxwriter::Workbook::new();
    let mut writer = Writer::new(book.add_worksheet_with_constant_memory()?, register, &layout)?;
    for record in records {
        for row in rows(&layout, &record, names, wanted) {
            writer.row(&row)?;
        }
    }
    let rows = writer.finish()?;
    book.save_to_writer(out)?;
    Ok(rows)
}

/// Writes a CSV that Excel opens rightly: UTF-8 with its mark, no cell a formula.
pub fn export_csv(
    register: &Register,
    records: impl Iterator<Item = ExportRow>,
    names: &Names<'_>,
    wanted: Wanted,
    mut out: impl Write,
) -> Result<u32, Failed> {
    let layout = layout(register);
    out.write_all("\u{feff}".as_bytes())?;
    let mut writer = ::csv::WriterBuilder::new().terminator(::csv::Terminator::CRLF).from_writer(out);
    let fault = |error: ::csv::Error| Failed::Fault(error.into());
    writer.write_record(layout.iter().map(|column| &column.heading)).map_err(fault)?;
    let mut count = 0;
    for record in records {
        for row in rows(&layout, &record, names, wanted) {
            let cells = (0..layout.len()).map(|index| row.get(&index).map_or(String::new(), plain));
            writer.write_record(cells).map_err(fault)?;
            count += 1;
        }
    }
    writer.flush()?;
    Ok(count)
}

fn plain(written: &Written) -> String {
    match written {
        Written::Text(text) => csv::guarded(text).into_owned(),
        Written::Number(number) => number.to_string(),
        Written::Fen(fen) => yuan(*fen),
        Written::Day(text) | Written::Time(text) => text.clone(),
    }
}

/// Fen as yuan with two decimals.
pub(super) fn yuan(fen: i64) -> String {
    format!("{}.{:02}", fen / 100, fen.unsigned_abs() % 100)
}

/// The rows of a record, cells by column: first instances on the first row, second ones on the second.
fn rows(layout: &[Column<'_>], record: &ExportRow, names: &Names<'_>, wanted: Wanted) -> Vec<BTreeMap<usize, Written>> {
    let mut rows: Vec<BTreeMap<usize, Written>> = Vec::new();
    let mut nth: BTreeMap<&str, usize> = BTreeMap::new();
    for one in &record.steps {
        let nth = nth.entry(&one.step).or_default();
        if rows.len() <= *nth {
            rows.push(BTreeMap::from([(0, Written::Text(record.number.clone()))]));
        }
        for (index, column) in layout.iter().enumerate() {
            let Some((step, field)) = column.of.filter(|(step, _)| step.id.value == one.step) else { continue };
            debug_assert_eq!(step.id.value, one.step);
            rows[*nth].extend(cell(one, field, names, wanted).map(|written| (index, written)));
        }
        *nth += 1;
    }
    rows
}

fn cell(one: &ExportStep, field: &Field, names: &Names<'_>, wanted: Wanted) -> Option<Written> {
    let id = field.id.value.as_str();
    let value = match field.personal {
        false => one.fields.get(id)?,
        true if !wanted.with_personal => {
            let given = one.sizes.get(id).is_some_and(|size| *size > 0) || one.sealed.contains_key(id);
            return given.then(|| Written::Text(SEALED.to_owned()));
        }
        true => match one.sealed.get(id) {
            Some(value) => value,
            // Asked for, but erased or not opened: the mask, not an empty cell that says there was nothing.
            None => return one.sizes.get(id).filter(|size| **size > 0).map(|_| Written::Text(SEALED.to_owned())),
        },
    };
    Some(written(field, value, names))
}

fn written(field: &Field, value: &Value, names: &Names<'_>) -> Written {
    match (value, &field.kind) {
        (Value::Bool(is), _) => Written::Text(if *is { "是" } else { "否" }.to_owned()),
        (Value::Int(fen), FieldType::Money) => Written::Fen(*fen),
        (Value::Int(number), _) => Written::Number(*number),
        (Value::Text(text), FieldType::Day) => Written::Day(text.clone()),
        (Value::Text(text), FieldType::Time) => Written::Time(text.clone()),
        (value, kind) => {
            let shown = |text: &String| match kind.register() {
                Some(register) => names(register, text),
                None => field.choice_title(text).to_owned(),
            };
            Written::Text(value.texts().iter().map(shown).collect::<Vec<_>>().join("、"))
        }
    }
}

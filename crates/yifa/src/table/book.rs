//! An .xlsx workbook, its cells one after the other (工作簿).

use std::borrow::Cow;
use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{DataRef, Dimensions, Reader, SheetType, SheetVisible, Xlsx, XlsxError, XlsxFormulaMetadata};
use engine::problem::Problem;

use super::HEAD_ROWS;
use super::cell::{self, Cell};
use super::container::{self, Inspected};
use super::heading::Head;
use super::intake::Intake;
use super::kind::broken;

/// An opened workbook.
pub(super) struct Book<'b> {
    xlsx: Xlsx<Cursor<&'b [u8]>>,
    inspected: Inspected,
    epoch_1904: bool,
}

/// What is met on the way through a sheet.
pub(super) enum Found<'c> {
    /// A cell, with its row and column from 0.
    Cell { row: u32, column: u32, cell: Cell<'c>, is_formula: bool },
    /// An error value near a line (from 1); which cell is not known.
    Unplaced { line: u32, error: String },
}

impl<'b> Book<'b> {
    /// Opens it after its container has been measured.
    pub(super) fn open(bytes: &'b [u8]) -> Result<Book<'b>, Problem> {
        let inspected = container::inspect(bytes)?;
        let xlsx = guarded(|| Xlsx::new(Cursor::new(bytes)).map_err(told))?;
        let epoch_1904 = xlsx.has_1904_epoch();
        Ok(Book { xlsx, inspected, epoch_1904 })
    }

    /// The sheets a person sees, in their order.
    pub(super) fn sheets(&self) -> Vec<String> {
        let sheets = self.xlsx.sheets_metadata();
        sheets
            .iter()
            .filter(|sheet| sheet.typ == SheetType::WorkSheet && sheet.visible == SheetVisible::Visible)
            .map(|sheet| sheet.name.clone())
            .collect()
    }

    /// The rows at the top of a sheet, where its headings are.
    pub(super) fn head(&mut self, sheet: &str) -> Result<Head, Problem> {
        let epoch_1904 = self.epoch_1904;
        let merged = self.merged(sheet)?;
        let xlsx = &mut self.xlsx;
        guarded(|| {
            let mut head = Head::default();
            let mut cells = xlsx.worksheet_cells_reader(sheet).map_err(told)?;
            while let Some(found) = cells.next_cell().map_or_else(passed, Ok)? {
                let (row, column) = found.get_position();
                if row >= HEAD_ROWS {
                    break;
                }
                if let Ok(said) = cell::text(&plain(found.get_value()), None, epoch_1904) {
                    head.put(row, column, said.text);
                }
            }
            // In a heading of two rows, what stands alone is merged downwards: it heads the lower row too.
            for area in merged.iter().filter(|area| area.start.1 == area.end.1 && area.end.0 < HEAD_ROWS) {
                head.spread(area.start.1, area.start.0, area.end.0);
            }
            Ok(head)
        })
    }

    /// Pours all cells below the heading into the intake, then what is known of the sheet as a whole.
    pub(super) fn pour(&mut self, sheet: &str, heading: u32, intake: &mut Intake<'_>) -> Result<(), Problem> {
        intake.epoch_1904 = self.epoch_1904;
        self.walk(sheet, &mut |found| {
            match found {
                Found::Cell { row, column, cell, is_formula } if row > heading => {
                    intake.cell(row, column, &cell, is_formula)?;
                }
                Found::Cell { .. } => {}
                Found::Unplaced { line, error } => intake.unplaced_error(line, &error),
            }
            Ok(true)
        })?;
        for area in self.merged(sheet)? {
            intake.merged(area.start, area.end);
        }
        intake.hidden(self.inspected.hidden.get(sheet).map_or(&[], Vec::as_slice));
        Ok(())
    }

    /// Whether its serial days count from 1904.
    pub(super) fn epoch_1904(&self) -> bool {
        self.epoch_1904
    }

    /// Calls back for every cell, row by row, until it says false.
    pub(super) fn walk(
        &mut self,
        sheet: &str,
        each: &mut dyn FnMut(Found<'_>) -> Result<bool, Problem>,
    ) -> Result<(), Problem> {
        let xlsx = &mut self.xlsx;
        guarded(|| {
            let mut cells = xlsx.worksheet_cells_reader(sheet).map_err(told)?;
            let mut last = 0;
            loop {
                let found = match cells.next_cell_with_formula_metadata() {
                    Ok(Some(found)) => found,
                    Ok(None) => return Ok(()),
                    // Newer error values the parser has no name for; the rest of the sheet can still be read.
                    Err(XlsxError::CellError(error)) => {
                        each(Found::Unplaced { line: last + 1, error })?;
                        continue;
                    }
                    Err(error) => return Err(told(error)),
                };
                let (row, column) = found.pos;
                if row < last {
                    return Err(broken());
                }
                last = row;
                let is_formula = found.formula.is_some();
                let cell = match (&found.value, &found.formula) {
                    (DataRef::Empty, Some(formula)) if !is_blank(formula) => Cell::Uncalculated,
                    (value, _) => plain(value),
                };
                if !each(Found::Cell { row, column, cell, is_formula })? {
                    return Ok(());
                }
            }
        })
    }

    fn merged(&mut self, sheet: &str) -> Result<Vec<Dimensions>, Problem> {
        let xlsx = &mut self.xlsx;
        guarded(|| xlsx.merge_cells_by_sheet_name(sheet).map_err(told))
    }
}

fn is_blank(formula: &XlsxFormulaMetadata) -> bool {
    matches!(formula, XlsxFormulaMetadata::Normal { formula } if formula.is_empty())
}

/// In the head an unknown error value is no heading; anything else is.
fn passed<T: Default>(error: XlsxError) -> Result<T, Problem> {
    match error {
        XlsxError::CellError(_) => Ok(T::default()),
        error => Err(told(error)),
    }
}

fn plain<'a>(value: &'a DataRef<'_>) -> Cell<'a> {
    match value {
        DataRef::Int(number) => Cell::Number(*number as f64),
        DataRef::Float(number) => Cell::Number(*number),
        DataRef::String(text) => Cell::Text(Cow::Borrowed(text)),
        DataRef::SharedString(text) => Cell::Text(Cow::Borrowed(text)),
        DataRef::Bool(is) => Cell::Bool(*is),
        DataRef::DateTime(date) if date.is_datetime() => Cell::Date(date.as_f64()),
        DataRef::DateTime(span) => Cell::Number(span.as_f64()),
        DataRef::DateTimeIso(iso) | DataRef::DurationIso(iso) => Cell::Iso(iso.clone()),
        DataRef::Error(error) => Cell::Error(error.to_string()),
        DataRef::Empty => Cell::Empty,
    }
}

fn told(error: XlsxError) -> Problem {
    match error {
        XlsxError::Password => Problem::new(403, "文件有打开密码", "请取消密码，另存后再导入"),
        XlsxError::NotAWorksheet(_) => Problem::new(405, "选中的不是数据工作表", "请指明存放数据的工作表"),
        _ => broken(),
    }
}

/// A file made to upset the parser must not upset us: what panics in it is a broken file.
fn guarded<T>(read: impl FnOnce() -> Result<T, Problem>) -> Result<T, Problem> {
    catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(|_| Err(broken()))
}

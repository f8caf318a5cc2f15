//! A few rows of a file as a spreadsheet shows them, whether or not they could be read (原表).

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use engine::definition::Register;

use super::book::{Book, Found};
use super::cell::{self, Bad, Cell};
use super::expected::{As, Expected};
use super::heading::Heading;
use super::kind::{self, Kind};
use super::read::{Choose, bytes_of, delimiter_of, sheet_of};
use super::{MOST_COLUMNS, csv};

/// Characters of a cell that are shown.
const SHOWN: usize = 60;

/// Rows of the sheet an import would read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Grid {
    /// The sheet's name; empty for a CSV.
    pub sheet: String,
    /// The row of the headings, from 0.
    pub heading: u32,
    /// Row → column → what is seen there, from 0. Empty cells are left out.
    pub rows: BTreeMap<u32, BTreeMap<u32, String>>,
}

impl Grid {
    /// The columns in which anything stands.
    pub fn columns(&self) -> BTreeSet<u32> {
        self.rows.values().flat_map(|row| row.keys().copied()).collect()
    }
}

/// The headings and the wanted rows (from 0) of the sheet that would be read; nothing where no sheet could be chosen. The
/// same limits hold as for reading.
pub fn grid(path: &Path, register: &Register, how: As<'_>, choose: Choose<'_>, wanted: &BTreeSet<u32>) -> Option<Grid> {
    of(&bytes_of(path).ok()?, register, how, choose, wanted)
}

/// The same, of a file's bytes.
pub(super) fn of(
    bytes: &[u8],
    register: &Register,
    how: As<'_>,
    choose: Choose<'_>,
    wanted: &BTreeSet<u32>,
) -> Option<Grid> {
    let expected = Expected::of(register, how);
    match kind::of(bytes).ok()? {
        Kind::Zip => {
            let mut book = Book::open(bytes).ok()?;
            let (sheet, heading, _) = sheet_of(&mut book, &expected, choose).ok()?;
            let mut taken = Taking::new(sheet, heading, &expected, wanted, book.epoch_1904());
            let name = taken.grid.sheet.clone();
            // What was seen before the file broke off is shown.
            let _ = book.walk(&name, &mut |found| {
                Ok(match found {
                    Found::Cell { row, column, cell, .. } => taken.cell(row, column, &cell),
                    Found::Unplaced { .. } => true,
                })
            });
            Some(taken.grid)
        }
        Kind::Text(text) => {
            let (delimiter, heading) = delimiter_of(&text, &expected).ok()?;
            let mut taken = Taking::new(String::new(), heading, &expected, wanted, false);
            let _ = csv::rows(&text, delimiter, |row, record| {
                for (column, cell) in record.iter().enumerate() {
                    taken.cell(row, column as u32, &Cell::Text(csv::unguarded(cell).into()));
                }
                Ok(row < taken.last)
            });
            Some(taken.grid)
        }
    }
}

/// A grid being filled.
struct Taking<'g> {
    grid: Grid,
    heading: Heading,
    expected: &'g Expected<'g>,
    wanted: &'g BTreeSet<u32>,
    last: u32,
    epoch_1904: bool,
}

impl<'g> Taking<'g> {
    fn new(
        sheet: String,
        heading: Heading,
        expected: &'g Expected<'g>,
        wanted: &'g BTreeSet<u32>,
        epoch_1904: bool,
    ) -> Taking<'g> {
        let last = wanted.last().copied().unwrap_or(0).max(heading.row);
        let grid = Grid { sheet, heading: heading.row, rows: BTreeMap::new() };
        Taking { grid, heading, expected, wanted, last, epoch_1904 }
    }

    /// Takes a cell if it is wanted; tells whether more are to come.
    fn cell(&mut self, row: u32, column: u32, cell: &Cell<'_>) -> bool {
        if row > self.last {
            return false;
        }
        if column >= MOST_COLUMNS || (row != self.heading.row && !self.wanted.contains(&row)) {
            return true;
        }
        let index = self.heading.columns.get(&column).copied().flatten().filter(|_| row > self.heading.row);
        let kind = index.and_then(|index| Some(&self.expected.columns[index].field()?.kind));
        let text = match cell::text(cell, kind, self.epoch_1904) {
            Ok(said) => said.text,
            Err(Bad::Error(error)) => error,
            Err(Bad::Uncalculated) => "（公式没有结果）".to_owned(),
            Err(Bad::Rounded(number)) => number,
        };
        if !text.is_empty() {
            let more = if text.chars().count() > SHOWN { "…" } else { "" };
            let text = text.chars().take(SHOWN).collect::<String>() + more;
            self.grid.rows.entry(row).or_default().insert(column, text);
        }
        true
    }
}

//! A sheet that has been read: rows of steps, every value with the address it came from (工作表).
//!
//! Texts lie in one string and rows are built when asked for, so that a hundred thousand rows take tens of megabytes.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;

use engine::form::{Given, Input};

use super::digest::{Hash, hex};
use super::expected::Foreign;

/// A cell's place, counted from 0, written as a spreadsheet writes it: `C5`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Address {
    /// The row, from 0.
    pub row: u32,
    /// The column, from 0.
    pub column: u32,
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", letters(self.column), self.row + 1)
    }
}

/// `A` for column 0, `AA` for column 26.
pub fn letters(column: u32) -> String {
    let mut text = String::new();
    let mut rest = column + 1;
    while rest > 0 {
        rest -= 1;
        text.insert(0, char::from(b'A' + (rest % 26) as u8));
        rest /= 26;
    }
    text
}

/// Something the person who imports should know, though nothing is wrong.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Note {
    /// The row it is about, from 1; none for the sheet.
    pub line: Option<u32>,
    /// In Chinese.
    pub text: String,
}

/// One row of a sheet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its row in the spreadsheet, from 1.
    pub line: u32,
    /// The number of the record it is about.
    pub number: Option<String>,
    /// `新1`: rows of one new record carry the same.
    pub group: Option<String>,
    /// The steps whose columns are filled, in the order of the definition.
    pub steps: Vec<RowStep>,
    /// SHA-256 over all its steps' digests, hex.
    pub digest: String,
}

/// A step as one row gives it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowStep {
    /// The step's id.
    pub step: String,
    /// What its cells say, by field.
    pub given: Given,
    /// Where they say it, by field.
    pub cells: BTreeMap<String, Address>,
    /// Fields that hold the mask of an export instead of a value.
    pub masked: Vec<String>,
    /// SHA-256 of what identifies the record and of the step's content, hex: goes into `Taken.row`.
    pub digest: String,
}

/// A cell kept: its column in the layout and in the sheet, and its text.
#[derive(Clone, Debug)]
pub(super) struct Held {
    pub index: u16,
    pub column: u16,
    pub text: Range<u32>,
}

/// A line kept: its cells and its digests.
#[derive(Clone, Debug)]
pub(super) struct Line {
    pub row: u32,
    pub cells: Range<u32>,
    pub digest: Hash,
    /// Where its steps' digests begin.
    pub steps: u32,
}

/// What is said of all rows of a table made elsewhere.
#[derive(Clone, Debug)]
pub(super) struct Said {
    /// The step of each row.
    pub step: String,
    /// Fields the table does not hold.
    pub with: BTreeMap<String, String>,
    /// What stands where a field has to be filled and nothing was said.
    pub default: BTreeMap<String, String>,
}

impl Said {
    pub(super) fn of(foreign: Foreign<'_>) -> Said {
        let (mapping, said) = (foreign.mapping, foreign.with);
        let with = mapping.with.iter().filter_map(|field| Some((field.value.clone(), said.get(&field.value)?.clone())));
        // A default said otherwise on the command line stays one: it fills what has to be filled and nothing else.
        let default = mapping
            .default
            .iter()
            .map(|(field, value)| (field.value.clone(), said.get(&field.value).unwrap_or(&value.value).clone()));
        Said { step: mapping.step.value.clone(), with: with.collect(), default: default.collect() }
    }
}

/// A sheet that has been read.
#[derive(Clone, Debug, Default)]
pub struct Sheet {
    /// The register it was read for.
    pub register: String,
    /// Its name in the workbook; empty for a CSV.
    pub name: String,
    /// What should be known of it.
    pub notes: Vec<Note>,
    /// The heading above each column of the layout, as the file writes it.
    pub(super) headings: Vec<Option<String>>,
    /// Step and field of each column of the layout; none for the number.
    pub(super) slots: Vec<Option<(String, String)>>,
    /// Where the columns of the layout stand in the file.
    pub(super) columns: BTreeMap<usize, u32>,
    pub(super) text: String,
    pub(super) cells: Vec<Held>,
    pub(super) lines: Vec<Line>,
    pub(super) digests: Vec<Hash>,
    /// How problems name the sheet: empty, or `工作表“…”`.
    pub(super) label: String,
    /// What was said of all its rows, if it was made elsewhere.
    pub(super) said: Option<Said>,
}

impl Sheet {
    /// How many rows it has.
    pub fn len(&self) -> usize {
        self.lines.len()
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// All rows, in their order.
    pub fn rows(&self) -> impl Iterator<Item = Row> + '_ {
        (0..self.len()).map(|index| self.row(index))
    }

    /// One row.
    pub fn row(&self, index: usize) -> Row {
        let line = &self.lines[index];
        let mut steps: Vec<RowStep> = Vec::new();
        for held in self.held(line) {
            let Some((step, field)) = &self.slots[usize::from(held.index)] else { continue };
            if steps.last().is_none_or(|last| last.step != *step) {
                let digest = self.digests.get(line.steps as usize + steps.len()).map(hex).unwrap_or_default();
                steps.push(RowStep {
                    step: step.clone(),
                    given: Given::new(),
                    cells: BTreeMap::new(),
                    masked: Vec::new(),
                    digest,
                });
            }
            let Some(one) = steps.last_mut() else { continue };
            one.cells.insert(field.clone(), Address { row: line.row, column: u32::from(held.column) });
            match self.cell(held) {
                text if super::cell::is_sealed(text) => one.masked.push(field.clone()),
                text => drop(one.given.insert(field.clone(), Input::Text(text.to_owned()))),
            }
        }
        if let Some(said) = &self.said {
            for one in steps.iter_mut().filter(|one| one.step == said.step) {
                let with = said.with.iter().map(|(field, text)| (field.clone(), Input::Text(text.clone())));
                one.given.extend(with);
            }
        }
        let (number, group) = match self.key(line) {
            Some(key) if is_group(key) => (None, Some(key.to_owned())),
            key => (key.map(str::to_owned), None),
        };
        Row { line: line.row + 1, number, group, steps, digest: hex(&line.digest) }
    }

    /// What stands in a row's number column.
    pub(super) fn key(&self, line: &Line) -> Option<&str> {
        self.held(line).iter().find(|held| held.index == 0).map(|held| self.cell(held))
    }

    /// The column of the sheet that holds a field, whether or not a row fills it in.
    pub(super) fn column_of(&self, step: &str, field: &str) -> Option<u32> {
        let of = |slot: &Option<(String, String)>| slot.as_ref().is_some_and(|(s, f)| s == step && f == field);
        self.columns.get(&self.slots.iter().position(of)?).copied()
    }

    pub(super) fn held(&self, line: &Line) -> &[Held] {
        &self.cells[line.cells.start as usize..line.cells.end as usize]
    }

    pub(super) fn cell(&self, held: &Held) -> &str {
        &self.text[held.text.start as usize..held.text.end as usize]
    }

    /// `第 5 行“受理日期”（C5）`.
    pub(super) fn place(&self, step: &str, field: &str, at: Address) -> String {
        let of = |slot: &Option<(String, String)>| slot.as_ref().is_some_and(|(s, f)| s == step && f == field);
        let heading = self.slots.iter().position(of).and_then(|index| self.headings[index].clone());
        format!("{}第 {} 行“{}”（{at}）", self.label, at.row + 1, heading.unwrap_or_default())
    }
}

/// `新1`, `新 2`: a name for one record within the file.
pub(super) fn is_group(key: &str) -> bool {
    let rest = engine::form::parse::plain(key);
    let rest = rest.strip_prefix('新').map(str::trim);
    rest.is_some_and(|digits| !digits.is_empty() && digits.len() <= 6 && digits.bytes().all(|b| b.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_have_letters() {
        for (column, expect) in [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")] {
            assert_eq!(letters(column), expect);
        }
    }
}

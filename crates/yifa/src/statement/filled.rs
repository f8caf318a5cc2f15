//! A statement with all its values: what stands where, and what stands behind it (填好的报表).

use std::fmt;
use std::sync::Arc;

use engine::day::Day;
use engine::definition::Statement;
use engine::figure::{Number, Period};
use engine::statement::{Reported, Square};
use serde::{Serialize, Serializer};

use crate::storage::log::Size;

/// A statement of one stretch of time, as of one size of the journal.
#[derive(Clone, Debug, Serialize)]
pub struct Filled {
    /// How it is laid out.
    #[serde(skip)]
    pub statement: Arc<Statement>,
    /// On which time.
    #[serde(serialize_with = "key")]
    pub reported: Reported,
    /// Its days; a stretch that still runs goes as far as it was counted.
    #[serde(serialize_with = "days")]
    pub period: Period,
    /// The journal it was counted from.
    pub checkpoint: Size,
    /// The cells, texts among them, in the order of the sheet.
    pub cells: Vec<Cell>,
    /// The rows of records.
    pub rows: Vec<Row>,
    /// What is counted and has no cell.
    pub notes: Vec<String>,
}

/// The values of a statement, whichever checkpoint they are of.
pub struct Values {
    /// See [`Filled::cells`].
    pub cells: Vec<Cell>,
    /// See [`Filled::rows`].
    pub rows: Vec<Row>,
    /// See [`Filled::notes`].
    pub notes: Vec<String>,
}

fn key<S: Serializer>(reported: &Reported, s: S) -> Result<S::Ok, S::Error> {
    s.serialize_str(&reported.key())
}

fn days<S: Serializer>(period: &Period, s: S) -> Result<S::Ok, S::Error> {
    [period.from, period.to].serialize(s)
}

fn name<S: Serializer>(at: &Square, s: S) -> Result<S::Ok, S::Error> {
    s.collect_str(at)
}

/// A cell and what stands in it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Cell {
    /// Which.
    #[serde(serialize_with = "name")]
    pub at: Square,
    /// What.
    pub held: Held,
    /// From where, if it is a figure.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
}

/// Where the value of a cell comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Source {
    /// The figure.
    pub figure: String,
    /// What people see.
    pub title: String,
    /// Which part of it, as people call it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub part: Option<String>,
    /// Its unit.
    pub unit: String,
    /// How many entries stand behind it.
    pub entries: u64,
    /// How many of them were recorded late; not told of a part.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub late: Option<u64>,
    /// How many of them belong to flagged records; not told of a part.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub flagged: Option<u64>,
    /// Who says what is to be counted.
    #[serde(skip)]
    pub counted: String,
}

/// A row of a listing.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Row {
    /// The record.
    pub record: String,
    /// What it is called.
    pub called: String,
    /// The entry that took the step.
    pub entry: u64,
    /// The day it happened.
    pub day: Day,
    /// What stands in which column, from 0.
    pub cells: Vec<(u32, Held)>,
}

/// What stands in a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Held {
    /// Nothing was said.
    Nothing,
    /// Words.
    Text(String),
    /// A value.
    Number(Amount),
    /// A day, as `2024-01-05`.
    Day(String),
}

/// A value as the statement writes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Amount {
    /// The value.
    pub number: Number,
    /// Money in units of ten thousand yuan.
    pub ten_thousands: bool,
}

impl Amount {
    /// As a spreadsheet writes a number; none where there is none to write.
    pub fn plain(&self) -> Option<String> {
        match (&self.number, self.ten_thousands) {
            (Number::None(_), _) => None,
            (Number::Fen(fen), true) => Some(decimal(*fen, 6)),
            (Number::Fen(fen), false) => Some(decimal(*fen, 2)),
            (number, _) => Some(number.to_string()),
        }
    }
}

/// A whole number divided by a power of ten, without zeros at its end.
fn decimal(value: i64, digits: u32) -> String {
    let scale = 10_u64.pow(digits);
    let (sign, value) = (if value < 0 { "-" } else { "" }, value.unsigned_abs());
    let text = format!("{sign}{}.{:0width$}", value / scale, value % scale, width = digits as usize);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.plain().filter(|_| self.ten_thousands) {
            Some(text) => f.write_str(&text),
            None => self.number.fmt(f),
        }
    }
}

impl fmt::Display for Held {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Held::Nothing => Ok(()),
            Held::Text(text) | Held::Day(text) => f.write_str(text),
            Held::Number(amount) => amount.fmt(f),
        }
    }
}

impl Serialize for Held {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        match self {
            Held::Nothing => s.serialize_none(),
            Held::Text(text) | Held::Day(text) => s.serialize_str(text),
            Held::Number(amount) => match amount.plain().map(|text| text.parse::<i64>().map_err(|_| text)) {
                Some(Ok(whole)) => s.serialize_i64(whole),
                Some(Err(text)) => s.serialize_f64(text.parse().unwrap_or(0.0)),
                None => s.serialize_none(),
            },
        }
    }
}

impl Held {
    /// Whether it is a text of more characters than so many.
    pub fn is_longer_than(&self, most: usize) -> bool {
        matches!(self, Held::Text(text) if text.chars().count() > most)
    }
}

impl Filled {
    /// `日志前 120 条`, with the root that fixes them.
    pub fn checkpoint(&self) -> String {
        format!("日志前 {} 条（根 {}）", self.checkpoint.size, self.checkpoint.root)
    }

    /// The cells that hold a figure.
    pub fn figures(&self) -> impl Iterator<Item = (&Cell, &Source)> {
        figures(&self.cells)
    }
}

/// Of some cells those that hold a figure.
pub fn figures(cells: &[Cell]) -> impl Iterator<Item = (&Cell, &Source)> {
    cells.iter().filter_map(|cell| Some((cell, cell.source.as_ref()?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_is_written_exactly_in_either_unit() {
        for (fen, ten_thousands, expect) in [
            (1_234_550, false, "12345.5"),
            (1_234_500, false, "12345"),
            (1_234_550, true, "1.23455"),
            (100_000_000, true, "100"),
            (-5, false, "-0.05"),
            (0, true, "0"),
        ] {
            let amount = Amount { number: Number::Fen(fen), ten_thousands };
            assert_eq!(amount.plain().as_deref(), Some(expect));
        }
    }
}

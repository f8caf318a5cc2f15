//! Where the numbers of a report come from (数据来源): every figure it prints, and every figure it was decided by.

use serde::Serialize;

use super::compose::Context;
use super::document::Year;
use super::origin::origin;
use crate::figure::share;

/// The annex of a report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Annex {
    /// The figures the report prints, numbered as its spans refer to them.
    pub printed: Vec<Source>,
    /// The figures that decided which sentences stand without being printed; a zero among them is what
    /// stands behind “没有发现”.
    pub decided: Vec<Source>,
    /// The numbers that somebody wrote or left out by hand, each with the reason.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub by_hand: Vec<ByHand>,
    /// The day the readings were taken on, as it is written.
    pub as_of: String,
    /// Which journal they were taken from.
    pub checkpoint: String,
}

/// A paragraph in which numbers were written or left out by hand (手写的数字).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ByHand {
    /// The entry that holds the edit.
    pub entry: u64,
    /// What was written, and instead of what.
    pub numbers: Vec<String>,
    /// Why.
    pub reason: String,
}

/// One figure of the annex.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Source {
    /// Its number, from 1; 0 where nothing refers to it.
    pub note: usize,
    /// The figure.
    pub figure: String,
    /// Which of the two years, seen from the report.
    pub year: Year,
    /// That year as a number.
    pub of_year: i16,
    /// What people see.
    pub title: String,
    /// Value and unit.
    pub text: String,
    /// What is counted, and who says so.
    pub origin: String,
    /// How many entries stand behind it.
    pub entries: u64,
    /// How many of them were recorded late.
    pub late: u64,
    /// How many of them belong to flagged records.
    pub flagged: u64,
    /// The entries, as a reader finds them.
    pub evidence: Vec<String>,
}

impl Source {
    /// The name a link to it goes by: `f-mediation.ended`, `f-mediation.ended-last`.
    pub fn anchor(&self) -> String {
        anchor(&self.figure, self.year)
    }

    /// The share of its entries that were recorded late, in per cent.
    pub fn late_share(&self) -> u64 {
        share(self.late, self.entries)
    }

    /// The share of its entries that belong to flagged records, in per cent.
    pub fn flagged_share(&self) -> u64 {
        share(self.flagged, self.entries)
    }
}

/// The name a link to a figure's source goes by.
pub fn anchor(figure: &str, year: Year) -> String {
    match year {
        Year::This => format!("f-{figure}"),
        Year::Last => format!("f-{figure}-last"),
    }
}

/// The figures a report uses, in the order of their first use.
#[derive(Default)]
pub(super) struct Used {
    printed: Vec<(String, Year)>,
    decides: Vec<(String, Year)>,
}

impl Used {
    /// The number of a printed figure; the same figure keeps its number.
    pub fn note(&mut self, id: &str, year: Year) -> usize {
        if let Some(at) = self.printed.iter().position(|(known, of)| known == id && *of == year) {
            return at + 1;
        }
        self.printed.push((id.to_owned(), year));
        self.printed.len()
    }

    /// Notes that a condition looked at a figure.
    pub fn decides(&mut self, id: &str, year: Year) {
        if !self.decides.iter().any(|(known, of)| known == id && *of == year) {
            self.decides.push((id.to_owned(), year));
        }
    }
}

/// Fills the annex.
pub(super) fn compose(used: Used, context: &Context<'_>) -> Annex {
    let silent: Vec<_> = used.decides.into_iter().filter(|one| !used.printed.contains(one)).collect();
    let fill = |note: usize, (id, year): &(String, Year)| source(note, id, *year, context);
    Annex {
        printed: used.printed.iter().enumerate().filter_map(|(n, one)| fill(n + 1, one)).collect(),
        decided: silent.iter().filter_map(|one| fill(0, one)).collect(),
        by_hand: Vec::new(),
        as_of: context.variables.get("as_of"),
        checkpoint: context.checkpoint.to_owned(),
    }
}

fn source(note: usize, id: &str, year: Year, context: &Context<'_>) -> Option<Source> {
    let (readings, of_year) = match year {
        Year::This => (context.this_year, context.variables.year),
        Year::Last => (context.last_year, context.variables.year - 1),
    };
    let reading = readings.get(id)?;
    Some(Source {
        note,
        figure: id.to_owned(),
        year,
        of_year,
        title: reading.title.clone(),
        text: reading.text(),
        origin: context.set.figures.get(id).map_or_else(String::new, |figure| {
            let day = context.variables.as_of;
            origin(context.set, figure, day)
        }),
        entries: reading.entries,
        late: reading.late,
        flagged: reading.flagged,
        evidence: context.breakdown.entries(id, year),
    })
}

//! Figures added up again out of entries alone (重新加): what a third party does who believes no table.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::act::{Act, Entry};
use crate::day::Day;
use crate::definition::{Definitions, Figure};
use crate::figure::{Period, Reading, add_up, read_all};
use crate::record::{Rows, Rules, apply};

/// The format named in what is said about a figure.
pub const FIGURE_FORMAT: &str = "yifa-figure/v1";

/// What is said about a figure to somebody who is to add it up again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stated {
    /// [`FIGURE_FORMAT`].
    pub format: String,
    /// The figure's id.
    pub figure: String,
    /// What people see.
    pub title: String,
    /// The first day it is read for.
    pub from: Day,
    /// The last; what holds on a day is judged on it.
    pub to: Day,
    /// The value with its unit, as it is printed.
    pub value: String,
    /// How many of the entries were recorded late.
    pub late: u64,
    /// How many belong to records that carry a flag.
    pub flagged: u64,
    /// The entries it rests on, by their index, ascending.
    pub entries: Vec<u64>,
    /// The entry that adopted the definitions it is read under.
    pub adopted: u64,
    /// SHA-256 of the file that defines it.
    pub definition: String,
    /// What says how it is counted: law as a lawyer cites it, or the local practice.
    pub basis: Vec<String>,
    /// How many entries the journal had.
    pub size: u64,
}

impl Stated {
    /// Says what was read. Entries as they come; each is named once.
    pub fn of(
        (adopted, figure): (u64, &Figure),
        reading: &Reading,
        period: Period,
        entries: impl IntoIterator<Item = u64>,
        size: u64,
    ) -> Stated {
        let entries: BTreeSet<u64> = entries.into_iter().collect();
        Stated {
            format: FIGURE_FORMAT.to_owned(),
            figure: figure.id.clone(),
            title: figure.title.clone(),
            from: period.from,
            to: period.to,
            value: reading.text(),
            late: reading.late,
            flagged: reading.flagged,
            entries: entries.into_iter().collect(),
            adopted,
            definition: figure.hash.clone(),
            basis: figure.basis.on(period.to),
            size,
        }
    }

    /// The days it is read for.
    pub fn period(&self) -> Period {
        Period { from: self.from, to: self.to }
    }

    /// What does not agree with these entries, in Chinese; nothing where the figure comes out again.
    pub fn differences(&self, sets: &[Adopted<'_>], entries: &[Entry]) -> Vec<String> {
        let Some((adopted, set)) = sets.last() else {
            return vec!["没有采用定义的记入，加不出数字".to_owned()];
        };
        let readings = readings(sets, entries, self.period());
        let (Some(figure), Some(reading)) = (set.figures.get(&self.figure), readings.get(&self.figure)) else {
            return vec![format!("采用的定义里没有数字“{}”", self.figure)];
        };
        let there: BTreeSet<u64> = entries.iter().map(|entry| entry.index).collect();
        let mut found: Vec<String> = self
            .entries
            .iter()
            .filter(|entry| !there.contains(entry))
            .map(|entry| format!("数字所依据的第 {entry} 条不在里面"))
            .collect();
        let again = Stated::of((*adopted, figure), reading, self.period(), self.entries.iter().copied(), self.size);
        let count = (self.entries.len() as u64, reading.entries);
        let pairs = [
            ("值", self.value.clone(), again.value.clone()),
            ("背后的记入", format!("{} 条", count.0), format!("{} 条", count.1)),
            ("补录", self.late.to_string(), again.late.to_string()),
            ("有标记", self.flagged.to_string(), again.flagged.to_string()),
        ];
        let differ = pairs.iter().filter(|(_, stated, added)| stated != added);
        found.extend(differ.map(|(what, stated, added)| format!("{what}：写的是 {stated}，重新加是 {added}")));
        if found.is_empty() && again != *self {
            found.push("名称、口径或者所依据的定义与采用的不同".to_owned());
        }
        found
    }
}

/// A definition set with the entry that adopted it.
pub type Adopted<'d> = (u64, &'d Definitions);

/// The set under which a record was opened by the entry `first`: the one adopted last before it.
pub fn opened_under<'d>(sets: &[Adopted<'d>], first: u64) -> Option<&'d Definitions> {
    sets.iter().rfind(|(index, _)| *index < first).map(|(_, set)| *set)
}

/// Every figure of a period out of the entries of some records, by figure. Sets in the order adopted, the last of which
/// says what counts; entries in the order of the journal, adoptions passed over.
///
/// A record that no set at hand knows is not counted; without a set there is no figure.
pub fn readings(sets: &[Adopted<'_>], entries: &[Entry], period: Period) -> BTreeMap<String, Reading> {
    let Some((_, current)) = sets.last() else { return BTreeMap::new() };
    let mut records: BTreeMap<&str, Vec<Entry>> = BTreeMap::new();
    for entry in entries.iter().filter(|entry| !matches!(entry.act, Act::Adopt { .. })) {
        records.entry(entry.act.record().unwrap_or_default()).or_default().push(entry.clone());
    }
    let mut derived: Vec<(String, Rows)> = Vec::new();
    for entries in records.values() {
        let id = entries[0].act.register().unwrap_or_default();
        let set = opened_under(sets, entries[0].index);
        let Some(register) = set.and_then(|set| set.register(id)) else { continue };
        let figures: Vec<_> = current.figures_of(id).cloned().collect();
        let rules = Rules { register, figures: &figures, calendar: &current.calendar };
        derived.push((id.to_owned(), apply(rules, entries)));
    }
    let sums = add_up(current, derived.iter().map(|(id, rows)| (id.as_str(), rows)), period);
    read_all(current, &sums, period.to)
}

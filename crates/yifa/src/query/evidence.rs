//! The entries behind a figure.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use engine::definition::{Counts, Definitions, Field, Figure, FlagKind};
use engine::figure::{Base, Number, Period, Side, amount, bases};
use serde::Serialize;

use super::names::Names;
use super::overdue::Dues;
use super::parts::kind_title;
use crate::storage::Db;

/// An entry behind a figure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Evidence {
    /// The figure it counts in.
    pub figure: String,
    /// Above or below the line, where the figure asked about is a rate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub side: Option<Side>,
    /// Its index in the journal.
    pub entry: u64,
    /// The register of its record.
    #[serde(skip)]
    pub register: String,
    /// The record.
    pub record: String,
    /// The record's number, or its title.
    pub called: String,
    /// What it is about, where it goes by a number.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub title: String,
    /// The day it counts on.
    pub day: String,
    /// The village, by name.
    pub village: String,
    /// The kind, by title.
    pub kind: String,
    /// What of it is counted, where that is more than itself: villages, people, flags.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub keys: Vec<String>,
    /// How much it adds.
    pub value: Number,
    /// Recorded late.
    pub late: bool,
    /// Its record carries a flag.
    pub flagged: bool,
}

/// The entries behind a figure, those it is built on included, in the order of their days: each once for each figure
/// it counts in, above the line and below it.
pub fn evidence(
    db: &Db,
    set: &Definitions,
    figure: &Figure,
    period: Period,
    dues: &Dues,
    names: &Names,
) -> Result<Vec<Evidence>> {
    let mut all: Vec<Evidence> = Vec::new();
    for Base { side, figure: base } in bases(set, figure) {
        if let Counts::Overdue { .. } = &base.counts {
            let register = base.register.as_ref().map_or_else(String::new, |at| at.value.clone());
            all.extend(dues.list(db, base, period.to)?.into_iter().map(|over| Evidence {
                figure: base.id.clone(),
                side,
                entry: over.entry,
                record: over.record,
                called: over.called,
                title: over.title,
                register: register.clone(),
                day: over.last,
                village: names.village(&over.village),
                kind: base.kind.as_ref().map_or_else(String::new, |_| kind_title(set, base, &over.kind)),
                keys: Vec::new(),
                value: Number::Whole(1),
                late: false,
                flagged: false,
            }));
            continue;
        }
        // What is counted once each is mostly a record of another register, and then people know it by its title.
        let sql = format!(
            "SELECT f.idx, f.record, coalesce(r.number, r.title), f.day, f.village, f.kind, f.value, f.late, f.flagged, \
             f.fact_key, coalesce(k.title, ''), CASE WHEN r.number IS NULL THEN '' ELSE r.title END, r.register \
             FROM fact f JOIN record r ON r.town_id = f.town_id AND r.id = f.record \
             LEFT JOIN record k ON k.town_id = f.town_id AND k.id = f.fact_key \
             WHERE f.town_id = $1 AND f.figure = $2 AND {} ORDER BY f.day, f.idx, f.record, f.fact_key",
            dues.facts(base)
        );
        let first = all.len();
        db.each(&sql, &dues.bind(base, period), |row| {
            let (key, title) = (row.get::<String>(9)?, row.get::<String>(10)?);
            let (entry, value) = (row.get::<i64>(0)? as u64, row.get::<i64>(6)?);
            let key = if title.is_empty() { key_title(set, base, &key) } else { Some(title) };
            // Sorted by day and entry: the facts of one entry stand together.
            if let Some(last) = all[first..].last_mut().filter(|last| last.entry == entry) {
                if let Number::Whole(sum) = &mut last.value {
                    *sum += value;
                }
                last.keys.extend(key);
                return Ok(());
            }
            all.push(Evidence {
                figure: base.id.clone(),
                side,
                entry,
                record: row.get(1)?,
                called: row.get(2)?,
                title: row.get(11)?,
                register: row.get(12)?,
                day: row.get(3)?,
                village: names.village(&row.get::<String>(4)?),
                kind: match base.kind {
                    Some(_) => kind_title(set, base, &row.get::<String>(5)?),
                    None => String::new(),
                },
                keys: key.into_iter().collect(),
                value: amount(set, base, value),
                late: row.get(7)?,
                flagged: row.get(8)?,
            });
            Ok(())
        })?;
    }
    Ok(all)
}

/// What people call a key that is no record: a choice, a kind of flag.
fn key_title(set: &Definitions, figure: &Figure, key: &str) -> Option<String> {
    if let Counts::Flags { .. } = figure.counts {
        return FlagKind::parse(key.split(':').next()?).map(|kind| kind.chinese().to_owned());
    }
    Some(keyed_by(set, figure)?.choice_title(key).to_owned())
}

/// The field whose values a figure counts once each.
pub fn keyed_by<'s>(set: &'s Definitions, figure: &Figure) -> Option<&'s Field> {
    let by = match &figure.counts {
        Counts::Distinct { by, .. } => by,
        Counts::Stock(stock) => stock.distinct.as_ref()?,
        _ => return None,
    };
    set.register(&figure.register.as_ref()?.value)?.field(by)
}

/// The indices of the entries behind figures, each once, in the order of [`evidence`]: what an annex lists.
pub fn entries(
    db: &Db,
    set: &Definitions,
    figures: &[&Figure],
    period: Period,
    dues: &Dues,
) -> Result<BTreeMap<String, Vec<u64>>> {
    let based: BTreeMap<&str, &Figure> = figures
        .iter()
        .flat_map(|figure| bases(set, figure))
        .map(|base| (base.figure.id.as_str(), base.figure))
        .collect();
    let (over, counted): (Vec<&Figure>, Vec<&Figure>) =
        based.into_values().partition(|figure| matches!(figure.counts, Counts::Overdue { .. }));
    let mut found: BTreeMap<String, Vec<u64>> = BTreeMap::new();
    for (figure, over) in dues.lists(db, &over, period.to)? {
        found.insert(figure, over.iter().map(|over| over.entry).collect());
    }
    for alike in dues.alike(&counted, |_| ()) {
        let sql = format!(
            "SELECT figure, idx FROM fact WHERE town_id = $1 AND {} ORDER BY figure, day, idx, fact_key",
            dues.facts_of(&alike)
        );
        db.each(&sql, &dues.bind_of(&alike, period), |row| {
            found.entry(row.get(0)?).or_default().push(row.get::<i64>(1)? as u64);
            Ok(())
        })?;
    }
    let of = |figure: &Figure| {
        let mut seen = BTreeSet::new();
        let all = bases(set, figure).into_iter().filter_map(|base| found.get(&base.figure.id)).flatten().copied();
        all.filter(|entry| seen.insert(*entry)).collect()
    };
    Ok(figures.iter().map(|figure| (figure.id.clone(), of(figure))).collect())
}

//! Figures out of facts, each with the entries behind it.

use std::collections::BTreeMap;

use anyhow::Result;
use engine::definition::{Counts, Definitions, Figure};
use engine::figure::{Period, Reading, Sum, bases, is_distinct, read_all};
use rusqlite::params;
use serde::Serialize;

use super::names::Names;
use crate::storage::{Db, TOWN};

/// By what a figure is broken down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// By village.
    Village,
    /// By month.
    Month,
    /// By its kind.
    Kind,
}

/// Reads every figure of a set for a period, as of now or of an earlier size of the journal.
pub fn all(db: &Db, set: &Definitions, period: Period, size: Option<u64>) -> Result<BTreeMap<String, Reading>> {
    let mut sums = BTreeMap::new();
    for figure in set.figures.values().filter(|figure| !figure.is_built()) {
        sums.insert(figure.id.clone(), sum(db, figure, period, size)?);
    }
    let mut readings = read_all(set, &sums);
    if size.is_some() {
        // KNOWN: dues keep no history as facts do, so what was overdue at an earlier size cannot be told.
        readings.retain(|id, _| !matches!(set.figures[id].counts, Counts::Overdue { .. }));
    }
    Ok(readings)
}

/// A fact held when the journal had `size` entries: it had begun, and had not ended yet.
const THEN: &str = "since_idx < $5 AND (until_idx IS NULL OR until_idx >= $5)";
/// The same for the journal as it is; `$5` is bound all the same, so that one list of parameters serves both.
const NOW: &str = "until_idx IS NULL AND $5 IS NULL";

fn held(size: Option<u64>) -> &'static str {
    if size.is_some() { THEN } else { NOW }
}

/// Which days count: what happened in the period, or what was in force on its last day.
fn days(figure: &Figure) -> &'static str {
    match figure.is_stock() {
        true => "day <= $4 AND (until_day IS NULL OR until_day >= $4) AND $3 IS NOT NULL",
        false => "day >= $3 AND day <= $4",
    }
}

/// What is added up: units, or different keys.
fn adds(figure: &Figure) -> &'static str {
    if is_distinct(figure) { "count(DISTINCT fact_key)" } else { "CAST(coalesce(sum(value), 0) AS BIGINT)" }
}

fn sum(db: &Db, figure: &Figure, period: Period, size: Option<u64>) -> Result<Sum> {
    if let Counts::Overdue { step } = &figure.counts {
        let mut entries = 0;
        for open in OVERDUE {
            let sql = format!("SELECT count(*) FROM due d WHERE d.town_id = $1 AND {open}");
            let found = db.one(&sql, overdue_params(figure, step, period), |row| row.get::<_, i64>(0))?;
            entries += found.unwrap_or(0) as u64;
        }
        return Ok(Sum { value: entries as i64, entries, late: 0, flagged: 0 });
    }
    let sql = format!(
        "SELECT {}, count(*), CAST(coalesce(sum(late), 0) AS BIGINT), CAST(coalesce(sum(flagged), 0) AS BIGINT) \
         FROM fact WHERE town_id = $1 AND figure = $2 AND {} AND {}",
        adds(figure),
        days(figure),
        held(size)
    );
    let (from, to) = (period.from.to_string(), period.to.to_string());
    let found = db.one(&sql, params![TOWN, figure.id, from, to, size.map(|size| size as i64)], |row| {
        let count = |n: i64| n as u64;
        Ok(Sum {
            value: row.get(0)?,
            entries: count(row.get(1)?),
            late: count(row.get(2)?),
            flagged: count(row.get(3)?),
        })
    })?;
    Ok(found.unwrap_or_default())
}

/// An entry behind a figure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Evidence {
    /// The figure it counts in.
    pub figure: String,
    /// Its index in the journal.
    pub entry: u64,
    /// The record.
    pub record: String,
    /// The record's number, or its title.
    pub called: String,
    /// The day it counts on.
    pub day: String,
    /// The village, by name.
    pub village: String,
    /// The kind, by title.
    pub kind: String,
    /// How much it adds.
    pub value: i64,
    /// Recorded late.
    pub late: bool,
    /// Its record carries a flag.
    pub flagged: bool,
}

/// The entries behind a figure, those it is built on included, in the order of their days.
pub fn evidence(db: &Db, set: &Definitions, figure: &Figure, period: Period, names: &Names) -> Result<Vec<Evidence>> {
    let mut all = Vec::new();
    for base in bases(set, figure).into_iter().filter_map(|id| set.figures.get(id)) {
        if let Counts::Overdue { step } = &base.counts {
            all.extend(overdue(db, base, step, period)?);
            continue;
        }
        let sql = format!(
            "SELECT f.idx, f.record, coalesce(r.number, r.title), f.day, f.village, f.kind, f.value, f.late, f.flagged \
             FROM fact f JOIN record r ON r.town_id = f.town_id AND r.id = f.record \
             WHERE f.town_id = $1 AND f.figure = $2 AND {} AND {} ORDER BY f.day, f.idx, f.record, f.fact_key",
            days(base),
            NOW
        );
        let (from, to) = (period.from.to_string(), period.to.to_string());
        all.extend(db.rows(&sql, params![TOWN, base.id, from, to, None::<i64>], |row| {
            Ok(Evidence {
                figure: base.id.clone(),
                entry: row.get::<_, i64>(0)? as u64,
                record: row.get(1)?,
                called: row.get(2)?,
                day: row.get(3)?,
                village: names.village(&row.get::<_, String>(4)?),
                kind: kind_title(set, base, &row.get::<_, String>(5)?),
                value: row.get(6)?,
                late: row.get(7)?,
                flagged: row.get(8)?,
            })
        })?);
    }
    Ok(all)
}

/// The indices of the entries behind a figure, in the order of [`evidence`] and without its details: what an annex lists.
pub fn entries(db: &Db, set: &Definitions, figure: &Figure, period: Period) -> Result<Vec<u64>> {
    let mut all = Vec::new();
    for base in bases(set, figure).into_iter().filter_map(|id| set.figures.get(id)) {
        if let Counts::Overdue { step } = &base.counts {
            all.extend(overdue(db, base, step, period)?.iter().map(|one| one.entry));
            continue;
        }
        let sql = format!(
            "SELECT idx FROM fact WHERE town_id = $1 AND figure = $2 AND {} AND {} ORDER BY day, idx, fact_key",
            days(base),
            NOW
        );
        let (from, to) = (period.from.to_string(), period.to.to_string());
        let params = params![TOWN, base.id, from, to, None::<i64>];
        all.extend(db.rows(&sql, params, |row| row.get::<_, i64>(0).map(|index| index as u64))?);
    }
    Ok(all)
}

/// Dues of a step that were over on the period's last day: not met to this day, and met only after it. Two questions,
/// because an OR of them would look at every due there ever was.
const OVERDUE: [&str; 2] = [
    "d.register = $2 AND d.step = $3 AND d.met_day IS NULL AND d.last < $4 AND d.binding = 1",
    "d.register = $2 AND d.step = $3 AND d.met_day > $4 AND d.last < $4 AND d.binding = 1",
];

fn overdue_params(figure: &Figure, step: &str, period: Period) -> (i64, String, String, String) {
    let register = figure.register.as_ref().map_or("", |at| at.value.as_str());
    (TOWN, register.to_owned(), step.to_owned(), period.to.to_string())
}

fn overdue(db: &Db, figure: &Figure, step: &str, period: Period) -> Result<Vec<Evidence>> {
    let mut all = Vec::new();
    for open in OVERDUE {
        let sql = format!(
            "SELECT d.of_idx, d.record, coalesce(r.number, r.title), d.last FROM due d \
             JOIN record r ON r.town_id = d.town_id AND r.id = d.record WHERE d.town_id = $1 AND {open} \
             ORDER BY d.last, d.record, d.of_idx"
        );
        all.extend(db.rows(&sql, overdue_params(figure, step, period), |row| {
            Ok(Evidence {
                figure: figure.id.clone(),
                entry: row.get::<_, i64>(0)? as u64,
                record: row.get(1)?,
                called: row.get(2)?,
                day: row.get(3)?,
                village: String::new(),
                kind: String::new(),
                value: 1,
                late: false,
                flagged: true,
            })
        })?);
    }
    all.sort_by(|a, b| (&a.day, &a.record, a.entry).cmp(&(&b.day, &b.record, b.entry)));
    Ok(all)
}

/// One row of a breakdown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Part {
    /// What people see: village, month or kind.
    pub label: String,
    /// The value.
    pub value: i64,
    /// How many entries stand behind it.
    pub entries: u64,
}

/// Breaks a figure down. The parts of a counted figure add up to it: what touches several villages is a part of its own.
pub fn breakdown(
    db: &Db,
    set: &Definitions,
    figure: &Figure,
    period: Period,
    by: By,
    names: &Names,
) -> Result<Vec<Part>> {
    let column = match by {
        By::Village => "village",
        By::Month => "substr(day, 1, 7)",
        By::Kind => "kind",
    };
    let mut parts: BTreeMap<String, (i64, u64)> = BTreeMap::new();
    for base in bases(set, figure).into_iter().filter_map(|id| set.figures.get(id)) {
        let sql = format!(
            "SELECT {column}, {}, count(*) FROM fact WHERE town_id = $1 AND figure = $2 AND {} AND {} \
             GROUP BY {column} ORDER BY {column}",
            adds(base),
            days(base),
            NOW
        );
        let (from, to) = (period.from.to_string(), period.to.to_string());
        let rows = db.rows(&sql, params![TOWN, base.id, from, to, None::<i64>], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?, row.get::<_, i64>(2)? as u64))
        })?;
        for (key, value, entries) in rows {
            let label = match by {
                By::Village => names.village(&key),
                By::Month => format!("{}月", key[5..].trim_start_matches('0')),
                By::Kind => kind_title(set, base, &key),
            };
            // Months in the order of the year, kinds as the definition lists them, villages by name.
            let order = match by {
                By::Month => key.clone(),
                By::Kind => format!("{:03}", kind_order(set, base, &key)),
                By::Village => String::new(),
            };
            let part = parts.entry(format!("{order}\u{0}{label}")).or_default();
            part.0 += value;
            part.1 += entries;
        }
    }
    let strip = |key: String| key.split_once('\u{0}').map_or(String::new(), |(_, label)| label.to_owned());
    Ok(parts.into_iter().map(|(key, (value, entries))| Part { label: strip(key), value, entries }).collect())
}

fn kind_field<'d>(set: &'d Definitions, figure: &Figure) -> Option<&'d engine::definition::Field> {
    let register = set.register(&figure.register.as_ref()?.value)?;
    register.field(&figure.kind.as_ref()?.value)
}

fn kind_title(set: &Definitions, figure: &Figure, key: &str) -> String {
    match (kind_field(set, figure), key) {
        (_, "") => "未分类".to_owned(),
        (Some(field), "true") => field.title.clone(),
        (Some(field), "false") => format!("非{}", field.title),
        (Some(field), key) => field.choice_title(key).to_owned(),
        (None, key) => key.to_owned(),
    }
}

fn kind_order(set: &Definitions, figure: &Figure, key: &str) -> usize {
    let field = kind_field(set, figure);
    field.and_then(|field| field.choices.iter().position(|choice| choice.id.value == key)).unwrap_or(999)
}

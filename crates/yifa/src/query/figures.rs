//! Figures out of facts.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use anyhow::Result;
use engine::definition::{Counts, Definitions, Figure};
use engine::figure::{
    Mark, Period, Reading, Sum, are_apart, bases, is_distinct, read, read_all, repeats_entries, together,
};

use super::overdue::Dues;
use crate::ambient;
use crate::storage::{Db, TOWN};

/// Every figure of a set by its id.
pub type Readings = BTreeMap<String, Reading>;

/// The year as a period, judged today.
pub fn period(year: i16) -> Result<Period> {
    super::years::period(year, ambient::today())
}

/// Reads every figure of a set for a period, as of now or of an earlier size of the journal.
pub fn all(db: &Db, set: &Definitions, period: Period, size: Option<u64>) -> Result<Readings> {
    let dues = Dues::load(db, set, size)?;
    let mut sums = BTreeMap::new();
    for figure in set.figures.values().filter(|figure| !figure.is_built()) {
        sums.insert(figure.id.clone(), sum(db, figure, period, &dues)?);
    }
    let mut known = BTreeMap::new();
    for figure in set.figures.values().filter(|figure| figure.is_built()) {
        let bases = bases(set, figure);
        let behind = if are_apart(&bases) {
            let sums = bases.iter().filter_map(|base| sums.get(&base.figure.id));
            sums.fold(Sum::default(), |all, one| Sum {
                value: 0,
                entries: all.entries + one.entries,
                late: all.late + one.late,
                flagged: all.flagged + one.flagged,
            })
        } else {
            let mut all = Vec::new();
            for base in bases {
                let known = match known.entry(base.figure.id.as_str()) {
                    Entry::Occupied(known) => known.into_mut(),
                    Entry::Vacant(new) => new.insert(marks(db, base.figure, period, &dues)?),
                };
                all.extend(known.iter().copied());
            }
            Sum::of(&together(all))
        };
        sums.insert(figure.id.clone(), behind);
    }
    Ok(read_all(set, &sums, period.to))
}

/// Reads one figure, with those it is built on.
pub fn one(db: &Db, set: &Definitions, figure: &Figure, period: Period, dues: &Dues) -> Result<Reading> {
    let mut sums = BTreeMap::new();
    let bases = bases(set, figure);
    for base in &bases {
        sums.insert(base.figure.id.clone(), sum(db, base.figure, period, dues)?);
    }
    if figure.is_built() {
        let mut all = Vec::new();
        for base in bases {
            all.extend(marks(db, base.figure, period, dues)?);
        }
        sums.insert(figure.id.clone(), Sum::of(&together(all)));
    }
    Ok(read(set, figure, &sums, period.to))
}

/// The entries behind a figure with facts of its own, each as often as it has facts.
pub(super) fn marks(db: &Db, figure: &Figure, period: Period, dues: &Dues) -> Result<Vec<Mark>> {
    if let Counts::Overdue { step } = &figure.counts {
        let over = dues.list(db, figure, step, period.to)?;
        return Ok(over.iter().map(|over| Mark { entry: over.entry, late: false, flagged: false }).collect());
    }
    // A set, in whatever order: that of the key costs nothing.
    let sql = format!(
        "SELECT idx, late, flagged FROM fact WHERE town_id = $1 AND figure = $2 AND {} ORDER BY day",
        dues.facts(figure)
    );
    db.rows(&sql, dues.bind(figure, period), |row| {
        Ok(Mark { entry: row.get::<_, i64>(0)? as u64, late: row.get(1)?, flagged: row.get(2)? })
    })
}

/// A fact held when the journal had `$5` entries: it had begun, and had not ended yet.
const THEN: &str = "since_idx < $5 AND (until_idx = 0 OR until_idx >= $5)";
/// The same for the journal as it is; `$5` is bound all the same, so that one list of parameters serves both.
const NOW: &str = "until_idx = 0 AND $5 IS NULL";

/// Which facts are asked for: `$3` to `$5` of a statement whose `$1` is the town and `$2` the figure. What happened in
/// the period, or what was in force on its last day; as of now or of an earlier size.
pub fn asked(figure: &Figure, size: Option<u64>) -> String {
    let days = match figure.is_stock() {
        true => "day <= $4 AND (until_day = '' OR until_day >= $4) AND $3 IS NOT NULL",
        false => "day >= $3 AND day <= $4",
    };
    format!("{days} AND {}", if size.is_some() { THEN } else { NOW })
}

/// The parameters of [`asked`].
pub fn bound(figure: &Figure, period: Period, size: Option<u64>) -> (i64, String, String, String, Option<i64>) {
    let (from, to) = (period.from.to_string(), period.to.to_string());
    (TOWN, figure.id.clone(), from, to, size.map(|size| size as i64))
}

/// What is added up: units, or different keys; and the entries it is added up from.
pub(super) fn adds(figure: &Figure) -> (&'static str, &'static str) {
    let value =
        if is_distinct(figure) { "count(DISTINCT fact_key)" } else { "CAST(coalesce(sum(value), 0) AS BIGINT)" };
    // Telling entries apart costs a sort, and most figures have one fact of an entry.
    let entries = if repeats_entries(figure) { "count(DISTINCT idx)" } else { "count(*)" };
    (value, entries)
}

/// Adds one figure up.
pub(super) fn sum(db: &Db, figure: &Figure, period: Period, dues: &Dues) -> Result<Sum> {
    if let Counts::Overdue { step } = &figure.counts {
        let entries = dues.count(db, figure, step, period.to)?;
        return Ok(Sum { value: entries as i64, entries, late: 0, flagged: 0 });
    }
    let (value, entries) = adds(figure);
    let (late, flagged) = match repeats_entries(figure) {
        true => {
            ("count(DISTINCT CASE WHEN late = 1 THEN idx END)", "count(DISTINCT CASE WHEN flagged = 1 THEN idx END)")
        }
        false => ("CAST(coalesce(sum(late), 0) AS BIGINT)", "CAST(coalesce(sum(flagged), 0) AS BIGINT)"),
    };
    let asked = dues.facts(figure);
    let sql = format!(
        "SELECT {value}, {entries}, {late}, {flagged} FROM fact WHERE town_id = $1 AND figure = $2 AND {asked}"
    );
    let found = db.one(&sql, dues.bind(figure, period), |row| {
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

//! Figures out of facts.

use std::collections::BTreeMap;

use anyhow::Result;
use engine::definition::{Counts, Definitions, Figure};
use engine::figure::{Mark, Period, Reading, Sum, are_apart, bases, is_distinct, read, repeats_entries, together};

use super::overdue::Dues;
use crate::ambient;
use crate::storage::{Db, Row};

/// Every figure of a set by its id.
pub type Readings = BTreeMap<String, Reading>;

/// The year as a period, judged today.
pub fn period(year: i16) -> Result<Period> {
    super::years::period(year, ambient::today())
}

/// Reads every figure of a set for a period, as of now or of an earlier size of the journal.
pub fn all(db: &Db, set: &Definitions, period: Period, size: Option<u64>) -> Result<Readings> {
    all_with(db, set, period, &Dues::load(db, set, size)?)
}

/// The same, with what was due at hand.
pub fn all_with(db: &Db, set: &Definitions, period: Period, dues: &Dues) -> Result<Readings> {
    let every: Vec<&Figure> = set.figures.values().map(|figure| -> &Figure { figure }).collect();
    several(db, set, &every, period, dues)
}

/// Reads some figures, with those they are built on: a few statements, however many they are.
pub fn several(db: &Db, set: &Definitions, figures: &[&Figure], period: Period, dues: &Dues) -> Result<Readings> {
    let sums = sums_behind(db, set, figures, period, dues)?;
    Ok(figures.iter().map(|figure| (figure.id.clone(), read(set, figure, &sums, period.to))).collect())
}

/// What some figures are read from: the sums of what they are built on, and behind each built one its entries. Sums of
/// several townships add up; what is read from them is read once.
pub fn sums_behind(
    db: &Db,
    set: &Definitions,
    figures: &[&Figure],
    period: Period,
    dues: &Dues,
) -> Result<BTreeMap<String, Sum>> {
    let mut asked: BTreeMap<&str, &Figure> = BTreeMap::new();
    let (mut built, mut told) = (Vec::new(), BTreeMap::new());
    for figure in figures {
        let bases = bases(set, figure);
        asked.extend(bases.iter().map(|base| (base.figure.id.as_str(), base.figure)));
        if figure.is_built() {
            let apart = are_apart(&bases);
            if !apart {
                told.extend(bases.iter().map(|base| (base.figure.id.as_str(), base.figure)));
            }
            built.push((*figure, bases, apart));
        }
    }
    let mut sums = sums(db, &asked.into_values().collect::<Vec<_>>(), period, dues)?;
    let marks = marks_of(db, &told.into_values().collect::<Vec<_>>(), period, dues)?;
    for (figure, bases, apart) in built {
        let behind = if apart {
            let sums = bases.iter().filter_map(|base| sums.get(&base.figure.id));
            Sum { value: 0, ..sums.fold(Sum::default(), |all, one| added(all, *one)) }
        } else {
            let marks = bases.iter().filter_map(|base| marks.get(&base.figure.id));
            Sum::of(&together(marks.flatten().copied().collect()))
        };
        sums.insert(figure.id.clone(), behind);
    }
    Ok(sums)
}

/// Two sums of which no entry is in both.
pub(super) fn added(one: Sum, other: Sum) -> Sum {
    Sum {
        value: one.value + other.value,
        entries: one.entries + other.entries,
        late: one.late + other.late,
        flagged: one.flagged + other.flagged,
    }
}

/// Reads one figure, with those it is built on.
pub fn one(db: &Db, set: &Definitions, figure: &Figure, period: Period, dues: &Dues) -> Result<Reading> {
    let read = several(db, set, &[figure], period, dues)?.remove(&figure.id);
    Ok(read.expect("a figure that was asked for is read"))
}

/// The entries behind a figure with facts of its own, each as often as it has facts.
pub(super) fn marks(db: &Db, figure: &Figure, period: Period, dues: &Dues) -> Result<Vec<Mark>> {
    Ok(marks_of(db, &[figure], period, dues)?.remove(&figure.id).unwrap_or_default())
}

/// The same of several figures, by figure.
fn marks_of(db: &Db, figures: &[&Figure], period: Period, dues: &Dues) -> Result<BTreeMap<String, Vec<Mark>>> {
    let (over, counted) = apart(figures);
    let mut marks: BTreeMap<String, Vec<Mark>> = BTreeMap::new();
    for (figure, over) in dues.lists(db, &over, period.to)? {
        marks.insert(figure, over.iter().map(|over| Mark { entry: over.entry, late: false, flagged: false }).collect());
    }
    for alike in dues.alike(&counted, |_| ()) {
        // A set, in whatever order: that of the key costs nothing.
        let sql = format!(
            "SELECT figure, idx, late, flagged FROM fact WHERE town_id = $1 AND {} ORDER BY figure, day",
            dues.facts_of(&alike)
        );
        db.each(&sql, &dues.bind_of(&alike, period), |row| {
            let mark = Mark { entry: row.get::<i64>(1)? as u64, late: row.get(2)?, flagged: row.get(3)? };
            marks.entry(row.get(0)?).or_default().push(mark);
            Ok(())
        })?;
    }
    Ok(marks)
}

/// Figures of what is overdue, and those of facts.
fn apart<'f>(figures: &[&'f Figure]) -> (Vec<&'f Figure>, Vec<&'f Figure>) {
    figures.iter().partition(|figure| matches!(figure.counts, Counts::Overdue { .. }))
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
pub fn bound(figure: &Figure, period: Period, size: Option<u64>) -> (String, String, String, Option<i64>) {
    let (from, to) = (period.from.to_string(), period.to.to_string());
    (figure.id.clone(), from, to, size.map(|size| size as i64))
}

/// What is added up: units, or different keys; and the entries it is added up from.
pub(super) fn adds(figure: &Figure) -> (&'static str, &'static str) {
    let value =
        if is_distinct(figure) { "count(DISTINCT fact_key)" } else { "CAST(coalesce(sum(value), 0) AS BIGINT)" };
    // Telling entries apart costs a sort, and most figures have one fact of an entry.
    let entries = if repeats_entries(figure) { "count(DISTINCT idx)" } else { "count(*)" };
    (value, entries)
}

/// The same, and how many of the entries were recorded late, and how many are flagged.
pub(super) fn adds_all(figure: &Figure) -> String {
    let (value, entries) = adds(figure);
    let (late, flagged) = match repeats_entries(figure) {
        true => {
            ("count(DISTINCT CASE WHEN late = 1 THEN idx END)", "count(DISTINCT CASE WHEN flagged = 1 THEN idx END)")
        }
        false => ("CAST(coalesce(sum(late), 0) AS BIGINT)", "CAST(coalesce(sum(flagged), 0) AS BIGINT)"),
    };
    format!("{value}, {entries}, {late}, {flagged}")
}

/// Adds one figure up.
pub(super) fn sum(db: &Db, figure: &Figure, period: Period, dues: &Dues) -> Result<Sum> {
    Ok(sums(db, &[figure], period, dues)?.remove(&figure.id).unwrap_or_default())
}

/// Adds figures up, those of one shape in one statement; one without anything behind it may be left out.
fn sums(db: &Db, figures: &[&Figure], period: Period, dues: &Dues) -> Result<BTreeMap<String, Sum>> {
    let (over, counted) = apart(figures);
    let mut sums = BTreeMap::new();
    for (figure, entries) in dues.counts(db, &over, period.to)? {
        sums.insert(figure, Sum { value: entries as i64, entries, late: 0, flagged: 0 });
    }
    for alike in dues.alike(&counted, |figure| (is_distinct(figure), repeats_entries(figure))) {
        let adds = adds_all(alike[0]);
        let sql = format!(
            "SELECT figure, {adds} FROM fact WHERE town_id = $1 AND {} \
             GROUP BY figure ORDER BY figure",
            dues.facts_of(&alike)
        );
        db.each(&sql, &dues.bind_of(&alike, period), |row| {
            sums.insert(row.get(0)?, sum_of(row)?);
            Ok(())
        })?;
    }
    Ok(sums)
}

/// The sum in a row of [`adds_all`], behind its first column.
pub(super) fn sum_of(row: &Row<'_>) -> Result<Sum> {
    let count = |n: i64| n as u64;
    Ok(Sum { value: row.get(1)?, entries: count(row.get(2)?), late: count(row.get(3)?), flagged: count(row.get(4)?) })
}

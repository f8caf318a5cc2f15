//! What is due and not met: terms of records, and days that come back every year.

use std::collections::BTreeSet;

use anyhow::Result;
use engine::day::Day;
use engine::definition::Step;
use serde::Serialize;

use super::owner::{Holder, Owners};
use super::yearly::yearly;
use crate::ambient::day_of;
use crate::sets::Sets;
use crate::storage::{Db, params};

/// Which dues are asked for.
#[derive(Clone, Copy, Default)]
pub struct Asked<'a> {
    /// Only those of this register.
    pub register: Option<&'a str>,
    /// Only those whose last day is not after this one.
    pub until: Option<Day>,
    /// Only those of this person.
    pub person: Option<&'a Holder>,
}

/// Something due.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Due {
    /// The register.
    pub register: String,
    /// The record; empty for a day that comes back every year.
    pub record: String,
    /// What the record, or the day, is called.
    pub called: String,
    /// The step that is due.
    pub step: String,
    /// What people call the step.
    pub title: String,
    /// The first day, where it is not open from the start.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first: Option<String>,
    /// The day the count ends on.
    pub nominal: String,
    /// The last day.
    pub last: String,
    /// Reckoned without a published calendar.
    pub provisional: bool,
    /// 应当 or 一般, not 可以.
    pub binding: bool,
    /// It is over.
    pub overdue: bool,
    /// The record of whoever has to do it, of several with a space between; empty where nobody in particular has.
    pub owner: String,
    /// What that is called.
    pub owned_by: String,
    /// The law that asks for it.
    pub basis: Vec<String>,
    /// The catalogue and the item, for a day that comes back every year.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub item: Option<(String, String)>,
    /// What tells it from every other due of this journal, the same whatever its last day becomes.
    pub key: String,
    /// The entry that said last what is asked.
    pub said_by: u64,
    /// When that entry was recorded, in milliseconds.
    #[serde(skip)]
    pub said_at: i64,
    /// The states it brings the record out of.
    #[serde(skip)]
    pub leaves: Vec<String>,
}

impl Due {
    /// Takes in another way to do the same by the same day, so that nobody is reminded twice: two steps that each bring
    /// the record out of one state. The first keeps its key.
    fn take_in(&mut self, other: &Due) -> bool {
        let same = (&self.record, &self.last, &self.nominal, &self.owner)
            == (&other.record, &other.last, &other.nominal, &other.owner)
            && self.step != other.step
            && self.leaves.iter().any(|state| other.leaves.contains(state));
        if same {
            self.title = format!("{}或者{}", self.title, other.title);
            self.binding |= other.binding;
            let more = other.basis.iter().filter(|basis| !self.basis.contains(basis)).cloned();
            self.basis.extend(more.collect::<Vec<_>>());
        }
        same
    }
}

/// What is due and not met, the earliest first. A right that has lapsed (可以而未办) is nobody's task any more.
pub fn dues(db: &Db, sets: &Sets, asked: Asked<'_>, today: Day) -> Result<Vec<Due>> {
    let mut all = terms(db, sets, asked, today)?;
    // A day of the whole township is nobody's in particular.
    if asked.person.is_none() {
        let of = |due: &Due| asked.register.is_none_or(|register| register == due.register);
        let by = |due: &Due| asked.until.is_none_or(|until| due.last <= until.to_string());
        all.extend(yearly(db, sets, today)?.into_iter().filter(|due| of(due) && by(due)));
    }
    all.sort_by(|a, b| (&a.last, &a.record, &a.step, &a.key).cmp(&(&b.last, &b.record, &b.step, &b.key)));
    // A step with two terms from one entry, so long as a rule and at the longest, is asked for by the first of them.
    let mut asked_for = BTreeSet::new();
    all.retain(|due| {
        let (step, _) = due.key.rsplit_once('.').unwrap_or_default();
        due.record.is_empty() || asked_for.insert((step.to_owned(), due.owner.clone()))
    });
    all.dedup_by(|later, first| first.take_in(later));
    Ok(all)
}

/// A due as its table has it.
struct Row {
    due: Due,
    first_idx: u64,
    rule: usize,
}

fn terms(db: &Db, sets: &Sets, asked: Asked<'_>, today: Day) -> Result<Vec<Due>> {
    let adopted = sets.current()?.index;
    let adopted_at = recorded_at(db, adopted)?;
    let rows = db.rows(
        "SELECT d.register, d.record, coalesce(r.number, r.title), d.step, d.nominal, d.last, d.provisional, \
         d.binding, d.owner, d.rule, d.of_idx, r.first_idx, r.last_idx, e.recorded_at \
         FROM due d JOIN record r ON r.town_id = d.town_id AND r.id = d.record \
         JOIN entry e ON e.town_id = r.town_id AND e.idx = r.last_idx \
         WHERE d.town_id = $1 AND d.met_by IS NULL AND ($2 IS NULL OR d.register = $2) AND d.last <= $3 \
         AND (d.binding = 1 OR d.last >= $4) \
         ORDER BY d.last, d.record, d.step, d.of_idx, d.nominal",
        params![asked.register, asked.until.unwrap_or(Day::MAX).to_string(), today.to_string()],
        |row| {
            let (record, step, last): (String, String, String) = (row.get(1)?, row.get(3)?, row.get(5)?);
            let (rule, of_idx): (i64, i64) = (row.get(9)?, row.get(10)?);
            let due = Due {
                register: row.get(0)?,
                called: row.get(2)?,
                title: step.clone(),
                first: None,
                nominal: row.get(4)?,
                overdue: last < today.to_string(),
                provisional: row.get(6)?,
                binding: row.get(7)?,
                owner: row.get(8)?,
                owned_by: String::new(),
                basis: Vec::new(),
                item: None,
                key: format!("{record}.{step}.{of_idx}.{rule}"),
                said_by: row.get::<i64>(12)? as u64,
                said_at: row.get(13)?,
                leaves: Vec::new(),
                record,
                step,
                last,
            };
            Ok(Row { due, first_idx: row.get::<i64>(11)? as u64, rule: rule as usize })
        },
    )?;
    let owners = Owners::load(db, rows.iter().map(|row| row.due.owner.as_str()))?;
    let mut dues = Vec::new();
    for Row { mut due, first_idx, rule } in rows {
        let last = Day::parse(&due.last).unwrap_or(today);
        if asked.person.is_some_and(|holder| !holder.answers_for(&due.owner, last)) {
            continue;
        }
        // A set adopted since may have moved the last day: its calendar counts for every record.
        if due.said_by < adopted {
            (due.said_by, due.said_at) = (adopted, adopted_at);
        }
        // The law the record was opened under asks for it, not that of a set adopted since.
        if let Some(step) = sets.opened_under(first_idx, &due.register)?.step(&due.step) {
            due.title.clone_from(&step.title);
            if step.to.is_some() {
                due.leaves = step.from.iter().map(|from| from.value.clone()).collect();
            }
            due.basis = basis(step, rule, last);
        }
        due.owned_by = owners.called(&due.owner);
        dues.push(due);
    }
    Ok(dues)
}

/// The day the journal began: what was over before, nobody could have recorded.
pub fn began(db: &Db) -> Result<Day> {
    Ok(day_of(recorded_at(db, 0)?))
}

/// When an entry was recorded, in milliseconds.
pub(super) fn recorded_at(db: &Db, index: u64) -> Result<i64> {
    let sql = "SELECT recorded_at FROM entry WHERE town_id = $1 AND idx = $2";
    Ok(db.one(sql, params![index as i64], |row| row.get(0))?.unwrap_or(0))
}

/// Where a term comes from: its own basis or its parameter's, or else the step's.
fn basis(step: &Step, rule: usize, on: Day) -> Vec<String> {
    let own = step.within.get(rule).map(|within| within.basis_on(on)).filter(|basis| !basis.is_empty());
    own.unwrap_or(&step.basis).on(on)
}

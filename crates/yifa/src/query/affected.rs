//! Documents whose legal basis was amended or repealed after they were made.

use std::collections::BTreeSet;

use anyhow::Result;
use engine::day::Day;
use engine::definition::{Definitions, Field, FieldType, Register};
use engine::law::{Citation, Turn};
use engine::record::{Rules, walk};
use serde::Serialize;

use crate::sets::Sets;
use crate::storage::log::entries_of;
use crate::storage::{Db, params};

/// A document that rests on a law which changed.
#[derive(Clone, Debug, Serialize)]
pub struct Affected {
    /// The register's id.
    pub register: String,
    /// The register's title.
    pub register_title: String,
    /// The record.
    pub record: String,
    /// What it is called.
    pub called: String,
    /// Its state, as people see it.
    pub state: String,
    /// The step that names the law.
    pub step: String,
    /// The day of that step.
    pub day: Day,
    /// The citation.
    pub cite: String,
    /// What happened to the law.
    #[serde(flatten)]
    pub turn: Turn,
}

/// The documents not ended on a day whose basis changed since they were made, and since another day if one is given;
/// by the day of the change.
pub fn affected(db: &Db, sets: &Sets, set: &Definitions, on: Day, since: Option<Day>) -> Result<Vec<Affected>> {
    let mut all = Vec::new();
    for id in set.registers.values().filter(|register| names_law(register)).map(|register| &register.id.value) {
        of_register(db, sets, set, id, (on, since), &mut all)?;
    }
    all.sort_by(|a, b| (a.turn.on, &a.turn.title, &a.record).cmp(&(b.turn.on, &b.turn.title, &b.record)));
    Ok(all)
}

/// Whether a field holds citations.
fn is_law(field: &Field) -> bool {
    field.kind == FieldType::Law && !field.personal
}

fn names_law(register: &Register) -> bool {
    register.steps.iter().any(|step| step.fields.iter().any(is_law))
}

fn of_register(
    db: &Db,
    sets: &Sets,
    set: &Definitions,
    id: &str,
    (on, since): (Day, Option<Day>),
    all: &mut Vec<Affected>,
) -> Result<()> {
    let sql = "SELECT id, coalesce(number, title), first_idx, state FROM record WHERE town_id = $1 AND register = $2 \
               AND state <> 'void' AND opened <= $3 ORDER BY opened, first_idx";
    let records = db.rows(sql, params![id, on.to_string()], |row| {
        Ok((row.get::<String>(0)?, row.get::<String>(1)?, row.get::<i64>(2)? as u64, row.get::<String>(3)?))
    })?;
    let (ever, holds) = in_force(db, set, id, on)?;
    for (record, called, first, state) in records {
        let register = sets.opened_under(first, id)?;
        if !goes_on(register, &record, &state, &ever, &holds) {
            continue;
        }
        let (entries, _) = entries_of(db, &record)?;
        let rules = Rules { register, figures: &[], calendar: &set.calendar };
        let (course, _) = walk(rules, &entries);
        let mut seen = BTreeSet::new();
        for one in course.taken().rev().filter(|one| one.day <= on) {
            for field in one.step.fields.iter().filter(|field| is_law(field)) {
                for cite in one.value(&field.id).map(|value| value.texts()).unwrap_or_default() {
                    let Ok(citation) = Citation::parse(cite) else { continue };
                    // Named again later it was looked at again: what changed before that is known.
                    if !seen.insert(citation.clone()) {
                        continue;
                    }
                    let turns = set.laws.turns(&citation, one.day, on);
                    let new = turns.into_iter().filter(|turn| since.is_none_or(|since| since <= turn.on));
                    all.extend(new.map(|turn| Affected {
                        register: id.to_owned(),
                        register_title: register.title.clone(),
                        record: record.clone(),
                        called: called.clone(),
                        state: register.state_title(&state).to_owned(),
                        step: one.step.title.clone(),
                        day: one.day,
                        cite: cite.clone(),
                        turn,
                    }));
                }
            }
        }
    }
    Ok(())
}

/// The records of a register that were ever counted as in force, and those that are on a day, by any figure of stock.
fn in_force(db: &Db, set: &Definitions, register: &str, on: Day) -> Result<(BTreeSet<String>, BTreeSet<String>)> {
    let (mut ever, mut holds) = (BTreeSet::new(), BTreeSet::new());
    // The order of the key: facts are walked as they lie.
    let sql = "SELECT record, day, until_day FROM fact WHERE town_id = $1 AND figure = $2 AND until_idx = 0 \
               ORDER BY day, value, late, flagged, idx, fact_key, until_day, since_idx";
    let on = on.to_string();
    for figure in set.figures_of(register).filter(|figure| figure.is_stock()) {
        db.each(sql, params![figure.id], |row| {
            let (record, day, until): (String, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
            if day <= on && (until.is_empty() || until >= on) {
                holds.insert(record.clone());
            }
            ever.insert(record);
            Ok(())
        })?;
    }
    Ok((ever, holds))
}

/// Whether a record has not ended: in force, or never yet and still on its way. A list that has one state only goes on.
fn goes_on(register: &Register, record: &str, state: &str, ever: &BTreeSet<String>, holds: &BTreeSet<String>) -> bool {
    if ever.contains(record) {
        return holds.contains(record);
    }
    let leads_on =
        register.steps.iter().any(|step| step.to.is_some() && step.from.iter().any(|from| from.value == state));
    register.states.len() == 1 || leads_on
}

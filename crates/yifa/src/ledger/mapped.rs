//! A table made elsewhere: what is said of all its rows, and which records they may name (列对照).

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use engine::definition::mapping::Only;
use engine::definition::{Field, Mapping, Step};
use engine::form::{self, Given, Input, Lookup};
use engine::problem::Problem;
use engine::value::Value;

use crate::query::holds::holds;
use crate::query::names::called;
use crate::refused::Refused;
use crate::sets::Sets;
use crate::storage::Db;
use crate::table::Plan;

/// What is said of all rows, read.
pub struct Said<'d> {
    /// Each field once, in the words a form takes, references by their ids.
    pub texts: BTreeMap<String, String>,
    /// Fields that have to be said and were not.
    pub missing: Vec<&'d Field>,
    /// What could not be read, with its field.
    pub wrong: Vec<(String, Problem)>,
    /// What names a record it may not name.
    pub unfit: Vec<Problem>,
}

/// The fields that can be said of all rows: those that have to be, then those with a default.
pub fn sayable<'d>(step: &'d Step, mapping: &Mapping) -> Vec<&'d Field> {
    let all = mapping.with.iter().chain(mapping.default.iter().map(|(field, _)| field));
    all.filter_map(|at| step.field(at)).collect()
}

/// Reads what is said of all rows.
pub fn said<'d>(
    step: &'d Step,
    mapping: &Mapping,
    given: Given,
    lookup: &dyn Lookup,
    db: &Db,
    sets: &Sets,
) -> Result<Said<'d>> {
    let (filled, wrong) = form::values(step, &given, lookup);
    let unread: Vec<&str> = wrong.iter().map(|(field, _)| field.as_str()).collect();
    let empty = |id: &str| !filled.fields.contains_key(id) && !filled.sealed.contains_key(id) && !unread.contains(&id);
    let missing = mapping.with.iter().filter(|at| empty(at)).filter_map(|at| step.field(at)).collect();
    let mut found = Vec::new();
    for only in &mapping.only {
        let Some(Value::Text(id)) = filled.fields.get(&only.field.value) else { continue };
        found.extend(unfit(only, id, db, sets)?);
    }
    let typed = |(id, input): (String, Input)| {
        let reference = step.field(&id).filter(|field| field.kind.register().is_some());
        let value = reference.and_then(|_| filled.fields.get(&id)?.as_text());
        let text = value.map_or_else(|| input.texts().first().cloned().unwrap_or_default(), str::to_owned);
        (id, text)
    };
    let texts = given.into_iter().map(typed).collect();
    Ok(Said { texts, missing, wrong, unfit: found })
}

/// Refuses rows whose own reference, read from a column, names a record it should not name; each record once.
pub fn only(mapping: &Mapping, plan: &Plan, db: &Db, sets: &Sets) -> Result<()> {
    let mut problems = Vec::new();
    for only in mapping.only.iter().filter(|only| mapping.column(&only.field).is_some()) {
        let mut seen = BTreeSet::new();
        for one in plan.records.iter().flat_map(|one| &one.steps).filter(|one| one.step == mapping.step.value) {
            for id in one.filled.fields.get(&only.field.value).map(Value::texts).unwrap_or_default() {
                let new = seen.insert(id);
                let found = if new { unfit(only, id, db, sets)? } else { None };
                problems.extend(found.map(|unfit| {
                    let text = format!("第 {} 行：{}", one.line, unfit.text);
                    Problem { text, ..unfit }.in_line(one.line)
                }));
            }
        }
    }
    if problems.is_empty() { Ok(()) } else { Err(Refused(problems).into()) }
}

/// What is said of a record that a reference may not name; nothing where it may.
fn unfit(only: &Only, id: &str, db: &Db, sets: &Sets) -> Result<Option<Problem>> {
    if holds(db, sets, &sets.current()?.set.calendar, id, &only.conditions)? {
        return Ok(None);
    }
    let name = called(db, id)?.unwrap_or_default();
    let (what, remedy) = only.say.split_once('：').unwrap_or((&only.say, "请先改正那个案卷"));
    Ok(Some(Problem::new(429, format!("“{name}”{what}"), remedy)))
}

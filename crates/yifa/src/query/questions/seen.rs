//! The steps of a year that a check looks at, as they stand after corrections.

use std::collections::{HashMap, HashSet};

use anyhow::Result;
use engine::act::{Act, Entry};
use engine::day::Day;
use engine::definition::{Condition, Field, FieldRef, FieldType, Register};
use engine::record::{Rules, walk};
use engine::value::Value;
use serde_json::Value as Json;

use super::{Asked, Concerned};
use crate::storage::log::entry;
use crate::storage::params;

/// A step.
#[derive(Clone, Debug)]
pub struct Seen {
    /// Its record.
    pub of: Concerned,
    /// The day it happened.
    pub day: Day,
    /// The values of the fields asked for, in their order; sealed ones too.
    pub values: Vec<Vec<String>>,
}

impl Seen {
    /// A number field's number.
    pub fn number(&self, nth: usize) -> i64 {
        self.values.get(nth).and_then(|values| values.first()?.parse().ok()).unwrap_or(0)
    }
}

/// The steps of one kind that happened in the year, by day and record.
pub fn seen(
    asked: &Asked<'_>,
    register: &str,
    step: &str,
    when: &[Condition],
    fields: &[&FieldRef],
) -> Result<Vec<Seen>> {
    let days = asked.period.from..=asked.period.to;
    let sql = "SELECT id, coalesce(number, title), first_idx, body FROM record WHERE town_id = $1 AND register = $2 \
               AND state <> 'void' AND opened <= $3 ORDER BY opened, first_idx";
    let records = asked.db.rows(sql, params![register, days.end().to_string()], |row| {
        Ok((Concerned { record: row.get(0)?, called: row.get(1)? }, row.get::<i64>(2)? as u64, row.get(3)?))
    })?;
    let mut wanted = Vec::new();
    for (of, first, body) in records {
        let body: String = body;
        let definition = asked.sets.opened_under(first, register)?;
        let Some(kind) = definition.step(step) else { continue };
        // The row tells at no cost which records are not worth reading: of a repeated step it knows the last one only.
        let Some(last) = serde_json::from_str::<Json>(&body).ok().and_then(|body| body.get(step).cloned()) else {
            continue;
        };
        let day = kind.day_field().and_then(|field| Day::parse(last.get(field.id.value.as_str())?.as_str()?));
        if !kind.repeat && day.is_some_and(|day| !days.contains(&day)) {
            continue;
        }
        wanted.push((of, first, definition));
    }
    let since = wanted.iter().map(|(_, first, _)| *first).min().unwrap_or(0);
    let mut read = entries(asked, register, since, &wanted.iter().map(|(of, ..)| of.record.as_str()).collect())?;
    let mut closed: HashMap<&str, HashMap<u64, Value>> = HashMap::new();
    for at in fields.iter().filter(|at| at.step == step) {
        let is_personal = |definition: &Register| definition.field(at).is_some_and(|field| field.personal);
        if wanted.iter().any(|(.., definition)| is_personal(definition)) {
            closed.insert(&at.field, sealed(asked, register, since, &at.field)?);
        }
    }
    let mut all = Vec::new();
    for (of, _, definition) in wanted {
        let entries = read.remove(&of.record).unwrap_or_default();
        let rules = Rules { register: definition, figures: &[], calendar: &asked.set.calendar };
        let (course, _) = walk(rules, &entries);
        for one in course.taken().filter(|one| one.step.id.value == step && days.contains(&one.day)) {
            if !course.all_hold(when, Some(one)) {
                continue;
            }
            let mut values = Vec::new();
            for at in fields {
                let sealed = definition.field(at).is_some_and(|field| field.personal);
                values.push(match course.value(at, Some(one)) {
                    Some(value) => texts(value),
                    None if sealed && at.step == step && one.given(&at.field) => {
                        // As the last correction left it.
                        let closed = closed.get(at.field.as_str());
                        let of_step = entries.iter().rev().filter(|entry| is_about(entry, &one.id));
                        let value = of_step.filter_map(|entry| closed?.get(&entry.index)).next();
                        value.map(texts).unwrap_or_default()
                    }
                    None => Vec::new(),
                });
            }
            all.push(Seen { of: of.clone(), day: one.day, values });
        }
    }
    all.sort_by(|a, b| (a.day, &a.of.record).cmp(&(b.day, &b.of.record)));
    Ok(all)
}

/// Whether an entry takes a step or corrects it.
fn is_about(entry: &Entry, step: &str) -> bool {
    match &entry.act {
        Act::Step(_) => entry.id == step,
        Act::Correct { of, .. } => of == step,
        _ => false,
    }
}

/// The entries of some records of a register, in one reading: they are many, and lie together.
fn entries(
    asked: &Asked<'_>,
    register: &str,
    since: u64,
    wanted: &HashSet<&str>,
) -> Result<HashMap<String, Vec<Entry>>> {
    let sql = "SELECT e.record, e.idx, e.id, e.recorded_at, e.actor, p.body FROM record r \
               JOIN entry e ON e.town_id = r.town_id AND e.record = r.id \
               JOIN payload p ON p.town_id = e.town_id AND p.idx = e.idx \
               WHERE r.town_id = $1 AND r.register = $2 AND r.first_idx >= $3 ORDER BY e.idx";
    let mut read: HashMap<String, Vec<Entry>> = HashMap::new();
    asked.db.each(sql, params![register, since as i64], |row| {
        let record = row.get_ref(0)?.as_str()?;
        if wanted.contains(record) {
            let one = entry(row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?, row.get_ref(5)?.as_str()?)?;
            read.entry(record.to_owned()).or_default().push(one);
        }
        Ok(())
    })?;
    Ok(read)
}

/// The sealed values of a field in the entries of a register.
fn sealed(asked: &Asked<'_>, register: &str, since: u64, field: &str) -> Result<HashMap<u64, Value>> {
    let sql = "SELECT s.idx, s.value FROM record r JOIN entry e ON e.town_id = r.town_id AND e.record = r.id \
               JOIN sealed s ON s.town_id = e.town_id AND s.idx = e.idx \
               WHERE r.town_id = $1 AND r.register = $2 AND r.first_idx >= $3 AND s.field = $4 ORDER BY s.idx";
    let mut values = HashMap::new();
    asked.db.each(sql, params![register, since as i64, field], |row| {
        values.insert(row.get::<i64>(0)? as u64, serde_json::from_str(row.get_ref(1)?.as_str()?)?);
        Ok(())
    })?;
    Ok(values)
}

/// A value as texts.
pub fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::Int(number) => vec![number.to_string()],
        Value::Bool(is) => vec![is.to_string()],
        value => value.texts().to_vec(),
    }
}

/// A field's value out of its texts.
pub fn value(field: &Field, texts: &[String]) -> Option<Value> {
    let first = texts.first()?;
    match field.kind {
        FieldType::YesNo => Some(Value::Bool(first == "true")),
        FieldType::Number | FieldType::Money => first.parse().ok().map(Value::Int),
        _ => Some(Value::List(texts.to_vec())),
    }
}

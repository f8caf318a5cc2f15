//! The steps of a year that a check looks at, as they stand after corrections.

use anyhow::Result;
use engine::day::Day;
use engine::definition::{Condition, Field, FieldRef, FieldType};
use engine::record::{Rules, walk};
use engine::value::Value;
use rusqlite::params;
use serde_json::Value as Json;

use super::{Asked, Concerned};
use crate::storage::TOWN;
use crate::storage::log::{entries_of, sealed_of};

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
    let records = asked.db.rows(sql, params![TOWN, register, days.end().to_string()], |row| {
        Ok((Concerned { record: row.get(0)?, called: row.get(1)? }, row.get::<_, i64>(2)? as u64, row.get(3)?))
    })?;
    let mut all = Vec::new();
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
        let (entries, _) = entries_of(asked.db, &of.record)?;
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
                        sealed_of(asked.db, &entries, &one.id)?.get(&at.field).map(texts).unwrap_or_default()
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

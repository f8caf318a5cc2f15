//! What the checks across records find in a year: questions to whoever kept them, each with its reason (请核实).

mod look;
mod seen;

use std::collections::BTreeSet;

use anyhow::Result;
use engine::definition::{Check, Definitions, FieldRef, Looks};
use engine::figure::Period;
use engine::report::By;
use engine::value::Value;
use rusqlite::params;
use serde::Serialize;

use super::evidence::evidence;
use super::holds::holds;
use super::names::{Names, called, held};
use super::overdue::Dues;
use super::parts::breakdown;
use crate::sets::Sets;
use crate::storage::{Db, TOWN};
use look::Found;

/// Something to be explained.
#[derive(Clone, Debug, Serialize)]
pub struct Finding {
    /// `check:period:subject`, the same whenever it is looked for: what was explained is not asked again.
    pub key: String,
    /// The check's title.
    pub title: String,
    /// What was seen, in numbers.
    pub seen: String,
    /// What is asked.
    pub asks: String,
    /// Why.
    pub reason: String,
    /// Who says that it is to be looked at.
    pub basis: Vec<String>,
    /// The records it is about.
    pub records: Vec<Concerned>,
    /// The record that explains it, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answered: Option<Answered>,
}

/// A record a finding is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Concerned {
    /// Its id.
    pub record: String,
    /// What it is called.
    pub called: String,
}

/// How a finding was answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Answered {
    /// The record.
    pub record: String,
    /// Its state, as people see it.
    pub state: String,
    /// How many of the records it is about were opened after it: those it cannot have explained.
    pub since: u64,
}

/// The register of explanations, and the field that says what is explained.
const ANSWERS: (&str, &str) = ("inquiry", "explain.finding");

/// What a year's records are asked.
pub struct Asked<'a> {
    /// The tables.
    pub db: &'a Db,
    /// The sets adopted, for records of their time.
    pub sets: &'a Sets,
    /// The set in force, whose checks are asked.
    pub set: &'a Definitions,
    /// The year.
    pub period: Period,
}

/// All findings of a year, by check and key.
pub fn findings(asked: &Asked<'_>) -> Result<Vec<Finding>> {
    let (names, dues) = (Names::load(asked.db)?, Dues::load(asked.db, asked.set, None)?);
    let mut all = Vec::new();
    for check in asked.set.checks.values() {
        let found = match &check.looks {
            Looks::Outlier { figure, times, at_least } => outliers(asked, figure, (*times, *at_least), &names, &dues)?,
            looks => in_steps(asked, check, looks)?,
        };
        for one in found {
            all.push(finding(asked, check, one)?);
        }
    }
    Ok(all)
}

fn finding(asked: &Asked<'_>, check: &Check, found: Found) -> Result<Finding> {
    let key = format!("{}:{}:{}", check.id, found.period, found.subject);
    Ok(Finding {
        title: check.title.clone(),
        seen: found.seen,
        asks: check.asks.clone(),
        reason: check.reason.clone(),
        basis: check.basis.on(asked.period.to),
        answered: answered(asked, &key, &found.records)?,
        records: found.records,
        key,
    })
}

fn answered(asked: &Asked<'_>, key: &str, records: &[Concerned]) -> Result<Option<Answered>> {
    let sql = "SELECT r.id, r.state, r.last_idx FROM field f JOIN record r ON r.town_id = f.town_id AND r.id = f.record \
               WHERE f.town_id = $1 AND f.register = $2 AND f.field = $3 AND f.value = $4 ORDER BY r.id LIMIT 1";
    let found = asked.db.one(sql, params![TOWN, ANSWERS.0, ANSWERS.1, key], |row| {
        Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?, row.get::<_, i64>(2)?))
    })?;
    let Some((record, state, last)) = found else { return Ok(None) };
    let mut since = 0;
    for one in records {
        let sql = "SELECT 1 FROM record WHERE town_id = $1 AND id = $2 AND first_idx > $3";
        since += u64::from(asked.db.one(sql, params![TOWN, one.record, last], |_| Ok(()))?.is_some());
    }
    let register = asked.set.register(ANSWERS.0);
    let state = register.map_or(state.clone(), |register| register.state_title(&state).to_owned());
    Ok(Some(Answered { record, state, since }))
}

fn outliers(
    asked: &Asked<'_>,
    figure: &str,
    (times, at_least): (i64, i64),
    names: &Names,
    dues: &Dues,
) -> Result<Vec<Found>> {
    let Some(figure) = asked.set.figures.get(figure) else { return Ok(Vec::new()) };
    let parts = breakdown(asked.db, asked.set, figure, asked.period, By::Village, dues, names)?;
    let value = |number: &engine::figure::Number| match number {
        engine::figure::Number::Whole(value) | engine::figure::Number::Fen(value) => *value,
        _ => 0,
    };
    let villages: Vec<(String, String, i64)> = parts
        .into_iter()
        .filter(|part| !part.key.is_empty() && part.key != "*")
        .map(|part| (part.key, part.label, value(&part.value)))
        .collect();
    // A village with nothing has no row, and is one of the others all the same.
    let known = names.villages().len();
    let mut found = Vec::new();
    for (nth, (key, label, value)) in villages.iter().enumerate() {
        let others = villages.iter().enumerate().filter(|(other, _)| *other != nth).map(|(_, part)| part.2);
        let Some(median) = look::far_above(*value, others.collect(), known, times, at_least) else { continue };
        let behind = evidence(asked.db, asked.set, figure, asked.period, dues, names)?;
        let records: BTreeSet<Concerned> = behind
            .into_iter()
            .filter(|one| one.village == *label)
            .map(|one| Concerned { record: one.record, called: one.called })
            .collect();
        found.push(Found {
            period: asked.period.from.year().to_string(),
            subject: key.clone(),
            seen: format!("{label}{}{value}{}，别的村居中的是 {median}", figure.title, figure.unit()),
            records: records.into_iter().collect(),
        });
    }
    Ok(found)
}

fn in_steps(asked: &Asked<'_>, check: &Check, looks: &Looks) -> Result<Vec<Found>> {
    let (Some(register), Some(step)) = (looks.register(), looks.step()) else { return Ok(Vec::new()) };
    if let Looks::Outdated { field, .. } = looks {
        return outdated(asked, check, register, field);
    }
    let fields: Vec<&FieldRef> = match looks {
        Looks::Burst { by, .. } => by.iter().map(|by| &by.value).collect(),
        Looks::Repeated { field, .. } => vec![&field.value],
        Looks::Overlap { who, place, .. } => vec![&who.value, &place.value],
        Looks::Times { of, over, .. } => vec![&of.value, &over.value],
        Looks::Refers { to, .. } => vec![&to.value],
        Looks::Outdated { .. } | Looks::LastDay { .. } | Looks::Outlier { .. } => Vec::new(),
    };
    let seen = seen::seen(asked, register, step, &check.when, &fields)?;
    let mut found = match looks {
        Looks::Burst { more_than, .. } => look::bursts(&seen, *more_than),
        Looks::Repeated { more_than, .. } => look::repeated(&seen, *more_than, asked.period.from.year()),
        Looks::LastDay { period, percent, at_least, .. } => {
            look::last_days(&seen, &asked.set.calendar, period.months(), *percent, *at_least)
        }
        Looks::Overlap { .. } => look::overlaps(&seen),
        Looks::Times { more_than, .. } => look::times(&seen, *more_than),
        Looks::Refers { conditions, .. } => {
            let mut found = Vec::new();
            for one in look::naming(&seen, asked.period.from.year()) {
                if holds(asked.db, asked.sets, &asked.set.calendar, &one.subject, conditions)? {
                    found.push(one);
                }
            }
            found
        }
        Looks::Outdated { .. } | Looks::Outlier { .. } => Vec::new(),
    };
    let whose = matches!(looks, Looks::Burst { .. } | Looks::Overlap { .. } | Looks::Refers { .. });
    for one in found.iter_mut().filter(|_| whose) {
        if let Some(name) = called(asked.db, &one.subject)? {
            one.seen = format!("{name}：{}", one.seen);
        }
    }
    Ok(found)
}

/// Copied values that the records they were copied from do not bear out any more.
fn outdated(asked: &Asked<'_>, check: &Check, register: &str, field: &FieldRef) -> Result<Vec<Found>> {
    let defined = asked.set.register(register).and_then(|register| register.field(field));
    let Some((defined, copy)) = defined.and_then(|field| Some((field, field.copy.as_ref()?))) else {
        return Ok(Vec::new());
    };
    let seen = seen::seen(asked, register, &field.step, &check.when, &[field, &copy.of])?;
    let mut found = Vec::new();
    for one in seen {
        let Some(from) = one.values[1].first() else { continue };
        let (then, now) = (seen::value(defined, &one.values[0]), held(asked.db, from, &copy.field)?);
        if now.as_ref().map(seen::texts).unwrap_or_default() == one.values[0] {
            continue;
        }
        let named = |id: &str| Ok(called(asked.db, id)?.unwrap_or_else(|| id.to_owned()));
        let shown = |value: Option<Value>| -> Result<String> {
            value.map_or_else(|| Ok("没有记".to_owned()), |value| defined.shown(&value, named))
        };
        let there = called(asked.db, from)?.unwrap_or_else(|| from.clone());
        found.push(Found {
            period: one.day.to_string(),
            subject: one.of.record.clone(),
            seen: format!("{}：{}是“{}”，{there}现在是“{}”", one.of.called, defined.title, shown(then)?, shown(now)?),
            records: vec![one.of.clone()],
        });
    }
    Ok(found)
}

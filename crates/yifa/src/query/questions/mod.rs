//! What the checks across records find in a year: questions to whoever kept them, each with its reason (请核实).

mod look;
mod seen;

use std::collections::{BTreeSet, HashMap};

use anyhow::Result;
use engine::definition::{Check, Definitions, FieldRef, Looks};
use engine::figure::Period;
use engine::report::By;
use engine::value::Value;
use serde::Serialize;

use super::called::named;
use super::evidence::evidence;
use super::holds::holds;
use super::names::{Names, called, held};
use super::overdue::Dues;
use super::parts::breakdown;
use crate::sets::Sets;
use crate::storage::{Db, params};
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
    /// Index of its last entry.
    #[serde(skip)]
    last: u64,
}

/// The register of explanations, and the field that says what is explained.
pub const ANSWERS: (&str, &str) = ("inquiry", "explain.finding");

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
    findings_of(asked, |_| true)
}

/// The findings of some checks.
pub fn findings_of(asked: &Asked<'_>, wanted: impl Fn(&Check) -> bool) -> Result<Vec<Finding>> {
    let (names, dues) = (Names::load(asked.db)?, Dues::load(asked.db, asked.set, None)?);
    let answers = answers(asked)?;
    let mut all = Vec::new();
    for check in asked.set.checks.values().filter(|check| wanted(check)) {
        let found = match &check.looks {
            Looks::Outlier { figure, times, at_least } => outliers(asked, figure, (*times, *at_least), &names, &dues)?,
            looks => in_steps(asked, check, looks)?,
        };
        all.extend(found.into_iter().map(|one| finding(asked, check, one, &answers)));
    }
    // Of what was explained: what came after the explanation.
    let explained = all.iter().filter(|one| one.answered.is_some()).flat_map(|one| &one.records);
    let known = named(asked.db, &explained.map(|of| of.record.clone()).collect())?;
    for one in &mut all {
        if let Some(answered) = &mut one.answered {
            let first = |of: &&Concerned| known.get(&of.record).is_some_and(|named| named.first > answered.last);
            answered.since = one.records.iter().filter(first).count() as u64;
        }
    }
    Ok(all)
}

fn finding(asked: &Asked<'_>, check: &Check, found: Found, answers: &HashMap<String, Answered>) -> Finding {
    let key = format!("{}:{}:{}", check.id, found.period, found.subject);
    Finding {
        title: check.title.clone(),
        seen: found.seen,
        asks: check.asks.clone(),
        reason: check.reason.clone(),
        basis: check.basis.on(asked.period.to),
        answered: answers.get(&key).cloned(),
        records: found.records,
        key,
    }
}

/// The records that explain something, by the key of what they explain; of several the first.
fn answers(asked: &Asked<'_>) -> Result<HashMap<String, Answered>> {
    let sql = "SELECT f.value, r.id, r.state, r.last_idx FROM field f \
               JOIN record r ON r.town_id = f.town_id AND r.id = f.record \
               WHERE f.town_id = $1 AND f.register = $2 AND f.field = $3 ORDER BY r.id";
    let register = asked.set.register(ANSWERS.0);
    let mut answers = HashMap::new();
    asked.db.each(sql, params![ANSWERS.0, ANSWERS.1], |row| {
        let state: String = row.get(2)?;
        let state = register.map_or(state.clone(), |register| register.state_title(&state).to_owned());
        let answered = Answered { record: row.get(1)?, state, since: 0, last: row.get::<i64>(3)? as u64 };
        answers.entry(row.get(0)?).or_insert(answered);
        Ok(())
    })?;
    Ok(answers)
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
    if whose {
        let known = named(asked.db, &found.iter().map(|one| one.subject.clone()).collect())?;
        for one in &mut found {
            if let Some(of) = known.get(&one.subject) {
                one.seen = format!("{}：{}", of.called(), one.seen);
            }
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

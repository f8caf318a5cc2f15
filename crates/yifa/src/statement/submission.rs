//! What was sent: to whom, when, and as of which size of the journal (报送).

use std::sync::Arc;

use anyhow::Result;
use engine::act::{Act, Entry};
use engine::day::Day;
use engine::definition::{Definitions, Register};
use engine::figure::Period;
use engine::record::{Course, Instance, Rules, walk};
use engine::value::Value;
use serde::Serialize;

use crate::sets::Sets;
use crate::storage::log::entry;
use crate::storage::{Db, params};

/// The register of what was sent, and its steps.
pub const REGISTER: &str = "submission";
/// See [`REGISTER`].
pub const SEND: &str = "send";
/// See [`REGISTER`].
pub const REPLACE: &str = "replace";
/// See [`REGISTER`].
pub const SETTLE: &str = "settle";

/// One statement sent, with what was sent in its place and what was said since.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Submission {
    /// Its record.
    pub id: String,
    /// Its number.
    pub number: String,
    /// The statement.
    pub statement: String,
    /// What it was called.
    pub title: String,
    /// The stretch of time, as its key.
    pub period: String,
    /// Its first day.
    pub from: Day,
    /// The day up to which what was sent last was counted.
    pub until: Day,
    /// To whom.
    pub to: String,
    /// The day it was sent first.
    pub on: Day,
    /// The day it was sent again, if it was.
    pub replaced: Option<Day>,
    /// The day on which the differences were told, if that came last.
    pub settled: Option<Day>,
    /// The size of the journal from which on changes count: of what was sent or told last.
    pub size: u64,
    /// The size what was sent last was counted at.
    pub sent_at: u64,
    /// SHA-256 of what was sent last.
    pub file: String,
    /// SHA-256 of the superior's workbook it was filled into, if there was one.
    pub template: Option<String>,
    /// The index of the record's last entry.
    #[serde(skip)]
    pub last: u64,
}

impl Submission {
    /// The days it is about, as it was sent last.
    pub fn days(&self) -> Period {
        Period { from: self.from, to: self.until }
    }

    /// When it was sent, and what came of it since, as people say it.
    pub fn said(&self) -> String {
        match (self.replaced, self.settled) {
            (_, Some(settled)) => format!("{}（{settled} 说明）", self.on),
            (Some(replaced), None) => format!("{}（{replaced} 更正）", self.on),
            (None, None) => self.on.to_string(),
        }
    }
}

/// All that was sent, in the order sent; void ones left out.
pub fn submissions(db: &Db, sets: &Sets) -> Result<Vec<Submission>> {
    let set = &sets.current()?.set;
    // All in one statement: the home page asks for them.
    let sql = "SELECT r.id, e.idx, e.id, e.recorded_at, e.actor, p.body \
               FROM record r JOIN entry e ON e.town_id = r.town_id AND e.record = r.id \
               JOIN payload p ON p.town_id = e.town_id AND p.idx = e.idx \
               WHERE r.town_id = $1 AND r.register = $2 AND r.state <> 'void' ORDER BY r.opened, r.first_idx, e.idx";
    let mut sent: Vec<(String, Vec<Entry>)> = Vec::new();
    db.each(sql, params![REGISTER], |row| {
        let id: String = row.get(0)?;
        let one = entry(row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?, row.get_ref(5)?.as_str()?)?;
        match sent.last_mut().filter(|(last, _)| *last == id) {
            Some((_, entries)) => entries.push(one),
            None => sent.push((id, vec![one])),
        }
        Ok(())
    })?;
    let mut all = Vec::new();
    for (id, entries) in sent {
        let Some(first) = entries.first() else { continue };
        let register = sets.opened_under(first.index, REGISTER)?;
        all.extend(read(id, &entries, register, set));
    }
    Ok(all)
}

fn read(id: String, entries: &[Entry], register: &Arc<Register>, set: &Definitions) -> Option<Submission> {
    let rules = Rules { register, figures: &[], calendar: &set.calendar };
    let (course, _): (Course<'_>, _) = walk(rules, entries);
    let taken =
        |step: &str| course.taken().filter(|one| one.step.id.value == step).max_by_key(|one| one.entry).cloned();
    let (first, again, told) = (taken(SEND)?, taken(REPLACE), taken(SETTLE));
    let text = |one: &Instance<'_>, field: &str| one.value(field).and_then(Value::as_text).map(str::to_owned);
    let day = |one: &Instance<'_>, field: &str| one.day_of(field);
    let size = |one: &Instance<'_>| one.value("size").and_then(Value::as_int).and_then(|size| u64::try_from(size).ok());
    let sent = again.as_ref().unwrap_or(&first);
    let told = told.filter(|told| told.entry > sent.entry);
    let number = entries.iter().find_map(|entry| match &entry.act {
        Act::Step(taken) => taken.number.clone(),
        _ => None,
    });
    Some(Submission {
        number: number.unwrap_or_else(|| id.clone()),
        id,
        statement: text(&first, "statement")?,
        title: text(&first, "title")?,
        period: text(&first, "period")?,
        from: day(&first, "from")?,
        until: day(sent, "until")?,
        to: text(&first, "to")?,
        on: first.day,
        replaced: again.as_ref().map(|one| one.day),
        settled: told.as_ref().map(|one| one.day),
        size: told.as_ref().and_then(size).or_else(|| size(sent))?,
        sent_at: size(sent)?,
        file: text(sent, "file")?,
        template: text(sent, "template").or_else(|| text(&first, "template")),
        last: entries.last()?.index,
    })
}

/// The one already sent of a statement, on a stretch of time, to somebody.
pub fn sent<'s>(all: &'s [Submission], statement: &str, period: &str, to: &str) -> Option<&'s Submission> {
    all.iter().rev().find(|one| one.statement == statement && one.period == period && one.to == to)
}

/// The workbook a statement was filled into last; those for the same superior come first.
pub fn template<'s>(all: &'s [Submission], statement: &str, to: &str) -> Option<&'s str> {
    let of_it = || all.iter().rev().filter(|one| one.statement == statement && one.template.is_some());
    let found = of_it().find(|one| one.to == to).or_else(|| of_it().next())?;
    found.template.as_deref()
}

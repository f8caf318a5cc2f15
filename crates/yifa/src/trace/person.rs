//! The card of a person: every step that names them, in which role and post, and every entry they made.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use anyhow::Result;
use engine::act::Act;
use engine::day::Day;
use serde::Serialize;

use super::former::Former;
use super::{Chosen, Held, Known, Name, Post, Reader, chosen, known, other, references, standing, subject};
use crate::storage::log::Size;

/// All that a person did or was named in.
#[derive(Debug, Serialize)]
pub struct Card {
    /// Who.
    pub person: Name,
    /// What they were called before.
    pub formerly: Vec<Former>,
    /// The journal it was read from.
    pub checkpoint: Size,
    /// The posts they held.
    pub posts: Vec<Post>,
    /// The steps that name them, in the order they happened.
    pub deeds: Vec<Deed>,
    /// What they recorded beside those, in the order recorded.
    pub recorded: Vec<Recorded>,
    /// How many more there are in registers that whoever looks may not read.
    pub withheld: usize,
}

impl Card {
    /// Leaves out what stands in records that may not be seen, told by register and record.
    pub fn withhold(&mut self, sees: impl Fn(&str, &str) -> bool) {
        let before = self.deeds.len() + self.recorded.len();
        self.deeds.retain(|deed| sees(&deed.register, &deed.record));
        self.recorded.retain(|one| sees(&one.id, &one.record));
        self.withheld += before - self.deeds.len() - self.recorded.len();
    }
}

/// A step that names somebody.
#[derive(Debug, Serialize)]
pub struct Deed {
    /// The day it happened, as it stands now.
    pub day: Day,
    /// The day it was recorded.
    pub recorded: Day,
    /// Its entry.
    pub entry: u64,
    /// The register's id.
    pub register: String,
    /// The register's title.
    pub register_title: String,
    /// The record.
    pub record: String,
    /// What the record is called.
    pub called: String,
    /// The step's id.
    pub step: String,
    /// The step's title.
    pub title: String,
    /// In which roles: the fields that name them.
    pub roles: Vec<Role>,
    /// They recorded it themselves.
    pub by_themselves: bool,
    /// Their posts on that day.
    pub posts: Vec<String>,
    /// What was chosen.
    pub results: Vec<Chosen>,
    /// How it stands now.
    pub standing: Vec<String>,
    /// The state of the record now.
    pub state: String,
    /// What the record already held when it was recorded.
    pub known: Vec<Known>,
}

/// In which role a step names somebody.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Role {
    /// The field's title.
    pub title: String,
    /// Through which record of theirs: a post, a mediator.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub through: Option<Name>,
    /// Corrected since.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<&'static str>,
}

/// An entry somebody made about what does not name them.
#[derive(Debug, Serialize)]
pub struct Recorded {
    /// The day it was recorded.
    pub recorded: Day,
    /// The entry.
    pub entry: u64,
    /// The register's id.
    #[serde(skip)]
    pub id: String,
    /// The register's title.
    pub register: String,
    /// The record.
    #[serde(skip)]
    pub record: String,
    /// What the record is called.
    pub called: String,
    /// What was done.
    pub act: String,
}

/// Reads the card of a person, of what happened (and was recorded) from a day to another.
pub fn card(reader: &Reader<'_>, person: &str, days: (Day, Day), checkpoint: Size) -> Result<Option<Card>> {
    let Some(name) = reader.name(person, reader.size)? else { return Ok(None) };
    let mut look = records(reader, BTreeSet::from([person.to_owned()]))?;
    let mut own = BTreeSet::new();
    for id in &look {
        let Some(held) = reader.held(id)? else { continue };
        if is_theirs(reader, &held, person)? {
            own.insert(id.clone());
        }
    }
    if !own.is_empty() {
        look.extend(records(reader, own.clone())?);
    }
    let mut card = Card {
        person: name,
        formerly: match reader.held(person)? {
            Some(held) => reader.former(&held)?,
            None => Vec::new(),
        },
        checkpoint,
        posts: reader.posts_of(person)?.to_vec(),
        deeds: Vec::new(),
        recorded: Vec::new(),
        withheld: 0,
    };
    look.insert(person.to_owned());
    for id in &look {
        if let Some(held) = reader.held(id)? {
            of_record(reader, &held, person, &own, days, &mut card)?;
        }
    }
    card.deeds.sort_by_key(|deed| (deed.day, deed.entry));
    card.recorded.sort_by_key(|one| one.entry);
    Ok(Some(card))
}

fn records(reader: &Reader<'_>, ids: BTreeSet<String>) -> Result<BTreeSet<String>> {
    Ok(reader.naming(&ids)?.into_values().flatten().collect())
}

/// Whether a record is somebody's own: their post, their being a mediator.
fn is_theirs(reader: &Reader<'_>, held: &Rc<Held>, person: &str) -> Result<bool> {
    let Some(field) = subject(&held.register) else { return Ok(false) };
    let (_, course) = reader.rows(held)?;
    let named = |fields: &engine::value::Fields| {
        fields.get(field.id.value.as_str()).is_some_and(|value| value.as_text() == Some(person))
    };
    Ok(course.steps.iter().any(|one| one.step.opens() && named(&one.fields)))
}

fn of_record(
    reader: &Reader<'_>,
    held: &Held,
    person: &str,
    own: &BTreeSet<String>,
    (from, to): (Day, Day),
    card: &mut Card,
) -> Result<()> {
    let (rows, course) = reader.rows(held)?;
    let called = rows.head.number.clone().unwrap_or_else(|| rows.head.title.clone());
    let state = match course.void {
        true => "已作废".to_owned(),
        false => held.register.state_title(&rows.head.state).to_owned(),
    };
    let within = |day: Day| (from..=to).contains(&day);
    for entry in &held.entries {
        let by_themselves = entry.actor == person;
        let one = course.steps.iter().find(|one| one.entry == entry.index);
        let (Act::Step(taken), Some(one)) = (&entry.act, one) else {
            if let Some(act) = other(&entry.act, &course).filter(|_| by_themselves && within(entry.recorded)) {
                card.recorded.push(Recorded {
                    recorded: entry.recorded,
                    entry: entry.index,
                    id: held.register.id.value.clone(),
                    register: held.register.title.clone(),
                    record: held.id.clone(),
                    called: called.clone(),
                    act,
                });
            }
            continue;
        };
        let mut roles: BTreeMap<(&str, Option<&str>), Role> = BTreeMap::new();
        for reference in references(one.step, &taken.fields, &one.fields) {
            let through = match () {
                _ if reference.id == person => None,
                _ if own.contains(&reference.id) => reader.name(&reference.id, entry.index)?,
                _ => continue,
            };
            // Of somebody's own record, his post or his exam, he is no “人员”: it is about himself.
            let about = subject(&held.register).is_some_and(|field| field.id.value == reference.field.id.value);
            let title = if about && one.step.opens() { "本人".to_owned() } else { reference.field.title.clone() };
            let role = Role { title, through, note: reference.note };
            roles.insert((&reference.field.id, reference.note), role);
        }
        if roles.is_empty() {
            if by_themselves && within(entry.recorded) {
                card.recorded.push(Recorded {
                    recorded: entry.recorded,
                    entry: entry.index,
                    id: held.register.id.value.clone(),
                    register: held.register.title.clone(),
                    record: held.id.clone(),
                    called: called.clone(),
                    act: one.step.title.clone(),
                });
            }
            continue;
        }
        if !within(one.day) {
            continue;
        }
        card.deeds.push(Deed {
            day: one.day,
            recorded: one.recorded,
            entry: one.entry,
            register: held.register.id.value.clone(),
            register_title: held.register.title.clone(),
            record: held.id.clone(),
            called: called.clone(),
            step: one.step.id.value.clone(),
            title: one.step.title.clone(),
            roles: roles.into_values().collect(),
            by_themselves,
            posts: reader.posts_on(person, one.day)?,
            results: chosen(one),
            standing: standing(one, &course, &rows),
            state: state.clone(),
            known: known(&course, one.entry),
        });
    }
    Ok(())
}

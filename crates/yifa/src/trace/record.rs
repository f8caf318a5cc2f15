//! The chain of a record: its steps with everybody in them, what it rests on and what rests on it, step by step.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use engine::act::Act;
use engine::day::Day;
use engine::definition::FieldType;
use serde::Serialize;

use super::former::Former;
use super::{Chosen, Held, Name, Reader, chosen, is_roster, other, references, standing, subject};
use crate::storage::log::Size;

/// A record that more than so many refer to is shown and not followed to them: a committee is named by every case.
const MOST: usize = 20;

/// A record and what hangs together with it.
#[derive(Debug, Serialize)]
pub struct Chain {
    /// The journal it was read from.
    pub checkpoint: Size,
    /// The record asked for, then the linked ones, the nearest first.
    pub records: Vec<Node>,
    /// How many more there are in registers that whoever looks may not read.
    pub withheld: usize,
}

impl Chain {
    /// Leaves out the records that may not be seen, told by register and record.
    pub fn withhold(&mut self, sees: impl Fn(&str, &str) -> bool) {
        let before = self.records.len();
        self.records.retain(|node| sees(&node.register, &node.record));
        self.withheld += before - self.records.len();
    }
}

/// A record of the chain.
#[derive(Debug, Serialize)]
pub struct Node {
    /// How many links away from the record asked for.
    pub depth: u8,
    /// By which links it came in.
    pub because: Vec<String>,
    /// The register's id.
    pub register: String,
    /// The register's title.
    pub register_title: String,
    /// The record.
    pub record: String,
    /// What it is called.
    pub called: String,
    /// What it was called before, where its register knows other names.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub formerly: Vec<Former>,
    /// Where it stands.
    pub state: String,
    /// Its steps and other entries, in the order recorded.
    pub steps: Vec<Taken>,
    /// How many records refer to it that were not followed.
    pub not_followed: usize,
}

/// An entry of a record.
#[derive(Debug, Serialize)]
pub struct Taken {
    /// Its index.
    pub entry: u64,
    /// The day it happened.
    pub day: Day,
    /// The day it was recorded.
    pub recorded: Day,
    /// Who recorded it.
    pub by: String,
    /// What was done.
    pub title: String,
    /// Everybody named.
    pub people: Vec<Somebody>,
    /// Other records named.
    pub refers: Vec<Chosen>,
    /// What was chosen.
    pub results: Vec<Chosen>,
    /// How it stands now.
    pub standing: Vec<String>,
}

/// Somebody named in a step.
#[derive(Debug, Serialize)]
pub struct Somebody {
    /// The field's title.
    pub role: String,
    /// Who.
    pub name: Name,
    /// Their posts on that day.
    pub posts: Vec<String>,
    /// Corrected since.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<&'static str>,
}

/// Which way a record was come to: by a reference to it, or by a reference of its own.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Way {
    /// It is what the one before refers to, and rests on.
    Onto,
    /// It is what refers to the one before, and rests on it.
    From,
}

/// Reads the chain of a record, up to so many links away: what it rests on, what that rests on, and on; and what rests on
/// it, and on. The way is never turned about. A catalogue that lists this decision and forty others would else bring in
/// the forty, with which it has nothing to do.
pub fn chain(reader: &Reader<'_>, record: &str, most: u8, checkpoint: Size) -> Result<Option<Chain>> {
    let Some(held) = reader.held(record)? else { return Ok(None) };
    let mut chain = Chain { checkpoint, records: vec![node(reader, &held, 0)?], withheld: 0 };
    let both = [Way::Onto, Way::From].map(|way| (record.to_owned(), way));
    let mut seen = BTreeSet::from(both);
    let mut level = seen.clone();
    for depth in 1..=most {
        let mut because: BTreeMap<(String, Way), Vec<String>> = BTreeMap::new();
        let backwards = level.iter().filter(|(_, way)| *way == Way::From).map(|(id, _)| id.clone()).collect();
        let named = reader.naming(&backwards)?;
        for (id, way) in &level {
            let Some(held) = reader.held(id)? else { continue };
            let called = title(reader, &held)?;
            if *way == Way::Onto {
                for (to, by) in refers(reader, &held)? {
                    because.entry((to, *way)).or_default().push(format!("{called}的“{by}”"));
                }
                continue;
            }
            let from = named.get(id).cloned().unwrap_or_default();
            if depth > 1 && from.len() > MOST {
                continue;
            }
            for other in from {
                let Some(held) = reader.held(&other)? else { continue };
                let by: BTreeSet<String> =
                    refers(reader, &held)?.into_iter().filter(|(to, _)| to == id).map(|(_, by)| by).collect();
                if !by.is_empty() {
                    let by = by.into_iter().collect::<Vec<_>>().join("”“");
                    because.entry((other, *way)).or_default().push(format!("它的“{by}”是{called}"));
                }
            }
        }
        level.clear();
        for ((id, way), because) in because {
            let Some(held) = reader.held(&id)?.filter(|held| !is_roster(&held.register)) else { continue };
            if !seen.insert((id.clone(), way)) {
                continue;
            }
            level.insert((id.clone(), way));
            match chain.records.iter_mut().find(|node| node.record == id) {
                Some(node) if node.depth == depth => node.because.extend(because),
                Some(_) => {}
                None => chain.records.push(Node { because, ..node(reader, &held, depth)? }),
            }
        }
    }
    count_others(reader, &mut chain)?;
    Ok(Some(chain))
}

/// Says of each linked record how many others refer to it that are not of this chain.
fn count_others(reader: &Reader<'_>, chain: &mut Chain) -> Result<()> {
    let linked: BTreeSet<String> = chain.records.iter().skip(1).map(|node| node.record.clone()).collect();
    let shown: BTreeSet<String> = chain.records.iter().map(|node| node.record.clone()).collect();
    let named = reader.naming(&linked)?;
    for node in chain.records.iter_mut().skip(1) {
        node.not_followed = named.get(&node.record).map_or(0, |from| from.difference(&shown).count());
    }
    Ok(())
}

fn title(reader: &Reader<'_>, held: &Held) -> Result<String> {
    let called = reader.name(&held.id, reader.size)?.map_or_else(|| held.id.clone(), |name| name.to_string());
    Ok(format!("{} {called} ", held.register.title))
}

/// The records a record refers to, and by which field.
fn refers(reader: &Reader<'_>, held: &Held) -> Result<BTreeSet<(String, String)>> {
    let (_, course) = reader.rows(held)?;
    let mut found = BTreeSet::new();
    for entry in &held.entries {
        match &entry.act {
            Act::Step(taken) => {
                let Some(one) = course.steps.iter().find(|one| one.entry == entry.index) else { continue };
                for reference in references(one.step, &taken.fields, &one.fields) {
                    found.insert((reference.id, reference.field.title.clone()));
                }
            }
            Act::Link { to, reason, .. } => drop(found.insert((to.clone(), format!("关联：{reason}")))),
            _ => {}
        }
    }
    Ok(found)
}

fn node(reader: &Reader<'_>, held: &Held, depth: u8) -> Result<Node> {
    let (rows, course) = reader.rows(held)?;
    let mut node = Node {
        depth,
        because: Vec::new(),
        register: held.register.id.value.clone(),
        register_title: held.register.title.clone(),
        record: held.id.clone(),
        called: rows.head.number.clone().map_or_else(String::new, |number| format!("{number} ")) + &rows.head.title,
        formerly: match held.register.renamed {
            Some(_) => reader.former(held)?,
            None => Vec::new(),
        },
        state: match course.void {
            true => "已作废".to_owned(),
            false => held.register.state_title(&rows.head.state).to_owned(),
        },
        steps: Vec::new(),
        not_followed: 0,
    };
    for entry in &held.entries {
        let one = course.steps.iter().find(|one| one.entry == entry.index);
        let mut line = Taken {
            entry: entry.index,
            day: one.map_or(entry.recorded, |one| one.day),
            recorded: entry.recorded,
            by: reader.actor(entry)?,
            title: String::new(),
            people: Vec::new(),
            refers: Vec::new(),
            results: Vec::new(),
            standing: Vec::new(),
        };
        match (&entry.act, one) {
            (Act::Step(taken), Some(one)) => {
                line.title = one.step.title.clone();
                line.results = chosen(one);
                line.standing = standing(one, &course, &rows);
                for reference in references(one.step, &taken.fields, &one.fields) {
                    let Some(name) = reader.name(&reference.id, entry.index)? else { continue };
                    let role = reference.field.title.clone();
                    match somebody(reader, &reference.id, &reference.field.kind)? {
                        Some(person) => line.people.push(Somebody {
                            role,
                            name,
                            posts: reader.posts_on(&person, one.day)?,
                            note: reference.note,
                        }),
                        None => {
                            let note = reference.note.map_or_else(String::new, |note| format!("（{note}）"));
                            line.refers.push(Chosen { field: role, value: format!("{name}{note}") });
                        }
                    }
                }
            }
            (Act::Step(taken), None) => line.title = format!("“{}”（定义中已没有这一步）", taken.step),
            (act, _) => {
                line.title = other(act, &course).unwrap_or_default();
                if let Act::Link { to, .. } = act
                    && let Some(name) = reader.name(to, entry.index)?
                {
                    line.refers.push(Chosen { field: "关联".to_owned(), value: name.to_string() });
                }
            }
        }
        node.steps.push(line);
    }
    Ok(node)
}

/// Whom a reference means, where it means somebody: a person, or the person of a post or mediator.
fn somebody(reader: &Reader<'_>, id: &str, kind: &FieldType) -> Result<Option<String>> {
    if *kind == FieldType::Person {
        return Ok(Some(id.to_owned()));
    }
    let Some(held) = reader.held(id)? else { return Ok(None) };
    let Some(field) = subject(&held.register) else { return Ok(None) };
    let (_, course) = reader.rows(&held)?;
    let of = |one: &engine::record::Instance<'_>| Some(one.value(&field.id)?.as_text()?.to_owned());
    Ok(course.steps.iter().find(|one| one.step.opens()).and_then(of))
}

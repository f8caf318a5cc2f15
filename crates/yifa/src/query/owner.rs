//! Who answers for a due: a person, the posts he holds on its last day, and the records he is engaged by.

use std::collections::{BTreeSet, HashMap};

use anyhow::Result;
use engine::day::Day;
use engine::definition::{Definitions, FieldType};
use engine::record::SEVERAL;
use serde_json::Value;

use super::called::{Named, named};
use crate::storage::{Db, params};

/// The register of posts, and where one says who holds it, from when, and when that ended.
pub(super) const POST: &str = "post";
pub(super) const HELD_BY: &str = "appoint.person";
/// The rank of whoever is head of an office: what the office has to do is his.
const HEAD_OF_OFFICE: &str = "section";

/// What somebody answers for.
pub struct Holder {
    person: String,
    held: Vec<Held>,
}

/// A record by which somebody answers for something.
struct Held {
    record: String,
    from: Day,
    /// The first day on which it was over.
    ended: Option<Day>,
}

impl Holder {
    /// Reads it. Besides a post it may be any record whose opening step names him as its one person: a mediator's, an
    /// adviser's. Those have no term of their own here: whoever was engaged answers for what he left undone.
    pub fn load(db: &Db, set: &Definitions, person: &str) -> Result<Holder> {
        let sql = "SELECT r.id, r.register, l.named_by, r.body FROM link l \
                   JOIN record r ON r.town_id = l.town_id AND r.id = l.record \
                   WHERE l.town_id = $1 AND l.target = $2 AND r.state <> 'void' ORDER BY l.named_by, r.id";
        let rows = db.rows(sql, params![person], |row| {
            Ok((row.get::<String>(0)?, row.get::<String>(1)?, row.get::<String>(2)?, row.get::<String>(3)?))
        })?;
        let mut held = Vec::new();
        for (record, register, named_by, body) in rows {
            if register == POST {
                if named_by == HELD_BY {
                    let from = day(&body, "appoint", "from").unwrap_or(Day::MIN);
                    let ended = day(&body, "end", "on");
                    if text(&body, "appoint", "rank").is_some_and(|rank| rank == HEAD_OF_OFFICE) {
                        let office = text(&body, "appoint", "office");
                        held.extend(office.map(|record| Held { record, from, ended }));
                    }
                    held.push(Held { record, from, ended });
                }
            } else if names_its_person(set, &register, &named_by) {
                held.push(Held { record, from: Day::MIN, ended: None });
            }
        }
        Ok(Holder { person: person.to_owned(), held })
    }

    /// Whether what this owner has to do by a day is his, alone or together with others.
    pub fn answers_for(&self, owner: &str, last: Day) -> bool {
        let holds = |held: &Held| held.from <= last && held.ended.is_none_or(|ended| last < ended);
        let is = |owner: &str| owner == self.person || self.held.iter().any(|held| held.record == owner && holds(held));
        owner.split(SEVERAL).any(is)
    }
}

fn names_its_person(set: &Definitions, register: &str, named_by: &str) -> bool {
    let (Some(register), Some((step, field))) = (set.register(register), named_by.split_once('.')) else {
        return false;
    };
    let step = register.step(step).filter(|step| step.opens());
    step.and_then(|step| step.field(field)).is_some_and(|field| field.kind == FieldType::Person && !field.many)
}

/// A text out of what a record says of itself.
pub(super) fn text(body: &str, step: &str, field: &str) -> Option<String> {
    let body: Value = serde_json::from_str(body).ok()?;
    Some(body.get(step)?.get(field)?.as_str()?.to_owned())
}

pub(super) fn day(body: &str, step: &str, field: &str) -> Option<Day> {
    Day::parse(&text(body, step, field)?)
}

/// What the owner of a due is called: a post with whoever was appointed to it.
pub fn owner_called(db: &Db, owner: &str) -> Result<String> {
    Ok(Owners::load(db, [owner])?.called(owner))
}

/// What owners of dues are called, asked at once.
pub struct Owners(HashMap<String, Named>);

impl Owners {
    /// Reads it, of these; each may be several.
    pub fn load<'o>(db: &Db, owners: impl IntoIterator<Item = &'o str>) -> Result<Owners> {
        let all = owners.into_iter().flat_map(|owner| owner.split(SEVERAL)).filter(|owner| !owner.is_empty());
        let mut known = named(db, &all.map(str::to_owned).collect())?;
        let people: BTreeSet<String> = known.values().filter_map(|one| one.holder.clone()).collect();
        known.extend(named(db, &people)?);
        Ok(Owners(known))
    }

    /// What one is called; nothing for nobody.
    pub fn called(&self, owner: &str) -> String {
        let own = |id: &str| self.0.get(id).map(|one| one.called().to_owned());
        let one = |id: &str| {
            let holder = self.0.get(id).and_then(|one| own(one.holder.as_ref()?));
            let own = own(id).unwrap_or_else(|| id.to_owned());
            holder.map_or(own.clone(), |person| format!("{own} {person}"))
        };
        owner.split(SEVERAL).map(one).collect::<Vec<_>>().join("、")
    }
}

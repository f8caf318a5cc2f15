//! Who did what, when, in which post, and what was known then: the card of a person, the chain of a record (倒查).
//!
//! Read from entries, not from the derived tables: what was voided or corrected away was done all the same, and the
//! journal can be read as it was at any earlier size. Sealed values are not in an act, so none is opened here.

pub mod former;
pub mod person;
pub mod print;
pub mod record;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;
use std::sync::Arc;

use anyhow::Result;
use engine::act::{Act, Entry};
use engine::day::Day;
use engine::definition::{Field, FieldType, Register, Step};
use engine::record::{Course, Instance, Rows, Rules, apply, walk};
use engine::value::{Fields, Value};
use memchr::memmem::Finder;
use serde::Serialize;

use crate::sets::Sets;
use crate::storage::log::entries_of;
use crate::storage::{Db, params};

/// The journal as it is traced: up to a size, each record read once.
pub struct Reader<'r> {
    /// The database.
    pub db: &'r Db,
    /// The sets it has adopted.
    pub sets: &'r Sets,
    /// How many entries are read.
    pub size: u64,
    /// The registers whose records are not even named to whoever looks.
    pub shut: BTreeSet<String>,
    held: RefCell<HashMap<String, Option<Rc<Held>>>>,
    posts: RefCell<HashMap<String, Rc<Vec<Post>>>>,
}

/// A record with its entries.
pub struct Held {
    /// Its id.
    pub id: String,
    /// Its register, as defined when it was opened.
    pub register: Arc<Register>,
    /// Its entries, in order.
    pub entries: Vec<Entry>,
}

/// What a record is called: then, and now where that is another name or it has ended since.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Name {
    /// Its id.
    pub record: String,
    /// What it was called.
    pub then: String,
    /// What it is called now, where that differs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub now: Option<String>,
    /// Where it has got to since: 已撤销, 已离册, 已并入 and into which.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub standing: Option<String>,
}

impl std::fmt::Display for Name {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.then)?;
        let now = self.now.as_ref().map(|now| format!("现为{now}"));
        let since: Vec<String> = now.into_iter().chain(self.standing.clone()).collect();
        if since.is_empty() { Ok(()) } else { write!(f, "（{}）", since.join("，")) }
    }
}

/// A post somebody held.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Post {
    /// The record in the register of posts.
    pub record: String,
    /// What it is called.
    pub role: String,
    /// First day.
    pub from: Day,
    /// Last day, once it ended.
    pub until: Option<Day>,
    /// Of which office or village.
    pub of: Vec<Name>,
}

impl Post {
    fn on(&self, day: Day) -> bool {
        self.from <= day && self.until.is_none_or(|until| day <= until)
    }
}

impl std::fmt::Display for Post {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let of: Vec<String> = self.of.iter().map(ToString::to_string).collect();
        if of.is_empty() { f.write_str(&self.role) } else { write!(f, "{}·{}", of.join("、"), self.role) }
    }
}

/// A step already recorded when another was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Known {
    /// Its entry.
    pub entry: u64,
    /// The day it happened, as it stands now.
    pub day: Day,
    /// Its title.
    pub step: String,
}

/// What was chosen in a field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Chosen {
    /// The field's title.
    pub field: String,
    /// What was chosen.
    pub value: String,
}

/// The registers whose records are people and places, told by name and not followed.
const ROSTERS: [&str; 3] = ["person", "village", "office"];
/// What a record is called to whoever may not read its register.
const UNNAMED: &str = "（另一登记簿的案卷，您不能查看）";
/// The register of who held which post.
const POSTS: &str = "post";

impl<'r> Reader<'r> {
    /// Reads the journal up to a size.
    pub fn new(db: &'r Db, sets: &'r Sets, size: u64) -> Reader<'r> {
        Reader { db, sets, size, shut: BTreeSet::new(), held: RefCell::default(), posts: RefCell::default() }
    }

    /// A record, if it had been opened.
    pub fn held(&self, id: &str) -> Result<Option<Rc<Held>>> {
        if let Some(known) = self.held.borrow().get(id) {
            return Ok(known.clone());
        }
        let (mut entries, _) = entries_of(self.db, id)?;
        entries.retain(|entry| entry.index < self.size);
        let first = entries.first().and_then(|first| Some((first.index, first.act.register()?.to_owned())));
        let held = match first {
            None => None,
            Some((index, register)) => {
                let register = self.sets.opened_under(index, &register)?.clone();
                Some(Rc::new(Held { id: id.to_owned(), register, entries }))
            }
        };
        self.held.borrow_mut().insert(id.to_owned(), held.clone());
        Ok(held)
    }

    fn rules<'h>(&'h self, held: &'h Held) -> Result<Rules<'h>> {
        let set = &self.sets.at(Some(self.size))?.set;
        Ok(Rules { register: &held.register, figures: &[], calendar: &set.calendar })
    }

    /// What follows from a record's entries.
    pub fn rows<'h>(&'h self, held: &'h Held) -> Result<(Rows, Course<'h>)> {
        let rules = self.rules(held)?;
        Ok((apply(rules, &held.entries), walk(rules, &held.entries).0))
    }

    /// What a record was called when the journal had `then` entries, and is now. One opened later is called as now.
    pub fn name(&self, id: &str, then: u64) -> Result<Option<Name>> {
        let Some(held) = self.held(id)? else { return Ok(None) };
        if self.shut.contains(&held.register.id.value) {
            return Ok(Some(Name { record: String::new(), then: UNNAMED.to_owned(), now: None, standing: None }));
        }
        let rules = self.rules(&held)?;
        let now = apply(rules, &held.entries).head;
        let before = held.entries.iter().take_while(|entry| entry.index < then).count();
        let old = if before == 0 { now.title.clone() } else { apply(rules, &held.entries[..before]).head.title };
        let called = |title: String| now.number.clone().unwrap_or(title);
        let opening = held.register.openings().find_map(|step| step.targets().first().map(|state| state.value.clone()));
        let ended = Some(&now.state) != opening.as_ref() && is_roster(&held.register);
        let title = if now.state == engine::record::VOID { "已作废" } else { held.register.state_title(&now.state) };
        Ok(Some(Name {
            record: id.to_owned(),
            now: (old != now.title && now.number.is_none()).then(|| now.title.clone()),
            standing: match ended {
                true => Some(format!("{title}{}", self.merged_into(&held, &now.state)?)),
                false => None,
            },
            then: called(old),
        }))
    }

    /// Into which other record of its register one went by the step that brought it where it is.
    fn merged_into(&self, held: &Held, state: &str) -> Result<String> {
        let course = walk(self.rules(held)?, &held.entries).0;
        let brought = |one: &&Instance<'_>| one.step.targets().iter().any(|target| target.value == state);
        let Some(one) = course.taken().rev().find(brought) else { return Ok(String::new()) };
        let own = |field: &&Field| field.kind.register() == Some(held.register.id.value.as_str());
        let value = one.step.fields.iter().find(own).and_then(|field| one.value(&field.id)?.as_text());
        let Some(other) = value.map(|id| self.held(id)).transpose()?.flatten() else { return Ok(String::new()) };
        Ok(apply(self.rules(&other)?, &other.entries).head.title)
    }

    /// Who recorded an entry.
    pub fn actor(&self, entry: &Entry) -> Result<String> {
        Ok(self.name(&entry.actor, entry.index)?.map_or_else(|| "本机".to_owned(), |name| name.to_string()))
    }

    /// The posts somebody ever held, by their first day.
    pub fn posts_of(&self, person: &str) -> Result<Rc<Vec<Post>>> {
        if let Some(known) = self.posts.borrow().get(person) {
            return Ok(known.clone());
        }
        let sql = "SELECT DISTINCT l.record FROM link l JOIN record r ON r.town_id = l.town_id AND r.id = l.record \
                   WHERE l.town_id = $1 AND l.target = $2 AND r.register = $3 ORDER BY l.record";
        let records: Vec<String> = self.db.rows(sql, params![person, POSTS], |row| row.get(0))?;
        let mut posts = Vec::new();
        for id in records {
            let Some(held) = self.held(&id)? else { continue };
            posts.extend(self.post(&held, person)?);
        }
        posts.sort_by_key(|post| (post.from, post.record.clone()));
        let posts = Rc::new(posts);
        self.posts.borrow_mut().insert(person.to_owned(), posts.clone());
        Ok(posts)
    }

    fn post(&self, held: &Held, person: &str) -> Result<Option<Post>> {
        let (rows, course) = self.rows(held)?;
        let Some(opened) = course.taken().find(|one| one.step.opens()).filter(|_| !course.void) else {
            return Ok(None);
        };
        let names =
            |field: &Field| opened.value(&field.id).is_some_and(|value| value.texts().contains(&person.to_owned()));
        if !subject(&held.register).is_some_and(names) {
            return Ok(None);
        }
        let from = opened.day_of("from").unwrap_or(opened.day);
        let targets = opened.step.targets();
        let leaves = |one: &&Instance<'_>| {
            let other = |state: &&engine::read::At<String>| !targets.iter().any(|target| target.value == state.value);
            one.step.targets().iter().any(other)
        };
        let until = course.taken().find(leaves).map(|one| one.day);
        let mut of = Vec::new();
        for field in &opened.step.fields {
            if matches!(field.kind, FieldType::Office | FieldType::Village) {
                for id in opened.value(&field.id).map(Value::texts).unwrap_or_default() {
                    of.extend(self.name(id, opened.entry)?);
                }
            }
        }
        Ok(Some(Post { record: held.id.clone(), role: rows.head.title, from, until, of }))
    }

    /// The posts somebody held on a day.
    pub fn posts_on(&self, person: &str, day: Day) -> Result<Vec<String>> {
        Ok(self.posts_of(person)?.iter().filter(|post| post.on(day)).map(ToString::to_string).collect())
    }

    /// For each of some records, the records in whose acts it stands, and, for each of some people, the records they
    /// recorded something in. One walk over the journal: no table knows what was corrected away.
    pub fn naming(&self, ids: &BTreeSet<String>) -> Result<BTreeMap<String, BTreeSet<String>>> {
        let finders: Vec<(&String, Finder<'_>)> = ids.iter().map(|id| (id, Finder::new(id.as_str()))).collect();
        let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let sql = "SELECT e.record, e.actor, p.body FROM entry e JOIN payload p ON p.town_id = e.town_id AND p.idx = e.idx \
                   WHERE e.town_id = $1 AND e.idx < $2 AND e.record <> '' ORDER BY e.idx";
        self.db.each(sql, params![self.size as i64], |row| {
            let (record, actor) = (row.get_ref(0)?.as_str()?, row.get_ref(1)?.as_str()?);
            let body = row.get_ref(2)?.as_str()?.as_bytes();
            for (id, finder) in &finders {
                // Its own record's id stands in every act of it.
                if id.as_str() != record && (id.as_str() == actor || finder.find(body).is_some()) {
                    found.entry((*id).clone()).or_default().insert(record.to_owned());
                }
            }
            Ok(())
        })?;
        Ok(found)
    }
}

/// Whether a register lists people, places and those who hold something, not matters.
pub fn is_roster(register: &Register) -> bool {
    ROSTERS.contains(&register.id.value.as_str()) || subject(register).is_some()
}

/// The field that says whose a record is: the one `person` of the step that opens it (a post, a mediator).
pub fn subject(register: &Register) -> Option<&Field> {
    subject_of(register.openings().find(|step| step.field("person").is_some())?)
}

/// The field of a step that says whose a record is.
pub fn subject_of(step: &Step) -> Option<&Field> {
    let field = step.field("person")?;
    (field.kind == FieldType::Person && !field.many && !field.personal).then_some(field)
}

/// A reference to another record in a step.
pub struct Reference<'f> {
    /// The field.
    pub field: &'f Field,
    /// The other record.
    pub id: String,
    /// It stood there at first and does not stand there now, or the other way round.
    pub note: Option<&'static str>,
}

/// What a step refers to, as first recorded and as corrected.
pub fn references<'f>(step: &'f Step, first: &Fields, now: &Fields) -> Vec<Reference<'f>> {
    let mut found = Vec::new();
    for field in step.fields.iter().filter(|field| field.kind.register().is_some() && !field.personal) {
        let texts = |fields: &Fields| fields.get(field.id.value.as_str()).map(|value| value.texts().to_vec());
        let (first, now) = (texts(first).unwrap_or_default(), texts(now).unwrap_or_default());
        let gone = first.iter().filter(|id| !now.contains(id)).map(|id| (id, Some("后来更正去掉")));
        let kept = now.iter().map(|id| (id, (!first.contains(id)).then_some("更正后补上")));
        for (id, note) in kept.chain(gone) {
            // A record of any register is written with its register before it.
            let id = id.rsplit([' ', ':', '/']).next().unwrap_or(id).to_owned();
            found.push(Reference { field, id, note });
        }
    }
    found
}

/// What was chosen in a step's choice fields, as it stands now.
pub fn chosen(one: &Instance<'_>) -> Vec<Chosen> {
    let choices = one.step.fields.iter().filter(|field| matches!(field.kind, FieldType::Choice | FieldType::Choices));
    let shown = |field: &Field| {
        let value = one.value(&field.id)?;
        let titles: Vec<&str> = value.texts().iter().map(|text| field.choice_title(text)).collect();
        (!titles.is_empty()).then(|| Chosen { field: field.title.clone(), value: titles.join("、") })
    };
    choices.filter(|field| !field.personal).filter_map(shown).collect()
}

/// How a step stands now: corrected, void, flagged, recorded late.
pub fn standing(one: &Instance<'_>, course: &Course<'_>, rows: &Rows) -> Vec<String> {
    let mut notes = Vec::new();
    match one.corrected {
        Some(entry) if one.void => notes.push(format!("已作废（第 {entry} 条）")),
        Some(entry) => notes.push(format!("已更正（第 {entry} 条）")),
        None => {}
    }
    if course.void {
        notes.push("整个案卷已作废".to_owned());
    }
    if rows.steps.iter().any(|row| row.entry == one.entry && row.late) {
        notes.push("补录".to_owned());
    }
    if let Some(reason) = &one.already {
        notes.push(format!("系统外办理：{reason}"));
    }
    for flag in rows.flags.iter().filter(|flag| flag.entry == one.entry) {
        notes.push(format!("标记 {}：{}（{}）", flag.kind.chinese(), flag.says, flag.basis.join("、")));
    }
    notes
}

/// The steps of the record already recorded at an entry.
pub fn known(course: &Course<'_>, entry: u64) -> Vec<Known> {
    let before = course.steps.iter().filter(|one| one.entry < entry);
    let mut known: Vec<Known> =
        before.map(|one| Known { entry: one.entry, day: one.day, step: one.step.title.clone() }).collect();
    known.sort_by_key(|one| one.entry);
    known
}

/// What an entry that is no step did, in words.
pub fn other(act: &Act, course: &Course<'_>) -> Option<String> {
    let title = |id: &String| course.steps.iter().find(|one| one.id == *id).map_or("", |one| one.step.title.as_str());
    Some(match act {
        Act::Step(_) | Act::Adopt { .. } => return None,
        Act::Correct { of, reason, .. } => format!("更正“{}”：{reason}", title(of)),
        Act::Void { of: Some(of), reason, .. } => format!("作废“{}”：{reason}", title(of)),
        Act::Void { of: None, reason, .. } => format!("作废整个案卷：{reason}"),
        Act::Link { reason, .. } => format!("关联：{reason}"),
        Act::Attach { name, of: Some(of), .. } => format!("附件“{name}”，“{}”的扫描件", title(of)),
        Act::Attach { name, of: None, .. } => format!("附件“{name}”"),
        Act::Answer { text, .. } => format!("答复：{text}"),
    })
}

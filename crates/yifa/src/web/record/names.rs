//! What a record refers to, as far as whoever looks may know it (名称).

use std::collections::{BTreeSet, HashMap};

use anyhow::Result;
use engine::act::{Act, Entry};
use engine::day::Day;
use engine::definition::{Field, Register};
use engine::record::{Rows, SEVERAL};
use engine::value::{Fields, Value};
use maud::{Markup, html};

use super::{Opened, at};
use crate::query::called::{Named, Posts, named};
use crate::web::visit::Visit;

/// A reference as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// What it is called; of what he may not see, what kind of record it is.
    pub text: String,
    /// Where it is; nothing for what he may not see.
    pub url: Option<String>,
    /// Of a post, who holds it.
    holder: Option<String>,
}

/// The names of all that a record refers to.
pub struct Names {
    known: HashMap<String, Name>,
    posts: Posts,
}

impl Names {
    /// Reads them, in a few statements however many there are.
    pub(super) fn load(visit: &Visit<'_>, opened: &Opened<'_>, rows: &Rows) -> Result<Names> {
        let mut ids: BTreeSet<String> = rows.villages.iter().cloned().collect();
        let mut actors = BTreeSet::new();
        for entry in &opened.entries {
            actors.insert(entry.actor.clone());
            ids.extend(referred(opened.register, &opened.entries, entry));
        }
        ids.extend(rows.dues.iter().flat_map(|due| due.owner.split(SEVERAL)).map(str::to_owned));
        ids.extend(actors.iter().cloned());
        let posts = Posts::load(visit.db, &actors)?;
        Names::of(visit, ids, posts)
    }

    /// The names of some records.
    pub fn of(visit: &Visit<'_>, ids: BTreeSet<String>, posts: Posts) -> Result<Names> {
        let mut found = named(visit.db, &ids)?;
        let holders: BTreeSet<String> = found.values().filter_map(|one| one.holder.clone()).collect();
        let more: BTreeSet<String> = holders.into_iter().filter(|id| !found.contains_key(id)).collect();
        if !more.is_empty() {
            found.extend(named(visit.db, &more)?);
        }
        let known = found.into_iter().map(|(id, named)| (id.clone(), name(visit, &id, named))).collect();
        Ok(Names { known, posts })
    }

    /// A reference as text; what is no record any more goes by its id.
    pub fn text(&self, id: &str) -> String {
        self.known.get(id).map_or_else(|| id.to_owned(), |name| name.text.clone())
    }

    /// A reference, as a link where he may follow it.
    pub fn link(&self, id: &str) -> Markup {
        let Some(name) = self.known.get(id) else { return html! { (id) } };
        html! {
            @match &name.url {
                Some(url) => a href=(url) { (name.text) },
                None => span.soft { (name.text) },
            }
        }
    }

    /// Several of them.
    pub fn several(&self, ids: &[String]) -> Markup {
        html! { @for (nth, id) in ids.iter().enumerate() { @if nth > 0 { "、" } (self.link(id)) } }
    }

    /// Whoever has to do something, posts with whoever holds them.
    pub fn owner(&self, owner: &str) -> String {
        let one = |id: &str| {
            let holder = self.known.get(id).and_then(|name| name.holder.as_deref());
            holder.map_or_else(|| self.text(id), |person| format!("{} {}", self.text(id), self.text(person)))
        };
        owner.split(SEVERAL).map(one).collect::<Vec<_>>().join("、")
    }

    /// Who recorded an entry, and what he was that day.
    pub fn actor(&self, entry: &Entry, day: Day) -> Markup {
        let roles = self.posts.on(&entry.actor, day);
        html! {
            @match self.known.get(&entry.actor) {
                // Whoever set the journal up had no record of himself yet.
                None => "本机",
                Some(name) => (name.text),
            }
            @if !roles.is_empty() { small { "（" (roles.join("、")) "）" } }
        }
    }
}

fn name(visit: &Visit<'_>, id: &str, named: Named) -> Name {
    let register = visit.set().register(&named.register);
    match register {
        Some(register) if visit.who.may_see(register, &named.villages) => {
            let url = Some(at(&named.register, id, ""));
            Name { text: named.called().to_owned(), url, holder: named.holder }
        }
        Some(register) => Name { text: format!("（{}，您不能查看）", register.title), url: None, holder: None },
        None => Name { text: "（您不能查看）".to_owned(), url: None, holder: None },
    }
}

/// The records an entry refers to.
fn referred(register: &Register, entries: &[Entry], entry: &Entry) -> Vec<String> {
    let (step, fields): (_, &Fields) = match &entry.act {
        Act::Step(taken) => (register.step(&taken.step), &taken.fields),
        Act::Correct { of, fields, .. } => {
            let of = entries.iter().find(|entry| entry.id == *of);
            let step = of.and_then(|of| match &of.act {
                Act::Step(taken) => register.step(&taken.step),
                _ => None,
            });
            (step, fields)
        }
        Act::Link { to, .. } => return vec![to.clone()],
        _ => return Vec::new(),
    };
    let Some(step) = step else { return Vec::new() };
    let of = |field: &Field| fields.get(&field.id.value).map(Value::texts).unwrap_or_default();
    let all = step.fields.iter().filter(|field| field.kind.register().is_some()).flat_map(of);
    all.map(|text| id_in(text).to_owned()).collect()
}

/// The id in a reference: one to a record of any register is written with its register before it.
pub fn id_in(text: &str) -> &str {
    text.rsplit([' ', ':', '/']).next().unwrap_or(text)
}

//! What was typed into a form, as it was typed (填写的内容): read from a request, kept as a draft, shown again.
//!
//! A field's values come under `f.` and its id, its files under `k.` and its id, by their hash.

use std::collections::BTreeSet;

use engine::definition::{Field, FieldType, Step};
use engine::form::{Given, Input, parse};
use journal::id::Id;

use super::super::visit::{Pairs, Visit, first};
use super::control;
use super::place::Place;
use super::unmasked::{self, Shown};
use crate::accounts::draft::{Body, Kept, Unfinished};
use crate::ambient::{Ambient, System};

/// What the page itself says in a form, beside what was typed.
const PLAIN: [&str; 8] = ["form", "draft", "version", "based_on", "act", "at", unmasked::LINE, AGAIN];

/// By this a script says that the page is still open and typed into, although its draft was sent.
pub const AGAIN: &str = "again";

/// What was typed.
#[derive(Clone, Debug, Default)]
pub struct Typed {
    /// The draft's id, which the entry will bear.
    pub draft: String,
    /// The draft's version as the page knew it.
    pub version: i64,
    /// The record's last entry as the page showed it.
    pub based_on: Option<u64>,
    /// Names and values.
    pub pairs: Pairs,
    /// The files they may name.
    pub files: Vec<Kept>,
    /// The sealed values that the page shows for a correction.
    pub shown: Shown,
}

impl Typed {
    /// Nothing yet.
    pub fn blank(based_on: Option<u64>) -> Typed {
        Typed { draft: System.id().to_string(), based_on, ..Typed::default() }
    }

    /// A draft taken up again.
    pub fn of(draft: Unfinished) -> Typed {
        let Unfinished { id, version, based_on, body, .. } = draft;
        Typed { draft: id, version, based_on, pairs: body.typed, files: body.files, shown: Shown::default() }
    }

    /// What a request brings, files aside. An id that is none is not taken over: it names a folder.
    pub fn posted(visit: &Visit<'_>) -> Typed {
        let form = &visit.asked.form;
        let number = |name: &str| first(form, name).and_then(|text| text.parse::<u64>().ok());
        let draft = first(form, "draft").filter(|id| Id::parse(id.as_bytes()).is_ok());
        Typed {
            draft: draft.map_or_else(|| System.id().to_string(), str::to_owned),
            version: number("version").unwrap_or(0) as i64,
            based_on: number("based_on"),
            pairs: form.iter().filter(|(name, _)| !PLAIN.contains(&name.as_str())).cloned().collect(),
            files: Vec::new(),
            shown: Shown::default(),
        }
    }

    /// It as a draft of somebody's: what he typed, and not what he was only shown.
    pub fn unfinished(&self, account: &str, place: &Place) -> Unfinished {
        let of = |name: &str| name.strip_prefix("f.").or(name.strip_prefix("k.")).map(str::to_owned);
        let own = |name: &str| of(name).is_none_or(|id| !self.shown.unchanged.contains(&id));
        let typed = self.pairs.iter().filter(|(name, _)| own(name)).cloned().collect();
        Unfinished {
            id: self.draft.clone(),
            account: account.to_owned(),
            register: place.register.clone(),
            record: place.record.clone(),
            step: place.tail(),
            based_on: self.based_on,
            version: self.version,
            body: Body { typed, files: self.files.clone() },
            saved_at: 0,
        }
    }

    /// Whether there is anything in it worth keeping.
    pub fn is_blank(&self) -> bool {
        self.pairs.iter().all(|(_, value)| value.trim().is_empty())
    }

    /// A control of the form itself, such as a reason.
    pub fn own(&self, name: &str) -> Option<&str> {
        first(&self.pairs, name).map(str::trim).filter(|text| !text.is_empty())
    }

    /// What was typed into a field; empty texts left out.
    pub fn of_field<'t>(&'t self, field: &'t Field) -> impl Iterator<Item = &'t str> {
        let name = control::name(field);
        let all = self.pairs.iter().filter(move |(key, _)| *key == name).map(|(_, value)| value.as_str());
        all.filter(|text| !text.trim().is_empty())
    }

    /// Whether anything was typed into a field.
    pub fn has(&self, field: &Field) -> bool {
        self.of_field(field).next().is_some()
    }

    /// Whether a field was on the page that was sent, filled in or not.
    pub fn was_asked(&self, field: &Field) -> bool {
        let name = control::name(field);
        self.pairs.iter().any(|(key, _)| *key == name)
    }

    /// Puts a value in, as if it had been typed.
    pub fn put(&mut self, field: &Field, value: impl Into<String>) {
        self.pairs.push((control::name(field), value.into()));
    }

    /// What becomes of it as the input of a form. Values picked from a list are told apart; typed beside them, several
    /// stand in one text.
    pub fn given(&self, step: &Step) -> Given {
        let mut given = Given::new();
        let fields = self.pairs.iter().filter_map(|(name, _)| name.strip_prefix("f.").or(name.strip_prefix("k.")));
        for id in fields.collect::<BTreeSet<&str>>() {
            let input = match step.field(id) {
                Some(field) => self.input(field),
                // Not a field of this step: the form says so.
                None => Some(Input::Text(String::new())),
            };
            given.extend(input.map(|input| (id.to_owned(), input)));
        }
        given
    }

    fn input(&self, field: &Field) -> Option<Input> {
        let mut texts: Vec<&str> = self.of_field(field).collect();
        if !field.many {
            return match texts[..] {
                [] => None,
                [one] => Some(Input::Text(one.to_owned())),
                _ => Some(Input::List(texts.iter().map(|text| (*text).to_owned()).collect())),
            };
        }
        if field.kind.register().is_some() {
            texts = texts.into_iter().flat_map(|text| parse::split(field, text)).collect();
        }
        match (&texts[..], &field.kind) {
            ([], _) => None,
            ([one], FieldType::Outsider | FieldType::Law) => Some(Input::Text((*one).to_owned())),
            _ => Some(Input::List(texts.iter().map(|text| (*text).to_owned()).collect())),
        }
    }

    /// What is in it that no field of the step and no control of the form takes: whoever sends that did not use the page.
    pub fn strange(&self, step: Option<&Step>, own: &[&str]) -> Vec<String> {
        let is_file = |id: &str| step.and_then(|step| step.field(id)).map(|field| field.kind == FieldType::File);
        let knows = |name: &str| match (name.strip_prefix("f."), name.strip_prefix("k.")) {
            // Another field than the step's is told by the form, with the nearest one.
            (Some(id), _) => step.is_some() && is_file(id) != Some(true),
            (_, Some("file")) if own.contains(&"k.file") => true,
            (_, Some(id)) => is_file(id) == Some(true),
            _ => own.contains(&name),
        };
        let mut strange: Vec<String> =
            self.pairs.iter().filter(|(name, _)| !knows(name)).map(|(name, _)| name.clone()).collect();
        strange.dedup();
        strange
    }
}

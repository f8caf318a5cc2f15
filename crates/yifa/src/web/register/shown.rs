//! What a list was asked to show, read from its address and written back into it (筛选).

use std::collections::BTreeSet;

use anyhow::Result;
use engine::definition::Register;
use engine::record::VOID;

use crate::projection::sealed_names;
use crate::query::list::{Asked, Sort, SortBy, ids};
use crate::web::answer::percent;
use crate::web::visit::Visit;

/// What stands before the name of a field in an address.
const FIELD: &str = "f.";

/// The sorts a list offers: the word in an address, and by what.
pub const SORTS: [(&str, SortBy); 4] =
    [("opened", SortBy::Opened), ("number", SortBy::Number), ("title", SortBy::Title), ("changed", SortBy::Changed)];

/// What was asked for. Only what is set stands in the address.
#[derive(Clone, Debug, Default)]
pub struct Shown {
    scope: Option<Vec<String>>,
    /// The folder's key, for whoever may look at sealed names.
    key: Option<String>,
    /// The state.
    pub state: Option<String>,
    /// The year of opening.
    pub year: Option<i16>,
    /// The village.
    pub village: Option<String>,
    /// `step.field` and value.
    pub fields: Vec<(String, String)>,
    /// Words.
    pub search: Option<String>,
    /// The order; the newest first if nothing is said.
    pub sort: Sort,
}

impl Shown {
    /// Reads it, limited to what this person sees of the register.
    pub fn of(visit: &Visit<'_>, register: &Register) -> Result<Shown> {
        let text = |name: &str| visit.query(name).map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
        let fields = visit.asked.query.iter().filter(|(_, value)| !value.is_empty());
        let fields = fields.filter_map(|(name, value)| Some((name.strip_prefix(FIELD)?.to_owned(), value.clone())));
        let search = text("q");
        let may_name = search.is_some() && may_name(visit, register);
        Ok(Shown {
            scope: visit.who.scope(register).villages(),
            key: may_name.then(|| visit.site.folder.blind_key()).transpose()?,
            state: text("state"),
            year: text("year").and_then(|year| year.parse().ok()),
            village: text("village"),
            fields: fields.collect(),
            search,
            sort: visit.query("sort").map_or_else(Sort::default, sort),
        })
    }

    /// The question to the database.
    pub fn asked<'q>(&'q self, register: &'q Register) -> Asked<'q> {
        Asked {
            register,
            scope: self.scope.as_deref(),
            state: self.state.as_deref(),
            year: self.year,
            village: self.village.as_deref(),
            fields: &self.fields,
            search: self.search.as_deref(),
            key: self.key.as_deref(),
            sort: self.sort,
        }
    }

    /// Whether anything but the scope leaves records out.
    pub fn is_narrowed(&self) -> bool {
        self.is_narrowed_by_choice() || self.search.is_some()
    }

    /// The same, words aside.
    pub fn is_narrowed_by_choice(&self) -> bool {
        self.state.is_some() || self.year.is_some() || self.village.is_some() || !self.fields.is_empty()
    }

    /// The value of a filter field.
    pub fn field(&self, at: &str) -> Option<&str> {
        self.fields.iter().find(|(field, _)| field == at).map(|(_, value)| value.as_str())
    }

    /// It as the query of an address.
    pub fn query(&self) -> String {
        let mut pieces = Vec::new();
        let mut put = |name: &str, value: &str| pieces.push(format!("{name}={}", percent(value)));
        self.search.iter().for_each(|text| put("q", text));
        self.state.iter().for_each(|state| put("state", state));
        self.year.iter().for_each(|year| put("year", &year.to_string()));
        self.village.iter().for_each(|village| put("village", village));
        self.fields.iter().for_each(|(field, value)| put(&format!("{FIELD}{field}"), value));
        if self.sort != Sort::default() {
            put("sort", &word(self.sort));
        }
        pieces.join("&")
    }

    /// The same, in another order.
    pub fn sorted(&self, sort: Sort) -> Shown {
        Shown { sort, ..self.clone() }
    }
}

/// Whether he finds a record of the register by a sealed name.
pub fn may_name(visit: &Visit<'_>, register: &Register) -> bool {
    visit.who.may_unmask_somewhere(register) && !sealed_names::fields(register).is_empty()
}

/// The ids of all records a list shows, in its order, for taking away exactly those; but for the voided ones, which would
/// come back as mistakes made again, unless they alone are asked for.
pub fn ids_shown(visit: &Visit<'_>, register: &Register) -> Result<Vec<String>> {
    let shown = Shown::of(visit, register)?;
    let mut void = BTreeSet::new();
    if shown.state.is_none() {
        let voided = Shown { state: Some(VOID.to_owned()), ..shown.clone() };
        ids(visit.db, &voided.asked(register), |id| {
            void.insert(id.to_owned());
            Ok(())
        })?;
    }
    let mut found = Vec::new();
    ids(visit.db, &shown.asked(register), |id| {
        if !void.contains(id) {
            found.push(id.to_owned());
        }
        Ok(())
    })?;
    Ok(found)
}

/// `opened`, or `-opened` for the last first.
pub fn word(sort: Sort) -> String {
    let word = SORTS.iter().find(|(_, by)| *by == sort.by).map_or("", |(word, _)| word);
    format!("{}{word}", if sort.descending { "-" } else { "" })
}

fn sort(text: &str) -> Sort {
    let (descending, word) = text.strip_prefix('-').map_or((false, text), |word| (true, word));
    let by = SORTS.iter().find(|(known, _)| *known == word);
    by.map_or_else(Sort::default, |(_, by)| Sort { by: *by, descending })
}

//! What could not be read of a set, so that whatever refers to it is not called unknown (未读出).

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::problem::Problem;
use crate::read::{Source, Table};

use super::field::Field;
use super::register::Register;
use super::step::Step;

/// Files and places that were not understood, and places where something was wrong.
#[derive(Default)]
pub(super) struct Lost {
    files: BTreeSet<String>,
    at: BTreeMap<String, Vec<usize>>,
    stumbles: BTreeMap<String, Vec<usize>>,
}

impl Lost {
    /// Reads a file and keeps what was lost of it.
    pub fn read<T>(&mut self, source: &Source<'_>, read: impl FnOnce(&mut Table<'_>) -> T) -> Option<T> {
        let value = source.read(read);
        if value.is_none() {
            self.files.insert(source.file.clone());
        }
        self.at.insert(source.file.clone(), source.lost());
        value
    }

    /// Keeps the places of what reading found wrong.
    pub fn stumbled(&mut self, problems: &[Problem]) {
        for place in problems.iter().filter_map(|problem| problem.place.as_ref()) {
            self.stumbles.entry(place.file.clone()).or_default().push(place.span.start);
        }
    }

    /// Keeps a place that cannot be relied on, because what it takes from another file could not be read.
    pub fn doubt(&mut self, file: &str, at: usize) {
        self.stumbles.entry(file.to_owned()).or_default().push(at);
    }

    /// Whether anything at all was wrong with a file.
    pub fn touches(&self, file: &str) -> bool {
        self.stumbles.contains_key(file)
    }

    /// Whether a law's file was wrong: the name it goes by may be the one that is not known.
    pub fn any_law(&self) -> bool {
        self.stumbles.keys().any(|file| file.starts_with("laws/"))
    }

    /// Whether a register of this id may stand in a file that could not be read.
    pub fn register(&self, id: &str) -> bool {
        self.files.contains(&format!("definitions/registers/{id}.toml"))
    }

    /// Whether items of a catalogue may stand in what could not be read of its file.
    pub fn catalogue(&self, id: &str) -> bool {
        let file = format!("definitions/catalogues/{id}.toml");
        self.files.contains(&file) || self.at.get(&file).is_some_and(|at| !at.is_empty())
    }

    /// Whether a figure of this id may stand in what could not be read of its file.
    pub fn figure(&self, id: &str) -> bool {
        let file = format!("definitions/figures/{}.toml", id.split('.').next().unwrap_or(id));
        self.files.contains(&file) || self.at.get(&file).is_some_and(|at| !at.is_empty())
    }

    /// Whether a state or step of a register may have been lost: something outside its named steps was.
    pub fn outside_steps(&self, register: &Register) -> bool {
        let named: Vec<Range<usize>> = named(register).map(|step| extent_of(register, step)).collect();
        self.lost_in(&register.file, &(0..usize::MAX), &named)
    }

    /// Whether a field of a step may have been lost: something in the step, outside its named fields, was.
    pub fn field(&self, register: &Register, step: &str) -> bool {
        let Some(step) = register.step(step) else { return self.outside_steps(register) };
        let whole = extent_of(register, step);
        let fields = step.fields.iter().filter(|field| !field.id.value.is_empty());
        let named: Vec<Range<usize>> = fields.map(|field| extent(starts(step), field.span.start, whole.end)).collect();
        self.lost_in(&register.file, &whole, &named)
    }

    /// Whether something was wrong inside a field, so that neither its type nor its choices can be relied on.
    pub fn inside(&self, register: &Register, field: &Field) -> bool {
        let end = field.span.end.max(field.id.span.end);
        let stumbles = self.stumbles.get(&register.file);
        stumbles.is_some_and(|at| at.iter().any(|at| (field.span.start..end).contains(at)))
    }

    fn lost_in(&self, file: &str, whole: &Range<usize>, but: &[Range<usize>]) -> bool {
        let here = |at: &usize| whole.contains(at) && !but.iter().any(|inner| inner.contains(at));
        self.at.get(file).is_some_and(|lost| lost.iter().any(here))
    }
}

fn named(register: &Register) -> impl Iterator<Item = &Step> {
    register.steps.iter().filter(|step| !step.id.value.is_empty())
}

fn starts(step: &Step) -> impl Iterator<Item = usize> {
    step.fields.iter().map(|field| field.span.start)
}

/// The span of `[[step]]` is that of its heading; the step goes on to the next heading.
fn extent_of(register: &Register, step: &Step) -> Range<usize> {
    let steps = register.steps.iter().map(|step| step.span.start);
    extent(steps.chain(register.bars.iter().map(|bar| bar.id.span.start)), step.span.start, usize::MAX)
}

fn extent(starts: impl Iterator<Item = usize>, start: usize, end: usize) -> Range<usize> {
    start..starts.filter(|next| *next > start).min().unwrap_or(end)
}

//! A form's place with its register, its record and its step, if whoever asks may do that there (填报的对象).

use std::sync::Arc;

use anyhow::Result;
use engine::act::Entry;
use engine::definition::{Register, Step};
use engine::record::{self, Course, Instance, Rules};

use super::super::answer::Turned;
use super::super::visit::{Seen, Visit};
use super::place::{Place, What};
use crate::acts;
use crate::storage::log::entries_of;

/// What a form is about.
pub struct Subject<'v> {
    /// Where it is.
    pub place: Place,
    /// The register the record was opened under, or the one in force for a new one.
    pub register: &'v Arc<Register>,
    /// The record, unless it is a new one.
    pub seen: Option<Seen>,
    /// Its entries.
    pub entries: Vec<Entry>,
    /// Whether he takes the step in the ordinary way; else only as done outside.
    pub takes: bool,
    /// Whether he may enter it as done outside the system.
    pub outside: bool,
}

impl<'v> Subject<'v> {
    /// Looks everything up.
    ///
    /// # Errors
    /// [`Turned::NotFound`] for what is not there or not his to see, [`Turned::Forbidden`] for what is not his to do.
    pub fn open(visit: &Visit<'v>, place: Place) -> Result<Subject<'v>> {
        let current = visit.register_of(&place.register)?;
        let (who, new) = (&visit.who, matches!(place.what, What::Open(_)));
        let mut subject =
            Subject { place, register: current, seen: None, entries: Vec::new(), takes: true, outside: false };
        let mut touched = Vec::new();
        if !new {
            let seen = visit.record_of(current, &subject.place.record)?;
            subject.register = visit.opened_under(current, seen.first)?;
            subject.entries = entries_of(visit.db, &seen.id)?.0;
            touched = seen.villages.clone();
            subject.seen = Some(seen);
        }
        // Who may is said by the set in force, as long as it knows the step.
        let in_force = |step: &'v Step| current.step(&step.id).unwrap_or(step);
        match &subject.place.what {
            What::Open(_) => {
                let step = subject.step().filter(|step| step.opens()).ok_or(Turned::NotFound)?;
                subject.takes = who.may_take_somewhere(current, step);
                subject.outside = who.may_enter_outside(current, step, &touched);
            }
            What::Step(_) => {
                let step = in_force(subject.step().ok_or(Turned::NotFound)?);
                subject.takes = who.may_take(current, step, &touched);
                subject.outside = who.may_enter_outside(current, step, &touched);
            }
            What::Correct(of) | What::Void(Some(of)) => {
                let found = subject.entry(of).and_then(|taken| subject.register.step(taken)).map(in_force);
                subject.takes = who.may_mend(current, found.ok_or(Turned::NotFound)?, &touched);
            }
            What::Void(None) => subject.takes = who.may_void(current, &touched),
            What::Link | What::Attach | What::Answer(_) => {
                subject.takes = who.may_amend(current, &touched);
            }
        }
        match subject.takes || subject.outside {
            true => Ok(subject),
            false => Err(Turned::Forbidden.into()),
        }
    }

    /// The step that is taken.
    pub fn step(&self) -> Option<&'v Step> {
        match &self.place.what {
            What::Open(step) | What::Step(step) => self.register.step(step),
            _ => None,
        }
    }

    /// The record's course.
    pub fn course(&self, visit: &Visit<'v>) -> Result<Course<'_>> {
        Ok(record::walk(self.rules(visit)?, &self.entries).0)
    }

    /// What the record is judged by.
    pub fn rules(&self, visit: &Visit<'v>) -> Result<Rules<'v>> {
        let adopted = visit.sets.current()?;
        let figures = adopted.figures(&self.register.id.value);
        Ok(Rules { register: self.register, figures, calendar: &adopted.set.calendar })
    }

    /// The step that is corrected or voided, as it stands.
    pub fn target<'c>(&self, course: &'c Course<'c>) -> Option<&'c Instance<'c>> {
        match &self.place.what {
            What::Correct(of) | What::Void(Some(of)) => acts::target(course, of),
            _ => None,
        }
    }

    /// The step whose fields are filled in.
    pub fn filled<'c>(&self, course: &'c Course<'c>) -> Option<&'c Step>
    where
        'v: 'c,
    {
        match &self.place.what {
            What::Correct(_) => self.target(course).map(|target| target.step),
            _ => self.step(),
        }
    }

    /// The record's id; empty for a new one.
    pub fn record(&self) -> &str {
        self.seen.as_ref().map_or("", |seen| &seen.id)
    }

    /// The record's last entry.
    pub fn last(&self) -> Option<u64> {
        self.entries.last().map(|entry| entry.index)
    }

    /// The step an entry took.
    fn entry(&self, of: &str) -> Option<&str> {
        self.entries.iter().find_map(|entry| match &entry.act {
            engine::act::Act::Step(taken) if entry.id == of || entry.index.to_string() == of => Some(&*taken.step),
            _ => None,
        })
    }
}

//! The course of a record: its steps as they stand after corrections and voids, and where it has got to (过程).

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::rc::Rc;

use crate::act::{Act, Entry};
use crate::day::Day;
use crate::definition::{
    Bound, Comparison, Condition, Derived, Field, FieldRef, FieldType, Literal, Register, Step, Test, To,
};
use crate::value::{Fields, Sizes, Value};

/// A step as it stands now.
#[derive(Clone, Debug)]
pub struct Instance<'d> {
    /// What the definition says of it.
    pub step: &'d Step,
    /// Which one of its kind, from 1, voided ones included.
    pub nth: u32,
    /// Index of the entry that took it.
    pub entry: u64,
    /// Id of that entry.
    pub id: Cow<'d, str>,
    /// The day it happened.
    pub day: Day,
    /// The day it was recorded.
    pub recorded: Day,
    /// Who recorded it.
    pub actor: Cow<'d, str>,
    /// Its values, as corrected. Borrowed from the entry where nothing was: a record is judged anew with each step.
    pub fields: Cow<'d, Fields>,
    /// How many values its sealed fields have, as corrected.
    pub sizes: Cow<'d, Sizes>,
    /// Why an act of ours was done outside.
    pub already: Option<Cow<'d, str>>,
    /// It was a mistake.
    pub void: bool,
    /// Index of the last entry that corrected or voided it.
    pub corrected: Option<u64>,
}

impl<'d> Instance<'d> {
    /// A step not yet taken, with nothing filled in.
    pub fn blank(step: &'d Step, nth: u32, day: Day) -> Instance<'d> {
        Instance {
            step,
            nth,
            entry: u64::MAX,
            id: Cow::Borrowed(""),
            day,
            recorded: day,
            actor: Cow::Borrowed(""),
            fields: Cow::Owned(Fields::new()),
            sizes: Cow::Owned(Sizes::new()),
            already: None,
            void: false,
            corrected: None,
        }
    }

    /// A field's value, if it was given and is not sealed.
    pub fn value(&self, field: &str) -> Option<&Value> {
        self.fields.get(field)
    }

    /// Whether anything was entered in a field, sealed or not.
    pub fn given(&self, field: &str) -> bool {
        self.fields.contains_key(field) || self.sizes.get(field).is_some_and(|size| *size > 0)
    }

    /// How many values were entered in a field.
    pub fn size(&self, field: &str) -> u64 {
        self.fields.get(field).map_or_else(|| self.sizes.get(field).copied().unwrap_or(0), Value::size)
    }

    /// How much a field holds: its number, or how many values.
    pub fn amount(&self, field: &Field) -> i64 {
        match self.value(&field.id) {
            Some(Value::Int(number)) if field.counts() => *number,
            _ => self.size(&field.id) as i64,
        }
    }

    /// The order in which things happened: by day, and within a day as recorded.
    pub fn when(&self) -> (Day, u64) {
        (self.day, self.entry)
    }

    /// A day field's day.
    pub fn day_of(&self, field: &str) -> Option<Day> {
        Day::parse(self.value(field)?.as_text()?)
    }
}

/// Where a record stands.
#[derive(Clone, Debug)]
pub struct Course<'d> {
    /// The register it is in.
    pub register: &'d Register,
    /// Its steps in the order they happened, voided ones too; shared, because many a question is about an earlier moment.
    pub steps: Rc<Vec<Instance<'d>>>,
    /// How many of them have been walked through.
    pub walked: usize,
    /// The state it is in; none before the first step.
    pub state: Option<&'d str>,
    /// States it has left for good or in order, with the index of the step in `steps` that left them first.
    pub left: BTreeMap<&'d str, usize>,
    /// The record as a whole was a mistake.
    pub void: bool,
}

/// Reads the steps out of a record's entries, corrections and voids applied.
pub fn steps_of<'d>(register: &'d Register, entries: &'d [Entry]) -> Course<'d> {
    let (mut steps, mut is_void) = (Vec::<Instance<'d>>::new(), false);
    for entry in entries {
        match &entry.act {
            Act::Step(taken) => {
                // A step the definition does not know cannot be judged; it stays in the journal and is shown there.
                let Some(step) = register.step(&taken.step) else { continue };
                let nth = 1 + steps.iter().filter(|one| one.step.id == step.id).count() as u32;
                let mut instance = Instance {
                    step,
                    nth,
                    entry: entry.index,
                    id: Cow::Borrowed(&entry.id),
                    day: entry.recorded,
                    recorded: entry.recorded,
                    actor: Cow::Borrowed(&entry.actor),
                    fields: Cow::Borrowed(&taken.fields),
                    sizes: Cow::Borrowed(&taken.sizes),
                    already: taken.already.as_deref().map(Cow::Borrowed),
                    void: false,
                    corrected: None,
                };
                instance.day = happened(&instance);
                steps.push(instance);
            }
            Act::Correct { of, fields, sizes, cleared, .. } => {
                if let Some(instance) = steps.iter_mut().find(|one| one.id == *of) {
                    let (values, counts) = (instance.fields.to_mut(), instance.sizes.to_mut());
                    for field in cleared {
                        values.remove(field);
                        counts.remove(field);
                    }
                    values.extend(fields.clone());
                    counts.extend(sizes.clone());
                    instance.day = happened(instance);
                    instance.corrected = Some(entry.index);
                }
            }
            Act::Void { of: Some(of), .. } => {
                if let Some(instance) = steps.iter_mut().find(|one| one.id == *of) {
                    instance.void = true;
                    instance.corrected = Some(entry.index);
                }
            }
            Act::Void { of: None, .. } => is_void = true,
            Act::Link { .. } | Act::Attach { .. } | Act::Answer { .. } | Act::Adopt { .. } => {}
        }
    }
    // Judged in the order things happened, not in which they were written down: a session held before a refusal but
    // recorded after it broke no rule, and one held after it did. The opening step comes first whatever its day says.
    steps.sort_by_key(|one| (!one.step.opens(), one.when()));
    Course { register, steps: Rc::new(steps), walked: 0, state: None, left: BTreeMap::new(), void: is_void }
}

/// The day a step happened: its day field, or else the day it was recorded.
fn happened(instance: &Instance<'_>) -> Day {
    instance.step.day_field().and_then(|field| instance.day_of(&field.id)).unwrap_or(instance.recorded)
}

impl<'d> Course<'d> {
    /// The steps walked so far that are not void.
    pub fn taken(&self) -> impl DoubleEndedIterator<Item = &Instance<'d>> {
        self.steps[..self.walked].iter().filter(|one| !one.void)
    }

    /// The latest instance of a step that is not void.
    pub fn latest(&self, step: &str) -> Option<&Instance<'d>> {
        self.taken().rev().find(|one| one.step.id.value == step)
    }

    /// Works out what is derived of the step to be walked next.
    pub fn derive_next(&mut self) {
        let Some(next) = self.steps.get(self.walked) else { return };
        if next.step.fields.iter().all(Field::is_typed) {
            return;
        }
        let mut next = next.clone();
        self.derive(&mut next);
        Rc::make_mut(&mut self.steps)[self.walked] = next;
    }

    /// Walks one step on: the state changes as the step says.
    pub fn walk(&mut self) {
        let index = self.walked;
        self.walked += 1;
        let instance = &self.steps[index];
        if instance.void {
            return;
        }
        let Some(next) = target(instance) else { return };
        if let Some(old) = self.state.take().filter(|old| *old != next) {
            let in_order = instance.step.from.iter().any(|from| from.value == *old);
            // A step taken too late throws the record back: the state is yet to come, and nothing was passed by.
            if in_order || !reachable(self.register, next).contains(&old) {
                self.left.entry(old).or_insert(index);
            }
        }
        self.state = Some(next);
    }

    /// The state after each step walked so far, in the order of `steps`.
    pub fn states(&self) -> Vec<Option<&'d str>> {
        let mut state = None;
        let walked = self.steps[..self.walked].iter();
        let after = walked.map(|one| {
            state = target(one).filter(|_| !one.void).or(state);
            state
        });
        after.collect()
    }

    /// The course as it was when the step at `index` in `steps` had been taken.
    pub fn at(&self, index: usize) -> Course<'d> {
        Course { walked: index + 1, ..self.clone() }
    }

    /// Whether all conditions hold, where `present` is the step being judged.
    ///
    /// INVARIANT: what is asked of a repeated step is asked of one and the same instance: the latest that is tied to
    /// `present` by every `same_as` between the two, or the latest where nothing ties them
    /// (`the_shipped_set_has_no_problem_and_its_cases_come_out_as_written`).
    pub fn all_hold(&self, conditions: &[Condition], present: Option<&Instance<'d>>) -> bool {
        let ties: Vec<&Comparison> = match present {
            Some(present) => conditions.iter().filter_map(|condition| tie(condition, present)).collect(),
            None => Vec::new(),
        };
        conditions.iter().all(|condition| match condition {
            Condition::One(one) => self.holds(one, present, &ties),
            Condition::Any(all) => all.iter().any(|one| self.holds(one, present, &ties)),
        })
    }

    fn holds(&self, condition: &Comparison, present: Option<&Instance<'d>>, ties: &[&Comparison]) -> bool {
        let at = &condition.field.value;
        if condition.or_not_needed && !self.is_needed(&at.step) {
            return true;
        }
        if let Some(present) = present.filter(|present| present.step.id.value == at.step) {
            return self.fits(condition, Some(present), Some(present));
        }
        let mut instances = self.taken().rev().filter(|one| one.step.id.value == at.step);
        if condition.every {
            let mut any = false;
            let all = instances.all(|one| {
                any = true;
                self.fits(condition, Some(one), present)
            });
            return any && all;
        }
        let mut ties = ties.iter().filter(|tie| tie.field.step == at.step).peekable();
        let one = match ties.peek() {
            None => instances.next(),
            Some(_) => instances.find(|one| ties.clone().all(|tie| self.fits(tie, Some(one), present))),
        };
        self.fits(condition, one, present)
    }

    fn fits(&self, condition: &Comparison, on: Option<&Instance<'d>>, present: Option<&Instance<'d>>) -> bool {
        let field = &condition.field.value.field;
        let value = on.and_then(|one| one.value(field));
        let one_of = |literals: &[Literal]| value.is_some_and(|value| literals.iter().any(|one| equals(value, one)));
        match &condition.test {
            Test::Given(given) => on.is_some_and(|one| one.given(field)) == *given,
            Test::Is(literal) => one_of(std::slice::from_ref(literal)),
            Test::OneOf(literals) => one_of(literals),
            Test::NotOneOf(literals) => on.is_some_and(|one| one.given(field)) && !one_of(literals),
            Test::SameAs(other) => value.is_some() && value == self.value(other, present),
            Test::AtLeast(bound) => self.against(condition, bound, on, present).is_some_and(|(is, bound)| is >= bound),
            Test::AtMost(bound) => self.against(condition, bound, on, present).is_some_and(|(is, bound)| is <= bound),
            Test::CoveredBy(all) => value.is_none_or(|value| {
                let since = on.map_or(Day::MIN, |one| one.day);
                let held: Vec<&str> = all.iter().flat_map(|at| self.all_values(at, since, present)).collect();
                value.texts().iter().all(|one| held.contains(&one.as_str()))
            }),
            Test::InForce(bound) => {
                on.and_then(|one| one.day_of(field)).is_some_and(|day| bound.on(day, false).is_some())
            }
            Test::Cited => {
                let chosen = on.and_then(|one| one.step.field(field));
                value.zip(chosen).is_some_and(|(value, field)| value.texts().iter().any(|id| field.is_cited(id)))
            }
        }
    }

    /// What a field amounts to and the bound it is held against, as it stands on the day of the step being judged.
    fn against(
        &self,
        condition: &Comparison,
        bound: &Bound,
        on: Option<&Instance<'d>>,
        present: Option<&Instance<'d>>,
    ) -> Option<(i64, i64)> {
        let one = on?;
        let field = one.step.field(&condition.field.field).filter(|_| one.given(&condition.field.field))?;
        let bound = bound.on(present.unwrap_or(one).day, field.kind == FieldType::Money)?;
        Some((one.amount(field), bound))
    }

    /// Works out what nobody types: each derived field is the first of its values whose conditions hold.
    pub fn derive(&self, present: &mut Instance<'d>) {
        let step = present.step;
        for field in step.fields.iter().filter(|field| !field.is_typed()) {
            let Some(derived) = self.derived(field, present) else { continue };
            present.fields.to_mut().insert(field.id.value.clone(), Value::Text(derived.value.value.clone()));
        }
    }

    /// The line of a derived field that holds for a step taken here: its value, and the law that leads to it.
    pub fn derived<'f>(&self, field: &'f Field, present: &Instance<'d>) -> Option<&'f Derived> {
        field.derive.iter().find(|derived| self.all_hold(&derived.when, Some(present)))
    }

    /// The value of a field now: of the present step, or of the latest instance of its step.
    pub fn value<'a>(&'a self, at: &FieldRef, present: Option<&'a Instance<'d>>) -> Option<&'a Value> {
        match present.filter(|present| present.step.id.value == at.step) {
            Some(present) => present.value(&at.field),
            None => self.latest(&at.step)?.value(&at.field),
        }
    }

    /// All values of a field: of the present step, of the latest instance of its step, or, where that is taken again and
    /// again, of every instance from a day on.
    fn all_values<'a>(&'a self, at: &FieldRef, since: Day, present: Option<&'a Instance<'d>>) -> Vec<&'a str> {
        let texts = |one: &'a Instance<'d>| one.value(&at.field).map(Value::texts).unwrap_or_default();
        let own = present.filter(|present| present.step.id.value == at.step);
        let taken = self.taken().rev().filter(|one| one.step.id.value == at.step);
        let counted = taken.enumerate().filter(|(nth, one)| if one.step.repeat { one.day >= since } else { *nth == 0 });
        own.into_iter().chain(counted.map(|(_, one)| one)).flat_map(texts).map(String::as_str).collect()
    }

    /// Whether the definition asks for a step now.
    pub fn is_needed(&self, step: &str) -> bool {
        let need = self.register.step(step).and_then(|step| step.need.as_ref());
        need.is_some_and(|need| self.all_hold(&need.when, None))
    }

    /// The states that can still be come to from where the record stands; none before its first step, when all can.
    pub fn ahead(&self) -> Option<Vec<&'d str>> {
        self.state.map(|state| reachable(self.register, state))
    }
}

/// A condition that ties the instances of another step to the one being judged.
fn tie<'c>(condition: &'c Condition, present: &Instance<'_>) -> Option<&'c Comparison> {
    let Condition::One(one) = condition else { return None };
    let own = &present.step.id.value;
    let Test::SameAs(other) = &one.test else { return None };
    (other.step == *own && one.field.step != *own).then_some(one)
}

/// The states that can be come to from one of them, itself included.
fn reachable<'r>(register: &'r Register, state: &'r str) -> Vec<&'r str> {
    let mut reached = vec![state];
    let mut next = 0;
    while next < reached.len() {
        let here = reached[next];
        next += 1;
        for other in register.steps.iter().filter(|other| other.from.iter().any(|from| from.value == here)) {
            for target in other.targets() {
                if !reached.contains(&target.value.as_str()) {
                    reached.push(&target.value);
                }
            }
        }
    }
    reached
}

/// The state a step leads to, by the value of its field where the definition says so.
fn target<'d>(instance: &Instance<'d>) -> Option<&'d str> {
    let step = instance.step;
    match step.to.as_ref()? {
        To::State(state) => Some(&state.value),
        To::By { field, states } => {
            let value = instance.value(&field.field)?;
            states.iter().find(|(literal, _)| equals(value, literal)).map(|(_, state)| state.value.as_str())
        }
    }
}

fn equals(value: &Value, literal: &Literal) -> bool {
    match (value, literal) {
        (Value::Bool(a), Literal::Bool(b)) => a == b,
        (Value::Int(a), Literal::Int(b)) => a == b,
        (Value::Text(a), Literal::Text(b)) => a == b,
        (Value::List(many), Literal::Text(b)) => many.contains(b),
        _ => false,
    }
}

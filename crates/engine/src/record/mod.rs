//! From a record's entries to all that can be said of it (案卷): `apply` is pure and total.
//!
//! The whole corrected list of steps is judged each time, so that a correction of an early step re-judges every
//! later bar, due and flag.

pub mod bounds;
pub mod course;
mod facts;
pub mod judge;
pub mod next;
mod owner;

use std::collections::BTreeMap;

use serde::Serialize;

use crate::act::{Act, Entry, Taken};
use crate::day::{Calendar, Day, Shift};
use crate::definition::{Field, Figure, FlagKind, Force, Register, Step};
use crate::value::Value;

pub use course::{Course, Instance};
pub use judge::Flag;
pub use owner::SEVERAL;

/// Everything derived from one record.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Rows {
    /// The record itself.
    pub head: Head,
    /// The villages it touches, in the order given.
    pub villages: Vec<String>,
    /// Its steps.
    pub steps: Vec<StepRow>,
    /// Values by which its list is filtered or searched; those that are references are in `links`.
    pub fields: Vec<FieldRow>,
    /// What it adds to figures.
    pub facts: Vec<Fact>,
    /// What is or was due.
    pub dues: Vec<Due>,
    /// What should not have happened.
    pub flags: Vec<Flag>,
    /// What has to be explained.
    pub questions: Vec<Question>,
    /// The records it refers to, and by what.
    pub links: Vec<Link>,
}

/// The record as its list shows it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Head {
    /// The number allotted.
    pub number: Option<String>,
    /// The state it is in, or `void`.
    pub state: String,
    /// How it is called.
    pub title: String,
    /// The day its first step happened.
    pub opened: Option<Day>,
    /// Index of its last entry.
    pub last_entry: u64,
    /// Public values by step, as they stand now, as JSON.
    pub body: String,
}

/// The state of a record that was a mistake.
pub const VOID: &str = "void";

/// One step, as it stands now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StepRow {
    /// Its id.
    pub step: String,
    /// Which one of its kind, from 1.
    pub nth: u32,
    /// The day it happened.
    pub day: Day,
    /// The entry that took it.
    pub entry: u64,
    /// Recorded later than the register allows.
    pub late: bool,
    /// It was a mistake.
    pub void: bool,
}

/// A value by which records are found.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct FieldRow {
    /// `step.field`.
    pub field: String,
    /// The value as text.
    pub value: String,
}

/// What a record adds to a figure.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Fact {
    /// The figure's id.
    pub figure: String,
    /// What is counted once: a value for distinct figures, else what tells facts of one record apart.
    pub key: String,
    /// The entry that is its evidence.
    pub entry: u64,
    /// The day it counts on, or the first day in force.
    pub day: Day,
    /// The last day in force, for stock figures that end.
    pub until_day: Option<Day>,
    /// The village, `*` for several, empty for the township.
    pub village: String,
    /// The kind it is broken down by.
    pub kind: String,
    /// How much.
    pub value: i64,
    /// Its evidence was recorded late.
    pub late: bool,
    /// Its record carries a flag.
    pub flagged: bool,
}

/// Something the law wants by a day.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Due {
    /// The step that is due.
    pub step: String,
    /// The entry from which it is counted.
    pub of_entry: u64,
    /// The day the count ends on.
    pub nominal: Day,
    /// The last day, moved off rest days.
    pub last: Day,
    /// No calendar known for that year yet: reckoned by week-ends alone.
    pub provisional: bool,
    /// The law's verb is 应当 or 一般; 可以 is a right that lapses.
    pub binding: bool,
    /// Which of the step's terms it comes from, in the order written.
    pub rule: u16,
    /// The record of whoever has to do it, of several with [`SEVERAL`] between; empty where nobody in particular has.
    pub owner: String,
    /// The entry that met it.
    pub met_by: Option<u64>,
}

/// Something that has to be explained.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Question {
    /// Its id within the record, `omitted:STEP`.
    pub id: String,
    /// The entry that raised it.
    pub entry: u64,
    /// The day of that.
    pub day: Day,
    /// What is asked, in Chinese.
    pub text: String,
    /// The entry that answered it.
    pub answered_by: Option<u64>,
}

/// A reference to another record.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Link {
    /// The other record.
    pub to: String,
    /// `step.field`, or `link`.
    pub by: String,
}

/// What `apply` needs beside the entries.
#[derive(Clone, Copy)]
pub struct Rules<'d> {
    /// The definition the record was opened under.
    pub register: &'d Register,
    /// The figures that count this register.
    pub figures: &'d [std::sync::Arc<Figure>],
    /// The calendar.
    pub calendar: &'d Calendar,
}

/// Derives everything from the whole list of a record's entries, in their order.
pub fn apply(rules: Rules<'_>, entries: &[Entry]) -> Rows {
    let (course, flags) = walk(rules, entries);
    derive(rules, entries, &course, flags)
}

/// Walks the steps one by one, judging each.
pub fn walk<'d>(rules: Rules<'d>, entries: &'d [Entry]) -> (Course<'d>, Vec<Flag>) {
    let mut course = course::steps_of(rules.register, entries);
    let mut flags = Vec::new();
    for index in 0..course.steps.len() {
        course.derive_next();
        if !course.steps[index].void {
            flags.extend(judge::judge(&course, rules.calendar, &course.steps[index]));
        }
        course.walk();
    }
    if course.void {
        flags.clear();
    }
    (course, flags)
}

fn derive(rules: Rules<'_>, entries: &[Entry], course: &Course<'_>, mut flags: Vec<Flag>) -> Rows {
    let mut rows = Rows { villages: villages(course), ..Rows::default() };
    rows.steps = course
        .steps
        .iter()
        .map(|one| StepRow {
            step: one.step.id.value.clone(),
            nth: one.nth,
            day: one.day,
            entry: one.entry,
            late: is_late(rules, one),
            void: one.void,
        })
        .collect();
    rows.head = head(course, entries);
    rows.links = links(course, entries);
    if course.void {
        return rows;
    }
    rows.questions = questions(course, entries);
    for question in rows.questions.iter().filter(|question| question.answered_by.is_none()) {
        let id = question.id.trim_start_matches("omitted:");
        let Some(step) = course.register.step(id) else { continue };
        flags.push(Flag {
            kind: FlagKind::Omitted,
            step: id.to_owned(),
            entry: question.entry,
            day: question.day,
            says: format!("没有“{}”，也没有说明理由", step.title),
            basis: need_basis(step, question.day),
        });
    }
    rows.fields = fields(course, entries);
    rows.dues = dues(rules.calendar, course);
    rows.flags = flags;
    rows.facts = facts::facts(rules.figures, course, &rows);
    rows
}

fn need_basis(step: &Step, day: Day) -> Vec<String> {
    match &step.need {
        Some(need) if !need.basis.is_empty() => need.basis.on(day),
        _ => step.basis.on(day),
    }
}

fn is_late(rules: Rules<'_>, one: &Instance<'_>) -> bool {
    // Within a day of each other nothing can be late; this spares the calendar for the ordinary entry.
    one.recorded > one.day
        && rules
            .register
            .recorded_within
            .as_ref()
            .is_some_and(|within| one.recorded > rules.calendar.last_day(one.day, within.span, Shift::Forward).last)
}

fn head(course: &Course<'_>, entries: &[Entry]) -> Head {
    let register = course.register;
    let number = entries.iter().find_map(|entry| match &entry.act {
        Act::Step(taken) => taken.number.clone(),
        _ => None,
    });
    let label = |at: &crate::definition::FieldRef| -> Option<String> {
        let field = register.field(at)?;
        let value = course.value(at, None)?;
        Some(match value {
            Value::Bool(true) => field.title.clone(),
            Value::Bool(false) => format!("非{}", field.title),
            Value::Int(number) => number.to_string(),
            value => value.texts().iter().map(|text| field.called(text)).collect::<Vec<_>>().join("、"),
        })
    };
    let mut labels: Vec<String> = register.label.iter().filter_map(|at| label(at)).collect();
    // Renamed, it goes by its present name; what was recorded before keeps the one it was recorded under.
    if let Some(name) = register.renamed.as_ref().and_then(|at| label(at)) {
        labels.splice(..labels.len().min(1), [name]);
    }
    let mut body: BTreeMap<&str, &crate::value::Fields> = BTreeMap::new();
    for one in course.taken() {
        body.insert(&one.step.id, &one.fields);
    }
    let state = if course.void { VOID.to_owned() } else { course.state.unwrap_or_default().to_owned() };
    Head {
        number,
        state,
        title: if labels.is_empty() { register.title.clone() } else { labels.join("·") },
        opened: course.steps.first().map(|one| one.day),
        last_entry: entries.last().map_or(0, |entry| entry.index),
        // A map of texts and numbers always becomes JSON.
        body: serde_json::to_string(&body).unwrap_or_default(),
    }
}

/// The villages of the opening step; the first field of that type.
fn villages(course: &Course<'_>) -> Vec<String> {
    use crate::definition::FieldType::{Village, Villages};
    let of = |one: &Instance<'_>| {
        let field = one.step.fields.iter().find(|field| matches!(field.kind, Village | Villages))?;
        Some(one.value(&field.id)?.texts().to_vec())
    };
    course.taken().find_map(of).unwrap_or_default()
}

/// Under this name a record keeps the digests of the imported rows it came from.
pub const IMPORTED: &str = "@row";

fn fields(course: &Course<'_>, entries: &[Entry]) -> Vec<FieldRow> {
    let mut rows = Vec::new();
    for entry in entries {
        if let Act::Step(Taken { row: Some(row), .. }) = &entry.act {
            rows.push(FieldRow { field: IMPORTED.to_owned(), value: row.clone() });
        }
    }
    for one in course.taken() {
        // A reference is found by its link.
        let kept = |field: &&Field| {
            (field.filter || field.search || field.catalogue.is_some() || field.number.is_some())
                && !field.personal
                && field.kind.register().is_none()
        };
        for field in one.step.fields.iter().filter(kept) {
            let Some(value) = one.value(&field.id) else { continue };
            let at = format!("{}.{}", one.step.id.value, field.id.value);
            let texts: Vec<String> = match value {
                Value::Bool(is) => vec![is.to_string()],
                Value::Int(number) => vec![number.to_string()],
                value => value.texts().to_vec(),
            };
            rows.extend(texts.into_iter().map(|value| FieldRow { field: at.clone(), value }));
        }
    }
    rows.sort();
    rows.dedup();
    rows
}

fn links(course: &Course<'_>, entries: &[Entry]) -> Vec<Link> {
    let mut links = Vec::new();
    for one in course.taken() {
        for field in one.step.fields.iter().filter(|field| field.kind.register().is_some() && !field.personal) {
            let texts = one.value(&field.id).map(Value::texts).unwrap_or_default();
            let by = format!("{}.{}", one.step.id.value, field.id.value);
            links.extend(texts.iter().map(|to| Link { to: to.clone(), by: by.clone() }));
        }
    }
    for entry in entries {
        if let Act::Link { to, .. } = &entry.act {
            links.push(Link { to: to.clone(), by: "link".to_owned() });
        }
    }
    links.sort();
    links.dedup();
    links
}

fn dues(calendar: &Calendar, course: &Course<'_>) -> Vec<Due> {
    let mut dues = Vec::new();
    let ahead = course.ahead();
    let can_come = |step: &Step| {
        ahead.as_ref().is_none_or(|ahead| step.from.iter().any(|from| ahead.contains(&from.value.as_str())))
    };
    for step in course.register.steps.iter().filter(|step| !step.within.is_empty()) {
        for (rule, within) in step.within.iter().enumerate() {
            // A term that runs from the step's own day (a re-election every three years), or leads up to one it names (the
            // next renewal), is met by the next one only; one that runs from another day it tells of, by the step itself.
            let same = within.of.step == step.id.value;
            let own = judge::runs_on(step, within);
            let started: Vec<&Instance<'_>> = match same {
                true => course.taken().filter(|one| one.step.id == step.id).collect(),
                false => course.latest(&within.of.step).into_iter().collect(),
            };
            for of in started {
                let Some(day) = of.value(&within.of.field).and_then(|value| within.start(value)) else { continue };
                let meets = |one: &&Instance<'_>| match (own, same) {
                    (true, _) => one.when() > of.when(),
                    (false, true) => one.entry == of.entry,
                    // What can be done again is done again for what came since.
                    (false, false) => !step.repeat || one.day >= of.day,
                };
                let met = course.taken().filter(|one| one.step.id == step.id).find(meets);
                let binding = !within.optional && within.force.or(step.force) != Some(Force::May);
                // A right lapses on its day whether or not anything makes the step necessary.
                let needed = !binding || step.need.is_none() || course.is_needed(&step.id);
                if met.is_none() && !(needed && can_come(step)) {
                    // Nobody needs it, or the record ended another way: nothing is due.
                    continue;
                }
                let Some(deadline) = judge::deadline(calendar, day, within, course, None) else { continue };
                dues.push(Due {
                    step: step.id.value.clone(),
                    of_entry: of.entry,
                    nominal: deadline.nominal,
                    last: deadline.last,
                    provisional: deadline.provisional,
                    binding,
                    rule: rule as u16,
                    owner: owner::of(course, step, met),
                    met_by: met.map(|one| one.entry),
                });
            }
        }
    }
    dues.sort();
    // Two terms of a step that end on one day are one due.
    dues.dedup_by(|b, a| {
        let same = (&a.step, a.of_entry, a.nominal, a.last) == (&b.step, b.of_entry, b.nominal, b.last);
        a.binding |= same && b.binding;
        same
    });
    dues
}

/// Needed steps the record went past without.
fn questions(course: &Course<'_>, entries: &[Entry]) -> Vec<Question> {
    let mut questions = Vec::new();
    for step in course.register.steps.iter().filter(|step| step.need.is_some()) {
        if course.latest(&step.id).is_some() {
            continue;
        }
        // Two steps that both change the state are alternatives: the one not chosen was not left out.
        let passed = step
            .from
            .iter()
            .filter(|from| step.to.is_none() && course.state != Some(from.value.as_str()))
            .filter_map(|from| course.left.get(from.value.as_str()).copied())
            .min();
        let before = step
            .before
            .as_ref()
            .and_then(|before| course.steps.iter().position(|one| !one.void && one.step.id.value == before.value));
        let Some(index) = before.or(passed) else { continue };
        // Needed then, not now: a refusal that came later does not undo an omission that had already happened.
        if !course.at(index).is_needed(&step.id) {
            continue;
        }
        let raised = &course.steps[index];
        let id = format!("omitted:{}", step.id.value);
        // An answer given before there was anything to answer says nothing of it.
        let answered_by = entries.iter().rev().find_map(|entry| match &entry.act {
            Act::Answer { question, .. } if *question == id && entry.index > raised.entry => Some(entry.index),
            _ => None,
        });
        questions.push(Question {
            text: format!("没有“{}”就到了“{}”，是什么原因？", step.title, raised.step.title),
            id,
            entry: raised.entry,
            day: raised.day,
            answered_by,
        });
    }
    questions
}

//! Times: by when a step must happen, how long one must last, what must not come too early (期限).

use crate::day::{Day, Span};
use crate::read::{At, Table};
use crate::value::Value;

use super::basis::{self, Basis, Cite};
use super::condition::{self, Condition};
use super::field::FieldRef;
use super::parameter::Term;
use super::step::Force;

/// From where and which way a `within` is counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Count {
    /// So long after the day.
    After(Term),
    /// So long before it, to be done on that day at the latest (`before`).
    Before(Term),
    /// That very day, which somebody named (`on`).
    On,
    /// A day that comes back every year (`by = "03-01"`): the first that comes after it, or after the year it names.
    Yearly {
        /// 1–12.
        month: i8,
        /// 1–31.
        day: i8,
        /// The one of the very year it names (`in`).
        inside: bool,
    },
}

impl Count {
    /// The day of a yearly count that comes after another.
    pub fn yearly(month: i8, day: i8, after: Day) -> Day {
        let in_year = |year| Day::new(year, month, day).unwrap_or(Day::MAX);
        let this = in_year(after.year());
        if this > after { this } else { in_year(after.year() + 1) }
    }

    /// The parameter or length it is counted by, if it is.
    pub fn term(&self) -> Option<&Term> {
        match self {
            Count::After(term) | Count::Before(term) => Some(term),
            Count::On | Count::Yearly { .. } => None,
        }
    }

    pub(super) fn term_mut(&mut self) -> Option<&mut Term> {
        match self {
            Count::After(term) | Count::Before(term) => Some(term),
            Count::On | Count::Yearly { .. } => None,
        }
    }
}

/// `within`: the step is due by a day that is counted from another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Within {
    /// How it is counted.
    pub count: Count,
    /// Counted from this day field, whose own day is not counted, or from the year this number field names.
    pub of: At<FieldRef>,
    /// Where this day field was given, the last day is not before it.
    pub extended_by: Option<At<FieldRef>>,
    /// The rule by which the days are counted.
    pub counted_by: Vec<Cite>,
    /// The step may be left out: once its time is over, nobody is reminded of it.
    pub optional: bool,
    /// Overrides the step's own force for the time alone (一般一个月内).
    pub force: Option<Force>,
    /// Where the time comes from; the step's basis if it has none of its own.
    pub basis: Basis,
}

impl Within {
    /// The day it is counted from, out of what its field holds. A year is over on its last day: what is due of 2023 by
    /// March is due by March 2024, whenever the record was opened. What is due within 2024 comes after the year before.
    pub fn start(&self, value: &Value) -> Option<Day> {
        match (value, &self.count) {
            (Value::Int(year), Count::Yearly { inside, .. }) => {
                let over = i16::try_from(*year).ok()?.checked_sub(i16::from(*inside))?;
                Day::new(over, 12, 31)
            }
            _ => Day::parse(value.as_text()?),
        }
    }

    /// Where the time comes from on a day: its own basis, or that of the parameter it is; empty: the step's.
    pub fn basis_on(&self, day: Day) -> &Basis {
        self.count.term().map_or(&self.basis, |term| term.basis(day, &self.basis))
    }

    /// The law's verb for the time: its own, or the step's where the time comes from the step's law. A time the
    /// township set itself has none.
    pub fn verb(&self, step: Option<Force>) -> Option<Force> {
        self.force.or(step.filter(|_| self.basis.is_empty() || !self.basis.cites.is_empty()))
    }
}

/// `lasts`: from one day field to another at least so long.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lasts {
    /// How long at least; never shortened by rest days.
    pub term: Term,
    /// First day.
    pub from: At<FieldRef>,
    /// Last day.
    pub to: At<FieldRef>,
    /// must or usual.
    pub force: Option<Force>,
    /// The field that holds the reason when it was shorter.
    pub shorter_needs: Option<At<FieldRef>>,
    /// Where the time comes from.
    pub basis: Basis,
}

/// `not_before`: the field's day is at least so many days after another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotBefore {
    /// How long; none for no earlier than that very day.
    pub term: Option<Term>,
    /// After this day field.
    pub of: At<FieldRef>,
    /// Where the time comes from.
    pub basis: Basis,
}

/// `not_after`: the field's day is at most so long after another (有效期的上限). Never moved by a day of rest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotAfter {
    /// How long.
    pub term: Term,
    /// After this day field.
    pub of: At<FieldRef>,
    /// Only where all of these hold.
    pub when: Vec<Condition>,
    /// Where the time comes from.
    pub basis: Basis,
}

pub(super) fn read_within(table: &mut Table<'_>, own_step: &str) -> Vec<Within> {
    table.each("within", "期限，如 { days = 30, of = \"步骤.字段\" }", |table| {
        let count = read_count(table);
        let of = match count {
            Some(Count::Before(_)) => table.need_text("before"),
            Some(Count::On) => table.need_text("on"),
            Some(Count::Yearly { inside: true, .. }) => table.need_text("in"),
            _ => table.need_text("of"),
        };
        let of = of.map(|text| FieldRef::parse(&text, own_step));
        let extended_by = table.text("extended_by").map(|at| at.map(|text| FieldRef::parse(&text, own_step)));
        let counted_by = basis::read_cites(table, "counted_by");
        let optional = table.flag("optional");
        let force = table.word("force", Force::WORDS).map(|at| at.value);
        let basis = basis::read(table, None);
        Some(Within { count: count?, of, extended_by, counted_by, optional, force, basis })
    })
}

fn read_count(table: &mut Table<'_>) -> Option<Count> {
    if table.has("on") {
        return Some(Count::On);
    }
    if let Some(by) = table.text("by") {
        let day = by.value.split_once('-').and_then(|(month, day)| {
            let (month, day) = (month.parse().ok()?, day.parse().ok()?);
            // A day that every year has.
            Day::new(2023, month, day).map(|_| Count::Yearly { month, day, inside: table.has("in") })
        });
        if day.is_none() {
            table.note(16, by.span, format!("“{}”不是一年中的日子", by.value), "请写成 by = \"03-01\"");
        }
        return day;
    }
    let term = read_term(table, true)?;
    Some(if table.has("before") { Count::Before(term) } else { Count::After(term) })
}

/// A length of time written here, or `term = "file.parameter"`.
fn read_term(table: &mut Table<'_>, months: bool) -> Option<Term> {
    match table.text("term") {
        Some(name) => Some(Term::named(name)),
        None => read_span(table, months).map(Term::fixed),
    }
}

pub(super) fn read_lasts(table: &mut Table<'_>, own_step: &str) -> Option<Lasts> {
    let mut table = table.table("lasts")?;
    let term = read_term(&mut table, false);
    let mut end = |key, usual: &str| {
        let at = table.text(key).unwrap_or_else(|| At { value: usual.to_owned(), span: table.span.clone() });
        at.map(|text| FieldRef::parse(&text, own_step))
    };
    let (from, to) = (end("from", "opened_on"), end("to", "closed_on"));
    let shorter_needs = table.text("shorter_needs").map(|at| at.map(|text| FieldRef::parse(&text, own_step)));
    let force = table.word("force", Force::WORDS).map(|at| at.value);
    let basis = basis::read(&mut table, None);
    table.finish();
    Some(Lasts { term: term?, from, to, force, shorter_needs, basis })
}

pub(super) fn read_not_before(table: &mut Table<'_>, own_step: &str) -> Option<NotBefore> {
    let written = ["days", "working_days", "term"].into_iter().any(|key| table.has(key));
    if !written {
        table.missing("days");
    }
    // Zero days is that very day, which no length of time says.
    let term = match table.raw("days").and_then(|raw| raw.as_int()) {
        Some(0) => None,
        _ if written => read_term(table, false),
        _ => None,
    };
    let of = table.need_text("of").map(|text| FieldRef::parse(&text, own_step));
    let basis = basis::read(table, None);
    written.then_some(NotBefore { term, of, basis })
}

pub(super) fn read_not_after(table: &mut Table<'_>, own_step: &str) -> Option<NotAfter> {
    let term = read_term(table, true);
    let of = table.need_text("of").map(|text| FieldRef::parse(&text, own_step));
    let when = condition::read(table, "when", own_step);
    let basis = basis::read(table, None);
    Some(NotAfter { term: term?, of, when, basis })
}

/// Reads `days`, `working_days` or, where `months` says so, `months`: exactly one of them.
pub(super) fn read_span(table: &mut Table<'_>, months: bool) -> Option<Span> {
    let mut found = Vec::new();
    found.extend(table.int("days").map(|at| (at.value, Span::Days(at.value as u16))));
    found.extend(table.int("working_days").map(|at| (at.value, Span::WorkingDays(at.value as u16))));
    found.extend(table.int("months").map(|at| (at.value, Span::Months(at.value as u16))));
    match found[..] {
        [(number, span)] if (1..=1200).contains(&number) && (months || !matches!(span, Span::Months(_))) => Some(span),
        _ => {
            let words = if months { "days、working_days、months" } else { "days、working_days" };
            let remedy = format!("请写 {words} 之一，数值在 1 到 1200 之间");
            table.note(16, table.span.clone(), "时间的长短没有写对", remedy);
            None
        }
    }
}

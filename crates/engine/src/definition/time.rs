//! Times: by when a step must happen, how long one must last, what must not come too early (期限).

use crate::day::Span;
use crate::read::{At, Table};

use super::basis::{self, Basis, Cite};
use super::field::FieldRef;
use super::step::Force;

/// `within`: the step is due this long after a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Within {
    /// How long.
    pub span: Span,
    /// Counted from this day field; its own day is not counted.
    pub of: At<FieldRef>,
    /// The rule by which the days are counted.
    pub counted_by: Vec<Cite>,
    /// Overrides the step's own force for the time alone (一般一个月内).
    pub force: Option<Force>,
    /// Where the time comes from; the step's basis if it has none of its own.
    pub basis: Basis,
}

impl Within {
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
    pub span: Span,
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
    /// How many full days.
    pub days: i64,
    /// After this day field.
    pub of: At<FieldRef>,
    /// Where the time comes from.
    pub basis: Basis,
}

pub(super) fn read_within(table: &mut Table<'_>, own_step: &str) -> Vec<Within> {
    let Some(raw) = table.raw("within") else { return Vec::new() };
    let mut all = Vec::new();
    for item in raw.items() {
        let Some(mut table) = item.as_table() else {
            item.wrong("期限，如 { days = 30, of = \"步骤.字段\" }");
            continue;
        };
        let span = read_span(&mut table, true);
        let of = table.need_text("of").map(|text| FieldRef::parse(&text, own_step));
        let counted_by = basis::read_cites(&mut table, "counted_by");
        let force = table.word("force", Force::WORDS).map(|at| at.value);
        let basis = basis::read(&mut table, None);
        table.finish();
        all.extend(span.map(|span| Within { span, of, counted_by, force, basis }));
    }
    all
}

pub(super) fn read_lasts(table: &mut Table<'_>, own_step: &str) -> Option<Lasts> {
    let mut table = table.table("lasts")?;
    let span = read_span(&mut table, false);
    let mut end = |key, usual: &str| {
        let at = table.text(key).unwrap_or_else(|| At { value: usual.to_owned(), span: table.span.clone() });
        at.map(|text| FieldRef::parse(&text, own_step))
    };
    let (from, to) = (end("from", "opened_on"), end("to", "closed_on"));
    let shorter_needs = table.text("shorter_needs").map(|at| at.map(|text| FieldRef::parse(&text, own_step)));
    let force = table.word("force", Force::WORDS).map(|at| at.value);
    let basis = basis::read(&mut table, None);
    table.finish();
    Some(Lasts { span: span?, from, to, force, shorter_needs, basis })
}

pub(super) fn read_not_before(table: &mut Table<'_>, own_step: &str) -> Option<NotBefore> {
    let mut table = table.table("not_before")?;
    let days = table.int("days");
    if days.is_none() && !table.has("days") {
        table.missing("days");
    }
    let of = table.need_text("of").map(|text| FieldRef::parse(&text, own_step));
    let basis = basis::read(&mut table, None);
    table.finish();
    Some(NotBefore { days: days?.value, of, basis })
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

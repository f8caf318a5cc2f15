//! Between which days a field's day has to lie, as far as the days it is held against are known (最早、最晚).

use crate::day::{Calendar, Day, Shift, Span};
use crate::definition::{Field, FieldRef, NotAfter, NotBefore};

use super::course::{Course, Instance};

/// The first or the last day a field may hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bound {
    /// Whether it is the last.
    pub latest: bool,
    /// The day.
    pub day: Day,
    /// The field whose day it is counted from.
    pub of: FieldRef,
    /// That field's day.
    pub from: Day,
    /// How long after that; that day itself where nothing is counted.
    pub length: Option<Span>,
}

/// The bounds of a day field for a step taken here: each rule that applies and whose other day is written down.
pub fn bounds(course: &Course<'_>, calendar: &Calendar, present: &Instance<'_>, field: &Field) -> Vec<Bound> {
    let day_at = |at: &FieldRef| Day::parse(course.value(at, Some(present))?.as_text()?);
    let early = field.not_before.iter().filter_map(|rule| {
        let from = day_at(&rule.of)?;
        let (day, length) = earliest(calendar, rule, from)?;
        Some(Bound { latest: false, day, of: rule.of.value.clone(), from, length })
    });
    let late = field.not_after.iter().filter(|rule| course.all_hold(&rule.when, Some(present))).filter_map(|rule| {
        let from = day_at(&rule.of)?;
        let (day, length) = latest(calendar, rule, from)?;
        Some(Bound { latest: true, day, of: rule.of.value.clone(), from, length: Some(length) })
    });
    early.chain(late).collect()
}

/// The first day a rule allows, and how long after the other day that is; none where its parameter is not set on that day.
pub(super) fn earliest(calendar: &Calendar, rule: &NotBefore, of: Day) -> Option<(Day, Option<Span>)> {
    let Some(term) = &rule.term else { return Some((of, None)) };
    let span = term.on(of)?;
    Some((calendar.not_before(of, span).last, Some(span)))
}

/// The last day a rule allows, and how long after the other day that is.
pub(super) fn latest(calendar: &Calendar, rule: &NotAfter, of: Day) -> Option<(Day, Span)> {
    let span = rule.term.on(of)?;
    Some((calendar.last_day(of, span, Shift::Never).last, span))
}

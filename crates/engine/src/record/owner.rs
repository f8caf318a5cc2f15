//! Whose a due is (负责).

use crate::definition::Step;
use crate::value::Value;

use super::course::{Course, Instance};

/// The record of whoever has to do a step, as the record says it now; of one that was done, as it said then. A due
/// goes over with the case: a mediator who was replaced owes nothing any more.
pub(super) fn of(course: &Course<'_>, step: &Step, met: Option<&Instance<'_>>) -> String {
    let Some(at) = &step.owner else { return String::new() };
    let holder =
        course.taken().rev().find(|one| one.step.id.value == at.step && met.is_none_or(|met| one.when() <= met.when()));
    let value = holder.and_then(|one| one.value(&at.field)).and_then(Value::as_text);
    value.unwrap_or_default().to_owned()
}

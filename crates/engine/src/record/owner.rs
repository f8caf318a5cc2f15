//! Whose a due is (负责).

use crate::day::Day;
use crate::definition::{FieldRef, Step};

use super::course::{Course, Instance};

/// Between the records of several who answer for one due.
pub const SEVERAL: &str = " ";

/// The records of whoever has to do a step, as the record says it now; of one that was done, as it said then. A due
/// goes over with the case: a mediator who was replaced owes nothing any more. Where several are named, it is theirs
/// together, and stands in the list of each.
pub(super) fn of(course: &Course<'_>, step: &Step, met: Option<&Instance<'_>>) -> String {
    let mut named: Option<((Day, u64), usize, String)> = None;
    for (nth, FieldRef { step: of, field }) in step.owner.iter().map(|at| &at.value).enumerate() {
        let said = course.taken().rev().find_map(|one| {
            let then = one.step.id.value == *of && met.is_none_or(|met| one.when() <= met.when());
            let texts = one.value(field).filter(|_| then)?.texts();
            (!texts.is_empty()).then(|| (one.when(), nth, texts.join(SEVERAL)))
        });
        // Of two fields of one step the one written later in the list is the more particular.
        if said.as_ref().is_some_and(|said| named.as_ref().is_none_or(|named| (said.0, said.1) >= (named.0, named.1))) {
            named = said;
        }
    }
    named.map_or_else(String::new, |(.., owners)| owners)
}

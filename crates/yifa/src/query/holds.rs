//! Whether something holds of another record, asked by what looks across records.

use anyhow::Result;
use engine::day::Calendar;
use engine::definition::Condition;
use engine::record::{Rules, walk};

use crate::sets::Sets;
use crate::storage::Db;
use crate::storage::log::entries_of;

/// Whether all conditions hold of a record as it stands; of one that is no more, none does.
pub fn holds(db: &Db, sets: &Sets, calendar: &Calendar, record: &str, conditions: &[Condition]) -> Result<bool> {
    let (entries, _) = entries_of(db, record)?;
    let Some(first) = entries.first() else { return Ok(false) };
    let register = sets.opened_under(first.index, first.act.register().unwrap_or_default())?;
    let (course, _) = walk(Rules { register, figures: &[], calendar }, &entries);
    Ok(!course.void && course.all_hold(conditions, None))
}

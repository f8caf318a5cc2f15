//! The ids under which forms are recorded (表单的编号): given out with a form, so that one sent twice makes one entry, and
//! looked at when they come back, because the entry bears its id, and the moment in it, for good.

use anyhow::Result;
use journal::id::Id;

use super::door::expired;
use super::visit::Visit;
use crate::accounts::session::LONGEST;
use crate::ambient::{Ambient, System};
use crate::storage::params;

/// So far a clock that is set right may jump.
const AHEAD: i64 = 60 * 1000;

/// Whether an id may have been given out with a form that is still open: no session lasts longer than that.
pub fn is_recent(id: &Id) -> bool {
    let (now, made) = (System.now(), i64::try_from(id.millis()).unwrap_or(i64::MAX));
    (now - LONGEST - AHEAD..=now + AHEAD).contains(&made)
}

/// The id that a form without a draft brings; none where it brings none.
///
/// # Errors
/// One that was not given out, or is the id of somebody else's entry.
pub fn entry_id(visit: &Visit<'_>) -> Result<Option<Id>> {
    let Some(text) = visit.typed("id") else { return Ok(None) };
    let id = Id::parse(text.as_bytes()).map_err(|_| expired())?;
    let sql = "SELECT actor FROM entry WHERE town_id = $1 AND id = $2";
    let actor: Option<String> = visit.db.one(sql, params![text], |row| row.get(0))?;
    let may = actor.map_or_else(|| is_recent(&id), |actor| actor == visit.who.person);
    if may { Ok(Some(id)) } else { Err(expired()) }
}

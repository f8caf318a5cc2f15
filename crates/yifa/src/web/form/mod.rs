//! Forms: whatever adds an entry through a page (填报), generated from the definition.
//!
//! ```text
//! place    what a form is for, as its address says
//! subject  that place with its record, if whoever asks may do that there
//! typed    what was typed, as it was typed; kept as a draft at every POST
//! sheet    the form as a page: law, problems, fields, buttons
//! unmasked sealed values shown for a correction, and what the access log knows of it
//! send     from what was typed to an entry, or back to the form with all that is in the way
//! drafts   what is not finished yet
//! turns    one request at a time works on a draft
//! ```
//!
//! INVARIANT: nothing typed is lost. When a POST of a form is answered, what it brought is in the journal, or on disk as
//! a draft (`what_was_typed_outlives_the_session_and_the_server`).

mod body;
mod conflict;
mod control;
pub mod done;
pub mod drafts;
mod field;
mod files;
mod law;
mod lookup;
mod options;
mod place;
mod send;
mod sheet;
mod subject;
pub mod turns;
mod typed;
mod unmasked;

use anyhow::Result;

use super::answer::Answer;
use super::visit::Visit;
use place::Place;
use sheet::Sheet;
use subject::Subject;
use typed::Typed;

pub use drafts::rescue;
pub use sheet::verb;

/// `GET` of every form: blank, with what is there already, or with a draft (`?draft=`).
pub fn show(visit: &Visit<'_>) -> Result<Answer> {
    let subject = Subject::open(visit, Place::of(visit)?)?;
    let course = subject.course(visit)?;
    let asked = visit.query("draft");
    // Back at the address of a draft that was sent: to what became of it.
    if let Some(entered) = asked.map(|id| drafts::sent(visit, id)).transpose()?.flatten() {
        return Ok(entered);
    }
    let draft = asked.map(|id| drafts::own(visit, id)).transpose()?;
    let draft = draft.filter(|draft| subject.place.is(draft));
    let typed = match draft {
        Some(draft) => Typed::of(draft),
        None => sheet::fresh(visit, &subject, &course)?,
    };
    let sheet = Sheet::new(visit, &subject, &course, typed);
    sheet.page(200, visit.query("said").and_then(drafts::said), &[])
}

/// `POST` of every form: keeps what was typed, then does what the button says.
pub fn send(visit: &Visit<'_>) -> Result<Answer> {
    send::send(visit)
}

//! What was found becomes text somebody, or his calendar, reads: HTML, plain text, iCalendar. Pure: document in, string out.

pub mod html;
pub mod ics;
mod source;
#[cfg(test)]
mod tests;
pub mod text;

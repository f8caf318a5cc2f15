//! What was found becomes text somebody, or his calendar, reads: HTML, plain text, iCalendar. Pure: document in, string out.

pub mod dues;
pub mod html;
pub mod ics;
pub mod lines;
mod source;
#[cfg(test)]
mod tests;
pub mod text;

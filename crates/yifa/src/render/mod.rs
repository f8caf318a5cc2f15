//! What was found becomes something somebody, or his calendar, reads: HTML, plain text, Word, iCalendar. Pure: document in,
//! bytes out.

pub mod code;
pub mod docx;
pub mod dues;
pub mod html;
pub mod ics;
pub mod lines;
pub mod official;
mod source;
#[cfg(test)]
mod tests;
pub mod text;

//! Reports (报告): a template and the readings of its figures become one document.
//!
//! The arrow: [`Template::read`] → [`compose`] → [`Document`] → a renderer. The template language is Markdown with
//! figures and sentences kept or left out by figures, nothing more; `docs/definitions.md` describes it and
//! `docs/why/010-report-template.md` says what was refused.

mod annex;
mod compose;
mod condition;
mod document;
pub mod edit;
mod origin;
mod paragraph;
pub mod parts;
mod read;
mod sentence;
mod table;
mod template;
#[cfg(test)]
mod tests;
mod variable;

pub use annex::{Annex, ByHand, Source};
pub use compose::{Breakdown, Context, Share, compose};
pub use document::{Align, Block, Document, Part, Span, Table, Year};
pub use origin::origin;
pub use table::By;
pub use template::Template;
pub use variable::Variables;

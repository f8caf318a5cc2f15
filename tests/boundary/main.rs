//! What the code must not know, must not say and must not forget, read from the sources themselves.
//!
//! A rule in a document drifts; a rule that reads the files it is about does not. Every test names the files it found
//! wanting, all of them at once, and what to do.

mod arrow;
mod document;
mod message;
mod schema;
mod source;
mod statement;
mod style;

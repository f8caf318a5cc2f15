//! What the code must not know, must not say and must not forget, read from the sources themselves.
//!
//! A rule in a document drifts; a rule that reads the files it is about does not. Every test names the files it found
//! wanting, all of them at once, and what to do.

// The list of what one engine alone is asked.
#[allow(dead_code)]
#[path = "../support/postgres.rs"]
mod postgres;

mod arrow;
mod document;
mod engine;
mod message;
mod schema;
mod source;
mod statement;
mod style;

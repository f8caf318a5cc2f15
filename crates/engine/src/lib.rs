//! What the law asks, and what the entries add up to (依法引擎).
//!
//! Pure: no clock, disk, database, network or randomness; they come in as arguments.

pub mod act;
pub mod cases;
pub mod claim;
pub mod compare;
pub mod day;
pub mod definition;
pub mod figure;
pub mod form;
pub mod law;
pub mod lint;
pub mod paper;
pub mod problem;
pub mod read;
pub mod record;
pub mod recount;
pub mod report;
pub mod statement;
mod syntax;
pub mod value;

//! What the law asks, and what the entries add up to (依法引擎).
//!
//! Pure: no clock, disk, database, network or randomness; they come in as arguments.

pub mod day;
pub mod law;
pub mod problem;
pub mod read;

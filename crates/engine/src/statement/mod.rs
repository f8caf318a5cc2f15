//! Statements: the tables superiors ask for, with the stretch of time each is about and the cells it is made of (报表).
//!
//! How one is laid out is data, [`crate::definition::Statement`]; what stands in its cells is read from figures and
//! records by whoever holds the tables.

mod period;
mod square;

pub use period::Reported;
pub use square::{Area, Square};

//! Questions to the tables: figures, records, what is due and what is flagged. Reading only.

pub mod affected;
pub mod alike;
pub mod baseline;
pub mod breakdown;
pub mod called;
pub mod due;
pub mod evidence;
pub mod expired;
pub mod figures;
pub mod holds;
pub mod list;
pub mod names;
pub mod overdue;
pub mod owner;
pub mod parts;
pub mod questions;
pub mod records;
pub mod rollup;
pub mod slice;
pub mod together;
pub mod yearly;
pub mod years;

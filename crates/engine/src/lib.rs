//! What the law asks, and what the entries add up to.

pub mod claim;
pub mod lint;

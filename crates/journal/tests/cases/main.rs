//! Cases, not calls: what the formats are, what is refused, and what others say about it.

mod bundle;
mod disclosure;
mod entry;
mod follow;
mod guard;
mod known;
mod note;
mod payload;
mod tamper;
mod tile;
mod tree;
mod world;

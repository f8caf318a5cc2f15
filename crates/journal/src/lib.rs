//! What was written, in what order, by whom: bytes, not law.

pub mod audit;
pub mod bundle;
pub mod canonical;
pub mod checkpoint;
pub mod difference;
pub mod entry;
pub mod export;
pub mod guard;
pub mod hash;
pub mod id;
pub mod key;
pub mod note;
mod number;
pub mod opening;
pub mod payload;
pub mod proof;
pub mod tile;
pub mod tiler;
pub mod tiles;
pub mod tree;
pub mod verify;

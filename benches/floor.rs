//! The fewest an honest disk allows, measured between slices of work, because a shared disk changes its mind.

#![allow(dead_code, reason = "each bench uses its part")]

use std::path::Path;
use std::time::Instant;

use rusqlite::{Connection, params};

/// A slice of work and the floor just before and after it.
pub struct Turn {
    /// The work, a second.
    pub rate: f64,
    /// The floor, a second.
    pub floor: f64,
}

/// The turn of the middle ratio.
pub fn middle(mut turns: Vec<Turn>) -> Turn {
    turns.sort_by(|a, b| (a.rate / a.floor).total_cmp(&(b.rate / b.floor)));
    turns.swap_remove(turns.len() / 2)
}

/// Commits a second of one bare row each, on the same disk with the same durability.
pub fn commits(folder: &Path, commits: usize) -> f64 {
    let path = folder.join("floor.db");
    let db = Connection::open(&path).unwrap();
    db.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE IF NOT EXISTS one (n BIGINT, body TEXT)",
    )
    .unwrap();
    let mut insert = db.prepare("INSERT INTO one (n, body) VALUES (?1, ?2)").unwrap();
    let begun = Instant::now();
    for n in 0..commits {
        insert.execute(params![n as i64, "an entry of some length, no index, no other table"]).unwrap();
    }
    commits as f64 / begun.elapsed().as_secs_f64()
}

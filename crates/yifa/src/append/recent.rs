//! Records worked on just now, so that the next step on one of them reads nothing back (近办).
//!
//! Only what this writer itself read or wrote is kept, and while it holds the folder nobody else writes.

use std::collections::{BTreeSet, HashMap};

use anyhow::Result;
use engine::act::Entry;
use engine::record::Rows;
use journal::hash::Hash;

use crate::storage::Db;
use crate::storage::log::{Entries, entries_of};

/// A record as its entries have it.
#[derive(Default)]
pub struct Seen {
    /// Its entries in order; none of a record about to be opened.
    pub entries: Vec<Entry>,
    /// The leaf hash of the last.
    pub last: Option<Hash>,
    /// What is derived from them under the set in force; not known of a record just read.
    pub rows: Option<Rows>,
}

/// How many records are kept at least; at most twice as many, a few kilobytes each; sixty who work at once find theirs again.
const KEPT: usize = 64;

/// The records seen last, in two halves: when one is full the other is forgotten.
#[derive(Default)]
pub struct Recent {
    young: HashMap<String, Seen>,
    old: HashMap<String, Seen>,
    /// Those a group will ask for, read together.
    ahead: HashMap<String, Seen>,
}

impl Recent {
    /// Takes a record out, or reads it. Whoever goes on with it puts it back; refused, it is read again.
    pub fn take(&mut self, db: &Db, record: &str) -> Result<Seen> {
        let known = self.young.remove(record).or_else(|| self.old.remove(record));
        if let Some(seen) = known.or_else(|| self.ahead.remove(record)) {
            return Ok(seen);
        }
        Ok(seen(entries_of(db, record)?))
    }

    /// Which of these records would have to be read.
    pub fn unknown<'r>(&self, records: impl Iterator<Item = &'r str>) -> BTreeSet<&'r str> {
        records.filter(|record| !self.young.contains_key(*record) && !self.old.contains_key(*record)).collect()
    }

    /// Takes in what was read for a group; what was read for the one before is forgotten.
    pub fn look_ahead<'r>(&mut self, read: impl Iterator<Item = (&'r str, Entries)>) {
        self.ahead = read.map(|(record, entries)| (record.to_owned(), seen(entries))).collect();
    }

    /// Puts a record back with its newest entry.
    pub fn put(&mut self, record: String, seen: Seen) {
        if self.young.len() >= KEPT {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(record, seen);
    }

    /// Forgets everything: what was written is taken back, or judged by another set from now on.
    pub fn forget(&mut self) {
        *self = Recent::default();
    }
}

fn seen((entries, last): Entries) -> Seen {
    Seen { entries, last, rows: None }
}

//! What an office's own tables call ours, kept from one import to the next (用语): a convenience, and no record.

use anyhow::Result;

use super::Accounts;
use crate::ambient::{Ambient, System};
use crate::storage::{Row, params};

/// A heading or a word, and what it stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// The path of the column a word stands in; empty for a heading.
    pub place: String,
    /// The heading or the word as the table writes it.
    pub word: String,
    /// The path of the column a heading stands for, empty where it is left out; the choice a word stands for.
    pub means: String,
}

impl Accounts {
    /// All that is kept for a register.
    pub fn wording(&self, register: &str) -> Result<Vec<Kept>> {
        let sql = "SELECT place, word, means FROM wording WHERE town_id = $1 AND register = $2 ORDER BY place, word";
        let read = |row: &Row<'_>| Ok(Kept { place: row.get(0)?, word: row.get(1)?, means: row.get(2)? });
        self.db()?.rows(sql, params![register], read)
    }

    /// Keeps more for a register; what was kept of the same words is forgotten.
    pub fn keep_wording(&self, register: &str, all: &[Kept]) -> Result<()> {
        let (db, now) = (self.db()?, System.now());
        let sql = "INSERT INTO wording (town_id, register, place, word, means, kept_at) VALUES ($1, $2, $3, $4, $5, $6) \
                   ON CONFLICT (town_id, register, place, word) DO UPDATE SET means = excluded.means, kept_at = excluded.kept_at";
        for Kept { place, word, means } in all {
            db.run(sql, params![register, place, word, means, now])?;
        }
        Ok(())
    }
}

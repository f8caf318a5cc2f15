//! What somebody typed into a form and has not recorded yet (草稿): kept for him alone, until its entry is in the journal.

use anyhow::Result;
use serde::{Deserialize, Serialize};

use super::Accounts;
use crate::ambient::{Ambient, System};
use crate::storage::{Row, params};

/// After so many milliseconds without a save a draft is deleted, with what is personal in it: thirty days.
pub const KEPT: i64 = 30 * 24 * 60 * 60 * 1000;
/// So long before that its owner is told.
pub const TOLD: i64 = 7 * 24 * 60 * 60 * 1000;

/// A file that was sent with a form and waits beside the draft.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// Its SHA-256, in hex.
    pub hash: String,
    /// What it is called.
    pub name: String,
    /// Its length in bytes.
    pub bytes: u64,
}

/// What was typed, as it was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Body {
    /// Names and values, in the order sent.
    pub typed: Vec<(String, String)>,
    /// The files they name.
    pub files: Vec<Kept>,
}

/// A form that is not finished.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unfinished {
    /// Its id, which the entry it becomes will bear: so that a form sent twice makes one entry.
    pub id: String,
    /// Whose it is.
    pub account: String,
    /// The register.
    pub register: String,
    /// The record; empty for a new one.
    pub record: String,
    /// What is done there: the end of the form's address.
    pub step: String,
    /// The record's last entry as it was seen.
    pub based_on: Option<u64>,
    /// Grows with each save: an older page never overwrites what a newer one saved.
    pub version: i64,
    /// What was typed.
    pub body: Body,
    /// When, in milliseconds.
    pub saved_at: i64,
}

impl Unfinished {
    /// Whether it will be deleted within a week, unless it is saved again.
    pub fn ends_soon(&self) -> bool {
        self.saved_at + KEPT - TOLD <= System.now()
    }
}

/// What became of a save.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Saved {
    /// It is on disk, under this version.
    As(i64),
    /// Something newer is there already, from another page; nothing was changed.
    Older,
}

const COLUMNS: &str = "SELECT id, account, register, record, step, based_on, version, body, saved_at FROM draft \
                       WHERE town_id = $1";

fn read(row: &Row<'_>) -> Result<Unfinished> {
    let body: String = row.get(7)?;
    Ok(Unfinished {
        id: row.get(0)?,
        account: row.get(1)?,
        register: row.get(2)?,
        record: row.get(3)?,
        step: row.get(4)?,
        based_on: row.get::<Option<i64>>(5)?.map(|index| index as u64),
        version: row.get(6)?,
        // What a newer program wrote otherwise is shown empty rather than not at all.
        body: serde_json::from_str(&body).unwrap_or_default(),
        saved_at: row.get(8)?,
    })
}

impl Accounts {
    /// Keeps what was typed on a page that knew `unfinished.version`; it has to be settled, or become an entry.
    pub fn keep(&self, unfinished: &Unfinished) -> Result<Saved> {
        let Unfinished { id, account, register, record, step, based_on, version, body, .. } = unfinished;
        let (body, now, based_on) = (serde_json::to_string(body)?, System.now(), based_on.map(|index| index as i64));
        // One connection, held from the look to the write.
        self.unhurried(|db| {
            let sql = "SELECT account, version, body FROM draft WHERE town_id = $1 AND id = $2";
            let there: Option<(String, i64, String)> =
                db.one(sql, params![id], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
            let Some((owner, known, old)) = there else {
                db.run(
                "INSERT INTO draft (town_id, id, account, register, record, step, based_on, version, body, saved_at) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, 1, $8, $9)",
                params![id, account, register, record, step, based_on, body, now],
            )?;
                return Ok(Saved::As(1));
            };
            if owner != *account {
                return Ok(Saved::Older);
            }
            if old != body && known != *version {
                return Ok(Saved::Older);
            }
            let next = if old == body { known } else { known + 1 };
            let sql =
                "UPDATE draft SET based_on = $3, version = $4, body = $5, saved_at = $6 WHERE town_id = $1 AND id = $2";
            db.run(sql, params![id, based_on, next, body, now])?;
            Ok(Saved::As(next))
        })
    }

    /// Waits until a draft is on disk. Of one that is gone there is nothing to wait for.
    pub fn settle(&self, id: &str) -> Result<()> {
        self.db()?.run("UPDATE draft SET saved_at = saved_at WHERE town_id = $1 AND id = $2", params![id])?;
        Ok(())
    }

    /// One, whosever it is.
    pub fn draft(&self, id: &str) -> Result<Option<Unfinished>> {
        self.db()?.one(&format!("{COLUMNS} AND id = $2"), params![id], read)
    }

    /// One of somebody's own; nobody else's.
    pub fn unfinished(&self, account: &str, id: &str) -> Result<Option<Unfinished>> {
        self.db()?.one(&format!("{COLUMNS} AND account = $2 AND id = $3"), params![account, id], read)
    }

    /// All of somebody's, the newest first.
    pub fn all_unfinished(&self, account: &str) -> Result<Vec<Unfinished>> {
        let sql = format!("{COLUMNS} AND account = $2 ORDER BY saved_at DESC, id DESC");
        self.db()?.rows(&sql, params![account], read)
    }

    /// Puts one away: its entry is in the journal, or its owner gave it up. One that a power cut brings back is known by
    /// its entry.
    pub fn put_away(&self, account: &str, id: &str) -> Result<bool> {
        let sql = "DELETE FROM draft WHERE town_id = $1 AND account = $2 AND id = $3";
        self.unhurried(|db| Ok(db.count(sql, params![account, id])? > 0))
    }

    /// The ids of all drafts of everybody.
    pub fn every_unfinished(&self) -> Result<Vec<String>> {
        self.db()?.rows("SELECT id FROM draft WHERE town_id = $1 ORDER BY id", params![], |row| row.get(0))
    }

    /// Deletes those that were last saved before a moment, whosever they are.
    pub fn forget_before(&self, moment: i64) -> Result<()> {
        self.db()?.run("DELETE FROM draft WHERE town_id = $1 AND saved_at < $2", params![moment])?;
        Ok(())
    }

    /// Deletes one whose entry is in the journal.
    pub fn forget(&self, id: &str) -> Result<()> {
        self.db()?.run("DELETE FROM draft WHERE town_id = $1 AND id = $2", params![id])?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_older_page_never_overwrites_a_newer_one_and_a_draft_is_its_owners() {
        let folder = tempfile::tempdir().unwrap();
        let accounts = Accounts::open_at(&folder.path().join("accounts.db")).unwrap();
        let save = |account: &str, version: i64, text: &str| {
            let body = Body { typed: vec![("f.title".to_owned(), text.to_owned())], files: Vec::new() };
            let (id, account) = ("d1".to_owned(), account.to_owned());
            let (register, record, step) = ("survey".to_owned(), String::new(), "new/hold".to_owned());
            let all = Unfinished { id, account, register, record, step, based_on: None, version, body, saved_at: 0 };
            accounts.keep(&all).unwrap()
        };
        assert_eq!(save("a", 0, "一"), Saved::As(1));
        assert_eq!(save("a", 1, "一二"), Saved::As(2));
        assert_eq!(save("a", 1, "一三"), Saved::Older, "a page that has not seen 一二");
        assert_eq!(save("a", 1, "一二"), Saved::As(2), "the same once more");
        assert_eq!(save("b", 2, "别人的"), Saved::Older);
        let found = accounts.unfinished("a", "d1").unwrap().unwrap();
        assert_eq!((found.version, found.body.typed[0].1.as_str()), (2, "一二"));
        assert_eq!(accounts.unfinished("b", "d1").unwrap(), None);
        assert!(!accounts.put_away("b", "d1").unwrap());
        assert!(accounts.put_away("a", "d1").unwrap());
        assert_eq!(save("a", 7, "又写"), Saved::As(1), "nothing typed is lost because its draft was put away");
        assert_eq!(accounts.all_unfinished("a").unwrap().len(), 1);
    }
}

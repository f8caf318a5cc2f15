//! The second database, `accounts.db`: accounts, sessions, what was looked at, drafts (账号库).
//!
//! What somebody may do is not in it: grants are entries of the journal. Whoever deletes this file locks everybody out and
//! changes no record; whoever can write it can come in as anybody until he is seen in the journal.

pub mod access;
pub mod account;
pub mod draft;
pub mod password;
pub mod session;
pub mod wording;

use std::ops::Deref;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use anyhow::Result;

use crate::folder::Folder;
use crate::storage::Db;
use crate::storage::sqlite;

/// The second database, open. One works on it at a time: what is written here is small and seldom.
pub struct Accounts(Mutex<Kept>);

/// Where it is.
enum Kept {
    /// In a file, always open.
    File(Db),
    /// On the folder's server, which is asked for a connection each time.
    Server(Box<Folder>),
}

impl Accounts {
    /// Opens the one of a data folder, and makes it where there is none yet.
    pub fn open(folder: &Folder) -> Result<Accounts> {
        match folder.server()? {
            Some(_) => Ok(Accounts(Mutex::new(Kept::Server(Box::new(folder.clone()))))),
            None => Accounts::open_at(&folder.path.join("accounts.db")),
        }
    }

    /// Opens the one of a data folder where there is one: who only looks makes none.
    pub fn kept(folder: &Folder) -> Result<Option<Accounts>> {
        let kept = folder.config.database.is_some() || folder.path.join("accounts.db").exists();
        kept.then(|| Accounts::open(folder)).transpose()
    }

    /// Opens the file, and makes it where there is none yet.
    pub fn open_at(path: &Path) -> Result<Accounts> {
        Ok(Accounts(Mutex::new(Kept::File(sqlite::open_accounts(path)?))))
    }

    /// Writes what outlives this program, though not the machine until something else is written here, or it is
    /// [settled](Accounts::settle): a form would wait for the disk three times, where the journal's once is enough.
    fn unhurried<T>(&self, write: impl FnOnce(&Db) -> Result<T>) -> Result<T> {
        self.db()?.unhurried(write)
    }

    /// The connection, for one statement or a few.
    pub fn db(&self) -> Result<Turn<'_>> {
        // A panic between two statements leaves the database as whole as a crash would.
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let lent = match &*kept {
            Kept::File(_) => None,
            Kept::Server(folder) => folder.accounts()?,
        };
        Ok(Turn { kept, lent })
    }
}

/// Somebody's turn at the second database.
pub struct Turn<'a> {
    kept: MutexGuard<'a, Kept>,
    lent: Option<Db>,
}

impl Deref for Turn<'_> {
    type Target = Db;

    fn deref(&self) -> &Db {
        match (&*self.kept, &self.lent) {
            (Kept::File(db), _) => db,
            (Kept::Server(_), lent) => lent.as_ref().expect("lent for this turn"),
        }
    }
}

#[cfg(test)]
mod tests;

//! Where the journal and its tables lie. One schema, one set of SQL strings; SQLite for a township.
//!
//! SQL is plain text beside the function that uses it, with `$1…$n`, and every statement names its town.

pub mod log;
pub mod proving;
pub mod sqlite;

use std::cell::Cell;

use anyhow::{Context, Result};
use rusqlite::{CachedStatement, Connection, Params, Row};

/// The only town of a SQLite folder. County servers hold many.
pub const TOWN: i64 = 1;

/// The version of `schema.sql`, kept in SQLite's `user_version`.
pub const SCHEMA: i64 = 1;

/// The version of `accounts.sql`, kept in that file's own `user_version`.
pub const ACCOUNTS: i64 = 2;

thread_local! {
    /// A page has its thread to itself, and more than one database.
    static RAN: Cell<u64> = const { Cell::new(0) };
}

/// How many statements this thread has run, on whatever connection; what begins and ends a transaction aside.
pub fn ran() -> u64 {
    RAN.get()
}

/// A connection that speaks the shared SQL.
pub struct Db(Connection);

impl Db {
    /// Runs a statement; returns how many rows it touched.
    pub fn run(&self, sql: &str, params: impl Params) -> Result<usize> {
        let mut statement = self.prepared(sql)?;
        statement.execute(params).with_context(|| sql.to_owned())
    }

    /// All rows of a query.
    pub fn rows<T>(
        &self,
        sql: &str,
        params: impl Params,
        read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>> {
        let mut statement = self.prepared(sql)?;
        let rows = statement.query_map(params, read).with_context(|| sql.to_owned())?;
        rows.collect::<rusqlite::Result<_>>().with_context(|| sql.to_owned())
    }

    /// Rows one at a time, for what may be a million of them.
    pub fn each(&self, sql: &str, params: impl Params, mut read: impl FnMut(&Row<'_>) -> Result<()>) -> Result<()> {
        let mut statement = self.prepared(sql)?;
        let mut rows = statement.query(params).with_context(|| sql.to_owned())?;
        while let Some(row) = rows.next().with_context(|| sql.to_owned())? {
            read(row)?;
        }
        Ok(())
    }

    /// Rows one at a time until one is enough; tells whether the end was reached.
    pub fn until(
        &self,
        sql: &str,
        params: impl Params,
        mut read: impl FnMut(&Row<'_>) -> Result<bool>,
    ) -> Result<bool> {
        let mut statement = self.prepared(sql)?;
        let mut rows = statement.query(params).with_context(|| sql.to_owned())?;
        while let Some(row) = rows.next().with_context(|| sql.to_owned())? {
            if !read(row)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Several questions about one moment, whatever is written meanwhile.
    pub fn at_once<T>(&self, ask: impl FnOnce() -> Result<T>) -> Result<T> {
        if self.in_transaction() {
            return ask();
        }
        self.transact("BEGIN")?;
        let answer = ask();
        self.transact("COMMIT")?;
        answer
    }

    /// The first row of a query, if there is one.
    pub fn one<T>(
        &self,
        sql: &str,
        params: impl Params,
        read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Option<T>> {
        Ok(self.rows(sql, params, read)?.into_iter().next())
    }

    fn prepared(&self, sql: &str) -> Result<CachedStatement<'_>> {
        RAN.set(RAN.get() + 1);
        self.0.prepare_cached(&numbered(sql)).with_context(|| sql.to_owned())
    }

    /// Whether a transaction is open. SQLite ends one by itself when the disk is full.
    pub fn in_transaction(&self) -> bool {
        !self.0.is_autocommit()
    }

    /// How many rows were ever written through this connection.
    pub fn written(&self) -> u64 {
        self.0.total_changes()
    }

    /// Begins or ends a transaction; it is none of the statements that are counted.
    pub fn transact(&self, word: &'static str) -> Result<()> {
        let mut statement = self.0.prepare_cached(word).context(word)?;
        statement.execute([]).context(word)?;
        Ok(())
    }

    /// Statements without parameters, several at once (transactions, savepoints, the schema).
    pub fn batch(&self, sql: &str) -> Result<()> {
        self.0.execute_batch(sql).with_context(|| sql.to_owned())
    }
}

/// SQLite binds `$2, $1` by first appearance, silently swapped; `?2, ?1` by number.
fn numbered(sql: &str) -> String {
    // Once for each statement run: byte for byte is four times as fast as `replace`.
    let bytes = sql.bytes().map(|byte| if byte == b'$' { b'?' } else { byte }).collect();
    String::from_utf8(bytes).expect("one ASCII sign for another")
}

/// Whether the disk is at fault: full, failing, or not to be written.
pub fn is_disk(error: &anyhow::Error) -> bool {
    use rusqlite::ErrorCode::{CannotOpen, DiskFull, ReadOnly, SystemIoFailure};
    has_code(error, |code| matches!(code, DiskFull | SystemIoFailure | ReadOnly | CannotOpen))
}

/// Whether the database file itself is damaged.
pub fn is_damaged(error: &anyhow::Error) -> bool {
    use rusqlite::ErrorCode::{DatabaseCorrupt, NotADatabase};
    has_code(error, |code| matches!(code, DatabaseCorrupt | NotADatabase))
}

fn has_code(error: &anyhow::Error, is: impl Fn(rusqlite::ErrorCode) -> bool) -> bool {
    let code = |cause: &(dyn std::error::Error + 'static)| cause.downcast_ref::<rusqlite::Error>()?.sqlite_error_code();
    error.chain().filter_map(code).any(is)
}

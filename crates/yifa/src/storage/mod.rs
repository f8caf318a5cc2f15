//! Where the journal and its tables lie. One schema, one set of SQL strings; SQLite for a township, PostgreSQL for a
//! county.
//!
//! SQL is plain text beside the function that uses it, with `$1…$n`. `$1` is the town and is bound here, so that no
//! statement can be asked about another town than the one that was opened.

pub mod log;
pub mod nation;
pub mod postgres;
pub mod proving;
pub mod sqlite;
mod tables;
pub mod upgrade;
mod value;

use std::cell::Cell as Counter;

use anyhow::{Context, Result};
use rusqlite::{CachedStatement, Connection};
use sha2::Digest;

pub use crate::params;
pub use tables::{JOURNAL, PEOPLE, Table, tables};
pub use value::{Bind, Cell, Kind, Row, Take, Value};

/// The town of a folder that has its own database.
pub const TOWN: i64 = 1;

/// The version of `schema.sql`, kept in SQLite's `user_version`.
pub const SCHEMA: i64 = 2;

/// The version of `accounts.sql`, kept in that file's own `user_version`.
pub const ACCOUNTS: i64 = 2;

/// The town of a journal on a server that holds many: by its name, so that nobody has to hand out numbers.
pub fn town_of(origin: &str) -> i64 {
    let hash = sha2::Sha256::digest(origin.as_bytes());
    i64::from_be_bytes(hash[..8].try_into().expect("eight bytes")) & i64::MAX
}

thread_local! {
    /// A page has its thread to itself, and more than one database.
    static RAN: Counter<u64> = const { Counter::new(0) };
}

/// How many statements this thread has run, on whatever connection; what begins and ends a transaction aside.
pub fn ran() -> u64 {
    RAN.get()
}

/// A query and what it is asked with.
pub type Question<'v> = (&'static str, Vec<Value<'v>>);

/// A connection that speaks the shared SQL, about one town.
pub struct Db {
    engine: Engine,
    town: i64,
}

enum Engine {
    Sqlite(Connection),
    Postgres(postgres::Held),
}

impl Db {
    /// A file of SQLite's, however it was opened.
    pub fn on_file(connection: Connection) -> Db {
        Db { engine: Engine::Sqlite(connection), town: TOWN }
    }

    /// A connection to a server, about the town of a journal.
    pub fn on_server(held: postgres::Held, origin: &str) -> Db {
        Db { engine: Engine::Postgres(held), town: town_of(origin) }
    }

    /// Runs a statement. Within a transaction of PostgreSQL it goes out with the next question or at the end, and a fault
    /// of it comes then: nothing is acknowledged before.
    pub fn run(&self, sql: &str, params: &[Value<'_>]) -> Result<()> {
        match &self.engine {
            Engine::Sqlite(_) => self.count(sql, params).map(drop),
            Engine::Postgres(held) => {
                RAN.set(RAN.get() + 1);
                held.run(sql, self.town, params).with_context(|| sql.to_owned())
            }
        }
    }

    /// Runs a statement; returns how many rows it touched.
    pub fn count(&self, sql: &str, params: &[Value<'_>]) -> Result<usize> {
        match &self.engine {
            Engine::Sqlite(connection) => {
                let mut statement = self.prepared(connection, sql, params)?;
                statement.raw_execute().with_context(|| sql.to_owned())
            }
            Engine::Postgres(held) => {
                RAN.set(RAN.get() + 1);
                held.count(sql, self.town, params).with_context(|| sql.to_owned())
            }
        }
    }

    /// All rows of a query.
    pub fn rows<T>(
        &self,
        sql: &str,
        params: &[Value<'_>],
        mut read: impl FnMut(&Row<'_>) -> Result<T>,
    ) -> Result<Vec<T>> {
        let mut all = Vec::new();
        self.each(sql, params, |row| {
            all.push(read(row).with_context(|| sql.to_owned())?);
            Ok(())
        })?;
        Ok(all)
    }

    /// Rows one at a time, for what may be a million of them.
    pub fn each(&self, sql: &str, params: &[Value<'_>], mut read: impl FnMut(&Row<'_>) -> Result<()>) -> Result<()> {
        match &self.engine {
            Engine::Sqlite(_) => self.until(sql, params, |row| read(row).map(|()| true)).map(drop),
            Engine::Postgres(held) => {
                RAN.set(RAN.get() + 1);
                held.each(sql, self.town, params, &mut read)
            }
        }
    }

    /// Rows one at a time until one is enough; tells whether the end was reached.
    pub fn until(
        &self,
        sql: &str,
        params: &[Value<'_>],
        mut read: impl FnMut(&Row<'_>) -> Result<bool>,
    ) -> Result<bool> {
        match &self.engine {
            Engine::Sqlite(connection) => {
                let mut statement = self.prepared(connection, sql, params)?;
                let mut rows = statement.raw_query();
                while let Some(row) = rows.next().with_context(|| sql.to_owned())? {
                    if !read(&Row::Sqlite(row))? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            Engine::Postgres(held) => {
                RAN.set(RAN.get() + 1);
                self.at_once(|| held.until(sql, self.town, params, &mut read))
            }
        }
    }

    /// Several questions about one moment, whatever is written meanwhile.
    pub fn at_once<T>(&self, ask: impl FnOnce() -> Result<T>) -> Result<T> {
        if self.in_transaction() {
            return ask();
        }
        self.begin()?;
        match ask() {
            Ok(answer) => self.commit().map(|()| answer),
            Err(error) => {
                self.roll_back()?;
                Err(error)
            }
        }
    }

    /// The first row of a query, if there is one.
    pub fn one<T>(
        &self,
        sql: &str,
        params: &[Value<'_>],
        read: impl FnMut(&Row<'_>) -> Result<T>,
    ) -> Result<Option<T>> {
        Ok(self.rows(sql, params, read)?.into_iter().next())
    }

    /// Rows of several queries, each told with which of them it answers. A server is waited for once.
    pub fn each_of(&self, asked: &[Question<'_>], mut read: impl FnMut(usize, &Row<'_>) -> Result<()>) -> Result<()> {
        match &self.engine {
            Engine::Sqlite(_) => {
                let mut each = asked.iter().enumerate();
                each.try_for_each(|(nth, (sql, params))| self.each(sql, params, |row| read(nth, row)))
            }
            Engine::Postgres(held) => {
                RAN.set(RAN.get() + asked.len() as u64);
                held.several(self.town, asked, &mut read)
            }
        }
    }

    fn prepared<'c>(&self, connection: &'c Connection, sql: &str, params: &[Value<'_>]) -> Result<CachedStatement<'c>> {
        RAN.set(RAN.get() + 1);
        sqlite::prepared(connection, sql, self.town, params).with_context(|| sql.to_owned())
    }

    /// Whether a transaction is open. SQLite ends one by itself when the disk is full; PostgreSQL gives one up whole when
    /// a statement fails, and from then on it is none.
    pub fn in_transaction(&self) -> bool {
        match &self.engine {
            Engine::Sqlite(connection) => !connection.is_autocommit(),
            Engine::Postgres(held) => held.in_transaction(),
        }
    }

    /// How many rows were ever written through this connection.
    pub fn written(&self) -> u64 {
        match &self.engine {
            Engine::Sqlite(connection) => connection.total_changes(),
            Engine::Postgres(held) => held.written(),
        }
    }

    /// From here on what is read is one moment.
    pub fn begin(&self) -> Result<()> {
        self.transact("BEGIN", "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
    }

    /// From here on what is written is kept whole or not at all, and nobody else writes to this town until it is.
    pub fn begin_writing(&self) -> Result<()> {
        self.transact("BEGIN IMMEDIATE", "BEGIN")
    }

    /// Ends a transaction: what was written is on disk when this returns.
    pub fn commit(&self) -> Result<()> {
        self.transact("COMMIT", "COMMIT")
    }

    /// Gives up a transaction, where one is open.
    pub fn roll_back(&self) -> Result<()> {
        match &self.engine {
            // It has rolled back by itself when the disk is full; then there is no transaction left to end.
            Engine::Sqlite(connection) if connection.is_autocommit() => Ok(()),
            Engine::Sqlite(_) => self.transact("ROLLBACK", ""),
            Engine::Postgres(held) => held.roll_back(),
        }
    }

    /// A place within a transaction to come back to.
    pub fn savepoint(&self) -> Result<()> {
        self.transact("SAVEPOINT job", "SAVEPOINT job")
    }

    /// Forgets the place.
    pub fn release(&self) -> Result<()> {
        self.transact("RELEASE job", "RELEASE job")
    }

    /// Comes back to the place, and forgets it.
    pub fn return_to_savepoint(&self) -> Result<()> {
        match &self.engine {
            Engine::Sqlite(connection) => {
                connection.execute_batch("ROLLBACK TO job; RELEASE job").context("ROLLBACK TO job")
            }
            Engine::Postgres(held) => held.return_to_savepoint(),
        }
    }

    /// Begins or ends a transaction; it is none of the statements that are counted.
    fn transact(&self, sqlite: &'static str, postgres: &'static str) -> Result<()> {
        match &self.engine {
            Engine::Sqlite(connection) => {
                let mut statement = connection.prepare_cached(sqlite).context(sqlite)?;
                statement.execute([]).context(sqlite)?;
                Ok(())
            }
            Engine::Postgres(held) => held.transact(postgres).context(postgres),
        }
    }

    /// Writes without waiting for the disk; what is written next waits for both.
    pub fn unhurried<T>(&self, write: impl FnOnce(&Db) -> Result<T>) -> Result<T> {
        match &self.engine {
            Engine::Sqlite(connection) => sqlite::unhurried(connection, || write(self)),
            Engine::Postgres(held) => held.unhurried(|| write(self)),
        }
    }

    /// The words under which a record is found; none takes it out of the search. Whether it may be in it already is said,
    /// because taking nothing out costs as much as putting something in.
    pub fn put_words(&self, first: i64, words: &str, known: bool) -> Result<()> {
        RAN.set(RAN.get() + 1);
        match &self.engine {
            Engine::Sqlite(connection) => sqlite::put_words(connection, first, words, known),
            Engine::Postgres(held) => held.put_words(self.town, first, words, known),
        }
    }

    /// The records found under what is asked.
    pub fn found(&self, asked: &crate::projection::grams::Asked, mut each: impl FnMut(i64)) -> Result<()> {
        RAN.set(RAN.get() + 1);
        match &self.engine {
            Engine::Sqlite(connection) => sqlite::found(connection, asked, &mut each),
            Engine::Postgres(held) => held.found(self.town, asked, &mut each),
        }
    }

    /// Every word of the search: its record, which of the record's words it is, and the word.
    pub fn words(&self, mut each: impl FnMut(i64, i64, &[u8])) -> Result<()> {
        RAN.set(RAN.get() + 1);
        match &self.engine {
            Engine::Sqlite(connection) => sqlite::words(connection, &mut each),
            Engine::Postgres(held) => held.words(self.town, &mut each),
        }
    }

    /// What the engine finds wrong with its own files, in its own words; PostgreSQL looks after them by itself.
    pub fn damage(&self) -> Result<Vec<String>> {
        match &self.engine {
            Engine::Sqlite(connection) => sqlite::damage(connection),
            Engine::Postgres(_) => Ok(Vec::new()),
        }
    }

    /// Whether the database is a server's, which others write to as well and which may be started again meanwhile.
    pub fn is_shared(&self) -> bool {
        matches!(self.engine, Engine::Postgres(_))
    }
}

/// Whether the disk is at fault: full, failing, or not to be written.
pub fn is_disk(error: &anyhow::Error) -> bool {
    use rusqlite::ErrorCode::{CannotOpen, DiskFull, ReadOnly, SystemIoFailure};
    has_code(error, |code| matches!(code, DiskFull | SystemIoFailure | ReadOnly | CannotOpen))
        || postgres::has_state(error, &postgres::DISK)
}

/// Whether the database file itself is damaged.
pub fn is_damaged(error: &anyhow::Error) -> bool {
    use rusqlite::ErrorCode::{DatabaseCorrupt, NotADatabase};
    has_code(error, |code| matches!(code, DatabaseCorrupt | NotADatabase))
        || postgres::has_state(error, &postgres::DAMAGED)
}

fn has_code(error: &anyhow::Error, is: impl Fn(rusqlite::ErrorCode) -> bool) -> bool {
    let code = |cause: &(dyn std::error::Error + 'static)| cause.downcast_ref::<rusqlite::Error>()?.sqlite_error_code();
    error.chain().filter_map(code).any(is)
}

//! Opening SQLite: what is specific to this engine and nothing else.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result};
use rusqlite::config::DbConfig;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{CachedStatement, Connection, OpenFlags, params};

use super::{ACCOUNTS, Cell, Db, SCHEMA, Value};
use crate::projection::grams::Asked;

/// The shared schema, and after it what only this engine has: the search. Its rows are words without texts, each under
/// the record's first entry; `search_word` reads them one by one for whoever compares.
const CREATE: &str = concat!(
    include_str!("schema.sql"),
    "
CREATE VIRTUAL TABLE search USING fts5(words, content = '', contentless_delete = 1, tokenize = 'ascii');
CREATE VIRTUAL TABLE search_word USING fts5vocab(search, instance);
"
);

/// Every commit leaves a small piece of the search, and pieces are merged while somebody waits: when there are sixteen
/// of a size, not four, each word is written half as often.
const SETTINGS: &str = "INSERT INTO search (search, rank) VALUES ('automerge', 16);";
const CREATE_ACCOUNTS: &str = include_str!("accounts.sql");

/// What opening found.
pub enum Opened {
    /// Ready to use.
    Ready(Db),
    /// Made by a newer yifa.
    Newer,
    /// Made by an older one, with tables of this version.
    Older(i64),
    /// Not one of our databases, or one that was only half copied.
    Broken(String),
    /// The disk is full, or the folder is not ours to write.
    Blocked(String),
    /// It may only be read, and what was written last lies beside it, where only a writer could read it.
    Unread,
}

/// Writes without waiting for the disk; what is written next waits for both.
pub(super) fn unhurried<T>(connection: &Connection, write: impl FnOnce() -> Result<T>) -> Result<T> {
    connection.execute_batch("PRAGMA synchronous = NORMAL")?;
    let written = write();
    connection.execute_batch("PRAGMA synchronous = FULL")?;
    written
}

/// A statement with its town and what else it is given, ready to run.
pub(super) fn prepared<'c>(
    connection: &'c Connection,
    sql: &str,
    town: i64,
    params: &[Value<'_>],
) -> Result<CachedStatement<'c>> {
    let mut statement = connection.prepare_cached(&numbered(sql))?;
    statement.raw_bind_parameter(1, town)?;
    for (nth, value) in params.iter().enumerate() {
        statement.raw_bind_parameter(nth + 2, value)?;
    }
    Ok(statement)
}

/// SQLite binds `$2, $1` by first appearance, silently swapped; `?2, ?1` by number.
fn numbered(sql: &str) -> String {
    // Once for each statement run: byte for byte is four times as fast as `replace`.
    let bytes = sql.bytes().map(|byte| if byte == b'$' { b'?' } else { byte }).collect();
    String::from_utf8(bytes).expect("one ASCII sign for another")
}

impl rusqlite::ToSql for Value<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Value::Null(_) => ValueRef::Null,
            Value::Int(number) => ValueRef::Integer(*number),
            Value::Text(text) => ValueRef::Text(text.as_bytes()),
            Value::Bytes(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

/// A value of SQLite's; text that is none, and numbers with fractions, are not ours.
pub(super) fn cell(value: ValueRef<'_>) -> Cell<'_> {
    match value {
        ValueRef::Null => Cell::Null,
        ValueRef::Integer(number) => Cell::Int(number),
        ValueRef::Text(text) => std::str::from_utf8(text).map_or(Cell::Strange, Cell::Text),
        ValueRef::Blob(bytes) => Cell::Bytes(bytes),
        ValueRef::Real(_) => Cell::Strange,
    }
}

/// Makes a new database; the file must not exist.
pub fn create(path: &Path) -> Result<Db> {
    let connection = Connection::open(path).with_context(|| format!("create {}", path.display()))?;
    writer_settings(&connection)?;
    connection.execute_batch(&format!("BEGIN; {CREATE} {SETTINGS} PRAGMA user_version = {SCHEMA};"))?;
    estimate(&connection)?;
    connection.execute_batch("COMMIT")?;
    Ok(Db::on_file(connection))
}

/// Puts what lies in the log beside a database into the file itself, so that it can be named anew. Whoever closes it does so
/// too, but says nothing where there was no room.
pub fn gather(path: &Path) -> Result<()> {
    let connection = Connection::open(path).with_context(|| format!("open {}", path.display()))?;
    Ok(connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?)
}

/// Makes the tables of this version out of those of an older one, after a copy of the whole file was put beside it. All of
/// it is done or nothing; whoever calls holds the folder's lock.
pub fn upgrade(path: &Path, from: i64, copy: &Path) -> Result<()> {
    let connection = Connection::open(path).with_context(|| format!("open {}", path.display()))?;
    writer_settings(&connection)?;
    connection.execute("VACUUM INTO ?1", [copy.to_string_lossy()])?;
    let steps = super::upgrade::from(from);
    connection.execute_batch(&format!("BEGIN IMMEDIATE; {steps} PRAGMA user_version = {SCHEMA}; COMMIT;"))?;
    Ok(())
}

/// Opens the second database, and makes it where there is none.
pub fn open_accounts(path: &Path) -> Result<Db> {
    let connection = Connection::open(path).with_context(|| format!("open {}", path.display()))?;
    writer_settings(&connection)?;
    connection.execute_batch("PRAGMA cache_size = -2000; PRAGMA wal_autocheckpoint = 1000;")?;
    stable_plans(&connection)?;
    let version: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    match version {
        0 => {
            connection.execute_batch(&format!("BEGIN; {CREATE_ACCOUNTS} PRAGMA user_version = {ACCOUNTS}; COMMIT;"))?
        }
        // The version before had all tables but the last.
        1 => {
            let last = CREATE_ACCOUNTS.rfind("CREATE TABLE").map_or("", |at| &CREATE_ACCOUNTS[at..]);
            connection.execute_batch(&format!("BEGIN; {last} PRAGMA user_version = {ACCOUNTS}; COMMIT;"))?;
        }
        ACCOUNTS => {}
        other => anyhow::bail!("{} has version {other}, this program knows {ACCOUNTS}", path.display()),
    }
    Ok(Db::on_file(connection))
}

/// Among how many values a column tells, roughly, in a township's folder; ten where nothing is said.
const TELLS: [(&str, u64); 19] = [
    ("town_id", 1),
    ("id", 1_000_000),
    ("idx", 1_000_000),
    ("size", 1_000_000),
    ("record", 300_000),
    ("title", 100_000),
    ("target", 50_000),
    ("n", 5_000),
    ("day", 5_000),
    ("opened", 5_000),
    ("last", 5_000),
    ("met_day", 5_000),
    ("nominal", 5_000),
    ("figure", 100),
    ("field", 20),
    ("value", 20),
    ("first_idx", 1_000_000),
    ("number_key", 300_000),
    ("digest", 100_000),
];

/// Tells SQLite what to expect of each index.
///
/// Every index begins with the town, which is the same in all rows of a folder. Left to guess, SQLite takes any first
/// column for one that picks ten rows, and rather walks a whole table in the order asked for than sort two rows that an
/// index would have found. Fixed estimates, unlike ANALYZE, give the same plans in every folder for good.
fn estimate(connection: &Connection) -> Result<()> {
    const ROWS: u64 = 1_000_000;
    // Makes the table of estimates, and nothing else, because there is nothing to count yet.
    connection.execute_batch("ANALYZE sqlite_schema")?;
    let mut indices = connection.prepare(
        "SELECT t.name, i.name, i.\"unique\" FROM sqlite_schema t JOIN pragma_index_list(t.name) i \
         WHERE t.type = 'table' AND t.name NOT GLOB 'search*'",
    )?;
    let mut columns = connection.prepare("SELECT name FROM pragma_index_info(?1) ORDER BY seqno")?;
    let mut found = indices.query([])?;
    while let Some(row) = found.next()? {
        let (table, index, unique): (String, String, bool) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let names: Vec<String> = columns.query_map([&index], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
        let mut left = ROWS;
        let mut stat = ROWS.to_string();
        for (nth, name) in names.iter().enumerate() {
            let tells = TELLS.iter().find(|(column, _)| column == name).map_or(10, |(_, values)| *values);
            left = if unique && nth + 1 == names.len() { 1 } else { (left / tells).max(2) };
            stat.push_str(&format!(" {left}"));
        }
        connection.execute("INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (?1, ?2, ?3)", [table, index, stat])?;
    }
    Ok(())
}

/// Opens the database for the one writer, which gathers what it writes to the log (`gather.c`).
pub fn open_writer(path: &Path) -> Result<Opened> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let opened = match cfg!(unix) {
        true => Connection::open_with_flags_and_vfs(path, flags, "gather"),
        false => Connection::open_with_flags(path, flags),
    };
    ready(path, opened, writer_settings)
}

/// Opens the database for reading beside the writer.
pub fn open_reader(path: &Path) -> Result<Opened> {
    // Read-write, because a WAL left by a crash must be recovered by whoever comes first; query_only keeps the hands off.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let opened = ready(path, Connection::open_with_flags(path, flags), reader_settings)?;
    if !matches!(opened, Opened::Blocked(_)) {
        return Ok(opened);
    }
    // A read-only or full disk has no room for the shared memory of a WAL. Without one there is nothing to share; with
    // one, leaving it aside would leave out the last entries in silence.
    if std::fs::metadata(path.with_extension("db-wal")).is_ok_and(|wal| wal.len() > 0) {
        return Ok(Opened::Unread);
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_URI;
    ready(path, Connection::open_with_flags(immutable(path), flags), reader_settings)
}

/// A plan must not hang on the values bound: SQLite would prepare such statements again at every use.
fn stable_plans(connection: &Connection) -> Result<()> {
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    Ok(())
}

/// The name under which SQLite reads a file that nobody changes meanwhile.
fn immutable(path: &Path) -> PathBuf {
    let path = path.to_string_lossy().replace('%', "%25").replace('?', "%3f").replace('#', "%23");
    format!("file:{path}?immutable=1").into()
}

fn reader_settings(connection: &Connection) -> Result<()> {
    connection.busy_timeout(Duration::from_secs(10))?;
    connection.set_prepared_statement_cache_capacity(128);
    connection.execute_batch("PRAGMA query_only = ON; PRAGMA mmap_size = 0; PRAGMA cache_size = -8000;")?;
    Ok(())
}

/// Whether what was opened at `path` is ours and whole. It was opened without SQLITE_OPEN_CREATE: a wrong path must not
/// silently start an empty journal.
fn ready(
    path: &Path,
    opened: rusqlite::Result<Connection>,
    settings: impl Fn(&Connection) -> Result<()>,
) -> Result<Opened> {
    let connection = match opened {
        Ok(connection) => connection,
        Err(error) => return Ok(not_opened(path, error.into())),
    };
    let version: i64 = match connection.query_row("PRAGMA user_version", [], |row| row.get(0)) {
        Ok(version) => version,
        Err(error) => return Ok(not_opened(path, error.into())),
    };
    match version {
        SCHEMA => {}
        newer if newer > SCHEMA => return Ok(Opened::Newer),
        older if older > 0 => return Ok(Opened::Older(older)),
        other => return Ok(Opened::Broken(format!("版本号是 {other}"))),
    }
    if let Err(error) = settings(&connection) {
        return Ok(not_opened(path, error));
    }
    stable_plans(&connection)?;
    // A file cut short while copying still has its header; the last page tells.
    if let Err(error) = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get::<_, i64>(0)) {
        return Ok(not_opened(path, error.into()));
    }
    let pages: u64 = connection.query_row("PRAGMA page_count", [], |row| row.get::<_, i64>(0))?.max(0) as u64;
    let page: u64 = connection.query_row("PRAGMA page_size", [], |row| row.get::<_, i64>(0))?.max(0) as u64;
    let wal = std::fs::metadata(path.with_extension("db-wal")).map_or(0, |wal| wal.len());
    let length = std::fs::metadata(path)?.len();
    if wal == 0 && length < pages * page {
        return Ok(Opened::Broken(format!("只有 {length} 字节，应有 {} 字节", pages * page)));
    }
    if let Some(strange) = strange(&connection)? {
        return Ok(Opened::Broken(strange));
    }
    Ok(Opened::Ready(Db::on_file(connection)))
}

/// What the database holds besides, or instead of, the schema: a trigger or a doctored index could change every number
/// behind the back of whoever compares rows.
fn strange(connection: &Connection) -> Result<Option<String>> {
    let expected = Connection::open_in_memory()?;
    expected.execute_batch(CREATE)?;
    let (expected, found) = (objects(&expected)?, objects(connection)?);
    let odd = found.iter().find(|object| !expected.contains(object));
    let missing = expected.iter().find(|object| !found.contains(object));
    Ok(odd.or(missing).map(|(kind, name, _)| format!("{kind} {name} 与程序的表结构不符")))
}

fn objects(connection: &Connection) -> Result<Vec<(String, String, String)>> {
    let sql = "SELECT type, name, coalesce(sql, '') FROM sqlite_schema ORDER BY type, name";
    let mut statement = connection.prepare(sql)?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    let all: Vec<(String, String, String)> = rows.collect::<rusqlite::Result<_>>()?;
    // What ANALYZE or SQLite itself keeps is no concern of ours.
    Ok(all.into_iter().filter(|(_, name, _)| !name.starts_with("sqlite_")).collect())
}

pub(super) fn put_words(connection: &Connection, first: i64, words: &str, known: bool) -> Result<()> {
    if known {
        connection.prepare_cached("DELETE FROM search WHERE rowid = ?1")?.execute([first])?;
    }
    if !words.is_empty() {
        let mut statement = connection.prepare_cached("INSERT INTO search (rowid, words) VALUES (?1, ?2)")?;
        statement.execute(params![first, words])?;
    }
    Ok(())
}

pub(super) fn found(connection: &Connection, asked: &Asked, each: &mut dyn FnMut(i64)) -> Result<()> {
    let mut statement = connection.prepare_cached("SELECT rowid FROM search WHERE search MATCH ?1")?;
    let mut rows = statement.query([asked.to_fts5()])?;
    while let Some(row) = rows.next()? {
        each(row.get(0)?);
    }
    Ok(())
}

pub(super) fn words(connection: &Connection, each: &mut dyn FnMut(i64, i64, &[u8])) -> Result<()> {
    let mut statement = connection.prepare("SELECT doc, \"offset\", term FROM search_word")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        each(row.get(0)?, row.get(1)?, row.get_ref(2)?.as_str()?.as_bytes());
    }
    Ok(())
}

/// What SQLite finds wrong with the file itself, an index that says other than its table included.
pub(super) fn damage(connection: &Connection) -> Result<Vec<String>> {
    // In SQLite's own words, which name page, table and index.
    let mut statement = connection.prepare("PRAGMA integrity_check")?;
    let found: Vec<String> = statement.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    Ok(found.into_iter().filter(|line| line != "ok").collect())
}

/// A disk in the way and a broken file need different remedies.
fn not_opened(path: &Path, error: anyhow::Error) -> Opened {
    let why = crate::refused::database_cause(&error).to_owned();
    if path.exists() && super::is_disk(&error) { Opened::Blocked(why) } else { Opened::Broken(why) }
}

fn writer_settings(connection: &Connection) -> Result<()> {
    connection.busy_timeout(Duration::from_secs(10))?;
    connection.set_prepared_statement_cache_capacity(256);
    // A job of several drafts stands in a savepoint, whose pages before the job outgrow what SQLite keeps in memory by
    // itself: without temp_store every such job makes a temporary file and deletes it, a millisecond each.
    // A checkpoint writes a page once however often the WAL holds it: forty megabytes between them halve that work.
    // FULL: an acknowledged step survives a power cut. Group commit pays for it.
    connection.execute_batch(
        "PRAGMA journal_mode = WAL;
         PRAGMA synchronous = FULL;
         PRAGMA temp_store = MEMORY;
         PRAGMA secure_delete = ON;
         PRAGMA foreign_keys = ON;
         PRAGMA cache_size = -16000;
         PRAGMA wal_autocheckpoint = 10000;",
    )?;
    Ok(())
}

//! Opening SQLite: what is specific to this engine and nothing else.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result};
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use super::{Db, SCHEMA};

const CREATE: &str = include_str!("schema.sql");

/// Tables of short rows, which SQLite keeps in one tree, sorted by their key, instead of two.
///
/// This halves the pages a commit has to write. Rows above a quarter of a page (a payload, a record's body) would each
/// take a page of their own in such a tree, so the other tables keep their rowid. The shared schema does not say it,
/// because other engines do not know it, and no statement can tell the difference.
const ONE_TREE: [&str; 12] = [
    "log_head",
    "sealed",
    "record_village",
    "step",
    "field",
    "link",
    "fact",
    "due",
    "flag",
    "question",
    "count",
    "counter",
];

/// The shared schema, laid out for SQLite.
fn schema() -> String {
    let mut schema = CREATE.to_owned();
    for table in ONE_TREE {
        let begin = schema.find(&format!("CREATE TABLE {table} (")).expect("a table of the schema");
        let end = begin + schema[begin..].find("\n);").expect("the end of a table");
        schema.insert_str(end + 2, " WITHOUT ROWID");
    }
    schema
}

/// What opening found.
pub enum Opened {
    /// Ready to use.
    Ready(Db),
    /// Made by a newer yifa.
    Newer,
    /// Not one of our databases, or one that was only half copied.
    Broken(String),
}

/// Makes a new database; the file must not exist.
pub fn create(path: &Path) -> Result<Db> {
    let connection = Connection::open(path).with_context(|| format!("create {}", path.display()))?;
    writer_settings(&connection)?;
    let db = Db(connection);
    db.batch(&format!("BEGIN; {} PRAGMA user_version = {SCHEMA}; COMMIT;", schema()))?;
    Ok(db)
}

/// Opens the database for the one writer.
pub fn open_writer(path: &Path) -> Result<Opened> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    open(path, flags, writer_settings)
}

/// Opens the database for reading beside the writer.
pub fn open_reader(path: &Path) -> Result<Opened> {
    // Read-write, because a WAL left by a crash must be recovered by whoever comes first; query_only keeps the hands off.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    open(path, flags, |connection| {
        connection.busy_timeout(Duration::from_secs(10))?;
        connection.set_prepared_statement_cache_capacity(128);
        connection.execute_batch("PRAGMA query_only = ON; PRAGMA mmap_size = 0; PRAGMA cache_size = -8000;")?;
        Ok(())
    })
}

fn open(path: &Path, flags: OpenFlags, settings: impl Fn(&Connection) -> Result<()>) -> Result<Opened> {
    // SQLITE_OPEN_CREATE is left out on purpose: a wrong path must not silently start an empty journal.
    let connection = match Connection::open_with_flags(path, flags) {
        Ok(connection) => connection,
        Err(error) => return Ok(Opened::Broken(error.to_string())),
    };
    let version: i64 = match connection.query_row("PRAGMA user_version", [], |row| row.get(0)) {
        Ok(version) => version,
        Err(error) => return Ok(Opened::Broken(error.to_string())),
    };
    match version {
        SCHEMA => {}
        newer if newer > SCHEMA => return Ok(Opened::Newer),
        other => return Ok(Opened::Broken(format!("user_version is {other}"))),
    }
    if let Err(error) = settings(&connection) {
        return Ok(Opened::Broken(format!("{error:#}")));
    }
    // A plan must not hang on the values bound: SQLite would prepare such statements again at every use.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    // A file cut short while copying still has its header; the last page tells.
    if let Err(error) = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get::<_, i64>(0)) {
        return Ok(Opened::Broken(error.to_string()));
    }
    let pages: u64 = connection.query_row("PRAGMA page_count", [], |row| row.get::<_, i64>(0))?.max(0) as u64;
    let page: u64 = connection.query_row("PRAGMA page_size", [], |row| row.get::<_, i64>(0))?.max(0) as u64;
    let wal = std::fs::metadata(path.with_extension("db-wal")).map_or(0, |wal| wal.len());
    let length = std::fs::metadata(path)?.len();
    if wal == 0 && length < pages * page {
        return Ok(Opened::Broken(format!("{length} bytes on disk, {} expected", pages * page)));
    }
    Ok(Opened::Ready(Db(connection)))
}

fn writer_settings(connection: &Connection) -> Result<()> {
    connection.busy_timeout(Duration::from_secs(10))?;
    connection.set_prepared_statement_cache_capacity(256);
    // Each job stands in a savepoint, whose pages before the job outgrow what SQLite keeps in memory by itself: without
    // temp_store every job makes a temporary file and deletes it, a millisecond each.
    // FULL: an acknowledged step survives a power cut. Group commit pays for it.
    connection.execute_batch(
        "PRAGMA journal_mode = WAL;
         PRAGMA synchronous = FULL;
         PRAGMA secure_delete = ON;
         PRAGMA foreign_keys = ON;
         PRAGMA cache_size = -16000;
         PRAGMA temp_store = MEMORY;
         PRAGMA wal_autocheckpoint = 10000;",
    )?;
    Ok(())
}

//! Carrying a township's journal to another database, and proving that it arrived whole (搬移).
//!
//! The source is only read, under its lock, as of one moment. What was carried before an interruption is not carried again;
//! what is derived is made anew. Only when checkpoint, rows and projections are found equal does the folder change its
//! database, by one replacement of `yifa.toml`.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;
use sha2::{Digest, Sha256};

use crate::accounts::Accounts;
use crate::append::last_note;
use crate::folder::{Folder, cannot_write, put, write_fresh};
use crate::rebuild::rebuild;
use crate::refused::{Refused, disk_cause, refuse};
use crate::sets::Sets;
use crate::storage::log::Head;
use crate::storage::{self, Db, JOURNAL, PEOPLE, Table, Value, params, tables};
use crate::verify::verify;

/// How many rows are carried in one transaction.
const BATCH: u64 = 2_000;

/// The tables that are only ever added to: what lies there already is what was carried before.
const ADDED_TO: [&str; 5] = ["entry", "payload", "sealed", "tile", "checkpoint"];

/// What stays behind when a folder is copied: the databases themselves, and what is nobody's any more.
const LEFT: [&str; 6] = ["journal.", "accounts.", "lock", "incoming", "yifa.toml", "yifa.new"];

/// Where to.
pub enum Goal {
    /// A server, by its address; keys and files stay in the folder.
    Server(String),
    /// A folder of its own, with everything in it.
    Folder(PathBuf),
}

/// What arrived.
#[derive(Debug, PartialEq, Eq, serde::Serialize)]
pub struct Moved {
    /// Entries of the journal.
    pub entries: u64,
    /// Rows of all tables.
    pub rows: u64,
    /// Attachments hashed again.
    pub files: u64,
    /// The root both journals have.
    pub root: String,
}

/// Carries everything, proves it, and only then lets the folder go by its new database.
///
/// # Errors
/// P705 while somebody writes to the source; P772 where another journal lies at the goal; P773 where anything differs: then
/// nothing was changed.
pub fn carry(from: &Folder, goal: &Goal, progress: &dyn Fn(u64, u64)) -> Result<Moved> {
    let from = &begun(from, goal)?;
    let (source, _lock) = from.writer()?;
    // When this is done every database is closed, and nothing is left in a log beside it.
    let arrived = opened(from, goal).and_then(|to| Ok((arrive(source, from, &to, progress)?, to)));
    let (moved, to) = arrived.map_err(|error| no_room(error, goal))?;
    settle(from, &to, goal)?;
    Ok(moved)
}

/// The source, also where it has given up already and a cut came before the goal took over.
fn begun(from: &Folder, goal: &Goal) -> Result<Folder> {
    let mut from = from.clone();
    if let Goal::Folder(path) = goal
        && from.config.moved.as_ref() == Some(&absolute(path)?)
        && path.join("yifa.new").exists()
        && !path.join("yifa.toml").exists()
    {
        from.config.moved = None;
    }
    Ok(from)
}

fn absolute(path: &Path) -> Result<PathBuf> {
    Ok(std::path::absolute(path)?)
}

/// A disk that is full says so of itself only.
fn no_room(error: anyhow::Error, goal: &Goal) -> anyhow::Error {
    let Some(why) = disk_cause(&error).filter(|_| !error.is::<Refused>()) else { return error };
    let place = match goal {
        Goal::Server(url) => url.clone(),
        Goal::Folder(path) => path.display().to_string(),
    };
    let remedy = "什么也没有换，原来的数据照旧可用。请在那里腾出空间，检查权限，再运行一次，接着搬";
    refuse(710, format!("写不了 {place}（{why}）"), remedy)
}

fn arrive(source: Db, from: &Folder, to: &Folder, progress: &dyn Fn(u64, u64)) -> Result<Moved> {
    let target = to.connect()?;
    let people = match Accounts::kept(from)? {
        Some(their) => Some((their, Accounts::open(to)?)),
        None => None,
    };
    let people = match &people {
        Some((their, our)) => Some((their.db()?, our.db()?)),
        None => None,
    };
    source.begin()?;
    prefix(&source, &target, to)?;
    let journal = tables(JOURNAL);
    let accounts = tables(PEOPLE);
    let all: Vec<(&Db, &Db, &Table<'_>)> = journal
        .iter()
        .filter(|table| table.name != "town")
        .map(|table| (&source, &target, table))
        .chain(people.iter().flat_map(|(their, our)| accounts.iter().map(move |table| (&**their, &**our, table))))
        .collect();
    let mut total = 0;
    for (source, _, table) in &all {
        let sql = format!("SELECT count(*) FROM {} WHERE town_id = $1", table.name);
        total += source.one(&sql, params![], |row| row.get::<i64>(0))?.unwrap_or(0) as u64;
    }
    let mut done = 0;
    for (source, target, table) in &all {
        copy(source, target, table, &mut |rows| {
            done += rows;
            progress(done, total);
        })?;
    }
    let moved = prove(from, to, &target, &all, total)?;
    source.commit()?;
    Ok(moved)
}

/// The township as it will be: on the server, or in its new folder, which is not whole until its `yifa.toml` is there.
fn opened(from: &Folder, goal: &Goal) -> Result<Folder> {
    let mut to = from.clone();
    match goal {
        Goal::Server(url) => to.stand_on(url)?,
        Goal::Folder(path) => {
            if path.join("yifa.toml").exists() {
                let remedy = "请换一个还不存在的目录；程序不会覆盖已有的数据";
                return Err(refuse(701, format!("{} 已经是数据目录", path.display()), remedy));
            }
            fs::create_dir_all(path).map_err(|error| cannot_write(path, &error))?;
            copy_files(&from.path, path)?;
            to.stand_in(path)?;
        }
    }
    Ok(to)
}

/// Copies what lies in a folder; a file that is there in full is not copied again.
fn copy_files(from: &Path, to: &Path) -> Result<()> {
    for item in fs::read_dir(from)? {
        let item = item?;
        let name = item.file_name();
        if LEFT.iter().any(|left| name.to_string_lossy().starts_with(left)) {
            continue;
        }
        let (source, target) = (item.path(), to.join(&name));
        if source.is_dir() {
            fs::create_dir_all(&target).map_err(|error| cannot_write(&target, &error))?;
            copy_files(&source, &target)?;
            continue;
        }
        let length = |path: &Path| fs::metadata(path).map(|meta| meta.len()).ok();
        if length(&source) != length(&target) || !same(&source, &target)? {
            // Named in full only once it is whole.
            let part = target.with_extension("part");
            let copied = fs::copy(&source, &part).and_then(|_| fs::File::open(&part)?.sync_all());
            copied.and_then(|()| fs::rename(&part, &target)).map_err(|error| cannot_write(&target, &error))?;
        }
    }
    Ok(())
}

fn same(a: &Path, b: &Path) -> Result<bool> {
    Ok(fs::read(a)? == fs::read(b)?)
}

/// What lies at the goal already must be the beginning of what is carried there.
fn prefix(source: &Db, target: &Db, to: &Folder) -> Result<()> {
    let sql = "SELECT idx, leaf_hash FROM entry WHERE town_id = $1 ORDER BY idx DESC LIMIT 1";
    let Some((last, hash)) = target.one(sql, params![], |row| Ok((row.get::<i64>(0)?, row.get::<Vec<u8>>(1)?)))? else {
        return Ok(());
    };
    let sql = "SELECT leaf_hash FROM entry WHERE town_id = $1 AND idx = $2";
    let ours: Option<Vec<u8>> = source.one(sql, params![last], |row| row.get(0))?;
    if ours.as_ref() == Some(&hash) {
        return Ok(());
    }
    Err(refuse(
        772,
        format!("{} 里已有的第 {last} 条与这里的不同，或者比这里多", to.whereabouts()),
        "那里是另一段日志：请换一个地方；两处都写过的，请停止使用并报县司法局",
    ))
}

fn copy(source: &Db, target: &Db, table: &Table<'_>, carried: &mut dyn FnMut(u64)) -> Result<()> {
    let added = ADDED_TO.contains(&table.name);
    if !added {
        target.run(&format!("DELETE FROM {} WHERE town_id = $1", table.name), params![])?;
    }
    let columns: Vec<&str> = table.columns.iter().map(|(name, _)| *name).filter(|name| *name != "town_id").collect();
    let places: Vec<String> = (2..columns.len() + 2).map(|nth| format!("${nth}")).collect();
    let insert = format!(
        "INSERT INTO {} (town_id, {}) VALUES ($1, {}) ON CONFLICT (town_id{}) DO NOTHING",
        table.name,
        columns.join(", "),
        places.join(", "),
        table.key[1..].iter().map(|column| format!(", {column}")).collect::<String>()
    );
    // Entries go in order: what is there needs no second journey, but for the last, which may lack what belongs to it.
    let from = match added && columns.contains(&"idx") {
        true => {
            let sql = format!("SELECT coalesce(max(idx), 0) FROM {} WHERE town_id = $1", table.name);
            target.one(&sql, params![], |row| row.get::<i64>(0))?.unwrap_or(0)
        }
        false => 0,
    };
    let beyond = if added && columns.contains(&"idx") { " AND idx >= $2" } else { " AND $2 = 0" };
    let select = format!(
        "SELECT {} FROM {} WHERE town_id = $1{beyond} ORDER BY {}",
        columns.join(", "),
        table.name,
        table.key.join(", ")
    );
    let mut waiting = 0;
    target.begin_writing()?;
    let sent = source.each(&select, params![from], |row| {
        let values: Vec<Value<'static>> = (0..columns.len()).map(|nth| row.get(nth)).collect::<Result<_>>()?;
        target.run(&insert, &values)?;
        waiting += 1;
        if waiting == BATCH {
            target.commit()?;
            carried(std::mem::take(&mut waiting));
            target.begin_writing()?;
        }
        Ok(())
    });
    match sent {
        Ok(()) => target.commit()?,
        Err(error) => {
            target.roll_back()?;
            return Err(error);
        }
    }
    carried(waiting);
    Ok(())
}

/// Everything is hashed again at the goal, every table compared, and every record derived once more.
fn prove(from: &Folder, to: &Folder, target: &Db, all: &[(&Db, &Db, &Table<'_>)], rows: u64) -> Result<Moved> {
    let differs = |what: String| {
        let remedy = "什么也没有换，原来的数据照旧可用。请再运行一次；还是这样的，请报告维护者";
        refuse(773, format!("搬过去的与原来的不同：{what}"), remedy)
    };
    for (source, target, table) in all {
        if digest(source, table)? != digest(target, table)? {
            return Err(differs(format!("表 {}", table.name)));
        }
    }
    // Words for the search are each engine's own: they are derived there.
    let (sets, blind) = (Sets::load(target)?, to.blind_key()?);
    target.begin_writing()?;
    rebuild(target, &sets, &blind, true, &|_| ())?;
    target.commit()?;
    let derived = target.at_once(|| rebuild(target, &sets, &blind, false, &|_| ()))?;
    if derived.count != 0 {
        return Err(differs(format!("由日志推得的有 {} 处", derived.count)));
    }
    let verified = verify(to, target, None, &|_| ())?;
    if verified.count != 0 {
        return Err(differs(format!("核验有 {} 处不符", verified.count)));
    }
    if last_note(from, &from.reader()?)? != last_note(to, target)? {
        return Err(differs("最后签署的检查点".to_owned()));
    }
    let root = Head::load(target)?.frontier.root().to_base64();
    if root != verified.root {
        return Err(differs("日志的根".to_owned()));
    }
    Ok(Moved { entries: verified.entries, rows, files: verified.files, root })
}

/// All rows of a table in one hash, whatever engine they lie in.
fn digest(db: &Db, table: &Table<'_>) -> Result<[u8; 32]> {
    let columns: Vec<&str> = table.columns.iter().map(|(name, _)| *name).filter(|name| *name != "town_id").collect();
    let sql = format!(
        "SELECT {} FROM {} WHERE town_id = $1 ORDER BY {}",
        columns.join(", "),
        table.name,
        table.key.join(", ")
    );
    let mut hash = Sha256::new();
    db.each(&sql, params![], |row| {
        for nth in 0..columns.len() {
            let (kind, bytes): (u8, &[u8]) = match row.get_ref(nth)? {
                storage::Cell::Null => (0, &[]),
                storage::Cell::Int(number) => {
                    hash.update([1]);
                    hash.update(number.to_be_bytes());
                    continue;
                }
                storage::Cell::Text(text) => (2, text.as_bytes()),
                storage::Cell::Bytes(bytes) => (3, bytes),
                storage::Cell::Strange => (4, &[]),
            };
            hash.update([kind]);
            hash.update((bytes.len() as u64).to_be_bytes());
            hash.update(bytes);
        }
        Ok(())
    })?;
    Ok(hash.finalize().into())
}

/// From here on the township goes by its new database.
fn settle(from: &Folder, to: &Folder, goal: &Goal) -> Result<()> {
    if let Goal::Folder(path) = goal {
        // Two folders that both sign would be two histories: the old one gives up before the new one takes over, and only
        // when that has all the room it needs. Whoever is cut off in between runs it again.
        let fresh = to.write_fresh_config()?;
        let mut old = from.clone();
        old.config.moved = Some(absolute(path)?);
        let gave_up = old.write_fresh_config().and_then(|fresh| put(&fresh, &from.path.join("yifa.toml")));
        if gave_up.is_err() {
            let _ = fs::remove_file(&fresh);
        }
        gave_up?;
        return put(&fresh, &path.join("yifa.toml"));
    }
    put(&to.write_fresh_config()?, &to.path.join("yifa.toml"))?;
    for name in ["journal.db", "accounts.db"] {
        let (old, kept) = (from.path.join(name), from.path.join(name.replace(".db", ".已搬走.db")));
        if from.config.database.is_none() && old.exists() {
            fs::rename(&old, &kept).map_err(|error| cannot_write(&kept, &error))?;
        }
    }
    Ok(())
}

impl Folder {
    /// What this folder is to say of itself, whole and on disk, beside what it says now.
    fn write_fresh_config(&self) -> Result<PathBuf> {
        write_fresh(&self.path.join("yifa.toml"), toml::to_string(&self.config)?.as_bytes())
    }
}

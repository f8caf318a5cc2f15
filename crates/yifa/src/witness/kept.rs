//! Countersignatures at the township: taken only from witnesses it knows, over what it really signed (收到的见证).
//!
//! One file for each witness, beside the second file and for the same reason: who puts the database back to an older
//! state does not put them back with it.

use std::path::PathBuf;

use anyhow::Result;
use journal::checkpoint::{Checkpoint, CheckpointError};
use journal::key::{Use, VerifierKey};
use journal::note::{Note, NoteError};
use journal::tree::root_at;

use crate::ambient::moment_of;
use crate::append::{current_keys, read_second};
use crate::folder::{Folder, cannot_write, locked, replace_file};
use crate::mirror::{DAY, keep_fork};
use crate::refused::refuse;
use crate::storage::log::{Head, StoredNodes};
use crate::storage::{Db, params};

/// What a witness said last.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Witnessed {
    /// Who, as `yifa.toml` calls it.
    pub name: String,
    /// How many entries it saw.
    pub size: u64,
    /// When, in seconds since 1970 UTC.
    pub time: u64,
    /// The root of these entries.
    #[serde(skip)]
    pub root: journal::hash::Hash,
    /// The note, with this witness's signature and the journal's own.
    #[serde(skip)]
    pub note: Note,
    /// The key's id.
    #[serde(skip)]
    pub id: u32,
}

impl Witnessed {
    /// Up to which entry, and when: `到第 12 条，2026-03-02 09:15:00`.
    pub fn told(&self) -> String {
        let last = self.size.saturating_sub(1);
        format!("到第 {last} 条，{}", moment_of((self.time as i64).saturating_mul(1000)))
    }
}

/// A witness named in `yifa.toml`, its key read.
fn known(folder: &Folder) -> Result<Vec<(String, VerifierKey)>> {
    let each = folder.config.witness.iter().map(|witness| {
        let key = VerifierKey::parse(witness.key.trim()).ok().filter(|key| key.kind() == Use::Cosignature);
        let key = key.ok_or_else(|| {
            let text = format!("yifa.toml 里“{}”的见证公钥写坏了", witness.name);
            refuse(753, text, "请照见证方给的那一行原样写（yifa witness key 显示的）")
        })?;
        Ok((witness.name.clone(), key))
    });
    each.collect()
}

fn place(folder: &Folder) -> PathBuf {
    folder.path.join("signed").join("witnesses")
}

/// What each witness saw last, the one that saw most first.
///
/// # Errors
/// A key in `yifa.toml` that is none. A file that does not verify says nothing.
pub fn all(folder: &Folder) -> Result<Vec<Witnessed>> {
    if folder.config.witness.is_empty() {
        return Ok(Vec::new());
    }
    signed_by(folder, &current_keys(folder)?)
}

/// The same where the journal's keys are known from elsewhere.
///
/// # Errors
/// As [`all`].
pub fn signed_by(folder: &Folder, own: &[VerifierKey]) -> Result<Vec<Witnessed>> {
    let mut found = Vec::new();
    for (name, key) in known(folder)? {
        let Some(text) = read_second(&place(folder).join(format!("{:08x}", key.id())))? else { continue };
        found.extend(read(folder, own, &name, &key, &text).ok());
    }
    found.sort_by(|a, b| b.size.cmp(&a.size).then(a.name.cmp(&b.name)));
    Ok(found)
}

/// The witnesses that saw an entry.
pub fn of_entry(all: &[Witnessed], entry: u64) -> impl Iterator<Item = &Witnessed> {
    all.iter().filter(move |one| one.size > entry)
}

fn read(
    folder: &Folder,
    own: &[VerifierKey],
    name: &str,
    key: &VerifierKey,
    text: &str,
) -> Result<Witnessed, CheckpointError> {
    let (checkpoint, note) = Checkpoint::open(text.as_bytes(), &folder.config.origin, own)?;
    let signed = note.verify(std::slice::from_ref(key))?;
    let time = signed.iter().filter_map(|line| line.time).max().unwrap_or_default();
    let Checkpoint { size, root, .. } = checkpoint;
    Ok(Witnessed { name: name.to_owned(), size, time, root, note, id: key.id() })
}

/// Takes a countersigned checkpoint in; gives what its witnesses say by now.
///
/// # Errors
/// It is no checkpoint of this journal, is not of its history, no witness known here signed it, or its clock was off.
pub fn take(folder: &Folder, db: &Db, text: &str, now: i64) -> Result<Vec<Witnessed>> {
    let own = current_keys(folder)?;
    let (checkpoint, note) = Checkpoint::open(text.as_bytes(), &folder.config.origin, &own).map_err(|error| {
        let text = format!("这不是本乡签过名的检查点（{}）", not_ours(&error));
        refuse(752, text, "请向县里（见证方）重新要一份，原样拿来；没有改动")
    })?;
    in_history(folder, db, &checkpoint, &note)?;
    let known = known(folder)?;
    let lines = note.signatures();
    let signs = |key: &VerifierKey| lines.iter().any(|line| line.name == key.name() && line.id == key.id());
    let signing: Vec<&(String, VerifierKey)> = known.iter().filter(|(_, key)| signs(key)).collect();
    if signing.is_empty() {
        let others = lines.iter().filter(|line| line.name != folder.config.origin);
        let others: Vec<String> = others.map(|line| format!("{}+{:08x}", line.name, line.id)).collect();
        let who = if others.is_empty() { "上面没有见证方的签名".to_owned() } else { others.join("、") };
        return Err(refuse(
            753,
            format!("见证方不是本乡 yifa.toml 里写明的（{who}）"),
            "确是县里或者邻乡的，请当面取得它的公钥，在 yifa.toml 里加 [[witness]]，写明 name 和 key",
        ));
    }
    let mut taken = Vec::new();
    for (name, key) in signing {
        let one = read(folder, &own, name, key, text).map_err(|_| {
            refuse(752, format!("“{name}”的见证与签名不符：被改动过"), "请向见证方重新要一份，原样拿来；没有改动")
        })?;
        in_time(db, &one, now)?;
        taken.push(one);
    }
    let at = place(folder);
    std::fs::create_dir_all(&at).map_err(|error| cannot_write(&at, &error))?;
    let _lock = locked(&at)?;
    let before = all(folder)?;
    for one in taken {
        // An older one brought late takes nothing back.
        let newer = before.iter().any(|kept| kept.id == one.id && (kept.size, kept.time) >= (one.size, one.time));
        if !newer {
            replace_file(&at.join(format!("{:08x}", one.id)), only(&one, &own)?.to_string().as_bytes())?;
        }
    }
    all(folder)
}

/// A checkpoint of the journal with the signatures of all witnesses that saw this very one.
///
/// # Errors
/// As [`all`].
pub fn countersigned(folder: &Folder, text: &str) -> Result<String> {
    let mut note = Note::parse(text.as_bytes())?;
    for one in all(folder)? {
        if one.note.text() != note.text() {
            continue;
        }
        for line in one.note.signatures().iter().filter(|line| line.id == one.id) {
            note.add(line.clone())?;
        }
    }
    Ok(note.to_string())
}

/// The note with one witness and the journal's own signatures.
fn only(one: &Witnessed, own: &[VerifierKey]) -> Result<Note> {
    let mut note = Note::new(one.note.text())?;
    for line in one.note.signatures() {
        if line.id == one.id || own.iter().any(|key| key.id() == line.id && key.name() == line.name) {
            note.add(line.clone())?;
        }
    }
    Ok(note)
}

fn not_ours(error: &CheckpointError) -> String {
    match error {
        CheckpointError::Origin { found, .. } => format!("是“{found}”的"),
        CheckpointError::Note(NoteError::Unknown(_)) | CheckpointError::NotByJournal(_) => "没有本乡的签名".to_owned(),
        CheckpointError::Note(NoteError::Forged { .. }) => "与签名不符，被改动过".to_owned(),
        _ => "格式不对".to_owned(),
    }
}

/// What bears our signature must be what we hold: if it is not, there are two histories signed with this key.
fn in_history(folder: &Folder, db: &Db, checkpoint: &Checkpoint, note: &Note) -> Result<()> {
    let size = Head::load(db)?.size();
    if checkpoint.size > size {
        return Err(refuse(
            758,
            format!("见证到 {} 条，而本乡的日志只有 {size} 条：后面的不见了", checkpoint.size),
            "多半是恢复了旧备份。请不要再记入，从更新的备份取回；缺了哪些，县里的镜像看得到",
        ));
    }
    if root_at(&mut StoredNodes { db, size }, checkpoint.size)? == checkpoint.root {
        return Ok(());
    }
    let ours = crate::append::last_note(folder, db)?.and_then(|text| Note::parse(text.as_bytes()).ok());
    let evidence = keep_fork(&folder.path, ours.as_ref().unwrap_or(note), note)?;
    Err(refuse(
        758,
        format!("见证的前 {} 条与本乡现在的不同，却有本乡的签名：有两份签过名的历史", checkpoint.size),
        format!("请停止使用，保留现场（证据存在 {}），报县司法局", evidence.display()),
    ))
}

/// A journal that does not hold what its witnesses saw is not written on: whoever put database and second file back
/// together is found out by this. A key in `yifa.toml` that is none stops nobody's work.
///
/// # Errors
/// Entries that were witnessed are gone, or are others now.
pub fn continued(folder: &Folder, db: &Db) -> Result<()> {
    for one in all(folder).unwrap_or_default() {
        let checkpoint = Checkpoint { origin: folder.config.origin.clone(), size: one.size, root: one.root };
        in_history(folder, db, &checkpoint, &one.note)?;
    }
    Ok(())
}

/// A witness cannot have seen a checkpoint before it was signed, or tomorrow.
fn in_time(db: &Db, one: &Witnessed, now: i64) -> Result<()> {
    let time = (one.time as i64).saturating_mul(1000);
    let sql = "SELECT signed_at FROM checkpoint WHERE town_id = $1 AND size = $2";
    let signed = db.one(sql, params![one.size as i64], |row| row.get::<i64>(0))?;
    let early = signed.is_some_and(|signed| time < signed.saturating_sub(DAY));
    if !early && time <= now.saturating_add(DAY) {
        return Ok(());
    }
    let than = if early { signed.unwrap_or(now) } else { now };
    let what = if early { "签署这一条的时候是" } else { "这台机器现在是" };
    Err(refuse(
        754,
        format!("“{}”说是 {} 见证的，而本乡{what} {}：有一边的时钟不对", one.name, moment_of(time), moment_of(than)),
        "请先校准本机的时钟；本机没有错的，请见证方校准以后重新见证。没有改动",
    ))
}

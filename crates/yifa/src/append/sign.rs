//! Signing checkpoints: at most once a second and at stop, and never a fork.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use journal::checkpoint::Checkpoint;
use journal::guard::{Growth, Last, Permit, Refusal};
use journal::key::{SignerKey, VerifierKey};
use journal::tree::root_at;

use crate::ambient::Ambient;
use crate::folder::{Folder, replace_file};
use crate::refused::refuse;
use crate::storage::log::{Head, StoredNodes};
use crate::storage::{Db, params};

/// The keys whose checkpoints count as the journal's: its own, or in a mirror the township's.
pub fn current_keys(folder: &Folder) -> Result<Vec<VerifierKey>> {
    if let Some(mirror) = &folder.config.mirror {
        return Ok(vec![crate::mirror::key_of(mirror)?]);
    }
    Ok(vec![folder.key()?.verifier().clone()])
}

/// The newest checkpoint signed with one of the keys, by the second file and the database together.
pub fn last_signed(folder: &Folder, db: &Db, keys: &[VerifierKey]) -> Result<Option<Checkpoint>> {
    let second = read_second(&folder.second_file())?;
    let stored = stored(db)?;
    let last = Last::read(second.as_deref(), stored.as_deref(), &folder.config.origin, keys);
    Ok(last.map_err(|refusal| explain(&refusal))?.checkpoint().cloned())
}

/// The text of the newest checkpoint signed. The second file is written first, so it is never behind the database.
pub fn last_note(folder: &Folder, db: &Db) -> Result<Option<String>> {
    let second = read_second(&folder.second_file())?;
    Ok(match second {
        Some(text) => Some(text),
        None => stored(db)?,
    })
}

pub(crate) fn read_second(path: &std::path::Path) -> Result<Option<String>> {
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("read {}", path.display())),
    }
}

/// The checkpoint the database holds: signed of what this reader sees, or of less.
pub fn stored(db: &Db) -> Result<Option<String>> {
    db.one("SELECT note FROM checkpoint WHERE town_id = $1 ORDER BY size DESC LIMIT 1", params![], |row| row.get(0))
}

/// Signs for one journal.
pub struct Signer {
    key: SignerKey,
    origin: String,
    second_file: PathBuf,
    signed: u64,
    at: Instant,
}

/// Signing waits for nobody, and nobody waits for signing: at most once in this long.
const APART: Duration = Duration::from_secs(1);

impl Signer {
    /// Refuses to start on a journal that does not continue what was signed.
    pub fn new(folder: &Folder, db: &Db) -> Result<Signer> {
        let key = folder.key()?;
        let signer = Signer {
            key,
            origin: folder.config.origin.clone(),
            second_file: folder.second_file(),
            signed: 0,
            at: Instant::now(),
        };
        let last = db.at_once(|| {
            let (head, last) = (Head::load(db)?, signer.last(db)?);
            signer.permit(db, &head, &last).map(|_| last)
        })?;
        crate::witness::kept::continued(folder, db)?;
        let signed = last.checkpoint().map_or(0, |checkpoint| checkpoint.size);
        Ok(Signer { signed, ..signer })
    }

    fn last(&self, db: &Db) -> Result<Last> {
        let second = read_second(&self.second_file)?;
        let keys = [self.key.verifier().clone()];
        Last::read(second.as_deref(), stored(db)?.as_deref(), &self.origin, &keys).map_err(|refusal| explain(&refusal))
    }

    fn permit<'k>(&'k self, db: &Db, head: &Head, last: &Last) -> Result<Permit<'k>> {
        let mut growth = None;
        if let Some(signed) = last.checkpoint().filter(|signed| signed.size < head.size()) {
            let mut nodes = StoredNodes { db, size: head.size() };
            growth = Some(Growth::RootThen(root_at(&mut nodes, signed.size)?));
        }
        Permit::decide(last, &head.frontier, growth.as_ref(), &self.origin, &self.key)
            .map_err(|refusal| explain(&refusal))
    }

    /// How long a journal of so many entries may wait for a signature; it needs none where it has one.
    pub fn wait(&self, size: u64) -> Option<Duration> {
        (size > self.signed).then(|| APART.saturating_sub(self.at.elapsed()))
    }

    /// Signs what is committed, unless so many entries are signed already. On a server another program may have added some.
    pub fn sign(&mut self, db: &Db, size: u64, ambient: &mut dyn Ambient) -> Result<()> {
        self.at = Instant::now();
        if size <= self.signed {
            return Ok(());
        }
        // Of one moment: another program may write and sign meanwhile.
        let (size, permit) = db.at_once(|| {
            let (head, last) = (Head::load(db)?, self.last(db)?);
            Ok((head.size(), self.permit(db, &head, &last)?))
        })?;
        let note = permit.sign()?.to_string();
        // The second file first: a checkpoint that only the database knows could be restored away unnoticed.
        replace_file(&self.second_file, note.as_bytes())?;
        db.run(
            "INSERT INTO checkpoint (town_id, size, note, signed_at) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (town_id, size) DO NOTHING",
            params![size as i64, note, ambient.now()],
        )?;
        self.signed = size;
        Ok(())
    }
}

fn explain(refusal: &Refusal) -> anyhow::Error {
    match refusal {
        Refusal::Shorter { present, signed } => refuse(
            720,
            format!("日志只有 {present} 条，而已经签署过 {signed} 条：第 {present} 至 {} 条不见了", signed - 1),
            "多半是恢复了旧备份。请从更新的备份、导出的日志或者县里取回缺少的部分，在此之前不要再记入",
        ),
        Refusal::NoSecondFile(size) => refuse(
            721,
            format!("已签署过 {size} 条，而记着最后一次签署的文件 signed/checkpoint 不见了"),
            "请从备份取回它，或者从县里、邻乡取回最新的检查点",
        ),
        Refusal::Fork { size, .. } | Refusal::Split { size, .. } => refuse(
            722,
            format!("前 {size} 条与签署时的不同：日志的过去被改动过"),
            "请停止使用并报告县司法局；运行 yifa verify 可以看到是哪一条、哪一项",
        ),
        other => refuse(723, format!("检查点不能签署（{other}）"), "请报告维护者，先不要改动数据目录"),
    }
}

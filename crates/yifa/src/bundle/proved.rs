//! Entries held against the last signed checkpoint, as a third party does (证明).

use std::collections::BTreeMap;

use anyhow::Result;
use engine::value::Fields;
use journal::audit::{ProveError, prove_inclusion};
use journal::bundle::Disclosure;
use journal::checkpoint::Checkpoint;
use journal::hash::{Hash, leaf_hash};
use journal::key::VerifierKey;
use journal::opening::Opening;
use journal::proof::EntryProof;

use super::shows::Shows;
use crate::append::{current_keys, stored};
use crate::folder::Folder;
use crate::refused::refuse;
use crate::storage::proving::KeptNodes;
use crate::storage::{Db, Value, params};

/// An entry with all that proves it.
pub struct Proved {
    /// Its index in the journal.
    pub index: u64,
    /// When it was recorded, in milliseconds UTC.
    pub recorded_at: i64,
    /// The hash of its leaf.
    pub hash: Hash,
    /// The leaf.
    pub leaf: Vec<u8>,
    /// What is shown of it.
    pub opening: Opening,
    /// Nothing where it was recorded after the last signature.
    pub proof: Option<EntryProof>,
    /// Why leaf, proof, checkpoint and content do not agree.
    pub fault: Option<String>,
}

/// Some entries, held against the last signed checkpoint.
pub struct Proof {
    /// The checkpoint as it was signed.
    pub note: String,
    /// The same, read.
    pub checkpoint: Checkpoint,
    /// The keys it was signed with.
    pub keys: Vec<VerifierKey>,
    /// The entries in the order they were asked for.
    pub entries: Vec<Proved>,
}

impl Proof {
    /// The last checkpoint, and no entries yet.
    ///
    /// # Errors
    /// Nothing was signed, or the key cannot be read.
    pub fn begun(folder: &Folder, db: &Db) -> Result<Proof> {
        let note = stored(db)?.ok_or_else(|| refuse(724, "日志还没有签署过", "请过一两秒再看"))?;
        let keys = current_keys(folder)?;
        let (checkpoint, _) = Checkpoint::open(note.as_bytes(), &folder.config.origin, &keys)?;
        Ok(Proof { note, checkpoint, keys, entries: Vec::new() })
    }

    /// The entries of one record.
    ///
    /// # Errors
    /// As [`Proof::begun`].
    pub fn of_record(folder: &Folder, db: &Db, record: &str, shows: &Shows) -> Result<Proof> {
        let mut proof = Proof::begun(folder, db)?;
        proof.entries = of_record(db, record, shows)?;
        proof.prove(db)?;
        Ok(proof)
    }

    /// Proves each entry that was signed.
    ///
    /// # Errors
    /// Faults of the database; what does not agree stands in the entry.
    pub fn prove(&mut self, db: &Db) -> Result<()> {
        let size = self.checkpoint.size;
        let mut nodes = KeptNodes::new(db, size);
        // Signing is a second behind: the newest may have to wait for it.
        for one in self.entries.iter_mut().filter(|one| one.index < size) {
            let path = prove_inclusion(&mut nodes, one.index, size).map_err(|error| match error {
                ProveError::Proof(fault) => fault.into(),
                ProveError::Nodes(fault) => fault,
            })?;
            let proof = EntryProof { index: one.index, path, checkpoint: self.note.clone(), extra: None };
            let (text, payload) = (proof.to_text(), one.opening.to_bytes());
            let all = Disclosure { leaf: &one.leaf, proof: text.as_bytes(), payload: Some(&payload) };
            one.fault = all.verify(&self.checkpoint.origin, &self.keys).err().map(|fault| fault.to_string());
            one.proof = Some(proof);
        }
        Ok(())
    }
}

/// Every entry of a record, not proved yet.
pub fn of_record(db: &Db, record: &str, shows: &Shows) -> Result<Vec<Proved>> {
    let mut sealed: BTreeMap<u64, Fields> = BTreeMap::new();
    let sql = "SELECT s.idx, s.field, s.value FROM entry e JOIN sealed s ON s.town_id = e.town_id AND s.idx = e.idx \
               WHERE e.town_id = $1 AND e.record = $2 ORDER BY s.idx, s.field";
    db.each(sql, params![record], |row| {
        let value = serde_json::from_str(row.get_ref(2)?.as_str()?)?;
        sealed.entry(row.get::<i64>(0)? as u64).or_default().insert(row.get(1)?, value);
        Ok(())
    })?;
    let sql = "SELECT e.idx, e.recorded_at, e.leaf, p.body, p.salt \
               FROM entry e JOIN payload p ON p.town_id = e.town_id AND p.idx = e.idx \
               WHERE e.town_id = $1 AND e.record = $2 ORDER BY e.idx";
    several(db, sql, params![record], &mut sealed, shows)
}

/// An entry that adopted definitions, not proved yet.
pub fn adoption(db: &Db, index: u64) -> Result<Vec<Proved>> {
    let sql = "SELECT e.idx, e.recorded_at, e.leaf, p.body, p.salt \
               FROM entry e JOIN payload p ON p.town_id = e.town_id AND p.idx = e.idx \
               WHERE e.town_id = $1 AND e.idx = $2 ORDER BY e.idx";
    several(db, sql, params![index as i64], &mut BTreeMap::new(), &Shows::Public)
}

fn several(
    db: &Db,
    sql: &str,
    bound: &[Value<'_>],
    sealed: &mut BTreeMap<u64, Fields>,
    shows: &Shows,
) -> Result<Vec<Proved>> {
    let mut all = Vec::new();
    db.each(sql, bound, |row| {
        let index = row.get::<i64>(0)? as u64;
        let sealed = sealed.remove(&index).unwrap_or_default();
        let opening = shows.opening(row.get_ref(3)?.as_str()?, &sealed, row.get_ref(4)?.as_blob()?)?;
        let leaf = row.get::<Vec<u8>>(2)?;
        let (recorded_at, hash) = (row.get(1)?, leaf_hash(&leaf));
        all.push(Proved { index, recorded_at, hash, leaf, opening, proof: None, fault: None });
        Ok(())
    })?;
    Ok(all)
}

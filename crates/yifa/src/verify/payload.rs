//! Payloads against the commitments of their leaves, on every processor there is.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Mutex, PoisonError};

use anyhow::{Result, anyhow};
use engine::definition::FieldType;
use engine::value::{Fields, Value};
use journal::hash::Hash;
use journal::payload::{Digests, PayloadFault, Salt, verify_payload};
use rusqlite::params;
use serde_json::Value as Json;

use super::Verified;
use crate::sets::Sets;
use crate::storage::log::whole;
use crate::storage::{Db, TOWN};

/// How many payloads go to another thread at a time.
pub(super) const BATCH: usize = 512;

/// A payload as stored, and the commitment it has to fit.
pub(super) struct Payload {
    pub index: u64,
    pub record: String,
    pub commitment: Hash,
    pub body: String,
    pub salt: Option<Vec<u8>>,
    pub digests: Option<Vec<u8>>,
    pub sealed: Fields,
}

/// What is asked of payloads.
pub(super) struct Payloads {
    /// The fields that name files, by register and step.
    files: HashMap<(String, String), Vec<String>>,
}

impl Payloads {
    pub fn new(db: &Db) -> Payloads {
        let mut files: HashMap<(String, String), Vec<String>> = HashMap::new();
        // A set that cannot be read any more shows as a changed payload of its own entry.
        let sets = Sets::load(db).unwrap_or_default();
        for register in sets.all().iter().flat_map(|set| set.set.registers.values()) {
            for step in &register.steps {
                for field in step.fields.iter().filter(|field| field.kind == FieldType::File) {
                    let at = (register.id.value.clone(), step.id.value.clone());
                    files.entry(at).or_default().push(field.id.value.clone());
                }
            }
        }
        Payloads { files }
    }

    /// Runs `read` on this thread, and judges what it sends on others.
    pub fn beside(
        &self,
        found: &mut Verified,
        wanted: &mut BTreeSet<String>,
        read: impl FnOnce(&mut Verified, SyncSender<Vec<Payload>>) -> Result<()>,
    ) -> Result<()> {
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        // Few may wait, or a folder whose reading outruns its hashing would end up in memory.
        let (send, receive) = sync_channel(threads * 2);
        let receive = Mutex::new(receive);
        std::thread::scope(|scope| {
            let work = || self.work(&receive);
            let others: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
            // `read` owns the sender: the others end when it returns.
            let done = read(found, send);
            for other in others {
                let (differs, files) = other.join().map_err(|_| anyhow!("a verifying thread panicked"))?;
                found.add(differs);
                wanted.extend(files);
            }
            done
        })
    }

    fn work(&self, waiting: &Mutex<Receiver<Vec<Payload>>>) -> (Verified, BTreeSet<String>) {
        let (mut found, mut wanted) = (Verified::default(), BTreeSet::new());
        loop {
            let next = waiting.lock().unwrap_or_else(PoisonError::into_inner).recv();
            let Ok(batch) = next else { return (found, wanted) };
            for payload in &batch {
                self.one(payload, &mut found, &mut wanted);
            }
        }
    }

    fn one(&self, stored: &Payload, found: &mut Verified, wanted: &mut BTreeSet<String>) {
        let (index, record) = (stored.index, stored.record.as_str());
        let salt: Option<[u8; 32]> = stored.salt.as_deref().and_then(|salt| salt.try_into().ok());
        let digests = stored.digests.as_deref().and_then(Digests::from_bytes);
        let (Some(salt), Some(digests)) = (salt, digests) else {
            found.differ(Some(index), record, None, "盐或者摘要残缺");
            return;
        };
        let Ok(payload) = whole(&stored.body, &stored.sealed) else {
            found.differ(Some(index), record, None, "内容已经不是合法的 JSON");
            return;
        };
        self.files_of(&payload, wanted);
        match verify_payload(&stored.commitment, &payload, &Salt(salt), Some(&digests)) {
            Ok(()) => {}
            Err(PayloadFault::Fields { changed, missing }) => {
                for path in &changed {
                    found.differ(Some(index), record, Some(path), "这一项的内容与记入时不同");
                }
                if missing > 0 {
                    found.differ(Some(index), record, None, format!("记入时的 {missing} 项内容不见了"));
                }
            }
            Err(fault) => found.differ(Some(index), record, None, format!("内容与条目的承诺不符（{fault}）")),
        }
    }

    /// Notes the files a payload names.
    fn files_of(&self, payload: &Json, wanted: &mut BTreeSet<String>) {
        let word = |name: &str| payload[name].as_str().unwrap_or_default().to_owned();
        if payload["kind"] == "attach" {
            wanted.extend(payload["file"].as_str().map(str::to_owned));
        }
        for field in self.files.get(&(word("register"), word("step"))).into_iter().flatten() {
            for value in [&payload["fields"][field], &payload["sealed"][field]] {
                match value {
                    Json::Array(items) => wanted.extend(items.iter().filter_map(Json::as_str).map(str::to_owned)),
                    other => wanted.extend(other.as_str().map(str::to_owned)),
                }
            }
        }
    }
}

/// Reads personal values along with the entries they belong to.
pub(super) struct Sealed<'d> {
    pub db: &'d Db,
    /// Entries before this one have theirs.
    pub upto: u64,
}

impl Sealed<'_> {
    /// Gives a batch its personal values.
    pub fn add(&mut self, batch: &mut [Payload], found: &mut Verified) -> Result<()> {
        let Some(last) = batch.last().map(|payload| payload.index) else { return Ok(()) };
        let mut values = self.values(last + 1)?;
        for payload in batch {
            payload.sealed = values.remove(&payload.index).unwrap_or_default();
        }
        strangers(values, found);
        Ok(())
    }

    /// Personal values behind the last entry belong to none.
    pub fn rest(&mut self, found: &mut Verified) -> Result<()> {
        strangers(self.values(i64::MAX as u64)?, found);
        Ok(())
    }

    fn values(&mut self, end: u64) -> Result<BTreeMap<u64, Fields>> {
        let mut values: BTreeMap<u64, Fields> = BTreeMap::new();
        let sql =
            "SELECT idx, field, value FROM sealed WHERE town_id = $1 AND idx >= $2 AND idx < $3 ORDER BY idx, field";
        self.db.each(sql, params![TOWN, self.upto as i64, end as i64], |row| {
            let text: String = row.get(2)?;
            // What is no value any more cannot match its digest, and is named by it.
            let value = serde_json::from_str(&text).unwrap_or(Value::Text(text));
            values.entry(row.get::<_, i64>(0)? as u64).or_default().insert(row.get(1)?, value);
            Ok(())
        })?;
        self.upto = end;
        Ok(values)
    }
}

fn strangers(values: BTreeMap<u64, Fields>, found: &mut Verified) {
    for (index, fields) in values {
        let field = fields.keys().next().map(String::as_str);
        found.differ(Some(index), "", field, "封存的内容没有对应的条目");
    }
}

//! Payloads against the commitments of their leaves, on every processor there is.

use std::collections::{BTreeSet, HashMap};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Mutex, PoisonError};

use anyhow::{Context, Result, anyhow};
use engine::definition::FieldType;
use engine::value::Fields;
use journal::hash::Hash;
use journal::opening::{OpeningFault, verify_opening};
use journal::payload::{Digests, PayloadFault, Salt, verify_payload};
use serde_json::Value as Json;

use super::Verified;
use crate::sets::Sets;
use crate::storage::Db;
use crate::storage::log::{opened, sealed_between, whole};

/// How many payloads go to another thread at a time.
pub(super) const BATCH: u64 = 512;

/// A payload as stored, and the commitment it has to fit.
pub(super) struct Payload {
    pub index: u64,
    pub record: String,
    pub commitment: Hash,
    pub body: String,
    pub salt: Vec<u8>,
    pub digests: Vec<u8>,
    pub sealed: Fields,
}

/// What is asked of payloads.
pub(super) struct Payloads {
    /// The fields that name files, with their steps, by register.
    files: HashMap<String, Vec<(String, String)>>,
    /// They are a mirror's: no salts, no personal values, and no files.
    mirrored: bool,
}

impl Payloads {
    pub fn new(db: &Db, mirrored: bool) -> Payloads {
        let mut files: HashMap<String, Vec<(String, String)>> = HashMap::new();
        // A set that cannot be read any more shows as a changed payload of its own entry.
        let sets = Sets::load(db).unwrap_or_default();
        for register in sets.all().iter().flat_map(|set| set.set.registers.values()) {
            let fields = files.entry(register.id.value.clone()).or_default();
            for step in &register.steps {
                for field in step.fields.iter().filter(|field| field.kind == FieldType::File) {
                    let at = (step.id.value.clone(), field.id.value.clone());
                    if !fields.contains(&at) {
                        fields.push(at);
                    }
                }
            }
        }
        Payloads { files, mirrored }
    }

    /// Runs `read` on this thread, and judges what it sends on others.
    pub fn beside(
        &self,
        found: &mut Verified,
        wanted: &mut BTreeSet<String>,
        read: impl FnOnce(&mut Verified, &SyncSender<Vec<Payload>>) -> Result<()>,
    ) -> Result<()> {
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        // Few may wait, or a folder whose reading outruns its hashing would end up in memory.
        let (send, receive) = sync_channel(threads * 2);
        let receive = Mutex::new(receive);
        std::thread::scope(|scope| {
            let work = || self.work(&receive);
            let others: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
            let done = read(found, &send);
            // Nothing more comes: the others end.
            drop(send);
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
        let salt: Option<[u8; 32]> = stored.salt.as_slice().try_into().ok();
        let digests = Digests::from_bytes(&stored.digests);
        let Some(digests) = digests else {
            found.differ(Some(index), record, None, "盐或者摘要残缺");
            return;
        };
        if self.mirrored {
            self.shown(stored, &digests, found);
            return;
        }
        let Some(salt) = salt else {
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
            Err(PayloadFault::Digests) => {
                found.differ(Some(index), record, Some("digests"), "各项的摘要与记入的承诺不符")
            }
            Err(_) => found.differ(Some(index), record, None, "内容与记入的承诺不符"),
        }
    }

    /// The payload of a mirror, which holds what the township shows and no salt.
    fn shown(&self, stored: &Payload, digests: &Digests, found: &mut Verified) {
        let (index, record) = (stored.index, stored.record.as_str());
        if digests.commitment() != stored.commitment {
            found.differ(Some(index), record, Some("digests"), "各项的摘要与记入的承诺不符");
            return;
        }
        let Ok(opening) = opened(&stored.body, &stored.sealed, &stored.salt) else {
            found.differ(Some(index), record, None, "内容与公开的各项对不上");
            return;
        };
        match verify_opening(&stored.commitment, &opening, Some(digests)) {
            Ok(()) => {}
            Err(OpeningFault::Fields(paths)) => {
                for path in paths {
                    found.differ(Some(index), record, Some(&path), "这一项的内容与记入时不同");
                }
            }
            Err(_) => found.differ(Some(index), record, None, "内容与记入的承诺不符"),
        }
    }

    /// Notes the files a payload names.
    fn files_of(&self, payload: &Json, wanted: &mut BTreeSet<String>) {
        if payload["kind"] == "attach" {
            wanted.extend(payload["file"].as_str().map(str::to_owned));
        }
        let fields = self.files.get(payload["register"].as_str().unwrap_or_default());
        for (step, field) in fields.into_iter().flatten() {
            // A correction does not say of which step: its file fields are looked for under every step.
            if payload["step"] != step.as_str() && payload["kind"] != "correct" {
                continue;
            }
            for value in [&payload["fields"][field], &payload["sealed"][field]] {
                match value {
                    Json::Array(items) => wanted.extend(items.iter().filter_map(Json::as_str).map(str::to_owned)),
                    other => wanted.extend(other.as_str().map(str::to_owned)),
                }
            }
        }
    }
}

/// Payloads on their way to another thread.
pub(super) struct Batch<'d> {
    db: &'d Db,
    /// Entries before this one have their personal values.
    upto: u64,
    pub payloads: Vec<Payload>,
}

impl<'d> Batch<'d> {
    pub fn new(db: &'d Db) -> Batch<'d> {
        Batch { db, upto: 0, payloads: Vec::new() }
    }

    /// Gives the payloads before `end` their personal values and sends them off.
    pub fn send(&mut self, end: u64, found: &mut Verified, waiting: &SyncSender<Vec<Payload>>) -> Result<()> {
        let mut values = sealed_between(self.db, self.upto, end)?;
        self.upto = end;
        for payload in &mut self.payloads {
            payload.sealed = values.remove(&payload.index).unwrap_or_default();
        }
        for (index, fields) in values {
            let field = fields.keys().next().map(String::as_str);
            found.differ(Some(index), "", field, "封存的内容没有对应的记入");
        }
        waiting.send(std::mem::take(&mut self.payloads)).context("the verifying threads stopped")
    }
}

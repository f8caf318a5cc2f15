//! Taking one job: judge, number, derive, write. Runs inside the group's transaction.

use std::sync::Arc;

use anyhow::{Context, Result};
use engine::act::{Act, Entry, Taken};
use engine::definition::Register;
use engine::problem::Problem;
use engine::record::{self, Flag, Rows, Rules, judge};
use journal::hash::Hash;
use journal::id::Id;
use rusqlite::params;

use super::fit::fits;
use super::{Draft, LAST, NEW, Receipt};
use crate::ambient::{Ambient, day_of};
use crate::folder::Folder;
use crate::projection::{self, Of};
use crate::refused::{Refused, refuse};
use crate::sets::Sets;
use crate::storage::log::{self, Head, New};
use crate::storage::{Db, TOWN};

/// Takes jobs, one at a time.
pub struct Taker<'d> {
    pub(super) db: &'d Db,
    pub(super) origin: String,
    pub(super) sets: Sets,
    pub(super) head: Head,
    /// A job on its own stands in no savepoint: it has begun to write, so failing now fails its group.
    pub(super) alone: bool,
    pub(super) wrote: bool,
}

impl<'d> Taker<'d> {
    /// Starts at the journal's end.
    pub fn new(folder: &Folder, db: &'d Db, sets: Sets) -> Result<Taker<'d>> {
        Ok(Taker { db, origin: folder.config.origin.clone(), sets, head: Head::load(db)?, alone: false, wrote: false })
    }

    /// The connection.
    pub fn db(&self) -> &'d Db {
        self.db
    }

    /// How many entries there are, those of the open group included.
    pub fn size(&self) -> u64 {
        self.head.size()
    }

    /// Whether a job failed half-way, so that the group can only be rolled back.
    pub fn is_broken(&self) -> bool {
        self.wrote
    }

    /// Ends the group: everything in it is on disk when this returns.
    pub fn commit(&mut self) -> Result<()> {
        if self.wrote {
            anyhow::bail!("a step of this group could not be written");
        }
        self.head.store(self.db)?;
        self.db.batch("COMMIT")
    }

    /// Takes the group back and starts again from what is on disk.
    pub fn roll_back(&mut self) -> Result<()> {
        // SQLite has rolled back by itself when the disk is full; then there is no transaction left to end.
        let _ = self.db.batch("ROLLBACK");
        self.wrote = false;
        self.head = Head::load(self.db)?;
        self.sets = Sets::load(self.db)?;
        Ok(())
    }

    /// Takes all drafts of a job, or none of them.
    pub fn job(&mut self, drafts: Vec<Draft>, ambient: &mut dyn Ambient) -> Result<Vec<Receipt>> {
        // A savepoint copies every page a job touches. A draft on its own writes nothing before it is judged, so that
        // it needs none: INVARIANT `a_refused_step_leaves_nothing_behind`.
        self.alone = drafts.len() == 1;
        if !self.alone {
            self.db.batch("SAVEPOINT job")?;
        }
        let frontier = self.head.frontier.clone();
        let adopted = self.sets.all().len();
        let taken = self.drafts(drafts, ambient);
        let error = match taken {
            Ok(receipts) => {
                self.wrote = false;
                if !self.alone {
                    self.db.batch("RELEASE job")?;
                }
                return Ok(receipts);
            }
            Err(error) => error,
        };
        if !self.alone {
            self.db.batch("ROLLBACK TO job; RELEASE job")?;
        }
        self.head.frontier = frontier;
        if self.sets.all().len() != adopted {
            self.sets = Sets::load(self.db)?;
        }
        Err(if is_disk(&error) { disk_problem(&format!("{error:#}")) } else { error })
    }

    fn drafts(&mut self, drafts: Vec<Draft>, ambient: &mut dyn Ambient) -> Result<Vec<Receipt>> {
        let mut receipts: Vec<Receipt> = Vec::with_capacity(drafts.len());
        for draft in drafts {
            let opened = receipts.last().map(|receipt| receipt.record.clone());
            receipts.push(self.draft(draft, opened.as_deref(), ambient)?);
        }
        Ok(receipts)
    }

    fn draft(&mut self, mut draft: Draft, opened: Option<&str>, ambient: &mut dyn Ambient) -> Result<Receipt> {
        if let Some(known) = self.known(draft.id)? {
            return Ok(known);
        }
        let id = match draft.id {
            Some(id) => id,
            None => ambient.id(),
        };
        if let Act::Adopt { .. } = draft.act {
            return self.adopt(id, draft, ambient);
        }
        if draft.act.record() == Some(LAST) {
            set_record(&mut draft.act, opened.context("a batch whose first step follows another")?.to_owned());
        }
        if draft.act.record() == Some(NEW) {
            set_record(&mut draft.act, ambient.id().to_string());
        }
        self.step(id, draft, ambient)
    }

    /// A draft handed in twice makes one entry.
    fn known(&self, id: Option<Id>) -> Result<Option<Receipt>> {
        let Some(id) = id.map(|id| id.to_string()) else { return Ok(None) };
        self.db.one(
            "SELECT e.idx, e.record, r.number FROM entry e \
             LEFT JOIN record r ON r.town_id = e.town_id AND r.id = e.record WHERE e.town_id = $1 AND e.id = $2",
            params![TOWN, id],
            |row| {
                let (index, record, number) = (row.get::<_, i64>(0)? as u64, row.get(1)?, row.get(2)?);
                Ok(Receipt { index, id: id.clone(), record, number, flags: Vec::new(), known: true })
            },
        )
    }

    fn step(&mut self, id: Id, mut draft: Draft, ambient: &mut dyn Ambient) -> Result<Receipt> {
        let record = draft.act.record().unwrap_or_default().to_owned();
        let (mut entries, prev) = log::entries_of(self.db, &record)?;
        let register = self.register(&draft.act, &record, &entries)?;
        let (now, index) = (ambient.now(), self.head.size());
        let today = day_of(now);
        fits(&register, &draft, &entries, today)?;
        let mut count = None;
        if let Act::Step(taken) = &mut draft.act
            && entries.is_empty()
        {
            count = self.number(&register, taken, today)?;
            taken.number = count.as_ref().map(|count| count.text.clone());
        }
        let body = serde_json::to_string(&draft.act)?;
        let actor = draft.actor.to_string();
        entries.push(Entry { index, id: id.to_string(), recorded: today, actor, act: draft.act });
        let rules = self.rules(&register)?;
        let before = match &entries[..entries.len() - 1] {
            [] => Rows::default(),
            known => record::apply(rules, known),
        };
        let after = record::apply(rules, &entries);
        let flags: Vec<Flag> = after.flags.iter().filter(|flag| flag.entry == index).cloned().collect();
        refuse_ours(&register, &entries, &flags)?;
        let Act::Step(Taken { number, .. }) = &entries[0].act else { anyhow::bail!("a record opened by no step") };
        let number = number.clone();
        let salt = ambient.salt();
        let new = New {
            id,
            kind: entries[entries.len() - 1].act.kind(),
            subject: Some(Id::parse(record.as_bytes())?),
            recorded_at: now,
            actor: draft.actor,
            definition: Some(Hash::from_hex(register.hash.as_bytes())?),
            prev,
            body: &body,
            sealed: &draft.sealed,
            salt: &salt,
        };
        let ready = new.ready(&self.origin)?;

        // Nothing above writes and nothing below refuses.
        self.wrote = self.alone;
        if let Some(count) = count {
            self.store_count(&register, &count)?;
        }
        let of = Of { record: &record, register: &register, first: entries[0].index };
        projection::write(self.db, &of, index, &before, &after)?;
        self.head.append(self.db, &ready)?;
        Ok(Receipt { index, id: id.to_string(), record, number, flags, known: false })
    }

    fn rules<'r>(&'r self, register: &'r Register) -> Result<Rules<'r>> {
        let adopted = self.sets.current()?;
        Ok(Rules { register, figures: adopted.figures(&register.id.value), calendar: &adopted.set.calendar })
    }

    /// The register a record was opened under, or the one in force for a new record.
    fn register(&self, act: &Act, record: &str, entries: &[Entry]) -> Result<Arc<Register>> {
        let wanted = act.register().unwrap_or_default();
        if entries.is_empty() {
            let set = &self.sets.current()?.set;
            let found = set.register(wanted).cloned();
            return found.ok_or_else(|| {
                let known: Vec<&str> = set.registers.keys().map(String::as_str).collect();
                let hint = engine::read::nearest_hint(wanted, &known);
                refuse(210, format!("没有登记簿“{wanted}”"), format!("可以用：{}{hint}", known.join("、")))
            });
        }
        let sql = "SELECT register, definition FROM record WHERE town_id = $1 AND id = $2";
        let read = |row: &rusqlite::Row<'_>| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?));
        let (register, hash) = self.db.one(sql, params![TOWN, record], read)?.context("a record with entries")?;
        if register != wanted {
            return Err(refuse(211, format!("案卷 {record} 不在登记簿“{wanted}”中"), format!("它在“{register}”中")));
        }
        self.sets.register(&hash).cloned()
    }
}

/// An act of ours that the law forbids is refused; everything else has happened and is flagged.
fn refuse_ours(register: &Register, entries: &[Entry], flags: &[Flag]) -> Result<()> {
    let Some(Entry { act: Act::Step(taken), .. }) = entries.last() else { return Ok(()) };
    let ours = register.step(&taken.step).is_some_and(|step| step.ours) && taken.already.is_none();
    let refusing: Vec<Problem> = flags
        .iter()
        .filter(|flag| ours && judge::refuses(flag.kind))
        .map(|flag| {
            let remedy = "这一步是镇里此时的行为，不得进行；请先补齐前面的步骤";
            Problem::new(220, flag.says.clone(), remedy).because(flag.basis.clone())
        })
        .collect();
    if refusing.is_empty() { Ok(()) } else { Err(Refused(refusing).into()) }
}

fn set_record(act: &mut Act, id: String) {
    match act {
        Act::Step(taken) => taken.record = id,
        Act::Correct { record, .. }
        | Act::Void { record, .. }
        | Act::Link { record, .. }
        | Act::Attach { record, .. }
        | Act::Answer { record, .. } => *record = id,
        Act::Adopt { .. } => {}
    }
}

fn is_disk(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        cause.downcast_ref::<rusqlite::Error>().and_then(rusqlite::Error::sqlite_error_code).is_some_and(|code| {
            use rusqlite::ErrorCode::{CannotOpen, DiskFull, ReadOnly, SystemIoFailure};
            matches!(code, DiskFull | SystemIoFailure | ReadOnly | CannotOpen)
        })
    })
}

/// The disk is full or cannot be written: nothing of the step was kept.
pub fn disk_problem(why: &str) -> anyhow::Error {
    refuse(511, format!("没有写成，数据没有改动（{why}）"), "请检查磁盘剩余空间和目录权限，然后重做这一步")
}

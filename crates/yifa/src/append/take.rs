//! Taking one job: judge, number, derive, write. Runs inside the group's transaction.

use std::collections::HashSet;

use anyhow::Result;
use engine::act::{Act, Entry, Taken};
use engine::definition::Register;
use engine::record::{self, Rows, Rules};
use journal::hash::Hash;
use journal::id::Id;
use journal::tree::Frontier;

use super::allot::Allotted;
use super::judged::{Judged, Stand, judged};
use super::recent::{Recent, Seen};
use super::{Draft, NEW, Receipt};
use crate::ambient::{Ambient, day_of};
use crate::folder::Folder;
use crate::projection::facet::{self, Changes, Parts};
use crate::projection::{self, Of, sealed_names};
use crate::refused::refuse;
use crate::sets::{Adopted, Sets};
use crate::storage::log::{self, Head, New};
use crate::storage::postgres::is_passing;
use crate::storage::{Db, Question, Value, is_disk, params};

/// Holds the head of a town on a server, and tells how many entries it has.
const HOLD: &str = "UPDATE log_head SET size = size WHERE town_id = $1 RETURNING size";

/// Takes jobs, one at a time.
pub struct Taker {
    pub(super) db: Db,
    origin: String,
    /// Under which sealed names are found.
    key: String,
    pub(super) sets: Sets,
    pub(super) head: Head,
    pub(super) recent: Recent,
    /// What the group changes in facets.
    facets: Changes,
    /// What it wrote into facets before.
    parts: Parts,
    /// Ids that no entry had when the group began: each is looked for once more where it comes a second time.
    fresh: HashSet<Id>,
    /// A step failed half-written, or SQLite ended the transaction by itself: nothing of the group may be kept.
    broken: bool,
}

/// Where a job began, to come back to.
struct Point {
    frontier: Frontier,
    facets: Changes,
    adopted: usize,
}

impl Taker {
    /// Starts at the journal's end.
    pub fn new(folder: &Folder, db: Db) -> Result<Taker> {
        Ok(Taker {
            origin: folder.config.origin.clone(),
            key: folder.blind_key()?,
            sets: Sets::load(&db)?,
            head: Head::load(&db)?,
            db,
            recent: Recent::default(),
            facets: Changes::new(),
            parts: Parts::default(),
            fresh: HashSet::new(),
            broken: false,
        })
    }

    /// The definitions adopted so far.
    pub fn sets(&self) -> Sets {
        self.sets.clone()
    }

    /// The connection.
    pub fn db(&self) -> &Db {
        &self.db
    }

    /// Goes on over another connection.
    pub fn reconnect(&mut self, db: Db) -> Result<()> {
        self.db = db;
        self.start_again()
    }

    /// Begins a group of which some drafts may be known, and some ids are `fresh`: made just now, so that no entry has them.
    ///
    /// On a server the town's head is held first: whoever else writes there waits, and what came meanwhile is read before
    /// anything is judged. What each draft would ask by itself is asked with it: a server is waited for once.
    pub fn begin(&mut self, drafts: &[&Draft], fresh: &HashSet<Id>) -> Result<()> {
        self.db.begin_writing()?;
        if !self.db.is_shared() {
            return Ok(());
        }
        let ids: Vec<Id> = drafts.iter().filter_map(|draft| draft.id).filter(|id| !fresh.contains(id)).collect();
        let records = drafts.iter().filter_map(|draft| draft.act.record()).filter(|record| *record != NEW);
        let records: Vec<&str> = self.recent.unknown(records).into_iter().collect();
        let mut asked: Vec<Question<'_>> = vec![(HOLD, Vec::new())];
        let id = "SELECT idx FROM entry WHERE town_id = $1 AND id = $2";
        asked.extend(ids.iter().map(|given| (id, vec![Value::from(given.to_string())])));
        asked.extend(records.iter().map(|record| (log::ENTRIES_OF, vec![Value::from(*record)])));
        let (mut size, mut unknown) = (None, ids.clone());
        let mut read: Vec<log::Entries> = records.iter().map(|_| log::Entries::default()).collect();
        self.db.each_of(&asked, |nth, row| {
            match nth.checked_sub(1) {
                None => size = Some(row.get::<i64>(0)?),
                Some(nth) if nth < ids.len() => unknown.retain(|id| *id != ids[nth]),
                Some(nth) => log::add(&mut read[nth - ids.len()], row)?,
            }
            Ok(())
        })?;
        let size = match size {
            Some(size) => size,
            None => {
                Head::load(&self.db)?.store(&self.db)?;
                self.db.one(HOLD, params![], |row| row.get(0))?.unwrap_or_default()
            }
        };
        if size as u64 != self.head.size() {
            self.start_again()?;
        }
        self.fresh = unknown.into_iter().chain(fresh.iter().copied()).collect();
        self.recent.look_ahead(records.into_iter().zip(read));
        Ok(())
    }

    /// How many entries there are, those of the open group included.
    pub fn size(&self) -> u64 {
        self.head.size()
    }

    /// Whether the group can only be given up.
    pub fn is_broken(&self) -> bool {
        self.broken
    }

    /// Ends the group: everything in it is on disk when this returns.
    pub fn commit(&mut self) -> Result<()> {
        if self.broken || !self.db.in_transaction() {
            anyhow::bail!("the group was taken back");
        }
        facet::write(&self.db, &mut self.parts, &std::mem::take(&mut self.facets))?;
        self.head.store(&self.db)?;
        self.db.commit()
    }

    /// Takes the group back and starts again from what is on disk.
    pub fn roll_back(&mut self) -> Result<()> {
        self.db.roll_back()?;
        self.start_again()
    }

    fn start_again(&mut self) -> Result<()> {
        self.broken = false;
        self.facets.clear();
        self.parts = Parts::default();
        self.recent.forget();
        self.head = Head::load(&self.db)?;
        self.sets = Sets::load(&self.db)?;
        Ok(())
    }

    /// Takes all drafts of a job, or none of them.
    ///
    /// A draft is refused before anything of it is written, so that only a job of several needs a savepoint to come
    /// back to.
    pub fn job(&mut self, drafts: Vec<Draft>, ambient: &mut dyn Ambient) -> Result<Vec<Receipt>> {
        let written = self.db.written();
        let point = if drafts.len() > 1 { Some(self.savepoint()?) } else { None };
        let mut receipts: Vec<Receipt> = Vec::with_capacity(drafts.len());
        let mut failed = None;
        for draft in drafts {
            match self.draft(draft, ambient) {
                Ok(receipt) => receipts.push(receipt),
                Err(error) => {
                    failed = Some(error);
                    break;
                }
            }
        }
        let Some(error) = failed else {
            if point.is_some() {
                self.db.release()?;
            }
            return Ok(receipts);
        };
        self.broken = match point {
            Some(point) => self.return_to(point).is_err(),
            // It failed half-way, which no refusal does: the whole group is taken back.
            None => self.db.written() != written || !self.db.in_transaction(),
        };
        // SQLite ends a transaction by itself where the disk is at fault, a server where any statement failed.
        let disk = is_disk(&error) || !self.db.is_shared() && !self.db.in_transaction();
        Err(if disk && !is_passing(&error) { disk_problem(&format!("{error:#}")) } else { error })
    }

    fn savepoint(&self) -> Result<Point> {
        self.db.savepoint()?;
        let (frontier, facets) = (self.head.frontier.clone(), self.facets.clone());
        Ok(Point { frontier, facets, adopted: self.sets.all().len() })
    }

    fn return_to(&mut self, point: Point) -> Result<()> {
        self.db.return_to_savepoint()?;
        self.head.frontier = point.frontier;
        self.facets = point.facets;
        self.recent.forget();
        if self.sets.all().len() != point.adopted {
            self.sets = Sets::load(&self.db)?;
        }
        Ok(())
    }

    fn draft(&mut self, mut draft: Draft, ambient: &mut dyn Ambient) -> Result<Receipt> {
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
        if draft.act.record() == Some(NEW) {
            set_record(&mut draft.act, ambient.id().to_string());
            return self.step(id, draft, Seen::default(), ambient);
        }
        let seen = self.recent.take(&self.db, draft.act.record().unwrap_or_default())?;
        self.step(id, draft, seen, ambient)
    }

    /// A draft handed in twice makes one entry.
    fn known(&mut self, id: Option<Id>) -> Result<Option<Receipt>> {
        let Some(id) = id.filter(|id| !self.fresh.remove(id)) else { return Ok(None) };
        let id = id.to_string();
        self.db.one(
            "SELECT e.idx, e.record, r.number FROM entry e \
             LEFT JOIN record r ON r.town_id = e.town_id AND r.id = e.record WHERE e.town_id = $1 AND e.id = $2",
            params![id],
            |row| {
                let (index, record, number) = (row.get::<i64>(0)? as u64, row.get(1)?, row.get(2)?);
                Ok(Receipt {
                    index,
                    id: id.clone(),
                    record,
                    number,
                    papers: Vec::new(),
                    flags: Vec::new(),
                    known: true,
                })
            },
        )
    }

    fn step(&mut self, id: Id, mut draft: Draft, seen: Seen, ambient: &mut dyn Ambient) -> Result<Receipt> {
        let record = draft.act.record().unwrap_or_default().to_owned();
        let Seen { entries, last: prev, rows } = seen;
        let register = self.register(&draft.act, &record, &entries)?;
        let (now, index) = (ambient.now(), self.head.size());
        let adopted = self.sets.current()?;
        let rules = Rules {
            register: &register,
            figures: adopted.figures(&register.id.value),
            calendar: &adopted.set.calendar,
        };
        let (actor, sealed) = (draft.actor, std::mem::take(&mut draft.sealed));
        let stand = Stand { index, id: id.to_string(), today: day_of(now) };
        let judged = judged(&self.db, rules, entries, rows, draft, stand)?;
        let Judged { body, entries, before, after, flags, allotted } = judged;
        let Act::Step(Taken { number, .. }) = &entries[0].act else { anyhow::bail!("a record opened by no step") };
        let number = number.clone();

        let new = New {
            origin: &self.origin,
            id,
            kind: entries[entries.len() - 1].act.kind(),
            subject: Some(Id::parse(record.as_bytes())?),
            recorded_at: now,
            actor,
            definition: Some(Hash::from_hex(register.hash.as_bytes())?),
            prev,
            body: &body,
            sealed: &sealed,
            salt: &ambient.salt(),
        };
        // Nothing is refused from here on.
        let last = self.head.append(&self.db, &new)?;
        sealed_names::write(&self.db, &self.key, &register, index, &sealed)?;
        let seen = Seen { entries, last: Some(last), rows: Some(after) };
        self.derived(&register, &record, &allotted, &before, seen)?;
        Ok(Receipt { index, id: id.to_string(), record, number, papers: allotted.papers, flags, known: false })
    }

    /// Writes what follows from an entry just added, the last of what was seen of its record.
    pub(super) fn derived(
        &mut self,
        register: &Register,
        record: &str,
        allotted: &Allotted,
        before: &Rows,
        seen: Seen,
    ) -> Result<()> {
        allotted.count_on(&self.db, &register.id)?;
        let Seen { entries, rows, .. } = &seen;
        let (Some(first), Some(last), Some(after)) = (entries.first(), entries.last(), rows) else {
            anyhow::bail!("a record without entries");
        };
        let of = Of { record, register, first: first.index };
        projection::write(&self.db, &of, last.index, before, after, &mut self.facets)?;
        self.recent.put(record.to_owned(), seen);
        Ok(())
    }

    /// The register a record was opened under, or the one in force for a new record.
    pub(super) fn register(&self, act: &Act, record: &str, entries: &[Entry]) -> Result<std::sync::Arc<Register>> {
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
        // By the journal itself, not by a derived row that could be made to name another law.
        let first = &entries[0];
        let register = first.act.register().unwrap_or_default();
        if register != wanted {
            return Err(refuse(211, format!("案卷 {record} 不在登记簿“{wanted}”中"), format!("它在“{register}”中")));
        }
        self.sets.opened_under(first.index, register).cloned()
    }

    /// Adopts a set: every record is derived again under the new figures and calendar.
    fn adopt(&mut self, id: Id, draft: Draft, ambient: &mut dyn Ambient) -> Result<Receipt> {
        let Act::Adopt { files, .. } = &draft.act else { anyhow::bail!("not an adoption") };
        let adopted = Adopted::new(self.head.size(), crate::sets::check(files)?);
        let index = adopted.index;
        self.derive_under(&adopted)?;
        let prev = self.last_adoption()?;
        let new = New {
            origin: &self.origin,
            id,
            kind: "adopt",
            subject: None,
            recorded_at: ambient.now(),
            actor: draft.actor,
            definition: None,
            prev,
            body: &serde_json::to_string(&draft.act)?,
            sealed: &draft.sealed,
            salt: &ambient.salt(),
        };
        self.head.append(&self.db, &new)?;
        self.sets.adopt(adopted);
        self.recent.forget();
        let (id, papers, flags) = (id.to_string(), Vec::new(), Vec::new());
        Ok(Receipt { index, id, record: String::new(), number: None, papers, flags, known: false })
    }

    /// The leaf hash of the last entry about the journal itself.
    pub(super) fn last_adoption(&self) -> Result<Option<Hash>> {
        let sql = "SELECT leaf_hash FROM entry WHERE town_id = $1 AND record = '' ORDER BY idx DESC LIMIT 1";
        let last = self.db.one(sql, params![], |row| row.get::<Vec<u8>>(0))?;
        last.map(|bytes| log::hash(&bytes)).transpose()
    }

    /// Derives every record again under a set about to be adopted; the first has none to derive.
    pub(super) fn derive_under(&mut self, adopted: &Adopted) -> Result<()> {
        let Some(old) = self.sets.all().last() else { return Ok(()) };
        let mut facets = std::mem::take(&mut self.facets);
        let derived = self.derive_again(old, adopted, adopted.index, &mut facets);
        self.facets = facets;
        derived
    }

    fn derive_again(&self, old: &Adopted, new: &Adopted, index: u64, facets: &mut Changes) -> Result<()> {
        let sql = "SELECT DISTINCT record FROM entry WHERE town_id = $1 AND record <> '' ORDER BY record";
        let records: Vec<String> = self.db.rows(sql, params![], |row| row.get(0))?;
        for record in records {
            let (entries, _) = log::entries_of(&self.db, &record)?;
            let id = entries[0].act.register().unwrap_or_default().to_owned();
            let register = self.sets.opened_under(entries[0].index, &id)?.clone();
            let rules = |set: &Adopted| -> Rows {
                let rules = Rules { register: &register, figures: set.figures(&id), calendar: &set.set.calendar };
                record::apply(rules, &entries)
            };
            let (before, after) = (rules(old), rules(new));
            if before != after {
                let of = Of { record: &record, register: &register, first: entries[0].index };
                projection::write(&self.db, &of, index, &before, &after, facets)?;
            }
        }
        Ok(())
    }
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

/// The disk is full or cannot be written: nothing of the step was kept.
pub fn disk_problem(why: &str) -> anyhow::Error {
    refuse(711, format!("没有写成，数据没有改动（{why}）"), "请检查磁盘剩余空间和目录权限，然后重做这一步")
}

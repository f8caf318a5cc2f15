//! Taking over entries of somebody else's journal, as they were signed (照录).
//!
//! Nothing is judged here: what the township did, it did. What follows from an entry is written by the same functions as
//! for an entry of one's own. The caller has held each entry against what was signed.

use std::collections::HashSet;
use std::fs::File;

use anyhow::Result;
use engine::act::{Act, Entry};
use engine::record::{self, Rules};
use journal::entry::LeafRef;
use journal::hash::Hash;
use journal::opening::Opening;

use super::allot::borne;
use super::recent::Seen;
use super::take::{Taker, disk_problem};
use crate::ambient::day_of;
use crate::folder::Folder;
use crate::refused::refuse;
use crate::sets::Adopted;
use crate::storage::{Db, is_disk, params};

/// The only place that writes into a mirror. Whoever holds it keeps other programs away.
pub struct Copier {
    taker: Taker,
    town: String,
    _lock: File,
}

impl Copier {
    /// Opens a mirror for writing.
    ///
    /// # Errors
    /// Another program holds it.
    pub fn open(folder: &Folder) -> Result<Copier> {
        let (db, lock) = folder.writer()?;
        let town = folder.config.town.clone();
        Ok(Copier { taker: Taker::new(folder, db)?, town, _lock: lock })
    }

    /// The connection.
    pub fn db(&self) -> &Db {
        self.taker.db()
    }

    /// How many entries there are, those taken just now included.
    pub fn size(&self) -> u64 {
        self.taker.size()
    }

    /// The root over all of them.
    pub fn root(&self) -> Hash {
        self.taker.head.frontier.root()
    }

    /// All that `take` takes over, with the checkpoint it gives in the end, or nothing at all.
    ///
    /// # Errors
    /// What `take` says; the mirror is as it was.
    pub fn whole(&mut self, now: i64, take: impl FnOnce(&mut Copier) -> Result<String>) -> Result<()> {
        self.taker.begin(&[], &HashSet::new())?;
        let done = take(self).and_then(|note| {
            self.db().run(
                "INSERT INTO checkpoint (town_id, size, note, signed_at) VALUES ($1, $2, $3, $4) \
                 ON CONFLICT (town_id, size) DO NOTHING",
                params![self.size() as i64, note, now],
            )?;
            self.taker.commit()
        });
        let Err(error) = done else { return Ok(()) };
        let disk = is_disk(&error) || !self.db().in_transaction();
        self.taker.roll_back()?;
        Err(if disk { disk_problem(&format!("{error:#}")) } else { error })
    }

    /// Takes one entry over, with what the township shows of it.
    ///
    /// # Errors
    /// It does not follow its record's last entry, stands here already, or says what this program does not understand.
    pub fn take(&mut self, bytes: &[u8], leaf: &LeafRef<'_>, shown: &Opening) -> Result<()> {
        let index = self.size();
        let act = self.act(index, shown)?;
        let record = act.record().unwrap_or_default().to_owned();
        let subject = leaf.subject.map_or_else(String::new, |id| id.to_string());
        if act.kind() != leaf.kind || record != subject {
            return Err(self.odd(index, "签过名的记入和它的内容说的不是一回事"));
        }
        let known = "SELECT idx FROM entry WHERE town_id = $1 AND id = $2";
        let known = self.db().one(known, params![leaf.id.to_string()], |row| row.get::<i64>(0))?;
        if let Some(known) = known {
            return Err(self.odd(index, &format!("与第 {known} 条的编号相同")));
        }
        let body = serde_json::to_string(&act)?;
        match &act {
            Act::Adopt { files, .. } => {
                self.follows(index, leaf, self.taker.last_adoption()?)?;
                let set = crate::sets::check(files).map_err(|_| self.unknown(index))?;
                let adopted = Adopted::new(index, set);
                self.taker.derive_under(&adopted)?;
                self.taker.head.copy(&self.taker.db, bytes, &body, shown)?;
                self.taker.sets.adopt(adopted);
                self.taker.recent.forget();
                Ok(())
            }
            _ => self.step(index, bytes, leaf, act, &body, shown),
        }
    }

    fn step(
        &mut self,
        index: u64,
        bytes: &[u8],
        leaf: &LeafRef<'_>,
        act: Act,
        body: &str,
        shown: &Opening,
    ) -> Result<()> {
        let record = act.record().unwrap_or_default().to_owned();
        let Seen { mut entries, last, rows } = self.taker.recent.take(&self.taker.db, &record)?;
        self.follows(index, leaf, last)?;
        if entries.is_empty() && !matches!(act, Act::Step(_)) {
            return Err(self.odd(index, "案卷还没有开立"));
        }
        let register = self.taker.register(&act, &record, &entries)?;
        let recorded = day_of(leaf.recorded_at);
        let allotted = borne(&self.taker.db, &register, &act, entries.is_empty(), recorded)?;
        let adopted = self.taker.sets.current()?;
        let rules = Rules {
            register: &register,
            figures: adopted.figures(&register.id.value),
            calendar: &adopted.set.calendar,
        };
        let before = match rows {
            Some(rows) => rows,
            None if entries.is_empty() => Default::default(),
            None => record::apply(rules, &entries),
        };
        let actor = leaf.actor.map_or_else(String::new, |id| id.to_string());
        entries.push(Entry { index, id: leaf.id.to_string(), recorded, actor, act });
        let after = record::apply(rules, &entries);
        let hash = self.taker.head.copy(&self.taker.db, bytes, body, shown)?;
        let seen = Seen { entries, last: Some(hash), rows: Some(after) };
        self.taker.derived(&register, &record, &allotted, &before, seen)
    }

    /// What the entry says, all of it: a program that knows less than the township's would leave something out.
    fn act(&self, index: u64, shown: &Opening) -> Result<Act> {
        let act: Act = serde_json::from_value(shown.payload()?).map_err(|_| self.unknown(index))?;
        let again = Opening::restore(&serde_json::to_value(&act)?, &shown.blinds());
        if again.is_ok_and(|again| again == *shown) { Ok(act) } else { Err(self.unknown(index)) }
    }

    fn follows(&self, index: u64, leaf: &LeafRef<'_>, last: Option<Hash>) -> Result<()> {
        if leaf.prev == last {
            return Ok(());
        }
        Err(self.odd(index, "接不上同一案卷的上一条"))
    }

    fn odd(&self, index: u64, what: &str) -> anyhow::Error {
        refuse(
            746,
            format!("{}的日志第 {index} 条{what}，没有接受，镜像没有改动", self.town),
            "请告诉乡里在本机运行 yifa verify 查明；查明以前，以已经接受的为准",
        )
    }

    fn unknown(&self, index: u64) -> anyhow::Error {
        refuse(
            748,
            format!("{}的日志第 {index} 条的内容，本程序读不全", self.town),
            "多半是乡里的程序更新：请把这里的程序升级到同一版本再同步；镜像没有改动",
        )
    }
}

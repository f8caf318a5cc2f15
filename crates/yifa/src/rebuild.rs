//! Proving that the tables are what the journal says, or naming the row (重建).

mod counter;
mod lists;
mod names;
mod rows;

use std::collections::BTreeSet;

use anyhow::Result;
use engine::act::Entry;
use engine::definition::Register;
use engine::record::{self, Fact, Rows, Rules};
use serde::Serialize;

use crate::projection::{self, Of};
use crate::sets::Sets;
use crate::storage::log::entry;
use crate::storage::{Db, params};
use rows::expected;

/// One row that is not as the journal says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Differs {
    /// The table.
    pub table: &'static str,
    /// The record, or the register for a list total.
    pub record: String,
    /// What differs, in Chinese, with the values.
    pub text: String,
}

/// What a rebuild found.
#[derive(Debug, Default, Serialize)]
pub struct Rebuilt {
    /// Entries replayed, adoptions of definitions among them.
    pub entries: u64,
    /// Records compared.
    pub records: u64,
    /// Rows compared.
    pub rows: u64,
    /// Rows that differ; at most [`MOST`] are kept.
    pub differs: Vec<Differs>,
    /// How many differ in all.
    pub count: u64,
}

/// How many differing rows are named.
pub const MOST: usize = 200;

impl Rebuilt {
    fn differ(&mut self, table: &'static str, record: &str, text: String) {
        self.count += 1;
        if self.differs.len() < MOST {
            self.differs.push(Differs { table, record: record.to_owned(), text });
        }
    }
}

/// Replays the whole journal and compares every derived row. With `mend`, what differs is written anew; the caller
/// holds the writer's connection inside a transaction then. The `key` is the folder's, under which sealed names are
/// found.
pub fn rebuild(db: &Db, sets: &Sets, key: &str, mend: bool, progress: &dyn Fn(u64)) -> Result<Rebuilt> {
    let mut rebuild = Rebuild {
        db,
        sets,
        key,
        mend,
        found: Rebuilt { entries: sets.all().len() as u64, ..Rebuilt::default() },
        lists: lists::Lists::default(),
        numbers: counter::Numbers::default(),
        unreadable: false,
        named: BTreeSet::new(),
        seen: [rows::Seen::default(); rows::COUNT],
    };
    let mut entries: Vec<Entry> = Vec::new();
    let mut record = String::new();
    let mut broken = false;
    // Record by record: the rows of one record depend on no other record's.
    db.each(
        "SELECT e.record, e.idx, e.id, e.recorded_at, e.actor, p.body FROM entry e \
         JOIN payload p ON p.town_id = e.town_id AND p.idx = e.idx \
         WHERE e.town_id = $1 AND e.record <> '' ORDER BY e.record, e.idx",
        params![],
        |row| {
            let next = row.get_ref(0)?.as_str()?;
            if next != record {
                if !std::mem::take(&mut broken) {
                    rebuild.record(&record, &entries)?;
                }
                entries.clear();
                record = next.to_owned();
                progress(rebuild.found.entries);
            }
            let body = row.get_ref(5)?.as_str().unwrap_or_default();
            match entry(row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?, body) {
                Ok(entry) => entries.push(entry),
                Err(_) => {
                    broken = true;
                    rebuild.unreadable(&record, row.get(1)?);
                }
            }
            Ok(())
        },
    )?;
    if !broken {
        rebuild.record(&record, &entries)?;
    }
    rebuild.strangers()?;
    if !rebuild.unreadable {
        rebuild.facets()?;
        rebuild.words()?;
        rebuild.strange_names()?;
        rebuild.counters()?;
    }
    rebuild.numbers()?;
    for line in db.damage()? {
        rebuild.found.differ("index", "", format!("数据库自查：{line}"));
    }
    Ok(rebuild.found)
}

struct Rebuild<'r> {
    db: &'r Db,
    sets: &'r Sets,
    key: &'r str,
    mend: bool,
    found: Rebuilt,
    lists: lists::Lists,
    numbers: counter::Numbers,
    /// A payload said nothing any more: what is added up over all records cannot be told.
    unreadable: bool,
    /// The entries whose sealed names were compared.
    named: BTreeSet<u64>,
    seen: [rows::Seen; rows::COUNT],
}

/// A fact with the entries from and until which it held.
type History = (Fact, u64, Option<u64>);

impl Rebuild<'_> {
    /// A record one of whose payloads cannot be read is left as it is: nothing can be derived for it.
    fn unreadable(&mut self, record: &str, index: i64) {
        self.unreadable = true;
        let text = format!("第 {index} 条的内容被改动过，已经读不懂：这个案卷和各项合计没有比对，请运行 yifa verify");
        self.found.differ("payload", record, text);
    }

    fn record(&mut self, record: &str, entries: &[Entry]) -> Result<()> {
        let Some(first) = entries.first() else { return Ok(()) };
        self.found.entries += entries.len() as u64;
        self.found.records += 1;
        let id = first.act.register().unwrap_or_default();
        // The register as it was adopted when the record was opened.
        let Ok(register) = self.sets.opened_under(first.index, id).cloned() else {
            self.found.differ("record", record, format!("第 {} 条所用的登记簿“{id}”当时没有被采用", first.index));
            return Ok(());
        };
        self.numbers.note(self.db, &register, entries)?;
        self.names(record, &register, entries)?;
        let (rows, facts) = self.replay(&register, entries);
        let of = Of { record, register: &register, first: first.index };
        for (nth, expected) in expected(&of, &rows, &facts).into_iter().enumerate() {
            self.compare(nth, record, &expected)?;
        }
        self.lists.note(&of, &rows);
        Ok(())
    }

    /// The record's rows now, and the history of its facts: each with the entries from and until which it held.
    fn replay(&self, register: &Register, entries: &[Entry]) -> (Rows, Vec<History>) {
        let adoptions = self.sets.all().iter().filter(|set| set.index > entries[0].index).map(|set| (set.index, false));
        let mut moments: Vec<(u64, bool)> = entries.iter().map(|entry| (entry.index, true)).chain(adoptions).collect();
        moments.sort_unstable();
        let mut facts: Vec<History> = Vec::new();
        let mut rows = Rows::default();
        let mut known = 0;
        for (index, own) in moments {
            known += usize::from(own);
            let Some(set) = self.sets.all().iter().rfind(|set| set.index <= index) else { continue };
            let rules = Rules { register, figures: set.figures(&register.id.value), calendar: &set.set.calendar };
            let after = record::apply(rules, &entries[..known]);
            for (fact, _, until) in facts.iter_mut().filter(|(_, _, until)| until.is_none()) {
                if !after.facts.contains(fact) {
                    *until = Some(index);
                }
            }
            for fact in projection::gone(&after.facts, &rows.facts) {
                facts.push((fact.clone(), index, None));
            }
            rows = after;
        }
        (rows, facts)
    }

    /// A number names one record of its register.
    fn numbers(&mut self) -> Result<()> {
        let sql = "SELECT register, number, count(*) FROM record WHERE town_id = $1 AND number IS NOT NULL \
                   GROUP BY register, number HAVING count(*) > 1 ORDER BY register, number";
        let twice = self
            .db
            .rows(sql, params![], |row| Ok((row.get::<String>(0)?, row.get::<String>(1)?, row.get::<i64>(2)?)))?;
        for (register, number, count) in twice {
            self.found.differ("record", &register, format!("编号“{number}”有 {count} 个案卷"));
        }
        Ok(())
    }
}

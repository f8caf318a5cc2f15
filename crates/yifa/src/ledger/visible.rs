//! The ledger as somebody may see it: a record that is not his is not found, and nothing of it is told, not even how many
//! there are of that name (可见的台账).

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use anyhow::Result;
use engine::definition::{ANY, Definitions, FieldRef, Register};
use engine::form::{Found, Held, Lookup};

use crate::policy::{Scope, Who};
use crate::query::names::Records;
use crate::storage::{Db, params};

/// Records as one person sees them.
pub struct Visible<'v> {
    who: &'v Who,
    records: Records<'v>,
}

impl<'v> Visible<'v> {
    /// What somebody sees of a ledger whose files lie in a folder.
    pub fn new(db: &'v Db, set: &'v Definitions, files: PathBuf, who: &'v Who) -> Visible<'v> {
        Visible { who, records: Records { db, set, files, dry_run: false } }
    }

    fn register(&self, id: &str) -> Option<&'v Register> {
        self.records.set.register(id).map(|register| &**register).filter(|register| self.who.may_read(register))
    }

    /// Whether he may see a record, of whatever register.
    pub fn sees(&self, id: &str) -> Result<bool> {
        Ok(self.called(id)?.is_some())
    }

    /// What a record of whatever register is called, if he may see it.
    pub fn called(&self, id: &str) -> Result<Option<String>> {
        Ok(self.named(id)?.map(|(_, called)| called))
    }

    /// The same, with its register.
    pub fn named(&self, id: &str) -> Result<Option<(&'v Register, String)>> {
        let sql = "SELECT register, coalesce(number, title) FROM record WHERE town_id = $1 AND id = $2";
        let found: Option<(String, String)> =
            self.records.db.one(sql, params![id], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let Some((register, called)) = found else { return Ok(None) };
        let Some(register) = self.register(&register) else { return Ok(None) };
        let seen = match self.who.scope(register) {
            Scope::All => true,
            scope => scope.covers(&self.villages(id)?),
        };
        Ok(seen.then_some((register, called)))
    }

    /// The villages a record touches.
    pub fn villages(&self, id: &str) -> Result<Vec<String>> {
        let sql = "SELECT village FROM record_village WHERE town_id = $1 AND record = $2 ORDER BY village";
        self.records.db.rows(sql, params![id], |row| row.get(0))
    }

    /// The live records of a register he may see, in the order of their days, so many at most: (id, what each is called).
    pub fn first(&self, register: &Register, most: i64) -> Result<Vec<(String, String)>> {
        let db = self.records.db;
        let id = &register.id.value;
        let Some(villages) = self.who.scope(register).villages() else {
            let sql = "SELECT id, coalesce(number, title) FROM record WHERE town_id = $1 AND register = $2 \
                       AND state <> 'void' ORDER BY opened, first_idx LIMIT $3";
            return db.rows(sql, params![id, most], |row| Ok((row.get(0)?, row.get(1)?)));
        };
        let mut found: BTreeMap<(String, i64), (String, String)> = BTreeMap::new();
        for village in villages {
            let sql = "SELECT r.opened, r.first_idx, r.id, coalesce(r.number, r.title) FROM record_village v \
                       JOIN record r ON r.town_id = v.town_id AND r.id = v.record \
                       WHERE v.town_id = $1 AND v.village = $2 AND r.register = $3 AND r.state <> 'void' ORDER BY r.id";
            found.extend(
                db.rows(sql, params![village, id], |row| Ok(((row.get(0)?, row.get(1)?), (row.get(2)?, row.get(3)?))))?,
            );
        }
        Ok(found.into_values().take(usize::try_from(most).unwrap_or(usize::MAX)).collect())
    }

    /// What the live records of a register he may see are called, so many at most.
    pub fn names(&self, register: &str, most: i64) -> Result<Vec<String>> {
        let Some(register) = self.register(register) else { return Ok(Vec::new()) };
        Ok(self.first(register, most)?.into_iter().map(|(_, name)| name).collect())
    }

    /// The records of a name that he may see, in a register of which he does not see all.
    fn among(&self, register: &str, text: &str, villages: BTreeSet<String>) -> Result<Found> {
        let mut ids = BTreeSet::new();
        for village in villages {
            let sql = "SELECT r.id FROM record r JOIN record_village v ON v.town_id = r.town_id AND v.record = r.id \
                       WHERE r.town_id = $1 AND r.register = $2 AND v.village = $3 \
                       AND (r.id = $4 OR r.number = $4 OR (r.title = $4 AND r.state <> 'void')) ORDER BY r.id LIMIT 3";
            let found = self.records.db.rows(sql, params![register, village, text], |row| row.get(0))?;
            ids.extend::<Vec<String>>(found);
        }
        Ok(match ids.len() {
            0 => Found::None(Vec::new()),
            1 => ids.pop_first().map_or(Found::None(Vec::new()), Found::One),
            many => Found::Many(many),
        })
    }
}

impl Lookup for Visible<'_> {
    fn find(&self, register: &str, text: &str) -> Found {
        let nothing = Found::None(Vec::new());
        if register == ANY {
            // By register and name: what is found must be his to see.
            let named = text.split_once([' ', '　', ':', '：']).and_then(|(register, name)| {
                let mut all = self.records.set.registers.values();
                let found = all.find(|one| one.id.value == register || one.title == register)?;
                Some((found.id.value.clone(), name.trim().to_owned()))
            });
            return match named {
                Some((register, name)) => self.find(&register, &name),
                None if self.sees(text).unwrap_or(false) => Found::One(text.to_owned()),
                None => nothing,
            };
        }
        let Some(defined) = self.register(register) else { return nothing };
        match self.who.scope(defined) {
            Scope::All => self.records.find(register, text),
            // A database that cannot be read finds nothing; the append that follows reports the fault itself.
            Scope::Villages(villages) => self.among(register, text, villages).unwrap_or(nothing),
        }
    }

    fn held(&self, record: &str, at: &FieldRef) -> Held {
        // Only asked of a record that was found.
        self.records.held(record, at)
    }

    fn has_file(&self, hash: &str) -> bool {
        self.records.has_file(hash)
    }
}

//! What an import knows of the ledger, and the drafts a plan becomes (导入).

use std::cell::RefCell;

use engine::act::{Act, Entry, Taken};
use engine::definition::{FieldRef, Register};
use engine::form::{Found, Held, Lookup};
use engine::record::IMPORTED;
use journal::id::Id;

use crate::ambient::{Ambient, System};
use crate::append::Draft;
use crate::numbers::bearer;
use crate::query::alike::alike;
use crate::storage::log::entries_of;
use crate::storage::{Db, params};
use crate::table::{Ledger, Plan};

/// The tables, as an import sees them.
pub struct Known<'d> {
    db: &'d Db,
    lookup: &'d dyn Lookup,
    may_see: &'d dyn Fn(&str) -> bool,
    register: &'d str,
    key: String,
    /// One for each row, in their order: ids of one moment would otherwise shuffle the rows in every list.
    ids: RefCell<std::vec::IntoIter<Id>>,
}

impl<'d> Known<'d> {
    /// For a sheet of so many rows; names are looked up as `lookup` does, and a record that may not be seen is not known.
    /// The `key` is the folder's own, under which rows are known again.
    pub fn new(
        db: &'d Db,
        lookup: &'d dyn Lookup,
        may_see: &'d dyn Fn(&str) -> bool,
        register: &'d Register,
        key: String,
        rows: usize,
    ) -> Known<'d> {
        let mut ids: Vec<Id> = (0..rows).map(|_| System.id()).collect();
        ids.sort_unstable();
        Known { db, lookup, may_see, register: &register.id.value, key, ids: RefCell::new(ids.into_iter()) }
    }

    fn blind(&self, digest: &str) -> String {
        crate::sets::sha256(&format!("{}{digest}", self.key))
    }

    /// What a plan asks the journal to take, in the plan's order.
    pub fn drafts(&self, plan: Plan, actor: Id) -> Vec<Draft> {
        let mut drafts = Vec::new();
        for planned in plan.records {
            let mut number = planned.number;
            for step in planned.steps {
                let taken = Taken {
                    register: self.register.to_owned(),
                    record: planned.record.clone(),
                    step: step.step,
                    number: number.take(),
                    fields: step.filled.fields,
                    sizes: step.filled.sizes,
                    already: step.already,
                    row: Some(self.blind(&step.row)),
                };
                let sealed = step.filled.sealed;
                drafts.push(Draft { id: None, actor, act: Act::Step(taken), sealed, based_on: None });
            }
        }
        drafts
    }
}

impl Lookup for Known<'_> {
    fn find(&self, register: &str, text: &str) -> Found {
        self.lookup.find(register, text)
    }

    fn held(&self, record: &str, at: &FieldRef) -> Held {
        self.lookup.held(record, at)
    }

    fn has_file(&self, hash: &str) -> bool {
        self.lookup.has_file(hash)
    }
}

impl Ledger for Known<'_> {
    fn imported(&self, digest: &str) -> Option<String> {
        let sql = "SELECT record FROM field WHERE town_id = $1 AND register = $2 AND field = $3 AND value = $4 \
                   ORDER BY record LIMIT 1";
        let found = self.db.one(sql, params![self.register, IMPORTED, self.blind(digest)], |row| row.get(0));
        found.ok().flatten().filter(|record: &String| (self.may_see)(record))
    }

    fn alike(&self, references: &[(String, String)]) -> Option<String> {
        let found = alike(self.db, self.register, references, "").ok().flatten();
        found.filter(|record| (self.may_see)(record))
    }

    fn bears(&self, at: &str, number: &str) -> bool {
        bearer(self.db, self.register, at, number).ok().flatten().is_some()
    }

    fn new_id(&self) -> String {
        self.ids.borrow_mut().next().unwrap_or_else(|| System.id()).to_string()
    }

    fn entries(&self, record: &str) -> Vec<Entry> {
        entries_of(self.db, record).map(|(entries, _)| entries).unwrap_or_default()
    }
}

//! Adopting a definition set (采用).

use anyhow::Result;
use engine::act::Act;
use engine::record::{self, Rows, Rules};
use journal::id::Id;

use super::take::Taker;
use super::{Draft, Receipt};
use crate::ambient::Ambient;
use crate::projection::{self, Of};
use crate::sets::Adopted;
use crate::storage::TOWN;
use crate::storage::log::{self, New};

impl Taker<'_> {
    /// Adopts a set: every record is derived again under the new figures and calendar.
    pub(super) fn adopt(&mut self, id: Id, draft: Draft, ambient: &mut dyn Ambient) -> Result<Receipt> {
        let Act::Adopt { files, .. } = &draft.act else { anyhow::bail!("not an adoption") };
        let index = self.head.size();
        let adopted = Adopted::new(index, crate::sets::check(files)?);
        let sql = "SELECT leaf_hash FROM entry WHERE town_id = $1 AND record = '' ORDER BY idx DESC LIMIT 1";
        let prev = self.db.one(sql, [TOWN], |row| row.get::<_, Vec<u8>>(0))?;
        let (body, salt) = (serde_json::to_string(&draft.act)?, ambient.salt());
        let new = New {
            id,
            kind: "adopt",
            subject: None,
            recorded_at: ambient.now(),
            actor: draft.actor,
            definition: None,
            prev: prev.map(|bytes| log::hash(&bytes)).transpose()?,
            body: &body,
            sealed: &draft.sealed,
            salt: &salt,
        };
        let ready = new.ready(&self.origin)?;
        self.wrote = self.alone;
        if let Some(old) = self.sets.all().last() {
            self.derive_again(old, &adopted, index)?;
        }
        self.head.append(self.db, &ready)?;
        self.sets.adopt(adopted);
        Ok(Receipt { index, id: id.to_string(), record: String::new(), number: None, flags: vec![], known: false })
    }

    fn derive_again(&self, old: &Adopted, new: &Adopted, index: u64) -> Result<()> {
        let sql = "SELECT id, register, definition FROM record WHERE town_id = $1 ORDER BY id";
        let records = self.db.rows(sql, [TOWN], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?, row.get::<_, String>(2)?))
        })?;
        for (record, id, hash) in records {
            let register = self.sets.register(&hash)?.clone();
            let (entries, _) = log::entries_of(self.db, &record)?;
            let rules = |set: &Adopted| -> Rows {
                let rules = Rules { register: &register, figures: set.figures(&id), calendar: &set.set.calendar };
                record::apply(rules, &entries)
            };
            let (before, after) = (rules(old), rules(new));
            if before != after {
                let of = Of { record: &record, register: &register, first: entries[0].index };
                projection::write(self.db, &of, index, &before, &after)?;
            }
        }
        Ok(())
    }
}

//! The digests under which sealed names are found, against the sealed values.

use std::collections::BTreeSet;

use anyhow::Result;
use engine::act::Entry;
use engine::definition::Register;

use super::Rebuild;
use crate::projection::sealed_names::{digests, fields, put, read};
use crate::storage::params;

impl Rebuild<'_> {
    /// Each entry of a record is found under the names sealed in it and no others.
    pub(super) fn names(&mut self, record: &str, register: &Register, entries: &[Entry]) -> Result<()> {
        let fields = fields(register);
        if fields.is_empty() {
            return Ok(());
        }
        for index in entries.iter().map(|entry| entry.index) {
            let mut expected = BTreeSet::new();
            let sql = "SELECT field, value FROM sealed WHERE town_id = $1 AND idx = $2 ORDER BY field";
            self.db.each(sql, params![index as i64], |row| {
                // A value that cannot be read any more has no names; `yifa verify` names it.
                if fields.contains(row.get_ref(0)?.as_str()?)
                    && let Ok(value) = serde_json::from_str(row.get_ref(1)?.as_str()?)
                {
                    expected.extend(digests(self.key, &value));
                }
                Ok(())
            })?;
            self.found.rows += expected.len() as u64;
            if read(self.db, index)? != expected {
                self.found.differ("sealed_name", record, format!("第 {index} 条封存姓名的检索摘要与封存的内容不同"));
                if self.mend {
                    self.forget(index)?;
                    expected.iter().try_for_each(|digest| put(self.db, index, digest))?;
                }
            }
            self.named.insert(index);
        }
        Ok(())
    }

    /// No digest stands under an entry that seals no name.
    pub(super) fn strange_names(&mut self) -> Result<()> {
        let sql = "SELECT DISTINCT idx FROM sealed_name WHERE town_id = $1 ORDER BY idx";
        let kept: Vec<i64> = self.db.rows(sql, params![], |row| row.get(0))?;
        for index in kept.into_iter().map(|index| index as u64).filter(|index| !self.named.contains(index)) {
            self.found.differ("sealed_name", "", format!("第 {index} 条没有封存姓名，表中却有检索摘要"));
            if self.mend {
                self.forget(index)?;
            }
        }
        Ok(())
    }

    fn forget(&self, index: u64) -> Result<()> {
        self.db.run("DELETE FROM sealed_name WHERE town_id = $1 AND idx = $2", params![index as i64])?;
        Ok(())
    }
}

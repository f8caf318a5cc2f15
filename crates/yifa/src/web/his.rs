//! Of rows about records, those somebody may see (可见范围): one question for a list, however long it is.

use std::collections::HashMap;

use anyhow::Result;

use super::visit::Visit;
use crate::policy::Scope;
use crate::storage::{Db, Value};

/// How many records are asked about at once: a statement of each length is prepared once and kept.
pub const AT_ONCE: usize = 400;

impl Visit<'_> {
    /// The rows whose records, said as register and record, he may see. Whoever works for some villages is shown what
    /// touches them, and not what he could look up of the township's.
    pub fn only_his<T>(&self, rows: Vec<T>, at: impl Fn(&T) -> (&str, &str)) -> Result<Vec<T>> {
        let mut scopes: HashMap<String, Option<Scope>> = HashMap::new();
        for row in &rows {
            let (register, _) = at(row);
            if !scopes.contains_key(register) {
                scopes.insert(register.to_owned(), self.scope_in(register));
            }
        }
        let limited = |row: &&T| matches!(scopes[at(row).0], Some(Scope::Villages(_)));
        let records: Vec<&str> = rows.iter().filter(limited).map(|row| at(row).1).collect();
        let touched = touched(self.db, &records)?;
        let his = |row: &T| {
            let (register, record) = at(row);
            scopes[register].as_ref().is_some_and(|scope| scope.covers(touched.get(record).map_or(&[], Vec::as_slice)))
        };
        Ok(rows.into_iter().filter(his).collect())
    }

    /// Which records of a register are his work; none where he may not read it.
    pub fn scope_in(&self, register: &str) -> Option<Scope> {
        let register = self.set().register(register).filter(|register| self.who.may_read(register))?;
        Some(match (self.who.scope(register), self.who.villages()) {
            (Scope::All, Some(villages)) => Scope::Villages(villages),
            (scope, _) => scope,
        })
    }
}

/// The villages some records touch.
fn touched(db: &Db, records: &[&str]) -> Result<HashMap<String, Vec<String>>> {
    let mut found: HashMap<String, Vec<String>> = HashMap::new();
    for some in records.chunks(AT_ONCE) {
        let sql = format!(
            "SELECT record, village FROM record_village WHERE town_id = $1 AND record IN ({}) ORDER BY record, village",
            listed(2, some.len())
        );
        let values: Vec<Value<'_>> = some.iter().map(|record| (*record).into()).collect();
        let rows: Vec<(String, String)> = db.rows(&sql, &values, |row| Ok((row.get(0)?, row.get(1)?)))?;
        for (record, village) in rows {
            found.entry(record).or_default().push(village);
        }
    }
    Ok(found)
}

/// `$2, $3`: so many parameters from one on.
pub fn listed(first: usize, many: usize) -> String {
    (first..first + many).map(|nth| format!("${nth}")).collect::<Vec<_>>().join(", ")
}

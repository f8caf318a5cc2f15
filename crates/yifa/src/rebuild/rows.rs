//! A derived table against what the journal gives: every row expected is there, and there are no others.
//!
//! Tables are keyed by the questions put to them, so each expected row is looked up by its key, and the rows are counted.
//! Only where the count is wrong is a table walked through for what does not belong in it.

use anyhow::Result;
use engine::record::Rows;
use rusqlite::params_from_iter;
use rusqlite::types::{ToSql, Value};

use super::{History, Rebuild};
use crate::projection::{self, Cell, FACT, Of, TABLES, Table};
use crate::storage::log::entries_of;
use crate::storage::{Db, TOWN};

/// How many tables are compared.
pub(super) const COUNT: usize = TABLES.len() + 1;

/// What was seen of a table.
#[derive(Clone, Copy, Default)]
pub(super) struct Seen {
    expected: u64,
    missing: u64,
}

/// What a table should hold of a record.
enum Own {
    /// These rows.
    Rows(Vec<Vec<Value>>),
    /// The journal has no such record.
    Nobody,
    /// Its entries cannot be read, which was said already.
    Unknown,
}

fn table(nth: usize) -> &'static Table {
    TABLES.get(nth).unwrap_or(&FACT)
}

/// The rows a record has in each table.
pub(super) fn expected(of: &Of<'_>, rows: &Rows, facts: &[History]) -> Vec<Vec<Vec<Value>>> {
    let owned = |rows: Vec<Vec<Cell<'_>>>| -> Vec<Vec<Value>> {
        rows.into_iter().map(|row| row.into_iter().map(Value::from).collect()).collect()
    };
    let facts = facts.iter().map(|(fact, since, until)| projection::fact_row(of.record, fact, *since, *until));
    projection::rows(of, rows).into_iter().chain([facts.collect()]).map(owned).collect()
}

impl Rebuild<'_> {
    /// Looks each row of a record up.
    pub(super) fn compare(&mut self, nth: usize, record: &str, expected: &[Vec<Value>]) -> Result<()> {
        let table = table(nth);
        for (index, row) in expected.iter().enumerate() {
            self.found.rows += 1;
            // Two rows of one key are one row in the table.
            let first = !expected[..index].iter().any(|other| other[..table.key] == row[..table.key]);
            self.seen[nth].expected += u64::from(first);
            let found = self.db.one(table.select(), keyed(&row[..table.key]), |found| values(found, table))?;
            if found.as_ref() == Some(row) {
                continue;
            }
            self.seen[nth].missing += u64::from(first && found.is_none());
            self.found.differ(table.name, record, format!("日志推得而表中没有：{}", shown(table, row)));
            if let Some(found) = found {
                self.found.differ(table.name, record, format!("表中有而日志推不出：{}", shown(table, &found)));
            }
            if self.mend {
                projection::insert(self.db, table, row)?;
            }
        }
        Ok(())
    }

    /// Rows that do not follow from the journal.
    pub(super) fn strangers(&mut self) -> Result<()> {
        for nth in 0..COUNT {
            let sql = format!("SELECT count(*) FROM {} WHERE town_id = $1", table(nth).name);
            let count = self.db.one(&sql, [TOWN], |row| row.get::<_, i64>(0))?.unwrap_or(0) as u64;
            let Seen { expected, missing } = self.seen[nth];
            if count == expected - if self.mend { 0 } else { missing } {
                continue;
            }
            let strange = self.strange(nth)?;
            for key in strange.iter().filter(|_| self.mend) {
                self.db.run(table(nth).delete(), keyed(key))?;
            }
        }
        Ok(())
    }

    /// Names the strange rows of a table, or the record where the journal has none; gives their keys.
    fn strange(&mut self, nth: usize) -> Result<Vec<Vec<Value>>> {
        let table = table(nth);
        let mut keys = Vec::new();
        let mut record = None;
        let mut own = Own::Unknown;
        let db: &Db = self.db;
        db.each(table.select_all(), [TOWN], |row| {
            let row = values(row, table)?;
            if record.as_ref() != Some(&row[table.record]) {
                record = Some(row[table.record].clone());
                own = self.own(nth, &row[table.record]);
                if let Own::Nobody = own {
                    self.found.differ(table.name, &text_of(&row[table.record]), "日志中没有这个案卷".to_owned());
                }
            }
            match &own {
                Own::Unknown => return Ok(()),
                Own::Rows(rows) if rows.contains(&row) => return Ok(()),
                Own::Rows(_) => {
                    let text = format!("表中有而日志推不出：{}", shown(table, &row));
                    self.found.differ(table.name, &text_of(&row[table.record]), text);
                }
                Own::Nobody => {}
            }
            keys.push(row[..table.key].to_vec());
            Ok(())
        })?;
        Ok(keys)
    }

    /// The rows a record has in a table.
    fn own(&self, nth: usize, record: &Value) -> Own {
        let record = text_of(record);
        let Ok((entries, _)) = entries_of(self.db, &record) else { return Own::Unknown };
        let Some(first) = entries.first().filter(|_| !record.is_empty()) else { return Own::Nobody };
        let id = first.act.register().unwrap_or_default();
        let Ok(register) = self.sets.opened_under(first.index, id) else { return Own::Unknown };
        let (rows, facts) = self.replay(register, &entries);
        let of = Of { record: &record, register, first: first.index };
        Own::Rows(expected(&of, &rows, &facts).swap_remove(nth))
    }
}

fn keyed(key: &[Value]) -> impl rusqlite::Params {
    params_from_iter(std::iter::once(&TOWN as &dyn ToSql).chain(key.iter().map(|cell| cell as &dyn ToSql)))
}

fn values(row: &rusqlite::Row<'_>, table: &Table) -> rusqlite::Result<Vec<Value>> {
    (0..table.columns.len()).map(|column| row.get(column)).collect()
}

fn text_of(cell: &Value) -> String {
    match cell {
        Value::Null => "空".to_owned(),
        Value::Integer(number) => number.to_string(),
        Value::Text(text) => text.clone(),
        other => format!("{other:?}"),
    }
}

fn shown(table: &Table, row: &[Value]) -> String {
    let pairs = table.columns.iter().zip(row);
    let pair =
        |(column, cell): (&&str, &Value)| format!("{column}={}", text_of(cell).chars().take(60).collect::<String>());
    pairs.map(pair).collect::<Vec<_>>().join(" ")
}

//! A derived table against what the journal gives: every row expected is there, and there are no others.
//!
//! Tables are keyed by the questions put to them, so each expected row is looked up by its key, and the rows are counted.
//! Only where the count is wrong is a table walked through for what does not belong in it.

use anyhow::Result;
use engine::record::Rows;

use super::{History, Rebuild};
use crate::projection::{self, Cell, FACT, Of, TABLES, Table};
use crate::storage::log::entries_of;
use crate::storage::{Bind, Db, Row, Value, params};

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
    Rows(Vec<Vec<Value<'static>>>),
    /// The journal has no such record.
    Nobody,
    /// Its entries cannot be read, which was said already.
    Unknown,
}

fn table(nth: usize) -> &'static Table {
    TABLES.get(nth).unwrap_or(&FACT)
}

/// The rows a record has in each table.
pub(super) fn expected(of: &Of<'_>, rows: &Rows, facts: &[History]) -> Vec<Vec<Vec<Value<'static>>>> {
    let owned = |rows: Vec<Vec<Cell<'_>>>| -> Vec<Vec<Value<'static>>> {
        rows.into_iter().map(|row| row.iter().map(|cell| cell.bind().into_owned()).collect()).collect()
    };
    let facts = facts.iter().map(|(fact, since, until)| projection::fact_row(of.record, fact, *since, *until));
    projection::rows(of, rows).into_iter().chain([facts.collect()]).map(owned).collect()
}

impl Rebuild<'_> {
    /// Looks each row of a record up.
    pub(super) fn compare(&mut self, nth: usize, record: &str, expected: &[Vec<Value<'static>>]) -> Result<()> {
        let table = table(nth);
        for (index, row) in expected.iter().enumerate() {
            self.found.rows += 1;
            // Two rows of one key are one row in the table.
            let first = !expected[..index].iter().any(|other| other[..table.key] == row[..table.key]);
            self.seen[nth].expected += u64::from(first);
            let found = self.db.one(table.select(), &row[..table.key], |found| values(found, table))?;
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
            let count = self.db.one(&sql, params![], |row| row.get::<i64>(0))?.unwrap_or(0) as u64;
            let Seen { expected, missing } = self.seen[nth];
            if count == expected - if self.mend { 0 } else { missing } {
                continue;
            }
            let strange = self.strange(nth)?;
            for key in strange.iter().filter(|_| self.mend) {
                self.db.run(table(nth).delete(), key)?;
            }
        }
        Ok(())
    }

    /// Names the strange rows of a table, or the record where the journal has none; gives their keys.
    fn strange(&mut self, nth: usize) -> Result<Vec<Vec<Value<'static>>>> {
        let table = table(nth);
        let mut keys = Vec::new();
        let mut record = None;
        let mut own = Own::Unknown;
        let db: &Db = self.db;
        db.each(table.select_all(), params![], |row| {
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
    fn own(&self, nth: usize, record: &Value<'_>) -> Own {
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

fn values(row: &Row<'_>, table: &Table) -> Result<Vec<Value<'static>>> {
    (0..table.columns.len()).map(|column| row.get(column)).collect()
}

fn text_of(cell: &Value<'_>) -> String {
    match cell {
        Value::Null(_) => "空".to_owned(),
        Value::Int(number) => number.to_string(),
        Value::Text(text) => text.clone().into_owned(),
        other => format!("{other:?}"),
    }
}

fn shown(table: &Table, row: &[Value<'_>]) -> String {
    let pairs = table.columns.iter().zip(row);
    let pair = |(column, cell): (&&str, &Value<'_>)| {
        format!("{column}={}", text_of(cell).chars().take(60).collect::<String>())
    };
    pairs.map(pair).collect::<Vec<_>>().join(" ")
}

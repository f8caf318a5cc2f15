//! Writing what was derived from a record: only the difference to what stood there.

use std::collections::BTreeSet;

use anyhow::Result;
use engine::definition::Register;
use engine::record::Rows;
use rusqlite::params;

use crate::storage::{Db, TOWN};

/// The record whose rows are written, and the entry that changed them.
pub struct Change<'c> {
    /// Its id.
    pub record: &'c str,
    /// Its register, as defined when it was opened.
    pub register: &'c Register,
    /// Index of its first entry.
    pub first: u64,
    /// Index of the entry that brings the change.
    pub index: u64,
}

/// Writes the difference between a record's rows before and after an entry.
pub fn write(db: &Db, change: &Change<'_>, before: &Rows, after: &Rows) -> Result<()> {
    let Change { record, register, first, index } = change;
    let id = &register.id.value;
    let head = &after.head;
    db.run(
        "INSERT INTO record (town_id, id, register, definition, number, state, title, opened, first_idx, last_idx, body) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) \
         ON CONFLICT (town_id, id) DO UPDATE SET number = excluded.number, state = excluded.state, \
         title = excluded.title, opened = excluded.opened, last_idx = excluded.last_idx, body = excluded.body",
        params![
            TOWN,
            record,
            id,
            register.hash,
            head.number,
            head.state,
            head.title,
            head.opened.map(|day| day.to_string()),
            *first as i64,
            head.last_entry as i64,
            head.body
        ],
    )?;
    for village in gone(&before.villages, &after.villages) {
        let sql = "DELETE FROM record_village WHERE town_id = $1 AND record = $2 AND village = $3";
        db.run(sql, params![TOWN, record, village])?;
    }
    for village in gone(&after.villages, &before.villages) {
        let sql = "INSERT INTO record_village (town_id, record, village) VALUES ($1, $2, $3) \
                   ON CONFLICT (town_id, record, village) DO NOTHING";
        db.run(sql, params![TOWN, record, village])?;
    }
    for row in after.steps.iter().filter(|row| !before.steps.contains(row)) {
        db.run(
            "INSERT INTO step (town_id, record, idx, step, nth, day, late, void) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) \
             ON CONFLICT (town_id, record, idx) DO UPDATE SET day = excluded.day, late = excluded.late, void = excluded.void",
            params![TOWN, record, row.entry as i64, row.step, row.nth, row.day.to_string(), row.late, row.void],
        )?;
    }
    for row in gone(&before.fields, &after.fields) {
        let sql = "DELETE FROM field WHERE town_id = $1 AND record = $2 AND field = $3 AND value = $4";
        db.run(sql, params![TOWN, record, row.field, row.value])?;
    }
    for row in gone(&after.fields, &before.fields) {
        let sql = "INSERT INTO field (town_id, record, register, field, value) VALUES ($1, $2, $3, $4, $5)";
        db.run(sql, params![TOWN, record, id, row.field, row.value])?;
    }
    for row in gone(&before.links, &after.links) {
        let sql = "DELETE FROM link WHERE town_id = $1 AND record = $2 AND target = $3 AND named_by = $4";
        db.run(sql, params![TOWN, record, row.to, row.by])?;
    }
    for row in gone(&after.links, &before.links) {
        let sql = "INSERT INTO link (town_id, record, target, named_by) VALUES ($1, $2, $3, $4)";
        db.run(sql, params![TOWN, record, row.to, row.by])?;
    }
    facts(db, record, *index, before, after)?;
    for row in gone(&before.dues, &after.dues) {
        let sql = "DELETE FROM due WHERE town_id = $1 AND record = $2 AND step = $3 AND of_idx = $4 AND last = $5 AND nominal = $6";
        let (last, nominal) = (row.last.to_string(), row.nominal.to_string());
        db.run(sql, params![TOWN, record, row.step, row.of_entry as i64, last, nominal])?;
    }
    for row in gone(&after.dues, &before.dues) {
        db.run(
            "INSERT INTO due (town_id, record, register, step, of_idx, nominal, last, provisional, binding, met_by) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
            params![
                TOWN,
                record,
                id,
                row.step,
                row.of_entry as i64,
                row.nominal.to_string(),
                row.last.to_string(),
                row.provisional,
                row.binding,
                row.met_by.map(|entry| entry as i64)
            ],
        )?;
    }
    if before.flags != after.flags {
        if !before.flags.is_empty() {
            db.run("DELETE FROM flag WHERE town_id = $1 AND record = $2", params![TOWN, record])?;
        }
        for (nth, row) in after.flags.iter().enumerate() {
            db.run(
                "INSERT INTO flag (town_id, record, register, nth, kind, step, idx, day, says, basis) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
                params![
                    TOWN,
                    record,
                    id,
                    nth as i64,
                    row.kind.word(),
                    row.step,
                    row.entry as i64,
                    row.day.to_string(),
                    row.says,
                    row.basis.join("、")
                ],
            )?;
        }
    }
    for row in gone(&before.questions, &after.questions) {
        db.run("DELETE FROM question WHERE town_id = $1 AND record = $2 AND id = $3", params![TOWN, record, row.id])?;
    }
    for row in gone(&after.questions, &before.questions) {
        db.run(
            "INSERT INTO question (town_id, record, id, idx, day, asks, answered_by) VALUES ($1, $2, $3, $4, $5, $6, $7)",
            params![
                TOWN,
                record,
                row.id,
                row.entry as i64,
                row.day.to_string(),
                row.text,
                row.answered_by.map(|entry| entry as i64)
            ],
        )?;
    }
    counts(db, register, before, after)
}

/// A fact that no longer holds ends at this entry; it is not forgotten, so that older values can be read again.
fn facts(db: &Db, record: &str, index: u64, before: &Rows, after: &Rows) -> Result<()> {
    for row in gone(&before.facts, &after.facts) {
        let sql = "UPDATE fact SET until_idx = $1 WHERE town_id = $2 AND record = $3 AND figure = $4 AND fact_key = $5 \
                   AND until_idx IS NULL";
        db.run(sql, params![index as i64, TOWN, record, row.figure, row.key])?;
    }
    for row in gone(&after.facts, &before.facts) {
        db.run(
            "INSERT INTO fact (town_id, record, figure, fact_key, since_idx, until_idx, idx, day, until_day, village, kind, \
             value, late, flagged) VALUES ($1, $2, $3, $4, $5, NULL, $6, $7, $8, $9, $10, $11, $12, $13)",
            params![
                TOWN,
                record,
                row.figure,
                row.key,
                index as i64,
                row.entry as i64,
                row.day.to_string(),
                row.until_day.map(|day| day.to_string()),
                row.village,
                row.kind,
                row.value,
                row.late,
                row.flagged
            ],
        )?;
    }
    Ok(())
}

/// What a record counts under in the totals of its list.
pub fn counted(register: &Register, rows: &Rows) -> BTreeSet<(String, String)> {
    let mut counted = BTreeSet::new();
    if rows.head.state.is_empty() {
        return counted;
    }
    counted.insert(("all".to_owned(), String::new()));
    counted.insert(("state".to_owned(), rows.head.state.clone()));
    counted.extend(rows.villages.iter().map(|village| ("village".to_owned(), village.clone())));
    for row in &rows.fields {
        let at = engine::definition::FieldRef::parse(&row.field, "");
        if register.field(&at).is_some_and(|field| field.filter) {
            counted.insert((row.field.clone(), row.value.clone()));
        }
    }
    counted
}

fn counts(db: &Db, register: &Register, before: &Rows, after: &Rows) -> Result<()> {
    let (before, after) = (counted(register, before), counted(register, after));
    let changes = before.difference(&after).map(|at| (at, -1)).chain(after.difference(&before).map(|at| (at, 1)));
    for ((filter, value), by) in changes {
        db.run(
            "INSERT INTO count (town_id, register, filter, value, n) VALUES ($1, $2, $3, $4, $5) \
             ON CONFLICT (town_id, register, filter, value) DO UPDATE SET n = count.n + excluded.n",
            params![TOWN, register.id.value, filter, value, by],
        )?;
    }
    Ok(())
}

/// What is in `from` and not in `of`. Both are a handful of rows.
fn gone<'a, T: PartialEq>(from: &'a [T], of: &'a [T]) -> impl Iterator<Item = &'a T> {
    from.iter().filter(move |one| !of.contains(one))
}

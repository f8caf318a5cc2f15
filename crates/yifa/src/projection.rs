//! The tables derived from records: what rows a record has, and writing only what changed (投影).
//!
//! One list of tables serves appending, rebuilding and comparing, so that they cannot disagree about a column.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use anyhow::Result;
use engine::definition::{FieldRef, Register};
use engine::record::{Fact, Rows};
use rusqlite::types::Value;
use rusqlite::{params, params_from_iter};

use crate::storage::{Db, TOWN};

/// A derived table: its name, its columns without `town_id`, and how many of them are the key.
pub struct Table {
    /// Its name.
    pub name: &'static str,
    /// Its columns; the record comes first.
    pub columns: &'static [&'static str],
    key: usize,
}

/// The derived tables, [`FACT`] and the list totals aside.
pub const TABLES: [Table; 8] = [
    Table {
        name: "record",
        columns: &[
            "id",
            "register",
            "definition",
            "number",
            "state",
            "title",
            "opened",
            "first_idx",
            "last_idx",
            "body",
        ],
        key: 1,
    },
    Table { name: "record_village", columns: &["record", "village"], key: 2 },
    Table { name: "step", columns: &["record", "idx", "step", "nth", "day", "late", "void"], key: 2 },
    Table { name: "field", columns: &["record", "field", "value", "register"], key: 4 },
    Table { name: "link", columns: &["record", "target", "named_by"], key: 3 },
    Table {
        name: "due",
        columns: &[
            "record",
            "step",
            "of_idx",
            "last",
            "nominal",
            "register",
            "provisional",
            "binding",
            "met_by",
            "met_day",
        ],
        key: 5,
    },
    Table {
        name: "flag",
        columns: &["record", "nth", "register", "kind", "step", "idx", "day", "says", "basis"],
        key: 2,
    },
    Table { name: "question", columns: &["record", "id", "idx", "day", "asks", "answered_by"], key: 2 },
];

/// Facts keep their history: a row ends, it is not deleted.
pub const FACT: Table = Table {
    name: "fact",
    columns: &[
        "record",
        "figure",
        "fact_key",
        "since_idx",
        "until_idx",
        "idx",
        "day",
        "until_day",
        "village",
        "kind",
        "value",
        "late",
        "flagged",
    ],
    key: 4,
};

/// The statements of a table, made once.
struct Statements {
    upsert: String,
    delete: String,
}

static STATEMENTS: LazyLock<Vec<Statements>> = LazyLock::new(|| TABLES.iter().chain([&FACT]).map(statements).collect());

fn statements(table: &Table) -> Statements {
    let Table { name, columns, key } = table;
    let places: Vec<String> = (2..=columns.len() + 1).map(|n| format!("${n}")).collect();
    let set: Vec<String> = columns[*key..].iter().map(|column| format!("{column} = excluded.{column}")).collect();
    let then = if set.is_empty() { "NOTHING".to_owned() } else { format!("UPDATE SET {}", set.join(", ")) };
    let matches: Vec<String> =
        columns[..*key].iter().enumerate().map(|(n, column)| format!("{column} = ${}", n + 2)).collect();
    Statements {
        upsert: format!(
            "INSERT INTO {name} (town_id, {}) VALUES ($1, {}) ON CONFLICT (town_id, {}) DO {then}",
            columns.join(", "),
            places.join(", "),
            columns[..*key].join(", ")
        ),
        delete: format!("DELETE FROM {name} WHERE town_id = $1 AND {}", matches.join(" AND ")),
    }
}

/// The record whose rows are meant.
pub struct Of<'c> {
    /// Its id.
    pub record: &'c str,
    /// Its register, as defined when it was opened.
    pub register: &'c Register,
    /// Index of its first entry.
    pub first: u64,
}

type Row = Vec<Value>;

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

fn number(number: u64) -> Value {
    Value::Integer(number as i64)
}

/// The rows of a record in each of [`TABLES`]; none before its first entry.
pub fn rows(of: &Of<'_>, rows: &Rows) -> [Vec<Row>; 8] {
    if rows.head.opened.is_none() {
        return Default::default();
    }
    let record = || text(of.record);
    let register = || text(&of.register.id);
    let day = |day: &engine::day::Day| Value::Text(day.to_string());
    let is = |is: bool| Value::Integer(is.into());
    let maybe = |entry: Option<u64>| entry.map_or(Value::Null, number);
    let head = &rows.head;
    [
        vec![vec![
            record(),
            register(),
            text(&of.register.hash),
            head.number.as_deref().map_or(Value::Null, text),
            text(&head.state),
            text(&head.title),
            head.opened.as_ref().map_or(Value::Null, day),
            number(of.first),
            number(head.last_entry),
            text(&head.body),
        ]],
        rows.villages.iter().map(|village| vec![record(), text(village)]).collect(),
        rows.steps
            .iter()
            .map(|row| {
                let (nth, late, void) = (number(row.nth.into()), is(row.late), is(row.void));
                vec![record(), number(row.entry), text(&row.step), nth, day(&row.day), late, void]
            })
            .collect(),
        rows.fields.iter().map(|row| vec![record(), text(&row.field), text(&row.value), register()]).collect(),
        rows.links.iter().map(|row| vec![record(), text(&row.to), text(&row.by)]).collect(),
        rows.dues
            .iter()
            .map(|row| {
                let (last, nominal) = (day(&row.last), day(&row.nominal));
                let (provisional, binding) = (is(row.provisional), is(row.binding));
                let of_idx = number(row.of_entry);
                let met = rows.steps.iter().find(|step| Some(step.entry) == row.met_by);
                vec![
                    record(),
                    text(&row.step),
                    of_idx,
                    last,
                    nominal,
                    register(),
                    provisional,
                    binding,
                    maybe(row.met_by),
                    met.map_or(Value::Null, |step| day(&step.day)),
                ]
            })
            .collect(),
        rows.flags
            .iter()
            .enumerate()
            .map(|(nth, row)| {
                let (says, basis) = (text(&row.says), Value::Text(row.basis.join("、")));
                let (kind, step) = (text(row.kind.word()), text(&row.step));
                vec![
                    record(),
                    number(nth as u64),
                    register(),
                    kind,
                    step,
                    number(row.entry),
                    day(&row.day),
                    says,
                    basis,
                ]
            })
            .collect(),
        rows.questions
            .iter()
            .map(|row| {
                vec![record(), text(&row.id), number(row.entry), day(&row.day), text(&row.text), maybe(row.answered_by)]
            })
            .collect(),
    ]
}

/// The row of a fact that holds from one entry on, until (and without) another.
pub fn fact_row(record: &str, fact: &Fact, since: u64, until: Option<u64>) -> Row {
    vec![
        text(record),
        text(&fact.figure),
        text(&fact.key),
        number(since),
        until.map_or(Value::Null, number),
        number(fact.entry),
        Value::Text(fact.day.to_string()),
        fact.until_day.map_or(Value::Null, |day| Value::Text(day.to_string())),
        text(&fact.village),
        text(&fact.kind),
        Value::Integer(fact.value),
        Value::Integer(fact.late.into()),
        Value::Integer(fact.flagged.into()),
    ]
}

/// Writes the difference between a record's rows before and after the entry `index`.
pub fn write(db: &Db, of: &Of<'_>, index: u64, before: &Rows, after: &Rows) -> Result<()> {
    let (old, new) = (rows(of, before), rows(of, after));
    for (nth, table) in TABLES.iter().enumerate() {
        for row in gone(&old[nth], &new[nth]) {
            if !new[nth].iter().any(|other| other[..table.key] == row[..table.key]) {
                run(db, &STATEMENTS[nth].delete, &row[..table.key])?;
            }
        }
        for row in gone(&new[nth], &old[nth]) {
            run(db, &STATEMENTS[nth].upsert, row)?;
        }
    }
    for fact in gone(&before.facts, &after.facts) {
        // It is not forgotten, so that the value at an earlier size of the journal can be read again.
        let sql = "UPDATE fact SET until_idx = $1 WHERE town_id = $2 AND record = $3 AND figure = $4 AND fact_key = $5 \
                   AND until_idx IS NULL";
        db.run(sql, params![index as i64, TOWN, of.record, fact.figure, fact.key])?;
    }
    for fact in gone(&after.facts, &before.facts) {
        insert(db, &FACT, &fact_row(of.record, fact, index, None))?;
    }
    let (old, new) = (counted(of.register, before), counted(of.register, after));
    let changes = old.difference(&new).map(|at| (at, -1)).chain(new.difference(&old).map(|at| (at, 1)));
    for ((filter, value), by) in changes {
        count(db, &of.register.id, filter, value, by)?;
    }
    Ok(())
}

/// Writes one row as it is.
pub fn insert(db: &Db, table: &Table, row: &[Value]) -> Result<()> {
    let nth = TABLES.iter().position(|one| one.name == table.name).unwrap_or(TABLES.len());
    run(db, &STATEMENTS[nth].upsert, row)
}

/// Adds to a total of a register's list.
pub fn count(db: &Db, register: &str, filter: &str, value: &str, by: i64) -> Result<()> {
    db.run(
        "INSERT INTO count (town_id, register, filter, value, n) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (town_id, register, filter, value) DO UPDATE SET n = count.n + excluded.n",
        params![TOWN, register, filter, value, by],
    )?;
    Ok(())
}

fn run(db: &Db, sql: &str, row: &[Value]) -> Result<()> {
    let town = Value::Integer(TOWN);
    db.run(sql, params_from_iter(std::iter::once(&town).chain(row)))?;
    Ok(())
}

/// What a record counts under in the totals of its list: all, its state, its villages, its filter fields.
pub fn counted(register: &Register, rows: &Rows) -> BTreeSet<(String, String)> {
    let mut counted = BTreeSet::new();
    if rows.head.opened.is_none() {
        return counted;
    }
    counted.insert(("all".to_owned(), String::new()));
    counted.insert(("state".to_owned(), rows.head.state.clone()));
    counted.extend(rows.villages.iter().map(|village| ("village".to_owned(), village.clone())));
    for row in &rows.fields {
        if register.field(&FieldRef::parse(&row.field, "")).is_some_and(|field| field.filter) {
            counted.insert((row.field.clone(), row.value.clone()));
        }
    }
    counted
}

/// What is in `from` and not in `of`. Both are a handful.
pub fn gone<'a, T: PartialEq>(from: &'a [T], of: &'a [T]) -> impl Iterator<Item = &'a T> {
    from.iter().filter(move |one| !of.contains(one))
}

/// Every statement this module sends, for the test that reads them all.
pub fn all_statements() -> Vec<String> {
    STATEMENTS.iter().flat_map(|one| [one.upsert.clone(), one.delete.clone()]).collect()
}

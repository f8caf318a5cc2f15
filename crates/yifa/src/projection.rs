//! The tables derived from records: what rows a record has, and writing only what changed (投影).
//!
//! One list of tables serves appending, rebuilding and comparing, so that they cannot disagree about a column.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use anyhow::Result;
use engine::day::Day;
use engine::definition::{FieldRef, Register};
use engine::record::{Fact, Rows};
use rusqlite::types::{ToSql, ToSqlOutput, Value, ValueRef};
use rusqlite::{params, params_from_iter};

use crate::storage::{Db, TOWN};

/// A derived table: its name and its columns without `town_id`.
pub struct Table {
    /// Its name.
    pub name: &'static str,
    /// Its columns: the key, the record before all, then what stays while the record goes on, then the rest.
    pub columns: &'static [&'static str],
    /// How many columns are the key.
    key: usize,
    /// How many columns stay. Where they did, only the rest is written, and no index over the others is touched.
    steady: usize,
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
            "title",
            "opened",
            "first_idx",
            "state",
            "last_idx",
            "body",
        ],
        key: 1,
        steady: 7,
    },
    Table { name: "record_village", columns: &["record", "village"], key: 2, steady: 2 },
    Table { name: "step", columns: &["record", "idx", "step", "nth", "day", "late", "void"], key: 2, steady: 5 },
    Table { name: "field", columns: &["record", "field", "value", "register"], key: 4, steady: 4 },
    Table { name: "link", columns: &["record", "target", "named_by"], key: 3, steady: 3 },
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
        steady: 8,
    },
    Table {
        name: "flag",
        columns: &["record", "nth", "register", "kind", "step", "idx", "day", "says", "basis"],
        key: 2,
        steady: 7,
    },
    Table { name: "question", columns: &["record", "id", "idx", "day", "asks", "answered_by"], key: 2, steady: 5 },
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
    steady: 4,
};

/// The statements of a table, made once.
struct Statements {
    upsert: String,
    /// Writes what does not stay; none where everything is key.
    update: Option<String>,
    delete: String,
}

static STATEMENTS: LazyLock<Vec<Statements>> = LazyLock::new(|| TABLES.iter().chain([&FACT]).map(statements).collect());

fn statements(table: &Table) -> Statements {
    let Table { name, columns, key, steady } = table;
    let places: Vec<String> = (2..=columns.len() + 1).map(|n| format!("${n}")).collect();
    let set: Vec<String> = columns[*key..].iter().map(|column| format!("{column} = excluded.{column}")).collect();
    let then = if set.is_empty() { "NOTHING".to_owned() } else { format!("UPDATE SET {}", set.join(", ")) };
    let equal = |columns: &[&str], first: usize, between: &str| -> String {
        let each: Vec<String> =
            columns.iter().enumerate().map(|(n, column)| format!("{column} = ${}", n + first)).collect();
        each.join(between)
    };
    let matches = equal(&columns[..*key], 2, " AND ");
    let changing = equal(&columns[*steady..], 2 + key, ", ");
    Statements {
        upsert: format!(
            "INSERT INTO {name} (town_id, {}) VALUES ($1, {}) ON CONFLICT (town_id, {}) DO {then}",
            columns.join(", "),
            places.join(", "),
            columns[..*key].join(", ")
        ),
        update: (!changing.is_empty())
            .then(|| format!("UPDATE {name} SET {changing} WHERE town_id = $1 AND {matches}")),
        delete: format!("DELETE FROM {name} WHERE town_id = $1 AND {matches}"),
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

/// One value of a row, borrowed from what it was derived from: most are compared and never written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cell<'r> {
    /// Nothing.
    Null,
    /// A number, or 0 and 1 for no and yes.
    Int(i64),
    /// A text.
    Text(&'r str),
    /// Several texts, written with 、 between them.
    Texts(&'r [String]),
    /// A day, written `YYYY-MM-DD`.
    Day(Day),
}

impl Cell<'_> {
    fn number(number: u64) -> Cell<'static> {
        Cell::Int(number as i64)
    }

    fn is(is: bool) -> Cell<'static> {
        Cell::Int(is.into())
    }
}

impl<'r> From<&'r str> for Cell<'r> {
    fn from(text: &'r str) -> Cell<'r> {
        Cell::Text(text)
    }
}

/// As SQLite holds it.
impl From<Cell<'_>> for Value {
    fn from(cell: Cell<'_>) -> Value {
        match cell {
            Cell::Null => Value::Null,
            Cell::Int(number) => Value::Integer(number),
            Cell::Text(text) => Value::Text(text.to_owned()),
            Cell::Texts(texts) => Value::Text(texts.join("、")),
            Cell::Day(day) => Value::Text(day.to_string()),
        }
    }
}

impl ToSql for Cell<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self {
            Cell::Text(text) => ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes())),
            cell => ToSqlOutput::Owned((*cell).into()),
        })
    }
}

type Row<'r> = Vec<Cell<'r>>;

/// The rows of a record in each of [`TABLES`]; none before its first entry.
pub fn rows<'r>(of: &Of<'r>, rows: &'r Rows) -> [Vec<Row<'r>>; 8] {
    let head = &rows.head;
    let Some(opened) = head.opened else { return Default::default() };
    let record = Cell::Text(of.record);
    let register = Cell::Text(&of.register.id);
    let maybe = |entry: Option<u64>| entry.map_or(Cell::Null, Cell::number);
    [
        vec![vec![
            record,
            register,
            Cell::Text(&of.register.hash),
            head.number.as_deref().map_or(Cell::Null, Cell::Text),
            Cell::Text(&head.title),
            Cell::Day(opened),
            Cell::number(of.first),
            Cell::Text(&head.state),
            Cell::number(head.last_entry),
            Cell::Text(&head.body),
        ]],
        rows.villages.iter().map(|village| vec![record, Cell::Text(village)]).collect(),
        rows.steps
            .iter()
            .map(|row| {
                let (nth, late, void) = (Cell::number(row.nth.into()), Cell::is(row.late), Cell::is(row.void));
                vec![record, Cell::number(row.entry), Cell::Text(&row.step), nth, Cell::Day(row.day), late, void]
            })
            .collect(),
        rows.fields.iter().map(|row| vec![record, Cell::Text(&row.field), Cell::Text(&row.value), register]).collect(),
        rows.links.iter().map(|row| vec![record, Cell::Text(&row.to), Cell::Text(&row.by)]).collect(),
        rows.dues
            .iter()
            .map(|row| {
                let met = rows.steps.iter().find(|step| Some(step.entry) == row.met_by);
                vec![
                    record,
                    Cell::Text(&row.step),
                    Cell::number(row.of_entry),
                    Cell::Day(row.last),
                    Cell::Day(row.nominal),
                    register,
                    Cell::is(row.provisional),
                    Cell::is(row.binding),
                    maybe(row.met_by),
                    met.map_or(Cell::Null, |step| Cell::Day(step.day)),
                ]
            })
            .collect(),
        rows.flags
            .iter()
            .enumerate()
            .map(|(nth, row)| {
                vec![
                    record,
                    Cell::number(nth as u64),
                    register,
                    Cell::Text(row.kind.word()),
                    Cell::Text(&row.step),
                    Cell::number(row.entry),
                    Cell::Day(row.day),
                    Cell::Text(&row.says),
                    Cell::Texts(&row.basis),
                ]
            })
            .collect(),
        rows.questions
            .iter()
            .map(|row| {
                let (id, asks) = (Cell::Text(&row.id), Cell::Text(&row.text));
                vec![record, id, Cell::number(row.entry), Cell::Day(row.day), asks, maybe(row.answered_by)]
            })
            .collect(),
    ]
}

/// The row of a fact that holds from one entry on, until (and without) another.
pub fn fact_row<'r>(record: &'r str, fact: &'r Fact, since: u64, until: Option<u64>) -> Row<'r> {
    vec![
        Cell::Text(record),
        Cell::Text(&fact.figure),
        Cell::Text(&fact.key),
        Cell::number(since),
        until.map_or(Cell::Null, Cell::number),
        Cell::number(fact.entry),
        Cell::Day(fact.day),
        fact.until_day.map_or(Cell::Null, Cell::Day),
        Cell::Text(&fact.village),
        Cell::Text(&fact.kind),
        Cell::Int(fact.value),
        Cell::is(fact.late),
        Cell::is(fact.flagged),
    ]
}

/// Totals of lists: register, filter and value → how many records.
pub type Totals = BTreeMap<(String, String, String), i64>;

/// Writes the difference between a record's rows before and after the entry `index`, but for the totals of lists: many
/// steps change the same few, so they are gathered.
pub fn write(db: &Db, of: &Of<'_>, index: u64, before: &Rows, after: &Rows, totals: &mut Totals) -> Result<()> {
    let (old, new) = (rows(of, before), rows(of, after));
    for (nth, table) in TABLES.iter().enumerate() {
        let same = |a: &Row<'_>, b: &Row<'_>, columns: usize| a[..columns] == b[..columns];
        for row in gone(&old[nth], &new[nth]) {
            if !new[nth].iter().any(|other| same(other, row, table.key)) {
                run(db, &STATEMENTS[nth].delete, &row[..table.key])?;
            }
        }
        for row in gone(&new[nth], &old[nth]) {
            let stayed = old[nth].iter().any(|other| same(other, row, table.steady));
            let update = STATEMENTS[nth].update.as_ref().filter(|_| stayed);
            // A row that somebody deleted behind our back is written whole again.
            let updated = match update {
                Some(sql) => run(db, sql, row[..table.key].iter().chain(&row[table.steady..]))?,
                None => 0,
            };
            if updated == 0 {
                run(db, &STATEMENTS[nth].upsert, row)?;
            }
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
        *totals.entry((of.register.id.value.clone(), filter.clone(), value.clone())).or_default() += by;
    }
    Ok(())
}

/// Writes one row as it is.
pub fn insert(db: &Db, table: &Table, row: &[impl ToSql]) -> Result<()> {
    let nth = TABLES.iter().position(|one| one.name == table.name).unwrap_or(TABLES.len());
    run(db, &STATEMENTS[nth].upsert, row)?;
    Ok(())
}

/// Adds to the kept totals of lists.
pub fn add(db: &Db, totals: &Totals) -> Result<()> {
    for ((register, filter, value), by) in totals.iter().filter(|(_, by)| **by != 0) {
        db.run(
            "INSERT INTO count (town_id, register, filter, value, n) VALUES ($1, $2, $3, $4, $5) \
             ON CONFLICT (town_id, register, filter, value) DO UPDATE SET n = count.n + excluded.n",
            params![TOWN, register, filter, value, by],
        )?;
    }
    Ok(())
}

fn run<'r>(db: &Db, sql: &str, row: impl IntoIterator<Item = &'r (impl ToSql + 'r)>) -> Result<usize> {
    let row = row.into_iter().map(|cell| cell as &dyn ToSql);
    db.run(sql, params_from_iter(std::iter::once(&TOWN as &dyn ToSql).chain(row)))
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
    let each = |one: &Statements| [Some(one.upsert.clone()), one.update.clone(), Some(one.delete.clone())];
    STATEMENTS.iter().flat_map(each).flatten().collect()
}

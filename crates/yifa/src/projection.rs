//! The tables derived from records: what rows a record has, and writing only what changed (投影).
//!
//! One list of tables serves appending, rebuilding and comparing, so that they cannot disagree about a column.

pub mod bits;
pub mod facet;
pub mod grams;
pub mod sealed_names;

use std::sync::LazyLock;

use anyhow::Result;
use engine::day::Day;
use engine::definition::Register;
use engine::record::{Fact, Rows};

use crate::storage::{Bind, Db, Kind, Value};
use facet::Changes;

/// A derived table: its name and its columns without `town_id`.
pub struct Table {
    /// Its name.
    pub name: &'static str,
    /// Its columns: the key, then what stays while the record goes on, then the rest.
    pub columns: &'static [&'static str],
    /// How many columns are the key.
    pub key: usize,
    /// Which column names the record.
    pub record: usize,
    /// How many columns stay. Where they did, only the rest is written, and no index over the others is touched.
    steady: usize,
}

impl Table {
    fn statements(&self) -> &'static Statements {
        let nth = TABLES.iter().position(|one| one.name == self.name).unwrap_or(TABLES.len());
        &STATEMENTS[nth]
    }

    /// Reads the row of a key.
    pub fn select(&self) -> &'static str {
        &self.statements().select
    }

    /// Reads all rows, those of a record together.
    pub fn select_all(&self) -> &'static str {
        &self.statements().select_all
    }

    /// Deletes the row of a key.
    pub fn delete(&self) -> &'static str {
        &self.statements().delete
    }
}

/// The derived tables, [`FACT`], the facets and the search aside.
pub const TABLES: [Table; 7] = [
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
            "number_key",
            "state",
            "last_idx",
            "body",
        ],
        key: 1,
        record: 0,
        steady: 8,
    },
    Table { name: "record_village", columns: &["record", "village"], key: 2, record: 0, steady: 2 },
    Table { name: "field", columns: &["register", "field", "value", "record"], key: 4, record: 3, steady: 4 },
    Table { name: "link", columns: &["target", "named_by", "record"], key: 3, record: 2, steady: 3 },
    Table {
        name: "due",
        columns: &[
            "of_idx",
            "step",
            "last",
            "nominal",
            "record",
            "register",
            "provisional",
            "binding",
            "rule",
            "owner",
            "met_by",
            "met_day",
        ],
        key: 4,
        record: 4,
        steady: 9,
    },
    Table {
        name: "flag",
        columns: &["record", "nth", "register", "kind", "step", "idx", "day", "says", "basis"],
        key: 2,
        record: 0,
        steady: 7,
    },
    Table {
        name: "question",
        columns: &["record", "id", "idx", "day", "asks", "answered_by"],
        key: 2,
        record: 0,
        steady: 5,
    },
];

/// Facts keep their history: a row ends, it is not deleted.
pub const FACT: Table = Table {
    name: "fact",
    columns: &[
        "figure",
        "day",
        "until_idx",
        "value",
        "late",
        "flagged",
        "idx",
        "fact_key",
        "until_day",
        "since_idx",
        "record",
        "village",
        "kind",
    ],
    key: 10,
    record: 10,
    steady: 13,
};

/// The entry that ends a fact which still holds: none. The first entry adopts a set and ends nothing.
pub const HOLDS: i64 = 0;

/// The statements of a table, made once.
struct Statements {
    upsert: String,
    /// Writes what does not stay; none where everything is key.
    update: Option<String>,
    delete: String,
    select: String,
    select_all: String,
}

static STATEMENTS: LazyLock<Vec<Statements>> = LazyLock::new(|| TABLES.iter().chain([&FACT]).map(statements).collect());

fn statements(table: &Table) -> Statements {
    let Table { name, columns, key, record, steady } = table;
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
    let all = columns.join(", ");
    Statements {
        upsert: format!(
            "INSERT INTO {name} (town_id, {all}) VALUES ($1, {}) ON CONFLICT (town_id, {}) DO {then}",
            places.join(", "),
            columns[..*key].join(", ")
        ),
        update: (!changing.is_empty())
            .then(|| format!("UPDATE {name} SET {changing} WHERE town_id = $1 AND {matches}")),
        delete: format!("DELETE FROM {name} WHERE town_id = $1 AND {matches}"),
        select: format!("SELECT {all} FROM {name} WHERE town_id = $1 AND {matches}"),
        select_all: format!(
            "SELECT {all} FROM {name} WHERE town_id = $1 ORDER BY {}, {}",
            columns[*record],
            columns[..*key].join(", ")
        ),
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
    /// A number as numbers are put in order, [`number_key`].
    Number(Option<&'r str>),
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

impl Bind for Cell<'_> {
    fn bind(&self) -> Value<'_> {
        match *self {
            Cell::Null => Value::Null(Kind::Any),
            Cell::Int(number) => number.into(),
            Cell::Text(text) => text.into(),
            Cell::Texts(texts) => texts.join("、").into(),
            Cell::Day(day) => day.to_string().into(),
            Cell::Number(number) => number.map_or_else(String::new, number_key).into(),
        }
    }
}

/// A number of a record with ten places for each run of digits, so that 第2号 stands before 第10号.
pub fn number_key(number: &str) -> String {
    let mut key = String::new();
    let mut rest = number;
    while let Some(at) = rest.find(|sign: char| sign.is_ascii_digit()) {
        let digits = rest[at..].len() - rest[at..].trim_start_matches(|sign: char| sign.is_ascii_digit()).len();
        key.push_str(&rest[..at]);
        key.push_str(&format!("{:0>10}", &rest[at..at + digits]));
        rest = &rest[at + digits..];
    }
    key + rest
}

type Row<'r> = Vec<Cell<'r>>;

/// The rows of a record in each of [`TABLES`]; none before its first entry.
pub fn rows<'r>(of: &Of<'r>, rows: &'r Rows) -> [Vec<Row<'r>>; 7] {
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
            Cell::Number(head.number.as_deref()),
            Cell::Text(&head.state),
            Cell::number(head.last_entry),
            Cell::Text(&head.body),
        ]],
        rows.villages.iter().map(|village| vec![record, Cell::Text(village)]).collect(),
        rows.fields.iter().map(|row| vec![register, Cell::Text(&row.field), Cell::Text(&row.value), record]).collect(),
        rows.links.iter().map(|row| vec![Cell::Text(&row.to), Cell::Text(&row.by), record]).collect(),
        rows.dues
            .iter()
            .map(|row| {
                let met = rows.steps.iter().find(|step| Some(step.entry) == row.met_by);
                vec![
                    Cell::number(row.of_entry),
                    Cell::Text(&row.step),
                    Cell::Day(row.last),
                    Cell::Day(row.nominal),
                    record,
                    register,
                    Cell::is(row.provisional),
                    Cell::is(row.binding),
                    Cell::number(row.rule.into()),
                    Cell::Text(&row.owner),
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
        Cell::Text(&fact.figure),
        Cell::Day(fact.day),
        until.map_or(Cell::Int(HOLDS), Cell::number),
        Cell::Int(fact.value),
        Cell::is(fact.late),
        Cell::is(fact.flagged),
        Cell::number(fact.entry),
        Cell::Text(&fact.key),
        fact.until_day.map_or(Cell::Text(""), Cell::Day),
        Cell::number(since),
        Cell::Text(record),
        Cell::Text(&fact.village),
        Cell::Text(&fact.kind),
    ]
}

/// Ends a fact, all of whose key but `since_idx` is known.
const END: &str = "UPDATE fact SET until_idx = $2 WHERE town_id = $1 AND figure = $3 AND day = $4 AND until_idx = $5 \
                   AND value = $6 AND late = $7 AND flagged = $8 AND idx = $9 AND fact_key = $10 AND until_day = $11";

/// Writes the difference between a record's rows before and after the entry `index`, but for the facets: they are
/// gathered.
pub fn write(db: &Db, of: &Of<'_>, index: u64, before: &Rows, after: &Rows, facets: &mut Changes) -> Result<()> {
    let (old, new) = (rows(of, before), rows(of, after));
    for (nth, table) in TABLES.iter().enumerate() {
        let same = |a: &Row<'_>, b: &Row<'_>, columns: usize| a[..columns] == b[..columns];
        for row in gone(&old[nth], &new[nth]) {
            if !new[nth].iter().any(|other| same(other, row, table.key)) {
                db.run(&STATEMENTS[nth].delete, &values(&row[..table.key]))?;
            }
        }
        for row in gone(&new[nth], &old[nth]) {
            let stayed = old[nth].iter().any(|other| same(other, row, table.steady));
            // A server would have to be waited for to hear whether the row was there; it looks which columns changed itself.
            let update = STATEMENTS[nth].update.as_ref().filter(|_| stayed && !db.is_shared());
            // A row that somebody deleted behind our back is written whole again.
            let updated = match update {
                Some(sql) => db.count(sql, &values(row[..table.key].iter().chain(&row[table.steady..])))?,
                None => 0,
            };
            if updated == 0 {
                db.run(&STATEMENTS[nth].upsert, &values(row))?;
            }
        }
    }
    for fact in gone(&before.facts, &after.facts) {
        // It is not forgotten, so that the value at an earlier size of the journal can be read again. The key is known
        // but for the entry that began it, and only one of them can hold.
        let row = fact_row(of.record, fact, 0, None);
        db.run(END, &values([Cell::number(index)].iter().chain(&row[..9])))?;
    }
    for fact in gone(&after.facts, &before.facts) {
        insert(db, &FACT, &fact_row(of.record, fact, index, None))?;
    }
    facet::note(facets, of.register, of.first as i64, before, after);
    // Most steps change nothing that is searched.
    let (was, is) = (&before.head, &after.head);
    if was.title == is.title && was.number == is.number && before.fields == after.fields {
        return Ok(());
    }
    let (old, new) = (grams::searched(of.register, before), grams::searched(of.register, after));
    if old != new {
        db.put_words(of.first as i64, &grams::grams(&new), !old.is_empty())?;
    }
    Ok(())
}

/// Writes one row as it is.
pub fn insert(db: &Db, table: &Table, row: &[impl Bind]) -> Result<()> {
    db.run(&table.statements().upsert, &values(row))
}

fn values<'r>(row: impl IntoIterator<Item = &'r (impl Bind + 'r)>) -> Vec<Value<'r>> {
    row.into_iter().map(Bind::bind).collect()
}

/// What is in `from` and not in `of`. Both are a handful.
pub fn gone<'a, T: PartialEq>(from: &'a [T], of: &'a [T]) -> impl Iterator<Item = &'a T> {
    from.iter().filter(move |one| !of.contains(one))
}

/// Every statement this module sends, for the test that reads them all.
pub fn all_statements() -> Vec<String> {
    let each = |one: &Statements| {
        let Statements { upsert, update, delete, select, select_all } = one;
        [Some(upsert), update.as_ref(), Some(delete), Some(select), Some(select_all)].map(Option::<&String>::cloned)
    };
    STATEMENTS.iter().flat_map(each).flatten().chain([END.to_owned()]).collect()
}

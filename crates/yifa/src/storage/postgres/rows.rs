//! Rows that wait for the same table, in one statement of several (成行).
//!
//! What a server takes over a statement is more than what it takes over a row: the step that writes six fields is done in
//! fewer packets, and a group of sixty steps in hardly more than one.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, LazyLock};

use tokio_postgres::Statement;
use tokio_postgres::types::Type;

use crate::storage::{JOURNAL, PEOPLE, Value, tables};

/// How many rows one statement takes.
const MOST: usize = 2_000;

/// What waits to be sent.
pub(super) enum Waiting<S = Statement> {
    /// What begins, ends or divides a transaction.
    Word(&'static str),
    /// A statement, and what it is run with, once for each row.
    Write(Write<S>),
}

/// A statement that writes.
pub(super) struct Write<S = Statement> {
    /// Its text.
    pub sql: Arc<str>,
    /// As it was prepared.
    pub statement: S,
    /// What it is given, the town first.
    pub rows: Vec<Vec<Value<'static>>>,
}

/// A statement that adds one row of values as they are given, taken apart.
struct Insert<'s> {
    table: &'s str,
    columns: Vec<&'s str>,
    /// What is done about a row that is there already.
    rest: &'s str,
}

impl Insert<'_> {
    fn read(sql: &str) -> Option<Insert<'_>> {
        let (table, rest) = sql.strip_prefix("INSERT INTO ")?.split_once(" (")?;
        let (columns, rest) = rest.split_once(") VALUES (")?;
        let (places, rest) = rest.split_once(')')?;
        let columns: Vec<&str> = columns.split(", ").collect();
        let given = (1..=columns.len()).map(|nth| format!("${nth}"));
        let known = columns[1..].iter().all(|column| array_of(table, column).is_some());
        (known && places.split(", ").eq(given)).then_some(Insert { table, columns, rest })
    }

    /// Which of its values make a row that may not come twice in one statement; none where it may.
    fn key(&self) -> Option<Vec<usize>> {
        let (_, rest) = self.rest.split_once("ON CONFLICT (")?;
        let (key, then) = rest.split_once(')')?;
        let place = |column| self.columns.iter().position(|one| *one == column);
        if then.trim_start().starts_with("DO NOTHING") { None } else { key.split(", ").map(place).collect() }
    }
}

/// The table a statement writes to: each writes to one, and reads no other.
fn table(sql: &str) -> &str {
    let mut words = sql.split(' ').skip_while(|word| matches!(*word, "INSERT" | "INTO" | "UPDATE" | "DELETE" | "FROM"));
    words.next().unwrap_or_default()
}

/// Brings rows together that one statement adds to one table. What is written to a table stays in its order; between tables
/// there is none, because nothing is asked before all of it is sent.
pub(super) fn together<S>(waiting: Vec<Waiting<S>>) -> Vec<Waiting<S>> {
    let mut all: Vec<Waiting<S>> = Vec::with_capacity(waiting.len());
    // By table: what was written to it last, and the keys of its rows.
    let mut last: BTreeMap<String, (usize, BTreeSet<Vec<Value<'static>>>)> = BTreeMap::new();
    for one in waiting {
        let Waiting::Write(write) = one else {
            last.clear();
            all.push(one);
            continue;
        };
        let insert = Insert::read(&write.sql);
        let key = |row: &[Value<'static>]| -> Option<Vec<Value<'static>>> {
            let key = insert.as_ref()?.key()?;
            Some(key.iter().map(|nth| row[*nth].clone()).collect())
        };
        let new: Vec<Vec<Value<'static>>> = write.rows.iter().filter_map(|row| key(row)).collect();
        if let Some((at, keys)) = last.get_mut(table(&write.sql))
            && let Waiting::Write(before) = &mut all[*at]
            && insert.is_some()
            && before.sql == write.sql
            && before.rows.len() < MOST
            && new.iter().all(|key| !keys.contains(key))
        {
            keys.extend(new);
            before.rows.extend(write.rows);
            continue;
        }
        last.insert(table(&write.sql).to_owned(), (all.len(), new.into_iter().collect()));
        all.push(Waiting::Write(write));
    }
    all
}

/// The statement that adds many rows where another adds one, and the types of what it is given: the town, and of each other
/// column an array.
pub(super) fn many(sql: &str) -> Option<(String, Vec<Type>)> {
    let Insert { table, columns, rest } = Insert::read(sql)?;
    let arrays = columns[1..].iter().filter_map(|column| array_of(table, column));
    let places: Vec<String> = (2..=columns.len()).map(|nth| format!("${nth}")).collect();
    let sql = format!(
        "INSERT INTO {table} ({}) SELECT $1, r.* FROM unnest({}) AS r{rest}",
        columns.join(", "),
        places.join(", ")
    );
    Some((sql, std::iter::once(Type::INT8).chain(arrays).collect()))
}

/// Of what type many values of a column are; none of a table that the shared schema does not have.
fn array_of(table: &str, column: &str) -> Option<Type> {
    static TYPES: LazyLock<BTreeMap<(&str, &str), Type>> = LazyLock::new(|| {
        let array = |kind| match kind {
            "TEXT" => Type::TEXT_ARRAY,
            "BYTEA" => Type::BYTEA_ARRAY,
            _ => Type::INT8_ARRAY,
        };
        let all = tables(JOURNAL).into_iter().chain(tables(PEOPLE));
        all.flat_map(|table| table.columns.into_iter().map(move |(name, kind)| ((table.name, name), array(kind))))
            .collect()
    });
    let types: &BTreeMap<(&str, &str), Type> = &TYPES;
    types.get(&(table, column)).cloned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROW: &str = "INSERT INTO field (town_id, value) VALUES ($1, $2) ON CONFLICT (town_id, value) DO NOTHING";
    const STATE: &str = "INSERT INTO record (town_id, id, state) VALUES ($1, $2, $3) \
                         ON CONFLICT (town_id, id) DO UPDATE SET state = excluded.state";
    const GONE: &str = "DELETE FROM field WHERE town_id = $1 AND value = $2";
    const WORDS: &str = "INSERT INTO search (town_id, lexemes) VALUES ($1, CAST($2 AS tsvector))";

    /// What is sent, one line for each statement: its text and the rows it is given; `|` is a word.
    fn check(waiting: &[(&str, &[i64])], expect: &[(&str, &[&[i64]])]) {
        let one = |(sql, row): &(&str, &[i64])| match *sql {
            "|" => Waiting::Word("SAVEPOINT job"),
            sql => Waiting::Write(Write {
                sql: Arc::from(sql),
                statement: (),
                rows: vec![row.iter().map(|number| Value::Int(*number)).collect()],
            }),
        };
        let sent = together(waiting.iter().map(one).collect());
        let said: Vec<(String, Vec<Vec<Value<'static>>>)> = sent
            .into_iter()
            .map(|one| match one {
                Waiting::Word(_) => ("|".to_owned(), Vec::new()),
                Waiting::Write(write) => (write.sql.to_string(), write.rows),
            })
            .collect();
        let rows = |rows: &[&[i64]]| -> Vec<Vec<Value<'static>>> {
            rows.iter().map(|row| row.iter().map(|number| Value::Int(*number)).collect()).collect()
        };
        let expect: Vec<_> = expect.iter().map(|(sql, all)| ((*sql).to_owned(), rows(all))).collect();
        assert_eq!(said, expect);
    }

    #[test]
    fn rows_of_one_table_go_together_and_keep_their_order() {
        check(&[(ROW, &[1, 2]), (ROW, &[1, 3])], &[(ROW, &[&[1, 2], &[1, 3]])]);
        // What goes to another table stands in nobody's way.
        check(
            &[(ROW, &[1, 2]), (STATE, &[1, 7, 0]), (ROW, &[1, 3]), (STATE, &[1, 8, 0])],
            &[(ROW, &[&[1, 2], &[1, 3]]), (STATE, &[&[1, 7, 0], &[1, 8, 0]])],
        );
        // What goes to the same table does.
        check(
            &[(ROW, &[1, 2]), (GONE, &[1, 2]), (ROW, &[1, 2]), (ROW, &[1, 3])],
            &[(ROW, &[&[1, 2]]), (GONE, &[&[1, 2]]), (ROW, &[&[1, 2], &[1, 3]])],
        );
        // A row is changed once in a statement; the second change is one of its own.
        check(
            &[(STATE, &[1, 7, 0]), (STATE, &[1, 7, 1]), (STATE, &[1, 8, 0])],
            &[(STATE, &[&[1, 7, 0]]), (STATE, &[&[1, 7, 1], &[1, 8, 0]])],
        );
        // What is not given as it is stays by itself, and so do the two sides of a word.
        check(&[(WORDS, &[1, 2]), (WORDS, &[1, 3])], &[(WORDS, &[&[1, 2]]), (WORDS, &[&[1, 3]])]);
        check(&[(ROW, &[1, 2]), ("|", &[]), (ROW, &[1, 3])], &[(ROW, &[&[1, 2]]), ("|", &[]), (ROW, &[&[1, 3]])]);
    }

    #[test]
    fn the_statement_of_many_rows_says_what_that_of_one_says() {
        let (sql, types) = many("INSERT INTO payload (town_id, idx, body, salt) VALUES ($1, $2, $3, $4)").unwrap();
        assert_eq!(sql, "INSERT INTO payload (town_id, idx, body, salt) SELECT $1, r.* FROM unnest($2, $3, $4) AS r");
        assert_eq!(types, [Type::INT8, Type::INT8_ARRAY, Type::TEXT_ARRAY, Type::BYTEA_ARRAY]);
        assert_eq!(many(GONE), None);
        assert_eq!(many(WORDS), None);
        // Every table a step writes to has such a statement.
        for sql in crate::projection::all_statements().iter().filter(|sql| sql.starts_with("INSERT")) {
            assert!(many(sql).is_some(), "{sql}");
        }
    }
}

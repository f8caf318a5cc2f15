//! Both schemas obey the rules that let one file run on SQLite, PostgreSQL and Citus (S1, S2, S4–S6).

use crate::source::{file, none};
use crate::statement::forbidden;

/// A `CREATE TABLE`.
struct Table {
    name: String,
    /// Column definitions and constraints, in order.
    parts: Vec<String>,
}

/// Both: a county server holds them in one database.
fn schema() -> String {
    let texts = ["schema.sql", "accounts.sql"].map(|name| file(&format!("crates/yifa/src/storage/{name}")));
    let lines = texts.iter().flat_map(|text| text.lines());
    lines.map(|line| line.split("--").next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

/// Splits at commas that stand in no bracket.
fn split(body: &str) -> Vec<String> {
    let mut depth = 0;
    let pieces = body.split(|c: char| {
        depth += i32::from(c == '(') - i32::from(c == ')');
        c == ',' && depth == 0
    });
    pieces
        .map(|piece| piece.split_whitespace().collect::<Vec<_>>().join(" "))
        .filter(|piece| !piece.is_empty())
        .collect()
}

fn tables() -> Vec<Table> {
    let schema = schema();
    let mut tables = Vec::new();
    for statement in schema.split(';').map(str::trim).filter(|statement| !statement.is_empty()) {
        if let Some(rest) = statement.strip_prefix("CREATE TABLE ") {
            let (name, body) = rest.split_once('(').expect("a body");
            let body = body.trim().strip_suffix(')').expect("a closed body");
            tables.push(Table { name: name.trim().to_owned(), parts: split(body) });
        } else {
            assert!(statement.starts_with("CREATE INDEX "), "only tables and indexes: {statement}");
        }
    }
    assert!(tables.len() > 14);
    let names: std::collections::BTreeSet<&str> = tables.iter().map(|table| table.name.as_str()).collect();
    assert_eq!(names.len(), tables.len(), "no name twice");
    tables
}

/// What is unique in a town: the columns of each key behind `town_id`. A record's first entry is its own, so is its last.
pub fn keys() -> Vec<(String, Vec<String>)> {
    let mut keys: Vec<_> = ["first_idx", "last_idx"].map(|one| ("record".to_owned(), vec![one.to_owned()])).into();
    for table in tables() {
        let kept =
            table.parts.iter().filter(|part| ["PRIMARY KEY", "UNIQUE"].iter().any(|word| part.starts_with(word)));
        for key in kept {
            let columns = key.split_once('(').map_or("", |(_, columns)| columns).trim_end_matches(')');
            keys.push((table.name.clone(), columns.split(", ").skip(1).map(str::to_owned).collect()));
        }
    }
    keys
}

#[test]
fn every_table_and_every_key_begins_with_the_town() {
    let mut found = Vec::new();
    for table in tables() {
        if table.parts[0] != "town_id BIGINT NOT NULL" {
            found.push(format!("{}: first column `{}` (S1)", table.name, table.parts[0]));
        }
        let keys = |word: &str| table.parts.iter().filter(|part| part.starts_with(word)).cloned().collect::<Vec<_>>();
        if keys("PRIMARY KEY").len() != 1 {
            found.push(format!("{}: one primary key is wanted", table.name));
        }
        for key in [keys("PRIMARY KEY"), keys("UNIQUE"), keys("FOREIGN KEY")].concat() {
            let columns = key.split_once('(').map_or("", |(_, columns)| columns);
            if !columns.starts_with("town_id") || key.contains("REFERENCES") && !key.contains("(town_id, ") {
                found.push(format!("{}: {key} (S2)", table.name));
            }
        }
    }
    for index in schema().split(';').filter_map(|one| one.trim().strip_prefix("CREATE INDEX ").map(str::to_owned)) {
        if !index.split_once('(').is_some_and(|(_, columns)| columns.starts_with("town_id, ")) {
            found.push(format!("index {index} (S2)"));
        }
    }
    none(found, "a table of a town is stored, keyed and moved by its town");
}

#[test]
fn only_the_four_types_both_engines_share_are_used() {
    let mut found = Vec::new();
    for table in tables() {
        let columns =
            table.parts.iter().filter(|part| !["PRIMARY", "UNIQUE", "FOREIGN"].iter().any(|w| part.starts_with(w)));
        for column in columns {
            let words: Vec<&str> = column.split(' ').collect();
            let typed = ["BIGINT", "SMALLINT", "TEXT", "BYTEA"].contains(&words[1]);
            if !typed || !matches!(&words[2..], [] | ["NOT", "NULL"]) {
                found.push(format!("{}: {column} (S5)", table.name));
            }
        }
    }
    none(found, "BIGINT, SMALLINT, TEXT and BYTEA, with NOT NULL or without; nothing generated, nothing by default");
}

#[test]
fn the_schema_has_no_word_that_one_engine_refuses() {
    none(forbidden(&schema()), "see docs/why/003-one-schema.md");
}

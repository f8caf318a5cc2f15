//! What the shared schema says, read by the program itself: its tables, their columns and keys (表).

/// The schema of the journal and what is derived from it.
pub const JOURNAL: &str = include_str!("schema.sql");

/// The schema of accounts, sessions and drafts.
pub const PEOPLE: &str = include_str!("accounts.sql");

/// A table of a schema.
#[derive(Debug)]
pub struct Table<'s> {
    /// Its name.
    pub name: &'s str,
    /// Its columns and their types.
    pub columns: Vec<(&'s str, &'s str)>,
    /// The columns of its primary key.
    pub key: Vec<&'s str>,
}

/// The tables of a schema in its order.
pub fn tables(schema: &str) -> Vec<Table<'_>> {
    let mut tables = Vec::new();
    for piece in schema.split("CREATE TABLE ").skip(1) {
        let Some((name, body)) = piece.split_once('(') else { continue };
        let body = body.split(");").next().unwrap_or_default();
        let columns = body.lines().filter_map(|line| {
            let mut words = line.split("--").next().unwrap_or_default().split_whitespace();
            let (name, kind) = (words.next()?, words.next()?.trim_end_matches(','));
            ["BIGINT", "SMALLINT", "TEXT", "BYTEA", "TSVECTOR"].contains(&kind).then_some((name, kind))
        });
        let key = body.split_once("PRIMARY KEY (").and_then(|(_, key)| key.split(')').next()).unwrap_or_default();
        tables.push(Table { name: name.trim(), columns: columns.collect(), key: key.split(", ").collect() });
    }
    tables
}

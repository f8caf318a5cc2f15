//! Every SQL string in the program obeys the same rules as the schema (S2–S4, S6–S9).

use std::collections::BTreeSet;

use crate::source::{Rust, none, programs};

/// The words and signs no statement may hold, each with its rule.
const FORBIDDEN: &[(&str, &str)] = &[
    ("AUTOINCREMENT", "S4"),
    ("SERIAL", "S4"),
    ("BIGSERIAL", "S4"),
    ("IDENTITY", "S4"),
    ("ROWID", "S4"),
    ("STRICT", "S5"),
    ("BOOLEAN", "S5"),
    ("REAL", "S5"),
    ("BLOB", "S5"),
    ("DEFAULT", "S5"),
    ("TRIGGER", "S6"),
    ("GENERATED", "S6"),
    ("PARTITION", "S6"),
    ("ENUM", "S6"),
    ("LISTEN", "S6"),
    ("NOTIFY", "S6"),
    ("ROLLUP", "S6"),
    ("CUBE", "S6"),
    ("RECURSIVE", "S6"),
    ("DEFERRABLE", "S6"),
    ("SERIALIZABLE", "S6"),
    ("FOR UPDATE", "S6"),
    ("ADVISORY", "S6"),
    ("OR REPLACE", "S7"),
    ("OR IGNORE", "S7"),
    ("REPLACE INTO", "S7"),
    ("LIKE", "S9"),
    ("ILIKE", "S9"),
    ("GLOB", "S9"),
    ("IFNULL", "S9"),
    ("DATE", "S9"),
    ("DATETIME", "S9"),
    ("STRFTIME", "S9"),
    ("JULIANDAY", "S9"),
    ("NOW", "S9"),
    ("CURRENT_TIMESTAMP", "S9"),
    ("CURRENT_DATE", "S9"),
    ("DATE_TRUNC", "S9"),
    ("TO_CHAR", "S9"),
    ("TOTAL", "S9"),
    ("GROUP_CONCAT", "S9"),
    ("STRING_AGG", "S9"),
];

/// What of the forbidden stands in a text.
pub fn forbidden(sql: &str) -> Vec<String> {
    let upper = sql.to_uppercase();
    let words = FORBIDDEN.iter().filter(|(word, _)| crate::source::has_word(&upper, word));
    words.map(|(word, rule)| format!("{word} ({rule})")).collect()
}

/// A statement, or a piece one is put together from.
struct Sql<'f> {
    place: String,
    text: &'f str,
    /// Whether its rows come one at a time or all at once, so that their order shows.
    many: bool,
    whole: bool,
}

const BEGINNINGS: [&str; 4] = ["SELECT ", "INSERT ", "UPDATE ", "DELETE "];

/// Whether a file is one engine's own (S11), or reads and changes the schema itself.
fn is_engine(path: &str) -> bool {
    let own = ["storage/sqlite.rs", "storage/postgres/", "storage/tables.rs", "storage/upgrade/"];
    own.iter().any(|own| path.contains(own))
}

/// Statements in strings; transactions and settings aside, which are each engine's own.
fn statements(files: &[Rust]) -> Vec<Sql<'_>> {
    let mut found = Vec::new();
    for file in files.iter().filter(|file| file.path.starts_with("crates/yifa/") && !is_engine(&file.path)) {
        for literal in &file.strings {
            let text = literal.text.trim();
            let whole = BEGINNINGS.iter().any(|word| text.starts_with(word)) && !text.starts_with("UPDATE SET");
            let piece =
                ["SELECT ", " IS NULL", "coalesce(", "count(", "sum(", "excluded."].iter().any(|p| text.contains(p));
            if whole || piece {
                found.push(Sql {
                    place: file.place(literal.at),
                    text,
                    many: many(file, literal.at, literal.end),
                    whole,
                });
            }
        }
    }
    found
}

/// The verbs that read rows in turn.
const READ: [&str; 3] = [".rows(", ".each(", ".until("];

/// Which of the database's verbs is called with the string: the one around it, or else the next one below.
fn many(file: &Rust, at: usize, end: usize) -> bool {
    let verbs = [".one(", ".rows(", ".each(", ".until(", ".run("];
    let before = file.code[..at].trim_end();
    if let Some(verb) = verbs.iter().find(|verb| before.ends_with(**verb)) {
        return READ.contains(verb);
    }
    let below = &file.code[end..];
    let next = verbs.iter().filter_map(|verb| Some((below.find(verb)?, *verb))).min();
    next.is_some_and(|(_, verb)| READ.contains(&verb))
}

#[track_caller]
fn check(remedy: &str, wrong: impl Fn(&Sql<'_>) -> Vec<String>) {
    let files = programs();
    let generated = yifa::projection::all_statements();
    let mut all = statements(&files);
    assert!(all.len() > 40, "only {} statements were found", all.len());
    let place = |nth: usize| format!("crates/yifa/src/projection.rs, generated statement {}", nth + 1);
    all.extend(generated.iter().enumerate().map(|(nth, text)| Sql {
        place: place(nth),
        text,
        many: false,
        whole: true,
    }));
    let found = all
        .iter()
        .flat_map(|sql| wrong(sql).into_iter().map(move |what| format!("{}: {what}\n      {}", sql.place, sql.text)));
    none(found.collect(), remedy);
}

fn when(wrong: bool, what: &str) -> Vec<String> {
    if wrong { vec![what.to_owned()] } else { Vec::new() }
}

#[test]
fn no_statement_has_a_word_that_one_engine_refuses() {
    check("see docs/why/003-one-schema.md", |sql| forbidden(sql.text));
}

#[test]
fn every_statement_names_its_town() {
    check("every statement says `town_id = $1`, and every join of two towns' tables includes it (S3)", |sql| {
        // A roll-up is about all towns, and goes through a door of its own (`only_the_roll_up_asks_about_all_towns_and_it_only_reads`).
        let all = sql.place.contains("query/rollup/");
        let is_about = all || sql.text.contains("town_id = $1") || sql.text.contains("VALUES ($1, ");
        let mut wrong = when(sql.whole && !is_about, "neither `town_id = $1` nor `VALUES ($1, …)`");
        for other in sql.text.match_indices("town_id = $").map(|(at, text)| &sql.text[at + text.len()..]) {
            let number: String = other.chars().take_while(char::is_ascii_digit).collect();
            wrong.extend(when(number != "1", "a town that is another parameter than $1"));
        }
        for join in sql.text.split(" JOIN ").skip(1) {
            let on = join.split_once(" ON ").map_or("", |(_, on)| on);
            let first = on.split(" AND ").next().unwrap_or_default();
            wrong.extend(when(first.matches("town_id").count() != 2, "a join that does not begin with town_id"));
        }
        for inner in sql.text.split("(SELECT ").skip(1) {
            let is_about = inner.contains("town_id = ") || (all && inner.contains("GROUP BY town_id"));
            wrong.extend(when(!is_about, "an inner SELECT without its town"));
        }
        let set = sql.text.split_once(" SET ").map_or("", |(_, set)| set.split(" WHERE ").next().unwrap_or_default());
        wrong.extend(when(set.contains("town_id ="), "town_id is never updated"));
        wrong
    });
}

#[test]
fn parameters_are_numbered() {
    check("write $1…$n: SQLite binds a bare mark by its first appearance (S8)", |sql| {
        let mut wrong = when(
            sql.text.contains('?') || sql.text.contains(" :") || sql.text.contains('@'),
            "another kind of parameter",
        );
        let numbers: BTreeSet<u32> = sql.text.split('$').skip(1).filter_map(number).collect();
        let gap = numbers.iter().zip(1..).any(|(number, place)| *number != place);
        // What is put together has numbers in its pieces.
        wrong.extend(when(sql.whole && !sql.text.contains('{') && gap, "a number left out"));
        wrong
    });
}

fn number(text: &str) -> Option<u32> {
    text.chars().take_while(char::is_ascii_digit).collect::<String>().parse().ok()
}

#[test]
fn no_statement_is_put_together_from_values() {
    check("a value is a parameter; only names of tables and columns and lists of `$n` are put in", |sql| {
        let value =
            |before: &str| ["'", "= ", "> ", "< ", "LIMIT ", "VALUES ("].iter().any(|sign| before.ends_with(sign));
        let put_in = sql.text.match_indices('{').filter(|(at, _)| value(&sql.text[..*at]));
        put_in.map(|(at, _)| format!("a value put in at `{}`", &sql.text[at..])).collect()
    });
}

#[test]
fn the_town_is_bound_by_the_storage_alone() {
    let mut found = Vec::new();
    for file in programs().iter().filter(|file| !file.path.contains("/storage/")) {
        for (at, _) in file.code.match_indices("params![") {
            let given = file.code[at..].split(']').next().unwrap_or_default();
            for word in ["TOWN", "town_id", "town_of"].iter().filter(|word| crate::source::has_word(given, word)) {
                found.push(format!("{}: {word}", file.place(at)));
            }
        }
    }
    none(found, "`$1` is the town of the database that was opened; what is given besides begins with `$2`");
}

#[test]
fn rows_that_are_read_in_turn_are_ordered_by_what_is_unique() {
    let keys = crate::schema::keys();
    check("rows that are equal by the order come in any order: add the rest of a key (S9)", |sql| {
        let Some((select, order)) = sql.text.rsplit_once(" ORDER BY ") else { return Vec::new() };
        let Some((columns, from)) = select.trim_start_matches("SELECT ").split_once(" FROM ") else {
            return Vec::new();
        };
        // Joins, groups and what is put together are for the histories, which compare both engines.
        let beyond = [" JOIN ", " GROUP BY ", "(SELECT ", " UNION "].iter().any(|word| select.contains(word));
        if !sql.whole || !sql.many || beyond || sql.text.contains('{') {
            return Vec::new();
        }
        let order: Vec<&str> = order.split(" LIMIT ").next().unwrap_or_default().split(", ").map(column).collect();
        if let Some(told) = columns.strip_prefix("DISTINCT ") {
            return when(
                told.split(", ").any(|one| !order.contains(&column(one))),
                "told apart by more than the order",
            );
        }
        let fixed = |one: &str| ["$", "'", "0"].iter().any(|to| from.contains(&format!("{one} = {to}")));
        let table = from.split([' ', '\n']).next().unwrap_or_default();
        let is_key = |key: &Vec<String>| key.iter().all(|one| order.contains(&one.as_str()) || fixed(one));
        let unique = keys.iter().filter(|(name, _)| name == table).any(|(_, key)| is_key(key));
        when(!unique, "an order that is not unique")
    });
}

/// The column without whose it is and which way it goes.
fn column(text: &str) -> &str {
    let name = text.trim().split(' ').next().unwrap_or_default();
    name.rsplit('.').next().unwrap_or_default()
}

#[test]
fn upserts_have_the_one_form_all_engines_share() {
    check("INSERT … ON CONFLICT (town_id, …) DO NOTHING or DO UPDATE SET x = excluded.x (S7)", |sql| {
        let Some(rest) = sql.text.strip_prefix("INSERT INTO ") else { return Vec::new() };
        let mut wrong =
            when(!rest.split_once(" (").is_some_and(|(_, columns)| columns.starts_with("town_id")), "columns");
        let Some((_, then)) = rest.split_once("ON CONFLICT ") else { return wrong };
        let (columns, then) = then.split_once(" DO ").unwrap_or_default();
        wrong.extend(when(!columns.starts_with("(town_id"), "the conflict must begin with town_id"));
        let set = then.strip_prefix("UPDATE SET ").map(|set| set.split(" RETURNING ").next().unwrap_or_default());
        for assignment in set.unwrap_or_default().split(", ").filter(|one| !one.is_empty()) {
            let (column, value) = assignment.split_once(" = ").unwrap_or_default();
            // A series and a total go on from what is there: the same on every engine, and still one statement.
            let added = ["counter.n + 1", "CASE WHEN excluded.n > counter.n THEN excluded.n ELSE counter.n END"]
                .contains(&value);
            wrong.extend(when(value != format!("excluded.{column}") && !added, "an assignment of another form"));
        }
        wrong.extend(when(set.is_none() && then != "NOTHING" && then != "{then}", "neither NOTHING nor UPDATE SET"));
        wrong
    });
}

#[test]
fn rows_that_are_read_in_turn_are_ordered() {
    check("ORDER BY a unique key: without it two engines answer in two orders (S9)", |sql| {
        // One statement compares rows as sets.
        let compared = sql.text == "SELECT {} FROM {} WHERE town_id = $1 AND {} = $2";
        let read = sql.whole && sql.many && sql.text.starts_with("SELECT ");
        when(read && !compared && !sql.text.contains(" ORDER BY "), "no ORDER BY")
    });
}

#[test]
fn sums_are_cast() {
    check("CAST(sum(x) AS BIGINT): engines disagree about the type of a sum (S9)", |sql| {
        let sums = sql.text.match_indices("sum(").filter(|(at, _)| {
            let before = &sql.text[..*at];
            !before.ends_with("CAST(") && !before.ends_with("CAST(coalesce(")
        });
        sums.map(|_| "a sum that is not cast".to_owned()).collect()
    });
}

#[test]
fn settings_and_transactions_stay_with_their_engine() {
    let mut found = Vec::new();
    for file in programs().iter().filter(|file| !is_engine(&file.path)) {
        for literal in &file.strings {
            let text = literal.text.trim_start();
            if ["PRAGMA", "CREATE ", "ALTER ", "DROP ", "ATTACH", "VACUUM"].iter().any(|word| text.starts_with(word)) {
                found.push(format!("{}: {text}", file.place(literal.at)));
            }
        }
    }
    none(
        found,
        "what is one engine's own stands in crates/yifa/src/storage/sqlite.rs and storage/postgres/; definitions never change tables",
    );
}

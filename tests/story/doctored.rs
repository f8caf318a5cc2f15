//! Whoever changes the tables themselves, or puts in what no table holds, changes no figure unseen.

use yifa::storage::Value;

use crate::support::{Ask, Scratch, postgres};

#[test]
fn a_trigger_cannot_change_a_figure() {
    let scratch = Scratch::demo();
    let (made, code, named) = match postgres::asked() {
        false => {
            ("CREATE TRIGGER more AFTER INSERT ON fact BEGIN UPDATE counter SET n = n + 7; END", "P706", "trigger more")
        }
        true => {
            ("CREATE RULE more AS ON INSERT TO fact DO ALSO UPDATE counter SET n = n + 7", "P765", "fact 上有触发器")
        }
    };
    scratch.remodel(made);
    scratch.yifa(&["figures", "2023"]).refused(&[code, named]);
}

#[test]
fn a_doctored_index_cannot_change_a_figure() {
    if postgres::sqlite_alone("a_doctored_index_cannot_change_a_figure") {
        return;
    }
    // An index over other values, then renamed to look like ours.
    let scratch = Scratch::demo();
    let db = rusqlite::Connection::open(scratch.data().join("journal.db")).unwrap();
    let sql: String =
        db.query_row("SELECT sql FROM sqlite_schema WHERE name = 'due_open'", [], |row| row.get(0)).unwrap();
    db.execute_batch("DROP INDEX due_open").unwrap();
    db.execute_batch(&sql.replace("last,", "substr(last, 1, 4),")).unwrap();
    db.execute_batch("PRAGMA writable_schema = ON").unwrap();
    db.execute("UPDATE sqlite_schema SET sql = ?1 WHERE name = 'due_open'", [&sql]).unwrap();
    drop(db);
    scratch.yifa(&["rebuild"]).differs(&["index"]);
    scratch.yifa(&["verify"]).differs(&["数据库文件有损坏"]);
}

#[test]
fn what_cannot_even_be_read_is_named_and_not_taken_for_our_fault() {
    spoiled("UPDATE payload SET body = $2", "[1]".into());
    spoiled("UPDATE payload SET salt = $2", Value::Bytes(b"short"[..].into()));
    spoiled("UPDATE entry SET leaf_hash = $2", Value::Bytes([0][..].into()));
}

#[test]
fn a_value_of_another_type_is_named_and_not_taken_for_our_fault() {
    if postgres::sqlite_alone("a_value_of_another_type_is_named_and_not_taken_for_our_fault") {
        return;
    }
    spoiled("UPDATE payload SET salt = $2", "text".into());
    spoiled("UPDATE payload SET body = $2", Value::Bytes([0, 255][..].into()));
    spoiled("UPDATE entry SET recorded_at = $2", "x".into());
}

fn spoiled(change: &str, to: Value<'_>) {
    let scratch = Scratch::demo();
    assert_eq!(scratch.db().change(&format!("{change} WHERE town_id = $1 AND idx = 2000"), &[to]), 1);
    scratch.yifa(&["verify"]).differs(&["第 2000 条"]);
}

//! Whoever changes the past is found out: each change, and the entry, record or field that names it.

use journal::entry::{Leaf, LeafRef};
use journal::hash::leaf_hash;
use journal::payload::{Digests, Salt};
use yifa::storage::{Db, params};

use crate::support::{Ask, CASE, Ran, Scratch};

/// An entry in the middle of the demonstration: a session of a mediation case, with sealed values.
fn session(db: &Db) -> (i64, String) {
    let sql = "SELECT e.idx, e.record FROM entry e JOIN payload p ON p.town_id = e.town_id AND p.idx = e.idx \
               WHERE e.town_id = $1 AND p.body LIKE '%\"step\":\"session\"%' AND e.idx > 1500 ORDER BY e.idx LIMIT 1";
    db.one(sql, params![], |row| Ok((row.get(0)?, row.get(1)?))).unwrap().unwrap()
}

/// Changes the demonstration behind the program's back and verifies: it must say what is named.
#[track_caller]
fn check(change: impl Fn(&Db, i64, &str), names: &[&str]) -> Scratch {
    let scratch = Scratch::demo();
    let db = scratch.db();
    let (entry, record) = session(&db);
    change(&db, entry, &record);
    drop(db);
    let fill = |name: &&str| name.replace("{entry}", &format!("第 {entry} 条")).replace("{record}", &record);
    let names: Vec<String> = names.iter().map(fill).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    scratch.yifa(&["verify"]).differs(&names);
    scratch
}

fn flip(db: &Db, table: &str, column: &str, entry: i64, at: usize) {
    let sql = format!("SELECT {column} FROM {table} WHERE town_id = $1 AND idx = $2");
    let mut bytes: Vec<u8> = db.value(&sql, params![entry]);
    bytes[at] ^= 1;
    let sql = format!("UPDATE {table} SET {column} = $2 WHERE town_id = $1 AND idx = $3");
    assert_eq!(db.change(&sql, params![bytes, entry]), 1);
}

/// Changes what an entry says.
fn alter(db: &Db, entry: i64, change: impl FnOnce(&mut serde_json::Value)) {
    let body: String = db.value("SELECT body FROM payload WHERE town_id = $1 AND idx = $2", params![entry]);
    let mut body = serde_json::from_str(&body).unwrap();
    change(&mut body);
    put(db, entry, &body.to_string());
}

fn put(db: &Db, entry: i64, body: &str) {
    let sql = "UPDATE payload SET body = $2 WHERE town_id = $1 AND idx = $3";
    assert_eq!(db.change(sql, params![body, entry]), 1);
}

#[test]
fn a_changed_entry_is_named() {
    for at in [0, 9, 40, 90] {
        check(|db, entry, _| flip(db, "entry", "leaf", entry, at), &["{entry}"]);
    }
}

#[test]
fn a_changed_hash_salt_or_digest_is_named() {
    check(|db, entry, _| flip(db, "entry", "leaf_hash", entry, 31), &["{entry}", "{record}", "leaf_hash"]);
    check(|db, entry, _| flip(db, "payload", "salt", entry, 0), &["{entry}", "{record}"]);
    check(|db, entry, _| flip(db, "payload", "digests", entry, 5), &["{entry}", "{record}"]);
}

#[test]
fn a_changed_column_beside_an_entry_is_named() {
    for column in ["id", "kind", "record", "actor"] {
        let change = |db: &Db, entry: i64, _: &str| {
            let other = "00000000-0000-7000-8000-000000000000";
            db.change(
                &format!("UPDATE entry SET {column} = '{other}' WHERE town_id = $1 AND idx = $2"),
                params![entry],
            );
        };
        check(change, &["{entry}", column]);
    }
    check(
        |db, entry, _| {
            let sql = "UPDATE entry SET recorded_at = recorded_at - 86400000 WHERE town_id = $1 AND idx = $2";
            db.change(sql, params![entry]);
        },
        &["{entry}", "{record}", "recorded_at"],
    );
}

#[test]
fn a_changed_field_is_named() {
    check(
        |db, entry, _| alter(db, entry, |body| body["fields"]["on"] = "2023-01-01".into()),
        &["{entry}", "{record}", "/fields/on", "内容与记入时不同"],
    );
    check(
        |db, entry, _| alter(db, entry, |body| body["fields"]["extra"] = "多的".into()),
        &["{entry}", "{record}", "/fields/extra"],
    );
    check(
        |db, entry, _| alter(db, entry, |body| drop(body["fields"].as_object_mut().unwrap().remove("on"))),
        &["{entry}", "{record}", "不见了"],
    );
    check(
        |db, entry, _| {
            db.change("UPDATE payload SET body = substr(body, 2) WHERE town_id = $1 AND idx = $2", params![entry]);
        },
        &["{entry}", "{record}", "JSON"],
    );
    check(
        |db, entry, _| {
            db.change("DELETE FROM payload WHERE town_id = $1 AND idx = $2", params![entry]);
        },
        &["{entry}", "{record}", "内容不见了"],
    );
}

#[test]
fn a_changed_sealed_value_is_named() {
    let sealed = |sql: &'static str| {
        move |db: &Db, entry: i64, _: &str| {
            assert_eq!(db.change(sql, params![entry]), 1, "{sql}");
        }
    };
    check(
        sealed("UPDATE sealed SET value = '\"别的话\"' WHERE town_id = $1 AND idx = $2 AND field = 'account'"),
        &["{entry}", "{record}", "/sealed/account"],
    );
    check(
        sealed("DELETE FROM sealed WHERE town_id = $1 AND idx = $2 AND field = 'account'"),
        &["{entry}", "{record}", "不见了"],
    );
    check(
        |db, _, _| {
            let sql = "INSERT INTO sealed (town_id, idx, field, value) VALUES ($1, 999999, 'facts', '\"x\"')";
            db.change(sql, params![]);
        },
        &["第 999999 条", "facts", "没有对应的记入"],
    );
}

#[test]
fn a_changed_tile_or_head_is_named() {
    check(
        |db, _, _| {
            let sql = "UPDATE tile SET hashes = $2 WHERE town_id = $1 AND level = 0 AND n = 3";
            assert_eq!(db.change(sql, params![vec![0u8; 8192]]), 1);
        },
        &["瓦片 0/3"],
    );
    check(
        |db, _, _| {
            db.change("DELETE FROM tile WHERE town_id = $1 AND level = 0 AND n = 4", params![]);
        },
        &["瓦片 0/4"],
    );
    check(
        |db, _, _| {
            db.change("INSERT INTO tile (town_id, level, n, hashes) VALUES ($1, 0, 77, $2)", params![vec![0u8]]);
        },
        &["瓦片应有"],
    );
    check(
        |db, _, _| {
            let mut bytes: Vec<u8> = db.value("SELECT frontier FROM log_head WHERE town_id = $1", params![]);
            *bytes.last_mut().unwrap() ^= 1;
            db.change("UPDATE log_head SET frontier = $2 WHERE town_id = $1", params![bytes]);
        },
        &["log_head"],
    );
}

#[test]
fn a_changed_or_missing_attachment_is_named() {
    let scratch = Scratch::demo();
    let mut files = crate::support::files(&scratch.data().join("files"));
    let (changed, mut bytes) = files.remove(0);
    let (missing, _) = files.remove(0);
    bytes[0] ^= 1;
    std::fs::write(&changed, bytes).unwrap();
    std::fs::remove_file(&missing).unwrap();
    let name = |path: &std::path::Path| path.file_name().unwrap().to_str().unwrap().to_owned();
    scratch
        .yifa(&["verify"])
        .differs(&[&format!("{} 附件的内容被改动过", name(&changed)), &format!("{} 附件不见了", name(&missing))]);
}

#[test]
fn swapped_entries_are_named() {
    check(
        |db, entry, _| {
            // The whole row changes places, payload and sealed values with it.
            for table in ["entry", "payload", "sealed"] {
                for (from, to) in [(entry, -1), (entry + 1, entry), (-1, entry + 1)] {
                    let sql = format!("UPDATE {table} SET idx = $2 WHERE town_id = $1 AND idx = $3");
                    db.change(&sql, params![to, from]);
                }
            }
        },
        &["根与签署时的不同", "瓦片"],
    );
}

/// A payload rewritten with its digests, its leaf, its hash: everything the database says fits together again.
fn forge(db: &Db, entry: i64) {
    let sql = "SELECT e.leaf, p.body FROM entry e JOIN payload p ON p.town_id = e.town_id AND p.idx = e.idx \
               WHERE e.town_id = $1 AND e.idx = $2";
    let read = |row: &yifa::storage::Row<'_>| Ok((row.get::<Vec<u8>>(0)?, row.get::<String>(1)?));
    let (leaf, body) = db.one(sql, params![entry], read).unwrap().unwrap();
    let mut sealed = serde_json::Map::new();
    let sql = "SELECT field, value FROM sealed WHERE town_id = $1 AND idx = $2 ORDER BY field";
    db.each(sql, params![entry], |row| {
        sealed.insert(row.get(0)?, serde_json::from_str(&row.get::<String>(1)?)?);
        Ok(())
    })
    .unwrap();
    let act: serde_json::Value = serde_json::from_str(&body).unwrap();
    let mut act = act;
    act["fields"]["on"] = "2023-02-01".into();
    let body = act.to_string();
    if !sealed.is_empty() {
        act["sealed"] = sealed.into();
    }
    let salt = Salt([7; 32]);
    let digests = Digests::of(&act, &salt).unwrap();
    let mut forged: Leaf = Leaf::parse(&leaf).unwrap();
    forged.commitment = digests.commitment();
    let bytes = forged.to_bytes().unwrap();
    assert!(LeafRef::parse(&bytes).is_ok());
    let sql = "UPDATE entry SET leaf = $2, leaf_hash = $3 WHERE town_id = $1 AND idx = $4";
    db.change(sql, params![bytes, leaf_hash(&bytes).0[..], entry]);
    let sql = "UPDATE payload SET body = $2, salt = $3, digests = $4 WHERE town_id = $1 AND idx = $5";
    db.change(sql, params![body, salt.0[..], digests.to_bytes(), entry]);
}

#[test]
fn an_entry_forged_with_all_its_hashes_does_not_reach_the_signed_root() {
    let scratch = check(|db, entry, _| forge(db, entry), &["根与签署时的不同"]);
    // Nor does the record's next entry, which names the one before it.
    let db = scratch.db();
    let (entry, record) = session(&db);
    let sql = "SELECT idx FROM entry WHERE town_id = $1 AND record = $2 AND idx > $3 ORDER BY idx LIMIT 1";
    let next: i64 = db.value(sql, params![record, entry]);
    drop(db);
    scratch.yifa(&["verify"]).differs(&[&next.to_string()]);
    // The stored tile still remembers the old past: signing refuses it only if the tile was forged too.
    scratch.yifa(&["rebuild"]).differs(&["2023-02-01"]);
}

#[test]
fn every_derived_table_is_held_against_the_journal() {
    let scratch = Scratch::demo();
    let db = scratch.db();
    let (_, record) = session(&db);
    let changes = [
        ("record", "UPDATE record SET state = 'agreed', body = '{}' WHERE {town} AND id = '{record}'"),
        ("record_village", "DELETE FROM record_village WHERE {town} AND record = '{record}'"),
        (
            "field",
            "UPDATE field SET value = value || 'x' WHERE {town} AND record = '{record}' AND field = 'register.dispute'",
        ),
        ("link", "DELETE FROM link WHERE {town} AND record = '{record}'"),
        ("due", "UPDATE due SET last = '2029-01-01' WHERE {town} AND record = '{record}'"),
        ("fact", "UPDATE fact SET value = value + 1 WHERE {town} AND record = '{record}'"),
        ("flag", "DELETE FROM flag WHERE {town} AND day = '2023-09-20'"),
        ("question", "DELETE FROM question WHERE {town} AND {first record, id FROM question}"),
        ("facet", "DELETE FROM facet WHERE {town} AND {first register, filter, value, part FROM facet}"),
        ("sealed_name", "DELETE FROM sealed_name WHERE {town} AND {first idx, digest FROM sealed_name}"),
        ("sealed_name", "UPDATE sealed_name SET digest = 'x' WHERE {town} AND {first idx, digest FROM sealed_name}"),
        ("sealed_name", "INSERT INTO sealed_name (town_id, idx, digest) VALUES ($1, 0, 'x')"),
        (
            "facet",
            "UPDATE facet SET bits = substr(bits, 2) WHERE {town} AND {first register, filter, value, part FROM facet}",
        ),
    ];
    for (_, change) in changes {
        let mut sql = change.replace("{record}", &record).replace("{town}", "town_id = $1");
        if let Some((before, of)) = sql.split_once("{first ") {
            let (columns, table) = of.trim_end_matches('}').split_once(" FROM ").unwrap();
            let first = format!("SELECT {columns} FROM {table} WHERE town_id = $1 ORDER BY {columns} LIMIT 1");
            sql = format!("{before}({columns}) IN ({first})");
        }
        assert!(db.change(&sql, params![]) > 0, "{sql}");
    }
    let first: i64 = db.value("SELECT first_idx FROM record WHERE town_id = $1 AND id = $2", params![record]);
    db.put_words(first, "", true).unwrap();
    db.put_words(99_999_999, "0n770n77", false).unwrap();
    let stranger = "INSERT INTO link (town_id, target, named_by, record) \
                    SELECT town_id, target, named_by, 'nobody' FROM link WHERE town_id = $1 LIMIT 1";
    db.change(stranger, params![]);
    drop(db);
    let ran = scratch.yifa(&["rebuild"]).differs(&["不一致：link nobody 日志中没有这个案卷"]);
    for (table, change) in changes.into_iter().chain([("search", "{record}"), ("search", "")]) {
        let named = if change.contains("{record}") { format!("{table} {record}") } else { format!("{table} ") };
        assert!(ran.out.contains(&format!("不一致：{named}")), "{named}: {}", ran.out);
    }
    // The journal itself was not touched, and the tables are mended from it.
    scratch.yifa(&["verify"]).done();
    scratch.yifa(&["rebuild", "--mend"]).done();
    scratch.yifa(&["rebuild"]).done();
}

fn step(scratch: &Scratch) -> Ran {
    scratch.yifa_given(&["step", "mediation_case", "new", "register", "--file", "-"], CASE.as_bytes())
}

#[test]
fn an_old_backup_is_not_signed_over() {
    let scratch = Scratch::township();
    let old = scratch.backup();
    step(&scratch).done();
    let signed = scratch.entries();
    scratch.restore(old);
    scratch.yifa(&["verify"]).differs(&[&format!("已签署 {signed} 条"), "不见了"]);
    step(&scratch).refused(&["P720", &format!("而已经签署过 {signed} 条"), "旧备份"]);
    assert_eq!(scratch.entries(), signed - 1);
}

#[test]
fn deleted_last_entries_are_missed() {
    let scratch = Scratch::demo();
    let size = scratch.entries();
    let db = scratch.db();
    for table in ["entry", "payload", "sealed"] {
        db.change(&format!("DELETE FROM {table} WHERE town_id = $1 AND idx >= 2580"), params![]);
    }
    drop(db);
    scratch.yifa(&["verify"]).differs(&[&format!("已签署 {size} 条，实有 2580 条")]);
    // Nor is anything written on top of the hole.
    scratch
        .yifa(&["definitions", "adopt", "--reason", "x"])
        .refused(&["P725", &format!("日志记着有 {size} 条，实有 2580 条")]);
    assert_eq!(scratch.entries(), 2580);
}

#[test]
fn an_attachment_that_a_correction_brought_is_verified_too() {
    let scratch = Scratch::demo();
    scratch.write("二.txt", "第二份".as_bytes());
    scratch.write("告知.toml", "on = 2024-01-30\nway = \"written\"\ntold = [\"nature\", \"principle\", \"effect\", \"rights\", \"duties\"]\nnotice = \"二.txt\"\n".as_bytes());
    let sql = "SELECT number FROM record WHERE town_id = $1 AND register = 'mediation_case' AND state = 'open' \
               ORDER BY id LIMIT 1";
    let open: String = scratch.db().value(sql, params![]);
    scratch.yifa(&["step", "mediation_case", &open, "tell_rights", "--file", "告知.toml"]).done();
    let told = scratch.entries() - 1;
    let correction = format!("of = \"{told}\"\nreason = \"换一份\"\n[fields]\nnotice = \"二.txt\"\n");
    scratch.write("更正.toml", correction.as_bytes());
    scratch.write("二.txt", "第三份".as_bytes());
    scratch.yifa(&["step", "mediation_case", &open, "correct", "--file", "更正.toml"]).done();
    scratch.yifa(&["verify"]).done();
    let kept = std::fs::read_dir(scratch.data().join("files")).unwrap();
    let third = kept
        .map(|file| file.unwrap().path())
        .find(|path| std::fs::read_to_string(path).is_ok_and(|text| text == "第三份"))
        .unwrap();
    std::fs::write(third, "别的").unwrap();
    scratch.yifa(&["verify"]).differs(&["附件的内容被改动过"]);
}

#[test]
fn a_missing_or_foreign_second_file_is_not_signed_over() {
    let scratch = Scratch::township();
    let second = scratch.data().join("signed/checkpoint");
    let own = std::fs::read(&second).unwrap();
    let before = scratch.entries();

    std::fs::remove_file(&second).unwrap();
    step(&scratch).refused(&["P721"]);
    scratch.yifa(&["verify"]).differs(&["signed/checkpoint 不见了"]);

    // The checkpoint of another journal, signed by another key.
    let other = Scratch::init();
    std::fs::copy(other.data().join("signed/checkpoint"), &second).unwrap();
    step(&scratch).refused(&["P72"]);
    scratch.yifa(&["verify"]).differs(&[]);

    for broken in [&b""[..], b"\n", b"garbage", &own[..own.len() / 2], &own[..own.len() - 5]] {
        std::fs::write(&second, broken).unwrap();
        step(&scratch).refused(&["P72"]);
        scratch.yifa(&["verify"]).differs(&[]);
    }
    std::fs::write(&second, &own).unwrap();
    assert_eq!(scratch.entries(), before);
    step(&scratch).done();
    scratch.is_sound();
}

#[test]
fn another_key_signs_nothing() {
    let scratch = Scratch::township();
    let other = Scratch::init();
    let key = scratch.data().join("log.key");
    let own = std::fs::read(&key).unwrap();
    std::fs::copy(other.data().join("log.key"), &key).unwrap();
    step(&scratch).refused(&["P72"]);
    scratch.yifa(&["verify"]).differs(&[]);
    std::fs::write(&key, own).unwrap();
    scratch.is_sound();
}

/// A forged past, tiles and head and all: what only the second file can tell.
#[test]
fn a_fork_is_not_signed() {
    let scratch = Scratch::township();
    let db = scratch.db();
    forge(&db, scratch.entries() - 1);
    let mut frontier = journal::tree::Frontier::new();
    for hash in db.values::<Vec<u8>>("SELECT leaf_hash FROM entry WHERE town_id = $1 ORDER BY idx", params![]) {
        frontier.push(journal::hash::Hash(hash.try_into().unwrap()));
    }
    db.change("UPDATE log_head SET frontier = $2 WHERE town_id = $1", params![frontier.to_bytes()]);
    drop(db);
    let before = scratch.entries();
    step(&scratch).refused(&["P722", "被改动过"]);
    scratch.yifa(&["verify"]).differs(&["根与签署时的不同"]);
    assert_eq!(scratch.entries(), before);
}

#[test]
fn an_entry_that_is_gone_is_said_once_and_what_follows_is_judged_at_its_own_number() {
    let scratch = Scratch::demo();
    let change = |sql: &str| assert!(scratch.db().change(sql, params![]) > 0);
    change("DELETE FROM entry WHERE town_id = $1 AND idx = 1000");
    alter(&scratch.db(), 2000, |body| body["x"] = 1.into());
    let ran = scratch.yifa(&["verify"]).differs(&["第 1000 条 不见了", "第 2000 条", "/x", "根与签署时的不同"]);
    assert!(ran.out.lines().count() < 12, "{}", ran.out);
    change("DELETE FROM entry WHERE town_id = $1 AND idx BETWEEN 1000 AND 1003");
    scratch.yifa(&["verify"]).differs(&["第 1000 条 至第 1003 条不见了"]);
    change("UPDATE entry SET idx = 4000000000000 WHERE town_id = $1 AND idx = 2592");
    scratch.yifa(&["verify"]).differs(&["第 4000000000000 条", "不该有"]);
}

#[test]
fn a_payload_that_says_nothing_is_named_by_rebuild() {
    for body in ["not json", "{}", "[]"] {
        let scratch = Scratch::demo();
        let (entry, record) = session(&scratch.db());
        put(&scratch.db(), entry, body);
        scratch.yifa(&["rebuild"]).differs(&[&format!("第 {entry} 条"), &record, "共 1 处"]);
        scratch.yifa(&["verify"]).differs(&[&format!("第 {entry} 条")]);
        // Without its definitions nothing can be derived at all.
        put(&scratch.db(), 0, body);
        scratch.yifa(&["rebuild"]).refused(&["P722", "第 0 条"]);
        scratch.yifa(&["verify"]).differs(&["第 0 条"]);
    }
}

#[test]
fn a_counter_moved_is_seen_and_set_right() {
    for change in ["n = n + 5", "n = n - 1", "n = 0"] {
        let scratch = Scratch::demo();
        let sql = format!("UPDATE counter SET {change} WHERE town_id = $1 AND year = 2023");
        assert!(scratch.db().change(&sql, params![]) > 0);
        scratch.yifa(&["verify"]).done();
        scratch.yifa(&["rebuild"]).differs(&["counter", "2023 年的编号数到"]);
        scratch.yifa(&["rebuild", "--mend"]).done();
        scratch.yifa(&["rebuild"]).done();
    }
}

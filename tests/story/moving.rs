//! A township carried to another database: whole, or not at all, and the source never harmed.

use std::path::Path;
use std::process::Stdio;

use yifa::storage::params;

use crate::support::{Ask, Scratch, behind, files, postgres};

/// Where a township can be carried to: a folder, and on PostgreSQL another database as well.
fn goals(scratch: &Scratch) -> Vec<String> {
    let folder = scratch.path().join("there").display().to_string();
    std::iter::once(folder).chain(postgres::fresh()).collect()
}

fn counted(scratch: &Scratch, data: &str) -> String {
    let figures = scratch.yifa(&["--data", data, "figures", "2023", "--json"]).done().out;
    let listed = scratch.yifa(&["--data", data, "list", "mediation_case", "--limit", "500", "--json"]).done().out;
    let found = scratch.yifa(&["--data", data, "flags", "--json"]).done().out;
    [figures, listed, found].concat()
}

#[test]
fn a_township_is_carried_there_and_back_and_nothing_of_it_differs() {
    let scratch = Scratch::demo();
    let before = counted(&scratch, "yifa-data");
    let entries = scratch.entries();
    scratch.yifa(&["move", "--from", "yifa-data", "--to", "there"]).done().says(&[&format!("{entries} 条记入")]);
    assert_eq!(counted(&scratch, "there"), before);
    scratch.yifa(&["--data", "there", "verify"]).done();
    scratch.yifa(&["--data", "there", "rebuild"]).done();
    // Two places that both go on would be two histories: the old one only reads.
    scratch.yifa(&["rebuild", "--mend"]).refused(&["P771", "搬到"]);
    assert_eq!(counted(&scratch, "yifa-data"), before);
    let next = goals(&scratch).pop().expect("somewhere");
    let next = if next.contains("://") { next } else { scratch.path().join("back").display().to_string() };
    scratch.yifa(&["move", "--from", "there", "--to", &next]).done();
    let data = if next.contains("://") { "there" } else { "back" };
    assert_eq!(counted(&scratch, data), before);
    scratch.yifa(&["--data", data, "verify"]).done();
    scratch.yifa(&["--data", data, "rebuild"]).done();
    if let Some(url) = postgres::of_folder(&scratch.path().join("there")) {
        postgres::drop_database(&url);
    }
}

#[test]
fn a_move_that_was_killed_goes_on_and_the_source_is_as_it_was() {
    let scratch = Scratch::demo();
    let kept = |folder: &Path| -> Vec<_> {
        // A reader that is killed leaves the log of what it read, which is empty.
        let beside = |path: &Path| ["lock", "-wal", "-shm"].iter().any(|end| path.to_string_lossy().ends_with(end));
        files(folder).into_iter().map(|(path, _)| path).filter(|path| !beside(path)).collect()
    };
    let (before, entries) = (kept(&scratch.data()), scratch.entries());
    let figures = counted(&scratch, "yifa-data");
    for round in 0..4 {
        let mut moving = scratch.command(&["move", "--from", "yifa-data", "--to", "there"]);
        let mut child = moving.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("a move");
        let there = scratch.path().join("there/journal.db-wal");
        let arrived = || std::fs::metadata(&there).map_or(0, |file| file.len());
        // Killed as soon as something has arrived, and a little more each time, however quick the machine is.
        while arrived() <= round * 500_000 && child.try_wait().expect("its state").is_none() {
            std::thread::yield_now();
        }
        child.kill().expect("killed");
        child.wait().expect("gone");
        assert!(!scratch.path().join("there/yifa.toml").exists(), "no folder before everything was compared");
        assert_eq!(kept(&scratch.data()), before);
        assert_eq!(scratch.entries(), entries);
    }
    scratch.yifa(&["move", "--from", "yifa-data", "--to", "there"]).done();
    assert_eq!(counted(&scratch, "there"), figures);
    scratch.yifa(&["--data", "there", "rebuild"]).done();
}

#[test]
fn what_lies_at_the_goal_already_must_be_the_beginning_of_what_is_carried() {
    let (scratch, other) = (Scratch::township(), Scratch::township());
    // What was carried once and broken off, and then something else recorded in its place.
    scratch.yifa(&["move", "--from", "yifa-data", "--to", "there"]).done();
    std::fs::remove_file(scratch.path().join("there/yifa.toml")).unwrap();
    let there = scratch.path().join("there").display().to_string();
    let from = other.data().display().to_string();
    scratch.yifa(&["move", "--from", &from, "--to", &there]).refused(&["P772", "另一段日志"]);
    other.is_sound();
    other.yifa(&["move", "--from", "yifa-data", "--to", "yifa-data"]).refused(&["P701"]);
    if let Some(url) = postgres::fresh() {
        other.yifa(&["move", "--from", "yifa-data", "--to", &url]).done();
        let third = Scratch::township();
        third.yifa(&["move", "--from", "yifa-data", "--to", &url]).refused(&["P772"]);
        third.is_sound();
    }
}

#[test]
fn a_row_that_changes_on_its_way_is_noticed_and_nothing_is_changed_over() {
    let scratch = Scratch::township();
    // A payload rewritten at the source: it arrives as it is, and does not verify there.
    let sql = "UPDATE payload SET body = replace(body, '黄沙村', '黑沙村') WHERE town_id = $1 AND idx = \
               (SELECT max(idx) FROM payload WHERE town_id = $1)";
    assert_eq!(behind(&scratch.data(), "journal.db").change(sql, params![]), 1);
    scratch.yifa(&["move", "--from", "yifa-data", "--to", "there"]).refused(&["P773", "什么也没有换"]);
    assert!(!scratch.path().join("there/yifa.toml").exists());
    assert!(scratch.entries() > 0);
}

#[test]
fn a_folder_of_the_version_before_is_upgraded_and_the_old_file_kept() {
    let scratch = Scratch::township();
    if postgres::sqlite_alone("a_folder_of_the_version_before_is_upgraded_and_the_old_file_kept") {
        return;
    }
    scratch.remodel(
        "DROP TABLE town; CREATE TABLE town (town_id BIGINT NOT NULL, origin TEXT NOT NULL, name TEXT NOT NULL, \
         PRIMARY KEY (town_id)); PRAGMA user_version = 1;",
    );
    scratch.yifa(&["list", "village"]).refused(&["P716", "yifa upgrade"]);
    scratch.yifa(&["upgrade", "--dry-run"]).done().says(&["由第 1 版升级到第 2 版", "什么也没有做"]);
    scratch.yifa(&["list", "village"]).refused(&["P716"]);
    scratch.yifa(&["upgrade"]).done().says(&["旧的数据库在"]);
    scratch.is_sound();
    let town: String = scratch.db().value("SELECT name FROM town WHERE town_id = $1", params![]);
    assert_eq!(town, "青石乡");
    let kept = rusqlite::Connection::open(scratch.data().join("journal.第1版.db")).unwrap();
    let entries: i64 = kept.query_row("SELECT count(*) FROM entry", [], |row| row.get(0)).unwrap();
    assert_eq!(entries, scratch.entries());
    scratch.yifa(&["upgrade"]).done().says(&["不用升级"]);
}

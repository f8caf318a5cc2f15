//! A township whose register of mediation cases holds a million records, for benches that ask of many.
//!
//! The folder is built once, under `target/bench-data`, and used again while schema and definitions stay the same. A few
//! hundred entries in it are ordinary work; the rest of its rows are written by the projection, without the steps they
//! would be derived from. It can be served and read, not verified.

#![allow(dead_code, reason = "each bench uses its part")]

use std::path::PathBuf;
use std::time::Instant;

use engine::day::Day;
use engine::record::{FieldRow, Head, Link, Rows};
use journal::hash::Hash;
use yifa::folder::Folder;
use yifa::projection::facet::{self, Changes, Parts};
use yifa::projection::{self, Of};
use yifa::sets::Sets;
use yifa::storage::{Db, log, params};

use super::row;
use super::town::{self, Seed, Town};

/// The register.
pub const REGISTER: &str = "mediation_case";
/// The first year in which records were opened.
pub const FIRST_YEAR: i16 = 2014;
/// In how many years.
pub const YEARS: u64 = 12;
/// Entries of a record: as many places lie between one record and the next.
const STEPS: u64 = 4;
/// The places before those are the ordinary work's.
const ORDINARY: u64 = 2_000;

/// The villages, in the order they were founded.
pub fn villages(db: &Db) -> Vec<String> {
    let sql = "SELECT id FROM record WHERE town_id = $1 AND register = 'village' ORDER BY opened, first_idx";
    db.rows(sql, params![], |row| row.get(0)).unwrap()
}

/// The folder of so many records, built if there is none yet of this schema.
pub fn home(count: u64) -> PathBuf {
    row::kept(&format!("million-{count}"), town::shipped(), include_str!("million.rs"), |path| {
        let mut town = Town::found(path, FIRST_YEAR, 5);
        town.clerk(Day::new(FIRST_YEAR, 1, 1).unwrap());
        let work = town.year(FIRST_YEAR, 300);
        town.enter(work);
        town.stop();
        fill(&town.folder, count);
    })
}

fn fill(folder: &Folder, count: u64) {
    let (db, _lock) = folder.writer().unwrap();
    let sets = Sets::load(&db).unwrap();
    let register = sets.current().unwrap().set.register(REGISTER).unwrap().clone();
    let (villages, mut dice) = (villages(&db), Seed(11));
    let mut head = log::Head::load(&db).unwrap();
    let (begun, mut facets, mut end) = (Instant::now(), Changes::new(), 0);
    let mut parts = Parts::default();
    db.begin_writing().unwrap();
    for nth in 0..count {
        let first = ORDINARY + nth * STEPS;
        let id = format!("{nth:08x}-0000-7000-8000-{:012x}", dice.next() >> 16);
        let last = first + dice.below(STEPS);
        entry(&db, first, &id);
        if last > first {
            entry(&db, last, &id);
        }
        end = last + 1;
        let rows = record(nth, count, last, &villages, &mut dice);
        let of = Of { record: &id, register: &register, first };
        projection::write(&db, &of, last, &Rows::default(), &rows, &mut facets).unwrap();
        if nth % 50_000 == 49_999 {
            facet::write(&db, &mut parts, &std::mem::take(&mut facets)).unwrap();
            db.commit().unwrap();
            db.begin_writing().unwrap();
            eprintln!("{}: {:.0} s", nth + 1, begun.elapsed().as_secs_f64());
        }
    }
    facet::write(&db, &mut parts, &facets).unwrap();
    // The journal says that it is as long as it looks.
    while head.size() < end {
        head.frontier.push(Hash([0; 32]));
    }
    head.store(&db).unwrap();
    db.commit().unwrap();
}

fn entry(db: &Db, idx: u64, record: &str) {
    let sql = "INSERT INTO entry (town_id, idx, id, kind, record, recorded_at, actor, leaf, leaf_hash) \
               VALUES ($1, $2, $3, 'step', $4, 0, '', x'00', x'00')";
    db.run(sql, params![idx as i64, format!("{idx:036}"), record]).unwrap();
}

/// A record of the `nth` place, spread over the years in the order they are recorded, a month late at most.
fn record(nth: u64, count: u64, last: u64, villages: &[String], dice: &mut Seed) -> Rows {
    let first = Day::new(FIRST_YEAR, 2, 1).unwrap();
    let days = (YEARS * 365 - 31) * nth / count;
    let opened = first.plus_days(days as i32 - dice.below(31) as i32).unwrap();
    let village = villages[dice.below(7) as usize].clone();
    let dispute = match dice.below(1_000) {
        0 => "internet",
        1..=300 => "neighbour",
        other => ["family", "housing", "contract", "damage"][other as usize % 4],
    };
    let origin = if opened.year() == FIRST_YEAR && dice.below(3) == 0 {
        "court"
    } else {
        ["party", "committee"][dice.below(2) as usize]
    };
    let state = ["archived", "archived", "archived", "archived", "open", "agreed"][dice.below(6) as usize];
    let field = |field: &str, value: &str| FieldRow { field: format!("register.{field}"), value: value.to_owned() };
    Rows {
        head: Head {
            number: Some(format!("（{}）甲村人调字第{}号", opened.year(), nth + 1)),
            state: state.to_owned(),
            title: title(dice),
            opened: Some(opened),
            last_entry: last,
            body: "{\"register\":{\"form\":\"written\",\"copies\":2,\"told\":[\"nature\",\"principle\",\"effect\"]}}"
                .to_owned(),
        },
        villages: vec![village.clone()],
        fields: vec![field("dispute", dispute), field("origin", origin)],
        links: vec![Link { to: village, by: "register.villages".to_owned() }],
        ..Rows::default()
    }
}

/// A title of eleven signs: a common phrase in three of ten, a rarer one in one of a hundred, the rest of any.
fn title(dice: &mut Seed) -> String {
    let mut title: String = (0..7).map(|_| sign(dice.below(800))).collect();
    title.push_str(match dice.below(100) {
        0..30 => "界址争执",
        30 => "山林权属",
        31..60 => "家务纠纷",
        _ => "其他事由",
    });
    title
}

/// One of many signs.
pub fn sign(nth: u64) -> char {
    char::from_u32(0x4e00 + (nth % 800) as u32 * 19).unwrap()
}

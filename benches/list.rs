//! Pages of twenty with their exact totals out of a million records of one register, beside one record looked up by id.
//!
//! The folder is built once, under `target/bench-data`, and used again while schema and definitions stay the same. Its
//! rows are written by the projection, without the steps they would be derived from.

mod row;
mod town;

use std::path::PathBuf;
use std::time::Instant;

use engine::day::Day;
use engine::definition::Register;
use engine::record::{FieldRow, Head, Link, Rows};
use row::Wanted;
use rusqlite::params;
use town::{Seed, Town};
use yifa::folder::Folder;
use yifa::projection::facet::{self, Changes};
use yifa::projection::{self, Of};
use yifa::query::list::{Asked, Sort, SortBy, ids, page, total};
use yifa::sets::Sets;
use yifa::storage::{Db, TOWN};

const REGISTER: &str = "mediation_case";
const FIRST_YEAR: i16 = 2014;
const YEARS: u64 = 12;
/// Entries of a record: as many places lie between one record and the next.
const STEPS: u64 = 4;

fn main() {
    let quick = row::is_quick();
    let (count, rounds) = if quick { (3_000, 2) } else { (1_000_000, 300) };
    let folder = Folder::open(&home(count)).unwrap();
    let db = folder.reader().unwrap();
    let sets = Sets::load(&db).unwrap();
    let register = sets.current().unwrap().set.register(REGISTER).unwrap();
    let mut bench = Bench { db: &db, register, rounds, dice: Seed(7), floor: None, villages: villages(&db) };

    row::head_of_times(&format!("list: 20 of {count} records, the first page and its total"));
    let sql = "SELECT id FROM record WHERE town_id = $1 AND register = $2 ORDER BY opened, first_idx LIMIT 5000";
    let known: Vec<String> = db.rows(sql, params![TOWN, REGISTER], |row| row.get(0)).unwrap();
    let floor = bench.time(1, |_, nth| {
        let sql = "SELECT title FROM record WHERE town_id = $1 AND id = $2";
        db.one(sql, params![TOWN, known[nth * 7 % known.len()]], |row| row.get::<_, String>(0)).unwrap();
    });
    bench.floor = Some(row::times("floor: one record by its id", floor, None, Wanted::Nothing));

    let fields = |wanted: &[(&str, &str)]| -> Vec<(String, String)> {
        wanted.iter().map(|(field, value)| (format!("register.{field}"), (*value).to_owned())).collect()
    };
    let (often, both) = (fields(&[("dispute", "neighbour")]), fields(&[("dispute", "neighbour"), ("origin", "party")]));
    let (seldom, once) = (fields(&[("dispute", "internet")]), fields(&[("origin", "court")]));
    let titled = Sort { by: SortBy::Title, descending: false };
    let fast = || Wanted::Most(10.0);
    let slow = || Wanted::Most(150.0);
    bench.list("no filter", fast(), |_, _| {});
    bench.list("one choice, 30 % of all", fast(), |asked, _| asked.fields = &often);
    let villages = bench.villages.clone();
    bench.list("choice and village", fast(), |asked, nth| {
        asked.fields = &often;
        asked.village = Some(&villages[nth % 7]);
    });
    bench.list("state and year", fast(), |asked, nth| {
        asked.state = Some(["archived", "open", "agreed"][nth % 3]);
        asked.year = Some(FIRST_YEAR + (nth as u64 % YEARS) as i16);
    });
    bench.list("state, all years", fast(), |asked, _| asked.state = Some("archived"));
    bench.list("scope of one village", fast(), |asked, nth| asked.scope = Some(&villages[nth % 7..=nth % 7]));
    bench.list("scope of three villages, two choices, state, year", slow(), |asked, nth| {
        asked.scope = Some(&villages[nth % 4..nth % 4 + 3]);
        asked.fields = &both;
        asked.state = Some("archived");
        asked.year = Some(FIRST_YEAR + (nth as u64 % YEARS) as i16);
    });
    bench.list("two choices of 30 and 50 %", slow(), |asked, _| asked.fields = &both);
    bench.list("a choice of one in a thousand", slow(), |asked, _| asked.fields = &seldom);
    bench.list("a choice only the oldest year has", slow(), |asked, _| asked.fields = &once);
    bench.list("one choice, by title", slow(), |asked, _| (asked.fields, asked.sort) = (&often, titled));
    bench.list("a choice of one in a thousand, by title", slow(), |asked, _| {
        (asked.fields, asked.sort) = (&seldom, titled);
    });
    bench.list("one choice, by number, the last first", slow(), |asked, _| {
        (asked.fields, asked.sort) = (&often, Sort { by: SortBy::Number, descending: true });
    });
    bench.list("one choice, by last change", slow(), |asked, _| {
        (asked.fields, asked.sort) = (&often, Sort { by: SortBy::Changed, descending: true });
    });
    bench.list("search: two characters, 30 % of all", slow(), |asked, _| asked.search = Some("界址"));
    bench.list("search: two characters, one in a hundred", slow(), |asked, _| asked.search = Some("山林"));
    bench.list("search: two characters of few", slow(), |asked, nth| asked.search = Some(&PAIRS[nth % PAIRS.len()]));
    bench.list("search: four characters, 30 % of all", slow(), |asked, _| asked.search = Some("界址争执"));
    bench.list("search: one character", slow(), |asked, _| asked.search = Some("址"));
    bench.list("search: part of a number", slow(), |asked, _| asked.search = Some("2014甲村人调字第12345号"));
    bench.list("search, choice and village", slow(), |asked, nth| {
        asked.search = Some("界址");
        asked.fields = &often;
        asked.village = Some(&villages[nth % 7]);
    });
    bench.deep(&often);
    bench.export();
}

/// Two characters that stand side by side in few titles.
static PAIRS: std::sync::LazyLock<Vec<String>> =
    std::sync::LazyLock::new(|| (0..40).map(|nth| [sign(nth * 17), sign(nth * 5 + 3)].iter().collect()).collect());

struct Bench<'b> {
    db: &'b Db,
    register: &'b Register,
    rounds: usize,
    dice: Seed,
    floor: Option<f64>,
    villages: Vec<String>,
}

impl<'b> Bench<'b> {
    fn time(&mut self, share: usize, mut work: impl FnMut(&mut Seed, usize)) -> Vec<f64> {
        let mut times = Vec::new();
        for nth in 0..(self.rounds / share).max(1) + 1 {
            let begun = Instant::now();
            work(&mut self.dice, nth);
            times.push(begun.elapsed().as_secs_f64() * 1e3);
        }
        // The first finds nothing in memory yet, as nobody's second page does.
        times.split_off(1)
    }

    fn list<'q>(&mut self, work: &str, wanted: Wanted, ask: impl Fn(&mut Asked<'q>, usize))
    where
        'b: 'q,
    {
        let (db, register) = (self.db, self.register);
        let mut totals = Vec::new();
        let times = self.time(1, |_, nth| {
            let mut asked = Asked::all(register);
            ask(&mut asked, nth);
            totals.push(page(db, &asked, None, 20).unwrap().total);
        });
        totals.sort_unstable();
        row::times(&format!("{work} ({})", totals[totals.len() / 2]), times, self.floor, wanted);
    }

    /// The next page, again and again: what a page far down costs.
    fn deep(&mut self, fields: &[(String, String)]) {
        let (db, mut asked, mut cursor) = (self.db, Asked::all(self.register), None);
        asked.fields = fields;
        let times = self.time(1, |_, _| cursor = page(db, &asked, cursor.as_ref(), 20).unwrap().next);
        row::times("one choice, the next page and the next", times, self.floor, Wanted::Most(150.0));
    }

    fn export(&mut self) {
        let (db, asked) = (self.db, Asked::all(self.register));
        let begun = Instant::now();
        let mut count = 0;
        ids(db, &asked, |_| {
            count += 1;
            Ok(())
        })
        .unwrap();
        assert_eq!(count, total(db, &asked).unwrap());
        row::number("all ids, for an export", begun.elapsed().as_secs_f64(), "s", Wanted::Nothing);
    }
}

fn villages(db: &Db) -> Vec<String> {
    let sql = "SELECT id FROM record WHERE town_id = $1 AND register = 'village' ORDER BY opened, first_idx";
    db.rows(sql, [TOWN], |row| row.get(0)).unwrap()
}

/// The folder of so many records, built if there is none yet of this schema.
fn home(count: u64) -> PathBuf {
    let schema = include_str!("../crates/yifa/src/storage/schema.sql");
    let files: String = town::shipped().into_iter().map(|(path, text)| path + &text).collect();
    let mark = yifa::sets::sha256(&format!("{files}{schema}{}", include_str!("list.rs")));
    let shape = format!("list-{count}-");
    let home = row::data().join(format!("{shape}{}", &mark[..12]));
    if home.join("done").exists() {
        return home.join("town");
    }
    for old in std::fs::read_dir(row::data()).unwrap().map(|old| old.unwrap()) {
        if old.file_name().to_string_lossy().starts_with(&shape) {
            std::fs::remove_dir_all(old.path()).unwrap();
        }
    }
    std::fs::create_dir_all(&home).unwrap();
    let mut town = Town::found(&home.join("town"), FIRST_YEAR, 5);
    town.stop();
    fill(&town.folder, count);
    std::fs::write(home.join("done"), "").unwrap();
    home.join("town")
}

fn fill(folder: &Folder, count: u64) {
    let (db, _lock) = folder.writer().unwrap();
    let sets = Sets::load(&db).unwrap();
    let register = sets.current().unwrap().set.register(REGISTER).unwrap().clone();
    let (villages, mut dice) = (villages(&db), Seed(11));
    let (begun, mut facets) = (Instant::now(), Changes::new());
    db.batch("BEGIN").unwrap();
    for nth in 0..count {
        let first = 1_000 + nth * STEPS;
        let id = format!("{nth:08x}-0000-7000-8000-{:012x}", dice.next() >> 16);
        let last = first + dice.below(STEPS);
        entry(&db, first, &id);
        if last > first {
            entry(&db, last, &id);
        }
        let rows = record(nth, count, last, &villages, &mut dice);
        let of = Of { record: &id, register: &register, first };
        projection::write(&db, &of, last, &Rows::default(), &rows, &mut facets).unwrap();
        if nth % 50_000 == 49_999 {
            facet::write(&db, &std::mem::take(&mut facets)).unwrap();
            db.batch("COMMIT; BEGIN").unwrap();
            eprintln!("{}: {:.0} s", nth + 1, begun.elapsed().as_secs_f64());
        }
    }
    facet::write(&db, &facets).unwrap();
    db.batch("COMMIT").unwrap();
}

fn entry(db: &Db, idx: u64, record: &str) {
    let sql = "INSERT INTO entry (town_id, idx, id, kind, record, recorded_at, actor, leaf, leaf_hash) \
               VALUES ($1, $2, $3, 'step', $4, 0, '', x'00', x'00')";
    db.run(sql, params![TOWN, idx as i64, format!("{idx:036}"), record]).unwrap();
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
fn sign(nth: u64) -> char {
    char::from_u32(0x4e00 + (nth % 800) as u32 * 19).unwrap()
}

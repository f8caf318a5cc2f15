//! Pages of twenty with their exact totals out of a million records of one register, beside one record looked up by id.
//!
//! The folder is that of `million.rs`.

mod million;
mod row;
mod town;

use std::time::Instant;

use engine::definition::Register;
use million::{FIRST_YEAR, REGISTER, YEARS, home, sign, villages};
use row::Wanted;
use town::Seed;
use yifa::folder::Folder;
use yifa::query::list::{Asked, Sort, SortBy, ids, page, total};
use yifa::sets::Sets;
use yifa::storage::{Db, params};

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
    let known: Vec<String> = db.rows(sql, params![REGISTER], |row| row.get(0)).unwrap();
    let floor = bench.time(1, |_, nth| {
        let sql = "SELECT title FROM record WHERE town_id = $1 AND id = $2";
        db.one(sql, params![known[nth * 7 % known.len()]], |row| row.get::<String>(0)).unwrap();
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

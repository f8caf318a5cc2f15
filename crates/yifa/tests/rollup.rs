//! Figures over several townships: the same sums as each of them gives by itself, on a server and out of folders.

#[allow(dead_code)] // Each program uses its part.
#[path = "../../../tests/support/server.rs"]
mod server;
#[path = "../../../benches/town.rs"]
mod town;

use std::collections::BTreeMap;
use std::path::Path;

use engine::definition::{Counts, Definitions, Figure, Over};
use engine::figure::{Number, Period, Reading};
use server::{Server, TESTED};
use town::{Seed, Town};
use yifa::folder::{Folder, Town as Named};
use yifa::query::figures;
use yifa::query::rollup::{
    Asked, Level, Rolled as All, Town as Rolled, Within, group, of_folders, of_server, rolled_on_server,
};
use yifa::sets;
use yifa::storage::postgres::Url;
use yifa::storage::town_of;

/// Four townships of three counties; one of them has recorded nothing of its own.
const TOWNS: [(Named<'static>, usize); 4] = [
    (named("t/a", "一乡", "甲县", "东市", "甲省"), 300),
    (named("t/b", "二乡", "甲县", "东市", "甲省"), 120),
    (named("t/c", "三乡", "乙县", "东市", "甲省"), 0),
    (named("t/d", "一乡", "丙县", "西市", "乙省"), 60),
];

const fn named(
    origin: &'static str,
    town: &'static str,
    county: &'static str,
    city: &'static str,
    province: &'static str,
) -> Named<'static> {
    Named { origin, town, county, city, province }
}

fn found(root: &Path, database: Option<&str>) -> Vec<Folder> {
    let found = TOWNS.iter().zip(1..).map(|((named, entries), seed)| {
        let path = root.join(named.origin.replace('/', "-"));
        let mut town = Town::found_as(&path, *named, database, 2023, seed);
        let work = town.year(2023, *entries);
        town.enter(work);
        town.stop();
        Folder::open(&path).unwrap()
    });
    found.collect()
}

fn shipped() -> Definitions {
    sets::check(&sets::shipped()).unwrap()
}

/// Holds figures over all townships against what each gives by itself.
fn check(
    folders: &[Folder],
    set: &Definitions,
    asked: &[&Figure],
    roll: impl Fn(&Figure, Period, Option<&Within>) -> Vec<Rolled>,
) {
    let mut told = 0;
    let years: &[i16] = if asked.len() < set.figures.len() { &[2023] } else { &[2023, 2024] };
    for period in years.iter().map(|year| figures::period(*year).unwrap()) {
        let each: Vec<BTreeMap<String, Reading>> =
            folders.iter().map(|folder| figures::all(&folder.reader().unwrap(), set, period, None).unwrap()).collect();
        for figure in asked {
            let asked = Asked { set, figure, period };
            let towns = roll(figure, period, None);
            let by_town = group(asked, &towns, Level::Town);
            assert_eq!(by_town.len(), TOWNS.len());
            for (group, named) in by_town.iter().zip(sorted()) {
                let nth = TOWNS.iter().position(|(one, _)| one.origin == named.origin).unwrap();
                assert_eq!(group.reading, each[nth][&figure.id], "{} of {}", figure.id, named.origin);
                told += group.reading.entries;
            }
            let [all] = &group(asked, &towns, Level::Nation)[..] else { panic!("one of all") };
            let sum = |of: fn(&Reading) -> u64| each.iter().map(|town| of(&town[&figure.id])).sum::<u64>();
            assert_eq!(all.reading.entries, sum(|one| one.entries), "{}", figure.id);
            assert_eq!(all.reading.late, sum(|one| one.late), "{}", figure.id);
            assert_eq!(all.reading.flagged, sum(|one| one.flagged), "{}", figure.id);
            assert_eq!(all.silent, each.iter().filter(|town| town[&figure.id].entries == 0).count() as u64);
            if !matches!(figure.counts, Counts::Ratio { over: Over::Figure(_) | Over::Items(_), .. }) {
                let whole = |number: &Number| match number {
                    Number::Whole(value) | Number::Fen(value) => *value,
                    other => panic!("{other:?}"),
                };
                let sum: i64 = each.iter().map(|town| whole(&town[&figure.id].value)).sum();
                assert_eq!(whole(&all.reading.value), sum, "{}", figure.id);
            }
        }
        let ended = &set.figures["mediation.ended"];
        let within = Within::parse("东市").unwrap();
        let towns = roll(ended, period, Some(&within));
        let counties = group(Asked { set, figure: ended, period }, &towns, Level::County);
        assert_eq!(counties.iter().map(|one| one.place[2].as_str()).collect::<Vec<_>>(), ["乙县", "甲县"]);
    }
    assert!(told > 100, "only {told} entries stand behind all figures");
}

/// In the order of places.
fn sorted() -> Vec<Named<'static>> {
    let mut all: Vec<Named<'static>> = TOWNS.iter().map(|(named, _)| *named).collect();
    all.sort_by_key(|named| (named.province, named.city, named.county, named.town));
    all
}

/// How far each journal goes is told beside its number.
fn check_reach(folders: &[Folder], towns: &[Rolled]) {
    for town in towns {
        let folder = folders.iter().find(|one| one.config.origin == town.place.origin).unwrap();
        let size = yifa::storage::log::Head::load(&folder.reader().unwrap()).unwrap().size();
        assert_eq!(town.size, size);
        assert_eq!(town.signed.unwrap().0, size, "{}", town.place.origin);
        assert!(town.last_entry.is_some());
    }
}

#[test]
fn townships_in_folders_add_up_to_what_each_gives_by_itself() {
    let root = tempfile::tempdir().unwrap();
    let (folders, set) = (found(root.path(), None), shipped());
    std::fs::create_dir(root.path().join("something else")).unwrap();
    // A township's definitions are read anew for each figure: one of each sort is asked for, of those that count something.
    let db = folders[0].reader().unwrap();
    let readings = figures::all(&db, &set, figures::period(2023).unwrap(), None).unwrap();
    let mut sorts: BTreeMap<String, &Figure> = BTreeMap::new();
    for figure in set.figures.values().filter(|figure| readings[&figure.id].entries > 0) {
        sorts.insert(format!("{:?} {}", std::mem::discriminant(&figure.counts), figure.is_stock()), figure);
    }
    check(&folders, &set, &sorts.into_values().collect::<Vec<_>>(), |figure, period, within| {
        let asked = Asked { set: &set, figure, period };
        let (towns, unread) = of_folders(root.path(), asked, within).unwrap();
        assert!(unread.is_empty(), "{unread:?}");
        towns
    });
    let asked = Asked { set: &set, figure: &set.figures["mediation.ended"], period: figures::period(2023).unwrap() };
    let (towns, _) = of_folders(root.path(), asked, None).unwrap();
    check_reach(&folders, &towns);
    assert!(towns.iter().all(|town| town.differs == Some(false)));
    // A township that cannot be read is named, and the others are told.
    std::fs::write(root.path().join("t-b/journal.db"), b"not a database").unwrap();
    let (towns, unread) = of_folders(root.path(), asked, None).unwrap();
    assert_eq!(towns.len(), TOWNS.len() - 1);
    assert_eq!(unread.len(), 1);
    assert!(unread[0].folder.ends_with("t-b"), "{unread:?}");
}

/// A server of the test's own; none where the tests do not run on one.
fn asked_for(name: &str) -> Option<Server> {
    if std::env::var("YIFA_TEST_ON").as_deref() != Ok("postgres") {
        eprintln!("without PostgreSQL: YIFA_TEST_ON=postgres asks for it");
        return None;
    }
    let folder = std::env::temp_dir().join(format!("yifa-{name}-{}", std::process::id()));
    let server = Server::start(&folder, TESTED);
    Some(server.expect("YIFA_TEST_ON=postgres, but there is no PostgreSQL on this machine"))
}

/// What the server adds up by place is what comes of the rows of all townships; gives how many entries stand behind it.
fn hold(url: &Url, asked: Asked<'_>, by: Level, within: Option<&Within>, since: i64) -> u64 {
    let towns = of_server(url, asked, within, true).unwrap();
    let rows = All::of(asked, towns, by, Some(since));
    let places = rolled_on_server(url, asked, within, by, Some(since)).unwrap();
    assert_eq!(places, rows, "{} by {by:?} within {within:?}", asked.figure.id);
    let unnamed = All { silent: Vec::new(), quiet: Vec::new(), ..rows };
    assert_eq!(rolled_on_server(url, asked, within, by, None).unwrap(), unnamed, "{}", asked.figure.id);
    unnamed.all.map_or(0, |all| all.reading.entries)
}

const LEVELS: [Level; 5] = [Level::Nation, Level::Province, Level::City, Level::County, Level::Town];

#[test]
fn townships_on_a_server_add_up_to_what_each_gives_by_itself() {
    let Some(server) = asked_for("rollup") else { return };
    let root = tempfile::tempdir().unwrap();
    let url = server.ready("county");
    let (folders, set) = (found(root.path(), Some(&url)), shipped());
    let url = Url::parse(&url).unwrap();
    let every: Vec<&Figure> = set.figures.values().map(|figure| -> &Figure { figure }).collect();
    check(&folders, &set, &every, |figure, period, within| {
        let asked = Asked { set: &set, figure, period };
        hold(&url, asked, Level::City, within, i64::MAX);
        of_server(&url, asked, within, false).unwrap()
    });
    let asked = Asked { set: &set, figure: &set.figures["mediation.ended"], period: figures::period(2023).unwrap() };
    check_reach(&folders, &of_server(&url, asked, None, true).unwrap());
}

#[test]
fn what_a_server_adds_up_by_place_is_what_comes_of_the_rows_of_its_townships() {
    let Some(server) = asked_for("places") else { return };
    let url = server.ready("nation");
    let (set, mut seed) = (shipped(), Seed(7));
    let based: Vec<&Figure> =
        set.figures.values().map(|figure| -> &Figure { figure }).filter(|figure| !figure.is_built()).collect();
    for nth in 0..60 {
        // No argument of a program is longer than 128 KiB.
        for rows in township(nth, &based, &mut seed).chunks(200) {
            server.psql("nation", &rows.join(";\n"));
        }
    }
    let url = Url::parse(&url).unwrap();
    let places = ["甲省", "东市", "甲县", "甲省/西市", "东市/乙县", "乙省/东市/甲县", "没有的县"];
    let (mut told, mut behind) = (0, 0);
    for (nth, figure) in set.figures.values().enumerate() {
        let asked = Asked { set: &set, figure, period: figures::period(2023).unwrap() };
        for by in [LEVELS[nth % 5], LEVELS[(nth + 2) % 5]] {
            let within = Within::parse(places[seed.below(places.len() as u64) as usize]);
            let within = within.as_ref().filter(|_| seed.below(2) == 0);
            let entries = hold(&url, asked, by, within, seed.below(1_000) as i64);
            told += u64::from(entries > 0);
            behind += entries;
        }
    }
    assert!(told > set.figures.len() as u64 / 2 && behind > 5_000, "{told} rolled up, {behind} entries behind them");
}

/// The rows of a township drawn by lot: where it lies, how far its journal goes, facts and dues that no journal gave.
fn township(nth: u64, based: &[&Figure], seed: &mut Seed) -> Vec<String> {
    let number = town_of(&format!("random/{nth}"));
    let place = [&["甲县", "乙县", "丙县"][..], &["", "东市", "西市"], &["", "甲省", "乙省"]].map(|all| seed.of(all));
    let mut rows =
        vec![format!("INSERT INTO town VALUES ({number}, 'random/{nth}', '{}乡', '{}')", nth % 50, place.join("', '"))];
    if seed.below(5) > 0 {
        let size = seed.below(20) + 1;
        let (at, signed) = (seed.below(1_000), seed.below(size + 1));
        rows.push(format!("INSERT INTO log_head VALUES ({number}, {size}, '')"));
        rows.push(format!("INSERT INTO entry VALUES ({number}, {}, 'x', 'step', 'r', {at}, 'a', '', '')", size - 1));
        rows.push(format!(
            "INSERT INTO checkpoint VALUES ({number}, {signed}, '', {at}), ({number}, {}, '', {at})",
            size + 1
        ));
    }
    let day = |seed: &mut Seed| format!("{}-{:02}-{:02}", 2022 + seed.below(3), seed.below(12) + 1, seed.below(28) + 1);
    for figure in based.iter().filter(|_| !nth.is_multiple_of(6)) {
        for _ in 0..seed.below(5) {
            if let (Counts::Overdue { step }, Some(at)) = (&figure.counts, &figure.register) {
                let met = if seed.below(2) == 0 { "NULL, NULL".to_owned() } else { format!("9, '{}'", day(seed)) };
                rows.push(format!(
                    "INSERT INTO due VALUES ({number}, {}, '{}', '{}', '{}', 'r', '{}', 0, {}, 0, '', {met}) \
                     ON CONFLICT DO NOTHING",
                    seed.below(12),
                    step.value,
                    day(seed),
                    day(seed),
                    at.value,
                    seed.below(2)
                ));
                continue;
            }
            let until = if seed.below(4) == 0 { 15 } else { 0 };
            let until_day = if seed.below(3) == 0 { day(seed) } else { String::new() };
            rows.push(format!(
                "INSERT INTO fact VALUES ({number}, '{}', '{}', {until}, {}, {}, {}, {}, 'k{}', '{until_day}', 0, 'r', '', '') \
                 ON CONFLICT DO NOTHING",
                figure.id, day(seed), seed.below(9), seed.below(2), seed.below(2), seed.below(12), seed.below(4)
            ));
        }
    }
    rows
}

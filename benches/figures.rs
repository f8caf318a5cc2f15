//! Figures and a whole report of a year with 50,000 entries, in a folder of twenty such years; and opening that folder.
//!
//! The folder is built once, under `target/bench-data`, and used again while the shipped definitions stay the same.

mod row;
mod town;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use engine::day::Day;
use engine::definition::Definitions;
use engine::figure::Period;
use engine::report::{self, Context, Template, Variables};
use row::Wanted;
use town::Town;
use yifa::folder::Folder;
use yifa::query::breakdown::Behind;
use yifa::query::figures::all;
use yifa::query::names::Names;
use yifa::query::overdue::Dues;
use yifa::render::{html, text};
use yifa::sets::Sets;
use yifa::storage::Db;

/// The child that only opens the folder it is told.
const OPEN: &str = "YIFA_BENCH_OPEN";
const YEAR: i16 = 2025;

fn main() {
    if let Some(path) = std::env::var_os(OPEN) {
        return open(Path::new(&path));
    }
    let quick = row::is_quick();
    let (years, entries) = if quick { (2, 300) } else { (20, 50_000) };
    let path = folder(years, entries);
    let folder = Folder::open(&path).unwrap();
    let db = folder.reader().unwrap();
    let sets = Sets::load(&db).unwrap();
    let set = &sets.current().unwrap().set;
    let size = yifa::storage::log::Head::load(&db).unwrap().size();
    let rounds = if quick { 1 } else { 5 };
    let this = Period::year(YEAR, Day::MAX).unwrap();
    let last = this.last_year().unwrap();

    row::head(&format!("a folder of {size} entries, {entries} in the year"));
    row::number("figures in the set", set.figures.len() as f64, "", Wanted::Nothing);
    let mut behind = 0;
    let seconds = row::fastest(rounds, || {
        behind = all(&db, set, this, None).unwrap().values().map(|reading| reading.entries).sum();
    });
    row::number("facts behind the year's figures", behind as f64, "", Wanted::Nothing);
    row::number("all figures of the year", seconds * 1e3, "ms", Wanted::Most(50.0));
    let seconds = row::fastest(rounds, || {
        all(&db, set, this, Some(size / 2)).unwrap();
    });
    row::number("the same as of half the journal", seconds * 1e3, "ms", Wanted::Nothing);
    let template = template(set);
    let mut bytes = 0;
    let seconds = row::fastest(rounds, || bytes = report(&db, set, &template, this, last));
    row::number("bytes of report and annex, as page and as text", bytes as f64, "", Wanted::Nothing);
    row::number("whole report", seconds * 1e3, "ms", Wanted::Most(250.0));
    opening(&path, rounds);
}

/// Everything `yifa report` does but writing the file.
fn report(db: &Db, set: &Definitions, template: &Template, this: Period, last: Period) -> usize {
    let names = Names::load(db).unwrap();
    let (now, before) = (all(db, set, this, None).unwrap(), all(db, set, last, None).unwrap());
    let variables = Variables::new(this.from.year(), this.to, "某某乡", "某某县");
    let dues = Dues::load(db, set, None).unwrap();
    let breakdown = Behind::new(db, set, template, this, &dues, &names);
    let context = Context {
        set,
        variables: &variables,
        this_year: &now,
        last_year: &before,
        breakdown: &breakdown,
        checkpoint: "bench",
    };
    let document = report::compose(template, &context);
    html::render(&document).len() + text::render(&document).len()
}

fn template(set: &Definitions) -> Template {
    set.reports["annual"].clone()
}

/// Opening: from the start of a process to a reader with its sets; and what such a process holds while idle.
fn opening(path: &Path, rounds: u32) {
    let (mut inside, mut outside, mut idle) = (f64::MAX, f64::MAX, f64::MAX);
    for _ in 0..rounds {
        let begun = Instant::now();
        let child = Command::new(std::env::current_exe().unwrap()).env(OPEN, path).output().unwrap();
        outside = outside.min(begun.elapsed().as_secs_f64() * 1e3);
        let said = String::from_utf8(child.stdout).unwrap();
        let mut said = said.split_whitespace().map(|number| number.parse::<f64>().unwrap());
        inside = inside.min(said.next().unwrap());
        idle = idle.min(said.next().unwrap());
    }
    row::number("open: folder, reader, sets", inside, "ms", Wanted::Nothing);
    row::number("open, from starting the process to its end", outside, "ms", Wanted::Most(100.0));
    row::number("resident memory, idle after opening", idle, "MB", Wanted::Most(30.0));
    let begun = Instant::now();
    let listed =
        Command::new(env!("CARGO_BIN_EXE_yifa")).arg("--data").arg(path).args(["list", "village"]).output().unwrap();
    assert!(listed.status.success());
    row::number("yifa list village, the whole process", begun.elapsed().as_secs_f64() * 1e3, "ms", Wanted::Nothing);
    let binary = std::fs::metadata(env!("CARGO_BIN_EXE_yifa")).unwrap().len() as f64 / 1e6;
    row::number("size of the binary", binary, "MB", Wanted::Most(20.0));
}

fn open(path: &Path) {
    let begun = Instant::now();
    let folder = Folder::open(path).unwrap();
    let db = folder.reader().unwrap();
    let sets = Sets::load(&db).unwrap();
    let took = begun.elapsed().as_secs_f64() * 1e3;
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or("0 kB");
    let kilobytes: f64 = resident.trim().trim_end_matches(" kB").parse().unwrap();
    println!("{took} {}", kilobytes / 1e3);
    drop(sets);
}

/// The folder of so many years, built if there is none yet for these definitions.
fn folder(years: i16, entries: usize) -> PathBuf {
    row::kept(&format!("{years}x{entries}"), town::shipped(), "", |path| {
        let begun = Instant::now();
        let mut town = Town::found(path, YEAR + 1 - years, 3);
        for year in YEAR + 1 - years..=YEAR {
            // A day's work at a time, so that what is on time counts as on time; big days in big commits.
            let work = town.year(year, entries);
            town.enter(work);
            eprintln!("{year}: {:.0} s", begun.elapsed().as_secs_f64());
        }
        town.stop();
    })
}

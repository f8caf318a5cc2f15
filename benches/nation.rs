//! A made-up nation on one PostgreSQL: how long it takes to load, what one township's pages and a national figure cost as it
//! grows, and how large it is. `cargo bench -p yifa --bench nation -- 1000000` says how many entries; ten million are 40,000
//! townships and some twenty gigabytes.
//!
//! One township is recorded through the real writer; the rows it leaves are the rows of all others, under other numbers of
//! towns. Townships up to a million entries have every row; those beyond have what a roll-up reads, `entry` and `fact`.
//! Nothing but the first verifies: leaves and hashes are its own.

mod row;
#[allow(dead_code)] // Each program uses its part.
#[path = "../tests/support/server.rs"]
mod server;
mod town;

use std::io::{BufWriter, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Stdio};
use std::time::Instant;

use engine::definition::Definitions;
use engine::figure::Period;
use row::Wanted;
use server::{MEASURED, Server};
use town::Town;
use yifa::folder::{Folder, Town as Named};
use yifa::query::list::{self, Asked as Listed};
use yifa::query::overdue::Dues;
use yifa::query::rollup::{Asked, Group, Level, group, of_server, rolled_on_server};
use yifa::query::{due, figures};
use yifa::sets::Sets;
use yifa::storage::postgres::{Url, expected};
use yifa::storage::{JOURNAL, tables, town_of};

/// Entries of a township, its definitions and its masters among them.
const EACH: usize = 250;
/// Up to so many entries townships have every row.
const FULL: usize = 1_000_000;
/// One township in so many keeps its definitions: a copy is two megabytes.
const DEFINED: usize = 100;
/// How many series of rounds a page is asked for.
const SERIES: usize = 5;
/// The template's journal.
const TEMPLATE: &str = "nation/template";

fn main() {
    let quick = row::is_quick();
    let asked = std::env::args().find_map(|arg| arg.parse::<usize>().ok()).unwrap_or(1_000_000);
    let sizes: &[usize] = if quick { &[1_000] } else { &[10_000, 100_000, 1_000_000, 10_000_000] };
    let sizes: Vec<usize> = sizes.iter().copied().filter(|size| quick || *size <= asked).collect();
    let folder = tempfile::tempdir_in(row::data()).unwrap();
    // As whoever loads a server sets it; every commit still waits for the disk.
    let more = "maintenance_work_mem = 1GB\ncheckpoint_timeout = 30min\nautovacuum = off\nwal_compression = on";
    let Some(server) = Server::start(&folder.path().join("server"), &format!("{MEASURED}{more}")) else {
        println!("nation: there is no PostgreSQL on this machine");
        return;
    };
    let url = server.ready("nation");
    let named =
        Named { origin: TEMPLATE, town: "样本乡", county: "样本县", city: "样本市", province: "样本省" };
    let path = folder.path().join("town");
    let mut town = Town::found_as(&path, named, Some(&url), 2023, 1);
    let begun = figure_of(&Folder::open(&path).unwrap());
    let work = town.year(2023, EACH - begun as usize);
    town.enter(work);
    town.stop();
    server.psql("nation", "VACUUM ANALYZE");

    let template = Template::read(&server);
    let measured = Measured::new(&path, &url, if quick { 5 } else { 200 });
    println!(
        "| entries | townships | loaded at | loader's memory | VACUUM ANALYZE | size | figures p50, p99 of the middle series (least to most) | list | dues | national figure by province | with who is missing | by rows of townships |"
    );
    println!("|---|---|---|---|---|---|---|---|---|---|---|---|");
    let empty = measured.pages();
    line(EACH, 1, None, 0.0, &server, &empty, measured.national());
    let (mut towns, mut worst) = (1, 0.0_f64);
    let mut last = 0.0;
    for size in sizes {
        let goal = size / EACH;
        let begun = Instant::now();
        template.load(&server, towns..goal);
        let rate = ((goal - towns) * EACH) as f64 / begun.elapsed().as_secs_f64();
        towns = goal;
        let begun = Instant::now();
        server.psql("nation", "VACUUM ANALYZE");
        let vacuum = begun.elapsed().as_secs_f64();
        // What was loaded is on the disk: pages are not to wait for that.
        server.psql("nation", "CHECKPOINT");
        let pages = measured.pages();
        let national = measured.national();
        last = national[0];
        line(size, towns, Some(rate), vacuum, &server, &pages, national);
        worst = pages.iter().zip(&empty).map(|(now, was)| now.last() / was.last()).fold(0.0, f64::max);
    }
    row::head("nation: the largest beside the empty one");
    row::number("a township's pages, the worst p99 by that of the empty", worst, "times", Wanted::Most(1.5));
    row::number("national figure by province", last, "ms", Wanted::Most(300.0));
}

fn figure_of(folder: &Folder) -> u64 {
    yifa::storage::log::Head::load(&folder.reader().unwrap()).unwrap().size()
}

fn line(
    entries: usize,
    towns: usize,
    rate: Option<f64>,
    vacuum: f64,
    server: &Server,
    pages: &[Times],
    national: [f64; 3],
) {
    let bytes: f64 = server.psql("nation", "SELECT pg_database_size('nation')").trim().parse().unwrap();
    let pages: Vec<String> = pages
        .iter()
        .map(|times| {
            let (least, most) = (times.lasts[0], times.lasts[SERIES - 1]);
            format!("{:.1}, {:.1} ({least:.1} to {most:.1}) ms", times.middle, times.last())
        })
        .collect();
    let rate = rate.map_or_else(|| "—".to_owned(), |rate| format!("{rate:.0}/s"));
    println!(
        "| {entries} | {towns} | {rate} | {:.0} MB | {vacuum:.0} s | {:.2} GB | {} | {} |",
        most_memory(),
        bytes / 1e9,
        pages.join(" | "),
        national.map(|time| format!("{time:.0} ms")).join(" | ")
    );
}

/// The most memory this program ever held, in megabytes.
fn most_memory() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<f64>().ok()).unwrap_or(0.0) / 1024.0
}

/// How long something took, in milliseconds: the middle of all, and of each series the ninety-ninth of a hundred.
struct Times {
    middle: f64,
    lasts: Vec<f64>,
}

impl Times {
    fn last(&self) -> f64 {
        self.lasts[SERIES / 2]
    }
}

/// What is asked of the first township and of all together.
struct Measured {
    folder: Folder,
    url: Url,
    sets: Sets,
    period: Period,
    rounds: usize,
}

impl Measured {
    fn new(path: &Path, url: &str, rounds: usize) -> Measured {
        let folder = Folder::open(path).unwrap();
        let sets = Sets::load(&folder.reader().unwrap()).unwrap();
        Measured { folder, url: Url::parse(url).unwrap(), sets, period: figures::period(2023).unwrap(), rounds }
    }

    fn set(&self) -> &Definitions {
        &self.sets.current().unwrap().set
    }

    /// A year's figures, the first page of a list, what is due: the statements of the pages, as the pages ask them.
    fn pages(&self) -> Vec<Times> {
        let today = engine::day::Day::new(2023, 12, 31).unwrap();
        let db = self.folder.reader().unwrap();
        let register = self.set().register("mediation_case").unwrap();
        let figures =
            || drop(figures::all_with(&db, self.set(), self.period, &Dues::load(&db, self.set(), None).unwrap()));
        let list = || {
            list::page(&db, &Listed::all(register), None, 20).unwrap();
            list::total(&db, &Listed::all(register)).unwrap();
        };
        let dues = || drop(due::dues(&db, &self.sets, due::Asked::default(), today).unwrap());
        let all: [&dyn Fn(); 3] = [&figures, &list, &dues];
        all.iter().map(|ask| self.times(ask)).collect()
    }

    /// Several series, because the ninety-ninth of a hundred is what else the machine did just then.
    fn times(&self, ask: &dyn Fn()) -> Times {
        for _ in 0..self.rounds / 10 + 1 {
            ask();
        }
        let series = (0..SERIES).map(|_| {
            let rounds = rounds(self.rounds, ask);
            (rounds[rounds.len() / 2], rounds[rounds.len() * 99 / 100])
        });
        let (mut middles, mut lasts): (Vec<f64>, Vec<f64>) = series.unzip();
        middles.sort_by(f64::total_cmp);
        lasts.sort_by(f64::total_cmp);
        Times { middle: middles[SERIES / 2], lasts }
    }

    /// One figure over all townships by province, in milliseconds: added up by the server; that and who is missing, with
    /// nothing behind the figure or nothing recorded since the world began; and out of a row for each township.
    fn national(&self) -> [f64; 3] {
        let asked = Asked { set: self.set(), figure: &self.set().figures["mediation.ended"], period: self.period };
        let on_server = |since| rolled_on_server(&self.url, asked, None, Level::Province, since).unwrap().groups;
        let rows = || group(asked, &of_server(&self.url, asked, None, false).unwrap(), Level::Province);
        let all: [&dyn Fn() -> Vec<Group>; 3] = [&|| on_server(None), &|| on_server(Some(0)), &rows];
        all.map(|ask| {
            assert!(!ask().is_empty());
            rounds(7, &|| drop(ask()))[3]
        })
    }
}

/// The rows of the first township, as text, without its number.
struct Template {
    tables: Vec<Rows>,
}

struct Rows {
    name: &'static str,
    columns: String,
    /// Each with its end of line; of payloads the first is the definitions.
    rows: Vec<Vec<u8>>,
}

impl Template {
    fn read(server: &Server) -> Template {
        let of_journal: Vec<&str> = tables(JOURNAL).iter().map(|table| table.name).collect();
        let all = expected().into_iter().filter(|table| of_journal.contains(&table.name) || table.name == "search");
        let all = all.filter(|table| table.name != "town").map(|table| {
            let columns: Vec<&str> = table.columns.iter().skip(1).map(|(column, _)| *column).collect();
            let columns = columns.join(", ");
            let number = town_of(TEMPLATE);
            let order = table.key[1..].iter().map(|column| format!(", {column}")).collect::<String>();
            let sql = format!(
                "COPY (SELECT {columns} FROM {} WHERE town_id = {number} ORDER BY town_id{order}) TO STDOUT",
                table.name
            );
            let text = server.psql("nation", &sql);
            let rows = text.split_inclusive('\n').map(|line| line.as_bytes().to_vec()).collect();
            Rows { name: table.name, columns, rows }
        });
        Template { tables: all.collect() }
    }

    /// Loads townships: one COPY for each table, all fed at once, a township at a time.
    fn load(&self, server: &Server, towns: std::ops::Range<usize>) {
        let mut town = Copy::begin(server, "town", "origin, name, county, city, province");
        let mut copies: Vec<Copy> =
            self.tables.iter().map(|table| Copy::begin(server, table.name, &table.columns)).collect();
        let template_mark = mark(town_of(TEMPLATE));
        for nth in towns {
            let origin = format!("nation/{nth}");
            let number = town_of(&origin);
            let (province, city, county) = (nth % 31, nth % 310, nth % 2_790);
            town.row(number, format!("{origin}\t第{nth}乡\t第{county}县\t第{city}市\t第{province}省\n").as_bytes());
            let full = nth * EACH < FULL;
            for (table, copy) in self.tables.iter().zip(&mut copies) {
                match table.name {
                    "entry" | "fact" | "log_head" => {}
                    _ if !full => continue,
                    "search" => {
                        let mark = mark(number);
                        table.rows.iter().for_each(|row| copy.row(number, &marked(row, &template_mark, &mark)));
                        continue;
                    }
                    "payload" if !nth.is_multiple_of(DEFINED) => {
                        table.rows.iter().skip(1).for_each(|row| copy.row(number, row));
                        continue;
                    }
                    _ => {}
                }
                table.rows.iter().for_each(|row| copy.row(number, row));
            }
        }
        town.end();
        copies.into_iter().for_each(Copy::end);
    }
}

/// A town's mark in the index of words, as the server's own search writes it.
fn mark(town: i64) -> Vec<u8> {
    format!("{:06x}", town.rem_euclid(0x00ff_fffb)).into_bytes()
}

/// The same row under another mark.
fn marked(row: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let mut row = row.to_vec();
    let mut at = 0;
    while let Some(found) = row[at..].windows(from.len()).position(|piece| piece == from) {
        row[at + found..][..to.len()].copy_from_slice(to);
        at += found + to.len();
    }
    row
}

/// Rows on their way into a table.
struct Copy {
    psql: Child,
    to: BufWriter<ChildStdin>,
}

impl Copy {
    fn begin(server: &Server, table: &str, columns: &str) -> Copy {
        let sql = format!("COPY {table} (town_id, {columns}) FROM STDIN");
        let mut psql = server.command("psql");
        psql.args(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", "nation", "-c", &sql]).stdin(Stdio::piped());
        let mut psql = psql.spawn().unwrap();
        let to = BufWriter::with_capacity(1 << 16, psql.stdin.take().unwrap());
        Copy { psql, to }
    }

    fn row(&mut self, town: i64, row: &[u8]) {
        write!(self.to, "{town}\t").and_then(|()| self.to.write_all(row)).expect("the server takes rows");
    }

    fn end(self) {
        let Copy { mut psql, to } = self;
        drop(to.into_inner().expect("the server takes rows"));
        assert!(psql.wait().unwrap().success(), "the server refused rows");
    }
}

/// How long so many rounds took in milliseconds, the quickest first.
fn rounds(count: usize, ask: &dyn Fn()) -> Vec<f64> {
    let mut rounds: Vec<f64> = (0..count)
        .map(|_| {
            let begun = Instant::now();
            ask();
            begun.elapsed().as_secs_f64() * 1e3
        })
        .collect();
    rounds.sort_by(f64::total_cmp);
    rounds
}

//! Steps of many townships on one PostgreSQL, beside the fewest an honest server allows: pgbench's one row for each commit,
//! by as many clients, in the same run; and what the rows of such a step cost a server that is asked for nothing else. And
//! one busy township there, beside the same on SQLite.
//!
//! `cargo bench -p yifa --bench county -- 8 32` asks for so many clients only.

mod floor;
mod row;
#[allow(dead_code)] // Each program uses its part.
#[path = "../tests/support/server.rs"]
mod server;
mod town;

use std::collections::VecDeque;
use std::sync::Barrier;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use engine::day::Day;
use floor::{Turn, middle};
use row::Wanted;
use server::{MEASURED, Server};
use town::Town;
use yifa::append::Draft;
use yifa::folder::Town as Named;
use yifa::storage::postgres::expected;
use yifa::storage::town_of;

/// Steps of each township before its steps are counted: a server prepares a statement and thinks its plan over the first
/// times it is run on a connection, which a writer keeps.
const WARM: u64 = 40;

fn main() {
    let quick = row::is_quick();
    let asked: Vec<usize> = std::env::args().filter_map(|arg| arg.parse().ok()).collect();
    let clients: &[usize] = match &asked[..] {
        [] if quick => &[2],
        [] => &[1, 8, 32, 128],
        asked => asked,
    };
    let folder = tempfile::tempdir_in(row::data()).unwrap();
    let settings = format!("{MEASURED}autovacuum_naptime = 10s");
    let Some(server) = Server::start(&folder.path().join("server"), &settings) else {
        println!("county: there is no PostgreSQL on this machine");
        return;
    };
    let url = server.ready("county");
    server.psql("postgres", "CREATE DATABASE floor TEMPLATE template0");
    server.psql("floor", "CREATE TABLE one (n BIGINT, body TEXT)");
    let script = folder.path().join("one-row.sql");
    let row = "INSERT INTO one VALUES (1, 'an entry of some length, no index, no other table');\n";
    std::fs::write(&script, row).unwrap();
    let seconds = if quick { 1 } else { 5 };
    let one = script.clone();
    let floor = |clients: usize| pgbench(&server, "floor", &["-f", one.to_str().unwrap()], clients, seconds);
    // What a server does at best with as many rows as a step has: prepared, sent in one packet, without an index.
    let bare = |clients: usize, rows: f64| {
        let several = folder.path().join("several-rows.sql");
        let rows = row.repeat(rows.round() as usize);
        std::fs::write(&several, format!("\\startpipeline\nBEGIN;\n{rows}COMMIT;\n\\endpipeline\n")).unwrap();
        pgbench(&server, "floor", &["-M", "prepared", "-f", several.to_str().unwrap()], clients, seconds)
    };

    let most = clients.iter().copied().max().unwrap();
    let begun = Instant::now();
    let mut towns: Vec<Town> = (0..most)
        .map(|nth| {
            let (origin, name) = (format!("county/{nth}"), format!("第{nth}乡"));
            let named = Named { origin: &origin, town: &name, county: "某某县", city: "", province: "" };
            Town::found_as(&folder.path().join(format!("town{nth}")), named, Some(&url), 2023, nth as u64 + 1)
        })
        .collect();
    println!("{most} townships founded in {:.0} s", begun.elapsed().as_secs_f64());

    row::head("county: steps of as many townships as clients, each waits for its commit");
    for (kind, small) in [("one small step a record", true), ("mediation cases", false)] {
        for count in clients {
            let before = floor(*count);
            let rows = changed(&server);
            let (steps, rate, statements) =
                steps(&mut towns[..*count], small, if quick { 1 } else { WARM }, Duration::from_secs(seconds));
            let rows = (changed(&server) - rows) as f64 / (steps + WARM * *count as u64) as f64;
            let floor = f64::midpoint(before, floor(*count));
            // A lone client is the network's and the disk's; the goal is of many.
            let wanted = if *count == 1 { Wanted::Nothing } else { Wanted::Least(0.3) };
            row::rate(&format!("{kind}, {count} clients"), rate, floor, "/s", wanted);
            let bare = bare(*count, rows);
            println!(
                "  {rows:.1} rows and {statements:.1} statements for each entry; as many bare rows for each commit:"
            );
            row::rate(&format!("{kind}, {count} clients"), rate, bare, "/s", Wanted::Nothing);
        }
    }
    row::head(
        "county: the rows such an event leaves, under the same keys, by pgbench: one packet, nobody judges anything",
    );
    let (script, opened) =
        (folder.path().join("same-rows.sql"), towns[0].event(Day::new(2023, 10, 9).unwrap()).remove(0));
    towns[0].on(opened.0, vec![opened.1]);
    std::fs::write(&script, same_rows(&server, town_of("county/0"))).unwrap();
    for (nth, count) in clients.iter().enumerate() {
        let first = (nth + 1) * 10_000_000;
        let named = format!("n={first}");
        let asked = ["-M", "prepared", "-D", &named, "-f", script.to_str().unwrap()];
        let before = changed(&server);
        let rate = pgbench(&server, "county", &asked, *count, seconds);
        let commits = server.psql("county", &format!("SELECT count(*) FROM entry WHERE idx >= {first}"));
        let rows = (changed(&server) - before) as f64 / commits.trim().parse::<f64>().unwrap();
        row::rate(&format!("its rows alone, {count} clients"), rate, floor(*count), "/s", Wanted::Nothing);
        println!("  {rows:.1} rows for each commit");
    }
    towns.into_iter().for_each(|mut town| town.stop());
    busy(&folder.path().join("busy"), &url, if quick { 20 } else { 1_000 }, if quick { 2 } else { 10 });
}

/// What pgbench is to do to leave again and again, under new numbers of towns, entries and records, the rows the last entry
/// of a town left: one statement for each table, as the program sends them, without asking for anything.
fn same_rows(server: &Server, town: i64) -> String {
    let idx = server.psql("county", &format!("SELECT max(idx) FROM entry WHERE town_id = {town}"));
    let (idx, of_town) = (idx.trim(), format!("town_id = {town}"));
    let told = server.psql("county", &format!("SELECT record || ' ' || id FROM entry WHERE {of_town} AND idx = {idx}"));
    let (record, id) = told.trim().split_once(' ').unwrap();
    let mut sql = String::new();
    for table in expected() {
        let names: Vec<&str> = table.columns[1..].iter().map(|(column, _)| *column).collect();
        // Pgbench takes what follows a colon for a name of its own.
        let told = table.columns[1..].iter().map(|(column, kind)| match *kind {
            "BIGINT" => format!("CASE WHEN {column} = {idx} THEN ':n' ELSE coalesce({column}::text, 'NULL') END"),
            "TEXT" => format!(
                "CASE {column} WHEN '{record}' THEN 'lpad(:n, 36, ''r'')' WHEN '{id}' THEN 'lpad(:n, 36, ''e'')' \
                 ELSE quote_nullable(replace({column}, ':', ';')) END"
            ),
            _ => format!("quote_nullable({column}::text)"),
        });
        let told: Vec<String> = told.collect();
        let these = names.iter().filter_map(|column| match *column {
            "record" => Some(format!("record = '{record}'")),
            "idx" | "first_idx" | "of_idx" => Some(format!("{column} = {idx}")),
            _ => None,
        });
        let these: Vec<String> = these.collect();
        let (these, then) = match table.name {
            // Those an event changes, and the head, stay under their keys.
            "facet" => ("register = 'publicity_event' LIMIT 6".to_owned(), true),
            "log_head" => ("true".to_owned(), true),
            _ if these.is_empty() => continue,
            _ => (format!("({})", these.join(" OR ")), false),
        };
        let (columns, told) = (names.join(", "), told.join(" || ', ' || "));
        let rows = server.psql(
            "county",
            &format!(
                "SELECT '(:t, ' || {told} || ')' FROM (SELECT * FROM {} WHERE {of_town} AND {these}) AS r",
                table.name
            ),
        );
        let rows = rows.lines().collect::<Vec<_>>().join(", ");
        if rows.is_empty() {
            continue;
        }
        let last = names[names.len() - 1];
        let then = match then {
            true => format!(" ON CONFLICT ({}) DO UPDATE SET {last} = excluded.{last}", table.key.join(", ")),
            false => String::new(),
        };
        sql += &format!("INSERT INTO {} (town_id, {columns}) VALUES {rows}{then};\n", table.name);
    }
    let hold = "UPDATE log_head SET size = size WHERE town_id = :t;";
    format!(
        "\\set n :n + 1\n\\set t 1000000 + :client_id\n\\startpipeline\nBEGIN;\n{hold}\n{sql}COMMIT;\n\\endpipeline\n"
    )
}

/// Commits a second of a script, by so many clients.
fn pgbench(server: &Server, database: &str, script: &[&str], clients: usize, seconds: u64) -> f64 {
    let (clients, seconds) = (clients.to_string(), seconds.to_string());
    let asked = [&["-n", "-c", &clients, "-j", "2", "-T", &seconds], script, &[database]].concat();
    let told = server.run("pgbench", &asked);
    let tps = told.lines().find_map(|line| line.strip_prefix("tps = "));
    tps.and_then(|tps| tps.split(' ').next()?.parse().ok()).expect("pgbench says tps")
}

/// Rows that were ever written, changed or deleted, as the server has counted them by now.
fn changed(server: &Server) -> u64 {
    std::thread::park_timeout(Duration::from_millis(1_500));
    let sql = "SELECT coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0) FROM pg_stat_user_tables";
    server.psql("county", sql).trim().parse().unwrap()
}

/// Steps of all townships at once for a time: how many, how many a second, and how many statements each ran.
fn steps(towns: &mut [Town], small: bool, warm: u64, time: Duration) -> (u64, f64, f64) {
    let (over, ready) = (AtomicBool::new(false), Barrier::new(towns.len() + 1));
    std::thread::scope(|scope| {
        let workers: Vec<_> = towns
            .iter_mut()
            .map(|town| {
                let (over, ready) = (&over, &ready);
                scope.spawn(move || {
                    let mut work = Work { town, small, day: Day::new(2023, 3, 1).unwrap(), waiting: VecDeque::new() };
                    (0..warm).for_each(|_| work.step());
                    let (mut steps, ran) = (0_u64, yifa::storage::ran());
                    ready.wait();
                    while !over.load(Ordering::Relaxed) {
                        work.step();
                        steps += 1;
                    }
                    (steps, yifa::storage::ran() - ran)
                })
            })
            .collect();
        ready.wait();
        let begun = Instant::now();
        std::thread::park_timeout(time);
        over.store(true, Ordering::Relaxed);
        let counts: Vec<(u64, u64)> = workers.into_iter().map(|worker| worker.join().unwrap()).collect();
        let elapsed = begun.elapsed().as_secs_f64();
        let (steps, ran) = counts.iter().fold((0, 0), |all, one| (all.0 + one.0, all.1 + one.1));
        (steps, steps as f64 / elapsed, ran as f64 / steps as f64)
    })
}

/// What a client does, one step after the other.
struct Work<'t> {
    town: &'t mut Town,
    small: bool,
    day: Day,
    waiting: VecDeque<(Day, Draft)>,
}

impl Work<'_> {
    fn step(&mut self) {
        if self.waiting.is_empty() {
            self.day = self.day.plus_days(1).filter(|day| *day < Day::new(2023, 10, 1).unwrap()).unwrap_or(self.day);
            let story = if self.small { self.town.event(self.day) } else { self.town.case(self.day) };
            self.waiting = story.into_iter().take(if self.small { 1 } else { usize::MAX }).collect();
        }
        let (on, draft) = self.waiting.pop_front().unwrap();
        self.town.on(on, vec![draft]);
    }
}

/// One busy township on the server and one on SQLite take turns at the same work.
fn busy(folder: &std::path::Path, url: &str, each: usize, turns: usize) {
    let named = |origin| Named { origin, town: "某某乡", county: "某某县", city: "", province: "" };
    let found = |name: &str, url| Town::found_as(&folder.join(name), named("busy/town"), url, 2023, 9);
    let mut towns = [found("server", Some(url)), found("sqlite", None)];
    let works = towns.each_mut().map(|town| town.work(2024, 60, each * turns));
    let mut works = works.map(|work| work.into_iter());
    let mut measured = Vec::new();
    for _ in 0..turns {
        let [rate, floor] = [0, 1].map(|nth| towns[nth].waiting(works[nth].by_ref().take(each).collect()));
        measured.push(Turn { rate, floor });
    }
    let middle = middle(measured);
    row::head("county: one busy township, 64 waiting; the floor is the same on SQLite");
    row::rate("64 waiting, grouped", middle.rate, middle.floor, "/s", Wanted::Least(0.5));
    towns.iter_mut().for_each(Town::stop);
}

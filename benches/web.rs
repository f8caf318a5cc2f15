//! The pages of the real server over loopback, beside an answer of a dozen bytes from the same libraries; steps sent as
//! forms, beside the fewest an honest disk allows; bytes over the wire, memory, and the time to the first answer.
//!
//! The million records are those of `million.rs`; the other township is the demonstration.

mod floor;
mod million;
mod row;
mod town;
mod wire;

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use floor::Turn;
use million::{FIRST_YEAR, REGISTER, YEARS};
use row::Wanted;
use wire::Wire;
use yifa::accounts::Accounts;
use yifa::accounts::password::Password;
use yifa::ambient::{Ambient, System};
use yifa::demo;
use yifa::folder::Folder;
use yifa::query::records::find;

const YIFA: &str = env!("CARGO_BIN_EXE_yifa");
const PASSWORD: &str = "测速用的 口令 2026";
/// Who opens pages.
const LOGIN: &str = "clerk";
/// Who may take every step of a case.
const MEDIATOR: &str = "mediator";
/// How often the work on the disk and its floor take turns.
const TURNS: usize = 12;

fn main() {
    let quick = row::is_quick();
    let (records, rounds, starts, slice, commits) =
        if quick { (3_000, 3, 1, 1, 2) } else { (1_000_000, 300, 7, 4, 200) };
    let scratch = tempfile::tempdir_in(row::data()).unwrap();
    let (big, small) = (million::home(records), scratch.path().join("demo"));
    let folder = demo::create(&small, None).unwrap();
    demo::fill(&folder, &|_, _| {}).unwrap();
    account(&big, LOGIN, town::CLERK);
    for (login, name) in demo::accounts::ACCOUNTS.iter().filter(|(login, _)| [LOGIN, MEDIATOR].contains(login)) {
        account(&small, login, name);
    }

    row::head("from the start of the program to its first answer, and memory");
    for (path, name) in [(&small, "the demonstration".to_owned()), (&big, format!("{records} records"))] {
        let times: Vec<f64> = (0..starts).map(|_| Server::start(path).1).collect();
        row::number(&format!("start, {name}, the middle"), middle(times), "ms", Wanted::Most(100.0));
        let (server, _) = Server::start(path);
        row::number(&format!("memory after that answer, {name}"), server.memory("VmRSS"), "MB", Wanted::Most(40.0));
    }

    let (server, _) = Server::start(&big);
    let hello = hello();
    row::head_of_times(&format!("pages of {records} records, gzip as browsers ask for it"));
    let mut wire = Wire::open(hello);
    let bare = time(rounds, |_| drop(wire.get("/")));
    let bare = row::times("floor: a dozen bytes from the same libraries", bare, None, Wanted::Nothing);
    let mut wire = server.signed_in(LOGIN);
    let style = asset(&mut wire, "stylesheet\" href=\"");
    let sheet = time(rounds, |_| drop(wire.get(&style)));
    row::times("the style sheet", sheet, Some(bare), Wanted::Nothing);
    lists(&mut wire, rounds, bare, &big);
    one_by_one(&mut wire, rounds, bare, &case_of(&big));
    let big_memory = server.memory("VmHWM");
    drop(server);

    let (server, _) = Server::start(&small);
    row::head_of_times("pages of the demonstration");
    let mut wire = server.signed_in(LOGIN);
    one_by_one(&mut wire, rounds, bare, &case_of(&small));
    let below = |path: &str| format!("/registers/{REGISTER}{path}");
    for (what, path) in [
        ("dues", "/dues".to_owned()),
        ("a figure", "/figures/mediation.ended?year=2023".to_owned()),
        ("the entries behind it", "/figures/mediation.ended/entries?year=2023".to_owned()),
        ("a form", below("/new/register")),
        ("drafts", "/drafts".to_owned()),
        ("registers", "/registers".to_owned()),
        ("a definition", format!("/definitions/{REGISTER}")),
        ("the draft of the report", "/reports/annual/2023".to_owned()),
        ("questions about legal aid", "/legal-aid".to_owned()),
        ("the journal", "/journal".to_owned()),
    ] {
        page(&mut wire, rounds / 3, bare, what, &path, Wanted::Nothing);
    }
    bytes(&mut wire, &case_of(&small));

    row::head("steps sent as forms: the turn of the middle ratio");
    let wire = server.signed_in(MEDIATOR);
    let mut before = floor::commits(scratch.path(), commits);
    let (mut few, mut many, mut opened) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..if quick { 1 } else { TURNS } {
        for (turns, sent, clients, each) in [
            (&mut few, Sent::Courses, 4, slice * 28),
            (&mut many, Sent::Courses, 64, slice * 7),
            (&mut opened, Sent::Openings, 64, slice * 7),
        ] {
            let rate = steps(&wire, &small, sent, clients, each);
            let after = floor::commits(scratch.path(), commits);
            turns.push(Turn { rate, floor: (before + after) / 2.0 });
            before = after;
        }
    }
    for (what, turns, wanted) in [
        ("4 clients, all steps of cases", few, Wanted::Least(0.6)),
        ("64 clients, all steps of cases", many, Wanted::Least(1.2)),
        ("64 clients that only open cases", opened, Wanted::Nothing),
    ] {
        let turn = floor::middle(turns);
        row::rate(what, turn.rate, turn.floor, "/s", wanted);
    }
    row::number("memory at most, under that", server.memory("VmHWM"), "MB", Wanted::Most(200.0));
    row::number(&format!("memory at most, pages of {records} records"), big_memory, "MB", Wanted::Most(200.0));
}

/// The lists that `benches/list.rs` asks the database for, as pages.
fn lists(wire: &mut Wire, rounds: usize, bare: f64, folder: &Path) {
    let db = Folder::open(folder).unwrap().reader().unwrap();
    let villages = million::villages(&db);
    let often = "f.register.dispute=neighbour";
    let mut list = |what: &str, wanted: f64, query: &dyn Fn(usize) -> String| {
        let times = time(rounds, |nth| {
            let page = wire.get(&format!("/registers/{REGISTER}?{}", query(nth)));
            assert_eq!(page.status, 200, "{}", page.text());
        });
        row::times(what, times, Some(bare), Wanted::Most(wanted));
    };
    list("list: no filter", 10.0, &|_| String::new());
    list("list: one choice, 30 % of all", 10.0, &|_| often.to_owned());
    list("list: choice and village", 10.0, &|nth| format!("{often}&village={}", villages[nth % 7]));
    list("list: state and year", 10.0, &|nth| {
        let state = ["archived", "open", "agreed"][nth % 3];
        format!("state={state}&year={}", FIRST_YEAR as u64 + nth as u64 % YEARS)
    });
    // 界址, and 山林.
    list("list: two characters, 30 % of all", 150.0, &|_| "q=%E7%95%8C%E5%9D%80".to_owned());
    list("list: two characters, one in a hundred", 150.0, &|_| "q=%E5%B1%B1%E6%9E%97".to_owned());
}

/// The pages every township has.
fn one_by_one(wire: &mut Wire, rounds: usize, bare: f64, case: &str) {
    page(wire, rounds, bare, "record", case, Wanted::Most(10.0));
    page(wire, rounds, bare, "home", "/", Wanted::Nothing);
    page(wire, rounds / 3, bare, "figures of a year", "/figures", Wanted::Nothing);
}

fn page(wire: &mut Wire, rounds: usize, bare: f64, what: &str, path: &str, wanted: Wanted) {
    let mut ran = String::new();
    let times = time(rounds, |_| {
        let page = wire.get(path);
        assert_eq!(page.status, 200, "{path}: {}", page.text());
        ran = page.header("server-timing").to_owned();
    });
    let ran = ran.strip_prefix("db;desc=").unwrap_or_default().trim_matches('"').to_owned();
    row::times(&format!("{what} ({ran})"), times, Some(bare), wanted);
}

/// What a browser fetches: everything of the first page, and of later ones themselves.
fn bytes(wire: &mut Wire, case: &str) {
    row::head("bytes over the wire, heads included");
    let kilobytes = |bytes: usize| bytes as f64 / 1024.0;
    let (style, script) = (asset(wire, "stylesheet\" href=\""), asset(wire, "script src=\""));
    let first = wire.get("/").wire + wire.get(&style).wire + wire.get(&script).wire;
    row::number("the first page, its style and its script", kilobytes(first), "KB", Wanted::Most(60.0));
    let list = format!("/registers/{REGISTER}");
    let form = format!("{list}/new/register");
    let definition = format!("/definitions/{REGISTER}");
    for path in [
        "/",
        &list,
        "/dues?whose=all",
        "/figures",
        "/figures?none=1",
        "/figures/mediation.ended?year=2023",
        "/figures/mediation.ended/entries?year=2023",
        "/registers",
        case,
        &form,
        "/drafts",
        &definition,
        "/definitions",
        "/glossary",
        "/journal",
        "/reports",
        "/reports/annual/2023",
        "/reports/annual/2024",
        "/statements",
        "/legal-aid",
        "/check",
        "/trace",
    ] {
        // What the case is called is chance.
        let what = if path == case { "a record" } else { path };
        row::number(&format!("later: {what}"), kilobytes(wire.get(path).wire), "KB", Wanted::Most(15.0));
    }
}

/// What forms are sent.
#[derive(Clone, Copy, PartialEq)]
enum Sent {
    /// Only those that open a case, the dearest there are: a new record, its number, its search.
    Openings,
    /// All steps of a case in their order, from registering to filing, and then of the next.
    Courses,
}

/// Forms a second, so many each by so many at once, each from a draft of its own: cases of the township's work, each client
/// with its own.
fn steps(signed: &Wire, folder: &Path, sent: Sent, clients: usize, each: usize) -> f64 {
    static NTH: AtomicUsize = AtomicUsize::new(0);
    let db = Folder::open(folder).unwrap().reader().unwrap();
    let first = |register: &str| {
        let sql =
            "SELECT id FROM record WHERE town_id = $1 AND register = $2 AND state <> 'void' ORDER BY opened, first_idx";
        db.one(sql, yifa::storage::params![register], |row| row.get::<String>(0)).unwrap().unwrap()
    };
    let (committee, village, mediator) = (first("mediation_committee"), first("village"), first("mediator"));
    let (committee, village, mediator) = (committee.as_str(), village.as_str(), mediator.as_str());
    let token = signed.again().read("/password");
    let token = &after(&token, "name=\"form\" value=\"");
    let today = &yifa::ambient::today().to_string();
    let told = ["nature", "principle", "effect", "rights", "duties"].map(|what| ("f.told", what));
    let course: &[(&str, Vec<(&str, &str)>)] = &[
        (
            "new/register",
            vec![
                ("f.committee", committee),
                ("f.origin", "party"),
                ("f.villages", village),
                ("f.dispute", "neighbour"),
                ("f.facts", "两家为一堵墙争了起来"),
            ],
        ),
        ("steps/assign", vec![("f.mediators", mediator), ("f.chosen_by", "committee")]),
        ("steps/tell_rights", [("f.way", "oral")].into_iter().chain(told).collect()),
        ("steps/session", vec![("f.public", "是"), ("f.account", "到场查看，分头劝说，逐项核对")]),
        (
            "steps/agree",
            vec![
                ("f.form", "oral"),
                ("f.oral_chosen", "是"),
                ("f.rights_at_stake", "否"),
                ("f.content", "以现有石坎为界，互不追究"),
                ("f.effective_on", today),
                ("f.perform_by", today),
                ("f.amount", "0"),
            ],
        ),
        ("steps/follow_up", vec![("f.performed", "full"), ("f.satisfied", "是")]),
        ("steps/archive", vec![("f.volume", "1-1"), ("f.keep", "thirty")]),
    ];
    let course = if sent == Sent::Openings { &course[..1] } else { course };
    let mut wires: Vec<Wire> = (0..clients).map(|_| signed.again()).collect();
    let begun = Instant::now();
    std::thread::scope(|scope| {
        for wire in &mut wires {
            scope.spawn(move || {
                let mut seen = String::new();
                for nth in 0..each {
                    let (step, fields) = &course[nth % course.len()];
                    let draft = System.id().to_string();
                    let mut form = vec![("form", token.as_str()), ("draft", &draft), ("version", "0"), ("f.on", today)];
                    form.extend(fields);
                    let parties = NTH.fetch_add(1, Ordering::Relaxed);
                    let parties = format!("张{parties}、李{parties}");
                    let mut path = format!("/registers/{REGISTER}");
                    match seen.split_once("?done=").filter(|_| nth % course.len() > 0) {
                        Some((record, last)) => {
                            form.push(("based_on", last));
                            path = record.to_owned();
                        }
                        None => form.push(("f.parties", &parties)),
                    }
                    form.push(("act", "record"));
                    let page = wire.post(&format!("{path}/{step}"), &form);
                    assert_eq!(page.status, 303, "{step}: {}", page.text());
                    seen = page.header("location").to_owned();
                }
            });
        }
    });
    (clients * each) as f64 / begun.elapsed().as_secs_f64()
}

/// A running `yifa serve`.
struct Server {
    child: Child,
    address: SocketAddr,
}

impl Server {
    /// Starts it; with the milliseconds until it answered.
    fn start(folder: &Path) -> (Server, f64) {
        let begun = Instant::now();
        let mut command = Command::new(YIFA);
        command.arg("--data").arg(folder).args(["serve", "--listen", "127.0.0.1:0"]);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        let address = line.split("http://").nth(1).and_then(|rest| rest.split('/').next()?.parse().ok()).expect(&line);
        let server = Server { child, address };
        assert_eq!(Wire::open(address).get("/sign-in").status, 200);
        (server, begun.elapsed().as_secs_f64() * 1e3)
    }

    fn signed_in(&self, login: &str) -> Wire {
        let mut wire = Wire::open(self.address);
        let page = wire.post("/sign-in", &[("login", login), ("password", PASSWORD)]);
        assert_eq!(page.status, 303, "{}", page.text());
        wire
    }

    /// Megabytes, by a line of what the system says of the program.
    fn memory(&self, line: &str) -> f64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap_or_default();
        let found = status.lines().find_map(|found| found.strip_prefix(line)?.strip_prefix(':'));
        let kilobytes = found.and_then(|found| found.split_whitespace().next()?.parse().ok());
        kilobytes.unwrap_or(f64::NAN) / 1024.0
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A server of the same libraries that answers a dozen bytes.
fn hello() -> SocketAddr {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let said = || async { "hello, world" };
        let layer = tower_http::compression::CompressionLayer::new().gzip(true);
        let app = axum::Router::new().route("/", axum::routing::get(said)).layer(layer);
        runtime
            .block_on(async { axum_server::from_tcp(listener).unwrap().serve(app.into_make_service()).await })
            .unwrap();
    });
    address
}

/// Gives somebody of a township a login, unless he has one from an earlier run.
fn account(folder: &Path, login: &str, name: &str) {
    let folder = Folder::open(folder).unwrap();
    let (accounts, db) = (Accounts::open(&folder).unwrap(), folder.reader().unwrap());
    if accounts.all().unwrap().iter().all(|account| account.login != login) {
        let password = Password::chosen(PASSWORD, &[]).unwrap();
        accounts.make(login, &find(&db, "person", name).unwrap(), &password, false).unwrap();
    }
}

/// Where the case of the most entries is.
fn case_of(folder: &Path) -> String {
    let db = Folder::open(folder).unwrap().reader().unwrap();
    let sql = "SELECT e.record FROM entry e JOIN payload p ON p.town_id = e.town_id AND p.idx = e.idx \
               JOIN record r ON r.town_id = e.town_id AND r.id = e.record \
               WHERE e.town_id = $1 AND e.idx < 20000 AND r.register = $2 GROUP BY e.record ORDER BY count(*) DESC, e.record";
    let params = yifa::storage::params![REGISTER];
    let id: String = db.one(sql, params, |row| row.get(0)).unwrap().unwrap();
    format!("/registers/{REGISTER}/{id}")
}

/// Milliseconds of each of several rounds; the first is left out.
fn time(rounds: usize, mut work: impl FnMut(usize)) -> Vec<f64> {
    let mut times = Vec::new();
    for nth in 0..rounds.max(1) + 1 {
        let begun = Instant::now();
        work(nth);
        times.push(begun.elapsed().as_secs_f64() * 1e3);
    }
    times.split_off(1)
}

fn middle(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

/// The address of the style sheet or the script, out of a page.
fn asset(wire: &mut Wire, before: &str) -> String {
    after(&wire.read("/"), before)
}

/// What stands behind some words of a page, up to the next quote.
fn after(page: &str, words: &str) -> String {
    let rest = page.split_once(words).unwrap_or_else(|| panic!("no {words} in {page}")).1;
    rest.split('"').next().unwrap().to_owned()
}

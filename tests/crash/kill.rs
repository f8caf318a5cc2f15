//! A process killed at any moment: what was acknowledged is there, and everything still fits together.

use std::process::Child;
use std::time::{Duration, Instant};

use yifa::storage::params;

use crate::support::{Ask, CASE, Ran, Scratch, postgres};

/// How often each test kills: a few times in every run, `YIFA_KILLS=2000` for the long one.
fn rounds(usually: u32) -> u32 {
    std::env::var("YIFA_KILLS").ok().and_then(|text| text.parse().ok()).unwrap_or(usually)
}

/// Moments that differ from run to run; the seed is printed, and `YIFA_SEED` repeats it.
struct Chance(u64);

impl Chance {
    fn new() -> Chance {
        let seed = std::env::var("YIFA_SEED").ok().and_then(|text| text.parse().ok());
        let seed = seed.unwrap_or_else(|| {
            let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
            now.as_nanos() as u64
        });
        println!("YIFA_SEED={seed}");
        Chance(seed | 1)
    }

    /// Somewhere between nothing and this long.
    fn within(&mut self, longest: Duration) -> Duration {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        longest.mul_f64((self.0 >> 11) as f64 / (1_u64 << 53) as f64)
    }
}

/// Lets it live that long and no longer.
fn kill(mut child: Child, after: Duration) -> Ran {
    std::thread::park_timeout(after);
    child.kill().unwrap();
    Ran::of(child.wait_with_output().unwrap())
}

fn timed<T>(act: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    let done = act();
    (done, start.elapsed())
}

#[test]
fn steps_acknowledged_before_a_kill_are_there_afterwards() {
    let scratch = Scratch::township();
    scratch.write("case.toml", CASE.as_bytes());
    let step = ["step", "mediation_case", "new", "register", "--file", "case.toml", "--json"];
    let mut acknowledged: Vec<String> = Vec::new();
    let mut told = |out: &str| {
        let receipt: Option<serde_json::Value> = serde_json::from_str(out).ok();
        acknowledged.extend(receipt.map(|receipt| receipt["id"].as_str().unwrap().to_owned()));
    };
    let (first, usual) = timed(|| scratch.yifa(&step).done());
    told(&first.out);
    let before = scratch.entries();
    let mut chance = Chance::new();
    let (mut killed, mut lived) = (0, 0);
    for _ in 0..rounds(30) {
        let ran = kill(scratch.command(&step).spawn().unwrap(), chance.within(usual.mul_f64(1.3)));
        match ran.code {
            Some(code) => {
                assert_eq!(code, 0, "{ran:?}");
                lived += 1;
            }
            None => killed += 1,
        }
        told(&ran.out);
        scratch.is_sound();
    }
    let db = scratch.db();
    for id in &acknowledged {
        let found: i64 = db.value("SELECT count(*) FROM entry WHERE town_id = $1 AND id = $2", params![id]);
        assert_eq!(found, 1, "{id} was acknowledged and is gone");
    }
    // A step may be on disk without anybody having been told; never the other way round.
    assert!(scratch.entries() - before >= acknowledged.len() as i64 - 1);
    println!("{killed} killed, {lived} lived, {} acknowledged", acknowledged.len());
    assert!(killed > 0, "no kill came in time: the test proved nothing");
    // The numbers of the cases have no gap and no double.
    let sql = "SELECT number FROM record WHERE town_id = $1 AND register = 'mediation_case' ORDER BY first_idx";
    let numbers: Vec<String> = db.values(sql, params![]);
    let expected: Vec<String> = (1..=numbers.len()).map(|n| format!("（2026）黄沙村人调字第{n}号")).collect();
    assert_eq!(numbers, expected);
    drop(db);
    scratch.yifa(&step).done();
    scratch.is_sound();
}

/// A ledger of so many cases.
fn ledger(rows: usize) -> String {
    let mut text = "登记日期,调委会,来源,涉及的村,纠纷类型,当事人,纠纷简要\n".to_owned();
    for row in 0..rows {
        text += &format!("2026-03-02,黄沙村人民调解委员会,当事人申请,黄沙村,邻里,甲{row}、乙{row},第{row}件\n");
    }
    text
}

#[test]
fn a_killed_import_is_in_whole_or_not_at_all() {
    let scratch = Scratch::township();
    const ROWS: usize = 100;
    scratch.write("案件.csv", ledger(ROWS).as_bytes());
    let import = ["import", "mediation_case", "案件.csv"];
    let rehearsal = Scratch::township();
    rehearsal.write("案件.csv", ledger(ROWS).as_bytes());
    let (_, usual) = timed(|| rehearsal.yifa(&import).done());
    let before = scratch.entries();
    let mut chance = Chance::new();
    let mut whole = false;
    for _ in 0..rounds(8) {
        let ran = kill(scratch.command(&import).spawn().unwrap(), chance.within(usual.mul_f64(1.1)));
        let is = scratch.entries() - before;
        assert!(is == 0 || is == ROWS as i64, "{is} rows of {ROWS} are in");
        assert!(!whole || is > 0, "what was in is gone");
        whole = is > 0;
        if ran.out.contains("已记入") {
            assert!(whole, "acknowledged and not there");
        }
        scratch.is_sound();
    }
    scratch.yifa(&import).done();
    assert_eq!(scratch.entries() - before, ROWS as i64);
    scratch.is_sound();
}

#[test]
fn a_killed_init_leaves_a_whole_folder_or_can_be_begun_again() {
    let town = ["init", "--town", "青石乡", "--county", "上犹县", "--origin", "example.gov.cn/360724/qingshi"];
    let (_, usual) = timed(Scratch::init);
    let mut chance = Chance::new();
    for _ in 0..rounds(10) {
        let scratch = Scratch::new();
        // Begun again it comes to the same place.
        let database = postgres::fresh().map(|url| ("YIFA_DATABASE", url));
        let init = || {
            let mut command = scratch.command(&town);
            command.envs(database.clone());
            command
        };
        kill(init().spawn().unwrap(), chance.within(usual));
        if scratch.yifa(&["list", "village"]).code != Some(0) {
            scratch.yifa(&["list", "village"]).refused(&["P702"]);
            let again = Ran::of(init().output().unwrap());
            if again.code != Some(0) {
                // Killed while its files were put in their places, or with entries on a server: nothing is written over.
                again.refused(&["P701", if database.is_some() { "" } else { "移走" }]);
                continue;
            }
        }
        scratch.yifa(&["list", "village"]).done();
        scratch.is_sound();
    }
}

#[test]
fn a_killed_demonstration_is_not_taken_for_a_whole_one() {
    let (whole, usual) = timed(|| {
        let scratch = Scratch::new();
        scratch.yifa(&["demo", "yifa-data", "--no-serve"]).done();
        scratch.entries()
    });
    let mut chance = Chance::new();
    for _ in 0..rounds(4) {
        let scratch = Scratch::new();
        kill(scratch.command(&["demo", "yifa-data", "--no-serve"]).spawn().unwrap(), chance.within(usual));
        let again = scratch.yifa(&["demo", "yifa-data", "--no-serve"]);
        if again.code == Some(0) {
            assert_eq!(scratch.entries(), whole);
            scratch.is_sound();
            continue;
        }
        again.refused(&["P701", "移走"]);
        scratch.yifa(&["list", "village"]).refused(&["P702"]);
    }
}

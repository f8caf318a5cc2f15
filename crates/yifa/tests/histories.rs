//! Whatever has happened, the tables are what the journal says, lists are what looking at every record gives, and the
//! past stays readable as it was.
//!
//! Histories are drawn from a seed: several registers, steps out of order and left out, corrections, voids, answers,
//! links, refused drafts, and definition sets adopted anew under way. The seed is in every message of a failure.

// Each test program uses its part.
#[allow(dead_code)]
#[path = "../../../tests/support/postgres.rs"]
mod postgres;

#[path = "../../../benches/town.rs"]
mod town;

mod both;
mod naive;

use std::collections::{BTreeMap, VecDeque};
use std::sync::atomic::Ordering;

use engine::act::Act;
use engine::day::Day;
use engine::figure::{Period, Reading};
use engine::value::Fields;
use journal::id::Id;
use town::{Seed, Town, list, morning, shipped, text};
use yifa::append::{Draft, Receipt};
use yifa::query::figures::all;
use yifa::sets::Sets;
use yifa::storage::log::Head;
use yifa::storage::params;
use yifa::{rebuild, verify};

const HISTORIES: u64 = 6;
const ACTIONS: usize = 150;

#[test]
fn after_any_history_rebuilding_and_verifying_find_nothing_and_the_past_reads_as_it_did() {
    // Every answer of a server is waited for; the rest of the time goes to the history that is held against a file.
    let histories = if postgres::asked() { HISTORIES / 3 } else { HISTORIES };
    for seed in 0..histories {
        let folder = tempfile::tempdir().unwrap();
        let mut history = History::begin(folder.path(), seed);
        for _ in 0..ACTIONS {
            history.act();
        }
        history.end();
    }
}

#[test]
fn a_refused_step_leaves_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    let mut history = History::begin(folder.path(), 99);
    let before = history.size();
    for _ in 0..20 {
        history.refused();
    }
    assert_eq!(history.size(), before);
    // The number a refused step would have had goes to the next one.
    let mut case = history.town.case(history.today);
    let (_, first) = case.remove(0);
    let receipts = history.town.on(history.today, vec![first]);
    let number = receipts[0].number.clone().unwrap();
    assert!(number.ends_with("第1号"), "{number}");
    history.end();
}

#[test]
fn the_same_history_is_the_same_on_both_engines() {
    if postgres::server_alone("the_same_history_is_the_same_on_both_engines") {
        return;
    }
    let empty = [3, 4, 5].map(|seed| {
        let (file, server) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let folders = [(&file, None), (&server, postgres::fresh())].map(|(folder, database)| {
            // Drawn from the machine for each folder: names sealed under one key are told apart under the other.
            std::fs::create_dir(folder.path().join("town")).unwrap();
            std::fs::write(folder.path().join("town/blind.key"), "5a".repeat(32)).unwrap();
            let mut history = History::begin_on(folder.path(), database.as_deref(), seed);
            for _ in 0..ACTIONS {
                history.act();
            }
            history.town.stop();
            history.town.folder
        });
        if seed == 3 {
            both::answers(&folders[0], &folders[1]);
        }
        both::hold(&folders[0], &folders[1])
    });
    let empty: Vec<_> = empty[0].iter().filter(|table| empty.iter().all(|empty| empty.contains(*table))).collect();
    // No history here is long enough for a whole tile.
    assert_eq!(empty, [&"tile"], "nothing is proved of these");
}

/// A history under way.
struct History {
    seed: u64,
    dice: Seed,
    town: Town,
    today: Day,
    /// Steps still to come, story by story.
    stories: Vec<VecDeque<Draft>>,
    done: Vec<Done>,
    seen: Vec<Seen>,
    changed: u64,
}

/// A step taken.
struct Done {
    register: String,
    record: String,
    entry: String,
}

/// What the figures were at a size of the journal.
struct Seen {
    size: u64,
    set: usize,
    readings: BTreeMap<String, Reading>,
}

impl History {
    fn begin(path: &std::path::Path, seed: u64) -> History {
        History::begin_on(path, postgres::fresh().as_deref(), seed)
    }

    fn begin_on(path: &std::path::Path, database: Option<&str>, seed: u64) -> History {
        let town = Town::found_on(&path.join("town"), database, 2023, seed);
        let today = Day::new(2023, 1, 20).unwrap();
        let (stories, done, seen) = (Vec::new(), Vec::new(), Vec::new());
        History { seed, dice: Seed(seed ^ 0x5eed), town, today, stories, done, seen, changed: 0 }
    }

    /// One thing that happens.
    fn act(&mut self) {
        self.today = self.today.plus_days(self.dice.below(4) as i32).unwrap();
        match self.dice.below(40) {
            0..10 => self.open(),
            10..24 => self.go_on(),
            24..29 => self.correct(),
            29..31 => self.void(),
            31..33 => self.answer(),
            33 => self.link(),
            34..36 => self.refused(),
            36 => self.adopt(),
            37 => {
                self.town.stop();
                self.town.start();
            }
            _ => self.look(),
        }
    }

    fn open(&mut self) {
        // Some of it happened weeks ago, and is late.
        let day = self.today.plus_days(-(self.dice.below(20) as i32)).unwrap();
        let story = match self.dice.below(5) {
            0..2 => self.town.case(day),
            2 => self.town.event(day),
            3 => self.town.study(day),
            _ => self.town.service(day),
        };
        self.stories.push(story.into_iter().map(|(_, draft)| draft).collect());
        self.step(self.stories.len() - 1);
    }

    fn go_on(&mut self) {
        if self.stories.is_empty() {
            return self.open();
        }
        let nth = self.dice.below(self.stories.len() as u64) as usize;
        // Now and then a step is left out, and has to be explained.
        if self.dice.below(6) == 0 && self.stories[nth].len() > 1 {
            self.stories[nth].pop_front();
        }
        self.step(nth);
    }

    fn step(&mut self, nth: usize) {
        let Some(mut draft) = self.stories[nth].pop_front() else { return };
        if let Act::Step(taken) = &mut draft.act {
            let on = taken.fields["on"].as_text().and_then(Day::parse).unwrap();
            taken.fields.insert("on".to_owned(), text(&on.min(self.today).to_string()));
        }
        self.hand_in(draft);
    }

    fn hand_in(&mut self, draft: Draft) {
        let register = draft.act.register().unwrap().to_owned();
        let is_step = matches!(draft.act, Act::Step(_));
        self.town.clock.store(morning(self.today), Ordering::Relaxed);
        // An act of ours out of order is refused; that is part of the history too.
        if let Ok(receipts) = self.town.writer.as_ref().unwrap().append(vec![draft]) {
            let Receipt { id, record, .. } = receipts.into_iter().next().unwrap();
            if is_step {
                self.done.push(Done { register, record, entry: id });
            }
        }
    }

    fn plain(&mut self, act: Act, sealed: Fields) {
        self.hand_in(Draft { id: None, actor: Id::new(1, 42), act, sealed, based_on: None });
    }

    fn any(&mut self) -> Option<(String, String, String)> {
        let nth = self.dice.below(self.done.len().max(1) as u64) as usize;
        let Done { register, record, entry } = self.done.get(nth)?;
        Some((register.clone(), record.clone(), entry.clone()))
    }

    fn correct(&mut self) {
        let Some((register, record, of)) = self.any() else { return };
        let day = self.today.plus_days(-(self.dice.below(40) as i32)).unwrap().to_string();
        let (mut fields, mut sizes, mut cleared, mut sealed) =
            (Fields::new(), BTreeMap::new(), Vec::new(), Fields::new());
        match self.dice.below(6) {
            0 => drop(fields.insert("dispute".into(), text(self.dice.of(&["family", "damage", "traffic"])))),
            1 => drop(fields.insert("kind".into(), text(self.dice.of(&["lecture", "campaign", "visit"])))),
            2 => drop(fields.insert("attended".into(), engine::value::Value::Int(self.dice.below(90) as i64))),
            3 => cleared.push(self.dice.of(&["villages", "kind", "perform_by", "on"]).to_owned()),
            4 => {
                sizes.insert("parties".into(), 3);
                sealed.insert("parties".into(), list(&["孙某丙", "李某丁", "周某戊"]));
            }
            _ => drop(fields.insert("on".into(), text(&day))),
        }
        self.plain(Act::Correct { register, record, of, fields, sizes, cleared, reason: "写错了".into() }, sealed);
    }

    fn void(&mut self) {
        let Some((register, record, of)) = self.any() else { return };
        let of = (self.dice.below(4) > 0).then_some(of);
        self.plain(Act::Void { register, record, of, reason: "登错了".into() }, Fields::new());
    }

    fn answer(&mut self) {
        let db = self.town.folder.reader().unwrap();
        let sql = "SELECT r.register, q.record, q.id FROM question q JOIN record r ON r.town_id = q.town_id AND r.id = q.record \
                   WHERE q.town_id = $1 AND q.answered_by IS NULL ORDER BY q.record, q.id";
        let open: Vec<(String, String, String)> =
            db.rows(sql, params![], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).unwrap();
        if open.is_empty() {
            return;
        }
        let (register, record, question) = open[self.dice.below(open.len() as u64) as usize].clone();
        self.plain(Act::Answer { register, record, question, text: "当事人要求从速".into() }, Fields::new());
    }

    fn link(&mut self) {
        let (Some((register, record, _)), Some((_, to, _))) = (self.any(), self.any()) else { return };
        self.plain(Act::Link { register, record, to, reason: "同一事由".into() }, Fields::new());
    }

    /// Drafts that cannot be: alone, and behind one that could.
    fn refused(&mut self) {
        let tomorrow = self.today.next();
        let (_, good) = self.town.event(self.today).remove(0);
        let (_, bad) = self.town.case(tomorrow).remove(0);
        let (_, second) = self.town.case(self.today).remove(0);
        self.town.clock.store(morning(self.today), Ordering::Relaxed);
        let size = self.size();
        for drafts in [vec![bad.clone()], vec![good, second, bad]] {
            let refused = self.town.writer.as_ref().unwrap().append(drafts);
            assert!(refused.is_err(), "seed {}", self.seed);
        }
        assert_eq!(self.size(), size, "seed {}", self.seed);
    }

    /// Adopts one of: what is shipped, a figure more, another calendar.
    fn adopt(&mut self) {
        let mut files = shipped();
        self.changed += 1;
        if !self.changed.is_multiple_of(3) {
            files.insert("definitions/figures/extra.toml".to_owned(), EXTRA.to_owned());
        }
        if self.changed % 2 == 1 {
            files.remove("definitions/calendar/2023.toml");
        }
        self.town.adopt(self.today, files);
    }

    fn size(&self) -> u64 {
        Head::load(&self.town.folder.reader().unwrap()).unwrap().size()
    }

    /// Notes what the figures are.
    fn look(&mut self) {
        let db = self.town.folder.reader().unwrap();
        let sets = Sets::load(&db).unwrap();
        let set = &sets.current().unwrap().set;
        let readings = all(&db, set, period(), None).unwrap();
        naive::hold(&db, &sets, &mut self.dice, 2, self.seed);
        self.seen.push(Seen { size: self.size(), set: sets.all().len() - 1, readings });
    }

    fn end(mut self) {
        self.look();
        self.town.stop();
        let (seed, db) = (self.seed, self.town.folder.reader().unwrap());
        let sets = Sets::load(&db).unwrap();
        naive::hold(&db, &sets, &mut self.dice, 150, seed);
        let rebuilt = rebuild::rebuild(&db, &sets, &self.town.folder.blind_key().unwrap(), false, &|_| {}).unwrap();
        assert_eq!(rebuilt.differs, [], "seed {seed}");
        let verified = verify::verify(&self.town.folder, &db, None, &|_| {}).unwrap();
        assert_eq!(verified.differs, [], "seed {seed}");
        assert_eq!(verified.signed, verified.entries, "seed {seed}");
        for Seen { size, set, readings } in &self.seen {
            let set = &sets.all()[*set].set;
            let then = all(&db, set, period(), Some(*size)).unwrap();
            for (id, reading) in readings {
                assert_eq!(then[id], *reading, "seed {seed}, size {size}");
            }
        }
    }
}

fn period() -> Period {
    Period::year(2023, Day::MAX).unwrap()
}

const EXTRA: &str = r#"
[[figure]]
id    = "assigned"
title = "确定了调解员的"
unit  = ["起"]
count = { register = "mediation_case", reached = "assign" }
kind  = "register.dispute"
local = "试验用"
says  = ["试验用的起数"]
"#;

//! A made-up township for benches and tests: the drafts of a year, and a clock that stands where it is put.
//!
//! Everything is drawn from a seed, so that two runs measure the same work. Names are invented.

#![allow(dead_code, reason = "each bench uses its part")]

#[path = "stories.rs"]
mod stories;

use std::collections::{BTreeMap, VecDeque};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::mpsc::Receiver;
use std::time::Instant;

use engine::act::{Act, Taken};
use engine::day::Day;
use engine::definition::FileSet;
use engine::value::{Fields, Value};
use journal::id::Id;
use yifa::ambient::Ambient;
use yifa::append::{Draft, Receipts, Writer};
use yifa::folder::{Folder, Town as Named};

/// Who records steps.
pub const CLERK: &str = "经办甲";

/// SplitMix64 (Steele, Lea and Flood 2014): enough for made-up data, and the same everywhere.
pub struct Seed(pub u64);

impl Seed {
    /// The next 64 bits.
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `end`.
    pub fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    /// One of them.
    pub fn of<'a, T: ?Sized>(&mut self, all: &[&'a T]) -> &'a T {
        all[self.below(all.len() as u64) as usize]
    }
}

/// Milliseconds of ten in the morning of a day in China.
pub fn morning(day: Day) -> i64 {
    let since = Day::new(1970, 1, 1).unwrap().days_until(day);
    i64::from(since) * 86_400_000 + 2 * 3_600_000
}

/// A clock that whoever holds the other end moves, and seeded randomness.
pub struct Clock(pub Arc<AtomicI64>, pub Seed);

impl Ambient for Clock {
    fn now(&mut self) -> i64 {
        self.0.load(Ordering::Relaxed)
    }

    fn fill(&mut self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            chunk.copy_from_slice(&self.1.next().to_le_bytes()[..chunk.len()]);
        }
    }
}

/// How many wait at a time where a township is busy.
const WAITING: usize = 64;

/// The township all benches and histories are of.
const TOWN: Named<'static> =
    Named { origin: "bench/town", town: "某某乡", county: "某某县", city: "", province: "" };

/// A township's folder, its writer and the clock the writer goes by.
pub struct Town {
    /// The folder.
    pub folder: Folder,
    /// The writer.
    pub writer: Option<Writer>,
    /// What time it is there.
    pub clock: Arc<AtomicI64>,
    /// What everything is drawn from.
    pub seed: Seed,
    villages: Vec<String>,
    committees: Vec<String>,
    mediators: Vec<String>,
    contract: String,
    /// The next entry's id, where it is not left to the writer.
    next: Option<AtomicI64>,
}

impl Town {
    /// Founds a township of seven villages in an empty folder, on the first day of `year`.
    pub fn found(path: &Path, year: i16, seed: u64) -> Town {
        Town::begin(path, TOWN, None, year, seed, None)
    }

    /// The same on a server, where its address is given. Entries have ids of their own: in what order a writer draws
    /// them and what else it draws is each engine's affair.
    pub fn found_on(path: &Path, database: Option<&str>, year: i16, seed: u64) -> Town {
        Town::begin(path, TOWN, database, year, seed, Some(AtomicI64::new(1)))
    }

    /// The same as another township.
    pub fn found_as(path: &Path, named: Named<'_>, database: Option<&str>, year: i16, seed: u64) -> Town {
        Town::begin(path, named, database, year, seed, None)
    }

    fn begin(
        path: &Path,
        named: Named<'_>,
        database: Option<&str>,
        year: i16,
        seed: u64,
        next: Option<AtomicI64>,
    ) -> Town {
        let day = Day::new(year, 1, 1).unwrap();
        let clock = Arc::new(AtomicI64::new(morning(day)));
        let mut ambient = Clock(clock.clone(), Seed(seed));
        let folder = Folder::create(path, named, database, &mut ambient).unwrap();
        let mut town = Town {
            writer: None,
            clock,
            seed: Seed(seed + 1),
            villages: Vec::new(),
            committees: Vec::new(),
            mediators: Vec::new(),
            contract: String::new(),
            folder,
            next,
        };
        town.start();
        town.adopt(day, shipped());
        town.masters(day);
        town
    }

    /// Starts the writer.
    pub fn start(&mut self) {
        let folder = Folder::open(&self.folder.path).unwrap();
        let ambient = Clock(self.clock.clone(), Seed(self.seed.next()));
        self.writer = Some(Writer::start(folder, Box::new(ambient)).unwrap());
    }

    /// Stops the writer, with everything signed.
    pub fn stop(&mut self) {
        self.writer.take().unwrap().stop().unwrap();
    }

    /// Hands drafts in on a day and waits.
    pub fn on(&self, day: Day, mut drafts: Vec<Draft>) -> Vec<yifa::append::Receipt> {
        if let Some(next) = &self.next {
            let id = || Id::new(morning(day) as u64, next.fetch_add(1, Ordering::Relaxed) as u128);
            drafts.iter_mut().filter(|draft| draft.id.is_none()).for_each(|draft| draft.id = Some(id()));
        }
        self.clock.store(morning(day), Ordering::Relaxed);
        self.writer.as_ref().unwrap().append(drafts).unwrap()
    }

    /// Hands work in day by day, as [`Town::year`] gives it.
    pub fn enter(&self, work: Vec<(Day, Draft)>) {
        let mut days = work.into_iter().peekable();
        while let Some((day, first)) = days.next() {
            let mut drafts = vec![first];
            while let Some((_, draft)) = days.next_if(|(next, _)| *next == day) {
                drafts.push(draft);
            }
            self.on(day, drafts);
        }
    }

    /// Adopts a set.
    pub fn adopt(&self, day: Day, files: FileSet) {
        let act = Act::Adopt { files, reason: "采用".to_owned() };
        self.on(day, vec![Draft { id: None, actor: Id::new(1, 42), act, sealed: Fields::new(), based_on: None }]);
    }

    /// Entries a second, each handed in by its own job, so many waiting at a time.
    pub fn waiting(&self, work: Vec<(Day, Draft)>) -> f64 {
        let (writer, count) = (self.writer.as_ref().unwrap(), work.len());
        let begun = Instant::now();
        let mut waiting: VecDeque<Receiver<Receipts>> = VecDeque::new();
        let mut today = work[0].0;
        for (day, draft) in work {
            // Nobody waits over night: the clock must not run ahead of what waits.
            while waiting.len() == WAITING || (day != today && !waiting.is_empty()) {
                waiting.pop_front().unwrap().recv().unwrap().unwrap();
            }
            today = day;
            self.clock.store(morning(day), Ordering::Relaxed);
            waiting.push_back(writer.hand_in(vec![draft]).unwrap());
        }
        for receipts in waiting {
            receipts.recv().unwrap().unwrap();
        }
        count as f64 / begun.elapsed().as_secs_f64()
    }

    fn id(&mut self, day: Day) -> String {
        Id::new(morning(day) as u64, u128::from(self.seed.next())).to_string()
    }

    /// A draft of a step; fields that begin with `~` are sealed.
    pub fn step(&mut self, register: &str, record: &str, step: &str, day: Day, fields: &[(&str, Value)]) -> Draft {
        let mut taken = Taken {
            register: register.to_owned(),
            record: record.to_owned(),
            step: step.to_owned(),
            ..Taken::default()
        };
        taken.fields.insert("on".to_owned(), text(&day.to_string()));
        let mut sealed = Fields::new();
        for (name, value) in fields {
            match name.strip_prefix('~') {
                Some(name) => {
                    taken.sizes.insert(name.to_owned(), value.size());
                    sealed.insert(name.to_owned(), value.clone());
                }
                None => {
                    taken.fields.insert((*name).to_owned(), value.clone());
                }
            }
        }
        let actor = Id::new(1, 42);
        Draft { id: None, actor, act: Act::Step(taken), sealed, based_on: None }
    }

    fn masters(&mut self, day: Day) {
        let mut drafts = Vec::new();
        for nth in 0..7 {
            let (village, committee) = (self.id(day), self.id(day));
            let name = format!("{}村", ["甲", "乙", "丙", "丁", "戊", "己", "庚"][nth]);
            drafts.push(self.step("village", &village, "found", day, &[("name", text(&name)), ("code", text("0"))]));
            let fields = [
                ("name", text(&format!("{name}人民调解委员会"))),
                ("mark", text(&name)),
                ("kind", text("village")),
                ("village", text(&village)),
                ("members", list(&["a", "b", "c"])),
                ("chair", text("a")),
                ("women", Value::Int(1)),
            ];
            drafts.push(self.step("mediation_committee", &committee, "constitute", day, &fields));
            for _ in 0..3 {
                let mediator = self.id(day);
                let fields = [("shown_as", text(&name)), ("committee", text(&committee)), ("how", text("member"))];
                drafts.push(self.step("mediator", &mediator, "engage", day, &fields));
                self.mediators.push(mediator);
            }
            self.villages.push(village);
            self.committees.push(committee);
        }
        let until = day.plus_months(12 * 30).unwrap();
        let fields = [
            ("kind", text("new")),
            ("firm", text("某某律师事务所")),
            ("government", Value::Bool(true)),
            ("villages", Value::List(self.villages.clone())),
            ("from", text(&day.to_string())),
            ("until", text(&until.to_string())),
        ];
        self.contract = self.id(day);
        let contract = self.contract.clone();
        drafts.push(self.step("adviser_contract", &contract, "sign", day, &fields));
        self.on(day, drafts);
    }

    /// Enters somebody who records steps, and grants him that: 经办甲.
    pub fn clerk(&mut self, day: Day) {
        let (person, grant) = (self.id(day), self.id(day));
        let is = [("name", text(CLERK)), ("kinds", list(&["official"])), ("sex", text("female"))];
        let may = [("person", text(&person)), ("name", text(CLERK)), ("role", text("clerk")), ("reason", text("到岗"))];
        let drafts =
            vec![self.step("person", &person, "enter", day, &is), self.step("grant", &grant, "give", day, &may)];
        self.on(day, drafts);
    }

    /// About `entries` drafts of ordinary work in a year, each with the day it is handed in, in that order.
    pub fn year(&mut self, year: i16, entries: usize) -> Vec<(Day, Draft)> {
        self.work(year, 365, entries)
    }

    /// The same with everything begun in the first `days_open` days of the year.
    pub fn work(&mut self, year: i16, days_open: u64, entries: usize) -> Vec<(Day, Draft)> {
        let first = Day::new(year, 1, 1).unwrap();
        let last = Day::new(year, 12, 31).unwrap();
        let mut days: BTreeMap<Day, Vec<Draft>> = BTreeMap::new();
        let mut count = 0;
        while count < entries {
            let day = first.plus_days(self.seed.below(days_open) as i32).unwrap();
            let story = match self.seed.below(10) {
                0..4 => self.case(day),
                4..7 => self.event(day),
                7..9 => self.study(day),
                _ => self.service(day),
            };
            // One in fifty is entered three weeks late.
            let late = if self.seed.below(50) == 0 { 21 } else { 0 };
            for (on, mut draft) in story {
                let on = on.plus_days(late).unwrap();
                // An act of the township's own is done on the day it is entered, or entered as already done.
                if let Act::Step(taken) = &mut draft.act
                    && taken.step == "assign"
                    && late > 0
                {
                    taken.already = Some("压测".to_owned());
                }
                if on <= last && count < entries {
                    count += 1;
                    days.entry(on).or_default().push(draft);
                }
            }
        }
        days.into_iter().flat_map(|(day, drafts)| drafts.into_iter().map(move |draft| (day, draft))).collect()
    }
}

/// The set a township adopts.
pub fn shipped() -> FileSet {
    let mut files = yifa::sets::shipped();
    files.retain(|path, _| !path.starts_with("definitions/cases/"));
    files
}

/// A text.
pub fn text(value: &str) -> Value {
    Value::Text(value.to_owned())
}

/// Several texts.
pub fn list(values: &[&str]) -> Value {
    Value::List(values.iter().map(|value| (*value).to_owned()).collect())
}

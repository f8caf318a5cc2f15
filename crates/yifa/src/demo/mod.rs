//! The demonstration: two years of made-up records for the township of a real report, through the ordinary writer (演示).
//!
//! Every record is typed into the same forms as everybody's and handed to the same [`Writer`]; only the clock and the
//! randomness are scripted, by a type that nothing outside this folder can make.

pub mod accounts;
mod annual;
mod case;
mod chance;
mod clock;
mod course;
mod made;
mod outline;
mod plan;
mod rest;
mod seeded;
mod sent;
mod sheet;
mod words;
mod years;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::mpsc::Receiver;

use anyhow::{Context, Result, ensure};
use engine::day::Day;
use engine::definition::Definitions;
use serde::Serialize;

use crate::append::{Receipts, Writer};
use crate::folder::{self, Folder, Town, replace_file};
use crate::sets::{self, sha256};
use crate::storage::params;

use case::{Case, Telling};
use plan::{Plan, Planned};
use rest::Rest;
use seeded::Seeded;
use years::Stretch;

/// The journal's name.
pub const ORIGIN: &str = "demo/360724/wuzhifeng";
/// The township, marked wherever it is shown.
pub const TOWNSHIP: &str = "五指峰乡（演示数据）";
/// Its county.
pub const COUNTY: &str = "上犹县";
/// The year of the report whose totals the records give.
pub const YEAR: i16 = 2023;

/// The figures that report gives, which the demonstration shows first.
pub const FIGURES: &[&str] = &[
    "study.centre_group",
    "publicity.large_events",
    "publicity.volunteer",
    "publicity.materials",
    "adviser.lawyers",
    "base.villages",
    "adviser.covered_villages",
    "adviser.coverage",
    "adviser.consultations",
    "mediation.ended",
    "mediation.agreed",
    "mediation.failed",
    "mediation.success_rate",
    "service.people",
];

/// What was written down by hand in the year of the report; some of it goes on into the next.
const FIRST_YEAR: &[&str] = &[
    include_str!("data/people.txt"),
    include_str!("data/committees.txt"),
    include_str!("data/study.txt"),
    include_str!("data/publicity.txt"),
    include_str!("data/advisers.txt"),
    include_str!("data/decision.txt"),
    include_str!("data/document.txt"),
    include_str!("data/neighbour.txt"),
    include_str!("data/leadership.txt"),
    include_str!("data/learning.txt"),
    include_str!("data/inquiry.txt"),
    include_str!("data/legal_aid.txt"),
];

/// What was written down by hand in the year after it.
const SECOND_YEAR: &[&str] = &[
    include_str!("data/second/people.txt"),
    include_str!("data/second/committees.txt"),
    include_str!("data/second/advisers.txt"),
    include_str!("data/second/publicity.txt"),
    include_str!("data/second/study.txt"),
    include_str!("data/second/leadership.txt"),
    include_str!("data/second/petition.txt"),
    include_str!("data/second/document.txt"),
    include_str!("data/second/inquiry.txt"),
    include_str!("data/second/changes.txt"),
];

/// What of the year of the report is written down once its disputes are: it may name them.
const FIRST_YEAR_TOO: &[&str] = &[include_str!("data/plans.txt")];

/// The same of the year after it.
const SECOND_YEAR_TOO: &[&str] = &[include_str!("data/second/linked.txt")];

/// Who may do what, planned last: a change to it changes no other record.
const GRANTS: &str = include_str!("data/grants.txt");

/// What went to superiors and what earlier reports say, planned last for the same reason.
const OUTSIDE: &[&str] = &[include_str!("data/submissions.txt"), include_str!("data/baseline.txt")];

/// How many acts share one commit.
const LOT: usize = 100;

/// What was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// How many entries the journal has.
    pub entries: u64,
    /// Records by register.
    pub records: BTreeMap<String, u64>,
    /// Flags on them.
    pub flags: u64,
    /// Steps recorded late.
    pub late: u64,
}

/// Makes an empty folder for the demonstration; with the address of a server, its journal lies there.
pub fn create(path: &Path, database: Option<&str>) -> Result<Folder> {
    let mut ambient = Seeded::new(ORIGIN, [start()?])?;
    let town = Town { origin: ORIGIN, town: TOWNSHIP, county: COUNTY, ..Town::default() };
    Folder::create(path, town, database, &mut ambient)
}

/// Fills a folder made by [`create`]; `progress` is told how many acts are done, and of how many.
pub fn fill(folder: &Folder, progress: &dyn Fn(u64, u64)) -> Result<Summary> {
    let empty = folder.reader()?.one("SELECT 1 FROM entry WHERE town_id = $1", params![], |_| Ok(()))?.is_none();
    ensure!(empty, "the demonstration fills an empty journal only");
    let mut files = sets::shipped();
    let set = sets::check(&files)?;
    // Cases test the definitions; a journal need not carry them.
    files.retain(|path, _| !path.starts_with("definitions/cases/"));
    let planned = script(folder, &set, files)?;
    write_attachments(folder)?;
    record(folder, planned, progress)?;
    summary(folder)
}

/// Records everything, in stretches: what an annual report is made of is signed before it.
fn record(folder: &Folder, mut planned: Vec<Planned>, progress: &dyn Fn(u64, u64)) -> Result<()> {
    let total = planned.len() as u64;
    while !planned.is_empty() {
        let next = planned.iter().skip(1).position(|planned| made::names_what_is_signed(&planned.draft));
        let rest = planned.split_off(next.map_or(planned.len(), |next| next + 1));
        let stretch = std::mem::replace(&mut planned, rest);
        let clock = Seeded::new(&folder.config.origin, stretch.iter().map(|planned| planned.at))?;
        let before = total - (stretch.len() + planned.len()) as u64;
        // A second handle on the same folder: the writer keeps the one it is given.
        let own = folder.clone();
        let writer = Writer::start(own, Box::new(clock))?;
        hand_in(folder, &writer, stretch, &|done| progress(before + done, total))?;
        writer.stop()?;
    }
    Ok(())
}

/// Hands everything in, one lot while the one before is on its way to disk.
fn hand_in(folder: &Folder, writer: &Writer, planned: Vec<Planned>, progress: &dyn Fn(u64)) -> Result<()> {
    let mut done = 0;
    let mut waiting = None;
    let mut settle = |waiting: Option<(Receiver<Receipts>, u64)>| -> Result<()> {
        if let Some((receipts, size)) = waiting {
            done += wait(&receipts, size)?;
            progress(done);
        }
        Ok(())
    };
    let mut rest = planned.into_iter().peekable();
    while let Some(mut first) = rest.next() {
        if made::is_made(&first.draft) {
            // What it is made of has to be on disk.
            settle(waiting.take())?;
            made::make(folder, &writer.sets()?, &mut first)?;
        }
        let mut lot = vec![first.draft];
        while lot.len() < LOT
            && let Some(next) = rest.next_if(|next| !made::is_made(&next.draft))
        {
            lot.push(next.draft);
        }
        let size = lot.len() as u64;
        settle(waiting.replace((writer.hand_in(lot)?, size)))?;
    }
    settle(waiting)
}

fn wait(receipts: &Receiver<Receipts>, size: u64) -> Result<u64> {
    receipts.recv().context("the writer stopped")??;
    Ok(size)
}

/// The morning the township began to use the system.
fn start() -> Result<i64> {
    Ok(clock::morning(Day::new(2022, 11, 1).context("a day")?))
}

/// What the years are told from.
struct Sources {
    words: words::Words,
    disputes: words::Disputes,
    files: BTreeMap<String, String>,
}

impl Sources {
    fn load() -> Result<Sources> {
        let mut files = made::stand_ins();
        files.extend(words::attachments()?.into_iter().map(|(name, text)| (name, sha256(&text))));
        Ok(Sources { words: words::Words::load()?, disputes: words::Disputes::load()?, files })
    }

    fn telling<'s>(&'s self, stretch: &'s Stretch) -> Telling<'s> {
        Telling { stretch, words: &self.words, disputes: &self.disputes, files: &self.files }
    }
}

/// Everything that is done, in the order recorded.
fn script(folder: &Folder, set: &Definitions, files: engine::definition::FileSet) -> Result<Vec<Planned>> {
    let mut plan = Plan::new(set, folder::console(&folder.config)?);
    plan.adopt(start()?, files, "启用本系统（演示数据）".to_owned());
    let sources = Sources::load()?;
    let left = first_year(&mut plan, &sources)?;
    second_year(&mut plan, &sources, left)?;
    for sheet in [GRANTS].iter().chain(OUTSIDE) {
        sheet::plan(&mut plan, sheet, &sources.files)?;
    }
    Ok(plan.finish())
}

/// The year of the report, with what is before and after it; gives what its cases left to be done.
fn first_year<'s>(plan: &mut Plan<'_>, sources: &'s Sources) -> Result<Vec<Rest<'s>>> {
    for sheet in FIRST_YEAR {
        sheet::plan(plan, sheet, &sources.files)?;
    }
    let left = tell(plan, sources.telling(&years::FIRST))?;
    for sheet in FIRST_YEAR_TOO {
        sheet::plan(plan, sheet, &sources.files)?;
    }
    Ok(left)
}

/// The year after it, planned when the first one is: a change to it changes no record of the first.
fn second_year<'s>(plan: &mut Plan<'_>, sources: &'s Sources, left: Vec<Rest<'s>>) -> Result<()> {
    for sheet in SECOND_YEAR {
        sheet::plan(plan, sheet, &sources.files)?;
    }
    let telling = sources.telling(&years::SECOND);
    let ended = years::FIRST.ended.iter().map(|(.., count)| *count as usize).sum::<usize>();
    for (nth, rest) in left.into_iter().enumerate() {
        let went_on = years::WENT_ON.iter().find(|(place, ..)| ended + place == nth);
        let how = went_on.map(|(_, on, fate)| (years::day(*on), *fate));
        Case::take_up(plan, telling, rest).go_on(how).with_context(|| format!("case {nth} going on"))?;
    }
    tell(plan, telling)?;
    for sheet in SECOND_YEAR_TOO {
        sheet::plan(plan, sheet, &sources.files)?;
    }
    Ok(())
}

/// Writes down the disputes of a stretch; gives what is left of each when it ends.
fn tell<'s>(plan: &mut Plan<'_>, telling: Telling<'s>) -> Result<Vec<Rest<'s>>> {
    let outlines = outline::draw_up(telling.stretch, &plan.set().calendar, telling.words, telling.disputes);
    let mut left = Vec::new();
    for (nth, outline) in outlines.into_iter().enumerate() {
        let mut case = Case::new(plan, telling, outline, nth as u64);
        case.tell().with_context(|| format!("case {nth}, {:?}, ended {}", outline.twist, outline.end))?;
        left.push(case.put_aside());
    }
    Ok(left)
}

fn write_attachments(folder: &Folder) -> Result<()> {
    for text in words::attachments()?.into_values() {
        replace_file(&folder.files().join(sha256(&text)), text.as_bytes())?;
    }
    Ok(())
}

/// Counts what is in the folder now.
fn summary(folder: &Folder) -> Result<Summary> {
    let db = folder.reader()?;
    let count =
        |sql: &str| -> Result<u64> { Ok(db.one(sql, params![], |row| row.get::<i64>(0))?.unwrap_or_default() as u64) };
    let sql = "SELECT register, count(*) FROM record WHERE town_id = $1 GROUP BY register ORDER BY register";
    let records = db.rows(sql, params![], |row| Ok((row.get(0)?, row.get::<i64>(1)? as u64)))?;
    Ok(Summary {
        entries: count("SELECT size FROM log_head WHERE town_id = $1")?,
        records: records.into_iter().collect(),
        flags: count("SELECT count(*) FROM flag WHERE town_id = $1")?,
        late: count("SELECT count(DISTINCT idx) FROM fact WHERE town_id = $1 AND late = 1 AND until_idx = 0")?,
    })
}

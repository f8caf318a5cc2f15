//! The demonstration: a year of made-up records for the township of a real report, through the ordinary writer (演示).
//!
//! Every record is typed into the same forms as everybody's and handed to the same [`Writer`]; only the clock and the
//! randomness are scripted, by a type that nothing outside this folder can make.

mod case;
mod chance;
mod clock;
mod course;
mod outline;
mod plan;
mod seeded;
mod sheet;
mod words;

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
use crate::folder::{self, Folder, replace_file};
use crate::projection::HOLDS;
use crate::sets;
use crate::storage::TOWN;
use plan::{Plan, Planned};
use seeded::Seeded;

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

/// Makes an empty folder for the demonstration.
pub fn create(path: &Path) -> Result<Folder> {
    let mut ambient = Seeded::new(ORIGIN, [start()?])?;
    Folder::create(path, ORIGIN, TOWNSHIP, COUNTY, &mut ambient)
}

/// Fills a folder made by [`create`]; `progress` is told how many acts are done, and of how many.
pub fn fill(folder: &Folder, progress: &dyn Fn(u64, u64)) -> Result<Summary> {
    let empty = folder.reader()?.one("SELECT 1 FROM entry WHERE town_id = $1", [TOWN], |_| Ok(()))?.is_none();
    ensure!(empty, "the demonstration fills an empty journal only");
    let mut files = sets::shipped();
    let set = sets::check(&files)?;
    // Cases test the definitions; a journal need not carry them.
    files.retain(|path, _| !path.starts_with("definitions/cases/"));
    let planned = script(folder, &set, files)?;
    let clock = Seeded::new(&folder.config.origin, planned.iter().map(|planned| planned.at))?;
    write_attachments(folder)?;
    // A second handle on the same folder: the writer keeps the one it is given.
    let own = Folder { path: folder.path.clone(), config: folder.config.clone() };
    let writer = Writer::start(own, Box::new(clock))?;
    hand_in(&writer, planned, progress)?;
    writer.stop()?;
    summary(folder)
}

/// Hands everything in, one lot while the one before is on its way to disk.
fn hand_in(writer: &Writer, planned: Vec<Planned>, progress: &dyn Fn(u64, u64)) -> Result<()> {
    let total = planned.len() as u64;
    let mut done = 0;
    let mut waiting = None;
    let mut drafts = planned.into_iter().map(|planned| planned.draft).peekable();
    while drafts.peek().is_some() {
        let lot: Vec<_> = drafts.by_ref().take(LOT).collect();
        let size = lot.len() as u64;
        if let Some((receipts, size)) = waiting.replace((writer.hand_in(lot)?, size)) {
            done += wait(&receipts, size)?;
            progress(done, total);
        }
    }
    if let Some((receipts, size)) = waiting {
        done += wait(&receipts, size)?;
        progress(done, total);
    }
    Ok(())
}

fn wait(receipts: &Receiver<Receipts>, size: u64) -> Result<u64> {
    receipts.recv().context("the writer stopped")??;
    Ok(size)
}

/// The morning the township began to use the system.
fn start() -> Result<i64> {
    Ok(clock::morning(Day::new(2022, 11, 1).context("a day")?))
}

/// Everything that is done, in the order recorded.
fn script(folder: &Folder, set: &Definitions, files: engine::definition::FileSet) -> Result<Vec<Planned>> {
    let mut plan = Plan::new(set, folder::console(&folder.config)?);
    let digests: BTreeMap<String, String> =
        words::attachments()?.into_iter().map(|(name, text)| (name, words::digest(&text))).collect();
    plan.adopt(start()?, files, "启用本系统（演示数据）".to_owned());
    for sheet in [
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
    ] {
        sheet::plan(&mut plan, sheet, &digests)?;
    }
    let (words, disputes) = (words::Words::load()?, words::Disputes::load()?);
    let telling = case::Telling { words: &words, disputes: &disputes, files: &digests };
    for (nth, outline) in outline::draw_up(&set.calendar, &words, &disputes).iter().enumerate() {
        let told = case::Case::new(&mut plan, &telling, outline, nth as u64).tell();
        told.with_context(|| format!("case {nth}, {:?}, ended {}", outline.twist, outline.end))?;
    }
    Ok(plan.finish())
}

fn write_attachments(folder: &Folder) -> Result<()> {
    for text in words::attachments()?.into_values() {
        replace_file(&folder.files().join(words::digest(&text)), text.as_bytes())?;
    }
    Ok(())
}

/// Counts what is in the folder now.
fn summary(folder: &Folder) -> Result<Summary> {
    let db = folder.reader()?;
    let count =
        |sql: &str| -> Result<u64> { Ok(db.one(sql, [TOWN], |row| row.get::<_, i64>(0))?.unwrap_or_default() as u64) };
    let sql = "SELECT register, count(*) FROM record WHERE town_id = $1 GROUP BY register ORDER BY register";
    let records = db.rows(sql, [TOWN], |row| Ok((row.get(0)?, row.get::<_, i64>(1)? as u64)))?;
    Ok(Summary {
        entries: count("SELECT size FROM log_head WHERE town_id = $1")?,
        records: records.into_iter().collect(),
        flags: count("SELECT count(*) FROM flag WHERE town_id = $1")?,
        late: count(&format!(
            "SELECT count(DISTINCT idx) FROM fact WHERE town_id = $1 AND late = 1 AND until_idx = {HOLDS}"
        ))?,
    })
}

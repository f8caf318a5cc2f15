//! What nobody of the demonstration writes by hand: the program makes it when its turn comes.
//!
//! An annual report, a statement, what an earlier report says of figures can be made only when the entries behind them
//! are there. Until then something stands for them; when their turn comes, everything before them is on disk, as it was
//! for whoever made them.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use engine::act::{Act, Taken};
use engine::day::Day;
use engine::value::Value;

use super::annual;
use super::plan::Planned;
use super::sent;
use crate::append::Draft;
use crate::folder::Folder;
use crate::query::baseline::{self, Baseline};
use crate::query::names::Names;
use crate::render::text::without_annex;
use crate::sets::{Sets, sha256};
use crate::statement::submission;
use crate::storage::Db;

/// Makes something of what is in the folder, and puts it into the step.
type Make = fn(&Kept<'_>, i64, &mut Taken) -> Result<()>;

/// What is there when something's turn comes.
pub struct Kept<'k> {
    /// The folder.
    pub folder: &'k Folder,
    /// Its tables.
    pub db: Db,
    /// The definitions adopted so far.
    pub sets: &'k Sets,
}

/// The steps of which something is made.
const MADE: &[(&str, &str, Make)] = &[
    (crate::annual::REGISTER, crate::annual::DRAFT, |kept, _, taken| annual::draw_up(kept, taken)),
    (submission::REGISTER, submission::SEND, sent::fill),
    (submission::REGISTER, submission::REPLACE, sent::fill),
    (submission::REGISTER, submission::SETTLE, |kept, _, taken| sent::tell(kept, taken)),
    (baseline::REGISTER, baseline::STEP, |kept, _, taken| read(kept, taken)),
];

/// What the sheets call that which is still to be made, and what stands for it.
pub fn stand_ins() -> BTreeMap<String, String> {
    let mut files = annual::stand_ins();
    files.insert(sent::STAND_IN.to_owned(), sha256(sent::STAND_IN));
    files
}

fn made(draft: &Draft) -> Option<Make> {
    let Act::Step(taken) = &draft.act else { return None };
    let found = MADE.iter().find(|(register, step, _)| (*register, *step) == (&*taken.register, &*taken.step));
    found.map(|(.., make)| *make)
}

/// Whether something of it is made before it is recorded.
pub fn is_made(draft: &Draft) -> bool {
    made(draft).is_some()
}

/// Whether what is made for it says how much of the journal is signed.
pub fn names_what_is_signed(draft: &Draft) -> bool {
    is_made(draft) && matches!(&draft.act, Act::Step(taken) if taken.register == crate::annual::REGISTER)
}

/// Makes it, if anything is to be made.
pub fn make(folder: &Folder, sets: &Sets, planned: &mut Planned) -> Result<()> {
    let (Some(make), Act::Step(taken)) = (made(&planned.draft), &mut planned.draft.act) else { return Ok(()) };
    let name = format!("{}.{}", taken.register, taken.step);
    make(&Kept { folder, db: folder.reader()?, sets }, planned.at, taken)
        .with_context(|| format!("the demonstration makes {name}"))
}

/// Reads what a report says of figures, and puts into the step what `yifa baseline` puts there.
fn read(kept: &Kept<'_>, taken: &mut Taken) -> Result<()> {
    let text = |field: &str| taken.fields.get(field).and_then(Value::as_text).with_context(|| format!("no {field}"));
    let (on, title, report) = (Day::parse(text("on")?).context("a day")?, text("title")?, text("report")?);
    let year = i16::try_from(taken.fields.get("year").and_then(Value::as_int).context("no year")?)?;
    let words = std::fs::read_to_string(kept.folder.files().join(report))?;
    let words = without_annex(&words);
    let found = Baseline::read(words, &kept.sets.current()?.set, year, Names::load(&kept.db)?.villages());
    taken.fields = found.fields(on, title, year, report);
    Ok(())
}

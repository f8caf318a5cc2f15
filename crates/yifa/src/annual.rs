//! The annual report of a year: the record of its making, its edits, and the document they come to (年度报告).

pub mod county;
pub mod reported;

use std::collections::BTreeMap;
use std::sync::Arc;

use anyhow::Result;
use engine::act::Entry;
use engine::day::Day;
use engine::definition::{Definitions, Figure, Register};
use engine::figure::{Period, Reading};
use engine::record::{Course, Instance, Rules, walk};
use engine::report::edit::{Edit, Standing, edited};
use engine::report::{Context, Document, Variables, compose};
use engine::value::Value;
use journal::id::Id;

use crate::ambient;
use crate::append::{current_keys, last_signed};
use crate::folder::Folder;
use crate::query::breakdown::Behind;
use crate::query::figures::{all_with, period};
use crate::query::names::Names;
use crate::query::overdue::Dues;
use crate::query::years;
use crate::refused::refuse;
use crate::sets::Sets;
use crate::storage::Db;
use crate::storage::log::{Size, entries_of};

/// The register of how annual reports are made.
pub const REGISTER: &str = "annual_report";
/// Its step that holds a draft, and the one that holds an edit of a paragraph.
pub const DRAFT: &str = "draft";
/// See [`DRAFT`].
pub const REVISE: &str = "revise";

/// A report asked for.
#[derive(Debug, Default)]
pub struct Annual {
    /// The year.
    pub year: i16,
    /// To whom it is addressed; absent: as usual. So are the next two.
    pub superior: Option<String>,
    /// Who signs.
    pub signed_by: Option<String>,
    /// Who receives a copy.
    pub copy_to: Option<String>,
    /// The day of signing; absent in a draft.
    pub signed_on: Option<Day>,
    /// As of which size of the journal; absent: now.
    pub at: Option<u64>,
}

/// A report composed, and what became of the edits.
pub struct Composed {
    /// The year reported.
    pub year: i16,
    /// As it is to be read.
    pub document: Document,
    /// As the ledger alone would have it.
    pub plain: Document,
    /// The edits of the record, in the order made.
    pub edits: Vec<Edited>,
    /// Every figure of the year.
    pub readings: BTreeMap<String, Reading>,
    /// The journal it was composed from.
    pub size: Size,
}

/// An edit, with who made it and how it stands now.
pub struct Edited {
    /// The edit.
    pub edit: Edit,
    /// Who.
    pub actor: String,
    /// When.
    pub on: Day,
    /// The id of its entry.
    pub id: String,
    /// How it stands; none where a later edit of its paragraph took its place.
    pub standing: Option<Standing>,
}

impl Annual {
    /// A report of a year with nothing said about who receives and signs it.
    pub fn of(year: i16) -> Annual {
        Annual { year, ..Annual::default() }
    }

    /// Composes the report from the tables, the edits of its record applied.
    pub fn compose(self, folder: &Folder, db: &Db, sets: &Sets) -> Result<Composed> {
        let making = makings(db, sets, self.at)?.into_iter().rfind(|making| making.year == self.year);
        self.compose_with(folder, db, sets, making.as_ref())
    }

    /// The same with the record of its making at hand.
    pub fn compose_with(self, folder: &Folder, db: &Db, sets: &Sets, making: Option<&Making>) -> Result<Composed> {
        let size = Size::load(db, self.at)?;
        let set = &sets.at(self.at)?.set;
        let Some(template) = set.reports.get("annual") else {
            return Err(refuse(
                604,
                "这套定义没有年度报告的模板",
                "请在 definitions/reports/annual.md 写模板，再用 yifa definitions adopt 采用",
            ));
        };
        let asked = period_of(self.year)?;
        let (at, config) = (self.at, &folder.config);
        let mut variables = Variables::new(self.year, asked.to, &config.town, &config.county);
        variables = self.dressed(variables);
        let (names, dues) = (Names::load(db)?, Dues::load(db, set, at)?);
        let now = all_with(db, set, asked, &dues)?;
        // A year that is still running, or one the ledger covers only in part, is no measure: nothing is compared then.
        let last = years::before(asked)?;
        let before = match !variables.is_running() && months(db, set, last, &dues)? >= COVERED {
            true => all_with(db, set, last, &dues)?,
            false => BTreeMap::new(),
        };
        let signed = last_signed(folder, db, &current_keys(folder)?)?.is_some_and(|signed| signed.size >= size.size);
        let unsigned = if signed { "" } else { "，尚未签署" };
        let checkpoint = format!("日志前 {} 条，根 {}{unsigned}", size.size, size.root);
        let breakdown = Behind::new(db, set, template, asked, &dues, &names);
        let mut edits = making.map(|making| making.edits(sets, at)).transpose()?.unwrap_or_default();
        let raw: Vec<Edit> = edits.iter().map(|one| one.edit.clone()).collect();
        let composed = |variables: &Variables| {
            let context = Context {
                set,
                variables,
                this_year: &now,
                last_year: &before,
                breakdown: &breakdown,
                checkpoint: &checkpoint,
            };
            let plain = compose(template, &context);
            let (document, standings) = edited(plain.clone(), &raw);
            (plain, document, standings)
        };
        let (mut plain, mut document, mut standings) = composed(&variables);
        // Only now is it known whether a number in it is by hand, which the report itself has to say.
        if !document.annex.by_hand.is_empty() {
            variables.by_hand = true;
            (plain, document, standings) = composed(&variables);
        }
        for (entry, standing) in standings {
            edits
                .iter_mut()
                .filter(|one| one.edit.entry == entry)
                .for_each(|one| one.standing = Some(standing.clone()));
        }
        Ok(Composed { year: asked.from.year(), document, plain, edits, readings: now, size })
    }

    /// With what was said of who receives and signs it.
    fn dressed(self, mut variables: Variables) -> Variables {
        let replaced = [
            (self.superior, &mut variables.superior),
            (self.signed_by, &mut variables.signed_by),
            (self.copy_to, &mut variables.copy_to),
        ];
        for (given, usual) in replaced {
            *usual = given.unwrap_or_else(|| std::mem::take(usual));
        }
        variables.signed_on = self.signed_on;
        variables
    }
}

/// The days a report is of.
fn period_of(year: i16) -> Result<Period> {
    let asked = period(year)?;
    if asked.from > ambient::today() {
        let remedy = "请写今年或者以前的年度；今年的在年度结束以前是草稿";
        return Err(refuse(607, format!("{year}年还没有到，没有可以报告的"), remedy));
    }
    Ok(asked)
}

/// The record of how the report of a year is made.
pub struct Making {
    /// Its id.
    pub id: String,
    /// The year reported.
    pub year: i16,
    /// The register it was opened under.
    pub register: Arc<Register>,
    /// Its entries, in order.
    pub entries: Vec<Entry>,
}

impl Making {
    /// Its course.
    pub fn course<'m>(&'m self, set: &'m Definitions) -> Course<'m> {
        walk(Rules { register: &self.register, figures: &[], calendar: &set.calendar }, &self.entries).0
    }

    /// Whether it holds an entry already: a button pressed twice.
    pub fn holds(&self, id: Id) -> bool {
        let id = id.to_string();
        self.entries.iter().any(|entry| entry.id == id)
    }

    /// Its edits that are not void, in the order made.
    fn edits(&self, sets: &Sets, size: Option<u64>) -> Result<Vec<Edited>> {
        let set = &sets.at(size)?.set;
        let course = self.course(set);
        let mut edits: Vec<Edited> = course.taken().filter(|one| one.step.id.value == REVISE).map(edit).collect();
        edits.sort_by_key(|one| one.edit.entry);
        Ok(edits)
    }
}

fn edit(one: &Instance<'_>) -> Edited {
    let text = |field: &str| one.value(field).and_then(Value::as_text).unwrap_or_default().to_owned();
    let edit = Edit {
        entry: one.entry,
        place: text("place"),
        before: text("before"),
        text: text("text"),
        values: text("values"),
        reason: text("reason"),
    };
    Edited { edit, actor: one.actor.to_string(), on: one.recorded, id: one.id.to_string(), standing: None }
}

/// The records of how annual reports are made, in the order opened, as of a size of the journal; void ones left out.
pub fn makings(db: &Db, sets: &Sets, size: Option<u64>) -> Result<Vec<Making>> {
    let set = &sets.at(size)?.set;
    // One record a year: that each is read for itself costs little.
    let sql = "SELECT id FROM record WHERE town_id = $1 AND register = $2 ORDER BY first_idx";
    let ids: Vec<String> = db.rows(sql, crate::storage::params![REGISTER], |row| row.get(0))?;
    let mut all = Vec::new();
    for id in ids {
        let (mut entries, _) = entries_of(db, &id)?;
        entries.retain(|entry| size.is_none_or(|size| entry.index < size));
        let Some(first) = entries.first() else { continue };
        let register = sets.opened_under(first.index, REGISTER)?.clone();
        let mut making = Making { id, year: 0, register, entries };
        let course = making.course(set);
        let year = course.taken().find_map(|one| one.step.opens().then(|| one.value("year")?.as_int()).flatten());
        let (void, year) = (course.void, year.and_then(|year| i16::try_from(year).ok()));
        let Some(year) = year.filter(|_| !void) else { continue };
        making.year = year;
        all.push(making);
    }
    Ok(all)
}

/// A year with records in fewer months than this was not kept as a whole.
const COVERED: usize = 10;

/// In how many months of a period anything happened that is counted, as far as is asked for.
fn months(db: &Db, set: &Definitions, period: Period, dues: &Dues) -> Result<usize> {
    let figures = set.figures.values().filter(|figure| !figure.is_stock() && !figure.is_built());
    let figures: Vec<&Figure> = figures.map(|figure| -> &Figure { figure }).collect();
    let firsts = (1..=12).filter_map(|month| Day::new(period.from.year(), month, 1));
    let mut months = 0;
    for first in firsts {
        months += usize::from(dues.is_any(db, &figures, Period { from: first, to: first.month_end() })?);
    }
    Ok(months)
}

//! The annual report of a county: the figures of its townships together, told apart by township (县的年度报告).
//!
//! The same template language and the same document as a township's. What differs is what stands behind a figure: here
//! townships, each with its sums, and nothing of their records.

use std::collections::BTreeMap;

use anyhow::Result;
use engine::definition::{Counts, Definitions, Figure};
use engine::figure::{Number, Period, read};
use engine::report::{Breakdown, By, Context, Share, Variables, Year, compose};

use super::{Annual, Composed, period_of};
use crate::ambient::{Ambient, System};
use crate::county::Town;
use crate::folder::Folder;
use crate::query::together::{Sums, of_town, together};
use crate::refused::refuse;
use crate::sets::{Sets, sha256};
use crate::storage::Db;
use crate::storage::log::Size;

/// The template by which a county reports.
const TEMPLATE: &str = "county_annual";

/// A township with what it counts in the year reported, read in one moment.
pub struct Counted {
    /// The township.
    pub town: Town,
    /// What the county's figures are read from.
    sums: Sums,
}

impl Counted {
    /// Reads one township: its numbers by the county's definitions, how far its own report came by its own.
    pub fn of(
        name: &str,
        folder: &Folder,
        db: &Db,
        sets: &Sets,
        of_county: &Definitions,
        year: i16,
    ) -> Result<Counted> {
        let figures: Vec<&Figure> = of_county.figures.values().map(|figure| -> &Figure { figure }).collect();
        let period = period_of(year)?;
        db.at_once(|| {
            let sums = of_town(db, of_county, &figures, period)?;
            Ok(Counted { town: Town::of(name, folder, db, sets, year)?, sums })
        })
    }

    /// Whether nothing happened there in the year as far as was recorded; what holds since earlier years is no answer.
    pub fn is_silent(&self, set: &Definitions) -> bool {
        let happens = |figure: &Figure| {
            let stands = matches!(figure.counts, Counts::Overdue { .. } | Counts::Questions);
            !stands && !figure.is_stock() && !figure.is_built()
        };
        let mut happening = set.figures.values().filter(|figure| happens(figure));
        happening.all(|figure| self.sums.get(&figure.id).is_none_or(|sum| sum.entries == 0))
    }
}

impl Annual {
    /// Composes the report of a county out of its townships.
    ///
    /// # Errors
    /// P604 without a template, P607 for a year that has not begun, P621 where an earlier size of the journal is asked for:
    /// each township has its own.
    pub fn compose_together(self, folder: &Folder, set: &Definitions, towns: &[Counted]) -> Result<Composed> {
        let Some(template) = set.reports.get(TEMPLATE) else {
            return Err(refuse(
                604,
                "这套定义没有县的年度报告的模板",
                format!(
                    "请运行 yifa definitions adopt 采用本程序所带的定义，或者在 definitions/reports/{TEMPLATE}.md 写模板再采用"
                ),
            ));
        };
        if self.at.is_some() {
            let text = "县的年度报告由各乡镇现在的日志汇总，不能按当时的条数生成";
            return Err(refuse(621, text, "请去掉 --at；要留住一稿的，另存写出的文件"));
        }
        let period = period_of(self.year)?;
        let config = &folder.config;
        let above = if config.city.is_empty() { &config.province } else { &config.city };
        let year = self.year;
        let mut variables = self.dressed(Variables::of_county(year, period.to, &config.county, above));
        variables.coverage = coverage(set, towns);
        let every: Vec<&Figure> = set.figures.values().map(|figure| -> &Figure { figure }).collect();
        let now = together(set, &every, towns.iter().map(|town| &town.sums), period);
        let checkpoints: Vec<String> = towns.iter().map(|one| checkpoint(&one.town)).collect();
        let context = Context {
            set,
            variables: &variables,
            this_year: &now,
            // KNOWN: nothing is compared with the year before: of which townships it was kept as a whole is not asked.
            last_year: &BTreeMap::new(),
            breakdown: &Behind { set, towns, period },
            checkpoint: &checkpoints.join("；"),
        };
        let document = compose(template, &context);
        Ok(Composed { year, plain: document.clone(), document, edits: Vec::new(), readings: now, size: size(towns) })
    }
}

/// Which journal of a township was read, and how far.
fn checkpoint(town: &Town) -> String {
    let Town { called, size, signed, .. } = town;
    let unsigned = if signed.is_some_and(|(signed, _)| signed >= size.size) { "" } else { "，尚未签署" };
    format!("{called}前 {} 条，根 {}{unsigned}", size.size, size.root)
}

/// All journals as one: how many entries they have, and a digest of their names, sizes and roots.
fn size(towns: &[Counted]) -> Size {
    let lines = towns
        .iter()
        .map(|Counted { town: Town { origin, size, .. }, .. }| format!("{origin} {} {}\n", size.size, size.root));
    Size { size: towns.iter().map(|one| one.town.size.size).sum(), root: sha256(&lines.collect::<String>()) }
}

/// Which townships the numbers are of, and which of them lack something.
fn coverage(set: &Definitions, towns: &[Counted]) -> String {
    let now = System.now();
    let named = |is: &dyn Fn(&Counted) -> bool| {
        let names: Vec<&str> = towns.iter().filter(|one| is(one)).map(|one| one.town.called.as_str()).collect();
        names.join("、")
    };
    let told = [
        ("汇总的乡镇有", named(&|_| true), ""),
        ("本年度没有记入的有", named(&|one| one.is_silent(set)), "，没有记入的不等于没有做"),
        ("镜像落后的有", named(&|one| one.town.is_stale(now)), "，只算到最后一次同步为止"),
        ("后来的日志没有接受的有", named(&|one| one.town.is_refused()), "，待查明"),
        ("没有报送本年度报告的有", named(&|one| one.town.reported.sent.taken.is_none()), ""),
    ];
    let told = told.iter().filter(|(_, names, _)| !names.is_empty());
    told.map(|(what, names, tail)| format!("{what}{names}{tail}。")).collect()
}

/// The townships, as a report sees them.
struct Behind<'b> {
    set: &'b Definitions,
    towns: &'b [Counted],
    period: Period,
}

impl Breakdown for Behind<'_> {
    fn shares(&self, figure: &str, by: By) -> Vec<Share> {
        let Some(figure) = self.set.figures.get(figure).filter(|_| by == By::Town) else { return Vec::new() };
        let share = |one: &Counted| {
            if one.is_silent(self.set) {
                let value = Number::None("—".to_owned());
                return Some(Share { key: one.town.name.clone(), label: one.town.called.clone(), value });
            }
            let mut readings = together(self.set, &[figure], [&one.sums], self.period);
            let value = readings.remove(&figure.id).map(|reading| reading.value);
            value.map(|value| Share { key: one.town.name.clone(), label: one.town.called.clone(), value })
        };
        self.towns.iter().filter_map(share).collect()
    }

    fn entries(&self, figure: &str, year: Year) -> Vec<String> {
        let Some(figure) = self.set.figures.get(figure).filter(|_| year == Year::This) else { return Vec::new() };
        let entries = |one: &Counted| match read(self.set, figure, &one.sums, self.period.to).entries {
            0 => format!("{}没有记入", one.town.called),
            many => format!("{} {many} 条", one.town.called),
        };
        self.towns.iter().map(entries).collect()
    }
}

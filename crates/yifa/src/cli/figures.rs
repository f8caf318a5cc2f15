//! `yifa figures`, `yifa figure`: numbers, and the entries behind each.

use std::collections::{BTreeMap, BTreeSet};
use std::process::ExitCode;

use anyhow::Result;
use clap::{Args, ValueEnum};
use engine::day::Day;
use engine::definition::{self, Counts, Definitions};
use engine::figure::{Number, Period, Reading, Side, bases};
use engine::report::By;
use serde::Serialize;

use super::{Context, parse_day};
use crate::policy::withheld;
use crate::query::baseline::Baseline;
use crate::query::evidence::evidence;
use crate::query::figures::{all, period};
use crate::query::names::Names;
use crate::query::overdue::Dues;
use crate::query::parts::{Part, breakdown, is_added, obstacle, overlaps};
use crate::query::years;
use crate::refused::refuse;
use crate::show;
use crate::show::Align::{Left, Right};
use crate::storage::Db;
use crate::storage::log::Size;

/// 一年的全部数字：值、单位、背后的记入数、补录和有标记的记入数、上年的值
#[derive(Args)]
pub struct Figures {
    /// 年度
    year: i16,
    /// 按日志当时有多少条计算（印在报告的“数据来源”里）
    #[arg(long, value_name = "SIZE")]
    at: Option<u64>,
    /// 值为零的也列出
    #[arg(long)]
    all: bool,
    /// 并列上年报告的说法（yifa baseline 照录的）；是报告说的，不是台账
    #[arg(long)]
    baseline: bool,
}

/// Everything a figure answers.
#[derive(Serialize)]
struct Answer<'r> {
    #[serde(flatten)]
    reading: &'r Reading,
    late_share: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_year: Option<&'r Number>,
    /// What last year's report says of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    said_last_year: Option<&'r String>,
    /// SHA-256 of the file that defines it.
    definition: &'r str,
    checkpoint: &'r Size,
}

fn answer<'r>(set: &'r Definitions, reading: &'r Reading, checkpoint: &'r Size) -> Answer<'r> {
    let definition = set.figures.get(&reading.figure).map_or("", |figure| figure.hash.as_str());
    Answer { reading, late_share: reading.late_share(), last_year: None, said_last_year: None, definition, checkpoint }
}

impl Figures {
    /// Prints them.
    pub fn run(self, context: &Context) -> Result<ExitCode> {
        let (_, db, sets) = context.read()?;
        let checkpoint = Size::load(&db, self.at)?;
        let set = &sets.at(self.at)?.set;
        let year = period(self.year)?;
        let (now, before) = (all(&db, set, year, self.at)?, all(&db, set, years::before(year)?, self.at)?);
        let said = match self.baseline {
            true => Some(said(&db, self.year)?),
            false => None,
        };
        if context.json {
            let said_of = |reading: &Reading| said.as_ref()?.said.get(&reading.figure);
            let last_year = |reading: &Reading| before.get(&reading.figure).map(|before| &before.value);
            let rows: Vec<Answer<'_>> = now
                .values()
                .map(|reading| Answer {
                    last_year: last_year(reading),
                    said_last_year: said_of(reading),
                    ..answer(set, reading, &checkpoint)
                })
                .collect();
            show::json(&rows)?;
            return Ok(ExitCode::SUCCESS);
        }
        if year.is_part() {
            show::line(format!("截至 {}，上年的数是同期的。", year.to))?;
        }
        match &said {
            None => print(&now, &before, self.all)?,
            Some(said) => beside(&now, &before, said)?,
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// What the report of the year before says.
fn said(db: &Db, year: i16) -> Result<Baseline> {
    let before = year - 1;
    Baseline::of(db, before)?.ok_or_else(|| {
        let remedy = format!("请先照录：yifa baseline {before} 报告文件");
        refuse(431, format!("没有照录过 {before} 年度的报告"), remedy)
    })
}

/// Prints the figures of which the report of the year before says something, each beside what it says.
fn beside(now: &BTreeMap<String, Reading>, before: &BTreeMap<String, Reading>, said: &Baseline) -> Result<()> {
    let row = |(id, words): (&String, &String)| {
        let now = now.get(id)?;
        let ledger = before.get(id).filter(|before| before.entries > 0);
        let ledger = ledger.map_or_else(|| "台账无据".to_owned(), Reading::text);
        Some(vec![id.clone(), now.title.clone(), now.text(), ledger, words.clone()])
    };
    let rows: Vec<Vec<String>> = said.said.iter().filter_map(row).collect();
    let heads = [("编号", Left), ("数字", Left), ("值", Right), ("上年台账", Right), ("上年报告称", Left)];
    show::table(&heads, &rows)?;
    show::line(format!("“上年报告称”照录自《{}》，是报告的说法，不是台账。", said.title))
}

/// Prints readings as a table; those without entries only when asked.
pub fn print(now: &BTreeMap<String, Reading>, before: &BTreeMap<String, Reading>, all: bool) -> Result<()> {
    let rows: Vec<Vec<String>> = now
        .values()
        .filter(|reading| all || reading.entries > 0)
        .map(|reading| {
            vec![
                reading.figure.clone(),
                reading.title.clone(),
                reading.text(),
                before.get(&reading.figure).map_or_else(String::new, Reading::text),
                reading.entries.to_string(),
                reading.late.to_string(),
                reading.flagged.to_string(),
            ]
        })
        .collect();
    let heads = [
        ("编号", Left),
        ("数字", Left),
        ("值", Right),
        ("上年", Right),
        ("记入", Right),
        ("补录", Right),
        ("有标记", Right),
    ];
    show::table(&heads, &rows)
}

/// 一个数字：按村、按月、按类别细分，或者列出背后的记入
///
/// 例：yifa figure mediation.ended 2023 --by village；yifa figure mediation.ended 2023 --entries；
/// 某一天有效的：yifa figure adviser.coverage --on 2023-06-30 --entries
#[derive(Args)]
pub struct Figure {
    /// 数字编号，如 mediation.ended
    figure: String,
    /// 年度
    #[arg(required_unless_present = "on")]
    year: Option<i16>,
    /// 哪一天有效的：合同、职务、覆盖的村等存量，和到那一天逾期的；不写年度
    #[arg(long, value_name = "DAY", value_parser = parse_day, conflicts_with = "year")]
    on: Option<Day>,
    /// 列出背后的记入
    #[arg(long)]
    entries: bool,
    /// 细分
    #[arg(long, value_enum)]
    by: Option<Axis>,
    /// 按日志当时有多少条计算（印在报告的“数据来源”里）
    #[arg(long, value_name = "SIZE")]
    at: Option<u64>,
}

/// A day on which a figure is to be read, where it tells what holds on a day.
fn on_day(set: &Definitions, figure: &definition::Figure, day: Day) -> Result<Period> {
    let mut bases = bases(set, figure).into_iter().map(|base| base.figure);
    if let Some(flow) = bases.find(|base| !base.is_stock() && !matches!(base.counts, Counts::Overdue { .. })) {
        let text = format!("“{}”数的是一段时间里的事，没有某一天的数", flow.title);
        return Err(refuse(618, text, format!("请写年度，如 yifa figure {} {}", figure.id, day.year())));
    }
    Ok(Period { from: period(day.year())?.from, to: day })
}

/// The ways to break a figure down.
#[derive(Clone, Copy, ValueEnum)]
enum Axis {
    /// 按村
    Village,
    /// 按月
    Month,
    /// 按类别
    Kind,
}

impl Axis {
    fn by(self) -> By {
        match self {
            Axis::Village => By::Village,
            Axis::Month => By::Month,
            Axis::Kind => By::Kind,
        }
    }
}

/// A figure by its id; the year is where others are looked up.
pub(super) fn named<'s>(set: &'s Definitions, id: &str, year: i16) -> Result<&'s definition::Figure> {
    set.figures.get(id).map(|figure| -> &definition::Figure { figure }).ok_or_else(|| {
        let known: Vec<&str> = set.figures.keys().map(String::as_str).collect();
        let hint = engine::read::nearest_hint(id, &known);
        refuse(603, format!("没有数字“{id}”"), format!("请用 yifa figures {year} 查看编号{hint}"))
    })
}

/// A figure asked about.
struct Asked<'a> {
    db: &'a Db,
    set: &'a Definitions,
    figure: &'a definition::Figure,
    period: Period,
    dues: Dues,
    names: Names,
}

impl Figure {
    /// Prints one figure.
    pub fn run(self, context: &Context) -> Result<ExitCode> {
        let (_, db, sets) = context.read()?;
        let checkpoint = Size::load(&db, self.at)?;
        let set = &sets.at(self.at)?.set;
        let year = self.year.or(self.on.map(Day::year)).unwrap_or_default();
        let figure = named(set, &self.figure, year)?;
        let period = match self.on {
            Some(day) => on_day(set, figure, day)?,
            None => period(year)?,
        };
        let when = self.on.map_or_else(|| year.to_string(), |day| format!("--on {day}"));
        let (dues, names) = (Dues::load(&db, set, self.at)?, Names::load(&db)?);
        let asked = Asked { db: &db, set, figure, period, dues, names };
        if self.entries {
            asked.entries(context)?;
            return Ok(ExitCode::SUCCESS);
        }
        let reading = &all(&db, set, period, self.at)?[&figure.id];
        match self.by {
            Some(axis) => asked.parts(context, reading, axis.by())?,
            None if context.json => show::json(&answer(set, reading, &checkpoint))?,
            None => {
                let on = self.on.map_or_else(String::new, |day| format!("{day} "));
                show::line(format!("{on}{}：{}", reading.title, reading.text()))?;
                let Reading { entries, late, flagged, .. } = reading;
                show::line(format!("背后记入 {entries} 条，其中补录 {late}，有标记 {flagged}"))?;
                show::line(format!("口径：{}", figure.basis.on(period.to).join("；")))?;
                let at = self.at.map_or_else(String::new, |size| format!(" --at {size}"));
                show::line(format!("列出记入：yifa figure {} {when} --entries{at}", figure.id))?;
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

impl Asked<'_> {
    fn entries(&self, context: &Context) -> Result<()> {
        let mut entries = evidence(self.db, self.set, self.figure, self.period, &self.dues, &self.names)?;
        let all = entries.len();
        entries.retain(|one| context.may_read(self.set, &one.register));
        if context.json {
            return show::json(&entries);
        }
        let yes = |is: bool| if is { "是" } else { "" }.to_owned();
        let keyed = entries.iter().any(|one| !one.keys.is_empty());
        let sides = entries.iter().any(|one| one.side.is_some());
        let rows: Vec<Vec<String>> = entries
            .iter()
            .map(|one| {
                let mut row: Vec<String> = one.side.iter().map(|side| side.chinese().to_owned()).collect();
                row.extend([
                    one.entry.to_string(),
                    one.day.clone(),
                    format!("{} {}", one.called, one.title).trim_end().to_owned(),
                    one.village.clone(),
                    one.kind.clone(),
                    one.value.to_string(),
                    yes(one.late),
                    yes(one.flagged),
                ]);
                if keyed {
                    row.push(one.keys.join("、"));
                }
                row
            })
            .collect();
        let mut heads = if sides { vec![("位置", Left)] } else { Vec::new() };
        heads.extend([
            ("记入", Right),
            ("日期", Left),
            ("案卷", Left),
            ("村", Left),
            ("类别", Left),
            ("计", Right),
            ("补录", Left),
            ("标记", Left),
        ]);
        if keyed {
            heads.push(("所计", Left));
        }
        show::table(&heads, &rows)?;
        // One entry may stand above the line and below it, or in two parts of a total.
        let different = entries.iter().map(|one| one.entry).collect::<BTreeSet<u64>>().len();
        let on = |side: Side| entries.iter().filter(|one| one.side == Some(side)).count();
        withheld(all - entries.len(), "条").map_or(Ok(()), show::line)?;
        match sides {
            true => show::line(format!("分子 {} 条，分母 {} 条，共 {different} 条", on(Side::Of), on(Side::Over))),
            false => show::line(format!("共 {different} 条")),
        }
    }

    fn parts(&self, context: &Context, reading: &Reading, by: By) -> Result<()> {
        if let Some(why) = obstacle(self.set, self.figure, by) {
            return Err(refuse(
                606,
                format!("{why}，不能按类别细分"),
                "请改用 --by village、--by month，或者用 --entries 逐条列出",
            ));
        }
        let parts = breakdown(self.db, self.set, self.figure, self.period, by, &self.dues, &self.names)?;
        if context.json {
            return show::json(&parts);
        }
        let is_rate = parts.iter().any(|part| part.of.is_some());
        let row = |part: &Part| {
            let mut row = vec![part.label.clone(), part.value.to_string()];
            row.extend([&part.of, &part.over].into_iter().flatten().map(Number::to_string));
            row.push(part.entries.to_string());
            row
        };
        let mut heads = vec![(by.chinese(), Left), (reading.unit.as_str(), Right)];
        if is_rate {
            heads.extend([("分子", Right), ("分母", Right)]);
        }
        heads.push(("记入", Right));
        show::table(&heads, &parts.iter().map(row).collect::<Vec<_>>())?;
        if !is_added(self.set, self.figure, by) {
            let standing = if is_rate { "各行分别相除" } else { "各行是月末的数" };
            return show::line(format!("全部 {}（{standing}，不相加）", reading.text()));
        }
        show::line(format!("合计 {}", reading.text()))?;
        let whole = |value: &Number| if let Number::Whole(value) = value { *value } else { 0 };
        let sum: i64 = parts.iter().map(|part| whole(&part.value)).sum();
        if overlaps(self.set, self.figure, by) && sum != whole(&reading.value) {
            show::line("合计不重复计数，几行里都有的只算一个")?;
        }
        Ok(())
    }
}

//! `yifa indicators`: what answers to each indicator, this year and last, and what is missing. Nothing is scored.

use std::process::ExitCode;

use anyhow::Result;
use clap::Args;
use engine::definition::{Catalogue, Definitions, Item};
use engine::figure::{Number, Period};
use serde::Serialize;

use super::Context;
use crate::query::figures::period;
use crate::query::figures::{Readings, all};
use crate::query::records::opened;
use crate::refused::refuse;
use crate::storage::Db;
use crate::{ambient, show};

/// 指标对照：每一项指标的依据、数字（本年和上年）、台账，还缺什么；只列事实，不打分
///
/// 例：yifa indicators 2025；yifa indicators 2025 --catalogue county_tasks
#[derive(Args)]
pub struct Indicators {
    /// 年度；不写的，今年
    year: Option<i16>,
    /// 哪一份目录
    #[arg(long, default_value = "indicators", value_name = "CATALOGUE")]
    catalogue: String,
}

/// An indicator with what answers to it.
#[derive(Serialize)]
struct Answered<'a> {
    id: &'a str,
    title: &'a str,
    basis: Vec<String>,
    figures: Vec<Told>,
    registers: Vec<Kept<'a>>,
    /// What no register says, as the catalogue has it.
    missing: Option<&'a str>,
    /// Registers that answer to it and have nothing of the year.
    empty: Vec<&'a str>,
}

/// A figure of two years.
#[derive(Serialize)]
struct Told {
    figure: String,
    title: String,
    value: Number,
    unit: String,
    entries: u64,
    late: u64,
    flagged: u64,
    last_year: Option<Number>,
    #[serde(skip)]
    text: String,
    #[serde(skip)]
    last_text: String,
}

/// How many records a register has.
#[derive(Serialize)]
struct Kept<'a> {
    register: &'a str,
    title: &'a str,
    /// Opened in the year.
    year: u64,
    /// Opened up to the end of it.
    all: u64,
}

impl Indicators {
    /// Prints them.
    pub fn run(self, context: &Context) -> Result<ExitCode> {
        let (_, db, sets) = context.read()?;
        let set = &sets.current()?.set;
        let catalogue = named(set, &self.catalogue)?;
        let year = self.year.unwrap_or_else(|| ambient::today().year());
        let (now, before) = (period(year)?, period(year - 1)?);
        let (this, last) = (all(&db, set, now, None)?, all(&db, set, before, None)?);
        let ask = Ask { db: &db, set, catalogue, period: now, this, last };
        let in_force = |item: &&Item| {
            item.from.is_none_or(|from| from <= now.to) && item.until.is_none_or(|until| now.from <= until)
        };
        let answered: Result<Vec<Answered<'_>>> =
            catalogue.items.iter().filter(in_force).map(|item| ask.answer(item)).collect();
        let answered = answered?;
        if context.json {
            show::json(&answered)?;
            return Ok(ExitCode::SUCCESS);
        }
        print(catalogue, year, &answered)?;
        Ok(ExitCode::SUCCESS)
    }
}

/// The catalogue of that name, if indicators stand in it.
fn named<'s>(set: &'s Definitions, name: &str) -> Result<&'s Catalogue> {
    let has = |catalogue: &Catalogue| catalogue.items.iter().any(Item::is_indicator);
    if let Some(catalogue) = set.catalogues.get(name).filter(|catalogue| has(catalogue)) {
        return Ok(catalogue);
    }
    let known: Vec<&str> =
        set.catalogues.values().filter(|catalogue| has(catalogue)).map(|catalogue| catalogue.id.as_str()).collect();
    let remedy = match known.is_empty() {
        true => "请在本地的 catalogues 目录写一份：条目写 figures、registers 或者 missing，再采用".to_owned(),
        false => {
            format!("可以写：--catalogue {}{}", known.join("、"), engine::read::nearest_hint(name, &known))
        }
    };
    Err(refuse(609, format!("没有指标目录“{name}”"), remedy))
}

struct Ask<'a> {
    db: &'a Db,
    set: &'a Definitions,
    catalogue: &'a Catalogue,
    period: Period,
    this: Readings,
    last: Readings,
}

impl<'a> Ask<'a> {
    fn answer(&self, item: &'a Item) -> Result<Answered<'a>> {
        let mut registers = Vec::new();
        for id in &item.registers {
            let Some(register) = self.set.register(id) else { continue };
            let count = |from| opened(self.db, &register.id, from, self.period.to);
            let (year, all) = (count(self.period.from)?, count(engine::day::Day::MIN)?);
            registers.push(Kept { register: &id.value, title: self.title(&id.value), year, all });
        }
        let empty = registers.iter().filter(|kept| kept.year == 0).map(|kept| kept.title).collect();
        Ok(Answered {
            id: &item.id.value,
            title: &item.title,
            basis: self.catalogue.basis_of(item).on(self.period.to),
            figures: item.figures.iter().filter_map(|id| self.told(id)).collect(),
            registers,
            missing: item.missing.as_deref(),
            empty,
        })
    }

    fn title(&self, register: &str) -> &'a str {
        self.set.register(register).map_or("", |register| register.title.as_str())
    }

    fn told(&self, id: &str) -> Option<Told> {
        let reading = self.this.get(id)?.clone();
        let last = self.last.get(id);
        Some(Told {
            text: reading.text(),
            last_text: last.map_or_else(String::new, |last| last.text()),
            last_year: last.map(|last| last.value.clone()),
            figure: reading.figure,
            title: reading.title,
            value: reading.value,
            unit: reading.unit,
            entries: reading.entries,
            late: reading.late,
            flagged: reading.flagged,
        })
    }
}

fn print(catalogue: &Catalogue, year: i16, answered: &[Answered<'_>]) -> Result<()> {
    show::line(format!("{}  {year} 年", catalogue.title))?;
    for (nth, one) in answered.iter().enumerate() {
        show::line(format!("\n{}．{}  {}", nth + 1, one.title, one.id))?;
        show::line(format!("    依据：{}", one.basis.join("、")))?;
        for told in &one.figures {
            let Told { title, text, last_text, entries, late, figure, .. } = told;
            let late = if *late > 0 { format!("，其中补录 {late}") } else { String::new() };
            show::line(format!("    数字：{title} {text}（上年 {last_text}；记入 {entries} 条{late}）  {figure}"))?;
        }
        for Kept { register, title, year, all } in &one.registers {
            show::line(format!("    台账：{title}，本年 {year} 个，累计 {all} 个  {register}"))?;
        }
        if let Some(missing) = one.missing {
            show::line(format!("    尚缺：{missing}"))?;
        }
        if !one.empty.is_empty() {
            show::line(format!("    本年没有案卷：{}", one.empty.join("、")))?;
        }
    }
    let missing = answered.iter().filter(|one| one.missing.is_some()).count();
    let empty = answered.iter().filter(|one| !one.empty.is_empty()).count();
    show::line(format!("\n共 {} 项；写明尚缺的 {missing} 项，本年有台账没有案卷的 {empty} 项", answered.len()))
}

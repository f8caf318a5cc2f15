//! Statements: what superiors ask for in a layout of their own, filled from what is recorded, and what became of each
//! that was sent (报表).
//!
//! ```text
//! Statement (data) ─values→ Filled ─workbook→ .xlsx in the superior's layout ─send→ an entry that keeps file and size
//!                                                     the same at that size and now ─compare→ what is wrong by now
//! ```

pub mod behind;
pub mod compare;
pub mod filled;
pub mod plain;
pub mod send;
mod since;
pub mod submission;
pub mod values;
pub mod workbook;

use std::sync::Arc;

use anyhow::Result;
use engine::day::Day;
use engine::definition::check::Stretch;
use engine::definition::{Definitions, Register, Statement};
use engine::figure::{Period, bases};
use engine::read::nearest_hint;
use engine::statement::Reported;

use crate::refused::refuse;

/// A statement by its id or title.
pub fn named<'s>(set: &'s Definitions, name: &str) -> Result<&'s Arc<Statement>> {
    let titled = || set.statements.values().find(|statement| statement.title == name);
    set.statements.get(name).or_else(titled).ok_or_else(|| {
        let ids: Vec<&str> = set.statements.keys().map(String::as_str).collect();
        let titles = set.statements.values().map(|statement| statement.title.as_str());
        let words: Vec<&str> = ids.iter().copied().chain(titles).collect();
        let hint = nearest_hint(name, &words);
        refuse(445, format!("没有报表“{name}”"), format!("可以用：{}{hint}", ids.join("、")))
    })
}

/// The stretch of time somebody asks for, with its days up to today.
pub fn reported(statement: &Statement, text: &str, today: Day) -> Result<(Reported, Period)> {
    let example = Reported::example(statement.period);
    let reported = Reported::parse(statement.period, text).ok_or_else(|| {
        refuse(446, format!("“{text}”不是“{}”的报告期", statement.title), format!("请写成 {example}"))
    })?;
    let period = reported.period(today).ok_or_else(|| {
        refuse(446, format!("{}还没有到", reported.title()), format!("请写已经开始的报告期，如 {example}"))
    })?;
    Ok((reported, period))
}

/// The registers a statement is filled from; none among them for a figure that counts in all of them.
pub fn registers<'s>(set: &'s Definitions, statement: &Statement) -> Vec<Option<&'s Register>> {
    let figures = statement.cells.iter().map(|cell| &cell.figure.value);
    let figures = figures.filter_map(|id| set.figures.get(id)).flat_map(|figure| bases(set, figure));
    let mut ids: Vec<Option<&str>> =
        figures.map(|base| base.figure.register.as_ref().map(|at| at.value.as_str())).collect();
    ids.extend(statement.rows.as_ref().map(|listing| Some(listing.register.value.as_str())));
    ids.sort_unstable();
    ids.dedup();
    ids.into_iter().map(|id| id.and_then(|id| set.register(id)).map(|register| &**register)).collect()
}

/// How often it is asked for, as people say it.
pub fn every(statement: &Statement) -> &'static str {
    match statement.period {
        Stretch::Month => "每月",
        Stretch::Quarter => "每季度",
        Stretch::Half => "每半年",
        Stretch::Year => "每年",
    }
}

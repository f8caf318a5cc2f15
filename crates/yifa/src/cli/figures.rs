//! `yifa figures`, `yifa figure`: numbers, and the entries behind each.

use std::process::ExitCode;

use anyhow::Result;
use clap::{Args, ValueEnum};
use engine::figure::{Period, Reading};
use serde::Serialize;

use super::Context;
use crate::query::figures::{By, all, breakdown, evidence};
use crate::query::names::Names;
use crate::refused::refuse;
use crate::{ambient, show};

/// 一年的全部数字：值、单位、背后的条目数、补录和有标记的条目数、上年的值
#[derive(Args)]
pub struct Figures {
    /// 年度
    year: i16,
    /// 按日志有多少条时计算（冻结的报告用）
    #[arg(long, value_name = "SIZE")]
    at: Option<u64>,
    /// 值为零的也列出
    #[arg(long)]
    all: bool,
}

#[derive(Serialize)]
struct Row<'r> {
    #[serde(flatten)]
    reading: &'r Reading,
    /// Of the entries, how many in a hundred were recorded late.
    late_share: u64,
    last_year: &'r engine::figure::Number,
}

fn row<'r>(reading: &'r Reading, before: &'r std::collections::BTreeMap<String, Reading>) -> Row<'r> {
    let late_share = (reading.late * 100).checked_div(reading.entries).unwrap_or(0);
    Row { reading, late_share, last_year: &before[&reading.figure].value }
}

/// The year as a period, judged today.
pub fn period(year: i16) -> Result<Period> {
    let period = Period::year(year, ambient::today()).filter(|_| (1949..=2200).contains(&year));
    period.ok_or_else(|| refuse(602, format!("“{year}”不是年度"), "请写四位数的年份，如 2023"))
}

impl Figures {
    /// Prints them.
    pub fn run(self, context: &Context) -> Result<ExitCode> {
        let (_, db, sets) = context.read()?;
        let set = &sets.current()?.set;
        let period = period(self.year)?;
        let now = all(&db, set, period, self.at)?;
        let before = all(&db, set, self::period(self.year - 1)?, self.at)?;
        if context.json {
            let rows: Vec<Row<'_>> = now.values().map(|reading| row(reading, &before)).collect();
            show::json(&rows)?;
            return Ok(ExitCode::SUCCESS);
        }
        print(&now, &before, self.all)?;
        Ok(ExitCode::SUCCESS)
    }
}

/// Prints readings as a table; those without entries only when asked.
pub fn print(
    now: &std::collections::BTreeMap<String, Reading>,
    before: &std::collections::BTreeMap<String, Reading>,
    all: bool,
) -> Result<()> {
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
    use show::Align::{Left, Right};
    show::table(
        &[
            ("编号", Left),
            ("数字", Left),
            ("值", Right),
            ("上年", Right),
            ("条目", Right),
            ("补录", Right),
            ("有标记", Right),
        ],
        &rows,
    )
}

/// 一个数字：按村、按月、按类别细分，或者列出背后的条目
///
/// 例：yifa figure mediation.ended 2023 --by village；yifa figure mediation.ended 2023 --entries
#[derive(Args)]
pub struct Figure {
    /// 数字编号，如 mediation.ended
    figure: String,
    /// 年度
    year: i16,
    /// 列出背后的条目
    #[arg(long)]
    entries: bool,
    /// 细分
    #[arg(long, value_enum)]
    by: Option<Axis>,
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

impl Figure {
    /// Prints one figure.
    pub fn run(self, context: &Context) -> Result<ExitCode> {
        let (_, db, sets) = context.read()?;
        let set = &sets.current()?.set;
        let period = period(self.year)?;
        let Some(figure) = set.figures.get(&self.figure) else {
            let known: Vec<&str> = set.figures.keys().map(String::as_str).collect();
            let hint = engine::read::nearest_hint(&self.figure, &known);
            return Err(refuse(
                603,
                format!("没有数字“{}”", self.figure),
                format!("请用 yifa figures {} 查看编号{hint}", self.year),
            ));
        };
        let names = Names::load(&db)?;
        use show::Align::{Left, Right};
        if self.entries {
            let entries = evidence(&db, set, figure, period, &names)?;
            if context.json {
                show::json(&entries)?;
                return Ok(ExitCode::SUCCESS);
            }
            let yes = |is: bool| if is { "是" } else { "" }.to_owned();
            let rows: Vec<Vec<String>> = entries
                .iter()
                .map(|one| {
                    vec![
                        one.entry.to_string(),
                        one.day.clone(),
                        one.called.clone(),
                        one.village.clone(),
                        one.kind.clone(),
                        one.value.to_string(),
                        yes(one.late),
                        yes(one.flagged),
                    ]
                })
                .collect();
            show::table(
                &[
                    ("条目", Right),
                    ("日期", Left),
                    ("案卷", Left),
                    ("村", Left),
                    ("类别", Left),
                    ("计", Right),
                    ("补录", Left),
                    ("标记", Left),
                ],
                &rows,
            )?;
            show::line(format!("共 {} 条", rows.len()))?;
            return Ok(ExitCode::SUCCESS);
        }
        let reading = &all(&db, set, period, None)?[&figure.id];
        let by = match self.by {
            None => None,
            Some(Axis::Village) => Some(By::Village),
            Some(Axis::Month) => Some(By::Month),
            Some(Axis::Kind) => Some(By::Kind),
        };
        let Some(by) = by else {
            if context.json {
                show::json(reading)?;
                return Ok(ExitCode::SUCCESS);
            }
            show::line(format!("{}：{}", reading.title, reading.text()))?;
            show::line(format!("背后 {} 条，其中补录 {}，有标记 {}", reading.entries, reading.late, reading.flagged))?;
            show::line(format!("口径：{}", figure.basis.on(period.to).join("；")))?;
            show::line(format!("列出条目：yifa figure {} {} --entries", figure.id, self.year))?;
            return Ok(ExitCode::SUCCESS);
        };
        let parts = breakdown(&db, set, figure, period, by, &names)?;
        if context.json {
            show::json(&parts)?;
            return Ok(ExitCode::SUCCESS);
        }
        let rows: Vec<Vec<String>> = parts
            .iter()
            .map(|part| vec![part.label.clone(), part.value.to_string(), part.entries.to_string()])
            .collect();
        let head = match by {
            By::Village => "村",
            By::Month => "月份",
            By::Kind => "类别",
        };
        show::table(&[(head, Left), (reading.unit.as_str(), Right), ("条目", Right)], &rows)?;
        show::line(format!("合计 {}", reading.text()))?;
        Ok(ExitCode::SUCCESS)
    }
}

//! `yifa day`: where a term ends, and how it was counted.

use std::io::{BufRead, IsTerminal};
use std::process::ExitCode;

use anyhow::Result;
use clap::Args;
use engine::day::{Calendar, Day, Deadline, Shift, Span};
use engine::problem::Problem;

use super::Context;
use crate::refused::unless_none;
use crate::{sets, show};

/// 计算期限的末日
///
/// 输出两列，用制表符分开：按规则数到的最后一天，遇休息日顺延后的最后一天。
/// 超出已公布的放假安排的，第三列写“暂按周末推算”。
/// 不带参数时从标准输入逐行读“日期<制表符>期限”。
///
/// 例：yifa day 2023-09-05 30d；yifa day 2026-02-12 7wd --why
#[derive(Args)]
pub struct Days {
    /// 起算的日期（当日不计入）
    #[arg(requires = "span", value_name = "DATE")]
    date: Option<String>,
    /// 期限：30d 是三十日，7wd 是七个工作日，1m 是一个月
    #[arg(value_name = "SPAN")]
    span: Option<String>,
    /// 写出怎样数的和依据
    #[arg(long)]
    why: bool,
}

impl Days {
    /// Counts one term, or one for each line of standard input.
    pub fn run(self, context: &Context) -> Result<ExitCode> {
        let calendar = calendar(context)?;
        if let (Some(date), Some(span)) = (&self.date, &self.span) {
            let deadline = count(&calendar, date, span).map_err(crate::refused::Refused)?;
            self.print(context, &calendar, &[deadline])?;
            return Ok(ExitCode::SUCCESS);
        }
        if std::io::stdin().is_terminal() {
            eprintln!("请逐行输入：日期<制表符>期限，结束按 Ctrl-D");
        }
        let (mut deadlines, mut problems) = (Vec::new(), Vec::new());
        for (nth, line) in std::io::stdin().lock().lines().enumerate() {
            let line = line?;
            if line.trim().is_empty() {
                continue;
            }
            let (date, span) = line.split_once(['\t', ' ']).unwrap_or((&line, ""));
            match count(&calendar, date.trim(), span.trim()) {
                Ok(deadline) => deadlines.push(deadline),
                Err(found) => problems.extend(found.into_iter().map(|mut problem| {
                    problem.text = format!("第 {} 行：{}", nth + 1, problem.text);
                    problem
                })),
            }
        }
        // One command answers with one JSON document: the deadlines, or what is wrong.
        if !context.json || problems.is_empty() {
            self.print(context, &calendar, &deadlines)?;
        }
        unless_none(problems)?;
        Ok(ExitCode::SUCCESS)
    }

    fn print(&self, context: &Context, calendar: &Calendar, deadlines: &[Deadline]) -> Result<()> {
        if context.json {
            return show::json(&deadlines);
        }
        for deadline in deadlines {
            let note = if deadline.provisional { "\t暂按周末推算" } else { "" };
            show::line(format!("{}\t{}{note}", deadline.nominal, deadline.last))?;
            if self.why {
                show::line(deadline.why(calendar))?;
            }
        }
        Ok(())
    }
}

fn count(calendar: &Calendar, date: &str, span: &str) -> Result<Deadline, Vec<Problem>> {
    let day = engine::form::parse::day(date).filter(|day| *day >= Day::MIN);
    let day = day.ok_or_else(|| Problem::new(204, format!("“{date}”不是日期"), "请写成 2023-09-05"));
    match (day, Span::parse(span)) {
        (Ok(day), Ok(span)) => Ok(calendar.last_day(day, span, Shift::Forward)),
        (day, span) => Err(day.err().into_iter().chain(span.err()).collect()),
    }
}

/// The calendar a data folder has adopted; the shipped one where there is no folder.
fn calendar(context: &Context) -> Result<Calendar> {
    if context.data.join("yifa.toml").exists() {
        let (_, _, sets) = context.read()?;
        return Ok(sets.current()?.set.calendar.clone());
    }
    Ok(sets::check(&sets::shipped())?.calendar)
}

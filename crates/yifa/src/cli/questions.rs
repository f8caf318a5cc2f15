//! `yifa questions`: what the checks across records would have explained.

use std::process::ExitCode;

use anyhow::Result;
use clap::Args;

use super::Context;
use crate::query::figures::period;
use crate::query::questions::{Asked, Finding, findings};
use crate::{ambient, show};

/// 请核实：一年的台账里不像真事的样子，只提问题，不下结论
///
/// 核实以后用 yifa step inquiry new explain 作出说明（字段 finding 照抄编号），由别人用 conclude 认定；已经说明的不再列出。
/// 例：yifa questions 2023
#[derive(Args)]
pub struct Questions {
    /// 年度；不写则为今年
    year: Option<i16>,
    /// 已经说明的也列出
    #[arg(long)]
    all: bool,
}

/// How many records are named in the terminal; all are in the JSON.
const NAMED: usize = 6;

impl Questions {
    /// Prints them.
    pub fn run(self, context: &Context) -> Result<ExitCode> {
        let (_, db, sets) = context.read()?;
        let set = &sets.current()?.set;
        let period = period(self.year.unwrap_or_else(|| ambient::today().year()))?;
        let mut found = findings(&Asked { db: &db, sets: &sets, set, period })?;
        let answered = found.iter().filter(|one| one.answered.is_some()).count();
        let grown = found.iter().filter(|one| one.answered.as_ref().is_some_and(|answered| answered.since > 0)).count();
        if !self.all {
            found.retain(|one| one.answered.is_none());
        }
        if context.json {
            show::json(&found)?;
            return Ok(ExitCode::SUCCESS);
        }
        for one in &found {
            print(one)?;
        }
        let open = if self.all { found.len() - answered } else { found.len() };
        let grown = match grown {
            0 => String::new(),
            grown => format!("（其中 {grown} 项说明以后又有新增的案卷，用 --all 查看）"),
        };
        show::line(format!("请核实 {open} 项，已经说明 {answered} 项{grown}。这些是问题，不是结论"))?;
        Ok(ExitCode::SUCCESS)
    }
}

fn print(one: &Finding) -> Result<()> {
    show::line(format!("请核实  {}", one.title))?;
    show::line(format!("  {}", one.seen))?;
    show::line(format!("  {}", one.asks))?;
    let named: Vec<&str> = one.records.iter().take(NAMED).map(|of| of.called.as_str()).collect();
    let more = if one.records.len() > NAMED { format!("等 {} 个", one.records.len()) } else { String::new() };
    show::line(format!("  案卷：{}{more}", named.join("、")))?;
    show::line(format!("  为什么问：{}（{}）", one.reason, one.basis.join("、")))?;
    if let Some(answered) = &one.answered {
        let since = match answered.since {
            0 => String::new(),
            since => format!("；此后又新增 {since} 个案卷，说明里没有"),
        };
        show::line(format!("  {}（案卷 {}）{since}", answered.state, answered.record))?;
    }
    show::line(format!("  编号 {}\n", one.key))
}

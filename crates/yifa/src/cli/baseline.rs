//! `yifa baseline`: what the report of a year before the ledger says, kept beside the figures of the next.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::Args;
use engine::act::{Act, Taken};
use engine::value::Fields;
use serde_json::json;

use super::Context;
use crate::ambient::{self, Ambient as _, System};
use crate::append::{Draft, Writer};
use crate::attachment::store;
use crate::folder::console;
use crate::query::baseline::{Baseline, REGISTER, STEP};
use crate::query::names::Names;
use crate::refused::refuse;
use crate::show;
use crate::text;

/// 照录往年报告的数字，供下一年对照：读出报告里说到的数字，写明是报告的说法，不混入台账
///
/// 报告可以是 .txt、.docx、.pdf。同一年照录几次的，以最后一次为准。
/// 例：yifa baseline 2022 去年报告.docx --dry-run；记入以后：yifa figures 2023 --baseline
#[derive(Args)]
pub struct BaselineOf {
    /// 报告说的是哪一年
    year: i16,
    /// 报告文件
    file: PathBuf,
    /// 报告的名称；不写则为文件里的第一行
    #[arg(long)]
    title: Option<String>,
    /// 只列出读出了什么，不记入
    #[arg(long)]
    dry_run: bool,
}

impl BaselineOf {
    /// Reads a report, shows what it says of figures, and records that.
    pub fn run(self, context: &Context) -> Result<ExitCode> {
        let (folder, db, sets) = context.read()?;
        let set = &sets.current()?.set;
        if set.register(REGISTER).is_none() {
            let remedy = "请先采用随附的定义：yifa definitions adopt";
            return Err(refuse(432, "所采用的定义里没有“往年报告的数字”这个登记簿", remedy));
        }
        if !(2000..=2200).contains(&self.year) {
            return Err(refuse(602, format!("“{}”不是年度", self.year), "请写四位数的年份，如 2022"));
        }
        let words = text::read_document(&self.file)?;
        let words = crate::render::text::without_annex(&words);
        let first = words.lines().map(str::trim).find(|line| !line.is_empty());
        let title: String = self.title.as_deref().or(first).unwrap_or_default().chars().take(60).collect();
        let found = Baseline::read(words, set, self.year, Names::load(&db)?.villages());
        if found.said.is_empty() {
            let text = format!("{} 里没有读出台账里有的数字", text::name(&self.file));
            return Err(refuse(431, text, "请确认是年度报告；说法和台账不同的数字读不出来，可以用 yifa check 逐处看"));
        }
        let told = json!({ "year": self.year, "title": title, "said": found.said, "recorded": !self.dry_run });
        if !context.json {
            let name = |id: &String| set.figures.get(id).map_or_else(String::new, |figure| figure.title.clone());
            let rows: Vec<Vec<String>> =
                found.said.iter().map(|(id, words)| vec![id.clone(), name(id), words.clone()]).collect();
            use show::Align::Left;
            show::table(&[("编号", Left), ("数字", Left), ("报告称", Left)], &rows)?;
        }
        if self.dry_run {
            match context.json {
                true => show::json(&told)?,
                false => show::line(format!("{title}：读出 {} 个，没有记入。", found.said.len()))?,
            }
            return Ok(ExitCode::SUCCESS);
        }
        let report = store(&folder, &self.file)?;
        let fields = found.fields(ambient::today(), &title, self.year, &report);
        let (register, record) = (REGISTER.to_owned(), System.id().to_string());
        let act = Act::Step(Taken { register, record, step: STEP.to_owned(), fields, ..Taken::default() });
        let actor = console(&folder.config)?;
        drop(db);
        let writer = Writer::start(folder, Box::new(System))?;
        writer.append(vec![Draft { id: None, actor, act, sealed: Fields::new(), based_on: None }])?;
        let next = self.year + 1;
        match context.json {
            true => show::json(&told)?,
            false => {
                show::line(format!("{title}：已照录 {} 个。对照：yifa figures {next} --baseline", found.said.len()))?
            }
        }
        writer.stop()?;
        Ok(ExitCode::SUCCESS)
    }
}

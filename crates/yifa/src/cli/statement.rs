//! `yifa statement`, `statements`, `submissions`: what superiors ask for, filled, sent, and held against what came later.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Result;
use clap::Args;
use engine::definition::{Definitions, Statement};
use engine::statement::Square;
use serde_json::json;

use super::{Context, register_named};
use crate::append::Writer;
use crate::folder::{Folder, console, replace_file};
use crate::query::records::find;
use crate::refused::{cause, refuse};
use crate::show::Align::{Left, Right};
use crate::statement::compare::{Comparing, Wrong};
use crate::statement::filled::Filled;
use crate::statement::send::{Sending, Template, ways};
use crate::statement::submission::{sent, submissions, template};
use crate::statement::values::Ask;
use crate::statement::{every, named, registers, reported};
use crate::{ambient, show, table};

/// 报表：上级要的表，由台账填好；给了上级的模板的，填进模板，格式、合并的表头、公式照旧
///
/// 例：yifa statement mediation_statistics 2024Q1 --template 县局模板.xlsx --out 统计表.xlsx
/// 例：yifa statement publicity_ledger 2024Q1 --send --to 县普法办 --way paper --by 刘小兰
#[derive(Args)]
pub struct Filling {
    /// 报表的编号或者名称（yifa statements 列出）
    statement: String,
    /// 报告期：2024、2024H1（上半年）、2024Q1（第一季度）、2024-03
    period: String,
    /// 上级的模板（.xlsx）；不写的，用上次报送这张表的模板，没有的用默认版式
    #[arg(long, value_name = "FILE", conflicts_with = "plain")]
    template: Option<PathBuf>,
    /// 不用上次的模板，用默认版式
    #[arg(long)]
    plain: bool,
    /// 写到哪个文件（.xlsx）；不写、不报送的，只在屏幕上列出
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// 不附“数据来源”工作表
    #[arg(long)]
    bare: bool,
    /// 按日志当时有多少条计算
    #[arg(long, value_name = "SIZE", conflicts_with = "send")]
    at: Option<u64>,
    /// 同时记入“报表报送”，存下报出去的文件
    #[arg(long)]
    send: bool,
    /// 报给谁；不写的，照报表定义
    #[arg(long, value_name = "NAME", requires = "send")]
    to: Option<String>,
    /// 报送方式：platform 上级平台、network 政务网络、mail 电子邮件、paper 纸质、other 其他
    #[arg(long, value_name = "WAY", requires = "send", default_value = "network")]
    way: String,
    /// 经办人：人员登记簿中的姓名
    #[arg(long, value_name = "NAME", requires = "send")]
    by: Option<String>,
    /// 更正报送的理由
    #[arg(long, value_name = "REASON", requires = "send")]
    reason: Option<String>,
}

impl Filling {
    /// Fills it, shows or writes it, and records that it was sent.
    pub fn run(self, context: &Context) -> Result<ExitCode> {
        let (folder, db, sets) = context.read()?;
        let set = &sets.at(self.at)?.set;
        let statement = named(set, &self.statement)?;
        for register in registers(set, statement).into_iter().flatten() {
            context.need_to_read(register)?;
        }
        let (reported, period) = reported(statement, &self.period, ambient::today())?;
        let offices = (folder.config.town.as_str(), folder.config.county.as_str());
        let ask = Ask { db: &db, sets: &sets, set, offices, size: self.at };
        let filled = ask.fill(statement, reported, period)?;
        let before = submissions(&db, &sets)?;
        let to = self.to.as_deref().map_or(statement.to.as_str(), str::trim);
        let template = match &self.template {
            Some(path) => Template::Given(read(path)?),
            None if self.plain => Template::Plain,
            None => Template::kept(&folder, template(&before, &statement.id, to)),
        };
        if let Some(out) = &self.out {
            check_ending(out)?;
        }
        let file = match self.out.is_some() || self.send {
            true => Some(template.fill(&filled, self.bare)?),
            false => None,
        };
        // What is not to be sent is not written either.
        let draft = match file.as_ref().filter(|_| self.send) {
            Some(file) => {
                let before = sent(&before, &statement.id, &filled.reported.key(), to);
                crate::statement::send::register(set)?;
                let sending = Sending {
                    to,
                    way: &way(set, &self.way)?,
                    person: self.by.as_deref().map(|name| find(&db, "person", name)).transpose()?,
                    reason: self.reason.as_deref(),
                    on: ambient::today(),
                    actor: console(&folder.config)?,
                    id: None,
                };
                Some(sending.draft(&folder, &filled, &template, file, before)?)
            }
            None => None,
        };
        let mut told = json!({ "statement": statement.id, "title": statement.title, "filled": filled });
        if let Some((out, file)) = self.out.as_ref().zip(file.as_ref()) {
            replace_file(out, file)?;
            told["file"] = json!(out);
        }
        if !context.json {
            self.tell(statement, &filled, &template)?;
        }
        if let Some(draft) = draft {
            drop(db);
            told["submission"] = append(context, folder, draft, to)?;
        }
        if context.json {
            show::json(&told)?;
        }
        Ok(ExitCode::SUCCESS)
    }

    fn tell(&self, statement: &Statement, filled: &Filled, template: &Template) -> Result<()> {
        let Some(out) = &self.out else {
            return if self.send { Ok(()) } else { print(statement, filled) };
        };
        let with = match template {
            Template::Given(_) => "填进给的模板",
            Template::Kept(..) => "填进上次报送的模板",
            Template::Plain => "用默认版式",
        };
        for note in &filled.notes {
            show::line(note)?;
        }
        let figures = filled.figures().count();
        let rows =
            if statement.rows.is_some() { format!("，列出 {} 行", filled.rows.len()) } else { String::new() };
        show::line(format!("已写出 {}（{}，{with}）：数字 {figures} 个{rows}", out.display(), filled.reported.title()))
    }
}

fn append(context: &Context, folder: Folder, draft: crate::append::Draft, to: &str) -> Result<serde_json::Value> {
    let writer = Writer::start(folder, Box::new(ambient::System))?;
    let receipts = writer.append(vec![draft])?;
    let receipt = &receipts[0];
    // Said before the signing that stopping does: the entry is on disk, whatever becomes of the signature.
    if !context.json {
        let number = receipt.number.as_ref().map_or_else(String::new, |number| format!(" {number}"));
        show::line(format!("已记入第 {} 条：报表报送{number}，报给{to}", receipt.index))?;
    }
    let told = serde_json::to_value(receipt)?;
    writer.stop()?;
    Ok(told)
}

fn read(path: &Path) -> Result<Vec<u8>> {
    match std::fs::metadata(path) {
        Ok(about) if about.len() > table::MOST_FILE_BYTES => {
            let text = format!("文件有 {} MB，最多 {} MB", about.len() >> 20, table::MOST_FILE_BYTES >> 20);
            Err(refuse(406, text, "请删去无关的内容"))
        }
        _ => std::fs::read(path)
            .map_err(|error| refuse(401, format!("读不了 {}：{}", path.display(), cause(&error)), "请核对路径和权限")),
    }
}

fn check_ending(out: &Path) -> Result<()> {
    if out.extension().is_none_or(|ending| ending != "xlsx") {
        let text = format!("报表只有 .xlsx 一种，不能写成 {}", out.display());
        return Err(refuse(605, text, "文件名请以 .xlsx 结尾"));
    }
    match out.parent().filter(|parent| !parent.as_os_str().is_empty() && !parent.is_dir()) {
        Some(parent) => Err(refuse(712, format!("没有目录 {}", parent.display()), "请先建好目录，或者换一个文件名")),
        None => Ok(()),
    }
}

/// A way of sending by its id or its name.
fn way(set: &Definitions, text: &str) -> Result<String> {
    let ways = ways(set);
    match ways.iter().find(|(id, title)| id == text || title == text) {
        Some((id, _)) => Ok(id.clone()),
        None => {
            let list: Vec<String> = ways.iter().map(|(id, title)| format!("{id} {title}")).collect();
            Err(refuse(447, format!("没有“{text}”这种报送方式"), format!("可以写：{}", list.join("、"))))
        }
    }
}

/// The values on the screen, each with what it is.
fn print(statement: &Statement, filled: &Filled) -> Result<()> {
    show::line(format!("{}　{}，截至 {}", statement.title, filled.reported.title(), filled.period.to))?;
    let rows: Vec<Vec<String>> = filled
        .figures()
        .map(|(cell, source)| {
            let what = source.part.as_ref().map_or(source.title.clone(), |part| format!("{}（{part}）", source.title));
            vec![cell.at.to_string(), what, cell.held.to_string(), source.unit.clone(), source.entries.to_string()]
        })
        .collect();
    if !rows.is_empty() {
        show::table(&[("单元格", Left), ("数字", Left), ("值", Right), ("单位", Left), ("记入", Right)], &rows)?;
    }
    if let Some(listing) = &statement.rows {
        let heads: Vec<String> = listing
            .columns
            .iter()
            .map(|(column, _)| {
                let above = listing.first.value.checked_sub(1);
                let heading = above.and_then(|row| statement.expected(Square { row, column: column.value }));
                heading.map_or_else(|| Square::letters(column.value), str::to_owned)
            })
            .collect();
        let heads: Vec<(&str, show::Align)> = heads.iter().map(|head| (head.as_str(), Left)).collect();
        let rows: Vec<Vec<String>> =
            filled.rows.iter().map(|row| row.cells.iter().map(|(_, held)| held.to_string()).collect()).collect();
        show::table(&heads, &rows)?;
        show::line(format!("共 {} 行", filled.rows.len()))?;
    }
    filled.notes.iter().try_for_each(show::line)
}

/// 上级要的报表：报给谁、多久一报、上次报送
#[derive(Args)]
pub struct Statements {}

impl Statements {
    /// Lists them.
    pub fn run(self, context: &Context) -> Result<ExitCode> {
        let (_, db, sets) = context.read()?;
        let set = &sets.current()?.set;
        let all = if context.may_read(set, crate::statement::submission::REGISTER) {
            submissions(&db, &sets)?
        } else {
            Vec::new()
        };
        let last = |id: &str| all.iter().rev().find(|one| one.statement == id);
        if context.json {
            let one = |statement: &std::sync::Arc<Statement>| {
                json!({
                    "id": statement.id, "title": statement.title, "to": statement.to,
                    "period": every(statement), "pending": statement.pending, "last": last(&statement.id),
                })
            };
            show::json(&set.statements.values().map(one).collect::<Vec<_>>())?;
            return Ok(ExitCode::SUCCESS);
        }
        let row = |statement: &std::sync::Arc<Statement>| {
            let last = last(&statement.id).map_or_else(String::new, |one| format!("{} {}", one.period, one.said()));
            let pending = if statement.pending.is_some() { "待核" } else { "" };
            vec![
                statement.id.clone(),
                statement.title.clone(),
                statement.to.clone(),
                every(statement).to_owned(),
                last,
                pending.to_owned(),
            ]
        };
        let rows: Vec<Vec<String>> = set.statements.values().map(row).collect();
        let heads =
            [("编号", Left), ("报表", Left), ("报给", Left), ("多久一报", Left), ("上次报送", Left), ("版式", Left)];
        show::table(&heads, &rows)?;
        Ok(ExitCode::SUCCESS)
    }
}

/// 报出去的表：什么时候报给谁、取数时日志有多少条；哪些数后来变了，逐格列出差多少
#[derive(Args)]
pub struct Submissions {
    /// 只看这一年报送的
    #[arg(long)]
    year: Option<i16>,
}

impl Submissions {
    /// Lists them, and what is wrong by now.
    pub fn run(self, context: &Context) -> Result<ExitCode> {
        let (folder, db, sets) = context.read()?;
        let set = &sets.current()?.set;
        context.need_to_read(register_named(set, crate::statement::submission::REGISTER)?)?;
        let mut all = submissions(&db, &sets)?;
        all.retain(|one| self.year.is_none_or(|year| one.on.year() == year));
        let offices = (folder.config.town.as_str(), folder.config.county.as_str());
        let wrong = Comparing::new(&db, &sets, offices)?.wrong(&all)?;
        if context.json {
            show::json(&json!({ "submissions": all, "wrong": wrong }))?;
            return Ok(ExitCode::SUCCESS);
        }
        let rows: Vec<Vec<String>> = all
            .iter()
            .map(|one| {
                let differs = wrong.iter().find(|wrong| wrong.submission.id == one.id);
                let stands =
                    differs.map_or_else(|| "相符".to_owned(), |wrong| format!("{} 处不符", wrong.differences.len()));
                vec![
                    one.number.clone(),
                    one.title.clone(),
                    one.period.clone(),
                    one.to.clone(),
                    one.said(),
                    one.size.to_string(),
                    stands,
                ]
            })
            .collect();
        let heads = [
            ("编号", Left),
            ("报表", Left),
            ("报告期", Left),
            ("报给", Left),
            ("报送", Left),
            ("日志条数", Right),
            ("与现在的台账", Left),
        ];
        show::table(&heads, &rows)?;
        wrong.iter().try_for_each(tell)?;
        Ok(ExitCode::SUCCESS)
    }
}

/// One that is wrong, and why.
fn tell(wrong: &Wrong) -> Result<()> {
    let one = &wrong.submission;
    show::line(format!("\n{} {}（{}，报给{}）现在不符：", one.number, one.title, one.period, one.to))?;
    for difference in &wrong.differences {
        let why: Vec<String> = difference
            .records
            .iter()
            .map(|record| {
                let entries: Vec<String> = record.entries.iter().map(u64::to_string).collect();
                let entries =
                    if entries.is_empty() { String::new() } else { format!("，第 {} 条", entries.join("、")) };
                format!("{}{entries}", record.called)
            })
            .collect();
        let why = if why.is_empty() { String::new() } else { format!("　因 {}", why.join("；")) };
        show::line(format!("  {difference}{why}"))?;
    }
    show::line("  更正报送：yifa statement 报表 报告期 --send --reason 理由；上级同意不更正的，记一步“说明情况”。")
}

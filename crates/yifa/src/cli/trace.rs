//! `yifa trace person`, `yifa trace record`: who did what in which post, and what was known then.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Args, Subcommand};
use engine::day::Day;
use engine::form::Found;
use serde::Serialize;

use super::records::id_of;
use super::{Context, parse_day};
use crate::folder::replace_file;
use crate::policy;
use crate::query::names;
use crate::query::records::find_to_show;
use crate::refused::refuse;
use crate::show;
use crate::storage::log::Size;
use crate::trace::print::{self, Line};
use crate::trace::{Reader, person, record};

/// 倒查：一个人办过、涉及过的每一步，或者一个案卷的来龙去脉
#[derive(Subcommand)]
pub enum Trace {
    Person(Person),
    Record(Record),
}

/// 一个人的责任卡：跨职务、跨年度，每一步是什么身份、当时任什么职、结果如何、记入时案卷里已有什么
///
/// 例：yifa trace person 叶知秋 --from 2023-01-01 --to 2023-12-31
#[derive(Args)]
pub struct Person {
    /// 人员登记簿中的姓名、曾用名或者 id；已经离册的也可以
    name: String,
    /// 只看这一天起的
    #[arg(long, value_parser = parse_day)]
    from: Option<Day>,
    /// 只看到这一天的
    #[arg(long, value_parser = parse_day)]
    to: Option<Day>,
    #[command(flatten)]
    how: How,
}

/// 一个案卷的来龙去脉：每一步的人和当时的职务，前后关联的案卷，发生和记入两个时间
///
/// 例：yifa trace record mediation_case （2023）云溪村人调字第1号
#[derive(Args)]
pub struct Record {
    /// 登记簿的编号或者名称
    register: String,
    /// 案卷的编号、名称、以前的名称或 id
    record: String,
    /// 沿关联走几层：它所依据的，和依据它的，不折返
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u8).range(0..=9))]
    depth: u8,
    #[command(flatten)]
    how: How,
}

/// From which journal, and onto what.
#[derive(Args)]
struct How {
    /// 按日志当时有多少条来看
    #[arg(long, value_name = "SIZE")]
    at: Option<u64>,
    /// 写成一个网页文件，可以打印
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
}

impl Trace {
    /// Prints the card or the chain.
    pub fn run(self, context: &Context) -> Result<ExitCode> {
        let (_, db, sets) = context.read()?;
        let how = match &self {
            Trace::Person(Person { how, .. }) | Trace::Record(Record { how, .. }) => how,
        };
        let checkpoint = Size::load(&db, how.at)?;
        sets.at(how.at)?;
        let reader = Reader::new(&db, &sets, checkpoint.size);
        let then = || refuse(608, format!("日志有 {} 条时还没有它", reader.size), "请把 --at 写大一些，或者不写");
        let registers = sets.current()?.set.registers.values();
        let shut = registers.filter(|register| !policy::may_read(&context.role, register));
        let shut: BTreeSet<&str> = shut.map(|one| one.id.value.as_str()).collect();
        match &self {
            Trace::Person(asked) => {
                let id = find_by_any_name(&reader, "person", &asked.name)?;
                let days = (asked.from.unwrap_or(Day::MIN), asked.to.unwrap_or(Day::MAX));
                let mut card = person::card(&reader, &id, days, checkpoint)?.ok_or_else(then)?;
                card.withhold(|register, _| !shut.contains(register));
                say(context, how, &card, &print::card(&card))
            }
            Trace::Record(asked) => {
                let current = sets.current()?;
                let wanted = id_of(&current.set, &asked.register);
                context.need_to_read_named(&current.set, wanted)?;
                let id = find_by_any_name(&reader, wanted, &asked.record)?;
                let mut chain = record::chain(&reader, &id, asked.depth, checkpoint)?.ok_or_else(then)?;
                chain.withhold(|register, _| !shut.contains(register));
                say(context, how, &chain, &print::chain(&chain))
            }
        }
    }
}

/// The record of that name, or else the one that had it before.
fn find_by_any_name(reader: &Reader<'_>, register: &str, name: &str) -> Result<String> {
    let missing = match find_to_show(reader.db, register, name) {
        Ok(id) => return Ok(id),
        Err(missing) => missing,
    };
    if !matches!(names::find(reader.db, register, name)?, Found::None(_)) {
        return Err(missing);
    }
    match &reader.once_called(register, name)?[..] {
        [one] => Ok(one.clone()),
        [] => Err(missing),
        _ => {
            let remedy = format!("请用现在的名称、编号或者 id 指明是哪一个，用 yifa list {register} 查看");
            Err(refuse(231, format!("有几个案卷都曾叫“{name}”"), remedy))
        }
    }
}

fn say(context: &Context, how: &How, data: &impl Serialize, lines: &[Line]) -> Result<ExitCode> {
    if let Some(path) = &how.html {
        let title = lines.first().map_or("", |line| &line.1);
        replace_file(path, crate::render::lines::render(title, lines).as_bytes())?;
    }
    match (context.json, &how.html) {
        (true, _) => show::json(data)?,
        (false, Some(path)) => show::line(format!("已写入 {}", path.display()))?,
        (false, None) => show::line(print::text(lines).trim_end())?,
    }
    Ok(ExitCode::SUCCESS)
}

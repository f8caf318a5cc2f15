//! The command line: what can be said, and which file says what happens.

mod account;
mod ask;
mod baseline;
mod bundle;
pub mod check;
mod compare;
mod database;
mod day;
mod definitions;
mod demo;
mod due;
mod figures;
mod folder;
mod indicators;
pub mod laws;
mod mapped;
mod mirror;
mod moving;
mod paper;
mod questions;
mod read_pdf;
mod records;
pub mod report;
mod rollup;
mod said;
mod serve;
pub mod statement;
mod tables;
mod trace;
mod typed;
mod worded;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::parser::ValueSource;
use clap::{ArgAction, CommandFactory, FromArgMatches, Parser, Subcommand};
use engine::day::Day;
use engine::definition::{Definitions, Register};

use crate::folder::Folder;
use crate::pdf;
use crate::policy;
use crate::refused::refuse;
use crate::sets::Sets;
use crate::storage::Db;

/// 依法：乡镇法治政府建设工作台。
///
/// 台账记一次，清单、统计、报表和年度报告都由它得出；每个数字都能点开背后的记入；
/// 每一步都写入只增不改、签过名的日志，任何人可以用别家的软件核验。
///
/// 第一次用：yifa demo 建一个演示乡镇；yifa init 建自己的数据目录。
/// 退出码：0 完成，1 程序故障，2 有需要您处理的问题。
#[derive(Parser)]
#[command(name = "yifa", version)]
#[command(disable_help_subcommand = true, disable_help_flag = true, disable_version_flag = true)]
struct Cli {
    /// 数据目录
    #[arg(long, global = true, env = "YIFA_DATA", default_value = "./yifa-data", value_name = "DIR")]
    data: PathBuf,
    /// 按 JSON 输出结果；有问题的，输出 {"problems":[…]}，退出码 2
    #[arg(long, global = true)]
    json: bool,
    /// 以什么角色查看：clerk 经办、leader 领导、inspector 督察……；只供某些角色查看的登记簿，别的角色不显示
    #[arg(long, global = true, env = "YIFA_ROLE", default_value = policy::USUAL, value_parser = policy::parse, value_name = "ROLE")]
    role: String,
    /// 显示帮助：-h 简短，--help 详细
    #[arg(short, long, global = true, action = ArgAction::Help)]
    help: Option<bool>,
    /// 显示版本
    #[arg(short = 'V', long, action = ArgAction::Version)]
    version: Option<bool>,
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    Demo(demo::Demo),
    Init(folder::Init),
    Serve(serve::Serve),
    #[command(subcommand)]
    Account(account::Account),
    #[command(subcommand)]
    Definitions(definitions::Definitions),
    #[command(subcommand)]
    Laws(laws::Laws),
    Explain(definitions::Explain),
    Day(day::Days),
    Import(tables::Import),
    Export(tables::Export),
    Template(tables::Template),
    Step(records::Step),
    Ask(ask::Ask),
    Show(records::Show),
    List(records::List),
    Due(due::DueList),
    Flags(records::FlagList),
    Questions(questions::Questions),
    #[command(subcommand)]
    Trace(trace::Trace),
    Figures(figures::Figures),
    Baseline(baseline::BaselineOf),
    Figure(figures::Figure),
    Rollup(rollup::Rollup),
    Indicators(indicators::Indicators),
    #[command(subcommand)]
    Report(report::Report),
    Paper(paper::Paper),
    Statement(statement::Filling),
    Statements(statement::Statements),
    Submissions(statement::Submissions),
    Check(check::Check),
    #[command(name = pdf::VERB, hide = true)]
    ReadPdf(read_pdf::ReadPdf),
    Compare(compare::Compare),
    #[command(subcommand)]
    Bundle(bundle::Bundle),
    Verify(folder::Verify),
    Rebuild(folder::Rebuild),
    #[command(subcommand)]
    Journal(folder::Journal),
    Mirror(mirror::Mirror),
    #[command(subcommand)]
    Witness(mirror::Witness),
    Upgrade(folder::Upgrade),
    Move(moving::Move),
    #[command(subcommand)]
    Database(database::Database),
}

/// What every verb is told.
pub struct Context {
    /// The data folder named.
    pub data: PathBuf,
    /// It was named on this command line, not by the environment or by nobody.
    pub data_typed: bool,
    /// Print data as JSON.
    pub json: bool,
    /// In which role whoever looks does so.
    pub role: String,
}

impl Context {
    /// Whether what is asked for may be read in this role, and if not, why.
    fn need_to_read(&self, register: &Register) -> Result<()> {
        policy::need_to_read(&self.role, register)
    }

    /// The same of a register by its id or title, before anything in it is looked for: whether a name is there is told to
    /// nobody who may not read it. The set in force decides, also of records opened under another.
    fn need_to_read_named(&self, set: &Definitions, register: &str) -> Result<()> {
        register_named(set, register).map_or(Ok(()), |register| self.need_to_read(register))
    }

    /// Whether the records of a register, named by its id, may be read in this role; what is not known today stays shut.
    fn may_read(&self, set: &Definitions, register: &str) -> bool {
        set.register(register).is_some_and(|register| policy::may_read(&self.role, register))
    }

    /// The folder, its database for reading, and the sets it has adopted.
    pub fn read(&self) -> Result<(Folder, Db, Sets)> {
        let folder = Folder::open(&self.data)?;
        let db = folder.reader()?;
        let sets = Sets::load(&db)?;
        Ok((folder, db, sets))
    }
}

/// Whether JSON was asked for, also where the rest of the command line cannot be understood.
pub fn wants_json() -> bool {
    std::env::args_os().any(|arg| arg == "--json")
}

/// Runs the command line.
pub fn run() -> Result<ExitCode> {
    let parsed = Cli::command().try_get_matches().and_then(|matches| Ok((Cli::from_arg_matches(&matches)?, matches)));
    let (cli, matches) = match parsed {
        Ok(parsed) => parsed,
        Err(error) => return said::say(&error),
    };
    let data_typed = matches.value_source("data") == Some(ValueSource::CommandLine);
    let context = Context { data: cli.data, data_typed, json: cli.json, role: cli.role };
    match cli.verb {
        Verb::Demo(verb) => verb.run(&context),
        Verb::Init(verb) => verb.run(&context),
        Verb::Serve(verb) => verb.run(&context),
        Verb::Account(verb) => verb.run(&context),
        Verb::Definitions(verb) => verb.run(&context),
        Verb::Laws(verb) => verb.run(&context),
        Verb::Explain(verb) => verb.run(&context),
        Verb::Day(verb) => verb.run(&context),
        Verb::Import(verb) => verb.run(&context),
        Verb::Export(verb) => verb.run(&context),
        Verb::Template(verb) => verb.run(&context),
        Verb::Step(verb) => verb.run(&context),
        Verb::Ask(verb) => verb.run(&context),
        Verb::Show(verb) => verb.run(&context),
        Verb::List(verb) => verb.run(&context),
        Verb::Due(verb) => verb.run(&context),
        Verb::Flags(verb) => verb.run(&context),
        Verb::Questions(verb) => verb.run(&context),
        Verb::Trace(verb) => verb.run(&context),
        Verb::Figures(verb) => verb.run(&context),
        Verb::Baseline(verb) => verb.run(&context),
        Verb::Figure(verb) => verb.run(&context),
        Verb::Rollup(verb) => verb.run(&context),
        Verb::Indicators(verb) => verb.run(&context),
        Verb::Report(verb) => verb.run(&context),
        Verb::Paper(verb) => verb.run(&context),
        Verb::Statement(verb) => verb.run(&context),
        Verb::Statements(verb) => verb.run(&context),
        Verb::Submissions(verb) => verb.run(&context),
        Verb::Compare(verb) => verb.run(&context),
        Verb::Check(verb) => verb.run(&context),
        Verb::ReadPdf(verb) => verb.run(),
        Verb::Bundle(verb) => verb.run(&context),
        Verb::Verify(verb) => verb.run(&context),
        Verb::Rebuild(verb) => verb.run(&context),
        Verb::Journal(verb) => verb.run(&context),
        Verb::Mirror(verb) => verb.run(&context),
        Verb::Witness(verb) => verb.run(&context),
        Verb::Upgrade(verb) => verb.run(&context),
        Verb::Move(verb) => verb.run(&context),
        Verb::Database(verb) => verb.run(&context),
    }
}

/// A register by its id or by its title.
fn register_named<'s>(set: &'s Definitions, name: &str) -> Result<&'s std::sync::Arc<Register>> {
    let titled = || set.registers.values().find(|register| register.title == name);
    set.registers.get(name).or_else(titled).ok_or_else(|| {
        let known: Vec<&str> = set.registers.keys().map(String::as_str).collect();
        let titles = set.registers.values().map(|register| register.title.as_str());
        let words: Vec<&str> = known.iter().copied().chain(titles).collect();
        let hint = engine::read::nearest_hint(name, &words);
        refuse(210, format!("没有登记簿“{name}”"), format!("可以用：{}{hint}", known.join("、")))
    })
}

/// A day on the command line.
fn parse_day(text: &str) -> Result<Day, String> {
    engine::form::parse::day(text).ok_or_else(|| "请写成 2023-09-05".to_owned())
}

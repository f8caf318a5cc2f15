//! The command line: what can be said, and which file says what happens.

pub mod check;
mod day;
mod definitions;
mod demo;
mod figures;
mod folder;
mod laws;
mod records;
pub mod report;
mod tables;
mod typed;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};
use engine::day::Day;

use crate::folder::Folder;
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
#[command(name = "yifa", version, disable_help_subcommand = true)]
struct Cli {
    /// 数据目录
    #[arg(long, global = true, env = "YIFA_DATA", default_value = "./yifa-data", value_name = "DIR")]
    data: PathBuf,
    /// 结果是数据的，按 JSON 输出
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    Demo(demo::Demo),
    Init(folder::Init),
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
    Show(records::Show),
    List(records::List),
    Due(records::DueList),
    Flags(records::FlagList),
    Figures(figures::Figures),
    Figure(figures::Figure),
    #[command(subcommand)]
    Report(report::Report),
    Check(check::Check),
    Verify(folder::Verify),
    Rebuild(folder::Rebuild),
    #[command(subcommand)]
    Journal(folder::Journal),
}

/// What every verb is told.
pub struct Context {
    /// The data folder named.
    pub data: PathBuf,
    /// Print data as JSON.
    pub json: bool,
}

impl Context {
    /// The folder, its database for reading, and the sets it has adopted.
    pub fn read(&self) -> Result<(Folder, Db, Sets)> {
        let folder = Folder::open(&self.data)?;
        let db = folder.reader()?;
        let sets = Sets::load(&db)?;
        Ok((folder, db, sets))
    }
}

/// Runs the command line.
pub fn run() -> Result<ExitCode> {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            error.print()?;
            return Ok(ExitCode::from(if error.use_stderr() { 2 } else { 0 }));
        }
    };
    let context = Context { data: cli.data, json: cli.json };
    match cli.verb {
        Verb::Demo(verb) => verb.run(&context),
        Verb::Init(verb) => verb.run(&context),
        Verb::Definitions(verb) => verb.run(&context),
        Verb::Laws(verb) => verb.run(&context),
        Verb::Explain(verb) => verb.run(&context),
        Verb::Day(verb) => verb.run(&context),
        Verb::Import(verb) => verb.run(&context),
        Verb::Export(verb) => verb.run(&context),
        Verb::Template(verb) => verb.run(&context),
        Verb::Step(verb) => verb.run(&context),
        Verb::Show(verb) => verb.run(&context),
        Verb::List(verb) => verb.run(&context),
        Verb::Due(verb) => verb.run(&context),
        Verb::Flags(verb) => verb.run(&context),
        Verb::Figures(verb) => verb.run(&context),
        Verb::Figure(verb) => verb.run(&context),
        Verb::Report(verb) => verb.run(&context),
        Verb::Check(verb) => verb.run(&context),
        Verb::Verify(verb) => verb.run(&context),
        Verb::Rebuild(verb) => verb.run(&context),
        Verb::Journal(verb) => verb.run(&context),
    }
}

/// A day on the command line.
fn parse_day(text: &str) -> Result<Day, String> {
    engine::form::parse::day(text).ok_or_else(|| "请写成 2023-09-05".to_owned())
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_sound_and_every_verb_says_what_it_does() {
        let mut command = super::Cli::command();
        command.build();
        fn walk(command: &clap::Command, path: &str) {
            let path = format!("{path} {}", command.get_name());
            assert!(command.get_about().is_some(), "{path} has no help");
            for arg in command.get_arguments() {
                assert!(arg.get_help().is_some(), "{path} {} has no help", arg.get_id());
            }
            command.get_subcommands().for_each(|inner| walk(inner, &path));
        }
        walk(&command, "");
        command.debug_assert();
    }
}

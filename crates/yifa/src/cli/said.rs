//! What clap has to say, in Chinese: help, and why a command line cannot be understood.

use std::error::Error as _;
use std::io::Write;
use std::process::ExitCode;

use anyhow::Result;
use clap::error::{ContextKind, Error, ErrorKind};
use engine::problem::Problem;

use crate::refused::Refused;

/// Prints help, or gives what is wrong with the command line as a problem.
pub fn say(error: &Error) -> Result<ExitCode> {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            write!(std::io::stdout(), "{}", chinese(&error.render().to_string()))?;
            Ok(ExitCode::SUCCESS)
        }
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand if !super::wants_json() => {
            write!(std::io::stderr(), "{}", chinese(&error.render().to_string()))?;
            Ok(ExitCode::from(2))
        }
        _ => Err(Refused(vec![problem(error)]).into()),
    }
}

/// The fixed words of clap's help. Everything else in it is ours.
const WORDS: [(&str, &str); 11] = [
    ("Usage: ", "用法："),
    ("Commands:", "命令："),
    ("Arguments:", "参数："),
    ("Options:", "选项："),
    ("[OPTIONS]", "[选项]"),
    ("<COMMAND>", "<命令>"),
    ("[possible values: ", "[可以写："),
    ("[env: ", "[环境变量："),
    ("[default: ", "[默认："),
    // Where a narrow terminal breaks the line.
    ("[env:", "[环境变量："),
    ("[default:", "[默认："),
];

fn chinese(help: &str) -> String {
    WORDS.iter().fold(help.to_owned(), |text, (english, chinese)| text.replace(english, chinese))
}

/// What is wrong with a command line, and how it is written.
fn problem(error: &Error) -> Problem {
    let said = |kind| error.get(kind).map(ToString::to_string).unwrap_or_default();
    let (arg, value) = (said(ContextKind::InvalidArg), said(ContextKind::InvalidValue));
    let (code, text) = match error.kind() {
        ErrorKind::InvalidSubcommand => (620, format!("没有“{}”这个命令", said(ContextKind::InvalidSubcommand))),
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            (620, "没有写要做什么".to_owned())
        }
        ErrorKind::UnknownArgument => (621, format!("不认识“{arg}”")),
        ErrorKind::ArgumentConflict => (621, format!("{arg} 不能与 {} 同时写", said(ContextKind::PriorArg))),
        ErrorKind::MissingRequiredArgument => (622, format!("缺少 {}", arg.replace(", ", "、"))),
        ErrorKind::InvalidValue if value.is_empty() => (622, format!("{arg} 后面没有写内容")),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => (623, format!("“{value}”不能用作 {arg}")),
        _ => (621, format!("命令的参数不对：{arg}")),
    };
    let mut remedy = String::new();
    for kind in [ContextKind::SuggestedSubcommand, ContextKind::SuggestedArg, ContextKind::SuggestedValue] {
        if error.get(kind).is_some() {
            // The nearest comes last.
            let near = said(kind);
            remedy.push_str(&format!("是不是想写“{}”？", near.rsplit(", ").next().unwrap_or_default()));
        }
    }
    let valid = said(ContextKind::ValidValue).replace(", ", "、");
    if !valid.is_empty() {
        remedy.push_str(&format!("可以写：{valid}。"));
    }
    if error.kind() == ErrorKind::ValueValidation {
        // Our own readers say in Chinese what they want; those of numbers are not ours.
        let why = error.source().map(ToString::to_string).filter(|why| !why.is_ascii());
        remedy.push_str(&format!("{}。", why.as_deref().unwrap_or("请写整数")));
    }
    match chinese(&said(ContextKind::Usage)).trim().strip_prefix("用法：") {
        Some(usage) => remedy.push_str(&format!("写法：{}；加 --help 看说明", usage.trim())),
        None => remedy.push_str("加 --help 看怎样写"),
    }
    Problem::new(code, text, remedy)
}

#[cfg(test)]
mod tests {
    use clap::{Command, CommandFactory};

    use super::{chinese, problem};
    use crate::cli::Cli;

    /// Every command with the words that lead to it.
    fn commands() -> Vec<(Vec<String>, Command)> {
        fn walk(command: &Command, path: &[String], found: &mut Vec<(Vec<String>, Command)>) {
            found.push((path.to_vec(), command.clone()));
            for inner in command.get_subcommands() {
                walk(inner, &[path, &[inner.get_name().to_owned()]].concat(), found);
            }
        }
        let mut command = Cli::command();
        command.build();
        command.clone().debug_assert();
        let mut found = Vec::new();
        walk(&command, &["yifa".to_owned()], &mut found);
        found
    }

    /// Three words of English in a row are a sentence, unless they are something to type.
    fn english(text: &str) -> Option<&str> {
        const CLAP: [&str; 6] = ["Usage", "Options", "Print", "error", "tip:", "default"];
        text.lines().find(|line| {
            let words = line.split(|c: char| !c.is_ascii_alphabetic() && c != ' ' && c != '\'');
            let typed = line.contains("yifa ");
            let sentence = |words: &str| words.split_whitespace().count() >= 3;
            (!typed && words.into_iter().any(sentence)) || CLAP.iter().any(|word| line.contains(word))
        })
    }

    #[test]
    fn every_verb_says_what_it_does_and_says_it_in_chinese() {
        for (path, mut command) in commands() {
            assert!(command.get_about().is_some(), "{path:?} has no help");
            for arg in command.get_arguments() {
                assert!(arg.get_help().is_some(), "{path:?} {} has no help", arg.get_id());
            }
            for help in [command.render_help().to_string(), command.render_long_help().to_string()] {
                assert_eq!(english(&chinese(&help)), None, "{path:?}");
            }
        }
    }

    #[test]
    fn whatever_is_mistyped_is_answered_in_chinese_with_a_remedy() {
        for (path, _) in commands() {
            for wrong in [&[][..], &["--no-such-option"], &["甲"; 9], &["甲", "乙", "--year", "去年"], &["--data"]]
            {
                let typed = path.iter().map(String::as_str).chain(wrong.iter().copied());
                let Err(error) = Cli::command().try_get_matches_from(typed) else { continue };
                if error.kind() == clap::error::ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
                    continue;
                }
                let problem = problem(&error);
                assert_eq!(english(&problem.text), None, "{path:?} {wrong:?}");
                assert!(problem.remedy.contains("--help"), "{problem}");
                assert_eq!(english(&problem.remedy), None, "{problem}");
            }
        }
    }

    #[track_caller]
    fn check(typed: &str, expect: &str) {
        let error = Cli::command().try_get_matches_from(typed.split(' ')).unwrap_err();
        assert_eq!(problem(&error).to_string(), expect);
    }

    #[test]
    fn a_mistyped_command_line_is_told_place_cause_and_remedy() {
        check(
            "yifa lits village",
            "P620 没有“lits”这个命令。是不是想写“list”？写法：yifa [选项] <命令>；加 --help 看说明",
        );
        check("yifa figures abc", "P623 “abc”不能用作 <YEAR>。请写整数。加 --help 看怎样写");
        check("yifa due --until 昨天", "P623 “昨天”不能用作 --until <UNTIL>。请写成 2023-09-05。加 --help 看怎样写");
        check("yifa list", "P622 缺少 <REGISTER>。写法：yifa list <REGISTER>；加 --help 看说明");
        check(
            "yifa list village --stat x",
            "P621 不认识“--stat”。是不是想写“--state”？写法：yifa list --state <STATE> <REGISTER>；加 --help 看说明",
        );
    }
}

//! `yifa import … --map --word --ignore`: what an office's own headings and words stand for, said and remembered.

use std::path::Path;

use anyhow::Result;
use clap::Args;
use engine::definition::Register;
use engine::definition::mapping::bare;
use engine::problem::Problem;

use crate::accounts::Accounts;
use crate::accounts::wording::Kept;
use crate::folder::Folder;
use crate::ledger::wording;
use crate::table::{Choose, Wording, headings};

/// What is said of headings and words.
#[derive(Args)]
pub struct Worded {
    /// 表里的标题是哪个字段，如 旧标题=受理日期；说一次，以后同样的标题照此读
    #[arg(long = "map", value_name = "HEADING=FIELD", conflicts_with = "mapping")]
    map: Vec<String>,
    /// 某个字段里的说法是哪个选项，如 结果:调成=达成协议；说一次，以后照此读
    #[arg(long = "word", value_name = "FIELD:WORD=CHOICE", conflicts_with = "mapping")]
    word: Vec<String>,
    /// 不导入的标题；说一次，以后同样的标题都不读
    #[arg(long = "ignore", value_name = "HEADING", conflicts_with = "mapping")]
    ignore: Vec<String>,
}

/// What was said, read.
pub struct Said {
    /// With what was said on earlier days.
    pub wording: Wording,
    /// What is to be kept.
    pub new: Vec<Kept>,
    /// What could not be understood.
    pub problems: Vec<Problem>,
}

impl Worded {
    /// Reads what is said, beside what is remembered.
    pub fn read(&self, folder: &Folder, register: &Register, file: &Path, choose: Choose<'_>) -> Result<Said> {
        let (mut new, mut problems) = (Vec::new(), Vec::new());
        let unwritten = |option: &str, said: &str, form: &str| {
            Problem::new(430, format!("{option} {said} 没有写全"), format!("写法：{option} {form}"))
        };
        for said in &self.map {
            let read = match said.rsplit_once('=') {
                Some((heading, column)) => wording::heading(register, heading, Some(column)),
                None => Err(unwritten("--map", said, "表里的标题=字段")),
            };
            read.map_or_else(|problem| problems.push(problem), |kept| new.push(kept));
        }
        for said in &self.ignore {
            wording::heading(register, said, None).map_or_else(|problem| problems.push(problem), |kept| new.push(kept));
        }
        for said in &self.word {
            let parts = said.split_once([':', '：']).and_then(|(column, rest)| Some((column, rest.rsplit_once('=')?)));
            let read = match parts {
                Some((column, (word, choice))) => wording::word(register, column, word, choice),
                None => Err(unwritten("--word", said, "字段:说法=选项")),
            };
            read.map_or_else(|problem| problems.push(problem), |kept| new.push(kept));
        }
        let mut wording = match Accounts::kept(folder)? {
            Some(accounts) => wording::remembered(&accounts, register)?,
            None => Wording::default(),
        };
        wording::take(&mut wording, &new, false);
        let of_headings: Vec<&Kept> = new.iter().filter(|kept| kept.place.is_empty()).collect();
        // A file that cannot be read has a problem of its own.
        let titles = if of_headings.is_empty() { None } else { headings(file, register, &wording, choose) };
        for kept in of_headings.iter().filter(|_| titles.is_some()) {
            let title = titles.iter().flatten().find(|title| bare(&title.heading) == bare(&kept.word));
            let said = if kept.means.is_empty() { "--ignore" } else { "--map" };
            if title.is_none() {
                let all: Vec<&str> = titles.iter().flatten().map(|title| title.heading.as_str()).collect();
                let text = format!("{said} 里的“{}”，表里没有这个标题", kept.word);
                problems.push(Problem::new(430, text, format!("表里的标题：{}", all.join("、"))));
            } else if title.is_some_and(|title| title.ours) {
                let text = format!("{said} 里的“{}”本来就是系统认得的标题", kept.word);
                problems.push(Problem::new(430, text, "请去掉这一项；内容放错了列的，请在表里改标题"));
            }
        }
        Ok(Said { wording, new, problems })
    }
}

/// A problem with a heading, with what can be written on the command line.
pub fn with_remedy(mut problem: Problem) -> Problem {
    if matches!(problem.code.0, 408 | 410 | 411) {
        problem.remedy.push_str("；也可以写 --map 标题=字段 说明是哪个字段，不导入的写 --ignore 标题");
    }
    problem
}

impl Said {
    /// Keeps what is new for the next import.
    pub fn keep(&self, folder: &Folder, register: &Register) -> Result<()> {
        if self.new.is_empty() {
            return Ok(());
        }
        Accounts::open(folder)?.keep_wording(&register.id.value, &self.new)
    }
}

//! `yifa due`: what is due and not met, whose it is, and the law that asks for it; also as a calendar.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Result;
use clap::Args;
use engine::day::Day;
use engine::definition::Definitions;

use super::records::only;
use super::{Context, parse_day};
use crate::folder::{Folder, replace_file};
use crate::policy::withheld;
use crate::query::due::{Asked, Due, dues};
use crate::query::owner::Holder;
use crate::query::records::find;
use crate::refused::refuse;
use crate::render::dues::calendar;
use crate::{ambient, show};

/// 期限：到期应办而未办的，早的在前
///
/// 目录中每年都有的日子，提前若干天列出，办了就不再列；错过的，列到当年年底。
/// 写成日历文件的，一项一个全天事件，导入几次都不重复。
///
/// 例：yifa due --person 张三；yifa due --ics 期限.ics
#[derive(Args)]
pub struct DueList {
    /// 只看一个登记簿：编号或者名称
    #[arg(long)]
    register: Option<String>,
    /// 只看这一天以前到期的
    #[arg(long, value_parser = parse_day)]
    until: Option<Day>,
    /// 只看由他负责的：人员登记簿中的姓名。他本人、末日当天所任的职务和所负责的机构、他的调解员登记都算
    #[arg(long, value_name = "NAME")]
    person: Option<String>,
    /// 另写成日历文件（iCalendar）
    #[arg(long, value_name = "FILE")]
    ics: Option<PathBuf>,
}

impl DueList {
    /// Prints what is due.
    pub fn run(self, context: &Context) -> Result<ExitCode> {
        let (folder, db, sets) = context.read()?;
        let set = &sets.current()?.set;
        let register = only(set, self.register.as_deref())?;
        register.map_or(Ok(()), |register| context.need_to_read_named(set, register))?;
        let person = match &self.person {
            Some(name) => Some(Holder::load(&db, set, &find(&db, "person", name)?)?),
            None => None,
        };
        let today = ambient::today();
        let asked = Asked { register, until: self.until, person: person.as_ref() };
        let mut found = dues(&db, &sets, asked, today)?;
        let all = found.len();
        found.retain(|due| due.item.is_some() || context.may_read(set, &due.register));
        if let Some(path) = &self.ics {
            write(&folder, set, &found, path)?;
        }
        if context.json {
            show::json(&found)?;
            return Ok(ExitCode::SUCCESS);
        }
        withheld(all - found.len(), "项").map_or(Ok(()), show::line)?;
        print(&found, today)?;
        if let Some(path) = &self.ics {
            show::line(format!("已写出 {}", path.display()))?;
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn print(found: &[Due], today: Day) -> Result<()> {
    let owned = found.iter().any(|due| !due.owner.is_empty());
    let rows = found.iter().map(|due| {
        let moved = match &due.first {
            Some(first) if *first != due.last => format!("（自 {first} 起）"),
            _ if due.nominal != due.last => format!("（原定 {}）", due.nominal),
            _ => String::new(),
        };
        let note = match (due.overdue, due.provisional) {
            (true, _) if due.item.is_some() => "已错过",
            (true, _) => "已逾期",
            (false, true) => "暂按周末推算",
            _ if due.first.as_ref().is_some_and(|first| *first > today.to_string()) => "将到",
            _ => "",
        };
        let mut row = vec![format!("{}{moved}", due.last), due.title.clone(), due.called.clone()];
        if owned {
            row.push(due.owned_by.clone());
        }
        row.extend([note.to_owned(), due.basis.join("、")]);
        row
    });
    use show::Align::Left;
    let mut heads = vec![("末日", Left), ("步骤", Left), ("案卷", Left)];
    if owned {
        heads.push(("负责", Left));
    }
    heads.extend([("", Left), ("依据", Left)]);
    show::table(&heads, &rows.collect::<Vec<_>>())?;
    show::line(format!("共 {} 项", found.len()))
}

/// Writes dues as a calendar.
fn write(folder: &Folder, set: &Definitions, found: &[Due], path: &Path) -> Result<()> {
    if let Some(parent) = path.parent().filter(|parent| !parent.as_os_str().is_empty() && !parent.is_dir()) {
        return Err(refuse(712, format!("没有目录 {}", parent.display()), "请先建好目录，或者换一个文件名"));
    }
    replace_file(path, calendar(&folder.config, set, found).as_bytes())
}

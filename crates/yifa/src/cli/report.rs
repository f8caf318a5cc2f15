//! `yifa report`: the annual report, in which every number is a figure.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Result;
use clap::{Args, Subcommand};
use engine::definition::Definitions;
use engine::figure::Period;
use engine::report::{Context as Content, Document, Variables, compose};

use super::Context;
use super::figures::period;
use crate::append::{current_keys, last_signed};
use crate::folder::{Folder, replace_file};
use crate::query::breakdown::Behind;
use crate::query::figures::{all, asked, bound};
use crate::query::names::Names;
use crate::query::overdue::Dues;
use crate::refused::refuse;
use crate::sets::Sets;
use crate::storage::Db;
use crate::storage::log::Size;
use crate::{ambient, render, show};

/// 报告：文字由模板，数字由台账，每个数字都能点开
#[derive(Subcommand)]
pub enum Report {
    /// 法治政府建设年度报告
    Annual(Annual),
}

/// 法治政府建设年度报告，法定各部分齐全，附数据来源
///
/// 例：yifa report annual 2023 --out 报告.html
#[derive(Args)]
pub struct Annual {
    /// 年度
    year: i16,
    /// 写到哪个文件：.html 或 .txt
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// 主送机关，可以用顿号写几个
    #[arg(long)]
    superior: Option<String>,
    /// 署名
    #[arg(long)]
    signed_by: Option<String>,
    /// 抄送机关
    #[arg(long)]
    copy_to: Option<String>,
    /// 成文日期；不写则为草稿
    #[arg(long, value_parser = super::parse_day)]
    signed_on: Option<engine::day::Day>,
    /// 按日志当时有多少条生成（印在“数据来源”里）：与当时的报告逐字相同
    #[arg(long, value_name = "SIZE")]
    at: Option<u64>,
}

impl Report {
    /// Composes and writes the report.
    pub fn run(self, context: &Context) -> Result<ExitCode> {
        let Report::Annual(annual) = self;
        let (folder, db, sets) = context.read()?;
        let document = annual.compose(&folder, &db, &sets)?;
        if context.json {
            show::json(&document)?;
        }
        write(&document, &annual.out)?;
        if !context.json {
            show::line(format!("已写出 {}，引用数字 {} 个", annual.out.display(), document.annex.printed.len()))?;
        }
        Ok(ExitCode::SUCCESS)
    }
}

impl Annual {
    /// A report of a year with nothing said about who receives and signs it.
    pub fn draft(year: i16, out: &Path) -> Annual {
        Annual { year, out: out.to_owned(), superior: None, signed_by: None, copy_to: None, signed_on: None, at: None }
    }

    /// The same as of an earlier size of the journal.
    pub fn at(self, size: u64) -> Annual {
        Annual { at: Some(size), ..self }
    }

    /// Composes the report from the tables.
    pub fn compose(&self, folder: &Folder, db: &Db, sets: &Sets) -> Result<Document> {
        let size = Size::load(db, self.at)?;
        let set = &sets.at(self.at)?.set;
        let Some(template) = set.reports.get("annual") else {
            return Err(refuse(
                604,
                "这套定义没有年度报告的模板",
                "请在 definitions/reports/annual.md 写模板，再用 yifa definitions adopt 采用",
            ));
        };
        let period = period(self.year)?;
        if period.from > ambient::today() {
            let remedy = "请写今年或者以前的年度；今年的在年度结束以前是草稿";
            return Err(refuse(607, format!("{}年还没有到，没有可以报告的", self.year), remedy));
        }
        let config = &folder.config;
        let mut variables = Variables::new(self.year, period.to, &config.town, &config.county);
        let replaced = [
            (&self.superior, &mut variables.superior),
            (&self.signed_by, &mut variables.signed_by),
            (&self.copy_to, &mut variables.copy_to),
        ];
        for (given, usual) in replaced {
            given.iter().for_each(|given| usual.clone_from(given));
        }
        variables.signed_on = self.signed_on;
        let now = all(db, set, period, self.at)?;
        let mut before = all(db, set, self::period(self.year - 1)?, self.at)?;
        // A year that is still running, or one the ledger covers only in part, is no measure: nothing is compared then.
        let covered = |last| months(db, set, last, self.at).is_ok_and(|months| months >= COVERED);
        if variables.is_running() || !period.last_year().is_some_and(covered) {
            before.clear();
        }
        let signed = last_signed(folder, db, &current_keys(folder)?)?.is_some_and(|signed| signed.size >= size.size);
        let unsigned = if signed { "" } else { "，尚未签署" };
        let checkpoint = format!("日志前 {} 条，根 {}{unsigned}", size.size, size.root);
        let (names, dues) = (Names::load(db)?, Dues::load(db, set, self.at)?);
        let breakdown = Behind { db, set, period, dues: &dues, names: &names };
        Ok(compose(
            template,
            &Content {
                set,
                variables: &variables,
                this_year: &now,
                last_year: &before,
                breakdown: &breakdown,
                checkpoint: &checkpoint,
            },
        ))
    }
}

/// A year with records in fewer months than this was not kept as a whole.
const COVERED: usize = 10;

/// In how many months of a period anything happened that is counted.
fn months(db: &Db, set: &Definitions, period: Period, size: Option<u64>) -> Result<usize> {
    let mut months = BTreeSet::new();
    for figure in set.figures.values().filter(|figure| !figure.is_stock() && !figure.is_built()) {
        let sql = format!(
            "SELECT DISTINCT substr(day, 1, 7) FROM fact WHERE town_id = $1 AND figure = $2 AND {} ORDER BY 1",
            asked(figure, size)
        );
        months.extend(db.rows(&sql, bound(figure, period, size), |row| row.get::<_, String>(0))?);
        if months.len() >= COVERED {
            break;
        }
    }
    Ok(months.len())
}

/// Writes a document in the form the file's ending asks for.
pub fn write(document: &Document, out: &Path) -> Result<()> {
    let text = match out.extension().and_then(|ending| ending.to_str()) {
        Some("html" | "htm") => render::html::render(document),
        Some("txt") => render::text::render(document),
        _ => {
            let text = format!("不知道 {} 要写成什么格式", out.display());
            return Err(refuse(605, text, "文件名请以 .html 或 .txt 结尾"));
        }
    };
    if let Some(parent) = out.parent().filter(|parent| !parent.as_os_str().is_empty() && !parent.is_dir()) {
        return Err(refuse(712, format!("没有目录 {}", parent.display()), "请先建好目录，或者换一个文件名"));
    }
    replace_file(out, text.as_bytes())
}

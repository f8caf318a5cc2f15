//! `yifa report`: the annual report, in which every number is a figure.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Result;
use clap::{Args, Subcommand};
use engine::definition::Definitions;
use engine::figure::Period;
use engine::report::{Context as Content, Document, Variables, compose};

use rusqlite::params;

use super::Context;
use super::figures::period;
use crate::append::last_signed;
use crate::folder::{Folder, replace_file};
use crate::query::breakdown::Behind;
use crate::query::figures::all;
use crate::query::names::Names;
use crate::refused::refuse;
use crate::sets::Sets;
use crate::storage::{Db, TOWN};
use crate::{render, show};

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
    /// 成文日期；不写则为草稿
    #[arg(long, value_parser = super::parse_day)]
    signed_on: Option<engine::day::Day>,
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
        Annual { year, out: out.to_owned(), superior: None, signed_by: None, signed_on: None }
    }

    /// Composes the report from the tables.
    pub fn compose(&self, folder: &Folder, db: &Db, sets: &Sets) -> Result<Document> {
        let set = &sets.current()?.set;
        let Some(template) = set.reports.get("annual") else {
            return Err(refuse(
                604,
                "这套定义没有年度报告的模板",
                "请在 definitions/reports/annual.md 写模板，再用 yifa definitions adopt 采用",
            ));
        };
        let period = period(self.year)?;
        let now = all(db, set, period, None)?;
        let mut before = all(db, set, self::period(self.year - 1)?, None)?;
        // A year the ledger covers only in part is no measure of this one: nothing is compared with it then.
        if period.last_year().is_none_or(|last| months(db, set, last).is_ok_and(|months| months < COVERED)) {
            before.clear();
        }
        let names = Names::load(db)?;
        let config = &folder.config;
        let variables = Variables {
            year: self.year,
            as_of: period.to,
            town: config.town.clone(),
            county: config.county.clone(),
            superior: self
                .superior
                .clone()
                .unwrap_or_else(|| format!("{}委、{}人民政府", config.county, config.county)),
            signed_by: self.signed_by.clone().unwrap_or_else(|| format!("{}人民政府", config.town)),
            signed_on: self.signed_on,
        };
        let checkpoint = match last_signed(folder, db)? {
            Some(signed) => format!("日志前 {} 条，根 {}", signed.size, signed.root.to_base64()),
            None => "日志尚未签署".to_owned(),
        };
        let breakdown = Behind { db, set, period, names: &names };
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
fn months(db: &Db, set: &Definitions, period: Period) -> Result<usize> {
    let mut months = BTreeSet::new();
    for figure in set.figures.values().filter(|figure| !figure.is_stock() && !figure.is_built()) {
        let sql = "SELECT DISTINCT substr(day, 1, 7) FROM fact WHERE town_id = $1 AND figure = $2 AND day >= $3 \
                   AND day <= $4 AND until_idx IS NULL ORDER BY 1";
        let (from, to) = (period.from.to_string(), period.to.to_string());
        months.extend(db.rows(sql, params![TOWN, figure.id, from, to], |row| row.get::<_, String>(0))?);
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

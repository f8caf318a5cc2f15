//! `yifa import`, `export`, `template`: the ledgers clerks keep in Excel.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use clap::Args;
use engine::definition::Register;
use engine::record::Rules;
use serde_json::json;

use super::mapped::{self, Preview};
use super::worded::{self, Worded};
use super::{Context, register_named};
use crate::ambient::{self, System};
use crate::append::Writer;
use crate::folder::{cannot_write, console};
use crate::ledger::export::{self, MOST_NAMES, Opens, ReadBack, caught, lists};
use crate::ledger::import::Known;
use crate::ledger::mapped::only;
use crate::query::names::Records;
use crate::refused::{Refused, refuse};
use crate::show;
use crate::storage::params;
use crate::table::{self, As, Choose, Foreign, Today};

/// 从 Excel 或 CSV 导入台账：先逐格试算，有一处问题就一行也不记；同一行导入两次，只记一次
///
/// 列名与 yifa template、yifa export 给出的相同，次序随意；自己的旧台账标题不同的，用 --map 说明，以后照此读；
/// 别的平台导出的表，用 --as 指明列对照。
/// 例：yifa import mediation_case 台账.xlsx --dry-run
/// 例：yifa import mediation_case 2022年台账.xlsx --map 受理时间=登记日期 --ignore 备注 --dry-run
/// 例：yifa import exam_result 学习强国名单.xlsx --as xuexi --with exam=2023年度学法考试·2023-11-20 --dry-run
#[derive(Args)]
pub struct Import {
    /// 登记簿的编号或者名称
    register: String,
    /// .xlsx 或 .csv 文件
    file: PathBuf,
    /// 工作表名称；不写则自动挑选
    #[arg(long)]
    sheet: Option<String>,
    /// 别的平台导出的表：列对照的编号（yifa definitions show 列出），如 xuexi
    #[arg(long = "as", value_name = "MAPPING")]
    mapping: Option<String>,
    /// 表里没有、整张表都一样的字段，如 exam=哪次考试；每个字段写一次
    #[arg(long, value_name = "FIELD=VALUE", requires = "mapping")]
    with: Vec<String>,
    #[command(flatten)]
    worded: Worded,
    /// 只试算，不记入；写了 --as 的，列出每一行将成为什么
    #[arg(long)]
    dry_run: bool,
}

impl Import {
    /// Plans the import and, unless it is a dry run, records it as one job.
    pub fn run(self, context: &Context) -> Result<ExitCode> {
        let (folder, db, sets) = context.read()?;
        let current = sets.current()?;
        let register = register_named(&current.set, &self.register)?.clone();
        let records = Records { db: &db, set: &current.set, files: folder.files(), dry_run: false };
        let choose = self.sheet.as_deref().map_or(Choose::Best, Choose::Named);
        let mapping = self.mapping.as_deref().map(|name| mapped::named(&current.set, &register, name)).transpose()?;
        let foreign = mapping.and_then(|mapping| Some((mapping, register.step(&mapping.step)?)));
        let said = self.worded.read(&folder, &register, &self.file, choose)?;
        let with = match foreign {
            Some((mapping, step)) => mapped::with(step, mapping, &self.with, &records, &sets)?,
            None => BTreeMap::new(),
        };
        let how = match foreign {
            Some((mapping, _)) => As::Foreign(Foreign { mapping, with: &with }),
            None => As::Own(&said.wording),
        };
        let sheet = match table::read_path(&self.file, &register, how, choose) {
            Ok(sheet) if said.problems.is_empty() => sheet,
            read => {
                let found = read.err().unwrap_or_default();
                let own = |problem| if foreign.is_none() { worded::with_remedy(problem) } else { problem };
                return Err(Refused(said.problems.into_iter().chain(found.into_iter().map(own)).collect()).into());
            }
        };
        said.keep(&folder, &register)?;
        let figures = current.figures(&register.id.value);
        let rules = Rules { register: &register, figures, calendar: &current.set.calendar };
        let known = Known::new(&db, &records, &|_| true, &register, folder.blind_key()?, sheet.len());
        let bar = show::bar(sheet.len() as u64, "试算");
        let plan = table::plan(&sheet, rules, &known, Today(ambient::today())).map_err(Refused)?;
        bar.finish_and_clear();
        if let Some((mapping, _)) = foreign {
            only(mapping, &plan, &db, &sets)?;
        }
        let mut told = told(&register, &plan.summary, self.dry_run);
        let preview =
            foreign.filter(|_| self.dry_run).map(|(_, step)| Preview::of(&records, step, &sheet, &plan)).transpose()?;
        if let Some(preview) = &preview {
            told["planned"] = preview.json();
        }
        if !context.json {
            show::line(plan.summary.to_string().trim_end())?;
            preview.iter().try_for_each(Preview::print)?;
        }
        let drafts = known.drafts(plan, console(&folder.config)?);
        if self.dry_run || drafts.is_empty() {
            match (context.json, self.dry_run) {
                (true, _) => show::json(&told)?,
                (false, true) => show::line("以上是试算，没有记入。")?,
                (false, false) => show::line("没有新的内容，没有记入。")?,
            }
            return Ok(ExitCode::SUCCESS);
        }
        drop(db);
        let bar = show::bar(drafts.len() as u64, "记入");
        let writer = Writer::start(folder, Box::new(System))?;
        let receipts = writer.append(drafts)?;
        bar.finish_and_clear();
        let flags: usize = receipts.iter().map(|receipt| receipt.flags.len()).sum();
        // Said before the signing that stopping does: the rows are on disk, whatever becomes of the signature.
        if context.json {
            told["recorded"] = receipts.len().into();
            show::json(&told)?;
        } else {
            show::line(format!("已记入 {} 步，标记 {flags} 处。", receipts.len()))?;
        }
        writer.stop()?;
        Ok(ExitCode::SUCCESS)
    }
}

/// What an import does, as data; nothing is recorded yet.
fn told(register: &Register, summary: &table::Summary, dry_run: bool) -> serde_json::Value {
    let notes = summary.notes.iter().map(|note| json!({ "line": note.line, "text": note.text }));
    json!({
        "register": register.id.value,
        "dry_run": dry_run,
        "rows": summary.rows,
        "opened": summary.opened,
        "continued": summary.continued,
        "steps": summary.steps,
        "known": summary.known,
        "numbered": summary.numbered,
        "already": summary.already,
        "files": summary.files,
        "flags": summary.flags,
        "notes": notes.collect::<Vec<_>>(),
        "recorded": 0,
    })
}

/// 导出登记簿，版式与导入相同
#[derive(Args)]
pub struct Export {
    /// 登记簿的编号或者名称
    register: String,
    /// 写到哪个文件：.xlsx 或 .csv；不写则为 登记簿名称.xlsx
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// 连同个人信息（封存的内容）一起导出
    #[arg(long)]
    with_personal: bool,
}

impl Export {
    /// Writes the register's records.
    pub fn run(self, context: &Context) -> Result<ExitCode> {
        let (_, db, sets) = context.read()?;
        let set = &sets.current()?.set;
        let register = register_named(set, &self.register)?;
        context.need_to_read(register)?;
        let out = self.out.unwrap_or_else(|| PathBuf::from(format!("{}.xlsx", register.title)));
        let ids: Vec<String> = db.rows(
            "SELECT id FROM record WHERE town_id = $1 AND register = $2 AND state <> 'void' ORDER BY opened, first_idx",
            params![register.id.value],
            |row| row.get(0),
        )?;
        let bar = show::bar(ids.len() as u64, "导出");
        let names = ReadBack::of(&db, set);
        let names = |register: &str, id: &str| names.name(register, id);
        let all: &Opens<'_> = &|_, _| Ok(true);
        let opens = self.with_personal.then_some(all);
        let count = write_table(&out, |file, csv| {
            let export = export::Export { db: &db, set, register, names: &names, opens, csv };
            quietly(|| export.write(ids.into_iter().inspect(|_| bar.inc(1)), file))
        })?;
        bar.finish_and_clear();
        match context.json {
            true => show::json(&json!({ "register": register.id.value, "file": out, "rows": count }))?,
            false => show::line(format!("已导出 {count} 行到 {}", out.display()))?,
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// 空的表样：选项是下拉的，另附填表说明
#[derive(Args)]
pub struct Template {
    /// 登记簿的编号或者名称
    register: String,
    /// 写到哪个文件（.xlsx）；不写则为 登记簿名称（表样）.xlsx
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

impl Template {
    /// Writes the template.
    pub fn run(self, context: &Context) -> Result<ExitCode> {
        let (_, db, sets) = context.read()?;
        let set = &sets.current()?.set;
        let register = register_named(set, &self.register)?;
        let out = self.out.unwrap_or_else(|| PathBuf::from(format!("{}（表样）.xlsx", register.title)));
        let lists = lists(register, |other| {
            let sql = "SELECT coalesce(number, title) FROM record WHERE town_id = $1 AND register = $2 \
                       AND state <> 'void' ORDER BY first_idx LIMIT $3";
            db.rows(sql, params![other, MOST_NAMES], |row| row.get(0))
        })?;
        if out.extension().is_none_or(|ending| ending != "xlsx") {
            return Err(refuse(
                605,
                format!("表样只有 .xlsx 一种，不能写成 {}", out.display()),
                "文件名请以 .xlsx 结尾",
            ));
        }
        write_table(&out, |file, _| quietly(|| caught(|| table::template(register, &lists, ambient::today(), file))))?;
        match context.json {
            true => show::json(&json!({ "register": register.id.value, "file": out }))?,
            false => show::line(format!("已写出 {}", out.display()))?,
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// Writes beside the wanted file and renames, so that a failure leaves no half-written table.
fn write_table<T>(out: &Path, write: impl FnOnce(&mut BufWriter<File>, bool) -> Result<T>) -> Result<T> {
    let csv = match out.extension().and_then(|ending| ending.to_str()) {
        Some("csv") => true,
        Some("xlsx") => false,
        _ => {
            let text = format!("不知道 {} 要写成什么格式", out.display());
            return Err(refuse(605, text, "文件名请以 .xlsx 或 .csv 结尾"));
        }
    };
    let fresh = out.with_extension("new");
    let mut file = BufWriter::new(File::create(&fresh).map_err(|error| cannot_write(out, &error))?);
    let written = write(&mut file, csv).and_then(|written| {
        file.flush().map_err(|error| cannot_write(out, &error))?;
        Ok(written)
    });
    if written.is_err() {
        std::fs::remove_file(&fresh).context("remove a half-written table")?;
    } else {
        std::fs::rename(&fresh, out).map_err(|error| cannot_write(out, &error))?;
    }
    written
}

/// Nothing on the screen of a panic that is caught: it is told in the words of everything else that is told.
fn quietly<T>(write: impl FnOnce() -> Result<T>) -> Result<T> {
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    let written = write();
    std::panic::set_hook(hook);
    written
}

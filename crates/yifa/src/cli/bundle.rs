//! `yifa bundle`: one record or one figure with its proofs, for somebody who trusts nobody here.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Result;
use clap::{Args, Subcommand};
use engine::definition::Register;
use engine::problem::Problem;
use engine::record;
use serde_json::json;

use super::Context;
use super::records::Opened;
use crate::accounts::Accounts;
use crate::accounts::access::{Access, Kind, said};
use crate::bundle::proved::Proof;
use crate::bundle::shows::Shows;
use crate::bundle::{self, Of, Packed, Read};
use crate::folder::{Folder, replace_file};
use crate::query::called::in_full;
use crate::query::evidence::evidence;
use crate::query::figures::{one, period};
use crate::query::names::Names;
use crate::query::overdue::Dues;
use crate::refused::{Refused, refuse};
use crate::show;

/// 证据包：一个案卷或者一个数字，连同证明，离线交给不相信本系统的人，用 yifa-verify 或者别家的软件核验
#[derive(Subcommand)]
pub enum Bundle {
    Record(Record),
    Figure(Figure),
}

impl Bundle {
    /// Makes it.
    pub fn run(self, context: &Context) -> Result<ExitCode> {
        match self {
            Bundle::Record(verb) => verb.run(context),
            Bundle::Figure(verb) => verb.run(context),
        }
    }
}

/// 一个案卷的全部记入：个人信息遮盖；写了 --open 的，只公开这些字段
///
/// 例：yifa bundle record mediation_case 2023-0007 --out 证据包.zip
/// 例：yifa bundle record mediation_case 2023-0007 --open 纠纷类型 --out 证据包.zip
#[derive(Args)]
pub struct Record {
    /// 登记簿的编号或者名称
    register: String,
    /// 案卷的编号、名称或 id
    record: String,
    /// 只公开这个字段：编号或者名称；几个字段写几次，别的都遮盖。是个人信息的，还要写 --reason
    #[arg(long, value_name = "FIELD")]
    open: Vec<String>,
    /// 连同个人信息一起公开，要写 --reason
    #[arg(long, requires = "reason", conflicts_with = "open")]
    with_personal: bool,
    /// 为什么公开个人信息：办什么事用、给谁用；先记入访问日志
    #[arg(long)]
    reason: Option<String>,
    /// 连同公开内容里提到的文件；不写的只有它们的哈希
    #[arg(long)]
    files: bool,
    /// 写到哪个文件（.zip）
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

impl Record {
    fn run(self, context: &Context) -> Result<ExitCode> {
        let out = named(&self.out)?;
        let (folder, db, sets) = context.read()?;
        let opened = Opened::find(context, &db, &sets, &self.register, &self.record)?;
        let Opened { id, register, entries, .. } = &opened;
        let head = record::apply(opened.rules(), entries).head;
        let called = in_full(head.number.as_deref(), &head.title);
        let shows = match (self.with_personal, self.open.is_empty()) {
            (true, _) => Shows::All,
            (false, true) => Shows::Public,
            (false, false) => Shows::only(register, &self.open)?,
        };
        if shows.personal(register) {
            write_down(&folder, id, register, &self.open, self.reason.as_deref())?;
        }
        let of = Of { register, id, called: &called };
        let packed = bundle::record(&folder, &db, &of, &shows, self.files)?;
        told(context, packed, out, json!({ "register": register.id.value, "record": id }), &called)
    }
}

/// Why something personal is opened, in the access log before it is.
fn write_down(folder: &Folder, record: &str, register: &Register, open: &[String], why: Option<&str>) -> Result<()> {
    let missing = Problem::new(732, "公开个人信息没有写理由", "请用 --reason 写明办什么事用、给谁用");
    let reason = said(why, missing).map_err(|problem| Refused(vec![problem]))?;
    let what = match open.is_empty() {
        true => format!("{}：案卷的证据包，连同个人信息", register.title),
        false => format!("{}：案卷的证据包，公开：{}", register.title, open.join("、")),
    };
    let line = Access { record: record.to_owned(), what, reason: reason.to_owned(), ..Access::default() };
    Accounts::open(folder)?.note(Kind::Export, line)?;
    Ok(())
}

/// 一个数字：背后每个案卷的全部记入（个人信息遮盖）和所依据的定义；核验的人可以重新加出这个数字
///
/// 例：yifa bundle figure mediation.ended 2023 --out 证据包.zip
#[derive(Args)]
pub struct Figure {
    /// 数字编号，如 mediation.ended
    figure: String,
    /// 年度
    year: i16,
    /// 写到哪个文件（.zip）
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

impl Figure {
    fn run(self, context: &Context) -> Result<ExitCode> {
        let out = named(&self.out)?;
        let (folder, db, sets) = context.read()?;
        let size = Proof::begun(&folder, &db)?.checkpoint.size;
        let set = &sets.at(Some(size))?.set;
        let figure = super::figures::named(set, &self.figure, self.year)?;
        let period = period(self.year)?;
        let dues = Dues::load(&db, set, Some(size))?;
        let reading = one(&db, set, figure, period, &dues)?;
        let behind = evidence(&db, set, figure, period, &dues, &Names::load(&db)?)?;
        for register in behind.iter().filter_map(|one| sets.current().ok()?.set.register(&one.register)) {
            context.need_to_read(register)?;
        }
        let behind: Vec<(u64, String)> = behind.into_iter().map(|one| (one.entry, one.record)).collect();
        let read = Read { sets: &sets, figure, period, reading: &reading, behind: &behind, size };
        let packed = bundle::figure(&folder, &db, &read)?;
        let called = format!("{}：{}", reading.title, reading.text());
        told(context, packed, out, json!({ "figure": figure.id, "year": self.year, "value": reading.value }), &called)
    }
}

fn named(out: &Path) -> Result<&Path> {
    match out.extension().is_some_and(|ending| ending == "zip") {
        true => Ok(out),
        false => {
            let text = format!("证据包只有 .zip 一种，不能写成 {}", out.display());
            Err(refuse(605, text, "文件名请以 .zip 结尾"))
        }
    }
}

/// Writes the file whole or not at all, and says what is in it.
fn told(
    context: &Context,
    packed: Packed,
    out: &Path,
    mut beside: serde_json::Value,
    called: &str,
) -> Result<ExitCode> {
    let (entries, waiting, files, (open, closed)) = (packed.entries, packed.waiting, packed.files, packed.counted);
    let bytes = packed.bytes()?;
    replace_file(out, &bytes)?;
    if context.json {
        let said = json!({
            "file": out, "bytes": bytes.len(), "entries": entries, "waiting": waiting, "files": files,
            "open": open, "closed": closed,
        });
        if let (Some(all), serde_json::Value::Object(said)) = (beside.as_object_mut(), said) {
            all.extend(said);
        }
        show::json(&beside)?;
        return Ok(ExitCode::SUCCESS);
    }
    show::line(called)?;
    let attached = if files > 0 { format!("，附件 {files} 个") } else { String::new() };
    show::line(format!("证据包：记入 {entries} 条，公开 {open} 项，遮盖 {closed} 项{attached}"))?;
    if waiting > 0 {
        show::line(format!("刚记入的 {waiting} 条还没有签署，不在包里；签署以后请再做一次"))?;
    }
    show::line(format!("已写到 {}", out.display()))?;
    show::line(format!("核验：yifa-verify {} --key 另外得到的公钥", out.display()))?;
    Ok(ExitCode::SUCCESS)
}

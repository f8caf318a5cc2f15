//! `yifa paper`: the papers of a record, one or all, and those of a whole year.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Result;
use clap::Args;

use super::report::{Form, put};
use super::{Context, register_named};
use crate::papers::file_name;
use crate::papers::press::{self, Press};
use crate::papers::record::{Case, Item, Printed, called_in, closed};
use crate::query::records::find;
use crate::refused::refuse;
use crate::render::docx;
use crate::show;
use crate::storage::params;

/// 印案卷的文书：调解卷宗、决策案卷、会议纪要、顾问日志……都由登记的步骤填，没有登记的留给手填
///
/// 不写 --out，列出这个案卷有哪些文书、还缺哪些。写成 .pdf 的，整卷一份，带封面和目录；写成目录的，每份文书一个 .docx。
/// 印出来签字、盖章，扫描件附到那一步：本系统的校验不是电子签名，也不是电子印章。
///
/// 例：yifa paper mediation_case （2023）五人调字第12号 --out 卷宗.pdf
/// 例：yifa paper mediation_case （2023）五人调字第12号 agreement --out 协议书.docx
/// 例：yifa paper mediation_case --year 2023 --out 卷宗目录
#[derive(Args)]
pub struct Paper {
    /// 登记簿的编号或者名称
    register: String,
    /// 案卷的编号、名称或 id
    #[arg(required_unless_present = "year")]
    record: Option<String>,
    /// 只印这一份：文书的编号（不写 --out 时列出）
    paper: Option<String>,
    /// 写到哪里：.pdf、.docx 文件，或者目录
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// 这一年开立的案卷，每卷一个 PDF，写进 --out 的目录
    #[arg(long, value_name = "YEAR", conflicts_with_all = ["record", "paper"], requires = "out")]
    year: Option<i16>,
    /// 连同封存的个人信息（姓名、电话、调解记录）；不写则留空，由人手填
    #[arg(long)]
    with_personal: bool,
}

impl Paper {
    /// Prints.
    pub fn run(self, context: &Context) -> Result<ExitCode> {
        let (folder, db, sets) = context.read()?;
        let set = &sets.current()?.set;
        context.need_to_read_named(set, &self.register)?;
        let register = register_named(set, &self.register)?.id.value.clone();
        let opens = |_: &engine::record::Instance<'_>| self.with_personal;
        if let (Some(year), Some(out)) = (self.year, &self.out) {
            return volumes(context, &register, year, out, self.with_personal);
        }
        let id = find(&db, &register, self.record.as_deref().unwrap_or_default())?;
        let case = Case::open(&db, &sets, set, &register, &id)?;
        let Some(out) = &self.out else { return list(context, &case.list(set)) };
        let print = |key: Option<&str>| case.print(&folder, &db, set, key, &opens, &called_in(&db));
        let author = &folder.config.town;
        let is_folder = out.is_dir() || out.extension().is_none();
        let blank = if is_folder {
            make_folder(out)?;
            let mut blank = 0;
            let wanted = |item: &&Item| item.printed && self.paper.as_ref().is_none_or(|key| *key == item.key);
            let items = case.list(set);
            for (nth, item) in items.iter().filter(wanted).enumerate() {
                let Printed { work, closed } = print(Some(&item.key))?;
                let at = out.join(format!("{:02} {}.docx", nth + 1, file_name(&item.title)));
                put(&at, &docx::render(&work.papers[0], author)?)?;
                show::line(format!("已写出 {}", at.display()))?;
                blank += closed;
            }
            blank
        } else {
            let Printed { work, closed } = print(self.paper.as_deref())?;
            let said = match Form::of(out)? {
                Form::Docx => {
                    let [paper] = &work.papers[..] else {
                        let remedy = "请写出印哪一份，或者把 --out 写成目录（每份一个 .docx）、.pdf（整卷一份）";
                        return Err(refuse(
                            652,
                            format!("这个案卷有 {} 份文书，一个 .docx 只放一份", work.papers.len()),
                            remedy,
                        ));
                    };
                    put(out, &docx::render(paper, author)?)?;
                    String::new()
                }
                Form::Pdf => {
                    let pdf = Press::start(&folder)?.set(&work)?;
                    put(out, &pdf.bytes)?;
                    format!("，{} 页\n{}", pdf.pages, press::said(&pdf.faces))
                }
                Form::Html | Form::Text => {
                    return Err(refuse(605, "文书印成 .pdf 或者 .docx", "文件名请以 .pdf 或 .docx 结尾"));
                }
            };
            show::line(format!("已写出 {}{said}", out.display()))?;
            closed
        };
        if blank > 0 {
            show::line(format!("个人信息 {blank} 处留空，由人手填；要一并印出的，加 --with-personal"))?;
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn list(context: &Context, items: &[Item]) -> Result<ExitCode> {
    if context.json {
        show::json(&items)?;
        return Ok(ExitCode::SUCCESS);
    }
    let left = show::Align::Left;
    let row = |item: &Item| {
        let need = if item.must { "必须" } else { "按需" };
        let state = match (item.missing, item.printed) {
            (true, _) => "缺",
            (false, true) => "可印",
            (false, false) => "扫描件",
        };
        vec![item.key.clone(), item.title.clone(), need.to_owned(), state.to_owned()]
    };
    show::table(&[("编号", left), ("文书", left), ("", left), ("", left)], &items.iter().map(row).collect::<Vec<_>>())?;
    Ok(ExitCode::SUCCESS)
}

/// A volume for each record opened in a year: one press for all of them, one volume in memory at a time.
fn volumes(context: &Context, register: &str, year: i16, out: &Path, with_personal: bool) -> Result<ExitCode> {
    let (folder, db, sets) = context.read()?;
    let set = &sets.current()?.set;
    let sql = "SELECT id, coalesce(number, title) FROM record WHERE town_id = $1 AND register = $2 AND state <> 'void' \
               AND opened >= $3 AND opened <= $4 ORDER BY opened, first_idx";
    let (from, to) = (format!("{year}-01-01"), format!("{year}-12-31"));
    let all: Vec<(String, String)> = db.rows(sql, params![register, from, to], |row| Ok((row.get(0)?, row.get(1)?)))?;
    make_folder(out)?;
    let mut press = Press::start(&folder)?;
    let named = called_in(&db);
    let bar = show::bar(all.len() as u64, "排印");
    let (mut written, mut pages, mut faces, mut blank) = (0, 0, Vec::new(), 0);
    for (nth, (id, name)) in all.iter().enumerate() {
        let case = Case::open(&db, &sets, set, register, id)?;
        bar.inc(1);
        if !case.list(set).iter().any(|item| item.printed) {
            continue;
        }
        let printed = case.print(&folder, &db, set, None, if with_personal { &|_| true } else { &closed }, &named)?;
        let pdf = press.set(&printed.work)?;
        put(&out.join(format!("{:04} {}.pdf", nth + 1, file_name(name))), &pdf.bytes)?;
        pages += pdf.pages;
        blank += printed.closed;
        faces = pdf.faces;
        written += 1;
    }
    bar.finish_and_clear();
    let mut said = format!("已写出 {written} 卷，{pages} 页");
    if written < all.len() {
        said.push_str(&format!("；另有 {} 个案卷还没有可以印的文书", all.len() - written));
    }
    if written > 0 {
        said.push_str(&format!("\n{}", press::said(&faces)));
    }
    show::line(said)?;
    if blank > 0 {
        show::line(format!("个人信息 {blank} 处留空，由人手填；要一并印出的，加 --with-personal"))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn make_folder(out: &Path) -> Result<()> {
    std::fs::create_dir_all(out).map_err(|error| {
        refuse(712, format!("建不了目录 {}：{}", out.display(), crate::refused::cause(&error)), "请换一个目录")
    })
}

//! `yifa report`: the annual report, in which every number is a figure.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Result;
use clap::{Args, Subcommand};
use engine::paper::Paper;

use super::Context;
use crate::ambient::{Ambient, System, today};
use crate::annual::county::Counted;
use crate::annual::{Composed, makings};
use crate::county::{Town, missing};
use crate::folder::{Folder, replace_file};
use crate::papers::annual::{alone, of_county, paper as annual_paper};
use crate::papers::press::{self, Press};
use crate::refused::refuse;
use crate::sets::Sets;
use crate::storage::Db;
use crate::{render, show};

/// 报告：文字由模板，数字由台账，每个数字都能点开
#[derive(Subcommand)]
pub enum Report {
    /// 法治政府建设年度报告
    Annual(Annual),
}

/// 法治政府建设年度报告，法定各部分齐全，附数据来源
///
/// 县里的数据目录（towns/ 里有各乡镇的）：由各乡镇的数字相加，按乡镇列表，旁边写明哪些没有记入、落后、没有报送。
/// 例：yifa report annual 2023 --out 报告.html
#[derive(Args)]
pub struct Annual {
    /// 年度
    year: i16,
    /// 写到哪个文件：.docx、.pdf、.html 或 .txt
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
    /// 按日志当时有多少条生成（印在“数据来源”里）：与当时的报告逐字相同；县里的不能写
    #[arg(long, value_name = "SIZE")]
    at: Option<u64>,
}

impl Report {
    /// Composes and writes the report.
    pub fn run(self, context: &Context) -> Result<ExitCode> {
        let Report::Annual(annual) = self;
        let (folder, db, sets) = context.read()?;
        let out = annual.out.clone();
        let below = folder.towns()?;
        let report = match below.is_empty() {
            true => Whole::compose(&folder, &db, &sets, annual.asked())?,
            false => Whole::of_county(&folder, &sets, &below, annual.asked())?,
        };
        let said = report.write(&out)?;
        match context.json {
            true => show::json(&report.composed.document)?,
            false => show::line(said)?,
        }
        Ok(ExitCode::SUCCESS)
    }
}

impl Annual {
    /// What is asked for, as every door asks for it.
    fn asked(self) -> crate::annual::Annual {
        let Annual { year, superior, signed_by, copy_to, signed_on, at, .. } = self;
        crate::annual::Annual { year, superior, signed_by, copy_to, signed_on, at }
    }
}

/// A report in every form it is written in.
pub struct Whole<'f> {
    folder: &'f Folder,
    composed: Composed,
    paper: Paper,
    /// What is missing of a county's townships.
    missing: Vec<(bool, String)>,
}

impl<'f> Whole<'f> {
    /// Composes it.
    pub fn compose(folder: &'f Folder, db: &Db, sets: &Sets, asked: crate::annual::Annual) -> Result<Whole<'f>> {
        let making = makings(db, sets, asked.at)?.into_iter().rfind(|making| making.year == asked.year);
        let set = &sets.at(asked.at)?.set;
        let composed = asked.compose_with(folder, db, sets, making.as_ref())?;
        let paper = annual_paper(folder, db, set, &composed, making.as_ref())?;
        Ok(Whole { folder, composed, paper, missing: Vec::new() })
    }

    /// Composes the one of a county, out of its townships.
    pub fn of_county(
        folder: &'f Folder,
        sets: &Sets,
        below: &BTreeMap<String, Folder>,
        asked: crate::annual::Annual,
    ) -> Result<Whole<'f>> {
        let set = &sets.current()?.set;
        let year = asked.year;
        let mut towns = Vec::new();
        for (name, town) in below {
            let db = town.reader()?;
            towns.push(Counted::of(name, town, &db, &Sets::load(&db)?, set, year)?);
        }
        let composed = asked.compose_together(folder, set, &towns)?;
        let paper = of_county(folder, &composed);
        let all: Vec<&Town> = towns.iter().map(|one| &one.town).collect();
        Ok(Whole { folder, composed, paper, missing: missing(&all, year, System.now(), today()) })
    }

    /// Writes it in the form a file's ending asks for; answers what is to be said of it.
    pub fn write(&self, out: &Path) -> Result<String> {
        let (document, town) = (&self.composed.document, &self.folder.config.town);
        let mut said =
            format!("已写出 {}（引用数字 {} 个，都附数据来源）", out.display(), document.annex.printed.len());
        let bytes = match Form::of(out)? {
            Form::Html => render::html::render(document).into_bytes(),
            Form::Text => render::text::render(document).into_bytes(),
            Form::Docx => render::docx::render(&self.paper, town)?,
            Form::Pdf => {
                let pdf = Press::start(self.folder)?.set(&alone(self.paper.clone(), town))?;
                said.push_str(&format!("，{} 页\n{}", pdf.pages, press::said(&pdf.faces)));
                pdf.bytes
            }
        };
        put(out, &bytes)?;
        for (_, one) in &self.missing {
            said.push_str(&format!("\n{one}"));
        }
        Ok(said)
    }
}

/// What a file's ending asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// `.html`
    Html,
    /// `.txt`
    Text,
    /// `.docx`
    Docx,
    /// `.pdf`
    Pdf,
}

impl Form {
    /// The form of a file.
    ///
    /// # Errors
    /// Another ending.
    pub fn of(out: &Path) -> Result<Form> {
        match out.extension().and_then(|ending| ending.to_str()) {
            Some("html" | "htm") => Ok(Form::Html),
            Some("txt") => Ok(Form::Text),
            Some("docx") => Ok(Form::Docx),
            Some("pdf") => Ok(Form::Pdf),
            _ => {
                let text = format!("不知道 {} 要写成什么格式", out.display());
                Err(refuse(605, text, "文件名请以 .docx、.pdf、.html 或 .txt 结尾"))
            }
        }
    }
}

/// Writes a file as a whole or not at all.
///
/// # Errors
/// There is no such folder, or it cannot be written.
pub fn put(out: &Path, bytes: &[u8]) -> Result<()> {
    if let Some(parent) = out.parent().filter(|parent| !parent.as_os_str().is_empty() && !parent.is_dir()) {
        return Err(refuse(712, format!("没有目录 {}", parent.display()), "请先建好目录，或者换一个文件名"));
    }
    replace_file(out, bytes)
}

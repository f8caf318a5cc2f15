//! `yifa report`: the annual report, in which every number is a figure.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Result;
use clap::{Args, Subcommand};
use engine::report::Document;

use super::Context;
use crate::folder::replace_file;
use crate::refused::refuse;
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
        let out = annual.out.clone();
        let document = annual.asked().compose(&folder, &db, &sets)?.document;
        if context.json {
            show::json(&document)?;
        }
        write(&document, &out)?;
        if !context.json {
            show::line(format!("已写出 {}，引用数字 {} 个", out.display(), document.annex.printed.len()))?;
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

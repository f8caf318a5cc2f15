//! `yifa check`: somebody's report, held against the ledger and against the forms of such reports.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Result;
use clap::Args;
use engine::claim::judge::Verdict;
use engine::lint::Level;
use unicode_width::UnicodeWidthStr;

use super::Context;
use super::definitions::current;
use crate::checking::{Checked, Lines, check, commented, over_or_under};
use crate::folder::replace_file;
use crate::refused::refuse;
use crate::{docx, show};

/// 核对报告文本：找出文中的每个数字，与台账比对（相符、不符、无据），并指出文字上的毛病
///
/// 没有数据目录的，只检查文字。可以是纯文本（UTF-8、GBK、UTF-16）、Word 文档（.docx）或者 PDF；扫描的 PDF 没有文字，不能查。
/// 例：yifa check 报告.txt --year 2023；yifa check 报告.docx --comments 报告（批注）.docx
#[derive(Args)]
pub struct Check {
    /// 报告文本；写 - 从标准输入读
    file: PathBuf,
    /// 报告的年度；不写则取文中最先出现的年份
    #[arg(long)]
    year: Option<i16>,
    /// 有不符的数字或者确定的毛病时，以 2 退出
    #[arg(long)]
    strict: bool,
    /// 另写一份 Word 文档，把不符、无据和文字上的毛病作为批注，标在原处；原文件不动
    #[arg(long, value_name = "OUT.docx")]
    comments: Option<PathBuf>,
}

impl Check {
    /// Checks a text.
    pub fn run(self, context: &Context) -> Result<ExitCode> {
        let name = crate::text::name(&self.file);
        let bytes = crate::text::bytes(&self.file)?;
        if let Some(out) = &self.comments {
            fit(&self.file, &bytes, out)?;
        }
        let text = crate::text::decode_document(&bytes, &name)?;
        if text.trim().is_empty() {
            return Err(refuse(613, format!("{name} 是空的"), "请给出报告的文字"));
        }
        let set = current(context)?;
        let db = match context.data.join("yifa.toml").exists() {
            true => Some(context.read()?.1),
            false => None,
        };
        let checked = check(&set, db.as_ref(), &text, self.year, |_| true)?;
        if let Some(out) = &self.comments {
            replace_file(out, &commented(&bytes, &name, &checked, &set)?)?;
        }
        if context.json {
            show::json(&checked)?;
        } else {
            print(&name, &text, &checked)?;
            if let Some(out) = &self.comments {
                let count = checked.findings(&set).len();
                show::line(format!("已写出 {}，批注 {count} 处；原文件没有改动。", out.display()))?;
            }
        }
        Ok(match self.strict && !checked.is_clean() {
            true => ExitCode::from(2),
            false => ExitCode::SUCCESS,
        })
    }
}

/// Refuses what no comments can be written to: anything but another .docx, of a document that is one.
fn fit(file: &Path, bytes: &[u8], out: &Path) -> Result<()> {
    if !docx::is_container(bytes) {
        let text = format!("{} 不是 Word 文档，写不了批注", crate::text::name(file));
        return Err(refuse(628, text, "批注只能写进 .docx；别的文件不写 --comments，结果列在屏幕上"));
    }
    let same = |one: &Path| one.canonicalize().ok();
    let itself = out == file || same(out).is_some_and(|out| Some(out) == same(file));
    if itself || out.extension().is_none_or(|ending| !ending.eq_ignore_ascii_case("docx")) {
        let text = format!("批注不能写到 {}", out.display());
        return Err(refuse(627, text, "请写另一个以 .docx 结尾的文件名，原文件不动"));
    }
    Ok(())
}

/// How many findings of one sort are printed; a text that is all brackets would drown the reader.
const MOST_SHOWN: usize = 200;

/// Prints what was found as a good compiler does: the line, the place in it, what is wrong.
pub fn print(file: &str, text: &str, checked: &Checked) -> Result<()> {
    let lines = Lines::new(text);
    for lint in checked.lint.iter().take(MOST_SHOWN) {
        let level = if lint.level == Level::Error { "错误" } else { "提示" };
        let rule = lint.rule.explanation();
        show::line(format!("{level}[{}] {}", rule.id, lint.message))?;
        show::line(place(&lines, file, lint.start, lint.text.chars().count()))?;
    }
    if checked.lint.len() > MOST_SHOWN {
        show::line(format!("另有 {} 处没有列出；用 --json 可以看到全部\n", checked.lint.len() - MOST_SHOWN))?;
    }
    for judged in checked.claims.iter().filter(|judged| judged.verdict == Verdict::Differs).take(MOST_SHOWN) {
        let ledger = judged.ledger.as_deref().unwrap_or("—");
        let over = judged.over.map_or(String::new(), |over| format!("，{}", over_or_under(over)));
        let figure = judged.figure.as_deref().unwrap_or("");
        let entries = judged.entries.unwrap_or(0);
        show::line(format!("不符 台账为 {ledger}（{entries} 条，{figure}）{over}"))?;
        show::line(place(&lines, file, judged.claim.start, judged.claim.text.chars().count()))?;
    }
    let rows: Vec<Vec<String>> = checked
        .claims
        .iter()
        .map(|judged| {
            let (line, _) = lines.at(judged.claim.start);
            vec![
                (line + 1).to_string(),
                judged.claim.text.clone(),
                judged.claim.subject.clone(),
                judged.verdict.chinese().to_owned(),
                judged.ledger.clone().unwrap_or_default(),
                judged.entries.map_or_else(String::new, |entries| entries.to_string()),
                match (&judged.figure, &judged.nearest) {
                    (Some(figure), _) => figure.clone(),
                    (None, Some(nearest)) => format!("或可对照 {nearest}"),
                    (None, None) => String::new(),
                },
            ]
        })
        .collect();
    use show::Align::{Left, Right};
    show::table(
        &[
            ("行", Right),
            ("表述", Left),
            ("事项", Left),
            ("结论", Left),
            ("台账", Right),
            ("记入", Right),
            ("数字", Left),
        ],
        &rows,
    )?;
    let count = |verdict| checked.claims.iter().filter(|judged| judged.verdict == verdict).count();
    let errors = checked.lint.iter().filter(|lint| lint.level == Level::Error).count();
    let year = match checked.year {
        Some(year) if checked.compared => format!("按 {year} 年台账"),
        Some(_) => "没有数据目录，未与台账比对".to_owned(),
        None => "没有年度，未与台账比对".to_owned(),
    };
    let extract = if checked.extract { "；按节选处理，未查法定部分" } else { "" };
    show::line(format!(
        "{year}：表述 {} 处，相符 {}，不符 {}，无据 {}；文字错误 {errors} 处，提示 {} 处{extract}。",
        checked.claims.len(),
        count(Verdict::Agrees),
        count(Verdict::Differs),
        count(Verdict::NoEvidence),
        checked.lint.len() - errors
    ))
}

/// `file:line:column`, the words around the place, and the place underlined.
fn place(lines: &Lines<'_>, file: &str, start: usize, length: usize) -> String {
    let (line, column) = lines.at(start);
    // A paragraph of a report is one long line: only the words around the place are shown.
    let from = column.saturating_sub(16);
    let mut words = lines.text(line).chars().skip(from);
    let before: String = words.by_ref().take(column - from).collect();
    let marked: String = words.by_ref().take(length).collect();
    let after: String = words.by_ref().take(if length == 0 { 17 } else { 16 }).collect();
    let lead = if from > 0 { "…" } else { "" };
    let tail = if words.next().is_some() { "…" } else { "" };
    let indent = " ".repeat(lead.width() + before.width());
    let under = "─".repeat(marked.width().max(1));
    let number = (line + 1).to_string();
    let margin = " ".repeat(number.len());
    format!(
        "{margin}╭─ {file}:{number}:{}\n{number}│ {lead}{before}{marked}{after}{tail}\n{margin}│ {indent}{under}\n",
        column + 1
    )
}

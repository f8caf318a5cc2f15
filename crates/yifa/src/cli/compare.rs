//! `yifa compare`: two versions of a text, article by article.

use std::path::Path;
use std::process::ExitCode;

use anyhow::Result;
use clap::Args;
use engine::compare::{Change, Row, compare};
use engine::record::walk;

use super::Context;
use super::records::Opened;
use crate::refused::refuse;
use crate::show;
use crate::text;
use crate::versions::text_at;

/// 条文对照：一个案卷里两个步骤所附的文本，或者两个文件，逐条说明未改、修改、新增、删去、条序变动
///
/// 步骤写“步骤”“步骤:第几次”，要指明字段的写“步骤.字段”“步骤:第几次.字段”；登记在案卷上的附件写“attach:第几个”。
/// 文本可以是 UTF-8、GBK、UTF-16 的纯文本，Word 文档（.docx）或者 PDF。封存的附件不打开。
/// 例：yifa compare normative_document 集贸市场管理办法 draft:1 issue；yifa compare 草案.docx 定稿.docx
#[derive(Args)]
pub struct Compare {
    /// 登记簿、案卷、前一个步骤、后一个步骤；或者前一个文件、后一个文件
    #[arg(required = true, num_args = 2..=4, value_name = "WHAT")]
    what: Vec<String>,
    /// 未改的条文也列出文字
    #[arg(long)]
    all: bool,
}

impl Compare {
    /// Compares and prints.
    pub fn run(self, context: &Context) -> Result<ExitCode> {
        let (earlier, later) = match &self.what[..] {
            [earlier, later] => (text::read_document(Path::new(earlier))?, text::read_document(Path::new(later))?),
            [register, record, earlier, later] => {
                let of = Of { context, register, record };
                (of.text(earlier)?, of.text(later)?)
            }
            _ => {
                let remedy = "写法：yifa compare 登记簿 案卷 步骤 步骤，或者 yifa compare 文件 文件";
                return Err(refuse(617, "对照要写两个文件，或者登记簿、案卷和两个步骤", remedy));
            }
        };
        let rows = compare(&earlier, &later);
        if context.json {
            show::json(&rows)?;
            return Ok(ExitCode::SUCCESS);
        }
        for row in &rows {
            print(row, self.all)?;
        }
        let count = |change: Change| rows.iter().filter(|row| row.change == change).count();
        let renumbered = rows.iter().filter(|row| row.renumbered).count();
        let kinds = [Change::Same, Change::Changed, Change::New, Change::Deleted];
        let counts: Vec<String> =
            kinds.iter().map(|change| format!("{} {}", change.chinese(), count(*change))).collect();
        show::line(format!("共 {} 处：{}；其中条序变动 {renumbered}", rows.len(), counts.join("，")))?;
        Ok(ExitCode::SUCCESS)
    }
}

fn print(row: &Row, all: bool) -> Result<()> {
    let name = match (&row.from, &row.to) {
        (Some(from), Some(to)) if from != to => format!("原{from} → {to}"),
        (Some(one), _) | (_, Some(one)) => one.clone(),
        (None, None) => String::new(),
    };
    let moved = if row.moved { "，位置变动" } else { "" };
    show::line(format!("【{}{moved}】{name}", row.change.chinese()))?;
    if row.change != Change::Same || all {
        for line in row.text.lines() {
            show::line(format!("    {line}"))?;
        }
    }
    Ok(())
}

/// A record whose texts are compared.
struct Of<'c> {
    context: &'c Context,
    register: &'c str,
    record: &'c str,
}

impl Of<'_> {
    fn text(&self, what: &str) -> Result<String> {
        let (folder, db, sets) = self.context.read()?;
        let opened = Opened::find(self.context, &db, &sets, self.register, self.record)?;
        let (course, _) = walk(opened.rules(), &opened.entries);
        text_at(&folder.files(), &course, &opened.entries, what)
    }
}

//! `yifa compare`: two versions of a text, article by article.

use std::path::Path;
use std::process::ExitCode;

use anyhow::Result;
use clap::Args;
use engine::act::Act;
use engine::compare::{Change, Row, compare};
use engine::definition::FieldType;
use engine::record::{Instance, Rules, walk};

use super::Context;
use super::records::{id_of, register_of};
use crate::query::records::find_to_show;
use crate::refused::refuse;
use crate::show;
use crate::storage::log::entries_of;
use crate::text;

/// 条文对照：一个案卷里两个步骤所附的文本，或者两个文件，逐条说明未改、修改、新增、删去、条序变动
///
/// 步骤写“步骤”“步骤:第几次”，要指明字段的写“步骤.字段”“步骤:第几次.字段”；登记在案卷上的附件写“attach:第几个”。
/// 文本可以是 UTF-8、GBK、UTF-16 的纯文本，或者 Word 文档（.docx）。封存的附件不打开。
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
        let current = sets.current()?;
        let wanted = id_of(&current.set, self.register);
        self.context.need_to_read_named(&current.set, wanted)?;
        let id = find_to_show(&db, wanted, self.record)?;
        let register = register_of(&db, &sets, &current.set, wanted, &id)?;
        let (entries, _) = entries_of(&db, &id)?;
        let (place, field) = what.split_once('.').map_or((what, None), |(place, field)| (place, Some(field)));
        let (step, nth) = place.split_once(':').map_or((place, None), |(step, nth)| (step, Some(nth)));
        let nth = match nth.map(str::parse::<usize>) {
            None => None,
            Some(Ok(nth)) if nth > 0 => Some(nth),
            Some(_) => return Err(nothing(what, "第几次写从 1 起的整数，如 draft:1")),
        };
        let kept = |hash: &str| -> Result<String> { kept(&folder.files().join(hash), what) };
        if step == "attach" {
            let mut files = entries.iter().filter_map(|entry| match &entry.act {
                Act::Attach { file, .. } => Some(file),
                _ => None,
            });
            let file = files.nth(nth.unwrap_or(1) - 1);
            return kept(file.ok_or_else(|| nothing(what, "案卷上没有这个附件，用 yifa show 查看"))?);
        }
        let rules = Rules { register: &register, figures: &[], calendar: &current.set.calendar };
        let (course, _) = walk(rules, &entries);
        let mut taken = course.taken().filter(|one| one.step.id.value == step || one.step.title == step);
        let one = match nth {
            Some(nth) => taken.nth(nth - 1),
            None => taken.next_back(),
        };
        let Some(one) = one else {
            let steps: Vec<&str> = course.taken().map(|one| one.step.id.value.as_str()).collect();
            return Err(nothing(what, &format!("这个案卷走过的步骤有：{}", steps.join("、"))));
        };
        match value(one, field, what)? {
            (hash, true) => kept(&hash),
            (text, false) => Ok(text),
        }
    }
}

fn kept(path: &Path, what: &str) -> Result<String> {
    if !path.is_file() {
        return Err(nothing(what, "附件不在 files 目录里，请从备份取回；用 yifa verify 查看缺了哪些"));
    }
    text::decode_document(&std::fs::read(path)?, what)
}

/// The hash of a file and yes, or the text itself and no.
fn value(one: &Instance<'_>, field: Option<&str>, what: &str) -> Result<(String, bool)> {
    let asked = |id: &str, title: &str| field.is_none_or(|field| field == id || field == title);
    let mut fields: Vec<_> = one
        .step
        .fields
        .iter()
        .filter(|field| matches!(field.kind, FieldType::File | FieldType::Text))
        .filter(|field| asked(&field.id, &field.title))
        .collect();
    // Where no field is named the attached text is meant, not the remarks beside it.
    fields.sort_by_key(|field| field.kind != FieldType::File);
    for field in &fields {
        if let Some(text) = one.value(&field.id).and_then(|value| value.texts().first()) {
            return Ok((text.clone(), field.kind == FieldType::File));
        }
    }
    let why = match fields.iter().find(|field| field.personal && one.given(&field.id)) {
        Some(field) => format!("“{}”是封存的，不打开；请把两个文件另存出来，用 yifa compare 文件 文件", field.title),
        None => format!("“{}”没有附文本，用 yifa show 查看", one.step.title),
    };
    Err(nothing(what, &why))
}

fn nothing(what: &str, why: &str) -> anyhow::Error {
    refuse(616, format!("“{what}”指不到要对照的文本"), why.to_owned())
}

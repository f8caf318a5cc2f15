//! `yifa definitions`, `yifa explain`: what the data files say, and what is wrong with them.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Args, Subcommand};
use engine::definition::{Catalogue, FileSet, Mapping, Statement};
use engine::problem::{Code, explain};
use serde_json::json;

use super::{Context, register_named};
use crate::append::{Draft, Writer};
use crate::folder::{self, Folder};
use crate::refused::{in_texts, refuse};
use crate::sets::Laid;
use crate::{ambient, sets, show};

/// 定义：登记簿、数字、期限和它们的依据
#[derive(Subcommand)]
pub enum Definitions {
    /// 检查整套定义，并运行其中的案例；一次列出全部问题
    Check {
        /// 本地的定义目录，叠加在随程序附带的定义之上
        folder: Option<PathBuf>,
    },
    /// 用文字列出一个登记簿：步骤、字段、期限、禁止和依据；或者一份目录、一份列对照、一张报表
    Show {
        /// 登记簿、目录、列对照或者报表的编号、名称，如 mediation_case；不写则全部列出
        register: Option<String>,
    },
    /// 列出待核的引文：所引的法律没有见过原文，或者施行日期凭记忆
    Pending,
    /// 采用一套定义：写入日志，此后新开的案卷按它办理
    Adopt {
        /// 本地的定义目录，叠加在随程序附带的定义之上
        folder: Option<PathBuf>,
        /// 为什么采用
        #[arg(long)]
        reason: String,
    },
}

impl Definitions {
    /// Checks, shows or adopts definitions.
    pub fn run(self, context: &Context) -> Result<ExitCode> {
        match self {
            Definitions::Check { folder } => check(context, laid(folder)?),
            Definitions::Show { register } => outline(context, register.as_deref()),
            Definitions::Pending => pending(context),
            Definitions::Adopt { folder, reason } => adopt(context, laid(folder)?, reason),
        }
    }
}

fn laid(folder: Option<PathBuf>) -> Result<Laid> {
    let Some(folder) = folder else { return Ok(Laid::from(sets::shipped())) };
    if !folder.is_dir() {
        return Err(refuse(712, format!("没有目录 {}", folder.display()), "请写定义文件所在的目录"));
    }
    Laid::over(sets::shipped(), &folder)
}

fn check(context: &Context, laid: Laid) -> Result<ExitCode> {
    let (_, set) = sound(laid)?;
    let (registers, figures, laws) = (set.registers.len(), set.figures.len(), set.laws.all().len());
    let pending = set.pending.len();
    if context.json {
        show::json(&json!({
            "problems": [], "registers": registers, "figures": figures, "laws": laws, "pending": pending,
        }))?;
    } else {
        show::line(format!(
            "登记簿 {registers} 个，数字 {figures} 个，法律文件 {laws} 件，待核引文 {pending} 处：没有问题。"
        ))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The files with the set they make, or all their problems, those of the worked cases included.
fn sound(mut laid: Laid) -> Result<(FileSet, engine::definition::Definitions)> {
    let (set, found) = sets::check_with_cases(&laid.files);
    let mut problems = std::mem::take(&mut laid.problems);
    problems.extend(found);
    if problems.is_empty() {
        return Ok((laid.files, set));
    }
    let (problems, texts) = laid.named(problems);
    Err(in_texts(problems, texts))
}

/// The set of the data folder, or the shipped one where there is none.
pub fn current(context: &Context) -> Result<std::sync::Arc<engine::definition::Definitions>> {
    if context.data.join("yifa.toml").exists() {
        let (_, _, sets) = context.read()?;
        return Ok(sets.current()?.set.clone());
    }
    Ok(std::sync::Arc::new(sets::check(&sets::shipped())?))
}

fn outline(context: &Context, register: Option<&str>) -> Result<ExitCode> {
    let set = current(context)?;
    let Some(name) = register else {
        if context.json {
            let one = |register: &std::sync::Arc<engine::definition::Register>| json!({ "id": register.id.value, "title": register.title, "steps": register.steps.len() });
            show::json(&set.registers.values().map(one).collect::<Vec<_>>())?;
            return Ok(ExitCode::SUCCESS);
        }
        let rows: Vec<Vec<String>> = set
            .registers
            .values()
            .map(|register| vec![register.id.value.clone(), register.title.clone(), register.steps.len().to_string()])
            .collect();
        use show::Align::{Left, Right};
        show::table(&[("编号", Left), ("登记簿", Left), ("步骤", Right)], &rows)?;
        if !set.catalogues.is_empty() {
            let row =
                |one: &std::sync::Arc<Catalogue>| vec![one.id.clone(), one.title.clone(), one.items.len().to_string()];
            let rows: Vec<Vec<String>> = set.catalogues.values().map(row).collect();
            show::line("")?;
            show::table(&[("编号", Left), ("目录", Left), ("条目", Right)], &rows)?;
        }
        if !set.mappings.is_empty() {
            let row =
                |one: &std::sync::Arc<Mapping>| vec![one.id.clone(), one.title.clone(), one.register.value.clone()];
            let rows: Vec<Vec<String>> = set.mappings.values().map(row).collect();
            show::line("")?;
            show::table(&[("编号", Left), ("列对照", Left), ("登记簿", Left)], &rows)?;
        }
        if !set.statements.is_empty() {
            let row = |one: &std::sync::Arc<Statement>| vec![one.id.clone(), one.title.clone(), one.to.clone()];
            let rows: Vec<Vec<String>> = set.statements.values().map(row).collect();
            show::line("")?;
            show::table(&[("编号", Left), ("报表", Left), ("报给", Left)], &rows)?;
        }
        return Ok(ExitCode::SUCCESS);
    };
    if let Some(found) = set.catalogues.values().find(|one| one.id == name || one.title == name) {
        let outline = engine::definition::outline::catalogue(found, ambient::today());
        match context.json {
            true => {
                let items = found.items.iter().map(
                    |item| json!({ "id": item.id.value, "title": item.title, "from": item.from, "until": item.until }),
                );
                show::json(
                    &json!({ "id": found.id, "title": found.title, "items": items.collect::<Vec<_>>(), "outline": outline }),
                )?;
            }
            false => show::line(outline.trim_end())?,
        }
        return Ok(ExitCode::SUCCESS);
    }
    if let Some(found) = set.mappings.values().find(|one| one.id == name || one.title == name) {
        let register = set.register(&found.register).map(|register| &**register);
        let outline = engine::definition::outline::mapping(found, register, ambient::today());
        match context.json {
            true => show::json(&json!({
                "id": found.id, "title": found.title, "register": found.register.value, "outline": outline,
            }))?,
            false => show::line(outline.trim_end())?,
        }
        return Ok(ExitCode::SUCCESS);
    }
    if let Some(found) = set.statements.values().find(|one| one.id == name || one.title == name) {
        let outline = engine::definition::outline::statement(found, &set, ambient::today());
        match context.json {
            true => show::json(&json!({ "id": found.id, "title": found.title, "to": found.to, "outline": outline }))?,
            false => show::line(outline.trim_end())?,
        }
        return Ok(ExitCode::SUCCESS);
    }
    let register = register_named(&set, name)?;
    let outline = engine::definition::outline::outline(register, ambient::today());
    if context.json {
        let states = register.states.iter().map(|state| json!({ "id": state.id.value, "title": state.title }));
        let field = |field: &engine::definition::Field| json!({ "id": field.id.value, "title": field.title });
        let steps = register.steps.iter().map(|step| {
            let fields: Vec<_> = step.fields.iter().map(field).collect();
            json!({ "id": step.id.value, "title": step.title, "fields": fields })
        });
        show::json(&json!({
            "id": register.id.value,
            "title": register.title,
            "states": states.collect::<Vec<_>>(),
            "steps": steps.collect::<Vec<_>>(),
            "outline": outline,
        }))?;
        return Ok(ExitCode::SUCCESS);
    }
    show::line(outline.trim_end())?;
    Ok(ExitCode::SUCCESS)
}

fn pending(context: &Context) -> Result<ExitCode> {
    let set = current(context)?;
    if context.json {
        show::json(&set.pending)?;
        return Ok(ExitCode::SUCCESS);
    }
    let rows: Vec<Vec<String>> =
        set.pending.iter().map(|one| vec![one.cite.clone(), one.file.clone(), one.why.clone()]).collect();
    use show::Align::Left;
    show::table(&[("引文", Left), ("所在文件", Left), ("为何待核", Left)], &rows)?;
    show::line(format!(
        "共 {} 处待核。核对原文后，用 yifa laws outline 生成该法的条文结构，即可转为已核。",
        rows.len()
    ))?;
    Ok(ExitCode::SUCCESS)
}

fn adopt(context: &Context, laid: Laid, reason: String) -> Result<ExitCode> {
    let (mut files, _) = sound(laid)?;
    files.retain(|path, _| !path.starts_with("definitions/cases/"));
    let folder = Folder::open(&context.data)?;
    let actor = folder::console(&folder.config)?;
    let writer = Writer::start(folder, Box::new(ambient::System))?;
    let act = engine::act::Act::Adopt { files, reason };
    let receipts = writer.append(vec![Draft { id: None, actor, act, sealed: Default::default(), based_on: None }])?;
    // Said before the signing that stopping does: the adoption is on disk, whatever becomes of the signature.
    if context.json {
        show::json(&receipts[0])?;
    } else {
        show::line(format!(
            "已采用，已记入日志第 {} 条。已有的案卷仍按开立时的定义办理，数字和期限已重新推算。",
            receipts[0].index
        ))?;
    }
    writer.stop()?;
    Ok(ExitCode::SUCCESS)
}

/// 解释一个问题编号（P012）或者文字规则（skipped_ordinal）
#[derive(Args)]
pub struct Explain {
    /// 问题编号；不写则列出全部
    code: Option<String>,
}

impl Explain {
    /// Prints the catalogue entry.
    pub fn run(self, context: &Context) -> Result<ExitCode> {
        let Some(text) = self.code else { return catalogue(context) };
        if let Some(rule) = engine::lint::RULES.iter().find(|rule| rule.id == text) {
            match context.json {
                true => show::json(&json!({
                    "id": rule.id,
                    "title": rule.title,
                    "what": rule.what,
                    "why": rule.why,
                    "example": rule.example,
                    "instead": rule.instead,
                }))?,
                false => show::line(format!(
                    "{}  {}\n\n{}{}\n例：{}\n应写：{}",
                    rule.id, rule.title, rule.what, rule.why, rule.example, rule.instead
                ))?,
            }
            return Ok(ExitCode::SUCCESS);
        }
        let number = text.trim_start_matches(['P', 'p']).parse().ok();
        let found = number.and_then(|number| explain(Code(number)));
        let Some(kind) = found else {
            return Err(refuse(
                601,
                format!("没有问题编号“{text}”"),
                "编号写成 P012 这样；不带编号运行 yifa explain 可列出全部",
            ));
        };
        match context.json {
            true => show::json(&json!({ "id": Code(kind.code), "title": kind.title, "text": kind.text }))?,
            false => show::line(format!("{}  {}\n\n{}", Code(kind.code), kind.title, kind.text))?,
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn catalogue(context: &Context) -> Result<ExitCode> {
    let kinds = engine::problem::CATALOGUE.iter().flat_map(|area| area.iter());
    let kinds = kinds.map(|kind| (Code(kind.code).to_string(), kind.title));
    let all = kinds.chain(engine::lint::RULES.iter().map(|rule| (rule.id.to_owned(), rule.title)));
    if context.json {
        show::json(&all.map(|(id, title)| json!({ "id": id, "title": title })).collect::<Vec<_>>())?;
        return Ok(ExitCode::SUCCESS);
    }
    for (id, title) in all {
        show::line(format!("{id}  {title}"))?;
    }
    Ok(ExitCode::SUCCESS)
}

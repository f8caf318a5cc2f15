//! `yifa laws`: the shapes of laws in the set, and the texts a site may import.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::Subcommand;
use engine::day::Day;
use engine::law::{Texts, What};
use serde_json::json;

use super::definitions::current;
use super::{Context, parse_day};
use crate::folder::{Folder, cannot_write, replace_file};
use crate::refused::{refuse, unless_none};
use crate::show;

/// 法律：条文结构随程序附带，条文文本由各地自行导入
#[derive(Subcommand)]
pub enum Laws {
    /// 列出定义可以引用的法律文件和施行日期
    List,
    /// 导入法律文本，页面和 show 才能印出条文。文本取自国家法律法规数据库 flk.npc.gov.cn，格式见 docs/laws.md
    Import {
        /// 文本所在目录（.md）
        folder: PathBuf,
    },
    /// 依据有变动的文件：写了法律依据的案卷里，依据在它作出以后被修改、废止的
    ///
    /// 只列没有终止的：仍然有效的，和还在办理的。例：yifa laws affected --since 2025-01-01
    Affected {
        /// 看到哪一天；不写则为今天
        #[arg(long, value_parser = parse_day)]
        on: Option<Day>,
        /// 只看这一天起的变动
        #[arg(long, value_parser = parse_day)]
        since: Option<Day>,
    },
    /// 由法律文本生成 laws/*.toml 里的条文结构（有几条、每条几款、每款几项）
    Outline {
        /// 法律文本（.md）
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
}

impl Laws {
    /// Lists, imports or outlines laws.
    pub fn run(self, context: &Context) -> Result<ExitCode> {
        match self {
            Laws::List => list(context),
            Laws::Import { folder } => import(context, &folder),
            Laws::Affected { on, since } => affected(context, on, since),
            Laws::Outline { files } => outline(context, &files),
        }
    }
}

fn list(context: &Context) -> Result<ExitCode> {
    let set = current(context)?;
    let today = crate::ambient::today();
    if context.json {
        let law = |law: &engine::law::Instrument| {
            let last = law.version(today).or(law.versions.last());
            let from = last.and_then(|version| version.from).map(|day| day.to_string());
            let repealed = law.repealed.map(|day| day.to_string());
            let articles = last.and_then(|version| version.shape.count());
            json!({ "title": law.title, "from": from, "repealed": repealed, "articles": articles })
        };
        show::json(&set.laws.all().iter().map(law).collect::<Vec<_>>())?;
        return Ok(ExitCode::SUCCESS);
    }
    let rows: Vec<Vec<String>> = set
        .laws
        .all()
        .iter()
        .map(|law| {
            let last = law.version(today).or(law.versions.last());
            let from = match law.repealed.filter(|day| *day <= today) {
                Some(day) => format!("{day} 起失效"),
                None => last.and_then(|version| version.from).map_or("—".to_owned(), |day| day.to_string()),
            };
            let count =
                last.and_then(|version| version.shape.count()).map_or("待核".to_owned(), |count| count.to_string());
            vec![law.title.clone(), from, count]
        })
        .collect();
    use show::Align::{Left, Right};
    show::table(&[("名称", Left), ("现行版本施行", Left), ("条数", Right)], &rows)?;
    Ok(ExitCode::SUCCESS)
}

fn affected(context: &Context, on: Option<Day>, since: Option<Day>) -> Result<ExitCode> {
    let (_, db, sets) = context.read()?;
    let set = &sets.current()?.set;
    let found = crate::query::affected::affected(&db, &sets, set, on.unwrap_or_else(crate::ambient::today), since)?;
    if context.json {
        show::json(&found)?;
        return Ok(ExitCode::SUCCESS);
    }
    for one in &found {
        let what = match &one.turn.what {
            What::Amended => format!("{} 起施行修改后的版本", one.turn.on),
            What::Repealed(Some(by)) => format!("{} 起失效（{by}）", one.turn.on),
            What::Repealed(None) => format!("{} 起失效", one.turn.on),
        };
        let then = one.turn.then.map_or_else(String::new, |day| format!("，当时施行的是 {day} 起的版本"));
        show::line(format!("{} {}【{}】", one.register_title, one.called, one.state))?;
        show::line(format!("  {} “{}”写的依据：{}{then}", one.day, one.step, one.cite))?;
        let now = one.turn.now.as_ref().map_or_else(String::new, |now| format!("；{now}"));
        show::line(format!("  {what}{now}"))?;
    }
    show::line(format!("依据有变动的 {} 处", found.len()))?;
    Ok(ExitCode::SUCCESS)
}

fn import(context: &Context, from: &std::path::Path) -> Result<ExitCode> {
    let folder = Folder::open(&context.data)?;
    let set = current(context)?;
    let texts = crate::law_texts::read(from)?;
    let (_, problems) = Texts::load(&set.laws, texts.iter().map(|(name, text)| (name.as_str(), text.as_str())));
    unless_none(problems)?;
    let to = folder.law_texts();
    std::fs::create_dir_all(&to).map_err(|error| cannot_write(&to, &error))?;
    for (name, text) in &texts {
        replace_file(&to.join(name), text.as_bytes())?;
    }
    match context.json {
        true => show::json(&json!({ "folder": to, "texts": texts.len() }))?,
        false => {
            show::line(format!("已导入 {} 件法律文本。条文只供本地显示，不进日志，也不随数据导出。", texts.len()))?
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn outline(context: &Context, files: &[PathBuf]) -> Result<ExitCode> {
    let mut outlines = Vec::new();
    for path in files {
        let text = crate::text::read(path)?;
        let outline = engine::law::outline::parse(&text);
        let shape = engine::law::Shape::of(&outline.articles);
        let Some(rendered) = shape.render() else {
            return Err(refuse(
                115,
                format!("{} 里没有找到条文", path.display()),
                "格式见 docs/laws.md：每条以“第某条”开头，款之间空一行",
            ));
        };
        outlines.push((outline.title, rendered));
    }
    if context.json {
        let one = |(title, toml): &(String, String)| json!({ "title": title, "toml": toml });
        show::json(&outlines.iter().map(one).collect::<Vec<_>>())?;
        return Ok(ExitCode::SUCCESS);
    }
    for (title, rendered) in &outlines {
        show::line(format!("# {title}\n{rendered}"))?;
    }
    Ok(ExitCode::SUCCESS)
}

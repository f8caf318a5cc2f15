//! `yifa step`, `show`, `list`, `flags`: records and what is done on them.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Result;
use clap::Args;
use engine::act::{Act, Entry};
use engine::day::Day;
use engine::definition::{Definitions, FileSet, Register};
use engine::record::{self, Rules};
use engine::value::Fields;
use journal::id::Id;
use serde_json::json;

use super::typed::{Doing, Typed};
use super::{Context, parse_day, register_named};
use crate::append::{Draft, NEW, Stand, Writer, judged};
use crate::folder::{Folder, console};
use crate::policy::withheld;
use crate::query::expired::{Expired, expired};
use crate::query::names::{Names, Records};
use crate::query::records::{Filter, find, find_to_show, flags, list, total};
use crate::refused::{in_texts, refuse};
use crate::sets::{Adopted, Sets};
use crate::storage::Db;
use crate::storage::log::entries_of;
use crate::{ambient, show};

/// 记一步
///
/// 字段写在 TOML 文件里：字段编号 = 值。开立新的案卷，RECORD 写 new。
/// 附件字段写文件的路径，从字段文件所在目录算起。
/// 更正写步骤 correct：of = 记入编号，reason = 理由，新的值写在 [fields] 下，要清空的写 clear = ["字段"]。
/// 作废写 void：of = 记入编号，或者整个案卷写 whole = true，并写 reason。
/// 关联写 link：register、to、reason。答复写 answer：question、text。
/// 附件写 attach：file = 文件的路径；是某一步签字、盖章后的扫描件的，再写 of = 那一步的记入编号。
///
/// 例：yifa step mediation_case new register --file case.toml
#[derive(Args)]
pub struct Step {
    /// 登记簿的编号或者名称
    register: String,
    /// 案卷的编号、名称或 id；开立新的案卷写 new
    record: String,
    /// 步骤编号
    step: String,
    /// 字段文件（TOML）；写 - 从标准输入读
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
    /// 本系统外已经发生的 ours 步骤：写明理由
    #[arg(long, value_name = "REASON")]
    already: Option<String>,
    /// 谁办的：人员登记簿中的姓名；不写则记为本机
    #[arg(long = "as", value_name = "NAME")]
    actor: Option<String>,
    /// 只检查，不记入
    #[arg(long)]
    dry_run: bool,
}

impl Step {
    /// Judges the step and, unless it is a dry run, records it.
    pub fn run(self, context: &Context) -> Result<ExitCode> {
        let (folder, db, sets) = context.read()?;
        let (name, text) = match &self.file {
            None => ("（没有字段文件）".to_owned(), String::new()),
            Some(path) => (crate::text::name(path), crate::text::read(path)?),
        };
        let current = sets.current()?;
        let wanted = id_of(&current.set, &self.register);
        let (record, entries) = match self.record.as_str() {
            "new" => (NEW.to_owned(), Vec::new()),
            name => {
                let id = find(&db, wanted, name)?;
                let entries = entries_of(&db, &id)?.0;
                (id, entries)
            }
        };
        let register = register_of(&db, &sets, &current.set, wanted, &record)?;
        let figures = current.figures(&register.id.value);
        let rules = Rules { register: &register, figures, calendar: &current.set.calendar };
        let (course, _) = record::walk(rules, &entries);
        let wrong = |problems| Err(in_texts(problems, FileSet::from([(name.clone(), text.clone())])));
        let mut typed = match Typed::read(&name, &text) {
            Ok(typed) => typed,
            Err(problems) => return wrong(problems),
        };
        let keep = if self.dry_run { None } else { Some(&folder) };
        typed.store_files(keep, &folder, &register, &self.step, &course)?;
        let doing = Doing { step: &self.step, already: self.already.as_deref(), record: &record };
        let records = Records { db: &db, set: &current.set, files: folder.files(), dry_run: self.dry_run };
        let made = match typed.act(&doing, &register, &course, &records) {
            Ok(made) => made,
            Err(problems) => return wrong(problems),
        };
        let by = By { actor: self.actor.as_deref(), dry_run: self.dry_run, beside: json!({}) };
        record_act(context, folder, db, rules, entries, made, by)
    }
}

/// Who does it, and how.
pub(super) struct By<'b> {
    /// The person's name; the machine itself where nobody is named.
    pub actor: Option<&'b str>,
    /// Judge it and record nothing.
    pub dry_run: bool,
    /// What else to give as data.
    pub beside: serde_json::Value,
}

/// Hands an act on a record of these entries to the writer, or only judges it, and says what came of it.
pub(super) fn record_act(
    context: &Context,
    folder: Folder,
    db: Db,
    rules: Rules<'_>,
    entries: Vec<Entry>,
    (act, sealed): (Act, Fields),
    by: By<'_>,
) -> Result<ExitCode> {
    let actor = match by.actor {
        Some(name) => Id::parse(find(&db, "person", name)?.as_bytes())?,
        None => console(&folder.config)?,
    };
    let based_on = entries.last().map(|entry| entry.index);
    let draft = Draft { id: None, actor, act, sealed, based_on };
    if by.dry_run {
        return try_out(context, &db, rules, entries, draft, by.beside);
    }
    drop(db);
    let writer = Writer::start(folder, Box::new(ambient::System))?;
    let receipts = writer.append(vec![draft])?;
    let receipt = &receipts[0];
    // Said before the signing that stopping does: the step is on disk now, and whoever is only told that signing
    // failed would record it a second time.
    if context.json {
        show::json(&Beside { what: receipt, beside: by.beside })?;
        writer.stop()?;
        return Ok(ExitCode::SUCCESS);
    }
    let number = receipt.number.as_ref().map_or_else(String::new, |number| format!(" {number}"));
    show::line(format!("已记入第 {} 条：{}{number}（案卷 {}）", receipt.index, rules.register.title, receipt.record))?;
    for (paper, number) in &receipt.papers {
        show::line(format!("{paper}：{number}"))?;
    }
    for flag in &receipt.flags {
        show::line(format!("标记：{} {}（{}）", flag.kind.chinese(), flag.says, flag.basis.join("、")))?;
    }
    writer.stop()?;
    Ok(ExitCode::SUCCESS)
}

/// One document out of two.
#[derive(serde::Serialize)]
struct Beside<T: serde::Serialize> {
    #[serde(flatten)]
    what: T,
    #[serde(flatten)]
    beside: serde_json::Value,
}

/// Judges a step as the writer does, and records nothing.
fn try_out(
    context: &Context,
    db: &Db,
    rules: Rules<'_>,
    entries: Vec<Entry>,
    draft: Draft,
    beside: serde_json::Value,
) -> Result<ExitCode> {
    let index = entries.last().map_or(0, |entry| entry.index + 1);
    let stand = Stand { index, id: "试算".to_owned(), today: ambient::today() };
    let flags = judged(db, rules, entries, None, draft, stand)?.flags;
    if context.json {
        show::json(&Beside { what: json!({ "dry_run": true, "flags": flags }), beside })?;
        return Ok(ExitCode::SUCCESS);
    }
    for flag in &flags {
        show::line(format!("会标记：{} {}（{}）", flag.kind.chinese(), flag.says, flag.basis.join("、")))?;
    }
    show::line("检查通过，没有记入。")?;
    Ok(ExitCode::SUCCESS)
}

/// The id of a register that may be called by its title; one that is none of today's may be an old record's.
pub(super) fn id_of<'s>(set: &'s Definitions, name: &'s str) -> &'s str {
    register_named(set, name).map_or(name, |register| &register.id.value)
}

/// A record named on the command line, which whoever asks may read.
pub(super) struct Opened<'s> {
    /// The definitions in force.
    pub current: &'s Adopted,
    /// Its id.
    pub id: String,
    /// Its register, as it was opened under.
    pub register: Arc<Register>,
    /// Its entries in order.
    pub entries: Vec<Entry>,
}

impl<'s> Opened<'s> {
    /// Finds it in a register, both named as people name them.
    pub fn find(context: &Context, db: &Db, sets: &'s Sets, register: &str, record: &str) -> Result<Opened<'s>> {
        let current = sets.current()?;
        let wanted = id_of(&current.set, register);
        context.need_to_read_named(&current.set, wanted)?;
        let id = find_to_show(db, wanted, record)?;
        let register = register_of(db, sets, &current.set, wanted, &id)?;
        let (entries, _) = entries_of(db, &id)?;
        Ok(Opened { current, id, register, entries })
    }

    /// What it is derived by.
    pub fn rules(&self) -> Rules<'_> {
        let figures = self.current.figures(&self.register.id.value);
        Rules { register: &self.register, figures, calendar: &self.current.set.calendar }
    }
}

/// The register of a record as it was opened under, or the one in force.
fn register_of(db: &Db, sets: &Sets, set: &Definitions, wanted: &str, record: &str) -> Result<Arc<Register>> {
    if !record.is_empty() {
        let sql = "SELECT idx FROM entry WHERE town_id = $1 AND record = $2 ORDER BY idx LIMIT 1";
        let first: Option<i64> = db.one(sql, crate::storage::params![record], |row| row.get(0))?;
        if let Some(first) = first {
            return sets.opened_under(first as u64, wanted).cloned();
        }
    }
    register_named(set, wanted).cloned()
}

/// 一个案卷的全过程：每一步是谁、何时、填了什么、依据什么；接下来应当、可以、不得做什么
#[derive(Args)]
pub struct Show {
    /// 登记簿的编号或者名称
    register: String,
    /// 案卷的编号、名称或 id
    record: String,
}

impl Show {
    /// Prints the record.
    pub fn run(self, context: &Context) -> Result<ExitCode> {
        let (folder, db, sets) = context.read()?;
        let opened = Opened::find(context, &db, &sets, &self.register, &self.record)?;
        let Opened { current, id, register, entries } = &opened;
        let rules = opened.rules();
        let rows = record::apply(rules, entries);
        let (course, _) = record::walk(rules, entries);
        let today = ambient::today();
        let next = record::next::next(rules, &course, &rows.dues, today);
        let last = expired(register, rules.figures, &rows, today);
        if context.json {
            let last = last.map(|last| last.to_string());
            show::json(
                &json!({ "id": id, "register": register.id.value, "rows": rows, "next": next, "expired": last }),
            )?;
            return Ok(ExitCode::SUCCESS);
        }
        let names = Names::load(&db)?;
        let texts = crate::law_texts::imported(&folder, &current.set)?;
        crate::page::record(&crate::page::Record {
            db: &db,
            register,
            rows: &rows,
            course: &course,
            next: &next,
            expired: last,
            names: &names,
            texts: &texts,
            today,
            entries,
        })?;
        Ok(ExitCode::SUCCESS)
    }
}

/// 案卷清单，新的在前
#[derive(Args)]
pub struct List {
    /// 登记簿的编号或者名称
    register: String,
    /// 只列这个状态的：状态的名称或者编号
    #[arg(long)]
    state: Option<String>,
    /// 开立日期不早于
    #[arg(long, value_parser = parse_day)]
    from: Option<Day>,
    /// 开立日期不晚于
    #[arg(long, value_parser = parse_day)]
    to: Option<Day>,
    /// 最多列多少个
    #[arg(long, default_value_t = 50)]
    limit: u64,
}

impl List {
    /// Prints the list.
    pub fn run(self, context: &Context) -> Result<ExitCode> {
        let (_, db, sets) = context.read()?;
        let current = sets.current()?;
        let register = register_named(&current.set, &self.register)?;
        context.need_to_read(register)?;
        let state = self.state.as_deref().map(|name| state_named(register, name)).transpose()?;
        let filter = Filter { state, from: self.from, to: self.to, limit: self.limit };
        let mut records = list(&db, register, &filter)?;
        let expired = Expired::load(&db, register, current.figures(&register.id.value), ambient::today())?;
        for one in &mut records {
            one.expired = expired.of(&one.id, &one.state);
        }
        if context.json {
            show::json(&records)?;
            return Ok(ExitCode::SUCCESS);
        }
        let rows: Vec<Vec<String>> = records
            .iter()
            .map(|one| {
                let state = if one.state == record::VOID { VOIDED } else { register.state_title(&one.state) };
                let flags = if one.flags > 0 { one.flags.to_string() } else { String::new() };
                vec![
                    one.number.clone().unwrap_or_else(|| one.id.clone()),
                    whose(&one.title, one.person.as_deref()),
                    one.opened.clone(),
                    one.expired.as_ref().map_or_else(|| state.to_owned(), |last| format!("{state}，{last}期满")),
                    flags,
                ]
            })
            .collect();
        use show::Align::{Left, Right};
        // What is not numbered goes by its id: of two records of one name nothing else says which is meant.
        let by = if register.number.is_some() { "编号" } else { "id" };
        show::table(&[(by, Left), ("案卷", Left), ("日期", Left), ("状态", Left), ("标记", Right)], &rows)?;
        let all = total(&db, &register.id.value, state)?;
        show::line(format!("列出 {} 个，登记簿共 {all} 个", rows.len()))?;
        Ok(ExitCode::SUCCESS)
    }
}

/// What a record is called, with the person it is about, unless the name says so already.
fn whose(title: &str, person: Option<&str>) -> String {
    match person.filter(|person| !title.contains(*person)) {
        Some(person) => format!("{person} {title}"),
        None => title.to_owned(),
    }
}

/// What a list calls a void record.
const VOIDED: &str = "已作废";

/// The id of a state by itself or by the title that lists print.
fn state_named<'r>(register: &'r Register, name: &str) -> Result<&'r str> {
    let own = register.states.iter().map(|state| (state.id.value.as_str(), state.title.as_str()));
    let all: Vec<(&str, &str)> = own.chain([(record::VOID, VOIDED)]).collect();
    if let Some((id, _)) = all.iter().find(|(id, title)| name == *id || name == *title) {
        return Ok(id);
    }
    let words: Vec<&str> = all.iter().flat_map(|(id, title)| [*id, *title]).collect();
    let known: Vec<String> = all.iter().map(|(id, title)| format!("{title}（{id}）")).collect();
    let hint = engine::read::nearest_hint(name, &words);
    Err(refuse(232, format!("没有状态“{name}”"), format!("可以写：{}{hint}", known.join("、"))))
}

/// The id of the one register asked for, if one is.
pub(super) fn only<'s>(set: &'s Definitions, name: Option<&str>) -> Result<Option<&'s str>> {
    name.map(|name| register_named(set, name).map(|register| register.id.value.as_str())).transpose()
}

/// 标记：不该发生而发生了的，照实记着
#[derive(Args)]
pub struct FlagList {
    /// 只看一个登记簿：编号或者名称
    #[arg(long)]
    register: Option<String>,
}

impl FlagList {
    /// Prints what is flagged.
    pub fn run(self, context: &Context) -> Result<ExitCode> {
        let (_, db, sets) = context.read()?;
        let set = &sets.current()?.set;
        let register = only(set, self.register.as_deref())?;
        register.map_or(Ok(()), |register| context.need_to_read_named(set, register))?;
        let mut found = flags(&db, register, None)?;
        let all = found.len();
        found.retain(|flag| context.may_read(set, &flag.register));
        if context.json {
            show::json(&found)?;
            return Ok(ExitCode::SUCCESS);
        }
        let rows: Vec<Vec<String>> = found
            .iter()
            .map(|flag| {
                vec![flag.day.clone(), flag.kind.clone(), flag.called.clone(), flag.says.clone(), flag.basis.clone()]
            })
            .collect();
        use show::Align::Left;
        show::table(&[("日期", Left), ("标记", Left), ("案卷", Left), ("说明", Left), ("依据", Left)], &rows)?;
        withheld(all - found.len(), "项").map_or(Ok(()), show::line)?;
        show::line(format!("共 {} 项", rows.len()))?;
        Ok(ExitCode::SUCCESS)
    }
}

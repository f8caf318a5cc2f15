//! `/trace`: who did what in which post, and what led to a record, to look at and to print (倒查).
//!
//! Accountability goes across villages and registers: it is for whoever sees the whole township.

mod card;

use std::collections::BTreeSet;

use anyhow::Result;
use engine::day::Day;
use engine::form::parse;
use maud::{Markup, html};

use super::answer::{Answer, Turned};
use super::layout::trail;
use super::visit::Visit;
use crate::policy::Scope;
use crate::storage::log::Size;
use crate::storage::params;
use crate::trace::person;
use crate::trace::record::{self, Chain, Node, Taken};
use crate::trace::{Chosen, Reader};

/// How many links away a chain goes unless something else is asked for, and at most.
const DEPTH: (u8, u8) = (3, 9);
/// Most records found of one search.
const MOST: usize = 50;
/// The register of people.
const PERSON: &str = "person";

/// A record found.
struct Found {
    register: String,
    title: String,
    record: String,
    called: String,
}

/// `GET /trace`
pub fn search(visit: &Visit<'_>) -> Result<Answer> {
    let asked = visit.query("q").map(str::trim).unwrap_or_default();
    let people = people(visit, asked)?;
    let records = if asked.is_empty() { Vec::new() } else { records(visit, asked)? };
    let main = html! {
        h1 { "倒查" }
        p.soft { "按人看：办过、涉及过的每一步，当时任什么职，记入时案卷里已有什么。按事看：一个案卷的来龙去脉，每一步的人和职务。" }
        form.lookup method="get" action="/trace" role="search" {
            label { "姓名，或者案卷的编号、名称" input type="search" name="q" value=(asked) placeholder="如 叶知秋，（2023）云溪村人调字第1号"; }
            button type="submit" { "查找" }
        }
        @if !records.is_empty() {
            section.panel {
                h2 { "案卷" }
                ul.found { @for one in &records {
                    li { a href=(format!("/trace/records/{}/{}", one.register, one.record)) { (one.called) } " " small { (one.title) } }
                } }
            }
        }
        section.panel {
            h2 { "人员" }
            @if people.is_empty() && records.is_empty() {
                p { "没有找到“" (asked) "”。人按姓名找，曾用名也可以；案卷请写全编号或者名称。" }
            }
            ul.found.people { @for (id, name) in &people { li { a href=(format!("/trace/people/{id}")) { (name) } } } }
        }
    };
    Ok(visit.page("倒查", main))
}

/// The people whose name holds what was asked for, or who once were called so.
fn people(visit: &Visit<'_>, asked: &str) -> Result<Vec<(String, String)>> {
    let Ok(register) = visit.register_of(PERSON) else { return Ok(Vec::new()) };
    // As many as the township has officials: looked through here, because no engine searches Chinese alike.
    let sql = "SELECT id, title FROM record WHERE town_id = $1 AND register = $2 ORDER BY title, id";
    let mut all: Vec<(String, String)> =
        visit.db.rows(sql, params![register.id.value], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let mut once = Vec::new();
    if !asked.is_empty() && !all.iter().any(|(_, name)| name.contains(asked)) {
        let size = Size::load(visit.db, None)?.size;
        once = Reader::new(visit.db, visit.sets, size).once_called(PERSON, asked)?;
    }
    all.retain(|(id, name)| name.contains(asked) || once.contains(id));
    Ok(all)
}

/// The records of that number or title.
fn records(visit: &Visit<'_>, asked: &str) -> Result<Vec<Found>> {
    let mut found = Vec::new();
    let sql = "SELECT id, coalesce(number, title) FROM record WHERE town_id = $1 AND register = $2 \
               AND (id = $3 OR number = $3 OR title = $3) ORDER BY id LIMIT 50";
    for register in visit.set().registers.values().filter(|one| one.id.value != PERSON && visit.who.may_read(one)) {
        let rows: Vec<(String, String)> =
            visit.db.rows(sql, params![register.id.value, asked], |row| Ok((row.get(0)?, row.get(1)?)))?;
        for (record, called) in rows {
            if found.len() < MOST && visit.record_of(register, &record).is_ok() {
                found.push(Found {
                    register: register.id.value.clone(),
                    title: register.title.clone(),
                    record,
                    called,
                });
            }
        }
    }
    Ok(found)
}

/// A reader that does not name what whoever looks may not read.
fn reader<'v>(visit: &Visit<'v>) -> Result<(Reader<'v>, Size)> {
    let checkpoint = Size::load(visit.db, None)?;
    let mut reader = Reader::new(visit.db, visit.sets, checkpoint.size);
    let shut = visit.set().registers.values().filter(|register| visit.who.scope(register) != Scope::All);
    reader.shut = shut.map(|register| register.id.value.clone()).collect();
    Ok((reader, checkpoint))
}

/// Whether he sees a record of a register. What the register is now decides, as everywhere.
fn sees(visit: &Visit<'_>, register: &str, record: &str) -> bool {
    let Some(register) = visit.set().register(register) else { return false };
    match visit.who.scope(register) {
        Scope::All => true,
        // A database that cannot be read shows nothing; the page itself tells of the fault.
        Scope::Villages(_) => visit.villages_of(record).is_ok_and(|touched| visit.who.may_see(register, &touched)),
    }
}

/// `GET /trace/people/{person}`
pub fn of_person(visit: &Visit<'_>) -> Result<Answer> {
    let seen = visit.record_of(visit.register_of(PERSON)?, visit.param("person"))?;
    let (reader, checkpoint) = reader(visit)?;
    let day = |name: &str| visit.query(name).and_then(parse::day);
    let (from, to) = (day("from"), day("to"));
    let days = (from.unwrap_or(Day::MIN), to.unwrap_or(Day::MAX));
    let mut card = person::card(&reader, &seen.id, days, checkpoint)?.ok_or(Turned::NotFound)?;
    card.withhold(|register, record| sees(visit, register, record));
    if reader.shut.contains("post") {
        card.posts.clear();
        card.deeds.iter_mut().for_each(|deed| deed.posts.clear());
    }
    let title = format!("{} 责任卡", card.person.then);
    let main = html! {
        (trail(&[("/trace", "倒查")], &title))
        h1 { (card.person) " 责任卡" }
        (read_at(&card.checkpoint, visit.today))
        @for former in &card.formerly { p { (former) } }
        form.lookup.days method="get" {
            label { "从" input type="date" name="from" value=[from]; }
            label { "到" input type="date" name="to" value=[to]; }
            button.second type="submit" { "只看这些日子" }
        }
        (card::shown(visit, &card))
        (withheld(card.withheld, "条"))
    };
    Ok(visit.page(&title, main))
}

fn read_at(checkpoint: &Size, today: Day) -> Markup {
    html! {
        p.soft.checkpoint { (today) " 读自日志前 " (checkpoint.size) " 条。日志的根（这些条的摘要，改动一条就不同）：" code { (checkpoint.root) } }
    }
}

fn withheld(count: usize, unit: &str) -> Markup {
    html! { @if count > 0 { p.note { "另有 " (count) " " (unit) "在您不能查看的登记簿里。" } } }
}

fn clocks(day: Day, recorded: Day, entry: u64) -> Markup {
    html! {
        span.nowrap { (day) }
        small.line { "第 " (entry) " 条" @if day != recorded { "，" (recorded) " 记入" } }
    }
}

fn chosen(all: &[Chosen]) -> Markup {
    html! { @for one in all { span.line { (one.field) "：" (one.value) } } }
}

fn standing(all: &[String]) -> Markup {
    html! { @for note in all { span.line.late { (note) } } }
}

/// `GET /trace/records/{register}/{record}`
pub fn of_record(visit: &Visit<'_>) -> Result<Answer> {
    let seen = visit.record(visit.register()?)?;
    let (reader, checkpoint) = reader(visit)?;
    let depth = visit.query("depth").and_then(|text| text.parse().ok()).unwrap_or(DEPTH.0).min(DEPTH.1);
    let mut chain = record::chain(&reader, &seen.id, depth, checkpoint)?.ok_or(Turned::NotFound)?;
    chain.withhold(|register, record| sees(visit, register, record));
    let title = chain.records.first().map_or_else(String::new, |node| node.called.clone());
    let main = html! {
        (trail(&[("/trace", "倒查"), (&format!("/registers/{}/{}", visit.param("register"), seen.id), "案卷")], "来龙去脉"))
        h1 { (title) " 来龙去脉" }
        (read_at(&chain.checkpoint, visit.today))
        form.lookup.days method="get" {
            label { "沿关联走几层" input type="number" name="depth" min="0" max=(DEPTH.1) value=(depth); }
            button.second type="submit" { "重新查" }
        }
        @let named: BTreeSet<&str> = chain.records.iter().map(|node| node.record.as_str()).collect();
        p.soft { "连同它所依据的和依据它的，共 " (named.len()) " 个案卷。" }
        @for node in &chain.records { (self::node(node)) }
        (others(&chain))
    };
    Ok(visit.page(&format!("{title} 来龙去脉"), main))
}

fn others(chain: &Chain) -> Markup {
    withheld(chain.withheld, "个案卷")
}

fn node(node: &Node) -> Markup {
    html! {
        section.panel.node {
            h2 {
                a href=(format!("/registers/{}/{}", node.register, node.record)) { (node.called.trim()) }
                " " small { (node.register_title) " · " (node.state) }
            }
            @for former in &node.formerly { p { (former) } }
            @for because in &node.because { p.note { "相关（" (node.depth) " 层）：" (because) } }
            div.scroll tabindex="0" role="region" aria-label={ (node.called.trim()) "的步骤" } { table.card {
                thead { tr { th { "日期" } th { "步骤" } th { "人和当时职务" } th { "所引案卷、结果、现状" } th { "记入的人" } } }
                tbody { @for step in &node.steps { (taken(step)) } }
            } }
            @if node.not_followed > 0 { p.note { "另有 " (node.not_followed) " 个案卷引用它，与所查的无关的不展开。" } }
        }
    }
}

fn taken(step: &Taken) -> Markup {
    html! {
        tr {
            td { (clocks(step.day, step.recorded, step.entry)) }
            td { (step.title) }
            td {
                @for person in &step.people {
                    span.line {
                        (person.role) "：" (person.name)
                        @if let Some(note) = person.note { span.wait { "（" (note) "）" } }
                    }
                    small.line { @if person.posts.is_empty() { "没有登记职务" } @else { (person.posts.join("、")) } }
                }
            }
            td { (chosen(&step.refers)) (chosen(&step.results)) (standing(&step.standing)) }
            td { (step.by) }
        }
    }
}

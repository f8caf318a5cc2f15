//! `/statements`: what superiors ask for, filled; what was sent, and what of it is wrong by now (报表).

mod sheet;
mod take;

use std::sync::{Arc, PoisonError};

use anyhow::Result;
use engine::definition::{Register, Statement};
use engine::figure::Period;
use engine::statement::{Reported, Square};
use maud::{Markup, html};

use super::answer::{Answer, Turned, percent};
use super::figures::entries::listed;
use super::layout::trail;
use super::visit::Visit;
use crate::policy::Scope;
use crate::query::names::Names;
use crate::query::overdue::Dues;
use crate::statement::behind::behind;
use crate::statement::compare::{Comparing, Difference, Wrong};
use crate::statement::filled::Filled;
use crate::statement::submission::{REGISTER, Submission, submissions};
use crate::statement::values::Ask;
use crate::statement::{every, registers, reported};
use crate::storage::log::Size;
pub use take::{file, send, tried};

/// The register of what was sent: whoever may read it has to do with statements.
fn admitted<'v>(visit: &Visit<'v>) -> Result<&'v Arc<Register>> {
    visit.register_of(REGISTER)
}

/// Whether a statement tells him nothing he may not know otherwise: the whole of each register behind it.
fn may_see(visit: &Visit<'_>, statement: &Statement) -> bool {
    visit.who.may_count(registers(visit.set(), statement)) == Some(Scope::All)
}

/// The statement of the path, `{statement}`, if it is his to see.
fn statement<'v>(visit: &Visit<'v>) -> Result<&'v Arc<Statement>> {
    admitted(visit)?;
    let found = visit.set().statements.get(visit.param("statement"));
    found.filter(|statement| may_see(visit, statement)).ok_or_else(|| Turned::NotFound.into())
}

/// The address of a statement on a stretch of time.
pub fn address(statement: &str, period: &str) -> String {
    format!("/statements/{}?period={}", percent(statement), percent(period))
}

/// What was sent and is wrong by now; found once for each size of the journal.
pub fn wrong(visit: &Visit<'_>) -> Result<Arc<Vec<Wrong>>> {
    wrong_of(visit, &submissions(visit.db, visit.sets)?)
}

fn wrong_of(visit: &Visit<'_>, all: &[Submission]) -> Result<Arc<Vec<Wrong>>> {
    if all.is_empty() {
        return Ok(Arc::default());
    }
    let size = Size::load(visit.db, None)?.size;
    let kept = || visit.site.compared.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((at, found)) = kept().as_ref()
        && *at == size
    {
        return Ok(found.clone());
    }
    let config = &visit.site.folder.config;
    let comparing = Comparing::new(visit.db, visit.sets, (&config.town, &config.county))?;
    let found = Arc::new(comparing.wrong(all)?);
    *kept() = Some((size, found.clone()));
    Ok(found)
}

/// `GET /statements`
pub fn index(visit: &Visit<'_>) -> Result<Answer> {
    admitted(visit)?;
    let all = submissions(visit.db, visit.sets)?;
    let wrong = wrong_of(visit, &all)?;
    let seen = visit.set().statements.values().filter(|statement| may_see(visit, statement));
    let main = html! {
        h1 { "报表" }
        section.panel {
            h2 { "上级要的表" }
            div.scroll { table.cards {
                thead { tr { th { "报表" } th { "报给" } th { "多久一报" } th { "现在的报告期" } th { "上次报送" } } }
                tbody { @for statement in seen { (row(visit, statement, &all)) } }
            } }
            p.note { "数字和清单出自台账，填进上级的模板；点开看每一格背后的记入。版式标“待核”的，没有见过上级的原表。" }
        }
        section.panel {
            h2 { "报出去的" }
            @if all.is_empty() { p.soft { "还没有报送过。" } }
            @else { (sent(&all, &wrong)) }
        }
        @for one in wrong.iter() { section.panel { (differs(one)) } }
    };
    Ok(visit.page("报表", main))
}

fn row(visit: &Visit<'_>, statement: &Statement, all: &[Submission]) -> Markup {
    let last = all.iter().rev().find(|one| one.statement == statement.id);
    let now = Reported::of(statement.period, visit.today);
    let link = |reported: Reported| html! { a href=(address(&statement.id, &reported.key())) { (reported.title()) } };
    html! { tr {
        td { a href=(address(&statement.id, &now.before().key())) { (statement.title) } @if statement.pending.is_some() { " " span.tag.wait { "待核" } } }
        td { (statement.to) }
        td { (every(statement)) }
        td { (link(now.before())) "、" (link(now)) }
        td { @if let Some(last) = last { a href=(address(&last.statement, &last.period)) { (last.period) } " " (last.said()) } }
    } }
}

/// What was sent, newest first, and how it stands.
fn sent(all: &[Submission], wrong: &[Wrong]) -> Markup {
    html! { div.scroll { table.cards {
        thead { tr { th { "编号" } th { "报表" } th { "报告期" } th { "报给" } th { "报送" } th.num { "日志条数" } th { "与现在的台账" } th { "文件" } } }
        tbody { @for one in all.iter().rev() {
            @let differs = wrong.iter().find(|wrong| wrong.submission.id == one.id);
            tr {
                td { a href={ "/registers/" (REGISTER) "/" (one.id) } { (one.number) } }
                td { a href=(address(&one.statement, &one.period)) { (one.title) } }
                td { (one.period) }
                td { (one.to) }
                td { (one.said()) }
                td.num { (one.size) }
                td { @match differs { Some(wrong) => span.late { (wrong.differences.len()) " 处不符" }, None => "相符" } }
                td { a href={ "/registers/" (REGISTER) "/" (one.id) "/files/" (one.file) } { "报出去的" } }
            }
        } }
    } } }
}

/// Where one differs, and why.
fn differs(wrong: &Wrong) -> Markup {
    let one = &wrong.submission;
    let record = |difference: &Difference| {
        html! {
            @for (nth, changed) in difference.records.iter().enumerate() {
                @if nth > 0 { "、" }
                a href={ "/registers/" (changed.register) "/" (changed.record) } { (changed.called) }
                @for entry in &changed.entries { " " a href={ "/registers/" (changed.register) "/" (changed.record) "#entry-" (entry) } { "第 " (entry) " 条" } }
            }
        }
    };
    html! {
        h2 { (one.title) "（" (one.period) "）报给" (one.to) "的，现在不符" }
        div.scroll { table.cards {
            thead { tr { th { "单元格" } th { "内容" } th.num { "报的" } th.num { "现在" } th { "相差" } th { "因为" } } }
            tbody { @for difference in &wrong.differences { tr {
                td { (difference.at) }
                td { (difference.what) }
                td.num { (difference.sent) }
                td.num { (difference.now) }
                td { span.late { (difference.by) } }
                td { (record(difference)) }
            } } }
        } }
        p { a href=(address(&one.statement, &one.period)) { "更正报送" } "；上级同意不更正的，"
            a href={ "/registers/" (REGISTER) "/" (one.id) "/steps/settle" } { "记一步“说明情况”" } "。" }
    }
}

/// A statement asked for, filled.
struct Asked<'v> {
    statement: &'v Arc<Statement>,
    filled: Filled,
}

/// The stretch of time asked for, or else the last that is over.
fn stretch(visit: &Visit<'_>, statement: &Statement, text: Option<&str>) -> Result<(Reported, Period)> {
    let last = || Reported::of(statement.period, visit.today).before().key();
    reported(statement, &text.map_or_else(last, str::to_owned), visit.today)
}

fn ask<'a>(visit: &'a Visit<'_>, size: Option<u64>) -> Result<Ask<'a>> {
    let config = &visit.site.folder.config;
    let sets = visit.sets;
    Ok(Ask { db: visit.db, sets, set: &sets.at(size)?.set, offices: (&config.town, &config.county), size })
}

impl<'v> Asked<'v> {
    fn of(visit: &Visit<'v>, period: Option<&str>, size: Option<u64>) -> Result<Asked<'v>> {
        let statement = statement(visit)?;
        let (reported, period) = stretch(visit, statement, period)?;
        Ok(Asked { statement, filled: ask(visit, size)?.fill(statement, reported, period)? })
    }
}

/// `GET /statements/{statement}`
pub fn show(visit: &Visit<'_>) -> Result<Answer> {
    let Asked { statement, filled } = Asked::of(visit, visit.query("period"), None)?;
    let key = filled.reported.key();
    let all = submissions(visit.db, visit.sets)?;
    let here: Vec<Submission> =
        all.iter().filter(|one| one.statement == statement.id && one.period == key).cloned().collect();
    let wrong = wrong(visit)?;
    let wrong = || wrong.iter().filter(|one| here.iter().any(|sent| sent.id == one.submission.id));
    let before = filled.reported.before();
    let main = html! {
        (trail(&[("/statements", "报表")], &statement.title))
        h1 { (statement.title) " " span.many { (filled.reported.title()) } }
        nav.years aria-label="报告期" {
            a href=(address(&statement.id, &before.before().key())) { (before.before().title()) }
            a href=(address(&statement.id, &before.key())) { (before.title()) }
            a href=(address(&statement.id, &key)) aria-current="true" { (filled.reported.title()) }
        }
        p.note { "报给" (statement.to) "，" (every(statement)) "一报。数到 " (filled.period.to) "，按日志前 " (filled.checkpoint.size) " 条计算。"
            @if let Some(pending) = &statement.pending { " " span.wait { (pending) } } }
        @if visit.query("sent").is_some() { p.done role="status" { "已报送，文件和所用的模板已存下。" } }
        @for note in &filled.notes { p.wait { (note) } }
        (sheet::table(&filled))
        (take::forms(visit, statement, &filled, &all)?)
        @if !here.is_empty() { section.panel { h2 { "这一期报出去的" } (sent(&here, &wrong().cloned().collect::<Vec<_>>())) } }
        @for one in wrong() { section.panel { (differs(one)) } }
    };
    Ok(visit.page(&statement.title, main))
}

/// `GET /statements/{statement}/cells/{cell}`: the entries behind a cell.
pub fn cell(visit: &Visit<'_>) -> Result<Answer> {
    let statement = statement(visit)?;
    let (reported, period) = stretch(visit, statement, visit.query("period"))?;
    let at = Square::parse(visit.param("cell")).ok_or(Turned::NotFound)?;
    let cell = statement.cells.iter().find(|cell| cell.at.value == at).ok_or(Turned::NotFound)?;
    let (set, names) = (visit.set(), Names::load(visit.db)?);
    let all = behind(visit.db, set, cell, period, &Dues::load(visit.db, set, None)?, &names)?;
    let title = set.figures.get(&cell.figure.value).map_or("", |figure| figure.title.as_str());
    let back = address(&statement.id, &reported.key());
    let main = html! {
        (trail(&[("/statements", "报表"), (&back, &statement.title)], &format!("{at}")))
        h1 { (at) " " (title) " " span.many { (reported.title()) } }
        p { "背后 " (all.len()) " 条记入，数到 " (period.to) "。" }
        (listed(&all))
    };
    Ok(visit.page(&format!("{} {at}", statement.title), main))
}

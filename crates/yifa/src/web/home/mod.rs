//! `GET /`: what is to be done and by when, what waits, what is flagged, the figures of the year (首页).

mod keeping;
mod start;
mod waits;

use anyhow::Result;
use engine::definition::Counts;
use engine::figure::{Period, Reading, share};
use maud::{Markup, html};

use super::answer::Answer;
use super::dues::{His, his, list};
use super::figures::{Beside, address, difference, headed, limits, opens, some, year, years};
use super::form::drafts as unfinished;
use super::statements;
use super::visit::Visit;
use super::witnessed;
use crate::query::records::{Flagged, newest_flags};
use crate::statement::submission;

/// How much of each is told here; the rest is a link away.
const MINE: usize = 15;
const OPEN: usize = 8;
const FLAGS: usize = 6;
const SENT: usize = 5;

/// `GET /`
pub fn show(visit: &Visit<'_>) -> Result<Answer> {
    if !visit.who.works() {
        return keeping::show(visit);
    }
    let dues = his(visit, None)?;
    let (mine, open): (Vec<&His>, Vec<&His>) = dues.iter().filter(|one| one.mine || one.open).partition(|one| one.mine);
    let waits = waits::waiting(visit)?;
    let main = html! {
        h1 { "首页" }
        div.columns.home {
            div {
                @if mine.is_empty() && open.is_empty() && waits.is_empty() {
                    section.panel { h2 { "要办的" } p.soft { "现在没有要您办的事，也没有由您负责的期限。" } }
                }
                @if !mine.is_empty() { section.panel { (due("我负责的期限", &mine, MINE, visit)) } }
                @if !open.is_empty() {
                    section.panel { (due("没有人负责，我可以办的", &open, OPEN, visit)) }
                }
                @if !waits.is_empty() { section.panel { (waits::shown(&waits)) } }
                (wrong(visit)?)
                section.panel { (flags(visit)?) }
            }
            aside {
                (drafts(visit)?)
                (start::panel(visit)?)
                section.panel { (numbers(visit)?) }
                (witnessed::panel(visit))
            }
        }
    };
    Ok(visit.page("首页", main))
}

fn due(title: &str, found: &[&His], most: usize, visit: &Visit<'_>) -> Markup {
    let over = found.iter().filter(|one| one.due.overdue).count();
    html! {
        h2 { (title) " " span.many { (found.len()) " 项" @if over > 0 { "，" span.late { "逾期 " (over) " 项" } } } }
        (list(visit, found.iter().copied().take(most)))
        p { a href="/dues" { @if found.len() > most { "全部 " (found.len()) " 项，和日历" } @else { "期限和日历" } } }
    }
}

/// What was sent and is wrong by now, for whoever reads what is sent.
fn wrong(visit: &Visit<'_>) -> Result<Markup> {
    if visit.register_of(submission::REGISTER).is_err() || !visit.who.sees_township() {
        return Ok(html! {});
    }
    let wrong = statements::wrong(visit)?;
    Ok(html! {
        @if !wrong.is_empty() { section.panel {
            h2 { "报出去的表，现在不符 " span.many { (wrong.len()) " 张" } }
            ul { @for one in wrong.iter().take(SENT) { li {
                a href=(statements::address(&one.submission.statement, &one.submission.period)) { (one.submission.title) "（" (one.submission.period) "）" }
                " " span.late { (one.differences.len()) " 处" } " " small { "报给" (one.submission.to) }
            } } }
            p { a href="/statements" { "逐格看差多少" } }
        } }
    })
}

fn drafts(visit: &Visit<'_>) -> Result<Markup> {
    let all = unfinished::all(visit)?;
    let ends = all.iter().filter(|draft| draft.ends_soon()).count();
    Ok(html! {
        @if !all.is_empty() { section.panel { h2 { "没有填完的" } p { a href="/drafts" { (all.len()) " 份草稿" } "，接着填。"
            @if ends > 0 { span.wait { "其中 " (ends) " 份七天内到期删除，还要用的请打开再存一次。" } } } } }
    })
}

/// A figure for each heading of the annual report, this year and last.
fn numbers(visit: &Visit<'_>) -> Result<Markup> {
    let (year, told) = year(visit)?;
    // Rates and what stands tell less of a year than what was done in it.
    let done = |id: &&str| {
        let figure = visit.set().figures.get(*id);
        figure.is_some_and(|figure| match figure.counts {
            Counts::Stock(_) | Counts::Overdue { .. } | Counts::Ratio { .. } => false,
            // What is told of all registers is told below.
            _ => figure.is_built() || figure.register.is_some(),
        })
    };
    let headed: Vec<Vec<&str>> =
        headed(visit).into_iter().map(|figures| figures.into_iter().filter(done).collect()).collect();
    let ids: Vec<&str> = headed.iter().flatten().copied().collect();
    let beside = Beside::of(visit, year)?;
    let (now, before) = (some(visit, &ids, beside.now)?, some(visit, &ids, beside.before)?);
    let behind = |id: &str| now.get(id).map_or(0, |one| one.entries) + before.get(id).map_or(0, |one| one.entries);
    // Of each heading what was done most often; of several the first.
    let told_of = headed.iter().filter_map(|figures| figures.iter().rev().max_by_key(|id| behind(id)));
    let told_of = told_of.filter(|id| behind(id) > 0);
    let rows: Vec<(&Reading, &Reading)> = told_of.filter_map(|id| Some((now.get(*id)?, before.get(*id)?))).collect();
    let [query, query_before] = beside.queries().map(|query| format!("?{query}"));
    Ok(html! {
        h2 { "年度数字" }
        (years(visit, year, told, |year| format!("/?year={year}")))
        (limits(visit))
        @if !rows.is_empty() { (beside.told()) }
        @if rows.is_empty() { p.soft { "还没有记入。" } }
        @else { div.scroll { table.key-figures {
            thead { tr { th { "数字" } @for head in beside.heads() { th.num { (head) } } th.num { "增减" } } }
            tbody { @for (now, before) in &rows { tr {
                th scope="row" { a href=(address(&now.figure, &query)) { (now.title) } }
                td.num { (opens(&now.text(), now.entries, &now.figure, &query)) }
                td.num { (opens(&before.text(), before.entries, &now.figure, &query_before)) }
                td.num { (difference(&now.value, &before.value)) }
            } } }
        } } }
        @if !rows.is_empty() { (quality(visit, beside.now, &rows)?) }
        p { a href={ "/figures" (query) } { "全部数字" } }
    })
}

/// How well it is kept: late and flagged among the entries behind these figures; and what is late, flagged or unanswered
/// in all registers, where that is his to know.
fn quality(visit: &Visit<'_>, period: Period, rows: &[(&Reading, &Reading)]) -> Result<Markup> {
    let sum = |of: fn(&Reading) -> u64| rows.iter().map(|(now, _)| of(now)).sum::<u64>();
    let (entries, late, flagged) = (sum(|one| one.entries), sum(|one| one.late), sum(|one| one.flagged));
    let figures = visit.set().figures.values().filter(|figure| figure.register.is_none());
    let of_all = figures.filter(|figure| {
        matches!(figure.counts, Counts::LateEntries | Counts::Questions | Counts::Flags { kind: None, step: None })
    });
    let ids: Vec<&str> = of_all.map(|figure| figure.id.as_str()).collect();
    let all = some(visit, &ids, period)?;
    let year = period.from.year();
    let query = format!("?year={year}");
    Ok(html! {
        p.note {
            "数据质量："
            @if entries > 0 { "以上" (year) "年数字背后的记入，补录 " (share(late, entries)) "%，有标记 " (share(flagged, entries)) "%。" }
            @for (nth, one) in all.values().enumerate() {
                @if nth > 0 { "，" } (one.title) " " (opens(&one.text(), one.entries, &one.figure, &query))
            }
        }
    })
}

fn flags(visit: &Visit<'_>) -> Result<Markup> {
    let found: Vec<Flagged> = visit
        .only_his(newest_flags(visit.db, visit.who.villages().as_ref())?, |flag| (&flag.register, &flag.record))?;
    Ok(html! {
        h2 { "最近的标记" }
        @if found.is_empty() { p.soft { "没有标记。" } }
        @else { ul.flags { @for flag in found.iter().take(FLAGS) { li {
            span.tag.bad { (flag.kind) } " " a href={ "/registers/" (flag.register) "/" (flag.record) "#entry-" (flag.entry) } { (flag.called) } " " small { (flag.day) }
            div { (flag.says) }
            @if !flag.basis.is_empty() { div.law { (flag.basis) } }
        } } } }
        p { a href="/questions" { "请核实的事" } }
    })
}

//! `GET /figures`: the figures of a year by register, beside those of the year before (数字).

use std::collections::BTreeSet;

use anyhow::Result;
use engine::figure::{Reading, bases};
use maud::{Markup, html};

use super::{address, difference, limits, opens, readings, year, years};
use crate::query::years::period;
use crate::web::answer::Answer;
use crate::web::visit::Visit;

/// What stands over figures that count more than one register.
const SEVERAL: &str = "几个登记簿合计";

/// Figures that count the same register.
struct Area<'v> {
    /// The register; none where several are counted.
    register: Option<&'v str>,
    title: &'v str,
    rows: Vec<(&'v Reading, Option<&'v Reading>)>,
}

/// `GET /figures`
pub fn show(visit: &Visit<'_>) -> Result<Answer> {
    let (year, told) = year(visit)?;
    let every = visit.query("all").is_some();
    let (now, before) =
        (readings(visit, period(year, visit.today)?)?, readings(visit, period(year - 1, visit.today)?)?);
    let mut areas: Vec<Area<'_>> = Vec::new();
    for reading in now.values() {
        let last = before.get(&reading.figure);
        if !every && reading.entries == 0 && last.is_none_or(|last| last.entries == 0) {
            continue;
        }
        let (register, title) = counted(visit, &reading.figure);
        let area = match areas.iter_mut().find(|area| area.title == title) {
            Some(area) => area,
            None => {
                areas.push(Area { register, title, rows: Vec::new() });
                areas.last_mut().expect("just added")
            }
        };
        area.rows.push((reading, last));
    }
    // Sums over several registers come last: each register is told first.
    areas.sort_by_key(|area| area.title == SEVERAL);
    let url = |year: i16| format!("/figures?year={year}{}", if every { "&all=1" } else { "" });
    let shown = if every {
        html! { a href={ "/figures?year=" (year) } { "只列有记入的" } }
    } else {
        html! { a href={ "/figures?year=" (year) "&all=1" } { "没有记入的也列出" } }
    };
    let main = html! {
        h1 { (year) "年的数字" }
        (years(visit, year, told, url))
        (limits(visit))
        p.note { "每个数字都能点开，看到背后的每一条记入。补录：事后超过时限才记入的；有标记：所在案卷有不合要求之处的。 " (shown) }
        nav.areas aria-label="登记簿" {
            @for (nth, area) in areas.iter().enumerate() { a href={ "#a" (nth) } { (area.title) } }
        }
        @if areas.is_empty() { p { "这一年和上一年都没有记入。" } }
        @else { div.scroll { table.figures {
            thead { tr {
                th { "数字" } th.num { (year) "年" } th.num { (year - 1) "年" } th.num { "增减" }
                th.num { "记入" } th.num { "补录" } th.num { "有标记" }
            } }
            @for (nth, area) in areas.iter().enumerate() {
                tbody id={ "a" (nth) } {
                    tr.area { th colspan="7" scope="rowgroup" {
                        @if let Some(register) = area.register { a href={ "/registers/" (register) } { (area.title) } }
                        @else { (area.title) }
                    } }
                    @for (now, before) in &area.rows { (row(year, now, *before)) }
                }
            }
        } } }
    };
    Ok(visit.page(&format!("{year}年的数字"), main))
}

fn row(year: i16, now: &Reading, before: Option<&Reading>) -> Markup {
    let (this, last) = (format!("?year={year}"), format!("?year={}", year - 1));
    html! {
        tr {
            th scope="row" { a href=(address(&now.figure, &this)) { (now.title) } }
            td.num { (opens(&now.text(), now.entries, &now.figure, &this)) }
            td.num { @if let Some(before) = before { (opens(&before.text(), before.entries, &now.figure, &last)) } }
            td.num { @if let Some(before) = before { (difference(&now.value, &before.value)) } }
            td.num { (now.entries) }
            td.num { @if now.late > 0 { span.wait { (now.late) } } }
            td.num { @if now.flagged > 0 { span.late { (now.flagged) } } }
        }
    }
}

/// The register a figure counts; several have no name of their own.
fn counted<'v>(visit: &Visit<'v>, figure: &str) -> (Option<&'v str>, &'v str) {
    let set = visit.set();
    let of = |figure| {
        let bases = bases(set, figure).into_iter();
        bases.map(|base| base.figure.register.as_ref().map(|at| at.value.as_str())).collect::<BTreeSet<_>>()
    };
    let registers = set.figures.get(figure).map(|figure| of(figure)).unwrap_or_default();
    let one = registers.iter().next().copied().flatten().filter(|_| registers.len() == 1);
    match one.and_then(|id| set.register(id)) {
        Some(register) => (visit.who.may_read(register).then_some(&register.id.value), &register.title),
        None => (None, SEVERAL),
    }
}

//! `GET /figures`: the figures of a year by register, beside those of the year before (数字).

use std::collections::BTreeSet;

use anyhow::Result;
use engine::figure::{Reading, bases};
use maud::{Markup, html};

use super::{Beside, address, baseline, difference, limits, opens, readings, year, years};
use crate::query::baseline::{Baseline, REGISTER};
use crate::web::answer::Answer;
use crate::web::visit::Visit;

/// What stands over figures that count more than one register.
const SEVERAL: &str = "几个登记簿合计";

/// Figures that count the same register.
struct Area<'v> {
    /// Who keeps the register.
    keeper: &'v str,
    /// The register; none where several are counted.
    register: Option<&'v str>,
    title: &'v str,
    rows: Vec<(&'v Reading, Option<&'v Reading>)>,
}

/// `GET /figures`
pub fn show(visit: &Visit<'_>) -> Result<Answer> {
    let (year, told) = year(visit)?;
    // What nobody recorded, this year or last, is looked at apart.
    let none = visit.query("none").is_some();
    let beside = Beside::of(visit, year)?;
    let (now, before) = (readings(visit, beside.now)?, readings(visit, beside.before)?);
    let is_none =
        |reading: &&Reading| reading.entries == 0 && before.get(&reading.figure).is_none_or(|last| last.entries == 0);
    let nones = now.values().filter(is_none).count();
    let said = baseline(visit, year)?;
    let mut areas: Vec<Area<'_>> = Vec::new();
    for reading in now.values().filter(|reading| is_none(reading) == none) {
        let (register, title, keeper) = counted(visit, &reading.figure);
        let row = (reading, before.get(&reading.figure));
        match areas.iter_mut().find(|area| area.title == title) {
            Some(area) => area.rows.push(row),
            None => areas.push(Area { keeper, register, title, rows: vec![row] }),
        }
    }
    // Sums over several registers come last: each register is told first.
    areas.sort_by_key(|area| (area.title == SEVERAL, area.keeper));
    let kept: Vec<&[Area<'_>]> = areas.chunk_by(|a, b| a.keeper == b.keeper).collect();
    let url = |year: i16| format!("/figures?year={year}{}", if none { "&none=1" } else { "" });
    let main = html! {
        h1 { (year) "年的数字" @if none { "：没有记入的" } }
        (years(visit, year, told, url))
        (limits(visit))
        (beside.told())
        @if let Some(said) = &said {
            p.note { "“上年报告称”照录自《" a href={ "/registers/" (REGISTER) "/" (said.record) } { (said.title) } "》，是报告的说法，不是台账，不计入数字。" }
        }
        p.note {
            "数字点开是背后的每一条记入，名称点开有上年的、分村分月的。记入：背后有几条，与数字相同的不另写。补录：事后超过时限才记入的。标记：所在案卷有不合要求之处的。 "
            @if none { a href={ "/figures?year=" (year) } { "有记入的" } }
            @else if nones > 0 { a href={ "/figures?year=" (year) "&none=1" } { "没有记入的 " (nones) " 个" } }
        }
        @if kept.len() > 1 { nav.areas aria-label="谁管的" {
            @for (nth, areas) in kept.iter().enumerate() { a href={ "#k" (nth) } { (areas[0].keeper) } }
        } }
        @if areas.is_empty() { p { @if none { "都有记入。" } @else { "这一年和上一年都没有记入。" } } }
        @for (nth, areas) in kept.iter().enumerate() {
            h2 id={ "k" (nth) } { (areas[0].keeper) }
            table.figures {
                thead { tr {
                    th { "数字" } @for head in beside.heads() { th { (head) } } th { "增减" } th { "记入" } th { "质量" }
                } }
                @for area in *areas { tbody {
                    @if area.title != area.keeper { tr.area { th colspan="6" {
                        @if let Some(register) = area.register { a href={ "/registers/" (register) } { (area.title) } }
                        @else { (area.title) }
                    } } }
                    @for (now, before) in &area.rows { (row(year, now, *before, said.as_ref())) }
                } }
            }
        }
    };
    Ok(visit.page(&format!("{year}年的数字"), main))
}

/// A row. There are hundreds: the end tags HTML can do without are left out, and the links that are one page further.
fn row(year: i16, now: &Reading, before: Option<&Reading>, said: Option<&Baseline>) -> Markup {
    let said = said.and_then(|said| said.said.get(&now.figure));
    let query = format!("?year={year}");
    let text = now.text();
    let digits = text.trim_end_matches(|c: char| !c.is_ascii_digit());
    html! {
        tr {
            th; a href=(address(&now.figure, &query)) { (now.title) }
            td; (opens(&text, now.entries, &now.figure, &query))
            td; @if let Some(before) = before { (before.text()) }
                @if let Some(words) = said { small.line { "上年报告称 " (words) @if before.is_none_or(|before| before.entries == 0) { "（台账无据）" } } }
            td; @if let Some(before) = before { (difference(&now.value, &before.value)) }
            td; @if digits != now.entries.to_string() { (now.entries) }
            td; @if now.late > 0 { span.wait { "补录 " (now.late) } " " }
                @if now.flagged > 0 { span.late { "标记 " (now.flagged) } }
        }
    }
}

/// The register a figure counts, what it is called and who keeps it; several have neither name nor keeper.
fn counted<'v>(visit: &Visit<'v>, figure: &str) -> (Option<&'v str>, &'v str, &'v str) {
    let set = visit.set();
    let of = |figure| {
        let bases = bases(set, figure).into_iter();
        bases.map(|base| base.figure.register.as_ref().map(|at| at.value.as_str())).collect::<BTreeSet<_>>()
    };
    let registers = set.figures.get(figure).map(|figure| of(figure)).unwrap_or_default();
    let one = registers.iter().next().copied().flatten().filter(|_| registers.len() == 1);
    match one.and_then(|id| set.register(id)) {
        Some(register) => {
            let keeper = register.keeper.as_deref().unwrap_or("其他");
            (visit.who.may_read(register).then_some(&register.id.value), &register.title, keeper)
        }
        None => (None, SEVERAL, SEVERAL),
    }
}

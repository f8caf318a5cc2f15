//! A table on the page: its wrong cells marked where they stand, and what a sound one will become (原表与试算的结果).

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use engine::definition::Register;
use engine::problem::{Problem, Spot};
use maud::{Markup, html};

use super::judge::Wrong;
use crate::query::names::called;
use crate::table::{Address, Grid, Plan, PlannedStep, SEALED, Summary, letters};
use crate::web::visit::Visit;

/// Steps shown of what a table becomes.
const MOST_STEPS: usize = 12;
/// Notes shown.
const MOST_NOTES: usize = 20;

/// A place as the page names it: `C5`, or the row's number.
fn name(spot: Spot) -> String {
    let Spot { row, column } = spot;
    column.map_or_else(|| (row + 1).to_string(), |column| Address { row, column }.to_string())
}

/// All problems at once: first those that belong to no cell, then the rows with the marked cells, then what is wrong with
/// each.
pub fn wrong(wrong: &Wrong) -> Markup {
    let shown = |problem: &Problem| {
        let grid = wrong.grid.as_ref()?;
        problem.spot().filter(|spot| grid.rows.contains_key(&spot.row))
    };
    let (placed, others): (Vec<_>, Vec<_>) = wrong.problems.iter().partition(|problem| shown(problem).is_some());
    html! {
        section.problems role="alert" {
            h2 { "没有记入：有 " (wrong.problems.len()) " 处需要改正" }
            @if !placed.is_empty() {
                p { (placed.len()) " 处已在下面的原表里标出（✗）。请在表格软件里改正、保存，再上传一次；有一处不对，整张表一行也不记。" }
            }
            @if !others.is_empty() { ul { @for problem in &others { (told(problem, None)) } } }
        }
        @if let Some(grid) = wrong.grid.as_ref().filter(|_| !placed.is_empty()) {
            (marked(grid, &placed))
            section.problems.listed {
                h2 { "逐处说明" }
                ul { @for problem in &placed { (told(problem, shown(problem))) } }
            }
        }
    }
}

fn told(problem: &Problem, spot: Option<Spot>) -> Markup {
    html! {
        li {
            @if let Some(spot) = spot { a.cell href=(format!("#cell-{}", name(spot))) { (name(spot)) } " " }
            strong { (problem.text) }
            span.remedy { (problem.remedy) }
            @if !problem.basis.is_empty() { span.basis { "依据：" (problem.basis.join("、")) } }
            small.code { (problem.code) }
        }
    }
}

/// The rows as they stand in the file, with letters and numbers as the spreadsheet has them.
fn marked(grid: &Grid, placed: &[&Problem]) -> Markup {
    let mut why: BTreeMap<Spot, String> = BTreeMap::new();
    for problem in placed {
        let Some(spot) = problem.spot() else { continue };
        let all = why.entry(spot).or_default();
        *all = format!("{all}{}{}。{}", if all.is_empty() { "" } else { "；" }, problem.text, problem.remedy);
    }
    let mut columns: BTreeSet<u32> = grid.columns();
    columns.extend(placed.iter().filter_map(|problem| problem.spot()?.column));
    let cell = |row: u32, column: u32| {
        let text = grid.rows.get(&row).and_then(|row| row.get(&column)).map_or("", String::as_str);
        let at = Spot { row, column: Some(column) };
        html! {
            @match why.get(&at) {
                Some(why) => td.wrong id=(format!("cell-{}", name(at))) title=(why) {
                    span.mark { "✗" } " " (text) @if text.is_empty() { span.soft { "（空）" } }
                },
                None => td { (text) },
            }
        }
    };
    html! {
        div.scroll.spread tabindex="0" role="region" aria-label="原表" {
            table {
                caption { @if grid.sheet.is_empty() { "原表" } @else { "工作表“" (grid.sheet) "”" } "：有问题的各行" }
                thead { tr { th { "" } @for column in &columns { th scope="col" { (letters(*column)) } } } }
                tbody {
                    @for row in grid.rows.keys() {
                        @let at = Spot { row: *row, column: None };
                        tr.heads[*row == grid.heading] {
                            @match why.get(&at) {
                                Some(why) => th.wrong scope="row" id=(format!("cell-{}", name(at))) title=(why) {
                                    span.mark { "✗" } " " (row + 1)
                                },
                                None => th scope="row" { (row + 1) },
                            }
                            @for column in &columns { (cell(*row, *column)) }
                        }
                    }
                }
            }
        }
    }
}

/// What a sound table becomes, in numbers.
pub fn summary(summary: &Summary) -> Markup {
    let line = |count: usize, title: &str, more: &str| {
        html! { @if count > 0 { tr { th scope="row" { (title) } td.num { (count) } td.soft { (more) } } } }
    };
    html! {
        table.sums {
            tbody {
                tr { th scope="row" { "读了" } td.num { (summary.rows) } td.soft { "行" } }
                (line(summary.opened, "新开案卷", "个"))
                (line(summary.numbered, "其中沿用纸质编号", "个"))
                (line(summary.continued, "已有案卷续记", "个"))
                (line(summary.steps, "共记入", "步"))
                (line(summary.already, "其中补记镇里以前的行为", "步，按“已发生”记入并标明"))
                (line(summary.known, "台账中已有", "步，不再记入"))
                (line(summary.files, "应附的文件", "处，不能随表格导入，请导入后在案卷中补传"))
                @for (kind, count) in &summary.flags { (line(*count, &format!("将有标记：{kind}"), "处")) }
            }
        }
        @if !summary.notes.is_empty() {
            ul.notes {
                @for note in summary.notes.iter().take(MOST_NOTES) {
                    li { @if let Some(line) = note.line { "第 " (line) " 行" } (note.text) }
                }
                @if summary.notes.len() > MOST_NOTES { li { "另有 " (summary.notes.len() - MOST_NOTES) " 条提示" } }
            }
        }
    }
}

/// The first steps, as what they will become.
pub fn preview(visit: &Visit<'_>, register: &Register, plan: &Plan) -> Result<Markup> {
    let mut rows = Vec::new();
    for planned in &plan.records {
        for step in planned.steps.iter().take(MOST_STEPS - rows.len()) {
            let record = match (planned.is_new, &planned.number) {
                (true, Some(number)) => format!("新案卷 {number}"),
                (true, None) => "新案卷".to_owned(),
                (false, _) => called(visit.db, &planned.record)?.unwrap_or_default(),
            };
            rows.push((step, record, fields(visit, register, step)?));
        }
        if rows.len() >= MOST_STEPS {
            break;
        }
    }
    let title = |step: &PlannedStep| register.step(&step.step).map_or("", |step| step.title.as_str()).to_owned();
    Ok(html! {
        div.scroll tabindex="0" role="region" aria-label="将记入的内容" {
            table.becomes {
                thead { tr { th.num { "行" } th { "案卷" } th { "步骤" } th { "内容" } } }
                tbody {
                    @for (step, record, fields) in &rows {
                        tr {
                            td.num { (step.line) }
                            td { (record) }
                            td { (title(step)) @if step.already.is_some() { " " span.tag.wait { "已发生" } } }
                            td { @for (title, value) in fields { span.said { span.soft { (title) } " " (value) } " " } }
                        }
                    }
                }
            }
        }
        @if plan.summary.steps > rows.len() { p.note { "以上是前 " (rows.len()) " 步，另有 " (plan.summary.steps - rows.len()) " 步。" } }
    })
}

/// What a step will say, field by field.
fn fields<'r>(visit: &Visit<'_>, register: &'r Register, one: &PlannedStep) -> Result<Vec<(&'r str, String)>> {
    let Some(step) = register.step(&one.step) else { return Ok(Vec::new()) };
    let mut said = Vec::new();
    for field in &step.fields {
        let id = field.id.value.as_str();
        // What was found by its name is his to see; what is not in the ledger yet, the table opens itself.
        let named = |id: &str| -> Result<String> {
            Ok(called(visit.db, id)?.unwrap_or_else(|| "（本表新开的案卷）".to_owned()))
        };
        if let Some(value) = one.filled.fields.get(id) {
            said.push((field.title.as_str(), field.shown(value, named)?));
        } else if one.filled.sealed.contains_key(id) {
            said.push((field.title.as_str(), SEALED.to_owned()));
        }
    }
    Ok(said)
}

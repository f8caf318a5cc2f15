//! A statement as a table on a page: laid out as the sheet is, each number opening its entries (报表的样子).

use std::collections::BTreeMap;

use engine::statement::{Area, Square};
use maud::{Markup, html};

use super::address;
use crate::statement::filled::{Filled, Held, Row};

/// So many rows of records stand on a page; the file has all.
const MOST: usize = 300;

/// The sheet.
pub fn table(filled: &Filled) -> Markup {
    let statement = &filled.statement;
    let mut squares: BTreeMap<Square, Markup> = BTreeMap::new();
    for (at, text) in &statement.expect {
        squares.insert(at.value, html! { (text) });
    }
    for cell in &filled.cells {
        let entries = cell.source.as_ref().map_or(0, |source| source.entries);
        let to = to_cell(filled, cell.at);
        squares.insert(cell.at, html! { @if entries > 0 { a href=(to) { (cell.held) } } @else { (cell.held) } });
    }
    let listing = statement.rows.as_ref();
    let listed = listing.into_iter().flat_map(|listing| listing.columns.iter().map(|(column, _)| column.value));
    let width = squares.keys().map(|at| at.column).chain(listed).max().unwrap_or(0);
    let height = squares.keys().map(|at| at.row).max().unwrap_or(0).max(listing.map_or(0, |one| one.last));
    let is_number = |at: &Square| filled.cells.iter().any(|cell| cell.at == *at && cell.source.is_some());
    let is_listed = |row: u32| listing.is_some_and(|one| (one.first.value..=one.last).contains(&row));
    let shown = filled.rows.len().min(MOST);
    let line = |row: u32| {
        html! { tr {
            @for column in 0..=width {
                @let at = Square { row, column };
                @let area = statement.merged.iter().find(|area| area.holds(at));
                @if area.is_none_or(|area| area.from == at) {
                    @let (across, down) = spans(area);
                    @let text = squares.get(&at);
                    @if statement.expected(at).is_some() { th colspan=[across] rowspan=[down] { (text.cloned().unwrap_or_default()) } }
                    @else { td.num[is_number(&at)] colspan=[across] rowspan=[down] { (text.cloned().unwrap_or_default()) } }
                }
            }
        } }
    };
    html! {
        div.scroll { table { tbody {
            @for row in 0..=height {
                @if listing.is_some_and(|one| one.first.value == row) { @for one in &filled.rows[..shown] { (record(filled, one, width)) } }
                @if !is_listed(row) { (line(row)) }
            }
        } } }
        @if filled.rows.len() > shown { p.note { "这里列出前 " (shown) " 行，共 " (filled.rows.len()) " 行，全部在文件里。" } }
    }
}

/// The address of what stands behind a cell.
fn to_cell(filled: &Filled, at: Square) -> String {
    let page = address(&filled.statement.id, &filled.reported.key());
    page.replacen('?', &format!("/cells/{at}?"), 1)
}

/// How far a cell goes across and down, where it is more than one.
fn spans(area: Option<&Area>) -> (Option<u32>, Option<u32>) {
    let span = |from: u32, to: u32| (to > from).then_some(to - from + 1);
    area.map_or((None, None), |area| (span(area.from.column, area.to.column), span(area.from.row, area.to.row)))
}

/// A record's row; its first cell opens it.
fn record(filled: &Filled, row: &Row, width: u32) -> Markup {
    let register = filled.statement.rows.as_ref().map_or("", |listing| listing.register.value.as_str());
    let to = format!("/registers/{register}/{}#entry-{}", row.record, row.entry);
    let first = row.cells.iter().map(|(column, _)| *column).min();
    html! { tr {
        @for column in 0..=width {
            @let held = row.cells.iter().find(|(at, _)| *at == column).map(|(_, held)| held);
            @let number = matches!(held, Some(Held::Number(_)));
            td.num[number] {
                @if let Some(held) = held { @if first == Some(column) { a href=(to) { (held) } } @else { (held) } }
            }
        }
    } }
}

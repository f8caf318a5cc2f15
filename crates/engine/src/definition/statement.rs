//! Statements: what stands in which cell of a table a superior asks for, from figures and records (报表).

use std::collections::BTreeMap;

use crate::read::{At, Raw, Table};
use crate::report::By;
use crate::statement::{Area, Square};

use super::basis::{self, Basis};
use super::check::Stretch;
use super::condition::{self, Condition};
use super::field::FieldRef;
use super::says::{self, OF_ROWS, OF_TEXTS, Said, Says, Word};

/// A table as a superior wants it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// The name of its file, by which it is asked for.
    pub id: String,
    /// What people see.
    pub title: String,
    /// To whom it goes, as a rule.
    pub to: String,
    /// Who asks for it.
    pub basis: Basis,
    /// What nobody here has seen yet (待核).
    pub pending: Option<String>,
    /// How long a time each is about.
    pub period: Stretch,
    /// The sheet of the superior's workbook; none: the first one people see.
    pub sheet: Option<String>,
    /// What has to stand in which cells, so that another layout is noticed; without a template it is written there.
    pub expect: Vec<(At<Square>, String)>,
    /// The cells that are one, where no template says so.
    pub merged: Vec<Area>,
    /// How wide columns are, in characters, where no template says so.
    pub widths: Vec<(u32, u16)>,
    /// Words that change from one to the next: who reports, on which time.
    pub texts: Vec<(At<Square>, Says)>,
    /// The cells that hold a figure, those of a matrix among them.
    pub cells: Vec<FigureCell>,
    /// The rows of records, if it has any.
    pub rows: Option<Listing>,
    /// The file it was read from.
    pub file: String,
}

/// A cell with a figure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FigureCell {
    /// Which cell.
    pub at: At<Square>,
    /// The figure.
    pub figure: At<String>,
    /// Money in units of ten thousand yuan (万元).
    pub ten_thousands: bool,
    /// All of it, or which part.
    pub part: PartOf,
}

/// How much of a figure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PartOf {
    /// All.
    Whole,
    /// One of the parts it is broken down into.
    One {
        /// Broken down by what.
        by: By,
        /// Which part: a choice, `03` for March, the name of a village.
        key: At<String>,
    },
    /// The parts that have no cell of their own, together.
    Rest {
        /// Broken down by what.
        by: By,
        /// Those that have one.
        but: Vec<String>,
    },
}

/// Rows of records: a ledger as the superior wants it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listing {
    /// The register.
    pub register: At<String>,
    /// Each time this step was taken is a row, of the day it happened.
    pub step: At<String>,
    /// A number field that says of which year it is, instead of that day.
    pub year: Option<At<FieldRef>>,
    /// A figure behind whose entries the record has to stand, instead of that day.
    pub figure: Option<At<String>>,
    /// Only what fits.
    pub conditions: Vec<Condition>,
    /// Not what fits this, if anything is written.
    pub unless: Vec<Condition>,
    /// By which field rows are put in order; the day where nothing is said or two are alike.
    pub order: Option<At<FieldRef>>,
    /// The first row, from 0.
    pub first: At<u32>,
    /// The last row the template has prepared.
    pub last: u32,
    /// What stands in which column.
    pub columns: Vec<(At<u32>, Says)>,
}

impl Statement {
    /// What a template has to say in a cell, if anything.
    pub fn expected(&self, at: Square) -> Option<&str> {
        self.expect.iter().find(|(square, _)| square.value == at).map(|(_, text)| text.as_str())
    }
}

pub(super) fn read(table: &mut Table<'_>, file: &str) -> Statement {
    let id = super::stem(file).to_owned();
    super::check_id(table, &At { value: id.clone(), span: 0..0 });
    let title = table.need_text("title").value;
    let basis = basis::read(table, Some("报表"));
    let period = table.word("period", Stretch::WORDS);
    if period.is_none() && !table.has("period") {
        table.missing("period");
    }
    let period = period.map_or(Stretch::Year, |at| at.value);
    let mut statement = Statement {
        id,
        title,
        to: table.need_text("to").value,
        basis,
        pending: table.text("pending").map(|text| text.value),
        period,
        sheet: table.text("sheet").map(|text| text.value),
        expect: read_expect(table),
        merged: read_merged(table),
        widths: read_widths(table),
        texts: Vec::new(),
        cells: Vec::new(),
        rows: None,
        file: file.to_owned(),
    };
    for mut inner in table.tables("text") {
        let at = read_square(&mut inner, "at");
        let says = inner.need_text("says");
        let says = says::read(&inner, &says, OF_TEXTS, None);
        statement.texts.extend(at.map(|at| (at, says)));
        inner.finish();
    }
    for mut inner in table.tables("cell") {
        statement.cells.extend(read_cell(&mut inner));
        inner.finish();
    }
    for mut inner in table.tables("matrix") {
        read_matrix(&mut inner, &mut statement.cells);
        inner.finish();
    }
    if let Some(mut inner) = table.table("rows") {
        statement.rows = read_rows(&mut inner, period);
        inner.finish();
    }
    let empty = statement.cells.is_empty() && statement.rows.is_none();
    if empty && !["cell", "matrix", "rows"].iter().any(|key| table.has(key)) {
        table.note(3, 0..0, "报表里没有要填的", "请写 [[cell]]、[[matrix]] 或者 [rows]");
    }
    twice(table, &statement);
    statement
}

/// A cell holds one thing.
fn twice(table: &Table<'_>, statement: &Statement) {
    let mut seen: BTreeMap<Square, ()> = BTreeMap::new();
    let expected = statement.expect.iter().map(|(at, _)| at);
    let texts = statement.texts.iter().map(|(at, _)| at);
    let cells = statement.cells.iter().map(|cell| &cell.at);
    for at in expected.chain(texts).chain(cells) {
        let listed = |listing: &Listing| {
            let column = listing.columns.iter().any(|(column, _)| column.value == at.column);
            column && (listing.first.value..=listing.last).contains(&at.row)
        };
        let again = seen.insert(at.value, ()).is_some();
        if again || statement.rows.as_ref().is_some_and(listed) {
            let remedy = "一个单元格只写一处：expect、text、cell、matrix 或者 rows，请删去多余的";
            table.note(10, at.span.clone(), format!("单元格 {} 写了两遍", at.value), remedy);
        }
    }
}

const WANTED: &str = "请照 Excel 的写法写大写的列和行号，如 \"C6\"";

fn wrong_name(table: &Table<'_>, at: &At<String>, what: &str, remedy: &str) {
    table.note(35, at.span.clone(), format!("“{}”不是{what}", at.value), remedy);
}

fn read_square(table: &mut Table<'_>, key: &'static str) -> Option<At<Square>> {
    let text = table.need_text(key);
    let found = Square::parse(&text.value);
    if found.is_none() && !text.value.is_empty() {
        wrong_name(table, &text, "单元格", WANTED);
    }
    Some(At { value: found?, span: text.span })
}

/// `{ A1 = "…" }`
fn read_expect(table: &mut Table<'_>) -> Vec<(At<Square>, String)> {
    let mut all = Vec::new();
    let Some(mut inner) = table.table("expect") else { return all };
    for (name, raw) in inner.entries() {
        match (Square::parse(&name.value), raw.as_text()) {
            (Some(square), Some(text)) => all.push((At { value: square, span: name.span }, text.value)),
            (None, _) => wrong_name(table, &name, "单元格", WANTED),
            (_, None) => raw.wrong("文字"),
        }
    }
    all.sort_by_key(|(at, _)| at.value);
    all
}

fn read_merged(table: &mut Table<'_>) -> Vec<Area> {
    let texts = table.texts("merged");
    let area = |text: &At<String>| {
        let area = Area::parse(&text.value);
        if area.is_none() {
            wrong_name(table, text, "几个单元格", "请写左上角和右下角，如 \"A1:J1\"");
        }
        area
    };
    texts.iter().filter_map(area).collect()
}

/// `{ A = 18 }`
fn read_widths(table: &mut Table<'_>) -> Vec<(u32, u16)> {
    let mut all = Vec::new();
    let Some(mut inner) = table.table("widths") else { return all };
    for (name, raw) in inner.entries() {
        let width = raw.as_int().and_then(|width| u16::try_from(width).ok()).filter(|width| (1..=120).contains(width));
        match (Square::column(&name.value), width) {
            (Some(column), Some(width)) => all.push((column, width)),
            (None, _) => wrong_name(table, &name, "列", "请照 Excel 的写法写大写的列，如 A = 18"),
            (_, None) => table.note(35, raw.span(), "列宽没有写对", "请写 1 到 120 之间的整数，一个汉字占两个"),
        }
    }
    all
}

/// `"mediation.ended"`, or `{ figure = "mediation.amount", unit = "万元" }`.
fn read_figure(raw: &Raw<'_>) -> Option<(At<String>, bool)> {
    if let Some(figure) = raw.as_text() {
        return Some((figure, false));
    }
    let Some(mut table) = raw.as_table() else {
        raw.wrong("数字的编号，或者 { figure = \"…\", unit = \"万元\" }");
        return None;
    };
    let (figure, unit) = (table.need_text("figure"), read_unit(&mut table));
    table.finish();
    Some((figure, unit))
}

/// Money is written in yuan where nothing is said.
fn read_unit(table: &mut Table<'_>) -> bool {
    table.word("unit", &[("万元", true)]).is_some_and(|at| at.value)
}

fn read_by(table: &mut Table<'_>) -> Option<By> {
    let words: Vec<(&str, By)> = By::ALL.iter().map(|(word, by, _)| (*word, *by)).collect();
    let by = table.word("by", &words);
    if by.is_none() && !table.has("by") {
        table.missing("by");
    }
    by.map(|at| at.value)
}

fn read_cell(table: &mut Table<'_>) -> Option<FigureCell> {
    let (at, figure) = (read_square(table, "at"), table.need_text("figure"));
    let ten_thousands = read_unit(table);
    let mut part = PartOf::Whole;
    if let Some(mut inner) = table.table("part") {
        let (by, key) = (read_by(&mut inner), inner.need_text("key"));
        inner.finish();
        part = PartOf::One { by: by?, key };
    }
    Some(FigureCell { at: at?, figure, ten_thousands, part })
}

/// Parts down, figures across.
fn read_matrix(table: &mut Table<'_>, cells: &mut Vec<FigureCell>) {
    let by = read_by(table);
    for key in ["columns", "rows"] {
        if !table.has(key) {
            table.missing(key);
        }
    }
    let mut columns = Vec::new();
    if let Some(mut inner) = table.table("columns") {
        for (name, raw) in inner.entries() {
            match Square::column(&name.value) {
                Some(column) => columns.extend(read_figure(&raw).map(|figure| (column, figure))),
                None => wrong_name(table, &name, "列", "请照 Excel 的写法写大写的列，如 B = \"mediation.ended\""),
            }
        }
    }
    let mut rows = Vec::new();
    if let Some(mut inner) = table.table("rows") {
        for (name, raw) in inner.entries() {
            match (Square::row(&name.value), raw.as_text()) {
                (Some(row), Some(key)) => rows.push((At { value: row, span: name.span }, key)),
                (None, _) => wrong_name(table, &name, "行号", "请写行号和类别，如 6 = \"family\""),
                (_, None) => raw.wrong("文字"),
            }
        }
    }
    let whole = read_row(table, "whole");
    let rest = read_row(table, "rest");
    let Some(by) = by else { return };
    let but: Vec<String> = rows.iter().map(|(_, key)| key.value.clone()).collect();
    for (column, (figure, ten_thousands)) in columns {
        let mut push = |row: &At<u32>, part: PartOf| {
            let at = At { value: Square { row: row.value, column }, span: row.span.clone() };
            cells.push(FigureCell { at, figure: figure.clone(), ten_thousands, part });
        };
        for (row, key) in &rows {
            push(row, PartOf::One { by, key: key.clone() });
        }
        rest.iter().for_each(|row| push(row, PartOf::Rest { by, but: but.clone() }));
        whole.iter().for_each(|row| push(row, PartOf::Whole));
    }
}

/// A row by the number people see.
fn read_row(table: &mut Table<'_>, key: &'static str) -> Option<At<u32>> {
    let at = table.int(key)?;
    let row = u32::try_from(at.value).ok().and_then(|row| Square::row(&row.to_string()));
    if row.is_none() {
        table.note(35, at.span.clone(), format!("{key} 写的不是行号"), "请写 Excel 里的行号，从 1 起");
    }
    Some(At { value: row?, span: at.span })
}

fn read_rows(table: &mut Table<'_>, period: Stretch) -> Option<Listing> {
    let (register, step) = (table.need_text("register"), table.need_text("step"));
    let field = |at: At<String>| at.map(|text| FieldRef::parse(&text, &step.value));
    let year = table.text("year").map(field);
    let figure = table.text("figure");
    if let (Some(year), Some(_)) = (&year, &figure) {
        let remedy = "请只写一个：year 看所填的年度，figure 看是不是在这个数字里，都不写的看步骤的日期";
        table.note(10, year.span.clone(), "year 和 figure 只能写一个", remedy);
    }
    if let Some(year) = year.as_ref().filter(|_| period != Stretch::Year) {
        table.note(10, year.span.clone(), "year 只用于一年一报的表", "请写 period = \"year\"，或者删去 year");
    }
    let conditions = condition::read(table, "where", &step.value);
    let unless = condition::read(table, "unless", &step.value);
    let order = table.text("order").map(field);
    for key in ["first", "columns"] {
        if !table.has(key) {
            table.missing(key);
        }
    }
    let (first, last) = (read_row(table, "first"), read_row(table, "last"));
    if let (Some(first), Some(last)) = (&first, &last)
        && last.value < first.value
    {
        table.note(10, last.span.clone(), "last 在 first 上面", "first、last 是表里留出来填写的第一行和最后一行");
    }
    let mut columns = Vec::new();
    if let Some(mut inner) = table.table("columns") {
        for (name, raw) in inner.entries() {
            let Some(column) = Square::column(&name.value) else {
                wrong_name(table, &name, "列", "请照 Excel 的写法写大写的列，如 B = \"{hold.on}\"");
                continue;
            };
            match raw.as_text() {
                Some(text) => {
                    let says = says::read(table, &text, OF_ROWS, Some(&step.value));
                    columns.push((At { value: column, span: name.span }, says));
                }
                None => raw.wrong("文字，如 \"{步骤.字段}\""),
            }
        }
    }
    columns.sort_by_key(|(column, _)| column.value);
    let first = first?;
    let last = last.map_or(first.value, |last| last.value.max(first.value));
    Some(Listing { register, step, year, figure, conditions, unless, order, first, last, columns })
}

impl Listing {
    /// Whether a column holds nothing but the ordinal: that may be printed in a template already.
    pub fn is_ordinal(&self, column: u32) -> bool {
        let says = self.columns.iter().find(|(at, _)| at.value == column);
        says.is_some_and(|(_, says)| matches!(says.alone(), Some(Said::Word(Word::Ordinal))))
    }
}

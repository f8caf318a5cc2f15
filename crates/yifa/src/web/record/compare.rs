//! `/registers/{register}/{record}/compare`: two versions of the record's text, article by article (条文对照).

use std::collections::BTreeMap;

use anyhow::Result;
use engine::compare::{Change, Piece, Row, compare};
use engine::definition::{FieldType, Register};
use maud::{Markup, html};

use super::{Opened, Record, below};
use crate::refused;
use crate::versions::{Version, text_at, versions};
use crate::web::answer::{Answer, Turned};
use crate::web::layout::problems;
use crate::web::visit::Visit;

/// Whether the record keeps versions of a text: other steps of its register say of which draft they are, and there are
/// two files to hold against each other.
pub fn has(record: &Record<'_>) -> bool {
    let mut steps = record.opened.register.steps.iter();
    let drafts = steps.any(|step| {
        named(record.opened.register, &step.id)
            && step.fields.iter().any(|field| field.kind == FieldType::File && !field.personal)
    });
    drafts && versions(&record.course, &record.opened.entries).len() > 1
}

/// Whether other steps of a register say of which of this one they are, as an examination says of which draft.
fn named(register: &Register, step: &str) -> bool {
    let mut fields = register.steps.iter().flat_map(|step| &step.fields);
    fields.any(|field| matches!(&field.kind, FieldType::Entry(of) if of.value == step))
}

/// The two to hold against each other where nobody chose: the newest two of one field, a draft's before another's; the
/// first and the last where no field has two.
fn usual(register: &Register, all: &[Version]) -> (usize, usize) {
    let field = |one: &Version| {
        let (step, field) = one.at.split_once(':')?;
        Some((step.to_owned(), field.split_once('.')?.1.to_owned()))
    };
    let mut fields: BTreeMap<(String, String), Vec<usize>> = BTreeMap::new();
    for (nth, one) in all.iter().enumerate() {
        field(one).into_iter().for_each(|field| fields.entry(field).or_default().push(nth));
    }
    let pairs = fields.iter().filter_map(|((step, _), nths)| {
        let [.., earlier, later] = nths[..] else { return None };
        // A draft is there before what is said of it, and its text before what goes with it.
        Some(((!named(register, step), nths[0]), (earlier, later)))
    });
    pairs.min().map_or((0, all.len() - 1), |(_, pair)| pair)
}

/// `GET /registers/{register}/{record}/compare`
pub fn show(visit: &Visit<'_>) -> Result<Answer> {
    let opened = Opened::of(visit)?;
    let record = opened.read(visit)?;
    let all = versions(&record.course, &opened.entries);
    if all.len() < 2 {
        let main = html! { h1 { "条文对照" } p { "这个案卷没有两份可以对照的文本。" } };
        return Ok(below(&record, "条文对照", main));
    }
    let (earlier, later) = usual(opened.register, &all);
    let (from, to) = (chosen(visit, &all, "from", earlier)?, chosen(visit, &all, "to", later)?);
    let files = visit.site.folder.files();
    let text = |at: &str| text_at(&files, &record.course, &opened.entries, at);
    let texts = text(&from.at).and_then(|earlier| Ok((earlier, text(&to.at)?)));
    let told = match &texts {
        Ok((earlier, later)) => rows(&compare(earlier, later), visit.query("all").is_some()),
        // A picture of a text, or a file of a kind that cannot be read: the problem says what to do.
        Err(error) => match refused::problems(error) {
            Some(found) => problems(&found),
            None => return Err(texts.err().unwrap_or_else(|| Turned::NotFound.into())),
        },
    };
    let choose = |name: &str, title: &str, now: &Version| {
        html! {
            label { (title) select name=(name) {
                @for one in &all {
                    option value=(one.at) selected[one.at == now.at] { (one.title) "，" (one.day) }
                }
            } }
        }
    };
    let main = html! {
        h1 { "条文对照" }
        form.choose method="get" action=(record.at("/compare")) {
            (choose("from", "前一份", from))
            (choose("to", "后一份", to))
            label.check { input type="checkbox" name="all" value="1" checked[visit.query("all").is_some()]; "未改的也列出" }
            button.second type="submit" { "对照" }
        }
        (told)
    };
    Ok(below(&record, "条文对照", main))
}

/// The version asked for: one of the record's, or nothing.
fn chosen<'a>(visit: &Visit<'_>, all: &'a [Version], name: &str, usual: usize) -> Result<&'a Version> {
    match visit.query(name) {
        None => Ok(&all[usual]),
        Some(at) => all.iter().find(|one| one.at == at).ok_or_else(|| Turned::NotFound.into()),
    }
}

fn rows(rows: &[Row], all: bool) -> Markup {
    let count = |change: Change| rows.iter().filter(|row| row.change == change).count();
    let kinds = [Change::Changed, Change::New, Change::Deleted, Change::Same];
    html! {
        p { "共 " (rows.len()) " 处："
            @for (nth, kind) in kinds.into_iter().enumerate() { @if nth > 0 { "，" } (kind.chinese()) " " (count(kind)) }
            "；其中条序变动 " (rows.iter().filter(|row| row.renumbered).count()) "。"
            span.soft { "删去的加删除线，新增的加下划线。" }
        }
        div.scroll tabindex="0" role="region" aria-label="条文对照" {
            table.compared {
                thead { tr { th { "原条序" } th { "现条序" } th { "变动" } th { "文字" } } }
                tbody {
                    @for row in rows.iter().filter(|row| all || row.change != Change::Same || row.renumbered || row.moved) {
                        tr {
                            td.nowrap { (row.from.as_deref().unwrap_or("—")) }
                            td.nowrap { (row.to.as_deref().unwrap_or("—")) }
                            td.nowrap {
                                span.tag.good[row.change == Change::New].bad[row.change == Change::Deleted].wait[row.change == Change::Changed] { (row.change.chinese()) }
                                @if row.renumbered { br; small { "条序变动" } }
                                @if row.moved { br; small { "位置变动" } }
                            }
                            td.wording {
                                @match row.change {
                                    Change::New => ins { (row.text) },
                                    Change::Deleted => del { (row.text) },
                                    Change::Same if !all => span.soft { "（文字未改）" },
                                    Change::Same => (row.text),
                                    Change::Changed => (marked(&row.pieces)),
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// The words, what went struck and what came underlined.
fn marked(pieces: &[Piece]) -> Markup {
    html! {
        @for piece in pieces {
            @match piece.change {
                Change::Deleted => del { (piece.text) },
                Change::New => ins { (piece.text) },
                Change::Same | Change::Changed => (piece.text),
            }
        }
    }
}

//! A small world to report on: a few figures, their readings, and a plain way to write a document down.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::super::{Align, Block, Breakdown, By, Context, Document, Share, Source, Span, Template, Variables, Year};
use crate::day::Day;
use crate::definition::{Basis, Counts, Definitions, FieldRef, Figure, Over};
use crate::figure::{Number, Reading};
use crate::read::At;

pub fn at<T>(value: T) -> At<T> {
    At { value, span: 0..0 }
}

/// A figure of a name; those that end in rate, reach or coverage are ratios.
pub fn figure(id: &str) -> Figure {
    let rate = ["rate", "reach", "coverage"].iter().any(|end| id.ends_with(end));
    let base = id.split('.').next().unwrap_or_default().to_owned();
    Figure {
        id: id.to_owned(),
        at: 0..0,
        title: format!("〈{id}〉"),
        units: vec![if rate { "%" } else { "件" }.to_owned()],
        register: Some(at(base.clone())),
        counts: if rate {
            let part = |name: &str| at(format!("{base}.{name}"));
            Counts::Ratio { of: part("some"), over: Over::Figure(part("all")), digits: 1, when_zero: "—".into() }
        } else {
            Counts::Records { reached: vec![at("end".to_owned())], every: false }
        },
        dated: None,
        kind: (!rate).then(|| at(FieldRef { step: "open".into(), field: "sort".into() })),
        conditions: Vec::new(),
        says: Vec::new(),
        says_part: Vec::new(),
        basis: Basis { cites: Vec::new(), local: Some("口径样例".into()) },
        file: "figures.toml".into(),
        hash: String::new(),
    }
}

pub fn set<'i>(ids: impl IntoIterator<Item = &'i str>) -> Definitions {
    let figures = ids.into_iter().map(|id| (id.to_owned(), Arc::new(figure(id)))).collect();
    Definitions { figures, ..Definitions::default() }
}

/// `id value` lines; `id -` is a ratio with nothing below the line. Ratios are written in per cent.
pub fn readings(set: &Definitions, text: &str) -> BTreeMap<String, Reading> {
    let rows = text.split_whitespace().collect::<Vec<_>>();
    let written: BTreeMap<&str, &str> = rows.chunks(2).map(|row| (row[0], row[1])).collect();
    let read = |figure: &Arc<Figure>| {
        let value = written.get(figure.id.as_str()).copied();
        let whole: i64 = value.and_then(|v| v.parse().ok()).unwrap_or(0);
        let number = match (&figure.counts, value) {
            (Counts::Ratio { .. }, Some("-") | None) => Number::None("—".into()),
            (Counts::Ratio { .. }, _) => Number::Percent { scaled: whole * 10, digits: 1 },
            _ => Number::Whole(whole),
        };
        let reading = Reading {
            figure: figure.id.clone(),
            title: figure.title.clone(),
            value: number,
            unit: figure.unit().to_owned(),
            entries: whole as u64,
            late: whole as u64 / 10,
            flagged: 0,
        };
        (figure.id.clone(), reading)
    };
    set.figures.values().map(read).collect()
}

/// Every figure falls on two villages, one of them twice.
pub struct Halves;

impl Breakdown for Halves {
    fn shares(&self, figure: &str, by: By) -> Vec<Share> {
        let share = |key: &str, label: &str, n| Share { key: key.into(), label: label.into(), value: Number::Whole(n) };
        match (by, figure) {
            (_, "a.none") => Vec::new(),
            (By::Village, "a.two") => vec![share("huangsha", "黄沙村", 2)],
            (By::Village, _) => vec![share("huangsha", "黄沙村", 4), share("xiangshui", "象水村", 3)],
            _ => vec![share("family", "婚姻家庭", 4), share("land", "山林土地", 2)],
        }
    }
    fn entries(&self, _: &str, year: Year) -> Vec<String> {
        vec![if year == Year::This { "七" } else { "三" }.into()]
    }
}

pub fn variables() -> Variables {
    let as_of = Day::new(2023, 12, 31).unwrap();
    Variables { signed_on: Day::new(2024, 1, 15), ..Variables::new(2023, as_of, "五指峰乡", "上犹县") }
}

pub fn document(template: &str, set: &Definitions, this: &str, last: &str) -> Document {
    let (template, problems) = Template::read("t.md", template, set);
    assert!(problems.is_empty(), "{problems:#?}");
    let context = Context {
        set,
        variables: &variables(),
        this_year: &readings(set, this),
        last_year: &if last.is_empty() { BTreeMap::new() } else { readings(set, last) },
        breakdown: &Halves,
        checkpoint: "记入 290，根 f00d",
    };
    super::super::compose(&template, &context)
}

/// A document as lines: figures in brackets with their note.
pub fn shown(document: &Document) -> String {
    let mut lines = vec![format!("# {}", document.title)];
    let spans = |spans: &[Span]| spans.iter().map(span).collect::<String>();
    for block in &document.blocks {
        match block {
            Block::Heading { level, number, text } => lines.push(format!("h{level} {number}{text}")),
            Block::Paragraph { align: Align::Indented, spans: all, .. } => lines.push(spans(all)),
            Block::Paragraph { align, spans: all, .. } => lines.push(format!("{align:?}> {}", spans(all))),
            Block::Table(table) => {
                lines.push(format!("[{}] {}", table.caption, table.head.join(" | ")));
                let cells = |row: &Vec<Span>| row.iter().map(span).collect::<Vec<_>>().join(" | ");
                lines.extend(table.rows.iter().map(cells));
                lines.extend(table.remark.clone());
            }
        }
    }
    lines.extend(document.annex.printed.iter().map(source));
    lines.extend(document.annex.decided.iter().map(source));
    lines.join("\n")
}

fn span(span: &Span) -> String {
    match span {
        Span::Text(text) => text.clone(),
        Span::Figure { text, note, part, .. } => {
            format!("[{text}]{note}{}", part.as_ref().map_or_else(String::new, |part| format!("/{}", part.key)))
        }
    }
}

fn source(source: &Source) -> String {
    let Source { note, text, of_year, entries, late, evidence, .. } = source;
    format!("({note}) {} {of_year} {text} {entries}/{late} {} {}", source.anchor(), evidence.join("、"), source.origin)
}

//! A template and the readings become a document. Pure: the same arguments give the same bytes.

use std::collections::BTreeMap;

use super::annex::{self, Used};
use super::condition::{is_rate, scaled};
use super::document::{Align, Block, Document, Part, Span, Year};
use super::table::{self, By};
use super::template::{Item, Line, Piece, Role, Template, When};
use super::variable::Variables;
use crate::definition::Definitions;
use crate::figure::{Number, Reading};
use crate::law::numeral;

/// What a report is composed from.
pub struct Context<'c> {
    /// The definitions the readings were taken under.
    pub set: &'c Definitions,
    /// Who reports, on what.
    pub variables: &'c Variables,
    /// Every figure of the year reported.
    pub this_year: &'c BTreeMap<String, Reading>,
    /// Every figure of the year before; empty when the journal holds nothing of it, and then nothing is compared.
    pub last_year: &'c BTreeMap<String, Reading>,
    /// What stands behind a figure.
    pub breakdown: &'c dyn Breakdown,
    /// Which journal the readings were taken from, in words: its size and its root.
    pub checkpoint: &'c str,
}

/// What stands behind a figure, asked for one at a time because an annex needs only those the report uses.
pub trait Breakdown {
    /// The shares of a figure of the year reported, in the order they are to be shown.
    fn shares(&self, figure: &str, by: By) -> Vec<Share>;
    /// The entries behind a figure, as a reader finds them (`286`, `（2023）五调字第7号`).
    fn entries(&self, figure: &str, year: Year) -> Vec<String>;
}

/// One share of a figure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Share {
    /// The id of the village or choice; `2024-03`.
    pub key: String,
    /// What people see.
    pub label: String,
    /// How much.
    pub value: Number,
}

/// Composes a report.
pub fn compose(template: &Template, context: &Context<'_>) -> Document {
    let mut composer =
        Composer { context, blocks: Vec::new(), used: Used::default(), parts: BTreeMap::new(), stands: false, item: 0 };
    let title = composer.words(&template.title);
    for (nth, item) in template.blocks.iter().enumerate() {
        composer.item = nth;
        composer.item(item);
    }
    let blocks = number(composer.blocks);
    Document { title, blocks, annex: annex::compose(composer.used, context) }
}

/// A report being composed.
pub(super) struct Composer<'a, 'c> {
    pub context: &'a Context<'c>,
    blocks: Vec<Block>,
    used: Used,
    parts: BTreeMap<(String, By), Vec<Share>>,
    /// Whether a conditional line stands under this heading, since the last `?else`.
    stands: bool,
    /// Which item of the template is being composed.
    item: usize,
}

impl Composer<'_, '_> {
    fn item(&mut self, item: &Item) {
        match item {
            Item::Heading { level, text } => {
                self.stands = false;
                let text = self.words(&text.value);
                self.blocks.push(Block::Heading { level: *level, number: String::new(), text });
            }
            Item::Paragraph(lines) => self.paragraph(lines),
            Item::Aside { right, text } => {
                let align = if *right { Align::Right } else { Align::Left };
                let text = self.words(text);
                // Who signs together signs below each other.
                for line in text.split(|c| *right && c == '、') {
                    let spans = vec![Span::Text(line.to_owned())];
                    self.blocks.push(Block::Paragraph { align, spans, place: String::new() });
                }
            }
            Item::Table(of) => {
                let table = table::compose(self, of);
                self.blocks.extend(table.map(Block::Table));
            }
        }
    }

    fn paragraph(&mut self, lines: &[Line]) {
        let left: Vec<&Line> = lines.iter().filter(|line| self.remains(line)).collect();
        let (mut spans, mut group) = (Vec::new(), 0);
        for (n, line) in left.iter().enumerate() {
            let next = left.get(n + 1).map(|line| line.role);
            let in_list = matches!(next, Some(Role::Counted | Role::Joined));
            if line.role == Role::Lead && !in_list {
                continue;
            }
            if line.apart && !spans.is_empty() {
                self.push(std::mem::take(&mut spans), group);
            }
            if spans.is_empty() {
                group = group_of(lines, line);
            }
            if line.role == Role::Counted
                && let Some(nth) = nth(&left, n)
            {
                spans.push(Span::Text(format!("{}是", numeral::write(nth))));
            }
            for piece in &line.pieces {
                spans.extend(self.piece(piece));
            }
            let end = match line.role {
                Role::Joined if next == Some(Role::Joined) => "，",
                Role::Joined => "。",
                Role::Counted if ends_sentence(&spans) => "",
                Role::Counted if next == Some(Role::Counted) => "；",
                Role::Counted => "。",
                Role::Sentence | Role::Lead => "",
            };
            spans.push(Span::Text(end.to_owned()));
        }
        let spans = merge(spans);
        if !spans.is_empty() {
            self.push(spans, group);
        }
    }

    fn push(&mut self, spans: Vec<Span>, group: usize) {
        let place = format!("{}.{group}", self.item);
        self.blocks.push(Block::Paragraph { align: Align::Indented, spans, place });
    }

    /// Whether a line stands. A sentence that would have to print a number that does not exist says nothing.
    fn remains(&mut self, line: &Line) -> bool {
        let holds = match &line.when {
            When::Always => true,
            When::If(all) => {
                for comparison in all {
                    comparison.looks_at().into_iter().for_each(|(id, last)| self.used.decides(id, year(last)));
                }
                all.iter().all(|one| one.holds(self.context.this_year, self.context.last_year))
            }
            When::Else => !std::mem::take(&mut self.stands),
        };
        let mut exists = |piece: &Piece| match piece {
            Piece::Figure { id, last_year, .. } => {
                self.reading(id, year(*last_year)).is_some_and(|reading| !matches!(reading.value, Number::None(_)))
            }
            Piece::Shares { id, by } => !self.most(id, *by).is_empty(),
            _ => true,
        };
        let remains = holds && line.pieces.iter().all(&mut exists);
        if matches!(line.when, When::If(_)) {
            self.stands |= remains;
        }
        remains
    }

    fn piece(&mut self, piece: &Piece) -> Vec<Span> {
        match piece {
            Piece::Text(text) => vec![Span::Text(text.clone())],
            Piece::Variable(name) => vec![Span::Text(self.context.variables.get(name))],
            Piece::Figure { id, last_year, unit } => self.figure(id, year(*last_year), *unit).into_iter().collect(),
            Piece::Shares { id, by } => self.shares(id, *by),
        }
    }

    /// The parts of a figure of the year reported.
    pub fn parts(&mut self, id: &str, by: By) -> Vec<Share> {
        let breakdown = self.context.breakdown;
        self.parts.entry((id.to_owned(), by)).or_insert_with(|| breakdown.shares(id, by)).clone()
    }

    /// The parts that say most: of a count the greatest, of a rate the lowest.
    fn most(&mut self, id: &str, by: By) -> Vec<Share> {
        let mut parts = self.parts(id, by);
        let of = |share: &Share| scaled(&share.value);
        let whole = self.reading(id, Year::This).and_then(|reading| scaled(&reading.value));
        match is_rate(self.context.set, id) {
            true => {
                parts.retain(|share| of(share).is_some_and(|rate| Some(rate) <= whole));
                parts.sort_by_key(of);
            }
            false => {
                parts.retain(|share| of(share).is_some_and(|value| value > 0));
                parts.sort_by_key(|share| std::cmp::Reverse(of(share)));
            }
        }
        parts
    }

    /// `樟木桥村、竹坪村`, and 等 where there are more. Each leads to the figure as a number does, and none is a number:
    /// whoever checks the text takes numbers for the whole township's.
    fn shares(&mut self, id: &str, by: By) -> Vec<Span> {
        let parts = self.most(id, by);
        let mut spans = Vec::new();
        for part in parts.iter().take(MOST) {
            if !spans.is_empty() {
                spans.push(Span::Text("、".to_owned()));
            }
            let of = Some(Part { by, key: part.key.clone() });
            let note = self.used.note(id, Year::This);
            spans.push(Span::Figure {
                id: id.to_owned(),
                year: Year::This,
                text: part.label.clone(),
                note,
                part: of,
                over: None,
            });
        }
        if parts.len() > MOST {
            spans.push(Span::Text("等".to_owned()));
        }
        spans
    }

    /// Words alone: a title, a heading, an aside.
    fn words(&mut self, pieces: &[Piece]) -> String {
        pieces.iter().flat_map(|piece| self.piece(piece)).map(|span| span.text().to_owned()).collect()
    }

    fn reading(&self, id: &str, year: Year) -> Option<&Reading> {
        match year {
            Year::This => self.context.this_year.get(id),
            Year::Last => self.context.last_year.get(id),
        }
    }

    /// A figure as a span, noted for the annex.
    pub fn figure(&mut self, id: &str, year: Year, unit: bool) -> Option<Span> {
        let reading = self.reading(id, year)?;
        let text = if unit { reading.text() } else { reading.value.to_string() };
        Some(Span::Figure { id: id.to_owned(), year, text, note: self.used.note(id, year), part: None, over: None })
    }

    /// The number of a figure in the annex.
    pub fn note(&mut self, id: &str, year: Year) -> usize {
        self.used.note(id, year)
    }

    /// Whether a figure counts nothing in the year reported.
    pub fn is_zero(&self, id: &str) -> bool {
        self.reading(id, Year::This).is_none_or(|reading| matches!(reading.value, Number::Whole(0) | Number::Fen(0)))
    }

    /// A figure's title.
    pub fn title(&self, id: &str) -> String {
        self.context.set.figures.get(id).map_or_else(|| id.to_owned(), |figure| figure.title.clone())
    }

    /// A figure's unit.
    pub fn unit(&self, id: &str) -> String {
        self.context.set.figures.get(id).map_or_else(String::new, |figure| figure.unit().to_owned())
    }
}

/// How many parts a sentence names; who wants all of them asks for a table.
const MOST: usize = 3;

fn year(last: bool) -> Year {
    if last { Year::Last } else { Year::This }
}

/// How many lines up to this one begin a paragraph of their own, whether or not they stand.
fn group_of(lines: &[Line], line: &Line) -> usize {
    lines.iter().take_while(|one| one.span.start <= line.span.start).filter(|one| one.apart).count()
}

/// The place of a counted line among its run; none where it is the only one: a lone 一是 waits for a 二是.
fn nth(lines: &[&Line], at: usize) -> Option<u16> {
    let counted = |line: &&&Line| line.role == Role::Counted;
    let before = lines[..at].iter().rev().take_while(counted).count();
    let after = lines[at + 1..].iter().take_while(counted).count();
    (before + after > 0).then(|| u16::try_from(before + 1).unwrap_or(u16::MAX))
}

fn ends_sentence(spans: &[Span]) -> bool {
    let end = |text: &str| text.trim_end_matches(['”', '’', '）']).ends_with(['。', '！', '？']);
    spans.last().is_some_and(|span| end(span.text()))
}

/// Joins neighbouring texts, so that a document does not tell which lines it was made of.
fn merge(spans: Vec<Span>) -> Vec<Span> {
    let mut merged: Vec<Span> = Vec::new();
    for span in spans {
        match (merged.last_mut(), span) {
            (_, Span::Text(text)) if text.is_empty() => {}
            (Some(Span::Text(before)), Span::Text(text)) => before.push_str(&text),
            (_, span) => merged.push(span),
        }
    }
    merged
}

/// Drops lower headings with nothing under them and numbers those that remain.
///
/// First-level headings stay: they are the parts the law asks for, and reading made sure that each says something.
fn number(blocks: Vec<Block>) -> Vec<Block> {
    let mut kept: Vec<Block> = Vec::new();
    // From the end: a heading has something under it when what follows is not a heading of its level or above.
    for block in blocks.into_iter().rev() {
        let empty = |level: u8| match kept.last() {
            None => true,
            Some(Block::Heading { level: next, .. }) => *next <= level,
            // The signature at the very end belongs to no section.
            Some(Block::Paragraph { align: Align::Right, .. }) => true,
            Some(_) => false,
        };
        if !matches!(&block, Block::Heading { level, .. } if *level > 1 && empty(*level)) {
            kept.push(block);
        }
    }
    kept.reverse();
    let mut counts = [0_u16; 3];
    for block in &mut kept {
        if let Block::Heading { level, number, .. } = block {
            let at = usize::from(level.saturating_sub(1)).min(2);
            counts[at] += 1;
            counts[at + 1..].fill(0);
            *number = match at {
                0 => format!("{}、", numeral::write(counts[0])),
                1 => format!("（{}）", numeral::write(counts[1])),
                _ => format!("{}.", counts[2]),
            };
        }
    }
    kept
}

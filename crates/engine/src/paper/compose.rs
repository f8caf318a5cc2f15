//! Filling the papers of a record: what was recorded stands in its place, what was not is left to be filled in by hand.

use std::cell::Cell as Counter;

use super::model::{Align, Block, Cell, Grid, Head, Imprint, Listed, Paper, Row, Run, Signed, Style, Work};
use crate::day::Day;
use crate::definition::Register;
use crate::definition::field::{Field, FieldRef, FieldType};
use crate::definition::paper::{Item, Line, Papers, Piece, Template, Word};
use crate::record::{Course, Instance};
use crate::value::{Fields, Value};

/// What a record says, as its papers ask for it.
pub struct Filling<'c> {
    /// The register it was opened under.
    pub register: &'c Register,
    /// Its course.
    pub course: &'c Course<'c>,
    /// Its number, if it has one.
    pub number: &'c str,
    /// Its title.
    pub title: &'c str,
    /// The township and its county.
    pub town: &'c str,
    /// See `town`.
    pub county: &'c str,
    /// What a record is called, by its id.
    pub named: &'c dyn Fn(&str) -> String,
    /// The sealed values of a step, where they are to be printed; else nothing.
    pub sealed: &'c dyn Fn(&Instance<'_>) -> Fields,
    /// How many sealed values were left blank.
    pub closed: Counter<usize>,
}

/// A character's worth of underline stands for each sealed value that is not printed.
const HIDDEN: usize = 6;

/// A paper of a record, told apart from the others.
pub struct Made<'p> {
    /// The template.
    pub template: &'p Template,
    /// Which time of its step, from 1; 0 where there is one paper only.
    pub nth: u32,
    /// The file that holds it signed, by SHA-256, where it may be told.
    pub scan: Option<String>,
    /// The volume must have it and has not.
    pub missing: bool,
    /// The instance it is about.
    of: Option<usize>,
}

impl Made<'_> {
    /// What a paper of a record of this title is called, with which one it is where there are several.
    pub fn title(&self, record: &str) -> String {
        // Minutes carry their title in their head.
        let title = if self.template.title.is_empty() { "纪要".to_owned() } else { self.template.titled(record) };
        match self.nth {
            0 => title,
            nth => format!("{title}（第{nth}次）"),
        }
    }

    /// What it goes by in an address and in the name of a file: `session`, `session-2`.
    pub fn key(&self) -> String {
        match self.nth {
            0 => self.template.id.value.clone(),
            nth => format!("{}-{nth}", self.template.id.value),
        }
    }

    /// Whether it is printed, not only attached.
    pub fn is_printed(&self) -> bool {
        !self.missing && !self.template.lines.is_empty()
    }
}

/// The papers a record has, in the order of its volume, and those it should have and has not.
pub fn made<'p>(papers: &'p Papers, course: &Course<'_>) -> Vec<Made<'p>> {
    let mut all = Vec::new();
    for template in &papers.papers {
        if !course.all_hold(&template.when, None) {
            continue;
        }
        let Some(of) = &template.of else {
            let scan = scan(template, course.taken().rev());
            // What is only attached is missing until it is.
            let missing = template.lines.is_empty() && !given(template, course.taken());
            if !missing || template.must {
                all.push(Made { template, nth: 0, scan, missing, of: None });
            }
            continue;
        };
        let is_of = |(_, one): &(usize, &Instance<'_>)| one.step.id.value == of.value && !one.void;
        let taken: Vec<(usize, &Instance<'_>)> = course.steps.iter().enumerate().filter(is_of).collect();
        let wanted = if template.each { &taken[..] } else { &taken[taken.len().saturating_sub(1)..] };
        for (nth, (at, one)) in wanted.iter().enumerate() {
            let missing = template.lines.is_empty() && !given(template, std::iter::once(*one));
            if missing && !template.must {
                continue;
            }
            let nth = if template.each && wanted.len() > 1 { nth as u32 + 1 } else { 0 };
            all.push(Made { template, nth, scan: scan(template, std::iter::once(*one)), missing, of: Some(*at) });
        }
        if taken.is_empty() && template.must {
            all.push(Made { template, nth: 0, scan: None, missing: true, of: None });
        }
    }
    all
}

fn scan<'i>(template: &Template, mut steps: impl Iterator<Item = &'i Instance<'i>>) -> Option<String> {
    let at = template.scan.as_ref()?;
    steps.find_map(|one| {
        let value = (one.step.id.value == at.step).then(|| one.value(&at.field)).flatten()?;
        value.texts().first().cloned()
    })
}

fn given<'i>(template: &Template, mut steps: impl Iterator<Item = &'i Instance<'i>>) -> bool {
    template.scan.as_ref().is_some_and(|at| steps.any(|one| one.step.id.value == at.step && one.given(&at.field)))
}

/// One paper of a record.
pub fn paper(made: &Made<'_>, filling: &Filling<'_>) -> Paper {
    let template = made.template;
    let here = Here { filling, of: made.of.and_then(|at| filling.course.steps.get(at)), nth: made.nth.max(1) };
    let frame = &template.frame;
    let lines = |pieces: &[Piece]| -> Vec<String> {
        here.text(pieces).split('、').filter(|one| !one.is_empty()).map(str::to_owned).collect()
    };
    let mut paper = Paper {
        style: template.style,
        title: template.titled(filling.title),
        blocks: here.blocks(&template.lines),
        addressee: here.text(&frame.to),
        ..Paper::default()
    };
    if template.numbered {
        paper.number = filling.number.to_owned();
    }
    if !frame.organ.is_empty() {
        let number = if frame.number.is_empty() { Vec::new() } else { here.runs(&frame.number) };
        let organs = lines(&frame.organ);
        paper.head = Some(Head { organs, suffix: frame.suffix.clone(), number, ..Head::default() });
    }
    if !frame.sign.is_empty() {
        paper.signed = Some(Signed { by: lines(&frame.sign), on: here.text(&frame.on), sealed: frame.sealed });
    }
    if !frame.printed_by.is_empty() {
        paper.imprint = Some(Imprint {
            copy_to: here.text(&frame.copy_to),
            printed_by: here.text(&frame.printed_by),
            printed_on: here.text(&frame.on),
        });
    }
    paper
}

/// All papers of a record as one work: a volume with cover and contents where the templates make one.
pub fn work(papers: &Papers, filling: &Filling<'_>) -> Work {
    let mut work = Work { title: papers.title.clone(), author: filling.town.to_owned(), ..Work::default() };
    let name = if filling.number.is_empty() { filling.title } else { filling.number };
    if !name.is_empty() {
        work.title.push_str(&format!(" {name}"));
    }
    if let Some(cover) = &papers.cover {
        let here = Here { filling, of: None, nth: 1 };
        let number = filling.number.to_owned();
        work.papers.push(Paper {
            style: Style::Cover,
            title: papers.title.clone(),
            number,
            blocks: here.blocks(cover),
            ..Paper::default()
        });
    }
    for made in made(papers, filling.course) {
        let mut remark = match (&made.scan, made.missing) {
            (_, true) => "缺".to_owned(),
            (Some(hash), _) => format!("扫描件 {}…", hash.chars().take(12).collect::<String>()),
            (None, _) => String::new(),
        };
        let at = made.is_printed().then_some(work.papers.len());
        if at.is_none() && !made.missing && remark.is_empty() {
            remark = "扫描件，另附".to_owned();
        }
        work.contents.push(Listed { title: made.title(filling.title), paper: at, remark });
        if made.is_printed() {
            work.papers.push(paper(&made, filling));
        }
    }
    if papers.cover.is_none() {
        work.contents.clear();
    }
    work
}

/// Where in a record a paper stands.
struct Here<'h> {
    filling: &'h Filling<'h>,
    /// The step it is about.
    of: Option<&'h Instance<'h>>,
    nth: u32,
}

impl<'h> Here<'h> {
    /// The instance a field is read of: the one the paper is about, or the latest of its step.
    fn instance(&self, step: &str) -> Option<&'h Instance<'h>> {
        self.of.filter(|one| one.step.id.value == step).or_else(|| self.filling.course.latest(step))
    }

    fn value(&self, at: &FieldRef) -> (Option<&'h Field>, Option<Value>, u64) {
        let Some(one) = self.instance(&at.step) else { return (self.filling.register.field(at), None, 0) };
        let field = one.step.field(&at.field);
        let value = match field.is_some_and(|field| field.personal) {
            true => (self.filling.sealed)(one).get(&at.field).cloned(),
            false => one.value(&at.field).cloned(),
        };
        (field, value, one.size(&at.field))
    }

    fn runs(&self, pieces: &[Piece]) -> Vec<Run> {
        let mut runs = Vec::new();
        for piece in pieces {
            match piece {
                Piece::Text(text) => runs.push(Run::text(text.clone())),
                Piece::Blank(many) => runs.push(Run::Blank(*many)),
                Piece::Word(word) => runs.push(Run::Text(self.word(*word))),
                Piece::Value { at, boxes: true } => runs.push(Run::Text(self.boxes(at))),
                Piece::Value { at, boxes: false } => match self.value(at) {
                    (Some(field), Some(value), _) => runs.push(Run::Text(self.shown(field, &value))),
                    (_, None, many) if many > 0 => {
                        self.filling.closed.set(self.filling.closed.get() + 1);
                        runs.push(Run::Blank(HIDDEN));
                    }
                    _ => {}
                },
            }
        }
        runs
    }

    fn text(&self, pieces: &[Piece]) -> String {
        let shown = |run: &Run| match run {
            Run::Text(text) => text.clone(),
            Run::Blank(many) => "\u{3000}".repeat(*many),
            Run::Note(_) | Run::Anchor(_) => String::new(),
        };
        self.runs(pieces).iter().map(shown).collect()
    }

    fn word(&self, word: Word) -> String {
        let filling = self.filling;
        match word {
            Word::Number => filling.number.to_owned(),
            Word::Title => filling.title.to_owned(),
            Word::State => {
                filling.course.state.map_or_else(String::new, |state| filling.register.state_title(state).to_owned())
            }
            Word::Town => filling.town.to_owned(),
            Word::County => filling.county.to_owned(),
            Word::Keeper => filling.register.keeper.clone().unwrap_or_default(),
            Word::Nth => self.nth.to_string(),
        }
    }

    /// A value as official papers write it: a day in full, without leading zeros.
    fn shown(&self, field: &Field, value: &Value) -> String {
        let day =
            |text: &str| Day::parse(text).map(|day| format!("{}年{}月{}日", day.year(), day.month(), day.of_month()));
        match (&field.kind, value) {
            (FieldType::Day, Value::Text(text)) => day(text).unwrap_or_else(|| text.clone()),
            (FieldType::Time, Value::Text(text)) => text
                .split_once(' ')
                .and_then(|(on, at)| Some(format!("{} {at}", day(on)?)))
                .unwrap_or_else(|| text.clone()),
            _ => {
                let named = |id: &str| Ok::<String, std::convert::Infallible>((self.filling.named)(id));
                field.shown(value, named).unwrap_or_default()
            }
        }
    }

    /// All choices, the chosen ones marked.
    fn boxes(&self, at: &FieldRef) -> String {
        let (field, value, _) = self.value(at);
        let Some(field) = field else { return String::new() };
        let chosen: &[String] = value.as_ref().map(Value::texts).unwrap_or_default();
        let one =
            |id: &str, title: &str| format!("{}{title}", if chosen.iter().any(|one| one == id) { '■' } else { '□' });
        field.choices.iter().map(|choice| one(&choice.id.value, &choice.title)).collect::<Vec<_>>().join(" ")
    }

    fn stands(&self, line: &Line) -> bool {
        let Some((at, choice)) = &line.when else { return true };
        let Some(one) = self.instance(&at.step) else { return false };
        match choice {
            None => one.given(&at.field),
            Some(choice) => match one.value(&at.field) {
                Some(Value::Bool(is)) => is.to_string() == *choice,
                Some(value) => value.texts().contains(choice),
                None => false,
            },
        }
    }

    fn blocks(&self, lines: &[Line]) -> Vec<Block> {
        let mut blocks = Vec::new();
        let mut rows: Vec<(Row, bool)> = Vec::new();
        for line in lines.iter().filter(|line| self.stands(line)) {
            if let Item::Row { each, head, lines, cells } = &line.item {
                self.rows(each.as_ref().map(|step| step.value.as_str()), *lines, cells)
                    .into_iter()
                    .for_each(|row| rows.push((row, *head)));
                continue;
            }
            blocks.extend(grid(std::mem::take(&mut rows)));
            blocks.push(match &line.item {
                Item::Heading(level, pieces) => Block::Heading { level: *level, text: self.text(pieces) },
                Item::Prose(align, pieces) => self.prose(*align, pieces),
                Item::Sign(places) => Block::Sign { places: places.iter().map(|place| self.text(place)).collect() },
                Item::Named(label, pieces) => Block::Named { label: label.clone(), runs: self.runs(pieces) },
                Item::Row { .. } => continue,
            });
        }
        blocks.extend(grid(rows));
        blocks
    }

    fn prose(&self, align: Align, pieces: &[Piece]) -> Block {
        Block::Paragraph { align, runs: self.runs(pieces) }
    }

    fn rows(&self, each: Option<&str>, lines: usize, cells: &[Vec<Piece>]) -> Vec<Row> {
        let row = |here: &Here<'_>| {
            let cell = |pieces: &Vec<Piece>| {
                let label =
                    !pieces.iter().any(|piece| matches!(piece, Piece::Value { .. } | Piece::Word(_) | Piece::Blank(_)));
                Cell { span: 1, label: label && !pieces.is_empty(), runs: here.runs(pieces) }
            };
            Row { cells: cells.iter().map(cell).collect(), lines }
        };
        let Some(step) = each else { return vec![row(self)] };
        let taken = self.filling.course.taken().filter(|one| one.step.id.value == step);
        taken
            .enumerate()
            .map(|(nth, one)| row(&Here { filling: self.filling, of: Some(one), nth: nth as u32 + 1 }))
            .collect()
    }
}

/// Rows become a grid: the last cell of a short row spans what is left, and columns of labels alone are narrow.
fn grid(rows: Vec<(Row, bool)>) -> Option<Block> {
    let columns = rows.iter().map(|(row, _)| row.cells.len()).max().filter(|columns| *columns > 0)?;
    let heads = rows.iter().take_while(|(_, head)| *head).count();
    let is_label = |column: usize| {
        let mut full = rows.iter().skip(heads).filter(|(row, _)| row.cells.len() == columns).peekable();
        full.peek().is_some() && full.all(|(row, _)| row.cells[column].label)
    };
    let widths = (0..columns).map(|column| if is_label(column) { 3 } else { 8 }).collect();
    let fit = |(mut row, _): (Row, bool)| {
        let short = columns - row.cells.len();
        if let Some(last) = row.cells.last_mut() {
            last.span += short;
        }
        row
    };
    Some(Block::Grid(Grid { widths, heads, rows: rows.into_iter().map(fit).collect(), ..Grid::default() }))
}

//! What stands beside a report: defects of form, edits and how they stand, and the quality of the figures (页边).

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use engine::claim::judge::{Scope, Verdict, judge};
use engine::definition::{Counts, Definitions};
use engine::lint::{Level, Lint, Review, Rule, review};
use engine::report::edit::Standing;
use engine::report::{Block, Document, Source, Span, Year};
use maud::{Markup, html};

use super::REGISTER;
use super::paragraph::in_words;
use crate::annual::{Composed, Edited, Making};
use crate::query::names::{Names, called};
use crate::render;
use crate::web::visit::Visit;

/// Notes, by the block they stand beside; none: the report as a whole.
#[derive(Default)]
pub struct Margin {
    notes: BTreeMap<Option<usize>, Vec<Markup>>,
    doubtful: BTreeSet<usize>,
}

impl Margin {
    /// Reads a report through.
    pub fn of(visit: &Visit<'_>, year: i16, composed: &Composed, making: Option<&Making>) -> Result<Margin> {
        let mut margin = Margin::default();
        margin.form(visit, year, composed)?;
        for one in composed.edits.iter().filter(|one| one.standing.is_some()) {
            let place = place_of(&composed.document, &one.edit.place);
            let note = edit(visit, one, making)?;
            margin.note(place, note);
        }
        margin.open(&composed.document, visit.set());
        margin.quality(&composed.document);
        Ok(margin)
    }

    fn note(&mut self, block: Option<usize>, note: Markup) {
        self.notes.entry(block).or_default().push(note);
    }

    /// The notes on the whole.
    pub fn general(&self) -> Option<Markup> {
        self.at(None)
    }

    /// The notes beside a block.
    pub fn beside(&self, block: usize) -> Option<Markup> {
        self.at(Some(block))
    }

    /// How many problems there are; edits that stand and the quality of figures are none.
    pub fn problems(&self) -> usize {
        let is_problem = |note: &&Markup| {
            note.0.starts_with("<p class=\"note bad\"") || note.0.starts_with("<p class=\"note wait\"")
        };
        self.notes.values().flatten().filter(is_problem).count()
    }

    fn at(&self, block: Option<usize>) -> Option<Markup> {
        self.notes.get(&block).map(|notes| html! { @for note in notes { (note) } })
    }

    /// Defects of form, and numbers that are not the ledger's, each beside its paragraph.
    fn form(&mut self, visit: &Visit<'_>, year: i16, composed: &Composed) -> Result<()> {
        let lines = render::text::lines(&composed.document);
        let mut starts = Vec::new();
        let mut text = String::new();
        let mut at = 0;
        for (block, line) in &lines {
            starts.push((at, *block));
            at += line.chars().count() + 1;
            text.push_str(line);
            text.push('\n');
        }
        let block = |start: usize| starts[starts.partition_point(|(begin, _)| *begin <= start).saturating_sub(1)].1;
        let none = Vec::new();
        let Review { claims, lint, .. } = review(&text, visit.set().parts.get("annual_parts").unwrap_or(&none));
        for lint in &lint {
            let place = if lint.rule == Rule::MissingPart { None } else { block(lint.start) };
            self.note(place, defect(lint));
        }
        // The ledger's own numbers agree with it; others stand only in what was edited.
        if composed.edits.iter().any(|one| one.standing.as_ref().is_some_and(Standing::is_applied)) {
            let scope = Scope { year, places: Names::load(visit.db)?.villages() };
            for judged in judge(&text, claims, visit.set(), &composed.readings, &scope) {
                if judged.verdict != Verdict::Differs {
                    continue;
                }
                let place = block(judged.claim.start);
                let ledger = judged.ledger.unwrap_or_default();
                self.note(
                    place,
                    html! { p class="note bad" { b { "✗ 不符" } " “" (judged.claim.text) "”，台账为 " (ledger) } },
                );
            }
        }
        Ok(())
    }

    /// What a paragraph tells that can still be mended: what is overdue, and questions nobody answered.
    fn open(&mut self, document: &Document, set: &Definitions) {
        for (nth, block) in document.blocks.iter().enumerate() {
            let Block::Paragraph { spans, .. } = block else { continue };
            let mut told: Vec<&str> = Vec::new();
            for span in spans {
                let Span::Figure { id, year: Year::This, text, part: None, .. } = span else { continue };
                let open = |counts: &Counts| matches!(counts, Counts::Overdue { .. } | Counts::Questions);
                let figure = set.figures.get(id).filter(|figure| open(&figure.counts) && !told.contains(&id.as_str()));
                let Some(figure) = figure else { continue };
                told.push(id);
                self.note(
                    Some(nth),
                    html! {
                        p class="note wait" { (figure.title) " " b { (text) } "，办结或者说明以后不再列" }
                    },
                );
            }
        }
    }

    /// How many figures of a paragraph were recorded late or carry flags; the figures themselves are marked.
    fn quality(&mut self, document: &Document) {
        for (nth, block) in document.blocks.iter().enumerate() {
            let Block::Paragraph { spans, .. } = block else { continue };
            let mut doubtful: BTreeMap<usize, &Source> = BTreeMap::new();
            for span in spans {
                let Span::Figure { note, part: None, .. } = span else { continue };
                let source = document.annex.printed.iter().find(|source| source.note == *note);
                doubtful.extend(source.filter(|source| source.late + source.flagged > 0).map(|source| (*note, source)));
            }
            self.doubtful.extend(doubtful.keys());
            let late = doubtful.values().filter(|source| source.late > 0).count();
            let flagged = doubtful.values().filter(|source| source.flagged > 0).count();
            if late + flagged > 0 {
                self.note(
                    Some(nth),
                    html! {
                        p.note { @if late > 0 { "补录 " (late) " 个 " } @if flagged > 0 { "标记 " (flagged) " 个" } }
                    },
                );
            }
        }
    }

    /// Whether a figure, by its number in the annex, was recorded late or carries flags.
    pub fn doubts(&self, note: usize) -> bool {
        self.doubtful.contains(&note)
    }
}

fn defect(lint: &Lint) -> Markup {
    let (class, word) = if lint.level == Level::Error { ("note bad", "错误") } else { ("note wait", "提示") };
    html! { p class=(class) { b { (word) } " " @if !lint.text.is_empty() { q { (lint.text) } " " } (lint.message) } }
}

/// The first block of a paragraph of the template.
fn place_of(document: &Document, wanted: &str) -> Option<usize> {
    document.blocks.iter().position(|block| matches!(block, Block::Paragraph { place, .. } if place == wanted))
}

/// An edit and how it stands.
fn edit(visit: &Visit<'_>, one: &Edited, making: Option<&Making>) -> Result<Markup> {
    let who = called(visit.db, &one.actor)?.unwrap_or_else(|| "本机".to_owned());
    let (class, word) = match &one.standing {
        Some(Standing::Applied) if one.edit.reason.is_empty() => ("note edited", "已改写"),
        Some(Standing::Applied) => ("note edited", "已改写，有手写的数字"),
        Some(Standing::Moved(_)) => ("note wait", "改写以后数字有变，请再看一遍"),
        Some(Standing::Overtaken(_)) => ("note bad", "改写已过时：手写时台账的数字后来变了，没有采用"),
        Some(Standing::Outdated) => ("note bad", "改写已过时：这一段生成的文字后来变了，没有采用"),
        Some(Standing::Unreadable) => ("note bad", "改写读不懂，或者手写数字没有理由，没有采用"),
        None => ("note", ""),
    };
    let moved: &[String] = match &one.standing {
        Some(Standing::Moved(moved) | Standing::Overtaken(moved)) => moved,
        _ => &[],
    };
    let shown = one.standing.as_ref().is_some_and(Standing::is_applied);
    Ok(html! {
        p class=(class) {
            b { (word) } " " (who) " " (one.on) "，第 " (one.edit.entry) " 条"
            @for moved in moved { br; (moved) }
            @if !one.edit.reason.is_empty() { br; "理由：" (one.edit.reason) }
            @if !shown { br; "当时改成：" (in_words(visit, &one.edit.text)) }
            @if let Some(making) = making {
                br; a href=(format!("/registers/{REGISTER}/{}/entries/{}/void", making.id, one.edit.entry)) { "作废这次改写" }
            }
        }
    })
}

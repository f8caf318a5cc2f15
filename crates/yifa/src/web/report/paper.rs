//! The report as it will stand on paper, its figures as links to what is behind them (稿面).

use engine::report::{Align, Block, By, Document, Part, Span, Table, Year};
use maud::{Markup, html};

use super::margin::Margin;
use crate::web::answer::percent;
use crate::web::figures::reach;
use crate::web::places::address;
use crate::web::visit::Visit;

/// What a page of a report needs to know beside the document.
pub struct Paper<'p> {
    /// Who reads it: a figure he is not told of opens nothing to him.
    pub visit: &'p Visit<'p>,
    /// The year reported.
    pub year: i16,
    /// The journal it was composed from, where it is not as of now.
    pub at: Option<u64>,
    /// Where its paragraphs are edited, if they can be.
    pub edit: Option<String>,
    /// What stands beside it.
    pub margin: &'p Margin,
    /// Its numbers are those of the townships below together.
    pub of_county: bool,
}

impl Paper<'_> {
    /// The whole of it.
    pub fn show(&self, document: &Document) -> Markup {
        let mut last = "";
        html! {
            article.paper {
                (self.row(html! { h1 { (document.title) } }, self.margin.general(), None))
                @for (nth, block) in document.blocks.iter().enumerate() {
                    @let place = match block { Block::Paragraph { place, .. } => place.as_str(), _ => "" };
                    // A paragraph edited into several is edited as one.
                    @let first = !place.is_empty() && place != last;
                    ({ last = place; html! {} })
                    (self.row(self.block(block), self.margin.beside(nth), first.then_some(place)))
                }
            }
        }
    }

    fn row(&self, text: Markup, notes: Option<Markup>, place: Option<&str>) -> Markup {
        html! {
            div.row id=[place.map(|place| format!("p-{place}"))] {
                div.words {
                    (text)
                    @if let (Some(edit), Some(place)) = (&self.edit, place) {
                        a.edit href=(format!("{edit}/{place}")) { "改写" }
                    }
                }
                @if let Some(notes) = notes { aside.margin { (notes) } }
            }
        }
    }

    fn block(&self, block: &Block) -> Markup {
        html! {
            @match block {
                Block::Heading { level: 1, number, text } => h2 { (number) (text) },
                Block::Heading { level: 2, number, text } => h3 { (number) (text) },
                Block::Heading { number, text, .. } => h4 { (number) (text) },
                Block::Paragraph { align: Align::Indented, spans, .. } => p { (self.words(spans)) },
                Block::Paragraph { align: Align::Left, spans, .. } => p.left { (self.words(spans)) },
                Block::Paragraph { align: Align::Right, spans, .. } => p.right { (self.words(spans)) },
                Block::Table(table) => (self.table(table)),
            }
        }
    }

    /// Words, with each figure a link to the entries behind it.
    pub fn words(&self, spans: &[Span]) -> Markup {
        html! {
            @for span in spans {
                @match span {
                    Span::Text(text) => (text),
                    Span::Figure { id, text, .. } if !self.is_told(id) => (text),
                    Span::Figure { text, over: Some(ledger), .. } => {
                        a.written-over href=(self.evidence(span)) title=(format!("手写，台账为 {ledger}")) { (text) }
                    }
                    Span::Figure { text, note, .. } => {
                        a class=[self.margin.doubts(*note).then_some("doubt")] href=(self.evidence(span)) { (text) }
                    }
                }
            }
        }
    }

    fn is_told(&self, figure: &str) -> bool {
        // Whoever reads a county's report looks at all below it.
        if self.of_county {
            return true;
        }
        let Ok(adopted) = self.visit.sets.at(self.at) else { return false };
        let figure = adopted.set.figures.get(figure);
        figure.is_some_and(|figure| reach(self.visit, &adopted.set, figure).is_some())
    }

    fn evidence(&self, span: &Span) -> String {
        let Span::Figure { id, year, part, .. } = span else { return String::new() };
        let year = if *year == Year::Last { self.year - 1 } else { self.year };
        if self.of_county {
            return match part {
                Some(Part { by: By::Town, key }) => address(key, &format!("/figures/{}?year={year}", percent(id))),
                _ => format!("/towns/figures/{}?year={year}", percent(id)),
            };
        }
        let at = self.at.map_or_else(String::new, |at| format!("&at={at}"));
        format!("/figures/{id}/entries?year={year}{at}")
    }

    fn table(&self, table: &Table) -> Markup {
        html! {
            div.scroll { table {
                caption { (table.caption) }
                thead { tr { @for head in &table.head { th scope="col" { (head) } } } }
                tbody { @for row in &table.rows { tr { @for cell in row { td { (self.words(std::slice::from_ref(cell))) } } } } }
            } }
            @if let Some(remark) = &table.remark { p.remark { "注：" (remark) } }
        }
    }
}

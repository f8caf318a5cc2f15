//! One self-contained HTML file: no scripts, nothing fetched, black on white, and A4 when it is printed.
//!
//! On screen every figure is a dotted link into the annex; on paper it carries its number there. Fonts are named, not
//! embedded: those of GB/T 9704 are proprietary, so each has a stack of fallbacks.

use engine::report::{Align, Annex, Block, Document, Source, Span, Table};
use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::source;

const STYLE: &str = include_str!("report.css");

/// Nothing may be loaded or run, whatever a title or a label holds.
pub const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/// Writes a document as HTML.
pub fn render(document: &Document) -> String {
    let main = html! {
        h1 { (title(&document.title)) }
        @for block in &document.blocks { (self::block(block, &document.annex)) }
        (annex(&document.annex))
    };
    page(&document.title, STYLE, main)
}

/// One file that fetches and runs nothing, around what stands in it.
pub(super) fn page(title: &str, style: &str, main: Markup) -> String {
    let page = html! {
        (DOCTYPE)
        html lang="zh-CN" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta http-equiv="Content-Security-Policy" content=(POLICY);
                title { (title) }
                style { (PreEscaped(style)) }
            }
            body { main { (main) } }
        }
    };
    page.into_string()
}

/// A long title breaks after 年度 and not inside a word.
fn title(title: &str) -> Markup {
    let (year, rest) = title.split_once("年度").unwrap_or(("", title));
    html! {
        @if !year.is_empty() { span { (year) "年度" } }
        span { (rest) }
    }
}

fn block(block: &Block, annex: &Annex) -> Markup {
    html! {
        @match block {
            Block::Heading { level: 1, number, text } => h2 { (number) (text) },
            Block::Heading { level: 2, number, text } => h3 { (number) (text) },
            Block::Heading { number, text, .. } => h4 { (number) (text) },
            Block::Paragraph { align: Align::Indented, spans, .. } => p { (words(spans, annex)) },
            Block::Paragraph { align: Align::Left, spans, .. } => p.left { (words(spans, annex)) },
            Block::Paragraph { align: Align::Right, spans, .. } => p.right { (words(spans, annex)) },
            Block::Table(table) => (self::table(table, annex)),
        }
    }
}

fn words(spans: &[Span], annex: &Annex) -> Markup {
    html! {
        @for span in spans {
            @match span {
                Span::Text(text) => (text),
                Span::Figure { text, note, part, .. } => {
                    @if let Some(source) = annex.printed.iter().find(|source| source.note == *note) {
                        a.f href=(format!("#{}", source.anchor())) data-n=[part.is_none().then_some(note)] title=(source::name(source)) { (text) }
                    } @else {
                        (text)
                    }
                }
            }
        }
    }
}

fn table(table: &Table, annex: &Annex) -> Markup {
    html! {
        table {
            caption { (table.caption) }
            thead { tr { @for head in &table.head { th scope="col" { (head) } } } }
            tbody {
                @for row in &table.rows {
                    tr { @for cell in row { td { (words(std::slice::from_ref(cell), annex)) } } }
                }
            }
        }
        @if let Some(remark) = &table.remark { p.remark { "注：" (remark) } }
    }
}

fn annex(annex: &Annex) -> Markup {
    html! {
        @if !annex.printed.is_empty() || !annex.decided.is_empty() {
            section.annex {
                h2 { (source::TITLE) }
                p { (source::introduction(annex)) }
                ol { @for source in &annex.printed { (one(source)) } }
                @if !annex.by_hand.is_empty() {
                    p { (source::BY_HAND) }
                    ol { @for one in &annex.by_hand { li { (source::by_hand(one)) } } }
                }
                @if !annex.decided.is_empty() {
                    p { (source::DECIDED) }
                    p.decided {
                        @for source in &annex.decided {
                            span title=(source.origin) { (source::name(source)) " " (source.text) }
                            " "
                        }
                    }
                }
            }
        }
    }
}

fn one(source: &Source) -> Markup {
    html! {
        li id=(source.anchor()) {
            b.value { (source.text) }
            @if source.note > 0 { "[" (source.note) "] " }
            b { (source::name(source)) }
            small { (source.origin) (source::standing(source)) }
            @if !source.evidence.is_empty() {
                details {
                    summary { "背后的记入" }
                    small { (source.evidence.join("、")) }
                }
            }
        }
    }
}

//! Plain text: what can be pasted anywhere, and what `yifa check` reads again.
//!
//! Every figure carries its number in the annex as small figures above the line (286起⁴²), which nobody takes for one
//! more number, neither people nor `check`; a bracketed one would be.

use engine::report::{Align, Block, Document, Source, Span, Table};

use super::source;

/// Two full-width spaces, as every paragraph of an official paper begins.
const INDENT: &str = "　　";

/// Writes a document as plain text, with its annex.
pub fn render(document: &Document) -> String {
    let annex = annex(document);
    let annex = if annex.is_empty() { String::new() } else { annex.join("\n") + "\n" };
    prose(document) + &annex
}

/// Writes a document without its annex: what `check` reads of our own reports, because the annex repeats every
/// number beside definitions that speak of counting once.
pub fn prose(document: &Document) -> String {
    let words = lines(document).into_iter().map(|(_, line)| line);
    words.collect::<Vec<_>>().join("\n") + "\n"
}

/// The lines of a document without its annex, each with the block it is of.
pub fn lines(document: &Document) -> Vec<(Option<usize>, String)> {
    let mut all = vec![(None, document.title.clone()), (None, String::new())];
    let mut before_signature = true;
    for (nth, block) in document.blocks.iter().enumerate() {
        let mut lines = Vec::new();
        match block {
            Block::Heading { number, text, .. } => lines.push(format!("{INDENT}{number}{text}")),
            Block::Paragraph { align: Align::Indented, spans, .. } => lines.push(format!("{INDENT}{}", words(spans))),
            Block::Paragraph { align: Align::Left, spans, .. } => {
                if !before_signature {
                    lines.push(String::new());
                }
                lines.push(words(spans));
            }
            Block::Paragraph { align: Align::Right, spans, .. } => {
                if std::mem::take(&mut before_signature) {
                    lines.push(String::new());
                }
                lines.push(format!("{}{}", INDENT.repeat(6), words(spans)));
            }
            Block::Table(table) => lines.extend(table_lines(table)),
        }
        all.extend(lines.into_iter().map(|line| (Some(nth), line)));
    }
    all
}

/// A text without the annex that [`render`] puts under it: definitions and shares are no claims about the year.
pub fn without_annex(text: &str) -> &str {
    let mut from = 0;
    for line in text.split_inclusive('\n') {
        if line.trim() == source::TITLE {
            return &text[..from];
        }
        from += line.len();
    }
    text
}

fn words(spans: &[Span]) -> String {
    let word = |span: &Span| match span {
        Span::Text(text) | Span::Figure { text, part: Some(_), .. } => text.clone(),
        Span::Figure { text, note, .. } => format!("{text}{}", mark(*note)),
    };
    spans.iter().map(word).collect()
}

/// A number into the annex.
fn mark(note: usize) -> String {
    let small = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    note.to_string().chars().filter_map(|digit| small.get(digit.to_digit(10)? as usize)).collect()
}

fn table_lines(table: &Table) -> Vec<String> {
    // Tabs, so that the table can be pasted into a spreadsheet; the heads carry the marks, so that cells stay numbers.
    let whole = table.rows.last();
    let head = |(nth, head): (usize, &String)| match whole.and_then(|row| row.get(nth)) {
        Some(Span::Figure { note, .. }) => format!("{head}{}", mark(*note)),
        _ => head.clone(),
    };
    let heads: Vec<String> = table.head.iter().enumerate().map(head).collect();
    let mut lines = vec![format!("{INDENT}{}", table.caption), heads.join("\t")];
    lines.extend(table.rows.iter().map(|row| row.iter().map(Span::text).collect::<Vec<_>>().join("\t")));
    lines.extend(table.remark.iter().map(|remark| format!("{INDENT}注：{remark}")));
    lines
}

fn annex(document: &Document) -> Vec<String> {
    let annex = &document.annex;
    if annex.printed.is_empty() && annex.decided.is_empty() {
        return Vec::new();
    }
    let mut lines = vec![String::new(), source::TITLE.to_owned(), String::new()];
    lines.push(format!("{INDENT}{}", source::introduction(annex)));
    lines.extend(annex.printed.iter().map(one));
    if !annex.by_hand.is_empty() {
        lines.push(format!("{INDENT}{}", source::BY_HAND));
        lines.extend(annex.by_hand.iter().map(|one| format!("{INDENT}{}", source::by_hand(one))));
    }
    if !annex.decided.is_empty() {
        let brief = |source: &Source| format!("{} {}", source::name(source), source.text);
        let all = annex.decided.iter().map(brief).collect::<Vec<_>>().join("，");
        lines.push(format!("{INDENT}{}{all}。", source::DECIDED));
    }
    lines
}

fn one(source: &Source) -> String {
    format!(
        "{INDENT}[{}] {}：{}。{}{}",
        source.note,
        source::name(source),
        source.text,
        source.origin,
        source::standing(source)
    )
}

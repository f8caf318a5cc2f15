//! The lines of a page: characters on one height, in their order, cut where a wide gap parts two columns.

use super::glyph::{Glyph, Page};

/// Words in one line.
pub struct Line {
    /// What it says, without blanks around it.
    pub text: String,
    /// Where it begins, in points from the left of the page.
    pub from: f64,
    /// Where it ends.
    pub to: f64,
    /// Its height on the page, upwards.
    pub y: f64,
    /// The size most of its characters have.
    pub size: f64,
    /// Others stand beside it: it is a cell of a table, not a line of a paragraph.
    pub beside: bool,
}

/// The lines of a page from above, and of each height from the left.
pub fn lines(page: &mut Page) -> Vec<Line> {
    let mut glyphs = std::mem::take(&mut page.glyphs);
    glyphs.sort_by(|a, b| b.y.total_cmp(&a.y));
    let mut lines = Vec::new();
    let mut row: Vec<Glyph> = Vec::new();
    for glyph in glyphs {
        let apart = row.first().is_some_and(|first| first.y - glyph.y > 0.4 * first.size.max(glyph.size));
        if apart {
            lines.extend(columns(std::mem::take(&mut row)));
        }
        row.push(glyph);
    }
    lines.extend(columns(row));
    lines
}

/// Characters of one height, cut at wide gaps.
fn columns(mut row: Vec<Glyph>) -> Vec<Line> {
    row.sort_by(|a, b| a.x.total_cmp(&b.x));
    // Letters drawn twice, a little beside each other, look bold.
    row.dedup_by(|next, one| next.text == one.text && next.x - one.x < 0.2 * one.size && !one.is_blank());
    let mut all: Vec<Vec<Glyph>> = Vec::new();
    for glyph in row {
        let gap =
            all.last().and_then(|column| column.last()).map(|last| (glyph.x - last.end) / glyph.size.max(last.size));
        match (gap, all.last_mut()) {
            (Some(gap), Some(column)) if gap < 2.0 => column.push(glyph),
            _ => all.push(vec![glyph]),
        }
    }
    let mut lines: Vec<Line> = all.iter().filter_map(|column| line(column)).collect();
    let beside = lines.len() > 1;
    lines.iter_mut().for_each(|line| line.beside = beside);
    lines
}

fn line(column: &[Glyph]) -> Option<Line> {
    let from = column.iter().position(|glyph| !glyph.is_blank())?;
    let to = column.iter().rposition(|glyph| !glyph.is_blank())?;
    let column = &column[from..=to];
    let mut sizes: Vec<f64> = column.iter().map(|glyph| glyph.size).collect();
    sizes.sort_by(f64::total_cmp);
    let size = sizes[sizes.len() / 2];
    let usual = |glyph: &&Glyph| glyph.size > 0.8 * size;
    let y = column.iter().find(usual).map_or(0.0, |glyph| glyph.y);
    let mut text = String::new();
    for (nth, glyph) in column.iter().enumerate() {
        if let Some(before) = nth.checked_sub(1).map(|before| &column[before]) {
            let gap = (glyph.x - before.end) / glyph.size.max(before.size);
            let letters = text.ends_with(|one: char| one.is_ascii_alphanumeric())
                && glyph.text.starts_with(|one: char| one.is_ascii_alphanumeric());
            // Chinese is set with a little room beside Latin and to fill the line; a blank is wider.
            if gap > if letters { 0.15 } else { 0.8 } && !text.ends_with(char::is_whitespace) && !glyph.is_blank() {
                text.push(' ');
            }
        }
        let raised = !usual(&glyph) && glyph.y - y > 0.15 * size;
        text.extend(glyph.text.chars().map(|one| match one {
            '\u{a0}' => ' ',
            one if raised => crate::text::raised(one),
            one => one,
        }));
    }
    let (first, last) = (column.first()?, column.last()?);
    Some(Line { text, from: first.x, to: last.end, y, size, beside: false })
}

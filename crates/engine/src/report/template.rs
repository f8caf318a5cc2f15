//! A template as it was read: every name in it is known, every sentence knows when it stands.

use super::condition::Comparison;
use super::table::{By, TableOf};
use crate::read::At;

/// A report template.
#[derive(Clone, Debug, Default)]
pub struct Template {
    /// The title.
    pub(super) title: Vec<Piece>,
    /// From top to bottom.
    pub(super) blocks: Vec<Item>,
}

impl Template {
    /// The figures it prints, heading by heading, each under the first that prints it: what whoever wrote it would have
    /// people look at, in his order.
    pub fn headed(&self) -> Vec<Vec<&str>> {
        let mut headed: Vec<Vec<&str>> = vec![Vec::new()];
        for item in &self.blocks {
            match item {
                Item::Heading { .. } => headed.push(Vec::new()),
                Item::Paragraph(lines) => {
                    for piece in lines.iter().flat_map(|line| &line.pieces) {
                        let Piece::Figure { id, .. } = piece else { continue };
                        if !headed.iter().flatten().any(|known| *known == id)
                            && let Some(under) = headed.last_mut()
                        {
                            under.push(id);
                        }
                    }
                }
                Item::Aside { .. } | Item::Table(_) => {}
            }
        }
        headed.retain(|figures| !figures.is_empty());
        headed
    }
}

/// One piece of a template.
#[derive(Clone, Debug)]
pub(super) enum Item {
    /// A heading; its number is given when the report is composed, because a lower one may fall away.
    Heading { level: u8, text: At<Vec<Piece>> },
    /// Lines that stand together.
    Paragraph(Vec<Line>),
    /// A line flush left or to the right.
    Aside { right: bool, text: Vec<Piece> },
    /// A breakdown.
    Table(TableOf),
}

/// One source line of prose.
#[derive(Clone, Debug)]
pub(super) struct Line {
    pub role: Role,
    pub when: When,
    pub pieces: Vec<Piece>,
    /// It begins a paragraph of its own although it carries the count on.
    pub apart: bool,
    /// Its bytes in the file.
    pub span: std::ops::Range<usize>,
}

/// What a line is to its neighbours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// A whole sentence.
    Sentence,
    /// The words before a list; it falls away when nothing is left of the list.
    Lead,
    /// `- `: counted, 一是…二是….
    Counted,
    /// `+ `: joined by commas into one sentence.
    Joined,
}

/// When a line stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum When {
    Always,
    /// All comparisons hold.
    If(Vec<Comparison>),
    /// No conditional line before it, under the same heading and since the `?else` before, stands.
    Else,
}

/// A piece of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    Text(String),
    Variable(String),
    Figure {
        id: String,
        last_year: bool,
        unit: bool,
    },
    /// The names of the parts of a figure that say most.
    Shares {
        id: String,
        by: By,
    },
}

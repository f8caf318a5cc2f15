//! The document model every renderer starts from: nothing here knows HTML, paper or a database.

use serde::Serialize;

use super::annex::Annex;
use super::table::By;

/// A composed report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Document {
    /// The title, without a full stop.
    pub title: String,
    /// From top to bottom.
    pub blocks: Vec<Block>,
    /// Where its numbers come from (数据来源).
    pub annex: Annex,
}

/// One piece of a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Block {
    /// A heading with the number it was given.
    Heading {
        /// 1 for 一、 2 for （一） 3 for 1.
        level: u8,
        /// `一、`, `（一）`, `1.`
        number: String,
        /// Its words.
        text: String,
    },
    /// A paragraph.
    Paragraph {
        /// How it stands on the page.
        align: Align,
        /// Its words and figures.
        spans: Vec<Span>,
        /// Which paragraph of the template it is, whatever the figures are; empty where nobody edits it.
        #[serde(skip)]
        place: String,
    },
    /// A breakdown of figures.
    Table(Table),
}

/// How a paragraph stands on the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Align {
    /// Two characters in, as all prose.
    Indented,
    /// Flush left: whom it is addressed to (主送机关).
    Left,
    /// To the right: who signs, and when (署名、成文日期).
    Right,
}

/// Words, or a figure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Span {
    /// Words.
    Text(String),
    /// A figure, as it is written at this place.
    Figure {
        /// Which.
        id: String,
        /// Of which year.
        year: Year,
        /// The value, with its unit where the template asks for it.
        text: String,
        /// Its number in the annex.
        note: usize,
        /// Which share of it, in a table.
        #[serde(skip_serializing_if = "Option::is_none")]
        part: Option<Part>,
        /// What the ledger has, where somebody wrote another number over it and gave the reason.
        #[serde(skip_serializing_if = "Option::is_none")]
        over: Option<String>,
    },
}

impl Span {
    /// What the reader sees.
    pub fn text(&self) -> &str {
        match self {
            Span::Text(text) | Span::Figure { text, .. } => text,
        }
    }
}

/// The year a number speaks of, seen from the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Year {
    /// The year reported.
    This,
    /// The one before it.
    Last,
}

/// One share of a figure broken down.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Part {
    /// Broken down by what.
    pub by: By,
    /// The key of the share: the id of a village or a choice, `2024-03`.
    pub key: String,
}

/// A table of figures broken down; the first column names the shares.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Table {
    /// What it shows.
    pub caption: String,
    /// The column heads.
    pub head: Vec<String>,
    /// The rows, the last of which is the whole.
    pub rows: Vec<Vec<Span>>,
    /// What has to be said for the table to be read rightly.
    pub remark: Option<String>,
}

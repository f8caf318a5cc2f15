//! The model every renderer of paper starts from: nothing here knows Word, PDF or a database.

use serde::Serialize;

/// What is handed out in one piece: one paper, or the papers of a volume in their order (卷宗).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Work {
    /// What it is called in a list of files.
    pub title: String,
    /// Whose it is.
    pub author: String,
    /// The papers; of a volume the first is its cover.
    pub papers: Vec<Paper>,
    /// A volume: its contents stand behind the cover.
    pub contents: Vec<Listed>,
}

/// A line of the contents of a volume (卷内目录).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Listed {
    /// Its title.
    pub title: String,
    /// Which of the papers it is, from 0; none where it is only attached or missing.
    pub paper: Option<usize>,
    /// What has to be said of it.
    pub remark: String,
}

/// One paper.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Paper {
    /// How it is set.
    pub style: Style,
    /// Its title.
    pub title: String,
    /// What stands over an official paper.
    pub head: Option<Head>,
    /// Its number, where it has no head: it stands under the title.
    pub number: String,
    /// To whom it goes (主送机关), without the colon.
    pub addressee: String,
    /// From top to bottom.
    pub blocks: Vec<Block>,
    /// The titles of what goes with it (附件说明).
    pub attached: Vec<String>,
    /// Who signs, and when.
    pub signed: Option<Signed>,
    /// What goes with it, each on a page of its own.
    pub annexes: Vec<Annex>,
    /// What stands at the foot of its last page (版记).
    pub imprint: Option<Imprint>,
}

/// How a paper is set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Style {
    /// 公文: red head, title, prose (GB/T 9704-2012).
    Official,
    /// 纪要: a head of its own, who was there, no seal (GB/T 9704-2012, 10.3).
    Minutes,
    /// 文书: a form or record of a case file.
    #[default]
    Sheet,
    /// The cover of a volume.
    Cover,
}

/// 版头.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Head {
    /// Who issues it; several issue jointly, each on its line.
    pub organs: Vec<String>,
    /// What stands behind their names: 文件, or nothing.
    pub suffix: String,
    /// 发文字号, with places for what is filled in by hand.
    pub number: Vec<Run>,
    /// Who signed it off (签发人), where it goes upwards; each on a line of his own.
    pub signers: Vec<String>,
    /// It goes to a superior: 签发人 stands beside the number.
    pub upwards: bool,
}

/// 署名 and 成文日期.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Signed {
    /// Who signs.
    pub by: Vec<String>,
    /// The day, as it is written; empty: a place for it.
    pub on: String,
    /// There is to be a seal over it.
    pub sealed: bool,
}

/// An annex (附件, 附录).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Annex {
    /// `附件1`; empty where it is no 附件 but an appendix of figures.
    pub mark: String,
    /// Its title.
    pub title: String,
    /// From top to bottom.
    pub blocks: Vec<Block>,
}

/// 版记.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Imprint {
    /// 抄送机关; empty: none.
    pub copy_to: String,
    /// 印发机关.
    pub printed_by: String,
    /// 印发日期, as it is written; empty: a place for it.
    pub printed_on: String,
}

/// A piece of a paper.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Block {
    /// A heading.
    Heading {
        /// 1 for 一、 2 for （一） 3 for 1.
        level: u8,
        /// Its number and its words.
        text: String,
    },
    /// Prose.
    Paragraph {
        /// How it stands.
        align: Align,
        /// Its words.
        runs: Vec<Run>,
    },
    /// Somebody or something by name: 出席：…
    Named {
        /// Who they are.
        label: String,
        /// Their names.
        runs: Vec<Run>,
    },
    /// A table or the grid of a form.
    Grid(Grid),
    /// Places to sign, side by side.
    Sign {
        /// What stands at each.
        places: Vec<String>,
    },
    /// Something a machine reads: a QR code of these words.
    Code {
        /// What it says.
        text: String,
        /// What stands beside it.
        beside: Vec<String>,
    },
}

/// How a paragraph stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Align {
    /// Two characters in, as all prose.
    Indented,
    /// Flush left.
    Left,
    /// To the right.
    Right,
    /// In the middle.
    Centre,
    /// Small, as notes of an annex are.
    Small,
}

/// Words of a paragraph or a cell.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Run {
    /// Words.
    Text(String),
    /// A number into the annex of figures, set small and high.
    Note(usize),
    /// The place in the annex a number leads to.
    Anchor(usize),
    /// So many characters to be filled in by hand.
    Blank(usize),
}

/// A grid of cells.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Grid {
    /// What stands over it.
    pub caption: String,
    /// How wide each column is, as shares.
    pub widths: Vec<u32>,
    /// Set small and close: a table of hundreds of rows.
    pub dense: bool,
    /// How many of the first rows are heads: they stand again on each page.
    pub heads: usize,
    /// The rows.
    pub rows: Vec<Row>,
}

/// A row of a grid.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Row {
    /// From left to right; together they span all columns.
    pub cells: Vec<Cell>,
    /// At least so many lines high.
    pub lines: usize,
}

/// A cell.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Cell {
    /// How many columns it spans, from 1.
    pub span: usize,
    /// Printed on the form: it stands in the middle.
    pub label: bool,
    /// Its words.
    pub runs: Vec<Run>,
}

impl Run {
    /// Words.
    pub fn text(text: impl Into<String>) -> Run {
        Run::Text(text.into())
    }
}

impl Block {
    /// Prose of plain words.
    pub fn words(align: Align, text: impl Into<String>) -> Block {
        Block::Paragraph { align, runs: vec![Run::text(text)] }
    }
}

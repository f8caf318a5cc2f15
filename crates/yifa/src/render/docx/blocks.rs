//! The pieces of a paper as paragraphs and tables.

use engine::paper::{Align, Block, Grid, Row, Run};

use super::styles::{LABEL_FACE, face};
use super::xml::{escape, run};

/// The width of a line, in twentieths of a point: 156 mm.
pub const WIDTH: u32 = 8844;
/// One character in from an edge, in the same.
pub const CHARACTER: u32 = 315;

const BORDERS: [&str; 6] = ["top", "left", "bottom", "right", "insideH", "insideV"];

/// What was written of `w:body` so far.
#[derive(Default)]
pub struct Body {
    /// The elements.
    pub xml: String,
    /// What the pictures among them say, in their order.
    pub pictures: Vec<String>,
    /// How many bookmarks there are.
    marks: usize,
    /// What is written now stays on one page with what follows.
    pub keep: bool,
}

impl Body {
    /// A paragraph of words; `more` stands behind its style.
    pub fn paragraph(&mut self, style: &str, more: &str, text: &str) {
        self.put(style, more, &run("", text));
    }

    /// A paragraph of runs.
    pub fn put(&mut self, style: &str, more: &str, runs: &str) {
        self.xml.push_str(&paragraph(style, more, runs));
    }

    /// So many empty lines.
    pub fn empty(&mut self, lines: usize) {
        (0..lines).for_each(|_| self.put("Normal", "", ""));
    }

    /// So many empty lines that stay with what follows.
    pub fn kept(&mut self, lines: usize) {
        (0..lines).for_each(|_| self.put("Normal", "<w:keepNext/>", ""));
    }

    /// What follows begins a page.
    pub fn page_break(&mut self) {
        self.put("Normal", "", "<w:r><w:br w:type=\"page\"/></w:r>");
    }

    /// A piece of a paper.
    pub fn block(&mut self, block: &Block) {
        match block {
            Block::Heading { level, text } => self.paragraph(&format!("Heading{}", level.clamp(&1, &3)), "", text),
            Block::Paragraph { align, runs } => {
                let (style, more) = match align {
                    Align::Indented => ("Prose", ""),
                    Align::Left => ("Normal", ""),
                    Align::Right => ("Normal", "<w:jc w:val=\"right\"/>"),
                    Align::Centre => ("Normal", "<w:jc w:val=\"center\"/>"),
                    Align::Small => ("Small", ""),
                };
                let runs = self.runs(runs);
                let keep = if self.keep { "<w:keepNext/><w:keepLines/>" } else { "" };
                self.put(style, &format!("{keep}{more}"), &runs);
            }
            Block::Named { label, runs } => {
                let runs = run(&face(LABEL_FACE), &format!("{label}：")) + &self.runs(runs);
                // The names of a second line stand under those of the first.
                let hang = (label.chars().count() as u32 + 1) * CHARACTER;
                let more = format!("<w:ind w:left=\"{}\" w:hanging=\"{hang}\"/>", 2 * CHARACTER + hang);
                self.put("Normal", &more, &runs);
            }
            Block::Grid(grid) => self.grid(grid),
            Block::Sign { places } => {
                let share: Vec<u32> = places.iter().map(|place| place.chars().count() as u32 + 2).collect();
                // Three stand beside each other in 小四 only.
                let size = if places.len() > 2 { "<w:sz w:val=\"24\"/>" } else { "" };
                let cells =
                    places.iter().map(|place| (1, "top", paragraph("Sign", "", &run(size, &format!("{place}：")))));
                let row = format!(
                    "<w:tr><w:trPr><w:cantSplit/><w:trHeight w:val=\"1400\" w:hRule=\"atLeast\"/></w:trPr>{}</w:tr>",
                    cells_of(&share, cells)
                );
                self.table(&share, "", &row);
            }
            Block::Code { text, beside } => {
                let nth = self.pictures.len();
                self.pictures.push(text.clone());
                let words: String = beside.iter().map(|line| paragraph("Small", "", &run("", line))).collect();
                let picture = paragraph("Normal", "<w:spacing w:line=\"240\" w:lineRule=\"auto\"/>", &picture(nth));
                let share = [30, 70];
                let row = format!(
                    "<w:tr><w:trPr><w:cantSplit/></w:trPr>{}</w:tr>",
                    cells_of(&share, [(1, "center", picture), (1, "center", words)].into_iter())
                );
                self.empty(1);
                self.table(&share, "", &row);
            }
        }
    }

    /// Runs of a paragraph.
    pub fn runs(&mut self, runs: &[Run]) -> String {
        let mut out = String::new();
        for one in runs {
            match one {
                Run::Text(text) => out.push_str(&run("", text)),
                Run::Note(note) => out.push_str(&format!(
                    "<w:hyperlink w:anchor=\"source{note}\" w:history=\"1\">{}</w:hyperlink>",
                    // The number does not go to the next line alone.
                    run("<w:vertAlign w:val=\"superscript\"/>", &format!("\u{2060}{note}"))
                )),
                Run::Anchor(note) => {
                    self.marks += 1;
                    let mark = self.marks;
                    out.push_str(&format!("<w:bookmarkStart w:id=\"{mark}\" w:name=\"source{note}\"/>"));
                    out.push_str(&run("", &note.to_string()));
                    out.push_str(&format!("<w:bookmarkEnd w:id=\"{mark}\"/>"));
                }
                // Underlined spaces vanish at the end of a line.
                Run::Blank(many) => out.push_str(&run("", &"＿".repeat(*many))),
            }
        }
        out
    }

    fn grid(&mut self, grid: &Grid) {
        if !grid.caption.is_empty() {
            self.paragraph("Label", "<w:keepNext/>", &grid.caption);
        }
        let rows: String =
            grid.rows.iter().enumerate().map(|(nth, row)| self.row(grid, row, nth < grid.heads)).collect();
        let borders: String = BORDERS
            .iter()
            .map(|side| format!("<w:{side} w:val=\"single\" w:sz=\"4\" w:space=\"0\" w:color=\"000000\"/>"))
            .collect();
        self.table(&grid.widths, &format!("<w:tblBorders>{borders}</w:tblBorders>"), &rows);
    }

    fn row(&mut self, grid: &Grid, row: &Row, head: bool) -> String {
        let mut look = String::new();
        let (line, styles) = if grid.dense { (280, ["DenseLabel", "Dense"]) } else { (400, ["Label", "Cell"]) };
        if row.lines <= 1 {
            look.push_str("<w:cantSplit/>");
        }
        look.push_str(&format!("<w:trHeight w:val=\"{}\" w:hRule=\"atLeast\"/>", row.lines.max(1) * line + line / 4));
        if head {
            look.push_str("<w:tblHeader/>");
        }
        let cells: Vec<_> = row
            .cells
            .iter()
            .map(|cell| {
                let runs = self.runs(&cell.runs);
                let at = if row.lines > 1 && !cell.label { "top" } else { "center" };
                (cell.span, at, paragraph(styles[usize::from(!cell.label)], "", &runs))
            })
            .collect();
        format!("<w:tr><w:trPr>{look}</w:trPr>{}</w:tr>", cells_of(&grid.widths, cells.into_iter()))
    }

    /// A table as wide as the page, of columns of these shares.
    pub fn table(&mut self, shares: &[u32], borders: &str, rows: &str) {
        self.xml.push_str(&table(shares, "", borders, rows));
        // Two tables would run together.
        self.xml.push_str("<w:p><w:pPr><w:spacing w:line=\"20\" w:lineRule=\"exact\"/></w:pPr></w:p>");
    }
}

/// A table; `place` says where it floats.
pub fn table(shares: &[u32], place: &str, borders: &str, rows: &str) -> String {
    let columns: String = widths(shares).map(|width| format!("<w:gridCol w:w=\"{width}\"/>")).collect();
    format!(
        "<w:tbl><w:tblPr>{place}<w:tblW w:w=\"{WIDTH}\" w:type=\"dxa\"/>{borders}<w:tblLayout w:type=\"fixed\"/></w:tblPr>\
         <w:tblGrid>{columns}</w:tblGrid>{rows}</w:tbl>"
    )
}

/// The cells of a row: how many columns each spans, where its words stand, and its paragraphs.
pub fn cells_of<'c>(shares: &[u32], cells: impl Iterator<Item = (usize, &'c str, String)>) -> String {
    let widths: Vec<u32> = widths(shares).collect();
    let (mut at, mut out) = (0, String::new());
    for (span, stands, paragraphs) in cells {
        let width: u32 = widths.iter().skip(at).take(span).sum();
        at += span;
        let spans = if span > 1 { format!("<w:gridSpan w:val=\"{span}\"/>") } else { String::new() };
        out.push_str(&format!("<w:tc><w:tcPr><w:tcW w:w=\"{width}\" w:type=\"dxa\"/>{spans}<w:vAlign w:val=\"{stands}\"/></w:tcPr>{paragraphs}</w:tc>"));
    }
    out
}

fn widths(shares: &[u32]) -> impl Iterator<Item = u32> {
    let all = shares.iter().sum::<u32>().max(1);
    shares.iter().map(move |share| WIDTH * share / all)
}

/// A paragraph.
pub fn paragraph(style: &str, more: &str, runs: &str) -> String {
    let style = if style == "Normal" { String::new() } else { format!("<w:pStyle w:val=\"{style}\"/>") };
    match style.is_empty() && more.is_empty() {
        true => format!("<w:p>{runs}</w:p>"),
        false => format!("<w:p><w:pPr>{style}{more}</w:pPr>{runs}</w:p>"),
    }
}

/// The picture of a code, 34 mm square; lengths in 914,400ths of an inch.
fn picture(nth: usize) -> String {
    const SIDE: u32 = 1_224_000;
    let name = escape(&format!("二维码{}", nth + 1));
    format!(
        "<w:r><w:drawing><wp:inline distT=\"0\" distB=\"0\" distL=\"0\" distR=\"0\"><wp:extent cx=\"{SIDE}\" cy=\"{SIDE}\"/>\
         <wp:docPr id=\"{0}\" name=\"{name}\" descr=\"{name}\"/><a:graphic><a:graphicData uri=\"http://schemas.openxmlformats.org/drawingml/2006/picture\">\
         <pic:pic><pic:nvPicPr><pic:cNvPr id=\"{0}\" name=\"{name}\"/><pic:cNvPicPr/></pic:nvPicPr>\
         <pic:blipFill><a:blip r:embed=\"code{nth}\"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>\
         <pic:spPr><a:xfrm><a:off x=\"0\" y=\"0\"/><a:ext cx=\"{SIDE}\" cy=\"{SIDE}\"/></a:xfrm><a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom></pic:spPr>\
         </pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>",
        nth + 1
    )
}

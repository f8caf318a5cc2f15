//! Which papers a record becomes, and what is written on them (文书样式): a volume in its order, or a sheet alone.

mod text;

use crate::read::{At, Source, Table};

use super::basis::{self, Basis};
use super::condition::{self, Condition};
use super::field::FieldRef;
use crate::paper::Style;

pub use text::{Item, Line, Piece, Word};

/// The papers of a register, `definitions/papers/<register>.toml`.
#[derive(Clone, Debug)]
pub struct Papers {
    /// The register whose records they are made of: the name of the file.
    pub register: At<String>,
    /// What the volume is called; of a single paper, its kind.
    pub title: String,
    /// Who says what they look like.
    pub basis: Basis,
    /// Why they are 待核, if they are.
    pub pending: Option<String>,
    /// The cover of the volume; none: the papers are no volume.
    pub cover: Option<Vec<Line>>,
    /// In their order.
    pub papers: Vec<Template>,
    /// The file.
    pub file: String,
}

/// One paper.
#[derive(Clone, Debug)]
pub struct Template {
    /// Its id in the file.
    pub id: At<String>,
    /// Its title; `{title}` stands for the record's.
    pub title: String,
    /// Whether the volume must have it (必须), or only where it came to it (按需).
    pub must: bool,
    /// When the record has it at all.
    pub when: Vec<Condition>,
    /// The step it is about: there is none before it was taken.
    pub of: Option<At<String>>,
    /// There is one for each time the step was taken, not for the latest.
    pub each: bool,
    /// The file that holds it signed, or holds what is only attached.
    pub scan: Option<At<FieldRef>>,
    /// How it is set.
    pub style: Style,
    /// It carries the record's number under its title.
    pub numbered: bool,
    /// What stands around the text of an official paper.
    pub frame: Frame,
    /// What is written on it; empty: it is only attached.
    pub lines: Vec<Line>,
}

/// What stands around the text of an official paper, each as words with places to fill.
#[derive(Clone, Debug, Default)]
pub struct Frame {
    /// 发文机关标志, without 文件.
    pub organ: Vec<Piece>,
    /// What stands behind it: 文件, or nothing.
    pub suffix: String,
    /// 发文字号.
    pub number: Vec<Piece>,
    /// 主送机关.
    pub to: Vec<Piece>,
    /// 署名; none: nobody signs.
    pub sign: Vec<Piece>,
    /// 成文日期.
    pub on: Vec<Piece>,
    /// There is to be a seal.
    pub sealed: bool,
    /// 抄送机关.
    pub copy_to: Vec<Piece>,
    /// 印发机关; none: no imprint.
    pub printed_by: Vec<Piece>,
}

/// Every place where pieces stand in a template, for whoever holds names against a register.
impl Template {
    /// Its title, where the record has this one.
    pub fn titled(&self, record: &str) -> String {
        self.title.replace(TITLE, record)
    }

    /// All pieces, wherever they stand.
    pub fn pieces(&self) -> impl Iterator<Item = &Piece> {
        let frame = &self.frame;
        let around =
            [&frame.organ, &frame.number, &frame.to, &frame.sign, &frame.on, &frame.copy_to, &frame.printed_by];
        around.into_iter().flatten().chain(pieces(&self.lines))
    }
}

/// All pieces of lines.
pub fn pieces(lines: &[Line]) -> impl Iterator<Item = &Piece> {
    lines.iter().flat_map(|line| line.item.pieces())
}

pub(super) fn read(table: &mut Table<'_>, file: &str) -> Papers {
    let mut papers = Papers {
        register: table.need_text("register"),
        title: table.need_text("title").value,
        basis: basis::read(table, Some("文书样式")),
        pending: table.text("pending").map(|text| text.value),
        cover: None,
        papers: Vec::new(),
        file: file.to_owned(),
    };
    papers.cover = table.text("cover").map(|text| text::read(table.source, &text));
    if !table.has("paper") {
        table.missing("[[paper]]");
    }
    for mut inner in table.tables("paper") {
        papers.papers.push(read_one(&mut inner));
        inner.finish();
    }
    for (nth, paper) in papers.papers.iter().enumerate() {
        if papers.papers[..nth].iter().any(|before| before.id.value == paper.id.value) {
            table.note(7, paper.id.span.clone(), format!("文书“{}”重名", paper.id.value), "请改用别的编号");
        }
    }
    papers
}

/// Where a record's title stands in the title of a paper.
const TITLE: &str = "{title}";

const STYLES: &[(&str, Style)] = &[("sheet", Style::Sheet), ("official", Style::Official), ("minutes", Style::Minutes)];

fn read_one(table: &mut Table<'_>) -> Template {
    let id = table.need_text("id");
    super::check_id(table, &id);
    let title = table.need_text("title");
    if title.value.replace(TITLE, "").contains(['{', '}']) {
        let remedy = "案卷的名称写 {title}，别的都写进 text";
        table.note(520, title.span.clone(), format!("文书名称里只能写 {TITLE}"), remedy);
    }
    let must = table.word("need", &[("must", true), ("as_needed", false)]).is_some_and(|at| at.value);
    let each = table.text("each");
    let of = table.text("of");
    if let (Some(of), Some(_)) = (&of, &each) {
        table.note(10, of.span.clone(), "of 和 each 只写一个", "of 指最近的一次，each 指每一次各一份");
    }
    let lines = table.text("text").map(|text| text::read(table.source, &text)).unwrap_or_default();
    let scan = table.text("scan").map(|at| at.map(|text| FieldRef::parse(&text, "")));
    if lines.is_empty() && scan.is_none() {
        table.missing("text");
    }
    Template {
        id,
        title: title.value,
        must,
        when: condition::read(table, "when", ""),
        each: each.is_some(),
        of: each.or(of),
        scan,
        style: table.word("style", STYLES).map_or(Style::Sheet, |at| at.value),
        numbered: table.flag("numbered"),
        frame: read_frame(table),
        lines,
    }
}

fn read_frame(table: &mut Table<'_>) -> Frame {
    let source: &Source<'_> = table.source;
    let mut words = |key: &'static str| table.text(key).map(|text| text::inline(source, &text)).unwrap_or_default();
    Frame {
        organ: words("organ"),
        number: words("number"),
        to: words("to"),
        sign: words("sign"),
        on: words("on"),
        copy_to: words("copy_to"),
        printed_by: words("printed_by"),
        suffix: table.text("suffix").map_or_else(String::new, |text| text.value),
        sealed: table.flag("sealed"),
    }
}

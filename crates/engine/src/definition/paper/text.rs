//! The words of a paper: headings, prose, rows of a form and places to sign, with `{step.field}` where something is filled in.
//!
//! ```text
//! ## 一级标题                     ### 二级标题
//! 两字缩进的一段，写着 {step.field}。
//! > 顶格的一段                    >> 靠右的一段                  ^ 居中的一段
//! | 姓名 | {register.parties} | 日期 | {register.on} |
//! | 简要情况 | {register.facts} | *6                              （至少六行高）
//! | 意见人 | 意见 | !                                             （表头，换页重印）
//! *session | {session.on} | {session.account} |                  （每次调解一行）
//! ~ 当事人（签名、盖章或者按指印） | 调解员（签名）                  （签名处）
//! = 出席 | {meeting.present}                                      （出席：某某、某某）
//! ?agree.amount: 填了金额才有的一行        ?agree.form=oral: 口头协议才有的一行
//! ```

use std::ops::Range;

use crate::definition::field::FieldRef;
use crate::paper::Align;
use crate::read::{At, Source, nearest_hint};

/// A line, and when it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Only where this field was given, or is this choice.
    pub when: Option<(At<FieldRef>, Option<String>)>,
    /// What it is.
    pub item: Item,
}

/// What a line is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Item {
    /// A heading.
    Heading(u8, Vec<Piece>),
    /// Prose.
    Prose(Align, Vec<Piece>),
    /// A row of a grid; rows that follow each other are one grid.
    Row {
        /// One for each time this step was taken.
        each: Option<At<String>>,
        /// A head, printed again on each page.
        head: bool,
        /// At least so many lines high.
        lines: usize,
        /// Its cells.
        cells: Vec<Vec<Piece>>,
    },
    /// Places to sign.
    Sign(Vec<Vec<Piece>>),
    /// A label with names behind it.
    Named(String, Vec<Piece>),
}

/// A piece of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Words.
    Text(String),
    /// A field's value.
    Value {
        /// Which.
        at: At<FieldRef>,
        /// As all its choices, the chosen ones marked.
        boxes: bool,
    },
    /// Something of the record or the township.
    Word(Word),
    /// So many characters to be filled in by hand.
    Blank(usize),
}

/// What a single word in braces stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Word {
    /// The record's number.
    Number,
    /// The record's title.
    Title,
    /// The state it is in.
    State,
    /// The township.
    Town,
    /// Its county.
    County,
    /// The keeper of the register.
    Keeper,
    /// Which one of its kind this paper is, from 1.
    Nth,
}

const WORDS: &[(&str, Word)] = &[
    ("number", Word::Number),
    ("title", Word::Title),
    ("state", Word::State),
    ("town", Word::Town),
    ("county", Word::County),
    ("keeper", Word::Keeper),
    ("nth", Word::Nth),
];

impl Item {
    /// Its pieces.
    pub fn pieces(&self) -> Box<dyn Iterator<Item = &Piece> + '_> {
        match self {
            Item::Heading(_, pieces) | Item::Prose(_, pieces) | Item::Named(_, pieces) => Box::new(pieces.iter()),
            Item::Row { cells, .. } | Item::Sign(cells) => Box::new(cells.iter().flatten()),
        }
    }
}

/// Reads the lines of a text.
pub(super) fn read(source: &Source<'_>, text: &At<String>) -> Vec<Line> {
    let reader = Reader { source, begin: begin(source, text) };
    let mut at = 0;
    let mut lines = Vec::new();
    for raw in text.value.split_inclusive('\n') {
        let start = at + raw.len() - raw.trim_start().len();
        at += raw.len();
        let line = raw.trim();
        if !line.is_empty() {
            lines.extend(reader.line(line, start));
        }
    }
    lines
}

/// Reads the words of one line.
pub(super) fn inline(source: &Source<'_>, text: &At<String>) -> Vec<Piece> {
    Reader { source, begin: begin(source, text) }.pieces(&text.value, 0)
}

/// Where the first character of a text stands in its file: behind the quotes, and behind the line break that follows three.
fn begin(source: &Source<'_>, text: &At<String>) -> usize {
    let raw = source.text.get(text.span.clone()).unwrap_or_default();
    let quotes = if raw.starts_with("'''") || raw.starts_with("\"\"\"") { 3 } else { 1 };
    let rest = raw.get(quotes..).unwrap_or_default();
    let skipped =
        if quotes == 3 { rest.len() - rest.trim_start_matches('\r').trim_start_matches('\n').len() } else { 0 };
    text.span.start + quotes + skipped.min(2)
}

struct Reader<'s> {
    source: &'s Source<'s>,
    begin: usize,
}

impl Reader<'_> {
    fn note(&self, span: Range<usize>, text: impl Into<String>, remedy: impl Into<String>) {
        self.source.note(520, self.begin + span.start..self.begin + span.end, text, remedy);
    }

    fn field(&self, text: &str, start: usize) -> At<FieldRef> {
        let span = self.begin + start..self.begin + start + text.len();
        At { value: FieldRef::parse(text, ""), span }
    }

    fn line(&self, line: &str, start: usize) -> Option<Line> {
        let (when, text, start) = match line.strip_prefix('?') {
            None => (None, line, start),
            Some(rest) => {
                let Some((condition, text)) = rest.split_once([':', '：']) else {
                    let remedy = "请写成 ?步骤.字段: 文字，或者 ?步骤.字段=选项: 文字";
                    self.note(start..start + line.len(), "条件后面没有冒号", remedy);
                    return None;
                };
                let (field, choice) =
                    condition.split_once('=').map_or((condition, None), |(f, c)| (f, Some(c.trim().to_owned())));
                let field = self.field(field.trim(), start + 1);
                let text = text.trim_start();
                (Some((field, choice)), text, start + line.len() - text.len())
            }
        };
        let item = self.item(text, start)?;
        Some(Line { when, item })
    }

    fn item(&self, text: &str, start: usize) -> Option<Item> {
        let behind = |mark: &str| {
            text.strip_prefix(mark).map(|rest| (rest.trim_start(), start + text.len() - rest.trim_start().len()))
        };
        for (mark, level) in [("## ", 1), ("### ", 2), ("#### ", 3)] {
            if let Some((rest, at)) = behind(mark) {
                return Some(Item::Heading(level, self.pieces(rest, at)));
            }
        }
        for (mark, align) in [(">> ", Align::Right), ("> ", Align::Left), ("^ ", Align::Centre)] {
            if let Some((rest, at)) = behind(mark) {
                return Some(Item::Prose(align, self.pieces(rest, at)));
            }
        }
        if let Some((rest, at)) = behind("~ ") {
            return Some(Item::Sign(self.cells(rest, at)));
        }
        if let Some((rest, at)) = behind("= ") {
            let Some((label, names)) = rest.split_once('|') else {
                self.note(start..start + text.len(), "“= ”后面没有竖线", "请写成 = 出席 | {步骤.字段}");
                return None;
            };
            let names_at = at + label.len() + 1 + names.len() - names.trim_start().len();
            return Some(Item::Named(label.trim().to_owned(), self.pieces(names.trim(), names_at)));
        }
        if text.starts_with('|') {
            return self.row(None, text, start);
        }
        if let Some(rest) = text.strip_prefix('*') {
            let Some((step, _)) = rest.split_once('|') else {
                self.note(start..start + text.len(), "“*”开头的一行没有竖线", "请写成 *步骤 | {步骤.字段} |");
                return None;
            };
            let span = self.begin + start + 1..self.begin + start + 1 + step.trim_end().len();
            let step_id = At { value: step.trim().to_owned(), span };
            return self.row(Some(step_id), &rest[step.len()..], start + 1 + step.len());
        }
        if text.starts_with('#') {
            let remedy = "标题写成“## 一级”“### 二级”“#### 三级”，井号后空一格；文书的名称写在 title";
            self.note(start..start + text.len(), "标题写法不对", remedy);
            return None;
        }
        Some(Item::Prose(Align::Indented, self.pieces(text, start)))
    }

    /// `| 甲 | {step.field} | *6`: what stands behind the last bar says how high the row is, or that it is a head.
    fn row(&self, each: Option<At<String>>, text: &str, start: usize) -> Option<Item> {
        let inner = &text[1..];
        let Some((cells, end)) = inner.rsplit_once('|') else {
            self.note(start..start + text.len(), "一行表格没有合上", "每一格两边都写竖线，如 | 姓名 | {步骤.字段} |");
            return None;
        };
        let end = end.trim();
        let lines = end.strip_prefix('*').and_then(|many| many.parse().ok()).filter(|many| (1..=20).contains(many));
        if !end.is_empty() && end != "!" && lines.is_none() {
            let remedy = "最后一条竖线后面可以写 *行数（1 至 20）定高度，或者写 ! 作表头";
            self.note(start..start + text.len(), format!("不认识“{end}”"), remedy);
            return None;
        }
        Some(Item::Row { each, head: end == "!", lines: lines.unwrap_or(1), cells: self.cells(cells, start + 1) })
    }

    fn cells(&self, text: &str, start: usize) -> Vec<Vec<Piece>> {
        let mut at = start;
        let cell = |cell: &str| {
            let begin = at + cell.len() - cell.trim_start().len();
            at += cell.len() + 1;
            self.pieces(cell.trim(), begin)
        };
        text.split('|').map(cell).collect()
    }

    fn pieces(&self, text: &str, start: usize) -> Vec<Piece> {
        let mut pieces = Vec::new();
        let mut from = 0;
        let push = |pieces: &mut Vec<Piece>, text: &str| {
            if !text.is_empty() {
                pieces.push(Piece::Text(text.to_owned()));
            }
        };
        while let Some(open) = text[from..].find('{').map(|at| from + at) {
            push(&mut pieces, &text[from..open]);
            let Some(close) = text[open..].find('}').map(|at| open + at) else {
                self.note(start + open..start + text.len(), "花括号没有合上", "请写成 {步骤.字段}，同一行内合上");
                return pieces;
            };
            pieces.extend(self.brace(&text[open + 1..close], start + open + 1));
            from = close + 1;
        }
        push(&mut pieces, &text[from..]);
        pieces
    }

    fn brace(&self, inner: &str, start: usize) -> Option<Piece> {
        if !inner.is_empty() && inner.chars().all(|c| c == '_') {
            return Some(Piece::Blank(inner.len()));
        }
        let (name, boxes) = match inner.split_once(':') {
            Some((name, "boxes")) => (name, true),
            Some((_, way)) => {
                let at = start + inner.len() - way.len();
                self.note(
                    at..start + inner.len(),
                    format!("不认识“{way}”"),
                    "冒号后面只能写 boxes：列出全部选项，选中的打记号",
                );
                return None;
            }
            None => (inner, false),
        };
        if name.contains('.') {
            return Some(Piece::Value { at: self.field(name, start), boxes });
        }
        let word = WORDS.iter().find(|(known, _)| *known == name).map(|(_, word)| Piece::Word(*word));
        if word.is_none() {
            let known: Vec<&str> = WORDS.iter().map(|(name, _)| *name).collect();
            let remedy =
                format!("可以写 {{步骤.字段}}、{{____}}，或者 {}{}", known.join("、"), nearest_hint(name, &known));
            self.note(start..start + inner.len(), format!("没有“{name}”这个词"), remedy);
        }
        word
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expect: &[&str]) {
        let file = format!("text = '''\n{text}'''\n");
        let source = Source::new("a.toml", &file);
        let lines = source.read(|table| table.text("text").map(|text| read(table.source, &text))).flatten().unwrap();
        let problems: Vec<String> = source
            .into_problems()
            .iter()
            .map(|problem| format!("“{}”{}", &file[problem.place.as_ref().unwrap().span.clone()], problem.text))
            .collect();
        let shown: Vec<String> = lines
            .iter()
            .map(|line| format!("{:?} {:?}", line.when.as_ref().map(|(at, c)| (at.to_string(), c)), line.item))
            .collect();
        let all: Vec<String> = problems.into_iter().chain(shown).collect();
        assert_eq!(all.len(), expect.len(), "{all:#?}");
        for (found, part) in all.iter().zip(expect) {
            assert!(found.contains(part), "{found} has no {part}");
        }
    }

    #[test]
    fn each_mark_makes_its_line() {
        check(
            "## 一级\n正文{town}，{agree.on}。",
            &["Heading(1, [Text(\"一级\")])", "Prose(Indented, [Text(\"正文\"), Word(Town)"],
        );
        check("> 甲\n>> 乙\n^ 丙", &["Prose(Left", "Prose(Right", "Prose(Centre"]);
        check("| 姓名 | {a.b} | *6\n| 甲 | 乙 | !", &["head: false, lines: 6", "head: true, lines: 1"]);
        check("*session | {session.on} |", &["each: Some(At { value: \"session\", span: 12..19 })"]);
        check("~ 当事人 | 调解员", &["Sign([[Text(\"当事人\")], [Text(\"调解员\")]])"]);
        check("= 出席 | {m.present}", &["Named(\"出席\""]);
        check("?a.b=c: 有时\n?a.b：{____}", &["Some((\"a.b\", Some(\"c\")))", "Blank(4)"]);
        check("{a.b:boxes}", &["boxes: true"]);
    }

    #[test]
    fn what_is_wrong_is_named_where_it_stands() {
        check("正文{twon}", &["“twon”没有“twon”这个词", "Prose"]);
        check("{a.b:all}", &["“all”不认识“all”", "Prose"]);
        check("# 标题", &["“# 标题”标题写法不对"]);
        check("| 甲 | 乙", &["“| 甲 | 乙”不认识“乙”"]);
        check("|甲", &["“|甲”一行表格没有合上"]);
        check("？a.b 没有条件", &["Prose"]);
        check("?a.b 没有冒号", &["“?a.b 没有冒号”条件后面没有冒号"]);
        check("{a.b", &["“{a.b”花括号没有合上", "Prose"]);
    }
}

//! Reading a template line by line, every problem at once.

use std::ops::Range;

use super::condition;
use super::paragraph;
use super::sentence;
use super::table;
use super::template::{Item, Line, Piece, Role, Template, When};
use crate::definition::Definitions;
use crate::problem::Problem;
use crate::read::{At, nearest_hint};

/// A template being read, and the problems found so far.
pub(super) struct Reader<'r> {
    pub set: &'r Definitions,
    /// Whether a county reports by it: its figures are told apart by township, and by nothing else.
    pub of_county: bool,
    file: &'r str,
    problems: Vec<Problem>,
}

impl Reader<'_> {
    /// Notes a problem at a place of the file.
    pub fn note(&mut self, code: u16, span: Range<usize>, text: impl Into<String>, remedy: impl Into<String>) {
        self.problems.push(Problem::new(code, text, remedy).at(self.file, span));
    }

    /// A figure of the set by its id; noted when there is none.
    pub fn figure(&mut self, id: &str, span: Range<usize>) -> Option<String> {
        if self.set.figures.contains_key(id) {
            return Some(id.to_owned());
        }
        let known: Vec<&str> = self.set.figures.keys().map(String::as_str).collect();
        let hint = nearest_hint(id, &known);
        let remedy = format!("请写 definitions/figures 里有的编号，形如“文件名.id”{hint}");
        self.note(504, span, format!("没有数字“{id}”"), remedy);
        None
    }
}

/// How the names of templates begin by which a county reports.
const OF_COUNTY: &str = "county_";

impl Template {
    /// Reads a template and holds its figure references against a set.
    ///
    /// What could be read is returned even when there are problems, so that a caller may go on looking for more.
    pub fn read(file: &str, text: &str, set: &Definitions) -> (Template, Vec<Problem>) {
        let of_county = file.rsplit('/').next().is_some_and(|name| name.starts_with(OF_COUNTY));
        let mut reader = Reader { set, of_county, file, problems: Vec::new() };
        let mut template = Template::default();
        let mut open: Vec<Line> = Vec::new();
        let mut blank = false;
        let mut titled = false;
        let mut level = 1;
        for (start, line) in lines(text) {
            if line.is_empty() {
                blank = true;
                continue;
            }
            if line.starts_with("<!--") && line.ends_with("-->") {
                continue;
            }
            if let Some(title) = line.strip_prefix("# ") {
                if titled {
                    reader.note(
                        501,
                        start..start + line.len(),
                        "标题写了两遍",
                        "一份报告只有一个“# ”标题，下面各级写 ##、###、####",
                    );
                }
                titled = true;
                template.title = sentence::read(&mut reader, title, start + 2, false);
                continue;
            }
            if !titled {
                reader.note(501, start..start + line.len(), "第一行不是标题", "模板的第一行请写“# 标题”");
                titled = true;
            }
            let carries_on = blank && paragraph::carries_on(&open, line);
            if blank && !carries_on {
                close(&mut reader, &mut template, &mut open);
            }
            if let Some(item) = read_item(&mut reader, line, start, &mut level) {
                close(&mut reader, &mut template, &mut open);
                template.blocks.extend(item);
            } else if let Some(mut line) = read_line(&mut reader, line, start) {
                line.apart = carries_on;
                open.push(line);
            }
            blank = false;
        }
        close(&mut reader, &mut template, &mut open);
        if !titled {
            reader.note(501, 0..0, "模板是空的", "模板的第一行请写“# 标题”，下面用 ## 写各部分");
        }
        paragraph::check_scopes(&mut reader, &template.blocks);
        let mut problems = reader.problems;
        problems.sort_by_key(|problem| problem.place.as_ref().map_or(0, |place| place.span.start));
        (template, problems)
    }
}

/// The lines without their ends and the blanks around them, each with where it begins.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    text.split_inclusive('\n').map(move |line| {
        let start = at + line.len() - line.trim_start().len();
        at += line.len();
        (start, line.trim())
    })
}

fn close(reader: &mut Reader<'_>, template: &mut Template, open: &mut Vec<Line>) {
    if !open.is_empty() {
        let mut lines = std::mem::take(open);
        let preamble = !template.blocks.iter().any(|item| matches!(item, Item::Heading { .. }));
        if let Some(last) = lines.last_mut().filter(|last| preamble && last.role == Role::Lead) {
            // 现将有关情况报告如下：introduces the whole report, not a list.
            last.role = Role::Sentence;
        }
        paragraph::check(reader, &lines);
        template.blocks.push(Item::Paragraph(lines));
    }
}

/// A line that is not prose: heading, aside, table. `None` when it is prose; `Some(None)` when it could not be read.
fn read_item(reader: &mut Reader<'_>, line: &str, start: usize, level: &mut u8) -> Option<Option<Item>> {
    if line.starts_with('#') {
        return Some(read_heading(reader, line, start, level));
    }
    if let Some(text) = line.strip_prefix(">> ") {
        return Some(Some(Item::Aside { right: true, text: sentence::read(reader, text, start + 3, false) }));
    }
    if let Some(text) = line.strip_prefix("> ") {
        return Some(Some(Item::Aside { right: false, text: sentence::read(reader, text, start + 2, false) }));
    }
    let inner = line.strip_prefix("{table ")?.strip_suffix('}')?;
    Some(table::read(reader, inner, start + "{table ".len()).map(Item::Table))
}

fn read_heading(reader: &mut Reader<'_>, line: &str, start: usize, level: &mut u8) -> Option<Item> {
    let marks = line.len() - line.trim_start_matches('#').len();
    let span = start..start + line.len();
    let text = line.get(marks..).and_then(|rest| rest.strip_prefix(' ')).unwrap_or_default();
    if !(2..=4).contains(&marks) || text.trim().is_empty() {
        let remedy = "标题写成“# 报告标题”“## 一级”“### 二级”“#### 三级”，井号后空一格再写文字";
        reader.note(501, span, "标题写法不对", remedy);
        return None;
    }
    let this = marks as u8 - 1;
    if this > *level + 1 || (this > 1 && *level == 0) {
        let remedy = format!("请先写 {}，或者把这一级提上来", "#".repeat(usize::from(*level) + 2));
        reader.note(502, span.clone(), "标题跳了一级", remedy);
    }
    *level = this;
    let text_start = start + marks + 1;
    if let Some(ordinal) = paragraph::ordinal(text) {
        let at = text_start..text_start + ordinal.len();
        reader.note(514, at, format!("序号“{ordinal}”不用写"), "序号自动生成，增减以后仍然连续，请删去");
    }
    let pieces = sentence::read(reader, text, text_start, false);
    Some(Item::Heading { level: this, text: At { value: pieces, span } })
}

fn read_line(reader: &mut Reader<'_>, line: &str, start: usize) -> Option<Line> {
    let span = start..start + line.len();
    let (when, text, mut at) = read_when(reader, line, start)?;
    let (role, mut text) = match text.strip_prefix("- ") {
        Some(rest) => (Role::Counted, rest),
        None => match text.strip_prefix("+ ") {
            Some(rest) => (Role::Joined, rest),
            None if text.ends_with(['，', '：']) => (Role::Lead, text),
            None => (Role::Sentence, text),
        },
    };
    if matches!(role, Role::Counted | Role::Joined) {
        at += 2;
    }
    if let Some((place, sign)) = paragraph::foreign(text) {
        let remedy = "模板只有标题、句子、“- ”“+ ”列表、{数字}和 ?条件，没有别的格式";
        reader.note(515, at + place..at + place + sign.len(), format!("不认识的写法“{sign}”"), remedy);
        return None;
    }
    if let Some(ordinal) = (role == Role::Counted).then(|| paragraph::counter(text)).flatten() {
        reader.note(514, at..at + ordinal.len(), format!("“{ordinal}”不用写"), "一是、二是自动编写，请删去");
        at += ordinal.len();
        text = &text[ordinal.len()..];
    }
    let pieces: Vec<Piece> = sentence::read(reader, text, at, true);
    Some(Line { role, when, pieces, apart: false, span })
}

/// Takes the condition off a line: when it stands, the rest, and where the rest begins.
fn read_when<'l>(reader: &mut Reader<'_>, line: &'l str, start: usize) -> Option<(When, &'l str, usize)> {
    let Some(rest) = line.strip_prefix('?') else { return Some((When::Always, line, start)) };
    let Some(end) = rest.find([':', '：']) else {
        let remedy = "条件和句子之间写冒号，如 ?mediation.failed > 0: 句子。";
        reader.note(507, start..start + line.len(), "条件后面没有冒号", remedy);
        return None;
    };
    let condition = &rest[..end];
    let colon = rest[end..].chars().next().map_or(1, char::len_utf8);
    let text = rest[end + colon..].trim_start();
    let at = start + line.len() - text.len();
    if text.is_empty() {
        reader.note(507, start..start + line.len(), "条件后面没有句子", "请在冒号后面写出句子");
        return None;
    }
    let when =
        if condition.trim() == "else" { When::Else } else { When::If(condition::read(reader, condition, start + 1)) };
    Some((when, text, at))
}

//! What stands inside a line: words, `{variables}` and `{figures}`.

use std::ops::Range;

use super::condition::trimmed;
use super::read::Reader;
use super::table;
use super::template::Piece;
use super::variable;
use crate::read::nearest_hint;

/// Reads a line's words; with `figures` false (headings, title), only variables may stand in braces.
pub(super) fn read(reader: &mut Reader<'_>, text: &str, start: usize, figures: bool) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut from = 0;
    while let Some(found) = text[from..].find(['{', '}']) {
        let open = from + found;
        push(&mut pieces, &text[from..open]);
        // A brace opened again before it is closed: the first one was left open.
        let close = text[open + 1..].find(['{', '}']).map(|n| open + 1 + n).filter(|at| text[*at..].starts_with('}'));
        let Some(close) = close.filter(|_| text[open..].starts_with('{')) else {
            let at = start + open..start + open + 1;
            reader.note(503, at, "花括号不成对", "请写成 {数字编号} 或者 {变量}，同一行内合上");
            from = open + 1;
            continue;
        };
        let inner = &text[open + 1..close];
        pieces.extend(read_brace(reader, inner, start + open + 1, figures));
        from = close + 1;
    }
    push(&mut pieces, &text[from..]);
    note_digits(reader, text, start);
    pieces
}

fn push(pieces: &mut Vec<Piece>, text: &str) {
    if !text.is_empty() {
        pieces.push(Piece::Text(text.to_owned()));
    }
}

fn read_brace(reader: &mut Reader<'_>, inner: &str, start: usize, figures: bool) -> Option<Piece> {
    let (name, way) = inner.split_once(':').map_or((inner, None), |(name, way)| (name, Some(way)));
    let span = start..start + name.len();
    if name.starts_with("table ") || name.starts_with("table\t") {
        reader.note(512, span, "表格要单独写一行", "请把 {table …} 放在自己的一行，上下空行");
        return None;
    }
    if let Some((id, by)) = name.split_once(" by ").filter(|_| figures && way.is_none()) {
        let id = reader.figure(id.trim(), trimmed(id, start));
        let by = table::read_by(reader, by, span.end - by.len())?;
        let id = id?;
        return table::is_broken_down(reader, &id, by, span).then_some(Piece::Shares { id, by });
    }
    if !name.contains('.') {
        return read_variable(reader, name, way, start..start + inner.len());
    }
    if !figures {
        reader.note(506, span, "标题里不能写数字", "请把数字写进正文的句子");
        return None;
    }
    let figure = reader.figure(name, span);
    let (last_year, unit) = match way {
        None => (false, true),
        Some("value") => (false, false),
        Some("last_year") => (true, true),
        Some(other) => {
            let at = start + name.len() + 1..start + inner.len();
            let hint = nearest_hint(other, &["value", "last_year"]);
            let remedy = format!("可以写 {{编号}}、{{编号:value}}（不带单位）、{{编号:last_year}}（上一年度）{hint}");
            reader.note(506, at, format!("不认识的写法“:{other}”"), remedy);
            return None;
        }
    };
    Some(Piece::Figure { id: figure?, last_year, unit })
}

fn read_variable(reader: &mut Reader<'_>, name: &str, way: Option<&str>, span: Range<usize>) -> Option<Piece> {
    let known: Vec<&str> = variable::NAMES.iter().map(|row| row.0).collect();
    if known.contains(&name)
        && let Some(way) = way
    {
        reader.note(505, span, format!("变量后面不能写“:{way}”"), format!("变量只有一种写法，请写 {{{name}}}"));
        return None;
    }
    if !known.contains(&name) {
        let hint = nearest_hint(name, &known);
        let remedy = format!("变量有：{}{hint}；数字写成“文件名.编号”", known.join("、"));
        reader.note(505, span, format!("没有变量“{name}”"), remedy);
        return None;
    }
    Some(Piece::Variable(name.to_owned()))
}

/// A digit typed into the prose would be a number without entries behind it.
fn note_digits(reader: &mut Reader<'_>, text: &str, start: usize) {
    let (mut brackets, mut braces, mut run, mut before) = (0, 0, None, ' ');
    let mut runs: Vec<Range<usize>> = Vec::new();
    for (at, c) in text.char_indices().chain([(text.len(), '。')]) {
        match c {
            // Titles and numbers of documents carry digits of their own.
            '《' | '〔' => brackets += 1,
            '》' | '〕' => brackets -= 1,
            '{' => braces += 1,
            '}' => braces -= 1,
            _ => {}
        }
        let digit = matches!(c, '0'..='9' | '０'..='９') && brackets <= 0 && braces <= 0;
        match (digit, run) {
            (true, None) => run = Some((at, before)),
            (false, Some((from, opened_by))) => {
                // 国发〔2015〕1号: the number of a document follows its year.
                if opened_by != '〕' {
                    runs.push(from..at);
                }
                run = None;
            }
            _ => {}
        }
        before = c;
    }
    for run in runs {
        let written = text[run.clone()].to_owned();
        reader.note(
            513,
            start + run.start..start + run.end,
            format!("手写的数字“{written}”没有出处"),
            "请换成 {数字编号} 或者 {变量}；文件名称、文号里的数字写在《》〔〕中",
        );
    }
}

//! What holds between the lines of a paragraph, and between the lines under one heading.

use super::condition::is_rate;
use super::read::Reader;
use super::template::{Item, Line, Piece, Role, When};

/// Whether a line after a blank one carries on the list before it, as a paragraph of its own.
pub(super) fn carries_on(open: &[Line], line: &str) -> bool {
    let text = match line.strip_prefix('?') {
        Some(rest) => rest.split_once([':', '：']).map_or("", |(_, text)| text.trim_start()),
        None => line,
    };
    text.starts_with("- ") && open.last().is_some_and(|last| matches!(last.role, Role::Counted | Role::Lead))
}

/// Whether a line's last words end a sentence.
fn ends(line: &Line) -> bool {
    let Some(Piece::Text(text)) = line.pieces.last() else { return false };
    let text = text.trim_end_matches(['”', '’', '）']);
    text.ends_with(['。', '！', '？', '：'])
}

/// The bytes of a line's last character, where a full stop is missing or too much.
fn tail(line: &Line) -> std::ops::Range<usize> {
    let last = match line.pieces.last() {
        Some(Piece::Text(text)) => text.chars().next_back().map_or(1, char::len_utf8),
        // A closing brace.
        _ => 1,
    };
    line.span.end - last..line.span.end
}

/// Notes sentences without an end, leads without a list, and lists of two kinds.
pub(super) fn check(reader: &mut Reader<'_>, lines: &[Line]) {
    for (n, line) in lines.iter().enumerate() {
        let next = lines.get(n + 1);
        let in_list = |line: &&Line| matches!(line.role, Role::Counted | Role::Joined);
        match line.role {
            Role::Sentence if !ends(line) => {
                reader.note(510, tail(line), "句子没有写完", "一行写一个完整的句子，以句号结尾；列表写成“- ”或者“+ ”");
            }
            Role::Lead if next.filter(in_list).is_none() => {
                let remedy = "以逗号、冒号结尾的行引出下面的列表，请接着写“- ”或者“+ ”，或者改成句号";
                reader.note(510, tail(line), "引出列表的句子下面没有列表", remedy);
            }
            Role::Counted if next.is_some_and(|next| next.role == Role::Counted && ends(next) != ends(line)) => {
                let remedy = "同一列表各项，或者都以句号结尾，或者都不写句末标点";
                reader.note(510, tail(line), "列表各项的结尾不一致", remedy);
            }
            Role::Joined if ends(line) => {
                reader.note(510, tail(line), "“+ ”列表的项不写句号", "各项用逗号自动连成一句，请删去句号");
            }
            _ => {}
        }
        if matches!(
            (line.role, next.map(|l| l.role)),
            (Role::Counted, Some(Role::Joined)) | (Role::Joined, Some(Role::Counted))
        ) {
            reader.note(515, line.span.clone(), "“- ”和“+ ”混在一个列表里", "请分成两段，或者统一用一种");
        }
    }
}

/// Notes an `?else` with nothing before it, and first-level headings under which nothing might be left.
pub(super) fn check_scopes(reader: &mut Reader<'_>, blocks: &[Item]) {
    let mut conditional = false;
    let mut part: Option<(std::ops::Range<usize>, bool)> = None;
    for block in blocks {
        match block {
            Item::Heading { level, text } => {
                conditional = false;
                if *level == 1 {
                    close(reader, part.take());
                    part = Some((text.span.clone(), false));
                }
            }
            Item::Paragraph(lines) => {
                for line in lines {
                    match &line.when {
                        When::If(_) => conditional = true,
                        When::Else if !conditional => {
                            let remedy = "?else 对应同一标题下、在它前面的有条件的句子；请先写条件句，或者去掉 ?else";
                            reader.note(509, line.span.clone(), "?else 前面没有条件", remedy);
                        }
                        When::Else => conditional = false,
                        When::Always => {}
                    }
                    if let Some((_, sure)) = &mut part {
                        *sure |= is_sure(reader, line);
                    }
                }
            }
            _ => {}
        }
    }
    close(reader, part);
}

fn close(reader: &mut Reader<'_>, part: Option<(std::ops::Range<usize>, bool)>) {
    if let Some((span, false)) = part {
        let remedy = "请写一句没有条件的话，或者在条件句后面用 ?else: 写明没有这种情况时怎么说";
        reader.note(511, span, "这一部分可能一句话也没有", remedy);
    }
}

/// Whether a line leaves words behind whatever the figures are.
fn is_sure(reader: &Reader<'_>, line: &Line) -> bool {
    let may_lack = |piece: &Piece| match piece {
        Piece::Figure { id, last_year, .. } => *last_year || is_rate(reader.set, id),
        _ => false,
    };
    // Either an `?else` stands, or a conditional line before it does.
    !matches!(line.when, When::If(_)) && line.role != Role::Lead && !line.pieces.iter().any(may_lack)
}

/// An ordinal somebody typed before a heading: 一、 （一） 1. （1）.
pub(super) fn ordinal(text: &str) -> Option<&str> {
    let bracketed = text.starts_with(['（', '(']);
    let inner = text.trim_start_matches(['（', '(']);
    let rest = inner.trim_start_matches(|c: char| c.is_ascii_digit() || "一二三四五六七八九十".contains(c));
    if rest.len() == inner.len() {
        return None;
    }
    let close: &[char] = if bracketed { &['）', ')'] } else { &['、', '.', '．'] };
    let after = rest.strip_prefix(close)?;
    Some(&text[..text.len() - after.len()])
}

/// A counter somebody typed before an item: 一是, 三要, 第二，.
pub(super) fn counter(text: &str) -> Option<&str> {
    let rest = text.strip_prefix('第').unwrap_or(text);
    let after = rest.trim_start_matches(|c: char| "一二三四五六七八九十".contains(c));
    if after.len() == rest.len() {
        return None;
    }
    let marks: &[char] = if rest.len() < text.len() { &['，', '、'] } else { &['是', '、'] };
    let after = after.strip_prefix(marks)?;
    Some(&text[..text.len() - after.len()])
}

/// Markdown this language does not have, and where it stands in the text.
pub(super) fn foreign(text: &str) -> Option<(usize, &'static str)> {
    let heads = ["```", "---", "|", "* ", "<!--"];
    if let Some(sign) = heads.into_iter().find(|sign| text.starts_with(sign)) {
        return Some((0, sign));
    }
    ["**", "](", "`"].into_iter().find_map(|sign| Some((text.find(sign)?, sign)))
}

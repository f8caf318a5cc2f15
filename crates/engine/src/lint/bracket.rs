//! Brackets, book-title marks and quotation marks that stand alone.

use super::line::Line;
use super::{Page, Rule};
use crate::claim::text::{at, chinese_digit, digit};

/// Brackets deeper than this are not prose, and remembering them all would let a text exhaust memory.
const DEEPEST: usize = 64;

/// Checks that marks pair within each paragraph; the last may be cut off.
pub(crate) fn check(page: &mut Page) {
    let lines = std::mem::take(&mut page.lines);
    let mut open = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        // A line broken off in the middle of a sentence goes on in the next.
        let broken = lines.get(index + 1).is_some_and(|next| {
            !line.is_sentence(page.t)
                && !matches!(page.t[line.end - 1], '：' | ':')
                && next.ordinal.is_none()
                && page.t[line.end..next.start].iter().filter(|c| **c == '\n').count() == 1
        });
        open = paragraph(page, line, open, broken, index + 1 == lines.len());
    }
    page.lines = lines;
}

fn close_of(c: char) -> Option<char> {
    Some(match c {
        '（' | '(' => '）',
        '《' => '》',
        '“' => '”',
        '‘' => '’',
        '【' => '】',
        '｛' => '｝',
        _ => return None,
    })
}

/// Checks one line, with the brackets `open` before it; returns those the next line may close.
fn paragraph(
    page: &mut Page,
    line: &Line,
    open: Vec<(char, usize)>,
    broken: bool,
    is_last: bool,
) -> Vec<(char, usize)> {
    let t = page.t;
    let mut stack = open;
    let from = line.ordinal.map_or(line.start, |ordinal| ordinal.end);
    for i in from..line.end {
        let c = t[i];
        if let Some(close) = close_of(c) {
            if c == '“' && stack.last().is_some_and(|(held, open)| *held == '”' && *open >= line.start && i - open < 14)
            {
                // “八五“: the closing mark was typed as an opening one.
                note(page, i, "右引号误作左引号");
                stack.pop();
            } else if stack.len() < DEEPEST {
                stack.push((close, i));
            }
            continue;
        }
        let close = match c {
            ')' => '）',
            '）' | '》' | '”' | '’' | '】' | '｝' => c,
            _ => continue,
        };
        if stack.last().is_some_and(|(held, _)| *held == close) {
            stack.pop();
        } else if let Some(depth) = stack.iter().rposition(|(held, _)| *held == close) {
            for (_, open) in stack.drain(depth..).skip(1) {
                note(page, open, "有左无右");
            }
        } else if !(is_item(t, line.start, i, close) || stack.len() >= DEEPEST || close == '’') {
            note(page, i, "有右无左");
        }
    }
    // The last paragraph of a text that was cut off ends in the middle of anything.
    if broken {
        return stack;
    }
    let cut = is_last && !matches!(t[line.end - 1], '。' | '）' | ')');
    for (_, open) in stack.into_iter().filter(|(_, open)| !cut || *open < line.start).take(3) {
        note(page, open, "有左无右");
    }
    Vec::new()
}

/// 1） and 一） count items and need no opening bracket.
fn is_item(t: &[char], line: usize, i: usize, close: char) -> bool {
    let mut k = i;
    while k > line
        && k + 3 > i
        && (digit(t[k - 1]).is_some() || chinese_digit(t[k - 1]).is_some() || t[k - 1].is_ascii_alphabetic())
    {
        k -= 1;
    }
    close == '）'
        && k < i
        && (k == line || matches!(t[k - 1], '。' | '；' | '：' | '、' | ' ' | '，' | ';' | ':' | '\u{3000}'))
}

fn note(page: &mut Page, i: usize, what: &str) {
    let mark = at(page.t, i);
    page.note(Rule::BracketMismatch, i, i + 10, format!("“{mark}”{what}，请补齐成对。"));
}

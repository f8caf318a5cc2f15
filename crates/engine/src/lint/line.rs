//! Lines of a report and the ordinals they begin with.

use crate::claim::text::{at, chinese_digit, digit, is_blank};

/// A line that is not blank.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Line {
    /// Its first character that is no blank.
    pub start: usize,
    /// One past its last character that is no blank.
    pub end: usize,
    /// The ordinal it begins with.
    pub ordinal: Option<Ordinal>,
}

/// An ordinal of a heading.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ordinal {
    /// 1 for 一、, 2 for （一）, 3 for 1., 4 for （1）.
    pub rank: usize,
    /// Its number.
    pub number: u32,
    /// Where the words after it begin.
    pub end: usize,
    /// What is wrong with how it is written.
    pub flaw: Option<Flaw>,
}

/// A fault in the writing of an ordinal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flaw {
    /// A bracket is missing: （一 or 一）.
    HalfBracket,
    /// —、 and （—）: a dash typed for 一.
    Dash,
    /// 一、是 for 一是, or 一、、.
    Doubled,
    /// 1、 for 1., or （一）、.
    Mark,
}

impl Line {
    /// The characters of the line.
    pub(crate) fn words<'t>(&self, t: &'t [char]) -> &'t [char] {
        &t[self.start..self.end]
    }

    /// Its length in characters.
    pub(crate) fn len(&self) -> usize {
        self.end - self.start
    }

    /// Whether it ends like a sentence.
    pub(crate) fn is_sentence(&self, t: &[char]) -> bool {
        matches!(t[self.end - 1], '。' | '；' | '！' | '？' | ';')
    }
}

/// The lines of the text that are not blank.
pub(crate) fn lines(t: &[char]) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut next = 0;
    for line in t.split(|c| *c == '\n') {
        let offset = next;
        next += line.len() + 1;
        let Some(first) = line.iter().position(|c| !is_space(*c)) else {
            continue;
        };
        let last = line.iter().rposition(|c| !is_space(*c)).unwrap_or(first);
        let (start, end) = (offset + first, offset + last + 1);
        lines.push(Line { start, end, ordinal: ordinal(t, start) });
    }
    lines
}

fn is_space(c: char) -> bool {
    is_blank(c) || c == '\r' || c == '\u{feff}'
}

/// A numeral below a hundred at `i`, in Chinese or Arabic digits: its value, its end, whether it is Chinese.
pub(crate) fn small(t: &[char], i: usize) -> Option<(u32, usize, bool)> {
    let mut k = i;
    if digit(at(t, k)).is_some() {
        let mut value = 0;
        while let Some(d) = digit(at(t, k)).filter(|_| k < i + 2) {
            value = value * 10 + d;
            k += 1;
        }
        return digit(at(t, k)).is_none().then_some((value, k, false));
    }
    let (value, end) = chinese_small(t, i)?;
    Some((value, end, true))
}

/// 一 to 九十九 at `i`.
pub(crate) fn chinese_small(t: &[char], i: usize) -> Option<(u32, usize)> {
    let ones = |k: usize| chinese_digit(at(t, k)).filter(|d| *d > 0 && at(t, k) != '两').map(|d| d as u32);
    let mut k = i;
    let tens = match (ones(k), at(t, k), at(t, k + 1)) {
        (Some(d), _, '十') => {
            k += 2;
            d
        }
        (None, '十', _) => {
            k += 1;
            1
        }
        (Some(d), _, _) => return Some((d, k + 1)),
        _ => return None,
    };
    match ones(k) {
        Some(d) => Some((tens * 10 + d, k + 1)),
        None => Some((tens * 10, k)),
    }
}

/// ㈠, ⑴ and ⒈: one character that is a whole ordinal, with its rank and number.
pub(crate) fn enclosed(c: char) -> Option<(usize, u32)> {
    let number = |first: char| c as u32 - first as u32 + 1;
    match c {
        '㈠'..='㈩' => Some((2, number('㈠'))),
        '⒈'..='⒛' => Some((3, number('⒈'))),
        '⑴'..='⒇' => Some((4, number('⑴'))),
        _ => None,
    }
}

fn ordinal(t: &[char], i: usize) -> Option<Ordinal> {
    if let Some((rank, number)) = enclosed(at(t, i)) {
        return Some(Ordinal { rank, number, end: i + 1, flaw: None });
    }
    let opened = matches!(at(t, i), '（' | '(');
    let dash = matches!(at(t, i + usize::from(opened)), '—' | '－' | '-' | '–' | 'ー' | '─');
    match at(t, i + usize::from(opened) + 1) {
        '）' | ')' if dash && opened => {
            return Some(Ordinal { rank: 2, number: 1, end: i + 3, flaw: Some(Flaw::Dash) });
        }
        '、' if dash && !opened => return Some(Ordinal { rank: 1, number: 1, end: i + 2, flaw: Some(Flaw::Dash) }),
        _ => {}
    }
    let (number, mut end, chinese) = small(t, i + usize::from(opened))?;
    let made = |rank, end, flaw| Some(Ordinal { rank, number, end, flaw });
    let mut after = end;
    while is_blank(at(t, after)) && after < i + 8 {
        after += 1;
    }
    // 二 、问题 has a stray blank; 2 个 is no ordinal.
    if opened || chinese && at(t, after) == '、' {
        end = after;
    }
    let mark = at(t, end);
    let next = at(t, end + 1);
    if opened {
        let rank = if chinese { 2 } else { 4 };
        return match mark {
            '）' | ')' if matches!(next, '、' | '.' | '．' | '，' | '。' | '：') => {
                made(rank, end + 2, Some(Flaw::Mark))
            }
            '）' | ')' => made(rank, end + 1, None),
            // （一、 and （一加强: the bracket never closes before the heading's words.
            '、' | '.' if chinese => made(rank, end + 1, Some(Flaw::HalfBracket)),
            c if chinese && !unit_like(c) && !closes_soon(t, end) => made(rank, end, Some(Flaw::HalfBracket)),
            _ => None,
        };
    }
    match (chinese, mark) {
        (true, '、') if matches!(next, '、' | '，' | '.') => made(1, end + 2, Some(Flaw::Doubled)),
        (true, '、') if next == '是' => made(1, end + 1, Some(Flaw::Doubled)),
        // 一、二、三产业 is a list of numerals.
        (true, '、') if chinese_digit(next).is_some() && at(t, end + 2) == '、' => None,
        (true, '、') => made(1, end + 1, None),
        (true, '.' | '．' | '，') if mark != '，' => made(1, end + 1, Some(Flaw::Mark)),
        (true, '）' | ')') => made(2, end + 1, Some(Flaw::HalfBracket)),
        (false, '.' | '．') if digit(next).is_none() => made(3, end + 1, None),
        (false, '、') if digit(next).is_none() => made(3, end + 1, Some(Flaw::Mark)),
        (false, '）' | ')') => made(4, end + 1, None),
        _ => None,
    }
}

/// Characters that make a bracketed numeral a count or date and no ordinal.
fn unit_like(c: char) -> bool {
    "个名次件年月日项级期届是般方起些定体种类线村镇乡户人场条".contains(c) || c == '\0'
}

fn closes_soon(t: &[char], i: usize) -> bool {
    t[i.min(t.len())..t.len().min(i + 40)].iter().take_while(|c| **c != '\n').any(|c| matches!(c, '）' | ')'))
}

/// Whether `word` stands in `words`.
pub(crate) fn has(words: &[char], word: &str) -> bool {
    find(words, word).is_some()
}

/// Where `word` first begins in `words`.
pub(crate) fn find(words: &[char], word: &str) -> Option<usize> {
    let mut letters = word.chars();
    let first = letters.next()?;
    let rest = letters.as_str();
    words
        .iter()
        .enumerate()
        .filter(|(_, c)| **c == first)
        .map(|(i, _)| i)
        .find(|i| rest.chars().enumerate().all(|(k, c)| at(words, i + 1 + k) == c))
}

/// Whether `words` begins with `word`.
pub(crate) fn begins(words: &[char], word: &str) -> bool {
    word.chars().enumerate().all(|(k, c)| at(words, k) == c)
}

/// The end of `1、` at `i`, when it is an ordinal and no part of a list of numbers.
pub(crate) fn digit_mark(t: &[char], i: usize) -> Option<usize> {
    let one = digit(at(t, i)) == Some(1) && at(t, i + 1) == '、';
    (one && digit(at(t, i + 2)).is_none()).then_some(i + 2)
}

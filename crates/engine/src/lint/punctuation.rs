//! Hints about punctuation and blanks.

use super::{Page, Rule};
use crate::claim::text::{at, digit, is_blank};

fn is_han(c: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&c)
}

/// Notes headings that end in a mark, straight quotes, mixed date points and blanks between characters.
pub(crate) fn check(page: &mut Page) {
    let t = page.t;
    let lines = std::mem::take(&mut page.lines);
    for line in &lines {
        if line.ordinal.is_some() && line.len() < 40 && matches!(t[line.end - 1], '：' | ':' | '，') {
            page.note(Rule::HeadingPunct, line.start, line.end, "独立成行的标题末尾不用标点，请删去。".to_string());
        }
    }
    page.lines = lines;
    let (mut straight, mut dotted, mut pointed) = (false, false, None);
    for i in 1..t.len().saturating_sub(1) {
        match t[i] {
            '"' if !straight && (is_han(t[i - 1]) || is_han(t[i + 1])) => {
                straight = true;
                page.note(Rule::StraightQuotes, i, i + 8, "中文里请用“”，不用直引号。".to_string());
            }
            '·' if digit(t[i - 1]).is_some() && digit(t[i + 1]).is_some() => dotted = true,
            '.' if is_day(t, i) => pointed = pointed.or(Some(i - 1)),
            c if is_blank(c)
                && is_han(t[i - 1])
                && (is_han(t[i + 1]) || matches!(t[i + 1], '“' | '，' | '。'))
                // A blank in a signature or between columns is layout; within a sentence it is a slip.
                && within_sentence(t, i) =>
            {
                page.note(Rule::StraySpace, i, i + 8, "此处有多余空格，请删去；若是漏字请补上。".to_string());
            }
            _ => {}
        }
    }
    if let Some(start) = pointed.filter(|_| dotted) {
        page.note(Rule::MixedPunct, start, start + 6, "日期间隔号有“·”有“.”，请统一。".to_string());
    }
}

/// “4.15”: a day within quotation marks.
fn is_day(t: &[char], i: usize) -> bool {
    let mut first = i;
    while first > 0 && i - first < 3 && digit(t[first - 1]).is_some() {
        first -= 1;
    }
    first > 0 && t[first - 1] == '“' && digit(at(t, i + 1)).is_some()
}

fn within_sentence(t: &[char], i: usize) -> bool {
    let ahead = t[i..t.len().min(i + 30)].iter().take_while(|c| **c != '\n').any(|c| matches!(c, '，' | '。' | '；'));
    let behind = t[i.saturating_sub(12)..i].iter().all(|c| *c != '\n');
    ahead && behind
}

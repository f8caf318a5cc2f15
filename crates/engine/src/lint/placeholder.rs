//! Template letters left in the text: XX镇, X个, 20XX年.

use super::{Level, Page, Rule};
use crate::claim::text::{at, digit, is_blank};

fn is_mark(c: char) -> bool {
    matches!(c, 'X' | 'x' | 'Ｘ' | '×' | '╳' | '✕' | '*' | '＊' | '＿' | '_' | '□')
}

/// Words of a number, before which a letter stands for it.
const UNITS: &str = "个名次件场份册条起期人户家项万余元%％年月日篇部台亩处批";

/// Words of a place or body, before which letters stand for its name.
const PLACES: &str = "镇乡街县区市村社省州局所办某同";

/// A whole template would be a list of nothing but its blanks.
const MOST: usize = 20;

/// Finds placeholders; each kind is a defect once in the title and once in the body, and a hint where it comes again.
pub(crate) fn check(page: &mut Page) {
    let t = page.t;
    let title_end = page.lines.first().map_or(0, |line| line.end);
    let mut noted = [[false; 2]; 3];
    let mut places = 0;
    let mut i = 0;
    while i < t.len() {
        if !is_mark(t[i]) {
            i += 1;
            continue;
        }
        let start = i;
        while i < t.len() && is_mark(t[i]) {
            i += 1;
        }
        if let Some(kind) = kind(t, start, i) {
            let place = usize::from(start >= title_end);
            let level = if std::mem::replace(&mut noted[kind][place], true) { Level::Hint } else { Level::Error };
            if level == Level::Error || places < MOST {
                places += usize::from(level == Level::Hint);
                let from = if digit(at(t, start.wrapping_sub(1))).is_some() { start.saturating_sub(2) } else { start };
                // With the word it stands before (X次, 20XX年), and no more of the sentence.
                let end = i + usize::from(UNITS.contains(at(t, i)) || PLACES.contains(at(t, i)));
                let shown: String = t[from..end].iter().collect();
                page.note_as(
                    Rule::Placeholder,
                    level,
                    from,
                    end,
                    format!("“{shown}”是未替换的占位符，请填写实际内容。"),
                );
            }
        }
    }
}

/// The commonest surnames that end no word before a template letter.
const SURNAMES: &str = "王李张刘陈杨赵黄周吴徐孙胡朱郭罗梁宋郑谢韩唐冯董萧曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛潘杜戴夏钟汪姜范姚谭邹熊陆郝孔崔康邱秦";

/// 0 for a name, 1 for a number, 2 for a year (20XX年); nothing when the letters are none of a template.
fn kind(t: &[char], start: usize, end: usize) -> Option<usize> {
    let before = start.checked_sub(1).map_or('\0', |k| t[k]);
    let mut next = end;
    while is_blank(at(t, next)) && next < end + 3 {
        next += 1;
    }
    let after = at(t, next);
    // 1+X, X光 and Latin words are names.
    if before.is_ascii_alphabetic()
        || matches!(before, '+' | '＋' | '-' | '“')
        || after.is_ascii_alphabetic()
        || matches!(after, '+' | '＋' | '光' | '射' | '”')
    {
        return None;
    }
    // 王××与李××: people whose names are kept back.
    if SURNAMES.contains(before) && !"个名次件场份镇乡街村县".contains(after) {
        return None;
    }
    let run = end - start;
    let crossed = matches!(t[start], '×' | '╳' | '✕');
    if matches!(t[start], '*' | '＊' | '_' | '＿' | '□') {
        return (run >= 2 && "个名次件场份年月日人起镇乡村县万余元%％".contains(after) && after != '\0').then_some(1);
    }
    // 3×4 and 2x are arithmetic.
    if digit(before).is_some() && !(run >= 2 && matches!(after, '年' | '月')) || digit(after).is_some() && run < 2 {
        return None;
    }
    if digit(before).is_some() && after == '年' {
        return Some(2);
    }
    if after == '\0' && run < 2 {
        return None;
    }
    if UNITS.contains(after) {
        return Some(1);
    }
    if PLACES.contains(after) || run >= 2 && (!crossed || run < 8) && !before.is_ascii() {
        return Some(0);
    }
    None
}

//! Ordinals within paragraphs: 一是…二是…, 第一，…第二，…, and 1、 run into a paragraph.

use super::line::{chinese_small, digit_mark, has};
use super::{Page, Rule};
use crate::claim::text::{at, is_blank};

/// One family of ordinals and the last number met.
#[derive(Default)]
struct Run {
    last: u32,
    /// Numbers met since 一是, as bits.
    seen: u128,
    /// The number a repeated one stands for: 一是二是二是四是.
    meant: u32,
    /// Where 一是 came a second time before any other: 一是一是三是.
    again: Option<(usize, usize)>,
}

/// Checks 一是 and 第一， through the text; a numbered heading begins anew.
pub(crate) fn check(page: &mut Page) {
    let t = page.t;
    let lines = std::mem::take(&mut page.lines);
    let (mut firsts, mut nths) = (Run::default(), Run::default());
    let mut marked = lines.iter().any(|line| line.ordinal.is_some_and(|o| o.flaw == Some(super::line::Flaw::Mark)));
    for line in &lines {
        if line.ordinal.is_some() || line.len() < 20 && !line.is_sentence(t) {
            firsts = Run::default();
            nths = Run::default();
        }
        let mut i = line.ordinal.map_or(line.start, |ordinal| ordinal.end);
        let mut at_break = true;
        while i < line.end {
            // 思想根基一是…二是… has lost a full stop, not an ordinal.
            if !at_break && at(t, i + 1) == '是' && !matches!(at(t, i - 1), '第' | '之' | '唯' | '统' | '其') {
                match chinese_small(t, i) {
                    Some((1, _)) => firsts = Run { last: 1, seen: 2, ..Run::default() },
                    Some((number, _)) if firsts.last > 0 && number == firsts.last + 1 => {
                        firsts.last = number;
                        firsts.seen |= 1 << number;
                    }
                    _ => {}
                }
            }
            if at_break {
                if let Some((number, end)) = chinese_small(t, i).filter(|(_, end)| at(t, *end) == '是') {
                    follow(page, &mut firsts, number, i, end + 1, "是", line.start);
                    i = end;
                } else if at(t, i) == '第'
                    && let Some((number, end)) =
                        chinese_small(t, i + 1).filter(|(_, end)| matches!(at(t, *end), '，' | ',' | '、'))
                {
                    follow(page, &mut nths, number, i, end + 1, "，", line.start);
                    i = end;
                } else if !marked && let Some(end) = digit_mark(t, i).filter(|_| i > line.start) {
                    marked = true;
                    page.note(Rule::LevelFormat, i, end + 10, "序号应写作“1.”，并另起一行。".to_string());
                }
            }
            at_break =
                matches!(at(t, i), '。' | '；' | '：' | '，' | '、' | ';' | ':' | ',' | '！' | '？' | '）' | '”')
                    || at_break && is_blank(at(t, i));
            i += 1;
        }
    }
    page.lines = lines;
}

fn follow(page: &mut Page, run: &mut Run, number: u32, start: usize, end: usize, form: &str, line: usize) {
    let bit = 1u128 << number.min(127);
    if number == 1 {
        let again = (run.last == 1).then_some((start, end));
        *run = Run { last: 1, seen: bit, again, ..Run::default() };
        return;
    }
    let name: String = page.t[start..end].iter().collect();
    if let Some((start, end)) = run.again.filter(|_| number == 3 && run.last == 1) {
        page.note(Rule::DuplicateOrdinal, start, end + 8, format!("“一{form}”重复出现，请顺次改号。"));
        run.last = 2;
    }
    let repeated = run.meant > 0 && number == run.meant + 1;
    if number > run.last + 1 && !repeated {
        let opening = &page.t[line.max(start.saturating_sub(400))..start];
        // 首先 and 一方面 stand for the first item.
        let led = run.last == 0 && ["首先", "一方面", "一要", "其一", "第一"].iter().any(|word| has(opening, word));
        if !led {
            let message = format!("“{name}”之前缺“{}”，请补写或改号。", missing(run.last + 1, form));
            page.note(Rule::SkippedOrdinal, start, end + 8, message);
        }
        run.seen |= bit;
        run.last = number;
    } else if run.seen & bit != 0 {
        run.meant = run.last + 1;
        page.note(Rule::DuplicateOrdinal, start, end + 8, format!("“{name}”重复出现，请顺次改号。"));
    } else {
        run.seen |= bit;
        run.last = run.last.max(number);
        run.meant = 0;
    }
}

fn missing(number: u32, form: &str) -> String {
    const DIGITS: [&str; 11] = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九", "十"];
    let numeral = DIGITS.get(number as usize).copied().unwrap_or("前一项");
    if form == "是" { format!("{numeral}是") } else { format!("第{numeral}") }
}

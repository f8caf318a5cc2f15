//! Years of the title and of the body that differ.

use super::line::{Line, begins, find, has};
use super::title::{title, year_at, years};
use super::{Page, Rule};
use crate::claim::text::at;

/// Compares the year of the title with the preamble and the headings.
pub(crate) fn check(page: &mut Page) {
    let t = page.t;
    let lines = std::mem::take(&mut page.lines);
    let held = title(t, &lines);
    let body = held.as_ref().map_or(0, |title| title.end);
    let named: Vec<char> = lines[held.as_ref().map_or(0, |title| title.first)..body]
        .iter()
        .flat_map(|line| line.words(t).iter().copied())
        .collect();
    let year = match years(&named) {
        (Some((year, _)), false) => Some(year),
        _ => None,
    };
    let mut noted = false;
    // 县委、县政府： comes before the first sentence.
    let first = (body..lines.len().min(body + 3)).find(|i| lines[*i].len() > 20);
    if let Some(year) = year {
        for (index, line) in lines.iter().enumerate().skip(body) {
            if index < body + 4 && line.ordinal.is_none() {
                preamble(page, line.start, line.end, year, first == Some(index), &mut noted);
            } else if line.ordinal.is_some() {
                heading(page, line, year, &mut noted);
            }
        }
        period(page, &named, lines.get(body..).unwrap_or(&[]), year);
    }
    page.lines = lines;
}

/// 现将2022年…报告如下 in a report titled 2023, or a first sentence that begins with another year.
fn preamble(page: &mut Page, start: usize, end: usize, year: u32, is_first: bool, noted: &mut bool) {
    let words = &page.t[start..end.min(start + 600)];
    if is_first && let Some(other) = year_at(words, 0) {
        let rest = &words[4..];
        let stands = begins(rest, "年，") || begins(rest, "年,") || begins(rest, "年度，");
        if stands && other < year {
            note(page, start, other, year, noted);
            return;
        }
    }
    let Some(now) = find(words, "现将").or_else(|| find(words, "现就")) else {
        return;
    };
    let clause = &words[now..words.len().min(now + 40)];
    let stop = clause.iter().position(|c| matches!(c, '。' | '：' | '\n')).unwrap_or(clause.len());
    let clause = &clause[..stop];
    if let (Some((other, at)), false) = years(clause)
        && other != year
        && !clause.contains(&'《')
    {
        note(page, start + now + at, other, year, noted);
    }
}

/// 一、2022年主要成效 in a report titled 2023.
fn heading(page: &mut Page, line: &Line, year: u32, noted: &mut bool) {
    let Some(ordinal) = line.ordinal else { return };
    let start = line.start;
    let words = &page.t[start..line.end.min(start + 40)];
    let stop = words.iter().position(|c| matches!(c, '。' | '：' | '，')).unwrap_or(words.len());
    let words = &words[..stop];
    if words.len() >= 40 || words.contains(&'《') {
        return;
    }
    let (Some((other, at_word)), false) = years(words) else {
        return;
    };
    if at(words, at_word + 4) != '年' && at(words, at_word + 5) != '年' {
        return;
    }
    let done = ["成效", "举措", "开展情况", "主要工作", "工作情况", "推进"].iter().any(|word| has(words, word));
    // 2021年以来工作成效, 2023年工作回顾 and 2022年度督察反馈问题整改 look back on purpose.
    let back = ["以来", "回顾", "整改", "反馈", "同比"].iter().any(|word| has(words, word));
    // Below the parts a year at the head of a sentence tells when something began: （二）2022年启动的项目.
    if back || ordinal.rank > 1 && !(done && start + at_word == ordinal.end) {
        return;
    }
    if other < year
        || other > year + 1
        || other == year + 1 && done && !has(words, "打算") && !has(words, "计划") && !has(words, "安排")
    {
        note(page, start + at_word, other, year, noted);
    }
}

fn note(page: &mut Page, start: usize, other: u32, year: u32, noted: &mut bool) {
    // One slip of the template repeats itself; it is said once.
    if !std::mem::replace(noted, true) {
        page.note(
            Rule::YearMismatch,
            start,
            start + 8,
            format!("标题为{year}年，此处为{other}年，请核对年度和所列数字。"),
        );
    }
}

/// 上半年 in the title and 年度 in the preamble.
fn period(page: &mut Page, named: &[char], body: &[super::line::Line], year: u32) {
    let Some(half) = find(named, "上半年") else {
        return;
    };
    for line in body.iter().take(3) {
        let words = &page.t[line.start..line.end.min(line.start + 300)];
        if has(words, &format!("{year}年度")) {
            let start = (0..page.t.len().min(200)).find(|i| begins(&page.t[*i..], "上半年")).unwrap_or(half);
            page.note(Rule::PeriodMismatch, start, start + 6, "标题写上半年，正文写全年度，请统一。".to_string());
            return;
        }
    }
}

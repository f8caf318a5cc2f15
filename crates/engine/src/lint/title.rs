//! The title: its year, its kind of document, and whether it is broken.

use super::line::{Line, begins, has};
use super::{Page, Rule};
use crate::claim::text::{at, digit};

/// The lines of the title, as indexes, with its first and last character.
pub(crate) struct Title {
    /// First line of it.
    pub first: usize,
    /// One past its last line.
    pub end: usize,
}

/// Finds the title: the short lines about 法治 before the first sentence.
pub(crate) fn title(t: &[char], lines: &[Line]) -> Option<Title> {
    let mut first = None;
    for (index, line) in lines.iter().enumerate().take(8) {
        let words = line.words(t);
        let is_text = line.len() > 60
            || line.is_sentence(t)
            || line.ordinal.is_some()
            || matches!(words[words.len() - 1], '：' | ':' | '，' | ',');
        if is_text {
            return first.map(|first| Title { first, end: index });
        }
        if is_metadata(words) {
            if let Some(first) = first {
                return Some(Title { first, end: index });
            }
            continue;
        }
        first = first.or(Some(index));
    }
    None
}

/// Lines that websites put round a title: 索引号, 发布时间, a document number.
fn is_metadata(words: &[char]) -> bool {
    const LABELS: &[&str] =
        &["索引号", "发布", "来源", "时间", "文号", "信息来源", "成文日期", "公开", "浏览", "字号", "日期", "作者"];
    LABELS.iter().any(|label| begins(words, label)) || words.last() == Some(&'号') && has(words, "〔") || is_date(words)
}

/// （2023年1月12日） or 2023年1月12日: the day of signing, alone on its line.
fn is_date(words: &[char]) -> bool {
    words.iter().all(|c| digit(*c).is_some() || matches!(c, '（' | '）' | '(' | ')' | '年' | '月' | '日' | ' '))
        && words.contains(&'月')
}

/// The first year 20XX written in `words` and where, with how many different ones stand there.
pub(crate) fn years(words: &[char]) -> (Option<(u32, usize)>, bool) {
    let (mut found, mut several) = (None::<(u32, usize)>, false);
    let mut i = 0;
    while i < words.len() {
        if let Some(year) = year_at(words, i) {
            several |= found.is_some_and(|(held, _)| held != year);
            found = found.or(Some((year, i)));
            i += 4;
        } else {
            i += 1;
        }
    }
    (found, several)
}

/// The year 2000–2099 written in four digits at `i`, and no longer number.
pub(crate) fn year_at(words: &[char], i: usize) -> Option<u32> {
    let d = |k: usize| digit(at(words, i + k));
    if i > 0 && digit(words[i - 1]).is_some() || d(4).is_some() {
        return None;
    }
    let value = d(0)? * 1000 + d(1)? * 100 + d(2)? * 10 + d(3)?;
    (2000..2100).contains(&value).then_some(value)
}

/// Checks the title.
pub(crate) fn check(page: &mut Page) {
    let t = page.t;
    let Some(found) = title(t, &page.lines) else {
        return missing(page);
    };
    let lines: Vec<Line> = page.lines[found.first..found.end].to_vec();
    let whole: Vec<char> = lines.iter().flat_map(|line| line.words(t).iter().copied()).collect();
    if !has(&whole, "法治") {
        return;
    }
    let about = lines.iter().find(|line| has(line.words(t), "法治")).copied().unwrap_or(lines[0]);
    let (_, is_report) = (0, ["报告", "总结", "汇报", "情况"].iter().any(|word| has(&whole, word)));
    let dated = years(&whole).0.is_some()
        || has(&whole, "二〇")
        || has(&whole, "二○")
        || has(&whole, "二零")
        || has(&whole, "XX年")
        || has(&whole, "年度")
        || page.lines.get(found.end).is_some_and(|line| is_date(line.words(t)));
    // A report on one campaign or on faults put right has no year of its own.
    let single = ["创建", "整改", "督察", "督查", "专项", "活动", "经验", "调研"].iter().any(|word| has(&whole, word));
    if !dated && is_report && !single {
        page.note(Rule::TitleNoYear, about.start, about.end, "标题没有写年度，请写明是哪一年度的报告。".to_string());
    }
    if !is_report {
        page.note(Rule::TitleIncomplete, lines[0].start, about.end, "标题缺“报告”一类文种。".to_string());
    }
    let broken = lines.windows(2).any(|pair| {
        let tail = pair[0].words(t);
        has(tail, "法治") && !has(tail, "报告") && (has(pair[1].words(t), "报告") || has(pair[1].words(t), "情况"))
    });
    if broken {
        page.note(
            Rule::TitleSplit,
            lines[0].start,
            lines[0].end,
            "标题被换行断开，请写在一行内或在词间转行。".to_string(),
        );
    }
}

/// A text whose first line is a document number and whose second is already a sentence.
fn missing(page: &mut Page) {
    let Some(first) = page.lines.first().copied() else {
        return;
    };
    let words = first.words(page.t);
    if words.last() == Some(&'号') && has(words, "〔") && page.lines.get(1).is_some_and(|line| line.len() > 60) {
        page.note(Rule::TitleMissing, first.start, first.end, "正文之前没有标题，请补上。".to_string());
    }
}

//! Ordinals at the head of lines: 一、（一）1.（1）.

use super::line::{Flaw, Line, Ordinal, has, small};
use super::{Level, Page, Rule};
use crate::claim::text::{at, digit, measure};

/// Deepest rank of a heading.
const RANKS: usize = 5;

/// Checks the sequence and form of heading ordinals and finds headings without one.
pub(crate) fn check(page: &mut Page) {
    let lines = std::mem::take(&mut page.lines);
    let numbered = lines.iter().filter(|line| line.ordinal.is_some_and(|o| o.rank == 1)).count();
    let bare_parts = has_bare_parts(page.t, &lines);
    let mut last = [0u32; RANKS];
    // What the number would be had a repeated one been right: 一、一、三、.
    let mut meant = [0u32; RANKS];
    // A text that begins with （三） is an extract: what came before it is not known.
    let mut unknown = match lines.first().and_then(|line| line.ordinal) {
        Some(first) => (1..=first.rank).collect(),
        None => Vec::new(),
    };
    let mut bare_before = false;
    // Where the words after the last ordinal at the head of a line begin.
    let mut spoken = 0;
    let mut gaps = Gaps::default();
    let mut mark_noted = false;
    let mut skip_noted = false;
    // Title lines stand before the first sentence.
    let mut after_text = false;
    for (index, line) in lines.iter().enumerate() {
        let is_title = !after_text;
        // A salutation ends in a colon too, and is short.
        let stops = line.is_sentence(page.t) || matches!(page.t[line.end - 1], '：' | ':');
        after_text |= line.ordinal.is_some() || line.len() > if stops { 20 } else { 40 };
        let Some(ordinal) = line.ordinal else {
            // 2优化 after 1. has lost its mark.
            if last[3] > 0 && follows_unmarked(page.t, line, last[3]) {
                last[3] += 1;
                let message = "序号之后缺标点，应写作“2.”。".to_string();
                page.note(Rule::MalformedOrdinal, line.start, line.end, message);
                continue;
            }
            if let Some(rank) = comma(page.t, line, &last) {
                last[rank] += 1;
                spoken = line.start;
                let message = "序号之后误用逗号，应写作“一、”或“1.”。".to_string();
                page.note(Rule::MalformedOrdinal, line.start, line.end, message);
                continue;
            }
            if numbered > 0 && !is_title && is_bare_heading(page.t, line) {
                if bare_parts {
                    last = [0; RANKS];
                    gaps.close(1, index);
                    continue;
                }
                let message =
                    format!("“{}”与其他一级标题同级，却没有序号；请补上“一、”一类序号。", shown(page.t, line));
                // 存在的问题主要有： leads a list, though a heading may end so too.
                if matches!(page.t[line.end - 1], '：' | ':') {
                    page.note_as(Rule::HeadingNoOrdinal, Level::Hint, line.start, line.end, message);
                    continue;
                }
                page.note(Rule::HeadingNoOrdinal, line.start, line.end, message);
                bare_before = true;
                last = [0, last[1], 0, 0, 0];
                gaps.close(1, index);
            } else if !is_title || index > 0 && names_report(page.t, &lines[index - 1]) {
                gaps.take(page.t, &lines, index);
            }
            continue;
        };
        flaws(page, line, &ordinal, &mut mark_noted);
        let mut held = last[ordinal.rank];
        if let Some(place) = unknown.iter().position(|rank| *rank == ordinal.rank) {
            held = ordinal.number.saturating_sub(1);
            unknown.truncate(place);
        }
        if ordinal.number > 1 && within(&page.t[spoken..line.start], &ordinal, ordinal.number - 1) {
            held = ordinal.number - 1;
        }
        spoken = ordinal.end;
        let held = held + u32::from(ordinal.number == held + 2 && gaps.explain(page, &lines, line, &ordinal));
        gaps.close(ordinal.rank, index);
        let held = if ordinal.number == meant[ordinal.rank] + 1 && meant[ordinal.rank] > 0 {
            meant[ordinal.rank]
        } else {
            held
        };
        sequence(page, line, &ordinal, held, bare_before);
        meant[ordinal.rank] = if ordinal.number > 0 && ordinal.number == held { held + 1 } else { 0 };
        if ordinal.rank == 3 && last[2] == 0 && last[1] > 0 && held == 0 && ordinal.number == 1 && !skip_noted {
            page.note(Rule::LevelSkip, line.start, line.end, "“一、”之下应先用“（一）”，不能直接用“1.”。".to_string());
            skip_noted = true;
        }
        // Many offices number a single list （1） under （一）.
        if ordinal.rank == 4 && last[3] == 0 && last[1..3].iter().any(|n| *n > 0) && held == 0 && ordinal.number == 1 {
            let message = "“（一）”之下应先用“1.”，不宜直接用“（1）”。".to_string();
            page.note_as(Rule::LevelSkip, Level::Hint, line.start, line.end, message);
        }
        if ordinal.rank == 1 {
            bare_before = false;
        }
        last[ordinal.rank] = ordinal.number;
        last[ordinal.rank + 1..].fill(0);
        meant[ordinal.rank + 1..].fill(0);
    }
    page.lines = lines;
}

/// The rank of the heading that comes next but has a comma for its mark: 二，抓宣传, 2，抓宣传.
fn comma(t: &[char], line: &Line, last: &[u32; RANKS]) -> Option<usize> {
    let (number, end, chinese) = small(t, line.start)?;
    let rank = if chinese { 1 } else { 3 };
    (last[rank] > 0 && number == last[rank] + 1 && matches!(at(t, end), '，' | ',') && digit(at(t, end + 1)).is_none())
        .then_some(rank)
}

/// Whether the ordinal `number` stands inside these words: 附件：1.清单 before a line 2.附表.
fn within(words: &[char], like: &Ordinal, number: u32) -> bool {
    let Some(c) = "一二三四五六七八九十".chars().nth(number as usize - 1) else {
        return false;
    };
    let holds = |mark: String| has(words, &mark);
    match like.rank {
        1 => holds(format!("{c}、")),
        2 => holds(format!("（{c}）")) || holds(format!("({c})")),
        3 => {
            let digits: Vec<char> = number.to_string().chars().collect();
            words.windows(digits.len() + 2).any(|part| {
                let (head, tail) = (part[0], part[digits.len() + 1]);
                part[1..=digits.len()] == digits[..]
                    && digit(head).is_none()
                    && matches!(tail, '.' | '．' | '、')
                    && !matches!(head, '.' | '．' | '第')
            })
        }
        _ => holds(format!("（{number}）")) || holds(format!("({number})")),
    }
}

fn flaws(page: &mut Page, line: &Line, ordinal: &Ordinal, mark_noted: &mut bool) {
    match ordinal.flaw {
        Some(Flaw::HalfBracket) => {
            page.note(Rule::MalformedOrdinal, line.start, line.end, "序号括号不全，应写作“（一）”。".to_string());
        }
        Some(Flaw::Dash) => {
            page.note(Rule::MalformedOrdinal, line.start, line.end, "序号“一”误作横线，请改为“一”。".to_string());
        }
        Some(Flaw::Doubled) => {
            page.note(Rule::MalformedOrdinal, line.start, line.end, "序号写法残缺，应为“一、”或“一是”。".to_string());
        }
        // Said once and as a hint: the same habit runs through a whole text, and many offices keep it.
        Some(Flaw::Mark) if !*mark_noted => {
            *mark_noted = true;
            page.note_as(
                Rule::LevelFormat,
                Level::Hint,
                line.start,
                line.end,
                "序号后的标点不规范，依次应为“一、”“（一）”“1.”“（1）”。".to_string(),
            );
        }
        _ => {}
    }
}

fn sequence(page: &mut Page, line: &Line, ordinal: &Ordinal, held: u32, bare_before: bool) {
    let number = ordinal.number;
    if number == held + 1 || number == 1 && held != 1 {
        return;
    }
    if number <= held {
        let message = format!("序号“{}”与前面重复，请顺次改号。", shown(page.t, line));
        page.note(Rule::DuplicateOrdinal, line.start, line.end, message);
    } else if !(ordinal.rank == 1 && bare_before && number == held + 2) {
        let message = format!("序号跳号：“{}”之前缺第{}项，请补写或改号。", shown(page.t, line), held + 1);
        page.note(Rule::SkippedOrdinal, line.start, line.end, message);
    }
}

/// Whether the parts bear no ordinals by intent: under one of them the list 一、二、 begins anew.
fn has_bare_parts(t: &[char], lines: &[Line]) -> bool {
    let (mut counted, mut pending) = (false, false);
    for line in lines {
        match line.ordinal {
            Some(ordinal) if ordinal.rank == 1 => {
                if pending && ordinal.number == 1 {
                    return true;
                }
                (counted, pending) = (true, false);
            }
            Some(_) => {}
            None => pending |= counted && is_bare_heading(t, line),
        }
    }
    false
}

/// Lines since the last heading of each rank that may be the heading missing from its sequence.
#[derive(Default)]
struct Gaps {
    /// Short lines that stand alone between paragraphs.
    bare: Vec<usize>,
    /// Lines that begin with a 1 and no mark: 1强化履职.
    unmarked: Vec<usize>,
    /// The first line after the last heading of each rank.
    begun: [usize; RANKS],
}

impl Gaps {
    /// Takes in a line without ordinal.
    fn take(&mut self, t: &[char], lines: &[Line], index: usize) {
        let line = &lines[index];
        if follows_unmarked(t, line, 0) {
            self.unmarked.push(index);
        } else if stands_alone(t, lines, index) {
            self.bare.push(index);
        }
    }

    /// A heading of this rank stands at `index`.
    fn close(&mut self, rank: usize, index: usize) {
        self.begun[rank..].fill(index + 1);
    }

    /// Whether one line before this heading is the one its sequence lacks; notes it.
    fn explain(&self, page: &mut Page, lines: &[Line], line: &Line, ordinal: &Ordinal) -> bool {
        let begun = self.begun[ordinal.rank];
        let only = |held: &[usize]| match held.iter().rev().take_while(|i| **i >= begun).take(2).collect::<Vec<_>>()[..]
        {
            [one] => Some(lines[*one]),
            _ => None,
        };
        if ordinal.rank == 3
            && ordinal.number == 2
            && let Some(first) = only(&self.unmarked)
        {
            let message = "序号之后缺标点，应写作“1.”。".to_string();
            page.note(Rule::MalformedOrdinal, first.start, first.end, message);
            return true;
        }
        let heading = line.len() < 40 && !line.is_sentence(page.t);
        if ordinal.rank > 2 || !heading {
            return false;
        }
        let Some(missing) = only(&self.bare) else { return false };
        let message = format!(
            "“{}”与“{}”同级，却没有序号；请补上第{}项的序号。",
            shown(page.t, &missing),
            shown(page.t, line),
            ordinal.number - 1
        );
        page.note(Rule::HeadingNoOrdinal, missing.start, missing.end, message);
        true
    }
}

/// A short line of words alone, after a line that ends and before a longer one or a numbered one.
fn stands_alone(t: &[char], lines: &[Line], index: usize) -> bool {
    let line = &lines[index];
    let plain = |c: &char| ('\u{4e00}'..='\u{9fff}').contains(c) || matches!(c, '、' | '“' | '”' | '（' | '）');
    let ends = |before: &Line| {
        before.is_sentence(t)
            || matches!(t[before.end - 1], '：' | ':')
            || before.ordinal.is_some()
            || names_report(t, before)
    };
    (4..26).contains(&line.len())
        && line.words(t).iter().all(plain)
        && index.checked_sub(1).is_some_and(|before| ends(&lines[before]))
        && lines.get(index + 1).is_some_and(|next| next.ordinal.is_some() || next.is_sentence(t))
}

/// The last line of a title: 甲镇2023年工作总结.
fn names_report(t: &[char], line: &Line) -> bool {
    let words = line.words(t);
    words.len() < 60 && ["报告", "总结", "汇报"].iter().any(|word| words.ends_with(&word.chars().collect::<Vec<_>>()))
}

/// The number that comes next, straight before a Chinese character that is no measure word.
fn follows_unmarked(t: &[char], line: &Line, held: u32) -> bool {
    let Some((number, end, false)) = small(t, line.start) else {
        return false;
    };
    let next = at(t, end);
    number == held + 1
        && ('\u{4e00}'..='\u{9fff}').contains(&next)
        && measure(t, end).is_none()
        && !"年月日号时点".contains(next)
}

/// A short line in the words of a part heading, without ordinal, in a text that numbers its headings.
fn is_bare_heading(t: &[char], line: &Line) -> bool {
    const HEADINGS: &[&str] = &[
        "工作开展情况",
        "工作情况",
        "开展情况",
        "主要做法",
        "主要举措",
        "主要成效",
        "工作成效",
        "存在问题",
        "存在的问题",
        "存在不足",
        "存在的不足",
        "问题和不足",
        "问题及原因",
        "下一步",
        "下步工作",
        "工作打算",
        "工作计划",
        "工作安排",
        "工作思路",
        "努力方向",
        "主要措施",
        "主要安排",
        "重点安排",
        "存在困难",
        "存在的困难",
        "困难和问题",
        "不足之处",
        "主要不足",
        "主要问题",
        "原因分析",
        "下阶段",
        "下一阶段",
        "工作展望",
        "履职情况",
        "履行第一责任人",
        "第一责任人职责情况",
    ];
    let words = line.words(t);
    if line.len() > 26
        || line.len() < 4
        || line.is_sentence(t)
        || words.iter().any(|c| matches!(c, '，' | ',' | '。' | '“'))
    {
        return false;
    }
    !has(words, "报告") && !has(words, "总结") && HEADINGS.iter().any(|heading| has(words, heading))
}

fn shown(t: &[char], line: &Line) -> String {
    line.words(t).iter().take(12).collect()
}

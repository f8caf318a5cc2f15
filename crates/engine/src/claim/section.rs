//! Which lines of a report speak of plans, so that their numbers are not claims.

use super::context::has;
use super::number::{at, digit, is_blank};

/// The rank of a heading by the ordinal a line begins with: 1 for 一、, 2 for （一）, 3 for 1., 4 for （1）.
pub(crate) fn rank(t: &[char], line: usize) -> u8 {
    let mut i = line;
    while is_blank(at(t, i)) && i < line + 12 {
        i += 1;
    }
    let numeral = |c: char| "一二三四五六七八九十".contains(c) && c != '\0';
    let bracketed = matches!(at(t, i), '（' | '(' | '〔');
    let from = i + usize::from(bracketed);
    let mut k = from;
    while numeral(at(t, k)) && k < from + 4 {
        k += 1;
    }
    if k > from {
        return match at(t, k) {
            '）' | ')' if bracketed => 2,
            '、' | '．' | '.' if !bracketed => 1,
            _ => 0,
        };
    }
    while digit(at(t, k)).is_some() && k < from + 3 {
        k += 1;
    }
    if k == from {
        return 0;
    }
    match at(t, k) {
        '）' | ')' => 4,
        '.' | '．' | '、' if digit(at(t, k + 1)).is_none() => 3,
        _ => 0,
    }
}

/// The opening words of a line, at most thirty and not past its first full stop.
pub(crate) fn opening(t: &[char], line: usize) -> &[char] {
    let limit = t.len().min(line + 30);
    let slice = &t[line..limit];
    let stop = slice.iter().position(|c| matches!(c, '\n' | '。' | '；')).unwrap_or(slice.len());
    &slice[..stop]
}

/// Whether a heading announces plans and nothing done.
pub(crate) fn announces_plan(words: &[char]) -> bool {
    const PLANS: &[&str] = &[
        "下一步",
        "下步",
        "今后",
        "工作计划",
        "工作打算",
        "下一年",
        "下年度",
        "下阶段",
        "下一阶段",
        "明年",
        "工作谋划",
        "努力方向",
    ];
    const ARRANGEMENTS: &[&str] = &["工作思路", "工作安排", "主要安排", "重点安排"];
    const MIXED: &[&str] = &["总结", "完成情况", "开展情况", "回顾", "存在", "问题", "不足"];
    const DONE: &[&str] = &["成效", "举措", "落实", "做法", "情况"];
    let any = |list: &[&str]| list.iter().any(|word| has(words, word));
    !any(MIXED) && (any(PLANS) || any(ARRANGEMENTS) && !any(DONE))
}

/// Whether a sentence opening with these words speaks of what is to come.
pub(crate) fn opens_plan(words: &[char]) -> bool {
    const OPENINGS: &[&str] = &[
        "下一步",
        "下步",
        "接下来",
        "今后",
        "明年",
        "来年",
        "下阶段",
        "下一阶段",
        "下一年",
        "我镇将",
        "我乡将",
        "街道将",
        "我街道将",
        "镇将",
        "全镇将",
        "全乡将",
        "将继续",
        "将进一步",
        "将持续",
        "计划于",
        "力争",
    ];
    OPENINGS.iter().any(|word| word.chars().zip(words).filter(|(a, b)| a == *b).count() == word.chars().count())
}

/// What the lines so far have said about plans.
#[derive(Debug, Default)]
pub(crate) struct Section {
    /// The rank of the heading under which everything is a plan.
    plan: Option<u8>,
}

impl Section {
    /// Takes in the line beginning at `line`.
    pub(crate) fn line(&mut self, t: &[char], line: usize) {
        let rank = rank(t, line);
        let words = opening(t, line);
        if rank > 0 {
            if announces_plan(words) && self.plan.is_none_or(|held| rank <= held) {
                self.plan = Some(rank);
            } else if self.plan.is_some_and(|held| rank <= held) {
                self.plan = None;
            }
        } else if self.plan.is_none() {
            let mut start = line;
            while is_blank(at(t, start)) && start < line + 12 {
                start += 1;
            }
            let words = opening(t, start);
            let short = words.len() < 20 && matches!(at(t, start + words.len()), '\n' | '\0');
            // The first lines are the title, which may name both the report and the plan.
            if line > 0 && short && announces_plan(words) {
                self.plan = Some(1);
            } else if ["下一步", "下步，", "接下来", "今后，"]
                .iter()
                .any(|word| word.chars().zip(words).filter(|(a, b)| a == *b).count() == word.chars().count())
            {
                self.plan = Some(2);
            }
        }
    }

    /// Whether the line read last stands under plans.
    pub(crate) fn is_plan(&self) -> bool {
        self.plan.is_some()
    }
}

//! The words a figure counts, guessed from its clause.

use super::context::{begins, ends};
use super::measure::is_stop;
use super::number::is_blank;

const LEADING: &[&str] = &[
    "今年以来",
    "一年来",
    "截至目前",
    "目前",
    "全年",
    "今年",
    "累计",
    "共计",
    "合计",
    "先后",
    "已",
    "共",
    "并",
    "其中",
    "我镇",
    "我乡",
    "街道",
    "全镇",
    "全乡",
    "组织开展",
    "组织",
    "开展",
    "召开",
    "举办",
    "举行",
    "发放",
    "提供",
    "解答",
    "办理",
    "受理",
    "制作",
    "设置",
    "完成",
    "各类",
    "各种",
    "由",
    "为",
    "的",
    "其",
];

const TRAILING: &[&str] = &[
    "分别达到",
    "分别达",
    "分别为",
    "均达到",
    "均达",
    "均为",
    "达到",
    "共计",
    "累计",
    "合计",
    "约",
    "近",
    "超",
    "逾",
    "达",
    "共",
    "等",
    "为",
    "各",
    "有",
];

/// The subject of the figure from `start` to `end` in the clause beginning at `clause`.
pub(crate) fn guess(t: &[char], clause: usize, start: usize, end: usize) -> String {
    // A figure after 、 or in a bracket counts the words since it; a bracket closed before it is part of its name.
    let from = clause.max(start.saturating_sub(30));
    let mut closed = 0_usize;
    let cut = t[from..start].iter().rposition(|c| match c {
        '）' | ')' => {
            closed += 1;
            false
        }
        '（' | '(' if closed > 0 => {
            closed -= 1;
            false
        }
        '、' => closed == 0,
        c => matches!(c, '（' | '(' | '：' | ':'),
    });
    let near = cut.map_or(from, |i| from + i + 1);
    let mut words = strip(&t[near..start]);
    // 委派1名律师负责…: a verb alone needs the noun behind the number.
    if words.len() == 2 && VERBS.iter().any(|verb| begins(words, verb)) {
        let noun = noun(&t[end..t.len().min(end + 16)]);
        if noun.len() >= 2 {
            return words.iter().chain(noun).filter(|c| !is_blank(**c)).collect();
        }
    }
    if words.len() < 2 {
        let after = &t[end..t.len().min(end + 16)];
        let stop = after.iter().position(|c| is_stop(*c)).unwrap_or(after.len());
        if stop >= 2 {
            words = &after[..stop];
        } else {
            words = strip(&t[from..start]);
        }
        // 合计250件 has no other words than that it is a sum.
        if words.is_empty() {
            words = &t[from..start];
        }
    }
    words.iter().filter(|c| !is_blank(**c)).collect()
}

/// Verbs that say little without what they are about.
const VERBS: &[&str] = &[
    "委派", "指派", "聘请", "聘任", "选聘", "选派", "配备", "配齐", "审查", "审核", "化解", "调解", "调处", "排查",
    "查处", "拆除", "整改", "走访", "培训", "培育", "建成", "打造", "修订", "制定", "出具", "采纳",
];

/// The words behind a number up to the next verb: 律师 of 律师负责相关业务.
fn noun(after: &[char]) -> &[char] {
    let stop = after.iter().position(|c| is_stop(*c)).unwrap_or(after.len());
    let verb = |at: &usize| {
        ["负责", "担任", "参加", "参与", "进行", "开展", "协助", "的", "到", "为"]
            .iter()
            .any(|verb| begins(&after[*at..], verb))
    };
    &after[..(0..stop).find(verb).unwrap_or(stop)]
}

fn strip(mut words: &[char]) -> &[char] {
    loop {
        let before = words.len();
        for word in LEADING {
            if begins(words, word) {
                words = &words[word.chars().count()..];
            }
        }
        for word in TRAILING {
            if ends(words, word) {
                words = &words[..words.len() - word.chars().count()];
            }
        }
        if words.len() == before {
            return words;
        }
    }
}

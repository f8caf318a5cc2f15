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
    // A figure after 、 or a bracket counts the words since it.
    let from = clause.max(start.saturating_sub(30));
    let cut = t[from..start].iter().rposition(|c| matches!(c, '、' | '（' | '(' | '：' | ':'));
    let near = cut.map_or(from, |i| from + i + 1);
    let mut words = strip(&t[near..start]);
    if words.len() < 2 {
        let after = &t[end..t.len().min(end + 16)];
        let stop = after.iter().position(|c| is_stop(*c)).unwrap_or(after.len());
        if stop >= 2 {
            words = &after[..stop];
        } else {
            words = strip(&t[from..start]);
        }
    }
    words.iter().filter(|c| !is_blank(**c)).collect()
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

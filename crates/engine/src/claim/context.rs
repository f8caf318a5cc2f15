//! What stands before a numeral: approximators, and the words that make it a frequency, a plan, a rank or an idiom.

use super::number::{Number, at, digit, is_blank};
use super::{Period, Qualifier};

/// Characters looked at before a numeral: a clause of any length costs the same.
const WINDOW: usize = 40;

/// The part of the clause before a numeral that is looked at.
pub(crate) fn before(t: &[char], clause: usize, start: usize) -> &[char] {
    &t[clause.max(start.saturating_sub(WINDOW))..start]
}

/// Whether `word` stands anywhere in `slice`.
pub(crate) fn has(slice: &[char], word: &str) -> bool {
    find(slice, word).is_some()
}

/// Where `word` last begins in `slice`.
pub(crate) fn find(slice: &[char], word: &str) -> Option<usize> {
    let mut letters = word.chars();
    let first = letters.next()?;
    let rest = letters.as_str();
    // Comparing the first character alone discards nearly every place.
    (0..slice.len()).rev().filter(|i| slice[*i] == first).find(|i| begins(&slice[i + 1..], rest))
}

/// Whether `slice` begins with `word`.
pub(crate) fn begins(slice: &[char], word: &str) -> bool {
    let mut held = slice.iter();
    word.chars().all(|c| held.next() == Some(&c))
}

/// Whether `slice` ends with `word`.
pub(crate) fn ends(slice: &[char], word: &str) -> bool {
    let length = word.chars().count();
    slice.len() >= length && word.chars().zip(&slice[slice.len() - length..]).all(|(a, b)| a == *b)
}

/// `slice` without its closing blanks.
fn trimmed(slice: &[char]) -> &[char] {
    let kept = slice.iter().rposition(|c| !is_blank(*c)).map_or(0, |i| i + 1);
    &slice[..kept]
}

/// Approximators before a numeral, longest first where one ends another.
const PREFIXES: &[(&str, Qualifier)] = &[
    ("不得少于", Qualifier::AtLeast),
    ("不得超过", Qualifier::UpTo),
    ("不少于", Qualifier::AtLeast),
    ("不低于", Qualifier::AtLeast),
    ("不小于", Qualifier::AtLeast),
    ("不下于", Qualifier::AtLeast),
    ("不下", Qualifier::AtLeast),
    ("不超过", Qualifier::UpTo),
    ("未超过", Qualifier::UpTo),
    ("不多于", Qualifier::UpTo),
    ("不高于", Qualifier::UpTo),
    ("不超", Qualifier::UpTo),
    ("超过", Qualifier::AtLeast),
    ("超出", Qualifier::AtLeast),
    ("突破", Qualifier::AtLeast),
    ("多于", Qualifier::AtLeast),
    ("高于", Qualifier::AtLeast),
    ("大于", Qualifier::AtLeast),
    ("至少", Qualifier::AtLeast),
    ("逾", Qualifier::AtLeast),
    ("超", Qualifier::AtLeast),
    ("低于", Qualifier::UpTo),
    ("少于", Qualifier::UpTo),
    ("不到", Qualifier::UpTo),
    ("不足", Qualifier::UpTo),
    ("最多", Qualifier::UpTo),
    ("至多", Qualifier::UpTo),
    ("将近", Qualifier::UpTo),
    ("接近", Qualifier::UpTo),
    ("近", Qualifier::UpTo),
    ("大约", Qualifier::About),
    ("大概", Qualifier::About),
    ("约", Qualifier::About),
    ("上", Qualifier::AtLeast),
];

/// The approximator before the numeral at `start`: where it begins and what it says.
pub(crate) fn prefix(t: &[char], clause: usize, start: usize, number: &Number) -> (usize, Option<Qualifier>) {
    let mut words = trimmed(before(t, clause, start));
    // 超达 and 近达 keep their approximator before 达.
    if ends(words, "达到") && words.len() > 2 {
        words = &words[..words.len() - 2];
    } else if ends(words, "达") && words.len() > 1 {
        words = &words[..words.len() - 1];
    }
    let held = PREFIXES.iter().find(|(word, _)| ends(words, word));
    let Some((word, qualifier)) = held else {
        return (start, None);
    };
    let length = word.chars().count();
    let previous = words.len().checked_sub(length + 1).map(|i| words[i]);
    let other_word = match (*word, previous) {
        // 折合约5万元 says about.
        ("约", Some('合')) if words.len() >= 3 && words[words.len() - 3] == '折' => false,
        // 签约5份, 附近3个, 会上10人 and 以上: the last character belongs to the word before it.
        ("约", Some(c)) => "签预节合公违履条解爽制规特契邀缔守毁立民".contains(c),
        ("近", Some(c)) => "附邻临就最靠亲远".contains(c),
        ("上", _) => !number.bare || previous.is_some_and(|c| "以线网会台路街之马".contains(c)),
        ("超", Some(c)) => "赶反高".contains(c),
        ("最多", _) => at(t, start) == '跑',
        _ => false,
    };
    if other_word {
        return (start, None);
    }
    let skipped = before(t, clause, start).len() - words.len();
    (start - skipped - length, Some(*qualifier))
}

/// Approximators after a measure word.
pub(crate) fn suffix(t: &[char], end: usize) -> (usize, Option<Qualifier>) {
    const SUFFIXES: &[(&str, Qualifier)] = &[
        ("及以上", Qualifier::AtLeast),
        ("以上", Qualifier::AtLeast),
        ("之多", Qualifier::AtLeast),
        ("有余", Qualifier::AtLeast),
        ("及以下", Qualifier::UpTo),
        ("以下", Qualifier::UpTo),
        ("以内", Qualifier::UpTo),
        ("之内", Qualifier::UpTo),
        ("左右", Qualifier::About),
        ("上下", Qualifier::About),
    ];
    for (word, qualifier) in SUFFIXES {
        if word.chars().enumerate().all(|(k, c)| at(t, end + k) == c) {
            return (end + word.chars().count(), Some(*qualifier));
        }
    }
    if at(t, end) == '余' && !matches!(at(t, end + 1), '款' | '额' | '下' | '力' | '热' | '地' | '粮') {
        return (end + 1, Some(Qualifier::AtLeast));
    }
    (end, None)
}

/// Whether the numeral is an ordinal, a rank, a model name or part of a longer token.
pub(crate) fn is_label(t: &[char], start: usize, clause: usize) -> bool {
    // After an ordinal run into a count the clause begins at the count.
    if start == clause {
        return false;
    }
    let mut i = start;
    while i > 0 && start - i < 4 && is_blank(t[i - 1]) {
        i -= 1;
    }
    let Some(previous) = i.checked_sub(1).map(|k| t[k]) else {
        return false;
    };
    let earlier = i.checked_sub(2).map_or('\0', |k| t[k]);
    match previous {
        // 同比+8.1% bears a sign.
        '+' | '＋' => !matches!(earlier, '比' | '幅' | '（' | '('),
        '第' | '#' | '№' | '×' | '*' | '＊' | '_' | '@' | '=' | '≥' | '≤' => true,
        '（' | '(' => earlier == '第',
        '前' => !"目此之日以年会事节庭诉班课岗期月天先提生当眼开面跟岁".contains(earlier),
        '-' | '－' | '–' | '～' | '~' | '—' | '/' | '.' | '．' | '·' | ':' | '：' => {
            previous != '：' && (earlier.is_ascii_alphanumeric() || digit(earlier).is_some())
        }
        '任' => !"责主信担兼现聘离".contains(earlier),
        '每' | '逢' | '某' => true,
        // G320 is a label; APP and LED are words, and what follows them counts.
        c if i == start && c.is_ascii_alphabetic() => {
            t[..i].iter().rev().take(3).filter(|c| c.is_ascii_uppercase()).count() < 3
        }
        _ => false,
    }
}

/// Whether a frequency stands before the numeral in its clause: 每季度听取一次.
pub(crate) fn is_frequency(words: &[char]) -> bool {
    let Some(i) = words.iter().rposition(|c| *c == '每' || *c == '逢') else {
        return ["一年", "一月", "一季", "一季度", "一周", "一日", "一天", "半年", "一村", "一个月", "原则上"]
            .iter()
            .any(|word| ends(words, word));
    };
    let after = &words[i + 1..];
    // “每月一题”解决问题12个: a quoted slogan sets no frequency for what follows it.
    if after.iter().position(|c| *c == '”').is_some_and(|close| !after[..close].contains(&'“')) {
        return false;
    }
    let timed = [
        "年", "月", "季", "周", "半", "天", "日", "个月", "个季", "次", "两", "星期", "学期", "旬", "场", "期", "逢",
        "隔", "晚", "人",
    ]
    .iter()
    .any(|word| word.chars().zip(after).filter(|(a, b)| a == *b).count() == word.chars().count());
    timed && !["累计", "共", "全年", "今年", "已", "合计"].iter().any(|word| has(after, word))
}

/// Whether a norm rather than a fact is stated: 不得少于, 要求…不少于.
pub(crate) fn is_norm(words: &[char], clause_start: &[char], after_frequency: bool) -> bool {
    let words_end = trimmed(words);
    ["不得少于", "不得超过", "不得低于", "不得高于", "应不少于", "应当不少于"].iter().any(|word| ends(words_end, word))
        || ends(words_end, "不少于") && (has(words, "要求") || has(words, "规定") || has(words, "确保"))
        || (ends(words_end, "不少于") || has(words, "至少")) && words.contains(&'每') && !has(words, "平均")
        || after_frequency
            && ["不少于", "不低于", "至少", "原则", "时间不", "时长不", "每次", "总时", "累计不少于"]
                .iter()
                .any(|word| word.chars().zip(clause_start).filter(|(a, b)| a == *b).count() == word.chars().count())
}

/// Whether a plan stands before the numeral in its clause: 计划开展, 力争, 预计.
pub(crate) fn is_plan(words: &[char]) -> bool {
    const PLANS: &[&str] = &[
        "计划开展",
        "计划组织",
        "计划举办",
        "计划建",
        "计划新",
        "计划实施",
        "计划培",
        "计划于",
        "计划在",
        "计划再",
        "计划发",
        "计划对",
        "计划投",
        "力争",
        "拟于",
        "拟建",
        "拟开展",
        "拟组织",
        "拟新",
        "拟投",
        "预计",
        "目标是",
        "下一步",
        "明年",
        "下一年",
        "下半年计划",
        "将开展",
        "将组织",
        "将举办",
    ];
    PLANS.iter().any(|word| has(words, word))
}

/// The period a numeral speaks of: 由去年的5件增至9件 holds a previous and a current one, 同比下降12.5% a change.
pub(crate) fn period(t: &[char], words: &[char], end: usize) -> Period {
    let rest = &t[end..t.len().min(end + 14)];
    let stop = rest.iter().position(|c| matches!(c, '，' | '。' | '；' | ',' | '\n')).unwrap_or(rest.len());
    let rest = &rest[..stop];
    let onward = [
        "增至",
        "增加到",
        "增加至",
        "减至",
        "减少到",
        "减少至",
        "降至",
        "下降到",
        "下降至",
        "升至",
        "上升到",
        "上升至",
        "提升到",
        "提升至",
        "提高到",
        "提高至",
        "扩大到",
        "扩大至",
        "增长到",
        "增长至",
        "压减至",
        "缩减至",
        "缩短至",
        "压缩至",
        "到",
        "至",
    ];
    let from = words.iter().rposition(|c| matches!(c, '由' | '从'));
    if from.is_some_and(|i| words.len() - i <= 16) && onward.iter().any(|word| has(rest, word)) {
        return Period::Previous;
    }
    let last_year =
        ["去年", "上年", "上一年", "往年", "前年", "同期"].iter().filter_map(|word| find(words, word)).max();
    let verb =
        ["增长", "增加", "下降", "减少", "上升", "提升", "提高", "降低", "压减", "下调", "增幅", "降幅", "多", "增"]
            .iter()
            .filter(|word| {
                find(words, word).is_some_and(|i| {
                    let tail = &words[i + word.chars().count()..];
                    tail.len() <= 4
                        && !tail.iter().any(|c| matches!(c, '至' | '到' | '为'))
                        && (word.chars().count() > 1 || tail.is_empty())
                })
            })
            .count();
    let compared = ["同比", "环比", "较", "比"].iter().any(|word| has(words, word));
    // 下降12.5% is a difference even where what it is compared with stands in the clause before.
    let share = matches!(at(t, end.wrapping_sub(1)), '%' | '％' | '点');
    let signed = matches!(words.last(), Some('+' | '＋' | '-' | '－'));
    if verb > 0 && (compared || share) || signed && compared {
        return Period::Change;
    }
    match last_year {
        Some(i) if words.len() - i <= 8 && !has(&words[i..], "相比") && !compared_done(&words[i..]) => {
            Period::Previous
        }
        _ => Period::Current,
    }
}

/// 较去年增加到, 比去年多: what follows is no longer last year's.
fn compared_done(words: &[char]) -> bool {
    ["增", "减", "降", "升", "以来", "提"].iter().any(|word| has(words, word))
}

//! Numbers with a measure word that assert nothing: durations, numbered slogans, thresholds.

use super::amount::Amount;
use super::context;
use super::measure::{Measure, is_stop};
use super::number::{Number, at, digit};

/// 5人以上集体访, 3人以上聚集: the number defines the event.
pub(crate) fn is_threshold(t: &[char], end: usize) -> bool {
    at(t, end) == '以'
        && matches!(at(t, end + 1), '上' | '下')
        && matches!(
            (at(t, end + 2), at(t, end + 3)),
            ('集', '体') | ('群', '体') | ('聚', '集') | ('越', '级') | ('非', '正')
        )
}

/// 十六届三次会议, 五届二次全会 and 镇人大三次会议 number the sessions of a body.
pub(crate) fn is_session(t: &[char], words: &[char], measure: &Measure) -> bool {
    measure.unit == "次"
        && (words.iter().rev().take(6).any(|c| *c == '届')
            || ["人大", "党代会", "代表大会", "政协"].iter().any(|body| context::ends(words, body)))
        && matches!(at(t, measure.end), '会' | '全' | '大' | '代' | '党' | '职' | '常')
}

/// 1名所长+2名民警+N名辅警 names a model and counts nobody.
pub(crate) fn is_model(t: &[char], end: usize) -> bool {
    t[end.min(t.len())..t.len().min(end + 10)]
        .iter()
        .find(|c| !('\u{4e00}'..='\u{9fff}').contains(*c))
        .is_some_and(|c| matches!(c, '+' | '＋'))
}

/// 浏览：5072次 is what a website says of its own page.
pub(crate) fn is_page_count(before: &[char]) -> bool {
    let label = match before {
        [label @ .., '：' | ':'] => label,
        _ => return false,
    };
    ["浏览", "浏览量", "浏览次数", "点击", "点击量", "点击数", "阅读次数", "访问量"]
        .iter()
        .any(|word| context::ends(label, word))
}

/// Units that never count halves, so that a decimal before them is an ordinal and a count.
pub(crate) fn is_integral(measure: &Measure) -> bool {
    matches!(
        measure.unit.as_str(),
        "名" | "次"
            | "人"
            | "人次"
            | "场"
            | "件"
            | "起"
            | "个"
            | "项"
            | "期"
            | "户"
            | "家"
            | "份"
            | "版"
            | "条"
            | "类"
            | "批"
    )
}

/// 人均处罚量36.7起, 万人成讼率32.6件 and 仅有1.5个: words that make halves of a count, which a day (12.4) never has before it.
pub(crate) fn is_average(words: &[char]) -> bool {
    context::has(words, "均")
        || context::has(words, "每")
        || context::has(words, "率")
        || context::ends(words, "仅有")
        || context::ends(words, "仅")
        || context::ends(words, "不足")
}

/// 志愿服务500余小时 adds up work; 24小时, 3小时内 and 为期3天 do not.
pub(crate) fn is_work_time(t: &[char], words: &[char], number: &Number, measure: &Measure) -> bool {
    let next = at(t, measure.end);
    if matches!(
        next,
        '内' | '制'
            | '热'
            | '值'
            | '不'
            | '在'
            | '服'
            | '开'
            | '以'
            | '全'
            | '的'
            | '之'
            | '工'
            | '后'
            | '前'
            | '到'
            | '无'
            | '响'
            | '轮'
    ) || number.single
    {
        return false;
    }
    if context::has(words, "为期")
        || context::ends(words, "期限")
        || context::has(words, "响应")
        || context::has(words, "时限")
    {
        return false;
    }
    let adds = ["累计", "共计", "合计", "总", "时长", "共"].iter().any(|word| context::has(words, word));
    let work =
        ["培训", "学", "服务", "播", "值守", "值班", "巡", "宣讲", "授课"].iter().any(|word| context::has(words, word));
    let day = number.value.is_some_and(|value| [24, 48, 72].map(Amount::from).contains(&value));
    match measure.unit.as_str() {
        "天" => {
            adds || is_stop(next) && ["接访", "坐班", "驻点", "驻守"].iter().any(|word| context::ends(words, word))
        }
        _ => adds || !day && is_stop(next) && work,
    }
}

/// Numbered slogans in Arabic or long Chinese numerals: 4个意识, 从3个方面, 12个坚持.
pub(crate) fn is_slogan(t: &[char], number: &Number, measure: &Measure, words: &[char]) -> bool {
    let rest = &t[measure.end..t.len().min(measure.end + 4)];
    let begins = |word: &str| word.chars().count() <= rest.len() && word.chars().zip(rest).all(|(a, b)| a == *b);
    let plain = !number.more;
    // 2个100% counts goals, not things.
    if measure.unit == "个" && rest.first().is_some_and(|c| digit(*c).is_some()) {
        return true;
    }
    // 以2个清单为抓手 names a method.
    let ahead = &t[measure.end..t.len().min(measure.end + 14)];
    let ahead = &ahead[..ahead.iter().position(|c| is_stop(*c)).unwrap_or(ahead.len())];
    if plain
        && words.last() == Some(&'以')
        && ["为抓手", "为目标", "为重点", "为载体", "为核心", "为引领", "为主线", "为支撑"]
            .iter()
            .any(|word| context::ends(ahead, word))
    {
        return true;
    }
    match measure.unit.as_str() {
        "个" => {
            [
                "意识",
                "自信",
                "维护",
                "确立",
                "坚持",
                "一批",
                "严禁",
                "一律",
                "必须",
                "务必",
                "结合",
                "不准",
                "全面",
                "到位",
                "中心引领",
                "核心引领",
                "百年",
                "文明",
                "五年",
            ]
            .iter()
            .any(|word| begins(word))
                || plain
                    && ["方面", "层面", "维度", "环节", "角度", "层次"].iter().any(|word| begins(word))
                    && words.iter().rev().take(4).any(|c| "从围绕聚焦以在等紧扣这抓为".contains(*c))
        }
        "项" => ["规定", "原则", "纪律", "准则"].iter().any(|word| begins(word)),
        "组" => rest.first().is_some_and(|c| digit(*c).is_some()) && begins_house(t, measure.end),
        "条" => ["禁令", "禁", "红线", "主线", "底线"].iter().any(|word| begins(word)),
        "类" | "种" | "门" | "道" | "片" => number.single,
        _ => false,
    }
}

/// 3组18号 is an address.
fn begins_house(t: &[char], i: usize) -> bool {
    (i..i + 5).find(|k| digit(at(t, *k)).is_none()).is_some_and(|k| at(t, k) == '号')
}

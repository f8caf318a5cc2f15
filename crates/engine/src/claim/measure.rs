//! Measure words of official prose, and what must not follow them for them to be one.

use super::number::{at, is_blank, skip_break};
use super::unit::{forbidden, permitted, rows};
use Kind::{Final, Money, Percent, Strong};

/// How readily a measure word makes a claim of the numeral before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Counts events, people, papers or places: a claim after any numeral.
    Strong,
    /// Also stands in slogans (三个, 四项, 五类): after one Chinese numeral it needs a concrete noun.
    Weak,
    /// Counts only at the end of a clause (2出, 3站), since it begins other words.
    Final,
    /// Money.
    Money,
    /// A share of a hundred.
    Percent,
    /// 百分点.
    Point,
    /// 小时 and 天: a claim when they add up work, else a duration.
    Time,
    /// 分: a score beside 得分 or 平均, else a time.
    Score,
}

/// A measure word found in the text.
#[derive(Debug, Clone)]
pub(crate) struct Measure {
    /// One past its last character, with a bracketed second unit.
    pub end: usize,
    /// Its name as claims carry it.
    pub unit: String,
    /// Its kind.
    pub kind: Kind,
}

/// Units to which 次 is added for repeated visits: 户次, 家次, 篇次, 点次.
fn takes_times(unit: &str) -> bool {
    matches!(
        unit,
        "人" | "户"
            | "家"
            | "场"
            | "件"
            | "起"
            | "份"
            | "册"
            | "篇"
            | "条"
            | "处"
            | "所"
            | "项"
            | "期"
            | "批"
            | "轮"
            | "堂"
            | "节"
            | "台"
            | "辆"
            | "艘"
            | "组"
            | "队"
            | "站"
            | "个"
            | "课"
            | "幅"
            | "例"
            | "本"
            | "票"
            | "架"
            | "车"
            | "班"
            | "村"
            | "社区"
            | "名"
            | "位"
            | "支"
            | "座"
            | "间"
            | "趟"
            | "部"
            | "张"
            | "块"
            | "天"
    )
}

fn starts_with(t: &[char], i: usize, word: &str) -> bool {
    word.chars().enumerate().all(|(k, c)| at(t, i + k) == c)
}

/// Whether `c` ends a phrase, so that a measure word before it cannot begin another word.
pub(crate) fn is_stop(c: char) -> bool {
    matches!(
        c,
        '\0' | '\n'
            | '\r'
            | '，'
            | '。'
            | '、'
            | '；'
            | '：'
            | '！'
            | '？'
            | ','
            | '.'
            | ';'
            | ':'
            | '!'
            | '?'
            | '（'
            | '）'
            | '('
            | ')'
            | '”'
            | '’'
            | '"'
            | '】'
            | '］'
            | ']'
            | '…'
            | '—'
            | '/'
    )
}

/// The measure word at `i` (after blanks), with 次 and a bracketed second unit joined to it.
pub(crate) fn find(t: &[char], i: usize) -> Option<Measure> {
    let start = skip_break(t, i);
    if let Some(measure) = ascii(t, start) {
        return Some(measure);
    }
    let Some((word, kind)) = rows(at(t, start)).iter().copied().find(|(word, _)| starts_with(t, start, word)) else {
        return times(t, start);
    };
    let (word, kind): (&str, Kind) = (word, kind);
    let mut end = start + word.chars().count();
    let mut unit = if ["％", "﹪"].contains(&word) { "%".to_string() } else { word.to_string() };
    let next = at(t, end);
    if next == '次' && takes_times(word) && (!forbidden("次").contains(at(t, end + 1)) || permitted(t, end + 1, "次"))
    {
        unit.push('次');
        end += 1;
    } else if matches!(next, '/' | '／' | '·') && at(t, end + 1) == '次' && takes_times(word) {
        unit.push_str(if next == '·' { "·次" } else { "/次" });
        end += 2;
    } else if forbidden(word).contains(next) && !permitted(t, end, word) {
        return None;
    }
    let kind = if unit.chars().count() > word.chars().count() { Strong } else { kind };
    if kind == Final && !ends_phrase(t, end, word) {
        return None;
    }
    if let Some((close, second)) = bracketed(t, end).filter(|_| kind != Money && kind != Percent) {
        unit.push_str(&second);
        end = close;
    }
    Some(Measure { end, unit, kind })
}

/// 矿次, 企次, 店次: visits counted by a noun of one character that is no measure word itself.
fn times(t: &[char], i: usize) -> Option<Measure> {
    let noun = at(t, i);
    let visited =
        ('\u{4e00}'..='\u{9fff}').contains(&noun) && !"余多几来第年月日号时分元再首每逐届其两上下".contains(noun);
    (visited && at(t, i + 1) == '次' && is_stop(at(t, i + 2))).then(|| Measure {
        end: i + 2,
        unit: [noun, '次'].iter().collect(),
        kind: Strong,
    })
}

/// Whether a word that counts only at the end of a phrase stands at one; 对 also before married people.
fn ends_phrase(t: &[char], end: usize, word: &str) -> bool {
    let next = at(t, end);
    let mut k = end;
    while is_blank(at(t, k)) {
        k += 1;
    }
    is_stop(at(t, k))
        || matches!((word, next), ("对", '夫' | '婆' | '新' | '师' | '帮') | ("出", '戏' | '剧' | '节' | '情'))
        || matches!(word, "村" | "社区") && (next.is_ascii_digit() || matches!(next, '和' | '及'))
        || matches!(
            (word, next),
            ("副", '对' | '春')
                | ("路", '视' | '监' | '高')
                | ("眼" | "口", '机' | '水' | '井')
                | ("段" | "款", '视' | '音' | '产' | '普')
                | ("通", '电')
                | ("首", '歌' | '山' | '诗')
                | ("把", '刀' | '锁')
                | ("单", '业' | '工')
                | ("队", '伍')
                | ("讲", '党' | '普' | '法')
        )
}

/// A second unit in brackets: （册）, (次), （场次）.
fn bracketed(t: &[char], i: usize) -> Option<(usize, String)> {
    if !matches!(at(t, i), '（' | '(') {
        return None;
    }
    let mut k = i + 1;
    if matches!(at(t, k), '/' | '、') {
        k += 1;
    }
    let (word, _) = rows(at(t, k)).iter().find(|(word, _)| starts_with(t, k, word))?;
    k += word.chars().count();
    if at(t, k) == '次' && *word != "次" {
        k += 1;
    }
    matches!(at(t, k), '）' | ')').then(|| (k + 1, t[i..=k].iter().collect()))
}

/// Units in Latin letters: kg, km, m².
fn ascii(t: &[char], i: usize) -> Option<Measure> {
    let unit = [("kg", 2), ("KG", 2), ("Kg", 2), ("km", 2), ("KM", 2), ("m²", 2), ("m2", 2)]
        .into_iter()
        .find(|(word, _)| starts_with(t, i, word))?;
    let end = i + unit.1;
    (!at(t, end).is_ascii_alphanumeric()).then(|| Measure { end, unit: unit.0.to_string(), kind: Strong })
}

/// People named straight after a numeral with no measure word between: 47公职人员.
pub(crate) fn people_noun(t: &[char], i: usize) -> bool {
    const PEOPLE: &[&str] = &[
        "公职人员",
        "公务员",
        "事业编",
        "工作人员",
        "执法人员",
        "执法队员",
        "行政执法人员",
        "综合执法人员",
        "持证人员",
        "在岗人员",
        "在职人员",
        "编内人员",
        "编外人员",
        "辅助人员",
        "协管员",
        "协理员",
        "网格长",
        "楼栋长",
        "镇村干部",
        "乡村干部",
        "村居干部",
        "社区干部",
        "吸毒人员",
        "刑满释放人员",
        "安置帮教人员",
        "精神障碍患者",
        "残疾人",
        "在编人员",
        "人员",
        "干部",
        "党员",
        "村民",
        "居民",
        "群众",
        "网格员",
        "调解员",
        "人民调解员",
        "法律明白人",
        "律师",
        "民警",
        "教师",
        "老师",
        "学生",
        "师生",
        "志愿者",
        "社区矫正对象",
        "矫正对象",
        "安置帮教对象",
        "职工",
        "村干部",
        "专职",
        "兼职",
        "机关干部",
        "镇干部",
        "乡干部",
        "代表",
        "农民工",
        "宣讲员",
        "辅警",
        "信息员",
    ];
    // 12护边员, 6巡河员: any calling of three characters.
    let calling = at(t, i + 2) == '员'
        && !"后前内外以级届年月日号时".contains(at(t, i))
        && (i..i + 2).all(|k| ('\u{4e00}'..='\u{9fff}').contains(&at(t, k)));
    calling || PEOPLE.iter().any(|word| starts_with(t, i, word))
}

/// Places and bodies named straight after a numeral with no measure word between: 11社区法律顾问.
pub(crate) fn body_noun(t: &[char], i: usize) -> bool {
    const BODIES: &[&str] =
        &["行政村", "自然村", "村民小组", "村（社区）", "社区", "村居", "企业", "网格", "项目", "部门", "单位", "小区"];
    BODIES.iter().any(|word| starts_with(t, i, word))
}

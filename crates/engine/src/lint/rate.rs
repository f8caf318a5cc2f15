//! Percentages that disagree with the two numbers beside them.

use super::line::has;
use super::{Level, Page, Rule};
use crate::claim::text::{at, digit};
use crate::claim::{Claim, Qualifier};

/// How far from a fraction its percentage may stand, in characters.
const REACH: usize = 14;

/// Claims looked back over for the part and the whole of a rate.
const BACK: usize = 6;

/// Words of a whole, of a part of it and of the rate between them; only these are certain enough to compare.
type Pair = (&'static [&'static str], &'static [&'static str], &'static [&'static str]);

const PAIRS: &[Pair] = &[
    (
        &["应考", "应参考", "应参加"],
        &["实考", "实际参考", "实际参加", "参考", "参加"],
        &["参考率", "参与率", "参加率", "参学率"],
    ),
    (&["参考", "参加考试", "实考", "应考", "参加"], &["合格", "及格", "通过"], &["合格率", "及格率", "通过率"]),
    (&["受理", "收到", "接收", "承办", "接到", "交办", "转办"], &["办结", "已办结"], &["办结率"]),
    (&["排查", "受理", "调解", "调处"], &["化解"], &["化解率"]),
    // 调解率 may count every dispute mediated, whether it succeeded or not.
    (&["排查", "受理", "调解", "调处"], &["成功"], &["成功率"]),
    (&["执法"], &["持证", "持有", "持执法证", "取得"], &["持证率"]),
    (&["隐患", "问题"], &["整改"], &["整改率"]),
    (&["审结", "判决", "结案"], &["胜诉"], &["胜诉率"]),
    (&["应出庭"], &["出庭"], &["出庭率", "应诉率"]),
    (&["问卷"], &["收回", "回收"], &["回收率"]),
    (&["意见", "建议"], &["采纳"], &["采纳率"]),
    (&["立案"], &["结案"], &["结案率"]),
    (&["建议", "提案", "议案"], &["办复", "答复", "办结"], &["办复率", "答复率", "办结率"]),
    (&["参考", "参加考试", "参训"], &["优秀"], &["优秀率"]),
    (&["回复", "办结", "回访", "评价"], &["满意"], &["满意率"]),
    (&["抽检", "抽查", "抽样", "检测"], &["合格"], &["合格率"]),
];

/// What is due may all be settled while other work is still running.
const DUE: &[&str] = &["按期", "按时", "及时", "限时", "到期", "应"];

/// What was settled on the spot is not all that was settled, nor are those newly certified all that are.
const SOME: &[&str] = &["当场", "现场", "立行", "立即", "限期", "新增", "新取得", "新考取"];

/// Checks fractions written out and the three claims of whole, part and rate.
pub(crate) fn check(page: &mut Page, claims: &[Claim]) {
    fractions(page, claims);
    for (at, rate) in claims.iter().enumerate().skip(2) {
        if rate.unit != "%" || !matches!(rate.qualifier, Qualifier::Percent | Qualifier::AtLeast) {
            continue;
        }
        if let Some((whole, part)) = parts(page, claims, at)
            && disagrees(part, whole, rate)
        {
            note(page, rate, part, whole);
        } else if let Some((whole, part)) = named(page, claims, at) {
            let message = format!("{part}/{whole}约为{:.1}%，与所写{}不同，请核对。", part / whole * 100.0, rate.text);
            page.note_as(Rule::RateMismatch, Level::Hint, rate.start, rate.start + rate.text.chars().count(), message);
        }
    }
}

/// The whole and the part before the rate at `at`, when its sentence names all three.
fn parts(page: &Page, claims: &[Claim], at: usize) -> Option<(f64, f64)> {
    let rate = &claims[at];
    let words = segment(page, claims, at);
    // A clause with two rates gives one figure for both.
    if words.iter().filter(|c| **c == '率').count() != 1 {
        return None;
    }
    if says(words, DUE) {
        return None;
    }
    let place = part_of(page, claims, at);
    let part = &claims[place];
    let named = segment(page, claims, place);
    if part.qualifier != Qualifier::Exact || says(named, SOME) {
        return None;
    }
    let fits: Vec<&Pair> = PAIRS.iter().filter(|(_, parts, rates)| says(words, rates) && says(named, parts)).collect();
    if fits.is_empty() {
        return None;
    }
    if explained(page, claims, place, rate, part.value.to_f64()) {
        return None;
    }
    for k in (place.saturating_sub(BACK)..place).rev() {
        let whole = &claims[k];
        let between = &page.t[whole.start..rate.start];
        if between.len() > 120 || between.iter().any(|c| matches!(c, '。' | '；' | '\n')) {
            return None;
        }
        let clause = &page.t[whole.clause.start.max(whole.start.saturating_sub(40))..whole.start];
        if whole.unit != part.unit || has(clause, "其中") {
            continue;
        }
        let certain = whole.qualifier == Qualifier::Exact
            && fits.iter().any(|(wholes, ..)| says(segment(page, claims, k), wholes));
        return certain.then(|| (whole.value.to_f64(), part.value.to_f64()));
    }
    None
}

/// The part and the nearest whole of a rate named like its part (实现463个，实现率97.9%), when no whole gives that rate.
fn named(page: &Page, claims: &[Claim], at: usize) -> Option<(f64, f64)> {
    let rate = &claims[at];
    let words = segment(page, claims, at);
    let place = words.iter().rposition(|c| *c == '率')?;
    let one = words.iter().filter(|c| **c == '率').count() == 1;
    let part = &claims[at - 1];
    let name = &words[place.checked_sub(2)?..place];
    let clause = segment(page, claims, at - 1);
    let kept = ["完成", "到位", "了"].iter().fold(clause, |clause, word| {
        let word: Vec<char> = word.chars().collect();
        clause.strip_suffix(word.as_slice()).unwrap_or(clause)
    });
    let alike = kept.ends_with(name) && !says(words, DUE) && !says(clause, SOME);
    if !one || !alike || part.qualifier != Qualifier::Exact || part.unit == "%" {
        return None;
    }
    let value = part.value.to_f64();
    // 当天化解131起、三天内化解50起: the parts add up too.
    let more = at.checked_sub(2).map(|k| &claims[k]).filter(|more| more.unit == part.unit);
    if explained(page, claims, at - 1, rate, value)
        || more.is_some_and(|more| explained(page, claims, at - 2, rate, value + more.value.to_f64()))
    {
        return None;
    }
    let nearest = claims[(at - 1).saturating_sub(BACK)..at - 1].iter().rev().find(|whole| {
        let near = rate.start - whole.start <= 80 && !parted(page, whole, rate);
        near && whole.unit == part.unit && whole.value >= part.value && whole.qualifier == Qualifier::Exact
    })?;
    Some((nearest.value.to_f64(), value))
}

/// Whether a sentence ends between a figure and the rate.
fn parted(page: &Page, figure: &Claim, rate: &Claim) -> bool {
    page.t[figure.start..rate.start].iter().any(|c| matches!(c, '。' | '；' | '\n'))
}

/// Whether the rate is that of another whole of its sentence (共受理256件，其中本所40件，化解40件) or of several
/// together (来信40件、来访60件，办结95件).
fn explained(page: &Page, claims: &[Claim], place: usize, rate: &Claim, part: f64) -> bool {
    let unit = &claims[place].unit;
    let mut sum = 0.0;
    for whole in claims[place.saturating_sub(BACK)..place].iter().rev() {
        if parted(page, whole, rate) {
            break;
        }
        if whole.unit != *unit {
            continue;
        }
        let value = whole.value.to_f64();
        sum += value;
        let gives = |whole: f64| whole >= part && !disagrees(part, whole, rate);
        if gives(value) || gives(sum) {
            return true;
        }
    }
    false
}

/// The claim before the rate, or the one before 败诉1件.
fn part_of(page: &Page, claims: &[Claim], at: usize) -> usize {
    at - if has(segment(page, claims, at - 1), "败诉") { 2 } else { 1 }
}

/// The words of the clause before a claim that no earlier claim has.
fn segment<'p>(page: &'p Page, claims: &[Claim], at: usize) -> &'p [char] {
    let claim = &claims[at];
    let before = at.checked_sub(1).map_or(0, |k| claims[k].start + claims[k].text.chars().count());
    let from = claim.clause.start.max(claim.start.saturating_sub(20)).max(before).min(claim.start);
    &page.t[from..claim.start]
}

fn says(words: &[char], names: &[&str]) -> bool {
    names.iter().any(|name| has(words, name))
}

fn fractions(page: &mut Page, claims: &[Claim]) {
    let t = page.t;
    let mut next = 0;
    for i in 1..t.len().saturating_sub(1) {
        if !matches!(t[i], '/' | '／') || digit(t[i - 1]).is_none() || digit(t[i + 1]).is_none() {
            continue;
        }
        let (mut first, mut last) = (i, i + 1);
        while first > 0 && i - first < 8 && digit(t[first - 1]).is_some() {
            first -= 1;
        }
        while last - i < 9 && digit(at(t, last)).is_some() {
            last += 1;
        }
        let value = |from: usize, to: usize| {
            t[from..to].iter().filter_map(|c| digit(*c)).fold(0.0, |sum, d| sum * 10.0 + f64::from(d))
        };
        let (part, whole) = (value(first, i), value(i + 1, last));
        while next < claims.len() && claims[next].start + REACH < first {
            next += 1;
        }
        let near = claims[next.min(claims.len())..]
            .iter()
            .take_while(|claim| claim.start <= last + REACH)
            .find(|claim| claim.unit == "%" && claim.qualifier == Qualifier::Percent);
        if let Some(rate) = near.filter(|rate| part >= 10.0 && disagrees(part, whole, rate)) {
            note(page, rate, part, whole);
        }
    }
}

/// Whether the rate is neither the quotient rounded nor the quotient cut off; 99%以上 is also wrong only above it.
fn disagrees(part: f64, whole: f64, rate: &Claim) -> bool {
    let decimals = rate.text.split('.').nth(1).map_or(0, |tail| tail.chars().filter(|c| digit(*c).is_some()).count());
    let tolerance = 10f64.powi(-(decimals.min(9) as i32));
    let over = rate.value.to_f64() - part / whole * 100.0;
    let off = if rate.qualifier == Qualifier::AtLeast { over } else { over.abs() };
    part <= whole && whole > 0.0 && off > tolerance
}

fn note(page: &mut Page, rate: &Claim, part: f64, whole: f64) {
    let message = format!("{part}/{whole}约为{:.1}%，与所写{}不符，请核对。", part / whole * 100.0, rate.text);
    page.note(Rule::RateMismatch, rate.start, rate.start + rate.text.chars().count(), message);
}

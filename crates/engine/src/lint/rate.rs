//! Percentages that disagree with the two numbers beside them.

use super::line::has;
use super::{Page, Rule};
use crate::claim::text::{at, digit};
use crate::claim::{Claim, Qualifier};

/// How far from a fraction its percentage may stand, in characters.
const REACH: usize = 14;

/// Pairs of a whole, a part and the rate between them; only these are certain enough to compare.
const PAIRS: &[(&[&str], &[&str], &[&str])] = &[
    (
        &["应考", "应参考", "应参加"],
        &["实考", "实际参考", "实际参加", "参考", "参加"],
        &["参考率", "参与率", "参加率", "参学率"],
    ),
    (&["参考", "参加考试", "实考", "应考", "参加"], &["合格", "及格", "通过"], &["合格率", "及格率", "通过率"]),
    (&["受理", "收到", "接收", "承办", "接到", "交办", "转办"], &["办结", "已办结"], &["办结率"]),
    (
        &["排查", "受理", "调解", "调处"],
        &["化解", "调解成功", "成功化解", "调处成功", "成功调处", "成功"],
        &["化解率", "成功率", "调处率", "调解率"],
    ),
];

/// Checks fractions written out and the three claims of whole, part and rate.
pub(crate) fn check(page: &mut Page, claims: &[Claim]) {
    fractions(page, claims);
    for three in claims.windows(3) {
        let [whole, part, rate] = three else { continue };
        let exact = whole.qualifier == Qualifier::Exact
            && part.qualifier == Qualifier::Exact
            && rate.qualifier == Qualifier::Percent;
        if !exact || whole.unit != part.unit || rate.clause.start.saturating_sub(whole.clause.start) > 80 {
            continue;
        }
        let between = &page.t[whole.start..rate.start];
        if between.iter().any(|c| matches!(c, '。' | '；' | '\n')) || rate.unit != "%" {
            continue;
        }
        let clause = |claim: &Claim| &page.t[claim.clause.start.max(claim.start.saturating_sub(20))..claim.start];
        let says = |words: &[&str], claim: &Claim| words.iter().any(|word| has(clause(claim), word));
        let paired =
            PAIRS.iter().any(|(wholes, parts, rates)| says(wholes, whole) && says(parts, part) && says(rates, rate));
        // A clause with two rates gives one figure for both.
        let rates = clause(rate).iter().filter(|c| **c == '率').count();
        if paired && rates == 1 && disagrees(part.value.to_f64(), whole.value.to_f64(), rate) {
            note(page, rate, part.value.to_f64(), whole.value.to_f64());
        }
    }
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

/// Whether the rate is neither the quotient rounded nor the quotient cut off.
fn disagrees(part: f64, whole: f64, rate: &Claim) -> bool {
    let decimals = rate.text.split('.').nth(1).map_or(0, |tail| tail.chars().filter(|c| digit(*c).is_some()).count());
    let tolerance = 10f64.powi(-(decimals.min(9) as i32));
    part <= whole && whole > 0.0 && (part / whole * 100.0 - rate.value.to_f64()).abs() > tolerance
}

fn note(page: &mut Page, rate: &Claim, part: f64, whole: f64) {
    let message = format!("{part}/{whole}约为{:.1}%，与所写{}不符，请核对。", part / whole * 100.0, rate.text);
    page.note(Rule::RateMismatch, rate.start, rate.start + rate.text.chars().count(), message);
}

//! Holding a claim against the ledger: which figure it speaks of, and whether that agrees (相符、不符、无据).

use std::collections::BTreeMap;

use serde::Serialize;

use super::doubt::is_doubtful;
use super::phrase::{Hit, Phrases, REACH};
use super::{Amount, Claim, Period, Qualifier};
use crate::definition::{Definitions, Figure};
use crate::figure::{Number, Reading};

/// What the ledger says of a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Verdict {
    /// The figure is what the claim says.
    #[serde(rename = "相符")]
    Agrees,
    /// The figure is another.
    #[serde(rename = "不符")]
    Differs,
    /// Nothing in the ledger speaks to it.
    #[serde(rename = "无据")]
    NoEvidence,
}

impl Verdict {
    /// What people see.
    pub fn chinese(self) -> &'static str {
        match self {
            Verdict::Agrees => "相符",
            Verdict::Differs => "不符",
            Verdict::NoEvidence => "无据",
        }
    }
}

/// A claim with the figure it was held against.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Judged {
    /// The claim.
    #[serde(flatten)]
    pub claim: Claim,
    /// The figure it speaks of, if one does.
    pub figure: Option<String>,
    /// The outcome.
    pub verdict: Verdict,
    /// The figure it may speak of, where its words say more or less than that figure counts.
    pub nearest: Option<String>,
    /// What the ledger has, with its unit.
    pub ledger: Option<String>,
    /// How many entries stand behind that.
    pub entries: Option<u64>,
    /// By how much the claim is over (or, negative, under) what the ledger has.
    pub over: Option<Amount>,
}

/// What the readings speak of: a claim about less, or about another year, is not theirs to judge.
pub struct Scope {
    /// The year.
    pub year: i16,
    /// Places within the township: what is said of one of them is not said of the whole.
    pub places: Vec<String>,
}

/// The figure each claim speaks of, where its words leave no doubt about it: what a report says, held against nothing.
pub fn spoken<'d>(text: &str, claims: &[Claim], set: &'d Definitions, scope: &Scope) -> Vec<Option<&'d Figure>> {
    let t: Vec<char> = text.chars().collect();
    let phrases = Phrases::new(set);
    let hits = hits(&t, claims, &phrases, scope);
    let certain = |nth: usize, hit: &Hit<'d>| !hit.part && !is_doubtful(&t, claims, &hits, nth, &phrases);
    hits.iter()
        .enumerate()
        .map(|(nth, hit)| hit.as_ref().filter(|hit| certain(nth, hit)).map(|hit| hit.figure))
        .collect()
}

/// What was so last year, or by how much it changed, is not what this year's ledger counts.
fn hits<'d>(t: &[char], claims: &[Claim], phrases: &Phrases<'d>, scope: &Scope) -> Vec<Option<Hit<'d>>> {
    let hit = |claim: &Claim| match claim.period == Period::Current && !is_narrower(t, claim, scope) {
        true => phrases.hit(t, claim),
        false => None,
    };
    claims.iter().map(hit).collect()
}

/// Judges every claim of a text.
pub fn judge(
    text: &str,
    claims: Vec<Claim>,
    set: &Definitions,
    readings: &BTreeMap<String, Reading>,
    scope: &Scope,
) -> Vec<Judged> {
    let t: Vec<char> = text.chars().collect();
    let phrases = Phrases::new(set);
    let hits = hits(&t, &claims, &phrases, scope);
    let doubtful = |nth: usize| is_doubtful(&t, &claims, &hits, nth, &phrases);
    let judged = claims.iter().zip(&hits).enumerate().map(|(nth, (claim, hit))| match hit {
        Some(hit) => one(claim.clone(), hit, || doubtful(nth), readings),
        None => none(claim.clone()),
    });
    judged.collect()
}

/// Whether a claim's clause speaks of a month, a quarter, a village, another year or several.
fn is_narrower(t: &[char], claim: &Claim, scope: &Scope) -> bool {
    let from = claim.clause.start.min(claim.start).max(claim.start.saturating_sub(REACH));
    let clause: String = t[from..claim.start].iter().collect();
    let words =
        ["季度", "上半年", "下半年", "三年", "五年", "历年", "以来累计", "本月", "当月", "平均", "月均", "年均"];
    let months = clause.char_indices().any(|(at, c)| {
        c == '月'
            && clause[..at].ends_with(|before: char| before.is_ascii_digit() || "一二三四五六七八九十".contains(before))
    });
    let chars: Vec<char> = clause.chars().collect();
    let another_year = chars.windows(5).any(|five| {
        let digits: String = five[..4].iter().collect();
        five[4] == '年' && digits.parse::<i16>().is_ok_and(|year| year != scope.year && (1949..=2200).contains(&year))
    });
    months
        || another_year
        || words.iter().any(|word| clause.contains(word))
        || scope.places.iter().any(|place| clause.contains(place.as_str()))
}

/// Without a ledger nothing is evidence.
pub fn unjudged(claims: Vec<Claim>) -> Vec<Judged> {
    claims.into_iter().map(none).collect()
}

fn none(claim: Claim) -> Judged {
    Judged { claim, figure: None, verdict: Verdict::NoEvidence, nearest: None, ledger: None, entries: None, over: None }
}

fn one(claim: Claim, hit: &Hit<'_>, doubtful: impl FnOnce() -> bool, readings: &BTreeMap<String, Reading>) -> Judged {
    let id = &hit.figure.id;
    let Some((reading, value)) = readings.get(id).and_then(|reading| Some((reading, amount(&reading.value)?))) else {
        return none(claim);
    };
    let agrees = agrees(&claim, value, &reading.value);
    if !agrees && doubtful() {
        return Judged { nearest: Some(id.clone()), ..none(claim) };
    }
    let over = claim.value.plus(value.negated());
    Judged {
        figure: Some(id.clone()),
        verdict: if agrees { Verdict::Agrees } else { Verdict::Differs },
        nearest: None,
        ledger: Some(reading.text()),
        entries: Some(reading.entries),
        over: if agrees { None } else { over },
        claim,
    }
}

fn amount(number: &Number) -> Option<Amount> {
    match number {
        Number::Whole(number) => Some(Amount::new(*number, 0)),
        Number::Fen(fen) => Some(Amount::new(*fen, 2)),
        Number::Percent { scaled, digits } => Some(Amount::new(*scaled, *digits)),
        Number::None(_) => None,
    }
}

fn agrees(claim: &Claim, ledger: Amount, number: &Number) -> bool {
    let said = claim.value.to_f64();
    let ledger = ledger.to_f64();
    match claim.qualifier {
        Qualifier::Exact => (said - ledger).abs() <= rounding(&claim.text) + 1e-9,
        // As many digits as were said or kept, whichever are fewer.
        Qualifier::Percent => {
            let kept = match number {
                Number::Percent { digits, .. } => 10_f64.powi(-i32::from(*digits)),
                _ => 0.0,
            };
            (said - ledger).abs() <= step(claim.value).max(kept) / 2.0 + 1e-9
        }
        Qualifier::AtLeast if claim.text.contains(['余', '多']) => said <= ledger && ledger < said + magnitude(said),
        Qualifier::AtLeast if claim.text.starts_with(['超', '逾']) => said < ledger,
        Qualifier::AtLeast => said <= ledger,
        Qualifier::UpTo if claim.text.contains('近') => ledger <= said && ledger >= said * 0.9,
        Qualifier::UpTo => ledger <= said,
        Qualifier::About => (said - ledger).abs() <= said * 0.1,
    }
}

/// What the last digit said is worth: 30余 stays below 40, 660余 below 670, 4万余 below 5万.
fn magnitude(said: f64) -> f64 {
    let mut unit = 1.0;
    while said > 0.0 && said % (unit * 10.0) == 0.0 {
        unit *= 10.0;
    }
    unit
}

/// Half of what the last digit is worth where a number is said in 万 or 亿: 109.7万元 stands for 1096950元.
fn rounding(text: &str) -> f64 {
    let worth = match () {
        _ if text.contains('亿') => 1e8,
        _ if text.contains('万') => 1e4,
        _ => return 0.0,
    };
    let digits =
        text.split_once(['.', '．']).map_or(0, |(_, rest)| rest.chars().take_while(char::is_ascii_digit).count());
    worth * 10_f64.powi(-(digits as i32)) / 2.0
}

/// 1 for a whole number, 0.1 for one with a digit after the point.
fn step(value: Amount) -> f64 {
    let text = value.to_string();
    let digits = text.split_once('.').map_or(0, |(_, digits)| digits.len());
    10_f64.powi(-(digits as i32))
}

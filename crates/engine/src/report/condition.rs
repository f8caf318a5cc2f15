//! `?mediation.failed > 0 and mediation.ended < last_year:` — when a sentence stands.

use std::collections::BTreeMap;

use super::read::Reader;
use crate::definition::{Counts, Definitions};
use crate::figure::{Number, Reading};
use crate::read::nearest_hint;

/// One comparison of a figure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Comparison {
    pub figure: String,
    pub operator: Operator,
    pub with: With,
}

/// How the two are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    Equal,
    Different,
    More,
    AtLeast,
    Less,
    AtMost,
}

// Longer ones first: `>=` must not be read as `>`.
const OPERATORS: [(&str, Operator); 6] = [
    ("!=", Operator::Different),
    (">=", Operator::AtLeast),
    ("<=", Operator::AtMost),
    (">", Operator::More),
    ("<", Operator::Less),
    ("=", Operator::Equal),
];

/// What a figure is compared with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum With {
    /// A whole number; yuan for money, per cent for rates.
    Number(i64),
    /// Another figure of the same year.
    Figure(String),
    /// The same figure, a year earlier.
    LastYear,
}

/// Reads what stands between `?` and `:`; `start` is where it begins in the file.
pub(super) fn read(reader: &mut Reader<'_>, text: &str, start: usize) -> Vec<Comparison> {
    let mut comparisons = Vec::new();
    let mut at = start;
    for part in text.split(" and ") {
        comparisons.extend(read_one(reader, part, at));
        at += part.len() + " and ".len();
    }
    comparisons
}

fn read_one(reader: &mut Reader<'_>, text: &str, start: usize) -> Option<Comparison> {
    let span = start..start + text.len();
    let found = OPERATORS.iter().find_map(|(sign, operator)| {
        let (left, right) = text.split_once(sign)?;
        Some((left, *operator, right))
    });
    let Some((left, operator, right)) = found else {
        let remedy = "请写成“数字编号 比较符号 整数、另一数字或者 last_year”，如 ?mediation.failed > 0: …；比较符号有 = != > >= < <=，几个条件用 and 连接";
        reader.note(507, span, format!("条件“{}”里没有比较", text.trim()), remedy);
        return None;
    };
    let figure = reader.figure(left.trim(), trimmed(left, start))?;
    let right_start = span.end - right.len();
    let with = match right.trim() {
        "last_year" => With::LastYear,
        number if number.starts_with(|c: char| c.is_ascii_digit() || c == '-') => {
            let Ok(number) = number.parse() else {
                reader.note(
                    507,
                    trimmed(right, right_start),
                    format!("“{number}”不是整数"),
                    "条件只和整数比较，请改成整数",
                );
                return None;
            };
            With::Number(number)
        }
        other if other.contains('.') => {
            let other = reader.figure(other, trimmed(right, right_start))?;
            let set = reader.set;
            if is_rate(set, &figure) != is_rate(set, &other) {
                let text = format!("“{figure}”和“{other}”一个是百分比，一个不是，不能比较");
                reader.note(508, span, text, "请比较同一类的数字，或者和整数比较");
                return None;
            }
            With::Figure(other)
        }
        other => {
            let hint = nearest_hint(other, &["last_year"]);
            let remedy = format!("右边写整数、数字编号（文件名.id）或者 last_year{hint}");
            reader.note(507, trimmed(right, right_start), format!("不能和“{other}”比较"), remedy);
            return None;
        }
    };
    Some(Comparison { figure, operator, with })
}

/// The bytes of a part without the blanks around it.
pub(super) fn trimmed(part: &str, start: usize) -> std::ops::Range<usize> {
    let from = start + part.len() - part.trim_start().len();
    from..from + part.trim().len()
}

/// Whether a figure is in per cent.
pub(super) fn is_rate(set: &Definitions, id: &str) -> bool {
    set.figures.get(id).is_some_and(|figure| matches!(figure.counts, Counts::Ratio { .. }))
}

impl Comparison {
    /// The figures it looks at, each with whether it is last year's.
    pub fn looks_at(&self) -> Vec<(&str, bool)> {
        let mut seen = vec![(self.figure.as_str(), false)];
        match &self.with {
            With::Number(_) => {}
            With::Figure(other) => seen.push((other, false)),
            With::LastYear => seen.push((&self.figure, true)),
        }
        seen
    }

    /// Whether it holds. Where there is no number to compare, nothing is asserted: it does not hold.
    pub fn holds(&self, this: &BTreeMap<String, Reading>, last: &BTreeMap<String, Reading>) -> bool {
        let of = |readings: &BTreeMap<String, Reading>, id: &str| readings.get(id).and_then(|r| scaled(&r.value));
        let left = of(this, &self.figure);
        let right = match &self.with {
            With::Number(number) => Some(i128::from(*number) * SCALE),
            With::Figure(other) => of(this, other),
            With::LastYear => of(last, &self.figure),
        };
        let (Some(left), Some(right)) = (left, right) else { return false };
        match self.operator {
            Operator::Equal => left == right,
            Operator::Different => left != right,
            Operator::More => left > right,
            Operator::AtLeast => left >= right,
            Operator::Less => left < right,
            Operator::AtMost => left <= right,
        }
    }
}

// Fine enough for fen and for the four digits a rate may have, so that every comparison is exact.
const SCALE: i128 = 10_000;

/// A number on one scale with all others.
pub(super) fn scaled(number: &Number) -> Option<i128> {
    match number {
        Number::Whole(number) => Some(i128::from(*number) * SCALE),
        Number::Fen(fen) => Some(i128::from(*fen) * (SCALE / 100)),
        Number::Percent { scaled, digits } => {
            Some(i128::from(*scaled) * SCALE / 10_i128.pow(u32::from(*digits).min(4)))
        }
        Number::None(_) => None,
    }
}

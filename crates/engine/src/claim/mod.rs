//! Figures a report asserts: numbers with a measure word, found in one forward pass.

mod amount;
mod context;
mod doubt;
mod idiom;
pub mod judge;
mod measure;
mod number;
mod phrase;
mod refusal;
mod scan;
mod section;
mod share;
mod subject;
mod unit;

pub use amount::Amount;
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// A number with a measure word that asserts work done or a state in the period of the report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// The words as they stand: approximator, number and unit.
    pub text: String,
    /// Where they begin, in Unicode characters.
    pub start: usize,
    /// The value with multipliers worked out: 4万余人次 is 40000.
    pub value: Amount,
    /// The measure word; 元 for every multiple of it, % for every form of percentage, empty where none is written.
    pub unit: String,
    /// How exactly it is said.
    pub qualifier: Qualifier,
    /// Whether it speaks of this period, the one before, or the difference.
    pub period: Period,
    /// The clause it stands in, in Unicode characters.
    pub clause: Range<usize>,
    /// The words it most likely counts, taken from the clause.
    pub subject: String,
}

/// How exactly a figure is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Qualifier {
    /// 6次.
    Exact,
    /// 30余次, 超过5件, 98%以上.
    AtLeast,
    /// 约5000人次, 80人次左右.
    About,
    /// 近千人次, 不超过5件.
    UpTo,
    /// 98%.
    Percent,
}

/// The period a figure speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Period {
    /// The period of the report.
    Current,
    /// The one before it: the 5 of 由5件增至9件.
    Previous,
    /// The difference between two: 同比下降12.5%.
    Change,
}

/// Every claim of `text`, in order. Frequencies (每季度一次) and plans (下一步开展20场) are none.
pub fn find(text: &str) -> Vec<Claim> {
    let chars: Vec<char> = text.chars().collect();
    find_in(&chars)
}

/// The claims of a text already taken apart into characters.
pub(crate) fn find_in(t: &[char]) -> Vec<Claim> {
    scan::Scan::new(t).run()
}

/// What other readers of the same text need of numerals.
pub(crate) mod text {
    pub(crate) use super::measure::{find as measure, people_noun};
    pub(crate) use super::number::{at, chinese_digit, digit, is_blank};
}

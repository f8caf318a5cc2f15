//! Parameters: values that law or locality sets for a time, kept as dated data and never as constants (参数).

use std::collections::BTreeMap;

use crate::day::{Day, Span};
use crate::read::{At, Table};

use super::basis::{self, Basis};
use super::time;

/// What a parameter is on some days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Amount {
    /// A length of time.
    Span(Span),
    /// A whole number.
    Number(i64),
    /// An amount in fen.
    Money(i64),
}

/// One value and the days on which it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dated<T> {
    /// First day; absent: always before `until`.
    pub from: Option<Day>,
    /// Last day.
    pub until: Option<Day>,
    /// The value.
    pub value: T,
    /// Who set it.
    pub basis: Basis,
}

impl<T> Dated<T> {
    /// Whether it holds on a day.
    pub fn on(&self, day: Day) -> bool {
        self.from.is_none_or(|from| from <= day) && self.until.is_none_or(|until| day <= until)
    }
}

/// One parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// `file.id`, as definitions name it.
    pub id: String,
    /// Bytes of its own id in its file.
    pub at: std::ops::Range<usize>,
    /// What people see.
    pub title: String,
    /// Its values, in the order written.
    pub values: Vec<Dated<Amount>>,
    /// What is missing and who has to set it (待核).
    pub pending: Option<String>,
    /// The file it was read from.
    pub file: String,
}

/// A length of time that a definition asks for: written there, or a parameter named there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// The parameter, if it is one.
    pub parameter: Option<At<String>>,
    /// What it is on which days.
    pub values: Vec<Dated<Span>>,
}

impl Term {
    /// One length for all days.
    pub fn fixed(span: Span) -> Term {
        Term { parameter: None, values: vec![Dated { from: None, until: None, value: span, basis: Basis::default() }] }
    }

    /// A parameter whose values are still to be looked up.
    pub fn named(name: At<String>) -> Term {
        Term { parameter: Some(name), values: Vec::new() }
    }

    /// The length on a day; none where the parameter is not set.
    pub fn on(&self, day: Day) -> Option<Span> {
        self.values.iter().find(|dated| dated.on(day)).map(|dated| dated.value)
    }

    /// Who says so on a day: a parameter's own basis, where nothing nearer is written.
    pub fn basis<'b>(&'b self, day: Day, nearer: &'b Basis) -> &'b Basis {
        let own = self.values.iter().find(|dated| dated.on(day)).map(|dated| &dated.basis);
        if nearer.is_empty() { own.unwrap_or(nearer) } else { nearer }
    }

    /// The length in words: the latest one set, or that none is.
    pub fn words(&self) -> String {
        self.values.last().map_or_else(|| "尚未确定的期限".to_owned(), |dated| dated.value.to_string())
    }
}

/// A bound that a condition compares with: a number written there, or a parameter named there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Bound {
    /// Written in the definition, in the field's own unit: yuan for money.
    Fixed(i64),
    /// Set by a parameter.
    Parameter {
        /// Its name.
        name: At<String>,
        /// What people see.
        title: String,
        /// What it is on which days; fen for money.
        values: Vec<Dated<i64>>,
    },
}

impl Bound {
    /// The bound on a day, in fen where the field is money; none where the parameter is not set.
    pub fn on(&self, day: Day, money: bool) -> Option<i64> {
        match self {
            Bound::Fixed(yuan) if money => Some(yuan.saturating_mul(100)),
            Bound::Fixed(number) => Some(*number),
            Bound::Parameter { values, .. } => values.iter().find(|dated| dated.on(day)).map(|dated| dated.value),
        }
    }

    /// The bound in words.
    pub fn words(&self) -> String {
        match self {
            Bound::Fixed(number) => number.to_string(),
            Bound::Parameter { title, .. } => format!("“{title}”"),
        }
    }
}

/// All parameters by name.
pub type Parameters = BTreeMap<String, Parameter>;

pub(super) fn read(table: &mut Table<'_>, file: &str, stem: &str) -> Parameter {
    let id = super::read_id(table, "id");
    let title = table.need_text("title").value;
    let values = table.each("value", "数值，如 { days = 30, from = 2024-01-01, basis = \"…\" }", read_value);
    let pending = table.text("pending").map(|text| text.value);
    if !table.has("value") && pending.is_none() {
        let text = format!("参数“{title}”没有数值");
        table.note(3, id.span.clone(), text, "请写 value = [ { … } ]；还没有定的，写 pending = \"待谁确定什么\"");
    }
    Parameter { id: format!("{stem}.{}", id.value), at: id.span, title, values, pending, file: file.to_owned() }
}

fn read_value(table: &mut Table<'_>) -> Option<Dated<Amount>> {
    let number = table.int("number").map(|at| Amount::Number(at.value));
    let money = table.int("money").map(|at| Amount::Money(at.value.saturating_mul(100)));
    let amount = match number.or(money) {
        Some(amount) => Some(amount),
        None => time::read_span(table, true).map(Amount::Span),
    };
    let from = table.day("from").map(|at| at.value);
    let until = table.day("until").map(|at| at.value);
    let basis = basis::read(table, Some("参数的数值"));
    Some(Dated { from, until, value: amount?, basis })
}

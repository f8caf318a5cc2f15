//! Conditions: one field, one comparison; a list of them means all, `any` means one of them (条件).

use crate::read::{At, Raw, Table};

use super::field::{Field, FieldRef};
use super::parameter::Bound;
use super::register::Register;

/// What is asked of the field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Test {
    /// `is = …`: this very value (choice id, text, number, true or false).
    Is(Literal),
    /// `one_of = […]`
    OneOf(Vec<Literal>),
    /// `not_one_of = […]`: something was entered, and it is none of these.
    NotOneOf(Vec<Literal>),
    /// `given = true | false`: whether anything was entered.
    Given(bool),
    /// `same_as = "step.field"`
    SameAs(At<FieldRef>),
    /// `at_least = …`: a number, an amount, or how many values.
    AtLeast(Bound),
    /// `at_most = …`
    AtMost(Bound),
    /// `in_force = "file.id"`: the day is one on which this parameter has a value.
    InForce(Bound),
    /// `covered_by = ["step.field", …]`: every value is among the values of these. Of a step taken again and again all
    /// count that happened since the day of the step asked about.
    CoveredBy(Vec<At<FieldRef>>),
    /// `cited = true`: an item of a catalogue with law of its own behind it.
    Cited,
}

/// A value written in a definition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Literal {
    /// A text, or the id of a choice or state.
    Text(String),
    /// A whole number.
    Int(i64),
    /// true or false.
    Bool(bool),
}

/// `{ field = "step.field", is = … }`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// Which field; on a repeated step its latest instance that is not void.
    pub field: At<FieldRef>,
    /// What is asked of it.
    pub test: Test,
    /// Every instance has to fit, not only the latest.
    pub every: bool,
    /// Fits where the step it reads was not needed.
    pub or_not_needed: bool,
}

impl Comparison {
    /// In words, `“形式”为“会前学法”`; what a definition does not know goes by its id.
    pub fn words(&self, register: Option<&Register>) -> String {
        let find = |at: &FieldRef| register.and_then(|register| register.field(at));
        let field = find(&self.field);
        let title = field.map_or(self.field.field.as_str(), |field| &field.title);
        let any = |all: &[Literal]| all.iter().map(|one| one.words(field)).collect::<Vec<_>>().join("或者");
        let test = match &self.test {
            Test::Is(literal) => format!("为{}", literal.words(field)),
            Test::OneOf(all) => format!("为{}", any(all)),
            Test::NotOneOf(all) => format!("不是{}", any(all)),
            Test::Given(true) => "已填".to_owned(),
            Test::Given(false) => "没有填".to_owned(),
            Test::SameAs(other) => {
                format!("与“{}”相同", find(other).map_or(other.field.as_str(), |field| &field.title))
            }
            Test::AtLeast(bound) => format!("不少于{}", bound.words()),
            Test::AtMost(bound) => format!("不超过{}", bound.words()),
            Test::CoveredBy(all) => {
                let titles = all.iter().map(|at| find(at).map_or(at.field.as_str(), |field| &field.title));
                format!("中的每一个都在{}之中", titles.map(|title| format!("“{title}”")).collect::<Vec<_>>().join("、"))
            }
            Test::InForce(bound) => format!("那一天{}已有数值", bound.words()),
            Test::Cited => "有法律依据".to_owned(),
        };
        format!("“{title}”{test}")
    }
}

impl Literal {
    /// In words: the title of a choice, the number, yes or no.
    pub fn words(&self, field: Option<&Field>) -> String {
        match self {
            Literal::Text(id) => format!("“{}”", field.map_or(id.as_str(), |field| field.choice_title(id))),
            Literal::Int(number) => number.to_string(),
            Literal::Bool(true) => "“是”".to_owned(),
            Literal::Bool(false) => "“否”".to_owned(),
        }
    }
}

/// One thing asked of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition {
    /// A comparison.
    One(Comparison),
    /// `{ any = […] }`: one of these holds.
    Any(Vec<Comparison>),
}

impl Condition {
    /// The comparisons it is made of.
    pub fn comparisons(&self) -> &[Comparison] {
        match self {
            Condition::One(one) => std::slice::from_ref(one),
            Condition::Any(all) => all,
        }
    }

    /// In words, each comparison put as `each` says.
    pub fn words(&self, each: impl Fn(&Comparison) -> String) -> String {
        self.comparisons().iter().map(each).collect::<Vec<_>>().join("，或者")
    }

    /// The same, to be filled in.
    pub(super) fn comparisons_mut(&mut self) -> &mut [Comparison] {
        match self {
            Condition::One(one) => std::slice::from_mut(one),
            Condition::Any(all) => all,
        }
    }
}

const WANTED: &str = "条件，如 { field = \"步骤.字段\", is = true }";

/// Reads one condition or a list of them under `key`.
pub(super) fn read(table: &mut Table<'_>, key: &'static str, own_step: &str) -> Vec<Condition> {
    table.each(key, WANTED, |inner| read_one(inner, own_step))
}

/// Reads the keys of a condition out of a table that may hold others beside them.
pub(super) fn read_one(table: &mut Table<'_>, own_step: &str) -> Option<Condition> {
    if table.has("any") {
        let all = table.each("any", WANTED, |inner| read_comparison(inner, own_step));
        return (!all.is_empty()).then_some(Condition::Any(all));
    }
    read_comparison(table, own_step).map(Condition::One)
}

fn read_comparison(table: &mut Table<'_>, own_step: &str) -> Option<Comparison> {
    let field = table.need_text("field").map(|text| FieldRef::parse(&text, own_step));
    let literals = |raw: Raw<'_>| raw.items().iter().filter_map(literal).collect();
    let mut tests = Vec::new();
    if let Some(raw) = table.raw("is") {
        tests.extend(literal(&raw).map(Test::Is));
    }
    if let Some(raw) = table.raw("one_of") {
        tests.push(Test::OneOf(literals(raw)));
    }
    if let Some(raw) = table.raw("not_one_of") {
        tests.push(Test::NotOneOf(literals(raw)));
    }
    if let Some(given) = table.bool("given") {
        tests.push(Test::Given(given.value));
    }
    if let Some(other) = table.text("same_as") {
        tests.push(Test::SameAs(other.map(|text| FieldRef::parse(&text, own_step))));
    }
    if let Some(raw) = table.raw("at_least") {
        tests.extend(bound(&raw).map(Test::AtLeast));
    }
    if let Some(raw) = table.raw("at_most") {
        tests.extend(bound(&raw).map(Test::AtMost));
    }
    if let Some(name) = table.text("in_force") {
        tests.push(Test::InForce(parameter(name)));
    }
    let covering = table.texts("covered_by");
    if !covering.is_empty() {
        let at = |at: At<String>| at.map(|text| FieldRef::parse(&text, own_step));
        tests.push(Test::CoveredBy(covering.into_iter().map(at).collect()));
    }
    if table.flag("cited") {
        tests.push(Test::Cited);
    }
    let every = table.flag("every");
    let or_not_needed = table.flag("or_not_needed");
    if tests.len() != 1 {
        table.note(
            10,
            table.span.clone(),
            "一个条件要写、也只能写一种比较",
            "请在 is、one_of、not_one_of、given、same_as、at_least、at_most、in_force、covered_by、cited 中选写一个；几个条件写成列表",
        );
        return None;
    }
    Some(Comparison { field, test: tests.remove(0), every, or_not_needed })
}

fn literal(raw: &Raw<'_>) -> Option<Literal> {
    let value = raw
        .as_bool()
        .map(Literal::Bool)
        .or_else(|| raw.as_int().map(Literal::Int))
        .or_else(|| raw.as_text().map(|text| Literal::Text(text.value)));
    if value.is_none() {
        raw.wrong("文字、整数或者 true、false");
    }
    value
}

fn bound(raw: &Raw<'_>) -> Option<Bound> {
    let fixed = raw.as_int().map(Bound::Fixed);
    let bound = fixed.or_else(|| raw.as_text().map(parameter));
    if bound.is_none() {
        raw.wrong("整数，或者参数的编号");
    }
    bound
}

/// A parameter whose values are still to be looked up.
fn parameter(name: At<String>) -> Bound {
    Bound::Parameter { name, title: String::new(), values: Vec::new() }
}

//! Conditions: one field, one comparison; a list of them means all (条件).

use crate::read::{At, Table};

use super::field::FieldRef;

/// What is asked of the field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Test {
    /// `is = …`: this very value (choice id, text, number, true or false).
    Is(Literal),
    /// `one_of = […]`
    OneOf(Vec<Literal>),
    /// `given = true | false`: whether anything was entered.
    Given(bool),
    /// `same_as = "step.field"`
    SameAs(At<FieldRef>),
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
pub struct Condition {
    /// Which field; on a repeated step its latest instance that is not void.
    pub field: At<FieldRef>,
    /// What is asked of it.
    pub test: Test,
    /// Every instance has to fit, not only the latest.
    pub every: bool,
    /// Fits where the step it reads was not needed.
    pub or_not_needed: bool,
}

/// Reads one condition or a list of them under `key`.
pub(super) fn read(table: &mut Table<'_>, key: &'static str, own_step: &str) -> Vec<Condition> {
    let Some(raw) = table.raw(key) else { return Vec::new() };
    let mut conditions = Vec::new();
    for item in raw.items() {
        match item.as_table() {
            Some(mut table) => {
                conditions.extend(read_one(&mut table, own_step));
                table.finish();
            }
            None => item.wrong("条件，如 { field = \"步骤.字段\", is = true }"),
        }
    }
    conditions
}

/// Reads the keys of a condition out of a table that may hold others beside them.
pub(super) fn read_one(table: &mut Table<'_>, own_step: &str) -> Option<Condition> {
    let field = table.need_text("field").map(|text| FieldRef::parse(&text, own_step));
    let literal = |raw: &crate::read::Raw<'_>| {
        let value = raw
            .as_bool()
            .map(Literal::Bool)
            .or_else(|| raw.as_int().map(Literal::Int))
            .or_else(|| raw.as_text().map(|text| Literal::Text(text.value)));
        if value.is_none() {
            raw.wrong("文字、整数或者 true、false");
        }
        value
    };
    let mut tests = Vec::new();
    if let Some(raw) = table.raw("is") {
        tests.extend(literal(&raw).map(Test::Is));
    }
    if let Some(raw) = table.raw("one_of") {
        tests.push(Test::OneOf(raw.items().iter().filter_map(literal).collect()));
    }
    if let Some(given) = table.bool("given") {
        tests.push(Test::Given(given.value));
    }
    if let Some(other) = table.text("same_as") {
        tests.push(Test::SameAs(other.map(|text| FieldRef::parse(&text, own_step))));
    }
    let every = table.flag("every");
    let or_not_needed = table.flag("or_not_needed");
    if tests.len() != 1 {
        table.note(
            10,
            table.span.clone(),
            "一个条件要写、也只能写一种比较",
            "请在 is、one_of、given、same_as 中选写一个；几个条件写成列表",
        );
        return None;
    }
    Some(Condition { field, test: tests.remove(0), every, or_not_needed })
}

//! Which column holds which field (版式): one sheet per register, the same for reading, export and template.
//!
//! The first column is the record's number. Then come the steps in the order of the definition, each with its fields
//! in order. A field whose title is unique in the register is headed by it; otherwise by `步骤·字段`.

use std::collections::BTreeMap;

use engine::definition::{Field, Register, Step};

/// Heading of the first column.
pub const NUMBER: &str = "编号";

/// What stands in an export for a personal value that was not asked for.
pub const SEALED: &str = "（已封存）";

/// What stands in an export for the name of a record that whoever takes it away may not see.
pub const WITHHELD: &str = "（不公开）";

/// One column.
#[derive(Clone, Debug)]
pub struct Column<'d> {
    /// What stands above it.
    pub heading: String,
    /// The step and the field it holds; none for the record's number.
    pub of: Option<(&'d Step, &'d Field)>,
}

impl<'d> Column<'d> {
    /// The step, unless it is the number column.
    pub fn step(&self) -> Option<&'d Step> {
        self.of.map(|(step, _)| step)
    }

    /// The field, unless it is the number column.
    pub fn field(&self) -> Option<&'d Field> {
        self.of.map(|(_, field)| field)
    }

    /// The long heading, understood on reading even where the short one would do.
    pub fn full(&self) -> String {
        self.of.map_or_else(|| NUMBER.to_owned(), |(step, field)| long(step, field))
    }

    /// What the column is called wherever it is not shown: `step.field`, or `number`.
    pub fn path(&self) -> String {
        self.of.map_or_else(|| "number".to_owned(), |(step, field)| format!("{}.{}", step.id.value, field.id.value))
    }

    /// Whether the column must be there whenever its step is: what is copied comes with the record it is copied from.
    pub fn needed(&self) -> bool {
        self.field().is_some_and(|field| field.is_always_said() && field.copy.is_none())
    }
}

/// The columns of a register's sheet.
pub fn layout(register: &Register) -> Vec<Column<'_>> {
    let all = || register.steps.iter().flat_map(|step| step.typed().map(move |field| (step, field)));
    let mut short: BTreeMap<&str, usize> = BTreeMap::new();
    let mut full: BTreeMap<String, usize> = BTreeMap::new();
    for (step, field) in all() {
        *short.entry(&field.title).or_default() += 1;
        *full.entry(long(step, field)).or_default() += 1;
    }
    let heading = |step: &Step, field: &Field| {
        let long = long(step, field);
        if short[field.title.as_str()] == 1 && field.title != NUMBER {
            return field.title.clone();
        }
        // Two steps of one title, or two fields of one title in a step: only the ids tell them apart.
        if full[&long] == 1 { long } else { format!("{long}（{}.{}）", step.id.value, field.id.value) }
    };
    let mut columns = vec![Column { heading: NUMBER.to_owned(), of: None }];
    columns.extend(all().map(|(step, field)| Column { heading: heading(step, field), of: Some((step, field)) }));
    columns
}

fn long(step: &Step, field: &Field) -> String {
    format!("{}·{}", step.title, field.title)
}

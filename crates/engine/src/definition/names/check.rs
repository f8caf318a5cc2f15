//! Holding checks across records against the registers and figures they read.

use std::collections::BTreeSet;

use crate::definition::check::{Check, Looks};
use crate::definition::condition::Condition;
use crate::definition::field::{Field, FieldRef, FieldType};
use crate::definition::figure::{Counts, Figure};
use crate::definition::register::Register;
use crate::law::Laws;
use crate::read::At;

use super::figure::field_of;
use super::{Notes, check_test, resolve};

pub(in crate::definition) fn check(
    registers: &[Register],
    figures: &[Figure],
    checks: &[Check],
    laws: &Laws,
    notes: &mut Notes<'_>,
) {
    let ids: Vec<&str> = registers.iter().map(|register| register.id.value.as_str()).collect();
    let mut seen = BTreeSet::new();
    for check in checks {
        if !seen.insert(&check.id) {
            notes.note(7, &check.file, &check.at, format!("核对“{}”重名", check.id), "请改用别的编号");
        }
        resolve(&check.basis, &check.file, None, None, laws, notes);
        if let Looks::Outlier { figure, .. } = &check.looks {
            outlier(check, figure, figures, notes);
        }
        let Some(at) = check.looks.register() else { continue };
        match registers.iter().find(|register| register.id.value == at.value) {
            Some(register) => of_register(check, register, registers, notes),
            None if at.value.is_empty() || notes.lost.register(&at.value) => {}
            None => notes.unknown(&check.file, "登记簿", at, &ids),
        }
    }
}

fn outlier(check: &Check, at: &At<String>, figures: &[Figure], notes: &mut Notes<'_>) {
    let known: Vec<&str> = figures.iter().map(|figure| figure.id.as_str()).collect();
    match figures.iter().find(|figure| figure.id == at.value) {
        None if at.value.is_empty() || notes.lost.figure(&at.value) => {}
        None => notes.unknown(&check.file, "数字", at, &known),
        Some(figure) if matches!(figure.counts, Counts::Ratio { .. }) => {
            let text = format!("“{}”是百分比，各部分不能比大小", figure.title);
            notes.note(10, &check.file, &at.span, text, "请改用它的分子");
        }
        Some(_) => {}
    }
}

/// What a check needs of a field.
#[derive(Clone, Copy)]
enum Wanted {
    Any,
    Number,
    Place,
    Reference,
    Copied,
}

impl Wanted {
    fn fits(self, field: &Field) -> (bool, &'static str) {
        match self {
            Wanted::Any => (true, ""),
            Wanted::Number => (matches!(field.kind, FieldType::Number | FieldType::Money), "数字、金额"),
            Wanted::Place => (matches!(field.kind, FieldType::Village | FieldType::Villages), "村"),
            Wanted::Reference => (field.kind.register().is_some(), "人员、案卷等引用"),
            Wanted::Copied => (field.copy.is_some(), "带出（copy）"),
        }
    }
}

fn of_register(check: &Check, register: &Register, registers: &[Register], notes: &mut Notes<'_>) {
    let file = &check.file;
    let step = match &check.looks {
        Looks::Burst { step, .. }
        | Looks::LastDay { step, .. }
        | Looks::Overlap { step, .. }
        | Looks::Times { step, .. }
        | Looks::Refers { step, .. } => Some(step),
        Looks::Repeated { .. } | Looks::Outdated { .. } | Looks::Outlier { .. } => None,
    };
    if let Some(step) = step.filter(|step| !step.value.is_empty() && register.step(step).is_none())
        && !notes.lost.outside_steps(register)
    {
        let known: Vec<&str> = register.steps.iter().map(|step| step.id.value.as_str()).collect();
        notes.unknown(file, "步骤", step, &known);
        return;
    }
    let wanted: Vec<(&At<FieldRef>, Wanted)> = match &check.looks {
        Looks::Burst { by, .. } => by.iter().map(|by| (by, Wanted::Reference)).collect(),
        Looks::Repeated { field, .. } => vec![(field, Wanted::Any)],
        Looks::Outdated { field, .. } => vec![(field, Wanted::Copied)],
        Looks::Overlap { who, place, .. } => vec![(who, Wanted::Reference), (place, Wanted::Place)],
        Looks::Times { of, over, .. } => vec![(of, Wanted::Number), (over, Wanted::Number)],
        Looks::Refers { to, .. } => vec![(to, Wanted::Reference)],
        Looks::LastDay { .. } | Looks::Outlier { .. } => Vec::new(),
    };
    for (at, wanted) in wanted {
        let Some(field) = field_of(register, at, file, notes).filter(|field| !notes.lost.inside(register, field))
        else {
            continue;
        };
        let (fits, kind) = wanted.fits(field);
        if !fits {
            let text = format!("“{}”不是{kind}类字段", field.title);
            notes.note(10, file, &at.span, text, format!("请改用{kind}类字段"));
        }
    }
    if let Looks::Refers { to, conditions, .. } = &check.looks {
        let named = register.field(to).and_then(|field| field.kind.register());
        let other = registers.iter().find(|other| named == Some(other.id.value.as_str()));
        for condition in conditions.iter().flat_map(Condition::comparisons) {
            let Some(other) = other else { break };
            if let Some(field) = field_of(other, &condition.field, file, notes) {
                check_test(condition, field, other, file, notes);
            }
        }
    }
    for condition in check.when.iter().flat_map(Condition::comparisons) {
        if let Some(field) = field_of(register, &condition.field, file, notes) {
            check_test(condition, field, register, file, notes);
        }
    }
}

//! Holding figures against the registers they count, and against each other.

use std::collections::BTreeSet;

use crate::law::Laws;
use crate::read::At;

use super::field::{FieldRef, FieldType};
use super::figure::{Counts, Figure};
use super::names::{Notes, all_fields, basis_exists, check_test};
use super::register::Register;

pub(super) fn check(registers: &[Register], figures: &[Figure], laws: &Laws, notes: &mut Notes<'_>) {
    let known: Vec<&str> = figures.iter().map(|figure| figure.id.as_str()).collect();
    let ids: Vec<&str> = registers.iter().map(|register| register.id.value.as_str()).collect();
    let mut seen = BTreeSet::new();
    for figure in figures {
        let file = &figure.file;
        if !seen.insert(&figure.id) {
            notes.note(7, file, &figure.at, format!("数字“{}”重名", figure.id), "请改用别的编号");
        }
        let parts: Vec<&At<String>> = match &figure.counts {
            Counts::Ratio { of, over, .. } => vec![of, over],
            Counts::Total(parts) => parts.iter().collect(),
            _ => Vec::new(),
        };
        for part in &parts {
            if !known.contains(&part.value.as_str()) {
                notes.unknown(file, "数字", part, &known);
            }
        }
        if circular(figure, figures, &mut Vec::new()) {
            notes.note(
                18,
                file,
                &figure.at,
                format!("数字“{}”绕回来引用了自己", figure.id),
                "比率和合计只能引用别的数字，请拆开这个圈",
            );
        }
        let register = match &figure.register {
            None => None,
            Some(at) => {
                let found = registers.iter().find(|register| register.id.value == at.value);
                if found.is_none() {
                    notes.unknown(file, "登记簿", at, &ids);
                }
                found
            }
        };
        match register {
            Some(register) => counts(figure, register, laws, notes),
            None => basis_exists(&figure.basis, file, None, laws, notes),
        }
    }
}

fn circular<'f>(figure: &'f Figure, figures: &'f [Figure], path: &mut Vec<&'f str>) -> bool {
    if path.contains(&figure.id.as_str()) {
        return path[0] == figure.id;
    }
    let parts: Vec<&str> = match &figure.counts {
        Counts::Ratio { of, over, .. } => vec![of, over],
        Counts::Total(parts) => parts.iter().map(|part| part.value.as_str()).collect(),
        _ => return false,
    };
    path.push(&figure.id);
    let found =
        figures.iter().filter(|other| parts.contains(&other.id.as_str())).any(|other| circular(other, figures, path));
    path.pop();
    found
}

fn counts(figure: &Figure, register: &Register, laws: &Laws, notes: &mut Notes<'_>) {
    let file = &figure.file;
    basis_exists(&figure.basis, file, register.since, laws, notes);
    let steps: Vec<&str> = register.steps.iter().map(|step| step.id.value.as_str()).collect();
    let (reached, fields): (Vec<&At<String>>, Vec<(&At<FieldRef>, &str)>) = match &figure.counts {
        Counts::Records { reached } => (reached.iter().collect(), vec![]),
        Counts::Sum { reached, field } => (reached.iter().collect(), vec![(field, "sum")]),
        Counts::Distinct { reached, by } => (reached.iter().collect(), vec![(by, "distinct")]),
        Counts::Stock(stock) => (
            stock.ended_by.iter().collect(),
            [
                Some((&stock.from, "day")),
                stock.until.as_ref().map(|at| (at, "day")),
                stock.distinct.as_ref().map(|at| (at, "distinct")),
            ]
            .into_iter()
            .flatten()
            .collect(),
        ),
        Counts::Overdue { step } => (vec![step], vec![]),
        _ => (vec![], vec![]),
    };
    for step in reached {
        if !steps.contains(&step.value.as_str()) {
            notes.unknown(file, "步骤", step, &steps);
        }
    }
    let mut uses = fields;
    uses.extend(figure.dated.as_ref().map(|at| (at, "day")));
    uses.extend(figure.kind.as_ref().map(|at| (at, "kind")));
    for (at, used_as) in uses {
        let Some(field) = register.field(at) else {
            let name = At { value: at.value.to_string(), span: at.span.clone() };
            notes.unknown(file, &format!("登记簿“{}”的字段", register.title), &name, &all_fields(register));
            continue;
        };
        // How many parties a case has may be counted; who they are may not.
        if field.personal && !(used_as == "sum" && field.many) {
            let text = format!("“{}”是个人信息，其内容不得计入数字", field.title);
            notes.note(12, file, &at.span, text, "可以数它有几个值（sum），或者改用别的字段");
            continue;
        }
        let (fits, wanted) = match used_as {
            "sum" => {
                (field.many || matches!(field.kind, FieldType::Number | FieldType::Money), "数字、金额或者可填多个值")
            }
            "day" => (field.kind == FieldType::Day, "日期"),
            "kind" => (matches!(field.kind, FieldType::Choice | FieldType::YesNo), "选择（choice）或者是否"),
            _ => (true, ""),
        };
        if !fits {
            let text = format!("“{}”不是{wanted}类字段", field.title);
            notes.note(10, file, &at.span, text, format!("请改用{wanted}类字段"));
        }
    }
    for condition in &figure.conditions {
        match register.field(&condition.field) {
            Some(field) => check_test(condition, field, file, notes),
            None => {
                let name = At { value: condition.field.value.to_string(), span: condition.field.span.clone() };
                notes.unknown(file, &format!("登记簿“{}”的字段", register.title), &name, &all_fields(register));
            }
        }
    }
}

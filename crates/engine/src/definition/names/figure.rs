//! Holding figures against the registers they count and against each other.

use std::collections::BTreeSet;

use crate::definition::condition::Condition;
use crate::definition::field::{Field, FieldRef, FieldType};
use crate::definition::figure::{Counts, Figure, Over};
use crate::definition::register::Register;
use crate::law::Laws;
use crate::problem::Problem;
use crate::read::At;

use super::{Notes, all_fields, check_test, resolve};

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
            Counts::Ratio { of, over: Over::Figure(over), .. } => vec![of, over],
            Counts::Ratio { of, .. } => vec![of],
            Counts::Total(parts) => parts.iter().collect(),
            _ => Vec::new(),
        };
        for part in &parts {
            if !known.contains(&part.value.as_str()) && !notes.lost.figure(&part.value) {
                notes.unknown(file, "数字", part, &known);
            }
        }
        unread(figure, notes);
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
                if found.is_none() && !at.value.is_empty() && !notes.lost.register(&at.value) {
                    notes.unknown(file, "登记簿", at, &ids);
                }
                found
            }
        };
        match register {
            Some(register) => check_figure_of(figure, register, laws, notes),
            None => resolve(&figure.basis, file, None, None, laws, notes),
        }
    }
}

/// What is written and would not be looked at: a figure that seems to count one thing and counts another.
fn unread(figure: &Figure, notes: &mut Notes<'_>) {
    let (kind, dated, conditions) = match &figure.counts {
        Counts::Records { .. } | Counts::Sum { .. } | Counts::Distinct { .. } | Counts::InTime { .. } => return,
        Counts::Stock(_) => (true, false, true),
        Counts::Flags { .. } | Counts::LateEntries | Counts::Overdue { .. } | Counts::Questions => {
            (figure.register.is_some(), false, false)
        }
        Counts::Ratio { .. } | Counts::Total(_) => (false, false, false),
    };
    let condition = figure.conditions.iter().flat_map(Condition::comparisons).next();
    let written = [
        ("kind", kind, figure.kind.as_ref().map(|at| &at.span)),
        ("dated", dated, figure.dated.as_ref().map(|at| &at.span)),
        ("where", conditions, condition.map(|one| &one.field.span)),
    ];
    for (key, _, span) in written.into_iter().filter(|(_, read, _)| !read) {
        let Some(span) = span else { continue };
        let text = format!("“{}”这种数法不看 {key}，写了也不起作用", figure.title);
        let remedy = format!("请删去 {key}，或者改用看 {key} 的数法；比率和合计照各自引用的数字");
        notes.objections.push(Problem::new(10, text, remedy).at(&figure.file, span.clone()));
    }
}

fn circular<'f>(figure: &'f Figure, figures: &'f [Figure], path: &mut Vec<&'f str>) -> bool {
    if path.contains(&figure.id.as_str()) {
        return path[0] == figure.id;
    }
    let parts: Vec<&str> = match &figure.counts {
        Counts::Ratio { of, over: Over::Figure(over), .. } => vec![of, over],
        Counts::Ratio { of, .. } => vec![of],
        Counts::Total(parts) => parts.iter().map(|part| part.value.as_str()).collect(),
        _ => return false,
    };
    path.push(&figure.id);
    let found =
        figures.iter().filter(|other| parts.contains(&other.id.as_str())).any(|other| circular(other, figures, path));
    path.pop();
    found
}

/// What a figure uses a field for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Use {
    AddUp,
    Day,
    Kind,
    Key,
}

impl Use {
    /// Whether a field can be used so, and what kind of field is wanted.
    fn fits(self, field: &Field) -> (bool, &'static str) {
        let number = matches!(field.kind, FieldType::Number | FieldType::Money);
        match self {
            Use::AddUp => (field.many || number, "数字、金额或者可填多个值"),
            Use::Day => (field.kind == FieldType::Day, "日期"),
            Use::Kind => (matches!(field.kind, FieldType::Choice | FieldType::YesNo), "选择（choice）或者是否"),
            Use::Key => (true, ""),
        }
    }
}

/// A field a figure names, and what for.
type Used<'f> = (&'f At<FieldRef>, Use);

/// The steps and fields a figure names.
fn named(figure: &Figure) -> (Vec<&At<String>>, Vec<Used<'_>>) {
    let mut fields: Vec<Used<'_>> = Vec::new();
    let steps: Vec<&At<String>> = match &figure.counts {
        Counts::Records { reached, .. } => reached.iter().collect(),
        Counts::Sum { reached, field, .. } => {
            fields.push((field, Use::AddUp));
            reached.iter().collect()
        }
        Counts::Distinct { reached, by, .. } => {
            fields.push((by, Use::Key));
            reached.iter().collect()
        }
        Counts::Stock(stock) => {
            fields.push((&stock.from, Use::Day));
            fields.extend(stock.until.iter().map(|at| (at, Use::Day)));
            fields.extend(stock.distinct.as_ref().map(|at| (at, Use::Key)));
            stock.ended_by.iter().collect()
        }
        Counts::Overdue { step } | Counts::InTime { step } => vec![step],
        Counts::Flags { step: Some(step), .. } if figure.register.is_some() => vec![step],
        _ => Vec::new(),
    };
    fields.extend(figure.dated.as_ref().map(|at| (at, Use::Day)));
    fields.extend(figure.kind.as_ref().map(|at| (at, Use::Kind)));
    (steps, fields)
}

fn check_figure_of(figure: &Figure, register: &Register, laws: &Laws, notes: &mut Notes<'_>) {
    let file = &figure.file;
    resolve(&figure.basis, file, register.since, None, laws, notes);
    let known: Vec<&str> = register.steps.iter().map(|step| step.id.value.as_str()).collect();
    let (steps, fields) = named(figure);
    let unknown = |step: &&At<String>| !step.value.is_empty() && !known.contains(&step.value.as_str());
    for step in steps.into_iter().filter(unknown).filter(|_| !notes.lost.outside_steps(register)) {
        notes.unknown(file, "步骤", step, &known);
    }
    for (at, used) in fields {
        let Some(field) = field_of(register, at, file, notes) else { continue };
        if notes.lost.inside(register, field) {
            continue;
        }
        let (fits, wanted) = used.fits(field);
        // How many parties a case has may be counted; who they are may not.
        if field.personal && !(used == Use::AddUp && field.many) {
            let text = format!("“{}”是个人信息，其内容不得计入数字", field.title);
            notes.note(12, file, &at.span, text, "可以数它有几个值（sum），或者改用别的字段");
        } else if !fits {
            let text = format!("“{}”不是{wanted}类字段", field.title);
            notes.note(10, file, &at.span, text, format!("请改用{wanted}类字段"));
        }
    }
    for condition in figure.conditions.iter().flat_map(Condition::comparisons) {
        if let Some(field) = field_of(register, &condition.field, file, notes) {
            check_test(condition, field, register, file, notes);
        }
    }
}

pub(super) fn field_of<'r>(
    register: &'r Register,
    at: &At<FieldRef>,
    file: &str,
    notes: &mut Notes<'_>,
) -> Option<&'r Field> {
    let found = register.field(at);
    if found.is_none() && !at.field.is_empty() && !notes.lost.field(register, &at.step) {
        let name = At { value: at.value.to_string(), span: at.span.clone() };
        notes.unknown(file, &format!("登记簿“{}”的字段", register.title), &name, &all_fields(register));
    }
    found
}

//! Holding names, citations and states of a whole set against each other.

mod catalogue;
pub(super) mod check;
mod copied;
mod figure;
mod mapping;
mod number;
mod owner;
mod paper;
mod register;
mod statement;

use std::collections::BTreeSet;
use std::ops::Range;

use crate::day::{Calendar, Day};
use crate::law::{Citation, Laws, Missing, Resolution};
use crate::problem::Problem;
use crate::read::{At, nearest_hint};

pub(super) use catalogue::check as check_catalogues;
pub(super) use mapping::check as check_mappings;
pub(super) use paper::check as check_papers;
pub(super) use statement::check as check_statements;

use super::basis::{Basis, Cite};
use super::condition::{Comparison, Literal, Test};
use super::field::{Field, FieldType};
use super::figure::Figure;
use super::lost::Lost;
use super::parameter::Parameter;
use super::register::Register;
use super::step::Step;
use super::{FileSet, Pending};

/// Where problems and pending citations are collected while names are checked.
pub(super) struct Notes<'s> {
    files: &'s FileSet,
    lost: &'s Lost,
    pub problems: Vec<Problem>,
    pub objections: Vec<Problem>,
    pub pending: Vec<Pending>,
}

impl<'s> Notes<'s> {
    pub fn new(files: &'s FileSet, lost: &'s Lost) -> Self {
        Notes { files, lost, problems: Vec::new(), objections: Vec::new(), pending: Vec::new() }
    }

    pub(super) fn note(
        &mut self,
        code: u16,
        file: &str,
        span: &Range<usize>,
        text: impl Into<String>,
        remedy: impl Into<String>,
    ) {
        let length = self.files.get(file).map_or(0, |text| text.len());
        let span = span.start.min(length)..span.end.min(length);
        self.problems.push(Problem::new(code, text, remedy).at(file, span));
    }

    pub(super) fn unknown<S: AsRef<str>>(&mut self, file: &str, what: &str, name: &At<String>, known: &[S]) {
        let names: Vec<&str> = known.iter().map(AsRef::as_ref).collect();
        let hint = nearest_hint(&name.value, &names);
        let remedy = if hint.is_empty() { format!("可以写：{}", names.join("、")) } else { hint[3..].to_owned() };
        self.note(8, file, &name.span, format!("{what}“{}”不存在", name.value), remedy);
    }
}

pub(super) fn check(registers: &[Register], figures: &[Figure], laws: &Laws, notes: &mut Notes<'_>) {
    let ids: Vec<&str> = registers.iter().map(|register| register.id.value.as_str()).collect();
    let mut seen = BTreeSet::new();
    for register in registers {
        if !register.id.value.is_empty() && !seen.insert(&register.id.value) {
            let text = format!("登记簿“{}”重名", register.id.value);
            notes.note(7, &register.file, &register.id.span, text, "请改用别的编号");
        }
        if !register.id.value.is_empty() && register.id.value != super::stem(&register.file) {
            let text = format!("编号“{}”与文件名“{}”不同", register.id.value, super::stem(&register.file));
            notes.note(7, &register.file, &register.id.span, text, "登记簿的编号就是文件名，请改成一致");
        }
        register::RegisterCheck { register, registers, ids: &ids, laws, notes }.run();
    }
    figure::check(registers, figures, laws, notes);
}

/// The law behind parameters; those without a value are pending, and so are those said to be.
pub(super) fn check_parameters(parameters: &[Parameter], laws: &Laws, notes: &mut Notes<'_>) {
    let mut seen = BTreeSet::new();
    for parameter in parameters {
        if !seen.insert(&parameter.id) {
            let text = format!("参数“{}”重名", parameter.id);
            notes.note(7, &parameter.file, &parameter.at, text, "请改用别的编号");
        }
        for dated in &parameter.values {
            resolve(&dated.basis, &parameter.file, dated.from, dated.until, laws, notes);
        }
        if let Some(why) = &parameter.pending {
            let cite = format!("参数“{}”（{}）", parameter.title, parameter.id);
            notes.pending.push(Pending { file: parameter.file.clone(), cite, why: why.clone() });
        }
    }
}

/// The instruments a text names, each between 《 and 》 and without an article.
pub(super) fn check_named(file: &str, basis: &At<String>, laws: &Laws, notes: &mut Notes<'_>) {
    let titles = basis.value.split('《').skip(1).filter_map(|rest| rest.split_once('》'));
    let cite = |title: &str| At { value: format!("《{title}》"), span: basis.span.clone() };
    let cites = titles.map(|(title, _)| Cite { text: cite(title), from: None, until: None }).collect();
    resolve(&Basis { cites, local: None }, file, None, None, laws, notes);
}

/// The law behind the rules of counting.
pub(super) fn check_counting(calendar: &Calendar, laws: &Laws, notes: &mut Notes<'_>) {
    let cite = |at: &At<Citation>| At { value: at.value.to_string(), span: at.span.clone() };
    let cites = calendar.counting.citations().map(|at| Cite { text: cite(at), from: None, until: None }).collect();
    resolve(&Basis { cites, local: None }, "definitions/calendar/counting.toml", None, None, laws, notes);
}

fn check_test(condition: &Comparison, field: &Field, register: &Register, file: &str, notes: &mut Notes<'_>) {
    if notes.lost.inside(register, field) {
        return;
    }
    let literals: Vec<&Literal> = match &condition.test {
        Test::Is(one) => vec![one],
        Test::OneOf(many) | Test::NotOneOf(many) => many.iter().collect(),
        Test::Given(_) | Test::SameAs(_) | Test::CoveredBy(_) => return,
        Test::AtLeast(_) | Test::AtMost(_) => {
            if !field.counts() {
                let text = format!("“{}”不是数字、金额，也不能填多个，不能比多少", field.title);
                notes.note(10, file, &condition.field.span, text, "at_least、at_most 用于数字、金额和可填多个值的字段");
            }
            return;
        }
        Test::Cited => {
            if field.catalogue.is_none() {
                let text = format!("“{}”不是从目录里选的", field.title);
                notes.note(
                    10,
                    file,
                    &condition.field.span,
                    text,
                    "cited 看所选条目有没有法律依据，用于写 catalogue 的字段",
                );
            }
            return;
        }
        Test::InForce(_) => {
            if field.kind != FieldType::Day {
                let text = format!("“{}”不是日期字段", field.title);
                notes.note(10, file, &condition.field.span, text, "in_force 看那一天参数有没有数值，用于日期字段");
            }
            return;
        }
    };
    let span = &condition.field.span;
    if field.personal {
        let text = format!("“{}”是个人信息，不得按它的内容判断", field.title);
        notes.note(12, file, span, text, "可以判断有没有填（given），不能判断填了什么");
        return;
    }
    for literal in literals {
        let fits = match (&field.kind, literal) {
            (FieldType::YesNo, Literal::Bool(_)) => true,
            (FieldType::Number | FieldType::Money, Literal::Int(_)) => true,
            (FieldType::Choice | FieldType::Choices, Literal::Text(word)) => {
                field.choices.iter().any(|choice| choice.id.value == *word)
            }
            (FieldType::Text, Literal::Text(_)) => true,
            _ => false,
        };
        if !fits {
            let text = format!("“{}”不会等于 {}", field.title, literal_word(literal));
            let known = values_of(field);
            let remedy = match known.is_empty() {
                true => "请写与字段类型相符的值".to_owned(),
                false => format!("可以写：{}{}", known.join("、"), nearest_hint(&literal_word(literal), &known)),
            };
            notes.note(8, file, span, text, remedy);
        }
    }
}

/// The day from which law is asked to exist where a definition names none: the founding of the People's Republic's
/// present statute book would be arbitrary, so the first day of the oldest shipped calendar year is taken.
fn default_since() -> Day {
    Day::new(2023, 1, 1).expect("a real day")
}

fn resolve(basis: &Basis, file: &str, since: Option<Day>, until: Option<Day>, laws: &Laws, notes: &mut Notes<'_>) {
    for one in &basis.cites {
        let from = one.from.or(since).unwrap_or_else(default_since);
        let until = one.until.or(until);
        match Citation::parse(&one.text) {
            Err(error) => {
                let at = &one.text.span;
                // The text stands between quotes: one byte in.
                let span = at.start + 1 + error.span.start..(at.start + 1 + error.span.end).min(at.end);
                notes.note(101, file, &span, error.text, error.remedy);
            }
            Ok(citation) => match laws.resolve(&citation, from, until) {
                Resolution::Found => {}
                Resolution::Pending(why) => {
                    let why = why.iter().map(ToString::to_string).collect::<Vec<_>>().join("；");
                    notes.pending.push(Pending { file: file.to_owned(), cite: one.text.value.clone(), why });
                }
                // A name that is not known may be that of a file that could not be read.
                Resolution::Missing(Missing::Instrument(_)) if notes.lost.any_law() => {}
                Resolution::Missing(_)
                    if laws.find(&citation.title).is_some_and(|law| notes.lost.touches(&law.file)) => {}
                Resolution::Missing(missing) => {
                    let problem = missing.problem(&citation);
                    notes.note(problem.code.0, file, &one.text.span, problem.text, problem.remedy);
                }
            },
        }
    }
}

fn all_fields(register: &Register) -> Vec<String> {
    let names = |step: &Step| -> Vec<String> {
        step.fields.iter().map(|field| format!("{}.{}", step.id.value, field.id.value)).collect()
    };
    register.steps.iter().flat_map(names).collect()
}

fn values_of(field: &Field) -> Vec<String> {
    match field.kind {
        FieldType::YesNo => vec!["true".to_owned(), "false".to_owned()],
        _ => field.choices.iter().map(|choice| choice.id.value.clone()).collect(),
    }
}

fn literal_word(literal: &Literal) -> String {
    match literal {
        Literal::Text(text) => text.clone(),
        Literal::Int(number) => number.to_string(),
        Literal::Bool(value) => value.to_string(),
    }
}

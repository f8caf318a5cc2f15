//! A step filled in by question and answer: which question comes next, what an answer means, what follows (照着问).

use std::collections::BTreeSet;

use anyhow::Result;
use engine::day::Day;
use engine::definition::{Choice, Field, FieldType, Register, Step};
use engine::form::{self, Given, Input};
use engine::problem::Problem;
use engine::record::{Course, Instance};
use serde::Serialize;

use crate::attachment;
use crate::query::names::Records;
use crate::refused::{self, refuse};

/// The step of a register that has questions and opens a record.
pub fn asking<'r>(register: &'r Register, id: &str) -> Result<&'r Step> {
    let can = |step: &&Step| step.opens() && step.fields.iter().any(|field| field.ask.is_some());
    let known: Vec<&str> = register.steps.iter().filter(can).map(|step| step.id.value.as_str()).collect();
    register.steps.iter().filter(can).find(|step| step.id.value == id).ok_or_else(|| {
        let text = format!("“{}”的步骤“{id}”没有可以照着问的问题", register.title);
        let remedy = match known.is_empty() {
            true => format!("请用 yifa step {} new {id} --file 字段.toml 记入", register.id.value),
            false => format!("可以问：{}", known.join("、")),
        };
        refuse(227, text, remedy)
    })
}

/// The questions of a step to somebody who has no record yet.
pub struct Questions<'q, 'd> {
    /// The step.
    pub step: &'d Step,
    /// The course of no record.
    pub course: &'q Course<'d>,
    /// What references are looked up in.
    pub records: &'q Records<'q>,
    /// The day it is.
    pub today: Day,
}

impl<'d> Questions<'_, 'd> {
    /// The first field that has to be filled, given the answers so far. What may be left empty is not asked.
    pub fn next(&self, given: &Given, asked: &BTreeSet<&str>) -> Option<&'d Field> {
        let present = self.present(given);
        let left = self.step.fields.iter().filter(|field| field.is_typed() && !asked.contains(field.id.value.as_str()));
        left.into_iter().find(|field| form::is_required(field, self.course, &present))
    }

    /// Whether a field is the day of the step, which is today unless something else is said.
    pub fn is_day(&self, field: &Field) -> bool {
        self.step.day_field().is_some_and(|day| day.id == field.id)
    }

    /// The choices of a field that can be made given the answers so far.
    pub fn choices(&self, field: &'d Field, given: &Given) -> Vec<&'d Choice> {
        if self.is_day(field) {
            return Vec::new();
        }
        field.choices.iter().filter(|choice| choice.holds(self.present(given).day)).collect()
    }

    /// The step as it stands with the answers so far; a file counts as kept.
    pub fn present(&self, given: &Given) -> Instance<'d> {
        let mut given = given.clone();
        for field in self.step.fields.iter().filter(|field| field.kind == FieldType::File) {
            let paths = given.get_mut(&field.id.value).map(Input::texts_mut);
            paths.into_iter().flatten().for_each(|path| attachment::UNSTORED.clone_into(path));
        }
        form::draft(self.step, &form::values(self.step, &given, self.records).0, self.course)
    }

    /// Why an answer cannot be the field's value, if it cannot.
    pub fn problem(&self, field: &Field, answer: &Input) -> Option<Problem> {
        let texts = answer.texts();
        if texts.iter().all(|text| text.trim().is_empty()) {
            return Some(Problem::new(202, format!("“{}”没有答", field.title), how(field)));
        }
        if self.is_day(field) && form::parse::day(&texts[0]).is_some_and(|day| day > self.today) {
            return Some(Problem::new(217, format!("“{}”在今天之后", field.title), "已经发生的才能记入，请核对"));
        }
        if field.kind == FieldType::File {
            let missing = texts.iter().find_map(|path| attachment::would_store(path.as_ref()).err())?;
            return refused::problems(&missing)?.into_iter().next();
        }
        let one = Given::from([(field.id.value.clone(), answer.clone())]);
        let (_, problems) = form::values(self.step, &one, self.records);
        let (_, mut problem) = problems.into_iter().next()?;
        if !field.choices.is_empty() {
            problem.remedy = how(field);
        }
        Some(problem)
    }

    /// What the answers come to, each with the law that leads there.
    pub fn concluded(&self, given: &Given) -> Vec<Concluded> {
        let present = self.present(given);
        let conclude = |field: &Field| {
            let derived = self.course.derived(field, &present)?;
            Some(Concluded {
                field: field.id.value.clone(),
                asked: field.title.clone(),
                value: derived.value.value.clone(),
                title: field.choice_title(&derived.value).to_owned(),
                basis: derived.basis.on(present.day),
            })
        };
        self.step.fields.iter().filter_map(conclude).collect()
    }
}

/// What answers come to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Concluded {
    /// The derived field.
    #[serde(skip)]
    pub field: String,
    /// What it is called.
    #[serde(skip)]
    pub asked: String,
    /// Which of its choices.
    pub value: String,
    /// What that is called.
    pub title: String,
    /// The law that leads there.
    pub basis: Vec<String>,
}

/// How a question is answered; choices stand under it already.
pub fn how(field: &Field) -> String {
    match field.kind {
        FieldType::Choice | FieldType::Choices => "请写前面的序号，或者照写名称".to_owned(),
        _ => form::how_to(field),
    }
}

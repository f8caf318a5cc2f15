//! Holding mappings against the step they fill: every field it needs comes from somewhere, and no word means two things.

use std::collections::BTreeMap;

use crate::definition::Pending;
use crate::definition::condition::Condition;
use crate::definition::field::{Field, FieldType};
use crate::definition::mapping::{MappedColumn, Mapping, Only, bare};
use crate::definition::register::Register;
use crate::definition::step::Step;
use crate::law::Laws;
use crate::read::At;

use super::figure::field_of;
use super::{Notes, check_test, resolve};

pub(in crate::definition) fn check(mappings: &[Mapping], registers: &[Register], laws: &Laws, notes: &mut Notes<'_>) {
    let ids: Vec<&str> = registers.iter().map(|register| register.id.value.as_str()).collect();
    for mapping in mappings {
        let file = &mapping.file;
        resolve(&mapping.basis, file, None, None, laws, notes);
        if let Some(why) = &mapping.pending {
            let cite = format!("列对照“{}”（{}）", mapping.title, mapping.id);
            notes.pending.push(Pending { file: file.clone(), cite, why: why.clone() });
        }
        headings(mapping, notes);
        let Some(register) = registers.iter().find(|register| register.id.value == mapping.register.value) else {
            if !mapping.register.value.is_empty() && !notes.lost.register(&mapping.register) {
                notes.unknown(file, "登记簿", &mapping.register, &ids);
            }
            continue;
        };
        let Some(step) = register.step(&mapping.step) else {
            if !mapping.step.value.is_empty() && !notes.lost.outside_steps(register) {
                let known: Vec<&str> = register.steps.iter().map(|step| step.id.value.as_str()).collect();
                notes.unknown(file, "步骤", &mapping.step, &known);
            }
            continue;
        };
        if !step.opens() {
            let text = format!("步骤“{}”不开立案卷，一行不能成为一个案卷", step.title);
            notes.note(10, file, &mapping.step.span, text, "请写没有 from 的步骤；后续步骤用登记簿自己的表样导入");
        }
        if notes.lost.field(register, &mapping.step) {
            continue;
        }
        Filling { mapping, register, registers, step }.check(notes);
    }
}

/// One heading, one meaning.
fn headings(mapping: &Mapping, notes: &mut Notes<'_>) {
    let all = mapping.columns.iter().flat_map(|column| &column.headings).chain(&mapping.ignored);
    once(all, "标题", "一个标题只写一处：要读的写进一个 [[column]]，不要的写进 ignored", &mapping.file, notes);
}

fn once<'a>(all: impl Iterator<Item = &'a At<String>>, what: &str, remedy: &str, file: &str, notes: &mut Notes<'_>) {
    let mut seen: BTreeMap<String, ()> = BTreeMap::new();
    for one in all {
        if seen.insert(bare(one), ()).is_some() {
            notes.note(7, file, &one.span, format!("{what}“{}”写了两遍", one.value), remedy);
        }
    }
}

struct Filling<'m> {
    mapping: &'m Mapping,
    register: &'m Register,
    registers: &'m [Register],
    step: &'m Step,
}

impl<'m> Filling<'m> {
    fn check(&self, notes: &mut Notes<'_>) {
        let mapping = self.mapping;
        let columns = mapping.columns.iter().map(|column| &column.field);
        let named = || columns.clone().chain(&mapping.with);
        once(named(), "字段", "一个字段只有一个来源：一列，或者 with", &mapping.file, notes);
        let mut known = true;
        for name in named() {
            known &= self.step.field(name).is_some();
            self.field(name, notes);
        }
        for column in &mapping.columns {
            self.words(column, notes);
        }
        for (name, value) in &mapping.default {
            if let Some(field) = self.field(name, notes) {
                self.choice(field, value, notes);
            }
        }
        let said = |id: &str| named().chain(mapping.default.iter().map(|(name, _)| name)).any(|name| name.value == id);
        // What is copied comes with the record it is copied from.
        let comes = |field: &Field| said(&field.id) || field.copy.as_ref().is_some_and(|copy| said(&copy.of.field));
        let needed = |field: &&Field| field.is_always_said();
        // A misspelt name may be that of the field that seems to come from nowhere.
        for field in self.step.typed().filter(needed).filter(|field| known && !comes(field)) {
            let text = format!("没有写“{}”从哪里来，而“{}”必填", field.title, self.step.title);
            let remedy = format!("请写 [[column]] field = \"{}\"，或者写进 with、default", field.id.value);
            notes.note(3, &mapping.file, &mapping.step.span, text, remedy);
        }
        for only in &mapping.only {
            self.only(only, notes);
        }
    }

    fn field(&self, name: &At<String>, notes: &mut Notes<'_>) -> Option<&'m Field> {
        let found = self.step.field(name);
        let Some(field) = found else {
            let known: Vec<&str> = self.step.typed().map(|field| field.id.value.as_str()).collect();
            notes.unknown(&self.mapping.file, &format!("步骤“{}”的字段", self.step.title), name, &known);
            return None;
        };
        if !field.is_typed() || matches!(field.kind, FieldType::File | FieldType::Entry(_)) {
            let text = format!("“{}”不能从表格来", field.title);
            notes.note(10, &self.mapping.file, &name.span, text, "文件、第几次和由系统算出的字段不能导入，请删去");
            return None;
        }
        Some(field).filter(|field| !notes.lost.inside(self.register, field))
    }

    /// What a column's words and numbers stand for.
    fn words(&self, column: &MappedColumn, notes: &mut Notes<'_>) {
        let Some(field) = self.step.field(&column.field).filter(|field| !notes.lost.inside(self.register, field))
        else {
            return;
        };
        let said = !column.words.is_empty() || column.score.is_some();
        if said && field.kind != FieldType::Choice {
            let text = format!("“{}”不是 choice，不能写 values、score", field.title);
            notes.note(10, &self.mapping.file, &column.field.span, text, "values 和 score 只用于单选的字段，请删去");
            return;
        }
        for (choice, _) in &column.words {
            self.choice(field, choice, notes);
        }
        if let Some(score) = &column.score {
            self.choice(field, &score.then, notes);
            self.choice(field, &score.otherwise, notes);
        }
        let words = column.words.iter().flat_map(|(_, words)| words);
        once(words, "说法", "一个说法只能是一个意思，请删去多余的", &self.mapping.file, notes);
    }

    fn choice(&self, field: &Field, value: &At<String>, notes: &mut Notes<'_>) {
        let choices: Vec<&str> = field.choices.iter().map(|choice| choice.id.value.as_str()).collect();
        let chooses = matches!(field.kind, FieldType::Choice | FieldType::Choices);
        if chooses && !value.value.is_empty() && !choices.contains(&value.value.as_str()) {
            notes.unknown(&self.mapping.file, &format!("“{}”的选项", field.title), value, &choices);
        }
    }

    fn only(&self, only: &Only, notes: &mut Notes<'_>) {
        let file = &self.mapping.file;
        let Some(field) = self.field(&only.field, notes) else { return };
        let Some(other) = field.kind.register() else {
            let text = format!("“{}”不是对别的案卷的引用，不能写 only", field.title);
            notes.note(10, file, &only.field.span, text, "only 说的是所引的案卷要符合什么，请改用引用类字段");
            return;
        };
        let Some(other) = self.registers.iter().find(|register| register.id.value == other) else { return };
        for condition in only.conditions.iter().flat_map(Condition::comparisons) {
            if let Some(field) = field_of(other, &condition.field, file, notes) {
                check_test(condition, field, other, file, notes);
            }
        }
    }
}

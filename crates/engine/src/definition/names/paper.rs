//! Holding the papers of a register against it: every place to fill is a field it has.

use crate::definition::field::{Field, FieldRef, FieldType};
use crate::definition::paper::{Item, Line, Papers, Piece, pieces};
use crate::definition::register::Register;
use crate::definition::{Pending, condition::Condition};
use crate::law::Laws;
use crate::read::{At, nearest_hint};

use super::figure::field_of;
use super::{Notes, check_test, resolve};

pub(in crate::definition) fn check(all: &[Papers], registers: &[Register], laws: &Laws, notes: &mut Notes<'_>) {
    let ids: Vec<&str> = registers.iter().map(|register| register.id.value.as_str()).collect();
    for papers in all {
        let file = &papers.file;
        resolve(&papers.basis, file, None, None, laws, notes);
        if let Some(why) = &papers.pending {
            let cite = format!("文书样式“{}”（{}）", papers.title, papers.register.value);
            notes.pending.push(Pending { file: file.clone(), cite, why: why.clone() });
        }
        if papers.register.value.is_empty() || notes.lost.register(&papers.register) {
            continue;
        }
        let Some(register) = registers.iter().find(|register| register.id.value == papers.register.value) else {
            notes.unknown(file, "登记簿", &papers.register, &ids);
            continue;
        };
        if papers.register.value != crate::definition::stem(file) {
            let text = format!("文件名与登记簿“{}”不同", papers.register.value);
            notes.note(7, file, &papers.register.span, text, "一个登记簿的文书样式写在与它同名的文件里");
        }
        Against { papers, register, notes }.run();
    }
}

struct Against<'a, 's> {
    papers: &'a Papers,
    register: &'a Register,
    notes: &'a mut Notes<'s>,
}

impl Against<'_, '_> {
    fn run(&mut self) {
        if let Some(cover) = &self.papers.cover {
            self.lines(cover);
            pieces(cover).for_each(|piece| self.piece(piece));
        }
        for paper in &self.papers.papers {
            if let Some(of) = &paper.of {
                self.step(of);
            }
            for one in paper.when.iter().flat_map(Condition::comparisons) {
                if let Some(field) = field_of(self.register, &one.field, &self.papers.file, self.notes) {
                    check_test(one, field, self.register, &self.papers.file, self.notes);
                }
            }
            if let Some(at) = &paper.scan
                && let Some(field) = self.field(at)
                && field.kind != FieldType::File
            {
                let text = format!("“{}”不是文件字段", field.title);
                self.notes.note(10, &self.papers.file, &at.span, text, "scan 指存签字扫描件的字段");
            }
            self.lines(&paper.lines);
            paper.pieces().for_each(|piece| self.piece(piece));
        }
    }

    fn step(&mut self, at: &At<String>) {
        if self.register.step(at).is_none() && !self.notes.lost.outside_steps(self.register) {
            let known: Vec<&str> = self.register.steps.iter().map(|step| step.id.value.as_str()).collect();
            self.notes.unknown(&self.papers.file, "步骤", at, &known);
        }
    }

    fn field(&mut self, at: &At<FieldRef>) -> Option<&Field> {
        field_of(self.register, at, &self.papers.file, self.notes)
    }

    fn lines(&mut self, lines: &[Line]) {
        for line in lines {
            if let Item::Row { each: Some(step), .. } = &line.item {
                self.step(step);
            }
            let Some((at, choice)) = &line.when else { continue };
            let Some(field) = field_of(self.register, at, &self.papers.file, self.notes) else { continue };
            let Some(choice) = choice else { continue };
            let known: Vec<&str> = match field.kind {
                FieldType::YesNo => vec!["true", "false"],
                _ => field.choices.iter().map(|choice| choice.id.value.as_str()).collect(),
            };
            if field.personal || !known.contains(&choice.as_str()) {
                let text = format!("“{}”不会等于“{choice}”", field.title);
                let remedy = match field.personal {
                    true => "这是个人信息，不得按它的内容判断；可以只写有没有填".to_owned(),
                    false => format!("可以写：{}{}", known.join("、"), nearest_hint(choice, &known)),
                };
                self.notes.note(8, &self.papers.file, &at.span, text, remedy);
            }
        }
    }

    fn piece(&mut self, piece: &Piece) {
        let Piece::Value { at, boxes } = piece else { return };
        let Some(field) = field_of(self.register, at, &self.papers.file, self.notes) else { return };
        if *boxes && (field.choices.is_empty() || field.personal) {
            let text = format!("“{}”没有公开的选项可列", field.title);
            self.notes.note(10, &self.papers.file, &at.span, text, "boxes 用于选项字段");
        }
    }
}

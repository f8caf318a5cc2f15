//! Values that stand in another record already.

use crate::definition::field::{Field, FieldRef, FieldType};
use crate::definition::step::Step;
use crate::read::At;

use super::register::RegisterCheck;
use super::{all_fields, values_of};

impl RegisterCheck<'_, '_, '_> {
    /// What is copied stands in the one record that a field of the step refers to, and can be said here as it is there.
    pub(super) fn copied(&mut self, field: &Field, step: &Step) {
        let Some(copy) = &field.copy else { return };
        let (register, file) = (self.register, &self.register.file);
        let Some(from) = self.field(&copy.of) else { return };
        if self.notes.lost.inside(register, field) || self.notes.lost.inside(register, from) {
            return;
        }
        let other = from.kind.register().filter(|_| !from.many && copy.of.step == step.id.value);
        let other = other.and_then(|other| self.registers.iter().find(|register| register.id.value == other));
        let Some(other) = other else {
            let text = format!("“{}”不是本步骤中引用一个案卷的字段", from.title);
            let remedy = "copy 的 of 写本步骤中只填一个、指明登记簿的引用";
            self.notes.note(10, file, &copy.of.span, text, remedy);
            return;
        };
        let at: &At<FieldRef> = &copy.field;
        let Some(there) = other.field(at) else {
            if !self.notes.lost.field(other, &at.step) {
                let name = at.clone().map(|at| at.to_string());
                self.notes.unknown(file, &format!("登记簿“{}”的字段", other.title), &name, &all_fields(other));
            }
            return;
        };
        let same = field.kind == there.kind && field.many == there.many;
        if !same || field.personal || there.personal || matches!(there.kind, FieldType::Entry(_)) {
            let text = format!("“{}”不能从“{}”的“{}”带出", field.title, other.title, there.title);
            let remedy = "两个字段的类型要相同，都不含个人信息，也不是第几次";
            self.notes.note(10, file, &at.span, text, remedy);
            return;
        }
        let (here, there) = (values_of(field), values_of(there));
        let lacks: Vec<&str> = there.iter().filter(|id| !here.contains(id)).map(String::as_str).collect();
        if !lacks.is_empty() {
            let text = format!("“{}”没有那里的选项：{}", field.title, lacks.join("、"));
            self.notes.note(10, file, &field.id.span, text, "带出的值要在选项之中，请补上");
        }
    }
}

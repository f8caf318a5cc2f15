//! Holding `owner` against the fields of its register: who has to do a step is a person, an office or a record.

use crate::definition::field::FieldType;
use crate::definition::step::Step;

use super::register::RegisterCheck;

impl RegisterCheck<'_, '_, '_> {
    /// Notes an owner that names nobody.
    pub(super) fn owner(&mut self, step: &Step) {
        for at in &step.owner {
            let Some(field) = self.field(at).filter(|field| !self.notes.lost.inside(self.register, field)) else {
                continue;
            };
            let file = &self.register.file;
            if field.personal {
                let text = format!("“{}”是个人信息，不能写作 owner", field.title);
                self.notes.note(12, file, &at.span, text, "请改用不封存的字段：谁负责要能列出来");
            } else if !matches!(field.kind, FieldType::Person | FieldType::Office | FieldType::Record(_)) {
                let text = format!("“{}”不是人员、机构，也不引用别的案卷，不能写作 owner", field.title);
                let remedy = "请改用 person、office 字段，或者引用职务、调解员等案卷的 record 字段";
                self.notes.note(10, file, &at.span, text, remedy);
            }
        }
    }
}

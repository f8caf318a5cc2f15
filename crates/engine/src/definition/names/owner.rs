//! Holding `owner` against the fields of its register: who has to do a step is one person, office or record.

use crate::definition::field::FieldType;
use crate::definition::step::Step;

use super::register::RegisterCheck;

impl RegisterCheck<'_, '_, '_> {
    /// Notes an owner that names nobody, or nobody in particular.
    pub(super) fn owner(&mut self, step: &Step) {
        let Some(at) = &step.owner else { return };
        let Some(field) = self.field(at).filter(|field| !self.notes.lost.inside(self.register, field)) else { return };
        let file = &self.register.file;
        if field.personal {
            let text = format!("“{}”是个人信息，不能写作 owner", field.title);
            self.notes.note(12, file, &at.span, text, "请改用不封存的字段：谁负责要能列出来");
            return;
        }
        let one = matches!(field.kind, FieldType::Person | FieldType::Office | FieldType::Record(_));
        if !one || field.many {
            let text = match field.many {
                true => format!("“{}”可以填多个，说不准由谁负责", field.title),
                false => format!("“{}”不是人员、机构，也不引用别的案卷，不能写作 owner", field.title),
            };
            let remedy = "请改用只填一个的 person、office 字段，或者引用职务、调解员等案卷的 record 字段";
            self.notes.note(10, file, &at.span, text, remedy);
        }
    }
}

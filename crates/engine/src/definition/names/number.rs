//! How records and papers are numbered.

use crate::definition::field::{Field, FieldRef, FieldType};
use crate::definition::numbering::Numbering;

use super::all_fields;
use super::register::RegisterCheck;

impl RegisterCheck<'_, '_, '_> {
    pub(super) fn numbering(&mut self, number: &Numbering) {
        self.basis(&number.basis);
        let file = &self.register.file;
        let pattern = &number.pattern.value;
        let mut rest = pattern.as_str();
        while let Some(open) = rest.find('{') {
            let close = rest[open..].find('}').map_or(rest.len(), |at| open + at);
            let token = &rest[open + 1..close];
            if !["year", "series", "seq"].contains(&token) {
                let text = format!("编号样式里的“{{{token}}}”不认识");
                self.notes.note(5, file, &number.pattern.span, text, "只能用 {year}、{series}、{seq}");
            }
            rest = rest.get(close + 1..).unwrap_or("");
        }
        if !pattern.contains("{seq}") || !pattern.contains("{year}") {
            self.notes.note(10, file, &number.pattern.span, "编号样式缺少 {year} 或 {seq}", "编号按年连号，两者都要有");
        }
        if pattern.contains("{series}") != number.series.is_some() {
            let (text, remedy) = ("编号样式与 series 不相符", "样式里有 {series} 的，要写 series；没有的，不写");
            self.notes.note(10, file, &number.pattern.span, text, remedy);
        }
        let Some(series) = &number.series else { return };
        let Some(field) = self.field(series) else { return };
        let Some(other) = field.kind.register() else {
            if self.notes.lost.inside(self.register, field) {
                return;
            }
            let text = format!("“{}”不是对别的记录的引用，不能按它分别连号", field.title);
            self.notes.note(10, file, &series.span, text, "请改用 record 类型的字段");
            return;
        };
        let other = self.registers.iter().find(|register| register.id.value == other);
        match (&number.mark, other) {
            (Some(mark), Some(other)) => {
                let at = FieldRef::parse(mark, "");
                if other.field(&at).is_none() && !self.notes.lost.field(other, &at.step) {
                    let known: Vec<String> = all_fields(other);
                    self.notes.unknown(file, &format!("登记簿“{}”的字段", other.title), mark, &known);
                }
            }
            (None, _) => {
                let remedy = "请写 mark = \"步骤.字段\"，说明 {series} 印那条记录的哪个字段";
                self.notes.note(3, file, &number.pattern.span, "编号规则缺少 mark", remedy);
            }
            _ => {}
        }
    }

    /// A number is a public text that stands alone.
    pub(super) fn numbered(&mut self, field: &Field) {
        let Some(number) = &field.number else { return };
        if field.kind != FieldType::Text || field.personal {
            let text = format!("“{}”不能由系统编号", field.title);
            let remedy = "number 只用于不含个人信息的文字字段";
            self.notes.note(10, &self.register.file, &field.id.span, text, remedy);
        }
        let always = !field.optional && field.required_if.is_empty() && field.copy.is_none() && field.ask.is_none();
        if !always || field.many {
            let text = format!("“{}”走这一步时一定编号，只编一个", field.title);
            let remedy = "写了 number 的，不写 optional、required_if、copy、ask 和个数；有时才编的，另立一步";
            self.notes.note(10, &self.register.file, &field.id.span, text, remedy);
        }
        self.numbering(number);
    }
}

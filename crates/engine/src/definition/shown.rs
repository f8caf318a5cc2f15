//! A value as people read it (读法).

use super::{Field, FieldType};
use crate::figure::Number;
use crate::value::Value;

impl Field {
    /// A value of this field as people read it; what it refers to is called what `named` says.
    pub fn shown<E>(&self, value: &Value, named: impl Fn(&str) -> Result<String, E>) -> Result<String, E> {
        let one = |text: &String| match &self.kind {
            kind if kind.register().is_some() => named(text),
            FieldType::File => Ok(format!("附件 {}…", text.chars().take(12).collect::<String>())),
            _ => Ok(self.called(text).into_owned()),
        };
        Ok(match value {
            Value::Bool(is) => if *is { "是" } else { "否" }.to_owned(),
            Value::Int(fen) if self.kind == FieldType::Money => format!("{}元", Number::Fen(*fen)),
            Value::Int(number) => number.to_string(),
            value => value.texts().iter().map(one).collect::<Result<Vec<_>, E>>()?.join("、"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::definition::step;
    use crate::read::Source;

    #[test]
    fn values_are_shown_as_people_write_them() {
        let text = r#"
            id = "pay"
            title = "支付"
            local = "样例"
            fields = [
              { id = "paid", title = "已付", type = "yes_no" },
              { id = "sum", title = "金额", type = "money" },
              { id = "people", title = "人数", type = "number" },
              { id = "way", title = "方式", type = "choices", choices = { cash = "现金", card = "转账" } },
              { id = "who", title = "经手人", type = "person", many = true },
              { id = "slip", title = "凭证", type = "file" },
            ]
        "#;
        let step = Source::new("step.toml", text).read(step::read).unwrap();
        let several = |texts: &[&str]| Value::List(texts.iter().map(|text| text.to_string()).collect());
        for (field, value, expect) in [
            ("paid", Value::Bool(false), "否"),
            ("sum", Value::Int(500_050), "5000.50元"),
            ("people", Value::Int(3), "3"),
            ("way", several(&["cash", "card"]), "现金、转账"),
            ("who", several(&["1", "2"]), "第1人、第2人"),
            ("slip", Value::Text("abababababababab".to_owned()), "附件 abababababab…"),
        ] {
            let shown = step.field(field).unwrap().shown(&value, |id| Ok::<_, ()>(format!("第{id}人")));
            assert_eq!(shown.as_deref(), Ok(expect));
        }
        let unnamed = step.field("who").unwrap().shown(&several(&["1"]), |_| Err("nobody knows"));
        assert_eq!(unnamed, Err("nobody knows"));
    }
}

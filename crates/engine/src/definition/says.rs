//! Words with places in braces, as a cell of a statement is written: `{hold.on}`, `填报单位：{town}` (格子里的文字).

use std::ops::Range;

use crate::read::{At, Table, nearest_hint};

use super::field::FieldRef;

/// What a cell says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Says(pub Vec<Said>);

/// A piece of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    /// As it stands.
    Text(String),
    /// The value of a field.
    Field(At<FieldRef>),
    /// What a word stands for.
    Word(Word),
}

/// What is neither a field nor text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Word {
    /// 序号: which row it is, from 1.
    Ordinal,
    /// The record's number.
    Number,
    /// What the record is called.
    Title,
    /// The state the record is in.
    State,
    /// The township.
    Town,
    /// The county.
    County,
    /// The stretch of time reported.
    Period,
    /// Its year.
    Year,
    /// The day up to which it is counted.
    AsOf,
}

impl Word {
    /// What people call it.
    pub fn chinese(self) -> &'static str {
        match self {
            Word::Ordinal => "序号",
            Word::Number => "编号",
            Word::Title => "名称",
            Word::State => "状态",
            Word::Town => "乡镇",
            Word::County => "县",
            Word::Period => "报告期",
            Word::Year => "年度",
            Word::AsOf => "截至日期",
        }
    }
}

/// The words of a row.
pub(super) const OF_ROWS: &[(&str, Word)] =
    &[("ordinal", Word::Ordinal), ("number", Word::Number), ("title", Word::Title), ("state", Word::State)];

/// The words of a text.
pub(super) const OF_TEXTS: &[(&str, Word)] = &[
    ("town", Word::Town),
    ("county", Word::County),
    ("period", Word::Period),
    ("year", Word::Year),
    ("as_of", Word::AsOf),
];

impl Says {
    /// The one piece it is, where it is no more than that: its value keeps its type.
    pub fn alone(&self) -> Option<&Said> {
        match &self.0[..] {
            [one] => Some(one),
            _ => None,
        }
    }

    /// The fields it names.
    pub fn fields(&self) -> impl Iterator<Item = &At<FieldRef>> {
        self.0.iter().filter_map(|said| match said {
            Said::Field(at) => Some(at),
            Said::Text(_) | Said::Word(_) => None,
        })
    }
}

/// Reads a cell's words; fields only where there is a step they may be of.
pub(super) fn read(table: &Table<'_>, text: &At<String>, words: &[(&str, Word)], step: Option<&str>) -> Says {
    let mut says = Says::default();
    let mut from = 0;
    // The text stands between quotes: one byte in.
    let place = |range: Range<usize>| {
        let start = text.span.start + 1;
        start + range.start..(start + range.end).min(text.span.end)
    };
    while let Some(found) = text.value[from..].find(['{', '}']) {
        let open = from + found;
        let inside = &text.value[open + 1..];
        let close = inside.find(['{', '}']).filter(|at| inside[*at..].starts_with('}'));
        let Some(close) = close.filter(|_| text.value[open..].starts_with('{')) else {
            table.note(36, place(open..open + 1), "花括号不成对", "请写成 {步骤.字段} 或者 {词}，每个都合上");
            return says;
        };
        if open > from {
            says.0.push(Said::Text(text.value[from..open].to_owned()));
        }
        let (name, span) = (&inside[..close], place(open + 1..open + 1 + close));
        from = open + close + 2;
        let word = words.iter().find(|(word, _)| *word == name);
        match (word, step) {
            (Some((_, word)), _) => says.0.push(Said::Word(*word)),
            (None, Some(step)) if name.contains('.') => {
                says.0.push(Said::Field(At { value: FieldRef::parse(name, step), span }));
            }
            (None, _) => {
                let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
                let fields = if step.is_some() { "步骤.字段、" } else { "" };
                let hint = nearest_hint(name, &known);
                let remedy = format!("花括号里可以写：{fields}{}{hint}", known.join("、"));
                table.note(36, span, format!("花括号里的“{name}”不知道是什么"), remedy);
            }
        }
    }
    if from < text.value.len() {
        says.0.push(Said::Text(text.value[from..].to_owned()));
    }
    says
}

//! Steps: what somebody does on a record, and what the law says about doing it (步骤).

use crate::read::{At, Table};

use super::basis::{self, Basis};
use super::condition::{self, Condition, Literal};
use super::field::{self, Field, FieldRef};
use super::time::{self, Lasts, Within};

/// The law's verb, quoted and never softened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Force {
    /// 应当
    Must,
    /// 可以
    May,
    /// 一般
    Usual,
}

impl Force {
    /// The words a definition writes.
    pub const WORDS: &'static [(&'static str, Force)] =
        &[("must", Force::Must), ("may", Force::May), ("usual", Force::Usual)];

    /// The law's own word.
    pub fn chinese(self) -> &'static str {
        match self {
            Force::Must => "应当",
            Force::May => "可以",
            Force::Usual => "一般",
        }
    }
}

/// Whether the law binds the township itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Applies {
    /// 参照: made for others and followed by reference.
    pub by_reference: bool,
    /// Which article says so, where it is not the register's own basis.
    pub basis: Basis,
}

/// When leaving the step out needs a reason on file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Need {
    /// All of these hold; empty means always.
    pub when: Vec<Condition>,
    /// Where the need comes from, when not the step's own basis.
    pub basis: Basis,
}

/// Where the record stands after the step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum To {
    /// One state.
    State(At<String>),
    /// Decided by the value of a choice or yes_no field.
    By {
        /// The field that decides.
        field: At<FieldRef>,
        /// Value → state.
        states: Vec<(At<Literal>, At<String>)>,
    },
}

/// One step of a register.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Its key within the register.
    pub id: At<String>,
    /// What people see.
    pub title: String,
    /// Why it is there.
    pub basis: Basis,
    /// The law's verb.
    pub force: Option<Force>,
    /// 参照 or directly, where it differs from the register's.
    pub applies: Option<Applies>,
    /// The states it can be taken from; empty: it opens the record.
    pub from: Vec<At<String>>,
    /// Where the record stands afterwards; absent: where it stood.
    pub to: Option<To>,
    /// May be taken more than once.
    pub repeat: bool,
    /// An act of the township done here and now through yifa: refused when barred. Others record what has happened.
    pub ours: bool,
    /// The roles that may take it; empty: the register's readers who may write.
    pub by: Vec<At<String>>,
    /// When leaving it out needs a reason.
    pub need: Option<Need>,
    /// By when.
    pub within: Vec<Within>,
    /// Who has to do it, where one of these fields of the record says so: the one given last counts.
    pub owner: Vec<At<FieldRef>>,
    /// How long at least.
    pub lasts: Option<Lasts>,
    /// Must have been taken before this other step.
    pub before: Option<At<String>>,
    /// The field whose day is the day it happened.
    pub day: Option<At<String>>,
    /// What is asked.
    pub fields: Vec<Field>,
    /// Bytes of the whole step in its file.
    pub span: std::ops::Range<usize>,
}

impl Step {
    /// Whether taking it opens a record.
    pub fn opens(&self) -> bool {
        self.from.is_empty()
    }

    /// A field by its id.
    pub fn field(&self, id: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.id.value == id)
    }

    /// The fields somebody types.
    pub fn typed(&self) -> impl Iterator<Item = &Field> {
        self.fields.iter().filter(|field| field.is_typed())
    }

    /// The field that says on which day it happened: `day`, or else the first field of type day.
    pub fn day_field(&self) -> Option<&Field> {
        match &self.day {
            Some(id) => self.field(id),
            None => self.fields.iter().find(|field| field.kind == super::FieldType::Day),
        }
    }

    /// The states it may lead to.
    pub fn targets(&self) -> Vec<&At<String>> {
        match &self.to {
            None => Vec::new(),
            Some(To::State(state)) => vec![state],
            Some(To::By { states, .. }) => states.iter().map(|(_, state)| state).collect(),
        }
    }
}

pub(crate) fn read(table: &mut Table<'_>) -> Step {
    let id = super::read_id(table, "id");
    let own = id.value.clone();
    Step {
        title: table.need_text("title").value,
        basis: basis::read(table, Some("步骤")),
        force: table.word("force", Force::WORDS).map(|at| at.value),
        applies: read_applies(table),
        from: table.texts("from"),
        to: read_to(table, &own),
        repeat: table.flag("repeat"),
        ours: table.flag("ours"),
        by: super::read_roles(table, "by"),
        need: read_need(table, &own),
        within: time::read_within(table, &own),
        owner: table.texts("owner").into_iter().map(|at| at.map(|text| FieldRef::parse(&text, &own))).collect(),
        lasts: time::read_lasts(table, &own),
        before: table.text("before"),
        day: table.text("day"),
        fields: table
            .tables("fields")
            .into_iter()
            .map(|mut table| {
                let field = field::read(&mut table, &own);
                table.finish();
                field
            })
            .collect(),
        span: table.span.clone(),
        id,
    }
}

/// `applies = "by_reference" | "directly"` or `{ township = "by_reference", basis = … }`.
pub(super) fn read_applies(table: &mut Table<'_>) -> Option<Applies> {
    const WORDS: &[(&str, bool)] = &[("by_reference", true), ("directly", false)];
    let raw = table.raw("applies")?;
    if raw.as_text().is_some() {
        let by_reference = table.word("applies", WORDS)?.value;
        return Some(Applies { by_reference, basis: Basis::default() });
    }
    let Some(mut inner) = raw.as_table() else {
        raw.wrong("\"by_reference\" 或 { township = \"by_reference\", basis = … }");
        return None;
    };
    let by_reference = inner.word("township", WORDS);
    let basis = basis::read(&mut inner, Some("参照适用"));
    inner.finish();
    Some(Applies { by_reference: by_reference?.value, basis })
}

fn read_need(table: &mut Table<'_>, own: &str) -> Option<Need> {
    let raw = table.raw("need")?;
    if raw.as_text().is_some() {
        table.word("need", &[("always", ())]);
        return Some(Need { when: Vec::new(), basis: Basis::default() });
    }
    let mut need = Need { when: Vec::new(), basis: Basis::default() };
    for item in raw.items() {
        let Some(mut inner) = item.as_table() else {
            item.wrong("\"always\" 或者条件");
            continue;
        };
        need.when.extend(condition::read_one(&mut inner, own));
        let basis = basis::read(&mut inner, None);
        if !basis.is_empty() {
            need.basis = basis;
        }
        inner.finish();
    }
    Some(need)
}

fn read_to(table: &mut Table<'_>, own: &str) -> Option<To> {
    let raw = table.raw("to")?;
    if let Some(state) = raw.as_text() {
        return Some(To::State(state));
    }
    let Some(mut inner) = raw.as_table() else {
        raw.wrong("状态，或者 { by = \"字段\", 值 = \"状态\" }");
        return None;
    };
    let field = inner.need_text("by").map(|text| FieldRef::parse(&text, own));
    let mut states = Vec::new();
    for (key, raw) in inner.entries().into_iter().filter(|(key, _)| key.value != "by") {
        let value = match key.value.as_str() {
            "true" => Literal::Bool(true),
            "false" => Literal::Bool(false),
            text => Literal::Text(text.to_owned()),
        };
        match raw.as_text() {
            Some(state) => states.push((At { value, span: key.span }, state)),
            None => raw.wrong("状态的编号"),
        }
    }
    Some(To::By { field, states })
}

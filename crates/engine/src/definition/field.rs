//! Fields of a step: what is asked, of which type, under which rule (字段).

use std::borrow::Cow;

use crate::day::Day;
use crate::read::{At, Table};

use super::basis::{self, Basis};
use super::condition::{self, Condition};
use super::numbering::{self, Numbering};
use super::time::{self, NotAfter, NotBefore};

/// `step.field`; a bare `field` in a definition means the step it stands in.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FieldRef {
    /// The step's id.
    pub step: String,
    /// The field's id within it.
    pub field: String,
}

impl FieldRef {
    /// Reads `step.field`, or `field` as one of `own_step`.
    pub fn parse(text: &str, own_step: &str) -> FieldRef {
        let (step, field) = text.split_once('.').unwrap_or((own_step, text));
        FieldRef { step: step.to_owned(), field: field.to_owned() }
    }
}

impl std::fmt::Display for FieldRef {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.step, self.field)
    }
}

/// What a field holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldType {
    /// Words.
    Text,
    /// A civil day.
    Day,
    /// A day and a clock time, `2024-01-31 14:05`.
    Time,
    /// A whole number, not negative.
    Number,
    /// An amount of money, kept in fen, written in yuan.
    Money,
    /// Yes or no.
    YesNo,
    /// One of the choices.
    Choice,
    /// Some of the choices.
    Choices,
    /// Somebody in the register `person`.
    Person,
    /// Somebody outside the township's own people, as text.
    Outsider,
    /// A record of another register.
    Record(At<String>),
    /// An instance of a step of this record.
    Entry(At<String>),
    /// An attachment, by its SHA-256.
    File,
    /// One village.
    Village,
    /// One or more villages.
    Villages,
    /// An office of the township.
    Office,
    /// A citation of an instrument in `laws/`, as text.
    Law,
    /// What a check across records would have explained, by its key `check:when:what`.
    Finding,
}

/// Stands for any register in a `record` field.
pub const ANY: &str = "any";

impl FieldType {
    /// The register a value refers to, for the types that are references.
    pub fn register(&self) -> Option<&str> {
        match self {
            FieldType::Person => Some("person"),
            FieldType::Village | FieldType::Villages => Some("village"),
            FieldType::Office => Some("office"),
            FieldType::Record(register) => Some(register),
            _ => None,
        }
    }
}

/// A choice: its id and what is shown for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The key, in the journal for good.
    pub id: At<String>,
    /// What people see.
    pub title: String,
    /// First day it is in force.
    pub from: Option<Day>,
    /// Last day it is in force.
    pub until: Option<Day>,
    /// Law stands behind this very one, not local practice alone.
    pub cited: bool,
}

impl Choice {
    /// One that was never otherwise.
    pub(super) fn plain(id: &str, title: &str) -> Choice {
        let id = At { value: id.to_owned(), span: 0..0 };
        Choice { id, title: title.to_owned(), from: None, until: None, cited: false }
    }

    /// Whether it is in force on a day.
    pub fn holds(&self, day: Day) -> bool {
        self.from.is_none_or(|from| from <= day) && self.until.is_none_or(|until| day <= until)
    }
}

/// An upper bound.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Most {
    /// A fixed one.
    Number(i64),
    /// What another field of the same step holds: a number, or how many values.
    Field(At<FieldRef>),
}

/// One field of a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its key within the step.
    pub id: At<String>,
    /// What people see.
    pub title: String,
    /// What it holds.
    pub kind: FieldType,
    /// Holds a list of values, not one.
    pub many: bool,
    /// May be left empty.
    pub optional: bool,
    /// Must be filled when all of these hold; may be left empty otherwise.
    pub required_if: Vec<Condition>,
    /// The only value the law allows; another is recorded and flagged.
    pub must_be: Option<bool>,
    /// Fewer values, or a smaller number, is recorded and flagged.
    pub at_least: Option<i64>,
    /// More values, or a larger number, is recorded and flagged.
    pub at_most: Option<Most>,
    /// An earlier day is recorded and flagged.
    pub not_before: Vec<NotBefore>,
    /// A later day is recorded and flagged.
    pub not_after: Vec<NotAfter>,
    /// Another value than that of another field is recorded and flagged.
    pub same_as: Vec<Relation>,
    /// A value that another field holds too is recorded and flagged: recusal, or somebody else to verify.
    pub not_among: Vec<Relation>,
    /// Too small a part of another field's number, or of its number of values, is recorded and flagged.
    pub share: Vec<Share>,
    /// Never typed: the value of the first of these that holds.
    pub derive: Vec<Derived>,
    /// Not typed again: what the record that another field refers to says of it.
    pub copy: Option<Copied>,
    /// Allotted when the step is taken, unless it is typed from paper.
    pub number: Option<Numbering>,
    /// The question as it is put to somebody who is asked.
    pub ask: Option<String>,
    /// The closed list, in the order shown.
    pub choices: Vec<Choice>,
    /// The dated list the choices are taken from, where they are not the field's own.
    pub catalogue: Option<At<String>>,
    /// Sealed beside the entry, masked on screen, erasable; its values never feed a figure.
    pub personal: bool,
    /// Offered as a filter of the register's list.
    pub filter: bool,
    /// Found by the register's search.
    pub search: bool,
    /// Why the field is asked for; the step's basis if it has none of its own.
    pub basis: Basis,
    /// Where it stands in its file.
    pub span: std::ops::Range<usize>,
}

/// `same_as`, `not_among`: how the field's value stands to another field's, which may hold several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Relation {
    /// The other field.
    pub of: At<FieldRef>,
    /// Only where all of these hold.
    pub when: Vec<Condition>,
    /// Who says so; the field's basis if it has none of its own.
    pub basis: Basis,
}

/// `share`: the field is at least, or more than, a part of another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Share {
    /// How it stands to the other field.
    pub relation: Relation,
    /// Above the line.
    pub of: i64,
    /// Below it.
    pub over: i64,
    /// The part itself is not enough (过半数).
    pub more: bool,
}

impl Share {
    /// The part in words, 三分之二 as `2/3`.
    pub fn words(&self) -> String {
        format!("{}/{}", self.of, self.over)
    }

    /// How the part is to be reached.
    pub fn verb(&self) -> &'static str {
        if self.more { "超过" } else { "不少于" }
    }

    /// Whether a number is enough of another.
    pub fn is_met(&self, part: i64, whole: i64) -> bool {
        let (part, whole) = (part.saturating_mul(self.over), whole.saturating_mul(self.of));
        if self.more { part > whole } else { part >= whole }
    }
}

/// `derive`: a value and when it is the one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Derived {
    /// The choice.
    pub value: At<String>,
    /// All of these hold; empty: otherwise.
    pub when: Vec<Condition>,
    /// Which article leads to it.
    pub basis: Basis,
}

/// `copy`: where the value stands already, in a record that this step refers to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Copied {
    /// The field of the same step that refers to the record.
    pub of: At<FieldRef>,
    /// The field of that record.
    pub field: At<FieldRef>,
}

impl Field {
    /// Whether it says how many: a number, or several values.
    pub fn counts(&self) -> bool {
        self.many || matches!(self.kind, FieldType::Number | FieldType::Money)
    }

    /// Whether somebody types it; what is derived nobody does.
    pub fn is_typed(&self) -> bool {
        self.derive.is_empty()
    }

    /// Whether somebody always has to say it: it is never left out, and no number the program allots. No table can carry
    /// a file.
    pub fn is_always_said(&self) -> bool {
        !self.optional && self.required_if.is_empty() && self.number.is_none() && self.kind != FieldType::File
    }

    /// Whether law stands behind a choice.
    pub fn is_cited(&self, id: &str) -> bool {
        self.choices.iter().any(|choice| choice.cited && choice.id.value == id)
    }

    /// The title of a choice, or its id when the definition no longer knows it.
    pub fn choice_title<'f>(&'f self, id: &'f str) -> &'f str {
        self.choices.iter().find(|choice| choice.id.value == id).map_or(id, |choice| &choice.title)
    }

    /// What people call a value: a choice by its title, a finding by its check and when; anything else by itself.
    pub fn called<'f>(&'f self, text: &'f str) -> Cow<'f, str> {
        let finding = (self.kind == FieldType::Finding).then(|| text.splitn(3, ':').collect::<Vec<_>>());
        let check = |id: &str| self.choices.iter().find(|choice| choice.id.value == id);
        match finding.as_deref() {
            Some([id, when, _]) => {
                check(id).map_or(Cow::Borrowed(text), |check| Cow::Owned(format!("{}（{when}）", check.title)))
            }
            _ => Cow::Borrowed(self.choice_title(text)),
        }
    }
}

pub(crate) fn read(table: &mut Table<'_>, own_step: &str) -> Field {
    let id = super::read_id(table, "id");
    let title = table.need_text("title").value;
    let kind = read_type(table);
    let choices = match table.table("choices") {
        Some(mut choices) => choices
            .entries()
            .into_iter()
            .filter_map(|(id, raw)| {
                super::check_id(&choices, &id);
                let title = raw.as_text();
                if title.is_none() {
                    raw.wrong("选项的名称（文字）");
                }
                Some(Choice { id, title: title?.value, from: None, until: None, cited: false })
            })
            .collect(),
        None => Vec::new(),
    };
    let catalogue = table.text("catalogue");
    let wants_choices = matches!(kind, FieldType::Choice | FieldType::Choices);
    // A catalogue that was written and was not understood is not missing.
    let catalogued = table.has("catalogue");
    if wants_choices && catalogued && !choices.is_empty() {
        table.note(10, id.span.clone(), "选项写了两处", "choices 和 catalogue 只写一个");
    } else if wants_choices != (catalogued || !choices.is_empty()) {
        let (text, remedy) = if wants_choices {
            ("选择类字段没有列出选项", "请写 choices = { 编号 = \"名称\", … }，或者 catalogue = \"目录\"")
        } else if catalogued {
            ("只有选择类字段才写 catalogue", "请把 type 改为 choice 或 choices，或者删去 catalogue")
        } else {
            ("只有选择类字段才写选项", "请把 type 改为 choice 或 choices，或者删去 choices")
        };
        table.note(10, id.span.clone(), text, remedy);
    }
    let at_least = table.int("at_least").map(|at| at.value);
    let at_most = table.raw("at_most").and_then(|raw| match (raw.as_int(), raw.as_text()) {
        (Some(number), _) => Some(Most::Number(number)),
        (_, Some(text)) => Some(Most::Field(text.map(|text| FieldRef::parse(&text, own_step)))),
        _ => {
            raw.wrong("整数，或者本步骤的字段编号");
            None
        }
    });
    let listable = matches!(
        kind,
        FieldType::Person
            | FieldType::Outsider
            | FieldType::Record(_)
            | FieldType::File
            | FieldType::Village
            | FieldType::Office
            | FieldType::Law
    );
    let said_many = table.flag("many");
    if said_many && !listable {
        table.note(
            10,
            id.span.clone(),
            "这种类型不能写 many",
            "many 只用于 person、outsider、record、file、village、office、law",
        );
    }
    // A number's at_least is a bound on its value; anything else's is a bound on how many, so there can be many.
    let many = said_many
        || matches!(kind, FieldType::Choices | FieldType::Villages)
        || (listable && (at_least.is_some() || at_most.is_some()));
    Field {
        title,
        many,
        optional: table.flag("optional"),
        required_if: condition::read(table, "required_if", own_step),
        must_be: table.bool("must_be").map(|at| at.value),
        at_least,
        at_most,
        not_before: table
            .each("not_before", "{ days = 7, of = \"字段\" }", |inner| time::read_not_before(inner, own_step)),
        not_after: table
            .each("not_after", "{ months = 60, of = \"字段\" }", |inner| time::read_not_after(inner, own_step)),
        same_as: read_relations(table, "same_as", own_step),
        not_among: read_relations(table, "not_among", own_step),
        share: read_shares(table, own_step),
        derive: read_derive(table, own_step),
        copy: read_copy(table, own_step),
        number: numbering::read(table, own_step),
        ask: table.text("ask").map(|text| text.value),
        choices,
        catalogue,
        personal: table.word("privacy", &[("personal", true)]).is_some(),
        filter: table.flag("filter"),
        search: table.flag("search"),
        basis: basis::read(table, None),
        span: table.span.clone(),
        id,
        kind,
    }
}

fn read_relations(table: &mut Table<'_>, key: &'static str, own_step: &str) -> Vec<Relation> {
    table.each(key, "{ of = \"字段\" }", |inner| Some(read_relation(inner, own_step)))
}

fn read_relation(table: &mut Table<'_>, own_step: &str) -> Relation {
    let of = table.need_text("of").map(|text| FieldRef::parse(&text, own_step));
    let when = condition::read(table, "when", own_step);
    Relation { of, when, basis: basis::read(table, None) }
}

fn read_shares(table: &mut Table<'_>, own_step: &str) -> Vec<Share> {
    table.each("share", "{ of = \"字段\", at_least = \"1/2\" }", |inner| {
        let (least, more) = (inner.text("at_least"), inner.text("more_than"));
        let relation = read_relation(inner, own_step);
        let part = match (&least, &more) {
            (Some(part), None) | (None, Some(part)) => part,
            _ => {
                inner.note(
                    10,
                    inner.span.clone(),
                    "没有写清要占多少",
                    "请写 at_least = \"2/3\" 或者 more_than = \"1/2\"",
                );
                return None;
            }
        };
        let parts = part.value.split_once('/').and_then(|(of, over)| Some((of.parse().ok()?, over.parse().ok()?)));
        let Some((of, over)) = parts.filter(|(of, over)| 0 < *of && of <= over && *over <= 100) else {
            inner.note(16, part.span.clone(), format!("“{}”不是几分之几", part.value), "请写成 \"1/2\"、\"2/3\"");
            return None;
        };
        Some(Share { relation, of, over, more: more.is_some() })
    })
}

fn read_derive(table: &mut Table<'_>, own_step: &str) -> Vec<Derived> {
    table.each("derive", "{ value = \"选项\", when = 条件 }", |inner| {
        let value = inner.need_text("value");
        let when = condition::read(inner, "when", own_step);
        Some(Derived { value, when, basis: basis::read(inner, None) })
    })
}

fn read_copy(table: &mut Table<'_>, own_step: &str) -> Option<Copied> {
    let mut inner = table.table("copy")?;
    let copied = Copied {
        of: inner.need_text("of").map(|text| FieldRef::parse(&text, own_step)),
        field: inner.need_text("field").map(|text| FieldRef::parse(&text, "")),
    };
    inner.finish();
    Some(copied)
}

fn read_type(table: &mut Table<'_>) -> FieldType {
    const WORDS: &[(&str, u8)] = &[
        ("text", 0),
        ("day", 1),
        ("time", 2),
        ("number", 3),
        ("money", 4),
        ("yes_no", 5),
        ("choice", 6),
        ("choices", 7),
        ("person", 8),
        ("outsider", 9),
        ("record", 10),
        ("entry", 11),
        ("file", 12),
        ("village", 13),
        ("villages", 14),
        ("office", 15),
        ("law", 16),
        ("finding", 17),
    ];
    if !table.has("type") {
        table.missing("type");
    }
    match table.word("type", WORDS).map(|at| at.value) {
        Some(1) => FieldType::Day,
        Some(2) => FieldType::Time,
        Some(3) => FieldType::Number,
        Some(4) => FieldType::Money,
        Some(5) => FieldType::YesNo,
        Some(6) => FieldType::Choice,
        Some(7) => FieldType::Choices,
        Some(8) => FieldType::Person,
        Some(9) => FieldType::Outsider,
        Some(10) => FieldType::Record(table.need_text("register")),
        Some(11) => FieldType::Entry(table.need_text("step")),
        Some(12) => FieldType::File,
        Some(13) => FieldType::Village,
        Some(14) => FieldType::Villages,
        Some(15) => FieldType::Office,
        Some(16) => FieldType::Law,
        Some(17) => FieldType::Finding,
        _ => FieldType::Text,
    }
}

//! Forms: what somebody typed, turned into values or into all of its problems (填报).
//!
//! Only what cannot be a value at all is refused here. That a value breaks a rule of law is for
//! [`judge`](crate::record::judge) to say: what has happened is recorded and flagged.

mod copy;
pub mod parse;

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::definition::{ANY, Field, FieldRef, FieldType, Step};
use crate::problem::Problem;
use crate::read::Raw;
use crate::record::course::{Course, Instance};
use crate::value::{Fields, Sizes, Value};

/// What was typed, by field id.
pub type Given = BTreeMap<String, Input>;

/// What was typed into one field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// One text, which holds several values where the field takes several: `甲村、乙村`.
    Text(String),
    /// Values the door knows apart. None of them is split: a name may hold a 顿号.
    List(Vec<String>),
}

impl Input {
    /// A value or a list of values of a file; nothing for what is neither.
    pub fn of(raw: &Raw<'_>) -> Option<Input> {
        match raw.as_list() {
            Some(items) => items.iter().map(Raw::typed).collect::<Option<_>>().map(Input::List),
            None => raw.typed().map(Input::Text),
        }
    }

    /// The texts, where a door puts something else in their place.
    pub fn texts_mut(&mut self) -> &mut [String] {
        match self {
            Input::Text(text) => std::slice::from_mut(text),
            Input::List(texts) => texts,
        }
    }

    /// The texts as they were typed.
    pub fn texts(&self) -> &[String] {
        match self {
            Input::Text(text) => std::slice::from_ref(text),
            Input::List(texts) => texts,
        }
    }
}

/// What a name or number typed for a reference stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// The one record meant.
    One(String),
    /// None; what it may have meant.
    None(Vec<String>),
    /// Several of that name.
    Many(usize),
}

/// What a record says of one of its fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Held {
    /// This.
    Value(Value),
    /// Nothing yet, or the record is void.
    Nothing,
    /// Whoever was asked does not know records.
    Untold,
}

/// Finds what a person means by a name, a number or an id.
pub trait Lookup {
    /// Looks `text` up in a register.
    fn find(&self, register: &str, text: &str) -> Found;

    /// What a record says of a field, as it stands now.
    fn held(&self, _record: &str, _at: &FieldRef) -> Held {
        Held::Untold
    }

    /// Whether the file of this SHA-256 is kept: an entry that names one that is not would never verify.
    fn has_file(&self, hash: &str) -> bool;
}

/// A step's values, the personal ones apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filled {
    /// Values that are not personal.
    pub fields: Fields,
    /// Personal values, to be sealed.
    pub sealed: Fields,
    /// How many values each sealed field has.
    pub sizes: Sizes,
}

/// Longest text of one field, in characters.
pub const LONGEST_TEXT: usize = 20_000;
/// Most values of one field.
pub const MOST_VALUES: usize = 500;

/// Turns what was typed into a step's values. Each problem comes with the id of its field.
pub fn fill(
    step: &Step,
    given: &Given,
    course: &Course<'_>,
    lookup: &dyn Lookup,
) -> Result<Filled, Vec<(String, Problem)>> {
    let (filled, mut problems) = values(step, given, lookup);
    for key in given.keys().filter(|key| !step.field(key).is_some_and(Field::is_typed)) {
        let known: Vec<&str> = step.typed().map(|field| field.id.value.as_str()).collect();
        let hint = crate::read::nearest_hint(key, &known);
        let text = match step.field(key) {
            Some(field) => format!("“{}”由系统算出，不用填", field.title),
            None => format!("步骤“{}”没有字段“{key}”", step.title),
        };
        problems.push((key.clone(), Problem::new(201, text, format!("可以填：{}{hint}", known.join("、")))));
    }
    let present = draft(step, &filled, course);
    for field in step.typed() {
        let id = field.id.value.as_str();
        let broken = problems.iter().any(|(of, _)| of == id);
        if !broken && !present.given(id) && is_required(field, course, &present) {
            let basis = if field.basis.is_empty() { &step.basis } else { &field.basis };
            let problem = Problem::new(202, format!("“{}”没有填", field.title), how_to(field));
            problems.push((id.to_owned(), problem.because(basis.on(present.day))));
        }
    }
    if problems.is_empty() { Ok(filled) } else { Err(problems) }
}

/// The values alone: nothing is required.
pub fn values(step: &Step, given: &Given, lookup: &dyn Lookup) -> (Filled, Vec<(String, Problem)>) {
    corrected(step, given, &Fields::new(), &mut Vec::new(), lookup)
}

/// The values alone, for a correction of a step that said `before`; what has to be cleared with them is added to
/// `cleared`.
pub fn corrected(
    step: &Step,
    given: &Given,
    before: &Fields,
    cleared: &mut Vec<String>,
    lookup: &dyn Lookup,
) -> (Filled, Vec<(String, Problem)>) {
    let mut filled = Filled::default();
    let mut problems = Vec::new();
    for field in step.typed() {
        let id = &field.id.value;
        let Some(input) = given.get(id).filter(|input| input.texts().iter().any(|text| !text.trim().is_empty())) else {
            continue;
        };
        match value(field, input, lookup) {
            Ok(value) if field.personal => {
                filled.sizes.insert(id.clone(), value.size());
                filled.sealed.insert(id.clone(), value);
            }
            Ok(value) => {
                filled.fields.insert(id.clone(), value);
            }
            Err(found) => problems.extend(found.into_iter().map(|problem| (id.clone(), problem))),
        }
    }
    problems.extend(copy::copy(step, before, cleared, &mut filled, lookup));
    (filled, problems)
}

/// The step as it would stand, for conditions that read the values just typed.
pub fn draft<'d>(step: &'d Step, filled: &Filled, course: &Course<'d>) -> Instance<'d> {
    let day = step.day_field().and_then(|field| filled.fields.get(field.id.value.as_str()));
    let day = day.and_then(Value::as_text).and_then(crate::day::Day::parse);
    let last = course.steps.last().map(|one| one.day);
    let day = day.or(last).or(crate::day::Day::new(2023, 1, 1)).unwrap_or_else(|| unreachable!("a real day"));
    let nth = 1 + course.steps.iter().filter(|one| one.step.id == step.id).count() as u32;
    let (fields, sizes) = (Cow::Owned(filled.fields.clone()), Cow::Owned(filled.sizes.clone()));
    let mut instance = Instance { fields, sizes, ..Instance::blank(step, nth, day) };
    course.derive(&mut instance);
    instance
}

/// Whether a field has to be filled, given the values around it.
pub fn is_required(field: &Field, course: &Course<'_>, present: &Instance<'_>) -> bool {
    match field.required_if.is_empty() {
        // What is left empty of a number is allotted.
        true => !field.optional && field.number.is_none(),
        false => course.all_hold(&field.required_if, Some(present)),
    }
}

fn value(field: &Field, input: &Input, lookup: &dyn Lookup) -> Result<Value, Vec<Problem>> {
    let texts: Vec<&str> = match input {
        Input::Text(text) if field.many => parse::split(field, text),
        input => input.texts().iter().map(|text| text.trim()).filter(|text| !text.is_empty()).collect(),
    };
    let too_many = |most: usize| {
        let text = format!("“{}”填了 {} 个值，最多 {most} 个", field.title, texts.len());
        vec![Problem::new(203, text, "请删去多余的")]
    };
    if texts.len() > MOST_VALUES {
        return Err(too_many(MOST_VALUES));
    }
    if !field.many {
        return match texts[..] {
            [one] => parse::one(field, one, lookup).map_err(|problem| vec![problem]),
            _ => Err(too_many(1)),
        };
    }
    let mut values = Vec::new();
    let mut problems = Vec::new();
    for text in texts {
        match parse::one(field, text, lookup) {
            Ok(Value::Text(one)) if values.contains(&one) => {}
            Ok(value) => values.extend(value.texts().iter().cloned()),
            Err(problem) => problems.push(problem),
        }
    }
    if problems.is_empty() { Ok(Value::List(values)) } else { Err(problems) }
}

/// How a field is to be filled, for the remedy of a problem and the notes of a template.
pub fn how_to(field: &Field) -> String {
    if field.copy.is_some() {
        return "由所引用的案卷带出，这里不用填：请先在那个案卷里记".to_owned();
    }
    let choices = || field.choices.iter().map(|choice| choice.title.as_str()).collect::<Vec<_>>().join("／");
    match &field.kind {
        FieldType::Text if field.number.is_some() => "空着的，由系统编号；纸上已有编号的，照填".to_owned(),
        FieldType::Text => "请填文字".to_owned(),
        FieldType::Day => "请填日期，如 2023-05-08".to_owned(),
        FieldType::Time => "请填日期和时刻，如 2023-05-08 14:30".to_owned(),
        FieldType::Number => "请填整数".to_owned(),
        FieldType::Money => "请填金额，单位元，最多两位小数".to_owned(),
        FieldType::YesNo => "请填“是”或“否”".to_owned(),
        FieldType::Choice => format!("请从中选一项：{}", choices()),
        FieldType::Choices => format!("请从中选填，几项之间用顿号：{}", choices()),
        FieldType::Person => "请填人员登记簿中的姓名".to_owned(),
        FieldType::Outsider => "请填姓名或名称，几个之间用顿号".to_owned(),
        FieldType::Record(register) if register.value == ANY => {
            "请填登记簿和案卷，中间空一格，如 “人民调解案件 （2023）…号”".to_owned()
        }
        FieldType::Record(_) => "请填所指案卷的名称或编号".to_owned(),
        FieldType::Entry(_) => "请填是第几次，如 1".to_owned(),
        FieldType::File => "请附上文件".to_owned(),
        FieldType::Village => "请填村名".to_owned(),
        FieldType::Villages => "请填村名，几个之间用顿号".to_owned(),
        FieldType::Office => "请填内设机构名称".to_owned(),
        FieldType::Finding => "请照抄“请核实”所列的编号".to_owned(),
        FieldType::Law => "请填带书名号的法律文件名称，能写到条、款、项的写到条、款、项".to_owned(),
    }
}

//! From what was given to an act with its personal values apart (记入的内容), for the command line and the pages alike.
//!
//! Each problem comes with the id of its field, so that every door can show it where it was typed.

use engine::act::{Act, Taken};
use engine::definition::{Register, Step};
use engine::form::{self, Given, Input, Lookup};
use engine::problem::Problem;
use engine::read::nearest_hint;
use engine::record::{Course, Instance};
use engine::value::Fields;

/// An act, and its personal values.
pub type Made = (Act, Fields);
/// All that is wrong, by field; an empty field is the whole.
pub type Wrong = Vec<(String, Problem)>;

/// The step of a record that somebody names by its entry's number or id.
pub fn target<'c, 'd>(course: &'c Course<'d>, of: &str) -> Option<&'c Instance<'d>> {
    course.steps.iter().find(|one| one.id == of || one.entry.to_string() == of)
}

/// A step of the register's own on a record.
pub fn step(
    register: &Register,
    step: &Step,
    record: &str,
    given: &Given,
    already: Option<&str>,
    course: &Course<'_>,
    lookup: &dyn Lookup,
) -> Result<Made, Wrong> {
    let filled = form::fill(step, given, course, lookup)?;
    let taken = Taken {
        register: register.id.value.clone(),
        record: record.to_owned(),
        step: step.id.value.clone(),
        fields: filled.fields,
        sizes: filled.sizes,
        already: already.map(str::to_owned),
        ..Taken::default()
    };
    Ok((Act::Step(taken), filled.sealed))
}

/// Other values for a step, or none in the fields that are cleared.
pub fn correction(
    register: &Register,
    target: &Instance<'_>,
    record: &str,
    given: &Given,
    mut cleared: Vec<String>,
    reason: &str,
    lookup: &dyn Lookup,
) -> Result<Made, Wrong> {
    let mut problems = Vec::new();
    let known: Vec<&str> = target.step.typed().map(|field| field.id.value.as_str()).collect();
    for key in given.keys().chain(&cleared).filter(|key| !known.contains(&key.as_str())) {
        let text = format!("步骤“{}”没有字段“{key}”", target.step.title);
        let remedy = format!("可以更正：{}{}", known.join("、"), nearest_hint(key, &known));
        problems.push((key.clone(), Problem::new(201, text, remedy)));
    }
    let blank = |input: &Input| input.texts().iter().all(|text| text.trim().is_empty());
    if given.values().all(blank) && cleared.is_empty() {
        let remedy = "请把新的值写在 [fields] 下，如 on = 2026-05-10；要清空的写 clear = [\"字段\"]";
        problems.push((String::new(), Problem::new(202, "没有写更正成什么", remedy)));
    }
    let (filled, found) = form::corrected(target.step, given, &target.fields, &mut cleared, lookup);
    problems.extend(found);
    if !problems.is_empty() {
        return Err(problems);
    }
    let (fields, sizes, of) = (filled.fields, filled.sizes, target.id.to_string());
    let (register, record, reason) = (register.id.value.clone(), record.to_owned(), reason.to_owned());
    Ok((Act::Correct { register, record, of, fields, sizes, cleared, reason }, filled.sealed))
}

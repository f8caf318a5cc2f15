//! Where the making of a report stands: what comes next, what stands in its way, the drafts frozen so far (办理).

use std::collections::BTreeMap;

use anyhow::Result;
use engine::act::{Act, Taken};
use engine::definition::{FieldType, Register, Step};
use engine::figure::Reading;
use engine::problem::Problem;
use engine::record::next::{Next, Verdict, next};
use engine::record::{Course, Rules, apply};
use engine::value::{Fields, Value};
use journal::id::Id;
use maud::{Markup, html};

use super::{Frozen, REGISTER, Stage, cell, due_of, may_open, opening};
use crate::annual::{DRAFT, Making, REVISE};
use crate::append::{Draft, Stand, judged};
use crate::query::baseline::REGISTER as BASELINE;
use crate::query::due::began;
use crate::refused;
use crate::web::figures::{Beside, baseline, some};
use crate::web::record::whose;
use crate::web::visit::Visit;

/// What the report of the year before says of figures, where that was taken down: beside, and not of the ledger.
/// `now` has the figures of the report beside which it stands.
pub fn said_before(visit: &Visit<'_>, year: i16, now: &BTreeMap<String, Reading>) -> Result<Markup> {
    let Some(said) = baseline(visit, year)? else { return Ok(html! {}) };
    let beside = Beside::of(visit, year)?;
    let ids: Vec<&str> = said.said.keys().map(String::as_str).collect();
    let before = some(visit, &ids, beside.before)?;
    // Which may be counted by whom, the year before knows; the report has them all.
    let rows = said.said.iter().filter_map(|(id, words)| Some((now.get(id)?, before.get(id)?, words)));
    Ok(html! {
        section.panel {
            h2 { "上年报告称" }
            p.note { "照录自《" a href=(format!("/registers/{BASELINE}/{}", said.record)) { (said.title) } "》，是报告的说法，不是台账，不写进本年的报告。" }
            ul.plain {
                @for (now, before, words) in rows {
                    li {
                        a href=(format!("/figures/{}?year={year}", now.figure)) { (now.title) } "：" (words)
                        @if before.entries == 0 { "（台账无据）" }
                        "；今年台账 " (now.text())
                    }
                }
            }
        }
    })
}

/// What is to be done, and by which form.
pub fn steps(visit: &Visit<'_>, making: &Making) -> Result<Markup> {
    let rules = Rules { register: &making.register, figures: &[], calendar: &visit.set().calendar };
    let rows = apply(rules, &making.entries);
    let course = making.course(visit.set());
    let all = next(rules, &course, &rows.dues, visit.today);
    let mut lines = Vec::new();
    // A report is made in one order, the definition's; what is barred now keeps its place in it.
    let steps = making.register.steps.iter().filter(|step| step.id.value != REVISE && step.id.value != "amend");
    for step in steps {
        let Some(one) = all.iter().find(|one| one.step == step.id.value) else { continue };
        let mut stopped = if step.ours { stopped(visit, making, rules, &course, step)? } else { Vec::new() };
        // Where its time has not come, that alone is to be known.
        if !step.from.iter().any(|from| Some(from.value.as_str()) == course.state) {
            stopped.truncate(1);
        }
        lines.push(line(visit, making, step, one, &stopped));
    }
    let questions = rows.questions.iter().filter(|question| question.answered_by.is_none());
    Ok(html! {
        ul.next { @for line in lines { (line) } }
        @for question in questions {
            p class="note bad" {
                b { "尚未答复的问题" } " "
                a href=(format!("/registers/{REGISTER}/{}/questions/{}", making.id, question.id)) { (question.text) }
            }
        }
        @for flag in &rows.flags { p class="note bad" { b { "标记 " (flag.kind.chinese()) } " " (flag.says) } }
    })
}

fn line(visit: &Visit<'_>, making: &Making, step: &Step, one: &Next, stopped: &[Problem]) -> Markup {
    let may = visit.who.may_take(&making.register, step, &[]);
    let barred = one.verdict == Verdict::Barred || !stopped.is_empty();
    html! {
        li {
            @if may && step.id.value == DRAFT {
                // Freezing is done here, because the text that is frozen stands here.
                a href="#freeze" { (one.title) }
            } @else if may && !barred {
                a href=(format!("/registers/{REGISTER}/{}/steps/{}", making.id, one.step)) { (one.title) }
            } @else { (one.title) }
            @if let Some(last) = one.last {
                " " @if last < visit.today { span.late { "逾期，应在 " (last) " 前" } } @else { span.wait { (last) " 前" } }
            }
            @if barred { " " span.tag.bad { "现在不能" } }
            @if !may { " " small { "由" (whose(&making.register, step)) "办理" } }
            @for problem in stopped { small.line { (problem.text) } }
            @if stopped.is_empty() && one.verdict == Verdict::Barred { @for why in &one.why { small.line { (why) } } }
        }
    }
}

/// What would refuse an act of ours if it were done now on the latest draft.
fn stopped(
    visit: &Visit<'_>,
    making: &Making,
    rules: Rules<'_>,
    course: &Course<'_>,
    step: &Step,
) -> Result<Vec<Problem>> {
    let latest = |of: &str| course.taken().filter(|one| one.step.id.value == of).map(|one| one.nth).max();
    let mut fields = Fields::new();
    for field in &step.fields {
        let value = match &field.kind {
            FieldType::Entry(of) => latest(&of.value).map(|nth| Value::Int(i64::from(nth))),
            FieldType::Day => Some(Value::Text(visit.today.to_string())),
            // Whatever must be so is taken for so: the form will ask.
            FieldType::YesNo => Some(Value::Bool(field.must_be.is_some())),
            _ => None,
        };
        fields.extend(value.map(|value| (field.id.value.clone(), value)));
    }
    let taken = Taken {
        register: REGISTER.to_owned(),
        record: making.id.clone(),
        step: step.id.value.clone(),
        fields,
        ..Taken::default()
    };
    let last = making.entries.last().map(|entry| entry.index);
    let actor = Id::parse(visit.who.person.as_bytes())?;
    let draft = Draft { id: None, actor, act: Act::Step(taken), sealed: Fields::new(), based_on: last };
    let stand = Stand { index: last.map_or(0, |last| last + 1), id: "试算".to_owned(), today: visit.today };
    match judged(visit.db, rules, making.entries.clone(), None, draft, stand) {
        Ok(_) => Ok(Vec::new()),
        Err(error) => refused::problems(&error).ok_or(error),
    }
}

/// The drafts frozen so far, and which of them is looked at.
pub fn frozen(year: i16, drafts: &[Frozen], at: Option<u64>, published: Option<u32>) -> Markup {
    html! {
        @if !drafts.is_empty() {
            h3 { "登记的稿子" }
            ul.drafts { @for draft in drafts {
                li {
                    @if at == Some(draft.size) { b { "第 " (draft.nth) " 稿" } }
                    @else { a href=(format!("/reports/annual/{year}?at={}", draft.size)) { "第 " (draft.nth) " 稿" } }
                    " " (draft.on) @if published == Some(draft.nth) { " " span.tag.good { "公开的" } }
                    small.line { "取数于日志前 " (draft.size) " 条；第 " (draft.entry) " 条登记，"
                        a href=(format!("/reports/annual/{year}/file?form=kept&at={}", draft.size)) { "登记的文件" } }
                }
            } }
        }
    }
}

/// Where the making of a report is begun, and by when it has to be sent and published all the same.
pub fn not_begun(visit: &Visit<'_>, register: &Register, year: i16) -> Result<Markup> {
    let began = began(visit.db)?;
    let mut due = Vec::new();
    for step in ["send", "publish"] {
        if let (Some(step), Some(last)) = (register.step(step), due_of(register, step, year, began)) {
            due.push((step.title.as_str(), last));
        }
    }
    Ok(html! {
        p.soft { "还没有启动编制；启动以后才能改写、成稿。" }
        @if !due.is_empty() { ul.next { @for (title, last) in due { li { (title) " " (cell(visit.today, Stage { taken: None, due: Some(last) })) } } } }
        @if may_open(visit, register) { a.button href=(opening(year)) { "启动编制" } }
    })
}

//! `/legal-aid`: whether somebody can have legal aid, by one question after another (法律援助引导).
//!
//! What was answered travels in the form itself: nothing is kept until somebody records it, two people can be asked at
//! once, and the browser's own way back is a way back.

use std::collections::BTreeSet;

use anyhow::Result;
use engine::act::{Act, Taken};
use engine::definition::{Field, FieldType, Register, Step};
use engine::form::{self, Given, Input};
use engine::problem::Problem;
use engine::record::{self, Course, Rules};
use journal::id::Id;
use maud::{Markup, html};

use super::answer::{Answer, Turned};
use super::given::entry_id;
use super::layout::{done, problems};
use super::visit::Visit;
use crate::ambient::{Ambient, System};
use crate::append::{Draft, NEW};
use crate::asking::{Concluded, Questions, asking};
use crate::query::names::Records;
use crate::refused::{self, Refused};

/// The register and the step whose questions these are.
const REGISTER: &str = "legal_aid";
const STEP: &str = "ask";
/// What stands before a field's id where an answer travels.
const ANSWER: &str = "a.";
/// What the villager wants to know first: what he can have, where, and what to bring along.
const FIRST: [&str; 3] = ["outcome", "where", "bring"];

/// The questions, and what was answered so far.
struct Asked<'v> {
    register: &'v Register,
    step: &'v Step,
    course: Course<'v>,
    records: Records<'v>,
    /// In the order answered.
    answers: Vec<(String, Input)>,
}

/// Where answers lead.
struct Stand<'v> {
    /// The answers that count, in the order of the questions.
    given: Vec<(&'v Field, Input)>,
    /// The question that comes next; none when all were answered.
    next: Option<&'v Field>,
    /// Why what was answered to it cannot be read.
    wrong: Option<Problem>,
}

impl Stand<'_> {
    fn all(&self) -> Given {
        self.given.iter().map(|(field, input)| (field.id.value.clone(), input.clone())).collect()
    }
}

impl<'v> Asked<'v> {
    fn read(visit: &Visit<'v>) -> Result<Asked<'v>> {
        // The questions are law and everybody's; who may record the answers is asked when they are recorded.
        let register = visit.set().register(REGISTER).ok_or(Turned::NotFound)?;
        let adopted = visit.sets.current()?;
        let step = asking(register, STEP)?;
        let rules = Rules { register, figures: adopted.figures(REGISTER), calendar: &adopted.set.calendar };
        let (course, _) = record::walk(rules, &[]);
        let records = Records { db: visit.db, set: visit.set(), files: visit.site.folder.files(), dry_run: false };
        let mut answers: Vec<(String, Input)> = Vec::new();
        for (key, value) in &visit.asked.form {
            let Some(field) = key.strip_prefix(ANSWER).and_then(|id| step.field(id)) else { continue };
            match answers.iter_mut().find(|(id, _)| *id == field.id.value) {
                Some((_, Input::List(texts))) if field.many => texts.push(value.clone()),
                Some(_) => {}
                None if field.many => answers.push((field.id.value.clone(), Input::List(vec![value.clone()]))),
                None => answers.push((field.id.value.clone(), Input::Text(value.clone()))),
            }
        }
        Ok(Asked { register, step, course, records, answers })
    }

    fn questions<'q>(&'q self, visit: &Visit<'_>) -> Questions<'q, 'v> {
        Questions { step: self.step, course: &self.course, records: &self.records, today: visit.today }
    }

    /// Follows the answers from the first question on: what was sent is believed only as far as it leads.
    fn stand(&self, questions: &Questions<'_, 'v>) -> Stand<'v> {
        let mut stand = Stand { given: Vec::new(), next: None, wrong: None };
        let mut asked = BTreeSet::new();
        loop {
            stand.next = questions.next(&stand.all(), &asked);
            let Some(field) = stand.next else { return stand };
            let answer = self.answers.iter().find(|(id, _)| *id == field.id.value);
            let Some((_, answer)) = answer else { return stand };
            stand.wrong = questions.problem(field, answer);
            if stand.wrong.is_some() {
                return stand;
            }
            asked.insert(field.id.value.as_str());
            stand.given.push((field, answer.clone()));
        }
    }

    /// What was answered to a field, whether or not it counts.
    fn answered(&self, field: &Field) -> Option<&Input> {
        self.answers.iter().find(|(id, _)| *id == field.id.value).map(|(_, input)| input)
    }
}

/// `GET /legal-aid`
pub fn begin(visit: &Visit<'_>) -> Result<Answer> {
    ask(visit)
}

/// `POST /legal-aid`
pub fn go_on(visit: &Visit<'_>) -> Result<Answer> {
    ask(visit)
}

fn ask(visit: &Visit<'_>) -> Result<Answer> {
    let asked = Asked::read(visit)?;
    let questions = asked.questions(visit);
    let mut stand = asked.stand(&questions);
    if visit.typed("back").is_some() {
        stand.wrong = None;
        // Whatever was chosen on the page one goes back from is not the answer to go back to.
        stand.given.truncate(visit.typed("at").and_then(|at| at.parse().ok()).unwrap_or(usize::MAX));
        if let Some((field, _)) = stand.given.pop() {
            stand.next = Some(field);
        }
    }
    let Some(field) = stand.next else { return result(visit, &asked, &questions, &stand, html! {}) };
    // Before anything was answered, nothing is wrong yet.
    let wrong = stand.wrong.iter().filter(|_| visit.typed("go").is_some()).cloned().collect::<Vec<_>>();
    let status = if wrong.is_empty() { 200 } else { 422 };
    let main = html! {
        div.asking {
            h1 { (asked.register.title) }
            form method="post" action="/legal-aid" {
                (visit.form_token())
                (carried(&stand))
                @if !wrong.is_empty() { (problems(&wrong)) }
                (question(&asked, &questions, &stand, field))
                div.go {
                    button type="submit" name="go" value="1" { "下一问" }
                    @if !stand.given.is_empty() { button.second type="submit" name="back" value="1" formnovalidate { "上一问" } }
                }
            }
            (answers(&stand))
            p.note { "不问姓名。问到结论为止，最后由您决定是否记入；中途离开的，什么也不留下。" }
        }
    };
    Ok(visit.page_with(status, &asked.register.title, main))
}

/// The answers so far, in the form.
fn carried(stand: &Stand<'_>) -> Markup {
    html! {
        input type="hidden" name="at" value=(stand.given.len());
        @for (field, input) in &stand.given {
            @for text in input.texts() { input type="hidden" name=(format!("{ANSWER}{}", field.id.value)) value=(text); }
        }
    }
}

fn question<'v>(asked: &Asked<'v>, questions: &Questions<'_, 'v>, stand: &Stand<'v>, field: &'v Field) -> Markup {
    let name = format!("{ANSWER}{}", field.id.value);
    let words = field.ask.as_deref().unwrap_or(&field.title);
    let before: &[String] = asked.answered(field).map_or(&[], Input::texts);
    let is = |value: &str| before.iter().any(|text| text == value);
    let day = questions.is_day(field).then(|| questions.today.to_string());
    let text = before.first().cloned().or(day);
    let choices = questions.choices(field, &stand.all());
    let basis = field.basis.on(questions.present(&stand.all()).day);
    html! {
        fieldset.question {
            legend { span.nth { "第 " (stand.given.len() + 1) " 问" } " " (words) }
            @match field.kind {
                FieldType::Choice | FieldType::Choices => {
                    @let kind = if field.kind == FieldType::Choices { "checkbox" } else { "radio" };
                    @for choice in &choices {
                        label.choice { input type=(kind) name=(name) value=(choice.id.value) checked[is(&choice.id.value)]; " " (choice.title) }
                    }
                }
                FieldType::YesNo => {
                    @for word in ["是", "否"] {
                        label.choice { input type="radio" name=(name) value=(word) checked[is(word)]; " " (word) }
                    }
                }
                FieldType::Day => { label { span { (field.title) } input type="date" name=(name) value=[text] max=(questions.today); } }
                FieldType::Number | FieldType::Money => { label { span { (field.title) } input inputmode="decimal" name=(name) value=[text]; } }
                _ => { label { span { (field.title) } input name=(name) value=[text]; } }
            }
            @if !basis.is_empty() { p.law { "依据：" (basis.join("、")) } }
        }
    }
}

/// What was answered, as people read it.
fn answers(stand: &Stand<'_>) -> Markup {
    let words = |field: &Field, input: &Input| {
        let texts = input.texts().iter().map(|text| field.choice_title(text).to_owned());
        texts.collect::<Vec<_>>().join("、")
    };
    html! {
        @if !stand.given.is_empty() {
            h2 { "已经答的" }
            dl.answers { @for (field, input) in &stand.given { dt { (field.title) } dd { (words(field, input)) } } }
        }
    }
}

fn result<'v>(
    visit: &Visit<'v>,
    asked: &Asked<'v>,
    questions: &Questions<'_, 'v>,
    stand: &Stand<'v>,
    said: Markup,
) -> Result<Answer> {
    let concluded = questions.concluded(&stand.all());
    let (first, rest): (Vec<&Concluded>, Vec<&Concluded>) =
        concluded.iter().partition(|one| FIRST.contains(&one.field.as_str()));
    let local = |one: &Concluded| asked.step.field(&one.field).and_then(|field| field.basis.local.clone());
    let may_record = visit.who.may_take_somewhere(asked.register, asked.step);
    let main = html! {
        div.asking {
            h1 { (asked.register.title) "：结论" }
            (said)
            section.panel.outcome {
                @for one in &first {
                    h2 { (one.asked) }
                    p.conclusion { (one.title) }
                    @if !one.basis.is_empty() { p.law { "依据：" (one.basis.join("、")) } }
                    @if let Some(local) = local(one) { p.note { (local) } }
                }
            }
            dl.answers {
                @for one in &rest {
                    dt { (one.asked) }
                    dd { (one.title) @if !one.basis.is_empty() { span.law.line { "依据：" (one.basis.join("、")) } } }
                }
            }
            (answers(stand))
            p.soft { (visit.today) " " (visit.site.folder.config.county) (visit.site.folder.config.town) "。是否给予法律援助，由法律援助机构决定。" }
            div.go.screen {
                @if may_record {
                    form method="post" action="/legal-aid/records" {
                        (visit.form_token())
                        (carried(stand))
                        input type="hidden" name="id" value=(System.id());
                        button type="submit" { "记入登记簿" }
                    }
                }
                form method="post" action="/legal-aid" {
                    (visit.form_token())
                    (carried(stand))
                    button.second type="submit" name="back" value="1" { "上一问" }
                }
                a.button.second href="/legal-aid" { "重新问" }
            }
            p.note.screen { "需要纸质的，用浏览器打印本页。" @if !may_record { "您的角色不能记入，需要登记的请司法所经办人员办理。" } }
        }
    };
    Ok(visit.page(&format!("{}：结论", asked.register.title), main))
}

/// `POST /legal-aid/records`
pub fn record(visit: &Visit<'_>) -> Result<Answer> {
    let asked = Asked::read(visit)?;
    if !visit.who.may_take_somewhere(asked.register, asked.step) {
        return Err(Turned::Forbidden.into());
    }
    let questions = asked.questions(visit);
    let stand = asked.stand(&questions);
    if stand.next.is_some() {
        return ask(visit);
    }
    let taken = form::fill(asked.step, &stand.all(), &asked.course, &asked.records);
    let refused = match taken.map(|filled| append(visit, &asked, filled)) {
        Ok(Ok((record, number))) => {
            if visit.who.may_see(asked.register, &[]) {
                return Ok(Answer::see(format!("/registers/{REGISTER}/{record}")));
            }
            // An adviser records and does not read what others recorded.
            let number = number.map_or_else(String::new, |number| format!("，编号 {number}"));
            let main = html! { (done(&format!("已记入{number}。"))) p { a href="/legal-aid" { "再问一位" } } };
            return Ok(visit.page("已记入", main));
        }
        Ok(Err(error)) => error,
        Err(found) => Refused(found.into_iter().map(|(_, problem)| problem).collect()).into(),
    };
    let Some(found) = refused::problems(&refused) else { return Err(refused) };
    let page = result(visit, &asked, &questions, &stand, problems(&found))?;
    Ok(Answer { status: 422, ..page })
}

fn append(visit: &Visit<'_>, asked: &Asked<'_>, filled: form::Filled) -> Result<(String, Option<String>)> {
    let taken = Taken {
        register: asked.register.id.value.clone(),
        record: NEW.to_owned(),
        step: STEP.to_owned(),
        fields: filled.fields,
        sizes: filled.sizes,
        ..Taken::default()
    };
    // Pressed twice, the same id makes one entry.
    let id = entry_id(visit)?;
    let actor = Id::parse(visit.who.person.as_bytes())?;
    let draft = Draft { id, actor, act: Act::Step(taken), sealed: filled.sealed, based_on: None };
    let receipts = visit.append(vec![draft])?;
    let receipt = receipts.into_iter().next().ok_or(Turned::NotFound)?;
    Ok((receipt.record, receipt.number))
}

//! The form as a page (表单): the law of the step on top, what is in the way, the fields that apply, the buttons.

use std::cell::OnceCell;
use std::collections::BTreeSet;

use anyhow::Result;
use engine::act::Act;
use engine::day::Day;
use engine::definition::{Condition, Field, FieldRef, FieldType, Step, Test};
use engine::form::{self, Found, Lookup, is_required};
use engine::problem::Problem;
use engine::record::{Course, Instance};
use engine::value::{Fields, Value};
use maud::{Markup, html};

use super::super::answer::Answer;
use super::super::layout::trail;
use super::super::visit::Visit;
use super::control::{self, anchor};
use super::drafts;
use super::field::{self, Asked};
use super::lookup::{Own, for_page};
use super::options::Options;
use super::place::What;
use super::subject::Subject;
use super::typed::Typed;
use super::{conflict, law};
use crate::acts::Wrong;
use crate::policy::Scope;

/// A form being filled in.
pub struct Sheet<'s, 'v> {
    /// Who fills it in.
    pub visit: &'s Visit<'v>,
    /// What it is about.
    pub subject: &'s Subject<'v>,
    /// The record's course.
    pub course: &'s Course<'s>,
    /// The step whose fields are filled in, if there is one.
    pub step: Option<&'s Step>,
    /// What was typed.
    pub typed: Typed,
    /// What can be chosen.
    pub options: Options<'s, 'v>,
    /// The step as it would stand with what was typed; only a page asks for it.
    present: OnceCell<Option<Instance<'s>>>,
}

/// A form nobody has typed into: with what is there already, and today's day where the act is done here and now.
pub fn fresh<'v>(visit: &Visit<'v>, subject: &Subject<'v>, course: &Course<'_>) -> Result<Typed> {
    let mut typed = Typed::blank(subject.last());
    if let What::Correct(_) = subject.place.what
        && let Some(target) = subject.target(course)
    {
        put(&mut typed, target.step, &target.fields);
    } else if let Some(step) = subject.step().filter(|step| step.ours && subject.takes) {
        step.day_field().into_iter().for_each(|field| typed.put(field, visit.today.to_string()));
    }
    // What the link that led here knows already stands in the form: typed, not recorded.
    for field in subject.step().into_iter().flat_map(Step::typed) {
        let known = visit.asked.query.iter().filter(|(of, _)| *of == control::name(field));
        known.for_each(|(_, text)| typed.put(field, text.as_str()));
    }
    Ok(typed)
}

/// Puts values in as if they had been typed.
pub fn put(typed: &mut Typed, step: &Step, values: &Fields) {
    for field in step.typed().filter(|field| field.copy.is_none()) {
        match values.get(&field.id.value) {
            None => {}
            Some(Value::Bool(is)) => typed.put(field, if *is { "是" } else { "否" }),
            Some(Value::Int(fen)) if field.kind == FieldType::Money => {
                let yuan = format!("{}.{:02}", fen / 100, fen % 100);
                typed.put(field, yuan.strip_suffix(".00").unwrap_or(&yuan));
            }
            Some(Value::Int(number)) => typed.put(field, number.to_string()),
            Some(value) => value.texts().iter().for_each(|text| typed.put(field, text.as_str())),
        }
    }
}

impl<'s, 'v> Sheet<'s, 'v> {
    /// A form with what was typed into it.
    pub fn new(visit: &'s Visit<'v>, subject: &'s Subject<'v>, course: &'s Course<'s>, typed: Typed) -> Sheet<'s, 'v> {
        let (step, options) = (subject.filled(course), Options::new(visit));
        Sheet { visit, subject, course, step, typed, options, present: OnceCell::new() }
    }

    /// The step as it would stand with what was typed.
    pub fn present(&self) -> Option<&Instance<'s>> {
        let present = || {
            let step = self.step?;
            let (mut filled, _) = form::values(step, &self.typed.given(step), &self.own());
            if let Some(target) = self.subject.target(self.course) {
                let untouched = target.sizes.iter().filter(|(id, _)| !filled.sizes.contains_key(*id));
                let untouched: Vec<_> = untouched.map(|(id, size)| (id.clone(), *size)).collect();
                filled.sizes.extend(untouched);
            }
            Some(form::draft(step, &filled, self.course))
        };
        self.present.get_or_init(present).as_ref()
    }

    /// How he finds records and files.
    pub fn own(&self) -> Own<'_, 'v> {
        let target = self.subject.target(self.course);
        let mut known: BTreeSet<String> = BTreeSet::new();
        if let Some(target) = target {
            let fields = target.step.fields.iter().filter(|field| field.kind == FieldType::File);
            known.extend(fields.filter_map(|field| target.value(&field.id)).flat_map(Value::texts).cloned());
        }
        Own::new(self.visit, &self.typed.draft, known)
    }

    /// Whether a name is found as this very record.
    pub fn finds(&self, field: &Field, name: &str, id: &str) -> bool {
        field.kind.register().is_some_and(|register| self.own().find(register, name) == Found::One(id.to_owned()))
    }

    /// The day of the step as typed, or today.
    pub fn day(&self) -> Day {
        let present =
            self.present().filter(|present| present.step.day_field().is_some_and(|field| present.given(&field.id)));
        present.map_or(self.visit.today, |present| present.day)
    }

    /// The villages he may name in a field that says which villages a new record touches, where he is limited to some.
    pub fn own_villages(&self, field: &Field) -> Option<BTreeSet<String>> {
        let step = self.step.filter(|step| step.opens())?;
        let first = step.fields.iter().find(|one| matches!(one.kind, FieldType::Village | FieldType::Villages))?;
        match self.visit.who.takes_in(self.subject.register, step) {
            Scope::Villages(villages) if first.id == field.id => Some(villages),
            _ => None,
        }
    }

    /// The page, with what is to be said and what is in the way.
    pub fn page(&self, status: u16, said: Option<Markup>, problems: &Problems) -> Result<Answer> {
        let form = self.form(said, problems)?;
        if self.visit.asked.piece {
            return Ok(Answer::html(status, form));
        }
        let (place, register) = (&self.subject.place, self.subject.register);
        let list = format!("/registers/{}", place.register);
        let back = format!("{list}/{}", place.record);
        let called = match place.record.as_str() {
            "" => String::new(),
            id => super::lookup::name(self.visit, id)?,
        };
        let title = self.title();
        let above = match self.subject.step() {
            Some(step) => law::above(self.visit, self.subject, step, self.course)?,
            None => html! {},
        };
        let mut pages = vec![("/registers", "登记簿"), (list.as_str(), register.title.as_str())];
        if !called.is_empty() {
            pages.push((&back, &called));
        }
        let main = html! {
            (trail(&pages, &title))
            h1 { (title) @if !called.is_empty() { " " small { (called) } } }
            (above)
            (drafts::offered(self.visit, self.subject, &self.typed)?)
            div id="sheet" { (form) }
        };
        Ok(self.visit.page_with(status, &title, main))
    }

    /// What the page is called.
    pub fn title(&self) -> String {
        let of = || self.subject.target(self.course).map_or("", |target| target.step.title.as_str());
        match &self.subject.place.what {
            What::Open(_) => {
                let step = self.step.map_or("", |step| step.title.as_str());
                format!("{}：{step}", self.subject.register.title)
            }
            What::Step(_) => self.step.map_or_else(String::new, |step| step.title.clone()),
            What::Correct(_) => format!("更正“{}”", of()),
            What::Void(Some(_)) => format!("作废“{}”", of()),
            What::Void(None) => "作废整个案卷".to_owned(),
            What::Link => "关联别的案卷".to_owned(),
            What::Attach => "补充附件".to_owned(),
            What::Answer(_) => "答复问题".to_owned(),
        }
    }

    fn form(&self, said: Option<Markup>, problems: &Problems) -> Result<Markup> {
        let (place, typed) = (&self.subject.place, &self.typed);
        let files = self.step.is_some_and(|step| step.fields.iter().any(|field| field.kind == FieldType::File))
            || place.what == What::Attach;
        let kind = if files { "multipart/form-data" } else { "application/x-www-form-urlencoded" };
        let draft = format!("/drafts/{}", typed.draft);
        // A whole page shows what is newer at its top; a piece swapped in below may go unseen, and is no answer to it.
        let seen = if self.visit.asked.piece { typed.based_on } else { self.subject.last() };
        // Where no answer changes what is asked, the button is there for the Enter key alone.
        let changes = self.step.is_some_and(|step| !read_by_others(step).is_empty());
        let verb = match place.what {
            What::Void(_) => "作废",
            What::Correct(_) => "更正",
            _ => "记入",
        };
        Ok(html! {
            div.said {
                @if let Some(said) = said { (said) }
                (conflict::since(self)?)
                (self.summary(problems))
            }
            form.sheet method="post" action=(place.address()) enctype=(kind) data-draft=(draft) novalidate {
                div.body {
                    (self.visit.form_token())
                    input type="hidden" name="at" value=(place.address());
                    input type="hidden" name="draft" value=(typed.draft);
                    input type="hidden" name="version" value=(typed.version);
                    @if let Some(last) = seen { input type="hidden" name="based_on" value=(last); }
                    // The first button is what the Enter key presses: nothing is entered by a slip of the finger.
                    div.by-hand.unneeded[!changes] { span.soft { "选的不同，问的也不同：选好以后按一下，就只问用得着的" } " "
                        button.second name="act" value="update" type="submit" { "按所填更新" } }
                    (self.body(problems)?)
                }
                div.sending {
                    button name="act" value="record" type="submit" { (verb) }
                    button.second name="act" value="save" type="submit" { "存草稿" }
                    span.soft.kept-at role="status" { @if typed.version > 0 { "已存草稿" } }
                    a href=(self.back()) { "返回" }
                }
            }
        })
    }

    fn back(&self) -> String {
        let place = &self.subject.place;
        match place.record.as_str() {
            "" => format!("/registers/{}", place.register),
            record => format!("/registers/{}/{record}", place.register),
        }
    }

    fn summary(&self, problems: &Problems) -> Markup {
        if problems.is_empty() {
            return html! {};
        }
        // A field's own basis stands beside it; of the others the article is shown where the site imported it.
        let whole = |id: &str, problem: &Problem| !self.has(id) && !problem.basis.is_empty();
        let texts = problems.iter().any(|(id, problem)| whole(id, problem)).then(|| law::texts(self.visit));
        let texts = texts.and_then(Result::ok).unwrap_or_default();
        html! {
            section.problems.brief role="alert" {
                h2 { "还没有记入：有 " (problems.len()) " 处需要处理" }
                ul {
                    @for (id, problem) in problems {
                        li {
                            strong { @if self.has(id) { a href=(format!("#{}", anchor(id))) { (problem.text) } } @else { (problem.text) } }
                            " " span.remedy { (problem.remedy) } " "
                            @if whole(id, problem) { span.basis { "依据：" (law::cites(&texts, self.visit, &problem.basis)) } }
                            small.code { (problem.code) }
                        }
                    }
                }
            }
        }
    }

    fn has(&self, id: &str) -> bool {
        self.step.is_some_and(|step| step.field(id).is_some())
            || matches!(id, "reason" | "to" | "text" | "file" | "already")
    }

    /// The fields that apply on what is typed; those that might, folded away.
    pub fn fields(&self, problems: &Problems) -> Result<Markup> {
        let (Some(step), Some(present)) = (self.step, self.present()) else { return Ok(html! {}) };
        let correcting = matches!(self.subject.place.what, What::Correct(_));
        let read = read_by_others(step);
        let (mut shown, mut folded) = (Vec::new(), Vec::new());
        for field in &step.fields {
            let id = field.id.value.as_str();
            let wrong: Vec<&Problem> = problems.iter().filter(|(of, _)| of == id).map(|(_, problem)| problem).collect();
            let required = field.is_typed() && is_required(field, self.course, present);
            let unmasked = self.typed.shown.fields.contains(id);
            let hidden = correcting && field.personal && !unmasked && !self.typed.has(field);
            let sealed = if hidden { present.size(id) } else { 0 };
            let asked = Asked { required: required && sealed == 0, read: read.contains(id), sealed, problems: wrong };
            let applies =
                required || field.required_if.is_empty() || self.typed.has(field) || !asked.problems.is_empty();
            if applies {
                shown.push(field::row(self, field, &asked)?);
            } else if field
                .required_if
                .iter()
                .flat_map(Condition::comparisons)
                .any(|one| one.field.step != step.id.value)
            {
                folded.push(field::row(self, field, &asked)?);
            }
        }
        Ok(html! {
            @for row in shown { (row) }
            @if !folded.is_empty() {
                details.folded {
                    summary { "按案卷现在的情况不必填的 " (folded.len()) " 栏" }
                    @for row in folded { (row) }
                }
            }
        })
    }

    /// All that is wrong, in the order of the form, as a page says it.
    pub fn placed(&self, wrong: Wrong) -> Wrong {
        let day = self.step.and_then(|step| step.day_field()).map(|field| field.id.value.clone()).unwrap_or_default();
        let place = |(id, problem): (String, Problem)| match (id.as_str(), problem.code.0) {
            ("", 217 | 223) => (day.clone(), for_page(problem)),
            ("", 219) => ("already".to_owned(), for_page(problem)),
            _ => (id, for_page(problem)),
        };
        let mut wrong: Wrong = wrong.into_iter().map(place).collect();
        for (id, problem) in wrong.iter_mut().filter(|(_, problem)| problem.code.0 == 202) {
            // What can be chosen stands there.
            let chosen = self.step.and_then(|step| step.field(id)).is_some_and(field::is_chosen);
            if chosen {
                problem.remedy = "请选择".to_owned();
            }
        }
        let nth = |id: &str| self.step.and_then(|step| step.fields.iter().position(|field| field.id.value == id));
        wrong.sort_by_key(|(id, _)| nth(id).map_or(0, |nth| nth + 1));
        wrong
    }

    /// The entries that came after what he saw.
    pub fn newer(&self) -> impl Iterator<Item = &engine::act::Entry> {
        let (seen, new) = (self.typed.based_on, self.subject.seen.is_none());
        self.subject.entries.iter().filter(move |entry| !new && seen.is_none_or(|seen| entry.index > seen))
    }
}

/// What is in the way, by field.
pub type Problems = [(String, Problem)];

/// The fields by which it is decided which others apply, or what is worked out or brought along.
fn read_by_others(step: &Step) -> BTreeSet<&str> {
    let mut read = BTreeSet::new();
    let own = |at: &FieldRef| at.step == step.id.value;
    for field in &step.fields {
        let derived = field.derive.iter().flat_map(|derived| &derived.when);
        for one in field.required_if.iter().chain(derived).flat_map(Condition::comparisons) {
            if own(&one.field) {
                read.insert(one.field.field.as_str());
            }
            if let Test::SameAs(other) = &one.test
                && own(other)
            {
                read.insert(other.field.as_str());
            }
        }
        read.extend(field.copy.iter().map(|copy| copy.of.field.as_str()));
    }
    read
}

/// What an act says was done, in one word.
pub fn verb(act: &Act) -> &'static str {
    match act {
        Act::Step(_) => "记入",
        Act::Correct { .. } => "更正",
        Act::Void { .. } => "作废",
        Act::Link { .. } => "关联",
        Act::Attach { .. } => "附件",
        Act::Answer { .. } => "答复",
        Act::Adopt { .. } => "采用定义",
    }
}

//! What was recorded while somebody was filling in a form (新的记入), beside what he has typed.

use anyhow::Result;
use engine::act::{Act, Entry};
use engine::definition::{Field, Step};
use engine::problem::Problem;
use engine::record::Instance;
use engine::value::{Fields, Sizes};
use maud::{Markup, html};

use super::lookup;
use super::sheet::{Sheet, verb};

/// Both sides, where there is something newer than he saw; nothing otherwise.
pub fn since(sheet: &Sheet<'_, '_>) -> Result<Markup> {
    let newer: Vec<&Entry> = sheet.newer().collect();
    if newer.is_empty() {
        return Ok(html! {});
    }
    let mut theirs = Vec::new();
    for entry in newer {
        theirs.push(one(sheet, entry)?);
    }
    let remedy = "您填的都留着，还没有记入。请看过这期间记入的，再决定您填的要不要改；仍要记的，再按一次按钮。";
    let problem = Problem::new(832, "您打开这张表单以后，案卷又有了新的记入", remedy);
    Ok(html! {
        section.conflict role="alert" {
            h2 { (problem.text) }
            p { (problem.remedy) " " small.code { (problem.code) } }
            div.sides {
                div { h3 { "这期间记入的" } @for one in &theirs { (one) } }
                div { h3 { "您填的" } (typed(sheet)?) }
            }
        }
    })
}

fn one(sheet: &Sheet<'_, '_>, entry: &Entry) -> Result<Markup> {
    let who = lookup::visible(sheet.visit, &entry.actor)?.unwrap_or_else(|| "本机".to_owned());
    let register = sheet.subject.register;
    let of = |id: &str| sheet.course.steps.iter().find(|one| one.id == *id).map(|one| one.step);
    let (title, what) = match &entry.act {
        Act::Step(taken) => {
            let step = register.step(&taken.step);
            let title = step.map_or(taken.step.as_str(), |step| &step.title).to_owned();
            (title, fields(sheet, step, &taken.fields, &taken.sizes)?)
        }
        Act::Correct { of: id, fields: changed, sizes, reason, .. } => {
            let step = of(id);
            let title = step.map_or("", |step| step.title.as_str()).to_owned();
            (title, html! { p { "理由：" (reason) } (fields(sheet, step, changed, sizes)?) })
        }
        Act::Void { of: Some(id), reason, .. } => {
            (of(id).map_or("", |step| step.title.as_str()).to_owned(), html! { p { "理由：" (reason) } })
        }
        Act::Void { reason, .. } => ("整个案卷".to_owned(), html! { p { "理由：" (reason) } }),
        Act::Link { to, reason, .. } => (lookup::name(sheet.visit, to)?, html! { p { (reason) } }),
        Act::Attach { name, .. } => (name.clone(), html! {}),
        Act::Answer { text, .. } => (String::new(), html! { p { (text) } }),
        Act::Adopt { .. } => (String::new(), html! {}),
    };
    Ok(html! {
        div.entry {
            p { strong { (verb(&entry.act)) @if !title.is_empty() { "“" (title) "”" } } " "
                span.soft { "第 " (entry.index) " 条　" (who) "　" (entry.recorded) } }
            (what)
        }
    })
}

fn fields(sheet: &Sheet<'_, '_>, step: Option<&Step>, values: &Fields, sizes: &Sizes) -> Result<Markup> {
    let Some(step) = step else { return Ok(html! {}) };
    let mut shown = Vec::new();
    for field in &step.fields {
        let id = &field.id.value;
        if let Some(value) = values.get(id) {
            shown.push((field.title.as_str(), field.shown(value, |id| lookup::name(sheet.visit, id))?));
        } else if let Some(size) = sizes.get(id) {
            shown.push((field.title.as_str(), format!("（封存，{size} 项）")));
        }
    }
    Ok(html! { dl { @for (title, text) in shown { dt { (title) } dd { (text) } } } })
}

/// A step as it stands, personal values aside.
pub fn step(sheet: &Sheet<'_, '_>, instance: &Instance<'_>) -> Result<Markup> {
    let text = fields(sheet, Some(instance.step), &instance.fields, &instance.sizes)?;
    Ok(html! { section.panel { h2 { (instance.step.title) "　" (instance.day) } (text) } })
}

/// What he has typed, as he reads it.
fn typed(sheet: &Sheet<'_, '_>) -> Result<Markup> {
    let mut shown: Vec<(&str, String)> = Vec::new();
    for field in sheet.step.into_iter().flat_map(|step| &step.fields) {
        let typed: Vec<&str> = sheet.typed.of_field(field).collect();
        if !typed.is_empty() {
            shown.push((&field.title, words(sheet, field, &typed)?));
        }
    }
    for (name, title) in [("reason", "理由"), ("text", "答复"), ("to", "关联的案卷"), ("already", "系统外办的理由")]
    {
        shown.extend(sheet.typed.own(name).map(|text| (title, text.to_owned())));
    }
    Ok(html! { dl { @for (title, text) in shown { dt { (title) } dd { (text) } } } })
}

fn words(sheet: &Sheet<'_, '_>, field: &Field, typed: &[&str]) -> Result<String> {
    let mut words = Vec::new();
    for text in typed {
        let file = sheet.typed.files.iter().find(|file| file.hash == *text).map(|file| file.name.clone());
        let named = match field.kind.register() {
            Some(_) => lookup::visible(sheet.visit, text)?,
            None => None,
        };
        words.push(file.or(named).unwrap_or_else(|| field.choice_title(text).to_owned()));
    }
    Ok(words.join("、"))
}

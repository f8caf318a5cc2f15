//! One field of a form: what it is called, whether it has to be filled, its control, how and why (字段).

use anyhow::Result;
use engine::definition::{Choice, Field, FieldRef, FieldType, Most};
use engine::form::parse::split;
use engine::problem::Problem;
use engine::record::bounds::{Bound, bounds};
use maud::{Markup, html};

use super::super::sniff::{ACCEPT, ACCEPTED};
use super::control::{FEW, SOME, anchor, is_long, name, refers, upload};
use super::law;
use super::lookup;
use super::options::Item;
use super::sheet::Sheet;
use crate::attachment::{self, length};

/// How a field is to be filled in at the moment.
pub struct Asked<'p> {
    /// It has to be.
    pub required: bool,
    /// Others read it: when it changes, more or fewer fields apply.
    pub read: bool,
    /// How many sealed values it has that are not shown.
    pub sealed: u64,
    /// What is wrong with it.
    pub problems: Vec<&'p Problem>,
}

/// A field with all that belongs to it.
pub fn row(sheet: &Sheet<'_, '_>, field: &Field, asked: &Asked<'_>) -> Result<Markup> {
    let id = &field.id.value;
    let (label, control) = (format!("label-{id}"), format!("input-{id}"));
    let grouped = grouped(sheet, field)?;
    let inner = control_of(sheet, field, asked, &label, &control)?;
    let basis = law::line(&field.basis, sheet.visit);
    Ok(html! {
        div.field.wrong[!asked.problems.is_empty()] id=(anchor(id)) data-reads[asked.read] {
            div.asked {
                @if grouped { span.label id=(label) { (field.title) } } @else { label id=(label) for=(control) { (field.title) } }
                @if asked.required { span.must { "必填" } } @else { span.soft { "选填" } }
                @if field.personal { " " span.tag title="个人信息：封存，清单和数字里都不出现" { "封存" } }
            }
            div.answer {
                // Says that the field was on the page: a control left empty sends nothing, and nothing is not "empty it".
                @if field.is_typed() && field.copy.is_none() { input type="hidden" name=(name(field)) value=""; }
                (inner)
                @if asked.sealed > 0 { p.note { "已封存 " (asked.sealed) " 项，没有显示；空着不改，填了或者传了新的就换成新的" } }
                @for problem in &asked.problems {
                    p.late { (problem.text) "。" (problem.remedy) }
                }
            }
            div.why {
                @if let Some(how) = how(sheet, field) { p.note { (how) } }
                @if let Some(basis) = basis { p.note.law { (basis) } }
            }
        }
    })
}

/// Whether its control is a group and not one input.
fn grouped(sheet: &Sheet<'_, '_>, field: &Field) -> Result<bool> {
    Ok(match field.kind {
        FieldType::YesNo | FieldType::Choices | FieldType::Villages | FieldType::File => true,
        FieldType::Choice => field.choices.len() <= FEW,
        _ if field.many && refers(field).is_some() => !sheet.options.of(refers(field).unwrap_or_default())?.many,
        _ => !field.is_typed() || field.copy.is_some(),
    })
}

fn control_of(sheet: &Sheet<'_, '_>, field: &Field, asked: &Asked<'_>, label: &str, id: &str) -> Result<Markup> {
    if !field.is_typed() || field.copy.is_some() {
        return said(sheet, field);
    }
    let typed: Vec<&str> = sheet.typed.of_field(field).collect();
    let (name, one) = (name(field), typed.first().copied().unwrap_or_default());
    let line = |kind: &str, mode: Option<&str>| {
        html! { input type=(kind) id=(id) name=(name) value=(one) inputmode=[mode] aria-labelledby=(label); }
    };
    Ok(match &field.kind {
        FieldType::Text if field.number.is_some() => html! {
            p { "记入时由系统编号。" }
            details open[!one.is_empty()] { summary { "纸上已有编号的" } (line("text", None)) }
        },
        FieldType::Text if is_long(field) => {
            let lines = one.lines().count().clamp(3, 12);
            html! { textarea id=(id) name=(name) rows=(lines) aria-labelledby=(label) { (one) } }
        }
        FieldType::Outsider if field.many => html! {
            textarea id=(id) name=(name) rows="2" aria-labelledby=(label) { (typed.join("、")) }
        },
        FieldType::Finding => html! {
            @if !one.is_empty() { p { (field.called(one)) } }
            (line("text", None))
        },
        FieldType::Text | FieldType::Outsider | FieldType::Law => line("text", None),
        // A browser shows nothing of a value its own control cannot read: what was typed otherwise stays as text.
        FieldType::Day => match engine::form::parse::day(one) {
            Some(day) => html! { input.day type="date" id=(id) name=(name) value=(day) aria-labelledby=(label); },
            None if one.is_empty() => html! { input.day type="date" id=(id) name=(name) aria-labelledby=(label); },
            None => line("text", None),
        },
        FieldType::Time => match engine::form::parse::time(one) {
            Some(time) => {
                html! { input.day type="datetime-local" id=(id) name=(name) value=(time.replace(' ', "T")) aria-labelledby=(label); }
            }
            None if one.is_empty() => {
                html! { input.day type="datetime-local" id=(id) name=(name) aria-labelledby=(label); }
            }
            None => line("text", None),
        },
        FieldType::Number => html! { div.number { (line("text", Some("numeric"))) } },
        FieldType::Money => html! { div.number { (line("text", Some("decimal"))) span { "元" } } },
        FieldType::YesNo => radios(&[("是", "是"), ("否", "否")], &name, one, asked.required, label),
        FieldType::Choice | FieldType::Choices => {
            let day = sheet.day();
            let shown = |choice: &&Choice| choice.holds(day) || typed.contains(&choice.id.value.as_str());
            let all: Vec<(&str, &str)> = field
                .choices
                .iter()
                .filter(shown)
                .map(|choice| (choice.id.value.as_str(), choice.title.as_str()))
                .collect();
            match field.kind {
                FieldType::Choices => boxes(&all, &name, &typed, label),
                _ if field.choices.len() <= FEW => radios(&all, &name, one, asked.required, label),
                _ => select(&all, &name, one, id, label),
            }
        }
        FieldType::Entry(step) => {
            let taken = sheet.course.steps.iter().filter(|one| !one.void && one.step.id.value == step.value);
            let all: Vec<(String, String)> =
                taken.map(|one| (one.nth.to_string(), format!("第 {} 次　{}", one.nth, one.day))).collect();
            let all: Vec<(&str, &str)> = all.iter().map(|(nth, text)| (nth.as_str(), text.as_str())).collect();
            select(&all, &name, one, id, label)
        }
        FieldType::File => file(sheet, field, &typed, label),
        FieldType::Villages | FieldType::Village | FieldType::Person | FieldType::Office | FieldType::Record(_) => {
            reference(sheet, field, &typed, id, label)?
        }
    })
}

/// Whether its values are picked and not written.
pub fn is_chosen(field: &Field) -> bool {
    matches!(field.kind, FieldType::Choice | FieldType::Choices | FieldType::YesNo | FieldType::Entry(_))
        || refers(field).is_some()
}

/// What nobody types: worked out, or said already by the record referred to.
fn said(sheet: &Sheet<'_, '_>, field: &Field) -> Result<Markup> {
    let value = sheet.present().and_then(|present| present.value(&field.id));
    let shown = value.map(|value| field.shown(value, |id| lookup::name(sheet.visit, id))).transpose()?;
    let led = sheet.present().and_then(|present| sheet.course.derived(field, present));
    let basis = led.map(|derived| derived.basis.on(sheet.day()).join("、")).filter(|basis| !basis.is_empty());
    let from = match &field.copy {
        Some(copy) => {
            let of = sheet.step.and_then(|step| step.field(&copy.of.field)).map_or("", |of| of.title.as_str());
            format!("由“{of}”带出，不用填")
        }
        None => "由系统按所填的算出，不用填".to_owned(),
    };
    Ok(html! {
        p { output { (shown.as_deref().unwrap_or("—")) } " " span.soft { "（" (from) "）" } }
        @if let Some(basis) = basis { p.note.law { (basis) } }
    })
}

fn radios(all: &[(&str, &str)], name: &str, chosen: &str, required: bool, label: &str) -> Markup {
    let is = |id: &str, title: &str| chosen == id || chosen == title;
    let known = all.iter().any(|(id, title)| is(id, title));
    html! {
        div.picks role="radiogroup" aria-labelledby=(label) {
            @for (id, title) in all {
                label { input type="radio" name=(name) value=(id) checked[is(id, title)]; (title) }
            }
            @if !required && known { label.soft { input type="radio" name=(name) value=""; "不填" } }
            // What is not in the list any more was typed all the same.
            @if !known && !chosen.is_empty() { label { input type="radio" name=(name) value=(chosen) checked; (chosen) } }
        }
    }
}

fn boxes(all: &[(&str, &str)], name: &str, chosen: &[&str], label: &str) -> Markup {
    let is = |id: &str, title: &str| chosen.contains(&id) || chosen.contains(&title);
    let short = all.iter().all(|(_, title)| title.chars().count() <= 5);
    html! {
        div.picks.short[short].grid[all.len() > FEW].tall[all.len() > 24] role="group" aria-labelledby=(label) {
            @for (id, title) in all {
                label { input type="checkbox" name=(name) value=(id) checked[is(id, title)]; (title) }
            }
            @for other in chosen.iter().filter(|one| !all.iter().any(|(id, title)| *one == id || *one == title)) {
                label { input type="checkbox" name=(name) value=(other) checked; (other) }
            }
        }
    }
}

fn select(all: &[(&str, &str)], name: &str, chosen: &str, id: &str, label: &str) -> Markup {
    let is = |id: &str, title: &str| chosen == id || chosen == title;
    let known = all.iter().any(|(id, title)| is(id, title));
    html! {
        select id=(id) name=(name) aria-labelledby=(label) {
            option value="" { "请选择" }
            @for (id, title) in all { option value=(id) selected[is(id, title)] { (title) } }
            @if !known && !chosen.is_empty() { option value=(chosen) selected { (chosen) } }
        }
    }
}

/// A reference: a list where there are few, else a text with suggestions. Nothing that is not his to see is in either.
fn reference(sheet: &Sheet<'_, '_>, field: &Field, typed: &[&str], id: &str, label: &str) -> Result<Markup> {
    let control = name(field);
    let Some(register) = refers(field) else {
        // Of any register: with its register before it, as one writes it, where that says which one and stays one.
        let mut names = Vec::new();
        for one in typed {
            let named = sheet.visit.visible().named(one)?.map(|(of, called)| format!("{} {called}", of.title));
            let whole = |name: &String| !field.many || split(field, name).len() == 1;
            let named = named.filter(|name| whole(name) && sheet.finds(field, name, one));
            names.push(named.unwrap_or_else(|| (*one).to_owned()));
        }
        let one = names.join("、");
        return Ok(html! { input type="text" id=(id) name=(control) value=(one) aria-labelledby=(label); });
    };
    let items = sheet.options.of(register)?;
    let own = sheet.own_villages(field);
    let may = |item: &&Item| own.as_ref().is_none_or(|own| own.contains(&item.id));
    if items.many {
        return suggested(sheet, field, typed, &items.all, id, label);
    }
    let (mut open, ended): (Vec<&Item>, Vec<&Item>) = items.all.iter().filter(may).partition(|item| !item.ended);
    let rest = open.len() + ended.len() > SOME;
    if !rest {
        open.extend(ended);
    }
    let shown: Vec<(&str, String)> = open
        .iter()
        .map(|item| {
            (item.id.as_str(), if item.ended { format!("{}（已终结）", item.shown) } else { item.shown.clone() })
        })
        .collect();
    let mut all: Vec<(&str, &str)> = shown.iter().map(|(id, shown)| (*id, shown.as_str())).collect();
    // What was chosen before and is not offered any more keeps its name.
    let mut others = Vec::new();
    for one in typed.iter().filter(|one| !all.iter().any(|(id, _)| id == *one)) {
        if let Some(item) = open.iter().find(|item| item.name == **one) {
            others.push((item.id.as_str(), None));
        } else {
            others.push((*one, lookup::visible(sheet.visit, one)?));
        }
    }
    let typed: Vec<&str> = typed
        .iter()
        .map(|one| open.iter().find(|item| item.name == **one).map_or(*one, |item| item.id.as_str()))
        .collect();
    all.extend(others.iter().filter_map(|(id, shown)| Some((*id, shown.as_deref()?))));
    let beside = format!("{}不在上面的", field.title);
    Ok(html! {
        @if all.is_empty() && !rest {
            p.soft { "登记簿里还没有可选的，请先登记。" }
        } @else if field.many {
            (boxes(&all, &control, &typed, label))
        } @else {
            (select(&all, &control, typed.first().copied().unwrap_or_default(), id, label))
        }
        @if rest { input type="text" name=(control) aria-label=(beside) placeholder="不在上面的，写名称或者编号"; }
    })
}

fn suggested(
    sheet: &Sheet<'_, '_>,
    field: &Field,
    typed: &[&str],
    items: &[Item],
    id: &str,
    label: &str,
) -> Result<Markup> {
    let control = name(field);
    let list = format!("list-{id}");
    // An id says nothing to anybody: what it is called stands there, as long as that says which one.
    let mut names = Vec::new();
    for one in typed {
        let known = items.iter().find(|item| item.id == **one);
        let called = match known {
            Some(item) => Some(item.name.clone()),
            None => lookup::visible(sheet.visit, one)?,
        };
        let called = called.filter(|called| sheet.finds(field, called, one));
        names.push(called.unwrap_or_else(|| (*one).to_owned()));
    }
    let several = if field.many {
        "写名称或者编号，几个之间用顿号"
    } else {
        "写名称或者编号，边写边提示"
    };
    Ok(html! {
        input type="text" id=(id) name=(control) list=[(!field.many).then_some(&list)] value=(names.join("、")) placeholder=(several) autocomplete="off" aria-labelledby=(label);
        @if field.many {
            details { summary { "最近登记的" } p.note { @for item in items.iter().take(SOME) { (item.name) "　" } } }
        } @else {
            datalist id=(list) { @for item in items { option value=(item.name) { @if item.shown != item.name { (item.shown) } } } }
        }
    })
}

/// Files kept so far, each with a box that keeps it, and room for more.
fn file(sheet: &Sheet<'_, '_>, field: &Field, typed: &[&str], label: &str) -> Markup {
    let id = &field.id.value;
    let known = |hash: &str| sheet.typed.files.iter().find(|file| file.hash == hash);
    html! {
        div.files role="group" aria-labelledby=(label) {
            @for hash in typed {
                label.kept {
                    input type="checkbox" name=(name(field)) value=(hash) checked;
                    @match known(hash) {
                        Some(file) => { (file.name) " " span.soft { (length(file.bytes)) "，已收下" } }
                        None => { "附件 " (hash.chars().take(12).collect::<String>()) "… " span.soft { "已在案卷里" } }
                    }
                }
            }
            label.drop {
                span { @if field.many { "添加文件" } @else if typed.is_empty() { "选择文件" } @else { "换一个文件" } }
                input type="file" name=(upload(id)) multiple[field.many] accept=(ACCEPT) aria-label=(format!("{}：选择文件或者拍照", field.title));
            }
            p.note { "收" (ACCEPTED) "；一个不超过 " (attachment::LARGEST >> 20) " MB，一次最多 50 个。手机上可以直接拍照。" }
        }
    }
}

/// Between which days a day has to lie, and why: as days where what they are counted from is known, else in words.
fn bounded(sheet: &Sheet<'_, '_>, field: &Field) -> Vec<String> {
    let (course, calendar) = (sheet.course, &sheet.visit.set().calendar);
    let bounds = sheet.present().map(|present| bounds(course, calendar, present, field)).unwrap_or_default();
    let title = |at: &FieldRef| course.register.field(at).map_or("", |field| field.title.as_str());
    let mut says: Vec<String> = Vec::new();
    for Bound { latest, day, of, from, length } in &bounds {
        let (which, of) = (if *latest { "最晚" } else { "最早" }, title(of));
        says.push(match (length, latest) {
            (None, _) => format!("{which} {day}（“{of}”当日）"),
            (Some(length), false) => format!("{which} {day}（“{of}” {from} 之后满{length}）"),
            (Some(length), true) => format!("{which} {day}（“{of}” {from} 之后{length}以内）"),
        });
    }
    let known = |at: &FieldRef| bounds.iter().any(|bound| bound.of == *at);
    for rule in field.not_before.iter().filter(|rule| !known(&rule.of)) {
        let term = rule.term.as_ref().map_or_else(String::new, |term| format!("之后{}", term.words()));
        says.push(format!("不早于“{}”{term}", title(&rule.of)));
    }
    says
}

/// How a field is filled in, where its control does not say so.
fn how(sheet: &Sheet<'_, '_>, field: &Field) -> Option<String> {
    let mut says: Vec<String> = Vec::new();
    match field.kind {
        _ if !field.is_typed() || field.copy.is_some() => {}
        FieldType::Day => match bounded(sheet, field) {
            bounds if bounds.is_empty() => says.push(format!("如 {}", sheet.visit.today)),
            bounds => says.extend(bounds),
        },
        FieldType::Time => says.push(format!("如 {} 14:30", sheet.visit.today)),
        FieldType::Number => says.push("整数，不写“余”“约”".to_owned()),
        FieldType::Money => says.push("最多两位小数，可以写“3.5万”".to_owned()),
        FieldType::Outsider if field.many => says.push("姓名或者名称，几个之间用顿号".to_owned()),
        FieldType::Law => says.push("带书名号的名称，能写到条、款、项的写到条、款、项".to_owned()),
        FieldType::Record(ref register) if register.value == engine::definition::ANY => {
            says.push("登记簿和案卷，中间空一格，如“人民调解案件 （2023）…号”".to_owned());
        }
        _ => {}
    }
    if let Some(must) = field.must_be {
        says.push(format!("应为“{}”", if must { "是" } else { "否" }));
    }
    match (field.at_least, &field.at_most) {
        (Some(least), Some(Most::Number(most))) => says.push(format!("{least} 至 {most}")),
        (Some(least), _) => says.push(format!("不少于 {least}")),
        (None, Some(Most::Number(most))) => says.push(format!("不超过 {most}")),
        _ => {}
    }
    (!says.is_empty()).then(|| says.join("；"))
}

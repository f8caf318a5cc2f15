//! `/definitions`: every register as a page a lawyer or a clerk can read: what it is, its path, each step and its law
//! (定义).

mod path;
mod step;

use std::collections::BTreeMap;
use std::sync::Arc;

use anyhow::Result;
use engine::definition::outline::conditions;
use engine::definition::{Basis, Pending, Register};
use engine::law::{Citation, Texts};
use maud::{Markup, html};

use super::answer::{Answer, Turned};
use super::layout::trail;
use super::visit::Visit;
use crate::law_texts::imported;
use crate::policy;

/// `GET /definitions`
pub fn index(visit: &Visit<'_>) -> Result<Answer> {
    let set = visit.set();
    let mut areas: BTreeMap<&str, Vec<&Arc<Register>>> = BTreeMap::new();
    for register in set.registers.values() {
        areas.entry(register.keeper.as_deref().unwrap_or("其他")).or_default().push(register);
    }
    let pending = |register: &Register| set.pending.iter().filter(|one| one.file == register.file).count();
    let main = html! {
        h1 { "定义" }
        p {
            "登记什么、分哪几步、依据哪一条，都写在定义里，不写在程序里。共 " (set.registers.len()) " 个登记簿，待核的引文 "
            (set.pending.len()) " 处：引到的法律没有见过原文，或者施行日期凭记忆，用的时候请核对。"
        }
        p { a href="/glossary" { "词汇" } "：页面上的词各是什么意思。" }
        @for (keeper, registers) in &areas {
            h2 { (keeper) }
            div.scroll {
                table.definitions {
                    thead { tr { th { "登记簿" } th { "依据" } th.num { "步骤" } th.num { "待核" } } }
                    tbody {
                        @for register in registers {
                            tr {
                                td { a href=(format!("/definitions/{}", register.id.value)) { (register.title) } }
                                td.law { (register.basis.on(visit.today).join("、")) }
                                td.num { (register.steps.len()) }
                                td.num {
                                    @match pending(register) { 0 => span.soft { "0" }, count => span.wait { (count) } }
                                }
                            }
                        }
                    }
                }
            }
        }
    };
    Ok(visit.page("定义", main))
}

/// What the parts of a register's page are told.
struct Shown<'s> {
    visit: &'s Visit<'s>,
    register: &'s Register,
    texts: &'s Texts,
    pending: Vec<&'s Pending>,
}

impl Shown<'_> {
    /// The citations of a basis in force today, each with its words where the site imported them.
    fn law(&self, basis: &Basis) -> Markup {
        let today = self.visit.today;
        html! {
            @for (nth, cite) in basis.on(today).iter().enumerate() {
                @if nth > 0 { "、" }
                @match Citation::parse(cite).ok().and_then(|citation| self.texts.article(&citation, today)) {
                    Some(text) => details.article { summary.law { (cite) } @for part in text.lines() { p { (part.trim()) } } },
                    None => span.law { (cite) },
                }
                @if self.pending.iter().any(|one| one.cite == *cite) { " " span.tag.wait { "待核" } }
            }
        }
    }
}

/// `GET /definitions/{register}`: for everybody who signed in; a definition is no secret, whatever its records are.
pub fn show(visit: &Visit<'_>) -> Result<Answer> {
    let register: &Register = visit.set().register(visit.param("register")).ok_or(Turned::NotFound)?;
    let texts = imported(&visit.site.folder, visit.set())?;
    let pending = visit.set().pending.iter().filter(|one| one.file == register.file).collect();
    let shown = Shown { visit, register, texts: &texts, pending };
    let main = html! {
        (trail(&[("/definitions", "定义")], &register.title))
        h1 { (register.title) @if register.applies.by_reference { " " span.tag { "乡镇参照执行" } } }
        (about(&shown))
        section.panel {
            h2 { "办理的路线" }
            (path::drawn(register))
            (path::written(register))
        }
        h2 { "步骤" }
        @for step in &register.steps { (step::shown(&shown, step)) }
        @if !register.bars.is_empty() { (bars(&shown)) }
        @if !shown.pending.is_empty() { (pending_items(&shown)) }
    };
    Ok(visit.page(&register.title, main))
}

fn about(shown: &Shown<'_>) -> Markup {
    let register = shown.register;
    let readers: Vec<&str> = register.read.iter().map(|role| policy::title(&role.value)).collect();
    let span = match (register.since, register.until) {
        (None, None) => None,
        (since, until) => Some(format!(
            "{}{}",
            since.map_or(String::new(), |day| format!("{day} 起")),
            until.map_or(String::new(), |day| format!("，到 {day} 为止"))
        )),
    };
    html! {
        section.panel {
            dl.about {
                dt { "依据" } dd { (shown.law(&register.basis)) }
                @if !register.applies.basis.is_empty() { dt { "参照执行" } dd { (shown.law(&register.applies.basis)) } }
                @if let Some(keeper) = &register.keeper { dt { "由谁登记" } dd { (keeper) } }
                dt { "谁能看" }
                dd {
                    (readers.join("、"))
                    @if register.village_scope { "；授权限于某些村的，只看涉及这些村的" }
                }
                @if let Some(number) = &register.number { dt { "编号" } dd { (pattern(&number.pattern.value)) } }
                @if let Some(within) = &register.recorded_within {
                    dt { "补录" } dd { "事发后" (within.span.to_string()) "内记入，超过的算补录。" (shown.law(&within.basis)) }
                }
                @if !register.once.is_empty() { dt { "不重复" } dd { (register.once_titles()) "相同的，只立一个案卷" } }
                @if let Some(span) = span { dt { "适用" } dd { (span) } }
                @if shown.visit.who.may_read(register) {
                    dt { "登记簿" } dd { a href=(format!("/registers/{}", register.id.value)) { "看" (register.title) "的案卷" } }
                }
            }
        }
    }
}

/// How records are numbered, with the places that change as people leave them open.
fn pattern(text: &str) -> String {
    [("{year}", "××××"), ("{series}", "某某"), ("{seq}", "×")]
        .into_iter()
        .fold(text.to_owned(), |text, (place, word)| text.replace(place, word))
}

fn bars(shown: &Shown<'_>) -> Markup {
    let register = shown.register;
    html! {
        h2 { "不得" }
        @for bar in &register.bars {
            section.panel.bar id=(format!("bar-{}", bar.id.value)) {
                h3 { (bar.say) }
                dl.about {
                    @if let Some(step) = register.step(&bar.stops) {
                        dt { "拦住" }
                        dd {
                            a href=(format!("#step-{}", step.id.value)) { (step.title) }
                            @if step.ours { "：不满足的，不能办" } @else { "：已经发生的照记，标明" }
                        }
                    }
                    @if !bar.unless.is_empty() { dt { "除非" } dd { (conditions(register, &bar.unless)) } }
                    dt { "依据" } dd { (shown.law(&bar.basis)) }
                }
            }
        }
    }
}

fn pending_items(shown: &Shown<'_>) -> Markup {
    html! {
        section.panel {
            h2 { "待核" }
            p.soft { "下列引文没有对照过原文。见到原文的，请告诉定义的维护者；核对以前，办理时请自己查一查。" }
            ul { @for one in &shown.pending { li { span.law { (one.cite) } " " span.soft { (one.why) } } } }
        }
    }
}

//! One step of a register on its page: the law's verb, its basis, its terms, its fields, who may take it.

use engine::definition::field::FieldType;
use engine::definition::outline::{course, extension, need, notes, one_choice, owners, time};
use engine::definition::{Field, Step};
use maud::{Markup, html};

use super::{Shown, pattern};
use crate::web::record::whose;

/// A step in full.
pub(super) fn shown(shown: &Shown<'_>, step: &Step) -> Markup {
    let register = shown.register;
    let bars = register.bars.iter().filter(|bar| bar.stops.value == step.id.value);
    html! {
        section.panel.step id=(format!("step-{}", step.id.value)) {
            h3 {
                (step.title)
                @if let Some(force) = step.force { " " span.tag { (force.chinese()) } }
                @if step.ours { " " span.tag { "镇里自己的行为" } }
                @if step.repeat { " " span.tag { "可以多次" } }
            }
            dl.about {
                dt { "路线" } dd { (course(register, step)) }
                dt { "依据" } dd { (shown.law(&step.basis)) }
                dt { "谁能办" } dd { (whose(register, step)) }
                @if let Some(need) = need(register, step) { dt { "非做不可" } dd { (need) "；没做的要说明理由" } }
                @for within in &step.within {
                    dt { "期限" }
                    dd {
                        (time(register, step, within))
                        @if let Some(until) = extension(register, within) { "，" (until) }
                        @let basis = within.basis_on(shown.visit.today);
                        @if !basis.is_empty() { "。" (shown.law(basis)) }
                    }
                }
                @if let Some(lasts) = &step.lasts { dt { "至少" } dd { (lasts.term.words()) "，不因休息日缩短。" (shown.law(&lasts.basis)) } }
                @if let Some(before) = step.before.as_ref().and_then(|id| register.step(id)) {
                    dt { "先后" } dd { "应在“" (before.title) "”之前" }
                }
                @let owners = owners(register, step);
                @if !owners.is_empty() { dt { "由谁负责" } dd { (owners.join("，或者后来的")) } }
                @for bar in bars { dt { "不得" } dd { a href=(format!("#bar-{}", bar.id.value)) { (bar.say) } } }
            }
            @if !step.fields.is_empty() { (fields(shown, step)) }
        }
    }
}

fn fields(shown: &Shown<'_>, step: &Step) -> Markup {
    html! {
        div.scroll {
            table.fields {
                thead { tr { th { "填什么" } th { "要求" } th { "依据" } } }
                tbody { @for field in &step.fields { (one_field(shown, field)) } }
            }
        }
    }
}

fn one_field(shown: &Shown<'_>, field: &Field) -> Markup {
    let register = shown.register;
    let choices: Vec<String> = field.choices.iter().map(|choice| one_choice(choice, shown.visit.today)).collect();
    html! {
        tr {
            td { (field.title) @if field.personal { " " span.tag { "封存" } } }
            td {
                (notes(register, field).join("，"))
                @if let Some(referred) = referred(shown, &field.kind) { "：" (referred) }
                @if let Some(ask) = &field.ask { p.soft { "问：" (ask) } }
                @if let Some(number) = &field.number { p.soft { "编号：" (pattern(&number.pattern.value)) } }
                @if choices.len() > 8 {
                    details { summary { (choices.len()) " 项可选" } p { (choices.join("／")) } }
                } @else if !choices.is_empty() { p.soft { (choices.join("／")) } }
            }
            td { (shown.law(&field.basis)) }
        }
    }
}

/// The register a field refers to, as a link to its definition.
fn referred(shown: &Shown<'_>, kind: &FieldType) -> Option<Markup> {
    let FieldType::Record(id) = kind else { return None };
    let register = shown.visit.set().register(id)?;
    Some(html! { a href=(format!("/definitions/{}", register.id.value)) { (register.title) } })
}

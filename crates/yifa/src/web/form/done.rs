//! What a record's page says after a form was sent (记入以后): what was recorded, what it was numbered, what is flagged.

use anyhow::Result;
use engine::act::Act;
use engine::definition::Register;
use engine::record::{self, Rules};
use maud::{Markup, html};

use super::super::visit::{Seen, Visit};
use super::super::witnessed;
use super::sheet::verb;
use crate::storage::log::entries_of;

/// For `?done=` and the index of an entry of this record; nothing otherwise.
pub fn told(visit: &Visit<'_>, register: &Register, seen: &Seen) -> Result<Markup> {
    let Some(index) = visit.query("done").and_then(|text| text.parse::<u64>().ok()) else { return Ok(html! {}) };
    let entries = entries_of(visit.db, &seen.id)?.0;
    let Some(entry) = entries.iter().find(|entry| entry.index == index) else { return Ok(html! {}) };
    let adopted = visit.sets.current()?;
    let rules = Rules { register, figures: adopted.figures(&register.id.value), calendar: &adopted.set.calendar };
    let rows = record::apply(rules, &entries);
    let mut numbers: Vec<(&str, &str)> = Vec::new();
    let mut title = "";
    if let Act::Step(taken) = &entry.act {
        let step = register.step(&taken.step);
        title = step.map_or(taken.step.as_str(), |step| &step.title);
        numbers.extend(taken.number.as_deref().map(|number| ("编号", number)));
        for field in step.into_iter().flat_map(|step| &step.fields).filter(|field| field.number.is_some()) {
            let number = taken.fields.get(&field.id.value).and_then(|value| value.as_text());
            numbers.extend(number.map(|number| (field.title.as_str(), number)));
        }
    }
    let late = rows.steps.iter().any(|row| row.entry == index && row.late);
    let flags: Vec<_> = rows.flags.iter().filter(|flag| flag.entry == index).collect();
    Ok(html! {
        section.done role="status" {
            p { strong { "已记入第 " (index) " 条" } "：" (verb(&entry.act)) @if !title.is_empty() { "“" (title) "”" }
                @for (what, number) in numbers { "，" (what) " " strong { (number) } }
                @if late { "（补录：超过了登记的时限）" } }
            p { (witnessed::of(visit, index)) }
            @if !flags.is_empty() {
                p { "这一步有 " (flags.len()) " 处标记，照实留在案卷和数字里：" }
                ul { @for flag in flags {
                    li { span.tag.bad { (flag.kind.chinese()) } " " (flag.says)
                        @if !flag.basis.is_empty() { " " span.law { (flag.basis.join("、")) } } }
                } }
            }
        }
    })
}

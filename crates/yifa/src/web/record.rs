//! `/registers/{register}/{record}`: one record as a timeline (案卷).

use anyhow::Result;
use engine::act::Act;
use maud::html;

use super::answer::Answer;
use super::visit::Visit;
use crate::query::names::called;
use crate::storage::log::entries_of;

/// `GET /registers/{register}/{record}`
pub fn show(visit: &Visit<'_>) -> Result<Answer> {
    let register = visit.register()?;
    let seen = visit.record(register)?;
    let register = visit.opened_under(register, seen.first)?;
    let (entries, _) = entries_of(visit.db, &seen.id)?;
    let name = called(visit.db, &seen.id)?.unwrap_or_default();
    let title = |act: &Act| match act {
        Act::Step(taken) => register.step(&taken.step).map_or(taken.step.clone(), |step| step.title.clone()),
        act => act.kind().to_owned(),
    };
    let main = html! {
        h1 { (register.title) " " (name) }
        ol.timeline {
            @for entry in &entries { li { (entry.recorded) " " (title(&entry.act)) } }
        }
    };
    Ok(visit.page(&name, main))
}

//! What waits for somebody (等我办): records in a state out of which his role takes the next step.
//!
//! The definitions say so: a step out of that state which the law or the register asks for, and which names his role.
//! A step with a term of its own, or one that says whose it is, stands among the dues instead: nobody is told twice.

use std::collections::BTreeMap;

use anyhow::Result;
use engine::definition::{Force, Register, Step};
use maud::{Markup, html};

use crate::query::list::{Asked, Page, page};
use crate::query::records::Listed;
use crate::web::answer::percent;
use crate::web::visit::Visit;

/// How many records of a state are named here.
const SHOWN: usize = 3;

/// Records that stand in one state.
pub struct Waiting<'v> {
    register: &'v Register,
    state: &'v str,
    steps: Vec<&'v Step>,
    many: u64,
    /// The newest of them.
    records: Vec<Listed>,
}

/// What waits, register by register.
pub fn waiting<'v>(visit: &Visit<'v>) -> Result<Vec<Waiting<'v>>> {
    let mut found = Vec::new();
    for register in visit.set().registers.values() {
        let Some(scope) = visit.scope_in(&register.id) else { continue };
        let scope = scope.villages();
        for (state, steps) in next(visit, register) {
            let asked = Asked { scope: scope.as_deref(), state: Some(state), ..Asked::all(register) };
            let Page { rows: records, total: many, .. } = page(visit.db, &asked, None, SHOWN)?;
            if many > 0 {
                found.push(Waiting { register, state, steps, many, records });
            }
        }
    }
    Ok(found)
}

/// The states something has to follow that is his to do, with the steps that do it.
fn next<'v>(visit: &Visit<'_>, register: &'v Register) -> BTreeMap<&'v str, Vec<&'v Step>> {
    let asked_for = |step: &&Step| {
        let needed = step.need.is_some() || matches!(step.force, Some(Force::Must | Force::Usual));
        step.to.is_some() && needed && step.owner.is_empty() && step.within.is_empty()
    };
    // Without roles of its own a step is anybody's who reads the register, and waits for nobody.
    let his = |step: &&Step| !step.by.is_empty() && visit.who.may_take_somewhere(register, step);
    let mut states: BTreeMap<&str, Vec<&Step>> = BTreeMap::new();
    for step in register.steps.iter().filter(asked_for).filter(his) {
        for state in &step.from {
            states.entry(&state.value).or_default();
        }
    }
    // Of several ways out one is taken: all are named.
    for (state, steps) in &mut states {
        let out = |step: &&Step| step.to.is_some() && step.from.iter().any(|from| from.value == *state);
        steps.extend(register.steps.iter().filter(out).filter(his));
    }
    states
}

/// What waits, as it stands on the page.
pub fn shown(waits: &[Waiting<'_>]) -> Markup {
    html! {
        h2 { "等我办的 " span.many { (waits.iter().map(|one| one.many).sum::<u64>()) " 件" } }
        div.scroll { table.waits.cards {
            thead { tr { th { "登记簿" } th { "状态" } th.num { "件" } th { "下一步" } th { "案卷" } } }
            tbody { @for one in waits {
                @let (base, state) = (format!("/registers/{}", one.register.id.value), one.register.state_title(one.state));
                tr {
                    td { a href=(base) { (one.register.title) } }
                    td { (state) }
                    td.num { a href={ (base) "?state=" (percent(one.state)) } { (one.many) } }
                    td { (one.steps.iter().map(|step| step.title.as_str()).collect::<Vec<_>>().join("、或者")) }
                    td { @for record in &one.records {
                        div {
                            a href={ (base) "/" (record.id) } { (record.number.as_ref().unwrap_or(&record.title)) }
                            @if record.number.is_some() { " " span.soft { (record.title) } }
                        }
                    } @if one.many > SHOWN as u64 { div.soft { "等" } } }
                }
            } }
        } }
    }
}

//! What somebody may begin (登记): the steps that open a record, those he took most of late first.

use std::collections::BTreeMap;

use anyhow::Result;
use engine::definition::{Register, Step};
use maud::{Markup, html};

use crate::storage::log::Size;
use crate::storage::params;
use crate::web::register::address;
use crate::web::visit::Visit;

/// So many are all shown at once.
const FEW: usize = 15;
/// How many stand before the rest.
const FIRST: usize = 6;
/// How many of the last entries tell what he does most.
const LATELY: u64 = 1000;

/// A panel of them; nothing for whoever begins nothing.
pub fn panel(visit: &Visit<'_>) -> Result<Markup> {
    let mut steps = Vec::new();
    for register in visit.set().registers.values().filter(|register| visit.who.may_read(register)) {
        let his = register.openings().filter(|step| visit.who.may_take_somewhere(register, step));
        steps.extend(his.map(|step| (&**register, step)));
    }
    if steps.is_empty() {
        return Ok(html! {});
    }
    let few = steps.len() <= FEW;
    let lately = if few { BTreeMap::new() } else { lately(visit)? };
    let mut first: Vec<&(&Register, &Step)> =
        steps.iter().filter(|(register, _)| few || lately.contains_key(&register.id.value)).collect();
    first.sort_by_key(|(register, _)| std::cmp::Reverse(lately.get(&register.id.value)));
    first.truncate(if few { FEW } else { FIRST });
    let mut kept: BTreeMap<&str, Vec<&(&Register, &Step)>> = BTreeMap::new();
    for one in steps.iter().filter(|_| !few) {
        kept.entry(one.0.keeper.as_deref().unwrap_or("其他")).or_default().push(one);
    }
    Ok(html! {
        section.panel.start {
            h2 { "登记新的" }
            @if !first.is_empty() { ul { @for one in first { li { (link(one)) } } } }
            @if !few { details {
                summary { "可以登记的全部 " (steps.len()) " 种" }
                @for (keeper, steps) in &kept {
                    h3 { (keeper) }
                    ul { @for one in steps { li { (link(one)) } } }
                }
            } }
        }
    })
}

/// A register is named; the step too where the register is begun in more than one way.
fn link((register, step): &(&Register, &Step)) -> Markup {
    let several = register.openings().nth(1).is_some();
    html! {
        a href={ (address(register)) "/new/" (step.id.value) } { (register.title) @if several { "：" (step.title) } }
    }
}

/// How many records of each register he opened among the last entries.
fn lately(visit: &Visit<'_>) -> Result<BTreeMap<String, i64>> {
    let since = Size::load(visit.db, None)?.size.saturating_sub(LATELY);
    // In the order of the journal, or all records would be gone through for their registers.
    let sql = "SELECT r.register FROM entry e \
               JOIN record r ON r.town_id = e.town_id AND r.id = e.record AND r.first_idx = e.idx \
               WHERE e.town_id = $1 AND e.idx >= $2 AND e.actor = $3 ORDER BY e.idx";
    let mut found = BTreeMap::new();
    visit.db.each(sql, params![since as i64, visit.who.person], |row| {
        *found.entry(row.get(0)?).or_default() += 1;
        Ok(())
    })?;
    Ok(found)
}

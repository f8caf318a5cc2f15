//! `/registers`: the registers there are, and the list of one (登记簿).

pub mod shown;
mod table;

use std::collections::BTreeMap;
use std::sync::Arc;

use anyhow::Result;
use engine::definition::Register;
use maud::{Markup, html};

use super::answer::Answer;
use super::layout::trail;
use super::tables;
use super::visit::Visit;
use crate::accounts::access::Kind;
use crate::policy::Scope;
use crate::query::list::{Asked, Cursor, page, total};
use crate::query::names::Names;
use shown::Shown;

/// How many records a page of a list shows.
const ROWS: usize = 20;

/// `GET /registers`: under whoever keeps them, with how many records each has that this person may see.
pub fn index(visit: &Visit<'_>) -> Result<Answer> {
    let mut kept: BTreeMap<&str, Vec<(&Arc<Register>, u64)>> = BTreeMap::new();
    for register in visit.set().registers.values().filter(|register| visit.who.may_read(register)) {
        let scope = visit.who.scope(register).villages();
        let count = total(visit.db, &Asked { scope: scope.as_deref(), ..Asked::all(register) })?;
        kept.entry(register.keeper.as_deref().unwrap_or("其他")).or_default().push((register, count));
    }
    let main = html! {
        h1 { "登记簿" }
        div.keepers {
            @for (keeper, registers) in &kept {
                section.panel {
                    h2 { (keeper) }
                    ul.registers {
                        @for (register, count) in registers {
                            li { a href=(address(register)) { (register.title) } span.num { (count) } }
                        }
                    }
                }
            }
        }
    };
    Ok(visit.page("登记簿", main))
}

/// Where a register is.
pub fn address(register: &Register) -> String {
    format!("/registers/{}", register.id.value)
}

/// `GET /registers/{register}`
pub fn list(visit: &Visit<'_>) -> Result<Answer> {
    let register = visit.register()?;
    let shown = Shown::of(visit, register)?;
    let cursor = visit.query("at").and_then(Cursor::parse);
    let page = page(visit.db, &shown.asked(register), cursor.as_ref(), ROWS)?;
    let names = Names::load(visit.db)?;
    if cursor.is_none() {
        note_named(visit, register, page.named)?;
    }
    let main = html! {
        (trail(&[("/registers", "登记簿")], &register.title))
        h1 { (register.title) }
        (doings(visit, register, &shown))
        (table::filters(visit, register, &shown, &names)?)
        p.total role="status" { "共 " b { (page.total) } " 个" @if shown.is_narrowed() { "符合所选条件" } (limited(visit, register, &names)) }
        (table::rows(register, &shown, &page.rows))
        (table::pages(register, &shown, &page))
    };
    Ok(visit.page(&register.title, main))
}

/// Whoever finds somebody by a sealed name has learnt what is sealed: that is written down, the name is not.
fn note_named(visit: &Visit<'_>, register: &Register, named: u64) -> Result<()> {
    if named == 0 {
        return Ok(());
    }
    let what = format!("{}：按封存的姓名查找，找到 {named} 个", register.title);
    visit.note(Kind::Read, &register.id.value, &what, "").map(drop)
}

/// What a person may begin here, bring in and take away.
fn doings(visit: &Visit<'_>, register: &Register, shown: &Shown) -> Markup {
    let opening = register.openings().filter(|step| visit.who.may_take_somewhere(register, step));
    let query = shown.query();
    let query = if query.is_empty() { query } else { format!("?{query}") };
    html! {
        div.doings {
            @for step in opening { a.button href={ (address(register)) "/new/" (step.id.value) } { (step.title) } }
            (tables::links(visit, register, &query))
            a href={ "/definitions/" (register.id.value) } { "步骤和依据" }
        }
    }
}

/// Whoever sees some villages only is told so, beside the total that counts no others.
fn limited(visit: &Visit<'_>, register: &Register, names: &Names) -> Markup {
    let Scope::Villages(villages) = visit.who.scope(register) else { return html! {} };
    let called: Vec<String> = villages.iter().map(|village| names.village(village)).collect();
    html! { span.soft { "（只列 " (called.join("、")) " 的）" } }
}

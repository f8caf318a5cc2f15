//! A second record of the same matter is refused: it would be counted twice (同一件事).

use anyhow::Result;
use engine::definition::Register;
use engine::record::{Rows, VOID};

use crate::query::alike::alike;
use crate::query::names::called;
use crate::refused::refuse;
use crate::storage::Db;

/// Refuses what would make a record the second of its kind: opening it, or correcting it into another's place.
pub fn once(db: &Db, register: &Register, record: &str, before: &Rows, after: &Rows) -> Result<()> {
    if register.once.is_empty() || after.head.state == VOID {
        return Ok(());
    }
    let references = |rows: &Rows| -> Vec<(String, String)> {
        let of = |by: String| rows.links.iter().find(|link| link.by == by).map(|link| (by, link.to.clone()));
        register.once.iter().filter_map(|at| of(at.to_string())).collect()
    };
    let now = references(after);
    if now.len() < register.once.len() || now == references(before) {
        return Ok(());
    }
    let Some(other) = alike(db, &register.id, &now, record)? else { return Ok(()) };
    let title = called(db, &other)?.unwrap_or_default();
    let text = format!("{}相同的，“{}”已有一个案卷：{title}（{other}）", register.once_titles(), register.title);
    let remedy = format!(
        "后来的事接着记在它上面；它记错了的，更正它：yifa show {} {other}；不该有的，先作废它再记",
        register.id.value
    );
    Err(refuse(229, text, remedy))
}

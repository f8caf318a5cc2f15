//! `/registers`: the registers there are, and the list of one (登记簿).

use anyhow::Result;
use maud::html;

use super::answer::Answer;
use super::visit::Visit;
use crate::query::records::{Filter, list as listed, total};

/// `GET /registers`
pub fn index(visit: &Visit<'_>) -> Result<Answer> {
    let readable: Vec<_> = visit.set().registers.values().filter(|register| visit.who.may_read(register)).collect();
    let main = html! {
        h1 { "登记簿" }
        ul.registers {
            @for register in readable {
                li { a href=(format!("/registers/{}", register.id.value)) { (register.title) } }
            }
        }
    };
    Ok(visit.page("登记簿", main))
}

/// `GET /registers/{register}`
pub fn list(visit: &Visit<'_>) -> Result<Answer> {
    let register = visit.register()?;
    let all = listed(visit.db, register, &Filter { state: None, from: None, to: None, limit: 20 })?;
    let mut rows = Vec::new();
    for row in all {
        if visit.who.may_see(register, &visit.villages_of(&row.id)?) {
            rows.push(row);
        }
    }
    let main = html! {
        h1 { (register.title) }
        p { "共 " (total(visit.db, &register.id.value, None)?) " 个" }
        table {
            thead { tr { th { "编号" } th { "名称" } th { "状态" } th { "日期" } } }
            tbody {
                @for row in rows {
                    tr {
                        td { (row.number.as_deref().unwrap_or("")) }
                        td { a href=(format!("/registers/{}/{}", register.id.value, row.id)) { (row.title) } }
                        td { (register.state_title(&row.state)) }
                        td { (row.opened) }
                    }
                }
            }
        }
    };
    Ok(visit.page(&register.title, main))
}

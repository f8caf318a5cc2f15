//! A register as a table: what goes out into a file, the empty sheet, and what comes in (表格).

pub mod export;
pub mod import;
mod judge;
pub mod kept;
mod shown;
mod wording;

use engine::definition::Register;
use maud::{Markup, html};

use super::layout;
use super::register::address;
use super::visit::Visit;

/// The links to a register's tables, each for those who may follow it. What the list is narrowed to stands in `query`,
/// empty or `?…`.
pub fn links(visit: &Visit<'_>, register: &Register, query: &str) -> Markup {
    let page = |name: &str| format!("/registers/{}/{name}", register.id.value);
    let and = if query.is_empty() { "?" } else { "&" };
    html! {
        span.tables {
            @if visit.who.may_import(register) {
                a href=(page("import")) { "导入" }
                a href=(page("template")) download { "表样" }
            }
            a href=(format!("{}{query}", page("export"))) download { "导出" }
            a href=(format!("{}{query}{and}format=csv", page("export"))) download { "导出 CSV" }
            @if visit.who.may_unmask_somewhere(register) {
                a href=(format!("{}{query}{and}with_personal=1", page("export"))) { "连同个人信息导出" }
            }
        }
    }
}

fn trail(register: &Register, here: &str) -> Markup {
    layout::trail(&[("/registers", "登记簿"), (&address(register), &register.title)], here)
}

//! `/admin`: accounts, sessions, who looked at what, the disk; the administrator sees no case (系统管理).

pub mod account;
pub mod accounts;
pub mod last;
pub mod log;
pub mod people;
pub mod storage;

use anyhow::Result;
use maud::{Markup, html};

use super::answer::Answer;
use super::layout;
use super::visit::Visit;
use people::People;

/// The way back.
pub fn trail(here: &str) -> Markup {
    layout::trail(&[("/admin", "系统管理")], here)
}

/// `GET /admin`
pub fn show(visit: &Visit<'_>) -> Result<Answer> {
    let people = People::load(visit)?;
    let open = people.accounts.iter().filter(|account| account.closed_at.is_none()).count();
    let without =
        people.accounts.iter().filter(|account| account.closed_at.is_none() && people.grants(account).is_empty());
    let without = without.count();
    let sessions = visit.site.accounts.open_sessions(None)?.len();
    let well = visit.site.is_well();
    let main = html! {
        h1 { "系统管理" }
        p.soft { "系统管理员管账号、授权、会话和这台机器；看不到案卷，也不办理案卷。授权的给和收都是记入，督察看得到。" }
        div.boards {
            section.panel {
                h2 { a href="/admin/accounts" { "账号" } }
                p { "使用中 " strong { (open) } " 个，停用 " (people.accounts.len() - open) " 个" }
                @if without > 0 { p.wait { (without) " 个账号没有任何授权，登录了也看不到什么" } }
                p { a.button.second href="/admin/accounts/new" { "建账号" } }
            }
            section.panel {
                h2 { a href="/registers/grant" { "授权" } }
                p { "有效 " strong { (people.in_force()) } " 条。换岗、离岗的，当日收回。" }
                p { a.button.second href="/registers/grant/new/give" { "授予" } }
            }
            section.panel {
                h2 { a href="/admin/sessions" { "登录会话" } }
                p { "正登录着 " strong { (sessions) } " 个，可以立即结束。" }
            }
            section.panel {
                h2 { a href="/admin/log" { "访问日志" } }
                p { "谁登录过、谁看了个人信息、谁导出了什么。至少留存六个月。" }
            }
            section.panel {
                h2 { a href="/admin/storage" { "存储与备份" } }
                @if well { p { span.tag.good { "正常" } " 能记入，磁盘能写" } }
                @else { p { span.tag.bad { "不正常" } " 不能记入：写入程序停了，或者磁盘写不进" } }
                p.soft { "程序版本 " (env!("CARGO_PKG_VERSION")) }
            }
            section.panel {
                h2 { a href="/journal" { "日志" } }
                p { "条数、检查点、核验。" }
            }
        }
    };
    Ok(visit.page("系统管理", main))
}

//! The home page of whoever keeps accounts and sees no case: accounts, grants, sessions, the journal's state.

use anyhow::Result;
use maud::html;

use crate::projection::facet;
use crate::storage::log::Size;
use crate::storage::params;
use crate::web::answer::Answer;
use crate::web::visit::Visit;
use crate::web::witnessed;

/// `GET /` for an administrator.
pub fn show(visit: &Visit<'_>) -> Result<Answer> {
    let accounts = visit.site.accounts.all()?;
    let closed = accounts.iter().filter(|account| account.closed_at.is_some()).count();
    let sessions = visit.site.accounts.open_sessions(None)?.len();
    let grants = facet::read(visit.db, "grant", facet::STATE, "in_force")?.count();
    let size = Size::load(visit.db, None)?;
    let sql = "SELECT size, signed_at FROM checkpoint WHERE town_id = $1 ORDER BY size DESC LIMIT 1";
    let signed = visit.db.one(sql, params![], |row| Ok((row.get::<i64>(0)? as u64, row.get::<i64>(1)?)))?;
    let at = |millis: i64| crate::ambient::day_of(millis);
    let main = html! {
        h1 { "首页" }
        div.columns {
            section.panel {
                h2 { "账号和授权" }
                dl.pair {
                    dt { "账号" } dd { (accounts.len()) " 个" @if closed > 0 { "，停用 " (closed) " 个" } }
                    dt { "有效授权" } dd { a href="/registers/grant" { (grants) " 项" } }
                    dt { "正在登录" } dd { (sessions) " 处" }
                }
                p { a href="/admin" { "管理账号、会话、备份" } }
            }
            section.panel {
                h2 { "日志" }
                dl.pair {
                    dt { "条数" } dd { (size.size) " 条" }
                    @if let Some((signed, when)) = signed { dt { "最近签署" } dd { "到第 " (signed) " 条，" (at(when)) } }
                    dt { "根（摘要）" } dd { code.root { (size.root) } }
                }
                p { a href="/journal" { "检查点和核验" } }
            }
            (witnessed::panel(visit))
        }
        p.note { "系统管理员只管账号和授权，不看案卷。" }
    };
    Ok(visit.page("首页", main))
}

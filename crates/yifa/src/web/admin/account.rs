//! `/admin/accounts/{account}`: one account, its roles and sessions, and what can be done with it.

use anyhow::Result;
use maud::{Markup, html};

use super::accounts::{name_of, shown_once};
use super::last::keep_one_open;
use super::people::{Held, People};
use super::trail;
use crate::accounts::access::{Kind, Wanted, title};
use crate::accounts::account::Account;
use crate::accounts::password::Password;
use crate::ambient::minute_of;
use crate::policy;
use crate::query::names::Names;
use crate::web::answer::{Answer, Turned};
use crate::web::sessions::table;
use crate::web::site::lock;
use crate::web::visit::Visit;

fn asked(visit: &Visit<'_>) -> Result<Account> {
    visit.site.accounts.account(visit.param("account"))?.ok_or_else(|| Turned::NotFound.into())
}

/// `GET /admin/accounts/{account}`
pub fn show(visit: &Visit<'_>) -> Result<Answer> {
    let account = asked(visit)?;
    let people = People::load(visit)?;
    let names = Names::load(visit.db)?;
    let wanted = Wanted { account: Some(&account.id), ..Wanted::default() };
    let lines = visit.site.accounts.accesses_of(&wanted, 8)?;
    let name = people.name(&account);
    let main = html! {
        (trail(name))
        h1 { (name) " " span.soft { (account.login) } }
        div.columns {
            div {
                section.panel {
                    h2 { "角色" }
                    (roles(&people, &account, &names))
                    p { a.button.second href="/registers/grant/new/give" { "授予角色" } }
                }
                (sessions(visit, &account)?)
                section.panel {
                    h2 { "最近的访问" }
                    @if lines.is_empty() { p.soft { "还没有登录过。" } }
                    ul.lines {
                        @for line in &lines { li { span.soft { (minute_of(line.at)) } " " (title(&line.kind)) " " (line.what) " " span.soft { (line.address) } } }
                    }
                    @if !lines.is_empty() { p { a href=(format!("/admin/log?account={}", account.id)) { "全部" } } }
                }
            }
            section.panel {
                h2 { "账号" }
                dl.about {
                    dt { "人员" } dd { a href=(format!("/registers/person/{}", account.person)) { (name) } }
                    dt { "职务" } dd { (people.posts(&account).join("、")) @if people.posts(&account).is_empty() { "—" } }
                    dt { "建立" } dd { (minute_of(account.made_at)) }
                    dt { "状态" }
                    dd {
                        @match (account.closed_at, account.must_change) {
                            (Some(at), _) => { span.tag.bad { "停用" } " " (minute_of(at)) " 起" }
                            (None, true) => { span.tag.wait { "待换口令" } }
                            (None, false) => { span.tag.good { "使用中" } }
                        }
                    }
                }
                (deeds(visit, &account))
            }
        }
    };
    Ok(visit.page(name, main))
}

fn roles(people: &People, account: &Account, names: &Names) -> Markup {
    let villages = |held: &Held| match &held.given.grant.villages {
        None => "全镇".to_owned(),
        Some(villages) => villages.iter().map(|id| names.village(id)).collect::<Vec<_>>().join("、"),
    };
    let day = |day: Option<engine::day::Day>| day.map_or("—".to_owned(), |day| day.to_string());
    let held = people.grants(account);
    if held.is_empty() {
        return html! { p.wait { "没有任何授权，登录了也看不到什么。" } };
    }
    html! {
        div.scroll {
            table {
                thead { tr { th { "角色" } th { "范围" } th { "自" } th { "至" } th { span.skip { "操作" } } } }
                tbody {
                    @for one in held {
                        tr {
                            td { a href=(format!("/registers/grant/{}", one.record)) { (policy::title(&one.given.grant.role)) } }
                            td { (villages(one)) }
                            td { (day(one.given.span.0)) }
                            td { (day(one.given.span.1)) }
                            td { a href=(format!("/registers/grant/{}/steps/withdraw", one.record)) { "收回" } }
                        }
                    }
                }
            }
        }
    }
}

fn sessions(visit: &Visit<'_>, account: &Account) -> Result<Markup> {
    let sessions = visit.site.accounts.open_sessions(Some(&account.id))?;
    Ok(html! {
        section.panel {
            h2 { "登录会话" }
            @if sessions.is_empty() { p.soft { "现在没有登录。" } }
            @else {
                (table(visit, &sessions, "/admin/sessions/end", None, Some(&account.id)))
            }
        }
    })
}

fn deeds(visit: &Visit<'_>, account: &Account) -> Markup {
    let to = |deed: &str| format!("/admin/accounts/{}/{deed}", account.id);
    html! {
        @if account.closed_at.is_some() {
            form method="post" action=(to("reopen")) {
                (visit.form_token())
                button.second type="submit" { "重新启用" }
            }
        } @else {
            form method="post" action=(to("password")) {
                (visit.form_token())
                button.second type="submit" { "重设口令" }
                p.note { "抽取一个新的口令，只显示一次；这个账号的登录全部退出。" }
            }
            form method="post" action=(to("close")) {
                (visit.form_token())
                button.second type="submit" { "停用" }
                p.note { "马上退出，不能再登录。账号不删除，记入和访问日志里写着它。离岗的，授权也要收回。" }
            }
        }
    }
}

/// `POST /admin/accounts/{account}/password`
pub fn reset(visit: &Visit<'_>) -> Result<Answer> {
    let account = asked(visit)?;
    let password = Password::drawn();
    visit.site.accounts.set_password(&account.id, &password, true)?;
    visit.site.accounts.end_all(&account.id, "")?;
    visit.note(Kind::Account, "", &format!("重设 {} 的口令", account.login), "")?;
    let name = name_of(visit, &account.person)?;
    Ok(visit.page("口令", shown_once(&name, &account.login, &password, &account.id, html! {})))
}

/// `POST /admin/accounts/{account}/close`
pub fn close(visit: &Visit<'_>) -> Result<Answer> {
    let account = asked(visit)?;
    let _held = lock(&visit.site.administering);
    keep_one_open(visit.site, &account.id)?;
    visit.site.accounts.set_closed(&account.id, true)?;
    visit.site.accounts.end_all(&account.id, "")?;
    visit.note(Kind::Account, "", &format!("停用 {}", account.login), "")?;
    Ok(Answer::see(format!("/admin/accounts/{}", account.id)))
}

/// `POST /admin/accounts/{account}/reopen`
pub fn reopen(visit: &Visit<'_>) -> Result<Answer> {
    let account = asked(visit)?;
    visit.site.accounts.set_closed(&account.id, false)?;
    visit.note(Kind::Account, "", &format!("重新启用 {}", account.login), "")?;
    Ok(Answer::see(format!("/admin/accounts/{}", account.id)))
}

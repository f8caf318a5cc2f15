//! `/admin/accounts`: who has an account, and making one for a person (账号).

use std::collections::HashMap;

use anyhow::Result;
use maud::{Markup, html};

use super::people::{People, persons};
use super::trail;
use crate::accounts::access::Kind;
use crate::accounts::password::Password;
use crate::ambient::minute_of;
use crate::query::names::called;
use crate::refused;
use crate::web::answer::{Answer, Turned, percent};
use crate::web::layout::problems;
use crate::web::visit::Visit;

/// `GET /admin/accounts`
pub fn list(visit: &Visit<'_>) -> Result<Answer> {
    let people = People::load(visit)?;
    let accounts = &visit.site.accounts;
    let came: HashMap<String, i64> = accounts.last_sign_ins()?.into_iter().collect();
    let mut sessions: HashMap<String, usize> = HashMap::new();
    for session in accounts.open_sessions(None)? {
        *sessions.entry(session.account).or_default() += 1;
    }
    let main = html! {
        (trail("账号"))
        h1 { "账号" }
        p { a.button href="/admin/accounts/new" { "建账号" } }
        div.scroll {
            table.accounts {
                thead { tr { th { "人员" } th { "登录名" } th { "角色" } th { "职务" } th { "最近登录" } th.num { "会话" } th { "账号" } } }
                tbody {
                    @for account in &people.accounts {
                        tr {
                            td { a href=(format!("/admin/accounts/{}", account.id)) { (people.name(account)) } }
                            td { (account.login) }
                            td {
                                @let roles = people.roles(account);
                                @if roles.is_empty() { span.wait { "没有授权" } } @else { (roles) }
                            }
                            td { (people.posts(account).join("、")) }
                            td { (came.get(&account.id).map_or("没有登录过".to_owned(), |at| minute_of(*at))) }
                            td.num { (sessions.get(&account.id).copied().unwrap_or(0)) }
                            td {
                                @match (account.closed_at, account.must_change) {
                                    (Some(_), _) => span.tag.bad { "停用" },
                                    (None, true) => span.tag.wait { "待换口令" },
                                    (None, false) => span.tag.good { "使用中" },
                                }
                            }
                        }
                    }
                }
            }
        }
    };
    Ok(visit.page("账号", main))
}

/// How many people are offered at once.
const OFFERED: usize = 30;

/// `GET /admin/accounts/new`: first the person, then his login.
pub fn new(visit: &Visit<'_>) -> Result<Answer> {
    Ok(visit.page("建账号", form(visit, visit.query("person"), html! {})?))
}

fn form(visit: &Visit<'_>, person: Option<&str>, said: Markup) -> Result<Markup> {
    let all = persons(visit.db)?;
    let chosen = person.and_then(|person| all.iter().find(|(id, _)| id == person));
    let name = visit.query("name");
    let found: Vec<_> = match name {
        Some(name) => all.iter().filter(|(_, title)| title.contains(name)).collect(),
        None => Vec::new(),
    };
    let accounts = visit.site.accounts.all()?;
    let login_of =
        |person: &str| accounts.iter().find(|account| account.person == person).map(|account| &account.login);
    Ok(html! {
        (trail("建账号"))
        h1 { "建账号" }
        (said)
        @match chosen {
            Some((id, name)) => {
                section.panel.narrow {
                    h2 { "二、登录名" }
                    p { "给 " strong { (name) } " 建账号。" a href="/admin/accounts/new" { "换一个人" } }
                    @if let Some(login) = login_of(id) { p.wait { "这个人已有账号 " (login) "；一人一个账号，忘了口令的重设即可。" } }
                    form method="post" action="/admin/accounts" {
                        (visit.form_token())
                        input type="hidden" name="person" value=(id);
                        label { "登录名" input name="login" required maxlength="32" autocomplete="off" value=[visit.typed("login")]; }
                        p.note { "2 至 32 个汉字、字母或者数字，定下以后不改。口令由系统抽取，下一页只显示一次；本人第一次登录时换成自己的。" }
                        button type="submit" { "建立" }
                    }
                }
            }
            None => {
                section.panel.narrow {
                    h2 { "一、是谁" }
                    form method="get" action="/admin/accounts/new" role="search" {
                        label { "姓名，或者姓名里的一两个字" input name="name" type="search" required value=[name]; }
                        button type="submit" { "查找" }
                    }
                    @if name.is_some() {
                        @if found.is_empty() { p { "没有找到。先在登记簿" a href="/registers/person/new/enter" { "“人员”里登记" } "，再来建账号。" } }
                        @else {
                            ul.choose {
                                @for (id, title) in found.iter().take(OFFERED) {
                                    li {
                                        a href=(format!("/admin/accounts/new?person={}", percent(id))) { (title) }
                                        @if let Some(login) = login_of(id) { " " span.soft { "已有账号 " (login) } }
                                    }
                                }
                            }
                            @if found.len() > OFFERED { p.soft { "还有 " (found.len() - OFFERED) " 人，请多写一个字。" } }
                        }
                    }
                }
            }
        }
    })
}

/// `POST /admin/accounts`
pub fn make(visit: &Visit<'_>) -> Result<Answer> {
    let (person, login) = (visit.typed("person").unwrap_or_default(), visit.typed("login").unwrap_or_default());
    let known = persons(visit.db)?.into_iter().find(|(id, _)| id == person);
    let Some((person, name)) = known else { return Err(Turned::NotFound.into()) };
    let password = Password::drawn();
    match visit.site.accounts.make(login, &person, &password, true) {
        Ok(account) => {
            visit.note(Kind::Account, "", &format!("建账号 {login}"), "")?;
            let next = html! {
                p { "接着：" a href="/registers/grant/new/give" { "给 " (name) " 授予角色" } "；没有授权的账号登录了也看不到什么。" }
            };
            Ok(visit.page("口令", shown_once(&name, login, &password, &account.id, next)))
        }
        Err(error) => {
            let Some(found) = refused::problems(&error) else { return Err(error) };
            Ok(visit.page_with(422, "建账号", form(visit, Some(&person), problems(&found))?))
        }
    }
}

/// The one page on which a drawn password stands.
pub(super) fn shown_once(name: &str, login: &str, password: &Password, account: &str, next: Markup) -> Markup {
    html! {
        (trail("口令"))
        section.panel.narrow {
            h1 { "口令，只显示这一次" }
            dl.about {
                dt { "人员" } dd { (name) }
                dt { "登录名" } dd { code { (login) } }
                dt { "口令" } dd { code.password { (password.shown()) } }
            }
            p { "请当面或者打电话告诉本人，不要用微信、短信发送。本人第一次登录时换成自己的。" }
            (next)
            p { a href=(format!("/admin/accounts/{account}")) { "看这个账号" } }
        }
    }
}

/// What a person is called, by his record.
pub(super) fn name_of(visit: &Visit<'_>, person: &str) -> Result<String> {
    Ok(called(visit.db, person)?.unwrap_or_else(|| person.to_owned()))
}

//! Who is signed in where: one's own sessions for everybody, all of them for the administrator (登录会话).

use anyhow::Result;
use maud::{Markup, html};

use super::admin::people::People;
use super::answer::{Answer, Turned};
use super::visit::Visit;
use crate::accounts::access::Kind;
use crate::accounts::session::Session;
use crate::ambient::minute_of;

/// What a session looks like to a person: the browser's own name is long and mostly says what others are called.
fn browser(agent: &str) -> String {
    let named =
        |names: &[(&str, &'static str)]| names.iter().find(|(word, _)| agent.contains(word)).map(|(_, name)| *name);
    let system = named(&[
        ("Android", "安卓"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS", "macOS"),
        ("Linux", "Linux"),
    ]);
    let program = named(&[
        ("MicroMessenger", "微信"),
        ("Edg/", "Edge"),
        ("QQBrowser", "QQ 浏览器"),
        ("360", "360 浏览器"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
        ("Trident", "IE"),
    ]);
    match (program, system) {
        (None, None) => "别的程序".to_owned(),
        (program, system) => [program, system].into_iter().flatten().collect::<Vec<_>>().join("，"),
    }
}

/// Sessions as a table: since when, last seen, from where, with what, and the button that ends each by a form to `to`.
/// `people` says whose they are, where they are of several; `back` is the account whose page is come back to.
pub fn table(visit: &Visit<'_>, sessions: &[Session], to: &str, people: Option<&People>, back: Option<&str>) -> Markup {
    let own = visit.signed.map_or("", |signed| signed.session.token.as_str());
    let title = if people.is_some() || back.is_some() { "登录会话" } else { "我的登录" };
    html! {
        div.scroll tabindex="0" role="region" aria-label=(title) {
            table {
                thead { tr {
                    @if people.is_some() { th { "人员" } }
                    th { "登录" } th { "最近使用" } th { "来自" } th { "浏览器" } th { span.skip { "操作" } }
                } }
                tbody { @for session in sessions { tr {
                    @if let Some(people) = people {
                        td { a href=(format!("/admin/accounts/{}", session.account)) { (people.of(&session.account)) } }
                    }
                    td { (minute_of(session.began_at)) }
                    td { (minute_of(session.seen_at)) }
                    td { (session.address) }
                    td title=(session.agent) { (browser(&session.agent)) }
                    td { @if session.token == own { span.tag.good { "就是这里" } } @else {
                        form method="post" action=(to) {
                            (visit.form_token())
                            input type="hidden" name="session" value=(session.token);
                            @if let Some(account) = back { input type="hidden" name="account" value=(account); }
                            button.plain type="submit" { "结束" }
                        }
                    } }
                } } }
            }
        }
    }
}

/// `GET /sessions`
pub fn own(visit: &Visit<'_>) -> Result<Answer> {
    let Some(signed) = visit.signed else { return Err(Turned::NotFound.into()) };
    let sessions = visit.site.accounts.open_sessions(Some(&signed.account.id))?;
    let main = html! {
        h1 { "我的登录" }
        p { "在别的地方登录着、又不是自己的，请结束它，并且马上" a href="/password" { "修改口令" } "。" }
        (table(visit, &sessions, "/sessions/end", None, None))
    };
    Ok(visit.page("我的登录", main))
}

/// `POST /sessions/end`: one of one's own.
pub fn end_own(visit: &Visit<'_>) -> Result<Answer> {
    let Some(signed) = visit.signed else { return Err(Turned::NotFound.into()) };
    let token = visit.typed("session").unwrap_or_default();
    let all = visit.site.accounts.open_sessions(Some(&signed.account.id))?;
    if let Some(session) = all.iter().find(|session| session.token == token) {
        visit.site.accounts.end(&session.token)?;
        visit.note(Kind::Ended, "", "自己在别处的登录", "")?;
    }
    Ok(Answer::see("/sessions"))
}

/// `GET /admin/sessions`
pub fn all(visit: &Visit<'_>) -> Result<Answer> {
    let sessions = visit.site.accounts.open_sessions(None)?;
    let people = People::load(visit)?;
    let main = html! {
        (super::admin::trail("登录会话"))
        h1 { "登录会话" }
        p { "正登录着的 " (sessions.len()) " 个。结束以后立即生效，那台机器的下一次点击就回到登录页。" }
        (table(visit, &sessions, "/admin/sessions/end", Some(&people), None))
    };
    Ok(visit.page("登录会话", main))
}

/// `POST /admin/sessions/end`
pub fn end(visit: &Visit<'_>) -> Result<Answer> {
    let token = visit.typed("session").unwrap_or_default();
    let all = visit.site.accounts.open_sessions(None)?;
    if let Some(session) = all.iter().find(|session| session.token == token) {
        visit.site.accounts.end(&session.token)?;
        let account = visit.site.accounts.account(&session.account)?;
        let login = account.map_or(String::new(), |account| account.login);
        visit.note(Kind::Ended, "", &format!("{login} 的登录"), "")?;
    }
    Ok(Answer::see(match visit.typed("account") {
        Some(account) => format!("/admin/accounts/{}", super::answer::percent(account)),
        None => "/admin/sessions".to_owned(),
    }))
}

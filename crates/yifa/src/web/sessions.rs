//! Who is signed in where: one's own sessions for everybody, all of them for the administrator (登录会话).

use anyhow::Result;
use maud::{Markup, html};

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

/// The cells every list of sessions has: since when, last seen, from where, with what.
pub fn cells(session: &Session) -> Markup {
    html! {
        td { (minute_of(session.began_at)) }
        td { (minute_of(session.seen_at)) }
        td { (session.address) }
        td title=(session.agent) { (browser(&session.agent)) }
    }
}

/// The form that ends one.
fn ending(visit: &Visit<'_>, to: &str, session: &Session) -> Markup {
    html! {
        form method="post" action=(to) {
            (visit.form_token())
            input type="hidden" name="session" value=(session.token);
            button.plain type="submit" { "结束" }
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
        div.scroll tabindex="0" role="region" aria-label="我的登录" {
            table {
                thead { tr { th { "登录" } th { "最近使用" } th { "来自" } th { "浏览器" } th { span.skip { "操作" } } } }
                tbody {
                    @for session in &sessions {
                        tr {
                            (cells(session))
                            td {
                                @if session.token == signed.session.token { span.tag.good { "就是这里" } }
                                @else { (ending(visit, "/sessions/end", session)) }
                            }
                        }
                    }
                }
            }
        }
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
    let people = super::admin::people::People::load(visit)?;
    let own = visit.signed.map_or("", |signed| &signed.session.token);
    let main = html! {
        (super::admin::trail())
        h1 { "登录会话" }
        p { "正登录着的 " (sessions.len()) " 个。结束以后立即生效，那台机器的下一次点击就回到登录页。" }
        div.scroll tabindex="0" role="region" aria-label="登录会话" {
            table {
                thead { tr { th { "人员" } th { "登录" } th { "最近使用" } th { "来自" } th { "浏览器" } th { span.skip { "操作" } } } }
                tbody {
                    @for session in &sessions {
                        tr {
                            td { a href=(format!("/admin/accounts/{}", session.account)) { (people.of(&session.account)) } }
                            (cells(session))
                            td {
                                @if session.token == own { span.tag.good { "就是这里" } }
                                @else { (ending(visit, "/admin/sessions/end", session)) }
                            }
                        }
                    }
                }
            }
        }
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

//! The door: signing in and out, and one's own password (登录).

use std::sync::LazyLock;

use anyhow::Result;
use governor::DefaultKeyedRateLimiter;
use maud::{Markup, html};

use super::answer::Answer;
use super::layout::{done, problems};
use super::limits::keyed;
use super::server::cookie_name;
use super::site::Site;
use super::visit::Visit;
use crate::accounts::access::{Access, Kind};
use crate::accounts::account::{self, Account};
use crate::accounts::password::{Password, SHORTEST};
use crate::accounts::session::Session;
use crate::refused::{self, refuse};

/// Five tries at once, then one every two minutes, for a login from one address: whoever guesses is stopped, and whoever
/// owns the login comes in from his own machine all the same.
static GUESSES: LazyLock<DefaultKeyedRateLimiter<(String, String)>> = LazyLock::new(|| keyed(120, 5));
/// Forty tries from one address, whatever the logins: an office behind one address signs in at nine o'clock.
static ADDRESS: LazyLock<DefaultKeyedRateLimiter<String>> = LazyLock::new(|| keyed(15, 40));

/// A form that is not of this session.
pub fn expired() -> anyhow::Error {
    refuse(806, "这张表单已经过期，或者不是从本系统发出的", "请重新打开这一页再提交；填过的内容已经存为草稿")
}

/// The session a request belongs to, while it is open, and its account.
pub fn signed(site: &Site, token: Option<&str>, now: i64) -> Result<Option<(Session, Account)>> {
    let Some(token) = token else { return Ok(None) };
    let Some(session) = site.accounts.session(token)?.filter(|session| session.is_open(now)) else { return Ok(None) };
    let account = site.accounts.account(&session.account)?.filter(|account| account.closed_at.is_none());
    let Some(account) = account else { return Ok(None) };
    site.accounts.seen(&session, now)?;
    Ok(Some((session, account)))
}

/// `GET /sign-in`
pub fn form(visit: &Visit<'_>) -> Result<Answer> {
    if visit.signed.is_some() {
        return Ok(Answer::see("/"));
    }
    Ok(visit.page("登录", sign_in_form(visit, html! {})))
}

fn sign_in_form(visit: &Visit<'_>, said: Markup) -> Markup {
    let next = visit.query("next").or(visit.typed("next"));
    html! {
        div.door {
            h1 { (visit.site.folder.config.county) (visit.site.folder.config.town) br; "法治政府建设工作台" }
            (said)
            form method="post" action="/sign-in" {
                @if let Some(next) = next { input type="hidden" name="next" value=(next); }
                label { "登录名" input name="login" autocomplete="username" required autofocus value=[visit.typed("login")]; }
                label { "口令" input name="password" type="password" autocomplete="current-password" required; }
                button type="submit" { "登录" }
            }
            p.note { "账号由系统管理员建立。一小时没有操作会自动退出，填到一半的内容留作草稿。" }
        }
    }
}

/// So many addresses and logins are remembered before those that have waited long enough are let go.
const MANY: usize = 1000;

/// `POST /sign-in`
pub fn sign_in(visit: &Visit<'_>) -> Result<Answer> {
    let (login, password) = (visit.typed("login").unwrap_or_default(), typed_password(visit, "password"));
    let accounts = &visit.site.accounts;
    let address = visit.asked.address.clone();
    let again = |status: u16, error: anyhow::Error| -> Result<Answer> {
        let found = refused::problems(&error).unwrap_or_default();
        Ok(visit.page_with(status, "登录", sign_in_form(visit, problems(&found))))
    };
    // Neither limit remembers whom it would let in anyway: what is not asked for again is not kept.
    if ADDRESS.len() + GUESSES.len() > MANY {
        ADDRESS.retain_recent();
        GUESSES.retain_recent();
    }
    let login: &str = if login.chars().count() > account::LONGEST { "" } else { login };
    let in_time =
        ADDRESS.check_key(&address).is_ok() && GUESSES.check_key(&(login.to_owned(), address.clone())).is_ok();
    if !in_time {
        return again(429, refuse(805, "试得太频繁", "请过两分钟再试；忘了口令的，请系统管理员重设"));
    }
    let Some(account) = accounts.signs_in(login, password)? else {
        // The login is written down only where it is one: people type their password into the wrong box.
        let known = accounts.all()?.into_iter().find(|account| account.login == login);
        let account = known.map_or_else(String::new, |account| account.id);
        accounts.note(Kind::Refused, Access { account, address, ..Access::default() })?;
        return again(422, refuse(801, "登录名或者口令不对", "请核对后再试；忘了口令的，请系统管理员重设"));
    };
    let (token, _) = accounts.begin(&account.id, &address, &visit.asked.agent)?;
    accounts.note(Kind::SignIn, Access { account: account.id, address, ..Access::default() })?;
    let next = visit.typed("next").filter(|next| stays_here(next)).unwrap_or("/");
    Ok(Answer::see(next).with("set-cookie", cookie(visit.site.secure, &token)))
}

/// Passwords are taken as typed, spaces included.
fn typed_password<'a>(visit: &'a Visit<'_>, name: &'a str) -> &'a str {
    visit.typed_all(name).next().unwrap_or_default()
}

/// An address of this site and no other.
fn stays_here(next: &str) -> bool {
    let plain = next.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    plain && next.starts_with('/') && !next.starts_with("//")
}

fn cookie(secure: bool, token: &str) -> String {
    let tail = if secure { "; Secure" } else { "" };
    format!("{}={token}; Path=/; HttpOnly; SameSite=Lax{tail}", cookie_name(secure))
}

/// `POST /sign-out`
pub fn sign_out(visit: &Visit<'_>) -> Result<Answer> {
    if let Some(signed) = visit.signed {
        visit.site.accounts.end(&signed.session.token)?;
        visit.note(Kind::SignOut, "", "", "")?;
    }
    let gone = format!("{}; Max-Age=0", cookie(visit.site.secure, ""));
    Ok(Answer::see("/sign-in").with("set-cookie", gone))
}

/// `GET /password`
pub fn password(visit: &Visit<'_>) -> Result<Answer> {
    Ok(visit.page("修改口令", password_form(visit, html! {})))
}

fn password_form(visit: &Visit<'_>, said: Markup) -> Markup {
    let first = visit.signed.is_some_and(|signed| signed.account.must_change);
    html! {
        div.door {
            h1 { "修改口令" }
            @if first { p { "这个口令是别人给您的，请先换成只有您知道的。" } }
            (said)
            form method="post" action="/password" {
                (visit.form_token())
                label { "现在的口令" input name="old" type="password" autocomplete="current-password" required; }
                label { "新的口令" input name="new" type="password" autocomplete="new-password" minlength=(SHORTEST) required; }
                label { "再写一遍" input name="again" type="password" autocomplete="new-password" required; }
                button type="submit" { "修改" }
            }
            p.note { a href="/sessions" { "看看我在哪里登录着" } }
            p.note { "至少 " (SHORTEST) " 个字符，几个不相干的词连起来写就好记。修改以后，别处的登录都会退出。" }
        }
    }
}

/// `POST /password`
pub fn set_password(visit: &Visit<'_>) -> Result<Answer> {
    let Some(signed) = visit.signed else { return Err(expired()) };
    let accounts = &visit.site.accounts;
    let again = |error: anyhow::Error| -> Result<Answer> {
        let Some(found) = refused::problems(&error) else { return Err(error) };
        Ok(visit.page_with(422, "修改口令", password_form(visit, problems(&found))))
    };
    let (old, new) = (typed_password(visit, "old"), typed_password(visit, "new"));
    if GUESSES.check_key(&(signed.account.login.clone(), visit.asked.address.clone())).is_err() {
        return again(refuse(805, "试得太频繁", "请过两分钟再试"));
    }
    if accounts.signs_in(&signed.account.login, old)?.is_none() {
        return again(refuse(801, "现在的口令不对", "请再写一遍现在的口令；忘了的，请系统管理员重设"));
    }
    if new != typed_password(visit, "again") {
        return again(refuse(804, "两遍新的口令不一样", "请把新的口令再写两遍"));
    }
    if new == old {
        return again(refuse(804, "新的口令与现在的一样", "请换一个"));
    }
    let password = match Password::chosen(new, &[&signed.account.login, &signed.name]) {
        Ok(password) => password,
        Err(error) => return again(error),
    };
    accounts.set_password(&signed.account.id, &password, false)?;
    accounts.end_all(&signed.account.id, &signed.session.token)?;
    visit.note(Kind::Account, "", "修改自己的口令", "")?;
    Ok(visit.page(
        "修改口令",
        html! { div.door { (done("口令已经修改，别处的登录都已退出。")) p { a href="/" { "回到首页" } } } },
    ))
}

//! The door: signing in and out, and one's own password (登录).

use std::sync::{Arc, LazyLock};

use anyhow::Result;
use engine::day::Day;
use maud::{Markup, html};

use super::answer::Answer;
use super::layout::{done, problems};
use super::limits::{Failures, one_place};
use super::places;
use super::server::{cookie_name, known_name};
use super::site::Site;
use super::visit::{Signed, Visit};
use crate::accounts::access::{Access, KEPT, Kind};
use crate::accounts::account::{self, Account};
use crate::accounts::password::{Password, SHORTEST};
use crate::accounts::session::Session;
use crate::ambient::{Ambient, System};
use crate::folder::Config;
use crate::policy::Who;
use crate::refused::{self, refuse};
use crate::storage::Db;

/// Five failures at once, then one a minute, for a login from one place: whoever guesses is stopped, and whoever owns the
/// login comes in from where he came in before all the same.
static GUESSES: LazyLock<Failures<(String, String)>> = LazyLock::new(|| Failures::new(5, 60_000));
/// Forty failures from one address, whatever the logins, then one every fifteen seconds.
static ADDRESS: LazyLock<Failures<String>> = LazyLock::new(|| Failures::new(40, 15_000));

/// A form that is not of this session.
pub fn expired() -> anyhow::Error {
    refuse(
        806,
        "这张表单已经过期，或者不是从本系统发出的",
        "这一次提交的没有记入，也没有存下。请用浏览器退回刚才的页面，抄下填的内容，再重新打开这一页提交",
    )
}

/// The session a request belongs to, while it is open, and its account: of this site, or else of the county above.
pub fn signed(site: &Site, token: Option<&str>, now: i64) -> Result<Option<Signed>> {
    let Some(token) = token else { return Ok(None) };
    if let Some((session, account)) = open_at(site, token, now)? {
        return Ok(Some(Signed { session, account, from_above: false }));
    }
    let Some(above) = site.above() else { return Ok(None) };
    let found = open_at(&above, token, now)?;
    Ok(found.map(|(session, account)| Signed { session, account, from_above: true }))
}

fn open_at(site: &Site, token: &str, now: i64) -> Result<Option<(Session, Account)>> {
    let signed = site.accounts.signed(token)?;
    let open = |(session, account): &(Session, Account)| session.is_open(now) && account.closed_at.is_none();
    let Some((session, account)) = signed.filter(open) else { return Ok(None) };
    site.accounts.seen(&session, now)?;
    Ok(Some((session, account)))
}

/// What somebody signed in may do here: what he was granted, or, from the county above, to look as its inspectors do.
pub fn who(site: &Site, db: &Db, signed: &Signed, today: Day) -> Result<Arc<Who>> {
    if !signed.from_above {
        return site.who(db, &signed.account.person, today);
    }
    let Some(above) = site.above() else { return Ok(Arc::default()) };
    let there = above.who(&*above.reader()?, &signed.account.person, today)?;
    let looks = there.may_look_below();
    Ok(Arc::new(if looks { Who::in_role("inspector") } else { Who::default() }))
}

/// The session of a browser that is over only because its time ran out: nobody signed out of it or ended it.
pub fn ran_out(visit: &Visit<'_>) -> Result<Option<Session>> {
    let token = visit.asked.token.as_deref().filter(|_| visit.signed.is_none());
    let session = token.map(|token| visit.site.accounts.session(token)).transpose()?.flatten();
    Ok(session.filter(|session| session.ended_at.is_none()))
}

/// `GET /sign-in`
pub fn form(visit: &Visit<'_>) -> Result<Answer> {
    if visit.signed.is_some() {
        return Ok(Answer::see("/"));
    }
    Ok(visit.page("登录", sign_in_form(visit, html! {})?))
}

/// That the session ran out, and what became of what was sent with it.
fn over(visit: &Visit<'_>, next: Option<&str>) -> Result<Markup> {
    let Some(session) = ran_out(visit)? else { return Ok(html! {}) };
    let query = next.and_then(|next| next.split_once('?')).map_or("", |(_, query)| query);
    let draft = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "draft").map(|(_, draft)| draft);
    let kept = draft.map(|draft| visit.site.accounts.unfinished(&session.account, &draft)).transpose()?.flatten();
    Ok(html! {
        p.wait role="status" { "登录已经过期（一小时没有操作，或者满了十二小时），请重新登录。"
            @if kept.is_some() { "刚才填的已经存为草稿，还没有记入；登录以后回到那张表单，接着填。" }
            @else { "登录以后回到刚才的页面；刚才提交过表单的，那一次没有办成，请在那里重新提交。" }
        }
    })
}

fn sign_in_form(visit: &Visit<'_>, said: Markup) -> Result<Markup> {
    let next = visit.query("next").or(visit.typed("next"));
    let over = over(visit, next)?;
    let Config { county, town, .. } = &visit.site.folder.config;
    Ok(html! {
        div.door {
            h1 { @if !town.starts_with(county.as_str()) { (county) } (town) br; "法治政府建设工作台" }
            (over)
            (said)
            form method="post" action="/sign-in" {
                @if let Some(next) = next { input type="hidden" name="next" value=(next); }
                label { "登录名" input name="login" autocomplete="username" required autofocus value=[visit.typed("login")]; }
                label { "口令" input name="password" type="password" autocomplete="current-password" required; }
                button type="submit" { "登录" }
            }
            p.note { "账号由系统管理员建立。一小时没有操作会自动退出，填到一半的内容留作草稿。" }
            (places::doors(visit))
        }
    })
}

/// So many sessions of others that a browser had before are remembered by it, for a machine that several use.
const OTHERS: usize = 3;

/// The session by which a browser is known to have come in under this login before. Whoever guesses at the same address has
/// none, so that what he fails does not count against it.
fn known<'v>(visit: &'v Visit<'_>, login: &str) -> Result<Option<&'v str>> {
    for token in visit.asked.known.split('.').take(OTHERS + 1) {
        if visit.site.accounts.came_in(login, token)? {
            return Ok(Some(token));
        }
    }
    Ok(None)
}

/// `POST /sign-in`
pub fn sign_in(visit: &Visit<'_>) -> Result<Answer> {
    let (login, password) = (visit.typed("login").unwrap_or_default(), typed_password(visit, "password"));
    let accounts = &visit.site.accounts;
    let address = visit.asked.address.clone();
    let again = |status: u16, error: anyhow::Error| -> Result<Answer> {
        let found = refused::problems(&error).unwrap_or_default();
        Ok(visit.page_with(status, "登录", sign_in_form(visit, problems(&found))?))
    };
    let login: &str = if login.chars().count() > account::LONGEST { "" } else { login };
    let (now, known) = (System.now(), known(visit, login)?);
    let place = address.parse().map_or_else(|_| address.clone(), |address| one_place(address).to_string());
    let key = (login.to_owned(), known.unwrap_or(&place).to_owned());
    let mut in_time = GUESSES.tries(key.clone(), now);
    if in_time && known.is_none() && !ADDRESS.tries(place.clone(), now) {
        GUESSES.take_back(&key);
        in_time = false;
    }
    if !in_time {
        return again(429, refuse(805, "试错得太频繁", "请过一分钟再试；忘了口令的，请系统管理员重设"));
    }
    let Some(account) = accounts.signs_in(login, password)? else {
        // The login is written down only where it is one: people type their password into the wrong box.
        let known = accounts.all()?.into_iter().find(|account| account.login == login);
        let account = known.map_or_else(String::new, |account| account.id);
        accounts.note(Kind::Refused, Access { account, address, ..Access::default() })?;
        return again(422, refuse(801, "登录名或者口令不对", "请核对后再试；忘了口令的，请系统管理员重设"));
    };
    GUESSES.forget(&key);
    GUESSES.forget(&(login.to_owned(), place.clone()));
    if known.is_none() {
        ADDRESS.take_back(&place);
    }
    let (token, session) = accounts.begin(&account.id, &address, &visit.asked.agent)?;
    accounts.note(Kind::SignIn, Access { account: account.id, address, ..Access::default() })?;
    let next = visit.typed("next").filter(|next| stays_here(next)).unwrap_or("/");
    let mut came_in = vec![session.token.as_str()];
    for other in visit.asked.known.split('.').filter(|token| !token.is_empty()).take(OTHERS + 1) {
        if came_in.len() <= OTHERS && !accounts.came_in(login, other)? {
            came_in.push(other);
        }
    }
    let known = set_cookie(visit.site.secure, known_name(visit.site.secure), &came_in.join("."));
    let known = format!("{known}; Max-Age={}", KEPT / 1000);
    Ok(Answer::see(next).with("set-cookie", cookie(visit.site.secure, &token)).with("set-cookie", known))
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
    set_cookie(secure, cookie_name(secure), token)
}

fn set_cookie(secure: bool, name: &str, value: &str) -> String {
    let tail = if secure { "; Secure" } else { "" };
    format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{tail}")
}

/// `POST /sign-out`
pub fn sign_out(visit: &Visit<'_>) -> Result<Answer> {
    let Some(signed) = visit.signed else { return Err(expired()) };
    let left = leave(visit, &signed.session)?;
    visit.note(Kind::SignOut, "", "", "")?;
    Ok(left)
}

/// Ends the session of the browser, also one whose time ran out: nothing more is kept by it.
pub fn leave(visit: &Visit<'_>, session: &Session) -> Result<Answer> {
    visit.site.accounts.end(&session.token)?;
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
    // By the session: what others fail at the door does not count against it.
    let key = (signed.account.login.clone(), signed.session.token.clone());
    if !GUESSES.tries(key.clone(), System.now()) {
        return again(refuse(805, "试错得太频繁", "请过一分钟再试"));
    }
    if accounts.signs_in(&signed.account.login, old)?.is_none() {
        return again(refuse(801, "现在的口令不对", "请再写一遍现在的口令；忘了的，请系统管理员重设"));
    }
    GUESSES.forget(&key);
    if new != typed_password(visit, "again") {
        return again(refuse(804, "两遍新的口令不一样", "请把新的口令再写两遍"));
    }
    if new == old {
        return again(refuse(804, "新的口令与现在的一样", "请换一个"));
    }
    let password = match Password::chosen(new, &[&signed.account.login, &visit.name()]) {
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

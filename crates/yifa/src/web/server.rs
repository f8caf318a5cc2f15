//! HTTP around the pages: bodies with limits, sessions, headers, timeouts, one log line a request (服务).

use std::net::{IpAddr, SocketAddr};
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Result;
use axum::Router;
use axum::extract::rejection::RawPathParamsRejection;
use axum::extract::{ConnectInfo, FromRequest, Multipart, RawPathParams, Request, State};
use axum::http::{HeaderMap, HeaderName, header};
use axum::response::Response;
use axum::routing::{MethodFilter, on};
use tokio::io::AsyncWriteExt;
use tokio::sync::Semaphore;
use tower_http::CompressionLevel;
use tower_http::compression::CompressionLayer;

use super::answer::{Answer, Turned, percent};
use super::layout;
use super::limits::Dear;
use super::routes::{Door, Method, ROUTES, Route, page_of};
use super::send;
use super::site::{KNOCKS, READERS, Site, WRITERS};
use super::visit::{Asked, Pairs, Upload, Visit, first};
use crate::ambient::{Ambient, System, day_of};
use crate::policy::Who;
use crate::refused::refuse;
use crate::storage;

/// Most bytes of a form without files.
const LARGEST_FORM: usize = 2 << 20;
/// The same of somebody who has not signed in.
const SMALLEST_FORM: usize = 16 << 10;
/// Most fields and values of a form.
const MOST_PAIRS: usize = 5_000;
/// Most bytes of a form with files, one file more or less the largest attachment.
const LARGEST_UPLOAD: u64 = crate::attachment::LARGEST + (8 << 20);
/// How a form says that it brings files.
const WITH_FILES: &str = "multipart/form-data";
/// Most files of one form.
const MOST_FILES: usize = 50;
/// How long a form may take to arrive: a photo over a village's line takes minutes.
const ARRIVAL: Duration = Duration::from_secs(15 * 60);
/// The same of somebody who has not signed in.
const KNOCK: Duration = Duration::from_secs(20);
/// How long a page may take.
const PATIENCE: Duration = Duration::from_secs(120);

/// A site being served.
struct Service {
    site: Arc<Site>,
    /// A page waits here for a reader, and holds no thread meanwhile.
    turns: Arc<Semaphore>,
    /// Steps are written in groups: some wait for the disk at once, each with a reader of its own.
    writes: Arc<Semaphore>,
    /// A password takes a tenth of a second of a processor to check: whoever signs in waits for others who do, and
    /// nobody's step waits for them.
    knocks: Arc<Semaphore>,
}

/// All routes of a site.
pub fn router(site: Arc<Site>) -> Router {
    let places = |most: usize| Arc::new(Semaphore::new(most));
    let (turns, writes, knocks) = (places(READERS), places(WRITERS), places(KNOCKS));
    let service = Arc::new(Service { site, turns, writes, knocks });
    let mut router = Router::new();
    for route in ROUTES {
        let filter = match route.method {
            Method::Get => MethodFilter::GET,
            Method::Post => MethodFilter::POST,
        };
        let handler =
            move |State(service), ConnectInfo(peer), params, request| serve(service, route, peer, params, request);
        router = router.route(route.path, on(filter, handler));
    }
    let instead = |route: &'static Route| {
        move |State(service): State<Arc<Service>>, ConnectInfo(peer), request: Request| async move {
            let (parts, _) = request.into_parts();
            let asked = from_head(&service.site, peer, &parts);
            finish(service, route, asked, Instant::now()).await
        }
    };
    router
        .fallback(instead(&MISSING))
        .method_not_allowed_fallback(instead(&OTHERWISE))
        // What a form may hold is bounded where it is read.
        .layer(axum::extract::DefaultBodyLimit::disable())
        .layer(CompressionLayer::new().gzip(true).quality(CompressionLevel::Best))
        .with_state(service)
}

const fn instead(path: &'static str, page: fn(&Visit<'_>) -> Result<Answer>) -> Route {
    Route { method: Method::Get, path, door: Door::Open, page }
}

/// The page for an address that is none.
const MISSING: Route = instead("（没有这一页）", |_| Err(Turned::NotFound.into()));
/// The page for an address that is asked in a way it has no answer to.
const OTHERWISE: Route = instead("（不能这样打开）", |_| Err(Turned::Otherwise.into()));
/// The page for an address that is no text.
const UNREADABLE: Route = instead("（地址写得不对）", |_| Err(Turned::Unreadable.into()));

async fn serve(
    service: Arc<Service>,
    route: &'static Route,
    peer: SocketAddr,
    params: Result<RawPathParams, RawPathParamsRejection>,
    request: Request,
) -> Response {
    let began = Instant::now();
    let (parts, body) = request.into_parts();
    let mut asked = from_head(&service.site, peer, &parts);
    let Ok(params) = params else { return finish(service, &UNREADABLE, asked, began).await };
    asked.params = params.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    if route.method == Method::Post {
        let kind = parts.headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        if route.door == Door::Open && kind.starts_with(WITH_FILES) {
            // Nobody who is not signed in puts files on this disk.
            return turned(&service.site, asked, broken(), began);
        }
        match admitted(&service, route, &asked, &parts.headers).await {
            Ok(true) => {}
            // The body stays where it is: whoever is not signed in is sent to the door.
            Ok(false) => return finish(service, route, asked, began).await,
            Err(error) => return turned(&service.site, asked, error, began),
        }
        let request = Request::from_parts(parts, body);
        // Whoever is not known has a login to send and nothing else.
        let (arrival, largest) =
            if route.door == Door::Open { (KNOCK, SMALLEST_FORM) } else { (ARRIVAL, LARGEST_FORM) };
        match tokio::time::timeout(arrival, from_body(&service.site, request, largest, &mut asked)).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => return turned(&service.site, asked, error, began),
            Err(_) => return turned(&service.site, asked, too_slow(), began),
        }
    }
    finish(service, route, asked, began).await
}

/// Whether the body of a form is taken at all, where it is dear: who is not signed in fills no disk here, and who sends
/// much waits his turn.
async fn admitted(service: &Service, route: &Route, asked: &Asked, headers: &HeaderMap) -> Result<bool> {
    let Some(dear) = Dear::of(route, length_of(headers)).filter(|_| route.door != Door::Open) else { return Ok(true) };
    let (site, token) = (service.site.clone(), asked.token.clone());
    // A session that ran out still says whose the form is: what was typed into it is kept.
    let known = move || token.map_or(Ok(None), |token| site.accounts.session(&token));
    let session = tokio::task::spawn_blocking(known).await??.filter(|session| session.ended_at.is_none());
    let Some(session) = session else { return Ok(false) };
    match dear.allows(&session.account) {
        true => Ok(true),
        false => Err(refuse(805, "提交得太频繁", "请回到刚才的页面，过一两分钟再提交")),
    }
}

/// How long a form says it is.
fn length_of(headers: &HeaderMap) -> Option<u64> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

fn too_slow() -> anyhow::Error {
    refuse(811, "提交的内容很久没有传完", "线路慢的，请压缩附件或者分几次提交；请回到刚才的页面再试")
}

/// What the head of a request says.
fn from_head(site: &Site, peer: SocketAddr, parts: &axum::http::request::Parts) -> Asked {
    let text = |name: HeaderName| parts.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    // The last one is the one our own proxy wrote; what stands before it anybody can write.
    let forwarded =
        || text(HeaderName::from_static("x-forwarded-for")).rsplit(',').next()?.trim().parse::<IpAddr>().ok();
    let address = site.proxied.then(forwarded).flatten().unwrap_or(peer.ip());
    let cookies = parts.headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let cookies: Vec<_> =
        cookies.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('=')).collect();
    let cookie = |name: &str| cookies.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
    Asked {
        path: parts.uri.path().to_owned(),
        query: pairs(parts.uri.query().unwrap_or_default().as_bytes()),
        token: cookie(cookie_name(site.secure)),
        known: cookie(known_name(site.secure)).unwrap_or_default(),
        head: parts.method == axum::http::Method::HEAD,
        bearer: text(header::AUTHORIZATION).strip_prefix("Bearer ").unwrap_or_default().to_owned(),
        address: address.to_string(),
        agent: text(header::USER_AGENT).to_owned(),
        piece: parts.headers.contains_key("x-yifa-piece"),
        id: System.id().to_string()[24..].to_owned(),
        ..Asked::default()
    }
}

fn pairs(bytes: &[u8]) -> Pairs {
    form_urlencoded::parse(bytes).map(|(key, value)| (key.into_owned(), value.into_owned())).collect()
}

/// The name of the session's cookie. With `__Host-` a browser takes it over TLS only, and from nobody but this host.
pub fn cookie_name(secure: bool) -> &'static str {
    if secure { "__Host-yifa" } else { "yifa" }
}

/// The name of the cookie by which a browser says under which logins it came in before.
pub fn known_name(secure: bool) -> &'static str {
    if secure { "__Host-yifa-known" } else { "yifa-known" }
}

/// Reads a form, and puts its files on disk.
async fn from_body(site: &Site, request: Request, largest: usize, asked: &mut Asked) -> Result<()> {
    same_site(request.headers())?;
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if !kind.starts_with(WITH_FILES) {
        let too_large = || refuse(811, "提交的内容太大", "请分几次提交；长的文字请作为附件");
        if length_of(request.headers()).is_some_and(|length| length > largest as u64) {
            // What says itself that it is too large is not waited for.
            return Err(too_large());
        }
        let body = axum::body::to_bytes(request.into_body(), largest).await.map_err(|_| too_large())?;
        asked.form = pairs(&body);
        return few(&asked.form);
    }
    let incoming = site.folder.incoming();
    tokio::fs::create_dir_all(&incoming).await.map_err(|error| crate::folder::cannot_write(&incoming, &error))?;
    let mut parts = Multipart::from_request(request, &()).await.map_err(|_| broken())?;
    let (mut length, mut text_length) = (0_u64, 0);
    while let Some(mut part) = parts.next_field().await.map_err(|_| broken())? {
        let field = part.name().unwrap_or_default().to_owned();
        let Some(name) = part.file_name().map(str::to_owned) else {
            let mut text = Vec::new();
            while let Some(chunk) = part.chunk().await.map_err(|_| broken())? {
                text_length += chunk.len();
                if text_length > LARGEST_FORM {
                    return Err(refuse(811, "提交的文字太多", "请分几次提交；长的文字请作为附件"));
                }
                text.extend_from_slice(&chunk);
            }
            asked.form.push((field, String::from_utf8_lossy(&text).into_owned()));
            few(&asked.form)?;
            continue;
        };
        if asked.uploads.len() >= MOST_FILES {
            return Err(refuse(811, format!("一次最多 {MOST_FILES} 个附件"), "请分几次提交"));
        }
        let path = incoming.join(System.id().to_string());
        let mut file =
            tokio::fs::File::create(&path).await.map_err(|error| crate::folder::cannot_write(&path, &error))?;
        let mut upload = Upload { field, name, path, bytes: 0 };
        while let Some(chunk) = part.chunk().await.map_err(|_| broken())? {
            length += chunk.len() as u64;
            if length > LARGEST_UPLOAD {
                return Err(refuse(811, "附件太大", "请压缩，或者分几次提交"));
            }
            upload.bytes += chunk.len() as u64;
            let written = file.write_all(&chunk).await;
            written.map_err(|error| crate::folder::cannot_write(&upload.path, &error))?;
        }
        file.flush().await.map_err(|error| crate::folder::cannot_write(&upload.path, &error))?;
        // A file field left empty comes as a file without name or bytes.
        if !upload.name.is_empty() {
            asked.uploads.push(upload);
        }
    }
    Ok(())
}

/// A form has as many fields as a definition, and values as a person types.
fn few(form: &Pairs) -> Result<()> {
    if form.len() <= MOST_PAIRS {
        return Ok(());
    }
    Err(refuse(811, format!("一张表单最多 {MOST_PAIRS} 项"), "请分几次提交；成批的请用表格导入"))
}

fn broken() -> anyhow::Error {
    refuse(811, "提交的内容没有传完", "多半是线路断了，请回到刚才的页面再提交一次")
}

/// A form sent from another site is refused by what the browser itself says of it; the token in the form is the second
/// lock.
fn same_site(headers: &HeaderMap) -> Result<()> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let foreign = match (text("sec-fetch-site"), text("origin"), text("host")) {
        (Some(site), ..) => !matches!(site, "same-origin" | "none"),
        (None, Some(origin), Some(host)) => origin.split_once("://").is_none_or(|(_, from)| from != host),
        _ => false,
    };
    if foreign { Err(super::door::expired()) } else { Ok(()) }
}

/// Runs the page on a thread of its own and sends what it says.
async fn finish(service: Arc<Service>, route: &'static Route, asked: Asked, began: Instant) -> Response {
    let turns = match (route.method, route.door) {
        (Method::Get, _) => &service.turns,
        (Method::Post, Door::Open) => &service.knocks,
        (Method::Post, _) => &service.writes,
    };
    // Nobody closes the semaphore.
    let turn = turns.clone().acquire_owned().await;
    let site = service.site.clone();
    let id = asked.id.clone();
    let page = tokio::task::spawn_blocking(move || {
        // Kept until the page has run, also where nobody waits for it any more.
        let _turn = turn;
        let ran = std::panic::catch_unwind(AssertUnwindSafe(|| answer(&site, route, &asked)));
        ran.unwrap_or_else(|_| layout::fault(&asked.id))
    });
    let answer = match tokio::time::timeout(PATIENCE, page).await {
        Ok(Ok(answer)) => answer,
        Err(_) if route.method == Method::Post => layout::late(&id),
        _ => layout::fault(&id),
    };
    log(&service.site, &id, route, answer.status, began);
    send::answer(answer, &id, service.site.secure).await
}

fn turned(site: &Site, asked: Asked, error: anyhow::Error, began: Instant) -> Response {
    let answer = layout::alone(error, &asked.id);
    log(site, &asked.id, &MISSING, answer.status, began);
    send::plain(answer, &asked.id, site.secure)
}

fn log(site: &Site, id: &str, route: &Route, status: u16, began: Instant) {
    let micros = began.elapsed().as_micros() as u64;
    site.metrics.answered(route, status, micros);
    // The pattern and not the address: an address may name a record, a query what somebody searched for.
    tracing::info!(request = id, method = ?route.method, route = route.path, status, micros, "answered");
}

/// Who asks, whether he may come in here, and the page.
fn answer(site: &Site, route: &Route, asked: &Asked) -> Answer {
    let ran = storage::ran();
    let now = System.now();
    let signed = match super::door::signed(site, asked.token.as_deref(), now) {
        Ok(signed) => signed,
        Err(error) => return layout::alone(error, &asked.id),
    };
    let inside = || -> Result<Answer> {
        let db = site.reader()?;
        let today = day_of(now);
        let (who, signed) = match signed {
            Some(signed) => (super::door::who(site, &db, &signed, today)?, Some(signed)),
            None => (Arc::new(Who::default()), None),
        };
        let sets = site.sets(&db)?;
        let visit = Visit { site, db: &db, sets: &sets, asked, signed: signed.as_ref(), who, today };
        // A page reads one moment. What a form does is judged by the writer, at the moment it is written.
        let is_page = route.method == Method::Get;
        if is_page {
            visit.begin()?;
        }
        let mut answer = enter(route, &visit).unwrap_or_else(|error| layout::failed(&visit, error));
        visit.end()?;
        // Of what is refused nothing is told: a statement more or less would say that a record, or a login, is there.
        if is_page && answer.status == 200 && visit.signed.is_some() {
            answer = answer.with("server-timing", format!("db;desc=\"{} statements\"", storage::ran() - ran));
        }
        Ok(answer)
    };
    inside().unwrap_or_else(|error| layout::alone(error, &asked.id))
}

fn enter(route: &Route, visit: &Visit<'_>) -> Result<Answer> {
    let Some(signed) = visit.signed else {
        if route.door == Door::Open {
            return (route.page)(visit);
        }
        if route.path == "/sign-out"
            && let Some(session) = super::door::ran_out(visit)?.filter(|session| session.form == form_of(visit))
        {
            return super::door::leave(visit, &session);
        }
        // What was typed while the session ran out is kept before its owner is asked to sign in again.
        let kept = if route.method == Method::Post { super::form::rescue(visit)? } else { None };
        let to = if route.path == "/sign-out" { "/" } else { page_of(&visit.asked.path) };
        let sign_in = || Answer::see(format!("/sign-in?next={}", percent(to)));
        return Ok(kept.unwrap_or_else(sign_in));
    };
    if route.method == Method::Post && route.door != Door::Open {
        let token = form_of(visit);
        if token.is_empty() || token != signed.session.form {
            return super::form::rescue(visit)?.ok_or_else(super::door::expired);
        }
    }
    // Whoever comes from above looks, and does nothing here in anybody's name.
    let does = signed.from_above && (route.method == Method::Post || route.path == "/password");
    if does || !route.door.lets_in(&visit.who) {
        return Err(Turned::Forbidden.into());
    }
    if signed.account.must_change && !matches!(route.path, "/password" | "/sign-out") && route.door != Door::Open {
        return Ok(Answer::see("/password"));
    }
    (route.page)(visit)
}

/// The token a form brings.
fn form_of<'v>(visit: &'v Visit<'_>) -> &'v str {
    first(&visit.asked.form, "form").unwrap_or_default()
}

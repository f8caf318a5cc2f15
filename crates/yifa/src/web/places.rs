//! A county's server: its own pages and those of each township it holds (县级站点).
//!
//! Every address means the same in every township; which one is meant, the browser says by a cookie. `/at/NAME/…` is the
//! address of a page of one township: it sets the cookie and leads there, so that it can be written down and sent. `/at/-/…`
//! is the county's own. A session belongs to one journal, and no other opens by it.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use tower::ServiceExt;

use super::server;
use super::site::Site;
use super::visit::Visit;

/// The county itself.
const OWN: &str = "-";
/// Says at which place a browser is.
const COOKIE: &str = "yifa-place";
/// What machines ask for: they keep no cookie and follow nobody.
const MACHINES: [&str; 4] = ["/health", "/metrics", "/journal/feed/", "/journal/witnesses"];

/// All places of a server.
struct Places {
    own: Router,
    towns: BTreeMap<String, Router>,
    secure: bool,
}

/// The routes of a site, and of the townships it holds.
pub fn router(site: Arc<Site>) -> Router {
    let own = server::router(site.clone());
    if site.towns.is_empty() {
        return own;
    }
    let towns = site.towns.iter().map(|(name, town)| (name.clone(), server::router(town.clone()))).collect();
    Router::new().fallback(lead).with_state(Arc::new(Places { own, towns, secure: site.secure }))
}

async fn lead(
    State(places): State<Arc<Places>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    mut request: Request,
) -> Response {
    request.extensions_mut().insert(ConnectInfo(peer));
    let path = request.uri().path().to_owned();
    let router = match path.strip_prefix("/at/") {
        None => cookie(request.headers()).and_then(|name| places.towns.get(name)).unwrap_or(&places.own),
        Some(named) => {
            let (name, rest) = named.split_once('/').unwrap_or((named, ""));
            let Some(router) = places.of(name) else {
                return places.own.clone().oneshot(request).await.into_response();
            };
            let query = request.uri().query().map_or_else(String::new, |query| format!("?{query}"));
            let rest = format!("/{}{query}", rest.trim_start_matches('/'));
            let machine = MACHINES.iter().any(|of| rest.starts_with(of));
            if !machine {
                return places.enter(name, &rest);
            }
            // What cannot be an address any more is none.
            let Ok(uri) = rest.parse::<Uri>() else { return StatusCode::BAD_REQUEST.into_response() };
            *request.uri_mut() = uri;
            router
        }
    };
    router.clone().oneshot(request).await.into_response()
}

fn cookie(headers: &HeaderMap) -> Option<&str> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == COOKIE).map(|(_, value)| value)
}

impl Places {
    fn of(&self, name: &str) -> Option<&Router> {
        if name == OWN { Some(&self.own) } else { self.towns.get(name) }
    }

    /// Leads to a page of a place, and keeps the browser there.
    fn enter(&self, name: &str, to: &str) -> Response {
        let tail = if self.secure { "; Secure" } else { "" };
        let kept = format!("{COOKIE}={name}; Path=/; HttpOnly; SameSite=Lax{tail}");
        let (Ok(kept), Ok(to)) = (HeaderValue::from_str(&kept), HeaderValue::from_str(to)) else {
            return StatusCode::BAD_REQUEST.into_response();
        };
        let mut answer = StatusCode::SEE_OTHER.into_response();
        answer.headers_mut().insert(header::LOCATION, to);
        answer.headers_mut().insert(header::SET_COOKIE, kept);
        answer.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        answer
    }
}

/// The address of a page of a township.
pub fn address(name: &str, path: &str) -> String {
    format!("/at/{name}{path}")
}

/// The other doors of a county's server, for whoever stands before the wrong one.
pub fn doors(visit: &Visit<'_>) -> Markup {
    let site = visit.site;
    html! {
        @if !site.towns.is_empty() {
            nav.doors aria-label="各乡镇" {
                p.note { "各乡镇从这里进：" }
                ul { @for (name, town) in &site.towns { li { a href=(address(name, "/")) { (town.folder.config.town) } } } }
            }
        } @else if site.above().is_some() {
            p.note { a href=(address(OWN, "/sign-in")) { "换一个单位" } }
        }
    }
}

//! `/health`, `/metrics`: for whoever keeps the machine running; neither says anything of a case (运行状况).

use anyhow::Result;

use super::answer::{Answer, Body, Turned};
use super::metrics::Gauge;
use super::visit::Visit;
use crate::storage::log::Head;

fn plain(text: String, status: u16) -> Answer {
    let headers = vec![("content-type", "text/plain; version=0.0.4; charset=utf-8".to_owned())];
    Answer { status, headers, body: Body::Bytes(text.into_bytes()) }
}

/// `GET /health`: whether steps can be taken, and not a word more, because anybody may ask.
pub fn health(visit: &Visit<'_>) -> Result<Answer> {
    Ok(match visit.site.is_well() {
        true => plain("ok\n".to_owned(), 200),
        false => plain("not ok\n".to_owned(), 503),
    })
}

/// `GET /metrics`: for whoever has the token of `yifa.toml`, and for the administrator; for others there is no such page. An
/// address alone says nothing: what a proxy on this machine passes on comes from this machine.
pub fn metrics(visit: &Visit<'_>) -> Result<Answer> {
    let token = visit.site.folder.config.metrics_token.as_deref();
    let known = token.is_some_and(|token| !token.is_empty() && alike(token, &visit.asked.bearer));
    if !known && !visit.who.administers() {
        return Err(Turned::NotFound.into());
    }
    let gauge = |name, help, value| Gauge { name, help, value };
    let file = |name: &str| std::fs::metadata(visit.site.folder.path.join(name)).map_or(0, |about| about.len());
    let gauges = [
        gauge("yifa_journal_entries", "Entries in the journal.", Head::load(visit.db)?.size()),
        gauge(
            "yifa_journal_bytes",
            "Bytes of the database, its log included.",
            file("journal.db") + file("journal.db-wal"),
        ),
        gauge(
            "yifa_sessions_open",
            "Sessions that still open something.",
            visit.site.accounts.open_sessions(None)?.len() as u64,
        ),
        gauge("yifa_up", "1 where steps can be taken.", u64::from(visit.site.is_well())),
    ];
    Ok(plain(visit.site.metrics.text(&gauges), 200))
}

/// Compares every byte, so that the time it takes tells nothing of the token.
pub(super) fn alike(one: &str, other: &str) -> bool {
    let differs = one.bytes().zip(other.bytes()).fold(0, |all, (a, b)| all | (a ^ b));
    one.len() == other.len() && differs == 0
}

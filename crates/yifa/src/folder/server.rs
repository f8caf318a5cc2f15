//! A township's place on a server that holds many (县级数据库).

use std::collections::HashSet;
use std::sync::{LazyLock, Mutex, PoisonError};

use anyhow::Result;

use super::Town;
use crate::refused::refuse;
use crate::storage::postgres::{Purpose, Target, Url, check};
use crate::storage::{Db, params};

/// Opens the township's part of the database, which was looked at when this program first came there.
pub(super) fn open(url: &Url, origin: &str, purpose: Purpose) -> Result<Db> {
    static SEEN: LazyLock<Mutex<HashSet<(String, String)>>> = LazyLock::new(Mutex::default);
    let seen = || SEEN.lock().unwrap_or_else(PoisonError::into_inner);
    let held = Target::new(url, purpose).connect()?;
    let place = (url.to_string(), origin.to_owned());
    if seen().contains(&place) {
        return Ok(Db::on_server(held, origin));
    }
    check(&held, url)?;
    let db = Db::on_server(held, origin);
    let there = db.one("SELECT origin FROM town WHERE town_id = $1", params![], |row| row.get::<String>(0))?;
    if there.as_deref() != Some(origin) {
        return Err(refuse(
            769,
            format!("数据库 {url} 里没有日志 {origin}"),
            "请核对 yifa.toml 里的 database：库是不是换过、恢复得全不全。日志从别处搬来的，用 yifa move",
        ));
    }
    seen().insert(place);
    Ok(db)
}

/// Gives a new township its place, or the one it took when it was begun and not finished.
///
/// # Errors
/// P701 where its journal is there already.
pub(super) fn settle(url: &Url, place: Town<'_>) -> Result<()> {
    let held = Target::new(url, Purpose::Writes).connect()?;
    check(&held, url)?;
    let db = Db::on_server(held, place.origin);
    let begun = "SELECT idx FROM entry WHERE town_id = $1 ORDER BY idx LIMIT 1";
    if enter(&db, place)? || db.one(begun, params![], |_| Ok(()))?.is_none() {
        return Ok(());
    }
    Err(refuse(
        701,
        format!("数据库 {url} 里已经有日志 {}", place.origin),
        "日志名称不能重复。建过又没有用的，请换一个 --origin；接着用的，请用原来的数据目录",
    ))
}

/// Finds or makes a township's place for a journal that is carried there.
pub(super) fn stand(url: &Url, place: Town<'_>) -> Result<()> {
    let held = Target::new(url, Purpose::Writes).connect()?;
    check(&held, url)?;
    enter(&Db::on_server(held, place.origin), place).map(drop)
}

/// Enters a township among the towns; false where it is there.
pub(super) fn enter(db: &Db, place: Town<'_>) -> Result<bool> {
    let sql = "INSERT INTO town (town_id, origin, name, county, city, province) VALUES ($1, $2, $3, $4, $5, $6) \
               ON CONFLICT (town_id) DO NOTHING";
    let Town { origin, town, county, city, province } = place;
    Ok(db.count(sql, params![origin, town, county, city, province])? == 1)
}

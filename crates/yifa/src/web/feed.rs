//! `/journal/feed`, `/journal/witnesses`: what a mirror or a witness of this journal reads, and hands back (日志的提供).
//!
//! The same files at the same paths as an export, made when they are asked for. No salt, no sealed value and no attachment
//! is among them. For whoever has not the read token there is no such page.

use anyhow::Result;
use engine::value::Fields;
use journal::checkpoint::Checkpoint;
use journal::export::CHECKPOINT_PATH;
use journal::tile::{BundleId, TILE_WIDTH, TileId, TilePath, encode_tile, push_leaf};
use journal::tree::Nodes as _;

use super::answer::{Answer, Body, Turned};
use super::ops::alike;
use super::visit::{Visit, first};
use crate::ambient::{Ambient, System};
use crate::append::stored;
use crate::export::{disclosed, township};
use crate::mirror::source::TOWNSHIP;
use crate::refused::Refused;
use crate::storage::log::sealed_between;
use crate::storage::proving::KeptNodes;
use crate::storage::{Row, params};
use crate::witness::kept;

/// Only whoever has the token learns that there is a feed.
fn admitted(visit: &Visit<'_>) -> Result<()> {
    let token = visit.site.folder.config.read_token.as_deref();
    let known = token.is_some_and(|token| !token.is_empty() && alike(token, &visit.asked.bearer));
    if known { Ok(()) } else { Err(Turned::NotFound.into()) }
}

fn bytes(bytes: Vec<u8>) -> Answer {
    let headers = vec![("content-type", "application/octet-stream".to_owned())];
    Answer { status: 200, headers, body: Body::Bytes(bytes) }
}

fn plain(status: u16, text: String) -> Answer {
    let headers = vec![("content-type", "text/plain; charset=utf-8".to_owned())];
    Answer { status, headers, body: Body::Bytes(text.into_bytes()) }
}

/// `GET /journal/feed/{*path}`
pub fn show(visit: &Visit<'_>) -> Result<Answer> {
    admitted(visit)?;
    let folder = &visit.site.folder;
    let Some(note) = stored(visit.db)? else { return Err(Turned::NotFound.into()) };
    let size = Checkpoint::from_text(journal::note::Note::parse(note.as_bytes())?.text())?.size;
    let path = visit.param("path");
    let found = match path {
        CHECKPOINT_PATH => Some(kept::countersigned(folder, &note)?.into_bytes()),
        TOWNSHIP => Some(township(folder)?.into_bytes()),
        path => match TilePath::parse(path) {
            Ok(TilePath::Tile(id)) => tile(visit, id, size)?,
            Ok(TilePath::Bundle(id)) => bundle(visit, id, size)?,
            Err(_) => payload(visit, path, size)?,
        },
    };
    found.map(bytes).ok_or_else(|| Turned::NotFound.into())
}

/// A tile of what is signed, of any width it ever had.
fn tile(visit: &Visit<'_>, id: TileId, size: u64) -> Result<Option<Vec<u8>>> {
    // Nothing beyond what is signed: nobody could check it.
    if TileId::at(id.level, id.index, size).is_none_or(|now| id.width > now.width) {
        return Ok(None);
    }
    let mut nodes = KeptNodes::new(visit.db, size);
    let first = id.index * u64::from(TILE_WIDTH);
    let each = first..first + u64::from(id.width);
    let hashes = each.map(|index| nodes.node(8 * id.level, index)).collect::<Result<Vec<_>>>()?;
    Ok(Some(encode_tile(&hashes)))
}

fn bundle(visit: &Visit<'_>, id: BundleId, size: u64) -> Result<Option<Vec<u8>>> {
    if BundleId::at(id.index, size).is_none_or(|now| id.width > now.width) {
        return Ok(None);
    }
    let (first, mut bundle) = (id.first() as i64, Vec::new());
    let sql = "SELECT leaf FROM entry WHERE town_id = $1 AND idx >= $2 AND idx < $3 ORDER BY idx";
    visit.db.each(sql, params![first, first + i64::from(id.width)], |row| {
        Ok(push_leaf(&mut bundle, row.get_ref(0)?.as_blob()?)?)
    })?;
    Ok(Some(bundle))
}

/// What an entry says, personal values closed.
fn payload(visit: &Visit<'_>, path: &str, size: u64) -> Result<Option<Vec<u8>>> {
    let index = path.strip_prefix("payloads/").and_then(|name| name.strip_suffix(".json")?.parse::<u64>().ok());
    let Some(index) = index.filter(|index| *index < size) else { return Ok(None) };
    let sealed: Fields = sealed_between(visit.db, index, index + 1)?.remove(&index).unwrap_or_default();
    let sql = "SELECT body, salt FROM payload WHERE town_id = $1 AND idx = $2";
    let read = |row: &Row<'_>| Ok((row.get::<String>(0)?, row.get::<Vec<u8>>(1)?));
    let found = visit.db.one(sql, params![index as i64], read)?;
    found.map(|(body, salt)| Ok(disclosed(&body, &sealed, &salt)?.to_bytes())).transpose()
}

/// `POST /journal/witnesses`
pub fn witness(visit: &Visit<'_>) -> Result<Answer> {
    admitted(visit)?;
    let note = first(&visit.asked.form, "note").unwrap_or_default();
    match kept::take(&visit.site.folder, visit.db, note, System.now()) {
        Ok(all) => {
            let lines: Vec<String> = all.iter().map(|one| format!("{} {}\n", one.name, one.told())).collect();
            Ok(plain(200, lines.concat()))
        }
        // For a program, not for a browser: one line a problem.
        Err(error) => {
            let Refused(problems) = error.downcast::<Refused>()?;
            let lines =
                problems.iter().map(|problem| format!("{} {}。{}\n", problem.code, problem.text, problem.remedy));
            Ok(plain(422, lines.collect()))
        }
    }
}

//! Writing a journal out as files that any C2SP tool can check (导出日志).

use std::cell::RefCell;
use std::fs;
use std::io::{BufWriter, Write};
use std::path::Path;

use anyhow::{Context, Result};
use engine::value::Fields;
use journal::bundle::payload_path;
use journal::checkpoint::Checkpoint;
use journal::opening::{Opening, Shown};
use journal::tile::{BundleId, TILE_WIDTH, encode_tile, push_leaf};
use journal::tiler::Tiler;
use serde_json::json;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::append::{current_keys, last_note, last_signed};
use crate::folder::{Folder, cannot_write};
use crate::mirror::source::TOWNSHIP;
use crate::refused::refuse;
use crate::storage::log::{hash, opened, sealed};
use crate::storage::{Db, params};
use crate::witness::kept;

/// Takes a file of the export: its path there, and its bytes.
type Put<'p> = &'p dyn Fn(&str, &[u8]) -> Result<()>;

/// Writes the export into an empty folder; returns how many entries.
///
/// `progress` is told how much is done, and of how much.
pub fn journal(folder: &Folder, db: &Db, to: &Path, contents: bool, progress: &dyn Fn(u64, u64)) -> Result<u64> {
    if to.exists() && fs::read_dir(to).map_or(true, |mut items| items.next().is_some()) {
        return Err(refuse(701, format!("{} 已经存在，而且不是空目录", to.display()), "请换一个空目录"));
    }
    let put = |name: &str, bytes: &[u8]| -> Result<()> {
        let path = to.join(name);
        let parent = path.parent().context("a path below a folder")?;
        fs::create_dir_all(parent).and_then(|()| fs::write(&path, bytes)).map_err(|error| cannot_write(&path, &error))
    };
    written(folder, db, contents, &put, progress)
}

/// Writes the export, without contents, into one file to be taken away; returns how many entries.
pub fn zipped(folder: &Folder, db: &Db, to: &Path) -> Result<u64> {
    let file = fs::File::create(to).map_err(|error| cannot_write(to, &error))?;
    let zip = RefCell::new(ZipWriter::new(BufWriter::new(file)));
    let put = |name: &str, bytes: &[u8]| -> Result<()> {
        let mut zip = zip.borrow_mut();
        zip.start_file(name, SimpleFileOptions::default())?;
        zip.write_all(bytes).map_err(|error| cannot_write(to, &error))
    };
    let size = written(folder, db, false, &put, &|_, _| {})?;
    zip.into_inner().finish()?.flush().map_err(|error| cannot_write(to, &error))?;
    Ok(size)
}

/// Who the township is: names to show, which nobody signs, and the id its console writes under.
pub fn township(folder: &Folder) -> Result<String> {
    let config = &folder.config;
    Ok(serde_json::to_string(
        &json!({ "town": config.town, "county": config.county, "city": config.city, "province": config.province, "console": config.console }),
    )?)
}

/// Puts `checkpoint`, `vkey`, `township.json`, `witnesses/…`, `tile/…` and `tile/entries/…` of what is signed; returns how many entries.
///
/// With `contents`, also `payloads/<n>.json`: what each entry says, personal values closed and the salt withheld, so that
/// whoever holds the export can add up every figure again and can guess nothing about a person.
fn written(folder: &Folder, db: &Db, contents: bool, put: Put<'_>, progress: &dyn Fn(u64, u64)) -> Result<u64> {
    let keys = current_keys(folder)?;
    let (signed, note) = loop {
        let (signed, note) = (last_signed(folder, db, &keys)?, last_note(folder, db)?);
        let size = note
            .as_deref()
            .and_then(|note| Some(Checkpoint::open(note.as_bytes(), &folder.config.origin, &keys).ok()?.0.size));
        // Beside a writer another may be signed between the two; at most once a second.
        if size == signed.as_ref().map(|signed| signed.size) {
            break (signed, note);
        }
    };
    let signed = signed.ok_or_else(|| refuse(724, "日志还没有签署过", "请先记入一条，再导出"))?;
    let total = if contents { 2 * signed.size } else { signed.size };
    let mut tiler = Tiler::new();
    let mut bundle = Vec::new();
    let mut done = 0_u64;
    let mut failed = Ok(());
    let sql = "SELECT leaf, leaf_hash FROM entry WHERE town_id = $1 AND idx < $2 ORDER BY idx";
    db.each(sql, params![signed.size as i64], |row| {
        push_leaf(&mut bundle, row.get_ref(0)?.as_blob()?)?;
        tiler.push(hash(row.get_ref(1)?.as_blob()?)?, |id, hashes| {
            if failed.is_ok() {
                failed = put(&id.path(), &encode_tile(hashes));
            }
        });
        done += 1;
        if done.is_multiple_of(u64::from(TILE_WIDTH)) || done == signed.size {
            let id = BundleId::at((done - 1) / u64::from(TILE_WIDTH), done).context("a bundle of the journal")?;
            put(&id.path(), &bundle)?;
            bundle.clear();
            progress(done, total);
        }
        Ok(())
    })?;
    tiler.finish(|id, hashes| {
        if failed.is_ok() {
            failed = put(&id.path(), &encode_tile(hashes));
        }
    });
    failed?;
    if contents {
        payloads(db, signed.size, put, &|done| progress(signed.size + done, total))?;
    }
    for key in keys {
        put("vkey", format!("{key}\n").as_bytes())?;
    }
    put(TOWNSHIP, township(folder)?.as_bytes())?;
    for one in kept::all(folder)?.into_iter().filter(|one| one.size <= signed.size) {
        put(&format!("witnesses/{:08x}", one.id), one.note.to_string().as_bytes())?;
    }
    // Last, so that a copy that was cut short has no checkpoint to be believed.
    let note = note.context("the checkpoint that was signed last")?;
    put("checkpoint", kept::countersigned(folder, &note)?.as_bytes())?;
    Ok(signed.size)
}

fn payloads(db: &Db, size: u64, put: Put<'_>, progress: &dyn Fn(u64)) -> Result<()> {
    let mut sealed = sealed(db)?;
    let sql = "SELECT idx, body, salt FROM payload WHERE town_id = $1 AND idx < $2 ORDER BY idx";
    db.each(sql, params![size as i64], |row| {
        let index = row.get::<i64>(0)? as u64;
        let sealed = sealed.remove(&index).unwrap_or_default();
        let opening = disclosed(row.get_ref(1)?.as_str()?, &sealed, row.get_ref(2)?.as_blob()?)?;
        put(&payload_path(index), &opening.to_bytes())?;
        progress(index + 1);
        Ok(())
    })
}

/// What an entry says, personal values closed: it can still be held against the commitment in the leaf.
pub fn disclosed(body: &str, sealed: &Fields, salt: &[u8]) -> Result<Opening> {
    let mut opening = opened(body, sealed, salt)?;
    let personal: Vec<String> = opening.fields().iter().filter_map(personal).collect();
    opening.erase(&personal.iter().map(String::as_str).collect::<Vec<_>>())?;
    Ok(opening)
}

/// The path of a field that is not to be shown.
fn personal(shown: &Shown) -> Option<String> {
    match shown {
        Shown::Open { path, .. } if path.starts_with("/sealed/") => Some(path.clone()),
        _ => None,
    }
}

//! Names of records: from an id to what people call it, and back.

use std::collections::HashMap;
use std::path::PathBuf;

use anyhow::Result;
use engine::definition::{ANY, Definitions, FieldRef};
use engine::form::{Found, Held, Lookup};
use engine::read::nearest;
use engine::value::Value;
use journal::id::Id;

use crate::attachment;
use crate::projection::number_key;
use crate::storage::{Db, params};

/// The names of villages, which every breakdown needs.
pub struct Names {
    villages: HashMap<String, String>,
}

impl Names {
    /// Reads them.
    pub fn load(db: &Db) -> Result<Names> {
        // In the order of the list's index: by id, SQLite would walk every record there is.
        let sql = "SELECT id, title FROM record WHERE town_id = $1 AND register = 'village' ORDER BY opened, first_idx";
        let rows = db.rows(sql, params![], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(Names { villages: rows.into_iter().collect() })
    }

    /// The villages' names, without what marks them as made up.
    pub fn villages(&self) -> Vec<String> {
        self.villages.values().map(|name| name.split('（').next().unwrap_or(name).to_owned()).collect()
    }

    /// A village's name; several villages and the township as such have names of their own.
    pub fn village(&self, id: &str) -> String {
        match id {
            "" => "乡镇本级".to_owned(),
            "*" => "跨村".to_owned(),
            id => self.villages.get(id).cloned().unwrap_or_else(|| id.to_owned()),
        }
    }
}

/// What a record is called: its number, or else its title.
pub fn called(db: &Db, id: &str) -> Result<Option<String>> {
    let sql = "SELECT coalesce(number, title) FROM record WHERE town_id = $1 AND id = $2";
    db.one(sql, params![id], |row| row.get(0))
}

/// What a record says of a public field, as it stands now; nothing of a void one.
pub fn held(db: &Db, record: &str, at: &FieldRef) -> Result<Option<Value>> {
    let sql = "SELECT 1 FROM record WHERE town_id = $1 AND id = $2 AND state <> 'void'";
    let lives = db.one(sql, params![record], |_| Ok(()))?.is_some();
    if lives { said(db, record, at) } else { Ok(None) }
}

/// What a record says of a public field, void or not.
pub fn said(db: &Db, record: &str, at: &FieldRef) -> Result<Option<Value>> {
    let sql = "SELECT body FROM record WHERE town_id = $1 AND id = $2";
    let body: Option<String> = db.one(sql, params![record], |row| row.get(0))?;
    let body: serde_json::Value = serde_json::from_str(body.as_deref().unwrap_or("{}"))?;
    Ok(serde_json::from_value(body[&at.step][&at.field].clone()).ok())
}

/// Finds a record by id, number or title.
pub fn find(db: &Db, register: &str, text: &str) -> Result<Found> {
    // What was chosen from a list comes as an id, which is nothing else's.
    let sql = "SELECT 1 FROM record WHERE town_id = $1 AND id = $2 AND register = $3";
    if Id::parse(text.as_bytes()).is_ok() && db.one(sql, params![text, register], |_| Ok(()))?.is_some() {
        return Ok(Found::One(text.to_owned()));
    }
    // A record that was a mistake answers to its id and number, so that it can be looked at, not to its name.
    let sql = "SELECT id FROM record WHERE town_id = $1 AND register = $2 \
               AND ((number_key = $4 AND number = $3) OR (title = $3 AND state <> 'void')) \
               ORDER BY id LIMIT 3";
    let ids: Vec<String> = db.rows(sql, params![register, text, number_key(text)], |row| row.get(0))?;
    match &ids[..] {
        [one] => return Ok(Found::One(one.clone())),
        [] => {}
        many => return Ok(Found::Many(many.len())),
    }
    let sql = "SELECT DISTINCT title FROM record WHERE town_id = $1 AND register = $2 ORDER BY title LIMIT 500";
    let titles: Vec<String> = db.rows(sql, params![register], |row| row.get(0))?;
    Ok(Found::None(nearest(text, &titles).map(str::to_owned).into_iter().collect()))
}

/// Finds a record as whoever fills in a form means it: of several of one name, the one that has not come to its end. A
/// mediator elected again has a record for each term, and nobody who writes his name means the last one.
fn meant(db: &Db, set: &Definitions, register: &str, text: &str) -> Result<Found> {
    let found = find(db, register, text)?;
    let (Found::Many(_), Some(defined)) = (&found, set.register(register)) else { return Ok(found) };
    let sql = "SELECT id, state FROM record WHERE town_id = $1 AND register = $2 AND title = $3 AND state <> 'void' ORDER BY id";
    let all: Vec<(String, String)> = db.rows(sql, params![register, text], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let mut open = all.into_iter().filter(|(_, state)| !defined.ends_in(state)).map(|(id, _)| id);
    Ok(match (open.next(), open.next()) {
        (Some(one), None) => Found::One(one),
        _ => found,
    })
}

/// Finds a record of whatever register: its id, or the register and what the record is called there.
fn find_any(db: &Db, set: &Definitions, text: &str) -> Result<Found> {
    if let Some((register, record)) = text.split_once([' ', '　', ':', '：']) {
        let named = set.registers.values().find(|one| one.id.value == register || one.title == register);
        if let Some(named) = named {
            return meant(db, set, &named.id.value, record.trim());
        }
    }
    let sql = "SELECT id FROM record WHERE town_id = $1 AND id = $2";
    let id: Option<String> = db.one(sql, params![text], |row| row.get(0))?;
    Ok(id.map_or(Found::None(Vec::new()), Found::One))
}

/// What a form asks of the data folder: its records, and the files it keeps.
pub struct Records<'d> {
    /// Its tables.
    pub db: &'d Db,
    /// The registers as they are called.
    pub set: &'d Definitions,
    /// Where its files lie.
    pub files: PathBuf,
    /// A dry run stores no file: one that could be stored counts as kept.
    pub dry_run: bool,
}

impl Lookup for Records<'_> {
    fn find(&self, register: &str, text: &str) -> Found {
        // A database that cannot be read finds nothing; the append that follows reports the fault itself.
        let found = match register {
            ANY => find_any(self.db, self.set, text),
            register => meant(self.db, self.set, register, text),
        };
        found.unwrap_or(Found::None(Vec::new()))
    }

    fn held(&self, record: &str, at: &FieldRef) -> Held {
        // As with `find`: a fault shows when the step is appended.
        held(self.db, record, at).ok().flatten().map_or(Held::Nothing, Held::Value)
    }

    fn has_file(&self, hash: &str) -> bool {
        self.files.join(hash).is_file() || (self.dry_run && hash == attachment::UNSTORED)
    }
}

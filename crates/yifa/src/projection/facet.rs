//! Under which values of its list's filters a record stands: its facets (归类).
//!
//! Kept as sets, not as totals: what several filters have in common, in any combination and for any villages, is counted
//! from them exactly (docs/why/015-lists-are-sets.md).

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use anyhow::Result;
use engine::definition::Register;
use engine::record::{Rows, VOID};

use super::bits::{Bits, PART};
use crate::storage::{Db, Value, params};

/// The facet of the year in which a record was opened.
pub const YEAR: &str = "year";
/// The facet of the state it is in.
pub const STATE: &str = "state";
/// The facet of each village it touches.
pub const VILLAGE: &str = "village";

/// Register, filter and value.
pub type Key = (String, String, String);

/// What changes in facets: which records enter and leave. Many steps change the same few, so they are gathered.
pub type Changes = BTreeMap<Key, BTreeMap<i64, bool>>;

/// The facets of a record: its year, its state, its villages, its filter fields.
pub fn facets<'r>(register: &Register, rows: &'r Rows) -> BTreeSet<(&'r str, Cow<'r, str>)> {
    let mut facets = BTreeSet::new();
    let Some(opened) = rows.head.opened else { return facets };
    facets.insert((YEAR, format!("{:04}", opened.year()).into()));
    facets.insert((STATE, rows.head.state.as_str().into()));
    facets.extend(rows.villages.iter().map(|village| (VILLAGE, village.as_str().into())));
    if rows.head.state == VOID {
        return facets;
    }
    let fields = rows.fields.iter().map(|row| (row.field.as_str(), row.value.as_str()));
    let links = rows.links.iter().map(|row| (row.by.as_str(), row.to.as_str()));
    let filters = |name: &str| -> bool {
        let field = name.split_once('.').and_then(|(step, field)| register.step(step)?.field(field));
        field.is_some_and(|field| field.filter)
    };
    facets.extend(fields.chain(links).filter(|(name, _)| filters(name)).map(|(name, value)| (name, value.into())));
    facets
}

/// Notes what a record that opened with the entry `first` leaves and enters.
pub fn note(changes: &mut Changes, register: &Register, first: i64, before: &Rows, after: &Rows) {
    let (was, is) = (&before.head, &after.head);
    let moved = was.state != is.state || was.opened != is.opened || before.villages != after.villages;
    if !moved && before.fields == after.fields && before.links == after.links {
        return;
    }
    let (old, new) = (facets(register, before), facets(register, after));
    let gone = old.difference(&new).map(|facet| (facet, false));
    for ((filter, value), is) in gone.chain(new.difference(&old).map(|facet| (facet, true))) {
        let key = (register.id.value.clone(), (*filter).to_owned(), value.clone().into_owned());
        changes.entry(key).or_default().insert(first, is);
    }
}

/// A part of a set, and which of its places change.
type Part<'c> = (&'c Key, i64, Vec<(i64, bool)>);

/// How many parts are kept; beyond that all are forgotten. A part is half a kilobyte.
const KEPT: usize = 2_000;

/// The parts a writer wrote last, by what they are parts of: while it alone writes they are what is stored.
#[derive(Default)]
pub struct Parts(HashMap<(Key, i64), Vec<u8>>);

/// Writes what was gathered: all parts that change and are not known are read together, then written.
pub fn write(db: &Db, known: &mut Parts, changes: &Changes) -> Result<()> {
    let mut parts: Vec<Part<'_>> = Vec::new();
    for (key, places) in changes {
        for (at, is) in places {
            let part = at.div_euclid(PART);
            match parts.last_mut() {
                Some((last, of, places)) if *last == key && *of == part => places.push((*at, *is)),
                _ => parts.push((key, part, vec![(*at, *is)])),
            }
        }
    }
    if known.0.len() > KEPT {
        known.0.clear();
    }
    let places = parts.iter().map(|(key, part, _)| ((*key).clone(), *part));
    let unknown: Vec<(Key, i64)> = places.filter(|place| !known.0.contains_key(place)).collect();
    let sql =
        "SELECT bits FROM facet WHERE town_id = $1 AND register = $2 AND filter = $3 AND value = $4 AND part = $5";
    let asked = unknown.iter().map(|((register, filter, value), part)| {
        let texts = [register, filter, value].map(|text| Value::from(text.as_str()));
        (sql, texts.into_iter().chain([Value::from(*part)]).collect())
    });
    db.each_of(&asked.collect::<Vec<_>>(), |nth, row| {
        known.0.insert(unknown[nth].clone(), row.get(0)?);
        Ok(())
    })?;
    for (key, part, places) in parts {
        let stored = known.0.entry((key.clone(), part)).or_default();
        let mut bits = Bits::default();
        // One that somebody made unreadable begins anew, and rebuilding tells what it lacks.
        bits.put_part(part, stored);
        places.iter().for_each(|(at, is)| bits.put(*at, *is));
        let bits = bits.part(part);
        *stored = bits.clone().unwrap_or_default();
        write_part(db, (&key.0, &key.1, &key.2), part, bits)?;
    }
    Ok(())
}

fn write_part(db: &Db, key: (&str, &str, &str), part: i64, bits: Option<Vec<u8>>) -> Result<()> {
    let (register, filter, value) = key;
    match bits {
        Some(bits) => db.run(
            "INSERT INTO facet (town_id, register, filter, value, part, bits) VALUES ($1, $2, $3, $4, $5, $6) \
             ON CONFLICT (town_id, register, filter, value, part) DO UPDATE SET bits = excluded.bits",
            params![register, filter, value, part, bits],
        )?,
        None => db.run(
            "DELETE FROM facet WHERE town_id = $1 AND register = $2 AND filter = $3 AND value = $4 AND part = $5",
            params![register, filter, value, part],
        )?,
    };
    Ok(())
}

/// Writes whole sets where there are none.
pub fn write_all<'s>(db: &Db, sets: impl IntoIterator<Item = (&'s Key, &'s Bits)>) -> Result<()> {
    for ((register, filter, value), bits) in sets {
        for part in bits.parts() {
            write_part(db, (register, filter, value), part, bits.part(part))?;
        }
    }
    Ok(())
}

/// The records of a register that stand under a value.
pub fn read(db: &Db, register: &str, filter: &str, value: &str) -> Result<Bits> {
    let mut bits = Bits::default();
    let sql = "SELECT part, bits FROM facet WHERE town_id = $1 AND register = $2 AND filter = $3 AND value = $4 ORDER BY part";
    db.each(sql, params![register, filter, value], |row| {
        bits.put_part(row.get(0)?, row.get_ref(1)?.as_blob()?);
        Ok(())
    })?;
    Ok(bits)
}

/// The records of a register, voided ones included: those of all years.
pub fn read_all(db: &Db, register: &str) -> Result<Bits> {
    let mut all = Bits::default();
    let sql =
        "SELECT part, bits FROM facet WHERE town_id = $1 AND register = $2 AND filter = 'year' ORDER BY value, part";
    db.each(sql, params![register], |row| {
        let mut one = Bits::default();
        one.put_part(row.get(0)?, row.get_ref(1)?.as_blob()?);
        all.add(one);
        Ok(())
    })?;
    Ok(all)
}

/// The values a filter has, or had once, in their order.
pub fn values(db: &Db, register: &str, filter: &str) -> Result<Vec<String>> {
    let sql = "SELECT DISTINCT value FROM facet WHERE town_id = $1 AND register = $2 AND filter = $3 ORDER BY value";
    db.rows(sql, params![register, filter], |row| row.get(0))
}

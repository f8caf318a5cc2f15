//! The list of a register: what somebody asked for, a page of it, and how many there are exactly (清单).
//!
//! Who may see only some villages is asked for here, in what the database is asked: a record outside the scope is
//! neither listed nor counted, nor does a cursor lead to it.

mod order;
mod walk;

use anyhow::Result;
use engine::definition::{FieldRef, Register};
use serde::Serialize;

use super::records::Listed;
use crate::projection::bits::Bits;
use crate::projection::{facet, grams, sealed_names};
use crate::refused::refuse;
use crate::storage::Db;
pub use order::{Cursor, Sort, SortBy};
use walk::Walk;

/// What somebody asks a list for.
#[derive(Clone, Debug)]
pub struct Asked<'q> {
    /// The register.
    pub register: &'q Register,
    /// The scope (可见范围): only records that touch one of these villages; none of them means none. The whole township
    /// without.
    pub scope: Option<&'q [String]>,
    /// Only in this state.
    pub state: Option<&'q str>,
    /// Only opened in this year.
    pub year: Option<i16>,
    /// Only what touches this village.
    pub village: Option<&'q str>,
    /// Only with these values of fields that are filters: `step.field` and the value, the record's id of a reference.
    pub fields: &'q [(String, String)],
    /// Only where number, title and searched fields hold every piece of this text; pieces stand apart by spaces.
    pub search: Option<&'q str>,
    /// The folder's key, for whoever may look for sealed names as well: each piece of the text may be a whole one.
    pub key: Option<&'q str>,
    /// In which order.
    pub sort: Sort,
}

impl<'q> Asked<'q> {
    /// All records of a register, the newest first.
    pub fn all(register: &'q Register) -> Asked<'q> {
        let (scope, state, year, village, fields, search, key) = (None, None, None, None, &[][..], None, None);
        Asked { register, scope, state, year, village, fields, search, key, sort: Sort::default() }
    }

    /// The records asked for, where not all of the register are; to `named` come those found by a sealed name, asked for
    /// or not.
    fn set(&self, db: &Db, named: &mut Bits) -> Result<Option<Bits>> {
        let register = self.register.id.value.as_str();
        let year = self.year.map(|year| format!("{year:04}"));
        let of = |filter, value| facet::read(db, register, filter, value);
        let mut sets = Vec::new();
        if let Some(villages) = self.scope {
            let mut within = Bits::default();
            for village in villages {
                within.add(of(facet::VILLAGE, village)?);
            }
            sets.push(within);
        }
        let own = [(facet::STATE, self.state), (facet::YEAR, year.as_deref()), (facet::VILLAGE, self.village)];
        for (filter, value) in own {
            sets.extend(value.map(|value| of(filter, value)).transpose()?);
        }
        for (field, value) in self.fields {
            let known = self.register.field(&FieldRef::parse(field, "")).is_some_and(|field| field.filter);
            if !known {
                let text = format!("登记簿“{}”不能按“{field}”筛选", self.register.title);
                return Err(refuse(260, text, "请从清单上方列出的筛选项里选择"));
            }
            sets.push(of(field, value)?);
        }
        if let Some(text) = self.search.filter(|text| !text.trim().is_empty()) {
            if sets.is_empty() {
                // The search is one for all registers.
                sets.push(facet::read_all(db, register)?);
            }
            match self.key {
                None => sets.push(worded(db, text)?),
                Some(key) => {
                    for piece in text.split_whitespace() {
                        let mut found = worded(db, piece)?;
                        let by_name = sealed_names::found(db, key, self.register, piece)?;
                        named.add(by_name.clone());
                        found.add(by_name);
                        sets.push(found);
                    }
                }
            }
        }
        Ok(sets.into_iter().reduce(|mut all, other| {
            all.keep(&other);
            all
        }))
    }
}

/// The records of all registers whose words hold every piece of a text.
fn worded(db: &Db, text: &str) -> Result<Bits> {
    let mut found = Bits::default();
    if let Some(asked) = grams::asked(text) {
        db.found(&asked, |first| found.put(first, true))?;
    }
    Ok(found)
}

/// A page of a list.
#[derive(Clone, Debug, Serialize)]
pub struct Page {
    /// Its rows, in the order asked for.
    pub rows: Vec<Listed>,
    /// How many records there are in all, exactly.
    pub total: u64,
    /// How many of them are found by a sealed name.
    pub named: u64,
    /// Where the page before ends, if there is one.
    pub previous: Option<Cursor>,
    /// Where the next page begins, if there is one.
    pub next: Option<Cursor>,
}

/// The page a cursor leads to, of at most `limit` rows; the first without one.
pub fn page(db: &Db, asked: &Asked<'_>, cursor: Option<&Cursor>, limit: usize) -> Result<Page> {
    db.at_once(|| {
        let mut named = Bits::default();
        let set = asked.set(db, &mut named)?;
        let total = match &set {
            Some(set) => set.count(),
            None => facet::read_all(db, &asked.register.id.value)?.count(),
        };
        let walk = Walk { db, register: &asked.register.id.value, sort: asked.sort, set: set.as_ref() };
        let back = cursor.is_some_and(|cursor| cursor.back);
        let mut spots = walk.some(cursor.map(|cursor| &cursor.spot), back, limit + 1)?;
        let more = spots.len() > limit;
        spots.truncate(limit);
        if back {
            spots.reverse();
        }
        let from = cursor.map(|cursor| &cursor.spot);
        let (first, last) = (spots.first().or(from), spots.last().or(from));
        let lead = |spot: Option<&order::Spot>, to_back: bool| -> Result<Option<Cursor>> {
            let Some(spot) = spot else { return Ok(None) };
            let leads = match (to_back == back, cursor.is_some() || back) {
                (true, _) => more,
                (false, true) => !walk.some(Some(spot), to_back, 1)?.is_empty(),
                (false, false) => false,
            };
            Ok(leads.then(|| Cursor { back: to_back, spot: spot.clone() }))
        };
        let (previous, next) = (lead(first, true)?, lead(last, false)?);
        let places: Vec<i64> = spots.iter().map(|spot| spot.first).collect();
        let named = set.map_or(0, |set| set.common(&named));
        Ok(Page { rows: walk::rows(db, asked.register, &places)?, total, named, previous, next })
    })
}

/// How many records there are, exactly.
pub fn total(db: &Db, asked: &Asked<'_>) -> Result<u64> {
    Ok(match asked.set(db, &mut Bits::default())? {
        Some(set) => set.count(),
        None => facet::read_all(db, &asked.register.id.value)?.count(),
    })
}

/// The ids of all records asked for, in the order asked for, as one moment has them: for an export of what is shown.
pub fn ids(db: &Db, asked: &Asked<'_>, mut each: impl FnMut(&str) -> Result<()>) -> Result<()> {
    db.at_once(|| {
        let set = asked.set(db, &mut Bits::default())?;
        let walk = Walk { db, register: &asked.register.id.value, sort: asked.sort, set: set.as_ref() };
        let mut places = Vec::new();
        let mut send = |places: &mut Vec<i64>| -> Result<()> {
            walk::ids(db, places)?.iter().try_for_each(|id| each(id))?;
            places.clear();
            Ok(())
        };
        walk.all(None, false, &mut |spot| {
            places.push(spot.first);
            if places.len() == walk::AT_ONCE {
                send(&mut places)?;
            }
            Ok(true)
        })?;
        send(&mut places)
    })
}

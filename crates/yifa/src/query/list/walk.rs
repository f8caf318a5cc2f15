//! Going through a list in its order, over the index of that order or over the few that are in it.

use std::collections::{BTreeSet, HashMap};
use std::sync::LazyLock;

use anyhow::Result;
use engine::day::Day;
use engine::definition::{Register, Step};

use super::order::{Sort, SortBy, Spot};
use crate::projection::bits::Bits;
use crate::projection::facet;
use crate::query::called;
use crate::query::records::Listed;
use crate::storage::{Db, Row, Value, params};
use crate::trace::subject_of;

/// How many records are read by one statement.
pub(super) const AT_ONCE: usize = 32;

/// `$2, $3 …` for so many.
static PLACES: LazyLock<String> =
    LazyLock::new(|| (2..AT_ONCE + 2).map(|nth| format!("${nth}")).collect::<Vec<_>>().join(", "));

/// What it takes, in the same measure, to look one record up, to go one record further on an index, and one entry
/// further on the journal.
const LOOKED_UP: u64 = 40;
const FURTHER: u64 = 1;
const ENTRY: u64 = 25;

/// Of so few records nobody reckons what is shorter.
const FEW: u64 = 4_096;

/// A walk through a list.
pub(super) struct Walk<'w> {
    pub db: &'w Db,
    pub register: &'w str,
    pub sort: Sort,
    /// Which records are in it; all of the register without.
    pub set: Option<&'w Bits>,
}

/// Told of each record; false to stop.
type Each<'e> = &'e mut dyn FnMut(Spot) -> Result<bool>;

impl Walk<'_> {
    /// So many records at most from a place on, it aside.
    pub fn some(&self, from: Option<&Spot>, back: bool, count: usize) -> Result<Vec<Spot>> {
        let mut spots = Vec::new();
        if count > 0 {
            self.go(from, back, count as u64, &mut |spot| {
                spots.push(spot);
                Ok(spots.len() < count)
            })?;
        }
        Ok(spots)
    }

    /// All of them, until one is enough.
    pub fn all(&self, from: Option<&Spot>, back: bool, each: Each<'_>) -> Result<()> {
        self.go(from, back, u64::MAX, each)
    }

    fn go(&self, from: Option<&Spot>, back: bool, count: u64, each: Each<'_>) -> Result<()> {
        let down = self.sort.descending != back;
        let Some(set) = self.set else { return self.index(from, down, None, each).map(drop) };
        let all = set.count();
        if all == 0 {
            return Ok(());
        }
        match self.sort.by {
            SortBy::Opened => self.years(set, from, down, count, each),
            SortBy::Changed => {
                let sql = "SELECT idx FROM entry WHERE town_id = $1 ORDER BY idx DESC LIMIT 1";
                let entries = self.db.one(sql, params![], |row| row.get::<i64>(0))?.unwrap_or(0) as u64;
                if is_shorter(all, entries.saturating_mul(ENTRY), count) {
                    return self.few(set.places().collect(), from, down, each).map(drop);
                }
                self.index(from, down, None, each).map(drop)
            }
            SortBy::Number | SortBy::Title => {
                let records = facet::read_all(self.db, self.register)?.count();
                if records > FEW && is_shorter(all, records * FURTHER, count) {
                    return self.few(set.places().collect(), from, down, each).map(drop);
                }
                self.index(from, down, None, each).map(drop)
            }
        }
    }

    /// Year by year, so that no year is walked through in which there is none: choices come and go with the years.
    fn years(&self, set: &Bits, from: Option<&Spot>, down: bool, count: u64, each: Each<'_>) -> Result<()> {
        let sql = "SELECT opened FROM record WHERE town_id = $1 AND register = $2 ORDER BY opened, first_idx LIMIT 1";
        let year = |row: &Row<'_>| Ok(Day::parse(row.get_ref(0)?.as_str()?).map_or(1, Day::year));
        let first = self.db.one(sql, params![self.register], year)?;
        let sql = "SELECT opened FROM record WHERE town_id = $1 AND register = $2 \
                   ORDER BY opened DESC, first_idx DESC LIMIT 1";
        let last = self.db.one(sql, params![self.register], year)?;
        let (Some(mut first), Some(mut last)) = (first, last) else { return Ok(()) };
        if let Some(from) = from.and_then(|from| Day::parse(&from.key)) {
            if down { last = last.min(from.year()) } else { first = first.max(from.year()) }
        }
        let years: Box<dyn Iterator<Item = i16>> =
            if down { Box::new((first..=last).rev()) } else { Box::new(first..=last) };
        for year in years {
            let mut of_year = facet::read(self.db, self.register, facet::YEAR, &format!("{year:04}"))?;
            let (records, here) = (of_year.count(), of_year.common(set));
            if here == 0 {
                continue;
            }
            let goes_on = if records > FEW && is_shorter(here, records * FURTHER, count) {
                of_year.keep(set);
                self.few(of_year.places().collect(), from, down, each)?
            } else {
                self.index(from, down, Some(year), each)?
            };
            if !goes_on {
                break;
            }
        }
        Ok(())
    }

    /// Over the index of the order; tells whether it came to its end.
    fn index(&self, from: Option<&Spot>, down: bool, year: Option<i16>, each: Each<'_>) -> Result<bool> {
        if self.sort.by == SortBy::Changed {
            return self.journal(from, down, each);
        }
        let column = self.sort.by.column();
        let (way, sign) = if down { ("DESC", "<") } else { ("ASC", ">") };
        let mut values: Vec<Value<'_>> = vec![self.register.into()];
        let (mut within, mut after) = ("", String::new());
        if let Some(year) = year {
            within = "AND opened >= $3 AND opened <= $4";
            let (mut low, mut high) = (format!("{year:04}-01-01"), format!("{year:04}-12-31"));
            // Or it begins with the year each time, and every page takes longer than the one before.
            match from {
                Some(from) if down => high = high.min(from.key.clone()),
                Some(from) => low = low.max(from.key.clone()),
                None => {}
            }
            values.extend([low, high].map(Value::from));
        }
        if let Some(from) = from {
            after = format!("AND ({column}, first_idx) {sign} (${}, ${})", values.len() + 2, values.len() + 3);
            values.extend([Value::from(from.key.clone()), Value::from(from.first)]);
        }
        let sql = format!(
            "SELECT {column}, first_idx FROM record WHERE town_id = $1 AND register = $2 {within} {after} \
             ORDER BY {column} {way}, first_idx {way}"
        );
        self.db.until(&sql, &values, |row| {
            let first = row.get(1)?;
            if self.set.is_some_and(|set| !set.has(first)) {
                return Ok(true);
            }
            each(Spot { key: row.get(0)?, first })
        })
    }

    /// Over the journal: the entries that are the last of their records.
    fn journal(&self, from: Option<&Spot>, down: bool, each: Each<'_>) -> Result<bool> {
        let from = from.and_then(|from| from.key.parse().ok()).unwrap_or(if down { i64::MAX } else { -1 });
        let (way, sign) = if down { ("DESC", "<") } else { ("ASC", ">") };
        let sql = format!(
            "SELECT e.idx, (SELECT r.first_idx FROM record r WHERE r.town_id = e.town_id AND r.id = e.record \
             AND r.register = $2 AND r.last_idx = e.idx) \
             FROM entry e WHERE e.town_id = $1 AND e.idx {sign} $3 ORDER BY e.idx {way}"
        );
        self.db.until(&sql, params![self.register, from], |row| {
            let Some(first) = row.get(1)? else { return Ok(true) };
            if self.set.is_some_and(|set| !set.has(first)) {
                return Ok(true);
            }
            each(Spot { key: written(row.get(0)?), first })
        })
    }

    /// Over these records alone, put in order here; tells whether it came to its end.
    fn few(&self, places: Vec<i64>, from: Option<&Spot>, down: bool, each: Each<'_>) -> Result<bool> {
        let column = self.sort.by.column();
        let sql = format!(
            "SELECT r.first_idx, r.{column} FROM entry e JOIN record r ON r.town_id = e.town_id AND r.id = e.record \
             WHERE e.town_id = $1 AND e.idx IN ({}) ORDER BY r.first_idx",
            *PLACES
        );
        let mut spots = Vec::new();
        for places in places.chunks(AT_ONCE) {
            self.db.each(&sql, &bound(places), |row| {
                let key = match row.get(1)? {
                    Value::Int(number) => written(number),
                    Value::Text(text) => text.into_owned(),
                    _ => String::new(),
                };
                spots.push(Spot { key, first: row.get(0)? });
                Ok(())
            })?;
        }
        spots.sort_unstable();
        if down {
            spots.reverse();
        }
        let beyond = |spot: &Spot| from.is_none_or(|from| if down { spot < from } else { spot > from });
        for spot in spots.into_iter().filter(beyond) {
            if !each(spot)? {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

/// Whether looking up all `few` is shorter than going along `length` until `count` of them have been met.
fn is_shorter(few: u64, length: u64, count: u64) -> bool {
    few * LOOKED_UP < (length / few).saturating_mul(count).min(length)
}

/// A number as text that is put in order like it.
fn written(number: i64) -> String {
    format!("{number:019}")
}

/// So many places; what is left over repeats the last.
fn bound<T: Clone + Into<Value<'static>>>(places: &[T]) -> Vec<Value<'static>> {
    let last = places.last().cloned();
    let all = places.iter().cloned().chain(last.into_iter().cycle()).take(AT_ONCE);
    all.map(Into::into).collect()
}

/// The ids of records by their first entries, in that order.
pub(super) fn ids(db: &Db, places: &[i64]) -> Result<Vec<String>> {
    let sql =
        format!("SELECT e.idx, e.record FROM entry e WHERE e.town_id = $1 AND e.idx IN ({}) ORDER BY e.idx", *PLACES);
    let mut found: HashMap<i64, String> = HashMap::new();
    for places in places.chunks(AT_ONCE) {
        found.extend(db.rows(&sql, &bound(places), |row| Ok((row.get(0)?, row.get(1)?)))?);
    }
    Ok(places.iter().filter_map(|place| found.remove(place)).collect())
}

/// Records by their first entries, as a list shows them, in that order.
pub(super) fn rows(db: &Db, register: &Register, places: &[i64]) -> Result<Vec<Listed>> {
    let sql = format!(
        "SELECT r.first_idx, r.id, r.number, r.title, r.state, r.opened, \
         (SELECT count(*) FROM flag f WHERE f.town_id = r.town_id AND f.record = r.id), r.body \
         FROM entry e JOIN record r ON r.town_id = e.town_id AND r.id = e.record \
         WHERE e.town_id = $1 AND e.idx IN ({}) ORDER BY r.first_idx",
        *PLACES
    );
    let named: Vec<&Step> = register.openings().filter(|step| subject_of(step).is_some()).collect();
    let mut found: HashMap<i64, Listed> = HashMap::new();
    for places in places.chunks(AT_ONCE) {
        db.each(&sql, &bound(places), |row| {
            let mut one = Listed {
                id: row.get(1)?,
                number: row.get(2)?,
                title: row.get(3)?,
                person: None,
                state: row.get(4)?,
                expired: None,
                opened: row.get(5)?,
                flags: row.get::<i64>(6)? as u64,
            };
            if !named.is_empty() {
                // Sealed values are not in it.
                let body: serde_json::Value = serde_json::from_str(row.get_ref(7)?.as_str()?)?;
                let whose = |step: &&Step| body[&step.id.value][subject_of(step)?.id.value.as_str()].as_str();
                one.person = named.iter().find_map(whose).map(str::to_owned);
            }
            found.insert(row.get(0)?, one);
            Ok(())
        })?;
    }
    let persons: BTreeSet<String> = found.values().filter_map(|one| one.person.clone()).collect();
    let persons = called::named(db, &persons)?;
    let mut rows: Vec<Listed> = places.iter().filter_map(|place| found.remove(place)).collect();
    for row in &mut rows {
        row.person = row.person.take().and_then(|person| Some(persons.get(&person)?.called().to_owned()));
    }
    Ok(rows)
}

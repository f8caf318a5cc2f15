//! The townships of one server: each figure in one statement over all of them.

use std::collections::BTreeMap;

use anyhow::Result;
use engine::definition::{Counts, Figure};
use engine::figure::{Mark, Sum, are_apart, bases, together};

use super::places::{in_year, sums_of_one, told_of_several};
use super::{Asked, Place, Town, Within};
use crate::query::figures::{added, sum_of};
use crate::query::overdue::{Dues, asking};
use crate::storage::nation::Nation;
use crate::storage::postgres::Url;
use crate::storage::{Row, params};

/// By town, by figure.
type Sums = BTreeMap<i64, BTreeMap<String, Sum>>;

/// What every township of a server has of a figure and, where `reach` is wanted, how far its journal goes; in the order of
/// their numbers.
///
/// KNOWN: a figure is counted as each township defines it and read as whoever asks defines it; that the two differ is not
/// told, because the definitions of 40,000 townships are 80 GB of text.
///
/// # Errors
/// P761 to P768 where the server is not there or not ready.
pub fn of_server(url: &Url, asked: Asked<'_>, within: Option<&Within>, reach: bool) -> Result<Vec<Town>> {
    let nation = Nation::open(url)?;
    nation.at_once(|| each_town(&nation, asked, within, reach))
}

pub(super) fn each_town(nation: &Nation, asked: Asked<'_>, within: Option<&Within>, reach: bool) -> Result<Vec<Town>> {
    let mut sums = sums(nation, asked)?;
    let mut towns = if reach { towns_with_reach(nation)? } else { towns(nation)? };
    towns.retain(|(_, town)| within.is_none_or(|within| within.holds(&town.place)));
    for (number, town) in &mut towns {
        town.sums = sums.remove(number).unwrap_or_default();
    }
    Ok(towns.into_iter().map(|(_, town)| town).collect())
}

/// The townships.
fn towns(nation: &Nation) -> Result<Vec<(i64, Town)>> {
    let sql = "SELECT town_id, origin, name, county, city, province FROM town ORDER BY town_id";
    let mut towns = Vec::new();
    nation.each(sql, params![], |row| {
        towns.push((row.get(0)?, Town { place: place(row)?, ..Town::default() }));
        Ok(())
    })?;
    Ok(towns)
}

fn place(row: &Row<'_>) -> Result<Place> {
    Ok(Place { origin: row.get(1)?, town: row.get(2)?, county: row.get(3)?, city: row.get(4)?, province: row.get(5)? })
}

/// The townships, and the last each of them wrote and signed: looked up by keys, one town at a time.
fn towns_with_reach(nation: &Nation) -> Result<Vec<(i64, Town)>> {
    let sql = "SELECT t.town_id, t.origin, t.name, t.county, t.city, t.province, coalesce(h.size, 0), e.recorded_at, \
               c.size, c.signed_at FROM town t \
               LEFT JOIN log_head h ON h.town_id = t.town_id \
               LEFT JOIN entry e ON e.town_id = t.town_id AND e.idx = h.size - 1 \
               LEFT JOIN checkpoint c ON c.town_id = t.town_id \
               AND c.size = (SELECT max(k.size) FROM checkpoint k WHERE k.town_id = t.town_id) ORDER BY t.town_id";
    let mut towns = Vec::new();
    nation.each(sql, params![], |row| {
        towns.push((row.get(0)?, reached(row)?));
        Ok(())
    })?;
    Ok(towns)
}

/// A township with how far its journal goes.
fn reached(row: &Row<'_>) -> Result<Town> {
    let signed = row.get::<Option<i64>>(8)?.map(|size| size as u64).zip(row.get::<Option<i64>>(9)?);
    let size = row.get::<i64>(6)? as u64;
    Ok(Town { place: place(row)?, size, last_entry: row.get(7)?, signed, ..Town::default() })
}

/// What the figure is read from, of every township that has anything.
fn sums(nation: &Nation, asked: Asked<'_>) -> Result<Sums> {
    let bases = bases(asked.set, asked.figure);
    let mut sums = Sums::new();
    // A figure may stand above the line and below it.
    let once: BTreeMap<&str, &Figure> = bases.iter().map(|base| (base.figure.id.as_str(), base.figure)).collect();
    for (id, base) in &once {
        for (town, sum) in sum_of_each(nation, asked, base)? {
            let all = sums.entry(town).or_default().entry((*id).to_owned()).or_default();
            *all = added(*all, sum);
        }
    }
    if !asked.figure.is_built() {
        return Ok(sums);
    }
    if are_apart(&bases) {
        for of_town in sums.values_mut() {
            let behind = of_town.values().fold(Sum::default(), |all, one| added(all, *one));
            of_town.insert(asked.figure.id.clone(), Sum { value: 0, ..behind });
        }
        return Ok(sums);
    }
    for (town, behind) in told_apart(nation, asked, &once.into_values().collect::<Vec<_>>())? {
        sums.entry(town).or_default().insert(asked.figure.id.clone(), behind);
    }
    Ok(sums)
}

/// One figure with facts of its own, of every township.
fn sum_of_each(nation: &Nation, asked: Asked<'_>, figure: &Figure) -> Result<Vec<(i64, Sum)>> {
    let mut sums = Vec::new();
    if is_overdue(figure) {
        for (sql, values) in asking(&[figure], asked.period.to, None, |open| {
            format!(
                "SELECT d.town_id, count(DISTINCT d.of_idx) FROM due d WHERE {open} AND $3 IS NULL \
                 GROUP BY d.town_id ORDER BY d.town_id"
            )
        }) {
            nation.each(&sql, &values, |row| {
                let over = row.get::<i64>(1)?;
                sums.push((row.get(0)?, Sum { value: over, entries: over as u64, late: 0, flagged: 0 }));
                Ok(())
            })?;
        }
        return Ok(sums);
    }
    let dues = Dues::now();
    let sql = format!("{} ORDER BY town_id", sums_of_one(&dues, figure, asked.period));
    nation.each(&sql, &dues.bind(figure, asked.period), |row| {
        sums.push((row.get(0)?, sum_of(row)?));
        Ok(())
    })?;
    Ok(sums)
}

pub(super) fn is_overdue(figure: &Figure) -> bool {
    matches!(figure.counts, Counts::Overdue { .. })
}

/// The entries behind several figures together, each told once, of every township.
fn told_apart(nation: &Nation, asked: Asked<'_>, figures: &[&Figure]) -> Result<Vec<(i64, Sum)>> {
    let (over, counted): (Vec<&Figure>, Vec<&Figure>) = figures.iter().copied().partition(|one| is_overdue(one));
    let dues = Dues::now();
    let alike = dues.alike(&counted, |_| ());
    if let ([], [alike]) = (&over[..], &alike[..]) {
        let sql = format!("{} ORDER BY town_id", told_of_several(&dues, alike, asked.period));
        let mut sums = Vec::new();
        nation.each(&sql, &dues.bind_of(alike, asked.period), |row| {
            sums.push((row.get(0)?, sum_of(row)?));
            Ok(())
        })?;
        return Ok(sums);
    }
    // What holds on a day beside what happened in a year, or beside what is overdue: few figures, and of these few entries.
    let mut marks: BTreeMap<i64, Vec<Mark>> = BTreeMap::new();
    for (sql, values) in asking(&over, asked.period.to, None, |open| {
        format!(
            "SELECT d.town_id, d.of_idx, 0, 0 FROM due d WHERE {open} AND $3 IS NULL \
             GROUP BY d.town_id, d.of_idx ORDER BY d.town_id, d.of_idx"
        )
    }) {
        nation.each(&sql, &values, |row| {
            marks.entry(row.get(0)?).or_default().push(mark(row)?);
            Ok(())
        })?;
    }
    for alike in alike {
        let sql = format!(
            "SELECT town_id, idx, late, flagged FROM fact WHERE {}{} ORDER BY town_id, idx",
            dues.facts_of(&alike),
            in_year(alike[0], asked.period)
        );
        nation.each(&sql, &dues.bind_of(&alike, asked.period), |row| {
            marks.entry(row.get(0)?).or_default().push(mark(row)?);
            Ok(())
        })?;
    }
    Ok(marks.into_iter().map(|(town, marks)| (town, Sum::of(&together(marks)))).collect())
}

fn mark(row: &Row<'_>) -> Result<Mark> {
    Ok(Mark { entry: row.get::<i64>(1)? as u64, late: row.get(2)?, flagged: row.get(3)? })
}

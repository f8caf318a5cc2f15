//! The townships of one server by province, city or county: added up there, so that a row comes for each place and none for
//! each township but those that are missing.

use std::collections::BTreeMap;

use anyhow::Result;
use engine::definition::Figure;
use engine::figure::{Period, Sum, are_apart, bases};

use super::server::{each_town, is_overdue};
use super::{Asked, Level, Place, Rolled, Share, Town, Within, grouped};
use crate::query::figures::{added, adds_all, sum_of};
use crate::query::overdue::Dues;
use crate::storage::nation::Nation;
use crate::storage::postgres::Url;
use crate::storage::{Row, Value};

/// The townships of one place together.
#[derive(Default)]
struct Places {
    place: Place,
    sums: BTreeMap<String, Sum>,
    towns: u64,
    silent: u64,
}

/// Townships that are missing in a number, each with whether it has nothing behind it.
type Missing = Vec<(Town, bool)>;

/// What the townships of a server add up to by place and, where a moment is given, which of them have nothing behind the
/// figure or recorded nothing since.
///
/// # Errors
/// P761 to P768 where the server is not there or not ready.
pub fn rolled_on_server(
    url: &Url,
    asked: Asked<'_>,
    within: Option<&Within>,
    by: Level,
    since: Option<i64>,
) -> Result<Rolled> {
    let nation = Nation::open(url)?;
    nation.at_once(|| {
        let dues = Dues::now();
        let bases: BTreeMap<&str, &Figure> =
            bases(asked.set, asked.figure).iter().map(|base| (base.figure.id.as_str(), base.figure)).collect();
        let bases: Vec<&Figure> = bases.into_values().collect();
        let alike = dues.alike(&bases, |_| ());
        // What is overdue, or holds on a day beside what happened in a year, is no one question: few figures are.
        let ([alike], false, false) = (&alike[..], bases.iter().any(|one| is_overdue(one)), by == Level::Town) else {
            let towns = each_town(&nation, asked, within, since.is_some())?;
            return Ok(Rolled::of(asked, towns, by, since));
        };
        let deep = if within.is_some() { Level::County } else { by };
        let (places, missing) = places(&nation, asked, &dues, alike, (deep, since))?;
        let here: Vec<&Places> =
            places.iter().filter(|one| within.is_none_or(|within| within.holds(&one.place))).collect();
        let shares = || {
            here.iter().map(|one| Share { place: &one.place, sums: &one.sums, towns: one.towns, silent: one.silent })
        };
        let mut rolled = Rolled {
            groups: grouped(asked, shares(), by),
            all: grouped(asked, shares(), Level::Nation).pop(),
            ..Rolled::default()
        };
        for (town, silent) in missing {
            if within.is_some_and(|within| !within.holds(&town.place)) {
                continue;
            }
            if silent {
                rolled.silent.push(town.place.clone());
            }
            if since.is_some_and(|since| town.is_quiet(since)) {
                rolled.quiet.push(town);
            }
        }
        Ok(rolled)
    })
}

/// Places with what the figure is read from and, where a moment is given, the townships that are missing, each with whether
/// it has nothing behind the figure.
fn places(
    nation: &Nation,
    asked: Asked<'_>,
    dues: &Dues,
    alike: &[&Figure],
    (by, since): (Level, Option<i64>),
) -> Result<(Vec<Places>, Missing)> {
    let mut places: BTreeMap<Vec<String>, Places> = BTreeMap::new();
    let mut missing = Vec::new();
    let built = asked.figure.is_built();
    for base in alike {
        let (each, values) = (sums_of_one(dues, base, asked.period), dues.bind(base, asked.period));
        let found = of_each_place(nation, by, since.filter(|_| !built), &each, values, |place, towns, silent, sum| {
            let known = places.entry(place).or_default();
            (known.towns, known.silent) = (towns, silent);
            known.sums.insert(base.id.clone(), sum);
        })?;
        missing.extend(found);
    }
    if built {
        // Which townships have nothing of any of them no sum of one tells; nor how many entries there are, where one may
        // stand behind two.
        let apart = are_apart(&bases(asked.set, asked.figure));
        let each = if apart { any_of_several } else { told_of_several }(dues, alike, asked.period);
        let values = dues.bind_of(alike, asked.period);
        missing = of_each_place(nation, by, since, &each, values, |place, towns, silent, told| {
            let known = places.entry(place).or_default();
            (known.towns, known.silent) = (towns, silent);
            let behind = known.sums.values().fold(Sum::default(), |all, one| added(all, *one));
            let behind = if apart { behind } else { told };
            known.sums.insert(asked.figure.id.clone(), Sum { value: 0, ..behind });
        })?;
    }
    let named = |(path, found): (Vec<String>, Places)| {
        let mut path = path.into_iter();
        let mut next = || path.next().unwrap_or_default();
        let (province, city, county) = (next(), next(), next());
        Places { place: Place { province, city, county, ..Place::default() }, ..found }
    };
    Ok((places.into_iter().map(named).collect(), missing))
}

/// Adds up by place what a statement gives of each township: how many there are, how many of them it does not name, and
/// their sum. Where a moment is given, the townships it does not name and those that recorded nothing since come with it:
/// facts are gone through once.
fn of_each_place(
    nation: &Nation,
    by: Level,
    since: Option<i64>,
    each: &str,
    mut values: Vec<Value<'static>>,
    mut read: impl FnMut(Vec<String>, u64, u64, Sum),
) -> Result<Missing> {
    let path = ["t.province", "t.city", "t.county"];
    let path = &path[..by.deep().clamp(1, path.len())];
    let grouped = path.join(", ");
    let columns = path.iter().copied().chain(std::iter::repeat("''")).take(5).collect::<Vec<_>>().join(", ");
    let mut sql = format!(
        "WITH s (town_id, value, entries, late, flagged) AS ({each}) SELECT 0, \
         CAST(coalesce(sum(s.value), 0) AS BIGINT), CAST(coalesce(sum(s.entries), 0) AS BIGINT), \
         CAST(coalesce(sum(s.late), 0) AS BIGINT), CAST(coalesce(sum(s.flagged), 0) AS BIGINT), \
         count(*), count(*) - count(s.town_id), {columns} \
         FROM town t LEFT JOIN s ON s.town_id = t.town_id GROUP BY {grouped}"
    );
    if let Some(since) = since {
        values.push(since.into());
        let last = values.len() + 1;
        sql += &format!(
            " UNION ALL SELECT 1, coalesce(h.size, 0), e.recorded_at, c.size, c.signed_at, \
             CASE WHEN s.town_id IS NULL THEN 1 ELSE 0 END, 0, t.province, t.city, t.county, t.name, t.origin \
             FROM town t LEFT JOIN s ON s.town_id = t.town_id \
             LEFT JOIN log_head h ON h.town_id = t.town_id \
             LEFT JOIN entry e ON e.town_id = t.town_id AND e.idx = h.size - 1 \
             LEFT JOIN checkpoint c ON c.town_id = t.town_id \
             AND c.size = (SELECT max(k.size) FROM checkpoint k WHERE k.town_id = t.town_id) \
             WHERE s.town_id IS NULL OR e.recorded_at IS NULL OR e.recorded_at < ${last}"
        );
    }
    sql += " ORDER BY 1, 8, 9, 10, 11, 12";
    let mut missing = Vec::new();
    nation.each(&sql, &values, |row| {
        let places = (7..7 + path.len()).map(|nth| row.get(nth)).collect::<Result<Vec<String>>>()?;
        if row.get::<i64>(0)? == 0 {
            read(places, row.get::<i64>(5)? as u64, row.get::<i64>(6)? as u64, sum_of(row)?);
            return Ok(());
        }
        missing.push((reached(row)?, row.get::<i64>(5)? == 1));
        Ok(())
    })?;
    Ok(missing)
}

/// A township that is missing, and how far its journal goes.
fn reached(row: &Row<'_>) -> Result<Town> {
    let signed = row.get::<Option<i64>>(3)?.map(|size| size as u64).zip(row.get::<Option<i64>>(4)?);
    let place = Place {
        province: row.get(7)?,
        city: row.get(8)?,
        county: row.get(9)?,
        town: row.get(10)?,
        origin: row.get(11)?,
    };
    Ok(Town { place, size: row.get::<i64>(1)? as u64, last_entry: row.get(2)?, signed, ..Town::default() })
}

/// The year of what is asked for, as the index over all towns has it: within one its towns come in order. It leaves nothing
/// out; what holds on a day may have begun in any.
pub(super) fn in_year(figure: &Figure, period: Period) -> &'static str {
    let one = period.from.year() == period.to.year() && !figure.is_stock();
    if one { " AND substr(day, 1, 4) = substr($3, 1, 4)" } else { "" }
}

/// One figure with facts of its own, added up by township.
pub(super) fn sums_of_one(dues: &Dues, figure: &Figure, period: Period) -> String {
    format!(
        "SELECT town_id, {} FROM fact WHERE figure = $2 AND {}{} GROUP BY town_id",
        adds_all(figure),
        dues.facts(figure),
        in_year(figure, period)
    )
}

/// The entries behind several figures together, each told once, by township.
pub(super) fn told_of_several(dues: &Dues, alike: &[&Figure], period: Period) -> String {
    format!(
        "SELECT town_id, 0, count(*), CAST(sum(late) AS BIGINT), CAST(sum(flagged) AS BIGINT) FROM \
         (SELECT town_id, idx, max(late) AS late, max(flagged) AS flagged FROM fact WHERE {}{} \
         GROUP BY town_id, idx) told GROUP BY town_id",
        dues.facts_of(alike),
        in_year(alike[0], period)
    )
}

/// The townships that have anything behind several figures.
fn any_of_several(dues: &Dues, alike: &[&Figure], period: Period) -> String {
    let (facts, year) = (dues.facts_of(alike), in_year(alike[0], period));
    format!("SELECT town_id, 0, 0, 0, 0 FROM fact WHERE {facts}{year} GROUP BY town_id")
}

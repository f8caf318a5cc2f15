//! Figures of several townships added up: each by itself, then together (汇总).

use std::collections::BTreeMap;

use anyhow::Result;
use engine::definition::{Counts, Definitions, Figure, Over};
use engine::figure::{Period, Reading, Sum, bases, items, ratio, read};

use super::figures::{Readings, added, sums_behind};
use super::overdue::Dues;
use crate::storage::Db;

/// What figures of one township are read from.
pub type Sums = BTreeMap<String, Sum>;

/// The sums behind figures in one township, as of now.
pub fn of_town(db: &Db, set: &Definitions, figures: &[&Figure], period: Period) -> Result<Sums> {
    let dues = Dues::of(db, set, figures.iter().copied(), None)?;
    sums_behind(db, set, figures, period, &dues)
}

/// Figures over several townships. A rate is that of the sums: townships count by what they have, not each as one.
pub fn together<'s>(
    set: &Definitions,
    figures: &[&Figure],
    towns: impl IntoIterator<Item = &'s Sums>,
    period: Period,
) -> Readings {
    together_of(set, figures, towns.into_iter().map(|sums| (1, sums)), period)
}

/// The same of sums that are each of so many townships already.
pub fn together_of<'s>(
    set: &Definitions,
    figures: &[&Figure],
    places: impl IntoIterator<Item = (u64, &'s Sums)>,
    period: Period,
) -> Readings {
    let (mut all, mut many) = (Sums::new(), 0);
    for (towns, sums) in places {
        many += towns as i64;
        for (figure, sum) in sums {
            let before = all.entry(figure.clone()).or_default();
            *before = added(*before, *sum);
        }
    }
    figures.iter().map(|figure| (figure.id.clone(), of_all(set, figure, &all, many, period))).collect()
}

fn of_all(set: &Definitions, figure: &Figure, sums: &Sums, towns: i64, period: Period) -> Reading {
    let mut reading = read(set, figure, sums, period.to);
    // Each township is held against the whole catalogue.
    if let Counts::Ratio { of, over: Over::Items(catalogue), .. } = &figure.counts {
        let of = sums.get(&of.value).map_or(0, |sum| sum.value);
        reading.value = ratio(figure, of, items(set, catalogue, period.to) * towns);
    }
    reading
}

/// Whether anything of a figure, or of what it is built on, was recorded.
pub fn is_recorded(set: &Definitions, figure: &Figure, sums: &Sums) -> bool {
    bases(set, figure).iter().any(|base| sums.get(&base.figure.id).is_some_and(|sum| sum.entries > 0))
}

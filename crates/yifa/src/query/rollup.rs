//! One figure over many townships, by township, county, city or province (汇总).
//!
//! Each township is added up by itself first; only its sums go further (S12). So what is told apart within a township is not
//! told apart between two: a person who stands in the books of both is two. A rate is divided once, out of what its parts
//! add up to.

mod folders;
mod places;
mod server;

use std::collections::BTreeMap;

use engine::definition::{Definitions, Figure};
use engine::figure::{Period, Reading, Sum};
use serde::Serialize;

use super::together::together_of;
use crate::folder::Town as Named;
use crate::mirror::Standing;
pub use folders::{Unread, of_folders};
pub use places::rolled_on_server;
pub use server::of_server;

/// What is asked of every township.
#[derive(Clone, Copy)]
pub struct Asked<'a> {
    /// The definitions the figure is read by: those of whoever asks.
    pub set: &'a Definitions,
    /// The figure.
    pub figure: &'a Figure,
    /// The days.
    pub period: Period,
}

/// A township among others.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Place {
    /// The journal's name.
    pub origin: String,
    /// The township.
    pub town: String,
    /// Its county.
    pub county: String,
    /// Its city; empty where nobody said.
    pub city: String,
    /// Its province; empty where nobody said.
    pub province: String,
}

impl From<Named<'_>> for Place {
    fn from(named: Named<'_>) -> Place {
        let [origin, town, county, city, province] =
            [named.origin, named.town, named.county, named.city, named.province].map(str::to_owned);
        Place { origin, town, county, city, province }
    }
}

/// What one township has of a figure, and how far its journal goes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Town {
    /// Which it is.
    pub place: Place,
    /// What the figure is read from, by figure; empty where it has nothing.
    pub sums: BTreeMap<String, Sum>,
    /// How many entries its journal has.
    pub size: u64,
    /// When the last of them was recorded, in milliseconds UTC.
    pub last_entry: Option<i64>,
    /// How many entries the last signed checkpoint covers, and when it was signed.
    pub signed: Option<(u64, i64)>,
    /// How it is followed, where the folder is a mirror; a server holds none that it tells of.
    pub following: Option<Standing>,
    /// Whether the township counts the figure by another definition; not known of one on a server.
    pub differs: Option<bool>,
}

impl Place {
    /// From the province down. Two townships may have one name; their journals have not.
    fn path(&self) -> [&str; 5] {
        [&self.province, &self.city, &self.county, &self.town, &self.origin].map(String::as_str)
    }
}

impl Town {
    /// Whether nothing was recorded since a moment, in milliseconds UTC.
    fn is_quiet(&self, since: i64) -> bool {
        self.last_entry.is_none_or(|at| at < since)
    }

    /// Whether any entry stands behind the figure.
    pub fn is_silent(&self, figure: &Figure) -> bool {
        self.sums.get(&figure.id).is_none_or(|sum| sum.entries == 0)
    }
}

/// How far down numbers are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// All together.
    Nation,
    /// By province.
    Province,
    /// By city.
    City,
    /// By county.
    County,
    /// Each township.
    Town,
}

impl Level {
    /// How much of a place's path tells two apart.
    fn deep(self) -> usize {
        match self {
            Level::Nation => 0,
            Level::Province => 1,
            Level::City => 2,
            Level::County => 3,
            Level::Town => 5,
        }
    }
}

/// A province, city or county: its name and those above it, from the highest named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Within(Vec<String>);

impl Within {
    /// Reads 江西省, 江西省/赣州市, 江西省/赣州市/上犹县, or 上犹县 alone.
    pub fn parse(text: &str) -> Option<Within> {
        let names: Vec<String> = text.split('/').map(|name| name.trim().to_owned()).collect();
        ((1..=3).contains(&names.len()) && names.iter().all(|name| !name.is_empty())).then_some(Within(names))
    }

    /// Whether a township lies there: names that follow each other stand under each other.
    pub fn holds(&self, place: &Place) -> bool {
        let path = [&place.province, &place.city, &place.county];
        path.windows(self.0.len()).any(|path| path.iter().zip(&self.0).all(|(one, name)| *one == name))
    }
}

/// What townships add up to, and what is missing in it.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Rolled {
    /// By place.
    pub groups: Vec<Group>,
    /// All of them together; none where there is no township.
    pub all: Option<Group>,
    /// Those with nothing behind the figure.
    pub silent: Vec<Place>,
    /// Those that recorded nothing of any sort for long, and how far their journals go.
    pub quiet: Vec<Town>,
    /// Those known to count the figure by another definition.
    pub differs: Vec<Place>,
    /// Those that are mirrors in folders, each with how it is followed.
    pub mirrors: Vec<Town>,
}

impl Rolled {
    /// Out of what each township has. Quiet is who recorded nothing since a moment, in milliseconds UTC; without one nobody
    /// is named.
    pub fn of(asked: Asked<'_>, mut towns: Vec<Town>, by: Level, since: Option<i64>) -> Rolled {
        towns.sort_by(|a, b| a.place.path().cmp(&b.place.path()));
        let (groups, all) = (group(asked, &towns, by), group(asked, &towns, Level::Nation).pop());
        let Some(since) = since else { return Rolled { groups, all, ..Rolled::default() } };
        let places = |is: &dyn Fn(&Town) -> bool| -> Vec<Place> {
            towns.iter().filter(|town| is(town)).map(|town| town.place.clone()).collect()
        };
        let silent = places(&|town| town.is_silent(asked.figure));
        let differs = places(&|town| town.differs == Some(true));
        towns.iter_mut().for_each(|town| town.sums.clear());
        let mirrors = towns.iter().filter(|town| town.following.is_some()).cloned().collect();
        towns.retain(|town| town.is_quiet(since));
        Rolled { groups, all, silent, quiet: towns, differs, mirrors }
    }
}

/// The townships of one place together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Group {
    /// From the province down; what nobody said is empty.
    pub place: Vec<String>,
    /// What they add up to.
    #[serde(flatten)]
    pub reading: Reading,
    /// How many townships there are.
    pub towns: u64,
    /// How many of them have nothing behind the figure.
    pub silent: u64,
}

/// What one township, or so many of one place, have of a figure.
struct Share<'t> {
    place: &'t Place,
    sums: &'t BTreeMap<String, Sum>,
    towns: u64,
    silent: u64,
}

/// Adds townships up by place, in the order of the places' names.
pub fn group(asked: Asked<'_>, towns: &[Town], by: Level) -> Vec<Group> {
    let shares = towns.iter().map(|town| Share {
        place: &town.place,
        sums: &town.sums,
        towns: 1,
        silent: town.is_silent(asked.figure).into(),
    });
    grouped(asked, shares, by)
}

fn grouped<'t>(asked: Asked<'_>, shares: impl Iterator<Item = Share<'t>>, by: Level) -> Vec<Group> {
    let mut groups: BTreeMap<Vec<&str>, Vec<Share<'_>>> = BTreeMap::new();
    for share in shares {
        groups.entry(share.place.path()[..by.deep()].to_vec()).or_default().push(share);
    }
    let group = |(place, shares): (Vec<&str>, Vec<Share<'_>>)| Group {
        place: place.into_iter().take(4).map(str::to_owned).collect(),
        reading: reading(asked, &shares),
        towns: shares.iter().map(|share| share.towns).sum(),
        silent: shares.iter().map(|share| share.silent).sum(),
    };
    groups.into_iter().map(group).collect()
}

fn reading(asked: Asked<'_>, shares: &[Share<'_>]) -> Reading {
    let Asked { set, figure, period } = asked;
    let all = together_of(set, &[figure], shares.iter().map(|share| (share.towns, share.sums)), period);
    all.into_values().next().expect("a figure that was asked for is read")
}

#[cfg(test)]
mod tests;

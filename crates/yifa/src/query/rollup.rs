//! One figure over many townships, by township, county, city or province (汇总).
//!
//! Each township is added up by itself first; only its sums go further (S12). So what is told apart within a township is not
//! told apart between two: a person who stands in the books of both is two. A rate is divided once, out of what its parts
//! add up to.

mod folders;
mod server;

use std::collections::BTreeMap;

use engine::definition::{Definitions, Figure};
use engine::figure::{Period, Reading, Sum};
use serde::Serialize;

use crate::folder::Town as Named;
use crate::mirror::Standing;
pub use folders::{Unread, of_folders};
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

impl Town {
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

/// Adds townships up by place, in the order of the places' names.
pub fn group(asked: Asked<'_>, towns: &[Town], by: Level) -> Vec<Group> {
    let mut groups: BTreeMap<Vec<&str>, Vec<&Town>> = BTreeMap::new();
    for town in towns {
        let Place { origin, town: name, county, city, province } = &town.place;
        // Two townships may have one name; their journals have not.
        let path: [&str; 5] = [province, city, county, name, origin];
        let deep = match by {
            Level::Nation => 0,
            Level::Province => 1,
            Level::City => 2,
            Level::County => 3,
            Level::Town => 5,
        };
        groups.entry(path[..deep].to_vec()).or_default().push(town);
    }
    let group = |(place, towns): (Vec<&str>, Vec<&Town>)| Group {
        place: place.into_iter().take(4).map(str::to_owned).collect(),
        reading: together(asked, &towns),
        towns: towns.len() as u64,
        silent: towns.iter().filter(|town| town.is_silent(asked.figure)).count() as u64,
    };
    groups.into_iter().map(group).collect()
}

fn together(asked: Asked<'_>, towns: &[&Town]) -> Reading {
    let Asked { set, figure, period } = asked;
    let all = super::together::together(set, &[figure], towns.iter().map(|town| &town.sums), period);
    all.into_values().next().expect("a figure that was asked for is read")
}

#[cfg(test)]
mod tests;

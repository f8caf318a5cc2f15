//! What a record was called before: people and offices take other names, and are asked for by the old one.

use std::collections::BTreeSet;

use anyhow::Result;
use engine::act::Act;
use engine::day::Day;
use engine::record::{VOID, apply, walk};
use memchr::memmem::Finder;
use serde::Serialize;

use super::{Held, Reader};
use crate::storage::params;

/// A name a record had.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Former {
    /// The name.
    pub name: String,
    /// The day it ended.
    pub until: Day,
    /// It was no name, but written wrongly and put right.
    pub mistaken: bool,
}

impl std::fmt::Display for Former {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let what = if self.mistaken { "更正前写作" } else { "曾用名" };
        write!(f, "{what}：{}（至 {}）", self.name, self.until)
    }
}

impl Reader<'_> {
    /// The names a record had before the one it has, the earliest first.
    pub fn former(&self, held: &Held) -> Result<Vec<Former>> {
        let rules = self.rules(held)?;
        let titles: Vec<String> =
            (1..=held.entries.len()).map(|so_far| apply(rules, &held.entries[..so_far]).head.title).collect();
        let course = walk(rules, &held.entries).0;
        let mut found = Vec::new();
        for (nth, pair) in titles.windows(2).enumerate().filter(|(_, pair)| pair[0] != pair[1]) {
            let entry = &held.entries[nth + 1];
            let one = course.steps.iter().find(|one| one.entry == entry.index);
            found.push(Former {
                name: pair[0].clone(),
                until: one.map_or(entry.recorded, |one| one.day),
                mistaken: !matches!(entry.act, Act::Step(_)),
            });
        }
        let now = titles.last();
        found.retain(|former| Some(&former.name) != now);
        Ok(found)
    }

    /// The records of a register that once were called so. Only entries know: the tables have the present names.
    pub fn once_called(&self, register: &str, name: &str) -> Result<Vec<String>> {
        let finder = Finder::new(name);
        let mut look = BTreeSet::new();
        let sql = "SELECT e.record, p.body FROM entry e JOIN payload p ON p.town_id = e.town_id AND p.idx = e.idx \
                   JOIN record r ON r.town_id = e.town_id AND r.id = e.record \
                   WHERE e.town_id = $1 AND r.register = $2 AND r.state <> $3 AND e.idx < $4 ORDER BY e.idx";
        self.db.each(sql, params![register, VOID, self.size as i64], |row| {
            if finder.find(row.get_ref(1)?.as_str()?.as_bytes()).is_some() {
                look.insert(row.get::<String>(0)?);
            }
            Ok(())
        })?;
        let mut found = Vec::new();
        for id in look {
            let Some(held) = self.held(&id)? else { continue };
            if self.former(&held)?.iter().any(|former| former.name == name) {
                found.push(id);
            }
        }
        Ok(found)
    }
}

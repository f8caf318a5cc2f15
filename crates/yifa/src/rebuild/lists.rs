//! What lists are counted and searched by, against what the journal gives: facets and the words of the search.
//!
//! Both are held together over all records. A facet is compared bit by bit; of a record's words a keyed sum is, so that a
//! million records fit into memory.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::hash::{BuildHasher, RandomState};

use anyhow::Result;
use engine::record::Rows;

use super::Rebuild;
use crate::projection::bits::Bits;
use crate::projection::facet::{self, Key};
use crate::projection::{Of, grams};
use crate::storage::log::entries_of;
use crate::storage::params;

/// What lists should be counted and searched by.
#[derive(Default)]
pub(super) struct Lists {
    facets: BTreeMap<Key, Vec<i64>>,
    words: HashMap<i64, u64>,
    /// Drawn for this run: nobody can write words beforehand that have the sum of others.
    sums: RandomState,
}

impl Lists {
    /// Notes where a record stands and under which words.
    pub fn note(&mut self, of: &Of<'_>, rows: &Rows) {
        let first = of.first as i64;
        for (filter, value) in facet::facets(of.register, rows) {
            let key = (of.register.id.value.clone(), filter.to_owned(), value.into_owned());
            self.facets.entry(key).or_default().push(first);
        }
        let words = grams::grams(&grams::searched(of.register, rows));
        for (nth, word) in words.split_whitespace().enumerate() {
            add(&mut self.words, &self.sums, first, nth as i64, word.as_bytes());
        }
    }
}

fn add(sums: &mut HashMap<i64, u64>, by: &RandomState, first: i64, nth: i64, word: &[u8]) {
    let sum = sums.entry(first).or_default();
    *sum = sum.wrapping_add(by.hash_one((nth, word)));
}

impl Rebuild<'_> {
    /// Each facet holds the records that stand under it.
    pub(super) fn facets(&mut self) -> Result<()> {
        let sql =
            "SELECT DISTINCT register, filter, value FROM facet WHERE town_id = $1 ORDER BY register, filter, value";
        let stored: Vec<Key> = self.db.rows(sql, params![], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        let mut expected = std::mem::take(&mut self.lists.facets);
        for key in stored.into_iter().chain(expected.keys().cloned()).collect::<BTreeSet<Key>>() {
            self.found.rows += 1;
            let bits: Bits = expected.remove(&key).unwrap_or_default().into_iter().collect();
            let (register, filter, value) = &key;
            if self.stored(&key)? == bits.parts().map(|part| (part, bits.part(part))).collect::<Vec<_>>() {
                continue;
            }
            let is = facet::read(self.db, register, filter, value)?;
            let (should, both) = (bits.count(), is.common(&bits));
            let text = format!("{filter} {value}：应有 {should} 个案卷，表中有 {} 个，相同的 {both} 个", is.count());
            self.found.differ("facet", register, text);
            if self.mend {
                let sql = "DELETE FROM facet WHERE town_id = $1 AND register = $2 AND filter = $3 AND value = $4";
                self.db.run(sql, params![register, filter, value])?;
                facet::write_all(self.db, [(&key, &bits)])?;
            }
        }
        Ok(())
    }

    /// The parts of a facet as they are stored: there is one way to write them.
    fn stored(&self, (register, filter, value): &Key) -> Result<Vec<(i64, Option<Vec<u8>>)>> {
        let sql = "SELECT part, bits FROM facet WHERE town_id = $1 AND register = $2 AND filter = $3 AND value = $4 \
                   ORDER BY part";
        self.db.rows(sql, params![register, filter, value], |row| Ok((row.get(0)?, row.get(1)?)))
    }

    /// Each record is found under its words and no others.
    pub(super) fn words(&mut self) -> Result<()> {
        let expected = std::mem::take(&mut self.lists.words);
        let (mut found, sums) = (HashMap::new(), &self.lists.sums);
        self.db.words(|first, nth, word| add(&mut found, sums, first, nth, word))?;
        self.found.rows += expected.len() as u64;
        let mut odd: Vec<i64> =
            expected.iter().filter(|(at, sum)| found.get(at) != Some(sum)).map(|(at, _)| *at).collect();
        odd.extend(found.keys().filter(|at| !expected.contains_key(at)));
        odd.sort_unstable();
        for first in odd {
            let sql = "SELECT record FROM entry WHERE town_id = $1 AND idx = $2";
            let record: Option<String> = self.db.one(sql, params![first], |row| row.get(0))?;
            let record = record.unwrap_or_default();
            self.found.differ("search", &record, "查找用的字词与日志推得的不同".to_owned());
            if self.mend {
                self.db.put_words(first, &self.words_of(&record, first), true)?;
            }
        }
        Ok(())
    }

    /// The words of the record that was opened with an entry; none if none was.
    fn words_of(&self, record: &str, first: i64) -> String {
        let words = || -> Result<String> {
            let (entries, _) = entries_of(self.db, record)?;
            let Some(opening) = entries.first().filter(|entry| entry.index as i64 == first) else {
                return Ok(String::new());
            };
            let register = self.sets.opened_under(opening.index, opening.act.register().unwrap_or_default())?;
            let (rows, _) = self.replay(register, &entries);
            Ok(grams::grams(&grams::searched(register, &rows)))
        };
        words().unwrap_or_default()
    }
}

//! Sets of records as bits, one for each entry that opened a record (案卷集合).
//!
//! A record stands at the index of its first entry, which never changes. Sets are kept in parts of [`PART`] places, so
//! that a step rewrites half a kilobyte at most, and a set of few takes two bytes for each.

use std::collections::BTreeMap;

/// How many places a part has.
pub const PART: i64 = 4096;

const WORDS: usize = PART as usize / 64;
const BYTES: usize = PART as usize / 8;

type Block = Box<[u64; WORDS]>;

/// A set of records. No part of it is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bits(BTreeMap<i64, Block>);

impl Bits {
    /// Puts a place in, or takes it out.
    pub fn put(&mut self, at: i64, is: bool) {
        let (part, word, bit) = place(at);
        if is {
            self.0.entry(part).or_insert_with(|| Box::new([0; WORDS]))[word] |= bit;
        } else if let Some(block) = self.0.get_mut(&part) {
            block[word] &= !bit;
            if block.iter().all(|word| *word == 0) {
                self.0.remove(&part);
            }
        }
    }

    /// Whether a place is in.
    pub fn has(&self, at: i64) -> bool {
        let (part, word, bit) = place(at);
        self.0.get(&part).is_some_and(|block| block[word] & bit != 0)
    }

    /// How many there are.
    pub fn count(&self) -> u64 {
        self.0.values().map(|block| count(&block[..])).sum()
    }

    /// How many are in both.
    pub fn common(&self, other: &Bits) -> u64 {
        let both = self.0.iter().filter_map(|(part, block)| Some((block, other.0.get(part)?)));
        both.map(|(a, b)| a.iter().zip(&b[..]).map(|(a, b)| u64::from((a & b).count_ones())).sum::<u64>()).sum()
    }

    /// Keeps only what is in the other as well.
    pub fn keep(&mut self, other: &Bits) {
        self.0.retain(|part, block| {
            let Some(also) = other.0.get(part) else { return false };
            block.iter_mut().zip(&also[..]).for_each(|(a, b)| *a &= b);
            block.iter().any(|word| *word != 0)
        });
    }

    /// Adds all of the other.
    pub fn add(&mut self, other: Bits) {
        for (part, block) in other.0 {
            match self.0.get_mut(&part) {
                Some(own) => own.iter_mut().zip(&block[..]).for_each(|(a, b)| *a |= b),
                None => drop(self.0.insert(part, block)),
            }
        }
    }

    /// All places, in order.
    pub fn places(&self) -> impl Iterator<Item = i64> {
        self.0.iter().flat_map(|(part, block)| inside(block).map(move |at| part * PART + at))
    }

    /// Puts a stored part in; false if it is none.
    pub fn put_part(&mut self, part: i64, stored: &[u8]) -> bool {
        let Some(block) = read(stored) else { return false };
        if block.iter().any(|word| *word != 0) {
            self.0.insert(part, block);
        }
        true
    }

    /// A part as it is stored; nothing if it is empty.
    pub fn part(&self, part: i64) -> Option<Vec<u8>> {
        self.0.get(&part).map(|block| stored(block))
    }

    /// Which parts there are.
    pub fn parts(&self) -> impl Iterator<Item = i64> {
        self.0.keys().copied()
    }
}

impl FromIterator<i64> for Bits {
    fn from_iter<I: IntoIterator<Item = i64>>(places: I) -> Bits {
        let mut bits = Bits::default();
        places.into_iter().for_each(|at| bits.put(at, true));
        bits
    }
}

fn place(at: i64) -> (i64, usize, u64) {
    let inside = at.rem_euclid(PART) as usize;
    (at.div_euclid(PART), inside / 64, 1 << (inside % 64))
}

fn count(words: &[u64]) -> u64 {
    words.iter().map(|word| u64::from(word.count_ones())).sum()
}

fn inside(block: &[u64; WORDS]) -> impl Iterator<Item = i64> {
    block.iter().enumerate().flat_map(|(nth, word)| {
        let mut left = *word;
        std::iter::from_fn(move || {
            let bit = (left != 0).then(|| i64::from(left.trailing_zeros()))?;
            left &= left - 1;
            Some(nth as i64 * 64 + bit)
        })
    })
}

/// The places, two bytes for each, while that is shorter than all the bits; the length tells which.
fn stored(block: &[u64; WORDS]) -> Vec<u8> {
    if count(block) * 2 < BYTES as u64 {
        return inside(block).flat_map(|at| (at as u16).to_le_bytes()).collect();
    }
    block.iter().flat_map(|word| word.to_le_bytes()).collect()
}

fn read(stored: &[u8]) -> Option<Block> {
    let mut block = Box::new([0; WORDS]);
    if stored.len() == BYTES {
        for (word, bytes) in block.iter_mut().zip(stored.as_chunks::<8>().0) {
            *word = u64::from_le_bytes(*bytes);
        }
        return Some(block);
    }
    if stored.len() > BYTES || !stored.len().is_multiple_of(2) {
        return None;
    }
    for bytes in stored.as_chunks::<2>().0 {
        let at = u16::from_le_bytes(*bytes) as usize;
        *block.get_mut(at / 64)? |= 1 << (at % 64);
    }
    Some(block)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    fn places() -> impl Strategy<Value = BTreeSet<i64>> {
        // Few of many parts, or many of few.
        prop_oneof![
            proptest::collection::btree_set(0..10 * PART, 0..40),
            proptest::collection::btree_set(PART / 2..2 * PART, 0..3_000),
        ]
    }

    proptest! {
        #[test]
        fn bits_are_what_a_set_is(a in places(), b in places()) {
            let (left, right): (Bits, Bits) = (a.iter().copied().collect(), b.iter().copied().collect());
            let both: Vec<i64> = a.intersection(&b).copied().collect();
            prop_assert_eq!(left.common(&right), both.len() as u64);
            let mut kept = left.clone();
            kept.keep(&right);
            prop_assert_eq!(kept.places().collect::<Vec<_>>(), both);
            let mut all = left.clone();
            all.add(right);
            prop_assert_eq!(all.places().collect::<Vec<_>>(), a.union(&b).copied().collect::<Vec<_>>());
            prop_assert_eq!(all.count(), a.union(&b).count() as u64);
            for at in &a {
                prop_assert!(all.has(*at));
                all.put(*at, false);
                prop_assert!(!all.has(*at));
            }
            prop_assert!(all.0.values().all(|block| count(&block[..]) > 0));
        }

        #[test]
        fn what_is_stored_is_read_back(a in places()) {
            let bits: Bits = a.into_iter().collect();
            let mut read = Bits::default();
            for part in bits.parts() {
                let stored = bits.part(part).unwrap();
                prop_assert!(stored.len() <= BYTES);
                prop_assert!(read.put_part(part, &stored));
            }
            prop_assert_eq!(read, bits);
        }

        #[test]
        fn any_bytes_are_a_part_or_none(bytes in proptest::collection::vec(any::<u8>(), 0..1_100)) {
            Bits::default().put_part(0, &bytes);
        }
    }
}

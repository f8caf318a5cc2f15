//! Chance from a fixed seed: SplitMix64, written out so that no library's next version can change the records.

/// A stream of numbers that is the same in every run.
#[derive(Clone)]
pub struct Chance(u64);

impl Chance {
    /// A stream of its own for each purpose, so that one more draw here changes nothing there.
    pub fn new(purpose: u64) -> Chance {
        Chance(0x7969_6661_2d64_656d ^ purpose.wrapping_mul(0xd1b5_4a32_d192_ed03))
    }

    /// A stream beside this one, from which one may draw and leave this one as it is.
    pub fn beside(&self) -> Chance {
        Chance::new(self.clone().next())
    }

    /// The next 64 bits.
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number from `low` to `high`, both included.
    pub fn between(&mut self, low: i32, high: i32) -> i32 {
        low + (self.next() % (i64::from(high) - i64::from(low) + 1) as u64) as i32
    }

    /// True so many times in a hundred.
    pub fn percent(&mut self, of: i32) -> bool {
        self.between(1, 100) <= of
    }

    /// One of several.
    pub fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[(self.next() % of.len() as u64) as usize]
    }

    /// One of several words.
    pub fn word<'a>(&mut self, of: &'a [String]) -> &'a str {
        self.pick::<String>(of)
    }

    /// An index, the heavier the likelier.
    pub fn weighted(&mut self, weights: impl Iterator<Item = u64> + Clone) -> usize {
        let mut left = self.next() % weights.clone().sum::<u64>().max(1);
        for (index, weight) in weights.enumerate() {
            if left < weight {
                return index;
            }
            left -= weight;
        }
        0
    }

    /// Bytes.
    pub fn fill(&mut self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            chunk.copy_from_slice(&self.next().to_be_bytes()[..chunk.len()]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stream_is_splitmix64() {
        // The first outputs for state 0, as published with the algorithm.
        let mut chance = Chance(0);
        assert_eq!(chance.next(), 0xe220_a839_7b1d_cdaf);
        assert_eq!(chance.next(), 0x6e78_9e6a_a1b9_65f4);
    }
}

//! Ids of entries, records and people: UUIDv7, lower case.

use std::fmt;
use std::hash::{BuildHasher, Hasher};
use std::str::FromStr;

use crate::hash::{TextError, eight_digits, push_hex};

/// A UUIDv7 (RFC 9562 section 5.7), written as 36 lower-case characters.
///
/// Nothing can be read from it but the moment it was made; it is never derived from an identity
/// number or any other fact about a person.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id(u128);

/// The length of an id in text.
pub(crate) const ID_LENGTH: usize = 36;

impl Id {
    /// Makes an id from a moment and 74 random bits, both given by the caller.
    ///
    /// `millis` is milliseconds since 1970 UTC, of which 48 bits are kept; of `random` the low
    /// 74 bits are kept.
    pub fn new(millis: u64, random: u128) -> Id {
        let time = u128::from(millis & 0xffff_ffff_ffff) << 80;
        let high = ((random >> 62) & 0xfff) << 64;
        let low = random & 0x3fff_ffff_ffff_ffff;
        Id(time | (7 << 76) | high | (2 << 62) | low)
    }

    /// Reads exactly the canonical text.
    ///
    /// # Errors
    /// Other versions of UUID, upper case, braces: one id has one spelling.
    #[inline]
    pub fn parse(text: &[u8]) -> Result<Id, TextError> {
        Id::read(text).ok_or_else(|| TextError::new("a lower-case UUIDv7", text))
    }

    #[inline(always)]
    pub(crate) fn read(text: &[u8]) -> Option<Id> {
        // Four words of eight digits, around the hyphens.
        let text: &[u8; ID_LENGTH] = text.try_into().ok()?;
        let [a0, a1, a2, a3, a4, a5, a6, a7, h1, rest @ ..] = *text;
        let [b0, b1, b2, b3, h2, b4, b5, b6, b7, h3, rest @ ..] = rest;
        let [c0, c1, c2, c3, h4, c4, c5, c6, c7, d @ ..] = rest;
        let (a, bad_a) = eight_digits([a0, a1, a2, a3, a4, a5, a6, a7]);
        let (b, bad_b) = eight_digits([b0, b1, b2, b3, b4, b5, b6, b7]);
        let (c, bad_c) = eight_digits([c0, c1, c2, c3, c4, c5, c6, c7]);
        let (d, bad_d) = eight_digits(d);
        let digits = bad_a | bad_b | bad_c | bad_d == 0;
        let [a, b, c, d] = [a, b, c, d].map(u32::swap_bytes);
        let (version, variant) = ((b >> 12) & 0xf, c >> 30);
        let high = (u64::from(a) << 32) | u64::from(b);
        let low = (u64::from(c) << 32) | u64::from(d);
        (digits && [h1, h2, h3, h4] == *b"----" && version == 7 && variant == 2)
            .then(|| Id((u128::from(high) << 64) | u128::from(low)))
    }

    /// The moment it says it was made at, in milliseconds since 1970 UTC.
    pub fn millis(self) -> u64 {
        (self.0 >> 80) as u64
    }

    /// The 16 bytes, most significant first.
    pub fn to_bytes(self) -> [u8; 16] {
        self.0.to_be_bytes()
    }

    pub(crate) fn push(self, out: &mut String) {
        let bytes = self.to_bytes();
        for (part, range) in [0..4, 4..6, 6..8, 8..10, 10..16].into_iter().enumerate() {
            if part > 0 {
                out.push('-');
            }
            push_hex(&bytes[range], out);
        }
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::with_capacity(ID_LENGTH);
        self.push(&mut text);
        f.write_str(&text)
    }
}

impl fmt::Debug for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Id {
    type Err = TextError;
    fn from_str(text: &str) -> Result<Id, TextError> {
        Id::parse(text.as_bytes())
    }
}

/// Spreads ids over a table: one multiplication with a secret of this table alone.
// The hasher of the standard library costs as much as the look-up itself. Without the secret a
// hostile journal could choose ids that all fall into one place and make verification stand still.
#[derive(Debug, Clone)]
pub(crate) struct IdState(u128);

impl IdState {
    pub(crate) fn new() -> IdState {
        let random = std::hash::RandomState::new();
        let half = |nth: u8| u128::from(random.hash_one(nth));
        IdState((half(0) << 64) | half(1))
    }
}

impl BuildHasher for IdState {
    type Hasher = IdHasher;
    fn build_hasher(&self) -> IdHasher {
        IdHasher(self.0)
    }
}

pub(crate) struct IdHasher(u128);

impl Hasher for IdHasher {
    #[inline]
    fn write_u128(&mut self, id: u128) {
        let mixed = self.0 ^ id;
        let product = u128::from(mixed as u64) * u128::from((mixed >> 64) as u64);
        self.0 = product ^ (product >> 64);
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u128(u128::from(*byte));
        }
    }

    #[inline]
    fn finish(&self) -> u64 {
        self.0 as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_has_one_spelling() {
        let text = "0199a4c2-7b1e-7a3f-9c55-0123456789ab";
        let id: Id = text.parse().unwrap();
        assert_eq!(id.to_string(), text);
        for bad in [
            "0199A4C2-7b1e-7a3f-9c55-0123456789ab",
            "0199a4c2-7b1e-4a3f-9c55-0123456789ab",
            "0199a4c2-7b1e-7a3f-cc55-0123456789ab",
            "0199a4c27b1e-7a3f-9c55-0123456789ab-",
            "0199a4c27b1e7a3f9c550123456789ab",
            "",
        ] {
            assert!(bad.parse::<Id>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_made_id_keeps_its_moment_and_its_random_bits() {
        let made = Id::new(0x0199_a4c2_7b1e, u128::MAX);
        assert_eq!(made.to_string(), "0199a4c2-7b1e-7fff-bfff-ffffffffffff");
        assert_eq!(made.to_string().parse(), Ok(made));
        assert_eq!(made.millis(), 0x0199_a4c2_7b1e);
    }
}

//! The demonstration's clock and randomness. Nothing outside this folder can make one.

use std::collections::VecDeque;

use anyhow::{Context, Result, ensure};
use journal::payload::Salt;

use super::chance::Chance;
use crate::ambient::Ambient;

/// Every journal of this beginning is a demonstration.
const ORIGIN: &str = "demo/";

/// Scripted moments, seeded ids and salts.
///
/// INVARIANT: the only other [`Ambient`] beside the machine's own, made here only, for a `demo/` origin only;
/// a door for back-dating would make every recorded moment worthless.
/// Held by `the_clock_of_the_demonstration_has_no_other_door`.
pub struct Seeded {
    moments: VecDeque<i64>,
    chance: Chance,
}

impl Seeded {
    /// A clock that shows each moment until an entry is salted, then the next; the last one stays.
    pub(super) fn new(origin: &str, moments: impl IntoIterator<Item = i64>) -> Result<Seeded> {
        ensure!(
            origin.starts_with(ORIGIN),
            "only a journal whose name begins with {ORIGIN} may run on a scripted clock"
        );
        let moments: VecDeque<i64> = moments.into_iter().collect();
        // Each stretch of a script has a stream of its own: no salt may come again.
        let purpose = *moments.front().context("a scripted clock needs a script")? as u64;
        Ok(Seeded { moments, chance: Chance::new(purpose) })
    }
}

impl Ambient for Seeded {
    fn now(&mut self) -> i64 {
        self.moments[0]
    }

    fn fill(&mut self, bytes: &mut [u8]) {
        self.chance.fill(bytes);
    }

    fn salt(&mut self) -> Salt {
        let mut salt = [0; 32];
        self.chance.fill(&mut salt);
        // Salting is the one thing done exactly once per entry, after its moment was asked for. Signing asks for the
        // moment too, and when it does depends on the machine: so asking must not move the clock.
        if self.moments.len() > 1 {
            self.moments.pop_front();
        }
        Salt(salt)
    }
}

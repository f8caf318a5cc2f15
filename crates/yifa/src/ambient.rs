//! What the machine gives: the present moment, new ids, salts. Nothing else in yifa asks for them (时刻与随机数).

use journal::id::Id;
use journal::payload::Salt;

/// Gives moments, ids and salts. The machine's own ([`System`]) is the only one outside the demonstration.
pub trait Ambient: Send {
    /// Milliseconds since 1970 UTC.
    fn now(&mut self) -> i64;

    /// Random bytes.
    fn fill(&mut self, bytes: &mut [u8]);

    /// A new id.
    fn id(&mut self) -> Id {
        let now = self.now();
        let mut random = [0; 16];
        self.fill(&mut random);
        Id::new(now as u64, u128::from_be_bytes(random))
    }

    /// A new salt.
    fn salt(&mut self) -> Salt {
        let mut salt = [0; 32];
        self.fill(&mut salt);
        Salt(salt)
    }
}

/// The machine's clock and its source of randomness.
pub struct System;

impl Ambient for System {
    fn now(&mut self) -> i64 {
        jiff::Timestamp::now().as_millisecond()
    }

    fn fill(&mut self, bytes: &mut [u8]) {
        // Without randomness there are no safe ids, salts or keys: going on would be worse than stopping.
        getrandom::fill(bytes).expect("the operating system gives randomness");
    }
}

/// The civil day of a moment in the township's time (UTC+8 all year).
pub fn day_of(millis: i64) -> engine::day::Day {
    let local = jiff::Timestamp::from_millisecond(millis).unwrap_or_default();
    let date = jiff::tz::Offset::constant(8).to_datetime(local).date();
    engine::day::Day::new(date.year(), date.month(), date.day()).expect("a civil day")
}

/// A moment as people write it, in the township's time.
pub fn moment_of(millis: i64) -> String {
    let local = jiff::Timestamp::from_millisecond(millis).unwrap_or_default();
    jiff::tz::Offset::constant(8).to_datetime(local).strftime("%Y-%m-%d %H:%M:%S").to_string()
}

/// A moment to the minute, in the township's time: `2026-03-02 09:15`.
pub fn minute_of(millis: i64) -> String {
    let local = jiff::Timestamp::from_millisecond(millis).unwrap_or_default();
    jiff::tz::Offset::constant(8).to_datetime(local).strftime("%Y-%m-%d %H:%M").to_string()
}

/// The first moment of a day, in the township's time.
pub fn start_of(day: engine::day::Day) -> i64 {
    let midnight = jiff::civil::date(day.year(), day.month(), day.of_month()).at(0, 0, 0, 0);
    jiff::tz::Offset::constant(8).to_timestamp(midnight).map_or(0, |at| at.as_millisecond())
}

/// The day it is now.
pub fn today() -> engine::day::Day {
    day_of(System.now())
}

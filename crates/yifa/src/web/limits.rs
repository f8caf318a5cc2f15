//! How often one account may send what costs much: large forms, and pages that read the whole journal; and how often
//! somebody may fail to sign in (限流).

use std::collections::HashMap;
use std::hash::Hash;
use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroU32;
use std::sync::{LazyLock, Mutex};
use std::time::Duration;

use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use super::routes::Route;
use super::site::lock;

/// A form of more bytes counts as an upload. Steps are smaller: nobody waits for writing down many of them.
const LARGE: u64 = 256 << 10;

/// What reads everything there is, or may.
const COSTLY: [&str; 3] = ["/journal/verify", "/journal/export", "/check"];

/// Sixty uploads at once, then one every two seconds: an event's photos, not a disk filled overnight.
static UPLOADS: LazyLock<DefaultKeyedRateLimiter<String>> = LazyLock::new(|| keyed(2, 60));
/// Thirty at once, then one every six seconds.
static WORK: LazyLock<DefaultKeyedRateLimiter<String>> = LazyLock::new(|| keyed(6, 30));

/// A limit of its own for each key: so many at once, then one every so many seconds.
pub fn keyed<K: Hash + Eq + Clone>(seconds: u64, burst: u32) -> DefaultKeyedRateLimiter<K> {
    let quota = Quota::with_period(Duration::from_secs(seconds)).expect("a period");
    RateLimiter::keyed(quota.allow_burst(NonZeroU32::new(burst).expect("a burst")))
}

/// What of a form is dear.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dear {
    /// Its bytes.
    Upload,
    /// What it asks for.
    Work,
}

impl Dear {
    /// Whether a form is dear. One that does not say how long it is may be as long as it likes.
    pub fn of(route: &Route, length: Option<u64>) -> Option<Dear> {
        if COSTLY.contains(&route.path) {
            return Some(Dear::Work);
        }
        length.is_none_or(|length| length > LARGE).then_some(Dear::Upload)
    }

    /// Whether an account may send one more now.
    pub fn allows(self, account: &str) -> bool {
        let limit = if self == Dear::Upload { &UPLOADS } else { &WORK };
        limit.check_key(&account.to_owned()).is_ok()
    }
}

/// An address as limits count it: of IPv6 the network of one house or office, which has more addresses than anybody could
/// count.
pub fn one_place(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into()
        }
        address => address,
    }
}

/// So many keys are remembered before those that have waited long enough are let go.
const MANY: usize = 1000;

/// How often somebody may fail: so many times at once, then once every so often.
pub struct Failures<K> {
    every: i64,
    most: i64,
    /// When all failures of a key will be forgotten: each puts it off by `every`.
    until: Mutex<HashMap<K, i64>>,
}

impl<K: Hash + Eq> Failures<K> {
    /// `most` at once, then one every so many milliseconds.
    pub fn new(most: i64, every: i64) -> Failures<K> {
        Failures { every, most, until: Mutex::default() }
    }

    /// Whether somebody may try once more. It counts as failed until it is taken back, so that many tried at once are no
    /// more than one after the other; one that is not let through counts for nothing.
    pub fn tries(&self, key: K, now: i64) -> bool {
        let mut until = lock(&self.until);
        if until.len() >= MANY {
            until.retain(|_, at| *at > now);
        }
        let put_off = until.get(&key).copied().unwrap_or(now).max(now) + self.every;
        let may = put_off - now <= self.most * self.every;
        if may {
            until.insert(key, put_off);
        }
        may
    }

    /// One of them was none.
    pub fn take_back(&self, key: &K) {
        if let Some(at) = lock(&self.until).get_mut(key) {
            *at -= self.every;
        }
    }

    /// All of them count no more.
    pub fn forget(&self, key: &K) {
        lock(&self.until).remove(key);
    }
}

#[cfg(test)]
mod tests {
    use super::Failures;

    #[test]
    fn failures_are_counted_and_what_succeeded_is_not() {
        let failures: Failures<&str> = Failures::new(3, 1000);
        let tries = |now: i64| failures.tries("a", now);
        assert!(
            tries(0) && tries(0) && tries(0) && !tries(0) && !tries(999),
            "three at once, and nothing more comes of it"
        );
        assert!(failures.tries("b", 0), "each has its own measure");
        assert!(tries(1000) && !tries(1999), "then one every so often, however often it was asked between");
        assert!(tries(10_000) && tries(10_000) && tries(10_000) && !tries(10_000), "after a while all three");
        failures.take_back(&"a");
        assert!(tries(10_000) && !tries(10_000));
        failures.forget(&"a");
        assert!(tries(10_000) && tries(10_000) && tries(10_000) && !tries(10_000));
    }
}

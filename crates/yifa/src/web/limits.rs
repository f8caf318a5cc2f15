//! How often one account may send what costs much: large forms, and pages that read the whole journal (限流).

use std::num::NonZeroU32;
use std::sync::LazyLock;
use std::time::Duration;

use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use super::routes::Route;

/// A form of more bytes counts as an upload. Steps are smaller: nobody waits for writing down many of them.
const LARGE: u64 = 256 << 10;

/// What reads everything there is, or may.
const COSTLY: [&str; 3] = ["/journal/verify", "/journal/export", "/check"];

/// Sixty uploads at once, then one every two seconds: an event's photos, not a disk filled overnight.
static UPLOADS: LazyLock<DefaultKeyedRateLimiter<String>> = LazyLock::new(|| keyed(2, 60));
/// Thirty at once, then one every six seconds.
static WORK: LazyLock<DefaultKeyedRateLimiter<String>> = LazyLock::new(|| keyed(6, 30));

/// A limit of its own for each key: so many at once, then one every so many seconds.
pub fn keyed<K: std::hash::Hash + Eq + Clone>(seconds: u64, burst: u32) -> DefaultKeyedRateLimiter<K> {
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

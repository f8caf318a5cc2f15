//! The orders of a list, and where in one of them a page begins.

use serde::{Serialize, Serializer};

/// By what a list is put in order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SortBy {
    /// The day of its first step.
    #[default]
    Opened,
    /// Its number; what has none stands before the others.
    Number,
    /// What it is called.
    Title,
    /// Its last entry.
    Changed,
}

/// The order of a list. Records that are alike in it stand in the order of their first entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sort {
    /// By what.
    pub by: SortBy,
    /// The last, the newest, first.
    pub descending: bool,
}

/// The newest first.
impl Default for Sort {
    fn default() -> Sort {
        Sort { by: SortBy::Opened, descending: true }
    }
}

impl SortBy {
    /// The column that says it.
    pub(super) fn column(self) -> &'static str {
        match self {
            SortBy::Opened => "opened",
            SortBy::Number => "number_key",
            SortBy::Title => "title",
            SortBy::Changed => "last_idx",
        }
    }
}

/// A record's place in an order.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Spot {
    /// What it is put in order by; a number with all its places.
    pub key: String,
    /// Its first entry.
    pub first: i64,
}

/// Where a page begins or ends: after a record or before it. Written into an address, it must be escaped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// Towards the beginning of the list.
    pub(super) back: bool,
    pub(super) spot: Spot,
}

impl Cursor {
    /// Reads one; nothing if it is none.
    pub fn parse(text: &str) -> Option<Cursor> {
        let (place, key) = text.split_once('.')?;
        let (back, first) = match place.split_at_checked(1)? {
            ("a", first) => (false, first),
            ("b", first) => (true, first),
            _ => return None,
        };
        Some(Cursor { back, spot: Spot { key: key.to_owned(), first: first.parse().ok()? } })
    }
}

impl std::fmt::Display for Cursor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Cursor { back, spot: Spot { key, first } } = self;
        write!(f, "{}{first}.{key}", if *back { 'b' } else { 'a' })
    }
}

impl Serialize for Cursor {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

//! What a verification found: every difference, with the entry it is about.

use crate::entry::LeafError;
use crate::hash::Hash;
use crate::id::Id;
use crate::tile::TileId;

/// One difference between what is stored and what was computed or signed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Difference {
    /// An entry is no leaf.
    #[error("entry {entry}: {fault}")]
    Leaf {
        /// Zero-based number of the entry.
        entry: u64,
        /// Which line is wrong.
        fault: LeafError,
    },
    /// An entry of another journal.
    #[error("entry {entry}: origin is {found:?}")]
    Origin {
        /// Zero-based number of the entry.
        entry: u64,
        /// The origin it names.
        found: String,
    },
    /// An entry does not follow the previous one of its subject: one of the two was changed, or one
    /// between them is gone.
    #[error("entry {entry}: prev is {}, the subject's last entry is {}", dash(found), dash(expected))]
    Prev {
        /// Zero-based number of the entry.
        entry: u64,
        /// The subject; none for the journal itself.
        subject: Option<Id>,
        /// Leaf hash of the previous entry of the subject.
        expected: Option<Hash>,
        /// What the entry names as its previous one.
        found: Option<Hash>,
    },
    /// An entry came at another place than its number.
    #[error("entry {found} stands where entry {expected} belongs")]
    Order {
        /// The number that belongs here.
        expected: u64,
        /// The number that came.
        found: u64,
    },
    /// An entry does not hash to what its tile says.
    #[error("entry {entry}: its hash is {computed}, its tile says {stored}")]
    LeafHash {
        /// Zero-based number of the entry.
        entry: u64,
        /// The hash in the tile.
        stored: Hash,
        /// The hash of the entry.
        computed: Hash,
    },
    /// A hash in a higher tile is not what the entries below it add up to.
    #[error("{tile} hash {nth} (entries {first} to {last}): is {stored}, entries give {computed}")]
    Node {
        /// The tile.
        tile: TileId,
        /// Zero-based place of the hash in the tile.
        nth: u16,
        /// First entry below it.
        first: u64,
        /// Last entry below it.
        last: u64,
        /// The hash in the tile.
        stored: Hash,
        /// What the entries below it add up to.
        computed: Hash,
    },
    /// A file is missing, unreadable or malformed.
    #[error("{path} (entries {first} to {last}): {fault}")]
    File {
        /// Its path.
        path: String,
        /// First entry it concerns.
        first: u64,
        /// Last entry it concerns.
        last: u64,
        /// What is wrong.
        fault: String,
    },
    /// Another number of entries than was signed.
    #[error("the checkpoint says {signed} entries, there are {found}")]
    Size {
        /// Entries signed.
        signed: u64,
        /// Entries found.
        found: u64,
    },
    /// The entries add up to another root than was signed.
    #[error("{size} entries add up to root {computed}, the checkpoint says {signed}")]
    Root {
        /// Entries signed.
        size: u64,
        /// The root signed.
        signed: Hash,
        /// The root computed.
        computed: Hash,
    },
}

fn dash(hash: &Option<Hash>) -> String {
    hash.map_or("-".to_owned(), Hash::to_hex)
}

/// How many differences are kept; the others are only counted.
pub const KEPT_DIFFERENCES: usize = 1000;

/// All differences: the first thousand, and how many there are.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Differences {
    list: Vec<Difference>,
    count: u64,
}

impl Differences {
    pub(crate) fn add(&mut self, difference: Difference) {
        self.count += 1;
        if self.list.len() < KEPT_DIFFERENCES {
            self.list.push(difference);
        }
    }

    /// The first [`KEPT_DIFFERENCES`], in the order found.
    pub fn list(&self) -> &[Difference] {
        &self.list
    }

    /// How many there are in all.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// True if nothing differs.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }
}

/// The result of a verification.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// Entries read.
    pub size: u64,
    /// The root they add up to.
    pub root: Hash,
    /// What differs.
    pub differences: Differences,
}

//! Verifying a whole journal, entry by entry, in one pass.
//!
//! What a clean report says: these entries, in this order, are those the journal signed. It does
//! not say that an entry is true, nor that nothing was left out before it was recorded. Times that
//! run backwards are no difference: clocks are wrong, and a late entry is a fact.

use std::collections::HashMap;

use crate::checkpoint::Checkpoint;
use crate::difference::{Difference, Differences, Report};
use crate::entry::LeafRef;
use crate::hash::{EMPTY_ROOT, Hash, leaf_hash, leaf_hashes};
use crate::id::{Id, IdState};
use crate::tile::TileId;
use crate::tiler::Tiler;

/// Reads a journal's entries in order and keeps what differs.
///
/// Memory: 48 bytes for each subject, and the edge of the tree.
// INVARIANT: every tampering of the tamper set is reported and names its entry, held by the tests
// in `tests/cases/tamper.rs`.
#[derive(Debug)]
pub struct Verifier<'o> {
    origin: &'o str,
    /// Leaf hash of the last entry of each subject.
    last: HashMap<Id, Hash, IdState>,
    /// Leaf hash of the last entry about the journal itself.
    last_of_journal: Option<Hash>,
    tiler: Tiler,
    differences: Differences,
}

impl<'o> Verifier<'o> {
    /// Starts at entry 0 of the journal of this origin.
    pub fn new(origin: &'o str) -> Verifier<'o> {
        Verifier {
            origin,
            last: HashMap::with_hasher(IdState::new()),
            last_of_journal: None,
            tiler: Tiler::new(),
            differences: Differences::default(),
        }
    }

    /// Reads the next entry and returns its leaf hash. `index` is the number its storage gives it.
    pub fn entry(&mut self, index: u64, leaf: &[u8]) -> Hash {
        let hash = leaf_hash(leaf);
        self.place(index);
        self.read(leaf, hash);
        self.push(hash, |_, _, _| ());
        hash
    }

    /// Reads the next entries, which is faster than one by one. `first` is the number that their
    /// storage gives to the first of them.
    pub fn entries<'a>(&mut self, first: u64, leaves: impl IntoIterator<Item = &'a [u8]>) {
        let mut leaves = leaves.into_iter().peekable();
        if leaves.peek().is_some() {
            self.place(first);
        }
        leaf_hashes(leaves, |leaf, hash| {
            self.read(leaf, hash);
            self.push(hash, |_, _, _| ());
        });
    }

    /// Leaves a place for an entry that is gone, so that those behind it keep their numbers. Whoever reads the storage
    /// reports what is gone; no root that was signed can come out any more.
    pub fn gap(&mut self) {
        self.push(EMPTY_ROOT, |_, _, _| ());
    }

    fn place(&mut self, found: u64) {
        let expected = self.tiler.size();
        if found != expected {
            self.differences.add(Difference::Order { expected, found });
        }
    }

    /// Judges a leaf by itself and by the previous one of its subject.
    #[inline]
    pub(crate) fn read(&mut self, bytes: &[u8], hash: Hash) {
        let entry = self.tiler.size();
        let leaf = match LeafRef::parse(bytes) {
            Ok(leaf) => leaf,
            Err(fault) => {
                return self.differences.add(Difference::Leaf { entry, fault });
            }
        };
        if leaf.origin != self.origin {
            let found = leaf.origin.to_owned();
            self.differences.add(Difference::Origin { entry, found });
        }
        let expected = match leaf.subject {
            Some(subject) => self.last.insert(subject, hash),
            None => self.last_of_journal.replace(hash),
        };
        if leaf.prev != expected {
            self.differences.add(Difference::Prev { entry, subject: leaf.subject, expected, found: leaf.prev });
        }
    }

    #[inline]
    pub(crate) fn push(&mut self, hash: Hash, mut give: impl FnMut(&mut Differences, TileId, &[Hash])) {
        let differences = &mut self.differences;
        self.tiler.push(hash, |id, hashes| give(differences, id, hashes));
    }

    /// Compares size and root with a verified checkpoint.
    pub fn finish(self, checkpoint: &Checkpoint) -> Report {
        self.finish_with(checkpoint, |_, _, _| ())
    }

    pub(crate) fn finish_with(
        mut self,
        checkpoint: &Checkpoint,
        mut give: impl FnMut(&mut Differences, TileId, &[Hash]),
    ) -> Report {
        let (size, differences) = (self.tiler.size(), &mut self.differences);
        let root = self.tiler.finish(|id, hashes| give(differences, id, hashes));
        if size != checkpoint.size {
            differences.add(Difference::Size { signed: checkpoint.size, found: size });
        } else if root != checkpoint.root {
            differences.add(Difference::Root { size, signed: checkpoint.root, computed: root });
        }
        Report { size, root, differences: self.differences }
    }

    pub(crate) fn differences(&mut self) -> &mut Differences {
        &mut self.differences
    }
}

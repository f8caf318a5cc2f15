//! The Merkle tree of RFC 6962 section 2.1: its growing edge, its nodes, its root at any size.

use crate::hash::{EMPTY_ROOT, Hash, node_hash};

/// The right edge of a growing tree: its size, and the roots of the perfect subtrees it consists
/// of, largest first, one for each one-bit of the size.
///
/// This is all an appending journal has to keep: at most 64 hashes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Frontier {
    size: u64,
    peaks: Vec<Hash>,
}

/// Bytes that are no frontier.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a frontier of {size:?} entries is not {length} bytes long")]
pub struct FrontierError {
    /// The size read from the first eight bytes, if they are there.
    pub size: Option<u64>,
    /// The number of bytes found.
    pub length: usize,
}

impl Frontier {
    /// The empty tree.
    pub fn new() -> Frontier {
        Frontier::default()
    }

    /// Adds one leaf hash at the right.
    pub fn push(&mut self, leaf: Hash) {
        let mut node = leaf;
        // Each trailing one-bit of the size is a subtree that the new node completes.
        for _ in 0..self.size.trailing_ones() {
            if let Some(left) = self.peaks.pop() {
                node = node_hash(&left, &node);
            }
        }
        self.peaks.push(node);
        self.size += 1;
    }

    /// The number of leaves.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The root (RFC 6962 section 2.1, MTH).
    pub fn root(&self) -> Hash {
        fold_peaks(&self.peaks)
    }

    /// The size, eight bytes big-endian, then the subtree roots, 32 bytes each, largest first.
    pub fn to_bytes(&self) -> Vec<u8> {
        let peaks = self.peaks.iter().flat_map(|peak| peak.0);
        self.size.to_be_bytes().into_iter().chain(peaks).collect()
    }

    /// Reads what [`Frontier::to_bytes`] wrote.
    ///
    /// # Errors
    /// A length that does not belong to the size. The hashes themselves cannot be judged here:
    /// compare [`Frontier::root`] with a checkpoint.
    pub fn from_bytes(bytes: &[u8]) -> Result<Frontier, FrontierError> {
        let wrong = |size| FrontierError { size, length: bytes.len() };
        let (size, rest) = bytes.split_first_chunk().ok_or_else(|| wrong(None))?;
        let size = u64::from_be_bytes(*size);
        let (peaks, tail) = rest.as_chunks();
        if !tail.is_empty() || peaks.len() != size.count_ones() as usize {
            return Err(wrong(Some(size)));
        }
        let peaks = peaks.iter().copied().map(Hash).collect();
        Ok(Frontier { size, peaks })
    }
}

impl Extend<Hash> for Frontier {
    fn extend<I: IntoIterator<Item = Hash>>(&mut self, leaves: I) {
        for leaf in leaves {
            self.push(leaf);
        }
    }
}

impl FromIterator<Hash> for Frontier {
    fn from_iter<I: IntoIterator<Item = Hash>>(leaves: I) -> Frontier {
        let mut frontier = Frontier::new();
        frontier.extend(leaves);
        frontier
    }
}

/// The root of these leaf hashes (RFC 6962 section 2.1, MTH).
pub fn root(leaves: impl IntoIterator<Item = Hash>) -> Hash {
    leaves.into_iter().collect::<Frontier>().root()
}

fn fold_peaks(peaks: &[Hash]) -> Hash {
    let join = |right: Hash, left: &Hash| node_hash(left, &right);
    match peaks.split_last() {
        Some((last, left)) => left.iter().rev().fold(*last, join),
        None => EMPTY_ROOT,
    }
}

/// Gives the hash of perfect subtrees: the node at `level` and `index` is the root over the leaves
/// `index · 2^level .. (index + 1) · 2^level`.
///
/// Whatever gives nodes is trusted by [`prove_inclusion`](crate::audit::prove_inclusion) and its
/// like; [`TileTree`](crate::tiles::TileTree) is the one to use over storage, because it checks
/// every hash up to a root first.
pub trait Nodes {
    /// What can go wrong while reading.
    type Error;

    /// The number of leaves.
    fn size(&self) -> u64;

    /// The node at `level` and `index`; asked only for nodes within [`Nodes::size`].
    ///
    /// # Errors
    /// As the storage says.
    fn node(&mut self, level: u8, index: u64) -> Result<Hash, Self::Error>;
}

/// The root over the leaves `start..end`, where `start` is a multiple of the largest power of two
/// that fits into the range (as in every subtree of RFC 6962).
pub(crate) fn range_root<N: Nodes>(nodes: &mut N, start: u64, end: u64) -> Result<Hash, N::Error> {
    let mut peaks = Vec::new();
    let mut at = start;
    while at < end {
        let level = (end - at).ilog2() as u8;
        peaks.push(nodes.node(level, at >> level)?);
        at += 1 << level;
    }
    Ok(fold_peaks(&peaks))
}

/// The root the tree had at an earlier size.
///
/// `size` must not exceed the size of the tree.
///
/// # Errors
/// As [`Nodes::node`].
pub fn root_at<N: Nodes>(nodes: &mut N, size: u64) -> Result<Hash, N::Error> {
    range_root(nodes, 0, size)
}

/// All nodes in memory: for tests, small journals and benches.
#[derive(Debug, Clone, Default)]
pub struct MemoryTree {
    levels: Vec<Vec<Hash>>,
}

impl MemoryTree {
    /// The empty tree.
    pub fn new() -> MemoryTree {
        MemoryTree::default()
    }

    /// Adds one leaf hash at the right.
    pub fn push(&mut self, leaf: Hash) {
        let mut node = leaf;
        for level in 0.. {
            if self.levels.len() == level {
                self.levels.push(Vec::new());
            }
            let row = &mut self.levels[level];
            row.push(node);
            match row.as_slice() {
                [.., left, right] if row.len().is_multiple_of(2) => node = node_hash(left, right),
                _ => return,
            }
        }
    }
}

impl Nodes for MemoryTree {
    type Error = std::convert::Infallible;

    fn size(&self) -> u64 {
        self.levels.first().map_or(0, |leaves| leaves.len() as u64)
    }

    fn node(&mut self, level: u8, index: u64) -> Result<Hash, Self::Error> {
        Ok(self.levels[level as usize][index as usize])
    }
}

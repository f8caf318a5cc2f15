//! Proofs about the tree: that an entry is in it, and that it only ever grew.

use crate::hash::{EMPTY_ROOT, Hash, node_hash};
use crate::tree::{Nodes, range_root};

/// Why a proof does not prove.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    /// The entry lies beyond the tree.
    #[error("entry {index} is not in a tree of {size}")]
    Index {
        /// Zero-based number of the entry.
        index: u64,
        /// Size of the tree.
        size: u64,
    },
    /// The earlier tree is larger than the later one.
    #[error("a tree of {later} cannot have grown from {earlier}")]
    Shrunk {
        /// Size of the earlier tree.
        earlier: u64,
        /// Size of the later tree.
        later: u64,
    },
    /// Too few or too many hashes for the sizes.
    #[error("proof of {found} hashes has the wrong length")]
    Length {
        /// The number of hashes given.
        found: usize,
    },
    /// The hashes lead to another root than the given one.
    #[error("proof leads to {found}, not to the root {expected}")]
    Root {
        /// The root the proof was checked against.
        expected: Hash,
        /// The root it leads to.
        found: Hash,
    },
}

/// Why no proof could be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProveError<E> {
    /// The proof was asked for something outside the tree.
    #[error(transparent)]
    Proof(ProofError),
    /// A node could not be read.
    #[error("reading a node: {0}")]
    Nodes(E),
}

/// The audit path of entry `index` in the tree of `size` (RFC 6962 section 2.1.1), the leaf's
/// sibling first. `size` may be any size up to the present one.
///
/// # Errors
/// An index or size outside the tree, and what [`Nodes::node`] says.
pub fn prove_inclusion<N: Nodes>(nodes: &mut N, index: u64, size: u64) -> Result<Vec<Hash>, ProveError<N::Error>> {
    if index >= size {
        return Err(ProveError::Proof(ProofError::Index { index, size }));
    }
    within(nodes, size)?;
    let (mut start, mut end) = (0, size);
    let mut path = Vec::new();
    while end - start > 1 {
        let middle = start + split(end - start);
        let sibling = if index < middle {
            (middle, std::mem::replace(&mut end, middle))
        } else {
            (std::mem::replace(&mut start, middle), middle)
        };
        path.push(range_root(nodes, sibling.0, sibling.1).map_err(ProveError::Nodes)?);
    }
    path.reverse();
    Ok(path)
}

/// The proof that the tree of `later` entries begins with the tree of `earlier` entries
/// (RFC 6962 section 2.1.2). Empty if the sizes are equal or the earlier tree is empty.
///
/// # Errors
/// Sizes that shrink or lie outside the tree, and what [`Nodes::node`] says.
pub fn prove_consistency<N: Nodes>(nodes: &mut N, earlier: u64, later: u64) -> Result<Vec<Hash>, ProveError<N::Error>> {
    if earlier > later {
        return Err(ProveError::Proof(ProofError::Shrunk { earlier, later }));
    }
    within(nodes, later)?;
    if earlier == 0 || earlier == later {
        return Ok(Vec::new());
    }
    let (mut start, mut end) = (0, later);
    let mut path = Vec::new();
    while end != earlier {
        let middle = start + split(end - start);
        let sibling = if earlier <= middle {
            (middle, std::mem::replace(&mut end, middle))
        } else {
            (std::mem::replace(&mut start, middle), middle)
        };
        path.push(range_root(nodes, sibling.0, sibling.1).map_err(ProveError::Nodes)?);
    }
    // The old root itself is known to whoever checks, so it is left out.
    if start > 0 {
        path.push(range_root(nodes, start, end).map_err(ProveError::Nodes)?);
    }
    path.reverse();
    Ok(path)
}

fn within<N: Nodes>(nodes: &N, size: u64) -> Result<(), ProveError<N::Error>> {
    let (earlier, later) = (size, nodes.size());
    if earlier > later {
        return Err(ProveError::Proof(ProofError::Shrunk { earlier, later }));
    }
    Ok(())
}

/// The largest power of two smaller than `size`, which is at least 2.
fn split(size: u64) -> u64 {
    1 << (size - 1).ilog2()
}

/// Checks that `leaf` is entry `index` of the tree of `size` with this root
/// (RFC 9162 section 2.1.3.2).
///
/// # Errors
/// [`ProofError`].
pub fn check_inclusion(proof: &[Hash], index: u64, leaf: &Hash, size: u64, root: &Hash) -> Result<(), ProofError> {
    if index >= size {
        return Err(ProofError::Index { index, size });
    }
    let length = ProofError::Length { found: proof.len() };
    let (mut at, mut last, mut hash) = (index, size - 1, *leaf);
    for sibling in proof {
        if last == 0 {
            return Err(length);
        }
        if at % 2 == 1 || at == last {
            hash = node_hash(sibling, &hash);
            // A node without right sibling rises until it is one.
            while at % 2 == 0 && at != 0 {
                (at, last) = (at >> 1, last >> 1);
            }
        } else {
            hash = node_hash(&hash, sibling);
        }
        (at, last) = (at >> 1, last >> 1);
    }
    if last != 0 {
        return Err(length);
    }
    same_root(root, hash)
}

/// Checks that the tree of `later` with root `later_root` begins with the tree of `earlier` with
/// root `earlier_root` (RFC 9162 section 2.1.4.2).
///
/// # Errors
/// [`ProofError`]. A tree of size 0 has the root of nothing and no other.
pub fn check_consistency(
    proof: &[Hash],
    earlier: u64,
    earlier_root: &Hash,
    later: u64,
    later_root: &Hash,
) -> Result<(), ProofError> {
    if earlier > later {
        return Err(ProofError::Shrunk { earlier, later });
    }
    if later == 0 {
        same_root(later_root, EMPTY_ROOT)?;
    }
    if earlier == 0 {
        same_root(earlier_root, EMPTY_ROOT)?;
    }
    let length = ProofError::Length { found: proof.len() };
    if earlier == 0 || earlier == later {
        if !proof.is_empty() {
            return Err(length);
        }
        return match earlier {
            0 => Ok(()),
            _ => same_root(earlier_root, *later_root),
        };
    }
    let (mut at, mut last) = (earlier - 1, later - 1);
    let shift = at.trailing_ones();
    (at, last) = (at >> shift, last >> shift);
    // A power of two is a node of the later tree: the proof starts from the old root itself.
    let (first, rest) = match proof {
        _ if earlier.is_power_of_two() => (*earlier_root, proof),
        [first, rest @ ..] => (*first, rest),
        [] => return Err(length),
    };
    let (mut old, mut new) = (first, first);
    for sibling in rest {
        if last == 0 {
            return Err(length);
        }
        if at % 2 == 1 || at == last {
            old = node_hash(sibling, &old);
            new = node_hash(sibling, &new);
            while at % 2 == 0 && at != 0 {
                (at, last) = (at >> 1, last >> 1);
            }
        } else {
            new = node_hash(&new, sibling);
        }
        (at, last) = (at >> 1, last >> 1);
    }
    if last != 0 {
        return Err(length);
    }
    same_root(earlier_root, old)?;
    same_root(later_root, new)
}

fn same_root(expected: &Hash, found: Hash) -> Result<(), ProofError> {
    if *expected == found {
        return Ok(());
    }
    Err(ProofError::Root { expected: *expected, found })
}

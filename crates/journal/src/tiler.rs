//! The tiler: turns a stream of leaf hashes into all tiles and the root, in constant memory.

use crate::hash::{EMPTY_ROOT, Hash, halve, node_hash};
use crate::tile::{TILE_WIDTH, TileId};

const FULL: usize = TILE_WIDTH as usize;

/// Builds the tiles of a journal from its leaf hashes.
///
/// Each tile is handed out as soon as it is full; the partial ones at the end. At most 255 hashes
/// of each level are held: 8 KiB for each factor of 256 in the size.
#[derive(Debug, Clone, Default)]
pub struct Tiler {
    levels: Vec<Level>,
    size: u64,
}

#[derive(Debug, Clone, Default)]
struct Level {
    full: u64,
    hashes: Vec<Hash>,
}

impl Tiler {
    /// An empty journal.
    pub fn new() -> Tiler {
        Tiler::default()
    }

    /// The number of leaves so far.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Adds one leaf hash; `give` receives every tile it completes, lowest level first.
    #[inline]
    pub fn push(&mut self, leaf: Hash, mut give: impl FnMut(TileId, &[Hash])) {
        self.size += 1;
        let mut hash = leaf;
        for level in 0.. {
            if self.levels.len() == level {
                self.levels.push(Level { full: 0, hashes: Vec::with_capacity(FULL) });
            }
            let row = &mut self.levels[level];
            row.hashes.push(hash);
            if row.hashes.len() < FULL {
                return;
            }
            let id = TileId { level: level as u8, index: row.full, width: TILE_WIDTH };
            give(id, &row.hashes);
            hash = perfect_root(&mut row.hashes);
            row.hashes.clear();
            row.full += 1;
        }
    }

    /// Hands out the partial tiles, lowest level first, and returns the root.
    pub fn finish(&self, mut give: impl FnMut(TileId, &[Hash])) -> Hash {
        let mut edge = None;
        for (level, row) in self.levels.iter().enumerate() {
            if !row.hashes.is_empty() {
                let id = TileId { level: level as u8, index: row.full, width: row.hashes.len() as u16 };
                give(id, &row.hashes);
            }
            edge = edge_root(&row.hashes, edge);
        }
        edge.unwrap_or(EMPTY_ROOT)
    }
}

/// All tiles of the journal with these leaf hashes, full ones as they fill, partial ones last;
/// returns size and root.
pub fn tiles(leaves: impl IntoIterator<Item = Hash>, mut give: impl FnMut(TileId, &[Hash])) -> (u64, Hash) {
    let mut tiler = Tiler::new();
    for leaf in leaves {
        tiler.push(leaf, &mut give);
    }
    (tiler.size(), tiler.finish(give))
}

/// The root over a power of two of hashes, which are overwritten.
pub(crate) fn perfect_root(hashes: &mut [Hash]) -> Hash {
    let mut count = hashes.len();
    while count > 1 {
        halve(&mut hashes[..count]);
        count /= 2;
    }
    hashes[0]
}

/// The root over the hashes of one level, followed on the right by the edge of the levels below.
pub(crate) fn edge_root(hashes: &[Hash], below: Option<Hash>) -> Option<Hash> {
    let mut edge = below;
    let mut left = hashes.to_vec();
    while !left.is_empty() {
        let rest = left.len() & (left.len() - 1);
        let peak = perfect_root(&mut left[rest..]);
        left.truncate(rest);
        edge = Some(match edge {
            Some(edge) => node_hash(&peak, &edge),
            None => peak,
        });
    }
    edge
}

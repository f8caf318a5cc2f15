//! Reading a tree out of stored tiles, believing none of them.
//!
//! The storage is not trusted: who can change it can at most make reading fail. On opening, the
//! partial tiles at the right edge are hashed up to the root of a checkpoint. Every full tile is
//! hashed and compared with its place in the tile above, which itself was checked before.
// Checking only what a proof passes through is not enough: an entry rewritten together with its
// leaf hash is accepted by a reader that takes a tile's own hashes as the truth about that tile.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::io;

use crate::hash::{EMPTY_ROOT, Hash, halve};
use crate::tile::{TILE_WIDTH, TileError, TileId, nodes_at};
use crate::tiler::edge_root;
use crate::tree::Nodes;

/// The files of a journal: `checkpoint`, tiles and entry bundles, by their path.
pub trait Files {
    /// The bytes at `path`; none if there are none.
    ///
    /// # Errors
    /// What the storage says. A file that is not there is no error.
    fn read(&self, path: &str) -> io::Result<Option<Cow<'_, [u8]>>>;
}

/// Files in memory, by path.
impl Files for BTreeMap<String, Vec<u8>> {
    fn read(&self, path: &str) -> io::Result<Option<Cow<'_, [u8]>>> {
        Ok(self.get(path).map(|bytes| Cow::Borrowed(bytes.as_slice())))
    }
}

/// Why a tile cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TilesError {
    /// The storage failed.
    #[error("reading {path}: {fault}")]
    Read {
        /// Path of the file.
        path: String,
        /// What the storage says.
        fault: io::Error,
    },
    /// Asked for something beyond the checkpoint, which nothing could check.
    #[error("entry {entry} is beyond the checkpoint of {size} entries")]
    Beyond {
        /// The first entry asked for.
        entry: u64,
        /// Size of the checkpoint.
        size: u64,
    },
    /// The tile is not there, neither partial nor full.
    #[error("{0} is missing")]
    Missing(TileId),
    /// The tile has the wrong length.
    #[error(transparent)]
    Tile(#[from] TileError),
    /// The hashes of the tile do not add up to what the tile above says of it.
    #[error("{id} (entries {first} to {last}) has root {found}, the tile above says {expected}")]
    Forged {
        /// The tile.
        id: TileId,
        /// First entry below it.
        first: u64,
        /// Last entry below it.
        last: u64,
        /// What its hashes add up to.
        found: Hash,
        /// What they should add up to.
        expected: Hash,
    },
    /// The right edge does not add up to the root of the checkpoint.
    #[error("the tiles at the right edge of {size} entries have root {found}, not {expected}")]
    Root {
        /// Size of the checkpoint.
        size: u64,
        /// What the edge adds up to.
        found: Hash,
        /// Root of the checkpoint.
        expected: Hash,
    },
}

/// The tree of a checkpoint over stored tiles, every hash checked before it is used.
// INVARIANT: a changed tile is refused or unused, never believed, even if it was rewritten together
// with its entries; held by the test `no_rewritten_tile_is_believed`.
pub struct TileTree<'f, F> {
    files: &'f F,
    size: u64,
    edge: Vec<Heap>,
    checked: HashMap<(u8, u64), Heap>,
}

/// Full tiles kept, 16 KiB each; enough for every proof of a page of entries.
const KEPT: usize = 256;

impl<'f, F: Files> TileTree<'f, F> {
    /// Opens the tree of `size` entries with this root, as a verified checkpoint gives them.
    ///
    /// # Errors
    /// [`TilesError`]; in particular [`TilesError::Root`].
    pub fn open(files: &'f F, size: u64, root: &Hash) -> Result<TileTree<'f, F>, TilesError> {
        let mut edge = Vec::new();
        let mut found = None;
        for level in 0..8 {
            let nodes = nodes_at(level, size);
            if nodes == 0 {
                break;
            }
            let index = nodes / u64::from(TILE_WIDTH);
            let hashes = match TileId::at(level, index, size) {
                Some(id) => load(files, id)?,
                None => Vec::new(),
            };
            found = edge_root(&hashes, found);
            edge.push(Heap::grow(&hashes));
        }
        let found = found.unwrap_or(EMPTY_ROOT);
        if found != *root {
            return Err(TilesError::Root { size, found, expected: *root });
        }
        let checked = HashMap::new();
        Ok(TileTree { files, size, edge, checked })
    }

    /// The leaf hash of entry `index`.
    ///
    /// # Errors
    /// [`TilesError`].
    pub fn leaf(&mut self, index: u64) -> Result<Hash, TilesError> {
        self.node(0, index)
    }

    fn tile(&mut self, level: u8, index: u64) -> Result<&Heap, TilesError> {
        if index == nodes_at(level, self.size) / u64::from(TILE_WIDTH) {
            return Ok(&self.edge[level as usize]);
        }
        if !self.checked.contains_key(&(level, index)) {
            let id = TileId { level, index, width: TILE_WIDTH };
            let heap = Heap::grow(&load(self.files, id)?);
            let above = self.tile(level + 1, index / u64::from(TILE_WIDTH))?;
            let expected = above.node(0, index % u64::from(TILE_WIDTH));
            let found = heap.node(8, 0);
            if found != expected {
                let (first, end) = id.entries();
                return Err(TilesError::Forged { id, first, last: end - 1, found, expected });
            }
            if self.checked.len() >= KEPT {
                self.checked.clear();
            }
            self.checked.insert((level, index), heap);
        }
        Ok(&self.checked[&(level, index)])
    }
}

impl<F: Files> Nodes for TileTree<'_, F> {
    type Error = TilesError;

    fn size(&self) -> u64 {
        self.size
    }

    fn node(&mut self, level: u8, index: u64) -> Result<Hash, TilesError> {
        let end = (u128::from(index) + 1) << level;
        if end > u128::from(self.size) {
            let entry = (u128::from(index) << level).min(u128::from(u64::MAX)) as u64;
            let size = self.size;
            return Err(TilesError::Beyond { entry, size });
        }
        let (tile, within) = (level / 8, level % 8);
        let width = u64::from(TILE_WIDTH >> within);
        Ok(self.tile(tile, index / width)?.node(within, index % width))
    }
}

fn load<F: Files>(files: &F, id: TileId) -> Result<Vec<Hash>, TilesError> {
    let read = |id: TileId| {
        let path = id.path();
        let read = files.read(&path);
        read.map_err(|fault| TilesError::Read { path, fault })
    };
    if let Some(bytes) = read(id)? {
        return Ok(id.decode(&bytes)?);
    }
    // A partial tile may be gone once the full one is there (C2SP tlog-tiles, partial tiles).
    let full = TileId { width: TILE_WIDTH, ..id };
    let bytes = read(full)?.ok_or(TilesError::Missing(id))?;
    let mut hashes = full.decode(&bytes)?;
    hashes.truncate(usize::from(id.width));
    Ok(hashes)
}

/// A tile with its inner nodes: the node at `level` and `index` stands at `(256 >> level) + index`.
struct Heap(Vec<Hash>);

impl Heap {
    fn grow(hashes: &[Hash]) -> Heap {
        let mut heap = vec![EMPTY_ROOT; 512];
        let mut row = hashes.to_vec();
        for level in 0..=8 {
            let start = 256 >> level;
            heap[start..start + row.len()].copy_from_slice(&row);
            // The last of an odd number has no parent within the tile.
            let pairs = row.len() / 2;
            halve(&mut row[..2 * pairs]);
            row.truncate(pairs);
        }
        Heap(heap)
    }

    fn node(&self, level: u8, index: u64) -> Hash {
        self.0[(256 >> level) + index as usize]
    }
}

//! Tiles and entry bundles: how a journal lies in files (C2SP tlog-tiles).
//!
//! A tile is 256 consecutive hashes of one level, 8,192 bytes; level 0 are leaf hashes, each hash
//! of level `L + 1` is the root of a full tile of level `L`. The last tile of a level may be
//! partial. An entry bundle is up to 256 leaves, each behind its length in two bytes.

use std::fmt;

use crate::entry::MAX_LEAF;
use crate::hash::{Hash, shown};
use crate::number::parse_u64;

/// Hashes in a full tile, leaves in a full entry bundle.
pub const TILE_WIDTH: u16 = 256;

/// Where a tile stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TileId {
    /// 0 for leaf hashes; at most 7, since eight levels of 256 hold 2⁶⁴ leaves.
    pub level: u8,
    /// Zero-based number within the level.
    pub index: u64,
    /// Hashes in it, 1 to 256; 256 is a full tile.
    pub width: u16,
}

/// Where an entry bundle stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BundleId {
    /// Zero-based number.
    pub index: u64,
    /// Leaves in it, 1 to 256; 256 is a full bundle.
    pub width: u16,
}

/// Why a path or bytes are not those of a tile or bundle.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TileError {
    /// Not the path of a tile or bundle, or not its one spelling.
    #[error("{0:?} is no tile path")]
    Path(String),
    /// A tile whose bytes are not 32 for each hash.
    #[error("{id} has {found} bytes, not {expected}")]
    Length {
        /// The tile.
        id: TileId,
        /// Bytes found.
        found: usize,
        /// Bytes expected.
        expected: usize,
    },
    /// A bundle that ends within a leaf or its length.
    #[error("{id} ends within entry {entry}")]
    Truncated {
        /// The bundle.
        id: BundleId,
        /// Zero-based number of the entry in the journal.
        entry: u64,
    },
    /// A bundle that goes on after its last leaf.
    #[error("{id} has {bytes} bytes after its last entry")]
    Trailing {
        /// The bundle.
        id: BundleId,
        /// The number of bytes too many.
        bytes: usize,
    },
    /// A leaf too long for a bundle.
    #[error("leaf of {0} bytes is longer than 65535")]
    TooLong(usize),
}

impl TileId {
    /// The tile `index` of `level` in a journal of `size`; none if it does not exist there.
    pub fn at(level: u8, index: u64, size: u64) -> Option<TileId> {
        let width = width_at(nodes_at(level, size), index)?;
        Some(TileId { level, index, width })
    }

    /// `tile/<L>/<N>[.p/<W>]`.
    pub fn path(&self) -> String {
        format!("tile/{}/{}", self.level, numbered(self.index, self.width))
    }

    /// The entries below the tile: first, and first after it.
    pub fn entries(&self) -> (u64, u64) {
        let first = self.index * u64::from(TILE_WIDTH);
        let bits = 8 * u32::from(self.level);
        (first << bits, (first + u64::from(self.width)) << bits)
    }

    /// Reads the hashes.
    ///
    /// # Errors
    /// [`TileError::Length`].
    pub fn decode(&self, bytes: &[u8]) -> Result<Vec<Hash>, TileError> {
        let (hashes, rest) = bytes.as_chunks();
        if hashes.len() != usize::from(self.width) || !rest.is_empty() {
            return Err(TileError::Length { id: *self, found: bytes.len(), expected: 32 * usize::from(self.width) });
        }
        Ok(hashes.iter().copied().map(Hash).collect())
    }
}

/// The bytes of a tile: its hashes one after the other.
pub fn encode_tile(hashes: &[Hash]) -> Vec<u8> {
    hashes.iter().flat_map(|hash| hash.0).collect()
}

impl BundleId {
    /// The bundle `index` of a journal of `size`; none if it does not exist there.
    pub fn at(index: u64, size: u64) -> Option<BundleId> {
        let width = width_at(size, index)?;
        Some(BundleId { index, width })
    }

    /// `tile/entries/<N>[.p/<W>]`.
    pub fn path(&self) -> String {
        format!("tile/entries/{}", numbered(self.index, self.width))
    }

    /// Number of its first entry.
    pub fn first(&self) -> u64 {
        self.index * u64::from(TILE_WIDTH)
    }

    /// The leaves in order, read without copying.
    ///
    /// The iterator ends after the last leaf or the first error.
    pub fn decode<'a>(&self, bytes: &'a [u8]) -> BundleLeaves<'a> {
        BundleLeaves { id: *self, nth: 0, rest: bytes }
    }
}

/// The leaves of an entry bundle, see [`BundleId::decode`].
#[derive(Debug, Clone)]
pub struct BundleLeaves<'a> {
    id: BundleId,
    nth: u16,
    rest: &'a [u8],
}

impl<'a> Iterator for BundleLeaves<'a> {
    type Item = Result<&'a [u8], TileError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.nth == self.id.width {
            let bytes = std::mem::take(&mut self.rest).len();
            let id = self.id;
            return (bytes > 0).then_some(Err(TileError::Trailing { id, bytes }));
        }
        let leaf = self
            .rest
            .split_first_chunk()
            .and_then(|(length, rest)| rest.split_at_checked(usize::from(u16::from_be_bytes(*length))));
        match leaf {
            Some((leaf, rest)) => {
                self.nth += 1;
                self.rest = rest;
                Some(Ok(leaf))
            }
            None => {
                let entry = self.id.first() + u64::from(self.nth);
                self.nth = self.id.width;
                self.rest = &[];
                Some(Err(TileError::Truncated { id: self.id, entry }))
            }
        }
    }
}

/// Adds one leaf to the bytes of an entry bundle.
///
/// # Errors
/// [`TileError::TooLong`].
pub fn push_leaf(bundle: &mut Vec<u8>, leaf: &[u8]) -> Result<(), TileError> {
    if leaf.len() > MAX_LEAF {
        return Err(TileError::TooLong(leaf.len()));
    }
    bundle.extend_from_slice(&(leaf.len() as u16).to_be_bytes());
    bundle.extend_from_slice(leaf);
    Ok(())
}

impl fmt::Display for TileId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.path())
    }
}

impl fmt::Display for BundleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.path())
    }
}

/// A path within a journal's files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TilePath {
    /// `tile/<L>/<N>[.p/<W>]`.
    Tile(TileId),
    /// `tile/entries/<N>[.p/<W>]`.
    Bundle(BundleId),
}

impl TilePath {
    /// Reads a path; only the one spelling is accepted.
    ///
    /// # Errors
    /// [`TileError::Path`].
    pub fn parse(path: &str) -> Result<TilePath, TileError> {
        parse_path(path).ok_or_else(|| TileError::Path(shown(path.as_bytes())))
    }
}

fn parse_path(path: &str) -> Option<TilePath> {
    let (kind, rest) = path.strip_prefix("tile/")?.split_once('/')?;
    let (number, width) = match rest.split_once(".p/") {
        Some((number, width)) => {
            let width = parse_u64(width.as_bytes()).filter(|width| (1..256).contains(width))?;
            (number, width as u16)
        }
        None => (rest, TILE_WIDTH),
    };
    let mut index = 0u64;
    for part in number.split('/') {
        let digits = part.strip_prefix('x').unwrap_or(part);
        let value = digits.parse::<u64>().ok()?;
        index = index.checked_mul(1000)?.checked_add(value)?;
    }
    let found = match kind {
        "entries" => TilePath::Bundle(BundleId { index, width }),
        _ => {
            let level = parse_u64(kind.as_bytes()).filter(|level| *level < 8)? as u8;
            TilePath::Tile(TileId { level, index, width })
        }
    };
    // Writing it again finds every other spelling: lost zeros, a missing x, needless groups.
    let again = match found {
        TilePath::Tile(id) => id.path(),
        TilePath::Bundle(id) => id.path(),
    };
    (again == path).then_some(found)
}

/// `1234067` is written `x001/x234/067`; a partial tile ends in `.p/<W>`.
fn numbered(index: u64, width: u16) -> String {
    let mut text = format!("{:03}", index % 1000);
    let mut high = index / 1000;
    while high > 0 {
        text = format!("x{:03}/{text}", high % 1000);
        high /= 1000;
    }
    if width < TILE_WIDTH {
        text.push_str(&format!(".p/{width}"));
    }
    text
}

/// How many hashes `level` holds in a journal of `size`.
pub(crate) fn nodes_at(level: u8, size: u64) -> u64 {
    size.checked_shr(8 * u32::from(level)).unwrap_or(0)
}

fn width_at(nodes: u64, index: u64) -> Option<u16> {
    let before = index.checked_mul(u64::from(TILE_WIDTH))?;
    let width = nodes.checked_sub(before)?.min(u64::from(TILE_WIDTH));
    (width > 0).then_some(width as u16)
}

//! Nodes of the tree for several proofs in a row (证明所用的节点).

use std::collections::HashMap;

use anyhow::{Context, Result};
use journal::hash::{Hash, node_hash};
use journal::tile::TILE_WIDTH;
use journal::tree::Nodes;

use super::Db;
use super::log::{StoredNodes, leaf_hashes};

/// Levels within a tile.
const HEIGHT: u8 = TILE_WIDTH.trailing_zeros() as u8;

/// The nodes, each tile's leaves read in one go and once. A single proof asks for a few hundred leaves one by one; a record
/// of thirty entries would ask for them thirty times.
pub struct KeptNodes<'d> {
    stored: StoredNodes<'d>,
    /// The leaves of a tile, and the rows over them.
    tiles: HashMap<u64, Vec<Vec<Hash>>>,
    above: HashMap<(u8, u64), Hash>,
}

impl<'d> KeptNodes<'d> {
    /// Nodes of a journal of so many entries.
    pub fn new(db: &'d Db, size: u64) -> KeptNodes<'d> {
        KeptNodes { stored: StoredNodes { db, size }, tiles: HashMap::new(), above: HashMap::new() }
    }

    fn tile(&mut self, n: u64) -> Result<&Vec<Vec<Hash>>> {
        if !self.tiles.contains_key(&n) {
            let first = n << HEIGHT;
            let count = u64::from(TILE_WIDTH).min(self.stored.size.saturating_sub(first));
            let mut rows = vec![leaf_hashes(self.stored.db, first, count)?];
            while rows.last().is_some_and(|row| row.len() > 1) {
                let last = &rows[rows.len() - 1];
                rows.push(last.chunks_exact(2).map(|pair| node_hash(&pair[0], &pair[1])).collect());
            }
            self.tiles.insert(n, rows);
        }
        self.tiles.get(&n).context("a tile just read")
    }
}

impl Nodes for KeptNodes<'_> {
    type Error = anyhow::Error;

    fn size(&self) -> u64 {
        self.stored.size
    }

    fn node(&mut self, level: u8, index: u64) -> Result<Hash> {
        if level < HEIGHT {
            let n = index >> (HEIGHT - level);
            let within = (index - (n << (HEIGHT - level))) as usize;
            let row = self.tile(n)?.get(usize::from(level)).and_then(|row| row.get(within)).copied();
            return row.with_context(|| format!("node {index} of level {level} is beyond the journal"));
        }
        if let Some(known) = self.above.get(&(level, index)) {
            return Ok(*known);
        }
        let hash = match level.is_multiple_of(HEIGHT) {
            true => self.stored.node(level, index)?,
            false => node_hash(&self.node(level - 1, index * 2)?, &self.node(level - 1, index * 2 + 1)?),
        };
        self.above.insert((level, index), hash);
        Ok(hash)
    }
}

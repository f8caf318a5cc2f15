//! Tiles and bundles at every size, none of them believed.

use crate::world::{ORIGIN, checkpoint, files, hashes, keys, leaves, memory_tree};
use journal::audit::{prove_consistency, prove_inclusion};
use journal::export::verify_files;
use journal::hash::leaf_hash;
use journal::tile::{BundleId, TileId, TilePath, encode_tile, push_leaf};
use journal::tiler::tiles;
use journal::tiles::{Files, TileTree};
use journal::tree::{Nodes, root_at};
use std::borrow::Cow;
use std::collections::BTreeMap;
use tlog_tiles::{Error, HashReader};

/// Another hand's hash storage, used only to recompute.
#[derive(Default)]
struct Stored(Vec<tlog_tiles::Hash>);

impl HashReader for Stored {
    fn read_hashes(&self, indexes: &[u64]) -> Result<Vec<tlog_tiles::Hash>, Error> {
        Ok(indexes.iter().map(|index| self.0[*index as usize]).collect())
    }
}

#[test]
fn tiles_and_roots_agree_with_another_hand_at_every_size() {
    let mut stored = Stored::default();
    let leaves = hashes(600);
    for size in 0..=600u64 {
        if size > 0 {
            let record = (size - 1).to_le_bytes();
            let new = tlog_tiles::stored_hashes(size - 1, &record, &stored).unwrap();
            stored.0.extend(new);
        }
        if size > 40 && size % 13 != 0 && !(254..=258).contains(&size) {
            continue;
        }
        let mut ours = BTreeMap::new();
        let (found, root) = tiles(leaves[..size as usize].iter().copied(), |id, hashes| {
            ours.insert(id.path(), encode_tile(hashes));
        });
        assert_eq!(found, size);
        assert_eq!(root.0, tlog_tiles::tree_hash(size, &stored).unwrap().0);
        // Another hand leaves partial tiles out where a full one follows; here are only the last.
        let theirs = tlog_tiles::Tile::new_tiles(8, 0, size);
        let named: BTreeMap<_, _> =
            theirs.iter().map(|tile| (tile.path().replacen("tile/8/", "tile/", 1), tile)).collect();
        assert_eq!(ours.keys().collect::<Vec<_>>(), named.keys().collect::<Vec<_>>());
        for (path, tile) in named {
            assert_eq!(ours[&path], tile.read_data(&stored).unwrap(), "{path} of {size}");
        }
    }
}

#[test]
fn a_tile_has_one_path() {
    let tile = |level, index, width, expect: &str| {
        let id = TileId { level, index, width };
        assert_eq!(id.path(), expect);
        assert_eq!(TilePath::parse(expect), Ok(TilePath::Tile(id)));
    };
    tile(0, 0, 256, "tile/0/000");
    tile(0, 273, 112, "tile/0/273.p/112");
    tile(1, 1_234_067, 256, "tile/1/x001/x234/067");
    tile(7, 1_000, 1, "tile/7/x001/000.p/1");
    let id = BundleId { index: 5_000, width: 17 };
    assert_eq!(id.path(), "tile/entries/x005/000.p/17");
    assert_eq!(TilePath::parse(&id.path()), Ok(TilePath::Bundle(id)));
    for bad in [
        "tile/0/0",
        "tile/0/0000",
        "tile/00/000",
        "tile/8/000",
        "tile/-1/000",
        "tile/0/x000/000",
        "tile/0/001/000",
        "tile/0/x001",
        "tile/0/000.p/0",
        "tile/0/000.p/256",
        "tile/0/000.p/01",
        "tile/0/+01",
        "tile/x/000",
        "tile/entries/",
        "tile/0/000/",
        "/tile/0/000",
        "tile/0/000.p",
        "tile/0/x999/x999/x999/x999/x999/x999/x999/999",
        "checkpoint",
        "tile/entries/..",
    ] {
        assert!(TilePath::parse(bad).is_err(), "{bad}");
    }
}

#[test]
fn the_tiles_of_70000_entries_are_those_of_the_specification() {
    let widths = |level| -> Vec<u16> {
        let each = |index| TileId::at(level, index, 70_000).map(|id| id.width);
        (0..).map_while(each).collect()
    };
    assert_eq!(widths(0).len(), 274);
    assert_eq!(widths(0)[273], 112);
    assert_eq!(widths(1), [256, 17]);
    assert_eq!(widths(2), [1]);
    assert_eq!(widths(3), [0u16; 0]);
    assert_eq!(TileId::at(1, 0, 256).map(|id| id.width), Some(1));
}

#[test]
fn bundles_read_back_and_malformed_ones_name_their_entry() {
    let leaves = [vec![], vec![1], vec![2; 65_535]];
    let mut bytes = Vec::new();
    for leaf in &leaves {
        push_leaf(&mut bytes, leaf).unwrap();
    }
    assert!(push_leaf(&mut bytes, &vec![0; 65_536]).is_err());
    let id = BundleId { index: 2, width: 3 };
    let read: Result<Vec<_>, _> = id.decode(&bytes).collect();
    assert_eq!(read.unwrap(), leaves.each_ref().map(Vec::as_slice));
    let fault = |bytes: &[u8]| {
        let fault = id.decode(bytes).find_map(Result::err);
        fault.unwrap().to_string()
    };
    assert_eq!(fault(&bytes[..bytes.len() - 1]), "tile/entries/002.p/3 ends within entry 514");
    assert_eq!(fault(&bytes[..3]), "tile/entries/002.p/3 ends within entry 513");
    bytes.push(0);
    assert_eq!(fault(&bytes), "tile/entries/002.p/3 has 1 bytes after its last entry");
}

#[test]
fn a_tree_read_from_tiles_proves_what_the_whole_tree_proves() {
    for size in [1, 2, 255, 256, 257, 600, 65_536, 65_793, 70_000] {
        let leaves = hashes(size);
        let mut files = BTreeMap::new();
        let (_, root) = tiles(leaves.iter().copied(), |id, hashes| {
            files.insert(id.path(), encode_tile(hashes));
        });
        let mut whole = memory_tree(&leaves);
        let mut read = TileTree::open(&files, size, &root).unwrap();
        assert_eq!(read.size(), size);
        for nth in 0..40 {
            let index = nth * 1_777 % size;
            let proof = prove_inclusion(&mut read, index, size).unwrap();
            assert_eq!(proof, prove_inclusion(&mut whole, index, size).unwrap());
            let proof = prove_consistency(&mut read, index, size).unwrap();
            assert_eq!(proof, prove_consistency(&mut whole, index, size).unwrap());
            assert_eq!(root_at(&mut read, index).unwrap(), root_at(&mut whole, index).unwrap());
            assert_eq!(read.leaf(index).unwrap(), leaves[index as usize]);
        }
    }
}

#[test]
fn a_partial_tile_may_be_gone_once_the_full_one_is_there() {
    let leaves = hashes(600);
    let mut files = BTreeMap::new();
    tiles(leaves.iter().copied(), |id, hashes| {
        files.insert(id.path(), encode_tile(hashes));
    });
    let old = root_at(&mut memory_tree(&leaves), 300).unwrap();
    // tile/0/001.p/44 was never written; tile/0/001 serves instead. tile/1/000.p/1 is taken from
    // nowhere, as level 1 is still partial, and so is missed.
    let fault = TileTree::open(&files, 300, &old).err().unwrap().to_string();
    assert_eq!(fault, "tile/1/000.p/1 is missing");
    files.insert("tile/1/000.p/1".to_owned(), files["tile/1/000.p/2"][..32].to_vec());
    let mut tree = TileTree::open(&files, 300, &old).unwrap();
    assert_eq!(tree.leaf(299).unwrap(), leaves[299]);
}

/// The forgery that readers of other hands accepted: an entry, its leaf hash, and tile by tile up.
#[test]
fn no_rewritten_tile_is_believed() {
    let good = files(&leaves(66_000));
    let checkpoint = checkpoint(&good);
    let victim = 300u64;
    let forged = leaf_hash(b"forged");
    for top in 0..=2u8 {
        let mut files = good.clone();
        let mut hash = forged;
        for level in 0..=top {
            let at = victim >> (8 * u32::from(level));
            let id = TileId::at(level, at / 256, checkpoint.size).unwrap();
            let mut hashes = id.decode(&files[&id.path()]).unwrap();
            hashes[(at % 256) as usize] = hash;
            files.insert(id.path(), encode_tile(&hashes));
            hash = journal::tree::root(hashes);
        }
        let tree = TileTree::open(&files, checkpoint.size, &checkpoint.root);
        if top == 2 {
            // Rewritten up to the edge: the checkpoint itself refuses.
            assert!(tree.err().unwrap().to_string().contains("right edge"));
            continue;
        }
        let mut tree = tree.unwrap();
        for leaf in [victim, victim + 1] {
            let fault = tree.leaf(leaf).unwrap_err().to_string();
            assert!(fault.contains("the tile above says"), "{fault}");
            assert!(prove_inclusion(&mut tree, leaf, checkpoint.size).is_err());
        }
        let named = ["tile/0/001 (entries 256 to 511)", "tile/1/000 (entries 0 to 65535)"];
        let fault = tree.leaf(victim).unwrap_err().to_string();
        assert!(fault.starts_with(named[usize::from(top)]), "{fault}");
        assert!(tree.leaf(65_999).is_ok());
    }
}

/// A disk that fails on one file.
struct Failing(BTreeMap<String, Vec<u8>>, &'static str);

impl Files for Failing {
    fn read(&self, path: &str) -> std::io::Result<Option<Cow<'_, [u8]>>> {
        if path == self.1 {
            return Err(std::io::Error::other("disk"));
        }
        self.0.read(path)
    }
}

#[test]
fn nothing_is_read_beyond_the_checkpoint_and_a_failing_disk_is_no_missing_file() {
    let good = files(&leaves(600));
    let checkpoint = checkpoint(&good);
    let mut tree = TileTree::open(&good, 600, &checkpoint.root).unwrap();
    for entry in [600, 767, 768, u64::MAX] {
        let fault = tree.leaf(entry).unwrap_err().to_string();
        assert_eq!(fault, format!("entry {entry} is beyond the checkpoint of 600 entries"));
    }
    assert!(tree.node(10, 0).is_err());
    assert!(tree.node(63, 1).is_err());
    let bad = Failing(good, "tile/0/001");
    let mut tree = TileTree::open(&bad, 600, &checkpoint.root).unwrap();
    let fault = tree.leaf(300).unwrap_err().to_string();
    assert_eq!(fault, "reading tile/0/001: disk");
    let (_, report) = verify_files(&bad, ORIGIN, &keys()).unwrap();
    let found = report.differences.list()[0].to_string();
    assert_eq!(found, "tile/0/001 (entries 256 to 511): disk");
}

//! A journal in memory: leaves, files, keys. All cases start from it.

use std::collections::BTreeMap;

use journal::checkpoint::Checkpoint;
use journal::entry::Leaf;
use journal::hash::{Hash, leaf_hash};
use journal::id::Id;
use journal::key::{SignerKey, Use, VerifierKey};
use journal::tile::{BundleId, encode_tile, push_leaf};
use journal::tiler;
use journal::tree::MemoryTree;

pub const ORIGIN: &str = "yifa.example/360724/wuzhifeng";

pub fn key() -> SignerKey {
    SignerKey::from_seed(ORIGIN, Use::Note, &[7; 32]).unwrap()
}

pub fn keys() -> Vec<VerifierKey> {
    vec![key().verifier().clone()]
}

pub fn id(nth: u64) -> Id {
    Id::new(1_760_000_000_000 + nth, u128::from(nth) * 0x9e37_79b9)
}

/// Entry `nth`: seven records in turn, and every 50th about the journal itself.
pub fn leaf(nth: u64, prev: Option<Hash>) -> Leaf {
    let journal = nth.is_multiple_of(50);
    Leaf {
        origin: ORIGIN.to_owned(),
        id: id(nth),
        kind: if journal { "adopt" } else { "step" }.to_owned(),
        subject: (!journal).then(|| id(1_000_000 + nth % 7)),
        recorded_at: 1_760_000_000_000 - (nth as i64 % 3) * 60_000,
        actor: (!nth.is_multiple_of(11)).then(|| id(2_000_000)),
        definition: (!journal).then_some(Hash([5; 32])),
        prev,
        commitment: leaf_hash(&nth.to_be_bytes()),
    }
}

pub fn leaves(size: u64) -> Vec<Vec<u8>> {
    let mut last = BTreeMap::new();
    let each = |nth| {
        let mut leaf = leaf(nth, None);
        leaf.prev = last.get(&leaf.subject).copied();
        let bytes = leaf.to_bytes().unwrap();
        last.insert(leaf.subject, leaf_hash(&bytes));
        bytes
    };
    (0..size).map(each).collect()
}

pub type World = BTreeMap<String, Vec<u8>>;

/// All files of the journal with these leaves, signed.
pub fn files(leaves: &[Vec<u8>]) -> World {
    let mut files = World::new();
    let hashes = leaves.iter().map(|leaf| leaf_hash(leaf));
    let (size, root) = tiler::tiles(hashes, |id, hashes| {
        files.insert(id.path(), encode_tile(hashes));
    });
    for (index, chunk) in leaves.chunks(256).enumerate() {
        let mut bytes = Vec::new();
        for leaf in chunk {
            push_leaf(&mut bytes, leaf).unwrap();
        }
        let id = BundleId::at(index as u64, size).unwrap();
        files.insert(id.path(), bytes);
    }
    files.insert("checkpoint".to_owned(), signed(size, root).into_bytes());
    files
}

pub fn signed(size: u64, root: Hash) -> String {
    let origin = ORIGIN.to_owned();
    let mut note = Checkpoint { origin, size, root }.to_note().unwrap();
    note.sign(&key()).unwrap();
    note.to_string()
}

pub fn checkpoint(files: &World) -> Checkpoint {
    let (checkpoint, _) = Checkpoint::open(&files["checkpoint"], ORIGIN, &keys()).unwrap();
    checkpoint
}

pub fn hashes(size: u64) -> Vec<Hash> {
    (0..size).map(|nth| leaf_hash(&nth.to_le_bytes())).collect()
}

pub fn memory_tree(hashes: &[Hash]) -> MemoryTree {
    let mut tree = MemoryTree::new();
    for hash in hashes {
        tree.push(*hash);
    }
    tree
}

//! Measures the journal against the floor of its machine, in one run: `work, rate, floor, ratio`.
//!
//! The floor of hashing work is the bare compression function over the same bytes, padding
//! included, one call for each message: no parser, no tree and no buffer can be faster with the
//! same `sha2`. The floor of signing is `ed25519-dalek` alone. Rates of different runs must not be
//! compared.

use std::collections::BTreeMap;
use std::hint::black_box;
use std::time::Instant;

use journal::audit::{check_inclusion, prove_inclusion};
use journal::checkpoint::Checkpoint;
use journal::entry::Leaf;
use journal::export::verify_files;
use journal::hash::{Hash, leaf_hash};
use journal::id::Id;
use journal::key::{SignerKey, Use};
use journal::payload::{Salt, commit};
use journal::tile::{BundleId, encode_tile, push_leaf};
use journal::tiler::Tiler;
use journal::tiles::TileTree;
use journal::tree::{MemoryTree, Nodes};
use journal::verify::Verifier;
use sha2::block_api::compress256;
use sha2::{Digest, Sha256};

const ORIGIN: &str = "yifa.example/360724/wuzhifeng";
/// Entries of one record: a dispute has some five steps.
const STEPS: u64 = 5;
/// Records open at a time, whose steps alternate: what a large township has under way.
const OPEN: u64 = 1_000;

fn main() {
    // `cargo test --benches` runs this too; then a short journal has to do.
    let quick = !std::env::args().any(|arg| arg == "--bench");
    let size = if quick { 2_000 } else { 1_000_000 };
    let rounds = if quick { 1 } else { 5 };
    let key = SignerKey::from_seed(ORIGIN, Use::Note, &[7; 32]).unwrap();
    let world = World::build(size, &key);
    println!("{size} entries, {} bytes each", world.leaf_bytes / size);
    println!("{:<46} {:>14} {:>14} {:>6}", "work", "rate/s", "floor/s", "ratio");

    let blocks = world.blocks();
    let floor = fastest(rounds, || bare(&world, &blocks));
    let stream = fastest(rounds, || world.stream());
    row("verify entries in memory", size, stream, floor);
    let plain = fastest(rounds, || plain(&world));
    row("  against Sha256 of the same crate", size, stream, plain);
    let files = fastest(rounds, || {
        let keys = [key.verifier().clone()];
        let (_, report) = verify_files(&world.files, ORIGIN, &keys).unwrap();
        assert!(report.differences.is_empty());
    });
    row("verify files: entries, every tile, checkpoint", size, files, floor);

    payloads(rounds, if quick { 100 } else { 100_000 });
    proofs(rounds, &world, if quick { 100 } else { 20_000 });
    signatures(rounds, &key, &world.checkpoint, if quick { 10 } else { 2_000 });
}

fn payloads(rounds: u32, count: u64) {
    let payload = serde_json::json!({
        "number": "2026-0007", "day": "2026-03-04", "kind": "boundary", "money": 128_000,
        "village": "0199a4c2-7b1e-7a3f-9c55-0123456789ab",
        "parties": {"first": {"name": "Zhang San", "phone": "13800000000"},
                    "second": {"name": "Li Si", "phone": "13900000000"}},
        "agreed": true, "mediators": ["0199a4c2-7b1e-7a3f-9c55-0123456789ac"],
    });
    // Per field: macs clone a keyed state, so inner and outer hash are one block each; the field
    // digest is two or three blocks; the commitment is one block for two digests.
    let fields = journal::payload::fields(&payload).unwrap();
    let per_field: usize =
        fields.iter().map(|field| 2 + (14 + 32 + 8 + field.path.len() + field.value.len() + 9).div_ceil(64)).sum();
    let blocks = 2 + per_field + (16 + 4 + 32 * fields.len() + 9).div_ceil(64);
    let data = vec![[3u8; 64]; blocks];
    let floor = fastest(rounds, || {
        for _ in 0..count {
            let mut state = [0; 8];
            for block in &data {
                compress256(&mut state, std::slice::from_ref(black_box(block)));
            }
            black_box(state);
        }
    });
    let work = fastest(rounds, || {
        for _ in 0..count {
            black_box(commit(black_box(&payload), &Salt([9; 32])).unwrap());
        }
    });
    row(&format!("commit to a payload of {} fields", fields.len()), count, work, floor);
}

fn proofs(rounds: u32, world: &World, count: u64) {
    let (size, root) = (world.checkpoint.size, world.checkpoint.root);
    let mut tree = world.tree.clone();
    let scattered = |nth: u64| nth.wrapping_mul(0x9e37_79b9_7f4a_7c15) % size;
    let proof = prove_inclusion(&mut tree, 1, size).unwrap();
    // One node each way is two blocks.
    let nodes = vec![[3u8; 128]; proof.len()];
    let floor = fastest(rounds, || {
        for _ in 0..count {
            for node in &nodes {
                let mut state = [0; 8];
                compress256(&mut state, black_box(node).as_chunks().0);
                black_box(state);
            }
        }
    });
    let build = fastest(rounds, || {
        for nth in 0..count {
            black_box(prove_inclusion(&mut tree, scattered(nth), size).unwrap());
        }
    });
    row("build inclusion proof, nodes in memory", count, build, floor);
    let mut tiles = TileTree::open(&world.files, size, &root).unwrap();
    // Another tile has to be hashed for each: 255 nodes instead of those of the proof.
    let few = count / 10;
    let tile = floor / 10.0 * 255.0 / proof.len() as f64;
    let cold = fastest(rounds, || {
        for nth in 0..few {
            black_box(prove_inclusion(&mut tiles, scattered(nth), size).unwrap());
        }
    });
    row("build inclusion proof, tiles, scattered", few, cold, tile);
    let warm = fastest(rounds, || {
        for nth in 0..count {
            black_box(prove_inclusion(&mut tiles, nth % size, size).unwrap());
        }
    });
    row("build inclusion proof, tiles, in a row", count, warm, floor);
    let leaf = tree.node(0, 1).unwrap();
    let check = fastest(rounds, || {
        for _ in 0..count {
            check_inclusion(black_box(&proof), 1, &leaf, size, &root).unwrap();
        }
    });
    row(&format!("check inclusion proof of {} hashes", proof.len()), count, check, floor);
}

fn signatures(rounds: u32, key: &SignerKey, checkpoint: &Checkpoint, count: u64) {
    use ed25519_dalek::Signer as _;
    let bare_key = ed25519_dalek::SigningKey::from_bytes(&[7; 32]);
    let text = checkpoint.to_string();
    let mut note = checkpoint.to_note().unwrap();
    note.sign(key).unwrap();
    let bytes = note.to_string();
    let keys = [key.verifier().clone()];
    let floor = fastest(rounds, || {
        for _ in 0..count {
            black_box(bare_key.sign(black_box(text.as_bytes())));
        }
    });
    let sign = fastest(rounds, || {
        for _ in 0..count {
            let mut note = checkpoint.to_note().unwrap();
            note.sign(key).unwrap();
            black_box(note.to_string());
        }
    });
    row("sign a checkpoint", count, sign, floor);
    let public = bare_key.verifying_key();
    let signature = bare_key.sign(text.as_bytes());
    let floor = fastest(rounds, || {
        for _ in 0..count {
            let fits = public.verify_strict(black_box(text.as_bytes()), &signature);
            black_box(fits).unwrap();
        }
    });
    let verify = fastest(rounds, || {
        for _ in 0..count {
            black_box(Checkpoint::open(bytes.as_bytes(), ORIGIN, &keys)).unwrap();
        }
    });
    row("read and verify a checkpoint", count, verify, floor);
}

/// A journal in memory, as files.
struct World {
    files: BTreeMap<String, Vec<u8>>,
    tree: MemoryTree,
    checkpoint: Checkpoint,
    leaf_bytes: u64,
}

impl World {
    fn build(size: u64, key: &SignerKey) -> World {
        let mut files = BTreeMap::new();
        let (mut tree, mut tiler) = (MemoryTree::new(), Tiler::new());
        let (mut leaf_bytes, mut bundle) = (0, Vec::new());
        let mut last = vec![None; (size / STEPS + OPEN) as usize];
        for nth in 0..size {
            let record = nth / (OPEN * STEPS) * OPEN + nth % OPEN;
            let prev = last[record as usize];
            let leaf = leaf(nth, record, prev);
            let hash = leaf_hash(&leaf);
            last[record as usize] = Some(hash);
            leaf_bytes += leaf.len() as u64;
            push_leaf(&mut bundle, &leaf).unwrap();
            tree.push(hash);
            tiler.push(hash, |id, hashes| {
                files.insert(id.path(), encode_tile(hashes));
            });
            if let Some(id) = BundleId::at(nth / 256, nth + 1)
                && (id.width == 256 || nth + 1 == size)
            {
                files.insert(id.path(), std::mem::take(&mut bundle));
            }
        }
        let root = tiler.finish(|id, hashes| {
            files.insert(id.path(), encode_tile(hashes));
        });
        let origin = ORIGIN.to_owned();
        let checkpoint = Checkpoint { origin, size, root };
        let mut note = checkpoint.to_note().unwrap();
        note.sign(key).unwrap();
        files.insert("checkpoint".to_owned(), note.to_string().into_bytes());
        World { files, tree, checkpoint, leaf_bytes }
    }

    fn bundles(&self) -> impl Iterator<Item = (BundleId, &[u8])> {
        (0..).map_while(|index| {
            let id = BundleId::at(index, self.checkpoint.size)?;
            Some((id, self.files[&id.path()].as_slice()))
        })
    }

    fn stream(&self) {
        let mut verifier = Verifier::new(ORIGIN);
        for (id, bytes) in self.bundles() {
            verifier.entries(id.first(), id.decode(bytes).map(Result::unwrap));
        }
        assert!(verifier.finish(&self.checkpoint).differences.is_empty());
    }

    /// Every leaf with its prefix and padding, as the compression function wants it.
    fn blocks(&self) -> Vec<Vec<[u8; 64]>> {
        let mut all = Vec::new();
        for (id, bytes) in self.bundles() {
            for leaf in id.decode(bytes) {
                let mut padded = vec![0];
                padded.extend(leaf.unwrap());
                padded.resize((padded.len() + 9).next_multiple_of(64), 0);
                all.push(padded.as_chunks().0.to_vec());
            }
        }
        all
    }
}

fn bare(world: &World, blocks: &[Vec<[u8; 64]>]) {
    for leaf in blocks {
        let mut state = [0; 8];
        compress256(&mut state, black_box(leaf));
        black_box(state);
    }
    let node = [[1u8; 64]; 2];
    for _ in 1..world.checkpoint.size {
        let mut state = [0; 8];
        compress256(&mut state, black_box(&node));
        black_box(state);
    }
}

/// The same messages through the hasher everyone uses, buffers and padding included.
fn plain(world: &World) {
    for (id, bytes) in world.bundles() {
        for leaf in id.decode(bytes) {
            let hasher = Sha256::new_with_prefix([0]);
            black_box(hasher.chain_update(leaf.unwrap()).finalize());
        }
    }
    let (left, right) = ([1u8; 32], [2u8; 32]);
    for _ in 1..world.checkpoint.size {
        let hasher = Sha256::new_with_prefix([1]);
        let hasher = hasher.chain_update(black_box(left));
        black_box(hasher.chain_update(black_box(right)).finalize());
    }
}

fn leaf(nth: u64, record: u64, prev: Option<Hash>) -> Vec<u8> {
    let leaf = Leaf {
        origin: ORIGIN.to_owned(),
        id: Id::new(1_760_000_000_000 + nth, u128::from(nth) * 0x9e37_79b9_7f4a_7c15),
        kind: "step".to_owned(),
        subject: Some(Id::new(1_760_000_000_000, u128::from(record) * 0x9e37_79b9_7f4a_7c15)),
        recorded_at: 1_760_000_000_000 + nth as i64,
        actor: Some(Id::new(1_750_000_000_000, 42)),
        definition: Some(Hash([5; 32])),
        prev,
        commitment: leaf_hash(&nth.to_be_bytes()),
    };
    leaf.to_bytes().unwrap()
}

/// Seconds of the fastest of several rounds: the least disturbed by other programs.
fn fastest(rounds: u32, mut work: impl FnMut()) -> f64 {
    let mut best = f64::MAX;
    for _ in 0..rounds {
        let start = Instant::now();
        work();
        best = best.min(start.elapsed().as_secs_f64());
    }
    best
}

fn row(work: &str, count: u64, seconds: f64, floor: f64) {
    let rate = |seconds: f64| (count as f64 / seconds).round();
    let ratio = floor / seconds;
    println!("{work:<46} {:>14} {:>14} {ratio:>6.2}", rate(seconds), rate(floor));
}

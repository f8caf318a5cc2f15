//! Known answers. If one of these files changes, journals written before can no longer be read:
//! a new format gets a new version line, and the old file stays.

use crate::world::{ORIGIN, files, key, keys, leaf, leaves, memory_tree};
use journal::audit::prove_inclusion;
use journal::bundle::Disclosure;
use journal::entry::Leaf;
use journal::hash::{Hash, leaf_hash};
use journal::key::{SignerKey, Use, VerifierKey};
use journal::opening::Opening;
use journal::payload::{Digests, Salt, commit};
use journal::proof::EntryProof;
use journal::tree::{Frontier, root};
use serde_json::{Value, json};

const LEAF: &str = include_str!("../vectors/entry-v1.leaf");
const PAYLOAD: &str = include_str!("../vectors/payload-v1.json");
const OPENING: &str = include_str!("../vectors/opening-v1.json");
const PROOF: &str = include_str!("../vectors/entry-v1.tlog-proof");
const HASHES: &str = include_str!("../vectors/hashes.txt");

fn payload() -> Value {
    json!({
        "number": "2026-0007", "day": "2026-03-04", "agreed": true, "money": 1_280_000,
        "party": {"name": "张三", "phone": "13812345678"}, "villages": ["上坪", "下坪"],
    })
}

fn salt() -> Salt {
    Salt(std::array::from_fn(|nth| nth as u8))
}

/// All formats of today, in the form of the files.
fn written() -> [(&'static str, String, &'static str); 5] {
    let payload = payload();
    let mut leaf = leaf(33, Some(Hash([6; 32])));
    leaf.commitment = commit(&payload, &salt()).unwrap();
    let mut all = leaves(300);
    all[33] = leaf.to_bytes().unwrap();
    let hashes: Vec<Hash> = all.iter().map(|leaf| leaf_hash(leaf)).collect();
    let world = files(&all);
    let proof = EntryProof {
        index: 33,
        path: prove_inclusion(&mut memory_tree(&hashes), 33, 300).unwrap(),
        checkpoint: String::from_utf8(world["checkpoint"].clone()).unwrap(),
        extra: None,
    };
    let opening = Opening::only(&payload, &salt(), &["/number", "/money"]).unwrap();
    let frontier: Frontier = hashes[..21].iter().copied().collect();
    let observer = SignerKey::from_seed("county.example", Use::Cosignature, &[8; 32]).unwrap();
    let lines = [
        ("leaf", leaf_hash(&all[33]).to_hex()),
        ("commitment", leaf.commitment.to_hex()),
        ("digests", hex(&Digests::of(&payload, &salt()).unwrap().to_bytes())),
        ("root", root(hashes.iter().copied()).to_hex()),
        ("frontier", hex(&frontier.to_bytes())),
        ("bundle", leaf_hash(&world["tile/entries/000"]).to_hex()),
        ("tile", leaf_hash(&world["tile/0/000"]).to_hex()),
        ("vkey", key().verifier().to_string()),
        ("skey", key().to_secret()),
        ("observer", observer.verifier().to_string()),
    ];
    let lines: String = lines.map(|(name, value)| format!("{name} {value}\n")).concat();
    let canonical = journal::canonical::canonical(&payload).unwrap();
    let leaf = String::from_utf8(all[33].clone()).unwrap();
    let opening = String::from_utf8(opening.to_bytes()).unwrap();
    [
        ("entry-v1.leaf", leaf, LEAF),
        ("payload-v1.json", canonical, PAYLOAD),
        ("opening-v1.json", opening, OPENING),
        ("entry-v1.tlog-proof", proof.to_text(), PROOF),
        ("hashes.txt", lines, HASHES),
    ]
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn the_formats_have_not_changed() {
    for (name, found, expect) in written() {
        // Read the difference before believing what UPDATE_VECTORS wrote.
        if std::env::var_os("UPDATE_VECTORS").is_some() {
            let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors/");
            std::fs::write(format!("{folder}{name}"), &found).unwrap();
        }
        assert_eq!(found, expect, "{name}");
    }
}

#[test]
fn what_was_written_then_is_still_believed() {
    let leaf = Leaf::parse(LEAF.as_bytes()).unwrap();
    assert_eq!(leaf.to_bytes().unwrap(), LEAF.as_bytes());
    let payload: Value = serde_json::from_str(PAYLOAD).unwrap();
    assert_eq!(commit(&payload, &salt()).unwrap(), leaf.commitment);
    let disclosure = Disclosure { leaf: LEAF.as_bytes(), proof: PROOF.as_bytes(), payload: Some(OPENING.as_bytes()) };
    let disclosed = disclosure.verify(ORIGIN, &keys()).unwrap();
    assert_eq!(disclosed.payload.unwrap().value("/money"), Some("1280000"));
    let vkey = HASHES.lines().find_map(|line| line.strip_prefix("vkey "));
    assert_eq!(VerifierKey::parse(vkey.unwrap()).unwrap(), keys()[0]);
}

//! What a disclosed entry proves, and what is refused.

use crate::world::{ORIGIN, files, keys, leaf, leaves, memory_tree, signed};
use journal::audit::prove_inclusion;
use journal::bundle::{Disclosure, leaf_path, payload_path, proof_path};
use journal::hash::{Hash, leaf_hash};
use journal::opening::Opening;
use journal::payload::{Salt, commit};
use journal::proof::EntryProof;
use journal::tree::root;
use serde_json::{Value, json};

const SALT: Salt = Salt([9; 32]);

struct Pieces {
    leaf: Vec<u8>,
    proof: EntryProof,
    payload: Vec<u8>,
}

fn payload() -> Value {
    json!({"number": "2026-0007", "phone": "13812345678"})
}

/// Entry 20 of 33, with its payload shown in part.
fn pieces() -> Pieces {
    let mut all = leaves(33);
    let mut leaf = leaf(20, None);
    leaf.commitment = commit(&payload(), &SALT).unwrap();
    all[20] = leaf.to_bytes().unwrap();
    let hashes: Vec<Hash> = all.iter().map(|leaf| leaf_hash(leaf)).collect();
    let path = prove_inclusion(&mut memory_tree(&hashes), 20, 33).unwrap();
    Pieces {
        leaf: all[20].clone(),
        proof: EntryProof { index: 20, path, checkpoint: signed(33, root(hashes)), extra: None },
        payload: Opening::only(&payload(), &SALT, &["/number"]).unwrap().to_bytes(),
    }
}

fn verify(pieces: &Pieces) -> Result<journal::bundle::Disclosed, String> {
    let proof = pieces.proof.to_text();
    let disclosure = Disclosure { leaf: &pieces.leaf, proof: proof.as_bytes(), payload: Some(&pieces.payload) };
    disclosure.verify(ORIGIN, &keys()).map_err(|fault| fault.to_string())
}

#[test]
fn the_pieces_of_a_bundle_prove_their_entry() {
    let disclosed = verify(&pieces()).unwrap();
    assert_eq!((disclosed.entry, disclosed.checkpoint.size), (20, 33));
    let opening = disclosed.payload.unwrap();
    assert_eq!(opening.payload().unwrap(), json!({"number": "2026-0007"}));
    assert_eq!(leaf_path(20), "entries/20.leaf");
    assert_eq!(proof_path(20), "proofs/20.tlog-proof");
    assert_eq!(payload_path(20), "payloads/20.json");
}

#[test]
fn changed_pieces_are_refused() {
    let refused = |change: fn(&mut Pieces), expect: &str| {
        let mut pieces = pieces();
        change(&mut pieces);
        let fault = verify(&pieces).unwrap_err();
        assert!(fault.contains(expect), "{fault}");
    };
    refused(|p| p.leaf[100] ^= 1, "entry 20: proof leads to");
    refused(|p| p.proof.index = 21, "entry 21: proof leads to");
    refused(|p| p.proof.index = 33, "entry 33 is not in a tree of 33");
    refused(|p| p.proof.path.push(Hash([0; 32])), "wrong length");
    refused(|p| p.proof.checkpoint = signed(34, Hash([0; 32])), "entry 20: proof leads to");
    refused(|p| p.proof.checkpoint = p.proof.checkpoint.replacen("33", "34", 1), "does not fit the note");
    refused(
        |p| p.payload = Opening::full(&json!({"number": "2026-0008"}), &SALT).unwrap().to_bytes(),
        "differs from the commitment",
    );
    refused(|p| p.payload.push(b' '), "canonical");
    refused(|p| p.payload.clear(), "JSON");
}

#[test]
fn a_leaf_that_names_another_journal_is_refused_though_proved() {
    let mut leaf = leaf(0, None);
    leaf.origin = "other.example".to_owned();
    let leaf = leaf.to_bytes().unwrap();
    let checkpoint = signed(1, leaf_hash(&leaf));
    let proof = EntryProof { index: 0, path: Vec::new(), checkpoint, extra: None };
    let proof = proof.to_text();
    let disclosure = Disclosure { leaf: &leaf, proof: proof.as_bytes(), payload: None };
    let fault = disclosure.verify(ORIGIN, &keys()).unwrap_err().to_string();
    assert_eq!(fault, "entry 0: origin is \"other.example\"");
}

#[test]
fn a_proof_has_one_form() {
    let mut proof = pieces().proof;
    for extra in [None, Some(vec![]), Some(b"beside".to_vec())] {
        proof.extra = extra;
        assert_eq!(EntryProof::parse(proof.to_text().as_bytes()), Ok(proof.clone()));
    }
    proof.extra = None;
    let text = proof.to_text();
    let refused = |from: &str, to: &str, expect: &str| {
        assert!(text.contains(from), "{from}");
        let fault = EntryProof::parse(text.replacen(from, to, 1).as_bytes()).unwrap_err();
        assert!(fault.to_string().contains(expect), "{fault}");
    };
    refused("@v1", "@v2", "line 1");
    refused("index 20", "index 020", "line 2: expected index");
    refused("index 20\n", "", "line 2: expected index");
    refused("index 20", "extra ?\nindex 20", "line 2: expected base64");
    refused("index 20\n", "index 20\nAAAA\n", "line 3: expected base64 of 32 bytes");
    assert!(EntryProof::parse(b"").is_err());
    assert!(EntryProof::parse(b"\xff\n\n").is_err());
    // One entry: no path, and its own hash is the root.
    let world = files(&leaves(1));
    let checkpoint = String::from_utf8(world["checkpoint"].clone()).unwrap();
    let one = EntryProof { index: 0, path: Vec::new(), checkpoint, extra: None };
    let one = EntryProof::parse(one.to_text().as_bytes()).unwrap();
    one.verify(&leaves(1)[0], ORIGIN, &keys()).unwrap();
}

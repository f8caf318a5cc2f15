//! A bundle as one file: what is believed, and that nothing else is.

use crate::world::{ORIGIN, key, keys, leaf, leaves, memory_tree, signed};
use journal::audit::prove_inclusion;
use journal::bundle::{BundleError, Part, Parts, key_within, open, pack};
use journal::container;
use journal::hash::{Hash, leaf_hash, sha256};
use journal::key::{SignerKey, Use};
use journal::opening::Opening;
use journal::payload::{Salt, commit};
use journal::proof::EntryProof;
use journal::tree::root;
use serde_json::{Value, json};

const SALT: Salt = Salt([9; 32]);

fn payload(nth: u64) -> Value {
    json!({"number": format!("2026-{nth:04}"), "phone": "13812345678", "agreed": true})
}

/// Entries 20 and 21 of 33, one field of each shown, and a file.
fn parts() -> Parts {
    let mut all = leaves(33);
    for nth in [20, 21] {
        let mut leaf = leaf(nth, None);
        leaf.commitment = commit(&payload(nth), &SALT).unwrap();
        all[nth as usize] = leaf.to_bytes().unwrap();
    }
    let hashes: Vec<Hash> = all.iter().map(|leaf| leaf_hash(leaf)).collect();
    let checkpoint = signed(33, root(hashes.iter().copied()));
    let mut parts = Parts::from([
        (Part::Readme, "证据包\n".into()),
        (Part::Checkpoint, checkpoint.clone().into_bytes()),
        (Part::File(sha256(b"scan")), b"scan".to_vec()),
    ]);
    for index in [20_u64, 21] {
        let path = prove_inclusion(&mut memory_tree(&hashes), index, 33).unwrap();
        let proof = EntryProof { index, path, checkpoint: checkpoint.clone(), extra: None };
        parts.insert(Part::Leaf(index), all[index as usize].clone());
        parts.insert(Part::Proof(index), proof.to_text().into_bytes());
        let opening = Opening::only(&payload(index), &SALT, &["/number"]).unwrap();
        parts.insert(Part::Payload(index), opening.to_bytes());
    }
    parts
}

fn packed(parts: Parts, key: &SignerKey) -> Vec<u8> {
    let mut bytes = Vec::new();
    pack(parts, key, |piece| -> Result<(), BundleError> {
        bytes.extend(piece);
        Ok(())
    })
    .unwrap();
    bytes
}

fn refusal(bytes: &[u8]) -> Option<String> {
    open(bytes, key().verifier()).err().map(|error| error.to_string())
}

#[test]
fn a_bundle_is_believed_and_made_again_byte_for_byte() {
    let bytes = packed(parts(), &key());
    let bundle = open(&bytes, key().verifier()).unwrap();
    assert_eq!((bundle.checkpoint.size, bundle.entries.len(), bundle.files.len()), (33, 2, 1));
    let shown = bundle.entries[0].payload.as_ref().unwrap().payload().unwrap();
    assert_eq!(shown, json!({"number": "2026-0020"}));
    assert_eq!(key_within(&bytes).unwrap(), keys()[0]);
    assert_eq!(packed(parts(), &key()), bytes);
}

/// If this changes, bundles made before are no longer believed: a new format gets a new name.
#[test]
fn the_format_of_a_bundle_has_not_changed() {
    assert_eq!(
        sha256(&packed(parts(), &key())).to_hex(),
        "c979820ce6d2d02f9d3d5a0a1348b4645f259a7c833d1091c8358616e19d6181"
    );
}

#[test]
fn after_any_one_byte_is_changed_it_is_refused() {
    let mut bytes = packed(parts(), &key());
    for at in 0..bytes.len() {
        for flip in [0x01, 0x80] {
            bytes[at] ^= flip;
            assert!(refusal(&bytes).is_some(), "byte {at} ^ {flip:#x}");
            // Nor does it help to believe the key that came with it.
            if let Ok(found) = key_within(&bytes) {
                assert!(open(&bytes, &found).is_err(), "byte {at} ^ {flip:#x}, by its own key");
            }
            bytes[at] ^= flip;
        }
    }
    assert_eq!(refusal(&bytes), None);
}

#[test]
fn after_a_byte_is_cut_off_or_put_in_it_is_refused() {
    let bytes = packed(parts(), &key());
    for end in 0..bytes.len() {
        assert!(refusal(&bytes[..end]).is_some(), "cut at {end}");
    }
    for at in (0..=bytes.len()).step_by(7) {
        let more = [&bytes[..at], b"\0", &bytes[at..]].concat();
        assert!(refusal(&more).is_some(), "a byte more at {at}");
    }
}

type Members = Vec<(String, Vec<u8>)>;

/// The same members, changed and packed again with right headers: as somebody would who has no key.
fn changed(change: impl Fn(&mut Members)) -> String {
    let bytes = packed(parts(), &key());
    let members = container::read(&bytes).unwrap();
    let mut members: Members = members.into_iter().map(|(name, bytes)| (name.to_owned(), bytes.to_vec())).collect();
    change(&mut members);
    let members: Vec<_> = members.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
    let mut bytes = Vec::new();
    container::write(&members, |piece| {
        bytes.extend(piece);
        Ok::<(), container::ContainerError>(())
    })
    .unwrap();
    refusal(&bytes).expect("refused")
}

fn place(members: &[(String, Vec<u8>)], name: &str) -> usize {
    members.iter().position(|(known, _)| known == name).unwrap()
}

#[test]
fn members_changed_by_somebody_without_the_key_are_refused() {
    let check = |change: &dyn Fn(&mut Members), expect: &str| {
        let fault = changed(change);
        assert!(fault.contains(expect), "{fault}");
    };
    let order = "out of order or stands twice";
    check(&|m| m.swap(0, 1), order);
    check(&|m| m.insert(1, m[0].clone()), order);
    check(&|m| m.push(("entries/22.leaf".to_owned(), Vec::new())), order);
    check(&|m| m.push(("more.txt".to_owned(), Vec::new())), "no member \"more.txt\"");
    check(&|m| m.push(("entries/020.leaf".to_owned(), Vec::new())), "no member");
    check(&|m| m.insert(place(m, "entries/21.leaf") + 1, ("entries/22.leaf".to_owned(), vec![1])), "manifest differs");
    let names =
        ["读我.txt", "policy", "vkey", "checkpoint", "entries/20.leaf", "proofs/20.tlog-proof", "payloads/21.json"];
    for name in names {
        check(&|m| drop(m.remove(place(m, name))), "manifest differs");
        check(
            &|m| {
                m.iter_mut().for_each(|(known, bytes)| {
                    if known == name {
                        bytes.push(b'\n')
                    }
                })
            },
            "manifest differs",
        );
    }
    check(&|m| drop(m.remove(place(m, "manifest"))), "manifest is missing");
    check(&|m| drop(m.remove(place(m, "manifest.note"))), "manifest.note is missing");
    // Two payloads exchanged, each right in itself.
    let exchange = |m: &mut Members| {
        let (one, other) = (place(m, "payloads/20.json"), place(m, "payloads/21.json"));
        let bytes = m[one].1.clone();
        m[one].1 = std::mem::replace(&mut m[other].1, bytes);
    };
    check(&exchange, "manifest differs");
    // The manifest made to fit: the note does not.
    let readme = |m: &mut Members| {
        m[0].1 = "这是电子印章\n".into();
        let lines = m.iter().take_while(|(name, _)| name != "manifest");
        let text: String = lines.map(|(name, bytes)| format!("{}  {name}\n", sha256(bytes).to_hex())).collect();
        let at = place(m, "manifest");
        m[at].1 = text.into_bytes();
    };
    check(&readme, "manifest.note differs");
    // A signature of somebody else beside ours says nothing, and is not ours to carry.
    check(
        &|m| {
            let other = SignerKey::from_seed("other.example", Use::Note, &[8; 32]).unwrap();
            let at = place(m, "manifest.note");
            let mut note = journal::note::Note::parse(&m[at].1).unwrap();
            note.sign(&other).unwrap();
            m[at].1 = note.to_string().into_bytes();
        },
        "manifest.note differs",
    );
}

#[test]
fn what_the_key_signs_carelessly_is_refused_all_the_same() {
    let check = |change: &dyn Fn(&mut Parts), expect: &str| {
        let mut parts = parts();
        change(&mut parts);
        let fault = refusal(&packed(parts, &key())).expect("refused");
        assert!(fault.contains(expect), "{fault}");
    };
    let other = |parts: &mut Parts| {
        let proof = parts[&Part::Proof(21)].clone();
        parts.insert(Part::Proof(20), proof);
    };
    check(&other, "proof leads to");
    check(&|parts| drop(parts.remove(&Part::Proof(20))), "proofs/20.tlog-proof is missing");
    check(&|parts| drop(parts.remove(&Part::Leaf(20))), "no member \"proofs/20.tlog-proof\"");
    check(&|parts| drop(parts.remove(&Part::Checkpoint)), "checkpoint is missing");
    check(&|parts| drop(parts.remove(&Part::Readme)), "读我.txt is missing");
    check(&|parts| drop(parts.insert(Part::File(Hash([1; 32])), b"scan".to_vec())), "differs from what belongs there");
    let later = |parts: &mut Parts| {
        parts.insert(Part::Checkpoint, signed(34, Hash([0; 32])).into_bytes());
    };
    check(&later, "proves another entry");
}

#[test]
fn another_journals_bundle_is_refused() {
    let other = SignerKey::from_seed(ORIGIN, Use::Note, &[8; 32]).unwrap();
    let bytes = packed(parts(), &key());
    assert!(open(&bytes, other.verifier()).is_err());
    // Signed by another key over our entries: not by ours, and by its own key the entries are not its own.
    let bytes = packed(parts(), &other);
    assert!(open(&bytes, key().verifier()).is_err());
    assert!(open(&bytes, &key_within(&bytes).unwrap()).is_err());
}

#[test]
fn what_is_signed_of_a_bundle_is_no_checkpoint() {
    let bytes = packed(parts(), &key());
    let members = container::read(&bytes).unwrap();
    let note = members.last().unwrap().1;
    let refused = journal::checkpoint::Checkpoint::open(note, ORIGIN, &keys()).unwrap_err();
    assert_eq!(refused.to_string(), "checkpoint size: expected a whole number, found \"yifa-bundle/v1\"");
}

#[test]
fn a_container_takes_no_name_that_leads_elsewhere() {
    let refused = |name: &str| {
        let made = container::write(&[(name, b"x")], |_| Ok::<(), container::ContainerError>(()));
        assert!(made.is_err(), "{name}");
    };
    for name in ["", "/etc/passwd", "../x", "a/../b", "a//b", "a\\b", "c:x", "./x", "a\nb", "a/"] {
        refused(name);
    }
    assert!(container::read(b"").is_err());
    assert!(container::read(b"PK\x03\x04").is_err());
}

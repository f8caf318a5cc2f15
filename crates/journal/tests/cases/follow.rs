//! Following a journal: what continues what was accepted is read entry by entry, everything else is refused by name.

use serde_json::{Value, json};

use crate::world::{ORIGIN, World, checkpoint, files, key, keys, leaves, memory_tree, signed};
use journal::checkpoint::Checkpoint;
use journal::entry::Leaf;
use journal::follow::{Offer, Rejected, contents, entries, first_difference};
use journal::hash::{Hash, leaf_hash};
use journal::key::{SignerKey, Use};
use journal::opening::{Opening, verify_opening};
use journal::payload::{Salt, commit};
use journal::tile::{BundleId, push_leaf};
use journal::tiles::TilesError;

/// Follows a source from what was accepted; gives the entries read, or why it was refused.
fn follow(source: &World, accepted: Option<&Checkpoint>) -> Result<Vec<u64>, String> {
    let said = |rejected: Rejected| rejected.to_string();
    let offer = Offer::read(source, ORIGIN, &keys()).map_err(said)?;
    let mut tree = offer.continues(source, accepted).map_err(said)?;
    let from = accepted.map_or(0, |accepted| accepted.size);
    let mut read = Vec::new();
    let taken = entries(source, &mut tree, &offer.checkpoint, from, |entry, _, _, _| {
        read.push(entry);
        Ok::<_, Rejected>(())
    });
    taken.map(|()| read).map_err(said)
}

fn check(source: &World, accepted: Option<&Checkpoint>, expect: &str) {
    let refused = follow(source, accepted).expect_err(expect);
    assert!(refused.contains(expect), "expected {expect}\nfound {refused}");
}

#[test]
fn a_journal_that_grew_is_followed_from_any_size_to_any_other() {
    let sizes = [1, 2, 255, 256, 257, 300, 512, 700];
    let all = leaves(700);
    for (nth, new) in sizes.iter().enumerate() {
        let source = files(&all[..*new as usize]);
        assert_eq!(follow(&source, None).unwrap(), (0..*new).collect::<Vec<_>>());
        for old in &sizes[..=nth] {
            let accepted = checkpoint(&files(&all[..*old as usize]));
            assert_eq!(follow(&source, Some(&accepted)).unwrap(), (*old..*new).collect::<Vec<_>>(), "{old} to {new}");
        }
    }
}

#[test]
fn a_full_bundle_stands_for_a_partial_one_that_is_gone() {
    let all = leaves(600);
    let mut source = files(&all[..300]);
    let grown = files(&all);
    source.remove("tile/entries/001.p/44").unwrap();
    source.insert("tile/entries/001".to_owned(), grown["tile/entries/001"].clone());
    assert_eq!(follow(&source, None).unwrap().len(), 300);
}

#[test]
fn what_does_not_continue_what_was_accepted_is_refused() {
    let all = leaves(700);
    let accepted = checkpoint(&files(&all[..500]));
    check(&files(&all[..499]), Some(&accepted), "499 entries are offered, 500 were accepted");
    // Another last entry, at the same size and behind it; rewritten from the first on.
    let mut other = all.clone();
    for changed in [499, 0] {
        let mut leaf = Leaf::parse(&other[changed]).unwrap();
        leaf.commitment = leaf_hash(b"another payload");
        other[changed] = leaf.to_bytes().unwrap();
        check(&files(&other[..500]), Some(&accepted), "the first 500 entries have root");
        check(&files(&other), Some(&accepted), "the first 500 entries have root");
        let hashes = |leaves: &[Vec<u8>]| leaves.iter().map(|leaf| leaf_hash(leaf)).collect::<Vec<_>>();
        let (mut ours, mut theirs) = (memory_tree(&hashes(&all[..500])), memory_tree(&hashes(&other)));
        let found = first_difference::<_, _, std::convert::Infallible>(&mut ours, &mut theirs, 500).unwrap();
        assert_eq!(found, Some(changed as u64));
    }
    // Two swapped and signed so: a fork of whoever holds the order of before.
    let mut swapped = all.clone();
    swapped.swap(301, 308);
    check(&files(&swapped), Some(&accepted), "the first 500 entries have root");
}

#[test]
fn the_first_difference_is_found_at_any_place_of_any_size() {
    let hashes = |changed: Option<u64>, size: u64| -> Vec<Hash> {
        (0..size).map(|nth| leaf_hash(&[nth as u8, u8::from(changed == Some(nth))])).collect()
    };
    for size in 1..40 {
        let mut ours = memory_tree(&hashes(None, size));
        for changed in (0..size).map(Some).chain([None]) {
            let mut theirs = memory_tree(&hashes(changed, size));
            let found = first_difference::<_, _, std::convert::Infallible>(&mut ours, &mut theirs, size).unwrap();
            assert_eq!(found, changed, "of {size}");
        }
    }
}

#[test]
fn a_source_that_is_not_the_journal_is_refused() {
    let all = leaves(300);
    let good = files(&all);
    let with = |checkpoint: &str| {
        let mut source = good.clone();
        source.insert("checkpoint".to_owned(), checkpoint.as_bytes().to_vec());
        source
    };
    let mut source = good.clone();
    source.remove("checkpoint").unwrap();
    check(&source, None, "there is no checkpoint");
    check(&with(""), None, "checkpoint");
    let Checkpoint { size, root, .. } = checkpoint(&good);
    // Signed by somebody else under the name of the journal; of another journal; a root nobody has the tiles of.
    let mut note = checkpoint(&good).to_note().unwrap();
    note.sign(&SignerKey::from_seed(ORIGIN, Use::Note, &[8; 32]).unwrap()).unwrap();
    check(&with(&note.to_string()), None, "no signature of a known key");
    let other = Checkpoint { origin: "other.example".to_owned(), size, root };
    let mut note = other.to_note().unwrap();
    note.sign(&key()).unwrap();
    check(&with(&note.to_string()), None, "checkpoint is of \"other.example\"");
    check(&with(&signed(size, leaf_hash(b"nothing"))), None, "the tiles at the right edge of 300 entries");
    check(&with(&signed(size + 1, root)), None, "is missing");
}

#[test]
fn every_file_cut_off_changed_or_gone_is_refused_and_named() {
    let all = leaves(700);
    let good = files(&all);
    for (path, bytes) in good.iter().filter(|(path, _)| *path != "checkpoint") {
        for (what, changed) in [
            ("gone", None),
            ("cut off", Some(bytes[..bytes.len() - 1].to_vec())),
            ("longer", Some([bytes.as_slice(), &[0]].concat())),
            ("changed", Some(flipped(bytes))),
        ] {
            let mut source = good.clone();
            match changed {
                Some(changed) => source.insert(path.clone(), changed),
                None => source.remove(path),
            };
            let refused = follow(&source, None).expect_err(what);
            let named = ["tile/", "entry ", "the tiles at the right edge"].iter().any(|word| refused.contains(word));
            assert!(named, "{path} {what}: {refused}");
        }
    }
}

fn flipped(bytes: &[u8]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    let at = bytes.len() / 2;
    bytes[at] ^= 1;
    bytes
}

#[test]
fn entries_moved_forged_or_of_another_journal_are_named() {
    let all = leaves(300);
    let good = files(&all);
    let with = |leaves: &[Vec<u8>]| {
        let mut source = good.clone();
        let mut bytes = Vec::new();
        for leaf in leaves {
            push_leaf(&mut bytes, leaf).unwrap();
        }
        source.insert(BundleId::at(1, 300).unwrap().path(), bytes);
        source
    };
    let mut swapped = all[256..].to_vec();
    swapped.swap(10, 17);
    check(&with(&swapped), None, "entry 266 has hash");
    let mut doubled = all[256..].to_vec();
    doubled[3] = doubled[2].clone();
    check(&with(&doubled), None, "entry 259 has hash");
    // Signed as it is: the journal itself is at fault.
    let mut foreign = all.clone();
    let mut leaf = Leaf::parse(&foreign[290]).unwrap();
    leaf.origin = "other.example".to_owned();
    foreign[290] = leaf.to_bytes().unwrap();
    check(&files(&foreign), None, "entry 290 is of \"other.example\"");
    foreign[290] = b"nonsense".to_vec();
    check(&files(&foreign), None, "entry 290: leaf starts with");
}

/// The contents of one entry in files of a journal that says so.
fn world_of(payload: &Value, shown: impl Fn(&mut Opening)) -> (World, Hash) {
    let salt = Salt([9; 32]);
    let commitment = commit(payload, &salt).unwrap();
    let mut opening = Opening::full(payload, &salt).unwrap();
    shown(&mut opening);
    (World::from([("payloads/7.json".to_owned(), opening.to_bytes())]), commitment)
}

#[test]
fn contents_are_held_against_the_commitment_of_their_leaf() {
    let payload = json!({ "kind": "step", "fields": { "on": "2026-03-02" }, "sealed": { "name": "某某" } });
    let (source, commitment) = world_of(&payload, |opening| opening.erase(&["/sealed/name"]).unwrap());
    let opening = contents(&source, 7, &commitment).unwrap();
    assert_eq!(opening.value("/fields/on"), Some("\"2026-03-02\""));
    assert_eq!(opening.value("/sealed/name"), None);
    let refused = |source: &World, expect: &str| {
        let refused = contents(source, 7, &commitment).unwrap_err().to_string();
        assert!(refused.contains("entry 7") && refused.contains(expect), "{refused}");
    };
    refused(&World::new(), "are missing");
    let text = String::from_utf8(source["payloads/7.json"].clone()).unwrap();
    let with = |from: &str, to: &str| {
        assert!(text.contains(from));
        World::from([("payloads/7.json".to_owned(), text.replace(from, to).into_bytes())])
    };
    refused(&with("2026-03-02", "2026-03-03"), "differs from the commitment");
    refused(&with("{\"closed\"", "{ \"closed\""), "canonical JSON");
    refused(&with("yifa-opening/v1", "yifa-opening/v2"), "yifa-opening/v1");
    let (other, _) = world_of(&json!({ "kind": "void" }), |_| ());
    refused(&other, "differs from the commitment");
}

#[test]
fn what_a_copy_keeps_beside_the_open_values_makes_the_same_opening_and_holds_no_salt() {
    let payload = json!({ "kind": "step", "fields": {}, "of": null, "sealed": { "name": "某某", "phone": "1" } });
    let salt = Salt([9; 32]);
    let commitment = commit(&payload, &salt).unwrap();
    let mut opening = Opening::full(&payload, &salt).unwrap();
    opening.erase(&["/sealed/name", "/sealed/phone"]).unwrap();
    let (open, blinds) = (opening.payload().unwrap(), opening.blinds());
    assert_eq!(blinds.len(), 5 * 33);
    assert!(!blinds.windows(32).any(|window| window == salt.0));
    let again = Opening::restore(&open, &blinds).unwrap();
    assert_eq!(again, opening);
    // Nothing of either is believed.
    let digests = opening.digests();
    let mut changed = open.clone();
    changed["kind"] = json!("void");
    let fault = verify_opening(&commitment, &Opening::restore(&changed, &blinds).unwrap(), Some(&digests)).unwrap_err();
    assert!(fault.to_string().contains("/kind"), "{fault}");
    let with = |key: &str| {
        let mut more = open.clone();
        more[key] = json!(1);
        more
    };
    for (payload, blinds) in [
        (with("more"), blinds.clone()),
        (json!({ "kind": "step" }), blinds.clone()),
        (open.clone(), blinds[1..].to_vec()),
        (open.clone(), [&[2], &blinds[1..]].concat()),
        (json!([]), blinds.clone()),
    ] {
        assert!(Opening::restore(&payload, &blinds).is_err(), "{payload}");
    }
}

/// A cosignature says when somebody saw a checkpoint: it is verified beside the journal's own signature and never stands
/// for it.
#[test]
fn a_cosignature_is_believed_beside_the_signature_of_the_journal_and_never_instead() {
    let witness = SignerKey::from_seed("county.example/witness", Use::Cosignature, &[3; 32]).unwrap();
    let both = [keys()[0].clone(), witness.verifier().clone()];
    let good = files(&leaves(10));
    let offer = Offer::read(&good, ORIGIN, &keys()).unwrap();
    let mut note = offer.note.clone();
    note.cosign(&witness, 1_780_000_000).unwrap();
    let (found, note) = Checkpoint::open(note.to_string().as_bytes(), ORIGIN, &both).unwrap();
    assert_eq!(found, offer.checkpoint);
    let signed = note.verify(&both[1..]).unwrap();
    assert_eq!((signed[0].name.as_str(), signed[0].time), ("county.example/witness", Some(1_780_000_000)));
    let mut alone = offer.checkpoint.to_note().unwrap();
    alone.cosign(&witness, 1_780_000_000).unwrap();
    let fault = Checkpoint::open(alone.to_string().as_bytes(), ORIGIN, &both).unwrap_err();
    assert!(fault.to_string().contains("not signed by the key of the journal"), "{fault}");
}

#[test]
fn a_source_that_cannot_be_read_is_told_by_the_file() {
    struct Broken(World);
    impl journal::tiles::Files for Broken {
        fn read(&self, path: &str) -> std::io::Result<Option<std::borrow::Cow<'_, [u8]>>> {
            match path.starts_with("tile/0") {
                true => Err(std::io::Error::other("the line is dead")),
                false => self.0.read(path),
            }
        }
    }
    let source = Broken(files(&leaves(300)));
    let offer = Offer::read(&source, ORIGIN, &keys()).unwrap();
    let refused = offer.continues(&source, None).err().expect("refused");
    assert!(matches!(&refused, Rejected::Read { path, .. } if path == "tile/0/001.p/44"), "{refused}");
    let mut source = files(&leaves(300));
    source.remove("tile/0/001.p/44").unwrap();
    let refused = Offer::read(&source, ORIGIN, &keys()).unwrap().continues(&source, None).err().expect("refused");
    assert!(matches!(&refused, Rejected::Tiles(TilesError::Missing(_))), "{refused}");
}

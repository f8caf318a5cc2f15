//! When a checkpoint may be signed: never a fork.

use crate::world::{ORIGIN, hashes, key, keys, memory_tree, signed};
use journal::audit::prove_consistency;
use journal::checkpoint::Checkpoint;
use journal::guard::{Growth, Last, Permit, Refusal};
use journal::hash::Hash;
use journal::key::{SignerKey, Use};
use journal::tree::{Frontier, root};

fn frontier(size: u64) -> Frontier {
    hashes(size).into_iter().collect()
}

fn root_of(size: u64) -> Hash {
    root(hashes(size))
}

fn last(size: u64) -> Last {
    let text = signed(size, root_of(size));
    Last::read(Some(&text), Some(&text), ORIGIN, &keys()).unwrap()
}

fn decide(last: &Last, present: &Frontier, growth: Option<Growth>) -> Result<String, Refusal> {
    let key = key();
    let permit = Permit::decide(last, present, growth.as_ref(), ORIGIN, &key)?;
    let expect = permit.checkpoint().clone();
    let text = permit.sign().unwrap().to_string();
    let (found, _) = Checkpoint::open(text.as_bytes(), ORIGIN, &keys()).unwrap();
    assert_eq!(found, expect);
    Ok(text)
}

fn refused(result: Result<String, Refusal>, expect: &str) {
    let fault = result.unwrap_err().to_string();
    assert!(fault.contains(expect), "{fault}");
}

#[test]
fn a_journal_that_grew_is_signed() {
    let never = Last::read(None, None, ORIGIN, &keys()).unwrap();
    assert_eq!(decide(&never, &frontier(0), None).unwrap(), signed(0, root_of(0)));
    let text = decide(&never, &frontier(20), None).unwrap();
    assert_eq!(text, signed(20, root_of(20)));
    let last = last(20);
    assert_eq!(decide(&last, &frontier(20), None), Ok(text));
    let grown = frontier(33);
    let proof = prove_consistency(&mut memory_tree(&hashes(33)), 20, 33).unwrap();
    for growth in [Growth::RootThen(root_of(20)), Growth::Proof(proof)] {
        assert_eq!(decide(&last, &grown, Some(growth)).unwrap(), signed(33, root_of(33)));
    }
    let key = key();
    let permit = Permit::decide(&last, &frontier(20), None, ORIGIN, &key).unwrap();
    assert_eq!(permit.replaces(), Some(signed(20, root_of(20)).as_str()));
}

#[test]
fn a_fork_is_never_signed() {
    let last = last(20);
    refused(
        decide(&last, &frontier(17), None),
        "the journal has 17 entries but 20 were signed: entries 17 to 19 are missing",
    );
    refused(decide(&last, &Frontier::new(), None), "entries 0 to 19 are missing");
    // Another past, at every entry, at the same size and grown.
    for changed in 0..20 {
        let mut other = hashes(33);
        other[changed].0[5] ^= 1;
        let same: Frontier = other[..20].iter().copied().collect();
        refused(decide(&last, &same, None), "at 20 entries the journal has root");
        let grown: Frontier = other.iter().copied().collect();
        let then = Growth::RootThen(same.root());
        refused(decide(&last, &grown, Some(then)), "at 20 entries the journal has root");
        let proof = prove_consistency(&mut memory_tree(&other), 20, 33).unwrap();
        let proof = Growth::Proof(proof);
        refused(decide(&last, &grown, Some(proof)), "does not continue");
    }
    refused(decide(&last, &frontier(33), None), "nothing shows");
    let empty = Growth::Proof(Vec::new());
    refused(decide(&last, &frontier(33), Some(empty)), "does not continue");
}

#[test]
fn what_was_signed_last_must_be_known_and_ours() {
    let read = |second: Option<&str>, database: Option<&str>| {
        Last::read(second, database, ORIGIN, &keys()).map(|_| String::new())
    };
    let (old, new) = (signed(20, root_of(20)), signed(33, root_of(33)));
    refused(read(None, Some(&old)), "second file is missing although 20 entries");
    refused(read(Some(""), None), "not ours");
    refused(read(Some(&old.replacen("20", "21", 1)), None), "does not fit");
    refused(read(Some(&old), Some("nonsense")), "not ours");
    let split = signed(20, root_of(19));
    refused(read(Some(&old), Some(&split)), "two checkpoints of 20 entries");
    // The newer of both counts, wherever it is: neither an old backup of the database nor an old
    // second file brings the past back.
    for (second, database) in [(&old, &new), (&new, &old)] {
        let last = Last::read(Some(second), Some(database), ORIGIN, &keys()).unwrap();
        assert_eq!(last.checkpoint().unwrap().size, 33);
        refused(decide(&last, &frontier(20), None), "entries 20 to 32 are missing");
    }
    let stranger = SignerKey::from_seed(ORIGIN, Use::Note, &[1; 32]).unwrap();
    let strangers = [stranger.verifier().clone()];
    let fault = Last::read(Some(&old), None, ORIGIN, &strangers).unwrap_err();
    assert!(fault.to_string().contains("no signature of a known key"), "{fault}");
    let fault = Last::read(Some(&old), None, "other.example", &keys()).unwrap_err();
    assert!(matches!(fault, Refusal::NotOurs(_)), "{fault}");
}

#[test]
fn only_the_key_of_the_journal_signs_it() {
    let never = Last::read(None, None, ORIGIN, &keys()).unwrap();
    let county = SignerKey::from_seed("county.example", Use::Note, &[1; 32]).unwrap();
    let observer = SignerKey::from_seed(ORIGIN, Use::Cosignature, &[1; 32]).unwrap();
    for key in [county, observer] {
        let fault = Permit::decide(&never, &frontier(3), None, ORIGIN, &key).unwrap_err();
        assert!(matches!(fault, Refusal::Key { .. }));
    }
}

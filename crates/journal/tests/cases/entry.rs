//! The leaf: one spelling, nothing personal.

use crate::world::{id, leaf};
use journal::entry::{Leaf, LeafRef};
use journal::hash::Hash;
use proptest::option;
use proptest::prelude::*;

fn text() -> String {
    String::from_utf8(leaf(3, Some(Hash([6; 32]))).to_bytes().unwrap()).unwrap()
}

fn refused(text: &str, expect: &str) {
    let fault = Leaf::parse(text.as_bytes()).unwrap_err().to_string();
    assert!(fault.contains(expect), "{fault}\n{text}");
}

#[test]
fn every_other_spelling_is_refused_and_the_line_named() {
    let good = text();
    Leaf::parse(good.as_bytes()).unwrap();
    let other = |from: &str, to: &str| {
        assert!(good.contains(from), "{from}");
        good.replacen(from, to, 1)
    };
    refused("", "not with \"yifa-entry/v1\"");
    refused(&other("entry/v1", "entry/v2"), "yifa-entry/v2");
    refused(&good.to_uppercase(), "YIFA");
    refused(&other("\nkind", "\nnote x\nkind"), "line 4: expected \"kind\"");
    refused(&other("kind step\n", ""), "line 4: expected \"kind\"");
    refused(&other("kind step", "kind  step"), "line 4 (kind)");
    refused(&other("kind step", "kind Step"), "line 4 (kind)");
    refused(&other("kind step", "kind 调解"), "line 4 (kind)");
    refused(&other("kind step", "kind st\0ep"), "line 4 (kind)");
    refused(&other("origin yifa", "origin yi fa"), "line 2 (origin)");
    refused(&other("origin yifa", "origin 依法"), "line 2 (origin)");
    refused(&other("recorded_at 1", "recorded_at 01"), "line 6 (recorded_at)");
    refused(&other("recorded_at 1", "recorded_at +1"), "line 6 (recorded_at)");
    refused(&other("subject ", "subject A"), "line 5 (subject)");
    refused(&other("prev 06", "prev "), "line 9 (prev)");
    refused(&other("prev 06", "prev 0G"), "line 9 (prev)");
    refused(&other("commitment ", "commitment -\n"), "line 10 (commitment)");
    refused(&other("id 0", "id -\n0"), "line 3 (id)");
    refused(&good.replace('\n', "\r\n"), "yifa-entry/v1");
    refused(good.trim_end(), "");
    refused(&format!("{good}\n"), "1 bytes after");
    refused(&format!("{good}sig ed25519 AAAA\n"), "17 bytes after");
    for end in 0..good.len() {
        assert!(Leaf::parse(&good.as_bytes()[..end]).is_err(), "cut at {end}");
    }
}

#[test]
fn a_leaf_with_a_bad_origin_or_kind_cannot_be_written() {
    let bad = |change: fn(&mut Leaf)| {
        let mut leaf = leaf(3, None);
        change(&mut leaf);
        assert!(leaf.to_bytes().is_err(), "{leaf:?}");
    };
    bad(|leaf| leaf.origin.clear());
    bad(|leaf| leaf.origin = "a+b".to_owned());
    bad(|leaf| leaf.origin = "a".repeat(256));
    bad(|leaf| leaf.origin.push('\n'));
    bad(|leaf| leaf.kind.clear());
    bad(|leaf| leaf.kind = "a".repeat(65));
    bad(|leaf| leaf.kind = "step\nsubject -".to_owned());
}

#[test]
fn a_leaf_is_short_and_holds_nothing_personal() {
    let leaf = leaf(3, Some(Hash([6; 32])));
    assert!(leaf.to_bytes().unwrap().len() < 460);
    // Every value is an id, a hash, a time, the origin or a coarse word; there is no free text.
    assert!(text().bytes().all(|byte| byte == b'\n' || (b' '..=b'~').contains(&byte)));
}

prop_compose! {
    fn any_leaf()(
        origin in "[!-*,-~]{1,60}", kind in "[a-z][a-z0-9_.-]{0,63}",
        ids in any::<[u64; 3]>(), recorded_at: i64,
        subject: bool, actor: bool, definition in option::of(any::<[u8; 32]>()),
        prev in option::of(any::<[u8; 32]>()), commitment: [u8; 32],
    ) -> Leaf {
        Leaf {
            origin, kind, recorded_at,
            id: id(ids[0] >> 20),
            subject: subject.then(|| id(ids[1] >> 20)),
            actor: actor.then(|| id(ids[2] >> 20)),
            definition: definition.map(Hash),
            prev: prev.map(Hash),
            commitment: Hash(commitment),
        }
    }
}

proptest! {
    #[test]
    fn a_leaf_reads_back_as_itself(leaf in any_leaf()) {
        let bytes = leaf.to_bytes().unwrap();
        prop_assert_eq!(LeafRef::parse(&bytes).unwrap().to_leaf(), leaf);
    }

    #[test]
    fn whatever_parses_is_written_back_the_same(
        leaf in any_leaf(), at: prop::sample::Index, byte: u8, insert: bool,
    ) {
        let mut bytes = leaf.to_bytes().unwrap();
        let at = at.index(bytes.len());
        if insert { bytes.insert(at, byte) } else { bytes[at] = byte }
        if let Ok(read) = Leaf::parse(&bytes) {
            prop_assert_eq!(read.to_bytes().unwrap(), bytes);
        }
    }
}

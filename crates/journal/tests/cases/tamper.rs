//! The tamper set. Every case changes a good journal and says which findings it must lead to.

use crate::world::{ORIGIN, World, checkpoint, files, keys, leaves, signed};
use journal::difference::{Differences, KEPT_DIFFERENCES};
use journal::entry::Leaf;
use journal::export::verify_files;
use journal::hash::leaf_hash;
use journal::tile::{BundleId, TileId, encode_tile, push_leaf};
use journal::tree::root;
use journal::verify::Verifier;

const SIZE: u64 = 66_000;

fn good() -> World {
    files(&leaves(SIZE))
}

fn found(files: &World) -> Vec<String> {
    let (_, report) = verify_files(files, ORIGIN, &keys()).unwrap();
    let list = report.differences.list();
    assert_eq!(report.differences.count(), list.len() as u64);
    list.iter().map(ToString::to_string).collect()
}

/// Each finding, in order, contains what is expected of it; and there are no others.
fn check(files: &World, expect: &[&str]) {
    let found = found(files);
    let fits = found.len() == expect.len() && found.iter().zip(expect).all(|(found, expect)| found.contains(expect));
    assert!(fits, "expected {expect:#?}\nfound {found:#?}");
}

fn bundle(files: &World, index: u64) -> Vec<Vec<u8>> {
    let id = BundleId::at(index, SIZE).unwrap();
    let leaves: Result<Vec<_>, _> = id.decode(&files[&id.path()]).collect();
    leaves.unwrap().into_iter().map(<[u8]>::to_vec).collect()
}

fn set_bundle(files: &mut World, index: u64, leaves: &[Vec<u8>]) {
    let mut bytes = Vec::new();
    for leaf in leaves {
        push_leaf(&mut bytes, leaf).unwrap();
    }
    let id = BundleId::at(index, SIZE).unwrap();
    files.insert(id.path(), bytes);
}

/// Rewrites entry `nth` so that it parses well: another commitment.
fn forge(files: &mut World, nth: u64) -> Vec<u8> {
    let mut leaves = bundle(files, nth / 256);
    let at = (nth % 256) as usize;
    let mut leaf = Leaf::parse(&leaves[at]).unwrap();
    leaf.commitment = leaf_hash(b"another payload");
    leaves[at] = leaf.to_bytes().unwrap();
    set_bundle(files, nth / 256, &leaves);
    leaves[at].clone()
}

/// Rewrites the hash of entry `nth` in its tile, and its ancestors up to level `top`.
fn rewrite_tiles(files: &mut World, nth: u64, leaf: &[u8], top: u8) {
    let mut hash = leaf_hash(leaf);
    for level in 0..=top {
        let at = nth >> (8 * u32::from(level));
        let id = TileId::at(level, at / 256, SIZE).unwrap();
        let mut hashes = id.decode(&files[&id.path()]).unwrap();
        hashes[(at % 256) as usize] = hash;
        files.insert(id.path(), encode_tile(&hashes));
        hash = root(hashes);
    }
}

#[test]
fn a_good_journal_has_no_differences_at_any_size() {
    for size in [0, 1, 2, 255, 256, 257, 600] {
        check(&files(&leaves(size)), &[]);
    }
    let good = good();
    check(&good, &[]);
    // What the tests below rely on: three levels of tiles.
    assert!(good.contains_key("tile/2/000.p/1"));
}

#[test]
fn a_forged_entry_is_found_however_far_up_the_tiles_are_rewritten() {
    let good = good();
    // 301 and 308 are of one record, so 308 names the hash 301 had before.
    let alone = ["entry 301: its hash is", "entry 308: prev is", "tile/1/000 hash 1 (entries 256 to 511)"];
    let above = "tile/2/000.p/1 hash 0 (entries 0 to 65535)";
    let root = "66000 entries add up to root";
    let mut one = good.clone();
    let leaf = forge(&mut one, 301);
    check(&one, &[alone[0], alone[1], alone[2], above, root]);
    // Together with its leaf hash: what readers of other hands believed.
    rewrite_tiles(&mut one, 301, &leaf, 0);
    check(&one, &[alone[1], alone[2], above, root]);
    rewrite_tiles(&mut one, 301, &leaf, 1);
    check(&one, &[alone[1], above, root]);
    rewrite_tiles(&mut one, 301, &leaf, 2);
    check(&one, &[alone[1], root]);
}

#[test]
fn every_flipped_bit_of_an_entry_is_found_at_that_entry() {
    let good = files(&leaves(300));
    let clean = &good["tile/entries/001.p/44"];
    // Entry 256 with its length: each bit of each byte, lengths included.
    for at in 0..clean.len() / 44 {
        let mut changed = good.clone();
        let bytes = changed.get_mut("tile/entries/001.p/44").unwrap();
        bytes[at] ^= 1 << (at % 8);
        let found = found(&changed).join("\n");
        let named = found.contains("entry 256") || found.contains("ends within entry 2");
        assert!(named && found.contains("root"), "byte {at}: {found}");
    }
}

#[test]
fn every_flipped_bit_of_a_tile_is_found_at_its_hash() {
    let good = good();
    for (path, expect) in [
        ("tile/0/001", "entry 261: its hash is"),
        ("tile/0/257.p/208", "entry 65797: its hash is"),
        ("tile/1/000", "tile/1/000 hash 5 (entries 1280 to 1535)"),
        ("tile/1/001.p/1", "tile/1/001.p/1 hash 0 (entries 65536 to 65791)"),
        ("tile/2/000.p/1", "tile/2/000.p/1 hash 0 (entries 0 to 65535)"),
    ] {
        for bit in [0, 7, 131, 255] {
            let mut changed = good.clone();
            let bytes = changed.get_mut(path).unwrap();
            let at = if bytes.len() == 32 { 0 } else { 5 * 32 };
            bytes[at + bit / 8] ^= 1 << (bit % 8);
            check(&changed, &[expect]);
        }
    }
}

#[test]
fn swapped_entries_are_named_both() {
    let mut changed = good();
    let mut leaves = bundle(&changed, 1);
    leaves.swap(45, 46);
    set_bundle(&mut changed, 1, &leaves);
    let found = found(&changed).join("\n");
    assert!(found.contains("entry 301: its hash is"), "{found}");
    assert!(found.contains("entry 302: its hash is"), "{found}");
    // Of one record: the order is wrong in itself.
    let mut changed = good();
    let mut leaves = bundle(&changed, 1);
    leaves.swap(45, 52);
    set_bundle(&mut changed, 1, &leaves);
    let found = self::found(&changed).join("\n");
    assert!(found.contains("entry 301: prev is"), "{found}");
    assert!(found.contains("entry 308: prev is"), "{found}");
}

#[test]
fn missing_and_truncated_files_are_named_with_their_entries() {
    let good = good();
    let without = |path: &str, expect: &[&str]| {
        let mut changed = good.clone();
        changed.remove(path).unwrap();
        let found = found(&changed);
        for expect in expect {
            assert!(found.iter().any(|found| found.contains(expect)), "{found:#?}");
        }
        // The tiles still say what the missing entries add up to.
        assert!(!found.iter().any(|found| found.contains("add up")), "{found:#?}");
    };
    without("tile/entries/001", &["tile/entries/001 (entries 256 to 511): file is missing"]);
    without("tile/entries/257.p/208", &["(entries 65792 to 65999): partial file is missing"]);
    without("tile/0/001", &["tile/0/001 (entries 256 to 511): file is missing"]);
    without("tile/1/000", &["tile/1/000 (entries 0 to 65535): file is missing"]);
    let mut changed = good.clone();
    let bytes = changed.get_mut("tile/entries/257.p/208").unwrap();
    bytes.truncate(bytes.len() - 1);
    check(&changed, &["(entries 65999 to 65999): tile/entries/257.p/208 ends within entry 65999"]);
    let mut changed = good.clone();
    changed.get_mut("tile/entries/257.p/208").unwrap().push(0);
    check(&changed, &["has 1 bytes after its last entry"]);
    let mut changed = good.clone();
    changed.get_mut("tile/1/000").unwrap().pop();
    check(&changed, &["tile/1/000 (entries 0 to 65535): has 8191 bytes, not 8192"]);
    let mut changed = good;
    changed.remove("checkpoint");
    let fault = verify_files(&changed, ORIGIN, &keys()).unwrap_err();
    assert_eq!(fault.to_string(), "there is no checkpoint");
}

/// A whole journal rewritten in every file but the signature.
#[test]
fn a_journal_rewritten_as_a_whole_does_not_fit_what_was_signed() {
    let leaves = leaves(600);
    let good = files(&leaves);
    let with = |leaves: &[Vec<u8>], expect: &[&str]| {
        let mut changed = files(leaves);
        changed.insert("checkpoint".to_owned(), good["checkpoint"].clone());
        let mut verifier = Verifier::new(ORIGIN);
        verifier.entries(0, leaves.iter().map(Vec::as_slice));
        let report = verifier.finish(&checkpoint(&changed));
        let found: Vec<_> = report.differences.list().iter().map(ToString::to_string).collect();
        let fits =
            found.len() == expect.len() && found.iter().zip(expect).all(|(found, expect)| found.contains(expect));
        assert!(fits, "expected {expect:#?}\nfound {found:#?}");
    };
    with(&leaves, &[]);
    with(&leaves[..599], &["the checkpoint says 600 entries, there are 599"]);
    with(&leaves[..0], &["the checkpoint says 600 entries, there are 0"]);
    let more = crate::world::leaves(601);
    with(&more, &["the checkpoint says 600 entries, there are 601"]);
    let mut last = leaves.clone();
    *last.last_mut().unwrap() = more[600].clone();
    // The last entry of its record: nothing after it names it, only the root does.
    with(&last, &["entry 599: prev is", "600 entries add up to root"][1..]);
}

#[test]
fn entries_of_another_journal_or_no_leaf_or_out_of_order_are_named() {
    let leaves = leaves(10);
    let mut verifier = Verifier::new(ORIGIN);
    for (nth, leaf) in (0..).zip(&leaves) {
        let mut parsed = Leaf::parse(leaf).unwrap();
        match nth {
            3 => parsed.origin = "other.example".to_owned(),
            4 => {
                verifier.entry(4, b"nonsense");
                continue;
            }
            _ => (),
        }
        let nth = if nth == 6 { 60 } else { nth };
        verifier.entry(nth, &parsed.to_bytes().unwrap());
    }
    let all = leaves.iter().map(|leaf| leaf_hash(leaf));
    let text = signed(10, root(all));
    let files = World::from([("checkpoint".to_owned(), text.into_bytes())]);
    let report = verifier.finish(&checkpoint(&files));
    let found: Vec<_> = report.differences.list().iter().map(ToString::to_string).collect();
    assert_eq!(found.len(), 4, "{found:#?}");
    assert_eq!(found[0], "entry 3: origin is \"other.example\"");
    assert_eq!(found[1], "entry 4: leaf starts with \"nonsense\", not with \"yifa-entry/v1\"");
    assert_eq!(found[2], "entry 60 stands where entry 6 belongs");
    assert!(found[3].contains("10 entries add up to root"));
}

#[test]
fn all_differences_are_counted_and_the_first_thousand_kept() {
    let mut verifier = Verifier::new("other.example");
    for (nth, leaf) in (0..).zip(&leaves(1_500)) {
        verifier.entry(nth, leaf);
    }
    let report = verifier.finish(&checkpoint(&files(&leaves(1_500))));
    let differences: Differences = report.differences;
    assert_eq!(differences.count(), 1_500);
    assert_eq!(differences.list().len(), KEPT_DIFFERENCES);
}

#[test]
fn clocks_that_run_backwards_are_no_difference() {
    let times: Vec<i64> = leaves(30).iter().map(|leaf| Leaf::parse(leaf).unwrap().recorded_at).collect();
    assert!(!times.is_sorted());
    check(&files(&leaves(30)), &[]);
}

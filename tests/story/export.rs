//! The exported journal, held against other hands' code and against the program's own figures.

use std::collections::BTreeSet;
use std::path::Path;

use signed_note::{Note, StandardVerifier, VerifierList};
use tlog_tiles::{Checkpoint, Error, HashReader, record_hash, stored_hashes_for_record_hash, tree_hash};

use yifa::storage::params;

use crate::support::{Ask, Scratch};
use crate::verifier::yifa_verify;

/// Another hand's hash storage.
#[derive(Default)]
struct Stored(Vec<tlog_tiles::Hash>);

impl HashReader for Stored {
    fn read_hashes(&self, indexes: &[u64]) -> Result<Vec<tlog_tiles::Hash>, Error> {
        Ok(indexes.iter().map(|index| self.0[*index as usize]).collect())
    }
}

/// The leaves of the entry bundles, read by nothing of ours: tlog-tiles says a big-endian length, then the entry.
fn leaves(folder: &Path, size: u64) -> Vec<Vec<u8>> {
    let mut leaves = Vec::new();
    for nth in 0..size.div_ceil(256) {
        let width = (size - nth * 256).min(256);
        let partial = if width < 256 { format!(".p/{width}") } else { String::new() };
        assert!(nth < 1000, "a longer path than this test builds");
        let bundle = std::fs::read(folder.join(format!("tile/entries/{nth:03}{partial}"))).unwrap();
        let mut rest = &bundle[..];
        while let Some((length, more)) = rest.split_first_chunk::<2>() {
            let (leaf, more) = more.split_at(u16::from_be_bytes(*length).into());
            leaves.push(leaf.to_vec());
            rest = more;
        }
    }
    assert_eq!(leaves.len() as u64, size);
    leaves
}

#[test]
fn an_exported_journal_is_checked_by_other_hands_alone() {
    let scratch = Scratch::demo();
    scratch.yifa(&["journal", "export", "out"]).done();
    let out = scratch.path().join("out");

    let key = std::fs::read_to_string(out.join("vkey")).unwrap();
    let note = std::fs::read(out.join("checkpoint")).unwrap();
    let verifier = StandardVerifier::new(key.trim()).unwrap();
    let note = Note::from_bytes(&note).unwrap();
    let (signed, _) = note.verify(&VerifierList::new(vec![Box::new(verifier)])).unwrap();
    assert_eq!(signed.len(), 1);
    let checkpoint = Checkpoint::from_bytes(note.text()).unwrap();
    assert_eq!(checkpoint.origin(), "demo/360724/wuzhifeng");

    let leaves = leaves(&out, checkpoint.size());
    let mut stored = Stored::default();
    for (index, leaf) in leaves.iter().enumerate() {
        let new = stored_hashes_for_record_hash(index as u64, record_hash(leaf), &stored).unwrap();
        stored.0.extend(new);
    }
    assert_eq!(tree_hash(checkpoint.size(), &stored).unwrap().0, checkpoint.hash().0);

    // Every tile another hand would serve is there, with the same bytes.
    let mut level_0 = Vec::new();
    for tile in tlog_tiles::Tile::new_tiles(8, 0, checkpoint.size()) {
        let path = tile.path().replacen("tile/8/", "tile/", 1);
        let bytes = std::fs::read(out.join(&path)).unwrap();
        assert_eq!(bytes, tile.read_data(&stored).unwrap(), "{path}");
        if path.starts_with("tile/0/") {
            level_0.extend(bytes.chunks(32).map(<[u8]>::to_vec));
        }
    }
    let hashes: Vec<Vec<u8>> = leaves.iter().map(|leaf| record_hash(leaf).0.to_vec()).collect();
    assert_eq!(hashes, level_0);
}

#[test]
fn the_verifier_adds_up_the_same_figures_from_the_entries_alone() {
    let scratch = Scratch::demo();
    scratch.yifa(&["journal", "export", "out", "--contents"]).done();
    for year in ["2022", "2023"] {
        let theirs = yifa_verify(scratch.path(), &["out", "--figures", year]).done();
        let theirs: BTreeSet<Vec<&str>> =
            theirs.out.lines().filter(|line| line.contains('\t')).map(|line| line.split('\t').collect()).collect();
        let ours = scratch.yifa(&["figures", year]).done();
        let ours: BTreeSet<Vec<String>> = ours
            .out
            .lines()
            .skip(2)
            .map(|line| {
                // 编号, 数字, 值, 上年, 记入, 补录, 有标记: a title holds no two blanks, and no other column a blank.
                let columns: Vec<&str> = line.split_whitespace().collect();
                let tail = &columns[columns.len() - 5..];
                let title = columns[1..columns.len() - 5].join(" ");
                vec![columns[0].to_owned(), title, tail[0].to_owned(), format!("{} 条", tail[2])]
            })
            .collect();
        let ours: BTreeSet<Vec<&str>> = ours.iter().map(|row| row.iter().map(String::as_str).collect()).collect();
        assert!(theirs.len() > 40, "{theirs:?}");
        assert_eq!(theirs, ours, "{year}");
    }
}

#[test]
fn no_personal_value_leaves_the_house_in_an_export() {
    let scratch = Scratch::township();
    scratch.write("case.toml", crate::support::CASE.replace("山界不清", "暗号一二三").as_bytes());
    scratch.yifa(&["step", "mediation_case", "new", "register", "--file", "case.toml"]).done();
    scratch.yifa(&["journal", "export", "out", "--contents"]).done();
    scratch.yifa(&["export", "mediation_case", "--out", "out.csv"]).done();
    let mut exported = crate::support::files(&scratch.path().join("out"));
    let table = scratch.path().join("out.csv");
    exported.push((table.clone(), std::fs::read(&table).unwrap()));
    for (path, bytes) in exported {
        for secret in ["暗号一二三", "甲某"] {
            let found = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
            assert!(!found, "{secret} stands in {}", path.display());
        }
    }
    // It does stand in the township's own folder, or this test would prove nothing.
    let sql = "SELECT count(*) FROM sealed WHERE town_id = $1 AND value LIKE '%暗号一二三%'";
    assert_eq!(scratch.db().value::<i64>(sql, params![]), 1);
}

#[test]
fn the_verifier_names_what_was_changed_in_an_export() {
    let scratch = Scratch::township();
    scratch.write("case.toml", crate::support::CASE.as_bytes());
    for _ in 0..3 {
        scratch.yifa(&["step", "mediation_case", "new", "register", "--file", "case.toml"]).done();
    }
    let export = |name: &str| {
        scratch.yifa(&["journal", "export", name, "--contents"]).done();
        scratch.path().join(name)
    };
    let size = scratch.entries();
    let change = |path: &Path, at: usize| {
        let mut bytes = std::fs::read(path).unwrap();
        bytes[at] ^= 1;
        std::fs::write(path, bytes).unwrap();
    };
    let entry = export("entry");
    let bundle = entry.join(format!("tile/entries/000.p/{size}"));
    change(&bundle, std::fs::metadata(&bundle).unwrap().len() as usize - 1);
    yifa_verify(scratch.path(), &["entry"]).differs(&[&format!("{}", size - 1)]);

    let tile = export("tile");
    change(&tile.join(format!("tile/0/000.p/{size}")), 5 * 32);
    yifa_verify(scratch.path(), &["tile"]).differs(&["不符", "5"]);

    let contents = export("contents");
    let payload = contents.join(journal::bundle::payload_path(3));
    let text = std::fs::read_to_string(&payload).unwrap();
    assert!(text.contains("钱秋月") || text.contains("赵大山"), "{text}");
    std::fs::write(&payload, text.replace("钱秋月", "李冬梅").replace("赵大山", "李冬梅")).unwrap();
    yifa_verify(scratch.path(), &["contents", "--figures", "2026"]).differs(&["不符：第 3 条 内容与承诺不符"]);

    // A checkpoint of another journal, or one that another key signed, is no checkpoint of this one.
    let other = Scratch::init();
    other.yifa(&["journal", "export", "out"]).done();
    let theirs = std::fs::read_to_string(other.path().join("out/vkey")).unwrap();
    let refused = yifa_verify(scratch.path(), &["tile", "--key", theirs.trim()]);
    assert_eq!((refused.code, refused.err.contains("检查点不可信")), (Some(2), true), "{refused:?}");
}

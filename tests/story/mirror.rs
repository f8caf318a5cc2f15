//! A county follows a township's journal from exports: what continues is accepted, all else is refused by name, and
//! nothing accepted before is changed by it.

use std::path::Path;

use journal::checkpoint::Checkpoint;
use journal::entry::Leaf;
use journal::hash::{Hash, leaf_hash};
use journal::key::{SignerKey, Use};
use journal::tile::{BundleId, encode_tile, push_leaf};
use journal::tiler::tiles;

use yifa::storage::params;

use crate::support::{Ask, CASE, Ran, Scratch, behind, copy_folder, files, postgres};

/// What mirrors into `m`.
pub const M: [&str; 3] = ["--data", "m", "mirror"];

/// One list of words after the other.
pub fn with<'a>(before: &[&'a str], after: &[&'a str]) -> Vec<&'a str> {
    [before, after].concat()
}

/// A small township of ten entries, exported to `ex` and mirrored to `m` by a county that signs.
pub fn mirrored() -> (Scratch, String) {
    let scratch = Scratch::township();
    case(&scratch, "yifa-data", "山界不清");
    case(&scratch, "yifa-data", "宅基地");
    let key = export(&scratch, "yifa-data", "ex");
    scratch.yifa(&["--data", "county", "witness", "key", "--name", "county.example/witness"]).done();
    let witness = ["ex", "--key", &key, "--witness", "county/witness.key"];
    scratch.yifa(&with(&M, &witness)).done().says(&["上犹县青石乡：新接受 10 条", "已见证：10 条"]);
    (scratch, key)
}

/// Registers a mediation case.
pub fn case(scratch: &Scratch, data: &str, facts: &str) {
    scratch.write("case.toml", CASE.replace("山界不清", facts).as_bytes());
    scratch.yifa(&["--data", data, "step", "mediation_case", "new", "register", "--file", "case.toml"]).done();
}

/// Exports with contents; gives the township's key.
pub fn export(scratch: &Scratch, data: &str, to: &str) -> String {
    scratch.yifa(&["--data", data, "journal", "export", to, "--contents"]).done();
    std::fs::read_to_string(scratch.path().join(to).join("vkey")).unwrap().trim().to_owned()
}

/// What a mirror holds: not the evidence of forks, not how its runs went, not the lock, and not the memory SQLite shares.
fn held(scratch: &Scratch) -> Vec<(std::path::PathBuf, Vec<u8>)> {
    let kept = |path: &Path| {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        !path.to_string_lossy().contains("/fork/")
            && !name.ends_with("-shm")
            && !name.ends_with("-wal")
            && !["lock", "followed.toml"].contains(&name.as_str())
    };
    files(&scratch.path().join("m")).into_iter().filter(|(path, _)| kept(path)).collect()
}

/// The mirror refuses to go on from `ex`, says these words, and is as it was.
#[track_caller]
fn refused(scratch: &Scratch, words: &[&str]) {
    let before = held(scratch);
    scratch.yifa(&M).refused(words);
    assert!(held(scratch) == before, "the mirror was changed");
}

/// Changes one file of the export.
pub fn change(scratch: &Scratch, path: &str, how: impl FnOnce(&mut Vec<u8>)) {
    let path = scratch.path().join("ex").join(path);
    let mut bytes = std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    how(&mut bytes);
    std::fs::write(path, bytes).unwrap();
}

fn leaves(scratch: &Scratch, size: u64) -> Vec<Vec<u8>> {
    let id = BundleId::at(0, size).unwrap();
    let bytes = std::fs::read(scratch.path().join("ex").join(id.path())).unwrap();
    id.decode(&bytes).map(|leaf| leaf.unwrap().to_vec()).collect()
}

/// Writes an export of these leaves, signed with the township's own key: what whoever holds it can do.
fn signed_anew(scratch: &Scratch, leaves: &[Vec<u8>]) {
    let secret = std::fs::read_to_string(scratch.data().join("log.key")).unwrap();
    let key = SignerKey::parse(secret.trim()).unwrap();
    let ex = scratch.path().join("ex");
    let (size, root) = tiles(leaves.iter().map(|leaf| leaf_hash(leaf)), |id, hashes: &[Hash]| {
        std::fs::write(ex.join(id.path()), encode_tile(hashes)).unwrap_or_else(|_| {
            std::fs::create_dir_all(ex.join(id.path()).parent().unwrap()).unwrap();
            std::fs::write(ex.join(id.path()), encode_tile(hashes)).unwrap();
        });
    });
    let mut bundle = Vec::new();
    leaves.iter().for_each(|leaf| push_leaf(&mut bundle, leaf).unwrap());
    std::fs::write(ex.join(BundleId::at(0, size).unwrap().path()), bundle).unwrap();
    let origin = key.verifier().name().to_owned();
    let mut note = Checkpoint { origin, size, root }.to_note().unwrap();
    note.sign(&key).unwrap();
    std::fs::write(ex.join("checkpoint"), note.to_string()).unwrap();
}

/// The export again, as of now.
pub fn export_anew(scratch: &Scratch) {
    std::fs::remove_dir_all(scratch.path().join("ex")).unwrap();
    export(scratch, "yifa-data", "ex");
}

#[test]
fn a_mirror_says_what_the_township_says_and_holds_nothing_personal() {
    let scratch = Scratch::demo();
    let key = export(&scratch, "yifa-data", "ex");
    scratch.yifa(&with(&M, &["ex", "--key", &key])).done().says(&["逐条核验无误"]);
    for verb in [
        &["figures", "2023", "--all", "--json"][..],
        &["list", "mediation_case", "--json"],
        &["due", "--json"],
        &["flags", "2023", "--json"],
        &["figure", "mediation.ended", "2023", "--entries", "--json"],
        &["report", "annual", "2023", "--text"],
    ] {
        let (there, here) = (scratch.yifa(verb), scratch.yifa(&with(&["--data", "m"], verb)));
        assert_eq!((here.code, &here.out), (there.code, &there.out), "{verb:?}");
        assert!(!here.out.is_empty() || here.code != Some(0), "{verb:?}: {}", here.err);
    }
    scratch.yifa(&["--data", "m", "verify"]).done().says(&["核验无误"]);
    scratch.yifa(&["--data", "m", "rebuild"]).done();
    // A mirror is mirrored in its turn: the city follows the county.
    assert_eq!(export(&scratch, "m", "again"), key);
    let (first, again) = (files(&scratch.path().join("ex")), files(&scratch.path().join("again")));
    let bytes =
        |files: Vec<(std::path::PathBuf, Vec<u8>)>| files.into_iter().map(|(_, bytes)| bytes).collect::<Vec<_>>();
    assert!(bytes(first) == bytes(again), "the export of a mirror is the township's own");
    let mirror = scratch.path().join("m");
    assert!(!mirror.join("log.key").exists());
    let db = rusqlite::Connection::open(mirror.join("journal.db")).unwrap();
    let count = |sql: &str| db.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
    assert_eq!(count("SELECT count(*) FROM sealed"), 0);
    assert_eq!(count("SELECT count(*) FROM payload WHERE length(salt) % 33 <> 0"), 0);
    let there = scratch.db();
    let sql = "SELECT value FROM sealed WHERE town_id = $1 AND length(value) > 20 \
               ORDER BY length(value) DESC, idx, field LIMIT 1";
    let personal: String = there.value(sql, params![]);
    let personal = personal.trim_matches(|c| "[]\"".contains(c)).to_owned();
    let within = |bytes: &[u8]| bytes.windows(personal.len()).any(|window| window == personal.as_bytes());
    assert!(!files(&mirror).iter().any(|(_, bytes)| within(bytes)), "{personal}");
}

#[test]
fn a_mirror_goes_on_where_it_was_and_reads_nothing_twice() {
    let (scratch, _) = mirrored();
    scratch.yifa(&M).done().says(&["没有新的记入，共 10 条"]);
    case(&scratch, "yifa-data", "界石移动");
    export_anew(&scratch);
    // What was accepted is not asked for again.
    for old in 0..10 {
        std::fs::remove_file(scratch.path().join(format!("ex/payloads/{old}.json"))).unwrap();
    }
    scratch.yifa(&M).done().says(&["新接受 1 条，共 11 条", "已见证：11 条"]);
    scratch.yifa(&["--data", "m", "verify"]).done();
    scratch.yifa(&["--data", "m", "rebuild"]).done();
    let list = |data: &str| scratch.yifa(&["--data", data, "list", "mediation_case", "--json"]).done().out;
    assert_eq!(list("m"), list("yifa-data"));
    // The file is written after the database: a crash between the two leaves it behind, and is no fork.
    std::fs::remove_file(scratch.path().join("m/signed/checkpoint")).unwrap();
    scratch.yifa(&M).done();
    scratch.yifa(&["--data", "m", "verify"]).done();
    // A database put back to an older copy goes on from there.
    copy_folder(&scratch.path().join("m"), &scratch.path().join("old"));
    case(&scratch, "yifa-data", "水渠改道");
    export_anew(&scratch);
    scratch.yifa(&M).done().says(&["共 12 条"]);
    std::fs::copy(scratch.path().join("old/journal.db"), scratch.path().join("m/journal.db")).unwrap();
    for beside in ["m/journal.db-wal", "m/journal.db-shm"] {
        let _ = std::fs::remove_file(scratch.path().join(beside));
    }
    scratch.yifa(&M).done().says(&["新接受 1 条，共 12 条"]);
    scratch.yifa(&["--data", "m", "verify"]).done();
}

#[test]
fn a_mirror_is_made_whole_or_not_at_all() {
    let (scratch, key) = mirrored();
    let none = ["--data", "n", "mirror", "ex", "--key", &key];
    // Its steps are recorded at the township.
    let step = ["--data", "m", "step", "mediation_case", "new", "register", "--file", "case.toml"];
    scratch.yifa(&step).refused(&["P740", "镜像"]);
    scratch.yifa(&["--data", "m", "serve", "--listen", "127.0.0.1:0"]).refused(&["P740"]);
    scratch.yifa(&["--data", "m", "bundle", "figure", "mediation.ended", "2026", "--out", "x.zip"]).refused(&["P740"]);
    let m = scratch.path().join("n");
    scratch.yifa(&["--data", "n", "mirror"]).refused(&["P751", "--key"]);
    scratch.yifa(&["--data", "n", "mirror", "ex"]).refused(&["P751"]);
    scratch.yifa(&["--data", "n", "mirror", "ex", "--key", "nonsense"]).refused(&["P742"]);
    scratch
        .yifa(&["--data", "n", "mirror", "nowhere", "--key", &key, "--town", "某乡", "--county", "某县"])
        .refused(&["P741"]);
    scratch.yifa(&["--data", "yifa-data", "mirror"]).refused(&["P751", "不是镜像"]);
    // Another township's key; a witness's key; the right name with another key.
    let other = SignerKey::from_seed("example.gov.cn/360724/other", Use::Note, &[1; 32]).unwrap();
    let cosigner = SignerKey::from_seed("example.gov.cn/360724/qingshi", Use::Cosignature, &[1; 32]).unwrap();
    let stranger = SignerKey::from_seed("example.gov.cn/360724/qingshi", Use::Note, &[1; 32]).unwrap();
    for key in [other, cosigner, stranger] {
        scratch.yifa(&["--data", "n", "mirror", "ex", "--key", &key.verifier().to_string()]).refused(&["P742"]);
    }
    scratch.yifa(&with(&M, &["--key", "nonsense"])).refused(&["P751"]);
    change(&scratch, "payloads/9.json", |bytes| {
        *bytes = String::from_utf8_lossy(bytes).replace("黄沙村", "白水村").into_bytes()
    });
    scratch.yifa(&none).refused(&["P747", "第 "]);
    std::fs::remove_file(scratch.path().join("ex/township.json")).unwrap();
    scratch.yifa(&none).refused(&["P756", "--town"]);
    assert!(!m.exists(), "nothing is left of a mirror that was not made");
}

#[test]
fn a_source_cut_off_changed_or_reordered_is_refused_and_the_place_named() {
    let (scratch, _) = mirrored();
    case(&scratch, "yifa-data", "界石移动");
    case(&scratch, "yifa-data", "水渠改道");
    let check = |change: &dyn Fn(&Scratch), words: &[&str]| {
        export_anew(&scratch);
        change(&scratch);
        refused(&scratch, words);
    };
    let file = |name: &str| scratch.path().join("ex").join(name);
    check(&|_| std::fs::remove_file(file("checkpoint")).unwrap(), &["P745", "没有检查点"]);
    check(&|_| std::fs::remove_dir_all(file("tile/0")).unwrap(), &["P745", "青石乡", "缺少 tile/0/000.p/12"]);
    check(&|_| std::fs::remove_dir_all(file("tile/entries")).unwrap(), &["P745", "第 0 至 11 条"]);
    check(&|_| std::fs::remove_file(file("payloads/11.json")).unwrap(), &["P747", "第 11 条", "缺少"]);
    check(&|s| change(s, "tile/0/000.p/12", |bytes| bytes[40] ^= 1), &["P745", "瓦片"]);
    check(&|s| change(s, "tile/0/000.p/12", |bytes| bytes.truncate(bytes.len() - 1)), &["P745", "残缺"]);
    check(&|s| change(s, "tile/entries/000.p/12", |bytes| bytes.truncate(bytes.len() - 1)), &["P745", "残缺"]);
    check(&|s| change(s, "tile/entries/000.p/12", |bytes| bytes.push(0)), &["P745", "残缺"]);
    check(
        &|s| change(s, "tile/entries/000.p/12", |bytes| *bytes.last_mut().unwrap() = b'x'),
        &["P746", "第 11 条", "青石乡"],
    );
    check(
        &|s| {
            let mut leaves = leaves(s, 12);
            leaves.swap(10, 11);
            change(s, "tile/entries/000.p/12", |bytes| {
                bytes.clear();
                leaves.iter().for_each(|leaf| push_leaf(bytes, leaf).unwrap());
            });
        },
        &["P746", "第 10 条", "换了位置"],
    );
    check(&|s| change(s, "payloads/11.json", |bytes| bytes[20] ^= 1), &["P747", "第 11 条"]);
    let swap = |s: &Scratch| {
        let one = std::fs::read(file("payloads/10.json")).unwrap();
        change(s, "payloads/11.json", |bytes| *bytes = one);
    };
    check(&swap, &["P747", "第 11 条", "承诺不符"]);
    check(&|s| change(s, "checkpoint", |bytes| *bytes = vec![b'\n'; 2_000_000]), &["P741", "checkpoint"]);
    check(&|s| change(s, "checkpoint", |bytes| bytes[30] ^= 1), &["青石乡的检查点"]);
    // As it should be, it is accepted.
    export_anew(&scratch);
    scratch.yifa(&M).done().says(&["新接受 2 条，共 12 条"]);
    scratch.yifa(&["--data", "m", "verify"]).done();
}

#[test]
fn an_old_copy_is_refused_and_a_second_history_is_kept_as_evidence() {
    let (scratch, _) = mirrored();
    copy_folder(&scratch.path().join("ex"), &scratch.path().join("earlier"));
    copy_folder(&scratch.data(), &scratch.path().join("twin"));
    postgres::copy_of_folder(&scratch.path().join("twin"));
    case(&scratch, "yifa-data", "界石移动");
    export_anew(&scratch);
    scratch.yifa(&M).done().says(&["共 11 条"]);
    let source = |name: &str| scratch.yifa(&with(&M, &[name]));
    let before = std::fs::read(scratch.path().join("m/signed/checkpoint")).unwrap();
    source("earlier").refused(&["P743", "青石乡的日志只有 10 条", "11 条"]);
    assert!(!scratch.path().join("m/fork").exists());
    // The same township, put back to a copy and gone on with another case: signed with the same key.
    case(&scratch, "twin", "水渠改道");
    export(&scratch, "twin", "forked");
    source("forked").refused(&["P744", "青石乡的日志从第 10 条起", "fork"]);
    case(&scratch, "twin", "坟山纠纷");
    export(&scratch, "twin", "longer");
    source("longer").refused(&["P744", "从第 10 条起"]);
    let rollup = || scratch.yifa(&["rollup", "mediation.ended", "2026", "--data-root", "."]).done();
    rollup().says(&[
        "上犹县青石乡：最后同步",
        "还差 1 条",
        "没有接受：青石乡的日志从第 10 条起",
        "留有两份签过名的历史",
    ]);
    // Both notes are there, each signed by the township, of histories that exclude each other.
    let key = std::fs::read_to_string(scratch.path().join("ex/vkey")).unwrap();
    let key = journal::key::VerifierKey::parse(key.trim()).unwrap();
    let open = |name: &str| {
        let bytes = std::fs::read(scratch.path().join("m/fork").join(name)).unwrap();
        Checkpoint::open(&bytes, key.name(), std::slice::from_ref(&key)).unwrap().0
    };
    let (ours, theirs) = (open("accepted-11"), open("offered-11"));
    assert!(ours.size == theirs.size && ours.root != theirs.root);
    open("offered-12");
    assert_eq!(std::fs::read(scratch.path().join("m/signed/checkpoint")).unwrap(), before);
    source("ex").done().says(&["没有新的记入，共 11 条"]);
    scratch.yifa(&["--data", "m", "verify"]).done();
    // What was accepted since does not take the evidence back.
    let said = rollup().says(&["留有两份签过名的历史"]).out;
    assert!(!said.contains("没有接受：") && !said.contains("还差"), "{said}");
}

#[test]
fn a_history_rewritten_in_the_middle_is_named_by_its_first_entry() {
    let (scratch, _) = mirrored();
    let mut all = leaves(&scratch, 10);
    let mut leaf = Leaf::parse(&all[4]).unwrap();
    leaf.recorded_at -= 1;
    all[4] = leaf.to_bytes().unwrap();
    signed_anew(&scratch, &all);
    refused(&scratch, &["P744", "从第 4 条起"]);
    // A whole history that is shorter and another is a fork, not an old copy.
    signed_anew(&scratch, &all[..8]);
    refused(&scratch, &["P744", "前 10 条"]);
}

#[test]
fn what_the_township_signed_is_still_held_against_itself_and_the_clock() {
    let (scratch, _) = mirrored();
    case(&scratch, "yifa-data", "界石移动");
    export_anew(&scratch);
    let good = leaves(&scratch, 11);
    let check = |how: &dyn Fn(&mut Leaf), words: &[&str]| {
        let mut all = good.clone();
        let mut leaf = Leaf::parse(&all[10]).unwrap();
        how(&mut leaf);
        all[10] = leaf.to_bytes().unwrap();
        signed_anew(&scratch, &all);
        refused(&scratch, words);
    };
    let year = 365 * 86_400_000;
    check(&|leaf| leaf.recorded_at += 4 * year, &["P749", "青石乡的日志第 10 条", "时钟"]);
    check(&|leaf| leaf.prev = Some(Hash([7; 32])), &["P746", "第 10 条", "上一条"]);
    check(&|leaf| leaf.id = Leaf::parse(&good[3]).unwrap().id, &["P746", "第 10 条", "第 3 条"]);
    check(&|leaf| leaf.kind = "void".to_owned(), &["P746", "第 10 条"]);
    check(&|leaf| leaf.origin = "other.example".to_owned(), &["P746", "other.example"]);
    check(&|leaf| leaf.commitment = Hash([7; 32]), &["P747", "第 10 条"]);
    // A clock that was wrong and is known to have been is no reason to stop for ever.
    let mut all = good.clone();
    let mut leaf = Leaf::parse(&all[10]).unwrap();
    leaf.recorded_at += 4 * year;
    all[10] = leaf.to_bytes().unwrap();
    signed_anew(&scratch, &all);
    scratch.yifa(&with(&M, &["--clock-known"])).done().says(&["新接受 1 条"]);
}

#[test]
fn two_that_push_at_once_come_one_after_the_other() {
    let (scratch, _) = mirrored();
    let lock = std::fs::File::options().write(true).open(scratch.path().join("m/lock")).unwrap();
    lock.lock().unwrap();
    scratch.yifa(&M).refused(&["P705", "另一个 yifa 程序"]);
    drop(lock);
    case(&scratch, "yifa-data", "界石移动");
    export_anew(&scratch);
    let both: Vec<Ran> = std::thread::scope(|scope| {
        let runs: Vec<_> = (0..2).map(|_| scope.spawn(|| scratch.yifa(&M))).collect();
        runs.into_iter().map(|run| run.join().unwrap()).collect()
    });
    let said: Vec<String> = both.into_iter().map(|ran| ran.done().out).collect();
    assert_eq!(said.iter().filter(|out| out.contains("新接受 1 条")).count(), 1, "{said:?}");
    assert_eq!(said.iter().filter(|out| out.contains("没有新的记入")).count(), 1, "{said:?}");
    scratch.yifa(&["--data", "m", "verify"]).done();
}

#[test]
fn a_mirror_whose_own_files_were_changed_stops() {
    let (scratch, _) = mirrored();
    let db = rusqlite::Connection::open(scratch.path().join("m/journal.db")).unwrap();
    let body = "UPDATE payload SET body = replace(body, '黄沙村', '白水村') WHERE idx = 1";
    assert_eq!(db.execute(body, []).unwrap(), 1);
    drop(db);
    scratch.yifa(&["--data", "m", "verify"]).differs(&["第 1 条", "/fields/"]);
    change(&scratch, "../m/signed/checkpoint", |bytes| bytes[40] ^= 1);
    scratch.yifa(&M).refused(&["P759"]);
}

/// What a mirror's database holds of the journal, its index and what was accepted.
fn standing(scratch: &Scratch, data: &str) -> Vec<String> {
    let db = behind(&scratch.path().join(data), "journal.db");
    let mut all: Vec<String> = db
        .values("SELECT leaf FROM entry WHERE town_id = $1 ORDER BY idx", params![])
        .into_iter()
        .map(|leaf: Vec<u8>| String::from_utf8_lossy(&leaf).into_owned())
        .collect();
    all.extend(db.values::<String>("SELECT note FROM checkpoint WHERE town_id = $1 ORDER BY size", params![]));
    all.extend(db.values::<String>("SELECT body FROM record WHERE town_id = $1 ORDER BY id", params![]));
    all
}

#[test]
fn a_countys_server_holds_mirrors_of_many_townships() {
    if postgres::server_alone("a_countys_server_holds_mirrors_of_many_townships") {
        return;
    }
    let (scratch, url) = (Scratch::township(), postgres::fresh().unwrap());
    case(&scratch, "yifa-data", "山界不清");
    let key = export(&scratch, "yifa-data", "ex");
    let make = |data: &'static str, source: &'static str, key: &str| {
        scratch.yifa(&["--data", data, "mirror", source, "--key", key, "--database", &url])
    };
    // One that was not made leaves the place free for the next.
    change(&scratch, "payloads/8.json", |bytes| bytes[20] ^= 1);
    make("m", "ex", &key).refused(&["P747", "第 8 条"]);
    assert!(!scratch.path().join("m").exists());
    export_anew(&scratch);
    make("m", "ex", &key).done().says(&["新接受 9 条"]);
    assert!(!scratch.path().join("m/journal.db").exists());
    // A second township, and the first a second time.
    let second = ["init", "--town", "黄沙乡", "--county", "上犹县", "--origin", "example.gov.cn/360724/huangsha"];
    scratch.yifa(&with(&["--data", "second"], &second)).done();
    let its = export(&scratch, "second", "its");
    make("m2", "its", &its).done().says(&["黄沙乡：新接受 1 条"]);
    make("m3", "ex", &key).refused(&["P701", "已经有日志"]);

    copy_folder(&scratch.data(), &scratch.path().join("twin"));
    postgres::copy_of_folder(&scratch.path().join("twin"));
    case(&scratch, "yifa-data", "界石移动");
    export_anew(&scratch);
    scratch.yifa(&M).done().says(&["新接受 1 条，共 10 条"]);
    scratch.yifa(&M).done().says(&["没有新的记入，共 10 条"]);
    for verb in [&["list", "mediation_case", "--json"][..], &["figures", "2026", "--all", "--json"], &["due", "--json"]]
    {
        let (there, here) = (scratch.yifa(verb).done(), scratch.yifa(&with(&["--data", "m"], verb)).done());
        assert_eq!(here.out, there.out, "{verb:?}");
    }
    scratch
        .yifa(&["--data", "m", "step", "mediation_case", "new", "register", "--file", "case.toml"])
        .refused(&["P740"]);

    // What does not continue it is refused, and neither township's rows are touched.
    let before = [standing(&scratch, "m"), standing(&scratch, "m2")];
    assert!(before[0].len() > 12, "{before:?}");
    case(&scratch, "twin", "水渠改道");
    export(&scratch, "twin", "forked");
    case(&scratch, "twin", "坟山纠纷");
    export(&scratch, "twin", "longer");
    for fork in ["forked", "longer"] {
        scratch.yifa(&with(&M, &[fork])).refused(&["P744", "青石乡的日志从第 9 条起", "fork"]);
    }
    case(&scratch, "yifa-data", "水渠改道");
    export_anew(&scratch);
    change(&scratch, "payloads/10.json", |bytes| bytes[20] ^= 1);
    scratch.yifa(&with(&M, &["ex"])).refused(&["P747", "第 10 条"]);
    assert_eq!([standing(&scratch, "m"), standing(&scratch, "m2")], before);
    export_anew(&scratch);
    scratch.yifa(&M).done().says(&["新接受 1 条，共 11 条"]);

    for data in ["m", "m2"] {
        scratch.yifa(&["--data", data, "verify"]).done().says(&["核验无误"]);
        scratch.yifa(&["--data", data, "rebuild"]).done();
    }
    // Derived rows that went wrong are made anew out of what was accepted.
    let mirror = behind(&scratch.path().join("m"), "journal.db");
    assert_eq!(mirror.change("DELETE FROM record WHERE town_id = $1 AND register = $2", params!["mediation_case"]), 3);
    drop(mirror);
    scratch.yifa(&["--data", "m", "rebuild"]).differs(&["record"]);
    scratch.yifa(&["--data", "m", "rebuild", "--mend"]).done();
    scratch.yifa(&["--data", "m", "rebuild"]).done();
    // A mirror is mirrored in its turn, and the county rolls both up.
    assert_eq!(export(&scratch, "m", "again"), key);
    let rolled = scratch.yifa(&["rollup", "mediation.mediators", "2026", "--database", &url, "--by", "county"]).done();
    rolled.says(&["共 2 个乡镇，其中 1 个没有这个数字背后的记入", "没有记入的：上犹县黄沙乡"]);
    for data in ["second", "twin"] {
        postgres::drop_database(&postgres::of_folder(&scratch.path().join(data)).unwrap());
    }
}

/// A server that is put back to an older copy is behind the mirror's own file, and goes on from where it is.
#[test]
fn a_mirror_whose_server_was_put_back_goes_on_and_one_whose_rows_were_changed_stops() {
    if postgres::server_alone("a_mirror_whose_server_was_put_back_goes_on_and_one_whose_rows_were_changed_stops") {
        return;
    }
    let (scratch, url) = (Scratch::township(), postgres::fresh().unwrap());
    case(&scratch, "yifa-data", "山界不清");
    let key = export(&scratch, "yifa-data", "ex");
    scratch.yifa(&with(&M, &["ex", "--key", &key, "--database", &url])).done();
    let older = postgres::copy(&url);
    case(&scratch, "yifa-data", "界石移动");
    export_anew(&scratch);
    scratch.yifa(&M).done().says(&["共 10 条"]);
    let mirror = scratch.path().join("m");
    postgres::turn_to(&mirror, &older);
    scratch.yifa(&M).done().says(&["新接受 1 条，共 10 条"]);
    scratch.yifa(&["--data", "m", "verify"]).done();
    scratch.yifa(&["--data", "m", "rebuild"]).done();
    postgres::disconnect(&older);
    let body = "UPDATE payload SET body = replace(body, '黄沙村', '白水村') WHERE town_id = $1 AND idx = $2";
    assert_eq!(behind(&mirror, "journal.db").change(body, params![8]), 1);
    scratch.yifa(&["--data", "m", "verify"]).differs(&["第 8 条"]);
    let gone = postgres::fresh().unwrap();
    postgres::turn_to(&mirror, &gone);
    scratch.yifa(&M).refused(&["P769", "没有日志"]);
}

//! Witnesses: a countersignature is taken from whom the township knows, over what it really signed; and a township put
//! back, or with two histories, is found out by it.

use journal::checkpoint::Checkpoint;
use journal::hash::Hash;
use journal::key::{SignerKey, Use};
use journal::note::Note;

use crate::mirror::{M, case, export, export_anew, mirrored};
use crate::support::{Scratch, copy_folder, postgres};
use crate::verifier::yifa_verify;

/// Names a witness in the township's `yifa.toml`.
fn knows(scratch: &Scratch, name: &str, key: &str) {
    let path = scratch.data().join("yifa.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(path, format!("{text}\n[[witness]]\nname = \"{name}\"\nkey = \"{key}\"\n")).unwrap();
}

fn witness_key(scratch: &Scratch, data: &str) -> SignerKey {
    let text = std::fs::read_to_string(scratch.path().join(data).join("witness.key")).unwrap();
    SignerKey::parse(text.trim()).unwrap()
}

/// What the county wrote onto the stick.
fn brought(scratch: &Scratch, folder: &str) -> String {
    let names = std::fs::read_dir(scratch.path().join(folder)).unwrap().map(|item| item.unwrap().file_name());
    let name = names.map(|name| name.into_string().unwrap()).find(|name| name.starts_with("witness-"));
    format!("{folder}/{}", name.expect("a countersigned note"))
}

#[test]
fn a_countersignature_is_taken_from_a_known_witness_over_what_was_really_signed() {
    let (scratch, key) = mirrored();
    let file = brought(&scratch, "ex");
    let take = |file: &str| scratch.yifa(&["journal", "witness", file]);
    take(&file).refused(&["P753", "county.example/witness", "[[witness]]"]);
    let county = witness_key(&scratch, "county");
    let shown = scratch.yifa(&["--data", "county", "witness", "key"]).done().out;
    assert!(shown.contains(&county.verifier().to_string()));
    knows(&scratch, "上犹县", &county.verifier().to_string());
    take(&file).done().says(&["已由上犹县见证（到第 9 条，"]);
    scratch.yifa(&["journal", "show"]).done().says(&["example.gov.cn/360724/qingshi", "已由上犹县见证（到第 9 条"]);
    scratch.yifa(&["verify"]).done().says(&["核验无误", "已由上犹县见证（到第 9 条"]);
    // The checkpoint of an export carries it, and a stranger reads who saw it.
    export_anew(&scratch);
    let vkey = county.verifier().to_string();
    yifa_verify(scratch.path(), &["ex", "--key", &key, "--witness", &vkey])
        .done()
        .says(&["已由 county.example/witness 见证：10 条", "核验无误"]);
    let other = SignerKey::from_seed("county.example/witness", Use::Cosignature, &[1; 32]).unwrap();
    yifa_verify(scratch.path(), &["ex", "--key", &key, "--witness", &other.verifier().to_string()])
        .differs(&["没有见证"]);
    // The county sees that its signature arrived, and hands nothing back twice.
    let again = scratch.yifa(&M).done().out;
    assert!(!again.contains("带回乡里"), "{again}");
    // Gone on, the older countersignature still covers what it covered.
    case(&scratch, "yifa-data", "界石移动");
    export_anew(&scratch);
    yifa_verify(scratch.path(), &["ex", "--key", &key, "--witness", &vkey]).done().says(&["见证：10 条", "：11 条"]);
    scratch.yifa(&M).done().says(&["新接受 1 条", "带回乡里"]);
    take(&brought(&scratch, "ex")).done().says(&["到第 10 条"]);
    // An older one brought late takes nothing back.
    take("m/signed/checkpoint").done().says(&["到第 10 条"]);
}

#[test]
fn a_countersignature_changed_foreign_or_out_of_time_is_not_taken() {
    let (scratch, _) = mirrored();
    let county = witness_key(&scratch, "county");
    knows(&scratch, "上犹县", &county.verifier().to_string());
    let good = std::fs::read_to_string(scratch.path().join(brought(&scratch, "ex"))).unwrap();
    let bare = std::fs::read_to_string(scratch.path().join("ex/checkpoint")).unwrap();
    let check = |text: &str, words: &[&str]| {
        scratch.write("brought", text.as_bytes());
        scratch.yifa(&["journal", "witness", "brought"]).refused(words);
        let kept = scratch.data().join("signed/witnesses");
        assert!(!kept.exists() || std::fs::read_dir(kept).unwrap().all(|item| item.unwrap().file_name() == "lock"));
    };
    scratch.yifa(&["journal", "witness", "nowhere"]).refused(&["P752", "nowhere"]);
    check("", &["P752"]);
    check(&good.replacen("qingshi\n10\n", "qingshi\n9\n", 1), &["P752", "改动"]);
    check(&bare, &["P753", "没有见证方的签名"]);
    let cosigned = |text: &str, time: u64| {
        let mut note = Note::parse(text.as_bytes()).unwrap();
        note.cosign(&county, time).unwrap();
        note.to_string()
    };
    // The line of one time under another text; its last byte.
    let (head, line) = good.rsplit_once(' ').unwrap();
    let swapped = if line.starts_with('A') { 'B' } else { 'A' };
    check(&format!("{head} {swapped}{}", &line[1..]), &["P753"]);
    let at = line.len() / 2;
    let flipped = if &line[at..=at] == "A" { "B" } else { "A" };
    check(&format!("{head} {}{flipped}{}", &line[..at], &line[at + 1..]), &["P752", "上犹县"]);
    check(&cosigned(&bare, 946_684_800), &["P754", "2000-01-01"]);
    check(&cosigned(&bare, 4_102_444_800), &["P754", "2100-01-01"]);
    // Signed with our key and not our history: somebody else has the key.
    let secret = std::fs::read_to_string(scratch.data().join("log.key")).unwrap();
    let ours = SignerKey::parse(secret.trim()).unwrap();
    let origin = ours.verifier().name().to_owned();
    let forged = |size: u64| {
        let mut note = Checkpoint { origin: origin.clone(), size, root: Hash([7; 32]) }.to_note().unwrap();
        note.sign(&ours).unwrap();
        cosigned(&note.to_string(), 1_796_000_000)
    };
    check(&forged(10), &["P758", "两份"]);
    check(&forged(11), &["P758", "不见了"]);
    assert!(scratch.data().join("fork").exists());
    // A key in yifa.toml that is none is told, by every verb that needs it.
    knows(&scratch, "某某乡", "nonsense");
    scratch.yifa(&["journal", "show"]).refused(&["P753", "某某乡"]);
}

#[test]
fn a_township_put_back_to_an_older_state_is_found_out_by_its_witness() {
    let (scratch, _) = mirrored();
    let county = witness_key(&scratch, "county");
    knows(&scratch, "上犹县", &county.verifier().to_string());
    let second = scratch.data().join("signed/checkpoint");
    let (older, signed) = (scratch.backup(), std::fs::read(&second).unwrap());
    case(&scratch, "yifa-data", "界石移动");
    export_anew(&scratch);
    scratch.yifa(&M).done();
    let file = brought(&scratch, "ex");
    scratch.yifa(&["journal", "witness", &file]).done();
    // Database and second file together, which the township alone would not notice.
    scratch.restore(older);
    std::fs::write(&second, signed).unwrap();
    for beside in ["journal.db-wal", "journal.db-shm"] {
        let _ = std::fs::remove_file(scratch.data().join(beside));
    }
    scratch.yifa(&["verify"]).differs(&["上犹县见证过 11 条，实有 10 条"]);
    scratch.yifa(&["journal", "witness", &file]).refused(&["P758", "只有 10 条"]);
    let step = ["step", "mediation_case", "new", "register", "--file", "case.toml"];
    scratch.yifa(&step).refused(&["P758", "只有 10 条"]);
    assert_eq!(scratch.entries(), 10);
    // Gone on behind its back, it is another history.
    let (kept, away) = (scratch.data().join("signed/witnesses"), scratch.path().join("away"));
    std::fs::rename(&kept, &away).unwrap();
    case(&scratch, "yifa-data", "水渠改道");
    std::fs::rename(&away, &kept).unwrap();
    scratch.yifa(&["verify"]).differs(&["前 11 条与上犹县见证时的不同"]);
    scratch.yifa(&["journal", "witness", &file]).refused(&["P758", "两份"]);
    scratch.yifa(&step).refused(&["P758", "两份"]);
}

#[test]
fn a_neighbour_witnesses_without_keeping_an_entry_and_signs_no_second_history() {
    let (scratch, key) = mirrored();
    scratch.yifa(&["--data", "n", "witness", "check", "ex", "--key", &key]).refused(&["P750", "witness key"]);
    scratch.yifa(&["--data", "n", "witness", "key", "--name", "a b"]).refused(&["P750"]);
    scratch.yifa(&["--data", "n", "witness", "key", "--name", "neighbour.example/witness"]).done();
    scratch.yifa(&["--data", "n", "witness", "key", "--name", "neighbour.example/witness"]).refused(&["P750"]);
    let look = |source: &str| scratch.yifa(&["--data", "n", "witness", "check", source, "--key", &key]);
    // Neither entries nor contents are needed.
    std::fs::remove_dir_all(scratch.path().join("ex/payloads")).unwrap();
    std::fs::remove_dir_all(scratch.path().join("ex/tile/entries")).unwrap();
    look("ex").done().says(&["10 条，上次看到 0 条", "已见证", "journal witness"]);
    copy_folder(&scratch.data(), &scratch.path().join("twin"));
    postgres::copy_of_folder(&scratch.path().join("twin"));
    case(&scratch, "yifa-data", "界石移动");
    export(&scratch, "yifa-data", "grown");
    look("grown").done().says(&["11 条，上次看到 10 条"]);
    case(&scratch, "twin", "水渠改道");
    case(&scratch, "twin", "坟山纠纷");
    export(&scratch, "twin", "forked");
    look("forked").refused(&["P744", "前 11 条", "fork"]);
    look("ex").refused(&["P743", "10 条", "11 条"]);
    knows(&scratch, "黄沙乡", &witness_key(&scratch, "n").verifier().to_string());
    scratch.yifa(&["journal", "witness", &brought(&scratch, "grown")]).done().says(&["已由黄沙乡见证（到第 10 条"]);
    let other = SignerKey::from_seed("neighbour.example/witness", Use::Note, &[1; 32]).unwrap();
    scratch.write("n/witness.key", other.to_secret().as_bytes());
    look("grown").refused(&["P750", "不是见证密钥"]);
}

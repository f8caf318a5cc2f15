//! Bundles: what leaves in them, and who believes them.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;

use journal::bundle::{BundleError, Part, Parts};
use sha2::{Digest, Sha256};
use signed_note::{Note, StandardVerifier, VerifierList};
use tlog_tiles::{Checkpoint, check_record, record_hash};

use yifa::storage::params;

use crate::support::{Ask, Ran, Scratch};
use crate::verifier::yifa_verify;

/// The number of a mediation that ended.
fn case(scratch: &Scratch) -> String {
    let sql = "SELECT number FROM record WHERE town_id = $1 AND register = 'mediation_case' AND state = 'agreed' \
               ORDER BY first_idx LIMIT 1";
    scratch.db().value(sql, params![])
}

/// The first personal value of a field in a record, as JSON.
fn sealed(scratch: &Scratch, number: &str, field: &str) -> String {
    let sql = "SELECT s.value FROM sealed s JOIN entry e ON e.town_id = s.town_id AND e.idx = s.idx \
               JOIN record r ON r.town_id = e.town_id AND r.id = e.record \
               WHERE s.town_id = $1 AND r.number = $2 AND s.field = $3 ORDER BY s.idx LIMIT 1";
    scratch.db().value(sql, params![number, field])
}

/// The members of a bundle, read by another hand.
fn members(path: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut zip = zip::ZipArchive::new(std::fs::File::open(path).unwrap()).unwrap();
    let mut all = BTreeMap::new();
    for nth in 0..zip.len() {
        let mut member = zip.by_index(nth).unwrap();
        let mut bytes = Vec::new();
        member.read_to_end(&mut bytes).unwrap();
        all.insert(member.name().unwrap().to_string(), bytes);
    }
    all
}

/// All payloads of a bundle, as text.
fn payloads(path: &Path) -> String {
    let payloads = members(path).into_iter().filter(|(name, _)| name.starts_with("payloads/"));
    payloads.map(|(_, bytes)| String::from_utf8(bytes).unwrap()).collect()
}

/// The key as somebody else keeps it.
fn key(scratch: &Scratch) -> String {
    scratch.yifa(&["journal", "export", "out"]).done();
    std::fs::read_to_string(scratch.path().join("out/vkey")).unwrap().trim().to_owned()
}

fn verified(scratch: &Scratch, file: &str, key: &str) -> Ran {
    yifa_verify(scratch.path(), &[file, "--key", key])
}

#[test]
fn a_bundle_is_believed_by_the_verifier_until_a_byte_is_changed() {
    let scratch = Scratch::demo();
    let key = key(&scratch);
    let number = case(&scratch);
    scratch.yifa(&["bundle", "record", "mediation_case", &number, "--out", "r.zip"]).done().says(&["证据包：记入"]);
    verified(&scratch, "r.zip", &key).done().says(&["每一个字节", "中间没有缺", "有没有漏放", "核验无误"]);
    let said = yifa_verify(scratch.path(), &["r.zip"]).done();
    said.says(&["公钥取自包里"]);

    let path = scratch.path().join("r.zip");
    let mut bytes = std::fs::read(&path).unwrap();
    for at in [0, 9, bytes.len() / 2, bytes.len() - 1] {
        bytes[at] ^= 1;
        std::fs::write(&path, &bytes).unwrap();
        let ran = verified(&scratch, "r.zip", &key);
        assert_eq!(ran.code, Some(2), "byte {at}: {}", ran.out);
        assert!(ran.err.contains("证据包不可信"), "{}", ran.err);
        bytes[at] ^= 1;
    }
    // Personal values stay here.
    let text = payloads(&scratch.write("whole.zip", &bytes));
    assert!(!text.contains(sealed(&scratch, &number, "parties").trim_matches(['[', ']', '"'])), "{text}");
}

#[test]
fn one_field_opened_leaves_the_others_closed_and_what_is_personal_asks_why() {
    let scratch = Scratch::demo();
    let (key, number) = (key(&scratch), case(&scratch));
    let make = |rest: &[&str]| {
        let all = [&["bundle", "record", "mediation_case", &number, "--out", "o.zip"], rest].concat();
        scratch.yifa(&all)
    };
    make(&["--open", "dispute"]).done();
    verified(&scratch, "o.zip", &key).done().says(&["核验无误"]);
    let text = payloads(&scratch.path().join("o.zip"));
    assert!(text.contains("/fields/dispute") && !text.contains("/fields/villages"), "{text}");
    // Number and title say what closed fields say: they are nowhere in it.
    let all: Vec<u8> = members(&scratch.path().join("o.zip")).into_values().flatten().collect();
    let all = String::from_utf8(all).unwrap();
    assert!(all.contains("只公开：dispute") && !all.contains(&number) && !all.contains("人调字"), "{number}");

    let parties = sealed(&scratch, &number, "parties");
    make(&["--open", "parties"]).refused(&["P732", "没有写理由"]);
    make(&["--with-personal"]).refused(&["--reason"]);
    make(&["--open", "parties", "--reason", "短"]).refused(&["P732", "不少于"]);
    make(&["--open", "没有这个"]).refused(&["P731", "没有字段"]);
    make(&["--open", "dispute", "--open", "延长至"]).refused(&["P731", "没有填过“延长至”"]);
    make(&["--open", "parties", "--reason", "法院调取，案号另附"]).done();
    verified(&scratch, "o.zip", &key).done();
    let text = payloads(&scratch.path().join("o.zip"));
    assert!(text.contains("/sealed/parties") && text.contains(&parties) && !text.contains("/fields/"), "{text}");
    make(&["--with-personal", "--reason", "法院调取，案号另附"]).done();
    assert!(payloads(&scratch.path().join("o.zip")).contains("/sealed/"));
    // Why stands in the access log, before anything left.
    let sql = "SELECT count(*) FROM access WHERE town_id = $1 AND kind = 'export' AND reason = $2 AND record <> ''";
    assert_eq!(scratch.accounts().value::<i64>(sql, params!["法院调取，案号另附"]), 2);
}

#[test]
fn a_figure_adds_up_again_out_of_its_bundle_alone() {
    let scratch = Scratch::demo();
    let key = key(&scratch);
    let check = |figure: &str, value: &str| {
        scratch.yifa(&["bundle", "figure", figure, "2023", "--out", "f.zip"]).done().says(&[value]);
        let said = verified(&scratch, "f.zip", &key).done();
        said.says(&[value, "数字与台账相符", "有没有漏放", "核验无误"]);
        assert!(!payloads(&scratch.path().join("f.zip")).contains("/sealed/"));
    };
    check("mediation.ended", "286起");
    check("mediation.committee_coverage", "%");
    scratch
        .yifa(&["bundle", "figure", "mediation.end", "2023", "--out", "x.zip"])
        .refused(&["P603", "mediation.ended"]);
    scratch.yifa(&["bundle", "figure", "mediation.ended", "2023", "--out", "x.pdf"]).refused(&["P605"]);
    assert!(!scratch.path().join("x.zip").exists());
}

#[test]
fn a_scan_is_linked_to_the_step_it_proves_and_goes_along_when_asked_for() {
    let scratch = Scratch::demo();
    let (key, number) = (key(&scratch), case(&scratch));
    let sql = "SELECT e.idx FROM entry e JOIN record r ON r.town_id = e.town_id AND r.id = e.record \
               WHERE e.town_id = $1 AND r.number = $2 AND e.kind = 'step' ORDER BY e.idx DESC LIMIT 1";
    let step: i64 = scratch.db().value(sql, params![number]);
    scratch.write("协议书扫描件.pdf", b"%PDF-1.4 signed by both");
    let attach = |text: &str| {
        scratch.write("attach.toml", text.as_bytes());
        scratch.yifa(&["step", "mediation_case", &number, "attach", "--file", "attach.toml"])
    };
    attach("file = \"协议书扫描件.pdf\"\nof = \"1\"\n").refused(&["P214", "没有步骤"]);
    attach("of = \"1\"\n").refused(&["P202", "文件"]);
    attach("file = \"没有.pdf\"\n").refused(&["P241"]);
    attach(&format!("file = \"协议书扫描件.pdf\"\nof = {step}\n")).done();
    let shown = scratch.yifa(&["show", "mediation_case", &number]).done();
    shown.says(&["附件“协议书扫描件.pdf”", &format!("（第 {step} 条）的扫描件")]);
    scratch.is_sound();

    scratch.yifa(&["bundle", "record", "mediation_case", &number, "--files", "--out", "s.zip"]).done().says(&["附件"]);
    verified(&scratch, "s.zip", &key).done().says(&["所记的哈希相符", "核验无误"]);
}

/// The bundle of a file, with parts changed and signed again by the key of the folder: as a township would that cheats.
fn signed_again(scratch: &Scratch, file: &str, change: impl FnOnce(&mut Parts)) {
    let bytes = std::fs::read(scratch.path().join(file)).unwrap();
    let members = journal::container::read(&bytes).unwrap();
    let mut parts: Parts =
        members.into_iter().map(|(name, bytes)| (Part::parse(name).unwrap(), bytes.to_vec())).collect();
    change(&mut parts);
    let key = yifa::folder::Folder::open(&scratch.data()).unwrap().key().unwrap();
    let mut made = Vec::new();
    journal::bundle::pack(parts, &key, |piece| -> Result<(), BundleError> {
        made.extend_from_slice(piece);
        Ok(())
    })
    .unwrap();
    scratch.write("again.zip", &made);
}

#[test]
fn a_figure_signed_as_another_number_or_with_a_record_left_out_is_found() {
    let scratch = Scratch::demo();
    let key = key(&scratch);
    scratch.yifa(&["bundle", "figure", "mediation.ended", "2023", "--out", "f.zip"]).done();
    signed_again(&scratch, "f.zip", |parts| {
        let stated = String::from_utf8(parts[&Part::Figure].clone()).unwrap();
        parts.insert(Part::Figure, stated.replace("286起", "296起").into_bytes());
    });
    verified(&scratch, "again.zip", &key).differs(&["值：写的是 296起，重新加是 286起", "处不符"]);
    signed_again(&scratch, "f.zip", |parts| {
        let stated: engine::recount::Stated = serde_json::from_slice(&parts[&Part::Figure]).unwrap();
        let left = stated.entries[7];
        parts.retain(|part, _| ![Part::Leaf(left), Part::Proof(left), Part::Payload(left)].contains(part));
    });
    verified(&scratch, "again.zip", &key).differs(&["不在里面", "值：写的是 286起，重新加是 285起"]);
    // The definitions another record was kept under do not pass for its own.
    signed_again(&scratch, "f.zip", |parts| {
        let first = *parts.keys().find(|part| matches!(part, Part::Leaf(_))).unwrap();
        let Part::Leaf(first) = first else { unreachable!() };
        parts.retain(|part, _| ![Part::Leaf(first), Part::Proof(first), Part::Payload(first)].contains(part));
    });
    verified(&scratch, "again.zip", &key).differs(&["不符"]);
}

#[test]
fn a_bundle_is_checked_by_other_hands_alone() {
    let scratch = Scratch::demo();
    let (key, number) = (key(&scratch), case(&scratch));
    scratch.yifa(&["bundle", "record", "mediation_case", &number, "--out", "r.zip"]).done();
    let members = members(&scratch.path().join("r.zip"));
    let signed = |bytes: &[u8]| {
        let verifier = StandardVerifier::new(&key).unwrap();
        let note = Note::from_bytes(bytes).unwrap();
        note.verify(&VerifierList::new(vec![Box::new(verifier)])).unwrap();
        String::from_utf8(note.text().to_vec()).unwrap()
    };
    let sum = |bytes: &[u8]| Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let note = signed(&members["manifest.note"]);
    assert!(note.ends_with(&format!("manifest {}\n", sum(&members["manifest"]))), "{note}");
    for line in str::from_utf8(&members["manifest"]).unwrap().lines() {
        let (hash, name) = line.split_once("  ").unwrap();
        assert_eq!(hash, sum(&members[name]), "{name}");
    }
    let checkpoint = Checkpoint::from_bytes(signed(&members["checkpoint"]).as_bytes()).unwrap();
    let leaves = members.iter().filter(|(name, _)| name.starts_with("entries/"));
    for (name, leaf) in leaves {
        let number = name.trim_start_matches("entries/").trim_end_matches(".leaf");
        let proof = str::from_utf8(&members[&format!("proofs/{number}.tlog-proof")]).unwrap();
        let hash = |line: &str| tlog_tiles::Hash::parse_hash(line).unwrap();
        let path = proof.lines().skip(2).take_while(|line| !line.is_empty()).map(hash).collect();
        let (size, root) = (checkpoint.size(), *checkpoint.hash());
        check_record(&path, size, root, number.parse().unwrap(), record_hash(leaf)).unwrap();
    }
}

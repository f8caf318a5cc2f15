//! Folders that are not as they should be: half copied, of another version, held by another, without a key.

use yifa::storage::params;

use crate::support::{Ask, CASE, Scratch, files, postgres};

/// Every way in, reading and writing.
const VERBS: [&[&str]; 6] = [
    &["list", "village"],
    &["figures", "2026"],
    &["verify"],
    &["rebuild"],
    &["definitions", "adopt", "--reason", "试"],
    &["step", "mediation_case", "new", "register", "--file", "../case.toml"],
];

#[test]
fn a_database_cut_short_while_copying_is_never_opened_in_silence() {
    if postgres::sqlite_alone("a_database_cut_short_while_copying_is_never_opened_in_silence") {
        return;
    }
    let scratch = Scratch::township();
    let path = scratch.data().join("journal.db");
    let whole = std::fs::read(&path).unwrap();
    let page = 4096;
    for length in [
        0,
        1,
        15,
        16,
        99,
        100,
        511,
        512,
        page - 1,
        page,
        page + 1,
        2 * page,
        whole.len() / 2,
        whole.len() - page,
        whole.len() - 1,
    ] {
        std::fs::write(&path, &whole[..length]).unwrap();
        for verb in VERBS {
            let ran = scratch.yifa(verb).refused(&["P706", "备份"]);
            assert_eq!(ran.out, "", "{length}");
        }
        assert_eq!(std::fs::read(&path).unwrap().len(), length, "a broken database is left alone");
        for beside in ["journal.db-wal", "journal.db-shm"] {
            let _ = std::fs::remove_file(scratch.data().join(beside));
        }
    }
    std::fs::write(&path, &whole).unwrap();
    scratch.is_sound();
}

/// A page in the middle that went bad: whatever reads it says so, and nothing panics.
#[test]
fn a_page_gone_bad_is_told() {
    if postgres::sqlite_alone("a_page_gone_bad_is_told") {
        return;
    }
    let scratch = Scratch::township();
    let path = scratch.data().join("journal.db");
    let whole = std::fs::read(&path).unwrap();
    for at in (1..whole.len() / 4096).step_by(5) {
        let mut bytes = whole.clone();
        bytes[at * 4096..(at + 1) * 4096].fill(0x5a);
        std::fs::write(&path, &bytes).unwrap();
        let verified = scratch.yifa(&["verify"]);
        if verified.code == Some(0) {
            // A page of a derived table or an index: verify hashes the journal, rebuild reads the tables.
            let rebuilt = scratch.yifa(&["rebuild"]);
            if rebuilt.code != Some(0) {
                rebuilt.differs(&[]);
            }
        } else {
            verified.differs(&[]);
        }
    }
}

#[test]
fn a_folder_of_a_newer_version_is_left_alone() {
    let scratch = Scratch::township();
    scratch.write("case.toml", CASE.as_bytes());
    let (newer, ours, code) = match postgres::asked() {
        false => ("PRAGMA user_version = 3", "PRAGMA user_version = 2", "P709"),
        true => (
            "INSERT INTO yifa_schema (version, began_at, ended_at) VALUES (3, now(), now())",
            "DELETE FROM yifa_schema WHERE version = 3",
            "P765",
        ),
    };
    scratch.remodel(newer);
    let before = files(&scratch.data());
    for verb in VERBS {
        scratch.yifa(verb).refused(&[code, "升级程序"]);
    }
    let named = |files: &[(std::path::PathBuf, Vec<u8>)]| -> Vec<(String, usize)> {
        files.iter().map(|(path, bytes)| (path.display().to_string(), bytes.len())).collect()
    };
    let lock = |(path, _): &(String, usize)| !path.ends_with("lock");
    assert_eq!(
        named(&files(&scratch.data())).into_iter().filter(lock).collect::<Vec<_>>(),
        named(&before).into_iter().filter(lock).collect::<Vec<_>>()
    );
    scratch.remodel(ours);
    scratch.is_sound();

    let config = scratch.data().join("yifa.toml");
    let text = std::fs::read_to_string(&config).unwrap();
    std::fs::write(&config, text.replace("format = 1", "format = 2")).unwrap();
    for verb in VERBS {
        scratch.yifa(verb).refused(&["P709", "升级程序"]);
    }
    std::fs::write(&config, format!("{text}later = 1\n")).unwrap();
    for verb in VERBS {
        scratch.yifa(verb).refused(&["P704", "不认识“later”", "更新版本"]);
    }
}

#[test]
fn two_processes_do_not_write_one_folder() {
    let scratch = Scratch::township();
    scratch.write("yifa-data/../case.toml", CASE.as_bytes());
    let lock = std::fs::File::options().write(true).open(scratch.data().join("lock")).unwrap();
    lock.try_lock().unwrap();
    let before = scratch.entries();
    let step = ["step", "mediation_case", "new", "register", "--file", "case.toml"];
    scratch.yifa(&step).refused(&["P705", "另一个 yifa 程序正在写", "等它结束"]);
    scratch.write("村.csv", "设立日期,村名,统计用区划代码\n1984-06-01,红岩村,360724201203\n".as_bytes());
    scratch.yifa(&["import", "village", "村.csv"]).refused(&["P705"]);
    scratch.yifa(&["definitions", "adopt", "--reason", "试"]).refused(&["P705"]);
    scratch.yifa(&["rebuild", "--mend"]).refused(&["P705"]);
    assert_eq!(scratch.entries(), before);
    // Readers need no lock.
    scratch.is_sound();
    scratch.yifa(&["list", "village"]).done();
    // Who meets another for a moment only waits for it.
    let waiting = scratch.command(&step).spawn().unwrap();
    std::thread::park_timeout(std::time::Duration::from_millis(500));
    drop(lock);
    crate::support::Ran::of(waiting.wait_with_output().unwrap()).done();
    assert_eq!(scratch.entries(), before + 1);
}

/// Many at once, as when a cupboard of paper is entered by everybody: each gets in or is told to wait.
#[test]
fn steps_at_the_same_moment_are_all_in_or_told_to_wait() {
    let scratch = Scratch::township();
    scratch.write("case.toml", CASE.as_bytes());
    let before = scratch.entries();
    let step = ["step", "mediation_case", "new", "register", "--file", "case.toml"];
    let children: Vec<_> = (0..8).map(|_| scratch.command(&step).spawn().unwrap()).collect();
    let mut taken = 0;
    for child in children {
        let ran = crate::support::Ran::of(child.wait_with_output().unwrap());
        match ran.code {
            Some(0) => taken += 1,
            _ => drop(ran.refused(&["P705"])),
        }
    }
    assert!(taken > 0);
    assert_eq!(scratch.entries(), before + taken);
    scratch.is_sound();
}

#[test]
fn a_missing_or_broken_key_signs_nothing_and_says_where_to_get_it() {
    let scratch = Scratch::township();
    scratch.write("case.toml", CASE.as_bytes());
    let key = scratch.data().join("log.key");
    let own = std::fs::read(&key).unwrap();
    let before = scratch.entries();
    let step = ["step", "mediation_case", "new", "register", "--file", "case.toml"];
    for broken in [None, Some(&b""[..]), Some(b"PRIVATE+KEY"), Some(&own[..own.len() / 2]), Some(b"\xff\xfe")] {
        match broken {
            None => std::fs::remove_file(&key).unwrap(),
            Some(bytes) => std::fs::write(&key, bytes).unwrap(),
        }
        scratch.yifa(&step).refused(&["P707", "备份"]);
        scratch.yifa(&["journal", "export", "out"]).refused(&["P707"]);
        assert_eq!(scratch.entries(), before);
        // What needs no signature goes on.
        scratch.yifa(&["list", "village"]).done();
    }
    std::fs::write(&key, own).unwrap();
    scratch.yifa(&step).done();
    scratch.is_sound();
}

#[test]
fn what_is_no_data_folder_is_not_made_one() {
    let scratch = Scratch::new();
    scratch.write("case.toml", CASE.as_bytes());
    scratch.write("文件", b"not a folder");
    std::fs::create_dir(scratch.path().join("空")).unwrap();
    for data in ["没有", "空", "文件"] {
        for verb in VERBS {
            let args: Vec<&str> = ["--data", data].iter().chain(verb).copied().collect();
            scratch.yifa(&args).refused(&["P70"]);
        }
    }
    assert_eq!(files(scratch.path()).len(), 2, "nothing was made");
    assert!(std::fs::read_dir(scratch.path().join("空")).unwrap().next().is_none());
}

#[test]
fn a_folder_without_its_database_does_not_get_an_empty_one() {
    let scratch = Scratch::township();
    scratch.write("case.toml", CASE.as_bytes());
    if let Some(url) = postgres::of_folder(&scratch.data()) {
        postgres::drop_database(&url);
        for verb in VERBS {
            scratch.yifa(verb).refused(&["P762", "没有"]);
        }
        return;
    }
    std::fs::remove_file(scratch.data().join("journal.db")).unwrap();
    for verb in VERBS {
        scratch.yifa(verb).refused(&["P706", "备份"]);
    }
    assert!(!scratch.data().join("journal.db").exists());
}

#[test]
fn a_step_that_fails_half_written_is_taken_back_whole() {
    let scratch = Scratch::township();
    scratch.write("case.toml", CASE.as_bytes());
    let step = ["step", "mediation_case", "new", "register", "--file", "case.toml"];
    // The entry can be written, what it says cannot: somebody's row stands in the way.
    let next = scratch.entries();
    let stray = "INSERT INTO payload (town_id, idx, body, salt, digests) VALUES ($1, $2, '{}', $3, $3)";
    scratch.db().change(stray, params![next, vec![0u8]]);
    let ran = scratch.yifa(&step);
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert_eq!(scratch.entries(), next);
    scratch.db().change("DELETE FROM payload WHERE town_id = $1 AND idx = $2", params![next]);
    scratch.is_sound();
    scratch.yifa(&step).done();
    assert_eq!(scratch.entries(), next + 1);
    scratch.is_sound();
}

#[test]
fn a_copy_without_the_log_key_is_verified_by_a_public_key_got_elsewhere() {
    let scratch = Scratch::township();
    scratch.yifa(&["journal", "export", "export"]).done();
    let key = std::fs::read_to_string(scratch.path().join("export/vkey")).unwrap();
    std::fs::remove_file(scratch.data().join("log.key")).unwrap();
    scratch.yifa(&["verify"]).differs(&["log.key", "签名密钥"]);
    scratch.yifa(&["verify", "--key", key.trim()]).done();
    scratch.yifa(&["verify", "--key", "不是公钥"]).refused(&["P715", "公钥"]);
    // Somebody else's key, of the same name, has signed nothing here.
    let other = Scratch::township();
    other.yifa(&["journal", "export", "export"]).done();
    let other = std::fs::read_to_string(other.path().join("export/vkey")).unwrap();
    assert_eq!(other.split('+').next(), key.split('+').next());
    scratch.yifa(&["verify", "--key", other.trim()]).differs(&["不符"]);
}

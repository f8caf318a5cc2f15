//! Full and read-only disks: one clear message, nothing half-written, and later it works.

#![cfg(unix)]

use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::support::{CASE, Ran, Scratch, YIFA, copy_folder, database_for, files, postgres};

/// Runs the binary where no file may grow beyond so many blocks of 512 bytes, as on a disk that is full.
pub fn on_full_disk(scratch: &Scratch, blocks: u32, args: &[&str]) -> Ran {
    let mut command = Command::new("sh");
    // Ignored, the signal becomes the error that write() returns.
    command.args(["-c", &format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$@\""), "sh", YIFA]).args(args);
    command.current_dir(scratch.path()).env_remove("YIFA_DATA").envs(database_for(args)).stdin(Stdio::null());
    // Pipes are not files: only what goes to disk is limited.
    Ran::of(command.output().unwrap())
}

/// From nothing to more than is needed, so that each write is once the first that does not fit.
const SIZES: [u32; 16] = [0, 1, 2, 8, 16, 32, 63, 64, 65, 80, 96, 128, 160, 256, 512, 4096];

#[test]
fn a_step_on_a_full_disk_is_refused_whole_or_taken_whole() {
    let scratch = Scratch::township();
    scratch.write("case.toml", CASE.as_bytes());
    let step = ["step", "mediation_case", "new", "register", "--file", "case.toml"];
    let (mut refused, mut taken) = (0, 0);
    for blocks in SIZES {
        let before = scratch.entries();
        let ran = on_full_disk(&scratch, blocks, &step);
        let added = scratch.entries() - before;
        // Whoever was told has it; whoever was not may do it again.
        assert_eq!(added, i64::from(ran.out.contains("已记入")), "{blocks}: {ran:?}");
        if ran.code == Some(0) {
            taken += 1;
        } else {
            refused += 1;
            ran.refused(&["磁盘"]);
        }
        scratch.is_sound();
    }
    assert!(refused > 0 && taken > 0, "{refused} refused, {taken} taken");
    scratch.yifa(&step).done();
    scratch.is_sound();
}

#[test]
fn an_import_on_a_full_disk_takes_no_row_or_every_row() {
    let scratch = Scratch::township();
    let mut text = "登记日期,调委会,来源,涉及的村,纠纷类型,当事人,纠纷简要\n".to_owned();
    for row in 0..60 {
        text += &format!("2026-03-02,黄沙村人民调解委员会,当事人申请,黄沙村,邻里,甲{row}、乙{row},第{row}件\n");
    }
    scratch.write("案件.csv", text.as_bytes());
    let before = scratch.entries();
    // By a page at a time: the first size that is enough for the rows is not enough for their signature.
    // On a server the rows need no room here, and the first that does not fit is the signature.
    let first = if postgres::asked() { 0 } else { 1 };
    let mut sizes = [first, 64, 200].into_iter().chain((500..).step_by(8));
    while scratch.entries() == before {
        let blocks = sizes.next().unwrap();
        let ran = on_full_disk(&scratch, blocks, &["import", "mediation_case", "案件.csv"]);
        let added = scratch.entries() - before;
        assert_eq!(added, if ran.out.contains("已记入 60 步") { 60 } else { 0 }, "{blocks}: {ran:?}");
        ran.refused(&["磁盘"]);
        scratch.is_sound();
    }
    scratch.yifa(&["import", "mediation_case", "案件.csv"]).done();
    assert_eq!(scratch.entries(), before + 60);
}

/// The step is on disk; only its signature is not. It is acknowledged, and the next command signs it.
#[test]
fn a_step_whose_signature_does_not_fit_is_acknowledged_and_signed_later() {
    let scratch = Scratch::township();
    let fresh = scratch.data().join("signed/checkpoint.new");
    std::os::unix::fs::symlink("/dev/full", &fresh).unwrap();
    let step = ["step", "mediation_case", "new", "register", "--file", "-"];
    let ran = scratch.yifa_given(&step, CASE.as_bytes()).refused(&["P710", "磁盘"]);
    assert!(ran.out.contains("已记入第 8 条"), "{ran:?}");
    let verified = scratch.yifa(&["verify"]).done();
    assert!(verified.out.contains("其中 1 条尚未签署"), "{verified:?}");
    assert!(!fresh.exists());
    scratch.yifa_given(&step, CASE.as_bytes()).done();
    let verified = scratch.yifa(&["verify"]).done();
    assert!(!verified.out.contains("尚未签署"), "{verified:?}");
    scratch.is_sound();
}

#[test]
fn what_is_written_out_on_a_full_disk_leaves_nothing_half_written() {
    let scratch = Scratch::demo();
    scratch.write("旧.html", "旧的".as_bytes());
    let before = files(scratch.path());
    for args in [
        &["export", "mediation_case", "--out", "案件.xlsx"][..],
        &["export", "mediation_case", "--out", "案件.csv"],
        &["report", "annual", "2023", "--out", "报告.html"],
        &["report", "annual", "2023", "--out", "旧.html"],
    ] {
        on_full_disk(&scratch, 64, args).refused(&["磁盘"]);
        let shown = |files: &[(std::path::PathBuf, Vec<u8>)]| -> Vec<String> {
            // SQLite's own shared memory comes and goes with every reader.
            let kept = files.iter().filter(|(path, _)| !path.to_str().unwrap().contains("journal.db-"));
            kept.map(|(path, bytes)| format!("{} {}", path.display(), bytes.len())).collect()
        };
        assert_eq!(shown(&files(scratch.path())), shown(&before), "{args:?}");
        let ran = scratch.yifa(args).done();
        assert!(ran.out.contains("已"), "{ran:?}");
        for made in ["案件.xlsx", "案件.csv", "报告.html"] {
            let _ = std::fs::remove_file(scratch.path().join(made));
        }
        scratch.write("旧.html", "旧的".as_bytes());
    }
    let ran = on_full_disk(&scratch, 8, &["journal", "export", "out"]).refused(&["磁盘"]);
    assert!(!scratch.path().join("out/checkpoint").exists(), "a half export is not to be believed: {ran:?}");
}

#[test]
fn a_new_folder_on_a_full_disk_is_refused() {
    // A folder whose journal lies on a server takes little room.
    let sizes: &[u32] = if postgres::asked() { &[0] } else { &[0, 1, 16, 64, 256] };
    for blocks in sizes.iter().copied() {
        for args in [
            &["init", "--town", "青石乡", "--county", "上犹县", "--origin", "example.gov.cn/360724/qingshi"][..],
            &["demo", "yifa-data", "--no-serve"],
        ] {
            let scratch = Scratch::new();
            on_full_disk(&scratch, blocks, args).refused(&["磁盘"]);
            assert!(!scratch.data().exists(), "{args:?} left something behind");
        }
        // A folder that was there before is there afterwards, and takes the township once there is room.
        let scratch = Scratch::new();
        std::fs::create_dir(scratch.data()).unwrap();
        let init = ["init", "--town", "青石乡", "--county", "上犹县", "--origin", "example.gov.cn/360724/qingshi"];
        on_full_disk(&scratch, blocks, &init).refused(&["磁盘"]);
        assert!(files(&scratch.data()).is_empty());
        scratch.yifa(&init).done();
        scratch.is_sound();
    }
}

/// What reads needs no room, however little is left.
#[test]
fn a_full_disk_can_still_be_read() {
    let scratch = Scratch::demo();
    for verb in READING {
        on_full_disk(&scratch, 0, verb).done();
    }
}

/// Whatever reads and writes nothing.
const READING: [&[&str]; 6] = [
    &["list", "village"],
    &["figures", "2023"],
    &["due"],
    &["verify"],
    &["rebuild"],
    &["check", "yifa-data/待核对的报告.txt", "--year", "2023"],
];

/// As a backup on a disc: everything can be read and verified, nothing is written.
#[test]
fn a_read_only_folder_is_read_and_verified() {
    let scratch = Scratch::demo();
    let exe = scratch.path().join("yifa");
    std::fs::copy(YIFA, &exe).unwrap();
    mode(scratch.path(), 0o555);
    let before = files(&scratch.data());
    for verb in READING {
        as_nobody(&scratch, &exe, verb).done();
    }
    assert_eq!(files(&scratch.data()), before);
    mode(scratch.path(), 0o755);
}

#[test]
fn a_read_only_copy_whose_last_entries_lie_beside_it_is_not_read_without_them() {
    if postgres::sqlite_alone("a_read_only_copy_whose_last_entries_lie_beside_it_is_not_read_without_them") {
        return;
    }
    // Copied while a step was on its way: the WAL holds what the database does not.
    let scratch = Scratch::demo();
    let running = rusqlite::Connection::open(scratch.data().join("journal.db")).unwrap();
    running.execute_batch("PRAGMA wal_autocheckpoint = 0; CREATE TABLE later (n); DROP TABLE later").unwrap();
    let copy = Scratch::new();
    copy_folder(&scratch.data(), &copy.data());
    drop(running);
    let _ = std::fs::remove_file(copy.data().join("journal.db-shm"));
    let exe = copy.path().join("yifa");
    std::fs::copy(YIFA, &exe).unwrap();
    mode(copy.path(), 0o555);
    for verb in READING {
        as_nobody(&copy, &exe, verb).refused(&["P714", "拷到可以写的地方"]);
    }
    mode(copy.path(), 0o755);
    copy.is_sound();
}

/// Runs a copy of the binary as somebody to whom read-only is read-only.
fn as_nobody(scratch: &Scratch, exe: &Path, args: &[&str]) -> Ran {
    let ours = std::fs::metadata(scratch.path()).unwrap();
    let mut command = Command::new(exe);
    command.args(args).current_dir(scratch.path()).env_remove("YIFA_DATA").stdin(Stdio::null());
    if std::os::unix::fs::MetadataExt::uid(&ours) == 0 {
        command.uid(65_534).gid(65_534);
    }
    Ran::of(command.output().unwrap())
}

/// A folder that may be read and not written, by somebody who is not root.
#[test]
fn a_read_only_folder_says_so_and_stays_as_it_is() {
    let scratch = Scratch::township();
    scratch.write("case.toml", CASE.as_bytes());
    scratch.write("村.csv", "设立日期,村名,统计用区划代码\n1984-06-01,红岩村,360724201203\n".as_bytes());
    let exe = scratch.path().join("yifa");
    std::fs::copy(YIFA, &exe).unwrap();
    mode(scratch.path(), 0o555);
    let before = files(&scratch.data());
    let run = |args: &[&str]| as_nobody(&scratch, &exe, args);
    run(&["step", "mediation_case", "new", "register", "--file", "case.toml"]).refused(&["写不了", "没有权限"]);
    run(&["import", "village", "村.csv"]).refused(&["没有权限"]);
    run(&["definitions", "adopt", "--reason", "x"]).refused(&["写不了"]);
    run(&["demo", "new", "--no-serve"]).refused(&["写不了"]);
    run(&["report", "annual", "2026", "--out", "报告.txt"]).refused(&["处理：请"]);
    assert_eq!(files(&scratch.data()), before);
    mode(scratch.path(), 0o755);
    scratch.is_sound();
}

/// Sets folders to these permissions and files to as much of them as files have.
fn mode(path: &Path, bits: u32) {
    let set = |bits| std::fs::set_permissions(path, std::fs::Permissions::from_mode(bits)).unwrap();
    if path.is_dir() {
        set(0o755);
        for item in std::fs::read_dir(path).unwrap() {
            mode(&item.unwrap().path(), bits);
        }
        set(bits);
    } else if path.file_name().is_some_and(|name| name != "yifa") {
        set(bits & 0o644 | 0o444);
    }
}

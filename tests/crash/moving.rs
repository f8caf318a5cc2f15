//! A township carried to a disk that is full, at whatever point: one clear message, the source as it was, and with room it
//! goes on.

#![cfg(unix)]

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::disk::on_full_disk;
use crate::support::{CASE, Ran, Scratch, files, postgres};

const MOVE: [&str; 5] = ["move", "--from", "yifa-data", "--to", "there"];

/// What the source holds; its lock and the memory of its readers aside, which come and go.
fn held(scratch: &Scratch) -> Vec<(PathBuf, Vec<u8>)> {
    let beside = |path: &Path| ["lock", "-wal", "-shm"].iter().any(|end| path.to_string_lossy().ends_with(end));
    files(&scratch.data()).into_iter().filter(|(path, _)| !beside(path)).collect()
}

/// What a township says of itself.
fn told(scratch: &Scratch, data: &str) -> String {
    let said = |verb: &[&str]| scratch.yifa(&[&["--data", data][..], verb].concat()).done().out;
    [said(&["figures", "2026", "--json"]), said(&["list", "mediation_case", "--json"]), said(&["verify"])].concat()
}

/// A small township with cases.
fn township() -> Scratch {
    let scratch = Scratch::township();
    scratch.write("case.toml", CASE.as_bytes());
    scratch.yifa(&["step", "mediation_case", "new", "register", "--file", "case.toml"]).done();
    scratch
}

/// It refused with one message of the place and why, nobody took over, and the source is as it was.
#[track_caller]
fn is_refused(scratch: &Scratch, ran: Ran, place: &str, before: &[(PathBuf, Vec<u8>)]) {
    assert_eq!(ran.err.matches("处理：").count(), 1, "{ran:?}");
    assert!(ran.err.starts_with("P710 "), "{ran:?}");
    ran.refused(&[place, "磁盘"]);
    assert!(!scratch.path().join("there/yifa.toml").exists(), "nobody took over");
    assert!(held(scratch) == before, "the source was changed");
}

/// With room the move goes on, and nothing of the township differs.
#[track_caller]
fn arrives(scratch: &Scratch, told_before: &str) {
    scratch.yifa(&MOVE).done();
    assert_eq!(told(scratch, "there"), told_before);
    scratch.yifa(&["--data", "there", "rebuild"]).done();
    scratch.yifa(&["step", "mediation_case", "new", "register", "--file", "case.toml"]).refused(&["P771"]);
    scratch.yifa(&["--data", "there", "step", "mediation_case", "new", "register", "--file", "case.toml"]).done();
}

#[test]
fn a_move_whose_files_may_not_grow_leaves_the_source_as_it_was_and_goes_on() {
    let scratch = township();
    let (before, told_before) = (held(&scratch), told(&scratch, "yifa-data"));
    let mut refused = 0;
    let mut blocks = 0;
    // From nothing to enough, so that each write is once the first that does not fit; by the same goal, which goes on.
    loop {
        let ran = on_full_disk(&scratch, blocks, &MOVE);
        if ran.code == Some(0) {
            break;
        }
        // Where not even a reader has room at the source, that is the place.
        let place = if ran.err.contains("there") { "there" } else { "yifa-data" };
        is_refused(&scratch, ran, place, &before);
        refused += 1;
        blocks = (blocks + 1).max(blocks * 9 / 8);
    }
    assert!(refused > 30, "{refused} refused, then {blocks} blocks were enough");
    assert_eq!(told(&scratch, "there"), told_before);
}

/// A disk of so many KiB, mounted while it is held.
struct Disk(PathBuf);

impl Disk {
    fn mount(at: &Path, kib: u32) -> Option<Disk> {
        let size = format!("size={kib}k");
        let ran = Command::new("mount").args(["-t", "tmpfs", "-o", &size, "none"]).arg(at).output().ok()?;
        ran.status.success().then(|| Disk(at.to_owned()))
    }

    /// How many KiB of it are taken.
    fn used(&self) -> u32 {
        let ran = Command::new("df").args(["--output=used", "-k"]).arg(&self.0).output().unwrap();
        String::from_utf8(ran.stdout).unwrap().lines().nth(1).unwrap().trim().parse().unwrap()
    }

    fn grow(&self, kib: u32) {
        let size = format!("remount,size={kib}k");
        let ran = Command::new("mount").args(["-o", &size]).arg(&self.0).output().unwrap();
        assert!(ran.status.success(), "{ran:?}");
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(&self.0).status();
    }
}

#[test]
fn a_move_to_a_disk_that_is_full_goes_on_when_it_grows() {
    let scratch = township();
    let there = scratch.path().join("there");
    std::fs::create_dir(&there).unwrap();
    let Some(disk) = Disk::mount(&there, 4) else {
        // Only who may mount has a disk that small; the limit on files is everybody's.
        eprintln!("no disk could be mounted: {MOVE:?} is tested by limits on files alone");
        return;
    };
    let (before, told_before) = (held(&scratch), told(&scratch, "yifa-data"));
    let (mut kib, mut refused) = (4, 0);
    loop {
        let ran = scratch.yifa(&MOVE);
        if ran.code == Some(0) {
            break;
        }
        is_refused(&scratch, ran, "there", &before);
        refused += 1;
        kib = (kib + 4).max(kib * 9 / 8);
        disk.grow(kib);
    }
    assert!(refused > 20, "{refused} refused, then {kib} KiB were enough");
    disk.grow(kib * 2);
    assert_eq!(told(&scratch, "there"), told_before);
    scratch.yifa(&["--data", "there", "rebuild"]).done();
}

/// A database that lies on a disk of its own, which fills up.
#[test]
fn a_move_to_a_server_whose_disk_is_full_goes_on_when_it_grows() {
    if postgres::server_alone("a_move_to_a_server_whose_disk_is_full_goes_on_when_it_grows") {
        return;
    }
    let (scratch, ready) = (township(), postgres::fresh().unwrap());
    let at = scratch.path().join("disk");
    std::fs::create_dir(&at).unwrap();
    let Some(disk) = Disk::mount(&at, 1_000_000) else {
        eprintln!("no disk could be mounted");
        return;
    };
    for args in [["chmod", "755"], ["chown", "postgres"]] {
        let of = if args[0] == "chmod" { scratch.path() } else { &at };
        assert!(Command::new(args[0]).arg(args[1]).arg(of).status().unwrap().success());
    }
    let (before, told_before) = (held(&scratch), told(&scratch, "yifa-data"));
    let name = ready.rsplit('/').next().unwrap();
    postgres::run(&postgres::as_owner(&ready), &format!("CREATE TABLESPACE small LOCATION '{}'", at.display()));
    let maintained = ready.replace(name, "postgres");
    postgres::run(&maintained, &format!("ALTER DATABASE {name} SET TABLESPACE small"));
    let mut kib = disk.used() + 8;
    disk.grow(kib);
    let to = ["move", "--from", "yifa-data", "--to", &ready];
    let mut refused = 0;
    loop {
        let ran = scratch.yifa(&to);
        if ran.code == Some(0) {
            break;
        }
        is_refused(&scratch, ran, &ready, &before);
        refused += 1;
        kib += 64 + 64 * refused;
        disk.grow(kib);
    }
    assert!(refused > 3, "{refused} refused, then {kib} KiB were enough");
    disk.grow(1_000_000);
    assert_eq!(told(&scratch, "yifa-data"), told_before);
    scratch.is_sound();
    postgres::drop_database(&ready);
    postgres::run(&maintained, "DROP TABLESPACE small");
}

/// The last writes of all: what says whose the township is from here on.
#[test]
fn a_move_whose_last_writes_do_not_fit_leaves_one_place_that_goes_on() {
    let scratch = township();
    let (before, told_before) = (held(&scratch), told(&scratch, "yifa-data"));
    std::fs::create_dir(scratch.path().join("there")).unwrap();
    for full in ["there/yifa.new", "yifa-data/yifa.new"] {
        std::os::unix::fs::symlink("/dev/full", scratch.path().join(full)).unwrap();
        let place = full.replace(".new", ".toml");
        is_refused(&scratch, scratch.yifa(&MOVE), &place, &before);
        for left in ["there/yifa.new", "yifa-data/yifa.new"] {
            assert!(scratch.path().join(left).symlink_metadata().is_err(), "{left} is left");
        }
        scratch.is_sound();
    }
    arrives(&scratch, &told_before);
    if let Some(url) = postgres::fresh() {
        let scratch = township();
        let (before, told_before) = (held(&scratch), told(&scratch, "yifa-data"));
        std::os::unix::fs::symlink("/dev/full", scratch.data().join("yifa.new")).unwrap();
        let to = ["move", "--from", "yifa-data", "--to", &url];
        is_refused(&scratch, scratch.yifa(&to), "yifa-data/yifa.toml", &before);
        scratch.is_sound();
        scratch.yifa(&to).done();
        assert_eq!(told(&scratch, "yifa-data"), told_before);
    }
}

/// A cut between the old place giving up and the new one taking over.
#[test]
fn a_move_cut_off_between_its_last_two_writes_is_run_again() {
    let scratch = township();
    let told_before = told(&scratch, "yifa-data");
    scratch.yifa(&MOVE).done();
    let at = |name: &str| scratch.path().join("there").join(name);
    std::fs::rename(at("yifa.toml"), at("yifa.new")).unwrap();
    scratch.yifa(&["move", "--from", "yifa-data", "--to", "elsewhere"]).refused(&["P771"]);
    arrives(&scratch, &told_before);
    // Once somebody took over, the old place is never begun from again.
    std::fs::remove_file(at("yifa.toml")).unwrap();
    scratch.yifa(&MOVE).refused(&["P771"]);
}

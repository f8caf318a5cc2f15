//! Many who write at once: everybody's steps are taken once, in order, and signed.

// Each test program uses its part.
#[allow(dead_code)]
#[path = "../../../tests/support/postgres.rs"]
mod postgres;

#[path = "../../../benches/town.rs"]
mod town;

use std::sync::atomic::Ordering;
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

use engine::day::Day;
use town::{Clock, Seed, Town, morning};
use yifa::append::{Draft, Receipt, Writer, current_keys, last_signed};
use yifa::folder::Folder;
use yifa::sets::Sets;
use yifa::storage::log::Head;
use yifa::{rebuild, verify};

const DAY: (i16, i8, i8) = (2023, 6, 1);

fn town(folder: &tempfile::TempDir) -> Town {
    Town::found_on(folder.path(), postgres::fresh().as_deref(), 2023, 7)
}

fn day() -> Day {
    Day::new(DAY.0, DAY.1, DAY.2).unwrap()
}

/// So many steps that each open a record, all on one day.
fn openings(town: &mut Town, count: usize) -> Vec<Draft> {
    (0..count).map(|_| town.event(day()).remove(0).1).collect()
}

/// Waits for what another thread does.
fn until(what: &str, mut done: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !done() {
        assert!(begun.elapsed() < Duration::from_secs(30), "{what}");
        std::thread::park_timeout(Duration::from_millis(10));
    }
}

#[test]
fn everybodys_steps_are_taken_once_and_signed() {
    const WRITERS: usize = 8;
    let folder = tempfile::tempdir().unwrap();
    let mut town = town(&folder);
    let before = Head::load(&town.folder.reader().unwrap()).unwrap().size();
    town.on(day(), vec![]);
    let work: Vec<Vec<Draft>> = (0..WRITERS).map(|_| openings(&mut town, 20)).collect();
    let writer = town.writer.as_ref().unwrap();
    let (tell, told) = channel::<Vec<Receipt>>();
    std::thread::scope(|scope| {
        for (nth, drafts) in work.into_iter().enumerate() {
            let tell = tell.clone();
            scope.spawn(move || {
                // Half of them wait for each step, half hand everything in first.
                let waiting: Vec<_> = match nth % 2 {
                    0 => drafts.into_iter().map(|draft| Ok(writer.append(vec![draft]))).collect(),
                    _ => {
                        let handed: Vec<_> =
                            drafts.into_iter().map(|draft| writer.hand_in(vec![draft]).unwrap()).collect();
                        handed.into_iter().map(|receipts| receipts.recv()).collect()
                    }
                };
                let receipts: Vec<Receipt> = waiting.into_iter().flat_map(|one| one.unwrap().unwrap()).collect();
                assert!(receipts.is_sorted_by_key(|receipt| receipt.index), "in the order of handing in");
                tell.send(receipts).unwrap();
            });
        }
    });
    drop(tell);
    let mut taken: Vec<u64> = told.iter().flatten().map(|receipt| receipt.index).collect();
    taken.sort_unstable();
    assert_eq!(taken, (before..before + 20 * WRITERS as u64).collect::<Vec<_>>());
    town.stop();
    as_rebuilt(&town);
}

/// What was derived while entries came is what is derived from all of them, and all are signed.
fn as_rebuilt(town: &Town) {
    let db = town.folder.reader().unwrap();
    let sets = Sets::load(&db).unwrap();
    assert_eq!(rebuild::rebuild(&db, &sets, &town.folder.blind_key().unwrap(), false, &|_| {}).unwrap().differs, []);
    let verified = verify::verify(&town.folder, &db, None, &|_| {}).unwrap();
    assert_eq!(verified.differs, []);
    assert_eq!(verified.signed, verified.entries);
}

/// A folder and a copy of it are two programs on one database: each reads what the other wrote before it goes on.
#[test]
fn two_programs_on_one_server_take_turns() {
    if postgres::server_alone("two_programs_on_one_server_take_turns") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let mut town = town(&folder);
    let work: Vec<(Day, Draft)> = town.year(2023, 100);
    town.stop();
    let copy = tempfile::tempdir().unwrap();
    let copied = std::process::Command::new("cp").arg("-a").arg(folder.path().join(".")).arg(copy.path()).status();
    assert!(copied.unwrap().success());
    let writers = [folder.path(), copy.path()].map(|path| {
        let ambient = Clock(town.clock.clone(), Seed(town.seed.next()));
        Writer::start(Folder::open(path).unwrap(), Box::new(ambient)).unwrap()
    });
    let before = Head::load(&town.folder.reader().unwrap()).unwrap().size();
    for (nth, (day, draft)) in work.into_iter().enumerate() {
        town.clock.store(morning(day), Ordering::Relaxed);
        // One each, then several by one: what he knows goes stale and is known again.
        let writer = &writers[(nth + nth / 7) % 2];
        let receipts = writer.append(vec![draft]).unwrap();
        assert_eq!(receipts[0].index, before + nth as u64);
    }
    for writer in writers {
        writer.stop().unwrap();
    }
    as_rebuilt(&town);
}

#[test]
fn what_was_handed_in_before_is_not_passed_by() {
    let folder = tempfile::tempdir().unwrap();
    let mut town = town(&folder);
    town.on(day(), vec![]);
    let mut drafts = openings(&mut town, 40);
    let writer = town.writer.as_ref().unwrap();
    while let (Some(first), Some(second)) = (drafts.pop(), drafts.pop()) {
        let handed = writer.hand_in(vec![first]).unwrap();
        let second = writer.append(vec![second]).unwrap();
        assert!(handed.recv().unwrap().unwrap()[0].index < second[0].index);
    }
    town.stop();
}

#[test]
fn a_step_is_signed_soon_though_nobody_comes_after_it() {
    let folder = tempfile::tempdir().unwrap();
    let mut town = town(&folder);
    let keys = current_keys(&town.folder).unwrap();
    for _ in 0..3 {
        // Nothing added, nothing to sign: whoever comes next is announced all the same.
        assert!(town.on(day(), vec![]).is_empty());
        let draft = openings(&mut town, 1).remove(0);
        let size = town.on(day(), vec![draft])[0].index + 1;
        until("the step was not signed", || {
            let db = town.folder.reader().unwrap();
            last_signed(&town.folder, &db, &keys).unwrap().is_some_and(|signed| signed.size == size)
        });
    }
    town.stop();
}

#[cfg(unix)]
#[test]
fn nothing_is_taken_any_more_when_it_cannot_be_signed() {
    let folder = tempfile::tempdir().unwrap();
    let mut town = town(&folder);
    town.on(day(), vec![]);
    std::os::unix::fs::symlink("/dev/full", town.folder.path.join("signed/checkpoint.new")).unwrap();
    let draft = openings(&mut town, 1).remove(0);
    let writer = town.writer.take().unwrap();
    until("steps are taken though signing failed", || writer.append(vec![draft.clone()]).is_err());
    // Whoever stops the writer is told why.
    assert!(writer.stop().is_err());
}

/// How many entries a copy of the files has, as after a power cut at this moment; on a server, how many others see.
fn copied(town: &Town) -> u64 {
    if postgres::asked() {
        return Head::load(&town.folder.reader().unwrap()).unwrap().size();
    }
    let folder = tempfile::tempdir().unwrap();
    for name in ["journal.db", "journal.db-wal"] {
        let from = town.folder.path.join(name);
        if from.exists() {
            std::fs::copy(from, folder.path().join(name)).unwrap();
        }
    }
    let db = rusqlite::Connection::open(folder.path().join("journal.db")).unwrap();
    db.query_row("SELECT size FROM log_head", [], |row| row.get::<_, i64>(0)).unwrap() as u64
}

#[test]
fn what_was_acknowledged_lies_in_the_files() {
    let folder = tempfile::tempdir().unwrap();
    let mut town = town(&folder);
    town.on(day(), vec![]);
    for count in [1, 1, 2, 60, 1] {
        let drafts = openings(&mut town, count);
        let receipts = town.on(day(), drafts);
        assert_eq!(copied(&town), receipts[count - 1].index + 1);
    }
    town.stop();
}

/// More pages than the writer keeps in memory: SQLite writes some to the log before the job's end, and reads them again.
#[test]
fn a_job_larger_than_memory_is_taken_whole_or_not_at_all() {
    let folder = tempfile::tempdir().unwrap();
    let mut town = town(&folder);
    town.on(day(), vec![]);
    let before = copied(&town);
    let mut drafts: Vec<Draft> = (0..10_000).map(|_| town.event(day()).remove(0).1).collect();
    drafts.push(Draft { based_on: Some(0), ..drafts[0].clone() });
    let writer = town.writer.as_ref().unwrap();
    assert!(writer.append(drafts.clone()).is_err());
    if !postgres::asked() {
        let log = std::fs::metadata(town.folder.path.join("journal.db-wal")).unwrap().len();
        assert!(log > 16_000_000, "nothing was written early: the log has {log} bytes");
    }
    assert_eq!(copied(&town), before);
    drafts.pop();
    let receipts = writer.append(drafts).unwrap();
    assert_eq!(copied(&town), before + receipts.len() as u64);
    town.stop();
    as_rebuilt(&town);
}

//! One line for each thing measured: `work | measured | floor | ratio | wanted | ok`.
//!
//! Rates are compared only inside one run: the machine and its disk differ from hour to hour.

#![allow(dead_code, reason = "each bench uses its part")]

use std::path::{Path, PathBuf};
use std::time::Instant;

use engine::definition::FileSet;

/// What is wanted of a ratio or a number.
pub enum Wanted {
    /// At least so much.
    Least(f64),
    /// At most so much.
    Most(f64),
    /// Printed for the reader.
    Nothing,
}

/// Prints the head of the table.
pub fn head(title: &str) {
    println!("\n{title}");
    println!("| {:<52} | {:>14} | {:>14} | {:>7} | {:>9} | ok |", "work", "measured", "floor", "ratio", "wanted");
    println!("|{}|{}|{}|{}|{}|----|", "-".repeat(54), "-".repeat(16), "-".repeat(16), "-".repeat(9), "-".repeat(11));
}

/// A rate beside the floor's rate, both per second; the ratio is judged.
pub fn rate(work: &str, measured: f64, floor: f64, unit: &str, wanted: Wanted) {
    let ratio = measured / floor;
    let (wish, ok) = judged(ratio, wanted);
    println!(
        "| {work:<52} | {:>14} | {:>14} | {ratio:>7.2} | {wish:>9} | {ok:<2} |",
        format!("{measured:.0} {unit}"),
        format!("{floor:.0} {unit}")
    );
}

/// A number that is judged as it is.
pub fn number(work: &str, measured: f64, unit: &str, wanted: Wanted) {
    let (wish, ok) = judged(measured, wanted);
    let shown = if measured < 100.0 { format!("{measured:.1} {unit}") } else { format!("{measured:.0} {unit}") };
    println!("| {work:<52} | {shown:>14} | {:>14} | {:>7} | {wish:>9} | {ok:<2} |", "", "");
}

/// Prints the head of a table of times.
pub fn head_of_times(title: &str) {
    println!("\n{title}");
    println!("| {:<52} | {:>10} | {:>10} | {:>9} | {:>9} | ok |", "work", "p50", "p99", "p50/floor", "wanted");
    println!("|{}|{}|{}|{}|{}|----|", "-".repeat(54), "-".repeat(12), "-".repeat(12), "-".repeat(11), "-".repeat(11));
}

/// How long each of several rounds took, in milliseconds: of all, the middle, beside the floor's, and the ninety-ninth of
/// a hundred, which is judged. Gives the middle.
pub fn times(work: &str, mut rounds: Vec<f64>, floor: Option<f64>, wanted: Wanted) -> f64 {
    rounds.sort_by(f64::total_cmp);
    let (middle, last) = (rounds[rounds.len() / 2], rounds[rounds.len() * 99 / 100]);
    let ratio = floor.map_or(String::new(), |floor| format!("{:.0}", middle / floor));
    let (wish, ok) = judged(last, wanted);
    println!("| {work:<52} | {middle:>7.3} ms | {last:>7.3} ms | {ratio:>9} | {wish:>9} | {ok:<2} |");
    middle
}

fn judged(value: f64, wanted: Wanted) -> (String, &'static str) {
    let ok = |is: bool| if is { "✓" } else { "✗" };
    match wanted {
        Wanted::Least(least) => (format!("≥ {least}"), ok(value >= least)),
        Wanted::Most(most) => (format!("≤ {most}"), ok(value <= most)),
        Wanted::Nothing => (String::new(), ""),
    }
}

/// Seconds of the fastest of several rounds: the least disturbed by other programs.
pub fn fastest(rounds: u32, mut work: impl FnMut()) -> f64 {
    let mut best = f64::MAX;
    for _ in 0..rounds {
        let begun = Instant::now();
        work();
        best = best.min(begun.elapsed().as_secs_f64());
    }
    best
}

/// `cargo bench` says `--bench`; anything else only wants to know that the bench runs.
pub fn is_quick() -> bool {
    !std::env::args().any(|arg| arg == "--bench")
}

/// Where benches keep their folders: beside the build, on its disk.
pub fn data() -> PathBuf {
    let target = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../target/bench-data");
    std::fs::create_dir_all(&target).unwrap();
    target.canonicalize().unwrap()
}

/// Seconds of processor this process has used, all its threads together.
pub fn processor() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // The name, in brackets, may hold anything; after it come state and eleven numbers, then user and system ticks.
    let numbers: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split(' ').collect();
    let ticks = |nth: usize| numbers.get(nth).and_then(|text| text.parse::<f64>().ok()).unwrap_or(0.0);
    (ticks(12) + ticks(13)) / 100.0
}

/// The township of a shape, built once under `target/bench-data` and used again while its definitions, the schema and
/// `maker`, the text that builds it, stay the same. Those of others are deleted: they are gigabytes.
pub fn kept(shape: &str, files: FileSet, maker: &str, build: impl FnOnce(&Path)) -> PathBuf {
    let schema = include_str!("../crates/yifa/src/storage/schema.sql");
    let files: String = files.into_iter().map(|(path, text)| path + &text).collect();
    let mark = yifa::sets::sha256(&format!("{files}{schema}{maker}"));
    let home = data().join(format!("{shape}-{}", &mark[..12]));
    if !home.join("done").exists() {
        for old in std::fs::read_dir(data()).unwrap().map(|old| old.unwrap()) {
            if old.file_name().to_string_lossy().starts_with(&format!("{shape}-")) {
                std::fs::remove_dir_all(old.path()).unwrap();
            }
        }
        std::fs::create_dir_all(&home).unwrap();
        build(&home.join("town"));
        std::fs::write(home.join("done"), "").unwrap();
    }
    home.join("town")
}

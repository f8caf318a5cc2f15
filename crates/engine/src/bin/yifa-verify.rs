//! The stand-alone verifier (独立核验器): built from `journal` and `engine` alone, it trusts no database and no yifa.
//!
//! It hashes an exported journal again, and, where the contents were exported too, adds every figure up again.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{env, fs, io};

use engine::act::{Act, Entry};
use engine::day::Day;
use engine::definition::{self, Definitions};
use engine::figure::{Period, add_up, read_all};
use engine::record::{Rows, Rules, apply};
use journal::bundle::payload_path;
use journal::entry::Leaf;
use journal::export::verify_files;
use journal::key::VerifierKey;
use journal::opening::{Opening, Shown, verify_opening};
use journal::tile::BundleId;
use journal::tiles::Files;

const HELP: &str = "yifa-verify：独立核验导出的日志

用法：yifa-verify DIR [--key 公钥] [--figures 年度]

  DIR         yifa journal export 导出的目录
  --key       另外得到的公钥（如县司法局存的）；不给则用目录里的 vkey，只能证明前后一致，不能证明是谁的
  --figures   由导出的内容把这一年的数字重新加出来（导出时要加 --contents）

退出码：0 无误，1 读不了，2 不符。";

const UNBELIEVED: &str = "检查点不可信";

struct Folder(PathBuf);

impl Files for Folder {
    fn read(&self, path: &str) -> io::Result<Option<Cow<'_, [u8]>>> {
        match fs::read(self.0.join(path)) {
            Ok(bytes) => Ok(Some(Cow::Owned(bytes))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }
}

fn main() -> ExitCode {
    match run() {
        Ok(0) => ExitCode::SUCCESS,
        Ok(count) => {
            println!("共 {count} 处不符。");
            ExitCode::from(2)
        }
        Err(text) => {
            eprintln!("{text}");
            // A checkpoint nobody can believe is a finding, not a file that could not be read.
            ExitCode::from(if text.starts_with(UNBELIEVED) { 2 } else { 1 })
        }
    }
}

fn run() -> Result<u64, String> {
    let (mut folder, mut key, mut year) = (None, None, None);
    let mut args = env::args().skip(1);
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--key" => key = args.next(),
            "--figures" => year = args.next(),
            "-h" | "--help" => {
                println!("{HELP}");
                return Ok(0);
            }
            path if folder.is_none() => folder = Some(PathBuf::from(path)),
            other => return Err(format!("不认识的参数 {other}\n\n{HELP}")),
        }
    }
    let folder = Folder(folder.ok_or(HELP)?);
    let given = key.is_some();
    let key = match key {
        Some(key) => key,
        None => fs::read_to_string(folder.0.join("vkey")).map_err(|error| format!("读不了 vkey：{error}"))?,
    };
    let key = VerifierKey::parse(key.trim()).map_err(|error| format!("公钥不对：{error}"))?;
    let (checkpoint, report) = verify_files(&folder, key.name(), std::slice::from_ref(&key))
        .map_err(|error| format!("{UNBELIEVED}：{error}"))?;
    for difference in report.differences.list() {
        println!("不符：{difference}");
    }
    let mut wrong = report.differences.count();
    println!("日志 {}：{} 条，根 {}", key.name(), checkpoint.size, checkpoint.root.to_base64());
    if !given {
        println!("公钥取自导出的目录。要证明是谁的日志，请用另外得到的公钥加 --key 再核验一次。");
    }
    if wrong == 0 && folder.0.join(payload_path(0)).exists() {
        let (entries, differ) = contents(&folder, checkpoint.size)?;
        wrong += differ;
        println!("内容：{} 条与记入的承诺逐项核对", entries.len());
        if let (0, Some(year)) = (wrong, year) {
            figures(&entries, &year)?;
        }
    } else if year.is_some() {
        return Err("没有导出内容，不能重新加数字。请用 yifa journal export --contents 导出".to_owned());
    }
    if wrong == 0 {
        println!("核验无误。");
    }
    Ok(wrong)
}

/// Every payload, held against the commitment of its leaf.
fn contents(folder: &Folder, size: u64) -> Result<(Vec<Entry>, u64), String> {
    let mut entries = Vec::new();
    let mut wrong = 0;
    let mut bundle = 0;
    while let Some(id) = BundleId::at(bundle, size) {
        let path = id.path();
        let bytes = fs::read(folder.0.join(&path)).map_err(|error| format!("{path}：{error}"))?;
        for (nth, leaf) in id.decode(&bytes).enumerate() {
            let index = id.first() + nth as u64;
            let leaf = leaf.map_err(|error| format!("{path}：{error}"))?;
            let leaf = Leaf::parse(leaf).map_err(|error| format!("第 {index} 条：{error}"))?;
            match entry(&folder.0, index, &leaf) {
                Ok(entry) => entries.push(entry),
                Err(text) => {
                    wrong += 1;
                    println!("不符：第 {index} 条 {text}");
                }
            }
        }
        bundle += 1;
    }
    Ok((entries, wrong))
}

fn entry(folder: &Path, index: u64, leaf: &Leaf) -> Result<Entry, String> {
    let bytes = fs::read(folder.join(payload_path(index))).map_err(|error| format!("内容读不了：{error}"))?;
    let opening = Opening::from_bytes(&bytes).map_err(|error| format!("内容不合格式：{error}"))?;
    verify_opening(&leaf.commitment, &opening, None).map_err(|error| format!("内容与承诺不符：{error}"))?;
    let closed = opening.fields().iter().filter(|field| matches!(field, Shown::Closed(_))).count();
    let mut payload = opening.payload().map_err(|error| format!("内容不合格式：{error}"))?;
    // Personal values are closed, each counted in `sizes`; figures never needed them. Anything else that is closed
    // could hide what a figure counts.
    let personal = payload["sizes"].as_object().map_or(0, |sizes| sizes.len());
    if closed != personal {
        return Err(format!("遮盖了 {closed} 项，而个人信息只有 {personal} 项：有别的内容被遮盖"));
    }
    payload.as_object_mut().map(|object| object.shift_remove("sealed"));
    let act: Act = serde_json::from_value(payload).map_err(|error| format!("内容不合格式：{error}"))?;
    let actor = leaf.actor.map_or_else(String::new, |actor| actor.to_string());
    let recorded = day_of(leaf.recorded_at).ok_or("时刻超出日历")?;
    Ok(Entry { index, id: leaf.id.to_string(), recorded, actor, act })
}

/// The civil day of a moment in the township's time (UTC+8 all year).
fn day_of(millis: i64) -> Option<Day> {
    let days = (millis + 8 * 3_600_000).div_euclid(86_400_000);
    Day::new(1970, 1, 1)?.plus_days(i32::try_from(days).ok()?)
}

/// Adds the figures of a year up again, from the entries alone.
fn figures(entries: &[Entry], year: &str) -> Result<(), String> {
    let year = year.parse().map_err(|_| format!("“{year}”不是年度"))?;
    let last = entries.last().map(|entry| entry.recorded).ok_or("日志是空的")?;
    let period = Period::year(year, last).ok_or("年度超出日历")?;
    let mut sets: Vec<(u64, Definitions)> = Vec::new();
    let mut records: BTreeMap<&str, Vec<Entry>> = BTreeMap::new();
    for entry in entries {
        match &entry.act {
            Act::Adopt { files, .. } => {
                let set = definition::check(files, &|_| String::new())
                    .map_err(|problems| format!("第 {} 条采用的定义有 {} 处问题", entry.index, problems.len()))?;
                sets.push((entry.index, set));
            }
            act => records.entry(act.record().unwrap_or_default()).or_default().push(entry.clone()),
        }
    }
    let (_, current) = sets.last().ok_or("日志没有采用过定义")?;
    let mut derived: Vec<(String, Rows)> = Vec::new();
    for entries in records.values() {
        let id = entries[0].act.register().unwrap_or_default();
        let opened_under = sets.iter().rfind(|(index, _)| *index < entries[0].index);
        let Some(register) = opened_under.and_then(|(_, set)| set.register(id)) else { continue };
        let figures: Vec<_> = current.figures_of(id).cloned().collect();
        let rules = Rules { register, figures: &figures, calendar: &current.calendar };
        derived.push((id.to_owned(), apply(rules, entries)));
    }
    let sums = add_up(current, derived.iter().map(|(id, rows)| (id.as_str(), rows)), period);
    for reading in read_all(current, &sums, period.to).values().filter(|reading| reading.entries > 0) {
        println!("{}\t{}\t{}\t{} 条", reading.figure, reading.title, reading.text(), reading.entries);
    }
    Ok(())
}

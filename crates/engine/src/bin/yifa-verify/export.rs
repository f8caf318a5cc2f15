//! A journal that was exported into a folder.

use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::{fs, io};

use engine::act::Entry;
use engine::figure::Period;
use engine::recount::readings;
use journal::bundle::payload_path;
use journal::entry::Leaf;
use journal::export::verify_files;
use journal::key::VerifierKey;
use journal::opening::{Opening, verify_opening};
use journal::tile::BundleId;
use journal::tiles::Files;

use crate::{UNBELIEVED, contents, read_key, witness};

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

/// Verifies all there is; how much differs.
pub fn verify(
    path: &Path,
    key: Option<VerifierKey>,
    witnesses: &[VerifierKey],
    year: Option<&str>,
) -> Result<u64, String> {
    let folder = Folder(path.to_owned());
    let given = key.is_some();
    let key = match key {
        Some(key) => key,
        None => {
            let text = fs::read_to_string(folder.0.join("vkey")).map_err(|error| format!("读不了 vkey：{error}"))?;
            read_key(&text)?
        }
    };
    let (checkpoint, report) = verify_files(&folder, key.name(), std::slice::from_ref(&key))
        .map_err(|error| format!("检查点{UNBELIEVED}：{error}"))?;
    for difference in report.differences.list() {
        println!("不符：{difference}");
    }
    let mut wrong = report.differences.count();
    println!("日志 {}：{} 条，根 {}", key.name(), checkpoint.size, checkpoint.root.to_base64());
    if !given {
        println!("公钥取自导出的目录。要证明是谁的日志，请用另外得到的公钥加 --key 再核验一次。");
    }
    wrong += witness::verify(&folder, &checkpoint, &key, witnesses);
    if wrong == 0 && folder.0.join(payload_path(0)).exists() {
        let (entries, differ) = read(&folder, checkpoint.size)?;
        wrong += differ;
        println!("内容：{} 条与记入的承诺逐项核对", entries.len());
        if let (0, Some(year)) = (wrong, year) {
            figures(&entries, year)?;
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
fn read(folder: &Folder, size: u64) -> Result<(Vec<Entry>, u64), String> {
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
    contents::entry(index, leaf, &opening)
}

/// Adds the figures of a year up again, from the entries alone.
fn figures(entries: &[Entry], year: &str) -> Result<(), String> {
    let year = year.parse().map_err(|_| format!("“{year}”不是年度"))?;
    let last = entries.last().map(|entry| entry.recorded).ok_or("日志是空的")?;
    let period = Period::year(year, last).ok_or("年度超出日历")?;
    let sets = contents::sets(entries)?;
    if sets.is_empty() {
        return Err("日志没有采用过定义".to_owned());
    }
    for reading in readings(&contents::lent(&sets), entries, period).values().filter(|reading| reading.entries > 0) {
        println!("{}\t{}\t{}\t{} 条", reading.figure, reading.title, reading.text(), reading.entries);
    }
    Ok(())
}

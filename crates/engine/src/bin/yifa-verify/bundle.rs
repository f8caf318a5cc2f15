//! A bundle: every byte of it, and the figure it is about.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use engine::recount::{FIGURE_FORMAT, Stated, opened_under};
use journal::bundle::{self, Bundle};
use journal::container::LARGEST;
use journal::entry::Leaf;
use journal::hash::{Hash, leaf_hash};
use journal::key::VerifierKey;
use journal::opening::{Opening, Shown};

use crate::{UNBELIEVED, contents};

/// So many entries are told one by one.
const TOLD: usize = 60;

/// Verifies a bundle; how much differs.
pub fn verify(path: &Path, key: Option<VerifierKey>) -> Result<u64, String> {
    let about = std::fs::metadata(path).map_err(|error| format!("读不了 {}：{error}", path.display()))?;
    if about.len() > LARGEST as u64 {
        return Err(format!("{} 有 {} MB，证据包最多 {} MB", path.display(), about.len() >> 20, LARGEST >> 20));
    }
    let bytes = std::fs::read(path).map_err(|error| format!("读不了 {}：{error}", path.display()))?;
    let unbelieved = |error| format!("证据包{UNBELIEVED}：{error}");
    let given = key.is_some();
    let key = key.map_or_else(|| bundle::key_within(&bytes), Ok).map_err(unbelieved)?;
    let bundle = bundle::open(&bytes, &key).map_err(unbelieved)?;
    println!("证据包完整：每一个字节都与清单和清单的签名相符。");
    println!("日志 {}：{} 条，根 {}", key.name(), bundle.checkpoint.size, bundle.checkpoint.root.to_base64());
    if !given {
        println!("公钥取自包里。要证明是谁的日志，请用另外得到的公钥加 --key 再核验一次。");
    }
    let records: BTreeSet<_> = bundle.entries.iter().filter_map(|one| one.leaf.subject).collect();
    println!(
        "{} 条记入（{} 个案卷）都在这个检查点所签的日志里，内容与记入的承诺相符。",
        bundle.entries.len(),
        records.len()
    );
    if bundle.figure.is_none() && bundle.entries.len() <= TOLD {
        bundle.entries.iter().for_each(|one| println!("{}", line(one.entry, &one.leaf, one.payload.as_ref())));
    }
    let mut wrong = chained(&bundle) + named(&bundle);
    if let Some(figure) = bundle.figure {
        wrong += figure_again(&bundle, figure)?;
    }
    if wrong == 0 {
        println!("核验无误。");
    }
    Ok(wrong)
}

fn line(entry: u64, leaf: &Leaf, payload: Option<&Opening>) -> String {
    let fields = payload.map_or(&[][..], Opening::fields);
    let closed = fields.iter().filter(|field| matches!(field, Shown::Closed(_))).count();
    let day = contents::day_of(leaf.recorded_at).map_or_else(String::new, |day| day.to_string());
    let kind = match leaf.kind.as_str() {
        "step" => "步骤",
        "correct" => "更正",
        "void" => "作废",
        "link" => "关联",
        "attach" => "附件",
        "answer" => "答复",
        "adopt" => "采用定义",
        other => other,
    };
    format!("第 {entry} 条\t{day} 记入\t{kind}\t公开 {} 项，遮盖 {closed} 项", fields.len() - closed)
}

/// Each leaf names the one before it of its record: a gap in the middle shows. What was left off at the end does not.
fn chained(bundle: &Bundle<'_>) -> u64 {
    let mut last: BTreeMap<_, Hash> = BTreeMap::new();
    let mut wrong = 0;
    for one in bundle.entries.iter().filter(|one| one.leaf.subject.is_some()) {
        if one.leaf.prev != last.get(&one.leaf.subject).copied() {
            wrong += 1;
            println!("不符：第 {} 条以前，同一案卷还有记入不在包里", one.entry);
        }
        // What was read as a leaf is written as the same leaf.
        let bytes = one.leaf.to_bytes().unwrap_or_default();
        last.insert(one.leaf.subject, leaf_hash(&bytes));
    }
    if wrong == 0 {
        println!("每个案卷的记入从开头起前后相接，中间没有缺。");
    }
    println!(
        "从一个包里看不出有没有漏放：案卷后来的记入、没有放进来的案卷，包里都看不见；日志也不能证明所记是真的、该记的都记了。"
    );
    wrong
}

/// Every file is one that an entry names in the open.
fn named(bundle: &Bundle<'_>) -> u64 {
    let mut wrong = 0;
    for hash in bundle.files.keys() {
        let quoted = format!("\"{}\"", hash.to_hex());
        let names = |field: &Shown| matches!(field, Shown::Open { value, .. } if value.contains(&quoted));
        let by = bundle.entries.iter().find(|one| one.payload.iter().any(|payload| payload.fields().iter().any(names)));
        match by {
            Some(one) => println!("文件 {}：与第 {} 条所记的哈希相符", hash.to_hex(), one.entry),
            None => {
                wrong += 1;
                println!("不符：文件 {} 没有哪一条公开的内容提到", hash.to_hex());
            }
        }
    }
    wrong
}

/// Adds the figure up again, from the entries of the bundle alone.
fn figure_again(bundle: &Bundle<'_>, figure: &[u8]) -> Result<u64, String> {
    let stated: Stated = serde_json::from_slice(figure).map_err(|error| format!("figure.json 读不懂：{error}"))?;
    if stated.format != FIGURE_FORMAT {
        return Err(format!("figure.json 是 {} 格式，这个程序只认识 {FIGURE_FORMAT}", stated.format));
    }
    println!("数字：{}（{}）{} 至 {}：{}", stated.title, stated.figure, stated.from, stated.to, stated.value);
    println!("口径：{}", stated.basis.join("；"));
    let (mut entries, mut found) = (Vec::new(), Vec::new());
    for one in &bundle.entries {
        let read = one.payload.as_ref().ok_or_else(|| "没有内容".to_owned());
        match read.and_then(|opening| contents::entry(one.entry, &one.leaf, opening)) {
            Ok(entry) => entries.push(entry),
            Err(text) => found.push(format!("第 {} 条{text}", one.entry)),
        }
    }
    let sets = contents::sets(&entries)?;
    let sets = contents::lent(&sets);
    if stated.size != bundle.checkpoint.size {
        found.push(format!("数字是日志有 {} 条时的，检查点是 {} 条", stated.size, bundle.checkpoint.size));
    }
    // The leaf names the definition a record was kept under: another set in the bundle would count otherwise.
    let mut first: BTreeMap<_, u64> = BTreeMap::new();
    for (one, entry) in bundle.entries.iter().zip(&entries).filter(|(one, _)| one.leaf.subject.is_some()) {
        let first = *first.entry(one.leaf.subject).or_insert(one.entry);
        let register = opened_under(&sets, first).zip(entry.act.register());
        let hash = register.and_then(|(set, id)| set.register(id)).map(|register| register.hash.clone());
        if hash != one.leaf.definition.map(Hash::to_hex) {
            found.push(format!("第 {} 条是按另一份定义记的，那份定义不在包里", one.entry));
        }
    }
    found.extend(stated.differences(&sets, &entries));
    for text in &found {
        println!("不符：{text}");
    }
    if found.is_empty() {
        println!("由包里的记入重新加：{}，背后记入 {} 条。数字与台账相符。", stated.value, stated.entries.len());
    }
    Ok(found.len() as u64)
}

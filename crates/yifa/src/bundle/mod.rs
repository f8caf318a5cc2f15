//! Bundles (证据包): one record or one figure with its proofs, offline, for somebody who trusts neither us nor our program.
//!
//! The command line and the pages make them here; what they are is said in `docs/bundle.md`, and judged by
//! [`journal::bundle`].

pub mod proved;
mod readme;
pub mod shows;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use anyhow::{Context, Result};
use engine::definition::{Definitions, FieldType, Figure, Register};
use engine::figure::{Period, Reading};
use engine::recount::{Adopted, Stated};
use journal::bundle::{BundleError, MOST_ENTRIES, Part, Parts, pack};
use journal::canonical::canonical;
use journal::hash::{Hash, sha256};
use journal::key::SignerKey;

use crate::folder::Folder;
use crate::refused::refuse;
use crate::sets::Sets;
use crate::storage::Db;
use crate::storage::log::entries_of;
use proved::{Proof, adoption, of_record};
use readme::{About, readme};
use shows::{Shows, counted, field, paths};

/// Most bytes of a bundle, attachments included: it is put together in memory.
pub const LARGEST: u64 = 256 << 20;

/// A bundle that was put together.
pub struct Packed {
    parts: Parts,
    key: SignerKey,
    /// How many entries it holds.
    pub entries: usize,
    /// How many were recorded a moment ago and have to wait for the next signature; they are not in it.
    pub waiting: usize,
    /// How many attachments it holds.
    pub files: usize,
    /// How many values of its entries are open, and how many closed.
    pub counted: (usize, usize),
}

impl Packed {
    /// The bytes of the file.
    ///
    /// # Errors
    /// Larger than [`LARGEST`].
    pub fn bytes(self) -> Result<Vec<u8>> {
        let size = self.parts.values().map(|part| part.len() as u64).sum();
        fits(size)?;
        let mut bytes = Vec::with_capacity(size as usize);
        pack(self.parts, &self.key, |piece| -> Result<(), BundleError> {
            bytes.extend_from_slice(piece);
            Ok(())
        })?;
        Ok(bytes)
    }
}

/// A record to be bundled.
pub struct Of<'o> {
    /// The register it was opened under.
    pub register: &'o Register,
    /// Its id.
    pub id: &'o str,
    /// What it is called.
    pub called: &'o str,
}

/// A bundle of one record: its signed entries, shown as asked; with the files they name in the open, if asked for.
///
/// # Errors
/// Entries that do not agree with what was signed, files that are gone, nothing signed yet, or too much of it.
pub fn record(folder: &Folder, db: &Db, of: &Of<'_>, shows: &Shows, files: bool) -> Result<Packed> {
    let proof = Proof::of_record(folder, db, of.id, shows)?;
    if let Some(name) = shows.unfilled(proof.entries.iter().map(|one| &one.opening)) {
        let text = format!("这个案卷里没有填过“{name}”");
        return Err(refuse(731, text, "请用 yifa show 查看案卷里填了什么"));
    }
    let mut lines = vec![format!("登记簿：{}", of.register.title)];
    lines.push(match shows {
        // Number and title say what closed fields say.
        Shows::Only(wanted) => {
            let names: Vec<&str> = wanted.keys().map(String::as_str).collect();
            format!("一个案卷，只公开：{}。", names.join("、"))
        }
        Shows::Public | Shows::All => format!("案卷：{}", of.called),
    });
    if shows.personal(of.register) {
        lines.push("公开了个人信息：只供所说的用途，不要再转给别人。".to_owned());
    }
    let mut packed = put_together(folder, proof, lines, None)?;
    if files {
        let named = named(&packed, of.register);
        packed.files = named.len();
        for hash in named {
            let bytes = attached(folder, &hash, &packed)?;
            packed.parts.insert(Part::File(hash), bytes);
        }
    }
    Ok(packed)
}

/// A figure to be bundled.
pub struct Read<'r> {
    /// The sets the journal adopted.
    pub sets: &'r Sets,
    /// The figure.
    pub figure: &'r Figure,
    /// The days it was read for.
    pub period: Period,
    /// What was read, of as many entries as were signed.
    pub reading: &'r Reading,
    /// The entries it counts, each with its record.
    pub behind: &'r [(u64, String)],
    /// How many entries were signed.
    pub size: u64,
}

/// A bundle of one figure: all signed entries of every record behind it, personal values closed, and the definitions those
/// were kept and it is counted under.
///
/// # Errors
/// As [`record`]; and a figure that does not come out of those entries again.
pub fn figure(folder: &Folder, db: &Db, read: &Read<'_>) -> Result<Packed> {
    let records: BTreeSet<&str> = read.behind.iter().map(|(_, record)| record.as_str()).collect();
    let mut proof = Proof::begun(folder, db)?;
    let size = proof.checkpoint.size;
    if size != read.size {
        return Err(refuse(734, "读数字的时候，日志又签署了一次", "请再做一次"));
    }
    let (mut entries, mut firsts) = (Vec::new(), BTreeSet::new());
    for record in records {
        let all = of_record(db, record, &Shows::Public)?;
        firsts.extend(all.first().map(|one| one.index));
        proof.entries.extend(all.into_iter().filter(|one| one.index < size));
        bounded(proof.entries.len())?;
        entries.extend(entries_of(db, record)?.0.into_iter().filter(|entry| entry.index < size));
    }
    entries.sort_by_key(|entry| entry.index);
    let sets = adopted(read.sets, &firsts, size)?;
    for (index, _) in &sets {
        proof.entries.extend(adoption(db, *index)?);
    }
    let (current, _) = sets.last().context("a set in force")?;
    let indices = read.behind.iter().map(|(entry, _)| *entry);
    let stated = Stated::of((*current, read.figure), read.reading, read.period, indices, size);
    let lent: Vec<Adopted<'_>> = sets.iter().map(|(index, set)| (*index, &**set)).collect();
    // What its own verifier would refuse is not handed out.
    if let Some(difference) = stated.differences(&lent, &entries).into_iter().next() {
        let text = format!("“{}”由记入重新加，与显示的不同：{difference}", read.figure.title);
        return Err(refuse(735, text, "请运行 yifa rebuild 看哪里不同，并报告维护者"));
    }
    let lines = vec![
        format!("数字：{}，{} 至 {}", stated.title, stated.from, stated.to),
        format!(
            "值：{}，背后记入 {} 条，其中补录 {}，有标记 {}",
            stated.value,
            stated.entries.len(),
            stated.late,
            stated.flagged
        ),
        format!("口径：{}", stated.basis.join("；")),
    ];
    proof.entries.sort_by_key(|one| one.index);
    proof.prove(db)?;
    let json = canonical(&serde_json::to_value(&stated)?)?;
    put_together(folder, proof, lines, Some(json))
}

/// The sets some records were opened under and the one in force when the journal had so many entries, in order.
fn adopted(sets: &Sets, firsts: &BTreeSet<u64>, size: u64) -> Result<Vec<(u64, Arc<Definitions>)>> {
    let current = sets.at(Some(size))?;
    let under = |first: &u64| sets.all().iter().rfind(|set| set.index < *first);
    let wanted = firsts.iter().filter_map(under).chain([current]);
    let found: BTreeMap<u64, Arc<Definitions>> = wanted.map(|set| (set.index, set.set.clone())).collect();
    Ok(found.into_iter().collect())
}

fn put_together(folder: &Folder, proof: Proof, lines: Vec<String>, figure: Option<String>) -> Result<Packed> {
    bounded(proof.entries.len())?;
    if let Some((one, fault)) = proof.entries.iter().find_map(|one| Some((one, one.fault.as_ref()?))) {
        let text = format!("第 {} 条与签署时不符（{fault}），不能放进证据包", one.index);
        return Err(refuse(733, text, "请停止使用并报告县司法局；运行 yifa verify 可以看到是哪一项"));
    }
    let key = folder.key()?;
    let mut parts = Parts::new();
    let (mut numbers, mut waiting, mut all) = (Vec::new(), 0, (0, 0));
    for one in &proof.entries {
        let Some(proved) = &one.proof else {
            waiting += 1;
            continue;
        };
        numbers.push(one.index);
        let (open, closed) = counted(&one.opening);
        all = (all.0 + open, all.1 + closed);
        parts.insert(Part::Leaf(one.index), one.leaf.clone());
        parts.insert(Part::Proof(one.index), proved.to_text().into_bytes());
        parts.insert(Part::Payload(one.index), one.opening.to_bytes());
    }
    if numbers.is_empty() {
        return Err(refuse(
            734,
            "刚记入的还没有签署，没有可以放进证据包的",
            "签署在记入以后一秒左右完成，请稍等再做一次",
        ));
    }
    let entries = numbers.len();
    let about = About {
        town: &folder.config.town,
        lines,
        entries: numbers,
        closed: all.1,
        checkpoint: &proof.checkpoint,
        key: key.verifier(),
        figure: figure.is_some(),
    };
    parts.insert(Part::Readme, readme(&about).into_bytes());
    parts.insert(Part::Checkpoint, proof.note.into_bytes());
    parts.extend(figure.map(|json| (Part::Figure, json.into_bytes())));
    Ok(Packed { parts, key, entries, waiting, files: 0, counted: all })
}

fn bounded(entries: usize) -> Result<()> {
    if entries <= MOST_ENTRIES {
        return Ok(());
    }
    let text = format!("这个数字背后的案卷有 {MOST_ENTRIES} 条以上的记入，一个证据包放不下");
    Err(refuse(
        730,
        text,
        "请分开做：选背后记入少一些的数字或者年度；要全部的，用 yifa journal export --contents 导出整本日志",
    ))
}

fn fits(size: u64) -> Result<()> {
    if size <= LARGEST {
        return Ok(());
    }
    let text = format!("证据包有 {} MB，最多 {} MB", size >> 20, LARGEST >> 20);
    Err(refuse(730, text, "附件太大的，不要写 --files，另外用盘交付；它们的哈希在包里"))
}

/// The files that the entries of a bundle name in the open.
fn named(packed: &Packed, register: &Register) -> BTreeSet<Hash> {
    let fields = register.steps.iter().flat_map(|step| &step.fields);
    let fields: BTreeSet<&str> =
        fields.filter(|field| field.kind == FieldType::File).map(|field| field.id.value.as_str()).collect();
    let is_file = |path: &str| field(path).map_or(path == "/file", |field| fields.contains(field));
    let payloads = packed.parts.iter().filter(|(part, _)| matches!(part, Part::Payload(_)));
    let openings = payloads.filter_map(|(_, bytes)| journal::opening::Opening::from_bytes(bytes).ok());
    let mut found = BTreeSet::new();
    for opening in openings {
        for path in paths(&opening).filter(|path| is_file(path)) {
            let value = opening.value(path).and_then(|value| serde_json::from_str(value).ok());
            let texts = match value {
                Some(serde_json::Value::String(one)) => vec![one],
                Some(serde_json::Value::Array(all)) => {
                    all.iter().filter_map(|one| one.as_str().map(str::to_owned)).collect()
                }
                _ => Vec::new(),
            };
            found.extend(texts.iter().filter_map(|text| text.parse::<Hash>().ok()));
        }
    }
    found
}

/// The bytes of an attachment, which have to be what its name says.
fn attached(folder: &Folder, hash: &Hash, packed: &Packed) -> Result<Vec<u8>> {
    let path = folder.files().join(hash.to_hex());
    let gone = |what: &str| {
        let text = format!("附件 {} {what}，不能放进证据包", hash.to_hex());
        refuse(733, text, "请从备份取回；不需要附件的，不要写 --files")
    };
    let already: u64 = packed.parts.values().map(|part| part.len() as u64).sum();
    let size = std::fs::metadata(&path).map_err(|_| gone("不见了"))?.len();
    fits(already + size)?;
    let bytes = std::fs::read(&path).map_err(|_| gone("读不了"))?;
    if sha256(&bytes) == *hash { Ok(bytes) } else { Err(gone("的内容被改动过")) }
}

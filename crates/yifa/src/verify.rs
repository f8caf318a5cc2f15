//! Verifying a data folder: every entry, payload, sealed value, tile and file hashed again (核验).

mod payload;

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;

use anyhow::Result;
use engine::value::Fields;
use journal::difference::Difference;
use journal::entry::LeafRef;
use journal::hash::{EMPTY_ROOT, Hash};
use journal::key::VerifierKey;
use journal::tree::Frontier;
use journal::verify::Verifier;
use serde::Serialize;

use crate::append::{current_keys, last_signed};
use crate::attachment::hashed;
use crate::folder::Folder;
use crate::refused::Refused;
use crate::storage::log::hash;
use crate::storage::{Db, Row, params};
use crate::witness::kept::{self, Witnessed};
use payload::{BATCH, Batch, Payload, Payloads};

/// Something that is not as it was signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Differs {
    /// The entry.
    pub entry: Option<u64>,
    /// The record.
    pub record: Option<String>,
    /// The field, as a path inside the payload, or the column.
    pub field: Option<String>,
    /// What differs, in Chinese.
    pub text: String,
}

/// What a verification found.
#[derive(Debug, Default, Serialize)]
pub struct Verified {
    /// Entries hashed.
    pub entries: u64,
    /// Files hashed.
    pub files: u64,
    /// How many entries the last signed checkpoint covers.
    pub signed: u64,
    /// Who else signed that he saw them, as far as the entries still agree with what he saw.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub witnessed: Vec<Witnessed>,
    /// The root they add up to, base64.
    pub root: String,
    /// What differs; at most [`MOST`] are kept.
    pub differs: Vec<Differs>,
    /// How many differences there are.
    pub count: u64,
}

/// How many differences are named.
pub const MOST: usize = 200;

impl Verified {
    fn differ(&mut self, entry: Option<u64>, record: &str, field: Option<&str>, text: impl Into<String>) {
        self.count += 1;
        if self.differs.len() < MOST {
            let record = (!record.is_empty()).then(|| record.to_owned());
            self.differs.push(Differs { entry, record, field: field.map(str::to_owned), text: text.into() });
        }
    }
}

impl Verified {
    /// What another thread found, in the order of the entries.
    fn add(&mut self, other: Verified) {
        self.count += other.count;
        self.differs.extend(other.differs);
        self.differs.sort_by_key(|one| one.entry.unwrap_or(u64::MAX));
        self.differs.truncate(MOST);
    }
}

/// Verifies everything, against what was signed with one of the keys; without any, with the folder's own.
pub fn verify(folder: &Folder, db: &Db, keys: Option<&[VerifierKey]>, progress: &dyn Fn(u64)) -> Result<Verified> {
    // One moment: a writer may go on beside it. Nothing is read before `entries` has read what was signed last, so what is
    // read there holds at least that.
    db.begin()?;
    let found = verify_moment(folder, db, keys, progress);
    db.commit()?;
    found
}

fn verify_moment(folder: &Folder, db: &Db, keys: Option<&[VerifierKey]>, progress: &dyn Fn(u64)) -> Result<Verified> {
    let mut found = Verified::default();
    let mut wanted = BTreeSet::new();
    // SQLite reads every page for its own check; that takes as long as all the rest, which need not wait for it.
    let beside = folder.reader()?;
    let damage = std::thread::scope(|scope| {
        let damage = scope.spawn(move || beside.damage());
        entries(folder, db, keys, &mut found, &mut wanted, progress)?;
        tiles(db, &mut found)?;
        damage.join().map_err(|_| anyhow::anyhow!("the checking thread panicked"))?
    })?;
    for line in damage {
        found.differ(None, "", Some("journal.db"), format!("数据库文件有损坏：{line}"));
    }
    files(folder, &mut found, &wanted)?;
    Ok(found)
}

fn entries(
    folder: &Folder,
    db: &Db,
    keys: Option<&[VerifierKey]>,
    found: &mut Verified,
    wanted: &mut BTreeSet<String>,
    progress: &dyn Fn(u64),
) -> Result<()> {
    let keys = keys.map_or_else(|| current_keys(folder), |keys| Ok(keys.to_vec()));
    let witnessed = keys.as_ref().map_or_else(|_| Ok(Vec::new()), |keys| witnessed(folder, keys, found))?;
    let signed = match keys.and_then(|keys| last_signed(folder, db, &keys)) {
        Ok(signed) => signed,
        Err(error) => match error.downcast::<Refused>() {
            Ok(Refused(problems)) => {
                for problem in problems {
                    found.differ(None, "", None, problem.text);
                }
                None
            }
            Err(error) => return Err(error),
        },
    };
    let payloads = Payloads::new(db, folder.config.mirror.is_some());
    let mut verifier = Verifier::new(&folder.config.origin);
    let mut frontier = Frontier::new();
    let mut seen = BTreeMap::new();
    let mut root_when_signed = signed.as_ref().filter(|signed| signed.size == 0).map(|_| frontier.root());
    // This thread reads and grows the tree; payloads, which are most of what is hashed, wait for nothing else.
    payloads.beside(found, wanted, |found, waiting| {
        let mut batch = Batch::new(db);
        db.each(
            "SELECT e.idx, e.id, e.kind, e.record, e.recorded_at, e.actor, e.leaf, e.leaf_hash, p.body, p.salt, p.digests \
             FROM entry e LEFT JOIN payload p ON p.town_id = e.town_id AND p.idx = e.idx WHERE e.town_id = $1 ORDER BY e.idx",
            params![],
            |row| {
                let index = row.get::<i64>(0)? as u64;
                let record: String = row.get(3).unwrap_or_default();
                let expected = frontier.size();
                if index.checked_sub(expected).is_none_or(|gone| gone > MOST_GONE) {
                    found.differ(Some(index), &record, None, "日志里不该有这个编号的记入");
                    return Ok(());
                }
                if index > expected {
                    // Said once; whatever follows is judged at its own number.
                    let to = if index > expected + 1 { format!("至第 {} 条", index - 1) } else { String::new() };
                    found.differ(Some(expected), "", None, format!("{to}不见了"));
                    (expected..index).for_each(|_| {
                        verifier.gap();
                        frontier.push(EMPTY_ROOT);
                    });
                }
                let leaf = row.get_ref(6)?.as_blob().unwrap_or_default();
                let computed = verifier.entry(index, leaf);
                frontier.push(computed);
                if row.get_ref(7)?.as_blob().ok() != Some(&computed.0[..]) {
                    found.differ(Some(index), &record, Some("leaf_hash"), "存下的哈希与记入不符");
                }
                if signed.as_ref().is_some_and(|signed| signed.size == frontier.size()) {
                    root_when_signed = Some(frontier.root());
                }
                if witnessed.iter().any(|one| one.size == frontier.size()) {
                    seen.insert(frontier.size(), frontier.root());
                }
                if let Ok(leaf) = LeafRef::parse(leaf) {
                    columns(row, index, &record, &leaf, found)?;
                    match row.get_ref(8)?.as_str_or_null() {
                        Ok(Some(body)) => batch.payloads.push(Payload {
                            index,
                            record,
                            commitment: leaf.commitment,
                            body: body.to_owned(),
                            salt: row.get_ref(9)?.as_blob().unwrap_or_default().to_vec(),
                            digests: row.get_ref(10)?.as_blob().unwrap_or_default().to_vec(),
                            sealed: Fields::new(),
                        }),
                        _ => found.differ(Some(index), &record, None, "内容不见了"),
                    }
                }
                found.entries += 1;
                if found.entries.is_multiple_of(BATCH) {
                    batch.send(index + 1, found, waiting)?;
                    progress(found.entries);
                }
                Ok(())
            },
        )?;
        // Personal values behind the last entry belong to none.
        batch.send(i64::MAX as u64, found, waiting)
    })?;
    found.root = frontier.root().to_base64();
    let local = journal::checkpoint::Checkpoint {
        origin: folder.config.origin.clone(),
        size: frontier.size(),
        root: frontier.root(),
    };
    let report = verifier.finish(&local);
    for difference in report.differences.list() {
        let (entry, text) = said(difference);
        found.differ(entry, "", None, text);
    }
    match (&signed, root_when_signed) {
        (Some(signed), Some(root)) if root != signed.root => {
            found.differ(None, "", None, format!("前 {} 条的根与签署时的不同：日志被改动过", signed.size));
        }
        (Some(signed), None) => {
            let text = format!("已签署 {} 条，实有 {} 条：后面的不见了", signed.size, frontier.size());
            found.differ(None, "", None, text);
        }
        _ => {}
    }
    for one in witnessed {
        match seen.get(&one.size) {
            Some(root) if *root == one.root => found.witnessed.push(one),
            Some(_) => {
                let text = format!("前 {} 条与{}见证时的不同：日志被改动过", one.size, one.name);
                found.differ(None, "", Some("witness"), text);
            }
            None => {
                let text = format!("{}见证过 {} 条，实有 {} 条：后面的不见了", one.name, one.size, frontier.size());
                found.differ(None, "", Some("witness"), text);
            }
        }
    }
    found.signed = signed.map_or(0, |signed| signed.size);
    let head = crate::storage::log::Head::load(db);
    if !head.is_ok_and(|head| head.frontier.to_bytes() == frontier.to_bytes()) {
        found.differ(None, "", Some("log_head"), "记着的右沿与记入推得的不符");
    }
    Ok(())
}

/// What the township's witnesses say; that a key in `yifa.toml` is none is a difference like any other.
fn witnessed(folder: &Folder, keys: &[VerifierKey], found: &mut Verified) -> Result<Vec<Witnessed>> {
    match kept::signed_by(folder, keys) {
        Ok(all) => Ok(all),
        Err(error) => {
            let Refused(problems) = error.downcast::<Refused>()?;
            problems.into_iter().for_each(|problem| found.differ(None, "", None, problem.text));
            Ok(Vec::new())
        }
    }
}

/// How many entries in a row may be gone before an entry behind them is rather one with a made-up number.
const MOST_GONE: u64 = 10_000_000;

/// The entry a difference is about, and what differs, in Chinese.
fn said(difference: &Difference) -> (Option<u64>, &'static str) {
    match difference {
        Difference::Leaf { entry, .. } => (Some(*entry), "记入的格式坏了"),
        Difference::Origin { entry, .. } => (Some(*entry), "是别的日志的记入"),
        Difference::Prev { entry, .. } => (Some(*entry), "接不上同一案卷的上一条：两条之一被改动过，或者中间少了一条"),
        Difference::LeafHash { entry, .. } => (Some(*entry), "哈希与记入不符"),
        _ => (None, "记入推得的根前后不一"),
    }
}

/// The columns beside a leaf repeat what it says, for queries; they must repeat it truly.
fn columns(row: &Row<'_>, index: u64, record: &str, leaf: &LeafRef<'_>, found: &mut Verified) -> Result<()> {
    let subject = leaf.subject.map_or_else(String::new, |id| id.to_string());
    let actor = leaf.actor.map_or_else(String::new, |id| id.to_string());
    for (column, same) in [
        ("id", row.get_ref(1)?.as_str().is_ok_and(|id| id == leaf.id.to_string())),
        ("kind", row.get_ref(2)?.as_str().is_ok_and(|kind| kind == leaf.kind)),
        ("record", record == subject),
        ("recorded_at", row.get::<i64>(4).is_ok_and(|at| at == leaf.recorded_at)),
        ("actor", row.get_ref(5)?.as_str().is_ok_and(|is| is == actor)),
    ] {
        if !same {
            found.differ(Some(index), record, Some(column), "这一列与记入本身不符");
        }
    }
    Ok(())
}

/// Stored tiles are the source of proofs: every one is computed again.
fn tiles(db: &Db, found: &mut Verified) -> Result<()> {
    let mut tiler = journal::tiler::Tiler::new();
    let mut expected: BTreeMap<(u8, u64), Vec<u8>> = BTreeMap::new();
    let mut checked = 0_u64;
    let mut wrong = Vec::new();
    db.each("SELECT leaf_hash, idx FROM entry WHERE town_id = $1 ORDER BY idx", params![], |row| {
        // A hash that is none, or is gone, was named above; the tile over it cannot be right either.
        let leaf = hash(row.get_ref(0)?.as_blob().unwrap_or_default()).unwrap_or(EMPTY_ROOT);
        let index = row.get::<i64>(1)? as u64;
        let Some(gone) = index.checked_sub(tiler.size()).filter(|gone| *gone <= MOST_GONE) else { return Ok(()) };
        for leaf in std::iter::repeat_n(EMPTY_ROOT, gone as usize).chain([leaf]) {
            tiler.push(leaf, |id, hashes: &[Hash]| {
                expected.insert((id.level, id.index), journal::tile::encode_tile(hashes));
            });
        }
        for ((level, n), bytes) in std::mem::take(&mut expected) {
            let sql = "SELECT hashes FROM tile WHERE town_id = $1 AND level = $2 AND n = $3";
            let stored = db.one(sql, params![level, n as i64], |row| row.get::<Vec<u8>>(0))?;
            checked += 1;
            if stored.as_deref() != Some(&bytes[..]) {
                wrong.push(format!("瓦片 {level}/{n} 与记入推得的不符"));
            }
        }
        Ok(())
    })?;
    let stored: Option<i64> = db.one("SELECT count(*) FROM tile WHERE town_id = $1", params![], |row| row.get(0))?;
    if stored.unwrap_or(0) as u64 != checked && wrong.is_empty() {
        wrong.push(format!("瓦片应有 {checked} 块，存有 {} 块", stored.unwrap_or(0)));
    }
    for text in wrong {
        found.differ(None, "", Some("tile"), text);
    }
    Ok(())
}

/// Attachments are named by what they contain.
fn files(folder: &Folder, found: &mut Verified, wanted: &BTreeSet<String>) -> Result<()> {
    for name in wanted {
        let path = folder.files().join(name);
        let Ok(file) = File::open(&path) else {
            if folder.config.mirror.is_some() {
                // Files stay at the township; their hashes are in the entries.
                continue;
            }
            found.differ(None, "", Some(name), "附件不见了");
            continue;
        };
        let is = hashed(file, &path, |_| Ok(()))?;
        found.files += 1;
        if is != *name {
            found.differ(None, "", Some(name), "附件的内容被改动过");
        }
    }
    Ok(())
}

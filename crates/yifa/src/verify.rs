//! Verifying a data folder: every entry, payload, sealed value, tile and file hashed again (核验).

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::Read;

use anyhow::{Context, Result};
use engine::definition::FieldType;
use engine::value::Fields;
use journal::entry::LeafRef;
use journal::hash::Hash;
use journal::payload::{Digests, PayloadFault, Salt, verify_payload};
use journal::tree::Frontier;
use journal::verify::Verifier;
use rusqlite::params;
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::append::last_signed;
use crate::folder::Folder;
use crate::refused::Refused;
use crate::sets::Sets;
use crate::storage::log::{hash, sealed, whole};
use crate::storage::{Db, TOWN};

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

/// Verifies everything.
pub fn verify(folder: &Folder, db: &Db, progress: &dyn Fn(u64)) -> Result<Verified> {
    let mut found = Verified::default();
    let mut wanted = BTreeSet::new();
    entries(folder, db, &mut found, &mut wanted, progress)?;
    tiles(db, &mut found)?;
    for line in crate::storage::sqlite::damage(db)? {
        found.differ(None, "", Some("journal.db"), format!("数据库文件有损坏：{line}"));
    }
    files(folder, &mut found, &wanted)?;
    Ok(found)
}

fn entries(
    folder: &Folder,
    db: &Db,
    found: &mut Verified,
    wanted: &mut BTreeSet<String>,
    progress: &dyn Fn(u64),
) -> Result<()> {
    let signed = match last_signed(folder, db) {
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
    let file_fields = file_fields(db);
    let mut sealed = sealed(db)?;
    let mut verifier = Verifier::new(&folder.config.origin);
    let mut frontier = Frontier::new();
    let mut root_when_signed = signed.as_ref().filter(|signed| signed.size == 0).map(|_| frontier.root());
    db.each(
        "SELECT e.idx, e.id, e.kind, e.record, e.recorded_at, e.actor, e.leaf, e.leaf_hash, p.body, p.salt, p.digests \
         FROM entry e LEFT JOIN payload p ON p.town_id = e.town_id AND p.idx = e.idx WHERE e.town_id = $1 ORDER BY e.idx",
        [TOWN],
        |row| {
            let index = row.get::<_, i64>(0)? as u64;
            let record: String = row.get(3).unwrap_or_default();
            let leaf = row.get_ref(6)?.as_blob().unwrap_or_default();
            let computed = verifier.entry(index, leaf);
            frontier.push(computed);
            if row.get_ref(7)?.as_blob().ok() != Some(&computed.0[..]) {
                found.differ(Some(index), &record, Some("leaf_hash"), "存下的哈希与条目不符");
            }
            if signed.as_ref().is_some_and(|signed| signed.size == frontier.size()) {
                root_when_signed = Some(frontier.root());
            }
            if let Ok(leaf) = LeafRef::parse(leaf) {
                columns(row, index, &record, &leaf, found)?;
                payload(row, index, &record, &leaf, sealed.remove(&index).unwrap_or_default(), found, wanted, &file_fields)?;
            }
            found.entries += 1;
            if found.entries.is_multiple_of(1024) {
                progress(found.entries);
            }
            Ok(())
        },
    )?;
    for (index, fields) in sealed {
        let names: Vec<&str> = fields.keys().map(String::as_str).collect();
        found.differ(Some(index), "", Some(names[0]), "封存的内容没有对应的条目");
    }
    found.root = frontier.root().to_base64();
    let local = journal::checkpoint::Checkpoint {
        origin: folder.config.origin.clone(),
        size: frontier.size(),
        root: frontier.root(),
    };
    let report = verifier.finish(&local);
    for difference in report.differences.list() {
        found.differ(None, "", None, format!("条目：{difference}"));
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
    found.signed = signed.map_or(0, |signed| signed.size);
    let head = crate::storage::log::Head::load(db);
    if !head.is_ok_and(|head| head.frontier.to_bytes() == frontier.to_bytes()) {
        found.differ(None, "", Some("log_head"), "记着的右沿与条目推得的不符");
    }
    Ok(())
}

/// The columns beside a leaf repeat what it says, for queries; they must repeat it truly.
fn columns(row: &rusqlite::Row<'_>, index: u64, record: &str, leaf: &LeafRef<'_>, found: &mut Verified) -> Result<()> {
    let subject = leaf.subject.map_or_else(String::new, |id| id.to_string());
    let actor = leaf.actor.map_or_else(String::new, |id| id.to_string());
    for (column, same) in [
        ("id", row.get_ref(1)?.as_str().is_ok_and(|id| id == leaf.id.to_string())),
        ("kind", row.get_ref(2)?.as_str().is_ok_and(|kind| kind == leaf.kind)),
        ("record", record == subject),
        ("recorded_at", row.get::<_, i64>(4).is_ok_and(|at| at == leaf.recorded_at)),
        ("actor", row.get_ref(5)?.as_str().is_ok_and(|is| is == actor)),
    ] {
        if !same {
            found.differ(Some(index), record, Some(column), "这一列与条目本身不符");
        }
    }
    Ok(())
}

#[expect(clippy::too_many_arguments, reason = "one row of a wide query, judged in one place")]
fn payload(
    row: &rusqlite::Row<'_>,
    index: u64,
    record: &str,
    leaf: &LeafRef<'_>,
    sealed: Fields,
    found: &mut Verified,
    wanted: &mut BTreeSet<String>,
    file_fields: &BTreeSet<(String, String, String)>,
) -> Result<()> {
    let Ok(Some(body)) = row.get_ref(8)?.as_str_or_null() else {
        found.differ(Some(index), record, None, "内容不见了");
        return Ok(());
    };
    let salt: Option<[u8; 32]> = row.get_ref(9)?.as_blob().unwrap_or_default().try_into().ok();
    let digests = Digests::from_bytes(row.get_ref(10)?.as_blob().unwrap_or_default());
    let (Some(salt), Some(digests)) = (salt, digests) else {
        found.differ(Some(index), record, None, "盐或者摘要残缺");
        return Ok(());
    };
    let payload = match whole(body, &sealed) {
        Ok(payload) => payload,
        Err(_) => {
            found.differ(Some(index), record, None, "内容已经不是合法的 JSON");
            return Ok(());
        }
    };
    for (register, step, field) in file_fields.iter() {
        // A correction does not say of which step: its file fields are looked for under every step.
        let of_step = payload["step"] == step.as_str() || payload["kind"] == "correct";
        if payload["register"] == register.as_str() && of_step {
            let values = [&payload["fields"][field], &payload["sealed"][field]];
            for value in values.into_iter().flat_map(|value| match value {
                serde_json::Value::Array(items) => items.iter().collect(),
                other => vec![other],
            }) {
                wanted.extend(value.as_str().map(str::to_owned));
            }
        }
    }
    if payload["kind"] == "attach" {
        wanted.extend(payload["file"].as_str().map(str::to_owned));
    }
    match verify_payload(&leaf.commitment, &payload, &Salt(salt), Some(&digests)) {
        Ok(()) => {}
        Err(PayloadFault::Fields { changed, missing }) => {
            for path in &changed {
                found.differ(Some(index), record, Some(path), "这一项的内容与记入时不同");
            }
            if missing > 0 {
                found.differ(Some(index), record, None, format!("记入时的 {missing} 项内容不见了"));
            }
        }
        Err(fault) => found.differ(Some(index), record, None, format!("内容与条目的承诺不符（{fault}）")),
    }
    Ok(())
}

fn file_fields(db: &Db) -> BTreeSet<(String, String, String)> {
    let mut fields = BTreeSet::new();
    // A set that cannot be read any more shows as a changed payload of its own entry.
    let Ok(sets) = Sets::load(db) else { return fields };
    for register in sets.all().iter().flat_map(|set| set.set.registers.values()) {
        for step in &register.steps {
            for field in step.fields.iter().filter(|field| field.kind == FieldType::File) {
                fields.insert((register.id.value.clone(), step.id.value.clone(), field.id.value.clone()));
            }
        }
    }
    fields
}

/// Stored tiles are the source of proofs: every one is computed again.
fn tiles(db: &Db, found: &mut Verified) -> Result<()> {
    let mut tiler = journal::tiler::Tiler::new();
    let mut expected: BTreeMap<(u8, u64), Vec<u8>> = BTreeMap::new();
    let mut checked = 0_u64;
    let mut wrong = Vec::new();
    db.each("SELECT leaf_hash FROM entry WHERE town_id = $1 ORDER BY idx", [TOWN], |row| {
        // A hash that is none was named above; the tile over it cannot be right either.
        let leaf = hash(row.get_ref(0)?.as_blob().unwrap_or_default()).unwrap_or(journal::hash::EMPTY_ROOT);
        tiler.push(leaf, |id, hashes: &[Hash]| {
            expected.insert((id.level, id.index), journal::tile::encode_tile(hashes));
        });
        for ((level, n), bytes) in std::mem::take(&mut expected) {
            let sql = "SELECT hashes FROM tile WHERE town_id = $1 AND level = $2 AND n = $3";
            let stored = db.one(sql, params![TOWN, level, n as i64], |row| row.get::<_, Vec<u8>>(0))?;
            checked += 1;
            if stored.as_deref() != Some(&bytes[..]) {
                wrong.push(format!("瓦片 {level}/{n} 与条目推得的不符"));
            }
        }
        Ok(())
    })?;
    let stored: Option<i64> = db.one("SELECT count(*) FROM tile WHERE town_id = $1", [TOWN], |row| row.get(0))?;
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
        let mut file = match File::open(&path) {
            Ok(file) => file,
            Err(_) => {
                found.differ(None, "", Some(name), "附件不见了");
                continue;
            }
        };
        let mut hasher = Sha256::new();
        let mut buffer = vec![0; 1 << 16];
        loop {
            let read = file.read(&mut buffer).with_context(|| format!("read {}", path.display()))?;
            if read == 0 {
                break;
            }
            hasher.update(&buffer[..read]);
        }
        found.files += 1;
        let is: String = hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        if is != *name {
            found.differ(None, "", Some(name), "附件的内容被改动过");
        }
    }
    Ok(())
}

//! The journal in the database: entries, tiles, checkpoints.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail};
use engine::act::{Act, Entry};
use engine::value::Fields;
use journal::entry::{Leaf, LeafRef};
use journal::hash::{Hash, leaf_hash, node_hash};
use journal::id::Id;
use journal::opening::Opening;
use journal::payload::{Digests, Salt};
use journal::tile::{TILE_WIDTH, encode_tile};
use journal::tree::{Frontier, Nodes, root_at};
use serde_json::{Value as Json, json};

use super::{Db, Row, params};
use crate::ambient::day_of;
use crate::refused::refuse;

/// The right edge of the tree.
pub struct Head {
    /// Peaks, from which the root is computed.
    pub frontier: Frontier,
}

impl Head {
    /// Reads it; an empty journal has none yet.
    pub fn load(db: &Db) -> Result<Head> {
        // One question: on a server somebody else may write between two.
        let sql = "SELECT (SELECT frontier FROM log_head WHERE town_id = $1), \
                   (SELECT max(idx) FROM entry WHERE town_id = $1)";
        let found = db.one(sql, params![], |row| Ok((row.get::<Option<Vec<u8>>>(0)?, row.get::<Option<i64>>(1)?)))?;
        let (bytes, last) = found.unwrap_or_default();
        let frontier = match bytes {
            Some(bytes) => Frontier::from_bytes(&bytes).context("log_head.frontier")?,
            None => Frontier::new(),
        };
        let entries = last.map_or(0, |last| last as u64 + 1);
        if entries != frontier.size() {
            // Going on would sign entries that do not exist.
            return Err(refuse(
                725,
                format!("日志记着有 {} 条，实有 {entries} 条", frontier.size()),
                "请停止使用，运行 yifa verify 查看，并从备份取回数据库",
            ));
        }
        Ok(Head { frontier })
    }

    /// How many entries there are.
    pub fn size(&self) -> u64 {
        self.frontier.size()
    }

    /// Writes it.
    pub fn store(&self, db: &Db) -> Result<()> {
        db.run(
            "INSERT INTO log_head (town_id, size, frontier) VALUES ($1, $2, $3) \
             ON CONFLICT (town_id) DO UPDATE SET size = excluded.size, frontier = excluded.frontier",
            params![self.size() as i64, self.frontier.to_bytes()],
        )?;
        Ok(())
    }

    /// Adds an entry with its payload and sealed values.
    pub fn append(&mut self, db: &Db, new: &New<'_>) -> Result<Hash> {
        let index = self.size();
        let payload = whole(new.body, new.sealed)?;
        let digests = Digests::of(&payload, new.salt)?;
        let leaf = Leaf {
            origin: new.origin.to_owned(),
            id: new.id,
            kind: new.kind.to_owned(),
            subject: new.subject,
            recorded_at: new.recorded_at,
            actor: Some(new.actor),
            definition: new.definition,
            prev: new.prev,
            commitment: digests.commitment(),
        };
        let bytes = leaf.to_bytes()?;
        let kept = Kept { body: new.body, salt: &new.salt.0, digests: &digests };
        self.put(db, &LeafRef::parse(&bytes)?, &bytes, &kept)?;
        for (field, value) in new.sealed {
            let text = serde_json::to_string(value)?;
            let sql = "INSERT INTO sealed (town_id, idx, field, value) VALUES ($1, $2, $3, $4)";
            db.run(sql, params![index as i64, field, text])?;
        }
        self.push(db, &bytes)
    }

    /// Adds an entry of somebody else's journal as it was signed, with as much of its payload as he shows.
    pub fn copy(&mut self, db: &Db, leaf: &[u8], body: &str, shown: &Opening) -> Result<Hash> {
        let (blinds, digests) = (shown.blinds(), shown.digests());
        let kept = Kept { body, salt: &blinds, digests: &digests };
        self.put(db, &LeafRef::parse(leaf)?, leaf, &kept)?;
        self.push(db, leaf)
    }

    fn put(&self, db: &Db, leaf: &LeafRef<'_>, bytes: &[u8], kept: &Kept<'_>) -> Result<()> {
        let index = self.size() as i64;
        let text = |id: Option<Id>| id.map_or_else(String::new, |id| id.to_string());
        db.run(
            "INSERT INTO entry (town_id, idx, id, kind, record, recorded_at, actor, leaf, leaf_hash) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            params![
                index,
                leaf.id.to_string(),
                leaf.kind,
                text(leaf.subject),
                leaf.recorded_at,
                text(leaf.actor),
                bytes,
                &leaf_hash(bytes).0[..]
            ],
        )?;
        db.run(
            "INSERT INTO payload (town_id, idx, body, salt, digests) VALUES ($1, $2, $3, $4, $5)",
            params![index, kept.body, kept.salt, kept.digests.to_bytes()],
        )?;
        Ok(())
    }

    fn push(&mut self, db: &Db, leaf: &[u8]) -> Result<Hash> {
        let hash = leaf_hash(leaf);
        self.frontier.push(hash);
        self.store_tiles(db)?;
        Ok(hash)
    }

    /// Stores the tiles that the last entry completed. Partial ones are made when they are asked for.
    fn store_tiles(&self, db: &Db) -> Result<()> {
        let width = u64::from(TILE_WIDTH);
        let (mut level, mut count) = (0_u8, self.size());
        while count > 0 && count.is_multiple_of(width) {
            let n = count / width - 1;
            let hashes = match level {
                0 => leaf_hashes(db, n * width, width)?,
                _ => {
                    let mut nodes = StoredNodes { db, size: self.size() };
                    (n * width..(n + 1) * width).map(|i| nodes.node(level * 8, i)).collect::<Result<Vec<_>>>()?
                }
            };
            db.run(
                "INSERT INTO tile (town_id, level, n, hashes) VALUES ($1, $2, $3, $4)",
                params![level, n as i64, encode_tile(&hashes)],
            )?;
            count /= width;
            level += 1;
        }
        Ok(())
    }
}

/// The journal that figures were read from: how many entries it had, and the root that fixes each of them.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Size {
    /// How many entries.
    pub size: u64,
    /// The root, in base64 as on a checkpoint.
    pub root: String,
}

impl Size {
    /// As of now, or of an earlier size.
    pub fn load(db: &Db, size: Option<u64>) -> Result<Size> {
        let head = Head::load(db)?;
        let size = size.unwrap_or(head.size());
        if size > head.size() {
            let text = format!("日志只有 {} 条，不到 {size} 条", head.size());
            return Err(refuse(608, text, "--at 是当时日志的条数，印在报告的“数据来源”里，不超过现在的条数"));
        }
        let root = match size == head.size() {
            true => head.frontier.root(),
            false => root_at(&mut StoredNodes { db, size: head.size() }, size)?,
        };
        Ok(Size { size, root: root.to_base64() })
    }
}

/// What is kept of a payload.
struct Kept<'k> {
    body: &'k str,
    /// The salt; in a mirror, which has none, what makes the shown fields an opening again.
    salt: &'k [u8],
    digests: &'k Digests,
}

/// A payload as far as this folder can open it: in a mirror only what the township shows.
pub fn opened(body: &str, sealed: &Fields, salt: &[u8]) -> Result<Opening> {
    let payload = whole(body, sealed)?;
    Ok(match salt.try_into() {
        Ok(salt) => Opening::full(&payload, &Salt(salt))?,
        Err(_) => Opening::restore(&payload, salt)?,
    })
}

/// An entry about to be added.
pub struct New<'n> {
    /// The journal's name.
    pub origin: &'n str,
    /// Its id.
    pub id: Id,
    /// The word for what it is.
    pub kind: &'n str,
    /// The record it is about.
    pub subject: Option<Id>,
    /// When, in milliseconds UTC.
    pub recorded_at: i64,
    /// Who.
    pub actor: Id,
    /// The register's hash.
    pub definition: Option<Hash>,
    /// The subject's entry before it.
    pub prev: Option<Hash>,
    /// The act as JSON.
    pub body: &'n str,
    /// Personal values.
    pub sealed: &'n engine::value::Fields,
    /// Blinds the payload's fields.
    pub salt: &'n Salt,
}

pub(super) fn leaf_hashes(db: &Db, first: u64, count: u64) -> Result<Vec<Hash>> {
    let sql = "SELECT leaf_hash FROM entry WHERE town_id = $1 AND idx >= $2 AND idx < $3 ORDER BY idx";
    let mut hashes = Vec::with_capacity(count as usize);
    db.each(sql, params![first as i64, (first + count) as i64], |row| {
        hashes.push(hash(row.get_ref(0)?.as_blob()?)?);
        Ok(())
    })?;
    if hashes.len() as u64 != count {
        bail!("an entry between {first} and {} is gone", first + count);
    }
    Ok(hashes)
}

/// The payload the leaf commits to: the act, and the sealed values beside it.
pub fn whole(body: &str, sealed: &engine::value::Fields) -> Result<Json> {
    let mut payload: Json = serde_json::from_str(body)?;
    let object = payload.as_object_mut().context("a payload is an object")?;
    if !sealed.is_empty() {
        object.insert("sealed".to_owned(), json!(sealed));
    }
    Ok(payload)
}

/// Personal values by entry.
pub fn sealed(db: &Db) -> Result<BTreeMap<u64, Fields>> {
    sealed_between(db, 0, i64::MAX as u64)
}

/// Personal values of the entries from one on, up to and without another.
pub fn sealed_between(db: &Db, from: u64, to: u64) -> Result<BTreeMap<u64, Fields>> {
    let mut all: BTreeMap<u64, Fields> = BTreeMap::new();
    let sql = "SELECT idx, field, value FROM sealed WHERE town_id = $1 AND idx >= $2 AND idx < $3 ORDER BY idx, field";
    db.each(sql, params![from as i64, to as i64], |row| {
        let text: String = row.get(2)?;
        // What is no value any more cannot match its digest, and is named by it.
        let value = serde_json::from_str(&text).unwrap_or(engine::value::Value::Text(text));
        all.entry(row.get::<i64>(0)? as u64).or_default().insert(row.get(1)?, value);
        Ok(())
    })?;
    Ok(all)
}

/// The personal values of a step as they stand after its corrections.
pub fn sealed_of(db: &Db, entries: &[Entry], step: &str) -> Result<engine::value::Fields> {
    let mut fields = engine::value::Fields::new();
    for entry in entries {
        let about = match &entry.act {
            Act::Step(_) => entry.id == step,
            Act::Correct { of, .. } => of == step,
            _ => false,
        };
        if !about {
            continue;
        }
        let sql = "SELECT field, value FROM sealed WHERE town_id = $1 AND idx = $2 ORDER BY field";
        for (field, value) in
            db.rows(sql, params![entry.index as i64], |row| Ok((row.get::<String>(0)?, row.get::<String>(1)?)))?
        {
            fields.insert(field, serde_json::from_str(&value)?);
        }
    }
    Ok(fields)
}

/// A record's entries in order, and the leaf hash of the last.
pub type Entries = (Vec<Entry>, Option<Hash>);

/// Asks for those of a record.
pub const ENTRIES_OF: &str = "SELECT e.idx, e.id, e.recorded_at, e.actor, p.body, e.leaf_hash \
     FROM entry e JOIN payload p ON p.town_id = e.town_id AND p.idx = e.idx \
     WHERE e.town_id = $1 AND e.record = $2 ORDER BY e.idx";

/// Adds the next that [`ENTRIES_OF`] answers.
pub fn add((entries, last): &mut Entries, row: &Row<'_>) -> Result<()> {
    entries.push(entry(row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get_ref(4)?.as_str()?)?);
    *last = Some(hash(row.get_ref(5)?.as_blob()?)?);
    Ok(())
}

/// Those of one record.
pub fn entries_of(db: &Db, record: &str) -> Result<Entries> {
    let mut all = Entries::default();
    db.each(ENTRIES_OF, params![record], |row| add(&mut all, row))?;
    Ok(all)
}

/// An entry out of its columns.
pub fn entry(index: i64, id: String, recorded_at: i64, actor: String, body: &str) -> Result<Entry> {
    let act: Act = serde_json::from_str(body).with_context(|| format!("the payload of entry {index}"))?;
    Ok(Entry { index: index as u64, id, recorded: day_of(recorded_at), actor, act })
}

/// A hash out of a column.
pub fn hash(bytes: &[u8]) -> Result<Hash> {
    Ok(Hash(bytes.try_into().context("a hash of 32 bytes")?))
}

/// The nodes of the tree, out of stored tiles and leaf hashes.
pub struct StoredNodes<'d> {
    /// The database.
    pub db: &'d Db,
    /// How many entries there are.
    pub size: u64,
}

impl Nodes for StoredNodes<'_> {
    type Error = anyhow::Error;

    fn size(&self) -> u64 {
        self.size
    }

    fn node(&mut self, level: u8, index: u64) -> Result<Hash> {
        if level == 0 {
            let sql = "SELECT leaf_hash FROM entry WHERE town_id = $1 AND idx = $2";
            let found = self.db.one(sql, params![index as i64], |row| row.get::<Vec<u8>>(0))?;
            return hash(&found.with_context(|| format!("entry {index} is gone"))?);
        }
        // Below the tiles all leaves of a node stand side by side: one read, however many.
        if level < 8 {
            let (width, sql) =
                (1 << level, "SELECT leaf_hash FROM entry WHERE town_id = $1 AND idx >= $2 AND idx < $3 ORDER BY idx");
            let (from, until) = ((index * width) as i64, ((index + 1) * width) as i64);
            let leaves = self.db.rows(sql, params![from, until], |row| row.get::<Vec<u8>>(0))?;
            if leaves.len() as u64 != width {
                bail!("of the entries {from} to {until} some are gone");
            }
            return Ok(root(leaves.iter().map(|leaf| hash(leaf)).collect::<Result<_>>()?));
        }
        if level.is_multiple_of(8) {
            let sql = "SELECT hashes FROM tile WHERE town_id = $1 AND level = $2 AND n = $3";
            let found = self.db.one(sql, params![level / 8 - 1, index as i64], |row| row.get::<Vec<u8>>(0))?;
            if let Some(bytes) = found {
                return tile_root(&bytes);
            }
        }
        Ok(node_hash(&self.node(level - 1, index * 2)?, &self.node(level - 1, index * 2 + 1)?))
    }
}

fn tile_root(bytes: &[u8]) -> Result<Hash> {
    let row: Vec<Hash> = bytes.chunks(32).map(hash).collect::<Result<_>>()?;
    if row.len() != usize::from(TILE_WIDTH) {
        bail!("a stored tile has {} hashes", row.len());
    }
    Ok(root(row))
}

/// The node above hashes that fill a row: a power of two of them.
fn root(mut row: Vec<Hash>) -> Hash {
    while row.len() > 1 {
        row = row.chunks(2).map(|pair| node_hash(&pair[0], &pair[1])).collect();
    }
    row[0]
}

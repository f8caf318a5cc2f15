//! Verifying and rebuilding a whole folder, beside what they cannot do without: hashing the same bytes, writing nothing.

mod row;
mod town;

use std::hint::black_box;

use row::Wanted;
use rusqlite::Connection;
use sha2::{Digest, Sha256};
use town::Town;
use yifa::sets::Sets;
use yifa::{rebuild, verify};

fn main() {
    let quick = row::is_quick();
    let temporary = tempfile::tempdir_in(row::data()).unwrap();
    let (size, rounds) = if quick { (500, 1) } else { (100_000, 3) };
    let mut town = Town::found(&temporary.path().join("town"), 2023, 2);
    for year in 2023..2025 {
        let work = town.year(year, size / 2);
        town.enter(work);
    }
    town.stop();
    let db = town.folder.reader().unwrap();

    row::head("folder");
    let blocks = Blocks::of(&town);
    row::number(
        "blocks of 64 bytes hashed for each entry",
        blocks.all as f64 / blocks.entries as f64,
        "",
        Wanted::Nothing,
    );
    let floor = row::fastest(rounds, || blocks.hash());
    let seconds = row::fastest(rounds, || {
        let found = verify::verify(&town.folder, &db, None, &|_| {}).unwrap();
        assert_eq!(found.differs, []);
    });
    let entries = blocks.entries as f64;
    row::rate("verify against bare SHA-256, one thread", entries / seconds, entries / floor, "/s", Wanted::Nothing);

    let sets = Sets::load(&db).unwrap();
    let mut compared = 0;
    let seconds = row::fastest(rounds, || {
        let found = rebuild::rebuild(&db, &sets, &town.folder.blind_key().unwrap(), false, &|_| {}).unwrap();
        assert_eq!(found.differs, []);
        compared = found.rows;
    });
    row::number("rows compared for each entry", compared as f64 / entries, "rows", Wanted::Nothing);
    row::number("rebuild, every row compared, entries/s", entries / seconds, "/s", Wanted::Least(20_000.0));
}

/// Every message a verification hashes, by its number of blocks.
struct Blocks {
    entries: u64,
    all: u64,
    lengths: Vec<u16>,
}

impl Blocks {
    fn of(town: &Town) -> Blocks {
        let db = Connection::open(town.folder.path.join("journal.db")).unwrap();
        let mut lengths = Vec::new();
        let mut statement = db
            .prepare("SELECT length(e.leaf), p.body, p.idx FROM entry e JOIN payload p ON p.idx = e.idx AND p.town_id = e.town_id")
            .unwrap();
        let mut sealed = db.prepare("SELECT field, value FROM sealed WHERE town_id = 1 AND idx = ?1").unwrap();
        let mut rows = statement.query([]).unwrap();
        let mut entries = 0;
        let of = |bytes: usize| (bytes + 9).div_ceil(64) as u16;
        while let Some(row) = rows.next().unwrap() {
            entries += 1;
            let leaf: usize = row.get::<_, i64>(0).unwrap() as usize;
            let body: String = row.get(1).unwrap();
            let mut payload: serde_json::Value = serde_json::from_str(&body).unwrap();
            let mut more = sealed.query([row.get::<_, i64>(2).unwrap()]).unwrap();
            while let Some(row) = more.next().unwrap() {
                let value: String = row.get(1).unwrap();
                payload["sealed"][row.get::<_, String>(0).unwrap()] = serde_json::from_str(&value).unwrap();
            }
            // Leaf and one inner node of the tree.
            lengths.extend([of(1 + leaf), 2]);
            let fields = journal::payload::fields(&payload).unwrap();
            // The keyed state of the macs, two blocks for each mac, the field, the commitment.
            lengths.push(2);
            for field in &fields {
                lengths.extend([1, 1, of(14 + 32 + 8 + field.path.len() + field.value.len())]);
            }
            lengths.push(of(16 + 4 + 32 * fields.len()));
        }
        Blocks { entries, all: lengths.iter().map(|blocks| u64::from(*blocks)).sum(), lengths }
    }

    /// The same blocks, in one message for each: no parser, no tree, no database.
    fn hash(&self) {
        let longest = self.lengths.iter().copied().max().unwrap_or(1);
        let data = vec![7_u8; usize::from(longest) * 64];
        for blocks in &self.lengths {
            // Padding makes the last block.
            let message = &data[..usize::from(*blocks) * 64 - 9];
            black_box(Sha256::digest(black_box(message)));
        }
    }
}

//! The demonstration gives the report's totals, twice the same, through no door of its own.

use std::collections::BTreeMap;

use super::*;

fn made() -> (tempfile::TempDir, Folder, Summary) {
    let dir = tempfile::tempdir().unwrap();
    let folder = create(&dir.path().join("data")).unwrap();
    let summary = fill(&folder, &|_, _| {}).unwrap();
    (dir, folder, summary)
}

#[test]
fn the_records_give_the_totals_of_the_report() {
    let (_dir, folder, summary) = made();
    eprintln!("{summary:#?}");
    let db = folder.reader().unwrap();
    for (kind, step, says, n) in db.rows("SELECT kind, step, says, count(*) FROM flag WHERE town_id = $1 GROUP BY 1,2,3", [TOWN], |r| Ok((r.get::<_,String>(0)?, r.get::<_,String>(1)?, r.get::<_,String>(2)?, r.get::<_,i64>(3)?))).unwrap() {
        eprintln!("{n} {kind} {step} {says}");
    }
    let _: BTreeMap<u8, u8> = BTreeMap::new();
}

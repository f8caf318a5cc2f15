//! Two folders of one history, each on its engine: every row, every root and every answer is the same.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use engine::definition::Register;
use yifa::folder::Folder;
use yifa::query::list::{Asked, Cursor, Sort, SortBy, ids, page, total};
use yifa::sets::Sets;
use yifa::storage::log::Head;
use yifa::storage::{Db, JOURNAL, Row, Table, Value, params, tables};

/// Holds one against the other; tells which tables had no row, of which nothing is proved.
pub fn hold(one: &Folder, other: &Folder) -> BTreeSet<&'static str> {
    let (a, b) = (one.reader().unwrap(), other.reader().unwrap());
    let mut empty = BTreeSet::new();
    for Table { name: table, columns, .. } in tables(JOURNAL) {
        // A checkpoint is signed by the folder's own key, at a moment of its own: its root is compared below. Which town
        // it is, a file need not say.
        if ["checkpoint", "town"].contains(&table) {
            continue;
        }
        let (a, b) = (rows(&a, table, &columns), rows(&b, table, &columns));
        assert_eq!(a.len(), b.len(), "{table}");
        assert!(a == b, "{table}: {:?}", a.iter().zip(&b).find(|(a, b)| a != b));
        if a.is_empty() {
            empty.insert(table);
        }
    }
    assert_eq!(Head::load(&a).unwrap().frontier.root(), Head::load(&b).unwrap().frontier.root());
    assert_eq!(words(&a), words(&b));
    lists(&a, &b);
    empty
}

/// All rows of a table, but for their town, put in order here: who compares orders asks for lists.
fn rows(db: &Db, table: &str, columns: &[(&str, &str)]) -> Vec<Vec<Value<'static>>> {
    let names: Vec<&str> = columns.iter().map(|(name, _)| *name).filter(|name| *name != "town_id").collect();
    let sql = format!("SELECT {} FROM {table} WHERE town_id = $1", names.join(", "));
    let read = |row: &Row<'_>| (0..names.len()).map(|nth| row.get(nth)).collect();
    let mut all = db.rows(&sql, params![], read).unwrap();
    all.sort();
    all
}

fn words(db: &Db) -> Vec<(i64, i64, Vec<u8>)> {
    let mut all = Vec::new();
    db.words(|first, nth, word| all.push((first, nth, word.to_vec()))).unwrap();
    all.sort();
    all
}

/// Every register in each order, there and back by pages, by each state, by texts of all lengths.
fn lists(a: &Db, b: &Db) {
    let sets = Sets::load(a).unwrap();
    let set = &sets.current().unwrap().set;
    let sql = "SELECT DISTINCT register FROM record WHERE town_id = $1 ORDER BY register";
    for id in a.rows(sql, params![], |row| row.get::<String>(0)).unwrap() {
        let register = set.register(&id).unwrap();
        for asked in ways(register) {
            let said = format!("{id} {:?} {:?} {:?} {:?}", asked.state, asked.year, asked.search, asked.sort);
            let read = |db: &Db| {
                let mut all = Vec::new();
                ids(db, &asked, |id| {
                    all.push(id.to_owned());
                    Ok(())
                })
                .unwrap();
                (all, total(db, &asked).unwrap(), pages(db, &asked))
            };
            assert_eq!(read(a), read(b), "{said}");
        }
    }
}

fn pages(db: &Db, asked: &Asked<'_>) -> Vec<Vec<String>> {
    let mut pages = Vec::new();
    let mut cursor: Option<Cursor> = None;
    loop {
        let page = page(db, asked, cursor.as_ref(), 7).unwrap();
        pages.push(page.rows.into_iter().map(|row| format!("{} {:?} {}", row.id, row.number, row.title)).collect());
        match page.next {
            Some(next) => cursor = Some(next),
            None => return pages,
        }
    }
}

fn ways(register: &Register) -> Vec<Asked<'_>> {
    let sorts = [SortBy::Opened, SortBy::Number, SortBy::Title, SortBy::Changed];
    let sorted = sorts.into_iter().flat_map(|by| [false, true].map(|descending| Sort { by, descending }));
    let mut ways: Vec<Asked<'_>> = sorted.map(|sort| Asked { sort, ..Asked::all(register) }).collect();
    let states = register.states.iter().map(|state| Asked { state: Some(&state.id.value), ..Asked::all(register) });
    ways.extend(states);
    ways.push(Asked { year: Some(2023), ..Asked::all(register) });
    let texts = ["2023", "村", "甲村", "人民", "第1号", "村 2023", "没有", "、", "%", "_", "'"];
    ways.extend(texts.map(|text| Asked { search: Some(text), ..Asked::all(register) }));
    ways
}

/// What the real binary says of both.
pub fn answers(one: &Folder, other: &Folder) {
    let db = one.reader().unwrap();
    let mut asked: Vec<Vec<String>> = Vec::new();
    let mut ask = |words: &str| asked.push(words.split(' ').map(str::to_owned).collect());
    ask("figures 2023 --all --json");
    for figure in ["mediation.ended", "mediation.cases", "publicity.events", "advisers.services"] {
        ask(&format!("figure {figure} 2023 --entries --json"));
        ["village", "month", "kind"].iter().for_each(|by| ask(&format!("figure {figure} 2023 --by {by} --json")));
    }
    ask("due --until 2024-12-31 --json");
    ask("flags --json");
    ask("questions 2023 --all --json");
    ask("report annual 2023 --json");
    ask("verify --json");
    ask("rebuild --json");
    let sql = "SELECT register, id FROM record WHERE town_id = $1 AND register IN ('mediation_case', 'mediator') \
               ORDER BY first_idx LIMIT 6";
    for (register, id) in db.rows(sql, params![], |row| Ok((row.get::<String>(0)?, row.get::<String>(1)?))).unwrap() {
        ask(&format!("show {register} {id} --json"));
        ask(&format!("trace record {register} {id} --json"));
    }
    for words in asked {
        let said = |folder: &Path| {
            let mut command = Command::new(env!("CARGO_BIN_EXE_yifa"));
            // By the same name, since an answer may name its folder.
            command.current_dir(folder.parent().unwrap()).args(["--data", "town"]).args(&words);
            let ran = command.env_remove("YIFA_DATABASE").output().unwrap();
            assert_ne!(ran.status.code(), Some(1), "{words:?}: {}", String::from_utf8_lossy(&ran.stderr));
            (ran.status.code(), String::from_utf8(ran.stdout).unwrap(), String::from_utf8(ran.stderr).unwrap())
        };
        let (a, b) = (said(&one.path), said(&other.path));
        assert_eq!(a, b, "{words:?}");
    }
}

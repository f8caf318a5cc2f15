//! Whose list it is: a village sees its own records and counts no others; and nothing sealed is found.

// Each test program uses its part.
#[allow(dead_code)]
#[path = "../../../tests/support/postgres.rs"]
mod postgres;

#[path = "../../../benches/town.rs"]
mod town;

use std::collections::BTreeMap;

use engine::definition::Register;
use town::Town;
use yifa::query::list::{Asked, Cursor, Sort, SortBy, ids, page, total};
use yifa::sets::Sets;
use yifa::storage::{Db, params};

const REGISTERS: [&str; 3] = ["mediation_case", "publicity_event", "adviser_service"];

/// A year of work in seven villages.
fn worked() -> (tempfile::TempDir, Town) {
    let folder = tempfile::tempdir().unwrap();
    let mut town = Town::found_on(&folder.path().join("town"), postgres::fresh().as_deref(), 2023, 8);
    let work = town.year(2023, 400);
    town.enter(work);
    town.stop();
    (folder, town)
}

/// The villages each record of a register touches.
fn touched(db: &Db, register: &str) -> BTreeMap<String, Vec<String>> {
    let sql = "SELECT v.record, v.village FROM record_village v \
               JOIN record r ON r.town_id = v.town_id AND r.id = v.record \
               WHERE v.town_id = $1 AND r.register = $2 ORDER BY v.record, v.village";
    let mut touched: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (record, village) in db.rows(sql, params![register], |row| Ok((row.get(0)?, row.get(1)?))).unwrap() {
        touched.entry(record).or_default().push(village);
    }
    touched
}

fn all(db: &Db, asked: &Asked<'_>) -> Vec<String> {
    let mut all = Vec::new();
    ids(db, asked, |id| {
        all.push(id.to_owned());
        Ok(())
    })
    .unwrap();
    all
}

/// What is asked of a register in many ways, by somebody who sees these villages.
fn ways<'q>(register: &'q Register, scope: &'q [String], villages: &'q [String]) -> Vec<Asked<'q>> {
    let scoped = Asked { scope: Some(scope), ..Asked::all(register) };
    let mut ways = vec![scoped.clone()];
    let sorts = [SortBy::Opened, SortBy::Number, SortBy::Title, SortBy::Changed];
    ways.extend(sorts.map(|by| Asked { sort: Sort { by, descending: false }, ..scoped.clone() }));
    ways.extend(villages.iter().map(|village| Asked { village: Some(village), ..scoped.clone() }));
    ways.extend(register.states.iter().map(|state| Asked { state: Some(&state.id.value), ..scoped.clone() }));
    ways.extend(["2023", "法下", "号"].map(|text| Asked { search: Some(text), ..scoped.clone() }));
    ways.push(Asked { year: Some(2023), ..scoped });
    ways
}

#[test]
fn a_village_never_sees_another_ones_records_nor_counts_them() {
    let (_folder, town) = worked();
    let db = town.folder.reader().unwrap();
    let sets = Sets::load(&db).unwrap();
    let sql = "SELECT id FROM record WHERE town_id = $1 AND register = 'village' ORDER BY id";
    let villages: Vec<String> = db.rows(sql, params![], |row| row.get(0)).unwrap();
    for register in REGISTERS {
        let touched = touched(&db, register);
        assert!(touched.len() > 10, "{register}");
        let register = sets.current().unwrap().set.register(register).unwrap();
        for scope in villages.iter().map(std::slice::from_ref).chain(villages.windows(2)) {
            let own = |id: &str| touched.get(id).is_some_and(|villages| villages.iter().any(|one| scope.contains(one)));
            let mine = touched.keys().filter(|id| own(id)).count();
            for (nth, asked) in ways(register, scope, &villages).into_iter().enumerate() {
                let shown = all(&db, &asked);
                assert!(shown.iter().all(|id| own(id)), "{asked:?}");
                let unscoped = all(&db, &Asked { scope: None, ..asked.clone() });
                let rest: Vec<String> = unscoped.into_iter().filter(|id| own(id)).collect();
                assert_eq!(shown, rest, "{asked:?}");
                assert_eq!(total(&db, &asked).unwrap(), shown.len() as u64, "{asked:?}");
                assert!(nth > 0 || shown.len() == mine);
            }
        }
        let nobody = Asked { scope: Some(&[]), ..Asked::all(register) };
        let page = page(&db, &nobody, None, 20).unwrap();
        assert_eq!((page.total, page.rows.len()), (0, 0));
    }
}

#[test]
fn another_ones_cursor_leads_to_ones_own_records_only() {
    let (_folder, town) = worked();
    let db = town.folder.reader().unwrap();
    let sets = Sets::load(&db).unwrap();
    let register = sets.current().unwrap().set.register("mediation_case").unwrap();
    let touched = touched(&db, "mediation_case");
    let villages: Vec<String> = touched.values().flatten().take(1).cloned().collect();
    let mut cursor: Option<Cursor> = None;
    loop {
        let whole = page(&db, &Asked::all(register), cursor.as_ref(), 5).unwrap();
        for cursor in [&whole.next, &whole.previous].into_iter().flatten() {
            let asked = Asked { scope: Some(&villages), ..Asked::all(register) };
            let own = page(&db, &asked, Some(cursor), 50).unwrap();
            assert!(own.rows.iter().all(|row| touched[&row.id].contains(&villages[0])));
        }
        cursor = whole.next;
        if cursor.is_none() {
            break;
        }
    }
}

#[test]
fn nothing_sealed_is_found() {
    let (_folder, town) = worked();
    let db = town.folder.reader().unwrap();
    let sets = Sets::load(&db).unwrap();
    let register = sets.current().unwrap().set.register("mediation_case").unwrap();
    // They are in every case's sealed fields.
    for sealed in ["赵某甲", "钱某", "石坎", "界址"] {
        let asked = Asked { search: Some(sealed), ..Asked::all(register) };
        assert_eq!(total(&db, &asked).unwrap(), 0, "{sealed}");
    }
    let found = Asked { search: Some("甲村人调"), ..Asked::all(register) };
    assert!(total(&db, &found).unwrap() > 0);
}

#[test]
fn what_is_no_filter_is_not_left_aside_in_silence() {
    let (_folder, town) = worked();
    let db = town.folder.reader().unwrap();
    let sets = Sets::load(&db).unwrap();
    let register = sets.current().unwrap().set.register("mediation_case").unwrap();
    for field in ["register.parties", "register.nothing", "dispute", ""] {
        let fields = [(field.to_owned(), "family".to_owned())];
        let asked = Asked { fields: &fields, ..Asked::all(register) };
        let refused = page(&db, &asked, None, 20).unwrap_err().to_string();
        assert!(refused.contains("不能按"), "{refused}");
    }
    for text in ["", "a", "x1.2023", "a.2023", "b-.", "乙1.1", "a1"] {
        assert_eq!(Cursor::parse(text), None, "{text}");
    }
}

//! The demonstration gives the report's totals, twice the same, through no door of its own.

mod accounts;
mod made;
mod second_year;

use std::sync::LazyLock;

use engine::act::Act;
use engine::record::{Rows, Rules, VOID, apply};
use engine::value::Value;

use super::*;
use crate::ambient::day_of;
use crate::projection::HOLDS;
use crate::storage::log::entries_of;
use crate::storage::{self, Db, Row, params};

struct Made {
    _dir: tempfile::TempDir,
    folder: Folder,
    summary: Summary,
}

static MADE: LazyLock<Made> = LazyLock::new(made);

fn made() -> Made {
    let dir = tempfile::tempdir().unwrap();
    let folder = create(&dir.path().join("data"), None).unwrap();
    let summary = fill(&folder, &|done, total| assert!(done <= total)).unwrap();
    Made { _dir: dir, folder, summary }
}

fn db() -> Db {
    MADE.folder.reader().unwrap()
}

fn number(sql: &str) -> i64 {
    db().one(sql, params![], |row| row.get::<Option<i64>>(0)).unwrap().flatten().unwrap_or(0)
}

/// What is derived from each record of a register.
fn records(register: &str) -> Vec<Rows> {
    let (db, sql) = (db(), "SELECT id FROM record WHERE town_id = $1 AND register = $2 ORDER BY id");
    let sets = sets::Sets::load(&db).unwrap();
    let set = sets.current().unwrap();
    let rules = Rules {
        register: set.set.register(register).unwrap(),
        figures: set.figures(register),
        calendar: &set.set.calendar,
    };
    let ids = db.rows(sql, params![register], |row| row.get::<String>(0)).unwrap();
    ids.iter().map(|id| apply(rules, &entries_of(&db, id).unwrap().0)).collect()
}

/// What the facts of a flow figure add up to in a year.
fn flow(figure: &str, year: i16) -> i64 {
    number(&format!(
        "SELECT sum(value) FROM fact WHERE town_id = $1 AND figure = '{figure}' AND until_idx = {HOLDS} \
         AND day BETWEEN '{year}-01-01' AND '{year}-12-31'"
    ))
}

/// How many different keys of a stock figure hold on a day; where it has none, how many records.
fn stock(figure: &str, day: &str) -> i64 {
    number(&format!(
        "SELECT count(DISTINCT CASE fact_key WHEN '' THEN record ELSE fact_key END) FROM fact WHERE town_id = $1 \
         AND figure = '{figure}' AND until_idx = {HOLDS} AND day <= '{day}' AND (until_day = '' OR until_day >= '{day}')"
    ))
}

#[test]
fn the_records_give_the_totals_of_the_report() {
    for (figure, expect) in [
        ("study.centre_group", 6),
        ("publicity.large_events", 16),
        ("publicity.volunteer", 33),
        ("publicity.materials", 13_000),
        ("adviser.consultations", 6),
        ("mediation.ended", 286),
        ("mediation.failed", 3),
    ] {
        assert_eq!(flow(figure, YEAR), expect, "{figure}");
    }
    for figure in ["base.villages", "adviser.covered_villages", "mediation.committee_villages"] {
        assert_eq!(stock(figure, "2023-12-31"), 7, "{figure}");
    }
    assert_eq!(stock("adviser.lawyers", "2023-12-31"), 1);
    let people = flow("adviser.consultation_people", YEAR) + flow("mediation.people", YEAR);
    assert!((660..=669).contains(&people), "{people}");
}

#[test]
fn the_journal_verifies_and_its_tables_are_what_it_says() {
    let verified = crate::verify::verify(&MADE.folder, &db(), None, &|_| {}).unwrap();
    assert_eq!((verified.count, verified.signed), (0, MADE.summary.entries), "{:?}", verified.differs);
    let sets = sets::Sets::load(&db()).unwrap();
    let rebuilt = crate::rebuild::rebuild(&db(), &sets, &MADE.folder.blind_key().unwrap(), false, &|_| {}).unwrap();
    assert_eq!(rebuilt.count, 0, "{:?}", rebuilt.differs);
}

#[test]
fn the_figures_read_as_the_report_says() {
    let set = sets::check(&sets::shipped()).unwrap();
    let today = Day::new(2024, 1, 26).unwrap();
    let period = engine::figure::Period::year(YEAR, today).unwrap();
    let read = crate::query::figures::all(&db(), &set, period, None).unwrap();
    assert_eq!(read["adviser.coverage"].text(), "100%");
    assert_eq!(read["mediation.ended"].text(), "286起");
    assert_eq!(read["base.villages"].text(), "7个");
    assert_eq!(read["adviser.lawyers"].text(), "1名");
    let engine::figure::Number::Whole(people) = read["service.people"].value else { panic!("not a count") };
    assert!((660..=669).contains(&people), "{people}");
    // One of the seven was only sent round for signatures.
    assert_eq!(read["decision.matters"].text(), "7项");
    assert_eq!(read["decision.matters_decided"].text(), "6项");
    assert_eq!(read["decision.matters_without"].text(), "1项");
}

#[test]
fn the_weeks_before_the_year_are_not_empty() {
    for figure in ["study.centre_group", "publicity.large_events", "adviser.consultations", "mediation.ended"] {
        assert!(flow(figure, YEAR - 1) > 0, "{figure}");
    }
    assert_eq!(stock("adviser.lawyers", "2022-12-31"), 1);
}

#[test]
fn every_register_has_records_and_few_of_them_are_flagged() {
    let set = sets::check(&sets::shipped()).unwrap();
    let empty = set.registers.keys().filter(|register| !MADE.summary.records.contains_key(*register));
    assert_eq!(empty.collect::<Vec<_>>(), [""; 0]);
    let (cases, entries) = (MADE.summary.records["mediation_case"], MADE.summary.entries);
    let flagged = number("SELECT count(DISTINCT record) FROM flag WHERE town_id = $1 AND register = 'mediation_case'");
    assert!(flagged >= 5 && flagged * 20 < cases as i64, "{flagged} of {cases}");
    assert_eq!(number("SELECT count(*) FROM flag WHERE town_id = $1 AND register = 'mediation_committee'"), 2);
    let kinds = number("SELECT count(DISTINCT kind) FROM flag WHERE town_id = $1");
    assert!(kinds >= 3, "{kinds}");
    let late = MADE.summary.late;
    assert!(late * 100 > entries * 3 && late * 100 < entries * 8, "{late} of {entries}");
}

#[test]
fn what_people_do_besides_is_there_too() {
    for (kind, least) in [("adopt", 1), ("correct", 1), ("void", 1), ("link", 2), ("attach", 1), ("answer", 2)] {
        let found = number(&format!("SELECT count(*) FROM entry WHERE town_id = $1 AND kind = '{kind}'"));
        assert!(found >= least, "{kind}: {found}");
    }
    let set = sets::check(&sets::shipped()).unwrap();
    let cases = records("mediation_case");
    let has = |case: &Rows, steps: &[&str]| {
        case.steps.iter().any(|row| steps.contains(&row.step.as_str()) && row.day <= Day::new(2023, 12, 31).unwrap())
    };
    for step in &set.register("mediation_case").unwrap().steps {
        assert!(cases.iter().any(|case| has(case, &[&step.id.value])), "{}", step.id.value);
    }
    let ends = ["agree", "fail", "decline", "refuse", "refer"];
    let open =
        cases.iter().filter(|case| case.head.state != VOID && has(case, &["register"]) && !has(case, &ends)).count();
    assert!((2..=12).contains(&open), "{open} open at the year's end");
    let kinds = number("SELECT count(DISTINCT kind) FROM fact WHERE town_id = $1 AND figure = 'mediation.ended'");
    assert!(kinds >= 10, "{kinds}");
}

#[test]
fn everything_is_recorded_in_order_in_office_hours_on_working_days() {
    let set = sets::check(&sets::shipped()).unwrap();
    let sql = "SELECT recorded_at, kind FROM entry WHERE town_id = $1 ORDER BY idx";
    let moments = db().rows(sql, params![], |row| Ok((row.get::<i64>(0)?, row.get::<String>(1)?))).unwrap();
    assert!(moments.is_sorted_by_key(|(at, _)| *at));
    for (at, kind) in moments {
        let day = day_of(at);
        assert!(set.calendar.is_workday(day), "{kind} on {day}");
        let hours = clock::moment(day, 8 * 60 + 30)..=clock::moment(day, 17 * 60 + 30);
        assert!(hours.contains(&at), "{kind} on {day} outside office hours");
    }
    // The committee's own act is done on the day it is recorded.
    let sql = "SELECT recorded_at FROM entry WHERE town_id = $1 AND idx = $2";
    let cases = records("mediation_case");
    let assigned: Vec<_> = cases.iter().flat_map(|case| &case.steps).filter(|row| row.step == "assign").collect();
    assert!(assigned.len() > 200);
    for row in assigned {
        let at = db().one(sql, params![row.entry as i64], |row| row.get::<i64>(0)).unwrap().unwrap();
        assert_eq!(row.day, day_of(at));
    }
}

#[test]
fn a_later_entry_never_names_a_record_that_is_not_there_yet() {
    let sql = "SELECT l.named_by FROM link l JOIN record r ON r.town_id = l.town_id AND r.id = l.record \
               LEFT JOIN record t ON t.town_id = l.town_id AND t.id = l.target \
               WHERE l.town_id = $1 AND (t.id IS NULL OR t.first_idx > r.last_idx)";
    let missing = db().rows(sql, params![], |row| row.get::<String>(0)).unwrap();
    assert_eq!(missing, [""; 0]);
}

#[test]
fn made_up_things_are_marked() {
    assert!(MADE.folder.config.town.contains("演示"));
    assert!(MADE.folder.config.origin.starts_with("demo/"));
    let sealed = "SELECT value FROM sealed WHERE town_id = $1 AND field = 'contact'";
    let numbers = db().rows(sealed, params![], |row| row.get::<String>(0)).unwrap();
    assert!(!numbers.is_empty() && numbers.iter().all(|number| number.starts_with("\"000-")));
    let titles = "SELECT title FROM record WHERE town_id = $1 AND register IN ('village', 'adviser_contract')";
    for title in db().rows(titles, params![], |row| row.get::<String>(0)).unwrap() {
        assert!(title.contains("演示"), "{title}");
    }
    for (name, text) in words::attachments().unwrap() {
        let stored = std::fs::read_to_string(MADE.folder.files().join(sha256(&text))).unwrap();
        assert!(stored.starts_with("演示附件"), "{name}");
    }
}

/// Every row of a table, each as text.
fn rows(folder: &Folder, table: &str) -> Vec<String> {
    let db = folder.reader().unwrap();
    let read =
        |row: &Row<'_>| (0..row.columns()).map(|at| row.get::<storage::Value<'static>>(at)).collect::<Result<Vec<_>>>();
    let sql = format!("SELECT * FROM {table} WHERE town_id = $1");
    let mut rows: Vec<String> = db.rows(&sql, params![], read).unwrap().iter().map(|row| format!("{row:?}")).collect();
    rows.sort();
    rows
}

#[test]
fn what_goes_back_to_an_entry_of_the_journal_gives_its_number() {
    let sql = "SELECT record FROM entry WHERE town_id = $1 AND idx = $2";
    let steps = |sql: &str, of: &str| {
        let ids = db().rows(sql, params![of], |row| row.get::<String>(0)).unwrap();
        let entries = ids.iter().flat_map(|id| entries_of(&db(), id).unwrap().0);
        entries.filter_map(|one| Some((one.index as i64, taken(one.act)?))).collect::<Vec<_>>()
    };
    let mut found = Vec::new();
    for (index, told) in
        steps("SELECT id FROM record WHERE town_id = $1 AND register = $2 ORDER BY id", "accountability")
    {
        for field in ["position", "where"] {
            let Some(Value::Int(number)) = told.fields.get(field) else { continue };
            let record = db().one(sql, params![number], |row| row.get::<String>(0)).unwrap().unwrap();
            let all = steps("SELECT id FROM record WHERE town_id = $1 AND id = $2", &record);
            let (_, meant) = all.into_iter().find(|(at, _)| at == number).unwrap();
            assert!(*number < index);
            let member = meant.fields.get("member");
            assert!(field == "position" || member == told.fields.get("person"), "{member:?}");
            let stance = meant.fields.get("stance").and_then(|value| value.as_text()).unwrap_or_default();
            found.push(format!("{} {}.{} {stance}", told.step, meant.register, meant.step));
        }
    }
    found.sort();
    let expect = ["find major_decision.speak oppose", "fix decision_matter.carry_out ", "fix major_decision.decide "];
    assert_eq!(found, expect);
}

fn taken(act: engine::act::Act) -> Option<engine::act::Taken> {
    match act {
        engine::act::Act::Step(taken) => Some(taken),
        _ => None,
    }
}

#[test]
fn two_runs_are_the_same_but_for_key_and_signatures() {
    let again = made();
    assert_eq!(again.summary, MADE.summary);
    assert_eq!(again.folder.config, MADE.folder.config);
    // Sealed names are kept under a key drawn anew.
    let tables = storage::tables(storage::JOURNAL);
    assert!(tables.len() > 10, "{tables:?}");
    for table in tables.iter().map(|table| table.name).filter(|name| !["checkpoint", "sealed_name"].contains(name)) {
        assert!(rows(&MADE.folder, table) == rows(&again.folder, table), "{table} differs");
    }
    let names = |folder| rows(folder, "sealed_name").len();
    assert!(names(&MADE.folder) > 0 && names(&MADE.folder) == names(&again.folder));
    assert_ne!(MADE.folder.key().unwrap().verifier(), again.folder.key().unwrap().verifier());
}

#[test]
fn a_journal_with_entries_is_not_filled_again() {
    assert!(fill(&MADE.folder, &|_, _| {}).is_err());
}

#[test]
fn the_clock_of_the_demonstration_has_no_other_door() {
    assert!(Seeded::new("example.gov.cn/360724/wuzhifeng", [0]).is_err());
    assert!(Seeded::new("demo", [0]).is_err());
    let mut made_by = Vec::new();
    for (path, text) in sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("..")) {
        let in_demo = path.contains("/yifa/src/demo/");
        assert!(in_demo || !text.contains("Seeded"), "{path} names the scripted clock");
        if text.lines().any(|line| line.trim_start().starts_with("impl Ambient for")) {
            made_by.push(path.rsplit("/src/").next().unwrap_or_default().to_owned());
        }
    }
    made_by.sort();
    assert_eq!(made_by, ["ambient.rs", "demo/seeded.rs"]);
}

fn sources(folder: &Path) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for item in std::fs::read_dir(folder).unwrap() {
        let path = item.unwrap().path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push((path.to_string_lossy().replace('\\', "/"), std::fs::read_to_string(&path).unwrap()));
        }
    }
    found
}

#[test]
fn the_tables_and_the_entries_alone_add_up_to_the_same_figures_now_and_then() {
    use engine::figure::{Period, add_up, read_all};
    use engine::record::{Rules, apply};

    let db = db();
    let sets = crate::sets::Sets::load(&db).unwrap();
    let current = sets.current().unwrap();
    let sql = "SELECT id, register FROM record WHERE town_id = $1 ORDER BY id";
    let records = db.rows(sql, params![], |row| Ok((row.get::<String>(0)?, row.get::<String>(1)?))).unwrap();
    for size in [None, Some(900), Some(2400)] {
        let rules = |register: &str| Rules {
            register: current.set.register(register).unwrap(),
            figures: current.figures(register),
            calendar: &current.set.calendar,
        };
        let derived = records.iter().map(|(id, register)| {
            let (mut entries, _) = crate::storage::log::entries_of(&db, id).unwrap();
            entries.retain(|entry| size.is_none_or(|size| entry.index < size));
            (register.as_str(), apply(rules(register), &entries))
        });
        let derived: Vec<_> = derived.collect();
        for year in [2022, 2023, 2024] {
            let period = Period::year(year, Day::new(2024, 2, 1).unwrap()).unwrap();
            let rows = derived.iter().map(|(register, rows)| (*register, rows));
            let alone = read_all(&current.set, &add_up(&current.set, rows, period), period.to);
            let tables = crate::query::figures::all(&db, &current.set, period, size).unwrap();
            assert_eq!(tables, alone, "{year} at {size:?}");
            assert!(year != 2023 || tables.values().filter(|reading| reading.entries > 0).count() > 60);
        }
    }
}

#[test]
fn every_breakdown_adds_up_to_its_figure_and_every_entry_is_told_once() {
    use crate::query::evidence::{Evidence, entries, evidence};
    use crate::query::parts::{breakdown, is_added, obstacle, overlaps};
    use engine::definition::{Counts, Over};
    use engine::figure::{Number, Side, ratio};
    use engine::report::By;

    let db = db();
    let sets = crate::sets::Sets::load(&db).unwrap();
    let set = &sets.current().unwrap().set;
    let names = crate::query::names::Names::load(&db).unwrap();
    let whole = |number: &Number| match number {
        Number::Whole(value) | Number::Fen(value) => *value,
        other => panic!("{other} is no amount"),
    };
    fn different<'e>(told: impl Iterator<Item = &'e Evidence>) -> u64 {
        told.map(|one| one.entry).collect::<std::collections::BTreeSet<u64>>().len() as u64
    }
    for size in [None, Some(2000)] {
        let dues = crate::query::overdue::Dues::load(&db, set, size).unwrap();
        for year in [2022, 2023, 2024] {
            let period = engine::figure::Period::year(year, Day::MAX).unwrap();
            let readings = crate::query::figures::all(&db, set, period, size).unwrap();
            for (id, reading) in &readings {
                let figure = &set.figures[id];
                for by in
                    [By::Village, By::Month, By::Kind].into_iter().filter(|by| obstacle(set, figure, *by).is_none())
                {
                    let parts = breakdown(&db, set, figure, period, by, &dues, &names).unwrap();
                    let sum: i64 = parts.iter().filter(|part| part.of.is_none()).map(|part| whole(&part.value)).sum();
                    let at = format!("{id} {year} by {by:?} at {size:?}");
                    match is_added(set, figure, by) {
                        true if overlaps(set, figure, by) => assert!(sum >= whole(&reading.value), "{at}"),
                        true => assert_eq!(sum, whole(&reading.value), "{at}"),
                        false => {
                            for part in &parts {
                                let (Some(of), Some(over)) = (&part.of, &part.over) else { continue };
                                assert_eq!(part.value, ratio(figure, whole(of), whole(over)), "{at}");
                            }
                            // What is in force, or overdue, at the end of the last month is what the year says.
                            let last = parts.last().filter(|part| part.of.is_none());
                            assert!(last.is_none_or(|last| last.value == reading.value), "{at}");
                        }
                    }
                }
                let told = evidence(&db, set, figure, period, &dues, &names).unwrap();
                let listed = &entries(&db, set, &[figure], period, &dues).unwrap()[&figure.id];
                let counted = (different(told.iter()), listed.len() as u64);
                assert_eq!(counted, (reading.entries, reading.entries), "{id} {year}");
                let late = different(told.iter().filter(|one| one.late));
                let flagged = different(told.iter().filter(|one| one.flagged));
                assert_eq!((late, flagged), (reading.late, reading.flagged), "{id} {year}");
                // Both sides of a rate open, each to the entries it is itself counted from.
                let Counts::Ratio { of, over, .. } = &figure.counts else { continue };
                let below = match over {
                    Over::Figure(over) => Some((Side::Over, over)),
                    Over::Items(_) => None,
                };
                for (side, part) in [Some((Side::Of, of)), below].into_iter().flatten() {
                    let here = different(told.iter().filter(|one| one.side == Some(side)));
                    assert_eq!(here, readings[&part.value].entries, "{id} {year} {side:?}");
                }
            }
        }
    }
}

#[test]
fn what_was_overdue_is_told_by_kind_now_and_then() {
    use crate::query::evidence::evidence;
    use crate::query::parts::breakdown;
    use engine::report::By;

    let db = db();
    let sets = sets::Sets::load(&db).unwrap();
    let set = &sets.current().unwrap().set;
    let names = crate::query::names::Names::load(&db).unwrap();
    let figure = &set.figures["publicity.plan_overdue"];
    // The item for the elderly was completed on the twentieth of November, and was overdue until then.
    let completed = number(
        "SELECT min(since_idx) FROM fact WHERE town_id = $1 AND figure = 'publicity.plan_done' AND day = '2023-10-31'",
    );
    let period = engine::figure::Period { from: Day::new(2023, 1, 1).unwrap(), to: Day::new(2023, 11, 10).unwrap() };
    for size in [None, Some(completed as u64)] {
        let dues = crate::query::overdue::Dues::load(&db, set, size).unwrap();
        let parts = breakdown(&db, set, figure, period, By::Kind, &dues, &names).unwrap();
        let told: Vec<(&str, u64)> = parts.iter().map(|part| (part.key.as_str(), part.entries)).collect();
        assert_eq!(told, [("family", 1)], "at {size:?}");
        let kinds = evidence(&db, set, figure, period, &dues, &names).unwrap().into_iter().map(|one| one.kind);
        assert_eq!(kinds.collect::<Vec<_>>(), ["婚姻家庭、妇女儿童老年人"], "at {size:?}");
    }
}

#[test]
fn our_own_report_agrees_with_our_own_ledger_number_by_number() {
    use engine::claim::judge::Verdict;
    use engine::report::{Block, Span, Year};

    let sets = crate::sets::Sets::load(&db()).unwrap();
    for year in [YEAR, YEAR + 1] {
        let document = crate::annual::Annual::of(year).compose(&MADE.folder, &db(), &sets).unwrap().document;
        let text = crate::render::text::render(&document);
        let set = &sets.current().unwrap().set;
        let checked = crate::checking::check(set, Some(&db()), &text, Some(year), |_| true).unwrap();
        let paragraphs = document.blocks.iter().filter_map(|block| match block {
            Block::Paragraph { spans, .. } => Some(spans),
            _ => None,
        });
        let printed = paragraphs.flatten().filter_map(|span| match span {
            Span::Figure { id, year: Year::This, text, part: None, .. } => {
                Some((text.as_str(), Some(id.as_str()), Verdict::Agrees))
            }
            // What was so the year before is not held against this year's ledger.
            Span::Figure { year: Year::Last, text, part: None, .. } => Some((text.as_str(), None, Verdict::NoEvidence)),
            _ => None,
        });
        let read = checked.claims.iter().map(|one| (one.claim.text.as_str(), one.figure.as_deref(), one.verdict));
        assert_eq!(read.collect::<Vec<_>>(), printed.collect::<Vec<_>>(), "{year}");
        assert!(checked.claims.len() > 60, "{} claims in {year}", checked.claims.len());
        assert!(checked.lint.is_empty(), "{:#?}", checked.lint);
    }
}

//! What the program makes for the demonstration is what it makes for everybody.

use super::*;
use crate::query::baseline::Baseline;
use crate::statement::compare::Comparing;
use crate::statement::send::Template;
use crate::statement::submission::submissions;
use crate::statement::values::Ask;
use crate::statement::{named, reported};
use crate::storage::params;

#[test]
fn every_draft_of_an_annual_report_is_what_the_journal_gave_then() {
    let db = db();
    let sets = sets::Sets::load(&db).unwrap();
    let sql = "SELECT id FROM record WHERE town_id = $1 AND register = 'annual_report' ORDER BY id";
    let ids = db.rows(sql, params![], |row| row.get::<String>(0)).unwrap();
    let mut drafts = 0;
    for entry in ids.iter().flat_map(|id| entries_of(&db, id).unwrap().0) {
        let Act::Step(taken) = &entry.act else { continue };
        let Some(Value::Int(size)) = taken.fields.get("size") else { continue };
        assert_eq!(*size as u64, entry.index, "drawn up from what was recorded before it");
        let year = YEAR - 1 + drafts;
        let text = annual::text(&MADE.folder, &db, &sets, year, entry.index).unwrap();
        assert_eq!(taken.fields.get("text"), Some(&Value::Text(sha256(&text))), "{year}");
        let kept = std::fs::read_to_string(MADE.folder.files().join(sha256(&text))).unwrap();
        assert!(kept == text && kept.contains(&format!("{year}年度")), "{year}");
        drafts += 1;
    }
    assert_eq!(drafts, 3);
}

#[test]
fn every_statement_sent_is_what_the_journal_gives_as_of_its_size() {
    let db = db();
    let sets = sets::Sets::load(&db).unwrap();
    let set = &sets.current().unwrap().set;
    let offices = (TOWNSHIP, COUNTY);
    let all = submissions(&db, &sets).unwrap();
    let mut found = Vec::new();
    for one in &all {
        let statement = named(set, &one.statement).unwrap();
        for entry in entries_of(&db, &one.id).unwrap().0 {
            let Act::Step(taken) = &entry.act else { continue };
            let Some(Value::Int(size)) = taken.fields.get("size") else { continue };
            let size = *size as u64;
            // On a later day it was only entered: what had been recorded since is not in it.
            let on = Day::parse(taken.fields["on"].as_text().unwrap()).unwrap();
            assert_eq!(size == entry.index, on == entry.recorded, "{} {size}", one.number);
            assert!(size <= entry.index, "{} {size}", one.number);
            found.push(format!("{} {} {}", one.statement, one.period, taken.step));
            let Some(Value::Text(file)) = taken.fields.get("file") else { continue };
            let (reported, days) = reported(statement, &one.period, on).unwrap();
            let ask = Ask { db: &db, sets: &sets, set, offices, size: Some(size) };
            let bytes = Template::Plain.fill(&ask.fill(statement, reported, days).unwrap(), false).unwrap();
            assert!(std::fs::read(MADE.folder.files().join(file)).unwrap() == bytes, "{}", one.number);
        }
    }
    let quarters = |years: [i16; 2]| years.into_iter().flat_map(|year| (1..=4).map(move |nth| format!("{year}Q{nth}")));
    for quarter in quarters([YEAR, YEAR + 1]) {
        assert!(found.contains(&format!("mediation_statistics {quarter} send")), "{quarter}");
    }
    for expect in ["mediation_statistics 2023Q1 replace", "mediation_statistics 2023Q4 settle"] {
        assert!(found.contains(&expect.to_owned()), "{expect}");
    }
}

#[test]
fn what_was_sent_too_early_is_wrong_by_now_unless_it_was_set_right() {
    let db = db();
    let sets = sets::Sets::load(&db).unwrap();
    let all = submissions(&db, &sets).unwrap();
    let wrong = Comparing::new(&db, &sets, (TOWNSHIP, COUNTY)).unwrap().wrong(&all).unwrap();
    let told: Vec<_> = wrong.iter().map(|one| (&*one.submission.statement, &*one.submission.period)).collect();
    assert_eq!(told, [("mediation_statistics", "2024Q3"), ("mediation_statistics", "2024Q4")]);
    // A case of September that was written down after the report had gone out.
    let ended = wrong[0].differences.iter().find(|one| one.at == "C4").unwrap();
    assert_eq!((ended.by.as_str(), ended.records.len()), ("多 1", 1));
}

#[test]
fn what_has_not_moved_is_seen_without_filling_it_again() {
    let db = db();
    let sets = sets::Sets::load(&db).unwrap();
    let set = &sets.current().unwrap().set;
    let comparing = Comparing::new(&db, &sets, (TOWNSHIP, COUNTY)).unwrap();
    let mut seen = [0, 0];
    for one in submissions(&db, &sets).unwrap() {
        let statement = named(set, &one.statement).unwrap();
        // As if it had been sent then; also before the period was over.
        for size in [one.sent_at - 60, one.sent_at, one.sent_at + 40, MADE.summary.entries] {
            let one = crate::statement::submission::Submission { size, sent_at: size, ..one.clone() };
            let (quick, whole) = (comparing.differences(&one).unwrap(), comparing.read(&one, statement).unwrap());
            assert_eq!(quick, whole, "{} {} at {size}", one.statement, one.period);
            seen[usize::from(whole.is_empty())] += 1;
        }
    }
    assert!(seen[0] > 5 && seen[1] > 5, "{seen:?}");
}

#[test]
fn what_was_said_of_a_difference_is_so() {
    let db = db();
    let sets = sets::Sets::load(&db).unwrap();
    let all = submissions(&db, &sets).unwrap();
    // As if nothing had been sent again or told: because of which cases, and what they did.
    let because = |period: &str| {
        let one = all.iter().find(|one| one.period == period).unwrap().clone();
        let sent = entries_of(&db, &one.id).unwrap().0[0].index;
        let one = crate::statement::submission::Submission { size: sent, sent_at: sent, ..one };
        let found = Comparing::new(&db, &sets, (TOWNSHIP, COUNTY)).unwrap().differences(&one).unwrap();
        let records: std::collections::BTreeSet<_> =
            found.iter().flat_map(|one| &one.records).map(|changed| (&*changed.record, &*changed.called)).collect();
        let late = |record: &str| {
            let entries = entries_of(&db, record).unwrap().0;
            let late = entries.into_iter().filter(|entry| entry.index > sent).find_map(|entry| {
                let (recorded, taken) = (entry.recorded, taken(entry.act)?);
                let on = taken.fields.get("on")?.as_text()?.to_owned();
                ["agree", "follow_up", "court_ruling"]
                    .contains(&&*taken.step)
                    .then(|| format!("{} {on} {recorded}", taken.step))
            });
            late.unwrap()
        };
        records.into_iter().map(|(record, called)| format!("{called} {}", late(record))).collect::<Vec<_>>()
    };
    let mut settled = because("2023Q4");
    settled.sort();
    assert_eq!(because("2023Q1"), ["（2023）茶园背村人调字第17号 agree 2023-03-24 2023-04-07"]);
    let expect = [
        "（2023）云溪村人调字第35号 follow_up 2023-12-25 2024-01-05",
        "（2023）茶园背村人调字第54号 court_ruling 2023-12-26 2024-01-08",
    ];
    assert_eq!(settled, expect);
}

#[test]
fn the_report_of_the_year_before_says_what_was_read_out_of_it() {
    let said = Baseline::of(&db(), YEAR - 1).unwrap().unwrap().said;
    for (figure, words) in
        [("mediation.ended", "260余起"), ("publicity.volunteer", "20余次"), ("study.centre_group", "5次")]
    {
        assert_eq!(said.get(figure).map(String::as_str), Some(words), "{figure}");
    }
}

#[test]
fn somebody_goes_and_looks_in_one_case_of_eight_before_the_last_session() {
    let cases = records("mediation_case");
    let mut visits = 0;
    for case in &cases {
        let at = |step: &str| case.steps.iter().filter(|row| row.step == step).map(|row| row.day).collect::<Vec<_>>();
        for on in at("investigate") {
            visits += 1;
            let (assigned, sessions) = (at("assign"), at("session"));
            assert!(assigned[0] <= on && sessions.last().is_some_and(|last| on < *last), "{}", case.head.title);
        }
    }
    assert!((cases.len() / 10..cases.len() / 6).contains(&visits), "{visits} of {}", cases.len());
}

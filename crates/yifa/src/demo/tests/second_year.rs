//! The second year: its figures, what went wrong in it, and that nothing of the first one depends on it.

use std::collections::BTreeSet;

use super::*;
use crate::query::questions::{Asked, findings};
use crate::storage::params;

/// What the year after the report's adds up to, beside what the year of the report did.
const FIGURES_2024: &[(&str, i64, i64)] = &[
    ("adviser.consultation_people", 65, 88),
    ("adviser.consultations", 5, 6),
    ("adviser.services", 20, 23),
    ("adviser.visits", 7, 8),
    ("enforcement.penalties", 2, 4),
    ("exam.held", 4, 4),
    ("leadership.duties", 6, 6),
    ("leadership.meetings", 2, 2),
    ("mediation.agreed", 237, 283),
    ("mediation.court_applications", 5, 8),
    ("mediation.declined", 7, 4),
    ("mediation.ended", 247, 286),
    ("mediation.failed", 10, 3),
    ("mediation.people", 498, 577),
    ("mediation.registered", 256, 293),
    ("petition.received", 6, 6),
    ("petition.receptions", 4, 5),
    ("publicity.courtyard_talks", 7, 9),
    ("publicity.events", 58, 59),
    ("publicity.large_events", 14, 16),
    ("publicity.materials", 11_740, 13_000),
    ("publicity.people", 5627, 6489),
    ("publicity.volunteer", 29, 33),
    ("screening.held", 15, 2),
    ("study.before_meeting", 7, 8),
    ("study.centre_group", 5, 6),
    ("study.people", 474, 626),
    ("study.sessions", 21, 26),
];

#[test]
fn the_second_year_has_totals_of_its_own() {
    let found: Vec<_> =
        FIGURES_2024.iter().map(|(figure, ..)| (*figure, flow(figure, YEAR + 1), flow(figure, YEAR))).collect();
    assert_eq!(found, FIGURES_2024);
    for (figure, expect) in [
        ("adviser.covered_villages", 7),
        ("adviser.lawyers", 1),
        ("mediation.committee_villages", 7),
        ("mediation.committees", 8),
        ("mediation.mediators", 26),
        ("mediation.terms_expired", 0),
    ] {
        assert_eq!(stock(figure, "2024-12-31"), expect, "{figure}");
    }
    assert!(flow("mediation.ended", YEAR + 2) > 0, "nothing of the January after it");
}

#[test]
fn the_second_year_changes_nothing_in_the_first() {
    let set = sets::check(&sets::shipped()).unwrap();
    let sources = Sources::load().unwrap();
    let planned = |years: i16| {
        let mut plan = Plan::new(&set, folder::console(&MADE.folder.config).unwrap());
        plan.adopt(start().unwrap(), sets::shipped(), String::new());
        let left = first_year(&mut plan, &sources).unwrap();
        if years > 1 {
            second_year(&mut plan, &sources, left).unwrap();
        }
        let new_year = clock::morning(Day::new(YEAR + 1, 1, 1).unwrap());
        let acts = plan.finish().into_iter().filter(|planned| planned.at < new_year);
        acts.map(|planned| format!("{} {:?} {:?}", planned.at, planned.draft.id, planned.draft.act)).collect::<Vec<_>>()
    };
    let alone = planned(1);
    assert!(alone.len() > 3000, "{}", alone.len());
    assert!(alone == planned(2), "the second year changes what was recorded before it");
}

#[test]
fn the_committees_were_elected_anew_when_their_three_years_were_over() {
    let engaged = number(
        "SELECT count(*) FROM record WHERE town_id = $1 AND register = 'mediator' AND state = 'serving' \
         AND opened >= '2024-03-14'",
    );
    assert_eq!(engaged, 26);
    let late = number(
        "SELECT count(*) FROM flag WHERE town_id = $1 AND register = 'mediation_committee' AND step = 'reelect'",
    );
    assert_eq!(late, 1);
}

#[test]
fn what_looks_odd_in_the_second_year_is_asked_and_half_of_it_is_answered() {
    let db = db();
    let sets = crate::sets::Sets::load(&db).unwrap();
    let set = &sets.current().unwrap().set;
    let period = engine::figure::Period::year(YEAR + 1, Day::MAX).unwrap();
    let asked = Asked { db: &db, sets: &sets, set, period };
    let found: Vec<_> = findings(&asked)
        .unwrap()
        .into_iter()
        .map(|one| (one.key.rsplit_once(':').unwrap().0.to_owned(), one.answered.map(|by| by.state)))
        .collect();
    let settled = Some("已认定".to_owned());
    let expect = [
        ("adviser.two_places:2024-09-19", None),
        ("mediation.many_on_one_day:2024-11-28", settled.clone()),
        ("mediation.same_phone:2024", None),
        ("mediation.village_far_above:2024", None),
        ("publicity.many_events_one_day:2024-01-16", settled),
        ("publicity.materials_beyond_people:2024-10-30", None),
    ];
    assert_eq!(found, expect.map(|(key, state)| (key.to_owned(), state)));
}

/// Registers in which nothing can go wrong that the program flags, each with the reason.
const NEVER_FLAGGED: &[(&str, &str)] = &[
    ("baseline", "one step, of which nothing is asked but a year of four digits"),
    ("grant", "an act of ours: what is out of order is refused"),
    ("mediator", "has no term; what a mediator did wrong is a step of its own"),
    ("office", "a list"),
    ("person", "a list of people"),
    ("post", "a list of posts"),
    ("submission", "asks only that its days follow one another, and the program fills them in"),
    ("village", "a list"),
];

/// Registers whose records need not come to an end, each with the reason.
const NEVER_ENDED: &[(&str, &str)] = &[
    ("collective_decision", "a finished one can still be replaced, and none was"),
    ("major_decision", "a published one can still be replaced, and none was"),
    ("mediation_committee", "elected anew, not dissolved"),
    ("person", "whoever left can come back"),
    ("survey", "what was improved can be improved again"),
    ("village", "none was merged"),
];

#[test]
fn every_procedure_has_a_record_that_reached_an_end_and_one_that_is_flagged() {
    let set = sets::check(&sets::shipped()).unwrap();
    let db = db();
    let sql = "SELECT DISTINCT register FROM flag WHERE town_id = $1 ORDER BY register";
    let flagged: BTreeSet<String> = db.rows(sql, params![], |row| row.get(0)).unwrap().into_iter().collect();
    let sql = "SELECT DISTINCT register, state FROM record WHERE town_id = $1 ORDER BY register, state";
    let states = db.rows(sql, params![], |row| Ok((row.get::<String>(0)?, row.get::<String>(1)?))).unwrap();
    let (mut no_flag, mut no_end) = (Vec::new(), Vec::new());
    for (id, register) in &set.registers {
        if !flagged.contains(id) {
            no_flag.push(id.as_str());
        }
        let mut own = states.iter().filter(|(of, _)| of == id);
        if !own.any(|(_, state)| register.ends_in(state)) {
            no_end.push(id.as_str());
        }
    }
    assert_eq!(no_flag, NEVER_FLAGGED.iter().map(|(id, _)| *id).collect::<Vec<_>>());
    assert_eq!(no_end, NEVER_ENDED.iter().map(|(id, _)| *id).collect::<Vec<_>>());
}

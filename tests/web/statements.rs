//! How many statements a page costs: few, and no more over much than over little.

use std::collections::BTreeMap;

use crate::client::{Client, Served};
use crate::filled::{NEW_CASE, case, committee_and_village, one, opened, send, today};

/// How many statements the page at an address ran.
fn statements(client: &mut Client, path: &str) -> usize {
    let page = client.get(path);
    assert_eq!(page.status, 200, "{path}: {}", page.text);
    let said = page.header("server-timing");
    let count = said.strip_prefix("db;desc=\"").and_then(|rest| rest.strip_suffix(" statements\""));
    count.unwrap_or_else(|| panic!("{path} says “{said}”")).parse().expect(said)
}

/// Pages of the clerk's, with the most statements each may run. Figures are asked for together; a report asks for each part it
/// breaks down.
const CLERK: &[(&str, usize)] = &[
    ("/?year=2023", 170),
    ("/dues?whose=all", 100),
    ("/figures?year=2023", 70),
    ("/questions?year=2024", 1200),
    ("/figures/mediation.registered?year=2026", 60),
    ("/figures/mediation.registered/entries?year=2026", 80),
    ("/registers", 60),
    ("/registers/mediation_case?year=2026", 25),
    ("/registers/mediation_case?q=%E9%82%BB%E9%87%8C", 25),
    (NEW_CASE, 20),
    ("/drafts", 8),
    ("/definitions", 4),
    ("/definitions/mediation_case", 4),
    ("/glossary", 4),
    ("/journal", 10),
    ("/reports", 10),
    ("/statements", 10),
    ("/statements/mediation_statistics?period=2023Q2", 120),
    ("/statements/publicity_ledger?period=2023Q2", 120),
    ("/reports/annual/2023", 350),
    ("/trace", 6),
    ("/legal-aid", 4),
    ("/check", 4),
];

/// Pages of a village's own.
const VILLAGE: &[(&str, usize)] =
    &[("/?year=2023", 80), ("/dues?whose=all", 100), ("/figures?year=2023", 50), ("/registers", 40)];

/// What each page runs, by whose it is and where.
fn counted(clients: &mut [(&'static str, Client)]) -> BTreeMap<String, usize> {
    let (mut counts, mut over) = (BTreeMap::new(), Vec::new());
    for (login, client) in clients {
        let pages = if *login == "clerk" { CLERK } else { VILLAGE };
        for (path, most) in pages {
            let count = statements(client, path);
            if count > *most {
                over.push(format!("{login} {path}: {count} statements, at most {most}"));
            }
            counts.insert(format!("{login} {path}"), count);
        }
    }
    assert_eq!(over, Vec::<String>::new(), "{counts:#?}");
    counts
}

/// Starts a case and leaves it as a draft.
fn leave_a_draft(served: &Served, clerk: &mut Client) {
    let (committee, village) = committee_and_village(served);
    let page = clerk.get(NEW_CASE);
    let page = send(clerk, NEW_CASE, &page, "save", &case(&committee, &village, &today()));
    assert_eq!(page.status, 303, "{}", page.text);
}

#[test]
fn pages_run_few_statements_and_no_more_over_much_than_over_little() {
    let served = Served::demo();
    let mut mediator = served.signed_in("mediator");
    let mut clients = ["clerk", "village_a"].map(|login| (login, served.signed_in(login)));
    // Between nothing and something there may be a statement more.
    opened(&served, &mut mediator);
    leave_a_draft(&served, &mut clients[0].1);
    let little = counted(&mut clients);
    for _ in 0..25 {
        opened(&served, &mut mediator);
    }
    for _ in 0..8 {
        leave_a_draft(&served, &mut clients[0].1);
    }
    let much = counted(&mut clients);
    let grew: Vec<_> = much.iter().filter(|(page, count)| **count > little[*page]).collect();
    assert!(grew.is_empty(), "{grew:#?} where little is {little:#?}");
}

#[test]
fn a_record_of_many_entries_runs_as_many_statements_as_one_of_few() {
    let served = Served::demo();
    let mut clerk = served.signed_in("clerk");
    let case_of = |order: &str| {
        let sql = format!(
            "SELECT r.id FROM record r JOIN entry e ON e.town_id = r.town_id AND e.record = r.id \
             WHERE r.town_id = $1 AND r.register = 'mediation_case' GROUP BY r.id ORDER BY count(*) {order}, r.id LIMIT 1"
        );
        one(&served, &sql)
    };
    let (few, many) = (case_of("ASC"), case_of("DESC"));
    for (below, most) in [("", 20), ("/print", 20)] {
        let count = |clerk: &mut Client, id: &str| statements(clerk, &format!("/registers/mediation_case/{id}{below}"));
        let (few, many) = (count(&mut clerk, &few), count(&mut clerk, &many));
        assert!(many <= few && few <= most, "{below}: {few} of few entries, {many} of many, at most {most}");
    }
    // The proof reads the tree, which is as deep as the journal is long.
    for id in [few, many] {
        let proof = statements(&mut clerk, &format!("/registers/mediation_case/{id}/proof"));
        let trace = statements(&mut clerk, &format!("/trace/records/mediation_case/{id}"));
        assert!(proof <= 60 && trace <= 40, "{proof} of a proof, {trace} of a trace card");
    }
}

#[test]
fn nobody_learns_from_a_count_what_he_is_not_shown() {
    let served = Served::demo();
    let mut village = served.signed_in("village_a");
    let page = village.get("/registers/mediation_case/00000000-0000-7000-8000-000000000000");
    assert_eq!((page.status, page.header("server-timing")), (404, ""));
    let page = served.visitor().get("/sign-in");
    assert_eq!((page.status, page.header("server-timing")), (200, ""));
}

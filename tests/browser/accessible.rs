//! No page has a serious fault for whoever reads with his ears, by the keyboard, or with weak eyes: axe-core says so.

use serde_json::Value;
use yifa::storage::params;

use crate::browser::{Browser, Scripts};
use crate::client::Served;
use crate::support::Ask;

/// Every kind of page there is, with who looks at it. `…` stands for the rest of the first such link on the page before.
const PAGES: &[(&str, &[&str])] = &[
    ("leader", &["/"]),
    ("village_a", &["/", "/registers/publicity_event", "/figures?year=2023", "/reports"]),
    (
        "admin",
        &[
            "/",
            "/admin",
            "/admin/accounts",
            "/admin/accounts/0…",
            "/admin/accounts/new",
            "/admin/sessions",
            "/admin/log",
            "/admin/storage",
            "/sessions",
        ],
    ),
    (
        "clerk",
        &[
            "/",
            "/registers",
            "/registers/mediation_case",
            "/registers/mediation_case/0…",
            "/registers/mediation_case/new/register",
            "/registers/mediation_case/import",
            "/registers/major_decision",
            "/registers/major_decision/0…",
            "/registers/publicity_event/new/hold",
            "/dues",
            "/figures?year=2023",
            "/figures/mediation.ended?year=2023",
            "/figures/mediation.ended/entries?year=2023",
            "/reports",
            "/reports/annual/2023",
            "/reports/annual/2024",
            "/reports/annual/2024/paragraphs/…",
            "/check",
            "/trace",
            "/legal-aid",
            "/definitions",
            "/definitions/mediation_case",
            "/definitions/major_decision",
            "/glossary",
            "/journal",
            "/journal/print",
            "/drafts",
            "/sessions",
            "/password",
            "/nowhere",
        ],
    ),
];

/// What there is below a record's own address.
const OF_A_RECORD: &[&str] = &["", "/print", "/proof", "/link", "/attach", "/void"];

/// As wide and high as a desk's screen, and as a telephone's.
const SCREENS: [(u32, u32); 2] = [(1366, 768), (390, 844)];

#[test]
fn no_page_has_a_serious_fault() {
    let axe = std::env::var("YIFA_AXE").expect("YIFA_AXE names axe.min.js of the npm package axe-core");
    let axe = std::fs::read_to_string(&axe).expect("axe-core");
    let served = Served::demo();
    let browser = Browser::open(&served, Scripts::On);
    let mut found = faults(&browser, &axe, "/sign-in");
    for (login, paths) in PAGES {
        browser.sign_in(login);
        for path in *paths {
            let path = whole(&browser, path);
            found.extend(faults(&browser, &axe, &path));
        }
        if *login == "clerk" {
            for path in more(&served) {
                found.extend(faults(&browser, &axe, &path));
            }
            // A form that was sent back says what is wrong, and is read like any other page.
            browser.go("/registers/publicity_event/new/hold");
            browser.fill("参加人数", "八十余");
            browser.press("记入");
            browser.sees("还没有记入");
            found.extend(here(&browser, &axe));
        }
        browser.go("/");
        browser.leave();
    }
    assert!(found.is_empty(), "{} faults:\n{}", found.len(), found.join("\n"));
}

/// The pages of some records, by what the demonstration has.
fn more(served: &Served) -> Vec<String> {
    let db = served.scratch.db();
    let one = |sql: &str| db.value::<String>(sql, params![]);
    let newest = |register: &str| {
        let of = "SELECT id FROM record WHERE town_id = $1 AND register =";
        one(&format!("{of} '{register}' ORDER BY opened DESC, id DESC LIMIT 1"))
    };
    let (case, decision) = (newest("mediation_case"), newest("major_decision"));
    let entry = one(&format!("SELECT id FROM entry WHERE town_id = $1 AND record = '{case}' ORDER BY idx LIMIT 1"));
    let person = one("SELECT id FROM record WHERE town_id = $1 AND register = 'person' AND title = '廖德厚'");
    let mut all = Vec::new();
    for record in [format!("/registers/mediation_case/{case}"), format!("/registers/major_decision/{decision}")] {
        all.extend(OF_A_RECORD.iter().map(|more| format!("{record}{more}")));
    }
    all.extend([
        format!("/registers/major_decision/{decision}/meeting"),
        format!("/registers/mediation_case/{case}/entries/{entry}/correct"),
        format!("/registers/mediation_case/{case}/entries/{entry}/void"),
        format!("/registers/mediation_case/{case}/entries/{entry}/personal"),
        format!("/registers/normative_document/{}/compare", newest("normative_document")),
        format!("/registers/normative_document/{}/opinions", newest("normative_document")),
        format!("/trace/people/{person}"),
        format!("/trace/records/mediation_case/{case}"),
        format!("/trace/records/major_decision/{decision}"),
    ]);
    all
}

/// The address with what stands behind `…` on the page one is at.
fn whole(browser: &Browser, path: &str) -> String {
    match path.strip_suffix('…') {
        Some(start) => browser.first_link(start),
        None => path.to_owned(),
    }
}

fn faults(browser: &Browser, axe: &str, path: &str) -> Vec<String> {
    browser.go(path);
    here(browser, axe)
}

/// What is wrong with the page one is at, on either screen.
fn here(browser: &Browser, axe: &str) -> Vec<String> {
    let path = browser.address();
    let mut all = Vec::new();
    for (width, height) in SCREENS {
        browser.screen(width, height);
        let wide = browser.run("arguments[0](window.innerWidth)", Vec::new());
        assert_eq!(wide, width, "the window is as wide as the screen");
        let script =
            format!("{axe}; const done = arguments[arguments.length - 1]; axe.run().then(r => done(r.violations));");
        let found = browser.run(&script, Vec::new());
        let serious = |one: &&Value| matches!(one["impact"].as_str(), Some("serious" | "critical"));
        let said = |one: &Value| {
            let places = one["nodes"].as_array().map_or(0, Vec::len);
            format!("{path} at {width}: {} ({places} places), such as {}", one["help"], one["nodes"][0]["html"])
        };
        all.extend(found.as_array().expect("a list of faults").iter().filter(serious).map(said));
    }
    all
}

//! No page has a serious fault for whoever reads with his ears, by the keyboard, or with weak eyes: axe-core says so.

use serde_json::Value;

use crate::browser::{Browser, Scripts};
use crate::client::Served;

/// Every kind of page there is, with who looks at it.
const PAGES: &[(&str, &str)] = &[
    ("clerk", "/"),
    ("leader", "/"),
    ("village_a", "/"),
    ("admin", "/"),
    ("clerk", "/registers"),
    ("clerk", "/registers/mediation_case"),
    ("clerk", "/registers/mediation_case/new/register"),
    ("clerk", "/registers/publicity_event/new/hold"),
    ("clerk", "/dues"),
    ("clerk", "/figures?year=2023"),
    ("clerk", "/figures/mediation.ended?year=2023"),
    ("clerk", "/figures/mediation.ended/entries?year=2023"),
    ("clerk", "/reports"),
    ("clerk", "/reports/annual/2023"),
    ("clerk", "/check"),
    ("clerk", "/trace"),
    ("clerk", "/legal-aid"),
    ("clerk", "/definitions"),
    ("clerk", "/definitions/mediation_case"),
    ("clerk", "/glossary"),
    ("clerk", "/journal"),
    ("clerk", "/drafts"),
    ("clerk", "/password"),
    ("admin", "/admin"),
];

#[test]
fn no_page_has_a_serious_fault() {
    let axe = std::env::var("YIFA_AXE").expect("YIFA_AXE names axe.min.js of the npm package axe-core");
    let axe = std::fs::read_to_string(&axe).expect("axe-core");
    let served = Served::demo();
    let browser = Browser::open(&served, Scripts::On);
    let mut found = faults(&browser, &axe, "/sign-in");
    let mut signed = "";
    for (login, path) in PAGES {
        if *login != signed {
            if !signed.is_empty() {
                browser.go("/");
                browser.leave();
            }
            browser.sign_in(login);
            signed = login;
        }
        found.extend(faults(&browser, &axe, path));
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

fn faults(browser: &Browser, axe: &str, path: &str) -> Vec<String> {
    browser.go(path);
    let script =
        format!("{axe}; const done = arguments[arguments.length - 1]; axe.run().then(r => done(r.violations));");
    let found = browser.run(&script, Vec::new());
    let serious = |one: &&Value| matches!(one["impact"].as_str(), Some("serious" | "critical"));
    let said = |one: &Value| {
        let first = &one["nodes"][0]["html"];
        format!("{path}: {} ({} places), such as {first}", one["help"], one["nodes"].as_array().map_or(0, Vec::len))
    };
    found.as_array().expect("a list of faults").iter().filter(serious).map(said).collect()
}

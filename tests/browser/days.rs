//! Whole days of the people of a township, each from signing in to the journal that has to be sound.

mod decision;
mod interrupted;
mod mediation;
mod publicity;
mod report;
mod village;

use crate::browser::Browser;
use crate::client::Served;

/// So many days ago in the township.
fn ago(days: i32) -> String {
    yifa::ambient::today().plus_days(-days).expect("a day").to_string()
}

fn today() -> String {
    ago(0)
}

/// Fills in the form that is open, row by row.
#[track_caller]
fn fill(browser: &Browser, rows: &[(&str, &str)]) {
    for (label, words) in rows {
        browser.fill(label, words);
    }
}

/// On a record's page: follows the step that comes next, fills in its form and records it.
#[track_caller]
fn step(browser: &Browser, title: &str, rows: &[(&str, &str)]) {
    browser.follow_under("接下来", title);
    fill(browser, rows);
    browser.press("记入");
    browser.sees("已记入第");
    browser.sees(&format!("“{title}”"));
}

/// Stops the server as a system does, and looks at what it leaves: so many more entries, all of them sound.
#[track_caller]
fn ends_well(served: Served, before: i64, more: i64) {
    served.terminate();
    let (code, scratch) = served.ended();
    assert_eq!(code, Some(0), "it ends by itself");
    assert_eq!(scratch.entries(), before + more);
    scratch.is_sound();
}

/// A scanned paper, as small as one can be and still be one.
fn paper(served: &Served, name: &str) -> String {
    let text = format!("%PDF-1.4\n% {name}\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n");
    served.scratch.write(name, text.as_bytes()).to_str().expect("a path").to_owned()
}

//! Every test runs on both engines; what is about SQLite's own file says so by name and with a reason.

use std::collections::BTreeSet;

use crate::postgres::SQLITE_ALONE;
use crate::source::{none, rust};

#[test]
fn what_one_engine_alone_is_asked_is_listed_and_is_a_test() {
    let listed: BTreeSet<&str> = SQLITE_ALONE.iter().map(|(name, _)| *name).collect();
    assert_eq!(listed.len(), SQLITE_ALONE.len(), "no name twice");
    let (mut said, mut found) = (BTreeSet::new(), Vec::new());
    for file in rust().iter().filter(|file| file.path != "tests/support/postgres.rs") {
        for literal in file.strings.iter().filter(|one| file.code[..one.at].ends_with("sqlite_alone(")) {
            let begins = file.code[..literal.at].rfind("\nfn ").map_or("", |at| &file.code[at + 4..]);
            if begins.split('(').next() != Some(literal.text.as_str()) {
                found.push(format!("{}: says the name of another test: {}", file.place(literal.at), literal.text));
            }
            said.insert(literal.text.clone());
        }
    }
    found.extend(
        SQLITE_ALONE.iter().filter(|(name, _)| !said.contains(*name)).map(|(name, _)| format!("{name}: no test")),
    );
    found.extend(said.iter().filter(|name| !listed.contains(name.as_str())).map(|name| format!("{name}: not listed")));
    found.extend(SQLITE_ALONE.iter().filter(|(_, why)| why.is_empty()).map(|(name, _)| format!("{name}: why?")));
    none(found, "one list in tests/support/postgres.rs, each test with its reason");
    println!("{} tests are about SQLite's own file", SQLITE_ALONE.len());
}

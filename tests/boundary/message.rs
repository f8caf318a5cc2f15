//! What users are told: every problem has a page, every page is in use, every verb is in the README.

use std::collections::{BTreeMap, BTreeSet};

use engine::problem::{CATALOGUE, Code};

use crate::source::{Rust, file, none, programs};

/// Functions whose first argument is the number of a problem.
const MAKERS: [&str; 4] = ["Problem::new(", "refuse(", "note(", "problem("];

/// Problem numbers the program uses, each with one place.
fn used(files: &[Rust]) -> BTreeMap<u16, String> {
    let mut used = BTreeMap::new();
    let makes = |before: &str| MAKERS.iter().any(|maker| before.ends_with(maker));
    for file in files {
        for (at, _) in file.code.match_indices('(') {
            let after = file.code[at + 1..].trim_start();
            let digits = after.len() - after.trim_start_matches(|c: char| c.is_ascii_digit()).len();
            let plain = (1..=3).contains(&digits) && after[digits..].starts_with(',');
            // A tuple of a number, a text and a remedy is a problem in the making.
            let said = file.text[file.code.len() - after.len() + digits..].trim_start_matches(',').trim_start();
            let tuple = digits == 3 && (said.starts_with('"') || said.starts_with("format!("));
            if plain && (makes(&file.code[..=at]) || tuple) {
                used.entry(after[..digits].parse().expect("digits")).or_insert_with(|| file.place(at));
            }
        }
    }
    used
}

fn known() -> BTreeSet<u16> {
    CATALOGUE.iter().flat_map(|area| area.iter()).map(|kind| kind.code).collect()
}

#[test]
fn every_problem_in_use_has_its_page() {
    let known = known();
    let used = used(&programs());
    assert!(used.len() > 60, "only {} were found", used.len());
    let missing = used.iter().filter(|(code, _)| !known.contains(code));
    let said = missing.map(|(code, place)| format!("{} at {place}", Code(*code)));
    none(said.collect(), "write a title and a paragraph for it in crates/engine/src/problem/");
}

#[test]
fn every_page_is_about_a_problem_in_use() {
    let used = used(&programs());
    let idle = known().into_iter().filter(|code| !used.contains_key(code));
    none(idle.map(|code| Code(code).to_string()).collect(), "take the page out, or use the number");
}

#[test]
fn a_fault_is_told_in_english_and_a_problem_in_chinese() {
    let chinese = |text: &str| text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
    let mut found = Vec::new();
    for file in programs().iter().filter(|file| file.path.starts_with("crates/yifa/")) {
        for literal in &file.strings {
            let before = file.code[..literal.at].trim_end();
            let fault = [".context(", "bail!(", "anyhow!(", "ensure!("].iter().any(|maker| before.ends_with(maker));
            if fault && chinese(&literal.text) {
                found.push(format!("{}: {}", file.place(literal.at), literal.text));
            }
        }
    }
    none(found, "a fault is for whoever mends the program; what the user can mend is a Problem");
}

#[test]
fn every_verb_of_the_command_line_is_in_both_readmes() {
    let cli = file("crates/yifa/src/cli/mod.rs");
    let body = cli.split_once("enum Verb {").and_then(|(_, rest)| rest.split_once("\n}")).expect("the verbs").0;
    let verbs: Vec<String> = body
        .lines()
        .map(str::trim)
        .filter(|line| line.starts_with(char::is_uppercase))
        // Which the program runs itself: it is hidden from its help too.
        .filter(|line| !line.starts_with("ReadPdf("))
        .map(|line| line.split(['(', ' ', ',', '{']).next().unwrap_or_default().to_lowercase())
        .collect();
    assert!(verbs.len() > 10, "{verbs:?}");
    let mut found = Vec::new();
    for readme in ["README.md", "README.zh-CN.md"] {
        let text = file(readme);
        let missing = verbs.iter().filter(|verb| !text.contains(&format!("`{verb}")));
        found.extend(missing.map(|verb| format!("{readme}: {verb}")));
    }
    none(found, "say what it is for in the table of verbs");
}

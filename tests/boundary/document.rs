//! Documents that are held: the glossary, the invariants of the architecture, the pages that are pointed to.

use std::collections::BTreeSet;

use crate::source::{Rust, file, files, none, root, rust};

/// Names of all functions that are tests, or that stand in test files.
fn tests(files: &[Rust]) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for file in files {
        for (at, _) in file.code.match_indices("fn ") {
            let name: String = file.code[at + 3..].chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            let before = file.code[..at].trim_end();
            if before.ends_with("#[test]") || before.ends_with(")]") && before.contains("#[test]") {
                names.insert(name);
            }
        }
    }
    names
}

/// What stands between backticks.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

/// Names behind "Held by", up to the end of the sentence.
fn held_by(text: &str) -> Vec<String> {
    let Some((_, rest)) = text.split_once("eld by ") else { return Vec::new() };
    let sentence = rest.split_once(". ").map_or(rest, |(sentence, _)| sentence);
    quoted(sentence).map(str::to_owned).collect()
}

#[test]
fn every_invariant_names_a_test_that_exists() {
    let rust = rust();
    let tests = tests(&rust);
    let mut found = Vec::new();
    let mut invariants = 0;
    let architecture = file("ARCHITECTURE.md");
    for block in architecture.split("\n\n").filter(|block| block.starts_with("**Invariant")) {
        invariants += 1;
        let title = block.lines().next().unwrap_or_default();
        let held = held_by(&block.replace('\n', " "));
        if held.is_empty() {
            found.push(format!("names no test: {title}"));
        }
        found.extend(held.iter().filter(|name| !tests.contains(*name)).map(|name| format!("no test {name}: {title}")));
    }
    assert!(invariants >= 12, "ARCHITECTURE.md has {invariants} invariants");
    // The comments that mark what must hold name their tests the same way.
    for file in rust.iter().filter(|file| file.path.starts_with("crates/")) {
        for (at, _) in file.text.match_indices("INVARIANT:") {
            let comment: Vec<&str> = std::iter::once("//")
                .chain(file.text[at..].lines())
                .enumerate()
                .take_while(|(nth, line)| *nth < 2 || line.trim_start().starts_with("//"))
                .map(|(_, line)| line)
                .collect();
            let comment = comment.join("\n");
            let home = file.path.split("/src/").next().unwrap_or_default();
            let held = quoted(&comment).any(|name| tests.contains(name) || root().join(home).join(name).is_file());
            if !held {
                found.push(format!("{} INVARIANT: without a test that exists", file.place(at)));
            }
        }
    }
    none(found, "an invariant without a test drifts: write `Held by `test_name`.`");
}

#[test]
fn every_precious_thing_has_a_trust_sentence() {
    let architecture = file("ARCHITECTURE.md");
    let trust = architecture.split_once("## Who is trusted").map_or("", |(_, rest)| rest);
    let trust = trust.split_once("\n## ").map_or(trust, |(here, _)| here);
    let things = [
        "database",
        "log.key",
        "signed/checkpoint",
        "files/",
        "yifa.toml",
        "definitions",
        "law texts",
        "program",
        "clock",
        "salt",
        "sealed",
        "export",
    ];
    let missing = things.iter().filter(|thing| !trust.contains(**thing));
    none(missing.map(|thing| (*thing).to_owned()).collect(), "say who holds it and what an attacker can do at most");
}

/// One line of the glossary.
struct Term {
    english: String,
    chinese: String,
    meaning: String,
    code: Vec<String>,
}

fn glossary() -> Vec<Term> {
    let text = file("GLOSSARY.md");
    let rows = text.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| English"));
    let terms: Vec<Term> = rows
        .map(|row| {
            let cells: Vec<&str> = row.trim_matches('|').split(" | ").map(str::trim).collect();
            assert_eq!(cells.len(), 4, "four cells are wanted: {row}");
            let code = quoted(cells[3]).map(str::to_owned).collect();
            Term { english: cells[0].to_owned(), chinese: cells[1].to_owned(), meaning: cells[2].to_owned(), code }
        })
        .collect();
    assert!(terms.len() >= 40, "{} terms", terms.len());
    terms
}

#[test]
fn the_glossary_has_every_word_of_the_design_once_and_says_what_it_means() {
    let wanted = [
        "definition",
        "register",
        "record",
        "step",
        "entry",
        "journal",
        "checkpoint",
        "projection",
        "figure",
        "report",
        "claim",
        "due",
        "bar",
        "flag",
        "problem",
        "fault",
        "village",
        "person",
        "office",
        "post",
        "fact",
        "field",
        "act",
        "draft",
        "question",
        "correction",
        "voiding",
        "link",
        "basis",
        "local",
        "pending",
        "leaf",
        "payload",
        "commitment",
        "salt",
        "sealed value",
        "tile",
        "bundle",
        "origin",
        "ambient",
        "calendar",
        "term",
        "case",
        "lint",
        "data folder",
        "adoption",
        "late entry",
        "ours",
        "verify",
        "rebuild",
    ];
    let terms = glossary();
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    for term in &terms {
        for word in [&term.english, &term.chinese] {
            if !seen.insert(word.clone()) {
                found.push(format!("{word} stands twice"));
            }
        }
        if term.meaning.chars().count() < 10 || term.code.is_empty() {
            found.push(format!("{} lacks its meaning or its place", term.english));
        }
    }
    let missing = wanted.iter().filter(|word| !terms.iter().any(|term| term.english == **word));
    found.extend(missing.map(|word| format!("{word} is missing")));
    none(found, "one word per idea, each once: mend GLOSSARY.md");
}

#[test]
fn every_chinese_term_of_the_glossary_is_in_use() {
    let all = files(&["crates", "definitions", "docs"], &[".rs", ".toml", ".md", ".sql"]);
    let unused = glossary().into_iter().filter(|term| !all.iter().any(|file| file.text.contains(&term.chinese)));
    none(unused.map(|term| term.chinese).collect(), "a term nobody says is no term of ours");
}

#[test]
fn every_place_named_in_the_glossary_exists() {
    let rust = rust();
    let schema = file("crates/yifa/src/storage/schema.sql") + &file("crates/yifa/src/storage/accounts.sql");
    let mut found = Vec::new();
    for (term, place) in glossary().iter().flat_map(|term| term.code.iter().map(move |place| (&term.english, place))) {
        let exists = if let Some(table) = place.strip_prefix("table ") {
            schema.contains(&format!("CREATE TABLE {table} ("))
        } else if let Some((home, _)) = place.split_once("::") {
            let name = place.rsplit("::").next().unwrap_or_default();
            let kinds = ["struct", "enum", "trait", "fn", "mod", "type", "const"];
            let inside = format!("crates/{home}/src/");
            rust.iter().filter(|file| file.path.starts_with(&inside)).any(|file| {
                let said = |kind: &&str| crate::source::has_word(&file.code, &format!("{kind} {name}"));
                kinds.iter().any(said)
            })
        } else {
            root().join(place).exists()
        };
        if !exists {
            found.push(format!("{term}: {place}"));
        }
    }
    none(found, "name `crate::Item`, `table name` or a path that exists");
}

#[test]
fn every_page_that_is_pointed_to_exists() {
    let mut found = Vec::new();
    for file in files(&["."], &[".rs", ".md", ".sql", ".toml", "justfile"]) {
        for (at, _) in file.text.match_indices("docs/") {
            let link: String =
                file.text[at..].chars().take_while(|c| c.is_ascii_alphanumeric() || "/-_.".contains(*c)).collect();
            let link = link.trim_end_matches('.');
            if link.ends_with(".md") && !root().join(link).exists() {
                found.push(format!("{}: {link}", file.path));
            }
        }
    }
    none(found, "the page is not there");
}

#[test]
fn every_choice_has_a_number_of_its_own_and_one_page() {
    let pages = files(&["docs/why"], &[".md"]);
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    for page in &pages {
        let name = page.path.trim_start_matches("docs/why/");
        let number: String = name.chars().take_while(char::is_ascii_digit).collect();
        if number.len() != 3 || !name[3..].starts_with('-') || !seen.insert(number) {
            found.push(format!("{}: NNN-title.md, each number once", page.path));
        }
        if page.text.lines().count() > 60 || !page.text.starts_with("# ") {
            found.push(format!("{}: one page with a title", page.path));
        }
    }
    none(found, "one page per choice that could have gone otherwise");
}

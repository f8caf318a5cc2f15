//! The arrow between the crates, and what the inner two must not touch.

use std::collections::{BTreeMap, BTreeSet};

use crate::source::{Rust, file, files, none, programs};

/// The names of the lines of one section of a `Cargo.toml`, each with the whole line.
fn dependencies(manifest: &str, section: &str) -> Vec<(String, String)> {
    let mut here = false;
    let mut found = Vec::new();
    for line in manifest.lines() {
        if line.starts_with('[') {
            here = line.trim() == section;
        } else if here && let Some((name, _)) = line.split_once('=') {
            found.push((name.trim().to_owned(), line.to_owned()));
        }
    }
    found
}

/// Package → the packages it depends on, from the lock file. Names only: several versions are taken together.
fn locked() -> BTreeMap<String, BTreeSet<String>> {
    let lock: toml::Table = file("Cargo.lock").parse().expect("a lock file");
    let mut packages: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for package in lock["package"].as_array().expect("packages") {
        let needs = package.get("dependencies").and_then(toml::Value::as_array);
        let names = needs.into_iter().flatten().filter_map(|need| need.as_str()?.split(' ').next().map(str::to_owned));
        packages.entry(package["name"].as_str().expect("a name").to_owned()).or_default().extend(names);
    }
    packages
}

/// Everything a crate of ours is built from, its tests aside.
fn built_from(crate_name: &str) -> BTreeSet<String> {
    let locked = locked();
    let mut waiting = vec![crate_name.to_owned()];
    let mut reached = BTreeSet::new();
    while let Some(next) = waiting.pop() {
        let needs = match next.as_str() {
            // The lock file does not tell a crate's tests from the crate; its own manifest does.
            "journal" | "engine" | "pdf" | "yifa" => {
                let manifest = file(&format!("crates/{next}/Cargo.toml"));
                dependencies(&manifest, "[dependencies]").into_iter().map(|(name, _)| name).collect()
            }
            other => locked.get(other).cloned().unwrap_or_default(),
        };
        waiting.extend(needs.into_iter().filter(|need| reached.insert(need.clone())));
    }
    reached
}

/// The libraries that reach nothing outside: not the binary crates, not the stand-alone verifier.
fn inner(file: &Rust) -> bool {
    let outer = ["crates/yifa/", "crates/pdf/"];
    !outer.iter().any(|folder| file.path.starts_with(folder)) && !file.path.contains("/src/bin/")
}

#[test]
fn the_press_and_the_workbench_are_built_apart() {
    let press = built_from("pdf");
    let ours = ["journal", "engine", "yifa"].into_iter().filter(|ours| press.contains(*ours));
    none(ours.map(str::to_owned).collect(), "the press takes papers as data: it knows no crate of ours");
    let yifa = built_from("yifa");
    let typesetting = yifa.iter().filter(|name| name.starts_with("typst"));
    none(typesetting.cloned().collect(), "whoever tries yifa must not wait ten minutes for typesetting");
}

#[test]
fn the_arrow_never_points_back() {
    let journal = built_from("journal");
    assert!(!journal.contains("engine") && !journal.contains("yifa"), "journal is bytes, not law: {journal:?}");
    assert!(!built_from("engine").contains("yifa"), "engine knows no disk and no people");
    // The stand-alone verifier is a program of its own in crates/engine/src/bin; the library is law, not bytes.
    let library = programs().into_iter().filter(|file| inner(file) && file.path.starts_with("crates/engine/"));
    none(library.flat_map(|file| file.places("journal::")).collect(), "the engine must not know the journal");
    assert!(built_from("yifa").is_superset(&BTreeSet::from(["journal".to_owned(), "engine".to_owned()])));
}

#[test]
fn journal_and_engine_stand_on_under_ten_crates_each_and_on_none_that_reaches_outside() {
    let outside = [
        "tokio",
        "mio",
        "socket2",
        "hyper",
        "axum",
        "reqwest",
        "ureq",
        "rusqlite",
        "libsqlite3-sys",
        "sqlx",
        "postgres",
        "tempfile",
        "notify",
        "libloading",
    ];
    // The lock file takes the features of tests as well, and with them getrandom: that nobody calls it is held below.
    for name in ["journal", "engine"] {
        let direct = dependencies(&file(&format!("crates/{name}/Cargo.toml")), "[dependencies]");
        assert!(direct.len() < 10, "{name} has {} dependencies: {direct:?}", direct.len());
        let reached = built_from(name);
        let found: Vec<&&str> = outside.iter().filter(|one| reached.contains(**one)).collect();
        assert!(found.is_empty(), "{name} is built from {found:?}");
    }
}

#[test]
fn journal_and_engine_take_time_chance_bytes_and_files_as_arguments() {
    let outside = [
        "std::fs",
        "std::net",
        "std::env",
        "std::process",
        "std::thread",
        "SystemTime",
        "Instant::",
        "UNIX_EPOCH",
        "Timestamp::now",
        "Zoned::now",
        "now_v7",
        "getrandom",
        "rand::",
        "OsRng",
        "tokio",
        "rusqlite",
        "reqwest",
        "println!",
        "eprintln!",
        "static mut",
    ];
    let mut found = Vec::new();
    for file in programs().iter().filter(|file| inner(file)) {
        for piece in outside {
            found.extend(file.places(piece).into_iter().map(|place| format!("{place} {piece}")));
        }
        // A look-up table is salted against crafted ids; what it holds comes out the same.
        let salted = file.path == "crates/journal/src/id.rs";
        found.extend(file.places("RandomState").into_iter().filter(|_| !salted));
    }
    none(found, "the inner crates must not reach outside: hand it in as an argument");
}

#[test]
fn the_clock_and_chance_have_one_door_and_the_demonstration() {
    let mut found = Vec::new();
    for file in programs().iter().filter(|file| file.path.starts_with("crates/yifa/")) {
        let (door, demo) = (file.path.ends_with("src/ambient.rs"), file.path.contains("src/demo"));
        if !door && !demo {
            found.extend(file.places("Ambient for ").into_iter().map(|place| format!("{place} implements Ambient")));
        }
        if !door {
            for piece in ["Timestamp::now", "Zoned::now", "SystemTime", "getrandom::", "now_v7", "thread_rng"] {
                found.extend(file.places(piece).into_iter().map(|place| format!("{place} {piece}")));
            }
        }
    }
    none(found, "a second clock would be a door for back-dating: ask the Ambient of crates/yifa/src/ambient.rs");
}

#[test]
fn only_the_writer_mending_and_moving_open_the_database_for_writing() {
    let may = ["append/desk.rs", "append/copy.rs", "cli/folder.rs", "moving.rs"]
        .map(|file| format!("crates/yifa/src/{file}"));
    let mut found = Vec::new();
    for file in programs() {
        if !may.contains(&file.path) {
            found.extend(file.places(".writer()"));
            found.extend(
                file.places(".connect()")
                    .into_iter()
                    .filter(|place| !place.contains("src/folder") && !place.contains("/storage/")),
            );
        }
        if !file.path.ends_with("src/folder.rs") && !file.path.ends_with("storage/sqlite.rs") {
            found.extend(file.places("open_writer("));
        }
    }
    none(found, "steps go through append::Writer; nothing else may hold a connection that can write");
}

#[test]
fn only_the_roll_up_asks_about_all_towns_and_it_only_reads() {
    let mut found = Vec::new();
    for file in programs() {
        let door = file.path.ends_with("storage/nation.rs");
        if !door && !["server.rs", "places.rs"].iter().any(|name| file.path.ends_with(&format!("query/rollup/{name}")))
        {
            found.extend(
                file.places("nation::Nation").into_iter().map(|place| format!("{place} goes through the door")),
            );
        }
        if door {
            for verb in [".run(", ".count(", ".batch(", ".unhurried("] {
                found.extend(file.places(verb).into_iter().map(|place| format!("{place} writes")));
            }
            assert!(file.text.contains("REPEATABLE READ READ ONLY"), "the server is not told that nothing is written");
        }
    }
    none(found, "a page, a list or a step is of one town: ask its Db, which cannot be asked about another");
}

#[test]
fn every_dependency_says_what_it_saves() {
    let mut found = Vec::new();
    for manifest in files(&["crates"], &["Cargo.toml"]) {
        for section in ["[dependencies]", "[dev-dependencies]", "[build-dependencies]"] {
            for (name, line) in dependencies(&manifest.text, section) {
                let ours = line.contains("path =");
                let said = line.split_once(" # ").is_some_and(|(_, why)| why.trim().len() >= 10);
                if !ours && !said {
                    found.push(format!("{}: {name}", manifest.path));
                }
            }
        }
    }
    none(found, "a dependency is a purchase: write behind it what it saves us");
}

#[test]
fn only_the_crates_of_the_workspace_and_the_registry_are_built_from() {
    let lock: toml::Table = file("Cargo.lock").parse().expect("a lock file");
    let packages = lock["package"].as_array().expect("packages");
    let ours: Vec<&str> =
        packages.iter().filter(|one| one.get("source").is_none()).filter_map(|one| one["name"].as_str()).collect();
    assert_eq!(ours, ["engine", "journal", "pdf", "yifa"]);
    let registry = "registry+https://github.com/rust-lang/crates.io-index";
    let strange = packages.iter().filter(|one| one.get("source").is_some_and(|from| from.as_str() != Some(registry)));
    none(strange.map(|one| one["name"].to_string()).collect(), "crates come from crates.io");
}

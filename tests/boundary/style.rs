//! How files look: what they begin with, how long they are, what must not be left in them.

use crate::source::{files, has_word, none, rust};

#[test]
fn every_rust_file_says_in_its_first_line_what_it_holds() {
    let silent = rust().into_iter().filter(|file| !file.text.starts_with("//! "));
    none(silent.map(|file| file.path).collect(), "begin the file with a `//! ` line that says what it holds");
}

#[test]
fn no_file_has_more_than_500_lines() {
    let kinds = [".rs", ".toml", ".md", ".sql", ".css"];
    let all = files(&["crates", "tests", "definitions", "laws", "docs"], &kinds);
    // A procedure is as long as the law makes it, and its cases as many as it has ways to go wrong.
    let law = ["definitions/cases/", "definitions/registers/"];
    let ours = |path: &str| !law.iter().any(|folder| path.starts_with(folder));
    let long = all.iter().filter(|file| file.text.lines().count() > 500 && ours(&file.path));
    let said = long.map(|file| format!("{} ({} lines)", file.path, file.text.lines().count()));
    none(said.collect(), "look for the second noun and give it a file of its own");
}

#[test]
fn nothing_unfinished_is_left_behind() {
    let left = ["todo!", "unimplemented!", "dbg!", "thread::sleep", "#[ignore", "#![allow("];
    let mut found = Vec::new();
    for file in rust() {
        for piece in left {
            found.extend(file.places(piece).into_iter().map(|place| format!("{place} {piece}")));
        }
        for word in ["TODO", "FIXME", "XXX", "HACK"] {
            // In comments as well; a template text that says XX is in a string.
            let comment = |line: &str| line.split_once("//").is_some_and(|(_, comment)| has_word(comment, word));
            let lines = file.text.lines().enumerate().filter(|(_, line)| comment(line));
            found.extend(lines.map(|(nth, _)| format!("{}:{} {word}", file.path, nth + 1)));
        }
    }
    none(found, "finish it, or write `// KNOWN:` with what is not solved");
}

#[test]
fn law_is_cited_in_data_only() {
    let numeral = |c: &char| "一二三四五六七八九十百千零〇两".contains(*c) || c.is_numeric();
    let mut found = Vec::new();
    for file in rust().into_iter().filter(|file| file.path.starts_with("crates/")) {
        for (at, _) in file.text.match_indices('第') {
            let rest = &file.text[at + '第'.len_utf8()..];
            let length: usize = rest.chars().take_while(numeral).map(char::len_utf8).sum();
            if length > 0 && rest[length..].starts_with('条') {
                found.push(format!("{} 第{}条", file.place(at), &rest[..length]));
            }
        }
    }
    none(found, "an article in Rust cannot be checked, dated or replaced: put it into definitions/");
}

#[test]
fn no_path_of_a_machine_is_written_down() {
    // Pieced together, so that this file does not hold them.
    let paths = [["/wo", "rk/"].concat(), ["/tmp/", "wt"].concat(), ["/ho", "me/"].concat(), ["/Us", "ers/"].concat()];
    let beside = ["../sha", "red"].concat();
    let kinds = [".rs", ".toml", ".md", ".sql", ".tsv", ".snap", "justfile", "run", "LICENSE"];
    let mut found = Vec::new();
    for file in files(&["."], &kinds) {
        // The pipeline scores itself on the reports beside the project where they are.
        let pipeline = file.path == ".ci/run";
        for path in paths.iter().chain([&beside].into_iter().filter(|_| !pipeline)) {
            if file.text.contains(path.as_str()) {
                found.push(format!("{} has {path}", file.path));
            }
        }
    }
    none(found, "name files as the project knows them");
}

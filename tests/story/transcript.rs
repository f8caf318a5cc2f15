//! The transcripts: what was typed, what came back, how it ended.
//!
//! ```text
//! # prose, for the reader
//! << case.toml                  a file the story needs, up to the line >>; `as gbk`, `as utf-16`, `as bytes` write it so
//! on = 2026-03-02
//! >>
//! $ yifa --data d list village  a command; then exactly what it prints on standard output
//! ! P702 …                      standard error
//! = 2                           the exit code, unless it is 0
//! ```
//!
//! What differs from run to run is named: `[ID]`, `[ROOT]`, `[HASH]`, `[KEY]`, `[TODAY]`, `[DIR]`, `[FAULT]`; `[TODAY]` may be
//! typed too. A line `…` stands for any lines. Besides `yifa` there are `yifa-verify`, `cat FILE`, `ls FOLDER` and
//! `demo` (a copy of the demonstration as the data folder); `< FILE` gives standard input.

use std::path::{Path, PathBuf};

use crate::support::{Ran, Scratch, copy_data, demo, given};
use crate::verifier::verifier;

macro_rules! stories {
    ($($name:ident)*) => {
        $(
            #[test]
            fn $name() {
                check(stringify!($name));
            }
        )*

        #[test]
        fn every_story_is_told() {
            let mut known = vec![$(concat!(stringify!($name), ".story")),*];
            let mut found: Vec<String> = std::fs::read_dir(folder())
                .unwrap()
                .map(|item| item.unwrap().file_name().into_string().unwrap())
                .filter(|name| name.ends_with(".story"))
                .collect();
            known.sort_unstable();
            found.sort();
            assert_eq!(found, known);
        }
    };
}

stories! {
    newcomer
    ledgers
    mediation
    figures
    rollup
    report
    indicators
    check_texts
    check_verdicts
    days
    definitions
    journal
    refusals
    trace
    questions
    compare
    affected
    ask
    numbering
    copy
    roles
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/story")
}

/// Tells a story and compares it with how it was told last time.
fn check(name: &str) {
    let path = folder().join(format!("{name}.story"));
    let expected = std::fs::read_to_string(&path).unwrap().replace("\r\n", "\n");
    let told = tell(&expected);
    if told == expected {
        return;
    }
    if std::env::var_os("UPDATE_STORY").is_some() {
        std::fs::write(&path, told).unwrap();
        return;
    }
    let differs = told.lines().zip(expected.lines()).take_while(|(is, was)| is == was).count();
    let around = |text: &str| text.lines().skip(differs.saturating_sub(3)).take(12).collect::<Vec<_>>().join("\n");
    panic!(
        "{name}.story, line {}:\n── expected\n{}\n── told\n{}\n(UPDATE_STORY=1 writes it anew)",
        differs + 1,
        around(&expected),
        around(&told)
    );
}

/// The story again, with what really came back; expected output with `…` stays as it is where it fits.
fn tell(story: &str) -> String {
    let scratch = Scratch::new();
    let today = today();
    let mut told = String::new();
    let mut lines = story.lines().peekable();
    while let Some(line) = lines.next() {
        told.push_str(line);
        told.push('\n');
        if let Some(file) = line.strip_prefix("<< ") {
            let (name, encoding) = file.split_once(" as ").unwrap_or((file, "utf-8"));
            let mut text = String::new();
            for line in lines.by_ref() {
                told.push_str(line);
                told.push('\n');
                if line == ">>" {
                    break;
                }
                text.push_str(&line.replace("[TODAY]", &today));
                text.push('\n');
            }
            scratch.write(name, &encoded(&text, encoding));
        } else if let Some(typed) = line.strip_prefix("$ ") {
            let mut expected = Vec::new();
            while let Some(line) = lines.next_if(|line| !begins(line)) {
                expected.push(line);
            }
            let blank = expected.iter().rev().take_while(|line| line.is_empty()).count();
            expected.truncate(expected.len() - blank);
            let answer = answer(&scratch, &typed.replace("[TODAY]", &today), &today);
            match fits(&expected, &answer) {
                true => told.extend(expected.iter().flat_map(|line| [line, "\n"])),
                false => told.extend(as_short(&expected, answer).iter().flat_map(|line| [line.as_str(), "\n"])),
            }
            // A blank line always parts an answer from what follows.
            if lines.peek().is_some() {
                told.push('\n');
            }
        }
    }
    told
}

fn begins(line: &str) -> bool {
    ["$ ", "<< ", "# "].iter().any(|mark| line.starts_with(mark))
}

fn encoded(text: &str, encoding: &str) -> Vec<u8> {
    match encoding {
        "utf-8" => text.as_bytes().to_vec(),
        "gbk" => encoding_rs::GBK.encode(text).0.into_owned(),
        "utf-16" => [0xfeff].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect(),
        // What is no text in any of them.
        "bytes" => [b"SQLite format 3\0\xff\xfe\x80", text.as_bytes()].concat(),
        other => panic!("no encoding {other}"),
    }
}

/// What a command answers, line by line, as a story writes it.
fn answer(scratch: &Scratch, typed: &str, today: &str) -> Vec<String> {
    let mut words = split(typed);
    let mut input = Vec::new();
    if let Some(at) = words.iter().position(|word| word == "<") {
        input = std::fs::read(scratch.path().join(&words[at + 1])).unwrap();
        words.truncate(at);
    }
    let ran = match words[0].as_str() {
        "yifa" => scratch.yifa_given(&words[1..], &input),
        "yifa-verify" => {
            let mut command = std::process::Command::new(verifier());
            command.args(&words[1..]).current_dir(scratch.path());
            command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped());
            given(command, &input)
        }
        "cat" => said(std::fs::read_to_string(scratch.path().join(&words[1])).unwrap()),
        "ls" => {
            let mut names: Vec<String> = std::fs::read_dir(scratch.path().join(&words[1]))
                .unwrap()
                .map(|item| item.unwrap().file_name().into_string().unwrap())
                .collect();
            names.sort();
            said(names.join("\n"))
        }
        "demo" => {
            copy_data(demo(), &scratch.data());
            said(String::new())
        }
        other => panic!("a story has no command {other}"),
    };
    let steady = |text: &str| steady(text, scratch.path(), today);
    let mut lines: Vec<String> = steady(&ran.out).lines().map(escaped).collect();
    while lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    lines.extend(steady(&ran.err).lines().map(|line| format!("! {line}").trim_end().to_owned()));
    match ran.code {
        Some(0) => {}
        Some(code) => lines.push(format!("= {code}")),
        None => lines.push("= killed".to_owned()),
    }
    lines
}

fn said(out: String) -> Ran {
    Ran { code: Some(0), out, err: String::new() }
}

/// A line that would be read as something else.
fn escaped(line: &str) -> String {
    let line = line.trim_end();
    let taken = begins(line) || line == "…" || ["! ", "= ", "\\"].iter().any(|mark| line.starts_with(mark));
    if taken { format!("\\{line}") } else { line.to_owned() }
}

fn split(typed: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    for c in typed.chars() {
        match (c, quote) {
            ('"' | '\'', None) => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (c, Some(open)) if c == open => quote = None,
            (' ', None) => words.extend(word.take()),
            (c, _) => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}

/// Whether an answer is the expected one, `…` standing for any lines.
fn fits(expected: &[&str], answer: &[String]) -> bool {
    match expected.split_first() {
        None => answer.is_empty(),
        Some((&"…", rest)) => (0..=answer.len()).any(|skipped| fits(rest, &answer[skipped..])),
        Some((line, rest)) => answer.split_first().is_some_and(|(is, more)| is == line && fits(rest, more)),
    }
}

/// A new answer, left out in the middle where the old one was.
fn as_short(expected: &[&str], mut answer: Vec<String>) -> Vec<String> {
    let Some(head) = expected.iter().position(|line| *line == "…") else { return answer };
    let tail = expected.len() - head - 1;
    if head + tail < answer.len() {
        answer.splice(head..answer.len() - tail, ["…".to_owned()]);
    }
    answer
}

/// The text with what differs from run to run named instead.
fn steady(text: &str, folder: &Path, today: &str) -> String {
    let text = text.replace(folder.to_str().unwrap(), "[DIR]").replace(today, "[TODAY]");
    let mut steady = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(c) = rest.chars().next() {
        let (name, length) = if is_id(rest) {
            ("[ID]", 36)
        } else if let Some(length) = key_length(rest) {
            ("[KEY]", length)
        } else if is_root(rest) && !steady.ends_with(|c: char| c.is_ascii_alphanumeric() || "+/".contains(c)) {
            ("[ROOT]", 44)
        } else if is_hash(rest) && steady.ends_with('"') {
            ("[HASH]", 64)
        } else if steady.ends_with("（编号 ") && rest.starts_with(|c: char| c.is_ascii_hexdigit()) {
            ("[FAULT]", rest.find('）').unwrap_or(0))
        } else {
            ("", c.len_utf8())
        };
        steady.push_str(if name.is_empty() { &rest[..length] } else { name });
        rest = &rest[length..];
    }
    steady
}

fn is_id(text: &str) -> bool {
    let shape = |(at, byte): (usize, u8)| match at {
        8 | 13 | 18 | 23 => byte == b'-',
        _ => byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte),
    };
    text.len() >= 36 && text.bytes().take(36).enumerate().all(shape)
}

fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'+' || byte == b'/'
}

/// The SHA-256 of a file, quoted in JSON: it changes with every word of a definition.
fn is_hash(text: &str) -> bool {
    let end = text.find('"');
    end == Some(64) && text[..64].chars().all(|c| matches!(c, '0'..='9' | 'a'..='f'))
}

/// 32 bytes in base64.
fn is_root(text: &str) -> bool {
    text.len() >= 44 && text.bytes().take(43).all(is_base64) && text.as_bytes()[43] == b'='
}

/// `+12ab34cd+AbC…`, the end of a verifier key.
fn key_length(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let shaped = bytes.len() >= 54
        && bytes[0] == b'+'
        && bytes[1..9].iter().all(u8::is_ascii_hexdigit)
        && bytes[9] == b'+'
        && bytes[10..54].iter().all(|byte| is_base64(*byte) || *byte == b'=');
    shaped.then_some(54)
}

/// Today in the township.
fn today() -> String {
    let zone = jiff::tz::Offset::constant(8).to_time_zone();
    jiff::Timestamp::now().to_zoned(zone).date().to_string()
}

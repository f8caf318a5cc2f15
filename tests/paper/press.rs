//! The press by itself: whose fonts it takes, and that what it cannot set does not stop it.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::ruler::{press, yifa};
use crate::support::Scratch;

/// A file of the machine's fonts.
fn font(name: &str) -> PathBuf {
    fn walk(folder: &Path, name: &str) -> Option<PathBuf> {
        let items: Vec<PathBuf> = std::fs::read_dir(folder).ok()?.flatten().map(|item| item.path()).collect();
        let here = items.iter().find(|path| path.file_name().is_some_and(|file| file == name)).cloned();
        here.or_else(|| items.iter().filter(|path| path.is_dir()).find_map(|path| walk(path, name)))
    }
    walk(Path::new("/usr/share/fonts"), name).expect("these tests need a font: apt-get install fonts-lxgw-wenkai")
}

#[test]
fn the_offices_own_face_comes_before_those_of_the_machine() {
    let scratch = Scratch::demo();
    let ask = ["paper", "publicity_event", "--year", "2023", "--out"];
    let said = |out: &str| {
        let out = scratch.path().join(out);
        yifa(&scratch.data(), &[&ask[..], &[out.to_str().unwrap()]].concat()).done().out
    };
    assert!(said("before").contains("小标宋用 "), "the machine has a 小标宋, which nobody can test with");
    // A face that calls itself 华文中宋 by its English name: the same letters, in as many bytes.
    let utf16 = |text: &str| text.encode_utf16().flat_map(u16::to_be_bytes).collect::<Vec<u8>>();
    let (theirs, ours) = (utf16("LXGW WenKai"), utf16("STZhongsong"));
    let mut bytes = std::fs::read(font("LXGWWenKai-Regular.ttf")).unwrap();
    let places: Vec<usize> =
        bytes.windows(theirs.len()).enumerate().filter(|(_, part)| *part == theirs).map(|(at, _)| at).collect();
    assert!(!places.is_empty(), "the font does not call itself LXGW WenKai");
    places.into_iter().for_each(|at| bytes[at..at + ours.len()].copy_from_slice(&ours));
    scratch.write("yifa-data/fonts/own.ttf", &bytes);
    let after = said("after");
    assert!(after.contains("小标宋 STZhongsong") && !after.contains("小标宋用 "), "{after}");
}

#[test]
fn what_cannot_be_set_is_answered_and_the_next_is_set_all_the_same() {
    let mut child =
        Command::new(press()).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let (mut requests, mut answers) = (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()));
    let mut ask = |text: &str| -> (Value, Vec<u8>) {
        let paper = json!({
            "style": "sheet", "title": "表", "head": null, "number": "", "addressee": "", "attached": [], "signed": null,
            "annexes": [], "imprint": null,
            "blocks": [{ "is": "paragraph", "align": "indented", "runs": [{ "text": text }] }],
        });
        let work = json!({ "title": "表", "author": "乡", "papers": [paper], "contents": [] });
        writeln!(requests, "{}", json!({ "fonts": null, "work": work })).unwrap();
        let mut line = String::new();
        answers.read_line(&mut line).unwrap();
        let answer: Value = serde_json::from_str(&line).unwrap();
        let mut pdf = vec![0; answer["bytes"].as_u64().unwrap() as usize];
        answers.read_exact(&mut pdf).unwrap();
        (answer, pdf)
    };
    let (rare, nothing) = ask("甲\u{2ff00}乙");
    assert_eq!((rare["missing"].clone(), nothing.len()), (json!(["\u{2ff00}"]), 0));
    let (first, pdf) = ask("甲乙");
    assert_eq!((first["pages"].clone(), first["fault"].clone()), (json!(1), Value::Null));
    assert!(pdf.starts_with(b"%PDF"));
    // What was asked before leaves no trace.
    let (_, again) = ask("甲乙");
    assert!(pdf == again);
    assert_eq!(rare["faces"], first["faces"]);
    drop(requests);
    assert!(child.wait().unwrap().success(), "it ends with its input");
}

//! The words of an article that changed, marked where they stand.

use similar::{Algorithm, DiffOp, capture_diff_slices};

/// Beyond so many pairs of words, sentences are compared instead: two long texts without articles.
const MOST_PAIRS: usize = 16_000_000;

/// The later text with 〔删：…〕 and 〔增：…〕 where it differs from the earlier.
pub fn marked(earlier: &str, later: &str) -> String {
    let (mut old, mut new) = (words(earlier), words(later));
    if old.len().saturating_mul(new.len()) > MOST_PAIRS {
        (old, new) = (sentences(earlier), sentences(later));
    }
    let mut out = String::new();
    let (mut gone, mut added) = (String::new(), String::new());
    let ops = capture_diff_slices(Algorithm::Myers, &old, &new);
    for (nth, op) in ops.iter().enumerate() {
        let (tag, from, to) = op.as_tag_tuple();
        let (from, to) = (old[from].concat(), new[to].concat());
        let DiffOp::Equal { len, .. } = op else {
            debug_assert!(tag != similar::DiffTag::Equal);
            gone.push_str(&from);
            added.push_str(&to);
            continue;
        };
        // One character that happens to be the same between two changes only makes both harder to read.
        let between = nth > 0 && nth + 1 < ops.len();
        if *len == 1 && between && to.chars().count() == 1 && !is_mark(&to) {
            gone.push_str(&to);
            added.push_str(&to);
            continue;
        }
        flush(&mut out, &mut gone, &mut added);
        out.push_str(&to);
    }
    flush(&mut out, &mut gone, &mut added);
    out
}

fn is_mark(text: &str) -> bool {
    text.chars().all(|c| !c.is_alphanumeric())
}

fn flush(out: &mut String, gone: &mut String, added: &mut String) {
    for (word, text) in [("删", gone), ("增", added)] {
        if !text.is_empty() {
            out.push_str(&format!("〔{word}：{text}〕"));
            text.clear();
        }
    }
}

/// A Chinese character is a word; a number or a Latin word is one as a whole.
fn words(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let run = rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(rest.len());
        let (word, after) = rest.split_at(if run > 0 { run } else { first.len_utf8() });
        words.push(word);
        rest = after;
    }
    words
}

fn sentences(text: &str) -> Vec<&str> {
    text.split_inclusive(['。', '；', '\n']).collect()
}

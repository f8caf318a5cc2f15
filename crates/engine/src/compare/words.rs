//! The words of an article that changed, marked where they stand.

use similar::{Algorithm, DiffOp, capture_diff_slices};

use super::{Change, Piece};

/// Beyond so many pairs of words, sentences are compared instead: two long texts without articles.
const MOST_PAIRS: usize = 16_000_000;

/// The pieces as one text, with 〔删：…〕 and 〔增：…〕 where they differ.
pub fn marked(pieces: &[Piece]) -> String {
    let one = |piece: &Piece| match piece.change {
        Change::Deleted => format!("〔删：{}〕", piece.text),
        Change::New => format!("〔增：{}〕", piece.text),
        _ => piece.text.clone(),
    };
    pieces.iter().map(one).collect()
}

/// What stayed, went and came, in the order of the later text; what went stands before what came.
pub fn pieces(earlier: &str, later: &str) -> Vec<Piece> {
    let (mut old, mut new) = (words(earlier), words(later));
    if old.len().saturating_mul(new.len()) > MOST_PAIRS {
        (old, new) = (sentences(earlier), sentences(later));
    }
    let mut out = Vec::new();
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
        out.push(Piece { change: Change::Same, text: to });
    }
    flush(&mut out, &mut gone, &mut added);
    out
}

fn is_mark(text: &str) -> bool {
    text.chars().all(|c| !c.is_alphanumeric())
}

fn flush(out: &mut Vec<Piece>, gone: &mut String, added: &mut String) {
    for (change, text) in [(Change::Deleted, gone), (Change::New, added)] {
        if !text.is_empty() {
            out.push(Piece { change, text: std::mem::take(text) });
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

//! Two versions of a text article by article: what stayed, what changed and in which words, what is new, gone or
//! renumbered (条文对照).

mod align;
mod split;
mod words;

use serde::Serialize;

pub use split::{Part, split};

/// What became of an article.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// Word for word the same.
    Same,
    /// Other words.
    Changed,
    /// Not in the earlier text.
    New,
    /// Not in the later text.
    Deleted,
}

impl Change {
    /// What people see.
    pub fn chinese(self) -> &'static str {
        match self {
            Change::Same => "未改",
            Change::Changed => "修改",
            Change::New => "新增",
            Change::Deleted => "删去",
        }
    }
}

/// An article of either text, or of both.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Row {
    /// What became of it.
    pub change: Change,
    /// Its number, or what stands for it, in the earlier text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// In the later text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// It has another number now.
    pub renumbered: bool,
    /// It stands elsewhere among the others.
    pub moved: bool,
    /// Its words; where they changed, with 〔删：…〕 and 〔增：…〕 in them.
    pub text: String,
    /// Where they changed, what stayed, went and came: a text may hold such brackets of its own.
    #[serde(skip)]
    pub pieces: Vec<Piece>,
}

/// Words that stayed, went or came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Which of the three.
    pub change: Change,
    /// The words.
    pub text: String,
}

/// Compares an earlier text with a later one, in the order of the later; what is gone stands where it stood.
pub fn compare(earlier: &str, later: &str) -> Vec<Row> {
    let (old, new) = (split(earlier), split(later));
    let pairs = align::align(&old, &new);
    let row = |(from, to): (Option<usize>, Option<usize>), moved: bool| {
        let (from, to) = (from.map(|at| &old[at]), to.map(|at| &new[at]));
        let mut pieces = Vec::new();
        let (change, text) = match (from, to) {
            (Some(from), Some(to)) if from.text == to.text => (Change::Same, to.text.clone()),
            (Some(from), Some(to)) => {
                pieces = words::pieces(&from.text, &to.text);
                (Change::Changed, words::marked(&pieces))
            }
            (None, Some(to)) => (Change::New, to.text.clone()),
            (Some(from), None) => (Change::Deleted, from.text.clone()),
            (None, None) => (Change::Same, String::new()),
        };
        let name = |part: Option<&Part>| part.map(|part| part.name.clone());
        let renumbered = matches!((from, to), (Some(from), Some(to)) if from.name != to.name);
        Row { change, from: name(from), to: name(to), renumbered, moved, text, pieces }
    };
    pairs.into_iter().map(|pair| row((pair.from, pair.to), pair.moved)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn taking_the_marks_out_gives_either_text_back(
            a in "[甲乙丙丁一二，。]{0,40}",
            b in "[甲乙丙丁一二，。]{0,40}",
        ) {
            let marked = words::marked(&words::pieces(&a, &b));
            let (mut old, mut new) = (String::new(), String::new());
            for piece in marked.split('〔') {
                let (inside, after) = piece.split_once('〕').unwrap_or(("", piece));
                if let Some(gone) = inside.strip_prefix("删：") { old.push_str(gone) }
                if let Some(added) = inside.strip_prefix("增：") { new.push_str(added) }
                old.push_str(after);
                new.push_str(after);
            }
            assert_eq!((old, new), (a, b));
        }

        #[test]
        fn every_part_of_both_texts_is_told_once(
            a in "(第[一二三]条 [甲乙丙丁]{1,6}\n){0,6}",
            b in "(第[一二三]条 [甲乙丙丁]{1,6}\n){0,6}",
        ) {
            let rows = compare(&a, &b);
            assert_eq!(rows.iter().filter(|row| row.from.is_some()).count(), split(&a).len());
            assert_eq!(rows.iter().filter(|row| row.to.is_some()).count(), split(&b).len());
        }
    }
}

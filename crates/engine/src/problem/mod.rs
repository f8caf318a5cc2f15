//! What the user has to mend (问题): where it is, what is wrong, what to do, all at once.
//!
//! A fault (故障) is ours and speaks English; a [`Problem`] is the user's and speaks Chinese.
//! Every problem carries a [`Code`] that `yifa explain` documents from the [catalogue](CATALOGUE).

mod annual;
mod definition;
mod door;
mod folder;
mod law;
mod report;
mod step;
mod table;
mod text;

use std::fmt;
use std::ops::Range;

use serde::Serialize;

/// A problem's number, written `P012`. Each has an [`Explained`] in the catalogue.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code(pub u16);

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "P{:03}", self.0)
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Code {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

/// One documented kind of problem.
pub struct Explained {
    /// The number it goes by.
    pub code: u16,
    /// One line: what is wrong.
    pub title: &'static str,
    /// A paragraph for the person who has to mend it: why it is refused and what to write instead.
    pub text: &'static str,
}

/// All documented kinds, by area: 0xx definitions, 1xx law and calendar, 2xx steps and records, 4xx tables, 5xx report
/// templates, 6xx questions and texts, 7xx the data folder. `tests/boundary` holds it against the codes in use.
pub const CATALOGUE: &[&[Explained]] = &[
    definition::EXPLAINED,
    law::EXPLAINED,
    step::EXPLAINED,
    table::EXPLAINED,
    report::EXPLAINED,
    text::EXPLAINED,
    folder::EXPLAINED,
    door::EXPLAINED,
    annual::EXPLAINED,
];

/// Looks a kind up by its number.
pub fn explain(code: Code) -> Option<&'static Explained> {
    CATALOGUE.iter().flat_map(|area| area.iter()).find(|e| e.code == code.0)
}

/// A place in a file: byte range in its UTF-8 text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The file as the user named it, or its path inside the definition set.
    pub file: String,
    /// Bytes from–to.
    pub span: Range<usize>,
}

/// A place as people and other programs count it: lines and columns from 1, characters from 0.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Located {
    /// The line it begins in.
    pub line: usize,
    /// The character of that line it begins with.
    pub column: usize,
    /// The characters of the text before it.
    pub start: usize,
    /// The characters of the text before its end.
    pub end: usize,
}

impl Place {
    /// Where the place is in its text.
    pub fn in_text(&self, text: &str) -> Located {
        let upto = |at: usize| text.get(..at.min(text.len())).unwrap_or(text);
        let before = upto(self.span.start);
        Located {
            line: before.matches('\n').count() + 1,
            column: before.rsplit('\n').next().unwrap_or("").chars().count() + 1,
            start: before.chars().count(),
            end: upto(self.span.end).chars().count(),
        }
    }
}

/// Something the user has to mend.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Which kind.
    pub code: Code,
    /// Where in a file, if it is in a file.
    pub place: Option<Place>,
    /// What is wrong, in Chinese, naming the thing (field, cell, record).
    pub text: String,
    /// What to do about it, in Chinese.
    pub remedy: String,
    /// The law that asks for it, as a lawyer cites it; may be empty.
    pub basis: Vec<String>,
}

impl Problem {
    /// A problem that is not in a file.
    pub fn new(code: u16, text: impl Into<String>, remedy: impl Into<String>) -> Self {
        Problem { code: Code(code), place: None, text: text.into(), remedy: remedy.into(), basis: Vec::new() }
    }

    /// The same, placed.
    pub fn at(mut self, file: &str, span: Range<usize>) -> Self {
        self.place = Some(Place { file: file.to_owned(), span });
        self
    }

    /// The same, with the law behind it.
    pub fn because(mut self, basis: impl IntoIterator<Item = String>) -> Self {
        self.basis.extend(basis);
        self
    }
}

/// `P012 what is wrong。what to do（依据：…）` on one line, as a log or a test reads it.
impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}。{}", self.code, self.text, self.remedy)?;
        if !self.basis.is_empty() {
            write!(f, "（依据：{}）", self.basis.join("、"))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_one_number_and_says_what_to_do() {
        let mut seen = std::collections::BTreeSet::new();
        for kind in CATALOGUE.iter().flat_map(|area| area.iter()) {
            assert!(seen.insert(kind.code), "{} stands twice", Code(kind.code));
            assert!(!kind.title.is_empty() && kind.text.chars().count() >= 15, "{}", Code(kind.code));
        }
    }
}

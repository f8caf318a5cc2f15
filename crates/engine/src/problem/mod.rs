//! What the user has to mend (问题): where it is, what is wrong, what to do, all at once.
//!
//! A fault (故障) is ours and speaks English; a [`Problem`] is the user's and speaks Chinese.
//! Every problem carries a [`Code`] that `yifa explain` documents from the [catalogue](CATALOGUE).

mod annual;
mod bundle;
mod definition;
mod door;
mod folder;
mod handed;
mod law;
mod mirror;
mod paper;
mod report;
mod server;
mod step;
mod table;
mod text;

use std::fmt;
use std::num::{NonZeroU16, NonZeroU32};
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
/// and paper templates, 6xx questions, texts and printing, 7xx the data folder, 8xx the
/// door and the pages. `tests/boundary` holds it against the codes in use.
pub const CATALOGUE: &[&[Explained]] = &[
    definition::EXPLAINED,
    law::EXPLAINED,
    step::EXPLAINED,
    table::EXPLAINED,
    report::EXPLAINED,
    text::EXPLAINED,
    paper::EXPLAINED,
    folder::EXPLAINED,
    bundle::EXPLAINED,
    mirror::EXPLAINED,
    door::EXPLAINED,
    annual::EXPLAINED,
    handed::EXPLAINED,
    server::EXPLAINED,
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

/// A place in a table, rows and columns from 0: a cell or a whole row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Spot {
    /// The row.
    pub row: u32,
    /// The column; none for a row.
    pub column: Option<u32>,
}

/// Something the user has to mend.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Which kind.
    pub code: Code,
    /// Where in a file, if it is in a file.
    pub place: Option<Place>,
    /// Its row in a table, from 1, if it is in one; the text names it too.
    pub row: Option<NonZeroU32>,
    /// Its column there, from 1.
    pub column: Option<NonZeroU16>,
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
        let (text, remedy) = (text.into(), remedy.into());
        Problem { code: Code(code), place: None, row: None, column: None, text, remedy, basis: Vec::new() }
    }

    /// The same, placed.
    pub fn at(mut self, file: &str, span: Range<usize>) -> Self {
        self.place = Some(Place { file: file.to_owned(), span });
        self
    }

    /// The same, in a cell of a table, its row and column from 0.
    pub fn in_cell(mut self, row: u32, column: u32) -> Self {
        self.column = u16::try_from(column + 1).ok().and_then(NonZeroU16::new);
        self.in_line(row + 1)
    }

    /// The same, in a row of a table, from 1 as the row is told.
    pub fn in_line(mut self, line: u32) -> Self {
        self.row = NonZeroU32::new(line);
        self
    }

    /// Where in a table it is, if it is in one.
    pub fn spot(&self) -> Option<Spot> {
        let column = self.column.map(|column| u32::from(column.get() - 1));
        self.row.map(|row| Spot { row: row.get() - 1, column })
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

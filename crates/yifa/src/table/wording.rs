//! An office's own headings and words that stand for ours: said once, understood from then on (用语).

use std::collections::BTreeMap;
use std::path::Path;

use engine::definition::mapping::bare;
use engine::definition::{Field, Register};

use super::book::Book;
use super::csv;
use super::expected::{As, Expected};
use super::heading::{self, Head, Heading};
use super::kind::{self, Kind};
use super::layout::{Column, layout};
use super::read::{Choose, bytes_of, sheet_of};
use super::sheet::{Note, letters};
use super::template::NOTES_SHEET;

/// Values shown of a column.
const SAMPLES: usize = 3;
/// Characters shown of each.
const SHOWN: usize = 20;

/// What a heading stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Meant {
    /// The heading as the table writes it.
    pub heading: String,
    /// The [path](Column::path) of the column it stands for; none for one that is left out.
    pub column: Option<String>,
    /// It was said on an earlier day.
    pub remembered: bool,
}

/// The headings and words of an office's tables for one register.
#[derive(Clone, Debug, Default)]
pub struct Wording {
    headings: BTreeMap<String, Meant>,
    words: BTreeMap<(String, String), String>,
}

impl Wording {
    /// A heading stands for a column; what was said of it before is forgotten.
    pub fn heading(&mut self, meant: Meant) {
        self.headings.insert(bare(&meant.heading), meant);
    }

    /// In a column a word stands for one of its choices, by the choice's id.
    pub fn word(&mut self, column: &str, word: &str, choice: &str) {
        self.words.insert((column.to_owned(), bare(word)), choice.to_owned());
    }

    /// What a heading stands for, if that was said.
    pub fn of(&self, heading: &str) -> Option<&Meant> {
        self.headings.get(&bare(heading))
    }

    /// All headings of which something was said.
    pub(super) fn headings(&self) -> impl Iterator<Item = (&str, &Meant)> {
        self.headings.iter().map(|(bare, meant)| (bare.as_str(), meant))
    }

    /// The choice a word stands for in a column.
    pub(super) fn choice(&self, column: &Column<'_>, word: &str) -> Option<&str> {
        // Nearly all cells are asked about, and nearly always nothing was said.
        if self.words.is_empty() {
            return None;
        }
        self.words.get(&(column.path(), bare(word))).map(String::as_str)
    }

    /// What is to be known of the headings that were understood because it was said what they stand for.
    pub(super) fn notes(&self, titles: &BTreeMap<u32, String>, columns: &[Column<'_>]) -> Vec<Note> {
        let used: Vec<&Meant> = titles.values().filter_map(|title| self.of(title)).collect();
        let called = |path: &str| columns.iter().find(|column| column.path() == path).map(|one| one.heading.clone());
        let mut notes = Vec::new();
        for (remembered, word) in [(true, "照上次"), (false, "这一次说明的（下次照此）")] {
            let of = |meant: &&&Meant| meant.remembered == remembered;
            let told: Vec<String> = used
                .iter()
                .filter(of)
                .map(|meant| match meant.column.as_deref().and_then(called) {
                    Some(column) => format!("{}→{column}", meant.heading),
                    None => format!("{}（不导入）", meant.heading),
                })
                .collect();
            if !told.is_empty() {
                notes.push(Note { line: None, text: format!("{word}：{}", told.join("、")) });
            }
        }
        notes
    }
}

/// A heading of a table, as the table has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Titled {
    /// What it says.
    pub heading: String,
    /// The letters of its column.
    pub letters: String,
    /// The number of its column, from 0.
    pub column: u32,
    /// The path of the column it stands for: because it is ours, or because that was said.
    pub known: Option<String>,
    /// It is one of ours: nothing can be said of it.
    pub ours: bool,
    /// The first values below it.
    pub samples: Vec<String>,
    /// The path of the column it may stand for.
    pub guess: Option<String>,
}

/// The headings of a table, whether or not one of them is known; nothing where none can be told.
pub fn headings(path: &Path, register: &Register, wording: &Wording, choose: Choose<'_>) -> Option<Vec<Titled>> {
    let bytes = bytes_of(path).ok()?;
    let expected = Expected::of(register, As::Own(wording));
    let (head, heading) = match kind::of(&bytes).ok()? {
        Kind::Zip => {
            let mut book = Book::open(&bytes).ok()?;
            let name = match (sheet_of(&mut book, &expected, choose), choose) {
                (Ok((name, ..)), _) => name,
                (Err(_), Choose::Named(name)) => name.to_owned(),
                (Err(_), Choose::Best) => book.sheets().into_iter().find(|sheet| sheet != NOTES_SHEET)?,
            };
            let head = book.head(&name).ok()?;
            let heading = heading::find(&head, &expected).or_else(|| widest(&head))?;
            (head, heading)
        }
        Kind::Text(text) => {
            let heads = csv::DELIMITERS.iter().filter_map(|delimiter| csv::head(&text, *delimiter).ok());
            let found = heads.filter_map(|head| {
                let heading = heading::find(&head, &expected).or_else(|| widest(&head))?;
                Some((head, heading))
            });
            found.max_by_key(|(_, heading)| (heading.known, heading.titles.len()))?
        }
    };
    Some(heading.titles.iter().map(|(column, text)| titled(*column, text, &head, &heading, &expected)).collect())
}

/// Where no heading is known, the first of the rows with the most cells is taken for theirs.
fn widest(head: &Head) -> Option<Heading> {
    let (row, titles) = head.rows().rev().max_by_key(|(_, row)| row.len()).filter(|(_, row)| row.len() > 1)?;
    Some(Heading { row, titles: titles.clone(), ..Heading::default() })
}

fn titled(column: u32, text: &str, head: &Head, heading: &Heading, expected: &Expected<'_>) -> Titled {
    let found = expected.find(text);
    let known = (found.len() == 1).then(|| expected.columns[found[0]].path());
    let below = head.rows().filter(|(row, _)| *row > heading.row).filter_map(|(_, row)| row.get(&column));
    let samples = below.take(SAMPLES).map(|text| text.chars().take(SHOWN).collect()).collect();
    let ours = expected.is_ours(text);
    let guess = if known.is_some() { None } else { guess(text, expected) };
    Titled { heading: text.to_owned(), letters: letters(column), column, known, ours, samples, guess }
}

/// The column whose title is nearest, or is part of the heading, or has it as a part.
fn guess(text: &str, expected: &Expected<'_>) -> Option<String> {
    let said = bare(text);
    let titles: Vec<&str> =
        expected.columns.iter().map(|column| column.field().map_or(super::NUMBER, |field| &field.title)).collect();
    let near = engine::read::nearest(&said, &titles).and_then(|near| titles.iter().position(|title| *title == near));
    let part = |title: &&str| title.chars().count() > 1 && (said.contains(*title) || title.contains(said.as_str()));
    let within = || titles.iter().position(part).filter(|_| said.chars().count() > 1);
    near.or_else(within).map(|index| expected.columns[index].path())
}

/// The columns a heading can be said to stand for, each with its path.
pub fn columns(register: &Register) -> Vec<(String, Column<'_>)> {
    layout(register).into_iter().map(|column| (column.path(), column)).collect()
}

/// The field of a path, with its path, by the path itself, the full heading or a title that is unique.
pub fn column_named<'r>(register: &'r Register, name: &str) -> Option<(String, Option<&'r Field>)> {
    let all = columns(register);
    let said = bare(name);
    let exact = |(path, column): &&(String, Column<'_>)| {
        *path == name || bare(&column.heading) == said || bare(&column.full()) == said
    };
    let by_id = || {
        let mut found = all.iter().filter(|(_, column)| column.field().is_some_and(|field| field.id.value == name));
        found.next().filter(|_| found.next().is_none())
    };
    all.iter().find(exact).or_else(by_id).map(|(path, column)| (path.clone(), column.field()))
}

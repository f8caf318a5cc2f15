//! Where the headings are and which field each of them means (标题行).

use std::collections::BTreeMap;

use engine::problem::Problem;
use engine::read::nearest;

use super::MOST_COLUMNS;
use super::expected::Expected;
use super::sheet::letters;

/// The top of a sheet: row → column → text, from 0.
#[derive(Clone, Debug, Default)]
pub(super) struct Head {
    rows: BTreeMap<u32, BTreeMap<u32, String>>,
}

impl Head {
    pub(super) fn put(&mut self, row: u32, column: u32, text: String) {
        if !text.is_empty() && column < MOST_COLUMNS {
            self.rows.entry(row).or_default().insert(column, text);
        }
    }

    /// All rows, from above.
    pub(super) fn rows(&self) -> impl DoubleEndedIterator<Item = (u32, &BTreeMap<u32, String>)> {
        self.rows.iter().map(|(row, cells)| (*row, cells))
    }

    /// Repeats a cell downwards, where it is merged downwards.
    pub(super) fn spread(&mut self, column: u32, first: u32, last: u32) {
        let Some(text) = self.rows.get(&first).and_then(|row| row.get(&column)).cloned() else { return };
        for row in first..=last {
            self.put(row, column, text.clone());
        }
    }
}

/// The headings of a sheet, understood.
#[derive(Clone, Debug, Default)]
pub(super) struct Heading {
    /// The row they stand in, from 0.
    pub row: u32,
    /// How many of them are known.
    pub known: usize,
    /// Column of the sheet → index in the layout; none for a column that is not read.
    pub columns: BTreeMap<u32, Option<usize>>,
    /// What stands above each column of the sheet.
    pub titles: BTreeMap<u32, String>,
}

/// The row that fits best what is expected; none when not one heading is known anywhere.
pub(super) fn find(head: &Head, expected: &Expected<'_>) -> Option<Heading> {
    let score = |row: &BTreeMap<u32, String>| row.values().filter(|text| !expected.find(text).is_empty()).count();
    // Of two rows that fit equally well the upper one is the heading and the lower one data that looks like it.
    let (row, texts) = head.rows.iter().rev().max_by_key(|(_, row)| score(row))?;
    let known = score(texts);
    let mut heading = Heading { row: *row, known, titles: texts.clone(), ..Heading::default() };
    for (column, text) in texts {
        let found = expected.find(text);
        heading.columns.insert(*column, (found.len() == 1).then(|| found[0]));
    }
    (known > 0).then_some(heading)
}

/// All that is wrong with the headings.
pub(super) fn check(heading: &Heading, expected: &Expected<'_>) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut seen: BTreeMap<usize, u32> = BTreeMap::new();
    for (column, text) in &heading.titles {
        let at = format!("{}{}", letters(*column), heading.row + 1);
        let found = expected.find(text);
        match found[..] {
            [one] => {
                if let Some(first) = seen.insert(one, *column) {
                    let text = format!("“{text}”有两列（{}{} 和 {at}）", letters(first), heading.row + 1);
                    let problem = Problem::new(412, text, "请删去或者改正其中一列");
                    problems.push(problem.in_cell(heading.row, *column));
                }
            }
            [] if expected.ignores(text) => {}
            [] => {
                let all: Vec<&str> = expected.columns.iter().map(|column| column.heading.as_str()).collect();
                let near = nearest(text, &all).map_or(String::new(), |near| format!("是不是“{near}”？"));
                let shown: String = text.chars().take(30).collect();
                let remedy = format!("{near}{}", expected.unknown_remedy());
                let problem = Problem::new(410, format!("不认识的列“{shown}”（{at}）"), remedy);
                problems.push(problem.in_cell(heading.row, *column));
            }
            _ => {
                let full: Vec<String> = found.iter().map(|index| expected.columns[*index].heading.clone()).collect();
                let remedy = format!("请写明是哪一个：{}", full.join("、"));
                let problem = Problem::new(411, format!("“{text}”（{at}）可指 {} 个字段", found.len()), remedy);
                problems.push(problem.in_cell(heading.row, *column));
            }
        }
    }
    problems.extend(expected.missing(&|index| seen.contains_key(&index)));
    problems
}

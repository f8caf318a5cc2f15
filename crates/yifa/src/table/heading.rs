//! Where the headings are and which field each of them means (标题行).

use std::collections::BTreeMap;

use engine::definition::Register;
use engine::form::parse;
use engine::problem::Problem;
use engine::read::nearest;

use super::MOST_COLUMNS;
use super::layout::{Column, NUMBER};
use super::sheet::letters;

/// Columns that number the rows on paper and say nothing of the matter.
const IGNORED: &[&str] = &["序号"];

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

/// The row that fits the layout best; none when not one heading is known anywhere.
pub(super) fn find(head: &Head, layout: &[Column<'_>]) -> Option<Heading> {
    let names = Names::of(layout);
    let score = |row: &BTreeMap<u32, String>| row.values().filter(|text| !names.find(text).is_empty()).count();
    // Of two rows that fit equally well the upper one is the heading and the lower one data that looks like it.
    let (row, texts) = head.rows.iter().rev().max_by_key(|(_, row)| score(row))?;
    let known = score(texts);
    let mut heading = Heading { row: *row, known, titles: texts.clone(), ..Heading::default() };
    for (column, text) in texts {
        let found = names.find(text);
        heading.columns.insert(*column, (found.len() == 1).then(|| found[0]));
    }
    (known > 0).then_some(heading)
}

/// All that is wrong with the headings.
pub(super) fn check(heading: &Heading, register: &Register, layout: &[Column<'_>]) -> Vec<Problem> {
    let names = Names::of(layout);
    let mut problems = Vec::new();
    let mut seen: BTreeMap<usize, u32> = BTreeMap::new();
    for (column, text) in &heading.titles {
        let at = format!("{}{}", letters(*column), heading.row + 1);
        let found = names.find(text);
        match found[..] {
            [one] => {
                if let Some(first) = seen.insert(one, *column) {
                    let text = format!("“{text}”有两列（{}{} 和 {at}）", letters(first), heading.row + 1);
                    problems.push(Problem::new(412, text, "请删去或者改正其中一列"));
                }
            }
            [] if IGNORED.contains(&squeezed(text).as_str()) => {}
            [] => {
                let all: Vec<&str> = layout.iter().map(|column| column.heading.as_str()).collect();
                let near = nearest(text, &all).map_or(String::new(), |near| format!("是不是“{near}”？"));
                let shown: String = text.chars().take(30).collect();
                let remedy = format!("{near}不需要导入的，请删去这一列；需要的，请用模板中的标题");
                problems.push(Problem::new(410, format!("不认识的列“{shown}”（{at}）"), remedy));
            }
            _ => {
                let full: Vec<String> = found.iter().map(|index| layout[*index].heading.clone()).collect();
                let remedy = format!("请写明是哪一个：{}", full.join("、"));
                problems.push(Problem::new(411, format!("“{text}”（{at}）可指 {} 个字段", found.len()), remedy));
            }
        }
    }
    problems.extend(missing(register, layout, &|index| seen.contains_key(&index)));
    problems
}

/// Columns without which the sheet cannot be entered.
fn missing(register: &Register, layout: &[Column<'_>], has: &dyn Fn(usize) -> bool) -> Vec<Problem> {
    let of_step = |id: &str| -> Vec<usize> {
        let is = |column: &Column<'_>| column.step().is_some_and(|step| step.id.value == id);
        (0..layout.len()).filter(|index| is(&layout[*index])).collect()
    };
    let lacking = |id: &str| -> Vec<usize> {
        of_step(id).into_iter().filter(|index| layout[*index].needed() && !has(*index)).collect()
    };
    let mut wanted: Vec<usize> = Vec::new();
    for step in &register.steps {
        if of_step(&step.id).into_iter().any(has) {
            wanted.extend(lacking(&step.id));
        }
    }
    // Without numbers every row opens a record of its own.
    let opens = |step: &&engine::definition::Step| of_step(&step.id).into_iter().any(has);
    if !has(0) && !register.openings().any(|step| opens(&step)) {
        wanted.extend(register.openings().next().map(|step| lacking(&step.id)).unwrap_or_default());
    }
    let problem = |index: usize| {
        let column = &layout[index];
        let step = column.step().map_or(String::new(), |step| step.title.clone());
        let text = format!("缺少“{}”列（“{step}”必填）", column.heading);
        Problem::new(413, text, format!("请补上这一列；暂不导入“{step}”的，请删去它的各列"))
    };
    wanted.into_iter().map(problem).collect()
}

/// Texts a heading may be written as.
struct Names {
    by_text: BTreeMap<String, Vec<usize>>,
}

impl Names {
    fn of(layout: &[Column<'_>]) -> Names {
        let mut by_text: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (index, column) in layout.iter().enumerate() {
            let short = column.field().map_or(NUMBER, |field| &field.title);
            for text in [column.heading.clone(), column.full(), short.to_owned()] {
                let indexes = by_text.entry(squeezed(&text)).or_default();
                if !indexes.contains(&index) {
                    indexes.push(index);
                }
            }
        }
        // The exact heading always wins: a field called 编号 must not make the number column ambiguous.
        for (index, column) in layout.iter().enumerate() {
            by_text.insert(squeezed(&column.heading), vec![index]);
        }
        Names { by_text }
    }

    fn find(&self, text: &str) -> &[usize] {
        self.by_text.get(&squeezed(text)).map_or(&[], Vec::as_slice)
    }
}

/// Headings are compared without spaces, line breaks, stars for "required", and full-width forms.
fn squeezed(text: &str) -> String {
    let text: String = parse::plain(text).chars().filter(|c| !c.is_whitespace()).collect();
    text.trim_matches('*').to_owned()
}

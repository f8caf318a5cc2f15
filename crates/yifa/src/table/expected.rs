//! Which headings a sheet is expected to have, and what its cells mean: as our own template has them, or as a mapping
//! says of a table made elsewhere (所认的标题).

use std::collections::{BTreeMap, BTreeSet};

use engine::definition::mapping::{Mapping, bare};
use engine::definition::{Register, Step};
use engine::problem::Problem;

use super::layout::{Column, NUMBER, layout};
use super::sheet::Note;
use super::wording::Wording;

/// Columns that number the rows on paper and say nothing of the matter.
const IGNORED: &[&str] = &["序号"];

/// A table made elsewhere, and what whoever imports it says of all its rows.
#[derive(Clone, Copy)]
pub struct Foreign<'d> {
    /// How it is read.
    pub mapping: &'d Mapping,
    /// The fields it does not hold, with what was typed for them.
    pub with: &'d BTreeMap<String, String>,
}

/// How a table is read.
#[derive(Clone, Copy)]
pub enum As<'d> {
    /// As one of ours, whose headings and words an office may write otherwise.
    Own(&'d Wording),
    /// As one of some other program.
    Foreign(Foreign<'d>),
}

/// What a sheet is expected to hold.
pub(super) struct Expected<'d> {
    pub register: &'d Register,
    pub columns: Vec<Column<'d>>,
    pub foreign: Option<Foreign<'d>>,
    /// What an office's own words stand for; none in a table of some other program.
    wording: Option<&'d Wording>,
    /// Headings that are ours, however they are written: what an office says of them changes nothing.
    ours: BTreeSet<String>,
    /// Headings that are left out because that was said.
    left_out: BTreeSet<String>,
    /// Texts a heading may be written as.
    by_text: BTreeMap<String, Vec<usize>>,
}

impl<'d> Expected<'d> {
    /// What a table that is read so holds.
    pub fn of(register: &'d Register, how: As<'d>) -> Expected<'d> {
        match how {
            As::Own(wording) => Expected::own(register, wording),
            As::Foreign(foreign) => Expected::foreign(register, foreign),
        }
    }

    /// The columns of the register's own template.
    fn own(register: &'d Register, wording: &'d Wording) -> Expected<'d> {
        let columns = layout(register);
        let mut by_text: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (index, column) in columns.iter().enumerate() {
            let short = column.field().map_or(NUMBER, |field| &field.title);
            for text in [column.heading.clone(), column.full(), short.to_owned()] {
                let indexes = by_text.entry(bare(&text)).or_default();
                if !indexes.contains(&index) {
                    indexes.push(index);
                }
            }
        }
        // The exact heading always wins: a field called 编号 must not make the number column ambiguous.
        for (index, column) in columns.iter().enumerate() {
            by_text.insert(bare(&column.heading), vec![index]);
        }
        let ours: BTreeSet<String> =
            by_text.iter().filter(|(_, found)| found.len() == 1).map(|(text, _)| text.clone()).collect();
        let mut left_out = BTreeSet::new();
        for (text, meant) in wording.headings().filter(|(text, _)| !ours.contains(*text)) {
            let index = |path: &String| columns.iter().position(|column| column.path() == *path);
            match meant.column.as_ref().map(index) {
                Some(Some(index)) => drop(by_text.insert(text.to_owned(), vec![index])),
                // The field is no longer there: the heading is as unknown as before.
                Some(None) => {}
                None => {
                    by_text.remove(text);
                    left_out.insert(text.to_owned());
                }
            }
        }
        Expected { register, columns, foreign: None, wording: Some(wording), ours, left_out, by_text }
    }

    /// The columns a mapping reads, in the order of the step's fields. The first is the number, which no such table has.
    fn foreign(register: &'d Register, foreign: Foreign<'d>) -> Expected<'d> {
        let mut columns = vec![Column { heading: NUMBER.to_owned(), of: None }];
        let mut by_text: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        let step = register.step(&foreign.mapping.step);
        for (step, field) in step.iter().flat_map(|step| step.typed().map(move |field| (*step, field))) {
            let Some(column) = foreign.mapping.column(&field.id) else { continue };
            for heading in &column.headings {
                by_text.insert(bare(heading), vec![columns.len()]);
            }
            let heading = column.headings.first().map_or_else(|| field.title.clone(), |at| at.value.clone());
            columns.push(Column { heading, of: Some((step, field)) });
        }
        let (ours, left_out) = (BTreeSet::new(), BTreeSet::new());
        Expected { register, columns, foreign: Some(foreign), wording: None, ours, left_out, by_text }
    }

    /// The columns a heading may mean.
    pub fn find(&self, text: &str) -> &[usize] {
        self.by_text.get(&bare(text)).map_or(&[], Vec::as_slice)
    }

    /// Whether a heading is left out on purpose.
    pub fn ignores(&self, text: &str) -> bool {
        self.left_out.contains(&bare(text))
            || IGNORED.contains(&bare(text).as_str())
            || self.foreign.is_some_and(|foreign| foreign.mapping.ignores(text))
    }

    /// Whether a heading is one of ours.
    pub fn is_ours(&self, text: &str) -> bool {
        IGNORED.contains(&bare(text).as_str()) || self.ours.contains(&bare(text))
    }

    /// What is to be known of the headings above a table.
    pub fn notes(&self, titles: &BTreeMap<u32, String>) -> Vec<Note> {
        self.wording.map_or_else(Vec::new, |wording| wording.notes(titles, &self.columns))
    }

    /// What the file is called that says which headings are known.
    pub fn source(&self) -> String {
        match self.foreign {
            Some(foreign) => format!("列对照“{}”", foreign.mapping.title),
            None => "模板".to_owned(),
        }
    }

    /// What to do about a heading nobody knows.
    pub fn unknown_remedy(&self) -> String {
        match self.foreign {
            Some(foreign) => format!(
                "不需要的，写进 imports/{}.toml 的 ignored；需要的，写进 [[column]]；只这一次的，请删去这一列",
                foreign.mapping.id
            ),
            None => "不需要导入的，请删去这一列；需要的，请用模板中的标题".to_owned(),
        }
    }

    /// What a cell stands for: the choice its word or number means; a problem's text and remedy where none is known.
    pub fn read<'t>(&'t self, index: usize, text: &'t str) -> Result<&'t str, (String, String)> {
        let column = self.foreign.and_then(|foreign| {
            let field = self.columns[index].field()?;
            foreign.mapping.column(&field.id).map(|column| (column, foreign.mapping))
        });
        let own = || {
            let column = self.columns.get(index)?;
            let choice = self.wording?.choice(column, text)?;
            // As our own tables write it, so that a row is known again however it came.
            Some(column.field()?.choices.iter().find(|one| one.id.value == choice)?.title.as_str())
        };
        let Some((column, mapping)) = column else { return Ok(own().unwrap_or(text)) };
        column.read(text).ok_or_else(|| {
            let shown: String = text.chars().take(30).collect();
            let remedy = format!(
                "认得的有：{}。写错的请改正；平台就是这样写的，加进 imports/{}.toml 的 values",
                column.known(),
                mapping.id
            );
            (format!("填的“{shown}”不认识"), remedy)
        })
    }

    /// Columns without which the sheet cannot be entered.
    pub fn missing(&self, has: &dyn Fn(usize) -> bool) -> Vec<Problem> {
        let all = || (0..self.columns.len()).filter(|index| self.columns[*index].needed() && !has(*index));
        if let Some(foreign) = self.foreign {
            let problem = |index: usize| {
                let step = self.columns[index].of;
                let column = step.and_then(|(_, field)| foreign.mapping.column(&field.id));
                let headings: Vec<&str> =
                    column.iter().flat_map(|column| &column.headings).map(|at| at.value.as_str()).collect();
                let text = format!("缺少“{}”列", self.columns[index].heading);
                let remedy = format!(
                    "{}认得的标题是：{}；平台用别的标题的，加进 imports/{}.toml",
                    self.source(),
                    headings.join("、"),
                    foreign.mapping.id
                );
                Problem::new(413, text, remedy)
            };
            return all().map(problem).collect();
        }
        let of_step = |index: usize, id: &str| self.columns[index].step().is_some_and(|step| step.id.value == id);
        let filled = |step: &Step| (0..self.columns.len()).any(|index| of_step(index, &step.id) && has(index));
        let lacking = |id: &str| -> Vec<usize> { all().filter(|index| of_step(*index, id)).collect() };
        let mut wanted: Vec<usize> = Vec::new();
        for step in self.register.steps.iter().filter(|step| filled(step)) {
            wanted.extend(lacking(&step.id));
        }
        // Without numbers every row opens a record of its own.
        if !has(0) && !self.register.openings().any(filled) {
            wanted.extend(self.register.openings().next().map(|step| lacking(&step.id)).unwrap_or_default());
        }
        let problem = |index: usize| {
            let column = &self.columns[index];
            let step = column.step().map_or(String::new(), |step| step.title.clone());
            let text = format!("缺少“{}”列（“{step}”必填）", column.heading);
            Problem::new(413, text, format!("请补上这一列；暂不导入“{step}”的，请删去它的各列"))
        };
        wanted.into_iter().map(problem).collect()
    }
}

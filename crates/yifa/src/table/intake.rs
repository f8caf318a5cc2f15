//! Takes in the cells below the heading one after the other and keeps what they say (收入).

use std::collections::BTreeMap;

use engine::problem::Problem;

use super::cell::{self, Bad, Cell};
use super::expected::Expected;
use super::heading::Heading;
use super::kind::too_large;
use super::sheet::{Address, Held, Line, Note, Said, Sheet, letters};
use super::{MOST_COLUMNS, MOST_PROBLEMS, MOST_ROWS, MOST_TEXT_BYTES};

/// Addresses of a kind, the first few of them by name.
#[derive(Default)]
struct Few {
    first: Vec<String>,
    count: usize,
}

impl Few {
    fn add(&mut self, name: impl FnOnce() -> String) {
        if self.first.len() < 5 {
            self.first.push(name());
        }
        self.count += 1;
    }

    fn told(&self) -> String {
        let more = if self.count > self.first.len() { "等" } else { "" };
        format!("{}{more}", self.first.join("、"))
    }
}

/// The sheet being read.
pub(super) struct Intake<'e> {
    /// Serial days count from 1904.
    pub(super) epoch_1904: bool,
    expected: &'e Expected<'e>,
    heading: Heading,
    sheet: Sheet,
    current: Option<u32>,
    problems: Vec<Problem>,
    unlisted: usize,
    unheaded: BTreeMap<u32, u32>,
    formulas: Few,
    guessed: Few,
}

impl<'e> Intake<'e> {
    pub(super) fn new(expected: &'e Expected<'e>, heading: Heading, name: &str, label: String) -> Intake<'e> {
        let (register, columns) = (expected.register, &expected.columns);
        let ids = |column: &super::layout::Column<'_>| {
            column.of.map(|(step, field)| (step.id.value.clone(), field.id.value.clone()))
        };
        let mut headings: Vec<Option<String>> = columns.iter().map(|column| Some(column.heading.clone())).collect();
        let mut standing = BTreeMap::new();
        for (column, index) in heading.columns.iter().filter_map(|(column, index)| Some((column, (*index)?))) {
            headings[index] = heading.titles.get(column).cloned();
            standing.insert(index, *column);
        }
        let sheet = Sheet {
            register: register.id.value.clone(),
            name: name.to_owned(),
            headings,
            slots: columns.iter().map(ids).collect(),
            columns: standing,
            label,
            said: expected.foreign.map(Said::of),
            ..Sheet::default()
        };
        Intake {
            epoch_1904: false,
            expected,
            heading,
            sheet,
            current: None,
            problems: Vec::new(),
            unlisted: 0,
            unheaded: BTreeMap::new(),
            formulas: Few::default(),
            guessed: Few::default(),
        }
    }

    /// One cell; rows come in order. A problem returned here ends the reading.
    pub(super) fn cell(&mut self, row: u32, column: u32, cell: &Cell<'_>, is_formula: bool) -> Result<(), Problem> {
        if matches!(cell, Cell::Empty) {
            return Ok(());
        }
        let at = Address { row, column };
        let Some(index) = self.heading.columns.get(&column).copied() else {
            let blank = matches!(cell, Cell::Text(text) if text.trim().is_empty());
            if column < MOST_COLUMNS && !blank {
                self.unheaded.entry(column).or_insert(row + 1);
            }
            return Ok(());
        };
        let Some(index) = index else { return Ok(()) };
        let kind = self.expected.columns[index].field().map(|field| &field.kind);
        let said = match cell::text(cell, kind, self.epoch_1904) {
            Ok(said) => said,
            Err(bad) => {
                let (code, text, remedy) = match bad {
                    Bad::Error(error) => {
                        (417, format!("是错误值 {error}"), "请改正公式，或者直接填写内容；没有内容的，请清空")
                    }
                    Bad::Uncalculated => {
                        (416, "是还没有算出结果的公式".to_owned(), "请在表格软件中重新计算并保存，或者把公式粘贴为数值")
                    }
                    Bad::Rounded(number) => (
                        418,
                        format!("是超过十五位的数字 {number}，末尾各位已被表格软件改成零"),
                        "请把该列设为“文本”格式，重新填写",
                    ),
                };
                let title = self.heading.titles.get(&column).cloned().unwrap_or_default();
                let text = format!("{}第 {} 行“{title}”（{at}）{text}", self.sheet.label, row + 1);
                self.problem(Problem::new(code, text, remedy).in_cell(row, column));
                return Ok(());
            }
        };
        if said.text.is_empty() {
            return Ok(());
        }
        if is_formula {
            self.formulas.add(|| at.to_string());
        }
        if said.guessed_day {
            self.guessed.add(|| format!("{at}（{}）", said.text));
        }
        let expected = self.expected;
        match expected.read(index, &said.text) {
            Ok(text) => self.keep(at, index, text),
            Err((text, remedy)) => {
                let title = self.heading.titles.get(&column).cloned().unwrap_or_default();
                let text = format!("{}第 {} 行“{title}”（{at}）{text}", self.sheet.label, row + 1);
                self.problem(Problem::new(427, text, remedy).in_cell(row, column));
                Ok(())
            }
        }
    }

    fn keep(&mut self, at: Address, index: usize, text: &str) -> Result<(), Problem> {
        if self.current != Some(at.row) {
            if self.sheet.lines.len() >= MOST_ROWS as usize {
                return Err(too_large(format!("数据超过 {MOST_ROWS} 行")));
            }
            let start = self.sheet.cells.len() as u32;
            self.sheet.lines.push(Line { row: at.row, cells: start..start, digest: [0; 32], steps: 0 });
            self.current = Some(at.row);
        }
        if self.sheet.text.len() + text.len() > MOST_TEXT_BYTES {
            return Err(too_large(format!("文字超过 {} MB", MOST_TEXT_BYTES >> 20)));
        }
        let start = self.sheet.text.len() as u32;
        self.sheet.text.push_str(text);
        let text = start..self.sheet.text.len() as u32;
        self.sheet.cells.push(Held { index: index as u16, column: at.column as u16, text });
        if let Some(line) = self.sheet.lines.last_mut() {
            line.cells.end = self.sheet.cells.len() as u32;
        }
        Ok(())
    }

    /// An error value whose cell is not known.
    pub(super) fn unplaced_error(&mut self, line: u32, error: &str) {
        let text = format!("{}第 {line} 行附近有错误值 {error}", self.sheet.label);
        self.problem(Problem::new(417, text, "请改正公式，或者直接填写内容").in_line(line));
    }

    /// A merged area; rows and columns from 0. Called after all cells.
    pub(super) fn merged(&mut self, start: (u32, u32), end: (u32, u32)) {
        let last = self.sheet.lines.last().map_or(0, |line| line.row);
        let in_data = end.0 > self.heading.row && start.0 <= last && start != end;
        if in_data {
            let area = format!("{}{}:{}{}", letters(start.1), start.0 + 1, letters(end.1), end.0 + 1);
            let text = format!("{}数据区有合并的单元格（{area}）", self.sheet.label);
            let problem = Problem::new(415, text, "请取消合并单元格，把内容填到每一行");
            self.problem(problem.in_cell(start.0, start.1));
        }
    }

    /// Rows hidden, from 1. They are read like any other.
    pub(super) fn hidden(&mut self, rows: &[u32]) {
        let mut few = Few::default();
        let lines = &self.sheet.lines;
        let is_read = |row: &&u32| lines.binary_search_by_key(&(**row - 1), |line| line.row).is_ok();
        for row in rows.iter().filter(|row| **row > 0).filter(is_read) {
            few.add(|| row.to_string());
        }
        if few.count > 0 {
            let text = format!("有 {} 行是隐藏的，也已读入：第 {} 行", few.count, few.told());
            self.sheet.notes.push(Note { line: None, text });
        }
    }

    fn problem(&mut self, problem: Problem) {
        match self.problems.len() < MOST_PROBLEMS {
            true => self.problems.push(problem),
            false => self.unlisted += 1,
        }
    }

    /// The sheet, or all that is wrong with its cells.
    pub(super) fn finish(mut self) -> Result<Sheet, Vec<Problem>> {
        for (column, line) in std::mem::take(&mut self.unheaded) {
            let text = format!("{}{} 列有内容（第 {line} 行起），没有标题", self.sheet.label, letters(column));
            let problem = Problem::new(414, text, "请写上标题，或者删去这一列");
            self.problem(problem.in_cell(self.heading.row, column));
        }
        if self.sheet.lines.is_empty() && self.problems.is_empty() {
            let text = format!("{}标题行（第 {} 行）下面没有数据", self.sheet.label, self.heading.row + 1);
            self.problem(Problem::new(402, text, "请确认选对了文件和工作表、内容已经保存"));
        }
        if !self.problems.is_empty() {
            return Err(super::read::closed(self.problems, self.unlisted));
        }
        if self.formulas.count > 0 {
            let text =
                format!("有 {} 个单元格是公式，读的是上次算出的结果：{}", self.formulas.count, self.formulas.told());
            self.sheet.notes.push(Note { line: None, text });
        }
        if self.guessed.count > 0 {
            let text =
                format!("有 {} 个日期以数字保存，已换算为日期，请核对：{}", self.guessed.count, self.guessed.told());
            self.sheet.notes.push(Note { line: None, text });
        }
        self.sheet.notes.extend(self.expected.notes(&self.heading.titles));
        for line in &self.sheet.lines {
            self.sheet.cells[line.cells.start as usize..line.cells.end as usize].sort_by_key(|held| held.index);
        }
        self.sheet.identify(self.expected.register);
        Ok(self.sheet)
    }
}

//! Reading a file into a sheet: which sheet, which heading row, then every cell (读入).

use std::path::Path;

use engine::definition::Register;
use engine::problem::Problem;

use super::book::Book;
use super::csv;
use super::expected::{As, Expected};
use super::heading::{self, Heading};
use super::intake::Intake;
use super::kind::{self, Kind};
use super::sheet::Sheet;
use super::template::{NOTES_SHEET, sheet_name};
use super::wording::Wording;
use super::{HEAD_ROWS, MOST_FILE_BYTES};

/// Which sheet of a workbook to read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Choose<'c> {
    /// The one named after the register, else the only one whose headings fit best.
    #[default]
    Best,
    /// The one of this name.
    Named(&'c str),
}

/// Reads a file by its path.
pub fn read_path(path: &Path, register: &Register, how: As<'_>, choose: Choose<'_>) -> Result<Sheet, Vec<Problem>> {
    read_expected(&bytes_of(path)?, &Expected::of(register, how), choose)
}

pub(super) fn bytes_of(path: &Path) -> Result<Vec<u8>, Vec<Problem>> {
    let cannot = |error: std::io::Error| {
        let text = format!("读不到文件 {}（{}）", path.display(), crate::refused::cause(&error));
        vec![Problem::new(401, text, "请核对路径，关闭正在打开它的程序后再试")]
    };
    let length = std::fs::metadata(path).map_err(cannot)?.len();
    if length > MOST_FILE_BYTES {
        let text = format!("文件有 {} MB，最多 {} MB", length >> 20, MOST_FILE_BYTES >> 20);
        return Err(vec![kind::too_large(text)]);
    }
    std::fs::read(path).map_err(cannot)
}

/// Reads a file's bytes.
pub fn read(bytes: &[u8], register: &Register, choose: Choose<'_>) -> Result<Sheet, Vec<Problem>> {
    read_expected(bytes, &Expected::of(register, As::Own(&Wording::default())), choose)
}

fn read_expected(bytes: &[u8], expected: &Expected<'_>, choose: Choose<'_>) -> Result<Sheet, Vec<Problem>> {
    match kind::of(bytes).map_err(|problem| vec![problem])? {
        Kind::Zip => read_book(bytes, expected, choose),
        Kind::Text(text) => read_text(&text, expected),
    }
}

fn read_book(bytes: &[u8], expected: &Expected<'_>, choose: Choose<'_>) -> Result<Sheet, Vec<Problem>> {
    let mut book = Book::open(bytes).map_err(|problem| vec![problem])?;
    let (name, heading, label) = sheet_of(&mut book, expected, choose)?;
    let mut problems = heading::check(&heading, expected);
    for problem in &mut problems {
        problem.text.insert_str(0, &label);
    }
    let row = heading.row;
    let mut intake = Intake::new(expected, heading, &name, label);
    let poured = book.pour(&name, row, &mut intake);
    together(problems, poured, intake)
}

/// The sheet to read: its name, its headings, and how problems name it.
pub(super) fn sheet_of(
    book: &mut Book<'_>,
    expected: &Expected<'_>,
    choose: Choose<'_>,
) -> Result<(String, Heading, String), Vec<Problem>> {
    let sheets = book.sheets();
    let names: Vec<String> = match choose {
        Choose::Named(name) => sheets.iter().filter(|sheet| *sheet == name).cloned().collect(),
        Choose::Best => sheets.iter().filter(|sheet| *sheet != NOTES_SHEET).cloned().collect(),
    };
    if names.is_empty() {
        let wanted = if let Choose::Named(name) = choose { format!("“{name}”") } else { "可读的".to_owned() };
        let text = format!("工作簿里没有{wanted}工作表");
        return Err(vec![Problem::new(409, text, format!("现有：{}", sheets.join("、")))]);
    }
    let mut found: Vec<(String, Heading)> = Vec::new();
    for name in &names {
        let head = book.head(name).map_err(|problem| vec![problem])?;
        found.extend(heading::find(&head, expected).map(|heading| (name.clone(), heading)));
    }
    let (name, heading) = choose_sheet(found, expected)?;
    let label = if names.len() > 1 { format!("工作表“{name}”") } else { String::new() };
    Ok((name, heading, label))
}

fn read_text(text: &str, expected: &Expected<'_>) -> Result<Sheet, Vec<Problem>> {
    let (delimiter, heading) = delimiter_of(text, expected)?;
    let problems = heading::check(&heading, expected);
    let row = heading.row;
    let mut intake = Intake::new(expected, heading, "", String::new());
    let poured = csv::pour(text, delimiter, row, &mut intake);
    together(problems, poured, intake)
}

/// What stands between the cells of a text, and its headings.
pub(super) fn delimiter_of(text: &str, expected: &Expected<'_>) -> Result<(u8, Heading), Vec<Problem>> {
    let mut best: Option<(u8, Heading)> = None;
    for delimiter in csv::DELIMITERS {
        let head = csv::head(text, delimiter).map_err(|problem| vec![problem])?;
        let Some(heading) = heading::find(&head, expected) else { continue };
        if best.as_ref().is_none_or(|(_, other)| heading.known > other.known) {
            best = Some((delimiter, heading));
        }
    }
    best.ok_or_else(|| vec![no_heading(expected)])
}

/// The problems of the headings and those of the cells, or the sheet.
fn together(
    mut problems: Vec<Problem>,
    poured: Result<(), Problem>,
    intake: Intake<'_>,
) -> Result<Sheet, Vec<Problem>> {
    if let Err(problem) = poured {
        problems.push(problem);
        return Err(problems);
    }
    match intake.finish() {
        Ok(sheet) if problems.is_empty() => Ok(sheet),
        Ok(_) => Err(problems),
        Err(found) => {
            // Once headings are wrong, that no row was read follows from it.
            let news = found.into_iter().filter(|one| problems.is_empty() || one.code.0 != 402);
            let news: Vec<Problem> = news.collect();
            problems.extend(news);
            Err(problems)
        }
    }
}

fn choose_sheet(mut found: Vec<(String, Heading)>, expected: &Expected<'_>) -> Result<(String, Heading), Vec<Problem>> {
    let own = sheet_name(&expected.register.title);
    if let Some(index) = found.iter().position(|(name, _)| name.trim() == own) {
        return Ok(found.swap_remove(index));
    }
    let best = found.iter().map(|(_, heading)| heading.known).max().unwrap_or(0);
    found.retain(|(_, heading)| heading.known == best);
    match found.len() {
        0 => Err(vec![no_heading(expected)]),
        1 => Ok(found.swap_remove(0)),
        _ => {
            let names: Vec<&str> = found.iter().map(|(name, _)| name.as_str()).collect();
            let text = format!("工作表“{}”都像是“{}”的台账", names.join("”“"), expected.register.title);
            Err(vec![Problem::new(409, text, "请指明导入哪一张，或者一次只留一张")])
        }
    }
}

fn no_heading(expected: &Expected<'_>) -> Problem {
    let text = format!("前 {HEAD_ROWS} 行里找不到“{}”的标题行", expected.register.title);
    // No table made elsewhere has our number.
    let some = expected.columns.iter().skip(usize::from(expected.foreign.is_some())).take(6);
    let some: Vec<&str> = some.map(|column| column.heading.as_str()).collect();
    let remedy = match expected.foreign {
        Some(_) => format!("标题要与{}所写的一致，如：{}", expected.source(), some.join("、")),
        None => format!("标题要与模板一致，如：{}；可以下载模板，把数据粘贴进去", some.join("、")),
    };
    Problem::new(408, text, remedy)
}

/// Ends a list that was cut short by saying so.
pub(super) fn closed(mut problems: Vec<Problem>, unlisted: usize) -> Vec<Problem> {
    if unlisted > 0 {
        let text = format!("另有 {unlisted} 处问题没有列出");
        problems.push(Problem::new(425, text, "请先改正已列出的，再检查一遍"));
    }
    problems
}

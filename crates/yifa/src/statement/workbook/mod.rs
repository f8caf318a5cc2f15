//! A superior's workbook, filled in place: everything that is not written into a cell stays byte for byte (上级的表).

mod package;
mod reference;
mod sheet;
mod source;
mod styles;
#[cfg(test)]
mod tests;

use anyhow::Result;
use engine::definition::Statement;
use engine::definition::mapping::bare;
use engine::problem::Problem;
use engine::statement::Square;

use super::filled::{Filled, Held};
use super::plain;
use crate::refused::{problems, refuse, unless_none};
use package::{Package, broken};
use reference::Inserted;
use sheet::{Seen, Sheet};
use styles::Styles;

/// The most rows a listing puts into a sheet.
const MOST_ROWS: usize = 20_000;
/// The longest text a cell takes, in characters.
const LONGEST: usize = 32_767;

/// Fills a workbook, without one a plain layout of our own: all that is wrong with it at once, and nothing made then. Unless
/// `bare`, a sheet says of each cell where it comes from.
pub fn fill(template: Option<&[u8]>, filled: &Filled, is_bare: bool) -> Result<Vec<u8>> {
    // Nothing but the workbook is read here: what cannot be followed is a broken one, whatever it is in it.
    fill_parts(template, filled, is_bare).map_err(|error| match problems(&error) {
        Some(_) => error,
        None => broken(),
    })
}

fn fill_parts(template: Option<&[u8]>, filled: &Filled, is_bare: bool) -> Result<Vec<u8>> {
    let statement = &*filled.statement;
    let mut package = match template {
        Some(template) => Package::open(template)?,
        None => Package::open(&plain::workbook(statement)?)?,
    };
    let at = package.sheet(statement.sheet.as_deref())?;
    let name = package.sheets[at].name.clone();
    let mut sheet = package.read(at)?;
    let shared = package.shared()?;
    let filling = Filling { statement, filled, name: &name, shared: &shared };
    unless_none(filling.problems(&sheet)?)?;
    let inserted = filling.inserted();
    if let Some(inserted) = inserted {
        if let Some(what) = sheet.hindrance() {
            let text = format!(
                "工作表“{name}”只留了 {} 行，要填 {} 行，而表里有{what}，不能加行",
                filling.room(),
                filled.rows.len()
            );
            let remedy = "请在模板里多留几行（留够再用），或者删去不要的图片、批注，把“表格”转换为区域";
            return Err(refuse(444, text, remedy));
        }
        sheet.insert(inserted, &name)?;
        for other in (0..package.sheets.len()).filter(|other| *other != at) {
            let mut sheet = package.read(other)?;
            sheet.follow(inserted, &name)?;
            package.put(other, &sheet);
        }
        package.follow(inserted, &name)?;
    }
    let styles = Styles::read(package.part("styles.xml"))?;
    let dates = Dates { styles, epoch_1904: package.counts_from_1904() };
    filling.write(&mut sheet, inserted, &dates);
    if template.is_none() {
        filling.heighten(&mut sheet);
    }
    sheet.forget_results()?;
    package.put(at, &sheet);
    for other in (0..package.sheets.len()).filter(|other| *other != at) {
        if package.has_formulas(other) {
            let mut sheet = package.read(other)?;
            sheet.forget_results()?;
            package.put(other, &sheet);
        }
    }
    package.count_anew()?;
    if !is_bare {
        package.add_sheet(source::NAME, &source::sheet(statement, filled, &name, inserted))?;
    }
    package.write()
}

/// How days are written.
struct Dates {
    styles: Styles,
    epoch_1904: bool,
}

impl Dates {
    /// The number of a day, where the cell shows numbers as days.
    fn serial(&self, format: Option<usize>, day: &str) -> Option<String> {
        let day = engine::day::Day::parse(day).filter(|_| self.styles.is_day(format))?;
        let epoch = engine::day::Day::new(1899, 12, 30)?;
        let from_1904 = if self.epoch_1904 { 1462 } else { 0 };
        Some((epoch.days_until(day) - from_1904).to_string())
    }
}

struct Filling<'f> {
    statement: &'f Statement,
    filled: &'f Filled,
    name: &'f str,
    shared: &'f [String],
}

impl Filling<'_> {
    /// How many rows the template has prepared.
    fn room(&self) -> usize {
        self.statement.rows.as_ref().map_or(0, |listing| (listing.last - listing.first.value + 1) as usize)
    }

    /// The rows that have to be put in.
    fn inserted(&self) -> Option<Inserted> {
        let listing = self.statement.rows.as_ref()?;
        let more = self.filled.rows.len().checked_sub(self.room()).filter(|more| *more > 0)?;
        Some(Inserted { below: listing.last, rows: u32::try_from(more).ok()? })
    }

    /// All that speaks against filling the sheet.
    fn problems(&self, sheet: &Sheet) -> Result<Vec<Problem>> {
        let (name, mut problems) = (self.name, Vec::new());
        for (at, expected) in &self.statement.expect {
            let seen = sheet.seen(at.value, self.shared)?;
            let found = match &seen {
                Seen::Text(text) if bare(text) == bare(expected) => continue,
                Seen::Text(text) => format!("现在是“{}”", text.trim()),
                Seen::Nothing => "现在是空的".to_owned(),
                Seen::Number => "现在是数字".to_owned(),
                Seen::Formula => "现在是公式".to_owned(),
            };
            let text = format!("工作表“{name}”的 {} 应当是“{expected}”，{found}", at.value);
            let remedy =
                "上级改了版式的，照新表改这张报表的对照（statements 里的位置和 expect）；拿错了文件的，换成原来的模板";
            problems.push(Problem::new(442, text, remedy).in_cell(at.value.row, at.value.column));
        }
        // Where the layout is another one, what stands in the other cells says nothing.
        if !problems.is_empty() {
            return Ok(problems);
        }
        let merged = sheet.merged()?;
        let cannot = |at: Square, why: String, remedy: &str| {
            Problem::new(443, format!("工作表“{name}”的 {at} 填不进去：{why}"), remedy).in_cell(at.row, at.column)
        };
        let covered = |at: Square| merged.iter().find(|area| area.holds(at) && area.from != at);
        let figures = self.statement.cells.iter().map(|cell| (cell.at.value, true));
        let texts = self.statement.texts.iter().map(|(at, _)| (at.value, false));
        for (at, is_figure) in figures.chain(texts) {
            if let Some(area) = covered(at) {
                let remedy = format!("合并的单元格写左上角：请把对照里的 {at} 改成 {}", area.from);
                problems.push(cannot(at, format!("它并在 {area} 里"), &remedy));
                continue;
            }
            match sheet.seen(at, self.shared)? {
                Seen::Formula => {
                    let remedy = "由公式算出的不用填：请从对照里删去这一格，或者换成没有公式的模板";
                    problems.push(cannot(at, "里面是公式".to_owned(), remedy));
                }
                Seen::Text(text) if is_figure && !is_blank(&text) => {
                    let remedy = "填数的格子应当空着：版式变了的，照新表改对照里的位置";
                    problems.push(cannot(at, format!("里面已经写着“{}”", text.trim()), remedy));
                }
                _ => {}
            }
        }
        let Some(listing) = &self.statement.rows else { return Ok(problems) };
        for row in listing.first.value..=listing.last {
            for (column, _) in &listing.columns {
                let at = Square { row, column: column.value };
                if let Some(area) = covered(at) {
                    let remedy = format!("合并的单元格写左上角：请把对照里的这一列改成 {} 所在的列", area.from);
                    problems.push(cannot(at, format!("它并在 {area} 里"), &remedy));
                    continue;
                }
                let why = match sheet.seen(at, self.shared)? {
                    Seen::Nothing => continue,
                    // The ordinals may be printed already.
                    Seen::Number | Seen::Text(_) if listing.is_ordinal(column.value) => continue,
                    Seen::Formula => "里面是公式".to_owned(),
                    Seen::Number => "里面已经有数".to_owned(),
                    Seen::Text(text) if is_blank(&text) => continue,
                    Seen::Text(text) => format!("里面已经写着“{}”", text.trim()),
                };
                problems.push(cannot(at, why, "请用空表做模板：清空留出来填写的各行，或者照新表改 first、last"));
            }
        }
        let longest = self.filled.rows.iter().flat_map(|row| &row.cells).any(|(_, held)| held.is_longer_than(LONGEST));
        if self.filled.rows.len() > MOST_ROWS || longest {
            let text = format!("有 {} 行，或者有一格超过 {LONGEST} 个字", self.filled.rows.len());
            problems.push(Problem::new(426, text, format!("请缩短报告期；一张表最多 {MOST_ROWS} 行")));
        }
        Ok(problems)
    }

    fn write(&self, sheet: &mut Sheet, inserted: Option<Inserted>, dates: &Dates) {
        let place = |at: Square| Square { row: inserted.map_or(at.row, |rows| rows.row(at.row)), ..at };
        for cell in &self.filled.cells {
            put(sheet, place(cell.at), &cell.held, dates);
        }
        let Some(listing) = &self.statement.rows else { return };
        for (nth, row) in (0..).zip(&self.filled.rows) {
            for (column, held) in &row.cells {
                put(sheet, Square { row: listing.first.value + nth, column: *column }, held, dates);
            }
        }
    }

    /// Makes room for what the rows of a listing hold; a layout that was given has the height its owner chose.
    fn heighten(&self, sheet: &mut Sheet) {
        let Some(listing) = &self.statement.rows else { return };
        for (nth, row) in (0..).zip(&self.filled.rows) {
            let texts: Vec<_> = row.cells.iter().map(|(column, held)| (*column, held.to_string())).collect();
            let cells = texts.iter().map(|(column, text)| (*column, text.as_str()));
            if let Some(height) = plain::height(self.statement, cells) {
                sheet.set_height(listing.first.value + nth, height);
            }
        }
    }
}

/// What people put where there is no number.
fn is_blank(text: &str) -> bool {
    matches!(bare(text).as_str(), "" | "/" | "-" | "--" | "无")
}

fn put(sheet: &mut Sheet, at: Square, held: &Held, dates: &Dates) {
    match held {
        Held::Nothing => sheet.set_text(at, ""),
        Held::Text(text) => sheet.set_text(at, text),
        Held::Number(number) => match number.plain() {
            Some(number) => sheet.set_number(at, &number),
            None => sheet.set_text(at, &number.to_string()),
        },
        Held::Day(day) => match dates.serial(sheet.format(at), day) {
            Some(serial) => sheet.set_number(at, &serial),
            None => sheet.set_text(at, day),
        },
    }
}

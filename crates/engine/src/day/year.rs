//! One year's notice on rest days and make-up workdays, `definitions/calendar/<year>.toml`.

use super::Day;
use crate::read::{At, Source, Table};

/// The arrangement of one year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Year {
    /// The year.
    pub year: i16,
    /// The title of the notice that arranges it.
    pub notice: String,
    /// Its document number.
    pub number: Option<String>,
    /// What about it is still to be checked (待核).
    pub pending: Option<String>,
    /// Rest days with the name of the holiday.
    pub(super) rest: Vec<At<(Day, String)>>,
    /// Weekend days on which people work.
    pub(super) work: Vec<At<Day>>,
}

impl Year {
    /// Reads a file; its days are checked here against its own year, against each other by the calendar.
    pub(super) fn read(file: &str, source: &Source<'_>) -> Option<At<Year>> {
        source.read(|table| Year::from_table(file, table)).flatten()
    }

    fn from_table(file: &str, table: &mut Table<'_>) -> Option<At<Year>> {
        let written = table.int("year");
        if written.is_none() && !table.has("year") {
            table.missing("year");
        }
        let notice = table.need_text("notice").value;
        let number = table.text("number").map(|at| at.value);
        let pending = table.text("pending").map(|at| at.value);
        let rest = read_rest(table);
        let work = read_work(table);
        let written = written?;
        let year = match i16::try_from(written.value) {
            Ok(year) if (1949..=9999).contains(&year) => year,
            _ => {
                table.note(120, written.span, "年份不对", "请写四位年份，如 year = 2026");
                return None;
            }
        };
        let stem = file.rsplit('/').next().unwrap_or(file).trim_end_matches(".toml");
        if stem != year.to_string() {
            let text = format!("文件名是 {stem}，里面写的却是 {year} 年");
            table.note(120, written.span.clone(), text, "文件名与 year 须一致，如 2026.toml 写 year = 2026");
        }
        let year = Year { year, notice, number, pending, rest, work };
        for day in year.rest.iter().map(|at| at.value.0).zip(year.rest.iter().map(|at| &at.span)) {
            year.check_year(table, day.0, day.1.clone());
        }
        for day in &year.work {
            year.check_year(table, day.value, day.span.clone());
            if !day.weekday().is_weekend() {
                table.note(
                    122,
                    day.span.clone(),
                    format!("{}（{}）本来就上班，不会是调休上班日", day.value, day.weekday()),
                    "请对照通知核对日期；调休上班的都是星期六或者星期日",
                );
            }
        }
        Some(At { value: year, span: written.span })
    }

    /// A notice reaches back into the December before it (元旦 has begun on 12-30 and 12-31), never further.
    fn check_year(&self, table: &Table<'_>, day: Day, span: std::ops::Range<usize>) {
        let before = day.year() == self.year - 1 && day.month() == 12;
        if day.year() != self.year && !before {
            let text = format!("{day} 不在 {} 年的安排之内", self.year);
            table.note(120, span, text, "一个文件只写一年的安排（可以含上年十二月因元旦调休的日子）");
        }
    }
}

/// `rest = [{ name = "春节", from = 2026-02-15, to = 2026-02-23 }]`, day by day.
fn read_rest(table: &mut Table<'_>) -> Vec<At<(Day, String)>> {
    let mut rest = Vec::new();
    for mut entry in table.tables("rest") {
        let name = entry.need_text("name").value;
        let from = entry.day("from");
        let to = entry.day("to");
        match from {
            None if !entry.has("from") => entry.missing("from"),
            None => {}
            Some(from) => {
                let last = to.map_or(from.value, |to| to.value);
                if !(0..31).contains(&from.days_until(last)) {
                    let text = format!("{name}从 {} 到 {last}，次序颠倒或者太长", from.value);
                    entry.note(120, entry.span.clone(), text, "请核对起止日期");
                } else {
                    let days = from.value.to(last);
                    rest.extend(days.map(|day| At { value: (day, name.clone()), span: entry.span.clone() }));
                }
            }
        }
        entry.finish();
    }
    rest
}

fn read_work(table: &mut Table<'_>) -> Vec<At<Day>> {
    let Some(raw) = table.raw("work") else { return Vec::new() };
    let mut work = Vec::new();
    for item in raw.items() {
        match item.as_day() {
            Some(day) => work.push(At { value: day, span: item.span() }),
            None => item.wrong("日期（如 2024-01-31，不加引号）"),
        }
    }
    work
}

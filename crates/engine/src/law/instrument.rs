//! One instrument as `laws/<short>.toml` describes it.

use super::shape::Shape;
use crate::day::Day;
use crate::problem::Problem;
use crate::read::{Source, Table};

/// A law, regulation, rule, party rule or notice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instrument {
    /// The file that describes it.
    pub file: String,
    /// The full title, without 《》.
    pub title: String,
    /// The names lawyers cite it by.
    pub short: Vec<String>,
    /// The document number, if it has one.
    pub number: Option<String>,
    /// Who issued it.
    pub issuer: String,
    /// What about title, number or issuer is still to be checked (待核).
    pub pending: Option<String>,
    /// Its versions, oldest first, without gaps.
    pub versions: Vec<Version>,
    /// From this day on it is no longer in force.
    pub repealed: Option<Day>,
    /// By what, or why.
    pub repealed_by: Option<String>,
    /// What the reader of the file should know.
    pub note: Option<String>,
}

/// One version of an instrument.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// The first day in force; `None` for "all versions before the next one, whenever they began".
    pub from: Option<Day>,
    /// The last day in force; `None` for "until further notice".
    pub until: Option<Day>,
    /// What about its days or its text is still to be checked (待核).
    pub pending: Option<String>,
    /// The day up to which the text behind the shape was current.
    pub seen: Option<Day>,
    /// Its articles.
    pub shape: Shape,
}

impl Version {
    /// Whether it is in force on a day.
    pub fn covers(&self, day: Day) -> bool {
        self.from.is_none_or(|from| from <= day) && self.until.is_none_or(|until| day <= until)
    }
}

impl Instrument {
    /// Reads one file; a file that is not TOML, or has no title or no version, gives none.
    pub fn load(file: &str, text: &str) -> (Option<Instrument>, Vec<Problem>) {
        let source = Source::new(file, text);
        let instrument = source.read(|table| Instrument::read(file, table)).flatten();
        (instrument, source.into_problems())
    }

    fn read(file: &str, table: &mut Table<'_>) -> Option<Instrument> {
        let title = table.need_text("title");
        let short = table.texts("short").into_iter().map(|at| at.value).collect();
        let number = table.text("number").map(|at| at.value);
        let issuer = table.need_text("issuer").value;
        let pending = table.text("pending").map(|at| at.value);
        let note = table.text("note").map(|at| at.value);
        let repealed = table.day("repealed");
        let repealed_by = table.text("repealed_by");
        if let (None, Some(by)) = (&repealed, &repealed_by) {
            table.note(111, by.span.clone(), "写了废止的缘由，没有写日期", "请写上 repealed = 失效之日");
        }
        if !table.has("version") {
            table.missing("[[version]]");
            return None;
        }
        let mut versions: Vec<Version> = Vec::new();
        for mut entry in table.tables("version") {
            let from = entry.day("from");
            let version = Version {
                from: from.as_ref().map(|at| at.value),
                until: entry.day("until").map(|at| at.value),
                pending: entry.text("pending").map(|at| at.value),
                seen: entry.day("seen").map(|at| at.value),
                shape: Shape::read(&mut entry),
            };
            check_version(&entry, versions.last(), &version);
            versions.push(version);
            entry.finish();
        }
        // `until` follows from the next version or the repeal; deriving it here leaves one truth for all readers.
        let starts: Vec<Option<Day>> = versions.iter().skip(1).map(|v| v.from).collect();
        for (version, next) in versions.iter_mut().zip(starts) {
            version.until = version.until.or(next.and_then(|day| day.plus_days(-1)));
        }
        if let Some(last) = versions.last_mut() {
            match (last.until, repealed.as_ref()) {
                (Some(_), None) => table.note(
                    111,
                    table.span.clone(),
                    "最后一版写了终止日，却没有说明为什么终止",
                    "已失效的，请写 repealed = 失效之日；修改过的，请补上后一版",
                ),
                (until, Some(day)) => {
                    let end = day.value.plus_days(-1);
                    if until.is_some_and(|u| Some(u) != end) || last.from.is_some_and(|from| from >= day.value) {
                        table.note(111, day.span.clone(), "失效之日与最后一版的起止日不合", "请核对日期");
                    }
                    last.until = end;
                }
                (None, None) => {}
            }
        }
        if title.value.is_empty() || versions.is_empty() {
            return None;
        }
        Some(Instrument {
            file: file.to_owned(),
            title: title.value,
            short,
            number,
            issuer,
            pending,
            versions,
            repealed: repealed.map(|at| at.value),
            repealed_by: repealed_by.map(|at| at.value),
            note,
        })
    }

    /// Full title first, then the short ones.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.title.as_str()).chain(self.short.iter().map(String::as_str))
    }

    /// The version in force on a day.
    pub fn version(&self, day: Day) -> Option<&Version> {
        self.versions.iter().find(|v| v.covers(day))
    }
}

/// Versions follow each other day by day: on a day between two versions nobody could say what the law was.
fn check_version(entry: &Table<'_>, before: Option<&Version>, version: &Version) {
    let span = || entry.span.clone();
    if let (Some(from), Some(until)) = (version.from, version.until)
        && until < from
    {
        entry.note(111, span(), format!("这一版的终止日 {until} 早于起始日 {from}"), "请核对日期");
    }
    match (before, version.from) {
        (None, None) if matches!(version.shape, Shape::Known(_)) => {
            entry.note(111, span(), "条文结构已知的版本没有写施行日", "请写上 from = 施行之日");
        }
        (Some(_), None) => entry.note(111, span(), "第二版以后都要写施行日", "请写上 from = 施行之日"),
        (Some(before), Some(from)) => {
            let follows = match before.until {
                Some(until) => until.plus_days(1) == Some(from),
                None => before.from.is_none_or(|earlier| earlier < from),
            };
            if !follows {
                entry.note(
                    111,
                    span(),
                    format!("这一版自 {from} 施行，与上一版的起止日不衔接"),
                    "各版按先后排列，后一版从前一版终止的次日开始，不重叠也不空缺",
                );
            }
        }
        _ => {}
    }
}

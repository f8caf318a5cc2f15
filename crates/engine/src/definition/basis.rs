//! Why a step, a bar, a time or a figure is there: law (`basis`) or local practice (`local`), never neither.

use crate::day::Day;
use crate::read::{At, Raw, Table};

/// One citation and the days on which it is to be read (articles move between versions).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cite {
    /// As a lawyer writes it.
    pub text: At<String>,
    /// First day it is meant for; absent means from the register's `since`.
    pub from: Option<Day>,
    /// Last day it is meant for.
    pub until: Option<Day>,
}

impl Cite {
    /// Whether the citation is the one to show on a day.
    pub fn on(&self, day: Day) -> bool {
        self.from.is_none_or(|from| from <= day) && self.until.is_none_or(|until| day <= until)
    }
}

/// The reason on file for a rule.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Basis {
    /// Law, possibly several instruments or the same article under several numbers.
    pub cites: Vec<Cite>,
    /// A local order or habit, in words; never dressed up as law.
    pub local: Option<String>,
}

impl Basis {
    /// Whether there is any.
    pub fn is_empty(&self) -> bool {
        self.cites.is_empty() && self.local.is_none()
    }

    /// What to show on a day: the citations valid then, or the local practice.
    pub fn on(&self, day: Day) -> Vec<String> {
        let mut texts: Vec<String> =
            self.cites.iter().filter(|cite| cite.on(day)).map(|cite| cite.text.value.clone()).collect();
        texts.extend(self.local.iter().map(|local| format!("本地：{local}")));
        texts
    }
}

/// Reads `basis` and `local`; with `needed`, having neither is a problem.
pub(super) fn read(table: &mut Table<'_>, needed: Option<&str>) -> Basis {
    let items = table.raw("basis").map(|raw| raw.items()).unwrap_or_default();
    let cites = items.iter().filter_map(read_cite).collect();
    let local = table.text("local").map(|text| text.value);
    let basis = Basis { cites, local };
    // One that is written and was not understood is not missing.
    let written = !items.is_empty() || table.has("local");
    if let (false, Some(what)) = (written, needed) {
        let end = table.span.start + table.source.text[table.span.clone()].lines().next().map_or(0, str::len);
        table.note(
            9,
            table.span.start..end,
            format!("{what}没有写明依据"),
            "请写 basis = \"《…》第…条\"，或者 local = \"本地做法的说明\"",
        );
    }
    basis
}

/// Reads a key that holds citations alone (`counted_by`).
pub(super) fn read_cites(table: &mut Table<'_>, key: &'static str) -> Vec<Cite> {
    table.raw(key).map(|raw| raw.items().iter().filter_map(read_cite).collect()).unwrap_or_default()
}

fn read_cite(raw: &Raw<'_>) -> Option<Cite> {
    if let Some(text) = raw.as_text() {
        return Some(Cite { text, from: None, until: None });
    }
    let Some(mut table) = raw.as_table() else {
        raw.wrong("引文，或者 { cite = \"…\", from = 日期, until = 日期 }");
        return None;
    };
    let text = table.need_text("cite");
    let from = table.day("from").map(|day| day.value);
    let until = table.day("until").map(|day| day.value);
    table.finish();
    Some(Cite { text, from, until })
}

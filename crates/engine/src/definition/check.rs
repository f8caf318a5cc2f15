//! Checks across records: what an inspector would ask about, with the reason for asking (核对). Questions, not verdicts.

use crate::read::{At, Table};

use super::basis::{self, Basis};
use super::condition::{self, Condition};
use super::field::FieldRef;

/// One check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// `file.id`; a finding's key begins with it.
    pub id: String,
    /// Bytes of its own id in its file.
    pub at: std::ops::Range<usize>,
    /// What people see.
    pub title: String,
    /// What is asked of whoever kept the records.
    pub asks: String,
    /// Why it is asked: what has happened elsewhere.
    pub reason: String,
    /// Who says that it is to be looked at.
    pub basis: Basis,
    /// What is looked for.
    pub looks: Looks,
    /// Only steps that fit.
    pub when: Vec<Condition>,
    /// The file it was read from.
    pub file: String,
}

/// What a check looks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Looks {
    /// One part of a figure far above the others.
    Outlier {
        /// The figure, of the whole year.
        figure: At<String>,
        /// Above so many times the median of the other parts.
        times: i64,
        /// And not below this.
        at_least: i64,
    },
    /// Many on one day.
    Burst {
        /// The register.
        register: At<String>,
        /// The step that is counted.
        step: At<String>,
        /// More than so many.
        more_than: i64,
        /// Counted apart for each value of this field.
        by: Option<At<FieldRef>>,
    },
    /// The same value in many records.
    Repeated {
        /// The register.
        register: At<String>,
        /// The field, which may be sealed: its values are compared and never shown.
        field: At<FieldRef>,
        /// In more records of a year than so many.
        more_than: i64,
    },
    /// A value copied from another record, which says otherwise by now.
    Outdated {
        /// The register.
        register: At<String>,
        /// The field that is copied.
        field: At<FieldRef>,
    },
    /// Too many on the last day of a period.
    LastDay {
        /// The register.
        register: At<String>,
        /// The step that is counted.
        step: At<String>,
        /// Month, quarter, half or year.
        period: Stretch,
        /// More than so many in a hundred.
        percent: i64,
        /// Of a period with at least so many.
        at_least: i64,
    },
    /// Somebody in two places on one day.
    Overlap {
        /// The register.
        register: At<String>,
        /// The step.
        step: At<String>,
        /// Who.
        who: At<FieldRef>,
        /// Where.
        place: At<FieldRef>,
    },
    /// One number of a step many times another.
    Times {
        /// The register.
        register: At<String>,
        /// The step.
        step: At<String>,
        /// The number that is large.
        of: At<FieldRef>,
        /// The number it is held against.
        over: At<FieldRef>,
        /// More than so many times.
        more_than: i64,
    },
    /// Steps that name a record they should not name.
    Refers {
        /// The register.
        register: At<String>,
        /// The step.
        step: At<String>,
        /// The field that names the other record.
        to: At<FieldRef>,
        /// What must not hold of that record.
        conditions: Vec<Condition>,
    },
}

/// A stretch of the year that is reported by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stretch {
    /// A month.
    Month,
    /// Three months.
    Quarter,
    /// Six months.
    Half,
    /// A year.
    Year,
}

impl Stretch {
    /// The words a definition writes.
    pub const WORDS: &'static [(&'static str, Stretch)] =
        &[("month", Stretch::Month), ("quarter", Stretch::Quarter), ("half", Stretch::Half), ("year", Stretch::Year)];

    /// How many months.
    pub fn months(self) -> i8 {
        match self {
            Stretch::Month => 1,
            Stretch::Quarter => 3,
            Stretch::Half => 6,
            Stretch::Year => 12,
        }
    }
}

impl Looks {
    /// The register it reads; an outlier reads a figure.
    pub fn register(&self) -> Option<&At<String>> {
        match self {
            Looks::Outlier { .. } => None,
            Looks::Burst { register, .. }
            | Looks::Repeated { register, .. }
            | Looks::Outdated { register, .. }
            | Looks::LastDay { register, .. }
            | Looks::Overlap { register, .. }
            | Looks::Times { register, .. }
            | Looks::Refers { register, .. } => Some(register),
        }
    }

    /// The step it reads.
    pub fn step(&self) -> Option<&str> {
        match self {
            Looks::Outlier { .. } => None,
            Looks::Repeated { field, .. } | Looks::Outdated { field, .. } => Some(&field.step),
            Looks::Burst { step, .. }
            | Looks::LastDay { step, .. }
            | Looks::Overlap { step, .. }
            | Looks::Times { step, .. }
            | Looks::Refers { step, .. } => Some(&step.value),
        }
    }
}

const WAYS: [&str; 8] = ["outlier", "burst", "repeated", "outdated", "last_day", "overlap", "times", "refers"];

pub(super) fn read_all(table: &mut Table<'_>, file: &str) -> Vec<Check> {
    let tables = table.tables("check");
    if tables.is_empty() && !table.has("check") {
        table.missing("[[check]]");
    }
    let one = |mut inner: Table<'_>| {
        let check = read(&mut inner, file);
        inner.finish();
        check
    };
    tables.into_iter().filter_map(one).collect()
}

fn read(table: &mut Table<'_>, file: &str) -> Option<Check> {
    let id = super::read_id(table, "id");
    let (title, asks) = (table.need_text("title").value, table.need_text("asks").value);
    let reason = table.need_text("reason").value;
    let basis = basis::read(table, Some("核对"));
    let written: Vec<&str> = WAYS.into_iter().filter(|way| table.has(way)).collect();
    if written.len() != 1 {
        table.note(
            10,
            id.span.clone(),
            format!("核对“{}”要写、也只能写一种看法", id.value),
            format!("请在 {} 中选写一个", WAYS.join("、")),
        );
    }
    let looks: Vec<Looks> = WAYS.into_iter().filter_map(|way| read_way(table, way)).collect();
    let looks = looks.into_iter().next();
    let own = looks.as_ref().and_then(Looks::step).unwrap_or_default().to_owned();
    let when = condition::read(table, "when", &own);
    let id_text = format!("{}.{}", super::stem(file), id.value);
    Some(Check { id: id_text, at: id.span, title, asks, reason, basis, looks: looks?, when, file: file.to_owned() })
}

fn read_way(table: &mut Table<'_>, way: &'static str) -> Option<Looks> {
    let mut inner = table.table(way)?;
    let looks = match way {
        "outlier" => {
            let figure = inner.need_text("figure");
            // The only way to break a figure down in which every township has parts that can be compared.
            if inner.word("by", &[("village", ())]).is_none() && !inner.has("by") {
                inner.missing("by");
            }
            Looks::Outlier { figure, times: more(&mut inner, "times"), at_least: more(&mut inner, "at_least") }
        }
        "repeated" => Looks::Repeated {
            register: inner.need_text("register"),
            field: field(&mut inner, "field", ""),
            more_than: more(&mut inner, "more_than"),
        },
        "outdated" => Looks::Outdated { register: inner.need_text("register"), field: field(&mut inner, "field", "") },
        _ => {
            let (register, step) = (inner.need_text("register"), inner.need_text("step"));
            let own = step.value.clone();
            match way {
                "burst" => Looks::Burst {
                    register,
                    step,
                    more_than: more(&mut inner, "more_than"),
                    by: inner.text("by").map(|at| at.map(|text| FieldRef::parse(&text, &own))),
                },
                "last_day" => {
                    if !inner.has("period") {
                        inner.missing("period");
                    }
                    Looks::LastDay {
                        register,
                        step,
                        period: inner.word("period", Stretch::WORDS).map_or(Stretch::Month, |at| at.value),
                        percent: more(&mut inner, "percent"),
                        at_least: more(&mut inner, "at_least"),
                    }
                }
                "overlap" => Looks::Overlap {
                    register,
                    step,
                    who: field(&mut inner, "who", &own),
                    place: field(&mut inner, "where", &own),
                },
                "refers" => {
                    if !inner.has("where") {
                        inner.missing("where");
                    }
                    let to = field(&mut inner, "to", &own);
                    Looks::Refers { register, step, to, conditions: condition::read(&mut inner, "where", "") }
                }
                _ => Looks::Times {
                    register,
                    step,
                    of: field(&mut inner, "of", &own),
                    over: field(&mut inner, "over", &own),
                    more_than: more(&mut inner, "more_than"),
                },
            }
        }
    };
    inner.finish();
    Some(looks)
}

fn field(table: &mut Table<'_>, key: &'static str, own: &str) -> At<FieldRef> {
    table.need_text(key).map(|text| FieldRef::parse(&text, own))
}

/// A number above nothing: what is not rare is no question.
fn more(table: &mut Table<'_>, key: &'static str) -> i64 {
    if !table.has(key) {
        table.missing(key);
    }
    let Some(at) = table.int(key) else { return 1 };
    if at.value < 1 {
        table.note(4, at.span, format!("{key} 要写大于零的整数"), "请写多少才值得问");
    }
    at.value.max(1)
}

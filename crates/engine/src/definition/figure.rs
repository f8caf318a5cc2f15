//! Figures: what is counted, on which day it counts, in which unit, and how reports say it (数字).

use crate::read::{At, Table};

use super::basis::{self, Basis};
use super::condition::{self, Condition};
use super::field::FieldRef;

/// What a figure adds up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Counts {
    /// Records reaching one of the steps.
    Records {
        /// The steps, any of which will do.
        reached: Vec<At<String>>,
        /// Each time one is taken, not only the first.
        every: bool,
    },
    /// A number or money field of records reaching one of the steps; of a field with many values, how many.
    Sum {
        /// The steps, any of which will do.
        reached: Vec<At<String>>,
        /// Each time one is taken, not only the first.
        every: bool,
        /// What is added up.
        field: At<FieldRef>,
    },
    /// Different values of a field among records reaching one of the steps.
    Distinct {
        /// The steps, any of which will do.
        reached: Vec<At<String>>,
        /// Each time one is taken, not only the first.
        every: bool,
        /// Whose values are counted once each.
        by: At<FieldRef>,
    },
    /// What is in force on a day.
    Stock(Stock),
    /// Flags, of one kind or all.
    Flags {
        /// Only these.
        kind: Option<FlagKind>,
        /// Only those of this step.
        step: Option<At<String>>,
    },
    /// Steps that met what was due, all of it by its last day, on the day they were done.
    InTime {
        /// The step that was due.
        step: At<String>,
    },
    /// Steps recorded later than `recorded_within` allows.
    LateEntries,
    /// Dues of a step not met by the day the figure is read.
    Overdue {
        /// The step that is due.
        step: At<String>,
    },
    /// Questions nobody has answered.
    Questions,
    /// One figure over another, in per cent.
    Ratio {
        /// The figure above the line.
        of: At<String>,
        /// What is below it.
        over: Over,
        /// Digits after the point.
        digits: u8,
        /// What to write when there is nothing to divide by.
        when_zero: String,
    },
    /// Figures added up.
    Total(Vec<At<String>>),
}

/// What a rate divides by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Over {
    /// A figure (`over`).
    Figure(At<String>),
    /// How many items of a catalogue are in force on the last day (`over_items`).
    Items(At<String>),
}

/// What is in force from a day until another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stock {
    /// First day in force.
    pub from: At<FieldRef>,
    /// Last day in force, by whichever of these was given last; none: until ended.
    pub until: Vec<At<FieldRef>>,
    /// Steps that end it on their day.
    pub ended_by: Vec<At<String>>,
    /// Count different values of this field instead of records.
    pub distinct: Option<At<FieldRef>>,
}

/// What happened although it should not have (标记).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FlagKind {
    /// 次序不合: taken from a state it cannot be taken from.
    OutOfOrder,
    /// 逾期: later than the law allows.
    Late,
    /// 违反禁止.
    Barred,
    /// 期限不足: lasted shorter than the law asks, without a reason.
    Short,
    /// 过早: a day before the earliest one.
    Early,
    /// 不合要求: `must_be`, `at_least` or `at_most` not met.
    NotAsRequired,
    /// 漏步骤: a needed step left out, and no reason on file.
    Omitted,
    /// 系统外办理: an act of ours done outside and entered afterwards.
    Outside,
    /// 重复: taken more than once where once is the rule.
    Again,
}

impl FlagKind {
    /// The words a definition writes, with what people see.
    pub const ALL: &'static [(&'static str, FlagKind, &'static str)] = &[
        ("out_of_order", FlagKind::OutOfOrder, "次序不合"),
        ("late", FlagKind::Late, "逾期"),
        ("barred", FlagKind::Barred, "违反禁止"),
        ("short", FlagKind::Short, "期限不足"),
        ("early", FlagKind::Early, "过早"),
        ("not_as_required", FlagKind::NotAsRequired, "不合要求"),
        ("omitted", FlagKind::Omitted, "漏步骤"),
        ("outside", FlagKind::Outside, "系统外办理"),
        ("again", FlagKind::Again, "重复"),
    ];

    fn row(self) -> &'static (&'static str, FlagKind, &'static str) {
        Self::ALL.iter().find(|row| row.1 == self).unwrap_or(&Self::ALL[0])
    }

    /// The word in definitions and in the database.
    pub fn word(self) -> &'static str {
        self.row().0
    }

    /// What people see.
    pub fn chinese(self) -> &'static str {
        self.row().2
    }

    /// The kind of a word.
    pub fn parse(word: &str) -> Option<FlagKind> {
        Self::ALL.iter().find(|row| row.0 == word).map(|row| row.1)
    }
}

/// One figure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figure {
    /// `file.id`, as it is asked for.
    pub id: String,
    /// Bytes of its own id in its file.
    pub at: std::ops::Range<usize>,
    /// What people see.
    pub title: String,
    /// The unit shown first, then its synonyms.
    pub units: Vec<String>,
    /// The register counted; absent for those built on others, and for flags and the like of all registers.
    pub register: Option<At<String>>,
    /// What is added up.
    pub counts: Counts,
    /// The field by whose day it counts; absent: the day the step happened.
    pub dated: Option<At<FieldRef>>,
    /// The field by which it can be broken down.
    pub kind: Option<At<FieldRef>>,
    /// Only records that fit.
    pub conditions: Vec<Condition>,
    /// The phrases by which reports express it.
    pub says: Vec<String>,
    /// Phrases that name some of what it counts, or other things too: they can confirm it and never contradict it.
    pub says_part: Vec<String>,
    /// Who says what is to be counted.
    pub basis: Basis,
    /// The file it was read from.
    pub file: String,
    /// SHA-256 of that file.
    pub hash: String,
}

impl Figure {
    /// The unit shown; per cent for ratios.
    pub fn unit(&self) -> &str {
        self.units.first().map_or("", String::as_str)
    }

    /// Whether it is computed from other figures and has no facts of its own.
    pub fn is_built(&self) -> bool {
        matches!(self.counts, Counts::Ratio { .. } | Counts::Total(_))
    }

    /// Whether it tells what holds on a day rather than what happened in a year.
    pub fn is_stock(&self) -> bool {
        matches!(self.counts, Counts::Stock(_))
    }
}

const WAYS: [&str; 11] =
    ["count", "sum", "distinct", "stock", "ratio", "total", "flags", "late_entries", "in_time", "overdue", "questions"];

pub(super) fn read(table: &mut Table<'_>, file: &str, stem: &str) -> Option<Figure> {
    let id = super::read_id(table, "id");
    let title = table.need_text("title").value;
    let units: Vec<String> = table.texts("unit").into_iter().map(|at| at.value).collect();
    if units.is_empty() && !table.has("unit") {
        table.missing("unit");
    }
    let written: Vec<&str> = WAYS.into_iter().filter(|way| table.has(way)).collect();
    if written.len() != 1 {
        table.note(
            10,
            id.span.clone(),
            format!("数字“{}”要写、也只能写一种数法", id.value),
            format!("请在 {} 中选写一个", WAYS.join("、")),
        );
    }
    let mut register = None;
    let mut counts = None;
    for way in WAYS {
        if let Some((from, what)) = read_way(table, way) {
            register = from;
            counts = Some(what);
        }
    }
    let own_step = match &counts {
        Some(Counts::Records { reached, .. } | Counts::Sum { reached, .. } | Counts::Distinct { reached, .. }) => {
            reached.first().map_or(String::new(), |at| at.value.clone())
        }
        _ => String::new(),
    };
    let field = |at: At<String>| at.map(|text| FieldRef::parse(&text, &own_step));
    Some(Figure {
        id: format!("{stem}.{}", id.value),
        at: id.span,
        title,
        units,
        register,
        dated: table.text("dated").map(field),
        kind: table.text("kind").map(field),
        conditions: condition::read(table, "where", &own_step),
        says: table.texts("says").into_iter().map(|at| at.value).collect(),
        says_part: table.texts("says_part").into_iter().map(|at| at.value).collect(),
        basis: basis::read(table, Some("数字")),
        file: file.to_owned(),
        hash: String::new(),
        counts: counts?,
    })
}

fn read_way(table: &mut Table<'_>, way: &'static str) -> Option<(Option<At<String>>, Counts)> {
    if way == "total" {
        let parts = table.texts("total");
        return (!parts.is_empty()).then_some((None, Counts::Total(parts)));
    }
    let mut inner = table.table(way)?;
    let of_register = !matches!(way, "ratio");
    let register = if of_register {
        let optional = matches!(way, "flags" | "late_entries" | "questions");
        if optional { inner.text("register") } else { Some(inner.need_text("register")) }
    } else {
        None
    };
    let field = |at: At<String>| at.map(|text| FieldRef::parse(&text, ""));
    let counts = match way {
        "count" => Counts::Records { reached: reached(&mut inner), every: inner.flag("every") },
        "sum" => Counts::Sum {
            reached: reached(&mut inner),
            every: inner.flag("every"),
            field: field(inner.need_text("field")),
        },
        "distinct" => Counts::Distinct {
            reached: reached(&mut inner),
            every: inner.flag("every"),
            by: field(inner.need_text("by")),
        },
        "stock" => Counts::Stock(Stock {
            from: field(inner.need_text("from")),
            until: inner.texts("until").into_iter().map(field).collect(),
            ended_by: inner.texts("ended_by"),
            distinct: inner.text("distinct").map(field),
        }),
        "flags" => {
            let words: Vec<(&str, FlagKind)> = FlagKind::ALL.iter().map(|row| (row.0, row.1)).collect();
            Counts::Flags { kind: inner.word("flag", &words).map(|at| at.value), step: inner.text("step") }
        }
        "late_entries" => Counts::LateEntries,
        "questions" => Counts::Questions,
        "in_time" => Counts::InTime { step: inner.need_text("step") },
        "overdue" => Counts::Overdue { step: inner.need_text("step") },
        _ => Counts::Ratio {
            of: inner.need_text("of"),
            over: match inner.text("over_items") {
                Some(catalogue) => Over::Items(catalogue),
                None => Over::Figure(inner.need_text("over")),
            },
            digits: inner.int("digits").map_or(0, |at| at.value.clamp(0, 4) as u8),
            when_zero: inner.text("when_zero").map_or_else(|| "—".to_owned(), |at| at.value),
        },
    };
    inner.finish();
    Some((register, counts))
}

fn reached(table: &mut Table<'_>) -> Vec<At<String>> {
    if !table.has("reached") {
        table.missing("reached");
    }
    table.texts("reached")
}

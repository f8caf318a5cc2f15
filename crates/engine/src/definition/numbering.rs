//! How records and papers are numbered (编号): declared of a register for its records, of a text field for what is
//! numbered at a later step.

use crate::read::{At, Table};

use super::basis::{self, Basis};
use super::field::FieldRef;

/// Numbers without a gap, counted apart by series and year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Numbering {
    /// Holds `{year}`, `{seq}` and, with a series, `{series}`.
    pub pattern: At<String>,
    /// The field by which numbers are counted apart; of the step that is numbered.
    pub series: Option<At<FieldRef>>,
    /// The field of that other register whose text stands for `{series}`.
    pub mark: Option<At<String>>,
    /// Who made the rule.
    pub basis: Basis,
}

pub(super) fn read(table: &mut Table<'_>, own_step: &str) -> Option<Numbering> {
    let mut inner = table.table("number")?;
    let number = Numbering {
        pattern: inner.need_text("pattern"),
        series: inner.text("series").map(|at| at.map(|text| FieldRef::parse(&text, own_step))),
        mark: inner.text("mark"),
        basis: basis::read(&mut inner, Some("编号规则")),
    };
    inner.finish();
    Some(number)
}

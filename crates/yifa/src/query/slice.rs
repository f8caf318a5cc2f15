//! The entries behind one part of a figure: of a village, a month or a kind (细分背后的记入).

use engine::day::Day;
use engine::definition::{Counts, Definitions, Figure};
use engine::figure::{Period, bases};
use engine::report::By;

use super::evidence::Evidence;
use super::names::Names;
use super::parts::{kind_title, village_column};

/// A part of a figure, as a breakdown has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slice {
    /// How the figure is broken down.
    pub by: By,
    /// Which part.
    pub key: String,
}

impl Slice {
    /// The days its entries are looked for in: those of the month, or else those of the figure.
    pub fn period(&self, period: Period) -> Period {
        let month = Day::parse(&format!("{}-01", self.key)).filter(|_| self.by == By::Month);
        let Some(first) = month else { return period };
        Period { from: first.max(period.from), to: first.month_end().min(period.to) }
    }

    /// Whether an entry behind the figure is behind the part.
    pub fn holds(&self, set: &Definitions, figure: &Figure, names: &Names, one: &Evidence) -> bool {
        let Some(base) = set.figures.get(&one.figure) else { return false };
        match (self.by, &figure.counts) {
            (By::Month | By::Town, _) => true,
            // The kinds of a total are the figures it adds up.
            (By::Kind, Counts::Total(_)) => {
                let part = set.figures.get(&self.key);
                part.is_some_and(|part| bases(set, part).iter().any(|base| base.figure.id == one.figure))
            }
            (By::Kind, _) => one.kind == kind_title(set, base, &self.key),
            (By::Village, _) => match village_column(set, base) {
                "record" => one.record == self.key,
                "fact_key" => one.keys.contains(&names.village(&self.key)),
                _ => one.village == names.village(&self.key),
            },
        }
    }
}

//! What a report asks of the tables: the shares of a figure, and the entries behind it.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use engine::definition::{Definitions, Figure};
use engine::figure::Period;
use engine::report::{Breakdown, By, Share, Template, Year};

use super::evidence;
use super::names::Names;
use super::overdue::Dues;
use super::parts::{Part, breakdown};
use crate::storage::Db;

/// The tables, as a report sees them.
pub struct Behind<'b> {
    /// The tables.
    pub db: &'b Db,
    /// The definitions in force.
    pub set: &'b Definitions,
    /// The year reported.
    pub period: Period,
    /// What was due, and as of which size of the journal all of it is read.
    pub dues: &'b Dues,
    /// Names of villages.
    pub names: &'b Names,
    /// The figures the report names.
    named: BTreeSet<String>,
    /// Their entries, of the year before or not.
    asked: RefCell<BTreeMap<bool, BTreeMap<String, Vec<u64>>>>,
}

impl<'b> Behind<'b> {
    /// The tables, asked about the figures a template names.
    pub fn new(
        db: &'b Db,
        set: &'b Definitions,
        template: &Template,
        period: Period,
        dues: &'b Dues,
        names: &'b Names,
    ) -> Behind<'b> {
        let named = template.headed().into_iter().flatten().map(str::to_owned).collect();
        Behind { db, set, period, dues, names, named, asked: RefCell::default() }
    }
}

impl Breakdown for Behind<'_> {
    fn shares(&self, figure: &str, by: By) -> Vec<Share> {
        let Some(figure) = self.set.figures.get(figure) else { return Vec::new() };
        // A table that cannot be read leaves the report without its breakdown; reading the figures failed before that.
        let parts = breakdown(self.db, self.set, figure, self.period, by, self.dues, self.names).unwrap_or_default();
        let share = |part: Part| Share { key: part.key, label: part.label, value: part.value };
        parts.into_iter().map(share).collect()
    }

    fn entries(&self, figure: &str, year: Year) -> Vec<String> {
        let period = match year {
            Year::This => Some(self.period),
            Year::Last => self.period.last_year(),
        };
        let Some(period) = period else { return Vec::new() };
        // A report prints most figures it names: all of a year are asked for together, when the first is.
        let mut asked = self.asked.borrow_mut();
        let of_year = asked.entry(year == Year::Last).or_insert_with(|| {
            let named = self.named.iter().filter_map(|id| self.set.figures.get(id));
            let named: Vec<&Figure> = named.map(|figure| -> &Figure { figure }).collect();
            evidence::entries(self.db, self.set, &named, period, self.dues).unwrap_or_default()
        });
        if !of_year.contains_key(figure)
            && let Some(more) = self.set.figures.get(figure)
        {
            of_year.extend(evidence::entries(self.db, self.set, &[more], period, self.dues).unwrap_or_default());
        }
        of_year.get(figure).into_iter().flatten().map(u64::to_string).collect()
    }
}

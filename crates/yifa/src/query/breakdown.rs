//! What a report asks of the tables: the shares of a figure, and the entries behind it.

use engine::definition::Definitions;
use engine::figure::Period;
use engine::report::{Breakdown, By, Share, Year};

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
        let (Some(period), Some(figure)) = (period, self.set.figures.get(figure)) else { return Vec::new() };
        let entries = evidence::entries(self.db, self.set, figure, period, self.dues).unwrap_or_default();
        entries.into_iter().map(|entry| entry.to_string()).collect()
    }
}

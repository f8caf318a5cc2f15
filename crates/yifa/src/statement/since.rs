//! What a statement is filled from and what of it moved since it was sent: asked of the facts, before any of it is filled
//! again (有没有变动).

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use engine::definition::{Counts, Definitions, Figure, Listing, Statement, Step};
use engine::figure::{Period, bases};

use super::values::figures;
use crate::projection::HOLDS;
use crate::sets::Sets;
use crate::storage::{Db, Value, params};

/// What is asked.
pub struct Since<'s> {
    /// The tables.
    pub db: &'s Db,
    /// The sets.
    pub sets: &'s Sets,
    /// The size of the journal it was sent at.
    pub size: u64,
}

/// A fact as it counts in a cell: figure, record, key, village, kind, day and value.
type Counted = (String, String, String, String, String, String, i64);

impl Since<'_> {
    /// The cells and rows of a statement that may be filled otherwise now than then; none where nothing moved.
    ///
    /// KNOWN: what was only renamed since, a village or an office, is not told: both times it goes by its name of today.
    pub fn moved(&self, statement: &Statement, period: Period) -> Result<Option<Statement>> {
        // Other definitions may count the same entries in another way.
        if self.sets.all().iter().any(|set| set.index >= self.size) {
            return Ok(Some(statement.clone()));
        }
        let set = &self.sets.current()?.set;
        let figures = self.figures_moved(set, statement, period)?;
        let has_moved = |figure: &Figure| bases(set, figure).iter().any(|base| figures.contains(&base.figure.id));
        let mut moved = statement.clone();
        moved.cells.retain(|cell| set.figures.get(&cell.figure.value).is_none_or(|figure| has_moved(figure)));
        if !self.rows_moved(set, statement, period)? {
            moved.rows = None;
        }
        Ok(Some(moved).filter(|moved| !moved.cells.is_empty() || moved.rows.is_some()))
    }

    /// The figures behind a statement that count otherwise now than then.
    fn figures_moved(&self, set: &Definitions, statement: &Statement, period: Period) -> Result<BTreeSet<String>> {
        let behind = figures(set, statement).flat_map(|figure| bases(set, figure)).map(|base| base.figure);
        let behind: BTreeMap<&str, &Figure> = behind.map(|figure| (figure.id.as_str(), figure)).collect();
        // What is due keeps no history of its own.
        let (dues, facts): (Vec<&Figure>, Vec<&Figure>) =
            behind.into_values().partition(|figure| matches!(figure.counts, Counts::Overdue { .. }));
        let mut moved: BTreeSet<String> = dues.into_iter().map(|figure| figure.id.clone()).collect();
        moved.extend(self.facts_moved(&facts, period)?);
        Ok(moved)
    }

    /// Of which figures other facts count in a period now than then. A fact written anew just as it was is no other.
    fn facts_moved(&self, figures: &[&Figure], period: Period) -> Result<BTreeSet<String>> {
        let mut bound: Vec<Value<'_>> = vec![
            Value::from(period.from.to_string()),
            Value::from(period.to.to_string()),
            Value::from(self.size as i64),
        ];
        let mut listed = |stocks: bool| {
            let alike = figures.iter().filter(|figure| figure.is_stock() == stocks);
            let named: Vec<String> = alike
                .map(|figure| {
                    bound.push(Value::from(figure.id.clone()));
                    format!("${}", bound.len() + 1)
                })
                .collect();
            // No figure is in a list of nothing.
            if named.is_empty() { "NULL".to_owned() } else { named.join(", ") }
        };
        let (stocks, flows) = (listed(true), listed(false));
        let moved = format!("((since_idx < $4 AND until_idx >= $4) OR (since_idx >= $4 AND until_idx = {HOLDS}))");
        // Each half is read along its own stretch of the key.
        let sql = format!(
            "SELECT figure, record, fact_key, village, kind, day, value, since_idx >= $4 FROM fact \
             WHERE town_id = $1 AND figure IN ({stocks}) AND day <= $3 AND (until_day = '' OR until_day >= $3) AND {moved} \
             UNION ALL \
             SELECT figure, record, fact_key, village, kind, day, value, since_idx >= $4 FROM fact \
             WHERE town_id = $1 AND figure IN ({flows}) AND day >= $2 AND day <= $3 AND {moved} \
             ORDER BY figure, day"
        );
        let mut moved: BTreeMap<Counted, i64> = BTreeMap::new();
        self.db.each(&sql, &bound, |row| {
            let fact = (row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?, row.get(6)?);
            *moved.entry(fact).or_default() += if row.get(7)? { 1 } else { -1 };
            Ok(())
        })?;
        Ok(moved.into_iter().filter(|(_, more)| *more != 0).map(|(fact, _)| fact.0).collect())
    }

    fn rows_moved(&self, set: &Definitions, statement: &Statement, period: Period) -> Result<bool> {
        let Some(listing) = &statement.rows else { return Ok(false) };
        // A row is its record's alone; of a record opened in the period by the step listed, the day says whether it is.
        let days = match by_its_day(set, listing) {
            true => "(first_idx < $3 OR (opened >= $4 AND opened <= $5))",
            false => "$4 IS NOT NULL AND $5 IS NOT NULL",
        };
        let sql = format!(
            "SELECT 1 FROM record WHERE town_id = $1 AND register = $2 AND last_idx >= $3 AND {days} \
             ORDER BY opened, first_idx LIMIT 1"
        );
        let (from, to) = (period.from.to_string(), period.to.to_string());
        Ok(self.db.one(&sql, params![listing.register.value, self.size as i64, from, to], |_| Ok(()))?.is_some())
    }
}

/// Whether a record has a row in the period it was opened in, and in no other.
fn by_its_day(set: &Definitions, listing: &Listing) -> bool {
    let step = set.register(&listing.register).and_then(|register| register.step(&listing.step));
    listing.year.is_none() && listing.figure.is_none() && step.is_some_and(Step::opens)
}

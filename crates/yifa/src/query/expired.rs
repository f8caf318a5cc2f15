//! What is past its last day though nobody recorded its end: a document, a contract, a term of office (期满).
//!
//! Which day that is the figures know that count what is in force; so no state has to be kept in step with the calendar.

use std::collections::HashMap;
use std::sync::Arc;

use anyhow::Result;
use engine::day::Day;
use engine::definition::{Counts, Figure, Register, Stock};
use engine::record::Rows;

use crate::projection::HOLDS;
use crate::storage::{Db, params};

/// The last day of a record, where it is over and the record stands as if it were not.
pub fn expired(register: &Register, figures: &[Arc<Figure>], rows: &Rows, today: Day) -> Option<Day> {
    let mut last = None;
    for (figure, stock) in ending(figures) {
        if may_still_end(register, stock, &rows.head.state) {
            last = last
                .max(rows.facts.iter().filter(|fact| fact.figure == figure.id).filter_map(|fact| fact.until_day).max());
        }
    }
    last.filter(|last| *last < today)
}

/// The last days of all records of a register that are over.
pub struct Expired<'f> {
    register: &'f Register,
    found: Vec<(&'f Stock, HashMap<String, String>)>,
}

impl<'f> Expired<'f> {
    /// Reads them.
    pub fn load(db: &Db, register: &'f Register, figures: &'f [Arc<Figure>], today: Day) -> Result<Expired<'f>> {
        let sql = "SELECT record, max(until_day) FROM fact WHERE town_id = $1 AND figure = $2 AND until_idx = $3 \
                   GROUP BY record HAVING max(until_day) <> '' AND max(until_day) < $4 ORDER BY record";
        let mut found = Vec::new();
        for (figure, stock) in ending(figures) {
            let rows =
                db.rows(sql, params![figure.id, HOLDS, today.to_string()], |row| Ok((row.get(0)?, row.get(1)?)))?;
            found.push((stock, rows.into_iter().collect()));
        }
        Ok(Expired { register, found })
    }

    /// The last day of a record in a state.
    pub fn of(&self, record: &str, state: &str) -> Option<String> {
        let of = self.found.iter().filter(|(stock, _)| may_still_end(self.register, stock, state));
        of.filter_map(|(_, days)| days.get(record).cloned()).max()
    }
}

/// The figures that count what has a last day.
fn ending(figures: &[Arc<Figure>]) -> impl Iterator<Item = (&Figure, &Stock)> {
    figures.iter().filter_map(|figure| match &figure.counts {
        Counts::Stock(stock) if !stock.until.is_empty() => Some((figure.as_ref(), stock)),
        _ => None,
    })
}

/// Whether what ends it could still be recorded: what was ended says so by its state.
fn may_still_end(register: &Register, stock: &Stock, state: &str) -> bool {
    let mut ends = stock.ended_by.iter().filter_map(|end| register.step(&end.value));
    stock.ended_by.is_empty() || ends.any(|step| step.from.iter().any(|from| from.value == state))
}

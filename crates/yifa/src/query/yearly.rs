//! Days that come back every year and that nobody has kept yet (法定宣传日).

use anyhow::Result;
use engine::day::Day;
use engine::definition::{Catalogue, Item, MetBy, Window};
use engine::record::{self, Rules};

use super::due::{Due, began, recorded_at};
use crate::ambient::day_of;
use crate::sets::Sets;
use crate::storage::log::entries_of;
use crate::storage::{Db, params};

/// The days to be told of today, each of a year once, and never after it was kept. What was over before the journal
/// began is not called missed: nobody could have recorded it.
pub fn yearly(db: &Db, sets: &Sets, today: Day) -> Result<Vec<Due>> {
    let current = sets.current()?;
    let (began, said_at) = (began(db)?, recorded_at(db, current.index)?);
    let mut dues = Vec::new();
    for catalogue in current.set.catalogues.values().filter(|catalogue| !catalogue.met_by.is_empty()) {
        for (item, window) in catalogue.told_on(today) {
            if window.last < began || is_met(db, sets, catalogue, item, window)? {
                continue;
            }
            let by: &MetBy = &catalogue.met_by[0];
            let step = current.set.register(&by.register).and_then(|register| register.step(&by.field.step));
            dues.push(Due {
                register: by.register.clone(),
                record: String::new(),
                called: item.title.clone(),
                step: by.field.step.clone(),
                title: step.map_or_else(|| by.field.step.clone(), |step| step.title.clone()),
                first: Some(window.first.to_string()),
                nominal: window.last.to_string(),
                last: window.last.to_string(),
                provisional: false,
                binding: true,
                overdue: window.last < today,
                owner: String::new(),
                owned_by: String::new(),
                basis: catalogue.basis_of(item).on(window.last),
                item: Some((catalogue.id.clone(), item.id.value.clone())),
                key: format!("{}.{}.{}", catalogue.id, item.id.value, window.year),
                said_by: current.index,
                said_at,
                leaves: Vec::new(),
            });
        }
    }
    Ok(dues)
}

/// Whether a record names the item on a day that meets it.
fn is_met(db: &Db, sets: &Sets, catalogue: &Catalogue, item: &Item, window: Window) -> Result<bool> {
    for by in &catalogue.met_by {
        let sql = "SELECT r.id, r.first_idx, e.recorded_at FROM field f \
                   JOIN record r ON r.town_id = f.town_id AND r.id = f.record \
                   JOIN entry e ON e.town_id = r.town_id AND e.idx = r.last_idx \
                   WHERE f.town_id = $1 AND f.register = $2 AND f.field = $3 AND f.value = $4 AND r.opened <= $5 \
                   ORDER BY r.opened DESC, r.id DESC";
        let last = window.last.to_string();
        let rows = db.rows(sql, params![by.register, by.field.to_string(), item.id.value, last], |row| {
            Ok((row.get::<String>(0)?, row.get::<i64>(1)? as u64, row.get::<i64>(2)?))
        })?;
        // A record that nobody touched since the days began says nothing of them: earlier years are not read again.
        for (id, first, _) in rows.into_iter().filter(|(.., touched)| day_of(*touched) >= window.told) {
            // The table knows that the item was named, the entries in which step and on which day.
            let register = sets.opened_under(first, &by.register)?;
            let (entries, _) = entries_of(db, &id)?;
            let rules = Rules { register, figures: &[], calendar: &sets.current()?.set.calendar };
            let (course, _) = record::walk(rules, &entries);
            let kept = course.taken().any(|one| {
                let value = one.value(&by.field.field).filter(|_| one.step.id.value == by.field.step);
                value.is_some_and(|value| value.texts().contains(&item.id.value)) && window.is_met_on(one.day)
            });
            if kept {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

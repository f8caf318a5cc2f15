//! What was overdue on a day, as of now or of an earlier size of the journal.

use std::collections::BTreeSet;

use anyhow::Result;
use engine::day::Day;
use engine::definition::{Counts, Definitions, Figure};
use engine::figure::{Period, is_over};
use engine::record::{Rows, Rules, apply};
use rusqlite::types::Value;
use rusqlite::{ParamsFromIter, params, params_from_iter};

use super::figures::{asked, bound};
use super::parts::village_column;
use crate::sets::Sets;
use crate::storage::log::entries_of;
use crate::storage::{Db, TOWN};

/// A due that was over: the first of those a step has from one entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Over {
    /// The entry it runs from.
    pub entry: u64,
    /// The record.
    pub record: String,
    /// The record's number, or its title.
    pub called: String,
    /// What it is about, where it goes by a number.
    pub title: String,
    /// Its last day.
    pub last: String,
    /// The record's village; `*` for several, empty for none.
    pub village: String,
    /// The kind the figure breaks it down by; empty where it has none.
    pub kind: String,
}

/// Dues to be asked: the table's, and for an earlier size those of the records that went on since.
///
/// Dues keep no history as facts do. A record nobody touched since has the dues it had; one that was touched is
/// derived again from the entries of that time. Those are the records then unfinished, not all there are.
///
/// KNOWN: a set adopted since may have moved the dues of every record, so all are derived again then, one by one.
pub struct Dues {
    size: Option<u64>,
    /// Records whose last entry is older than this have in the table the dues they had.
    untouched: Option<u64>,
    touched: Vec<Touched>,
    /// Of some villages alone.
    within: Option<Within>,
}

/// Villages asked about apart from the rest of the township.
struct Within {
    villages: Vec<String>,
    /// The figures whose keys are villages.
    keyed: BTreeSet<String>,
}

struct Touched {
    register: String,
    record: String,
    called: String,
    title: String,
    rows: Rows,
}

impl Dues {
    /// Prepares them for the registers whose dues figures of a set count.
    pub fn load(db: &Db, set: &Definitions, size: Option<u64>) -> Result<Dues> {
        let mut dues = Dues { size, untouched: size, touched: Vec::new(), within: None };
        let Some(size) = size else { return Ok(dues) };
        let sets = Sets::load(db)?;
        let untouched = if sets.all().iter().any(|set| set.index >= size) { 0 } else { size };
        dues.untouched = Some(untouched);
        let overdue = set.figures.values().filter(|figure| matches!(figure.counts, Counts::Overdue { .. }));
        let counted: BTreeSet<&str> = overdue.map(|figure| register(figure)).collect();
        let sql = "SELECT id, coalesce(number, title), first_idx, CASE WHEN number IS NULL THEN '' ELSE title END \
                   FROM record WHERE town_id = $1 AND register = $2 \
                   AND first_idx < $3 AND last_idx >= $4 ORDER BY id";
        for register in counted {
            let records = db.rows(sql, params![TOWN, register, size as i64, untouched as i64], |row| {
                let (record, called): (String, String) = (row.get(0)?, row.get(1)?);
                Ok((record, called, row.get::<_, i64>(2)? as u64, row.get::<_, String>(3)?))
            })?;
            for (record, called, first, title) in records {
                let (mut entries, _) = entries_of(db, &record)?;
                entries.retain(|entry| entry.index < size);
                let opened_under = sets.opened_under(first, register)?;
                let rules = Rules { register: opened_under, figures: &[], calendar: &set.calendar };
                let rows = apply(rules, &entries);
                dues.touched.push(Touched { register: register.to_owned(), record, called, title, rows });
            }
        }
        Ok(dues)
    }

    /// The same, of some villages alone; as of now. What touches several villages is told apart of none and left out.
    pub fn of_villages(set: &Definitions, villages: Vec<String>) -> Dues {
        let keyed = set.figures.values().filter(|figure| village_column(set, figure) == "fact_key");
        let keyed = keyed.map(|figure| figure.id.clone()).collect();
        Dues { size: None, untouched: None, touched: Vec::new(), within: Some(Within { villages, keyed }) }
    }

    /// Which facts of a figure are asked for: of a statement whose `$1` is the town and `$2` the figure.
    pub(super) fn facts(&self, figure: &Figure) -> String {
        let asked = asked(figure, self.size);
        let Some(within) = &self.within else { return asked };
        let listed: Vec<String> = (6..6 + within.villages.len()).map(|nth| format!("${nth}")).collect();
        let column = if within.keyed.contains(&figure.id) { "fact_key" } else { "village" };
        format!("{asked} AND {column} IN ({})", listed.join(", "))
    }

    /// The parameters of [`Dues::facts`].
    pub(super) fn bind(&self, figure: &Figure, period: Period) -> ParamsFromIter<Vec<Value>> {
        let (town, figure, from, to, size) = bound(figure, period, self.size);
        let mut all = vec![town.into(), figure.into(), from.into(), to.into(), size.into()];
        all.extend(self.within.iter().flat_map(|within| &within.villages).cloned().map(Value::from));
        params_from_iter(all)
    }

    /// The size asked for.
    pub fn size(&self) -> Option<u64> {
        self.size
    }

    /// How many were over.
    pub fn count(&self, db: &Db, figure: &Figure, step: &str, day: Day) -> Result<u64> {
        if self.size.is_some() || self.within.is_some() {
            return Ok(self.list(db, figure, step, day)?.len() as u64);
        }
        let mut count = 0;
        for open in OPEN {
            let sql = format!("SELECT count(DISTINCT d.of_idx) FROM due d WHERE d.town_id = $1 AND {open}");
            let (register, day) = (register(figure), day.to_string());
            count += db.one(&sql, params![TOWN, register, step, day], |row| row.get::<_, i64>(0))?.unwrap_or(0) as u64;
        }
        Ok(count)
    }

    /// Those that were over, by their last day.
    pub fn list(&self, db: &Db, figure: &Figure, step: &str, day: Day) -> Result<Vec<Over>> {
        let mut all = self.then(figure, step, day);
        for open in OPEN {
            let sql = format!(
                "SELECT d.of_idx, d.record, coalesce(r.number, r.title), min(d.last), count(DISTINCT v.village), \
                 coalesce(min(v.village), ''), r.body, CASE WHEN r.number IS NULL THEN '' ELSE r.title END FROM due d \
                 JOIN record r ON r.town_id = d.town_id AND r.id = d.record \
                 LEFT JOIN record_village v ON v.town_id = d.town_id AND v.record = d.record \
                 WHERE d.town_id = $1 AND {open} AND ($5 IS NULL OR r.last_idx < $5) \
                 GROUP BY d.of_idx, d.record, r.number, r.title, r.body ORDER BY min(d.last), d.record, d.of_idx"
            );
            let (register, day, size) = (register(figure), day.to_string(), self.untouched.map(|size| size as i64));
            all.extend(db.rows(&sql, params![TOWN, register, step, day, size], |row| {
                let village = if row.get::<_, i64>(4)? > 1 { "*".to_owned() } else { row.get(5)? };
                Ok(Over {
                    entry: row.get::<_, i64>(0)? as u64,
                    record: row.get(1)?,
                    called: row.get(2)?,
                    title: row.get(7)?,
                    last: row.get(3)?,
                    village,
                    kind: kind(figure, &row.get::<_, String>(6)?),
                })
            })?);
        }
        all.retain(|over| self.within.as_ref().is_none_or(|within| within.villages.contains(&over.village)));
        all.sort_by(|a, b| (&a.last, &a.record, a.entry).cmp(&(&b.last, &b.record, b.entry)));
        Ok(all)
    }

    fn then(&self, figure: &Figure, step: &str, day: Day) -> Vec<Over> {
        let mut all = Vec::new();
        for one in self.touched.iter().filter(|one| one.register == register(figure)) {
            let mut told = BTreeSet::new();
            let over = one.rows.dues.iter().filter(|due| due.step == step && is_over(due, &one.rows, day));
            all.extend(over.filter(|due| told.insert(due.of_entry)).map(|due| Over {
                entry: due.of_entry,
                record: one.record.clone(),
                called: one.called.clone(),
                title: one.title.clone(),
                last: due.last.to_string(),
                village: match &one.rows.villages[..] {
                    [] => String::new(),
                    [village] => village.clone(),
                    _ => "*".to_owned(),
                },
                kind: kind(figure, &one.rows.head.body),
            }));
        }
        all
    }
}

/// Dues of a step that were over on a day: not met to this day, and met only after it. Two questions, because an OR of
/// them would look at every due there ever was.
const OPEN: [&str; 2] = [
    "d.register = $2 AND d.step = $3 AND d.met_by IS NULL AND d.last < $4 AND d.binding = 1",
    "d.register = $2 AND d.step = $3 AND d.met_day > d.last AND d.met_day > $4 AND d.last < $4 AND d.binding = 1",
];

/// The kind of a record, out of its public values by step.
fn kind(figure: &Figure, body: &str) -> String {
    let Some(at) = &figure.kind else { return String::new() };
    let body: serde_json::Value = serde_json::from_str(body).unwrap_or_default();
    match &body[&at.step][&at.field] {
        serde_json::Value::String(choice) => choice.clone(),
        serde_json::Value::Bool(is) => is.to_string(),
        _ => String::new(),
    }
}

fn register(figure: &Figure) -> &str {
    figure.register.as_ref().map_or("", |at| at.value.as_str())
}

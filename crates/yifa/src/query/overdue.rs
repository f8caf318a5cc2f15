//! What was overdue on a day, as of now or of an earlier size of the journal.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use engine::day::Day;
use engine::definition::{Counts, Definitions, Figure};
use engine::figure::{Period, bases, is_over};
use engine::record::{Rows, Rules, apply};

use super::figures::{asked, bound};
use super::parts::village_column;
use crate::sets::Sets;
use crate::storage::log::entries_of;
use crate::storage::{Db, Value, params};

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
        Dues::of(db, set, set.figures.values().map(|figure| &**figure), size)
    }

    /// The same for some figures, and what they are built on.
    pub fn of<'f>(
        db: &Db,
        set: &'f Definitions,
        figures: impl IntoIterator<Item = &'f Figure>,
        size: Option<u64>,
    ) -> Result<Dues> {
        let mut dues = Dues { size, untouched: size, touched: Vec::new(), within: None };
        let Some(size) = size else { return Ok(dues) };
        let bases = figures.into_iter().flat_map(|figure| bases(set, figure)).map(|base| base.figure);
        let overdue = bases.filter(|figure| matches!(figure.counts, Counts::Overdue { .. }));
        let counted: BTreeSet<&str> = overdue.map(register).collect();
        if counted.is_empty() {
            return Ok(dues);
        }
        let sets = Sets::load(db)?;
        let untouched = if sets.all().iter().any(|set| set.index >= size) { 0 } else { size };
        dues.untouched = Some(untouched);
        let sql = "SELECT id, coalesce(number, title), first_idx, CASE WHEN number IS NULL THEN '' ELSE title END \
                   FROM record WHERE town_id = $1 AND register = $2 \
                   AND first_idx < $3 AND last_idx >= $4 ORDER BY id";
        for register in counted {
            let records = db.rows(sql, params![register, size as i64, untouched as i64], |row| {
                let (record, called): (String, String) = (row.get(0)?, row.get(1)?);
                Ok((record, called, row.get::<i64>(2)? as u64, row.get::<String>(3)?))
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

    /// Of the tables as they are, of whatever town.
    pub(super) fn now() -> Dues {
        Dues { size: None, untouched: None, touched: Vec::new(), within: None }
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
    pub(super) fn bind(&self, figure: &Figure, period: Period) -> Vec<Value<'static>> {
        self.bound(figure, period)
    }

    fn bound(&self, figure: &Figure, period: Period) -> Vec<Value<'static>> {
        let (figure, from, to, size) = bound(figure, period, self.size);
        let mut all = vec![figure.into(), from.into(), to.into(), size.into()];
        all.extend(self.within.iter().flat_map(|within| &within.villages).cloned().map(Value::from));
        all
    }

    /// The size asked for.
    pub fn size(&self) -> Option<u64> {
        self.size
    }

    /// Figures of which one statement can ask, grouped by what else has to be alike.
    pub(super) fn alike<'f, K: Ord>(&self, figures: &[&'f Figure], by: impl Fn(&Figure) -> K) -> Vec<Vec<&'f Figure>> {
        let keyed = |figure: &Figure| self.within.as_ref().is_some_and(|within| within.keyed.contains(&figure.id));
        let mut groups: BTreeMap<_, Vec<&Figure>> = BTreeMap::new();
        for figure in figures {
            groups.entry((by(figure), figure.is_stock(), keyed(figure))).or_default().push(figure);
        }
        groups.into_values().collect()
    }

    /// Which facts of [`alike`](Dues::alike) figures are asked for: of a statement whose `$1` is the town.
    pub(super) fn facts_of(&self, alike: &[&Figure]) -> String {
        let villages = self.within.as_ref().map_or(0, |within| within.villages.len());
        let more = (6 + villages..).take(alike.len() - 1).map(|nth| format!(", ${nth}")).collect::<String>();
        format!("figure IN ($2{more}) AND {}", self.facts(alike[0]))
    }

    /// The same, of each of them apart.
    pub(super) fn each_of(&self, alike: &[&Figure]) -> Vec<String> {
        let villages = self.within.as_ref().map_or(0, |within| within.villages.len());
        let nths = std::iter::once(2).chain(6 + villages..);
        alike.iter().zip(nths).map(|(figure, nth)| format!("figure = ${nth} AND {}", self.facts(figure))).collect()
    }

    /// The parameters of [`Dues::facts_of`].
    pub(super) fn bind_of(&self, alike: &[&Figure], period: Period) -> Vec<Value<'static>> {
        let mut all = self.bound(alike[0], period);
        all.extend(alike[1..].iter().map(|figure| Value::from(figure.id.clone())));
        all
    }

    /// Whether any of some figures counts anything in a period.
    pub fn is_any(&self, db: &Db, figures: &[&Figure], period: Period) -> Result<bool> {
        for alike in self.alike(figures, |_| ()) {
            let sql = format!(
                "SELECT 1 FROM fact WHERE town_id = $1 AND {} ORDER BY figure, day LIMIT 1",
                self.facts_of(&alike)
            );
            if db.one(&sql, &self.bind_of(&alike, period), |_| Ok(()))?.is_some() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// How many were over, by figure, in two statements for all of them.
    pub(super) fn counts(&self, db: &Db, figures: &[&Figure], day: Day) -> Result<BTreeMap<String, u64>> {
        if self.size.is_some() || self.within.is_some() {
            let lists = self.lists(db, figures, day)?.into_iter();
            return Ok(lists.map(|(figure, over)| (figure, over.len() as u64)).collect());
        }
        let mut counts = BTreeMap::new();
        for (sql, values) in asking(figures, day, None, |open| {
            format!(
                "SELECT d.register, d.step, count(DISTINCT d.of_idx) FROM due d WHERE d.town_id = $1 AND {open} \
                 AND $3 IS NULL GROUP BY d.register, d.step ORDER BY d.register, d.step"
            )
        }) {
            db.each(&sql, &values, |row| {
                let (register, step): (String, String) = (row.get(0)?, row.get(1)?);
                for figure in figures.iter().filter(|figure| is_of(figure, &register, &step)) {
                    *counts.entry(figure.id.clone()).or_default() += row.get::<i64>(2)? as u64;
                }
                Ok(())
            })?;
        }
        Ok(counts)
    }

    /// Those that were over, by their last day.
    pub fn list(&self, db: &Db, figure: &Figure, day: Day) -> Result<Vec<Over>> {
        Ok(self.lists(db, &[figure], day)?.remove(&figure.id).unwrap_or_default())
    }

    /// The same of several figures, in two statements for all of them.
    pub(super) fn lists(&self, db: &Db, figures: &[&Figure], day: Day) -> Result<BTreeMap<String, Vec<Over>>> {
        let mut lists: BTreeMap<String, Vec<Over>> =
            figures.iter().map(|figure| (figure.id.clone(), self.then(figure, day))).collect();
        for (sql, values) in asking(figures, day, self.untouched, |open| {
            format!(
                "SELECT d.of_idx, d.record, coalesce(r.number, r.title), min(d.last), count(DISTINCT v.village), \
                 coalesce(min(v.village), ''), r.body, CASE WHEN r.number IS NULL THEN '' ELSE r.title END, \
                 d.register, d.step FROM due d \
                 JOIN record r ON r.town_id = d.town_id AND r.id = d.record \
                 LEFT JOIN record_village v ON v.town_id = d.town_id AND v.record = d.record \
                 WHERE d.town_id = $1 AND {open} AND ($3 IS NULL OR r.last_idx < $3) \
                 GROUP BY d.of_idx, d.record, d.register, d.step, r.number, r.title, r.body \
                 ORDER BY min(d.last), d.record, d.of_idx, d.step"
            )
        }) {
            db.each(&sql, &values, |row| {
                let (register, step, body): (String, String, String) = (row.get(8)?, row.get(9)?, row.get(6)?);
                let village = if row.get::<i64>(4)? > 1 { "*".to_owned() } else { row.get(5)? };
                let over = Over {
                    entry: row.get::<i64>(0)? as u64,
                    record: row.get(1)?,
                    called: row.get(2)?,
                    title: row.get(7)?,
                    last: row.get(3)?,
                    village,
                    kind: String::new(),
                };
                for figure in figures.iter().filter(|figure| is_of(figure, &register, &step)) {
                    let over = Over { kind: kind(figure, &body), ..over.clone() };
                    lists.entry(figure.id.clone()).or_default().push(over);
                }
                Ok(())
            })?;
        }
        for all in lists.values_mut() {
            all.retain(|over| self.within.as_ref().is_none_or(|within| within.villages.contains(&over.village)));
            all.sort_by(|a, b| (&a.last, &a.record, a.entry).cmp(&(&b.last, &b.record, b.entry)));
        }
        Ok(lists)
    }

    fn then(&self, figure: &Figure, day: Day) -> Vec<Over> {
        let (mut all, step) = (Vec::new(), step(figure));
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

/// Dues that were over on a day: not met to this day, and met only after it. Two questions, because an OR of them would
/// look at every due there ever was.
const OPEN: [&str; 2] = [
    "d.met_by IS NULL AND d.last < $2 AND d.binding = 1",
    "d.met_day > d.last AND d.met_day > $2 AND d.last < $2 AND d.binding = 1",
];

/// The two questions about the steps of some figures, `$3` a size; none about no figure.
pub(super) fn asking(
    figures: &[&Figure],
    day: Day,
    size: Option<u64>,
    sql: impl Fn(String) -> String,
) -> Vec<(String, Vec<Value<'static>>)> {
    if figures.is_empty() {
        return Vec::new();
    }
    let registers: BTreeSet<&str> = figures.iter().map(|figure| register(figure)).collect();
    let steps: BTreeSet<&str> = figures.iter().map(|figure| step(figure)).collect();
    let listed =
        |first: usize, many: usize| (first..first + many).map(|nth| format!("${nth}")).collect::<Vec<_>>().join(", ");
    let of = format!(
        "d.register IN ({}) AND d.step IN ({})",
        listed(4, registers.len()),
        listed(4 + registers.len(), steps.len())
    );
    let mut values: Vec<Value<'static>> = vec![day.to_string().into(), size.map(|size| size as i64).into()];
    values.extend(registers.iter().chain(&steps).map(|text| Value::from((*text).to_owned())));
    OPEN.iter().map(|open| (sql(format!("{of} AND {open}")), values.clone())).collect()
}

fn is_of(figure: &Figure, of: &str, at: &str) -> bool {
    register(figure) == of && step(figure) == at
}

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

/// The step whose dues a figure counts.
fn step(figure: &Figure) -> &str {
    match &figure.counts {
        Counts::Overdue { step } => step,
        _ => "",
    }
}

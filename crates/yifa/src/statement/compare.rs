//! What was sent, held against what the ledger says now: cell by cell, by how much, and because of which records (报送后的变动).

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use engine::day::Day;
use engine::definition::{FigureCell, Statement};
use engine::figure::Number;
use engine::statement::{Reported, Square};
use serde::Serialize;

use super::behind::{days, is_behind};
use super::filled::{Amount, Held, Row, Values, figures};
use super::since::Since;
use super::submission::Submission;
use super::values::Ask;
use crate::query::evidence::{Evidence, evidence};
use crate::query::names::Names;
use crate::query::overdue::Dues;
use crate::sets::Sets;
use crate::storage::{Db, params};

/// A submission that does not say any more what the ledger says.
#[derive(Clone, Debug, Serialize)]
pub struct Wrong {
    /// What was sent.
    pub submission: Submission,
    /// Where it differs.
    pub differences: Vec<Difference>,
}

/// One difference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// The cell, or the row of the sheet as it was sent.
    pub at: String,
    /// What stands there, as people call it.
    pub what: String,
    /// As it was sent.
    pub sent: String,
    /// As it is now.
    pub now: String,
    /// By how much, where that can be said: `少 1`.
    pub by: String,
    /// Why, as far as it can be told.
    pub records: Vec<Changed>,
}

/// A record that changed since.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Changed {
    /// Its register.
    pub register: String,
    /// It.
    pub record: String,
    /// What it is called.
    pub called: String,
    /// The entries made on it since, by index.
    pub entries: Vec<u64>,
}

/// What was found for one cell and serves others too.
#[derive(Default)]
struct Known {
    /// Records that changed, by their ids.
    records: BTreeMap<String, Changed>,
    /// The entries behind a figure: from which day to which, as of which size.
    evidence: BTreeMap<(String, Day, Day, Option<u64>), Vec<Evidence>>,
}

/// `C6 调解成功 286 → 285（少 1）`
impl std::fmt::Display for Difference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let or_empty = |text: &str| if text.is_empty() { "（空）".to_owned() } else { text.to_owned() };
        write!(f, "{} {} {} → {}", self.at, self.what, or_empty(&self.sent), or_empty(&self.now))?;
        if self.by.is_empty() { Ok(()) } else { write!(f, "（{}）", self.by) }
    }
}

/// Compares what was sent with now.
pub struct Comparing<'c> {
    /// The tables.
    pub db: &'c Db,
    /// The sets.
    pub sets: &'c Sets,
    /// Township and county.
    pub offices: (&'c str, &'c str),
    names: Names,
}

impl<'c> Comparing<'c> {
    /// Prepares to.
    pub fn new(db: &'c Db, sets: &'c Sets, offices: (&'c str, &'c str)) -> Result<Comparing<'c>> {
        Ok(Comparing { db, sets, offices, names: Names::load(db)? })
    }

    /// Of some submissions those that are wrong by now.
    pub fn wrong(&self, all: &[Submission]) -> Result<Vec<Wrong>> {
        let mut wrong = Vec::new();
        for one in all {
            let differences = self.differences(one)?;
            if !differences.is_empty() {
                wrong.push(Wrong { submission: one.clone(), differences });
            }
        }
        Ok(wrong)
    }

    /// Where one differs from what was sent, or from what was told of it since.
    pub fn differences(&self, one: &Submission) -> Result<Vec<Difference>> {
        // Laid out as it was sent; a statement whose definition is no more was never one of ours.
        let Some(statement) = self.sets.at(Some(one.sent_at))?.set.statements.get(&one.statement).cloned() else {
            return Ok(Vec::new());
        };
        // Only what may have moved is filled twice: of most that was sent long ago, nothing.
        match (Since { db: self.db, sets: self.sets, size: one.size }).moved(&statement, one.days())? {
            Some(moved) => self.read(one, &moved),
            None => Ok(Vec::new()),
        }
    }

    /// Where one differs in the cells and rows of a statement, filled twice and held side by side.
    pub(crate) fn read(&self, one: &Submission, statement: &Statement) -> Result<Vec<Difference>> {
        let Some(reported) = Reported::parse(statement.period, &one.period) else { return Ok(Vec::new()) };
        let sent = self.values(one, statement, reported, Some(one.size))?;
        let now = self.values(one, statement, reported, None)?;
        let mut found = self.cells(one, statement, &sent, &now)?;
        found.extend(self.rows(one, statement, &sent, &now)?);
        Ok(found)
    }

    fn values(&self, one: &Submission, statement: &Statement, at: Reported, size: Option<u64>) -> Result<Values> {
        let set = &self.sets.at(size)?.set;
        let ask = Ask { db: self.db, sets: self.sets, set, offices: self.offices, size };
        ask.values(&self.names, statement, at, one.days())
    }

    fn cells(&self, one: &Submission, statement: &Statement, sent: &Values, now: &Values) -> Result<Vec<Difference>> {
        let present: BTreeMap<Square, &Held> = now.cells.iter().map(|cell| (cell.at, &cell.held)).collect();
        let (mut found, mut known) = (Vec::new(), Known::default());
        for (cell, source) in figures(&sent.cells) {
            let held = present.get(&cell.at).copied().unwrap_or(&Held::Nothing);
            if *held == cell.held {
                continue;
            }
            let what = source.part.as_ref().map_or(source.title.clone(), |part| format!("{}（{part}）", source.title));
            let asked = statement.cells.iter().find(|asked| asked.at.value == cell.at);
            let records = asked.map_or(Ok(Vec::new()), |asked| self.behind(one, asked, &mut known))?;
            found.push(Difference {
                at: cell.at.to_string(),
                what,
                sent: cell.held.to_string(),
                now: held.to_string(),
                by: by(&cell.held, held),
                records,
            });
        }
        Ok(found)
    }

    /// The records because of which a figure differs: those whose entries count in another way, or no more, or now.
    fn behind(&self, one: &Submission, cell: &FigureCell, known: &mut Known) -> Result<Vec<Changed>> {
        let (sent, now) = (self.told(one, cell, Some(one.size), known)?, self.told(one, cell, None, known)?);
        let records: BTreeSet<&Told> = sent.symmetric_difference(&now).collect();
        let mut changed = BTreeSet::new();
        for told in records {
            let one = match known.records.get(&told.record) {
                Some(one) => Changed::clone(one),
                None => self.changed(one, &told.register, &told.record)?,
            };
            known.records.insert(told.record.clone(), one.clone());
            changed.insert(one);
        }
        Ok(changed.into_iter().collect())
    }

    /// The entries behind a cell, as of then or now.
    fn told(
        &self,
        one: &Submission,
        cell: &FigureCell,
        size: Option<u64>,
        known: &mut Known,
    ) -> Result<BTreeSet<Told>> {
        let set = &self.sets.at(size)?.set;
        let Some(figure) = set.figures.get(&cell.figure.value) else { return Ok(BTreeSet::new()) };
        let days = days(cell, one.days());
        let all = match known.evidence.entry((figure.id.clone(), days.from, days.to, size)) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(place) => {
                let dues = Dues::of(self.db, set, [&**figure], size)?;
                place.insert(evidence(self.db, set, figure, days, &dues, &self.names)?)
            }
        };
        let behind = all.iter().filter(|one| is_behind(set, figure, &self.names, one, cell));
        Ok(behind.map(Told::of).collect())
    }

    fn changed(&self, one: &Submission, register: &str, record: &str) -> Result<Changed> {
        let sql = "SELECT coalesce(number, title) FROM record WHERE town_id = $1 AND id = $2";
        let called: Option<String> = self.db.one(sql, params![record], |row| row.get(0))?;
        let sql = "SELECT idx FROM entry WHERE town_id = $1 AND record = $2 AND idx >= $3 ORDER BY idx";
        let entries = self.db.rows(sql, params![record, one.size as i64], |row| Ok(row.get::<i64>(0)? as u64))?;
        let called = called.unwrap_or_else(|| record.to_owned());
        Ok(Changed { register: register.to_owned(), record: record.to_owned(), called, entries })
    }

    fn rows(&self, one: &Submission, statement: &Statement, sent: &Values, now: &Values) -> Result<Vec<Difference>> {
        let Some(listing) = &statement.rows else { return Ok(Vec::new()) };
        let keyed = |rows: &[Row]| -> BTreeMap<u64, usize> {
            rows.iter().enumerate().map(|(nth, row)| (row.entry, nth)).collect()
        };
        let (before, after) = (keyed(&sent.rows), keyed(&now.rows));
        let mut found = Vec::new();
        for (nth, row) in sent.rows.iter().enumerate() {
            let at = format!("第 {} 行", listing.first.value as usize + nth + 1);
            let Some(present) = after.get(&row.entry).map(|nth| &now.rows[*nth]) else {
                let records = vec![self.changed(one, &listing.register, &row.record)?];
                let (what, sent) = (row.called.clone(), "列出".to_owned());
                found.push(Difference {
                    at, what, sent, now: "不应列出".to_owned(), by: "少一行".to_owned(), records
                });
                continue;
            };
            for ((column, held), (_, fresh)) in row.cells.iter().zip(&present.cells) {
                // The ordinals of all that follow move with a row; that is no error of theirs.
                if held == fresh || listing.is_ordinal(*column) {
                    continue;
                }
                let square = Square { row: listing.first.value + u32::try_from(nth)?, column: *column };
                let above = listing.first.value.checked_sub(1).map(|row| Square { row, column: *column });
                let heading = above.and_then(|above| statement.expected(above)).unwrap_or_default();
                found.push(Difference {
                    at: square.to_string(),
                    what: format!("{} {heading}", row.called).trim().to_owned(),
                    sent: held.to_string(),
                    now: fresh.to_string(),
                    by: by(held, fresh),
                    records: vec![self.changed(one, &listing.register, &row.record)?],
                });
            }
        }
        for row in now.rows.iter().filter(|row| !before.contains_key(&row.entry)) {
            found.push(Difference {
                at: "没有的行".to_owned(),
                what: format!("{}（{}）", row.called, row.day),
                sent: "没有列出".to_owned(),
                now: "应当列出".to_owned(),
                by: "多一行".to_owned(),
                records: vec![self.changed(one, &listing.register, &row.record)?],
            });
        }
        Ok(found)
    }
}

/// An entry as it counts.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Told {
    register: String,
    record: String,
    entry: u64,
    figure: String,
    value: String,
    keys: Vec<String>,
}

impl Told {
    fn of(one: &Evidence) -> Told {
        Told {
            register: one.register.clone(),
            record: one.record.clone(),
            entry: one.entry,
            figure: one.figure.clone(),
            value: one.value.to_string(),
            keys: one.keys.clone(),
        }
    }
}

/// By how much a number is more or less than it was.
fn by(sent: &Held, now: &Held) -> String {
    let scaled = |held: &Held| match held {
        Held::Number(Amount { number: Number::Whole(value), .. }) => {
            Some((*value, Number::Whole as fn(i64) -> Number, ""))
        }
        Held::Number(Amount { number: Number::Fen(fen), .. }) => Some((*fen, Number::Fen as fn(i64) -> Number, "元")),
        _ => None,
    };
    let percent = |held: &Held| match held {
        Held::Number(Amount { number: Number::Percent { scaled, digits }, .. }) => Some((*scaled, *digits)),
        _ => None,
    };
    if let (Some((sent, _)), Some((now, digits))) = (percent(sent), percent(now)) {
        let difference = Number::Percent { scaled: (now - sent).abs(), digits };
        return format!("{} {difference} 个百分点", if now < sent { "低" } else { "高" });
    }
    match (scaled(sent), scaled(now)) {
        (Some((sent, make, unit)), Some((now, ..))) => {
            format!("{} {}{unit}", if now < sent { "少" } else { "多" }, make((now - sent).abs()))
        }
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_is_told_with_its_size() {
        let held = |number: Number| Held::Number(Amount { number, ten_thousands: false });
        let percent = |scaled| held(Number::Percent { scaled, digits: 1 });
        for (sent, now, expect) in [
            (held(Number::Whole(286)), held(Number::Whole(285)), "少 1"),
            (held(Number::Whole(0)), held(Number::Whole(3)), "多 3"),
            (held(Number::Fen(150_000)), held(Number::Fen(100_050)), "少 499.50元"),
            (percent(983), percent(979), "低 0.4 个百分点"),
            (percent(983), held(Number::None("—".to_owned())), ""),
            (Held::Text("甲".to_owned()), Held::Text("乙".to_owned()), ""),
        ] {
            assert_eq!(by(&sent, &now), expect);
        }
    }
}

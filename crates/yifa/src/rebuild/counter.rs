//! The counters of numbers against the numbers the journal gave out.
//!
//! A counter is no row derived from the journal: it says what comes next. But it stands at the last number its series
//! gave, so a counter moved ahead, which would leave a gap in the numbers, or back, is seen.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use engine::act::{Act, Entry};
use engine::definition::Register;

use super::Rebuild;
use crate::numbers::{Series, Slot, slots};
use crate::storage::{Db, params};

/// Register, series and year.
type Key = (String, String, i64);

/// The numbers of one series and year.
#[derive(Default)]
struct Given {
    /// Every number of the pattern, whatever mark stands in it: marks change, and paper bears others.
    all: BTreeSet<i64>,
    /// The highest with the mark the series has today.
    surely: i64,
}

/// All numbers the journal gave out or took over.
#[derive(Default)]
pub(super) struct Numbers(BTreeMap<Key, Given>);

impl Numbers {
    /// Notes every number that the entries of a record bear.
    pub fn note(&mut self, db: &Db, register: &Register, entries: &[Entry]) -> Result<()> {
        for (nth, entry) in entries.iter().enumerate() {
            let Act::Step(taken) = &entry.act else { continue };
            for slot in slots(register, &taken.step, nth == 0) {
                let Some(number) = slot.borne(taken) else { continue };
                self.one(db, register, &slot, number, &slot.series(&taken.fields, entry.recorded))?;
            }
        }
        Ok(())
    }

    fn one(&mut self, db: &Db, register: &Register, slot: &Slot<'_>, number: &str, series: &Series) -> Result<()> {
        let pattern = slot.rule.pattern.value.replace("{year}", &series.year.to_string());
        let Some((before, after)) = pattern.split_once("{seq}") else { return Ok(()) };
        let Some(head) = number.strip_suffix(after) else { return Ok(()) };
        let digits = head.len() - head.trim_end_matches(|c: char| c.is_ascii_digit()).len();
        let (head, digits) = head.split_at(head.len() - digits);
        let Some(seq) = digits.parse::<i64>().ok().filter(|seq| (1..1_000_000).contains(seq)) else { return Ok(()) };
        let (lead, tail) = before.split_once("{series}").unwrap_or((before, ""));
        if !(head.starts_with(lead) && head.ends_with(tail) && head.len() >= lead.len() + tail.len()) {
            return Ok(());
        }
        let given = self.0.entry((register.id.value.clone(), series.key.clone(), series.year)).or_default();
        given.all.insert(seq);
        if head[lead.len()..head.len() - tail.len()] == slot.mark(db, series)? {
            given.surely = given.surely.max(seq);
        }
        Ok(())
    }
}

impl Rebuild<'_> {
    /// Each counter stands at the last number of its series.
    pub(super) fn counters(&mut self) -> Result<()> {
        let sql = "SELECT register, series, year, n FROM counter WHERE town_id = $1 ORDER BY register, series, year";
        let rows =
            self.db.rows(sql, params![], |row| Ok(((row.get(0)?, row.get(1)?, row.get(2)?), row.get::<i64>(3)?)))?;
        let found: BTreeMap<Key, i64> = rows.into_iter().collect();
        let numbers = std::mem::take(&mut self.numbers).0;
        let nothing = Given::default();
        for key in found.keys().chain(numbers.keys()).collect::<BTreeSet<_>>() {
            let given = numbers.get(key).unwrap_or(&nothing);
            let is = found.get(key).copied().unwrap_or(0);
            let right = given.all.contains(&is) || is == 0;
            if right && is >= given.surely {
                continue;
            }
            let expected = if given.surely > 0 { given.surely } else { given.all.last().copied().unwrap_or(0) };
            let (register, series, year) = key;
            let text = format!("{year} 年的编号数到 {expected}，计数器是 {is}");
            self.found.differ("counter", if series.is_empty() { register } else { series }, text);
            if self.mend {
                let sql = "INSERT INTO counter (town_id, register, series, year, n) VALUES ($1, $2, $3, $4, $5) \
                           ON CONFLICT (town_id, register, series, year) DO UPDATE SET n = excluded.n";
                self.db.run(sql, params![register, series, year, expected])?;
            }
        }
        Ok(())
    }
}

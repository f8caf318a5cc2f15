//! Allotting numbers (编号): what a step is to bear before it is judged, and what its series then stand at.

use anyhow::Result;
use engine::act::Act;
use engine::day::Day;
use engine::definition::Register;
use engine::value::Value;
use rusqlite::params;

use crate::numbers::{Series, Slot, slots};
use crate::refused::refuse;
use crate::storage::{Db, TOWN};

/// How many numbers already in use are passed over before something must be wrong.
const MOST_PASSED: usize = 100_000;

/// What was put into a step.
#[derive(Default)]
pub struct Allotted {
    /// What the step numbers besides its record: the field's title, and its number.
    pub papers: Vec<(String, String)>,
    counts: Vec<(Series, i64)>,
}

impl Allotted {
    /// Moves the counters, in the transaction that writes the entry.
    pub fn count_on(&self, db: &Db, register: &str) -> Result<()> {
        for (series, n) in &self.counts {
            db.run(
                "INSERT INTO counter (town_id, register, series, year, n) VALUES ($1, $2, $3, $4, $5) \
                 ON CONFLICT (town_id, register, series, year) DO UPDATE \
                 SET n = CASE WHEN excluded.n > counter.n THEN excluded.n ELSE counter.n END",
                params![TOWN, register, series.key, series.year, n],
            )?;
        }
        Ok(())
    }
}

/// Puts numbers where a step has room for one and bears none. One it bears from paper is kept, and what is numbered
/// afterwards counts on from it.
pub fn allot(db: &Db, register: &Register, act: &mut Act, opens: bool, today: Day) -> Result<Allotted> {
    let mut allotted = Allotted::default();
    match act {
        Act::Step(taken) => {
            if taken.number.is_some() && (!opens || register.number.is_none()) {
                let paper = taken.number.as_deref().unwrap_or_default();
                let text = format!("“{}”不编号，却填了编号“{paper}”", register.title);
                return Err(refuse(221, text, "请把编号一栏空着"));
            }
            let step = taken.step.clone();
            for slot in slots(register, &step, opens) {
                let series = slot.series(&taken.fields, today);
                let pattern = slot.rule.pattern.value.replace("{year}", &series.year.to_string());
                let pattern = pattern.replace("{series}", &slot.mark(db, &series)?);
                if let Some(paper) = slot.borne(taken) {
                    unused(db, register, &slot, paper, &taken.record)?;
                    allotted.counts.extend(seq(&pattern, paper).map(|seq| (series, seq)));
                    continue;
                }
                let (number, seq) = next(db, register, &slot, &series, &pattern)?;
                allotted.counts.push((series, seq));
                match slot.field {
                    None => taken.number = Some(number),
                    Some(field) => {
                        allotted.papers.push((field.title.clone(), number.clone()));
                        taken.fields.insert(field.id.value.clone(), Value::Text(number));
                    }
                }
            }
        }
        Act::Correct { fields, record, .. } => {
            // Which step it corrects does not matter: a number is looked for under every field that may bear it.
            for step in &register.steps {
                for slot in slots(register, &step.id, false) {
                    let paper = slot.field.and_then(|field| fields.get(&field.id.value)).and_then(Value::as_text);
                    paper.map_or(Ok(()), |paper| unused(db, register, &slot, paper, record))?;
                }
            }
        }
        _ => {}
    }
    Ok(allotted)
}

/// The next number of a series. One that stands somewhere already, from paper or from a twin series, is passed over.
fn next(db: &Db, register: &Register, slot: &Slot<'_>, series: &Series, pattern: &str) -> Result<(String, i64)> {
    let sql = "SELECT n FROM counter WHERE town_id = $1 AND register = $2 AND series = $3 AND year = $4";
    let last: Option<i64> = db.one(sql, params![TOWN, register.id.value, series.key, series.year], |row| row.get(0))?;
    for seq in (last.unwrap_or(0) + 1..).take(MOST_PASSED) {
        let number = pattern.replace("{seq}", &seq.to_string());
        if borne_by(db, register, slot, &number)?.is_none() {
            return Ok((number, seq));
        }
    }
    anyhow::bail!("no free number in the series {pattern}")
}

/// Which number of its series a number from paper is, if it is one.
fn seq(pattern: &str, paper: &str) -> Option<i64> {
    let (before, after) = pattern.split_once("{seq}")?;
    let seq = paper.strip_prefix(before)?.strip_suffix(after)?.parse::<i64>().ok()?;
    (1..1_000_000).contains(&seq).then_some(seq)
}

/// A number is borne once; by the record itself it may be written again.
fn unused(db: &Db, register: &Register, slot: &Slot<'_>, paper: &str, record: &str) -> Result<()> {
    let found = borne_by(db, register, slot, paper)?;
    // What opens a record cannot have been borne by it before.
    if found.is_none_or(|found| slot.field.is_some() && found == record) {
        return Ok(());
    }
    let what = slot.field.map_or("编号", |field| field.title.as_str());
    Err(refuse(222, format!("{what}“{paper}”已经用过"), "请核对编号；同一案卷的后续步骤请接着它记"))
}

/// The record that bears a number.
fn borne_by(db: &Db, register: &Register, slot: &Slot<'_>, number: &str) -> Result<Option<String>> {
    if slot.field.is_none() {
        let sql = "SELECT id FROM record WHERE town_id = $1 AND register = $2 AND number = $3 ORDER BY id LIMIT 1";
        return db.one(sql, params![TOWN, register.id.value, number], |row| row.get(0));
    }
    let sql = "SELECT record FROM field WHERE town_id = $1 AND register = $2 AND field = $3 AND value = $4 \
               ORDER BY record LIMIT 1";
    db.one(sql, params![TOWN, register.id.value, slot.at(), number], |row| row.get(0))
}

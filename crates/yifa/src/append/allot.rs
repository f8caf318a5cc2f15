//! Allotting numbers (编号): what a step is to bear before it is judged, and what its series then stand at.

use anyhow::Result;
use engine::act::{Act, Entry};
use engine::day::Day;
use engine::definition::Register;
use engine::value::Value;

use super::fits::step;
use crate::numbers::{Series, Slot, slots};
use crate::refused::refuse;
use crate::storage::{Db, params};

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
                params![register, series.key, series.year, n],
            )?;
        }
        Ok(())
    }
}

/// The numbers an entry of somebody else's journal bears: what its series then stand at. Nothing is judged.
pub fn borne(db: &Db, register: &Register, act: &Act, opens: bool, recorded: Day) -> Result<Allotted> {
    let mut allotted = Allotted::default();
    let Act::Step(taken) = act else { return Ok(allotted) };
    for slot in slots(register, &taken.step, opens) {
        let Some(number) = slot.borne(taken) else { continue };
        let series = slot.series(&taken.fields, recorded);
        let pattern = pattern(db, &slot, &series)?;
        allotted.counts.extend(seq(&pattern, number).map(|seq| (series, seq)));
    }
    Ok(allotted)
}

fn pattern(db: &Db, slot: &Slot<'_>, series: &Series) -> Result<String> {
    let pattern = slot.rule.pattern.value.replace("{year}", &series.year.to_string());
    Ok(pattern.replace("{series}", &slot.mark(db, series)?))
}

/// Puts numbers where a step has room for one and bears none. One it bears from paper is kept, and what is numbered
/// afterwards counts on from it.
pub fn allot(db: &Db, register: &Register, act: &mut Act, entries: &[Entry], today: Day) -> Result<Allotted> {
    let opens = entries.is_empty();
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
                let pattern = pattern(db, &slot, &series)?;
                if let Some(paper) = slot.borne(taken) {
                    unused(db, &slot, paper, None)?;
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
        Act::Correct { of, fields, cleared, record, .. } => {
            let step = step(entries, of).map(|(_, taken)| taken.step.as_str());
            for slot in step.into_iter().flat_map(|step| slots(register, step, false)) {
                let Some(field) = slot.field else { continue };
                if cleared.contains(&field.id.value) {
                    let remedy = "编号写错了的，更正成对的；这一步不该有的，作废这一步";
                    return Err(refuse(222, format!("“{}”不能清空：编过的号不再编给别的", field.title), remedy));
                }
                let paper = fields.get(&field.id.value).and_then(Value::as_text);
                paper.map_or(Ok(()), |paper| unused(db, &slot, paper, Some(record)))?;
            }
        }
        _ => {}
    }
    Ok(allotted)
}

/// The next number of a series. One that stands somewhere already, from paper or from a twin series, is passed over.
fn next(db: &Db, register: &Register, slot: &Slot<'_>, series: &Series, pattern: &str) -> Result<(String, i64)> {
    let sql = "SELECT n FROM counter WHERE town_id = $1 AND register = $2 AND series = $3 AND year = $4";
    let last: Option<i64> = db.one(sql, params![register.id.value, series.key, series.year], |row| row.get(0))?;
    for seq in (last.unwrap_or(0) + 1..).take(MOST_PASSED) {
        let number = pattern.replace("{seq}", &seq.to_string());
        if slot.bearer(db, &number)?.is_none() {
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

/// A number is borne once; one that a correction does not change is borne by the record itself.
fn unused(db: &Db, slot: &Slot<'_>, paper: &str, corrected: Option<&str>) -> Result<()> {
    let found = slot.bearer(db, paper)?;
    if found.is_none_or(|found| corrected == Some(found.as_str())) {
        return Ok(());
    }
    let what = slot.field.map_or("编号", |field| field.title.as_str());
    Err(refuse(222, format!("{what}“{paper}”已经用过"), "请核对编号；同一案卷的后续步骤请接着它记"))
}

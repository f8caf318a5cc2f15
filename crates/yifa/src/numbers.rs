//! Numbers of records and papers (编号): where a step has room for one, and which series it belongs to.
//!
//! Without a gap within series and year, because a number is written with the entry that bears it or not at all. What
//! is voided keeps its number.

use anyhow::Result;
use engine::act::Taken;
use engine::day::Day;
use engine::definition::{Field, FieldRef, Numbering, Register};
use engine::value::{Fields, Value};

use crate::projection::number_key;
use crate::query::names::said;
use crate::storage::{Db, params};

/// What is numbered: a record by the step that opens it, or a field of a step.
#[derive(Clone, Copy)]
pub struct Slot<'r> {
    /// How.
    pub rule: &'r Numbering,
    /// The field; none for the record itself.
    pub field: Option<&'r Field>,
    register: &'r Register,
    step: &'r str,
}

/// What numbers are counted by.
pub struct Series {
    /// In the counter: the record it is counted apart by, after the field that is numbered.
    pub key: String,
    /// In the counter.
    pub year: i64,
    /// The record it is counted apart by; empty where it is not.
    pub by: String,
}

/// All that an entry numbers: `opens` tells whether it opens its record.
pub fn slots<'r>(register: &'r Register, step: &'r str, opens: bool) -> impl Iterator<Item = Slot<'r>> {
    let own = register.number.as_ref().filter(|_| opens);
    let own = own.map(|rule| Slot { rule, field: None, register, step });
    let fields = register.step(step).into_iter().flat_map(|step| &step.fields);
    own.into_iter().chain(fields.filter_map(move |field| {
        let rule = field.number.as_ref()?;
        Some(Slot { rule, field: Some(field), register, step })
    }))
}

impl Slot<'_> {
    /// `step.field` of the field that is numbered; empty for the record itself.
    pub fn at(&self) -> String {
        self.field.map_or_else(String::new, |field| format!("{}.{}", self.step, field.id.value))
    }

    /// The number a step bears here.
    pub fn borne<'t>(&self, taken: &'t Taken) -> Option<&'t str> {
        match self.field {
            None => taken.number.as_deref(),
            Some(field) => taken.fields.get(&field.id.value)?.as_text(),
        }
    }

    /// The series by the values of the step, its year by the day the step happened.
    pub fn series(&self, fields: &Fields, recorded: Day) -> Series {
        let day = self.register.step(self.step).and_then(|step| step.day_field());
        let day = day.and_then(|field| fields.get(&field.id.value)).and_then(Value::as_text).and_then(Day::parse);
        let by = self.rule.series.as_ref().and_then(|at| fields.get(&at.field)?.as_text()).unwrap_or_default();
        let at = self.at();
        let key = if at.is_empty() || by.is_empty() { at + by } else { format!("{at}:{by}") };
        Series { key, year: i64::from(day.unwrap_or(recorded).year()), by: by.to_owned() }
    }

    /// The record that bears a number here.
    pub fn bearer(&self, db: &Db, number: &str) -> Result<Option<String>> {
        match self.field {
            None => {
                let sql = "SELECT id FROM record WHERE town_id = $1 AND register = $2 AND number_key = $3 \
                           AND number = $4 ORDER BY id LIMIT 1";
                db.one(sql, params![self.register.id.value, number_key(number), number], |row| row.get(0))
            }
            Some(_) => bearer(db, &self.register.id, &self.at(), number),
        }
    }

    /// What stands for `{series}` today: a field of the record it is counted apart by.
    pub fn mark(&self, db: &Db, series: &Series) -> Result<String> {
        let Some(mark) = self.rule.mark.as_ref().filter(|_| !series.by.is_empty()) else { return Ok(String::new()) };
        let found = said(db, &series.by, &FieldRef::parse(mark, ""))?;
        Ok(found.and_then(|value| Some(value.as_text()?.to_owned())).unwrap_or_default())
    }
}

/// The record one of whose live steps bears a number in a field (`step.field`).
pub fn bearer(db: &Db, register: &str, at: &str, number: &str) -> Result<Option<String>> {
    let sql = "SELECT record FROM field WHERE town_id = $1 AND register = $2 AND field = $3 AND value = $4 \
               ORDER BY record LIMIT 1";
    db.one(sql, params![register, at, number], |row| row.get(0))
}

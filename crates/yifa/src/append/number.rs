//! Numbers of records: one series for each register, series and year, without gaps (编号).

use anyhow::{Context, Result};
use engine::act::Taken;
use engine::day::Day;
use engine::definition::Register;
use engine::value::Value;
use rusqlite::params;

use super::take::Taker;
use crate::storage::TOWN;

impl Taker<'_> {
    /// The next number of the record's series and year; gap-free, because it counts only once the step is taken.
    pub(super) fn number(&self, register: &Register, taken: &Taken, today: Day) -> Result<Option<Count>> {
        let Some(rule) = &register.number else { return Ok(None) };
        let step = register.step(&taken.step).context("a step that was checked")?;
        let day = step.day_field().and_then(|field| taken.fields.get(&field.id.value)).and_then(Value::as_text);
        let year = day.and_then(Day::parse).unwrap_or(today).year();
        let series = rule.series.as_ref().and_then(|at| taken.fields.get(&at.field)?.as_text()).unwrap_or_default();
        let mark = match &rule.mark {
            Some(mark) if !series.is_empty() => self.mark(series, mark)?,
            _ => String::new(),
        };
        let sql = "SELECT n FROM counter WHERE town_id = $1 AND register = $2 AND series = $3 AND year = $4";
        let series = series.to_owned();
        let n: Option<i64> =
            self.db.one(sql, params![TOWN, register.id.value, series, i64::from(year)], |row| row.get(0))?;
        let n = n.unwrap_or(0) + 1;
        let text = rule
            .pattern
            .value
            .replace("{year}", &year.to_string())
            .replace("{series}", &mark)
            .replace("{seq}", &n.to_string());
        Ok(Some(Count { text, series, year, n }))
    }

    pub(super) fn store_count(&self, register: &Register, count: &Count) -> Result<()> {
        let sql = "INSERT INTO counter (town_id, register, series, year, n) VALUES ($1, $2, $3, $4, $5) \
                   ON CONFLICT (town_id, register, series, year) DO UPDATE SET n = excluded.n";
        self.db.run(sql, params![TOWN, register.id.value, count.series, i64::from(count.year), count.n])?;
        Ok(())
    }

    fn mark(&self, record: &str, field: &str) -> Result<String> {
        let sql = "SELECT body FROM record WHERE town_id = $1 AND id = $2";
        let body: Option<String> = self.db.one(sql, params![TOWN, record], |row| row.get(0))?;
        let body: serde_json::Value = serde_json::from_str(body.as_deref().unwrap_or("{}"))?;
        let (step, field) = field.split_once('.').unwrap_or_default();
        Ok(body[step][field].as_str().unwrap_or_default().to_owned())
    }
}

/// A number about to be allotted.
pub(super) struct Count {
    /// As it is printed.
    pub text: String,
    series: String,
    year: i16,
    n: i64,
}

//! What the report of an earlier year says, beside the figures and never among them (上年报告的说法).

use std::collections::BTreeMap;

use anyhow::Result;
use engine::claim;
use engine::claim::judge::{Scope, spoken};
use engine::day::Day;
use engine::definition::Definitions;
use engine::value::{Fields, Value};
use serde::Serialize;

use crate::storage::{Db, params};

/// The register of what earlier reports say, and its step.
pub const REGISTER: &str = "baseline";
/// See [`REGISTER`].
pub const STEP: &str = "read";

/// What a report says of figures.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Baseline {
    /// The record that holds it.
    pub record: String,
    /// What the report is called.
    pub title: String,
    /// The words for each figure, as they stand in the report.
    pub said: BTreeMap<String, String>,
}

impl Baseline {
    /// Reads the report of a year. What it says more than once of a figure is kept in all its words.
    pub fn read(text: &str, set: &Definitions, year: i16, places: Vec<String>) -> Baseline {
        let claims = claim::find(text);
        let mut said: BTreeMap<String, String> = BTreeMap::new();
        for (claim, figure) in claims.iter().zip(spoken(text, &claims, set, &Scope { year, places })) {
            let Some(figure) = figure else { continue };
            let words = said.entry(figure.id.clone()).or_default();
            if words.is_empty() {
                words.push_str(&claim.text);
            } else if !words.split('、').any(|one| one == claim.text) {
                words.push('、');
                words.push_str(&claim.text);
            }
        }
        Baseline { record: String::new(), title: String::new(), said }
    }

    /// A line for each figure.
    fn lines(&self) -> String {
        self.said.iter().map(|(figure, words)| format!("{figure}={words}")).collect::<Vec<_>>().join("\n")
    }

    /// As it is recorded: of the report of a year, by its title and the SHA-256 of its file.
    pub fn fields(&self, on: Day, title: &str, year: i16, report: &str) -> Fields {
        let text = |text: &str| Value::Text(text.to_owned());
        Fields::from([
            ("on".to_owned(), text(&on.to_string())),
            ("title".to_owned(), text(title)),
            ("year".to_owned(), Value::Int(i64::from(year))),
            ("report".to_owned(), text(report)),
            ("values".to_owned(), Value::Text(self.lines())),
        ])
    }

    /// What the report of a year says, as it was recorded last; nothing where none was.
    pub fn of(db: &Db, year: i16) -> Result<Option<Baseline>> {
        let sql = "SELECT id, body FROM record WHERE town_id = $1 AND register = $2 AND state <> 'void' ORDER BY first_idx DESC";
        let all = db.rows(sql, params![REGISTER], |row| Ok((row.get::<String>(0)?, row.get::<String>(1)?)))?;
        for (record, body) in all {
            let body: serde_json::Value = serde_json::from_str(&body)?;
            let read = &body[STEP];
            if read["year"].as_i64() == Some(i64::from(year)) {
                let lines = read["values"].as_str().unwrap_or_default().lines();
                let pair =
                    |line: &str| line.split_once('=').map(|(figure, words)| (figure.to_owned(), words.to_owned()));
                let title = read["title"].as_str().unwrap_or_default().to_owned();
                return Ok(Some(Baseline { record, title, said: lines.filter_map(pair).collect() }));
            }
        }
        Ok(None)
    }
}

//! Lists of records, and what is flagged.

use std::collections::BTreeSet;

use anyhow::Result;
use engine::day::Day;
use engine::definition::{Register, Step};
use engine::form::Found;
use serde::Serialize;

use super::names;
use crate::projection::{facet, number_key};
use crate::refused::refuse;
use crate::storage::{Db, Row, Value, params};
use crate::trace::subject_of;

/// A record as a list shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Listed {
    /// Its id.
    pub id: String,
    /// Its number, if numbered.
    pub number: Option<String>,
    /// What it is called.
    pub title: String,
    /// Whose it is, where its opening step names its one person (`person`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub person: Option<String>,
    /// The state it is in.
    pub state: String,
    /// Its last day, where that is over and nobody has recorded its end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expired: Option<String>,
    /// The day it was opened.
    pub opened: String,
    /// How many flags it carries.
    pub flags: u64,
}

/// Which records, and how many of them.
pub struct Filter<'f> {
    /// Only in this state.
    pub state: Option<&'f str>,
    /// Only opened on or after.
    pub from: Option<Day>,
    /// Only opened on or before.
    pub to: Option<Day>,
    /// At most so many, the newest first.
    pub limit: u64,
}

/// The newest records of a register.
pub fn list(db: &Db, register: &Register, filter: &Filter<'_>) -> Result<Vec<Listed>> {
    let (from, to) = (filter.from.unwrap_or(Day::MIN).to_string(), filter.to.unwrap_or(Day::MAX).to_string());
    let rows = db.rows(
        "SELECT r.id, r.number, r.title, r.state, r.opened, \
         (SELECT count(*) FROM flag f WHERE f.town_id = r.town_id AND f.record = r.id), r.body \
         FROM record r WHERE r.town_id = $1 AND r.register = $2 AND r.opened >= $3 AND r.opened <= $4 \
         AND ($5 IS NULL OR r.state = $5) ORDER BY r.opened DESC, r.first_idx DESC LIMIT $6",
        params![register.id.value, from, to, filter.state, filter.limit as i64],
        |row| {
            let listed = Listed {
                id: row.get(0)?,
                number: row.get(1)?,
                title: row.get(2)?,
                person: None,
                state: row.get(3)?,
                expired: None,
                opened: row.get(4)?,
                flags: row.get::<i64>(5)? as u64,
            };
            Ok((listed, row.get::<String>(6)?))
        },
    )?;
    let named: Vec<&Step> = register.openings().filter(|step| subject_of(step).is_some()).collect();
    let mut listed = Vec::new();
    for (mut one, body) in rows {
        if !named.is_empty() {
            // Sealed values are not in it.
            let body: serde_json::Value = serde_json::from_str(&body)?;
            let person =
                named.iter().find_map(|step| body[&step.id.value][subject_of(step)?.id.value.as_str()].as_str());
            one.person = person.map(|person| names::called(db, person)).transpose()?.flatten();
        }
        listed.push(one);
    }
    Ok(listed)
}

/// How many records a register has, voided ones included, from the facets.
pub fn total(db: &Db, register: &str, state: Option<&str>) -> Result<u64> {
    let all = match state {
        Some(state) => facet::read(db, register, facet::STATE, state)?,
        None => facet::read_all(db, register)?,
    };
    Ok(all.count())
}

/// How many records of a register, voided ones aside, were opened in some days.
pub fn opened(db: &Db, register: &str, from: Day, to: Day) -> Result<u64> {
    let sql = "SELECT count(*) FROM record WHERE town_id = $1 AND register = $2 AND opened >= $3 AND opened <= $4 \
               AND state <> 'void'";
    Ok(db.one(sql, params![register, from.to_string(), to.to_string()], |row| row.get::<i64>(0))?.unwrap_or(0) as u64)
}

/// The record somebody names by id, number or title.
pub fn find(db: &Db, register: &str, name: &str) -> Result<String> {
    match names::find(db, register, name)? {
        Found::One(id) => Ok(id),
        Found::Many(_) => {
            let remedy = format!("请用编号或者 id 指明是哪一个，用 yifa list {register} 查看");
            Err(refuse(231, format!("有几个案卷都叫“{name}”"), remedy))
        }
        Found::None(near) => {
            let near = near.first().map_or_else(String::new, |near| format!("是不是“{near}”？"));
            Err(refuse(230, format!("找不到案卷“{name}”"), format!("{near}请用 yifa list {register} 查看")))
        }
    }
}

/// The record of that name, a void one if there is no other: what was voided stays readable.
pub fn find_to_show(db: &Db, register: &str, name: &str) -> Result<String> {
    if !matches!(names::find(db, register, name)?, Found::None(_)) {
        return find(db, register, name);
    }
    let sql = "SELECT id FROM record WHERE town_id = $1 AND register = $2 AND state = 'void' \
               AND (id = $3 OR (number_key = $4 AND number = $3) OR title = $3) ORDER BY id LIMIT 2";
    let void: Vec<String> = db.rows(sql, params![register, name, number_key(name)], |row| row.get(0))?;
    match &void[..] {
        [one] => Ok(one.clone()),
        _ => find(db, register, name),
    }
}

/// Something that should not have happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Flagged {
    /// The register.
    pub register: String,
    /// The record.
    pub record: String,
    /// What the record is called.
    pub called: String,
    /// What kind.
    pub kind: String,
    /// The entry.
    pub entry: u64,
    /// The day it happened.
    pub day: String,
    /// What is wrong.
    pub says: String,
    /// The law it goes against.
    pub basis: String,
}

/// How many of the newest flags are looked at for those somebody may see.
const NEWEST: i64 = 300;

/// The newest flags: of all records, or of those that touch some villages.
pub fn newest_flags(db: &Db, villages: Option<&BTreeSet<String>>) -> Result<Vec<Flagged>> {
    let within = villages.map_or_else(String::new, |villages| {
        let listed: Vec<String> = (3..3 + villages.len()).map(|nth| format!("${nth}")).collect();
        format!(
            " AND EXISTS (SELECT 1 FROM record_village v WHERE v.town_id = $1 AND v.record = f.record \
             AND v.village IN ({}))",
            listed.join(", ")
        )
    });
    let sql = format!(
        "SELECT f.register, f.record, coalesce(r.number, r.title), f.kind, f.idx, f.day, f.says, f.basis \
         FROM flag f JOIN record r ON r.town_id = f.town_id AND r.id = f.record \
         WHERE f.town_id = $1{within} ORDER BY f.day DESC, f.record, f.nth LIMIT $2"
    );
    let mut values = vec![Value::from(NEWEST)];
    values.extend(villages.into_iter().flatten().cloned().map(Value::from));
    db.rows(&sql, &values, flagged)
}

fn flagged(row: &Row<'_>) -> Result<Flagged> {
    let kind: String = row.get(3)?;
    Ok(Flagged {
        register: row.get(0)?,
        record: row.get(1)?,
        called: row.get(2)?,
        kind: engine::definition::FlagKind::parse(&kind).map_or(kind, |kind| kind.chinese().to_owned()),
        entry: row.get::<i64>(4)? as u64,
        day: row.get(5)?,
        says: row.get(6)?,
        basis: row.get(7)?,
    })
}

/// What is flagged, the newest first.
pub fn flags(db: &Db, register: Option<&str>, record: Option<&str>) -> Result<Vec<Flagged>> {
    db.rows(
        "SELECT f.register, f.record, coalesce(r.number, r.title), f.kind, f.idx, f.day, f.says, f.basis \
         FROM flag f JOIN record r ON r.town_id = f.town_id AND r.id = f.record \
         WHERE f.town_id = $1 AND ($2 IS NULL OR f.register = $2) AND ($3 IS NULL OR f.record = $3) \
         ORDER BY f.day DESC, f.record, f.nth",
        params![register, record],
        flagged,
    )
}

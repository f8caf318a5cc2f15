//! `yifa import … --as`: a table made elsewhere, what is said of all its rows, and what each row would become.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use engine::definition::mapping::Only;
use engine::definition::{Definitions, Field, Mapping, Register, Step};
use engine::form::{self, Given, Input};
use engine::problem::Problem;
use engine::read::nearest_hint;
use engine::value::Value;
use serde_json::json;

use crate::query::holds::holds;
use crate::query::names::{Records, called};
use crate::refused::{Refused, refuse};
use crate::sets::Sets;
use crate::show;
use crate::table::{Plan, PlannedStep, Sheet};

/// The mapping of a name, for a register.
pub fn named<'s>(set: &'s Definitions, register: &Register, name: &str) -> Result<&'s Mapping> {
    let own = || set.mappings.values().filter(|one| one.register.value == register.id.value);
    let found = set.mappings.get(name).or_else(|| set.mappings.values().find(|one| one.title == name));
    let known: Vec<&str> = own().map(|one| one.id.as_str()).collect();
    let could = match known.is_empty() {
        true => format!("“{}”还没有列对照；用表样导入的，不写 --as", register.title),
        false => format!("“{}”可以用：{}{}", register.title, known.join("、"), nearest_hint(name, &known)),
    };
    match found {
        Some(one) if one.register.value == register.id.value => Ok(one),
        Some(one) => Err(refuse(428, format!("列对照“{}”不是用于“{}”的", one.title, register.title), could)),
        None => Err(refuse(428, format!("没有列对照“{name}”"), could)),
    }
}

/// What is said of all rows: each field once, in the words a form takes, references by their ids.
pub fn with(
    step: &Step,
    mapping: &Mapping,
    said: &[String],
    records: &Records<'_>,
    sets: &Sets,
) -> Result<BTreeMap<String, String>> {
    let may: Vec<&str> =
        mapping.with.iter().chain(mapping.default.iter().map(|(field, _)| field)).map(|at| at.value.as_str()).collect();
    let could = || {
        let one = |id: &&str| format!("--with {id}={}", step.field(id).map_or("内容", |field| &field.title));
        format!("可以写：{}", may.iter().map(one).collect::<Vec<_>>().join("、"))
    };
    let mut problems = Vec::new();
    let mut given = Given::new();
    for one in said {
        let Some((name, text)) = one.split_once('=') else {
            problems.push(Problem::new(428, format!("--with {one} 没有写等号"), could()));
            continue;
        };
        let name = name.trim();
        let field = step.field(name).or_else(|| step.typed().find(|field| field.title == name));
        match field.filter(|field| may.contains(&field.id.value.as_str())) {
            Some(field) if given.contains_key(&field.id.value) => {
                let text = format!("“{}”写了不止一次 --with", field.title);
                problems.push(Problem::new(428, text, "整张表只能是一个，请删去多余的；不同的请分成几个文件"));
            }
            Some(field) => drop(given.insert(field.id.value.clone(), Input::Text(text.trim().to_owned()))),
            None => problems.push(Problem::new(428, format!("--with 里没有“{name}”这个字段"), could())),
        }
    }
    let (filled, found) = form::values(step, &given, records);
    let unread: Vec<&str> = found.iter().map(|(field, _)| field.as_str()).collect();
    let empty = |id: &str| !filled.fields.contains_key(id) && !filled.sealed.contains_key(id) && !unread.contains(&id);
    for field in mapping.with.iter().filter(|at| empty(at)).filter_map(|at| step.field(at)) {
        let text = format!("表里没有“{}”，要在命令里写", field.title);
        problems.push(Problem::new(428, text, format!("请写 --with {}=…（{}）", field.id.value, form::how_to(field))));
    }
    problems.extend(
        found
            .into_iter()
            .map(|(field, problem)| Problem { text: format!("--with {field}：{}", problem.text), ..problem }),
    );
    for only in &mapping.only {
        let Some(Value::Text(id)) = filled.fields.get(&only.field.value) else { continue };
        problems.extend(unfit(only, id, records, sets)?);
    }
    if !problems.is_empty() {
        return Err(Refused(problems).into());
    }
    let typed = |(id, input): (String, Input)| {
        let reference = step.field(&id).filter(|field| field.kind.register().is_some());
        let value = reference.and_then(|_| filled.fields.get(&id)?.as_text());
        let text = value.map_or_else(|| input.texts().first().cloned().unwrap_or_default(), str::to_owned);
        (id, text)
    };
    Ok(given.into_iter().map(typed).collect())
}

/// Refuses rows whose own reference, read from a column, names a record it should not name; each record once.
pub fn only(mapping: &Mapping, plan: &Plan, records: &Records<'_>, sets: &Sets) -> Result<()> {
    let mut problems = Vec::new();
    for only in mapping.only.iter().filter(|only| mapping.column(&only.field).is_some()) {
        let mut seen = BTreeSet::new();
        for one in plan.records.iter().flat_map(|one| &one.steps).filter(|one| one.step == mapping.step.value) {
            for id in one.filled.fields.get(&only.field.value).map(Value::texts).unwrap_or_default() {
                let new = seen.insert(id);
                let found = if new { unfit(only, id, records, sets)? } else { None };
                problems.extend(
                    found.map(|one_of| Problem { text: format!("第 {} 行：{}", one.line, one_of.text), ..one_of }),
                );
            }
        }
    }
    if problems.is_empty() { Ok(()) } else { Err(Refused(problems).into()) }
}

/// What is said of a record that a reference may not name; nothing where it may.
fn unfit(only: &Only, id: &str, records: &Records<'_>, sets: &Sets) -> Result<Option<Problem>> {
    if holds(records.db, sets, &records.set.calendar, id, &only.conditions)? {
        return Ok(None);
    }
    let name = called(records.db, id)?.unwrap_or_default();
    let (what, remedy) = only.say.split_once('：').unwrap_or((&only.say, "请先改正那个案卷"));
    Ok(Some(Problem::new(429, format!("“{name}”{what}"), remedy)))
}

/// What each row would become.
pub struct Preview<'d> {
    fields: Vec<&'d Field>,
    rows: Vec<Becomes>,
}

/// What one row would become.
struct Becomes {
    line: u32,
    /// The ledger does not have it yet.
    new: bool,
    /// A value for each field.
    cells: Vec<String>,
}

impl<'d> Preview<'d> {
    /// Of all rows of a sheet that was planned.
    pub fn of(records: &Records<'_>, step: &'d Step, sheet: &Sheet, plan: &Plan) -> Result<Preview<'d>> {
        let planned: BTreeMap<u32, &PlannedStep> =
            plan.records.iter().flat_map(|one| &one.steps).map(|one| (one.line, one)).collect();
        let mut filled = Vec::new();
        for row in sheet.rows() {
            let given = row.steps.iter().find(|one| one.step == step.id.value).map(|one| &one.given);
            filled.push(match (planned.get(&row.line), given) {
                (Some(planned), _) => (row.line, true, planned.filled.fields.clone()),
                (None, given) => {
                    let fields = given.map(|given| form::values(step, given, records).0.fields);
                    (row.line, false, fields.unwrap_or_default())
                }
            });
        }
        let has = |field: &&Field| filled.iter().any(|(_, _, fields)| fields.contains_key(&field.id.value));
        let fields: Vec<&Field> = step.typed().filter(has).collect();
        let mut rows = Vec::new();
        for (line, new, values) in filled {
            let value = |field: &&Field| match values.get(&field.id.value) {
                Some(value) => field.shown(value, |id| Ok(called(records.db, id)?.unwrap_or_else(|| id.to_owned()))),
                None => Ok(String::new()),
            };
            rows.push(Becomes { line, new, cells: fields.iter().map(value).collect::<Result<_>>()? });
        }
        Ok(Preview { fields, rows })
    }

    /// As a table.
    pub fn print(&self) -> Result<()> {
        use show::Align::{Left, Right};
        let titles = self.fields.iter().map(|field| (field.title.as_str(), Left));
        let heads: Vec<(&str, show::Align)> = [("行", Right), ("台账", Left)].into_iter().chain(titles).collect();
        let row = |row: &Becomes| {
            let known = if row.new { "新记入" } else { "已有" };
            [row.line.to_string(), known.to_owned()].into_iter().chain(row.cells.iter().cloned()).collect()
        };
        show::table(&heads, &self.rows.iter().map(row).collect::<Vec<Vec<String>>>())
    }

    /// As data.
    pub fn json(&self) -> serde_json::Value {
        let row = |row: &Becomes| {
            let ids = self.fields.iter().map(|field| field.id.value.as_str());
            let fields: BTreeMap<&str, &String> = ids.zip(&row.cells).collect();
            json!({ "line": row.line, "new": row.new, "fields": fields })
        };
        self.rows.iter().map(row).collect()
    }
}

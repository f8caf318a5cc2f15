//! `yifa import … --as`: a table made elsewhere, what is said of all its rows, and what each row would become.

use std::collections::BTreeMap;

use anyhow::Result;
use engine::definition::{Definitions, Field, Mapping, Register, Step};
use engine::form::{self, Given, Input};
use engine::problem::Problem;
use engine::read::nearest_hint;
use serde_json::json;

use crate::ledger::mapped::{said, sayable};
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

/// What `--with` says of all rows, read.
pub fn with(
    step: &Step,
    mapping: &Mapping,
    typed: &[String],
    records: &Records<'_>,
    sets: &Sets,
) -> Result<BTreeMap<String, String>> {
    let may = sayable(step, mapping);
    let could = || {
        let one = |field: &&Field| format!("--with {}={}", field.id.value, field.title);
        format!("可以写：{}", may.iter().map(one).collect::<Vec<_>>().join("、"))
    };
    let mut problems = Vec::new();
    let mut given = Given::new();
    for one in typed {
        let Some((name, text)) = one.split_once('=') else {
            problems.push(Problem::new(428, format!("--with {one} 没有写等号"), could()));
            continue;
        };
        let name = name.trim();
        let field = step.field(name).or_else(|| step.typed().find(|field| field.title == name));
        match field.filter(|field| may.iter().any(|one| one.id.value == field.id.value)) {
            Some(field) if given.contains_key(&field.id.value) => {
                let text = format!("“{}”写了不止一次 --with", field.title);
                problems.push(Problem::new(428, text, "整张表只能是一个，请删去多余的；不同的请分成几个文件"));
            }
            Some(field) => drop(given.insert(field.id.value.clone(), Input::Text(text.trim().to_owned()))),
            None => problems.push(Problem::new(428, format!("--with 里没有“{name}”这个字段"), could())),
        }
    }
    let read = said(step, mapping, given, records, records.db, sets)?;
    for field in read.missing {
        let text = format!("表里没有“{}”，要在命令里写", field.title);
        problems.push(Problem::new(428, text, format!("请写 --with {}=…（{}）", field.id.value, form::how_to(field))));
    }
    let placed =
        |(field, problem): (String, Problem)| Problem { text: format!("--with {field}：{}", problem.text), ..problem };
    problems.extend(read.wrong.into_iter().map(placed));
    problems.extend(read.unfit);
    if problems.is_empty() { Ok(read.texts) } else { Err(Refused(problems).into()) }
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

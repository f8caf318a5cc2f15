//! Judging a table that was handed in: what it says, what it would become, and whether whoever hands it in may do that
//! (试算).

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use anyhow::Result;
use engine::definition::{Mapping, Register, Step};
use engine::form::{self, Given, Input};
use engine::problem::Problem;
use engine::record::Rules;

use crate::ledger::import::Known;
use crate::ledger::mapped::{only, said};
use crate::ledger::visible::Visible;
use crate::policy::{self, Scope};
use crate::refused::{self, Refused};
use crate::table::{self, As, Choose, Foreign, Grid, Plan, Planned, Today, Wording};
use crate::web::visit::Visit;

/// Rows with problems that are shown as they stand in the file.
const MOST_ROWS: usize = 50;

/// A table as it was handed in.
pub struct Handed<'h> {
    /// Where it lies.
    pub path: PathBuf,
    /// The sheet named, if one was.
    pub sheet: Option<&'h str>,
    /// How it is read, if it was made elsewhere.
    pub mapping: Option<&'h Mapping>,
    /// What was typed for all its rows, by field.
    pub with: BTreeMap<String, String>,
    /// What the office's own headings and words stand for, in a table of ours.
    pub wording: Wording,
}

/// A table that can be recorded.
pub struct Sound<'s> {
    /// What it becomes.
    pub plan: Plan,
    /// The ledger it was held against.
    pub known: &'s Known<'s>,
}

/// What stands in the way of a table.
pub struct Wrong {
    /// All of it.
    pub problems: Vec<Problem>,
    /// The rows it is about, as they stand in the file, where the file can be read that far.
    pub grid: Option<Grid>,
}

impl From<Vec<Problem>> for Wrong {
    fn from(problems: Vec<Problem>) -> Wrong {
        Wrong { problems: problems.into_iter().map(for_page).collect(), grid: None }
    }
}

/// Judges a table over the ledger as it is now; what is sound is handed on.
pub fn judged<T>(
    visit: &Visit<'_>,
    register: &Register,
    handed: &Handed<'_>,
    then: impl FnOnce(Sound<'_>) -> Result<T>,
) -> Result<Result<T, Wrong>> {
    let sets = visit.sets;
    let visible = Visible::new(visit.db, visit.set(), visit.site.folder.files(), &visit.who);
    let foreign = handed.mapping.and_then(|mapping| Some((mapping, register.step(&mapping.step)?)));
    let with = match foreign {
        Some((mapping, step)) => match with(visit, step, mapping, &handed.with, &visible)? {
            Ok(with) => with,
            Err(problems) => return Ok(Err(problems.into())),
        },
        None => BTreeMap::new(),
    };
    let how = match foreign {
        Some((mapping, _)) => As::Foreign(Foreign { mapping, with: &with }),
        None => As::Own(&handed.wording),
    };
    let choose = handed.sheet.map_or(Choose::Best, Choose::Named);
    let wrong = |problems: Vec<Problem>| {
        let rows = problems.iter().filter_map(|problem| Some(problem.spot()?.row));
        let first: BTreeSet<u32> = rows.collect::<BTreeSet<u32>>().into_iter().take(MOST_ROWS).collect();
        let placed = problems.iter().any(|problem| problem.spot().is_some());
        let grid = placed.then(|| table::grid(&handed.path, register, how, choose, &first)).flatten();
        Ok(Err(Wrong { grid, ..Wrong::from(problems) }))
    };
    let sheet = match table::read_path(&handed.path, register, how, choose) {
        Ok(sheet) => sheet,
        Err(problems) => return wrong(problems),
    };
    let current = sets.current()?;
    let figures = current.figures(&register.id.value);
    let rules = Rules { register, figures, calendar: &current.set.calendar };
    let may_see = |record: &str| visible.sees(record).unwrap_or(false);
    let key = visit.site.folder.blind_key()?;
    let known = Known::new(visit.db, &visible, &may_see, register, key, sheet.len());
    let plan = match table::plan(&sheet, rules, &known, Today(visit.today)) {
        Ok(plan) => plan,
        Err(problems) => return wrong(problems),
    };
    if let Some((mapping, _)) = foreign
        && let Err(error) = only(mapping, &plan, visit.db, sets)
    {
        return match error.downcast::<Refused>() {
            Ok(Refused(problems)) => wrong(problems),
            Err(error) => Err(error),
        };
    }
    let problems = forbidden(visit, register, &plan, &visible)?;
    match problems.is_empty() {
        true => Ok(Ok(then(Sound { plan, known: &known })?)),
        false => wrong(problems),
    }
}

/// What was typed for all rows, read; or what is wrong with it.
fn with(
    visit: &Visit<'_>,
    step: &Step,
    mapping: &Mapping,
    typed: &BTreeMap<String, String>,
    visible: &Visible<'_>,
) -> Result<Result<BTreeMap<String, String>, Vec<Problem>>> {
    let given: Given = typed.iter().map(|(field, text)| (field.clone(), Input::Text(text.clone()))).collect();
    let read = said(step, mapping, given, visible, visit.db, visit.sets)?;
    let mut problems: Vec<Problem> = Vec::new();
    for field in read.missing {
        let text = format!("表里没有“{}”，要在这里填", field.title);
        problems.push(Problem::new(428, text, form::how_to(field)));
    }
    problems.extend(read.wrong.into_iter().map(|(_, problem)| problem));
    problems.extend(read.unfit);
    Ok(if problems.is_empty() { Ok(read.texts) } else { Err(problems) })
}

/// What whoever hands a plan in may not do of it: steps that are not his to take, each told once, and records that are
/// not his to open.
fn forbidden(visit: &Visit<'_>, register: &Register, plan: &Plan, visible: &Visible<'_>) -> Result<Vec<Problem>> {
    let who = &visit.who;
    let mut problems = Vec::new();
    let mut steps: BTreeMap<(&str, bool), (u32, usize)> = BTreeMap::new();
    for planned in &plan.records {
        if let Some(problem) = elsewhere(visit, register, planned) {
            problems.push(problem);
            continue;
        }
        let touched = if planned.is_new { planned.villages.clone() } else { visible.villages(&planned.record)? };
        for one in &planned.steps {
            let Some(step) = register.step(&one.step) else { continue };
            let may = match one.already {
                Some(_) => who.may_enter_outside(register, step, &touched),
                None => who.may_take(register, step, &touched),
            };
            if !may {
                steps.entry((&one.step, one.already.is_some())).or_insert((one.line, 0)).1 += 1;
            }
        }
    }
    for ((step, outside), (line, count)) in steps {
        let Some(step) = register.step(step) else { continue };
        let place = if count > 1 { format!("第 {line} 行起 {count} 处") } else { format!("第 {line} 行") };
        let split = "请把这一步的各列另存一份，交给能办的人导入：两份表填同样的编号";
        let problem = match outside {
            true => {
                let leader = policy::title("leader");
                let text = format!("{place}的“{}”是镇里以前的行为，补记要由{leader}导入", step.title);
                Problem::new(871, text, split)
            }
            false => Problem::new(870, format!("{place}的“{}”不由您办", step.title), split),
        };
        problems.push(problem.in_line(line));
    }
    Ok(problems)
}

/// A new record that does not wholly lie in the villages to which somebody's work is limited.
fn elsewhere(visit: &Visit<'_>, register: &Register, planned: &Planned) -> Option<Problem> {
    let first = planned.steps.first().filter(|first| planned.is_new && first.already.is_none())?;
    let Scope::Villages(own) = visit.who.takes_in(register, register.step(&first.step)?) else { return None };
    // Of none he takes the step nowhere, which is told as such.
    let within = !planned.villages.is_empty() && planned.villages.iter().all(|village| own.contains(village));
    if within || own.is_empty() {
        return None;
    }
    let text = format!("第 {} 行没有写明您负责的村，或者还涉及别的村", first.line);
    Some(Problem::new(872, text, "只能导入您负责的村的；涉及别的村的，请乡镇的经办人员导入").in_line(first.line))
}

/// What the journal refused, as a table's problems; a fault stays one.
pub fn refusal(error: anyhow::Error) -> Result<Wrong> {
    match refused::problems(&error) {
        Some(problems) => Ok(problems.into()),
        None => Err(error),
    }
}

/// A problem with its remedy as somebody at a page can follow it; on the command line other words help.
fn for_page(mut problem: Problem) -> Problem {
    if problem.remedy.contains("yifa list") {
        problem.remedy = "请改填编号或者 id，编号见登记簿的清单".to_owned();
    } else if problem.remedy.contains("yifa step") {
        problem.remedy = "文件不能从表格带入：请清空这一格，导入后在案卷里补传".to_owned();
    } else if problem.code.0 == 229 && problem.remedy.contains("yifa") {
        // It may name a record of another village.
        problem.text = "同一件事已经有一个案卷".to_owned();
        problem.remedy = "后来的事接着记在那个案卷上；不在您能看的范围的，请问乡镇的经办人员".to_owned();
    }
    problem
}

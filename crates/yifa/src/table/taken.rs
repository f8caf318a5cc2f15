//! One step of a plan: known already, new, or wrong (计划中的一步).

use engine::day::Day;
use engine::definition::{FieldRef, FieldType, Step};
use engine::form::{self, Filled, Input};
use engine::problem::Problem;
use engine::record::{Course, Instance};
use engine::value::Value;

use super::layout::{SEALED, WITHHELD};
use super::plan::{ALREADY, Given, PlannedStep, Planner};
use super::sheet::RowStep;

impl<'d> Planner<'_, 'd> {
    /// Whether the record has this very step already: imported before, or entered with the same values.
    pub(super) fn is_known(&mut self, one: &Given<'d>, entered: &[Instance<'_>], matched: &mut Vec<u64>) -> bool {
        if self.ledger.imported(&one.row.digest).is_some() {
            return true;
        }
        let (filled, _) = form::values(one.step, &one.row.given, self.lookup);
        // Of what a table does not say and the program fills in, the ledger may know more, or what was so then.
        let said = self.sheet.said.as_ref().filter(|said| said.step == one.step.id.value);
        let filled_in = |id: &str| {
            said.is_some_and(|said| said.default.contains_key(id))
                || one.step.field(id).is_some_and(|field| field.copy.is_some() || field.number.is_some())
        };
        let masked = |id: &String| one.row.masked.contains(id);
        let compared = |id: &String| !masked(id) && (one.row.given.contains_key(id) || !filled_in(id));
        let same = |instance: &&Instance<'_>| {
            // Sealed values are not opened to be compared; how many there are is known.
            let sizes = |sizes: &engine::value::Sizes| -> Vec<(String, u64)> {
                sizes
                    .iter()
                    .filter(|(id, size)| !masked(id) && **size > 0)
                    .map(|(id, size)| (id.clone(), *size))
                    .collect()
            };
            instance.step.id.value == one.step.id.value
                && !instance.void
                && !matched.contains(&instance.entry)
                && typed(instance)
                    .iter()
                    .filter(|(id, _)| compared(id))
                    .eq(filled.fields.iter().filter(|(id, _)| compared(id)))
                && sizes(&instance.sizes) == sizes(&filled.sizes)
        };
        let found = entered.iter().find(same).map(|instance| instance.entry);
        matched.extend(found);
        found.is_some()
    }

    /// The live record this row is about though it bears no number, where a register has but one of its kind; a problem
    /// where a row above is about the same, or where this one bears a number of its own (`named`).
    pub(super) fn once(&mut self, opening: &Given<'d>, named: bool) -> Result<Option<String>, Problem> {
        let once = &self.rules.register.once;
        if once.is_empty() {
            return Ok(None);
        }
        let (filled, _) = form::values(opening.step, &opening.row.given, self.lookup);
        let value = |at: &FieldRef| filled.fields.get(&at.field).and_then(Value::as_text).map(str::to_owned);
        let of_step = once.iter().filter(|at| at.step == opening.step.id.value);
        let key: Vec<(String, String)> = of_step.filter_map(|at| Some((at.to_string(), value(at)?))).collect();
        // What could not be read is told where the step is filled.
        if key.len() < once.len() {
            return Ok(None);
        }
        let (label, line) = (&self.sheet.label, opening.line);
        let titles = self.rules.register.once_titles();
        if let Some(first) = self.firsts.insert(key.clone(), line) {
            let text = format!("{label}第 {line} 行与第 {first} 行的{titles}相同，是同一件事");
            return Err(Problem::new(229, text, "一件事只立一个案卷：请删去一行，留下哪一行请核对").in_line(line));
        }
        match self.ledger.alike(&key) {
            Some(other) if named => {
                let text = format!("{label}第 {line} 行：{titles}相同的，已有一个案卷（{other}）");
                Err(Problem::new(229, text, "请填那个案卷的编号；它记错了的，请先更正或者作废").in_line(line))
            }
            found => Ok(found),
        }
    }

    /// Fills what has to be filled and no cell says, as the mapping says.
    pub(super) fn complete(&self, one: &mut Given<'d>, course: &Course<'_>) {
        let said = self.sheet.said.as_ref().filter(|said| said.step == one.step.id.value && !said.default.is_empty());
        let Some(said) = said else { return };
        let (filled, _) = form::values(one.step, &one.row.given, self.lookup);
        let present = form::draft(one.step, &filled, course);
        for (id, text) in &said.default {
            if one.step.field(id).is_some_and(|field| form::is_required(field, course, &present)) {
                one.row.given.entry(id.clone()).or_insert_with(|| Input::Text(text.clone()));
            }
        }
    }

    /// A step that is new, filled; none after a problem.
    pub(super) fn step(
        &mut self,
        one: &Given<'d>,
        record: &str,
        course: &Course<'_>,
        known: usize,
    ) -> Option<PlannedStep> {
        let Given { line, step, row, day } = one;
        let line = *line;
        let of_step = |other: &Step| other.id.value == step.id.value || (other.opens() && step.opens());
        let entered = course.steps[..known].iter().find(|other| !other.void && of_step(other.step));
        if let Some(entered) = entered.filter(|_| !step.repeat) {
            // Where the row does not name it, the record found for it is named.
            let which = if self.rules.register.once.is_empty() { String::new() } else { format!(" {record} ") };
            let text = format!(
                "{}第 {line} 行：案卷{which}已有“{}”（{}），与表中的内容不同",
                self.sheet.label, entered.step.title, entered.day
            );
            let remedy = "导入不改已记入的内容：确需改正的，请在案卷中“更正”；不改的，请把表中的内容恢复一致";
            self.problem(Problem::new(422, text, remedy).in_line(line));
            return None;
        }
        for field in &row.masked {
            let place = self.sheet.place(&row.step, field, row.cells[field]);
            let personal = step.field(field).is_some_and(|field| field.personal);
            let text = format!("{place}填的是“{}”，不是内容", if personal { SEALED } else { WITHHELD });
            let at = row.cells[field];
            self.problem(Problem::new(419, text, "请填写真实内容").in_cell(at.row, at.column));
        }
        let filled = match form::fill(step, &row.given, course, self.lookup) {
            Ok(filled) => filled,
            Err(found) => {
                // No table can carry a file: what lacks only that is entered, and told.
                let is_file = |id: &str| step.field(id).is_some_and(|field| field.kind == FieldType::File);
                let lacks_file = |of: &(String, Problem)| of.1.code.0 == 202 && is_file(&of.0);
                let (files, others): (Vec<_>, Vec<_>) = found.into_iter().partition(lacks_file);
                let mut sound = row.masked.is_empty();
                for (id, problem) in others.into_iter().filter(|(id, _)| !row.masked.contains(id)) {
                    sound = false;
                    let placed = self.placed(row, line, &id, problem);
                    self.problem(placed);
                }
                if !sound {
                    return None;
                }
                self.plan.summary.files += files.len();
                form::values(step, &row.given, self.lookup).0
            }
        };
        if !row.masked.is_empty() {
            return None;
        }
        // Or the day it was copied from.
        let on = step.day_field().and_then(|field| Some((field, filled.fields.get(&field.id.value)?.as_text()?)));
        let day = on.and_then(|(_, text)| Day::parse(text)).or(*day);
        if let Some((field, _)) = on.filter(|_| day.is_some_and(|day| day > self.today)) {
            let text = format!("“{}”填的日期在今天（{}）之后", field.title, self.today);
            let problem = Problem::new(217, text, "只能记已经发生的事，请核对日期");
            let placed = self.placed(row, line, &field.id.value, problem);
            self.problem(placed);
            return None;
        }
        if !self.numbers(one, &filled) {
            return None;
        }
        let mut already = None;
        if step.ours {
            if day.is_none_or(|day| day >= self.today) {
                let text = format!(
                    "{}第 {line} 行“{}”是镇里通过本系统作出的行为，日期不早于今天",
                    self.sheet.label, step.title
                );
                let problem = Problem::new(424, text, "以前已经作出的，请填实际日期；今天的，请在系统中办理");
                let at = step.day_field().and_then(|field| row.cells.get(&field.id.value));
                self.problem(at.map_or(problem.clone().in_line(line), |at| problem.in_cell(at.row, at.column)));
                return None;
            }
            already = Some(ALREADY.to_owned());
        }
        Some(PlannedStep { line, step: step.id.value.clone(), filled, already, row: row.digest.clone() })
    }

    /// Whether the numbers a step bears from paper are borne by nothing else, in the ledger or above it in the sheet.
    fn numbers(&mut self, one: &Given<'d>, filled: &Filled) -> bool {
        let mut sound = true;
        for field in one.step.fields.iter().filter(|field| field.number.is_some()) {
            let id = &field.id.value;
            let Some(number) = filled.fields.get(id).and_then(Value::as_text) else { continue };
            let at = format!("{}.{id}", one.step.id.value);
            let why = match self.numbers.insert((at.clone(), number.to_owned()), one.line) {
                Some(first) => format!("与第 {first} 行的相同"),
                None if self.ledger.bears(&at, number) => "已经用过".to_owned(),
                None => continue,
            };
            let problem =
                Problem::new(222, format!("“{}”填的“{number}”{why}", field.title), "一个编号只编一次，请核对");
            let placed = self.placed(&one.row, one.line, id, problem);
            self.problem(placed);
            sound = false;
        }
        sound
    }

    /// A form's problem, at the cell it is about.
    fn placed(&self, row: &RowStep, line: u32, field: &str, mut problem: Problem) -> Problem {
        match row.cells.get(field) {
            Some(at) => {
                let step = self.rules.register.step(&row.step);
                let title = step.and_then(|step| step.field(field)).map_or("", |field| &field.title);
                let rest = problem.text.strip_prefix(&format!("“{title}”")).unwrap_or(&problem.text);
                problem.text = format!("{}{rest}", self.sheet.place(&row.step, field, *at));
                problem.in_cell(at.row, at.column)
            }
            None => {
                problem.text = format!("{}第 {line} 行{}", self.sheet.label, problem.text);
                match self.sheet.column_of(&row.step, field) {
                    Some(column) => problem.in_cell(line - 1, column),
                    None => problem.in_line(line),
                }
            }
        }
    }
}

/// What somebody typed of a step: what was derived from it no row holds.
fn typed(one: &Instance<'_>) -> engine::value::Fields {
    let derived = |id: &str| one.step.field(id).is_some_and(|field| !field.is_typed());
    one.fields.iter().filter(|(id, _)| !derived(id)).map(|(id, value)| (id.clone(), value.clone())).collect()
}

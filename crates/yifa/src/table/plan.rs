//! What a sheet would add to the ledger, or all that stands in the way (导入计划). Nothing is written here.

use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use engine::act::{Act, Entry, Taken};
use engine::day::Day;
use engine::definition::Step;
use engine::form::{self, Filled, Found, Lookup, parse};
use engine::problem::Problem;
use engine::record::{self, Instance, Rows, Rules};

use super::read::closed;
use super::remembered::Remembered;
use super::sheet::{RowStep, Sheet};
use super::summary::Summary;
use super::{MOST_PROBLEMS, MOST_STEPS};

/// The reason on file for acts of ours that a table says were done before.
pub const ALREADY: &str = "导入历史台账";

/// What a plan asks of the ledger.
pub trait Ledger: Lookup {
    /// The record a step was entered in, by the digest of the row's step it was imported from.
    fn imported(&self, digest: &str) -> Option<String>;
    /// The entries of a record, in their order.
    fn entries(&self, record: &str) -> Vec<Entry>;
    /// The live record that refers to the same others by these fields (`step.field`, record): the register's `once`.
    fn alike(&self, references: &[(String, String)]) -> Option<String>;
    /// Whether a live step bears this number in a field (`step.field`).
    fn bears(&self, at: &str, number: &str) -> bool;
    /// An id for a record to be opened: rows below it refer to it by this id.
    fn new_id(&self) -> String;
}

/// The day of the import, in the township's time.
#[derive(Clone, Copy, Debug)]
pub struct Today(pub Day);

/// A step to be entered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedStep {
    /// The row it stands in, from 1.
    pub line: u32,
    /// The step's id.
    pub step: String,
    /// Its values.
    pub filled: Filled,
    /// An act of ours done before today: the reason on file. A leader has to enter it.
    pub already: Option<String>,
    /// Goes into `Taken.row`.
    pub row: String,
}

/// A record to be opened or added to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planned {
    /// The record it adds to, or opens.
    pub record: String,
    /// It is opened.
    pub is_new: bool,
    /// The number a new record already bears on paper.
    pub number: Option<String>,
    /// The villages it will touch.
    pub villages: Vec<String>,
    /// Its new steps, in the order they happened.
    pub steps: Vec<PlannedStep>,
}

/// All a sheet would add.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// Records with something new, in the order of their first rows.
    pub records: Vec<Planned>,
    /// What the person who imports is shown before anything is entered.
    pub summary: Summary,
}

/// Fills every step of every row over its growing record, so that all problems of all cells are known at once.
pub fn plan(sheet: &Sheet, rules: Rules<'_>, ledger: &dyn Ledger, today: Today) -> Result<Plan, Vec<Problem>> {
    let remembered = Remembered::of(ledger);
    let mut planner = Planner {
        sheet,
        rules,
        ledger,
        lookup: &remembered,
        today: today.0,
        plan: Plan::default(),
        firsts: HashMap::new(),
        numbers: HashMap::new(),
        problems: Vec::new(),
        unlisted: 0,
    };
    planner.plan.summary.rows = sheet.len();
    planner.plan.summary.notes.clone_from(&sheet.notes);
    for group in groups(sheet) {
        planner.group(&group);
    }
    if planner.problems.is_empty() { Ok(planner.plan) } else { Err(closed(planner.problems, planner.unlisted)) }
}

/// Rows of one record: those of one number, and each row without a number by itself.
fn groups(sheet: &Sheet) -> Vec<Vec<usize>> {
    let mut groups: Vec<Vec<usize>> = Vec::new();
    let mut by_key: HashMap<&str, usize> = HashMap::new();
    for (index, line) in sheet.lines.iter().enumerate() {
        match sheet.key(line) {
            Some(key) => match by_key.get(key) {
                Some(group) => groups[*group].push(index),
                None => {
                    by_key.insert(key, groups.len());
                    groups.push(vec![index]);
                }
            },
            None => groups.push(vec![index]),
        }
    }
    groups
}

/// One step of one row, with what orders it.
pub(super) struct Given<'d> {
    pub line: u32,
    pub step: &'d Step,
    pub row: RowStep,
    pub day: Option<Day>,
}

pub(super) struct Planner<'p, 'd> {
    pub sheet: &'p Sheet,
    pub rules: Rules<'d>,
    pub ledger: &'p dyn Ledger,
    pub lookup: &'p Remembered<'p>,
    pub today: Day,
    pub plan: Plan,
    /// What the sheet itself opens that may be opened only once, and in which row.
    pub firsts: HashMap<Vec<(String, String)>, u32>,
    /// The numbers that the sheet gives from paper, by their field, and in which row.
    pub numbers: HashMap<(String, String), u32>,
    problems: Vec<Problem>,
    unlisted: usize,
}

impl<'d> Planner<'_, 'd> {
    pub(super) fn problem(&mut self, problem: Problem) {
        match self.problems.len() < MOST_PROBLEMS {
            true => self.problems.push(problem),
            false => self.unlisted += 1,
        }
    }

    /// The problem, at the number of a row.
    fn numbered(&self, line: u32, problem: Problem) -> Problem {
        match self.sheet.columns.get(&0) {
            Some(column) => problem.in_cell(line - 1, *column),
            None => problem.in_line(line),
        }
    }

    fn note(&mut self, line: u32, text: String) {
        self.plan.summary.notes.push(super::sheet::Note { line: Some(line), text });
    }

    fn group(&mut self, indexes: &[usize]) {
        let rows: Vec<super::sheet::Row> = indexes.iter().map(|index| self.sheet.row(*index)).collect();
        let (line, number) = (rows[0].line, rows[0].number.clone());
        let key = number.clone().or_else(|| rows[0].group.clone());
        for row in rows.iter().filter(|row| row.steps.is_empty()) {
            self.note(row.line, "只有编号，没有别的内容，略过".to_owned());
        }
        let Some(given) = self.given(rows) else { return };
        if given.is_empty() {
            return;
        }
        let opening = given.iter().find(|one| one.step.opens());
        let label = &self.sheet.label;
        let record = match &number {
            // In the ledger alone: no row is about a record that another row opens under that title.
            Some(number) => match self.ledger.find(&self.rules.register.id, number) {
                Found::One(record) => Some(record),
                // A new record that bears its number on paper already.
                Found::None(near) => match opening.filter(|_| self.rules.register.number.is_some()) {
                    Some(opening) => match self.once(opening, true) {
                        Ok(record) => record,
                        Err(problem) => return self.problem(problem),
                    },
                    None => {
                        let near = near.first().map_or(String::new(), |near| format!("是不是“{near}”？"));
                        let remedy = format!("{near}请核对编号；新案卷请把编号留空，或者填“新1”“新2”");
                        let text = format!("{label}第 {line} 行：没有编号为“{number}”的案卷");
                        return self.problem(self.numbered(line, Problem::new(421, text, remedy)));
                    }
                },
                Found::Many(count) => {
                    let text = format!("{label}第 {line} 行：“{number}”有 {count} 个案卷");
                    let remedy = format!("请改填编号或者 id，用 yifa list {} 查看", self.rules.register.id.value);
                    return self.problem(self.numbered(line, Problem::new(421, text, remedy)));
                }
            },
            None => match opening {
                Some(opening) => match self.ledger.imported(&opening.row.digest) {
                    Some(record) => Some(record),
                    None => match self.once(opening, false) {
                        Ok(record) => record,
                        Err(problem) => return self.problem(problem),
                    },
                },
                None => {
                    let text = format!("{label}第 {line} 行没有编号，也没有填开立案卷的各列");
                    let remedy = "已有案卷的，请填它的编号；新案卷有几行的，每一行都填同一个临时编号，如“新1”";
                    return self.problem(Problem::new(420, text, remedy).in_line(line));
                }
            },
        };
        self.record(record, key, number, given);
    }

    /// The steps of a record's rows in the order they happened; none after a problem.
    fn given(&mut self, rows: Vec<super::sheet::Row>) -> Option<Vec<Given<'d>>> {
        let mut all: Vec<Given<'d>> = Vec::new();
        let mut wrong: Vec<Problem> = Vec::new();
        let order = |step: &Step| self.rules.register.steps.iter().position(|one| one.id.value == step.id.value);
        for row in rows {
            let mut last = None;
            for one in row.steps {
                let Some(step) = self.rules.register.step(&one.step) else { continue };
                let day = step.day_field().and_then(|field| one.given.get(&field.id.value)?.texts().first());
                let day = day.and_then(|text| parse::day(text.get(..10).unwrap_or(text)).or_else(|| parse::day(text)));
                // A step without a day of its own happened with the one beside it.
                last = day.or(last);
                let same =
                    |other: &&Given<'_>| other.step.id.value == step.id.value || (other.step.opens() && step.opens());
                match all.iter().find(same).filter(|_| !step.repeat) {
                    // Clerks repeat the columns of the case on every line of it.
                    Some(other) if other.row.given == one.given && other.step.id.value == step.id.value => {}
                    Some(other) => {
                        let label = &self.sheet.label;
                        let (mine, others) = (&step.title, &other.step.title);
                        let text = match other.line == row.line {
                            true => {
                                format!("{label}第 {} 行同时填了“{others}”和“{mine}”，都是开立案卷的步骤", row.line)
                            }
                            false => format!(
                                "{label}第 {} 行又填了“{mine}”，与第 {} 行的“{others}”不同",
                                row.line, other.line
                            ),
                        };
                        let problem = Problem::new(423, text, "请删去多余的；本是两个案卷的，请分别填写编号");
                        wrong.push(problem.in_line(row.line));
                    }
                    None => all.push(Given { line: row.line, step, row: one, day: last }),
                }
            }
        }
        let opened = all.iter().find(|one| one.step.opens()).and_then(|one| one.day);
        all.sort_by_key(|one| (!one.step.opens(), one.day.or(opened), order(one.step), one.line));
        let sound = wrong.is_empty() && all.len() <= MOST_STEPS;
        if all.len() > MOST_STEPS {
            let text = format!("{}第 {} 行起的案卷有 {} 步", self.sheet.label, all[0].line, all.len());
            let remedy = format!("一个案卷一次最多导入 {MOST_STEPS} 步：请核对编号是否填成了同一个");
            wrong.push(Problem::new(406, text, remedy).in_line(all[0].line));
        }
        wrong.into_iter().for_each(|problem| self.problem(problem));
        sound.then_some(all)
    }

    fn record(&mut self, known: Option<String>, key: Option<String>, number: Option<String>, given: Vec<Given<'d>>) {
        let is_new = known.is_none();
        let earlier = known.as_deref().map(|record| self.ledger.entries(record)).unwrap_or_default();
        let mut entries = earlier.clone();
        let record = known.unwrap_or_else(|| self.ledger.new_id());
        let before = flags(&self.rows(&entries));
        // The course grows with each step instead of being read from all entries again: a sheet may give one record
        // hundreds of steps.
        let mut course = record::course::steps_of(self.rules.register, &earlier);
        while course.walked < course.steps.len() {
            course.derive_next();
            course.walk();
        }
        if course.void {
            // A ledger that is imported every month still has the rows that were voided here since.
            if given.iter().all(|one| self.ledger.imported(&one.row.digest).is_some()) {
                self.plan.summary.known += given.len();
                return;
            }
            let text = format!("{}第 {} 行的案卷已经作废", self.sheet.label, given[0].line);
            let problem = Problem::new(421, text, "请删去这一行；作废有误的，请在系统中处理");
            return self.problem(problem.in_line(given[0].line));
        }
        let entered = course.steps.len();
        let mut matched: Vec<u64> = Vec::new();
        let mut steps = Vec::new();
        for mut one in given {
            if !is_new && self.is_known(&one, &course.steps[..entered], &mut matched) {
                self.plan.summary.known += 1;
                continue;
            }
            self.complete(&mut one, &course);
            let step = self.step(&one, &record, &course, entered);
            let index = entries.last().map_or(0, |last| last.index + 1);
            // After a problem the values that could be read stand in, so that later steps are not blamed for it.
            let filled = match &step {
                Some(step) => step.filled.clone(),
                None => form::values(one.step, &one.row.given, self.lookup).0,
            };
            let already = step.as_ref().and_then(|step| step.already.clone());
            let drafted = form::draft(one.step, &filled, &course);
            Rc::make_mut(&mut course.steps).push(Instance {
                entry: index,
                already: already.clone().map(Into::into),
                ..drafted
            });
            course.walk();
            let taken = Taken {
                register: self.rules.register.id.value.clone(),
                record: record.clone(),
                step: one.step.id.value.clone(),
                fields: filled.fields,
                sizes: filled.sizes,
                already,
                ..Taken::default()
            };
            let (id, actor) = (format!("plan-{index}"), String::new());
            entries.push(Entry { index, id, recorded: self.today, actor, act: Act::Step(taken) });
            steps.extend(step);
        }
        let rows = self.rows(&entries);
        if is_new {
            let names = key.into_iter().chain([rows.head.title.clone()]).collect();
            self.lookup.opens(&self.rules.register.id, names, &record);
        }
        if steps.is_empty() {
            return;
        }
        for (kind, after) in flags(&rows) {
            let more = after.saturating_sub(before.get(kind).copied().unwrap_or(0));
            if more > 0 {
                *self.plan.summary.flags.entry(kind.to_owned()).or_default() += more;
            }
        }
        let number = number.filter(|_| is_new);
        let summary = &mut self.plan.summary;
        summary.steps += steps.len();
        summary.already += steps.iter().filter(|step| step.already.is_some()).count();
        match is_new {
            true => summary.opened += 1,
            false => summary.continued += 1,
        }
        summary.numbered += usize::from(number.is_some());
        self.plan.records.push(Planned { record, is_new, number, villages: rows.villages, steps });
    }

    fn rows(&self, entries: &[Entry]) -> Rows {
        match entries.is_empty() {
            true => Rows::default(),
            false => record::apply(Rules { figures: &[], ..self.rules }, entries),
        }
    }
}

fn flags(rows: &Rows) -> BTreeMap<&'static str, usize> {
    let mut kinds = BTreeMap::new();
    for flag in &rows.flags {
        *kinds.entry(flag.kind.chinese()).or_default() += 1;
    }
    kinds
}

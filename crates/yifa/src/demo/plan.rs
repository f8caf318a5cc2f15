//! The plan: every act of the demonstration, typed into the same forms as everybody's, with the moment it is recorded.

use std::collections::BTreeMap;

use anyhow::{Context, Result, anyhow, bail};
use engine::act::{Act, Entry, Taken};
use engine::day::Day;
use engine::definition::{ANY, Definitions, Field, FieldRef, Register, Step};
use engine::form::{self, Found, Given, Held, Input, Lookup};
use engine::record::{self, Course, Rules};
use engine::value::{Fields, Value};
use journal::id::Id;

use super::chance::Chance;
use super::clock;
use crate::ambient::day_of;
use crate::append::Draft;

/// One act with its moment.
pub struct Planned {
    /// When it is recorded.
    pub at: i64,
    /// What is handed in.
    pub draft: Draft,
}

/// Who records before there are people.
const CONSOLE: &str = "控制台";

/// A record of the plan.
struct Open {
    register: String,
    entries: Vec<Entry>,
    first: i64,
    last: i64,
}

/// What was typed, in short.
pub fn typed<const N: usize>(fields: [(&str, &str); N]) -> Given {
    fields.into_iter().map(|(field, text)| (field.to_owned(), Input::Text(text.to_owned()))).collect()
}

/// All acts so far.
pub struct Plan<'d> {
    set: &'d Definitions,
    console: Id,
    /// Where the plan's moments and ids come from.
    pub chance: Chance,
    names: Names,
    records: BTreeMap<String, Open>,
    planned: Vec<Planned>,
    desk: i64,
    marks: BTreeMap<String, String>,
    numbers: Vec<Numbered>,
}

/// A field that says which entry of the journal it goes back to.
struct Numbered {
    entry: String,
    field: String,
    marked: String,
}

/// What the plan's own names stand for, by register.
#[derive(Default)]
struct Names(BTreeMap<(String, String), String>);

impl Names {
    fn find(&self, register: &str, text: &str) -> Found {
        // A record of any register is written with its register before it.
        let (register, text) = match register {
            ANY => text.split_once(' ').unwrap_or((register, text)),
            register => (register, text),
        };
        match self.0.get(&(register.to_owned(), text.to_owned())) {
            Some(id) => Found::One(id.clone()),
            None => Found::None(Vec::new()),
        }
    }
}

/// What the plan holds at a moment: whoever fills in a form then sees no more.
struct Then<'p, 'd> {
    plan: &'p Plan<'d>,
    at: i64,
}

impl Lookup for Then<'_, '_> {
    fn find(&self, register: &str, text: &str) -> Found {
        self.plan.names.find(register, text)
    }

    fn held(&self, record: &str, at: &FieldRef) -> Held {
        let Some(open) = self.plan.records.get(record) else { return Held::Nothing };
        let Some(register) = self.plan.set.register(&open.register) else { return Held::Nothing };
        let day = day_of(self.at);
        let seen: Vec<Entry> = open.entries.iter().take_while(|entry| entry.recorded <= day).cloned().collect();
        let rules = Rules { register, figures: &[], calendar: &self.plan.set.calendar };
        let (course, _) = record::walk(rules, &seen);
        course.value(at, None).map_or(Held::Nothing, |value| Held::Value(value.clone()))
    }

    /// Attachments are stored before the plan is recorded, each under its hash.
    fn has_file(&self, _hash: &str) -> bool {
        true
    }
}

impl<'d> Plan<'d> {
    /// An empty plan; `console` records what nobody else could have.
    pub fn new(set: &'d Definitions, console: Id) -> Plan<'d> {
        Plan {
            set,
            console,
            chance: Chance::new(2),
            names: Names::default(),
            records: BTreeMap::new(),
            planned: Vec::new(),
            desk: 0,
            marks: BTreeMap::new(),
            numbers: Vec::new(),
        }
    }

    /// The definitions planned for.
    pub fn set(&self) -> &'d Definitions {
        self.set
    }

    /// The record meant by a name.
    pub fn named(&self, register: &str, name: &str) -> Result<String> {
        match self.names.find(register, name) {
            Found::One(id) => Ok(id),
            _ => bail!("the demonstration names no {register} “{name}”"),
        }
    }

    /// What a record is called in its list.
    pub fn title(&self, record: &str) -> Result<String> {
        let open = self.records.get(record).context("a record that was opened")?;
        let register = self.set.register(&open.register).with_context(|| format!("no register {}", open.register))?;
        let rules = Rules { register, figures: &[], calendar: &self.set.calendar };
        Ok(record::apply(rules, &open.entries).head.title)
    }

    /// Lets a name stand for a record.
    pub fn name(&mut self, register: &str, name: &str, record: &str) {
        self.names.0.insert((register.to_owned(), name.to_owned()), record.to_owned());
    }

    /// Who records: a person by name, or the console.
    fn actor(&self, by: &str) -> Result<Id> {
        if by == CONSOLE {
            return Ok(self.console);
        }
        Ok(Id::parse(self.named("person", by)?.as_bytes())?)
    }

    /// The day a record's last act was recorded on.
    pub fn last_day(&self, record: &str) -> Option<Day> {
        self.records.get(record).map(|open| day_of(open.last))
    }

    /// The last day on which something was recorded that a step copies.
    pub fn copied_on(&self, step: &Step, given: &Given) -> Option<Day> {
        let day = |field: &Field| {
            let copy = field.copy.as_ref()?;
            let register = step.field(&copy.of.field)?.kind.register()?;
            let record = self.named(register, given.get(&copy.of.field)?.texts().first()?).ok()?;
            let said = |entry: &&Entry| matches!(&entry.act, Act::Step(taken) if taken.step == copy.field.step);
            Some(self.records.get(&record)?.entries.iter().rfind(said)?.recorded)
        };
        step.fields.iter().filter_map(day).max()
    }

    /// When an act on a record is recorded: so many working days after `on`, and after the act before it.
    pub fn moment(&mut self, record: &str, on: Day, lag: i32) -> i64 {
        let calendar = &self.set.calendar;
        let day = clock::workdays_after(calendar, on, lag);
        let after = self.records.get(record).map_or(i64::MIN, |open| open.last);
        // What happened today is written down in the afternoon.
        let at = match day == on {
            true => clock::in_the_afternoon(&mut self.chance, day),
            false => clock::in_hours(&mut self.chance, day),
        };
        clock::following(calendar, &mut self.chance, at, after)
    }

    /// A moment for somebody who sits down on that day and enters row after row.
    pub fn at_the_desk(&mut self, day: Day) -> i64 {
        let sat_down = if day_of(self.desk) == day { self.desk } else { clock::morning(day) };
        let next = sat_down + i64::from(self.chance.between(60_000, 240_000));
        self.desk = next;
        next
    }

    /// Opens a record; gives its id.
    pub fn open(&mut self, at: i64, by: &str, path: &str, given: &Given) -> Result<String> {
        let (register, step) = self.step_of(path)?;
        let record = Id::new(at as u64, self.draw()).to_string();
        let fresh = Open { register: register.id.value.clone(), entries: Vec::new(), first: at, last: i64::MIN };
        self.records.insert(record.clone(), fresh);
        self.put(at, by, register, step, &record, given)?;
        Ok(record)
    }

    /// Takes a further step on a record; gives the entry's id.
    pub fn take(&mut self, at: i64, by: &str, path: &str, record: &str, given: &Given) -> Result<String> {
        let (register, step) = self.step_of(path)?;
        self.put(at, by, register, step, record, given)
    }

    fn step_of(&self, path: &str) -> Result<(&'d Register, &'d Step)> {
        let (register, step) = path.split_once('.').with_context(|| format!("{path} is not register.step"))?;
        let register = self.set.register(register).with_context(|| format!("no register {register}"))?;
        Ok((register, register.step(step).with_context(|| format!("no step {path}"))?))
    }

    fn put(
        &mut self,
        at: i64,
        by: &str,
        register: &Register,
        step: &Step,
        record: &str,
        given: &Given,
    ) -> Result<String> {
        let open = self.records.get(record).context("a record that was opened")?;
        let rules = Rules { register, figures: &[], calendar: &self.set.calendar };
        let course: Course<'_> = record::walk(rules, &open.entries).0;
        let filled = form::fill(step, given, &course, &Then { plan: self, at }).map_err(|problems| {
            let texts: Vec<String> = problems.iter().map(|(field, problem)| format!("{field}: {problem}")).collect();
            anyhow!("the demonstration does not fit {}.{}: {}", register.id.value, step.id.value, texts.join("; "))
        })?;
        let act = Act::Step(Taken {
            register: register.id.value.clone(),
            record: record.to_owned(),
            step: step.id.value.clone(),
            fields: filled.fields,
            sizes: filled.sizes,
            ..Taken::default()
        });
        self.push(at, by, act, filled.sealed)
    }

    /// Corrects an earlier step: of which record, which entry.
    pub fn correct(&mut self, at: i64, by: &str, path: &str, of: (&str, &str), given: &Given, why: &str) -> Result<()> {
        let (register, step) = self.step_of(path)?;
        let (filled, problems) = form::values(step, given, &Then { plan: self, at });
        if let Some((field, problem)) = problems.first() {
            bail!("the demonstration does not fit {path}: {field}: {problem}");
        }
        let act = Act::Correct {
            register: register.id.value.clone(),
            record: of.0.to_owned(),
            of: of.1.to_owned(),
            fields: filled.fields,
            sizes: filled.sizes,
            cleared: Vec::new(),
            reason: why.to_owned(),
        };
        self.push(at, by, act, filled.sealed).map(|_| ())
    }

    /// Any other act on a record.
    pub fn act(&mut self, at: i64, by: &str, act: Act) -> Result<()> {
        self.push(at, by, act, Fields::new()).map(|_| ())
    }

    /// Adopts definitions: the first act of a journal.
    pub fn adopt(&mut self, at: i64, files: BTreeMap<String, String>, reason: String) {
        let (id, actor) = (Some(Id::new(at as u64, self.draw())), self.console);
        let draft = Draft { id, actor, act: Act::Adopt { files, reason }, sealed: Fields::new(), based_on: None };
        self.planned.push(Planned { at, draft });
    }

    fn push(&mut self, at: i64, by: &str, act: Act, sealed: Fields) -> Result<String> {
        let (id, actor) = (Id::new(at as u64, self.draw()), self.actor(by)?);
        let record = act.record().unwrap_or_default().to_owned();
        let open = self.records.get_mut(&record).context("a record that was opened")?;
        if at <= open.last {
            bail!("the demonstration records {} {record} out of order", open.register);
        }
        let named = match &act {
            Act::Step(taken) => taken.fields.values().flat_map(|value| value.texts().to_vec()).collect(),
            _ => Vec::new(),
        };
        open.last = at;
        open.entries.push(Entry {
            index: open.entries.len() as u64,
            id: id.to_string(),
            recorded: day_of(at),
            actor: actor.to_string(),
            act: act.clone(),
        });
        // What a step names must be there when it is recorded, or its readers would find nothing behind the name.
        for named in named.iter().chain([&actor.to_string()]) {
            if self.records.get(named).is_some_and(|open| open.first > at) {
                bail!("the demonstration names {named} before it is recorded");
            }
        }
        self.planned.push(Planned { at, draft: Draft { id: Some(id), actor, act, sealed, based_on: None } });
        Ok(id.to_string())
    }

    /// Lets a name stand for an entry.
    pub fn mark(&mut self, name: &str, entry: &str) {
        self.marks.insert(name.to_owned(), entry.to_owned());
    }

    /// A field of an entry is the number in the journal of an entry marked before.
    pub fn number_of(&mut self, entry: &str, field: &str, name: &str) -> Result<()> {
        let marked = self.marks.get(name).with_context(|| format!("no entry is marked “{name}” so far"))?.clone();
        self.numbers.push(Numbered { entry: entry.to_owned(), field: field.to_owned(), marked });
        Ok(())
    }

    /// Plans something on chances of its own: what is planned after it stays as it would be without.
    pub fn beside(&mut self, chance: Chance) -> Chance {
        std::mem::replace(&mut self.chance, chance)
    }

    fn draw(&mut self) -> u128 {
        u128::from(self.chance.next()) << 64 | u128::from(self.chance.next())
    }

    /// Everything in the order recorded.
    pub fn finish(mut self) -> Vec<Planned> {
        // Stable: acts of one millisecond stay in the order planned.
        self.planned.sort_by_key(|planned| planned.at);
        let places: BTreeMap<String, i64> = (0i64..)
            .zip(&self.planned)
            .filter_map(|(place, planned)| Some((planned.draft.id?.to_string(), place)))
            .collect();
        for Numbered { entry, field, marked } in self.numbers {
            let numbered = places.get(&entry).and_then(|place| self.planned.get_mut(*place as usize));
            let act = numbered.map(|planned| &mut planned.draft.act);
            if let (Some(Act::Step(taken)), Some(number)) = (act, places.get(&marked)) {
                taken.fields.insert(field, Value::Int(*number));
            }
        }
        self.planned
    }
}

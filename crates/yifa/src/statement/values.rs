//! The values of a statement, read from figures and records as of one size of the journal (取数).

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use anyhow::Result;
use engine::act::Act;
use engine::definition::{
    Definitions, Field, FieldType, Figure, FigureCell, Listing, PartOf, Register, Said, Says, Statement, Word,
};
use engine::figure::{Number, Period, Reading, amount, ratio};
use engine::record::{self, Course, Instance, Rules};
use engine::report::By;
use engine::statement::Reported;
use engine::value::Value;

use super::filled::{Amount, Cell, Filled, Held, Row, Source, Values};
use crate::query::evidence::evidence;
use crate::query::figures::several;
use crate::query::names::{Names, called};
use crate::query::overdue::Dues;
use crate::query::parts::{Part, breakdown, is_added};
use crate::sets::Sets;
use crate::storage::log::{Size, entries_of};
use crate::storage::{self, Db, params};

/// What is asked of the tables.
pub struct Ask<'a> {
    /// The tables.
    pub db: &'a Db,
    /// The sets, for registers as records were opened under them.
    pub sets: &'a Sets,
    /// The definitions by which figures are read.
    pub set: &'a Definitions,
    /// Township and county, as they are called.
    pub offices: (&'a str, &'a str),
    /// As of which size of the journal; absent: now.
    pub size: Option<u64>,
}

impl Ask<'_> {
    /// Reads a statement.
    pub fn fill(&self, statement: &Arc<Statement>, reported: Reported, period: Period) -> Result<Filled> {
        let Values { cells, rows, notes } = self.values(&Names::load(self.db)?, statement, reported, period)?;
        let checkpoint = Size::load(self.db, self.size)?;
        Ok(Filled { statement: statement.clone(), reported, period, checkpoint, cells, rows, notes })
    }

    /// Its values alone: the root of an earlier size takes more statements than they.
    pub fn values(&self, names: &Names, statement: &Statement, reported: Reported, period: Period) -> Result<Values> {
        let figures = figures(self.set, statement);
        let dues = Dues::of(self.db, self.set, figures, self.size)?;
        let reading = ReadingAll { ask: self, period, dues: &dues, names, called: RefCell::default() };
        let mut notes = Vec::new();
        let mut cells = reading.cells(&statement.cells, &mut notes)?;
        for (at, says) in &statement.texts {
            let text = says.0.iter().map(|said| self.word(said, reported, period)).collect();
            cells.push(Cell { at: at.value, held: Held::Text(text), source: None });
        }
        cells.sort_by_key(|cell| cell.at);
        let rows = statement.rows.as_ref().map(|listing| reading.rows(listing, reported)).transpose()?;
        let rows = rows.unwrap_or_default();
        Ok(Values { cells, rows, notes })
    }

    fn word(&self, said: &Said, reported: Reported, period: Period) -> String {
        match said {
            Said::Text(text) => text.clone(),
            Said::Word(Word::Town) => self.offices.0.to_owned(),
            Said::Word(Word::County) => self.offices.1.to_owned(),
            Said::Word(Word::Period) => reported.title(),
            Said::Word(Word::Year) => reported.year.to_string(),
            Said::Word(Word::AsOf) => {
                format!("{}年{}月{}日", period.to.year(), period.to.month(), period.to.of_month())
            }
            Said::Word(_) | Said::Field(_) => String::new(),
        }
    }
}

/// The figures a statement is filled from.
pub fn figures<'s>(set: &'s Definitions, statement: &'s Statement) -> impl Iterator<Item = &'s Figure> {
    let cells = statement.cells.iter().map(|cell| &cell.figure.value);
    let listed = statement.rows.iter().filter_map(|listing| Some(&listing.figure.as_ref()?.value));
    cells.chain(listed).filter_map(|id| set.figures.get(id)).map(|figure| &**figure)
}

struct ReadingAll<'r> {
    ask: &'r Ask<'r>,
    period: Period,
    dues: &'r Dues,
    names: &'r Names,
    /// What records are called that others refer to.
    called: RefCell<HashMap<String, String>>,
}

/// The parts of a figure broken down in a way.
type Parts<'c> = BTreeMap<(&'c str, By), Vec<Part>>;

impl ReadingAll<'_> {
    fn cells(&self, asked: &[FigureCell], notes: &mut Vec<String>) -> Result<Vec<Cell>> {
        let (db, set) = (self.ask.db, self.ask.set);
        let figure = |id: &str| set.figures.get(id).map(|figure| &**figure);
        let mut wanted: BTreeMap<&str, &Figure> = BTreeMap::new();
        wanted.extend(asked.iter().filter_map(|cell| Some((cell.figure.as_str(), figure(&cell.figure)?))));
        let figures: Vec<&Figure> = wanted.values().copied().collect();
        let readings = several(db, set, &figures, self.period, self.dues)?;
        let mut parts = Parts::new();
        for cell in asked {
            let by = match &cell.part {
                PartOf::Whole => continue,
                PartOf::One { by, .. } | PartOf::Rest { by, .. } => *by,
            };
            let Some(figure) = wanted.get(cell.figure.as_str()) else { continue };
            let key = (cell.figure.as_str(), by);
            if let std::collections::btree_map::Entry::Vacant(place) = parts.entry(key) {
                place.insert(breakdown(db, set, figure, self.period, by, self.dues, self.names)?);
            }
        }
        notes.extend(self.left_out(asked, &parts));
        let cell = |cell: &FigureCell| {
            let Some(reading) = readings.get(&cell.figure.value) else {
                return Cell { at: cell.at.value, held: Held::Nothing, source: None };
            };
            let figure = wanted[cell.figure.as_str()];
            let (number, source) = self.value(cell, figure, reading, &parts);
            let held = Held::Number(Amount { number, ten_thousands: cell.ten_thousands });
            Cell { at: cell.at.value, held, source: Some(source) }
        };
        Ok(asked.iter().map(cell).collect())
    }

    /// The value of a cell and what stands behind it.
    fn value(&self, cell: &FigureCell, figure: &Figure, reading: &Reading, parts: &Parts<'_>) -> (Number, Source) {
        let unit = if cell.ten_thousands { "万元" } else { reading.unit.as_str() };
        let source = Source {
            figure: reading.figure.clone(),
            title: reading.title.clone(),
            part: None,
            unit: unit.to_owned(),
            entries: reading.entries,
            late: Some(reading.late),
            flagged: Some(reading.flagged),
            counted: figure.basis.on(self.period.to).join("；"),
        };
        let of = |by: By| parts.get(&(cell.figure.as_str(), by)).map(Vec::as_slice).unwrap_or_default();
        match &cell.part {
            PartOf::Whole => (reading.value.clone(), source),
            PartOf::One { by, key } => {
                let found = of(*by).iter().find(|part| is_part(part, *by, key));
                let label = found.map_or_else(|| self.label(figure, *by, key), |part| part.label.clone());
                let number = found.map_or_else(|| self.nothing(figure), |part| part.value.clone());
                let entries = found.map_or(0, |part| part.entries);
                let part = Source { part: Some(label), entries, late: None, flagged: None, ..source };
                (number, part)
            }
            PartOf::Rest { by, but } => {
                let rest: Vec<&Part> =
                    of(*by).iter().filter(|part| !but.iter().any(|key| is_part(part, *by, key))).collect();
                let labels: Vec<&str> = rest.iter().map(|part| part.label.as_str()).collect();
                let label =
                    if labels.is_empty() { "其余".to_owned() } else { format!("其余（{}）", labels.join("、")) };
                let raw = |number: &Number| match number {
                    Number::Whole(value) | Number::Fen(value) => *value,
                    Number::Percent { .. } | Number::None(_) => 0,
                };
                let sum = |of: &dyn Fn(&Part) -> Option<i64>| rest.iter().filter_map(|part| of(part)).sum::<i64>();
                let number = match rest.first().and_then(|part| part.over.as_ref()) {
                    Some(_) => {
                        ratio(figure, sum(&|part| part.of.as_ref().map(raw)), sum(&|part| part.over.as_ref().map(raw)))
                    }
                    None if rest.is_empty() => self.nothing(figure),
                    None => amount(self.ask.set, figure, sum(&|part| Some(raw(&part.value)))),
                };
                let entries = rest.iter().map(|part| part.entries).sum();
                (number, Source { part: Some(label), entries, late: None, flagged: None, ..source })
            }
        }
    }

    /// The value of a part behind which nothing stands.
    fn nothing(&self, figure: &Figure) -> Number {
        match figure.counts {
            engine::definition::Counts::Ratio { .. } => ratio(figure, 0, 0),
            _ => amount(self.ask.set, figure, 0),
        }
    }

    fn label(&self, figure: &Figure, by: By, key: &str) -> String {
        match by {
            By::Kind => crate::query::parts::kind_title(self.ask.set, figure, key),
            By::Month => format!("{}月", key.trim_start_matches('0')),
            By::Village | By::Town => key.to_owned(),
        }
    }

    /// What is counted and has no cell, where other parts of the same have one: it must not be lost unseen.
    fn left_out(&self, asked: &[FigureCell], parts: &Parts<'_>) -> Vec<String> {
        let mut notes = Vec::new();
        for ((id, by), all) in parts {
            let of_it = || asked.iter().filter(|cell| cell.figure.value == *id);
            let keys: Vec<&str> = of_it()
                .filter_map(|cell| match &cell.part {
                    PartOf::One { by: of, key } if of == by => Some(key.as_str()),
                    _ => None,
                })
                .collect();
            let rest = of_it().any(|cell| matches!(&cell.part, PartOf::Rest { by: of, .. } if of == by));
            let Some(figure) = self.ask.set.figures.get(*id) else { continue };
            if rest || keys.len() < 2 || !is_added(self.ask.set, figure, *by) {
                continue;
            }
            let left: Vec<String> = all
                .iter()
                .filter(|part| !keys.iter().any(|key| is_part(part, *by, key)))
                .map(|part| format!("{} {}{}", part.label, part.value, figure.unit()))
                .collect();
            if !left.is_empty() {
                notes.push(format!("“{}”另有 {}，表里没有格子，没有填", figure.title, left.join("、")));
            }
        }
        notes
    }

    /// The records' rows, in their order.
    fn rows(&self, listing: &Listing, reported: Reported) -> Result<Vec<Row>> {
        let mut rows: Vec<(Option<Value>, Row)> = Vec::new();
        for (id, first) in self.candidates(listing)? {
            let (mut entries, _) = entries_of(self.ask.db, &id)?;
            entries.retain(|entry| self.ask.size.is_none_or(|size| entry.index < size));
            let register = self.ask.sets.opened_under(first, &listing.register)?;
            let rules = Rules { register, figures: &[], calendar: &self.ask.set.calendar };
            let (course, _) = record::walk(rules, &entries);
            if course.void {
                continue;
            }
            let head = record::apply(rules, &entries).head;
            let number = entries.iter().find_map(|entry| match &entry.act {
                Act::Step(taken) => taken.number.clone(),
                _ => None,
            });
            for one in course.taken().filter(|one| one.step.id.value == listing.step.value) {
                if !self.is_listed(listing, &course, one, reported) {
                    continue;
                }
                let order = listing.order.as_ref().and_then(|at| course.value(at, Some(one)).cloned());
                let said = Record { register, course: &course, one, number: number.as_deref(), title: &head.title };
                let cells =
                    listing.columns.iter().map(|(column, says)| (column.value, self.says(says, &said))).collect();
                let called = number.clone().unwrap_or_else(|| head.title.clone());
                rows.push((order, Row { record: id.clone(), called, entry: one.entry, day: one.day, cells }));
            }
        }
        rows.sort_by(|(a_order, a), (b_order, b)| {
            // What says nothing of its place comes last.
            let place = |order: &Option<Value>| (order.is_none(), order.clone());
            place(a_order).cmp(&place(b_order)).then((a.day, a.entry).cmp(&(b.day, b.entry)))
        });
        let mut rows: Vec<Row> = rows.into_iter().map(|(_, row)| row).collect();
        for (nth, row) in rows.iter_mut().enumerate() {
            for (column, says) in &listing.columns {
                if says.0.contains(&Said::Word(Word::Ordinal)) {
                    let cell = row.cells.iter_mut().find(|(at, _)| *at == column.value);
                    if let Some((_, held)) = cell {
                        *held = numbered(held, nth + 1);
                    }
                }
            }
        }
        Ok(rows)
    }

    /// The records that may have rows, with the index of their first entry.
    fn candidates(&self, listing: &Listing) -> Result<Vec<(String, u64)>> {
        let (db, size) = (self.ask.db, self.ask.size);
        let until = size.map_or(i64::MAX, |size| size as i64);
        let read = |row: &storage::Row<'_>| Ok((row.get::<String>(0)?, row.get::<i64>(1)? as u64));
        let all = "SELECT id, first_idx FROM record WHERE town_id = $1 AND register = $2 AND first_idx < $3 \
                   ORDER BY opened, first_idx";
        if let Some(id) = &listing.figure {
            let Some(figure) = self.ask.set.figures.get(&id.value) else { return Ok(Vec::new()) };
            let behind = evidence(db, self.ask.set, figure, self.period, self.dues, self.names)?;
            let behind: BTreeSet<String> = behind.into_iter().map(|one| one.record).collect();
            let mut found = db.rows(all, params![listing.register.value, until], read)?;
            found.retain(|(id, _)| behind.contains(id));
            return Ok(found);
        }
        let opens = self.ask.set.register(&listing.register).and_then(|register| register.step(&listing.step));
        if listing.year.is_some() || !opens.is_some_and(engine::definition::Step::opens) {
            return db.rows(all, params![listing.register.value, until], read);
        }
        // The day a record was opened on may have been corrected since: then the table says what holds now.
        let sql = "SELECT id, first_idx FROM record WHERE town_id = $1 AND register = $2 AND first_idx < $3 \
                   AND (last_idx >= $3 OR (opened >= $4 AND opened <= $5)) ORDER BY opened, first_idx";
        let Period { from, to } = self.period;
        db.rows(sql, params![listing.register.value, until, from.to_string(), to.to_string()], read)
    }

    fn is_listed(&self, listing: &Listing, course: &Course<'_>, one: &Instance<'_>, reported: Reported) -> bool {
        let in_time = match (&listing.year, &listing.figure) {
            (Some(year), _) => course.value(year, Some(one)).and_then(Value::as_int) == Some(i64::from(reported.year)),
            (None, Some(_)) => true,
            (None, None) => (self.period.from..=self.period.to).contains(&one.day),
        };
        let left_out = !listing.unless.is_empty() && course.all_hold(&listing.unless, Some(one));
        in_time && !left_out && course.all_hold(&listing.conditions, Some(one))
    }

    fn says(&self, says: &Says, record: &Record<'_, '_>) -> Held {
        if let Some(said) = says.alone() {
            return self.said(said, record);
        }
        let text: String = says.0.iter().map(|said| self.said(said, record).to_string()).collect();
        if text.is_empty() { Held::Nothing } else { Held::Text(text) }
    }

    fn said(&self, said: &Said, record: &Record<'_, '_>) -> Held {
        let text = |text: &str| if text.is_empty() { Held::Nothing } else { Held::Text(text.to_owned()) };
        match said {
            Said::Text(words) => text(words),
            // Counted once all rows are in order.
            Said::Word(Word::Ordinal) => Held::Text(ORDINAL.to_owned()),
            Said::Word(Word::Number) => text(record.number.unwrap_or_default()),
            Said::Word(Word::Title) => text(record.title),
            Said::Word(Word::State) => text(record.course.state.map_or("", |state| record.register.state_title(state))),
            Said::Word(_) => Held::Nothing,
            Said::Field(at) => {
                let field = record.register.field(at);
                let value = record.course.value(at, Some(record.one));
                field.zip(value).map_or(Held::Nothing, |(field, value)| self.held(field, value))
            }
        }
    }

    fn held(&self, field: &Field, value: &Value) -> Held {
        let number = |number: Number| Held::Number(Amount { number, ten_thousands: false });
        match (value, &field.kind) {
            // The loader refuses it; what was adopted otherwise stays shut all the same.
            _ if field.personal => Held::Nothing,
            (Value::Bool(is), _) => Held::Text(if *is { "是" } else { "否" }.to_owned()),
            (Value::Int(fen), FieldType::Money) => number(Number::Fen(*fen)),
            (Value::Int(whole), _) => number(Number::Whole(*whole)),
            (Value::Text(day), FieldType::Day) => Held::Day(day.clone()),
            (value, kind) => {
                let shown = |text: &String| match kind.register() {
                    Some(_) => self.called(text),
                    None => field.choice_title(text).to_owned(),
                };
                let texts: Vec<String> = value.texts().iter().map(shown).collect();
                if texts.is_empty() { Held::Nothing } else { Held::Text(texts.join("、")) }
            }
        }
    }

    fn called(&self, id: &str) -> String {
        let mut known = self.called.borrow_mut();
        let name = || called(self.ask.db, id).ok().flatten().unwrap_or_else(|| id.to_owned());
        known.entry(id.to_owned()).or_insert_with(name).clone()
    }
}

/// A record, at one of its steps.
struct Record<'r, 'd> {
    register: &'r Register,
    course: &'r Course<'d>,
    one: &'r Instance<'d>,
    number: Option<&'r str>,
    title: &'r str,
}

/// Stands for the ordinal until rows are in order; nobody can type it.
const ORDINAL: &str = "\u{1}";

fn numbered(held: &Held, nth: usize) -> Held {
    match held {
        Held::Text(text) if text == ORDINAL => {
            let number = Number::Whole(i64::try_from(nth).unwrap_or(i64::MAX));
            Held::Number(Amount { number, ten_thousands: false })
        }
        Held::Text(text) => Held::Text(text.replace(ORDINAL, &nth.to_string())),
        other => other.clone(),
    }
}

/// Whether a part is the one a definition names: a choice by its id, a month by its number, a village by its name.
fn is_part(part: &Part, by: By, key: &str) -> bool {
    match by {
        By::Kind => part.key == key,
        By::Month => part.key.get(5..) == Some(key),
        By::Village | By::Town => part.key == key || part.label == key,
    }
}

//! What a record adds to the figures (事实).

use std::sync::Arc;

use crate::definition::{Condition, Counts, FieldRef, Figure, Stock, Test};
use crate::read::At;
use crate::value::Value;

use super::course::{Course, Instance};
use super::{Fact, Flag, Rows};

pub(super) fn facts(figures: &[Arc<Figure>], course: &Course<'_>, rows: &Rows) -> Vec<Fact> {
    let mut facts = Vec::new();
    for figure in figures {
        let maker = Maker { figure, course, rows };
        match &figure.counts {
            Counts::Records { reached, every } => {
                facts.extend(maker.reached(reached, *every).into_iter().map(|one| maker.fact(one, "", 1)));
            }
            Counts::Sum { reached, every, field } => {
                let amounts = maker.reached(reached, *every).into_iter().map(|one| (one, maker.amount(one, field)));
                facts.extend(amounts.map(|(one, amount)| maker.fact(one, "", amount)));
            }
            Counts::Distinct { reached, every, by } => {
                for one in maker.reached(reached, *every) {
                    let keys = maker.values(one, by).into_iter().filter(|key| maker.is_asked(by, key));
                    facts.extend(keys.map(|key| maker.fact(one, &key, 1)));
                }
            }
            Counts::Stock(stock) => facts.extend(maker.stock(stock)),
            Counts::Flags { kind, step } => {
                let of = |flag: &&Flag| step.as_ref().is_none_or(|step| step.value == flag.step);
                for flag in rows.flags.iter().filter(|flag| kind.is_none_or(|kind| kind == flag.kind)).filter(of) {
                    let key = format!("{}:{}:{}", flag.kind.word(), flag.step, flag.entry);
                    facts.push(maker.bare(key, flag.entry, flag.day));
                }
            }
            Counts::InTime { step } => {
                for one in maker.reached(std::slice::from_ref(step), true) {
                    let mut dues = rows.dues.iter().filter(|due| due.met_by == Some(one.entry)).peekable();
                    if dues.peek().is_some() && dues.all(|due| one.day <= due.last) {
                        facts.push(maker.fact(one, &one.entry.to_string(), 1));
                    }
                }
            }
            Counts::LateEntries => {
                for step in rows.steps.iter().filter(|step| step.late && !step.void) {
                    facts.push(Fact { late: true, ..maker.bare(step.entry.to_string(), step.entry, step.day) });
                }
            }
            Counts::Questions => {
                for question in rows.questions.iter().filter(|question| question.answered_by.is_none()) {
                    facts.push(maker.bare(question.id.clone(), question.entry, question.day));
                }
            }
            // Whether a due is over is judged on the day of reading; ratios and totals have no facts of their own.
            Counts::Overdue { .. } | Counts::Ratio { .. } | Counts::Total(_) => {}
        }
    }
    facts.sort();
    // A step flagged twice for one reason, or a value given twice, counts once.
    facts.dedup_by(|a, b| a.figure == b.figure && a.key == b.key && a.entry == b.entry);
    facts
}

struct Maker<'m, 'd> {
    figure: &'m Figure,
    course: &'m Course<'d>,
    rows: &'m Rows,
}

impl<'m, 'd> Maker<'m, 'd> {
    /// The first of the steps to be reached, or every one, where the record fits the figure's conditions.
    fn reached(&self, steps: &[At<String>], every: bool) -> Vec<&'m Instance<'d>> {
        let wanted = |one: &&Instance<'_>| steps.iter().any(|step| step.value == one.step.id.value);
        let taken = self.course.taken().filter(wanted).take(if every { usize::MAX } else { 1 });
        taken.filter(|one| self.course.all_hold(&self.figure.conditions, Some(one))).collect()
    }

    fn value(&self, one: &'m Instance<'d>, at: &FieldRef) -> Option<&'m Value> {
        self.course.value(at, Some(one))
    }

    /// Whether a value is one of those counted: of an event on two days, only the statutory one is a statutory day.
    fn is_asked(&self, by: &FieldRef, key: &str) -> bool {
        let asked = self.figure.conditions.iter().flat_map(Condition::comparisons);
        let field = self.course.register.field(by);
        !asked.into_iter().any(|one| one.test == Test::Cited && one.field.value == *by)
            || field.is_some_and(|field| field.is_cited(key))
    }

    fn amount(&self, one: &'m Instance<'d>, at: &FieldRef) -> i64 {
        let holder = if one.step.id.value == at.step { Some(one) } else { self.course.latest(&at.step) };
        holder.and_then(|holder| Some(holder.amount(holder.step.field(&at.field)?))).unwrap_or(0)
    }

    fn values(&self, one: &'m Instance<'d>, at: &FieldRef) -> Vec<String> {
        match self.value(one, at) {
            Some(Value::Bool(is)) => vec![is.to_string()],
            Some(Value::Int(number)) => vec![number.to_string()],
            Some(value) => value.texts().to_vec(),
            None => Vec::new(),
        }
    }

    fn fact(&self, one: &'m Instance<'d>, key: &str, value: i64) -> Fact {
        let day = self.figure.dated.as_ref().and_then(|at| self.value(one, at)).and_then(Value::as_text);
        Fact {
            value,
            late: self.rows.steps.iter().any(|step| step.entry == one.entry && step.late),
            kind: self.kind(Some(one)),
            ..self.bare(key.to_owned(), one.entry, day.and_then(crate::day::Day::parse).unwrap_or(one.day))
        }
    }

    /// The kind it is broken down by, as the step or else the record says.
    fn kind(&self, one: Option<&'m Instance<'d>>) -> String {
        match self.figure.kind.as_ref().and_then(|at| self.course.value(at, one)) {
            Some(Value::Bool(is)) => is.to_string(),
            Some(Value::Text(text)) => text.clone(),
            _ => String::new(),
        }
    }

    fn bare(&self, key: String, entry: u64, day: crate::day::Day) -> Fact {
        Fact {
            figure: self.figure.id.clone(),
            key,
            entry,
            day,
            until_day: None,
            village: match &self.rows.villages[..] {
                [] => String::new(),
                [one] => one.clone(),
                _ => "*".to_owned(),
            },
            // What is counted in all registers is told apart by them.
            kind: match self.figure.register {
                Some(_) => self.kind(None),
                None => self.course.register.id.value.clone(),
            },
            value: 1,
            late: false,
            flagged: !self.rows.flags.is_empty(),
        }
    }

    fn stock(&self, stock: &Stock) -> Vec<Fact> {
        let Some(one) = self.course.latest(&stock.from.step) else { return Vec::new() };
        let Some(from) = one.day_of(&stock.from.field) else { return Vec::new() };
        if !self.course.all_hold(&self.figure.conditions, None) {
            return Vec::new();
        }
        // What was written last counts: a later step may extend or shorten what an earlier one said.
        let written = self.course.taken().rev().find_map(|step| {
            let said = stock.until.iter().filter(|at| at.step == step.step.id.value);
            said.filter_map(|at| step.day_of(&at.field)).next_back()
        });
        // It still holds on the eve of the day that ends it.
        let ended = self
            .course
            .taken()
            .find(|step| step.when() > one.when() && stock.ended_by.iter().any(|end| end.value == step.step.id.value))
            .and_then(|step| step.day.plus_days(-1));
        let until_day = match (written, ended) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        let keys = match &stock.distinct {
            Some(at) => self.values(one, at),
            None => vec![String::new()],
        };
        keys.into_iter().map(|key| Fact { day: from, until_day, ..self.fact(one, &key, 1) }).collect()
    }
}

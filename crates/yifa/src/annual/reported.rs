//! How far the annual report of a year came: whether it was sent and published, and by when it has to be (编报情况).

use anyhow::Result;
use engine::day::Day;
use engine::definition::{Count, FieldRef, Register, Step};
use engine::record::{Rules, apply};
use engine::value::Value;

use super::{Making, REGISTER, makings};
use crate::query::due::began;
use crate::sets::Sets;
use crate::storage::Db;

/// The step that sends a report, and the one that publishes it.
pub const SEND: &str = "send";
/// See [`SEND`].
pub const PUBLISH: &str = "publish";

/// The report of a year as it stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reported {
    /// The record of its making, and what its state is called; none where nobody began it.
    pub record: Option<(String, String)>,
    /// Sending it.
    pub sent: Stage,
    /// Publishing it.
    pub published: Stage,
}

/// A step of a report: the day it was done on, or by which it is due.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stage {
    /// When it was done.
    pub taken: Option<Day>,
    /// By when it is due, where it was not; none where it need not be done any more.
    pub due: Option<Day>,
}

impl Stage {
    /// Whether it should have been done by now.
    pub fn is_late(&self, today: Day) -> bool {
        self.taken.is_none() && self.due.is_some_and(|due| due < today)
    }
}

impl Reported {
    /// The report of a year in one journal, by the definitions it adopted.
    pub fn of(db: &Db, sets: &Sets, year: i16) -> Result<Reported> {
        let set = &sets.current()?.set;
        if let Some(making) = makings(db, sets, None)?.into_iter().rfind(|making| making.year == year) {
            let rules = Rules { register: &making.register, figures: &[], calendar: &set.calendar };
            let state = making.register.state_title(&apply(rules, &making.entries).head.state).to_owned();
            let stages = stages(&making, set);
            return Ok(Reported {
                sent: stages(SEND),
                published: stages(PUBLISH),
                record: Some((making.id.clone(), state)),
            });
        }
        let Some(register) = set.register(REGISTER) else { return Ok(Reported::default()) };
        let began = began(db)?;
        let stage = |step| Stage { taken: None, due: due_of(register, step, year, began) };
        Ok(Reported { record: None, sent: stage(SEND), published: stage(PUBLISH) })
    }
}

/// When steps of a report that was begun were taken, or are due.
pub fn stages<'m>(making: &'m Making, set: &'m engine::definition::Definitions) -> impl Fn(&str) -> Stage + use<'m> {
    let rules = Rules { register: &making.register, figures: &[], calendar: &set.calendar };
    let dues = apply(rules, &making.entries).dues;
    let course = making.course(set);
    move |step| Stage {
        taken: course.taken().rfind(|one| one.step.id.value == step).map(|one| one.day),
        due: dues.iter().filter(|due| due.step == step && due.met_by.is_none()).map(|due| due.last).min(),
    }
}

/// By which day a step is due of a year whose report nobody has begun: counted from the year, not from its beginning.
/// What was over before there was a journal is not called missed.
pub fn due_of(register: &Register, step: &str, year: i16, began: Day) -> Option<Day> {
    let opens = |at: &FieldRef| register.step(&at.step).is_some_and(Step::opens);
    let mut within = register.step(step)?.within.iter().filter(|within| opens(&within.of.value));
    let last = within.find_map(|within| match within.count {
        Count::Yearly { month, day, .. } => {
            Some(Count::yearly(month, day, within.start(&Value::Int(i64::from(year)))?))
        }
        _ => None,
    });
    last.filter(|last| *last >= began)
}

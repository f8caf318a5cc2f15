//! What became of a cited law between two days: amended, repealed, and whether the place cited is still there.

use serde::Serialize;

use super::cite::Citation;
use super::known::Laws;
use super::resolve::Resolution;
use crate::day::Day;

/// A change of a law that something rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Turn {
    /// The law's full title.
    pub title: String,
    /// Since when the version of the earlier day was in force, where that is known.
    pub then: Option<Day>,
    /// The first day of the change.
    pub on: Day,
    /// What happened.
    pub what: What,
    /// What can be said of the place cited on the later day: nothing, that it is not proven, or that it is not there.
    pub now: Option<String>,
}

/// What happened to a law.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// Another version came into force.
    Amended,
    /// It is no longer in force; by what.
    Repealed(Option<String>),
}

impl Laws {
    /// The changes of a cited law after one day, up to and with another; in the order of days.
    pub fn turns(&self, citation: &Citation, after: Day, until: Day) -> Vec<Turn> {
        let Some(law) = self.find(&citation.title) else { return Vec::new() };
        let now = match self.resolve(citation, until, Some(until)) {
            Resolution::Found => None,
            Resolution::Pending(why) => {
                Some(format!("待核：{}", why.iter().map(ToString::to_string).collect::<Vec<_>>().join("；")))
            }
            Resolution::Missing(missing) => Some(missing.problem(citation).text),
        };
        let then = law.version(after).and_then(|version| version.from);
        let turn = |on: Day, what: What| Turn { title: law.title.clone(), then, on, what, now: now.clone() };
        let within = |day: &Day| after < *day && *day <= until;
        let starts = law.versions.iter().skip(1).filter_map(|version| version.from).filter(within);
        let mut turns: Vec<Turn> = starts.map(|on| turn(on, What::Amended)).collect();
        if let Some(on) = law.repealed.filter(within) {
            turns.push(turn(on, What::Repealed(law.repealed_by.clone())));
        }
        turns.sort_by_key(|turn| turn.on);
        turns
    }
}

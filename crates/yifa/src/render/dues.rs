//! What is due as a calendar: the same events from the command line and from the pages.

use engine::day::Day;
use engine::definition::Definitions;

use super::ics::{Event, render};
use crate::folder::Config;
use crate::query::due::Due;

/// Dues as a calendar.
pub fn calendar(config: &Config, set: &Definitions, found: &[Due]) -> String {
    let events: Vec<Event> = found.iter().filter_map(|due| event(&config.origin, set, due)).collect();
    render(&format!("{}期限", config.town), &events)
}

/// A due on its last day, or a day of the year over all of its days. What is said must not hang on the day it is
/// asked: the same data are the same event.
fn event(origin: &str, set: &Definitions, due: &Due) -> Option<Event> {
    let last = Day::parse(&due.last)?;
    let mut description = Vec::new();
    if !due.basis.is_empty() {
        description.push(format!("依据：{}", due.basis.join("、")));
    }
    if due.nominal != due.last {
        description.push(format!("原定 {}，遇休息日顺延", due.nominal));
    }
    if due.provisional {
        description.push("放假安排尚未公布，暂按周末推算".to_owned());
    }
    if !due.owned_by.is_empty() {
        description.push(format!("负责：{}", due.owned_by));
    }
    let register = set.register(&due.register);
    Some(Event {
        uid: format!("{}@{origin}", due.key),
        stamp: due.said_at,
        sequence: due.said_by,
        first: due.first.as_deref().and_then(Day::parse).unwrap_or(last),
        last,
        summary: format!("{}：{}", due.title, due.called),
        description,
        category: register.map_or_else(|| due.register.clone(), |register| register.title.clone()),
    })
}

//! When things are recorded: on working days, in office hours, one after the other.

use engine::day::{Calendar, Day};

use super::chance::Chance;
use crate::ambient::day_of;

const MINUTE: i64 = 60_000;
const DAY: i64 = 24 * 60 * MINUTE;
/// The township's time is ahead of UTC by this much.
const AHEAD: i64 = 8 * 60 * MINUTE;
/// Office hours, in minutes of the day.
const OPENS: i32 = 8 * 60 + 30;
const CLOSES: i32 = 17 * 60 + 30;

/// A moment, by day and minute of the day.
pub fn moment(day: Day, minute: i32) -> i64 {
    let epoch = Day::new(1970, 1, 1).map_or(0, |epoch| epoch.days_until(day));
    i64::from(epoch) * DAY - AHEAD + i64::from(minute) * MINUTE
}

/// The first working day from `day` on.
pub fn workday(calendar: &Calendar, day: Day) -> Day {
    let mut day = day;
    while !calendar.is_workday(day) {
        day = day.next();
    }
    day
}

/// The working day so many working days after the first one from `day` on.
pub fn workdays_after(calendar: &Calendar, day: Day, count: i32) -> Day {
    let mut day = workday(calendar, day);
    for _ in 0..count {
        day = workday(calendar, day.next());
    }
    day
}

/// The last working day up to `day`.
pub fn workday_before(calendar: &Calendar, day: Day) -> Day {
    let mut day = day;
    while !calendar.is_workday(day) {
        day = day.prev();
    }
    day
}

/// A moment in office hours on that day.
pub fn in_hours(chance: &mut Chance, day: Day) -> i64 {
    // Nobody is at the desk at noon.
    let minute = if chance.percent(45) { chance.between(OPENS, 12 * 60) } else { chance.between(14 * 60, CLOSES - 10) };
    moment(day, minute) + i64::from(chance.between(0, 59_999))
}

/// A moment in office hours after lunch.
pub fn in_the_afternoon(chance: &mut Chance, day: Day) -> i64 {
    moment(day, chance.between(14 * 60, CLOSES - 10)) + i64::from(chance.between(0, 59_999))
}

/// When the office opens.
pub fn morning(day: Day) -> i64 {
    moment(day, OPENS)
}

/// That moment or, when `after` is not earlier, some minutes after it, in office hours.
pub fn following(calendar: &Calendar, chance: &mut Chance, at: i64, after: i64) -> i64 {
    if at > after {
        return at;
    }
    let soon = after + i64::from(chance.between(3, 20)) * MINUTE + i64::from(chance.between(1, 59_999));
    let today = day_of(after);
    if soon < moment(today, CLOSES) && calendar.is_workday(today) {
        return soon;
    }
    let next = workday(calendar, today.next());
    moment(next, OPENS) + i64::from(chance.between(1, 40)) * MINUTE + i64::from(chance.between(1, 59_999))
}

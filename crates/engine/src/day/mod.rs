//! Civil days, spans of days, and the calendar that says which days people rest (期间).

mod calendar;
mod counting;
mod deadline;
mod span;
mod year;
mod yearly;

pub use calendar::Calendar;
pub use counting::Counting;
pub use deadline::{Deadline, Shift};
pub use span::Span;
pub use yearly::Yearly;

use std::fmt;

use jiff::civil::Date;
use jiff::{Span as Period, ToSpan as _};
use serde::{Deserialize, Serialize};

/// A civil day (公历日). Written `2024-01-31`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(Date);

impl Day {
    /// The first day that can be written; four digits of year are a promise to every column that holds a day.
    pub const MIN: Day = Day(jiff::civil::date(1, 1, 1));
    /// The last day that can be written.
    pub const MAX: Day = Day(jiff::civil::date(9999, 12, 31));

    /// The day, if the calendar has it and its year has one to four digits.
    pub fn new(year: i16, month: i8, day: i8) -> Option<Day> {
        Date::new(year, month, day).ok().and_then(Day::bounded)
    }

    fn bounded(date: Date) -> Option<Day> {
        Some(Day(date)).filter(|day| (Day::MIN..=Day::MAX).contains(day))
    }

    /// Reads `2024-01-31` and nothing else.
    pub fn parse(text: &str) -> Option<Day> {
        let bytes = text.as_bytes();
        let shaped = bytes.len() == 10
            && bytes.iter().enumerate().all(|(i, b)| if i == 4 || i == 7 { *b == b'-' } else { b.is_ascii_digit() });
        if !shaped {
            return None;
        }
        Day::new(text[..4].parse().ok()?, text[5..7].parse().ok()?, text[8..].parse().ok()?)
    }

    /// The year.
    pub fn year(self) -> i16 {
        self.0.year()
    }

    /// The month, 1–12.
    pub fn month(self) -> i8 {
        self.0.month()
    }

    /// The day of the month, 1–31.
    pub fn of_month(self) -> i8 {
        self.0.day()
    }

    fn plus(self, period: Period) -> Option<Day> {
        self.0.checked_add(period).ok().and_then(Day::bounded)
    }

    /// So many days later (earlier when negative), if that day can be written.
    pub fn plus_days(self, days: i32) -> Option<Day> {
        self.plus(Period::new().try_days(days).ok()?)
    }

    /// The corresponding day so many months later (earlier when negative), or the last day of that month when it has
    /// no such day: 01-31 and one month is 02-29 in a leap year.
    pub fn plus_months(self, months: i32) -> Option<Day> {
        self.plus(Period::new().try_months(months).ok()?)
    }

    /// The next day; the last writable day stays.
    pub fn next(self) -> Day {
        self.plus(1.day()).unwrap_or(Day::MAX)
    }

    /// The day before; the first writable day stays.
    pub fn prev(self) -> Day {
        self.plus((-1).day()).unwrap_or(Day::MIN)
    }

    /// How many days from `self` to `later`; negative when it is earlier.
    pub fn days_until(self, later: Day) -> i32 {
        // Whole-day distance between years 1 and 9999 fits easily; jiff counts it in `Span` days.
        later.0.since(self.0).map_or(0, |period| period.get_days())
    }

    /// The weekday.
    pub fn weekday(self) -> Weekday {
        Weekday(self.0.weekday())
    }

    /// The first day of its month.
    pub fn month_start(self) -> Day {
        Day(self.0.first_of_month())
    }

    /// The last day of its month.
    pub fn month_end(self) -> Day {
        Day(self.0.last_of_month())
    }

    /// Every day from `self` to `last`, both included; none when `last` is earlier.
    pub fn to(self, last: Day) -> impl Iterator<Item = Day> {
        (0..=self.days_until(last)).filter_map(move |n| self.plus_days(n))
    }
}

/// A day of the week; shown as 星期六.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Weekday(jiff::civil::Weekday);

impl Weekday {
    /// 1 for Monday to 7 for Sunday.
    pub fn number(self) -> i8 {
        self.0.to_monday_one_offset()
    }

    /// Saturday or Sunday.
    pub fn is_weekend(self) -> bool {
        self.number() > 5
    }
}

impl fmt::Display for Weekday {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = ["一", "二", "三", "四", "五", "六", "日"][self.number() as usize - 1];
        write!(f, "星期{name}")
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.0.year(), self.0.month(), self.0.day())
    }
}

impl fmt::Debug for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Day {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Day, D::Error> {
        let text = String::deserialize(d)?;
        Day::parse(&text).ok_or_else(|| serde::de::Error::custom("not a day"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        Day::parse(text).unwrap()
    }

    #[test]
    fn days_are_read_as_they_are_written() {
        for good in ["2024-02-29", "0001-01-01", "9999-12-31", "1982-12-04"] {
            assert_eq!(day(good).to_string(), good);
        }
        for bad in [
            "2023-02-29",
            "2024-2-9",
            "20240229",
            "2024/02/29",
            "0000-01-01",
            "2024-13-01",
            "2024-00-01",
            "2024-01-32",
            " 2024-01-01",
            "2024-01-01 ",
            "-024-01-01",
            "２０２４-01-01",
            "",
        ] {
            assert_eq!(Day::parse(bad), None, "{bad}");
        }
        assert_eq!((Day::new(0, 1, 1), Day::new(-1, 1, 1)), (None, None));
    }

    #[test]
    fn days_and_months_add_up() {
        let check = |start: &str, days: i32, expect: &str| {
            assert_eq!(day(start).plus_days(days), Some(day(expect)));
            assert_eq!(day(start).days_until(day(expect)), days);
        };
        check("2023-12-31", 1, "2024-01-01");
        check("2024-02-28", 2, "2024-03-01");
        check("2024-03-01", -1, "2024-02-29");
        check("2000-01-01", 9131, "2024-12-31");
        for (start, months, expect) in [
            ("2024-01-31", 1, "2024-02-29"),
            ("2023-01-31", 1, "2023-02-28"),
            ("2024-02-29", 12, "2025-02-28"),
            ("2024-03-31", -1, "2024-02-29"),
            ("2023-11-30", 3, "2024-02-29"),
            ("2024-02-29", 1, "2024-03-29"),
        ] {
            assert_eq!(day(start).plus_months(months), Some(day(expect)), "{start} {months}");
        }
        assert_eq!((Day::MAX.plus_days(1), Day::MIN.plus_months(-1)), (None, None));
        assert_eq!((Day::MAX.plus_days(i32::MAX), Day::MIN.plus_months(i32::MIN)), (None, None));
        assert_eq!((Day::MAX.next(), Day::MIN.prev()), (Day::MAX, Day::MIN));
        assert_eq!(Day::MIN.days_until(Day::MAX), 3_652_058);
    }

    #[test]
    fn months_and_weekdays_are_known() {
        assert_eq!(day("2024-02-10").month_start().to(day("2024-02-10").month_end()).count(), 29);
        assert_eq!(day("2024-02-10").to(day("2024-02-09")).count(), 0);
        assert_eq!(day("2026-11-22").weekday().to_string(), "星期日");
        assert!(day("2026-11-21").weekday().is_weekend() && !day("2026-11-20").weekday().is_weekend());
    }
}

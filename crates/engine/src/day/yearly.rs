//! Days and spans of days that come back every year: 宪法日, a week of publicity, a month of it.

use super::Day;

/// What a law or a notice names of each year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Yearly {
    /// One day of every year, by month and day: 12-04.
    On(i8, i8),
    /// The week, Monday to Sunday, that holds such a day.
    WeekOf(i8, i8),
    /// A whole month.
    Month(i8),
    /// The nth weekday of a month: the third Sunday of May.
    Nth {
        /// The month, 1–12.
        month: i8,
        /// 1 for Monday to 7 for Sunday.
        weekday: i8,
        /// Which one, 1–4: a fifth does not come every year.
        n: i8,
    },
}

impl Yearly {
    /// The month and day of `12-04`, if every year has it.
    pub fn month_day(text: &str) -> Option<(i8, i8)> {
        let (month, day) = text.split_once('-')?;
        let two = |part: &str| part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit());
        if !two(month) || !two(day) {
            return None;
        }
        let (month, day) = (month.parse().ok()?, day.parse().ok()?);
        // Of a year that is no leap year.
        Day::new(2023, month, day).map(|_| (month, day))
    }

    /// Its first and last day in a year; nothing where the year has none that can be written.
    pub fn in_year(self, year: i16) -> Option<(Day, Day)> {
        match self {
            Yearly::On(month, day) => Day::new(year, month, day).map(|day| (day, day)),
            Yearly::WeekOf(month, day) => {
                let day = Day::new(year, month, day)?;
                let monday = day.plus_days(1 - i32::from(day.weekday().number()))?;
                Some((monday, monday.plus_days(6)?))
            }
            Yearly::Month(month) => {
                let first = Day::new(year, month, 1)?;
                Some((first, first.month_end()))
            }
            Yearly::Nth { month, weekday, n } => {
                let first = Day::new(year, month, 1)?;
                let ahead = (i32::from(weekday) - i32::from(first.weekday().number())).rem_euclid(7);
                let day = first.plus_days(ahead + 7 * (i32::from(n) - 1)).filter(|day| day.month() == month)?;
                Some((day, day))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(yearly: Yearly, year: i16, expect: &str) {
        let found = yearly.in_year(year).map_or_else(|| "none".to_owned(), |(first, last)| format!("{first} {last}"));
        assert_eq!(found, expect, "{yearly:?} {year}");
    }

    #[test]
    fn days_that_come_back_are_found_in_every_year() {
        check(Yearly::On(12, 4), 2026, "2026-12-04 2026-12-04");
        check(Yearly::Month(2), 2024, "2024-02-01 2024-02-29");
        check(Yearly::Month(2), 2026, "2026-02-01 2026-02-28");
        // The third Sunday of May (1 May is a Friday, a Sunday and a Monday).
        let third = Yearly::Nth { month: 5, weekday: 7, n: 3 };
        check(third, 2026, "2026-05-17 2026-05-17");
        check(third, 2022, "2022-05-15 2022-05-15");
        check(third, 2023, "2023-05-21 2023-05-21");
    }

    #[test]
    fn a_week_is_monday_to_sunday_and_may_reach_into_another_month_or_year() {
        check(Yearly::WeekOf(4, 15), 2026, "2026-04-13 2026-04-19");
        check(Yearly::WeekOf(12, 4), 2023, "2023-12-04 2023-12-10");
        check(Yearly::WeekOf(12, 4), 2022, "2022-11-28 2022-12-04");
        check(Yearly::WeekOf(1, 1), 2026, "2025-12-29 2026-01-04");
        check(Yearly::WeekOf(12, 31), 2025, "2025-12-29 2026-01-04");
    }

    #[test]
    fn what_has_no_day_in_a_year_has_none() {
        check(Yearly::On(2, 29), 2026, "none");
        check(Yearly::Nth { month: 2, weekday: 1, n: 5 }, 2026, "none");
        check(Yearly::WeekOf(12, 31), 9999, "none");
        check(Yearly::Month(13), 2026, "none");
    }

    #[test]
    fn a_month_and_a_day_are_read_if_every_year_has_them() {
        assert_eq!((Yearly::month_day("12-04"), Yearly::month_day("02-28")), (Some((12, 4)), Some((2, 28))));
        for bad in ["02-29", "13-01", "1-1", "12/04", "2026-12-04", "", "+1-04", "00-00"] {
            assert_eq!(Yearly::month_day(bad), None, "{bad}");
        }
    }
}

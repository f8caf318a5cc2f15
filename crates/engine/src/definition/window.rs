//! Days that come back every year as somebody is told of them: from when on, and until when a missed one is said (宣传日).

use crate::day::Day;

use super::catalogue::{Catalogue, Item};

/// An item's days in one year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// The year it is asked of; a week may begin in the December before or end in the January after.
    pub year: i16,
    /// The day from which it is told, so long before the first as the catalogue says. What was done from then on
    /// meets it: a campaign for a day is rarely held on that very day.
    pub told: Day,
    /// Its first day.
    pub first: Day,
    /// Its last day.
    pub last: Day,
}

impl Window {
    /// Whether something done on a day meets it.
    pub fn is_met_on(&self, day: Day) -> bool {
        (self.told..=self.last).contains(&day)
    }

    /// The last day it is told of, where nothing met it: the end of its year, so that a missed one is said and does
    /// not stay for ever.
    pub fn told_until(&self) -> Day {
        Day::new(self.year, 12, 31).map_or(self.last, |end| end.max(self.last))
    }
}

impl Catalogue {
    /// An item's days in a year, if it comes back every year and was in force on one of them.
    pub fn window(&self, item: &Item, year: i16) -> Option<Window> {
        let (first, last) = item.yearly?.in_year(year)?;
        let in_force = item.from.is_none_or(|from| from <= last) && item.until.is_none_or(|until| first <= until);
        let ahead = self.notice.as_ref().map_or(0, |notice| i32::from(notice.days));
        let told = first.plus_days(-ahead).unwrap_or(Day::MIN);
        Some(Window { year, told, first, last }).filter(|_| in_force)
    }

    /// The items to be told of on a day, met or not: those whose notice has begun and whose year is not over. Each
    /// year of an item is its own.
    pub fn told_on(&self, today: Day) -> impl Iterator<Item = (&Item, Window)> {
        let years = (today.year() - 1)..=today.year().saturating_add(1);
        self.items.iter().flat_map(move |item| {
            let windows = years.clone().filter_map(move |year| Some((item, self.window(item, year)?)));
            windows.filter(move |(_, window)| (window.told..=window.told_until()).contains(&today))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::Source;

    const TEXT: &str = r#"
title  = "样例宣传日"
local  = "样例"
notice = { days = 14, local = "样例" }
met_by = "kept.hold.campaigns"
item   = [
  { id = "constitution", title = "宪法日", on = "12-04" },
  { id = "new_year", title = "元旦周", week_of = "01-01" },
  { id = "safety", title = "安全生产月", month = 6, from = 2025-06-16 },
  { id = "old", title = "旧宣传日", on = "03-01", until = 2025-12-31 },
  { id = "other", title = "其他" },
]
"#;

    fn check(today: &str, expect: &[&str]) {
        let source = Source::new("definitions/catalogues/campaigns.toml", TEXT);
        let catalogue = source.read(|table| super::super::catalogue::read(table, "campaigns.toml")).unwrap();
        assert!(source.into_problems().is_empty());
        let found: Vec<String> = catalogue
            .told_on(Day::parse(today).unwrap())
            .map(|(item, window)| format!("{} {} {}", item.id.value, window.first, window.last))
            .collect();
        assert_eq!(found, expect, "{today}");
    }

    #[test]
    fn a_day_is_told_from_its_notice_to_the_end_of_its_year() {
        let (week, month) = ("new_year 2025-12-29 2026-01-04", "safety 2026-06-01 2026-06-30");
        let day = "constitution 2026-12-04 2026-12-04";
        check("2026-11-19", &[week, month]);
        check("2026-11-20", &[day, week, month]);
        // The week of 1 January 2027 begins on 28 December: its notice falls into the year before.
        let next = "new_year 2026-12-28 2027-01-03";
        check("2026-12-31", &[day, week, next, month]);
        check("2027-01-01", &[next]);
    }

    #[test]
    fn only_what_was_in_force_on_one_of_its_days_is_told() {
        check("2024-06-10", &["new_year 2024-01-01 2024-01-07", "old 2024-03-01 2024-03-01"]);
        check(
            "2025-06-16",
            &["new_year 2024-12-30 2025-01-05", "safety 2025-06-01 2025-06-30", "old 2025-03-01 2025-03-01"],
        );
        check("2026-05-17", &["new_year 2025-12-29 2026-01-04"]);
        check("2026-05-18", &["new_year 2025-12-29 2026-01-04", "safety 2026-06-01 2026-06-30"]);
    }

    #[test]
    fn what_was_done_since_the_notice_meets_it() {
        let day = |text: &str| Day::parse(text).unwrap();
        let window = Window { year: 2026, told: day("2026-11-20"), first: day("2026-12-04"), last: day("2026-12-04") };
        for (on, met) in [("2026-11-19", false), ("2026-11-20", true), ("2026-12-04", true), ("2026-12-05", false)] {
            assert_eq!(window.is_met_on(day(on)), met, "{on}");
        }
    }
}

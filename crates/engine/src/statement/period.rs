//! The stretch of time a statement is about (报告期).

use serde::Serialize;

use crate::day::Day;
use crate::definition::check::Stretch;
use crate::figure::Period;

/// A month, a quarter, half a year or a year, of one year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Reported {
    /// The year.
    pub year: i16,
    /// How long.
    #[serde(skip)]
    pub stretch: Stretch,
    /// Which one of its year, from 1.
    pub nth: i8,
}

impl Reported {
    /// The one of a length in which a day is.
    pub fn of(stretch: Stretch, day: Day) -> Reported {
        Reported { year: day.year(), stretch, nth: (day.month() - 1) / stretch.months() + 1 }
    }

    /// Reads `2024`, `2024H1`, `2024Q1`, `2024-03`, and the ways people write them: 2024年上半年, 2024年第一季度, 2024年3月.
    /// Only of the length asked for.
    pub fn parse(stretch: Stretch, text: &str) -> Option<Reported> {
        let text: String = crate::form::parse::plain(text).chars().filter(|c| !c.is_whitespace()).collect();
        let rest = text.get(4..).filter(|_| text.as_bytes()[..4].iter().all(u8::is_ascii_digit))?;
        let year = text[..4].parse().ok().filter(|year| (1949..=2200).contains(year))?;
        let rest = rest.trim_start_matches('年').trim_start_matches("度").trim_start_matches(['-', '.', '/']);
        let number = |text: &str| -> Option<i8> {
            let chinese = ["一", "二", "三", "四"].iter().position(|word| *word == text).map(|nth| nth as i8 + 1);
            let shaped = (1..=2).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
            chinese.or_else(|| text.parse().ok().filter(|_| shaped))
        };
        let nth = match stretch {
            Stretch::Year => matches!(rest, "" | "全年").then_some(1),
            Stretch::Half => match rest {
                "上半年" => Some(1),
                "下半年" => Some(2),
                rest => rest.strip_prefix(['H', 'h']).and_then(number),
            },
            Stretch::Quarter => {
                let marked = rest.strip_prefix(['Q', 'q']);
                let said = || rest.strip_suffix("季度").map(|rest| rest.trim_start_matches('第'));
                marked.or_else(said).and_then(number)
            }
            Stretch::Month => number(rest.trim_end_matches("月份").trim_end_matches('月')),
        };
        let nth = nth.filter(|nth| (1..=12 / stretch.months()).contains(nth))?;
        Some(Reported { year, stretch, nth })
    }

    /// As it is written in addresses, on the command line and in the journal: `2024Q1`.
    pub fn key(self) -> String {
        let Reported { year, nth, .. } = self;
        match self.stretch {
            Stretch::Year => format!("{year}"),
            Stretch::Half => format!("{year}H{nth}"),
            Stretch::Quarter => format!("{year}Q{nth}"),
            Stretch::Month => format!("{year}-{nth:02}"),
        }
    }

    /// As people say it: `2024年第一季度`.
    pub fn title(self) -> String {
        let (year, nth) = (self.year, usize::try_from(self.nth).unwrap_or(1));
        let word = |words: &[&'static str]| words.get(nth - 1).copied().unwrap_or_default();
        match self.stretch {
            Stretch::Year => format!("{year}年度"),
            Stretch::Half => format!("{year}年{}半年", word(&["上", "下"])),
            Stretch::Quarter => format!("{year}年第{}季度", word(&["一", "二", "三", "四"])),
            Stretch::Month => format!("{year}年{nth}月"),
        }
    }

    /// Its first and last day; one that still runs goes as far as today. None before it has begun.
    pub fn period(self, today: Day) -> Option<Period> {
        let from = Day::new(self.year, (self.nth - 1) * self.stretch.months() + 1, 1)?;
        let to = from.plus_months(i32::from(self.stretch.months()))?.prev();
        (from <= today).then_some(Period { from, to: to.min(today) })
    }

    /// The one before.
    pub fn before(self) -> Reported {
        match self.nth {
            1 => Reported { year: self.year - 1, nth: 12 / self.stretch.months(), ..self },
            nth => Reported { nth: nth - 1, ..self },
        }
    }

    /// How people and programs may write one of a length.
    pub fn example(stretch: Stretch) -> &'static str {
        match stretch {
            Stretch::Year => "2024",
            Stretch::Half => "2024H1（上半年）",
            Stretch::Quarter => "2024Q1（第一季度）",
            Stretch::Month => "2024-03",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stretch_of_time_is_read_as_people_write_it() {
        let check = |stretch: Stretch, text: &str, expect: &str| {
            let found = Reported::parse(stretch, text);
            let told = found.map_or_else(String::new, |one| format!("{} {}", one.key(), one.title()));
            assert_eq!(told, expect, "{text}");
        };
        check(Stretch::Year, "2024", "2024 2024年度");
        check(Stretch::Year, "2024年度", "2024 2024年度");
        check(Stretch::Year, "2024Q1", "");
        check(Stretch::Half, "2024H2", "2024H2 2024年下半年");
        check(Stretch::Half, "2024年上半年", "2024H1 2024年上半年");
        check(Stretch::Half, "2024H3", "");
        check(Stretch::Quarter, "2024q4", "2024Q4 2024年第四季度");
        check(Stretch::Quarter, "2024年第一季度", "2024Q1 2024年第一季度");
        check(Stretch::Quarter, "2024年2季度", "2024Q2 2024年第二季度");
        check(Stretch::Quarter, "2024Q5", "");
        check(Stretch::Quarter, "2024", "");
        check(Stretch::Month, "2024-03", "2024-03 2024年3月");
        check(Stretch::Month, "２０２４年12月", "2024-12 2024年12月");
        check(Stretch::Month, "2024-13", "");
        check(Stretch::Month, "2024-+3", "");
        check(Stretch::Year, "", "");
        check(Stretch::Year, "二〇二四年", "");
        check(Stretch::Year, "12年度", "");
    }

    #[test]
    fn its_days_end_with_it_or_today() {
        let day = |text: &str| Day::parse(text).unwrap();
        let check = |stretch: Stretch, text: &str, expect: Option<(&str, &str)>| {
            let period = Reported::parse(stretch, text).unwrap().period(day("2024-08-15"));
            assert_eq!(period.map(|one| (one.from, one.to)), expect.map(|(from, to)| (day(from), day(to))), "{text}");
        };
        check(Stretch::Month, "2024-02", Some(("2024-02-01", "2024-02-29")));
        check(Stretch::Quarter, "2023Q4", Some(("2023-10-01", "2023-12-31")));
        check(Stretch::Half, "2024H2", Some(("2024-07-01", "2024-08-15")));
        check(Stretch::Quarter, "2024Q4", None);
    }

    #[test]
    fn the_one_before_may_be_of_the_year_before() {
        for (stretch, day, of, before) in [
            (Stretch::Quarter, "2024-02-10", "2024Q1", "2023Q4"),
            (Stretch::Half, "2024-12-31", "2024H2", "2024H1"),
            (Stretch::Month, "2024-01-31", "2024-01", "2023-12"),
            (Stretch::Year, "2024-06-01", "2024", "2023"),
        ] {
            let found = Reported::of(stretch, Day::parse(day).unwrap());
            assert_eq!((found.key(), found.before().key()), (of.to_owned(), before.to_owned()));
        }
    }
}

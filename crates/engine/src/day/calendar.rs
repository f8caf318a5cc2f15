//! Which days people rest, and where a term ends.

use std::collections::BTreeMap;

use super::counting::Counting;
use super::year::Year;
use super::{Day, Deadline, Shift, Span};
use crate::problem::Problem;
use crate::read::Source;

/// The years' arrangements and the rules of counting.
#[derive(Clone, Debug, Default)]
pub struct Calendar {
    years: BTreeMap<i16, Year>,
    listed: BTreeMap<Day, Listed>,
    /// The rules of counting.
    pub counting: Counting,
}

/// What a notice says of a day.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Listed {
    Rest(String),
    Work,
}

/// The notice for a year may still rearrange the last days of the December before it: 元旦 holidays have begun on
/// 12-30, with people working on 12-29 instead. Until that notice is known these days are a guess.
const UNSETTLED_DECEMBER: i8 = 29;

impl Calendar {
    /// Reads `<year>.toml` files and `counting.toml`.
    pub fn load<'f>(files: impl IntoIterator<Item = (&'f str, &'f str)>) -> (Calendar, Vec<Problem>) {
        let (mut calendar, mut problems, mut counted) = (Calendar::default(), Vec::new(), false);
        for (file, text) in files {
            let source = Source::new(file, text);
            if file.rsplit('/').next() == Some("counting.toml") {
                calendar.counting = Counting::read(&source).unwrap_or_default();
                counted = true;
            } else if let Some(year) = Year::read(file, &source) {
                if calendar.years.contains_key(&year.year) {
                    let text = format!("{} 年的安排已经在另一个文件里", year.year);
                    source.note(124, year.span, text, "一年只留一个文件");
                } else {
                    calendar.add(year.value, &source);
                }
            }
            problems.extend(source.into_problems());
        }
        if !counted {
            problems.push(Problem::new(125, "没有期间计算规则", "请在 calendar 目录放入 counting.toml"));
        }
        (calendar, problems)
    }

    fn add(&mut self, year: Year, source: &Source<'_>) {
        let rest = year.rest.iter().map(|at| (at.value.0, Listed::Rest(at.value.1.clone()), &at.span));
        let work = year.work.iter().map(|at| (at.value, Listed::Work, &at.span));
        for (day, listed, span) in rest.chain(work) {
            match self.listed.get(&day) {
                None => {
                    self.listed.insert(day, listed);
                }
                // The first word stands, so that what follows is judged by one and the same calendar.
                Some(before) if std::mem::discriminant(before) == std::mem::discriminant(&listed) => {
                    source.note(121, span.clone(), format!("{day} 写了两遍"), "同一天只写一次");
                }
                Some(_) => {
                    source.note(123, span.clone(), format!("{day} 既写成放假，又写成上班"), "请对照放假通知，只留一种")
                }
            }
        }
        self.years.insert(year.year, year);
    }

    /// Whether the year's arrangement is known.
    pub fn knows(&self, year: i16) -> bool {
        self.years.contains_key(&year)
    }

    /// The years whose arrangements are known, in order.
    pub fn years(&self) -> impl Iterator<Item = &Year> {
        self.years.values()
    }

    /// The last day of the last year known without a gap from the first.
    pub fn known_until(&self) -> Option<Day> {
        let mut years = self.years.keys();
        let first = *years.next()?;
        let last = years.fold(first, |last, year| if *year == last + 1 { *year } else { last });
        Day::new(last, 12, 31)
    }

    /// Whether it is settled if people work that day.
    pub fn is_settled(&self, day: Day) -> bool {
        let open_december = day.month() == 12 && day.of_month() >= UNSETTLED_DECEMBER && !self.knows(day.year() + 1);
        self.listed.contains_key(&day) || (self.knows(day.year()) && !open_december)
    }

    /// Whether people work that day; in years not known, Monday to Friday.
    pub fn is_workday(&self, day: Day) -> bool {
        match self.listed.get(&day) {
            Some(listed) => *listed == Listed::Work,
            None => !day.weekday().is_weekend(),
        }
    }

    /// What kind of day it is, in words: 星期六，休息日 / 国庆节假期，休息日 / 星期六，调休上班.
    pub fn describe(&self, day: Day) -> String {
        match self.listed.get(&day) {
            Some(Listed::Rest(name)) => format!("{name}假期，休息日"),
            Some(Listed::Work) => format!("{}，调休上班", day.weekday()),
            None if day.weekday().is_weekend() => format!("{}，休息日", day.weekday()),
            None => format!("{}，工作日", day.weekday()),
        }
    }

    /// The last day of a term that something on `start` sets off.
    ///
    /// INVARIANT: the start day is never counted; the last day is never before the nominal one
    /// (`terms_only_grow`).
    pub fn last_day(&self, start: Day, span: Span, shift: Shift) -> Deadline {
        let mut settled = true;
        let nominal = match span {
            Span::Days(n) => start.plus_days(n.into()).unwrap_or(Day::MAX),
            Span::Months(n) => start.plus_months(n.into()).unwrap_or(Day::MAX),
            Span::WorkingDays(n) => self.walk(start, n, Day::next, &mut settled),
        };
        let mut last = nominal;
        if shift == Shift::Forward {
            settled &= self.is_settled(last);
            while !self.is_workday(last) && last < Day::MAX {
                last = last.next();
                settled &= self.is_settled(last);
            }
        }
        Deadline { start, span, shift, nominal, last, provisional: !settled }
    }

    /// The first day on which something may happen that the law wants so long after `start`, and the first day on
    /// which a minimum duration begun on `start` has run: full days, never shortened or moved by rest days.
    pub fn not_before(&self, start: Day, span: Span) -> Deadline {
        self.last_day(start, span, Shift::Never)
    }

    /// The latest day on which to do what the law wants so long before `event` (materials 7 days before a hearing).
    /// The day of the event is not counted, and a rest day does not help: whoever waits for it is late.
    pub fn latest_before(&self, event: Day, span: Span) -> Deadline {
        let mut settled = true;
        let day = match span {
            Span::Days(n) => event.plus_days(-i32::from(n)).unwrap_or(Day::MIN),
            Span::Months(n) => event.plus_months(-i32::from(n)).unwrap_or(Day::MIN),
            Span::WorkingDays(n) => {
                // A rest day is no working day to act on: the whole term must fit before the last one at the event,
                // else counting forward again would end after it.
                let mut last = event;
                while !self.is_workday(last) && last > Day::MIN {
                    settled &= self.is_settled(last);
                    last = last.prev();
                }
                settled &= self.is_settled(last);
                self.walk(last, n, Day::prev, &mut settled)
            }
        };
        // INVARIANT: counting the term forward again from this day ends by the event
        // (`the_latest_day_before_an_event_leaves_the_whole_term`).
        Deadline { start: event, span, shift: Shift::Backward, nominal: day, last: day, provisional: !settled }
    }

    fn walk(&self, start: Day, count: u16, step: impl Fn(Day) -> Day, settled: &mut bool) -> Day {
        let (mut day, mut left) = (start, count);
        while left > 0 {
            let next = step(day);
            if next == day {
                break; // the edge of the writable days
            }
            day = next;
            *settled &= self.is_settled(day);
            left -= u16::from(self.is_workday(day));
        }
        day
    }
}

//! Lengths of time as law and definitions give them.

use std::fmt;

use crate::problem::Problem;

/// A length of time, 1–1200 of its unit.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum Span {
    /// Calendar days (日、天).
    Days(u16),
    /// Working days (工作日).
    WorkingDays(u16),
    /// Months, to the corresponding day (个月).
    Months(u16),
}

/// A hundred years of months; longer is a slip of the pen, and bounds every loop over days.
const MOST: u16 = 1200;

impl Span {
    /// Reads `30d`, `7wd`, `1m`, `30日`, `30天`, `7个工作日`, `1个月`.
    pub fn parse(text: &str) -> Result<Span, Problem> {
        type Unit = fn(u16) -> Span;
        const UNITS: [(&str, Unit); 9] = [
            ("wd", Span::WorkingDays),
            ("个工作日", Span::WorkingDays),
            ("工作日", Span::WorkingDays),
            ("d", Span::Days),
            ("日", Span::Days),
            ("天", Span::Days),
            ("m", Span::Months),
            ("个月", Span::Months),
            ("月", Span::Months),
        ];
        let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
        let (digits, unit) = text.split_at(end);
        let Some((_, make)) = UNITS.iter().find(|(word, _)| *word == unit).filter(|_| !digits.is_empty()) else {
            return Err(Problem::new(
                126,
                format!("“{text}”不是一段期限"),
                "请写成 30d（30日）、7wd（7个工作日）或者 1m（1个月）",
            ));
        };
        let span = digits.parse().map(make).ok().filter(|span| (1..=MOST).contains(&span.number()));
        span.ok_or_else(|| {
            Problem::new(127, format!("期限“{text}”太短或者太长"), format!("数值请写 1 到 {MOST} 之间的整数"))
        })
    }

    /// The number without the unit.
    pub fn number(self) -> u16 {
        match self {
            Span::Days(n) | Span::WorkingDays(n) | Span::Months(n) => n,
        }
    }

    /// As a definition writes it.
    pub fn code(self) -> String {
        match self {
            Span::Days(n) => format!("{n}d"),
            Span::WorkingDays(n) => format!("{n}wd"),
            Span::Months(n) => format!("{n}m"),
        }
    }
}

/// In Chinese: 30日, 7个工作日, 1个月.
impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Span::Days(n) => write!(f, "{n}日"),
            Span::WorkingDays(n) => write!(f, "{n}个工作日"),
            Span::Months(n) => write!(f, "{n}个月"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(input: &str, expect: &str) {
        let found = Span::parse(input).map_or_else(|p| p.code.to_string(), |s| format!("{} {s}", s.code()));
        assert_eq!(found, expect, "{input}");
    }

    #[test]
    fn spans_read_in_both_languages_and_refuse_what_is_no_term() {
        for text in ["30d", "30日", "30天"] {
            check(text, "30d 30日");
        }
        for text in ["7wd", "7个工作日", "7工作日"] {
            check(text, "7wd 7个工作日");
        }
        for text in ["1m", "1个月"] {
            check(text, "1m 1个月");
        }
        for text in ["", "d", "-3d", "+3d", "3", "3 d", "三日", "3.5d", "3D", "3y"] {
            check(text, "P126");
        }
        for text in ["0d", "0wd", "1201m", "65536d", "99999999999999999999d"] {
            check(text, "P127");
        }
    }
}

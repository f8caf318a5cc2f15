//! One cell: what the file holds, turned into the text somebody would have typed (单元格).

use std::borrow::Cow;

use engine::day::Day;
use engine::definition::FieldType;
use engine::form::parse;

use super::layout::{SEALED, WITHHELD};

/// A cell as the file holds it.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Cell<'a> {
    /// Words.
    Text(Cow<'a, str>),
    /// A number that is not shown as a date.
    Number(f64),
    /// A number shown as a date or a time.
    Date(f64),
    /// A day written out by ISO 8601.
    Iso(String),
    /// True or false.
    Bool(bool),
    /// `#N/A` and its like.
    Error(String),
    /// A formula nobody has calculated yet.
    Uncalculated,
    /// Nothing.
    Empty,
}

/// Why a cell cannot be read, whatever its field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Bad {
    /// An error value.
    Error(String),
    /// A formula without a result.
    Uncalculated,
    /// A long number whose last digits the spreadsheet has replaced by zeros.
    Rounded(String),
}

/// What a cell says, and whether a person should be told how it was taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Said {
    pub text: String,
    /// A bare number was taken for a day.
    pub guessed_day: bool,
}

/// Excel keeps fifteen digits: from here on a number no longer says what was typed.
const FIRST_ROUNDED: f64 = 1e15;

/// The years in which a bare number in a column of days is taken for one: 1950 to 2099.
const SERIAL_DAYS: std::ops::RangeInclusive<i16> = 1950..=2099;

/// The text somebody would have typed into a field of this type.
pub(super) fn text(cell: &Cell<'_>, kind: Option<&FieldType>, epoch_1904: bool) -> Result<Said, Bad> {
    let plain = |text: String| Ok(Said { text, guessed_day: false });
    let is_time = matches!(kind, Some(FieldType::Time));
    match cell {
        Cell::Empty => plain(String::new()),
        Cell::Text(text) => plain(text.trim().to_owned()),
        Cell::Bool(is) => plain(if *is { "是" } else { "否" }.to_owned()),
        Cell::Error(error) => Err(Bad::Error(error.clone())),
        Cell::Uncalculated => Err(Bad::Uncalculated),
        Cell::Iso(iso) => plain(from_iso(iso, is_time)),
        Cell::Date(serial) => match moment(*serial, epoch_1904) {
            Some((day, minutes)) if is_time || (minutes > 0 && kind != Some(&FieldType::Day)) => {
                plain(with_clock(day, minutes))
            }
            Some((day, _)) => plain(day.to_string()),
            None => plain(shown(*serial)),
        },
        Cell::Number(number) => {
            let wants_day = is_time || matches!(kind, Some(FieldType::Day));
            let as_text = shown(*number);
            // 20230508 typed as a number is a day the form reads by itself.
            if wants_day && parse::day(&as_text).is_none() {
                let found = moment(*number, epoch_1904).filter(|(day, _)| SERIAL_DAYS.contains(&day.year()));
                if let Some((day, minutes)) = found {
                    let text = if is_time { with_clock(day, minutes) } else { day.to_string() };
                    return Ok(Said { text, guessed_day: true });
                }
            }
            let counts = matches!(kind, Some(FieldType::Number | FieldType::Money));
            if number.abs() >= FIRST_ROUNDED && !counts { Err(Bad::Rounded(as_text)) } else { plain(as_text) }
        }
    }
}

/// Whether the text is a mask an export puts over what whoever takes it away did not ask for or may not see.
pub(super) fn is_sealed(text: &str) -> bool {
    [SEALED, WITHHELD].iter().any(|mask| text == *mask || text == mask.trim_matches(['（', '）']))
}

fn with_clock(day: Day, minutes: u32) -> String {
    format!("{day} {:02}:{:02}", minutes / 60, minutes % 60)
}

fn from_iso(iso: &str, is_time: bool) -> String {
    match iso.split_once('T') {
        Some((day, clock)) if is_time => format!("{day} {}", clock.get(..5).unwrap_or(clock)),
        Some((day, _)) => day.to_owned(),
        None => iso.to_owned(),
    }
}

/// A number as Excel shows it: fifteen digits, so that 0.1+0.2 is 0.3 and 12.30 is 12.3.
pub(super) fn shown(number: f64) -> String {
    if !number.is_finite() {
        return number.to_string();
    }
    let rounded: f64 = format!("{number:.14e}").parse().unwrap_or(number);
    // −0 is nothing anybody typed.
    if rounded == 0.0 { "0".to_owned() } else { rounded.to_string() }
}

/// The day and the minute of a serial number. Excel believes there was a 29 February 1900, so day 60 is none.
pub(super) fn moment(serial: f64, epoch_1904: bool) -> Option<(Day, u32)> {
    const MINUTES: f64 = 1440.0;
    // Beyond year 9999 there is no day to write.
    if !(0.0..3_000_000.0).contains(&serial) {
        return None;
    }
    let minutes = (serial * MINUTES).round() as i64;
    let (days, minute) = ((minutes / 1440) as i32, (minutes % 1440) as u32);
    let first = match (epoch_1904, days) {
        (true, _) => Day::new(1904, 1, 1)?,
        (false, 60) => return None,
        (false, ..60) => Day::new(1899, 12, 31)?,
        (false, _) => Day::new(1899, 12, 30)?,
    };
    Some((first.plus_days(days)?, minute))
}

/// The serial number of a day, where Excel can show it.
pub(super) fn is_writable_day(day: Day) -> bool {
    day.year() >= 1900
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn serial_numbers_are_days_of_either_epoch() {
        let check = |serial: f64, epoch_1904: bool, expect: &str| {
            let found = moment(serial, epoch_1904).map_or("-".to_owned(), |(day, minute)| with_clock(day, minute));
            assert_eq!(found, expect, "{serial}");
        };
        check(1.0, false, "1900-01-01 00:00");
        check(59.0, false, "1900-02-28 00:00");
        check(60.0, false, "-");
        check(61.0, false, "1900-03-01 00:00");
        check(45054.0, false, "2023-05-08 00:00");
        check(45054.604166666664, false, "2023-05-08 14:30");
        check(45054.9999999, false, "2023-05-09 00:00");
        check(43592.0, true, "2023-05-08 00:00");
        check(-1.0, false, "-");
        check(f64::NAN, false, "-");
        check(1e300, false, "-");
    }

    #[test]
    fn numbers_read_as_excel_shows_them() {
        for (number, expect) in [
            (0.1 + 0.2, "0.3"),
            (12.30, "12.3"),
            (13800138000.0, "13800138000"),
            (-0.0, "0"),
            (1e21, "1000000000000000000000"),
        ] {
            assert_eq!(shown(number), expect);
        }
    }
}

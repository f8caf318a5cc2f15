//! Ranges, which assert no number, and percentages in words.

use super::amount::Amount;
use super::number::{self, at, digit, power, skip_blanks};

/// The end of a range whose first number ends at `i`: `3至5名`, `10-20人`. A range asserts no number.
pub(crate) fn range(t: &[char], i: usize) -> Option<usize> {
    if !matches!(at(t, i), '-' | '－' | '–' | '—' | '~' | '～' | '至' | '到') {
        return None;
    }
    let mut next = i + 1;
    if at(t, next) == at(t, i) {
        next += 1;
    }
    next = skip_blanks(t, next);
    if digit(at(t, next)).is_some() {
        return Some(number::arabic(t, next).end);
    }
    let chinese = number::chinese_digit(at(t, next)).is_some() || power(at(t, next)).is_some();
    (chinese && matches!(at(t, i), '至' | '到')).then(|| number::chinese(t, next).end)
}

/// 百分之九十八, 百分之98.5 and 百分之百.
pub(crate) fn hundredths(t: &[char], i: usize) -> Option<(usize, Option<Amount>)> {
    if !(at(t, i) == '百' && at(t, i + 1) == '分' && at(t, i + 2) == '之') {
        return None;
    }
    let k = i + 3;
    if digit(at(t, k)).is_some() {
        let number = number::arabic(t, k);
        return Some((number.end, number.value));
    }
    if number::chinese_digit(at(t, k)).is_none() && power(at(t, k)).is_none() {
        return None;
    }
    let whole = number::chinese(t, k);
    if at(t, whole.end) != '点' {
        return Some((whole.end, whole.value));
    }
    let (mut end, mut digits, mut scale) = (whole.end + 1, 0i64, 0u8);
    while let Some(value) = number::chinese_digit(at(t, end)).filter(|_| scale < 6) {
        digits = digits * 10 + value;
        scale += 1;
        end += 1;
    }
    Some((end, whole.value.and_then(|value| value.plus(Amount::new(digits, scale)))))
}

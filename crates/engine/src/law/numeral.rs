//! Chinese numerals as statutes write them.

const DIGITS: [char; 10] = ['零', '一', '二', '三', '四', '五', '六', '七', '八', '九'];
const UNITS: [(char, u16); 3] = [('千', 1000), ('百', 100), ('十', 10)];

/// Writes 1–9999: 十, 十二, 二十, 一百零五, 一百一十, 一千二百六十.
pub(crate) fn write(number: u16) -> String {
    let (mut text, mut rest, mut gap) = (String::new(), number, false);
    for (unit, size) in UNITS {
        let digit = rest / size;
        rest %= size;
        if digit == 0 {
            gap = !text.is_empty();
            continue;
        }
        if gap {
            text.push('零');
            gap = false;
        }
        // Ten to nineteen drop the leading one; inside a hundred it is written.
        if !(unit == '十' && digit == 1 && text.is_empty()) {
            text.push(DIGITS[digit as usize]);
        }
        text.push(unit);
    }
    if rest > 0 {
        if gap {
            text.push('零');
        }
        text.push(DIGITS[rest as usize]);
    }
    text
}

/// Reads exactly what [`write()`] writes; 一十二, 二零五, 廿 and 〇 are refused.
///
/// INVARIANT: `read(write(n)) == n`, and nothing else reads (`numerals_read_only_as_they_are_written`).
pub(crate) fn read(text: &str) -> Option<u16> {
    let (mut number, mut digit) = (0u16, None);
    for c in text.chars() {
        if let Some(found) = DIGITS.iter().position(|d| *d == c) {
            digit = Some(found as u16);
        } else {
            let (_, size) = UNITS.iter().find(|(unit, _)| *unit == c)?;
            number = number.checked_add(digit.take().unwrap_or(1).checked_mul(*size)?)?;
        }
    }
    let number = number.checked_add(digit.unwrap_or(0))?;
    // Reading is lenient and writing is strict, so comparing with what we would write refuses every variant.
    (number > 0 && write(number) == text).then_some(number)
}

/// Whether a character may stand in a numeral.
pub(crate) fn is_numeral(c: char) -> bool {
    DIGITS.contains(&c) || UNITS.iter().any(|(unit, _)| *unit == c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numerals_read_only_as_they_are_written() {
        for n in 1..=9999 {
            assert_eq!(read(&write(n)), Some(n), "{}", write(n));
        }
        let samples = [
            (10, "十"),
            (15, "十五"),
            (20, "二十"),
            (105, "一百零五"),
            (110, "一百一十"),
            (1005, "一千零五"),
            (1050, "一千零五十"),
            (1260, "一千二百六十"),
        ];
        for (n, text) in samples {
            assert_eq!(write(n), text);
        }
        for bad in ["", "零", "一十二", "一百五", "二零五", "廿", "〇", "一百零一十", "十十", "12", "一千二百零六十"]
        {
            assert_eq!(read(bad), None, "{bad}");
        }
    }
}

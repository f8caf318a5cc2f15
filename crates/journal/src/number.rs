//! Decimal numbers with one spelling: no sign but minus, no leading zero.

/// Reads a canonical decimal `u64`.
pub(crate) fn parse_u64(text: &[u8]) -> Option<u64> {
    if text.is_empty() || text.len() > 20 || (text[0] == b'0' && text.len() > 1) {
        return None;
    }
    text.iter().try_fold(0u64, |value, byte| {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        value.checked_mul(10)?.checked_add(u64::from(digit))
    })
}

/// Reads a canonical decimal `i64`; `-0` is refused.
pub(crate) fn parse_i64(text: &[u8]) -> Option<i64> {
    match text {
        [b'-', rest @ ..] => match parse_u64(rest)? {
            0 => None,
            size => 0i64.checked_sub_unsigned(size),
        },
        _ => parse_u64(text)?.try_into().ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_has_one_spelling() {
        for value in [i64::MIN, -1, 0, 7, 1_760_000_000_000, i64::MAX] {
            assert_eq!(parse_i64(value.to_string().as_bytes()), Some(value));
        }
        assert_eq!(parse_u64(u64::MAX.to_string().as_bytes()), Some(u64::MAX));
        for bad in ["", "-", "-0", "+1", "01", " 1", "1 ", "9223372036854775808", "1e3"] {
            assert_eq!(parse_i64(bad.as_bytes()), None, "{bad}");
        }
        assert_eq!(parse_u64(b"18446744073709551616"), None);
    }
}

//! Canonical JSON (RFC 8785), for payloads without fractions.
//!
//! Numbers are whole and at most 2⁵³ − 1 in size: beyond that RFC 8785 rounds, and a rounded
//! number in a record is a wrong number. Members are sorted by the UTF-16 units of their names.

use serde_json::{Number, Value};

/// The largest whole number every JSON reader keeps exactly (RFC 7493 section 2.2).
pub const MAX_NUMBER: u64 = (1 << 53) - 1;

/// Arrays and objects within each other, at most.
pub const MAX_DEPTH: usize = 64;

/// Why a value has no canonical form.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CanonicalError {
    /// A number with a fraction, or beyond 2⁵³ − 1.
    #[error("{path:?}: {number} is not a whole number of at most 2^53 - 1")]
    Number {
        /// JSON pointer to the number.
        path: String,
        /// The number as written.
        number: String,
    },
    /// More than [`MAX_DEPTH`] arrays and objects within each other.
    #[error("{0:?}: deeper than 64 levels")]
    Depth(String),
}

/// The canonical form of a value.
///
/// # Errors
/// Fractions, numbers beyond 2⁵³ − 1 and excessive depth, each with its JSON pointer.
// INVARIANT: the same bytes as an implementation of another hand, held by the test
// `canonical_json_agrees_with_another_hand`.
pub fn canonical(value: &Value) -> Result<String, CanonicalError> {
    let mut out = String::new();
    write(value, &mut String::new(), 0, &mut out)?;
    Ok(out)
}

pub(crate) fn write(value: &Value, path: &mut String, depth: usize, out: &mut String) -> Result<(), CanonicalError> {
    if depth > MAX_DEPTH {
        return Err(CanonicalError::Depth(path.clone()));
    }
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(true) => out.push_str("true"),
        Value::Bool(false) => out.push_str("false"),
        Value::Number(number) => match whole(number) {
            Some(whole) => out.push_str(&whole.to_string()),
            None => {
                return Err(CanonicalError::Number { path: path.clone(), number: number.to_string() });
            }
        },
        Value::String(text) => push_string(text, out),
        Value::Array(items) => {
            out.push('[');
            for (nth, item) in items.iter().enumerate() {
                if nth > 0 {
                    out.push(',');
                }
                within(path, &nth.to_string(), |path| write(item, path, depth + 1, out))?;
            }
            out.push(']');
        }
        Value::Object(members) => {
            let mut sorted: Vec<_> = members.iter().collect();
            sorted.sort_by(|(a, _), (b, _)| a.encode_utf16().cmp(b.encode_utf16()));
            out.push('{');
            for (nth, (name, member)) in sorted.into_iter().enumerate() {
                if nth > 0 {
                    out.push(',');
                }
                push_string(name, out);
                out.push(':');
                within(path, name, |path| write(member, path, depth + 1, out))?;
            }
            out.push('}');
        }
    }
    Ok(())
}

/// Runs `inner` with one more step on the JSON pointer (RFC 6901).
pub(crate) fn within<T>(path: &mut String, step: &str, inner: impl FnOnce(&mut String) -> T) -> T {
    let length = path.len();
    path.push('/');
    for char in step.chars() {
        match char {
            '~' => path.push_str("~0"),
            '/' => path.push_str("~1"),
            _ => path.push(char),
        }
    }
    let result = inner(path);
    path.truncate(length);
    result
}

fn whole(number: &Number) -> Option<i64> {
    let fits = |whole: &i64| whole.unsigned_abs() <= MAX_NUMBER;
    if let Some(whole) = number.as_i64() {
        return Some(whole).filter(fits);
    }
    // 1.0 and 1 are one value in JSON and must be one value here.
    let float = number.as_f64()?;
    (float.fract() == 0.0 && float.abs() <= MAX_NUMBER as f64).then_some(float as i64)
}

fn push_string(text: &str, out: &mut String) {
    out.push('"');
    for char in text.chars() {
        match char {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\u{8}' => out.push_str("\\b"),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\u{c}' => out.push_str("\\f"),
            '\r' => out.push_str("\\r"),
            '\0'..='\u{1f}' => {
                out.push_str("\\u00");
                crate::hash::push_hex(&[char as u8], out);
            }
            _ => out.push(char),
        }
    }
    out.push('"');
}

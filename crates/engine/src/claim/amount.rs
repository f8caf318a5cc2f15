//! An exact decimal, so that 96.5 never becomes 96.49999.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::{cmp::Ordering, fmt};

/// A decimal `mantissa / 10^scale`, kept without trailing zeros so that equal amounts are equal values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Amount {
    mantissa: i64,
    scale: u8,
}

/// More digits than this are not a count of work, and would overflow the arithmetic below.
const MOST_DIGITS: u32 = 15;

impl Amount {
    /// The decimal `mantissa / 10^scale`; digits after the fifteenth place are not representable and are cut.
    pub fn new(mantissa: i64, scale: u8) -> Self {
        let (mut mantissa, mut scale) = (mantissa, scale);
        while scale > 0 && (mantissa % 10 == 0 || u32::from(scale) > MOST_DIGITS) {
            mantissa /= 10;
            scale -= 1;
        }
        Self { mantissa, scale }
    }

    /// The digits before and after a decimal point, or nothing when there are too many of them to be exact.
    pub(crate) fn from_digits(digits: impl Iterator<Item = u32>, scale: usize) -> Option<Self> {
        let mut mantissa = 0i64;
        for digit in digits {
            if mantissa >= 10i64.pow(MOST_DIGITS - 1) {
                return None;
            }
            mantissa = mantissa * 10 + i64::from(digit);
        }
        (scale <= MOST_DIGITS as usize).then(|| Self::new(mantissa, scale as u8))
    }

    /// This amount times ten to the power of `exponent`, or nothing when it no longer fits.
    pub(crate) fn shifted(self, exponent: u8) -> Option<Self> {
        let cut = exponent.min(self.scale);
        let factor = 10i64.checked_pow(u32::from(exponent - cut))?;
        Some(Self::new(self.mantissa.checked_mul(factor)?, self.scale - cut))
    }

    /// The sum, or nothing when it does not fit.
    pub fn plus(self, other: Self) -> Option<Self> {
        let scale = self.scale.max(other.scale);
        let widen = |amount: Self| {
            10i64.checked_pow(u32::from(scale - amount.scale)).and_then(|factor| amount.mantissa.checked_mul(factor))
        };
        Some(Self::new(widen(self)?.checked_add(widen(other)?)?, scale))
    }

    /// The same amount below zero.
    pub fn negated(self) -> Self {
        Self { mantissa: -self.mantissa, scale: self.scale }
    }

    /// Whether there is nothing after the decimal point.
    pub fn is_whole(self) -> bool {
        self.scale == 0
    }

    /// The nearest binary fraction, for arithmetic that needs no exactness.
    pub fn to_f64(self) -> f64 {
        self.mantissa as f64 / 10f64.powi(i32::from(self.scale))
    }
}

impl From<i64> for Amount {
    fn from(whole: i64) -> Self {
        Self::new(whole, 0)
    }
}

impl Ord for Amount {
    fn cmp(&self, other: &Self) -> Ordering {
        let scale = self.scale.max(other.scale);
        let widen = |amount: &Self| i128::from(amount.mantissa) * 10i128.pow(u32::from(scale - amount.scale));
        widen(self).cmp(&widen(other))
    }
}

impl PartialOrd for Amount {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let power = 10i64.pow(u32::from(self.scale));
        let sign = if self.mantissa < 0 { "-" } else { "" };
        write!(f, "{sign}{}", (self.mantissa / power).unsigned_abs())?;
        if self.scale > 0 {
            let width = usize::from(self.scale);
            write!(f, ".{:0width$}", (self.mantissa % power).unsigned_abs())?;
        }
        Ok(())
    }
}

impl Serialize for Amount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.scale {
            0 => serializer.serialize_i64(self.mantissa),
            // At most fifteen digits, so the shortest text of the binary fraction is the decimal itself.
            _ => serializer.serialize_f64(self.to_f64()),
        }
    }
}

impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = serde_json::Number::deserialize(deserializer)?.to_string();
        let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
        format!("{whole}{fraction}")
            .parse()
            .map(|mantissa| Self::new(mantissa, fraction.len() as u8))
            .map_err(|_| serde::de::Error::custom("not a decimal of at most fifteen digits"))
    }
}

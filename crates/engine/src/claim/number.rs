//! Numerals as reports write them: `13,000`, `１２００`, `1.2万余`, `650余万`, `二十三`, `两万余`, `百余`.

use super::amount::Amount;

/// A numeral found at a place in the text.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Number {
    /// One past its last character, with multiplier and 余.
    pub end: usize,
    /// Its value; nothing for dates, times, years in Chinese digits and numerals that are not well formed.
    pub value: Option<Amount>,
    /// 余, 多 or 几 stands in it.
    pub more: bool,
    /// Written in Chinese numerals.
    pub chinese: bool,
    /// One Chinese numeral alone (一, 两, 十): the form idioms and slogans take.
    pub single: bool,
    /// Begins with 百, 千 or 万: counts only beside 近, 超, 余.
    pub bare: bool,
    /// Has a decimal point.
    pub decimal: bool,
    /// Has 万, 千, 百 or 亿 after Arabic digits.
    pub multiplied: bool,
}

impl Number {
    fn nothing(end: usize) -> Self {
        Self {
            end,
            value: None,
            more: false,
            chinese: false,
            single: false,
            bare: false,
            decimal: false,
            multiplied: false,
        }
    }
}

/// The character at `i`, or NUL beyond the end, so that looking ahead needs no bounds checks.
pub(crate) fn at(t: &[char], i: usize) -> char {
    t.get(i).copied().unwrap_or('\0')
}

/// Blanks that typists leave round digits; a line break is none of them.
pub(crate) fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\u{3000}' | '\u{a0}' | '\t' | '\u{2002}'..='\u{200b}')
}

/// The first place from `i` that holds no blank.
pub(crate) fn skip_blanks(t: &[char], mut i: usize) -> usize {
    while is_blank(at(t, i)) {
        i += 1;
    }
    i
}

/// The first place from `i` that holds no blank, over one line break within a sentence: 反诈宣传16⏎场.
/// A line of digits alone is a page number or a cell, and the line after it something else.
pub(crate) fn skip_break(t: &[char], i: usize) -> usize {
    let next = skip_blanks(t, i);
    let broken = usize::from(at(t, next) == '\r');
    if at(t, next + broken) != '\n' {
        return next;
    }
    let first =
        (i.saturating_sub(12)..i).rev().find(|k| digit(t[*k]).is_none() && !matches!(t[*k], '.' | ',' | '余' | '多'));
    match first {
        Some(k) if ('\u{4e00}'..='\u{9fff}').contains(&t[k]) => next + broken + 1,
        _ => next,
    }
}

/// The value of an Arabic digit, half or full width.
pub(crate) fn digit(c: char) -> Option<u32> {
    match c {
        '0'..='9' => Some(c as u32 - '0' as u32),
        '０'..='９' => Some(c as u32 - '０' as u32),
        _ => None,
    }
}

/// The value of a Chinese digit.
pub(crate) fn chinese_digit(c: char) -> Option<i64> {
    Some(match c {
        '零' | '〇' | '○' => 0,
        '一' => 1,
        '二' | '两' => 2,
        '三' => 3,
        '四' => 4,
        '五' => 5,
        '六' => 6,
        '七' => 7,
        '八' => 8,
        '九' => 9,
        _ => return None,
    })
}

/// The power of ten a Chinese multiplier stands for.
pub(crate) fn power(c: char) -> Option<u8> {
    Some(match c {
        '十' => 1,
        '百' => 2,
        '千' => 3,
        '万' => 4,
        '亿' => 8,
        _ => return None,
    })
}

/// A telephone line known by its number: 110民警, 12345工作人员.
pub(crate) fn is_line(value: Amount) -> bool {
    const LINES: [i64; 14] = [110, 119, 120, 122, 12309, 12315, 12319, 12333, 12337, 12345, 12348, 12350, 12388, 96110];
    LINES.into_iter().any(|line| value == Amount::from(line))
}

fn is_digit_at(t: &[char], i: usize) -> bool {
    digit(at(t, i)).is_some()
}

/// Exactly three digits from `i`, as after a thousands separator.
fn is_group(t: &[char], i: usize) -> bool {
    (i..i + 3).all(|k| is_digit_at(t, k)) && !is_digit_at(t, i + 3)
}

/// The numeral in Arabic digits at `i`, which must hold one.
pub(crate) fn arabic(t: &[char], i: usize) -> Number {
    let mut end = i;
    let mut digits: Vec<u32> = Vec::new();
    let take = |end: &mut usize, digits: &mut Vec<u32>| {
        while let Some(value) = digit(at(t, *end)) {
            // Ten million digits are no number; keep only enough of them to know that.
            if digits.len() < 20 {
                digits.push(value);
            }
            *end += 1;
        }
    };
    take(&mut end, &mut digits);
    let mut grouped = digits.len() <= 3;
    while grouped && is_separator(t, end) && is_group(t, end + 1) {
        end += 1;
        take(&mut end, &mut digits);
        grouped = digits.len() < 16;
    }
    let mut scale = 0;
    if matches!(at(t, end), '.' | '．') && is_digit_at(t, end + 1) {
        let whole = digits.len();
        end += 1;
        take(&mut end, &mut digits);
        scale = digits.len() - whole;
    }
    if is_chain(t, end) {
        while is_digit_at(t, end) || is_chain(t, end) {
            end += 1;
        }
        return Number::nothing(end);
    }
    let mut number =
        Number { value: Amount::from_digits(digits.into_iter(), scale), decimal: scale > 0, ..Number::nothing(end) };
    multiply(t, &mut number);
    number
}

/// A thousands separator: a half-width comma, a blank, or a full-width comma before 000.
fn is_separator(t: &[char], i: usize) -> bool {
    match at(t, i) {
        ',' | '\u{2009}' | ' ' => true,
        '，' => (i + 1..i + 4).all(|k| digit(at(t, k)) == Some(0)),
        _ => false,
    }
}

/// A joint that makes digits a date, time, version, telephone or ratio: `3·15`, `15:51`, `1.2.3`, `0797-123`.
fn is_chain(t: &[char], i: usize) -> bool {
    matches!(
        at(t, i),
        '.' | '．'
            | '·'
            | '•'
            | '・'
            | '∙'
            | ':'
            | '：'
            | '∶'
            | '/'
            | '／'
            | '-'
            | '－'
            | '–'
            | '—'
            | '~'
            | '～'
            | '−'
    ) && is_digit_at(t, i + 1)
}

/// Takes 余, 万 and their like after digits: `30余`, `1.2万余`, `650余万`, `3千多`, `2万3千`.
fn multiply(t: &[char], number: &mut Number) {
    let mut i = skip_break(t, number.end);
    if take_more(t, &mut i) {
        number.more = true;
        number.end = i;
        i = skip_blanks(t, i);
    }
    let mut powers = 0u8;
    while let Some(exponent) = power(at(t, i)).filter(|exponent| *exponent > 1) {
        // 千克, 千米 and 百分点 are units of their own.
        if matches!(at(t, i + 1), '克' | '米' | '瓦' | '分' | '伏') && powers == 0 && exponent < 4 {
            break;
        }
        powers = powers.saturating_add(exponent);
        i += 1;
        number.end = i;
        number.multiplied = true;
        if powers > 12 {
            break;
        }
    }
    if powers > 0 {
        number.value = number.value.and_then(|value| value.shifted(powers));
        if powers >= 4 && digit(at(t, i)).is_some() {
            let rest = small_rest(t, i);
            if let Some((end, value)) = rest {
                number.value = number.value.and_then(|whole| whole.plus(value));
                number.end = end;
                i = end;
            }
        }
        let mut k = skip_blanks(t, i);
        if take_more(t, &mut k) {
            number.more = true;
            number.end = k;
        }
    }
}

/// The `3千` in `2万3千`.
fn small_rest(t: &[char], i: usize) -> Option<(usize, Amount)> {
    let value = digit(at(t, i))?;
    let exponent = power(at(t, i + 1)).filter(|exponent| (2..=3).contains(exponent))?;
    let amount = Amount::from(i64::from(value)).shifted(exponent)?;
    Some((i + 2, amount))
}

/// Steps over 余, 多, 几 or 来 when one stands at `i` as an approximator.
fn take_more(t: &[char], i: &mut usize) -> bool {
    let next = at(t, *i + 1);
    let is_more = match at(t, *i) {
        '余' => !matches!(next, '额' | '下' | '款' | '热' | '力' | '地' | '缺'),
        '多' => !matches!(next, '方' | '数' | '样' | '渠' | '维' | '措' | '跨'),
        '几' => true,
        '来' => power(at(t, i.wrapping_sub(1))).is_some() && !matches!(next, '自' | '到' | '源'),
        _ => false,
    };
    *i += usize::from(is_more);
    is_more
}

/// The numeral in Chinese characters at `i`, which must hold one.
pub(crate) fn chinese(t: &[char], i: usize) -> Number {
    let mut number = Number { chinese: true, ..Number::nothing(i) };
    let (mut total, mut section, mut current) = (0i64, 0i64, None::<i64>);
    let (mut well_formed, mut zero_before, mut last_power) = (true, false, 0u8);
    let mut k = i;
    loop {
        let c = at(t, k);
        if let Some(value) = chinese_digit(c) {
            if current.is_some() {
                well_formed = false;
            }
            if value == 0 && k > i {
                zero_before = true;
            } else {
                current = Some(value);
            }
        } else if let Some(exponent) = power(c) {
            if k == i {
                number.bare = exponent > 1;
            }
            if exponent < 4 {
                section += current.take().unwrap_or(1) * 10i64.pow(u32::from(exponent));
            } else {
                section = (section + current.take().unwrap_or(0)).max(1);
                let power = 10i64.pow(u32::from(exponent));
                // 一亿三千万 adds to what stands; 三千万亿 would multiply it.
                total = if total >= power {
                    total.saturating_add(section.saturating_mul(power))
                } else {
                    (total + section).saturating_mul(power)
                };
                section = 0;
            }
            last_power = exponent;
            zero_before = false;
        } else {
            break;
        }
        k += 1;
        // No count of work is written with more numerals than this; the rest is skipped by the caller.
        if k - i > 16 {
            return Number { end: k, value: None, ..number };
        }
    }
    if current.is_some() && last_power > 1 && !zero_before {
        well_formed = false;
    }
    number.single = k == i + 1 && !number.bare;
    number.end = k;
    let mut value = total.saturating_add(section).saturating_add(current.unwrap_or(0));
    if last_power > 0 && take_more(t, &mut k) {
        number.more = true;
        number.end = k;
        if let Some(exponent) = power(at(t, k)).filter(|exponent| *exponent >= 4) {
            value = value.saturating_mul(10i64.pow(u32::from(exponent)));
            number.end = k + 1;
        }
    }
    // 六余件 is ill written, and counts six all the same.
    if number.single && last_power == 0 && at(t, k) == '余' && "次场件份人名个条起户".contains(at(t, k + 1))
    {
        (number.more, number.end) = (true, k + 1);
    }
    if number.more {
        number.single = false;
    }
    number.value = (well_formed && value < 1_000_000_000_000).then(|| Amount::from(value));
    number
}

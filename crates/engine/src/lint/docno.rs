//! Document numbers: 某府发〔2023〕5号.

use super::{Page, Rule};
use crate::claim::text::{at, digit, is_blank};

/// Checks the bracket, year and number of every document number.
pub(crate) fn check(page: &mut Page) {
    let t = page.t;
    let mut i = 0;
    while i < t.len() {
        if matches!(t[i], '〔' | '[' | '［' | '【' | '（' | '(') {
            number(page, i);
        } else if t[i] == '〕'
            && !(i.saturating_sub(8)..i).any(|k| matches!(t[k], '〔' | '[' | '［' | '【' | '（' | '('))
        {
            page.note(
                Rule::MalformedDocno,
                i.saturating_sub(4),
                i + 6,
                "发文字号缺左括号，应写作“〔2023〕5号”。".to_string(),
            );
        }
        i += 1;
    }
}

fn number(page: &mut Page, open: usize) {
    let t = page.t;
    let mut k = open + 1;
    while is_blank(at(t, k)) && k < open + 4 {
        k += 1;
    }
    let year = k;
    while digit(at(t, k)).is_some() && k < year + 12 {
        k += 1;
    }
    let digits = k - year;
    let is_year = digits >= 2 && digit(at(t, year)) == Some(2) && digit(at(t, year + 1)) == Some(0);
    while is_blank(at(t, k)) && k < year + 16 {
        k += 1;
    }
    let (mark, hexagonal) = (at(t, k), t[open] == '〔');
    let partner = match t[open] {
        '〔' => '〕',
        '[' => ']',
        '［' => '］',
        '【' => '】',
        '(' => ')',
        _ => '）',
    };
    // （20230105号） after other words is the number of a certificate.
    let named = hexagonal || open > 0 && "发办字函政府委通文令规".contains(t[open - 1]);
    if mark == '号' && is_year && digits >= 5 && named {
        page.note(Rule::MalformedDocno, open, k + 1, "发文字号缺右括号，应写作“〔2023〕5号”。".to_string());
        return;
    }
    let closed = matches!(mark, '〕' | ']' | '］' | '】' | '）' | ')');
    if !closed || !is_year {
        if hexagonal && digits > 0 {
            page.note(Rule::MalformedDocno, open, k + 4, "发文字号年份残缺，应写作“〔2023〕5号”。".to_string());
        }
        return;
    }
    let mut after = k + 1;
    while is_blank(at(t, after)) && after < k + 4 {
        after += 1;
    }
    let ordinal = at(t, after) == '第';
    let first = after + usize::from(ordinal);
    let mut last = first;
    while digit(at(t, last)).is_some() && last < first + 8 {
        last += 1;
    }
    while is_blank(at(t, last)) && last < first + 12 {
        last += 1;
    }
    let numbered = digit(at(t, first)).is_some() && at(t, last) == '号';
    if hexagonal && at(t, first) == '号' {
        page.note(Rule::MalformedDocno, open, first + 1, "发文字号缺序号，应写作“〔2023〕5号”。".to_string());
        return;
    }
    let mixed = (hexagonal || mark == '〕') && mark != partner;
    if hexagonal && digits != 4 || mixed || numbered && digits != 4 {
        page.note(
            Rule::MalformedDocno,
            open,
            last + 1,
            "发文字号年份应为四位并用六角括号括入，如“〔2023〕5号”。".to_string(),
        );
    } else if hexagonal && digit(at(t, first)).is_some() && !numbered && at(t, last) != '\0' {
        page.note(Rule::MalformedDocno, open, last + 1, "发文字号缺“号”字，应写作“〔2023〕5号”。".to_string());
    } else if numbered && !hexagonal {
        page.note(Rule::DocYear, open, last + 1, "发文字号的年份应用六角括号，写作“〔2023〕5号”。".to_string());
    }
}

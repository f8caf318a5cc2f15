//! Reading one value the way people type it: full-width digits, several ways to write a date, yuan, 是 and 否.

use crate::day::Day;
use crate::definition::{Field, FieldType};
use crate::law::Citation;
use crate::problem::Problem;
use crate::read::{At, nearest};
use crate::value::Value;

use super::{Found, LONGEST_TEXT, Lookup, how_to};

/// Reads one value of a field.
pub fn one(field: &Field, text: &str, lookup: &dyn Lookup) -> Result<Value, Problem> {
    let bad = |what: &str| {
        let shown: String = text.chars().take(30).collect();
        Problem::new(204, format!("“{}”填的“{shown}”{what}", field.title), how_to(field))
    };
    match &field.kind {
        FieldType::Text | FieldType::Outsider => match text.chars().count() {
            length if length > LONGEST_TEXT => Err(bad(&format!("有 {length} 个字，最多 {LONGEST_TEXT} 个"))),
            _ if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\t' | '\r')) => Err(bad("含有控制字符")),
            _ => Ok(Value::Text(text.to_owned())),
        },
        FieldType::Day => day(text).map(|day| Value::Text(day.to_string())).ok_or_else(|| bad("不是日期")),
        FieldType::Time => time(text).map(Value::Text).ok_or_else(|| bad("不是日期和时刻")),
        FieldType::Number => number(text).map(Value::Int).ok_or_else(|| bad("不是整数")),
        FieldType::Money => money(text).map(Value::Int).ok_or_else(|| bad("不是金额")),
        FieldType::YesNo => yes_no(text).map(Value::Bool).ok_or_else(|| bad("不是“是”或“否”")),
        FieldType::Choice | FieldType::Choices => {
            let found = field.choices.iter().find(|choice| choice.id.value == text || choice.title == text);
            found.map(|choice| Value::Text(choice.id.value.clone())).ok_or_else(|| {
                let titles: Vec<&str> = field.choices.iter().map(|choice| choice.title.as_str()).collect();
                let mut problem = bad("不在可选项中");
                if let Some(near) = nearest(text, &titles) {
                    problem.remedy = format!("是不是“{near}”？{}", problem.remedy);
                }
                problem
            })
        }
        FieldType::Entry(_) => number(text).filter(|nth| *nth >= 1).map(Value::Int).ok_or_else(|| bad("不是第几次")),
        FieldType::File => {
            let is_hash = text.len() == 64 && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
            if is_hash && lookup.has_file(text) {
                return Ok(Value::Text(text.to_owned()));
            }
            let shown: String = text.chars().take(30).collect();
            let text = format!("“{}”填的“{shown}”不是本系统收存的文件", field.title);
            let remedy =
                "文件不能从表格带入：请清空这一格，导入后用 yifa step … correct 补传；不用表格的，请写文件的路径";
            Err(Problem::new(243, text, remedy))
        }
        FieldType::Finding => {
            let known = |id: &str| field.choices.iter().any(|choice| choice.id.value == id);
            match text.splitn(3, ':').collect::<Vec<_>>().as_slice() {
                [check, _, _] if known(check) => Ok(Value::Text(text.to_owned())),
                _ => Err(bad("不是“请核实”的编号")),
            }
        }
        FieldType::Law => match Citation::parse(&At { value: text.to_owned(), span: 0..text.len() }) {
            Ok(citation) => Ok(Value::Text(citation.to_string())),
            Err(error) => {
                let problem = bad(&format!("不是法律文件的写法：{}", error.text));
                Err(Problem { remedy: error.remedy, ..problem })
            }
        },
        kind => {
            let register = kind.register().unwrap_or_default();
            match lookup.find(register, text) {
                Found::One(id) => Ok(Value::Text(id)),
                Found::Many(count) => {
                    let mut problem = bad(&format!("有 {count} 个同名的"));
                    problem.remedy = format!("请改填编号或者 id，用 yifa list {register} 查看");
                    Err(problem)
                }
                Found::None(near) => {
                    let mut problem = bad("在登记簿中找不到");
                    problem.remedy = match near.first() {
                        Some(near) => format!("是不是“{near}”？不是的话，请先登记再填"),
                        None => "请先登记再填".to_owned(),
                    };
                    Err(problem)
                }
            }
        }
    }
}

/// What stands between several values in one cell.
pub const SEPARATORS: [char; 6] = ['、', '；', ';', '，', ',', '\n'];

/// Splits a cell that holds several values. A choice whose own name holds a separator stays whole: sets adopted
/// before such names were refused are in use for as long as their records are.
pub fn split<'t>(field: &Field, text: &'t str) -> Vec<&'t str> {
    let mut pieces = Vec::new();
    let mut rest = text;
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || SEPARATORS.contains(&c));
        if rest.is_empty() {
            return pieces;
        }
        let ends = |at: usize| rest[at..].trim_start_matches([' ', '\u{3000}']).starts_with(SEPARATORS);
        let names = field.choices.iter().map(|choice| choice.title.as_str());
        let whole = names.filter(|name| rest.starts_with(name)).map(str::len);
        let whole = whole.filter(|at| rest[*at..].trim().is_empty() || ends(*at)).max();
        let at = whole.or_else(|| rest.find(SEPARATORS)).unwrap_or(rest.len());
        pieces.push(rest[..at].trim());
        rest = &rest[at..];
    }
}

/// Full-width digits, letters and signs as their plain forms.
pub fn plain(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
            '\u{3000}' => ' ',
            '—' | '–' => '-',
            other => other,
        })
        .collect::<String>()
        .trim()
        .to_owned()
}

/// 2023-05-08, 2023/5/8, 2023.5.8, 2023年5月8日, 20230508.
pub fn day(text: &str) -> Option<Day> {
    let text = plain(text);
    if text.len() == 8 && text.bytes().all(|b| b.is_ascii_digit()) {
        return Day::new(text[..4].parse().ok()?, text[4..6].parse().ok()?, text[6..].parse().ok()?);
    }
    let text = text.trim_end_matches('日').trim_end_matches('号');
    let parts: Vec<&str> = text.split(['-', '/', '.', '年', '月']).map(str::trim).collect();
    let [year, month, day] = parts[..] else { return None };
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    if year.len() != 4 || ![year, month, day].into_iter().all(digits) || month.len() > 2 || day.len() > 2 {
        return None;
    }
    Day::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
}

/// A day and a clock time, as `2023-05-08 14:30`.
pub fn time(text: &str) -> Option<String> {
    let text = plain(text).replace('T', " ");
    let (date, clock) = text.rsplit_once(' ')?;
    let (hour, minute) = clock.split_once([':', '时'])?;
    let minute = minute.split(':').next()?.trim_end_matches('分');
    let (hour, minute): (u8, u8) = (hour.trim().parse().ok()?, minute.trim().parse().ok()?);
    (hour < 24 && minute < 60).then_some(())?;
    Some(format!("{} {hour:02}:{minute:02}", day(date.trim())?))
}

/// A whole number from 0 to a trillion, with or without thousands separators.
pub fn number(text: &str) -> Option<i64> {
    let text = plain(text).replace(',', "");
    let whole = text.strip_suffix(".0").unwrap_or(&text);
    if whole.is_empty() || !whole.bytes().all(|b| b.is_ascii_digit()) || whole.len() > 13 {
        return None;
    }
    whole.parse().ok().filter(|number| *number <= 1_000_000_000_000)
}

/// Yuan with at most two decimals, as fen.
pub fn money(text: &str) -> Option<i64> {
    let text = plain(text).replace([',', '¥', '￥'], "");
    let (text, scale) = match text.trim_end_matches('元') {
        rest if rest.ends_with('万') => (rest.trim_end_matches('万').to_owned(), 10_000),
        rest => (rest.to_owned(), 1),
    };
    let (whole, decimals) = text.trim().split_once('.').unwrap_or((text.trim(), ""));
    let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || !digits(whole) || !digits(decimals) || whole.len() > 12 || decimals.len() > 6 {
        return None;
    }
    // In millionths of a yuan, so that 3.65万元 stays exact.
    let millionths: i128 = format!("{whole}{decimals:0<6}").parse().ok()?;
    let fen_times_ten_thousand = millionths * scale;
    let fen = fen_times_ten_thousand / 10_000;
    // JSON numbers are exact up to here, and a township's amounts stay far below.
    const MOST: i128 = 1 << 53;
    (fen_times_ten_thousand % 10_000 == 0 && fen < MOST).then_some(fen as i64)
}

/// 是 or 否, and the ways people write them.
pub fn yes_no(text: &str) -> Option<bool> {
    match plain(text).to_lowercase().as_str() {
        "是" | "有" | "√" | "true" | "yes" | "y" | "1" => Some(true),
        "否" | "无" | "×" | "x" | "false" | "no" | "n" | "0" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check<T: std::fmt::Debug>(read: impl Fn(&str) -> Option<T>, cases: &[(&str, &str)]) {
        for (typed, expect) in cases {
            let got = read(typed).map_or("-".to_owned(), |value| format!("{value:?}"));
            assert_eq!(&got, expect, "{typed:?}");
        }
    }

    #[test]
    fn dates_are_read_the_ways_people_type_them() {
        check(
            day,
            &[
                ("2023-05-08", "2023-05-08"),
                ("2023/5/8", "2023-05-08"),
                ("2023.5.8", "2023-05-08"),
                ("２０２３年５月８日", "2023-05-08"),
                (" 20230508 ", "2023-05-08"),
                ("2023-02-29", "-"),
                ("23-5-8", "-"),
                ("5月8日", "-"),
                ("2023-5", "-"),
                ("2023-05-08-01", "-"),
                ("", "-"),
            ],
        );
        check(time, &[("2023/5/8 9:05", "\"2023-05-08 09:05\""), ("2023-05-08T24:00", "-"), ("9:05", "-")]);
    }

    #[test]
    fn numbers_and_money_are_exact_or_refused() {
        check(
            number,
            &[
                ("１２００", "1200"),
                ("13,000", "13000"),
                ("30.0", "30"),
                ("30.5", "-"),
                ("-3", "-"),
                ("30余", "-"),
                ("99999999999999", "-"),
            ],
        );
        check(
            money,
            &[
                ("12000", "1200000"),
                ("3.65万元", "3650000"),
                ("￥1,234.5", "123450"),
                ("0.001", "-"),
                ("", "-"),
                ("1.2.3", "-"),
            ],
        );
        check(yes_no, &[("是", "true"), ("√", "true"), ("否", "false"), ("也许", "-")]);
    }

    #[test]
    fn several_values_are_told_apart_by_any_usual_sign() {
        let field = field("villages", "");
        assert_eq!(split(&field, "黄沙村、 白水村;双溪村，\n高峰村、"), ["黄沙村", "白水村", "双溪村", "高峰村"]);
    }

    #[test]
    fn a_choice_whose_name_holds_a_separator_stays_whole() {
        let field = field("choices", "choices = { a = \"索取\", b = \"索取、收受财物\", c = \"其他\" }");
        for (typed, expect) in [
            ("索取、收受财物、其他", "索取、收受财物|其他"),
            ("索取、其他", "索取|其他"),
            ("其他； 索取、收受财物 ", "其他|索取、收受财物"),
            ("索取、收受财物品", "索取|收受财物品"),
        ] {
            assert_eq!(split(&field, typed).join("|"), expect, "{typed}");
        }
    }

    fn field(kind: &str, more: &str) -> Field {
        let text = format!("id = \"it\"\ntitle = \"它\"\ntype = \"{kind}\"\n{more}");
        crate::read::Source::new("field.toml", &text).read(|table| crate::definition::field::read(table, "")).unwrap()
    }
}

//! Figures written wrongly: 4余次, 近200余人, 47公职人员, 发放资料500，.

use super::line::begins;
use super::{Level, Page, Rule};
use crate::claim::text::{at, digit, is_blank, people_noun};
use crate::claim::{Claim, Qualifier};

/// Checks the approximators and units of the claims, and counts that have no unit.
pub(crate) fn check(page: &mut Page, claims: &[Claim]) {
    for claim in claims {
        approximators(page, claim);
        units(page, claim);
    }
    unitless(page);
}

fn approximators(page: &mut Page, claim: &Claim) {
    let chars: Vec<char> = claim.text.chars().collect();
    let Some(more) = chars.iter().position(|c| matches!(c, '余' | '多')) else {
        return;
    };
    let (start, end) = (claim.start, claim.start + chars.len());
    let mut first = more;
    while first > 0 && (digit(chars[first - 1]).is_some() || is_blank(chars[first - 1])) {
        first -= 1;
    }
    let digits: Vec<u32> = chars[first..more].iter().filter_map(|c| digit(*c)).collect();
    let plain = first == 0 || !matches!(chars[first - 1], '.' | ',' | '．' | '，');
    // 3余万 and 2多亿 are round; 4余次 and 35余次 are not.
    let scaled = chars.get(more + 1).is_some_and(|c| matches!(c, '万' | '亿' | '千' | '百'))
        || claim.unit == "元"
        || claim.unit == "亩";
    let odd_digit = digits.last().is_some_and(|digit| *digit != 0) && plain && !scaled;
    let single_chinese = digits.is_empty() && more >= 1 && "一二两三四五六七八九".contains(chars[more - 1]);
    if odd_digit && digits.len() == 1 || single_chinese {
        let message = format!("“{}”：个位数后不能接“余”，请写实数或“以上”。", claim.text);
        page.note(Rule::OddApprox, start, end, message);
    } else if odd_digit {
        let message = format!("“{}”：非整十的数后不宜接“余”，请写实数。", claim.text);
        page.note_as(Rule::OddApprox, Level::Hint, start, end, message);
    } else if matches!(chars[0], '近' | '约') && claim.qualifier == Qualifier::AtLeast {
        let message = format!("“{}”：“{}”与“余”不能同用，请删去一个。", claim.text, chars[0]);
        page.note_as(Rule::OddApprox, Level::Hint, start, end, message);
    }
}

fn units(page: &mut Page, claim: &Claim) {
    let end = claim.start + claim.text.chars().count();
    let ends_bare = claim.text.chars().last().is_some_and(|c| digit(c).is_some());
    if ends_bare && claim.unit == "人" && people_noun(page.t, end) {
        page.note(
            Rule::MissingUnit,
            claim.start,
            end + 6,
            format!("“{}”之后缺量词，请写作“{}名”。", claim.text, claim.text),
        );
    }
}

/// A count that ends its clause without a unit: 发放宣传单500，.
fn unitless(page: &mut Page) {
    const WORK: &[&str] = &[
        "宣传单",
        "宣传资料",
        "宣传册",
        "宣传手册",
        "资料",
        "宣传品",
        "纠纷",
        "立案",
        "结案",
        "案件",
        "合同",
        "活动",
        "讲座",
        "培训",
        "会议",
        "咨询",
        "手册",
        "标语",
        "横幅",
        "隐患",
        "学法",
        "宣讲",
        "群众",
        "师生",
        "学生",
        "村民",
        "干部",
        "党员",
    ];
    let t = page.t;
    let mut i = 0;
    while i < t.len() {
        if digit(t[i]).is_none() {
            i += 1;
            continue;
        }
        let start = i;
        while digit(at(t, i)).is_some() {
            i += 1;
        }
        let length = i - start;
        let end = if matches!(at(t, i), '余' | '多') { i + 1 } else { i };
        if end == i && length <= 3 && names_work(t, start, end) {
            let shown: String = t[start..(end + 2).min(t.len())].iter().collect();
            page.note(
                Rule::MissingUnit,
                start,
                end + 6,
                format!("“{shown}”的数字后缺量词，请写明是项、件、份还是起。"),
            );
        }
        let stops = matches!(at(t, end), '，' | '。' | '；');
        // 12345 and 12348 end clauses too; they are telephone lines.
        let line = length == 5 && digit(t[start]) == Some(1) && digit(t[start + 1]) == Some(2);
        if stops && (1..=6).contains(&length) && !line {
            let before = &t[start.saturating_sub(6)..start];
            let counted = WORK.iter().any(|word| {
                before.len() >= word.chars().count()
                    && word.chars().rev().zip(before.iter().rev()).all(|(a, b)| a == *b)
            });
            let listed = at(t, end) == '，' && digit(at(t, end + 1)).is_some();
            if counted && !listed {
                let shown: String = t[start..end].iter().collect();
                page.note(Rule::MissingUnit, start, end, format!("“{shown}”之后缺量词，请写明是份、件、次还是人。"));
            }
        }
    }
}

/// 等12制度, 签订38合同: a number between a verb and the work it counts, with no measure word.
fn names_work(t: &[char], start: usize, end: usize) -> bool {
    const VERBS: &[&str] =
        &["等", "制定", "修订", "签订", "审核", "审查", "排查", "化解", "调解", "调处", "受理", "办理", "办结", "查处"];
    const NOUNS: &[&str] = &["制度", "合同", "纠纷", "矛盾纠纷", "案件", "信访件", "规范性文件", "行政处罚案件"];
    let (before, after) = (&t[..start], &t[end..]);
    VERBS.iter().any(|verb| ends(before, verb)) && NOUNS.iter().any(|noun| begins(after, noun))
}

fn ends(slice: &[char], word: &str) -> bool {
    word.chars().rev().zip(slice.iter().rev()).filter(|(a, b)| a == *b).count() == word.chars().count()
}

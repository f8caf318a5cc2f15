//! Which lines of a report speak of plans, so that their numbers are not claims.

use super::context::{begins, ends, has};
use super::number::{at, digit, is_blank};

/// The rank of a heading by the ordinal a line begins with: 1 for 一、, 2 for （一）, 3 for 1., 4 for （1）.
pub(crate) fn rank(t: &[char], line: usize) -> u8 {
    let mut i = line;
    while is_blank(at(t, i)) && i < line + 12 {
        i += 1;
    }
    match at(t, i) {
        '㈠'..='㈩' => return 2,
        '⒈'..='⒛' => return 3,
        '⑴'..='⒇' => return 4,
        _ => {}
    }
    let numeral = |c: char| "一二三四五六七八九十".contains(c) && c != '\0';
    let bracketed = matches!(at(t, i), '（' | '(' | '〔');
    let from = i + usize::from(bracketed);
    let mut k = from;
    while numeral(at(t, k)) && k < from + 4 {
        k += 1;
    }
    if k > from {
        return match at(t, k) {
            '）' | ')' if bracketed => 2,
            '、' | '．' | '.' if !bracketed => 1,
            _ => 0,
        };
    }
    while digit(at(t, k)).is_some() && k < from + 3 {
        k += 1;
    }
    if k == from {
        return 0;
    }
    match at(t, k) {
        '）' | ')' => 4,
        '.' | '．' | '、' if digit(at(t, k + 1)).is_none() => 3,
        _ => 0,
    }
}

/// The opening words of a line, at most thirty and not past its first full stop.
pub(crate) fn opening(t: &[char], line: usize) -> &[char] {
    let limit = t.len().min(line + 30);
    let slice = &t[line..limit];
    let stop = slice.iter().position(|c| matches!(c, '\n' | '。' | '；')).unwrap_or(slice.len());
    &slice[..stop]
}

/// Whether a heading announces plans and nothing done.
pub(crate) fn announces_plan(words: &[char]) -> bool {
    const PLANS: &[&str] = &[
        "下一步",
        "下步",
        "今后",
        "工作计划",
        "打算",
        "设想",
        "下一年",
        "下年度",
        "下阶段",
        "下一阶段",
        "明年",
        "工作谋划",
        "努力方向",
    ];
    const ARRANGEMENTS: &[&str] = &["工作思路", "工作安排", "主要安排", "重点安排", "改进措施", "整改措施", "对策"];
    const MIXED: &[&str] = &["总结", "完成情况", "开展情况", "回顾", "存在", "问题", "不足"];
    const DONE: &[&str] = &["成效", "举措", "落实", "做法", "情况"];
    let any = |list: &[&str]| list.iter().any(|word| has(words, word));
    // 四、意见建议 asks for something; 办理意见建议 did something.
    let asks = ends(words, "建议") && !any(&["办理", "收集", "征求", "听取", "落实", "答复"]);
    !any(MIXED) && (asks || any(PLANS) || any(ARRANGEMENTS) && !any(DONE))
}

/// Whether a sentence opening with these words speaks of what is to come.
pub(crate) fn opens_plan(words: &[char]) -> bool {
    const OPENINGS: &[&str] = &[
        "下一步",
        "下步",
        "接下来",
        "今后",
        "明年",
        "来年",
        "下阶段",
        "下一阶段",
        "下一年",
        "我镇将",
        "我乡将",
        "街道将",
        "我街道将",
        "镇将",
        "全镇将",
        "全乡将",
        "将继续",
        "将进一步",
        "将持续",
        "将创建",
        "将新建",
        "将建成",
        "将开展",
        "将组织",
        "将举办",
        "将培训",
        "将培育",
        "将打造",
        "将实施",
        "将投入",
        "将增设",
        "将招录",
        "计划于",
        "力争",
    ];
    // Nearly every clause is discarded by its first character.
    words.first().is_some_and(|c| "下接今明来我街镇全将计力".contains(*c))
        && OPENINGS.iter().any(|word| begins(words, word))
}

/// The words after 六是.
fn item(words: &[char]) -> Option<&[char]> {
    let numeral = words.iter().take_while(|c| "一二三四五六七八九十".contains(**c)).count();
    (numeral > 0 && at(words, numeral) == '是').then(|| &words[numeral + 1..])
}

/// Whether the first line is the title of a plan: 甲镇2025年普法工作要点.
fn names_plan(t: &[char]) -> bool {
    let line = &t[..t.iter().take(60).position(|c| *c == '\n').unwrap_or(0)];
    let kept = line.iter().rposition(|c| !is_blank(*c) && *c != '\r').map_or(0, |i| i + 1);
    let line = &line[..kept];
    ["方案", "要点", "计划", "规划"].iter().any(|word| ends(line, word))
        && !["总结", "情况", "报告", "汇报", "完成"].iter().any(|word| has(line, word))
}

/// The year, 2000 to 2099, a heading speaks of.
fn year(words: &[char]) -> Option<u32> {
    let d = |i: usize| digit(at(words, i));
    (0..words.len()).find_map(|i| {
        let year = d(i)? * 1000 + d(i + 1)? * 100 + d(i + 2)? * 10 + d(i + 3)?;
        ((2000..2100).contains(&year) && at(words, i + 4) == '年').then_some(year)
    })
}

/// What the lines so far have said about plans.
#[derive(Debug, Default)]
pub(crate) struct Section {
    /// The rank of the heading under which everything is a plan.
    plan: Option<u8>,
    /// That heading has no ordinal, and the list 一、二、 under it does not end it.
    bare: bool,
    /// Such a list has begun.
    listed: bool,
    /// The year of the last heading of the first rank, or of the title before the first.
    year: Option<u32>,
    /// The title is that of a plan: nothing in the text is done.
    all: bool,
}

impl Section {
    /// Takes in the line beginning at `line`.
    pub(crate) fn line(&mut self, t: &[char], line: usize) {
        let rank = rank(t, line);
        let words = opening(t, line);
        let first = words.iter().find(|c| !is_blank(**c)) == Some(&'一');
        if rank == 1 && self.bare && (first || self.listed) {
            self.listed = true;
        } else if rank > 0 {
            if (announces_plan(words) || rank == 1 && self.is_later(words)) && self.plan.is_none_or(|held| rank <= held)
            {
                (self.plan, self.bare) = (Some(rank), false);
            } else if self.plan.is_some_and(|held| rank <= held) {
                (self.plan, self.bare) = (None, false);
            }
        } else if self.plan.is_none() {
            // Later lines name the years of plans and documents.
            if line == 0 {
                self.year = year(words);
                self.all = names_plan(t);
            }
            let mut start = line;
            while is_blank(at(t, start)) && start < line + 12 {
                start += 1;
            }
            let words = opening(t, start);
            let short = words.len() < 20 && matches!(at(t, start + words.len()), '\n' | '\0');
            // The first lines are the title, which may name both the report and the plan.
            if line > 0 && short && announces_plan(words) {
                (self.plan, self.bare, self.listed) = (Some(1), true, false);
            } else if item(words).is_some_and(|words| begins(words, "下步") || begins(words, "下一步"))
                || ["下一步", "下步，", "接下来", "今后，"]
                    .iter()
                    .any(|word| word.chars().zip(words).filter(|(a, b)| a == *b).count() == word.chars().count())
            {
                self.plan = Some(2);
            }
        }
    }

    /// 二、2024年重点工作 after 一、2023年工作回顾: work of a year that has not come.
    fn is_later(&mut self, words: &[char]) -> bool {
        const WORK: &[&str] = &["工作", "任务", "重点", "目标"];
        const DONE: &[&str] = &["成效", "举措", "做法", "情况", "回顾", "总结", "完成"];
        let any = |list: &[&str]| list.iter().any(|word| has(words, word));
        let Some(year) = year(words) else { return false };
        let later = self.year.is_some_and(|held| year > held);
        self.year = Some(year);
        // The first part tells what was done, even under a title of the year before.
        let first = words.iter().find(|c| !is_blank(**c)) == Some(&'一');
        later && !first && any(WORK) && !any(DONE)
    }

    /// Whether a sentence speaks of a year after that of the report: 2025年，我镇将… in a report of 2024.
    pub(crate) fn is_coming(&self, words: &[char]) -> bool {
        let begins = digit(at(words, 0)).is_some() && matches!(at(words, 5), '，' | ',' | '我');
        begins
            && self.year.zip(year(&words[..words.len().min(5)])).is_some_and(|(held, year)| year > held)
            // The title may bear a wrong year.
            && ["将", "计划", "力争", "争取", "确保", "拟"].iter().any(|word| has(words, word))
    }

    /// Whether the line read last stands under plans.
    pub(crate) fn is_plan(&self) -> bool {
        self.all || self.plan.is_some()
    }
}

//! What makes a draft impossible, whatever the law says of it: a stale view, a day in the future, a step of nothing.

use anyhow::{Context, Result};
use engine::act::{Act, Entry, Taken};
use engine::day::Day;
use engine::definition::{Register, Step};
use engine::problem::Problem;
use engine::value::Value;

use super::Draft;
use crate::refused::Refused;

/// All that stands in a draft's way, or nothing.
pub fn fits(register: &Register, draft: &Draft, entries: &[Entry], today: Day) -> Result<()> {
    let mut problems = Vec::new();
    if let Some(seen) = draft.based_on
        && let Some(last) = entries.last().filter(|last| last.index != seen)
    {
        let text = format!("您看到的是第 {seen} 条时的案卷，此后又有第 {} 条记入", last.index);
        problems.push(Problem::new(212, text, "请重新查看案卷，核对后再记"));
    }
    let step = |of: &str| step(entries, of);
    if entries.iter().any(|entry| matches!(entry.act, Act::Void { of: None, .. })) {
        problems.push(Problem::new(225, "这个案卷已经作废", "请另立新的案卷；需要说明的，写在新案卷里并与它关联"));
    }
    match &draft.act {
        Act::Correct { of, fields, .. } if step(of).is_some() => {
            let (entry, taken) = step(of).context("a step just found")?;
            let defined = register.step(&taken.step);
            let field = defined.and_then(|step| step.day_field()).map(|field| field.id.value.as_str());
            let day = field.and_then(|field| fields.get(field)).and_then(Value::as_text).and_then(Day::parse);
            let ours = defined.is_some_and(|step| step.ours) && taken.already.is_none();
            match day {
                Some(day) if day > today => {
                    let text = format!("更正后的日期 {day} 在今天（{today}）之后");
                    problems.push(Problem::new(217, text, "只能记已经发生的事，请核对日期"));
                }
                Some(day) if ours && day != entry.recorded => {
                    let text = format!("镇里 {} 在系统内所作的行为，不能改成 {day} 所作", entry.recorded);
                    problems.push(Problem::new(223, text, "确实记错的，请作废这一步，再写明理由记为已发生"));
                }
                _ => {}
            }
        }
        Act::Step(taken) => taken_fits(register, taken, entries, today, &mut problems),
        Act::Correct { of, .. } | Act::Void { of: Some(of), .. } if step(of).is_none() => {
            let remedy = "只能更正或者作废案卷中的一步，请用 yifa show 查看各步的编号；更正错了，再更正一次";
            problems.push(Problem::new(214, format!("案卷中没有步骤 {of}"), remedy));
        }
        Act::Attach { of: Some(of), .. } if step(of).is_none() => {
            let remedy = "扫描件要写明证明哪一步，请用 yifa show 查看各步的编号；不针对某一步的，不要写";
            problems.push(Problem::new(214, format!("案卷中没有步骤 {of}"), remedy));
        }
        Act::Void { of, .. } if of.is_some() => {
            let voided = entries.iter().find(|entry| matches!(&entry.act, Act::Void { of: known, .. } if known == of));
            problems.extend(voided.map(|entry| {
                let remedy = "不用再记；作废错了的，请照实另记一步";
                Problem::new(226, format!("这一步在第 {} 条已经作废", entry.index), remedy)
            }));
        }
        _ if entries.is_empty() => {
            problems.push(Problem::new(213, "没有这个案卷", "请用 yifa list 查看案卷"));
        }
        _ => {}
    }
    if problems.is_empty() { Ok(()) } else { Err(Refused(problems).into()) }
}

/// The step of a record that an entry took.
pub(super) fn step<'e>(entries: &'e [Entry], of: &str) -> Option<(&'e Entry, &'e Taken)> {
    entries.iter().find_map(|entry| match &entry.act {
        Act::Step(taken) if entry.id == of => Some((entry, taken)),
        _ => None,
    })
}

/// That a step is dated in the future, if it is.
pub fn ahead(step: &Step, day: Day, today: Day) -> Option<Problem> {
    let text = || format!("“{}”的日期 {day} 在今天（{today}）之后", step.title);
    (day > today).then(|| Problem::new(217, text(), "只能记已经发生的事，请核对日期"))
}

fn taken_fits(register: &Register, taken: &Taken, entries: &[Entry], today: Day, problems: &mut Vec<Problem>) {
    let Some(step) = register.step(&taken.step) else {
        let known: Vec<&str> = register.steps.iter().map(|step| step.id.value.as_str()).collect();
        let hint = engine::read::nearest_hint(&taken.step, &known);
        let text = format!("“{}”没有步骤“{}”", register.title, taken.step);
        problems.push(Problem::new(215, text, format!("可以走：{}{hint}", known.join("、"))));
        return;
    };
    if entries.is_empty() && !step.opens() {
        let text = format!("“{}”不能开立新的案卷", step.title);
        problems.push(Problem::new(216, text, "请指明是哪个案卷的步骤"));
    }
    let day = step.day_field().and_then(|field| taken.fields.get(&field.id.value)).and_then(Value::as_text);
    let day = day.and_then(Day::parse).unwrap_or(today);
    problems.extend(ahead(step, day, today));
    match (&taken.already, step.ours) {
        (Some(_), false) => {
            let text = format!("“{}”本来就是记录已经发生的事", step.title);
            problems.push(Problem::new(218, text, "不用写“系统外已发生”的理由"));
        }
        (Some(reason), true) if reason.trim().is_empty() => {
            problems.push(Problem::new(219, "没有写明为什么在系统外办理", "请写明理由"));
        }
        (None, true) if day < today => {
            let text = format!("“{}”是镇里此时此地的行为，日期却是 {day}", step.title);
            problems.push(Problem::new(223, text, "早先已在系统外办理的，请写明理由（--already），记为已发生"));
        }
        (Some(_), true) if day >= today => {
            let text = format!("“{}”的日期是今天，不是早先已发生的", step.title);
            problems.push(Problem::new(219, text, "今天的行为请直接在系统内办理"));
        }
        _ => {}
    }
}

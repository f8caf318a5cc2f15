//! What makes a draft impossible, before the law is asked.

use anyhow::Result;
use engine::act::{Act, Entry, Taken};
use engine::day::Day;
use engine::definition::Register;
use engine::problem::Problem;
use engine::value::Value;

use super::Draft;
use crate::refused::Refused;

/// What makes a draft impossible, whatever the law says of it.
pub(super) fn fits(register: &Register, draft: &Draft, entries: &[Entry], today: Day) -> Result<()> {
    let mut problems = Vec::new();
    if let Some(seen) = draft.based_on
        && let Some(last) = entries.last().filter(|last| last.index != seen)
    {
        let text = format!("您看到的是第 {seen} 条时的案卷，此后又有第 {} 条记入", last.index);
        problems.push(Problem::new(212, text, "请重新查看案卷，核对后再记"));
    }
    let has = |of: &str| entries.iter().any(|entry| entry.id == of);
    match &draft.act {
        Act::Step(taken) => taken_fits(register, taken, entries, today, &mut problems),
        Act::Correct { of, .. } | Act::Void { of: Some(of), .. } if !has(of) => {
            problems.push(Problem::new(214, format!("案卷中没有记入 {of}"), "请用 yifa show 查看案卷各步的编号"));
        }
        _ if entries.is_empty() => {
            problems.push(Problem::new(213, "没有这个案卷", "请用 yifa list 查看案卷"));
        }
        _ => {}
    }
    if problems.is_empty() { Ok(()) } else { Err(Refused(problems).into()) }
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
    if day > today {
        let text = format!("“{}”的日期 {day} 在今天（{today}）之后", step.title);
        problems.push(Problem::new(217, text, "只能记已经发生的事，请核对日期"));
    }
    match (&taken.already, step.ours) {
        (Some(_), false) => {
            let text = format!("“{}”本来就是记录已经发生的事", step.title);
            problems.push(Problem::new(218, text, "不用写“系统外已发生”的理由"));
        }
        (Some(reason), true) if reason.trim().is_empty() => {
            problems.push(Problem::new(219, "没有写明为什么在系统外办理", "请写明理由"));
        }
        (Some(_), true) if day >= today => {
            let text = format!("“{}”的日期是今天，不是早先已发生的", step.title);
            problems.push(Problem::new(219, text, "今天的行为请直接在系统内办理"));
        }
        _ => {}
    }
}

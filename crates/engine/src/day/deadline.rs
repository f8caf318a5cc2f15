//! A counted term, and how it was counted.

use serde::Serialize;

use super::counting::Rule;
use super::{Calendar, Day, Span};

/// What happens when a term ends on a rest day.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Shift {
    /// It ends on the day after the rest: terms within which something must be done.
    Forward,
    /// It ends there all the same: minimum durations.
    Never,
    /// Counted backwards from an event; see [`Calendar::latest_before`].
    Backward,
}

/// Where a term ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct Deadline {
    /// The day of the event that set it off (or, backwards, that it leads up to).
    pub start: Day,
    #[serde(serialize_with = "code")]
    /// How long it is.
    pub span: Span,
    #[serde(skip)]
    /// How its end was treated.
    pub shift: Shift,
    /// The last day as counted. Whether a rest day that is not itself a statutory holiday moves a term is court
    /// practice, so this day is shown too: who acts by it is safe on any reading.
    pub nominal: Day,
    /// The last day after moving.
    pub last: Day,
    /// Some day that mattered lies in a year whose arrangement is not known: 暂按周末推算.
    pub provisional: bool,
}

fn code<S: serde::Serializer>(span: &Span, s: S) -> Result<S::Ok, S::Error> {
    s.collect_str(&span.code())
}

impl Deadline {
    /// The counting in words, with the law of each step.
    pub fn why(&self, calendar: &Calendar) -> String {
        let rules = &calendar.counting;
        let mut used = vec![&rules.start_day];
        let Deadline { start, span, nominal, last, .. } = *self;
        let about = calendar.describe(nominal);
        let n = span.number();
        let mut text = match (self.shift, span) {
            (Shift::Backward, _) => format!("{start} 当日不计入，向前第{span}为 {nominal}（{about}）"),
            (_, Span::Days(_)) => format!("{start} 当日不计入，自次日起算第{n}日为 {nominal}（{about}）"),
            (_, Span::WorkingDays(_)) => {
                format!("{start} 当日不计入，自次日起算第{n}个工作日为 {nominal}（{about}）")
            }
            (_, Span::Months(_)) => {
                let which =
                    if nominal.of_month() == start.of_month() { "对应日" } else { "没有对应日，月末日" };
                format!("{start} 当日不计入，自次日起算满{n}个月，{which}为 {nominal}（{about}）")
            }
        };
        match span {
            Span::Months(_) => used.push(&rules.months),
            Span::WorkingDays(_) => used.push(&rules.working_days),
            Span::Days(_) => {}
        }
        match self.shift {
            Shift::Forward if last != nominal => {
                text += &format!("，顺延至 {last}（{}）", calendar.describe(last));
                used.push(&rules.rest_day);
            }
            Shift::Forward => {}
            Shift::Never => {
                text += "，须满期，不因休息日缩短";
                used.push(&rules.full_days);
            }
            Shift::Backward => {
                text += "，最迟当日办理，不因休息日推后";
                used.push(&rules.full_days);
            }
        }
        text.push('。');
        if self.provisional {
            let known = match (calendar.years().next(), calendar.years().last()) {
                (Some(first), Some(last)) => format!("已有 {} 年至 {} 年", first.year, last.year),
                _ => "一年也没有".to_owned(),
            };
            text += &format!("所涉日子的放假安排尚未入库（{known}），暂按周末推算，安排公布后重算。");
        }
        text + &sources(&used)
    }
}

/// The law and the practice behind the rules used, each once and apart: practice is never dressed up as law.
fn sources(rules: &[&Rule]) -> String {
    let (mut law, mut practice): (Vec<String>, Vec<&str>) = (Vec::new(), Vec::new());
    for rule in rules {
        law.extend(rule.basis.iter().map(|at| at.value.to_string()));
        practice.extend(rule.local.as_deref());
    }
    let mut text = String::new();
    if !law.is_empty() {
        text += &format!("依据：{}。", law.join("、"));
    }
    if !practice.is_empty() {
        text += &format!("通行做法：{}。", practice.join("；"));
    }
    text
}

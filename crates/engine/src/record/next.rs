//! What may, must and must not happen next on a record, each with why (下一步).

use serde::Serialize;

use crate::day::Day;
use crate::definition::{Condition, Force, Step, Test};

use super::course::{Course, Instance};
use super::{Due, Rules};

/// One step, seen from where the record stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Next {
    /// The step.
    pub step: String,
    /// What people see.
    pub title: String,
    /// `must`, `usual`, `may`, `unsaid` or `barred`.
    pub verdict: Verdict,
    /// The law asks for it in the case it speaks of only, and nothing here says that the case is given.
    pub conditional: bool,
    /// Why: the law on that day, or the bar's own words.
    pub why: Vec<String>,
    /// By when, if anything says so.
    pub last: Option<Day>,
}

/// What the law says of taking a step now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// 应当
    Must,
    /// 一般
    Usual,
    /// 可以
    May,
    /// The law has no verb for it.
    Unsaid,
    /// 不得
    Barred,
}

impl Verdict {
    /// The law's own word; empty where it has none.
    pub fn chinese(self) -> &'static str {
        match self {
            Verdict::Must => "应当",
            Verdict::Usual => "一般",
            Verdict::May => "可以",
            Verdict::Unsaid => "",
            Verdict::Barred => "不得",
        }
    }
}

/// The steps that come into question now, what must be done first.
pub fn next(rules: Rules<'_>, course: &Course<'_>, dues: &[Due], today: Day) -> Vec<Next> {
    let Some(state) = course.state.as_deref().filter(|_| !course.void) else { return Vec::new() };
    let here = |step: &&Step| step.from.iter().any(|from| from.value == state);
    let mut all: Vec<Next> = rules
        .register
        .steps
        .iter()
        .filter(here)
        .filter(|step| step.repeat || course.latest(&step.id).is_none())
        .map(|step| one(course, step, dues, today))
        .collect();
    // Barred steps that the present state would not allow anyway are still worth telling: the bar is the reason.
    for bar in &rules.register.bars {
        let Some(step) = course.register.step(&bar.stops) else { continue };
        let told = all.iter().any(|next| next.step == step.id.value);
        let words_apply = {
            let reads = |step: &str| {
                bar.unless.iter().flat_map(|condition| condition.comparisons()).any(|one| one.field.step == step)
            };
            course.taken().any(|taken| reads(&taken.step.id))
        };
        if !told && words_apply && course.latest(&step.id).is_none() && barred(course, step, today).is_some() {
            all.push(one(course, step, dues, today));
        }
    }
    all.sort_by_key(|next| (next.verdict == Verdict::Barred, next.conditional, next.verdict));
    all
}

fn one(course: &Course<'_>, step: &Step, dues: &[Due], today: Day) -> Next {
    let last = dues.iter().filter(|due| due.step == step.id.value && due.met_by.is_none()).map(|due| due.last).min();
    let needed = course.is_needed(&step.id);
    // The verb is the step's own, whether or not its time has come: 应当 with a condition is not 可以.
    let verdict = match step.force {
        Some(Force::Must) => Verdict::Must,
        Some(Force::Usual) => Verdict::Usual,
        Some(Force::May) => Verdict::May,
        None => Verdict::Unsaid,
    };
    let conditional = matches!(verdict, Verdict::Must | Verdict::Usual) && !needed;
    let (verdict, conditional, why) = match barred(course, step, today) {
        Some(why) => (Verdict::Barred, false, why),
        None => (verdict, conditional, step.basis.on(today)),
    };
    Next { step: step.id.value.clone(), title: step.title.clone(), verdict, conditional, why, last }
}

/// The words of a bar that stands whatever is written into the step itself.
fn barred(course: &Course<'_>, step: &Step, today: Day) -> Option<Vec<String>> {
    let blank = Instance::blank(step, 0, today);
    let bars = course.register.bars.iter().filter(|bar| bar.stops.value == step.id.value);
    let standing = bars.filter(|bar| {
        // Conditions that read the step's own fields cannot be judged before it is filled in.
        let own = |condition: &&Condition| {
            condition.comparisons().iter().any(|one| {
                one.field.step == step.id.value
                    || matches!(&one.test, Test::SameAs(other) if other.step == step.id.value)
                    || matches!(&one.test, Test::CoveredBy(all) if all.iter().any(|at| at.step == step.id.value))
            })
        };
        let others: Vec<_> = bar.unless.iter().filter(|condition| !own(condition)).cloned().collect();
        !others.is_empty() && !course.all_hold(&others, Some(&blank))
    });
    let why: Vec<String> =
        standing.flat_map(|bar| std::iter::once(bar.say.clone()).chain(bar.basis.on(today))).collect();
    (!why.is_empty()).then_some(why)
}

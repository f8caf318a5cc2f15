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
    /// It was taken already and may be taken again; nothing asks for it anew.
    pub again: bool,
    /// It leads to another state: of several such steps one is taken.
    pub moves: bool,
    /// The steps that have to come before it and were not taken.
    pub after: Vec<String>,
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
    let Some(state) = course.state.filter(|_| !course.void) else { return Vec::new() };
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
    all.sort_by_key(|next| (next.verdict == Verdict::Barred, next.again, next.conditional, next.verdict));
    all
}

fn one(course: &Course<'_>, step: &Step, dues: &[Due], today: Day) -> Next {
    let open: Vec<&Due> = dues.iter().filter(|due| due.step == step.id.value && due.met_by.is_none()).collect();
    let waited_for = open.iter().any(|due| due.binding);
    let needed = course.is_needed(&step.id);
    // The verb is the step's own, whether or not its time has come: 应当 with a condition is not 可以.
    let verdict = match step.force {
        Some(Force::Must) => Verdict::Must,
        Some(Force::Usual) => Verdict::Usual,
        Some(Force::May) => Verdict::May,
        None => Verdict::Unsaid,
    };
    let asks = matches!(verdict, Verdict::Must | Verdict::Usual);
    // Done once, it was done: what was needed or had a term is asked for no more. What the law asks for in a case it
    // speaks of is asked for whenever that case is given, however often.
    let in_its_case = asks && step.need.is_none() && step.within.is_empty();
    let again = course.latest(&step.id).is_some() && !waited_for && !in_its_case;
    let moves = step.to.is_some();
    let conditional = asks && !again && !needed && (moves || !waited_for);
    let barred = barred(course, step, today);
    let verdict = match (barred.is_some(), again) {
        (true, _) => Verdict::Barred,
        (false, true) => Verdict::Unsaid,
        (false, false) => verdict,
    };
    Next {
        step: step.id.value.clone(),
        title: step.title.clone(),
        verdict,
        conditional: conditional && barred.is_none(),
        why: barred.unwrap_or_else(|| step.basis.on(today)),
        last: open.iter().map(|due| due.last).min(),
        again,
        moves,
        after: after(course, step),
    }
}

/// The steps without which taking this one now would leave something out that has to come before it.
fn after(course: &Course<'_>, step: &Step) -> Vec<String> {
    let here = |other: &&Step| other.from.iter().any(|from| Some(from.value.as_str()) == course.state);
    let before = |other: &&Step| other.before.as_ref().is_some_and(|before| before.value == step.id.value);
    let missing = course.register.steps.iter().filter(here).filter(before).filter(|other| {
        let Some(need) = other.need.as_ref().filter(|_| course.latest(&other.id).is_none()) else { return false };
        // That this step is taken is certain; what is written into it is not known yet.
        let reads = |condition: &&Condition| condition.comparisons().iter().any(|one| one.field.step == step.id.value);
        let (own, others): (Vec<&Condition>, Vec<&Condition>) = need.when.iter().partition(reads);
        let taken = |condition: &&Condition| {
            let mut all = condition.comparisons().iter();
            all.all(|one| {
                one.test == Test::Given(true) && step.day_field().is_some_and(|day| *day.id == one.field.field)
            })
        };
        own.iter().all(taken) && course.all_hold(&others.into_iter().cloned().collect::<Vec<_>>(), None)
    });
    missing.map(|other| other.title.clone()).collect()
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::act::{Act, Entry, Taken};
    use crate::day::Calendar;
    use crate::definition::register;
    use crate::read::Source;
    use crate::record::{apply, walk};
    use crate::value::Value;

    const REGISTER: &str = r#"
        id = "matter"
        title = "事项"
        local = "样例"
        read = ["clerk"]
        [state]
        open = "办理中"
        agreed = "达成协议"
        failed = "不成"
        filed = "已归档"
        [[step]]
        id = "begin"
        title = "登记"
        local = "样例"
        to = "open"
        fields = [{ id = "on", title = "日期", type = "day" }]
        [[step]]
        id = "tell"
        title = "告知"
        local = "样例"
        force = "must"
        from = ["open"]
        need = "always"
        before = "meet"
        fields = [{ id = "on", title = "日期", type = "day" }]
        [[step]]
        id = "meet"
        title = "调解"
        local = "样例"
        from = ["open"]
        repeat = true
        need = "always"
        fields = [{ id = "on", title = "日期", type = "day" }]
        [[step]]
        id = "warn"
        title = "报告"
        local = "样例"
        force = "must"
        from = ["open"]
        repeat = true
        fields = [{ id = "on", title = "日期", type = "day" }]
        [[step]]
        id = "agree"
        title = "达成"
        local = "样例"
        from = ["open"]
        to = "agreed"
        fields = [{ id = "on", title = "日期", type = "day" }]
        [[step]]
        id = "fail"
        title = "终止"
        local = "样例"
        force = "must"
        from = ["open"]
        to = "failed"
        fields = [{ id = "on", title = "日期", type = "day" }]
        [[step]]
        id = "visit"
        title = "回访"
        local = "样例"
        force = "must"
        from = ["agreed"]
        repeat = true
        need = "always"
        within = { days = 30, of = "agree.on", local = "样例" }
        fields = [{ id = "on", title = "日期", type = "day" }]
        [[step]]
        id = "apply"
        title = "申请"
        local = "样例"
        force = "may"
        from = ["agreed"]
        need = { field = "ruling.on", given = true }
        before = "ruling"
        fields = [{ id = "on", title = "日期", type = "day" }]
        [[step]]
        id = "ruling"
        title = "裁定"
        local = "样例"
        from = ["agreed"]
        fields = [{ id = "on", title = "日期", type = "day" }]
        [[step]]
        id = "file"
        title = "归档"
        local = "样例"
        force = "must"
        from = ["agreed", "failed"]
        to = "filed"
        need = "always"
        fields = [{ id = "on", title = "日期", type = "day" }]
    "#;

    /// What comes next after these steps, one each day: verb, title, and what is to be said of it.
    #[track_caller]
    fn check(steps: &[&str], expect: &[&str]) {
        let source = Source::new("matter.toml", REGISTER);
        let register = source.read(|table| register::read(table, "matter.toml")).expect("a register");
        let entries: Vec<Entry> = (1u64..).zip(steps).map(|(index, step)| entry(index, step)).collect();
        let calendar = Calendar::default();
        let rules = Rules { register: &register, figures: &[], calendar: &calendar };
        let (rows, (course, _)) = (apply(rules, &entries), walk(rules, &entries));
        let said = |next: &Next| {
            let mut said = format!("{}{}", next.verdict.chinese(), next.title);
            for (is, what) in [(next.conditional, "（有其情形）"), (next.again, "（再）"), (next.moves, "→")]
            {
                said.push_str(if is { what } else { "" });
            }
            next.after.iter().for_each(|after| said.push_str(&format!("，先{after}")));
            said
        };
        let found: Vec<String> = next(rules, &course, &rows.dues, day(20)).iter().map(said).collect();
        assert_eq!(found, expect);
    }

    fn day(nth: u64) -> Day {
        Day::parse(&format!("2026-03-{nth:02}")).expect("a day")
    }

    fn entry(index: u64, step: &str) -> Entry {
        let fields = BTreeMap::from([("on".to_owned(), Value::Text(day(index).to_string()))]);
        let taken = Taken { register: "matter".into(), step: step.to_owned(), fields, ..Taken::default() };
        Entry { index, id: format!("e{index}"), recorded: day(index), actor: String::new(), act: Act::Step(taken) }
    }

    #[test]
    fn what_has_to_come_before_is_said_and_of_those_that_end_a_stage_one_is_taken() {
        check(&["begin"], &["应当告知", "调解，先告知", "达成→", "应当报告（有其情形）", "应当终止（有其情形）→"]);
        check(&["begin", "tell"], &["调解", "达成→", "应当报告（有其情形）", "应当终止（有其情形）→"]);
    }

    #[test]
    fn what_was_done_is_not_asked_for_again_but_what_the_law_asks_for_in_its_case_is() {
        check(
            &["begin", "tell", "meet", "warn"],
            &["达成→", "应当报告（有其情形）", "应当终止（有其情形）→", "调解（再）"],
        );
        check(&["begin", "tell", "meet", "agree"], &["应当回访", "应当归档→", "可以申请", "裁定，先申请"]);
        check(&["begin", "tell", "meet", "agree", "visit"], &["应当归档→", "可以申请", "裁定，先申请", "回访（再）"]);
    }

    #[test]
    fn what_needed_another_step_first_is_open_once_that_was_taken() {
        check(&["begin", "tell", "meet", "agree", "visit", "apply"], &["应当归档→", "裁定", "回访（再）"]);
    }
}

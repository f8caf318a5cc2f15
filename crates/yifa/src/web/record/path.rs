//! A record as a path (路径): the stages it went through with the steps taken in each, where it stands, and how it can go on.
//!
//! A stage is a state. Of the steps that lead out of one, one is taken: they stand side by side under one word, and not in
//! a row as if one led to the next.

use std::collections::BTreeSet;

use engine::definition::Register;
use engine::record::next::{Next, Verdict};
use maud::{Markup, html};

use super::{Record, next};

/// So many steps that may be taken besides are drawn; the list of what comes next names them all.
const BESIDE: usize = 4;

/// Steps taken one after the other that are the same step.
struct Gone<'r> {
    title: &'r str,
    /// The first entry.
    entry: u64,
    days: (String, String),
    times: usize,
    flagged: bool,
}

/// A stay in a state.
struct Stage<'r> {
    state: &'r str,
    gone: Vec<Gone<'r>>,
}

/// The path, as a list that reads in order without its lines and in black and white.
pub fn path(record: &Record<'_>) -> Markup {
    let (register, void) = (record.opened.register, record.course.void);
    let stages = stages(record);
    let last = stages.len().saturating_sub(1);
    html! {
        ol.stages aria-label="办理的路径" {
            @for (nth, stage) in stages.iter().enumerate() {
                @let here = nth == last;
                li.stage.here[here] aria-current=[here.then_some("step")] {
                    p.state {
                        @if here && void { "已作废" } @else { (register.state_title(stage.state)) }
                        @if here { " " small { "现在" } }
                    }
                    ol.steps {
                        @for one in &stage.gone { (gone(one)) }
                        @if here { (coming(record)) }
                    }
                }
            }
            @if !void { @for state in following(register, &record.rows.head.state) {
                li.stage.later { p.state { (register.state_title(state)) } }
            } }
        }
    }
}

/// The stages gone through, the present one last.
fn stages<'r>(record: &'r Record<'_>) -> Vec<Stage<'r>> {
    let course = &record.course;
    let mut stages: Vec<Stage<'r>> = Vec::new();
    let mut before: Option<&str> = None;
    for (one, after) in course.steps.iter().zip(course.states()) {
        // What opens a record belongs to the stage it begins; every other step to the one it was taken in.
        let state = before.or(after).unwrap_or_default();
        before = after;
        if one.void {
            continue;
        }
        let gone = match stages.last_mut().filter(|stage| stage.state == state) {
            Some(stage) => &mut stage.gone,
            None => {
                stages.push(Stage { state, gone: Vec::new() });
                let Some(stage) = stages.last_mut() else { continue };
                &mut stage.gone
            }
        };
        let (flagged, day) = (record.rows.flags.iter().any(|flag| flag.entry == one.entry), one.day.to_string());
        match gone.last_mut().filter(|last| last.title == one.step.title) {
            Some(last) => {
                last.days.1 = day;
                last.times += 1;
                last.flagged |= flagged;
            }
            None => gone.push(Gone {
                title: &one.step.title,
                entry: one.entry,
                days: (day.clone(), day),
                times: 1,
                flagged,
            }),
        }
    }
    let now = before.unwrap_or_default();
    if stages.last().is_none_or(|last| last.state != now) {
        stages.push(Stage { state: now, gone: Vec::new() });
    }
    stages
}

fn gone(one: &Gone<'_>) -> Markup {
    html! {
        li.gone.flagged[one.flagged] {
            a href=(format!("#entry-{}", one.entry)) {
                (one.title) @if one.times > 1 { " ×" (one.times) }
                @if one.flagged { span.mark { "标记" } }
            }
            small { (one.days.0) @if one.days.0 != one.days.1 { " 至 " (one.days.1) } }
        }
    }
}

/// What may come in the present stage: what has to be done in it, what leads out of it, what may be done besides.
fn coming(record: &Record<'_>) -> Markup {
    let here = |next: &&Next| {
        let step = record.opened.register.step(&next.step);
        !next.again && step.is_some_and(|step| step.from.iter().any(|from| from.value == record.rows.head.state))
    };
    let (barred, open): (Vec<&Next>, Vec<&Next>) =
        record.next.iter().filter(here).partition(|next| next.verdict == Verdict::Barred);
    let (out, stay): (Vec<&Next>, Vec<&Next>) = open.into_iter().partition(|next| next.moves);
    let stay: Vec<&Next> = stay.into_iter().filter(|next| !next.conditional).collect();
    // What has to be done here lies on the way out; what may be done besides lies beside it.
    let (mut way, mut beside): (Vec<&Next>, Vec<&Next>) = (Vec::new(), Vec::new());
    for next in stay.iter().filter(|next| next.after.is_empty()) {
        let line = if next::is_asked(record, next) { &mut way } else { &mut beside };
        line.push(next);
        line.extend(stay.iter().filter(|one| one.after.last() == Some(&next.title)));
    }
    let over = beside.len().saturating_sub(BESIDE);
    html! {
        @for next in way { li.ahead.following { (ahead(record, next)) } }
        @match out.as_slice() {
            [] => {},
            [one] => li.ahead.following { (ahead(record, one)) },
            several => li.alternatives.following {
                span.either { "择一" }
                ul { @for next in several { li.ahead { (ahead(record, next)) } } }
            },
        }
        @if !beside.is_empty() {
            li.beside {
                span { "另可" }
                ul {
                    @for next in beside.iter().take(BESIDE) { li.ahead.following[!next.after.is_empty()] { (ahead(record, next)) } }
                    @if over > 0 { li { "等 " (beside.len()) " 项" } }
                }
            }
        }
        @for next in barred { li.barred { span { (next.title) } small { "不得" } } }
    }
}

/// A coming step: the law's verb, its name, and how many days are left.
fn ahead(record: &Record<'_>, next: &Next) -> Markup {
    let due = next::due(record, next);
    html! {
        span { @if !next.conditional { (next.verdict.chinese()) } (next.title) }
        @if let Some(due) = due {
            @let days = record.visit.today.days_until(due.last);
            small.over[days < 0 && due.binding] {
                @match days {
                    days if days < 0 && due.binding => { "逾期 " (-days) " 天" },
                    days if days < 0 => "期限已过",
                    0 => "今天是末日",
                    days => { "还有 " (days) " 天" },
                }
            }
        }
    }
}

/// The stages that follow, as long as there is one way only.
fn following<'r>(register: &'r Register, state: &'r str) -> Vec<&'r str> {
    let mut way: Vec<&str> = vec![state];
    loop {
        let here = way.last().copied().unwrap_or_default();
        let out = register.steps.iter().filter(|step| step.from.iter().any(|from| from.value == here));
        let targets: BTreeSet<&str> = out.flat_map(|step| step.targets()).map(|to| to.value.as_str()).collect();
        match targets.into_iter().collect::<Vec<_>>().as_slice() {
            [one] if !way.contains(one) => way.push(one),
            _ => break,
        }
    }
    way.split_off(1)
}

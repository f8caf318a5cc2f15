//! What may, must and must not happen next, and by when (接下来).

use engine::definition::{Register, Step};
use engine::record::Due;
use engine::record::next::{Next, Verdict};
use maud::{Markup, html};

use super::Record;
use crate::policy;

/// The steps that come into question, and the questions that wait for an answer.
pub fn next(record: &Record<'_>) -> Markup {
    let open: Vec<_> = record.rows.questions.iter().filter(|question| question.answered_by.is_none()).collect();
    html! {
        section.panel.next aria-labelledby="next" {
            h2 id="next" { "接下来" }
            @if record.next.is_empty() && open.is_empty() { p.note { "没有要办的了。" } }
            @for question in open {
                div.question {
                    strong { "尚未答复：" } (question.text)
                    @if record.may_amend() && !record.paper {
                        " " a href=(record.at(&format!("/questions/{}", question.id))) { "答复" }
                    }
                }
            }
            @for group in groups(record) {
                h3 { (group.title) }
                @if !group.says.is_empty() { p.note { (group.says) } }
                ul { @for next in &group.steps { (one(record, next)) } }
            }
        }
    }
}

/// Steps of one kind, as the list puts them under one heading.
struct Group<'r> {
    title: &'static str,
    says: &'static str,
    steps: Vec<&'r Next>,
}

/// The steps by what is to be made of them; in each what has a last day first, by that day.
fn groups<'r>(record: &'r Record<'_>) -> Vec<Group<'r>> {
    let mut next: Vec<&Next> = record.next.iter().collect();
    let binds = |next: &Next| due(record, next).is_some_and(|due| due.binding);
    next.sort_by_key(|next| (next.conditional, !binds(next), next.last));
    let several = next.iter().filter(|next| leads_out(next)).count() > 1;
    let kind = |next: &Next| match next {
        next if next.verdict == Verdict::Barred => 5,
        next if next.again => 4,
        next if !next.after.is_empty() => 3,
        next if several && leads_out(next) => 1,
        next if is_asked(record, next) => 0,
        _ => 2,
    };
    const KINDS: [(&str, &str); 6] = [
        ("要办的", ""),
        ("择一办理", "办其中一项，案卷随之进入下一阶段。"),
        ("视情形办理", ""),
        ("须先办别的", ""),
        ("已经办过，需要时再办", ""),
        ("不得办理", ""),
    ];
    let of = |nth: usize| next.iter().copied().filter(|next| kind(next) == nth).collect::<Vec<_>>();
    let groups = KINDS.iter().enumerate().map(|(nth, (title, says))| Group { title, says, steps: of(nth) });
    groups.filter(|group| !group.steps.is_empty()).collect()
}

/// Whether it has to be done now: the law asks for it, leaving it out needs a reason, or its term binds.
pub(super) fn is_asked(record: &Record<'_>, next: &Next) -> bool {
    let asks = matches!(next.verdict, Verdict::Must | Verdict::Usual) || record.course.is_needed(&next.step);
    !next.conditional && (asks || due(record, next).is_some_and(|due| due.binding))
}

fn leads_out(next: &Next) -> bool {
    next.moves && next.verdict != Verdict::Barred && next.after.is_empty()
}

/// The open due that a coming step has to meet.
pub(super) fn due<'r>(record: &'r Record<'_>, next: &Next) -> Option<&'r Due> {
    let open = |due: &&Due| due.step == next.step && due.met_by.is_none() && Some(due.last) == next.last;
    record.rows.dues.iter().find(open)
}

fn one(record: &Record<'_>, next: &Next) -> Markup {
    let Some(step) = record.opened.register.step(&next.step) else { return html! {} };
    let barred = next.verdict == Verdict::Barred;
    let form = record.at(&format!("/steps/{}", next.step));
    let may = record.may_take(step) && !record.paper;
    let offered = may && !barred && (next.after.is_empty() || step.ours);
    let outside = !offered && !record.paper && record.may_enter_outside(step);
    html! {
        li.barred[barred] {
            div.verb {
                @if !next.verdict.chinese().is_empty() { span.tag.bad[barred].wait[next.verdict == Verdict::Must && !next.conditional] { (next.verdict.chinese()) } " " }
                @match offered {
                    true => a.button.second href=(form) { (next.title) },
                    false => strong { (next.title) },
                }
            }
            @if next.conditional { p.note { "具备法定情形的" } }
            @if !next.after.is_empty() { p.note { "须先办“" (next.after.join("”“")) "”" } }
            (last_day(record, next))
            @if !may && !record.paper { p.note { "由" (whose(record.opened.register, step)) "办理" } }
            div.basis { (record.law(&next.why, record.visit.today)) }
            // What has happened is recorded whether it was allowed or not; only our own acts can be refused.
            @if (barred || !next.after.is_empty()) && may && !step.ours { p.quiet { a href=(form) { "已经发生了的，照实记入" } } }
            @if outside { p.quiet { a href=(form) { "补录已经办了的" } } }
        }
    }
}

fn last_day(record: &Record<'_>, next: &Next) -> Markup {
    let today = record.visit.today;
    let Some(due) = due(record, next) else { return html! {} };
    html! {
        p.last {
            "末日 " time datetime=(due.last) { (due.last) } " "
            (left(today.days_until(due.last), due.binding))
            @if due.provisional { small { "，暂按周末推算" } }
            @if !due.owner.is_empty() { br; small { "由 " (record.names.owner(&due.owner)) " 负责" } }
        }
    }
}

/// How many days are left, or how long it is over.
fn left(days: i32, binding: bool) -> Markup {
    html! {
        @match days {
            days if days < 0 && binding => span.tag.bad { "已逾期 " (-days) " 天" },
            days if days < 0 => span.tag { "期限已过" },
            0 => span.tag.wait { "今天是末日" },
            days => span.tag { "还有 " (days) " 天" },
        }
    }
}

/// The roles whose step it is, as people call them.
pub(in crate::web) fn whose(register: &Register, step: &Step) -> String {
    let roles = match step.by.is_empty() {
        true => policy::writers(register),
        false => step.by.iter().map(|role| role.value.as_str()).collect(),
    };
    roles.into_iter().map(policy::title).collect::<Vec<_>>().join("、")
}

/// The dues of the record, met ones too.
pub fn dues(record: &Record<'_>) -> Markup {
    let title = |step: &str| record.opened.register.step(step).map_or(step.to_owned(), |step| step.title.clone());
    html! {
        @if !record.rows.dues.is_empty() {
            section.panel aria-labelledby="dues" {
                h2 id="dues" { "期限" }
                table.plain {
                    tbody {
                        @for due in &record.rows.dues {
                            tr {
                                th scope="row" { (title(&due.step)) }
                                td {
                                    (due.last)
                                    @if due.nominal != due.last { br; small { "按日历数到 " (due.nominal) } }
                                }
                                td {
                                    @match due.met_by {
                                        Some(entry) => { a href=(format!("#entry-{entry}")) { "已办" } },
                                        None => (left(record.visit.today.days_until(due.last), due.binding)),
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

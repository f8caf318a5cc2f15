//! A record as a path: what was done, where it stands, what may come (路径).

use engine::record::next::Verdict;
use maud::{Markup, html};

use super::Record;

/// So many coming steps are drawn; the list beside names them all.
const AHEAD: usize = 4;

/// One piece of the way behind.
struct Gone<'r> {
    title: &'r str,
    /// The first entry of steps taken one after the other.
    entry: u64,
    days: (String, String),
    times: usize,
    flagged: bool,
}

/// The path, as a list that reads in order without its lines and in black and white.
pub fn path(record: &Record<'_>) -> Markup {
    let gone = gone(record);
    let coming = record.next.iter().filter(|next| next.verdict != Verdict::Barred && !next.conditional).take(AHEAD);
    let barred = record.next.iter().filter(|next| next.verdict == Verdict::Barred);
    let state =
        if record.course.void { "已作废" } else { record.opened.register.state_title(&record.rows.head.state) };
    html! {
        ol.path aria-label="办理的路径" {
            @for one in &gone {
                li.gone.flagged[one.flagged] {
                    a href=(format!("#entry-{}", one.entry)) {
                        (one.title) @if one.times > 1 { " ×" (one.times) }
                        @if one.flagged { span.mark { "标记" } }
                    }
                    small { (one.days.0) @if one.days.0 != one.days.1 { " 至 " (one.days.1) } }
                }
            }
            li.here aria-current="step" { strong { (state) } small { "现在" } }
            @for next in coming {
                li.ahead { span { (next.verdict.chinese()) (next.title) } small { @match next.last {
                    Some(last) if last < record.visit.today => "末日已过",
                    Some(last) => { (last) " 以前" },
                    None => "接下来",
                } } }
            }
            @for next in barred { li.barred { span { (next.title) } small { "不得" } } }
        }
    }
}

fn gone<'r>(record: &'r Record<'_>) -> Vec<Gone<'r>> {
    let mut gone: Vec<Gone<'r>> = Vec::new();
    for one in record.course.taken() {
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
    gone
}

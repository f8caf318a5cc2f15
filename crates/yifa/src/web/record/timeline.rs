//! The entries of a record, in the order they were recorded: who, on which day, recorded when, what, because of what
//! (经过).

use engine::act::{Act, Entry};
use engine::day::Day;
use engine::record::Instance;
use maud::{Markup, html};

use super::Record;
use super::field::{Correction, corrections};
use crate::web::witnessed;

/// All entries.
pub fn timeline(record: &Record<'_>) -> Markup {
    let entries = &record.opened.entries;
    html! {
        section.timeline aria-labelledby="timeline" {
            h2 id="timeline" { "经过" small { " " (entries.len()) " 条记入" } }
            @if let Some(last) = entries.last() { (seen(record, last.index)) }
            ol { @for entry in entries { (item(record, entry)) } }
        }
    }
}

/// Up to where others saw the journal this record stands in; nothing where the township has no witness.
fn seen(record: &Record<'_>, last: u64) -> Markup {
    let line = witnessed::of(record.visit, last);
    html! { @if !line.0.is_empty() { p.soft { "已记入到第 " (last) " 条 " (line) } } }
}

fn item(record: &Record<'_>, entry: &Entry) -> Markup {
    match &entry.act {
        Act::Step(taken) => match record.course.steps.iter().find(|one| one.entry == entry.index) {
            Some(one) => step(record, entry, one),
            None => line(record, entry, html! { "“" (taken.step) "”（定义中已没有这一步）" }),
        },
        Act::Correct { of, reason, .. } => line(record, entry, html! { "更正" (about(record, of)) "：" (reason) }),
        Act::Void { of: Some(of), reason, .. } => {
            line(record, entry, html! { "作废" (about(record, of)) "：" (reason) })
        }
        Act::Void { of: None, reason, .. } => {
            line(record, entry, html! { strong.bad { "作废整个案卷" } "：" (reason) })
        }
        Act::Link { to, reason, .. } => line(record, entry, html! { "关联 " (record.names.link(to)) "：" (reason) }),
        Act::Attach { file, name, of, .. } => line(
            record,
            entry,
            html! { "附件 " (record.file(file, name)) @if let Some(of) = of { "，" (about(record, of)) "的扫描件" } },
        ),
        Act::Answer { question, text, .. } => {
            let asked = record.rows.questions.iter().find(|one| one.id == *question);
            line(
                record,
                entry,
                html! {
                    "答复" @if let Some(asked) = asked { "“" (asked.text) "”" } "：" span.wording { (text) }
                },
            )
        }
        Act::Adopt { .. } => html! {},
    }
}

/// The step another entry is about.
fn about(record: &Record<'_>, of: &str) -> Markup {
    let one = record.course.steps.iter().find(|one| one.id == of);
    html! {
        @match one {
            Some(one) => { "“" a href=(format!("#entry-{}", one.entry)) { (one.step.title) } "”（第 " (one.entry) " 条）" },
            None => "一个步骤",
        }
    }
}

/// An entry that is no step of the register's own.
fn line(record: &Record<'_>, entry: &Entry, what: Markup) -> Markup {
    html! {
        li.aside id=(format!("entry-{}", entry.index)) {
            div.when { time datetime=(entry.recorded) { (entry.recorded) } }
            div.what { div { (what) } (recorded(record, entry, entry.recorded, false)) }
        }
    }
}

/// The second clock: when it was recorded, as which entry, by whom.
fn recorded(record: &Record<'_>, entry: &Entry, day: Day, late: bool) -> Markup {
    let after = day.days_until(entry.recorded);
    html! {
        p.recorded {
            "第 " (entry.index) " 条 · " (record.names.actor(entry, entry.recorded)) " "
            @match after {
                0 => "当日记入",
                after if after > 0 => { time datetime=(entry.recorded) { (entry.recorded) } " 记入，" (after) " 天以后" },
                _ => { time datetime=(entry.recorded) { (entry.recorded) } " 记入" },
            }
            @if late { " " span.tag.wait { "补录" } }
        }
    }
}

fn step(record: &Record<'_>, entry: &Entry, one: &Instance<'_>) -> Markup {
    let late = record.rows.steps.iter().any(|row| row.entry == entry.index && row.late);
    let flags: Vec<_> = record.rows.flags.iter().filter(|flag| flag.entry == entry.index).collect();
    let corrections = corrections(&record.opened.entries, &entry.id);
    let basis = one.step.basis.on(one.day);
    html! {
        li.step.void[one.void].flagged[!flags.is_empty()] id=(format!("entry-{}", entry.index)) {
            div.when {
                time datetime=(one.day) { (one.day) }
            }
            div.what {
                h3 {
                    @if one.void { del { (one.step.title) } } @else { (one.step.title) }
                    @if one.nth > 1 { small { " 第 " (one.nth) " 次" } }
                    @if one.void { " " span.tag.bad { "已作废" } }
                    @else if !corrections.is_empty() { " " span.tag { "已更正" } }
                    @if one.already.is_some() { " " span.tag.wait { "系统外办理" } }
                }
                (recorded(record, entry, one.day, late))
                @if one.void { (voided(record, entry)) }
                (record.fields(entry, one, &corrections))
                @if let Some(reason) = &one.already { p.note { "系统外办理的理由：" (reason) } }
                (corrected(record, &corrections))
                (scans(record, entry))
                @for flag in &flags {
                    div.flag {
                        strong { "标记 · " (flag.kind.chinese()) } " " (flag.says)
                        div.basis { (record.law(&flag.basis, flag.day)) }
                    }
                }
                @for flag in record.gone.iter().filter(|flag| flag.entry == entry.index) {
                    div.flag { strong { "作废前的标记 · " (flag.kind.chinese()) } " " (flag.says) }
                }
                div.basis { "依据：" (record.law(&basis, one.day)) }
                (actions(record, entry, one))
            }
        }
    }
}

/// Who voided a step, and why.
fn voided(record: &Record<'_>, of: &Entry) -> Markup {
    let by = record.opened.entries.iter().find_map(|entry| match &entry.act {
        Act::Void { of: Some(voided), reason, .. } if *voided == of.id => Some((entry, reason)),
        _ => None,
    });
    html! {
        @if let Some((entry, reason)) = by {
            p.note { (entry.recorded) " " (record.names.actor(entry, entry.recorded)) " 作废（第 " (entry.index) " 条）：" (reason) }
        }
    }
}

/// What corrections changed stands in the fields; here is who made them, and why.
fn corrected(record: &Record<'_>, corrections: &[Correction<'_>]) -> Markup {
    html! {
        @if !corrections.is_empty() {
            ol.corrections {
                @for Correction { entry, reason, .. } in corrections {
                    li {
                        a href=(format!("#entry-{}", entry.index)) { "第 " (entry.index) " 条" } " 更正：" (reason)
                        small { " " (record.names.actor(entry, entry.recorded)) "，" (entry.recorded) }
                    }
                }
            }
        }
    }
}

/// The scans of what was signed in a step, beside it.
fn scans(record: &Record<'_>, step: &Entry) -> Markup {
    let of_step = |entry: &&Entry| matches!(&entry.act, Act::Attach { of: Some(of), .. } if *of == step.id);
    let scans: Vec<&Entry> = record.opened.entries.iter().filter(of_step).collect();
    html! {
        @for entry in scans {
            @if let Act::Attach { file, name, .. } = &entry.act {
                p.note { "签字扫描件：" (record.file(file, name)) " " a href=(format!("#entry-{}", entry.index)) { "第 " (entry.index) " 条" } }
            }
        }
    }
}

/// What can be done about a step: quiet, for it is the exception.
fn actions(record: &Record<'_>, entry: &Entry, one: &Instance<'_>) -> Markup {
    if record.paper || record.course.void {
        return html! {};
    }
    let sealed = one.sizes.values().any(|size| *size > 0) && record.may_unmask(one.step);
    let amend = !one.void && record.may_mend(one.step);
    let at = |below: &str| record.at(&format!("/entries/{}/{below}", entry.index));
    let scan = !one.void && record.may_amend();
    html! {
        @if sealed || amend || scan {
            p.quiet {
                @if sealed { a href=(at("personal")) { "查看个人信息" } }
                @if scan { a href=(record.at(&format!("/attach?of={}", entry.index))) { "附签字扫描件" } }
                @if amend { a href=(at("correct")) { "更正" } a href=(at("void")) { "作废" } }
            }
        }
    }
}

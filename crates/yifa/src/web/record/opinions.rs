//! `/registers/{register}/{record}/opinions`: the time in which opinions were asked for, the opinions, and which of them
//! were taken up (征求意见).
//!
//! Which steps these are is read off the definition: a time whose first and last day are written into one step is such a
//! time, and of what came in and what was taken up the second is never more than the first.

use anyhow::Result;
use engine::day::Day;
use engine::definition::{Field, FieldRef, FieldType, Most, Register, Step};
use engine::record::Instance;
use maud::{Markup, html};

use super::{Opened, Record, below};
use crate::web::answer::Answer;
use crate::web::visit::Visit;

/// A step in which opinions are asked for, and the fields of its first and last day.
struct Asking<'r> {
    step: &'r Step,
    from: &'r Field,
    to: &'r Field,
}

/// A step that says how many opinions came and how many were taken up.
struct Adopting<'r> {
    step: &'r Step,
    received: &'r Field,
    taken: &'r Field,
}

fn asking(register: &Register) -> Vec<Asking<'_>> {
    // What another record says of its days is that record's time, not one in which anybody was asked here.
    let typed = |step: &'_ Step, at: &FieldRef| -> Option<usize> {
        let nth = step.fields.iter().position(|field| at.step == step.id.value && field.id.value == at.field)?;
        step.fields[nth].copy.is_none().then_some(nth)
    };
    let of = |step| -> Option<Asking<'_>> {
        let step: &Step = step;
        let lasts = step.lasts.as_ref()?;
        let (from, to) = (typed(step, &lasts.from)?, typed(step, &lasts.to)?);
        Some(Asking { step, from: &step.fields[from], to: &step.fields[to] })
    };
    register.steps.iter().filter_map(of).collect()
}

fn adopting(register: &Register) -> Vec<Adopting<'_>> {
    let of = |step| -> Option<Adopting<'_>> {
        let step: &Step = step;
        let (received, taken) = step.fields.iter().find_map(|taken| match &taken.at_most {
            Some(Most::Field(at)) if at.step == step.id.value => Some((step.field(&at.field)?, taken)),
            _ => None,
        })?;
        Some(Adopting { step, received, taken })
    };
    register.steps.iter().filter(|step| step.repeat).filter_map(of).collect()
}

/// Whether opinions were asked for or told of, in a register that has both.
pub fn has(record: &Record<'_>) -> bool {
    let (asking, adopting) = (asking(record.opened.register), adopting(record.opened.register));
    if asking.is_empty() || adopting.is_empty() {
        return false;
    }
    let mut steps = asking.iter().map(|one| one.step).chain(adopting.iter().map(|one| one.step));
    steps.any(|step| record.course.latest(&step.id).is_some())
}

/// `GET /registers/{register}/{record}/opinions`
pub fn show(visit: &Visit<'_>) -> Result<Answer> {
    let opened = Opened::of(visit)?;
    let record = opened.read(visit)?;
    let main = html! {
        h1 { "征求意见" }
        @if !has(&record) { p { "这个案卷还没有征求过意见。" } }
        @else {
            @for asking in asking(opened.register) {
                @for one in record.course.taken().filter(|one| one.step.id == asking.step.id) { (time(&record, &asking, one)) }
            }
            (table(&record))
            (others(&record))
        }
    };
    Ok(below(&record, "征求意见", main))
}

/// One time of asking: from when until when, how long, how long at least, what else was said.
fn time(record: &Record<'_>, asking: &Asking<'_>, one: &Instance<'_>) -> Markup {
    let (from, to) = (one.day_of(&asking.from.id), one.day_of(&asking.to.id));
    let Some((from, to)) = from.zip(to) else { return html! {} };
    let Some(lasts) = &asking.step.lasts else { return html! {} };
    let today = record.visit.today;
    let least = lasts.term.on(from).map_or_else(|| "没有规定".to_owned(), |span| span.to_string());
    let basis = lasts.term.basis(from, &lasts.basis);
    let basis = if basis.is_empty() { &asking.step.basis } else { basis };
    html! {
        section.panel {
            h2 { (asking.step.title) small { " 第 " (one.entry) " 条" } }
            dl.facts {
                div { dt { "期间" } dd { (from) " 至 " (to) "，" (from.days_until(to)) " 天 " (standing(from, to, today)) } }
                div { dt { "最短" } dd { (least) " " (record.law(&basis.on(from), from)) } }
            }
            @for flag in record.rows.flags.iter().filter(|flag| flag.entry == one.entry) {
                div.flag { strong { "标记 · " (flag.kind.chinese()) } " " (flag.says) }
            }
            dl.fields { (record.said(one, asking.step.fields.iter().filter(|field| *field != asking.from && *field != asking.to))) }
        }
    }
}

fn standing(from: Day, to: Day, today: Day) -> Markup {
    html! {
        @if today < from { span.tag { "尚未开始" } }
        @else if today <= to { span.tag.wait { "进行中，还有 " (today.days_until(to)) " 天" } }
        @else { span.tag { "已经结束" } }
    }
}

/// How many came, how many were taken up, and what was said of the others.
fn table(record: &Record<'_>) -> Markup {
    let adopting = adopting(record.opened.register);
    let mut rows: Vec<(&Adopting<'_>, &Instance<'_>)> = Vec::new();
    for one in record.course.taken() {
        let of = adopting.iter().find(|adopting| adopting.step.id == one.step.id);
        // Opinions are asked for again and again; only what was answered has a line.
        rows.extend(of.filter(|of| one.given(&of.received.id)).map(|of| (of, one)));
    }
    let number = |one: &Instance<'_>, field: &Field| one.value(&field.id).and_then(engine::value::Value::as_int);
    let sum = |of: &dyn Fn(&Adopting<'_>, &Instance<'_>) -> Option<i64>| -> i64 {
        rows.iter().filter_map(|(adopting, one)| of(adopting, one)).sum()
    };
    let received = sum(&|adopting, one| number(one, adopting.received));
    let taken = sum(&|adopting, one| number(one, adopting.taken));
    html! {
        h2 { "意见采纳情况" }
        @if rows.is_empty() { p.note { "还没有记下收到的意见和采纳情况。" } }
        @else {
            div.scroll tabindex="0" role="region" aria-label="意见采纳情况" { table.adopted {
                thead { tr { th { "日期" } th { "步骤" } th.num { "收到" } th.num { "采纳" } th.num { "未采纳" } th { "采纳情况和不采纳的理由" } } }
                tbody {
                    @for (adopting, one) in &rows {
                        @let (came, up) = (number(one, adopting.received).unwrap_or(0), number(one, adopting.taken).unwrap_or(0));
                        tr {
                            td.nowrap { (one.day) }
                            td { (one.step.title) }
                            td.num { (came) } td.num { (up) } td.num { (came - up) }
                            td { (accounts(record, one)) }
                        }
                    }
                }
                @if rows.len() > 1 {
                    tfoot { tr { th colspan="2" { "合计" } td.num { (received) } td.num { (taken) } td.num { (received - taken) } td {} } }
                }
            } }
        }
    }
}

/// What was written of the opinions: the texts of the step.
fn accounts(record: &Record<'_>, one: &Instance<'_>) -> Markup {
    let texts = one.step.fields.iter().filter(|field| field.kind == FieldType::Text && !field.personal);
    html! { @for field in texts { @if let Some(value) = one.value(&field.id) { p { (record.value(field, value, one)) } } } }
}

/// What was done besides in the same stage: a hearing, a forum, an assessment, a draft.
fn others(record: &Record<'_>) -> Markup {
    let (asking, adopting) = (asking(record.opened.register), adopting(record.opened.register));
    let told = |step: &Step| {
        asking.iter().any(|one| one.step.id == step.id) || adopting.iter().any(|one| one.step.id == step.id)
    };
    let beside = |step: &Step| {
        let from = |one: &Step| step.from.iter().any(|from| one.from.iter().any(|other| other.value == from.value));
        step.to.is_none() && asking.iter().any(|asking| from(asking.step))
    };
    let others: Vec<&Instance<'_>> = record.course.taken().filter(|one| !told(one.step) && beside(one.step)).collect();
    html! {
        @if !others.is_empty() {
            h2 { "同一阶段还办了" }
            ul {
                @for one in others {
                    li { a href=(record.at(&format!("#entry-{}", one.entry))) { (one.step.title) } " " small { (one.day) } }
                }
            }
        }
    }
}

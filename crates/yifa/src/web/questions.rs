//! `/questions`: what in a year's records is to be explained by whoever kept them (请核实). Questions, never verdicts.

use std::collections::{BTreeSet, HashMap};

use anyhow::Result;
use engine::definition::{ANY, Check, FieldRef, FieldType, Looks, Register, Step};
use engine::figure::Period;
use maud::{Markup, html};

use super::answer::{Answer, Turned, percent};
use super::figures::{year, years};
use super::record::{at, whose};
use super::visit::Visit;
use crate::query::called::{Named, named};
use crate::query::questions::{ANSWERS, Asked, Concerned, Finding, findings_of};
use crate::query::years::period;
use crate::refused::refuse;
use crate::storage::params;

/// So many records are named at once, the others when they are asked for.
const NAMED: usize = 12;
/// So many years are looked back through for a question that waits.
const YEARS_BACK: usize = 2;
/// So many records go with a question into the form that explains it; of more its key alone.
const CARRIED: usize = 20;

/// `GET /questions`: of a year; `?record=` those about one record, `?key=` one alone, `?all=1` with those explained.
pub fn show(visit: &Visit<'_>) -> Result<Answer> {
    match (visit.query("key"), visit.query("record")) {
        (Some(key), _) => alone(visit, key),
        (None, Some(record)) => about(visit, record),
        (None, None) => of_year(visit),
    }
}

fn of_year(visit: &Visit<'_>) -> Result<Answer> {
    let (mut year, told) = year(visit)?;
    let mut found = his(visit, period(year, visit.today)?, |_| true)?;
    let open = |found: &[Finding]| found.iter().filter(|one| one.answered.is_none()).count();
    if visit.query("year").is_none() {
        // Nobody asked for a year: the newest in which something waits.
        for before in (told.0..year).rev().take(YEARS_BACK) {
            if open(&found) > 0 {
                break;
            }
            (year, found) = (before, his(visit, period(before, visit.today)?, |_| true)?);
        }
    }
    let (all, open) = (visit.query("all").is_some(), open(&found));
    let explained = found.len() - open;
    let shown: Vec<&Finding> = found.iter().filter(|one| all || one.answered.is_none()).collect();
    let main = html! {
        h1 { "请核实" }
        (meaning())
        (years(visit, year, told, |year| format!("/questions?year={year}")))
        p.counted {
            strong { (open) " 项没有说明" } "，" (explained) " 项已经说明。"
            @match (explained, all) {
                (0, _) => {},
                (_, true) => a href=(format!("/questions?year={year}")) { "只看没有说明的" },
                (_, false) => a href=(format!("/questions?year={year}&all=1")) { "已经说明的也列出" },
            }
        }
        (list(visit, &shown)?)
    };
    Ok(visit.page("请核实", main))
}

/// Those that name a record: of the year it was opened in.
fn about(visit: &Visit<'_>, record: &str) -> Result<Answer> {
    let known = named(visit.db, &BTreeSet::from([record.to_owned()]))?;
    let of = known.get(record).ok_or(Turned::NotFound)?;
    visit.record_of(visit.register_of(&of.register)?, record)?;
    let sql = "SELECT opened FROM record WHERE town_id = $1 AND id = $2";
    let opened: Option<String> = visit.db.one(sql, params![record], |row| row.get(0))?;
    let year = opened.and_then(|day| day.get(..4)?.parse().ok()).unwrap_or(visit.today.year());
    let mut found = his(visit, period(year, visit.today)?, |check| looks_at(check, visit, &of.register))?;
    found.retain(|one| one.records.iter().any(|of| of.record == record));
    let title = format!("请核实 · {}", of.called());
    let main = html! {
        nav.trail {
            a href="/questions" { "请核实" }
            a href=(at(&of.register, record, "")) { (of.called()) }
        }
        h1 { "请核实 " small { (of.called()) } }
        (meaning())
        (list(visit, &found.iter().collect::<Vec<_>>())?)
        p { a href=(format!("/questions?year={year}")) { (year) "年全部请核实的事" } }
    };
    Ok(visit.page(&title, main))
}

fn alone(visit: &Visit<'_>, key: &str) -> Result<Answer> {
    let strange = || refuse(602, format!("“{key}”不是请核实的编号"), "请从“请核实”的清单里打开");
    let (check, year) = check_and_year(key).ok_or_else(strange)?;
    let mut found = his(visit, period(year, visit.today)?, |one| one.id == check)?;
    found.retain(|one| one.key == key);
    let main = html! {
        nav.trail { a href=(format!("/questions?year={year}")) { "请核实" } }
        h1 { "请核实" }
        @if found.is_empty() {
            p.soft { "现在的台账里已经没有这一项（有关的案卷更正、作废了，或者核对的办法改了），或者不在您能看的范围。" }
        } @else { (list(visit, &found.iter().collect::<Vec<_>>())?) }
    };
    Ok(visit.page("请核实", main))
}

fn meaning() -> Markup {
    html! {
        p.note { "台账里不像真事的样子，列出来请案卷的保管人对照卷宗说明，再由别人认定。这里只提问题，不下结论。" }
    }
}

/// Whether a check looks at a register.
fn looks_at(check: &Check, visit: &Visit<'_>, register: &str) -> bool {
    match (&check.looks, check.looks.register()) {
        (Looks::Outlier { figure, .. }, _) => {
            let figure = visit.set().figures.get(&figure.value);
            figure.is_some_and(|figure| {
                figure.is_built() || figure.register.as_ref().is_some_and(|of| of.value == register)
            })
        }
        (_, Some(of)) => of.value == register,
        _ => false,
    }
}

/// Whether something may be asked about the records of a register.
pub fn asks_about(visit: &Visit<'_>, register: &Register) -> bool {
    let mut checks = visit.set().checks.values();
    checks.any(|check| looks_at(check, visit, &register.id.value) && is_for(visit, check))
}

/// Whether a check may be put to him at all: what holds one village against the others, or counts among all, tells whoever
/// works for some villages of the others.
fn is_for(visit: &Visit<'_>, check: &Check) -> bool {
    let compares = matches!(check.looks, Looks::Outlier { .. } | Looks::LastDay { .. });
    let readable = |id: &str| visit.set().register(id).is_some_and(|register| visit.who.may_read(register));
    (!compares || visit.who.sees_township()) && check.looks.register().is_none_or(|id| readable(&id.value))
}

/// The findings of some checks that he may see: every record a finding is about, and whatever it is told of, is his to see.
fn his(visit: &Visit<'_>, period: Period, wanted: impl Fn(&Check) -> bool) -> Result<Vec<Finding>> {
    let asked = Asked { db: visit.db, sets: visit.sets, set: visit.set(), period };
    let mut found = findings_of(&asked, |check| wanted(check) && is_for(visit, check))?;
    let ids = |one: &Finding| -> BTreeSet<String> {
        // The end of the key is whom or what it is about, or something that is no record.
        let subject = one.key.rsplit(':').next().unwrap_or_default();
        one.records.iter().map(|of| of.record.clone()).chain([subject.to_owned()]).collect()
    };
    let known = named(visit.db, &found.iter().flat_map(ids).collect())?;
    let told: Vec<(String, String)> = known.iter().map(|(id, of)| (of.register.clone(), id.clone())).collect();
    let seen = visit.only_his(told, |(register, id)| (register, id))?;
    let seen: BTreeSet<&str> = seen.iter().map(|(_, id)| id.as_str()).collect();
    found.retain(|one| ids(one).iter().all(|id| seen.contains(id.as_str()) || !known.contains_key(id)));
    Ok(found)
}

/// Whether a key is that of something he is asked now.
pub fn is_asked(visit: &Visit<'_>, key: &str) -> Result<bool> {
    let Some((check, year)) = check_and_year(key) else { return Ok(false) };
    let Ok(period) = period(year, visit.today) else { return Ok(false) };
    Ok(his(visit, period, |one| one.id == check)?.iter().any(|one| one.key == key))
}

/// Which check a key is of, and in which year; nothing of what is no key.
fn check_and_year(key: &str) -> Option<(&str, i16)> {
    let [check, when, _] = key.splitn(3, ':').collect::<Vec<_>>()[..] else { return None };
    Some((check, when.get(..4)?.parse().ok()?))
}

/// The step that explains a finding, and the field that names it.
fn explaining<'v>(visit: &Visit<'v>) -> Option<(&'v Register, &'v Step, FieldRef)> {
    let register = visit.set().register(ANSWERS.0)?;
    let at = FieldRef::parse(ANSWERS.1, "");
    Some((register, register.step(&at.step)?, at))
}

fn list(visit: &Visit<'_>, found: &[&Finding]) -> Result<Markup> {
    let ids = found.iter().flat_map(|one| one.records.iter().map(|of| of.record.clone()));
    let known = named(visit.db, &ids.collect())?;
    let link = |of: &Concerned| {
        let register = known.get(&of.record).map_or("", |named| named.register.as_str());
        html! { a href=(at(register, &of.record, "")) { (of.called) } }
    };
    Ok(html! {
        @if found.is_empty() { p.soft { "没有请核实的事。" } }
        @for one in found {
            section.panel.finding {
                h2 { (one.title) " " small { (when(one)) } }
                p { (one.seen) "。" strong { (one.asks) } }
                p.named {
                    span.soft { "案卷 " (one.records.len()) " 个：" }
                    @for (nth, of) in one.records.iter().take(NAMED).enumerate() { @if nth > 0 { "、" } (link(of)) }
                }
                @if one.records.len() > NAMED {
                    details { summary { "其余 " (one.records.len() - NAMED) " 个" }
                        p.named { @for (nth, of) in one.records.iter().skip(NAMED).enumerate() { @if nth > 0 { "、" } (link(of)) } }
                    }
                }
                p.basis { "为什么问：" (one.reason) "。" (one.basis.join("、")) }
                (answer(visit, one, &known))
            }
        }
    })
}

/// What a finding's key says of when.
fn when(one: &Finding) -> String {
    let when = one.key.split(':').nth(1).unwrap_or_default();
    match when.split('-').collect::<Vec<_>>()[..] {
        [year] => format!("{year}年"),
        [year, month] => format!("{year}年{}月", month.trim_start_matches('0')),
        _ => when.to_owned(),
    }
}

/// The record that explains it, or where that is done.
fn answer(visit: &Visit<'_>, one: &Finding, known: &HashMap<String, Named>) -> Markup {
    let Some((register, step, field)) = explaining(visit) else { return html! {} };
    if let Some(answered) = &one.answered {
        return html! {
            p {
                span.tag { (answered.state) } " "
                @if visit.visible().sees(&answered.record).unwrap_or(false) {
                    a href=(at(ANSWERS.0, &answered.record, "")) { "看说明" }
                }
                @if answered.since > 0 { " " span.wait { "此后又新增 " (answered.since) " 个案卷，说明里没有" } }
            }
        };
    }
    if !(visit.who.may_read(register) && visit.who.may_take_somewhere(register, step)) {
        return html! { p.note { "由" (whose(register, step)) "说明" } };
    }
    let mut form = format!("/registers/{}/new/{}?f.{}={}", ANSWERS.0, step.id.value, field.field, percent(&one.key));
    let mut carry = |kind: &dyn Fn(&FieldType) -> bool, ids: BTreeSet<&str>| {
        let field = step.fields.iter().find(|field| kind(&field.kind)).filter(|_| ids.len() <= CARRIED);
        let Some(field) = field else { return };
        ids.iter().for_each(|id| form.push_str(&format!("&f.{}={}", field.id.value, percent(id))));
    };
    let touched = one.records.iter().filter_map(|of| known.get(&of.record)).flat_map(|named| &named.villages);
    carry(&|kind| *kind == FieldType::Villages, touched.map(String::as_str).collect());
    carry(&|kind| kind.register() == Some(ANY), one.records.iter().map(|of| of.record.as_str()).collect());
    html! { p { a.button.second href=(form) { "作出说明" } } }
}

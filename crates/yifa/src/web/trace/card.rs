//! The card of a person on a page: in short first, then year by year a line for each matter, its steps folded (责任卡).

use std::collections::BTreeMap;

use maud::{Markup, html};

use super::{chosen, clocks, standing};
use crate::trace::person::{Card, Deed, Recorded};
use crate::web::answer::percent;
use crate::web::visit::Visit;

/// The card, below its head.
pub fn shown(visit: &Visit<'_>, card: &Card) -> Markup {
    html! { (summary(card)) (deeds(card)) (recorded(visit, card)) }
}

/// How often something is told, the most often first.
fn often<'t>(all: impl Iterator<Item = &'t str>) -> Vec<(&'t str, usize)> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    all.for_each(|one| *counts.entry(one).or_default() += 1);
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    counts
}

/// `调解员 21、撰写人 3`
fn told(all: Vec<(&str, usize)>) -> String {
    all.iter().map(|(what, count)| format!("{what} {count}")).collect::<Vec<_>>().join("、")
}

/// Things of one record together, in the order in which each record comes first.
fn by_record<'c, T>(all: impl Iterator<Item = &'c T>, record: impl Fn(&T) -> &str) -> Vec<Vec<&'c T>> {
    let mut found: Vec<Vec<&T>> = Vec::new();
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    for one in all {
        let place = *places.entry(record(one).to_owned()).or_insert_with(|| {
            found.push(Vec::new());
            found.len() - 1
        });
        found[place].push(one);
    }
    found
}

fn summary(card: &Card) -> Markup {
    let matters = by_record(card.deeds.iter(), |deed| &deed.record).len();
    let marked = card.deeds.iter().filter(|deed| !deed.standing.is_empty()).count();
    let roles = often(card.deeds.iter().flat_map(|deed| deed.roles.iter().map(|role| role.title.as_str())));
    let registers = often(card.deeds.iter().map(|deed| deed.register_title.as_str()));
    html! {
        section.panel {
            h2 { "概况" }
            dl.pair {
                dt { "职务" }
                dd {
                    @if card.posts.is_empty() { span.soft { "没有登记职务" } }
                    @for post in &card.posts {
                        div { (post) " " small { (post.from) " 至 " @match post.until { Some(day) => (day), None => "今" } } }
                    }
                }
                dt { "所办、所涉" } dd { (matters) " 个案卷，" (card.deeds.len()) " 步" }
                @if !roles.is_empty() { dt { "身份" } dd { (told(roles)) } }
                @if !registers.is_empty() { dt { "登记簿" } dd { (told(registers)) } }
                dt { "要留意的" }
                dd { @if marked > 0 { span.late { (marked) " 步" } "有补录、标记或者后来的更正，下面逐步写明" } @else { "没有补录、标记和更正" } }
                @if !card.recorded.is_empty() { dt { "另由本人记入" } dd { (card.recorded.len()) " 条，列在最后" } }
            }
        }
    }
}

fn deeds(card: &Card) -> Markup {
    let mut years: BTreeMap<i16, Vec<&Deed>> = BTreeMap::new();
    card.deeds.iter().for_each(|deed| years.entry(deed.day.year()).or_default().push(deed));
    html! {
        h2 { "所办、所涉的案卷" }
        p.soft { "新的年份在前；一个案卷一行，点开看每一步的身份、当时职务，和记入时案卷里已有什么。" }
        @for (year, deeds) in years.iter().rev() {
            @let matters = by_record(deeds.iter().copied(), |deed| &deed.record);
            h3 { (year) "年，" (matters.len()) " 个案卷" }
            ul.matters { @for matter in &matters { (line(matter)) } }
        }
    }
}

/// A matter in a line, its steps folded.
fn line(matter: &[&Deed]) -> Markup {
    let first = matter[0];
    let roles = often(matter.iter().flat_map(|deed| deed.roles.iter().map(|role| role.title.as_str())));
    let roles: Vec<&str> = roles.into_iter().map(|(role, _)| role).collect();
    let marked = matter.iter().filter(|deed| !deed.standing.is_empty()).count();
    html! {
        li {
            span.nowrap { (first.day) }
            span {
                a href=(format!("/registers/{}/{}", first.register, first.record)) { (first.called) }
                " " small { (first.register_title) " · " (first.state) }
            }
            details {
                summary { (roles.join("、")) "，" (matter.len()) " 步" @if marked > 0 { " " span.tag.bad { "留意 " (marked) } } }
                @for deed in matter { (step(deed)) }
            }
        }
    }
}

fn step(deed: &Deed) -> Markup {
    html! {
        div.step {
            b { (deed.title) } " " (clocks(deed.day, deed.recorded, deed.entry))
            p {
                "身份："
                @for (nth, role) in deed.roles.iter().enumerate() {
                    @if nth > 0 { "、" }
                    (role.title)
                    @if let Some(through) = &role.through { "（登记为“" (through) "”）" }
                    @if let Some(note) = role.note { span.wait { "（" (note) "）" } }
                }
                "；当时职务：" @if deed.posts.is_empty() { "没有登记" } @else { (deed.posts.join("、")) }
                @if deed.by_themselves { "；本人记入" }
            }
            (chosen(&deed.results)) (standing(&deed.standing))
            p.known.soft {
                "记入时案卷里已有："
                @if deed.known.is_empty() { "无" }
                @for (nth, one) in deed.known.iter().enumerate() { @if nth > 0 { "、" } (one.step) " " (one.day) }
            }
        }
    }
}

/// Entries he made about what does not name him: how many of each register, and one year at a time which.
fn recorded(visit: &Visit<'_>, card: &Card) -> Markup {
    let mut years: BTreeMap<i16, Vec<&Recorded>> = BTreeMap::new();
    card.recorded.iter().for_each(|one| years.entry(one.recorded.year()).or_default().push(one));
    let opened: Option<i16> = visit.query("recorded").and_then(|year| year.parse().ok());
    let days = ["from", "to"]
        .map(|name| visit.query(name).map_or_else(String::new, |day| format!("&{name}={}", percent(day))));
    html! {
        @if !card.recorded.is_empty() {
            h2 id="recorded" { "另由本人记入，共 " (card.recorded.len()) " 条" }
            p.soft { "替别人记的：步骤里没有写本人。" }
        }
        @for (year, all) in years.iter().rev() {
            p {
                b { (year) "年，" (all.len()) " 条" } "：" (told(often(all.iter().map(|one| one.register.as_str()))))
                @if opened != Some(*year) { " " a href={ "?recorded=" (year) (days.concat()) "#recorded" } { "逐条列出" } }
            }
            @if opened == Some(*year) { ul { @for of in by_record(all.iter().copied(), |one| &one.record) {
                li {
                    a href=(format!("/registers/{}/{}", of[0].id, of[0].record)) { (of[0].called) }
                    " " small { (of[0].register) } "："
                    @for (nth, one) in of.iter().enumerate() { @if nth > 0 { "，" } (one.act) " " small { (one.recorded) } }
                }
            } } }
        }
    }
}

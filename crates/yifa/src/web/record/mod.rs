//! `/registers/{register}/{record}`: one record, what was done on it, what comes next, and what follows from it (案卷).

mod compare;
mod field;
mod files;
mod linked;
mod meeting;
pub mod names;
mod next;
mod opinions;
mod papers;
mod path;
mod personal;
mod print;
mod proof;
mod readings;
mod timeline;

use std::sync::Arc;

use anyhow::Result;
use engine::act::{Act, Entry};
use engine::day::Day;
use engine::definition::{Register, Step};
use engine::law::{Citation, Texts};
use engine::record::next::Next;
use engine::record::{Course, Flag, Rows, Rules, VOID, apply, next as steps_next, walk};
use maud::{Markup, html};

use super::answer::{Answer, Turned};
use super::layout::trail;
use super::register::address;
use super::visit::{Seen, Visit};
use crate::query::called::in_full;
use crate::query::expired::expired;
use crate::storage::log::entries_of;
use names::Names;

pub use compare::show as compare;
pub use files::send as file;
pub use meeting::show as meeting;
pub(in crate::web) use next::whose;
pub use opinions::show as opinions;
pub use papers::{personal as papers_with_personal, print as paper, show as papers};
pub use personal::{ask as personal, show as unmask};
pub use print::show as print;
pub use proof::{bundle, show as proof};

/// A record somebody may see, with its entries.
struct Opened<'v> {
    seen: Seen,
    /// The register as it is now: it says who may do what.
    current: &'v Arc<Register>,
    /// The register the record was opened under: it says what its steps are.
    register: &'v Arc<Register>,
    entries: Vec<Entry>,
}

impl<'v> Opened<'v> {
    /// The record of the address.
    ///
    /// # Errors
    /// [`Turned::NotFound`] for one that is not there or not his.
    fn of(visit: &Visit<'v>) -> Result<Opened<'v>> {
        let current = visit.register()?;
        let seen = visit.record(current)?;
        let register = visit.opened_under(current, seen.first)?;
        let (entries, _) = entries_of(visit.db, &seen.id)?;
        Ok(Opened { seen, current, register, entries })
    }

    /// All that follows from its entries.
    fn read<'o>(&'o self, visit: &'o Visit<'o>) -> Result<Record<'o>> {
        let adopted = visit.sets.current()?;
        let figures = adopted.figures(&self.current.id.value);
        let rules = Rules { register: self.register, figures, calendar: &adopted.set.calendar };
        let rows = apply(rules, &self.entries);
        let (course, _) = walk(rules, &self.entries);
        let gone = gone(rules, &self.entries, &rows);
        let next = steps_next::next(rules, &course, &rows.dues, visit.today);
        let expired = expired(self.register, figures, &rows, visit.today);
        let texts = visit.site.texts.of(&visit.site.folder, &adopted.set)?;
        let names = Names::load(visit, self, &rows)?;
        Ok(Record { visit, opened: self, course, rows, gone, next, expired, texts, names, paper: false })
    }
}

/// The flags that stood when something was voided and do not stand any more.
fn gone(rules: Rules<'_>, entries: &[Entry], rows: &Rows) -> Vec<Flag> {
    let mut gone: Vec<Flag> = Vec::new();
    for (nth, entry) in entries.iter().enumerate() {
        let Act::Void { of, .. } = &entry.act else { continue };
        let voided = |flag: &Flag| {
            of.as_ref().is_none_or(|of| entries.iter().any(|one| one.index == flag.entry && one.id == *of))
        };
        let stood = apply(rules, &entries[..nth]).flags.into_iter().filter(voided);
        gone.extend(stood.filter(|flag| !rows.flags.contains(flag)));
    }
    gone
}

/// A record as its pages show it.
struct Record<'o> {
    visit: &'o Visit<'o>,
    opened: &'o Opened<'o>,
    course: Course<'o>,
    rows: Rows,
    /// Flags that went with a step that was voided: a mistake taken back is no breach, and not unseen either.
    gone: Vec<Flag>,
    next: Vec<Next>,
    /// Its last day, where that is over and nobody has recorded its end.
    expired: Option<Day>,
    texts: Arc<Texts>,
    names: Names,
    /// Printed: nothing folded, nothing to press.
    paper: bool,
}

impl Record<'_> {
    /// The address of the record, or of something below it.
    fn at(&self, below: &str) -> String {
        at(&self.opened.current.id.value, &self.opened.seen.id, below)
    }

    /// What it is called.
    fn called(&self) -> String {
        in_full(self.rows.head.number.as_deref(), &self.rows.head.title)
    }

    fn may_take(&self, step: &Step) -> bool {
        let (current, villages) = (self.opened.current, &self.opened.seen.villages);
        // A step that the register has no more is whose it was.
        let step = current.step(&step.id).unwrap_or(step);
        self.visit.who.may_take(current, step, villages)
    }

    fn may_mend(&self, step: &Step) -> bool {
        let (current, villages) = (self.opened.current, &self.opened.seen.villages);
        self.visit.who.may_mend(current, current.step(&step.id).unwrap_or(step), villages)
    }

    fn may_enter_outside(&self, step: &Step) -> bool {
        let (current, villages) = (self.opened.current, &self.opened.seen.villages);
        self.visit.who.may_enter_outside(current, current.step(&step.id).unwrap_or(step), villages)
    }

    fn may_unmask(&self, step: &Step) -> bool {
        let (current, villages) = (self.opened.current, &self.opened.seen.villages);
        self.visit.who.may_unmask(current, current.step(&step.id).unwrap_or(step), villages)
    }

    fn may_amend(&self) -> bool {
        self.visit.who.may_amend(self.opened.current, &self.opened.seen.villages)
    }

    /// Citations, each with the words of the article where the site imported them.
    fn law(&self, cites: &[String], day: Day) -> Markup {
        html! {
            @for (nth, cite) in cites.iter().enumerate() {
                @let words = Citation::parse(cite).ok().and_then(|citation| self.texts.article(&citation, day));
                @if let Some(words) = words {
                    details.law open[self.paper] {
                        summary { (cite) }
                        @for part in words.lines().filter(|part| !part.trim().is_empty()) { p { (part.trim()) } }
                    }
                } @else {
                    @if nth > 0 { "、" }
                    span.law { (cite) }
                }
            }
        }
    }

    /// What it is called, its state, its villages.
    fn head(&self) -> Markup {
        let head = &self.rows.head;
        let register = self.opened.register;
        let state = if self.course.void { "已作废" } else { register.state_title(&head.state) };
        html! {
            div.record-head {
                h1 { (self.called()) }
                dl.facts {
                    div { dt { "登记簿" } dd { (register.title) } }
                    div {
                        dt { "状态" }
                        dd {
                            strong.state { (state) }
                            @if let Some(last) = self.expired { " " span.tag.bad { (last) " 期满" } }
                            @if !self.rows.flags.is_empty() { " " span.tag.bad { "标记 " (self.rows.flags.len()) } }
                        }
                    }
                    @if !self.rows.villages.is_empty() {
                        div { dt { "涉及的村" } dd { (self.names.several(&self.rows.villages)) } }
                    }
                    @if let Some(opened) = head.opened { div { dt { "开立" } dd { (opened) } } }
                }
            }
        }
    }

    /// What is done about mistakes: rare and grave, so it stands apart, with what it means.
    fn mistakes(&self) -> Markup {
        html! {
            @let may = self.visit.who.may_void(self.opened.current, &self.opened.seen.villages);
            @if may && self.rows.head.state != VOID {
                details.panel.mistakes {
                    summary { "更正与作废" }
                    p { "记错了的，在“经过”里那一步下面更正；那一步本不该有的，在那里作废。原来的记入都留着。" }
                    p { "整个案卷本不该立的：" a href=(self.at("/void")) { "作废整个案卷" } "，要写明理由；作废以后不再计入数字，也不能恢复。" }
                }
            }
        }
    }

    /// The other views of the record, where they have something to say.
    fn views(&self) -> Markup {
        html! {
            nav.views aria-label="这个案卷的其他页面" {
                @if meeting::has(self) { a href=(self.at("/meeting")) { "会议" } }
                @if opinions::has(self) { a href=(self.at("/opinions")) { "征求意见" } }
                @if compare::has(self) { a href=(self.at("/compare")) { "条文对照" } }
                a href=(self.at("/print")) { "打印" }
                @if papers::has(self) { a href=(self.at("/papers")) { "文书" } }
                a href=(self.at("/proof")) { "证明" }
                @if self.visit.who.sees_township() {
                    a href=(format!("/trace/records/{}/{}", self.opened.current.id.value, self.opened.seen.id)) { "倒查" }
                }
                @if crate::web::questions::asks_about(self.visit, self.opened.current) {
                    a href=(format!("/questions?record={}", self.opened.seen.id)) { "请核实" }
                }
                @if self.may_amend() && self.rows.head.state != VOID {
                    a href=(self.at("/attach")) { "补附件" }
                    a href=(self.at("/link")) { "关联" }
                }
            }
        }
    }
}

/// The address of a record, or of something below it.
pub(in crate::web) fn at(register: &str, record: &str, below: &str) -> String {
    format!("/registers/{register}/{record}{below}")
}

/// `GET /registers/{register}/{record}`
pub fn show(visit: &Visit<'_>) -> Result<Answer> {
    let opened = Opened::of(visit)?;
    let record = opened.read(visit)?;
    let head = &record.rows.head;
    let main = html! {
        (trail(&[("/registers", "登记簿"), (&address(opened.current), &opened.current.title)], head.number.as_deref().unwrap_or(&head.title)))
        (super::form::done::told(visit, opened.register, &opened.seen)?)
        (record.head())
        (record.views())
        (path::path(&record))
        div.record-body {
            aside.record-side {
                (next::next(&record))
                (next::dues(&record))
                (linked::linked(&record)?)
                (readings::readings(&record)?)
                (record.mistakes())
            }
            (timeline::timeline(&record))
        }
    };
    Ok(visit.page(&record.called(), main))
}

/// A page about a record, below it.
fn below(record: &Record<'_>, title: &str, main: Markup) -> Answer {
    let (register, called) = (record.opened.current, record.called());
    let main = html! {
        (trail(&[("/registers", "登记簿"), (&address(register), &register.title), (&record.at(""), &called)], title))
        (main)
    };
    record.visit.page(&format!("{title} · {called}"), main)
}

/// The entry of the address, by its index or its id.
fn entry_of<'o>(visit: &Visit<'_>, opened: &'o Opened<'_>) -> Result<&'o Entry> {
    let asked = visit.param("entry");
    let found = opened.entries.iter().find(|entry| entry.id == asked || entry.index.to_string() == asked);
    found.ok_or_else(|| Turned::NotFound.into())
}

//! `/reports`: the annual reports, each a living draft until it is published, and frozen from then on (年度报告).

mod county;
mod freeze;
mod margin;
mod page;
mod panel;
mod paper;
mod paragraph;

use std::sync::Arc;

use anyhow::Result;
use engine::day::Day;
use engine::definition::Register;
use engine::record::{Course, Instance, Rules, apply};
use maud::{Markup, html};

use super::answer::{Answer, Turned};
use super::towns;
use super::visit::Visit;
use crate::annual::reported::{PUBLISH, SEND, Stage, due_of, stages};
use crate::annual::{DRAFT, Making, REGISTER, makings};
use crate::query::due::began;

pub use freeze::freeze;
pub use page::{download, show};
pub use paragraph::{form as paragraph, revise};

/// The register of reports, for whoever may read it.
fn admitted<'v>(visit: &Visit<'v>) -> Result<&'v Arc<Register>> {
    visit.register_of(REGISTER)
}

/// The year of the path.
fn year(visit: &Visit<'_>) -> Result<i16> {
    let year = visit.param("year").parse().ok().filter(|year| (1949..=2200).contains(year));
    year.ok_or_else(|| Turned::NotFound.into())
}

/// The record of how the report of a year is made, if it was begun.
fn making(visit: &Visit<'_>, year: i16) -> Result<Option<Making>> {
    Ok(makings(visit.db, visit.sets, None)?.into_iter().rfind(|making| making.year == year))
}

/// A draft that was frozen.
struct Frozen {
    /// Which one, from 1.
    nth: u32,
    /// As of which size of the journal.
    size: u64,
    /// SHA-256 of its text.
    text: String,
    /// When.
    on: Day,
    /// The entry that holds it.
    entry: u64,
}

/// The drafts frozen so far, in their order.
fn drafts(course: &Course<'_>) -> Vec<Frozen> {
    let draft = |one: &Instance<'_>| {
        Some(Frozen {
            nth: one.nth,
            size: u64::try_from(one.value("size")?.as_int()?).ok()?,
            text: one.value("text")?.as_text()?.to_owned(),
            on: one.day,
            entry: one.entry,
        })
    };
    let mut all: Vec<Frozen> = course.taken().filter(|one| one.step.id.value == DRAFT).filter_map(draft).collect();
    all.sort_by_key(|one| one.nth);
    all
}

/// Which draft was published, if one was.
fn published(course: &Course<'_>) -> Option<u32> {
    let publish = course.taken().rfind(|one| one.step.id.value == "publish")?;
    u32::try_from(publish.value(DRAFT)?.as_int()?).ok()
}

/// `GET /reports`
pub fn index(visit: &Visit<'_>) -> Result<Answer> {
    let register = admitted(visit)?;
    let all = makings(visit.db, visit.sets, None)?;
    let this = visit.today.year();
    let first = all.iter().map(|making| making.year).min().unwrap_or(this - 1).min(this - 1);
    // What the townships recorded can be reported by their county, also of years before it had a journal of its own.
    let first = if visit.site.towns.is_empty() { first } else { first.min(towns::recorded(visit)?.0) };
    let began = began(visit.db)?;
    let main = html! {
        h1 { "报告" }
        section.panel {
            h2 { "年度法治政府建设情况报告" }
            div.scroll { table {
                thead { tr { th { "年度" } th { "编制的案卷" } th { "状态" } th.num { "稿数" } th { "报送" } th { "公开" } } }
                tbody {
                    @for year in (first..=this).rev() {
                        @let making = all.iter().rfind(|making| making.year == year);
                        tr {
                            td { a href=(format!("/reports/annual/{year}")) { (year) " 年度" } }
                            @match making {
                                Some(making) => (stands(visit, making)),
                                None => {
                                    td colspan="3" class="soft" {
                                        "还没有启动编制"
                                        @if may_open(visit, register) { " " a href=(opening(year)) { "启动" } }
                                    }
                                    @for step in [SEND, PUBLISH] { td { (cell(visit.today, Stage { taken: None, due: due_of(register, step, year, began) })) } }
                                }
                            }
                        }
                    }
                }
            } }
            p.note { "每个年度随时可以打开看草稿：文字由模板，数字由台账。成稿以后照着那一稿核对、审核、签字、报送、公开。" }
        }
    };
    Ok(visit.page("报告", main))
}

fn may_open(visit: &Visit<'_>, register: &Register) -> bool {
    register.openings().any(|step| visit.who.may_take(register, step, &[]))
}

/// The form that begins the report of a year.
fn opening(year: i16) -> String {
    format!("/registers/{REGISTER}/new/open?f.year={year}")
}

/// When a step was done, or by when it has to be.
pub fn cell(today: Day, stage: Stage) -> Markup {
    html! {
        @match (stage.taken, stage.due) {
            (Some(day), _) => (day),
            (None, Some(last)) if last < today => span.late { "逾期，应在 " (last) " 前" },
            (None, Some(last)) => span.wait { (last) " 前" },
            (None, None) => {}
        }
    }
}

/// Where the making of a report stands, as cells of a row.
fn stands(visit: &Visit<'_>, making: &Making) -> Markup {
    let rows =
        apply(Rules { register: &making.register, figures: &[], calendar: &visit.set().calendar }, &making.entries);
    let course = making.course(visit.set());
    let stages = stages(making, visit.set());
    html! {
        td { a href=(format!("/registers/{REGISTER}/{}", making.id)) { (rows.head.title) } @if let Some(number) = &rows.head.number { small.line { (number) } } }
        td { (making.register.state_title(&rows.head.state)) }
        td.num { (drafts(&course).len()) }
        td { (cell(visit.today, stages(SEND))) }
        td { (cell(visit.today, stages(PUBLISH))) }
    }
}

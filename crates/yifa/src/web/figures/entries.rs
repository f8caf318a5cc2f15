//! `GET /figures/{figure}/entries`: the entries behind a figure or a part of it (数字背后的记入).

use std::collections::BTreeSet;

use anyhow::Result;
use engine::definition::Field;
use engine::figure::{Side, bases};
use engine::report::By;
use maud::{Markup, html};

use super::{Asked, address, limits, word};
use crate::policy::Scope;
use crate::query::evidence::{Evidence, evidence, keyed_by};
use crate::query::names::Names;
use crate::query::parts::kind_title;
use crate::query::slice::Slice;
use crate::web::answer::{Answer, percent};
use crate::web::layout::trail;
use crate::web::visit::Visit;

/// How many stand on a page.
const PAGE: usize = 100;

/// `GET /figures/{figure}/entries`
pub fn show(visit: &Visit<'_>) -> Result<Answer> {
    let asked = Asked::of(visit)?;
    let names = Names::load(visit.db)?;
    let slice = slice(visit);
    let whole = asked.beside.now;
    let period = slice.as_ref().map_or(whole, |slice| slice.period(whole));
    let mut all = evidence(visit.db, asked.set, asked.figure, period, &asked.dues, &names)?;
    if let Some(slice) = &slice {
        all.retain(|one| slice.holds(asked.set, asked.figure, &names, one));
    }
    let different = entries(&all);
    all.retain(|one| asked.set.register(&one.register).is_some_and(|register| visit.who.may_read(register)));
    let shut = different - entries(&all);
    for one in &mut all {
        let figure = asked.set.figures.get(&one.figure);
        if figure.and_then(|figure| keyed_by(asked.set, figure)).is_some_and(|field| !may_name(visit, field)) {
            one.keys.clear();
        }
    }
    let page = visit.query("page").and_then(|page| page.parse().ok()).unwrap_or(1_usize).clamp(1, 1 + all.len() / PAGE);
    let shown = || all.iter().skip((page - 1) * PAGE).take(PAGE);
    let columns = Columns::of(&all);
    let part = slice.as_ref().map_or_else(String::new, |slice| format!("：{}", called(&asked, &names, slice)));
    let cut = match asked.cut {
        true => format!("（截至{}月{}日）", whole.to.month(), whole.to.of_month()),
        false => String::new(),
    };
    let title = format!("{}年{cut}{}{part}", asked.year, asked.figure.title);
    let [query, _] = asked.queries();
    let at =
        slice.as_ref().map_or_else(String::new, |slice| format!("&by={}&part={}", word(slice.by), percent(&slice.key)));
    let main = html! {
        (trail(&[(&format!("/figures?year={}", asked.year), "数字"), (&address(&asked.figure.id, &query), &asked.figure.title)], "记入"))
        h1 { (title) }
        (limits(visit))
        p { (told(&all, different)) }
        @if shut > 0 { p.note { "另有 " (shut) " 条在您不能查看的登记簿里，只计数，不列出。" } }
        @if !all.is_empty() { div.scroll { table.entries.cards {
            thead { (columns.head()) }
            tbody { @for one in shown() { (columns.row(one)) } }
        } } }
        (pages(page, all.len(), |page| format!("/figures/{}/entries{query}{at}&page={page}", percent(&asked.figure.id))))
    };
    Ok(visit.page(&title, main))
}

/// Entries as a table.
pub fn listed(all: &[Evidence]) -> Markup {
    let columns = Columns::of(all);
    html! {
        @if !all.is_empty() { div.scroll { table.entries.cards {
            thead { (columns.head()) }
            tbody { @for one in all { (columns.row(one)) } }
        } } }
    }
}

/// How many different entries: one may stand above the line and below it, or in two parts of a total.
fn entries(all: &[Evidence]) -> usize {
    all.iter().map(|one| one.entry).collect::<BTreeSet<u64>>().len()
}

/// Whether he may be told what a field names: where that is a record, one of a register he sees the whole of.
fn may_name(visit: &Visit<'_>, field: &Field) -> bool {
    field.kind.register().is_none_or(|of| {
        let register = visit.set().register(of);
        register.is_some_and(|of| visit.who.may_read(of) && visit.who.scope(of) == Scope::All)
    })
}

fn told(all: &[Evidence], different: usize) -> String {
    let on = |side: Side| all.iter().filter(|one| one.side == Some(side)).count();
    match all.iter().any(|one| one.side.is_some()) {
        true => format!("分子 {} 条，分母 {} 条，共 {different} 条记入。", on(Side::Of), on(Side::Over)),
        false => format!("共 {different} 条记入。"),
    }
}

fn slice(visit: &Visit<'_>) -> Option<Slice> {
    let (by, key) = (visit.query("by")?, visit.asked.query.iter().find(|(name, _)| name == "part")?.1.clone());
    let by = By::ALL.iter().find(|row| row.0 == by)?.1;
    Some(Slice { by, key })
}

/// What a part is called.
fn called(asked: &Asked<'_>, names: &Names, slice: &Slice) -> String {
    match slice.by {
        By::Village => names.village(&slice.key),
        By::Town => String::new(),
        By::Month => format!("{}月", slice.key.rsplit('-').next().unwrap_or_default().trim_start_matches('0')),
        By::Kind => match asked.set.figures.get(&slice.key) {
            Some(part) => part.title.clone(),
            None => bases(asked.set, asked.figure)
                .first()
                .map_or_else(String::new, |base| kind_title(asked.set, base.figure, &slice.key)),
        },
    }
}

/// Which columns have something to say.
struct Columns {
    side: bool,
    village: bool,
    kind: bool,
    keys: bool,
}

impl Columns {
    fn of(all: &[Evidence]) -> Columns {
        Columns {
            side: all.iter().any(|one| one.side.is_some()),
            village: all.iter().any(|one| one.village != all[0].village),
            kind: all.iter().any(|one| !one.kind.is_empty()),
            keys: all.iter().any(|one| !one.keys.is_empty()),
        }
    }

    fn head(&self) -> Markup {
        html! { tr {
            @if self.side { th { "位置" } }
            th.num { "记入" } th { "日期" } th { "案卷" }
            @if self.village { th { "村" } }
            @if self.kind { th { "类别" } }
            th.num { "计" }
            @if self.keys { th { "所计" } }
            th { "质量" }
        } }
    }

    fn row(&self, one: &Evidence) -> Markup {
        let record = format!("/registers/{}/{}", one.register, one.record);
        html! { tr {
            @if let (true, Some(side)) = (self.side, one.side) { td { (side.chinese()) } }
            td.num { a href={ (record) "#entry-" (one.entry) } { "第 " (one.entry) " 条" } }
            td.day { (one.day) }
            td { a href=(record) { (one.called) } @if !one.title.is_empty() { " " span.soft { (one.title) } } }
            @if self.village { td { (one.village) } }
            @if self.kind { td { (one.kind) } }
            td.num.counts { (one.value) }
            @if self.keys { td.keys { (one.keys.join("、")) } }
            td.marks {
                @if one.late { span.tag.wait { "补录" } " " }
                @if one.flagged { span.tag.bad { "有标记" } }
            }
        } }
    }
}

/// Links to the pages of a long list.
pub fn pages(page: usize, rows: usize, url: impl Fn(usize) -> String) -> Markup {
    let last = rows.div_ceil(PAGE);
    html! {
        @if last > 1 { nav.pages aria-label="分页" {
            @if page > 1 { a href=(url(page - 1)) rel="prev" { "上一页" } }
            span { "第 " (page) " 页，共 " (last) " 页" }
            @if page < last { a href=(url(page + 1)) rel="next" { "下一页" } }
        } }
    }
}

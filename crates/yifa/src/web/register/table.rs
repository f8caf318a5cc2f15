//! The list itself: its filters, its rows, its pages.

use anyhow::Result;
use engine::definition::{Field, FieldType, Register};
use maud::{Markup, html};

use super::address;
use super::shown::{SORTS, Shown, may_name, word};
use crate::projection::facet;
use crate::query::called::named;
use crate::query::list::{Page, Sort, SortBy};
use crate::query::names::Names;
use crate::query::records::Listed;
use crate::web::answer::percent;
use crate::web::visit::Visit;

/// The most values a filter lists: beyond that one searches.
const MOST_VALUES: usize = 200;

/// The filters of a register, as its definition has them.
pub fn filters(visit: &Visit<'_>, register: &Register, shown: &Shown, names: &Names) -> Result<Markup> {
    let id = &register.id.value;
    let years = facet::values(visit.db, id, facet::YEAR)?;
    let villages = facet::values(visit.db, id, facet::VILLAGE)?;
    let within = visit.who.scope(register);
    let villages: Vec<(String, String)> = villages
        .into_iter()
        .filter(|village| within.covers(std::slice::from_ref(village)))
        .map(|village| (names.village(&village), village))
        .map(|(name, village)| (village, name))
        .collect();
    let states: Vec<(String, String)> =
        register.states.iter().map(|state| (state.id.value.clone(), state.title.clone())).collect();
    let years: Vec<(String, String)> =
        years.into_iter().rev().map(|year| (year.clone(), format!("{} 年", year.trim_start_matches('0')))).collect();
    let year = shown.year.map(|year| format!("{year:04}"));
    let mut fields = Vec::new();
    for step in &register.steps {
        for field in step.fields.iter().filter(|field| field.filter && !field.personal) {
            let at = format!("{}.{}", step.id.value, field.id.value);
            // The villages have a filter of their own.
            if !matches!(field.kind, FieldType::Village | FieldType::Villages) {
                let values = values(visit, register, field, &at)?;
                fields.push((at, &field.title, values));
            }
        }
    }
    let words = if may_name(visit, register) {
        "编号、名称两个字就行，姓名写全"
    } else {
        "编号、名称，两个字就行"
    };
    let chosen = shown.is_narrowed_by_choice();
    Ok(html! {
        form.filters method="get" action=(address(register)) role="search" {
            label.words { "查找" input type="search" name="q" value=[shown.search.as_deref()] placeholder=(words); }
            // Folded on a telephone; where there is room the style sheet lays them open.
            details.more open[chosen] {
                summary { "筛选条件" }
                (choice("state", "状态", &states, shown.state.as_deref()))
                (choice("year", "年度", &years, year.as_deref()))
                @if villages.len() > 1 { (choice("village", "村", &villages, shown.village.as_deref())) }
                @for (at, title, values) in &fields {
                    @if values.len() > 1 { (choice(&format!("f.{at}"), title, values, shown.field(at))) }
                }
            }
            @if shown.sort != Sort::default() { input type="hidden" name="sort" value=(word(shown.sort)); }
            span.send {
                button type="submit" { "筛选" }
                @if shown.is_narrowed() { a href=(address(register)) { "清除" } }
            }
        }
    })
}

/// The values of a filter field that some record has, and what they are called.
fn values(visit: &Visit<'_>, register: &Register, field: &Field, at: &str) -> Result<Vec<(String, String)>> {
    if !field.choices.is_empty() {
        return Ok(field.choices.iter().map(|choice| (choice.id.value.clone(), choice.title.clone())).collect());
    }
    if field.kind == FieldType::YesNo {
        return Ok(vec![("true".to_owned(), "是".to_owned()), ("false".to_owned(), "否".to_owned())]);
    }
    let found = facet::values(visit.db, &register.id.value, at)?;
    if found.len() > MOST_VALUES {
        return Ok(Vec::new());
    }
    let Some(of) = field.kind.register() else {
        return Ok(found.into_iter().map(|value| (value.clone(), value)).collect());
    };
    // Names of records are shown to those who may read all of that register.
    let readable = visit.set().register(of).is_some_and(|of| visit.who.scope(of).villages().is_none());
    if !readable {
        return Ok(Vec::new());
    }
    let called = named(visit.db, &found.into_iter().collect())?;
    let mut values: Vec<(String, String)> =
        called.into_iter().map(|(id, named)| (id, named.called().to_owned())).collect();
    values.sort_by(|a, b| a.1.cmp(&b.1));
    Ok(values)
}

fn choice(name: &str, title: &str, values: &[(String, String)], chosen: Option<&str>) -> Markup {
    html! {
        label {
            (title)
            select name=(name) {
                option value="" { "全部" }
                @for (value, title) in values {
                    option value=(value) selected[chosen == Some(value.as_str())] { (title) }
                }
            }
        }
    }
}

/// The rows of a page, their heads putting them in order.
pub fn rows(register: &Register, shown: &Shown, rows: &[Listed]) -> Markup {
    let address = address(register);
    let head = |by: SortBy, title: &str| -> Markup {
        let now = shown.sort.by == by;
        let (mark, said) = match (now, shown.sort.descending) {
            (true, true) => ("↓", Some("descending")),
            (true, false) => ("↑", Some("ascending")),
            (false, _) => ("", None),
        };
        // What is dated is looked at from its end, what is named from its beginning; pressed again, the other way.
        let dated = matches!(by, SortBy::Opened | SortBy::Changed);
        let next = Sort { by, descending: if now { !shown.sort.descending } else { dated } };
        let known = SORTS.iter().any(|(_, known)| *known == by);
        html! {
            th scope="col" aria-sort=[said] {
                @if known { a href={ (address) "?" (shown.sorted(next).query()) } { (title) (mark) } } @else { (title) }
            }
        }
    };
    let numbered = register.number.is_some();
    let named = rows.iter().any(|row| row.person.is_some());
    html! {
        @if rows.is_empty() {
            p.none { "没有符合条件的案卷。" }
        } @else {
            div.scroll tabindex="0" role="region" aria-label={ (register.title) "清单" } {
                table.list.cards {
                    thead {
                        tr {
                            @if numbered { (head(SortBy::Number, "编号")) }
                            (head(SortBy::Title, "名称"))
                            @if named { th scope="col" { "人员" } }
                            th scope="col" { "状态" }
                            (head(SortBy::Opened, "日期"))
                            th scope="col" { "标记" }
                        }
                    }
                    tbody {
                        @for row in rows {
                            tr {
                                @if numbered { td.number { (row.number.as_deref().unwrap_or("未编号")) } }
                                td { a href={ (address) "/" (row.id) } { (row.title) } }
                                @if named { td { (row.person.as_deref().unwrap_or("")) } }
                                td { (state(register, row)) }
                                td.num { (row.opened) }
                                td { @if row.flags > 0 { span.tag.bad { (row.flags) " 处" } } }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn state(register: &Register, row: &Listed) -> Markup {
    html! {
        @if row.state == engine::record::VOID { span.tag { "已作废" } } @else { (register.state_title(&row.state)) }
        @if let Some(last) = &row.expired { " " span.tag.wait { (last) "期满" } }
    }
}

/// Towards the pages before and after.
pub fn pages(register: &Register, shown: &Shown, page: &Page) -> Markup {
    let query = shown.query();
    let to = |cursor: &crate::query::list::Cursor| {
        let join = if query.is_empty() { "" } else { "&" };
        format!("{}?{query}{join}at={}", address(register), percent(&cursor.to_string()))
    };
    html! {
        @if page.previous.is_some() || page.next.is_some() {
            nav.pages aria-label="翻页" {
                @if let Some(cursor) = &page.previous { a rel="prev" href=(to(cursor)) { "← 上一页" } }
                @if let Some(cursor) = &page.next { a rel="next" href=(to(cursor)) { "下一页 →" } }
            }
        }
    }
}

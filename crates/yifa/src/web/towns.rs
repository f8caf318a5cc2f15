//! `/towns`: the townships below a county, their numbers together and one by one (各乡镇).
//!
//! Each township is asked by itself, with a reader of its own; what is added up here opens there.

use anyhow::Result;
use engine::definition::Figure;
use engine::figure::Period;
use maud::{Markup, html};

use super::answer::{Answer, Turned, percent};
use super::figures::{limits, years};
use super::layout::trail;
use super::places::address;
use super::visit::Visit;
use crate::ambient::{Ambient, System, day_of, minute_of};
use crate::annual::REGISTER;
use crate::query::figures::Readings;
use crate::query::records::total;
use crate::query::together::{Sums, is_recorded, of_town, together};
use crate::query::years as days;
use crate::refused::refuse;
use crate::storage::log::Head;
use crate::storage::params;

/// A township as it stands.
struct Town<'v> {
    name: &'v str,
    called: &'v str,
    entries: u64,
    /// When the last entry was recorded, in milliseconds.
    last: Option<i64>,
    /// How many entries were signed, and when.
    signed: Option<(u64, i64)>,
    reports: u64,
}

/// After so many days without an entry a township is pointed out.
const STILL: i64 = 30;

fn towns<'v>(visit: &Visit<'v>) -> Result<Vec<Town<'v>>> {
    let mut all = Vec::new();
    for (name, site) in &visit.site.towns {
        let db = site.reader()?;
        let last = "SELECT recorded_at FROM entry WHERE town_id = $1 ORDER BY idx DESC LIMIT 1";
        let signed = "SELECT size, signed_at FROM checkpoint WHERE town_id = $1 ORDER BY size DESC LIMIT 1";
        all.push(Town {
            name,
            called: &site.folder.config.town,
            entries: Head::load(&db)?.size(),
            last: db.one(last, params![], |row| row.get(0))?,
            signed: db.one(signed, params![], |row| Ok((row.get::<i64>(0)? as u64, row.get(1)?)))?,
            reports: total(&db, REGISTER, None)?,
        });
    }
    Ok(all)
}

/// `GET /towns`: who records, who is behind.
pub fn index(visit: &Visit<'_>) -> Result<Answer> {
    let towns = towns(visit)?;
    if towns.is_empty() {
        return Err(Turned::NotFound.into());
    }
    let now = System.now();
    let still = |town: &Town<'_>| town.last.is_none_or(|last| now - last > STILL * 86_400_000);
    let behind: Vec<&str> = towns.iter().filter(|town| still(town)).map(|town| town.called).collect();
    let main = html! {
        h1 { "各乡镇" }
        p { a href="/towns/figures" { "汇总数字" } }
        @if !behind.is_empty() { p.wait { (STILL) " 天没有记入的：" (behind.join("、")) } }
        div.scroll tabindex="0" { table {
            thead { tr { th { "乡镇" } th.number { "日志" } th { "最后记入" } th { "最后签署" } th.number { "年度报告" } } }
            tbody { @for town in &towns { tr {
                td { a href=(address(town.name, "/")) { (town.called) } }
                td.number { (town.entries) " 条" }
                td.when { @match town.last { Some(at) => { (minute_of(at)) } None => { "没有记入" } } }
                td.when { @match town.signed {
                    Some((size, at)) => { (minute_of(at)) @if size < town.entries { " " span.wait { "还有 " (town.entries - size) " 条没有签" } } }
                    None => { "没有签署" }
                } }
                td.number { @if town.reports > 0 { a href=(address(town.name, &format!("/registers/{REGISTER}"))) { (town.reports) " 份" } } @else { "没有" } }
            } } }
        } }
    };
    Ok(visit.page("各乡镇", main))
}

/// The year asked for, or else the last in which somebody recorded something; and the years there are.
fn year(visit: &Visit<'_>) -> Result<(i16, (i16, i16))> {
    let mut told: Option<(i16, i16)> = None;
    for site in visit.site.towns.values() {
        let db = site.reader()?;
        for way in ["ASC", "DESC"] {
            let sql = format!("SELECT recorded_at FROM entry WHERE town_id = $1 ORDER BY idx {way} LIMIT 1");
            if let Some(at) = db.one(&sql, params![], |row| row.get(0))? {
                let year = day_of(at).year();
                told = Some(told.map_or((year, year), |(first, last)| (first.min(year), last.max(year))));
            }
        }
    }
    let this = visit.today.year();
    let told = told.unwrap_or((this, this));
    let Some(asked) = visit.query("year") else { return Ok((told.1, told)) };
    let year = asked.parse().map_err(|_| refuse(602, format!("“{asked}”不是年度"), "请写四位数的年份，如 2023"))?;
    days::period(year, visit.today)?;
    Ok((year, told))
}

/// What each township counts in a period.
struct Counted<'v> {
    name: &'v str,
    called: &'v str,
    sums: Sums,
}

fn counted<'v>(visit: &Visit<'v>, figures: &[&Figure], period: Period) -> Result<Vec<Counted<'v>>> {
    let mut all = Vec::new();
    for (name, site) in &visit.site.towns {
        let db = site.reader()?;
        let sums = db.at_once(|| of_town(&db, visit.set(), figures, period))?;
        all.push(Counted { name, called: &site.folder.config.town, sums });
    }
    Ok(all)
}

/// `GET /towns/figures`: the numbers of a year over all townships.
pub fn figures(visit: &Visit<'_>) -> Result<Answer> {
    let (year, told) = year(visit)?;
    let period = days::period(year, visit.today)?;
    let set = visit.set();
    let every: Vec<&Figure> = set.figures.values().map(|figure| &**figure).collect();
    let towns = counted(visit, &every, period)?;
    let all = together(set, &every, towns.iter().map(|town| &town.sums), period);
    let recorded = |figure: &Figure| towns.iter().filter(|town| is_recorded(set, figure, &town.sums)).count();
    let main = html! {
        (trail(&[("/towns", "各乡镇")], "汇总数字"))
        h1 { (year) "年的汇总数字" }
        (years(visit, year, told, |year| format!("/towns/figures?year={year}")))
        (limits(visit))
        p.note { "每个乡镇各自由台账得出，再相加；率由合计数重新计算。点开看各乡镇的，再点开就是那里的每一条记入。" }
        table.figures {
            thead { tr { th { "数字" } th { "合计" } th { "有记入的乡镇" } th { "记入" } th { "补录" } } }
            tbody { @for figure in &every {
                @let reading = &all[&figure.id];
                @if reading.entries > 0 { tr {
                    th scope="row" { a href=(of_figure(&figure.id, year)) { (reading.title) } }
                    td.number { (reading.text()) }
                    td.number { (recorded(figure)) " / " (towns.len()) }
                    td.number { (reading.entries) }
                    td.number { @if reading.late > 0 { (reading.late) } }
                } }
            } }
        }
    };
    Ok(visit.page(&format!("{year}年的汇总数字"), main))
}

fn of_figure(figure: &str, year: i16) -> String {
    format!("/towns/figures/{}?year={year}", percent(figure))
}

/// `GET /towns/figures/{figure}`: one number, township by township; each opens in its township.
pub fn figure(visit: &Visit<'_>) -> Result<Answer> {
    let (year, told) = year(visit)?;
    let period = days::period(year, visit.today)?;
    let set = visit.set();
    let figure = set.figures.get(visit.param("figure")).ok_or(Turned::NotFound)?;
    let asked: [&Figure; 1] = [figure];
    let towns = counted(visit, &asked, period)?;
    if towns.is_empty() {
        return Err(Turned::NotFound.into());
    }
    let all = &together(set, &asked, towns.iter().map(|town| &town.sums), period)[&figure.id];
    let nothing: Vec<&str> =
        towns.iter().filter(|town| !is_recorded(set, figure, &town.sums)).map(|town| town.called).collect();
    let main = html! {
        (trail(&[("/towns", "各乡镇"), (&format!("/towns/figures?year={year}"), "汇总数字")], &all.title))
        h1 { (all.title) }
        (years(visit, year, told, |year| of_figure(&figure.id, year)))
        p.large { (year) "年 " strong { (all.text()) } "，背后 " (all.entries) " 条记入" }
        @if !nothing.is_empty() { p.wait { "没有记入的乡镇：" (nothing.join("、")) "。没有记入不等于没有做。" } }
        (by_town(set, figure, &towns, year, period))
    };
    Ok(visit.page(&all.title, main))
}

fn by_town(
    set: &engine::definition::Definitions,
    figure: &Figure,
    towns: &[Counted<'_>],
    year: i16,
    period: Period,
) -> Markup {
    let readings: Vec<(&Counted<'_>, Readings)> =
        towns.iter().map(|town| (town, together(set, &[figure], [&town.sums], period))).collect();
    html! {
        table.figures {
            thead { tr { th { "乡镇" } th { "数字" } th { "记入" } th { "补录" } th { "标记" } } }
            tbody { @for (town, readings) in &readings {
                @let reading = &readings[&figure.id];
                @let entries = address(town.name, &format!("/figures/{}/entries?year={year}", percent(&figure.id)));
                tr {
                    th scope="row" { a href=(address(town.name, &format!("/figures/{}?year={year}", percent(&figure.id)))) { (town.called) } }
                    td.number { @if reading.entries > 0 { a href=(entries) { (reading.text()) } } @else { (reading.text()) } }
                    td.number { (reading.entries) }
                    td.number { @if reading.late > 0 { (reading.late) } }
                    td.number { @if reading.flagged > 0 { (reading.flagged) } }
                }
            } }
        }
    }
}

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
use super::report::cell;
use super::visit::Visit;
use crate::ambient::{Ambient, System, day_of, minute_of};
use crate::annual::REGISTER;
use crate::county::{Town, missing, signed};
use crate::mirror::Standing;
use crate::query::figures::Readings;
use crate::query::together::{Sums, is_recorded, of_town, together};
use crate::query::years as days;
use crate::refused::refuse;
use crate::storage::params;

/// The townships below, each with its annual report of a year.
pub fn towns(visit: &Visit<'_>, year: i16) -> Result<Vec<Town>> {
    let mut all = Vec::new();
    for (name, site) in &visit.site.towns {
        let db = site.reader()?;
        let sets = site.sets(&db)?;
        all.push(db.at_once(|| Town::of(name, &site.folder, &db, &sets, year))?);
    }
    Ok(all)
}

/// What is missing of them, as it stands over their numbers.
pub fn told(visit: &Visit<'_>, towns: &[&Town], year: i16) -> Markup {
    let missing = missing(towns, year, System.now(), visit.today);
    html! { @if !missing.is_empty() { ul.missing { @for (weighs, one) in missing { li class=[weighs.then_some("late")] { (one) } } } } }
}

/// `GET /towns`: who records, who is behind, who has reported.
pub fn index(visit: &Visit<'_>) -> Result<Answer> {
    if visit.site.towns.is_empty() {
        return Err(Turned::NotFound.into());
    }
    // The report that is being written is that of the last year that is over.
    let last = visit.today.year() - 1;
    let (year, recorded) = match visit.query("year") {
        Some(_) => year(visit)?,
        None => (last, recorded(visit)?),
    };
    let towns = towns(visit, year)?;
    let all: Vec<&Town> = towns.iter().collect();
    let mirrors = towns.iter().any(|town| town.following.is_some());
    let main = html! {
        h1 { "各乡镇" }
        p { a href="/towns/figures" { "汇总数字" } "　" a href=(format!("/reports/annual/{year}")) { (visit.site.folder.config.county) (year) "年度报告" } }
        (told(visit, &all, year))
        (years(visit, year, (recorded.0.min(last), recorded.1), |year| format!("/towns?year={year}")))
        div.scroll tabindex="0" { table {
            thead { tr {
                th { "乡镇" } th.number { "日志" } th { "最后记入" } th { "最后签署" }
                @if mirrors { th { "镜像" } }
                th { (year) "年度报告" } th { "报送" } th { "公开" }
            } }
            tbody { @for town in &towns { (row(visit, town, mirrors)) } }
        } }
        @if mirrors { p.note { "镜像是日志的拷贝，逐条核验以后才接受；最后同步以后乡镇又记入的，这里还没有。" } }
    };
    Ok(visit.page("各乡镇", main))
}

fn row(visit: &Visit<'_>, town: &Town, mirrors: bool) -> Markup {
    let entries = town.size.size;
    html! { tr {
        th.nowrap scope="row" { a href=(address(&town.name, "/")) { (town.called) } }
        td.number.nowrap { (entries) " 条" }
        td.when { @match town.last { Some(at) => { (minute_of(at)) } None => { "没有记入" } } }
        td.when { @match town.signed {
            // When a mirror's checkpoint was signed nobody says; when it was accepted stands beside.
            Some(_) if town.following.is_some() => span.soft { "照乡里签署的" },
            Some((size, at)) => { (minute_of(at)) @if size < entries { br; span.wait { "还有 " (entries - size) " 条没有签" } } }
            None => { "没有签署" }
        } }
        @if mirrors { td.when { @match &town.following { Some(standing) => (following(standing, entries)), None => "本机" } } }
        td { @match &town.reported.record {
            Some((record, state)) => a href=(address(&town.name, &format!("/registers/{REGISTER}/{record}"))) { (state) },
            None => span.soft { "没有启动" },
        } }
        td { (cell(visit.today, town.reported.sent)) }
        td { (cell(visit.today, town.reported.published)) }
    } }
}

/// How a mirror stands: when it was last followed to the end, and what was not accepted since.
pub fn following(standing: &Standing, entries: u64) -> Markup {
    let class = if standing.is_stale(System.now()) { "wait" } else { "" };
    html! {
        @match standing.done { Some(at) => span class=(class) { (minute_of(at)) " 同步" }, None => span.wait { "没有同步成功过" } }
        @if standing.behind(entries) > 0 { "，" span.wait { "还差 " (standing.behind(entries)) " 条" } }
        @if let Some(refused) = &standing.refused {
            br; span class=(if refused.is_grave() { "late" } else { "wait" }) title=(refused.text) {
                (minute_of(refused.at)) " " (refused.word()) "（P" (refused.code) "）"
            }
        }
        @if standing.forked { br; span.late { "留有两份签过名的历史" } }
    }
}

/// The years in which somebody recorded something, the first and the last.
pub fn recorded(visit: &Visit<'_>) -> Result<(i16, i16)> {
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
    Ok(told.unwrap_or((this, this)))
}

/// The year asked for, or else the last in which somebody recorded something; and the years there are.
fn year(visit: &Visit<'_>) -> Result<(i16, (i16, i16))> {
    let told = recorded(visit)?;
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
    let (year, from_to) = year(visit)?;
    let period = days::period(year, visit.today)?;
    let set = visit.set();
    let every: Vec<&Figure> = set.figures.values().map(|figure| &**figure).collect();
    let towns = counted(visit, &every, period)?;
    let all = together(set, &every, towns.iter().map(|town| &town.sums), period);
    let standing = self::towns(visit, year)?;
    let recorded = |figure: &Figure| towns.iter().filter(|town| is_recorded(set, figure, &town.sums)).count();
    let told_here = told(visit, &standing.iter().collect::<Vec<_>>(), year);
    let main = html! {
        (trail(&[("/towns", "各乡镇")], "汇总数字"))
        h1 { (year) "年的汇总数字" }
        (years(visit, year, from_to, |year| format!("/towns/figures?year={year}")))
        (limits(visit))
        (told_here)
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
    let behind = behind(visit)?;
    let main = html! {
        (trail(&[("/towns", "各乡镇"), (&format!("/towns/figures?year={year}"), "汇总数字")], &all.title))
        h1 { (all.title) }
        (years(visit, year, told, |year| of_figure(&figure.id, year)))
        p.large { (year) "年 " strong { (all.text()) } "，背后 " (all.entries) " 条记入" }
        @if !nothing.is_empty() { p.wait { "没有记入的乡镇：" (nothing.join("、")) "。没有记入不等于没有做。" } }
        @if !behind.is_empty() { p.wait { "镜像落后的乡镇：" (behind.join("、")) "。只算到最后一次同步为止。" } }
        (by_town(set, figure, &towns, year, period))
    };
    Ok(visit.page(&all.title, main))
}

/// The townships whose mirrors are behind.
fn behind<'v>(visit: &Visit<'v>) -> Result<Vec<&'v str>> {
    let (mut behind, now) = (Vec::new(), System.now());
    for site in visit.site.towns.values().filter(|site| site.folder.config.mirror.is_some()) {
        let accepted = signed(&*site.reader()?)?.map(|(_, at)| at);
        if Standing::of(&site.folder, accepted).is_some_and(|standing| standing.is_stale(now)) {
            behind.push(site.folder.config.town.as_str());
        }
    }
    Ok(behind)
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

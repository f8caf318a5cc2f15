//! `/admin/log`: who came in, who looked at what is personal, who took what away; for the administrator and the inspector
//! (访问日志).

use std::collections::HashMap;

use anyhow::Result;
use engine::day::Day;
use maud::{Markup, html};

use super::people::People;
use crate::accounts::access::{Access, KEPT, Kind, Wanted, kinds, title};
use crate::ambient::{Ambient, System, day_of, minute_of, start_of};
use crate::refused::refuse;
use crate::storage::Value;
use crate::web::answer::{Answer, Turned, percent};
use crate::web::visit::Visit;

/// Lines of a page.
const LINES: usize = 50;

/// `GET /admin/log`
pub fn show(visit: &Visit<'_>) -> Result<Answer> {
    if !visit.who.may_read_accesses() {
        return Err(Turned::Forbidden.into());
    }
    let people = People::load(visit)?;
    let day = visit.query("day").and_then(Day::parse);
    let behind = visit.query("behind").and_then(|text| text.split_once('-'));
    let wanted = Wanted {
        account: visit.query("account"),
        kind: visit.query("kind"),
        span: (day.map(start_of), day.map(|day| start_of(day.next()))),
        behind: behind.and_then(|(at, id)| Some((at.parse().ok()?, id))),
    };
    let mut lines = visit.site.accounts.accesses_of(&wanted, LINES as u64 + 1)?;
    let more = lines.len() > LINES;
    lines.truncate(LINES);
    let main = html! {
        @if visit.who.administers() { (super::trail("访问日志")) }
        h1 { "访问日志" }
        (filters(visit, &people, &wanted, day))
        @if lines.is_empty() { p { "没有符合的记录。" } }
        @else { (table(visit, &people, &lines)?) }
        @if let (true, Some(last)) = (more, lines.last()) {
            p { a.button.second href=(further(visit, last)) { "更早的" } }
        }
        @if visit.who.administers() { (pruning(visit)) }
    };
    Ok(visit.page("访问日志", main))
}

/// The address of the next page.
fn further(visit: &Visit<'_>, last: &Access) -> String {
    let kept = visit.asked.query.iter().filter(|(key, value)| key != "behind" && !value.is_empty());
    let kept: String = kept.map(|(key, value)| format!("{}={}&", percent(key), percent(value))).collect();
    format!("/admin/log?{kept}behind={}-{}", last.at, last.id)
}

fn filters(visit: &Visit<'_>, people: &People, wanted: &Wanted<'_>, day: Option<Day>) -> Markup {
    html! {
        form.filters method="get" action="/admin/log" {
            label { "种类"
                select name="kind" {
                    option value="" { "全部" }
                    @for (word, title) in kinds() { option value=(word) selected[wanted.kind == Some(word)] { (title) } }
                }
            }
            label { "账号"
                select name="account" {
                    option value="" { "全部" }
                    @for account in &people.accounts {
                        option value=(account.id) selected[wanted.account == Some(account.id.as_str())] { (people.of(&account.id)) }
                    }
                }
            }
            label { "日期" input type="date" name="day" max=(visit.today) value=[day.map(|day| day.to_string())]; }
            button.second type="submit" { "筛选" }
        }
    }
}

fn table(visit: &Visit<'_>, people: &People, lines: &[Access]) -> Result<Markup> {
    let registers = registers(visit, lines)?;
    Ok(html! {
        div.scroll tabindex="0" {
            table {
                thead { tr { th { "时间" } th { "人员" } th { "种类" } th { "案卷" } th { "事项" } th { "理由" } th { "来自" } } }
                tbody {
                    @for line in lines {
                        tr {
                            td.when { (minute_of(line.at)) }
                            td { (people.of(&line.account)) }
                            td { @if line.kind == "refused" { span.wait { (title(&line.kind)) } } @else { (title(&line.kind)) } }
                            td { (record(visit, &registers, &line.record)) }
                            td { (line.what) }
                            td { (line.reason) }
                            td { (line.address) }
                        }
                    }
                }
            }
        }
    })
}

/// Which registers the records of some lines are in, asked at once: the places left over repeat the last.
fn registers(visit: &Visit<'_>, lines: &[Access]) -> Result<HashMap<String, String>> {
    let ids: Vec<&str> = lines.iter().map(|line| line.record.as_str()).filter(|id| !id.is_empty()).collect();
    let Some(last) = ids.last() else { return Ok(HashMap::new()) };
    let places: Vec<String> = (2..LINES + 2).map(|nth| format!("${nth}")).collect();
    let sql =
        format!("SELECT id, register FROM record WHERE town_id = $1 AND id IN ({}) ORDER BY id", places.join(", "));
    let bound: Vec<Value<'_>> = ids.iter().chain(std::iter::repeat(last)).take(LINES).map(|id| (*id).into()).collect();
    Ok(visit.db.rows(&sql, &bound, |row| Ok((row.get(0)?, row.get(1)?)))?.into_iter().collect())
}

/// The record a line is about: its register and the end of its id, never what it is called. Who may read the register gets
/// a link.
fn record(visit: &Visit<'_>, registers: &HashMap<String, String>, id: &str) -> Markup {
    let Some(register) = registers.get(id) else { return html! {} };
    let defined = visit.set().register(register);
    let name = defined.map_or(register.as_str(), |register| &register.title);
    let short = format!("{name} …{}", &id[id.len().saturating_sub(6)..]);
    html! {
        @if defined.is_some_and(|register| visit.who.may_read(register)) {
            a href=(format!("/registers/{register}/{id}")) title=(id) { (short) }
        } @else { span title=(id) { (short) } }
    }
}

fn pruning(visit: &Visit<'_>) -> Markup {
    let latest = day_of(System.now() - KEPT);
    html! {
        details.panel {
            summary { "清理很久以前的" }
            form.filters method="post" action="/admin/log/prune" {
                (visit.form_token())
                label { "删去这一天以前的" input type="date" name="before" required max=(latest); }
                button.second type="submit" { "删去" }
            }
            p.note { "六个月以内的不能删。删去多少条、谁删的，也记在这里。" }
        }
    }
}

/// `POST /admin/log/prune`
pub fn prune(visit: &Visit<'_>) -> Result<Answer> {
    let Some(day) = visit.typed("before").and_then(Day::parse) else {
        return Err(refuse(861, "没有写明删到哪一天", "请写日期，如 2026-01-31"));
    };
    let gone = visit.site.accounts.prune(start_of(day))?;
    visit.note(Kind::Prune, "", &format!("{day} 以前的 {gone} 条"), "")?;
    Ok(Answer::see("/admin/log"))
}

//! `/dues`: what is due and by when, as a list and as a calendar (期限).

use std::collections::BTreeMap;

use anyhow::Result;
use engine::day::Day;
use engine::record::SEVERAL;
use maud::{Markup, html};

use super::answer::{Answer, Body, percent};
use super::visit::Visit;
use crate::query::called::named;
use crate::query::due::{Asked, Due, dues};
use crate::query::owner::Holder;
use crate::refused::refuse;
use crate::render::dues::calendar;

/// How many stand on a page.
const PAGE: usize = 40;
const WEEKDAYS: [&str; 7] = ["一", "二", "三", "四", "五", "六", "日"];

/// Something due, and whether it is his.
pub struct His {
    /// What.
    pub due: Due,
    /// He answers for it.
    pub mine: bool,
    /// Nobody who is still there answers for it, and he may take the step.
    pub open: bool,
}

/// Everything due that he may see, the earliest first. Days of the whole township are nothing a village has to do.
pub fn his(visit: &Visit<'_>, register: Option<&str>) -> Result<Vec<His>> {
    let all = dues(visit.db, visit.sets, Asked { register, ..Asked::default() }, visit.today)?;
    let (yearly, of_records): (Vec<Due>, Vec<Due>) = all.into_iter().partition(|due| due.item.is_some());
    let mut found = visit.only_his(of_records, |due| (&due.register, &due.record))?;
    if visit.who.sees_township() {
        found.extend(
            yearly
                .into_iter()
                .filter(|due| visit.set().register(&due.register).is_some_and(|register| visit.who.may_read(register))),
        );
        found.sort_by(|a, b| (&a.last, &a.record, &a.step).cmp(&(&b.last, &b.record, &b.step)));
    }
    let holder = Holder::load(visit.db, visit.set(), &visit.who.person)?;
    let mine = |due: &Due| {
        let last = Day::parse(&due.last).unwrap_or(visit.today);
        !due.owner.is_empty() && holder.answers_for(&due.owner, last)
    };
    let owners = found.iter().flat_map(|due| due.owner.split(SEVERAL)).filter(|owner| !owner.is_empty());
    let owners = named(visit.db, &owners.map(str::to_owned).collect())?;
    // Whoever left is told of nothing any more: an engagement or a post that ended answers for nothing by itself.
    let is_gone = |owner: &str| {
        let Some(one) = owners.get(owner) else { return true };
        let register = visit.set().register(&one.register);
        register.is_some_and(|register| register.states.len() > 1 && register.ends_in(&one.state))
    };
    let open = |due: &Due| {
        let Some(register) = visit.set().register(&due.register) else { return false };
        let may = || register.step(&due.step).is_some_and(|step| visit.who.may_take_somewhere(register, step));
        due.owner.split(SEVERAL).all(is_gone) && may()
    };
    Ok(found.into_iter().map(|due| His { mine: mine(&due), open: open(&due), due }).collect())
}

/// Which of them are asked for.
#[derive(Clone, Default)]
struct Filter {
    register: Option<String>,
    /// All he may see, and not his own alone.
    all: bool,
    overdue: bool,
    month: Option<String>,
}

impl Filter {
    fn of(visit: &Visit<'_>) -> Result<Filter> {
        let month = visit.query("month").map(str::to_owned);
        if let Some(month) = &month
            && first_of(month).is_none()
        {
            return Err(refuse(602, format!("“{month}”不是月份"), "请写年份和月份，如 2026-11"));
        }
        Ok(Filter {
            register: visit.query("register").map(str::to_owned),
            all: visit.query("whose") == Some("all"),
            overdue: visit.query("overdue").is_some(),
            month,
        })
    }

    fn url(&self, path: &str) -> String {
        let mut all = Vec::new();
        all.extend(self.all.then(|| "whose=all".to_owned()));
        all.extend(self.register.as_ref().map(|register| format!("register={}", percent(register))));
        all.extend(self.overdue.then(|| "overdue=1".to_owned()));
        all.extend(self.month.as_ref().map(|month| format!("month={month}")));
        if all.is_empty() { path.to_owned() } else { format!("{path}?{}", all.join("&")) }
    }

    /// All but the month, which the calendar turns by itself.
    fn takes(&self, one: &His) -> bool {
        (self.all || one.mine || one.open)
            && (!self.overdue || one.due.overdue)
            && self.register.as_ref().is_none_or(|register| *register == one.due.register)
    }
}

fn first_of(month: &str) -> Option<Day> {
    Day::parse(&format!("{month}-01"))
}

/// `GET /dues`
pub fn show(visit: &Visit<'_>) -> Result<Answer> {
    let filter = Filter::of(visit)?;
    let mut found = his(visit, None)?;
    let registers: BTreeMap<String, &str> = found
        .iter()
        .filter_map(|one| Some((one.due.register.clone(), visit.set().register(&one.due.register)?.title.as_str())))
        .collect();
    found.retain(|one| filter.takes(one));
    let shown = filter.month.as_deref().and_then(first_of).unwrap_or_else(|| visit.today.month_start());
    let month = calendar_of(visit, &filter, shown, &found);
    if let Some(month) = &filter.month {
        found.retain(|one| one.due.last.starts_with(month.as_str()));
    }
    let last = found.len().div_ceil(PAGE);
    let page = visit.query("page").and_then(|page| page.parse().ok()).unwrap_or(1_usize).clamp(1, last.max(1));
    let turn = |page: usize| {
        let url = filter.url("/dues");
        format!("{url}{}page={page}", if url.contains('?') { '&' } else { '?' })
    };
    let over = found.iter().filter(|one| one.due.overdue).count();
    let main = html! {
        h1 { "期限" }
        (filters(&filter, &registers))
        div.dues-page {
            section {
                p { "共 " (found.len()) " 项" @if over > 0 { "，其中 " span.late { "逾期 " (over) " 项" } } "。" }
                @if found.is_empty() { p.soft { "没有到期应办而未办的。" } }
                @else { (list(visit, found.iter().skip((page - 1) * PAGE).take(PAGE))) }
                @if last > 1 { nav.pages aria-label="分页" {
                    @if page > 1 { a href=(turn(page - 1)) rel="prev" { "上一页" } }
                    span { "第 " (page) " 页，共 " (last) " 页" }
                    @if page < last { a href=(turn(page + 1)) rel="next" { "下一页" } }
                } }
            }
            aside { (month)
                p.note { a href=(filter.url("/dues.ics")) { "下载日历文件" } "：导入手机或者办公日历，一项一个全天事件，导入几次都不重复。" }
            }
        }
    };
    Ok(visit.page("期限", main))
}

/// `GET /dues.ics`
pub fn ics(visit: &Visit<'_>) -> Result<Answer> {
    let filter = Filter::of(visit)?;
    let found = his(visit, filter.register.as_deref())?.into_iter().filter(|one| filter.takes(one));
    let of_month = |due: &Due| filter.month.as_ref().is_none_or(|month| due.last.starts_with(month.as_str()));
    let found: Vec<Due> = found.map(|one| one.due).filter(of_month).collect();
    let text = calendar(&visit.site.folder.config, visit.set(), &found);
    let name = format!("{}期限.ics", visit.site.folder.config.town);
    Ok(Answer::download(&name, "text/calendar; charset=utf-8", Body::Bytes(text.into_bytes())))
}

fn filters(filter: &Filter, registers: &BTreeMap<String, &str>) -> Markup {
    let link = |title: &str, to: Filter, here: bool| {
        html! {
            a href=(to.url("/dues")) aria-current=[here.then_some("true")] { (title) }
        }
    };
    html! {
        form.narrowing method="get" action="/dues" {
            span.choices {
                (link("我负责和可以办的", Filter { all: false, ..filter.clone() }, !filter.all))
                (link("我能看的全部", Filter { all: true, ..filter.clone() }, filter.all))
            }
            span.choices {
                (link("逾期和未到期", Filter { overdue: false, ..filter.clone() }, !filter.overdue))
                (link("只看逾期", Filter { overdue: true, month: None, ..filter.clone() }, filter.overdue))
            }
            @if filter.all { input type="hidden" name="whose" value="all"; }
            @if filter.overdue { input type="hidden" name="overdue" value="1"; }
            @if let Some(month) = &filter.month { input type="hidden" name="month" value=(month); }
            details.more open[filter.register.is_some()] {
                summary { "按登记簿筛选" }
                label { "登记簿 " select name="register" {
                    option value="" { "全部" }
                    @for (id, title) in registers { option value=(id) selected[filter.register.as_ref() == Some(id)] { (title) } }
                } }
                button.second type="submit" { "筛选" }
            }
            @if filter.month.is_some() { a href=(Filter { month: None, ..filter.clone() }.url("/dues")) { "不限月份" } }
        }
    }
}

/// A list of dues, as the home page has it as well.
pub fn list<'d>(visit: &Visit<'_>, dues: impl Iterator<Item = &'d His> + Clone) -> Markup {
    let owned = dues.clone().any(|one| !one.mine && !one.due.owned_by.is_empty());
    html! {
        div.scroll { table.dues.cards {
            thead { tr { th { "末日" } th { "应办" } th { "案卷" } @if owned { th { "负责" } } th { "依据" } } }
            tbody { @for one in dues { (row(visit, one, owned)) } }
        } }
    }
}

fn row(visit: &Visit<'_>, one: &His, owned: bool) -> Markup {
    let due = &one.due;
    let register = visit.set().register(&due.register).map_or(due.register.as_str(), |register| &register.title);
    let to = match due.record.is_empty() {
        true => format!("/registers/{}", due.register),
        false => format!("/registers/{}/{}", due.register, due.record),
    };
    html! {
        tr {
            td.day { (due.last) br; (left(visit.today, due)) }
            td { (due.title) @if !due.binding { " " span.tag { "可以" } } }
            td { a href=(to) { (due.called) } br; span.soft { (register) } }
            @if owned { td { @if due.owned_by.is_empty() { span.soft { "没有指定" } } @else { (due.owned_by) } } }
            td.law { (due.basis.join("、")) }
        }
    }
}

/// How much time is left, in words, and why the last day is not the one counted to.
fn left(today: Day, due: &Due) -> Markup {
    let Some(last) = Day::parse(&due.last) else { return html! {} };
    let days = today.days_until(last);
    let first = due.first.as_deref().and_then(Day::parse).filter(|first| *first > today);
    html! {
        @if due.overdue && due.item.is_some() { span.tag.bad { "已错过" } }
        @else if due.overdue { span.tag.bad { "逾期 " (-days) " 天" } }
        @else if let Some(first) = first { span.tag { (first) " 起" } }
        @else if days == 0 { span.tag.wait { "今天到期" } }
        @else { span class=(if days <= 7 { "tag wait" } else { "tag" }) { "还有 " (days) " 天" } }
        @if due.provisional { " " span.tag title="放假安排尚未公布" { "暂按周末推算" } }
        @else if due.nominal != due.last && due.item.is_none() { " " small { "原定 " (due.nominal) } }
    }
}

/// The weeks of a month: rest days marked as the notices have them, and how much is due on each day.
fn calendar_of(visit: &Visit<'_>, filter: &Filter, month: Day, found: &[His]) -> Markup {
    let days = &visit.set().calendar;
    let turned = |months: i32| month.plus_months(months).map(|day| day.to_string()[..7].to_owned());
    let to = |month: Option<String>| Filter { month, overdue: false, ..filter.clone() }.url("/dues");
    let first = month.plus_days(1 - i32::from(month.weekday().number())).unwrap_or(month);
    let weeks = (0..6).filter_map(|week| first.plus_days(week * 7)).filter(|day| *day <= month.month_end());
    let due = |day: Day| found.iter().filter(|one| one.due.last == day.to_string()).collect::<Vec<_>>();
    let cell = |day: Day| {
        let (due, rest) = (due(day), !days.is_workday(day));
        let over = due.iter().any(|one| one.due.overdue);
        html! {
            td class=[rest.then_some("rest")] aria-current=[(day == visit.today).then_some("date")] title=(days.describe(day)) {
                span.date { (day.of_month()) @if rest { small { "休" } } }
                @if !due.is_empty() {
                    span class=(if over { "many late" } else { "many" }) title=(due.iter().map(|one| one.due.title.as_str()).collect::<Vec<_>>().join("、")) { (due.len()) " 项" }
                }
            }
        }
    };
    html! {
        section.panel.month {
            h2 {
                a href=(to(turned(-1))) aria-label="上一月" { "‹" }
                a href=(to(turned(0))) { (month.year()) "年" (month.month()) "月" }
                a href=(to(turned(1))) aria-label="下一月" { "›" }
            }
            table.calendar {
                thead { tr { @for name in WEEKDAYS { th scope="col" { (name) } } } }
                tbody { @for monday in weeks { tr { @for nth in 0..7 {
                    @match monday.plus_days(nth).filter(|day| day.month_start() == month) {
                        Some(day) => (cell(day)),
                        None => td {},
                    }
                } } } }
            }
            @if !days.knows(month.year()) { p.note { (month.year()) "年的放假安排还没有，休息日暂按周末。" } }
        }
    }
}

//! `/figures`: numbers, and the entries behind each (数字).

pub mod bundle;
pub mod entries;
pub mod index;
pub mod show;

use std::collections::BTreeMap;

use anyhow::Result;
use engine::day::Day;
use engine::definition::{Definitions, Figure, Register};
use engine::figure::{Number, Period, Reading, bases};
use engine::report::By;
use maud::{Markup, html};

use super::answer::{Turned, percent};
use super::visit::Visit;
use crate::policy::Scope;
use crate::query::baseline::{Baseline, REGISTER};
use crate::query::figures::several;
use crate::query::overdue::Dues;
use crate::query::years;
use crate::refused::refuse;

/// The report whose order of figures is that of the home page.
const REPORT: &str = "annual";

/// Which records of a figure he is told of, if he is told of it at all.
pub fn reach(visit: &Visit<'_>, set: &Definitions, figure: &Figure) -> Option<Scope> {
    let registers = bases(set, figure).into_iter().map(|base| {
        let register = base.figure.register.as_ref()?;
        set.register(&register.value).map(|register| &**register as &Register)
    });
    visit.who.may_count(registers)
}

/// What the report of the year before says, for whoever sees the whole township and may read what was taken down of it.
pub fn baseline(visit: &Visit<'_>, year: i16) -> Result<Option<Baseline>> {
    let may = visit.set().register(REGISTER).is_some_and(|register| visit.who.may_read(register));
    if may && visit.who.sees_township() { Baseline::of(visit.db, year - 1) } else { Ok(None) }
}

/// What was due, of the records a figure is told over.
pub fn dues(visit: &Visit<'_>, set: &Definitions, scope: &Scope, at: Option<u64>) -> Result<Dues> {
    match scope.villages() {
        None => Dues::load(visit.db, set, at),
        Some(villages) => Ok(Dues::of_villages(set, villages)),
    }
}

/// A year and what it is held against: the year before, or of a year that still runs the same days of it (上年同期).
#[derive(Clone, Copy)]
pub struct Beside {
    /// The year.
    pub now: Period,
    /// The same days of the year before.
    pub before: Period,
}

impl Beside {
    /// A year as of today.
    pub fn of(visit: &Visit<'_>, year: i16) -> Result<Beside> {
        Beside::up_to(years::period(year, visit.today)?)
    }

    fn up_to(now: Period) -> Result<Beside> {
        Ok(Beside { now, before: years::before(now)? })
    }

    /// What stands over their columns.
    pub fn heads(&self) -> [String; 2] {
        let last =
            if self.now.is_part() { "上年同期".to_owned() } else { format!("{}年", self.before.from.year()) };
        [format!("{}年", self.now.from.year()), last]
    }

    /// What an address says of the year, and of the days before; after a `?`.
    pub fn queries(&self) -> [String; 2] {
        let last = self.before.from.year();
        let part = if self.now.is_part() { format!("&until={}", self.before.to) } else { String::new() };
        [format!("year={}", self.now.from.year()), format!("year={last}{part}")]
    }

    /// Up to which day the year goes, where it is not over.
    pub fn told(&self) -> Markup {
        let to = self.now.to;
        html! { @if self.now.is_part() { p.note { "截至 " (to.month()) " 月 " (to.of_month()) " 日，与上年同期比较。" } } }
    }
}

/// A figure asked about: of the path, as of now or of an earlier size of the journal.
pub struct Asked<'v> {
    /// The definitions that count it.
    pub set: &'v Definitions,
    /// The figure.
    pub figure: &'v Figure,
    /// The size of the journal asked for.
    pub at: Option<u64>,
    /// What was due.
    pub dues: Dues,
    /// The year.
    pub year: i16,
    /// The days of it, as of today or to the day asked for; and the same of the year before.
    pub beside: Beside,
    /// Only to the day asked for.
    pub cut: bool,
    /// The first and the last year in which there is something to tell.
    pub told: (i16, i16),
}

impl<'v> Asked<'v> {
    /// Reads what is asked.
    ///
    /// # Errors
    /// [`Turned::NotFound`] for a figure that is not there or not his.
    pub fn of(visit: &Visit<'v>) -> Result<Asked<'v>> {
        // Which dues touched a village at an earlier size is not kept; who is told of villages is told of now.
        let at = visit.query("at").filter(|_| visit.who.sees_township()).map(|size| {
            size.parse().map_err(|_| refuse(608, format!("“{size}”不是日志的条数"), "请写报告“数据来源”里印的条数"))
        });
        let at = at.transpose()?;
        let set = &visit.sets.at(at)?.set;
        let figure = set.figures.get(visit.param("figure")).ok_or(Turned::NotFound)?;
        let scope = reach(visit, set, figure).ok_or(Turned::NotFound)?;
        let dues = dues(visit, set, &scope, at)?;
        let (year, told) = year(visit)?;
        let mut period = years::period(year, visit.today)?;
        let until = visit.query("until");
        if let Some(until) = until {
            let day = Day::parse(until).filter(|day| (period.from..=period.to).contains(day));
            let remedy = format!("请写这一年里的一天，如 {}", period.to);
            period.to = day.ok_or_else(|| refuse(602, format!("“{until}”不是{year}年里的一天"), remedy))?;
        }
        Ok(Asked { set, figure, at, dues, year, beside: Beside::up_to(period)?, cut: until.is_some(), told })
    }

    /// `?year=2023`, and the size where one was asked for.
    pub fn query(&self, year: i16) -> String {
        self.sized(&format!("year={year}"))
    }

    /// The same of the days asked about, and of those they are held against.
    pub fn queries(&self) -> [String; 2] {
        let [mut now, before] = self.beside.queries();
        if self.cut {
            now = format!("{now}&until={}", self.beside.now.to);
        }
        [self.sized(&now), self.sized(&before)]
    }

    fn sized(&self, query: &str) -> String {
        self.at.map_or_else(|| format!("?{query}"), |at| format!("?{query}&at={at}"))
    }
}

/// Readings of a year: of all figures he is told of, each over the records he is told of.
pub fn readings(visit: &Visit<'_>, period: Period) -> Result<BTreeMap<String, Reading>> {
    let ids: Vec<&str> = visit.set().figures.keys().map(String::as_str).collect();
    some(visit, &ids, period)
}

/// The same of some figures.
pub fn some(visit: &Visit<'_>, ids: &[&str], period: Period) -> Result<BTreeMap<String, Reading>> {
    let set = visit.set();
    // Figures of the same records are read together.
    let mut reached: BTreeMap<Option<Vec<String>>, (Scope, Vec<&Figure>)> = BTreeMap::new();
    for figure in ids.iter().filter_map(|id| set.figures.get(*id)) {
        let Some(scope) = reach(visit, set, figure) else { continue };
        reached.entry(scope.villages()).or_insert_with(|| (scope, Vec::new())).1.push(figure);
    }
    let mut read = BTreeMap::new();
    for (scope, figures) in reached.values() {
        read.extend(several(visit.db, set, figures, period, &dues(visit, set, scope, None)?)?);
    }
    Ok(read)
}

/// The figures of the annual report he is told of, heading by heading, in its order.
pub fn headed<'v>(visit: &Visit<'v>) -> Vec<Vec<&'v str>> {
    let set = visit.set();
    let Some(template) = set.reports.get(REPORT) else { return Vec::new() };
    let mut headed = template.headed();
    for figures in &mut headed {
        figures.retain(|id| set.figures.get(*id).is_some_and(|figure| reach(visit, set, figure).is_some()));
    }
    headed.retain(|figures| !figures.is_empty());
    headed
}

/// The year asked for, or else the last in which something happened; and the years in which anything did. The first
/// figure of each heading speaks for all: what nobody would report of a year is no reason to show it.
pub fn year(visit: &Visit<'_>) -> Result<(i16, (i16, i16))> {
    let (set, this) = (visit.set(), visit.today.year());
    let first = headed(visit).into_iter().flat_map(|figures| figures.into_iter().take(2));
    let mut told: Option<(i16, i16)> = None;
    // Figures of the same records are asked for together.
    let mut reached: BTreeMap<Option<Vec<String>>, (Scope, Vec<&Figure>)> = BTreeMap::new();
    for figure in first.filter_map(|id| set.figures.get(id)) {
        let Some(scope) = reach(visit, set, figure) else { continue };
        let (_, figures) = reached.entry(scope.villages()).or_insert_with(|| (scope, Vec::new()));
        figures.extend(bases(set, figure).iter().map(|base| base.figure));
    }
    for (scope, mut figures) in reached.into_values() {
        let dues = dues(visit, set, &scope, None)?;
        figures.sort_by_key(|figure| &figure.id);
        figures.dedup_by_key(|figure| &figure.id);
        if let Some((from, to)) = years::told(visit.db, &figures, &dues, visit.today)? {
            told = Some(told.map_or((from, to), |(first, last)| (first.min(from), last.max(to))));
        }
    }
    let told = told.unwrap_or((this, this));
    let Some(asked) = visit.query("year") else { return Ok((told.1, told)) };
    let year = asked.parse().map_err(|_| refuse(602, format!("“{asked}”不是年度"), "请写四位数的年份，如 2023"))?;
    years::period(year, visit.today)?;
    Ok((year, told))
}

/// Links to the years there are, and what to say where the running one is still empty.
pub fn years(visit: &Visit<'_>, year: i16, told: (i16, i16), url: impl Fn(i16) -> String) -> Markup {
    let this = visit.today.year();
    html! {
        nav.years aria-label="年度" {
            @for one in told.0.min(year)..=told.1.max(year) {
                a href=(url(one)) aria-current=[(one == year).then_some("true")] { (one) }
            }
            @if told.1 < this && year == told.1 { span.soft { (this) "年还没有记入，先看最近有记入的一年" } }
        }
    }
}

/// What whoever works for some villages has to know of every number he is shown.
pub fn limits(visit: &Visit<'_>) -> Markup {
    html! { @if !visit.who.sees_township() { p.note { "只算您所在村的，不是全乡镇的数；跨村的不分村计，不在内。" } } }
}

/// The address of a figure.
pub fn address(figure: &str, query: &str) -> String {
    format!("/figures/{}{query}", percent(figure))
}

/// A value that opens the entries behind it; one with nothing behind it opens nothing.
pub fn opens(value: &str, entries: u64, figure: &str, query: &str) -> Markup {
    html! {
        @if entries > 0 { a href={ "/figures/" (percent(figure)) "/entries" (query) } { (value) } }
        @else { (value) }
    }
}

/// This year's value less last year's, with its sign; nothing where one of them is no number.
pub fn difference(now: &Number, before: &Number) -> String {
    let signed = |text: String, less: bool| match (less, text.as_str()) {
        (_, "0") => "0".to_owned(),
        (true, _) => format!("−{text}"),
        (false, _) => format!("+{text}"),
    };
    let (of, less) = match (now, before) {
        (Number::Whole(now), Number::Whole(before)) => (Number::Whole((now - before).abs()), now < before),
        (Number::Fen(now), Number::Fen(before)) => (Number::Fen((now - before).abs()), now < before),
        (Number::Percent { scaled: now, digits }, Number::Percent { scaled: before, .. }) => {
            (Number::Percent { scaled: (now - before).abs(), digits: *digits }, now < before)
        }
        _ => return String::new(),
    };
    // Between two rates lie points, not per cent of either.
    let points = if matches!(of, Number::Percent { scaled, .. } if scaled > 0) { "个百分点" } else { "" };
    format!("{}{points}", signed(of.to_string(), less))
}

/// The word of a way to break a figure down, as addresses have it.
pub fn word(by: By) -> &'static str {
    By::ALL.iter().find(|row| row.1 == by).map_or("", |row| row.0)
}

//! `GET /figures/{figure}`: one figure with what it means, its parts, and how well it is kept (一个数字).

use std::collections::BTreeMap;

use anyhow::Result;
use engine::definition::{Counts, Figure, Over};
use engine::figure::{Number, Period, Reading, bases, share};
use engine::report::By;
use maud::{Markup, html};

use super::{Asked, Beside, address, bundle, difference, limits, opens, word, years};
use crate::query::figures::one;
use crate::query::names::Names;
use crate::query::parts::{Part, breakdown, is_added, obstacle, overlaps};
use crate::storage::log::Size;
use crate::web::answer::{Answer, percent};
use crate::web::chart::{Chart, Series};
use crate::web::layout::trail;
use crate::web::visit::Visit;

/// The ways to break a figure down, in the order shown, with what each is called.
const WAYS: [(By, &str, &str); 3] =
    [(By::Month, "按月", "month"), (By::Village, "按村", "village"), (By::Kind, "按类别", "kind")];

/// `GET /figures/{figure}`
pub fn show(visit: &Visit<'_>) -> Result<Answer> {
    let asked = Asked::of(visit)?;
    let names = Names::load(visit.db)?;
    let Beside { now: this, before: last } = asked.beside;
    let read = |period: Period| one(visit.db, asked.set, asked.figure, period, &asked.dues);
    let (now, before) = (read(this)?, read(last)?);
    let mut sections = Vec::new();
    for (by, title, id) in WAYS {
        if obstacle(asked.set, asked.figure, by).is_some() {
            continue;
        }
        let parts = |period: Period| breakdown(visit.db, asked.set, asked.figure, period, by, &asked.dues, &names);
        let (now, before) = (parts(this)?, parts(last)?);
        if !now.is_empty() || !before.is_empty() {
            sections.push(section(&asked, by, title, id, pairs(by, now, before)));
        }
    }
    let title = &asked.figure.title;
    let main = html! {
        (trail(&[(&format!("/figures?year={}", asked.year), "数字")], title))
        h1 { (title) }
        (years(visit, asked.year, asked.told, |year| address(&asked.figure.id, &asked.query(year))))
        (limits(visit))
        (asked.beside.told())
        div.columns {
            div {
                section.panel.value {
                    (value(&asked, &now, &before))
                }
                @for section in &sections { (section) }
            }
            aside {
                section.panel { h2 { "口径" } (meaning(&asked, this)) }
                section.panel { h2 { "质量" } (quality(&asked, &now)) }
                @if bundle::may(visit, &asked) { section.panel { h2 { "证据包" } (offered(&asked)) } }
                section.panel { h2 { "依据的日志" } (journal(&asked, &Size::load(visit.db, asked.at)?, visit.who.sees_township())) }
            }
        }
    };
    Ok(visit.page(title, main))
}

fn value(asked: &Asked<'_>, now: &Reading, before: &Reading) -> Markup {
    let ([query, query_before], [head, head_before]) = (asked.queries(), asked.beside.heads());
    html! {
        dl.pair {
            dt { (head) }
            dd { strong { (opens(&now.text(), now.entries, &now.figure, &query)) } " 背后记入 " (now.entries) " 条" }
            dt { (head_before) }
            dd { (opens(&before.text(), before.entries, &now.figure, &query_before)) " 背后记入 " (before.entries) " 条" }
            @let difference = difference(&now.value, &before.value);
            @if !difference.is_empty() { dt { "增减" } dd { (difference) } }
        }
        p { a href={ "/figures/" (percent(&now.figure)) "/entries" (query) } { "列出背后的记入" } }
    }
}

/// A part this year beside the same last year.
struct Pair {
    key: String,
    before_key: String,
    label: String,
    now: Option<Part>,
    before: Option<Part>,
}

/// Parts of both years under the same label; months under the month, whatever the year.
fn pairs(by: By, now: Vec<Part>, before: Vec<Part>) -> Vec<Pair> {
    let place = |part: &Part| match by {
        By::Month => part.key.rsplit('-').next().unwrap_or_default().to_owned(),
        _ => part.key.clone(),
    };
    let mut earlier: BTreeMap<String, Part> = before.iter().map(|part| (place(part), part.clone())).collect();
    let mut pairs: Vec<Pair> = Vec::new();
    for part in now {
        let before = earlier.remove(&place(&part));
        pairs.push(Pair {
            key: part.key.clone(),
            before_key: before.as_ref().map_or_else(|| part.key.clone(), |part| part.key.clone()),
            label: part.label.clone(),
            now: Some(part),
            before,
        });
    }
    for part in before.into_iter().filter(|part| earlier.contains_key(&place(part))) {
        let (key, label) = (part.key.clone(), part.label.clone());
        pairs.push(Pair { before_key: key.clone(), key, label, now: None, before: Some(part) });
    }
    if by == By::Month {
        pairs.sort_by_key(|pair| pair.before_key.rsplit('-').next().unwrap_or_default().to_owned());
    }
    pairs
}

fn section(asked: &Asked<'_>, by: By, title: &str, id: &'static str, pairs: Vec<Pair>) -> Markup {
    let (queries, heads) = (asked.queries(), asked.beside.heads());
    let drawn =
        |part: &Option<Part>| part.as_ref().and_then(|part| Some((plotted(&part.value)?, part.value.to_string())));
    let series = |nth: usize, of: fn(&Pair) -> &Option<Part>| Series {
        name: heads[nth].clone(),
        values: pairs.iter().map(|pair| drawn(of(pair))).collect(),
    };
    let chart = Chart {
        id,
        title: format!("{}{title}", asked.figure.title),
        labels: pairs.iter().map(|pair| pair.label.clone()).collect(),
        series: vec![series(0, |pair| &pair.now), series(1, |pair| &pair.before)],
    };
    let opened = |part: &Option<Part>, key: &str, nth: usize| {
        let Some(part) = part else { return html! {} };
        let query = format!("{}&by={}&part={}", queries[nth], word(by), percent(key));
        opens(&part.value.to_string(), part.entries, &asked.figure.id, &query)
    };
    // Where each record counts as one, its entries are the value again.
    let more = pairs
        .iter()
        .filter_map(|pair| pair.now.as_ref())
        .any(|part| part.of.is_none() && part.value != Number::Whole(part.entries as i64));
    let rate = pairs.iter().any(|pair| pair.now.as_ref().is_some_and(|part| part.of.is_some()));
    let over = |pair: &Pair| match &pair.now {
        Some(Part { of: Some(of), over: Some(over), .. }) => format!("{of}／{over}"),
        _ => String::new(),
    };
    html! {
        section.panel.part id=(id) {
            h2 { (title) }
            div.beside {
            @if by == By::Month { (chart.lines()) } @else { (chart.bars()) }
            div.scroll { table {
                thead { tr {
                    th { (by.chinese()) } @for head in &heads { th.num { (head) } }
                    @if rate { th.num { "分子／分母" } }
                    @if more { th.num { "记入" } }
                } }
                tbody { @for pair in &pairs { tr {
                    th scope="row" { (pair.label) }
                    td.num { (opened(&pair.now, &pair.key, 0)) }
                    td.num { (opened(&pair.before, &pair.before_key, 1)) }
                    @if rate { td.num { (over(pair)) } }
                    @if more { td.num { (pair.now.as_ref().map_or(0, |part| part.entries)) } }
                } } }
            } }
            }
            p.note { (adding(asked, by, rate)) }
        }
    }
}

/// How the parts stand to the whole.
fn adding(asked: &Asked<'_>, by: By, rate: bool) -> &'static str {
    match (is_added(asked.set, asked.figure, by), rate) {
        (false, true) => "各行分别相除，不相加。",
        (false, false) => "各行是月末的数，不相加。",
        _ if overlaps(asked.set, asked.figure, by) => "合计不重复计数，几行里都有的只算一个。",
        _ => "各行相加等于合计。",
    }
}

/// A value as a length.
fn plotted(value: &Number) -> Option<f64> {
    match value {
        Number::Whole(whole) => Some(*whole as f64),
        Number::Fen(fen) => Some(*fen as f64 / 100.0),
        Number::Percent { scaled, digits } => Some(*scaled as f64 / 10_f64.powi(i32::from(*digits))),
        Number::None(_) => None,
    }
}

fn meaning(asked: &Asked<'_>, period: Period) -> Markup {
    let figure = asked.figure;
    html! {
        p { (counted(asked, figure)) }
        p.law { (figure.basis.on(period.to).join("；")) }
        p.note { "单位：" (figure.units.join("、")) "。" }
        @if figure.is_built() {
            p.note { "由这些数字算得：" }
            ul.plain { @for base in bases(asked.set, figure) {
                li { a href=(address(&base.figure.id, &asked.queries()[0])) { (base.figure.title) }
                    @if let Some(side) = base.side { " " span.soft { (side.chinese()) } } }
            } }
        }
    }
}

/// What a figure counts, in words.
fn counted(asked: &Asked<'_>, figure: &Figure) -> String {
    let register = figure.register.as_ref().and_then(|at| asked.set.register(&at.value));
    let of = register.map_or("各登记簿", |register| register.title.as_str());
    let step =
        |id: &str| register.and_then(|register| register.step(id)).map_or(id, |step| step.title.as_str()).to_owned();
    let steps = |reached: &[engine::read::At<String>]| {
        reached.iter().map(|at| format!("“{}”", step(&at.value))).collect::<Vec<_>>().join("或者")
    };
    let field = |at: &engine::definition::FieldRef| {
        register.and_then(|register| register.field(at)).map_or_else(|| at.to_string(), |field| field.title.clone())
    };
    let title = |id: &str| asked.set.figures.get(id).map_or(id, |figure| figure.title.as_str()).to_owned();
    let every = |every: bool| if every { "每一次都计" } else { "每个案卷计一次" };
    match &figure.counts {
        Counts::Records { reached, every: each } => format!("“{of}”中办到{}的，{}。", steps(reached), every(*each)),
        Counts::Sum { reached, every: each, field: at } => {
            format!("“{of}”中办到{}的，把“{}”相加，{}。", steps(reached), field(&at.value), every(*each))
        }
        Counts::Distinct { reached, by, .. } => {
            format!("“{of}”中办到{}的，有几个不同的“{}”，相同的只计一个。", steps(reached), field(&by.value))
        }
        Counts::Stock(stock) => match &stock.distinct {
            Some(by) => format!("“{of}”中到末日仍有效的，有几个不同的“{}”。", field(&by.value)),
            None => format!("“{of}”中到末日仍有效的。"),
        },
        Counts::Flags { .. } => format!("“{of}”中的标记，一处计一个。"),
        Counts::InTime { step: at } => format!("“{of}”中“{}”按期办到的。", step(&at.value)),
        Counts::LateEntries => format!("“{of}”中超过时限才记入的步骤。"),
        Counts::Overdue { step: at } => format!("“{of}”中到末日应办“{}”而没有办的。", step(&at.value)),
        Counts::Questions => format!("“{of}”中还没有答复的问题。"),
        Counts::Ratio { of, over: Over::Figure(over), .. } => {
            format!("“{}”除以“{}”。", title(&of.value), title(&over.value))
        }
        Counts::Ratio { of, over: Over::Items(_), .. } => format!("“{}”除以目录中有效的项数。", title(&of.value)),
        Counts::Total(parts) => {
            let parts: Vec<String> = parts.iter().map(|part| format!("“{}”", title(&part.value))).collect();
            format!("{}相加。", parts.join("、"))
        }
    }
}

fn quality(asked: &Asked<'_>, now: &Reading) -> Markup {
    let line = |name: &str, part: u64| {
        html! {
            dt { (name) }
            dd { (part) " 条，占 " (share(part, now.entries)) "%" }
        }
    };
    html! {
        @if now.entries == 0 { p { (asked.year) "年没有记入。" } }
        @else { dl.pair {
            dt { "记入" } dd { (now.entries) " 条" }
            (line("补录", now.late))
            (line("有标记", now.flagged))
        } }
    }
}

/// The file for somebody who believes no page.
fn offered(asked: &Asked<'_>) -> Markup {
    let [query, _] = asked.queries();
    html! {
        p { a.button href={ "/figures/" (percent(&asked.figure.id)) "/proof.zip" (query) } { "下载证据包" } }
        p.note { "给第三方的：背后每个案卷的记入和证明、所依据的定义、读我.txt；收到的人用独立核验器重新加出这个数字。个人信息遮盖着。下载记入访问日志。" }
    }
}

fn journal(asked: &Asked<'_>, size: &Size, whole: bool) -> Markup {
    html! {
        p { "按日志第 1 至 " (size.size) " 条计算" @if asked.at.is_some() { "（不是现在的）" } "。" }
        details { summary { "核对用的摘要" @if whole { "和命令" } }
            p.note { "日志的根（前 " (size.size) " 条的摘要，改动一条就不同）：" code.root { (size.root) } }
            // The command line reckons over the whole township and whole years.
            @if whole && !asked.cut { p.note { "在放数据的机器上：" code { "yifa figure " (asked.figure.id) " " (asked.year) " --entries --at " (size.size) } } }
        }
    }
}

//! `/check`: somebody's report text, read against the ledger and the forms of such reports; nothing of it is kept (核对).

use std::fs::File;
use std::io::Read;
use std::sync::Mutex;

use anyhow::Result;
use engine::claim::judge::{Judged, Verdict};
use engine::definition::Definitions;
use engine::lint::{Level, Lint};
use maud::{Markup, html};

use super::answer::{Answer, Body};
use super::figures::reach;
use super::layout::problems;
use super::site::lock;
use super::visit::Visit;
use crate::checking::{Checked, Lines, check, commented, over_or_under};
use crate::docx::is_container;
use crate::policy::Scope;
use crate::refused::{self, cause, refuse};
use crate::text::decode_document;

/// The largest file read, in bytes: a report with its pictures, not a film.
const LARGEST: u64 = 20 << 20;
/// What a Word document is called where it is sent.
const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
/// The longest text checked, in characters: three books.
const LONGEST: usize = 500_000;

/// One document at a time is unpacked: a small one may become a large one.
static TURN: Mutex<()> = Mutex::new(());

/// `GET /check`
pub fn form(visit: &Visit<'_>) -> Result<Answer> {
    Ok(visit.page("核对报告", html! { h1 { "核对报告" } (entry(visit, "")) }))
}

fn entry(visit: &Visit<'_>, text: &str) -> Markup {
    let year = visit.typed("year").or(visit.query("year"));
    html! {
        p.soft { "贴上报告的文字，或者选一个文件（.txt、.docx、.pdf）。文中的每个数字与台账比对，文字上的毛病一并指出。贴上的文字不保存。" }
        form.checking method="post" action="/check" enctype="multipart/form-data" {
            (visit.form_token())
            label { "报告文字" textarea name="text" rows="8" { (text) } }
            div.row {
                label { "或者文件" input type="file" name="file" accept=".txt,.docx,.pdf,text/plain"; }
                label { "报告年度（不填的，取文中最先出现的年度）" input type="number" name="year" min="1949" max="2200" value=[year]; }
                button type="submit" { "核对" }
                button.second type="submit" name="comments" value="1" { "下载批注的 Word" }
            }
            p.note { "选了 .docx 的，可以下载一份副本，不符、无据和文字上的毛病作为批注标在原处；您的原文件不动，也不留在这里。" }
        }
    }
}

/// `POST /check`
pub fn result(visit: &Visit<'_>) -> Result<Answer> {
    let again = |error: anyhow::Error| -> Result<Answer> {
        let Some(found) = refused::problems(&error) else { return Err(error) };
        let typed = visit.typed("text").unwrap_or_default();
        let main = html! { h1 { "核对报告" } (problems(&found)) (entry(visit, typed)) };
        Ok(visit.page_with(422, "核对报告", main))
    };
    let wanted = visit.typed("comments").is_some();
    let checked = given(visit, wanted).and_then(|Given { name, text, document }| {
        let year = year(visit)?;
        // Numbers of the whole township are no village's to see: there the words alone are looked at.
        let db = visit.who.sees_township().then_some(visit.db);
        let set = visit.set();
        let checked = check(set, db, &text, year, |figure| reach(visit, set, figure) == Some(Scope::All))?;
        let copy = document.map(|bytes| commented(&bytes, &name, &checked, set)).transpose()?;
        Ok((name, text, checked, copy))
    });
    let (name, text, checked, copy) = match checked {
        Ok(checked) => checked,
        Err(error) => return again(error),
    };
    if let Some(copy) = copy {
        let name = name.strip_suffix(".docx").unwrap_or(&name);
        return Ok(Answer::download(&format!("{name}（批注）.docx"), DOCX, Body::Bytes(copy)));
    }
    let text = crate::render::text::without_annex(&text);
    let main = html! {
        h1 { "核对结果" @if !name.is_empty() { small { "　" (name) } } }
        (summary(visit, &checked))
        div.checked {
            section.panel.text aria-label="报告文字" { (marked(text, &checked)) }
            section.findings aria-label="核对结果" {
                (lints(text, &checked))
                (claims(text, &checked, visit.set()))
            }
        }
        h2 { "再核对一份" }
        (entry(visit, if name.is_empty() { text } else { "" }))
    };
    Ok(visit.page("核对结果", main))
}

/// What was handed in.
struct Given {
    /// The name of the file; empty for what was pasted.
    name: String,
    text: String,
    /// The Word document that comments are wanted in.
    document: Option<Vec<u8>>,
}

/// Takes what was handed in; with comments wanted it has to be a Word document.
fn given(visit: &Visit<'_>, comments: bool) -> Result<Given> {
    let file = visit.asked.uploads.iter().find(|upload| upload.field == "file");
    let mut document = None;
    let (name, text) = match file {
        Some(upload) => {
            if upload.bytes > LARGEST {
                let text = format!("{} 太大了（最多 {} MB）", upload.name, LARGEST >> 20);
                return Err(refuse(611, text, "请只给报告的正文"));
            }
            let cannot = |error: std::io::Error| {
                refuse(610, format!("读不了 {}：{}", upload.name, cause(&error)), "请再选一次文件")
            };
            let _turn = lock(&TURN);
            let mut bytes = Vec::new();
            File::open(&upload.path).map_err(cannot)?.read_to_end(&mut bytes).map_err(cannot)?;
            let text = decode_document(&bytes, &upload.name)?;
            document = (comments && is_container(&bytes)).then_some(bytes);
            (upload.name.clone(), text)
        }
        None => (String::new(), visit.typed("text").unwrap_or_default().to_owned()),
    };
    if comments && document.is_none() {
        let what = if name.is_empty() { "贴上的文字".to_owned() } else { name };
        return Err(refuse(
            628,
            format!("{what}不是 Word 文档，写不了批注"),
            "请选 .docx 文件；别的按“核对”，结果列在页面上",
        ));
    }
    if text.trim().is_empty() {
        return Err(refuse(613, "没有可以核对的文字", "请贴上报告的文字，或者选一个文件"));
    }
    if text.chars().count() > LONGEST {
        return Err(refuse(611, format!("文字太长了（最多 {LONGEST} 字）"), "请只给报告的正文"));
    }
    // A document's comments are placed by its own characters.
    let text = if document.is_some() { text } else { text.replace("\r\n", "\n") };
    Ok(Given { name, text, document })
}

fn year(visit: &Visit<'_>) -> Result<Option<i16>> {
    let read = |text: &str| {
        let year = text.parse().ok().filter(|year| (1949..=2200).contains(year));
        year.ok_or_else(|| refuse(602, format!("“{text}”不是年度"), "请写四位数的年份，如 2023"))
    };
    visit.typed("year").map(read).transpose()
}

/// What a verdict is marked with: a sign and a class, because colour alone says nothing to some and on paper.
fn mark(verdict: Verdict) -> (&'static str, &'static str) {
    match verdict {
        Verdict::Agrees => ("✓", "agrees"),
        Verdict::Differs => ("✗", "differs"),
        Verdict::NoEvidence => ("?", "unfounded"),
    }
}

fn summary(visit: &Visit<'_>, checked: &Checked) -> Markup {
    let against = match (checked.year, visit.who.sees_township()) {
        (_, false) => "您的角色不看全乡镇的数字，只检查文字，没有与台账比对".to_owned(),
        (None, true) => "文中没有年度，没有与台账比对；请填上报告年度再核对".to_owned(),
        (Some(year), true) => format!("按 {year} 年台账"),
    };
    html! {
        p.verdicts role="status" {
            (against) "：表述 " (checked.claims.len()) " 处，"
            @for verdict in [Verdict::Agrees, Verdict::Differs, Verdict::NoEvidence] {
                @let (sign, class) = mark(verdict);
                span.{"verdict " (class)} { (sign) " " (verdict.chinese()) " " b { (checked.count(verdict)) } } " "
            }
            "；文字错误 " b { (checked.errors()) } " 处，提示 " b { (checked.lint.len() - checked.errors()) } " 处"
            @if checked.extract { "；按节选处理，没有查法定部分" }
            "。"
        }
    }
}

/// Where marks begin and end, the first first, each with its place in the list it is of.
struct Spans(Vec<(usize, usize, usize)>);

impl Spans {
    fn new<'t>(all: impl Iterator<Item = (usize, &'t str)>) -> Spans {
        let mut spans: Vec<_> =
            all.enumerate().map(|(nth, (start, text))| (start, start + text.chars().count(), nth)).collect();
        spans.sort_unstable();
        Spans(spans)
    }

    /// The first of the list that covers a place. Those that begin before it are looked at from the nearest back: a
    /// mark is a few words long, and a text may have a hundred thousand.
    fn at(&self, place: usize) -> Option<usize> {
        let before = self.0.partition_point(|(start, ..)| *start <= place);
        self.0[..before].iter().rev().take(NEAR).filter(|(_, end, _)| place < *end).map(|(.., nth)| *nth).min()
    }

    /// All beginnings and ends between two places.
    fn cuts(&self, from: usize, to: usize) -> impl Iterator<Item = usize> {
        let first = self.0.partition_point(|(start, ..)| *start < from).saturating_sub(NEAR);
        let near = self.0[first..].iter().take_while(move |(start, ..)| *start < to);
        near.flat_map(|(start, end, _)| [*start, *end]).filter(move |cut| (from..to).contains(cut))
    }
}

/// So many marks may lie over one place.
const NEAR: usize = 16;

/// The text with its claims and defects marked in place, a paragraph for each line.
fn marked(text: &str, checked: &Checked) -> Markup {
    let claims = Spans::new(checked.claims.iter().map(|one| (one.claim.start, one.claim.text.as_str())));
    let lints = Spans::new(checked.lint.iter().map(|one| (one.start, one.text.as_str())));
    let mut at = 0;
    html! {
        @for line in text.split('\n') {
            @let from = at;
            @let chars: Vec<char> = line.chars().collect();
            ({ at += chars.len() + 1; html! {} })
            @if chars.iter().any(|c| !c.is_whitespace()) { p { (pieces(&chars, from, [&claims, &lints], checked)) } }
        }
    }
}

/// One line cut at every edge of a mark, each piece inside whatever marks cover it.
fn pieces(line: &[char], from: usize, [claims, lints]: [&Spans; 2], checked: &Checked) -> Markup {
    let to = from + line.len();
    let mut cuts = vec![from, to];
    cuts.extend(claims.cuts(from, to).chain(lints.cuts(from, to)));
    cuts.sort_unstable();
    cuts.dedup();
    html! {
        @for pair in cuts.windows(2) {
            @let words: String = line[pair[0] - from..pair[1] - from].iter().collect();
            @let claim = claims.at(pair[0]);
            @let lint = lints.at(pair[0]);
            @let words = html! { @match lint {
                Some(nth) => { a.lint.{ @if checked.lint[nth].level == Level::Error { "error" } @else { "hint" } } href=(format!("#l{nth}")) title=(checked.lint[nth].message) { (words) } }
                None => (words),
            } };
            @match claim {
                Some(nth) => {
                    @let (sign, class) = mark(checked.claims[nth].verdict);
                    @let first = checked.claims[nth].claim.start == pair[0];
                    mark.{"verdict " (class)} id=[first.then(|| format!("t{nth}"))] { (words) @if first { "\u{2060}" a.sign href=(format!("#c{nth}")) title=(checked.claims[nth].verdict.chinese()) { (sign) } } }
                }
                None => (words),
            }
        }
    }
}

fn lints(text: &str, checked: &Checked) -> Markup {
    let lines = Lines::new(text);
    let level = |lint: &Lint| if lint.level == Level::Error { ("错误", "tag bad") } else { ("提示", "tag wait") };
    html! {
        @if !checked.lint.is_empty() {
            h2 { "文字" }
            ul.lints { @for (nth, lint) in checked.lint.iter().enumerate() {
                @let (word, class) = level(lint);
                li id=(format!("l{nth}")) {
                    span class=(class) { (word) } " 第 " (lines.at(lint.start).0 + 1) " 行 "
                    @if !lint.text.is_empty() { q { (lint.text) } " " }
                    (lint.message)
                }
            } }
        }
    }
}

fn claims(text: &str, checked: &Checked, set: &Definitions) -> Markup {
    let lines = Lines::new(text);
    html! {
        h2 { "数字" }
        @if checked.claims.is_empty() { p.soft { "文中没有可以核对的数字。" } } @else {
            div.scroll { table.claims {
                thead { tr { th.num { "行" } th { "表述" } th { "结论" } th { "台账" } } }
                tbody { @for (nth, judged) in checked.claims.iter().enumerate() {
                    tr id=(format!("c{nth}")) {
                        td.num { a href=(format!("#t{nth}")) { (lines.at(judged.claim.start).0 + 1) } }
                        td { (judged.claim.text) small.line { (judged.claim.subject) } }
                        td { @let (sign, class) = mark(judged.verdict); span.{"verdict " (class)} { (sign) " " (judged.verdict.chinese()) } }
                        td { (ledger(judged, checked.year, set)) }
                    }
                } }
            } }
        }
    }
}

fn ledger(judged: &Judged, year: Option<i16>, set: &Definitions) -> Markup {
    let title = |id: &str| set.figures.get(id).map_or_else(|| id.to_owned(), |figure| figure.title.clone());
    html! {
        @if let (Some(figure), Some(year)) = (&judged.figure, year) {
            a href=(format!("/figures/{figure}/entries?year={year}")) {
                @if let Some(ledger) = &judged.ledger { (ledger) } " · " (judged.entries.unwrap_or(0)) " 条"
            }
            @if let Some(over) = judged.over { " " span.late { (over_or_under(over)) } }
            small.line { (title(figure)) }
        } @else if let Some(nearest) = &judged.nearest {
            small { "或可对照“" (title(nearest)) "”" }
        }
    }
}

//! `/reports/annual/{year}/paragraphs/{place}`: one paragraph's words, its figures protected (改写).

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use engine::act::{Act, Taken};
use engine::problem::Problem;
use engine::report::edit::{Standing, Wrong, lifted, named, read, retold, token, tokens, values};
use engine::report::{Block, By, Document, Span};
use engine::value::{Fields, Value};
use maud::{Markup, html};

use super::freeze::{actor, fresh};
use super::margin::Margin;
use super::page::{compose, may};
use super::paper::Paper;
use super::{REGISTER, admitted, making, year};
use crate::annual::{Composed, Edited, Making, REVISE};
use crate::append::Draft;
use crate::query::names::called;
use crate::refused::{self, Refused, refuse};
use crate::web::answer::{Answer, Turned};
use crate::web::form::verb;
use crate::web::given::entry_id;
use crate::web::layout::{problems, trail};
use crate::web::visit::Visit;

/// A paragraph about to be edited.
struct Paragraph {
    year: i16,
    place: String,
    making: Making,
    /// As the ledger alone would have it.
    spans: Vec<Span>,
    /// The edit that was made of it last.
    last: Option<Edited>,
}

impl Paragraph {
    fn find(visit: &Visit<'_>) -> Result<Paragraph> {
        admitted(visit)?;
        let (year, place) = (year(visit)?, visit.param("place").to_owned());
        let making = making(visit, year)?.ok_or(Turned::NotFound)?;
        let course = making.course(visit.set());
        if !may(visit, &making, &course, REVISE) {
            return Err(Turned::Forbidden.into());
        }
        drop(course);
        let Composed { plain, edits, .. } = compose(visit, year, None, Some(&making))?;
        let spans = spans(plain, &place).ok_or(Turned::NotFound)?;
        let last = edits.into_iter().rfind(|one| one.edit.place == place && one.standing.is_some());
        Ok(Paragraph { year, place, making, spans, last })
    }

    /// The words as they stand in the report, with tokens.
    fn now(&self) -> String {
        let last = self.last.as_ref().filter(|one| one.standing.as_ref().is_some_and(Standing::is_applied));
        last.map_or_else(|| tokens(&self.spans), |one| one.edit.text.clone())
    }

    /// What its tokens are called to people, each name once: the figure's title instead of its id.
    fn labels(&self, visit: &Visit<'_>) -> Vec<(String, String)> {
        let mut all: Vec<(String, String)> = Vec::new();
        for (name, _) in named(&self.spans) {
            let mut label = label(visit, &name);
            if all.iter().any(|(_, known)| *known == label) {
                label.push_str(&format!("·{name}"));
            }
            all.push((name, label));
        }
        all
    }

    fn paper<'p>(&self, visit: &'p Visit<'p>, margin: &'p Margin) -> Paper<'p> {
        Paper { visit, year: self.year, at: None, edit: None, margin, of_county: false }
    }

    fn page(&self) -> String {
        format!("/reports/annual/{}#p-{}", self.year, self.place)
    }

    fn seen(&self) -> u64 {
        self.making.entries.last().map_or(0, |entry| entry.index)
    }
}

/// What people call a token: its figure's title, of which year, and by what it is broken down.
fn label(visit: &Visit<'_>, name: &str) -> String {
    let mut label = title(visit, name);
    if name.contains(":last_year") {
        label.push_str("·上年");
    }
    if let Some((_, by)) = name.split_once(" by ") {
        let by = By::ALL.iter().find(|row| row.0 == by).map_or(by, |row| row.2);
        label.push_str(&format!("·按{by}"));
    }
    label
}

/// The text of an edit as people read it.
pub fn in_words(visit: &Visit<'_>, text: &str) -> String {
    retold(text, |name, written| Some(token(&label(visit, name), written)))
}

/// What people call the figure of a token.
fn title(visit: &Visit<'_>, name: &str) -> String {
    let id = name.split([':', ' ']).next().unwrap_or(name);
    visit.set().figures.get(id).map_or_else(|| id.to_owned(), |figure| figure.title.clone())
}

/// Other names in the tokens of a text: from each first to its second.
fn renamed<'n>(text: &str, names: impl Iterator<Item = (&'n str, &'n str)>) -> String {
    let names: BTreeMap<&str, &str> = names.collect();
    retold(text, |name, written| names.get(name).map(|name| token(name, written)))
}

/// The same, from the names of tokens to what people call them.
fn labelled(text: &str, labels: &[(String, String)]) -> String {
    renamed(text, labels.iter().map(|(name, label)| (name.as_str(), label.as_str())))
}

/// The spans of a paragraph of the template.
fn spans(document: Document, wanted: &str) -> Option<Vec<Span>> {
    document.blocks.into_iter().find_map(|block| match block {
        Block::Paragraph { spans, place, .. } if place == wanted && !place.is_empty() => Some(spans),
        _ => None,
    })
}

/// `GET /reports/annual/{year}/paragraphs/{place}`
pub fn form(visit: &Visit<'_>) -> Result<Answer> {
    let paragraph = Paragraph::find(visit)?;
    // A number written over stands beside the words, where it can be changed or taken back.
    let (text, over) = lifted(&paragraph.now());
    let filled = Filled { text: labelled(&text, &paragraph.labels(visit)), over };
    Ok(visit.page("改写一段", asking(visit, &paragraph, &filled, html! {})))
}

/// What stands in the boxes of the form: the words, and the numbers written over figures.
struct Filled {
    text: String,
    over: BTreeMap<String, String>,
}

fn asking(visit: &Visit<'_>, paragraph: &Paragraph, Filled { text, over }: &Filled, said: Markup) -> Markup {
    let margin = Margin::default();
    let paper = paragraph.paper(visit, &margin);
    let stale = paragraph.last.as_ref().filter(|one| one.standing.as_ref().is_some_and(|one| !one.is_applied()));
    let labels = paragraph.labels(visit);
    let figures: Vec<_> = named(&paragraph.spans).into_iter().zip(&labels).collect();
    let rows = (text.chars().count() / 55 + text.lines().count() + 1).clamp(4, 24);
    html! {
        (trail(&[("/reports", "报告"), (&paragraph.page(), &format!("{} 年度", paragraph.year))], "改写一段"))
        h1 { "改写一段" }
        (said)
        section.panel.generated {
            h2 { "台账生成的文字" }
            p { (paper.words(&paragraph.spans)) }
        }
        @if let Some(one) = stale {
            section.panel { h2 { "过时的改写（" (one.on) "，第 " (one.edit.entry) " 条）" } p { (labelled(&one.edit.text, &labels)) } }
        }
        form.revise method="post" action=(format!("/reports/annual/{}/paragraphs/{}", paragraph.year, paragraph.place)) {
            (visit.form_token())
            input type="hidden" name="id" value=(fresh());
            input type="hidden" name="seen" value=(paragraph.seen());
            input type="hidden" name="before" value=(tokens(&paragraph.spans));
            section.panel {
                h2 { "改成" }
                label {
                    "文字（花括号里的是台账的数字：可以挪动，不能改；换行另起一段）"
                    textarea name="text" rows=(rows) required { (text) }
                }
                @if !figures.is_empty() {
                    details open[!over.is_empty()] {
                        summary { "这一段的数字，要写别的数字的填在这里" }
                        div.scroll { table.over {
                            thead { tr { th { "花括号里" } th { "台账" } th { "写成" } } }
                            tbody { @for ((name, spans), (_, label)) in &figures {
                                tr {
                                    td { "{" (label) "}" }
                                    td { (paper.words(spans)) }
                                    td { input name=(box_of(name)) value=[over.get(name)] aria-label=(format!("{label} 写成")); }
                                }
                            } }
                        } }
                    }
                }
                label { "理由（写了别的数字、加了台账没有的数字，或者不写某个数字的，必填）" input name="reason" value=[visit.typed("reason")]; }
                button type="submit" { "登记这次改写" }
                " " a.button.second href=(paragraph.page()) { "不改了" }
                p.note { "每次改写都是一条记入，原来的不覆盖。台账的数字错了的，不要在这里改，请更正台账。" }
            }
        }
    }
}

/// The field of the form in which another number is written over a figure.
fn box_of(name: &str) -> String {
    format!("over.{name}")
}

/// `POST /reports/annual/{year}/paragraphs/{place}`
pub fn revise(visit: &Visit<'_>) -> Result<Answer> {
    let paragraph = Paragraph::find(visit)?;
    let text = visit.typed("text").unwrap_or_default().replace("\r\n", "\n");
    match take(visit, &paragraph, &text) {
        Ok(()) => Ok(Answer::see(paragraph.page())),
        Err(error) => {
            let Some(mut found) = refused::problems(&error) else { return Err(error) };
            let newer = sides(visit, &paragraph, &text)?;
            if newer.is_some() {
                // Both sides say it better.
                found.retain(|problem| problem.code.0 != 212);
            }
            let status = if newer.is_some() { 409 } else { 422 };
            let boxes = named(&paragraph.spans).into_iter().map(|(name, _)| name);
            let over = boxes.filter_map(|name| Some((name.clone(), visit.typed(&box_of(&name))?.to_owned())));
            let filled = Filled { text, over: over.collect() };
            let said = html! { @if !found.is_empty() { (problems(&found)) } @if let Some(newer) = newer { (newer) } };
            Ok(visit.page_with(status, "改写一段", asking(visit, &paragraph, &filled, said)))
        }
    }
}

/// The last entry of the record that whoever fills in the form has seen.
fn seen(visit: &Visit<'_>) -> u64 {
    visit.typed("seen").and_then(|seen| seen.parse().ok()).unwrap_or_default()
}

/// What was recorded since the form was opened and how the paragraph stands now, beside what was typed; nothing where
/// nothing is newer.
fn sides(visit: &Visit<'_>, paragraph: &Paragraph, text: &str) -> Result<Option<Markup>> {
    let mut newer = Vec::new();
    for entry in paragraph.making.entries.iter().filter(|entry| entry.index > seen(visit)) {
        let who = called(visit.db, &entry.actor)?.unwrap_or_else(|| "本机".to_owned());
        let step = match &entry.act {
            Act::Step(taken) => paragraph.making.register.step(&taken.step),
            _ => None,
        };
        newer.push((entry, who, step.map(|step| step.title.as_str())));
    }
    if newer.is_empty() {
        return Ok(None);
    }
    let margin = Margin::default();
    let paper = paragraph.paper(visit, &margin);
    let words = |text: &str| {
        let read = read(&paragraph.spans, text);
        html! {
            @match read {
                Ok(read) => @for spans in &read.paragraphs { p { (paper.words(spans)) } },
                Err(_) => p { (text) },
            }
        }
    };
    let typed = written_over(visit, paragraph, text).unwrap_or_else(|_| text.to_owned());
    let remedy =
        "您写的都留着，还没有登记。请看过现在的文字，再决定您写的要不要改；仍要登记的，再按一次按钮，报告就照您写的。";
    let problem = Problem::new(832, "您打开这张表单以后，报告又有了新的记入", remedy);
    Ok(Some(html! {
        section.conflict role="alert" {
            h2 { (problem.text) }
            p { (problem.remedy) " " small.code { (problem.code) } }
            div.sides.generated {
                div {
                    h3 { "现在报告里的" }
                    (words(&paragraph.now()))
                    @for (entry, who, title) in &newer {
                        p.soft { (verb(&entry.act)) @if let Some(title) = title { "“" (title) "”" } "　第 " (entry.index) " 条　" (who) "　" (entry.recorded) }
                    }
                }
                div { h3 { "您写的" } (words(&typed)) }
            }
        }
    }))
}

fn take(visit: &Visit<'_>, paragraph: &Paragraph, text: &str) -> Result<()> {
    let id = entry_id(visit)?;
    if id.is_some_and(|id| paragraph.making.holds(id)) {
        return Ok(());
    }
    let before = tokens(&paragraph.spans);
    if visit.typed("before") != Some(before.as_str()) {
        return Err(refuse(852, "照着改的这一段已经变了", "上面是现在生成的文字，请看着它再改；您写的还在框里"));
    }
    let written = written_over(visit, paragraph, text)?;
    if written.is_empty() {
        return Err(refuse(202, "“文字”没有填", "请写这一段的文字；整段不要的，请改报告的模板"));
    }
    let read = read(&paragraph.spans, &written).map_err(|wrong| unreadable(&wrong))?;
    if written == paragraph.now() {
        return Err(refuse(854, "没有改动", "提交的文字与现在的一样；不改的，请回到报告"));
    }
    let reason = visit.typed("reason").unwrap_or_default();
    let by_hand = !read.by_hand.is_empty();
    if by_hand && reason.is_empty() {
        let numbers = read.by_hand.iter().map(|hand| hand.say(|id| title(visit, id)));
        let text = format!("有手写、改写或者删去的数字：{}", numbers.collect::<Vec<_>>().join("；"));
        let remedy = "要用台账的数字，请恢复花括号和里面的名称；确要这样写，请在“理由”里写明";
        return Err(refuse(851, text, remedy));
    }
    let text = |text: &str| Value::Text(text.to_owned());
    let mut fields = Fields::from([
        ("on".to_owned(), text(&visit.today.to_string())),
        ("place".to_owned(), text(&paragraph.place)),
        ("before".to_owned(), text(&before)),
        ("text".to_owned(), text(&written)),
        ("by_hand".to_owned(), Value::Bool(by_hand)),
    ]);
    let optional = [("values", values(&paragraph.spans)), ("reason", reason.to_owned())];
    let given = optional.into_iter().filter(|(_, value)| !value.is_empty());
    fields.extend(given.map(|(field, value)| (field.to_owned(), Value::Text(value))));
    let taken = Taken {
        register: REGISTER.to_owned(),
        record: paragraph.making.id.clone(),
        step: REVISE.to_owned(),
        fields,
        ..Taken::default()
    };
    let based_on = Some(seen(visit));
    let draft = Draft { id, actor: actor(visit)?, act: Act::Step(taken), sealed: Fields::new(), based_on };
    visit.append(vec![draft]).map(drop)
}

/// The typed text as an entry holds it: its tokens by their names, over each the number written beside it. The ledger's
/// own number written there takes back another.
fn written_over(visit: &Visit<'_>, paragraph: &Paragraph, text: &str) -> Result<String> {
    let labels = paragraph.labels(visit);
    let text = renamed(text, labels.iter().map(|(name, label)| (label.as_str(), name.as_str())));
    let mut used: BTreeSet<String> = BTreeSet::new();
    retold(&text, |name, _| {
        used.insert(name.to_owned());
        None
    });
    let (mut over, mut wrong) = (BTreeMap::new(), Vec::new());
    for ((name, spans), (_, label)) in named(&paragraph.spans).into_iter().zip(&labels) {
        let ledger: String = spans.iter().map(Span::text).collect();
        let Some(number) = visit.typed(&box_of(&name)) else { continue };
        let number = Some(number).filter(|number| *number != ledger);
        if number.is_some_and(|number| number.contains(['{', '}', '=', '\n', '\r'])) {
            let text = format!("“{label}”写成的“{}”里有花括号、等号或者换行", number.unwrap_or_default());
            wrong.push(Problem::new(850, text, "请只写数字和单位，如 30名"));
        } else if number.is_some() && !used.contains(&name) {
            let text = format!("“{label}”写成“{}”，文字里却没有 {{{label}}}", number.unwrap_or_default());
            wrong.push(Problem::new(850, text, format!("请在文字里写上 {{{label}}}，或者清空“写成”")));
        }
        over.insert(name, number);
    }
    if !wrong.is_empty() {
        return Err(Refused(wrong).into());
    }
    Ok(retold(&text, |name, _| over.get(name).map(|number| token(name, *number))))
}

fn unreadable(wrong: &[Wrong]) -> anyhow::Error {
    let problem = |wrong: &Wrong| match wrong {
        Wrong::Brace => Problem::new(850, "花括号没有成对", "请核对 { 和 }；台账的数字写成 {名称}"),
        Wrong::Unknown(name) => {
            let remedy = "花括号里只能是下面表里列出的；要用别的数字，请先在报告的模板里加";
            Problem::new(850, format!("这一段没有数字“{name}”"), remedy)
        }
    };
    Refused(wrong.iter().map(problem).collect()).into()
}

//! `/reports/annual/{year}`: the report of a year, now or as it was frozen, with all that is to be known beside it.

use anyhow::Result;
use engine::paper::Paper as OnPaper;
use engine::record::Course;
use maud::{Markup, html};

use super::margin::Margin;
use super::paper::Paper;
use super::{Frozen, REGISTER, admitted, county, drafts, making, panel, published, year};
use crate::annual::{Annual, Composed, DRAFT, Making, REVISE};
use crate::papers::press::{self, Press};
use crate::papers::{DOCX, PDF, annual, file_name};
use crate::render;
use crate::sets::sha256;
use crate::web::answer::{Answer, Body, Turned};
use crate::web::layout::trail;
use crate::web::visit::Visit;

/// What is looked at: the living draft, or one that was frozen.
fn at(visit: &Visit<'_>, drafts: &[Frozen], published: Option<u32>) -> Result<Option<u64>> {
    let of = |nth: u32| drafts.iter().find(|draft| draft.nth == nth).map(|draft| draft.size);
    match visit.query("at") {
        Some("now") => Ok(None),
        Some(size) => {
            let size = size.parse().ok().filter(|size| drafts.iter().any(|draft| draft.size == *size));
            size.map(Some).ok_or_else(|| Turned::NotFound.into())
        }
        None => Ok(published.and_then(of)),
    }
}

/// `GET /reports/annual/{year}`
pub fn show(visit: &Visit<'_>) -> Result<Answer> {
    if !visit.site.towns.is_empty() {
        return county::show(visit);
    }
    let (register, year) = (admitted(visit)?, year(visit)?);
    let making = making(visit, year)?;
    let course = making.as_ref().map(|making| making.course(visit.set()));
    let drafts = course.as_ref().map(drafts).unwrap_or_default();
    let published = course.as_ref().and_then(published);
    let at = at(visit, &drafts, published)?;
    let composed = compose(visit, year, at, making.as_ref())?;
    let margin = Margin::of(visit, year, &composed, making.as_ref())?;
    let edit = making.as_ref().zip(course.as_ref()).filter(|_| at.is_none()).and_then(|(making, course)| {
        may(visit, making, course, REVISE).then(|| format!("/reports/annual/{year}/paragraphs"))
    });
    let paper = Paper { visit, year, at, edit, margin: &margin, of_county: false };
    let form = at.map_or_else(String::new, |at| format!("&at={at}"));
    let main = html! {
        (trail(&[("/reports", "报告")], &format!("{year} 年度")))
        (head(year, at, &composed, &margin, &drafts, published))
        div.report {
            div.main { (paper.show(&composed.document)) }
            aside.making aria-label="办理" {
                section.panel {
                    h2 { "办理" }
                    @match &making {
                        Some(making) => {
                            (panel::steps(visit, making)?)
                            @if at.is_none() && course.as_ref().is_some_and(|course| may(visit, making, course, DRAFT)) { (freeze(visit, year)) }
                            (panel::frozen(year, &drafts, at, published))
                        }
                        None => (panel::not_begun(visit, register, year)?),
                    }
                }
                (panel::said_before(visit, year, &composed.readings)?)
                (files(year, &form))
            }
        }
    };
    Ok(visit.page(&composed.document.title, main))
}

/// The files it can be had as.
pub fn files(year: i16, form: &str) -> Markup {
    html! {
        section.panel {
            h2 { "下载" }
            ul.plain {
                li { a href=(format!("/reports/annual/{year}/file?form=docx{form}")) { "公文（DOCX，可改可签）" } }
                @if press::is_there() { li { a href=(format!("/reports/annual/{year}/file?form=pdf{form}")) { "公文（PDF，可印）" } } }
                li { a href=(format!("/reports/annual/{year}/file?form=html{form}")) { "网页文件（HTML，可打印）" } }
                li { a href=(format!("/reports/annual/{year}/file?form=txt{form}")) { "纯文本（TXT）" } }
            }
            p.note { "都附每个数字的来源：定义、记入、补录和标记。" }
        }
    }
}

/// Composes the report; the edits of its record as of then are its record's, whatever came later.
pub fn compose(visit: &Visit<'_>, year: i16, at: Option<u64>, making: Option<&Making>) -> Result<Composed> {
    let (folder, sets) = (&visit.site.folder, visit.sets);
    let asked = Annual { at, ..Annual::of(year) };
    match at {
        Some(_) => asked.compose(folder, visit.db, sets),
        None => asked.compose_with(folder, visit.db, sets, making),
    }
}

/// Whether he may take a step of the record now.
pub fn may(visit: &Visit<'_>, making: &Making, course: &Course<'_>, step: &str) -> bool {
    let Some(step) = making.register.step(step) else { return false };
    let here = step.from.iter().any(|from| Some(from.value.as_str()) == course.state);
    here && visit.who.may_take(&making.register, step, &[])
}

fn head(
    year: i16,
    at: Option<u64>,
    composed: &Composed,
    margin: &Margin,
    drafts: &[Frozen],
    published: Option<u32>,
) -> Markup {
    let draft = at.and_then(|size| drafts.iter().find(|draft| draft.size == size));
    html! {
        div.standing {
            @match draft {
                Some(draft) => {
                    span.tag.good { @if published == Some(draft.nth) { "已公开，固定不变" } @else { "第 " (draft.nth) " 稿，固定不变" } }
                    " " (same(composed, draft))
                    " " a href=(format!("/reports/annual/{year}?at=now")) { "看现在的草稿" }
                }
                None => {
                    span.tag.wait { "草稿，随台账变动" }
                    @match margin.problems() { 0 => { " 页边没有要处理的问题" } count => { " 页边有 " b { (count) } " 处要处理" } }
                    @if published.is_some() { "；" a href=(format!("/reports/annual/{year}")) { "看公开的那一稿" } }
                }
            }
            small.line {
                // The root of what still changes is nobody's to keep; the files below have it.
                @match draft {
                    Some(_) => { "检查点：" (composed.document.annex.checkpoint) }
                    None => { "取数于日志前 " (composed.size.size) " 条" }
                }
                "。数字点开看背后的记入；双线的，其中有补录或者标记。"
            }
        }
    }
}

/// Whether what the program gives today is, byte for byte, what was recorded then.
fn same(composed: &Composed, draft: &Frozen) -> Markup {
    match sha256(&render::text::render(&composed.document)) == draft.text {
        true => html! { span.good { "✓ 今天照样生成，与登记的文件逐字相同" } },
        false => html! { span.late { "登记的文件与这里生成的不同，以登记的文件为准" } },
    }
}

fn freeze(visit: &Visit<'_>, year: i16) -> Markup {
    html! {
        form.freeze id="freeze" method="post" action=(format!("/reports/annual/{year}/drafts")) {
            (visit.form_token())
            input type="hidden" name="id" value=(super::freeze::fresh());
            button type="submit" { "成稿" }
            p.note { "文字和数字固定为一稿，登记摘要；再改另成一稿。" }
        }
    }
}

/// `GET /reports/annual/{year}/file`
pub fn download(visit: &Visit<'_>) -> Result<Answer> {
    if !visit.site.towns.is_empty() {
        return county::download(visit);
    }
    admitted(visit)?;
    let year = year(visit)?;
    let making = making(visit, year)?;
    let course = making.as_ref().map(|making| making.course(visit.set()));
    let drafts = course.as_ref().map(drafts).unwrap_or_default();
    // Whoever names no draft wants what the page shows him.
    let at = at(visit, &drafts, course.as_ref().and_then(published))?;
    if visit.query("form") == Some("kept") {
        let draft = drafts.iter().find(|draft| Some(draft.size) == at);
        let (draft, making) = draft.zip(making.as_ref()).ok_or(Turned::NotFound)?;
        return Ok(Answer::see(format!("/registers/{REGISTER}/{}/files/{}", making.id, draft.text)));
    }
    let composed = compose(visit, year, at, making.as_ref())?;
    let paper = || annual::paper(&visit.site.folder, visit.db, visit.set(), &composed, making.as_ref());
    file(visit, &composed, paper)
}

/// The report as a file of the form asked for.
pub fn file(visit: &Visit<'_>, composed: &Composed, paper: impl Fn() -> Result<OnPaper>) -> Result<Answer> {
    let (document, folder) = (&composed.document, &visit.site.folder);
    let town = &folder.config.town;
    let (kind, mime, bytes) = match visit.query("form") {
        Some("html") => ("html", "text/html; charset=utf-8", render::html::render(document).into_bytes()),
        Some("txt") => ("txt", "text/plain; charset=utf-8", render::text::render(document).into_bytes()),
        Some("docx") => ("docx", DOCX, render::docx::render(&paper()?, town)?),
        Some("pdf") => ("pdf", PDF, Press::alone(folder)?.set(&annual::alone(paper()?, town))?.bytes),
        _ => return Err(Turned::NotFound.into()),
    };
    Ok(Answer::download(&format!("{}.{kind}", file_name(&document.title)), mime, Body::Bytes(bytes)))
}

//! `/reports/annual/{year}` on a county's server: the report its townships' numbers come to, and what is missing of them.

use anyhow::Result;
use maud::html;

use super::margin::Margin;
use super::page::{file, files};
use super::paper::Paper;
use super::{admitted, year};
use crate::annual::county::Counted;
use crate::annual::{Annual, Composed};
use crate::county::Town;
use crate::papers::annual::of_county;
use crate::web::answer::{Answer, Turned};
use crate::web::layout::trail;
use crate::web::places::address;
use crate::web::towns::{following, told};
use crate::web::visit::Visit;

/// The report of a county, for whoever looks at the townships below it.
fn composed(visit: &Visit<'_>, year: i16) -> Result<(Composed, Vec<Counted>)> {
    if !visit.who.may_look_below() {
        return Err(Turned::NotFound.into());
    }
    admitted(visit)?;
    let mut towns = Vec::new();
    for (name, site) in &visit.site.towns {
        let db = site.reader()?;
        towns.push(Counted::of(name, &site.folder, &db, &*site.sets(&db)?, visit.set(), year)?);
    }
    let composed = Annual::of(year).compose_together(&visit.site.folder, visit.set(), &towns)?;
    Ok((composed, towns))
}

/// `GET /reports/annual/{year}`
pub fn show(visit: &Visit<'_>) -> Result<Answer> {
    let year = year(visit)?;
    let (composed, towns) = composed(visit, year)?;
    let margin = Margin::of(visit, year, &composed, None)?;
    let paper = Paper { visit, year, at: None, edit: None, margin: &margin, of_county: true };
    let all: Vec<&Town> = towns.iter().map(|one| &one.town).collect();
    let silent: Vec<&str> =
        towns.iter().filter(|one| one.is_silent(visit.set())).map(|one| one.town.called.as_str()).collect();
    let main = html! {
        (trail(&[("/reports", "报告")], &format!("{year} 年度")))
        div.standing {
            span.tag.wait { "草稿，随各乡镇台账变动" }
            @match margin.problems() { 0 => {} count => { " 页边有 " b { (count) } " 处要处理" } }
            small.line { "数字是各乡镇相加的，点开看各乡镇的；表里的数字点开，就是那个乡镇的。双线的，其中有补录或者标记。" }
        }
        @if !silent.is_empty() { p.wait { (year) "年没有记入的乡镇：" (silent.join("、")) "。没有记入不等于没有做。" } }
        (told(visit, &all, year))
        div.report {
            div.main { (paper.show(&composed.document)) }
            aside.making aria-label="各乡镇" {
                section.panel {
                    h2 { a href=(format!("/towns?year={year}")) { "各乡镇" } }
                    ul.plain { @for town in &all {
                        li {
                            a href=(address(&town.name, &format!("/reports/annual/{year}"))) { (town.called) }
                            small.line {
                                @match &town.reported.record { Some((_, state)) => { "报告" (state) } None => { "报告没有启动" } }
                                @if let Some(standing) = &town.following { "；" (following(standing, town.size.size)) }
                            }
                        }
                    } }
                }
                (files(year, ""))
                p.note { "要改文字的，下载公文（DOCX）再改；县的报告不在这里登记改写、成稿和签字。" }
            }
        }
    };
    Ok(visit.page(&composed.document.title, main))
}

/// `GET /reports/annual/{year}/file`
pub fn download(visit: &Visit<'_>) -> Result<Answer> {
    let (composed, _) = composed(visit, year(visit)?)?;
    file(visit, &composed, || Ok(of_county(&visit.site.folder, &composed)))
}

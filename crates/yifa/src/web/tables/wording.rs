//! What an office's own headings and words stand for, chosen on the page that judges its table (用语).

use std::collections::BTreeSet;

use anyhow::Result;
use engine::definition::Register;
use engine::problem::Problem;
use maud::{Markup, html};

use super::judge::{Handed, Wrong};
use super::kept;
use crate::accounts::wording::Kept;
use crate::ledger::wording::{heading, word};
use crate::table::{self, Choose, Titled, columns};
use crate::web::visit::Visit;

/// The most headings and words asked about on one page.
const MOST: usize = 100;
/// What is chosen for a heading that is left out.
const NOTHING: &str = "-";
/// Problems that may come from a heading: none known, one unknown, one that may be several.
const OF_HEADINGS: [u16; 3] = [408, 410, 411];
/// A cell does not hold one of the choices of its field.
const OF_CHOICE: u16 = 204;

/// What was chosen on the page, or what is wrong with it.
pub fn chosen(visit: &Visit<'_>, register: &Register) -> Result<Vec<Kept>, Vec<Problem>> {
    let typed = |name: &str, nth: usize| visit.typed(&format!("{name}.{nth}"));
    let headings = (0..MOST).filter_map(|nth| {
        let said = typed("heading", nth)?;
        match typed("column", nth)? {
            NOTHING => Some(heading(register, said, None)),
            column => Some(heading(register, said, Some(column))),
        }
    });
    let words = (0..MOST)
        .filter_map(|nth| Some(word(register, typed("place", nth)?, typed("word", nth)?, typed("choice", nth)?)));
    let (mut new, mut problems) = (Vec::new(), Vec::new());
    for read in headings.chain(words) {
        read.map_or_else(|problem| problems.push(problem), |kept| new.push(kept));
    }
    if problems.is_empty() { Ok(new) } else { Err(problems) }
}

/// What of a table that is wrong can be mended by saying what its headings and words stand for; nothing where that
/// would not help. The table is kept for it.
pub fn mendable(visit: &Visit<'_>, register: &Register, handed: &Handed<'_>, wrong: &Wrong) -> Result<Markup> {
    if handed.mapping.is_some() || !handed.path.is_file() {
        return Ok(html! {});
    }
    let of_headings = wrong.problems.iter().any(|problem| OF_HEADINGS.contains(&problem.code.0));
    let titles = titles(register, handed);
    let words = words(register, wrong, &titles);
    if !of_headings && words.is_empty() {
        return Ok(html! {});
    }
    let asked = if of_headings { &titles[..] } else { &[] };
    let token = kept::keep(visit, &handed.path)?;
    Ok(html! {
        section.panel.wording {
            h2 { "标题、说法和系统不同的，在这里说明" }
            p { "选好以后再试算一遍，不用改表、不用再上传；说明过的记着，下次同样的标题、说法照此读。" }
            (form(visit, register, handed, asked, &words, &token))
        }
    })
}

/// The same for a table that is sound: what was said of its headings can be said otherwise.
pub fn changeable(visit: &Visit<'_>, register: &Register, handed: &Handed<'_>, token: &str) -> Markup {
    let titles = if handed.mapping.is_some() { Vec::new() } else { titles(register, handed) };
    html! {
        @if titles.iter().any(|title| handed.wording.of(&title.heading).is_some() && !title.ours) {
            details.wording {
                summary { "改标题的说明" }
                (form(visit, register, handed, &titles, &[], token))
            }
        }
    }
}

fn titles(register: &Register, handed: &Handed<'_>) -> Vec<Titled> {
    let choose = handed.sheet.map_or(Choose::Best, Choose::Named);
    table::headings(&handed.path, register, &handed.wording, choose).unwrap_or_default()
}

/// A word nobody knows, in a column whose choices are known.
struct Unknown {
    place: String,
    title: String,
    word: String,
    choices: Vec<(String, String)>,
}

fn words(register: &Register, wrong: &Wrong, titles: &[Titled]) -> Vec<Unknown> {
    let all = columns(register);
    let mut seen = BTreeSet::new();
    let unknown = |problem: &Problem| {
        let spot = problem.spot().filter(|_| problem.code.0 == OF_CHOICE)?;
        let word = wrong.grid.as_ref()?.rows.get(&spot.row)?.get(&spot.column?)?;
        let place = titles.iter().find(|title| Some(title.column) == spot.column)?.known.clone()?;
        let field = all.iter().find(|(path, _)| *path == place)?.1.field()?;
        let choices = field.choices.iter().map(|one| (one.id.value.clone(), one.title.clone())).collect::<Vec<_>>();
        let new = !choices.is_empty() && seen.insert((place.clone(), word.clone()));
        new.then(|| Unknown { place, title: field.title.clone(), word: word.clone(), choices })
    };
    wrong.problems.iter().filter_map(unknown).take(MOST).collect()
}

fn form(
    visit: &Visit<'_>,
    register: &Register,
    handed: &Handed<'_>,
    titles: &[Titled],
    words: &[Unknown],
    token: &str,
) -> Markup {
    let all = columns(register);
    let asked: Vec<&Titled> = titles.iter().filter(|title| !title.ours).take(MOST).collect();
    let selected = |title: &Titled| match handed.wording.of(&title.heading) {
        Some(meant) => Some(meant.column.clone().unwrap_or_else(|| NOTHING.to_owned())),
        None => title.known.clone().or_else(|| title.guess.clone()),
    };
    html! {
        form method="post" action=(format!("/registers/{}/import", register.id.value)) {
            (visit.form_token())
            input type="hidden" name="kept" value=(token);
            input type="hidden" name="map" value="1";
            @if let Some(sheet) = handed.sheet { input type="hidden" name="sheet" value=(sheet); }
            @if !asked.is_empty() {
                div.scroll { table {
                    thead { tr { th { "列" } th { "表里的标题" } th { "下面的内容" } th { "是哪个字段" } } }
                    tbody { @for (nth, title) in asked.iter().enumerate() {
                        @let chosen = selected(title);
                        tr {
                            td { (title.letters) }
                            td {
                                (title.heading)
                                input type="hidden" name=(format!("heading.{nth}")) value=(title.heading);
                                @if handed.wording.of(&title.heading).is_some_and(|meant| meant.remembered) { " " span.tag { "照上次" } }
                                @else if chosen.is_some() && title.known.is_none() { " " span.tag.wait { "猜的，请核对" } }
                            }
                            td.soft { (title.samples.join("；")) }
                            td { select name=(format!("column.{nth}")) aria-label=(format!("“{}”是哪个字段", title.heading)) {
                                option value="" { "（还没有选）" }
                                option value=(NOTHING) selected[chosen.as_deref() == Some(NOTHING)] { "不导入" }
                                @for (path, column) in &all {
                                    option value=(path) selected[chosen.as_deref() == Some(path)] { (column.heading) }
                                }
                            } }
                        }
                    } }
                } }
            }
            @if !words.is_empty() {
                div.scroll { table {
                    thead { tr { th { "字段" } th { "表里的说法" } th { "是哪个选项" } } }
                    tbody { @for (nth, unknown) in words.iter().enumerate() {
                        tr {
                            td { (unknown.title) input type="hidden" name=(format!("place.{nth}")) value=(unknown.place); }
                            td { (unknown.word) input type="hidden" name=(format!("word.{nth}")) value=(unknown.word); }
                            td { select name=(format!("choice.{nth}")) aria-label=(format!("“{}”是哪个选项", unknown.word)) {
                                option value="" { "（在表里改）" }
                                @for (id, title) in &unknown.choices { option value=(id) { (title) } }
                            } }
                        }
                    } }
                } }
            }
            button type="submit" { "照此再试算" }
        }
    }
}

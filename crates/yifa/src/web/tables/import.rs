//! `/registers/{register}/import`: a table is handed in, judged cell by cell, and recorded as a whole or not at all (导入).

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use anyhow::Result;
use engine::definition::{Field, Mapping, Register, Step};
use engine::form::how_to;
use journal::id::Id;
use maud::{Markup, html};

use super::judge::{Handed, Sound, judged, refusal};
use super::wording::{changeable, chosen, mendable};
use super::{kept, shown, trail};
use crate::ledger;
use crate::ledger::mapped::sayable;
use crate::ledger::visible::Visible;
use crate::ledger::wording::remembered;
use crate::refused::refuse;
use crate::web::answer::{Answer, Turned};
use crate::web::layout::done;
use crate::web::visit::Visit;

/// The most names offered for a field of all rows.
const MOST_OFFERED: i64 = 200;

/// One table at a time, from reading it until it is on disk: a large one takes hundreds of megabytes, and of a table
/// handed in twice at once the second has to find what the first recorded.
static TURN: Mutex<()> = Mutex::new(());

fn turn() -> MutexGuard<'static, ()> {
    // Nothing is kept in it that a panic could leave half done.
    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}

fn register<'v>(visit: &Visit<'v>) -> Result<&'v Register> {
    let register = visit.register()?;
    if visit.who.may_import(register) { Ok(register) } else { Err(Turned::Forbidden.into()) }
}

/// The mappings of a register, each with the step it fills.
fn mappings<'v>(visit: &Visit<'v>, register: &'v Register) -> Vec<(&'v Mapping, &'v Step)> {
    let all = visit.set().mappings.values().filter(|mapping| mapping.register.value == register.id.value);
    all.filter_map(|mapping| Some((&**mapping, register.step(&mapping.step)?))).collect()
}

/// `GET /registers/{register}/import`
pub fn form(visit: &Visit<'_>) -> Result<Answer> {
    let register = register(visit)?;
    let count = |name: &str| visit.query(name).and_then(|count| count.parse::<u64>().ok());
    let said = match (count("recorded"), count("flags").unwrap_or(0)) {
        (Some(0), _) => done("台账中都已有，没有再记入。"),
        (Some(steps), 0) => done(&format!("已记入 {steps} 步。")),
        (Some(steps), flags) => done(&format!("已记入 {steps} 步，标记 {flags} 处。")),
        (None, _) => html! {},
    };
    Ok(visit.page(&format!("导入{}", register.title), page(visit, register, said)?))
}

/// `POST /registers/{register}/import`: judges a file, or records the one that was judged.
pub fn take(visit: &Visit<'_>) -> Result<Answer> {
    let register = register(visit)?;
    kept::sweep(&visit.site.folder)?;
    let mapping = match visit.typed("as") {
        None => None,
        Some(id) => Some(mappings(visit, register).into_iter().find(|(one, _)| one.id == id).ok_or(Turned::NotFound)?),
    };
    let with: BTreeMap<String, String> = mapping
        .iter()
        .flat_map(|(mapping, step)| sayable(step, mapping).into_iter().map(move |field| (mapping, field)))
        .filter_map(|(mapping, field)| Some((field.id.value.clone(), visit.typed(&input(mapping, field))?.to_owned())))
        .collect();
    let path = match visit.typed("kept") {
        Some(token) => kept::find(visit, token),
        None => visit.asked.uploads.iter().find(|file| file.field == "file").map(|file| file.path.clone()),
    };
    let Some(path) = path else {
        let error = match visit.typed("kept") {
            Some(_) => refuse(
                873,
                "这张表已经记入，或者放得太久已经清除",
                "先到登记簿的清单里看一看；再上传一次也不会重复记入",
            ),
            None => refuse(874, "没有选文件", "请选择 .xlsx 或者 .csv 文件"),
        };
        return again(visit, register, refusal(error)?);
    };
    let accounts = &visit.site.accounts;
    let mut wording = remembered(accounts, register)?;
    let says = visit.typed("map").is_some();
    if says {
        match chosen(visit, register) {
            Ok(new) => {
                accounts.keep_wording(&register.id.value, &new)?;
                ledger::wording::take(&mut wording, &new, false);
            }
            Err(problems) => return again(visit, register, problems.into()),
        }
    }
    let mapping = mapping.map(|(mapping, _)| mapping);
    let handed = Handed { path, sheet: visit.typed("sheet"), mapping, with, wording };
    let _turn = turn();
    match visit.typed("kept") {
        Some(_) if !says => record(visit, register, &handed),
        _ => judge(visit, register, &handed),
    }
}

/// The dry run: nothing is recorded; the file is kept if it can be.
fn judge(visit: &Visit<'_>, register: &Register, handed: &Handed<'_>) -> Result<Answer> {
    let told = judged(visit, register, handed, |Sound { plan, .. }| {
        let token = if plan.records.is_empty() { None } else { Some(kept::keep(visit, &handed.path)?) };
        let preview = if plan.records.is_empty() {
            html! {}
        } else {
            shown::preview(visit, register, &plan)?
        };
        Ok(html! {
            section.panel {
                h2 { "试算的结果：还没有记入" }
                (shown::summary(&plan.summary))
                @match &token {
                    Some(token) => { (confirm(visit, register, handed, token)) (changeable(visit, register, handed, token)) },
                    None => p.done { "台账中都已有，没有新的内容，不用记入。" },
                }
            }
            (preview)
        })
    })?;
    match told {
        Ok(told) => {
            let main = html! { (trail(register, "导入")) h1 { "导入" (register.title) } (told) };
            Ok(visit.page(&format!("导入{}", register.title), main))
        }
        Err(wrong) => {
            let said = html! { (mendable(visit, register, handed, &wrong)?) (shown::wrong(&wrong)) };
            Ok(visit.page_with(422, &format!("导入{}", register.title), page(visit, register, said)?))
        }
    }
}

/// The button that records the file that was judged, with all that was said of it.
fn confirm(visit: &Visit<'_>, register: &Register, handed: &Handed<'_>, token: &str) -> Markup {
    let page = format!("/registers/{}/import", register.id.value);
    html! {
        form.confirm method="post" action=(page) {
            (visit.form_token())
            input type="hidden" name="kept" value=(token);
            @if let Some(sheet) = handed.sheet { input type="hidden" name="sheet" value=(sheet); }
            @if let Some(mapping) = handed.mapping {
                input type="hidden" name="as" value=(mapping.id);
                @for (field, text) in &handed.with {
                    input type="hidden" name=(format!("{}.{field}", mapping.id)) value=(text);
                }
            }
            button type="submit" { "记入" }
            " "
            a.button.second href=(page) { "不记入，换一个文件" }
        }
        p.note { "记入的就是刚才试算的这个文件，记入时再试算一遍；整张表一次记入，有一处不成就一行也不记。同一行导入两次，只记一次。" }
    }
}

/// Records what was judged, judged again at this moment; then the file is no longer needed.
fn record(visit: &Visit<'_>, register: &Register, handed: &Handed<'_>) -> Result<Answer> {
    let actor = Id::parse(visit.who.person.as_bytes())?;
    // Whoever waited for his turn while the same file was recorded finds it gone.
    if !handed.path.is_file() {
        let error = refuse(873, "这张表已经记入", "请到登记簿的清单里看；再上传一次也不会重复记入");
        return again(visit, register, refusal(error)?);
    }
    let drafts = match judged(visit, register, handed, |Sound { plan, known }| Ok(known.drafts(plan, actor)))? {
        Ok(drafts) => drafts,
        Err(wrong) => return again(visit, register, wrong),
    };
    let (mut steps, mut flags) = (0, 0);
    if !drafts.is_empty() {
        match visit.append(drafts) {
            Ok(receipts) => {
                steps = receipts.len();
                flags = receipts.iter().map(|receipt| receipt.flags.len()).sum();
            }
            Err(error) => return again(visit, register, refusal(error)?),
        }
    }
    // Recorded it is, whether or not the file can be removed now; it goes with its age.
    let _ = std::fs::remove_file(&handed.path);
    Ok(Answer::see(format!("/registers/{}/import?recorded={steps}&flags={flags}", register.id.value)))
}

/// The page with what is wrong; what was typed is still there, the file has to be chosen again.
fn again(visit: &Visit<'_>, register: &Register, wrong: super::judge::Wrong) -> Result<Answer> {
    let main = page(visit, register, shown::wrong(&wrong))?;
    Ok(visit.page_with(422, &format!("导入{}", register.title), main))
}

/// What a field of all rows is called in the form: two mappings may ask for the same.
fn input(mapping: &Mapping, field: &Field) -> String {
    format!("{}.{}", mapping.id, field.id.value)
}

fn page(visit: &Visit<'_>, register: &Register, said: Markup) -> Result<Markup> {
    let mappings = mappings(visit, register);
    let own = format!("/registers/{}", register.id.value);
    let chosen = visit.typed("as").unwrap_or_default();
    let mut foreign = Vec::new();
    for (mapping, step) in &mappings {
        let mut fields = Vec::new();
        for field in sayable(step, mapping) {
            let needed = mapping.with.iter().any(|at| at.value == field.id.value);
            fields.push(asked(visit, mapping, field, needed)?);
        }
        foreign.push((mapping, fields));
    }
    Ok(html! {
        (trail(register, "导入"))
        h1 { "导入" (register.title) }
        (said)
        div.columns {
            section.panel {
                form.import method="post" action=(format!("{own}/import")) enctype="multipart/form-data" {
                    (visit.form_token())
                    label { "表格文件（.xlsx 或者 .csv）" input name="file" type="file" accept=".xlsx,.csv" required; }
                    @if !foreign.is_empty() {
                        fieldset {
                            legend { "表从哪里来" }
                            label.pick { input type="radio" name="as" value="" checked[chosen.is_empty()]; " 本系统的表样或者导出件" }
                            @for (mapping, fields) in &foreign {
                                label.pick {
                                    input type="radio" name="as" value=(mapping.id) checked[chosen == mapping.id];
                                    " " (mapping.title) "导出的名单"
                                }
                                div.with {
                                    @if let Some(pending) = &mapping.pending { p.note { (pending) } }
                                    @for field in fields { (field) }
                                }
                            }
                        }
                    }
                    details open[visit.typed("sheet").is_some()] {
                        summary { "工作簿里有几张像台账的工作表" }
                        label { "读哪一张（写工作表的名称）" input name="sheet" value=[visit.typed("sheet")]; }
                    }
                    button type="submit" { "试算" }
                }
            }
            section.panel {
                h2 { "怎样导入" }
                ol.how {
                    li { "先试算：逐格看一遍，不记入任何内容。有一处不对，就标出在哪一格、怎么改。" }
                    li { "都对了，看清将记入什么，再按“记入”。" }
                    li { "台账可以每月照原表再导一次：同一行只记一次，后来补填的列作为新的步骤记入。" }
                }
                p { a href=(format!("{own}/template")) download { "下载表样" } "，或者" a href=(format!("{own}/export")) download { "导出现有的" } "接着填。" }
                p.note { "已记入的内容不因导入而改动；要改的，在案卷里更正。附件不能随表格导入。" }
            }
        }
    })
}

/// The input of a field that is the same for all rows.
fn asked(visit: &Visit<'_>, mapping: &Mapping, field: &Field, needed: bool) -> Result<Markup> {
    let name = input(mapping, field);
    let typed = visit.typed(&name);
    let title = if needed { field.title.clone() } else { format!("{}（表里没有写的）", field.title) };
    let offered = match field.kind.register() {
        Some(other) => {
            let visible = Visible::new(visit.db, visit.set(), visit.site.folder.files(), &visit.who);
            visible.names(other, MOST_OFFERED)?
        }
        None => Vec::new(),
    };
    let usual =
        mapping.default.iter().find(|(at, _)| at.value == field.id.value).map(|(_, usual)| usual.value.as_str());
    Ok(html! {
        label {
            (title)
            @if field.choices.is_empty() {
                input name=(name) list=[(!offered.is_empty()).then(|| format!("list-{name}"))] value=[typed];
            } @else {
                select name=(name) {
                    @for choice in &field.choices {
                        @let is = typed.or(usual) == Some(choice.id.value.as_str());
                        option value=(choice.id.value) selected[is] { (choice.title) }
                    }
                }
            }
            span.soft { (how_to(field)) }
        }
        @if !offered.is_empty() {
            datalist id=(format!("list-{name}")) { @for name in &offered { option value=(name) {} } }
        }
    })
}

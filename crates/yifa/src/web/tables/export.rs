//! `/registers/{register}/export` and `/template`: records as the list shows them in a file, and the empty sheet (导出).

use std::cell::RefCell;
use std::fs::File;
use std::io::{BufWriter, Seek, Write};

use anyhow::Result;
use engine::definition::{ANY, FieldType, Register};
use engine::problem::Problem;
use engine::record::{Instance, VOID};
use maud::{Markup, html};

use super::trail;
use crate::accounts::access::{Kind, LONGEST_REASON, SHORTEST_REASON};
use crate::folder::cannot_write;
use crate::ledger::export::{Export, MOST_NAMES, Opens, ReadBack, caught, lists};
use crate::ledger::visible::Visible;
use crate::policy::Scope;
use crate::projection::sealed_names;
use crate::query::names::{Names, called as named};
use crate::refused::refuse;
use crate::table::{WITHHELD, template as empty};
use crate::web::answer::{Answer, Body, Turned};
use crate::web::layout::problems;
use crate::web::reason::Reason;
use crate::web::register::shown::{Shown, ids_shown};
use crate::web::visit::Visit;

/// Of a filter at most so many characters are written down.
const LONGEST_FILTER: usize = 200;
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// `GET /registers/{register}/export`: the file; with `with_personal`, the page that asks for the reason.
pub fn show(visit: &Visit<'_>) -> Result<Answer> {
    let register = visit.register()?;
    match visit.query("with_personal") {
        None => file(visit, register, None),
        Some(_) if visit.who.may_unmask_somewhere(register) => {
            Ok(visit.page("连同个人信息导出", asks(visit, register, html! {})?))
        }
        Some(_) => Err(Turned::Forbidden.into()),
    }
}

/// `POST /registers/{register}/export`: the file with the personal values he may look at, for a reason.
pub fn personal(visit: &Visit<'_>) -> Result<Answer> {
    let register = visit.register()?;
    if !visit.who.may_unmask_somewhere(register) {
        return Err(Turned::Forbidden.into());
    }
    let missing = Problem::new(875, "没有写导出个人信息的理由", "请写明办什么事要用、给谁用");
    let reason = match Reason::of(visit.typed("reason"), missing) {
        Ok(reason) => reason,
        Err(problem) => {
            return Ok(visit.page_with(422, "连同个人信息导出", asks(visit, register, problems(&[problem]))?));
        }
    };
    file(visit, register, Some(reason))
}

fn visible<'v>(visit: &'v Visit<'_>) -> Visible<'v> {
    Visible::new(visit.db, visit.set(), visit.site.folder.files(), &visit.who)
}

/// A file of the records shown; with the personal values for a reason. It is written down before it is sent.
fn file(visit: &Visit<'_>, register: &Register, reason: Option<Reason<'_>>) -> Result<Answer> {
    let (csv, ending, kind) = match visit.query("format") {
        None | Some("xlsx") => (false, "xlsx", XLSX),
        Some("csv") => (true, "csv", "text/csv; charset=utf-8"),
        Some(other) => {
            return Err(refuse(605, format!("不知道“{other}”是什么格式"), "请从登记簿的清单里点“导出”"));
        }
    };
    let file_name = format!("{}{}.{ending}", register.title, visit.today);
    if visit.asked.head {
        // Who asks whether there is a file takes none away.
        return Ok(Answer::download(&file_name, kind, Body::Bytes(Vec::new())));
    }
    let visible = visible(visit);
    let called = ReadBack::of(visit.db, visit.set());
    let names = |of: &str, id: &str| {
        // Of a register he sees whole nothing is hidden.
        let whole = of != ANY && visit.register_of(of).is_ok_and(|of| visit.who.scope(of) == Scope::All);
        if whole || visible.sees(id).unwrap_or(false) { called.name(of, id) } else { WITHHELD.to_owned() }
    };
    let touched: RefCell<(String, Vec<String>)> = RefCell::default();
    let opens = |id: &str, one: &Instance<'_>| -> Result<bool> {
        let mut touched = touched.borrow_mut();
        if touched.0 != id {
            *touched = (id.to_owned(), visible.villages(id)?);
        }
        Ok(visit.who.may_unmask(register, one.step, &touched.1))
    };
    let opens: Option<&Opens<'_>> = if reason.is_some() { Some(&opens) } else { None };
    let export = Export { db: visit.db, set: visit.set(), register, names: &names, opens, csv };
    // Which records and what they say, of one moment.
    let (records, file, rows) = visit.db.at_once(|| {
        let ids = ids_shown(visit, register)?;
        let records = ids.len();
        let (file, rows) = written(visit, |out| export.write(ids, out))?;
        Ok((records, file, rows))
    })?;
    let with = if reason.is_some() { "，连同个人信息" } else { "" };
    let narrowed = narrowed(visit, register)?;
    let what = format!("{}：{records} 个案卷，{rows} 行{with}，{ending}；{narrowed}", register.title);
    match reason {
        // With what is personal, each record of the register shows it.
        Some(reason) => reason.write_down(visit, Kind::Export, &register.id.value, &what)?,
        None => visit.note(Kind::Export, "", &what, "")?,
    };
    Ok(Answer::download(&file_name, kind, Body::Open(file)))
}

/// What the list was narrowed to, in words.
fn narrowed(visit: &Visit<'_>, register: &Register) -> Result<String> {
    let shown = Shown::of(visit, register)?;
    let mut words = Vec::new();
    words.extend(shown.year.map(|year| format!("年度 {year}")));
    let title =
        |state: &str| if state == VOID { "已作废".to_owned() } else { register.state_title(state).to_owned() };
    words.extend(shown.state.as_deref().map(|state| format!("状态“{}”", title(state))));
    if let Some(village) = &shown.village {
        words.push(format!("村“{}”", Names::load(visit.db)?.village(village)));
    }
    for (at, value) in &shown.fields {
        let field = at.split_once('.').and_then(|(step, field)| register.step(step)?.field(field));
        let title = field.map_or(at.as_str(), |field| &field.title);
        let said = match field {
            Some(field) if field.kind.register().is_some() => named(visit.db, value)?,
            Some(field) if field.kind == FieldType::YesNo => Some(if value == "true" { "是" } else { "否" }.to_owned()),
            Some(field) => Some(field.choice_title(value).to_owned()),
            None => None,
        };
        words.push(format!("{title}“{}”", said.as_deref().unwrap_or(value)));
    }
    words.extend(shown.search.as_deref().map(|text| match sealed_names::fields(register).is_empty() {
        true => format!("查找“{text}”"),
        // It may be the name of somebody whose name is sealed.
        false => "查找一段文字".to_owned(),
    }));
    let words: String = words.join("、").chars().take(LONGEST_FILTER).collect();
    Ok(if words.is_empty() { "没有筛选".to_owned() } else { format!("筛选：{words}") })
}

/// A file without a name, at its beginning again.
fn written<T>(visit: &Visit<'_>, write: impl FnOnce(&mut BufWriter<File>) -> Result<T>) -> Result<(File, T)> {
    let folder = visit.site.folder.incoming();
    let failed = |error: &std::io::Error| cannot_write(&folder, error);
    std::fs::create_dir_all(&folder).map_err(|error| failed(&error))?;
    let mut out = BufWriter::new(tempfile::tempfile_in(&folder).map_err(|error| failed(&error))?);
    let told = write(&mut out)?;
    out.flush().map_err(|error| failed(&error))?;
    let mut file = out.into_inner().map_err(|error| failed(error.error()))?;
    file.rewind()?;
    Ok((file, told))
}

/// The page that asks why personal values are taken away.
fn asks(visit: &Visit<'_>, register: &Register, said: Markup) -> Result<Markup> {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(visit.asked.query.iter().filter(|(name, _)| name != "with_personal" && name != "format"));
    let query = query.finish();
    let and = if query.is_empty() { String::new() } else { format!("{query}&") };
    let to = |format: &str| format!("/registers/{}/export?{and}format={format}", register.id.value);
    let records = ids_shown(visit, register)?.len();
    Ok(html! {
        (trail(register, "连同个人信息导出"))
        h1 { "连同个人信息导出" }
        (said)
        section.panel.narrow {
            p { "清单所列 " strong { (records) } " 个案卷的个人信息会原样写进文件。文件离开系统以后，不再受系统保护：只给办事的人，用完即删。" }
            p.note { "您不能查看的，仍以“（已封存）”遮盖。什么时候、谁、为什么导出，都记入访问日志。" }
            form method="post" action=(to("xlsx")) {
                (visit.form_token())
                label { "理由" input name="reason" required minlength=(SHORTEST_REASON) maxlength=(LONGEST_REASON) value=[visit.typed("reason")]; }
                p {
                    button type="submit" { "导出 Excel" }
                    " "
                    button.second type="submit" formaction=(to("csv")) { "导出 CSV" }
                }
            }
            p { a href=(format!("/registers/{}?{query}", register.id.value)) { "不导出，回到清单" } }
        }
    })
}

/// `GET /registers/{register}/template`
pub fn template(visit: &Visit<'_>) -> Result<Answer> {
    let register = visit.register()?;
    let file_name = format!("{}（表样）.xlsx", register.title);
    if visit.asked.head {
        return Ok(Answer::download(&file_name, XLSX, Body::Bytes(Vec::new())));
    }
    let visible = visible(visit);
    let lists = lists(register, |other| visible.names(other, MOST_NAMES))?;
    let (file, ()) = written(visit, |out| caught(|| empty(register, &lists, visit.today, out)))?;
    Ok(Answer::download(&file_name, XLSX, Body::Open(file)))
}

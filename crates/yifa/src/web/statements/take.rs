//! A statement taken away as a file, and sent: file and entry in one go (下载、报送).

use anyhow::Result;
use engine::definition::Statement;
use journal::id::Id;
use maud::{Markup, html};

use super::{Asked, address, admitted};
use crate::accounts::access::Kind;
use crate::ambient::{Ambient, System};
use crate::refused::{cause, refuse};
use crate::statement::filled::Filled;
use crate::statement::plain::file_name;
use crate::statement::send::{Sending, Template, ways};
use crate::statement::submission::{REPLACE, SEND, Submission, sent, submissions, template};
use crate::table::MOST_FILE_BYTES;
use crate::web::answer::{Answer, Body, Turned};
use crate::web::given::entry_id;
use crate::web::visit::Visit;

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// The forms under a statement: to take it away, to try it in a workbook, to send it.
pub fn forms(visit: &Visit<'_>, statement: &Statement, filled: &Filled, all: &[Submission]) -> Result<Markup> {
    let key = filled.reported.key();
    let file = |more: &str| address(&statement.id, &key).replacen('?', "/file?", 1) + more;
    let kept = template(all, &statement.id, &statement.to).is_some();
    let register = admitted(visit)?;
    let may = |step: &str| register.step(step).is_some_and(|step| visit.who.may_take(register, step, &[]));
    let again = all.iter().any(|one| one.statement == statement.id && one.period == key);
    Ok(html! {
        section.panel.narrow {
            h2 { "下载、报送" }
            p {
                a href=(file("")) download { @if kept { "下载（上次的上级模板）" } @else { "下载（默认版式）" } }
                @if kept { " · " a href=(file("&plain=1")) download { "默认版式" } }
                " · " a href=(file("&bare=1")) download { "不附数据来源" }
            }
            form method="post" action=(file("")) enctype="multipart/form-data" {
                (visit.form_token())
                input type="hidden" name="period" value=(key);
                input type="hidden" name="size" value=(filled.checkpoint.size);
                input type="hidden" name="id" value=(System.id());
                label { "上级的模板（.xlsx）" input type="file" name="template" accept=".xlsx"; }
                p.note { @if kept { "不选的，用上次报送这张表的模板。" } @else { "不选的，用默认版式；报送时选了的，下次接着用。" } "格式、合并的表头、公式都不动。" }
                p { button.second type="submit" { "填进模板，下载来看" } }
                @if may(SEND) {
                    label { "报给谁" input name="to" value=(statement.to) required; }
                    label { "报送方式" select name="way" { @for (id, title) in ways(visit.set()) { option value=(id) { (title) } } } }
                    @if again && may(REPLACE) {
                        label { "更正报送的理由" input name="reason"; }
                        p.note { "这一期已经报送过。报给同一个单位的，是更正报送，要写理由；原来的文件照旧留着。" }
                    }
                    p { button type="submit" formaction={ "/statements/" (statement.id) "/submissions" } { "报送：存下文件，记入“报表报送”" } }
                }
            }
        }
    })
}

/// The workbook that came with a form, or the one used last; none where a plain layout is asked for.
fn workbook(visit: &Visit<'_>, statement: &Statement, to: &str, all: &[Submission]) -> Result<Template> {
    if let Some(upload) = visit.asked.uploads.iter().find(|upload| upload.field == "template" && upload.bytes > 0) {
        if upload.bytes > MOST_FILE_BYTES {
            let text = format!("文件有 {} MB，最多 {} MB", upload.bytes >> 20, MOST_FILE_BYTES >> 20);
            return Err(refuse(406, text, "请删去无关的内容"));
        }
        let bytes = std::fs::read(&upload.path);
        let bytes =
            bytes.map_err(|error| refuse(401, format!("读不了{}：{}", upload.name, cause(&error)), "请再上传一次"))?;
        return Ok(Template::Given(bytes));
    }
    Ok(match visit.query("plain") {
        Some(_) => Template::Plain,
        None => Template::kept(&visit.site.folder, template(all, &statement.id, to)),
    })
}

fn download(visit: &Visit<'_>, asked: &Asked<'_>) -> Result<Answer> {
    let Asked { statement, filled } = asked;
    let name = file_name(statement, filled.reported, visit.today);
    if visit.asked.head {
        return Ok(Answer::download(&name, XLSX, Body::Bytes(Vec::new())));
    }
    let all = submissions(visit.db, visit.sets)?;
    let file = workbook(visit, statement, &statement.to, &all)?.fill(filled, visit.query("bare").is_some())?;
    let what = format!("报表“{}”，{}，{} 行", statement.title, filled.reported.title(), filled.rows.len());
    visit.note(Kind::Export, "", &what, "")?;
    Ok(Answer::download(&name, XLSX, Body::Bytes(file)))
}

/// `GET /statements/{statement}/file`
pub fn file(visit: &Visit<'_>) -> Result<Answer> {
    download(visit, &Asked::of(visit, visit.query("period"), None)?)
}

/// `POST /statements/{statement}/file`: filled into a workbook that is not kept.
pub fn tried(visit: &Visit<'_>) -> Result<Answer> {
    let period = visit.typed("period").or_else(|| visit.query("period"));
    download(visit, &Asked::of(visit, period, None)?)
}

/// `POST /statements/{statement}/submissions`
pub fn send(visit: &Visit<'_>) -> Result<Answer> {
    let statement = super::statement(visit)?;
    let register = admitted(visit)?;
    // What is sent is what was shown, whatever was recorded meanwhile: that is then told as a difference.
    let size = visit.typed("size").and_then(|size| size.parse().ok());
    let asked = Asked::of(visit, visit.typed("period"), size)?;
    let key = asked.filled.reported.key();
    let to = visit.typed("to").unwrap_or(&statement.to);
    let all = submissions(visit.db, visit.sets)?;
    let before = sent(&all, &statement.id, &key, to);
    let step = register.step(if before.is_some() { REPLACE } else { SEND }).ok_or(Turned::NotFound)?;
    if !visit.who.may_take(register, step, &[]) {
        return Err(Turned::Forbidden.into());
    }
    let seen = format!("{}&sent=1", address(&statement.id, &key));
    let id = entry_id(visit)?;
    // Pressed twice: the writer would know the id, but would be asked for another step by then.
    if id.is_some_and(|id| is_recorded(visit, id)) {
        return Ok(Answer::see(seen));
    }
    let way = visit.typed("way").filter(|way| ways(visit.set()).iter().any(|(id, _)| id == way));
    let way = way.ok_or_else(|| refuse(447, "没有选报送方式", "请选一种报送方式"))?;
    let template = workbook(visit, statement, to, &all)?;
    let file = template.fill(&asked.filled, false)?;
    let sending = Sending {
        to,
        way,
        person: Some(visit.who.person.clone()).filter(|person| !person.is_empty()),
        reason: visit.typed("reason"),
        on: visit.today,
        actor: Id::parse(visit.who.person.as_bytes())?,
        id,
    };
    let draft = sending.draft(&visit.site.folder, &asked.filled, &template, &file, before)?;
    visit.append(vec![draft])?;
    Ok(Answer::see(seen))
}

fn is_recorded(visit: &Visit<'_>, id: Id) -> bool {
    let sql = "SELECT 1 FROM entry WHERE town_id = $1 AND id = $2";
    let found = visit.db.one(sql, crate::storage::params![id.to_string()], |_| Ok(()));
    found.is_ok_and(|found| found.is_some())
}

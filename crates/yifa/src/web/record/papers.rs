//! `/registers/{register}/{record}/papers`: the papers a record becomes, to be printed, signed and kept; those that should be
//! there and are not; and the same with personal values, for a reason (文书).

use anyhow::Result;
use engine::paper::Work;
use engine::problem::Problem;
use maud::{Markup, html};

use super::{Opened, Record, below};
use crate::accounts::access::{Kind, LONGEST_REASON, SHORTEST_REASON};
use crate::ledger::visible::Visible;
use crate::papers::press::{self, Press};
use crate::papers::record::{Case, Item, Printed, closed};
use crate::papers::{DOCX, PDF, file_name};
use crate::render::docx;
use crate::table::WITHHELD;
use crate::web::answer::{Answer, Body, Turned};
use crate::web::layout::problems;
use crate::web::reason::Reason;
use crate::web::visit::Visit;

/// The name all papers go by together.
const ALL: &str = "all";

/// Whether a record has papers.
pub fn has(record: &Record<'_>) -> bool {
    record.visit.set().papers.contains_key(&record.opened.current.id.value)
}

/// The record of the address, with its papers.
fn case(opened: &Opened<'_>, visit: &Visit<'_>) -> Result<Case> {
    let register = &opened.current.id.value;
    match visit.set().papers.contains_key(register) {
        true => Case::open(visit.db, visit.sets, visit.set(), register, &opened.seen.id),
        false => Err(Turned::NotFound.into()),
    }
}

/// `GET /registers/{register}/{record}/papers`
pub fn show(visit: &Visit<'_>) -> Result<Answer> {
    page(visit, 200, html! {})
}

fn page(visit: &Visit<'_>, status: u16, said: Markup) -> Result<Answer> {
    let opened = Opened::of(visit)?;
    let record = opened.read(visit)?;
    let case = case(&opened, visit)?;
    let items = case.list(visit.set());
    let missing = items.iter().filter(|item| item.missing).count();
    let pdf = press::is_there();
    let main = html! {
        h1 { (case.title()) }
        (said)
        p {
            "文书由登记的步骤填，没有登记的留空，由人手填。打印、签字、盖章以后，把扫描件附到那一步。"
            "本系统的校验不是电子签名，也不是电子印章。"
        }
        section.panel {
            h2 { @if case.is_volume() { "卷内文书" } @else { "文书" } }
            @match (items.is_empty(), missing) {
                (true, _) => p { "这个案卷还没有走到有文书的步骤。" },
                (_, 0) => {}
                (_, missing) => p { span.tag.bad { "缺 " (missing) " 份必须的文书" } },
            }
            div.scroll tabindex="0" role="region" aria-label="文书" { table {
                thead { tr { th.num { "序" } th { "文书" } th { "要求" } th { "印" } th { "签字扫描件" } } }
                tbody { @for (nth, item) in items.iter().enumerate() { (line(&record, nth, item, pdf)) } }
            } }
            @if case.is_volume() && pdf && items.iter().any(|item| item.printed) {
                p { a.button href=(record.at("/papers/all?form=pdf")) { "整卷印成 PDF" } " " small { "带封面和目录，个人信息留空" } }
            }
            @if !pdf { p.note { "这台机器没有排印程序，只能印成 DOCX。" } }
            p.note { "样式：" (case.basis().join("；")) "。" }
            @if let Some(said) = press::last_said() { p.note { "上一份 PDF 的" (said) "。" } }
        }
        @if items.iter().any(|item| item.printed) && may_open(&record) { (with_personal(&record, &items, pdf)) }
    };
    let mut answer = below(&record, "文书", main);
    answer.status = status;
    Ok(answer)
}

fn line(record: &Record<'_>, nth: usize, item: &Item, pdf: bool) -> Markup {
    let to = |form: &str| record.at(&format!("/papers/{}?form={form}", item.key));
    html! {
        tr {
            td.num { (nth + 1) }
            td { (item.title) }
            td { @if item.must { "必须" } @else { "按需" } }
            td {
                @if item.missing { span.bad { "缺" } } @else if item.printed {
                    a href=(to("docx")) { "DOCX" } @if pdf { " " a href=(to("pdf")) { "PDF" } }
                } @else { "只附扫描件" }
            }
            td { @if let Some(hash) = &item.scan { a href=(record.at(&format!("/files/{hash}"))) { "下载" } } }
        }
    }
}

/// Whether he may look at the personal values of some step of the record.
fn may_open(record: &Record<'_>) -> bool {
    let sealed = |one: &&engine::record::Instance<'_>| one.sizes.values().any(|size| *size > 0);
    record.course.taken().filter(sealed).any(|one| record.may_unmask(one.step))
}

fn with_personal(record: &Record<'_>, items: &[Item], pdf: bool) -> Markup {
    html! {
        section.panel {
            h2 { "连同个人信息印" }
            p { "姓名、电话、调解记录等平时封存。要一并印出的，写明办什么事要用；什么时候、谁、为什么印，记入访问日志，在案卷的页面上看得到。" }
            form method="post" action=(record.at("/papers")) {
                (record.visit.form_token())
                label { "哪一份 " select name="paper" {
                    @if pdf { option value=(ALL) { "整卷（PDF）" } }
                    @for item in items.iter().filter(|item| item.printed) { option value=(item.key) { (item.title) } }
                } }
                label { "格式 " select name="as" {
                    option value="docx" { "DOCX" }
                    @if pdf { option value="pdf" { "PDF" } }
                } }
                label { "理由 " input name="reason" required minlength=(SHORTEST_REASON) maxlength=(LONGEST_REASON) value=[record.visit.typed("reason")] placeholder="如：交当事人签名"; }
                button type="submit" { "印" }
            }
        }
    }
}

/// `GET /registers/{register}/{record}/papers/{paper}`: one, or all; personal values left blank.
pub fn print(visit: &Visit<'_>) -> Result<Answer> {
    let opened = Opened::of(visit)?;
    let case = case(&opened, visit)?;
    let form = Form::of(visit.query("form"), visit.param("paper"))?;
    let printed = printed(visit, &case, form.key(visit.param("paper")), &closed)?;
    form.answer(visit, &printed.work)
}

/// `POST /registers/{register}/{record}/papers`: the same with the personal values he may look at, for a reason.
pub fn personal(visit: &Visit<'_>) -> Result<Answer> {
    let opened = Opened::of(visit)?;
    let record = opened.read(visit)?;
    let case = case(&opened, visit)?;
    if !may_open(&record) {
        return Err(Turned::Forbidden.into());
    }
    let missing = Problem::new(653, "没有写印出个人信息的理由", "请写明办什么事要用");
    let reason = match Reason::of(visit.typed("reason"), missing) {
        Ok(reason) => reason,
        Err(problem) => return page(visit, 422, problems(&[problem])),
    };
    let wanted = visit.typed("paper").unwrap_or(ALL);
    let form = Form::of(visit.typed("as").filter(|_| wanted != ALL).or(Some("pdf")), wanted)?;
    let printed = printed(visit, &case, form.key(wanted), &|one| record.may_unmask(one.step))?;
    let answer = form.answer(visit, &printed.work)?;
    // On disk before anything is sent.
    reason.write_down(visit, Kind::Read, &opened.seen.id, &format!("印出文书：{}", printed.work.title))?;
    Ok(answer)
}

fn printed(
    visit: &Visit<'_>,
    case: &Case,
    key: Option<&str>,
    opens: &crate::papers::record::Opens<'_>,
) -> Result<Printed> {
    let visible = Visible::new(visit.db, visit.set(), visit.site.folder.files(), &visit.who);
    // What he may not see is not told on paper either.
    let named = |id: &str| visible.called(id).ok().flatten().unwrap_or_else(|| WITHHELD.to_owned());
    case.print(&visit.site.folder, visit.db, visit.set(), key, opens, &named)
}

/// What it is printed as.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Docx,
    Pdf,
}

impl Form {
    fn of(form: Option<&str>, paper: &str) -> Result<Form> {
        match form {
            None | Some("docx") if paper != ALL => Ok(Form::Docx),
            Some("pdf") => Ok(Form::Pdf),
            _ => Err(Turned::NotFound.into()),
        }
    }

    fn key(self, paper: &str) -> Option<&str> {
        (paper != ALL).then_some(paper)
    }

    fn answer(self, visit: &Visit<'_>, work: &Work) -> Result<Answer> {
        let folder = &visit.site.folder;
        let (ending, kind, bytes) = match self {
            Form::Docx => ("docx", DOCX, docx::render(&work.papers[0], &folder.config.town)?),
            Form::Pdf => ("pdf", PDF, Press::alone(folder)?.set(work)?.bytes),
        };
        Ok(Answer::download(&format!("{}.{ending}", file_name(&work.title)), kind, Body::Bytes(bytes)))
    }
}

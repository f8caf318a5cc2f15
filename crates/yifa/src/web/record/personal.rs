//! `/registers/{register}/{record}/entries/{entry}/personal`: the personal values of one step, once, for a reason that is
//! written down before they are shown (查看个人信息).

use std::collections::BTreeSet;

use anyhow::Result;
use engine::act::{Act, Entry};
use engine::definition::{Field, FieldType};
use engine::problem::Problem;
use engine::record::Instance;
use engine::value::{Fields, Value};
use maud::{Markup, html};

use super::files::File;
use super::names::{Names, id_in};
use super::{Opened, Record, below, entry_of};
use crate::accounts::access::{Kind, LONGEST_REASON as LONGEST, SHORTEST_REASON as SHORTEST};
use crate::query::called::Posts;
use crate::storage::log::sealed_of;
use crate::web::answer::{Answer, Turned};
use crate::web::layout::problems;
use crate::web::reason::Reason;
use crate::web::visit::Visit;

/// The step of the address, if it holds personal values and he may look at them.
struct Sealed<'r> {
    record: &'r Record<'r>,
    entry: &'r Entry,
    one: &'r Instance<'r>,
}

impl<'r> Sealed<'r> {
    fn of(record: &'r Record<'r>) -> Result<Sealed<'r>> {
        let entry = entry_of(record.visit, record.opened)?;
        let one = match &entry.act {
            Act::Step(_) => record.course.steps.iter().find(|one| one.entry == entry.index),
            _ => None,
        };
        let one = one.filter(|one| one.sizes.values().any(|size| *size > 0)).ok_or(Turned::NotFound)?;
        match record.may_unmask(one.step) {
            true => Ok(Sealed { record, entry, one }),
            false => Err(Turned::Forbidden.into()),
        }
    }

    /// The fields that hold something.
    fn fields(&self) -> impl Iterator<Item = &'r Field> {
        let one = self.one;
        one.step.fields.iter().filter(|field| one.sizes.get(&field.id.value).is_some_and(|size| *size > 0))
    }

    fn page(&self, status: u16, main: Markup) -> Answer {
        let title = format!("“{}”的个人信息", self.one.step.title);
        let main = html! { h1 { (title) } section.panel.personal { (main) } };
        let mut answer = below(self.record, &title, main);
        answer.status = status;
        answer
    }

    fn form(&self, status: u16, said: Markup) -> Answer {
        let titles: Vec<&str> = self.fields().map(|field| field.title.as_str()).collect();
        self.page(
            status,
            html! {
                (said)
                p { "封存的有：" (titles.join("、")) "。" }
                p { "查看要写明理由。谁在什么时候、为什么看过，记入访问日志，在这个案卷的页面上看得到；日志里不写所看的内容。" }
                form method="post" action=(self.url()) {
                    (self.record.visit.form_token())
                    label { "理由" input name="reason" required minlength=(SHORTEST) maxlength=(LONGEST) value=[self.record.visit.typed("reason")] placeholder="如：电话回访履行情况"; }
                    button type="submit" { "查看" } " "
                    a href=(self.record.at(&format!("#entry-{}", self.entry.index))) { "返回案卷" }
                }
            },
        )
    }

    fn url(&self) -> String {
        self.record.at(&format!("/entries/{}/personal", self.entry.index))
    }
}

/// `GET /registers/{register}/{record}/entries/{entry}/personal`
pub fn ask(visit: &Visit<'_>) -> Result<Answer> {
    let opened = Opened::of(visit)?;
    let record = opened.read(visit)?;
    Ok(Sealed::of(&record)?.form(200, html! {}))
}

/// `POST /registers/{register}/{record}/entries/{entry}/personal`. Answered with the values themselves: kept nowhere,
/// and looking again is asked for and written down again.
pub fn show(visit: &Visit<'_>) -> Result<Answer> {
    let opened = Opened::of(visit)?;
    let record = opened.read(visit)?;
    let sealed = Sealed::of(&record)?;
    let missing = Problem::new(820, "查看个人信息没有写明理由", "请写清楚为什么要看");
    let reason = match Reason::of(visit.typed("reason"), missing) {
        Ok(reason) => reason,
        Err(problem) => return Ok(sealed.form(422, problems(&[problem]))),
    };
    let values = sealed_of(visit.db, &opened.entries, &sealed.entry.id)?;
    let (title, index) = (&sealed.one.step.title, sealed.entry.index);
    if let Some(hash) = visit.typed("file") {
        let (field, file) = file(&sealed, &values, hash).ok_or(Turned::NotFound)?;
        let what = format!("“{title}”（第 {index} 条）的文件：{}", field.title);
        reason.write_down(visit, Kind::Read, &opened.seen.id, &what)?;
        return Ok(file.download(&format!("{title}-{}", field.title)));
    }
    let titles: Vec<&str> = sealed.fields().map(|field| field.title.as_str()).collect();
    // On disk before the page is made: what could not be written down is not shown.
    let what = format!("“{title}”（第 {index} 条）：{}", titles.join("、"));
    reason.write_down(visit, Kind::Read, &opened.seen.id, &what)?;
    let ids: BTreeSet<String> = sealed
        .fields()
        .filter(|field| field.kind.register().is_some())
        .flat_map(|field| values.get(&field.id.value).map(Value::texts).unwrap_or_default())
        .map(|text| id_in(text).to_owned())
        .collect();
    let names = Names::of(visit, ids, Posts::default())?;
    let main = html! {
        dl.fields {
            @for field in sealed.fields() {
                div.wide {
                    dt { (field.title) }
                    dd { @match values.get(&field.id.value) {
                        Some(value) => (value_of(&sealed, field, value, &names, reason.text())),
                        None => "已经抹去",
                    } }
                }
            }
        }
        p.note { "这次查看已经记下，理由：" (reason.text()) "。离开这一页以后再看，要再写理由。" }
        p { a href=(record.at(&format!("#entry-{index}"))) { "返回案卷" } }
    };
    Ok(sealed.page(200, main))
}

fn value_of(sealed: &Sealed<'_>, field: &Field, value: &Value, names: &Names, reason: &str) -> Markup {
    match &field.kind {
        FieldType::File => html! {
            @for hash in value.texts() {
                form.inline method="post" action=(sealed.url()) {
                    (sealed.record.visit.form_token())
                    input type="hidden" name="reason" value=(reason);
                    input type="hidden" name="file" value=(hash);
                    @match File::look(&sealed.record.visit.site.folder, hash) {
                        Some(file) => { button.second type="submit" { "下载" } " " small { (file.kind.title) "，" (file.size()) } },
                        None => span.bad { "文件不在，请从备份取回" },
                    }
                }
            }
        },
        kind if kind.register().is_some() => {
            let ids: Vec<String> = value.texts().iter().map(|text| id_in(text).to_owned()).collect();
            names.several(&ids)
        }
        _ => {
            let shown = field.shown(value, |id| Ok::<_, std::convert::Infallible>(id.to_owned())).unwrap_or_default();
            html! { span.wording { (shown) } }
        }
    }
}

/// A sealed file of the step, and the field it stands in.
fn file<'r>(sealed: &Sealed<'r>, values: &Fields, hash: &str) -> Option<(&'r Field, File)> {
    let holds = |field: &&Field| {
        let texts = values.get(&field.id.value).map(Value::texts).unwrap_or_default();
        field.kind == FieldType::File && texts.iter().any(|text| text == hash)
    };
    let field = sealed.fields().find(holds)?;
    Some((field, File::look(&sealed.record.visit.site.folder, hash)?))
}

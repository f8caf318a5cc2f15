//! `/registers/{register}/{record}/print`: the record on paper (打印).

use anyhow::Result;
use maud::html;

use super::{Opened, linked, next, path, timeline};
use crate::web::answer::Answer;
use crate::web::visit::Visit;

/// `GET /registers/{register}/{record}/print`
pub fn show(visit: &Visit<'_>) -> Result<Answer> {
    let opened = Opened::of(visit)?;
    let mut record = opened.read(visit)?;
    record.paper = true;
    let printed = visit.signed.map_or("", |signed| signed.name.as_str());
    let main = html! {
        p.screen { a href=(record.at("")) { "返回案卷" } " · 用浏览器的“打印”（Ctrl+P）打印，纸张选 A4。" }
        p.town { (visit.site.folder.config.county) (visit.site.folder.config.town) }
        (record.head())
        (path::path(&record))
        (timeline::timeline(&record))
        (next::dues(&record))
        (next::next(&record))
        (linked::linked(&record)?)
        footer.printed {
            (visit.today) " " (printed) "打印。个人信息没有印出（●●●）。"
            "这份材料印自日志第 " (opened.seen.first) " 条至第 " (opened.seen.last) " 条；真伪以日志的检查点核验为准，见案卷的“证明”页。"
        }
    };
    Ok(visit.sheet(&record.called(), main))
}

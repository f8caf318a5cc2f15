//! `/registers/{register}/{record}/proof`: that the record stands in the signed journal as it is shown, and the same as a
//! file for somebody who trusts neither us nor our program (证明).

use anyhow::Result;
use maud::{Markup, html};

use super::{Opened, Record, below};
use crate::accounts::access::Kind;
use crate::ambient::moment_of;
use crate::bundle::proved::{Proof, Proved};
use crate::bundle::shows::Shows;
use crate::bundle::{self, Of};
use crate::web::answer::{Answer, Body};
use crate::web::visit::Visit;
use crate::web::witnessed;

/// `GET /registers/{register}/{record}/proof`
pub fn show(visit: &Visit<'_>) -> Result<Answer> {
    let opened = Opened::of(visit)?;
    let record = opened.read(visit)?;
    let proof = Proof::of_record(&visit.site.folder, visit.db, &opened.seen.id, &Shows::Public)?;
    let main = html! {
        h1 { "证明" }
        (verdict(&proof))
        @if let Some(last) = proof.entries.last() { p { (witnessed::of(visit, last.index)) } }
        section.panel {
            h2 { "能证明什么，不能证明什么" }
            p { "能证明：下面每一条，最晚在检查点签署的时候就已经写成现在这个样子，此后一个字也没有改过，没有被删去，也没有在它前面插进别的。谁手里有这个检查点，谁就能自己核对，不必相信本系统。" }
            p { "不能证明：所记的事情是真的；该记的都记了；签署以前没有重写过。" }
            p { "这是完整性校验，不是电子签名、电子印章，不代替文书上的签字、盖章。" }
        }
        section.panel {
            h2 { "检查点" }
            dl.facts {
                div { dt { "日志" } dd { (proof.checkpoint.origin) } }
                div { dt { "大小" } dd { (proof.checkpoint.size) " 条" } }
                div { dt { "根" } dd { code.hash { (proof.checkpoint.root.to_base64()) } } }
            }
            pre.note { (proof.note) }
        }
        section.panel {
            h2 { "逐条" }
            div.scroll tabindex="0" role="region" aria-label="逐条" { table {
                thead { tr { th.num { "第几条" } th { "步骤" } th { "记入的时刻" } th { "叶的哈希" } th { "结果" } } }
                tbody { @for one in &proof.entries { (line(&record, one)) } }
            } }
        }
        p {
            a.button href=(record.at("/proof.zip")) { "下载证据包" } " "
            small { "给第三方的：每条记入和它的证明、检查点、公钥、读我.txt；个人信息遮盖着，附件只有哈希。改动一个字节，独立核验器就不认。下载记入访问日志。" }
        }
    };
    Ok(below(&record, "证明", main))
}

fn verdict(proof: &Proof) -> Markup {
    let (wrong, waiting) = (
        proof.entries.iter().filter(|one| one.fault.is_some()).count(),
        proof.entries.iter().filter(|one| one.proof.is_none()).count(),
    );
    html! {
        @match (wrong, waiting) {
            (0, 0) => p.done { "这个案卷的 " (proof.entries.len()) " 条记入，都在已经签署的日志里，内容与签署时相同。" },
            (0, waiting) => p.done { "已经签署的都相符；刚记入的 " (waiting) " 条还没有签署，过一两秒再看。" },
            (wrong, _) => section.problems { strong { "有 " (wrong) " 条与签署时不符。" } span.remedy { "请停止使用并报告县司法局；运行 yifa verify 可以看到是哪一项。" } },
        }
    }
}

fn line(record: &Record<'_>, one: &Proved) -> Markup {
    let step = record.course.steps.iter().find(|step| step.entry == one.index);
    let entry = record.opened.entries.iter().find(|entry| entry.index == one.index);
    html! {
        tr {
            td.num { a href=(record.at(&format!("#entry-{}", one.index))) { (one.index) } }
            td { @match (step, entry) {
                (Some(step), _) => (step.step.title),
                (None, Some(entry)) => (kind(entry.act.kind())),
                (None, None) => "",
            } }
            td.nowrap { (moment_of(one.recorded_at)) }
            td { code.hash { (one.hash.to_base64()) } }
            td.nowrap { @match (&one.fault, &one.proof) {
                (Some(fault), _) => { span.tag.bad { "不符" } br; small { (fault) } },
                (None, Some(proof)) => { span.tag.good { "相符" } small { " 路径 " (proof.path.len()) " 段" } },
                (None, None) => span.tag { "等待签署" },
            } }
        }
    }
}

/// What people call an entry that is no step.
fn kind(word: &str) -> &str {
    match word {
        "correct" => "更正",
        "void" => "作废",
        "link" => "关联",
        "attach" => "附件",
        "answer" => "答复",
        word => word,
    }
}

/// `GET /registers/{register}/{record}/proof.zip`: personal values closed, attachments by their hashes alone.
pub fn bundle(visit: &Visit<'_>) -> Result<Answer> {
    let opened = Opened::of(visit)?;
    let record = opened.read(visit)?;
    let called = record.called();
    let name = format!("证据包 {called}.zip");
    if visit.asked.head {
        // Who asks whether there is a file takes none away.
        return Ok(Answer::download(&name, "application/zip", Body::Bytes(Vec::new())));
    }
    let of = Of { register: opened.register, id: &opened.seen.id, called: &called };
    let bytes = bundle::record(&visit.site.folder, visit.db, &of, &Shows::Public, false)?.bytes()?;
    visit.note(Kind::Export, &opened.seen.id, "案卷的证据包", "")?;
    Ok(Answer::download(&name, "application/zip", Body::Bytes(bytes)))
}

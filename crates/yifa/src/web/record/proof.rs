//! `/registers/{register}/{record}/proof`: that the record stands in the signed journal as it is shown, and the same as a
//! file for somebody who trusts neither us nor our program (证明).

use std::io::{Cursor, Write};

use anyhow::{Context, Result};
use engine::value::Fields;
use journal::audit::{ProveError, prove_inclusion};
use journal::bundle::{Disclosure, leaf_path, payload_path, proof_path};
use journal::checkpoint::Checkpoint;
use journal::hash::{Hash, leaf_hash};
use journal::key::VerifierKey;
use journal::proof::EntryProof;
use maud::{Markup, html};
use rusqlite::params;
use std::collections::BTreeMap;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::{Opened, Record, below};
use crate::accounts::access::Kind;
use crate::ambient::moment_of;
use crate::append::{current_keys, stored};
use crate::export::disclosed;
use crate::refused::refuse;
use crate::storage::proving::KeptNodes;
use crate::storage::{Db, TOWN};
use crate::web::answer::{Answer, Body};
use crate::web::visit::Visit;

/// An entry of the record with all that proves it.
struct Proved {
    index: u64,
    recorded_at: i64,
    hash: Hash,
    leaf: Vec<u8>,
    payload: Vec<u8>,
    /// Nothing where it was recorded after the last signature.
    proof: Option<EntryProof>,
    /// Why leaf, proof, checkpoint and content do not agree.
    fault: Option<String>,
}

/// The record's entries, held against the last signed checkpoint.
struct Proof {
    note: String,
    checkpoint: Checkpoint,
    keys: Vec<VerifierKey>,
    entries: Vec<Proved>,
}

impl Proof {
    fn of(visit: &Visit<'_>, record: &str) -> Result<Proof> {
        let (folder, db) = (&visit.site.folder, visit.db);
        let note = stored(db)?.ok_or_else(|| refuse(724, "日志还没有签署过", "请过一两秒再看"))?;
        let keys = current_keys(folder)?;
        let (checkpoint, _) = Checkpoint::open(note.as_bytes(), &folder.config.origin, &keys)?;
        let mut nodes = KeptNodes::new(db, checkpoint.size);
        let mut entries = contents(db, record)?;
        // Signing is a second behind: the newest may have to wait for it.
        for one in entries.iter_mut().filter(|one| one.index < checkpoint.size) {
            let path = prove_inclusion(&mut nodes, one.index, checkpoint.size).map_err(|error| match error {
                ProveError::Proof(fault) => fault.into(),
                ProveError::Nodes(fault) => fault,
            })?;
            let proof = EntryProof { index: one.index, path, checkpoint: note.clone(), extra: None };
            let text = proof.to_text();
            let all = Disclosure { leaf: &one.leaf, proof: text.as_bytes(), payload: Some(&one.payload) };
            one.fault = all.verify(&folder.config.origin, &keys).err().map(|fault| fault.to_string());
            one.proof = Some(proof);
        }
        Ok(Proof { note, checkpoint, keys, entries })
    }
}

/// Every entry of a record, its personal values closed, not proved yet.
fn contents(db: &Db, record: &str) -> Result<Vec<Proved>> {
    let mut sealed: BTreeMap<u64, Fields> = BTreeMap::new();
    let sql = "SELECT s.idx, s.field, s.value FROM entry e JOIN sealed s ON s.town_id = e.town_id AND s.idx = e.idx \
               WHERE e.town_id = $1 AND e.record = $2 ORDER BY s.idx, s.field";
    db.each(sql, params![TOWN, record], |row| {
        let value = serde_json::from_str(row.get_ref(2)?.as_str()?)?;
        sealed.entry(row.get::<_, i64>(0)? as u64).or_default().insert(row.get(1)?, value);
        Ok(())
    })?;
    let mut all = Vec::new();
    let sql = "SELECT e.idx, e.recorded_at, e.leaf, p.body, p.salt \
               FROM entry e JOIN payload p ON p.town_id = e.town_id AND p.idx = e.idx \
               WHERE e.town_id = $1 AND e.record = $2 ORDER BY e.idx";
    db.each(sql, params![TOWN, record], |row| {
        let index = row.get::<_, i64>(0)? as u64;
        let sealed = sealed.remove(&index).unwrap_or_default();
        let opening = disclosed(row.get_ref(3)?.as_str()?, &sealed, row.get_ref(4)?.as_blob()?)?;
        let (leaf, payload) = (row.get::<_, Vec<u8>>(2)?, opening.to_bytes());
        let (recorded_at, hash) = (row.get(1)?, leaf_hash(&leaf));
        all.push(Proved { index, recorded_at, hash, leaf, payload, proof: None, fault: None });
        Ok(())
    })?;
    Ok(all)
}

/// `GET /registers/{register}/{record}/proof`
pub fn show(visit: &Visit<'_>) -> Result<Answer> {
    let opened = Opened::of(visit)?;
    let record = opened.read(visit)?;
    let proof = Proof::of(visit, &opened.seen.id)?;
    let main = html! {
        h1 { "证明" }
        (verdict(&proof))
        section.panel {
            h2 { "能证明什么，不能证明什么" }
            p { "能证明：下面每一条，最晚在检查点签署的时候就已经写成现在这个样子，此后一个字也没有改过，没有被删去，也没有在它前面插进别的。谁手里有这个检查点，谁就能自己核对，不必相信本系统。" }
            p { "不能证明：所记的事情是真的；该记的都记了；签署以前没有重写过。" }
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
            small { "给第三方的：叶、证明、检查点、公钥和公开的内容；个人信息是封住的。下载记入访问日志。" }
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

/// `GET /registers/{register}/{record}/proof.zip`
pub fn bundle(visit: &Visit<'_>) -> Result<Answer> {
    let opened = Opened::of(visit)?;
    let record = opened.read(visit)?;
    let proof = Proof::of(visit, &opened.seen.id)?;
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let mut put = |name: &str, bytes: &[u8]| -> Result<()> {
        zip.start_file(name, SimpleFileOptions::default()).context("a part of a bundle")?;
        zip.write_all(bytes).context("a part of a bundle")
    };
    put("说明.txt", words(&record, &proof).as_bytes())?;
    put("checkpoint", proof.note.as_bytes())?;
    for key in &proof.keys {
        put("vkey", format!("{key}\n").as_bytes())?;
    }
    for one in &proof.entries {
        if let Some(proof) = &one.proof {
            put(&leaf_path(one.index), &one.leaf)?;
            put(&proof_path(one.index), proof.to_text().as_bytes())?;
            put(&payload_path(one.index), &one.payload)?;
        }
    }
    let bytes = zip.finish().context("a bundle")?.into_inner();
    visit.note(Kind::Export, &opened.seen.id, "案卷的证据包", "")?;
    Ok(Answer::download(&format!("证据包 {}.zip", record.called()), "application/zip", Body::Bytes(bytes)))
}

fn words(record: &Record<'_>, proof: &Proof) -> String {
    let proved: Vec<String> =
        proof.entries.iter().filter(|one| one.proof.is_some()).map(|one| one.index.to_string()).collect();
    format!(
        "{}\n{} {}\n\n日志：{}\n检查点：{} 条，根 {}\n本包所含：第 {} 条\n\n\
         entries/ 是各条的叶，proofs/ 是各条在检查点所签的树里的证明（c2sp.org/tlog-proof），payloads/ 是各条的内容，\
         个人信息封住，只留摘要。\n\
         核对：公钥请从县司法局或者别处另外取得，与 vkey 相同才算数；任何支持 C2SP tlog-proof 的程序都能核对。\n\n\
         能证明：这些记入最晚在签署时已经是这个样子，此后没有改过。\n\
         不能证明：所记是真的；该记的都记了。\n",
        record.visit.site.folder.config.town,
        record.opened.register.title,
        record.called(),
        proof.checkpoint.origin,
        proof.checkpoint.size,
        proof.checkpoint.root.to_base64(),
        proved.join("、"),
    )
}

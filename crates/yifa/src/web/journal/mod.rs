//! `/journal`: how long it is, what was signed, whether it verifies; for an inspector with ten minutes (日志).

pub mod verifying;

use anyhow::Result;
use journal::key::VerifierKey;
use maud::{Markup, html};

use super::answer::{Answer, Body, Turned};
use super::layout::trail;
use super::visit::Visit;
use super::witnessed;
use crate::accounts::access::{Kind, Wanted};
use crate::ambient::minute_of;
use crate::append::{current_keys, last_note};
use crate::export;
use crate::render::code;
use crate::storage::log::Head;
use crate::storage::params;
use verifying::{State, UNDONE, said};

/// What was signed last.
struct Signed {
    size: u64,
    at: i64,
}

fn signed(visit: &Visit<'_>) -> Result<Option<Signed>> {
    let sql = "SELECT size, signed_at FROM checkpoint WHERE town_id = $1 ORDER BY size DESC LIMIT 1";
    visit.db.one(sql, params![], |row| Ok(Signed { size: row.get::<i64>(0)? as u64, at: row.get(1)? }))
}

/// `GET /journal`
pub fn show(visit: &Visit<'_>) -> Result<Answer> {
    let head = Head::load(visit.db)?;
    let note = last_note(&visit.site.folder, visit.db)?;
    let keys = current_keys(&visit.site.folder)?;
    let state = visit.site.verifying.state();
    let running = state.0.is_some();
    let main = html! {
        h1 { "日志" }
        div.columns {
            div {
                (facts(visit, &head, &keys)?)
                (verification(visit, state)?)
                (witnessed::panel(visit))
                @if let Some(note) = note { (checkpoint(&note)) }
            }
            div {
                (proves())
                @if visit.who.may_export_journal() { (taking_away(visit)) }
                @if visit.who.may_read_accesses() {
                    section.panel {
                        h2 { "访问日志" }
                        p { "谁登录过、谁看了个人信息、谁导出了什么，见" a href="/admin/log" { "访问日志" } "。它不在日志里，也没有签名。" }
                    }
                }
            }
        }
    };
    let page = visit.page("日志", main);
    // The browser comes back by itself, with scripts or without, for as long as there is something to wait for.
    Ok(if running { page.with("refresh", "2; url=/journal#verify") } else { page })
}

fn facts(visit: &Visit<'_>, head: &Head, keys: &[VerifierKey]) -> Result<Markup> {
    let signed = signed(visit)?;
    let second = visit.site.folder.second_file();
    let beside = second.starts_with(&visit.site.folder.path);
    Ok(html! {
        section.panel {
            h2 { "现状" }
            dl.about {
                dt { "日志名称" } dd { code { (visit.site.folder.config.origin) } }
                dt { "记入" } dd { strong { (head.size()) } " 条" }
                dt { "根（全部记入的摘要）" } dd { code.long { (head.frontier.root().to_base64()) } }
                dt { "最近签署" }
                dd {
                    @match &signed {
                        Some(signed) => {
                            (minute_of(signed.at)) "，签到第 " (signed.size) " 条"
                            @if head.size() > signed.size { "（其后 " (head.size() - signed.size) " 条随即签署）" }
                        }
                        None => "还没有签署过",
                    }
                }
                dt { "第二份存档" }
                dd {
                    @if second.exists() { span.good { "在" } } @else { strong.bad { "不见了，请立即从备份取回" } }
                    span.soft {
                        @if !beside { "（与数据库分开存放）" }
                        @else if visit.who.administers() { "（与数据库同在一处；最好在 yifa.toml 里用 second_file 指到另一块盘）" }
                        @else { "（与数据库同在一处；最好放到另一块盘，由系统管理员设置）" }
                    }
                }
                @for key in keys { dt { "核验公钥" } dd { code.long { (key) } } }
            }
        }
    })
}

fn verification(visit: &Visit<'_>, (running, last): State) -> Result<Markup> {
    let wanted = Wanted { kind: Some("verify"), ..Wanted::default() };
    let noted = visit.site.accounts.accesses_of(&wanted, 1)?.pop();
    Ok(html! {
        section.panel id="verify" {
            h2 { "核验" }
            p { "把每条记入、内容、封存的内容、瓦片和附件重新计算一遍哈希，与签署的检查点核对。" }
            @if let Some((running, done)) = &running {
                p role="status" { "正在核验：" (done) " / " (running.of) " 条，" (minute_of(running.began)) " 开始" }
                progress max=(running.of.max(1)) value=(done) aria-label="核验的进度" {}
                p.soft { "这一页每两秒自己更新；离开也不影响核验。" }
            } @else {
                @match (&noted, last.as_ref().and_then(|last| last.found.as_ref())) {
                    (_, Some(found)) if found.count > 0 => {
                        p.bad role="alert" { strong { (said(found)) "。请停止使用，保留现场，报县司法局。" } }
                        ul.differs {
                            @for one in &found.differs {
                                li {
                                    @if let Some(entry) = one.entry { "第 " (entry) " 条 " }
                                    @if let Some(field) = &one.field { code { (field) } " " }
                                    (one.text)
                                }
                            }
                        }
                    }
                    (Some(line), _) if line.what == UNDONE => {
                        p.bad { "上一次（" (minute_of(line.at)) "）" (line.what) "，程序出了故障，请再核验一次；仍不行的，告诉维护者。" }
                    }
                    (Some(line), _) => {
                        p { span.tag.good[!line.what.ends_with("处不符")].bad[line.what.ends_with("处不符")] { (minute_of(line.at)) } " " (line.what) }
                    }
                    (None, _) => p.soft { "在网页上还没有核验过。" },
                }
                form method="post" action="/journal/verify" {
                    (visit.form_token())
                    button type="submit" { "现在核验" }
                }
            }
        }
    })
}

fn proves() -> Markup {
    html! {
        section.panel {
            h2 { "它证明什么" }
            ul {
                li { "谁在什么时候记了什么，次序如何；签署以后改动一个字，核验就不符。" }
                li { "更正、作废都是新的一条，原来的还在。" }
                li { "外人手里有一份检查点的，那以前的一切就不能再改，也不能再补。" }
            }
            h3 { "不证明什么" }
            ul {
                li { "不证明记的是真的：只证明是谁记的。" }
                li { "不证明没有漏记：没有记的，没有痕迹。" }
                li { "只在镇里核验，不能排除有人连密钥一起换掉；把检查点交出去，才挡得住。" }
            }
        }
    }
}

fn taking_away(visit: &Visit<'_>) -> Markup {
    html! {
        section.panel {
            h2 { "导出" }
            p { "检查点、瓦片、记入和公钥打成一个压缩包，任何符合 C2SP 的软件都能在别的机器上核验，不必相信本程序。" }
            p.soft {
                "里面有办理的时间、人员和事项的种类，没有内容；请只交给有权核验的人。要连同内容交出去的，在本机运行 "
                code { "yifa journal export --contents" } "。导出会记入访问日志。"
            }
            form method="post" action="/journal/export" {
                (visit.form_token())
                button.second type="submit" { "导出日志" }
            }
        }
    }
}

fn checkpoint(note: &str) -> Markup {
    html! {
        section.panel {
            h2 { "最近一次签署的检查点" }
            div.note-and-code {
                div {
                    pre.checkpoint { (note) }
                    p.soft { "依次是日志名称、条数、根和签名。抄下、拍下或者打印一份交给外人，以后谁改了日志，一对就知道。" }
                    p { a.button.second href="/journal/print" { "打印页" } }
                }
                div.code { (code(note)) }
            }
        }
    }
}

/// The checkpoint as a code a telephone reads; what were too long for one stands beside it as text.
fn code(note: &str) -> Markup {
    code::drawn(note, "检查点的二维码").unwrap_or_default()
}

/// `GET /journal/print`: the page for the printed ledger.
pub fn print(visit: &Visit<'_>) -> Result<Answer> {
    let Some(note) = last_note(&visit.site.folder, visit.db)? else { return Err(Turned::NotFound.into()) };
    let signed = signed(visit)?;
    let config = &visit.site.folder.config;
    let main = html! {
        (trail(&[("/journal", "日志")], "打印页"))
        article.leaf {
            h1 { (config.county) (config.town) "台账日志检查点" }
            @if let Some(signed) = &signed { p { "截至 " (minute_of(signed.at)) "，共 " (signed.size) " 条记入。" } }
            div.code { (code(&note)) }
            pre.checkpoint { (note) }
            @for key in current_keys(&visit.site.folder)? { p { "核验公钥 " code.long { (key) } } }
            p.soft { "二维码和文字的内容相同。存入当年台账，或者交县司法局一份；以后核验，第 1 至这一条不应有任何改变。" }
            p.sign { span { "打印日期：" (visit.today) } span { "经手人：" } span { "收存人：" } }
        }
    };
    Ok(visit.page("检查点", main))
}

/// `POST /journal/verify`
pub fn verify(visit: &Visit<'_>) -> Result<Answer> {
    let account = visit.signed.map_or("", |signed| &signed.account.id);
    visit.site.verifying.begin(&visit.site.folder, account, &visit.asked.address)?;
    Ok(Answer::see("/journal#verify"))
}

/// `POST /journal/export`
pub fn export(visit: &Visit<'_>) -> Result<Answer> {
    if !visit.who.may_export_journal() {
        return Err(Turned::Forbidden.into());
    }
    let folder = &visit.site.folder;
    let incoming = folder.incoming();
    std::fs::create_dir_all(&incoming).map_err(|error| crate::folder::cannot_write(&incoming, &error))?;
    let failed = |error: std::io::Error| crate::folder::cannot_write(&incoming, &error);
    // Gone with its last handle, whatever becomes of the sending.
    let file = tempfile::NamedTempFile::new_in(&incoming).map_err(failed)?;
    let size = export::zipped(folder, visit.db, file.path())?;
    let file = file.reopen().map_err(failed)?;
    visit.note(Kind::Export, "", &format!("日志，{size} 条"), "")?;
    let name = format!("{}日志{size}条.zip", folder.config.town);
    Ok(Answer::download(&name, "application/zip", Body::Open(file)))
}

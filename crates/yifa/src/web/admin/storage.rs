//! `/admin/storage`: how much lies where, how much room is left, what to back up, which program this is (存储与备份).

use std::path::Path;

use anyhow::Result;
use maud::{Markup, html};

use super::trail;
use crate::attachment::length;
use crate::web::answer::Answer;
use crate::web::visit::Visit;

/// Below so many bytes one is warned.
const SCARCE: u64 = 2 << 30;

/// What of a data folder goes into one backup, and what is lost without it; docs/serve.md says the same.
const TOGETHER: [(&[&str], &str); 5] = [
    (&["journal.db", "journal.db-wal", "files/", "yifa.toml"], "全部记入和附件"),
    (&["accounts.db", "accounts.db-wal"], "丢了只是要重新建账号，不丢记入；里面有访问日志和草稿"),
    (&["drafts/"], "草稿的附件，与 accounts.db 里的草稿是一套"),
    (&["blind.key"], "丢了，再导同一张表就认不出已经记过的行，封存的姓名也要重建（yifa rebuild --mend）才找得到"),
    (&["laws/"], "导入的法律文本；丢了，重新导入"),
];
/// What is kept apart from it.
const APART: [(&str, &str); 2] =
    [("log.key", "建好以后拷贝一次，不再变；丢了不能再记入"), ("signed/", "每次备份都另拷一份；丢了，程序不再往下写")];
/// What needs no backup: made anew when it is wanted.
const NEITHER: [&str; 2] = ["incoming/", "lock"];

/// `GET /admin/storage`
pub fn show(visit: &Visit<'_>) -> Result<Answer> {
    let folder = &visit.site.folder;
    let size = |name: &str| std::fs::metadata(folder.path.join(name)).map_or(0, |about| about.len());
    let (files, count) = below(&folder.files());
    let (drafts, kept) = below(&folder.drafts());
    let free = fs4::available_space(&folder.path).ok();
    let second = folder.second_file();
    let main = html! {
        (trail("存储与备份"))
        h1 { "存储与备份" }
        div.columns {
            div {
                section.panel {
                    h2 { "占用" }
                    table {
                        thead { tr { th { "什么" } th { "在哪里" } th.num { "大小" } } }
                        tbody {
                            (row("日志和各张表", "journal.db、journal.db-wal", size("journal.db") + size("journal.db-wal")))
                            (row("账号、会话、访问日志、草稿", "accounts.db", size("accounts.db") + size("accounts.db-wal")))
                            (row(&format!("附件 {count} 个"), "files/", files))
                            (row(&format!("草稿的附件 {kept} 个"), "drafts/", drafts))
                        }
                    }
                    @match free {
                        Some(free) if free < SCARCE => p.bad { "磁盘只剩 " (length(free)) "，写满以后不能记入，请尽快清出空间。" },
                        Some(free) => p { "磁盘还有 " (length(free)) "。" },
                        None => p.soft { "不知道磁盘还有多少空间。" },
                    }
                    p { @if visit.site.is_well() { span.tag.good { "正常" } " 写入程序在运行，磁盘能写" } @else { span.tag.bad { "不正常" } " 写入程序停了，或者磁盘写不进" } }
                }
                (backups(&second))
            }
            (program())
        }
    };
    Ok(visit.page("存储与备份", main))
}

fn row(what: &str, place: &str, size: u64) -> Markup {
    html! { tr { td { (what) } td { code { (place) } } td.num { (length(size)) } } }
}

fn backups(second: &Path) -> Markup {
    let names = |names: &[&str]| html! { @for (nth, name) in names.iter().enumerate() { @if nth > 0 { "、" } code { (name) } } };
    html! {
        section.panel {
            h2 { "备份" }
            p { "停下程序（已收下的会办完），拷贝数据目录，再启动。每天一次，另放一处。一份备份里有：" }
            ul { @for (files, what) in TOGETHER { li { (names(files)) "：" (what) "。" } } }
            p { "不放在这份备份里、与它分开保管的：" }
            ul { @for (file, what) in APART { li { code { (file) } "：" (what) "。" } } }
            p.soft { "放在一起，整份换成旧的就看不出来。最后签署的检查点在 " code { (second.display()) } "。" (names(&NEITHER)) " 不用备份。草稿三十天没有再存的自动删除，备份里的副本不会：备份也要有留存的期限。" }
            p { "取回以后，把两份放回一处，运行 " code { "yifa verify" } "，再对一对手里的检查点。只拷贝 " code { "journal.db" } " 而漏了 " code { "journal.db-wal" } " 的，会缺最后几条，程序能看出来。" }
        }
    }
}

fn program() -> Markup {
    html! {
        section.panel {
            h2 { "程序" }
            dl.about {
                dt { "版本" } dd { (env!("CARGO_PKG_VERSION")) }
                dt { "数据库格式" } dd { "第 " (crate::storage::SCHEMA) " 版，账号库第 " (crate::storage::ACCOUNTS) " 版" }
                dt { "许可" } dd { "Apache-2.0" }
            }
            p.soft {
                "程序由许多开放源代码的部件编成，SQLite 属于公有领域，其余的用 MIT、Apache-2.0、BSD、ISC、Zlib 这类宽松的许可；"
                "名单见源代码里的 Cargo.lock，许可的范围由 deny.toml 限定，每次编译都核对。"
            }
            p.soft { "程序不向外连接，不检查更新，不上报任何数据。" }
        }
    }
}

/// The bytes and the number of the files below a folder.
fn below(folder: &Path) -> (u64, usize) {
    let (mut bytes, mut count) = (0, 0);
    for item in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let (more, many) = match item.metadata() {
            Ok(about) if about.is_dir() => below(&item.path()),
            Ok(about) => (about.len(), 1),
            Err(_) => (0, 0),
        };
        (bytes, count) = (bytes + more, count + many);
    }
    (bytes, count)
}

#[cfg(test)]
mod tests {
    use super::{APART, NEITHER, TOGETHER};

    #[test]
    fn the_page_and_the_manual_name_the_same_files() {
        let manual = include_str!("../../../../../docs/serve.md");
        let part =
            |head: &str| manual.split(head).nth(1).and_then(|rest| rest.split("\n\n").next()).unwrap_or_default();
        let told = |part: &str, name: &str| part.contains(&format!("`{name}`"));
        let together: Vec<&str> = TOGETHER.iter().flat_map(|(files, _)| files.iter().copied()).collect();
        let apart: Vec<&str> = APART.iter().map(|(file, _)| *file).collect();
        for (head, own) in
            [("一份备份里有：\n\n", &together[..]), ("分开保管的：\n\n", &apart[..]), ("不用备份的：", &NEITHER[..])]
        {
            let part = part(head);
            for name in together.iter().chain(&apart).chain(&NEITHER) {
                assert_eq!(told(part, name), own.contains(name), "{name} under {head}: {part}");
            }
        }
    }
}

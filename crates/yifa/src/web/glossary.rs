//! `/glossary`: one word per idea, as the code, the data and the pages use it (词汇).

use anyhow::Result;
use maud::html;

use super::answer::Answer;
use super::layout::trail;
use super::visit::Visit;

/// The one list there is; a test holds it against code and documents.
const GLOSSARY: &str = include_str!("../../../../GLOSSARY.md");

/// The words people meet on every page, in their own language.
const WORDS: &[(&str, &str)] = &[
    ("登记簿", "一类事项的台账，如人民调解、普法宣传活动；有哪些字段、分哪几步，由定义写明。"),
    ("案卷", "登记簿里的一件事，从开立起，各步依次记在里面。"),
    ("步骤", "在一件事上办的一步；开立是一步，更正、作废也各是一步。"),
    ("记入", "一步写进日志，成为一条：谁、什么时候、办了什么。写进去的不改、不删。"),
    ("更正", "另记一条，写明改成什么、为什么；原来的一条照样看得到。"),
    ("作废", "记错了的，另记一条说明；原来的留着，不再计数。"),
    ("日志", "全镇的记入，按先后连成一本，有签名。改动任何一条，核验就不符。"),
    ("检查点", "到某一条为止的条数、根和签名。外人手里有一份，以前的就不能再改。"),
    ("核验", "把日志从头重算一遍，与签署的检查点核对。"),
    ("期限", "法律或者制度要求在哪一天以前办的事。"),
    ("禁止", "法律说不得的。镇里自己的行为，违反的不能办；已经发生的，照记并标明。"),
    ("标记", "已经发生而不合规定的，记下、标明，随着数字和报告走。"),
    ("补录", "事情发生以后，过了登记簿规定的时间才记的；凡是用到它的地方都显示。"),
    ("封存的内容", "个人信息与记入分开存放，页面上遮住；要看的写理由，看过的记入访问日志。"),
    ("数字", "由记入加出来的数；每个数字都能点开，看是哪几条。"),
    ("依据", "要求这一步、这一项的法律条文，照律师的写法引用。"),
    ("本地做法", "本地的文件或者习惯，写明是什么；不当作法律。"),
    ("待核", "引到的条文没有对照过原文，用的时候请核对。"),
    ("应当、可以、一般", "法律的用词，照引，不加强也不减弱。"),
    ("授权", "谁以什么角色看什么、办什么，限于哪些村；给和收都是记入。"),
    ("草稿", "填了还没有提交的；断电、过期都还在，可以接着填。"),
];

/// The rows of its table: English, Chinese, meaning.
fn rows() -> impl Iterator<Item = [&'static str; 3]> {
    let rows = GLOSSARY.lines().filter(|line| line.starts_with('|')).skip(2);
    rows.filter_map(|line| {
        let mut cells = line.trim_matches('|').split('|').map(str::trim);
        Some([cells.next()?, cells.next()?, cells.next()?])
    })
}

/// `GET /glossary`
pub fn show(visit: &Visit<'_>) -> Result<Answer> {
    let main = html! {
        (trail(&[("/definitions", "定义")], "词汇"))
        h1 { "词汇" }
        p { "一个意思只用一个词，页面、数据、文件和程序都一样。" }
        dl.words { @for (word, meaning) in WORDS { dt { (word) } dd { (meaning) } } }
        details.panel {
            summary { "全部的词，连同英文" }
            div.scroll { table.glossary {
                thead { tr { th { "中文" } th { "英文" } th { "意思" } } }
                tbody { @for [english, chinese, meaning] in rows() { tr { th scope="row" { (chinese) } td lang="en" { (english) } td lang="en" { (meaning) } } } }
            } }
        }
        h2 { "登记簿里的词" }
        p { "状态和步骤的名称照定义；依据和要求点开看。" }
        div.scroll {
            table.glossary {
                thead { tr { th { "登记簿" } th { "状态" } th { "步骤" } } }
                tbody {
                    @for register in visit.set().registers.values() {
                        tr {
                            th scope="row" { a href=(format!("/definitions/{}", register.id.value)) { (register.title) } }
                            td { (register.states.iter().map(|state| state.title.as_str()).collect::<Vec<_>>().join("、")) }
                            td { (register.steps.iter().map(|step| step.title.as_str()).collect::<Vec<_>>().join("、")) }
                        }
                    }
                }
            }
        }
    };
    Ok(visit.page("词汇", main))
}

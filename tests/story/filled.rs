//! What the program fills in itself: values copied from another record, numbers allotted with a step.

use yifa::storage::params;

use crate::support::{Ask, Ran, Scratch};

/// Drafted after a review whose opinion is copied, signed with a number; a copy of it is sent under one from elsewhere.
const NOTICE: &str = r#"
id     = "notice"
title  = "通告"
local  = "样例"
scope  = "township"
read   = ["clerk"]
label  = ["draft.title"]
number = { pattern = "通〔{year}〕{seq}号", local = "样例" }

[state]
draft  = "拟稿"
signed = "已签发"

[[step]]
id     = "draft"
title  = "拟稿"
to     = "draft"
local  = "样例"
fields = [
  { id = "on",      title = "拟稿日期", type = "day" },
  { id = "title",   title = "标题",     type = "text" },
  { id = "advice",  title = "征求意见", type = "record", register = "advice", optional = true },
  { id = "outcome", title = "意见结论", type = "choice", choices = { yes = "同意", no = "不同意" }, copy = { of = "advice", field = "end.outcome" } },
]

[[step]]
id     = "sign"
title  = "签发"
from   = ["draft", "signed"]
to     = "signed"
repeat = true
local  = "样例"
fields = [
  { id = "on",   title = "签发日期", type = "day" },
  { id = "code", title = "统一编号", type = "text", number = { pattern = "青〔{year}〕{seq}号", local = "样例" } },
]

[[step]]
id     = "send"
title  = "送达"
from   = ["signed"]
local  = "样例"
fields = [
  { id = "on",   title = "送达日期", type = "day" },
  { id = "code", title = "来文编号", type = "text" },
]

[[case]]
title = "签发"
steps = [{ step = "draft", on = 2026-03-02 }, { step = "sign", on = 2026-03-03 }, { step = "send", on = 2026-03-04 }]
then  = "signed"
"#;

const ADVICE: &str = r#"
id     = "advice"
title  = "征求意见"
local  = "样例"
scope  = "township"
read   = ["clerk"]
label  = ["ask.title"]

[[step]]
id     = "ask"
title  = "发出"
local  = "样例"
fields = [
  { id = "on",    title = "发出日期", type = "day" },
  { id = "title", title = "事项",     type = "text" },
]

[[step]]
id     = "end"
title  = "答复"
from   = ["recorded"]
local  = "样例"
fields = [
  { id = "on",      title = "答复日期", type = "day" },
  { id = "outcome", title = "结论",     type = "choice", choices = { yes = "同意", no = "不同意" } },
]

[[case]]
title = "答复"
steps = [{ step = "ask", on = 2026-03-02 }, { step = "end", on = 2026-03-03 }]
then  = "recorded"
"#;

/// A township that has asked about the flood, got an answer, and asked about the fire.
fn township() -> Scratch {
    let scratch = Scratch::init();
    scratch.write("本地/registers/notice.toml", NOTICE.as_bytes());
    scratch.write("本地/registers/advice.toml", ADVICE.as_bytes());
    scratch.yifa(&["definitions", "adopt", "本地", "--reason", "样例"]).done();
    let asked = "发出日期,事项,答复日期,结论\n2026-03-01,防汛,2026-03-02,同意\n2026-03-01,防火,,\n";
    scratch.write("意见.csv", asked.as_bytes());
    scratch.yifa(&["import", "advice", "意见.csv"]).done();
    scratch
}

fn step(scratch: &Scratch, record: &str, step: &str, fields: &str, more: &[&str]) -> Ran {
    scratch.write("一步.toml", fields.as_bytes());
    scratch.yifa(&[&["step", "notice", record, step, "--file", "一步.toml"], more].concat())
}

/// What is refused is refused by a dry run too, in the same words.
#[track_caller]
fn refused(scratch: &Scratch, record: &str, name: &str, fields: &str, words: &[&str]) {
    let dry = step(scratch, record, name, fields, &["--dry-run"]);
    let real = step(scratch, record, name, fields, &[]).refused(words);
    assert_eq!((dry.code, dry.err), (real.code, real.err));
}

/// The one text a question to the database answers.
fn one(scratch: &Scratch, sql: &str, about: &str) -> String {
    scratch.db().value(sql, params![about])
}

/// The public values of a notice.
fn body(scratch: &Scratch, title: &str) -> String {
    one(scratch, "SELECT body FROM record WHERE town_id = $1 AND register = 'notice' AND title = $2", title)
}

#[test]
fn a_table_may_leave_out_what_is_copied_and_what_is_numbered() {
    let scratch = township();
    scratch.write("通告.csv", "拟稿日期,标题,征求意见,签发日期\n2026-03-03,防汛通告,防汛,2026-03-04\n".as_bytes());
    scratch.yifa(&["import", "notice", "通告.csv"]).done().says(&["已记入 2 步"]);
    let held = body(&scratch, "防汛通告");
    assert!(held.contains("青〔2026〕1号") && held.contains("yes"), "{held}");
    scratch.yifa(&["import", "notice", "通告.csv"]).done().says(&["没有新的内容"]);
    scratch.yifa(&["export", "notice", "--out", "导出.csv"]).done();
    scratch.yifa(&["import", "notice", "导出.csv"]).done().says(&["没有新的内容"]);

    // Recorded by hand, and then from a table that says nothing of what the program filled in.
    step(&scratch, "new", "draft", "on = 2026-03-05\ntitle = \"封山通告\"\nadvice = \"防汛\"\n", &[]).done();
    step(&scratch, "封山通告", "sign", "on = 2026-03-06\n", &[]).done();
    let again = "编号,拟稿日期,标题,征求意见,签发日期\n通〔2026〕2号,2026-03-05,封山通告,防汛,2026-03-06\n";
    scratch.write("又.csv", again.as_bytes());
    scratch.yifa(&["import", "notice", "又.csv"]).done().says(&["没有新的内容"]);
    scratch.is_sound();
}

#[test]
fn a_number_on_two_papers_is_told_by_cell_before_anything_is_recorded() {
    let scratch = township();
    let rows = "拟稿日期,标题,意见结论,签发日期,统一编号\n2026-03-03,甲,同意,2026-03-04,青〔2026〕7号\n";
    scratch.write("一.csv", rows.as_bytes());
    scratch.yifa(&["import", "notice", "一.csv"]).done();
    let more = "2026-03-03,乙,同意,2026-03-04,青〔2026〕8号\n2026-03-03,丙,同意,2026-03-04,青〔2026〕8号\n";
    let twice = rows.replace(",甲,", ",丁,") + more;
    scratch.write("二.csv", twice.as_bytes());
    for more in [&["--dry-run"][..], &[]] {
        let args = [&["import", "notice", "二.csv"], more].concat();
        scratch.yifa(&args).refused(&[
            "P222 第 2 行“统一编号”（E2）填的“青〔2026〕7号”已经用过",
            "P222 第 4 行“统一编号”（E4）填的“青〔2026〕8号”与第 3 行的相同",
            "共 2 处问题",
        ]);
    }
    scratch.is_sound();
}

#[test]
fn a_number_is_borne_once_and_never_given_up() {
    let scratch = township();
    for title in ["甲", "乙"] {
        let draft = format!("on = 2026-03-03\ntitle = \"{title}\"\noutcome = \"同意\"\n");
        step(&scratch, "new", "draft", &draft, &[]).done();
        step(&scratch, title, "sign", "on = 2026-03-04\n", &[]).done();
    }
    let signed = one(
        &scratch,
        "SELECT CAST(max(e.idx) AS TEXT) FROM entry e JOIN record r ON r.town_id = e.town_id AND r.id = e.record WHERE r.town_id = $1 AND r.title = $2",
        "甲",
    );
    refused(&scratch, "甲", "sign", "on = 2026-03-05\ncode = \"青〔2026〕1号\"\n", &["P222", "已经用过"]);
    refused(&scratch, "甲", "sign", "on = 2999-03-05\n", &["P217"]);
    let clear = format!("of = \"{signed}\"\nreason = \"样例\"\nclear = [\"code\"]\n");
    refused(&scratch, "甲", "correct", &clear, &["P222 “统一编号”不能清空", "作废"]);
    let same = format!("of = \"{signed}\"\nreason = \"样例\"\n[fields]\non = 2026-03-05\ncode = \"青〔2026〕1号\"\n");
    step(&scratch, "甲", "correct", &same, &["--dry-run"]).done();
    // A field of another step that happens to be called the same is none of this.
    step(&scratch, "甲", "send", "on = 2026-03-06\ncode = \"县〔2026〕1号\"\n", &[]).done();
    let sent = one(&scratch, "SELECT CAST(max(idx) AS TEXT) FROM entry WHERE town_id = $1 AND kind = $2", "step");
    let other = format!("of = \"{sent}\"\nreason = \"样例\"\n[fields]\ncode = \"青〔2026〕2号\"\n");
    step(&scratch, "甲", "correct", &other, &[]).done();
    scratch.is_sound();
}

#[test]
fn a_corrected_reference_does_not_keep_what_the_wrong_one_said() {
    let scratch = township();
    step(&scratch, "new", "draft", "on = 2026-03-03\ntitle = \"通告\"\nadvice = \"防汛\"\n", &[]).done();
    let drafted = one(&scratch, "SELECT CAST(max(idx) AS TEXT) FROM entry WHERE town_id = $1 AND kind = $2", "step");
    let correct = |rest: &str| format!("of = \"{drafted}\"\nreason = \"引错了\"\n{rest}");
    refused(&scratch, "通告", "correct", &correct("clear = [\"outcome\"]\n"), &["P205", "那里是“同意”"]);
    step(&scratch, "通告", "correct", &correct("[fields]\nadvice = \"防火\"\n"), &[]).done();
    let held = body(&scratch, "通告");
    assert!(!held.contains("yes"), "防火 has no answer yet: {held}");
    // Back again, and it is said again.
    step(&scratch, "通告", "correct", &correct("[fields]\nadvice = \"防汛\"\n"), &[]).done();
    assert!(body(&scratch, "通告").contains("yes"));
    scratch.is_sound();
}

/// Numbered apart by what they answer, whose title stands in the number.
const LETTER: &str = r#"
id     = "letter"
title  = "复函"
local  = "样例"
scope  = "township"
read   = ["clerk"]
number = { pattern = "{series}〔{year}〕{seq}号", series = "write.advice", mark = "ask.title", local = "样例" }

[[step]]
id     = "write"
title  = "复函"
local  = "样例"
fields = [
  { id = "on",     title = "日期", type = "day" },
  { id = "advice", title = "答复", type = "record", register = "advice" },
]

[[case]]
title = "复函"
steps = [{ step = "write", on = 2026-03-02 }]
then  = "recorded"
"#;

#[test]
fn a_series_keeps_its_mark_when_its_record_is_voided() {
    let scratch = township();
    scratch.write("本地/registers/letter.toml", LETTER.as_bytes());
    scratch.yifa(&["definitions", "adopt", "本地", "--reason", "样例"]).done();
    let advice =
        one(&scratch, "SELECT id FROM record WHERE town_id = $1 AND register = 'advice' AND title = $2", "防汛");
    scratch.write("复.toml", format!("on = 2026-03-03\nadvice = \"{advice}\"\n").as_bytes());
    let write = || scratch.yifa(&["step", "letter", "new", "write", "--file", "复.toml"]);
    write().done().says(&["防汛〔2026〕1号"]);
    scratch.write("作废.toml", "whole = true\nreason = \"样例\"\n".as_bytes());
    scratch.yifa(&["step", "advice", &advice, "void", "--file", "作废.toml"]).done();
    write().done().says(&["防汛〔2026〕2号"]);
    scratch.is_sound();
}

#[test]
fn a_second_record_under_a_number_of_its_own_is_told_by_a_dry_run() {
    let scratch = township();
    let once = LETTER.replacen("read   =", "once   = [\"write.advice\"]\nread   =", 1);
    scratch.write("本地/registers/letter.toml", once.as_bytes());
    scratch.yifa(&["definitions", "adopt", "本地", "--reason", "样例"]).done();
    scratch.write("一.csv", "编号,日期,答复\n防汛〔2026〕5号,2026-03-03,防汛\n".as_bytes());
    scratch.yifa(&["import", "letter", "一.csv"]).done();
    scratch.write("二.csv", "编号,日期,答复\n防汛〔2026〕6号,2026-03-03,防汛\n".as_bytes());
    for more in [&["--dry-run"][..], &[]] {
        let args = [&["import", "letter", "二.csv"], more].concat();
        scratch.yifa(&args).refused(&["P229 第 2 行：“答复”相同的，已有一个案卷"]);
    }
    scratch.is_sound();
}

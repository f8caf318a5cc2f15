//! What is due: whose it is, the days of the year, and the calendar file. The days hang on today, so no transcript.

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde_json::Value;

use yifa::storage::params;

use crate::support::{Ask, Scratch};

/// A task somebody owns by his post, and drives held for days of the year; with their cases.
const SITE: [(&str, &str); 5] = [
    (
        "registers/errand.toml",
        r#"
id    = "errand"
title = "交办事项"
local = "样例"
scope = "township"
read  = ["clerk"]
label = ["give.title"]

[state]
open = "办理中"
done = "已办结"

[[step]]
id     = "give"
title  = "交办"
to     = "open"
local  = "样例"
fields = [
  { id = "on",    title = "交办日期", type = "day" },
  { id = "title", title = "事项",     type = "text" },
  { id = "post",  title = "责任职务", type = "record", register = "post", optional = true },
  { id = "office", title = "责任机构", type = "office", optional = true },
  { id = "people", title = "经办人", type = "person", many = true, optional = true },
]

[[step]]
id     = "finish"
title  = "办结"
from   = ["open"]
to     = "done"
local  = "样例"
owner  = ["give.post", "give.office", "give.people"]
within = { days = 30, of = "give.on", basis = "《人民调解法》第五条第一款" }
fields = [{ id = "on", title = "办结日期", type = "day" }]
"#,
    ),
    (
        "cases/errand.toml",
        r#"
[[case]]
title = "交办"
steps = [{ step = "give", on = 2026-03-02, title = "修桥", post = "副乡长" }]
due   = { step = "finish", last = 2026-04-01, owner = "副乡长" }

[[case]]
title = "交办给一个机构的两个人：写在后面的字段更具体"
steps = [{ step = "give", on = 2026-03-02, title = "修桥", office = "司法所", people = ["甲", "乙"] }]
due   = { step = "finish", last = 2026-04-01, owner = "甲 乙" }
"#,
    ),
    (
        "registers/drive.toml",
        r#"
id    = "drive"
title = "宣传"
local = "样例"
scope = "township"
read  = ["clerk"]

[[step]]
id     = "hold"
title  = "开展宣传"
local  = "样例"
fields = [
  { id = "on",        title = "日期",   type = "day" },
  { id = "campaigns", title = "宣传日", type = "choices", catalogue = "campaigns" },
]
"#,
    ),
    (
        "cases/drive.toml",
        r#"
[[case]]
title = "宣传"
steps = [{ step = "hold", on = 2026-03-02, campaigns = ["第一宣传月"] }]
no_flags = true
"#,
    ),
    (
        "catalogues/campaigns.toml",
        r#"
title  = "宣传日"
local  = "样例"
notice = { days = 14, local = "样例" }
met_by = "drive.hold.campaigns"

[[item]]
id    = "first"
title = "第一宣传月"
month = [MONTH]
basis = "《人民调解法》第五条第一款"

[[item]]
id    = "second"
title = "第二宣传月"
month = [MONTH]

[[item]]
id    = "over"
title = "旧宣传月"
month = [MONTH]
until = 2020-12-31
"#,
    ),
];

fn today() -> Date {
    jiff::Timestamp::now().to_zoned(jiff::tz::Offset::constant(8).to_time_zone()).date()
}

/// A township that has adopted them, with one official in two posts, one of which he left.
fn site() -> Scratch {
    let scratch = Scratch::township();
    for (path, text) in SITE {
        let text = text.replace("[MONTH]", &today().month().to_string());
        scratch.write(&format!("本地/{path}"), text.trim_start().as_bytes());
    }
    scratch.yifa(&["definitions", "adopt", "本地", "--reason", "样例"]).done();
    for (role, ended) in [("副乡长", ""), ("司法所所长", "2026-03-10")] {
        let text = format!(
            "on = 2024-01-02\nperson = \"赵大山\"\nrole = \"{role}\"\nrank = \"leader\"\nhow = \"appointed\"\nfrom = 2024-01-02\n"
        );
        step(&scratch, "post", "new", "appoint", &text);
        if !ended.is_empty() {
            step(&scratch, "post", role, "end", &format!("on = {ended}\nreason = \"transfer\"\n"));
        }
    }
    for (title, post) in [("修桥", "副乡长"), ("修路", "司法所所长"), ("修渠", "")] {
        let post = if post.is_empty() { String::new() } else { format!("post = \"{post}\"\n") };
        step(&scratch, "errand", "new", "give", &format!("on = 2026-03-02\ntitle = \"{title}\"\n{post}"));
    }
    scratch
}

fn step(scratch: &Scratch, register: &str, record: &str, step: &str, fields: &str) {
    scratch.write("步骤.toml", fields.as_bytes());
    scratch.yifa(&["step", register, record, step, "--file", "步骤.toml"]).done();
}

fn due(scratch: &Scratch, args: &[&str]) -> Vec<Value> {
    let ran = scratch.yifa(&[&["due", "--json"], args].concat()).done();
    serde_json::from_str::<Vec<Value>>(&ran.out).unwrap()
}

fn called(dues: &[Value]) -> Vec<&str> {
    dues.iter().map(|due| due["called"].as_str().unwrap()).collect()
}

#[test]
fn a_due_names_its_owner_and_its_law_and_is_found_by_person() {
    let scratch = site();
    let all = due(&scratch, &["--register", "errand"]);
    assert_eq!(called(&all).len(), 3);
    let bridge = all.iter().find(|due| due["called"] == "修桥").unwrap();
    assert_eq!((bridge["owned_by"].as_str(), bridge["last"].as_str()), (Some("副乡长 赵大山"), Some("2026-04-01")));
    assert_eq!(bridge["basis"][0], "《人民调解法》第五条第一款");
    assert_eq!(bridge["title"], "办结");
    // He left the other post before the last day; nobody's task is not his either.
    assert_eq!(called(&due(&scratch, &["--register", "errand", "--person", "赵大山"])), ["修桥"]);
    assert!(due(&scratch, &["--person", "钱秋月"]).is_empty());
    let told = scratch.yifa(&["due", "--register", "errand", "--person", "赵大山"]).done().out;
    assert!(told.contains("2026-04-01  办结  修桥  副乡长 赵大山  已逾期  《人民调解法》第五条第一款"), "{told}");
    scratch.yifa(&["due", "--person", "没有的人"]).refused(&["P230"]);
    scratch.is_sound();
}

#[test]
fn what_several_do_stands_in_the_list_of_each_and_what_an_office_does_in_its_heads() {
    let scratch = site();
    step(&scratch, "office", "new", "establish", "on = 2020-01-02\nname = \"司法所\"\nkind = \"stationed\"\n");
    let head = "on = 2024-01-02\nperson = \"钱秋月\"\nrole = \"所长\"\nrank = \"section\"\noffice = \"司法所\"\n\
                how = \"appointed\"\nfrom = 2024-01-02\n";
    step(&scratch, "post", "new", "appoint", head);
    for (title, whose) in [("修塘", "office = \"司法所\"\n"), ("修坝", "people = [\"赵大山\", \"钱秋月\"]\n")]
    {
        step(&scratch, "errand", "new", "give", &format!("on = 2026-03-02\ntitle = \"{title}\"\n{whose}"));
    }
    let of = |who: &str| due(&scratch, &["--register", "errand", "--person", who]);
    assert_eq!(BTreeSet::from_iter(called(&of("赵大山"))), BTreeSet::from(["修桥", "修坝"]));
    assert_eq!(BTreeSet::from_iter(called(&of("钱秋月"))), BTreeSet::from(["修塘", "修坝"]));
    let dam = of("钱秋月").into_iter().find(|due| due["called"] == "修坝").unwrap();
    assert_eq!(dam["owned_by"], "赵大山、钱秋月");
    // Of whoever is head no more the office's dues are not.
    step(&scratch, "post", "所长", "end", "on = 2026-03-20\nreason = \"transfer\"\n");
    assert_eq!(called(&of("钱秋月")), ["修坝"]);
    scratch.is_sound();
}

#[test]
fn a_due_goes_over_with_its_record_and_a_changed_owner_is_found_by_rebuild() {
    let scratch = site();
    let all = due(&scratch, &["--register", "errand"]);
    let bridge = all.iter().find(|due| due["called"] == "修桥").unwrap();
    let channel = all.iter().find(|due| due["called"] == "修渠").unwrap();
    let entry = |due: &Value| due["said_by"].as_u64().unwrap();
    let text = format!("of = \"{}\"\nreason = \"改由副乡长负责\"\n[fields]\npost = \"副乡长\"\n", entry(channel));
    step(&scratch, "errand", channel["record"].as_str().unwrap(), "correct", &text);
    let text = format!("of = \"{}\"\nreason = \"不由职务负责\"\nclear = [\"post\"]\n", entry(bridge));
    step(&scratch, "errand", bridge["record"].as_str().unwrap(), "correct", &text);
    assert_eq!(called(&due(&scratch, &["--register", "errand", "--person", "赵大山"])), ["修渠"]);
    scratch.is_sound();
    scratch.db().change("UPDATE due SET owner = 'x' WHERE town_id = $1 AND owner <> ''", params![]);
    scratch.yifa(&["rebuild"]).differs(&["owner=x"]);
    scratch.yifa(&["rebuild", "--mend"]);
    scratch.is_sound();
}

#[test]
fn a_day_of_the_year_is_told_once_until_a_record_names_it() {
    let scratch = site();
    let days = |scratch: &Scratch| due(scratch, &["--register", "drive"]);
    let told = days(&scratch);
    assert_eq!(called(&told), ["第一宣传月", "第二宣传月"]);
    assert_eq!(told[0]["item"][1], "first");
    assert_eq!(told[0]["basis"][0], "《人民调解法》第五条第一款");
    assert_eq!(told[1]["basis"][0], "本地：样例");
    assert_eq!(told[0]["last"].as_str(), Some(today().last_of_month().to_string().as_str()));
    // Too early by a day does not keep it; on the first day of the notice does.
    let told_from = today().first_of_month().checked_sub(jiff::Span::new().days(14)).unwrap();
    let eve = told_from.yesterday().unwrap();
    step(&scratch, "drive", "new", "hold", &format!("on = {eve}\ncampaigns = [\"first\"]\n"));
    assert_eq!(called(&days(&scratch)), ["第一宣传月", "第二宣传月"]);
    step(&scratch, "drive", "new", "hold", &format!("on = {told_from}\ncampaigns = [\"first\"]\n"));
    assert_eq!(called(&days(&scratch)), ["第二宣传月"]);
    step(&scratch, "drive", "new", "hold", &format!("on = {}\ncampaigns = [\"first\", \"second\"]\n", today()));
    assert!(days(&scratch).is_empty());
    // What was a mistake kept nothing.
    let listed = scratch.yifa(&["list", "drive", "--json"]).done().out;
    let newest = serde_json::from_str::<Vec<Value>>(&listed).unwrap();
    let newest = newest.iter().find(|one| one["opened"] == today().to_string()).unwrap();
    step(&scratch, "drive", newest["id"].as_str().unwrap(), "void", "whole = true\nreason = \"记错了\"\n");
    assert_eq!(called(&days(&scratch)), ["第二宣传月"]);
    assert!(due(&scratch, &["--register", "drive", "--until", "2020-01-01"]).is_empty());
    scratch.is_sound();
}

#[test]
fn a_calendar_has_each_due_once_under_a_name_that_stays() {
    let scratch = site();
    let text = |name: &str| {
        scratch.yifa(&["due", "--ics", name]).done();
        std::fs::read_to_string(scratch.path().join(name)).unwrap()
    };
    let first = text("期限.ics");
    assert_eq!(first, text("再次.ics"));
    assert!(first.starts_with("BEGIN:VCALENDAR\r\n") && first.ends_with("\r\nEND:VCALENDAR\r\n"));
    let uids = |text: &str| -> BTreeSet<String> {
        let unfolded = text.replace("\r\n ", "");
        unfolded.lines().filter_map(|line| line.strip_prefix("UID:")).map(str::to_owned).collect()
    };
    let dues = due(&scratch, &[]).len();
    assert_eq!((uids(&first).len(), first.matches("BEGIN:VEVENT").count()), (dues, dues));
    // A corrected day moves the event and does not double it.
    let all = due(&scratch, &["--register", "errand"]);
    let bridge = all.iter().find(|due| due["called"] == "修桥").unwrap();
    let text_of = format!("of = \"{}\"\nreason = \"日期写错\"\n[fields]\non = 2026-03-03\n", bridge["said_by"]);
    step(&scratch, "errand", bridge["record"].as_str().unwrap(), "correct", &text_of);
    let moved = text("期限.ics");
    assert_ne!(first, moved);
    assert_eq!(uids(&first), uids(&moved));
    scratch.yifa(&["due", "--ics", "没有/期限.ics"]).refused(&["P712"]);
}

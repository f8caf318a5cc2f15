//! A county's server: its townships beside its own journal, and who sees what of them.

use yifa::accounts::Accounts;
use yifa::accounts::password::Password;
use yifa::ambient::{Ambient, System};
use yifa::folder::Folder;

use crate::client::{PASSWORD, Served};
use crate::support::{Ran, Scratch, copy_folder, demo};

const LEADER: &str = "on = TODAY\nperson = \"县某\"\nrole = \"leader\"\nreason = \"县司法局分工\"\n";

/// A figure of a township's own.
const OWN: &str = "\
[[figure]]
id    = \"villages\"
title = \"自己的村数\"
unit  = [\"个\"]
count = { register = \"village\", reached = \"found\" }
local = \"登记一个计一个\"
";

/// Where the county mirrors a third township, whose own data folder is `hs` and its last export `ex`.
const HUANGSHA: &str = "yifa-data/towns/huangsha";

fn init(scratch: &Scratch, data: &str, town: &str, origin: &str) {
    let args = ["--data", data, "init", "--town", town, "--county", "上犹县", "--origin", origin];
    scratch.yifa(&args).done();
}

/// A county with the demonstration and an empty township below it; a leader and an administrator of its own.
fn prepared() -> Scratch {
    let scratch = Scratch::new();
    init(&scratch, "yifa-data", "上犹县司法局", "example.gov.cn/360724");
    init(&scratch, "yifa-data/towns/qingshi", "青石乡", "example.gov.cn/360724/qingshi");
    copy_folder(demo(), &scratch.data().join("towns/wuzhifeng"));
    let password = format!("{PASSWORD}\n");
    let first = |data: &str, login: &str, name: &str| {
        let args = ["--data", data, "account", "first", "--login", login, "--name", name, "--sex", "女"];
        scratch.yifa_given(&args, password.as_bytes()).done();
    };
    first("yifa-data", "county", "县某");
    first("yifa-data/towns/qingshi", "qingshi", "乡某");
    scratch.write("leader.toml", LEADER.replace("TODAY", &yifa::ambient::today().to_string()).as_bytes());
    scratch.yifa(&["step", "grant", "new", "give", "--file", "leader.toml"]).done();
    let folder = Folder::open(&scratch.data()).expect("the county");
    let accounts = Accounts::open(&folder).expect("accounts");
    let password = Password::chosen(PASSWORD, &[]).expect("a password");
    accounts
        .make("nobody", "01890000-0000-7000-8000-000000000001", &password, false)
        .expect("an account without a grant");
    drop(accounts);
    scratch
}

fn county() -> Served {
    Served::start(prepared())
}

fn exported(scratch: &Scratch, to: &str) {
    scratch.yifa(&["--data", "hs", "journal", "export", to, "--contents"]).done();
}

fn mirror(scratch: &Scratch, more: &[&str]) -> Ran {
    scratch.yifa(&[&["--data", HUANGSHA, "mirror"], more].concat())
}

#[test]
fn a_number_over_all_townships_opens_to_each_and_to_its_entries() {
    let served = county();
    let mut leader = served.signed_in("county");
    let towns = leader.get("/towns");
    assert_eq!(towns.status, 200, "{}", towns.text);
    assert!(towns.text.contains("青石乡") && towns.text.contains("五指峰乡") && towns.text.contains("没有记入"));
    let figures = leader.get("/towns/figures?year=2023").text;
    assert!(figures.contains("286起") && figures.contains("1 / 2"), "{figures}");
    let figure = leader.get("/towns/figures/mediation.ended?year=2023").text;
    assert!(figure.contains("没有记入的乡镇：青石乡"), "{figure}");
    let opened = "/at/wuzhifeng/figures/mediation.ended/entries?year=2023";
    assert!(figure.contains(opened));
    let led = leader.get(opened);
    assert_eq!((led.status, led.header("location")), (303, "/figures/mediation.ended/entries?year=2023"));
    leader.at("wuzhifeng");
    let entries = leader.get("/figures/mediation.ended/entries?year=2023");
    assert!(entries.status == 200 && entries.text.contains("共 286 条记入") && entries.text.contains("县级，只查看"));
}

#[test]
fn whoever_comes_from_the_county_looks_and_does_nothing() {
    let served = county();
    let mut leader = served.signed_in("county");
    leader.at("qingshi");
    assert_eq!(leader.get("/registers").status, 200);
    let form = leader.post("/registers/village/new/set_up", &[("on", "2026-01-01"), ("name", "黄沙村")]);
    assert_eq!(form.status, 403, "{}", form.text);
    assert_eq!(leader.get("/admin").status, 403);
    assert_eq!(leader.get("/password").status, 403);
    // Whoever the county granted nothing sees nothing below it; nor does a session of one township open another.
    let mut nobody = served.signed_in("nobody");
    assert_eq!(nobody.get("/towns").status, 403);
    nobody.at("qingshi");
    assert_eq!(nobody.get("/figures").status, 403);
    let mut there = served.visitor();
    there.at("qingshi");
    let came = there.post("/sign-in", &[("login", "qingshi"), ("password", PASSWORD)]);
    assert_eq!(came.status, 303);
    assert_eq!(there.get("/").status, 200);
    there.at("wuzhifeng");
    assert_eq!(there.get("/").status, 303);
    there.at("-");
    assert_eq!(there.get("/towns").status, 303);
}

#[test]
fn machines_find_each_township_by_its_address() {
    let served = county();
    let mut visitor = served.visitor();
    assert_eq!(visitor.get("/at/qingshi/health").status, 200);
    // What a mirror asks for is each township's own, and here nobody has a token yet.
    assert_eq!(visitor.get("/at/qingshi/journal/feed/checkpoint").status, 404);
    assert_eq!(visitor.get("/at/qingshi/journal").status, 303);
    assert_eq!(visitor.get("/at/nowhere/health").status, 404);
    assert_eq!(visitor.get("/at/nowhere/").status, 404);
    visitor.at("-");
    let door = visitor.get("/sign-in").text;
    assert!(door.contains("/at/qingshi/") && door.contains("/at/wuzhifeng/"));
}

#[test]
fn a_mirror_is_looked_at_like_a_township_and_says_how_it_is_followed() {
    let scratch = prepared();
    init(&scratch, "hs", "黄沙乡", "example.gov.cn/360724/huangsha");
    exported(&scratch, "ex");
    let key = std::fs::read_to_string(scratch.path().join("ex/vkey")).unwrap();
    mirror(&scratch, &["ex", "--key", key.trim()]).done();
    let served = Served::start(scratch);
    let scratch = &served.scratch;
    let mut leader = served.signed_in("county");
    let towns = leader.get("/towns").text;
    assert!(towns.contains("黄沙乡") && towns.contains(" 同步") && !towns.contains("没有同步成功"), "{towns}");
    // It is followed while it is looked at, and what the township adopted meanwhile is known.
    scratch.write("village.toml", "on = 2026-01-01\nname = \"黄沙村\"\ncode = \"360724201201\"\n".as_bytes());
    scratch.yifa(&["--data", "hs", "step", "village", "new", "found", "--file", "village.toml"]).done();
    scratch.write("own/figures/own.toml", OWN.as_bytes());
    scratch.yifa(&["--data", "hs", "definitions", "adopt", "own", "--reason", "本地数字"]).done();
    exported(scratch, "ex2");
    mirror(scratch, &["ex2"]).done().says(&["逐条核验无误"]);
    leader.at("huangsha");
    let figure = leader.get("/figures/own.villages?year=2026");
    assert!(figure.status == 200 && figure.text.contains("自己的村数"), "{}", figure.text);
    assert!(leader.get("/registers/village").text.contains("黄沙村"));
    assert_eq!(leader.post("/registers/village/new/found", &[("on", "2026-01-01"), ("name", "村")]).status, 403);
    leader.at("-");
    // Nobody followed it for a while.
    let old = Ambient::now(&mut System) - 8 * 86_400_000;
    scratch.write(&format!("{HUANGSHA}/followed.toml"), format!("done = {old}\n").as_bytes());
    let db = rusqlite::Connection::open(scratch.path().join(HUANGSHA).join("journal.db")).unwrap();
    db.execute("UPDATE checkpoint SET signed_at = ?1", [old]).unwrap();
    drop(db);
    for path in ["/towns", "/towns/figures?year=2023", "/reports/annual/2023"] {
        let page = leader.get(path).text;
        assert!(page.contains("7 天没有同步成功的镜像：黄沙乡"), "{path}: {page}");
    }
    let figure = leader.get("/towns/figures/mediation.ended?year=2023").text;
    assert!(figure.contains("镜像落后的乡镇：黄沙乡"), "{figure}");
    let rollup = ["rollup", "mediation.ended", "2023", "--data-root", "yifa-data/towns"];
    scratch.yifa(&rollup).done().says(&["镜像 7 天没有同步成功，或者没有接受的，1 个", "上犹县黄沙乡：最后同步"]);
    // An old copy is refused, and the county is told until another is accepted.
    mirror(scratch, &["ex"]).refused(&["P743"]);
    let towns = leader.get("/towns").text;
    assert!(towns.contains("没有接受（P743）") && towns.contains("要当面查明的镜像：黄沙乡"), "{towns}");
    scratch.yifa(&rollup).done().says(&["没有接受：黄沙乡的日志只有", "（P743）"]);
    // A stick that is not there says nothing against anybody.
    mirror(scratch, &["nowhere"]).refused(&["P741"]);
    let towns = leader.get("/towns").text;
    assert!(towns.contains("没有同步成（P741）") && !towns.contains("要当面查明"), "{towns}");
    mirror(scratch, &["ex2"]).done();
    let towns = leader.get("/towns").text;
    assert!(!towns.contains("（P7") && !towns.contains("没有同步成功"), "{towns}");
    let rollup = scratch.yifa(&rollup).done().out;
    assert!(rollup.contains("其中镜像 1 个，最早的是 ") && !rollup.contains("没有同步成功"), "{rollup}");
}

#[test]
fn who_has_not_reported_is_told_by_the_year() {
    let served = county();
    let mut leader = served.signed_in("county");
    let check = |leader: &mut crate::client::Client, year: i16, words: &[&str]| {
        let towns = leader.get(&format!("/towns?year={year}")).text;
        for word in words {
            assert!(towns.contains(word), "{year} {word}: {towns}");
        }
    };
    check(&mut leader, 2023, &["2024-02-", "2023年度报告还没有报送的：青石乡<"]);
    // What was due before there was a journal is not called missed.
    let late = "2025年度报告逾期没有报送的：五指峰乡（演示数据）<";
    check(&mut leader, 2025, &["没有启动", late, "2025年度报告还没有报送的：青石乡<", "逾期，应在 2026-03-01 前"]);
    // Without a year it is the last that is over.
    let last = yifa::ambient::today().year() - 1;
    assert!(leader.get("/towns").text.contains(&format!("{last}年度报告还没有报送的")));
}

#[test]
fn a_rate_over_a_catalogue_counts_it_once_for_each_township() {
    let served = county();
    let mut leader = served.signed_in("county");
    let county = leader.get("/towns/figures/publicity.group_reach?year=2023").text;
    assert!(county.contains("<strong>35%</strong>"), "{county}");
    leader.at("wuzhifeng");
    let own = leader.get("/figures/publicity.group_reach?year=2023").text;
    assert!(own.contains(">69%<"), "{own}");
}

#[test]
fn the_county_reports_what_its_townships_add_up_to() {
    let served = county();
    let mut leader = served.signed_in("county");
    let page = leader.get("/reports/annual/2023");
    assert_eq!(page.status, 200, "{}", page.text);
    for words in [
        "上犹县2023年度法治政府建设情况报告",
        "2023年没有记入的乡镇：青石乡",
        "href=\"/towns/figures/mediation.ended?year=2023\"",
        "href=\"/at/wuzhifeng/figures/mediation.ended?year=2023\"",
        "中共××市委员会、××市人民政府",
    ] {
        assert!(page.text.contains(words), "{words}: {}", page.text);
    }
    for (form, kind) in [("docx", "wordprocessingml"), ("html", "text/html"), ("txt", "text/plain")] {
        let file = leader.get(&format!("/reports/annual/2023/file?form={form}"));
        assert!(file.status == 200 && file.header("content-type").contains(kind), "{form}");
    }
    assert!(leader.get("/reports").text.contains("/reports/annual/2023"));
    // Who sees nothing below the county sees nothing of its report either.
    let mut nobody = served.signed_in("nobody");
    assert_eq!(nobody.get("/reports/annual/2023").status, 403);
}

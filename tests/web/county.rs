//! A county's server: its townships beside its own journal, and who sees what of them.

use yifa::accounts::Accounts;
use yifa::accounts::password::Password;
use yifa::folder::Folder;

use crate::client::{PASSWORD, Served};
use crate::support::{Scratch, copy_folder, demo};

const LEADER: &str = "on = TODAY\nperson = \"县某\"\nrole = \"leader\"\nreason = \"县司法局分工\"\n";

/// A county with the demonstration and an empty township below it; a leader and an administrator of its own.
fn county() -> Served {
    let scratch = Scratch::new();
    let init = |data: &str, town: &str, origin: &str| {
        let args = ["--data", data, "init", "--town", town, "--county", "上犹县", "--origin", origin];
        scratch.yifa(&args).done();
    };
    init("yifa-data", "上犹县司法局", "example.gov.cn/360724");
    init("yifa-data/towns/qingshi", "青石乡", "example.gov.cn/360724/qingshi");
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
    Served::start(scratch)
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

//! A county's server that is not as it has to be: one clear answer each, and nothing is begun.

use crate::support::{CASE, Ran, Scratch, postgres};

/// A township about to be made at this address.
fn init(scratch: &Scratch, url: &str) -> Ran {
    let origin = "example.gov.cn/360724/qingshi";
    scratch.yifa(&["init", "--town", "青石乡", "--county", "上犹县", "--origin", origin, "--database", url])
}

#[test]
fn an_address_that_leads_nowhere_is_told_with_what_to_do() {
    let scratch = Scratch::new();
    let check = |url: &str, words: &[&str]| {
        init(&scratch, url).refused(words);
        assert!(!scratch.data().exists(), "{url}: nothing is left behind");
    };
    check("mysql://yifa@localhost/yifa", &["P760", "postgres://"]);
    check("postgres://localhost/yifa", &["P760", "没有用户名"]);
    check("postgres://yifa@127.0.0.1:1/yifa", &["P761", "连不上"]);
    check("postgres://yifa:geheim@127.0.0.1:1/yifa", &["P761", "postgres://yifa@127.0.0.1:1/yifa"]);
    check("postgres://yifa@10.255.255.1/yifa", &["P763", "sslrootcert"]);
    check("postgres://yifa@127.0.0.1:1/yifa?sslrootcert=none.pem", &["P763", "none.pem"]);
}

#[test]
fn a_database_that_is_not_as_it_has_to_be_is_not_begun_with() {
    if postgres::server_alone("a_database_that_is_not_as_it_has_to_be_is_not_begun_with") {
        return;
    }
    let scratch = Scratch::new();
    let url = postgres::fresh().expect("a database");
    let owner = postgres::as_owner(&url);
    // Who may change the journal is not let near it.
    init(&scratch, &owner).refused(&["P768", "只许增加"]);
    postgres::run(&url, "UPDATE yifa_schema SET ended_at = NULL");
    init(&scratch, &url).refused(&["P765", "只做了一半"]);
    scratch.yifa(&["database", "prepare", &owner]).done().says(&["接着做完"]);
    postgres::run(&url, "INSERT INTO yifa_schema (version, began_at, ended_at) VALUES (99, now(), now())");
    init(&scratch, &url).refused(&["P765", "更新版本"]);
    scratch.yifa(&["database", "prepare", &owner]).refused(&["P765", "更新版本"]);
    postgres::run(&url, "DELETE FROM yifa_schema");
    init(&scratch, &url).refused(&["P764", "yifa database prepare"]);
    postgres::drop_database(&url);
    init(&scratch, &url).refused(&["P762", "没有"]);
    assert!(!scratch.data().exists());
}

#[test]
fn making_ready_tells_first_and_needs_the_order_of_texts_and_the_role() {
    if postgres::server_alone("making_ready_tells_first_and_needs_the_order_of_texts_and_the_role") {
        return;
    }
    let scratch = Scratch::new();
    let url = postgres::fresh().expect("a database");
    let owner = postgres::as_owner(&url);
    let told = scratch.yifa(&["database", "prepare", &owner, "--dry-run"]).done();
    told.says(&["GRANT SELECT, INSERT ON entry TO yifa", "pg_dump", "没有做"]);
    scratch.yifa(&["database", "prepare", &owner, "--role", "nobody"]).refused(&["P767", "createuser"]);
    scratch.yifa(&["database", "prepare", &owner, "--role", "x; DROP TABLE entry"]).refused(&["P767"]);
    postgres::run(&url, "CREATE RULE quiet AS ON DELETE TO flag DO INSTEAD NOTHING");
    init(&scratch, &url).refused(&["P765", "改写规则"]);
    postgres::drop_database(&url);
}

#[test]
fn a_step_waits_for_a_server_that_is_started_again_and_is_there_once() {
    if postgres::server_alone("a_step_waits_for_a_server_that_is_started_again_and_is_there_once") {
        return;
    }
    let scratch = Scratch::township();
    scratch.write("case.toml", CASE.as_bytes());
    let url = postgres::of_folder(&scratch.data()).expect("a database");
    let before = scratch.entries();
    // Connections are cut again and again while somebody records: each step is there once.
    let step = ["step", "mediation_case", "new", "register", "--file", "case.toml"];
    for _ in 0..5 {
        let child = scratch.command(&step).spawn().expect("a step");
        postgres::disconnect(&url);
        Ran::of(child.wait_with_output().expect("its end")).says(&[]);
    }
    scratch.yifa(&step).done();
    let after = scratch.entries();
    assert!(after > before && after <= before + 6, "{before} {after}");
    scratch.is_sound();
}

//! The journal in the browser, and the definitions everybody may read.

use std::io::{Cursor, Read};
use std::time::{Duration, Instant};

use engine::day::Day;
use engine::law::{Instrument, Shape};

use yifa::storage::params;

use crate::client::{Client, Served, township};
use crate::support::Ask;

/// Looks at the journal until no verification runs.
fn verified(client: &mut Client) -> String {
    assert_eq!(client.post("/journal/verify", &[]).status, 303);
    let began = Instant::now();
    loop {
        let page = client.get("/journal");
        assert_eq!(page.status, 200);
        match page.header("refresh") {
            "" => return page.text,
            again => assert!(again.starts_with("2; url=/journal") && page.text.contains("<progress")),
        }
        assert!(began.elapsed() < Duration::from_secs(60), "a verification ends");
    }
}

#[test]
fn a_verification_says_what_it_found_and_when_and_names_what_was_changed() {
    let served = Served::demo();
    let mut inspector = served.signed_in("inspector");
    assert!(inspector.get("/journal").text.contains("还没有核验过"));
    let entries = served.scratch.entries();
    let page = verified(&mut inspector);
    assert!(page.contains(&format!("{entries} 条记入")) && page.contains("没有不符"), "{page}");
    let log = inspector.get("/admin/log?kind=verify").text;
    assert!(log.contains("没有不符") && log.contains("（inspector）"), "{log}");

    let sql = "UPDATE payload SET body = replace(body, '\"on\":\"2023', '\"on\":\"2022') WHERE town_id = $1 AND idx = \
               (SELECT min(idx) FROM payload WHERE town_id = $1 AND body LIKE '%\"on\":\"2023%')";
    assert_eq!(served.scratch.db().change(sql, params![]), 1);
    let page = verified(&mut inspector);
    assert!(page.contains("1 处不符") && page.contains("报县司法局"), "{page}");
    assert!(page.contains("<li>第 ") && page.contains("/on</code>"), "names entry and field: {page}");
}

#[test]
fn the_journal_is_taken_away_as_a_file_by_who_may_and_that_is_written_down() {
    let served = Served::demo();
    let check = |login: &str, looks: u16, takes: u16| {
        let mut client = served.signed_in(login);
        assert_eq!(client.get("/journal").status, looks, "{login} looks");
        assert_eq!(client.get("/journal/print").status, looks, "{login} prints");
        assert_eq!(client.post("/journal/export", &[]).status, takes, "{login} takes away");
    };
    check("village_a", 403, 403);
    check("admin", 200, 403);
    check("reviewer", 200, 403);
    check("leader", 200, 200);
    let mut inspector = served.signed_in("inspector");
    let note = std::fs::read_to_string(served.scratch.data().join("signed/checkpoint")).expect("a checkpoint");
    let print = inspector.get("/journal/print");
    assert!(print.text.contains("<svg") && print.text.contains(note.lines().nth(2).expect("a root")));
    let file = inspector.download("/journal/export", &[]);
    let mut zip = zip::ZipArchive::new(Cursor::new(file)).expect("a zip");
    let mut text = String::new();
    zip.by_name("checkpoint").expect("a checkpoint").read_to_string(&mut text).expect("read");
    assert_eq!(text, note);
    let names: Vec<String> = zip.file_names().map(|name| name.expect("a name").into_owned()).collect();
    assert!(names.iter().any(|name| name == "vkey"));
    assert!(
        names.iter().any(|name| name.starts_with("tile/0/"))
            && names.iter().any(|name| name.starts_with("tile/entries/"))
    );
    assert!(!names.iter().any(|name| name.starts_with("payloads/")), "no contents");
    assert!(inspector.get("/admin/log?kind=export").text.contains("日志，"));
    let left = std::fs::read_dir(served.scratch.data().join("incoming")).expect("the folder").count();
    assert_eq!(left, 0, "nothing stays behind");
}

#[test]
fn every_definition_is_a_page_for_everybody_with_its_path_steps_and_law() {
    let served = Served::demo();
    let mut village = served.signed_in("village_a");
    let index = village.get("/definitions").text;
    let set = yifa::sets::check(&yifa::sets::shipped()).expect("the shipped set");
    for register in set.registers.values() {
        let path = format!("/definitions/{}", register.id.value);
        assert!(index.contains(&format!("href=\"{path}\"")), "{path} is listed");
        let page = village.get(&path);
        assert_eq!(page.status, 200, "{path}");
        for step in &register.steps {
            assert!(page.text.contains(&format!("id=\"step-{}\"", step.id.value)), "{path}: {}", step.title);
        }
        assert!(page.text.contains("<svg class=\"path\"") && !page.text.contains("style="), "{path}");
    }
    let page = village.get("/definitions/mediation_case").text;
    assert!(page.contains("应当") && page.contains("id=\"bar-declined_session\"") && page.contains("待核"));
    assert!(page.contains("href=\"/definitions\"") && !page.contains("href=\"/journal\""), "no way to what is not his");
    assert_eq!(village.get("/definitions/nothing").status, 404);
    assert_eq!(served.visitor().get("/definitions").status, 303);
    let glossary = village.get("/glossary").text;
    assert!(glossary.contains("检查点") && glossary.contains("checkpoint") && glossary.contains("人民调解案件"));
}

/// A number below a hundred as articles write it.
fn numeral(number: u16) -> String {
    let digits: Vec<char> = "一二三四五六七八九".chars().collect();
    let digit = |n: u16| digits.get(usize::from(n).wrapping_sub(1)).map_or(String::new(), char::to_string);
    let tens = if number < 20 { String::new() } else { digit(number / 10) };
    format!("{tens}{}{}", if number < 10 { "" } else { "十" }, digit(number % 10))
}

/// A text of made-up words in the shape of a law.
fn made_up(law: &Instrument) -> String {
    let version = law.versions.last().expect("a version");
    let Shape::Known(articles) = &version.shape else { panic!("a known shape") };
    let mut text = format!("# {}\n\n{} 施行\n\n", law.title, version.from.map_or(String::new(), chinese));
    for article in articles {
        text += &format!("第{}条　", numeral(article.number));
        for (nth, items) in article.paragraphs.iter().enumerate() {
            text += if items.is_empty() { "这一款的话。\n\n" } else { "有下列各项：\n\n" };
            for item in 1..=items.len() as u16 {
                text += &format!("（{}）第{}款的事{item}；\n\n", numeral(item), nth + 1);
            }
        }
    }
    text
}

fn chinese(day: Day) -> String {
    format!("{}年{}月{}日", day.year(), day.month(), day.of_month())
}

#[test]
fn an_article_stands_in_place_where_the_site_imported_its_text() {
    let scratch = township();
    let set = yifa::sets::check(&yifa::sets::shipped()).expect("the shipped set");
    scratch.write("texts/law.md", made_up(set.laws.find("个人信息保护法").expect("the law")).as_bytes());
    scratch.yifa(&["laws", "import", "texts"]).done();
    let served = Served::start(scratch);
    let page = served.signed_in("clerk").get("/definitions/grant").text;
    assert!(page.contains("<details class=\"article\"><summary class=\"law\">《个人信息保护法》"), "{page}");
    assert!(page.contains("第1款的事4"), "the item that is cited");
    assert!(!page.contains("第1款的事3"), "and no other");
}

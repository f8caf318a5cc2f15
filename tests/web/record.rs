//! A record's pages: what each role sees of it, what stays masked, what is struck, what comes next, what proves it.

use std::collections::BTreeSet;
use std::io::{Cursor, Read};

use engine::act::Act;
use engine::value::Fields;
use journal::bundle::{Disclosure, leaf_path, payload_path, proof_path};
use journal::id::Id;
use yifa::ambient::System;
use yifa::append::{Draft, Writer, current_keys};
use yifa::attachment;
use yifa::folder::Folder;

use yifa::storage::{Value, params};

use crate::client::{Client, Page, Served};
use crate::filled::village_of;
use crate::support::{Ask, Scratch};

/// What stands below a record.
const BELOW: &[&str] = &["", "/print", "/proof", "/proof.zip", "/compare", "/opinions"];

/// One text out of the database.
pub fn one(scratch: &Scratch, sql: &str, with: &[&str]) -> String {
    let with: Vec<Value<'_>> = with.iter().map(|text| Value::from(*text)).collect();
    scratch.db().value(sql, &with)
}

/// Texts out of the database.
fn all(scratch: &Scratch, sql: &str, with: &[&str]) -> Vec<String> {
    let with: Vec<Value<'_>> = with.iter().map(|text| Value::from(*text)).collect();
    scratch.db().values(sql, &with)
}

/// A record of a register in which an entry of some kind stands.
fn with_entry(scratch: &Scratch, register: &str, kind: &str) -> String {
    let sql = "SELECT r.id FROM record r JOIN entry e ON e.town_id = r.town_id AND e.record = r.id \
               WHERE r.town_id = $1 AND r.register = $2 AND e.kind = $3 AND r.state <> 'void' ORDER BY r.first_idx LIMIT 1";
    one(scratch, sql, &[register, kind])
}

/// The personal values of a record, as words that could be found in a page.
fn personal(scratch: &Scratch, record: &str) -> Vec<String> {
    let sql = "SELECT s.value FROM sealed s JOIN entry e ON e.town_id = s.town_id AND e.idx = s.idx \
               WHERE s.town_id = $1 AND e.record = $2 ORDER BY s.idx, s.field";
    let values = all(scratch, sql, &[record]);
    let texts = values.iter().flat_map(|value| match serde_json::from_str(value).unwrap() {
        serde_json::Value::Array(texts) => texts,
        text => vec![text],
    });
    texts.map(|text| text.as_str().expect("a text").to_owned()).collect()
}

pub fn at(register: &str, record: &str, below: &str) -> String {
    format!("/registers/{register}/{record}{below}")
}

#[track_caller]
fn holds_none(page: &Page, secrets: &[String], place: &str) {
    for secret in secrets {
        assert!(!page.text.contains(secret.as_str()), "{place} shows {secret}");
    }
}

#[test]
fn each_sees_of_a_record_what_is_his_and_nobody_a_personal_value() {
    let served = Served::demo();
    let scratch = &served.scratch;
    let case = with_entry(scratch, "mediation_case", "correct");
    let secrets = personal(scratch, &case);
    assert!(secrets.len() > 5, "{secrets:?}");
    let first = one(scratch, "SELECT first_idx || '' FROM record WHERE town_id = $1 AND id = $2", &[&case]);
    for (login, sees) in [
        ("mediator", true),
        ("clerk", true),
        ("leader", true),
        ("inspector", true),
        ("reviewer", false),
        ("adviser", false),
        ("village_a", false),
        ("admin", false),
    ] {
        let mut client = served.signed_in(login);
        for below in BELOW {
            let page = client.get(&at("mediation_case", &case, below));
            assert_eq!(page.status, if sees { 200 } else { 404 }, "{login} {below}");
            holds_none(&page, &secrets, &format!("{login} {below}"));
        }
        // A case has no meeting.
        assert_eq!(client.get(&at("mediation_case", &case, "/meeting")).status, 404, "{login}");
        // Only whoever may write a value may look at it.
        let page = client.get(&at("mediation_case", &case, &format!("/entries/{first}/personal")));
        let status = match login {
            "mediator" | "clerk" => 200,
            _ if sees => 403,
            _ => 404,
        };
        assert_eq!(page.status, status, "{login}");
        holds_none(&page, &secrets, login);
        // Another register's name for it opens nothing.
        assert_eq!(client.get(&at("petition", &case, "")).status, 404, "{login}");
    }
    let text = served.signed_in("inspector").get(&at("mediation_case", &case, "")).text;
    assert!(!text.contains("/personal\"") && !text.contains("/correct\"") && !text.contains("/steps/"), "{text}");
}

#[test]
fn a_village_sees_its_own_records_and_no_trace_of_the_others() {
    let served = Served::demo();
    let scratch = &served.scratch;
    let (own, other) = (village_of(&served, "village_a"), village_of(&served, "village_b"));
    assert_ne!(own, other);
    let mut village = served.signed_in("village_a");
    for register in ["mediation_committee", "mediator", "publicity_event", "screening", "legal_savvy", "neighbour"] {
        let touching = "SELECT v.record FROM record_village v \
                        JOIN record r ON r.town_id = v.town_id AND r.id = v.record \
                        WHERE v.town_id = $1 AND r.register = $2 AND v.village = $3 ORDER BY v.record";
        let mine: BTreeSet<String> = all(scratch, touching, &[register, &own]).into_iter().collect();
        let theirs: BTreeSet<String> = all(scratch, touching, &[register, &other]).into_iter().collect();
        for record in mine.iter().take(2) {
            assert_eq!(village.get(&at(register, record, "")).status, 200, "{register}");
        }
        for record in theirs.difference(&mine).take(2) {
            let entry = one(scratch, "SELECT first_idx || '' FROM record WHERE town_id = $1 AND id = $2", &[record]);
            let file = "0".repeat(64);
            let below = [format!("/entries/{entry}/personal"), format!("/files/{file}"), "/meeting".to_owned()];
            for below in BELOW.iter().copied().chain(below.iter().map(String::as_str)) {
                assert_eq!(village.get(&at(register, record, below)).status, 404, "{register} {below}");
            }
            let posted =
                village.post(&at(register, record, &format!("/entries/{entry}/personal")), &[("reason", "想看一看")]);
            assert_eq!(posted.status, 404, "{register}");
        }
    }
    // What is shared with another village is his to read and not his to take back.
    for (shared, status) in [(true, 403), (false, 200)] {
        let sql = "SELECT v.record FROM record_village v JOIN record r ON r.town_id = v.town_id AND r.id = v.record \
                   WHERE v.town_id = $1 AND r.register = 'publicity_event' AND v.village = $2 AND \
                   ((SELECT count(*) FROM record_village o WHERE o.town_id = $1 AND o.record = v.record) > 1) \
                   = ($3 = 'true') ORDER BY v.record";
        let record = one(scratch, sql, &[&own, &shared.to_string()]);
        let entry = one(scratch, "SELECT first_idx || '' FROM record WHERE town_id = $1 AND id = $2", &[&record]);
        let page = village.get(&at("publicity_event", &record, ""));
        let offered = page.text.contains("/void\"") || page.text.contains("/correct\"");
        assert_eq!((page.status, offered), (200, !shared), "{shared}");
        for below in ["/void".to_owned(), format!("/entries/{entry}/void"), format!("/entries/{entry}/correct")] {
            assert_eq!(village.get(&at("publicity_event", &record, &below)).status, status, "{shared} {below}");
        }
    }
    // What refers to a record he sees is told by number alone where he may not see it.
    let page = village.get(&at("village", &own, ""));
    assert!(page.text.contains("个不在您能看的范围里"), "{}", page.text);
    let hidden = "SELECT coalesce(r.number, r.title) FROM record r \
                  JOIN link l ON l.town_id = r.town_id AND l.record = r.id \
                  WHERE r.town_id = $1 AND l.target = $2 AND r.register IN ('mediation_case', 'petition')";
    holds_none(&page, &all(scratch, hidden, &[&own]), "the page of a village");
    // And what a record he sees refers to.
    let naming = "SELECT l.record || ' ' || l.target FROM link l \
                  JOIN record r ON r.town_id = l.town_id AND r.id = l.record \
                  JOIN record c ON c.town_id = l.town_id AND c.id = l.target WHERE l.town_id = $1 AND r.register = 'screening' AND c.register = 'mediation_case'";
    let named = all(scratch, naming, &[]);
    assert!(!named.is_empty());
    let mut adviser = served.signed_in("adviser");
    for pair in named {
        let (screening, case) = pair.split_once(' ').unwrap();
        let number = one(scratch, "SELECT number FROM record WHERE town_id = $1 AND id = $2", &[case]);
        let page = village.get(&at("screening", screening, ""));
        if page.status == 200 {
            assert!(
                page.text.contains("（人民调解案件，您不能查看）") && !page.text.contains(&number),
                "{}",
                page.text
            );
        }
        assert_eq!(adviser.get(&at("screening", screening, "")).status, 404);
        let page = served.signed_in("clerk").get(&at("screening", screening, ""));
        assert!(page.text.contains(&number), "the clerk sees it by its number");
    }
}

#[test]
fn whoever_looks_at_personal_values_says_why_and_it_is_told() {
    let served = Served::demo();
    let scratch = &served.scratch;
    let case = with_entry(scratch, "mediation_case", "correct");
    let sql = "SELECT s.idx || '' FROM sealed s JOIN entry e ON e.town_id = s.town_id AND e.idx = s.idx \
               WHERE s.town_id = $1 AND e.record = $2 AND s.field = 'form' ORDER BY s.idx LIMIT 1";
    let entry = one(scratch, sql, &[&case]);
    let value = |field: &str| {
        let sql = "SELECT value FROM sealed WHERE town_id = $1 AND idx = CAST($2 AS BIGINT) AND field = $3";
        let value = one(scratch, sql, &[&entry, field]);
        serde_json::from_str::<serde_json::Value>(&value).unwrap()
    };
    let party = value("parties")[0].as_str().unwrap().to_owned();
    let file = value("form").as_str().unwrap().to_owned();
    let url = at("mediation_case", &case, &format!("/entries/{entry}/personal"));
    let log = || {
        let sql = "SELECT what, reason FROM access WHERE town_id = $1 AND kind = 'read' ORDER BY at, id";
        let read = |row: &yifa::storage::Row<'_>| Ok((row.get::<String>(0)?, row.get::<String>(1)?));
        scratch.accounts().rows(sql, params![], read).unwrap()
    };
    let mut mediator = served.signed_in("mediator");
    for reason in ["", "看", "   "] {
        let page = mediator.post(&url, &[("reason", reason)]);
        assert_eq!(page.status, 422, "{reason:?}");
        assert!(page.text.contains("P820") && !page.text.contains(&party));
    }
    let page = mediator.post(&url, &[("reason", &"查".repeat(501))]);
    assert!(page.status == 422 && !page.text.contains(&party), "{}", page.text);
    assert!(page.text.contains("P820") && page.text.contains("理由太长：有 501 个字，最多 500 个字"), "{}", page.text);
    assert_eq!(served.signed_in("leader").post(&url, &[("reason", "电话回访履行情况")]).status, 403);
    assert_eq!(mediator.post_plain(&url, &[("reason", "电话回访履行情况")], &[]).status, 422, "a form of nobody's");
    assert_eq!(log(), [], "nothing was shown, so nothing is written down");

    let page = mediator.post(&url, &[("reason", "电话回访履行情况")]);
    assert_eq!(page.status, 200);
    assert!(page.text.contains(&party) && page.header("cache-control") == "no-store");
    let told = log();
    assert_eq!(told.len(), 1);
    assert!(told[0].0.contains("当事人") && told[0].1 == "电话回访履行情况" && !told[0].0.contains(&party), "{told:?}");

    // A sealed file is not had by its hash, only for a reason.
    assert_eq!(mediator.get(&at("mediation_case", &case, &format!("/files/{file}"))).status, 404);
    let page = mediator.post(&url, &[("reason", "补装卷宗"), ("file", &file)]);
    assert_eq!((page.status, page.header("x-content-type-options")), (200, "nosniff"));
    assert!(page.header("content-disposition").starts_with("attachment"));
    let another = "SELECT value FROM sealed WHERE town_id = $1 AND field = 'paper' ORDER BY idx LIMIT 1";
    let another: String = serde_json::from_str(&one(scratch, another, &[])).unwrap();
    assert_eq!(mediator.post(&url, &[("reason", "补装卷宗"), ("file", &another)]).status, 404);
    assert_eq!(log().len(), 2);

    for (login, told) in [("mediator", true), ("leader", true), ("inspector", true)] {
        let page = served.signed_in(login).get(&at("mediation_case", &case, ""));
        assert_eq!(page.text.contains("电话回访履行情况") && page.text.contains("廖德厚"), told, "{login}");
        assert!(!page.text.contains("导出过本登记簿"), "{login}");
    }

    // Whoever took the register away stands apart, without his reason, and only where the record was there by then.
    let path = "/registers/mediation_case/export?format=csv";
    assert_eq!(served.signed_in("clerk").post(path, &[("reason", "市局案卷评查")]).status, 200);
    let page = served.signed_in("leader").get(&at("mediation_case", &case, ""));
    let (readings, exports) = page.text.split_once("导出过本登记簿个人信息的").expect("a list of its own");
    assert!(exports.contains("（不一定含本案卷）") && !page.text.contains("市局案卷评查"), "{}", page.text);
    let exports = exports.split("</section>").next().unwrap();
    assert_eq!(exports.matches("<li>").count(), 1, "{exports}");
    assert!(exports.contains(crate::filled::person_of("clerk")), "{exports}");
    assert!(readings.contains("电话回访履行情况"));
    let later = crate::filled::opened(&served, &mut mediator);
    let page = served.signed_in("leader").get(&later);
    assert!(page.status == 200 && !page.text.contains("导出过本登记簿"), "{}", page.text);
}

/// Adds an attachment to a record.
fn attach(scratch: &Scratch, register: &str, record: &str, name: &str, bytes: &[u8]) -> String {
    let path = scratch.write("file", bytes);
    let folder = Folder::open(&scratch.data()).unwrap();
    let file = attachment::store(&folder, &path).unwrap();
    let actor: Id = one(
        scratch,
        "SELECT id FROM record WHERE town_id = $1 AND register = 'person' ORDER BY opened, first_idx LIMIT 1",
        &[],
    )
    .parse()
    .unwrap();
    let act = Act::Attach {
        register: register.to_owned(),
        record: record.to_owned(),
        file: file.clone(),
        name: name.to_owned(),
        bytes: bytes.len() as u64,
        of: None,
    };
    let writer = Writer::start(folder, Box::new(System)).unwrap();
    writer.append(vec![Draft { id: None, actor, act, sealed: Fields::new(), based_on: None }]).unwrap();
    writer.stop().unwrap();
    file
}

#[test]
fn a_file_is_sent_by_the_record_that_names_it_and_never_runs() {
    let scratch = Scratch::demo();
    let event = one(
        &scratch,
        "SELECT id FROM record WHERE town_id = $1 AND register = 'publicity_event' ORDER BY opened, first_idx LIMIT 1",
        &[],
    );
    let png = b"\x89PNG\r\n\x1a\n and what follows";
    let picture = attach(&scratch, "publicity_event", &event, "现场.png", png);
    let script = attach(&scratch, "publicity_event", &event, "看我.png", b"<script>alert(1)</script>");
    let served = Served::people(scratch);
    let mut clerk = served.signed_in("clerk");
    let page = clerk.get(&at("publicity_event", &event, ""));
    assert!(page.text.contains("现场.png") && page.text.contains("字节"), "{}", page.text);
    let file = |hash: &str| at("publicity_event", &event, &format!("/files/{hash}"));
    let check = |page: &Page, kind: &str, shown: bool| {
        assert_eq!((page.status, page.header("content-type")), (200, kind));
        assert_eq!(page.header("x-content-type-options"), "nosniff");
        assert_eq!(
            page.header("content-disposition").starts_with("inline"),
            shown,
            "{}",
            page.header("content-disposition")
        );
    };
    check(&clerk.get(&file(&picture)), "image/png", false);
    check(&clerk.get(&format!("{}?shown=1", file(&picture))), "image/png", true);
    // What its name says is a picture is a page by its bytes, and is not shown as anything.
    check(&clerk.get(&file(&script)), "text/plain; charset=utf-8", false);
    check(&clerk.get(&format!("{}?shown=1", file(&script))), "text/plain; charset=utf-8", false);
    let other = one(
        &served.scratch,
        "SELECT id FROM record WHERE town_id = $1 AND register = 'publicity_event' AND id <> $2 ORDER BY opened, first_idx LIMIT 1",
        &[&event],
    );
    for url in [
        at("publicity_event", &other, &format!("/files/{picture}")),
        at("mediation_case", &event, &format!("/files/{picture}")),
        file(&"0".repeat(64)),
        file("..%2Fyifa.toml"),
        file("..%2Flog.key"),
    ] {
        assert_eq!(clerk.get(&url).status, 404, "{url}");
    }
    assert_eq!(served.signed_in("mediator").get(&file(&picture)).status, 404, "not a register of his");
}

#[test]
fn what_was_corrected_voided_or_barred_is_shown_beside_what_it_is_about() {
    let scratch = Scratch::demo();
    // A party declines; what must not be done from then on is told with the article, in the words that were imported.
    let committee = one(
        &scratch,
        "SELECT title FROM record WHERE town_id = $1 AND register = 'mediation_committee' ORDER BY opened, first_idx LIMIT 1",
        &[],
    );
    let village = one(
        &scratch,
        "SELECT title FROM record WHERE town_id = $1 AND register = 'village' ORDER BY opened, first_idx LIMIT 1",
        &[],
    );
    let opened = format!(
        "on = 2024-06-03\ncommittee = \"{committee}\"\norigin = \"当事人申请\"\nvillages = [\"{village}\"]\n\
         dispute = \"邻里\"\nparties = [\"甲某某\", \"乙某某\"]\nfacts = \"排水沟不通\"\n"
    );
    scratch.write("登记.toml", opened.as_bytes());
    scratch.write("拒绝.toml", "on = 2024-06-04\ndeclined_by = \"乙某某\"\n".as_bytes());
    scratch.yifa(&["step", "mediation_case", "new", "register", "--file", "登记.toml"]).done();
    let newest =
        "SELECT id FROM record WHERE town_id = $1 AND register = 'mediation_case' ORDER BY first_idx DESC LIMIT 1";
    let declined = one(&scratch, newest, &[]);
    scratch.yifa(&["step", "mediation_case", &declined, "decline", "--file", "拒绝.toml"]).done();
    scratch.yifa(&["step", "mediation_case", "new", "register", "--file", "登记.toml"]).done();
    let voided = one(&scratch, newest, &[]);
    scratch.yifa(&["step", "mediation_case", &voided, "decline", "--file", "拒绝.toml"]).done();
    let entry = one(&scratch, "SELECT max(idx) || '' FROM entry WHERE town_id = $1", &[]);
    scratch.write("作废.toml", format!("of = {entry}\nreason = \"记错了案卷\"\n").as_bytes());
    scratch.yifa(&["step", "mediation_case", &voided, "void", "--file", "作废.toml"]).done();
    scratch.write("文本/人民调解法.md", made_up("人民调解法").as_bytes());
    scratch.yifa(&["laws", "import", "文本"]).done();
    let served = Served::people(scratch);
    let mut mediator = served.signed_in("mediator");
    let show = |client: &mut Client, record: &str| {
        let page = client.get(&at("mediation_case", record, ""));
        assert_eq!(page.status, 200);
        page.text
    };

    let text = show(&mut mediator, &declined);
    let next = &text[text.find("id=\"next\"").unwrap()..text.find("id=\"timeline\"").unwrap()];
    for words in ["不得", "受理并确定调解员", "当事人一方明确拒绝调解的，不得调解", "《人民调解法》第十七条"]
    {
        assert!(next.contains(words), "{words}: {next}");
    }
    assert!(next.contains("演示条文第十七条之一段"), "the article stands in place: {next}");
    assert!(!next.contains("/steps/assign\""), "what is ours and barred is no button: {next}");
    assert!(text.contains("补录"), "recorded long after it happened");

    let corrected = with_entry(&served.scratch, "mediation_case", "correct");
    let text = show(&mut mediator, &corrected);
    for words in ["<del>164500元</del>", "<ins>16450元</ins>", "金额录入时多写了一个零", "已更正"] {
        assert!(text.contains(words), "{words}");
    }
    let text = show(&mut mediator, &voided);
    for words in ["<h3><del>当事人拒绝</del>", "已作废", "记错了案卷", "<del>"] {
        assert!(text.contains(words), "struck through and kept: {words}");
    }

    // An open question is answered by whoever may write; a flag stands at its step.
    let asked = "SELECT record FROM question WHERE town_id = $1 AND answered_by IS NULL AND record IN \
                 (SELECT id FROM record WHERE town_id = $1 AND register = 'mediation_case') ORDER BY record, id LIMIT 1";
    let asked = one(&served.scratch, asked, &[]);
    let text = show(&mut mediator, &asked);
    assert!(text.contains("/questions/omitted:") && text.contains("标记 · 漏步骤"), "{text}");
    let text = show(&mut served.signed_in("leader"), &asked);
    assert!(text.contains("尚未答复") && !text.contains("/questions/"), "{text}");
}

/// A text of the shape a law has, with no word of the law in it.
fn made_up(title: &str) -> String {
    const DIGITS: [&str; 10] = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    let numeral = |n: usize| match (n / 10, n % 10) {
        (0, one) => DIGITS[one].to_owned(),
        (1, one) => format!("十{}", DIGITS[one]),
        (ten, one) => format!("{}十{}", DIGITS[ten], DIGITS[one]),
    };
    let path = format!("{}/../../laws/{title}.toml", env!("CARGO_MANIFEST_DIR"));
    let law: toml::Table = toml::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let version = &law["version"].as_array().unwrap()[0];
    let mut text = format!("# {}\n\n", law["title"].as_str().unwrap());
    for (nth, paragraphs) in version["articles"].as_array().unwrap().iter().enumerate() {
        let name = format!("第{}条", numeral(nth + 1));
        for (at, items) in paragraphs.as_array().unwrap().iter().enumerate() {
            let items = items.as_integer().unwrap();
            let opens = if at == 0 { format!("{name}　") } else { String::new() };
            let end = if items > 0 { "：" } else { "。" };
            text.push_str(&format!("{opens}演示条文{name}之{}段{end}\n\n", numeral(at + 1)));
            for item in 1..=items as usize {
                text.push_str(&format!("（{}）演示的一项；\n\n", numeral(item)));
            }
        }
    }
    text
}

#[test]
fn the_proof_of_a_record_is_believed_elsewhere_and_a_changed_entry_is_not() {
    let served = Served::demo();
    let scratch = &served.scratch;
    let case = with_entry(scratch, "mediation_case", "correct");
    let mut clerk = served.signed_in("clerk");
    let page = clerk.get(&at("mediation_case", &case, "/proof"));
    assert!(page.text.contains("都在已经签署的日志里") && page.text.contains("不能证明"), "{}", page.text);

    let folder = Folder::open(&scratch.data()).unwrap();
    let entries = all(scratch, "SELECT idx || '' FROM entry WHERE town_id = $1 AND record = $2 ORDER BY idx", &[&case]);
    let zip = clerk.bytes(&at("mediation_case", &case, "/proof.zip"));
    let keys = current_keys(&folder).unwrap();
    assert_eq!(journal::bundle::open(&zip, &keys[0]).expect("believed").entries.len(), entries.len());
    let mut zip = zip::ZipArchive::new(Cursor::new(zip)).unwrap();
    let mut part = |name: &str| {
        let mut bytes = Vec::new();
        zip.by_name(name).unwrap_or_else(|_| panic!("no {name}")).read_to_end(&mut bytes).unwrap();
        bytes
    };
    let secrets = personal(scratch, &case);
    for nth in entries.iter().map(|entry| entry.parse::<u64>().unwrap()) {
        let (leaf, proof, payload) = (part(&leaf_path(nth)), part(&proof_path(nth)), part(&payload_path(nth)));
        let told = Disclosure { leaf: &leaf, proof: &proof, payload: Some(&payload) };
        assert_eq!(told.verify(&folder.config.origin, &keys).expect("believed").entry, nth);
        let text = String::from_utf8(payload).unwrap();
        assert!(secrets.iter().all(|secret| !text.contains(secret.as_str())), "{text}");
    }
    assert!(String::from_utf8(part("读我.txt")).unwrap().contains("证明什么"));

    // Somebody writes into the database behind the program's back.
    let changed = "UPDATE payload SET body = replace(body, '164500', '164501') WHERE town_id = $1 AND idx IN \
                   (SELECT idx FROM entry WHERE town_id = $1 AND record = $2)";
    scratch.db().change(changed, params![case]);
    let page = clerk.get(&at("mediation_case", &case, "/proof"));
    assert!(page.text.contains("条与签署时不符"), "{}", page.text);
}

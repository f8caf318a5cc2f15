//! The step forms: what is typed becomes an entry or comes back with all that is in the way, and is never lost.

use std::collections::BTreeMap;

use yifa::query::records::find;

use crate::client::{Client, Page, Served};

/// The day in the township, as forms take it.
fn today() -> String {
    yifa::ambient::today().to_string()
}

/// A record of the demonstration by its register and name or number.
fn record(served: &Served, register: &str, name: &str) -> String {
    let folder = yifa::folder::Folder::open(&served.scratch.data()).expect("the folder");
    find(&folder.reader().expect("a reader"), register, name).expect(name)
}

/// The first record a query of the test finds.
fn one(served: &Served, sql: &str) -> String {
    served.scratch.db().query_row(sql, [], |row| row.get(0)).expect(sql)
}

fn count(served: &Served) -> i64 {
    served.scratch.entries()
}

/// The hidden controls of a form, as a browser sends them back.
fn hidden(page: &Page) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let start = page.text.find("<form class=\"sheet\"").unwrap_or_else(|| panic!("no form: {}", page.text));
    for piece in page.text[start..].split("<input type=\"hidden\"").skip(1) {
        let value = |name: &str| {
            let rest = &piece[piece.find(&format!("{name}=\""))? + name.len() + 2..];
            Some(rest[..rest.find('"')?].to_owned())
        };
        if let (Some(name), Some(value)) = (value("name"), value("value")) {
            found.entry(name).or_insert(value);
        }
    }
    found
}

/// Sends a form as the page gave it, with these values.
fn send(client: &mut Client, path: &str, page: &Page, act: &str, values: &[(&str, &str)]) -> Page {
    let hidden = hidden(page);
    let mut all: Vec<(&str, &str)> = hidden.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    all.extend(values);
    all.push(("act", act));
    client.post_plain(path, &all, &[])
}

/// The same with files, as a browser sends them: field, name, content.
fn send_files(
    client: &mut Client,
    path: &str,
    page: &Page,
    act: &str,
    values: &[(&str, &str)],
    files: &[(&str, &str, &[u8])],
) -> Page {
    let mut body = Vec::new();
    let hidden = hidden(page);
    let own = hidden.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    for (name, value) in own.chain(values.iter().copied()).chain([("act", act)]) {
        body.extend(format!("--edge\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes());
    }
    for (field, name, content) in files {
        let head = format!("--edge\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\n\r\n");
        body.extend(head.bytes());
        body.extend(*content);
        body.extend(b"\r\n");
    }
    body.extend(b"--edge--\r\n");
    client.post_bytes(path, "multipart/form-data; boundary=edge", &body)
}

const NEW_CASE: &str = "/registers/mediation_case/new/register";

/// A mediation case that nothing is wrong with.
fn case<'v>(committee: &'v str, village: &'v str, day: &'v str) -> Vec<(&'v str, &'v str)> {
    vec![
        ("f.on", day),
        ("f.committee", committee),
        ("f.origin", "party"),
        ("f.villages", village),
        ("f.dispute", "neighbour"),
        ("f.parties", "张甲、李乙"),
        ("f.facts", "两家为一堵墙争了起来"),
    ]
}

fn without<'v>(values: &[(&'v str, &'v str)], name: &str) -> Vec<(&'v str, &'v str)> {
    values.iter().filter(|(key, _)| *key != name).copied().collect()
}

fn with<'v>(values: &[(&'v str, &'v str)], name: &'v str, value: &'v str) -> Vec<(&'v str, &'v str)> {
    let mut all = without(values, name);
    all.push((name, value));
    all
}

#[test]
fn a_case_is_opened_and_refused_with_all_that_is_in_the_way_at_once() {
    let served = Served::demo();
    let (committee, village) = committee_and_village(&served);
    let mut mediator = served.signed_in("mediator");
    let day = today();
    let good = case(&committee, &village, &day);

    // What is wrong is said beside its field, all at once, and what was typed stays.
    let page = mediator.get(NEW_CASE);
    assert_eq!(page.status, 200);
    assert!(page.text.contains("《人民调解法》第二十七条") && page.text.contains("应当"), "the law on top");
    let bad = with(&with(&without(&good, "f.committee"), "f.on", "五月八日"), "f.origin", "moon");
    let before = count(&served);
    let page = send(&mut mediator, NEW_CASE, &page, "record", &bad);
    assert_eq!(page.status, 422);
    for text in ["还没有记入：有 3 处", "五月八日", "不在可选项中", "“调委会”没有填", "两家为一堵墙", "张甲、李乙"]
    {
        assert!(page.text.contains(text), "{text}");
    }
    assert!(page.text.contains("href=\"#field-committee\""), "the summary leads to the field");
    assert_eq!(count(&served), before);

    // A field the definition does not know, and one derived or of another step, are not taken.
    let page = send(&mut mediator, NEW_CASE, &page, "record", &with(&good, "f.number", "自编一号"));
    assert!(page.status == 422 && page.text.contains("P201"), "{}", page.text);
    let page = send(&mut mediator, NEW_CASE, &page, "record", &with(&good, "actor", "somebody"));
    assert!(page.status == 422 && page.text.contains("P830"), "{}", page.text);

    // Good at last: one entry, numbered, and the record's page says so.
    let page = mediator.get(NEW_CASE);
    let page = send(&mut mediator, NEW_CASE, &page, "record", &good);
    assert_eq!((page.status, count(&served)), (303, before + 1), "{}", page.text);
    let page = mediator.get(page.header("location"));
    assert!(page.text.contains(&format!("已记入第 {before} 条")) && page.text.contains("调字第"), "{}", page.text);
    assert!(!page.text.contains("一堵墙"), "personal values are not shown");
    let actor = one(&served, &format!("SELECT actor FROM entry WHERE idx = {before}"));
    assert_eq!(actor, record(&served, "person", person_of("mediator")));
}

/// The name of the person behind a login of the demonstration.
fn person_of(login: &str) -> &'static str {
    yifa::demo::accounts::ACCOUNTS.iter().find(|(known, _)| *known == login).map(|(_, name)| *name).expect(login)
}

/// A committee that mediates, and the village of `village_a`.
fn committee_and_village(served: &Served) -> (String, String) {
    let committee = one(
        served,
        "SELECT id FROM record WHERE register = 'mediation_committee' AND state <> 'void' ORDER BY opened, id LIMIT 1",
    );
    (committee, village_of(served, "village_a"))
}

fn village_of(served: &Served, login: &str) -> String {
    let person = record(served, "person", person_of(login));
    let sql = format!(
        "SELECT json_extract(r.body, '$.give.villages[0]') FROM link l JOIN record r ON r.id = l.record \
         WHERE l.target = '{person}' AND l.named_by = 'give.person'"
    );
    one(served, &sql)
}

const JPEG: &[u8] = b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0 a picture of the market";

#[test]
fn a_file_stays_over_a_refused_form_and_what_may_run_is_not_taken() {
    let served = Served::demo();
    let mut clerk = served.signed_in("clerk");
    let path = "/registers/publicity_event/new/hold";
    let page = clerk.get(path);
    let day = today();
    let values = [
        ("f.on", day.as_str()),
        ("f.title", "圩日普法"),
        ("f.kind", "six"),
        ("f.scale", "ordinary"),
        ("f.volunteer", "否"),
        ("f.theme", "general"),
        ("f.attended", "八十余"),
        ("f.materials", "100"),
    ];
    let files: [(&str, &str, &[u8]); 2] =
        [("u.evidence", "圩日.jpg", JPEG), ("u.evidence", "照片.jpg", b"MZ\x90\0\x03\0\0\0\x04")];
    let page = send_files(&mut clerk, path, &page, "record", &values, &files);
    assert_eq!(page.status, 422);
    assert!(page.text.contains("P812") && page.text.contains("照片.jpg"), "{}", page.text);
    assert!(page.text.contains("圩日.jpg") && page.text.contains("已收下"), "the good one is kept");
    // The kept one is sent on by its box; the form is still refused, for other reasons now.
    let hash = page.after("name=\"k.evidence\"", "value").expect("a kept file");
    let mut again = values.to_vec();
    again.push(("k.evidence", &hash));
    let page = send_files(&mut clerk, path, &page, "record", &again, &[]);
    assert!(page.status == 422 && page.text.contains("六进类别"), "what applies now is asked: {}", page.text);
    assert!(page.text.contains("圩日.jpg") && page.text.contains("八十余"), "still there");
    let mut last = with(&again, "f.attended", "80");
    last.push(("f.six", "village"));
    let page = send_files(&mut clerk, path, &page, "record", &last, &[]);
    assert_eq!(page.status, 303, "{}", page.text);
    assert!(served.scratch.data().join("files").join(&hash).is_file(), "stored for good");
    served.scratch.yifa(&["verify"]).done();

    // A file of somebody else's is not to be named by its hash.
    let mut other = served.signed_in("leader");
    let of_leader = other.get(path);
    if of_leader.status == 200 {
        let page = send(&mut other, path, &of_leader, "record", &last);
        assert_eq!(page.status, 422);
    }
    let mut village = served.signed_in("village_a");
    let page = village.get(path);
    let page = send(&mut village, path, &page, "record", &last);
    assert!(page.status == 422 && page.text.contains("P243"), "{}", page.text);
}

#[test]
fn what_was_typed_outlives_the_session_and_the_server() {
    let served = Served::demo();
    let mut clerk = served.signed_in("clerk");
    let path = "/registers/publicity_event/new/hold";
    let page = clerk.get(path);
    let fields = hidden(&page);
    let draft = format!("/drafts/{}", fields["draft"]);
    let piece = [("x-yifa-piece", "1")];
    let form = |version: &str, title: &str| -> Vec<(String, String)> {
        let mut all: Vec<(String, String)> = fields.clone().into_iter().collect();
        all.retain(|(name, _)| name != "version");
        all.push(("version".to_owned(), version.to_owned()));
        all.push(("f.title".to_owned(), title.to_owned()));
        all
    };
    let post = |client: &mut Client, version: &str, title: &str| {
        let form = form(version, title);
        let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        client.post_plain(&draft, &form, &piece)
    };
    // Saved as one types; an older tab is kept apart and says so.
    assert!(post(&mut clerk, "0", "圩日普").text.contains("\"version\":1"));
    assert!(post(&mut clerk, "1", "圩日普法").text.contains("\"version\":2"));
    let older = post(&mut clerk, "1", "旧窗口写的");
    assert!(older.text.contains("另存为一份草稿") && !older.text.contains(&fields["draft"]), "{}", older.text);
    let list = clerk.get("/drafts");
    assert_eq!(list.text.matches("接着填").count(), 2, "{}", list.text);
    let offered = clerk.get(path);
    assert!(offered.text.contains("没有填完的草稿"), "a blank form offers them");

    // Nobody else's.
    let mut other = served.signed_in("village_a");
    assert_eq!(other.get(&draft).status, 404);
    assert_eq!(other.post(&format!("{draft}/drop"), &[]).status, 404);
    assert!(!other.get("/drafts").text.contains("接着填"));
    assert_eq!(other.get(&format!("{path}?draft={}", fields["draft"])).status, 404);
    assert!(post(&mut other, "2", "偷改的").status != 200, "the token is the owner's");

    // The power goes; the text is there, for whoever signs in again.
    let served = served.killed_and_started_again();
    let mut clerk = served.signed_in("clerk");
    let goes = clerk.get(&draft).header("location").to_owned();
    let page = clerk.get(&goes);
    assert!(page.status == 200 && page.text.contains("圩日普法"), "{}", page.text);

    // The session runs out under a long text: it is kept, and asked for again after signing in.
    let accounts = rusqlite::Connection::open(served.scratch.data().join("accounts.db")).expect("accounts.db");
    accounts.execute("UPDATE session SET seen_at = 0, began_at = 0", []).expect("expired");
    let late = send(&mut clerk, path, &page, "record", &[("f.title", "写了一个小时的名称")]);
    assert_eq!(late.status, 303);
    assert!(late.header("location").starts_with("/sign-in?next="), "{}", late.header("location"));
    let mut again = served.visitor();
    let next = form_urlencoded_next(late.header("location"));
    let signed = again.post("/sign-in", &[("login", "clerk"), ("password", crate::client::PASSWORD), ("next", &next)]);
    let page = again.get(signed.header("location"));
    assert!(page.text.contains("写了一个小时的名称") && page.text.contains("您重新登录过"), "{}", page.text);
    // A page opened before, sent after signing in again elsewhere.
    again.learn_token();
    let old = std::mem::replace(&mut again.token, String::new());
    let accounts_old: String = accounts
        .query_row("SELECT form FROM session WHERE seen_at = 0 ORDER BY began_at LIMIT 1", [], |row| row.get(0))
        .expect("an old session");
    assert_ne!(old, accounts_old);
    // Somebody else's token keeps nothing.
    let mediator = served.signed_in("mediator");
    let foreign = again.post_plain(path, &[("form", &mediator.token), ("f.title", "外来的")], &[]);
    assert!(foreign.status == 422 && foreign.text.contains("P806"));
    assert!(!again.get("/drafts").text.contains("外来的"));
    // Given up, it is gone.
    again.token = old;
    let before = again.get("/drafts").text.matches("接着填").count();
    assert_eq!(again.post(&format!("{draft}/drop"), &[]).status, 303);
    assert_eq!(again.get("/drafts").text.matches("接着填").count(), before - 1);
}

/// The address behind `next=`.
fn form_urlencoded_next(location: &str) -> String {
    let encoded = location.split_once("next=").expect("next").1;
    let mut bytes = Vec::new();
    let mut rest = encoded.bytes();
    while let Some(byte) = rest.next() {
        match byte {
            b'%' => {
                let hex: String = rest.by_ref().take(2).map(char::from).collect();
                bytes.push(u8::from_str_radix(&hex, 16).expect("hex"));
            }
            byte => bytes.push(byte),
        }
    }
    String::from_utf8(bytes).expect("text")
}

#[test]
fn a_form_sent_twice_makes_one_entry() {
    let served = Served::demo();
    let (committee, village) = committee_and_village(&served);
    let day = today();
    let mut mediator = served.signed_in("mediator");
    let page = mediator.get(NEW_CASE);
    let before = count(&served);
    let went: Vec<(u16, String)> = std::thread::scope(|scope| {
        let sending: Vec<_> = (0..6)
            .map(|_| {
                let mut client = served.visitor();
                client.cookie = mediator.cookie.clone();
                let (page, values) = (&page, case(&committee, &village, &day));
                scope.spawn(move || {
                    let page = send(&mut client, NEW_CASE, page, "record", &values);
                    (page.status, page.header("location").to_owned())
                })
            })
            .collect();
        sending.into_iter().map(|one| one.join().expect("sent")).collect()
    });
    assert_eq!(count(&served), before + 1, "{went:?}");
    assert!(went.iter().all(|one| *one == went[0] && one.0 == 303), "{went:?}");
    assert!(!mediator.get("/drafts").text.contains("接着填"), "the draft is put away");
    // Changed and sent again under the same id, it is no entry and not lost.
    let values = case(&committee, &village, &day);
    let changed = send(&mut mediator, NEW_CASE, &page, "record", &with(&values, "f.facts", "后来又改的一段"));
    assert!(changed.status == 409 && changed.text.contains("后来又改的一段"), "{}", changed.text);
    assert_eq!(count(&served), before + 1);
    assert!(mediator.get("/drafts").text.contains("接着填"));
}

/// Opens a case as the mediator; where it is.
fn opened(served: &Served, mediator: &mut Client) -> String {
    let (committee, village) = committee_and_village(served);
    let day = today();
    let page = mediator.get(NEW_CASE);
    let page = send(mediator, NEW_CASE, &page, "record", &case(&committee, &village, &day));
    assert_eq!(page.status, 303, "{}", page.text);
    page.header("location").split('?').next().expect("an address").to_owned()
}

#[test]
fn what_came_meanwhile_is_shown_beside_what_was_typed() {
    let served = Served::demo();
    let (mut mediator, mut clerk) = (served.signed_in("mediator"), served.signed_in("clerk"));
    let case = opened(&served, &mut mediator);
    let path = format!("{case}/steps/decline");
    let page = mediator.get(&path);
    assert_eq!(page.status, 200);
    let other = clerk.get(&path);
    let (day, mine) = (today(), [("f.on", today()), ("f.declined_by", "李乙".to_owned())]);
    let mine: Vec<(&str, &str)> = mine.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let theirs = send(&mut clerk, &path, &other, "record", &[("f.on", &day), ("f.declined_by", "张甲")]);
    assert_eq!(theirs.status, 303, "{}", theirs.text);
    let before = count(&served);
    let shown = send(&mut mediator, &path, &page, "record", &mine);
    assert_eq!((shown.status, count(&served)), (409, before));
    for text in ["案卷又有了新的记入", "当事人拒绝", person_of("clerk"), "李乙", "（封存，1 项）"]
    {
        assert!(shown.text.contains(text), "{text}: {}", shown.text);
    }
    assert!(!shown.text.contains("张甲"), "sealed values of others are not shown");
    // Seen, and gone on with: the newer entry is what it stands on.
    let went = send(&mut mediator, &path, &shown, "record", &mine);
    assert_eq!((went.status, count(&served)), (303, before + 1), "{}", went.text);
}

#[test]
fn what_the_law_forbids_the_township_is_refused_with_the_article_and_its_outside_way_is_the_leaders() {
    let served = Served::demo();
    let mut mediator = served.signed_in("mediator");
    let case = opened(&served, &mut mediator);
    let day = today();
    let decline = format!("{case}/steps/decline");
    let page = mediator.get(&decline);
    assert_eq!(
        send(&mut mediator, &decline, &page, "record", &[("f.on", &day), ("f.declined_by", "李乙")]).status,
        303
    );
    let assign = format!("{case}/steps/assign");
    let page = mediator.get(&assign);
    assert!(page.text.contains("不得：") && page.text.contains("不得调解"), "told before: {}", page.text);
    assert!(page.text.contains(&format!("value=\"{day}\"")), "the day is today");
    let who =
        one(&served, "SELECT id FROM record WHERE register = 'mediator' AND state = 'serving' ORDER BY id LIMIT 1");
    let values = [("f.on", day.as_str()), ("f.mediators", who.as_str()), ("f.chosen_by", "committee")];
    let before = count(&served);
    let page = send(&mut mediator, &assign, &page, "record", &values);
    assert_eq!((page.status, count(&served)), (422, before));
    for text in ["P220", "当事人一方明确拒绝调解的，不得调解", "《人民调解法》第十七条"] {
        assert!(page.text.contains(text), "{text}: {}", page.text);
    }
    // Whoever is no leader cannot say it was done outside.
    let mut outside = values.to_vec();
    outside[0] = ("f.on", "2026-01-05");
    outside.push(("already", "当时停电"));
    let page = send(&mut mediator, &assign, &page, "record", &outside);
    assert!(page.status == 422 && page.text.contains("P833"), "{}", page.text);
    let mut leader = served.signed_in("leader");
    let page = leader.get(&assign);
    assert!(page.text.contains("系统外已发生的，由领导补记"), "{}", page.text);
    let page = send(&mut leader, &assign, &page, "record", &outside);
    assert_eq!((page.status, count(&served)), (303, before + 1), "{}", page.text);
    let page = leader.get(page.header("location"));
    assert!(page.text.contains("在系统外办理后补记的"), "{}", page.text);
}

#[test]
fn a_village_neither_enters_for_another_nor_names_what_is_not_its_own() {
    let served = Served::demo();
    let (a, b) = (village_of(&served, "village_a"), village_of(&served, "village_b"));
    let mut village = served.signed_in("village_a");
    let path = "/registers/publicity_event/new/hold";
    let day = today();
    let values = [
        ("f.on", day.as_str()),
        ("f.title", "村里的普法"),
        ("f.kind", "film"),
        ("f.scale", "ordinary"),
        ("f.volunteer", "否"),
        ("f.theme", "general"),
        ("f.attended", "20"),
        ("f.materials", "0"),
    ];
    let mut page = village.get(path);
    assert!(page.text.contains(&a) && !page.text.contains(&b), "only its own village is offered");
    let before = count(&served);
    for villages in [vec![], vec![b.as_str()], vec![a.as_str(), b.as_str()]] {
        let mut values = values.to_vec();
        values.extend(villages.iter().map(|village| ("f.villages", *village)));
        page = send(&mut village, path, &page, "record", &values);
        assert!(page.status == 422 && page.text.contains("P831"), "{villages:?}: {}", page.text);
    }
    assert_eq!(count(&served), before);
    // A legal-savvy villager of the other village is as if he were not there, by id and by name.
    let sql = |column: &str, village: &str| {
        format!(
            "SELECT r.{column} FROM record r JOIN record_village v ON v.record = r.id WHERE r.register = 'legal_savvy' \
             AND v.village = '{village}' AND r.state <> 'void' ORDER BY r.id LIMIT 1"
        )
    };
    let own = with(&values, "f.villages", &a);
    for column in ["id", "title"] {
        let foreign = one(&served, &sql(column, &b));
        assert!(!page.text.contains(&foreign), "{foreign} is not offered");
        let mut values = own.clone();
        values.push(("f.helpers", &foreign));
        page = send(&mut village, path, &page, "record", &values);
        assert!(page.status == 422 && page.text.contains("在登记簿中找不到"), "{foreign}: {}", page.text);
        let told = page.text.matches("找不到").count();
        let nobody = with(&values, "f.helpers", "没有这个人");
        page = send(&mut village, path, &page, "record", &nobody);
        assert_eq!(page.text.matches("找不到").count(), told, "told the same");
        assert!(!page.text.contains("是不是“"), "no name of another village is suggested");
    }
    let helper = one(&served, &sql("id", &a));
    let mut good = own.clone();
    good.push(("f.helpers", &helper));
    let page = village.get(path);
    let page = send(&mut village, path, &page, "record", &good);
    assert_eq!((page.status, count(&served)), (303, before + 1), "{}", page.text);

    // Records of the other village: no form, no amendment.
    let foreign = one(
        &served,
        &format!(
            "SELECT r.id FROM record r JOIN record_village v ON v.record = r.id WHERE r.register = 'publicity_event' \
             AND v.village = '{b}' AND NOT EXISTS (SELECT 1 FROM record_village w WHERE w.record = r.id AND w.village = '{a}') \
             ORDER BY r.id LIMIT 1"
        ),
    );
    let entry = one(&served, &format!("SELECT id FROM entry WHERE record = '{foreign}' ORDER BY idx LIMIT 1"));
    let tails = ["steps/hold", "void", "link", "attach", "questions/omitted:hold"].map(str::to_owned);
    for tail in tails.into_iter().chain([format!("entries/{entry}/correct"), format!("entries/{entry}/void")]) {
        let path = format!("/registers/publicity_event/{foreign}/{tail}");
        assert_eq!(village.get(&path).status, 404, "{path}");
        assert_eq!(village.post(&path, &[("reason", "试")]).status, 404, "{path}");
    }
    // Nor may it open what is not its to open, and an administrator nothing at all.
    assert!(matches!(village.get(NEW_CASE).status, 403 | 404));
    assert_eq!(served.signed_in("inspector").get(path).status, 403);
    assert_eq!(served.signed_in("admin").get(path).status, 403);
}

#[test]
fn a_correction_takes_what_was_changed_and_shows_sealed_values_for_a_reason() {
    let served = Served::demo();
    let mut mediator = served.signed_in("mediator");
    let case = opened(&served, &mut mediator);
    let id = case.rsplit('/').next().expect("an id");
    let entry = one(&served, &format!("SELECT id FROM entry WHERE record = '{id}' ORDER BY idx LIMIT 1"));
    let path = format!("{case}/entries/{entry}/correct");
    let page = mediator.get(&path);
    assert!(page.status == 200 && !page.text.contains("张甲"), "sealed values are not shown");
    // Nothing changed is no correction; a reason is needed.
    let (committee, village) = committee_and_village(&served);
    let day = today();
    let same: Vec<(&str, &str)> = case_without_sealed(&committee, &village, &day).into_iter().collect();
    let refused = send(&mut mediator, &path, &page, "record", &same);
    assert!(refused.status == 422 && refused.text.contains("没有写更正成什么"), "{}", refused.text);
    assert!(refused.text.contains("“更正理由”没有填"));
    let unmasked = send(&mut mediator, &path, &page, "unmask", &same);
    assert!(unmasked.status == 422 && unmasked.text.contains("P835"));
    let mut asked = same.clone();
    asked.push(("reason", "登记时听错了"));
    let unmasked = send(&mut mediator, &path, &page, "unmask", &asked);
    assert!(unmasked.status == 200 && unmasked.text.contains("张甲"), "{}", unmasked.text);
    let accounts = rusqlite::Connection::open(served.scratch.data().join("accounts.db")).expect("accounts.db");
    let (what, reason): (String, String) = accounts
        .query_row("SELECT what, reason FROM access WHERE kind = 'read' ORDER BY at DESC LIMIT 1", [], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .expect("a line in the access log");
    assert!(what.contains("register.parties") && reason == "登记时听错了", "{what} {reason}");
    // One changed, one cleared nothing: only that goes in.
    let before = count(&served);
    let mut changed = with(&asked, "f.dispute", "family");
    changed.extend([("unmasked", "1"), ("f.parties", "张甲、李乙"), ("f.facts", "两家为一堵墙争了起来")]);
    let done = send(&mut mediator, &path, &unmasked, "record", &changed);
    assert_eq!((done.status, count(&served)), (303, before + 1), "{}", done.text);
    let body = one(&served, &format!("SELECT body FROM payload WHERE idx = {before}"));
    assert!(
        body.contains("\"dispute\":\"family\"") && !body.contains("committee") && !body.contains("cleared"),
        "{body}"
    );
    assert!(mediator.get(done.header("location")).text.contains("更正"));

    // A step voided, a file added twice with one press, two records linked.
    let void = format!("{case}/entries/{entry}/void");
    let page = mediator.get(&format!("{case}/attach"));
    let files: [(&str, &str, &[u8]); 2] = [("u.file", "一.jpg", JPEG), ("u.file", "二.txt", "照抄的一页".as_bytes())];
    let first = send_files(&mut mediator, &format!("{case}/attach"), &page, "record", &[], &files);
    assert_eq!((first.status, count(&served)), (303, before + 3), "{}", first.text);
    let again = send_files(&mut mediator, &format!("{case}/attach"), &page, "record", &[], &files);
    assert_eq!((again.status, count(&served)), (303, before + 3), "{}", again.text);
    let other = opened(&served, &mut mediator);
    let link = format!("{case}/link");
    let page = mediator.get(&link);
    let to = other.rsplit('/').next().expect("an id");
    let form = [("register", "mediation_case"), ("to", to), ("reason", "同一堵墙")];
    assert_eq!(send(&mut mediator, &link, &page, "record", &form).status, 303);
    let page = mediator.get(&void);
    assert_eq!(send(&mut mediator, &void, &page, "record", &[("reason", "登记重了")]).status, 303);
    served.scratch.yifa(&["verify"]).done();
}

fn case_without_sealed<'v>(committee: &'v str, village: &'v str, day: &'v str) -> Vec<(&'v str, &'v str)> {
    without(&without(&case(committee, village, day), "f.parties"), "f.facts")
}

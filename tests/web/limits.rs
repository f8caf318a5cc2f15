//! What may be sent, by whom, and what becomes of what was not.

use yifa::storage::params;

use crate::client::Served;
use crate::filled::{count, hidden, one, send, send_files, today};

#[test]
fn a_photograph_of_the_size_telephones_make_is_taken_and_nobody_unknown_sends_one() {
    let served = Served::demo();
    let mut clerk = served.signed_in("clerk");
    let case = one(
        &served,
        "SELECT id FROM record WHERE town_id = $1 AND register = 'mediation_case' ORDER BY opened DESC LIMIT 1",
    );
    let path = format!("/registers/mediation_case/{case}/attach");
    let page = clerk.get(&path);
    let photo = [&b"\xff\xd8\xff\xe0\x00\x10JFIF"[..], &vec![7; 6 << 20][..], &b"\xff\xd9"[..]].concat();
    let before = count(&served);
    let taken = send_files(&mut clerk, &path, &page, "record", &[], &[("u.file", "现场.jpg", &photo)]);
    assert_eq!((taken.status, count(&served)), (303, before + 1), "{}", taken.text);
    let mut nobody = served.visitor();
    let body = b"--x\r\ncontent-disposition: form-data; name=\"a\"; filename=\"a\"\r\n\r\nb\r\n--x--\r\n";
    let refused = nobody.post_bytes("/sign-in", "multipart/form-data; boundary=x", body);
    assert_eq!(refused.status, 422);
    let long = "x".repeat(64 << 10);
    assert_eq!(nobody.post_plain("/sign-in", &[("login", &long), ("password", "x")], &[]).status, 422);
}

#[test]
fn a_field_that_was_not_on_the_page_is_not_emptied() {
    let served = Served::demo();
    let mut clerk = served.signed_in("clerk");
    let sql = "SELECT id, first_idx FROM record WHERE town_id = $1 AND register = 'publicity_event' \
               ORDER BY opened DESC, id DESC LIMIT 1";
    let (event, entry): (String, i64) =
        served.scratch.db().one(sql, params![], |row| Ok((row.get(0)?, row.get(1)?))).unwrap().expect("an event");
    let path = format!("/registers/publicity_event/{event}/entries/{entry}/correct");
    let mut fields = hidden(&clerk.get(&path));
    fields.retain(|name, _| !name.starts_with("f."));
    fields.insert("reason".to_owned(), "核对以后没有要改的".to_owned());
    fields.insert("act".to_owned(), "record".to_owned());
    let form: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let before = count(&served);
    let page = clerk.post_plain(&path, &form, &[]);
    assert_eq!((page.status, count(&served)), (422, before), "nothing was changed, and nothing is recorded");
    // On the page and left empty is another thing, and not for what has to be said.
    let shown = clerk.get(&path);
    let page = send(&mut clerk, &path, &shown, "record", &[("reason", "把名称清空试试"), ("f.title", "")]);
    assert!(page.status == 422 && page.text.contains("不能清空"), "{}", page.text);
    assert_eq!(count(&served), before);
}

#[test]
fn who_signed_out_keeps_nothing_more_and_the_administrator_gives_a_grant() {
    let served = Served::demo();
    let mut village = served.signed_in("village_b");
    let path = "/registers/publicity_event/new/hold";
    let page = village.get(path);
    village.post("/sign-out", &[]);
    let mut fields = hidden(&page);
    fields.insert("f.title".to_owned(), "退出以后写的".to_owned());
    let form: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let late = village.post_plain(path, &form, &[]);
    assert!(late.status == 303 && !late.header("location").contains("draft"), "{}", late.header("location"));
    assert!(!served.signed_in("village_b").get("/drafts").text.contains("接着填"));

    let mut admin = served.signed_in("admin");
    let path = "/registers/grant/new/give";
    let page = admin.get(path);
    assert_eq!(page.status, 200, "{}", page.text);
    let person = one(&served, "SELECT id FROM record WHERE town_id = $1 AND register = 'person' AND title = '温守田'");
    let values =
        [("f.on", today()), ("f.person", person), ("f.role", "clerk".to_owned()), ("f.reason", "岗位调整".to_owned())];
    let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let given = send(&mut admin, path, &page, "record", &values);
    assert_eq!(given.status, 303, "{}", given.text);
    assert_eq!(admin.get("/registers/publicity_event/new/hold").status, 404);
}

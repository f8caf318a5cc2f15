//! Forms as a browser sends them back: hidden controls and all, with or without files.

use std::collections::BTreeMap;

use yifa::query::records::find;

use yifa::storage::params;

use crate::client::{Client, Page, Served};
use crate::support::Ask;

/// The day in the township, as forms take it.
pub fn today() -> String {
    yifa::ambient::today().to_string()
}

/// A record of the demonstration by its register and name or number.
pub fn record(served: &Served, register: &str, name: &str) -> String {
    let folder = yifa::folder::Folder::open(&served.scratch.data()).expect("the folder");
    find(&folder.reader().expect("a reader"), register, name).expect(name)
}

/// The first record a query of the test finds.
pub fn one(served: &Served, sql: &str) -> String {
    served.scratch.db().value(sql, params![])
}

pub fn count(served: &Served) -> i64 {
    served.scratch.entries()
}

/// The hidden controls of a form, as a browser sends them back.
pub fn hidden(page: &Page) -> BTreeMap<String, String> {
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
pub fn send(client: &mut Client, path: &str, page: &Page, act: &str, values: &[(&str, &str)]) -> Page {
    let hidden = hidden(page);
    let mut all: Vec<(&str, &str)> = hidden.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    all.extend(values);
    all.push(("act", act));
    client.post_plain(path, &all, &[])
}

/// The same with files, as a browser sends them: field, name, content.
pub fn send_files(
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

pub const NEW_CASE: &str = "/registers/mediation_case/new/register";

/// A mediation case that nothing is wrong with.
pub fn case<'v>(committee: &'v str, village: &'v str, day: &'v str) -> Vec<(&'v str, &'v str)> {
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

pub fn without<'v>(values: &[(&'v str, &'v str)], name: &str) -> Vec<(&'v str, &'v str)> {
    values.iter().filter(|(key, _)| *key != name).copied().collect()
}

pub fn with<'v>(values: &[(&'v str, &'v str)], name: &'v str, value: &'v str) -> Vec<(&'v str, &'v str)> {
    let mut all = without(values, name);
    all.push((name, value));
    all
}

/// The name of the person behind a login of the demonstration.
pub fn person_of(login: &str) -> &'static str {
    yifa::demo::accounts::ACCOUNTS.iter().find(|(known, _)| *known == login).map(|(_, name)| *name).expect(login)
}

/// A committee that mediates, and the village of `village_a`.
pub fn committee_and_village(served: &Served) -> (String, String) {
    let committee = "SELECT id FROM record WHERE town_id = $1 AND register = 'mediation_committee' \
                     AND state <> 'void' ORDER BY opened, id LIMIT 1";
    (one(served, committee), village_of(served, "village_a"))
}

/// The first mediation case, in the order of opening, in a state, whose values are so.
pub fn case_with(served: &Served, state: &str, is: impl Fn(&serde_json::Value) -> bool) -> String {
    let sql = "SELECT id, body FROM record WHERE town_id = $1 AND register = 'mediation_case' AND state LIKE $2 \
               AND state <> 'void' ORDER BY opened, id";
    let read = |row: &yifa::storage::Row<'_>| Ok((row.get::<String>(0)?, row.get::<String>(1)?));
    let all = served.scratch.db().rows(sql, params![state], read).unwrap();
    let found = all.into_iter().find(|(_, body)| is(&serde_json::from_str(body).unwrap()));
    found.expect("such a case").0
}

pub fn village_of(served: &Served, login: &str) -> String {
    let person = record(served, "person", person_of(login));
    let sql = "SELECT r.body FROM link l JOIN record r ON r.town_id = l.town_id AND r.id = l.record \
               WHERE l.town_id = $1 AND l.target = $2 AND l.named_by = 'give.person' ORDER BY r.id LIMIT 1";
    let body: String = served.scratch.db().value(sql, params![person]);
    let body: serde_json::Value = serde_json::from_str(&body).expect("a body");
    body["give"]["villages"][0].as_str().expect("a village").to_owned()
}

/// Opens a case as the mediator; where it is.
pub fn opened(served: &Served, mediator: &mut Client) -> String {
    let (committee, village) = committee_and_village(served);
    let day = today();
    let page = mediator.get(NEW_CASE);
    let page = send(mediator, NEW_CASE, &page, "record", &case(&committee, &village, &day));
    assert_eq!(page.status, 303, "{}", page.text);
    page.header("location").split('?').next().expect("an address").to_owned()
}

//! Drafts: what is typed is never lost, makes one entry, and does not overrun what came meanwhile.

use crate::client::{Client, Served};
use crate::filled::{NEW_CASE, case, committee_and_village, count, hidden, opened, person_of, send, today, with};

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
    assert!(offered.text.contains("没填完的草稿"), "a blank form offers them");

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

    let opened_before = clerk.get(path);

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
    // A page of the old session, sent in a browser that has signed in anew: kept, shown, and not taken unseen.
    let entries = count(&served);
    let old = send(&mut again, path, &opened_before, "record", &[("f.title", "旧页面上写的")]);
    assert_eq!((old.status, count(&served)), (303, entries));
    let page = again.get(old.header("location"));
    assert!(page.text.contains("旧页面上写的") && page.text.contains("您重新登录过"), "{}", page.text);
    // Somebody else's token keeps nothing.
    let mediator = served.signed_in("mediator");
    let foreign = again.post_plain(path, &[("form", &mediator.token), ("f.title", "外来的")], &[]);
    assert!(foreign.status == 422 && foreign.text.contains("P806"));
    assert!(!again.get("/drafts").text.contains("外来的"));
    // Given up, it is gone.
    again.learn_token();
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

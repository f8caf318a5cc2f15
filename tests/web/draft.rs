//! Drafts: what is typed is never lost, makes one entry, and does not overrun what came meanwhile.

use yifa::storage::{Db, params};

use crate::client::{Client, Page, Served};
use crate::filled::{
    NEW_CASE, case, committee_and_village, count, hidden, one, opened, person_of, send, send_files, today, without,
};
use crate::support::Ask;

/// The second database.
fn accounts(served: &Served) -> Db {
    served.scratch.accounts()
}

/// What an hour without a visit leaves.
const AN_HOUR_LATER: &str = "UPDATE session SET seen_at = seen_at - 3600001 WHERE town_id = $1";

/// What was typed into each draft there is.
pub fn drafts(served: &Served) -> Vec<String> {
    accounts(served).values("SELECT body FROM draft WHERE town_id = $1 ORDER BY id", params![])
}

/// The form of a draft.
fn taken_up(client: &mut Client, draft: &str) -> Page {
    let goes = client.get(draft).header("location").to_owned();
    client.get(&goes)
}

/// Sends a form as the script does while somebody types.
pub fn autosave(client: &mut Client, page: &Page, values: &[(&str, &str)]) -> Page {
    let fields = hidden(page);
    let mut all: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    all.extend(values);
    client.post_plain(&format!("/drafts/{}", fields["draft"]), &all, &[("x-yifa-piece", "1")])
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
    accounts(&served).change("UPDATE session SET seen_at = 0, began_at = 0 WHERE town_id = $1", params![]);
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
    assert!(!foreign.text.contains("已经存为草稿") && foreign.text.contains("没有存下"), "{}", foreign.text);
    assert!(!again.get("/drafts").text.contains("外来的"));
    // Given up, it is gone.
    again.learn_token();
    let before = again.get("/drafts").text.matches("接着填").count();
    assert_eq!(again.post(&format!("{draft}/drop"), &[]).status, 303);
    assert_eq!(again.get("/drafts").text.matches("接着填").count(), before - 1);
}

/// A way a session ends by somebody's hand.
type End = fn(&Served, &mut Client);

#[test]
fn a_form_of_a_session_that_ran_out_is_a_draft_with_its_files_and_of_one_that_was_ended_it_is_nothing() {
    let served = Served::demo();
    let path = "/registers/publicity_event/new/hold";
    let photo: &[u8] = b"\xff\xd8\xff\xe0\0\x10JFIF\0 a picture";
    let drafts = || accounts(&served).value::<i64>("SELECT count(*) FROM draft WHERE town_id = $1", params![]);
    let run_out = || accounts(&served).change(AN_HOUR_LATER, params![]);
    let sent = |client: &mut Client, page: &Page, title: &str| {
        send_files(client, path, page, "record", &[("f.title", title)], &[("u.evidence", "现场.jpg", photo)])
    };
    let mut clerk = served.signed_in("clerk");
    let page = clerk.get(path);
    run_out();
    let entries = count(&served);
    let late = sent(&mut clerk, &page, "写了一个小时的名称");
    assert_eq!((late.status, count(&served), drafts()), (303, entries, 1));
    let door = clerk.get(late.header("location"));
    for text in ["登录已经过期", "刚才填的已经存为草稿", "还没有记入"] {
        assert!(door.text.contains(text), "{text}: {}", door.text);
    }
    let next = door.after("name=\"next\"", "value").expect("where to go on");
    // The password mistyped, it is still said.
    let wrong = clerk.post_plain("/sign-in", &[("login", "clerk"), ("password", "不对"), ("next", &next)], &[]);
    assert!(wrong.status == 422 && wrong.text.contains("刚才填的已经存为草稿"), "{}", wrong.text);
    let form = [("login", "clerk"), ("password", crate::client::PASSWORD), ("next", &next)];
    let signed = clerk.post_plain("/sign-in", &form, &[]);
    let page = clerk.get(signed.header("location"));
    for text in ["您重新登录过", "写了一个小时的名称", "现场.jpg"] {
        assert!(page.text.contains(text), "{text}: {}", page.text);
    }

    // Nothing typed, nothing kept, and back to the form all the same; as from a form that is no draft.
    let check = |to: &str, form: &[(&str, &str)], expect: &str| {
        let mut clerk = served.signed_in("clerk");
        run_out();
        let late = clerk.post(to, form);
        let expect = expect.replace('/', "%2F");
        assert_eq!((late.status, late.header("location"), drafts()), (303, &*format!("/sign-in?next={expect}"), 1));
        let door = clerk.get(late.header("location"));
        assert!(door.text.contains("登录已经过期") && !door.text.contains("已经存为草稿"), "{to}: {}", door.text);
    };
    check(path, &[("act", "record")], path);
    check("/legal-aid/records", &[("a.kind", "1")], "/legal-aid");
    check("/password", &[("old", "1")], "/password");

    // Ended by somebody, or signed out of, also after its time: nothing is kept, and nothing is said of time.
    let ends: [(&str, End); 4] = [
        ("signed out", |_, clerk| {
            let kept = clerk.cookie.clone();
            assert_eq!(clerk.post("/sign-out", &[]).status, 303);
            clerk.cookie = kept;
        }),
        ("signed out late", |served, clerk| {
            let kept = clerk.cookie.clone();
            accounts(served).change(AN_HOUR_LATER, params![]);
            assert_eq!(clerk.post("/sign-out", &[]).header("location"), "/sign-in");
            clerk.cookie = kept;
        }),
        ("ended elsewhere", |served, _| {
            let mut other = served.signed_in("clerk");
            let session = other.get("/sessions").after("name=\"session\"", "value").expect("the other session");
            assert_eq!(other.post("/sessions/end", &[("session", &session)]).status, 303);
        }),
        ("password changed", |served, _| {
            let mut other = served.signed_in("clerk");
            let new = "换过的 另一个口令 2027";
            let form = [("old", crate::client::PASSWORD), ("new", new), ("again", new)];
            assert_eq!(other.post("/password", &form).status, 200);
        }),
    ];
    for (how, end) in ends {
        accounts(&served).change("DELETE FROM session WHERE town_id = $1", params![]);
        let mut clerk = served.signed_in("clerk");
        let page = clerk.get(path);
        end(&served, &mut clerk);
        let late = sent(&mut clerk, &page, "不该留下的");
        assert_eq!((late.status, drafts()), (303, 1), "{how}");
        let door = clerk.get(late.header("location"));
        assert!(door.status == 200 && !door.text.contains("登录已经过期"), "{how}: {}", door.text);
    }
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
fn a_sealed_value_that_was_only_shown_is_kept_nowhere_and_shown_again_for_another_line_alone() {
    let served = Served::demo();
    let mut mediator = served.signed_in("mediator");
    let record = opened(&served, &mut mediator);
    let id = record.rsplit('/').next().expect("an id");
    let entry =
        one(&served, &format!("SELECT id FROM entry WHERE town_id = $1 AND record = '{id}' ORDER BY idx LIMIT 1"));
    let path = format!("{record}/entries/{entry}/correct");
    let looks = || {
        let sql = "SELECT count(*) FROM access WHERE town_id = $1 AND kind = 'read'";
        accounts(&served).value::<i64>(sql, params![])
    };
    let kept = || drafts(&served).concat();
    let (entries, reason) = (count(&served), ("reason", "登记时听错了"));
    let (committee, village) = committee_and_village(&served);
    let day = today();
    let mut open = without(&without(&case(&committee, &village, &day), "f.parties"), "f.facts");
    open.push(reason);
    let and = |more: &[(&'static str, &'static str)]| [&open[..], more].concat();

    // What a browser says of it is not believed: neither a word, nor a line that is somebody else's.
    let mut page = mediator.get(&path);
    let mut clerk = served.signed_in("clerk");
    let of_clerk = clerk.get(&path);
    let of_clerk = send(&mut clerk, &path, &of_clerk, "unmask", &[("reason", "核对当事人姓名")]);
    let line = of_clerk.after("name=\"unmasked\"", "value").expect("a line of the clerk's");
    for claimed in ["1", &line] {
        let emptied = [&open[..], &[("unmasked", claimed), ("f.parties", ""), ("f.facts", "")]].concat();
        page = send(&mut mediator, &path, &page, "record", &emptied);
        let refused = &page;
        assert!(refused.status == 422 && refused.text.contains("没有写更正成什么"), "{claimed}: {}", refused.text);
        assert!(!refused.text.contains("封存的内容已经显示") && !refused.text.contains("不能清空"), "{claimed}");
    }
    assert_eq!((looks(), count(&served)), (1, entries));

    // Shown for a reason; what only came back is not in the draft, what he wrote himself is.
    let shown = send(&mut mediator, &path, &page, "unmask", &open);
    assert!(shown.text.contains("张甲、李乙") && shown.text.contains("两家为一堵墙争了起来"), "{}", shown.text);
    assert_eq!(looks(), 2);
    assert!(!kept().contains("张甲") && !kept().contains("一堵墙"), "{}", kept());
    let typed = and(&[("f.parties", "张甲、李乙"), ("f.facts", "两家为一条沟争了起来")]);
    let saved = autosave(&mut mediator, &shown, &typed);
    assert_eq!(saved.status, 200, "{}", saved.text);
    assert!(!kept().contains("张甲") && kept().contains("一条沟"), "{}", kept());

    // Taken up again it shows what he wrote; the rest is sealed until there is another line.
    let draft = format!("/drafts/{}", hidden(&shown)["draft"]);
    let again = taken_up(&mut mediator, &draft);
    assert!(again.text.contains("一条沟") && !again.text.contains("张甲"), "{}", again.text);
    assert!(again.text.contains("显示封存的内容（记入访问日志）"), "{}", again.text);
    assert_eq!(looks(), 2);
    let again = send(&mut mediator, &path, &again, "unmask", &and(&[("f.facts", "两家为一条沟争了起来")]));
    assert!(again.text.contains("一条沟") && again.text.contains("张甲、李乙"), "{}", again.text);
    assert_eq!(looks(), 3);
    let done = send(&mut mediator, &path, &again, "record", &typed);
    assert_eq!((done.status, count(&served)), (303, entries + 1), "{}", done.text);
    let sql = "SELECT field FROM sealed WHERE town_id = $1 AND idx = $2 ORDER BY field";
    let sealed: Vec<String> = served.scratch.db().values(sql, params![entries]);
    assert_eq!(sealed, ["facts"], "what came back as it was is no correction");
    assert!(!mediator.get("/drafts").text.contains("接着填"));
}

#[test]
fn a_draft_that_is_not_saved_for_thirty_days_is_deleted_with_its_files_and_its_owner_is_told_before() {
    let served = Served::demo();
    let mut clerk = served.signed_in("clerk");
    let path = "/registers/publicity_event/new/hold";
    let drafts: Vec<String> = ["很久以前的", "快到期的", "刚写的"]
        .map(|title| {
            let page = clerk.get(path);
            let photo: &[u8] = b"\xff\xd8\xff\xe0\0\x10JFIF\0 a picture";
            send_files(&mut clerk, path, &page, "save", &[("f.title", title)], &[("u.evidence", "一.jpg", photo)]);
            hidden(&page)["draft"].clone()
        })
        .to_vec();
    let folder = served.scratch.data().join("drafts");
    let days = |id: &str, days: i64| {
        let sql = "UPDATE draft SET saved_at = saved_at - $2 * 86400000 WHERE town_id = $1 AND id = $3";
        assert_eq!(accounts(&served).change(sql, params![days, id]), 1);
        let old = std::time::SystemTime::now() - std::time::Duration::from_secs(days as u64 * 86400);
        std::fs::File::open(folder.join(id)).and_then(|file| file.set_modified(old)).expect("aged");
    };
    days(&drafts[0], 31);
    days(&drafts[1], 25);
    let page = clerk.get("/drafts");
    assert!(page.text.contains("三十天没有再存过的"), "{}", page.text);
    assert_eq!(page.text.matches("<span class=\"tag wait\">").count(), 2, "{}", page.text);
    assert!(clerk.get("/").text.contains("七天内到期删除"));
    let served = served.killed_and_started_again();
    let mut clerk = served.signed_in("clerk");
    let page = clerk.get("/drafts");
    for (draft, left) in drafts.iter().zip([false, true, true]) {
        assert_eq!(page.text.contains(draft), left, "{draft}: {}", page.text);
        assert_eq!(folder.join(draft).exists(), left, "the files of {draft}");
    }
    // Saved once more, it has thirty days again.
    let form = taken_up(&mut clerk, &format!("/drafts/{}", drafts[1]));
    assert!(form.text.contains("快到期的"), "{}", form.text);
    autosave(&mut clerk, &form, &[("f.title", "快到期的")]);
    assert!(!clerk.get("/drafts").text.contains("<span class=\"tag wait\">"));
}

#[test]
fn what_is_left_of_a_draft_that_became_an_entry_is_deleted_at_the_start() {
    let served = Served::demo();
    let mut clerk = served.signed_in("clerk");
    let path = "/registers/publicity_event/new/hold";
    let page = clerk.get(path);
    autosave(&mut clerk, &page, &[("f.title", "写了一半")]);
    // As a power cut leaves it that comes between the journal and the second database.
    let entry = one(&served, "SELECT id FROM entry WHERE town_id = $1 ORDER BY idx DESC LIMIT 1");
    accounts(&served).change("UPDATE draft SET id = $2 WHERE town_id = $1", params![entry]);
    let served = served.killed_and_started_again();
    assert_eq!(drafts(&served), [""; 0]);
}

#[test]
fn an_entry_bears_an_id_that_was_given_out_and_not_one_that_somebody_chose() {
    let served = Served::demo();
    let (committee, village) = committee_and_village(&served);
    let mut mediator = served.signed_in("mediator");
    let (day, entries) = (today(), count(&served));
    let values = case(&committee, &village, &day);
    let page = mediator.get(NEW_CASE);
    for chosen in ["0fff0000-0000-7000-8000-000000000001", "00000000-0000-7000-8000-000000000001"] {
        let given = hidden(&page)["draft"].clone();
        let forged = Page { text: page.text.replace(&given, chosen), headers: page.headers.clone(), status: 200 };
        let refused = send(&mut mediator, NEW_CASE, &forged, "record", &values);
        assert_eq!((refused.status, count(&served)), (409, entries), "{}", refused.text);
        assert!(refused.text.contains("P806") && refused.text.contains("一堵墙"), "{}", refused.text);
        assert!(refused.text.contains("已经另存为草稿"), "{}", refused.text);
        let given = hidden(&refused)["draft"].clone();
        assert_ne!(given, chosen);
        // Nor is it taken by way of a draft.
        assert!(!autosave(&mut mediator, &forged, &values).text.contains(chosen));
    }
    let list = mediator.get("/drafts");
    let drop = list.after("接着填", "action").expect("a draft is kept");
    let page = taken_up(&mut mediator, drop.trim_end_matches("/drop"));
    let done = send(&mut mediator, NEW_CASE, &page, "record", &values);
    assert_eq!((done.status, count(&served)), (303, entries + 1), "{}", done.text);
}

//! What the second database promises: who comes in, for how long, and what is written down of it.

use super::Accounts;
use super::access::{Access, Kind};
use super::password::Password;
use super::session::{IDLE, LONGEST};

fn fresh() -> (tempfile::TempDir, Accounts) {
    let folder = tempfile::tempdir().expect("a folder");
    let accounts = Accounts::open_at(&folder.path().join("accounts.db")).expect("a new database");
    (folder, accounts)
}

fn password(text: &str) -> Password {
    Password::chosen(text, &[]).expect("a good password")
}

#[test]
fn an_account_opens_with_its_own_password_only() {
    let (_folder, accounts) = fresh();
    assert!(accounts.is_empty().expect("read"));
    let made = accounts.make("wangxm", "p1", &password("青山 绿水 一起走 2026"), false).expect("made");
    assert!(!accounts.is_empty().expect("read"));
    let check = |login: &str, typed: &str, opens: bool| {
        let found = accounts.signs_in(login, typed).expect("asked");
        assert_eq!(found.is_some(), opens, "{login} with {typed}");
    };
    check("wangxm", "青山 绿水 一起走 2026", true);
    check("wangxm", "青山 绿水 一起走 2025", false);
    check("wangxm", "", false);
    check("nobody", "青山 绿水 一起走 2026", false);
    assert!(accounts.make("wangxm", "p2", &password("另一个人的口令 88"), false).is_err(), "a login is one person's");
    accounts.set_closed(&made.id, true).expect("closed");
    check("wangxm", "青山 绿水 一起走 2026", false);
    assert!(accounts.is_empty().expect("read"), "a closed account lets nobody in");
    accounts.set_closed(&made.id, false).expect("opened");
    accounts.set_password(&made.id, &password("换了一个新口令 77"), true).expect("changed");
    check("wangxm", "青山 绿水 一起走 2026", false);
    check("wangxm", "换了一个新口令 77", true);
}

#[test]
fn weak_passwords_are_refused() {
    let check = |text: &str, good: bool| {
        assert_eq!(Password::chosen(text, &["wangxm", "王晓明"]).is_ok(), good, "{text}");
    };
    check("青山 绿水 一起走", false);
    check("青山 绿水 一起走 去", true);
    check("short", false);
    check("aaaaaaaaaaaaaa", false);
    check("12345678901234567890", false);
    check("wangxmwangxm", false);
    check("wangxm王晓明12", false);
    check("Password12345", false);
    check("correct horse battery", true);
    assert!(Password::chosen(Password::drawn().shown(), &[]).is_ok(), "what we draw we also take");
}

#[test]
fn a_session_ends_by_itself_by_hand_and_by_its_owner() {
    let (_folder, accounts) = fresh();
    let (token, session) = accounts.begin("a1", "10.0.0.7", "old browser").expect("begun");
    let found = accounts.session(&token).expect("read").expect("there");
    assert_eq!(found, session);
    assert!(accounts.session(&session.token).expect("read").is_none(), "what the database holds opens nothing");
    let check = |after: i64, open: bool| assert_eq!(session.is_open(session.began_at + after), open, "{after} later");
    check(0, true);
    check(IDLE - 1, true);
    check(IDLE, false);
    let busy = super::session::Session { seen_at: session.began_at + LONGEST - 5, ..session.clone() };
    assert!(busy.is_open(session.began_at + LONGEST - 1));
    assert!(!busy.is_open(session.began_at + LONGEST));
    let (other, _) = accounts.begin("a1", "10.0.0.8", "another").expect("begun");
    accounts.end_all("a1", &session.token).expect("ended");
    assert!(accounts.session(&other).expect("read").expect("there").ended_at.is_some());
    assert_eq!(accounts.open_sessions(Some("a1")).expect("read").len(), 1);
    accounts.end(&session.token).expect("ended");
    assert!(accounts.open_sessions(None).expect("read").is_empty());
}

#[test]
fn what_was_looked_at_is_written_down() {
    let (folder, accounts) = fresh();
    let line = Access {
        account: "a1".into(),
        record: "r1".into(),
        what: "register.contact".into(),
        reason: "电话联系当事人".into(),
        ..Access::default()
    };
    accounts.note(Kind::Read, line).expect("noted");
    accounts.note(Kind::SignIn, Access { account: "a2".into(), ..Access::default() }).expect("noted");
    drop(accounts);
    let again = Accounts::open_at(&folder.path().join("accounts.db")).expect("opened again");
    // However much else is written down of a record, who looked is not pushed out of sight.
    for _ in 0..30 {
        again.note(Kind::Export, Access { record: "r1".into(), ..Access::default() }).expect("noted");
    }
    let of = again.accesses("r1", Kind::Read, 10).expect("read");
    assert_eq!(of.len(), 1);
    assert_eq!(of[0].reason, "电话联系当事人");
}

#[test]
fn a_file_of_the_version_before_gets_what_it_lacks_and_keeps_the_rest() {
    let scratch = tempfile::tempdir().unwrap();
    let path = scratch.path().join("accounts.db");
    drop(Accounts::open_at(&path).unwrap());
    let old = rusqlite::Connection::open(&path).unwrap();
    old.execute_batch("DROP TABLE wording; PRAGMA user_version = 1;").unwrap();
    drop(old);
    let accounts = Accounts::open_at(&path).unwrap();
    let kept =
        |means: &str| super::wording::Kept { place: String::new(), word: "时间".to_owned(), means: means.to_owned() };
    accounts.keep_wording("survey", &[kept("hold.on")]).unwrap();
    accounts.keep_wording("survey", &[kept("")]).unwrap();
    assert_eq!(accounts.wording("survey").unwrap(), [kept("")]);
    assert!(accounts.wording("plan").unwrap().is_empty());
}

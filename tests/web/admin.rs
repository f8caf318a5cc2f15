//! Administration: accounts and sessions at once, the last administrator, and no case for whoever keeps the machine.

use std::collections::BTreeSet;

use engine::act::{Act, Taken};
use engine::day::Day;
use engine::value::{Fields, Value};
use yifa::accounts::Accounts;
use yifa::append::Draft;
use yifa::demo::accounts::ACCOUNTS;
use yifa::folder::{Folder, console};
use yifa::policy::Who;
use yifa::query::records::find;
use yifa::storage::params;
use yifa::web::routes::{Door, Method, ROUTES};
use yifa::web::site::Site;

use crate::client::{PASSWORD, Served, township};
use crate::support::{Ask, Scratch};

/// The id of the account of a login.
fn account(scratch: &Scratch, login: &str) -> String {
    let accounts = Accounts::open(&Folder::open(&scratch.data()).expect("the folder")).expect("accounts");
    let found = accounts.all().expect("read").into_iter().find(|account| account.login == login);
    found.expect(login).id
}

#[test]
fn a_session_ended_by_the_administrator_or_its_owner_is_over_at_once() {
    let served = Served::demo();
    let (mut admin, mut clerk, mut again) =
        (served.signed_in("admin"), served.signed_in("clerk"), served.signed_in("clerk"));
    let page = clerk.get("/sessions");
    assert_eq!(page.text.matches("name=\"session\"").count(), 1, "the other one: {}", page.text);
    assert!(page.text.contains("就是这里"));
    let other = page.after("name=\"session\"", "value").expect("the other session");
    assert_eq!(again.get("/registers").status, 200);
    assert_eq!(clerk.post("/sessions/end", &[("session", &other)]).status, 303);
    assert_eq!(again.get("/registers").status, 303, "signed out elsewhere");
    let page = admin.get(&format!("/admin/accounts/{}", account(&served.scratch, "clerk")));
    let token = page.after("name=\"session\"", "value").expect("the clerk's session");
    assert!(admin.get("/admin/sessions").text.contains(&token), "listed with all others");
    let mut mediator = served.signed_in("mediator");
    assert_eq!(mediator.post("/sessions/end", &[("session", &token)]).status, 303, "not his, so nothing happens");
    assert_eq!(mediator.post("/admin/sessions/end", &[("session", &token)]).status, 403);
    assert_eq!(clerk.get("/registers").status, 200, "still signed in");
    assert_eq!(admin.post("/admin/sessions/end", &[("session", &token)]).status, 303);
    assert_eq!(clerk.get("/registers").status, 303, "over at once");
}

#[test]
fn another_password_ends_what_was_begun_with_the_old_one() {
    let served = Served::demo();
    let (mut here, mut elsewhere) = (served.signed_in("leader"), served.signed_in("leader"));
    let new = "换一个 新的口令 2027";
    let form = [("old", PASSWORD), ("new", new), ("again", new)];
    assert_eq!(here.post("/password", &form).status, 200);
    assert_eq!(here.get("/registers").status, 200, "where it was changed one stays");
    assert_eq!(elsewhere.get("/registers").status, 303);
    let old = served.visitor().post("/sign-in", &[("login", "leader"), ("password", PASSWORD)]);
    assert_eq!(old.status, 422);
}

#[test]
fn a_token_known_before_signing_in_is_worth_nothing_afterwards() {
    let served = Served::demo();
    let mut visitor = served.visitor();
    let planted = format!("yifa={}", "ab".repeat(32));
    visitor.cookie = planted.clone();
    let page = visitor.post("/sign-in", &[("login", "clerk"), ("password", PASSWORD)]);
    assert_eq!(page.status, 303);
    assert_ne!(visitor.cookie, planted, "a new one");
    let first = visitor.cookie.clone();
    assert_eq!(visitor.get("/registers").status, 200);
    visitor.cookie = planted;
    assert_eq!(visitor.get("/registers").status, 303);
    visitor.cookie = first.clone();
    visitor.post("/sign-in", &[("login", "clerk"), ("password", PASSWORD)]);
    assert_ne!(visitor.cookie, first, "whoever signs in again has another");
}

#[test]
fn an_account_is_made_for_a_person_with_a_password_that_is_shown_once_and_changed_first() {
    let served = Served::demo();
    let mut admin = served.signed_in("admin");
    let found = admin.get("/admin/accounts/new?name=%E5%88%98");
    let place = "/admin/accounts/new?person=";
    let person = found.text.split(place).nth(1).expect("somebody").split('"').next().expect("an id").to_owned();
    assert!(admin.get(&format!("{place}{person}")).text.contains("name=\"login\""));
    let taken = admin.post("/admin/accounts", &[("person", &person), ("login", "clerk")]);
    assert!(taken.status == 422 && taken.text.contains("P802") && taken.text.contains("value=\"clerk\""));
    let made = admin.post("/admin/accounts", &[("person", &person), ("login", "liu.x")]);
    assert_eq!(made.status, 200);
    let password = made.text.split("<code class=\"password\">").nth(1).expect("a password");
    let password = password.split('<').next().expect("its end").to_owned();
    let id = account(&served.scratch, "liu.x");
    assert!(!admin.get(&format!("/admin/accounts/{id}")).text.contains(&password), "shown once");
    let mut new = served.visitor();
    assert_eq!(new.post("/sign-in", &[("login", "liu.x"), ("password", &password)]).status, 303);
    let page = new.get("/registers");
    assert_eq!((page.status, page.header("location")), (303, "/password"), "first another password");
    new.learn_token();
    let own = "自己想的 口令 2026";
    assert_eq!(new.post("/password", &[("old", &password), ("new", own), ("again", own)]).status, 200);
    assert_eq!(new.get("/registers").status, 200);

    let reset = admin.post(&format!("/admin/accounts/{id}/password"), &[]);
    assert!(reset.status == 200 && reset.text.contains("口令，只显示这一次"));
    assert_eq!(new.get("/registers").status, 303, "what was begun before is over");
    let mut stranger = served.signed_in("clerk");
    assert_eq!(stranger.post("/admin/accounts", &[("person", &person), ("login", "second")]).status, 403);
}

#[test]
fn a_closed_account_is_out_at_once_and_the_last_administrator_is_not_closed() {
    let served = Served::demo();
    let (mut admin, mut clerk) = (served.signed_in("admin"), served.signed_in("clerk"));
    let of = |login: &str, deed: &str| format!("/admin/accounts/{}/{deed}", account(&served.scratch, login));
    assert_eq!(admin.post(&of("clerk", "close"), &[]).status, 303);
    assert_eq!(clerk.get("/registers").status, 303, "out at once");
    let sign_in = || served.visitor().post("/sign-in", &[("login", "clerk"), ("password", PASSWORD)]).status;
    assert_eq!(sign_in(), 422);
    assert_eq!(admin.post(&of("clerk", "reopen"), &[]).status, 303);
    assert_eq!(sign_in(), 303);
    let refused = admin.post(&of("admin", "close"), &[]);
    assert!(refused.status == 422 && refused.text.contains("P860"), "{}", refused.text);
    assert_eq!(admin.get("/admin").status, 200);
}

#[test]
fn no_grant_is_taken_from_the_last_administrator_until_there_is_another() {
    let scratch = township();
    let folder = || Folder::open(&scratch.data()).expect("the folder");
    let grant_of = |name: &str| {
        let sql = "SELECT id FROM record WHERE town_id = $1 AND register = 'grant' AND title LIKE $2 \
                   AND state = 'in_force' ORDER BY id LIMIT 1";
        scratch.db().value::<String>(sql, params![format!("{name}%")])
    };
    let name = |login: &str| ACCOUNTS.iter().find(|(known, _)| *known == login).expect("a login").1;
    let (admin, clerk) = (grant_of(name("admin")), grant_of(name("clerk")));
    let actor = console(&folder().config).expect("the console");
    let draft = |act: Act| vec![Draft { id: None, actor, act, sealed: Fields::new(), based_on: None }];
    let text = |text: &str| Value::Text(text.to_owned());
    let today = yifa::ambient::today().to_string();
    let withdraw = |record: &str| {
        let fields = Fields::from([("on".to_owned(), text(&today)), ("reason".to_owned(), text("换岗"))]);
        let (register, step) = ("grant".to_owned(), "withdraw".to_owned());
        Act::Step(Taken { register, record: record.to_owned(), step, fields, ..Taken::default() })
    };
    let give = |person: &str| {
        let fields = [("on", today.as_str()), ("person", person), ("role", "admin"), ("reason", "值班")];
        let fields = fields.map(|(key, value)| (key.to_owned(), text(value))).into();
        Act::Step(Taken { register: "grant".into(), step: "give".into(), fields, ..Taken::default() })
    };
    let correct = |field: &str, value: &str| Act::Correct {
        register: "grant".into(),
        record: admin.clone(),
        of: scratch
            .db()
            .value("SELECT id FROM entry WHERE town_id = $1 AND record = $2 ORDER BY idx LIMIT 1", params![admin]),
        fields: Fields::from([(field.to_owned(), text(value))]),
        sizes: Default::default(),
        cleared: Vec::new(),
        reason: "写错了".into(),
    };
    let void = Act::Void { register: "grant".into(), record: admin.clone(), of: None, reason: "写错了".into() };

    let site = Site::open(folder(), false, false).expect("a site");
    let refused = |act: Act| {
        let said = site.append(draft(act)).expect_err("refused");
        let found = yifa::refused::problems(&said).expect("a problem");
        assert_eq!(found[0].code.0, 860, "{}", found[0].text);
    };
    refused(withdraw(&admin));
    refused(void);
    refused(correct("role", "clerk"));
    site.append(draft(correct("reason", "文件依据更正"))).expect("what decides nothing may be corrected");
    site.append(draft(withdraw(&clerk))).expect("the grant of somebody else");
    // Whoever has no account cannot help himself in.
    let db = folder().reader().expect("a reader");
    let sql = "SELECT id FROM record WHERE town_id = $1 AND register = 'person' AND title NOT IN \
               (SELECT substr(title, 1, 3) FROM record WHERE town_id = $1 AND register = 'grant') ORDER BY id LIMIT 1";
    let stranger: String = scratch.db().value(sql, params![]);
    site.append(draft(give(&stranger))).expect("given");
    refused(withdraw(&admin));
    let leader = find(&db, "person", name("leader")).expect("the leader");
    site.append(draft(give(&leader))).expect("given");
    site.append(draft(withdraw(&admin))).expect("there is another now");
    site.stop().expect("stopped");
}

/// What records are called that somebody in a role may not read, without what those he may read are called too.
fn hidden(scratch: &Scratch, role: &str) -> BTreeSet<String> {
    let set = yifa::sets::check(&yifa::sets::shipped()).expect("the shipped set");
    let who = Who::in_role(role);
    let (mut hidden, mut open) = (BTreeSet::new(), BTreeSet::new());
    let db = scratch.db();
    let sql = "SELECT register, title, coalesce(number, title) FROM record WHERE town_id = $1 ORDER BY id";
    let read = |row: &yifa::storage::Row<'_>| Ok((row.get::<String>(0)?, [row.get::<String>(1)?, row.get(2)?]));
    for (register, names) in db.rows(sql, params![], read).expect("rows") {
        let readable = set.register(&register).is_some_and(|register| who.may_read(register));
        if readable { &mut open } else { &mut hidden }.extend(names);
    }
    // What names no record of its own stands in pages for other reasons: a register's or a role's word, a year.
    let words: Vec<String> = set
        .registers
        .values()
        .flat_map(|register| {
            let states = register.states.iter().map(|state| state.title.clone());
            let steps = register.steps.iter().map(|step| step.title.clone());
            states.chain(steps).chain([register.title.clone()]).collect::<Vec<_>>()
        })
        .collect();
    hidden.retain(|name| name.chars().count() > 4 && !open.contains(name) && !words.contains(name));
    assert!(hidden.len() > 500, "{}", hidden.len());
    hidden
}

#[test]
fn the_administrator_sees_no_case_on_any_page() {
    let served = Served::demo();
    let hidden = hidden(&served.scratch, "admin");
    let db = served.scratch.db();
    let sql = "SELECT id FROM record WHERE town_id = $1 AND register = 'mediation_case' ORDER BY opened, id LIMIT 1";
    let record: String = db.value(sql, params![]);
    let sql = "SELECT id FROM entry WHERE town_id = $1 AND record = $2 ORDER BY idx LIMIT 1";
    let entry: String = db.value(sql, params![record]);
    let file =
        std::fs::read_dir(served.scratch.data().join("files")).expect("files").next().expect("one").expect("one");
    let file = file.file_name().to_string_lossy().into_owned();
    let mut admin = served.signed_in("admin");
    for route in ROUTES.iter().filter(|route| route.method == Method::Get && route.door != Door::Open) {
        let path = route.path.replace("{register}", "mediation_case").replace("{record}", &record);
        let path = path.replace("{entry}", &entry).replace("{hash}", &file).replace("{step}", "register");
        let path = path.replace("{year}", "2023").replace("{figure}", "mediation.cases");
        let path = path.replace("{account}", &account(&served.scratch, "clerk"));
        let path: String =
            path.split('/').map(|piece| if piece.starts_with('{') { "x" } else { piece }).collect::<Vec<_>>().join("/");
        let page = admin.get(&path);
        let of_a_case = route.path.starts_with("/registers/{register}");
        assert!(!of_a_case || [403, 404].contains(&page.status), "{path} gives {}", page.status);
        assert_ne!(page.status, 500, "{path}");
        let seen = hidden.iter().find(|name| page.text.contains(name.as_str()));
        assert_eq!(seen, None, "{path} names a case");
    }
}

#[test]
fn who_looked_at_what_is_for_the_administrator_and_the_inspector_and_is_kept_six_months() {
    let served = Served::demo();
    let check = |login: &str, status: u16| {
        assert_eq!(served.signed_in(login).get("/admin/log").status, status, "{login}");
    };
    check("admin", 200);
    check("inspector", 200);
    check("leader", 403);
    check("clerk", 403);
    check("village_a", 403);
    let mut admin = served.signed_in("admin");
    let all = admin.get("/admin/log?kind=sign_in").text;
    assert!(all.matches("（admin）").count() >= 3, "two lines and the choice: {all}");
    let day = yifa::ambient::today();
    let none = admin.get(&format!("/admin/log?day={}", day.prev())).text;
    assert!(none.contains("没有符合的记录"));
    let mut prune = |day: Day| admin.post("/admin/log/prune", &[("before", &day.to_string())]);
    let refused = prune(day);
    assert!(refused.status == 422 && refused.text.contains("P861"));
    assert_eq!(prune(day.plus_months(-5).expect("a day")).status, 422);
    assert_eq!(prune(day.plus_months(-7).expect("a day")).status, 303);
    assert!(admin.get("/admin/log?kind=prune").text.contains("以前的 0 条"));
}

//! Every route × every role × records that are not theirs: one policy for all doors, and nothing leaks through any of them.

use std::collections::BTreeMap;

use yifa::demo::accounts::ACCOUNTS;
use yifa::storage::{Db, Row, params};
use yifa::web::routes::{Door, Method, ROUTES, Route};

use crate::client::{Client, Page, Served};
use crate::filled::hidden;
use crate::support::Ask;

/// A record with all that an address may name of it.
struct Specimen {
    register: String,
    record: String,
    number: String,
    step: &'static str,
    entry: String,
    hash: String,
}

impl Specimen {
    /// The first record of a register that touches a village, and not 云溪村; of any where none is named.
    fn of(db: &Db, register: &str, village: &str, step: &'static str) -> Specimen {
        let sql = "SELECT id, coalesce(number, title), first_idx FROM record r WHERE r.town_id = $1 AND register = $2 \
                   AND ($3 = '' OR (EXISTS (SELECT 1 FROM record_village v \
                            JOIN record n ON n.town_id = v.town_id AND n.id = v.village \
                            WHERE v.town_id = $1 AND v.record = r.id AND n.title LIKE '%' || $3 || '%') \
                    AND NOT EXISTS (SELECT 1 FROM record_village v \
                            JOIN record n ON n.town_id = v.town_id AND n.id = v.village \
                            WHERE v.town_id = $1 AND v.record = r.id AND n.title LIKE '%云溪%'))) \
                   ORDER BY opened, id LIMIT 1";
        let read = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
        let found: Option<(String, String, i64)> = db.one(sql, params![register, village], read).unwrap();
        let (record, number, first) = found.unwrap_or_else(|| panic!("a {register} of {village}"));
        let sql = "SELECT p.body FROM entry e JOIN payload p ON p.town_id = e.town_id AND p.idx = e.idx \
                   WHERE e.town_id = $1 AND e.record = $2 ORDER BY e.idx";
        let bodies: Vec<String> = db.values(sql, params![record]);
        let is_hash = |word: &&str| word.len() == 64 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
        let hash = bodies.iter().flat_map(|body| body.split('"')).find(is_hash).unwrap_or(&"0".repeat(64)).to_owned();
        Specimen { register: register.to_owned(), record, number, step, entry: first.to_string(), hash }
    }

    /// The address of a route on this record.
    fn address(&self, route: &Route, more: &BTreeMap<&str, String>) -> String {
        let mut address = String::new();
        for piece in route.path.split_inclusive(['/', '{', '}']) {
            let name = piece.trim_end_matches('}');
            match piece.ends_with('}') {
                false => address.push_str(piece.trim_end_matches('{')),
                true => address.push_str(match name {
                    "register" => &self.register,
                    "record" => &self.record,
                    "step" => self.step,
                    "entry" => &self.entry,
                    "hash" => &self.hash,
                    name => {
                        more.get(name).unwrap_or_else(|| panic!("say what stands for {{{name}}} of {}", route.path))
                    }
                }),
            }
        }
        address
    }
}

fn ask(client: &mut Client, route: &Route, address: &str) -> Page {
    match route.method {
        Method::Get => client.get(address),
        Method::Post => client.post(address, &[]),
    }
}

fn about_a_record(route: &Route) -> bool {
    route.path.contains("{record}")
}

/// What of a person's own stands for the other names an address may have.
fn more(served: &Served, draft: &str) -> BTreeMap<&'static str, String> {
    let db = served.scratch.db();
    let person = "SELECT id FROM record WHERE town_id = $1 AND register = 'person' ORDER BY opened, id LIMIT 1";
    BTreeMap::from([
        ("name", "none.css".to_owned()),
        ("draft", draft.to_owned()),
        ("question", "omitted:visit".to_owned()),
        ("year", "2023".to_owned()),
        ("place", "p1".to_owned()),
        ("figure", "mediation.ended".to_owned()),
        ("statement", "mediation_statistics".to_owned()),
        ("cell", "C4".to_owned()),
        ("person", db.value(person, params![])),
        ("account", "nobody".to_owned()),
        ("paper", "identity".to_owned()),
    ])
}

#[test]
fn nobody_comes_in_without_signing_in() {
    let served = Served::demo();
    let case = Specimen::of(&served.scratch.db(), "mediation_case", "竹坪村", "register");
    let more = more(&served, "00000000-0000-7000-8000-000000000000");
    let mut visitor = served.visitor();
    for route in ROUTES.iter().filter(|route| route.door != Door::Open) {
        let address = case.address(route, &more);
        let page = ask(&mut visitor, route, &address);
        let sent_to_the_door = page.status == 303 && page.header("location").starts_with("/sign-in");
        assert!(sent_to_the_door, "{:?} {}: {} {}", route.method, route.path, page.status, page.header("location"));
    }
}

#[test]
fn no_route_opens_a_record_to_whom_it_is_not() {
    let served = Served::demo();
    let db = served.scratch.db();
    // Of another village; of a register the role does not read; of leaders alone.
    let foreign = [
        Specimen::of(&db, "screening", "竹坪", "hold"),
        Specimen::of(&db, "adviser_service", "竹坪", "serve"),
        Specimen::of(&db, "mediation_case", "竹坪村", "register"),
        Specimen::of(&db, "cadre_matter", "", "motion"),
        Specimen::of(&db, "petition", "", "receive"),
    ];
    let more = more(&served, &a_draft_of_the_clerk(&served));
    let closed = |login: &str, specimen: &Specimen| -> bool {
        let register = specimen.register.as_str();
        match login {
            "village_a" => true,
            "village_b" => matches!(register, "mediation_case" | "cadre_matter" | "petition"),
            "admin" => true,
            "clerk" | "reviewer" => register == "cadre_matter",
            "mediator" => matches!(register, "cadre_matter"),
            "adviser" => matches!(register, "cadre_matter" | "mediation_case"),
            _ => false,
        }
    };
    let mut tried = 0;
    for (login, _) in ACCOUNTS {
        let mut client = served.signed_in(login);
        for specimen in foreign.iter().filter(|specimen| closed(login, specimen)) {
            for route in ROUTES.iter().filter(|route| about_a_record(route)) {
                let page = ask(&mut client, route, &specimen.address(route, &more));
                let shut = matches!(page.status, 403 | 404);
                assert!(
                    shut,
                    "{login}: {:?} {} of {} gives {}",
                    route.method, route.path, specimen.register, page.status
                );
                assert!(!page.text.contains(&specimen.number), "{login} reads {} at {}", specimen.number, route.path);
                tried += 1;
            }
        }
    }
    assert!(tried > 400, "only {tried} were tried");
}

#[test]
fn the_same_routes_open_it_to_whom_it_is() {
    // Without this, a matrix of nothing but closed doors would pass on a house without doors.
    let served = Served::demo();
    let case = Specimen::of(&served.scratch.db(), "mediation_case", "竹坪村", "register");
    let more = more(&served, "00000000-0000-7000-8000-000000000000");
    let mut clerk = served.signed_in("clerk");
    let opens = |path: &str| {
        !["/meeting", "/questions/", "/files/", "/personal", "/steps/", "/trace/"]
            .iter()
            .any(|piece| path.contains(piece))
    };
    let mut opened = 0;
    for route in ROUTES.iter().filter(|route| about_a_record(route) && route.method == Method::Get && opens(route.path))
    {
        let page = ask(&mut clerk, route, &case.address(route, &more));
        assert_eq!(page.status, 200, "{}", route.path);
        opened += 1;
    }
    assert!(opened >= 10, "only {opened}");
}

#[test]
fn an_unfinished_form_is_its_owners() {
    let served = Served::demo();
    let draft = a_draft_of_the_clerk(&served);
    for (login, _) in ACCOUNTS.iter().filter(|(login, _)| *login != "clerk") {
        let mut client = served.signed_in(login);
        for address in [format!("/drafts/{draft}"), format!("/drafts/{draft}/drop")] {
            let posted = client.post(&address, &[("version", "9"), ("matter", "别人的")]).status;
            assert!(matches!(posted, 403 | 404), "{login} sends to {address}: {posted}");
        }
        let page = client.get(&format!("/drafts/{draft}"));
        assert!(matches!(page.status, 403 | 404), "{login}: {}", page.status);
        assert!(!client.get("/drafts").text.contains(&draft), "{login}");
    }
    let mut clerk = served.signed_in("clerk");
    assert!(clerk.get("/drafts").text.contains(&draft), "it is still there for its owner");
}

/// Something the clerk began to type.
fn a_draft_of_the_clerk(served: &Served) -> String {
    let mut clerk = served.signed_in("clerk");
    let path = "/registers/publicity_event/new/hold";
    let page = clerk.get(path);
    let mut form = hidden(&page);
    form.insert("f.title".to_owned(), "还没有填完的活动".to_owned());
    let draft = form["draft"].clone();
    let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let saved = clerk.post_plain(&format!("/drafts/{draft}"), &form, &[("x-yifa-piece", "1")]);
    assert_eq!(saved.status, 200, "{}", saved.text);
    draft
}

#[test]
fn no_page_of_a_village_names_a_case_of_another() {
    let served = Served::demo();
    let db = served.scratch.db();
    // What belongs to 竹坪 alone: numbers and ids.
    let set = yifa::sets::check(&yifa::sets::shipped()).expect("the shipped set");
    let by_village = |register: &str| set.register(register).is_some_and(|register| register.village_scope);
    let sql = "SELECT r.id, coalesce(r.number, r.id), r.register FROM record r WHERE r.town_id = $1 \
               AND EXISTS (SELECT 1 FROM record_village v JOIN record n ON n.town_id = v.town_id AND n.id = v.village \
                           WHERE v.town_id = $1 AND v.record = r.id AND n.title LIKE '%竹坪%') \
               AND NOT EXISTS (SELECT 1 FROM record_village v JOIN record n ON n.town_id = v.town_id AND n.id = v.village \
                               WHERE v.town_id = $1 AND v.record = r.id AND n.title LIKE '%云溪%') ORDER BY r.id";
    let read = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
    let mut foreign: Vec<(String, String, String)> = db.rows(sql, params![], read).unwrap();
    foreign.retain(|(.., register)| by_village(register));
    assert!(foreign.len() > 100, "{}", foreign.len());
    let mut village = served.signed_in("village_a");
    let sql = "SELECT DISTINCT register FROM record WHERE town_id = $1 ORDER BY register";
    let registers: Vec<String> = db.values(sql, params![]);
    let sql = "SELECT DISTINCT figure FROM fact WHERE town_id = $1 ORDER BY figure";
    let figures: Vec<String> = db.values(sql, params![]);
    let mut addresses: Vec<String> = [
        "/",
        "/registers",
        "/dues",
        "/dues.ics",
        "/questions?year=2024&all=1",
        "/questions?year=2023&all=1",
        "/figures?year=2023",
        "/drafts",
        "/legal-aid",
        "/check",
    ]
    .map(str::to_owned)
    .to_vec();
    for register in &registers {
        for below in ["", "?q=%E7%AB%B9%E5%9D%AA", "/export?format=csv", "/import"] {
            addresses.push(format!("/registers/{register}{below}"));
        }
    }
    for figure in &figures {
        addresses.push(format!("/figures/{figure}?year=2023"));
        addresses.push(format!("/figures/{figure}/entries?year=2023"));
    }
    let mut read = 0;
    for address in &addresses {
        let page = village.get(address);
        assert!(page.status != 500, "{address}");
        if page.status != 200 {
            continue;
        }
        read += 1;
        for (id, number, _) in &foreign {
            assert!(!page.text.contains(id) && !page.text.contains(number), "{address} names {number}");
        }
    }
    assert!(read > 60, "only {read} pages were read");
}

//! The list of a register: what is found, how many there are, in which order, and whose it is.

use std::collections::BTreeSet;

use yifa::storage::params;

use crate::client::{Client, Served};
use crate::support::Ask;

/// What the page says is the total.
fn total(client: &mut Client, address: &str) -> u64 {
    let page = client.get(address);
    assert_eq!(page.status, 200, "{address}");
    let rest = page.text.split("共 <b>").nth(1).unwrap_or_else(|| panic!("{address} says no total"));
    rest.split('<').next().and_then(|number| number.parse().ok()).expect("a number")
}

/// The first names of the rows.
fn names(page: &str) -> Vec<String> {
    let rows = page.split("<tbody>").nth(1).unwrap_or_default().split("<tr>").skip(1);
    rows.map(|row| row.split("\">").nth(1).unwrap_or_default().split('<').next().unwrap_or_default().to_owned())
        .collect()
}

#[test]
fn a_list_shows_what_it_was_asked_for_and_says_exactly_how_many() {
    let served = Served::demo();
    let db = served.scratch.db();
    let count = |filter: &str| -> u64 {
        let of = "SELECT count(*) FROM record WHERE town_id = $1 AND register = 'mediation_case' AND";
        db.value::<i64>(&format!("{of} {filter}"), params![]) as u64
    };
    let mut clerk = served.signed_in("clerk");
    let mut check = |query: &str, expect: u64| {
        assert_eq!(total(&mut clerk, &format!("/registers/mediation_case?{query}")), expect, "{query}");
    };
    check("", count("1 = 1"));
    check("state=archived", count("state = 'archived'"));
    check("year=2023", count("opened >= '2023' AND opened < '2024'"));
    check("year=2023&state=archived", count("state = 'archived' AND opened >= '2023' AND opened < '2024'"));
    // Two characters suffice; 竹坪 is in numbers only.
    check("q=%E7%AB%B9%E5%9D%AA", count("number LIKE '%竹坪%'"));
    check("q=%E6%B2%A1%E6%9C%89%E8%BF%99%E4%B8%AA", 0);
    check("state=nonsense", 0);
    check("f.register.dispute=neighbour", {
        let sql = "SELECT count(DISTINCT record) FROM field WHERE town_id = $1 AND register = 'mediation_case' \
                   AND field = 'register.dispute' AND value = 'neighbour'";
        db.value::<i64>(sql, params![]) as u64
    });
    assert_eq!(clerk.get("/registers/mediation_case?f.register.party=x").status, 422, "no filter of the definition");
    assert_eq!(clerk.get("/registers/nonsense").status, 404);
}

#[test]
fn pages_follow_each_other_without_a_gap_and_lead_back() {
    let served = Served::demo();
    let mut clerk = served.signed_in("clerk");
    for sort in ["", "number", "-number", "title", "-changed", "opened"] {
        let mut address = format!("/registers/publicity_event?sort={sort}");
        let (mut seen, mut pages) = (Vec::new(), Vec::new());
        loop {
            let page = clerk.get(&address);
            seen.extend(names(&page.text));
            pages.push(address.clone());
            match page.after("rel=\"next\"", "href") {
                Some(next) => address = next,
                None => break,
            }
        }
        let all = total(&mut clerk, "/registers/publicity_event");
        assert_eq!(seen.len() as u64, all, "sorted by {sort}");
        let last = clerk.get(&address);
        let before = clerk.get(&last.after("rel=\"prev\"", "href").expect("a way back"));
        assert_eq!(names(&before.text), names(&clerk.get(&pages[pages.len() - 2]).text), "sorted by {sort}");
    }
}

#[test]
fn a_village_sees_and_counts_its_own_alone() {
    let served = Served::demo();
    let db = served.scratch.db();
    let (mut clerk, mut village) = (served.signed_in("clerk"), served.signed_in("village_a"));
    let own = |register: &str| -> u64 {
        let sql = "SELECT count(*) FROM record r JOIN record_village v ON v.town_id = r.town_id AND v.record = r.id \
                   JOIN record n ON n.town_id = v.town_id AND n.id = v.village \
                   WHERE r.town_id = $1 AND r.register = $2 AND n.title LIKE '%云溪村%'";
        db.value::<i64>(sql, params![register]) as u64
    };
    for register in ["screening", "adviser_service", "publicity_event"] {
        let address = format!("/registers/{register}");
        let (all, theirs) = (total(&mut clerk, &address), total(&mut village, &address));
        assert_eq!(theirs, own(register), "{register}");
        assert!(theirs < all, "{register}: the township has more than one village");
        // Asked for by another village's name, nothing of it is told.
        let other = "SELECT id FROM record WHERE town_id = $1 AND register = 'village' AND title LIKE '%竹坪%'";
        let other: String = db.value(other, params![]);
        let shared = total(&mut village, &format!("{address}?village={other}"));
        assert!(shared <= theirs, "{register}");
        assert!(!village.get(&address).text.contains("竹坪村屋场"), "{register}");
    }
    assert_eq!(village.get("/registers/mediation_case").status, 404);
    assert_eq!(served.signed_in("admin").get("/registers/publicity_event").status, 404);
}

#[test]
fn a_sealed_name_is_found_whole_by_whoever_may_look_at_it_and_that_is_written_down() {
    let served = Served::demo();
    let db = served.scratch.db();
    let sql = "SELECT s.value, e.record FROM sealed s JOIN entry e ON e.town_id = s.town_id AND e.idx = s.idx \
               JOIN record r ON r.town_id = e.town_id AND r.id = e.record \
               WHERE s.town_id = $1 AND r.register = 'mediation_case' AND s.field = 'parties' ORDER BY s.idx";
    let parties: Vec<(String, String)> =
        db.rows(sql, params![], |row| Ok((row.get(0)?, row.get(1)?))).expect("sealed names");
    let whole = |value: &str| -> Vec<String> {
        value.split(|sign: char| !sign.is_alphanumeric()).filter(|name| !name.is_empty()).map(str::to_owned).collect()
    };
    let name = whole(&parties[0].0).remove(0);
    let with = parties.iter().filter(|(value, _)| whole(value).contains(&name)).map(|(_, record)| record);
    let with = with.collect::<BTreeSet<_>>().len() as u64;
    let half: String = name.chars().take(name.chars().count() - 1).collect();
    let address = |text: &str, more: &str| {
        let text: String = text.bytes().map(|byte| format!("%{byte:02X}")).collect();
        format!("/registers/mediation_case?q={text}{more}")
    };
    for (login, text, more, expect) in [
        ("clerk", &name, "", with),
        ("mediator", &name, "", with),
        ("inspector", &name, "", 0),
        ("clerk", &half, "", 0),
        ("clerk", &name, "%20%E6%B2%A1%E6%9C%89", 0),
    ] {
        assert_eq!(total(&mut served.signed_in(login), &address(text, more)), expect, "{login} {text} {more}");
    }
    let sql = "SELECT what FROM access WHERE town_id = $1 AND kind = 'read' AND record = 'mediation_case' \
               ORDER BY at, id";
    let lines: Vec<String> = served.scratch.accounts().values(sql, params![]);
    assert_eq!(lines.len(), 2, "{lines:?}");
    assert!(lines.iter().all(|line| line.contains("按封存的姓名查找") && !line.contains(&name)), "{lines:?}");
}

//! The home page and the dues: to everybody what is his to do, by which day and why; to nobody what is not.

use std::collections::BTreeSet;

use serde_json::Value;
use yifa::demo::accounts::ACCOUNTS;

use crate::client::{Client, Page, Served};
use crate::filled::{one, opened, send, today};

fn ok(page: Page) -> Page {
    assert_eq!(page.status, 200, "{}", page.text);
    page
}

/// The records a page links to, as `register/id`.
fn records(text: &str) -> BTreeSet<String> {
    let links = text.split("href=\"/registers/").skip(1).filter_map(|rest| rest.split(['"', '#', '?']).next());
    links.filter(|link| link.contains('/')).map(str::to_owned).collect()
}

/// A part of a page: from the heading with these words to the end of its section.
fn section<'p>(page: &'p Page, title: &str) -> &'p str {
    let at = page.text.find(title).unwrap_or_else(|| panic!("no “{title}” in {}", page.text));
    page.text[at..].split("</section>").next().unwrap()
}

fn said(text: &str, words: &str) -> usize {
    let rest = text.split(words).nth(1).unwrap_or_default().trim_start();
    rest.chars().take_while(char::is_ascii_digit).collect::<String>().parse().unwrap_or(0)
}

fn all_may_be_opened(client: &mut Client, page: &Page) {
    for record in records(&page.text) {
        assert_eq!(client.get(&format!("/registers/{record}")).status, 200, "{record}");
    }
}

#[test]
fn a_leader_sees_what_waits_for_a_decision_and_an_administrator_no_case() {
    let served = Served::demo();
    let mut leader = served.signed_in("leader");
    let page = ok(leader.get("/"));
    let waits = section(&page, "等我办的");
    for words in ["责任倒查", "核查中", "认定责任", "/registers/accountability?state=checking\">1</a>"] {
        assert!(waits.contains(words), "{words}: {waits}");
    }
    assert!(section(&page, "没有人负责").contains("评议"), "a term that is nobody's in particular");
    let numbers = section(&page, "年度数字");
    assert!(numbers.contains("2026年还没有记入") && numbers.contains("数据质量：以上2025年"), "{numbers}");
    assert!(section(&page, "最近的标记").contains("逾期"));
    all_may_be_opened(&mut leader, &page);
    // The year asked for, and what was published of it.
    assert!(ok(leader.get("/?year=2023")).text.contains("/figures/publicity.events/entries?year=2023\""));

    // What he may begin, by what it is called.
    let start = section(&page, "登记新的");
    assert!(
        start.contains("href=\"/registers/collective_decision/new/call\"")
            && !start.contains("/registers/mediation_case/new/"),
        "{start}"
    );

    let mut reviewer = served.signed_in("reviewer");
    assert!(!ok(reviewer.get("/")).text.contains("认定责任"), "not his to take");

    let page = ok(served.signed_in("admin").get("/"));
    assert!(page.text.contains("9 个") && page.text.contains("系统管理员只管账号"));
    assert!(records(&page.text).is_empty() && !page.text.contains("/figures") && !page.text.contains("/dues"));
}

#[test]
fn a_mediator_is_told_his_own_terms_and_what_the_command_line_tells() {
    let served = Served::demo();
    let told = served.scratch.yifa(&["due", "--person", "廖德厚", "--role", "mediator", "--json"]).done().out;
    let told: Vec<Value> = serde_json::from_str(&told).unwrap();
    let told: BTreeSet<String> = told
        .iter()
        .map(|due| format!("{}/{}", due["register"].as_str().unwrap(), due["record"].as_str().unwrap()))
        .collect();
    assert!(!told.is_empty());
    let page = ok(served.signed_in("mediator").get("/"));
    let mine = section(&page, "我负责的期限");
    assert_eq!(records(mine), told);
    assert!(mine.contains("逾期 ") && mine.contains("本地：乡镇做法"), "each with why: {mine}");
}

#[test]
fn everybody_begins_from_home_what_he_may_begin() {
    let served = Served::demo();
    for login in ["clerk", "leader", "mediator", "adviser", "village_a", "inspector"] {
        let mut somebody = served.signed_in(login);
        let page = ok(somebody.get("/"));
        let links = page.text.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
        let forms: BTreeSet<&str> = links.filter(|to| to.contains("/new/")).collect();
        assert!(!forms.is_empty(), "{login}");
        for form in forms {
            assert_eq!(somebody.get(form).status, 200, "{login} {form}");
        }
    }
    let page = ok(served.signed_in("clerk").get("/"));
    assert!(page.text.contains("可以登记的全部 ") && page.text.contains("<h3>司法所</h3>"), "by who keeps it");
    assert!(!ok(served.signed_in("admin").get("/")).text.contains("/new/"));
}

#[test]
fn a_village_sees_what_touches_it_alone() {
    let served = Served::demo();
    let (mut a, mut b) = (served.signed_in("village_a"), served.signed_in("village_b"));
    for path in ["/", "/?year=2023", "/dues?whose=all"] {
        let (of_a, of_b) = (ok(a.get(path)), ok(b.get(path)));
        assert!(!of_a.text.contains("竹坪村") && !of_b.text.contains("云溪村"), "{path}");
        all_may_be_opened(&mut a, &of_a);
        all_may_be_opened(&mut b, &of_b);
        assert!(!of_a.text.contains("286起"), "{path}");
    }
    let file = ok(a.get("/dues.ics?whose=all")).text.replace("\r\n ", "");
    assert!(file.contains("云溪村") && !file.contains("竹坪村"), "{file}");
}

#[test]
fn dues_are_listed_turned_by_month_narrowed_and_taken_away_as_a_calendar() {
    let served = Served::demo();
    let mut clerk = served.signed_in("clerk");
    let all = ok(clerk.get("/dues?whose=all"));
    let many = said(&all.text, "<p>共 ");
    let (mine, over) = (ok(clerk.get("/dues")), ok(clerk.get("/dues?whose=all&overdue=1")));
    assert!(many > said(&mine.text, "<p>共 ") && said(&mine.text, "<p>共 ") > 0);
    assert_eq!(said(&over.text, "<p>共 "), said(&all.text, "逾期 "));
    assert!(!over.text.contains("还有 "), "nothing that is not over");

    let file = ok(clerk.get("/dues.ics?whose=all"));
    assert_eq!(file.text.matches("BEGIN:VEVENT").count(), many);
    assert!(file.header("content-disposition").starts_with("attachment"));
    assert_eq!(file.header("content-type"), "text/calendar; charset=utf-8");

    let one = ok(clerk.get("/dues?whose=all&register=mediation_case"));
    assert!(records(&one.text).iter().all(|record| record.starts_with("mediation_case/")));
    assert!(said(&one.text, "<p>共 ") > 0);

    // The holidays of October 2024: the seven days of the notice and two weekend days, two of which were worked.
    let month = ok(clerk.get("/dues?whose=all&month=2024-10"));
    let calendar = month.text.split("table class=\"calendar\"").nth(1).unwrap().split("</table>").next().unwrap();
    assert!(calendar.contains("国庆节假期，休息日") && calendar.contains("调休上班"));
    let days = calendar.matches("<td title=").count() + calendar.matches("<td class=\"rest\"").count();
    assert_eq!(days, 31, "{calendar}");
    let of_month = said(&month.text, "<p>共 ");
    let on_days: usize = calendar.split("class=\"many").skip(1).map(|day| said(day, "\">")).sum();
    assert_eq!(on_days, of_month, "the days add up to the list");
    assert_eq!(clerk.get("/dues?month=2024-13").status, 422);
}

#[test]
fn what_somebody_who_left_would_answer_for_waits_for_whoever_may_do_it() {
    let served = Served::demo();
    let mut mediator = served.signed_in("mediator");
    for (state, waits) in [("serving", false), ("ended", true)] {
        let case = opened(&served, &mut mediator);
        let assign = format!("{case}/steps/assign");
        let who = format!(
            "SELECT id FROM record WHERE town_id = $1 AND register = 'mediator' AND state = '{state}' AND title NOT LIKE '%廖德厚%' \
             ORDER BY id LIMIT 1"
        );
        let (day, who) = (today(), one(&served, &who));
        let page = mediator.get(&assign);
        let values = [("f.on", day.as_str()), ("f.mediators", &who), ("f.chosen_by", "committee")];
        assert_eq!(send(&mut mediator, &assign, &page, "record", &values).status, 303);
        let dues = ok(mediator.get("/dues?register=mediation_case"));
        assert_eq!(dues.text.contains(&format!("href=\"{case}")), waits, "{state}: {}", dues.text);
    }
}

#[test]
fn every_entry_of_the_menu_opens() {
    let served = Served::demo();
    for (login, _) in ACCOUNTS {
        let mut client = served.signed_in(login);
        let page = ok(client.get("/"));
        let menu = page.text.split("aria-label=\"主菜单\"").nth(1).and_then(|rest| rest.split("</nav>").next());
        let parts: Vec<&str> =
            menu.expect("a menu").split("href=\"").skip(1).filter_map(|part| part.split('"').next()).collect();
        assert!(parts.len() > 2, "{login}: {parts:?}");
        for part in &parts {
            assert_eq!(client.get(part).status, 200, "{login} {part}");
        }
        let reads = client.get("/reports").status == 200;
        assert_eq!(parts.contains(&"/reports"), reads, "{login}");
    }
}

#[test]
fn on_a_telephone_too_what_is_due_stands_before_what_may_be_begun() {
    let served = Served::demo();
    let mut clerk = served.signed_in("clerk");
    let page = ok(clerk.get("/"));
    let at = |words: &str| page.text.find(words).unwrap_or_else(|| panic!("no “{words}” in {}", page.text));
    assert!(at("我负责的期限") < at("等我办的") && at("等我办的") < at("登记新的"));
    // There the panels are one column, in this order where the style does not say another.
    let style = ok(clerk.get(&page.after("rel=\"stylesheet\"", "href").expect("a style"))).text;
    let narrow = style.split(".home > aside { display: contents; }").nth(1).expect("one column");
    let moved: Vec<&str> = narrow.lines().filter(|line| line.contains(".home") && line.contains("order:")).collect();
    assert_eq!(moved.iter().map(|line| line.trim()).collect::<Vec<_>>(), [".home > * > :last-child { order: 1; }"]);
    for last in ["最近的标记", "年度数字"] {
        let panel = page.text[at(last)..].split_once("</section>").expect("its end").1;
        assert!(panel.starts_with("</div>") || panel.starts_with("</aside>"), "{last} is not the last of its column");
    }
}

//! A record's path and what comes next: alternatives beside each other, what was done is not asked for again, what needs
//! another step first says so, and a mistake is not a step like another.

use yifa::storage::params;

use crate::client::{Client, Page, Served};
use crate::filled::{case_with, one, opened, send, today};
use crate::support::Ask;

/// What stands on a page from one piece of it to the next occurrence of another.
#[track_caller]
fn part<'p>(page: &'p Page, from: &str, to: &str) -> &'p str {
    let (_, rest) = page.text.split_once(from).unwrap_or_else(|| panic!("no {from} in {}", page.text));
    rest.split_once(to).map_or(rest, |(part, _)| part)
}

/// What stands behind a piece of a page, to the end of the attribute.
fn part_of<'p>(text: &'p str, from: &str) -> &'p str {
    text.split_once(from).and_then(|(_, rest)| rest.split_once('"')).map_or("", |(part, _)| part)
}

/// The page of the first case of a state, taken or not taken a step.
fn case_in(served: &Served, client: &mut Client, state: &str, with: &str, without: &str) -> Page {
    let case = case_with(served, state, |body| body.get(with).is_some() && body.get(without).is_none());
    client.get(&format!("/registers/mediation_case/{case}"))
}

#[test]
fn the_path_shows_stages_and_of_what_leads_out_of_one_puts_side_by_side() {
    let served = Served::demo();
    let mut mediator = served.signed_in("mediator");
    let case = opened(&served, &mut mediator);
    let page = mediator.get(&case);
    let path = part(&page, "<ol class=\"stages\"", "<div class=\"record-body\">");
    assert!(path.contains("待受理 <small>现在</small>") && path.contains("登记"), "{path}");
    let either = path.split_once("择一").expect("a choice").1;
    for out in ["不予受理", "当事人拒绝", "移交", "受理并确定调解员"] {
        assert!(either.contains(out), "{out}: {path}");
    }
    // Nobody knows yet which way it goes on.
    assert!(!path.contains("已归档"), "{path}");

    // Agreed, it goes one way only; the days left stand on it.
    let page = case_in(&served, &mut mediator, "agreed", "follow_up", "court_confirmation");
    let path = part(&page, "<ol class=\"stages\"", "<div class=\"record-body\">");
    let stages: Vec<&str> = path.split("<p class=\"state\">").skip(1).map(|rest| &rest[..12]).collect();
    assert_eq!(
        stages,
        ["待受理", "调解中", "达成协议", "已归档"].map(|title| &path[path.find(title).unwrap()..][..12])
    );
    assert!(!path.contains("择一") && path.contains("逾期 "), "{path}");
    let beside = path.split_once("另可").expect("what may be done besides").1;
    assert!(beside.contains("可以申请司法确认") && beside.contains("法院裁定"), "{beside}");
}

#[test]
fn what_comes_next_is_told_by_what_is_to_be_made_of_it() {
    let served = Served::demo();
    let mut clerk = served.signed_in("clerk");
    let page = case_in(&served, &mut clerk, "agreed", "follow_up", "court_confirmation");
    let next = part(&page, "id=\"next\"", "</section>");
    let of = |title: &str| {
        let (_, rest) = next.split_once(&format!("<h3>{title}</h3>")).unwrap_or_else(|| panic!("no {title}: {next}"));
        rest.split("<h3>").next().expect("a part").to_owned()
    };
    assert!(of("要办的").contains("立卷归档") && of("要办的").contains("应当"), "{next}");
    assert!(of("视情形办理").contains("/steps/court_confirmation\""), "{next}");
    // A ruling nobody asked the court for is not offered like a step that is due.
    let first = of("须先办别的");
    assert!(first.contains("<strong>法院裁定</strong>") && first.contains("须先办“申请司法确认”"), "{first}");
    // Visited once, nothing asks for it again; whose it is stands there.
    let again = of("已经办过，需要时再办");
    assert!(again.contains("履行回访") && again.contains("由调解员办理") && !again.contains("应当"), "{again}");

    // Several ways out of a stage stand under one heading.
    let mut mediator = served.signed_in("mediator");
    let case = opened(&served, &mut mediator);
    let page = mediator.get(&case);
    assert!(part(&page, "<h3>择一办理</h3>", "<h3>").contains("/steps/assign\""), "{}", page.text);

    // The township's own step is the leader's where it was taken outside before; what others did is not, nor is it for
    // somebody else.
    let outside = |login: &str| {
        let page = served.signed_in(login).get(&case);
        let next = part(&page, "id=\"next\"", "</section>");
        let links = next.split("<li").filter(|step| step.contains("补录已经办了的"));
        links.map(|step| part_of(step, "/steps/").to_owned()).collect::<Vec<_>>()
    };
    let of_leader = outside("leader");
    assert!(of_leader.contains(&"assign".to_owned()) && !of_leader.contains(&"decline".to_owned()), "{of_leader:?}");
    for step in &of_leader {
        let form = served.signed_in("leader").get(&format!("{case}/steps/{step}"));
        assert!(form.status == 200 && form.text.contains("为什么在系统外办"), "{step}");
    }
    for login in ["mediator", "clerk", "inspector"] {
        assert!(outside(login).is_empty(), "{login}");
    }
}

#[test]
fn a_record_is_called_by_its_number_and_title_and_voiding_it_stands_apart() {
    let served = Served::demo();
    let mut clerk = served.signed_in("clerk");
    let page = case_in(&served, &mut clerk, "agreed", "follow_up", "court_confirmation");
    let id = part(&page, "href=\"/registers/mediation_case/", "/print").to_owned();
    let title = one(&served, &format!("SELECT number || ' ' || title FROM record WHERE town_id = $1 AND id = '{id}'"));
    assert!(page.text.contains(&format!("<h1>{title}</h1>")), "{title}");
    let views = part(&page, "<nav class=\"views\"", "</nav>");
    assert!(views.contains("打印") && !views.contains("/void"), "{views}");
    let mistakes = part(&page, "更正与作废", "</details>");
    assert!(mistakes.contains("/void\"") && mistakes.contains("作废整个案卷"), "{mistakes}");
    // On paper the entries are named as they lie: others' lie between.
    let sql = "SELECT idx FROM entry WHERE town_id = $1 AND record = $2 ORDER BY idx";
    let indices: Vec<i64> = served.scratch.db().values(sql, params![id]);
    let printed = clerk.get(&format!("/registers/mediation_case/{id}/print"));
    let footer = part(&printed, "这份材料印自日志", "；");
    assert!(footer.contains(&format!("第 {}、", indices[0])), "{footer} of {indices:?}");
    assert!(footer.contains(&format!("共 {} 条", indices.len())), "{footer}");
}

#[test]
fn a_date_says_its_first_day_and_why() {
    let served = Served::demo();
    let mut mediator = served.signed_in("mediator");
    let case = opened(&served, &mut mediator);
    let day = today();
    let assign = format!("{case}/steps/assign");
    let page = mediator.get(&assign);
    let who = one(
        &served,
        "SELECT id FROM record WHERE town_id = $1 AND register = 'mediator' AND state = 'serving' ORDER BY id LIMIT 1",
    );
    let sent = send(
        &mut mediator,
        &assign,
        &page,
        "record",
        &[("f.on", &day), ("f.mediators", &who), ("f.chosen_by", "committee")],
    );
    assert_eq!(sent.status, 303, "{}", sent.text);
    let agree = format!("{case}/steps/agree");
    let page = mediator.get(&agree);
    let hint = |page: &Page, field: &str| part(page, &format!("id=\"field-{field}\""), "<div class=\"field").to_owned();
    assert!(hint(&page, "on").contains(&format!("如 {day}")), "{}", hint(&page, "on"));
    assert!(hint(&page, "perform_by").contains("不早于“达成协议日期”"), "{}", hint(&page, "perform_by"));
    // Once the other day is there, the first one is told as a day.
    let page = send(&mut mediator, &agree, &page, "update", &[("f.on", &day)]);
    let hint = hint(&page, "perform_by");
    assert!(hint.contains(&format!("最早 {day}（“达成协议日期”当日）")), "{hint}");
}

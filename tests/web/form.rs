//! The step forms: what is typed becomes an entry, or comes back with all that is in the way.

use yifa::storage::params;

use crate::client::Served;
use crate::filled::{
    NEW_CASE, case, committee_and_village, count, one, opened, person_of, record, send, send_files, today, village_of,
    with, without,
};

#[test]
fn a_case_is_opened_and_refused_with_all_that_is_in_the_way_at_once() {
    let served = Served::demo();
    let (committee, village) = committee_and_village(&served);
    let mut mediator = served.signed_in("mediator");
    let day = today();
    let good = case(&committee, &village, &day);

    // What is wrong is said beside its field, all at once, and what was typed stays.
    let page = mediator.get(NEW_CASE);
    assert_eq!(page.status, 200);
    assert!(page.text.contains("《人民调解法》第二十七条") && page.text.contains("应当"), "the law on top");
    let bad = with(&with(&without(&good, "f.committee"), "f.on", "五月八日"), "f.origin", "moon");
    let before = count(&served);
    let page = send(&mut mediator, NEW_CASE, &page, "record", &bad);
    assert_eq!(page.status, 422);
    for text in ["还没有记入：有 3 处", "五月八日", "不在可选项中", "“调委会”没有填", "两家为一堵墙", "张甲、李乙"]
    {
        assert!(page.text.contains(text), "{text}");
    }
    assert!(page.text.contains("href=\"#field-committee\""), "the summary leads to the field");
    let ahead = with(&with(&good, "f.on", "2999-01-01"), "f.origin", "moon");
    let page = send(&mut mediator, NEW_CASE, &page, "record", &ahead);
    for text in ["还没有记入：有 2 处", "的日期 2999-01-01 在今天", "href=\"#field-on\"", "不在可选项中"]
    {
        assert!(page.status == 422 && page.text.contains(text), "{text}: {}", page.text);
    }
    assert_eq!(count(&served), before);

    // A field the definition does not know, and one derived or of another step, are not taken.
    let page = send(&mut mediator, NEW_CASE, &page, "record", &with(&good, "f.number", "自编一号"));
    assert!(page.status == 422 && page.text.contains("P201"), "{}", page.text);
    let page = send(&mut mediator, NEW_CASE, &page, "record", &with(&good, "actor", "somebody"));
    assert!(page.status == 422 && page.text.contains("P830"), "{}", page.text);

    // Good at last: one entry, numbered, and the record's page says so.
    let page = mediator.get(NEW_CASE);
    let page = send(&mut mediator, NEW_CASE, &page, "record", &good);
    assert_eq!((page.status, count(&served)), (303, before + 1), "{}", page.text);
    let page = mediator.get(page.header("location"));
    assert!(page.text.contains(&format!("已记入第 {before} 条")) && page.text.contains("调字第"), "{}", page.text);
    assert!(!page.text.contains("一堵墙"), "personal values are not shown");
    let actor = one(&served, &format!("SELECT actor FROM entry WHERE town_id = $1 AND idx = {before}"));
    assert_eq!(actor, record(&served, "person", person_of("mediator")));
}

const JPEG: &[u8] = b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0 a picture of the market";

#[test]
fn a_file_stays_over_a_refused_form_and_what_may_run_is_not_taken() {
    let served = Served::demo();
    let mut clerk = served.signed_in("clerk");
    let path = "/registers/publicity_event/new/hold";
    let page = clerk.get(path);
    let day = today();
    let values = [
        ("f.on", day.as_str()),
        ("f.title", "圩日普法"),
        ("f.kind", "six"),
        ("f.scale", "ordinary"),
        ("f.volunteer", "否"),
        ("f.theme", "general"),
        ("f.attended", "八十余"),
        ("f.materials", "100"),
    ];
    let files: [(&str, &str, &[u8]); 2] =
        [("u.evidence", "圩日.jpg", JPEG), ("u.evidence", "照片.jpg", b"MZ\x90\0\x03\0\0\0\x04")];
    let page = send_files(&mut clerk, path, &page, "record", &values, &files);
    assert_eq!(page.status, 422);
    assert!(page.text.contains("P812") && page.text.contains("照片.jpg"), "{}", page.text);
    assert!(page.text.contains("圩日.jpg") && page.text.contains("已收下"), "the good one is kept");
    // The kept one is sent on by its box; the form is still refused, for other reasons now.
    let hash = page.after("type=\"checkbox\" name=\"k.evidence\"", "value").expect("a kept file");
    let mut again = values.to_vec();
    again.push(("k.evidence", &hash));
    let page = send_files(&mut clerk, path, &page, "record", &again, &[]);
    assert!(page.status == 422 && page.text.contains("六进类别"), "what applies now is asked: {}", page.text);
    assert!(page.text.contains("圩日.jpg") && page.text.contains("八十余"), "still there");
    let mut last = with(&again, "f.attended", "80");
    last.push(("f.six", "village"));
    let page = send_files(&mut clerk, path, &page, "record", &last, &[]);
    assert_eq!(page.status, 303, "{}", page.text);
    assert!(served.scratch.data().join("files").join(&hash).is_file(), "stored for good");
    served.scratch.yifa(&["verify"]).done();

    // A file of somebody else's is not to be named by its hash.
    let mut other = served.signed_in("leader");
    let of_leader = other.get(path);
    if of_leader.status == 200 {
        let page = send(&mut other, path, &of_leader, "record", &last);
        assert_eq!(page.status, 422);
    }
    let mut village = served.signed_in("village_a");
    let page = village.get(path);
    let page = send(&mut village, path, &page, "record", &last);
    assert!(page.status == 422 && page.text.contains("P243"), "{}", page.text);
}

#[test]
fn what_the_law_forbids_the_township_is_refused_with_the_article_and_its_outside_way_is_the_leaders() {
    let served = Served::demo();
    let mut mediator = served.signed_in("mediator");
    let case = opened(&served, &mut mediator);
    let day = today();
    let decline = format!("{case}/steps/decline");
    let page = mediator.get(&decline);
    assert_eq!(
        send(&mut mediator, &decline, &page, "record", &[("f.on", &day), ("f.declined_by", "李乙")]).status,
        303
    );
    let assign = format!("{case}/steps/assign");
    let page = mediator.get(&assign);
    assert!(page.text.contains("不得：") && page.text.contains("不得调解"), "told before: {}", page.text);
    assert!(page.text.contains(&format!("value=\"{day}\"")), "the day is today");
    let who = one(
        &served,
        "SELECT id FROM record WHERE town_id = $1 AND register = 'mediator' AND state = 'serving' ORDER BY id LIMIT 1",
    );
    let values = [("f.on", day.as_str()), ("f.mediators", who.as_str()), ("f.chosen_by", "committee")];
    let before = count(&served);
    let page = send(&mut mediator, &assign, &page, "record", &values);
    assert_eq!((page.status, count(&served)), (422, before));
    for text in ["P220", "当事人一方明确拒绝调解的，不得调解", "《人民调解法》第十七条"] {
        assert!(page.text.contains(text), "{text}: {}", page.text);
    }
    // Whoever is no leader cannot say it was done outside.
    let mut outside = values.to_vec();
    outside[0] = ("f.on", "2026-01-05");
    outside.push(("already", "当时停电"));
    let page = send(&mut mediator, &assign, &page, "record", &outside);
    assert!(page.status == 422 && page.text.contains("P833"), "{}", page.text);
    let mut leader = served.signed_in("leader");
    let page = leader.get(&assign);
    assert!(page.text.contains("系统外已发生的，由领导补记"), "{}", page.text);
    let page = send(&mut leader, &assign, &page, "record", &outside[..3]);
    assert!(page.status == 422 && page.text.contains("P833"), "{}", page.text);
    assert!(page.text.contains("请写明理由再记入") && !page.text.contains("报告领导"), "{}", page.text);
    let page = send(&mut leader, &assign, &page, "record", &outside);
    assert_eq!((page.status, count(&served)), (303, before + 1), "{}", page.text);
    let page = leader.get(page.header("location"));
    assert!(page.text.contains("在系统外办理后补记的"), "{}", page.text);
}

#[test]
fn a_village_neither_enters_for_another_nor_names_what_is_not_its_own() {
    let served = Served::demo();
    let (a, b) = (village_of(&served, "village_a"), village_of(&served, "village_b"));
    let mut village = served.signed_in("village_a");
    let path = "/registers/publicity_event/new/hold";
    let day = today();
    let values = [
        ("f.on", day.as_str()),
        ("f.title", "村里的普法"),
        ("f.kind", "film"),
        ("f.scale", "ordinary"),
        ("f.volunteer", "否"),
        ("f.theme", "general"),
        ("f.attended", "20"),
        ("f.materials", "0"),
    ];
    let mut page = village.get(path);
    assert!(page.text.contains(&a) && !page.text.contains(&b), "only its own village is offered");
    let before = count(&served);
    for villages in [vec![], vec![b.as_str()], vec![a.as_str(), b.as_str()]] {
        let mut values = values.to_vec();
        values.extend(villages.iter().map(|village| ("f.villages", *village)));
        page = send(&mut village, path, &page, "record", &values);
        assert!(page.status == 422 && page.text.contains("P831"), "{villages:?}: {}", page.text);
    }
    assert_eq!(count(&served), before);
    // A legal-savvy villager of the other village is as if he were not there, by id and by name.
    let sql = |column: &str, village: &str| {
        format!(
            "SELECT r.{column} FROM record r JOIN record_village v ON v.town_id = r.town_id AND v.record = r.id \
             WHERE r.town_id = $1 AND r.register = 'legal_savvy' AND v.village = '{village}' AND r.state <> 'void' \
             ORDER BY r.id LIMIT 1"
        )
    };
    let own = with(&values, "f.villages", &a);
    for column in ["id", "title"] {
        let foreign = one(&served, &sql(column, &b));
        assert!(!page.text.contains(&foreign), "{foreign} is not offered");
        let mut values = own.clone();
        values.push(("f.helpers", &foreign));
        page = send(&mut village, path, &page, "record", &values);
        assert!(page.status == 422 && page.text.contains("在登记簿中找不到"), "{foreign}: {}", page.text);
        let told = page.text.matches("找不到").count();
        let nobody = with(&values, "f.helpers", "没有这个人");
        page = send(&mut village, path, &page, "record", &nobody);
        assert_eq!(page.text.matches("找不到").count(), told, "told the same");
        assert!(!page.text.contains("是不是“"), "no name of another village is suggested");
    }
    let helper = one(&served, &sql("id", &a));
    let mut good = own.clone();
    good.push(("f.helpers", &helper));
    let page = village.get(path);
    let page = send(&mut village, path, &page, "record", &good);
    assert_eq!((page.status, count(&served)), (303, before + 1), "{}", page.text);

    // Records of the other village: no form, no amendment.
    let foreign = one(
        &served,
        &format!(
            "SELECT r.id FROM record r JOIN record_village v ON v.town_id = r.town_id AND v.record = r.id \
             WHERE r.town_id = $1 AND r.register = 'publicity_event' AND v.village = '{b}' AND NOT EXISTS \
             (SELECT 1 FROM record_village w WHERE w.town_id = $1 AND w.record = r.id AND w.village = '{a}') \
             ORDER BY r.id LIMIT 1"
        ),
    );
    let entry =
        one(&served, &format!("SELECT id FROM entry WHERE town_id = $1 AND record = '{foreign}' ORDER BY idx LIMIT 1"));
    let tails = ["steps/hold", "void", "link", "attach", "questions/omitted:hold"].map(str::to_owned);
    for tail in tails.into_iter().chain([format!("entries/{entry}/correct"), format!("entries/{entry}/void")]) {
        let path = format!("/registers/publicity_event/{foreign}/{tail}");
        assert_eq!(village.get(&path).status, 404, "{path}");
        assert_eq!(village.post(&path, &[("reason", "试")]).status, 404, "{path}");
    }
    // Nor may it open what is not its to open, and an administrator nothing at all.
    assert!(matches!(village.get(NEW_CASE).status, 403 | 404));
    assert_eq!(served.signed_in("inspector").get(path).status, 403);
    assert_eq!(served.signed_in("admin").get(path).status, 404);
}

#[test]
fn a_correction_takes_what_was_changed_and_shows_sealed_values_for_a_reason() {
    let served = Served::demo();
    let mut mediator = served.signed_in("mediator");
    let case = opened(&served, &mut mediator);
    let id = case.rsplit('/').next().expect("an id");
    let entry =
        one(&served, &format!("SELECT id FROM entry WHERE town_id = $1 AND record = '{id}' ORDER BY idx LIMIT 1"));
    let path = format!("{case}/entries/{entry}/correct");
    let page = mediator.get(&path);
    assert!(page.status == 200 && !page.text.contains("张甲"), "sealed values are not shown");
    // Nothing changed is no correction; a reason is needed.
    let (committee, village) = committee_and_village(&served);
    let day = today();
    let same: Vec<(&str, &str)> = case_without_sealed(&committee, &village, &day).into_iter().collect();
    let refused = send(&mut mediator, &path, &page, "record", &same);
    assert!(refused.status == 422 && refused.text.contains("没有写更正成什么"), "{}", refused.text);
    assert!(refused.text.contains("“更正理由”没有填"));
    let unmasked = send(&mut mediator, &path, &page, "unmask", &same);
    assert!(unmasked.status == 422 && unmasked.text.contains("P835"));
    let mut asked = same.clone();
    asked.push(("reason", "登记时听错了"));
    let unmasked = send(&mut mediator, &path, &page, "unmask", &asked);
    assert!(unmasked.status == 200 && unmasked.text.contains("张甲"), "{}", unmasked.text);
    let sql = "SELECT what, reason FROM access WHERE town_id = $1 AND kind = 'read' ORDER BY at DESC, id DESC LIMIT 1";
    let line = served.scratch.accounts().one(sql, params![], |row| Ok((row.get(0)?, row.get(1)?)));
    let (what, reason): (String, String) = line.unwrap().expect("a line in the access log");
    assert!(what.contains("当事人") && reason == "登记时听错了", "{what} {reason}");
    // One changed, one cleared nothing: only that goes in.
    let before = count(&served);
    let mut changed = with(&asked, "f.dispute", "family");
    changed.extend([("f.parties", "张甲、李乙"), ("f.facts", "两家为一堵墙争了起来")]);
    let done = send(&mut mediator, &path, &unmasked, "record", &changed);
    assert_eq!((done.status, count(&served)), (303, before + 1), "{}", done.text);
    let body = one(&served, &format!("SELECT body FROM payload WHERE town_id = $1 AND idx = {before}"));
    assert!(
        body.contains("\"dispute\":\"family\"") && !body.contains("committee") && !body.contains("cleared"),
        "{body}"
    );
    assert!(mediator.get(done.header("location")).text.contains("更正"));
    let twice = send(&mut mediator, &path, &unmasked, "record", &changed);
    assert_eq!((twice.status, twice.header("location")), (303, done.header("location")), "sent twice, taken once");
    let other = send(&mut mediator, &path, &unmasked, "record", &with(&changed, "f.dispute", "housing"));
    assert!(other.status == 409 && other.text.contains("另存为一份草稿"), "another one is not lost: {}", other.text);
    assert_eq!(count(&served), before + 1);

    // A step voided, a file added twice with one press, two records linked.
    let void = format!("{case}/entries/{entry}/void");
    let page = mediator.get(&format!("{case}/attach"));
    let files: [(&str, &str, &[u8]); 2] = [("u.file", "一.jpg", JPEG), ("u.file", "二.txt", "照抄的一页".as_bytes())];
    let first = send_files(&mut mediator, &format!("{case}/attach"), &page, "record", &[], &files);
    assert_eq!((first.status, count(&served)), (303, before + 3), "{}", first.text);
    let again = send_files(&mut mediator, &format!("{case}/attach"), &page, "record", &[], &files);
    assert_eq!((again.status, count(&served)), (303, before + 3), "{}", again.text);
    // The scan of what was signed in a step is linked to it, and stands beside it.
    let scan = format!("{case}/attach");
    let index = one(&served, &format!("SELECT idx || '' FROM entry WHERE town_id = $1 AND id = '{entry}'"));
    let page = mediator.get(&format!("{scan}?of={index}"));
    let chosen = format!("<option value=\"{index}\" selected>");
    assert!(page.text.contains(&chosen) && page.text.contains("不是电子签名、电子印章"), "{}", page.text);
    let signed: [(&str, &str, &[u8]); 1] = [("u.file", "签字.jpg", JPEG)];
    let wrong = send_files(&mut mediator, &scan, &page, "record", &[("of", "1")], &signed);
    assert!(wrong.status == 422 && wrong.text.contains("没有步骤"), "{}", wrong.text);
    let page = mediator.get(&scan);
    let done = send_files(&mut mediator, &scan, &page, "record", &[("of", &index)], &signed);
    assert_eq!(done.status, 303, "{}", done.text);
    let page = mediator.get(&case);
    assert!(page.text.contains("签字扫描件：") && page.text.contains("的扫描件"), "{}", page.text);
    let other = opened(&served, &mut mediator);
    let link = format!("{case}/link");
    let page = mediator.get(&link);
    let to = other.rsplit('/').next().expect("an id");
    let form = [("register", "mediation_case"), ("to", to), ("reason", "同一堵墙")];
    assert_eq!(send(&mut mediator, &link, &page, "record", &form).status, 303);
    let page = mediator.get(&void);
    assert_eq!(send(&mut mediator, &void, &page, "record", &[("reason", "登记重了")]).status, 303);
    served.scratch.yifa(&["verify"]).done();
}

fn case_without_sealed<'v>(committee: &'v str, village: &'v str, day: &'v str) -> Vec<(&'v str, &'v str)> {
    without(&without(&case(committee, village, day), "f.parties"), "f.facts")
}

#[test]
fn what_was_flagged_when_it_was_voided_is_still_told() {
    let served = Served::demo();
    let (committee, village) = committee_and_village(&served);
    let mut mediator = served.signed_in("mediator");
    let (day, before) = (today(), count(&served));
    let page = mediator.get(NEW_CASE);
    let alone = with(&case(&committee, &village, &day), "f.parties", "张甲");
    let page = send(&mut mediator, NEW_CASE, &page, "record", &alone);
    assert_eq!((page.status, count(&served)), (303, before + 1), "{}", page.text);
    let case = page.header("location").split('?').next().expect("an address").to_owned();
    let flagged = mediator.get(&case).text;
    assert!(flagged.contains("标记 · ") && !flagged.contains("作废前的标记"), "{flagged}");
    let void = format!("{case}/void");
    let page = mediator.get(&void);
    let page = send(&mut mediator, &void, &page, "record", &[("reason", "登记错了，另立一件")]);
    assert_eq!(page.status, 303, "{}", page.text);
    let voided = mediator.get(&case).text;
    assert!(voided.contains("作废前的标记 · ") && voided.contains("登记错了，另立一件"), "{voided}");
}

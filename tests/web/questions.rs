//! The questions of the checks across records: each sees what is his, and explains it from there.

use crate::client::Served;
use crate::filled::{person_of, record, send, today, village_of, with};

#[test]
fn what_is_to_be_explained_is_told_with_its_records_and_explained_from_there() {
    let served = Served::demo();
    let mut clerk = served.signed_in("clerk");
    let page = clerk.get("/questions?year=2024");
    assert_eq!(page.status, 200);
    for text in ["4 项没有说明", "2 项已经说明", "同一名律师同一天在不同的村分别服务", "为什么问：", "作出说明"]
    {
        assert!(page.text.contains(text), "{text}: {}", page.text);
    }
    // Keys are for addresses; nobody has to read them.
    let shown: String = page.text.split('<').map(|piece| piece.split_once('>').map_or("", |(_, text)| text)).collect();
    assert!(!shown.contains("adviser.two_places"), "{shown}");

    // From the question to its form, which knows what it is about and which records it names.
    let start = page.text.find("/registers/inquiry/new/explain?").expect("a form");
    let link = page.text[start..].split('"').next().expect("an address").replace("&amp;", "&");
    let form = clerk.get(&link);
    assert_eq!(form.status, 200);
    assert!(form.text.contains("同一名律师同一天在不同的村分别服务（2024-09-19）"), "{}", form.text);
    assert!(form.text.contains("法律顾问服务") && form.text.contains("（2024）法顾服字第14号"), "{}", form.text);
    let at = form.text.find("adviser.two_places:").expect("the key");
    let key = form.text[at..].split('"').next().expect("it").to_owned();
    let records: Vec<String> = ["（2024）法顾服字第14号", "（2024）法顾服字第15号"]
        .map(|name| record(&served, "adviser_service", name))
        .to_vec();
    let (day, person) = (today(), record(&served, "person", "叶知秋"));
    let address = "/registers/inquiry/new/explain";
    let values = [
        ("f.on", day.as_str()),
        ("f.finding", key.as_str()),
        ("f.person", person.as_str()),
        ("f.how", "papers"),
        ("f.records", records[0].as_str()),
        ("f.explanation", "一次活动走了两个村，记成了两条"),
    ];
    let refused = send(
        &mut clerk,
        address,
        &form,
        "record",
        &values.map(|(name, value)| if name == "f.finding" { (name, "没有这一项") } else { (name, value) }),
    );
    assert!(refused.status == 422 && refused.text.contains("不是“请核实”的编号"), "{}", refused.text);
    let sent = send(&mut clerk, address, &refused, "record", &values);
    assert_eq!(sent.status, 303, "{}", sent.text);

    // The record goes by what is asked, leads to the question, and is read from the record it names.
    let page = clerk.get(sent.header("location"));
    assert!(page.text.contains("<h1>同一名律师同一天在不同的村分别服务（2024-09-19）</h1>"), "{}", page.text);
    assert!(page.text.contains("href=\"/questions?key=adviser.two_places%3A2024-09-19%3A"), "{}", page.text);
    let named = clerk.get(&format!("/registers/adviser_service/{}", records[0]));
    assert!(named.text.contains("同一名律师同一天在不同的村分别服务（2024-09-19）"), "{}", named.text);
    assert!(named.text.contains(&format!("href=\"/questions?record={}\"", records[0])), "{}", named.text);
    let about = clerk.get(&format!("/questions?record={}", records[0]));
    assert!(about.text.contains("已说明") && about.text.contains("看说明"), "{}", about.text);
    assert!(clerk.get("/questions?year=2024").text.contains("3 项没有说明"));
    let unknown = clerk.get("/questions?key=nothing");
    assert_eq!(unknown.status, 422, "{}", unknown.text);
}

#[test]
fn each_is_asked_only_about_what_he_may_see() {
    let served = Served::demo();
    // Whoever keeps accounts sees no case, and no question about one.
    let page = served.signed_in("admin").get("/questions?year=2024");
    assert_eq!(page.status, 403);
    // An adviser reads no mediation case and no list of people; what he reads he does not explain.
    let adviser = served.signed_in("adviser").get("/questions?year=2024").text;
    assert!(
        adviser.contains("发放资料份数") && !adviser.contains("人调字") && !adviser.contains("同一名律师"),
        "{adviser}"
    );
    assert!(adviser.contains("由经办、") && !adviser.contains("作出说明"), "{adviser}");
    // A village is told nothing of another, nor how it stands beside the others.
    for login in ["village_a", "village_b"] {
        let mut village = served.signed_in(login);
        for year in ["2023", "2024"] {
            let page = village.get(&format!("/questions?year={year}&all=1"));
            assert_eq!(page.status, 200, "{login}");
            for text in ["茶园背", "别的村居中的是", "同一名律师"] {
                assert!(!page.text.contains(text), "{login} {year} reads {text}: {}", page.text);
            }
        }
        let foreign = record(&served, "mediation_case", "（2024）枫树垅村人调字第7号");
        assert_eq!(village.get(&format!("/questions?record={foreign}")).status, 404, "{login}");
    }
    // Who reads and does not write is told whose it is.
    let page = served.signed_in("inspector").get("/questions?year=2024");
    assert!(page.text.contains("4 项没有说明") && !page.text.contains("作出说明"), "{}", page.text);
}

#[test]
fn a_village_explains_what_is_asked_about_its_own() {
    let served = Served::demo();
    let mut clerk = served.signed_in("clerk");
    let (day, village) = (today(), village_of(&served, "village_a"));
    let path = "/registers/publicity_event/new/hold";
    let page = clerk.get(path);
    let values = [
        ("f.on", day.as_str()),
        ("f.title", "村口发传单"),
        ("f.kind", "lecture"),
        ("f.scale", "ordinary"),
        ("f.volunteer", "否"),
        ("f.theme", "general"),
        ("f.villages", village.as_str()),
        ("f.attended", "3"),
        ("f.materials", "900"),
    ];
    let sent = send(&mut clerk, path, &page, "record", &values);
    assert_eq!(sent.status, 303, "{}", sent.text);

    // This year, told to the village and not to the other one.
    let year = format!("/questions?year={}", &day[..4]);
    let mut own = served.signed_in("village_a");
    let page = own.get(&year);
    assert!(page.text.contains("1 项没有说明") && page.text.contains("村口发传单"), "{}", page.text);
    let other = served.signed_in("village_b").get(&year);
    assert!(other.text.contains("0 项没有说明") && !other.text.contains("村口发传单"), "{}", other.text);

    // The form knows question, village and record; the answer is the village's to read, and nobody else's of another.
    let start = page.text.find("/registers/inquiry/new/explain?").expect("a form");
    let link = page.text[start..].split('"').next().expect("an address").replace("&amp;", "&");
    let form = own.get(&link);
    assert_eq!(form.status, 200, "{}", form.text);
    assert!(form.text.contains(&format!("value=\"{village}\" checked")), "{}", form.text);
    let at = form.text.find("publicity.materials_beyond_people:").expect("the key");
    let key = form.text[at..].split('"').next().expect("it");
    let person = record(&served, "person", person_of("village_a"));
    let values = [
        ("f.on", day.as_str()),
        ("f.finding", key),
        ("f.villages", village.as_str()),
        ("f.person", person.as_str()),
        ("f.how", "papers"),
        ("f.explanation", "传单是一季度的量，不是一次发的"),
    ];
    // Nobody explains what he is not asked: that would silence it for those who are.
    let explain = "/registers/inquiry/new/explain";
    let (mut foreign, theirs) = (served.signed_in("village_b"), village_of(&served, "village_b"));
    let forged = with(&values, "f.villages", &theirs);
    let page = foreign.get(explain);
    let refused = send(&mut foreign, explain, &page, "record", &forged);
    assert!(refused.status == 422 && refused.text.contains("不是现在请您核实的事"), "{}", refused.text);
    let far = format!("mediation.village_far_above:2024:{theirs}");
    let refused = send(&mut own, explain, &form, "record", &with(&values, "f.finding", &far));
    assert!(refused.status == 422 && refused.text.contains("不是现在请您核实的事"), "{}", refused.text);
    assert!(own.get(&year).text.contains("1 项没有说明"));
    let sent = send(&mut own, explain, &refused, "record", &values);
    assert_eq!(sent.status, 303, "{}", sent.text);
    let address = sent.header("location").to_owned();
    assert_eq!(own.get(&address).status, 200);
    assert!(own.get(&year).text.contains("0 项没有说明"));
    assert_eq!(served.signed_in("village_b").get(&address).status, 404);
}

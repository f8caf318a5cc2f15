//! Who did what in which post: found, followed, printed, and withheld where a register is not his who looks.

use yifa::folder::Folder;
use yifa::query::records::find;
use yifa::storage::params;

use crate::client::Served;

fn id(served: &Served, register: &str, name: &str) -> String {
    let folder = Folder::open(&served.scratch.data()).expect("the folder");
    find(&folder.reader().expect("a reader"), register, name).expect(name)
}

#[test]
fn a_person_is_found_and_his_card_tells_posts_steps_and_what_was_on_file() {
    let served = Served::demo();
    let person = id(&served, "person", "叶知秋");
    let mut leader = served.signed_in("leader");
    let found = leader.get("/trace?q=%E5%8F%B6%E7%9F%A5");
    assert!(found.text.contains(&format!("/trace/people/{person}")), "two characters suffice");
    let card = leader.get(&format!("/trace/people/{person}"));
    assert_eq!(card.status, 200);
    for part in ["叶知秋 责任卡", "读自日志前", "概况", "所办、所涉的案卷", "当时职务：", "记入时案卷里已有"]
    {
        assert!(card.text.contains(part), "{part}");
    }
    // What he was in a matter; of his own post he is no 人员.
    assert!(
        card.text.contains("身份：撰写人") && card.text.contains("身份：本人") && !card.text.contains("身份：人员")
    );
    // Year by year a line for each matter; what he recorded for others is counted, and told one year at a time.
    let lines = card.text.split("<ul class=\"matters\">").skip(1).map(|year| year.matches("<details>").count());
    let (years, lines) = (card.text.matches("个案卷</h3>").count(), lines.collect::<Vec<_>>());
    assert!(years > 2 && lines.len() == years && lines.iter().sum::<usize>() < 60, "{years} years, {lines:?}");
    let listed = leader.get(&format!("/trace/people/{person}?recorded=2023"));
    assert_eq!(listed.text.matches("逐条列出").count() + 1, card.text.matches("逐条列出").count());
    assert!(listed.text.len() > card.text.len());
    let year = leader.get(&format!("/trace/people/{person}?from=2023-01-01&to=2023-12-31"));
    assert!(year.text.len() < card.text.len() && !year.text.contains("<span class=\"nowrap\">2024-"));
    assert!(leader.get("/trace?q=%E6%B2%A1%E6%9C%89%E8%BF%99%E4%B8%AA%E4%BA%BA").text.contains("没有找到"));
}

#[test]
fn a_record_is_followed_to_what_it_rests_on_and_what_rests_on_it() {
    let served = Served::demo();
    let number = "（2023）云溪村人调字第1号";
    let record = id(&served, "mediation_case", number);
    let mut clerk = served.signed_in("clerk");
    let query: String = number.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let path = format!("/trace/records/mediation_case/{record}");
    assert!(clerk.get(&format!("/trace?q={query}")).text.contains(&path));
    let page = clerk.get(&path);
    assert!(page.status == 200 && page.text.contains(number) && page.text.contains("人民调解委员会"));
    let alone = clerk.get(&format!("{path}?depth=0"));
    assert!(alone.text.contains("共 1 个案卷"));
    assert_eq!(clerk.get(&format!("/trace/records/petition/{record}")).status, 404, "not of that register");
}

#[test]
fn nobody_learns_by_tracing_what_he_may_not_read() {
    let served = Served::demo();
    let person = id(&served, "person", "叶知秋");
    let record = id(&served, "mediation_case", "（2023）云溪村人调字第1号");
    let pages =
        ["/trace".to_owned(), format!("/trace/people/{person}"), format!("/trace/records/mediation_case/{record}")];
    for login in ["village_a", "village_b", "admin"] {
        let mut other = served.signed_in(login);
        for page in &pages {
            assert_eq!(other.get(page).status, 403, "{login} {page}");
        }
    }
    let mut reviewer = served.signed_in("reviewer");
    assert_eq!(reviewer.get(&pages[2]).status, 404, "mediation is not the reviewer's");
    assert!(!reviewer.get("/trace?q=%E5%BC%A0").text.contains("/trace/records/mediation_case"));
    let card = reviewer.get(&pages[1]);
    assert!(card.status == 200 && card.text.contains("在您不能查看的登记簿里"));
    assert!(!card.text.contains("/registers/mediation_case/") && !card.text.contains("人调字第"));
    // What a readable record names of an unreadable one is not named either: a task given by a head's duty.
    let folder = Folder::open(&served.scratch.data()).expect("the folder");
    let sql = "SELECT l.record, coalesce(t.number, t.title) FROM link l JOIN record r ON r.town_id = l.town_id AND r.id = l.record \
               JOIN record t ON t.town_id = l.town_id AND t.id = l.target \
               WHERE l.town_id = $1 AND r.register = 'task' AND t.register = 'head_duty' ORDER BY 1";
    let db = folder.reader().expect("a reader");
    let found = db.one(sql, params![], |row| Ok((row.get::<String>(0)?, row.get::<String>(1)?)));
    let (task, duty) = found.expect("a query").expect("such a task");
    let path = format!("/trace/records/task/{task}");
    assert!(served.signed_in("clerk").get(&path).text.contains(&duty));
    let page = reviewer.get(&path);
    assert!(page.status == 200 && page.text.contains("另一登记簿的案卷，您不能查看"));
    assert!(!page.text.contains(&duty) && !page.text.contains("/registers/head_duty/"));
}

//! Registers as tables in a browser: what goes out is what may be seen, what comes in is judged cell by cell and recorded
//! once.

use std::io::Write;

use yifa::storage::params;

use crate::client::{Client, Page, Served};
use crate::support::Ask;

const EVENTS: &str = "/registers/publicity_event/import";
const HEAD: &str = "活动日期,活动名称,形式,规模,文明实践志愿活动,主题,覆盖的村,参加人数,发放资料份数";

/// A browser's form with a file.
fn hand_in(client: &mut Client, path: &str, name: &str, bytes: &[u8], more: &[(&str, &str)]) -> Page {
    const EDGE: &str = "----somethingthatstandsnowhereelse";
    let token = client.token.clone();
    let mut body = Vec::new();
    for (field, value) in more.iter().copied().chain([("form", token.as_str())]) {
        write!(body, "--{EDGE}\r\ncontent-disposition: form-data; name=\"{field}\"\r\n\r\n{value}\r\n").unwrap();
    }
    let head = format!("--{EDGE}\r\ncontent-disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n");
    body.extend(head.as_bytes());
    body.extend(bytes);
    write!(body, "\r\n--{EDGE}--\r\n").unwrap();
    client.post_bytes(path, &format!("multipart/form-data; boundary={EDGE}"), &body)
}

/// The ids of the marked cells, in the order of the page.
fn marked(page: &Page) -> Vec<&str> {
    let cells = page.text.split("class=\"wrong\"").skip(1);
    cells.filter_map(|cell| cell.split("id=\"cell-").nth(1)?.split('"').next()).collect()
}

/// A village's name by the login of somebody who works for it.
fn village_of(served: &Served, name: &str) -> (String, String) {
    let sql = "SELECT v.id, v.title FROM record g JOIN link l ON l.town_id = g.town_id AND l.record = g.id \
               JOIN record v ON v.town_id = l.town_id AND v.id = l.target \
               JOIN link p ON p.town_id = g.town_id AND p.record = g.id \
               JOIN record w ON w.town_id = p.town_id AND w.id = p.target \
               WHERE g.town_id = $1 AND g.register = 'grant' AND l.named_by = 'give.villages' \
               AND p.named_by = 'give.person' AND w.title = $2 ORDER BY v.id";
    let found = served.scratch.db().one(sql, params![name], |row| Ok((row.get(0)?, row.get(1)?)));
    found.unwrap().expect("a village")
}

fn recorded(served: &Served) -> i64 {
    served.scratch.entries()
}

#[test]
fn what_was_exported_is_known_when_it_comes_back() {
    let served = Served::demo();
    let mut clerk = served.signed_in("clerk");
    let before = recorded(&served);
    for (register, format) in [("publicity_event", "xlsx"), ("publicity_event", "csv"), ("mediation_case", "xlsx")] {
        let file = clerk.bytes(&format!("/registers/{register}/export?format={format}"));
        let page = hand_in(&mut clerk, &format!("/registers/{register}/import"), "台账", &file, &[]);
        assert_eq!(page.status, 200, "{register}.{format}: {}", page.text);
        assert!(page.text.contains("台账中都已有"), "{register}.{format}: {}", page.text);
        assert!(!page.text.contains("name=\"kept\""), "nothing to record");
    }
    assert_eq!(recorded(&served), before);
    let lines = served.scratch.data().join("incoming");
    assert_eq!(std::fs::read_dir(lines).unwrap().count(), 0, "nothing is left behind");
    let page = clerk.get("/registers/mediation_case/export");
    assert!(page.header("content-disposition").starts_with("attachment"));
    let masked = clerk.get("/registers/mediation_case/export?format=csv").text;
    assert!(masked.contains("（已封存）"));
    // With a reason, and only with one.
    assert_eq!(clerk.get("/registers/mediation_case/export?with_personal=1").status, 200);
    let path = "/registers/mediation_case/export?format=csv";
    assert!(clerk.post(path, &[("reason", " ")]).text.contains("P875"));
    let long = clerk.post(path, &[("reason", &"查".repeat(100_000))]);
    assert!(long.status == 422 && long.text.contains("P875") && long.text.contains("理由太长"), "{}", long.status);
    let opened = clerk.post(path, &[("reason", "市局案卷评查")]);
    assert_eq!(opened.status, 200);
    assert!(opened.text.matches("（已封存）").count() < masked.matches("（已封存）").count());
    let mut inspector = served.signed_in("inspector");
    assert_eq!(inspector.get("/registers/mediation_case/export").status, 200);
    assert_eq!(inspector.get("/registers/mediation_case/export?with_personal=1").status, 403);
    assert_eq!(inspector.post(path, &[("reason", "想看看")]).status, 403);
    assert_eq!(inspector.get("/registers/mediation_case/import").status, 403);
    let sql = "SELECT count(*) FROM access WHERE town_id = $1 AND kind = 'export' AND reason IN ('', '市局案卷评查')";
    assert_eq!(served.scratch.accounts().value::<i64>(sql, params![]), 7, "each export is written down");

    // Who keeps accounts sees nothing of it.
    let mut admin = served.signed_in("admin");
    for page in ["export", "import", "template"] {
        assert_eq!(admin.get(&format!("/registers/mediation_case/{page}")).status, 404, "{page}");
    }
    assert_eq!(admin.post(path, &[("reason", "市局案卷评查")]).status, 404);
    assert_eq!(hand_in(&mut admin, EVENTS, "台账.csv", b"", &[]).status, 404);
}

#[test]
fn exactly_the_wrong_cells_are_marked() {
    let served = Served::demo();
    let mut clerk = served.signed_in("clerk");
    let (_, village) = village_of(&served, "刘春华");
    let rows = format!(
        "2026年普法活动台账\n{HEAD}\n\
         2026-03-01,法治讲座,法治讲座、法治课,一般,否,宪法,{village},40,30\n\
         去年,入户宣传,敲门,一般,否,宪法,{village},很多,30\n\
         2026-03-03,集中宣传,集中宣传,大型,是,民法典,没有这个村,100,80\n\
         2026-03-04,,集中宣传,大型,是,民法典,{village},100,80\n"
    );
    let before = recorded(&served);
    let page = hand_in(&mut clerk, EVENTS, "台账.csv", rows.as_bytes(), &[]);
    assert_eq!(page.status, 422);
    assert_eq!(marked(&page), ["A4", "C4", "H4", "G5", "B6"], "{}", page.text);
    assert!(page.text.contains("<th scope=\"row\">4</th>"), "rows are numbered as the spreadsheet has them");
    assert!(!page.text.contains("<th scope=\"row\">3</th>"), "a sound row is not shown");
    for cell in marked(&page) {
        assert!(page.text.contains(&format!("href=\"#cell-{cell}\"")), "{cell} is explained");
    }
    // GBK, as Excel saves it; a heading nobody knows is a cell too.
    let rows = rows.replace("参加人数", "来了多少人");
    let (gbk, ..) = encoding_rs::GBK.encode(&rows);
    let page = hand_in(&mut clerk, EVENTS, "台账.csv", &gbk, &[]);
    assert!(marked(&page).contains(&"H2"), "{:?}", marked(&page));
    // What belongs to no cell is told without one.
    let page = hand_in(&mut clerk, EVENTS, "台账.csv", "甲,乙\n1,2\n".as_bytes(), &[]);
    assert!(page.text.contains("P408") && marked(&page).is_empty());
    assert!(hand_in(&mut clerk, EVENTS, "炸弹.xlsx", &bomb(), &[]).text.contains("P406"));
    assert!(clerk.post(EVENTS, &[]).text.contains("P874"));
    assert_eq!(recorded(&served), before);
}

/// A workbook that unpacks to far more than it weighs.
fn bomb() -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    zip.start_file("xl/workbook.xml", options).unwrap();
    zip.write_all(b"<workbook/>").unwrap();
    zip.start_file("xl/sharedStrings.xml", options).unwrap();
    for _ in 0..160 {
        zip.write_all(&vec![b' '; 1 << 20]).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[test]
fn a_table_is_recorded_once_and_what_a_person_typed_is_no_formula() {
    let served = Served::demo();
    let mut clerk = served.signed_in("clerk");
    let (_, village) = village_of(&served, "刘春华");
    let rows = format!("{HEAD}\n2026-03-01,'=1+1 讲座,法治讲座、法治课,一般,否,宪法,{village},40,30\n");
    let before = recorded(&served);
    let judged = hand_in(&mut clerk, EVENTS, "台账.csv", rows.as_bytes(), &[]);
    assert_eq!(judged.status, 200, "{}", judged.text);
    assert!(judged.text.contains("=1+1 讲座") && judged.text.contains("还没有记入"));
    assert_eq!(recorded(&served), before, "a dry run records nothing");
    let token = judged.after("name=\"kept\"", "value").expect("a token");
    // It is its owner's: nobody else records it.
    let mut leader = served.signed_in("village_a");
    assert!(leader.post(EVENTS, &[("kept", &token)]).text.contains("P873"));
    let done = clerk.post(EVENTS, &[("kept", &token)]);
    assert_eq!((done.status, recorded(&served)), (303, before + 1), "{}", done.text);
    assert!(clerk.get(done.header("location")).text.contains("已记入 1 步"));
    assert!(clerk.post(EVENTS, &[("kept", &token)]).text.contains("P873"));
    let page = hand_in(&mut clerk, EVENTS, "台账.csv", rows.as_bytes(), &[]);
    assert!(page.text.contains("台账中都已有"), "{}", page.text);
    assert_eq!(recorded(&served), before + 1);
    let file = clerk.get("/registers/publicity_event/export?format=csv").text;
    assert!(file.contains("'=1+1 讲座"), "guarded");
    assert!(clerk.post(EVENTS, &[("kept", "../../yifa.toml")]).text.contains("P873"));
}

#[test]
fn a_village_takes_away_and_hands_in_its_own_and_nothing_else() {
    let served = Served::demo();
    let (mut a, db) = (served.signed_in("village_a"), served.scratch.db());
    let ((id_a, village_a), (_, village_b)) = (village_of(&served, "刘春华"), village_of(&served, "黄文昌"));
    let sql = "SELECT r.title FROM record r WHERE r.town_id = $1 AND r.register = 'publicity_event' \
               AND r.state <> 'void' AND NOT EXISTS \
               (SELECT 1 FROM record_village v WHERE v.town_id = $1 AND v.record = r.id AND v.village = $2) ORDER BY r.id";
    let others: Vec<String> = db.values(sql, params![id_a]);
    let sql = "SELECT count(DISTINCT r.id) FROM record r \
               JOIN record_village v ON v.town_id = r.town_id AND v.record = r.id \
               WHERE r.town_id = $1 AND r.register = 'publicity_event' AND r.state <> 'void' AND v.village = $2";
    let own = db.value::<i64>(sql, params![id_a]) as usize;
    let file = a.get("/registers/publicity_event/export?format=csv").text;
    assert_eq!(file.lines().count(), own + 1);
    assert!(own > 0 && others.len() > 1);
    let names = |title: &String| title.split('·').next().unwrap_or_default().to_owned() + ",";
    let of_others = others.iter().filter(|title| {
        let day = title.rsplit('·').next().unwrap_or_default();
        file.lines().any(|line| line.contains(day) && line.contains(&names(title)) && !line.contains(&village_a))
    });
    assert_eq!(of_others.count(), 0);
    // The same with a case: no village reads those.
    assert_eq!(a.get("/registers/mediation_case/export").status, 404);
    let row = |village: &str| format!("{HEAD}\n2026-03-01,讲座,法治讲座、法治课,一般,否,宪法,{village},40,30\n");
    let mut hand = |village: &str| hand_in(&mut a, EVENTS, "台账.csv", row(village).as_bytes(), &[]);
    assert!(hand(&village_a).text.contains("还没有记入"));
    assert!(hand(&village_b).text.contains("P872"));
    assert!(hand(&format!("{village_a}、{village_b}")).text.contains("P872"));
    assert!(hand("").text.contains("P872"));
}

/// The newest lines of the access log about exports.
fn exports(served: &Served) -> Vec<(String, String)> {
    let sql = "SELECT what, reason FROM access WHERE town_id = $1 AND kind = 'export' ORDER BY at DESC, id DESC";
    served.scratch.accounts().rows(sql, params![], |row| Ok((row.get(0)?, row.get(1)?))).unwrap()
}

#[test]
fn an_export_is_written_down_with_its_filter_and_the_head_of_one_is_none() {
    let served = Served::demo();
    let mut clerk = served.signed_in("clerk");
    let path = "/registers/mediation_case/export?format=csv&year=2023&state=archived&f.register.dispute=neighbour&q=%E4%BA%91%E6%BA%AA";
    let head = clerk.head(path);
    assert_eq!(head.status, 200);
    assert!(head.header("content-disposition").contains(".csv") && head.header("content-type").contains("csv"));
    assert_eq!(clerk.head("/registers/mediation_case/export").status, 200);
    assert_eq!(clerk.head("/registers/mediation_case/template").status, 200);
    assert_eq!(served.signed_in("village_a").head(path).status, 404);
    assert_eq!(served.visitor().head(path).status, 303);
    assert!(exports(&served).is_empty(), "nothing was taken away");
    let page = clerk.post(path, &[("reason", "市局案卷评查")]);
    assert_eq!(page.status, 200, "{}", page.text);
    let (what, reason) = exports(&served).swap_remove(0);
    let rows = page.text.lines().count() - 1;
    assert_eq!(reason, "市局案卷评查");
    for text in
        ["个案卷", &format!("{rows} 行"), "连同个人信息", "筛选：年度 2023、状态“", "纠纷类型“邻里”", "查找一段文字"]
    {
        assert!(what.contains(text), "{text}: {what}");
    }
    assert_eq!(clerk.get("/registers/mediation_case/export?format=csv").status, 200);
    assert!(exports(&served)[0].0.ends_with("没有筛选"), "{:?}", exports(&served)[0]);
}

#[test]
fn an_export_with_personal_values_is_of_one_moment_whatever_is_recorded_meanwhile() {
    let served = Served::demo();
    let mut mediator = served.signed_in("mediator");
    let mut clerk = served.signed_in("clerk");
    let path = "/registers/mediation_case/export?format=csv&year=2026";
    let done = std::sync::atomic::AtomicBool::new(false);
    let files: Vec<String> = std::thread::scope(|scope| {
        scope.spawn(|| {
            (0..12).for_each(|_| drop(crate::filled::opened(&served, &mut mediator)));
            done.store(true, std::sync::atomic::Ordering::Relaxed);
        });
        let mut files = Vec::new();
        while !done.load(std::sync::atomic::Ordering::Relaxed) {
            files.push(clerk.post(path, &[("reason", "市局案卷评查")]).text);
        }
        files
    });
    let lines = exports(&served);
    assert!(!files.is_empty() && lines.len() == files.len());
    for (file, (what, _)) in files.iter().rev().zip(&lines) {
        let rows = file.lines().count() - 1;
        assert!(what.contains(&format!("：{rows} 个案卷，{rows} 行")), "{rows} rows: {what}");
    }
}

#[test]
fn headings_of_an_office_s_own_are_chosen_on_the_page_once_and_shown_from_then_on() {
    let served = Served::demo();
    let mut clerk = served.signed_in("clerk");
    let (_, village) = village_of(&served, "刘春华");
    let rows = format!(
        "时间,活动名称,形式,档次,文明实践志愿活动,主题,覆盖的村,人数,发放资料份数,备注\n\
         2026-03-01,旧台账讲座,法治讲座、法治课,普通,否,宪法,{village},40,30,下雨\n"
    );
    let before = recorded(&served);
    let page = hand_in(&mut clerk, EVENTS, "旧台账.csv", rows.as_bytes(), &[]);
    assert!(page.status == 422 && page.text.contains("P410"), "{}", page.text);
    for heading in ["时间", "档次", "人数", "备注"] {
        assert!(page.text.contains(&format!("value=\"{heading}\"")), "{heading} is asked about");
    }
    assert!(!page.text.contains("value=\"主题\""), "what is ours is not");
    assert!(page.text.contains("<td class=\"soft\">下雨</td>") && page.text.contains("不导入</option>"));
    // 人数 is part of 参加人数.
    assert!(page.text.contains("selected>参加人数</option>") && page.text.contains("猜的，请核对"));
    let token = page.after("name=\"kept\"", "value").expect("it is kept");
    let said = |more: &[(&str, &str)]| {
        let fixed = [
            ("kept", token.as_str()),
            ("map", "1"),
            ("heading.0", "时间"),
            ("heading.1", "档次"),
            ("heading.2", "人数"),
            ("heading.3", "备注"),
        ];
        fixed
            .iter()
            .copied()
            .chain(more.iter().copied())
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect::<Vec<_>>()
    };
    let post = |clerk: &mut Client, form: Vec<(String, String)>| {
        let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        clerk.post(EVENTS, &form)
    };
    let wrong = post(&mut clerk, said(&[("column.0", "hold.nothing")]));
    assert!(wrong.status == 422 && wrong.text.contains("P430"), "{}", wrong.text);
    let columns =
        [("column.0", "hold.on"), ("column.1", "hold.scale"), ("column.2", "hold.attended"), ("column.3", "-")];
    let page = post(&mut clerk, said(&columns));
    assert!(page.status == 422 && page.text.contains("P204") && !page.text.contains("P410"), "{}", page.text);
    // What is left is a word.
    let (place, word) = (page.after("name=\"place.0\"", "value"), page.after("name=\"word.0\"", "value"));
    assert_eq!((place.as_deref(), word.as_deref()), (Some("hold.scale"), Some("普通")), "{}", page.text);
    let words = [
        ("kept", token.as_str()),
        ("map", "1"),
        ("place.0", "hold.scale"),
        ("word.0", "普通"),
        ("choice.0", "ordinary"),
    ];
    let page = clerk.post(EVENTS, &words);
    assert!(
        page.status == 200 && page.text.contains("照上次：时间→活动日期、档次→规模、人数→参加人数、备注（不导入）"),
        "{}",
        page.text
    );
    assert!(page.text.contains("改标题的说明") && recorded(&served) == before);
    let done = clerk.post(EVENTS, &[("kept", &token)]);
    assert_eq!((done.status, recorded(&served)), (303, before + 1), "{}", done.text);
    // Whoever comes next is not asked.
    let page = hand_in(&mut clerk, EVENTS, "旧台账.csv", rows.as_bytes(), &[]);
    assert!(page.status == 200 && page.text.contains("台账中都已有"), "{}", page.text);
}

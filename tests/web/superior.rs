//! What superiors ask for, in a browser: each number opens, a workbook is filled, sending makes file and entry at once.

use std::io::{Cursor, Write};

use calamine::{Data, Reader, Xlsx};
use rust_xlsxwriter::Workbook;

use crate::client::{Client, Page, Served};
use crate::filled::{committee_and_village, count, one, send, today};

const STATISTICS: &str = "/statements/mediation_statistics";

/// The quarter in which the test runs, as addresses have it.
fn quarter() -> String {
    let today = today();
    let month: u32 = today[5..7].parse().unwrap();
    format!("{}Q{}", &today[..4], (month - 1) / 3 + 1)
}

/// The form under a statement as a browser sends it, with a workbook or without.
fn hand_in(client: &mut Client, path: &str, page: &Page, more: &[(&str, &str)], template: Option<&[u8]>) -> Page {
    let at = page.text.find("enctype=\"multipart/form-data\"").expect("the form");
    let form = Page { status: 200, headers: page.headers.clone(), text: page.text[at..].to_owned() };
    let hidden = |name: &str| form.after(&format!("name=\"{name}\""), "value").expect(name);
    let own = ["form", "period", "size", "id"].map(|name| (name, hidden(name)));
    let mut body = Vec::new();
    let all = own.iter().map(|(name, value)| (*name, value.as_str())).chain(more.iter().copied());
    for (name, value) in all {
        write!(body, "--edge\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").unwrap();
    }
    // A browser sends the field of a file that was not chosen too, without a name.
    let name = if template.is_some() { "县局.xlsx" } else { "" };
    let head = format!("--edge\r\ncontent-disposition: form-data; name=\"template\"; filename=\"{name}\"\r\n\r\n");
    body.extend(head.bytes());
    body.extend(template.unwrap_or_default());
    body.extend(b"\r\n--edge--\r\n");
    client.post_bytes(path, "multipart/form-data; boundary=edge", &body)
}

/// How many of those sent are wrong by now.
fn wrong(client: &mut Client) -> usize {
    let list = client.get("/statements").text;
    assert!(list.contains("相符"), "{list}");
    list.matches("处不符").count()
}

const SEND: [(&str, &str); 2] = [("to", "县司法局"), ("way", "network")];

fn text_of(book: &[u8], sheet: &str, at: (u32, u32)) -> String {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(book.to_vec())).expect("a workbook");
    book.worksheet_range(sheet).expect(sheet).get_value(at).unwrap_or(&Data::Empty).to_string()
}

/// Somebody records that a screening was held today.
fn screened(served: &Served, clerk: &mut Client) {
    let (committee, village) = committee_and_village(served);
    let path = "/registers/screening/new/hold";
    let day = today();
    let page = clerk.get(path);
    let values = [
        ("f.on", day.as_str()),
        ("f.kind", "regular"),
        ("f.committee", &committee),
        ("f.villages", &village),
        ("f.found", "2"),
        ("f.prevented", "1"),
    ];
    let page = send(clerk, path, &page, "record", &values);
    assert_eq!(page.status, 303, "{}", page.text);
}

#[test]
fn each_number_of_a_statement_opens_its_entries_and_goes_into_the_file() {
    let served = Served::demo();
    let mut clerk = served.signed_in("clerk");
    let list = clerk.get("/statements");
    assert_eq!(list.status, 200, "{}", list.text);
    for title in
        ["人民调解工作统计表", "普法宣传活动台账", "法律顾问服务台账", "年度重大行政决策事项目录", "行政规范性文件目录"]
    {
        assert!(list.text.contains(title), "{title}");
    }
    let page = clerk.get(&format!("{STATISTICS}?period=2023Q2"));
    assert_eq!(page.status, 200);
    assert!(page.text.contains("2023年第二季度") && page.text.contains("待核"));
    let links: Vec<&str> = page.text.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    let cells: Vec<&&str> = links.iter().filter(|link| link.contains("/cells/")).collect();
    assert!(cells.len() > 30, "only {} numbers open", cells.len());
    // Of the whole, of a kind, of what is left over, of a rate, of what stands on the last day.
    for at in ["B4", "C5", "B22", "E4", "H29"] {
        let link = cells.iter().find(|link| link.contains(&format!("/cells/{at}?")));
        let Some(link) = link else { continue };
        let behind = clerk.get(link);
        assert_eq!(behind.status, 200, "{link}");
        let counted = behind.text.split("背后 ").nth(1).and_then(|rest| rest.split(' ').next()).unwrap();
        assert_eq!(behind.text.matches("#entry-").count(), counted.parse::<usize>().unwrap(), "{link}");
    }
    let ledger = clerk.get("/statements/publicity_ledger?period=2023Q2");
    assert!(ledger.text.contains("/registers/publicity_event/") && ledger.text.contains("全民国家安全教育日"));
    let file = clerk.bytes(&format!("{STATISTICS}/file?period=2023Q2"));
    assert_eq!(text_of(&file, "人民调解工作统计表", (3, 2)), "73");
    for wrong in ["/statements/none", &format!("{STATISTICS}/cells/ZZ9?period=2023Q2")] {
        assert_eq!(clerk.get(wrong).status, 404, "{wrong}");
    }
    let page = clerk.get(&format!("{STATISTICS}?period=2023"));
    assert!(page.status == 422 && page.text.contains("P446"), "{}", page.text);
}

#[test]
fn what_is_sent_is_kept_once_and_told_when_it_is_wrong() {
    let served = Served::demo();
    let mut clerk = served.signed_in("clerk");
    let here = format!("{STATISTICS}?period={}", quarter());
    let page = clerk.get(&here);
    let before = count(&served);
    let already = wrong(&mut clerk);
    let post = format!("{STATISTICS}/submissions");
    // A workbook with another layout: told, and nothing is sent.
    let mut book = Workbook::new();
    book.add_worksheet().write_string(0, 0, "别的表").unwrap();
    let other = book.save_to_buffer().unwrap();
    let told = hand_in(&mut clerk, &post, &page, &SEND, Some(&other));
    assert!(told.status == 422 && told.text.contains("P442") && told.text.contains("A1 应当是"), "{}", told.text);
    let told = hand_in(&mut clerk, &post, &page, &[("to", "县司法局"), ("way", "pigeon")], None);
    assert!(told.status == 422 && told.text.contains("P447"), "{}", told.text);
    assert_eq!(count(&served), before);
    // Pressed twice.
    for _ in 0..2 {
        let sent = hand_in(&mut clerk, &post, &page, &SEND, None);
        assert_eq!(sent.status, 303, "{}", sent.text);
        assert!(clerk.get(sent.header("location")).text.contains("已报送"));
    }
    assert_eq!(count(&served), before + 1);
    // Those of the demonstration that were wrong before are wrong still, and this one is not.
    assert_eq!(wrong(&mut clerk), already);
    let told = format!("人民调解工作统计表（{}）", quarter());
    assert!(!clerk.get("/").text.contains(&told));
    let mine = format!(
        "FROM record WHERE town_id = $1 AND register = 'submission' AND body LIKE '%\"period\":\"{}\"%'",
        quarter()
    );
    let (record, file) = {
        let record = one(&served, &format!("SELECT id {mine}"));
        let body = one(&served, &format!("SELECT body {mine}"));
        let body: serde_json::Value = serde_json::from_str(&body).unwrap();
        (record, body["send"]["file"].as_str().unwrap().to_owned())
    };
    let kept = clerk.bytes(&format!("/registers/submission/{record}/files/{file}"));
    assert_eq!(text_of(&kept, "人民调解工作统计表", (0, 0)), "人民调解工作统计表");

    screened(&served, &mut clerk);
    let list = clerk.get("/statements");
    for words in ["3 处不符", "B27", "开展矛盾纠纷排查", "多 1", "C27", "多 2", "#entry-"] {
        assert!(list.text.contains(words), "{words}\n{}", list.text);
    }
    let home = clerk.get("/").text;
    assert!(home.contains("现在不符") && home.contains(&told), "{home}");
    // Sent to the same again without a reason, then with one.
    let page = clerk.get(&here);
    let told = hand_in(&mut clerk, &post, &page, &SEND, None);
    assert!(told.status == 422 && told.text.contains("请写明理由"), "{}", told.text);
    let page = clerk.get(&here);
    let sent = hand_in(&mut clerk, &post, &page, &[SEND[0], SEND[1], ("reason", "补录了一次排查")], None);
    assert_eq!(sent.status, 303, "{}", sent.text);
    assert_eq!(wrong(&mut clerk), already);
    assert_eq!(one(&served, &format!("SELECT count(*) || '' {mine}")), "1");
}

#[test]
fn a_workbook_is_tried_before_it_is_sent_and_used_again_afterwards() {
    let served = Served::demo();
    let mut clerk = served.signed_in("clerk");
    let path = "/statements/decision_catalogue";
    let page = clerk.get(&format!("{path}?period=2023"));
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("县里的表").unwrap();
    let heads = ["序号", "决策事项名称", "决策事项程序", "是否听证", "承办单位", "决策时间"];
    sheet.write_string(0, 0, "年度重大行政决策事项目录").unwrap();
    for (column, head) in heads.iter().enumerate() {
        sheet.write_string(2, column as u16, *head).unwrap();
    }
    sheet.write_string(4, 0, "分管领导：").unwrap();
    let county = book.save_to_buffer().unwrap();
    let before = count(&served);
    let tried = hand_in(&mut clerk, &format!("{path}/file"), &page, &[], Some(&county));
    assert_eq!((tried.status, count(&served)), (200, before));
    assert!(tried.header("content-disposition").contains("attachment"));
    let sent = hand_in(&mut clerk, &format!("{path}/submissions"), &page, &SEND, Some(&county));
    assert_eq!(sent.status, 303, "{}", sent.text);
    // The next one goes into the same workbook by itself: two matters, so that the line below moved down.
    let file = clerk.bytes(&format!("{path}/file?period=2023"));
    assert_eq!(text_of(&file, "县里的表", (3, 1)), "圩镇生活污水处理站选址建设");
    assert_eq!(text_of(&file, "县里的表", (5, 0)), "分管领导：");
    let plain = clerk.bytes(&format!("{path}/file?period=2023&plain=1&bare=1"));
    assert_eq!(Xlsx::new(Cursor::new(plain)).unwrap().sheet_names(), ["年度重大行政决策事项目录"]);
}

#[test]
fn statements_are_for_those_who_may_read_all_that_is_in_them() {
    let served = Served::demo();
    for (login, opens, sends) in [
        ("clerk", true, true),
        ("leader", true, true),
        ("inspector", true, false),
        ("reviewer", false, false),
        ("adviser", false, false),
        ("mediator", false, false),
        ("village_a", false, false),
        ("admin", false, false),
    ] {
        let mut client = served.signed_in(login);
        for path in ["/statements", &format!("{STATISTICS}?period=2023Q2"), &format!("{STATISTICS}/file?period=2023Q2")]
        {
            let status = client.get(path).status;
            assert_eq!(status == 200, opens, "{login} {path}: {status}");
            assert!(opens || matches!(status, 403 | 404), "{login} {path}: {status}");
        }
        assert_eq!(client.get("/").text.contains("href=\"/statements\""), opens, "{login}");
        let before = count(&served);
        // A quarter of which the demonstration sent nothing.
        let form = [("period", "2022Q4"), ("to", "县司法局"), ("way", "paper")];
        let sent = client.post(&format!("{STATISTICS}/submissions"), &form);
        assert_eq!(sent.status == 303 || sent.status == 422, sends, "{login} sends: {} {}", sent.status, sent.text);
        // The same to the same is sent once; whoever comes later is asked for a reason.
        assert_eq!(count(&served) - before, i64::from(login == "clerk"), "{login}");
    }
}

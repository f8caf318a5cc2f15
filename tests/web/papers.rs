//! The papers of a record through its pages: what is there and what is missing, blanks where values are sealed, and the values
//! for a reason.

use serde_json::Value;
use yifa::docx;
use yifa::storage::params;

use crate::client::Served;
use crate::filled::case_with;
use crate::support::Ask;

/// A case with an agreement in writing, and one name of its parties.
fn agreed(served: &Served) -> (String, String) {
    let case = case_with(served, "archived", |body| body["agree"]["form"] == "written");
    let sql = "SELECT s.value FROM sealed s JOIN entry e ON e.town_id = s.town_id AND e.idx = s.idx \
               WHERE s.town_id = $1 AND e.record = $2 AND s.field = 'parties' ORDER BY s.idx LIMIT 1";
    let parties: String = served.scratch.db().value(sql, params![case]);
    let parties: Vec<String> = serde_json::from_str(&parties).unwrap();
    (case, parties[0].clone())
}

#[test]
fn a_paper_is_filled_from_the_steps_and_sealed_values_are_blanks_until_a_reason_is_given() {
    let served = Served::demo();
    let (case, party) = agreed(&served);
    let at = |below: &str| format!("/registers/mediation_case/{case}{below}");
    let mut clerk = served.signed_in("clerk");
    assert!(clerk.get(&at("")).text.contains(&at("/papers")), "the record leads there");
    let page = clerk.get(&at("/papers"));
    assert_eq!(page.status, 200);
    for words in
        ["卷内文书", "人民调解协议书", "必须", "按需", "《人民调解法》第二十七条", "不是电子签名，也不是电子印章"]
    {
        assert!(page.text.contains(words), "{words}: {}", page.text);
    }
    assert!(!page.text.contains(&party), "no name stands on the page");

    let number = "SELECT number FROM record WHERE town_id = $1 AND id = $2";
    let number: String = served.scratch.db().value(number, params![case]);
    let words = docx::text(&clerk.bytes(&at("/papers/agreement?form=docx"))).expect("a Word document");
    assert!(
        words.contains("人民调解协议书") && words.contains(&number) && words.contains("人民调解委员会（印章）"),
        "{words}"
    );
    assert!(!words.contains(&party), "{words}");

    let log = || -> Vec<String> {
        let sql = "SELECT what || ' ' || reason FROM access WHERE town_id = $1 AND kind = 'read' ORDER BY at, id";
        served.scratch.accounts().values(sql, params![])
    };
    let asked = [("paper", "agreement"), ("as", "docx")];
    let mut mediator = served.signed_in("mediator");
    let page = mediator.post(&at("/papers"), &asked);
    assert!(page.status == 422 && page.text.contains("P653"), "{} {}", page.status, page.text);
    let reason = ("reason", "交当事人签名");
    assert_eq!(served.signed_in("inspector").post(&at("/papers"), &[asked[0], asked[1], reason]).status, 403);
    assert_eq!(log(), [""; 0], "nothing was printed, so nothing is written down");
    let words = docx::text(&mediator.download(&at("/papers"), &[asked[0], asked[1], reason])).expect("a document");
    assert!(words.contains(&party), "{words}");
    let told = log();
    assert_eq!(told.len(), 1);
    assert!(
        told[0].contains("印出文书：人民调解协议书") && told[0].contains("交当事人签名") && !told[0].contains(&party)
    );
}

#[test]
fn what_a_volume_should_have_and_has_not_is_said() {
    let served = Served::demo();
    let untold = |body: &Value| body.get("assign").is_some() && body.get("tell_rights").is_none();
    let case = case_with(&served, "%", untold);
    let mut clerk = served.signed_in("clerk");
    let page = clerk.get(&format!("/registers/mediation_case/{case}/papers"));
    assert!(page.text.contains("份必须的文书") && page.text.contains(">缺<"), "{}", page.text);
    let page = clerk.get(&format!("/registers/mediation_case/{case}/papers/rights"));
    assert!(page.status == 422 && page.text.contains("P651"), "{} {}", page.status, page.text);
    // A register without templates has no such page; a report has one of its own.
    let village = "SELECT id FROM record WHERE town_id = $1 AND register = 'village' ORDER BY id LIMIT 1";
    let village: String = served.scratch.db().value(village, params![]);
    assert_eq!(clerk.get(&format!("/registers/village/{village}/papers")).status, 404);
    let report = docx::text(&clerk.bytes("/reports/annual/2023/file?form=docx")).expect("a Word document");
    for words in ["中共上犹县委员会、上犹县人民政府：", "签发人：", "〔2024〕", "附件：数据来源", "抄送：", "印发"]
    {
        assert!(report.contains(words), "{words}");
    }
}

#[test]
fn without_a_press_pages_offer_what_can_be_had() {
    let served = Served::demo();
    let (case, _) = agreed(&served);
    let mut clerk = served.signed_in("clerk");
    let page = clerk.get(&format!("/registers/mediation_case/{case}/papers"));
    assert!(page.text.contains("没有排印程序") && !page.text.contains("form=pdf"), "{}", page.text);
    let page = clerk.get(&format!("/registers/mediation_case/{case}/papers/all?form=pdf"));
    assert!(page.status == 422 && page.text.contains("P660"), "{} {}", page.status, page.text);
    assert!(!clerk.get("/reports/annual/2023").text.contains("form=pdf"));
}

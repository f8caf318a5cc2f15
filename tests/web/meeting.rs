//! What a decision's pages show of its meeting, its opinions and its texts.

use crate::client::Served;
use crate::record::{at, one};

#[test]
fn a_decision_has_its_meeting_its_opinions_and_its_texts_where_they_have_something_to_say() {
    let served = Served::demo();
    let scratch = &served.scratch;
    let newest = "SELECT id FROM record WHERE town_id = $1 AND register = $2 AND state = $3 ORDER BY first_idx LIMIT 1";
    let decision = one(scratch, newest, &["collective_decision", "finished"]);
    let mut clerk = served.signed_in("clerk");
    let page = clerk.get(&at("collective_decision", &decision, ""));
    assert!(page.text.contains("/meeting\"") && !page.text.contains("/opinions\""), "{}", page.text);
    let page = clerk.get(&at("collective_decision", &decision, "/meeting"));
    assert_eq!(page.status, 200);
    for words in ["应到成员", "实到成员", "末位发言", "同意", "赞成", "表决、决定", "通过"] {
        assert!(page.text.contains(words), "{words}");
    }
    // The row of whoever has to speak last has the highest turn; whoever stood aside has none.
    let turn = |rest: &str| rest.split('<').next().unwrap().parse::<u32>().ok();
    let turns: Vec<u32> = page.text.split("class=\"turn\">").skip(1).filter_map(turn).collect();
    let chief = page.text[..page.text.find("末位发言").unwrap()].rsplit("class=\"turn\">").next().and_then(turn);
    assert!(turns.len() > 3 && chief == turns.iter().copied().max(), "{turns:?}");
    assert!(page.text.contains("回避"));

    // What is over is told as it was recorded: who has to speak last and spoke first, and who said nothing.
    let first = one(scratch, "SELECT id FROM record WHERE town_id = $1 AND number = $2", &["（2024）集决第2号"]);
    let text = clerk.get(&at("collective_decision", &first, "/meeting")).text;
    for words in ["第 1 个发言，没有末位发言", "未记录发言", "标记"] {
        assert!(text.contains(words), "{words}: {text}");
    }
    assert!(!text.contains("尚未发言") && !text.contains("应末位发言"), "{text}");

    let major = one(scratch, newest, &["major_decision", "published"]);
    let text = clerk.get(&at("major_decision", &major, "")).text;
    for view in ["/meeting\"", "/opinions\"", "/compare\""] {
        assert!(text.contains(view), "{view}");
    }
    let text = clerk.get(&at("major_decision", &major, "/opinions")).text;
    for words in ["向社会公开征求意见", "30日", "已经结束", "收到", "采纳", "加盖除臭"] {
        assert!(text.contains(words), "{words}: {text}");
    }
    // The newest two drafts, whatever else was attached since; another two where they are chosen.
    let twice = one(scratch, "SELECT id FROM record WHERE town_id = $1 AND number = $2", &["（2024）重决第1号"]);
    let chosen = |text: &str| -> Vec<String> {
        let options = text.split("<option value=\"").skip(1).filter_map(|option| option.split('>').next());
        options.filter(|option| option.ends_with(" selected")).map(|option| option.replace("\" selected", "")).collect()
    };
    let text = clerk.get(&at("major_decision", &twice, "/compare")).text;
    assert_eq!(chosen(&text), ["draft:1.text", "draft:2.text"], "{text}");
    let text = clerk.get(&at("major_decision", &twice, "/compare?from=draft:2.text&to=draft:1.text")).text;
    assert_eq!(chosen(&text), ["draft:2.text", "draft:1.text"]);
    let document = one(scratch, newest, &["normative_document", "published"]);
    let text = clerk.get(&at("normative_document", &document, "/compare")).text;
    for words in ["<ins>", "<del>", "原条序", "起草"] {
        assert!(text.contains(words), "{words}: {text}");
    }
    assert_eq!(clerk.get(&at("normative_document", &document, "/compare?from=../log.key")).status, 404);
    // Deliberation on appointments is for those alone who may read it.
    let cadre = one(
        scratch,
        "SELECT id FROM record WHERE town_id = $1 AND register = 'cadre_matter' ORDER BY opened, first_idx LIMIT 1",
        &[],
    );
    assert_eq!(clerk.get(&at("cadre_matter", &cadre, "/meeting")).status, 404);
    assert_eq!(served.signed_in("leader").get(&at("cadre_matter", &cadre, "/meeting")).status, 200);
}

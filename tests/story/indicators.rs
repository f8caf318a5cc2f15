//! Indicators: what answers to each, and what is missing.

use serde_json::Value;

use crate::support::Scratch;

const CATALOGUE: &str = r#"
title = "样例指标"
basis = "《人民调解法》第五条"

[[item]]
id        = "mediation"
title     = "矛盾纠纷化解"
basis     = "《人民调解法》第五条第一款"
figures   = ["mediation.ended", "mediation.success_rate"]
registers = ["mediation_case", "screening"]

[[item]]
id      = "licence"
title   = "政务服务"
missing = "没有台账"

[[item]]
id      = "old"
title   = "旧指标"
until   = 2022-12-31
missing = "没有台账"

[[item]]
id      = "new"
title   = "新指标"
from    = 2023-12-31
missing = "没有台账"
"#;

#[test]
fn each_indicator_tells_what_answers_to_it_and_what_is_missing() {
    let scratch = Scratch::demo();
    scratch.write("本地/catalogues/sample.toml", CATALOGUE.trim_start().as_bytes());
    scratch.yifa(&["definitions", "adopt", "本地", "--reason", "样例"]).done();
    let ran = scratch.yifa(&["indicators", "2023", "--catalogue", "sample", "--json"]).done();
    let all: Vec<Value> = serde_json::from_str(&ran.out).unwrap();
    let ids: Vec<&str> = all.iter().map(|one| one["id"].as_str().unwrap()).collect();
    // One that was over before the year is not asked; one that came into force on its last day is.
    assert_eq!(ids, ["mediation", "licence", "new"]);
    let figure: Value =
        serde_json::from_str(&scratch.yifa(&["figure", "mediation.ended", "2023", "--json"]).done().out).unwrap();
    assert_eq!(all[0]["figures"][0]["value"], figure["value"]);
    assert_eq!(all[0]["figures"][0]["value"], 286);
    assert_eq!(
        (&all[0]["basis"][0], &all[1]["basis"][0]),
        (&"《人民调解法》第五条第一款".into(), &"《人民调解法》第五条".into())
    );
    assert!(all[0]["registers"][0]["year"].as_u64().unwrap() > 0);
    assert_eq!((&all[1]["missing"], &all[0]["missing"]), (&"没有台账".into(), &Value::Null));
    let told = scratch.yifa(&["indicators", "2023", "--catalogue", "sample"]).done().out;
    for words in [
        "1．矛盾纠纷化解  mediation",
        "数字：",
        "286起（上年 ",
        "台账：人民调解案件，本年 ",
        "尚缺：没有台账",
        "共 3 项；写明尚缺的 2 项",
    ] {
        assert!(told.contains(words), "{words}\n{told}");
    }
    let shown = scratch.yifa(&["definitions", "show", "样例指标"]).done().out;
    for words in [
        "· 旧指标（到 2022-12-31）  old",
        "· 新指标（自 2023-12-31）  new",
        "数字：mediation.ended、mediation.success_rate",
    ] {
        assert!(shown.contains(words), "{words}\n{shown}");
    }
    let listed = scratch.yifa(&["definitions", "show"]).done().out;
    assert!(listed.contains("sample"), "{listed}");
    // In a year without any record the registers are named that have none.
    let told = scratch.yifa(&["indicators", "2019", "--catalogue", "sample"]).done().out;
    assert!(told.contains("本年没有案卷：人民调解案件、矛盾纠纷排查") && told.contains("旧指标"), "{told}");
}

#[test]
fn a_catalogue_without_indicators_is_refused_with_those_that_have_some() {
    let scratch = Scratch::init();
    scratch.write("本地/catalogues/sample.toml", CATALOGUE.trim_start().as_bytes());
    scratch.yifa(&["definitions", "adopt", "本地", "--reason", "样例"]).done();
    scratch.yifa(&["indicators", "2023", "--catalogue", "sampel"]).refused(&["P609", "没有指标目录“sampel”", "sample"]);
    scratch.yifa(&["indicators", "abc", "--catalogue", "sample"]).refused(&["P623"]);
    scratch.yifa(&["indicators", "20230", "--catalogue", "sample"]).refused(&["P602"]);
    scratch.yifa(&["indicators", "--catalogue", "sample", "--json"]).done();
}

//! A record corrected after others were copied from it: they are asked about, and say what they said.

use serde_json::Value;

use crate::support::Scratch;

#[test]
fn who_relied_on_what_was_corrected_later_is_asked() {
    let scratch = Scratch::demo();
    let asked = |scratch: &Scratch| -> Vec<(String, String)> {
        let found: Value = serde_json::from_str(&scratch.yifa(&["questions", "2023", "--json"]).done().out).unwrap();
        let text = |one: &Value, key: &str| one[key].as_str().unwrap().to_owned();
        let all = found["findings"].as_array().or(found.as_array()).unwrap();
        all.iter()
            .map(|one| (text(one, "key"), text(one, "seen")))
            .filter(|(key, _)| key.starts_with("review."))
            .collect()
    };
    assert_eq!(asked(&scratch), []);

    let shown = scratch.yifa(&["show", "legality_review", "（2023）法审字第3号", "--json"]).done().out;
    let shown: Value = serde_json::from_str(&shown).unwrap();
    let steps = shown["rows"]["steps"].as_array().unwrap();
    let opined = &steps.iter().find(|step| step["step"] == "opine").unwrap()["entry"];
    let correction = format!(
        "of = \"{opined}\"\nreason = \"结论抄错\"\n[fields]\nopinion = \"应当予以修改\"\nadvice = \"删去第六条\"\n"
    );
    scratch.write("改.toml", correction.as_bytes());
    scratch.yifa(&["step", "legality_review", "（2023）法审字第3号", "correct", "--file", "改.toml"]).done();

    let now = asked(&scratch);
    assert_eq!(now.len(), 1, "{now:?}");
    assert!(now[0].0.starts_with("review.document:2023-03-17:"), "{now:?}");
    assert_eq!(now[0].1, "（2023）规文登字第1号：审核结论是“合法”，（2023）法审字第3号现在是“应当予以修改”");
}

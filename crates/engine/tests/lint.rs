//! Defects, text by text, the parts of a whole report, and what holds for any text at all.

use engine::claim;
use engine::lint::{self, Level, Part, RULES, Rule};
use proptest::prelude::*;
use serde::Deserialize;
use std::collections::HashSet;

#[derive(Deserialize)]
struct Parts {
    part: Vec<Part>,
}

fn parts() -> Vec<Part> {
    let text = include_str!("../../../definitions/reports/annual_parts.toml");
    toml::from_str::<Parts>(text).expect("the parts are well formed").part
}

fn id(rule: Rule) -> &'static str {
    rule.explanation().id
}

#[test]
fn every_case_gives_the_defects_beside_it() {
    let mut wrong = Vec::new();
    for line in include_str!("lint_cases.txt").lines() {
        let Some((text, wanted)) = line.split_once(" ⇒").filter(|_| !line.starts_with('#')) else {
            continue;
        };
        let found: Vec<String> = lint::review(&text.replace('⏎', "\n"), &parts())
            .lint
            .iter()
            .map(|lint| {
                let mark = if lint.level == Level::Hint { "?" } else { "" };
                format!("{mark}{}@{}", id(lint.rule), lint.text)
            })
            .collect();
        if found.join("; ").trim() != wanted.trim() {
            wrong.push(format!("{text}\n  wanted {}\n  found  {}", wanted.trim(), found.join("; ")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A whole report with the given headings, each over a paragraph.
fn report(headings: &[&str]) -> String {
    let paragraph =
        "我镇坚持依法行政，健全工作机制，压实各方责任，推动各项任务落地见效，群众法治意识不断增强。".repeat(6);
    let body: String = headings.iter().map(|heading| format!("{heading}\n{paragraph}\n")).collect();
    format!("甲镇2023年度法治政府建设情况报告\n2023年，我镇工作有序推进。现将有关情况报告如下：\n{body}")
}

fn missing(text: &str) -> usize {
    lint::review(text, &parts()).lint.iter().filter(|lint| lint.rule == Rule::MissingPart).count()
}

#[test]
fn a_whole_report_is_asked_for_each_part() {
    let done = "一、推进法治政府建设的主要举措和成效";
    let short = "二、存在的不足和原因\n由于人员紧缺，执法力量不强。";
    let heads = "三、党政主要负责人履行推进法治建设第一责任人职责情况";
    let next = "四、下一年度主要安排";
    assert_eq!(missing(&report(&[done, short, heads, next])), 0);
    assert_eq!(missing(&report(&[done, short, next])), 1);
    assert_eq!(missing(&report(&[done, "二、存在的问题", next])), 2);
    // A heading may name problems without being the part about them.
    let named = format!("{done}\n1.解决停车难等共性问题12类。");
    assert_eq!(missing(&report(&[&named, short, heads, next])), 0);
    assert_eq!(missing(&report(&[&named, "二、存在的问题", heads, next])), 1);
    // Cut off before the closing part: nothing is asked, nor of a summary of other work.
    assert_eq!(missing(&report(&[done, "二、存在的问题"])), 0);
    let other = report(&["一、主要工作", "二、存在的问题", "三、下一步打算"])
        .replace("法治政府建设情况报告", "司法所工作总结")
        .replace("依法行政", "调解优先");
    assert_eq!(missing(&other), 0);
    let extract = |text: &str| lint::review(text, &parts()).extract;
    assert!(!extract(&report(&[done, short, heads, next])));
    assert!(extract(&other) && extract("全年调解矛盾纠纷286起。"));
}

#[test]
fn rules_are_listed_in_order_and_explained() {
    let mut ids = HashSet::new();
    for (index, held) in RULES.iter().enumerate() {
        assert_eq!(held.rule as usize, index);
        assert!(ids.insert(held.id), "{} twice", held.id);
        assert_eq!(serde_json::to_value(held.rule).expect("a rule has a name"), held.id);
        for words in [held.title, held.what, held.why, held.example, held.instead] {
            assert!(!words.is_empty(), "{} is not explained", held.id);
        }
    }
}

/// Text made of the pieces the rules look for, so that chance finds their edges.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "1",
        "20",
        "2023",
        "１",
        "一",
        "两",
        "十",
        "百",
        "千",
        "万",
        "亿",
        "余",
        "多",
        "近",
        "约",
        "由",
        "增至",
        "每",
        "次",
        "件",
        "人次",
        "万元",
        "个",
        "年",
        "（",
        "）",
        "(",
        ")",
        "《",
        "》",
        "“",
        "”",
        "〔",
        "〕",
        "号",
        "。",
        "，",
        "、",
        "\n",
        " ",
        ".",
        ",",
        "/",
        "%",
        "％",
        "是",
        "第",
        "百分之",
        "点",
        "X",
        "镇",
        "下一步",
        "现将",
        "存在问题",
        "一、",
        "（一）",
        "1.",
        "法治",
        "报告",
        "率",
        "应考",
        "实考",
        "\u{3000}",
        "😀",
        "kg",
        "-",
        "至",
        "公职人员",
    ]);
    prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

fn holds(text: &str) {
    let chars: Vec<char> = text.chars().collect();
    let lint::Review { claims, lint: lints, .. } = lint::review(text, &parts());
    assert_eq!(claims, claim::find(text));
    for pair in claims.windows(2) {
        assert!(pair[0].start < pair[1].start, "claims are sorted");
    }
    for claim in &claims {
        let length = claim.text.chars().count();
        let slice: String = chars[claim.start..claim.start + length].iter().collect();
        assert_eq!(slice, claim.text);
        assert!(claim.clause.start <= claim.clause.end && claim.clause.end <= chars.len());
        let json = serde_json::to_string(claim).expect("a claim is JSON");
        assert_eq!(&serde_json::from_str::<claim::Claim>(&json).expect("and back"), claim);
    }
    assert!(lints.is_sorted_by_key(|lint| lint.start));
    assert!(lints.iter().all(|lint| lint.start <= chars.len() && !lint.message.is_empty()));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_pieces_are_read_without_a_panic(text in pieces()) {
        holds(&text);
    }

    #[test]
    fn any_string_is_read_without_a_panic(text in ".{0,80}") {
        holds(&text);
    }
}

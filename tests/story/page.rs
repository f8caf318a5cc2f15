//! The annual report as a web page: whole in itself, and every link arrives.

use std::collections::{BTreeMap, BTreeSet};

use crate::support::Scratch;

/// The values of an attribute, in order.
fn attributes<'t>(html: &'t str, name: &str) -> Vec<&'t str> {
    let mark = format!(" {name}=\"");
    html.split(mark.as_str()).skip(1).map(|rest| rest.split('"').next().unwrap()).collect()
}

#[test]
fn every_link_of_the_report_arrives_and_nothing_is_fetched_or_run() {
    let scratch = Scratch::demo();
    scratch.yifa(&["report", "annual", "2023", "--out", "报告.html"]).done();
    let html = std::fs::read_to_string(scratch.path().join("报告.html")).unwrap();
    assert!(html.starts_with("<!DOCTYPE html>"));
    assert!(html.contains("<meta charset=\"utf-8\">") && html.contains("lang=\"zh"));

    let ids = attributes(&html, "id");
    let known: BTreeSet<&str> = ids.iter().copied().collect();
    assert_eq!(ids.len(), known.len(), "an id stands twice");
    let links = attributes(&html, "href");
    assert!(links.len() > 60, "{} links", links.len());
    for link in links {
        let id = link.strip_prefix('#').unwrap_or_else(|| panic!("{link} leads out of the page"));
        assert!(known.contains(id), "{link} leads nowhere");
    }
    for foreign in ["<script", "javascript:", "src=", "@import", "url(", "http://", "https://", " onclick", " onload"] {
        assert!(!html.contains(foreign), "{foreign}");
    }
    is_well_nested(&html);
}

/// Every element that opens closes, in order.
fn is_well_nested(html: &str) {
    const VOID: [&str; 6] = ["meta", "link", "br", "hr", "col", "img"];
    let mut open: Vec<&str> = Vec::new();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        rest = &rest[at + 1..];
        let end = rest.find('>').expect("a tag ends");
        let tag = &rest[..end];
        rest = &rest[end..];
        let name = tag.trim_start_matches('/').split([' ', '\n', '/']).next().unwrap();
        if tag.starts_with('!') || VOID.contains(&name) {
            continue;
        }
        if tag.starts_with('/') {
            assert_eq!(
                open.pop(),
                Some(name),
                "…{}",
                &html[html.len() - rest.len()..].chars().take(80).collect::<String>()
            );
        } else {
            open.push(name);
            if name == "style" {
                rest = &rest[rest.find("</style").unwrap()..];
            }
        }
    }
    assert_eq!(open, Vec::<&str>::new());
}

/// What was printed once can be printed again, whatever was recorded since.
#[test]
fn a_frozen_report_is_the_same_byte_for_byte() {
    let scratch = Scratch::demo();
    let report = |out: &str, at: &[&str]| {
        scratch.yifa(&[&["report", "annual", "2023", "--out", out], at].concat()).done();
        std::fs::read_to_string(scratch.path().join(out)).unwrap()
    };
    let size = scratch.entries().to_string();
    let (then, page) = (report("当时.txt", &[]), report("当时.html", &[]));
    let overdue = scratch.yifa(&["figure", "quality.archive_overdue", "2023", "--entries", "--json"]).done();
    let overdue: serde_json::Value = serde_json::from_str(&overdue.out).unwrap();
    let record = overdue[0]["record"].as_str().unwrap();
    scratch.write("作废.toml", "whole = true\nreason = \"重复登记\"\n".as_bytes());
    scratch.yifa(&["step", "mediation_case", record, "void", "--file", "作废.toml"]).done();
    assert_ne!(report("现在.txt", &[]), then);
    assert_eq!(report("再次.txt", &["--at", &size]), then);
    assert_eq!(report("再次.html", &["--at", &size]), page);
}

/// Page and plain text are one document: what is a number in one is the same number in the other.
#[test]
fn page_and_text_carry_the_same_numbers() {
    let scratch = Scratch::demo();
    scratch.yifa(&["report", "annual", "2023", "--out", "报告.html"]).done();
    scratch.yifa(&["report", "annual", "2023", "--out", "报告.txt"]).done();
    let html = std::fs::read_to_string(scratch.path().join("报告.html")).unwrap();
    let text = std::fs::read_to_string(scratch.path().join("报告.txt")).unwrap();
    let figures = scratch.yifa(&["figures", "2023", "--json"]).done();
    let figures: serde_json::Value = serde_json::from_str(&figures.out).unwrap();
    let titled: BTreeMap<&str, &serde_json::Value> =
        figures.as_array().unwrap().iter().map(|row| (row["figure"].as_str().unwrap(), row)).collect();
    assert_eq!(titled["mediation.ended"]["entries"], 286);
    for words in ["286起", "13000份（册）", "665人次", "97.22%"] {
        assert!(html.contains(words) || html.contains(&words.replace("（册）", "")), "{words} is not on the page");
        assert!(text.contains(words), "{words} is not in the text");
    }
}

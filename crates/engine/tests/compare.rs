//! Two versions of a text, as `compare_cases.txt` writes them, and what is to be said of each article.

use engine::compare::{Change, Row, compare};

fn line(row: &Row) -> String {
    let numbers = match (&row.from, &row.to) {
        (Some(from), Some(to)) if from == to => from.clone(),
        (Some(from), Some(to)) => format!("{from}→{to}"),
        (Some(one), None) | (None, Some(one)) => one.clone(),
        (None, None) => String::new(),
    };
    let moved = if row.moved { "移位" } else { "" };
    let text = if row.change == Change::Same { String::new() } else { format!(" {}", row.text.replace('\n', "/")) };
    format!("{}{moved} {numbers}{text}", row.change.chinese())
}

#[test]
fn each_article_is_told_as_its_case_says() {
    let cases = include_str!("compare_cases.txt");
    let mut wrong = Vec::new();
    let mut count = 0;
    for case in cases.split("\n=== ").skip(1) {
        let (title, rest) = case.split_once("\n--- 前").expect("an earlier text");
        let (earlier, rest) = rest.split_once("\n--- 后").expect("a later text");
        let (later, expect) = rest.split_once("\n--- 对照").expect("what is to be said");
        let found: Vec<String> = compare(earlier, later).iter().map(line).collect();
        if found != expect.trim().lines().collect::<Vec<_>>() {
            wrong.push(format!("{title}\n{}", found.join("\n")));
        }
        count += 1;
    }
    assert!(wrong.is_empty() && count >= 7, "{count} cases\n{}", wrong.join("\n\n"));
}

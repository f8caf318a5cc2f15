//! What a template says for given readings.

use super::stub;

/// Composes a body under one heading from the figures `a.one a.two a.none a.rate`.
#[track_caller]
fn check(body: &str, this: &str, last: &str) -> String {
    let set = stub::set(["a.one", "a.two", "a.none", "a.rate"]);
    let text = format!("# {{town}}{{year}}年\n\n## 情况\n\n兜底。\n{body}\n");
    let shown = stub::shown(&stub::document(&text, &set, this, last));
    let (_, below) = shown.split_once("h1 一、情况\n兜底。").unwrap();
    below.lines().filter(|line| !line.starts_with('(')).collect::<Vec<_>>().join("\n").trim().to_owned()
}

#[test]
fn a_sentence_stands_only_when_all_its_conditions_hold() {
    let body = "?a.one > 5 and a.two <= 2: 甲{a.one}。\n?a.one = 0: 乙。\n?a.one != a.two: 丙。";
    assert_eq!(check(body, "a.one 6 a.two 2", ""), "甲[6件]1。丙。");
    assert_eq!(check(body, "a.one 6 a.two 3", ""), "丙。");
    assert_eq!(check(body, "", ""), "乙。");
}

#[test]
fn last_year_is_compared_only_where_the_journal_has_one() {
    let body = "?a.one < last_year: 降到{a.one}，上年{a.one:last_year}。";
    assert_eq!(check(body, "a.one 3", "a.one 5"), "降到[3件]1，上年[5件]2。");
    assert_eq!(check(body, "a.one 5", "a.one 5"), "");
    assert_eq!(check(body, "a.one 3", ""), "");
}

#[test]
fn a_sentence_with_a_number_that_does_not_exist_is_left_out() {
    assert_eq!(check("覆盖率{a.rate}。\n共{a.one:value}个。", "a.one 2", ""), "共[2]1个。");
    assert_eq!(check("?a.rate < 100: 不足。", "a.rate -", ""), "");
    assert_eq!(check("?a.rate < 100: 仅{a.rate}。", "a.rate 98", ""), "仅[98%]1。");
}

#[test]
fn items_are_counted_over_those_that_remain() {
    let body = "不足：\n?a.one > 0: - 甲\n?a.two > 0: - 乙\n- 丙";
    assert_eq!(check(body, "a.one 1 a.two 1", ""), "不足：一是甲；二是乙；三是丙。");
    assert_eq!(check(body, "a.two 1", ""), "不足：一是乙；二是丙。");
    // A lone item is not counted.
    assert_eq!(check(body, "", ""), "不足：丙。");
}

#[test]
fn items_after_a_blank_line_begin_a_paragraph_and_carry_the_count_on() {
    let body = "不足：\n\n?a.one > 0: - 甲。原因。\n\n- 乙。\n\n- 丙。";
    assert_eq!(check(body, "a.one 1", ""), "不足：\n一是甲。原因。\n二是乙。\n三是丙。");
    assert_eq!(check(body, "", ""), "不足：\n一是乙。\n二是丙。");
}

#[test]
fn clauses_are_joined_by_commas_and_their_lead_falls_with_them() {
    let body = "全年，\n?a.one > 0: + 学法{a.one}\n?a.two > 0: + 宣传{a.two}\n末句。";
    assert_eq!(check(body, "a.one 6 a.two 16", ""), "全年，学法[6件]1，宣传[16件]2。末句。");
    assert_eq!(check(body, "a.two 16", ""), "全年，宣传[16件]1。末句。");
    assert_eq!(check(body, "", ""), "末句。");
}

#[test]
fn else_stands_when_no_condition_before_it_did() {
    let body = "?a.one > 0: 甲。\n?a.two > 0: 乙。\n?else: 丙。\n?a.two > 0: 丁。\n?else: 戊。";
    assert_eq!(check(body, "a.one 1", ""), "甲。戊。");
    assert_eq!(check(body, "a.two 1", ""), "乙。丁。");
    assert_eq!(check(body, "", ""), "丙。戊。");
}

#[test]
fn headings_are_numbered_over_those_that_have_something_under_them() {
    let body = "### 甲\n\n?a.one > 0: 甲句。\n\n### 乙\n\n#### 乙甲\n\n?a.two > 0: 乙句。\n\n#### 乙乙\n\n乙乙句。\n\n## 末\n\n末句。";
    assert_eq!(
        check(body, "a.one 1 a.two 1", ""),
        "h2 （一）甲\n甲句。\nh2 （二）乙\nh3 1.乙甲\n乙句。\nh3 2.乙乙\n乙乙句。\nh1 二、末\n末句。"
    );
    assert_eq!(check(body, "", ""), "h2 （一）乙\nh3 1.乙乙\n乙乙句。\nh1 二、末\n末句。");
}

#[test]
fn a_sentence_names_the_parts_that_say_most() {
    let body = "?a.one > 0: 集中在{a.one by village}。\n?a.rate < 100: 低的是{a.rate by kind}。\n共{a.none by month}。";
    assert_eq!(
        check(body, "a.one 7 a.rate 3", ""),
        "集中在[黄沙村]1/huangsha、[象水村]1/xiangshui。低的是[山林土地]2/land。"
    );
}

#[test]
fn a_table_shows_the_union_of_its_rows_and_the_figures_own_whole() {
    let body = "\n{table a.one, a.two by village}\n\n{table a.none by month}";
    assert_eq!(
        check(body, "a.one 6 a.two 2", ""),
        "[〈a.one〉、〈a.two〉（按村）] 村 | 〈a.one〉（件） | 〈a.two〉（件）\n\
         黄沙村 | [4]1/huangsha | [2]2/huangsha\n象水村 | [3]1/xiangshui | [0]2/xiangshui\n\
         合计 | [6]1 | [2]2\n同一事项涉及几个村的，列为“跨村”，不在各村重复计算。"
    );
}

#[test]
fn the_annex_lists_what_is_printed_and_what_decided() {
    let set = stub::set(["a.one", "a.two", "a.rate"]);
    let text = "# 报告\n> {superior}：\n\n现报告如下：\n\n## 情况\n\n?a.two > 0: 有。\n?else: 没有。\n共{a.one}，又{a.one}。\n?a.one > last_year: 上年{a.one:last_year}。\n\n>> {signed_by}\n>> {signed_on}\n";
    insta::assert_snapshot!(stub::shown(&stub::document(text, &set, "a.one 20", "a.one 10")), @r#"
    # 报告
    Left> 中共上犹县委员会、上犹县人民政府：
    现报告如下：
    h1 一、情况
    没有。共[20件]1，又[20件]1。上年[10件]2。
    Right> 中共五指峰乡委员会
    Right> 五指峰乡人民政府
    Right> 2024年1月15日
    (1) f-a.one 2023 20件 20/2 七 走到“end”的案卷数。本地：口径样例。
    (2) f-a.one-last 2022 10件 10/1 三 走到“end”的案卷数。本地：口径样例。
    (0) f-a.two 2023 0件 0/0 七 走到“end”的案卷数。本地：口径样例。
    "#);
}

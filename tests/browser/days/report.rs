//! The annual report of a year is frozen, checked, signed, sent and published; what stands in its way is told.

use super::{ends_well, fill, today};
use crate::browser::{Browser, Scripts};
use crate::client::Served;

const REPORT: &str = "/reports/annual/2024";

/// From the report's own page: one of its steps, and back.
#[track_caller]
fn step(browser: &Browser, title: &str, rows: &[(&str, &str)]) {
    browser.go(REPORT);
    browser.follow_under("办理", title);
    fill(browser, rows);
    browser.press("记入");
    browser.sees("已记入第");
    browser.sees(&format!("“{title}”"));
}

#[test]
fn a_report_is_frozen_and_published() {
    let served = Served::demo();
    let before = served.scratch.entries();
    let browser = Browser::open(&served, Scripts::On);
    let day = today();
    browser.sign_in("clerk");
    browser.follow("报告");
    browser.follow("2024年度法治政府建设工作报告");
    browser.go(REPORT);
    browser.sees("草稿，随台账变动");
    // What would refuse the sending is said before anybody tries.
    browser.sees("没有审核同意的，不得报送");
    browser.sees("党委主要负责人没有在这一稿上签字的，不得报送");
    browser.picture("report-draft");

    browser.press("成稿");
    browser.sees("固定不变");
    browser.sees("与登记的文件逐字相同");
    browser.picture("report-frozen");
    let frozen = browser.address();
    let draft = browser.text().lines().find_map(|line| line.split_once(" 稿，固定不变").map(|(nth, _)| nth.to_owned()));
    let draft = draft.and_then(|nth| nth.rsplit("第 ").next().map(str::to_owned)).expect("which draft");
    let draft = format!("第 {draft} 次");

    // Checked by who wrote it, reviewed by another, signed by both heads.
    let rows = [
        ("核对日期", day.as_str()),
        ("哪一稿", &draft),
        ("不符几处", "0"),
        ("无据几处", "0"),
        ("缺法定部分几处", "0"),
        ("结果", "没有问题"),
    ];
    step(&browser, "核对", &rows);
    browser.leave();
    browser.sign_in("leader");
    let rows = [("审核日期", day.as_str()), ("哪一稿", &draft), ("审核人", "何清源"), ("结果", "同意")];
    step(&browser, "审核", &rows);
    let rows = [("签字日期", day.as_str()), ("签的哪一稿", &draft), ("签字人", "林致远")];
    step(&browser, "党委主要负责人签字", &rows);
    let rows = [("签字日期", day.as_str()), ("签的哪一稿", &draft), ("签字人", "何清源")];
    step(&browser, "政府主要负责人签字", &rows);
    browser.go(REPORT);
    browser.sees_not("没有审核同意的，不得报送");
    browser.leave();

    browser.sign_in("clerk");
    let rows = [
        ("报送日期", day.as_str()),
        ("报送的哪一稿", &draft),
        ("已报上一级党委", "是"),
        ("已报上一级政府", "是"),
        ("已抄送上一级依法治县办", "是"),
    ];
    step(&browser, "报送", &rows);
    // It came after the first of March: sent all the same, and marked.
    browser.sees("逾期");
    browser.picture("report-sent");
    browser.go(REPORT);
    browser.sees("没有经过公开前审查、审查结论不是可以公开的，不得公开");
    browser.sees("《政府信息公开条例》第十七条第二款");
    let secrets = "含有国家秘密、法律和行政法规禁止公开或者公开后可能危及国家安全、公共安全、经济安全、社会稳定的内容";
    let rows = [
        ("审查日期", day.as_str()),
        ("审查人", "何清源"),
        ("哪一稿", &draft),
        (secrets, "否"),
        ("含有商业秘密、个人隐私等公开会损害第三方合法权益的内容", "否"),
        ("结论", "可以公开"),
    ];
    step(&browser, "公开前审查", &rows);
    let rows = [
        ("公开日期", day.as_str()),
        ("公开的哪一稿", &draft),
        ("是删去不宜公开内容以后的稿", "否"),
        ("公开的地方", "政府网站、公开栏"),
    ];
    step(&browser, "公开", &rows);
    browser.go(REPORT);
    browser.sees("已公开，固定不变");
    browser.sees("与登记的文件逐字相同");
    assert!(!browser.offers("成稿"), "what was published is not frozen again");
    browser.picture("report-published");
    browser.go(&frozen);
    browser.sees("已公开，固定不变");

    drop(browser);
    ends_well(served, before, 8);
}

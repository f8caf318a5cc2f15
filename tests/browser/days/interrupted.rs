//! A browser dies in the middle of a form, and nothing of what was typed is lost.

use super::{ends_well, fill, today};
use crate::browser::{Browser, Scripts};
use crate::client::Served;

#[test]
fn what_was_typed_outlives_the_browser() {
    let served = Served::demo();
    let before = served.scratch.entries();
    let (day, facts) = (today(), "放水先后起争执，两家各执一词");
    let browser = Browser::open(&served, Scripts::On);
    browser.sign_in("mediator");
    browser.go("/registers/mediation_case/new/register");
    let rows = [
        ("登记日期", day.as_str()),
        ("调委会", "竹坪村人民调解委员会"),
        ("来源", "主动调解"),
        ("涉及的村", "竹坪村（演示）"),
        ("纠纷简要", facts),
    ];
    fill(&browser, &rows);
    // Nobody pressed a button: the page keeps by itself what is typed, and says so.
    browser.sees("已存草稿");
    browser.kill();
    assert_eq!(served.scratch.entries(), before, "a draft is no entry");

    let browser = Browser::open(&served, Scripts::On);
    browser.sign_in("mediator");
    browser.sees("1 份草稿");
    browser.picture("interrupted-home");
    browser.follow("草稿");
    browser.sees("人民调解案件：登记");
    browser.picture("interrupted-drafts");
    browser.follow("接着填");
    assert_eq!(browser.filled("纠纷简要"), facts);
    assert_eq!(browser.filled("登记日期"), day);
    browser.picture("interrupted-form");
    fill(&browser, &[("纠纷类型", "邻里"), ("当事人", "张甲、李乙")]);
    browser.press("记入");
    browser.sees("已记入第");
    browser.sees("竹坪村人民调解委员会");
    browser.go("/drafts");
    browser.sees("没有没填完的草稿");

    drop(browser);
    ends_well(served, before, 1);
}

//! A mediator takes a case from the application to the archived volume.

use super::{ends_well, paper, step, today};
use crate::browser::{Browser, Scripts};
use crate::client::Served;

#[test]
fn a_case_goes_from_application_to_archived_volume() {
    walked(Scripts::On);
}

#[test]
fn a_case_goes_from_application_to_archived_volume_without_scripts() {
    walked(Scripts::Off);
}

fn walked(scripts: Scripts) {
    let served = Served::demo();
    let before = served.scratch.entries();
    let browser = Browser::open(&served, scripts);
    let (day, notice, agreement) = (today(), paper(&served, "告知书.pdf"), paper(&served, "协议书.pdf"));
    let picture = |name: &str| browser.picture(&format!("mediation-{name}-{scripts:?}"));
    browser.sign_in("mediator");
    picture("home");

    // The application: what is forgotten is told beside its field, and what was typed stays.
    browser.follow("登记簿");
    browser.follow("人民调解案件");
    browser.follow("登记");
    browser.sees("《人民调解法》第二十七条");
    let facts = "两家为一堵墙的界址起争执";
    let rows = [
        ("登记日期", day.as_str()),
        ("调委会", "云溪村人民调解委员会"),
        ("来源", "当事人申请"),
        ("涉及的村", "云溪村（演示）"),
        ("纠纷类型", "邻里"),
        ("纠纷简要", facts),
    ];
    super::fill(&browser, &rows);
    browser.press("记入");
    browser.sees("还没有记入：有 1 处需要处理");
    browser.sees("“当事人”没有填");
    assert_eq!(browser.filled("纠纷简要"), facts);
    picture("refused");
    browser.fill("当事人", "张甲、李乙");
    browser.press("记入");
    browser.sees("已记入第");
    browser.sees("人调字第");
    browser.sees("待受理");
    browser.sees_not(facts);
    picture("registered");

    step(&browser, "受理并确定调解员", &[("受理日期", &day), ("调解员", "云溪村 刘桂兰"), ("确定方式", "当事人选择")]);
    browser.sees("调解中");
    // Told in writing, the notice has to be there: the form asks for it once it knows.
    let told = "人民调解的性质、原则、效力、当事人的权利、当事人的义务";
    let rows = [("告知日期", day.as_str()), ("告知方式", "书面"), ("告知内容", told), ("签字的告知书", &notice)];
    step(&browser, "告知权利义务", &rows);
    let rows = [("调解日期", day.as_str()), ("公开进行", "是"), ("调解记录", "实地指界，各退半尺，以石坎为界")];
    step(&browser, "调解", &rows);
    let rows = [
        ("达成协议日期", day.as_str()),
        ("协议形式", "协议书"),
        ("协议内容、履行方式", "以石坎为界，即时履行"),
        ("各方当事人签名、盖章或者按指印", "是"),
        ("调解员签名", "是"),
        ("加盖调委会印章", "是"),
        ("当事人各执一份，调委会留存一份", "是"),
        ("生效日期", &day),
        ("履行期限", &day),
        ("协议涉及金额", "3000"),
        ("协议书扫描件", &agreement),
    ];
    step(&browser, "达成协议", &rows);
    browser.sees("达成协议");
    picture("agreed");
    let rows = [("回访日期", day.as_str()), ("履行情况", "已履行"), ("当事人满意", "是")];
    step(&browser, "履行回访", &rows);
    step(&browser, "立卷归档", &[("归档日期", &day), ("卷号", "2026-调-1"), ("保管期限", "三十年")]);
    browser.sees("已归档");
    browser.sees("3000元");
    browser.sees_not("以石坎为界");
    picture("archived");

    // The volume: what the paper says, and the proof of it.
    browser.follow("打印");
    browser.sees("立卷归档");
    picture("paper");

    drop(browser);
    ends_well(served, before, 7);
}

//! A major decision from the proposal to what is published; whoever would leave out the review of its legality is refused.

use super::{ago, ends_well, paper, step, today};
use crate::browser::{Browser, Scripts};
use crate::client::Served;

const BASIS: &str = "《重大行政决策程序暂行条例》第二十五条第二款";

#[test]
fn a_major_decision_is_published_and_no_review_is_left_out() {
    let served = Served::demo();
    let before = served.scratch.entries();
    let browser = Browser::open(&served, Scripts::On);
    let [draft, laws, notice, opinion, minutes] =
        ["草案.pdf", "梳理.pdf", "公告.pdf", "意见书.pdf", "纪要.pdf"].map(|name| paper(&served, name));
    let (counsel, again) = (paper(&served, "法律顾问意见.pdf"), paper(&served, "第二稿.pdf"));
    let day = today();

    // What went before today is recorded as what it is; what the township does itself, it does today.
    browser.sign_in("clerk");
    browser.follow("登记簿");
    browser.follow("重大行政决策");
    browser.follow("提出决策事项建议");
    let rows = [
        ("提出日期", ago(60)),
        ("决策事项", "圩镇污水处理站选址建设".to_owned()),
        ("事项类别", "重大公共建设项目".to_owned()),
        ("属于不适用条例的事项", "否".to_owned()),
        ("建议来源", "领导人员".to_owned()),
        ("提出建议的领导", "何清源".to_owned()),
    ];
    rows.iter().for_each(|(label, words)| browser.fill(label, words));
    browser.press("记入");
    browser.sees("已记入第");
    browser.sees("已提出");
    let record = browser.address().split('?').next().expect("a path").to_owned();
    let rows = [
        ("论证日期", ago(55)),
        ("论证单位", "党政综合办公室".to_owned()),
        ("论证人", "叶知秋".to_owned()),
        ("主要问题、理由和依据、初步方案及其必要性和可行性", "圩镇污水直排，选址两处比较".to_owned()),
        ("论证结论", "建议启动".to_owned()),
    ];
    step(&browser, "研究论证建议", &borrowed(&rows));
    let rows = [
        ("决定日期", ago(50)),
        ("决定人", "何清源".to_owned()),
        ("承办单位", "党政综合办公室".to_owned()),
        ("承办人", "叶知秋".to_owned()),
    ];
    let not = ["涉及其他单位职责或者与其关系紧密", "涉及特定群体利益", "依法不予公开", "法律、法规、规章规定必须听证"];
    let not = not.iter().chain(&[
        "专业性、技术性较强",
        "可能对社会稳定、公共安全等造成不利影响",
        "涉及市场主体经济活动",
        "属于本级人大讨论决定或者应当向其报告",
    ]);
    let rows: Vec<(&str, &str)> = borrowed(&rows).into_iter().chain(not.map(|label| (*label, "否"))).collect();
    step(&browser, "决定启动", &rows);
    let rows = [
        ("成稿日期", ago(45)),
        ("起草人", "叶知秋".to_owned()),
        ("草案", draft.clone()),
        ("有关法律法规政策梳理", laws.clone()),
    ];
    step(&browser, "拟订决策草案", &borrowed(&rows));
    let rows = [
        ("公布草案日期", ago(42)),
        ("截止日期", ago(9)),
        ("途径", "村务公开栏".to_owned()),
        ("公告和草案说明", notice),
    ];
    step(&browser, "向社会公开征求意见", &borrowed(&rows));
    let rows = [
        ("日期", ago(8)),
        ("收到意见条数", "6".to_owned()),
        ("采纳条数", "4".to_owned()),
        ("采纳情况和不采纳的理由", "采纳四条，两条与选址无关".to_owned()),
    ];
    step(&browser, "归纳研究各方面意见", &borrowed(&rows));

    // Without the review there is no way on: no link, the reason beside it; and who knows the address is refused.
    browser.sees("决策草案未经合法性审查或者经审查不合法的，不得提交决策机关讨论");
    browser.sees(BASIS);
    browser.picture("decision-barred");
    browser.go(&format!("{record}/steps/submit"));
    browser.sees("不得：");
    let rows = [("提交日期", day.as_str()), ("提交的稿次", "第 1 次"), ("公众意见研究采纳情况（第几次）", "第 1 次")];
    super::fill(&browser, &rows);
    let entries = served.scratch.entries();
    browser.press("记入");
    browser.sees("还没有记入");
    browser.sees("决策草案未经合法性审查或者经审查不合法的，不得提交决策机关讨论");
    browser.sees(BASIS);
    browser.picture("decision-refused");
    assert_eq!(served.scratch.entries(), entries, "nothing was recorded");

    // So it is sent for review, in the register where all reviews are kept.
    browser.follow("登记簿");
    browser.follow("合法性审查");
    browser.follow("送审");
    let rows = [
        ("送审日期", day.as_str()),
        ("送审事项", "圩镇污水处理站选址建设"),
        ("事项类别", "重大行政决策"),
        ("承办单位", "党政综合办公室"),
        ("起草人", "叶知秋"),
        ("应对突发事件等紧急情况", "否"),
        ("所附材料", "送审稿和说明、制定依据、征求意见及采纳情况"),
        ("送审稿", &draft),
    ];
    super::fill(&browser, &rows);
    browser.press("记入");
    browser.sees("已记入第");
    let review = browser.address().split('?').next().expect("a path").to_owned();
    browser.leave();
    browser.sign_in("reviewer");
    browser.go(&review);
    let rows = [("受理日期", day.as_str()), ("审查人", "钟若谷"), ("审查单位", "本乡镇司法所或者审查机构")];
    step(&browser, "受理并确定审查人", &rows);
    let rows = [
        ("出具日期", day.as_str()),
        ("符合法定权限", "是"),
        ("履行法定程序", "是"),
        ("内容合法", "是"),
        ("审查结论", "合法"),
        ("审查意见书", &opinion),
        ("提出意见的法律顾问、公职律师", "沈怀瑾"),
        ("法律顾问、公职律师的意见", &counsel),
        ("审查时间较短的说明", "演示：当日出具"),
    ];
    step(&browser, "出具审查意见", &rows);
    browser.picture("decision-opinion");
    browser.go(&record);
    let rows =
        [("所审稿次", "第 1 次"), ("合法性审查案卷", "圩镇污水处理站选址建设"), ("意见要点", "权限、程序、内容合法")];
    step(&browser, "合法性审查", &rows);
    browser.sees("已审查");

    // Another draft than the one that was reviewed is not reviewed.
    browser.leave();
    browser.sign_in("clerk");
    browser.go(&record);
    let rows = [
        ("成稿日期", day.as_str()),
        ("起草人", "叶知秋"),
        ("草案", &again),
        ("有关法律法规政策梳理", &laws),
        ("与上一稿的不同，审查意见的采纳", "另选一处"),
    ];
    step(&browser, "拟订决策草案", &rows);
    browser.follow_under("接下来", "提交讨论");
    let rows = [
        ("提交日期", day.as_str()),
        ("提交的稿次", "第 2 次"),
        ("公众意见研究采纳情况（第几次）", "第 1 次"),
        ("合法性审查（第几次）", "第 1 次"),
    ];
    super::fill(&browser, &rows);
    browser.press("记入");
    browser.sees("还没有记入：有 1 处需要处理");
    browser.sees("决策草案未经合法性审查或者经审查不合法的，不得提交决策机关讨论");
    browser.sees(BASIS);
    browser.sees("P220");
    browser.picture("decision-other-draft");

    // The reviewed one goes on, the same day: the short notice is flagged, not hidden.
    browser.go(&record);
    let rows = [
        ("提交日期", day.as_str()),
        ("提交的稿次", "第 1 次"),
        ("公众意见研究采纳情况（第几次）", "第 1 次"),
        ("合法性审查（第几次）", "第 1 次"),
    ];
    step(&browser, "提交讨论", &rows);
    let rows = [
        ("会议日期", day.as_str()),
        ("会议", "乡（镇）长办公会议"),
        ("应到的会议组成人员", "何清源、林致远、周启明"),
        ("实到的会议组成人员", "何清源、林致远、周启明"),
        ("行政首长", "何清源"),
        ("记录人", "叶知秋"),
    ];
    step(&browser, "召开会议讨论", &rows);
    for member in ["林致远", "周启明", "何清源"] {
        let rows = [("日期", day.as_str()), ("发言人", member), ("态度", "同意"), ("意见", "同意选址方案")];
        step(&browser, "发表意见", &rows);
    }
    let rows = [
        ("决定日期", day.as_str()),
        ("决定", "通过"),
        ("所决定的稿次", "第 1 次"),
        ("同意的人", "何清源、林致远、周启明"),
        ("与多数人的意见不一致", "否"),
        ("不同意见已如实载明", "是"),
        ("会议记录、纪要", &minutes),
    ];
    step(&browser, "作出决定", &rows);
    browser.sees("已决定");
    step(&browser, "向同级党委请示报告", &[("报告日期", &day), ("党委意见", "同意")]);
    let rows = [("公布日期", day.as_str()), ("公布途径", "公示栏"), ("说明了公众意见、专家论证意见的采纳情况", "是")];
    step(&browser, "公布", &rows);
    browser.sees("已出台");
    browser.picture("decision-published");

    drop(browser);
    ends_well(served, before, 19);
}

fn borrowed<'r>(rows: &'r [(&'r str, String)]) -> Vec<(&'r str, &'r str)> {
    rows.iter().map(|(label, words)| (*label, words.as_str())).collect()
}

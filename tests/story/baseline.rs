//! The first year of a ledger: what the report of the year before says stands beside the figures, and never among them.

use serde_json::Value;

use crate::support::Scratch;

const LAST: &str = "青石乡2022年度法治政府建设工作情况报告

2022年，全年调解矛盾纠纷270余起，开展大型法律宣传活动12场，党委理论学习中心组学法4次。植树40棵，比上年增加10棵。
";

#[test]
fn what_last_years_report_says_is_taken_down_and_shown_beside() {
    let scratch = Scratch::township();
    scratch.write("去年.txt", LAST.as_bytes());
    let before = scratch.entries();
    let told = scratch.yifa(&["baseline", "2022", "去年.txt", "--dry-run"]).done();
    told.says(&["mediation.ended", "270余起", "publicity.large_events", "12场", "读出 3 个，没有记入"]);
    scratch
        .yifa(&["figures", "2023", "--baseline"])
        .refused(&["P431 没有照录过 2022 年度的报告", "yifa baseline 2022"]);
    assert_eq!(scratch.entries(), before);
    scratch.yifa(&["baseline", "2022", "去年.txt"]).done().says(&["已照录 3 个", "yifa figures 2023 --baseline"]);
    assert_eq!(scratch.entries(), before + 1);
    let told = scratch.yifa(&["figures", "2023", "--baseline"]).done();
    told.says(&[
        "上年报告称",
        "270余起",
        "台账无据",
        "照录自《青石乡2022年度法治政府建设工作情况报告》，是报告的说法，不是台账。",
    ]);
    // It is in no figure, of no year.
    for year in ["2022", "2023"] {
        let told = scratch.yifa(&["figures", year, "--json"]).done().out;
        let figures: Vec<Value> = serde_json::from_str(&told).unwrap();
        assert!(
            figures
                .iter()
                .all(|one| one["entries"] == 0 || !one["figure"].as_str().unwrap().starts_with("mediation.ended"))
        );
    }
    let told = scratch.yifa(&["figures", "2023", "--baseline", "--json"]).done().out;
    let figures: Vec<Value> = serde_json::from_str(&told).unwrap();
    let one = figures.iter().find(|one| one["figure"] == "mediation.ended").unwrap();
    assert_eq!(one["said_last_year"], "270余起");
    // Taken down once more, the last one counts.
    scratch.write("更正.txt", LAST.replace("270余起", "268起").as_bytes());
    scratch.yifa(&["baseline", "2022", "更正.txt", "--title", "更正后的报告"]).done();
    scratch.yifa(&["figures", "2023", "--baseline"]).done().says(&["268起", "《更正后的报告》"]);
    scratch.is_sound();
}

#[test]
fn what_says_nothing_of_figures_is_not_taken_down() {
    let scratch = Scratch::township();
    scratch.write("别的.txt", "关于召开会议的通知\n请各村准时参加。\n".as_bytes());
    let before = scratch.entries();
    scratch.yifa(&["baseline", "2022", "别的.txt"]).refused(&["P431 别的.txt 里没有读出台账里有的数字"]);
    scratch.yifa(&["baseline", "22", "别的.txt"]).refused(&["P602"]);
    assert_eq!(scratch.entries(), before);
}

//! A county reports what its townships add up to, and says which of them are missing.

use crate::support::{Scratch, copy_folder, demo};

/// A county's folder with the demonstration and a township that recorded nothing.
fn county() -> Scratch {
    let scratch = Scratch::new();
    for (data, town, origin) in [
        ("yifa-data", "上犹县司法局", "example.gov.cn/360724"),
        ("yifa-data/towns/qingshi", "青石乡", "example.gov.cn/360724/qingshi"),
    ] {
        let init =
            ["--data", data, "init", "--town", town, "--county", "上犹县", "--city", "赣州市", "--origin", origin];
        scratch.yifa(&init).done();
    }
    copy_folder(demo(), &scratch.data().join("towns/wuzhifeng"));
    scratch
}

#[test]
fn a_county_reports_its_townships_together_and_names_who_is_missing() {
    let scratch = county();
    let report = |out: &str| scratch.yifa(&["report", "annual", "2023", "--out", out]).done();
    report("县.txt").says(&[
        "已写出 县.txt",
        "30 天没有记入的：五指峰乡（演示数据）",
        "2023年度报告还没有报送的：青石乡",
    ]);
    let text = std::fs::read_to_string(scratch.path().join("县.txt")).unwrap();
    for words in [
        "上犹县2023年度法治政府建设情况报告",
        "中共赣州市委员会、赣州市人民政府：",
        "汇总的乡镇有青石乡、五指峰乡（演示数据）。本年度没有记入的有青石乡，没有记入的不等于没有做。",
        "调解矛盾纠纷286起",
        "中共上犹县委员会\n",
        "抄送：中共赣州市委全面依法治市委员会办公室",
        // Township by township, and the sum.
        "青石乡\t—\t—\t—\t—\t—\n",
        "五指峰乡（演示数据）\t286\t283\t7\t7\t6\n",
        "合计\t286\t283\t7\t7\t6\n",
        "日志检查点：青石乡前 ",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
    for out in ["县.html", "县.docx"] {
        report(out);
        assert!(std::fs::metadata(scratch.path().join(out)).unwrap().len() > 10_000, "{out}");
    }
    let html = std::fs::read_to_string(scratch.path().join("县.html")).unwrap();
    assert!(html.contains("青石乡没有记入、五指峰乡（演示数据） 286 条"), "{html}");
    // A township's own is what it was, and what a county has not is told.
    let own = ["--data", "yifa-data/towns/wuzhifeng", "report", "annual", "2023", "--out", "乡.txt"];
    scratch.yifa(&own).done();
    scratch.yifa(&["report", "annual", "2023", "--out", "县.txt", "--at", "3"]).refused(&["P621", "--at"]);
    scratch.yifa(&["report", "annual", "2199", "--out", "县.txt"]).refused(&["P607"]);
    // What is reported has the parts the law asks for; what the ledgers cannot know is still to be written.
    scratch.yifa(&["check", "县.txt"]).says(&["××××"]);
}

//! A clerk records an event with photos.

use super::{ends_well, today};
use crate::browser::{Browser, Scripts};
use crate::client::Served;

#[test]
fn an_event_is_recorded_with_its_photos() {
    walked(Scripts::On);
}

#[test]
fn an_event_is_recorded_with_its_photos_without_scripts() {
    walked(Scripts::Off);
}

fn walked(scripts: Scripts) {
    let served = Served::demo();
    let before = served.scratch.entries();
    let browser = Browser::open(&served, scripts);
    let picture = |name: &str| browser.picture(&format!("publicity-{name}-{scripts:?}"));
    // Two pictures a browser can show: of what it showed just now.
    let photo = |name: &str| served.scratch.write(name, &browser.shot()).to_str().expect("a path").to_owned();
    browser.go("/sign-in");
    let first = photo("圩日.png");
    browser.sign_in("clerk");
    let second = photo("签到.png");

    browser.follow("登记簿");
    browser.follow("普法宣传活动");
    browser.follow("开展活动");
    // What the script does by itself is a button without it.
    assert_eq!(browser.offers("按所填更新"), scripts == Scripts::Off);
    let day = today();
    let rows = [
        ("活动日期", day.as_str()),
        ("活动名称", "圩日普法"),
        ("形式", "法律六进"),
        ("六进类别", "进乡村"),
        ("规模", "一般"),
        ("文明实践志愿活动", "是"),
        ("主题", "民法典"),
        ("参加人数", "八十余"),
        ("发放资料份数", "100"),
        ("签到表、照片", &format!("{first}\n{second}")),
    ];
    super::fill(&browser, &rows);
    if scripts == Scripts::On {
        browser.sees("圩日.png");
    }
    browser.press("记入");
    // A number is a number; the photos that came with the refused form are kept all the same.
    browser.sees("还没有记入：有 1 处需要处理");
    browser.sees("圩日.png");
    browser.sees("签到.png");
    browser.sees("已收下");
    picture("refused");
    browser.fill("参加人数", "80");
    browser.press("记入");
    browser.sees("已记入第");
    browser.sees("圩日普法");
    browser.sees("法律六进");
    picture("recorded");
    // What was handed over is what is given back.
    for photo in [&first, &second] {
        let kept = std::fs::read(photo).expect("the photo");
        let stored = served.scratch.data().join("files");
        let same = |file: std::fs::DirEntry| std::fs::read(file.path()).is_ok_and(|bytes| bytes == kept);
        assert!(std::fs::read_dir(&stored).expect("files").flatten().any(same), "{photo} is stored");
    }

    // It stands in the list, and it counts.
    browser.follow("普法宣传活动");
    browser.sees("圩日普法");
    picture("list");

    drop(browser);
    ends_well(served, before, 1);
}

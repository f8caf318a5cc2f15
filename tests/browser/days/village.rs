//! A village's user sees his own village, and nothing of another.

use yifa::storage::params;

use super::ends_well;
use crate::browser::{Browser, Scripts};
use crate::client::Served;
use crate::support::Ask;

/// An event of a village alone.
fn event_of(served: &Served, village: &str) -> String {
    let sql = "SELECT r.id FROM record r JOIN record_village v ON v.town_id = r.town_id AND v.record = r.id \
               JOIN record n ON n.town_id = v.town_id AND n.id = v.village \
               WHERE r.town_id = $1 AND r.register = 'publicity_event' AND n.title = $2 AND \
               (SELECT count(*) FROM record_village o WHERE o.town_id = $1 AND o.record = r.id) = 1 \
               ORDER BY r.id DESC LIMIT 1";
    served.scratch.db().value(sql, params![village])
}

#[test]
fn a_village_sees_only_its_own() {
    let served = Served::demo();
    let before = served.scratch.entries();
    let own = event_of(&served, "云溪村（演示）");
    let foreign = event_of(&served, "竹坪村（演示）");
    let browser = Browser::open(&served, Scripts::On);
    browser.sign_in("village_a");
    browser.picture("village-home");
    let others = ["竹坪村", "枫树垅村", "茶园背村", "樟木桥村", "月形湾村", "石榴坑村"];
    let none_of_others = || others.iter().for_each(|village| browser.sees_not(village));
    none_of_others();
    // What is of the whole township is not in his menu.
    for part in ["报告", "倒查", "日志", "系统管理"] {
        assert!(!browser.offers(part), "{part}");
    }

    browser.follow("登记簿");
    browser.follow("普法宣传活动");
    browser.sees("云溪村");
    none_of_others();
    browser.picture("village-list");
    browser.go(&format!("/registers/publicity_event/{own}"));
    browser.sees("云溪村");
    none_of_others();
    browser.picture("village-own");
    // Another village's record is as if it were not there, whatever the address.
    for more in ["", "/print", "/proof", "/attach", "/link", "/void"] {
        browser.go(&format!("/registers/publicity_event/{foreign}{more}"));
        browser.sees("没有这一页");
        none_of_others();
    }
    browser.picture("village-foreign");

    browser.go("/figures?year=2023");
    browser.sees("只算您所在村的，不是全乡镇的数");
    none_of_others();
    browser.picture("village-figures");
    // A number opens what is behind it: his village's, and no other's.
    browser.go("/?year=2024");
    browser.sees("开展过普法活动的村");
    browser.follow("1个");
    browser.sees("云溪村");
    none_of_others();
    browser.picture("village-entries");
    for path in ["/reports", "/trace", "/journal"] {
        browser.go(path);
        browser.sees("没有这个权限");
    }

    drop(browser);
    ends_well(served, before, 0);
}

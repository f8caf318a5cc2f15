//! Last year's ledger with headings and words of its own: said once, understood from then on.

use yifa::storage::params;

use crate::support::{Ask, Ran, Scratch, postgres};

const OLD: &str = "
时间,名称,形式,档次,文明实践志愿活动,主题,覆盖的村,人数,发放资料份数,备注
2026-03-01,法治讲座进村,法治讲座、法治课,普通,否,宪法,黄沙村,40,30,下雨
2026-03-08,妇女节宣传,集中宣传,大型,是,民法典,黄沙村,100,80,
";

const SAID: [&str; 10] = [
    "--map",
    "时间=活动日期",
    "--map",
    "名称=活动名称",
    "--map",
    "档次=规模",
    "--map",
    "人数=参加人数",
    "--ignore",
    "备注",
];

fn import(scratch: &Scratch, more: &[&str]) -> Ran {
    scratch.yifa(&[&["import", "publicity_event", "旧台账.csv"], more].concat())
}

#[test]
fn what_was_said_of_headings_and_words_is_understood_the_next_time() {
    let scratch = Scratch::township();
    scratch.write("旧台账.csv", OLD.trim_start().as_bytes());
    let before = scratch.entries();
    let told = import(&scratch, &[]);
    told.refused(&[
        "P410 不认识的列“时间”（A1）",
        "P410 不认识的列“备注”（J1）",
        "也可以写 --map 标题=字段 说明是哪个字段",
    ]);
    import(&scratch, &SAID).refused(&["P204 第 2 行“档次”（D2）填的“普通”不在可选项中"]);
    // The headings are known from here on; the word is said beside them.
    let told = import(&scratch, &["--word", "规模:普通=一般", "--dry-run"]).done();
    told.says(&["照上次：时间→活动日期、名称→活动名称、档次→规模、人数→参加人数、备注（不导入）"]);
    import(&scratch, &[]).done().says(&["照上次：时间→活动日期", "已记入 2 步"]);
    assert_eq!(scratch.entries(), before + 2);
    // The same rows in our own words are the same rows.
    let ours = OLD.replace("时间,名称", "活动日期,活动名称").replace("档次", "规模").replace(",人数", ",参加人数");
    let ours = ours.replace("普通", "一般").replace(",备注", "").replace("30,下雨", "30").replace("80,\n", "80\n");
    scratch.write("旧台账.csv", ours.trim_start().as_bytes());
    import(&scratch, &[]).done().says(&["没有新的内容，没有记入。"]);
    // What was said can be said otherwise.
    scratch
        .write("旧台账.csv", OLD.trim_start().replace(",备注", ",份数").replace(",发放资料份数", ",不用").as_bytes());
    let told = import(&scratch, &["--map", "份数=发放资料份数", "--ignore", "不用", "--ignore", "人数", "--dry-run"]);
    told.refused(&["P413 缺少“参加人数”列"]);
    scratch.is_sound();
}

#[test]
fn what_is_said_wrongly_is_told_at_once_and_nothing_is_kept() {
    let scratch = Scratch::township();
    scratch.write("旧台账.csv", OLD.trim_start().as_bytes());
    let said = [
        "--map",
        "时间=活动日起",
        "--map",
        "名称",
        "--map",
        "覆盖的村=活动名称",
        "--ignore",
        "没有这一列",
        "--word",
        "规模:普通=中等",
        "--word",
        "活动名称:讲座=一般",
    ];
    import(&scratch, &said).refused(&[
        "P430 “普法宣传活动”没有“活动日起”这个字段",
        "是不是“活动日期”？",
        "P430 --map 名称 没有写全",
        "P430 --map 里的“覆盖的村”本来就是系统认得的标题",
        "P430 --ignore 里的“没有这一列”，表里没有这个标题",
        "P430 “规模”没有“中等”这个选项",
        "P430 “活动名称”不是选填的字段",
        "P410 不认识的列“时间”（A1）",
    ]);
    // In a folder not even the database for it was made.
    if postgres::asked() {
        let kept = scratch.accounts().value::<i64>("SELECT count(*) FROM wording WHERE town_id = $1", params![]);
        assert_eq!(kept, 0, "nothing is kept");
    } else {
        assert!(!scratch.data().join("accounts.db").exists(), "nothing is kept");
    }
}

//! Lists that learning platforms give, read by a mapping: other headings, other words, no name of the exam.

use rust_xlsxwriter::Workbook;
use serde_json::Value;

use yifa::storage::params;

use crate::support::{Ask, Ran, Scratch};

const EXAMS: &str = "
考试结束日期,考试名称,考试平台,参考范围,应考人数,人数从哪里来,实考人数,合格人数
2026-03-20,学法考试,学习强国,乡村两级干部,3,导入考试结果名单,,
2026-04-20,汇总考试,学习强国,乡村两级干部,3,只有汇总人数,3,2
";

/// A township that held an exam whose people are counted by their list, and one of which only the numbers are known.
fn township() -> Scratch {
    let scratch = Scratch::township();
    scratch.write("考试.csv", EXAMS.trim_start().as_bytes());
    scratch.yifa(&["import", "exam", "考试.csv"]).done();
    scratch
}

/// What a platform gives: two lines of title, then a sheet with more than is asked for.
fn list(people: &[(&str, &str, f64)]) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("导出").unwrap();
    sheet.merge_range(0, 0, 0, 5, "学习强国 答题活动成绩明细", &rust_xlsxwriter::Format::new()).unwrap();
    sheet.write_string(1, 0, "导出时间：2026-03-21 09:00").unwrap();
    for (column, title) in ["序号", "学员姓名", "手机号", "得分", "答题结果", "用时"].iter().enumerate()
    {
        sheet.write_string(2, column as u16, *title).unwrap();
    }
    for (nth, (name, result, score)) in people.iter().enumerate() {
        let row = nth as u32 + 3;
        sheet.write_number(row, 0, nth as f64 + 1.0).unwrap();
        sheet.write_string(row, 1, *name).unwrap();
        sheet.write_string(row, 2, "13912345678").unwrap();
        sheet.write_number(row, 3, *score).unwrap();
        sheet.write_string(row, 4, *result).unwrap();
        sheet.write_string(row, 5, "31分47秒").unwrap();
    }
    book.save_to_buffer().unwrap()
}

const PEOPLE: [(&str, &str, f64); 3] =
    [("赵大山", "通过", 87.625), ("钱秋月", "未通过", 41.375), ("孙立田", "未参加", 0.0)];

fn import(scratch: &Scratch, file: &str, more: &[&str]) -> Ran {
    let mut args = vec!["import", "exam_result", file, "--as", "xuexi"];
    args.extend(more);
    scratch.yifa(&args)
}

const EXAM: [&str; 2] = ["--with", "exam=学法考试·2026-03-20"];

fn figure(scratch: &Scratch, id: &str) -> i64 {
    let shown: Value = serde_json::from_str(&scratch.yifa(&["figure", id, "2026", "--json"]).done().out).unwrap();
    shown["value"].as_i64().unwrap()
}

/// The one text a question to the database answers.
fn one(scratch: &Scratch, sql: &str, about: &str) -> String {
    scratch.db().value(sql, params![about])
}

#[test]
fn a_platforms_list_becomes_results_without_scores_and_not_twice() {
    let scratch = township();
    scratch.write("名单.xlsx", &list(&PEOPLE));
    let before = scratch.entries();
    let dry = import(&scratch, "名单.xlsx", &[EXAM[0], EXAM[1], "--dry-run"]).done().out;
    let squeezed: Vec<String> = dry.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
    for row in [
        "4 新记入 2026-03-20 学法考试·2026-03-20 赵大山 合格",
        "5 新记入 2026-03-20 学法考试·2026-03-20 钱秋月 不合格",
        "6 新记入 2026-03-20 学法考试·2026-03-20 孙立田 缺考 没有说明",
    ] {
        assert!(squeezed.iter().any(|line| line == row), "{row}\n{dry}");
    }
    assert_eq!(scratch.entries(), before, "a dry run records nothing");
    import(&scratch, "名单.xlsx", &EXAM).done().says(&["已记入 3 步"]);
    let counted = ["exam.took_listed", "exam.passed_listed", "exam.absent"].map(|id| figure(&scratch, id));
    assert_eq!(counted, [2, 1, 1]);
    for text in ["87.625", "41.375", "13912345678", "31分47秒"] {
        let sql = "SELECT (SELECT count(*) FROM payload WHERE town_id = $1 AND body LIKE $2) \
                   + (SELECT count(*) FROM sealed WHERE town_id = $1 AND value LIKE $2)";
        let kept: i64 = scratch.db().value(sql, params![format!("%{text}%")]);
        assert_eq!(kept, 0, "{text} was kept");
    }

    // The same file, and the same exam under its id.
    import(&scratch, "名单.xlsx", &EXAM).done().says(&["台账中已有、不再记入：3 步", "没有新的内容"]);
    let id = one(&scratch, "SELECT id FROM record WHERE town_id = $1 AND title = $2", &EXAM[1][5..]);
    let named = format!("exam={id}");
    import(&scratch, "名单.xlsx", &["--with", &named]).done().says(&["没有新的内容"]);

    // Another file of the same exam: what it repeats is known, what it says otherwise is a correction to be made.
    let mut more = PEOPLE.to_vec();
    more.reverse();
    scratch.write("又一份.xlsx", &list(&more));
    import(&scratch, "又一份.xlsx", &EXAM).done().says(&["没有新的内容"]);
    more[1].1 = "通过";
    scratch.write("改了.xlsx", &list(&more));
    import(&scratch, "改了.xlsx", &EXAM).refused(&["P422 第 5 行：案卷 ", "已有“记入结果”", "更正"]);
    assert_eq!(scratch.entries(), before + 3);
    scratch.is_sound();
}

#[test]
fn all_that_is_wrong_with_a_list_is_told_by_cell_and_nothing_is_kept() {
    let scratch = township();
    scratch.write("同名.csv", "入册日期,姓名,身份,性别\n2026-01-04,孙立田,村干部,男\n".as_bytes());
    scratch.yifa(&["import", "person", "同名.csv"]).done();
    let before = scratch.entries();
    let people =
        [("赵大山", "通过", 90.0), ("李不在", "通过", 80.0), ("孙立田", "通过", 70.0), ("赵大山", "通过", 60.0)];
    scratch.write("名单.xlsx", &list(&people));
    import(&scratch, "名单.xlsx", &EXAM).refused(&[
        "P204 第 5 行“学员姓名”（B5）填的“李不在”在登记簿中找不到",
        "P204 第 6 行“学员姓名”（B6）填的“孙立田”有 2 个同名的",
        "P229 第 7 行与第 4 行的“哪次考试”“人员”相同",
        "共 3 处问题",
    ]);
    scratch.write("说法.xlsx", &list(&[("赵大山", "良好", 90.0), ("钱秋月", "补考中", 50.0)]));
    import(&scratch, "说法.xlsx", &EXAM).refused(&[
        "P427 第 4 行“答题结果”（E4）填的“良好”不认识",
        "认得的有：合格、通过",
        "E5",
        "共 2 处问题",
    ]);
    scratch.write("标题.csv", "导出\n姓名,星级,最终等第\n赵大山,五星,通过\n".as_bytes());
    import(&scratch, "标题.csv", &EXAM).refused(&[
        "P410 不认识的列“星级”（B2）",
        "“最终等第”（C2）",
        "P413 缺少“结果”列",
        "xuexi",
    ]);
    assert_eq!(scratch.entries(), before);
    scratch.is_sound();
}

#[test]
fn what_the_list_does_not_hold_is_asked_for_on_the_command_line() {
    let scratch = township();
    scratch.write("名单.xlsx", &list(&PEOPLE));
    let base = ["import", "exam_result", "名单.xlsx"];
    let run = |more: &[&str]| scratch.yifa(&[&base[..], more].concat());
    run(&["--as", "xuexi"]).refused(&["P428 表里没有“哪次考试”", "--with exam=…"]);
    run(&[
        "--as",
        "xuexi",
        "--with",
        "exam=没有的考试",
        "--with",
        "reason=说不清",
        "--with",
        "exma=学法考试",
        "--with",
        "exam",
    ])
    .refused(&["--with exam：“哪次考试”填的“没有的考试”", "“说不清”", "没有“exma”这个字段", "没有写等号"]);
    run(&["--as", "xuexii"]).refused(&["P428 没有列对照“xuexii”", "是不是想写“xuexi”"]);
    run(&["--with", "exam=学法考试·2026-03-20"]).refused(&["--as"]);
    scratch
        .yifa(&["import", "exam", "名单.xlsx", "--as", "xuexi"])
        .refused(&["P428 列对照“学习强国”不是用于“法律知识考试”的"]);
    scratch.is_sound();
}

#[test]
fn a_list_that_gives_only_scores_in_an_old_encoding_is_divided_by_the_pass_mark() {
    let scratch = township();
    let text = "江西干部网络学院\n姓名,所在单位,成绩\n赵大山,青石乡,60\n钱秋月,青石乡,59.5分\n孙立田,青石乡,缺考\n";
    let (bytes, _, unmapped) = encoding_rs::GBK.encode(text);
    assert!(!unmapped);
    scratch.write("成绩.csv", &bytes);
    let args = ["import", "exam_result", "成绩.csv", "--as", "江西干部网络学院"];
    let args = [&args[..], &EXAM, &["--with", "缺考原因=请假"]].concat();
    let dry = scratch.yifa(&[&args[..], &["--dry-run"]].concat()).done().out;
    // Said of all, it fills only what has to be filled.
    assert_eq!(dry.matches("请假").count(), 1, "{dry}");
    scratch.yifa(&args).done().says(&["已记入 3 步"]);
    let counted = ["exam.took_listed", "exam.passed_listed", "exam.absent"].map(|id| figure(&scratch, id));
    assert_eq!(counted, [2, 1, 1]);
    scratch.is_sound();
}

#[test]
fn a_second_result_of_one_exam_is_refused_however_it_comes() {
    let scratch = township();
    let result = |name: &str, person: &str| {
        let text =
            format!("on = 2026-03-20\nexam = \"学法考试·2026-03-20\"\nperson = \"{person}\"\nresult = \"passed\"\n");
        scratch.write(name, text.as_bytes());
    };
    let step =
        |record: &str, step: &str, file: &str| scratch.yifa(&["step", "exam_result", record, step, "--file", file]);
    result("赵.toml", "赵大山");
    result("钱.toml", "钱秋月");
    step("new", "record", "赵.toml").done();
    step("new", "record", "赵.toml").refused(&["P229 “哪次考试”“人员”相同的，“考试结果”已有一个案卷", "更正"]);
    step("new", "record", "钱.toml").done();

    // Nor may one be corrected into another's place.
    let last = one(&scratch, "SELECT id FROM entry WHERE town_id = $1 AND kind = $2 ORDER BY idx DESC LIMIT 1", "step");
    let record = one(&scratch, "SELECT record FROM entry WHERE town_id = $1 AND id = $2", &last);
    let correction = format!("of = \"{last}\"\nreason = \"记错了人\"\n[fields]\nperson = \"赵大山\"\n");
    scratch.write("更正.toml", correction.as_bytes());
    step(&record, "correct", "更正.toml").refused(&["P229"]);
    // What was voided stands in nobody's way.
    let other =
        one(&scratch, "SELECT id FROM record WHERE town_id = $1 AND register = 'exam_result' AND id <> $2", &record);
    scratch.write("作废.toml", "whole = true\nreason = \"记错了\"\n".as_bytes());
    step(&other, "void", "作废.toml").done();
    step(&record, "correct", "更正.toml").done();
    scratch.is_sound();
}

#[test]
fn people_counted_in_a_sum_are_not_counted_again_by_their_list() {
    let scratch = township();
    scratch.write("名单.xlsx", &list(&PEOPLE));
    import(&scratch, "名单.xlsx", &["--with", "exam=汇总考试·2026-04-20"])
        .refused(&["P429 “汇总考试·2026-04-20”", "数两遍"]);
    let quiet = scratch.yifa(&["questions", "2026"]).done().out;
    assert!(!quiet.contains("counted_twice"), "{quiet}");
    // By hand it is recorded, as everything is, and asked about.
    let text = "on = 2026-04-20\nexam = \"汇总考试·2026-04-20\"\nperson = \"赵大山\"\nresult = \"passed\"\n";
    scratch.write("一人.toml", text.as_bytes());
    scratch.yifa(&["step", "exam_result", "new", "record", "--file", "一人.toml"]).done();
    scratch
        .yifa(&["questions", "2026"])
        .done()
        .says(&["填了汇总人数的考试，又记了名单", "汇总考试·2026-04-20：1 条记入指的是它"]);
    scratch.is_sound();
}

#[test]
fn what_a_row_itself_refers_to_is_held_against_what_may_be_referred_to() {
    let scratch = township();
    let shipped = include_str!("../../definitions/imports/xuexi.toml");
    let own = shipped.replace("with     = [\"exam\"]", "with = []");
    let own = own.replacen("[[column]]", "[[column]]\nheading = \"考试\"\nfield = \"exam\"\n\n[[column]]", 1);
    scratch.write("本地/imports/several.toml", own.as_bytes());
    scratch.yifa(&["definitions", "adopt", "本地", "--reason", "几次考试一张表"]).done();
    let rows = "考试,姓名,结果\n学法考试·2026-03-20,赵大山,合格\n汇总考试·2026-04-20,钱秋月,合格\n汇总考试·2026-04-20,孙立田,合格\n";
    scratch.write("几次.csv", rows.as_bytes());
    for more in [&["--dry-run"][..], &[]] {
        let args = [&["import", "exam_result", "几次.csv", "--as", "several"], more].concat();
        let told = scratch.yifa(&args).refused(&["P429 第 3 行：“汇总考试·2026-04-20”", "数两遍", "请先更正那次考试"]);
        assert_eq!(told.err.matches("P429").count(), 1, "{}", told.err);
    }
    scratch.is_sound();
}

#[test]
fn a_township_adds_the_words_of_its_own_platform() {
    let scratch = township();
    let own = "title = \"县平台\"\nlocal = \"县平台的导出\"\nregister = \"exam_result\"\nstep = \"record\"\n\
               with = [\"exam\", \"on\"]\nignored = [\"星级\"]\n[[column]]\nheading = \"应试人\"\nfield = \"person\"\n\
               [[column]]\nheading = \"等第\"\nfield = \"result\"\n\
               values = { passed = [\"优秀\", \"良好\"], failed = \"差\", absent = \"无\" }\n";
    scratch.write("本地/imports/xian.toml", own.as_bytes());
    scratch.yifa(&["definitions", "check", "本地"]).done();
    scratch.yifa(&["definitions", "adopt", "本地", "--reason", "县平台的名单"]).done();
    let listed = scratch.yifa(&["definitions", "show"]).done().out;
    assert!(listed.contains("县平台"), "{listed}");
    scratch.yifa(&["definitions", "show", "xian"]).done().says(&["合格：优秀、良好", "不要的列：星级"]);
    scratch.write("县.csv", "应试人；\n应试人,星级,等第\n赵大山,五,良 好\n钱秋月,一,差\n".as_bytes());
    let args = ["import", "exam_result", "县.csv", "--as", "xian", "--with", "on=2026-03-20"];
    scratch.yifa(&[&args[..], &EXAM].concat()).done().says(&["已记入 2 步"]);
    assert_eq!(figure(&scratch, "exam.passed_listed"), 1);
    scratch.is_sound();
}

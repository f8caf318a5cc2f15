//! The papers of every record of the demonstration: each is composed, each is a document, each volume is printed.

use std::collections::BTreeMap;
use std::path::Path;

use yifa::folder::Folder;
use yifa::papers::record::{Case, called_in, closed};
use yifa::render::docx;
use yifa::sets::Sets;
use yifa::storage::{Db, params};

use crate::document::faults;
use crate::ruler::{tool, yifa};
use crate::support::demo;

fn records(db: &Db, register: &str) -> Vec<String> {
    let sql = "SELECT id FROM record WHERE town_id = $1 AND register = $2 ORDER BY opened, first_idx";
    db.rows(sql, params![register], |row| row.get(0)).unwrap()
}

#[test]
fn every_paper_of_every_record_becomes_a_document() {
    let folder = Folder::open(demo()).unwrap();
    let db = folder.reader().unwrap();
    let sets = Sets::load(&db).unwrap();
    let set = &sets.current().unwrap().set;
    let (mut papers, mut blank, mut seen) = (0, 0, BTreeMap::<(&str, String), usize>::new());
    for register in set.papers.keys() {
        let all = records(&db, register);
        assert!(!all.is_empty(), "the demonstration has no record of {register}");
        for (nth, id) in all.iter().enumerate() {
            let case = Case::open(&db, &sets, set, register, id).unwrap();
            for item in case.list(set) {
                let what = format!("{register} {id} {}", item.key);
                assert!(!item.title.is_empty() && !item.title.contains('{'), "{what}: “{}”", item.title);
                if !item.printed {
                    continue;
                }
                let printed = case.print(&folder, &db, set, Some(&item.key), &closed, &called_in(&db)).unwrap();
                assert!(!printed.work.title.trim().is_empty(), "{what} has no title");
                let said = serde_json::to_string(&printed.work.papers[0].blocks).unwrap();
                // What was to be filled in was filled in: nothing of a template is left.
                let left =
                    ["{town", "{number", "{____", ".boxes", ":boxes"].into_iter().find(|left| said.contains(left));
                assert_eq!(left, None, "{what}");
                blank += printed.closed;
                papers += 1;
                // All documents of a template are made alike: the first three are looked through, and then one in twenty.
                let paper = item.key.split('-').next().unwrap().to_owned();
                let before = seen.entry((register, paper)).or_default();
                *before += 1;
                if *before <= 3 || nth % 20 == 0 {
                    let bytes = docx::render(&printed.work.papers[0], "某某乡").unwrap();
                    assert_eq!(faults(&bytes), Vec::<String>::new(), "{what}");
                }
            }
        }
    }
    assert!(seen.len() > 80, "papers of only {} kinds: {:?}", seen.len(), seen.keys());
    assert!(papers > 2_000 && blank > 500, "{papers} papers, {blank} blanks");
}

#[test]
fn every_volume_of_a_year_is_printed() {
    let folder = Folder::open(demo()).unwrap();
    let sets = Sets::load(&folder.reader().unwrap()).unwrap();
    let set = &sets.current().unwrap().set;
    for register in set.papers.keys() {
        let year = match register.as_str() {
            // Of mediation cases there are hundreds in 2023; those of the year after are as good.
            "mediation_case" => "2025",
            // What was found in 2023 was put right in 2024.
            "rectification" => "2024",
            _ => "2023",
        };
        let scratch = tempfile::TempDir::new().unwrap();
        let out = scratch.path().join("out");
        let ran = yifa(demo(), &["paper", register, "--year", year, "--out", out.to_str().unwrap()]).done();
        let mut files: Vec<_> = std::fs::read_dir(&out).unwrap().map(|item| item.unwrap().path()).collect();
        files.sort();
        assert!(
            ran.out.contains(&format!("已写出 {} 卷", files.len())) && !files.is_empty(),
            "{register}: {}",
            ran.out
        );
        for file in files {
            let (title, text) = told(&file);
            assert!(title.chars().count() >= 4, "{register}: {} is called “{title}”", file.display());
            assert!(text.chars().count() > 40, "{} is empty", file.display());
            assert!(!text.contains('{') && !text.contains('}'), "{}", file.display());
            let alone = text.split('\u{c}').find(|page| is_only_signed(page));
            assert_eq!(alone, None, "{} sends its signatures to a page of their own", file.display());
        }
    }
}

#[test]
fn minutes_name_who_was_there_and_a_circular_what_it_issues() {
    let db = Folder::open(demo()).unwrap().reader().unwrap();
    let print = |register: &str, with: &str, paper: &str| {
        let sql = "SELECT id FROM record WHERE town_id = $1 AND register = $2 AND instr(body, $3) > 0 ORDER BY first_idx LIMIT 1";
        let taken = format!("\"{with}\":{{");
        let record: String = db.one(sql, params![register, taken], |row| row.get(0)).unwrap().unwrap();
        let scratch = tempfile::TempDir::new().unwrap();
        let out = scratch.path().join("paper.pdf");
        yifa(demo(), &["paper", register, &record, paper, "--out", out.to_str().unwrap()]).done();
        told(&out)
    };
    let (_, minutes) = print("collective_decision", "minutes", "minutes");
    for words in ["出席：", "列席：", "记录："] {
        assert!(minutes.contains(words), "{words}: {minutes}");
    }
    let (title, circular) = print("normative_document", "issue", "circular");
    assert!(title.contains("道养护管理办法") && circular.contains("现印发给你们"), "{title}: {circular}");
}

/// Whether a page holds places for signatures and nothing they are put under.
fn is_only_signed(page: &str) -> bool {
    let mut lines = page.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('—')).peekable();
    let is_signing = |line: &str| {
        let is_day = line.ends_with('日') && line.contains('年') && line.chars().count() < 16;
        line.contains("（签名")
            || line.contains("（印章")
            || line.ends_with('：')
            || line.ends_with("人民政府")
            || is_day
    };
    lines.peek().is_some() && lines.all(|line| is_signing(line) || (line.starts_with("特此") && line.ends_with('。')))
}

#[test]
fn a_page_of_signatures_is_told_from_others() {
    for (page, expect) in [
        ("申请人（签名）：   日期：\n\n— 4 —\n", true),
        ("特申请调解。\n申请人（签名）：\n— 4 —\n", false),
        ("特此说明。\n某某乡人民政府\n2023年5月8日\n", true),
        ("现将情况说明如下。\n某某乡人民政府\n2023年5月8日\n", false),
        ("— 4 —\n", false),
        ("", false),
    ] {
        assert_eq!(is_only_signed(page), expect, "{page}");
    }
}

/// The words of one paper of a record, by its number and the paper's key.
fn words(register: &str, number: &str, key: &str) -> String {
    let folder = Folder::open(demo()).unwrap();
    let db = folder.reader().unwrap();
    let sets = Sets::load(&db).unwrap();
    let set = &sets.current().unwrap().set;
    let sql = "SELECT id FROM record WHERE town_id = $1 AND register = $2 AND number = $3";
    let id: String = db.one(sql, params![register, number], |row| row.get(0)).unwrap().unwrap();
    let case = Case::open(&db, &sets, set, register, &id).unwrap();
    let keys: Vec<String> = case.list(set).into_iter().filter(|item| item.printed).map(|item| item.key).collect();
    assert!(keys.iter().any(|one| one == key), "{register} {number} has no {key}: {keys:?}");
    let printed = case.print(&folder, &db, set, Some(key), &closed, &called_in(&db)).unwrap();
    yifa::docx::text(&docx::render(&printed.work.papers[0], "某某乡").unwrap()).unwrap()
}

#[test]
fn a_paper_says_what_the_law_wants_it_to_say_on_the_day_it_is_of() {
    let check = |register: &str, number: &str, key: &str, has: &[&str], has_not: &[&str]| {
        let said = words(register, number, key);
        let lacks: Vec<_> = has.iter().filter(|one| !said.contains(**one)).collect();
        let must_not: Vec<_> = has_not.iter().filter(|one| said.contains(**one)).collect();
        assert!(lacks.is_empty() && must_not.is_empty(), "{number} {key}: no {lacks:?}, but {must_not:?} in {said}");
    };
    // The six items of a decision, and nothing of penalties that were not chosen.
    check(
        "enforcement_case",
        "（2023）执法登字第3号",
        "decision",
        &[
            "演示执罚〔2023〕2号",
            "地址：",
            "现查明：",
            "证据种类：",
            "依据下列规定",
            "罚款12000元",
            "十五日内",
            "六十日内",
            "六个月内",
            "2023年10月16日",
            "人民政府",
        ],
        &["警告", "没收违法所得", "责令停产停业"],
    );
    check("enforcement_case", "（2023）执法登字第3号", "notice", &["陈述和申辩的权利", "要求听证的权利"], &[]);
    check("enforcement_case", "（2023）执法登字第2号", "notice", &["陈述和申辩的权利"], &["要求听证的权利"]);
    // On the spot: since 2024 reconsideration comes first, and has to be told to.
    check("enforcement_case", "（2023）执法登字第1号", "spot_before_2024", &["也可以自收到"], &["应当先"]);
    check("enforcement_case", "（2024）执法登字第2号", "spot", &["应当先自收到"], &["也可以自收到"]);
    check("enforcement_case", "（2024）执法登字第3号", "no_penalty", &["违法行为轻微"], &["违法事实不能成立"]);
    check(
        "disclosure_request",
        "（2023）信公字第5号",
        "refusal_before_2024",
        &["含第三方商业秘密", "《条例》第十五条"],
        &["应当先"],
    );
    check("disclosure_request", "（2024）信公字第1号", "reply", &["政府信息不存在", "已经检索"], &["予以公开"]);
    // What was denounced stands on no paper.
    check("petition", "（2023）信访第5号", "register", &["■检举控告"], &["请求、事实、理由"]);
    check("petition", "（2023）信访第5号", "transfer", &["不得将信访人的检举、揭发材料"], &[]);
    check("petition", "（2024）信访第5号", "guidance", &["工地所在县人力资源和社会保障局"], &[]);
    check("petition", "（2023）信访第1号", "opinion", &["一、投诉请求", "予以支持", "30日内", "复查"], &["不予支持"]);
    check("legality_review", "（2023）法审字第1号", "opinion", &["第六条罚款没有依据", "三、审查结论"], &[]);
    check("legality_review", "（2024）法审字第5号", "opinion", &["二、审查结论", "法律顾问"], &["修改意见和理由"]);
    check("government_contract", "（2023）政合字第1号", "completion", &["36000元"], &[]);
    check("administrative_case", "（2024）复诉字第2号", "absence", &["在市里参加培训", "委托相应的工作人员"], &[]);
}

/// The title and the words of a PDF.
fn told(file: &Path) -> (String, String) {
    let text = String::from_utf8(tool("pdftotext", &["-htmlmeta", file.to_str().unwrap(), "-"])).unwrap();
    let (_, rest) = text.split_once("<title>").unwrap();
    let (title, rest) = rest.split_once("</title>").unwrap();
    (title.to_owned(), rest.split_once("<pre>").unwrap().1.to_owned())
}

//! The papers of every record of the demonstration: each is composed, each is a document, each volume is printed.

use std::collections::BTreeMap;
use std::path::Path;

use rusqlite::params;
use yifa::folder::Folder;
use yifa::papers::record::{Case, called_in, closed};
use yifa::render::docx;
use yifa::sets::Sets;
use yifa::storage::{Db, TOWN};

use crate::document::faults;
use crate::ruler::{tool, yifa};
use crate::support::demo;

fn records(db: &Db, register: &str) -> Vec<String> {
    let sql = "SELECT id FROM record WHERE town_id = $1 AND register = $2 ORDER BY opened, first_idx";
    db.rows(sql, params![TOWN, register], |row| row.get(0)).unwrap()
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
    assert!(seen.len() > 40, "papers of only {} kinds: {:?}", seen.len(), seen.keys());
    assert!(papers > 2_000 && blank > 500, "{papers} papers, {blank} blanks");
}

#[test]
fn every_volume_of_a_year_is_printed() {
    let folder = Folder::open(demo()).unwrap();
    let sets = Sets::load(&folder.reader().unwrap()).unwrap();
    let set = &sets.current().unwrap().set;
    for register in set.papers.keys() {
        // Of mediation cases there are hundreds in 2023; those of the year after are as good.
        let year = if register == "mediation_case" { "2025" } else { "2023" };
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
        let record: String = db.one(sql, params![TOWN, register, taken], |row| row.get(0)).unwrap().unwrap();
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
    lines.peek().is_some()
        && lines.all(|line| line.contains("（签名") || line.contains("（印章") || line.ends_with('：'))
}

#[test]
fn a_page_of_signatures_is_told_from_others() {
    for (page, expect) in [
        ("申请人（签名）：   日期：\n\n— 4 —\n", true),
        ("特申请调解。\n申请人（签名）：\n— 4 —\n", false),
        ("— 4 —\n", false),
        ("", false),
    ] {
        assert_eq!(is_only_signed(page), expect, "{page}");
    }
}

/// The title and the words of a PDF.
fn told(file: &Path) -> (String, String) {
    let text = String::from_utf8(tool("pdftotext", &["-htmlmeta", file.to_str().unwrap(), "-"])).unwrap();
    let (_, rest) = text.split_once("<title>").unwrap();
    let (title, rest) = rest.split_once("</title>").unwrap();
    (title.to_owned(), rest.split_once("<pre>").unwrap().1.to_owned())
}

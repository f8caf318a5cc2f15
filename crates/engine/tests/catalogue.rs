//! Catalogues: what fields choose from them, and what is wrong with them only beside a register that uses them.

use std::fs;
use std::path::{Path, PathBuf};

use engine::definition::{self, FileSet};
use engine::problem::Problem;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// A set of the register of tests/data/catalogue alone, with the laws, villages and people it may refer to.
fn set() -> FileSet {
    let mut files = FileSet::new();
    for item in fs::read_dir(root().join("laws")).expect("laws") {
        let path = item.expect("an item").path();
        if let Ok(text) = fs::read_to_string(&path) {
            files.insert(format!("laws/{}", path.file_name().expect("a name").to_string_lossy()), text);
        }
    }
    let mut add = |inside: &str, path: &str| {
        files.insert(format!("definitions/{inside}"), fs::read_to_string(root().join(path)).expect("UTF-8"));
    };
    add("set.toml", "definitions/set.toml");
    for file in ["2023", "2024", "2025", "2026", "counting"] {
        add(&format!("calendar/{file}.toml"), &format!("definitions/calendar/{file}.toml"));
    }
    add("registers/kept.toml", "crates/engine/tests/data/catalogue/register.toml");
    add("cases/kept.toml", "crates/engine/tests/data/catalogue/cases.toml");
    for file in ["duties", "campaigns"] {
        add(&format!("catalogues/{file}.toml"), &format!("crates/engine/tests/data/catalogue/{file}.toml"));
    }
    files
}

fn found(files: &FileSet) -> Vec<String> {
    let (set, mut problems) = definition::read(files, &|text| text.len().to_string());
    problems.extend(engine::cases::run(files, &set, &problems));
    problems.iter().map(Problem::to_string).collect()
}

/// What is said when a text stands in the place of another in a file of the set.
fn check(file: &str, from: &str, to: &str, expect: &[&str]) {
    let mut files = set();
    let text = files.get_mut(&format!("definitions/{file}")).expect("the file");
    assert!(text.contains(from), "{file} has no {from}");
    *text = text.replace(from, to);
    assert_eq!(found(&files), expect, "{from} → {to}");
}

#[test]
fn fields_choose_from_catalogues_as_their_cases_say() {
    assert_eq!(found(&set()), Vec::<String>::new());
}

#[test]
fn names_in_one_cell_must_be_told_apart() {
    let other = "P019 “宪法日、助残日”的开头就是另一个条目“宪法日”。几个条目填在一格里用顿号等隔开：请改动其中一个的名称，使一个不是另一个的开头";
    check("catalogues/campaigns.toml", "\"助残日\"", "\"宪法日、助残日\"", &[other]);
}

#[test]
fn a_value_that_no_item_has_is_named() {
    check(
        "registers/kept.toml",
        "guide = \"open\"",
        "guiding = \"open\"",
        &[
            "P008 选项“guiding”不存在。是不是想写“guide”",
            "P010 步骤“决定”的 to 没有写选项“guide”走到哪里。每个选项都要写明走后的状态",
        ],
    );
}

#[test]
fn of_a_catalogue_that_cannot_be_read_only_its_own_problem_is_told() {
    check(
        "catalogues/duties.toml",
        "title = \"样例职责\"",
        "title = \"样例职责",
        &["P001 不是合法的 TOML：文字的引号不成对，或者中间有不能直接写的字符。请改正所指位置的写法"],
    );
    check(
        "catalogues/duties.toml",
        "id    = \"guide\"",
        "idd   = \"guide\"",
        &["P003 缺少 id。请写上 id = …", "P002 不认识的键“idd”。是不是想写“id”"],
    );
}

#[test]
fn a_catalogue_nobody_has_is_named_once() {
    check(
        "registers/kept.toml",
        "type = \"choice\", catalogue = \"duties\"",
        "type = \"choice\", catalogue = \"dutys\"",
        &["P008 目录“dutys”不存在。是不是想写“duties”"],
    );
}

//! The shipped set, held against its own cases and its own wrong examples.

use std::fs;
use std::path::{Path, PathBuf};

use engine::definition::{self, Counts, Definitions, FileSet};
use engine::problem::Problem;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn collect(folder: &Path, name: &str, files: &mut FileSet) {
    for item in fs::read_dir(folder).expect("a folder") {
        let path = item.expect("an item").path();
        let inner = format!("{name}/{}", path.file_name().expect("a name").to_string_lossy());
        if path.is_dir() {
            collect(&path, &inner, files);
        } else {
            files.insert(inner, fs::read_to_string(&path).expect("UTF-8"));
        }
    }
}

fn shipped() -> FileSet {
    let mut files = FileSet::new();
    collect(&root().join("laws"), "laws", &mut files);
    collect(&root().join("definitions"), "definitions", &mut files);
    files
}

fn check(files: &FileSet) -> Result<Definitions, Vec<Problem>> {
    definition::check(files, &hash)
}

fn hash(text: &str) -> String {
    format!("{:064x}", text.len())
}

/// `P002 12:5 不认识的键…。请…`, as the first lines of a wrong file say it.
fn line(problem: &Problem, files: &FileSet) -> String {
    let at = problem.place.as_ref().map_or_else(String::new, |place| {
        let text = files.get(&place.file).map_or("", String::as_str);
        let at = place.in_text(text);
        format!("{}:{} ", at.line, at.column)
    });
    format!("{} {at}{}。{}", problem.code, problem.text, problem.remedy)
}

#[test]
fn the_shipped_set_has_no_problem_and_its_cases_come_out_as_written() {
    let files = shipped();
    let (set, mut problems) = definition::read(&files, &hash);
    problems.extend(engine::cases::run(&files, &set, &problems));
    let shown: Vec<String> = problems
        .iter()
        .map(|problem| format!("{}: {}", problem.place.as_ref().map_or("", |place| &place.file), line(problem, &files)))
        .collect();
    assert!(shown.is_empty(), "\n{}", shown.join("\n"));
}

/// Counted, not hoped for: what a register declares, a case of it shows.
#[test]
fn no_step_bar_or_term_is_without_a_case() {
    let files = shipped();
    let (set, problems) = definition::read(&files, &hash);
    let (_, shown) = engine::cases::run_and_see(&files, &set, &problems);
    let missing = shown.missing(&set);
    assert!(missing.is_empty(), "{} 处没有案例：\n{}", missing.len(), missing.join("\n"));
}

/// Whoever is granted something is granted one of the roles that registers know, and every one can be granted.
#[test]
fn the_roles_that_are_granted_are_the_roles_there_are() {
    let (set, _) = definition::read(&shipped(), &hash);
    let role = set.register("grant").and_then(|grant| grant.step("give")?.field("role")).expect("grant.give.role");
    let choices: Vec<(&str, &str)> =
        role.choices.iter().map(|choice| (choice.id.value.as_str(), choice.title.as_str())).collect();
    assert_eq!(choices, definition::ROLES);
}

/// What can be late is told as what it is: each figure that counts overdue steps stands in the report.
#[test]
fn every_overdue_figure_is_named_in_the_annual_report() {
    let (set, _) = definition::read(&shipped(), &hash);
    let template = std::fs::read_to_string(root().join("definitions/reports/annual.md")).unwrap();
    let overdue = set.figures.values().filter(|figure| matches!(figure.counts, Counts::Overdue { .. }));
    let ids: Vec<&str> = overdue.map(|figure| figure.id.as_str()).collect();
    let unnamed: Vec<&&str> = ids.iter().filter(|id| !template.contains(&format!("{{{id}}}"))).collect();
    assert!(!ids.is_empty() && unnamed.is_empty(), "{unnamed:?}");
}

#[test]
fn words_no_shipped_register_uses_do_what_their_cases_say() {
    let mut files = shipped();
    for (path, inside) in [("register", "registers"), ("cases", "cases")] {
        let text = fs::read_to_string(root().join(format!("crates/engine/tests/data/words/{path}.toml")));
        files.insert(format!("definitions/{inside}/words.toml"), text.expect("UTF-8"));
    }
    let (set, mut problems) = definition::read(&files, &hash);
    problems.extend(engine::cases::run(&files, &set, &problems));
    let shown: Vec<String> = problems.iter().map(|problem| line(problem, &files)).collect();
    assert!(shown.is_empty(), "\n{}", shown.join("\n"));
}

#[test]
fn every_wrong_file_gets_exactly_the_message_written_at_its_top() {
    let good = shipped();
    let mut wrong = FileSet::new();
    collect(&root().join("tests/bad"), "tests/bad", &mut wrong);
    assert!(wrong.len() > 50, "only {} wrong files", wrong.len());
    let mut different = Vec::new();
    for (path, text) in &wrong {
        let name = path.trim_start_matches("tests/bad/");
        let mut files = good.clone();
        let place = match name {
            name if name.starts_with("set/") => "definitions/set.toml".to_owned(),
            name => format!("definitions/{name}"),
        };
        files.insert(place.clone(), text.clone());
        let found = check(&files).map_or_else(|found| found, |set| set.objections);
        let lines: Vec<String> = found.iter().map(|problem| format!("#! {}", line(problem, &files))).collect();
        let written: Vec<&str> = text.lines().take_while(|line| line.starts_with("#!")).collect();
        if lines != written || lines.is_empty() {
            if std::env::var_os("UPDATE_BAD").is_some() {
                let body: Vec<&str> = text.lines().skip_while(|line| line.starts_with("#!")).collect();
                let fresh = format!("{}\n{}\n", lines.join("\n"), body.join("\n"));
                fs::write(root().join(path), fresh).expect("write");
            }
            different.push(format!(
                "{path}\n  written: {}\n  found:   {}",
                written.join("\n           "),
                lines.join("\n           ")
            ));
        }
    }
    assert!(different.is_empty(), "\n{}", different.join("\n"));
}

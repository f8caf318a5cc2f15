//! The guide for the township's own people: every command in it is run, and the register it adds is added.

use std::path::{Path, PathBuf};

use crate::support::Scratch;

fn guide() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/guide")
}

fn page(name: &str) -> String {
    std::fs::read_to_string(guide().join(name)).unwrap()
}

/// The fenced blocks of a language, in order.
fn blocks<'t>(page: &'t str, language: &str) -> Vec<&'t str> {
    let open = format!("```{language}\n");
    page.split(open.as_str()).skip(1).map(|rest| rest.split("```").next().unwrap()).collect()
}

/// The commands of a page: the lines of its shell blocks, and what stands in backquotes and begins with `yifa`.
fn commands(page: &str) -> Vec<Vec<&str>> {
    let lines = blocks(page, "sh").into_iter().flat_map(str::lines);
    // A fence is three backquotes, which would be counted among the others.
    let quoted = page.split('`').skip(1).step_by(2).filter(|_| !page.contains("```"));
    lines
        .chain(quoted)
        .filter_map(|line| line.strip_prefix("yifa "))
        .filter(|line| !line.starts_with("demo"))
        .map(|line| line.split_whitespace().collect())
        .collect()
}

#[test]
fn a_register_is_added_with_the_one_file_of_the_guide() {
    let page = page("new-register.md");
    let files = blocks(&page, "toml");
    let scratch = Scratch::township();
    scratch.write("本地/registers/correction_visit.toml", files[0].as_bytes());
    scratch.write("走访.toml", files[1].as_bytes());
    let all = commands(&page);
    assert!(all.len() >= 5, "{all:?}");
    for command in all {
        scratch.yifa(&command).done();
    }
    let due = scratch.yifa(&["due", "--register", "correction_visit"]).done();
    assert!(due.out.contains("报告社区矫正机构"), "{}", due.out);
    let listed = scratch.yifa(&["list", "correction_visit"]).done();
    assert!(listed.out.contains("矫访字第1号"), "{}", listed.out);
    scratch.is_sound();
}

#[test]
fn every_command_of_the_guide_does_what_it_is_for() {
    let scratch = Scratch::demo();
    let mut run = 0;
    let mut names: Vec<_> = std::fs::read_dir(guide()).unwrap().map(|item| item.unwrap().file_name()).collect();
    names.sort();
    for name in names.iter().map(|name| name.to_str().unwrap()).filter(|name| *name != "new-register.md") {
        // The guide is read beside the folder that `yifa demo` makes, and run here beside a copy of it.
        for command in commands(&page(name).replace("yifa-demo/", "yifa-data/")) {
            let ran = scratch.yifa(&command);
            // `check` finds what differs, and is for that.
            assert!(
                ran.code == Some(0) || command[0] == "check",
                "{name}: yifa {}\n{}{}",
                command.join(" "),
                ran.out,
                ran.err
            );
            // A list that lists nothing shows nothing.
            assert!(!ran.out.contains("共 0 个"), "{name}: yifa {}\n{}", command.join(" "), ran.out);
            run += 1;
        }
    }
    assert!(run > 100, "only {run} commands");
}

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
    let scratch = Scratch::demo();
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

/// Whether a command that is to show something found nothing to show.
fn shows_nothing(command: &[&str], out: &str) -> bool {
    // These look for what is wrong, and show that nothing is.
    let looks_for_faults = matches!(command[0], "verify" | "rebuild" | "check" | "definitions");
    let nothing = ["共 0 个", "共 0 项", "列出 0 个", "有变动的 0 处", "请核实 0 项，已经说明 0 项", "引用数字 0 个"];
    !looks_for_faults
        && (out.trim().is_empty()
            || nothing.iter().any(|nothing| out.contains(nothing))
            || out.lines().any(|line| line == "共 0 条"))
}

#[test]
fn the_report_that_was_sent_is_made_again_byte_for_byte() {
    let scratch = Scratch::demo();
    let sent = scratch.yifa(&["show", "annual_report", "（2024）法治年报第1号"]).done().out;
    let said = |what: &str| sent.split_once(what).unwrap().1.lines().next().unwrap().to_owned();
    let (size, kept) = (said("取数时的日志条数："), said("稿子：附件 "));
    let again = format!("yifa report annual 2023 --at {size} --out 当时.txt");
    for name in ["README.md", "clerk.md", "inspector.md"] {
        let text = page(name);
        let (before, rest) = text.split_once("yifa report annual 2023 --at ").unwrap();
        let (written, after) = rest.split_once(' ').unwrap();
        // The number is that of the demonstration, which has more entries whenever something is added to it.
        if std::env::var_os("UPDATE_STORY").is_some() {
            let text = format!("{before}yifa report annual 2023 --at {size} {after}");
            std::fs::write(guide().join(name), text).unwrap();
        } else {
            assert_eq!(written, size, "{name}: run again with UPDATE_STORY=1");
        }
    }
    let command: Vec<&str> = again.split_whitespace().skip(1).collect();
    scratch.yifa(&command).done();
    let made = std::fs::read(scratch.path().join("当时.txt")).unwrap();
    let mut files = std::fs::read_dir(scratch.data().join("files")).unwrap().map(|item| item.unwrap().path());
    let kept = files.find(|path| path.file_name().unwrap().to_str().unwrap().starts_with(kept.trim_end_matches('…')));
    let kept = std::fs::read(kept.unwrap()).unwrap();
    assert!(kept == made, "what was sent in 2024 is not what is made again at {size}");
    assert!(kept.len() > 10_000, "{} bytes", kept.len());
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
            let empty = shows_nothing(&command, &ran.out);
            assert!(!empty, "{name}: yifa {} shows nothing\n{}", command.join(" "), ran.out);
            run += 1;
        }
    }
    assert!(run > 100, "only {run} commands");
}

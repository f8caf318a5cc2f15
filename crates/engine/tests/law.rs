//! The instruments of `laws/`, and what they say of citations on given days.

use std::fs;
use std::path::{Path, PathBuf};

use engine::day::Day;
use engine::law::{Citation, Laws, Resolution, Shape, Turn};
use engine::problem::Problem;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn files(folder: &Path) -> Vec<(String, String)> {
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let name = |path: &Path| path.file_name().unwrap().to_string_lossy().into_owned();
    paths.iter().map(|path| (name(path), fs::read_to_string(path).unwrap())).collect()
}

fn laws() -> Laws {
    let files = files(&root().join("laws"));
    let (laws, problems) = Laws::load(files.iter().map(|(name, text)| (name.as_str(), text.as_str())));
    assert_eq!(problems, []);
    laws
}

fn describe(laws: &Laws, citation: &Citation, from: Day, until: Option<Day>) -> String {
    match laws.resolve(citation, from, until) {
        Resolution::Found => "有".to_owned(),
        Resolution::Pending(why) => {
            format!("待核：{}", why.iter().map(ToString::to_string).collect::<Vec<_>>().join("；"))
        }
        Resolution::Missing(missing) => missing.problem(citation).to_string(),
    }
}

#[test]
fn citations_stand_or_fall_on_every_day_they_are_needed() {
    let laws = laws();
    for line in include_str!("data/resolutions.tsv").lines().skip(1) {
        let [text, from, until, expect] = line.split('\t').collect::<Vec<_>>()[..] else { panic!("{line}") };
        let citation = Citation::parse(text).unwrap();
        let found = describe(&laws, &citation, Day::parse(from).unwrap(), Day::parse(until));
        assert_eq!(found, expect, "{text} {from} {until}");
    }
}

#[test]
fn every_instrument_is_found_by_all_its_names_and_by_no_path_of_a_machine() {
    let laws = laws();
    for instrument in laws.all() {
        for name in instrument.names() {
            assert_eq!(laws.find(name).map(|found| &found.title), Some(&instrument.title), "{name}");
            let whole = Citation::parse(&format!("《{name}》")).unwrap();
            let last = instrument.versions.last().unwrap();
            let from = last.from.unwrap_or(Day::parse("2023-01-01").unwrap());
            let stands = laws.resolve(&whole, from, last.until);
            assert!(!matches!(stands, Resolution::Missing(_)), "{name}: {stands:?}");
        }
    }
    for (name, text) in files(&root().join("laws")) {
        assert!(!text.contains("/work") && !text.contains("/tmp"), "{name}");
    }
}

/// What a version is 待核 for must be written where the next reader looks.
#[test]
fn an_unknown_start_is_always_pending() {
    for instrument in laws().all() {
        for (i, version) in instrument.versions.iter().enumerate() {
            let only = i == 0 && version.from.is_none() && version.until.is_none();
            assert!(!only || version.pending.is_some(), "{}", instrument.title);
            assert_eq!(matches!(version.shape, Shape::Known(_)), version.seen.is_some(), "{}", instrument.title);
        }
    }
}

fn check(toml: &str, expect: &[&str]) {
    let (_, problems) = Laws::load([("laws/试.toml", toml)]);
    let codes: Vec<String> = problems.iter().map(|p: &Problem| p.code.to_string()).collect();
    assert_eq!(codes, expect, "{toml}\n{problems:#?}");
    assert!(problems.iter().all(|p| p.place.as_ref().is_some_and(|place| toml.get(place.span.clone()).is_some())));
}

#[test]
fn what_is_wrong_with_a_law_file_is_said_all_at_once() {
    const HEAD: &str = "title = \"试行法\"\nissuer = \"某\"\n";
    let with = |rest: &str| format!("{HEAD}{rest}");
    check(&with("[[version]]\nfrom = 2020-01-01\nshape = \"unknown\""), &[]);
    check(&with(""), &["P003"]);
    check("titel = \"试行法\"\n[[version]]\nshape = \"unknown\"", &["P003", "P003", "P002"]);
    check(&with("[[version]]\nfrom = 2020-01-01"), &["P003"]);
    check(&with("[[version]]\nfrom = 2020-01-01\nshape = \"known\""), &["P005"]);
    check(&with("[[version]]\narticles = [[0]]"), &["P111"]);
    check(&with("[[version]]\nfrom = 2020-01-01\nuntil = 2019-01-01\nshape = \"unknown\""), &["P111", "P111"]);
    check(&with("[[version]]\nfrom = 2020-01-01\nshape = \"unknown\"\n[[version]]\nshape = \"unknown\""), &["P111"]);
    let two = |until: &str, from: &str| {
        with(&format!("[[version]]\n{until}\nshape = \"unknown\"\n[[version]]\nfrom = {from}\nshape = \"unknown\""))
    };
    check(&two("until = 2019-12-31", "2020-01-01"), &[]);
    check(&two("until = 2019-12-30", "2020-01-01"), &["P111"]);
    check(&two("until = 2020-01-01", "2020-01-01"), &["P111"]);
    check(&two("from = 2020-01-01", "2020-01-01"), &["P111"]);
    check(&with("repealed_by = \"新法\"\n[[version]]\nfrom = 2020-01-01\nshape = \"unknown\""), &["P111"]);
    check(&with("repealed = 2019-01-01\n[[version]]\nfrom = 2020-01-01\nshape = \"unknown\""), &["P111"]);
    check(
        &with("[[version]]\nfrom = 2020-01-01\narticles = [[0], [], 3, [-1], [\"x\"], [[2, \"y\"]]]"),
        &["P112", "P004", "P112", "P004", "P004", "P004"],
    );
    check(&with("[[version]]\nfrom = 2020-01-01\narticles = [[0]]\nshape = \"unknown\"\ncount = 1"), &["P112", "P112"]);
    check(&with("[[version]]\nfrom = 2020-01-01\nshape = \"unknown\"\ncount = 0"), &["P112"]);
    check(
        &with(
            "[[version]]\nfrom = 2020-01-01\narticles = [[0]]\ninserted = [{ after = 2, nth = 1, paragraphs = [0] }]",
        ),
        &["P112"],
    );
    let text = with("short = [\"试\"]\n[[version]]\nshape = \"unknown\"");
    let (_, problems) = Laws::load([("a.toml", text.as_str()), ("b.toml", text.as_str())]);
    assert_eq!(problems.iter().map(|p| p.code.0).collect::<Vec<_>>(), [110, 110]);
}

#[test]
fn what_became_of_a_cited_law_is_told_by_its_days() {
    const TOML: &str = "title = \"试行法\"\nissuer = \"某\"\nrepealed = 2025-01-01\nrepealed_by = \"新法\"\n\
        [[version]]\nfrom = 2019-01-01\nseen = 2025-01-01\narticles = [[0], [0]]\n\
        [[version]]\nfrom = 2022-01-01\nseen = 2025-01-01\narticles = [[0]]\n";
    let (laws, problems) = Laws::load([("laws/试.toml", TOML)]);
    assert!(problems.is_empty(), "{problems:?}");
    let told = |cite: &str, after: &str, until: &str| -> Vec<String> {
        let day = |text: &str| Day::parse(text).unwrap();
        let turns = laws.turns(&Citation::parse(cite).unwrap(), day(after), day(until));
        let then = |turn: &Turn| turn.then.map_or_else(String::new, |day| day.to_string());
        turns.iter().map(|turn| format!("{} {:?} {} {}", turn.on, turn.what, then(turn), turn.now.is_some())).collect()
    };
    let (amended, repealed) = ("2022-01-01 Amended 2019-01-01", "2025-01-01 Repealed(Some(\"新法\")) 2019-01-01");
    let (first, second) = (format!("《试行法》第{}条", "一"), format!("《试行法》第{}条", "二"));
    for (cite, after, until, expect) in [
        // Amended, and the article is still there, or is not any more.
        (first.as_str(), "2020-06-01", "2023-01-01", vec![format!("{amended} false")]),
        (second.as_str(), "2020-06-01", "2023-01-01", vec![format!("{amended} true")]),
        // Amended and then repealed.
        (&first, "2020-06-01", "2025-01-01", vec![format!("{amended} true"), format!("{repealed} true")]),
        // The day itself was known to whoever wrote on it; the day before it was not.
        (&first, "2022-01-01", "2024-12-31", vec![]),
        (&first, "2021-12-31", "2022-01-01", vec![format!("{amended} false")]),
        (&first, "2020-06-01", "2021-12-31", vec![]),
        ("《无此法》", "2020-06-01", "2025-01-01", vec![]),
    ] {
        assert_eq!(told(cite, after, until), expect, "{cite} {after} {until}");
    }
}

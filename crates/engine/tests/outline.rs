//! A text becomes a shape, a shape becomes a file, a file proves a citation, and the text can be looked up again.
//! The invented statute and all citations stand in data files: Rust sources cite no article.

use engine::day::Day;
use engine::law::outline::{self, Row};
use engine::law::{Citation, Laws, Shape, Texts};

const TEXT: &str = include_str!("data/statute.md");
const TOML: &str = include_str!("data/statute.toml");

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

#[test]
fn a_text_becomes_the_file_that_describes_it() {
    let index = "file\ttitle\tdocument_number\tdate_in_force\tsource\tstatus_note\n\
                 示范条例.md\t示范县示范条例\t示范县公告第1号 (from memory)\t2023-09-01\t自编\t\n";
    let rows = Row::read_all(index);
    assert_eq!(outline::to_toml(&rows[0], TEXT).unwrap(), TOML);
}

#[test]
fn what_was_rendered_reads_back_as_the_same_shape() {
    let filled = TOML.replace("issuer = \"\"", "issuer = \"示范县\"");
    let (laws, problems) = Laws::load([("laws/示范条例.toml", filled.as_str())]);
    assert_eq!(problems, []);
    let shape = &laws.find("示范条例").unwrap().version(day("2024-01-01")).unwrap().shape;
    assert_eq!(*shape, Shape::of(&outline::parse(TEXT).articles));
}

#[test]
fn counting_again_keeps_what_a_person_wrote() {
    let written = TOML.replace("issuer = \"\"", "issuer = \"示范县\" # 亲手所写").replace("[2, 0], ", "[9], ");
    let again = outline::refresh(&written, day("2023-09-01"), TEXT).unwrap();
    assert_eq!(again, TOML.replace("issuer = \"\"", "issuer = \"示范县\" # 亲手所写"));
    // An unknown shape becomes a known one in its own version only.
    let unknown = "title = \"示范县示范条例\"\n\n[[version]]\nuntil = 2023-08-31\nshape = \"unknown\"\n\n\
                   [[version]]\nfrom = 2023-09-01\nshape = \"unknown\"\ncount = 6\n";
    let again = outline::refresh(unknown, day("2023-09-01"), TEXT).unwrap();
    assert!(again.contains("until = 2023-08-31\nshape = \"unknown\"\n") && !again.contains("count"), "{again}");
    assert!(again.contains("  [0], [2, 0], "));
    assert_eq!(outline::refresh(TOML, day("2020-01-01"), TEXT), None);
    assert_eq!(outline::refresh(TOML, day("2023-09-01"), "没有条文"), None);
}

#[test]
fn an_imported_text_answers_a_citation_with_the_words_cited() {
    let filled = TOML.replace("issuer = \"\"", "issuer = \"示范县\"");
    let (laws, _) = Laws::load([("laws/示范条例.toml", filled.as_str())]);
    let (texts, problems) =
        Texts::load(&laws, [("texts/示范条例.md", TEXT.replace("# 示范条例", "# 示范县示范条例").as_str())]);
    assert_eq!(problems, []);
    for line in include_str!("data/lookups.tsv").lines().skip(1) {
        let [citation, on, expect] = line.split('\t').collect::<Vec<_>>()[..] else { panic!("{line}") };
        let found = texts.article(&Citation::parse(citation).unwrap(), day(on));
        assert_eq!(found.map_or("—".to_owned(), |text| text.replace('\n', "|")), expect, "{citation} {on}");
    }
}

#[test]
fn a_text_that_is_not_what_we_know_is_refused() {
    let filled = TOML.replace("issuer = \"\"", "issuer = \"示范县\"");
    let (laws, _) = Laws::load([("laws/示范条例.toml", filled.as_str())]);
    let check = |text: String, expect: &str| {
        let (texts, problems) = Texts::load(&laws, [("texts/a.md", text.as_str())]);
        assert!(texts.is_empty());
        assert_eq!(problems.iter().map(|p| p.code.to_string()).collect::<Vec<_>>(), [expect]);
    };
    check("# 没有的条例".to_owned(), "P114");
    check(TEXT.replace("2023年9月1日 施行", "2026年9月1日 施行"), "P114");
    check(TEXT.replace("2023年9月1日 施行", "").replace("（三）第三项。\n", ""), "P114");
    check(TEXT.replace("（三）第三项。\n", ""), "P113");
    check("# 示范条例\n没有条文".to_owned(), "P115");
    check(format!("{TEXT}\n{TEXT}"), "P115");
}

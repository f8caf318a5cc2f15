//! Terms counted on the real calendars of `definitions/calendar/`.

use std::fs;
use std::path::{Path, PathBuf};

use engine::day::{Calendar, Day, Shift, Span};
use engine::figure::Period;
use engine::law::{Laws, Resolution};
use proptest::prelude::*;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn files(folder: &str) -> Vec<(String, String)> {
    let mut paths: Vec<_> = fs::read_dir(root().join(folder)).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let name = |path: &Path| path.file_name().unwrap().to_string_lossy().into_owned();
    paths.iter().map(|path| (name(path), fs::read_to_string(path).unwrap())).collect()
}

fn calendar() -> Calendar {
    let files = files("definitions/calendar");
    let (calendar, problems) = Calendar::load(files.iter().map(|(name, text)| (name.as_str(), text.as_str())));
    assert_eq!(problems, []);
    calendar
}

fn day(text: &str) -> Day {
    Day::parse(text).unwrap_or_else(|| panic!("{text}"))
}

#[test]
fn the_worked_deadlines_come_out_right() {
    let calendar = calendar();
    for line in include_str!("data/deadline_vectors.tsv").lines().skip(1) {
        let [rule, start, nominal, last] = line.split('\t').collect::<Vec<_>>()[..] else { panic!("{line}") };
        let term = rule.split([' ', '(']).next().unwrap();
        // 七日 is written out in the law; 行政处罚法 says that its 七日 are working days.
        let term = match (term, rule.contains("(工作日)")) {
            ("七日", true) => "7wd",
            ("七日", false) => "7d",
            (term, _) => term,
        };
        let found = calendar.last_day(day(start), Span::parse(term).unwrap(), Shift::Forward);
        assert_eq!((found.nominal, found.last, found.provisional), (day(nominal), day(last), false), "{line}");
    }
}

/// `start term shift → nominal last ?` where ? marks a provisional day.
#[test]
fn terms_at_the_edges_of_years_months_and_what_is_known() {
    let calendar = calendar();
    for line in include_str!("data/deadline_edges.tsv").lines().skip(1) {
        let [start, term, shift, expect, _why] = line.split('\t').collect::<Vec<_>>()[..] else { panic!("{line}") };
        let (start, span) = (day(start), Span::parse(term).unwrap());
        let found = match shift {
            "顺延" => calendar.last_day(start, span, Shift::Forward),
            "满期" => calendar.not_before(start, span),
            "之前" => calendar.latest_before(start, span),
            other => panic!("{other}"),
        };
        let mark = if found.provisional { " ?" } else { "" };
        assert_eq!(format!("{} {}{mark}", found.nominal, found.last), expect, "{line}");
    }
}

#[test]
fn the_counting_is_told_in_words_with_its_law() {
    let calendar = calendar();
    for line in include_str!("data/deadline_why.tsv").lines().skip(1) {
        let [start, term, shift, expect] = line.split('\t').collect::<Vec<_>>()[..] else { panic!("{line}") };
        let (start, span) = (day(start), Span::parse(term).unwrap());
        let found = match shift {
            "顺延" => calendar.last_day(start, span, Shift::Forward),
            "满期" => calendar.not_before(start, span),
            _ => calendar.latest_before(start, span),
        };
        assert_eq!(found.why(&calendar), expect);
    }
}

#[test]
fn the_rules_of_counting_cite_law_that_exists() {
    let files = files("laws");
    let (laws, _) = Laws::load(files.iter().map(|(name, text)| (name.as_str(), text.as_str())));
    for citation in calendar().counting.citations() {
        assert_eq!(laws.resolve(citation, day("2023-01-01"), None), Resolution::Found, "{}", citation.value);
    }
}

#[test]
fn the_known_years_are_these() {
    let calendar = calendar();
    assert_eq!(calendar.known_until(), Some(day("2026-12-31")));
    assert!(calendar.knows(2023) && calendar.knows(2026) && !calendar.knows(2022) && !calendar.knows(2027));
    let workdays = |year: i16| {
        let (first, last) = (Day::new(year, 1, 1).unwrap(), Day::new(year, 12, 31).unwrap());
        first.to(last).filter(|day| calendar.is_workday(*day)).count()
    };
    // 365 days, 104 or 105 weekend days, 11 statutory holidays until 2024 and 13 since, those on weekends made up.
    assert_eq!([2023, 2024, 2025, 2026].map(workdays), [249, 251, 248, 248]);
    assert!(!calendar.is_workday(day("2022-12-31")) && calendar.is_settled(day("2022-12-31")));
    assert!(!calendar.is_settled(day("2022-12-30")) && !calendar.is_settled(day("2026-12-31")));
    assert_eq!(calendar.describe(day("2023-10-07")), "星期六，调休上班");
    assert_eq!(calendar.describe(day("2023-10-05")), "中秋节、国庆节假期，休息日");
}

const COUNTING: &str = "[start_day]\nsays='a'\nlocal='b'\n[months]\nsays='a'\nlocal='b'\n[rest_day]\nsays='a'\nlocal='b'\n\
                        [working_days]\nsays='a'\nlocal='b'\n[full_days]\nsays='a'\nlocal='b'\n";

fn check(files: &[(&str, &str)], expect: &[&str]) {
    let (_, problems) = Calendar::load(files.iter().copied());
    let codes: Vec<String> = problems.iter().map(|p| p.code.to_string()).collect();
    assert_eq!(codes, expect, "{files:?}\n{problems:#?}");
    for problem in &problems {
        assert!(engine::problem::explain(problem.code).is_some());
    }
}

#[test]
fn what_is_wrong_with_a_calendar_is_said_all_at_once() {
    let with = |body: &str, expect: &[&str]| {
        let text = format!("year = 2030\nnotice = \"通知\"\n{body}");
        check(&[("counting.toml", COUNTING), ("2030.toml", &text)], expect);
    };
    with("", &[]);
    with("rest = [{ name = \"元旦\", from = 2029-12-30, to = 2030-01-01 }]\nwork = [2029-12-29]", &[]);
    with("rest = [{ name = \"周末\", from = 2030-01-05, to = 2030-01-06 }]", &[]);
    with("rest = [{ name = \"元旦\", from = 2029-11-30 }]", &["P120"]);
    with("work = [2031-01-04]", &["P120"]);
    with("rest = [{ name = \"元旦\", from = 2030-01-03, to = 2030-01-01 }]", &["P120"]);
    with("rest = [{ name = \"元旦\", from = 2030-01-01, to = 2030-12-31 }]", &["P120"]);
    with("rest = [{ name = \"元旦\", from = 2030-01-01 }, { name = \"元旦\", from = 2030-01-01 }]", &["P121"]);
    with("work = [2030-01-05, 2030-01-05]", &["P121"]);
    with("work = [2030-01-04]", &["P122"]);
    with("rest = [{ name = \"元旦\", from = 2030-01-05 }]\nwork = [2030-01-05]", &["P123"]);
    with("work = [\"2030-01-05\"]\nworks = [2030-01-05]\nrest = [{ name = \"元旦\" }]", &["P004", "P002", "P003"]);
    check(&[("2030.toml", "year = 2030\nnotice = \"通知\"")], &["P125"]);
    check(&[("counting.toml", COUNTING), ("2030.toml", "year = 2031\nnotice = \"通知\"")], &["P120"]);
    check(&[("counting.toml", COUNTING), ("2030.toml", "notice = \"通知\"")], &["P003"]);
    let year = ("2030.toml", "year = 2030\nnotice = \"通知\"");
    check(&[("counting.toml", COUNTING), year, ("a/2030.toml", year.1)], &["P124"]);
    let short = COUNTING.replace("[full_days]\nsays='a'\nlocal='b'\n", "");
    check(&[("counting.toml", &short)], &["P125"]);
    check(&[("counting.toml", &COUNTING.replacen("local='b'", "basis='民法典'", 1))], &["P101"]);
    check(&[("counting.toml", &COUNTING.replacen("local='b'", "", 1))], &["P009"]);
}

fn any_day() -> impl Strategy<Value = Day> {
    (0i32..4000).prop_map(|n| day("2020-01-01").plus_days(n).unwrap())
}

fn any_span() -> impl Strategy<Value = Span> {
    prop_oneof![
        (1u16..400).prop_map(Span::Days),
        (1u16..200).prop_map(Span::WorkingDays),
        (1u16..40).prop_map(Span::Months)
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn terms_only_grow(start in any_day(), span in any_span()) {
        let calendar = calendar();
        let term = calendar.last_day(start, span, Shift::Forward);
        prop_assert!(start < term.nominal && term.nominal <= term.last);
        prop_assert!(calendar.is_workday(term.last));
        prop_assert_eq!(calendar.is_workday(term.nominal), term.nominal == term.last);
        let strict = calendar.not_before(start, span);
        prop_assert_eq!((strict.nominal, strict.last), (term.nominal, term.nominal));
        // Starting later, or being given more, never ends earlier.
        prop_assert!(calendar.last_day(start.next(), span, Shift::Forward).last >= term.last);
        let more = match span {
            Span::Days(n) => Span::Days(n + 1),
            Span::WorkingDays(n) => Span::WorkingDays(n + 1),
            Span::Months(n) => Span::Months(n + 1),
        };
        prop_assert!(calendar.last_day(start, more, Shift::Forward).last >= term.last);
        prop_assert!(!term.why(&calendar).is_empty());
    }

    #[test]
    fn the_latest_day_before_an_event_leaves_the_whole_term(event in any_day(), span in any_span()) {
        let calendar = calendar();
        let latest = calendar.latest_before(event, span).last;
        prop_assert!(latest < event);
        prop_assert!(calendar.not_before(latest, span).last <= event);
    }

    #[test]
    fn a_settled_term_is_the_same_with_fewer_years_known_or_is_provisional(start in any_day(), span in any_span()) {
        let (whole, files) = (calendar(), files("definitions/calendar"));
        let fewer = files.iter().filter(|(name, _)| name != "2026.toml");
        let (fewer, _) = Calendar::load(fewer.map(|(name, text)| (name.as_str(), text.as_str())));
        let (a, b) = (whole.last_day(start, span, Shift::Forward), fewer.last_day(start, span, Shift::Forward));
        prop_assert!(a.last == b.last || b.provisional);
    }
}

#[test]
fn terms_at_the_end_of_writable_time_are_bounded() {
    let calendar = calendar();
    let span = Span::parse("1200m").unwrap();
    assert_eq!(calendar.last_day(Day::MAX, span, Shift::Forward).last, Day::MAX);
    assert_eq!(calendar.last_day(day("9950-01-01"), span, Shift::Forward).last, Day::MAX);
    assert_eq!(calendar.latest_before(Day::MIN, Span::WorkingDays(1200)).last, Day::MIN);
    assert_eq!(calendar.last_day(Day::MAX.prev(), Span::WorkingDays(1200), Shift::Forward).last, Day::MAX);
}

#[test]
fn a_year_is_held_against_the_same_days_of_the_year_before() {
    let check = |year: i16, today: &str, last: &str, part: bool| {
        let period = Period::year(year, Day::parse(today).unwrap()).unwrap();
        let before = period.last_year().unwrap();
        assert_eq!((before.from.to_string(), before.to.to_string()), (format!("{}-01-01", year - 1), last.to_owned()));
        assert_eq!(period.is_part(), part, "{year} on {today}");
    };
    check(2024, "2026-06-30", "2023-12-31", false);
    check(2026, "2026-06-30", "2025-06-30", true);
    check(2026, "2026-12-31", "2025-12-31", false);
    // A year after a leap year, and the day only a leap year has.
    check(2025, "2025-02-28", "2024-02-28", true);
    check(2024, "2024-02-29", "2023-02-28", true);
    check(2024, "2024-03-01", "2023-03-01", true);
}

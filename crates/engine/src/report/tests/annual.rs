//! The annual report as it is shipped: it reads, has every statutory part, and says what the data says.

use super::super::{Template, parts};
use super::stub;
use crate::definition::Definitions;
use crate::read::Source;

const TEMPLATE: &str = include_str!("../../../../../definitions/reports/annual.md");
const PARTS: &str = include_str!("../../../../../definitions/reports/annual_parts.toml");

/// A set that has whatever figures the template names; that they exist is for the check of the whole set.
fn set() -> Definitions {
    let word = |c: char| !(c.is_ascii_lowercase() || c == '_' || c == '.');
    stub::set(TEMPLATE.split(word).filter(|word| word.split('.').filter(|part| !part.is_empty()).count() == 2))
}

fn prose(this: &str, last: &str) -> String {
    let shown = stub::shown(&stub::document(TEMPLATE, &set(), this, last));
    shown.lines().filter(|line| !line.starts_with('(')).collect::<Vec<_>>().join("\n")
}

const GOOD: &str = "
    base.villages 7 mediation.committees 8 mediation.mediators 30 mediation.committee_villages 7
    mediation.committee_coverage 100 adviser.lawyers 1 adviser.government_lawyers 1 adviser.covered_villages 7
    adviser.coverage 100 adviser.services 12 adviser.consultations 6 adviser.advised_people 88 study.sessions 12
    study.centre_group 6 study.before_meeting 6 study.people 300 study.expected_people 300 study.attendance_rate 100
    study.led_by_heads 4 study.led_by_leaders 6 exam.held 1 exam.took 60 exam.expected 60 exam.participation_rate 100
    exam.pass_rate 100 publicity.events 46 publicity.large_events 16 publicity.volunteer 30 publicity.materials 13000
    publicity.six_entries 12 publicity.villages_reached 7 publicity.village_reach 100 mediation.ended 286
    mediation.agreed 280 mediation.success_rate 98 mediation.written 255 mediation.oral 25 service.people 660
    leadership.meetings 2";

#[test]
fn a_good_year_reads_as_a_report_and_finds_nothing_against_itself() {
    insta::assert_snapshot!(prose(GOOD, ""));
}

#[test]
fn a_year_with_gaps_says_them_with_their_causes_and_plans_for_each() {
    let this = format!(
        "{GOOD} adviser.covered_villages 5 adviser.coverage 71 publicity.villages_reached 4 publicity.village_reach 57
         study.sessions 9 study.people 250 study.attendance_rate 83 mediation.success_rate 90
         quality.mediation_flags 5 quality.mediation_omitted 3 quality.mediation_late 2 quality.archive_overdue 11
         quality.late_entries 40 quality.questions 2 mediation.terms_expired 1 quality.follow_up_overdue 4"
    );
    let last = "study.sessions 12 mediation.success_rate 98 mediation.ended 300 publicity.events 40";
    insta::assert_snapshot!(prose(&this, last));
}

#[test]
fn an_empty_journal_claims_nothing() {
    insta::assert_snapshot!(prose("", ""));
}

#[test]
fn every_statutory_part_has_its_heading() {
    let source = Source::new("annual_parts.toml", PARTS);
    let parts = source.read(parts::read).unwrap();
    assert_eq!(source.into_problems(), []);
    assert!(parts.len() >= 4);
    for text in [prose("", ""), prose(GOOD, GOOD)] {
        let headings: Vec<&str> = text.lines().filter(|line| line.starts_with("h1 ")).collect();
        for part in &parts {
            let announced = headings.iter().any(|h| part.heading.iter().any(|word| h.contains(word.as_str())));
            assert!(announced, "{} is missing in {headings:?}", part.title);
        }
    }
}

#[test]
fn the_template_has_no_problem() {
    let (_, problems) = Template::read("definitions/reports/annual.md", TEMPLATE, &set());
    assert_eq!(problems, []);
}

//! What a form is for, as its address says: a step of a new record or of one there is, or an amendment (填报的事项).

use anyhow::Result;

use super::super::answer::{Turned, percent};
use super::super::visit::Visit;
use crate::accounts::draft::Unfinished;

/// What is done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// A new record is opened by this step.
    Open(String),
    /// This step is taken.
    Step(String),
    /// The step this entry took is corrected.
    Correct(String),
    /// The step this entry took was a mistake; without one, the whole record.
    Void(Option<String>),
    /// The record has to do with another.
    Link,
    /// Files belong to the record.
    Attach,
    /// This question is answered.
    Answer(String),
}

/// A form's place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The register's id.
    pub register: String,
    /// The record's id; empty for a new one.
    pub record: String,
    /// What is done there.
    pub what: What,
}

impl Place {
    /// The place of a visit.
    pub fn of(visit: &Visit<'_>) -> Result<Place> {
        Place::parse(&visit.asked.path).ok_or_else(|| Turned::NotFound.into())
    }

    /// Reads an address of ours.
    pub fn parse(path: &str) -> Option<Place> {
        let pieces: Vec<String> = path.strip_prefix("/registers/")?.split('/').map(plain).collect();
        let pieces: Vec<&str> = pieces.iter().map(String::as_str).collect();
        let (register, rest) = pieces.split_first()?;
        let (record, what) = match rest {
            ["new", step] => ("", What::Open((*step).to_owned())),
            [record, "steps", step] => (*record, What::Step((*step).to_owned())),
            [record, "entries", entry, "correct"] => (*record, What::Correct((*entry).to_owned())),
            [record, "entries", entry, "void"] => (*record, What::Void(Some((*entry).to_owned()))),
            [record, "void"] => (*record, What::Void(None)),
            [record, "link"] => (*record, What::Link),
            [record, "attach"] => (*record, What::Attach),
            [record, "questions", question] => (*record, What::Answer((*question).to_owned())),
            _ => return None,
        };
        Some(Place { register: (*register).to_owned(), record: record.to_owned(), what })
    }

    /// The end of the address, behind register and record: what a draft is filed under.
    pub fn tail(&self) -> String {
        match &self.what {
            What::Open(step) => format!("new/{step}"),
            What::Step(step) => format!("steps/{step}"),
            What::Correct(entry) => format!("entries/{entry}/correct"),
            What::Void(Some(entry)) => format!("entries/{entry}/void"),
            What::Void(None) => "void".to_owned(),
            What::Link => "link".to_owned(),
            What::Attach => "attach".to_owned(),
            What::Answer(question) => format!("questions/{question}"),
        }
    }

    /// The address.
    pub fn address(&self) -> String {
        address(&self.register, &self.record, &self.tail())
    }

    /// Whether a draft was typed here.
    pub fn is(&self, draft: &Unfinished) -> bool {
        (&draft.register, &draft.record, &draft.step) == (&self.register, &self.record, &self.tail())
    }
}

/// The address of the form a draft was typed into.
pub fn address_of(draft: &Unfinished) -> String {
    format!("{}?draft={}", address(&draft.register, &draft.record, &draft.step), percent(&draft.id))
}

fn address(register: &str, record: &str, tail: &str) -> String {
    match record {
        "" => format!("/registers/{register}/{tail}"),
        record => format!("/registers/{register}/{record}/{tail}"),
    }
}

/// A piece of an address as it is meant.
fn plain(piece: &str) -> String {
    form_urlencoded::parse(piece.as_bytes()).next().map_or_else(String::new, |(text, _)| text.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_and_its_place_are_one() {
        for path in [
            "/registers/survey/new/hold",
            "/registers/survey/r1/steps/hold",
            "/registers/survey/r1/entries/e1/correct",
            "/registers/survey/r1/entries/e1/void",
            "/registers/survey/r1/void",
            "/registers/survey/r1/link",
            "/registers/survey/r1/attach",
            "/registers/survey/r1/questions/omitted:hold",
        ] {
            assert_eq!(Place::parse(path).map(|place| place.address()).as_deref(), Some(path));
        }
        let escaped = Place::parse("/registers/survey/r1/questions/omitted%3Ahold").map(|place| place.what);
        assert_eq!(escaped, Some(What::Answer("omitted:hold".to_owned())));
        for path in ["/registers/survey", "/registers/survey/r1", "/drafts/d1", "/registers/survey/r1/steps"] {
            assert_eq!(Place::parse(path), None, "{path}");
        }
    }
}

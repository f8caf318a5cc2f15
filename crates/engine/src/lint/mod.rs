//! Formal defects of a report: ordinals, brackets, title, years, rates and the parts it must have.

mod bracket;
mod docno;
mod figure;
mod inline;
mod line;
mod ordinal;
mod part;
mod placeholder;
mod punctuation;
mod rate;
mod rule;
mod title;
mod year;

use crate::claim;
pub use part::Part;
pub use rule::{Explanation, Level, RULES, Rule};
use serde::{Deserialize, Serialize};

/// A defect found at a place in the text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lint {
    /// The rule it breaks.
    pub rule: Rule,
    /// How certain that is here.
    pub level: Level,
    /// Where it begins, in Unicode characters.
    pub start: usize,
    /// The words found there.
    pub text: String,
    /// What is wrong and what to do.
    pub message: String,
}

/// What the rules read: the characters, the lines, and the defects so far.
pub(crate) struct Page<'t> {
    t: &'t [char],
    lines: Vec<line::Line>,
    found: Vec<Lint>,
}

impl Page<'_> {
    /// Notes a defect of the characters from `start` to `end`, at the rule's own level.
    fn note(&mut self, rule: Rule, start: usize, end: usize, message: String) {
        self.note_as(rule, rule.explanation().level, start, end, message);
    }

    /// Notes a defect at a level of its own.
    fn note_as(&mut self, rule: Rule, level: Level, start: usize, end: usize, message: String) {
        // A defect is shown by its first words; a whole paragraph would hide it.
        let end = end.min(start + 20).min(self.t.len());
        let words = &self.t[start.min(end)..end];
        let stop = words.iter().position(|c| *c == '\n').unwrap_or(words.len());
        let text = words[..stop].iter().collect();
        self.found.push(Lint { rule, level, start, text, message });
    }
}

/// What reading a text once gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Review {
    /// Its claims, in order.
    pub claims: Vec<claim::Claim>,
    /// Its defects, in order of place.
    pub lint: Vec<Lint>,
    /// It is no whole annual report, so it was not asked for the parts one must have.
    pub extract: bool,
}

/// Claims and defects of a text. `parts` are the parts a whole annual report must have.
pub fn review(text: &str, parts: &[Part]) -> Review {
    let t: Vec<char> = text.chars().collect();
    let claims = claim::find_in(&t);
    let mut page = Page { t: &t, lines: line::lines(&t), found: Vec::new() };
    title::check(&mut page);
    year::check(&mut page);
    ordinal::check(&mut page);
    inline::check(&mut page);
    bracket::check(&mut page);
    docno::check(&mut page);
    placeholder::check(&mut page);
    figure::check(&mut page, &claims);
    rate::check(&mut page, &claims);
    punctuation::check(&mut page);
    let extract = !part::check(&mut page, parts);
    let mut lint = page.found;
    lint.sort_by_key(|lint| (lint.start, lint.rule));
    Review { claims, lint, extract }
}

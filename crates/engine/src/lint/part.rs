//! The parts a whole annual report must have. Which they are is law, so it comes in as data.

use super::line::{Line, has};
use super::{Page, Rule};
use serde::{Deserialize, Serialize};

/// A part an annual report must have, and the words it is known by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// Its identifier.
    pub id: String,
    /// Its name, as the message gives it.
    pub title: String,
    /// Where it is required.
    pub basis: String,
    /// A heading with one of these words announces it.
    pub heading: Vec<String>,
    /// Its body holds one of these words; nothing is asked when there are none.
    #[serde(default)]
    pub body: Vec<String>,
    /// What the body says when it holds such a word.
    #[serde(default)]
    pub body_title: String,
    /// Headings of the first rank that announce no other part are this one: 一、强化组织领导.
    #[serde(default)]
    pub rest: bool,
    /// It closes a report: a text that has it is whole.
    #[serde(default)]
    pub closing: bool,
}

/// Texts shorter than this are extracts.
const WHOLE: usize = 600;

/// How far a report goes before it has said that it is about government under law.
const OPENING: usize = 400;

/// The words by which it does; a summary of other work (司法所工作总结) owes none of these parts.
const KIND: &[&str] = &["法治政府", "法治建设", "依法行政", "依法治"];

/// Notes the parts a whole report lacks, and tells whether it was asked for them.
/// A text without a closing part was cut off and is asked for nothing.
pub(crate) fn check(page: &mut Page, parts: &[Part]) -> bool {
    let t = page.t;
    let lines = std::mem::take(&mut page.lines);
    let headings: Vec<usize> = (0..lines.len()).filter(|i| is_heading(t, &lines[*i], *i)).collect();
    let announces = |part: &Part, index: usize| {
        let words = heading_words(t, &lines[index]);
        part.heading.iter().any(|word| has(words, word))
    };
    let opening = &t[..t.len().min(OPENING)];
    let whole = t.len() >= WHOLE
        && KIND.iter().any(|word| has(opening, word))
        && lines.last().is_some_and(|line| line.is_sentence(t) || line.len() < 30)
        && parts.iter().filter(|part| part.closing).any(|part| {
            headings
                .iter()
                .any(|i| announces(part, *i) && i + 1 < lines.len() || announces(part, *i) && lines[*i].is_sentence(t))
        });
    if whole {
        let unnamed = headings.iter().filter(|i| {
            lines[**i].ordinal.is_some_and(|o| o.rank == 1) && !parts.iter().any(|part| announces(part, **i))
        });
        let has_rest = unnamed.count() > 0;
        for part in parts {
            let places: Vec<usize> = (0..headings.len()).filter(|place| announces(part, headings[*place])).collect();
            let rank = |place: &&usize| lines[headings[**place]].ordinal.map_or(1, |ordinal| ordinal.rank);
            match places.iter().min_by_key(rank) {
                None if part.rest && has_rest => {}
                None => absent(page, &lines, part),
                // 3.解决噪声等共性问题 is not where shortcomings are told: any of the places may hold the body.
                Some(_) if places.iter().any(|place| holds_body(t, &lines, &headings, *place, part)) => {}
                Some(highest) => partial(page, &lines[headings[*highest]], part),
            }
        }
    }
    page.lines = lines;
    whole
}

fn is_heading(t: &[char], line: &Line, index: usize) -> bool {
    line.ordinal.is_some() || index > 0 && line.len() < 30 && !line.is_sentence(t)
}

/// The words of a heading: up to the first full stop, so that a paragraph after （一）… is not read as one.
fn heading_words<'t>(t: &'t [char], line: &Line) -> &'t [char] {
    let words = &t[line.start..line.end.min(line.start + 50)];
    let stop = words.iter().position(|c| matches!(c, '。' | '：')).unwrap_or(words.len());
    &words[..stop]
}

fn absent(page: &mut Page, lines: &[Line], part: &Part) {
    let start = lines.iter().find(|line| line.ordinal.is_some()).map_or(0, |line| line.start);
    page.note(
        Rule::MissingPart,
        start,
        start + 12,
        format!("报告缺“{}”部分，请单列一部分写明。依据：{}。", part.title, part.basis),
    );
}

/// Whether what stands under a heading says what the part must say.
fn holds_body(t: &[char], lines: &[Line], headings: &[usize], place: usize, part: &Part) -> bool {
    let first = headings[place];
    let rank = |index: usize| lines[index].ordinal.map_or(1, |ordinal| ordinal.rank);
    let end = headings[place + 1..].iter().copied().find(|i| rank(*i) <= rank(first)).unwrap_or(lines.len());
    let words = &t[lines[first].start..lines[end - 1].end];
    part.body.is_empty() || part.body.iter().any(|word| has(words, word))
}

fn partial(page: &mut Page, heading: &Line, part: &Part) {
    page.note(
        Rule::MissingPart,
        heading.start,
        heading.end,
        format!("“{}”部分没有写{}，请补写。依据：{}。", part.title, part.body_title, part.basis),
    );
}

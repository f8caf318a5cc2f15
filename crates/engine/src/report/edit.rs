//! Prose edited by hand, the figures in it protected (改写).
//!
//! An edited paragraph is kept as words with tokens: `{mediation.ended}` stands for the figure, whatever it is when the
//! report is composed, and `{mediation.ended=287起}` for another number written over it. The edit holds the words it
//! was made of, so that one whose sentences have changed since is known and not applied: a sentence that the data
//! brought in later must not vanish behind an older edit.

use std::collections::{BTreeMap, BTreeSet};

use super::annex::ByHand;
use super::document::{Align, Block, Document, Span, Year};
use crate::claim;

/// An edit of one paragraph, as an entry holds it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Edit {
    /// The entry.
    pub entry: u64,
    /// Which paragraph of the template.
    pub place: String,
    /// The paragraph it was made of, with tokens.
    pub before: String,
    /// The new words, with tokens; a line is a paragraph.
    pub text: String,
    /// What the figures were then, as [`values`] writes them.
    pub values: String,
    /// Why numbers were written by hand.
    pub reason: String,
}

/// How an edit stands in a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It is applied.
    Applied,
    /// It is applied, and these figures were others when it was made: before and now.
    Moved(Vec<String>),
    /// A number written over a figure that was another then: the ledger's stands again.
    Overtaken(Vec<String>),
    /// Its paragraph says something else now, or is not there.
    Outdated,
    /// Its numbers by hand lack a reason, or its tokens cannot be read.
    Unreadable,
}

impl Standing {
    /// Whether the report shows it.
    pub fn is_applied(&self) -> bool {
        matches!(self, Standing::Applied | Standing::Moved(_))
    }
}

/// Why edited words cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// A brace without its partner.
    Brace,
    /// A figure that the paragraph does not have.
    Unknown(String),
}

/// Figures in a row that one token stands for: one, or the named shares of one.
struct Token {
    name: String,
    spans: Vec<Span>,
}

enum Piece {
    Text(String),
    Token(Token),
}

/// A paragraph as words and tokens.
fn pieces(spans: &[Span]) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    let mut rest = spans.iter().peekable();
    let mut cut = false;
    while let Some(span) = rest.next() {
        let Span::Figure { id, year, part, .. } = span else {
            let text = span.text();
            // The 等 behind shares belongs to them.
            pieces.push(Piece::Text(if std::mem::take(&mut cut) {
                text["等".len()..].to_owned()
            } else {
                text.to_owned()
            }));
            continue;
        };
        let last = if *year == Year::Last { ":last_year" } else { "" };
        let by = part.as_ref().map_or(String::new(), |part| format!(" by {}", part.by.word()));
        let mut token = Token { name: format!("{id}{last}{by}"), spans: vec![span.clone()] };
        let same = |other: &Span| match (other, part) {
            (Span::Figure { id: other, part: Some(theirs), .. }, Some(part)) => other == id && theirs.by == part.by,
            _ => false,
        };
        while part.is_some() {
            let mut ahead = rest.clone();
            let (Some(Span::Text(between)), Some(next)) = (ahead.next(), ahead.next()) else { break };
            if between != "、" || !same(next) {
                break;
            }
            token.spans.extend([Span::Text("、".to_owned()), next.clone()]);
            rest = ahead;
        }
        if part.is_some() && matches!(rest.peek(), Some(Span::Text(text)) if text.starts_with('等')) {
            token.spans.push(Span::Text("等".to_owned()));
            cut = true;
        }
        pieces.push(Piece::Token(token));
    }
    pieces
}

/// A paragraph's words with a token for each figure.
pub fn tokens(spans: &[Span]) -> String {
    let word = |piece: Piece| match piece {
        Piece::Text(text) => text,
        Piece::Token(named) => token(&named.name, None),
    };
    pieces(spans).into_iter().map(word).collect()
}

/// A token as edited words hold it, with the number written over its figure if there is one.
pub fn token(name: &str, written: Option<&str>) -> String {
    written.map_or_else(|| format!("{{{name}}}"), |written| format!("{{{name}={written}}}"))
}

/// Edited words with each token as `change` makes it of its name and the number written over it; one that it gives
/// nothing for stays as it is.
pub fn retold(text: &str, mut change: impl FnMut(&str, Option<&str>) -> Option<String>) -> String {
    let (mut told, mut rest) = (String::new(), text);
    while let Some((before, (inner, after))) = rest.split_once('{').and_then(|(a, b)| Some((a, b.split_once('}')?))) {
        let (name, written) =
            inner.split_once('=').map_or((inner, None), |(name, written)| (name, Some(written.trim())));
        told.push_str(before);
        told.push_str(&change(name.trim(), written).unwrap_or_else(|| token(inner, None)));
        rest = after;
    }
    told + rest
}

/// Edited words with the numbers written over figures taken out of them, by the names of their tokens. A token that
/// stands twice with two numbers keeps both where they are.
pub fn lifted(text: &str) -> (String, BTreeMap<String, String>) {
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    retold(text, |name, written| {
        found.entry(name.to_owned()).or_default().insert(written.unwrap_or_default().to_owned());
        None
    });
    let one = |(name, written): (String, BTreeSet<String>)| {
        let mut written = written.into_iter();
        let number = written.next().filter(|number| !number.is_empty())?;
        written.next().is_none().then_some((name, number))
    };
    let over: BTreeMap<String, String> = found.into_iter().filter_map(one).collect();
    (retold(text, |name, _| over.contains_key(name).then(|| token(name, None))), over)
}

/// The tokens of a paragraph, each once, with what stands for it now.
pub fn named(spans: &[Span]) -> Vec<(String, Vec<Span>)> {
    let mut all: Vec<(String, Vec<Span>)> = Vec::new();
    for piece in pieces(spans) {
        if let Piece::Token(token) = piece
            && !all.iter().any(|(name, _)| *name == token.name)
        {
            all.push((token.name, token.spans));
        }
    }
    all
}

/// What the figures of a paragraph are now, as an edit keeps it: a line for each.
pub fn values(spans: &[Span]) -> String {
    let line = |(name, spans): (String, Vec<Span>)| format!("{name}={}", joined(&spans));
    named(spans).into_iter().map(line).collect::<Vec<_>>().join("\n")
}

fn joined(spans: &[Span]) -> String {
    spans.iter().map(Span::text).collect()
}

/// Edited words read back: paragraphs of spans, and the numbers in them that are by hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Read {
    /// A paragraph for each line.
    pub paragraphs: Vec<Vec<Span>>,
    /// What was written, left out or added by hand.
    pub by_hand: Vec<Hand>,
    /// The tokens written over.
    pub over: Vec<String>,
}

/// A number that is not the ledger's, or one of the ledger's that is not there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hand {
    /// Written over the figure of a token, and what the ledger has.
    Over(String, String, String),
    /// The figure of a token is left out, and what the ledger has.
    Gone(String, String),
    /// Written into the words.
    Typed(String),
}

impl Hand {
    /// What people read, given what a figure is called.
    pub fn say(&self, title: impl Fn(&str) -> String) -> String {
        let called = |name: &str| title(name.split([':', ' ']).next().unwrap_or(name));
        match self {
            Hand::Over(name, written, ledger) => format!("{}写作“{written}”，台账为“{ledger}”", called(name)),
            Hand::Gone(name, ledger) => format!("没有写{}，台账为“{ledger}”", called(name)),
            Hand::Typed(text) => format!("手写的“{text}”"),
        }
    }
}

/// Reads edited words against the paragraph they were made of.
///
/// # Errors
/// All that cannot be read.
pub fn read(before: &[Span], text: &str) -> Result<Read, Vec<Wrong>> {
    let known: BTreeMap<String, Vec<Span>> = named(before).into_iter().collect();
    let (mut paragraphs, mut by_hand, mut over, mut wrong) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut used: Vec<&str> = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (mut spans, mut rest) = (Vec::new(), line);
        while let Some(at) = rest.find(['{', '}']) {
            let Some((inner, after)) = rest[at..].strip_prefix('{').and_then(|tail| tail.split_once('}')) else {
                wrong.push(Wrong::Brace);
                break;
            };
            spans.push(Span::Text(rest[..at].to_owned()));
            rest = after;
            let (name, written) = match inner.split_once('=') {
                Some((name, written)) => (name.trim(), Some(written.trim())),
                None => (inner.trim(), None),
            };
            let Some((name, stands)) = known.get_key_value(name) else {
                wrong.push(Wrong::Unknown(name.to_owned()));
                continue;
            };
            used.push(name);
            match (written, &stands[..]) {
                (None, stands) => spans.extend(stands.iter().cloned()),
                (Some(written), stands) => {
                    over.push(name.clone());
                    by_hand.push(Hand::Over(name.clone(), written.to_owned(), joined(stands)));
                    let mut first = stands[0].clone();
                    if let Span::Figure { text, over, .. } = &mut first {
                        *over = Some(joined(stands));
                        written.clone_into(text);
                    }
                    spans.push(first);
                }
            }
        }
        spans.push(Span::Text(rest.to_owned()));
        spans.retain(|span| !span.text().is_empty());
        paragraphs.push(spans);
    }
    if !wrong.is_empty() {
        return Err(wrong);
    }
    for (name, spans) in &known {
        if !used.contains(&name.as_str()) {
            by_hand.push(Hand::Gone(name.clone(), joined(spans)));
        }
    }
    by_hand.extend(typed(before, &paragraphs));
    Ok(Read { paragraphs, by_hand, over })
}

/// The numbers in the words themselves that were not in the words before.
fn typed(before: &[Span], paragraphs: &[Vec<Span>]) -> Vec<Hand> {
    // A figure's place is held by a word without a number, so that its neighbours stay a clause.
    let words = |spans: &[Span]| -> String {
        let word = |span: &Span| match span {
            Span::Text(text) => text.clone(),
            Span::Figure { .. } => "若干".to_owned(),
        };
        spans.iter().map(word).collect()
    };
    let numbers = |text: &str| claim::find(text).into_iter().map(|claim| claim.text).collect::<Vec<_>>();
    let mut were = numbers(&words(before));
    let mut found = Vec::new();
    for number in paragraphs.iter().flat_map(|spans| numbers(&words(spans))) {
        match were.iter().position(|known| *known == number) {
            Some(at) => drop(were.swap_remove(at)),
            None => found.push(Hand::Typed(number)),
        }
    }
    found
}

/// Applies the latest edit of each paragraph, and says of each how it stands.
pub fn edited(mut document: Document, edits: &[Edit]) -> (Document, Vec<(u64, Standing)>) {
    let mut latest: BTreeMap<&str, &Edit> = BTreeMap::new();
    for edit in edits {
        latest.insert(&edit.place, edit);
    }
    let (mut standings, mut blocks) = (Vec::new(), Vec::new());
    for block in std::mem::take(&mut document.blocks) {
        let edit = match &block {
            Block::Paragraph { place, .. } if !place.is_empty() => latest.remove(place.as_str()),
            _ => None,
        };
        let (Some(edit), Block::Paragraph { spans, place, .. }) = (edit, &block) else {
            blocks.push(block);
            continue;
        };
        let (standing, read) = judge(spans, edit);
        if let Some(read) = read {
            for spans in read.paragraphs {
                blocks.push(Block::Paragraph { align: Align::Indented, spans, place: place.clone() });
            }
            if !read.by_hand.is_empty() {
                let title = |id: &str| {
                    let source = document.annex.printed.iter().find(|source| source.figure == id);
                    source.map_or_else(|| id.to_owned(), |source| source.title.clone())
                };
                let numbers = read.by_hand.iter().map(|hand| hand.say(title)).collect();
                let reason = edit.reason.clone();
                document.annex.by_hand.push(ByHand { entry: edit.entry, numbers, reason });
            }
        } else {
            blocks.push(block);
        }
        standings.push((edit.entry, standing));
    }
    standings.extend(latest.into_values().map(|edit| (edit.entry, Standing::Outdated)));
    document.blocks = blocks;
    (document, standings)
}

/// How an edit stands towards the paragraph as it is now, and what it makes of it where it is applied.
fn judge(spans: &[Span], edit: &Edit) -> (Standing, Option<Read>) {
    if tokens(spans) != edit.before {
        return (Standing::Outdated, None);
    }
    let Ok(read) = read(spans, &edit.text) else { return (Standing::Unreadable, None) };
    if read.paragraphs.is_empty() || (!read.by_hand.is_empty() && edit.reason.trim().is_empty()) {
        return (Standing::Unreadable, None);
    }
    let then: BTreeMap<&str, &str> = edit.values.lines().filter_map(|line| line.split_once('=')).collect();
    let mut moved = Vec::new();
    let mut overtaken = false;
    for (name, spans) in named(spans) {
        let now = joined(&spans);
        if let Some(before) = then.get(name.as_str()).filter(|before| **before != now) {
            moved.push(format!("{name}：{before} → {now}"));
            overtaken |= read.over.contains(&name);
        }
    }
    match (moved.is_empty(), overtaken) {
        (true, _) => (Standing::Applied, Some(read)),
        (false, false) => (Standing::Moved(moved), Some(read)),
        // The reason was given for another number.
        (false, true) => (Standing::Overtaken(moved), None),
    }
}

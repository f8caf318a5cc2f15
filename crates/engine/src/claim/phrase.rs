//! The phrases by which reports express figures, and the one a claim stands beside.

use std::collections::BTreeMap;
use std::ops::Range;

use super::Claim;
use crate::definition::{Definitions, Figure};

/// How far around a claim its words are looked for.
pub(crate) const REACH: usize = 120;

/// The phrases by which reports express figures, by their first character.
pub(crate) struct Phrases<'d> {
    by_first: BTreeMap<char, Vec<Phrase<'d>>>,
}

struct Phrase<'d> {
    words: Vec<char>,
    figure: &'d Figure,
    part: bool,
}

/// A figure a claim may speak of.
pub(crate) struct Hit<'d> {
    pub figure: &'d Figure,
    /// Its phrase names only some of what the figure counts.
    pub part: bool,
    /// Where the words begin in which the phrase was found: the claim's clause, or the one before it.
    pub from: usize,
    length: usize,
    distance: usize,
}

impl<'d> Phrases<'d> {
    pub(crate) fn new(set: &'d Definitions) -> Phrases<'d> {
        let mut by_first: BTreeMap<char, Vec<Phrase<'_>>> = BTreeMap::new();
        for figure in set.figures.values() {
            // Its own name is a phrase too: it is what our annexes and tables call it.
            let whole = figure.says.iter().chain([&figure.title]).map(|words| (words, false));
            let parts = figure.says_part.iter().map(|words| (words, true));
            for (words, part) in whole.chain(parts) {
                let words: Vec<char> = words.chars().collect();
                if let Some(first) = words.first() {
                    by_first.entry(*first).or_default().push(Phrase { words, figure, part });
                }
            }
        }
        Phrases { by_first }
    }

    /// The figure whose longest phrase stands in the claim's clause; the words around the number count as one.
    pub(crate) fn hit(&self, t: &[char], claim: &Claim) -> Option<Hit<'d>> {
        let end = claim.start + claim.text.chars().count();
        // A clause without end would be read again for every claim in it.
        let from = claim.clause.start.min(claim.start).max(claim.start.saturating_sub(REACH));
        let clause = from..claim.clause.end.max(end).min(end + REACH).min(t.len());
        // 委派1名律师 says 委派律师: the phrase closes over the number.
        let closed: Vec<char> = t[clause.start..claim.start].iter().chain(&t[end..clause.end]).copied().collect();
        let at = claim.start - clause.start;
        let near = longer(self.best(&t[clause.clone()], claim, at), self.best(&closed, claim, at));
        if let Some(hit) = near {
            return Some(Hit { from: clause.start, ..hit });
        }
        // 开展法律咨询活动，共6次: what is counted stands in the clause before.
        // Only where the clause itself names nothing: 成功283起 counts successes, not what was counted before it.
        let bare = closed.iter().all(|c| c.is_whitespace() || "共计总累合达到为约有全年的其已近".contains(*c));
        if !bare || clause.start == 0 {
            return None;
        }
        let end = clause.start - 1;
        let back = end.saturating_sub(REACH);
        let stop = t[back..end].iter().rposition(|c| matches!(c, '，' | '。' | '；' | '：' | '\n'));
        let from = stop.map_or(back, |at| back + at + 1);
        self.best(&t[from..end], claim, end - from).map(|hit| Hit { from, ..hit })
    }

    fn best(&self, words: &[char], claim: &Claim, at: usize) -> Option<Hit<'d>> {
        let mut best: Option<Hit<'d>> = None;
        for (place, phrase) in self.all(words).filter(|(_, phrase)| counts_in(phrase.figure, &claim.unit)) {
            let distance = at.abs_diff(place.end).min(at.abs_diff(place.start));
            let hit = Hit { figure: phrase.figure, part: phrase.part, from: 0, length: place.len(), distance };
            if best.as_ref().is_none_or(|best| (hit.length, best.distance) > (best.length, hit.distance)) {
                best = Some(hit);
            }
        }
        best
    }

    /// Every phrase in `words` with its place.
    fn all(&self, words: &[char]) -> impl Iterator<Item = (Range<usize>, &Phrase<'d>)> {
        words.iter().enumerate().flat_map(move |(place, first)| {
            let known = self.by_first.get(first).into_iter().flatten();
            known
                .filter(move |phrase| words[place..].starts_with(&phrase.words))
                .map(move |phrase| (place..place + phrase.words.len(), phrase))
        })
    }

    /// The places in `words` of every phrase of `figure`.
    pub(crate) fn of(&self, figure: &Figure, words: &[char]) -> Vec<Range<usize>> {
        self.all(words).filter(|(_, phrase)| phrase.figure.id == figure.id).map(|(place, _)| place).collect()
    }

    /// The places of every phrase of any figure of the same matter: mediation.… for mediation.success_rate.
    pub(crate) fn matter(&self, figure: &Figure, words: &[char]) -> Vec<Range<usize>> {
        let matter = |id: &str| id.split('.').next().map(str::to_owned);
        let known = self.all(words).filter(|(_, phrase)| matter(&phrase.figure.id) == matter(&figure.id));
        known.map(|(place, _)| place).collect()
    }
}

fn longer<'d>(a: Option<Hit<'d>>, b: Option<Hit<'d>>) -> Option<Hit<'d>> {
    match (a, b) {
        (Some(a), Some(b)) => Some(if b.length > a.length { b } else { a }),
        (a, b) => a.or(b),
    }
}

/// Whether a figure is counted in a unit: its own units, compounds of them, and a unit left out.
fn counts_in(figure: &Figure, unit: &str) -> bool {
    let plain = |unit: &str| unit.replace(['（', '(', '）', ')'], "");
    let unit = plain(unit);
    figure.units.iter().any(|known| {
        let known = plain(known);
        known == unit || (unit.chars().count() > known.chars().count() && unit.starts_with(&known) && known != "人")
    })
}

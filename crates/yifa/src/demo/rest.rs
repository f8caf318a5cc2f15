//! What a stretch left undone: cases that go on in the next one.

use anyhow::Result;
use engine::day::Day;
use engine::form::Given;

use super::case::{Case, Telling};
use super::chance::Chance;
use super::outline::{Fate, Outline, Twist};
use super::plan::Plan;
use super::words::Matter;
use super::years::day;

/// The day on which volumes that had been forgotten were put into the archive after all.
const TIDIED: (i16, i8, i8) = (2024, 4, 26);

/// What is still to be done on a case when its stretch ends.
pub enum Left {
    /// Nothing, or nothing that is done.
    Nothing,
    /// These steps, and the archive.
    Steps(Vec<(Day, &'static str, Given)>),
    /// Nobody thought of the archive in time.
    Forgotten,
}

/// A case without the plan it is written into: not yet begun, or put aside at the end of its stretch.
pub struct Rest<'c> {
    pub(super) outline: Outline,
    pub(super) chance: Chance,
    pub(super) record: String,
    pub(super) parties: Vec<String>,
    pub(super) money: i32,
    pub(super) matter: &'c Matter,
    pub(super) place: &'c str,
    pub(super) mediators: Vec<&'c str>,
    pub(super) mediator: &'c str,
    pub(super) left: Left,
}

impl<'p, 'c, 'd> Case<'p, 'c, 'd> {
    /// Puts the case aside.
    pub fn put_aside(self) -> Rest<'c> {
        let Case { outline, chance, record, parties, money, matter, place, mediators, mediator, left, .. } = self;
        Rest { outline, chance, record, parties, money, matter, place, mediators, mediator, left }
    }

    /// Takes it up, for the first time or again.
    pub fn take_up(plan: &'p mut Plan<'d>, telling: Telling<'c>, rest: Rest<'c>) -> Case<'p, 'c, 'd> {
        let Rest { outline, chance, record, parties, money, matter, place, mediators, mediator, left } = rest;
        let kind = &telling.disputes.kinds[outline.kind];
        let committee = &telling.words.committees[outline.committee];
        Case {
            plan,
            telling,
            outline,
            kind,
            matter,
            committee,
            chance,
            record,
            parties,
            place,
            money,
            mediators,
            mediator,
            left,
        }
    }

    /// Writes down how it went on; `ended` says when and how a case came out that was open.
    pub fn go_on(mut self, ended: Option<(Day, Fate)>) -> Result<()> {
        if let Some((end, fate)) = ended {
            let pending = self.outline.fate == Fate::Pending;
            self.outline = Outline { end, fate, twist: Twist::None, ..self.outline };
            if pending {
                let on = self.assign()?;
                self.mediate(on)?;
            } else {
                let words = self.telling.words;
                self.session(end, 0, if fate == Fate::Failed { &words.stuck } else { &words.accounts })?;
            }
            return self.settle();
        }
        match std::mem::replace(&mut self.left, Left::Nothing) {
            Left::Nothing => Ok(()),
            Left::Steps(steps) => self.follow(steps, false),
            Left::Forgotten => self.archive(day(TIDIED), 0),
        }
    }
}

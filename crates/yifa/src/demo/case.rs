//! One mediation case, step by step, as the mediators would have written it down.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use engine::act::Act;
use engine::day::Day;
use engine::form::{Given, Input};

use super::chance::Chance;
use super::clock;
use super::outline::{Fate, Outline, Twist};
use super::plan::{Plan, typed};
use super::rest::{Left, Rest};
use super::words::{Committee, Disputes, Kind, Matter, Words};
use super::years::{Stretch, day};

/// The register all of this is about.
pub const REGISTER: &str = "mediation_case";

/// What every case is told from.
#[derive(Clone, Copy)]
pub struct Telling<'t> {
    /// The stretch told of.
    pub stretch: &'t Stretch,
    /// Words.
    pub words: &'t Words,
    /// Kinds of dispute.
    pub disputes: &'t Disputes,
    /// Digests of the attachments.
    pub files: &'t BTreeMap<String, String>,
}

impl<'t> Telling<'t> {
    /// Who mediates in a committee a dispute that ends on a day.
    fn mediators(&self, committee: usize, end: Day) -> Vec<&'t str> {
        let (old, new) = (&self.words.committees[committee], &self.words.reelected[committee]);
        let (since, names) =
            (new.since.unwrap_or(Day::MAX), |of: &'t Committee| of.mediators.iter().map(String::as_str));
        match end {
            _ if !self.stretch.reelected || end < since => names(old).collect(),
            // It may have begun before the election: somebody who was there before and after.
            _ if since.plus_days(60) > Some(end) => {
                names(old).filter(|name| names(new).any(|other| other == *name)).collect()
            }
            _ => names(new).collect(),
        }
    }
}

/// A case being written down.
pub struct Case<'p, 'c, 'd> {
    pub(super) plan: &'p mut Plan<'d>,
    pub(super) telling: Telling<'c>,
    pub(super) outline: Outline,
    pub(super) kind: &'c Kind,
    pub(super) matter: &'c Matter,
    pub(super) committee: &'c Committee,
    pub(super) chance: Chance,
    pub(super) record: String,
    pub(super) parties: Vec<String>,
    pub(super) place: &'c str,
    pub(super) money: i32,
    pub(super) mediators: Vec<&'c str>,
    pub(super) mediator: &'c str,
    pub(super) left: Left,
}

impl<'p, 'c, 'd> Case<'p, 'c, 'd> {
    /// Prepares the `nth` case; nothing is planned yet.
    pub fn new(plan: &'p mut Plan<'d>, telling: Telling<'c>, outline: Outline, nth: u64) -> Case<'p, 'c, 'd> {
        let words = telling.words;
        let kind = &telling.disputes.kinds[outline.kind];
        // A stream of its own: a change to one case changes no other.
        let mut chance = Chance::new(telling.stretch.cases + nth);
        let mut parties: Vec<String> = Vec::new();
        while parties.len() < outline.parties {
            let name = words.person(&mut chance);
            if !parties.contains(&name) {
                parties.push(name);
            }
        }
        if matches!(kind.id.as_str(), "labour" | "contract" | "consumer") && chance.percent(30) {
            parties[1] = chance.pick(&words.firms).clone();
        }
        let money = kind.money.map_or(0, |[low, high]| chance.between(low / 50, high / 50) * 50);
        let month = outline.end.month();
        let fitting = kind.matters.iter().filter(|matter| matter.months.is_empty() || matter.months.contains(&month));
        let matter = *chance.pick(&fitting.collect::<Vec<_>>());
        let mediators = telling.mediators(outline.committee, outline.end);
        let (place, mediator) = (chance.pick(&words.places).as_str(), *chance.pick(&mediators));
        let (record, left) = (String::new(), Left::Nothing);
        let rest = Rest { outline, chance, record, parties, money, matter, place, mediators, mediator, left };
        Case::take_up(plan, telling, rest)
    }

    /// The committee as elected last, when it has been by that day.
    fn elected(&self, on: Day) -> Option<&'c Committee> {
        let new = self.telling.words.reelected.iter().find(|new| new.name == self.committee.name)?;
        new.since.filter(|since| on >= *since).map(|_| new)
    }

    /// Who writes it down on that day: the mediator, or the chair of the committee he is no longer in.
    fn recorder(&self, on: Day) -> &'c str {
        match self.elected(on) {
            Some(new) if !new.mediators.iter().any(|name| name == self.mediator) => new.mediators[0].as_str(),
            _ => self.mediator,
        }
    }

    /// What the sheets call a mediator in office on that day.
    pub(super) fn in_office(&self, on: Day, name: &str) -> String {
        format!("{}调解员{name}", if self.elected(on).is_some() { "新" } else { "" })
    }

    /// A text with its gaps filled.
    pub(super) fn text(&self, template: &str) -> String {
        template
            .replace("{a}", &self.parties[0])
            .replace("{b}", &self.parties[1])
            .replace("{place}", self.place)
            .replace("{money}", &self.money.to_string())
    }

    pub(super) fn file(&self, name: &str) -> Result<&'c str> {
        Ok(self.telling.files.get(name).with_context(|| format!("no attachment {name}"))?)
    }

    /// A step on its day, recorded so many working days later; gives the entry's id.
    pub(super) fn step(&mut self, step: &str, on: Day, lag: i32, mut given: Given) -> Result<String> {
        given.insert("on".to_owned(), Input::Text(on.to_string()));
        let at = self.plan.moment(&self.record, on, lag);
        self.plan.take(at, self.recorder(on), &format!("{REGISTER}.{step}"), &self.record, &given)
    }

    /// Any other act, on the next working day or later.
    pub(super) fn act(&mut self, on: Day, act: Act) -> Result<()> {
        let at = self.plan.moment(&self.record, on, 1);
        self.plan.act(at, self.recorder(on), act)
    }

    /// Writes the whole case down, as far as its stretch goes.
    pub(super) fn tell(&mut self) -> Result<()> {
        let end = self.outline.end;
        let from_village = match self.outline.twist {
            Twist::HandedOver => Some(self.handed_over()?),
            _ => None,
        };
        let started = self.started();
        let started = self.register(started)?;
        if let Some(from) = from_village {
            let reason = self.telling.words.reasons["link"].clone();
            self.act(
                started,
                Act::Link { register: REGISTER.to_owned(), record: self.record.clone(), to: from, reason },
            )?;
        }
        match self.outline.fate {
            Fate::Void => self.void(started),
            Fate::Pending => Ok(()),
            Fate::Refused => {
                self.step("refuse", end, 0, typed([("reason", "not_civil"), ("told", "administrative")]))?;
                self.archive(end, 8)
            }
            Fate::DeclinedAtOnce => self.decline(end),
            Fate::DeclinedLater => {
                self.assign()?;
                self.decline(end)
            }
            Fate::Open => {
                self.assign()?;
                self.tell_rights(end, 0)?;
                self.session(end, 0, &self.telling.words.first)
            }
            Fate::Agreed | Fate::Failed => {
                let on = self.assign()?;
                self.mediate(on)?;
                self.settle()
            }
        }
    }

    /// The day it was registered, from the day it ended.
    fn started(&mut self) -> Day {
        let days = match (self.outline.fate, self.outline.twist) {
            (_, Twist::Overlong | Twist::Extended) => 46,
            (Fate::Open | Fate::Pending, _) => 0,
            (Fate::Agreed | Fate::Failed, _) if self.chance.percent(35) => self.chance.between(0, 2),
            (Fate::Agreed | Fate::Failed, _) if self.chance.percent(30) => self.chance.between(10, 21),
            _ => self.chance.between(3, 9),
        };
        let on = self.outline.end.plus_days(-days).unwrap_or(self.outline.end).max(day(self.telling.stretch.first));
        clock::workday_before(&self.plan.set().calendar, on)
    }

    /// Opens the record; gives the day.
    pub(super) fn register(&mut self, on: Day) -> Result<Day> {
        let origin = match self.outline.twist {
            Twist::HandedOver if self.committee.village.is_empty() => "other",
            _ => match self.chance.between(1, 100) {
                1..=58 => "party",
                59..=84 => "committee",
                85..=91 => "police",
                92..=94 => "court",
                95..=98 => "petition",
                _ => "other",
            },
        };
        let villages = match self.committee.village.as_str() {
            "" => {
                let others = &self.telling.words.committees[..self.telling.words.committees.len() - 1];
                let (a, b) = (self.chance.pick(others), self.chance.pick(others));
                if a.village == b.village { a.village.clone() } else { format!("{}、{}", a.village, b.village) }
            }
            village => village.to_owned(),
        };
        let facts = self.text(&self.matter.facts);
        let mut given = typed([
            ("on", on.to_string().as_str()),
            ("committee", &self.committee.name),
            ("origin", origin),
            ("villages", &villages),
            ("dispute", &self.kind.id),
            ("parties", &self.parties.join("、")),
            ("facts", &facts),
        ]);
        if origin == "party" && self.chance.percent(60) {
            given.insert("form".to_owned(), Input::Text(self.file("申请书")?.to_owned()));
        }
        if self.outline.one_phone {
            given.extend(typed([("phones", self.telling.words.one_phone.as_str())]));
        }
        // Early enough in the day for the committee to name a mediator.
        let (from, to) = if self.chance.percent(60) { (8 * 60 + 35, 11 * 60 + 40) } else { (14 * 60, 16 * 60 + 20) };
        let at = clock::moment(on, self.chance.between(from, to)) + i64::from(self.chance.between(0, 59_999));
        self.record = self.plan.open(at, self.mediator, &format!("{REGISTER}.register"), &given)?;
        // So that a sheet can say which case it means: before whom, and the day it ended.
        let name = format!("{}{}", self.committee.name, self.outline.end);
        self.plan.name(REGISTER, &name, &self.record);
        Ok(on)
    }

    /// The committee's own act, on the day it is recorded.
    pub(super) fn assign(&mut self) -> Result<Day> {
        let on = self.plan.last_day(&self.record).context("a registered case")?;
        let mut names = vec![self.mediator];
        let second = *self.chance.pick(&self.mediators);
        if second != self.mediator && self.chance.percent(40) {
            names.push(second);
        }
        let names: Vec<String> = names.iter().map(|name| self.in_office(on, name)).collect();
        let chosen_by = if self.chance.percent(80) { "committee" } else { "parties" };
        self.step("assign", on, 0, typed([("mediators", &names.join("、")), ("chosen_by", chosen_by)]))?;
        Ok(on)
    }

    pub(super) fn tell_rights(&mut self, on: Day, lag: i32) -> Result<()> {
        let mut given = typed([("told", "nature、principle、effect、rights、duties")]);
        if self.chance.percent(65) {
            given.insert("way".to_owned(), Input::Text("written".to_owned()));
            given.insert("notice".to_owned(), Input::Text(self.file("告知书")?.to_owned()));
        } else {
            given.insert("way".to_owned(), Input::Text("oral".to_owned()));
        }
        self.step("tell_rights", on, lag, given).map(|_| ())
    }

    pub(super) fn session(&mut self, on: Day, lag: i32, accounts: &[String]) -> Result<()> {
        let account = self.chance.word(accounts);
        let account = self.text(account);
        let mut given = typed([("account", account.as_str())]);
        let mut put = |field: &str, text: &str| given.insert(field.to_owned(), Input::Text(text.to_owned()));
        if self.kind.id == "family" && self.chance.percent(45) {
            put("public", "否");
            put("closed_because", if self.chance.percent(50) { "privacy" } else { "asked" });
        } else {
            put("public", "是");
        }
        if self.chance.percent(30) {
            put("helpers", self.chance.word(&self.telling.words.helpers));
            put("consent", "是");
        }
        if self.money > 6000 && self.chance.percent(30) {
            put("lawyers", "沈怀瑾");
            put("consent", "是");
        }
        if self.chance.percent(50) {
            put("paper", self.file("笔录")?);
        }
        self.step("session", on, lag, given).map(|_| ())
    }

    fn decline(&mut self, end: Day) -> Result<()> {
        let by = self.parties[1].clone();
        self.step("decline", end, 0, typed([("declined_by", by.as_str())]))?;
        self.archive(end, 12)
    }

    fn void(&mut self, on: Day) -> Result<()> {
        let reason = self.telling.words.reasons["void"].clone();
        self.act(on, Act::Void { register: REGISTER.to_owned(), record: self.record.clone(), of: None, reason })
    }

    /// The village that had the dispute first and handed it over; gives its record.
    fn handed_over(&mut self) -> Result<String> {
        let own = (self.committee, self.mediator);
        let villages = &self.telling.words.committees[..self.telling.words.committees.len() - 1];
        let village: &'c Committee = self.chance.pick(villages);
        (self.committee, self.mediator) = (village, village.mediators[0].as_str());
        let on = self.started();
        let on = on.plus_days(-7).unwrap_or(on);
        let on = self.register(clock::workday_before(&self.plan.set().calendar, on))?;
        let handed = clock::workdays_after(&self.plan.set().calendar, on, 1);
        self.step("refer", handed, 0, typed([("to", "township"), ("agreed", "是")]))?;
        self.archive(handed, 10)?;
        (self.committee, self.mediator) = own;
        Ok(std::mem::take(&mut self.record))
    }
}

//! How a case went on once there was a mediator: mediation, result, and what comes after it.

use anyhow::Result;
use engine::act::Act;
use engine::day::Day;
use engine::form::{Given, Input};

use super::case::{Case, REGISTER};
use super::clock;
use super::outline::{Fate, Twist};
use super::plan::typed;
use super::rest::Left;
use super::years::{On, day};

/// Days on which volumes are put into the archive, several at a time.
const ARCHIVING: &[On] = &[
    (2023, 3, 1),
    (2023, 4, 26),
    (2023, 6, 28),
    (2023, 9, 26),
    (2023, 12, 26),
    (2024, 1, 23),
    (2024, 3, 28),
    (2024, 6, 27),
    (2024, 9, 26),
    (2024, 12, 26),
    (2025, 1, 15),
];

/// In how many of a hundred cases somebody goes and looks where there is something to look at.
const VISITED: i32 = 35;

impl Case<'_, '_, '_> {
    /// Nothing happens after this day.
    fn last(&self) -> Day {
        day(self.telling.stretch.last)
    }

    /// So many days before nothing happens any more.
    fn before_last(&self, days: i32) -> Day {
        self.last().plus_days(-days).unwrap_or(Day::MIN)
    }

    fn later(&self, of: Day, days: i32) -> Day {
        clock::workday(&self.plan.set().calendar, of.plus_days(days).unwrap_or(of))
    }

    /// How many working days after it happened something is recorded.
    fn lag(&mut self) -> i32 {
        match self.chance.between(1, 100) {
            1..=60 => 0,
            61..=82 => 1,
            83..=91 => self.chance.between(2, 4),
            _ => self.chance.between(6, 8),
        }
    }

    /// From the mediator's naming to the last session.
    pub(super) fn mediate(&mut self, assigned: Day) -> Result<()> {
        let words = self.telling.words;
        let (end, lag) = (self.outline.end, self.lag());
        let between = assigned.days_until(end);
        let first = clock::workday_before(&self.plan.set().calendar, assigned.plus_days(between / 2).unwrap_or(end));
        let twice = between >= 6 && first > assigned && (between > 20 || self.chance.percent(45));
        if !twice {
            self.investigate()?;
        }
        if !matches!(self.outline.twist, Twist::NotTold | Twist::NotToldAnswered) {
            self.tell_rights(if twice { first } else { end }, if twice { 0 } else { lag })?;
        }
        if let Twist::Warned(danger) = self.outline.twist {
            self.warn(danger, if twice { first } else { end })?;
        }
        if twice {
            self.session(first, 0, &words.first)?;
        }
        match self.outline.twist {
            Twist::Replaced => {
                let on = if twice { first } else { end };
                let other =
                    self.mediators.iter().copied().find(|other| *other != self.mediator).unwrap_or(self.mediator);
                let name = self.in_office(on, other);
                let given = typed([("mediators", name.as_str()), ("reason", "interest")]);
                self.step("replace", on, 0, given)?;
                // The records of the first year stay as they are: there the one replaced went on writing.
                if self.telling.stretch.reelected {
                    self.mediator = other;
                }
            }
            Twist::Extended => {
                let on = self.later(assigned, 26);
                let until = self.later(assigned, 60).to_string();
                let reason = self.chance.pick(&words.extended).clone();
                self.step("extend", on, 0, typed([("agreed", "是"), ("until", &until), ("reason", &reason)]))?;
            }
            _ => {}
        }
        if twice {
            self.investigate()?;
        }
        let failed = self.outline.fate == Fate::Failed;
        self.session(end, lag, if failed { &words.stuck } else { &words.accounts })?;
        if self.outline.twist == Twist::NotToldAnswered {
            let (question, text) = ("omitted:tell_rights".to_owned(), self.chance.pick(&words.answers).clone());
            self.act(end, Act::Answer { register: REGISTER.to_owned(), record: self.record.clone(), question, text })?;
        }
        Ok(())
    }

    /// Somebody goes and looks, or asks, where that is natural and a working day is left for it before the last session.
    fn investigate(&mut self) -> Result<()> {
        let matter = self.matter;
        // Chances of its own, and a day on which nothing else is recorded: everything else stays as it was.
        let mut chance = self.chance.beside();
        if matter.visit.is_empty() || !chance.percent(VISITED) {
            return Ok(());
        }
        let end = self.outline.end;
        let Some(done) = self.plan.last_day(&self.record) else { return Ok(()) };
        let days = chance.between(1, done.days_until(end).max(2) - 1);
        let on = self.later(done, days);
        if on >= end {
            return Ok(());
        }
        let mut asked = self.telling.words.person(&mut chance);
        while self.parties.contains(&asked) {
            asked = self.telling.words.person(&mut chance);
        }
        let (place, account) = (self.text(&matter.at), self.text(&matter.visit).replace("{c}", &asked));
        let mut given = typed([("place", place.as_str()), ("account", &account)]);
        if matter.visit.contains("{c}") {
            given.extend(typed([("asked", asked.as_str())]));
        }
        if chance.percent(35) {
            given.extend(typed([("paper", self.file("调查笔录")?)]));
        }
        let others = self.plan.beside(chance);
        self.step("investigate", on, 0, given)?;
        self.plan.beside(others);
        Ok(())
    }

    fn warn(&mut self, danger: &str, on: Day) -> Result<()> {
        let measure = self.chance.pick(&self.telling.words.measures).clone();
        let people = self.chance.between(4, 16).to_string();
        let mut given = typed([("danger", danger), ("people", &people), ("measure", &measure)]);
        if matches!(danger, "crime" | "police") {
            given.extend(typed([
                ("reported", "是"),
                ("reported_to", "police"),
                ("reported_at", &format!("{on} 11:40")),
            ]));
        }
        self.step("warn", on, 0, given).map(|_| ())
    }

    /// The result and all that comes after it.
    pub(super) fn settle(&mut self) -> Result<()> {
        let end = self.outline.end;
        if self.outline.fate == Fate::Failed {
            self.step("fail", end, 0, typed([("reason", "no_agreement"), ("told", "judicial、arbitration")]))?;
            let days = if self.outline.twist == Twist::LateArchive { 48 } else { 14 };
            return self.archive(end, days);
        }
        let perform_by = self.agree()?;
        let mut after = self.after(perform_by);
        after.sort_by_key(|(on, ..)| *on);
        let owed = perform_by > self.last();
        self.follow(after, owed)
    }

    /// What comes after an agreement, as far as the stretch goes, and the archive unless something is still owed.
    pub(super) fn follow(&mut self, mut after: Vec<(Day, &'static str, Given)>, owed: bool) -> Result<()> {
        let last = self.last();
        let later = after.split_off(after.partition_point(|(on, ..)| *on <= last));
        for (on, step, given) in after {
            // The last days leave no room for being late.
            let lag = if on > self.before_last(14) { 0 } else { self.lag() };
            self.step(step, on, lag, given)?;
        }
        if owed || !later.is_empty() {
            self.left = Left::Steps(later);
            return Ok(());
        }
        self.archive_when_due()
    }

    /// The agreement; gives the day by which it is to be performed.
    fn agree(&mut self) -> Result<Day> {
        let (end, twist) = (self.outline.end, self.outline.twist);
        let content = self.text(&self.matter.agreed);
        let perform_by = match self.chance.between(1, 100) {
            _ if twist == Twist::LateFollowUp => end,
            1..=58 => end,
            59..=85 => end.plus_days(self.chance.between(5, 30)).unwrap_or(end),
            _ => end.plus_days(self.chance.between(31, 75)).unwrap_or(end),
        };
        let (on, by) = (end.to_string(), perform_by.to_string());
        let mut given = typed([("content", content.as_str()), ("effective_on", &on), ("perform_by", &by)]);
        if self.money > 0 {
            let typed_wrongly = if twist == Twist::Corrected { 10 } else { 1 };
            given.insert("amount".to_owned(), Input::Text((self.money * typed_wrongly).to_string()));
        }
        if twist == Twist::OralAtStake || (self.money == 0 && twist == Twist::None && self.chance.percent(28)) {
            let at_stake = if twist == Twist::OralAtStake { "是" } else { "否" };
            given.extend(typed([("form", "oral"), ("oral_chosen", "是"), ("rights_at_stake", at_stake)]));
        } else {
            let document = self.file("协议书")?;
            given.extend(typed([("form", "written"), ("document", document)]));
            for field in ["signed_parties", "signed_mediator", "sealed", "copies_given"] {
                given.extend(typed([(field, "是")]));
            }
        }
        // Right after the session it came from, whenever that was written down.
        let entry = self.step("agree", end, 0, given)?;
        match twist {
            Twist::Corrected => {
                let at = self.plan.moment(&self.record, end, 2);
                let (path, why) = (format!("{REGISTER}.agree"), self.telling.words.reasons["correct"].as_str());
                let amount = self.money.to_string();
                let by = self.committee.mediators[0].as_str();
                self.plan.correct(at, by, &path, (&self.record, &entry), &typed([("amount", &amount)]), why)?;
            }
            Twist::Attached => {
                let (file, name) = (self.file("示意图")?.to_owned(), self.telling.words.attachment.clone());
                let bytes = super::words::attachments()?["示意图"].len() as u64;
                let (register, record) = (REGISTER.to_owned(), self.record.clone());
                self.act(end, Act::Attach { register, record, file, name, bytes, of: None })?;
            }
            _ => {}
        }
        Ok(perform_by)
    }

    /// What follows an agreement, each with its day.
    fn after(&mut self, perform_by: Day) -> Vec<(Day, &'static str, Given)> {
        let (end, twist, words) = (self.outline.end, self.outline.twist, self.telling.words);
        let mut after = Vec::new();
        let days = if twist == Twist::LateFollowUp { 44 } else { self.chance.between(3, 20) };
        let on = self.later(perform_by, days);
        if self.chance.percent(6) {
            let urged = self.chance.pick(&words.urged).clone();
            after.push((on, "follow_up", typed([("performed", "part"), ("urged", &urged), ("satisfied", "是")])));
            let again = self.later(on, 25);
            after.push((again, "follow_up", typed([("performed", "full"), ("satisfied", "是")])));
        } else if self.chance.percent(2) {
            let urged = self.chance.pick(&words.urged).clone();
            after.push((on, "follow_up", typed([("performed", "none"), ("urged", &urged), ("satisfied", "否")])));
        } else {
            after.push((on, "follow_up", typed([("performed", "full"), ("satisfied", "是")])));
        }
        if matches!(twist, Twist::Court | Twist::LateCourt) {
            let days = if twist == Twist::Court { self.chance.between(6, 20) } else { 38 };
            let asked = self.later(end, days);
            after.push((asked, "court_confirmation", typed([("joint", "是"), ("court", &words.court)])));
            let days = self.chance.between(7, 16);
            let ruled = self.later(asked, days);
            let result = if twist == Twist::Court { "valid" } else { "not_accepted" };
            let docket = format!("{}{}号", words.docket, self.chance.between(1, 99));
            after.push((ruled, "court_ruling", typed([("result", result), ("docket", &docket)])));
        }
        after
    }

    /// Filed with the next lot, unless that would be too late.
    fn archive_when_due(&mut self) -> Result<()> {
        let Some(done) = self.plan.last_day(&self.record) else { return Ok(()) };
        let last = self.outline.end.plus_days(165).unwrap_or(Day::MAX);
        let lot = ARCHIVING.iter().map(|at| day(*at)).find(|lot| *lot > done.plus_days(2).unwrap_or(done));
        let soon = self.before_last(6);
        match lot {
            Some(lot) if lot <= last => self.archive(lot, 0),
            _ if done < soon && done.plus_days(30) < Some(last) => {
                self.left = Left::Forgotten;
                Ok(())
            }
            _ if done < soon => self.archive(done, 1),
            _ => Ok(()),
        }
    }

    /// Filed so many days after `from`, unless the records end before.
    pub(super) fn archive(&mut self, from: Day, days: i32) -> Result<()> {
        let on = self.later(from, days);
        let done = self.plan.last_day(&self.record).unwrap_or(on);
        let on = on.max(done);
        if on > self.last() {
            self.left = Left::Steps(Vec::new());
            return Ok(());
        }
        let number = self.chance.between(1000, 9999);
        let volume = format!("{}{}-{number}", self.telling.words.volume, on.year());
        let keep = if self.money > 8000 { "thirty" } else { "ten" };
        self.step("archive", on, 0, typed([("volume", &volume), ("keep", keep)])).map(|_| ())
    }
}

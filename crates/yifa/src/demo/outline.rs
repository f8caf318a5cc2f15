//! Which disputes there were: when each ended, how, before whom, and the few that did not go by the book.

use engine::day::{Calendar, Day};

use super::chance::Chance;
use super::clock;
use super::words::{Disputes, Words};
use super::years::{Stretch, Together, day};

/// How a dispute came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    Agreed,
    Failed,
    DeclinedAtOnce,
    DeclinedLater,
    Refused,
    /// Entered twice, and voided.
    Void,
    /// Being mediated when the records end.
    Open,
    /// Entered when the records end, no more.
    Pending,
}

/// What is out of the ordinary about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Twist {
    /// Nothing.
    None,
    /// Rights and duties were not told, and nobody says why.
    NotTold,
    /// Rights and duties were not told; the reason is on file.
    NotToldAnswered,
    /// Agreed by word of mouth although rights were at stake.
    OralAtStake,
    /// Took more than a month.
    Overlong,
    /// Took more than a month by agreement of the parties.
    Extended,
    /// The court was asked in time.
    Court,
    /// The court was asked too late.
    LateCourt,
    /// Looked after too late.
    LateFollowUp,
    /// Filed too late.
    LateArchive,
    /// The amount was entered wrongly and corrected.
    Corrected,
    /// It might have come to a crime, or a crowd, or worse.
    Warned(&'static str),
    /// A mediator was replaced.
    Replaced,
    /// Handed over by a village, whose case is linked.
    HandedOver,
    /// Has a drawing attached.
    Attached,
}

/// One dispute.
#[derive(Clone, Copy)]
pub struct Outline {
    /// The day it ended.
    pub end: Day,
    /// Its kind, an index.
    pub kind: usize,
    /// Before whom, an index.
    pub committee: usize,
    /// How it came out.
    pub fate: Fate,
    /// What is out of the ordinary.
    pub twist: Twist,
    /// How many parties.
    pub parties: usize,
    /// Whether the telephone left with it is one left with others too.
    pub one_phone: bool,
}

/// Draws up all disputes.
pub fn draw_up(stretch: &Stretch, calendar: &Calendar, words: &Words, disputes: &Disputes) -> Vec<Outline> {
    let mut chance = Chance::new(stretch.draws);
    let draw = Draw { stretch, words, disputes };
    let mut outlines = Vec::new();
    let days: Vec<Day> = stretch
        .ended
        .iter()
        .flat_map(|(year, month, count)| {
            let mut days: Vec<Day> =
                (0..*count).map(|_| a_day(stretch, calendar, &mut chance, *year, *month)).collect();
            days.sort();
            days
        })
        .collect();
    for (place, end) in days.into_iter().enumerate() {
        let find = |list: &[(usize, Twist)]| list.iter().find(|(at, _)| *at == place).map(|(_, twist)| *twist);
        let (fate, twist) = match find(stretch.failed) {
            Some(twist) => (Fate::Failed, twist),
            None => (Fate::Agreed, find(stretch.twists).unwrap_or(Twist::None)),
        };
        let parties = if place % 60 == 27 { 3 } else { 2 };
        let outline = draw.one(&mut chance, end, fate, twist);
        outlines.push(Outline { parties, ..outline });
    }
    for (year, month, day, fate) in stretch.others {
        let Some(end) = Day::new(*year, *month, *day) else { continue };
        outlines.push(draw.one(&mut chance, end, *fate, Twist::None));
    }
    for Together { on, committee, kind, count } in stretch.together {
        let end = day(*on);
        let (kind, committee) = (named(disputes, kind), *committee);
        let one =
            || Outline { end, kind, committee, fate: Fate::Agreed, twist: Twist::None, parties: 2, one_phone: false };
        outlines.extend(std::iter::repeat_with(one).take(*count));
    }
    for place in stretch.one_phone {
        outlines[*place].one_phone = true;
    }
    outlines
}

/// What each dispute is drawn from.
struct Draw<'d> {
    stretch: &'d Stretch,
    words: &'d Words,
    disputes: &'d Disputes,
}

impl Draw<'_> {
    fn one(&self, chance: &mut Chance, end: Day, fate: Fate, twist: Twist) -> Outline {
        let Draw { stretch, words, disputes } = self;
        let township = words.committees.len() - 1;
        let month = end.month() as usize - 1;
        let kind = match twist {
            // These need an amount, or a matter grave enough.
            Twist::Corrected | Twist::Court | Twist::LateCourt => named(disputes, "contract"),
            Twist::Extended | Twist::Attached | Twist::HandedOver | Twist::Warned("group") => {
                named(disputes, "forest_land")
            }
            Twist::OralAtStake => named(disputes, "neighbour"),
            _ => chance.weighted(disputes.kinds.iter().map(|kind| kind.weights[month] * stretch.share_of(&kind.id))),
        };
        let committee = match twist {
            Twist::HandedOver => township,
            _ if stretch.reelected => chance.weighted(words.reelected.iter().map(|committee| committee.weight)),
            _ => chance.weighted(words.committees.iter().map(|committee| committee.weight)),
        };
        Outline { end, kind, committee, fate, twist, parties: 2, one_phone: false }
    }
}

fn named(disputes: &Disputes, id: &str) -> usize {
    disputes.kinds.iter().position(|kind| kind.id == id).unwrap_or(0)
}

/// Mostly a working day; people also come on a Saturday.
fn a_day(stretch: &Stretch, calendar: &Calendar, chance: &mut Chance, year: i16, month: i8) -> Day {
    let first = Day::new(year, month, 1).unwrap_or(Day::MIN);
    let (first, last) = match stretch.edges.iter().find(|(of, ..)| *of == (year, month)) {
        Some((_, from, to)) => {
            (Day::new(year, month, *from).unwrap_or(first), Day::new(year, month, *to).unwrap_or(first.month_end()))
        }
        None => (first, first.month_end()),
    };
    loop {
        let day = first.plus_days(chance.between(0, first.days_until(last))).unwrap_or(first);
        // Not on a festival: the next working day is near.
        let weekend = day.weekday().is_weekend() && day.days_until(clock::workday(calendar, day)) <= 2;
        if calendar.is_workday(day) || (weekend && chance.percent(10)) {
            return day;
        }
    }
}

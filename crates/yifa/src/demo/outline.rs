//! Which disputes there were: when each ended, how, before whom, and the few that did not go by the book.

use engine::day::{Calendar, Day};

use super::chance::Chance;
use super::clock;
use super::words::{Disputes, Words};

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
}

/// Disputes ended by agreement or without it, month by month; in 2023 they are 286.
const ENDED: &[(i16, i8, u32)] = &[
    (2022, 11, 8),
    (2022, 12, 12),
    (2023, 1, 30),
    (2023, 2, 22),
    (2023, 3, 24),
    (2023, 4, 26),
    (2023, 5, 24),
    (2023, 6, 23),
    (2023, 7, 24),
    (2023, 8, 26),
    (2023, 9, 22),
    (2023, 10, 20),
    (2023, 11, 22),
    (2023, 12, 23),
    (2024, 1, 7),
];

/// Those that ended otherwise or not at all, by the day it came to that.
const OTHERS: &[(i16, i8, i8, Fate)] = &[
    (2023, 2, 9, Fate::DeclinedAtOnce),
    (2023, 3, 28, Fate::Refused),
    (2023, 5, 16, Fate::DeclinedLater),
    (2023, 6, 8, Fate::Void),
    (2023, 7, 25, Fate::DeclinedLater),
    (2023, 9, 19, Fate::Refused),
    (2023, 10, 24, Fate::DeclinedAtOnce),
    (2023, 12, 28, Fate::Open),
    (2024, 1, 11, Fate::Open),
    (2024, 1, 17, Fate::Open),
    (2024, 1, 22, Fate::Pending),
];

/// What is out of the ordinary, by the place among those ended.
const TWISTS: &[(usize, Twist)] = &[
    (24, Twist::Court),
    (31, Twist::NotToldAnswered),
    (45, Twist::Replaced),
    (58, Twist::Court),
    (66, Twist::Extended),
    (74, Twist::Attached),
    (83, Twist::NotTold),
    (97, Twist::HandedOver),
    (104, Twist::Court),
    (112, Twist::Warned("group")),
    (126, Twist::Corrected),
    (139, Twist::LateCourt),
    (151, Twist::Court),
    (163, Twist::OralAtStake),
    (174, Twist::Warned("crime")),
    (188, Twist::LateFollowUp),
    (199, Twist::Court),
    (207, Twist::NotToldAnswered),
    (218, Twist::Overlong),
    (229, Twist::HandedOver),
    (241, Twist::NotTold),
    (252, Twist::Warned("escalate")),
    (263, Twist::Court),
    (285, Twist::Court),
];

/// The places among those ended of the ones that failed, with what is out of the ordinary.
const FAILED: &[(usize, Twist)] = &[(101, Twist::None), (194, Twist::LateArchive), (271, Twist::None)];

/// Draws up all disputes.
pub fn draw_up(calendar: &Calendar, words: &Words, disputes: &Disputes) -> Vec<Outline> {
    let mut chance = Chance::new(3);
    let mut outlines = Vec::new();
    let days: Vec<Day> = ENDED
        .iter()
        .flat_map(|(year, month, count)| {
            let mut days: Vec<Day> = (0..*count).map(|_| a_day(calendar, &mut chance, *year, *month)).collect();
            days.sort();
            days
        })
        .collect();
    for (place, end) in days.into_iter().enumerate() {
        let find = |list: &[(usize, Twist)]| list.iter().find(|(at, _)| *at == place).map(|(_, twist)| *twist);
        let (fate, twist) = match find(FAILED) {
            Some(twist) => (Fate::Failed, twist),
            None => (Fate::Agreed, find(TWISTS).unwrap_or(Twist::None)),
        };
        let parties = if place % 60 == 27 { 3 } else { 2 };
        let outline = one(&mut chance, words, disputes, end, fate, twist);
        outlines.push(Outline { parties, ..outline });
    }
    for (year, month, day, fate) in OTHERS {
        let Some(end) = Day::new(*year, *month, *day) else { continue };
        outlines.push(one(&mut chance, words, disputes, end, *fate, Twist::None));
    }
    outlines
}

fn one(chance: &mut Chance, words: &Words, disputes: &Disputes, end: Day, fate: Fate, twist: Twist) -> Outline {
    let township = words.committees.len() - 1;
    let month = end.month() as usize - 1;
    let kind = match twist {
        // These need an amount, or a matter grave enough.
        Twist::Corrected | Twist::Court | Twist::LateCourt => named(disputes, "contract"),
        Twist::Extended | Twist::Attached | Twist::HandedOver | Twist::Warned("group") => {
            named(disputes, "forest_land")
        }
        Twist::OralAtStake => named(disputes, "neighbour"),
        _ => chance.weighted(disputes.kinds.iter().map(|kind| kind.weights[month])),
    };
    let committee = match twist {
        Twist::HandedOver => township,
        _ => chance.weighted(words.committees.iter().map(|committee| committee.weight)),
    };
    Outline { end, kind, committee, fate, twist, parties: 2 }
}

fn named(disputes: &Disputes, id: &str) -> usize {
    disputes.kinds.iter().position(|kind| kind.id == id).unwrap_or(0)
}

/// Mostly a working day; people also come on a Saturday.
fn a_day(calendar: &Calendar, chance: &mut Chance, year: i16, month: i8) -> Day {
    let first = Day::new(year, month, 1).unwrap_or(Day::MIN);
    // The system starts in the first week of November 2022, and the records end before the last week of January 2024.
    let (first, last) = match (year, month) {
        (2022, 11) => (first.plus_days(13).unwrap_or(first), first.month_end()),
        (2024, 1) => (first, first.plus_days(16).unwrap_or(first)),
        _ => (first, first.month_end()),
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

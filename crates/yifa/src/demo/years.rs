//! The two stretches of disputes: the year of the report with what surrounds it, and the year after it.

use engine::day::Day;

use super::outline::{Fate, Twist};

/// A calendar day, as year, month and day.
pub type On = (i16, i8, i8);

/// A day written as numbers.
pub fn day(at: On) -> Day {
    Day::new(at.0, at.1, at.2).unwrap_or(Day::MAX)
}

/// Disputes of one matter, settled together on one day.
pub struct Together {
    /// The day.
    pub on: On,
    /// Before whom, an index.
    pub committee: usize,
    /// Their kind.
    pub kind: &'static str,
    /// How many.
    pub count: usize,
}

/// One stretch of disputes, drawn from a chance of its own: another stretch changes nothing in it.
pub struct Stretch {
    /// What its disputes are drawn from.
    pub draws: u64,
    /// Where the chances of its cases begin.
    pub cases: u64,
    /// Nothing is registered before this day.
    pub first: On,
    /// Nothing happens after this day.
    pub last: On,
    /// Whether the committees are those elected in its first spring, as soon as they are.
    pub reelected: bool,
    /// Disputes ended by agreement or without it, month by month.
    pub ended: &'static [(i16, i8, u32)],
    /// Months of which only some days belong to it.
    pub edges: &'static [((i16, i8), i8, i8)],
    /// Those that ended otherwise or not at all, by the day it came to that.
    pub others: &'static [(i16, i8, i8, Fate)],
    /// Those settled together.
    pub together: &'static [Together],
    /// With which the same telephone was left, by the place among those ended.
    pub one_phone: &'static [usize],
    /// What is out of the ordinary, by the place among those ended.
    pub twists: &'static [(usize, Twist)],
    /// The places among those ended of the ones that failed, with what is out of the ordinary.
    pub failed: &'static [(usize, Twist)],
    /// How much of a kind there is, in hundredths of the usual; empty: as usual.
    pub shares: &'static [(&'static str, u64)],
}

impl Stretch {
    /// What the usual weight of a kind is multiplied by.
    pub fn share_of(&self, kind: &str) -> u64 {
        let usual = if self.shares.is_empty() { 1 } else { 100 };
        self.shares.iter().find(|(of, _)| *of == kind).map_or(usual, |(_, share)| *share)
    }
}

/// The year of the report, with two months before it and some weeks after; in 2023 they are 286.
pub const FIRST: Stretch = Stretch {
    draws: 3,
    cases: 1000,
    first: (2022, 11, 1),
    last: (2024, 1, 26),
    reelected: false,
    // The system starts in the first week of November 2022, and the stretch ends before the last week of January 2024.
    edges: &[((2022, 11), 14, 30), ((2024, 1), 1, 17)],
    ended: &[
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
    ],
    others: &[
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
    ],
    // The first month: what had been settled was signed and entered when it was over.
    together: &[
        Together { on: (2022, 11, 30), committee: 0, kind: "neighbour", count: 4 },
        Together { on: (2022, 11, 30), committee: 4, kind: "contract", count: 3 },
        Together { on: (2022, 11, 30), committee: 6, kind: "forest_land", count: 4 },
    ],
    one_phone: &[],
    twists: &[
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
    ],
    failed: &[(101, Twist::None), (194, Twist::LateArchive), (271, Twist::None)],
    shares: &[],
};

/// The year after it: fewer disputes, more of them about wages, money and land taken for the road, more that failed.
pub const SECOND: Stretch = Stretch {
    draws: 4,
    cases: 2000,
    first: (2024, 1, 2),
    last: (2025, 1, 17),
    reelected: true,
    edges: &[((2024, 1), 18, 31), ((2025, 1), 2, 10)],
    ended: &[
        (2024, 1, 12),
        (2024, 2, 14),
        (2024, 3, 24),
        (2024, 4, 22),
        (2024, 5, 19),
        (2024, 6, 18),
        (2024, 7, 20),
        (2024, 8, 23),
        (2024, 9, 20),
        (2024, 10, 17),
        (2024, 11, 16),
        (2024, 12, 23),
        (2025, 1, 6),
    ],
    others: &[
        (2024, 1, 30, Fate::DeclinedAtOnce),
        (2024, 3, 7, Fate::DeclinedLater),
        (2024, 4, 11, Fate::Refused),
        (2024, 5, 23, Fate::DeclinedLater),
        (2024, 6, 13, Fate::Void),
        (2024, 7, 9, Fate::DeclinedAtOnce),
        (2024, 8, 15, Fate::DeclinedLater),
        (2024, 9, 24, Fate::Refused),
        (2024, 10, 29, Fate::DeclinedLater),
        // Nobody went on with it: overdue for good.
        (2024, 11, 5, Fate::Open),
        (2024, 12, 3, Fate::DeclinedAtOnce),
        (2024, 12, 26, Fate::Open),
        (2025, 1, 7, Fate::Open),
        (2025, 1, 14, Fate::Pending),
    ],
    together: &[
        Together { on: (2024, 11, 28), committee: 3, kind: "expropriation", count: 7 },
        // Mediated together with the neighbours across the border.
        Together { on: (2024, 10, 16), committee: 6, kind: "forest_land", count: 1 },
    ],
    one_phone: &[65, 109, 128, 181],
    twists: &[
        (9, Twist::Court),
        (17, Twist::Overlong),
        (28, Twist::Attached),
        (36, Twist::NotTold),
        (44, Twist::Court),
        (53, Twist::HandedOver),
        (62, Twist::Warned("self_harm")),
        (71, Twist::Extended),
        (80, Twist::OralAtStake),
        (92, Twist::Corrected),
        (104, Twist::Overlong),
        (113, Twist::NotToldAnswered),
        (121, Twist::Replaced),
        (130, Twist::Court),
        (138, Twist::LateFollowUp),
        (147, Twist::HandedOver),
        (155, Twist::Overlong),
        (163, Twist::Warned("police")),
        (171, Twist::Court),
        (180, Twist::NotTold),
        (189, Twist::LateCourt),
        (197, Twist::LateFollowUp),
        (206, Twist::Extended),
        (214, Twist::NotTold),
        (220, Twist::Warned("group")),
    ],
    failed: &[
        (21, Twist::None),
        (49, Twist::None),
        (66, Twist::LateArchive),
        (88, Twist::None),
        (117, Twist::None),
        (142, Twist::LateArchive),
        (166, Twist::None),
        (193, Twist::None),
        (217, Twist::None),
    ],
    shares: &[
        ("labour", 160),
        ("contract", 135),
        ("family", 115),
        ("consumer", 150),
        ("expropriation", 180),
        ("forest_land", 70),
        ("housing", 80),
        ("business", 85),
    ],
};

/// How the cases that the first stretch left open went on: the place among those that ended otherwise, when, and how.
pub const WENT_ON: &[(usize, On, Fate)] = &[
    // More than a month: overdue.
    (7, (2024, 2, 6), Fate::Agreed),
    (8, (2024, 2, 2), Fate::Agreed),
    (9, (2024, 2, 8), Fate::Failed),
    (10, (2024, 2, 5), Fate::Agreed),
];

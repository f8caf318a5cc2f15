//! Places, and what townships add up to.

use std::collections::BTreeMap;

use engine::day::Day;
use engine::figure::{Number, Period, Sum};

use super::{Asked, Level, Place, Town, Within, group};
use crate::sets;

fn place(province: &str, city: &str, county: &str, town: &str) -> Place {
    let [province, city, county, town] = [province, city, county, town].map(str::to_owned);
    Place { origin: format!("example/{county}/{town}"), town, county, city, province }
}

#[test]
fn a_place_holds_what_lies_in_it() {
    let here = place("江西省", "赣州市", "上犹县", "青石乡");
    for (text, expect) in [
        ("江西省", true),
        ("赣州市", true),
        ("上犹县", true),
        ("江西省/赣州市", true),
        ("赣州市/上犹县", true),
        ("江西省/赣州市/上犹县", true),
        ("江西省/上犹县", false),
        ("湖南省", false),
        ("青石乡", false),
    ] {
        assert_eq!(Within::parse(text).unwrap().holds(&here), expect, "{text}");
    }
    for wrong in ["", "江西省/", "省/市/县/乡"] {
        assert_eq!(Within::parse(wrong), None, "{wrong}");
    }
}

fn town(place: Place, sums: &[(&str, i64, u64)]) -> Town {
    let sum = |(id, value, entries): &(&str, i64, u64)| {
        ((*id).to_owned(), Sum { value: *value, entries: *entries, late: 1, flagged: 0 })
    };
    Town { place, sums: sums.iter().map(sum).collect::<BTreeMap<_, _>>(), ..Town::default() }
}

#[test]
fn a_rate_is_divided_once_and_a_catalogue_counts_for_every_township() {
    let set = sets::check(&sets::shipped()).unwrap();
    let period = Period { from: Day::new(2023, 1, 1).unwrap(), to: Day::new(2023, 12, 31).unwrap() };
    let asked = |figure: &str| Asked { set: &set, figure: &set.figures[figure], period };
    let rate = set.figures.values().find_map(|figure| match &figure.counts {
        engine::definition::Counts::Ratio { of, over: engine::definition::Over::Figure(over), .. } => {
            let plain = |id: &str| set.figures.get(id).is_some_and(|figure| !figure.is_built());
            (plain(&of.value) && plain(&over.value)).then(|| (figure.id.clone(), of.value.clone(), over.value.clone()))
        }
        _ => None,
    });
    let (rate, of, over) = rate.expect("a rate of two counted figures");
    let two = [
        town(place("甲省", "", "甲县", "一乡"), &[(&of, 1, 1), (&over, 1, 1), (&rate, 0, 1)]),
        town(place("甲省", "", "甲县", "二乡"), &[(&of, 0, 0), (&over, 3, 3), (&rate, 0, 3)]),
        town(place("乙省", "", "乙县", "三乡"), &[]),
    ];
    let groups = group(asked(&rate), &two, Level::Province);
    let [second, first] = &groups[..] else { panic!("{groups:?}") };
    assert_eq!((&second.place[0], &first.place[0]), (&"乙省".to_owned(), &"甲省".to_owned()));
    let Number::Percent { scaled, digits } = first.reading.value else { panic!("{:?}", first.reading) };
    // Not the mean of 100 % and 0 %.
    assert_eq!(scaled, 25 * 10_i64.pow(digits.into()));
    assert_eq!((first.towns, first.silent, first.reading.entries, first.reading.late), (2, 0, 4, 2));
    assert_eq!((second.towns, second.silent, second.reading.entries), (1, 1, 0));
    assert_eq!(group(asked(&rate), &two, Level::Nation).len(), 1);
    assert_eq!(group(asked(&rate), &two, Level::Town).len(), 3);
}

//! What each kind of check sees in steps: arithmetic on days, values and numbers.

use std::collections::{BTreeMap, BTreeSet};

use engine::day::{Calendar, Day};

use super::Concerned;
use super::seen::Seen;

/// What was seen.
#[derive(Debug, PartialEq, Eq)]
pub struct Found {
    /// The middle of its key: a year, a month, a day.
    pub period: String,
    /// The end of its key: whom or what it is about.
    pub subject: String,
    /// In numbers.
    pub seen: String,
    /// The records it is about.
    pub records: Vec<Concerned>,
}

fn records<'s>(seen: impl IntoIterator<Item = &'s Seen>) -> Vec<Concerned> {
    let all: BTreeSet<&Concerned> = seen.into_iter().map(|one| &one.of).collect();
    all.into_iter().cloned().collect()
}

/// The median of the others, where a value is above so many times it; `known` parts there are, those with nothing too.
pub fn far_above(value: i64, mut others: Vec<i64>, known: usize, times: i64, at_least: i64) -> Option<String> {
    others.resize(others.len().max(known.saturating_sub(1)), 0);
    // Beside one or two others nothing is far from the usual.
    if others.len() < 3 || value < at_least {
        return None;
    }
    others.sort_unstable();
    let half = others.len() / 2;
    let twice = others[half] + others[if others.len().is_multiple_of(2) { half - 1 } else { half }];
    let shown = if twice % 2 == 0 { (twice / 2).to_string() } else { format!("{}.5", twice / 2) };
    (i128::from(value) * 2 > i128::from(times) * i128::from(twice)).then_some(shown)
}

/// Many on one day, for each value of the field asked for.
pub fn bursts(seen: &[Seen], more_than: i64) -> Vec<Found> {
    let mut days: BTreeMap<(Day, &str), Vec<&Seen>> = BTreeMap::new();
    for one in seen {
        match one.values.first() {
            Some(values) => values.iter().for_each(|of| days.entry((one.day, of)).or_default().push(one)),
            None => days.entry((one.day, "all")).or_default().push(one),
        }
    }
    let many = days.into_iter().filter(|(_, seen)| seen.len() as i64 > more_than);
    many.map(|((day, of), seen)| Found {
        period: day.to_string(),
        subject: of.to_owned(),
        seen: format!("{day} 一天 {} 件", seen.len()),
        records: records(seen),
    })
    .collect()
}

/// The steps of a year that name a record, for each record named.
pub fn naming(seen: &[Seen], year: i16) -> Vec<Found> {
    let mut named: BTreeMap<&str, Vec<&Seen>> = BTreeMap::new();
    for one in seen {
        one.values.iter().flatten().for_each(|of| named.entry(of).or_default().push(one));
    }
    let found = named.into_iter().map(|(of, seen)| Found {
        period: year.to_string(),
        subject: of.to_owned(),
        seen: format!("{} 条记入指的是它", seen.len()),
        records: records(seen),
    });
    found.collect()
}

/// One value in many records. It is not shown, and its key names the first record it stands in, not itself.
pub fn repeated(seen: &[Seen], more_than: i64, year: i16) -> Vec<Found> {
    let mut values: BTreeMap<String, Vec<&Seen>> = BTreeMap::new();
    let mut first: BTreeMap<String, String> = BTreeMap::new();
    for one in seen {
        for (nth, value) in one.values.iter().flatten().flat_map(|text| apart(text)).enumerate() {
            first.entry(value.clone()).or_insert_with(|| format!("{}-{}", one.of.record, nth + 1));
            values.entry(value).or_default().push(one);
        }
    }
    let group = |(value, seen): (String, Vec<&Seen>)| {
        let records = records(seen);
        (records.len() as i64 > more_than).then(|| Found {
            period: year.to_string(),
            subject: first.get(&value).cloned().unwrap_or_default(),
            seen: format!("同一个值出现在 {} 个案卷里", records.len()),
            records,
        })
    };
    let mut found: Vec<Found> = values.into_iter().filter_map(group).collect();
    // In the order of keys: the order of the values would say something of them.
    found.sort_by(|a, b| a.subject.cmp(&b.subject));
    found
}

/// Several values written into one text, without what people put between the digits of a number.
fn apart(text: &str) -> impl Iterator<Item = String> {
    let pieces = text.split(['、', '，', ',', '；', ';', '/', '\n']);
    let bare = |piece: &str| piece.chars().filter(|c| !c.is_whitespace() && *c != '-').collect::<String>();
    pieces.map(bare).filter(|piece| !piece.is_empty())
}

/// Too many from the last working day of a stretch of so many months on.
pub fn last_days(seen: &[Seen], calendar: &Calendar, months: i8, percent: i64, at_least: i64) -> Vec<Found> {
    let mut stretches: BTreeMap<Day, Vec<&Seen>> = BTreeMap::new();
    for one in seen {
        stretches.entry(stretch_end(one.day, months)).or_default().push(one);
    }
    let mut found = Vec::new();
    for (end, all) in stretches {
        let mut from = end;
        while !calendar.is_workday(from) && from > end.month_start() {
            from = from.prev();
        }
        let total = all.len() as i64;
        let late: Vec<&Seen> = all.into_iter().filter(|one| one.day >= from).collect();
        if total >= at_least && late.len() as i64 * 100 > percent * total {
            let since = if from == end { format!("{end}") } else { format!("{from} 至 {end}") };
            found.push(Found {
                period: end.to_string()[..7].to_owned(),
                subject: "end".to_owned(),
                seen: format!("{total} 件里有 {} 件在 {since}", late.len()),
                records: records(late),
            });
        }
    }
    found
}

/// The last day of the stretch a day lies in: of its month, quarter, half or year.
fn stretch_end(day: Day, months: i8) -> Day {
    let left = (months - 1) - (day.month() - 1) % months;
    day.month_start().plus_months(i32::from(left)).map_or(day, Day::month_end)
}

/// Somebody in different places on one day, by different records that share no place.
pub fn overlaps(seen: &[Seen]) -> Vec<Found> {
    let mut days: BTreeMap<(Day, &str), Vec<&Seen>> = BTreeMap::new();
    for one in seen.iter().filter(|one| one.values.len() == 2 && !one.values[1].is_empty()) {
        for who in &one.values[0] {
            days.entry((one.day, who)).or_default().push(one);
        }
    }
    let mut found = Vec::new();
    for ((day, who), all) in days {
        let apart = |a: &Seen, b: &Seen| a.of != b.of && !a.values[1].iter().any(|place| b.values[1].contains(place));
        let clash: Vec<&Seen> = all.iter().copied().filter(|a| all.iter().any(|b| apart(a, b))).collect();
        if !clash.is_empty() {
            found.push(Found {
                period: day.to_string(),
                subject: who.to_owned(),
                seen: format!("{day} 在不同的村有 {} 条记录", clash.len()),
                records: records(clash),
            });
        }
    }
    found
}

/// One number more than so many times another.
pub fn times(seen: &[Seen], more_than: i64) -> Vec<Found> {
    let many = |one: &&Seen| i128::from(one.number(0)) > i128::from(more_than) * i128::from(one.number(1));
    seen.iter()
        .filter(many)
        .map(|one| Found {
            period: one.day.to_string(),
            subject: one.of.record.clone(),
            seen: format!("{}：{} 对 {}", one.of.called, one.number(0), one.number(1)),
            records: vec![one.of.clone()],
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(day: &str, record: &str, values: &[&[&str]]) -> Seen {
        let values = values.iter().map(|values| values.iter().map(|text| (*text).to_owned()).collect()).collect();
        let of = Concerned { record: record.to_owned(), called: record.to_owned() };
        Seen { of, day: Day::parse(day).unwrap(), values }
    }

    #[track_caller]
    fn check(found: &[Found], expect: &[&str]) {
        let lines: Vec<String> = found
            .iter()
            .map(|one| {
                let of: Vec<&str> = one.records.iter().map(|of| of.record.as_str()).collect();
                format!("{}:{} {} [{}]", one.period, one.subject, one.seen, of.join(" "))
            })
            .collect();
        assert_eq!(lines, expect);
    }

    #[test]
    fn a_part_is_far_above_the_median_of_the_others() {
        for (value, others, known, expect) in [
            (271, vec![10, 12, 14, 9, 11, 13], 7, Some("11.5")),
            (30, vec![10, 12, 14, 9, 11, 13], 7, None),
            (35, vec![10, 12, 14, 9, 11, 13], 7, Some("11.5")),
            // Villages with nothing count among the others.
            (25, vec![20, 24], 7, Some("0")),
            (19, vec![0, 0, 0], 4, None),
            // Nothing to compare with.
            (300, vec![1, 2], 3, None),
        ] {
            assert_eq!(far_above(value, others.clone(), known, 3, 20).as_deref(), expect, "{value} beside {others:?}");
        }
    }

    #[test]
    fn steps_are_told_together_for_the_record_they_name() {
        let steps = [
            seen("2023-06-01", "a", &[&["x"]]),
            seen("2023-06-02", "b", &[&["y"]]),
            seen("2023-06-03", "c", &[&["x"]]),
            seen("2023-06-04", "d", &[&[]]),
        ];
        check(&naming(&steps, 2023), &["2023:x 2 条记入指的是它 [a c]", "2023:y 1 条记入指的是它 [b]"]);
    }

    #[test]
    fn many_on_one_day_are_counted_for_each_committee() {
        let steps = [
            seen("2023-06-01", "a", &[&["x"]]),
            seen("2023-06-01", "b", &[&["x"]]),
            seen("2023-06-01", "c", &[&["x"]]),
            seen("2023-06-01", "d", &[&["y"]]),
            seen("2023-06-02", "e", &[&["x"]]),
        ];
        check(&bursts(&steps, 2), &["2023-06-01:x 2023-06-01 一天 3 件 [a b c]"]);
        check(&bursts(&steps, 3), &[]);
        let bare: Vec<Seen> = steps.iter().map(|one| Seen { values: Vec::new(), ..one.clone() }).collect();
        check(&bursts(&bare, 3), &["2023-06-01:all 2023-06-01 一天 4 件 [a b c d]"]);
    }

    #[test]
    fn a_number_written_differently_is_the_same_and_is_never_shown() {
        let steps = [
            seen("2023-01-01", "a", &[&["138-0000 1111、13900002222"]]),
            seen("2023-01-02", "b", &[&["13800001111"]]),
            seen("2023-01-03", "c", &[&["13800001111，13800001111"]]),
            seen("2023-01-04", "d", &[&["13700003333"]]),
        ];
        check(&repeated(&steps, 2, 2023), &["2023:a-1 同一个值出现在 3 个案卷里 [a b c]"]);
        check(&repeated(&steps, 3, 2023), &[]);
    }

    #[test]
    fn the_last_working_day_and_the_rest_days_after_it_are_the_end_of_a_stretch() {
        // 2023-09-30 was a Saturday: the last working day without a calendar is Friday the 29th.
        let calendar = Calendar::default();
        let steps = [
            seen("2023-09-04", "a", &[]),
            seen("2023-09-29", "b", &[]),
            seen("2023-09-30", "c", &[]),
            seen("2023-09-29", "d", &[]),
            seen("2023-10-30", "e", &[]),
        ];
        check(
            &last_days(&steps, &calendar, 1, 50, 4),
            &["2023-09:end 4 件里有 3 件在 2023-09-29 至 2023-09-30 [b c d]"],
        );
        check(&last_days(&steps, &calendar, 1, 75, 4), &[]);
        check(&last_days(&steps, &calendar, 1, 50, 5), &[]);
        check(&last_days(&steps, &calendar, 12, 50, 4), &[]);
        for (day, months, end) in [
            ("2024-02-10", 1, "2024-02-29"),
            ("2024-02-10", 3, "2024-03-31"),
            ("2024-07-01", 6, "2024-12-31"),
            ("2024-06-30", 6, "2024-06-30"),
            ("2024-01-01", 12, "2024-12-31"),
        ] {
            assert_eq!(stretch_end(Day::parse(day).unwrap(), months).to_string(), end);
        }
    }

    #[test]
    fn one_person_cannot_be_in_two_villages_by_two_records_on_one_day() {
        let steps = [
            seen("2023-03-01", "a", &[&["l"], &["u"]]),
            seen("2023-03-01", "b", &[&["l"], &["v"]]),
            // All villages at once is one event.
            seen("2023-03-02", "c", &[&["l"], &["u", "v"]]),
            seen("2023-03-02", "d", &[&["l"], &["u"]]),
            // Somebody else, and for the township itself.
            seen("2023-03-03", "e", &[&["l"], &["u"]]),
            seen("2023-03-03", "f", &[&["m"], &["v"]]),
            seen("2023-03-03", "g", &[&["l"], &[]]),
        ];
        check(&overlaps(&steps), &["2023-03-01:l 2023-03-01 在不同的村有 2 条记录 [a b]"]);
    }

    #[test]
    fn what_was_handed_out_is_held_against_who_came() {
        let steps = [
            seen("2023-04-01", "a", &[&["500"], &["50"]]),
            seen("2023-04-02", "b", &[&["501"], &["50"]]),
            seen("2023-04-03", "c", &[&["1"], &["0"]]),
            seen("2023-04-04", "d", &[&["0"], &["0"]]),
            seen("2023-04-05", "e", &[&[], &[]]),
        ];
        check(&times(&steps, 10), &["2023-04-02:b b：501 对 50 [b]", "2023-04-03:c c：1 对 0 [c]"]);
    }
}

//! Figures as they are read: a value that carries the entries behind it (数字).

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::Serialize;

use crate::day::Day;
use crate::definition::{Counts, Definitions, FieldType, Figure, Over};
use crate::record::{Due, Fact, Rows};

/// The year a figure is read for, and the day it is read on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    /// First day.
    pub from: Day,
    /// Last day; stock figures and dues are judged on it.
    pub to: Day,
}

impl Period {
    /// A calendar year, up to `today` if it is the present one.
    pub fn year(year: i16, today: Day) -> Option<Period> {
        let (from, to) = (Day::new(year, 1, 1)?, Day::new(year, 12, 31)?);
        Some(Period { from, to: if from <= today { to.min(today) } else { to } })
    }

    /// The same days a year earlier (上年同期): of a whole year the whole year before, of one that still runs as much of
    /// it.
    pub fn last_year(self) -> Option<Period> {
        let year = self.from.year() - 1;
        let (month, day) = (self.to.month(), self.to.of_month());
        // The day before stands for 29 February.
        let to = Day::new(year, month, day).or_else(|| Day::new(year, month, day - 1))?;
        Some(Period { from: Day::new(year, 1, 1)?, to })
    }

    /// Whether it ends before its year does.
    pub fn is_part(self) -> bool {
        (self.to.month(), self.to.of_month()) != (12, 31)
    }
}

/// What the facts of one figure add up to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Sum {
    /// The value: records, units, fen, or different keys.
    pub value: i64,
    /// How many entries stand behind it.
    pub entries: u64,
    /// How many of them were recorded late.
    pub late: u64,
    /// How many of them belong to records that carry a flag.
    pub flagged: u64,
}

/// Adds up figures out of what was derived from every record: what a store does in SQL, in memory and without trusting
/// a store. Records come with their register's id. Those built on others have their entries here and their value in
/// [`read`].
pub fn add_up<'r>(
    set: &Definitions,
    records: impl IntoIterator<Item = (&'r str, &'r Rows)>,
    period: Period,
) -> BTreeMap<String, Sum> {
    let mut sums: BTreeMap<String, Sum> = BTreeMap::new();
    let mut keys: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    let mut entries: BTreeMap<&str, Vec<Mark>> = BTreeMap::new();
    for (register, rows) in records {
        for fact in &rows.facts {
            let Some(figure) = set.figures.get(&fact.figure).filter(|figure| counts(figure, fact, period)) else {
                continue;
            };
            let sum = sums.entry(fact.figure.clone()).or_default();
            let mark = Mark { entry: fact.entry, late: fact.late, flagged: fact.flagged };
            entries.entry(figure.id.as_str()).or_default().push(mark);
            match is_distinct(figure) {
                true => {
                    let seen = keys.entry(figure.id.as_str()).or_default();
                    seen.insert(fact.key.clone());
                    sum.value = seen.len() as i64;
                }
                false => sum.value += fact.value,
            }
        }
        for figure in set.figures.values() {
            let Counts::Overdue { step } = &figure.counts else { continue };
            if figure.register.as_ref().is_none_or(|of| of.value != register) {
                continue;
            }
            // A step with two terms from one entry is overdue once.
            let over = rows.dues.iter().filter(|due| due.step == step.value && is_over(due, rows, period.to));
            let over = over.map(|due| due.of_entry).collect::<BTreeSet<u64>>();
            sums.entry(figure.id.clone()).or_default().value += over.len() as i64;
            let marks = over.into_iter().map(|entry| Mark { entry, late: false, flagged: false });
            entries.entry(figure.id.as_str()).or_default().extend(marks);
        }
    }
    for figure in set.figures.values() {
        let of = |base: &Figure| entries.get(base.id.as_str()).cloned().unwrap_or_default();
        let behind = together(bases(set, figure).into_iter().flat_map(|base| of(base.figure)).collect());
        if !behind.is_empty() {
            let sum = sums.entry(figure.id.clone()).or_default();
            *sum = Sum { value: sum.value, ..Sum::of(&behind) };
        }
    }
    sums
}

/// An entry behind a figure, and how it is marked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mark {
    /// Its index.
    pub entry: u64,
    /// Recorded late.
    pub late: bool,
    /// Of a record that carries a flag.
    pub flagged: bool,
}

impl Sum {
    /// How many entries there are, and how many of them are marked; the value is for others to add up.
    pub fn of(marks: &[Mark]) -> Sum {
        let many = |is: fn(&&Mark) -> bool| marks.iter().filter(is).count() as u64;
        Sum { value: 0, entries: marks.len() as u64, late: many(|one| one.late), flagged: many(|one| one.flagged) }
    }
}

/// Each entry once, however many facts it gives on however many sides: one contract that covers seven villages gives
/// seven facts, and is one entry.
pub fn together(mut marks: Vec<Mark>) -> Vec<Mark> {
    marks.sort_unstable();
    marks.dedup_by(|again, first| {
        let same = again.entry == first.entry;
        first.late |= same && again.late;
        first.flagged |= same && again.flagged;
        same
    });
    marks
}

fn counts(figure: &Figure, fact: &Fact, period: Period) -> bool {
    match figure.is_stock() {
        true => fact.day <= period.to && fact.until_day.is_none_or(|until| until >= period.to),
        false => (period.from..=period.to).contains(&fact.day),
    }
}

/// Whether different keys are counted, not units.
pub fn is_distinct(figure: &Figure) -> bool {
    match &figure.counts {
        Counts::Distinct { .. } => true,
        Counts::Stock(stock) => stock.distinct.is_some(),
        _ => false,
    }
}

/// Whether a figure can be broken down by kind: it has one, or parts that have the same one, or parts that are kinds.
pub fn has_kinds(set: &Definitions, figure: &Figure) -> bool {
    let kind = |figure: &Figure| Some((figure.register.as_ref()?.value.clone(), figure.kind.as_ref()?.value.clone()));
    match &figure.counts {
        Counts::Total(_) => true,
        Counts::Ratio { of, over: Over::Items(_), .. } => {
            set.figures.get(&of.value).is_none_or(|of| kind(of).is_some())
        }
        Counts::Ratio { of, over: Over::Figure(over), .. } => {
            match (set.figures.get(&of.value), set.figures.get(&over.value)) {
                (Some(of), Some(over)) => kind(of).is_some() && kind(of) == kind(over),
                // That there is no such figure is a problem of its own.
                _ => true,
            }
        }
        // What is counted in all registers is told apart by them.
        _ => kind(figure).is_some() || figure.register.is_none(),
    }
}

/// Whether one entry may give several facts, so that entries and facts have to be told apart.
pub fn repeats_entries(figure: &Figure) -> bool {
    is_distinct(figure) || matches!(figure.counts, Counts::Flags { .. } | Counts::Questions)
}

/// Whether a due was over on a day: not met by then.
pub fn is_over(due: &Due, rows: &Rows, on: Day) -> bool {
    let met = due.met_by.and_then(|entry| rows.steps.iter().find(|step| step.entry == entry));
    due.binding && due.last < on && met.is_none_or(|step| step.day > on)
}

/// A value with its unit's way of being written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Number {
    /// A count.
    Whole(i64),
    /// An amount in fen.
    Fen(i64),
    /// Per cent: scaled by ten to the power of `digits`.
    Percent {
        /// The value times ten to the power of `digits`.
        scaled: i64,
        /// Digits after the point.
        digits: u8,
    },
    /// Nothing to divide by: what the definition says to write.
    None(String),
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Number::Whole(number) => write!(f, "{number}"),
            Number::Fen(fen) if fen % 100 == 0 => write!(f, "{}", fen / 100),
            Number::Fen(fen) => write!(f, "{}.{:02}", fen / 100, fen % 100),
            Number::Percent { scaled, digits } => {
                let scale = 10_i64.pow(u32::from(*digits));
                match digits {
                    0 => write!(f, "{scaled}"),
                    // 98.0% is written 98%: a report does not claim a digit that says nothing.
                    _ if scaled % scale == 0 => write!(f, "{}", scaled / scale),
                    _ => {
                        let text = format!("{}.{:0width$}", scaled / scale, scaled % scale, width = *digits as usize);
                        f.write_str(text.trim_end_matches('0'))
                    }
                }
            }
            Number::None(text) => f.write_str(text),
        }
    }
}

impl Serialize for Number {
    /// A JSON number, or null where there is none.
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let text = match self {
            Number::None(_) => return s.serialize_none(),
            other => other.to_string(),
        };
        match text.parse::<i64>() {
            Ok(whole) => s.serialize_i64(whole),
            Err(_) => s.serialize_f64(text.parse().unwrap_or(0.0)),
        }
    }
}

/// A part of a whole in per cent, rounded half up as people do on paper; the one rounding of shares.
pub fn share(part: u64, whole: u64) -> u64 {
    if whole == 0 { 0 } else { (part * 200 + whole) / (whole * 2) }
}

/// A figure's value and what stands behind it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Reading {
    /// The figure.
    pub figure: String,
    /// What people see.
    pub title: String,
    /// The value.
    pub value: Number,
    /// Its unit.
    pub unit: String,
    /// How many entries stand behind it.
    pub entries: u64,
    /// How many of them were recorded late.
    pub late: u64,
    /// How many of them belong to flagged records.
    pub flagged: u64,
}

impl Reading {
    /// `286起`, `100%`, `—`.
    pub fn text(&self) -> String {
        match self.value {
            Number::None(_) => self.value.to_string(),
            _ => format!("{}{}", self.value, self.unit),
        }
    }

    /// Of the entries, how many in a hundred were recorded late.
    pub fn late_share(&self) -> u64 {
        share(self.late, self.entries)
    }
}

/// Reads all figures of a set from the sums of a period that ends on `day`.
pub fn read_all(set: &Definitions, sums: &BTreeMap<String, Sum>, day: Day) -> BTreeMap<String, Reading> {
    set.figures.values().map(|figure| (figure.id.clone(), read(set, figure, sums, day))).collect()
}

/// Reads one figure.
pub fn read(set: &Definitions, figure: &Figure, sums: &BTreeMap<String, Sum>, day: Day) -> Reading {
    let behind = sums.get(&figure.id).copied().unwrap_or_default();
    Reading {
        figure: figure.id.clone(),
        title: figure.title.clone(),
        value: number(set, figure, sums, day),
        unit: figure.unit().to_owned(),
        entries: behind.entries,
        late: behind.late,
        flagged: behind.flagged,
    }
}

fn number(set: &Definitions, figure: &Figure, sums: &BTreeMap<String, Sum>, day: Day) -> Number {
    match &figure.counts {
        Counts::Ratio { of, over, .. } => {
            let over = match over {
                Over::Figure(over) => whole(set, over, sums),
                Over::Items(catalogue) => items(set, catalogue, day),
            };
            ratio(figure, whole(set, of, sums), over)
        }
        _ => amount(set, figure, whole(set, &figure.id, sums)),
    }
}

/// How many items of a catalogue are in force on a day.
pub fn items(set: &Definitions, catalogue: &str, day: Day) -> i64 {
    let items = set.catalogues.get(catalogue).map_or(&[][..], |catalogue| &catalogue.items);
    items.iter().filter(|item| item.holds(day)).count() as i64
}

/// A value of a ratio, of the figure or of a part of it, from what stands above and below the line.
pub fn ratio(figure: &Figure, of: i64, over: i64) -> Number {
    let Counts::Ratio { digits, when_zero, .. } = &figure.counts else { return Number::Whole(of) };
    if over == 0 {
        return Number::None(when_zero.clone());
    }
    let scale = 10_i128.pow(u32::from(*digits));
    // Rounded half up, as people do on paper.
    let scaled = (i128::from(of) * 100 * scale * 2 + i128::from(over)) / (i128::from(over) * 2);
    Number::Percent { scaled: scaled as i64, digits: *digits }
}

/// A value of a counted figure, of the whole or of a part of it, in the unit it is written in: money is kept in fen.
pub fn amount(set: &Definitions, figure: &Figure, value: i64) -> Number {
    if is_money(set, figure) { Number::Fen(value) } else { Number::Whole(value) }
}

fn whole(set: &Definitions, id: &str, sums: &BTreeMap<String, Sum>) -> i64 {
    match set.figures.get(id).map(|figure| &figure.counts) {
        Some(Counts::Total(parts)) => parts.iter().map(|part| whole(set, part, sums)).sum(),
        _ => sums.get(id).map_or(0, |sum| sum.value),
    }
}

fn is_money(set: &Definitions, figure: &Figure) -> bool {
    match &figure.counts {
        Counts::Sum { field, .. } => {
            let register = figure.register.as_ref().and_then(|id| set.register(id));
            register.and_then(|register| register.field(field)).is_some_and(|field| field.kind == FieldType::Money)
        }
        Counts::Total(parts) => {
            parts.first().and_then(|part| set.figures.get(&part.value)).is_some_and(|part| is_money(set, part))
        }
        _ => false,
    }
}

/// Where something stands in a rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// Above the line.
    Of,
    /// Below it.
    Over,
}

impl Side {
    /// What people call it.
    pub fn chinese(self) -> &'static str {
        match self {
            Side::Of => "分子",
            Side::Over => "分母",
        }
    }
}

/// A figure with facts of its own that stands behind one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Base<'d> {
    /// The side of the rate it stands on; none where nothing is divided.
    pub side: Option<Side>,
    /// The figure.
    pub figure: &'d Figure,
}

/// The figures with facts of their own whose entries stand behind one: itself if it is one of them, the parts of a
/// total, both sides of a rate.
pub fn bases<'d>(set: &'d Definitions, figure: &'d Figure) -> Vec<Base<'d>> {
    let mut found = Vec::new();
    collect(set, figure, None, &mut found);
    found
}

fn collect<'d>(set: &'d Definitions, figure: &'d Figure, side: Option<Side>, found: &mut Vec<Base<'d>>) {
    let parts: Vec<(&str, Option<Side>)> = match &figure.counts {
        Counts::Ratio { of, over, .. } => {
            let below = match over {
                Over::Figure(over) => Some((over.as_str(), side.or(Some(Side::Over)))),
                // Items stand in the definition, which no entry of a record says.
                Over::Items(_) => None,
            };
            [Some((of.as_str(), side.or(Some(Side::Of)))), below].into_iter().flatten().collect()
        }
        Counts::Total(parts) => parts.iter().map(|part| (part.value.as_str(), side)).collect(),
        _ => {
            let base = Base { side, figure };
            if !found.contains(&base) {
                found.push(base);
            }
            return;
        }
    };
    for (part, side) in parts {
        set.figures.get(part).into_iter().for_each(|part| collect(set, part, side, found));
    }
}

/// Whether no entry can stand behind two of these: an entry is of one record, and a record of one register.
pub fn are_apart(bases: &[Base<'_>]) -> bool {
    let mut seen = BTreeSet::new();
    bases.iter().all(|base| base.figure.register.as_ref().is_some_and(|at| seen.insert(at.value.as_str())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_a_report_writes_them() {
        for (number, expect) in [
            (Number::Whole(286), "286"),
            (Number::Fen(1_234_500), "12345"),
            (Number::Fen(1_234_550), "12345.50"),
            (Number::Percent { scaled: 1000, digits: 1 }, "100"),
            (Number::Percent { scaled: 983, digits: 1 }, "98.3"),
            (Number::Percent { scaled: 9830, digits: 2 }, "98.3"),
            (Number::Percent { scaled: 98, digits: 0 }, "98"),
            (Number::None("—".into()), "—"),
        ] {
            assert_eq!(number.to_string(), expect);
        }
    }

    #[test]
    fn numbers_are_numbers_in_json_and_null_where_there_is_none() {
        for (number, expect) in [
            (Number::Whole(286), "286"),
            (Number::Fen(1_234_500), "12345"),
            (Number::Fen(1_234_550), "12345.5"),
            (Number::Percent { scaled: 990, digits: 1 }, "99"),
            (Number::Percent { scaled: 983, digits: 1 }, "98.3"),
            (Number::None("—".into()), "null"),
        ] {
            assert_eq!(serde_json::to_string(&number).unwrap(), expect);
        }
    }

    #[test]
    fn shares_are_rounded_half_up() {
        for (part, whole, expect) in
            [(0, 0, 0), (1, 3, 33), (1, 16, 6), (1, 8, 13), (1, 200, 1), (1, 1000, 0), (5, 5, 100)]
        {
            assert_eq!(share(part, whole), expect, "{part} of {whole}");
        }
    }
}

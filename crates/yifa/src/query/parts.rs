//! A figure broken down: by village, month or kind.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use engine::day::Day;
use engine::definition::{Counts, Definitions, Field, FieldType, Figure, Over};
use engine::figure::{Number, Period, amount, bases, has_kinds, is_distinct, items, ratio};
use engine::report::By;
use serde::Serialize;

use super::figures::{adds, marks, sum};
use super::names::Names;
use super::overdue::Dues;
use crate::storage::Db;

/// One row of a breakdown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Part {
    /// The id of the village or choice, `2023-04`, or the figure that is a part of a total.
    pub key: String,
    /// What people see: village, month or kind.
    pub label: String,
    /// The value.
    pub value: Number,
    /// What a rate divides.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub of: Option<Number>,
    /// By what it divides.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub over: Option<Number>,
    /// How many entries stand behind it.
    pub entries: u64,
}

/// Why a figure cannot be broken down in a way, if it cannot.
pub fn obstacle(set: &Definitions, figure: &Figure, by: By) -> Option<String> {
    if by != By::Kind || has_kinds(set, figure) {
        return None;
    }
    Some(match figure.counts {
        Counts::Ratio { .. } => format!("“{}”的分子和分母没有共同的分类", figure.title),
        _ => format!("“{}”的定义没有写按什么分类（kind）", figure.title),
    })
}

/// Whether parts add up to the whole: rates do not, nor does what is in force at the end of each month, or a total of it.
pub fn is_added(set: &Definitions, figure: &Figure, by: By) -> bool {
    let stands = |figure: &Figure| matches!(figure.counts, Counts::Stock(_) | Counts::Overdue { .. });
    match figure.counts {
        Counts::Ratio { .. } => false,
        _ => by != By::Month || !bases(set, figure).iter().any(|base| stands(base.figure)),
    }
}

/// Breaks a figure down. The parts of a counted figure add up to it: what touches several villages is a part of its own.
/// A rate is computed for each part; what is in force is told for the end of each month.
pub fn breakdown(
    db: &Db,
    set: &Definitions,
    figure: &Figure,
    period: Period,
    by: By,
    dues: &Dues,
    names: &Names,
) -> Result<Vec<Part>> {
    let ask = Ask { db, set, period, by, dues, names, one_by_one: figure.is_built() };
    let Counts::Ratio { of, over, .. } = &figure.counts else {
        let part = |((_, key), cell): ((String, String), Cell)| Part {
            key,
            entries: cell.count(),
            label: cell.label,
            value: amount(set, figure, cell.value),
            of: None,
            over: None,
        };
        return Ok(ask.cells(figure)?.into_iter().map(part).collect());
    };
    let Some(above) = set.figures.get(&of.value) else { return Ok(Vec::new()) };
    let of = ask.cells(above)?;
    let (below, over) = match over {
        Over::Figure(over) => {
            let Some(below) = set.figures.get(&over.value) else { return Ok(Vec::new()) };
            (Some(below), ask.cells(below)?)
        }
        // Each part is held against the whole catalogue.
        Over::Items(catalogue) => {
            let cell = Cell { value: items(set, catalogue, period.to), ..Cell::default() };
            (None, of.keys().map(|key| (key.clone(), cell.clone())).collect())
        }
    };
    let keys: BTreeSet<_> = of.keys().chain(over.keys()).cloned().collect();
    let part = |key: (String, String)| {
        let (of, over) = (of.get(&key), over.get(&key));
        let value = |cell: Option<&Cell>| cell.map_or(0, |cell| cell.value);
        // An entry above the line is often one below it too.
        let entries: BTreeSet<u64> = of.iter().chain(over.iter()).flat_map(|cell| &cell.told).copied().collect();
        Part {
            label: of.or(over).map_or_else(String::new, |cell| cell.label.clone()),
            value: ratio(figure, value(of), value(over)),
            of: Some(amount(set, above, value(of))),
            over: Some(below.map_or(Number::Whole(value(over)), |below| amount(set, below, value(over)))),
            entries: entries.len() as u64,
            key: key.1,
        }
    };
    Ok(keys.into_iter().map(part).collect())
}

#[derive(Clone, Default)]
struct Cell {
    label: String,
    value: i64,
    /// How many entries, as counted by the database.
    entries: u64,
    /// Which, where they have to be told apart.
    told: BTreeSet<u64>,
}

impl Cell {
    fn count(&self) -> u64 {
        if self.told.is_empty() { self.entries } else { self.told.len() as u64 }
    }
}

/// By the order in which parts are shown, and their key.
type Cells = BTreeMap<(String, String), Cell>;

struct Ask<'a> {
    db: &'a Db,
    set: &'a Definitions,
    period: Period,
    by: By,
    dues: &'a Dues,
    names: &'a Names,
    /// Several figures are added or divided: an entry behind two of them is one.
    one_by_one: bool,
}

impl Ask<'_> {
    fn cells(&self, figure: &Figure) -> Result<Cells> {
        let mut cells = Cells::new();
        match &figure.counts {
            Counts::Total(parts) => {
                for (nth, part) in parts.iter().filter_map(|id| self.set.figures.get(&id.value)).enumerate() {
                    if self.by == By::Kind {
                        self.whole(part, (format!("{nth:03}"), part.id.clone()), &part.title, &mut cells)?;
                        continue;
                    }
                    for (key, cell) in self.cells(part)? {
                        let known = cells.entry(key).or_default();
                        known.value += cell.value;
                        known.told.extend(cell.told);
                        known.label = cell.label;
                    }
                }
            }
            Counts::Ratio { .. } => {}
            Counts::Stock(_) | Counts::Overdue { .. } if self.by == By::Month => {
                for to in ends(self.period) {
                    let key = month(to);
                    let ask = Ask { period: Period { to, ..self.period }, ..*self };
                    let label = format!("{}月末", to.month());
                    // None at the end of a month is told as well: it is what the month says.
                    cells.insert((key.clone(), key.clone()), Cell { label: label.clone(), ..Cell::default() });
                    ask.whole(figure, (key.clone(), key), &label, &mut cells)?;
                }
            }
            Counts::Overdue { .. } => {
                for over in self.dues.list(self.db, figure, self.period.to)? {
                    let key = if self.by == By::Kind { over.kind } else { over.village };
                    let (order, label) = self.told_as(figure, &key);
                    let cell = cells.entry((order, key)).or_default();
                    (cell.label, cell.value, cell.entries) = (label, cell.value + 1, cell.entries + 1);
                    cell.told.insert(over.entry);
                }
            }
            _ => self.facts(figure, &mut cells)?,
        }
        Ok(cells)
    }

    /// The whole of a figure, or of a total, as one cell; none where nothing stands behind it.
    fn whole(&self, figure: &Figure, key: (String, String), label: &str, cells: &mut Cells) -> Result<()> {
        for base in bases(self.set, figure).into_iter().map(|base| base.figure) {
            let sum = sum(self.db, base, self.period, self.dues)?;
            if sum.entries > 0 {
                let cell = cells.entry(key.clone()).or_default();
                cell.label = label.to_owned();
                cell.value += sum.value;
                cell.entries += sum.entries;
                if self.one_by_one {
                    cell.told.extend(marks(self.db, base, self.period, self.dues)?.iter().map(|mark| mark.entry));
                }
            }
        }
        Ok(())
    }

    fn facts(&self, figure: &Figure, cells: &mut Cells) -> Result<()> {
        let column = match self.by {
            By::Village => village_column(self.set, figure),
            By::Month => "substr(day, 1, 7)",
            By::Kind => "kind",
            // A township is one: nobody asks it for its townships.
            By::Town => "''",
        };
        let (value, entries) = adds(figure);
        let sql = format!(
            "SELECT {column}, {value}, {entries} FROM fact WHERE town_id = $1 AND figure = $2 AND {} \
             GROUP BY {column} ORDER BY {column}",
            self.dues.facts(figure)
        );
        let rows = self.db.rows(&sql, &self.dues.bind(figure, self.period), |row| {
            Ok((row.get::<String>(0)?, row.get::<i64>(1)?, row.get::<i64>(2)? as u64))
        })?;
        let mut told: BTreeMap<String, BTreeSet<u64>> = BTreeMap::new();
        if self.one_by_one {
            let sql = format!(
                "SELECT {column}, idx FROM fact WHERE town_id = $1 AND figure = $2 AND {} \
                 GROUP BY {column}, idx ORDER BY {column}, idx",
                self.dues.facts(figure)
            );
            self.db.each(&sql, &self.dues.bind(figure, self.period), |row| {
                told.entry(row.get(0)?).or_default().insert(row.get::<i64>(1)? as u64);
                Ok(())
            })?;
        }
        for (key, value, entries) in rows {
            let (order, label) = self.told_as(figure, &key);
            let told = told.remove(&key).unwrap_or_default();
            cells.insert((order, key), Cell { label, value, entries, told });
        }
        Ok(())
    }

    /// Where a part stands, and what people call it: months in the order of the year, kinds as the definition lists
    /// them, villages by name.
    fn told_as(&self, figure: &Figure, key: &str) -> (String, String) {
        match self.by {
            By::Month => (key.to_owned(), format!("{}月", key[5..].trim_start_matches('0'))),
            By::Kind => (format!("{:03}", kind_order(self.set, figure, key)), kind_title(self.set, figure, key)),
            By::Village => {
                let label = self.names.village(key);
                (label.clone(), label)
            }
            By::Town => (String::new(), String::new()),
        }
    }
}

fn month(day: Day) -> String {
    day.to_string()[..7].to_owned()
}

/// The last day of each month of a period, as far as it goes.
fn ends(period: Period) -> Vec<Day> {
    let firsts = (1..=12).filter_map(|month| Day::new(period.from.year(), month, 1));
    let last = |first: Day| match first.month() {
        12 => Day::new(first.year(), 12, 31),
        month => Day::new(first.year(), month + 1, 1)?.plus_days(-1),
    };
    firsts.filter(|first| *first <= period.to).filter_map(last).map(|end| end.min(period.to)).collect()
}

/// Where a fact's village stands: what is counted is itself a village, or has one, or touches some.
pub(super) fn village_column(set: &Definitions, figure: &Figure) -> &'static str {
    let register = figure.register.as_ref().map_or("", |at| at.value.as_str());
    let by = match &figure.counts {
        Counts::Distinct { by, .. } => Some(by),
        Counts::Stock(stock) => stock.distinct.as_ref(),
        _ => None,
    };
    let field = by.and_then(|by| set.register(register)?.field(by));
    match field.is_some_and(|field| matches!(field.kind, FieldType::Village | FieldType::Villages)) {
        true => "fact_key",
        false if register == "village" => "record",
        false => "village",
    }
}

/// Whether each part of a figure counts different things, so that the same one in two parts makes them more than the
/// whole.
pub fn overlaps(set: &Definitions, figure: &Figure, by: By) -> bool {
    is_distinct(figure) && !(by == By::Village && village_column(set, figure) == "fact_key")
}

fn kind_field<'d>(set: &'d Definitions, figure: &Figure) -> Option<&'d Field> {
    let register = set.register(&figure.register.as_ref()?.value)?;
    register.field(&figure.kind.as_ref()?.value)
}

/// A kind as people see it.
pub fn kind_title(set: &Definitions, figure: &Figure, key: &str) -> String {
    match (kind_field(set, figure), key) {
        (_, "") => "未分类".to_owned(),
        (Some(field), "true") => field.title.clone(),
        (Some(field), "false") => format!("非{}", field.title),
        (Some(field), key) => field.choice_title(key).to_owned(),
        (None, key) => set.register(key).map_or_else(|| key.to_owned(), |register| register.title.clone()),
    }
}

fn kind_order(set: &Definitions, figure: &Figure, key: &str) -> usize {
    let field = kind_field(set, figure);
    field.and_then(|field| field.choices.iter().position(|choice| choice.id.value == key)).unwrap_or(999)
}

//! The entries behind a cell of a statement (格子背后的记入).

use anyhow::Result;
use engine::definition::{Definitions, Figure, FigureCell, PartOf};
use engine::figure::Period;
use engine::report::By;

use crate::query::evidence::{Evidence, evidence};
use crate::query::names::Names;
use crate::query::overdue::Dues;
use crate::query::slice::Slice;
use crate::storage::Db;

/// The entries behind a cell: of the figure, of its part, or of the parts that have no cell.
pub fn behind(
    db: &Db,
    set: &Definitions,
    cell: &FigureCell,
    period: Period,
    dues: &Dues,
    names: &Names,
) -> Result<Vec<Evidence>> {
    let Some(figure) = set.figures.get(&cell.figure.value) else { return Ok(Vec::new()) };
    let mut all = evidence(db, set, figure, days(cell, period), dues, names)?;
    all.retain(|one| is_behind(set, figure, names, one, cell));
    Ok(all)
}

/// The days of a period that a cell is about.
pub fn days(cell: &FigureCell, period: Period) -> Period {
    match &cell.part {
        PartOf::One { by: By::Month, key } => {
            Slice { by: By::Month, key: format!("{}-{}", period.from.year(), key.value) }.period(period)
        }
        _ => period,
    }
}

/// Whether an entry behind a figure is behind a cell of it.
pub fn is_behind(set: &Definitions, figure: &Figure, names: &Names, one: &Evidence, cell: &FigureCell) -> bool {
    match &cell.part {
        PartOf::Whole => true,
        PartOf::One { by, key } => is_in(set, figure, names, one, *by, key),
        PartOf::Rest { by, but } => !but.iter().any(|key| is_in(set, figure, names, one, *by, key)),
    }
}

/// Whether an entry is behind the part a definition names: villages by their names, months by their numbers.
fn is_in(set: &Definitions, figure: &Figure, names: &Names, one: &Evidence, by: By, key: &str) -> bool {
    match by {
        By::Month => one.day.get(5..7) == Some(key),
        By::Village if one.village == key || one.keys.iter().any(|named| named == key) => true,
        _ => Slice { by, key: key.to_owned() }.holds(set, figure, names, one),
    }
}

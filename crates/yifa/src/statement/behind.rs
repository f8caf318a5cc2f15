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
    let days = match &cell.part {
        PartOf::One { by: By::Month, key } => {
            Slice { by: By::Month, key: format!("{}-{}", period.from.year(), key.value) }.period(period)
        }
        _ => period,
    };
    let mut all = evidence(db, set, figure, days, dues, names)?;
    let is_in = |one: &Evidence, by: By, key: &str| is_in(set, figure, names, one, by, key);
    match &cell.part {
        PartOf::Whole => {}
        PartOf::One { by, key } => all.retain(|one| is_in(one, *by, key)),
        PartOf::Rest { by, but } => all.retain(|one| !but.iter().any(|key| is_in(one, *by, key))),
    }
    Ok(all)
}

/// Whether an entry is behind the part a definition names: villages by their names, months by their numbers.
fn is_in(set: &Definitions, figure: &Figure, names: &Names, one: &Evidence, by: By, key: &str) -> bool {
    match by {
        By::Month => one.day.get(5..7) == Some(key),
        By::Village if one.village == key || one.keys.iter().any(|named| named == key) => true,
        _ => Slice { by, key: key.to_owned() }.holds(set, figure, names, one),
    }
}

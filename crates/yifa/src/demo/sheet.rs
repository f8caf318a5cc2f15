//! Sheets: what was written down by hand, row by row, for registers whose records are few enough to be told one by one.
//!
//! ```text
//! = all : a、b                            a cell that reads `all` stands for `a、b`
//! [register.step] by NAME, recorded DAY    whose columns follow; recorded by chance when no day is given
//! [register.step] by NAME, later           the same, on the next working day at the earliest
//! key | on | field | field                 `key` names the record; a row of a later step finds it by that; without
//!                                          one it goes by its title, as for everybody
//! ```
//!
//! A column `entry` gives the row's entry a name, and a cell `序号：NAME` of a later row is that entry's number in the
//! journal: nobody could write it down by hand before everything is in its order.

use std::collections::BTreeMap;

use anyhow::{Context, Result, ensure};
use engine::day::Day;
use engine::form::{Given, Input};

use super::plan::Plan;

/// One section's heading.
struct Section<'s> {
    path: &'s str,
    by: &'s str,
    recorded: Option<Day>,
    later: bool,
    columns: Vec<&'s str>,
}

/// Plans every row of a sheet; `files` gives what an attachment's name stands for.
pub fn plan(plan: &mut Plan<'_>, sheet: &str, files: &BTreeMap<String, String>) -> Result<()> {
    let mut stands_for: BTreeMap<&str, &str> = BTreeMap::new();
    let mut section: Option<Section<'_>> = None;
    for line in sheet.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("//")) {
        if let Some((name, text)) = line.strip_prefix('=').and_then(|rest| rest.split_once(" : ")) {
            stands_for.insert(name.trim(), text.trim());
        } else if line.starts_with('[') {
            section = Some(heading(line)?);
        } else {
            let section = section.as_mut().with_context(|| format!("a row outside a section: {line}"))?;
            let cells: Vec<&str> = line.split('|').map(str::trim).collect();
            if section.columns.is_empty() {
                section.columns = cells;
                continue;
            }
            ensure!(cells.len() == section.columns.len(), "{}: {} cells in: {line}", section.path, cells.len());
            row(plan, section, &cells, &stands_for, files)?;
        }
    }
    Ok(())
}

fn heading(line: &str) -> Result<Section<'_>> {
    let (path, rest) = line.trim_start_matches('[').split_once(']').with_context(|| format!("a heading: {line}"))?;
    let rest = rest.trim().strip_prefix("by ").with_context(|| format!("who records: {line}"))?;
    let (by, when) = rest.split_once(", ").unwrap_or((rest, ""));
    let recorded = when.strip_prefix("recorded ").and_then(Day::parse);
    ensure!(when.is_empty() || when == "later" || recorded.is_some(), "when it is recorded: {line}");
    Ok(Section { path, by, recorded, later: when == "later", columns: Vec::new() })
}

fn row(
    plan: &mut Plan<'_>,
    section: &Section<'_>,
    cells: &[&str],
    stands_for: &BTreeMap<&str, &str>,
    files: &BTreeMap<String, String>,
) -> Result<()> {
    let mut given = Given::new();
    let (mut key, mut mark) = ("", "");
    let mut numbers = Vec::new();
    for (column, cell) in section.columns.iter().zip(cells) {
        let cell = stands_for.get(cell).unwrap_or(cell);
        if *column == "key" {
            key = cell;
        } else if *column == "entry" {
            mark = cell;
        } else if let Some(name) = cell.strip_prefix("序号：") {
            // Any number will do until the journal's order is known.
            given.insert((*column).to_owned(), Input::Text("1".to_owned()));
            numbers.push((*column, name));
        } else if !cell.is_empty() {
            given.insert((*column).to_owned(), Input::Text(attached(cell, files)));
        }
    }
    let on = given.get("on").and_then(|input| Day::parse(input.texts().first()?));
    let (register, step) = section.path.split_once('.').context("register.step")?;
    let definition = plan.set().register(register).with_context(|| format!("no register {register}"))?;
    let opens = definition.step(step).is_some_and(|step| step.opens());
    let record = if opens { String::new() } else { plan.named(register, key)? };
    let at = match section.recorded {
        Some(day) => plan.at_the_desk(day),
        None => {
            let on = on.with_context(|| format!("{}: a row without a day", section.path))?;
            let lag = lag(plan).max(i32::from(section.later));
            // What is copied has to be in the ledger first.
            let copied = definition.step(step).and_then(|step| plan.copied_on(step, &given));
            let from = copied.filter(|copied| *copied >= on).map_or(on, Day::next);
            plan.moment(&record, from, lag)
        }
    };
    if !opens {
        let entry = plan.take(at, section.by, section.path, &record, &given)?;
        for (column, name) in numbers {
            plan.number_of(&entry, column, name)?;
        }
        if !mark.is_empty() {
            plan.mark(mark, &entry);
        }
        return Ok(());
    }
    ensure!(
        numbers.is_empty() && mark.is_empty(),
        "{}: what opens a record is neither marked nor numbered",
        section.path
    );
    let record = plan.open(at, section.by, section.path, &given)?;
    let name = if key.is_empty() { plan.title(&record)? } else { key.to_owned() };
    plan.name(register, &name, &record);
    Ok(())
}

/// Most things are recorded at once or within days; a few are late.
fn lag(plan: &mut Plan<'_>) -> i32 {
    match plan.chance.between(1, 100) {
        1..=55 => 0,
        56..=80 => 1,
        81..=93 => plan.chance.between(2, 3),
        _ => plan.chance.between(6, 9),
    }
}

/// `附件：签到表、附件：照片` as the digests of those files.
fn attached(cell: &str, files: &BTreeMap<String, String>) -> String {
    let pieces: Vec<&str> = cell.split('、').collect();
    let digests: Vec<&str> =
        pieces.iter().filter_map(|piece| files.get(piece.strip_prefix("附件：")?)).map(String::as_str).collect();
    if digests.len() == pieces.len() { digests.join("、") } else { cell.to_owned() }
}

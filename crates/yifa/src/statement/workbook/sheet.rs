//! The cells of one worksheet part, edited in place: whatever is not touched stays as it was written (工作表).

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use engine::statement::{Area, Square};
use quick_xml::Reader;
use quick_xml::escape::{escape, unescape};
use quick_xml::events::{BytesStart, Event};

use super::reference::{Inserted, moved};

/// Names and values of a tag, as they were written.
type Marks = Vec<(String, String)>;

/// A worksheet part.
pub(super) struct Sheet {
    /// All before the rows.
    head: String,
    rows: BTreeMap<u32, Row>,
    /// All after them.
    tail: String,
    /// What stands before each name, where the file writes names with a prefix.
    prefix: String,
}

#[derive(Clone, Default)]
struct Row {
    marks: Marks,
    cells: BTreeMap<u32, Cell>,
}

#[derive(Clone, Default)]
struct Cell {
    marks: Marks,
    inside: String,
}

impl Cell {
    fn mark(&self, name: &str) -> Option<&str> {
        self.marks.iter().find(|(mark, _)| mark == name).map(|(_, value)| value.as_str())
    }

    /// The tag of the formula in it and its text, as written.
    fn formula(&self) -> Result<Option<(Marks, String)>> {
        let mut reader = Reader::from_str(&self.inside);
        loop {
            match reader.read_event()? {
                Event::Start(tag) if tag.local_name().as_ref() == "f" => {
                    let marks = marks(&tag)?;
                    return Ok(Some((marks, reader.read_text(tag.name())?.to_string())));
                }
                Event::Empty(tag) if tag.local_name().as_ref() == "f" => {
                    return Ok(Some((marks(&tag)?, String::new())));
                }
                Event::Eof => return Ok(None),
                _ => {}
            }
        }
    }
}

/// What a cell holds, as somebody looking at it would say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Seen {
    Nothing,
    Number,
    Text(String),
    Formula,
}

impl Sheet {
    pub(super) fn read(xml: &str) -> Result<Sheet> {
        let mut reader = Reader::from_str(xml);
        let mut sheet =
            Sheet { head: String::new(), rows: BTreeMap::new(), tail: String::new(), prefix: String::new() };
        // The row and cell being read, and where the inside of the cell began.
        let mut row: Option<(u32, Row)> = None;
        let mut cell: Option<(u32, Cell, usize)> = None;
        let (mut last_row, mut last_column, mut inside) = (None, None, false);
        loop {
            let before = usize::try_from(reader.buffer_position())?;
            let event = reader.read_event()?;
            let after = usize::try_from(reader.buffer_position())?;
            let (tag, empty) = match &event {
                Event::Start(tag) => (Some(tag), false),
                Event::Empty(tag) => (Some(tag), true),
                _ => (None, false),
            };
            if let Some(tag) = tag {
                match tag.local_name().as_ref() {
                    "sheetData" if !inside => {
                        sheet.prefix = prefix_of(tag);
                        let name = format!("{}sheetData", sheet.prefix);
                        sheet.head = format!("{}<{name}>", &xml[..before]);
                        if empty {
                            sheet.tail = format!("</{name}>{}", &xml[after..]);
                            return Ok(sheet);
                        }
                        inside = true;
                    }
                    "row" if inside && cell.is_none() => {
                        let mut marks = marks(tag)?;
                        let at = take(&mut marks, "r").and_then(|row| Square::row(&row));
                        let at = at.unwrap_or_else(|| last_row.map_or(0, |row: u32| row + 1));
                        take(&mut marks, "spans");
                        (last_row, last_column) = (Some(at), None);
                        let read = (at, Row { marks, cells: BTreeMap::new() });
                        if empty { drop(sheet.rows.insert(read.0, read.1)) } else { row = Some(read) }
                    }
                    "c" if row.is_some() && cell.is_none() => {
                        let mut marks = marks(tag)?;
                        let at = take(&mut marks, "r").and_then(|at| Square::parse(&at)).map(|at| at.column);
                        let at = at.unwrap_or_else(|| last_column.map_or(0, |column: u32| column + 1));
                        last_column = Some(at);
                        let read = Cell { marks, inside: String::new() };
                        match (empty, &mut row) {
                            (true, Some((_, row))) => drop(row.cells.insert(at, read)),
                            _ => cell = Some((at, read, after)),
                        }
                    }
                    _ => {}
                }
            }
            match event {
                Event::End(tag) => match tag.local_name().as_ref() {
                    "c" => {
                        if let (Some((at, mut read, from)), Some((_, row))) = (cell.take(), &mut row) {
                            xml[from..before].clone_into(&mut read.inside);
                            row.cells.insert(at, read);
                        }
                    }
                    "row" if cell.is_none() => sheet.rows.extend(row.take()),
                    "sheetData" if inside => {
                        xml[before..].clone_into(&mut sheet.tail);
                        return Ok(sheet);
                    }
                    _ => {}
                },
                Event::Eof => anyhow::bail!("a worksheet without sheetData"),
                _ => {}
            }
        }
    }

    pub(super) fn write(&self) -> String {
        let p = &self.prefix;
        let mut out = self.head.clone();
        for (at, row) in &self.rows {
            out.push_str(&format!("<{p}row r=\"{}\"{}", at + 1, written(&row.marks)));
            if row.cells.is_empty() {
                out.push_str("/>");
                continue;
            }
            out.push('>');
            for (column, cell) in &row.cells {
                let at = Square { row: *at, column: *column };
                out.push_str(&format!("<{p}c r=\"{at}\"{}", written(&cell.marks)));
                match cell.inside.is_empty() {
                    true => out.push_str("/>"),
                    false => out.push_str(&format!(">{}</{p}c>", cell.inside)),
                }
            }
            out.push_str(&format!("</{p}row>"));
        }
        out.push_str(&self.tail);
        out
    }

    /// What a cell holds; `shared` are the workbook's texts.
    pub(super) fn seen(&self, at: Square, shared: &[String]) -> Result<Seen> {
        let Some(cell) = self.rows.get(&at.row).and_then(|row| row.cells.get(&at.column)) else {
            return Ok(Seen::Nothing);
        };
        if cell.formula()?.is_some() {
            return Ok(Seen::Formula);
        }
        let text = text_in(&cell.inside)?;
        let text = match cell.mark("t") {
            Some("s") => text.trim().parse().ok().and_then(|nth: usize| shared.get(nth)).cloned().unwrap_or_default(),
            Some("inlineStr" | "str" | "e") => text,
            _ if text.trim().is_empty() => return Ok(Seen::Nothing),
            _ => return Ok(Seen::Number),
        };
        Ok(if text.trim().is_empty() { Seen::Nothing } else { Seen::Text(text) })
    }

    /// The number of the format a cell is written in.
    pub(super) fn format(&self, at: Square) -> Option<usize> {
        self.rows.get(&at.row)?.cells.get(&at.column)?.mark("s")?.parse().ok()
    }

    fn set(&mut self, at: Square, kind: Option<&str>, inside: String) {
        let cell = self.rows.entry(at.row).or_default().cells.entry(at.column).or_default();
        cell.marks.retain(|(name, _)| name == "s");
        cell.marks.extend(kind.map(|kind| ("t".to_owned(), kind.to_owned())));
        cell.inside = inside;
    }

    pub(super) fn set_number(&mut self, at: Square, number: &str) {
        let p = &self.prefix;
        self.set(at, None, format!("<{p}v>{number}</{p}v>"));
    }

    /// A text stays one, whatever it begins with: it is never a formula.
    pub(super) fn set_text(&mut self, at: Square, text: &str) {
        let p = &self.prefix;
        let text: String = text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect();
        let inside = format!("<{p}is><{p}t xml:space=\"preserve\">{}</{p}t></{p}is>", escape(text.as_str()));
        self.set(at, Some("inlineStr"), inside);
    }

    /// The cells that are one.
    pub(super) fn merged(&self) -> Result<Vec<Area>> {
        let mut areas = Vec::new();
        let mut reader = Reader::from_str(&self.tail);
        // The tail begins with the end of what the head began.
        reader.config_mut().check_end_names = false;
        reader.config_mut().allow_unmatched_ends = true;
        loop {
            match reader.read_event()? {
                Event::Start(tag) | Event::Empty(tag) if tag.local_name().as_ref() == "mergeCell" => {
                    areas.extend(
                        marks(&tag)?.iter().find(|(name, _)| name == "ref").and_then(|(_, at)| Area::parse(at)),
                    );
                }
                Event::Eof => return Ok(areas),
                _ => {}
            }
        }
    }

    /// What of a sheet would not move along when rows are put in.
    pub(super) fn hindrance(&self) -> Option<&'static str> {
        let parts = [("tableParts", "“表格”（超级表）"), ("legacyDrawing", "批注"), ("drawing", "图片或者图形")];
        let holds = |name: &str| {
            self.tail.match_indices(name).any(|(at, _)| {
                let before = self.tail[..at].chars().next_back();
                let after = self.tail[at + name.len()..].chars().next();
                matches!(before, Some('<' | ':')) && matches!(after, Some(' ' | '/' | '>'))
            })
        };
        parts.into_iter().find(|(name, _)| holds(name)).map(|(_, title)| title)
    }

    /// Gives a row a height, in points.
    pub(super) fn set_height(&mut self, row: u32, points: f64) {
        let marks = &mut self.rows.entry(row).or_default().marks;
        marks.retain(|(name, _)| !matches!(name.as_str(), "ht" | "customHeight"));
        marks.extend(
            [("ht", points.to_string()), ("customHeight", "1".to_owned())].map(|(name, of)| (name.to_owned(), of)),
        );
    }

    /// Puts rows in, each like the one they are put below, and moves what is further down.
    pub(super) fn insert(&mut self, inserted: Inserted, here: &str) -> Result<()> {
        self.unshare()?;
        let model = self.rows.get(&inserted.below).cloned().unwrap_or_default();
        let points_here = |sheet: Option<&str>| sheet.is_none_or(|sheet| sheet == here);
        let rows = std::mem::take(&mut self.rows);
        for (at, mut row) in rows {
            for cell in row.cells.values_mut() {
                rewrite_formula(cell, |formula| inserted.formula(formula, points_here))?;
            }
            self.rows.insert(inserted.row(at), row);
        }
        for nth in 1..=inserted.rows {
            let mut row = model.clone();
            for cell in row.cells.values_mut() {
                rewrite_formula(cell, |formula| moved(formula, i64::from(nth), 0))?;
            }
            self.rows.insert(inserted.below + nth, row);
        }
        let alone: Vec<Area> = self
            .merged()?
            .into_iter()
            .filter(|area| (area.from.row, area.to.row) == (inserted.below, inserted.below))
            .collect();
        self.tail = elsewhere(&self.tail, inserted, points_here, &alone, &self.prefix)?;
        self.head = in_head(&self.head, inserted);
        Ok(())
    }

    /// Formulas written once for many cells are written into each: they move apart.
    fn unshare(&mut self) -> Result<()> {
        let mut masters: BTreeMap<String, (Square, String)> = BTreeMap::new();
        let si = |marks: &Marks| marks.iter().find(|(name, _)| name == "si").map(|(_, si)| si.clone());
        for (row, cells) in &self.rows {
            for (column, cell) in &cells.cells {
                if let Some((marks, text)) = cell.formula()?
                    && let (Some(si), false) = (si(&marks), text.is_empty())
                {
                    masters.insert(si, (Square { row: *row, column: *column }, unescape(&text)?.into_owned()));
                }
            }
        }
        let p = self.prefix.clone();
        for (row, cells) in &mut self.rows {
            for (column, cell) in &mut cells.cells {
                let Some((marks, _)) = cell.formula()? else { continue };
                let Some((master, text)) = si(&marks).and_then(|si| masters.get(&si)) else { continue };
                let (down, across) =
                    (i64::from(*row) - i64::from(master.row), i64::from(*column) - i64::from(master.column));
                cell.inside = format!("<{p}f>{}</{p}f>", escape(moved(text, down, across)));
            }
        }
        Ok(())
    }

    /// Formulas that point into another sheet in which rows were put.
    pub(super) fn follow(&mut self, inserted: Inserted, there: &str) -> Result<()> {
        for cell in self.rows.values_mut().flat_map(|row| row.cells.values_mut()) {
            rewrite_formula(cell, |formula| inserted.formula(formula, |sheet| sheet == Some(there)))?;
        }
        Ok(())
    }

    /// Takes away what formulas came to before: it would be believed.
    pub(super) fn forget_results(&mut self) -> Result<()> {
        let p = self.prefix.clone();
        for cell in self.rows.values_mut().flat_map(|row| row.cells.values_mut()) {
            if let Some((marks, text)) = cell.formula()? {
                cell.marks.retain(|(name, _)| name != "t");
                cell.inside = match text.is_empty() {
                    true => format!("<{p}f{}/>", written(&marks)),
                    false => format!("<{p}f{}>{text}</{p}f>", written(&marks)),
                };
            }
        }
        Ok(())
    }
}

fn prefix_of(tag: &BytesStart<'_>) -> String {
    tag.name().as_ref().rsplit_once(':').map_or_else(String::new, |(prefix, _)| format!("{prefix}:"))
}

fn marks(tag: &BytesStart<'_>) -> Result<Marks> {
    let one = |mark: Result<quick_xml::events::attributes::Attribute<'_>, _>| {
        let mark = mark.context("attribute")?;
        Ok((mark.key.as_ref().to_owned(), mark.value.into_owned()))
    };
    tag.attributes().map(one).collect()
}

fn take(marks: &mut Marks, name: &str) -> Option<String> {
    let at = marks.iter().position(|(mark, _)| mark == name)?;
    Some(marks.remove(at).1)
}

fn written(marks: &Marks) -> String {
    marks.iter().map(|(name, value)| format!(" {name}=\"{}\"", value.replace('"', "&quot;"))).collect()
}

/// The words in a piece of a part, those over other words as pronunciation left out.
pub(super) fn text_in(xml: &str) -> Result<String> {
    let mut reader = Reader::from_str(xml);
    let (mut text, mut aside) = (String::new(), 0_u32);
    loop {
        match reader.read_event()? {
            Event::Start(tag) if aside > 0 || tag.local_name().as_ref() == "rPh" => aside += 1,
            Event::End(_) if aside > 0 => aside -= 1,
            Event::Text(words) if aside == 0 => text.push_str(&words),
            Event::CData(words) if aside == 0 => text.push_str(&words),
            Event::GeneralRef(entity) if aside == 0 => {
                let name: &str = &entity;
                text.push_str(&unescape(&format!("&{name};"))?);
            }
            Event::Eof => return Ok(text),
            _ => {}
        }
    }
}

fn rewrite_formula(cell: &mut Cell, each: impl Fn(&str) -> String) -> Result<()> {
    let Some((mut marks, text)) = cell.formula()? else { return Ok(()) };
    if text.is_empty() {
        return Ok(());
    }
    let fresh = escape(each(&unescape(&text)?)).into_owned();
    if fresh == text {
        return Ok(());
    }
    for (name, value) in &mut marks {
        if name == "ref" {
            *value = each(value);
        }
    }
    let name = if cell.inside.starts_with("<f") { "f".to_owned() } else { formula_name(&cell.inside) };
    cell.inside = format!("<{name}{}>{fresh}</{name}>", written(&marks));
    Ok(())
}

/// The name of the formula's tag, with its prefix.
fn formula_name(inside: &str) -> String {
    inside.trim_start_matches('<').split([' ', '>', '/']).next().unwrap_or("f").to_owned()
}

/// Where the used cells end: the next program counts again, so that a wrong one does no harm, and a right one is better.
fn in_head(head: &str, inserted: Inserted) -> String {
    let Some(at) = head.find("dimension ref=\"").map(|at| at + "dimension ref=\"".len()) else {
        return head.to_owned();
    };
    let Some(end) = head[at..].find('"').map(|end| at + end) else { return head.to_owned() };
    format!("{}{}{}", &head[..at], inserted.areas(&head[at..end]), &head[end..])
}

/// What stands after the rows: areas, breaks and formulas follow; merged cells of the row that was repeated repeat.
fn elsewhere(
    tail: &str,
    inserted: Inserted,
    points_here: impl Fn(Option<&str>) -> bool + Copy,
    alone: &[Area],
    p: &str,
) -> Result<String> {
    let mut reader = Reader::from_str(tail);
    reader.config_mut().check_end_names = false;
    reader.config_mut().allow_unmatched_ends = true;
    let (mut out, mut formula, mut areas) = (String::with_capacity(tail.len()), false, false);
    loop {
        let before = usize::try_from(reader.buffer_position())?;
        let event = reader.read_event()?;
        let raw = &tail[before..usize::try_from(reader.buffer_position())?];
        match &event {
            Event::Start(tag) | Event::Empty(tag) => {
                let (local, closed) = (tag.local_name().as_ref().to_owned(), matches!(event, Event::Empty(_)));
                formula = !closed && matches!(local.as_str(), "formula" | "formula1" | "formula2" | "f");
                areas = !closed && local == "sqref";
                let mut changed = marks(tag)?;
                for (name, value) in &mut changed {
                    match name.as_str() {
                        // A merged row of its own is one row still; the others follow below.
                        "ref" if local == "mergeCell" && alone.iter().any(|area| area.to_string() == *value) => {}
                        "ref" | "sqref" => *value = inserted.areas(value),
                        "id" if local == "brk" => {
                            let row = value.parse::<u32>().ok().and_then(|row| row.checked_sub(1));
                            *value = row.map_or_else(|| value.clone(), |row| (inserted.row(row) + 1).to_string());
                        }
                        "count" if local == "mergeCells" => {
                            let more = alone.len() * inserted.rows as usize;
                            *value = value.parse::<usize>().map_or_else(|_| value.clone(), |n| (n + more).to_string());
                        }
                        _ => {}
                    }
                }
                let name = tag.name().as_ref().to_owned();
                out.push_str(&format!("<{name}{}{}>", written(&changed), if closed { "/" } else { "" }));
            }
            Event::Text(text) if formula => {
                let fresh = inserted.formula(&unescape(text)?, points_here);
                out.push_str(&escape(fresh));
            }
            Event::Text(text) if areas => out.push_str(&inserted.areas(text)),
            Event::End(tag) => {
                (formula, areas) = (false, false);
                if tag.local_name().as_ref() == "mergeCells" {
                    for nth in 1..=inserted.rows {
                        for area in alone {
                            let down = |at: Square| Square { row: at.row + nth, ..at };
                            let area = Area { from: down(area.from), to: down(area.to) };
                            out.push_str(&format!("<{p}mergeCell ref=\"{area}\"/>"));
                        }
                    }
                }
                out.push_str(raw);
            }
            Event::Eof => return Ok(out),
            _ => out.push_str(raw),
        }
    }
}

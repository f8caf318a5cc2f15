//! The parts of an .xlsx: which sheets it has, where they lie, and how one is added (工作簿的部件).

use std::io::{Cursor, Read, Write};

use anyhow::{Context, Result};
use quick_xml::Reader;
use quick_xml::escape::{escape, unescape};
use quick_xml::events::Event;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use super::reference::Inserted;
use super::sheet::{Sheet, text_in};
use crate::refused::{Refused, refuse};
use crate::table;

const WORKBOOK: &str = "xl/workbook.xml";
const RELATIONS: &str = "xl/_rels/workbook.xml.rels";
const TYPES: &str = "[Content_Types].xml";
const SHEET_TYPE: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml";
const SHEET_RELATION: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet";

/// The most bytes a template unpacks to: an empty form is far smaller, and all of it is held in memory.
const MOST: u64 = 96 << 20;

/// A workbook unpacked.
pub(super) struct Package {
    /// In the order of the container.
    parts: Vec<(String, Vec<u8>)>,
    pub sheets: Vec<Named>,
}

/// A sheet as the workbook names it.
pub(super) struct Named {
    pub name: String,
    part: String,
    visible: bool,
}

impl Package {
    /// Unpacks it, once it was measured; what is no workbook is told as it is for imports.
    pub(super) fn open(bytes: &[u8]) -> Result<Package> {
        table::is_workbook(bytes).map_err(|problem| Refused(vec![problem]))?;
        let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(|_| broken())?;
        let (mut parts, mut left) = (Vec::new(), MOST);
        for index in 0..zip.len() {
            let mut part = zip.by_index(index).map_err(|_| broken())?;
            if part.is_dir() {
                continue;
            }
            let name = part.name().map_err(|_| broken())?.into_owned();
            let mut bytes = Vec::new();
            part.by_ref().take(left + 1).read_to_end(&mut bytes).map_err(|_| broken())?;
            left = left.checked_sub(bytes.len() as u64).ok_or_else(|| {
                let text = format!("模板解开后超过 {} MB", MOST >> 20);
                refuse(406, text, "请用空的模板：删去旧的数据、图片，另存后再用")
            })?;
            parts.push((name, bytes));
        }
        let mut package = Package { parts, sheets: Vec::new() };
        if package.parts.iter().any(|(name, _)| name.to_lowercase().ends_with("vbaproject.bin")) {
            let remedy = "请在表格软件中打开，另存为“Excel 工作簿（.xlsx）”，再作模板";
            return Err(refuse(448, "模板带有宏（.xlsm）", remedy));
        }
        package.sheets = package.named()?;
        Ok(package)
    }

    fn text(&self, name: &str) -> Result<&str> {
        let found = self.parts.iter().find(|(part, _)| part.eq_ignore_ascii_case(name));
        let (_, bytes) = found.ok_or_else(broken)?;
        std::str::from_utf8(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)).map_err(|_| broken())
    }

    fn set(&mut self, name: &str, text: String) {
        match self.parts.iter_mut().find(|(part, _)| part.eq_ignore_ascii_case(name)) {
            Some((_, bytes)) => *bytes = text.into_bytes(),
            None => self.parts.push((name.to_owned(), text.into_bytes())),
        }
    }

    /// A part beside the workbook, if there is one.
    pub(super) fn part(&self, name: &str) -> Option<&str> {
        self.text(&format!("xl/{name}")).ok()
    }

    /// The sheets in the order of their tabs.
    fn named(&self) -> Result<Vec<Named>> {
        let relations = tags(self.text(RELATIONS)?, "Relationship")?;
        let target = |id: &str| {
            let found = relations.iter().find(|marks| get(marks, "Id") == Some(id))?;
            let target = get(found, "Target")?;
            Some(target.strip_prefix('/').map_or_else(|| format!("xl/{target}"), str::to_owned))
        };
        let mut sheets = Vec::new();
        for marks in tags(self.text(WORKBOOK)?, "sheet")? {
            let id = marks.iter().find(|(name, _)| name.ends_with(":id")).map(|(_, id)| id.as_str());
            let (Some(name), Some(part)) = (get(&marks, "name"), id.and_then(target)) else { continue };
            // A chart or a dialogue has a tab and no cells.
            if !part.contains("worksheets/") {
                continue;
            }
            let visible = get(&marks, "state").is_none_or(|state| state == "visible");
            sheets.push(Named { name: unescape(name)?.into_owned(), part, visible });
        }
        Ok(sheets)
    }

    /// The sheet of a name, or the first people see.
    pub(super) fn sheet(&self, name: Option<&str>) -> Result<usize> {
        let found = match name {
            Some(name) => self.sheets.iter().position(|sheet| sheet.name.trim() == name),
            None => self.sheets.iter().position(|sheet| sheet.visible),
        };
        found.ok_or_else(|| {
            let names: Vec<&str> = self.sheets.iter().map(|sheet| sheet.name.as_str()).collect();
            let wanted = name.map_or_else(|| "看得见的工作表".to_owned(), |name| format!("工作表“{name}”"));
            let text = format!("模板里没有{wanted}，有的是：{}", names.join("、"));
            refuse(441, text, "改了名的，照新表改对照里的 sheet；拿错了文件的，换成原来的模板")
        })
    }

    pub(super) fn read(&self, sheet: usize) -> Result<Sheet> {
        Sheet::read(self.text(&self.sheets[sheet].part)?).map_err(|_| broken())
    }

    pub(super) fn put(&mut self, sheet: usize, written: &Sheet) {
        let part = self.sheets[sheet].part.clone();
        self.set(&part, written.write());
    }

    pub(super) fn has_formulas(&self, sheet: usize) -> bool {
        self.text(&self.sheets[sheet].part)
            .is_ok_and(|xml| xml.contains("<f>") || xml.contains("<f ") || xml.contains(":f"))
    }

    /// The texts that cells share.
    pub(super) fn shared(&self) -> Result<Vec<String>> {
        let Some(xml) = self.part("sharedStrings.xml") else { return Ok(Vec::new()) };
        let mut reader = Reader::from_str(xml);
        let mut texts = Vec::new();
        loop {
            match reader.read_event().map_err(|_| broken())? {
                Event::Start(tag) if tag.local_name().as_ref() == "si" => {
                    texts.push(text_in(&reader.read_text(tag.name())?)?);
                }
                Event::Empty(tag) if tag.local_name().as_ref() == "si" => texts.push(String::new()),
                Event::Eof => return Ok(texts),
                _ => {}
            }
        }
    }

    pub(super) fn counts_from_1904(&self) -> bool {
        let marks = self.text(WORKBOOK).ok().and_then(|xml| tags(xml, "workbookPr").ok());
        marks.into_iter().flatten().any(|marks| matches!(get(&marks, "date1904"), Some("1" | "true")))
    }

    /// Names of the workbook that point into a sheet: what is printed, above all.
    pub(super) fn follow(&mut self, inserted: Inserted, there: &str) -> Result<()> {
        let xml = self.text(WORKBOOK)?.to_owned();
        let mut reader = Reader::from_str(&xml);
        let (mut out, mut last) = (String::with_capacity(xml.len()), 0);
        loop {
            match reader.read_event().map_err(|_| broken())? {
                Event::Start(tag) if tag.local_name().as_ref() == "definedName" => {
                    let from = usize::try_from(reader.buffer_position())?;
                    let text = reader.read_text(tag.name())?.to_string();
                    let fresh = inserted.formula(&unescape(&text)?, |sheet| sheet == Some(there));
                    out.push_str(&xml[last..from]);
                    out.push_str(&escape(fresh));
                    last = from + text.len();
                }
                Event::Eof => break,
                _ => {}
            }
        }
        out.push_str(&xml[last..]);
        self.set(WORKBOOK, out);
        Ok(())
    }

    /// Whoever opens it counts all formulas anew.
    pub(super) fn count_anew(&mut self) -> Result<()> {
        let xml = self.text(WORKBOOK)?.to_owned();
        let prefix = prefix_of(&xml, "workbook");
        let fresh = match tag_at(&xml, "calcPr") {
            Some((from, to)) if !xml[from..to].contains("fullCalcOnLoad") => {
                let name = format!("<{prefix}calcPr");
                format!("{}{name} fullCalcOnLoad=\"1\"{}", &xml[..from], &xml[from + name.len()..])
            }
            Some((from, to)) => {
                let tag = xml[from..to].replace("fullCalcOnLoad=\"0\"", "fullCalcOnLoad=\"1\"");
                format!("{}{tag}{}", &xml[..from], &xml[to..])
            }
            // It stands behind the names, or else behind the sheets.
            None => {
                let ends = ["definedNames", "externalReferences", "functionGroups", "sheets"];
                let end = ends.iter().find_map(|name| {
                    let end = format!("</{prefix}{name}>");
                    xml.find(&end).map(|at| at + end.len())
                });
                let end = end.ok_or_else(broken)?;
                format!("{}<{prefix}calcPr fullCalcOnLoad=\"1\"/>{}", &xml[..end], &xml[end..])
            }
        };
        self.set(WORKBOOK, fresh);
        // The order of counting names cells that may have moved; it is made anew.
        let is_chain = |name: &str| name.eq_ignore_ascii_case("xl/calcChain.xml");
        if self.parts.iter().any(|(name, _)| is_chain(name)) {
            self.parts.retain(|(name, _)| !is_chain(name));
            for (part, tag) in [(TYPES, "Override"), (RELATIONS, "Relationship")] {
                let text = without(self.text(part)?, tag, "calcChain.xml");
                self.set(part, text);
            }
        }
        Ok(())
    }

    /// Adds a sheet behind the others; a name that is taken gets a number.
    pub(super) fn add_sheet(&mut self, name: &str, xml: &str) -> Result<()> {
        let taken = |name: &str| self.sheets.iter().any(|sheet| sheet.name == name);
        let numbered = (2..).map(|nth| format!("{name}{nth}"));
        let name = std::iter::once(name.to_owned()).chain(numbered).find(|name| !taken(name)).context("a name")?;
        let parts = |part: &str| self.parts.iter().any(|(known, _)| known.eq_ignore_ascii_case(part));
        let file = (1..).map(|nth| format!("worksheets/sheet{nth}.xml")).find(|file| !parts(&format!("xl/{file}")));
        let file = file.context("a part")?;
        let workbook = self.text(WORKBOOK)?.to_owned();
        let relations = self.text(RELATIONS)?.to_owned();
        let known: Vec<String> =
            tags(&relations, "Relationship")?.iter().filter_map(|marks| get(marks, "Id").map(str::to_owned)).collect();
        let id = (1..).map(|nth| format!("rIdYifa{nth}")).find(|id| !known.contains(id)).context("an id")?;
        let numbers = tags(&workbook, "sheet")?;
        let number =
            numbers.iter().filter_map(|marks| get(marks, "sheetId")?.parse::<u32>().ok()).max().unwrap_or(0) + 1;
        let prefix = prefix_of(&workbook, "workbook");
        let office = relationship_prefix(&workbook);
        let tag = format!("<{prefix}sheet name=\"{}\" sheetId=\"{number}\" {office}=\"{id}\"/>", escape(name.as_str()));
        self.set(WORKBOOK, before(&workbook, &format!("</{prefix}sheets>"), &tag)?);
        let p = prefix_of(&relations, "Relationships");
        let tag = format!("<{p}Relationship Id=\"{id}\" Type=\"{SHEET_RELATION}\" Target=\"{file}\"/>");
        self.set(RELATIONS, before(&relations, &format!("</{p}Relationships>"), &tag)?);
        let types = self.text(TYPES)?.to_owned();
        let p = prefix_of(&types, "Types");
        let tag = format!("<{p}Override PartName=\"/xl/{file}\" ContentType=\"{SHEET_TYPE}\"/>");
        self.set(TYPES, before(&types, &format!("</{p}Types>"), &tag)?);
        self.parts.push((format!("xl/{file}"), xml.as_bytes().to_vec()));
        Ok(())
    }

    /// Packs it, always to the same bytes.
    pub(super) fn write(&self) -> Result<Vec<u8>> {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
        for (name, bytes) in &self.parts {
            zip.start_file(name.as_str(), options)?;
            zip.write_all(bytes)?;
        }
        Ok(zip.finish()?.into_inner())
    }
}

/// The inside of the file cannot be followed.
pub(super) fn broken() -> anyhow::Error {
    refuse(405, "文件不完整或者已经损坏", "请重新取得文件，或者在表格软件中打开后另存一份再用")
}

type Marks = Vec<(String, String)>;

fn get<'m>(marks: &'m Marks, name: &str) -> Option<&'m str> {
    marks.iter().find(|(mark, _)| mark == name).map(|(_, value)| value.as_str())
}

/// All tags of a name, with what they say.
fn tags(xml: &str, name: &str) -> Result<Vec<Marks>> {
    let mut reader = Reader::from_str(xml);
    let mut found = Vec::new();
    loop {
        match reader.read_event().map_err(|_| broken())? {
            Event::Start(tag) | Event::Empty(tag) if tag.local_name().as_ref() == name => {
                let marks = tag.attributes().flatten();
                found.push(marks.map(|mark| (mark.key.as_ref().to_owned(), mark.value.into_owned())).collect());
            }
            Event::Eof => return Ok(found),
            _ => {}
        }
    }
}

/// Where the first tag of a name stands.
fn tag_at(xml: &str, name: &str) -> Option<(usize, usize)> {
    let mut reader = Reader::from_str(xml);
    loop {
        let before = usize::try_from(reader.buffer_position()).ok()?;
        match reader.read_event().ok()? {
            Event::Start(tag) | Event::Empty(tag) if tag.local_name().as_ref() == name => {
                return Some((before, usize::try_from(reader.buffer_position()).ok()?));
            }
            Event::Eof => return None,
            _ => {}
        }
    }
}

/// What stands before each name of a part.
fn prefix_of(xml: &str, root: &str) -> String {
    let tag = tag_at(xml, root).map_or("", |(from, to)| &xml[from..to]);
    let name = tag.trim_start_matches('<').split([' ', '>', '/', '\n', '\r', '\t']).next().unwrap_or("");
    name.rsplit_once(':').map_or_else(String::new, |(prefix, _)| format!("{prefix}:"))
}

/// How a workbook refers to its parts: `r:id`, mostly.
fn relationship_prefix(workbook: &str) -> String {
    let found = tags(workbook, "sheet").ok().and_then(|all| all.into_iter().next());
    let id = found.and_then(|marks| marks.into_iter().map(|(name, _)| name).find(|name| name.ends_with(":id")));
    id.unwrap_or_else(|| "r:id".to_owned())
}

fn before(xml: &str, end: &str, tag: &str) -> Result<String> {
    let at = xml.rfind(end).ok_or_else(broken)?;
    Ok(format!("{}{tag}{}", &xml[..at], &xml[at..]))
}

/// Without the tags of a name that name a file.
fn without(xml: &str, name: &str, file: &str) -> String {
    let mut out = xml.to_owned();
    let mut from = 0;
    while let Some((start, end)) = tag_at(&out[from..], name).map(|(start, end)| (from + start, from + end)) {
        match out[start..end].contains(file) {
            true => out.replace_range(start..end, ""),
            false => from = end,
        }
    }
    out
}

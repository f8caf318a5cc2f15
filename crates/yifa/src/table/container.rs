//! The zip container of an .xlsx, measured before anything in it is parsed (容器).
//!
//! The parser behind this trusts a file's own figures: it reserves memory for as many shared strings as the file says
//! it has. A file that says 10¹⁵ would end the process, so every part is unpacked once here, counted, and searched.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use engine::problem::Problem;
use memchr::memmem;
use zip::ZipArchive;

use super::kind::{broken, other_zip, too_large};
use super::{MOST_PARTS, MOST_STRING_BYTES, MOST_STYLE_BYTES, MOST_UNPACKED_BYTES};

const CHUNK: usize = 256 << 10;
/// How far a tag can reach beyond what is looked for in it.
const REACH: usize = 4 << 10;

/// What the look through the container found.
#[derive(Debug, Default)]
pub(super) struct Inspected {
    /// Rows hidden, by sheet name, from 1.
    pub hidden: BTreeMap<String, Vec<u32>>,
}

/// Unpacks every part once: sizes within limits, nothing that misleads the parser, hidden rows noted.
pub(super) fn inspect(bytes: &[u8]) -> Result<Inspected, Problem> {
    let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(|_| broken())?;
    if zip.len() > MOST_PARTS {
        return Err(too_large(format!("文件内有 {} 个部件，最多 {MOST_PARTS} 个", zip.len())));
    }
    let names: Vec<String> = zip.file_names().map_while(|name| Some(name.ok()?.into_owned())).collect();
    if let Some(problem) = other_zip(&names) {
        return Err(problem);
    }
    let (mut total, mut hidden, mut wiring) = (0, BTreeMap::new(), BTreeMap::new());
    for index in 0..zip.len() {
        let part = zip.by_index(index).map_err(|_| broken())?;
        let name = part.name().map_err(|_| broken())?.to_lowercase();
        let most = match () {
            _ if name.ends_with("sharedstrings.xml") => MOST_STRING_BYTES,
            _ if name.ends_with("styles.xml") => MOST_STYLE_BYTES,
            _ => MOST_UNPACKED_BYTES,
        };
        let keep = name.ends_with("workbook.xml") || name.ends_with("workbook.xml.rels");
        let mut part =
            Part { limit: most, most: most.min(MOST_UNPACKED_BYTES - total), keep, ..Part::default() }.scan(part)?;
        total += part.bytes;
        if !part.hidden.is_empty() {
            part.hidden.sort_unstable();
            hidden.insert(name.clone(), part.hidden);
        }
        if keep {
            wiring.insert(name, part.kept);
        }
    }
    Ok(Inspected { hidden: by_sheet(hidden, &wiring) })
}

#[derive(Default)]
struct Part {
    /// The limit as it is told.
    limit: u64,
    /// What is left of it for this part.
    most: u64,
    keep: bool,
    bytes: u64,
    strings: u64,
    hidden: Vec<u32>,
    kept: String,
}

impl Part {
    fn scan(mut self, mut from: impl Read) -> Result<Part, Problem> {
        let mut window: Vec<u8> = Vec::with_capacity(CHUNK + 3 * REACH);
        // Bytes of the window already searched; REACH of them stay in it, for the tag they may belong to.
        let mut searched = 0;
        loop {
            let before = window.len();
            let read = from.by_ref().take(CHUNK as u64).read_to_end(&mut window).map_err(|_| broken())?;
            if self.bytes == 0 {
                refuse_other_encodings(&window)?;
            }
            self.bytes += read as u64;
            if self.bytes > self.most {
                let most = self.limit >> 20;
                return Err(too_large(format!("文件解开后超过 {most} MB")));
            }
            if self.keep && self.kept.len() < (1 << 20) {
                self.kept.push_str(&String::from_utf8_lossy(&window[before..]));
            }
            let end = if read == 0 { window.len() } else { window.len().saturating_sub(REACH) };
            if end > searched {
                self.look(&window, searched, end)?;
                searched = end;
            }
            if read == 0 {
                break;
            }
            let drop = searched.saturating_sub(REACH);
            window.drain(..drop);
            searched -= drop;
        }
        // The shortest string takes five bytes, `<si/>`.
        if self.strings > self.bytes / 5 { Err(broken()) } else { Ok(self) }
    }

    /// Looks for what starts between the two marks.
    fn look(&mut self, window: &[u8], start: usize, end: usize) -> Result<(), Problem> {
        let reach = |at: usize| &window[at..window.len().min(at + REACH)];
        let within = |needle: &'static [u8]| {
            let stop = window.len().min(end + needle.len() - 1);
            memmem::find_iter(&window[start..stop], needle).map(move |at| at + start)
        };
        for at in within(b"uniqueCount") {
            let digits: Vec<u8> = reach(at + 11)
                .iter()
                .copied()
                .skip_while(|byte| byte.is_ascii_whitespace() || matches!(byte, b'=' | b'"' | b'\''))
                .take_while(u8::is_ascii_digit)
                .collect();
            let count = String::from_utf8_lossy(&digits).parse().unwrap_or(u64::MAX);
            self.strings = self.strings.max(count);
        }
        for at in within(b"<?xml") {
            let declared = String::from_utf8_lossy(&reach(at)[..reach(at).len().min(300)]).to_lowercase();
            let declared = declared.split("?>").next().unwrap_or_default();
            // Another encoding could hide the figures looked for here.
            if declared.contains("encoding") && !declared.contains("utf-8") && !declared.contains("ascii") {
                return Err(broken());
            }
        }
        for at in within(b"hidden=") {
            let from = at.saturating_sub(REACH);
            let Some(open) = memchr::memrchr(b'<', &window[from..at]) else { continue };
            let tag = String::from_utf8_lossy(&window[from + open..window.len().min(at + 64)]).into_owned();
            let tag = tag.split('>').next().unwrap_or_default();
            let is_row = tag.split_whitespace().next().is_some_and(|name| name == "<row" || name.ends_with(":row"));
            if is_row && matches!(attribute(tag, "hidden").as_deref(), Some("1" | "true")) {
                self.hidden.extend(attribute(tag, "r").and_then(|row| row.parse::<u32>().ok()));
            }
        }
        Ok(())
    }
}

fn refuse_other_encodings(head: &[u8]) -> Result<(), Problem> {
    let utf16: [&[u8]; 4] = [&[0xff, 0xfe], &[0xfe, 0xff], &[b'<', 0], &[0, b'<']];
    if utf16.iter().any(|mark| head.starts_with(mark)) { Err(broken()) } else { Ok(()) }
}

/// The value of an attribute, of a tag's text.
fn attribute(tag: &str, name: &str) -> Option<String> {
    tag.split_whitespace().find_map(|piece| {
        let (key, value) = piece.split_once('=')?;
        let value = value.trim_end_matches('/');
        (key == name).then(|| value.trim_matches(['"', '\'']).to_owned())
    })
}

/// Hidden rows by part → by sheet name, through the workbook's relations.
fn by_sheet(hidden: BTreeMap<String, Vec<u32>>, wiring: &BTreeMap<String, String>) -> BTreeMap<String, Vec<u32>> {
    if hidden.is_empty() {
        return BTreeMap::new();
    }
    let tags = |ending: &str, tag: &'static str| -> Vec<&str> {
        let texts = wiring.iter().filter(|(name, _)| name.ends_with(ending)).map(|(_, text)| text.as_str());
        texts.flat_map(|text| text.split(tag).skip(1)).filter_map(|rest| rest.split('>').next()).collect()
    };
    let targets: BTreeMap<String, String> = tags("workbook.xml.rels", "<Relationship ")
        .into_iter()
        .filter_map(|tag| Some((attribute(tag, "Id")?, attribute(tag, "Target")?.to_lowercase())))
        .collect();
    let mut found = BTreeMap::new();
    for tag in tags("workbook.xml", "<sheet ") {
        // A sheet's name may hold spaces: it is read up to its quote.
        let name = tag.split_once("name=\"").and_then(|(_, rest)| rest.split('"').next());
        let target = attribute(tag, "r:id").and_then(|id| targets.get(&id));
        let (Some(name), Some(target)) = (name, target) else { continue };
        let rows = hidden.iter().find(|(part, _)| part.ends_with(target.trim_start_matches('/')));
        if let Some((_, rows)) = rows {
            found.insert(unescape(name), rows.clone());
        }
    }
    found
}

fn unescape(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&apos;", "'").replace("&amp;", "&")
}

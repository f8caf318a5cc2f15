//! A copy of a Word document with comments at the very words they are about; all else of it stays byte for byte.

use std::collections::BTreeMap;
use std::io::{Cursor, Read, Write};
use std::ops::Range;

use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use super::read::{BODY, Run, Spot, Walk, Words, placed};
use super::{LARGEST, Unread};

const TYPES: &str = "[Content_Types].xml";
const RELATIONS: &str = "word/_rels/document.xml.rels";
const COMMENTS: &str = "word/comments.xml";
const COMMENTS_TYPE: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml";
/// The names of a text written in the strict form of the standard begin with this.
const STRICT: &str = "http://purl.oclc.org/ooxml/";

/// A comment on some words of a document's text.
pub struct Comment {
    /// Where they begin in the text as [`super::text`] reads it, in characters.
    pub start: usize,
    /// How many characters they are; with none the character there is marked.
    pub length: usize,
    /// What is said of them.
    pub text: String,
}

/// Who comments, and when.
pub struct By<'b> {
    /// His name as Word shows it.
    pub author: &'b str,
    /// `2026-03-02T09:15:00Z`; Word shows it as it stands.
    pub date: &'b str,
}

/// The document with more comments.
pub fn commented(bytes: &[u8], comments: &[Comment], by: &By<'_>) -> Result<Vec<u8>, Unread> {
    let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(|_| Unread::Broken)?;
    let body = part(&mut zip, BODY)?.ok_or(Unread::Broken)?;
    let strict = body.contains(STRICT);
    let relations = part(&mut zip, RELATIONS)?;
    let known = relations.as_deref().and_then(target);
    let at = known.clone().unwrap_or_else(|| COMMENTS.to_owned());
    let old = part(&mut zip, &at)?;
    let first = old.as_deref().map_or(0, first_free);
    let mut fresh = BTreeMap::new();
    fresh.insert(BODY.to_owned(), marked(&body, comments, first)?);
    fresh.insert(at.clone(), listed(old.as_deref(), comments, first, by, strict).ok_or(Unread::Broken)?);
    if known.is_none() {
        fresh.insert(RELATIONS.to_owned(), related(relations.as_deref(), strict).ok_or(Unread::Broken)?);
    }
    if old.is_none() {
        let types = part(&mut zip, TYPES)?.ok_or(Unread::Broken)?;
        let said = format!("PartName=\"/{at}\"");
        if !types.contains(&said) {
            let line = |prefix: &str| format!("<{prefix}Override {said} ContentType=\"{COMMENTS_TYPE}\"/>");
            fresh.insert(TYPES.to_owned(), before_end(&types, line).ok_or(Unread::Broken)?);
        }
    }
    packed(zip, fresh).ok_or(Unread::Broken)
}

/// A part as text, within the bound.
fn part(zip: &mut ZipArchive<Cursor<&[u8]>>, name: &str) -> Result<Option<String>, Unread> {
    let Ok(part) = zip.by_name(name) else { return Ok(None) };
    let mut bytes = Vec::new();
    part.take(LARGEST + 1).read_to_end(&mut bytes).map_err(|_| Unread::Broken)?;
    if bytes.len() as u64 > LARGEST {
        return Err(Unread::TooLarge);
    }
    String::from_utf8(bytes).map(Some).map_err(|_| Unread::Broken)
}

/// The same container, all parts but the fresh ones copied as they are packed.
fn packed(mut zip: ZipArchive<Cursor<&[u8]>>, mut fresh: BTreeMap<String, String>) -> Option<Vec<u8>> {
    let mut out = ZipWriter::new(Cursor::new(Vec::new()));
    for nth in 0..zip.len() {
        let file = zip.by_index_raw(nth).ok()?;
        let name = file.name().ok()?.into_owned();
        match fresh.remove(&name) {
            Some(text) => put(&mut out, &name, &text)?,
            None => out.raw_copy_file(file).ok()?,
        }
    }
    for (name, text) in fresh {
        put(&mut out, &name, &text)?;
    }
    Some(out.finish().ok()?.into_inner())
}

fn put(out: &mut ZipWriter<Cursor<Vec<u8>>>, name: &str, text: &str) -> Option<()> {
    out.start_file(name, SimpleFileOptions::default()).ok()?;
    out.write_all(text.as_bytes()).ok()
}

/// What is put in at one place: it may have to end a run before and begin it again after.
#[derive(Default)]
struct Put {
    ends: String,
    begins: String,
    around: Around,
}

/// The body with where comments begin and end. Words are as they were: a run is only cut in two.
fn marked(body: &str, comments: &[Comment], first: usize) -> Result<String, Unread> {
    // A mark of the encoding is no part of the text.
    let (mark, body) = body.strip_prefix('\u{feff}').map_or(("", body), |rest| ("\u{feff}", rest));
    let walk = placed(body)?;
    let mut puts: BTreeMap<usize, Put> = BTreeMap::new();
    let mut all: BTreeMap<usize, String> = BTreeMap::new();
    for (nth, comment) in comments.iter().enumerate() {
        let Some((begin, end)) = ends(&walk, comment) else { continue };
        let (id, w) = (first + nth, &walk.prefix);
        for (spot, begins) in [(begin, true), (end, false)] {
            let (at, around) = if begins { before(body, &walk, spot) } else { after(body, &walk, spot) };
            if let Some(keep) = around.as_ref().and_then(|cut| cut.keep) {
                all.insert(keep, format!(" {KEPT}"));
            }
            let put = puts.entry(at).or_default();
            put.around = put.around.take().or(around);
            match begins {
                true => put.begins.push_str(&format!("<{w}commentRangeStart {w}id=\"{id}\"/>")),
                false => put.ends.push_str(&format!(
                    "<{w}commentRangeEnd {w}id=\"{id}\"/><{w}r><{w}commentReference {w}id=\"{id}\"/></{w}r>"
                )),
            }
        }
    }
    for (at, Put { ends, begins, around }) in puts {
        let Cut { close, open, .. } = around.unwrap_or_default();
        all.insert(at, format!("{close}{ends}{begins}{open}"));
    }
    let (mut out, mut from) = (mark.to_owned(), 0);
    for (at, more) in all {
        out.push_str(body.get(from..at).ok_or(Unread::Broken)?);
        out.push_str(&more);
        from = at;
    }
    out.push_str(body.get(from..).ok_or(Unread::Broken)?);
    Ok(out)
}

/// The first and the last character of a comment's words; where they cannot be marked, the nearest that can.
fn ends<'w>(walk: &'w Walk, comment: &Comment) -> Option<(&'w Spot, &'w Spot)> {
    let can = |spot: &&Spot| {
        let run = spot.run.and_then(|run| walk.runs.get(run));
        run.is_some_and(|run| outermost(walk, run).plain && !run.close.is_empty())
    };
    let end = (comment.start + comment.length.max(1)).min(walk.spots.len());
    let start = comment.start.min(end);
    let within = walk.spots.get(start..end)?;
    let pair = |all: &'w [Spot]| Some((all.iter().find(can)?, all.iter().rfind(can)?));
    let beside = || {
        let before = walk.spots.get(..start)?.iter().rfind(can);
        before.or_else(|| walk.spots.get(end..)?.iter().find(can)).map(|one| (one, one))
    };
    pair(within).or_else(beside)
}

fn outermost<'w>(walk: &'w Walk, run: &'w Run) -> &'w Run {
    run.within.and_then(|outer| walk.runs.get(outer)).unwrap_or(run)
}

/// What has to stand around something put into a run.
#[derive(Default)]
struct Cut {
    close: String,
    open: String,
    /// The tag of words that were cut ends here and does not say yet that blanks at their edges count.
    keep: Option<usize>,
}

/// Blanks at the edges of words count.
const KEPT: &str = "xml:space=\"preserve\"";

type Around = Option<Cut>;

/// Where something is put in before a character, and what has to stand around it.
fn before(body: &str, walk: &Walk, spot: &Spot) -> (usize, Around) {
    let Some(run) = spot.run.and_then(|run| walk.runs.get(run)) else { return (spot.at.start, None) };
    if run.within.is_some() {
        return (outermost(walk, run).open.start, None);
    }
    let words = spot.words.and_then(|words| walk.words.get(words));
    let begin = words.filter(|words| words.open.end == spot.at.start).map_or(spot.at.start, |words| words.open.start);
    if begin == run.look.end {
        return (run.open.start, None);
    }
    (begin, around(body, walk, run, words.filter(|_| begin == spot.at.start)))
}

/// The same after it.
fn after(body: &str, walk: &Walk, spot: &Spot) -> (usize, Around) {
    let Some(run) = spot.run.and_then(|run| walk.runs.get(run)) else { return (spot.at.end, None) };
    if run.within.is_some() {
        return (outermost(walk, run).close.end, None);
    }
    let words = spot.words.and_then(|words| walk.words.get(words));
    let end = words.filter(|words| words.close.start == spot.at.end).map_or(spot.at.end, |words| words.close.end);
    if end == run.close.start {
        return (run.close.end, None);
    }
    (end, around(body, walk, run, words.filter(|_| end == spot.at.end)))
}

/// What ends a run and begins it again with the same look; where its words are cut, them too.
fn around(body: &str, walk: &Walk, run: &Run, words: Option<&Words>) -> Around {
    let of = |range: &Range<usize>| body.get(range.clone()).unwrap_or_default();
    let (close, again) = (of(&run.close), format!("{}{}", of(&run.open), of(&run.look)));
    Some(match words {
        Some(words) => {
            let (close, open) = (format!("{}{close}", of(&words.close)), format!("{again}<{}t {KEPT}>", walk.prefix));
            let keep = (!of(&words.open).contains("xml:space")).then(|| words.open.end.saturating_sub(1));
            Cut { close, open, keep }
        }
        None => Cut { close: close.to_owned(), open: again, keep: None },
    })
}

/// The list of comments with more at its end.
fn listed(old: Option<&str>, comments: &[Comment], first: usize, by: &By<'_>, strict: bool) -> Option<String> {
    let names = match strict {
        true => format!("{STRICT}wordprocessingml/main"),
        false => "http://schemas.openxmlformats.org/wordprocessingml/2006/main".to_owned(),
    };
    let one = |(nth, comment): (usize, &Comment)| {
        let words = comment
            .text
            .lines()
            .map(|line| format!("<w:p><w:r><w:t {KEPT}>{}</w:t></w:r></w:p>", quick_xml::escape::escape(line)));
        format!(
            "<w:comment xmlns:w=\"{names}\" w:id=\"{}\" w:author=\"{}\" w:date=\"{}\" w:initials=\"依法\">{}</w:comment>",
            first + nth,
            quick_xml::escape::escape(by.author),
            quick_xml::escape::escape(by.date),
            words.collect::<String>()
        )
    };
    let more: String = comments.iter().enumerate().map(one).collect();
    let empty = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<w:comments xmlns:w=\"{names}\"></w:comments>"
    );
    before_end(old.unwrap_or(&empty), |_| more)
}

/// The relations of the body with one to the comments.
fn related(old: Option<&str>, strict: bool) -> Option<String> {
    let kind = match strict {
        true => format!("{STRICT}officeDocument/relationships/comments"),
        false => "http://schemas.openxmlformats.org/officeDocument/2006/relationships/comments".to_owned(),
    };
    let empty = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<Relationships \
                 xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"></Relationships>";
    let old = old.unwrap_or(empty);
    let id = (1..).map(|nth| format!("rIdComments{nth}")).find(|id| !old.contains(id.as_str()))?;
    before_end(old, |prefix| format!("<{prefix}Relationship Id=\"{id}\" Type=\"{kind}\" Target=\"comments.xml\"/>"))
}

/// Where the relations say that the comments are.
fn target(relations: &str) -> Option<String> {
    let tag = relations.split('<').find(|tag| tag.contains("relationships/comments\""))?;
    let target = tag.split("Target=\"").nth(1)?.split('"').next()?;
    Some(match target.strip_prefix('/') {
        Some(whole) => whole.to_owned(),
        None => format!("word/{target}"),
    })
}

/// The first number no comment has.
fn first_free(comments: &str) -> usize {
    let ids = comments.split(":id=\"").skip(1).filter_map(|rest| rest.split('"').next()?.parse::<usize>().ok());
    ids.max().map_or(0, |id| id + 1)
}

/// A text in XML with more before the end of its root, which may have been empty; `more` is told the root's prefix.
fn before_end(text: &str, more: impl FnOnce(&str) -> String) -> Option<String> {
    let trimmed = text.trim_end();
    let start = trimmed.rfind('<')?;
    let tag = trimmed.get(start + 1..)?;
    let name = tag.trim_start_matches('/').split(|one: char| one.is_whitespace() || matches!(one, '/' | '>')).next()?;
    let prefix = name.split_once(':').map_or(String::new(), |(prefix, _)| format!("{prefix}:"));
    let more = more(&prefix);
    if tag.starts_with('/') {
        return Some(format!("{}{more}{}", trimmed.get(..start)?, trimmed.get(start..)?));
    }
    Some(format!("{}>{more}</{name}>", trimmed.strip_suffix("/>")?))
}

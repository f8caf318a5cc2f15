//! The text of a Word document, and where each of its characters stands in the part it is from.

use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::ops::Range;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use zip::ZipArchive;

use super::{LARGEST, Unread};

/// The part that holds the text.
pub(super) const BODY: &str = "word/document.xml";

/// The most words taken out of it, in bytes: five books.
const MOST_WORDS: usize = 8 << 20;

/// The longest tag or run of words, in bytes: a drawing that Word writes into a tag is smaller.
const LONGEST_PIECE: usize = 4 << 20;

/// The text of a .docx.
///
/// What was deleted or moved away under tracked changes is not there any more; what was inserted is. Figures above the
/// line are numbers of notes and stay above it. Numbers that Word counts by itself are not in the file as words.
/// KNOWN: so articles numbered by Word are compared as paragraphs.
pub fn text(bytes: &[u8]) -> Result<String, Unread> {
    let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(|_| Unread::Broken)?;
    let part = zip.by_name(BODY).map_err(|_| Unread::Broken)?;
    let mut reader = Reader::from_reader(Pieces { from: BufReader::new(part.take(LARGEST + 1)), length: 0 });
    let mut walk = Walk::default();
    let read = walk.read(&mut reader);
    let Pieces { from, length } = reader.get_ref();
    match read {
        // Cut off at a bound it may look like anything.
        _ if from.get_ref().limit() == 0 || *length > LONGEST_PIECE => Err(Unread::TooLarge),
        Some(()) if walk.text.len() > MOST_WORDS => Err(Unread::TooLarge),
        Some(()) => Ok(walk.text),
        None => Err(Unread::Broken),
    }
}

/// The text of a part already unpacked, with the place of each of its characters.
pub(super) fn placed(part: &str) -> Result<Walk, Unread> {
    let mut walk = Walk { keeps: true, ..Walk::default() };
    walk.read(&mut Reader::from_reader(part.as_bytes())).ok_or(Unread::Broken)?;
    if walk.text.len() > MOST_WORDS { Err(Unread::TooLarge) } else { Ok(walk) }
}

/// Where a character stands in the part, in bytes.
#[derive(Clone)]
pub(super) struct Spot {
    /// The character, or the element it stands for.
    pub at: Range<usize>,
    /// The run it is in; none for the end of a paragraph.
    pub run: Option<usize>,
    /// The words of that run it is among; none where it is an element of its own.
    pub words: Option<usize>,
}

/// A run: words of one look.
#[derive(Clone, Default)]
pub(super) struct Run {
    /// Its opening tag.
    pub open: Range<usize>,
    /// What it says of its look; empty where it says nothing.
    pub look: Range<usize>,
    /// Its closing tag.
    pub close: Range<usize>,
    /// The outermost run it is drawn within: text in a box, where nobody can comment.
    pub within: Option<usize>,
    /// It is of the kind that the text is written in, not of a formula.
    pub plain: bool,
}

/// The words of a run: `<w:t>`.
#[derive(Clone, Default)]
pub(super) struct Words {
    /// Its opening tag.
    pub open: Range<usize>,
    /// Its closing tag.
    pub close: Range<usize>,
}

/// What going through the part gives.
#[derive(Default)]
pub(super) struct Walk {
    /// The paragraphs as lines; of more words than are taken only the first.
    pub text: String,
    /// A place for each character of the text.
    pub spots: Vec<Spot>,
    /// All runs.
    pub runs: Vec<Run>,
    /// All words of runs.
    pub words: Vec<Words>,
    /// The prefix of the names that the text is written in, with its colon: `w:`.
    pub prefix: String,
    /// The places are wanted.
    keeps: bool,
    line: String,
    line_spots: Vec<Spot>,
    /// The runs open at the moment, and whether they stand above the line.
    open: Vec<(usize, bool)>,
    /// How deep inside what the innermost run says of its look.
    in_look: u32,
}

impl Walk {
    fn read(&mut self, reader: &mut Reader<impl BufRead>) -> Option<()> {
        let mut piece = Vec::new();
        // Inside <w:t>; and how deep inside what is not part of the text any more, or stands there twice.
        let (mut words, mut aside) = (false, 0_u32);
        let is_aside = |name: &str| matches!(name, "moveFrom" | "Fallback" | "del");
        while self.text.len() + self.line.len() <= MOST_WORDS {
            piece.clear();
            let from = reader.buffer_position() as usize;
            let event = reader.read_event_into(&mut piece).ok()?;
            let at = from..reader.buffer_position() as usize;
            match event {
                Event::Start(tag) => match tag.local_name().as_ref() {
                    name if aside > 0 || is_aside(name) => aside += 1,
                    "t" => {
                        words = true;
                        self.words.push(Words { open: at, close: 0..0 });
                    }
                    "r" => self.run(&tag, at),
                    "rPr" => self.look_begins(at),
                    "vertAlign" => self.raise(&tag),
                    "document" => self.prefix = prefix(&tag),
                    _ => {}
                },
                Event::End(tag) => match tag.local_name().as_ref() {
                    _ if aside > 0 => aside -= 1,
                    "t" => {
                        words = false;
                        self.words.last_mut()?.close = at;
                    }
                    "r" => {
                        let (run, _) = self.open.pop()?;
                        self.runs.get_mut(run)?.close = at;
                    }
                    "rPr" => self.look_ends(at.end),
                    "p" => self.end_line(at),
                    _ => {}
                },
                Event::Empty(tag) if aside == 0 => match tag.local_name().as_ref() {
                    // The stops of a paragraph have the same name and stand in no run.
                    "tab" if !self.open.is_empty() => self.put(' ', at, false),
                    "br" | "cr" if !self.open.is_empty() => self.put('\n', at, false),
                    "rPr" => {
                        let end = at.end;
                        self.look_begins(at);
                        self.look_ends(end);
                    }
                    "vertAlign" => self.raise(&tag),
                    _ => {}
                },
                Event::Text(text) if words && aside == 0 => {
                    let mut from = at.start;
                    for one in text.chars() {
                        self.put(one, from..from + one.len_utf8(), true);
                        from += one.len_utf8();
                    }
                    // Places are of no use if they are not those of the words.
                    if self.keeps && from != at.end {
                        return None;
                    }
                }
                Event::GeneralRef(entity) if words && aside == 0 => {
                    let name: &str = &entity;
                    let one = match entity.resolve_char_ref().ok()? {
                        Some(one) => one,
                        None => match name {
                            "amp" => '&',
                            "lt" => '<',
                            "gt" => '>',
                            "quot" => '"',
                            "apos" => '\'',
                            _ => return None,
                        },
                    };
                    self.put(one, at, true);
                }
                Event::Eof => break,
                _ => {}
            }
        }
        self.text.push_str(&self.line);
        self.spots.append(&mut self.line_spots);
        Some(())
    }

    fn run(&mut self, tag: &BytesStart<'_>, at: Range<usize>) {
        let within = self.open.first().map(|(run, _)| *run);
        let look = at.end..at.end;
        self.open.push((self.runs.len(), false));
        self.runs.push(Run { open: at, look, close: 0..0, within, plain: prefix(tag) == self.prefix });
    }

    /// What a run says of its look stands first in it; what is said of a paragraph's, or was said before, does not.
    fn look_begins(&mut self, at: Range<usize>) {
        let run = self.open.last().and_then(|(run, _)| self.runs.get_mut(*run));
        match run.filter(|run| run.open.end == at.start) {
            Some(run) => {
                run.look = at;
                self.in_look = 1;
            }
            None if self.in_look > 0 => self.in_look += 1,
            None => {}
        }
    }

    fn look_ends(&mut self, end: usize) {
        if self.in_look == 1
            && let Some(run) = self.open.last().and_then(|(run, _)| self.runs.get_mut(*run))
        {
            run.look.end = end;
        }
        self.in_look = self.in_look.saturating_sub(1);
    }

    fn raise(&mut self, tag: &BytesStart<'_>) {
        let raised = tag.attributes().flatten().any(|one| one.value.as_ref() == "superscript");
        if let Some((_, is)) = self.open.last_mut().filter(|_| self.in_look == 1) {
            *is = raised;
        }
    }

    fn put(&mut self, one: char, at: Range<usize>, in_words: bool) {
        let (run, raised) = self.open.last().map_or((None, false), |(run, raised)| (Some(*run), *raised));
        self.line.push(if raised { crate::text::raised(one) } else { one });
        if self.keeps {
            let words = in_words.then(|| self.words.len().saturating_sub(1));
            self.line_spots.push(Spot { at, run, words });
        }
    }

    fn end_line(&mut self, at: Range<usize>) {
        self.text.push_str(self.line.trim_end());
        self.text.push('\n');
        if self.keeps {
            self.line_spots.truncate(self.line.trim_end().chars().count());
            self.spots.append(&mut self.line_spots);
            self.spots.push(Spot { at, run: None, words: None });
        }
        self.line.clear();
    }
}

fn prefix(tag: &BytesStart<'_>) -> String {
    let name = tag.name();
    name.as_ref().split_once(':').map_or_else(String::new, |(prefix, _)| format!("{prefix}:"))
}

/// Ends where one piece is longer than any of a document: the parser holds each as a whole.
struct Pieces<R> {
    from: R,
    /// Of the piece so far.
    length: usize,
}

impl<R: BufRead> Read for Pieces<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.fill_buf()?.read(into)?;
        self.consume(read);
        Ok(read)
    }
}

impl<R: BufRead> BufRead for Pieces<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.length > LONGEST_PIECE {
            return Err(io::ErrorKind::InvalidData.into());
        }
        self.from.fill_buf()
    }

    fn consume(&mut self, many: usize) {
        // What is consumed was filled, so that nothing is read for it.
        let end = self.from.fill_buf().ok().and_then(|filled| memchr::memrchr2(b'<', b'>', filled.get(..many)?));
        self.length = end.map_or(self.length + many, |end| many - end);
        self.from.consume(many);
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use super::*;

    fn docx(part: &str, body: &str) -> Vec<u8> {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        zip.start_file(part, SimpleFileOptions::default()).unwrap();
        zip.write_all(body.as_bytes()).unwrap();
        zip.finish().unwrap().into_inner()
    }

    #[track_caller]
    fn check(body: &str, expect: Option<&str>) {
        let xml = format!("<w:document xmlns:w=\"w\" xmlns:mc=\"m\"><w:body>{body}</w:body></w:document>");
        assert_eq!(text(&docx("word/document.xml", &xml)).ok().as_deref(), expect);
    }

    #[test]
    fn paragraphs_become_lines_with_their_words_only() {
        check(
            "<w:p><w:pPr><w:jc w:val=\"center\"/></w:pPr><w:r><w:t>甲款</w:t></w:r><w:r><w:tab/><w:t xml:space=\"preserve\">甲 &amp; 乙&#12290;</w:t></w:r></w:p>\
             <w:tbl><w:tr><w:tc><w:p><w:r><w:t>格</w:t></w:r></w:p></w:tc></w:tr></w:tbl>",
            Some("甲款 甲 & 乙。\n格\n"),
        );
    }

    #[test]
    fn the_number_of_a_note_stays_above_the_line_and_stops_of_a_paragraph_are_no_words() {
        check(
            "<w:p><w:pPr><w:tabs><w:tab w:val=\"left\"/></w:tabs></w:pPr><w:r><w:t>286起</w:t></w:r>\
             <w:r><w:rPr><w:vertAlign w:val=\"superscript\"/></w:rPr><w:t>42</w:t></w:r><w:r><w:t>，3次</w:t></w:r></w:p>",
            Some("286起⁴²，3次\n"),
        );
    }

    #[test]
    fn what_was_struck_out_is_gone_and_what_was_put_in_is_there() {
        check(
            "<w:p><w:r><w:t>应当</w:t></w:r><w:del><w:r><w:delText>三十</w:delText></w:r></w:del><w:ins><w:r><w:t>十五</w:t></w:r></w:ins>\
             <w:moveFrom><w:r><w:t>移走</w:t></w:r></w:moveFrom><w:r><w:t>日内</w:t></w:r></w:p>",
            Some("应当十五日内\n"),
        );
        check(
            "<w:p><mc:AlternateContent><mc:Choice><w:t>框</w:t></mc:Choice><mc:Fallback><w:t>框</w:t></mc:Fallback></mc:AlternateContent></w:p>",
            Some("框\n"),
        );
    }

    #[test]
    fn what_is_no_document_is_not_taken_for_one() {
        assert_eq!(text(b"PK\x03\x04 and no more"), Err(Unread::Broken));
        assert_eq!(text(&docx("xl/workbook.xml", "<a/>")), Err(Unread::Broken));
        assert_eq!(text(&docx("word/document.xml", "<a>&unknown;</b>")), Err(Unread::Broken));
        assert!(crate::docx::is_container(&docx("a", "")) && !crate::docx::is_container(b"text"));
    }

    #[test]
    fn a_body_that_unpacks_beyond_the_bound_is_refused() {
        let body = |begin: &str, piece: &[u8]| {
            let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
            zip.start_file("word/document.xml", SimpleFileOptions::default()).unwrap();
            zip.write_all(begin.as_bytes()).unwrap();
            (0..=LARGEST >> 20).for_each(|_| zip.write_all(&piece.repeat((1 << 20) / piece.len())).unwrap());
            zip.finish().unwrap().into_inner()
        };
        for (begin, piece) in [("", " "), ("<w:p><w:r><w:t>", "字"), ("<w:p>", "<w:r><w:t>字 </w:t></w:r>")] {
            let bytes = body(begin, piece.as_bytes());
            assert!(bytes.len() < 1 << 20);
            assert_eq!(text(&bytes), Err(Unread::TooLarge), "{piece}");
        }
    }
}

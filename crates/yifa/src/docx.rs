//! The words of a Word document (.docx): its paragraphs as lines, unpacked within a bound and nothing else of it.

use std::io::{self, BufRead, BufReader, Cursor, Read};

use quick_xml::Reader;
use quick_xml::events::Event;
use zip::ZipArchive;

/// The largest body unpacked, in bytes: a law of a thousand articles is far smaller. It is read piece by piece and never
/// held as a whole.
pub const LARGEST: u64 = 24 << 20;
/// The most words taken out of it, in bytes: five books.
const MOST_WORDS: usize = 8 << 20;

/// The longest tag or run of words, in bytes: a drawing that Word writes into a tag is smaller.
const LONGEST_PIECE: usize = 4 << 20;

/// Why there is no text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unread {
    /// It is no Word document, or a damaged one.
    Broken,
    /// It would unpack beyond the bound.
    TooLarge,
}

/// Whether bytes are a zip container, as every .docx is.
pub fn is_container(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04")
}

/// The text of a .docx.
///
/// What was deleted or moved away under tracked changes is not there any more; what was inserted is. Numbers that Word
/// counts by itself are not in the file as words. KNOWN: so articles numbered by Word are compared as paragraphs.
pub fn text(bytes: &[u8]) -> Result<String, Unread> {
    let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(|_| Unread::Broken)?;
    let part = zip.by_name("word/document.xml").map_err(|_| Unread::Broken)?;
    let mut reader = Reader::from_reader(Pieces { from: BufReader::new(part.take(LARGEST + 1)), length: 0 });
    let read = paragraphs(&mut reader);
    let Pieces { from, length } = reader.get_ref();
    match read {
        // Cut off at a bound it may look like anything.
        _ if from.get_ref().limit() == 0 || *length > LONGEST_PIECE => Err(Unread::TooLarge),
        Some(words) if words.len() > MOST_WORDS => Err(Unread::TooLarge),
        Some(words) => Ok(words),
        None => Err(Unread::Broken),
    }
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

/// The paragraphs as lines; of more words than are taken only the first.
fn paragraphs(reader: &mut Reader<impl BufRead>) -> Option<String> {
    let (mut out, mut line, mut piece) = (String::new(), String::new(), Vec::new());
    // Inside <w:t>; and how deep inside what is not part of the text any more, or stands there twice.
    let (mut words, mut aside) = (false, 0_u32);
    let is_aside = |name: &str| matches!(name, "moveFrom" | "Fallback" | "del");
    while out.len() + line.len() <= MOST_WORDS {
        piece.clear();
        match reader.read_event_into(&mut piece).ok()? {
            Event::Start(tag) => match tag.local_name().as_ref() {
                name if aside > 0 || is_aside(name) => aside += 1,
                "t" => words = true,
                _ => {}
            },
            Event::End(tag) => match tag.local_name().as_ref() {
                _ if aside > 0 => aside -= 1,
                "t" => words = false,
                "p" => {
                    out.push_str(line.trim_end());
                    out.push('\n');
                    line.clear();
                }
                _ => {}
            },
            Event::Empty(tag) if aside == 0 => match tag.local_name().as_ref() {
                "tab" => line.push(' '),
                "br" | "cr" => line.push('\n'),
                _ => {}
            },
            Event::Text(text) if words && aside == 0 => line.push_str(&text),
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
                line.push(one);
            }
            Event::Eof => break,
            _ => {}
        }
    }
    out.push_str(&line);
    Some(out)
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
        assert!(is_container(&docx("a", "")) && !is_container(b"text"));
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

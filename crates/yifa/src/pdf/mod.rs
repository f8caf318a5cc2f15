//! The words of a PDF: its paragraphs as lines, read within bounds on a thread that nothing else waits for too long.
//!
//! The library takes the file apart; where words stand on a page, and which lines are one paragraph, is told here.

mod code;
mod font;
mod glyph;
mod line;
mod paragraph;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

use lopdf::{Document, LoadOptions};

/// The largest file read, in bytes: a report with its pictures.
pub const LARGEST: usize = 32 << 20;
/// The most pages read: ten reports.
pub const MOST_PAGES: usize = 500;
/// The most one part of the file unpacks to, in bytes: the words of a page are a thousandth of it.
const LARGEST_PART: usize = 16 << 20;
/// The most characters taken out of it: five books.
const MOST_WORDS: usize = 2_000_000;
/// How long one file may take: a hundred pages take a second.
const PATIENCE: Duration = Duration::from_secs(30);
/// So many files may have been given up on and still run; more would take the whole machine.
const MOST_GIVEN_UP: usize = 2;

/// Why there is no text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unread {
    /// It is no PDF, or a damaged one.
    Broken,
    /// It opens with a password only.
    Locked,
    /// Its pages are pictures: there is no word in it.
    Scanned,
    /// It has words, but does not say which characters they are.
    Unspelled,
    /// It goes beyond a bound of size, pages or time.
    TooLarge,
}

/// Whether bytes begin as a PDF does; some programs write a line of their own before it.
pub fn is_pdf(bytes: &[u8]) -> bool {
    let begin = bytes.get(..1024).unwrap_or(bytes);
    // A text that quotes the mark is not taken for one.
    memchr::memmem::find(begin, b"%PDF-").is_some_and(|at| at == 0 || begin[..at].iter().all(u8::is_ascii))
        && memchr::memmem::find(bytes, b"obj").is_some()
}

/// Readers given up on that have not ended yet.
static GIVEN_UP: AtomicUsize = AtomicUsize::new(0);

/// The text of a PDF: a paragraph a line, page numbers and repeated headers left out. A page that is a picture among
/// others with words is said to be one.
///
/// KNOWN: columns side by side and the lines within a cell of a table are read across, as they stand on the page.
pub fn text(bytes: &[u8]) -> Result<String, Unread> {
    if bytes.len() > LARGEST || GIVEN_UP.load(Ordering::SeqCst) >= MOST_GIVEN_UP {
        return Err(Unread::TooLarge);
    }
    let (bytes, stop) = (bytes.to_vec(), Arc::new(AtomicBool::new(false)));
    // Whoever ends first, the reader or the patience, says so; the other one then knows.
    let over = Arc::new(AtomicBool::new(false));
    let (tell, told) = channel();
    let (stopped, ended) = (Arc::clone(&stop), Arc::clone(&over));
    // A file made to harm may stop the library or keep it busy for ever; only this thread is lost to it.
    let reader = std::thread::Builder::new().name("pdf".to_owned()).stack_size(16 << 20).spawn(move || {
        let read = catch_unwind(AssertUnwindSafe(|| read(&bytes, &stopped))).unwrap_or(Err(Unread::Broken));
        match ended.swap(true, Ordering::SeqCst) {
            true => drop(GIVEN_UP.fetch_sub(1, Ordering::SeqCst)),
            // Whoever waits is still there.
            false => drop(tell.send(read)),
        }
    });
    if reader.is_err() {
        return Err(Unread::TooLarge);
    }
    match told.recv_timeout(PATIENCE) {
        Ok(read) => read,
        Err(RecvTimeoutError::Disconnected) => Err(Unread::Broken),
        Err(RecvTimeoutError::Timeout) => {
            GIVEN_UP.fetch_add(1, Ordering::SeqCst);
            stop.store(true, Ordering::SeqCst);
            if over.swap(true, Ordering::SeqCst) {
                GIVEN_UP.fetch_sub(1, Ordering::SeqCst);
                return told.recv().unwrap_or(Err(Unread::Broken));
            }
            Err(Unread::TooLarge)
        }
    }
}

fn read(bytes: &[u8], stop: &AtomicBool) -> Result<String, Unread> {
    let options = LoadOptions::with_max_decompressed_size(LARGEST_PART);
    let document = Document::load_mem_with_options(bytes, options).map_err(|error| match error {
        lopdf::Error::InvalidPassword | lopdf::Error::Decryption(_) | lopdf::Error::UnsupportedSecurityHandler(_) => {
            Unread::Locked
        }
        lopdf::Error::Decompress(lopdf::DecompressError::MemoryLimitExceeded { .. }) => Unread::TooLarge,
        _ => Unread::Broken,
    })?;
    if document.is_encrypted() {
        return Err(Unread::Locked);
    }
    let ids: Vec<_> = document.page_iter().take(MOST_PAGES + 1).collect();
    if ids.is_empty() {
        return Err(Unread::Broken);
    }
    if ids.len() > MOST_PAGES {
        return Err(Unread::TooLarge);
    }
    let mut reader = glyph::Reader::new(&document, stop);
    let pages = ids.into_iter().map(|id| reader.page(id)).collect::<Result<Vec<_>, _>>()?;
    let words = pages.iter().flat_map(|page| &page.glyphs).filter(|glyph| !glyph.is_blank()).count();
    let unspelled = pages.iter().flat_map(|page| &page.glyphs).filter(|glyph| glyph.is_unspelled()).count();
    let pictures = pages.iter().filter(|page| page.picture).count();
    match () {
        () if words == 0 && pictures == 0 => return Err(Unread::Scanned),
        // What a scanner prints on its pages, a number or its name, is no text of the document.
        () if pictures * 2 >= pages.len() && words < 20 * pages.len() => return Err(Unread::Scanned),
        () if unspelled * 20 > words => return Err(Unread::Unspelled),
        () => {}
    }
    Ok(paragraph::text(pages))
}

#[cfg(test)]
mod tests;

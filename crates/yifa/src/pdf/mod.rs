//! The words of a PDF: its paragraphs as lines, read within bounds by a program that is ended when it takes too long.
//!
//! The library takes the file apart; where words stand on a page, and which lines are one paragraph, is told here.

mod code;
mod font;
mod glyph;
mod line;
mod paragraph;

use std::collections::VecDeque;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use anyhow::Context;
use lopdf::{Document, LoadOptions};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::apart::within;

/// The verb of the command line that reads one PDF from its input.
pub const VERB: &str = "read-pdf";

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

/// The files that took too long lately: whoever hands one in again does not wait, nor do those behind him.
static OVERLONG: Mutex<VecDeque<[u8; 32]>> = Mutex::new(VecDeque::new());
const MOST_OVERLONG: usize = 64;

/// Why there is no text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
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

/// The text of a PDF: a paragraph a line, page numbers and repeated headers left out. A page that is a picture among
/// others with words is said to be one.
///
/// KNOWN: columns side by side and the lines within a cell of a table are read across, as they stand on the page.
///
/// A file made to harm may stop the library or keep it busy for ever, so it is read by a program of its own: this one, run
/// once more to do nothing else.
///
/// # Errors
/// The program cannot be run.
pub fn text(bytes: &[u8]) -> anyhow::Result<Result<String, Unread>> {
    let mut reader = Command::new(this_program()?);
    reader.arg(VERB);
    told(reader, PATIENCE, bytes)
}

/// What a reader says of a file, if it says it in time.
fn told(mut reader: Command, patience: Duration, bytes: &[u8]) -> anyhow::Result<Result<String, Unread>> {
    let hash: [u8; 32] = Sha256::digest(bytes).into();
    if bytes.len() > LARGEST || OVERLONG.lock().unwrap_or_else(PoisonError::into_inner).contains(&hash) {
        return Ok(Err(Unread::TooLarge));
    }
    let mut reader = reader
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .context("cannot start the reader of PDF")?;
    let (mut file, mut words) = reader.stdin.take().zip(reader.stdout.take()).context("the reader has no pipes")?;
    let bytes = bytes.to_vec();
    let answer = within(&mut reader, patience, move || {
        // One that fell over the file takes no more of it; what it answered tells.
        drop(file.write_all(&bytes));
        drop(file);
        let mut answer = Vec::new();
        words.read_to_end(&mut answer).map(|_| answer)
    });
    reader.wait()?;
    Ok(match answer? {
        None => {
            let mut overlong = OVERLONG.lock().unwrap_or_else(PoisonError::into_inner);
            overlong.truncate(MOST_OVERLONG - 1);
            overlong.push_front(hash);
            Err(Unread::TooLarge)
        }
        Some(answer) => serde_json::from_slice(&answer?).unwrap_or(Err(Unread::Broken)),
    })
}

/// This program as it runs, also when another version has been put in its place since.
fn this_program() -> std::io::Result<PathBuf> {
    let running = Path::new("/proc/self/exe");
    if running.exists() { Ok(running.to_owned()) } else { std::env::current_exe() }
}

/// The same, read here.
///
/// # Errors
/// Why there is no text.
pub fn read(bytes: &[u8]) -> Result<String, Unread> {
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
    let mut reader = glyph::Reader::new(&document);
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

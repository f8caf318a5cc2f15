//! What typst sees: its own library, the layout, the work and the faces; no other file, and no clock.

use typst::diag::{FileError, FileResult, SourceDiagnostic};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};
use typst_layout::PagedDocument;
use typst_pdf::PdfOptions;

use crate::fonts::Fonts;

/// The layout of all papers.
const LAYOUT: &str = include_str!("layout.typ");

struct Desk<'f> {
    library: LazyHash<Library>,
    fonts: &'f Fonts,
    ids: Ids,
    layout: Source,
    work: Bytes,
}

/// The two files there are.
struct Ids {
    layout: FileId,
    work: FileId,
}

impl Ids {
    fn new() -> Result<Ids, String> {
        let id = |path: &str| {
            let path = VirtualPath::new(path).map_err(|error| error.to_string())?;
            Ok::<FileId, String>(FileId::new(RootedPath::new(VirtualRoot::Project, path)))
        };
        Ok(Ids { layout: id("layout.typ")?, work: id("work.json")? })
    }
}

impl World for Desk<'_> {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.fonts.book
    }

    fn main(&self) -> FileId {
        self.ids.layout
    }

    fn source(&self, wanted: FileId) -> FileResult<Source> {
        if wanted == self.ids.layout { Ok(self.layout.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn file(&self, wanted: FileId) -> FileResult<Bytes> {
        if wanted == self.ids.work { Ok(self.work.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.font(index)
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}

/// A work as it was set.
pub struct Done {
    /// Its PDF.
    pub pdf: Vec<u8>,
    /// How many pages it has.
    pub pages: usize,
    /// What typst warned of.
    pub warnings: Vec<String>,
}

/// Sets a work.
///
/// # Errors
/// What typst says of the layout: nothing a work holds can be wrong, it is data.
pub fn set(fonts: &Fonts, work: &serde_json::Value) -> Result<Done, String> {
    let data = serde_json::json!({ "fonts": fonts.families(), "work": work });
    let ids = Ids::new()?;
    let desk = Desk {
        library: LazyHash::new(Library::default()),
        fonts,
        layout: Source::new(ids.layout, LAYOUT.to_owned()),
        ids,
        work: Bytes::from_string(data.to_string()),
    };
    let told = |one: &SourceDiagnostic| {
        let at = typst::WorldExt::range(&desk, one.span);
        let line = at.map_or(0, |at| 1 + LAYOUT[..at.start].matches('\n').count());
        format!("layout.typ:{line}: {}", one.message)
    };
    let all = |all: &[SourceDiagnostic]| all.iter().map(told).collect::<Vec<_>>();
    let compiled = typst::compile::<PagedDocument>(&desk);
    let document = compiled.output.map_err(|errors| all(&errors).join("; "))?;
    let pdf = typst_pdf::pdf(&document, &PdfOptions::default()).map_err(|errors| all(&errors).join("; "))?;
    Ok(Done { pdf, pages: document.pages().len(), warnings: all(&compiled.warnings) })
}

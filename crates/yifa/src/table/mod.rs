//! Tables: the ledgers clerks keep in Excel, read into steps and written out again (表格).
//!
//! ```text
//! bytes ─read→ Sheet (rows of steps, every cell known by its address) ─plan→ Plan (what would be entered, or all problems)
//! records ─export→ .xlsx / .csv of the same layout           register ─template→ an empty sheet with its notes
//! ```
//!
//! Reading knows files and cells and no ledger; planning knows the ledger and no files. Nothing is written before
//! every cell of the file has been understood.

mod book;
mod cell;
mod container;
mod csv;
mod digest;
mod expected;
mod export;
mod grid;
mod heading;
mod intake;
mod kind;
mod layout;
mod plan;
mod read;
mod remembered;
mod sheet;
mod summary;
mod taken;
mod template;
#[cfg(test)]
mod tests;
mod wording;
mod write;

use engine::problem::Problem;

pub use expected::{As, Foreign};
pub use export::{ExportRow, ExportStep, Failed, Names, Wanted, export_csv, export_xlsx};
pub use grid::{Grid, grid};
pub use layout::{Column, NUMBER, SEALED, WITHHELD, layout};
pub use plan::{Ledger, Plan, Planned, PlannedStep, Today, plan};
pub use read::{Choose, read, read_path};
pub use sheet::{Address, Note, Row, RowStep, Sheet, letters};
pub use summary::Summary;
pub use template::{Lists, sheet_name, template};
pub use wording::{Meant, Titled, Wording, column_named, columns, headings};

/// Whether bytes are an .xlsx that may be unpacked: its parts measured, nothing of it believed.
pub fn is_workbook(bytes: &[u8]) -> Result<(), Problem> {
    match kind::of(bytes)? {
        kind::Kind::Zip => container::inspect(bytes).map(drop),
        kind::Kind::Text(_) => Err(Problem::new(404, "文件是文本表格，不是工作簿", "请选择 .xlsx 文件")),
    }
}

/// Largest file that is opened.
pub const MOST_FILE_BYTES: u64 = 64 << 20;
/// Most bytes all parts of an .xlsx may unpack to. A zip bomb is stopped here, before anything is parsed.
pub const MOST_UNPACKED_BYTES: u64 = 768 << 20;
/// Most bytes the shared strings of an .xlsx may unpack to: they are held in memory as a whole.
pub const MOST_STRING_BYTES: u64 = 128 << 20;
/// Most parts of an .xlsx.
pub const MOST_PARTS: usize = 4_000;
/// Most rows of one sheet.
pub const MOST_ROWS: u32 = 200_000;
/// Most columns looked at.
pub const MOST_COLUMNS: u32 = 400;
/// Most bytes of text kept of one sheet. Without it one long shared string could be repeated a million times.
pub const MOST_TEXT_BYTES: usize = 256 << 20;
/// Most problems reported at once.
pub const MOST_PROBLEMS: usize = 500;
/// Most steps of one record in one sheet.
pub const MOST_STEPS: usize = 500;
/// The heading row stands within this many rows from the top.
pub const HEAD_ROWS: u32 = 20;
/// Most bytes of the style part: every style becomes half a kilobyte of memory.
pub const MOST_STYLE_BYTES: u64 = 8 << 20;

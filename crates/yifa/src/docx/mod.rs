//! A Word document (.docx): its words, unpacked within a bound, and a copy of it with comments.

mod comment;
mod read;

pub use comment::{By, Comment, commented};
pub use read::text;

/// The largest body unpacked, in bytes: a law of a thousand articles is far smaller. For its words it is read piece by
/// piece and never held as a whole.
pub const LARGEST: u64 = 24 << 20;

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

#[cfg(test)]
mod tests;

//! The leaf: one entry (记入) as the tree holds it. Lines of text, nothing personal.
//!
//! ```text
//! yifa-entry/v1
//! origin yifa.example/360724/wuzhifeng
//! id 0199a4c2-7b1e-7a3f-9c55-0123456789ab
//! kind step
//! subject 0199a4c2-7b1e-7a3f-9c55-0123456789ac
//! recorded_at 1760000000000
//! actor 0199a4c2-7b1e-7a3f-9c55-0123456789ad
//! definition <64 hexadecimal digits or ->
//! prev <64 hexadecimal digits or ->
//! commitment <64 hexadecimal digits>
//! ```
//!
//! The order is fixed, every line is present, every line ends in a newline. A later version of the
//! leaf has another first line; nothing is ever added under this one.

use crate::hash::{Hash, TextError, leaf_hash, push_hex, shown};
use crate::id::{ID_LENGTH, Id};

/// The first line of a leaf.
pub const ENTRY_FORMAT: &str = "yifa-entry/v1";

/// The longest leaf in bytes: entry bundles prefix each with a 16-bit length (C2SP tlog-tiles).
pub const MAX_LEAF: usize = 65_535;

/// Why bytes are not a leaf, or a leaf cannot be written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LeafError {
    /// More than 65,535 bytes.
    #[error("leaf of {0} bytes is longer than 65535")]
    TooLong(usize),
    /// The first line is not [`ENTRY_FORMAT`].
    #[error("leaf starts with {0:?}, not with \"yifa-entry/v1\"")]
    Format(String),
    /// Another line stands where this one belongs; also unknown and missing lines.
    #[error("leaf line {line}: expected \"{expected}\", found {found:?}")]
    Line {
        /// One-based number of the line.
        line: usize,
        /// The name that belongs there.
        expected: &'static str,
        /// The line that stands there, shortened.
        found: String,
    },
    /// The value of a line is not of its shape.
    #[error("leaf line {line} ({field}): {fault}")]
    Value {
        /// One-based number of the line; 0 while writing.
        line: usize,
        /// The name of the line.
        field: &'static str,
        /// What was expected and found.
        fault: TextError,
    },
    /// Bytes follow the last line.
    #[error("leaf has {0} bytes after its last line")]
    Trailing(usize),
}

/// A leaf that owns its text. See the module for its shape.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leaf {
    /// The journal it belongs to: visible ASCII, no space, no plus, at most 255 bytes.
    pub origin: String,
    /// Its own id.
    pub id: Id,
    /// What it is, coarsely (`step`, `adopt`, `erased`): lower-case letters, digits, `_`, `.`
    /// and `-`, starting with a letter, at most 64 bytes.
    pub kind: String,
    /// The record it is about; none if it is about the journal itself.
    pub subject: Option<Id>,
    /// When it was recorded: milliseconds since 1970 UTC. A claim of the machine, never proof.
    pub recorded_at: i64,
    /// Who recorded it; none if yifa did so by itself.
    pub actor: Option<Id>,
    /// SHA-256 of the definition it was made under, if any.
    pub definition: Option<Hash>,
    /// Leaf hash of the previous entry of the same subject; none for its first.
    pub prev: Option<Hash>,
    /// Commitment to the payload, see [`crate::payload`].
    pub commitment: Hash,
}

/// A leaf read without copying its text. The fields are those of [`Leaf`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LeafRef<'a> {
    /// The journal it belongs to.
    pub origin: &'a str,
    /// Its own id.
    pub id: Id,
    /// What it is, coarsely.
    pub kind: &'a str,
    /// The record it is about.
    pub subject: Option<Id>,
    /// When it was recorded: milliseconds since 1970 UTC.
    pub recorded_at: i64,
    /// Who recorded it.
    pub actor: Option<Id>,
    /// SHA-256 of the definition it was made under.
    pub definition: Option<Hash>,
    /// Leaf hash of the previous entry of the same subject.
    pub prev: Option<Hash>,
    /// Commitment to the payload.
    pub commitment: Hash,
}

impl Leaf {
    /// The one and only byte form.
    ///
    /// # Errors
    /// [`LeafError::Value`] if `origin` or `kind` is not of its shape.
    pub fn to_bytes(&self) -> Result<Vec<u8>, LeafError> {
        let value = |field| move |fault| LeafError::Value { line: 0, field, fault };
        check_origin(self.origin.as_bytes()).map_err(value("origin"))?;
        check_kind(self.kind.as_bytes()).map_err(value("kind"))?;
        let mut out = String::with_capacity(448 + self.origin.len());
        out.push_str(ENTRY_FORMAT);
        out.push_str("\norigin ");
        out.push_str(&self.origin);
        out.push_str("\nid ");
        self.id.push(&mut out);
        out.push_str("\nkind ");
        out.push_str(&self.kind);
        out.push_str("\nsubject ");
        push_or_dash(&mut out, self.subject, Id::push);
        out.push_str("\nrecorded_at ");
        out.push_str(&self.recorded_at.to_string());
        out.push_str("\nactor ");
        push_or_dash(&mut out, self.actor, Id::push);
        out.push_str("\ndefinition ");
        push_or_dash(&mut out, self.definition, |hash, out| push_hex(&hash.0, out));
        out.push_str("\nprev ");
        push_or_dash(&mut out, self.prev, |hash, out| push_hex(&hash.0, out));
        out.push_str("\ncommitment ");
        push_hex(&self.commitment.0, &mut out);
        out.push('\n');
        Ok(out.into_bytes())
    }

    /// Reads a leaf, see [`LeafRef::parse`].
    ///
    /// # Errors
    /// As [`LeafRef::parse`].
    pub fn parse(bytes: &[u8]) -> Result<Leaf, LeafError> {
        LeafRef::parse(bytes).map(LeafRef::to_leaf)
    }

    /// The hash under which the tree holds this leaf (RFC 6962 section 2.1).
    ///
    /// # Errors
    /// As [`Leaf::to_bytes`].
    pub fn hash(&self) -> Result<Hash, LeafError> {
        self.to_bytes().map(|bytes| leaf_hash(&bytes))
    }
}

impl<'a> LeafRef<'a> {
    /// Reads a leaf. Only the bytes [`Leaf::to_bytes`] writes are accepted.
    ///
    /// # Errors
    /// Every deviation: order, unknown or missing lines, another spelling of a value, bytes after
    /// the last line. The error names the line.
    // INVARIANT: what parses writes back to the same bytes, held by the test
    // `whatever_parses_is_written_back_the_same`.
    pub fn parse(bytes: &'a [u8]) -> Result<LeafRef<'a>, LeafError> {
        if bytes.len() > MAX_LEAF {
            return Err(LeafError::TooLong(bytes.len()));
        }
        let mut lines = Lines::start(bytes)?;
        match lines.leaf() {
            Some(leaf) if lines.rest.is_empty() => Ok(leaf),
            Some(_) => Err(LeafError::Trailing(lines.rest.len())),
            None => Err(lines.fault()),
        }
    }

    /// Copies the text.
    pub fn to_leaf(self) -> Leaf {
        Leaf {
            origin: self.origin.to_owned(),
            id: self.id,
            kind: self.kind.to_owned(),
            subject: self.subject,
            recorded_at: self.recorded_at,
            actor: self.actor,
            definition: self.definition,
            prev: self.prev,
            commitment: self.commitment,
        }
    }
}

fn push_or_dash<T>(out: &mut String, value: Option<T>, push: impl Fn(T, &mut String)) {
    match value {
        Some(value) => push(value, out),
        None => out.push('-'),
    }
}

const ORIGIN: &str = "visible ASCII without space or plus";
const KIND: &str = "a lower-case word";
const ID: &str = "a lower-case UUIDv7";
const HASH: &str = "64 lower-case hexadecimal digits";

pub(crate) fn check_origin(text: &[u8]) -> Result<(), TextError> {
    let fine = is_origin(text);
    fine.then_some(()).ok_or_else(|| TextError::new(ORIGIN, text))
}

fn check_kind(text: &[u8]) -> Result<(), TextError> {
    let fine = is_kind(text);
    fine.then_some(()).ok_or_else(|| TextError::new(KIND, text))
}

// Stricter than C2SP, which allows any UTF-8: an origin that looks like another is a trap.
fn is_origin(text: &[u8]) -> bool {
    let fine = |byte: &u8| byte.is_ascii_graphic() & (*byte != b'+');
    !text.is_empty() && text.len() <= 255 && text.iter().fold(true, |all, byte| all & fine(byte))
}

fn is_kind(text: &[u8]) -> bool {
    let fine = |byte: &u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'.' | b'-');
    matches!(text, [b'a'..=b'z', rest @ ..] if rest.len() < 64 && rest.iter().all(fine))
}

/// The lines not read yet, and the one being read.
// Readers say yes or no, and the reason is looked for only after a no: to carry it through every
// line would cost as much as hashing the leaf. So would searching the newline after a value whose
// width is known.
struct Lines<'a> {
    rest: &'a [u8],
    line: usize,
    name: &'static str,
    expected: &'static str,
}

impl<'a> Lines<'a> {
    fn start(bytes: &'a [u8]) -> Result<Lines<'a>, LeafError> {
        let rest = bytes.strip_prefix(ENTRY_FORMAT.as_bytes());
        match rest.and_then(|rest| rest.strip_prefix(b"\n")) {
            Some(rest) => Ok(Lines { rest, line: 1, name: "", expected: "" }),
            None => Err(LeafError::Format(shown(first_line(bytes)))),
        }
    }

    #[inline]
    fn leaf(&mut self) -> Option<LeafRef<'a>> {
        Some(LeafRef {
            origin: self.text("origin", ORIGIN, is_origin)?,
            id: self.exact("id", ID, ID_LENGTH, Id::read)?,
            kind: self.text("kind", KIND, is_kind)?,
            subject: self.optional("subject", ID, ID_LENGTH, Id::read)?,
            recorded_at: self.number("recorded_at")?,
            actor: self.optional("actor", ID, ID_LENGTH, Id::read)?,
            definition: self.optional("definition", HASH, 64, Hash::read)?,
            prev: self.optional("prev", HASH, 64, Hash::read)?,
            commitment: self.exact("commitment", HASH, 64, Hash::read)?,
        })
    }

    /// What follows the name of the next line, if it is this one.
    #[inline(always)]
    fn after(&mut self, name: &'static str, expected: &'static str) -> Option<&'a [u8]> {
        self.line += 1;
        (self.name, self.expected) = (name, expected);
        let rest = self.rest.strip_prefix(name.as_bytes())?;
        rest.strip_prefix(b" ")
    }

    #[inline(always)]
    fn exact<T>(
        &mut self,
        name: &'static str,
        expected: &'static str,
        width: usize,
        read: impl Fn(&[u8]) -> Option<T>,
    ) -> Option<T> {
        let after = self.after(name, expected)?;
        self.cut(after, width, read)
    }

    #[inline(always)]
    fn cut<T>(&mut self, after: &'a [u8], width: usize, read: impl Fn(&'a [u8]) -> Option<T>) -> Option<T> {
        let (value, rest) = after.split_at_checked(width)?;
        let rest = rest.strip_prefix(b"\n")?;
        let value = read(value)?;
        self.rest = rest;
        Some(value)
    }

    #[inline(always)]
    fn optional<T>(
        &mut self,
        name: &'static str,
        expected: &'static str,
        width: usize,
        read: impl Fn(&[u8]) -> Option<T>,
    ) -> Option<Option<T>> {
        let after = self.after(name, expected)?;
        if let Some(rest) = after.strip_prefix(b"-\n") {
            self.rest = rest;
            return Some(None);
        }
        self.cut(after, width, read).map(Some)
    }

    #[inline(always)]
    fn text(&mut self, name: &'static str, expected: &'static str, fits: impl Fn(&[u8]) -> bool) -> Option<&'a str> {
        let after = self.after(name, expected)?;
        let read = |text| str::from_utf8(text).ok().filter(|_| fits(text));
        self.cut(after, first_line(after).len(), read)
    }

    fn number(&mut self, name: &'static str) -> Option<i64> {
        let after = self.after(name, "a whole number of milliseconds")?;
        self.cut(after, first_line(after).len(), crate::number::parse_i64)
    }

    /// Why the line that was read last is wrong.
    #[cold]
    fn fault(&self) -> LeafError {
        let found = first_line(self.rest);
        let (line, field) = (self.line, self.name);
        let value = found.strip_prefix(field.as_bytes());
        match value.and_then(|value| value.strip_prefix(b" ")) {
            Some(value) => {
                let ends = found.len() < self.rest.len();
                let expected = if ends { self.expected } else { "a newline at the end" };
                let fault = TextError::new(expected, value);
                LeafError::Value { line, field, fault }
            }
            None => LeafError::Line { line, expected: field, found: shown(found) },
        }
    }
}

/// The bytes before the first newline, or all.
fn first_line(bytes: &[u8]) -> &[u8] {
    const EACH: u64 = 0x0101_0101_0101_0101;
    // Eight bytes at a time: the lowest byte that the subtraction borrows into was a newline.
    let (words, _) = bytes.as_chunks::<8>();
    for (nth, word) in words.iter().enumerate() {
        let other = u64::from_le_bytes(*word) ^ (EACH * u64::from(b'\n'));
        let newline = other.wrapping_sub(EACH) & !other & (EACH * 0x80);
        if newline != 0 {
            return &bytes[..8 * nth + newline.trailing_zeros() as usize / 8];
        }
    }
    let start = 8 * words.len();
    let end = bytes[start..].iter().position(|byte| *byte == b'\n');
    &bytes[..end.map_or(bytes.len(), |end| start + end)]
}

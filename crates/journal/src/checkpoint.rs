//! The checkpoint (检查点): origin, size and root of a journal, signed (C2SP tlog-checkpoint).

use std::fmt;

use crate::entry::check_origin;
use crate::hash::{Hash, TextError, shown};
use crate::key::{Use, VerifierKey};
use crate::note::{Note, NoteError, Signed};
use crate::number::parse_u64;

/// What a journal signs about itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// The journal: visible ASCII, no space, no plus.
    pub origin: String,
    /// The number of entries.
    pub size: u64,
    /// The root of the tree of these entries.
    pub root: Hash,
}

/// Why a text is no checkpoint, or is not believed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointError {
    /// The note around it.
    #[error("checkpoint: {0}")]
    Note(#[from] NoteError),
    /// Other than three lines. Extension lines are refused: nobody could audit them.
    #[error("checkpoint has {0} lines, not three")]
    Lines(usize),
    /// A line is not of its shape.
    #[error("checkpoint {line}: {fault}")]
    Line {
        /// `origin`, `size` or `root`.
        line: &'static str,
        /// What was expected and found.
        fault: TextError,
    },
    /// The checkpoint of another journal.
    #[error("checkpoint is of {found:?}, not of {expected:?}")]
    Origin {
        /// The journal that was expected.
        expected: String,
        /// The journal it is of.
        found: String,
    },
    /// Cosigned, perhaps, but not signed by the journal itself.
    #[error("checkpoint of {0:?} is not signed by the key of the journal")]
    NotByJournal(String),
}

impl Checkpoint {
    /// Reads the three lines of the note text.
    ///
    /// # Errors
    /// Every deviation, extension lines included.
    pub fn from_text(text: &str) -> Result<Checkpoint, CheckpointError> {
        let lines: Vec<&str> = text.split_terminator('\n').collect();
        let [origin, size, root] = lines[..] else {
            return Err(CheckpointError::Lines(lines.len()));
        };
        let wrong = |line| move |fault| CheckpointError::Line { line, fault };
        check_origin(origin.as_bytes()).map_err(wrong("origin"))?;
        let number = parse_u64(size.as_bytes());
        let number = number.ok_or_else(|| TextError { expected: "a whole number", found: shown(size.as_bytes()) });
        Ok(Checkpoint {
            origin: origin.to_owned(),
            size: number.map_err(wrong("size"))?,
            root: Hash::from_base64(root.as_bytes()).map_err(wrong("root"))?,
        })
    }

    /// Reads a signed checkpoint and verifies it: of this origin, signed by a key of the journal.
    ///
    /// `keys` may also hold the keys of observers; their signatures are verified as well.
    ///
    /// # Errors
    /// [`CheckpointError`].
    pub fn open(bytes: &[u8], origin: &str, keys: &[VerifierKey]) -> Result<(Checkpoint, Note), CheckpointError> {
        let note = Note::parse(bytes)?;
        let signed = note.verify(keys)?;
        let checkpoint = Checkpoint::from_text(note.text())?;
        if checkpoint.origin != origin {
            return Err(CheckpointError::Origin { expected: origin.to_owned(), found: checkpoint.origin });
        }
        // An observer's signature says what it saw, not that the journal stands by it.
        let own = |key: &&VerifierKey| key.kind() == Use::Note && key.name() == origin;
        let by = |key: &VerifierKey| {
            let same = |line: &Signed| line.id == key.id() && line.name == key.name();
            signed.iter().any(same)
        };
        if !keys.iter().filter(own).any(by) {
            return Err(CheckpointError::NotByJournal(checkpoint.origin));
        }
        Ok((checkpoint, note))
    }

    /// The note to be signed.
    ///
    /// # Errors
    /// [`CheckpointError::Line`] if the origin is not of its shape.
    pub fn to_note(&self) -> Result<Note, CheckpointError> {
        check_origin(self.origin.as_bytes()).map_err(|fault| CheckpointError::Line { line: "origin", fault })?;
        Ok(Note::new(&self.to_string())?)
    }
}

/// The three lines, each ending in a newline.
impl fmt::Display for Checkpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Checkpoint { origin, size, root } = self;
        writeln!(f, "{origin}\n{size}\n{}", root.to_base64())
    }
}

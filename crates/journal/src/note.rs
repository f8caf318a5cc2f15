//! Signed notes: a text and lines of signatures under it (C2SP signed-note).

use std::fmt;

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};

use crate::hash::shown;
use crate::key::{SignerKey, Use, VerifierKey, is_name};

/// Longest note in bytes. Post-quantum signatures are up to 5 kB each, and at least 16 must fit.
pub const MAX_NOTE: usize = 1_000_000;

/// Why bytes are no note, or a note is not believed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    /// Longer than [`MAX_NOTE`].
    #[error("note of {0} bytes is longer than {MAX_NOTE}")]
    TooLong(usize),
    /// Not UTF-8, or with a control character other than newline.
    #[error("note has a byte that is not allowed, at {0}")]
    Byte(usize),
    /// No empty line between text and signatures, or no signature at all.
    #[error("note has no signatures")]
    Unsigned,
    /// The text is empty or does not end in a newline.
    #[error("the text of a note is not empty and ends in a newline")]
    Text,
    /// A line among the signatures is none.
    #[error("note signature line {line} is malformed: {found:?}")]
    Line {
        /// One-based number among the signature lines.
        line: usize,
        /// The line, shortened.
        found: String,
    },
    /// The signature of a known key does not fit: the text or the signature was changed.
    #[error("the signature of {name}+{id:08x} does not fit the note")]
    Forged {
        /// Name of the key.
        name: String,
        /// Id of the key.
        id: u32,
    },
    /// No signature is of a known key.
    #[error("no signature of a known key; signed by {0:?}")]
    Unknown(Vec<String>),
    /// The key is of the wrong use for this.
    #[error("key {name} is for {found:?}")]
    Use {
        /// Name of the key.
        name: String,
        /// What the key is for.
        found: Use,
    },
}

/// One signature line, not judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoteSignature {
    /// Name of the key.
    pub name: String,
    /// Id of the key.
    pub id: u32,
    /// What the key signed with, in the form of its type.
    pub bytes: Vec<u8>,
}

/// A note: text and signatures. The text means nothing before [`Note::verify`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    text: String,
    signatures: Vec<NoteSignature>,
}

/// A signature that was verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    /// Name of the key.
    pub name: String,
    /// Id of the key.
    pub id: u32,
    /// For cosignatures, when the observer saw the checkpoint: seconds since 1970 UTC.
    pub time: Option<u64>,
}

impl Note {
    /// A note without signatures yet.
    ///
    /// # Errors
    /// A text that is empty, does not end in a newline, or has control characters.
    pub fn new(text: &str) -> Result<Note, NoteError> {
        check_bytes(text.as_bytes())?;
        if text.len() < 2 || !text.ends_with('\n') {
            return Err(NoteError::Text);
        }
        Ok(Note { text: text.to_owned(), signatures: Vec::new() })
    }

    /// Reads a note; no signature is judged.
    ///
    /// # Errors
    /// Every deviation from the form.
    pub fn parse(bytes: &[u8]) -> Result<Note, NoteError> {
        if bytes.len() > MAX_NOTE {
            return Err(NoteError::TooLong(bytes.len()));
        }
        let all = check_bytes(bytes)?;
        // The text may have empty lines itself: the last one separates.
        let at = all.rfind("\n\n").ok_or(NoteError::Unsigned)?;
        let mut note = Note::new(&all[..=at])?;
        let lines = &all[at + 2..];
        let lines = lines.strip_suffix('\n').ok_or(NoteError::Unsigned)?;
        for (nth, line) in lines.split('\n').enumerate() {
            let wrong = || NoteError::Line { line: nth + 1, found: shown(line.as_bytes()) };
            note.signatures.push(parse_line(line).ok_or_else(wrong)?);
        }
        Ok(note)
    }

    /// The text, ending in a newline.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The signature lines in order, known keys or not.
    pub fn signatures(&self) -> &[NoteSignature] {
        &self.signatures
    }

    /// Adds a line made elsewhere, such as SM2 with SM3 under type 0xff.
    ///
    /// # Errors
    /// [`NoteError::Line`] for a name that is none or a signature without bytes.
    pub fn add(&mut self, signature: NoteSignature) -> Result<(), NoteError> {
        if !is_name(&signature.name) || signature.bytes.is_empty() {
            let line = self.signatures.len() + 1;
            let found = signature.name;
            return Err(NoteError::Line { line, found });
        }
        self.signatures.push(signature);
        Ok(())
    }

    /// Signs the text with a key for notes.
    ///
    /// A journal's own checkpoint is signed by [`Permit::sign`](crate::guard::Permit::sign), which
    /// never signs a fork.
    ///
    /// # Errors
    /// [`NoteError::Use`].
    pub fn sign(&mut self, key: &SignerKey) -> Result<(), NoteError> {
        check_use(key.verifier(), Use::Note)?;
        let bytes = key.sign(self.text.as_bytes()).to_vec();
        self.push_signature(key, bytes);
        Ok(())
    }

    /// Signs the text as a checkpoint one has found consistent at `time`, seconds since 1970 UTC
    /// (C2SP tlog-cosignature v1).
    ///
    /// # Errors
    /// [`NoteError::Use`].
    pub fn cosign(&mut self, key: &SignerKey, time: u64) -> Result<(), NoteError> {
        check_use(key.verifier(), Use::Cosignature)?;
        let mut bytes = time.to_be_bytes().to_vec();
        bytes.extend(key.sign(cosigned(time, &self.text).as_bytes()));
        self.push_signature(key, bytes);
        Ok(())
    }

    fn push_signature(&mut self, key: &SignerKey, bytes: Vec<u8>) {
        self.signatures.push(NoteSignature { name: key.verifier().name().to_owned(), id: key.verifier().id(), bytes });
    }

    /// Verifies the signatures of these keys and ignores all others, as the format demands: a line
    /// is of a known key only if name *and* id are its own.
    ///
    /// # Errors
    /// [`NoteError::Forged`] if one known key's signature does not fit, and
    /// [`NoteError::Unknown`] if none is of a known key.
    pub fn verify(&self, keys: &[VerifierKey]) -> Result<Vec<Signed>, NoteError> {
        let mut signed = Vec::new();
        for line in &self.signatures {
            let known = |key: &&VerifierKey| key.name() == line.name && key.id() == line.id;
            let Some(key) = keys.iter().find(known) else {
                continue;
            };
            let NoteSignature { name, id, .. } = line.clone();
            match self.time_if_fits(key, &line.bytes) {
                Some(time) => signed.push(Signed { name, id, time }),
                None => return Err(NoteError::Forged { name, id }),
            }
        }
        if signed.is_empty() {
            let names = self.signatures.iter();
            let names = names.map(|line| format!("{}+{:08x}", line.name, line.id));
            return Err(NoteError::Unknown(names.collect()));
        }
        Ok(signed)
    }

    fn time_if_fits(&self, key: &VerifierKey, bytes: &[u8]) -> Option<Option<u64>> {
        match key.kind() {
            Use::Note => key.verify(self.text.as_bytes(), bytes).then_some(None),
            Use::Cosignature => {
                let (time, signature) = bytes.split_first_chunk()?;
                let time = u64::from_be_bytes(*time);
                let fits = key.verify(cosigned(time, &self.text).as_bytes(), signature);
                (fits && i64::try_from(time).is_ok()).then_some(Some(time))
            }
        }
    }
}

/// The bytes of the note, as they are stored and served.
impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.text)?;
        for NoteSignature { name, id, bytes } in &self.signatures {
            let line = [&id.to_be_bytes()[..], bytes].concat();
            writeln!(f, "— {name} {}", BASE64.encode(line))?;
        }
        Ok(())
    }
}

fn cosigned(time: u64, text: &str) -> String {
    format!("cosignature/v1\ntime {time}\n{text}")
}

fn check_use(key: &VerifierKey, wanted: Use) -> Result<(), NoteError> {
    if key.kind() == wanted {
        return Ok(());
    }
    Err(NoteError::Use { name: key.name().to_owned(), found: key.kind() })
}

fn check_bytes(bytes: &[u8]) -> Result<&str, NoteError> {
    let text = str::from_utf8(bytes).map_err(|fault| NoteError::Byte(fault.valid_up_to()))?;
    match bytes.iter().position(|byte| *byte < 0x20 && *byte != b'\n') {
        Some(at) => Err(NoteError::Byte(at)),
        None => Ok(text),
    }
}

fn parse_line(line: &str) -> Option<NoteSignature> {
    let (name, signature) = line.strip_prefix("— ")?.split_once(' ')?;
    let decoded = BASE64.decode(signature).ok()?;
    let (id, bytes) = decoded.split_first_chunk()?;
    (is_name(name) && !bytes.is_empty()).then(|| NoteSignature {
        name: name.to_owned(),
        id: u32::from_be_bytes(*id),
        bytes: bytes.to_vec(),
    })
}

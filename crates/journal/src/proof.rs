//! The proof that one entry is in a journal, in a text that needs nothing else (C2SP tlog-proof).

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};

use crate::audit::{ProofError, check_inclusion};
use crate::checkpoint::{Checkpoint, CheckpointError};
use crate::hash::{Hash, leaf_hash, shown};
use crate::key::VerifierKey;
use crate::number::parse_u64;

/// The first line of a proof.
pub const PROOF_FORMAT: &str = "c2sp.org/tlog-proof@v1";

/// Why a text is no proof, or proves nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EntryProofError {
    /// Not UTF-8, or no checkpoint after an empty line.
    #[error("not a tlog-proof: {0}")]
    Form(&'static str),
    /// A line is not what belongs there.
    #[error("tlog-proof line {line}: expected {expected}, found {found:?}")]
    Line {
        /// One-based number of the line.
        line: usize,
        /// What belongs there.
        expected: &'static str,
        /// The line found, shortened.
        found: String,
    },
    /// The checkpoint is not believed.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// The entry is not in the tree of the checkpoint at this place.
    #[error("entry {index}: {fault}")]
    Proof {
        /// Zero-based number of the entry.
        index: u64,
        /// What the proof says.
        fault: ProofError,
    },
}

/// The proof of one entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryProof {
    /// Zero-based number of the entry.
    pub index: u64,
    /// The audit path, the leaf's sibling first.
    pub path: Vec<Hash>,
    /// The signed checkpoint, verbatim.
    pub checkpoint: String,
    /// Further bytes that nobody signed; never to be believed.
    pub extra: Option<Vec<u8>>,
}

impl EntryProof {
    /// The text, to be stored under `.tlog-proof`.
    pub fn to_text(&self) -> String {
        let mut text = format!("{PROOF_FORMAT}\n");
        if let Some(extra) = &self.extra {
            text.push_str(&format!("extra {}\n", BASE64.encode(extra)));
        }
        text.push_str(&format!("index {}\n", self.index));
        for hash in &self.path {
            text.push_str(&hash.to_base64());
            text.push('\n');
        }
        text.push('\n');
        text.push_str(&self.checkpoint);
        text
    }

    /// Reads a proof; nothing is judged.
    ///
    /// # Errors
    /// [`EntryProofError::Form`], [`EntryProofError::Line`].
    pub fn parse(bytes: &[u8]) -> Result<EntryProof, EntryProofError> {
        let text = str::from_utf8(bytes).map_err(|_| EntryProofError::Form("not UTF-8"))?;
        let (head, checkpoint) =
            text.split_once("\n\n").ok_or(EntryProofError::Form("no empty line before the checkpoint"))?;
        let mut lines = head.split('\n').enumerate().peekable();
        let wrong = |line: usize, expected, found: &str| EntryProofError::Line {
            line: line + 1,
            expected,
            found: shown(found.as_bytes()),
        };
        let first = lines.next().map_or("", |(_, line)| line);
        if first != PROOF_FORMAT {
            return Err(wrong(0, "c2sp.org/tlog-proof@v1", first));
        }
        let extra = match lines.next_if(|(_, line)| line.starts_with("extra ")) {
            Some((nth, line)) => {
                let extra = BASE64.decode(&line["extra ".len()..]);
                Some(extra.map_err(|_| wrong(nth, "base64", line))?)
            }
            None => None,
        };
        let (nth, line) = lines.next().unwrap_or((1, ""));
        let index = line.strip_prefix("index ");
        let index = index.and_then(|index| parse_u64(index.as_bytes()));
        let index = index.ok_or_else(|| wrong(nth, "index and a number", line))?;
        let hash = |(nth, line): (usize, &str)| {
            Hash::from_base64(line.as_bytes()).map_err(|_| wrong(nth, "base64 of 32 bytes", line))
        };
        Ok(EntryProof {
            index,
            path: lines.map(hash).collect::<Result<_, _>>()?,
            checkpoint: checkpoint.to_owned(),
            extra,
        })
    }

    /// Verifies that this leaf is entry [`index`](EntryProof::index) of the journal of this origin,
    /// and returns the checkpoint that says so.
    ///
    /// # Errors
    /// [`EntryProofError::Checkpoint`], [`EntryProofError::Proof`].
    pub fn verify(&self, leaf: &[u8], origin: &str, keys: &[VerifierKey]) -> Result<Checkpoint, EntryProofError> {
        let (checkpoint, _) = Checkpoint::open(self.checkpoint.as_bytes(), origin, keys)?;
        let (size, root) = (checkpoint.size, checkpoint.root);
        check_inclusion(&self.path, self.index, &leaf_hash(leaf), size, &root)
            .map_err(|fault| EntryProofError::Proof { index: self.index, fault })?;
        Ok(checkpoint)
    }
}

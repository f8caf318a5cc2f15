//! The pieces of a bundle (证据包): what one needs to believe a few entries without the journal.
//!
//! For entry `i` a bundle holds `entries/<i>.leaf`, `proofs/<i>.tlog-proof` and, as far as it is
//! disclosed, `payloads/<i>.json`. A leaf is disclosed nowhere else: kind, time and village of a
//! domestic dispute are themselves personal.
//!
//! [`Disclosure`] judges the pieces of one entry; [`pack`] and [`open`] make and judge the whole file.

mod part;
mod whole;

use crate::checkpoint::Checkpoint;
use crate::entry::{Leaf, LeafError};
use crate::key::VerifierKey;
use crate::opening::{Opening, OpeningError};
use crate::proof::{EntryProof, EntryProofError};

pub use part::Part;
pub use whole::{BUNDLE_FORMAT, Bundle, BundleError, MOST_ENTRIES, Parts, key_within, open, pack};

/// Path of an entry's leaf in a bundle.
pub fn leaf_path(entry: u64) -> String {
    format!("entries/{entry}.leaf")
}

/// Path of an entry's proof in a bundle.
pub fn proof_path(entry: u64) -> String {
    format!("proofs/{entry}.tlog-proof")
}

/// Path of an entry's opening in a bundle.
pub fn payload_path(entry: u64) -> String {
    format!("payloads/{entry}.json")
}

/// The pieces of one entry, not judged.
#[derive(Debug, Clone, Copy)]
pub struct Disclosure<'a> {
    /// The bytes of the leaf.
    pub leaf: &'a [u8],
    /// The bytes of the proof.
    pub proof: &'a [u8],
    /// The bytes of the opening, if anything of the payload is disclosed.
    pub payload: Option<&'a [u8]>,
}

/// One entry of a journal, proved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disclosed {
    /// Zero-based number of the entry.
    pub entry: u64,
    /// The leaf.
    pub leaf: Leaf,
    /// The checkpoint that proves it.
    pub checkpoint: Checkpoint,
    /// What is disclosed of the payload.
    pub payload: Option<Opening>,
}

/// Why a disclosure is not believed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DisclosureError {
    /// The proof.
    #[error(transparent)]
    Proof(#[from] EntryProofError),
    /// The leaf is proved, but none of this format.
    #[error("entry {entry}: {fault}")]
    Leaf {
        /// Zero-based number of the entry.
        entry: u64,
        /// Which line is wrong.
        fault: LeafError,
    },
    /// The leaf is proved, but names another journal.
    #[error("entry {entry}: origin is {found:?}")]
    Origin {
        /// Zero-based number of the entry.
        entry: u64,
        /// The origin it names.
        found: String,
    },
    /// The opening is none.
    #[error("entry {entry}: {fault}")]
    Opening {
        /// Zero-based number of the entry.
        entry: u64,
        /// What is wrong with it.
        fault: OpeningError,
    },
    /// The opening does not belong to the leaf: a value or digest in it was changed.
    #[error("entry {entry}: the payload differs from the commitment in the leaf")]
    Commitment {
        /// Zero-based number of the entry.
        entry: u64,
    },
}

impl Disclosure<'_> {
    /// Verifies leaf, proof, checkpoint and opening against each other and against the keys.
    ///
    /// # Errors
    /// [`DisclosureError`].
    pub fn verify(&self, origin: &str, keys: &[VerifierKey]) -> Result<Disclosed, DisclosureError> {
        let proof = EntryProof::parse(self.proof)?;
        let checkpoint = proof.verify(self.leaf, origin, keys)?;
        let entry = proof.index;
        let leaf = Leaf::parse(self.leaf).map_err(|fault| DisclosureError::Leaf { entry, fault })?;
        if leaf.origin != origin {
            let found = leaf.origin;
            return Err(DisclosureError::Origin { entry, found });
        }
        let payload = self.payload.map(Opening::from_bytes).transpose();
        let payload = payload.map_err(|fault| DisclosureError::Opening { entry, fault })?;
        if let Some(opening) = &payload
            && opening.commitment() != leaf.commitment
        {
            return Err(DisclosureError::Commitment { entry });
        }
        Ok(Disclosed { entry, leaf, checkpoint, payload })
    }
}

//! The guard: a journal never signs a fork of itself.
//!
//! Where it is used, the last signed checkpoint lives in two places: in the database, and in a
//! *second file* outside everything that is backed up and restored together with the database. At
//! each signing the caller reads both, asks [`Permit::decide`], signs, writes the second file by
//! compare-and-swap, syncs it, and only then stores the checkpoint in the database. A restored old
//! backup is therefore noticed: the journal is shorter than what was signed.
//!
//! The second file is trusted: who can change both it and the database, and makes the program sign,
//! can make it sign a fork. The database alone is not trusted.
//!
//! KNOWN: entries that were appended but not signed yet can be rolled back unnoticed.

use crate::audit::{ProofError, check_consistency};
use crate::checkpoint::{Checkpoint, CheckpointError};
use crate::hash::Hash;
use crate::key::{SignerKey, Use, VerifierKey};
use crate::note::Note;
use crate::tree::Frontier;

/// Why nothing is signed. Each is a matter for a person, not for a retry.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The journal lost entries: usually an old backup was restored.
    #[error(
        "the journal has {present} entries but {signed} were signed: entries {present} to \
         {} are missing; get them back from a newer backup, an export or the county, and append \
         nothing before",
        signed - 1
    )]
    Shorter {
        /// Entries present; also the number of the first missing one.
        present: u64,
        /// Entries signed; the last missing one is the one before.
        signed: u64,
    },
    /// At the signed size the journal has another root: its past was changed.
    #[error("at {size} entries the journal has root {found}, but {signed} was signed")]
    Fork {
        /// The size that was signed.
        size: u64,
        /// The root that was signed.
        signed: Hash,
        /// The root the journal has there now.
        found: Hash,
    },
    /// The consistency proof does not lead from what was signed to what is present.
    #[error("the journal does not continue what was signed at {size} entries: {fault}")]
    Inconsistent {
        /// The size that was signed.
        size: u64,
        /// What the proof says.
        fault: ProofError,
    },
    /// The journal has grown, and nothing shows that it grew from what was signed.
    #[error("nothing shows that the journal continues the {size} entries that were signed")]
    Unproved {
        /// The size that was signed.
        size: u64,
    },
    /// The last signed checkpoint is not one of this journal and its keys.
    #[error("the last signed checkpoint is not ours: {0}")]
    NotOurs(#[from] CheckpointError),
    /// The second file is gone although something was signed before.
    #[error(
        "the second file is missing although {0} entries were signed; restore it, or copy the \
         newest checkpoint that county or neighbours hold"
    )]
    NoSecondFile(u64),
    /// Second file and database hold different roots for one size: a fork was signed already.
    #[error("two checkpoints of {size} entries were signed: {second} and {database}")]
    Split {
        /// The size of both.
        size: u64,
        /// The root in the second file.
        second: Hash,
        /// The root in the database.
        database: Hash,
    },
    /// The key does not sign checkpoints of this journal.
    #[error("key {name:?} does not sign checkpoints of {origin:?}")]
    Key {
        /// Name of the key.
        name: String,
        /// The journal.
        origin: String,
    },
}

/// What was signed last, by all that is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Last {
    checkpoint: Option<Checkpoint>,
    second_file: Option<String>,
}

impl Last {
    /// Reads the last signed checkpoint from the second file and from the database.
    ///
    /// `keys` are the present key of the journal and its former ones. Both absent means that this
    /// journal never signed anything; the caller must not create the second file before that.
    ///
    /// # Errors
    /// [`Refusal::NoSecondFile`], [`Refusal::NotOurs`], [`Refusal::Split`].
    pub fn read(
        second_file: Option<&str>,
        database: Option<&str>,
        origin: &str,
        keys: &[VerifierKey],
    ) -> Result<Last, Refusal> {
        let open = |text: &str| Checkpoint::open(text.as_bytes(), origin, keys);
        let database = database.map(open).transpose()?;
        let Some(text) = second_file else {
            return match database {
                Some((checkpoint, _)) => Err(Refusal::NoSecondFile(checkpoint.size)),
                None => Ok(Last { checkpoint: None, second_file: None }),
            };
        };
        let (mut newest, _) = open(text)?;
        if let Some((database, _)) = database {
            if database.size == newest.size && database.root != newest.root {
                return Err(Refusal::Split { size: newest.size, second: newest.root, database: database.root });
            }
            // Written first, the second file is never older, unless someone put an old one back.
            if database.size > newest.size {
                newest = database;
            }
        }
        Ok(Last { checkpoint: Some(newest), second_file: Some(text.to_owned()) })
    }

    /// The newest checkpoint that was signed: what [`Growth`] has to start from.
    pub fn checkpoint(&self) -> Option<&Checkpoint> {
        self.checkpoint.as_ref()
    }
}

/// What shows that the journal continues the last signed checkpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Growth {
    /// The root computed anew over the entries up to the signed size, see
    /// [`root_at`](crate::tree::root_at).
    RootThen(Hash),
    /// A consistency proof from the signed size to the present one.
    Proof(Vec<Hash>),
}

/// The permission to sign one checkpoint. There is no other way to one than [`Permit::decide`].
// INVARIANT: no permit for a journal that does not continue what was signed, held by the test
// `a_fork_is_never_signed`.
#[derive(Debug)]
pub struct Permit<'k> {
    key: &'k SignerKey,
    checkpoint: Checkpoint,
    replaces: Option<String>,
}

impl<'k> Permit<'k> {
    /// Decides whether the present journal may be signed.
    ///
    /// `growth` may be absent if nothing was signed yet or the size is the signed one.
    ///
    /// # Errors
    /// [`Refusal`].
    pub fn decide(
        last: &Last,
        present: &Frontier,
        growth: Option<&Growth>,
        origin: &str,
        key: &'k SignerKey,
    ) -> Result<Permit<'k>, Refusal> {
        let verifier = key.verifier();
        if verifier.name() != origin || verifier.kind() != Use::Note {
            return Err(Refusal::Key { name: verifier.name().to_owned(), origin: origin.to_owned() });
        }
        let (size, root) = (present.size(), present.root());
        if let Some(signed) = &last.checkpoint {
            continues(signed, size, &root, growth)?;
        }
        Ok(Permit {
            key,
            checkpoint: Checkpoint { origin: origin.to_owned(), size, root },
            replaces: last.second_file.clone(),
        })
    }

    /// What will be signed.
    pub fn checkpoint(&self) -> &Checkpoint {
        &self.checkpoint
    }

    /// What the second file must still hold when it is replaced; none if it must not exist.
    pub fn replaces(&self) -> Option<&str> {
        self.replaces.as_deref()
    }

    /// Signs the checkpoint.
    ///
    /// # Errors
    /// [`CheckpointError`] if the origin is none.
    pub fn sign(self) -> Result<Note, CheckpointError> {
        let mut note = self.checkpoint.to_note()?;
        note.sign(self.key)?;
        Ok(note)
    }
}

fn continues(signed: &Checkpoint, size: u64, root: &Hash, growth: Option<&Growth>) -> Result<(), Refusal> {
    if size < signed.size {
        return Err(Refusal::Shorter { present: size, signed: signed.size });
    }
    let same = |found: Hash| match found == signed.root {
        true => Ok(()),
        false => Err(Refusal::Fork { size: signed.size, signed: signed.root, found }),
    };
    if size == signed.size {
        return same(*root);
    }
    match growth {
        Some(Growth::RootThen(found)) => same(*found),
        Some(Growth::Proof(proof)) => check_consistency(proof, signed.size, &signed.root, size, root)
            .map_err(|fault| Refusal::Inconsistent { size: signed.size, fault }),
        None => Err(Refusal::Unproved { size: signed.size }),
    }
}

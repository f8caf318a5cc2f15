//! Following the journal of somebody else: nothing offered is believed before all of it was checked.
//!
//! Whoever follows keeps the last checkpoint he accepted. What is offered next must be signed by the journal's key, must
//! not be shorter, and must begin with what was accepted: shown by the tiles alone, so that a witness need not read an
//! entry. Whoever keeps a copy reads the entries beyond it, each against the tree that was signed, and the contents of
//! each against the commitment in its leaf.
//!
//! The files may come from anywhere: a network, a stick, a rival. They can at most make reading fail.

use crate::bundle::payload_path;
use crate::checkpoint::{Checkpoint, CheckpointError};
use crate::entry::{LeafError, LeafRef};
use crate::export::CHECKPOINT_PATH;
use crate::hash::{Hash, leaf_hash};
use crate::key::VerifierKey;
use crate::note::Note;
use crate::opening::{Opening, OpeningError, OpeningFault, verify_opening};
use crate::tile::{BundleId, TILE_WIDTH, TileError};
use crate::tiles::{Files, TileTree, TilesError};
use crate::tree::{Nodes, root_at};

/// Why what was offered is not accepted.
#[derive(Debug, thiserror::Error)]
pub enum Rejected {
    /// A file could not be read.
    #[error("reading {path}: {fault}")]
    Read {
        /// Which.
        path: String,
        /// What the source says.
        fault: std::io::Error,
    },
    /// There is no checkpoint.
    #[error("there is no checkpoint")]
    NoCheckpoint,
    /// The checkpoint is none, is of another journal, or is signed by another key.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// The journal is shorter than what was accepted.
    #[error("{offered} entries are offered, {accepted} were accepted before")]
    RolledBack {
        /// The entries accepted before.
        accepted: u64,
        /// The entries offered now.
        offered: u64,
    },
    /// Two histories are signed: the entries accepted before are not those at the beginning of what is offered.
    #[error("the first {size} entries have root {offered}, {accepted} was accepted before")]
    Forked {
        /// The entries accepted before.
        size: u64,
        /// Their root.
        accepted: Hash,
        /// The root of as many entries of what is offered.
        offered: Hash,
    },
    /// A tile is missing, cut off or changed.
    #[error(transparent)]
    Tiles(#[from] TilesError),
    /// A file of entries is missing.
    #[error("{path} (entries {first} to {last}) is missing")]
    Missing {
        /// Which.
        path: String,
        /// Its first entry.
        first: u64,
        /// Its last entry.
        last: u64,
    },
    /// A file of entries is cut off or goes on too long.
    #[error(transparent)]
    Bundle(#[from] TileError),
    /// An entry is not the one that was signed at its place: changed, moved, or put in.
    #[error("entry {entry} has hash {found}, {signed} was signed")]
    Entry {
        /// Its number.
        entry: u64,
        /// The hash in the signed tree.
        signed: Hash,
        /// The hash of what is offered.
        found: Hash,
    },
    /// An entry was signed and is no leaf.
    #[error("entry {entry}: {fault}")]
    Leaf {
        /// Its number.
        entry: u64,
        /// What is wrong.
        fault: LeafError,
    },
    /// An entry of another journal was signed.
    #[error("entry {entry} is of {found:?}")]
    Origin {
        /// Its number.
        entry: u64,
        /// The journal it names.
        found: String,
    },
    /// The contents of an entry are missing.
    #[error("the contents of entry {0} are missing")]
    NoContents(u64),
    /// The contents of an entry are none.
    #[error("the contents of entry {entry}: {fault}")]
    Contents {
        /// Its number.
        entry: u64,
        /// What is wrong.
        fault: OpeningError,
    },
    /// The contents of an entry are not what its leaf commits to.
    #[error("the contents of entry {entry}: {fault}")]
    Changed {
        /// Its number.
        entry: u64,
        /// What is wrong.
        fault: OpeningFault,
    },
}

/// A checkpoint that is offered, signed by the journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// What it says.
    pub checkpoint: Checkpoint,
    /// The note as it was offered, with all its signatures.
    pub note: Note,
}

impl Offer {
    /// Reads the checkpoint of a source: of this origin, signed with one of the journal's keys.
    ///
    /// # Errors
    /// [`Rejected::Read`], [`Rejected::NoCheckpoint`], [`Rejected::Checkpoint`].
    pub fn read<F: Files>(files: &F, origin: &str, keys: &[VerifierKey]) -> Result<Offer, Rejected> {
        let bytes = load(files, CHECKPOINT_PATH)?.ok_or(Rejected::NoCheckpoint)?;
        let (checkpoint, note) = Checkpoint::open(&bytes, origin, keys)?;
        Ok(Offer { checkpoint, note })
    }

    /// Shows that the journal only grew since a checkpoint was accepted, and gives its tree to read entries by. Tiles
    /// alone are read, the right edge and what a consistency proof needs.
    ///
    /// # Errors
    /// [`Rejected::RolledBack`], [`Rejected::Forked`], [`Rejected::Tiles`].
    // INVARIANT: what does not continue what was accepted is refused, held by the tests in `tests/cases/follow.rs`.
    pub fn continues<'f, F: Files>(
        &self,
        files: &'f F,
        accepted: Option<&Checkpoint>,
    ) -> Result<TileTree<'f, F>, Rejected> {
        let Checkpoint { size, root, .. } = &self.checkpoint;
        if let Some(accepted) = accepted {
            let forked = |offered| Rejected::Forked { size: accepted.size, accepted: accepted.root, offered };
            if *size < accepted.size {
                return Err(Rejected::RolledBack { accepted: accepted.size, offered: *size });
            }
            // Before any tile is read: two signatures over one size need no further proof.
            if *size == accepted.size && *root != accepted.root {
                return Err(forked(*root));
            }
        }
        let mut tree = open(files, *size, root)?;
        if let Some(accepted) = accepted.filter(|accepted| accepted.size < *size) {
            let offered = root_at(&mut tree, accepted.size).map_err(read_fault)?;
            if offered != accepted.root {
                return Err(Rejected::Forked { size: accepted.size, accepted: accepted.root, offered });
            }
        }
        Ok(tree)
    }
}

fn open<'f, F: Files>(files: &'f F, size: u64, root: &Hash) -> Result<TileTree<'f, F>, Rejected> {
    TileTree::open(files, size, root).map_err(read_fault)
}

/// A file that could not be read is told as such, whoever asked for it.
fn read_fault(fault: TilesError) -> Rejected {
    match fault {
        TilesError::Read { path, fault } => Rejected::Read { path, fault },
        other => Rejected::Tiles(other),
    }
}

fn load<F: Files>(files: &F, path: &str) -> Result<Option<Vec<u8>>, Rejected> {
    let read = files.read(path).map(|bytes| bytes.map(std::borrow::Cow::into_owned));
    read.map_err(|fault| Rejected::Read { path: path.to_owned(), fault })
}

/// The first of `size` entries at which two trees differ; none if they agree.
///
/// # Errors
/// As the trees say.
pub fn first_difference<A, B, E>(ours: &mut A, theirs: &mut B, size: u64) -> Result<Option<u64>, E>
where
    A: Nodes,
    B: Nodes,
    E: From<A::Error> + From<B::Error>,
{
    let mut at = 0;
    while at < size {
        let mut level = (size - at).ilog2() as u8;
        let mut index = at >> level;
        let mut same =
            |level: u8, index: u64| -> Result<bool, E> { Ok(ours.node(level, index)? == theirs.node(level, index)?) };
        if same(level, index)? {
            at += 1 << level;
            continue;
        }
        while level > 0 {
            (level, index) = (level - 1, 2 * index);
            index += u64::from(same(level, index)?);
        }
        return Ok(Some(index));
    }
    Ok(None)
}

/// Reads the entries from one on, in order; `each` gets number, leaf and hash of every one once it was found to be the
/// one that was signed.
///
/// # Errors
/// What `each` says, and [`Rejected`] for the first entry that is not as it was signed.
pub fn entries<F: Files, E: From<Rejected>>(
    files: &F,
    tree: &mut TileTree<'_, F>,
    checkpoint: &Checkpoint,
    from: u64,
    mut each: impl FnMut(u64, &[u8], &LeafRef<'_>, Hash) -> Result<(), E>,
) -> Result<(), E> {
    let mut index = from / u64::from(TILE_WIDTH);
    while let Some(id) = BundleId::at(index, checkpoint.size) {
        let (bytes, id) = bundle(files, id)?;
        for (entry, leaf) in (id.first()..checkpoint.size).zip(id.decode(&bytes)) {
            let leaf = leaf.map_err(Rejected::Bundle)?;
            let found = leaf_hash(leaf);
            let signed = tree.leaf(entry).map_err(read_fault)?;
            if found != signed {
                return Err(Rejected::Entry { entry, signed, found }.into());
            }
            if entry < from {
                continue;
            }
            let read = LeafRef::parse(leaf).map_err(|fault| Rejected::Leaf { entry, fault })?;
            if read.origin != checkpoint.origin {
                return Err(Rejected::Origin { entry, found: read.origin.to_owned() }.into());
            }
            each(entry, leaf, &read, found)?;
        }
        // What stands behind the last entry was signed by nobody.
        if let Some(Err(fault)) = id.decode(&bytes).nth(usize::from(id.width)) {
            return Err(Rejected::Bundle(fault).into());
        }
        index += 1;
    }
    Ok(())
}

/// A partial bundle may be gone once the full one is there (C2SP tlog-tiles, partial tiles).
fn bundle<F: Files>(files: &F, id: BundleId) -> Result<(Vec<u8>, BundleId), Rejected> {
    if let Some(bytes) = load(files, &id.path())? {
        return Ok((bytes, id));
    }
    let missing = || {
        let last = id.first() + u64::from(id.width) - 1;
        Rejected::Missing { path: id.path(), first: id.first(), last }
    };
    let full = BundleId { width: TILE_WIDTH, ..id };
    let found = if id == full { None } else { load(files, &full.path())? };
    Ok((found.ok_or_else(missing)?, full))
}

/// What an entry says, as far as the source shows it, held against the commitment in its leaf.
///
/// # Errors
/// [`Rejected`], naming the entry.
pub fn contents<F: Files>(files: &F, entry: u64, commitment: &Hash) -> Result<Opening, Rejected> {
    let bytes = load(files, &payload_path(entry))?.ok_or(Rejected::NoContents(entry))?;
    let opening = Opening::from_bytes(&bytes).map_err(|fault| Rejected::Contents { entry, fault })?;
    verify_opening(commitment, &opening, None).map_err(|fault| Rejected::Changed { entry, fault })?;
    Ok(opening)
}

//! Verifying a journal as it lies in files: checkpoint, every tile, every entry bundle.

use std::borrow::Cow;

use crate::checkpoint::{Checkpoint, CheckpointError};
use crate::difference::{Difference, Differences, Report};
use crate::hash::{EMPTY_ROOT, Hash, leaf_hashes};
use crate::key::VerifierKey;
use crate::tile::{BundleId, TILE_WIDTH, TileId};
use crate::tiles::Files;
use crate::verify::Verifier;

/// The path of the signed checkpoint.
pub const CHECKPOINT_PATH: &str = "checkpoint";

/// Why there is nothing to compare the files with.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The checkpoint cannot be read.
    #[error("reading the checkpoint: {0}")]
    Read(std::io::Error),
    /// There is no checkpoint.
    #[error("there is no checkpoint")]
    Missing,
    /// The checkpoint is not believed.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
}

/// Recomputes everything the checkpoint names: every entry is parsed, hashed and compared with its
/// level-0 tile, every higher tile with what the entries add up to, and the root with the
/// checkpoint. Files beyond the checkpoint are not looked at.
///
/// # Errors
/// [`ExportError`] if the checkpoint is missing or not believed. All else is in the report.
pub fn verify_files<F: Files>(
    files: &F,
    origin: &str,
    keys: &[VerifierKey],
) -> Result<(Checkpoint, Report), ExportError> {
    let bytes = files.read(CHECKPOINT_PATH).map_err(ExportError::Read)?;
    let bytes = bytes.ok_or(ExportError::Missing)?;
    let (checkpoint, _) = Checkpoint::open(&bytes, origin, keys)?;
    let mut verifier = Verifier::new(origin);
    // Level 0 is compared leaf by leaf, to name the entry.
    let above = |differences: &mut Differences, id: TileId, hashes: &[Hash]| {
        if id.level > 0 {
            compare(files, differences, id, hashes);
        }
    };
    let mut index = 0;
    while let Some(id) = BundleId::at(index, checkpoint.size) {
        bundle(files, &mut verifier, id, above);
        index += 1;
    }
    let report = verifier.finish_with(&checkpoint, above);
    Ok((checkpoint, report))
}

fn bundle<F: Files>(
    files: &F,
    verifier: &mut Verifier<'_>,
    id: BundleId,
    mut above: impl FnMut(&mut Differences, TileId, &[Hash]),
) {
    let tile = TileId { level: 0, index: id.index, width: id.width };
    let range = (id.first(), id.first() + u64::from(id.width));
    let stored = stored(files, verifier.differences(), tile);
    let stored = stored.as_deref().map_or(&[][..], |b| b.as_chunks().0);
    let path = id.path();
    let bytes = load(files, verifier.differences(), &path, id.width, range);
    let (mut nth, mut fault) = (0, None);
    let leaves = bytes.iter().flat_map(|bytes| id.decode(bytes));
    let leaves = leaves.map_while(|leaf| leaf.map_err(|found| fault = Some(found)).ok());
    leaf_hashes(leaves, |leaf, computed| {
        verifier.read(leaf, computed);
        if let Some(stored) = stored.get(nth)
            && *stored != computed.0
        {
            verifier.differences().add(Difference::LeafHash {
                entry: id.first() + nth as u64,
                stored: Hash(*stored),
                computed,
            });
        }
        verifier.push(computed, &mut above);
        nth += 1;
    });
    if let Some(fault) = fault {
        let last = range.1 - 1;
        verifier.differences().add(Difference::File {
            path,
            first: last.min(id.first() + nth as u64),
            last,
            fault: fault.to_string(),
        });
    }
    // Entries that cannot be read are taken as their tile has them, so that what comes after them
    // is still compared; that they are missing was reported above.
    for nth in nth..usize::from(id.width) {
        let hash = stored.get(nth).copied().map_or(EMPTY_ROOT, Hash);
        verifier.push(hash, &mut above);
    }
}

fn compare<F: Files>(files: &F, differences: &mut Differences, id: TileId, hashes: &[Hash]) {
    let Some(bytes) = stored(files, differences, id) else {
        return;
    };
    for (nth, (stored, computed)) in bytes.as_chunks().0.iter().zip(hashes).enumerate() {
        if *stored != computed.0 {
            let each = 1u64 << (8 * u32::from(id.level));
            let first = id.entries().0 + nth as u64 * each;
            differences.add(Difference::Node {
                tile: id,
                nth: nth as u16,
                first,
                last: first + each - 1,
                stored: Hash(*stored),
                computed: *computed,
            });
        }
    }
}

/// The bytes of a stored tile of the right length.
fn stored<'f, F: Files>(files: &'f F, differences: &mut Differences, id: TileId) -> Option<Cow<'f, [u8]>> {
    let path = id.path();
    let bytes = load(files, differences, &path, id.width, id.entries())?;
    let wanted = 32 * usize::from(id.width);
    if bytes.len() == wanted {
        return Some(bytes);
    }
    let (first, end) = id.entries();
    differences.add(Difference::File {
        path,
        first,
        last: end - 1,
        fault: format!("has {} bytes, not {wanted}", bytes.len()),
    });
    None
}

fn load<'f, F: Files>(
    files: &'f F,
    differences: &mut Differences,
    path: &str,
    width: u16,
    (first, end): (u64, u64),
) -> Option<Cow<'f, [u8]>> {
    let fault = match files.read(path) {
        Ok(Some(bytes)) => return Some(bytes),
        Ok(None) if width < TILE_WIDTH => "partial file is missing".to_owned(),
        Ok(None) => "file is missing".to_owned(),
        Err(fault) => fault.to_string(),
    };
    differences.add(Difference::File { path: path.to_owned(), first, last: end - 1, fault });
    None
}

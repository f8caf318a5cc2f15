//! A plain witness: a neighbour who keeps no entry, only the last checkpoint he signed (邻乡见证).

use std::path::Path;

use anyhow::Result;
use journal::checkpoint::Checkpoint;
use journal::follow::Offer;
use journal::hash::leaf_hash;
use journal::key::VerifierKey;

use super::{Cosigner, KEY, Seen};
use crate::ambient::Ambient;
use crate::append::read_second;
use crate::folder::{cannot_write, locked, replace_file};
use crate::mirror::{Fork, Of, Source, rejected};
use crate::refused::refuse;

/// What became of it.
pub struct Looked {
    /// How many entries were seen the last time.
    pub before: u64,
    /// How many there are now.
    pub size: u64,
    /// When it was signed, in seconds since 1970 UTC.
    pub time: u64,
    /// The signed note.
    pub note: String,
    /// Whether the township has it already.
    pub known: bool,
    /// The id of the witness's key.
    pub witness: u32,
}

/// Looks at a journal: its signature, and that it only grew, by its tiles alone. What was seen is kept in the folder,
/// apart for each journal.
///
/// # Errors
/// As for a mirror; what was seen before is as it was.
pub fn look(folder: &Path, source: &Source, key: &VerifierKey, ambient: &mut dyn Ambient) -> Result<Looked> {
    let signer = Cosigner::read(&folder.join(KEY))?;
    let origin = key.name();
    let keys = std::slice::from_ref(key);
    // An origin may have slashes; its hash has none.
    let at = folder.join("witness").join(&leaf_hash(origin.as_bytes()).to_hex()[..16]);
    std::fs::create_dir_all(&at).map_err(|error| cannot_write(&at, &error))?;
    let _lock = locked(&at)?;
    let kept = at.join("checkpoint");
    let last = read_second(&kept)?.map(|text| {
        Checkpoint::open(text.as_bytes(), origin, keys).map_err(|_| {
            let text = format!("{} 不是用这个公钥签的，或者被改动过", kept.display());
            refuse(759, text, "请保留现场，核对公钥；确实换了密钥的，当面查明以后再说")
        })
    });
    let last = last.transpose()?;
    let of = Of { town: origin, source };
    let offer = Offer::read(source, origin, keys).map_err(|error| rejected(&of, error))?;
    let fork = Fork { at: &at, of: &of, offer: &offer, accepted: last.as_ref() };
    let continued = offer.continues(source, last.as_ref().map(|(checkpoint, _)| checkpoint));
    continued.map(drop).map_err(|error| fork.explain(error, source, None))?;
    let seen = Seen { offer: &offer, keys, before: last.as_ref().map(|(_, note)| note) };
    let note = seen.note(Some(&signer), ambient.now(), &of)?;
    let text = note.to_string();
    // Before it is handed on: a witness who forgets what he signed could sign the other history too.
    replace_file(&kept, text.as_bytes())?;
    Ok(Looked {
        before: last.as_ref().map_or(0, |(checkpoint, _)| checkpoint.size),
        size: offer.checkpoint.size,
        time: signer.time_on(&note).unwrap_or_default(),
        known: signer.time_on(&offer.note).is_some(),
        note: text,
        witness: signer.verifier().id(),
    })
}

//! A whole bundle as one file: made, and believed or not.
//!
//! Proofs hold the entries, and nothing else: whoever passes a bundle on could write another readme around them. So a
//! manifest names the SHA-256 of every other member, and the journal's key signs that. The signed text begins with
//! `<origin>/bundle` and has the format where a checkpoint has its size, so that it is no checkpoint of anybody's.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::part::Part;
use super::{Disclosed, Disclosure, DisclosureError};
use crate::checkpoint::{Checkpoint, CheckpointError};
use crate::container::{self, ContainerError};
use crate::hash::{Hash, sha256, shown};
use crate::key::{KeyError, SignerKey, VerifierKey};
use crate::note::{Note, NoteError};

/// The format named in the signed note.
pub const BUNDLE_FORMAT: &str = "yifa-bundle/v1";

/// Most entries of a bundle: three members each.
pub const MOST_ENTRIES: usize = 20_000;

/// What goes into a bundle, by part. Policy, key, manifest and note are made from the rest.
pub type Parts = BTreeMap<Part, Vec<u8>>;

/// Why there is no bundle.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BundleError {
    /// The file is no canonical zip.
    #[error(transparent)]
    Container(#[from] ContainerError),
    /// A member that belongs to no bundle.
    #[error("a bundle has no member {0:?}")]
    Strange(String),
    /// A member out of its order, or twice.
    #[error("member {0} is out of order or stands twice")]
    Order(String),
    /// A member is missing.
    #[error("member {0} is missing")]
    Missing(String),
    /// A member is not what the others make it.
    #[error("member {0} differs from what belongs there")]
    Differs(String),
    /// The key in the bundle is none.
    #[error("vkey: {0}")]
    Key(#[from] KeyError),
    /// The manifest is not signed by the key.
    #[error("manifest: {0}")]
    Note(#[from] NoteError),
    /// The checkpoint is not believed.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// An entry is not believed.
    #[error(transparent)]
    Entry(#[from] DisclosureError),
    /// A proof that is another entry's.
    #[error("{0} proves another entry")]
    Other(String),
}

/// A bundle that was believed: every byte of it is as whoever holds the key signed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bundle<'b> {
    /// What all proofs lead to.
    pub checkpoint: Checkpoint,
    /// The entries, in the order of the journal.
    pub entries: Vec<Disclosed>,
    /// Attachments by the SHA-256 of their bytes.
    pub files: BTreeMap<Hash, &'b [u8]>,
    /// What is said about a figure, if the bundle is about one.
    pub figure: Option<&'b [u8]>,
}

/// Makes a bundle, handed on piece by piece.
///
/// # Errors
/// [`BundleError`] before anything is written, if it would not be believed for its form; and what `put` answers.
/// Whether the proofs hold is for whoever [`open`]s it.
pub fn pack<E: From<BundleError>>(
    mut parts: Parts,
    key: &SignerKey,
    mut put: impl FnMut(&[u8]) -> Result<(), E>,
) -> Result<(), E> {
    let public = key.verifier();
    parts.insert(Part::Policy, policy(public).into_bytes());
    parts.insert(Part::Vkey, vkey(public).into_bytes());
    parts.retain(|part, _| *part < Part::Manifest);
    let manifest = manifest(parts.iter().map(|(part, bytes)| (*part, bytes.as_slice())));
    let note = signed(public.name(), &manifest).and_then(|mut note| {
        note.sign(key)?;
        Ok(note)
    });
    let note = note.map_err(BundleError::from)?;
    parts.insert(Part::Manifest, manifest.into_bytes());
    parts.insert(Part::Note, note.to_string().into_bytes());
    let names: Vec<String> = parts.keys().map(Part::to_string).collect();
    let members: Vec<container::Member<'_>> =
        names.iter().map(String::as_str).zip(parts.values().map(Vec::as_slice)).collect();
    // The failures of the container and of whoever takes the pieces are told apart by where they come from.
    let mut failed = None;
    let written = container::write(&members, |piece| {
        put(piece).map_err(|error| {
            failed = Some(error);
            ContainerError::Form(0)
        })
    });
    match (failed, written) {
        (Some(error), _) => Err(error),
        (None, written) => written.map_err(|error| BundleError::from(error).into()),
    }
}

/// The key found in a bundle. It proves nothing about whose the bundle is: a key got elsewhere does.
///
/// # Errors
/// No bundle, or no key in it.
pub fn key_within(bytes: &[u8]) -> Result<VerifierKey, BundleError> {
    let parts = parts(bytes)?;
    let text = parts.get(&Part::Vkey).and_then(|bytes| str::from_utf8(bytes).ok());
    let text = text.ok_or_else(|| BundleError::Missing(Part::Vkey.to_string()))?;
    Ok(VerifierKey::parse(text.trim_end_matches('\n'))?)
}

/// Reads a bundle and believes it: the container byte for byte, the manifest and its signature, the checkpoint, and every
/// entry. The journal is that of the key.
///
/// # Errors
/// [`BundleError`], whichever byte was changed.
pub fn open<'b>(bytes: &'b [u8], key: &VerifierKey) -> Result<Bundle<'b>, BundleError> {
    let parts = parts(bytes)?;
    let of = |part: Part| parts.get(&part).copied().ok_or_else(|| BundleError::Missing(part.to_string()));
    let expect = |part: Part, made: &str| match of(part)? == made.as_bytes() {
        true => Ok(()),
        false => Err(BundleError::Differs(part.to_string())),
    };
    let (origin, keys) = (key.name(), std::slice::from_ref(key));
    let manifest = manifest(parts.iter().filter(|(part, _)| **part < Part::Manifest).map(|(part, of)| (*part, *of)));
    expect(Part::Manifest, &manifest)?;
    let note = Note::parse(of(Part::Note)?)?;
    note.verify(keys)?;
    // One signature in one spelling: a line more would be a byte more that nobody signed.
    let alone = note.signatures().len() == 1 && note.to_string().as_bytes() == of(Part::Note)?;
    if note.text() != text(origin, &manifest) || !alone {
        return Err(BundleError::Differs(Part::Note.to_string()));
    }
    of(Part::Readme)?;
    expect(Part::Policy, &policy(key))?;
    expect(Part::Vkey, &vkey(key))?;
    let signed = of(Part::Checkpoint)?;
    let (checkpoint, _) = Checkpoint::open(signed, origin, keys)?;
    let (mut entries, mut figure, mut files) = (Vec::new(), None, BTreeMap::new());
    let mut left: BTreeSet<Part> = parts.keys().copied().collect();
    for (part, bytes) in &parts {
        match part {
            Part::Leaf(entry) => {
                let (proof, payload) = (of(Part::Proof(*entry))?, parts.get(&Part::Payload(*entry)).copied());
                let disclosed = Disclosure { leaf: bytes, proof, payload }.verify(origin, keys)?;
                // All proofs are of one moment: a bundle out of two checkpoints would say two things at once.
                if disclosed.entry != *entry || disclosed.checkpoint != checkpoint || !proof.ends_with(signed) {
                    return Err(BundleError::Other(Part::Proof(*entry).to_string()));
                }
                left.remove(&Part::Proof(*entry));
                left.remove(&Part::Payload(*entry));
                entries.push(disclosed);
            }
            Part::File(hash) if sha256(bytes) != *hash => return Err(BundleError::Differs(part.to_string())),
            Part::File(hash) => {
                files.insert(*hash, *bytes);
            }
            Part::Figure => figure = Some(*bytes),
            _ => {}
        }
    }
    let alone = left.iter().find(|part| matches!(part, Part::Proof(_) | Part::Payload(_)));
    match alone {
        Some(part) => Err(BundleError::Strange(part.to_string())),
        None => Ok(Bundle { checkpoint, entries, files, figure }),
    }
}

/// The members by part, in their order.
fn parts(bytes: &[u8]) -> Result<BTreeMap<Part, &[u8]>, BundleError> {
    let mut parts = BTreeMap::new();
    for (name, bytes) in container::read(bytes)? {
        let part = Part::parse(name).ok_or_else(|| BundleError::Strange(shown(name.as_bytes())))?;
        if parts.last_key_value().is_some_and(|(last, _)| *last >= part) {
            return Err(BundleError::Order(part.to_string()));
        }
        parts.insert(part, bytes);
    }
    Ok(parts)
}

fn policy(key: &VerifierKey) -> String {
    format!("log {key}\nquorum none\n")
}

fn vkey(key: &VerifierKey) -> String {
    format!("{key}\n")
}

fn manifest<'b>(parts: impl Iterator<Item = (Part, &'b [u8])>) -> String {
    parts.fold(String::new(), |mut all, (part, bytes)| {
        // Writing into a string cannot fail.
        let _ = writeln!(all, "{}  {part}", sha256(bytes).to_hex());
        all
    })
}

/// What the key of a journal signs about a manifest.
fn text(origin: &str, manifest: &str) -> String {
    format!("{origin}/bundle\n{BUNDLE_FORMAT}\nmanifest {}\n", sha256(manifest.as_bytes()).to_hex())
}

fn signed(origin: &str, manifest: &str) -> Result<Note, NoteError> {
    Note::new(&text(origin, manifest))
}

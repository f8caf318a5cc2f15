//! The payload: what an entry says, kept outside the tree, and the commitment to it inside.
//!
//! A payload is a JSON object. Its members are taken apart down to *fields*: scalars, arrays and
//! empty objects, each named by its JSON pointer. Then
//!
//! ```text
//! mac        = HMAC-SHA-256(salt, path)
//! field      = SHA-256("yifa-field/v1\n" ‖ mac ‖ u32 length ‖ path ‖ u32 length ‖ value)
//! commitment = SHA-256("yifa-payload/v1\n" ‖ u32 count ‖ fields sorted by path)
//! ```
//!
//! Numbers are big-endian, `path` is UTF-8 and sorted by bytes, `value` is the canonical JSON.
//! The salt is 32 random bytes of this entry alone. It never leaves the township: whoever sees one
//! field sees its mac, and a mac says nothing about the macs of other paths. Once salt and payload
//! are gone, the commitment says nothing at all.

use hmac::{Hmac, KeyInit, Mac};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::canonical::{self, CanonicalError, within};
use crate::hash::Hash;

const FIELD: &[u8] = b"yifa-field/v1\n";
const PAYLOAD: &[u8] = b"yifa-payload/v1\n";

/// Why a payload cannot be committed to.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PayloadError {
    /// The payload is no JSON object.
    #[error("a payload is a JSON object")]
    NotAnObject,
    /// A value has no canonical form.
    #[error("payload field {0}")]
    Canonical(#[from] CanonicalError),
    /// More fields, or a longer path or value, than a 32-bit length can say.
    #[error("payload field {0:?}: longer than 2^32 - 1")]
    TooLong(String),
}

/// The secret of one entry: 32 random bytes, made by the caller, never disclosed.
///
/// Whoever has it can guess every closed field of its entry by trying values; of other entries it
/// says nothing.
#[derive(Clone, PartialEq, Eq)]
pub struct Salt(pub [u8; 32]);

// Not derived: a salt in a log file would undo the sealing of its entry.
impl std::fmt::Debug for Salt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Salt(…)")
    }
}

/// One field of a payload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// JSON pointer (RFC 6901).
    pub path: String,
    /// Canonical JSON (RFC 8785).
    pub value: String,
}

/// Takes a payload apart into its fields, sorted by path.
///
/// # Errors
/// [`PayloadError::NotAnObject`], and numbers that are not whole, named by path.
pub fn fields(payload: &Value) -> Result<Vec<Field>, PayloadError> {
    if !payload.is_object() {
        return Err(PayloadError::NotAnObject);
    }
    let mut fields = Vec::new();
    flatten(payload, &mut String::new(), 0, &mut fields)?;
    fields.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(fields)
}

fn flatten(value: &Value, path: &mut String, depth: usize, fields: &mut Vec<Field>) -> Result<(), PayloadError> {
    match value {
        Value::Object(members) if !members.is_empty() => {
            if depth > canonical::MAX_DEPTH {
                return Err(CanonicalError::Depth(path.clone()).into());
            }
            for (name, member) in members {
                within(path, name, |path| flatten(member, path, depth + 1, fields))?;
            }
        }
        _ => {
            let mut text = String::new();
            canonical::write(value, path, depth, &mut text)?;
            if path.len().max(text.len()) > u32::MAX as usize {
                return Err(PayloadError::TooLong(path.clone()));
            }
            fields.push(Field { path: path.clone(), value: text });
        }
    }
    Ok(())
}

/// The macs of one entry's paths.
pub(crate) struct Macs(Hmac<Sha256>);

impl Macs {
    pub(crate) fn new(salt: &Salt) -> Macs {
        // Keyed once and cloned per path: the key schedule is half the work of a short mac.
        // HMAC fills a short key up with zeros to one block (RFC 2104 section 2).
        let mut key = [0; 64];
        key[..32].copy_from_slice(&salt.0);
        Macs(Hmac::new(&key.into()))
    }

    pub(crate) fn of(&self, path: &str) -> Hash {
        Hash(self.0.clone().chain_update(path).finalize().into_bytes().into())
    }
}

/// The digest of one field, see the module.
pub(crate) fn field_digest(mac: &Hash, path: &str, value: &str) -> Hash {
    let mut hasher = Sha256::new_with_prefix(FIELD);
    hasher.update(mac.0);
    hasher.update((path.len() as u32).to_be_bytes());
    hasher.update(path);
    hasher.update((value.len() as u32).to_be_bytes());
    hasher.update(value);
    Hash(hasher.finalize().into())
}

/// The digests of all fields of a payload, sorted by path; compact enough to be stored beside it.
///
/// With them a changed field can be named; they need no secrecy while the salt is kept, and say
/// nothing once it is gone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Digests(pub(crate) Vec<Hash>);

impl Digests {
    /// Computes the digests of a payload.
    ///
    /// # Errors
    /// As [`fields`].
    pub fn of(payload: &Value, salt: &Salt) -> Result<Digests, PayloadError> {
        let macs = Macs::new(salt);
        let digest = |field: &Field| field_digest(&macs.of(&field.path), &field.path, &field.value);
        Ok(Digests(fields(payload)?.iter().map(digest).collect()))
    }

    /// The commitment these digests add up to.
    pub fn commitment(&self) -> Hash {
        let mut hasher = Sha256::new_with_prefix(PAYLOAD);
        hasher.update((self.0.len() as u32).to_be_bytes());
        for digest in &self.0 {
            hasher.update(digest.0);
        }
        Hash(hasher.finalize().into())
    }

    /// The digests in order.
    pub fn as_slice(&self) -> &[Hash] {
        &self.0
    }

    /// 32 bytes for each field.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.0.iter().flat_map(|digest| digest.0).collect()
    }

    /// Reads what [`Digests::to_bytes`] wrote. None if the length is no multiple of 32.
    pub fn from_bytes(bytes: &[u8]) -> Option<Digests> {
        let (digests, rest) = bytes.as_chunks();
        rest.is_empty().then(|| Digests(digests.iter().copied().map(Hash).collect()))
    }
}

/// The commitment to a payload, as the leaf carries it.
///
/// # Errors
/// As [`fields`].
pub fn commit(payload: &Value, salt: &Salt) -> Result<Hash, PayloadError> {
    Digests::of(payload, salt).map(|digests| digests.commitment())
}

/// How a stored payload differs from the commitment in its leaf.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PayloadFault {
    /// The payload cannot be committed to at all.
    #[error(transparent)]
    Payload(#[from] PayloadError),
    /// The commitment differs, and no digests are at hand to say where.
    #[error("payload or salt differ from the commitment; without digests the field is unknown")]
    Commitment,
    /// The stored digests are not those the leaf commits to, so nothing can be said by them.
    #[error("the stored field digests differ from the commitment")]
    Digests,
    /// These fields differ.
    #[error("payload fields differ: changed or added {changed:?}, {missing} committed but gone")]
    Fields {
        /// Paths whose value is not the committed one, or which were not committed at all.
        changed: Vec<String>,
        /// How many committed fields have no counterpart: removed ones, and renamed ones. Their
        /// paths stand nowhere but in the payload that lost them.
        missing: usize,
    },
}

/// Compares a stored payload with the commitment of its leaf, and names what differs.
///
/// # Errors
/// [`PayloadFault`]; the differing paths are known only with `digests`.
pub fn verify_payload(
    commitment: &Hash,
    payload: &Value,
    salt: &Salt,
    digests: Option<&Digests>,
) -> Result<(), PayloadFault> {
    let found = Digests::of(payload, salt)?;
    let Some(digests) = digests else {
        let same = found.commitment() == *commitment;
        return same.then_some(()).ok_or(PayloadFault::Commitment);
    };
    if digests.commitment() != *commitment {
        return Err(PayloadFault::Digests);
    }
    if found == *digests {
        return Ok(());
    }
    let fields = fields(payload)?;
    // A wrong salt changes every digest and so names every field, which is the truth: with that
    // salt none of them can be shown.
    let changed: Vec<String> = fields
        .into_iter()
        .zip(&found.0)
        .filter(|(_, digest)| !digests.0.contains(digest))
        .map(|(field, _)| field.path)
        .collect();
    let kept = found.0.len() - changed.len();
    let missing = (digests.0.len() - kept).saturating_sub(changed.len());
    Err(PayloadFault::Fields { changed, missing })
}

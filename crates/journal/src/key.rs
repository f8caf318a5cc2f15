//! Keys of signed notes: who may sign, and who is believed (C2SP signed-note).

use std::fmt;

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use sha2::{Digest, Sha256};

/// What a key signs and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    /// The note text itself (type 0x01): the key of a journal.
    Note,
    /// A checkpoint with a time, as its observer (type 0x04, C2SP tlog-cosignature v1).
    Cosignature,
}

impl Use {
    fn byte(self) -> u8 {
        match self {
            Use::Note => 0x01,
            Use::Cosignature => 0x04,
        }
    }

    fn of(byte: u8) -> Option<Use> {
        [Use::Note, Use::Cosignature].into_iter().find(|kind| kind.byte() == byte)
    }
}

/// Why a text is no key.
// The text itself is never shown: a secret key in a log file is a lost key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// Not `name+hash+base64`, or `PRIVATE+KEY+` and the same.
    #[error("not of the form name+hash+base64")]
    Form,
    /// The name is empty or has a space or a plus.
    #[error("the name of a key has no space, no plus and no control character")]
    Name,
    /// The type of the key is unknown here.
    #[error("key type {0:#04x} is unknown")]
    Type(u8),
    /// No Ed25519 key, or a weak one.
    #[error("not an Ed25519 key")]
    Key,
    /// The hash does not belong to name and key.
    #[error("the key hash is {found:08x}, not {expected:08x}: name or key was changed")]
    Hash {
        /// The hash of name and key.
        expected: u32,
        /// The hash found.
        found: u32,
    },
}

/// A key whose signatures are believed, written `name+hash+base64` (*vkey*).
#[derive(Clone, PartialEq, Eq)]
pub struct VerifierKey {
    name: String,
    id: u32,
    kind: Use,
    key: VerifyingKey,
}

impl VerifierKey {
    /// Reads a vkey.
    ///
    /// # Errors
    /// [`KeyError`].
    pub fn parse(text: &str) -> Result<VerifierKey, KeyError> {
        let (name, found, kind, bytes) = parts(text)?;
        let key = VerifyingKey::from_bytes(&bytes).map_err(|_| KeyError::Key)?;
        let key = VerifierKey::new(name, kind, key)?;
        same_id(key.id, found)?;
        Ok(key)
    }

    fn new(name: &str, kind: Use, key: VerifyingKey) -> Result<VerifierKey, KeyError> {
        if !is_name(name) {
            return Err(KeyError::Name);
        }
        // A weak key has signatures that fit several texts.
        if key.is_weak() {
            return Err(KeyError::Key);
        }
        Ok(VerifierKey { name: name.to_owned(), id: key_id(name, kind, key.as_bytes()), kind, key })
    }

    /// The name on the signature line; a journal's is its origin.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The first four bytes of the hash over name, type and key.
    pub fn id(&self) -> u32 {
        self.id
    }

    /// What the key signs.
    pub fn kind(&self) -> Use {
        self.kind
    }

    pub(crate) fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        Signature::from_slice(signature).is_ok_and(|signature| self.key.verify_strict(message, &signature).is_ok())
    }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = typed(self.kind, self.key.as_bytes());
        write!(f, "{}+{:08x}+{key}", self.name, self.id)
    }
}

impl fmt::Debug for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A key that signs, written `PRIVATE+KEY+name+hash+base64` (*skey*).
///
/// Who holds a journal's key and its database can show different histories to different people,
/// until a checkpoint held by someone else exposes it.
#[derive(Clone)]
pub struct SignerKey {
    public: VerifierKey,
    key: SigningKey,
}

impl SignerKey {
    /// Makes a key from 32 random bytes of the caller.
    ///
    /// # Errors
    /// [`KeyError::Name`].
    pub fn from_seed(name: &str, kind: Use, seed: &[u8; 32]) -> Result<SignerKey, KeyError> {
        let key = SigningKey::from_bytes(seed);
        let public = VerifierKey::new(name, kind, key.verifying_key())?;
        Ok(SignerKey { public, key })
    }

    /// Reads an skey.
    ///
    /// # Errors
    /// [`KeyError`], which never shows the key.
    pub fn parse(text: &str) -> Result<SignerKey, KeyError> {
        let text = text.strip_prefix(PRIVATE).ok_or(KeyError::Form)?;
        let (name, found, kind, seed) = parts(text)?;
        let key = SignerKey::from_seed(name, kind, &seed)?;
        same_id(key.public.id, found)?;
        Ok(key)
    }

    /// The skey text. Whoever reads it can sign.
    pub fn to_secret(&self) -> String {
        let VerifierKey { name, id, kind, .. } = &self.public;
        let seed = typed(*kind, self.key.as_bytes());
        format!("{PRIVATE}{name}+{id:08x}+{seed}")
    }

    /// The key that verifies what this one signs.
    pub fn verifier(&self) -> &VerifierKey {
        &self.public
    }

    pub(crate) fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.key.sign(message).to_bytes()
    }
}

impl fmt::Debug for SignerKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{PRIVATE}{}+{:08x}+…", self.public.name, self.public.id)
    }
}

const PRIVATE: &str = "PRIVATE+KEY+";

/// Key names are not empty and have no Unicode space, plus or ASCII control character.
// Not stricter: a name we would not choose must not make us refuse the note of others.
pub(crate) fn is_name(name: &str) -> bool {
    let fine = |char: char| !char.is_whitespace() && char >= ' ' && char != '+';
    !name.is_empty() && name.chars().all(fine)
}

fn key_id(name: &str, kind: Use, key: &[u8; 32]) -> u32 {
    let hash = Sha256::new_with_prefix(name).chain_update([b'\n', kind.byte()]).chain_update(key).finalize();
    u32::from_be_bytes([hash[0], hash[1], hash[2], hash[3]])
}

fn same_id(expected: u32, found: u32) -> Result<(), KeyError> {
    let same = expected == found;
    same.then_some(()).ok_or(KeyError::Hash { expected, found })
}

fn typed(kind: Use, key: &[u8; 32]) -> String {
    let mut bytes = vec![kind.byte()];
    bytes.extend(key);
    BASE64.encode(bytes)
}

fn parts(text: &str) -> Result<(&str, u32, Use, [u8; 32]), KeyError> {
    // The name has no plus, but base64 may.
    let mut parts = text.splitn(3, '+');
    let (Some(name), Some(id), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
        return Err(KeyError::Form);
    };
    let mut bytes = [0; 4];
    if !crate::hash::decode_hex(id.as_bytes(), &mut bytes) {
        return Err(KeyError::Form);
    }
    let key = BASE64.decode(key).map_err(|_| KeyError::Form)?;
    let (kind, key) = key.split_first().ok_or(KeyError::Form)?;
    let kind = Use::of(*kind).ok_or(KeyError::Type(*kind))?;
    let key = key.try_into().map_err(|_| KeyError::Key)?;
    Ok((name, u32::from_be_bytes(bytes), kind, key))
}

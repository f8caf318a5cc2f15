//! The members of a bundle by name: what may stand in one, and in which order.

use std::fmt;

use super::{leaf_path, payload_path, proof_path};
use crate::hash::Hash;
use crate::number::parse_u64;

/// A member of a bundle. The order of the variants is the order of the members: no part stands twice or elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// For whoever opens the zip: what this is, and what it does not prove. UTF-8.
    Readme,
    /// Whose signature is asked for (C2SP tlog-policy).
    Policy,
    /// The key of the journal.
    Vkey,
    /// The signed checkpoint all proofs lead to.
    Checkpoint,
    /// What is said about a figure: JSON of whoever made the bundle, for whoever adds it up again.
    Figure,
    /// The leaf of an entry.
    Leaf(u64),
    /// Its proof (C2SP tlog-proof).
    Proof(u64),
    /// What is disclosed of its payload.
    Payload(u64),
    /// An attachment, by the SHA-256 of its bytes.
    File(Hash),
    /// The SHA-256 of every member before this one, as `sha256sum -c` reads it.
    Manifest,
    /// The signed note over the manifest.
    Note,
}

const FIXED: [(Part, &str); 7] = [
    (Part::Readme, "读我.txt"),
    (Part::Policy, "policy"),
    (Part::Vkey, "vkey"),
    (Part::Checkpoint, "checkpoint"),
    (Part::Figure, "figure.json"),
    (Part::Manifest, "manifest"),
    (Part::Note, "manifest.note"),
];

impl Part {
    /// The part of this name; a name has one spelling.
    pub fn parse(name: &str) -> Option<Part> {
        let fixed = FIXED.iter().find(|(_, known)| *known == name).map(|(part, _)| *part);
        let number = |start: &str, end: &str| {
            let digits = name.strip_prefix(start)?.strip_suffix(end)?;
            parse_u64(digits.as_bytes())
        };
        fixed
            .or_else(|| number("entries/", ".leaf").map(Part::Leaf))
            .or_else(|| number("proofs/", ".tlog-proof").map(Part::Proof))
            .or_else(|| number("payloads/", ".json").map(Part::Payload))
            .or_else(|| name.strip_prefix("files/")?.parse().ok().map(Part::File))
    }
}

/// Its name in the zip.
impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Part::Leaf(entry) => f.write_str(&leaf_path(*entry)),
            Part::Proof(entry) => f.write_str(&proof_path(*entry)),
            Part::Payload(entry) => f.write_str(&payload_path(*entry)),
            Part::File(hash) => write!(f, "files/{}", hash.to_hex()),
            other => f.write_str(FIXED.iter().find(|(part, _)| part == other).map_or("", |(_, name)| name)),
        }
    }
}

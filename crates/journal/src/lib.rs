//! What was written, in what order, by whom: bytes, not law.
//!
//! A township's journal (日志) is an append-only list of entries (记入). The hashes of all entries
//! form one Merkle tree (RFC 6962); its size and root, signed, are a checkpoint (检查点). Whoever
//! holds an old checkpoint can show that the journal still begins with what it said then; whoever
//! holds a leaf and a short proof can show that it is an entry, and needs nothing else for it.
//!
//! # Formats
//!
//! | what | where | format |
//! |---|---|---|
//! | entry | [`entry`] | ours, `yifa-entry/v1`: lines of text, nothing personal |
//! | payload | [`payload`], [`opening`] | canonical JSON (RFC 8785) beside the tree, salted commitment within |
//! | tree, proofs | [`tree`], [`audit`] | RFC 6962 section 2.1, SHA-256 |
//! | files | [`tile`], [`tiler`], [`tiles`] | C2SP tlog-tiles |
//! | signatures | [`key`], [`note`] | C2SP signed-note, tlog-cosignature v1 |
//! | checkpoint | [`checkpoint`] | C2SP tlog-checkpoint, never an extension line |
//! | proof of one entry | [`proof`], [`bundle`] | C2SP tlog-proof |
//! | a bundle of them | [`bundle`], [`container`] | ours, `yifa-bundle/v1`: a zip with one spelling, C2SP tlog-policy |
//!
//! [`guard`] decides whether a checkpoint may be signed, so that no fork ever is. [`verify`] and
//! [`export`] read a whole journal and report every difference with the number of its entry.
//!
//! # What it does not do
//!
//! There is no clock, no randomness, no file and no database in this crate: times, ids, salts, key
//! seeds and bytes are arguments. It knows no law. No journal proves that an entry is true, or that
//! nothing was left out: only who said what, in which order, no later than when.
//!
//! # Who is trusted
//!
//! The storage is not: who can change it can at most make verification fail. The log key is: who
//! holds it and the storage can show different histories to different people, until a checkpoint
//! held by someone else exposes it. The salt of an entry opens that entry's closed fields to
//! guessing, and no other's.
//!
//! # Example
//!
//! ```
//! use journal::audit::prove_inclusion;
//! use journal::bundle::Disclosure;
//! use journal::entry::Leaf;
//! use journal::guard::{Last, Permit};
//! use journal::hash::leaf_hash;
//! use journal::id::Id;
//! use journal::key::{SignerKey, Use};
//! use journal::opening::Opening;
//! use journal::payload::{Salt, commit};
//! use journal::proof::EntryProof;
//! use journal::tree::{Frontier, MemoryTree};
//!
//! let origin = "yifa.example/360724/wuzhifeng";
//! let key = SignerKey::from_seed(origin, Use::Note, &[7; 32])?;
//!
//! // An entry: the payload stays outside, the leaf commits to it.
//! let salt = Salt([1; 32]);
//! let payload = serde_json::json!({"number": "2026-0007", "phone": "13800000000"});
//! let leaf = Leaf {
//!     origin: origin.to_owned(),
//!     id: Id::new(1_760_000_000_000, 1),
//!     kind: "step".to_owned(),
//!     subject: Some(Id::new(1_760_000_000_000, 2)),
//!     recorded_at: 1_760_000_000_000,
//!     actor: Some(Id::new(1_750_000_000_000, 3)),
//!     definition: None,
//!     prev: None,
//!     commitment: commit(&payload, &salt)?,
//! };
//! let leaf = leaf.to_bytes()?;
//!
//! // The journal grows and is signed.
//! let (mut frontier, mut tree) = (Frontier::new(), MemoryTree::new());
//! frontier.push(leaf_hash(&leaf));
//! tree.push(leaf_hash(&leaf));
//! let last = Last::read(None, None, origin, &[key.verifier().clone()])?;
//! let checkpoint = Permit::decide(&last, &frontier, None, origin, &key)?.sign()?;
//!
//! // One field of the entry is shown to someone who has nothing but the public key.
//! let proof = EntryProof {
//!     index: 0,
//!     path: prove_inclusion(&mut tree, 0, 1).unwrap(),
//!     checkpoint: checkpoint.to_string(),
//!     extra: None,
//! };
//! let disclosure = Disclosure {
//!     leaf: &leaf,
//!     proof: proof.to_text().as_bytes(),
//!     payload: Some(&Opening::only(&payload, &salt, &["/number"])?.to_bytes()),
//! }
//! .verify(origin, &[key.verifier().clone()])?;
//! assert_eq!(disclosure.payload.unwrap().value("/number"), Some("\"2026-0007\""));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod audit;
pub mod bundle;
pub mod canonical;
pub mod checkpoint;
pub mod container;
pub mod difference;
pub mod entry;
pub mod export;
pub mod follow;
pub mod guard;
pub mod hash;
pub mod id;
pub mod key;
pub mod note;
mod number;
pub mod opening;
pub mod payload;
pub mod proof;
pub mod tile;
pub mod tiler;
pub mod tiles;
pub mod tree;
pub mod verify;

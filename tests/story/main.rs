//! The whole program as a person meets it: transcripts of the real binary in `*.story`, and what cannot be told as one.
//!
//! `UPDATE_STORY=1 cargo test --test story` writes the transcripts anew; read the difference before committing it.

#[path = "../support/mod.rs"]
mod support;

mod baseline;
mod bundle;
mod comments;
mod county;
mod doctored;
mod due;
mod export;
mod filled;
mod guide;
mod imports;
mod indicators;
mod json;
mod mirror;
mod moving;
mod outdated;
mod page;
mod server;
mod statements;
mod tables;
mod tamper;
mod transcript;
mod verifier;
mod witness;
mod wording;

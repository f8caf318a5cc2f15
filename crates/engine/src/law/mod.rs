//! Instruments, their versions and articles, and citations of them (法律).
//!
//! A citation is only worth something when the article it names exists on the day it is needed.
//! [`Laws`] knows from `laws/*.toml` which instruments there are, from when to when each version was in force, and
//! the *shape* of each version: how many articles, paragraphs (款), items (项).
//! The texts themselves are not part of the project; a site imports them ([`Texts`]).

mod affected;
mod cite;
mod instrument;
mod known;
pub(crate) mod numeral;
pub mod outline;
mod resolve;
mod shape;
mod texts;
mod write;

pub use affected::{Turn, What};
pub use cite::{Citation, Malformed};
pub use instrument::{Instrument, Version};
pub use known::Laws;
pub use outline::Article;
pub use resolve::{Missing, Resolution, Unproven};
pub use shape::{ArticleShape, Shape};
pub use texts::Texts;

//! How the following of a journal stands: when it was last followed, and what was not accepted since (同步的情况).

use std::path::PathBuf;

use anyhow::Result;
use serde::{Deserialize, Serialize};

use super::DAY;
use crate::folder::{Folder, replace_file};
use crate::refused::problems;

/// The last runs of a mirror. Kept beside it, because a run that found nothing new, or took nothing, leaves no trace in its
/// tables; and not in `signed/`, because nothing is believed by it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// When what was offered was last accepted to its end, in milliseconds; none where that never happened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub done: Option<i64>,
    /// Evidence of two signed histories lies in `fork/`, whatever was accepted since.
    #[serde(skip_deserializing, skip_serializing_if = "std::ops::Not::not")]
    pub forked: bool,
    /// The last run, where it accepted nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refused: Option<Refusal>,
}

/// A run that accepted nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// When, in milliseconds.
    pub at: i64,
    /// The problem's code.
    pub code: u16,
    /// What it said.
    pub text: String,
    /// How many entries the township had signed by then, where that much could be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offered: Option<u64>,
}

impl Refusal {
    /// Whether what was offered is not what was signed or accepted, so that somebody has to look into it. A source that was
    /// not reached, a copy that is not whole, a clock or a program to be set right say nothing against the township.
    pub fn is_grave(&self) -> bool {
        matches!(self.code, 742..=744 | 746 | 747 | 759)
    }

    /// What it is called.
    pub fn word(&self) -> &'static str {
        if self.is_grave() { "没有接受" } else { "没有同步成" }
    }
}

/// After so many days without a run that came to its end a mirror is behind. What happens in a township is to be recorded
/// within five working days, and these are a week: an older copy lacks what has to be in the journal by now.
pub const STALE: i64 = 7;

impl Standing {
    /// How a mirror stands; none of a folder that is no mirror. `accepted` is when its newest checkpoint was accepted: a
    /// run came to its end then, also where none was kept.
    pub fn of(folder: &Folder, accepted: Option<i64>) -> Option<Standing> {
        folder.config.mirror.as_ref()?;
        let mut standing = read(folder);
        standing.done = standing.done.max(accepted);
        standing.forked = std::fs::read_dir(folder.path.join("fork")).is_ok_and(|mut items| items.next().is_some());
        Some(standing)
    }

    /// Whether nobody followed it to the end for too long.
    pub fn is_stale(&self, now: i64) -> bool {
        self.done.is_none_or(|done| now - done > STALE * DAY)
    }

    /// How many entries the township had signed that were not accepted, of a journal of so many here.
    pub fn behind(&self, size: u64) -> u64 {
        let offered = self.refused.as_ref().and_then(|refused| refused.offered);
        offered.map_or(0, |offered| offered.saturating_sub(size))
    }
}

fn place(folder: &Folder) -> PathBuf {
    folder.path.join("followed.toml")
}

/// What was kept; a file that cannot be read says nothing, and the next run writes it anew.
fn read(folder: &Folder) -> Standing {
    let text = std::fs::read_to_string(place(folder)).ok();
    text.and_then(|text| toml::from_str(&text).ok()).unwrap_or_default()
}

/// Keeps how a run ended.
///
/// # Errors
/// The folder cannot be written.
pub(super) fn keep<T>(folder: &Folder, now: i64, offered: Option<u64>, ended: &Result<T>) -> Result<()> {
    let mut standing = read(folder);
    match ended {
        Ok(_) => (standing.done, standing.refused) = (Some(now), None),
        Err(error) => {
            // A fault of this program or machine says nothing of the township: that nothing was followed is told by the day.
            let Some(problem) = problems(error).and_then(|all| all.into_iter().next()) else { return Ok(()) };
            let (code, text) = (problem.code.0, problem.text);
            standing.refused = Some(Refusal { at: now, code, text, offered });
        }
    }
    replace_file(&place(folder), toml::to_string(&standing)?.as_bytes())
}

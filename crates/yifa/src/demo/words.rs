//! The word lists the cases are put together from.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use engine::day::Day;
use serde::Deserialize;

use super::chance::Chance;

/// `words.toml`
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    surnames: Vec<String>,
    given: Vec<String>,
    /// Made-up firms.
    pub firms: Vec<String>,
    /// Corners of a village.
    pub places: Vec<String>,
    /// Who may be invited to help.
    pub helpers: Vec<String>,
    /// How a session went that ended in agreement.
    pub accounts: Vec<String>,
    /// How a first session went.
    pub first: Vec<String>,
    /// How a session went that led to nothing.
    pub stuck: Vec<String>,
    /// What was done about a promise not kept.
    pub urged: Vec<String>,
    /// What was done before it came to blows.
    pub measures: Vec<String>,
    /// Why more time was needed.
    pub extended: Vec<String>,
    /// Why a step was left out.
    pub answers: Vec<String>,
    /// Why something was corrected, voided, linked.
    pub reasons: BTreeMap<String, String>,
    /// The court.
    pub court: String,
    /// What a volume's number begins with.
    pub volume: String,
    /// What a docket's number begins with.
    pub docket: String,
    /// The telephone that was left with several cases.
    pub one_phone: String,
    /// What the attached drawing is called.
    pub attachment: String,
    /// The mediation committees.
    #[serde(rename = "committee")]
    pub committees: Vec<Committee>,
    /// The same committees, in the same order, as elected in 2024.
    pub reelected: Vec<Committee>,
}

/// A committee and who mediates there.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Committee {
    /// The sheet's name for it.
    pub name: String,
    /// Its village; empty for the township's.
    pub village: String,
    /// How much it has to do.
    pub weight: u64,
    /// People, by name.
    pub mediators: Vec<String>,
    /// From which day on they are the mediators; the first ones have been so all along.
    #[serde(default)]
    pub since: Option<Day>,
}

/// `disputes.toml`
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Disputes {
    /// The kinds.
    #[serde(rename = "kind")]
    pub kinds: Vec<Kind>,
}

/// One kind of dispute.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kind {
    /// As the definition calls it.
    pub id: String,
    /// How many, month by month.
    pub weights: [u64; 12],
    /// From and to how many yuan are at stake.
    pub money: Option<[i32; 2]>,
    /// What it may be about.
    pub matters: Vec<Matter>,
}

/// What a dispute is about, and how it was settled.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Matter {
    /// What it is about.
    pub facts: String,
    /// What is agreed.
    pub agreed: String,
    /// Where somebody goes and looks, or asks.
    #[serde(default)]
    pub at: String,
    /// What is found there; `{c}` is whoever is asked. Empty: clear from what the parties say.
    #[serde(default)]
    pub visit: String,
    /// The only months it happens in; empty: any.
    #[serde(default)]
    pub months: Vec<i8>,
}

impl Words {
    /// The list shipped with the program.
    pub fn load() -> Result<Words> {
        toml::from_str(include_str!("data/words.toml")).context("demo/data/words.toml")
    }

    /// A name that is nobody's.
    pub fn person(&self, chance: &mut Chance) -> String {
        format!("{}{}", chance.pick(&self.surnames), chance.pick(&self.given))
    }
}

impl Disputes {
    /// The list shipped with the program.
    pub fn load() -> Result<Disputes> {
        toml::from_str(include_str!("data/disputes.toml")).context("demo/data/disputes.toml")
    }
}

/// The attachments: what they are called, and their text.
pub fn attachments() -> Result<BTreeMap<String, String>> {
    toml::from_str(include_str!("data/attachments.toml")).context("demo/data/attachments.toml")
}

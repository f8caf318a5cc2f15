//! Acts: what an entry's payload says was done (记入的内容).
//!
//! Personal values are not in an act: they are sealed beside it, so that nothing derived can depend on them.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

use crate::day::Day;
use crate::value::{Fields, Sizes};

/// One act. The JSON of it, with the sealed values under `sealed`, is what the journal commits to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Act {
    /// A step of the register's own.
    Step(Taken),
    /// Other values for the fields of an earlier step.
    Correct {
        /// The register.
        register: String,
        /// The record's id.
        record: String,
        /// The corrected entry's id.
        of: String,
        /// The values that change.
        fields: Fields,
        /// How many values each changed sealed field now has.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        sizes: Sizes,
        /// Fields that are to be empty.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        cleared: Vec<String>,
        /// Why.
        reason: String,
    },
    /// A step, or the whole record, was a mistake.
    Void {
        /// The register.
        register: String,
        /// The record's id.
        record: String,
        /// The voided entry's id; absent: the whole record.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        of: Option<String>,
        /// Why.
        reason: String,
    },
    /// The record has to do with another one.
    Link {
        /// The register.
        register: String,
        /// The record's id.
        record: String,
        /// The other record's id.
        to: String,
        /// In which way.
        reason: String,
    },
    /// A file belongs to the record, or is the scan of what was signed in one of its steps.
    Attach {
        /// The register.
        register: String,
        /// The record's id.
        record: String,
        /// SHA-256 of its bytes, hex.
        file: String,
        /// What it is called.
        name: String,
        /// Its length in bytes.
        bytes: u64,
        /// The id of the entry whose step it proves; absent: none in particular.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        of: Option<String>,
    },
    /// A question about the record is answered.
    Answer {
        /// The register.
        register: String,
        /// The record's id.
        record: String,
        /// Which question.
        question: String,
        /// The answer.
        text: String,
    },
    /// A definition set, with the laws and calendars it stands on, is adopted from here on.
    Adopt {
        /// Path inside the set → text.
        files: BTreeMap<String, String>,
        /// Why.
        reason: String,
    },
}

/// A step taken.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Taken {
    /// The register.
    pub register: String,
    /// The record's id.
    pub record: String,
    /// The step's id.
    pub step: String,
    /// The number allotted, when the step opens a numbered record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// Values that are not personal.
    pub fields: Fields,
    /// How many values each sealed field has.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub sizes: Sizes,
    /// An act of ours done outside yifa before today: why it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub already: Option<String>,
    /// Which row of an imported table this is, by a digest of its cells, so that it is known again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub row: Option<String>,
}

impl Act {
    /// The register it is about; none for an adoption.
    pub fn register(&self) -> Option<&str> {
        match self {
            Act::Step(taken) => Some(&taken.register),
            Act::Correct { register, .. }
            | Act::Void { register, .. }
            | Act::Link { register, .. }
            | Act::Attach { register, .. }
            | Act::Answer { register, .. } => Some(register),
            Act::Adopt { .. } => None,
        }
    }

    /// The record it is about; none for an adoption.
    pub fn record(&self) -> Option<&str> {
        match self {
            Act::Step(taken) => Some(&taken.record),
            Act::Correct { record, .. }
            | Act::Void { record, .. }
            | Act::Link { record, .. }
            | Act::Attach { record, .. }
            | Act::Answer { record, .. } => Some(record),
            Act::Adopt { .. } => None,
        }
    }

    /// The word for it in a leaf.
    pub fn kind(&self) -> &'static str {
        match self {
            Act::Step(_) => "step",
            Act::Correct { .. } => "correct",
            Act::Void { .. } => "void",
            Act::Link { .. } => "link",
            Act::Attach { .. } => "attach",
            Act::Answer { .. } => "answer",
            Act::Adopt { .. } => "adopt",
        }
    }
}

/// An act with its place in the journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its index in the journal, from 0.
    pub index: u64,
    /// Its id.
    pub id: String,
    /// The day it was recorded, in the township's time.
    pub recorded: Day,
    /// Who recorded it.
    pub actor: String,
    /// What was done.
    pub act: Act,
}

//! Values as the journal holds them. What one means is told by the field it stands in (值).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// One field's value. Days and times are text, money is fen, references are record ids, files are SHA-256.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Value {
    /// Yes or no.
    Bool(bool),
    /// A number, an amount in fen, or which instance of a repeated step (from 1).
    Int(i64),
    /// Everything that is one text.
    Text(String),
    /// Everything that can be several.
    List(Vec<String>),
}

impl Value {
    /// The text, if it is one.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The number, if it is one.
    pub fn as_int(&self) -> Option<i64> {
        match self {
            Value::Int(number) => Some(*number),
            _ => None,
        }
    }

    /// One or several texts; nothing for numbers and yes or no.
    pub fn texts(&self) -> &[String] {
        match self {
            Value::Text(text) => std::slice::from_ref(text),
            Value::List(texts) => texts,
            _ => &[],
        }
    }

    /// How many values there are.
    pub fn size(&self) -> u64 {
        match self {
            Value::List(texts) => texts.len() as u64,
            _ => 1,
        }
    }
}

/// Values by field id.
pub type Fields = BTreeMap<String, Value>;

/// How many values each sealed field has, by field id. Stays when the values are erased.
pub type Sizes = BTreeMap<String, u64>;

//! Values as the journal holds them. What one means is told by the field it stands in (值).

use std::collections::BTreeMap;

use serde::Serialize;
use serde::de::{self, Deserialize, Deserializer, SeqAccess, Visitor};

/// One field's value. Days and times are text, money is fen, references are record ids, files are SHA-256.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
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

// By hand, because the derived one tries each variant in turn and words an error for each that does not fit: that was a
// tenth of rebuilding a journal.
impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(Any)
    }
}

struct Any;

impl<'de> Visitor<'de> for Any {
    type Value = Value;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("yes or no, a whole number, a text or several texts")
    }

    fn visit_bool<E>(self, is: bool) -> Result<Value, E> {
        Ok(Value::Bool(is))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(Value::Int(number))
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Value, E> {
        let unexpected = de::Unexpected::Unsigned(number);
        i64::try_from(number).map(Value::Int).map_err(|_| E::invalid_value(unexpected, &self))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(Value::Text(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<Value, E> {
        Ok(Value::Text(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut texts = Vec::new();
        while let Some(text) = items.next_element()? {
            texts.push(text);
        }
        Ok(Value::List(texts))
    }
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

//! An opening: some fields of a payload shown, the others closed, and the commitment still checked.
//!
//! Used for a bundle that shows one field of a dispute, and for what remains of an entry after the
//! erasure of personal values: salt and values go, the macs of the kept fields stay.
//!
//! What the closed digests tell: how many there are, and between which opened paths each of them
//! sorts. Where a definition has an optional field, the count can betray that it was filled in; a
//! definition that must hide this writes `null` for the absent value, so that the count never
//! changes. The length of a value or of an array is hidden, and no path is revealed.
//!
//! KNOWN: a township that commits to one path twice could open one value to one reader and another
//! value to the next. Only a full opening excludes it (paths must ascend strictly); the payload of
//! every entry is checked in full whenever the journal is replayed.

use serde_json::{Map, Value, json};

use crate::canonical::canonical;
use crate::hash::Hash;
use crate::payload::{Digests, Macs, PayloadError, Salt, field_digest, fields};

/// The format named in the JSON of an opening.
pub const OPENING_FORMAT: &str = "yifa-opening/v1";

/// Why something is not an opening.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OpeningError {
    /// The payload cannot be committed to.
    #[error(transparent)]
    Payload(#[from] PayloadError),
    /// A path is to be opened or erased that is not open here.
    #[error("no such open field: {0:?}")]
    NoSuchField(String),
    /// The opened paths do not ascend, so one of them may stand twice.
    #[error("opened field {0:?} is out of order or stands twice")]
    Order(String),
    /// The JSON is not that of an opening.
    #[error("opening: {place}: expected {expected}")]
    Json {
        /// Where: `format`, `fields` or `fields[n]` with a name.
        place: String,
        /// What belongs there.
        expected: &'static str,
    },
}

/// One field of an opening, in its sorted place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shown {
    /// The field is shown.
    Open {
        /// JSON pointer.
        path: String,
        /// Canonical JSON.
        value: String,
        /// HMAC-SHA-256 of the path under the salt that stays behind.
        mac: Hash,
    },
    /// Only the digest of the field is shown.
    Closed(Hash),
}

/// A payload with some fields shown. See the module.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opening {
    fields: Vec<Shown>,
}

impl Opening {
    /// Shows everything.
    ///
    /// # Errors
    /// As [`fields`].
    pub fn full(payload: &Value, salt: &Salt) -> Result<Opening, OpeningError> {
        let macs = Macs::new(salt);
        let open = |field: crate::payload::Field| Shown::Open {
            mac: macs.of(&field.path),
            path: field.path,
            value: field.value,
        };
        let fields = fields(payload)?.into_iter().map(open).collect();
        Ok(Opening { fields })
    }

    /// Shows these paths and nothing else. A path names one field, not what lies below it.
    ///
    /// # Errors
    /// [`OpeningError::NoSuchField`] for a path that is no field.
    pub fn only(payload: &Value, salt: &Salt, paths: &[&str]) -> Result<Opening, OpeningError> {
        let mut opening = Opening::full(payload, salt)?;
        for path in paths {
            opening.place(path)?;
        }
        opening.close(|path| !paths.contains(&path));
        Ok(opening)
    }

    /// Closes these paths for good: their values and macs are dropped, the commitment stays.
    ///
    /// # Errors
    /// [`OpeningError::NoSuchField`] if one of them is not open; then nothing is changed. An
    /// erasure that names a wrong path must not look done.
    pub fn erase(&mut self, paths: &[&str]) -> Result<(), OpeningError> {
        for path in paths {
            self.place(path)?;
        }
        self.close(|path| paths.contains(&path));
        Ok(())
    }

    fn place(&self, wanted: &str) -> Result<usize, OpeningError> {
        self.fields
            .iter()
            .position(|field| matches!(field, Shown::Open { path, .. } if path == wanted))
            .ok_or_else(|| OpeningError::NoSuchField(wanted.to_owned()))
    }

    fn close(&mut self, closes: impl Fn(&str) -> bool) {
        for field in &mut self.fields {
            if matches!(field, Shown::Open { path, .. } if closes(path)) {
                *field = Shown::Closed(field.digest());
            }
        }
    }

    /// The fields in their sorted order.
    pub fn fields(&self) -> &[Shown] {
        &self.fields
    }

    /// The canonical JSON shown at this path, if it is open.
    pub fn value(&self, wanted: &str) -> Option<&str> {
        self.fields.iter().find_map(|field| match field {
            Shown::Open { path, value, .. } if path == wanted => Some(value.as_str()),
            _ => None,
        })
    }

    /// The digests of all fields, opened and closed.
    pub fn digests(&self) -> Digests {
        Digests(self.fields.iter().map(Shown::digest).collect())
    }

    /// The commitment this opening belongs to, computed without the salt.
    pub fn commitment(&self) -> Hash {
        self.digests().commitment()
    }

    /// The payload as far as it is shown: closed fields are absent.
    ///
    /// # Errors
    /// [`OpeningError::Json`] if two opened paths contradict each other (`/a` and `/a/b`).
    pub fn payload(&self) -> Result<Value, OpeningError> {
        let mut root = Map::new();
        for field in &self.fields {
            if let Shown::Open { path, value, .. } = field
                && !path.is_empty()
            {
                let wrong = |expected| OpeningError::Json { place: path.clone(), expected };
                let value = serde_json::from_str(value).map_err(|_| wrong("a JSON value"))?;
                insert(&mut root, path, value).ok_or_else(|| wrong("a path beside the other paths"))?;
            }
        }
        Ok(Value::Object(root))
    }

    /// The opening as JSON: `{"format", "fields": [{"path", "value", "mac"} | {"closed"}]}`.
    pub fn to_json(&self) -> Value {
        let field = |field: &Shown| match field {
            Shown::Open { path, value, mac } => {
                // Canonical JSON always reads back.
                let value: Value = serde_json::from_str(value).unwrap_or(Value::Null);
                json!({ "path": path, "value": value, "mac": mac.to_hex() })
            }
            Shown::Closed(digest) => json!({ "closed": digest.to_hex() }),
        };
        let fields: Vec<Value> = self.fields.iter().map(field).collect();
        json!({ "format": OPENING_FORMAT, "fields": fields })
    }

    /// The JSON of the opening in canonical form, as a bundle holds it.
    pub fn to_bytes(&self) -> Vec<u8> {
        // Every value in it was canonical before, so this cannot fail.
        canonical(&self.to_json()).unwrap_or_default().into_bytes()
    }

    /// Reads what [`Opening::to_bytes`] wrote.
    ///
    /// # Errors
    /// As [`Opening::from_json`], and every other spelling: where a member stands twice, one
    /// program would show the first value and another the second.
    pub fn from_bytes(bytes: &[u8]) -> Result<Opening, OpeningError> {
        let wrong = |expected| OpeningError::Json { place: "bytes".to_owned(), expected };
        let json = serde_json::from_slice(bytes).map_err(|_| wrong("JSON"))?;
        let opening = Opening::from_json(&json)?;
        if opening.to_bytes() != bytes {
            return Err(wrong("canonical JSON (RFC 8785)"));
        }
        Ok(opening)
    }

    /// What has to be kept beside the open values so that the opening can be made again: for each field in its sorted
    /// place one byte and 32 more, 1 and the mac of an open one, 0 and the digest of a closed one.
    ///
    /// Whoever holds a copy without the salt keeps this instead of it.
    pub fn blinds(&self) -> Vec<u8> {
        let blind = |field: &Shown| match field {
            Shown::Open { mac, .. } => (1, mac.0),
            Shown::Closed(digest) => (0, digest.0),
        };
        self.fields.iter().map(blind).flat_map(|(open, hash)| std::iter::once(open).chain(hash)).collect()
    }

    /// The opening again, of the open part of a payload and what [`Opening::blinds`] gave.
    ///
    /// Nothing is believed of either: hold the result against the commitment.
    ///
    /// # Errors
    /// [`OpeningError::Json`] where they do not belong together.
    pub fn restore(payload: &Value, blinds: &[u8]) -> Result<Opening, OpeningError> {
        let wrong = || OpeningError::Json { place: "blinds".to_owned(), expected: "one for each field" };
        let mut open = fields(payload)?.into_iter();
        let (blinds, rest) = blinds.as_chunks::<33>();
        let each = |[open_byte, hash @ ..]: &[u8; 33]| match open_byte {
            0 => Ok(Shown::Closed(Hash(*hash))),
            1 => {
                let field = open.next().ok_or_else(wrong)?;
                Ok(Shown::Open { path: field.path, value: field.value, mac: Hash(*hash) })
            }
            _ => Err(wrong()),
        };
        let fields = blinds.iter().map(each).collect::<Result<_, _>>()?;
        if open.next().is_some() || !rest.is_empty() {
            return Err(wrong());
        }
        Ok(Opening { fields })
    }

    /// Reads what [`Opening::to_json`] wrote.
    ///
    /// # Errors
    /// Unknown or missing members, values without canonical form, paths that do not ascend.
    pub fn from_json(json: &Value) -> Result<Opening, OpeningError> {
        let wrong = |place: &str, expected| OpeningError::Json { place: place.to_owned(), expected };
        let top = json.as_object().filter(|top| top.len() == 2);
        let top = top.ok_or_else(|| wrong("top", "an object of format and fields"))?;
        if top.get("format").and_then(Value::as_str) != Some(OPENING_FORMAT) {
            return Err(wrong("format", "\"yifa-opening/v1\""));
        }
        let list = top.get("fields").and_then(Value::as_array);
        let list = list.ok_or_else(|| wrong("fields", "an array"))?;
        let mut fields = Vec::with_capacity(list.len());
        let mut before: Option<&str> = None;
        for (nth, item) in list.iter().enumerate() {
            let hash = |name: &str| {
                let text = item.get(name).and_then(Value::as_str);
                text.and_then(|text| text.parse::<Hash>().ok())
                    .ok_or_else(|| wrong(&format!("fields[{nth}].{name}"), "64 hexadecimal digits"))
            };
            match item.as_object().map(Map::len) {
                Some(1) => fields.push(Shown::Closed(hash("closed")?)),
                Some(3) => {
                    let missing = |name| wrong(&format!("fields[{nth}].{name}"), "a value");
                    let path = item.get("path").and_then(Value::as_str);
                    let path = path.ok_or_else(|| missing("path"))?;
                    let value = item.get("value").ok_or_else(|| missing("value"))?;
                    if before.is_some_and(|before| before >= path) {
                        return Err(OpeningError::Order(path.to_owned()));
                    }
                    before = Some(path);
                    fields.push(Shown::Open {
                        path: path.to_owned(),
                        value: canonical(value).map_err(PayloadError::from)?,
                        mac: hash("mac")?,
                    });
                }
                _ => {
                    let expected = "path, value and mac, or closed";
                    return Err(wrong(&format!("fields[{nth}]"), expected));
                }
            }
        }
        Ok(Opening { fields })
    }
}

impl Shown {
    /// The digest of the field, opened or closed.
    pub fn digest(&self) -> Hash {
        match self {
            Shown::Open { path, value, mac } => field_digest(mac, path, value),
            Shown::Closed(digest) => *digest,
        }
    }
}

fn insert(root: &mut Map<String, Value>, path: &str, value: Value) -> Option<()> {
    let mut steps = path.strip_prefix('/')?.split('/').peekable();
    let mut object = root;
    while let Some(step) = steps.next() {
        let name = step.replace("~1", "/").replace("~0", "~");
        if steps.peek().is_none() {
            return object.insert(name, value).is_none().then_some(());
        }
        object = object.entry(name).or_insert_with(|| Value::Object(Map::new())).as_object_mut()?;
    }
    None
}

/// How an opening differs from the commitment in its leaf.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OpeningFault {
    /// The commitment differs, and no digests are at hand to say where.
    #[error("the opening differs from the commitment; without digests the field is unknown")]
    Commitment,
    /// The stored digests are not those the leaf commits to.
    #[error("the stored field digests differ from the commitment")]
    Digests,
    /// Another number of fields.
    #[error("the opening has {found} fields, {committed} were committed")]
    Count {
        /// Fields in the opening.
        found: usize,
        /// Fields committed to.
        committed: usize,
    },
    /// These fields differ: opened ones by path, closed ones as `#n`, counted from 0.
    #[error("opened fields differ: {0:?}")]
    Fields(Vec<String>),
}

/// Compares an opening with the commitment of its leaf, and names what differs.
///
/// # Errors
/// [`OpeningFault`]; the differing fields are known only with `digests`.
pub fn verify_opening(commitment: &Hash, opening: &Opening, digests: Option<&Digests>) -> Result<(), OpeningFault> {
    let found = opening.digests();
    if found.commitment() == *commitment {
        return Ok(());
    }
    let digests = digests.ok_or(OpeningFault::Commitment)?;
    if digests.commitment() != *commitment {
        return Err(OpeningFault::Digests);
    }
    if found.0.len() != digests.0.len() {
        return Err(OpeningFault::Count { found: found.0.len(), committed: digests.0.len() });
    }
    let differ = |(nth, field): (usize, &Shown)| match field {
        _ if found.0[nth] == digests.0[nth] => None,
        Shown::Open { path, .. } => Some(path.clone()),
        Shown::Closed(_) => Some(format!("#{nth}")),
    };
    let fields = opening.fields.iter().enumerate().filter_map(differ);
    Err(OpeningFault::Fields(fields.collect()))
}

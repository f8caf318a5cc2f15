//! What of the payloads in a bundle is shown (公开哪些).

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use engine::definition::Register;
use engine::value::Fields;
use journal::opening::{Opening, Shown};

use crate::export::disclosed;
use crate::refused::refuse;
use crate::storage::log::opened;

/// Which values are shown; of all others only digests go along.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shows {
    /// Whatever is not personal.
    Public,
    /// Personal values as well.
    All,
    /// These fields, personal or not, and nothing else but which step it is: the names asked for, with the ids of the
    /// fields that go by them.
    Only(BTreeMap<String, BTreeSet<String>>),
}

/// What an entry is, beside what it says: shown whatever is closed, so that what was corrected or voided is seen to be.
const WHAT: [&str; 5] = ["/kind", "/register", "/step", "/of", "/cleared"];

impl Shows {
    /// The fields of a register that go by these names: their ids, or what people see.
    ///
    /// # Errors
    /// A name that is no field's.
    pub fn only(register: &Register, names: &[String]) -> Result<Shows> {
        let fields = || register.steps.iter().flat_map(|step| &step.fields);
        let mut wanted = BTreeMap::new();
        for name in names {
            let found = fields().filter(|field| field.id.value == *name || field.title == *name);
            let found: BTreeSet<String> = found.map(|field| field.id.value.clone()).collect();
            if found.is_empty() {
                let known: Vec<&str> = fields().map(|field| field.title.as_str()).collect();
                let hint = engine::read::nearest_hint(name, &known);
                let text = format!("登记簿“{}”没有字段“{name}”", register.title);
                return Err(refuse(731, text, format!("请写字段的编号或者名称，yifa show 可以看到{hint}")));
            }
            wanted.insert(name.clone(), found);
        }
        Ok(Shows::Only(wanted))
    }

    /// Whether a personal value of this register may be shown.
    pub fn personal(&self, register: &Register) -> bool {
        match self {
            Shows::Public => false,
            Shows::All => true,
            Shows::Only(wanted) => {
                let mut fields = register.steps.iter().flat_map(|step| &step.fields);
                fields.any(|field| field.personal && wanted.values().any(|ids| ids.contains(&field.id.value)))
            }
        }
    }

    /// The first name asked for of which nothing is shown in these openings.
    pub fn unfilled<'o>(&self, openings: impl IntoIterator<Item = &'o Opening>) -> Option<&str> {
        let Shows::Only(wanted) = self else { return None };
        let open: BTreeSet<&str> = openings.into_iter().flat_map(paths).filter_map(field).collect();
        wanted.iter().find(|(_, ids)| !ids.iter().any(|id| open.contains(id.as_str()))).map(|(name, _)| name.as_str())
    }

    /// The payload as it is shown, bound to the commitment of its leaf whatever is closed.
    ///
    /// # Errors
    /// A fault where the stored payload is none.
    pub fn opening(&self, body: &str, sealed: &Fields, salt: &[u8]) -> Result<Opening> {
        let full = || opened(body, sealed, salt);
        match self {
            Shows::Public => disclosed(body, sealed, salt),
            Shows::All => full(),
            Shows::Only(wanted) => {
                let mut opening = full()?;
                let asked = |field: &str| wanted.values().any(|ids| ids.contains(field));
                let shown = |path: &str| field(path).map_or(WHAT.contains(&path), asked);
                let closed: Vec<String> = paths(&opening).filter(|path| !shown(path)).map(str::to_owned).collect();
                opening.erase(&closed.iter().map(String::as_str).collect::<Vec<_>>())?;
                Ok(opening)
            }
        }
    }
}

/// The field a path holds the value of, sealed or not.
pub fn field(path: &str) -> Option<&str> {
    path.strip_prefix("/fields/").or_else(|| path.strip_prefix("/sealed/"))
}

/// The paths that are open.
pub fn paths(opening: &Opening) -> impl Iterator<Item = &str> {
    opening.fields().iter().filter_map(|field| match field {
        Shown::Open { path, .. } => Some(path.as_str()),
        Shown::Closed(_) => None,
    })
}

/// How many values are open and closed.
pub fn counted(opening: &Opening) -> (usize, usize) {
    let open = paths(opening).count();
    (open, opening.fields().len() - open)
}

#[cfg(test)]
mod tests {
    use super::*;
    use engine::value::Value;
    use journal::hash::Hash;

    fn sealed() -> Fields {
        Fields::from([("phone".to_owned(), Value::Text("13812345678".to_owned()))])
    }

    const BODY: &str = r#"{"kind":"step","register":"mediation_case","record":"r","step":"register","fields":{"party":"张三","village":"v","money":1200},"sizes":{"phone":1}}"#;

    fn only(field: &str) -> Shows {
        Shows::Only(BTreeMap::from([("所问的".to_owned(), BTreeSet::from([field.to_owned()]))]))
    }

    fn open(shows: &Shows) -> Vec<String> {
        let opening = shows.opening(BODY, &sealed(), &[7; 32]).unwrap();
        paths(&opening).map(str::to_owned).collect()
    }

    #[test]
    fn what_is_personal_is_open_only_where_it_was_asked_for() {
        let public = open(&Shows::Public);
        assert!(public.contains(&"/fields/party".to_owned()) && !public.iter().any(|path| path.contains("sealed")));
        assert!(open(&Shows::All).contains(&"/sealed/phone".to_owned()));
    }

    #[test]
    fn one_field_opened_leaves_the_others_closed() {
        let check = |field: &str, expect: &[&str]| {
            assert_eq!(open(&only(field)), expect);
        };
        check("money", &["/fields/money", "/kind", "/register", "/step"]);
        check("phone", &["/kind", "/register", "/sealed/phone", "/step"]);
        let opening = only("nothing").opening(BODY, &sealed(), &[7; 32]).unwrap();
        assert_eq!(only("nothing").unfilled([&opening]), Some("所问的"));
    }

    #[test]
    fn whoever_holds_one_field_guesses_no_other() {
        let opening = only("money").opening(BODY, &sealed(), &[7; 32]).unwrap();
        let closed: Vec<Hash> = closed(&opening).collect();
        assert_eq!(closed.len(), 5);
        // Every value there is, under every key at hand: those handed out, and those of salts somebody might have chosen.
        let whole = |salt: u8| Shows::All.opening(BODY, &sealed(), &[salt; 32]).unwrap();
        let others = [0, 1, 255].map(whole);
        let keys: Vec<Hash> = std::iter::once(&opening).chain(&others).flat_map(macs).collect();
        for field in whole(7).fields() {
            let Shown::Open { path, value, .. } = field else { panic!("all is open") };
            if paths(&opening).any(|open| open == path) {
                continue;
            }
            for mac in &keys {
                let guess = Shown::Open { path: path.clone(), value: value.clone(), mac: *mac };
                assert!(!closed.contains(&guess.digest()), "{path}");
            }
            // The guess itself is right: under the salt, which never leaves, it is found.
            assert!(closed.contains(&field.digest()), "{path}");
        }
    }

    fn closed(opening: &Opening) -> impl Iterator<Item = Hash> {
        opening.fields().iter().filter(|field| matches!(field, Shown::Closed(_))).map(Shown::digest)
    }

    fn macs(opening: &Opening) -> Vec<Hash> {
        let mac = |field: &Shown| match field {
            Shown::Open { mac, .. } => Some(*mac),
            Shown::Closed(_) => None,
        };
        opening.fields().iter().filter_map(mac).collect()
    }
}
